package kit

import (
	"slices"
	"strconv"
	"strings"

	"charm.land/bubbles/v2/key"
	"charm.land/bubbles/v2/textinput"
	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"
)

// VisibleWidth counts the cells of a text that may hold escape sequences.
func VisibleWidth(s string) int { return ansi.StringWidth(s) }

// maxTyped is how many characters an Input takes: more than any value that is typed
// has, and few enough to be drawn in each frame.
const maxTyped = 16_384

// Input is a line of text being typed: Bubbles' text input without a prompt
// and without a cursor of its own: the terminal's is used. The zero
// Input is empty.
type Input struct {
	m    textinput.Model
	made bool
}

func (in *Input) input() *textinput.Model {
	if !in.made {
		in.m, in.made = textinput.New(), true
		in.m.Prompt = ""
		in.m.CharLimit = maxTyped
		in.m.Focus()
	}
	return &in.m
}

// String gives what was typed.
func (in *Input) String() string { return in.input().Value() }

// Set replaces the text and goes to its end.
func (in *Input) Set(s string) {
	in.input().SetValue(s)
	in.m.CursorEnd()
}

// Insert types a text where the cursor is.
func (in *Input) Insert(s string) {
	in.m, _ = in.input().Update(tea.PasteMsg{Content: s})
}

// Column is the cell of the cursor.
func (in *Input) Column() int { return Width(string([]rune(in.String())[:in.m.Position()])) }

// HandleKey edits; it reports whether the text changed.
func (in *Input) HandleKey(k tea.KeyPressMsg) bool {
	before := in.String()
	in.m, _ = in.m.Update(k)
	return in.m.Value() != before
}

// Uses reports whether a key types, moves or deletes here.
func (in *Input) Uses(k tea.KeyPressMsg) bool {
	m := in.input().KeyMap
	return k.Text != "" || key.Matches(k, m.CharacterForward, m.CharacterBackward, m.WordForward, m.WordBackward, m.DeleteWordBackward, m.DeleteWordForward,
		m.DeleteAfterCursor, m.DeleteBeforeCursor, m.DeleteCharacterBackward, m.DeleteCharacterForward, m.LineStart, m.LineEnd, m.Paste)
}

// Editor changes one value: it shows what may be typed and, while it is
// typed, what that would mean.
type Editor struct {
	Title   string
	Label   string // of what is typed; "" value
	Was     string
	Default string
	Allowed string
	Foot    string
	Steps   []string // sensible values, for up and down
	// Again is a key that sets Quick at once: what was pressed to come here,
	// pressed a second time.
	Again, Quick string
	// About is shown below, as far as there is room; PgUp and PgDn scroll it.
	About []Para
	top   int
	// Say gives what a text would mean, in a sentence; Check why it is refused,
	// "" where it is not.
	Say   func(string) string
	Check func(string) string
	Input Input
	fresh bool // the first key replaces the old value
	err   string
}

// NewEditor begins with the value that holds.
func NewEditor(e Editor) *Editor {
	e.Input.Set(e.Was)
	e.fresh = true
	return &e
}

// Refuse shows a text, and why it was refused after it had been taken.
func (e *Editor) Refuse(text, why string) {
	e.Input.Set(text)
	e.fresh, e.err = false, why
}

// Value is what is typed.
func (e *Editor) Value() string { return strings.TrimSpace(e.Input.String()) }

// HandleKey types, steps, applies, or leaves. What is refused stays as it was typed.
func (e *Editor) HandleKey(k tea.KeyPressMsg) Reply {
	switch s := k.String(); s {
	case "esc":
		return leave
	case "enter":
		if e.err = e.Check(e.Value()); e.err != "" {
			e.fresh = false
			return stay
		}
		return Reply{Close: true, Chosen: -1, Text: e.Value(), Done: true}
	case e.Again:
		if e.Quick != "" && e.fresh {
			return Reply{Close: true, Chosen: -1, Text: e.Quick, Done: true}
		}
	case "pgdown":
		e.top += 5
		return stay
	case "pgup":
		e.top = max(0, e.top-5)
		return stay
	case "up", "down":
		e.step(s == "up")
		e.fresh, e.err = false, ""
		return stay
	}
	if e.fresh && !e.Input.Uses(k) { // once something is typed, no key throws it away but esc
		return pass
	}
	if e.fresh && k.Text != "" {
		e.Input.Set("")
	}
	e.fresh = false
	if e.Input.HandleKey(k) {
		e.err = ""
	}
	return stay
}

// Paste inserts a text; it replaces the old value as typing does.
func (e *Editor) Paste(text string) {
	if e.fresh {
		e.Input.Set("")
	}
	e.fresh, e.err = false, ""
	e.Input.Insert(text)
}

// step goes to the next sensible value.
func (e *Editor) step(up bool) {
	if len(e.Steps) == 0 {
		return
	}
	i := slices.Index(e.Steps, e.Value())
	if i < 0 {
		i = slices.Index(e.Steps, e.Was)
	}
	if up {
		i++
	} else if i >= 0 {
		i--
	}
	e.Input.Set(e.Steps[max(0, min(len(e.Steps)-1, i))])
}

// Draw shows the value, its range and what it means.
func (e *Editor) Draw(t *Theme, w, h int) ([]string, int, int) {
	width := min(w-4, 72)
	var rows []string
	if e.Was != "" || e.Default != "" {
		rows = append(rows, t.Paint(Dim, "now      ")+e.Was+t.Paint(Dim, "   default ")+e.Default)
	}
	label, foot := e.Label, e.Foot
	if label == "" {
		label = "value"
	}
	if foot == "" {
		foot = "enter sets it · esc back"
		if len(e.Steps) > 0 {
			foot = "↑↓ sensible values · " + foot
		}
		if e.Quick != "" {
			foot = e.Again + " again: " + e.Quick + " · " + foot
		}
	}
	for i, l := range Wrap(e.Allowed, width-9) {
		lead := Blanks(9)
		if i == 0 {
			lead = t.Paint(Dim, "allowed  ")
		}
		rows = append(rows, lead+l)
	}
	rows = append(rows, "")
	y := 1 + len(rows)
	rows = append(rows, t.Paint(Key, label+Blanks(7-Width(label))+"› ")+t.Paint(Strong, e.Input.String()), "")
	text, style := e.Say(e.Value()), Plain
	if e.err != "" {
		text, style = e.err, Bad
	}
	for _, l := range Wrap(text, width) {
		rows = append(rows, t.Paint(style, l))
	}
	for len(rows) < 8 {
		rows = append(rows, "")
	}
	if room := h - 3 - len(rows); len(e.About) > 0 && room > 1 {
		about := paragraphs(t, e.About, width, width)
		e.top = max(0, min(e.top, len(about)-room))
		if about = about[e.top:]; len(about) > room {
			about = append(about[:room-1:room-1], t.Paint(Dim, "+"+strconv.Itoa(len(about)-room+1)+" lines: PgDn"))
		}
		rows = append(append(rows, ""), about...)
	}
	for i := range rows { // all of one width, so that the box does not jump
		rows[i] = Fit(rows[i], width)
	}
	return box(t, e.Title, foot, rows, w, h, part{}), 2 + 9 + e.Input.Column(), y
}
