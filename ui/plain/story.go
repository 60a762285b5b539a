package plain

import (
	"fmt"
	"io"
	"strings"
	"unicode/utf8"

	"esmlab/engine"
	"esmlab/engine/narrate"
	"esmlab/engine/printable"
	"esmlab/engine/rule"
	"esmlab/engine/scenario"
	"esmlab/ui/kit"
)

// Story writes a run in plain lines as it goes: time, rule, sentence.
type Story struct {
	w     io.Writer
	r     *scenario.Runner // nil where only events are told
	story *narrate.Story
	lines int
	err   error
	folds bool       // lines are held until release
	held  []toldLine // not written yet
}

// newStory begins a story without a heading.
func newStory(w io.Writer, world narrate.World) *Story {
	st := &Story{w: w}
	n := narrate.Narrator{World: world}
	st.story = n.NewStory(st.line)
	return st
}

// NewStory begins the story of a run.
func NewStory(w io.Writer, r *scenario.Runner) *Story {
	st, sc := newStory(w, r.Sim), r.Scenario
	st.r = r
	title := sc.Title
	if title == "" {
		title = sc.Name
	}
	st.print("%s\n", printable.Line(title))
	if sc.About != "" {
		st.print("%s\n", printable.Line(sc.About))
	}
	for _, m := range sc.Config.Mappings {
		st.print("%s: %s → %s, seed %d, %s s\n", m.ID, m.Source, m.Function, sc.Config.Seed, sc.Config.For)
	}
	if sc.MadeUp != "" {
		st.print("made up: %s (Metadata.esmlab says otherwise: traffic, functions; or --set %s.takes=2s)\n", sc.MadeUp, sc.Config.Mappings[0].Function)
	}
	st.print("\n%9s  %-16s %s\n", "second", "rule", "what happened")
	return st
}

func (st *Story) print(format string, args ...any) {
	if st.err == nil {
		_, st.err = fmt.Fprintf(st.w, format, args...)
	}
}

// Tell takes in the events that come next.
func (st *Story) Tell(events []engine.Event) { st.story.Add(events) }

// width is where sentences are broken.
const width = 80

func (st *Story) line(at engine.Micros, by rule.ID, text string) {
	if st.folds {
		st.held = append(st.held, toldLine{at, by, text})
		return
	}
	st.write(at, by, text)
}

func (st *Story) write(at engine.Micros, by rule.ID, text string) {
	const indent = 28
	if by == "" {
		by = "(a step)"
	}
	head := fmt.Sprintf("%9s  %-16s ", at, by)
	for i, part := range kit.Wrap(printable.Line(text), width-indent) {
		if i > 0 {
			head = strings.Repeat(" ", indent)
		}
		st.print("%s%s\n", head, part)
	}
	st.lines++
}

// End writes what became of the records, and the expectations.
func (st *Story) End() error {
	r := st.r
	st.story.Flush()
	st.release()
	if st.lines == 0 {
		st.print("%9s  %-16s %s\n", "", "", "nothing happened")
	}
	sum := r.Summary()
	st.print("\nWhat became of the records at second %s\n", r.Sim.Now())
	st.table(became(r.Sim, &sum))
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
		st.print("  %-10s at %-7s %s\n", mark, engine.Micros(e.At*float64(engine.Second)+0.5), printable.Line(e.That))
		if e.Error != "" {
			st.print("  %-10s %s\n", "", printable.Line(e.Error))
		}
		for _, saw := range e.Saw {
			st.print("  %-10s %s\n", "", printable.Line(saw.String()))
		}
	}
	return st.err
}

// table writes names, each with its text beside it.
func (st *Story) table(rows [][2]string) {
	widest := 22
	for _, r := range rows {
		widest = max(widest, utf8.RuneCountInString(r[0]))
	}
	for _, r := range rows {
		st.print("  %-*s  %s\n", widest, r[0], r[1])
	}
}

// became says what became of the records of each stream's mapping and queue,
// and what each function did.
func became(s *engine.Sim, sum *scenario.Summary) [][2]string {
	var rows [][2]string
	c := s.Config()
	for i, m := range c.Mappings {
		if s.QueueOf(i) >= 0 {
			continue
		}
		name := m.ID
		if s.MappingIndex(m.ID) != i { // a deployment has put another in its place
			name += " (" + m.Source + ", deleted)"
		}
		rows = append(rows, [2]string{name, states(s.CountStates(i))})
	}
	for i, q := range c.Queues {
		if len(s.QueueReaders(i)) > 0 {
			rows = append(rows, [2]string{q.ID, states(s.Queues[i].States)})
		}
	}
	for i, f := range c.Functions {
		n := sum.Functions[f.ID]
		rows = append(rows, [2]string{f.ID, fmt.Sprintf("%s, %s (%s), %s", count(n.Invocations, "invocation"), count(n.Errors, "error"), count(n.Timeouts, "timeout"), count(n.Throttles, "throttle"))})
		if effects := narrate.Effects(&s.Functions[i]); effects != "" {
			rows = append(rows, [2]string{"", effects})
		}
	}
	for i, q := range c.Queues {
		if len(s.QueueReaders(i)) == 0 {
			rows = append(rows, [2]string{q.ID, lies(s, i, sum.Queues[q.ID].Sent)})
		}
	}
	return rows
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

func count(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return engine.Thousands(n) + " " + what + "s"
}
