package card

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"esmlab/quiz/markdown"
)

// TestWaysOfAnswering writes one question in each way in which people write the labels of
// options and an answer, with every line end, in exam text and in a callout: the same options
// are right in all of them.
func TestWaysOfAnswering(t *testing.T) {
	texts := []string{"A topic", "A FIFO queue", "A bucket", "A stream of Größe 5"}
	labels := map[string]func(i int) string{
		"a)":     func(i int) string { return string(rune('a'+i)) + ") " },
		"a)x":    func(i int) string { return string(rune('a'+i)) + ")" },
		"(a)":    func(i int) string { return "(" + string(rune('a'+i)) + ") " },
		"A.":     func(i int) string { return string(rune('A'+i)) + ". " },
		"A)":     func(i int) string { return string(rune('A'+i)) + ") " },
		"A:":     func(i int) string { return string(rune('A'+i)) + ": " },
		"A -":    func(i int) string { return string(rune('A'+i)) + " - " },
		"[A]":    func(i int) string { return "[" + string(rune('A'+i)) + "] " },
		"**A.**": func(i int) string { return "**" + string(rune('A'+i)) + ".** " },
		"- A.":   func(i int) string { return "- " + string(rune('A'+i)) + ". " },
		"* a)":   func(i int) string { return "* " + string(rune('a'+i)) + ") " },
		"1.":     func(i int) string { return fmt.Sprintf("%d. ", i+1) },
		"1)":     func(i int) string { return fmt.Sprintf("%d) ", i+1) },
	}
	// How an answer names b and d, or b alone; X and Y stand for the labels.
	two := []string{"Answer: X and Y", "Answer: X, Y", "Answers: X & Y", "Correct answers: X; Y", "**Answer: X, Y**", "**Answer:** X, Y", "Answer: (X), (Y)", "Answer: X) and Y)",
		"Answer: X), Y)", "Ans: X,Y", "ANSWER: X Y", "The correct answers are X and Y.", "Answer: both X and Y", "Answer: X. %b Y. %d", "Answer: X) %b and Y) %d", "Answer: X) %b, Y) %d",
		"Answer:@X, Y", "Answer:@- X@- Y", "Correct answer(s): X, Y", "Suggested Answer: X, Y", "Correct options: X and Y", "Correct: X, Y", "✅ Answer: X, Y", "Answer – X, Y",
		"Answers X and Y", "Answer: options X and Y", "Answer: X, Y@Explanation: both are read.", "Answer: X, Y because both are read", "Answer: X and Y; both are read, not the others"}
	one := []string{"Answer: X", "answer: X", "Answer: X)", "Answer: (X)", "Answer: X.", "Answer: X. %b", "Answer: X) %b", "Answer: %b", "**Answer: X**", "**Answer**: X", "_Answer: X_", "Answer is X",
		"The right answer is (X).", "The answer is: X", "Key: X", "Solution: X", "Correct answer: option X", "Answer: X - %b", "Answer: X (it is read in groups)", "Answer: X, because a) is pushed", "Answer: `X`", "Answer X", "Answer:@X"}
	eols := map[string]string{"\\n": "\n", "\\r\\n": "\r\n", "\\r": "\r"}
	n := 0
	for name, label := range labels {
		for _, way := range append(slices.Clone(two), one...) {
			for place, whole := range map[string]string{"close": "%q@%o%a@", "apart": "%q@@%o@%a@", "callout": "", "callout line": "", "ruled": "Before@@---@%q@@%o@%a@---@After::it"} {
				if strings.HasPrefix(name, "1") && strings.ContainsAny(way, ")-") && strings.Contains(way, " a)") {
					continue
				}
				lead := strings.Trim(strings.TrimSpace(label(1)), "-*()[].: ")
				up, down := lead, strings.Trim(strings.TrimSpace(label(3)), "-*()[].: ")
				answer := strings.NewReplacer("X", up, "Y", down, "%b", texts[1], "%d", texts[3]).Replace(way)
				question := "Which of these does a mapping read?"
				options := ""
				for i, text := range texts {
					options += label(i) + text + "@"
				}
				var src string
				switch place {
				case "callout":
					word, rest, _ := strings.Cut(answer, ":")
					if !strings.EqualFold(strings.Trim(word, "*_ "), "answer") || strings.HasPrefix(answer, "*") || strings.HasPrefix(answer, "_") {
						continue
					}
					src = "> [!question] " + question + "@>@> " + strings.ReplaceAll(options, "@", "@> ") + "@> > [!success]- Answer@> > " + strings.ReplaceAll(strings.Trim(strings.TrimSpace(rest), "@"), "@", "@> > ") + "@"
				case "callout line":
					src = "> [!question] " + question + "@>@> " + strings.ReplaceAll(options, "@", "@> ") + "@> " + strings.ReplaceAll(answer, "@", "@> ") + "@"
				default:
					src = strings.NewReplacer("%q", question, "%o", options, "%a", answer).Replace(whole)
				}
				want := []int{2}
				if strings.Contains(way, "Y") {
					want = []int{2, 4}
				}
				for eol, sign := range eols {
					if n++; testing.Short() && eol != "\\n" && n%7 > 0 {
						continue
					}
					for _, bom := range []string{"", "\ufeff"} {
						note := Read("note.md", []byte(bom+strings.ReplaceAll(src, "@", sign)), Options{})
						var got []int
						cards := 0
						for i := range note.Cards {
							c := &note.Cards[i]
							if len(c.Options) == 0 {
								continue
							}
							cards++
							got = c.Key()
							if Text(c.Title) != question || len(c.Options) != 4 || Text(c.Options[3].Text) != texts[3] {
								t.Errorf("%s, %s, %s, %q: another question: %s", name, place, eol, way, dump(note))
							}
						}
						if cards != 1 || !slices.Equal(got, want) {
							t.Errorf("%s, %s, %s, %q: %d cards, right are %v, want %v in\n%s\n%s", name, place, eol, way, cards, got, want, strings.ReplaceAll(src, "@", "\n"), dump(note))
						}
					}
				}
			}
		}
	}
	t.Logf("%d notes", n)
}

// TestLinesAsThePlugin draws notes of the lines that people write and compares their cards with
// those that a reader of lines finds, as the Spaced Repetition plugin is one: a :: line is a
// card; lines with ? or ?? between them are one up to an empty line, whatever Markdown
// makes of them.
func TestLinesAsThePlugin(t *testing.T) {
	pieces := []string{"", "", "", "What is polled?", "?", "?", "??", " ? ", "Kinesis::a stream", "SQS:::a queue", "- item one", "1. first", "  - nested", "> quoted", "#### A heading", "text with `x::y` code",
		"| a | b |\n|---|---|\n| c | d |", "```sh\naws lambda\n\nlist x::y\n?\n```", "a\tb", "AWS::Lambda::Function", "Größe ✓", "{{c1::x}}", "---", "[[link]]", "$a = b$", "*   star", "two  ", "\tindented", "<!--SR:!2024-08-16,51,230-->"}
	rapid.Check(t, func(t *rapid.T) {
		lines := rapid.SliceOfN(rapid.SampledFrom(pieces), 1, 12).Draw(t, "lines")
		lines = strings.Split(strings.Join(lines, "\n"), "\n")
		note := Read("note.md", []byte("#flashcards\n\n"+strings.Join(lines, "\n")+"\n"), Options{})
		for _, p := range note.Problems {
			if strings.Contains(p.Message, "to which card") || strings.Contains(p.Message, "above and below") {
				return // said with its line; the plugin drops a card, or takes a ? for what is asked
			}
		}
		want := pluginCards(lines)
		var got []string
		for i := range note.Cards {
			c := &note.Cards[i]
			if c.Dialect == FrontBackLines && c.Kind == Recall {
				got = append(got, bare1(markdown.BlocksText(c.Situation)+" "+Text(c.Title))+" = "+bare1(markdown.BlocksText(c.Rule)))
			}
		}
		slices.Sort(got)
		slices.Sort(want)
		if !slices.Equal(got, want) {
			t.Fatalf("%q:\ngot  %q\nwant %q\n%s", lines, got, want, dump(note))
		}
	})
}

// bare1 is a text as its letters in an order that does not matter: the shape of lists and tables
// is left out.
func bare1(s string) string {
	words := strings.FieldsFunc(s, func(r rune) bool { return strings.ContainsRune(" \t\n-*`|>#$[]:.{}1", r) })
	slices.Sort(words)
	return strings.Join(words, " ")
}

// pluginCards reads cards line by line.
func pluginCards(lines []string) []string {
	var out []string
	add := func(front, back string) {
		schedule := func(s string) string { // not shown
			if at := strings.Index(s, "<!--SR"); at >= 0 {
				end := strings.Index(s[at:], "-->")
				s = s[:at] + s[at+end+3:]
			}
			return strings.ReplaceAll(s, "```sh", "") // the language is not shown
		}
		for range 4 {
			front, back = schedule(front), schedule(back)
		}
		if f, b := bare1(front), bare1(back); f != "" && b != "" {
			out = append(out, f+" = "+b)
		}
	}
	var front, back []string
	mark := ""
	end := func() {
		if mark != "" && bare1(strings.Join(front, "")) != "" {
			add(strings.Join(front, "\n"), strings.Join(back, "\n"))
			if mark == "??" && bare1(strings.Join(back, "")) != "" {
				add(strings.Join(back, "\n"), strings.Join(front, "\n"))
			}
		}
		front, back, mark = nil, nil, ""
	}
	code := false
	for _, l := range lines {
		text := strings.TrimSpace(l)
		if strings.HasPrefix(l, "```") {
			code = !code
		}
		switch {
		case code || strings.HasPrefix(l, "```"):
			if mark == "" {
				front = append(front, l)
			} else {
				back = append(back, l)
			}
		case text == "":
			end()
		case strings.Contains(text, ":::") && !strings.Contains(text, "`"):
			end()
			a, b, _ := strings.Cut(text, ":::")
			add(a, b)
			add(b, a)
		case text == "Kinesis::a stream":
			end()
			a, b, _ := strings.Cut(text, "::")
			add(a, b)
		case (text == "?" || text == "??") && mark == "" && len(front) > 0:
			mark = text
		case mark == "":
			front = append(front, l)
		default:
			back = append(back, l)
		}
	}
	end()
	return out
}
