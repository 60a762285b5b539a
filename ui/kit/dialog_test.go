package kit

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"
)

func press(key string) tea.KeyPressMsg {
	codes := map[string]rune{"enter": tea.KeyEnter, "esc": tea.KeyEscape, "up": tea.KeyUp, "down": tea.KeyDown, "left": tea.KeyLeft, "right": tea.KeyRight,
		"tab": tea.KeyTab, "pgdown": tea.KeyPgDown, "pgup": tea.KeyPgUp, "backspace": tea.KeyBackspace, "space": tea.KeySpace}
	if code, ok := codes[key]; ok {
		k := tea.KeyPressMsg{Code: code}
		if key == "space" {
			k.Text = " "
		}
		return k
	}
	return tea.KeyPressMsg{Code: []rune(key)[0], Text: key}
}

// desk is a stack of dialogs, and what became of the newest.
type desk struct {
	DialogStack
	got string
}

func (d *desk) show(dialog Dialog) {
	d.got = "open"
	d.Show(dialog, func(r Reply) tea.Cmd { d.got = fmt.Sprintf("%d %q", r.Chosen, r.Text); return nil })
}

func (d *desk) keys(list ...string) *desk {
	for _, k := range list {
		d.HandleKey(press(k))
	}
	return d
}

// text is what a dialog shows over an empty screen.
func (d *desk) text(w, h int) string {
	rows := slices.Repeat([]string{Blanks(w)}, h)
	d.Draw(themes["plain"], rows, w)
	return ansi.Strip(strings.Join(rows, "\n"))
}

func (d *desk) state() string {
	if !d.Open() && d.got == "open" {
		return "left"
	}
	return d.got
}

var fruit = []Item{{Key: "1", Text: "apples", Note: "red"}, {Text: "bananas"}, {Key: "c", Text: "cherries", Find: "stone fruit"}}

func editor() *Editor {
	return NewEditor(Editor{Title: "BatchSize", Was: "8", Default: "100", Allowed: "1 to 10,000", Steps: []string{"1", "8", "100"}, Again: "s", Quick: "10",
		Say: func(s string) string { return "at most " + s },
		Check: func(s string) string {
			if s == "0" {
				return "0 is too few"
			}
			return ""
		}})
}

// What each dialog gives for keys.
func TestDialogs(t *testing.T) {
	menu := func() Dialog {
		return &Menu{Title: "Fruit", Items: fruit, Label: "where:", Cycle: []string{"here", "there"}}
	}
	list := func() Dialog { return &List{Title: "Fruit", Items: fruit} }
	free := func() Dialog {
		return &List{Title: "Command", Free: true, Items: []Item{{Text: "seek 20s"}, {Text: "set BatchSize 50"}, {Text: "leave", Find: "quit"}},
			Complete: func(typed string) []Item { return []Item{{Text: "set BatchSize 1"}, {Text: "set Timeout 3"}} }}
	}
	edit := func() Dialog { return editor() }
	card := func() Dialog { return &Card{Title: "Why", Body: []Para{{Text: "because"}}} }
	for _, c := range []struct {
		name, keys, want string
		dialog           func() Dialog
	}{
		{"a menu by its key", "c", `2 ""`, menu},
		{"by the cursor", "down enter", `1 ""`, menu},
		{"from the first to the last", "up space", `2 ""`, menu},
		{"and back to the first", "up down enter", `0 ""`, menu},
		{"left", "esc", "left", menu},
		{"left by q", "q", "left", menu},
		{"another key", "x", "open", menu},
		{"a list by what is typed", "e r r enter", `2 "err"`, list},
		{"by what it is found by", "s t o n e enter", `2 "stone"`, list},
		{"by its note", "r e d enter", `0 "red"`, list},
		{"by the cursor", "down down up enter", `1 ""`, list},
		{"no further than the last", "down down down down enter", `2 ""`, list},
		{"nothing found", "x enter", `-1 "x"`, list},
		{"typed and taken back", "x backspace enter", `0 ""`, list},
		{"left", "a esc", "left", list},
		{"a command as typed", "s e e k space 9 enter", `-1 "seek 9"`, free},
		{"completed by tab", "s e e tab 9 enter", `-1 "seek 9"`, free},
		{"by its other name", "q u i t enter", `2 "quit"`, free},
		{"an argument is chosen", "s e t space down enter", `-1 "set BatchSize 1"`, free},
		{"another one", "s e t space down down enter", `-1 "set Timeout 3"`, free},
		{"an argument is completed", "s e t space T tab enter", `-1 "set Timeout 3"`, free},
		{"a value", "5 0 enter", `-1 "50"`, edit},
		{"the value that was", "enter", `-1 "8"`, edit},
		{"a sensible one", "up enter", `-1 "100"`, edit},
		{"the one below", "down enter", `-1 "1"`, edit},
		{"the same key again", "s", `-1 "10"`, edit},
		{"the same key later is a letter", "5 s enter", `-1 "5s"`, edit},
		{"refused", "0 enter", "open", edit},
		{"refused, then mended", "0 enter backspace 7 enter", `-1 "7"`, edit},
		{"left", "5 esc", "left", edit},
		{"a card is left by any key", "x", "left", card},
		{"but not by scrolling", "down up pgdown pgup", "open", card},
	} {
		d := &desk{}
		d.show(c.dialog())
		d.text(80, 24)
		if got := d.keys(strings.Fields(c.keys)...).state(); got != c.want {
			t.Errorf("%s (%s): %s, not %s", c.name, c.keys, got, c.want)
		}
	}
}

// Dialogs have the sizes they are given room for, and a cursor inside.
func TestDialogsAtEverySize(t *testing.T) {
	long := make([]Item, 40)
	for i := range long {
		long[i] = Item{Text: fmt.Sprint("line ", i), Note: strings.Repeat("note ", i), Off: strings.Repeat("why ", i%3*20)}
	}
	var page []Para
	for i := range 40 {
		page = append(page, Para{Text: fmt.Sprint("A paragraph with some words, number ", i), Raw: i%2 == 0})
	}
	for name, dialog := range map[string]Dialog{"menu": &Menu{Title: "Menu", Items: long, Intro: []string{"intro"}, About: page}, "list": &List{Title: "List", Items: long},
		"card": &Card{Title: "Card", Body: page}, "editor": editor(), "about": NewEditor(Editor{Title: "E", Was: "1", About: page, Say: func(string) string { return "" }, Check: func(string) string { return "" }})} {
		for w := 1; w < 130; w += 7 {
			for h := 1; h < 50; h += 3 {
				d := &desk{DialogStack: DialogStack{Foot: h % 3}}
				d.show(dialog)
				rows := slices.Repeat([]string{Blanks(w)}, h)
				cursor := d.Draw(themes["colours"], rows, w)
				for _, r := range rows {
					if n := ansi.StringWidth(r); n != w {
						t.Fatalf("%s at %dx%d: a row of %d cells: %q", name, w, h, n, r)
					}
				}
				if cursor != nil && (cursor.Position.X < 0 || cursor.Position.Y < 0) {
					t.Fatalf("%s at %dx%d: the cursor is at %v", name, w, h, cursor.Position)
				}
				d.keys("down")
			}
		}
	}
}

// What dialogs show.
func TestDialogText(t *testing.T) {
	d := &desk{}
	d.show(&Menu{Title: "Fruit", Intro: []string{"Which?"}, Items: fruit, Label: "where:", Cycle: []string{"here", "there"}})
	d.keys("right", "down")
	for _, want := range []string{"╔ Fruit ═", "Which?", "where: ‹ there ›", "  1  apples  red", "›    bananas", "enter chooses · esc back"} {
		if !strings.Contains(d.text(80, 24), want) {
			t.Errorf("no %q in\n%s", want, d.text(80, 24))
		}
	}
	d = &desk{}
	d.show(&List{Title: "Fruit", Items: append(slices.Clone(fruit), Item{Key: "b", Text: "bisect", Off: "A queue's batch is never split"})})
	d.keys("b", "i", "s")
	if text := d.text(80, 24); !strings.Contains(text, "not now: A queue's batch is never split") || !strings.Contains(text, "Not now: A queue's batch is never split") || strings.Contains(text, "apples") {
		t.Errorf("what is not possible does not say why:\n%s", text)
	}
	d = &desk{}
	d.show(editor())
	d.keys("0", "enter")
	for _, want := range []string{"now      8   default 100", "allowed  1 to 10,000", "value  › 0", "0 is too few", "s again: 10"} {
		if !strings.Contains(d.text(80, 24), want) {
			t.Errorf("no %q in\n%s", want, d.text(80, 24))
		}
	}
	d.keys("backspace", "5")
	if text := d.text(80, 24); !strings.Contains(text, "at most 5") || strings.Contains(text, "too few") {
		t.Errorf("the refusal still stands there:\n%s", text)
	}
}

// Clicks choose rows, and one beside a dialog leaves it; the wheel moves; a paste
// is typed as one line.
func TestDialogMouse(t *testing.T) {
	at := func(d *desk, text string) (x, y int) {
		for y, row := range strings.Split(d.text(80, 24), "\n") {
			if i := strings.Index(row, text); i >= 0 {
				return Width(row[:i]), y
			}
		}
		t.Fatalf("no %q in\n%s", text, d.text(80, 24))
		return 0, 0
	}
	for name, dialog := range map[string]func() Dialog{"menu": func() Dialog { return &Menu{Title: "Fruit", Items: fruit} }, "list": func() Dialog { return &List{Title: "Fruit", Items: fruit} }} {
		d := &desk{}
		d.show(dialog())
		x, y := at(d, "bananas")
		d.Click(x, y)
		if d.got != `1 ""` {
			t.Errorf("%s: a click gives %s", name, d.got)
		}
		d.show(dialog())
		d.text(80, 24)
		if d.Click(0, 0); d.state() != "left" {
			t.Errorf("%s: a click beside it gives %s", name, d.state())
		}
		d.show(dialog())
		d.Wheel(false)
		d.Wheel(false)
		d.Wheel(true)
		if d.keys("enter"); d.got != `1 ""` {
			t.Errorf("%s: the wheel goes to %s", name, d.got)
		}
	}
	d := &desk{}
	d.show(editor())
	d.Paste("1\n2\t3 ")
	if d.keys("enter"); d.got != `-1 "1 2 3"` {
		t.Errorf("a paste gives %s", d.got)
	}
}

// The newest dialog takes the keys; what it shows may be another one.
func TestDialogStack(t *testing.T) {
	d := &desk{}
	d.show(&Menu{Title: "below", Items: fruit})
	d.Show(&Menu{Title: "above", Items: fruit}, func(r Reply) tea.Cmd { d.show(&Card{Title: "third"}); return nil })
	if top := d.Top().(*Menu).Title; top != "above" {
		t.Errorf("%s is on top", top)
	}
	d.keys("enter")
	if top := d.Top().(*Card).Title; top != "third" || d.got != "open" {
		t.Errorf("%s is on top", top)
	}
	d.keys("esc", "down", "enter")
	if d.Open() || d.got != `1 ""` {
		t.Errorf("%s", d.got)
	}
	d.show(&Card{})
	if d.Close(); d.Open() || d.Top() != nil || d.HandleKey(press("x")) != nil || d.Paste("x") != nil || d.Click(1, 1) != nil {
		t.Error("a stack that was closed still takes something")
	}
}

// A line being typed edits as in every terminal, and its column counts cells.
func TestInput(t *testing.T) {
	var in Input
	if !in.HandleKey(press("a")) || in.String() != "a" {
		t.Errorf("typing gives %q", in.String())
	}
	in.Set("世b")
	if in.Column() != 3 {
		t.Errorf("column %d", in.Column())
	}
	in.HandleKey(press("left"))
	in.Insert("xy")
	if in.String() != "世xyb" || in.Column() != 4 {
		t.Errorf("%q, column %d", in.String(), in.Column())
	}
	if in.HandleKey(press("left")) {
		t.Error("moving changes the text")
	}
}
