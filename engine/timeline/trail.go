package timeline

import (
	"slices"

	"esmlab/engine"
)

// Bounds of what a trail remembers.
const (
	maxLog     = 2000
	maxFails   = 2048
	maxBuckets = 512
	// FirstBucket is how long a bucket of the charts is at first.
	FirstBucket = 2 * engine.Second
)

// Trail is what led to an instant, in bounded memory: the newest events that
// are more than a put or a read, and charts.
type Trail struct {
	Log    []engine.Event // oldest first; at most twice maxLog
	Charts []Chart        // by mapping
	// Own are the numbers of the events that tell of this history's deeds, as
	// against the steps of the scenario.
	Own []int64
}

// Bucket is one bar of a chart.
type Bucket struct {
	Invocations, Errors, Throttles int64
	Age                            engine.Micros // largest IteratorAge
}

// Chart holds what happened in a mapping by time, and when batches failed.
type Chart struct {
	Width   engine.Micros // of a bucket; doubles when there are too many
	Buckets []Bucket
	Fails   []engine.Micros
}

func newTrail(mappings int) Trail {
	t := Trail{Charts: make([]Chart, mappings)}
	for i := range t.Charts {
		t.Charts[i].Width = FirstBucket
	}
	return t
}

// clone copies the charts and shares the log, which only grows at its end.
func (t *Trail) clone() Trail {
	c := Trail{Log: slices.Clip(t.Log), Charts: slices.Clone(t.Charts), Own: slices.Clip(t.Own)}
	for i := range c.Charts {
		c.Charts[i].Buckets = slices.Clone(c.Charts[i].Buckets)
		c.Charts[i].Fails = slices.Clone(c.Charts[i].Fails)
	}
	return c
}

func (t *Trail) add(s *engine.Sim, e *engine.Event) {
	if e.Kind == engine.KindPut || e.Kind == engine.KindPoll {
		return
	}
	if len(t.Log) >= 2*maxLog {
		t.Log = append(make([]engine.Event, 0, 2*maxLog), t.Log[len(t.Log)-maxLog:]...)
	}
	t.Log = append(t.Log, *e)
	switch e.Kind {
	case engine.KindInvoke:
		b := t.Charts[e.Mapping].at(e.At)
		b.Invocations++
		if n := len(e.Records); n > 0 { // the end of a tumbling window has none
			last := s.Streams[e.Source].Records.At(int(e.Records[n-1]) - 1)
			b.Age = max(b.Age, e.At-last.At)
		}
	case engine.KindThrottle:
		t.Charts[e.Mapping].at(e.At).Throttles++
		t.Charts[e.Mapping].fail(e.At)
	case engine.KindReturn:
		c := &t.Charts[e.Mapping]
		switch e.Outcome {
		case engine.OutcomeError, engine.OutcomeTimeout, engine.OutcomeCrash:
			c.at(e.At).Errors++
			c.fail(e.At)
		case engine.OutcomePartial, engine.OutcomeBadReply:
			c.fail(e.At)
		}
	}
}

func (c *Chart) at(t engine.Micros) *Bucket {
	for int(t/c.Width) >= maxBuckets {
		c.halve()
	}
	i := int(t / c.Width)
	for len(c.Buckets) <= i {
		c.Buckets = append(c.Buckets, Bucket{})
	}
	return &c.Buckets[i]
}

// halve joins buckets in pairs.
func (c *Chart) halve() {
	c.Width *= 2
	n := (len(c.Buckets) + 1) / 2
	for i := range n {
		b := c.Buckets[2*i]
		if 2*i+1 < len(c.Buckets) {
			o := c.Buckets[2*i+1]
			b.Invocations += o.Invocations
			b.Errors += o.Errors
			b.Throttles += o.Throttles
			b.Age = max(b.Age, o.Age)
		}
		c.Buckets[i] = b
	}
	c.Buckets = c.Buckets[:n]
}

// fail remembers when a batch failed. When there are too many, every other
// one goes.
func (c *Chart) fail(at engine.Micros) {
	if len(c.Fails) == maxFails {
		for i := range maxFails / 2 {
			c.Fails[i] = c.Fails[2*i]
		}
		c.Fails = c.Fails[:maxFails/2]
	}
	c.Fails = append(c.Fails, at)
}

// Last gives the newest n buckets up to an instant, oldest first.
func (c *Chart) Last(now engine.Micros, n int) []Bucket {
	out := make([]Bucket, n)
	end := int(now / c.Width)
	for i := range out {
		if k := end - n + 1 + i; k >= 0 && k < len(c.Buckets) {
			out[i] = c.Buckets[k]
		}
	}
	return out
}
