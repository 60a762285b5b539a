package lab

import (
	"slices"
	"strings"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"

	"esmlab/engine"
	"esmlab/ui/kit"
	"esmlab/ui/pane"
)

// state is what an action could change: enough to see that it did something.
func (m *Lab) state() string {
	title := ""
	if m.dialogs.Open() {
		title, _ = said(m)
		if title == "" {
			title = "a dialog"
		}
	}
	return m.text() + title
}

// inLab lists the actions of the lab.
func inLab() []*kit.Action {
	var out []*kit.Action
	for i := range kit.Actions {
		if a := &kit.Actions[i]; a.In&kit.InLab != 0 {
			out = append(out, a)
		}
	}
	return out
}

// Each action can be reached by its key, in `?` by typing and enter and by a
// click, in the palette, and as a typed command: all of them do the same.
func TestEveryActionIsReachable(t *testing.T) {
	var of *kit.Action
	fresh := func() *Lab {
		m := lab(t, poison(2), 120, 80, drawn)
		long := slices.Contains([]string{"page", "page-back", "first", "last"}, of.ID) // they need a list that scrolls
		m.running = false
		m.screens.Open(still{})
		m.screens.Open(m)
		m.HandleKey(keyPress("b")) // something to undo
		m.focus = 3
		m.frame()
		m.move(1)
		if long {
			m.tl.Seek(400 * engine.Second)
			m.focus = 6
			m.frame()
			m.move(3)
		}
		m.frame()
		return m
	}
	quits := func(cmd tea.Cmd) bool {
		if cmd == nil {
			return false
		}
		_, ok := cmd().(tea.QuitMsg)
		return ok
	}
	for i, a := range inLab() {
		of = a
		byKey := fresh()
		k := a.Keys[0]
		if a.ID == "pane" || testing.Short() && i%3 > 0 {
			continue // TestKeys, TestMouse; in the help each has a line of its own
		}
		leaves := quits(byKey.HandleKey(keyPress(k)))
		want := byKey.state()
		same := func(how string, m *Lab, cmd tea.Cmd) {
			t.Helper()
			if quits(cmd) != leaves {
				t.Errorf("%s by %s: leaving %v", a.ID, how, !leaves)
			} else if got := m.state(); got != want {
				t.Errorf("%s by %s does something else than its key:\n%s\n%s", a.ID, how, got, want)
			}
		}
		type_ := func(m *Lab, text string) {
			for _, r := range text {
				m.HandleKey(keyPress(string(r)))
			}
		}
		m := fresh()
		m.HandleKey(keyPress("?"))
		type_(m, a.Does)
		m.frame()
		same("? and enter", m, m.HandleKey(keyPress("enter")))

		m = fresh()
		m.Mouse(tea.MouseClickMsg{X: m.helpAt + 1, Y: 0, Button: tea.MouseLeft})
		clicked := false
		for y, row := range strings.Split(m.text(), "\n") {
			if strings.Contains(row, a.Does[:min(len(a.Does), 40)]) { // a long one goes on in the next row
				same("a click", m, m.Mouse(tea.MouseClickMsg{X: m.w / 2, Y: y, Button: tea.MouseLeft}))
				clicked = true
				break
			}
		}
		if !clicked {
			t.Errorf("%s: the help has no row to click", a.ID)
		}
		if a.ID == "palette" {
			continue
		}
		for _, typed := range []string{strings.ReplaceAll(a.Word, " ", "-"), a.ID} {
			m = fresh()
			m.HandleKey(keyPress(":"))
			type_(m, typed)
			m.frame()
			same("the command :"+typed, m, m.HandleKey(keyPress("enter")))
		}
	}
}

// The lab has a binding for each action and a handler for each command, and no
// others.
func TestBindings(t *testing.T) {
	if gaps := lab(t, poison(2), 80, 24, 0).keys.Gaps(); len(gaps) > 0 {
		t.Error(strings.Join(gaps, "\n"))
	}
}

type still struct{ kit.BaseScreen }

func (still) Title() string                       { return "below" }
func (still) HandleKey(tea.KeyPressMsg) tea.Cmd   { return nil }
func (still) Draw(w, h int) (string, *tea.Cursor) { return "", nil }

// From the first screen at 80x24 what one wants most takes at most two keys, and
// the first of them is a word on that screen.
func TestTwoKeys(t *testing.T) {
	set := func(m *Lab) *engine.Settings { return &m.sim().Mappings[0].Settings }
	for _, want := range []struct {
		name, keys string
		done       func(m *Lab) bool
		text       string
		at         engine.Micros
	}{
		{name: "break something", keys: "e 1", done: func(m *Lab) bool { return len(m.ctx().Faults()) == 2 }},
		{name: "turn on bisect", keys: "b", done: func(m *Lab) bool { return set(m).BisectBatchOnFunctionError }},
		{name: "limit retries", keys: "r r", done: func(m *Lab) bool { return set(m).MaximumRetryAttempts == 2 }},
		{name: "see why the shard waits", keys: "w", text: "To keep the order", at: drawn},
		{name: "see what is in the failure queue", keys: "4 4", text: "4 Queues · Failures"},
		{name: "start over", keys: "R", text: "The old run stays as a branch"},
		{name: "stop time", keys: "space", done: func(m *Lab) bool { return !m.running }},
		{name: "step back", keys: "left", done: func(m *Lab) bool { return !m.running && m.tl.Now() < drawn }, at: drawn},
		{name: "leave", keys: "q"},
	} {
		m := lab(t, poison(2), 80, 24, want.at)
		m.o.Welcome = true
		keys := strings.Fields(want.keys)
		first := kit.Action{Label: keys[0]}
		if a := kit.ActionOf(kit.InLab, keys[0]); a != nil && a.ID != "pane" {
			first = *a
		}
		found := false
		for _, w := range strings.Fields(strings.ReplaceAll(m.text(), "│", " ")) {
			found = found || strings.Trim(w, "→") == first.Label || w == first.Label
		}
		if !found {
			t.Errorf("%s: %q is not a word on the first screen:\n%s", want.name, first.Label, m.text())
		}
		var cmd tea.Cmd
		for _, k := range keys {
			cmd = m.HandleKey(keyPress(k))
			m.frame()
		}
		switch {
		case len(keys) > 2:
			t.Errorf("%s takes %d keys", want.name, len(keys))
		case want.name == "leave":
			if _, ok := cmd().(tea.QuitMsg); !ok {
				t.Error("q does not leave")
			}
		case want.done != nil && !want.done(m):
			t.Errorf("%s: not done after %s:\n%s", want.name, want.keys, m.text())
		case !strings.Contains(m.text(), want.text):
			t.Errorf("%s: no %q after %s:\n%s", want.name, want.text, want.keys, m.text())
		}
	}
}

// All that the registry offers stays reachable when keys are changed: the
// footer, Settings, the help and the sentences name the new ones.
func TestOtherKeys(t *testing.T) {
	before := kit.Actions
	defer func() { kit.Actions = before }()
	if err := kit.Configure("keys.yaml", []byte("break: x\nbisect: [B, ctrl+b]\nwhy: f5\ninside: f3\nfilter: f4\n")); err != nil {
		t.Fatal(err)
	}
	m := lab(t, poison(2), 120, 36, drawn)
	m.o.Welcome = true
	text := m.text()
	for _, want := range []string{"x break", "B bisect", "f5 why", "B  BisectBatchOnFunctionError", "x  break something…", "B split the batch", "F3 explains it"} {
		if want == "f5 why" {
			want = "F5 why"
		}
		if !strings.Contains(text, want) {
			t.Errorf("no %q in\n%s", want, text)
		}
	}
	m.HandleKey(keyPress("b"))
	if m.sim().Mappings[0].BisectBatchOnFunctionError {
		t.Error("b still splits")
	}
	m.HandleKey(keyPress("ctrl+b"))
	if !m.sim().Mappings[0].BisectBatchOnFunctionError {
		t.Error("ctrl+b does nothing")
	}
	m.HandleKey(keyPress("6"))
	m.frame()
	if m.showTitle(pane.Subject{}); !strings.Contains(m.text(), "F3 on a line shows") {
		t.Errorf("what pane 6 is about does not name the key:\n%s", m.text())
	}
	m.HandleKey(keyPress("esc"))
	m.HandleKey(keyPress("f4"))
	if !strings.Contains(m.text(), "F4 takes the filter off") {
		t.Errorf("the filter does not name its key:\n%s", m.text())
	}
}

// A run of 30 frames a second draws and computes within bounds: what a frame
// writes and allocates, as how long it takes hangs on the machine (see
// BenchmarkSecond).
func BenchmarkSecond(b *testing.B) {
	m := large(b)
	at := time.Unix(0, 0)
	for b.Loop() {
		for range kit.Frames {
			at = at.Add(time.Second / kit.Frames)
			m.Tick(at)
			m.Draw(160, 50)
		}
	}
}
