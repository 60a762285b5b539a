package kit

import (
	"strings"

	"charm.land/lipgloss/v2"
	"github.com/charmbracelet/colorprofile"
)

// Style is a kind of text. What it means never hangs on its colour alone: a
// sign, a word or reverse video says the same.
type Style uint8

// The styles of a screen.
const (
	Plain  Style = iota
	Dim          // what is there but not now important: borders, what is done
	Strong       // titles, names, changed values
	Bad          // blocked, failed
	Good         // flows, done
	Busy         // in a batch, under way
	Info         // iterators, links between panes
	Key          // a key that can be pressed
	Alarm        // the row of a blocked shard: reverse video
	Select       // what the cursor is on
	numStyles
)

// Theme holds the styles as prepared escape sequences, so that drawing is
// joining strings.
type Theme struct {
	Profile colorprofile.Profile
	// ASCII: no sign but those of ASCII is drawn.
	ASCII  bool
	before [numStyles]string
	after  [numStyles]string
}

// NewTheme prepares the styles for a terminal. It uses the terminal's own
// sixteen colours, so light and dark schemes both stay readable; what is dim
// is faint, as the colour "bright black" is invisible in some. Good and bad
// are cyan and red, which all eyes tell apart. Without colours (NO_COLOR) bold,
// faint and reverse video remain.
func NewTheme(p colorprofile.Profile) *Theme {
	base := lipgloss.NewStyle()
	styles := [numStyles]lipgloss.Style{
		Plain:  base,
		Dim:    base.Faint(true),
		Strong: base.Bold(true),
		Bad:    base.Foreground(lipgloss.Red).Bold(true),
		Good:   base.Foreground(lipgloss.Cyan),
		Busy:   base.Foreground(lipgloss.Yellow),
		Info:   base.Foreground(lipgloss.Cyan),
		Key:    base.Foreground(lipgloss.BrightBlue).Bold(true),
		Alarm:  base.Foreground(lipgloss.Red).Bold(true).Reverse(true),
		Select: base.Bold(true).Underline(true),
	}
	if p <= colorprofile.ASCII {
		styles[Bad] = base.Bold(true)
		styles[Good], styles[Busy], styles[Info] = base, base, base
		styles[Key] = base.Bold(true)
		styles[Alarm] = base.Bold(true).Reverse(true)
	}
	t := &Theme{Profile: p}
	for i, s := range styles {
		before, after, _ := strings.Cut(s.Render("x"), "x")
		t.before[i], t.after[i] = before, after
	}
	return t
}

// Paint gives s in a style.
func (t *Theme) Paint(st Style, s string) string {
	if st == Plain || s == "" {
		return s
	}
	return t.before[st] + s + t.after[st]
}

// InASCII is the theme with the signs of ASCII alone.
func (t *Theme) InASCII() *Theme {
	out := *t
	out.ASCII = true
	return &out
}

// asciiSigns stand for the signs that are drawn, one cell each. What differs
// there differs here.
var asciiSigns = map[rune]byte{
	'─': '-', '│': '|', '╭': '+', '╮': '+', '╰': '+', '╯': '+', '┬': '+', '┴': '+', '┼': '+', '├': '+', '┤': '+', '└': '+', '╌': '.',
	'═': '=', '║': '|', '╔': '+', '╗': '+', '╚': '+', '╝': '+',
	'·': '.', '▓': '=', '░': ':', '▲': '^', '■': '#', '●': 'o', '○': '-', '▸': '>', '▶': '>', '‖': '|', '›': '>', '‹': '<',
	'←': '<', '→': '>', '↑': '^', '↓': 'v', '…': '~', '∞': '*', '≠': '!', '×': 'x', '█': '#',
	'▁': '_', '▂': '.', '▃': ':', '▄': '-', '▅': '=', '▆': '+', '▇': '*', '–': '-', '—': '-', '’': '\'', '“': '"', '”': '"',
}

// Signs gives a frame as the theme draws it: in ASCII where it is so wished.
// Each sign keeps its cells.
func (t *Theme) Signs(frame string) string {
	if !t.ASCII {
		return frame
	}
	var b strings.Builder
	b.Grow(len(frame))
	for _, r := range frame {
		if r < 0x80 {
			b.WriteRune(r)
		} else if c, ok := asciiSigns[r]; ok {
			b.WriteByte(c)
		} else {
			b.WriteString(strings.Repeat("?", Width(string(r))))
		}
	}
	return b.String()
}
