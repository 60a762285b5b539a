package kit

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"
)

// board is a screen of Home's scope that notes what was done.
type board struct {
	desk
	keys   *Keymap
	done   []string
	notice string
	empty  bool
}

func newBoard() *board {
	b := &board{}
	note := func(id string) Binding {
		return Binding{Do: func(inv Invocation) tea.Cmd { b.done = append(b.done, fmt.Sprint(id, inv.N)); return nil }}
	}
	bindings := Bindings{}
	for i := range Actions {
		if a := &Actions[i]; a.In&OnHome != 0 {
			bindings[a.ID] = note(a.ID)
		}
	}
	bindings["inside"] = bindings["inside"].DisabledIf(func() string {
		if b.empty {
			return "There is nothing to open"
		}
		return ""
	})
	bindings["template"] = Unavailable("Not on this screen")
	bindings["entry"] = Binding{Do: bindings["entry"].Do, Names: func() []string { return []string{"open apples", "open bananas"} }}
	b.keys = NewKeymap(OnHome, &b.DialogStack, func(reason string) { b.notice = reason }, bindings)
	return b
}

func (b *board) press(list ...string) string {
	b.done, b.notice = nil, ""
	for _, k := range list {
		if b.Open() {
			b.HandleKey(press(k))
		} else {
			b.keys.HandleKey(press(k))
		}
	}
	return strings.Join(b.done, " ") + b.notice
}

// A key, the help and the palette do the same, or say why not.
func TestKeymap(t *testing.T) {
	for _, c := range []struct {
		keys, want string
		empty      bool
	}{
		{keys: "down", want: "down0"},
		{keys: "j", want: "down0"},
		{keys: "2", want: "entry2"},
		{keys: "enter", want: "inside0"},
		{keys: "enter", want: "There is nothing to open", empty: true},
		{keys: "t", want: "Not on this screen"},
		{keys: "x"},
		{keys: "? l o o k enter", want: "inside0"},
		{keys: "? l o o k enter", want: "There is nothing to open", empty: true},
		{keys: "? t e m p l a t e enter", want: "Not on this screen"},
		{keys: "? b a n a n a enter", want: "entry2"},
		{keys: "? down down down down enter", want: "entry1"},
		{keys: ": q u i t enter", want: "quit0"},
		{keys: ": l e a v e enter", want: "quit0"},
		{keys: ": c o n t enter", want: "continue0"},
		{keys: ": i n s i d e enter", want: "There is nothing to open", empty: true},
		{keys: ": b i s e c t enter", want: `There is no command "bisect"; : lists them all`},
		{keys: ": down down enter", want: "inside0"},
		{keys: ": esc"},
	} {
		b := newBoard()
		b.empty = c.empty
		if got := b.press(strings.Fields(c.keys)...); got != c.want {
			t.Errorf("%s: %s, not %s", c.keys, got, c.want)
		}
	}
	b := newBoard()
	b.press("?")
	if text := b.text(100, 60); !strings.Contains(text, "not now: Not on this screen") || strings.Index(text, "not now") < strings.Index(text, "leave at once") {
		t.Errorf("what is not possible does not stand last, with its reason:\n%s", text)
	}
	if cmd := b.keys.Run("quit-now", Invocation{}); cmd == nil || b.keys.Run("nothing", Invocation{}) != nil {
		t.Error("leaving at once gives no command, or an unknown action one")
	}
	b.done = nil
	b.keys.Click([]Hit{{0, 4, "up", 0}, {6, 9, "entry", 2}}, 7)
	b.keys.Click([]Hit{{0, 4, "up", 0}}, 4)
	if !slices.Equal(b.done, []string{"entry2"}) {
		t.Errorf("clicks do %q", b.done)
	}
}

// Typed commands take arguments and complete them; their words go before what
// only begins so.
func TestTypedCommands(t *testing.T) {
	for _, c := range []struct{ keys, want string }{
		{"s e e k space 2 0 s enter", `seek ["20s"]`},
		{"s e e k enter 9 enter", `seek ["9"]`},
		{"s e t space tab enter", `set ["Batch" "1"]`},
		{"m o u enter", `mouse ["off"]`},
		{"h i s t o r y enter", `history []`},
		{"l i f e enter esc", ``},
	} {
		b := newBoard()
		done := ""
		b.keys.In = InLab
		b.keys.Handlers = Handlers{}
		for _, name := range []string{"seek", "set", "mouse", "history", "life"} {
			b.keys.Handlers[name] = Handler{Do: func(args []string) tea.Cmd { done = fmt.Sprintf("%s %q", name, args); return nil },
				Complete: func(string) []Item { return []Item{{Text: "Batch 1"}, {Text: "Timeout 3"}} }}
		}
		b.press(append([]string{":"}, strings.Fields(c.keys)...)...)
		if done != c.want {
			t.Errorf("%s: %s, not %s", c.keys, done, c.want)
		}
		b.keys.RunLine("")
		b.keys.RunLine("get-event-source-mapping")
		if !strings.Contains(b.notice, `"get-event-source-mapping"`) {
			t.Errorf("a command without a handler says %q", b.notice)
		}
	}
}

// Gaps finds what is in the registry and not on the screen, and the reverse.
func TestGaps(t *testing.T) {
	k := newBoard().keys
	if gaps := k.Gaps(); len(gaps) > 0 {
		t.Errorf("%q", gaps)
	}
	delete(k.Bindings, "inside")
	k.Bindings["bisect"] = Act(func() {})
	k.Handlers = Handlers{"seek": {}}
	if gaps := k.Gaps(); !slices.Equal(gaps, []string{"action inside has no binding", "binding bisect has no action", "handler seek has no command"}) {
		t.Errorf("%q", gaps)
	}
	k.In = InLines
	if gaps := k.Gaps(); !slices.Contains(gaps, "command run has no handler") {
		t.Errorf("%q", gaps)
	}
}

// An action is found by a key, by its id, and by its word; ids go first.
func TestFindingActions(t *testing.T) {
	if a := Typed(InLab, "next"); a == nil || a.ID != "next" {
		t.Error("the id of an action is not found")
	}
	if a := Typed(InLab, "step-back"); a == nil || a.ID != "prev" {
		t.Error("the word of an action is not found")
	}
	if Typed(OnHome, "bisect") != nil || ActionOf(OnHome, "b") != nil || FindAction("nothing") != nil || KeyOf("nothing") != "" {
		t.Error("an action of another screen is found")
	}
	if KeyOf("tries") != KeyOf("retries") {
		t.Error("lessons name tries")
	}
}

// page is a screen with something to lose.
type page struct {
	BaseScreen
	name, unsaved string
}

func (p *page) Title() string                       { return p.name }
func (p *page) HandleKey(tea.KeyPressMsg) tea.Cmd   { return nil }
func (p *page) Draw(w, h int) (string, *tea.Cursor) { return "", nil }
func (p *page) Unsaved() string                     { return p.unsaved }
func isQuit(cmd tea.Cmd) bool {
	if cmd == nil {
		return false
	}
	_, ok := cmd().(tea.QuitMsg)
	return ok
}

// Leaving asks where something would be lost, on whatever screen of the stack.
func TestQuit(t *testing.T) {
	below, above := &page{name: "below"}, &page{name: "above"}
	s, d := &ScreenStack{}, &DialogStack{}
	s.Open(below)
	s.Open(above)
	if !isQuit(Quit(s, d)) {
		t.Error("leaving asks though nothing is lost")
	}
	below.unsaved = "A command would be lost."
	for key, want := range map[string]bool{"q": true, "n": false, "esc": false} {
		if isQuit(Quit(s, d)) || !d.Open() {
			t.Fatal("it left")
		}
		if isQuit(d.HandleKey(press(key))) != want {
			t.Errorf("%s leaves: %v", key, !want)
		}
	}
	copied := false
	Quit(s, d, QuitOption{"y", "copy first", func() tea.Cmd { copied = true; return nil }})
	if d.HandleKey(press("y")); !copied {
		t.Error("the third choice is not carried out")
	}
}

// The screen on top is seen; the one left last can be gone on with; the lowest
// stays.
func TestScreenStack(t *testing.T) {
	s := &ScreenStack{}
	if s.Top() != nil {
		t.Error("an empty stack has a top")
	}
	home, lab := &page{name: "home"}, &page{name: "lab", unsaved: "lost"}
	s.Open(home)
	s.Open(lab)
	if s.Top() != Screen(lab) || len(s.Screens()) != 2 {
		t.Error("the newest screen is not on top")
	}
	s.Back()
	if s.Top() != Screen(home) || s.Left != Screen(lab) || s.Unsaved() != "lost" {
		t.Error("what was left is forgotten")
	}
	if s.Back(); s.Top() != Screen(home) {
		t.Error("the lowest screen was left")
	}
	var b BaseScreen
	if b.Animating() || b.Tick(time.Time{}) || b.Unsaved() != "" || b.Mouse(nil) != nil || b.Update(nil) != nil || b.Init() != nil {
		t.Error("a base screen does something")
	}
}
