package inspect

import (
	"reflect"
	"slices"
	"strconv"
	"strings"

	"esmlab/engine"
	"esmlab/engine/cost"
	"esmlab/engine/narrate"
	"esmlab/engine/timeline"
)

// Row is a figure in which two runs differ.
type Row struct {
	Name string
	A, B string
	// a and b are the numbers behind them, word what they count in a sentence.
	a, b int64
	word string
	time bool
	bill bool // what is billed: it differs wherever anything does, so no sentence names it
}

// Comparison is two runs at one instant, the second against the first.
type Comparison struct {
	// Sentence says what differs: "with ShipOrders.BisectBatchOnFunctionError
	// true: 41 more done, 1 given up instead of 8".
	Sentence string
	Rows     []Row // equal ones are left out
	// OnlyA and OnlyB are the commands that one run has and the other has not.
	OnlyA, OnlyB []timeline.PlacedCommand
	// Same tells that the runs are the same: they have the same commands at the same
	// places, so nothing at all differs.
	Same bool
}

// Equal tells that no figure differs but what is billed; the runs may do so all the
// same.
func (c *Comparison) Equal() bool { return len(c.Rows) == 0 || c.Rows[0].bill }

// Compare compares two runs of one Config as mapping mi sees them. Both stand
// at the same instant.
func Compare(a, b *timeline.Run, mi int) Comparison {
	c := Comparison{}
	c.OnlyA, c.OnlyB = without(a.Commands(), b.Commands()), without(b.Commands(), a.Commands())
	c.Same = slices.EqualFunc(effective(a), effective(b), sameCommand)
	x, y := figures(a.Sim(), mi), figures(b.Sim(), mi)
	for i := range x {
		r := x[i]
		r.B, r.b = y[i].A, y[i].a
		if r.a != r.b {
			c.Rows = append(c.Rows, r)
		}
	}
	c.Sentence = c.sentence(&narrate.Narrator{World: a.Sim(), Shown: true, Mapping: mi})
	return c
}

// figures are the numbers two runs are compared by, for any kind of source: zero
// where the source has no such thing.
func figures(s *engine.Sim, mi int) []Row {
	m, f := &s.Mappings[mi], &s.Functions[s.FunctionOf(mi)]
	var states [engine.NumRecordStates]int64
	var blocked, dead int64
	var worst, oldest engine.Micros
	si, qi := s.SourceOf(mi), s.QueueOf(mi)
	if qi >= 0 {
		q := &s.Queues[qi]
		states = q.States
		oldest = s.Oldest(qi)
		if d := s.DeadLetterOf(qi); d >= 0 {
			dl := &s.Queues[d]
			dead = int64(dl.Visible + dl.InFlight + dl.Delayed)
		}
	} else {
		states = s.CountStates(mi)
		worst = m.MaxIteratorAge
		for k := range s.Streams[si].Shards {
			oldest = max(oldest, s.Age(mi, k))
		}
		for k := range m.Iterators {
			if m.Iterators[k].Blocked() {
				blocked++
			}
		}
	}
	var put int64
	for state := range states {
		put += states[state]
	}
	n := func(name, word string, v int64) Row {
		return Row{Name: name, A: engine.Thousands(int(v)), a: v, word: word}
	}
	d := func(name, word string, v engine.Micros) Row {
		if unit := 100 * engine.Millisecond; v >= engine.Second { // an age is not compared to the microsecond
			v = (v + unit/2) / unit * unit
		}
		return Row{Name: name, A: secs(v), a: int64(v), word: word, time: true}
	}
	bill := cost.Of(s)
	usd, about := bill.Total()
	return []Row{
		n("records put", "put", put), n("done", "done", states[engine.StateDone]), n("given up", "given up", states[engine.StateDiscarded]),
		n("dead", "in the DLQ", states[engine.StateDead]), n("expired", "expired", states[engine.StateExpired]), n("missed", "missed", states[engine.StateMissed]),
		n("rejected", "rejected", states[engine.StateRejected]), n("filtered", "filtered out", states[engine.StateFiltered]), n("purged", "purged", states[engine.StatePurged]),
		n("waiting", "waiting", states[engine.StateWaiting]), n("held", "held", states[engine.StateBatched]+states[engine.StateRunning]+states[engine.StateRetrying]+states[engine.StateHidden]),
		n("shards blocked", "blocked shards", blocked), n("messages in the DLQ", "messages in the DLQ", dead),
		n("invocations", "invocations", f.Invocations), n("errors", "errors", f.Errors), n("throttles", "throttles", f.Throttles),
		d("worst IteratorAge", "worst age", worst), d("oldest not finished", "oldest not finished", oldest),
		n("failure records delivered", "failure records", m.Counts.OnFailureDestinationDeliveredEventCount), n("dropped", "dropped", m.Counts.DroppedEventCount),
		{Name: "SQS requests", A: engine.Thousands(int(bill.Requests)), a: bill.Requests, bill: true},
		{Name: "empty receives", A: engine.Thousands(int(bill.Empty)), a: bill.Empty, bill: true},
		{Name: "billed time", A: strconv.FormatFloat(bill.GBSeconds(), 'f', 2, 64) + " GB-s", a: bill.Memory, bill: true},
		{Name: "cost", A: cost.Dollars(usd, about), a: int64(usd * 1e9), bill: true},
	}
}

// named are the figures a sentence names, the most important first.
var named = []string{"done", "given up", "dead", "expired", "missed", "messages in the DLQ", "shards blocked", "invocations", "errors", "throttles", "worst IteratorAge"}

// sentence says how the first run differs from the second.
func (c *Comparison) sentence(n *narrate.Narrator) string {
	if c.Same {
		return "no difference"
	}
	var parts []string
	for _, name := range named {
		i := slices.IndexFunc(c.Rows, func(r Row) bool { return r.Name == name })
		if i < 0 || len(parts) == 5 {
			continue
		}
		r := &c.Rows[i]
		switch {
		case r.time, r.a > 0 && r.b > 0 && name != "done" && name != "invocations":
			parts = append(parts, join(r, r.A)+" instead of "+r.B)
		case r.a > r.b:
			parts = append(parts, engine.Thousands(int(r.a-r.b))+" more "+r.word)
		case r.a == 0 && name != "done":
			parts = append(parts, join(r, r.A)+" instead of "+r.B)
		default:
			parts = append(parts, engine.Thousands(int(r.b-r.a))+" fewer "+r.word)
		}
	}
	switch {
	case len(c.Rows) == 0 || c.Rows[0].bill: // they stand last
		parts = append(parts, "all figures are the same so far")
	case len(parts) == 0:
		r := &c.Rows[0]
		parts = append(parts, join(r, r.A)+" instead of "+r.B)
	}
	head := "the same commands at other instants"
	switch {
	case len(c.OnlyA) > 0:
		head = commandsText(n, c.OnlyA)
	case len(c.OnlyB) > 0:
		head = "without " + commandsText(n, c.OnlyB)
	}
	return head + ": " + strings.Join(parts, ", ")
}

// join puts a figure beside its word: 1 given up, worst age 12 s.
func join(r *Row, v string) string {
	if r.time {
		return r.word + " " + v
	}
	return v + " " + r.word
}

func commandsText(n *narrate.Narrator, commands []timeline.PlacedCommand) string {
	var out []string
	for i := range commands {
		if i == 2 && len(commands) > 3 {
			out = append(out, num(len(commands)-2)+" more commands")
			break
		}
		out = append(out, n.Brief(&commands[i].Command))
	}
	return strings.Join(out, " and ")
}

// effective are the commands of a run that changed something.
func effective(r *timeline.Run) []timeline.PlacedCommand {
	return slices.DeleteFunc(r.Commands(), func(d timeline.PlacedCommand) bool { return d.Refused })
}

func sameCommand(a, b timeline.PlacedCommand) bool {
	return a.At == b.At && a.Tick == b.Tick && reflect.DeepEqual(a.Command, b.Command)
}

// without gives the commands of a that b has not.
func without(a, b []timeline.PlacedCommand) []timeline.PlacedCommand {
	var out []timeline.PlacedCommand
	for _, d := range a {
		if !slices.ContainsFunc(b, func(o timeline.PlacedCommand) bool {
			return o.At == d.At && reflect.DeepEqual(o.Command, d.Command)
		}) {
			out = append(out, d)
		}
	}
	return out
}
