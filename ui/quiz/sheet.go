package quiz

import (
	"fmt"
	"hash/fnv"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"

	"esmlab/quiz/card"
	"esmlab/quiz/markdown"
	"esmlab/quiz/progress"
	"esmlab/ui/kit"
)

// sheet is a question as a person sees it: the order of its options, and what was
// chosen and typed.
type sheet struct {
	e       *Entry
	options []int // numbers of the options, in the order shown; of an order's items
	rights  []int // Match: which pair's right side each letter stands for
	fresh   bool  // never asked before
	picks   []int
	inputs  []kit.Input
	at      int    // the option, or the input, that the cursor is on
	tip     string // that was taken
	told    bool   // how many are to be chosen, after it was another number
}

// newSheet lays a question out; options are in the order to show.
func newSheet(e *Entry, options []int, fresh bool, day progress.Day) *sheet {
	s := &sheet{e: e, options: options, fresh: fresh, at: -1}
	h := fnv.New64a()
	_, _ = h.Write([]byte(e.Card.ID)) // never fails
	r := rand.New(rand.NewPCG(h.Sum64(), uint64(day)))
	switch e.Card.Kind {
	case card.Blanks, card.Cloze:
		s.inputs = make([]kit.Input, max(1, len(e.Card.Blanks)))
	case card.Match:
		s.inputs, s.rights = make([]kit.Input, 1), r.Perm(len(e.Card.Pairs))
	case card.Order:
		s.inputs, s.options = make([]kit.Input, 1), nil
		for _, i := range r.Perm(len(e.Card.Options)) {
			s.options = append(s.options, e.Card.Options[i].N)
		}
	}
	if s.typed() {
		s.at = 0
	}
	return s
}

func (s *sheet) multiple() bool { return s.e.Card.Kind == card.Multiple }
func (s *sheet) typed() bool    { return len(s.inputs) > 0 }
func (s *sheet) recall() bool   { return s.e.Card.Kind == card.Recall }
func (s *sheet) choices() bool  { return !s.typed() && !s.recall() }

// choose takes the option at a place on the screen, from 0. It reports whether
// the person is done: who chooses the same one again means it.
func (s *sheet) choose(i int) (done bool) {
	if i < 0 || i >= len(s.options) || !s.choices() {
		return false
	}
	s.at = i
	n := s.options[i]
	switch at := slices.Index(s.picks, n); {
	case s.multiple() && at >= 0:
		s.picks = slices.Delete(s.picks, at, at+1)
	case s.multiple() && len(s.picks) >= s.want():
	case s.multiple():
		s.picks = append(s.picks, n)
		slices.SortFunc(s.picks, func(a, b int) int { return slices.Index(s.options, a) - slices.Index(s.options, b) })
	case at >= 0:
		return true
	default:
		s.picks = []int{n}
	}
	return false
}

// answered reports whether there is anything to judge.
func (s *sheet) answered() bool {
	if s.choices() {
		return len(s.picks) > 0
	}
	return slices.ContainsFunc(s.inputs, func(in kit.Input) bool { return strings.TrimSpace(in.String()) != "" })
}

// answer is what was typed, as cards are graded.
func (s *sheet) answer() card.Answer {
	var a card.Answer
	switch s.e.Card.Kind {
	case card.Blanks, card.Cloze:
		for i := range s.inputs {
			a.Texts = append(a.Texts, s.inputs[i].String())
		}
	case card.Match:
		for _, n := range s.typedNumbers() {
			i := -1
			if n >= 1 && n <= len(s.rights) {
				i = s.rights[n-1]
			}
			a.Pairs = append(a.Pairs, i)
		}
	case card.Order:
		for _, n := range s.typedNumbers() {
			i := 0
			if n >= 1 && n <= len(s.options) {
				i = s.options[n-1]
			}
			a.Options = append(a.Options, i)
		}
	}
	return a
}

// listed are the texts that a number is typed for: what is to be put in order, or the right
// sides of pairs.
func (s *sheet) listed() [][]card.Span {
	var out [][]card.Span
	for _, j := range s.rights {
		out = append(out, s.e.Card.Pairs[j].Right)
	}
	if s.e.Card.Kind == card.Order {
		for _, n := range s.options {
			out = append(out, s.e.Card.Option(n).Text)
		}
	}
	return out
}

// typeWhat says which numbers are to be typed.
func (s *sheet) typeWhat() string {
	if s.e.Card.Kind == card.Order {
		return "the numbers in the right order"
	}
	text := "the numbers for"
	for i := range s.e.Card.Pairs {
		text += " " + letter(i)
	}
	return text
}

// typedNumbers are the numbers of an answer. Up to nine things need nothing between them.
func (s *sheet) typedNumbers() []int {
	var out []int
	for _, f := range strings.FieldsFunc(s.inputs[0].String(), func(r rune) bool { return r < '0' || r > '9' }) {
		parts := []string{f}
		if len(s.listed()) <= 9 {
			parts = strings.Split(f, "")
		}
		for _, x := range parts {
			n, _ := strconv.Atoi(x) // too large a number is none of the list's
			out = append(out, n)
		}
	}
	return out
}

// want is how many options are to be chosen.
func (s *sheet) want() int { return len(s.e.Card.Key()) }

// ask says how many options are to be chosen, as an exam does.
func (s *sheet) ask() string { return "Choose " + numberWord(s.want()) }

// refuses says why an option, by its place from 0, cannot be chosen as well: as many as are
// asked for are. "" it can.
func (s *sheet) refuses(i int) string {
	if !s.multiple() || i < 0 || i >= len(s.options) || len(s.picks) < s.want() || slices.Contains(s.picks, s.options[i]) {
		return ""
	}
	return fmt.Sprintf("%s: you have. Take one back first, %s", s.ask(), orList(s.placeList(s.picks)))
}

// lacks says how many options are still to be chosen; "" none.
func (s *sheet) lacks() string {
	n := s.want() - len(s.picks)
	if !s.multiple() || n <= 0 || len(s.picks) == 0 {
		return ""
	}
	return s.ask() + ": " + numberWord(n) + " more"
}

// numberWord writes small numbers as words.
func numberWord(n int) string {
	words := []string{"none", "one", "two", "three", "four", "five", "six"}
	if n < len(words) {
		return words[n]
	}
	return strconv.Itoa(n)
}

func letter(i int) string { return string(rune('a' + i)) }

// place is an option's place on the screen, from 1; 0 if it is not shown.
func (s *sheet) place(n int) int { return slices.Index(s.options, n) + 1 }

// places writes where options stand: "2", or "2 and 4".
func (s *sheet) places(numbers []int) string { return list(s.placeList(numbers)) }

func (s *sheet) placeList(numbers []int) []string {
	var out []string
	for _, n := range numbers {
		if p := s.place(n); p > 0 {
			out = append(out, strconv.Itoa(p))
		}
	}
	slices.Sort(out)
	return out
}

// orList joins words: a, b or c.
func orList(words []string) string {
	if n := len(words); n > 1 {
		return strings.Join(words[:n-1], ", ") + " or " + words[n-1]
	}
	return strings.Join(words, "")
}

// list joins words: a, b and c.
func list(words []string) string {
	if n := len(words); n > 1 {
		return strings.Join(words[:n-1], ", ") + " and " + words[n-1]
	}
	return strings.Join(words, "")
}

// takeTip gives a tip: why one wrong option is wrong, or how the answer
// begins.
func (s *sheet) takeTip() string {
	c := s.e.Card
	switch {
	case c.Hint != "":
		s.tip = flat(c.Hint)
	case c.Kind == card.Recall:
		s.tip = "It begins: " + beginning(markdown.BlocksText(c.Rule), 5)
	case c.Kind == card.Blanks || c.Kind == card.Cloze:
		var parts []string
		for _, b := range c.Blanks {
			text := []rune(flat(b[0]))
			parts = append(parts, fmt.Sprintf("%s… (%s)", string(text[:min(1, len(text))]), kit.Count(len(text), "letter")))
		}
		s.tip = list(parts)
	case c.Kind == card.Match:
		s.tip = fmt.Sprintf("a belongs to %d.", slices.Index(s.rights, 0)+1)
	case c.Kind == card.Order:
		s.tip = fmt.Sprintf("%d comes first.", slices.Index(s.options, c.Order[0])+1)
	default:
		for i := len(s.options) - 1; i >= 0; i-- {
			o := c.Option(s.options[i])
			if o.Right {
				continue
			}
			s.tip = fmt.Sprintf("%d is not right here.", i+1)
			if o.ReasonKind == card.RightElsewhere || s.e.item != nil {
				s.tip = fmt.Sprintf("%d: %s", i+1, flat(card.Text(o.Reason)))
				if rest, ok := strings.CutPrefix(flat(card.Text(o.Reason)), "Right "); ok {
					s.tip = fmt.Sprintf("%d would be right %s", i+1, rest)
				}
			}
			break
		}
	}
	if s.tip == "" {
		s.tip = "There is no tip for this question."
	}
	return s.tip
}

// beginning is the first words of a text.
func beginning(text string, n int) string {
	f := strings.Fields(clean(text))
	if len(f) <= n {
		return strings.Join(f[:len(f)/2], " ") + " …"
	}
	return strings.Join(f[:n], " ") + " …"
}
