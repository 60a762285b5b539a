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
	Dim          // second text: what is there but not now important
	Rule         // borders, lines, idle stretches
	Strong       // titles, names, changed values
	Bad          // blocked, failed
	Good         // flows, done
	Busy         // in a batch, under way
	Info         // iterators, links between panes, focus
	Key          // a key that can be pressed
	Alarm        // the row of a blocked shard
	Select       // what the cursor is on
	Heat0        // how long something waits, from not at all to very long: the sign says it too
	Heat1
	Heat2
	Heat3
	Heat4
	numStyles
)

// Theme holds the styles as prepared escape sequences, so that drawing is
// joining strings.
type Theme struct {
	Profile colorprofile.Profile
	Name    string // one of ThemeNames: what was chosen, or what auto came to
	// ASCII: no sign but those of ASCII is drawn.
	ASCII  bool
	ink    string // begins plain text; "": it is as the terminal writes it
	before [numStyles]string
	after  [numStyles]string
}

// NewTheme prepares the styles in the terminal's own sixteen colours, or without
// colours. It is what is drawn before the terminal has told its ground, and where
// it never does: sixteen colours stay readable on light and dark. Nothing is faint
// but borders, as faint text is hard to read. Without colours (NO_COLOR) bold, faint
// and reverse video remain.
func NewTheme(p colorprofile.Profile) *Theme {
	base := lipgloss.NewStyle()
	styles := [numStyles]lipgloss.Style{
		Plain:  base,
		Dim:    base,
		Rule:   base.Faint(true),
		Strong: base.Bold(true),
		Bad:    base.Foreground(lipgloss.Red).Bold(true),
		Good:   base.Foreground(lipgloss.Cyan),
		Busy:   base.Foreground(lipgloss.Yellow),
		Info:   base.Foreground(lipgloss.Magenta),
		Key:    base.Foreground(lipgloss.Blue).Bold(true),
		Alarm:  base.Foreground(lipgloss.Red).Bold(true).Reverse(true),
		Select: base.Bold(true).Reverse(true),
		Heat0:  base.Faint(true),
		Heat1:  base,
		Heat2:  base,
		Heat3:  base.Foreground(lipgloss.Yellow),
		Heat4:  base.Foreground(lipgloss.Yellow).Bold(true),
	}
	if p <= colorprofile.ASCII {
		styles[Dim], styles[Bad] = base.Faint(true), base.Bold(true)
		styles[Good], styles[Busy], styles[Info] = base, base, base
		styles[Heat3], styles[Heat4] = base, base.Bold(true)
		styles[Key] = base.Bold(true)
		styles[Alarm] = base.Bold(true).Reverse(true)
		styles[Select] = base.Bold(true).Underline(true)
	}
	return prepare(p, styles)
}

func prepare(p colorprofile.Profile, styles [numStyles]lipgloss.Style) *Theme {
	t := &Theme{Profile: p}
	for i, s := range styles {
		t.before[i], t.after[i] = cutAround(s)
	}
	return t
}

// cutAround gives what stands before and after a text in a style.
func cutAround(s lipgloss.Style) (before, after string) {
	before, after, _ = strings.Cut(s.Render("x"), "x")
	return before, after
}

// reset ends a style.
const reset = "\x1b[m"

// Frame gives a whole frame as the theme draws it: plain text in the theme's ink,
// and with the signs of ASCII where it is so wished.
func (t *Theme) Frame(frame string) string {
	frame = t.Signs(frame)
	if t.ink == "" {
		return frame
	}
	return t.ink + strings.ReplaceAll(frame, reset, reset+t.ink) + reset
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
	'·': '.', '▒': '%', '┊': ':', '┄': ',', '┈': '.', '⡂': ':', '╸': '=', '▐': '[', '▌': ']', '◆': '@', '✓': 'v', 'Δ': 'd', '−': '-', '□': 'o', '▮': '#', '▯': '.', '◂': '<', '▓': '=', '░': ':', '▲': '^', '■': '#', '●': 'o', '○': '-', '▸': '>', '▶': '>', '‖': '|', '›': '>', '‹': '<',
	'←': '<', '→': '>', '↑': '^', '↓': 'v', '…': '~', '∞': '*', '≠': '!', '×': 'x', '█': '#',
	'▁': '_', '▂': '.', '▃': ':', '▄': '-', '▀': '"', '▏': '.', '▎': '.', '▍': '.', '▋': '=', '▊': '=', '▉': '=', '▅': '=', '▆': '+', '▇': '*', '–': '-', '—': '-', '’': '\'', '“': '"', '”': '"',
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
		} else if r == 0x2800 {
			b.WriteByte(' ')
		} else if r > 0x2800 && r <= 0x28ff { // dots of a plot
			b.WriteByte('*')
		} else {
			b.WriteString(strings.Repeat("?", Width(string(r))))
		}
	}
	return b.String()
}
