package quiz

import (
	"strings"

	"github.com/charmbracelet/colorprofile"

	"esmlab/engine/printable"
	"esmlab/quiz/card"
	"esmlab/quiz/markdown"
	"esmlab/ui/kit"
)

// clean keeps control codes out of the terminal; a tab is blanks.
func clean(s string) string {
	return strings.ReplaceAll(printable.Text(s), "\t", "    ")
}

// flat is clean text on one line.
func flat(s string) string { return strings.Join(strings.Fields(clean(s)), " ") }

// styleOf is how a span is drawn on a text of a style.
func styleOf(s card.Span, base kit.Style) kit.Style {
	switch {
	case s.Style&markdown.Blank != 0:
		return kit.Select
	case s.Style&markdown.Code != 0 && base != kit.Dim:
		return kit.Info
	case s.Style&markdown.Mark != 0:
		return kit.Select
	case s.Style&markdown.Strong != 0:
		return kit.Strong
	}
	return base
}

// wrap lays spans out in rows of at most w cells; breaks says whether line
// breaks are kept. Without colours a mark is written as in Markdown.
func wrap(t *kit.Theme, spans []card.Span, w int, base kit.Style, breaks bool) []string {
	list := make([]card.Span, len(spans))
	for i, s := range spans {
		s.Text = clean(s.Text)
		if s.Style&markdown.Mark != 0 && t.Profile <= colorprofile.ASCII {
			s.Text = "==" + s.Text + "=="
		}
		list[i] = s
	}
	if !breaks {
		list = markdown.Flow(list)
	}
	var rows []string
	for _, line := range markdown.Wrap(list, w) {
		var b strings.Builder
		for _, s := range line {
			b.WriteString(t.Paint(styleOf(s, base), s.Text))
		}
		rows = append(rows, b.String())
	}
	return rows
}

// say lays plain text out.
func say(t *kit.Theme, text string, w int, st kit.Style) []string {
	return wrap(t, []card.Span{{Text: text}}, w, st, true)
}

// blocks lays out what a card holds: paragraphs, list items, code.
func blocks(t *kit.Theme, list []card.Block, w int, base kit.Style, breaks bool) []string {
	var out []string
	for i, b := range list {
		lead := strings.Repeat("  ", min(b.Indent, 8))
		if b.Marker != "" {
			lead = strings.Repeat("  ", min(max(0, b.Indent-1), 8)) + clean(b.Marker) + " "
		}
		if lead = kit.Cut(lead, w/2); i > 0 && b.Marker == "" && b.Kind != markdown.CodeBlock && list[i-1].Kind != markdown.CodeBlock {
			out = append(out, "")
		}
		room := max(1, w-kit.Width(lead))
		var rows []string
		switch b.Kind {
		case markdown.CodeBlock:
			for line := range strings.SplitSeq(clean(card.Text(b.Spans)), "\n") {
				rows = append(rows, t.Paint(kit.Info, kit.Cut(line, room)))
			}
		case markdown.Rule:
			rows = []string{t.Paint(kit.Rule, strings.Repeat("─", min(room, 12)))}
		case markdown.Heading:
			rows = wrap(t, b.Spans, room, kit.Strong, breaks)
		default:
			rows = wrap(t, b.Spans, room, base, breaks)
		}
		for j, r := range rows {
			if j > 0 {
				lead = kit.Blanks(kit.Width(lead))
			}
			out = append(out, lead+r)
		}
	}
	return out
}
