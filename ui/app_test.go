package ui

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/colorprofile"
	"github.com/charmbracelet/x/ansi"

	"esmlab/ui/home"
	"esmlab/ui/kit"
	"esmlab/ui/uitest"
)

// clock is a screen in which time runs, and which notes what it gets.
type clock struct {
	kit.BaseScreen
	screens *kit.ScreenStack
	name    string
	moving  bool
	ticks   int
	got     []string
	unsaved string
}

func (c *clock) Title() string   { return c.name }
func (c *clock) Animating() bool { return c.moving }
func (c *clock) Unsaved() string { return c.unsaved }
func (c *clock) Tick(time.Time) bool {
	c.ticks++
	return true
}
func (c *clock) HandleKey(k tea.KeyPressMsg) tea.Cmd {
	c.got = append(c.got, k.String())
	if k.String() == "esc" {
		c.screens.Back()
	}
	return nil
}
func (c *clock) Draw(w, h int) (string, *tea.Cursor) {
	return strings.Repeat(kit.Fit(c.name, w)+"\n", h-1) + kit.Fit(c.name, w), nil
}

func keyOf(s string) tea.KeyPressMsg {
	switch s {
	case "esc":
		return tea.KeyPressMsg{Code: tea.KeyEscape}
	case "enter":
		return tea.KeyPressMsg{Code: tea.KeyEnter}
	case "down":
		return tea.KeyPressMsg{Code: tea.KeyDown}
	case "ctrl+c":
		return tea.KeyPressMsg{Code: 'c', Mod: tea.ModCtrl}
	}
	r := []rune(s)[0]
	return tea.KeyPressMsg{Code: r, Text: s}
}

type rig struct {
	*testing.T
	m *model
	p *uitest.Pump // nil: commands are not run
}

func start(t *testing.T, env []string, open func(*kit.ScreenStack) error) *rig {
	t.Helper()
	m, err := newModel(Options{Env: env}, open)
	if err != nil {
		t.Fatal(err)
	}
	return &rig{T: t, m: m}
}

// send gives a message to the program; it gives what that asks for.
func (r *rig) send(msg tea.Msg) tea.Cmd {
	if r.p != nil {
		r.p.Send(msg)
		return nil
	}
	_, cmd := r.m.Update(msg)
	return cmd
}

// press sends keys; it gives what the last one asks of the program.
func (r *rig) press(keys ...string) (cmd tea.Cmd) {
	for _, k := range keys {
		cmd = r.send(keyOf(k))
	}
	return cmd
}

// overHome runs a test on a Home over which a clock runs, with its commands.
func overHome(t *testing.T, test func(r *rig, c *clock)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		r, c := clocked(t)
		r.p = uitest.New(r.m)
		test(r, c)
		r.p.Close()
	})
}

func (r *rig) text() string { return ansi.Strip(r.m.View().Content) }

func (r *rig) has(want ...string) {
	r.Helper()
	for _, w := range want {
		if !strings.Contains(r.text(), w) {
			r.Errorf("no %q in\n%s", w, r.text())
		}
	}
}

// at finds the cell of a text below the row with another.
func (r *rig) at(text, below string) (x, y int) {
	r.Helper()
	past := false
	for y, row := range strings.Split(r.text(), "\n") {
		if i := strings.Index(row, text); past && i >= 0 {
			return ansi.StringWidth(row[:i]), y
		}
		past = past || strings.Contains(row, below)
	}
	r.Fatalf("no %q in\n%s", text, r.text())
	return 0, 0
}

func quits(cmd tea.Cmd) bool {
	if cmd == nil {
		return false
	}
	switch msg := cmd().(type) {
	case tea.QuitMsg:
		return true
	case tea.BatchMsg:
		return slices.ContainsFunc(msg, quits)
	}
	return false
}

// clocked is a Home with eleven scenarios over which a clock runs.
func clocked(t *testing.T) (*rig, *clock) {
	c := &clock{name: "first", moving: true}
	return start(t, nil, func(d *kit.ScreenStack) error {
		opening := func(name string, err error) kit.Opening {
			return kit.Opening{Name: name, Read: func() (func() error, error) {
				return func() error { d.Open(&clock{screens: d, name: name}); return nil }, err
			}}
		}
		h := &home.Home{Screens: d, Template: func(path string) kit.Opening {
			if path != "mine.yaml" {
				return opening(path, errors.New(path+": there is no such file"))
			}
			return opening("mine", nil)
		}}
		var list, top []home.Entry
		for _, n := range strings.Fields("calm poison bisect retries age latest window timeout eight partial eleven") {
			var err error
			if n == "age" {
				err = errors.New("age.yaml:1:1: it is broken")
			}
			e := home.Entry{Name: n, Note: "about " + n, About: "What does " + n + " show?", Open: opening(n, err)}
			list = append(list, e)
			if e.Digit = map[string]int{"poison": 2, "bisect": 3, "age": 5}[n]; e.Digit > 0 {
				top = append(top, e)
			}
		}
		h.Sections = []home.Section{home.Listed(func() []home.Group {
			return []home.Group{{Top: true, Entries: top}, {Head: "Scenarios", Digit: 4, Entries: list}}
		})}
		d.Open(h)
		c.screens = d
		d.Open(c)
		return nil
	}), c
}

func TestHome(t *testing.T) { overHome(t, testHome) }

func testHome(r *rig, first *clock) {
	r.has("first")
	r.press("esc")
	r.has("› c  continue     first", "2  poison", "about poison", "4  Scenarios", "t  a template…")
	r.press("esc") // on the top level it goes on
	r.has("first")
	r.press("esc", "c")
	r.has("first")
	r.press("esc", "2") // one esc too many: the digit was meant for a pane
	r.has("press it again to do so", "› c  continue")
	r.press("2")
	r.has("poison")
	r.press("esc")
	r.has("› c  continue     poison")
	r.press("3", "3")
	if got := r.m.screens.Top().Title(); got != "bisect" {
		r.Errorf("3 opens %s", got)
	}
	r.press("esc", "5", "5")
	r.has("age cannot be opened", "age.yaml:1:1: it is broken")
	r.press("esc", "/", "e", "l", "e", "v", "enter")
	if got := r.m.screens.Top().Title(); got != "eleven" {
		r.Errorf("the search opens %s", got)
	}
	r.press("esc", "/", "e", "l", "e", "v")
	x, y := r.at("eleven", "╔")
	r.send(tea.MouseClickMsg{X: x, Y: y, Button: tea.MouseLeft})
	if got := r.m.screens.Top().Title(); got != "eleven" {
		r.Errorf("a click in the search opens %s", got)
	}
	r.press("esc", "t", "x", "enter")
	r.has("x: there is no such file", "file   › x")
	r.press("esc", "t")
	r.send(tea.PasteMsg{Content: "mine.yaml"})
	r.press("enter")
	if got := r.m.screens.Top().Title(); got != "mine" {
		r.Errorf("a template opens %s", got)
	}
	r.press("esc")
	r.press("down", "q")
	if !r.p.Quit() {
		r.Error("q does not leave")
	}
	if strings.Join(first.got, " ") != "esc esc esc" {
		r.Errorf("the first screen got %v", first.got)
	}
}

// What the line under the cursor is about stands below the list.
func TestHomeTellsMore(t *testing.T) { overHome(t, testHomeTellsMore) }

func testHomeTellsMore(r *rig, _ *clock) {
	r.press("esc", "4", "4", "down")
	r.has("What does poison show?")
	r.press("left") // there is one shelf
	r.has("There is no other shelf")
}

// Home asks before something is lost, also of a screen it was left for.
func TestHomeAsks(t *testing.T) {
	r, c := clocked(t)
	c.unsaved = "A command would be lost."
	if quits(r.press("esc", "q")) {
		r.Error("it left")
	}
	r.has("Leave?", "A command would be lost.")
	if !quits(r.press("q")) {
		r.Error("q q does not leave")
	}
	if r, _ = clocked(t); !quits(r.press("ctrl+c")) {
		r.Error("ctrl+c does not leave")
	}
}

// No size breaks Home.
func TestHomeAtEverySize(t *testing.T) { overHome(t, testHomeAtEverySize) }

func testHomeAtEverySize(r *rig, _ *clock) {
	r.press("esc")
	for _, w := range []int{1, 5, 20, 33, 60, 80, 200} {
		for _, h := range []int{1, 2, 3, 5, 12, 24, 60} {
			r.send(tea.WindowSizeMsg{Width: w, Height: h})
			for range 18 {
				r.press("down")
				rows := strings.Split(r.m.View().Content, "\n")
				if len(rows) != h {
					r.Fatalf("%dx%d: %d rows", w, h, len(rows))
				}
				for _, row := range rows {
					if n := ansi.StringWidth(row); n != w {
						r.Fatalf("%dx%d: a row of %d cells: %q", w, h, n, row)
					}
				}
			}
			if h > 3 && w > 20 && !strings.Contains(r.text(), "› eleven") {
				r.Fatalf("%dx%d: the cursor is not to be seen\n%s", w, h, r.text())
			}
		}
	}
}

// There is one tick under way while time runs, and none when it stands or
// another screen lies on top.
func TestTicks(t *testing.T) {
	r, c := clocked(t)
	if r.m.Init() == nil {
		t.Fatal("time does not begin")
	}
	if r.press("x") != nil {
		t.Error("a key asks for a second tick")
	}
	if _, cmd := r.m.Update(tickMsg(time.Now())); cmd == nil || c.ticks != 1 {
		t.Errorf("%d ticks", c.ticks)
	}
	r.press("esc")
	if _, cmd := r.m.Update(tickMsg(time.Now())); cmd != nil || c.ticks != 1 {
		t.Errorf("time runs under Home: %d ticks", c.ticks)
	}
	if r.press("c") == nil {
		t.Error("time does not go on")
	}
	c.moving = false
	if _, cmd := r.m.Update(tickMsg(time.Now())); cmd != nil || c.ticks != 1 {
		t.Error("a tick while time stands")
	}
}

// An equal frame costs nothing.
func TestEqualFrame(t *testing.T) {
	r, _ := clocked(t)
	r.m.View()
	if n := testing.AllocsPerRun(20, func() { r.m.View() }); n > 1 {
		t.Errorf("an equal frame takes %.0f allocations", n)
	}
}

// NO_COLOR counts whatever its value, unless it is empty.
func TestNoColor(t *testing.T) {
	for value, want := range map[string]bool{"NO_COLOR=1": true, "NO_COLOR=yes": true, "NO_COLOR=0": true, "NO_COLOR=false": true, "NO_COLOR=": false, "NO_COLORS=1": false} {
		r := start(t, []string{"TERM=xterm-256color", value}, func(d *kit.ScreenStack) error {
			d.Open(&home.Home{Screens: d})
			return nil
		})
		r.m.Update(tea.ColorProfileMsg{Profile: colorprofile.TrueColor})
		if got := r.m.screens.Theme.Profile == colorprofile.ASCII; got != want {
			t.Errorf("%s: without colours %v", value, got)
		}
	}
}
