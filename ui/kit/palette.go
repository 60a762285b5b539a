package kit

import (
	"image/color"
	"slices"

	"charm.land/lipgloss/v2"
	"github.com/charmbracelet/colorprofile"
	"github.com/lucasb-eyer/go-colorful"
)

// A palette is a theme's colours by their roles. What they are is made so that
// each can be read on its ground, and that eyes which see no red, green or blue
// tell them apart too (TestContrast, TestColourVision).
type palette struct {
	ground                                      string // what the colours were chosen for; it is never painted
	ink, quiet, rule                            string // text, second text, borders
	bad, busy, good, info, key, onBad, selected string
	heat                                        [5]string
}

var palettes = map[string]palette{
	"dark": {"#10131a", "#e6e9f0", "#a3adbf", "#566178",
		"#f06c3c", "#f1e355", "#2dbaa9", "#d1a8fa", "#8fbcff", "#14090a", "#2a3550", heat[true]},
	"light": {"#ffffff", "#1b1f27", "#545c6b", "#8d96a6",
		"#751a06", "#8a660f", "#076e64", "#5e29a7", "#0b5cad", "#ffffff", "#d6e4f7", heat[false]},
	"hc-dark": {"#000000", "#ffffff", "#d6dbe6", "#9aa3b5",
		"#ff7a45", "#fff25e", "#30c4b2", "#dcb6ff", "#b7d4ff", "#000000", "", heat[true]},
	"hc-light": {"#ffffff", "#000000", "#2f3540", "#5b6474",
		"#5a0d00", "#735500", "#00564f", "#5320a0", "#003f80", "#ffffff", "", heat[false]},
}

// heat are the colours of the heat styles, from little to much: on a dark ground and on
// a light one. Each has at least 1.45 times the contrast of the one before, so that they
// survive in grey.
var heat = map[bool][5]string{
	true:  {"#26314a", "#3f5375", "#7d7f88", "#c2ae5a", "#ffe45c"},
	false: {"#e9edf5", "#b9c6dc", "#8c93a0", "#7a6a25", "#4a3b00"},
}

// ThemeNames are the themes that can be chosen. auto takes dark or light by the
// terminal's ground, and 16 where the terminal does not tell it.
var ThemeNames = []string{"auto", "dark", "light", "hc-dark", "hc-light", "16", "none"}

// IsTheme reports whether a theme has that name.
func IsTheme(name string) bool { return slices.Contains(ThemeNames, name) }

// Appearance is what a theme follows from.
type Appearance struct {
	Profile colorprofile.Profile // what the terminal can show
	Name    string               // one of ThemeNames, "" auto
	Ground  color.Color          // the terminal's ground, nil where it has not told it
	NoColor bool                 // NO_COLOR is set: it stands above a name
	ASCII   bool                 // no sign but those of ASCII
}

// Theme prepares the styles for a terminal.
func (a Appearance) Theme() *Theme {
	t, name := a.styles()
	t.Name = name
	t.ASCII = a.ASCII
	return t
}

// styles gives a theme, and the name of what it came to.
func (a Appearance) styles() (*Theme, string) {
	name := a.Name
	var ground colorful.Color
	known := false
	if a.Ground != nil {
		ground, known = colorful.MakeColor(a.Ground)
	}
	if name == "" || name == "auto" {
		name = "16"
		if known {
			name = "dark"
			if contrast(ground, black) > contrast(ground, white) {
				name = "light"
			}
		}
	}
	p, ok := palettes[name]
	switch {
	case a.NoColor || name == "none":
		return NewTheme(colorprofile.ASCII), "none"
	case !ok || a.Profile < colorprofile.ANSI256:
		return NewTheme(min(a.Profile, colorprofile.ANSI)), "16"
	}
	if known {
		p = p.on(ground)
	}
	return p.theme(a.Profile), name
}

var black, white = colorful.Color{}, colorful.Color{R: 1, G: 1, B: 1}

// The least contrast with the ground, by WCAG's formula: of text, and of borders.
const (
	textContrast = 4.5
	ruleContrast = 2.0
)

// on gives the palette as it is on a ground: what has too little contrast there
// moves towards black or white until it has enough.
func (p palette) on(ground colorful.Color) palette {
	end := white
	if contrast(ground, black) > contrast(ground, white) {
		end = black
	}
	lift := func(text string, over colorful.Color, least float64) string {
		from := hex(text)
		c := from
		for step := 1; step <= 20 && contrast(c, over) < least; step++ {
			c = hex(from.BlendLab(end, float64(step)/20).Clamped().Hex())
		}
		return c.Hex()
	}
	p.rule = lift(p.rule, ground, ruleContrast)
	for i := range p.heat {
		p.heat[i] = lift(p.heat[i], ground, ruleContrast)
	}
	for _, role := range []*string{&p.ink, &p.quiet, &p.bad, &p.busy, &p.good, &p.info, &p.key} {
		*role = lift(*role, ground, textContrast)
	}
	if bad := hex(p.bad); contrast(hex(p.onBad), bad) < textContrast {
		p.onBad = "#000000"
		if contrast(bad, white) > contrast(bad, black) {
			p.onBad = "#ffffff"
		}
	}
	return p
}

// hex reads a colour of a palette.
func hex(s string) colorful.Color {
	c, err := colorful.Hex(s)
	if err != nil {
		panic("kit: " + s + " is not a colour") // the palettes above
	}
	return c
}

// contrast is the contrast ratio of two colours, from 1 to 21 (WCAG 2.2).
func contrast(a, b colorful.Color) float64 {
	luminance := func(c colorful.Color) float64 {
		r, g, b := c.LinearRgb()
		return 0.2126*r + 0.7152*g + 0.0722*b
	}
	la, lb := luminance(a), luminance(b)
	return (max(la, lb) + 0.05) / (min(la, lb) + 0.05)
}

// theme gives the palette's styles.
func (p palette) theme(profile colorprofile.Profile) *Theme {
	base := lipgloss.NewStyle()
	fg := func(s string) lipgloss.Style { return base.Foreground(lipgloss.Color(s)) }
	styles := [numStyles]lipgloss.Style{
		Plain:  base,
		Dim:    fg(p.quiet),
		Rule:   fg(p.rule),
		Strong: fg(p.ink).Bold(true),
		Bad:    fg(p.bad).Bold(true),
		Good:   fg(p.good),
		Busy:   fg(p.busy),
		Info:   fg(p.info),
		Key:    fg(p.key).Bold(true),
		Alarm:  fg(p.onBad).Background(lipgloss.Color(p.bad)).Bold(true),
		Select: fg(p.ink).Bold(true).Reverse(true),
	}
	styles[Heat0] = fg(p.rule) // nothing waits
	for i, c := range p.heat[1:] {
		styles[int(Heat1)+i] = fg(c)
	}
	if p.selected != "" {
		styles[Select] = fg(p.ink).Bold(true).Background(lipgloss.Color(p.selected))
	}
	t := prepare(profile, styles)
	t.ink, _ = cutAround(fg(p.ink))
	return t
}

// Colors are the colours of a theme for what is not drawn with a Theme: the text of
// --help.
type Colors struct{ Ink, Quiet, Bad, Busy, Good, Info, Key, OnBad color.Color }

// ColorsOf gives the colours of a theme: dark or light for auto, by the terminal's
// ground. ok is false where the theme has none of its own.
func ColorsOf(name string, groundIsDark bool) (c Colors, ok bool) {
	if name == "" || name == "auto" {
		name = "light"
		if groundIsDark {
			name = "dark"
		}
	}
	p, ok := palettes[name]
	if !ok {
		return Colors{}, false
	}
	return Colors{lipgloss.Color(p.ink), lipgloss.Color(p.quiet), lipgloss.Color(p.bad), lipgloss.Color(p.busy), lipgloss.Color(p.good),
		lipgloss.Color(p.info), lipgloss.Color(p.key), lipgloss.Color(p.onBad)}, true
}
