package card

import (
	"strings"

	"esmlab/quiz/markdown"
)

// Why gives what is said of an option once it was judged. Of a right one whose reason is
// no more than that it is right here, that is the card's rule; ruled tells so, as the rule
// need not be said again. Where several are right the rule stands for all of them, and
// such a reason is left out.
func (c *Card) Why(o *Option) (reason []Span, ruled bool) {
	text := Text(o.Reason)
	rest, here := strings.CutPrefix(text, "Right here")
	if !o.Right || !here && text != "" {
		return o.Reason, false
	}
	if rest = strings.TrimLeft(rest, " .:,;"); rest != "" {
		return capital(markdown.Cut(o.Reason, len(text)-len(rest), len(text))), false
	}
	if len(c.Key()) == 1 && len(c.Rule) > 0 && c.Rule[0].Kind == markdown.Para && c.Rule[0].Marker == "" {
		return c.Rule[0].Spans, true
	}
	return nil, false
}

// capital begins a sentence with a capital, unless it begins with code.
func capital(spans []Span) []Span {
	if len(spans) > 0 && spans[0].Style&markdown.Code == 0 && spans[0].Text != "" {
		spans[0].Text = strings.ToUpper(spans[0].Text[:1]) + spans[0].Text[1:]
	}
	return spans
}
