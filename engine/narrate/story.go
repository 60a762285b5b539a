package narrate

import (
	"cmp"
	"slices"

	"esmlab/engine"
	"esmlab/engine/rule"
)

// Story tells a run from the beginning: a line for each event that does not go
// as planned, and one line for any number of events that do.
type Story struct {
	n       *Narrator
	tell    func(at engine.Micros, by rule.ID, text string)
	instant []engine.Event // held back: what they led to may follow
	sums    []sum
	losses  Losses
	idle    map[int32]bool // mappings that do not read
}

// sum counts events of one cause since the last line.
type sum struct {
	first, last engine.Event
	after       after
	n, records  int
}

// NewStory begins a story. It hands each line to tell, with the rule that decided
// it; a command has none.
func (n *Narrator) NewStory(tell func(at engine.Micros, by rule.ID, text string)) *Story {
	return &Story{n: n, tell: tell, idle: map[int32]bool{}}
}

// Add takes the events that come next, in any portions.
func (s *Story) Add(events []engine.Event) {
	for i := range events {
		if len(s.instant) > 0 && s.instant[0].At != events[i].At {
			s.settle()
		}
		s.instant = append(s.instant, events[i])
	}
}

// Flush tells everything held back.
func (s *Story) Flush() {
	s.settle()
	s.total()
}

// settle tells the events of an instant.
func (s *Story) settle() {
	for i := range s.instant {
		e := &s.instant[i]
		s.note(e)
		if !inStory(e) || e.Kind == engine.KindWait && s.idle[e.Mapping] {
			continue
		}
		a := after{}
		if e.Kind == engine.KindReturn {
			if a = following(s.instant, i); unsure(e, &a) {
				a.fates = fatesOf(e, s.losses.newest)
			}
		}
		if summed(e, &a) {
			s.add(e, &a)
			continue
		}
		s.total()
		s.say(e, &a)
	}
	s.instant = s.instant[:0]
}

// note keeps what later events do not say.
func (s *Story) note(e *engine.Event) {
	if e.Kind == engine.KindState {
		s.idle[e.Mapping] = !reads(e.State)
	}
	s.losses.Note(e)
}

func (s *Story) say(e *engine.Event, a *after) {
	f := s.n.facts(e)
	f.after = *a
	by := e.Rule
	if e.Kind == engine.KindReturn && e.Outcome == engine.OutcomeOK && a.rule != "" {
		by = a.rule
	}
	s.tell(e.At, by, sentences[e.Kind](&f))
}

// inStory reports whether a story tells an event: not what goes as planned, and
// not what the next event says better.
func inStory(e *engine.Event) bool {
	queue := e.Source < 0 && e.Applied == nil
	switch e.Kind {
	case engine.KindPut:
		return e.Rule == rule.PutAgain || e.Rule == rule.PutTwice
	case engine.KindPoll, engine.KindBatch, engine.KindInvoke:
		return false
	case engine.KindFront:
		return e.Why != engine.WhySent || e.Rule == rule.S3Test
	case engine.KindCheckpoint:
		return Lost(e)
	case engine.KindRetry:
		return !queue
	case engine.KindReceive:
		return len(e.Receives()) > 0 && slices.Max(e.Receives()) > 1
	case engine.KindReappear:
		_, odd := back[e.Rule]
		return odd
	case engine.KindAct: // what goes as planned is counted (Effect)
		return e.Act != engine.ActCall && e.Act != engine.ActSend || e.Why != engine.WhyNone || e.Times > 1
	case engine.KindDelete:
		return e.Why == engine.WhyPurged || e.Why == engine.WhyRemoved
	}
	return true
}

// summed reports whether events like this one are counted in one line.
func summed(e *engine.Event, a *after) bool {
	switch e.Kind {
	case engine.KindReturn:
		return e.Outcome == engine.OutcomeOK && !a.kept && (e.Window() == nil || !e.Window().Final) && (e.Source >= 0 || len(a.deleted) == len(e.Records))
	case engine.KindThrottle, engine.KindScale, engine.KindDedup, engine.KindFilter, engine.KindReject:
		return e.Source < 0
	case engine.KindPut:
		return true
	case engine.KindTaken:
		return slices.Max(e.Receives()) == 1
	case engine.KindMove:
		return e.Mapping < 0
	case engine.KindAct:
		return e.Why != engine.WhyNone || e.Act == engine.ActVisibility && e.Visibility > 0
	}
	return false
}

// sameCause reports whether an event belongs to a sum.
func sameCause(a *sum, e *engine.Event, then *after) bool {
	o := &a.first
	switch {
	case o.Kind != e.Kind || o.Mapping != e.Mapping || (o.Source < 0) != (e.Source < 0):
		return false
	case e.Kind == engine.KindReturn:
		return (a.after.checkpoint != 0) == (then.checkpoint != 0)
	}
	return o.Act == e.Act && o.Rule == e.Rule && o.Why == e.Why && o.Queue == e.Queue && o.Function == e.Function && (o.To == e.To || e.Kind == engine.KindScale)
}

func (s *Story) add(e *engine.Event, a *after) {
	i := slices.IndexFunc(s.sums, func(t sum) bool { return sameCause(&t, e, a) })
	if i < 0 {
		i = len(s.sums)
		s.sums = append(s.sums, sum{first: *e, after: *a})
	}
	t := &s.sums[i]
	t.last, t.after = *e, *a
	t.n++
	t.records += len(e.Records)
}

// total tells the sums, in the order of their last events.
func (s *Story) total() {
	slices.SortStableFunc(s.sums, func(a, b sum) int { return cmp.Compare(a.last.At, b.last.At) })
	for i := range s.sums {
		t := &s.sums[i]
		if t.n == 1 {
			s.say(&t.last, &t.after)
			continue
		}
		by := t.last.Rule
		if t.last.Kind == engine.KindReturn && t.after.rule != "" {
			by = rule.MapCheckpoint
			if t.last.Source < 0 {
				by = rule.SqsDelete
			}
		}
		f := s.n.facts(&t.first)
		s.tell(t.last.At, by, t.text(&f))
	}
	s.sums = s.sums[:0]
}

// text is the line for several events of one cause.
func (t *sum) text(f *facts) string {
	e := &t.first
	what := count(t.records, what(e))
	switch e.Kind {
	case engine.KindReturn:
		text := count(t.n, "batch") + f.of + " done"
		switch {
		case e.Source < 0:
			return text + ": their " + what + pick(t.records, " is", " are") + " deleted"
		case t.after.checkpoint != 0:
			return text + ": their checkpoints move"
		case e.Lanes > 1:
			return text + "; earlier records are not: the checkpoint stays"
		}
		return text
	case engine.KindThrottle:
		text := count(t.n, "try") + f.of + " did not reach " + f.function + ": "
		if e.Rule == rule.FnRemoved {
			return text + "the function is deleted"
		}
		return text + "throttled; the messages stay hidden"
	case engine.KindScale:
		return scaled(f, &t.last)
	case engine.KindDedup:
		return what + " to " + f.queue + " dropped as duplicates: the same deduplication ID within 5 minutes"
	case engine.KindFilter:
		return what + " filtered out" + f.by + ": " + f.filtered()
	case engine.KindPut:
		if e.Rule == rule.PutTwice {
			return count(t.n, "put") + " to " + f.source + " a second time, since the answers were lost"
		}
		return count(t.n, "put") + " to " + f.source + " again of what was refused"
	case engine.KindTaken:
		return f.cf.Taker(e) + " receives " + what + " from " + f.queue
	case engine.KindAct:
		return t.acted(f, what)
	case engine.KindMove:
		return what + " go from " + f.queue + " to " + f.cf.Queues[e.To].ID + " as new"
	}
	return f.queue + " rejects " + what + ": " + e.Why.String()
}
