package quiz

import (
	"strings"

	"github.com/charmbracelet/colorprofile"
	"github.com/charmbracelet/x/ansi"

	"esmlab/quiz/card"
	"esmlab/quiz/markdown"
	"esmlab/ui/kit"
)

// piece is a run of text in one style, and a word some of them.
type (
	piece struct {
		st   kit.Style
		text string
	}
	word []piece
)

// clean keeps control codes out of the terminal; a tab is blanks.
func clean(s string) string {
	return strings.ReplaceAll(markdown.CleanText(s), "\t", "    ")
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

// words splits spans at blanks. A line break is an empty word where breaks are
// kept, else a blank.
func words(spans []card.Span, base kit.Style, breaks, colourless bool) []word {
	var out []word
	var cur word
	flush := func() {
		if len(cur) > 0 {
			out, cur = append(out, cur), nil
		}
	}
	for _, s := range spans {
		st, text := styleOf(s, base), clean(s.Text)
		if s.Style&markdown.Mark != 0 && colourless {
			text = "==" + text + "=="
		}
		for i, line := range strings.Split(text, "\n") {
			if i > 0 {
				flush()
				if breaks {
					out = append(out, word{})
				}
			}
			for j, part := range strings.Split(line, " ") {
				if j > 0 {
					flush()
				}
				if part != "" {
					cur = append(cur, piece{st, part})
				}
			}
		}
	}
	flush()
	return out
}

func (w word) width() int {
	n := 0
	for _, p := range w {
		n += kit.Width(p.text)
	}
	return n
}

// wrap lays spans out in lines of at most w cells.
func wrap(t *kit.Theme, spans []card.Span, w int, base kit.Style, breaks bool) []string {
	w = max(1, w)
	var lines []string
	var b strings.Builder
	col := 0
	end := func() {
		lines = append(lines, b.String())
		b.Reset()
		col = 0
	}
	for _, x := range words(spans, base, breaks, t.Profile <= colorprofile.ASCII) {
		if len(x) == 0 {
			end()
			continue
		}
		n := x.width()
		if col > 0 && col+1+n > w {
			end()
		}
		if col > 0 {
			b.WriteString(" ")
			col++
		}
		for _, p := range x {
			for text := p.text; text != ""; {
				part := text
				if room := w - col; kit.Width(part) > room {
					if part = ansi.Truncate(text, room, ""); part == "" && col > 0 {
						end()
						continue
					} else if part == "" { // a sign wider than the screen
						break
					}
				}
				b.WriteString(t.Paint(p.st, part))
				col += kit.Width(part)
				if text = text[len(part):]; text != "" {
					end()
				}
			}
		}
	}
	if col > 0 || len(lines) == 0 {
		end()
	}
	return lines
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
			rows = []string{t.Paint(kit.Dim, strings.Repeat("─", min(room, 12)))}
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
