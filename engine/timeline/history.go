package timeline

import (
	"slices"

	"esmlab/engine"
	"esmlab/engine/internal/cow"
)

// Bounds of what a history remembers.
const (
	maxLog     = 2000
	maxListed  = 1 << 20 // records in the lists of the log's events
	maxMarks   = 2048
	maxBuckets = 512
	// FirstBucket is the initial width of a chart's bucket, FirstMark that of a
	// mark of the slider.
	FirstBucket = 250 * engine.Millisecond
	FirstMark   = 50 * engine.Millisecond
)

// History is what led to an instant, in bounded memory: the newest events other
// than puts and reads, and charts.
type History struct {
	Log    []engine.Event // oldest first; at most twice maxLog, fewer if they have long lists
	Charts []Chart        // by mapping
	// Own are the numbers of the events of this history's commands, as opposed
	// to the steps of the scenario.
	Own []int64

	logged int64 // number of events that were ever in Log
	listed int   // records in the lists of Log
	stops  stops
}

// Bucket is one bar of a chart.
type Bucket struct {
	Invocations int64 // that began in it
	Failed      int64 // those of them that failed, at least in part
}

// Chart holds what happened in a mapping by time.
type Chart struct {
	Width   engine.Micros // of a bucket; doubles when there are too many
	Buckets cow.List[Bucket]
	marks   marks
	lanes   lanes
}

// stops counts the changes of each kind by which time can be stepped.
type stops struct{ raw, visible, cause int64 }

func (s *stops) of(kind Stop) int64 {
	switch {
	case kind&Raw != 0:
		return s.raw
	case kind&Visible != 0:
		return s.visible
	}
	return s.cause
}

func newHistory(mappings int) History {
	t := History{}
	t.grow(mappings)
	return t
}

// grow makes charts for mappings that a deployment has made.
func (t *History) grow(mappings int) {
	for len(t.Charts) < mappings {
		c := Chart{Width: FirstBucket}
		c.marks.width, c.lanes.width = FirstMark, FirstCell
		t.Charts = append(t.Charts, c)
	}
}

// charts copies the history without its log.
func (t *History) charts() History {
	c := *t
	c.Log, c.Charts, c.Own = nil, slices.Clone(t.Charts), slices.Clip(t.Own)
	for i := range c.Charts {
		c.Charts[i].Buckets = t.Charts[i].Buckets.Clone()
		c.Charts[i].marks.at = slices.Clone(t.Charts[i].marks.at)
		c.Charts[i].lanes = t.Charts[i].lanes.clone()
	}
	return c
}

// fork copies the history; both share the log, which only grows at its end.
func (t *History) fork() History {
	c := t.charts()
	c.Log = slices.Clip(t.Log)
	return c
}

// upTo returns the log up to an earlier position; nil if it does not reach back
// that far.
func (t *History) upTo(emitted, current int64) []engine.Event {
	if emitted > current || len(t.Log) == 0 || t.Log[0].N > emitted {
		return nil
	}
	n := len(t.Log)
	for n > 0 && t.Log[n-1].N > emitted {
		n--
	}
	return t.Log[:n:n]
}

// own records the events of a command that was just carried out.
func (t *History) own(events []engine.Event) {
	for i := range events {
		if events[i].Applied != nil {
			t.Own = append(t.Own, events[i].N)
		}
	}
}

// listedIn counts the records in an event's lists.
func listedIn(e *engine.Event) int {
	return len(e.Records) + len(e.Failed) + len(e.Receives()) // a split lists what a batch listed before
}

// begins makes a log the history's: what led here.
func (t *History) begins(log []engine.Event) {
	t.Log, t.listed = log, 0
	for i := range log {
		t.listed += listedIn(&log[i])
	}
}

func (t *History) count(s Stop) {
	t.stops.raw++
	if s&Visible != 0 {
		t.stops.visible++
	}
	if s&Cause != 0 {
		t.stops.cause++
	}
}

func (t *History) add(e *engine.Event) {
	if StopOf(e) == Raw {
		return
	}
	if len(t.Log) >= 2*maxLog || t.listed >= maxListed {
		from, listed := len(t.Log), 0
		for from > 0 && len(t.Log)-from < maxLog && listed < maxListed/2 {
			from--
			listed += listedIn(&t.Log[from])
		}
		t.Log, t.listed = append(make([]engine.Event, 0, 2*maxLog), t.Log[from:]...), listed
	}
	t.Log = append(t.Log, *e)
	t.listed += listedIn(e)
	t.logged++
	if m := markOf(e); m != 0 {
		for i := range t.Charts { // an event without a mapping, such as a redrive, concerns all
			if e.Mapping < 0 || int(e.Mapping) == i {
				t.Charts[i].marks.add(e.At, m)
			}
		}
	}
	switch e.Kind {
	case engine.KindInvoke:
		t.Charts[e.Mapping].at(e.At).Invocations++
	case engine.KindReturn:
		if e.Outcome != engine.OutcomeOK {
			t.Charts[e.Mapping].at(e.At-e.At2).Failed++
		}
	}
}

func (c *Chart) at(t engine.Micros) *Bucket {
	for int(t/c.Width) >= maxBuckets {
		c.halve()
	}
	i := int(t / c.Width)
	for c.Buckets.Len() <= i {
		c.Buckets.Append(Bucket{})
	}
	return c.Buckets.Mut(i)
}

// halve merges buckets in pairs.
func (c *Chart) halve() {
	c.Width *= 2
	var half cow.List[Bucket]
	for i := 0; i < c.Buckets.Len(); i += 2 {
		b := *c.Buckets.At(i)
		if i+1 < c.Buckets.Len() {
			o := c.Buckets.At(i + 1)
			b.Invocations += o.Invocations
			b.Failed += o.Failed
		}
		half.Append(b)
	}
	c.Buckets = half
}

// follow records in the lanes what the events of a step did.
func (t *History) follow(s *engine.Sim, events []engine.Event) {
	for mi := range t.Charts {
		l := &t.Charts[mi].lanes
		l.follow(s, mi, events)
		for i := range events {
			l.see(s, mi, &events[i])
		}
	}
}

// gauge records the state in the cells that end before the next step: nothing has
// changed since the last one.
func (t *History) gauge(s *engine.Sim, next engine.Micros) {
	for mi := range t.Charts {
		t.Charts[mi].lanes.upTo(s, mi, next)
	}
}
