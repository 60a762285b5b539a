package kit

import (
	"image/color"
	"math"
	"testing"

	"github.com/charmbracelet/colorprofile"
	"github.com/lucasb-eyer/go-colorful"
)

// Grounds that terminals have: our own two, and those of well-known schemes.
var grounds = map[string][]string{
	"dark":     {"#10131a", "#002b36", "#282c34", "#1e1e1e", "#000000"},
	"light":    {"#ffffff", "#fdf6e3", "#fbf1c7", "#f5f5f5", "#eeeeee"},
	"hc-dark":  {"#000000", "#10131a", "#002b36", "#282c34", "#1e1e1e"},
	"hc-light": {"#ffffff", "#fdf6e3", "#fbf1c7", "#f5f5f5", "#eeeeee"},
}

func (p palette) texts() map[string]string {
	return map[string]string{"ink": p.ink, "quiet": p.quiet, "bad": p.bad, "busy": p.busy, "good": p.good, "info": p.info, "key": p.key}
}

// Each text has a contrast of at least 4.5 with the ground it stands on, each
// border of at least 2, on the ground that was reported and on the cursor's row.
func TestContrast(t *testing.T) {
	for name, p := range palettes {
		for _, g := range append(grounds[name], "#808080", "#5f5f87") { // and two that fit neither
			p, ground := p.on(hex(g)), hex(g)
			for role, text := range p.texts() {
				if got := contrast(hex(text), ground); got < textContrast {
					t.Errorf("%s on %s: %s has a contrast of %.1f", name, g, role, got)
				}
			}
			if got := contrast(hex(p.rule), ground); got < ruleContrast {
				t.Errorf("%s on %s: a border has a contrast of %.1f", name, g, got)
			}
			if got := contrast(hex(p.onBad), hex(p.bad)); got < textContrast {
				t.Errorf("%s on %s: the alarm row has a contrast of %.1f", name, g, got)
			}
		}
		if p.selected != "" {
			if got := contrast(hex(p.ink), hex(p.selected)); got < textContrast {
				t.Errorf("%s: the cursor's row has a contrast of %.1f", name, got)
			}
		}
	}
}

// Machado, Oliveira and Fernandes 2009, severity 1.0, in linear RGB.
var deficits = map[string][9]float64{
	"protan": {0.152286, 1.052583, -0.204868, 0.114503, 0.786281, 0.099216, -0.003882, -0.048116, 1.051998},
	"deutan": {0.367322, 0.860646, -0.227968, 0.280085, 0.672501, 0.047413, -0.011820, 0.042940, 0.968881},
	"tritan": {1.255528, -0.076749, -0.178779, -0.078411, 0.930809, 0.147602, 0.004733, 0.691367, 0.303900},
}

func seen(c colorful.Color, m [9]float64) colorful.Color {
	r, g, b := c.LinearRgb()
	return colorful.LinearRgb(m[0]*r+m[1]*g+m[2]*b, m[3]*r+m[4]*g+m[5]*b, m[6]*r+m[7]*g+m[8]*b).Clamped()
}

// Whoever sees no red, no green or no blue tells text, blocked, in a batch, done
// and iterators apart.
func TestColourVision(t *testing.T) {
	for name, p := range palettes {
		roles := map[string]string{"ink": p.ink, "bad": p.bad, "busy": p.busy, "good": p.good, "info": p.info}
		for eyes, m := range deficits {
			least, pair := math.Inf(1), ""
			for a := range roles {
				for b := range roles {
					if a < b {
						if d := 100 * seen(hex(roles[a]), m).DistanceCIEDE2000(seen(hex(roles[b]), m)); d < least {
							least, pair = d, a+" and "+b
						}
					}
				}
			}
			if least < 12 {
				t.Errorf("%s, %s: %s are %.1f apart", name, eyes, pair, least)
			}
		}
	}
}

// Which theme is drawn follows from the environment, a choice, and what the
// terminal tells.
func TestAppearance(t *testing.T) {
	rgb := func(s string) color.Color {
		c, _ := colorful.Hex(s)
		return c
	}
	for _, c := range []struct {
		look Appearance
		want string // of Bad
	}{
		{Appearance{Profile: colorprofile.TrueColor}, "\x1b[1;31m"},                                                     // the ground is not known yet
		{Appearance{Profile: colorprofile.TrueColor, Ground: rgb("#10131a")}, "\x1b[1;38;2;240;108;60m"},                // dark
		{Appearance{Profile: colorprofile.TrueColor, Ground: rgb("#ffffff")}, "\x1b[1;38;2;117;26;6m"},                  // light
		{Appearance{Profile: colorprofile.TrueColor, Name: "light", Ground: nil}, "\x1b[1;38;2;117;26;6m"},              // asked for
		{Appearance{Profile: colorprofile.TrueColor, Name: "16", Ground: rgb("#ffffff")}, "\x1b[1;31m"},                 //
		{Appearance{Profile: colorprofile.TrueColor, Name: "none", Ground: rgb("#ffffff")}, "\x1b[1m"},                  //
		{Appearance{Profile: colorprofile.TrueColor, Name: "dark", Ground: rgb("#ffffff"), NoColor: true}, "\x1b[1m"},   // NO_COLOR stands above all
		{Appearance{Profile: colorprofile.ANSI, Name: "dark"}, "\x1b[1;31m"},                                            // sixteen colours are all there are
		{Appearance{Profile: colorprofile.ASCII, Name: "dark"}, "\x1b[1m"},                                              //
		{Appearance{Profile: colorprofile.ANSI256, Name: "hc-dark", Ground: rgb("#10131a")}, "\x1b[1;38;2;255;122;69m"}, // Bubble Tea brings it to 256
	} {
		if got := c.look.Theme().before[Bad]; got != c.want {
			t.Errorf("%+v: %q, not %q", c.look, got, c.want)
		}
	}
}

// Plain text is in the theme's ink, also behind a text in another style.
func TestInk(t *testing.T) {
	th := Appearance{Profile: colorprofile.TrueColor, Name: "light"}.Theme()
	got := th.Frame(NewLine(th, 9).Text("a ").Add(Bad, "b").Text(" c").String())
	if want := "\x1b[38;2;27;31;39ma \x1b[1;38;2;117;26;6mb\x1b[m\x1b[38;2;27;31;39m c    \x1b[m"; got != want {
		t.Errorf("%q, not %q", got, want)
	}
	if got := NewTheme(colorprofile.ANSI).Frame("a"); got != "a" {
		t.Errorf("%q: sixteen colours leave plain text alone", got)
	}
}

// From little to much heat each colour is told from the one before it without its hue,
// and none is lost in the ground.
func TestHeat(t *testing.T) {
	for dark, ramp := range heat {
		for i := range ramp[1:] {
			if got := contrast(hex(ramp[i]), hex(ramp[i+1])); got < 1.45 {
				t.Errorf("dark %v: %s and %s have a contrast of %.2f", dark, ramp[i], ramp[i+1], got)
			}
		}
	}
	for name, p := range palettes {
		for _, g := range grounds[name] {
			p, ground := p.on(hex(g)), hex(g)
			last := 0.0
			for i, c := range p.heat[1:] { // where nothing waits it is as a border
				got := contrast(hex(c), ground)
				if got < ruleContrast || got+0.1 < last {
					t.Errorf("%s on %s: heat %d has a contrast of %.2f, the one before %.2f", name, g, i, got, last)
				}
				last = got
			}
		}
	}
}
