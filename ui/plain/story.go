package plain

import (
	"cmp"
	"fmt"
	"io"
	"slices"
	"strings"

	"esmlab/engine"
	"esmlab/engine/rule"
	"esmlab/engine/scenario"
	"esmlab/ui/kit"
)

// Story writes a run in plain lines as it goes: time, rule, sentence. Batches
// that go as planned, and what else comes in large numbers, are counted together.
type Story struct {
	w       io.Writer
	pending []tally
	lines   int
	err     error
}

// tally are events of one sort since the last line.
type tally struct {
	first, last engine.Event
	n, records  int
}

// counted tells whether events of this sort are told together.
func counted(e *engine.Event) bool {
	switch e.Kind {
	case engine.KindReturn:
		return e.Outcome == engine.OutcomeOK
	case engine.KindThrottle, engine.KindScale, engine.KindDedup, engine.KindFilter, engine.KindReject:
		return e.Source < 0
	case engine.KindMove:
		return e.Mapping < 0
	}
	return false
}

// same tells whether two events are told together.
func same(a, b *engine.Event) bool {
	return a.Kind == b.Kind && a.Rule == b.Rule && a.Why == b.Why && a.Mapping == b.Mapping && a.Queue == b.Queue && (a.To == b.To || a.Kind == engine.KindScale) ||
		a.Kind == engine.KindReturn && b.Kind == engine.KindReturn && (a.Source < 0) == (b.Source < 0)
}

// NewStory begins the story of a scenario.
func NewStory(w io.Writer, sc *scenario.Scenario) *Story {
	st := &Story{w: w}
	title := sc.Title
	if title == "" {
		title = sc.Name
	}
	st.print("%s\n", clean(title))
	if sc.About != "" {
		st.print("%s\n", clean(sc.About))
	}
	for _, m := range sc.Config.Mappings {
		st.print("%s: %s → %s, seed %d, %s s\n", m.ID, m.Source, m.Function, sc.Config.Seed, sc.Config.For)
	}
	st.print("\n%9s  %-16s %s\n", "second", "rule", "what happened")
	return st
}

func (st *Story) print(format string, args ...any) {
	if st.err == nil {
		_, st.err = fmt.Fprintf(st.w, format, args...)
	}
}

// Tell takes in the events of an instant.
func (st *Story) Tell(s *engine.Sim, events []engine.Event) {
	for i := range events {
		e := &events[i]
		if counted(e) {
			st.count(e)
			continue
		}
		text := Line(s, e)
		if text == "" {
			continue
		}
		st.flush(s)
		st.line(e.At, told(e), text)
	}
}

// told is what decided an event, as a line shows it.
func told(e *engine.Event) string {
	if e.Rule == "" {
		return "(a step)"
	}
	return string(e.Rule)
}

func (st *Story) count(e *engine.Event) {
	i := slices.IndexFunc(st.pending, func(t tally) bool { return same(&t.first, e) })
	if i < 0 {
		i = len(st.pending)
		st.pending = append(st.pending, tally{first: *e})
	}
	t := &st.pending[i]
	t.last = *e
	t.n++
	t.records += len(e.Records)
}

// flush tells what was counted together.
func (st *Story) flush(s *engine.Sim) {
	slices.SortStableFunc(st.pending, func(a, b tally) int { return cmp.Compare(a.last.At, b.last.At) })
	for i := range st.pending {
		t := &st.pending[i]
		e := &t.last
		switch {
		case e.Kind == engine.KindReturn:
			by, text := rule.MapCheckpoint, "a batch is done, its checkpoint moves"
			if e.Source < 0 {
				by, text = rule.SqsDelete, "a batch is done, its messages deleted"
			}
			if t.n > 1 {
				text = t.several(s)
			}
			st.line(e.At, string(by), text)
		case t.n == 1:
			st.line(e.At, told(e), Line(s, e))
		default:
			st.line(e.At, told(e), t.several(s))
		}
	}
	st.pending = st.pending[:0]
}

// width is where sentences are broken.
const width = 80

func (st *Story) line(at engine.Micros, id, text string) {
	const indent = 28
	head := fmt.Sprintf("%9s  %-16s ", at, id)
	for i, part := range kit.Wrap(clean(text), width-indent) {
		if i > 0 {
			head = strings.Repeat(" ", indent)
		}
		st.print("%s%s\n", head, part)
	}
	st.lines++
}

// clean keeps control codes of names and bodies out of the terminal.
func clean(s string) string {
	return strings.Map(func(r rune) rune {
		if r < ' ' || r >= 0x7f && r < 0xa0 {
			return -1
		}
		return r
	}, s)
}

// End writes what became of the records, and the expectations.
func (st *Story) End(r *scenario.Runner) error {
	st.flush(r.Sim)
	if st.lines == 0 {
		st.print("%9s  %-16s %s\n", "", "", "nothing happened")
	}
	sum := r.Summary()
	st.print("\nWhat became of the records at second %s\n", r.Sim.Now())
	for i, m := range r.Sim.Config().Mappings {
		if r.Sim.QueueOf(i) < 0 {
			st.print("  %-24s%s\n", m.ID, states(r.Sim.CountStates(i)))
		}
	}
	for i, q := range r.Sim.Config().Queues {
		if len(r.Sim.QueueReaders(i)) > 0 {
			st.print("  %-24s%s\n", q.ID, states(r.Sim.Queues[i].States))
		}
	}
	for _, f := range r.Sim.Config().Functions {
		c := sum.Functions[f.ID]
		st.print("  %-24s%s, %s (%s), %s\n", f.ID, count(c.Invocations, "invocation"), count(c.Errors, "error"), count(c.Timeouts, "timeout"), count(c.Throttles, "throttle"))
	}
	for i, q := range r.Sim.Config().Queues {
		if len(r.Sim.QueueReaders(i)) == 0 {
			st.print("  %-24s%s\n", q.ID, lies(r.Sim, i, sum.Queues[q.ID].Sent))
		}
	}
	if len(sum.Expect) > 0 {
		st.print("\nExpected\n")
	}
	for _, e := range sum.Expect {
		mark := "not asked"
		switch {
		case e.OK != nil && *e.OK:
			mark = "holds"
		case e.OK != nil:
			mark = "FAILS"
		}
		st.print("  %-10s at %-7s %s\n", mark, engine.Micros(e.At*float64(engine.Second)+0.5), clean(e.That))
		if e.Error != "" {
			st.print("  %-10s %s\n", "", clean(e.Error))
		}
		for _, saw := range e.Saw {
			st.print("  %-10s %s\n", "", clean(saw.String()))
		}
	}
	return st.err
}

// states says how many records are in each state.
func states(counts [engine.NumRecordStates]int64) string {
	var parts []string
	for state, n := range counts {
		if n > 0 && state > 0 {
			parts = append(parts, engine.Thousands(int(n))+" "+engine.RecordState(state).String())
		}
	}
	if len(parts) == 0 {
		return "nothing was put"
	}
	return strings.Join(parts, ", ")
}

// lies says what a queue that nobody reads holds: sent to it, or moved there.
func lies(s *engine.Sim, queue, sent int) string {
	q := &s.Queues[queue]
	if q.MovedIn == 0 {
		return count(sent, "message")
	}
	return engine.Thousands(sent) + " sent, " + engine.Thousands(int(q.MovedIn)) + " moved here, " + engine.Thousands(int(q.Visible)) + " visible"
}
