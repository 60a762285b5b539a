package flow

import (
	"math"
	"time"

	"esmlab/engine"
	"esmlab/ui/kit"
)

// step is a stretch that records move over, or something that is marked where it
// happens.
type step uint8

// The stretches.
const (
	polled   step = iota // from where they wait to the iterator, or to a poller
	handed               // from the batch to the function
	finished             // from the function to what is done
	failed               // from the function back to the batch
	givenUp              // from the batch to where failures go
	split                // a batch parts in two
	locked               // a shard or a message group is blocked; nothing moves
	numSteps
)

// table says how long each takes on the wall, and how it gains and loses speed.
var table = [numSteps]struct {
	takes time.Duration
	curve func(float64) float64
}{
	polled:   {200 * time.Millisecond, outCubic},
	handed:   {400 * time.Millisecond, outCubic},
	finished: {250 * time.Millisecond, outCubic},
	failed:   {300 * time.Millisecond, inOutCubic},
	givenUp:  {500 * time.Millisecond, inOutCubic},
	split:    {300 * time.Millisecond, outCubic},
	locked:   {0, outCubic},
}

func outCubic(x float64) float64 { return 1 - math.Pow(1-x, 3) }

func inOutCubic(x float64) float64 {
	if x < 0.5 {
		return 4 * x * x * x
	}
	return 1 - math.Pow(2-2*x, 3)/2
}

// spring is how far a bar's length is from its goal, of 1 at the start: critically
// damped, ω 16 a second, so that it is there after about 415 ms.
func spring(since time.Duration) float64 {
	t := 16 * since.Seconds()
	return (1 + t) * math.Exp(-t)
}

const (
	// seen is how long at least a batch, a try that failed, a discard or a lock is
	// in sight, however fast time runs.
	seen = 400 * time.Millisecond
	// shortest is the shortest travel that eyes can follow: two frames.
	shortest = 66 * time.Millisecond
	// crowd is how many hand-overs a second are too many to be followed one by one.
	crowd = 6
	// dash is how long the dashes of a belt stay in a cell.
	dash = time.Second / 15
	// settles is when a bar's length is within half a cell of its goal.
	settles = 415 * time.Millisecond
)

// moved is an event on its way over a stretch. Where it is follows from it, from when
// it began on the wall, and from now.
type moved struct {
	what    step
	key     int32     // the shard, or the message group
	n       int       // records
	at      time.Time // zero: with the next frame
	travels time.Duration
	took    engine.Micros // failed, finished: the invocation
	of      string        // failed: the record that is to blame, X22; "" it was throttled
	// as it was last drawn: its column, and the stretch that it is on; none if it was not
	drawn         bool
	col, from, to int
}

// leaps reports whether it is now so many cells from where it was last drawn.
func (m *moved) leaps(now time.Time, cells int) bool {
	if !m.under(now) || !now.After(m.at) {
		return false
	}
	gone := m.column(now) - m.col
	return !m.drawn || max(gone, -gone) >= cells
}

// column is where it stands on its stretch.
func (m *moved) column(now time.Time) int {
	return m.from + int(math.Round(m.place(now)*float64(m.to-m.from)))
}

// place is how far it has come, from 0 to 1; 1 is there.
func (m *moved) place(now time.Time) float64 {
	switch {
	case m.travels == 0:
		return 1
	case m.at.IsZero():
		return 0
	}
	x := float64(now.Sub(m.at)) / float64(m.travels)
	if x >= 1 {
		return 1
	}
	return table[m.what].curve(max(0, x))
}

// under reports whether it is on its way.
func (m *moved) under(now time.Time) bool {
	return m.travels > 0 && (m.at.IsZero() || now.Sub(m.at) < m.travels)
}

// over reports whether nothing more is to be seen of it.
func (m *moved) over(now time.Time) bool {
	return !m.at.IsZero() && now.Sub(m.at) >= max(m.travels, seen)
}

// tail is the length of what waits, in cells, on its way to another.
type tail struct {
	from, to float64
	at       time.Time // zero: with the next frame
}

func (t *tail) length(now time.Time) float64 {
	if t.at.IsZero() || now.Sub(t.at) >= settles {
		if t.at.IsZero() {
			return t.from
		}
		return t.to
	}
	return t.to + (t.from-t.to)*spring(now.Sub(t.at))
}

// travel is how long an event travels if the next one on its stretch comes within
// next on the wall; 0: it does not travel, but is marked at its goal.
func travel(what step, motion kit.Motion, next time.Duration) time.Duration {
	if motion != kit.FullMotion {
		return 0
	}
	d := min(table[what].takes, next*6/10)
	if d < shortest {
		return 0
	}
	return d
}

// dashes is how far the dashes of a belt have run, in cells.
func (l *Line) dashes() int {
	if l.Motion != kit.FullMotion {
		return 0
	}
	return int(time.Duration(l.now.UnixNano()) / dash)
}
