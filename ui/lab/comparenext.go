package lab

import (
	"fmt"
	"slices"

	"esmlab/engine"
	"esmlab/engine/timeline"
)

// done is what a run did at one instant, as far as it can be seen: without the numbers of
// batches, which go their own ways once one was split.
type done struct {
	at   engine.Micros
	what []string
}

// did lists what a run did from an instant on, up to where it stands.
func (s *compareDialog) did(r *timeline.Run, from engine.Micros) (out []done) {
	r.Replay(from, func(_ *engine.Sim, e *engine.Event) bool {
		if e.Applied != nil || timeline.StopOf(e) == timeline.Raw || e.Mapping >= 0 && int(e.Mapping) != s.m.at {
			return true
		}
		if n := len(out); n == 0 || out[n-1].at != e.At {
			out = append(out, done{at: e.At})
		}
		last := &out[len(out)-1]
		last.what = append(last.what, fmt.Sprint(e.Kind, e.Shard, e.Queue, e.Attempt, e.Outcome, e.Records, e.Failed, e.Record))
		return true
	})
	for i := range out {
		slices.Sort(out[i].what)
	}
	return out
}

// differences are the instants from one on at which the runs do not do the same.
func (s *compareDialog) differences(from engine.Micros) (out []engine.Micros) {
	a, b := s.did(s.m.tl.Run, from), s.did(s.other, from)
	for len(a) > 0 || len(b) > 0 {
		switch {
		case len(b) == 0 || len(a) > 0 && a[0].at < b[0].at:
			out, a = append(out, a[0].at), a[1:]
		case len(a) == 0 || b[0].at < a[0].at:
			out, b = append(out, b[0].at), b[1:]
		default:
			if !slices.Equal(a[0].what, b[0].what) {
				out = append(out, a[0].at)
			}
			a, b = a[1:], b[1:]
		}
	}
	return out
}

// toDifference goes to the next instant, or back to the last one, at which the runs do
// not do the same. It looks through longer and longer stretches.
func (s *compareDialog) toDifference(back bool) {
	m := s.m
	m.setRunning(false)
	m.skipFrom, m.stepped = -1, true
	here := m.tl.Now()
	if back {
		for span := engine.Second; ; span *= 4 {
			from := max(0, here-span)
			for _, at := range slices.Backward(s.differences(from)) {
				if at < here {
					m.seek(at)
					return
				}
			}
			if from == 0 {
				s.none = "no difference before this"
				return
			}
		}
	}
	end := max(m.tl.Newest(), m.sim().Config().For)
	for from, span := here+1, engine.Second; from <= end; span = min(span*2, engine.Minute) {
		m.seek(min(end, from+span))
		s.look()
		if list := s.differences(from); len(list) > 0 {
			m.seek(list[0])
			return
		}
		from = m.tl.Now() + 1
	}
	m.seek(here)
	s.none = "no difference after this"
}
