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
		"tab": tea.KeyTab, "home": tea.KeyHome, "end": tea.KeyEnd, "f1": tea.KeyF1, "pgdown": tea.KeyPgDown, "pgup": tea.KeyPgUp, "backspace": tea.KeyBackspace, "space": tea.KeySpace}
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
		{"another key leaves it", "x", "left", menu},
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
	if text := d.text(80, 24); !strings.Contains(text, "not now: A queue's batch is never split") || strings.Contains(text, "apples") {
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

// A list is as high as what it shows, and what is typed stays in its row.
func TestListHeight(t *testing.T) {
	var items []Item
	for i := range 40 {
		items = append(items, Item{Text: fmt.Sprintf("item-%02d", i)})
	}
	for _, foot := range []int{0, 2} {
		d := &desk{DialogStack: DialogStack{Foot: foot}}
		d.show(&List{Title: "all", Items: items, Free: true})
		high, y := 0, 0
		draw := func(want int) {
			t.Helper()
			rows := make([]string, 24)
			for i := range rows {
				rows[i] = Blanks(80)
			}
			c := d.Draw(NewTheme(0), rows, 80)
			n := 0
			for _, row := range rows {
				if strings.TrimSpace(ansi.Strip(row)) != "" {
					n++
				}
			}
			if high == 0 {
				high, y = n, c.Y
			}
			if n != want || c.Y != y {
				t.Errorf("%d rows, what is typed in row %d:\n%s", n, c.Y, ansi.Strip(strings.Join(rows, "\n")))
			}
		}
		draw(20)
		d.keys("3", "7")
		draw(5) // the border, what is typed, a blank row, the hit
		d.keys("backspace", "backspace")
		draw(20)
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

// A key that a dialog has no use for closes it and reaches what lies below; what is typed,
// moves in it or chooses does not.
func TestKeysThroughDialogs(t *testing.T) {
	dialogs := map[string]struct {
		dialog    func() Dialog
		keeps     string // separated by blanks
		passes    string
		afterText string // not passed on once something was typed
	}{
		"card":   {func() Dialog { return &Card{Title: "Why", Body: []Para{{Text: "because"}}} }, "up down pgup pgdown home end", "b x : ? left tab f1", ""},
		"menu":   {func() Dialog { return &Menu{Title: "Fruit", Items: fruit} }, "up down j k pgup pgdown home end", "b x : ? left right tab f1", ""},
		"cycle":  {func() Dialog { return &Menu{Title: "Fruit", Items: fruit, Cycle: []string{"here", "there"}} }, "left right tab", "b : f1", ""},
		"list":   {func() Dialog { return &List{Title: "Fruit", Items: fruit} }, "b x : ? left right up down pgup pgdown home end backspace", "f1 tab", ""},
		"free":   {func() Dialog { return &List{Title: "Fruit", Free: true, Items: fruit} }, "b x : ? tab", "f1", ""},
		"editor": {func() Dialog { return editor() }, "b x : ? left up down pgup pgdown backspace", "f1 tab", "f1 tab"},
	}
	for name, c := range dialogs {
		for _, k := range strings.Fields(c.keeps) {
			d := &desk{}
			d.show(c.dialog())
			below := ""
			d.Keys(press(k), func(k tea.KeyPressMsg) tea.Cmd { below = k.String(); return nil })
			if !d.Open() || below != "" {
				t.Errorf("%s: %s is passed on", name, k)
			}
		}
		for _, k := range strings.Fields(c.passes) {
			d := &desk{}
			d.show(c.dialog())
			below := ""
			d.Keys(press(k), func(k tea.KeyPressMsg) tea.Cmd { below = k.String(); return nil })
			if d.Open() || below != k {
				t.Errorf("%s: %s is not passed on (%q)", name, k, below)
			}
		}
		for _, k := range strings.Fields(c.afterText) {
			d := &desk{}
			d.show(c.dialog())
			d.keys("7")
			d.Keys(press(k), func(tea.KeyPressMsg) tea.Cmd { t.Errorf("%s: %s throws away what was typed", name, k); return nil })
			if !d.Open() {
				t.Errorf("%s: %s closes it", name, k)
			}
		}
	}
}

// What does not fit beside a name goes on in the next row: nothing is cut, and a click on
// any of its rows chooses it.
func TestLongLines(t *testing.T) {
	long := "a sentence of many words that goes on and on, further than any row of eighty cells reaches, and has an end"
	for name, dialog := range map[string]func() Dialog{
		"list": func() Dialog {
			return &List{Title: "Fruit", Items: []Item{{Text: "apples", Note: long}, {Text: "bananas", Off: long}, {Text: long, Note: "red"}}}
		},
		"menu": func() Dialog {
			return &Menu{Title: "Fruit", Items: []Item{{Text: "apples", Note: long}, {Text: "bananas", Off: long}, {Text: long, Note: "red"}}}
		}} {
		for _, w := range []int{60, 80, 120} {
			d := &desk{}
			d.show(dialog())
			text := d.text(w, 30)
			var words []string
			for _, row := range strings.Split(text, "\n") {
				words = append(words, strings.Fields(strings.Trim(strings.TrimSpace(row), "║"))...)
			}
			all := strings.Join(words, " ")
			if n := strings.Count(all, long); n != 3 || strings.Contains(all, "…") {
				t.Errorf("%s at %d: %d of 3 are whole:\n%s", name, w, n, text)
			}
			for y, row := range strings.Split(text, "\n") {
				if strings.Contains(row, "an end") {
					d.Click(w/2, y)
					break
				}
			}
			if d.got != `0 ""` {
				t.Errorf("%s at %d: a click on its last row gives %s", name, w, d.got)
			}
		}
	}
}

// Many lines scroll: what is chosen is in sight, and the border says which are.
func TestScroll(t *testing.T) {
	var items []Item
	for i := range 40 {
		items = append(items, Item{Text: fmt.Sprint("line ", i+1), Note: strings.Repeat("note ", i)})
	}
	for name, dialog := range map[string]Dialog{"list": &List{Title: "List", Items: items}, "menu": &Menu{Title: "Menu", Items: items}} {
		d := &desk{}
		d.show(dialog)
		for _, c := range []struct{ key, line, in string }{{"down", "line 2", "1–"}, {"pgdown", "line 1", "–"}, {"pgdown", "line ", "–"}, {"pgup", "line ", "–"}} {
			d.keys(c.key)
			text := d.text(80, 24)
			if !strings.Contains(text, "› ") || !strings.Contains(text, " of 40 ") || !strings.Contains(text, c.in) {
				t.Errorf("%s after %s:\n%s", name, c.key, text)
			}
		}
		for range 40 {
			d.keys("down")
			if text := d.text(80, 24); !strings.Contains(text, "› ") {
				t.Fatalf("%s: what is chosen is out of sight:\n%s", name, text)
			}
		}
	}
}
