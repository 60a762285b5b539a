package lab

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/colorprofile"

	"esmlab/engine"
	"esmlab/engine/timeline"
	"esmlab/ui/kit"
	"esmlab/ui/picture"
)

// This file draws the lab for others: as a picture of the screen, and as a film of the run.

// Grounds of pictures, by theme.
var grounds = map[bool]struct{ ink, ground picture.Color }{false: {0xe6e9f0, 0x10131a}, true: {0x1b1f27, 0xffffff}}

// light tells whether pictures are on a light ground: as the theme is.
func (m *Lab) light() bool {
	return m.screens.ThemeName == "light" || m.screens.ThemeName == "hc-light"
}

// theme is that of pictures: colours of their own, which no terminal changes.
func pictureTheme(light bool) *kit.Theme {
	name := "dark"
	if light {
		name = "light"
	}
	return kit.Appearance{Profile: colorprofile.TrueColor, Name: name}.Theme()
}

// Picture draws the screen as SVG.
func (m *Lab) Picture(w, h int) []byte {
	light := m.light()
	was := m.screens.Theme
	m.screens.Theme = pictureTheme(light)
	frame, _ := m.Draw(w, h)
	frame = m.screens.Theme.Frame(frame)
	m.screens.Theme = was
	g := grounds[light]
	f := &picture.Film{Ground: g.ground, Label: m.sc.Name + " at " + m.tl.Now().String() + " s", Frames: []picture.Screen{picture.Of(frame, w, h, g.ink, g.ground)}, Every: time.Second}
	return f.SVG()
}

// exportPicture writes the screen as SVG.
func (m *Lab) exportPicture(name string, over bool) tea.Cmd {
	m.notice = ""
	svg := m.Picture(max(40, m.w), max(10, m.h))
	return m.write(name, over, func() ([]byte, string, error) { return svg, "", nil })
}

// Bounds of a film.
const (
	filmRate = 10              // frames a second
	filmMost = 2 * time.Minute // a longer run is shown faster
)

// exportFilm writes the run up to now as an asciicast, at the pace that is set.
func (m *Lab) exportFilm(name string, over bool) tea.Cmd {
	runs, current := m.tl.Save()
	cfg, sc, at := m.tl.Config(), *m.sc, m.tl.Now()
	mapping, pace := m.mappingID(), speeds[m.speed]
	for pace.of(filmMost) < at && pace.num < 1<<30 {
		pace.num *= 2
	}
	w, h, light, focus, zoom := max(40, m.w), max(10, m.h), m.light(), m.focus, m.zoom
	return m.write(name, over, func() ([]byte, string, error) {
		tl, err := timeline.Restore(cfg, runs, current, mostOfFilm)
		if err != nil {
			return nil, "", err
		}
		screens := &kit.ScreenStack{Theme: pictureTheme(light), Motion: kit.NoMotion}
		sc.Config = cfg
		l, err := New(screens, Options{Scenario: &sc, Stopped: true, Mapping: mapping, Focus: focus})
		if err != nil {
			return nil, "", err
		}
		l.tl, l.zoom = tl, zoom
		tl.Seek(0)
		l.running = true
		return film(l, pace, at, w, h), "`asciinema play " + kit.Quote(name) + "` plays it", nil
	})
}

const mostOfFilm = 50_000_000

// film draws a lab as time passes, in the form of an asciicast 2: of each frame the rows
// that differ from the one before.
func film(l *Lab, pace speed, until engine.Micros, w, h int) []byte {
	var out bytes.Buffer
	head, _ := json.Marshal(map[string]any{"version": 2, "width": w, "height": h, "title": "esmlab: " + l.sc.Name, "env": map[string]string{"TERM": "xterm-256color"}})
	out.Write(head)
	out.WriteByte('\n')
	var before []string
	for n := 0; ; n++ {
		at := min(until, pace.of(time.Duration(n)*time.Second/filmRate))
		l.tl.Advance(at, -1)
		if at >= until {
			l.running = false
		}
		frame, _ := l.Draw(w, h)
		rows := strings.Split(l.screens.Theme.Frame(frame), "\n")
		var b strings.Builder
		if n == 0 {
			b.WriteString("\x1b[?25l\x1b[2J")
		}
		for y, row := range rows {
			if y >= len(before) || before[y] != row {
				fmt.Fprintf(&b, "\x1b[%d;1H%s", y+1, row)
			}
		}
		if before = rows; b.Len() > 0 {
			text, _ := json.Marshal(b.String())
			fmt.Fprintf(&out, "[%.3f, \"o\", %s]\n", float64(n)/filmRate, text)
		}
		if at >= until {
			fmt.Fprintf(&out, "[%.3f, \"o\", \"\"]\n", float64(n)/filmRate+2) // its end stands for a while
			return out.Bytes()
		}
	}
}
