package plain

import (
	"fmt"
	"io"
	"strings"

	"esmlab/engine"
	"esmlab/engine/rule"
	"esmlab/engine/scenario"
)

// Story writes a run in plain lines as it goes: time, rule, sentence. Batches
// that go as planned are counted together.
type Story struct {
	w     io.Writer
	quiet quiet
	lines int
	err   error
}

// quiet are batches done since the last line.
type quiet struct {
	batches int
	at      engine.Micros
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
		if e.Kind == engine.KindReturn && e.Outcome == engine.OutcomeOK {
			st.quiet.batches++
			st.quiet.at = e.At
		}
		text := Line(s, e)
		if text == "" {
			continue
		}
		st.flush()
		id := string(e.Rule)
		if id == "" {
			id = "(a step)"
		}
		st.line(e.At, id, text)
	}
}

// flush tells of the batches that went as planned.
func (st *Story) flush() {
	switch q := st.quiet; q.batches {
	case 0:
		return
	case 1:
		st.line(q.at, string(rule.MapCheckpoint), "a batch is done, its checkpoint moves")
	default:
		st.line(q.at, string(rule.MapCheckpoint), engine.Thousands(q.batches)+" batches are done, their checkpoints move")
	}
	st.quiet = quiet{}
}

// width is where sentences are broken.
const width = 80

func (st *Story) line(at engine.Micros, id, text string) {
	const indent = 28
	head := fmt.Sprintf("%9s  %-16s ", at, id)
	for i, part := range wrap(clean(text), width-indent) {
		if i > 0 {
			head = strings.Repeat(" ", indent)
		}
		st.print("%s%s\n", head, part)
	}
	st.lines++
}

// wrap breaks a text at spaces.
func wrap(s string, w int) []string {
	var out []string
	for len([]rune(s)) > w {
		r := []rune(s)
		cut := w
		for i := w; i > w/2; i-- {
			if r[i] == ' ' {
				cut = i
				break
			}
		}
		out = append(out, strings.TrimRight(string(r[:cut]), " "))
		s = strings.TrimLeft(string(r[cut:]), " ")
	}
	return append(out, s)
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
	st.flush()
	if st.lines == 0 {
		st.print("%9s  %-16s %s\n", "", "", "nothing happened")
	}
	sum := r.Summary()
	st.print("\nWhat became of the records at second %s\n", r.Sim.Now())
	for i, m := range r.Sim.Config().Mappings {
		st.print("  %-24s", m.ID)
		var parts []string
		for state, n := range r.Sim.CountStates(i) {
			if n > 0 && state > 0 {
				parts = append(parts, engine.Thousands(int(n))+" "+engine.RecordState(state).String())
			}
		}
		if len(parts) == 0 {
			parts = []string{"nothing was put"}
		}
		st.print("%s\n", strings.Join(parts, ", "))
	}
	for _, f := range r.Sim.Config().Functions {
		c := sum.Functions[f.ID]
		st.print("  %-24s%s, %s (%s), %s\n", f.ID, count(c.Invocations, "invocation"), count(c.Errors, "error"), count(c.Timeouts, "timeout"), count(c.Throttles, "throttle"))
	}
	for _, q := range r.Sim.Config().Queues {
		st.print("  %-24s%s\n", q.ID, count(sum.Queues[q.ID].Sent, "message"))
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
