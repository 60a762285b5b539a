package ui

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/colorprofile"
	"github.com/charmbracelet/x/ansi"

	"esmlab/ui/kit"
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
}

func start(t *testing.T, env []string, open func(*kit.ScreenStack) error) *rig {
	t.Helper()
	m, err := newModel(Options{Env: env}, open)
	if err != nil {
		t.Fatal(err)
	}
	return &rig{t, m}
}

// press sends keys; it gives what the last one asks of the program.
func (r *rig) press(keys ...string) (cmd tea.Cmd) {
	for _, k := range keys {
		_, cmd = r.m.Update(keyOf(k))
	}
	return cmd
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

// home is a Home with eleven scenarios over which a clock runs.
func home(t *testing.T) (*rig, *clock) {
	c := &clock{name: "first", moving: true}
	return start(t, nil, func(d *kit.ScreenStack) error {
		h := &Home{Desk: d, Template: func(path string) error {
			if path != "mine.yaml" {
				return errors.New(path + ": there is no such file")
			}
			d.Open(&clock{screens: d, name: "mine"})
			return nil
		}}
		var list []Entry
		for _, n := range strings.Fields("calm poison bisect retries age latest window timeout eight partial eleven") {
			list = append(list, Entry{Name: n, Note: "about " + n, About: "What does " + n + " show?", Open: func() error {
				if n == "age" {
					return errors.New("age.yaml:1:1: it is broken")
				}
				d.Open(&clock{screens: d, name: n})
				return nil
			}})
		}
		h.Groups = func() []Group { return []Group{{"Scenarios", list}} }
		d.Open(h)
		c.screens = d
		d.Open(c)
		return nil
	}), c
}

func TestHome(t *testing.T) {
	r, first := home(t)
	r.has("first")
	r.press("esc")
	r.has("›  c  continue      first", "2  poison", "about poison", "      eleven", "t  a template…")
	r.press("esc") // on the top level it goes on
	r.has("first")
	r.press("esc", "c")
	r.has("first")
	r.press("esc", "2")
	r.has("poison")
	r.press("esc")
	r.has("›  c  continue      poison")
	r.press("3")
	if got := r.m.screens.Top().Title(); got != "bisect" {
		t.Errorf("3 opens %s", got)
	}
	r.press("esc", "5")
	r.has("age cannot be opened", "age.yaml:1:1: it is broken")
	r.press("esc", "/", "e", "l", "e", "v", "enter")
	if got := r.m.screens.Top().Title(); got != "eleven" {
		t.Errorf("the search opens %s", got)
	}
	r.press("esc", "/", "e", "l", "e", "v")
	x, y := r.at("eleven", "╔")
	r.m.Update(tea.MouseClickMsg{X: x, Y: y, Button: tea.MouseLeft})
	if got := r.m.screens.Top().Title(); got != "eleven" {
		t.Errorf("a click in the search opens %s", got)
	}
	r.press("esc", "t", "x", "enter")
	r.has("x: there is no such file", "file   › x")
	r.press("esc", "t")
	r.m.Update(tea.PasteMsg{Content: "mine.yaml"})
	r.press("enter")
	if got := r.m.screens.Top().Title(); got != "mine" {
		t.Errorf("a template opens %s", got)
	}
	r.press("esc")
	if quits(r.press("down")) || !quits(r.press("q")) {
		t.Error("q does not leave")
	}
	if strings.Join(first.got, " ") != "esc esc esc" {
		t.Errorf("the first screen got %v", first.got)
	}
}

// Home has a binding for each action, and no others.
func TestHomeBindings(t *testing.T) {
	if gaps := (&Home{Desk: &kit.ScreenStack{}}).keymap().Gaps(); len(gaps) > 0 {
		t.Error(strings.Join(gaps, "\n"))
	}
}

// What the line under the cursor is about stands below the list.
func TestHomeTellsMore(t *testing.T) {
	r, _ := home(t)
	r.press("esc", "down", "down", "down")
	r.has("What does poison show?")
}

// Home asks before something is lost, also of a screen it was left for.
func TestHomeAsks(t *testing.T) {
	r, c := home(t)
	c.unsaved = "A command would be lost."
	if quits(r.press("esc", "q")) {
		t.Error("it left")
	}
	r.has("Leave?", "A command would be lost.")
	if !quits(r.press("q")) {
		t.Error("q q does not leave")
	}
	if r, _ = home(t); !quits(r.press("ctrl+c")) {
		t.Error("ctrl+c does not leave")
	}
}

// No size breaks Home.
func TestHomeAtEverySize(t *testing.T) {
	r, _ := home(t)
	r.press("esc")
	for _, w := range []int{1, 5, 20, 33, 60, 80, 200} {
		for _, h := range []int{1, 2, 3, 5, 12, 24, 60} {
			r.m.Update(tea.WindowSizeMsg{Width: w, Height: h})
			for range 14 {
				r.press("down")
				rows := strings.Split(r.m.View().Content, "\n")
				if len(rows) != h {
					t.Fatalf("%dx%d: %d rows", w, h, len(rows))
				}
				for _, row := range rows {
					if n := ansi.StringWidth(row); n != w {
						t.Fatalf("%dx%d: a row of %d cells: %q", w, h, n, row)
					}
				}
			}
			if h > 3 && w > 20 && !strings.Contains(r.text(), "›     eleven") {
				t.Fatalf("%dx%d: the cursor is not to be seen\n%s", w, h, r.text())
			}
		}
	}
}

// There is one tick under way while time runs, and none when it stands or
// another screen lies on top.
func TestTicks(t *testing.T) {
	r, c := home(t)
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
	r, _ := home(t)
	r.m.View()
	if n := testing.AllocsPerRun(20, func() { r.m.View() }); n > 1 {
		t.Errorf("an equal frame takes %.0f allocations", n)
	}
}

// NO_COLOR counts whatever its value, unless it is empty.
func TestNoColor(t *testing.T) {
	for value, want := range map[string]bool{"NO_COLOR=1": true, "NO_COLOR=yes": true, "NO_COLOR=0": true, "NO_COLOR=false": true, "NO_COLOR=": false, "NO_COLORS=1": false} {
		r := start(t, []string{"TERM=xterm-256color", value}, func(d *kit.ScreenStack) error {
			d.Open(&Home{Desk: d})
			return nil
		})
		r.m.Update(tea.ColorProfileMsg{Profile: colorprofile.TrueColor})
		if got := r.m.screens.Theme.Profile == colorprofile.ASCII; got != want {
			t.Errorf("%s: without colours %v", value, got)
		}
	}
}
