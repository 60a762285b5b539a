package markdown

import (
	"strings"

	"github.com/clipperhouse/displaywidth"
)

// tab is what a tab takes, wherever it stands.
const tab = "    "

// Width is the number of terminal cells a text takes.
func Width(s string) int { return displaywidth.String(s) }

// Flow turns the line breaks of spans into spaces, for text whose breaks only
// kept the source narrow.
func Flow(spans []Span) []Span {
	out := make([]Span, len(spans))
	for i, s := range spans {
		s.Text = strings.ReplaceAll(s.Text, "\n", " ")
		out[i] = s
	}
	return out
}

// Wrap breaks spans at spaces into lines of at most width cells; a line break
// in a span stays one. Spaces at a break are dropped, and a word wider than a
// line is cut between characters. It gives at least one line, and a character
// wider than the width has a line of its own.
func Wrap(spans []Span, width int) [][]Span {
	w := &wrapper{width: max(1, width)}
	for _, s := range spans {
		for rest := strings.ReplaceAll(s.Text, "\t", tab); rest != ""; {
			if rest[0] == '\n' {
				w.endWord()
				w.endLine()
				rest = rest[1:]
				continue
			}
			space := rest[0] == ' '
			n := strings.IndexFunc(rest, func(r rune) bool { return r == '\n' || (r == ' ') != space })
			if n < 0 {
				n = len(rest)
			}
			s.Text, rest = rest[:n], rest[n:]
			if space {
				w.endWord()
				w.gap, w.gapCells = append(w.gap, s), w.gapCells+n
			} else {
				w.word, w.wordCells = append(w.word, s), w.wordCells+Width(s.Text)
			}
		}
	}
	w.endWord()
	w.endLine()
	return w.lines
}

// Hang wraps spans beside a lead, such as the number of a list item: the lead
// begins the first line, and the others are indented as far. The first span of
// each line is the lead or the indent; with no lead there is none.
func Hang(lead string, spans []Span, width int) [][]Span {
	cells := Width(lead)
	lines := Wrap(spans, width-cells)
	if cells == 0 {
		return lines
	}
	for i, line := range lines {
		lines[i] = append([]Span{{Text: lead}}, line...)
		lead = strings.Repeat(" ", cells)
	}
	return lines
}

// wrapper is a text that is being wrapped: the lines that are done, the line,
// and the spaces and the word that may still go on it.
type wrapper struct {
	width               int
	lines               [][]Span
	line, gap, word     []Span
	lineCells           int
	gapCells, wordCells int
}

// endWord puts the word on the line, or on the next where it does not fit.
func (w *wrapper) endWord() {
	if len(w.word) == 0 {
		return
	}
	if w.lineCells > 0 && w.lineCells+w.gapCells+w.wordCells > w.width {
		w.endLine()
	}
	if w.gapCells+w.wordCells <= w.width { // else it is an indent with no room for it
		for _, s := range w.gap {
			w.put(s)
		}
		w.lineCells += w.gapCells
	}
	if w.wordCells <= w.width {
		for _, s := range w.word {
			w.put(s)
		}
		w.lineCells += w.wordCells
	} else {
		w.cut()
	}
	w.gap, w.gapCells, w.word, w.wordCells = w.gap[:0], 0, w.word[:0], 0
}

// cut puts a word on as many lines as it needs.
func (w *wrapper) cut() {
	for _, s := range w.word {
		text, from, end := s.Text, 0, 0
		for g := displaywidth.StringGraphemes(text); g.Next(); end += len(g.Value()) {
			if w.lineCells > 0 && w.lineCells+g.Width() > w.width {
				s.Text = text[from:end]
				w.put(s)
				from = end
				w.endLine()
			}
			w.lineCells += g.Width()
		}
		s.Text = text[from:]
		w.put(s)
	}
}

func (w *wrapper) put(s Span) {
	if s.Text == "" {
		return
	}
	if n := len(w.line); n > 0 && w.line[n-1].Style == s.Style && w.line[n-1].Link == s.Link {
		w.line[n-1].Text += s.Text
		return
	}
	w.line = append(w.line, s)
}

// endLine ends the line; spaces that wait for a word are dropped.
func (w *wrapper) endLine() {
	w.lines = append(w.lines, w.line)
	w.line, w.lineCells, w.gap, w.gapCells = nil, 0, w.gap[:0], 0
}
