package main

import (
	"bytes"
	"fmt"

	"github.com/charmbracelet/colorprofile"

	"esmlab/engine"
	"esmlab/engine/scenario"
	"esmlab/ui/kit"
	"esmlab/ui/lab"
)

// shownFirst is the run that the page shows while the program is being loaded, and when.
const (
	shownFirst = "poison-record"
	shownAt    = 19100 * engine.Millisecond
)

// firstPicture draws a run as the lab shows it: a browser has it on the screen long before
// the program runs. It says which run it is, for it is not yet the person's own.
func firstPicture() ([]byte, error) {
	src, _ := scenario.Builtin(shownFirst)
	sc, err := scenario.Read(shownFirst, src, scenario.Options{})
	if err != nil {
		return nil, err
	}
	screens := &kit.ScreenStack{ThemeName: "dark", Motion: kit.NoMotion, Theme: kit.Appearance{Profile: colorprofile.TrueColor, Name: "dark"}.Theme()}
	l, err := lab.New(screens, lab.Options{Scenario: &lab.Scenario{Name: sc.Name, Title: sc.Title, About: sc.About, Config: sc.Config}, At: shownAt, Stopped: true})
	if err != nil {
		return nil, err
	}
	var out bytes.Buffer
	out.WriteString(`<figure id="first">`)
	out.Write(l.Picture(100, 30))
	fmt.Fprintf(&out, "<figcaption>%s, one of the runs, after %s seconds: %s</figcaption></figure>", sc.Name, shownAt, sc.Title)
	return out.Bytes(), nil
}
