package plain

import (
	"bytes"
	"encoding/json"
	"slices"
	"strconv"
	"strings"

	"esmlab/engine"
	"esmlab/engine/inspect"
	"esmlab/engine/printable"
	"esmlab/engine/rule"
	"esmlab/engine/scenario"
	"esmlab/engine/setting"
	"esmlab/engine/template"
	"esmlab/engine/timeline"
	"esmlab/lessons"
	"esmlab/ui/kit"
)

// This file is how a person looks at a run in lines, and at what can be done.

// view is the simulation and its history as they may be looked at.
func (l *linear) view() (*engine.Sim, *timeline.History) {
	if l.p.HidesCause() {
		return l.tl.Redacted()
	}
	return l.tl.Sim(), l.tl.History()
}

// asked is why nothing may be explained while a question is open; "" none is.
func (l *linear) asked() string {
	if l.p.Step().Kind == lessons.Predict && !l.p.StepDone() {
		return "A question is open: say what you expect first"
	}
	return ""
}

// mappings lists the mappings, and says which one names without a resource belong to.
func (l *linear) mappings() {
	for i, m := range l.tl.Sim().Config().Mappings {
		mark := " "
		if i == l.at {
			mark = "*"
		}
		l.print("%s %s: %s → %s\n", mark, m.ID, m.Source, m.Function)
	}
	l.print("A setting without a name in front is that of *; mapping NAME chooses another.\n")
}

// mapping chooses a mapping by its name, or the next one.
func (l *linear) mapping(args []string) {
	name := strings.Join(args, " ")
	var names []string
	for i, m := range l.tl.Sim().Config().Mappings {
		names = append(names, m.ID)
		if m.ID == name {
			l.at = i
		}
	}
	switch {
	case name == "":
		l.at = (l.at + 1) % max(1, len(names))
	case !slices.Contains(names, name):
		l.print("There is no mapping %s (%s).\n", printable.Line(name), template.OneOf(name, names))
		return
	}
	l.mappings()
}

// show writes evidence: the alarm, metrics, the log, settings, changes.
func (l *linear) show(args []string) {
	kind := strings.Join(args, " ")
	list := l.p.Evidence(kind)
	if list == nil {
		l.print("There is no %s to show (%s).\n", printable.Line(strconv.Quote(kind)), template.OneOf(kind, lessons.EvidenceKinds))
		return
	}
	if why := l.asked(); why != "" && kind != "settings" && kind != "changes" {
		l.print("%s.\n", why)
		return
	}
	for _, line := range list {
		l.print("%s\n", printable.Line(line))
	}
}

// alarm sets an alarm, and says when it would have rung. Without arguments `alarm` is
// what show takes.
func (l *linear) alarm(args []string) {
	if why := l.asked(); why != "" {
		l.print("%s.\n", why)
		return
	}
	lines, err := l.p.SetAlarm(strings.Join(args, " "))
	if err != nil {
		l.print("%s.\n", printable.Line(err.Error()))
		return
	}
	for _, line := range lines {
		l.print("%s\n", printable.Line(line))
	}
	l.p.Try()
	if l.p.Lost() != nil || l.p.StepDone() {
		l.screen()
	}
}

// evidence says what can be shown.
func (l *linear) evidence() {
	for _, kind := range lessons.EvidenceKinds {
		l.print("show %s\n", kind)
	}
}

// why explains what happened last.
func (l *linear) why() {
	if why := l.asked(); why != "" {
		l.print("%s.\n", why)
		return
	}
	s, h := l.view()
	for i := len(h.Log) - 1; i >= 0; i-- {
		w := inspect.OfEvent(s, h.Log, i)
		if w == nil {
			continue
		}
		l.print("At second %s: %s\n", w.At, printable.Line(w.Statement))
		if r, ok := rule.Find(w.Rule); ok {
			for _, line := range kit.Wrap(r.Statement, 78) {
				l.print("%s\n", line)
			}
			l.print("%s · %s · %s\n", r.ID, r.Confidence, r.Source)
		}
		if len(w.Values) > 0 {
			l.print("%s\n", printable.Line(strings.Join(w.Values, " · ")))
		}
		return
	}
	l.print("Nothing has happened yet.\n")
}

// event writes the JSON that the function of the chosen mapping got last.
func (l *linear) event(args []string) {
	if why := l.asked(); why != "" {
		l.print("%s.\n", why)
		return
	}
	s, h := l.view()
	n, _ := strconv.Atoi(strings.Join(args, ""))
	for i := len(h.Log) - 1; i >= 0; i-- {
		e := &h.Log[i]
		if e.Kind != engine.KindInvoke || int(e.Mapping) != l.at || n > 0 && int(e.Invocation) != n {
			continue
		}
		given := inspect.Given(s, e)
		if given == nil {
			l.print("What it was given is no longer in memory.\n")
			return
		}
		var text bytes.Buffer
		_ = json.Indent(&text, given, "", "  ") // it is JSON
		for line := range strings.Lines(text.String()) {
			l.print("%s\n", printable.Line(strings.TrimRight(line, "\n")))
		}
		return
	}
	l.print("The function was not invoked yet.\n")
}

// seek goes to an instant that has passed, and says what stands there.
func (l *linear) seek(args []string) {
	at, ok := scenario.Duration(strings.Join(args, ""))
	switch {
	case !ok:
		l.print("%s is not an instant, such as 20s.\n", printable.Line(strconv.Quote(strings.Join(args, " "))))
	case at > l.tl.Newest():
		l.print("The run has come to second %s.\n", l.tl.Newest())
	case l.asked() != "":
		l.print("%s.\n", l.asked())
	default:
		l.tl.Seek(at)
		l.p.Update()
		l.screen()
		l.show([]string{"metrics"})
	}
}

// compare says what differs from the run without the person's commands.
func (l *linear) compare() {
	if why := l.asked(); why != "" {
		l.print("%s.\n", why)
		return
	}
	base := l.tl.CompareWith(l.tl.Baseline())
	defer l.tl.Alone()
	c := inspect.Compare(l.tl.Run, base, l.at)
	if c.Equal() {
		l.print("Without your commands the run would be the same.\n")
		return
	}
	l.print("Your run, and without your commands:\n")
	for _, r := range c.Rows {
		l.print("%-40s %12s %12s\n", printable.Line(r.Name), r.A, r.B)
	}
}

// menu lists what can be done to what the chosen mapping reads and calls, as it is
// typed.
func (l *linear) menu() {
	s := l.tl.Sim()
	cfg := s.Config()
	m := cfg.Mappings[min(l.at, len(cfg.Mappings)-1)]
	say := func(c engine.Command) { l.print("%s\n", Typed(&c)) }
	mp := &s.Mappings[min(l.at, len(cfg.Mappings)-1)]
	if denied := mp.Denied(); len(denied) > 0 {
		say(engine.Command{Op: engine.OpAllow, Target: m.ID, Actions: denied})
	}
	if mp.State == engine.Disabled {
		say(engine.Command{Op: engine.OpEnable, Target: m.ID})
	} else {
		say(engine.Command{Op: engine.OpDisable, Target: m.ID})
		say(engine.Command{Op: engine.OpRestart, Target: m.ID})
	}
	for _, q := range cfg.Queues {
		if q.ID == m.Source && s.Queues[s.QueueIndex(q.ID)].DeadLetterQueue != "" {
			say(engine.Command{Op: engine.OpRedrive, Target: s.Queues[s.QueueIndex(q.ID)].DeadLetterQueue})
		}
		if q.ID == m.Source {
			say(engine.Command{Op: engine.OpPurge, Target: q.ID})
		}
	}
	for _, st := range cfg.Streams {
		if st.ID == m.Source {
			say(engine.Command{Op: engine.OpSplit, Target: st.ID, Shards: []int{0}})
		}
	}
	for _, id := range []string{m.ID, m.Source, m.Function} {
		r, ok := s.SettingsOf(id)
		if !ok {
			continue
		}
		for _, row := range r.Rows() {
			if v, held := row.Get(&r); held && !row.Alias && row.Name != setting.Enabled {
				l.print("%s=%s\n", id+"."+row.FullName(), printable.Line(row.Typed(v)))
			}
		}
	}
}
