package lessons

import (
	"fmt"
	"slices"
	"strings"

	"esmlab/engine"
	"esmlab/engine/alarm"
	"esmlab/engine/narrate"
	"esmlab/engine/setting"
	"esmlab/engine/timeline"
	"esmlab/quiz/card"
)

// EvidenceKinds are what a person can look at, besides the panes: by the word that
// is typed for each.
var EvidenceKinds = []string{"alarm", "metrics", "log", "settings", "changes"}

// Evidence is what can be read of the run as it stands, in lines. In an incident
// whose cause is not found it does not tell the record or the fault behind it.
func (p *Player) Evidence(kind string) []string {
	s, h := p.tl.Sim(), p.tl.History()
	if p.HidesCause() {
		s, h = p.tl.Redacted()
	}
	switch kind {
	case "alarm":
		return p.alarm()
	case "metrics":
		return metrics(s, h)
	case "log":
		return functionLog(s, h)
	case "settings":
		return settings(s)
	case "changes":
		return p.changes(s)
	}
	return nil
}

// alarm says what rang, and whether it rings now.
func (p *Player) alarm() []string {
	var own []string
	if p.tl.Alarm() != nil {
		own = alarm.Said(p.tl)
	}
	i := p.Lesson.goalStep()
	if i < 0 || p.Lesson.Steps[i].Alarm == nil {
		if own == nil {
			return []string{"This lesson has no alarm of its own; `alarm " + alarm.Example + "` sets one on that metric."}
		}
		return own
	}
	step := &p.Lesson.Steps[i]
	rings, err := p.eval.holds(step.Alarm)
	state := "OK"
	switch {
	case err != nil:
		state = "INSUFFICIENT_DATA"
	case rings:
		state = "ALARM"
	}
	out := []string{state + " at second " + p.tl.Now().String() + ": " + card.Text(p.fill(step.Rang))}
	for _, saw := range step.Alarm.Saw(p.eval.currentWorld()) {
		out = append(out, "  now "+saw.String())
	}
	return append(out, own...)
}

// recently is how far back the figures of the last stretch go.
const recently = 10 * engine.Second

// metrics are the figures that CloudWatch has, by their names: all so far, and those
// of the last seconds.
func metrics(s *engine.Sim, h *timeline.History) []string {
	out := []string{fmt.Sprintf("%-42s %12s %12s", "", "so far", "last "+recently.Words())}
	row := func(name string, all, last int64) {
		out = append(out, fmt.Sprintf("  %-40s %12s %12s", name, engine.Thousands(int(all)), engine.Thousands(int(last))))
	}
	now := func(name, value string) {
		out = append(out, fmt.Sprintf("  %-40s %12s", name, value))
	}
	from := s.Now() - recently
	cfg := s.Config()
	for i := range cfg.Functions {
		f := &s.Functions[i]
		var calls, failed, throttles int64
		var longest engine.Micros
		for k := range h.Log {
			e := &h.Log[k]
			if e.At <= from || int(e.Function) != i {
				continue
			}
			switch e.Kind {
			case engine.KindInvoke:
				calls++
			case engine.KindReturn:
				longest = max(longest, e.At2)
				if e.Outcome != engine.OutcomeOK && e.Outcome != engine.OutcomePartial {
					failed++
				}
			case engine.KindThrottle:
				throttles++
			}
		}
		out = append(out, "function "+cfg.Functions[i].ID)
		row("Invocations", f.Invocations, calls)
		row("Errors", f.Errors, failed)
		row("Throttles", f.Throttles, throttles)
		now("ConcurrentExecutions, and the most", fmt.Sprint(f.Running, ", ", f.Peak))
		now("Duration, the longest of the last "+recently.Words(), longest.Words())
	}
	for i := range cfg.Mappings {
		m := &s.Mappings[i]
		out = append(out, "mapping "+cfg.Mappings[i].ID+": "+m.State.String())
		if s.QueueOf(i) < 0 {
			now("IteratorAge (ms)", engine.Thousands(int(m.IteratorAge/engine.Millisecond)))
		}
		c := &m.Counts
		now("PolledEventCount", engine.Thousands(int(c.PolledEventCount)))
		now("InvokedEventCount", engine.Thousands(int(c.InvokedEventCount)))
		now("FilteredOutEventCount", engine.Thousands(int(c.FilteredOutEventCount)))
		now("FailedInvokeEventCount", engine.Thousands(int(c.FailedInvokeEventCount)))
		if s.QueueOf(i) >= 0 {
			now("DeletedEventCount", engine.Thousands(int(c.DeletedEventCount)))
		} else {
			now("DroppedEventCount", engine.Thousands(int(c.DroppedEventCount)))
		}
	}
	for i := range cfg.Queues {
		q := &s.Queues[i]
		out = append(out, "queue "+cfg.Queues[i].ID)
		now("ApproximateNumberOfMessagesVisible", engine.Thousands(int(q.Visible)))
		now("ApproximateNumberOfMessagesNotVisible", engine.Thousands(int(q.InFlight)))
		now("ApproximateAgeOfOldestMessage (s)", engine.Thousands(int(s.Oldest(i)/engine.Second)))
		now("NumberOfMessagesSent", engine.Thousands(int(q.Sent)))
		now("NumberOfMessagesDeleted", engine.Thousands(int(q.Deleted)))
	}
	return out
}

// logLines is how many lines of the functions' logs are shown.
const logLines = 40

// functionLog is what the functions have logged, as Lambda writes it: a line when an
// invocation begins, and its report. The newest last.
func functionLog(s *engine.Sim, h *timeline.History) []string {
	cfg := s.Config()
	var out []string
	for k := len(h.Log) - 1; k >= 0 && len(out) < logLines; k-- {
		e := &h.Log[k]
		switch e.Kind {
		case engine.KindInvoke:
			what := "records"
			if s.QueueOf(int(e.Mapping)) >= 0 {
				what = "messages"
			}
			if len(e.Records) == 1 {
				what = strings.TrimSuffix(what, "s")
			}
			span := ""
			if n := len(e.Records); n > 0 {
				span = " " + label(s, e, 0)
				if n > 1 {
					span += " to " + label(s, e, n-1)
				}
			}
			out = append(out, fmt.Sprintf("%9s  %s  START %d  %d %s%s from %s", e.At, cfg.Functions[e.Function].ID, e.Invocation, len(e.Records), what, span, cfg.Mappings[e.Mapping].ID))
		case engine.KindReturn:
			status := ""
			switch e.Outcome {
			case engine.OutcomeOK:
			case engine.OutcomePartial:
				status = "  returned batchItemFailures"
			case engine.OutcomeTimeout:
				status = fmt.Sprintf("  Status: timeout  Task timed out after %.2f seconds", e.At2.Seconds())
			default:
				status = "  Status: " + e.Outcome.String()
			}
			out = append(out, fmt.Sprintf("%9s  %s  REPORT %d  Duration: %d ms%s", e.At, cfg.Functions[e.Function].ID, e.Invocation, e.At2/engine.Millisecond, status))
		}
	}
	if len(out) == 0 {
		return []string{"No function was invoked: there is no log."}
	}
	slices.Reverse(out)
	return out
}

// label names a record of an event.
func label(s *engine.Sim, e *engine.Event, i int) string {
	if e.Source < 0 {
		return s.MessageLabel(e.Records[i])
	}
	return s.Label(e.Source, e.Records[i])
}

// settings are those of every resource that has some: name, value, and whether it is
// the default.
func settings(s *engine.Sim) []string {
	var out []string
	add := func(id string) {
		r, ok := s.SettingsOf(id)
		if !ok {
			return
		}
		out = append(out, r.Of.String()+" "+id)
		for _, row := range r.Rows() {
			v, held := row.Get(&r)
			if !held || row.Alias || row.Name == setting.Enabled {
				continue
			}
			note := ""
			if row.IsDefault(&r) {
				note = "  (default)"
			}
			out = append(out, "  "+row.FullName()+": "+row.Text(v)+note)
		}
	}
	cfg := s.Config()
	for i := range cfg.Mappings {
		add(cfg.Mappings[i].ID)
	}
	for i := range cfg.Streams {
		add(cfg.Streams[i].ID)
	}
	for i := range cfg.Queues {
		add(cfg.Queues[i].ID)
	}
	for i := range cfg.Functions {
		add(cfg.Functions[i].ID)
	}
	return out
}

// changes are what was changed so far: by whom it was changed does not matter.
func (p *Player) changes(s *engine.Sim) []string {
	n := narrate.Narrator{World: s}
	var out []string
	p.tl.Replay(0, func(_ *engine.Sim, e *engine.Event) bool {
		if e.Applied != nil {
			out = append(out, fmt.Sprintf("%9s  %s", e.At, n.Event(e)))
		}
		return true
	})
	if len(out) == 0 {
		return []string{"Nothing has been changed since the run began."}
	}
	return out
}
