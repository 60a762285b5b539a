package timeline

import (
	"slices"

	"esmlab/engine"
)

// Bounds of what a trail remembers.
const (
	maxLog     = 2000
	maxMarks   = 2048
	maxBuckets = 512
	// FirstBucket is how long a bucket of the charts is at first, FirstMark a
	// place of the slider's marks.
	FirstBucket = 2 * engine.Second
	FirstMark   = 50 * engine.Millisecond
)

// Trail is what led to an instant, in bounded memory: the newest events that
// are more than a put or a read, and charts.
type Trail struct {
	Log    []engine.Event // oldest first; at most twice maxLog
	Charts []Chart        // by mapping
	// Own are the numbers of the events that tell of this history's deeds, as
	// against the steps of the scenario.
	Own []int64

	logged int64 // events that were ever in Log
	stops  stops
}

// Bucket is one bar of a chart.
type Bucket struct {
	Invocations, Errors, Throttles int64
	Age                            engine.Micros // largest IteratorAge
}

// Chart holds what happened in a mapping by time.
type Chart struct {
	Width   engine.Micros // of a bucket; doubles when there are too many
	Buckets engine.List[Bucket]
	marks   marks
}

// stops counts the changes of each kind that time can be stepped by.
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

func newTrail(mappings int) Trail {
	t := Trail{Charts: make([]Chart, mappings)}
	for i := range t.Charts {
		t.Charts[i].Width = FirstBucket
		t.Charts[i].marks.width = FirstMark
	}
	return t
}

// charts copies the trail without its log.
func (t *Trail) charts() Trail {
	c := *t
	c.Log, c.Charts, c.Own = nil, slices.Clone(t.Charts), slices.Clip(t.Own)
	for i := range c.Charts {
		c.Charts[i].Buckets = t.Charts[i].Buckets.Clone()
		c.Charts[i].marks.at = slices.Clone(t.Charts[i].marks.at)
	}
	return c
}

// fork copies the trail; both share the log, which only grows at its end.
func (t *Trail) fork() Trail {
	c := t.charts()
	c.Log = slices.Clip(t.Log)
	return c
}

// upTo gives the log up to a place that lies before the current one; nil where
// it does not reach that far back.
func (t *Trail) upTo(emitted, current int64) []engine.Event {
	if emitted > current || len(t.Log) == 0 || t.Log[0].N > emitted {
		return nil
	}
	n := len(t.Log)
	for n > 0 && t.Log[n-1].N > emitted {
		n--
	}
	return t.Log[:n:n]
}

// own notes the events of a deed that was just carried out.
func (t *Trail) own(events []engine.Event) {
	for i := range events {
		if events[i].Person != nil {
			t.Own = append(t.Own, events[i].N)
		}
	}
}

func (t *Trail) count(s Stop) {
	t.stops.raw++
	if s&Visible != 0 {
		t.stops.visible++
	}
	if s&Cause != 0 {
		t.stops.cause++
	}
}

func (t *Trail) add(s *engine.Sim, e *engine.Event) {
	if StopOf(e) == Raw {
		return
	}
	if len(t.Log) >= 2*maxLog {
		t.Log = append(make([]engine.Event, 0, 2*maxLog), t.Log[len(t.Log)-maxLog:]...)
	}
	t.Log = append(t.Log, *e)
	t.logged++
	if m := markOf(e); m != 0 {
		for i := range t.Charts { // what no mapping did, as a redrive, concerns all
			if e.Mapping < 0 || int(e.Mapping) == i {
				t.Charts[i].marks.add(e.At, m)
			}
		}
	}
	switch e.Kind {
	case engine.KindInvoke:
		b := t.Charts[e.Mapping].at(e.At)
		b.Invocations++
		if n := len(e.Records); n > 0 && e.Source >= 0 { // the end of a tumbling window has none, a queue no IteratorAge
			b.Age = max(b.Age, e.At-s.Streams[e.Source].Records.At(int(e.Records[n-1])-1).At)
		}
	case engine.KindThrottle:
		t.Charts[e.Mapping].at(e.At).Throttles++
	case engine.KindReturn:
		switch e.Outcome {
		case engine.OutcomeError, engine.OutcomeTimeout, engine.OutcomeCrash:
			t.Charts[e.Mapping].at(e.At).Errors++
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

// halve joins buckets in pairs.
func (c *Chart) halve() {
	c.Width *= 2
	var half engine.List[Bucket]
	for i := 0; i < c.Buckets.Len(); i += 2 {
		b := *c.Buckets.At(i)
		if i+1 < c.Buckets.Len() {
			o := c.Buckets.At(i + 1)
			b.Invocations += o.Invocations
			b.Errors += o.Errors
			b.Throttles += o.Throttles
			b.Age = max(b.Age, o.Age)
		}
		half.Append(b)
	}
	c.Buckets = half
}

// Last gives the newest n buckets up to an instant, oldest first.
func (c *Chart) Last(now engine.Micros, n int) []Bucket {
	out := make([]Bucket, n)
	end := int(now / c.Width)
	for i := range out {
		if k := end - n + 1 + i; k >= 0 && k < c.Buckets.Len() {
			out[i] = *c.Buckets.At(k)
		}
	}
	return out
}
