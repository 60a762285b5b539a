package present

import (
	"time"

	"github.com/charmbracelet/colorprofile"

	"esmlab/talks"
	"esmlab/ui/kit"
)

// Pictures draws each stop of a presentation as SVG: the lab at that instant, on a light
// ground, as it is printed.
func Pictures(t *talks.Talk, w, h int) ([][]byte, error) {
	screens := &kit.ScreenStack{ThemeName: "light", Motion: kit.NoMotion, Theme: kit.Appearance{Profile: colorprofile.TrueColor, Name: "light"}.Theme()}
	s, err := New(screens, Options{Talk: t, Now: func() time.Time { return time.Time{} }})
	if err != nil {
		return nil, err
	}
	var out [][]byte
	for i := range t.Stops {
		if err := s.show(i); err != nil {
			return nil, err
		}
		if t.Stops[i].World == nil {
			out = append(out, nil)
			continue
		}
		out = append(out, s.lab.Picture(w, h))
	}
	return out, nil
}
