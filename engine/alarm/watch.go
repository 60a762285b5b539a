package alarm

import (
	"slices"

	"esmlab/engine"
)

// Watch follows a run from second 0 on with one alarm.
type Watch struct {
	a       *Alarm
	mark    engine.Micros // the end of the minute under way
	now     int64         // the metric's value
	began   int64         // a count's value when the minute began
	top     int64         // a peak's highest in the minute
	data    bool          // the peak has a value
	news    int64         // what the peak's value came with
	period  []float64     // data points of the period under way
	inRow   int           // periods that breached one after the other
	rings   bool
	changes []Change
}

// NewWatch is a watch of a run that has not begun.
func NewWatch(a *Alarm) *Watch {
	w := &Watch{a: a, mark: Minute}
	if a.metric.shape == since {
		w.now = int64(engine.Never)
	}
	return w
}

// Look takes in the simulation right after a step of it.
func (w *Watch) Look(s *engine.Sim) {
	w.until(s.Now())
	m := w.a.metric
	w.now = m.value(s, w.a.index)
	if m.shape != peak {
		return
	}
	if m.news != nil {
		if n := m.news(s, w.a.index); n == w.news {
			return
		} else {
			w.news = n
		}
	}
	w.top, w.data = max(w.top, w.now), true
}

// Changes are those up to an instant before which nothing more happens than the watch has
// seen.
func (w *Watch) Changes(now engine.Micros) []Change {
	c := *w
	c.period, c.changes = slices.Clone(w.period), slices.Clip(w.changes)
	c.until(now)
	return c.changes
}

// until ends the minutes that are over at an instant.
func (w *Watch) until(now engine.Micros) {
	for ; w.mark <= now; w.mark += Minute {
		if v, ok := w.point(); ok {
			w.period = append(w.period, v)
		}
		if w.mark%w.a.Period == 0 {
			w.judge()
		}
	}
}

// point is the data point of the minute that ends; false: there is none.
func (w *Watch) point() (v float64, ok bool) {
	switch w.a.metric.shape {
	case count:
		v, w.began = float64(w.now-w.began), w.now
	case gauge:
		v = float64(w.now)
	case since:
		if at := engine.Micros(w.now); at != engine.Never {
			v = float64((w.mark - at) / engine.Second)
		}
	default:
		v, ok = float64(w.top), w.data
		if w.top, w.data = 0, false; w.a.metric.news == nil { // it goes on
			w.top, w.data, ok = w.now, true, true
		}
		return v, ok
	}
	return v, true
}

// judge ends a period.
func (w *Watch) judge() {
	var v float64
	if len(w.period) > 0 {
		switch w.a.Statistic {
		case "Sum":
			for _, x := range w.period {
				v += x
			}
		case "Minimum":
			v = slices.Min(w.period)
		default:
			v = slices.Max(w.period)
		}
	}
	if len(w.period) > 0 && w.a.breaches(v) {
		w.inRow++
	} else {
		w.inRow = 0
	}
	w.period = nil
	if rings := w.inRow >= w.a.Periods; rings != w.rings {
		w.rings = rings
		w.changes = append(w.changes, Change{w.mark, rings, v})
	}
}
