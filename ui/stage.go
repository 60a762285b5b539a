package ui

import (
	"github.com/charmbracelet/colorprofile"

	"esmlab/ui/kit"
)

// Look is how somebody sees a screen: a size in cells, and one of kit.ThemeNames.
type Look struct {
	W, H  int
	Theme string
}

// Stage is who watches a program's screens. Its methods are called in View, so they
// must not wait. A message of any kind, such as Redraw, has the screens shown again.
type Stage interface {
	// Looks lists how the screens are watched now.
	Looks() []Look
	// Show hands over what is seen in each look. screen is nil where there is nothing
	// that others may see.
	Show(screen kit.Shown, frames map[Look]string)
}

// Redraw is a message that has everything drawn again.
type Redraw struct{}

// show draws what others may see in the looks in which they watch.
func (m *model) show() {
	if m.stage == nil {
		return
	}
	shown := m.screens.Shown()
	if shown == nil {
		m.stage.Show(nil, nil)
		return
	}
	own := m.screens.Theme
	frames := map[Look]string{}
	for _, look := range m.stage.Looks() {
		m.screens.Theme = m.themeOf(look.Theme)
		frames[look], _ = shown.Draw(look.W, look.H)
	}
	m.screens.Theme = own
	m.stage.Show(shown, frames)
}

// themeOf is the theme of a look: whoever watches has fewer colours made of it where
// their terminal has fewer.
func (m *model) themeOf(name string) *kit.Theme {
	t := m.themes[name]
	if t == nil {
		t = kit.Appearance{Profile: colorprofile.TrueColor, Name: name}.Theme()
		if m.themes == nil {
			m.themes = map[string]*kit.Theme{}
		}
		m.themes[name] = t
	}
	return t
}
