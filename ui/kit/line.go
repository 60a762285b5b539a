package kit

import (
	"strconv"
	"strings"

	"github.com/charmbracelet/x/ansi"

	"esmlab/engine/printable"
	"esmlab/quiz/markdown"
)

// Width counts the cells of a text without escape sequences.
func Width(s string) int {
	n := 0
	for _, r := range s {
		if !narrow(r) {
			return ansi.StringWidth(s)
		}
		n++
	}
	return n
}

// narrow reports whether a rune surely takes one cell: what the panes are drawn
// with. Anything else is measured.
func narrow(r rune) bool {
	return r >= ' ' && r < 0x7f || r >= 0xa1 && r <= 0xff && r != 0xad ||
		r >= 0x2010 && r <= 0x2027 || r >= 0x2190 && r <= 0x2193 || r >= 0x2500 && r <= 0x25b6 || r >= 0x2800 && r <= 0x28ff || r == '●' || r == '∞' || r == '◆' || r == '✓' || r == '◂'
}

// Line builds one row of an exact number of cells. What does not fit is cut.
type Line struct {
	t   *Theme
	b   strings.Builder
	w   int
	max int
	all Style // style of the whole line, Plain for none
}

// NewLine begins a row of max cells.
func NewLine(t *Theme, max int) *Line {
	l := &Line{t: t, max: max}
	l.b.Grow(max + 64)
	return l
}

// Whole gives the row one style that no part of it breaks: reverse video.
func (l *Line) Whole(st Style) *Line {
	l.all = st
	l.b.WriteString(l.t.before[st])
	return l
}

// Col is the cell that the next text begins in.
func (l *Line) Col() int { return l.w }

// Room is how many cells are left.
func (l *Line) Room() int { return l.max - l.w }

// Add appends text in a style.
func (l *Line) Add(st Style, s string) *Line {
	room := l.max - l.w
	if room <= 0 || s == "" {
		return l
	}
	n := Width(s)
	if n != len(s) { // perhaps not all of it is printable
		s = printable.Line(s)
		n = Width(s)
	}
	if n > room {
		s = Cut(s, room)
		n = Width(s)
	}
	if l.all != Plain {
		st = Plain
	}
	l.w += n
	if st != Plain {
		l.b.WriteString(l.t.before[st])
		l.b.WriteString(s)
		l.b.WriteString(l.t.after[st])
		return l
	}
	l.b.WriteString(s)
	return l
}

// Text appends unstyled text.
func (l *Line) Text(s string) *Line { return l.Add(Plain, s) }

// PadTo pads with blanks up to a cell; it does nothing when it is past it.
func (l *Line) PadTo(col int) *Line {
	if n := min(col, l.max) - l.w; n > 0 {
		l.b.WriteString(Blanks(n))
		l.w += n
	}
	return l
}

// Repeat appends a sign n times in a style.
func (l *Line) Repeat(st Style, sign string, n int) *Line {
	if n = min(n, l.max-l.w); n > 0 {
		l.Add(st, strings.Repeat(sign, n))
	}
	return l
}

// Right appends text so that it ends before cell col. It is left out where
// it would overlap what is there.
func (l *Line) Right(st Style, s string, col int) *Line {
	at := min(col, l.max) - Width(s)
	if at < l.w {
		return l
	}
	return l.PadTo(at).Add(st, s)
}

// String ends the row, filled with blanks to its full width.
func (l *Line) String() string {
	l.PadTo(l.max)
	if l.all != Plain {
		l.b.WriteString(l.t.after[l.all])
	}
	return l.b.String()
}

const blanks = "                                                                                                                                "

// Blanks gives n blanks.
func Blanks(n int) string {
	if n <= 0 {
		return ""
	}
	if n <= len(blanks) {
		return blanks[:n]
	}
	return strings.Repeat(" ", n)
}

// Cut shortens text without escape sequences to n cells, with … where
// something is missing.
func Cut(s string, n int) string {
	if n <= 0 {
		return ""
	}
	if Width(s) <= n {
		return s
	}
	return ansi.Truncate(s, n, "…")
}

// cut is Cut for text that may hold escape sequences.
func cut(s string, n int) string {
	if !strings.Contains(s, "\x1b") {
		return Cut(s, n)
	}
	if n <= 0 {
		return ""
	}
	return ansi.Truncate(s, n, "…")
}

// Clip shortens text to n cells, at the end of a clause where one fits: what is
// cut is then what matters least. It looks into no JSON, and leaves out brackets before it
// cuts a word.
func Clip(s string, n int) string {
	if Width(s) <= n {
		return s
	}
	prose, _, _ := strings.Cut(s, "{")
	for _, end := range []string{"; ", ": ", ". ", " while ", ", "} {
		for i := strings.LastIndex(prose, end); i > 0; i = strings.LastIndex(s[:i], end) {
			if Width(s[:i]) <= n {
				return s[:i]
			}
		}
	}
	if i, j := strings.Index(prose, " ("), strings.Index(prose, ")"); i > 0 && j > i {
		if text := Clip(s[:i]+s[j+1:], n); !strings.HasSuffix(text, "…") {
			return text
		}
	}
	return Cut(s, n)
}

// Capitalize begins a word with a capital.
func Capitalize(word string) string { return strings.ToUpper(word[:1]) + word[1:] }

// Fit brings a text, which may hold escape sequences, to exactly n cells.
func Fit(s string, n int) string {
	if n <= 0 {
		return ""
	}
	w := ansi.StringWidth(s)
	switch {
	case w > n:
		s = ansi.Truncate(s, n, "")
		return s + Blanks(n-ansi.StringWidth(s))
	case w < n:
		return s + Blanks(n-w)
	}
	return s
}

// Pick gives the first text that fits into n cells, or the last one cut.
func Pick(n int, texts ...string) string {
	for _, s := range texts {
		if Width(s) <= n {
			return s
		}
	}
	return Cut(texts[len(texts)-1], n)
}

// Wrap breaks a text at blanks into lines of at most n cells. Line breaks
// in it stay. What NonBreaking joined is not torn apart.
func Wrap(s string, n int) []string {
	if s != "" && Width(s) <= n && !strings.Contains(s, "  ") && !strings.ContainsAny(s, "\n\t") && strings.TrimSpace(s) == s {
		return []string{strings.ReplaceAll(s, "\u00a0", " ")}
	}
	var out []string
	for _, spans := range markdown.Wrap([]markdown.Span{{Text: s}}, n) {
		out = append(out, strings.ReplaceAll(markdown.Text(spans), "\u00a0", " "))
	}
	return out
}

// NonBreaking keeps a text on one line where Wrap breaks.
func NonBreaking(s string) string { return strings.ReplaceAll(s, " ", "\u00a0") }

// Count writes n with its noun: "1 record", "2 records", "1,000 records".
func Count(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	if strings.HasSuffix(noun, "ch") {
		noun += "e"
	} else if strings.HasSuffix(noun, "y") && !strings.HasSuffix(noun, "ay") {
		noun = noun[:len(noun)-1] + "ie"
	}
	return Thousands(n) + " " + noun + "s"
}

// Thousands writes a whole number with commas.
func Thousands(n int) string {
	s := strconv.Itoa(n)
	for i := len(s) - 3; i > 0 && s[i-1] != '-'; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}

// Footer writes keys and what they do, as many as there is room for, and gives
// where each stands. … stands for those that have none, and is the help.
func Footer(t *Theme, w int, hints []Hint) (string, []Hit) {
	l := NewLine(t, w).Text(" ")
	var hits []Hit
	for i, h := range hints {
		gap := 0
		if i > 0 {
			gap = 2
		}
		rest := 0
		if i < len(hints)-1 {
			rest = 3
		}
		if l.Col()+gap+Width(h.Key)+1+Width(h.Text)+rest >= w {
			if l.Col()+gap+1 < w {
				from := l.Text(Blanks(gap)).Col()
				hits = append(hits, Hit{from, l.Add(Dim, "…").Col(), "help", 0})
			}
			break
		}
		from := l.Text(Blanks(gap)).Col()
		l.Add(Key, h.Key).Text(" " + h.Text)
		hits = append(hits, Hit{from, l.Col(), h.ID, h.N})
	}
	return l.String(), hits
}
