package card

import (
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// This file reads which options an answer names, in the ways in which people write
// that: b) and d); b), d); B, D; (b) the text and (d) the text.

// answerHead begins an answer: Answer, Correct answer(s), Suggested Answer, Correct option, Ans.
const answerHead = `(?i)^[^\pL\pN(\[<]*(?:the\s+)?(?:(?:(?:correct|right|suggested|proposed|official|best|final|expected)\s+)*(?:answers?|ans|solutions?|key)|(?:correct|right)\s+(?:options?|choices?))(?:\(s\))?`

var (
	answerSign  = regexp.MustCompile(answerHead + `(?:\s+(?:is|are))?\s*(?:\([a-z0-9, ]{3,}\)\s*)?(?:[:.=]+|[–—-]+(?:\s|$))\s*`)
	correctSign = regexp.MustCompile(`^(?i)[^\pL\pN(\[<]*(?:correct|right)\s*[:=]\s*`)
	answerPlain = regexp.MustCompile(answerHead + `\s+(?:(?:is|are)\s+)?(?:options?\s+)?`)
	onlyLabels  = regexp.MustCompile(`^(?i)[(\[]?[a-z0-9][)\]]?(?:(?:\s*[,;&/+]\s*|\s+and\s+|\s+)[(\[]?[a-z0-9][)\]]?)*\s*\.?\s*$`)
	// answerTitle is a title of an answer: the word, with or without what it names.
	answerTitle = regexp.MustCompile(answerHead + `(?:\s+(?:is|are))?\s*(?:\([a-z0-9, ]{3,}\)\s*)?[:.=–—-]*\s*`)
)

// answerLead gives how much of a line is the word by which an answer is known, and its sign;
// -1 where the line gives no answer. Without a sign nothing but labels may follow.
func answerLead(text string) int {
	for _, sign := range []*regexp.Regexp{answerSign, correctSign} {
		if m := sign.FindString(text); m != "" {
			return len(m)
		}
	}
	if answerTitle.FindString(text) == text && text != "" {
		return len(text) // what it names comes below
	}
	if m := answerPlain.FindString(text); m != "" && onlyLabels.MatchString(text[len(m):]) {
		return len(m)
	}
	return -1
}

// asksFor is how many answers a question asks for.
var asksFor = regexp.MustCompile(`(?i)\b(choose|select|pick)\s+(any\s+|the\s+)?(one|two|three|four|five|six|[1-6])\b`)

var countWords = map[string]int{"one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6}

// wanted is how many answers a text asks for; 0: it does not say.
func wanted(text string) int {
	m := asksFor.FindStringSubmatch(text)
	if m == nil {
		return 0
	}
	if n := countWords[strings.ToLower(m[3])]; n > 0 {
		return n
	}
	return int(m[3][0] - '0')
}

// joiner stands between two labels.
var joiner = regexp.MustCompile(`^(?i)(\s*(,|;|&|\+|/|\n|\band\b|\bplus\b|\bas well as\b|\bboth\b|\boptions?\b|\banswers?\b)\s*)+`)

// negation stands before a label that is named as wrong, or as one of two.
var negation = regexp.MustCompile(`(?i)\b(not|nor|neither|unlike|except|instead of|rather than|wrong|incorrect|or|to|through|until|see|than|why)\s*[(\[]?$|[–—-]\s*[(\[]?$`)

// marked is a label with its sign: b) or (b) or [b] or b.
var marked = regexp.MustCompile(`^[(\[]?([A-Za-z]|[0-9]{1,2})\s?[).\]]`)

// between are words that make a range or a choice of two labels.
var between = regexp.MustCompile(`^(?i)(to|through|or|[–—-])\s*[(\[]?([A-Za-z]|[0-9]{1,2})(?:\s?([).\]])|\s*(?:$|[,;]))`)

// another is a label that begins a sentence.
var another = regexp.MustCompile(`(?:[.;,\n]\s+)([A-H])[.:]\s+\pL`)

// bare is a label alone.
var bare = regexp.MustCompile(`^([A-Za-z]|[0-9]{1,2})\b`)

// keyReader reads an answer of a question with labelled options.
type keyReader struct {
	labels []string          // lower case
	texts  map[string]string // of the options, normal
}

// read gives the labels that an answer names, and where what is said beside them begins.
// doubt says what is not clear; the labels are then not to be used.
func (k keyReader) read(text string) (named []string, rest int, doubt string) {
	at := 0
	skip := func() {
		if m := joiner.FindString(text[at:]); m != "" {
			at += len(m)
		}
		for at < len(text) && (text[at] == ' ' || text[at] == '\t' || text[at] == '\n') {
			at++
		}
	}
	skip()
	plain := true // nothing but labels so far
	for at < len(text) {
		m := marked.FindStringSubmatch(text[at:])
		width := 0
		if m != nil {
			width = len(m[0])
		} else if m = bare.FindStringSubmatch(text[at:]); m != nil && plain && k.ends(text[at+len(m[0]):]) {
			width = len(m[0])
		} else {
			break
		}
		label := strings.ToLower(m[1])
		if !slices.Contains(k.labels, label) {
			if width == len(m[1]) && len(named) > 0 && (unicode.IsUpper(rune(m[1][0])) || unicode.IsDigit(rune(m[1][0]))) && k.ends(text[at+width:]) {
				return nil, 0, "it names " + m[1] + ", which is not an option"
			}
			if width == len(m[1]) || len(named) > 0 && m[0][0] != '(' && !strings.HasSuffix(m[0], ")") {
				break // a word, or the end of a sentence
			}
			return nil, 0, "it names " + m[1] + "), which is not an option"
		}
		if slices.Contains(named, label) {
			break
		}
		named = append(named, label)
		at += width
		at += k.behind(text[at:], label)
		rest = at
		before := at
		skip()
		if at == before && at < len(text) && !plainGap(text, at) {
			plain = false
		}
	}
	if len(named) == 0 {
		return k.whole(text)
	}
	return named, rest, k.later(text[rest:], named)
}

// whole reads an answer that is only the text of an option, or capitals: BD.
func (k keyReader) whole(text string) (named []string, rest int, doubt string) {
	said := strings.TrimRight(normal(text), " .")
	for _, label := range k.labels {
		if said != "" && said == strings.TrimRight(k.texts[label], " .") {
			named = append(named, label)
		}
	}
	if len(named) == 1 {
		return named, len(text), ""
	}
	letters := strings.TrimRight(strings.TrimSpace(text), ".")
	if len(letters) < 2 || letters != strings.ToUpper(letters) {
		return nil, 0, ""
	}
	named = nil
	for _, c := range strings.ToLower(letters) {
		if !slices.Contains(k.labels, string(c)) || slices.Contains(named, string(c)) {
			return nil, 0, ""
		}
		named = append(named, string(c))
	}
	return named, len(text), ""
}

// saidOf is what a text says beside the labels, which end at rest: all of it where the labels
// are part of a sentence.
func saidOf(text string, rest int) int {
	word, _, _ := strings.Cut(strings.TrimLeft(text[rest:], " "), " ")
	if slices.Contains([]string{"is", "are", "can", "do", "does", "will", "have", "has"}, strings.ToLower(word)) {
		return 0
	}
	for rest < len(text) && strings.ContainsRune(" .,;:-", rune(text[rest])) {
		rest++
	}
	for _, dash := range []string{"–", "—"} {
		if after, ok := strings.CutPrefix(text[rest:], dash); ok {
			return len(text) - len(strings.TrimLeft(after, " "))
		}
	}
	return rest
}

// plainGap reports whether a label may follow at once, as in b) d).
func plainGap(text string, at int) bool { return marked.MatchString(text[at:]) }

// ends reports whether what follows a bare label leaves it one: the end, a sign, or a word
// that speaks of it.
func (k keyReader) ends(rest string) bool {
	trimmed := strings.TrimLeft(rest, " \t")
	if next, _ := utf8.DecodeRuneInString(trimmed); trimmed == "" || next > 127 && !unicode.IsLetter(next) && !unicode.IsDigit(next) || joiner.MatchString(rest) || strings.ContainsRune("\n:;,.–—-(", []rune(trimmed)[0]) {
		return true
	}
	word, _, _ := strings.Cut(trimmed, " ")
	return slices.Contains([]string{"is", "are", "because", "since", "only", "alone"}, strings.ToLower(word)) || bare.MatchString(trimmed) && len(word) == 1
}

// behind gives how much of a text repeats the option of a label.
func (k keyReader) behind(text, label string) int {
	want := k.texts[label]
	if want == "" {
		return 0
	}
	for end := min(len(text), 2*len(want)+8); end > 0; end-- {
		if end < len(text) && !strings.ContainsRune(" ,;.\n)", rune(text[end])) {
			continue
		}
		if strings.TrimRight(normal(strings.TrimRight(text[:end], " .,;\n")), ".") == strings.TrimRight(want, ".") {
			next := strings.TrimLeft(text[end:], " ")
			if m := marked.FindStringSubmatch(next); m != nil && slices.Contains(k.labels, strings.ToLower(m[1])) {
				return end
			}
			if next != "" && next[0] >= 'a' && next[0] <= 'z' && !joiner.MatchString(next) { // a sentence that begins with it
				return 0
			}
			return end
		}
	}
	return 0
}

// later looks in what is said behind the labels for others that may be meant too.
func (k keyReader) later(text string, named []string) string {
	trimmed := strings.TrimLeft(text, " ")
	if m := between.FindStringSubmatch(trimmed); m != nil && (m[3] != "" || slices.Contains(k.labels, strings.ToLower(m[2]))) {
		return "it says “" + m[1] + "” between two options"
	}
	for _, m := range another.FindAllStringSubmatch(text, -1) {
		if label := strings.ToLower(m[1]); slices.Contains(k.labels, label) && !slices.Contains(named, label) {
			return m[1] + ". comes after other words: it may be meant too"
		}
	}
	for _, m := range regexp.MustCompile(`(^|[\s(])\(?([A-Za-z]|[0-9]{1,2})\)`).FindAllStringSubmatchIndex(text, -1) {
		label := strings.ToLower(text[m[4]:m[5]])
		before := text[:m[4]]
		if !slices.Contains(k.labels, label) || slices.Contains(named, label) || negation.MatchString(strings.TrimRight(before, "( ")) {
			continue
		}
		if joined := strings.TrimRight(before, "( "); strings.HasSuffix(joined, ",") || strings.HasSuffix(joined, ";") || strings.HasSuffix(strings.ToLower(joined), " and") || strings.HasSuffix(joined, "&") {
			return label + ") comes after other words: it may be meant too"
		}
	}
	return ""
}
