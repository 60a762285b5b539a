package card

import (
	"slices"
	"strings"
	"unicode"
)

// Answer is what a person answered; which field counts is the card's kind.
type Answer struct {
	Options []int    // numbers chosen; Order: all of them, in order
	Texts   []string // Blanks and Cloze, one for each
	Pairs   []int    // Match: for each left side the index of the right side chosen
	Knew    bool     // Recall: the person's own verdict
}

// Result says whether an answer is right; Parts says it of each option, blank or
// pair.
type Result struct {
	Right bool
	Parts []bool
}

// Grade judges an answer. A multiple response is right only when complete and
// with nothing extra.
func Grade(c *Card, a Answer) Result {
	var r Result
	switch c.Kind {
	case Recall:
		return Result{Right: a.Knew}
	case Order:
		for i, n := range c.Order {
			r.Parts = append(r.Parts, i < len(a.Options) && a.Options[i] == n)
		}
		r.Right = len(a.Options) == len(c.Order)
	case Match:
		for i := range c.Pairs {
			ok := i < len(a.Pairs) && a.Pairs[i] >= 0 && a.Pairs[i] < len(c.Pairs) &&
				normal(Text(c.Pairs[a.Pairs[i]].Right)) == normal(Text(c.Pairs[i].Right))
			r.Parts = append(r.Parts, ok)
		}
		r.Right = len(a.Pairs) == len(c.Pairs)
	case Blanks, Cloze:
		for i, accepted := range c.Blanks {
			r.Parts = append(r.Parts, i < len(a.Texts) && slices.ContainsFunc(accepted, func(s string) bool { return loose(s) == loose(a.Texts[i]) }))
		}
		r.Right = len(a.Texts) == len(c.Blanks)
	default:
		for _, o := range c.Options {
			r.Parts = append(r.Parts, o.Right == slices.Contains(a.Options, o.N))
		}
		r.Right = len(c.Options) > 0
		for _, n := range a.Options {
			r.Right = r.Right && c.Option(n) != nil
		}
	}
	r.Right = r.Right && len(r.Parts) > 0 && !slices.Contains(r.Parts, false)
	return r
}

// loose removes what does not matter: case and spacing.
func loose(s string) string {
	return strings.ToLower(strings.Join(strings.FieldsFunc(s, unicode.IsSpace), " "))
}
