package pane

import (
	"slices"
	"strconv"
	"strings"

	"github.com/charmbracelet/x/ansi"

	"esmlab/ui/kit"
)

// Kind is what sort of thing a row is about. The comments name the fields of Subject
// that tell one of its kind from another.
type Kind uint8

const (
	KindTitle         Kind = iota // nothing: the cursor is on the pane's title
	KindShard                     // Shard
	KindIterator                  // Shard: the mapping's position in it
	KindBatch                     // Shard, Lane, N: its number, 0 while it is being gathered
	KindLane                      // Shard, Lane: one that holds no batch
	KindWindow                    // Shard, Lane: a tumbling window
	KindOutcomes                  // how the last batches ended
	KindFunction                  // the mapping's function
	KindDestination               // where the failures of a stream's mapping go
	KindFailureRecord             // N: index into Sim.Discards
	KindCount                     // Name: a count of the queue's messages, such as "visible"
	KindReceipt                   // N: number of the receive; messages that were received together
	KindMessageBatch              // N: number of the receive; the same messages as one batch
	KindMessageGroup              // N: its GroupID
	KindPoller                    // N: its slot
	KindPollers                   // all pollers of the mapping
	KindDeadLetters               // the dead-letter queue
	KindMessage                   // N: its id
	KindRecord                    // Shard, N: a record of a stream
	KindSetting                   // Name: AWS's
	KindFault                     // Name; "" stands for none
	KindMetric                    // Name: a metric of the mapping or its function
	KindFigure                    // Name: any other figure beside the metrics
	KindEvent                     // N: its number in the log
	KindSkip                      // N: the instant at which skipped time ended, in microseconds
	Kinds                         // how many kinds there are
)

// Subject is what a row is about. Subjects are compared as values: equal ones mean
// the same thing at every instant, wherever its row is. The zero Subject is a title.
type Subject struct {
	Kind        Kind
	Shard, Lane int32
	N           int64
	Name        string
}

var kindNames = [Kinds]string{"title", "shard", "iterator", "batch", "lane", "window", "outcomes", "function", "destination", "failure record",
	"count", "receipt", "message batch", "message group", "poller", "pollers", "dead letters", "message", "record", "setting", "fault", "metric", "figure", "event", "skip"}

func (k Kind) String() string { return kindNames[k] }

// String is for tests and their messages: "batch 0.0 #4", "setting BatchSize".
func (s Subject) String() string {
	text := s.Kind.String()
	switch n := " #" + strconv.FormatInt(s.N, 10); s.Kind {
	case KindShard, KindIterator:
		return text + " " + itoa(int(s.Shard))
	case KindBatch, KindLane, KindWindow:
		text += " " + itoa(int(s.Shard)) + "." + itoa(int(s.Lane))
		if s.Kind == KindBatch {
			text += n
		}
	case KindFailureRecord, KindReceipt, KindMessageBatch, KindMessageGroup, KindPoller, KindMessage, KindRecord, KindEvent, KindSkip:
		text += n
	case KindCount, KindSetting, KindFault, KindMetric, KindFigure:
		text += " " + s.Name
	}
	return text
}

// Row is one row of a pane, exactly as wide as the pane, and what it is about.
// Several rows can be about one subject; headings have the zero Subject.
type Row struct {
	Text    string
	Subject Subject
	At      func(x int) Subject // where a row has several subjects: the one at a column
}

// ViewState is the size of a pane, its cursor, its scroll position and its filter.
type ViewState struct {
	W, H   int
	Sel    Subject // what the cursor is on; the zero Subject is the title
	Want   Subject // what it was put on: it goes back there when that is there again
	At     int     // its place among the subjects when the pane was last drawn
	Top    int     // the first item shown, if not all fit
	Filter string  // only items whose text contains it are shown
	Axis   Axis    // how it shows time
	Alone  bool    // its twin is not beside it
	Full   bool    // it fills the screen
	Level  int     // how many times it was zoomed in, in time
}

// legend is the first of some texts that the pane's border has room for; "" none.
func (k *ViewState) legend(texts ...string) string {
	for _, text := range texts {
		if kit.Width(text) <= k.W-2 {
			return text
		}
	}
	return ""
}

// Body is a pane without its border.
type Body struct {
	Title, Note, Legend string
	Aside               string // figures beside the title, where there is no note
	// Short is the legend where there is no bottom border, in fewer and fewer words.
	Short []string
	Rows  []Row
	// Subjects are what the cursor can go to, from the top down, also what is scrolled
	// out of sight. Pane 6, with its long log, lists only those near the rows shown.
	Subjects []Subject
	Marked   []Subject // those that the filter marks, in a pane that leaves none out
	Sel      Subject   // what the cursor is on
	At, Top  int       // for the next ViewState
	Count    int       // how many items match the filter; -1: not counted
	Summed   bool      // a row counts the items without a row
	Columns  int       // so many items are side by side; 0: each has its row
	items    []Subject
	first    int // the number of the first item with a row, from 0
	drawn    int // how many items have a row
}

// More counts the items without a row; 0 if a row of the pane counts them.
func (b *Body) More() int {
	if b.Summed {
		return 0
	}
	return max(0, b.Count-b.drawn)
}

// Range says which items have rows, from 1, and of how many; 0, 0, 0 if all have, or a row
// of the pane counts the others.
func (b *Body) Range() (from, to, of int) {
	if b.Summed || b.drawn >= b.Count || b.drawn == 0 {
		return 0, 0, 0
	}
	return b.first + 1, b.first + b.drawn, b.Count
}

// Drawn is how many items have a row.
func (b *Body) Drawn() int { return b.drawn }

// Scrolls tells whether there are things that have no row now.
func (b *Body) Scrolls() bool {
	if b.Count < 0 {
		return b.Top > 0 || len(b.Subjects) > b.drawn
	}
	return b.drawn < b.Count
}

// Texts are the rows without their subjects.
func (b *Body) Texts() []string {
	out := make([]string, len(b.Rows))
	for i := range b.Rows {
		out[i] = b.Rows[i].Text
	}
	return out
}

// list takes the items of a pane, with the subjects above and below them, and puts
// the cursor on the subject it was put on. While that is gone, the cursor is on the one
// in its place.
func (b *Body) list(k *ViewState, above, items, below []Subject) {
	b.items, b.Count = items, len(items)
	b.Subjects = slices.Concat(above, items, below)
	if k.Sel != (Subject{}) {
		i := -1
		if k.Want != (Subject{}) {
			i = slices.Index(b.Subjects, k.Want)
		}
		if i < 0 {
			i = slices.Index(b.Subjects, k.Sel)
		}
		if i < 0 {
			i = min(k.At, len(b.Subjects)-1)
		}
		k.Sel = Subject{}
		if i >= 0 {
			k.Sel, k.At = b.Subjects[i], i
		}
	}
	b.Sel, b.At = k.Sel, k.At
}

// scroll gives the range of items to show in room rows. The item under the cursor is
// among them.
func (b *Body) scroll(k *ViewState, room int) (from, to int) {
	b.Top = window(len(b.items), room, k.Top, slices.Index(b.items, k.Sel))
	b.first = b.Top
	return b.Top, min(len(b.items), b.Top+max(0, room))
}

// add appends a row.
func (b *Body) add(about Subject, text string) {
	b.Rows = append(b.Rows, Row{Text: text, Subject: about})
}

// item appends the first row of an item.
func (b *Body) item(about Subject, text string) {
	b.add(about, text)
	b.drawn++
}

// matching lists the numbers below n whose text contains the filter.
func matching(n int, filter string, text func(int) string) []int {
	out := make([]int, 0, n)
	filter = strings.ToLower(filter)
	for i := range n {
		if filter == "" || strings.Contains(strings.ToLower(ansi.Strip(text(i))), filter) {
			out = append(out, i)
		}
	}
	return out
}

// matches tells whether a text contains the filter.
func matches(text, filter string) bool {
	return filter == "" || strings.Contains(strings.ToLower(text), strings.ToLower(filter))
}

// subjects gives the subjects of numbered items.
func subjects(list []int, of func(int) Subject) []Subject {
	out := make([]Subject, len(list))
	for i, n := range list {
		out[i] = of(n)
	}
	return out
}

// border puts the filter in front of the pane's note. Where there is little room, a
// note about the items is left out while all of them are in sight.
func (b *Body) border(c *Ctx, k *ViewState) {
	if !c.Long && k.Filter == "" && b.More() == 0 && !b.Summed {
		b.Note = ""
	}
	b.Note = k.note(b.Note)
}

// note puts the filter in front of what the border says.
func (k *ViewState) note(note string) string {
	switch {
	case k.Filter == "":
		return note
	case note == "":
		return "/ " + k.Filter
	}
	return "/ " + kit.Cut(k.Filter, 12) + " · " + note
}

// window gives the first of n items to show in room rows, so that item sel, under
// the cursor, is in sight; sel is -1 if the cursor is on none.
func window(n, room, top, sel int) int {
	room = max(room, 1) // a pane of one row has no room
	if n <= room {
		return 0
	}
	if sel >= 0 {
		top = max(min(top, sel), sel-room+1)
	}
	return max(0, min(top, n-room))
}
