package timeline

import (
	"slices"

	"esmlab/engine"
	"esmlab/engine/internal/cow"
)

// Bounds of what is kept of lanes.
const (
	// FirstCell is the initial width of a cell of a lane and of a gauge: it doubles
	// when there are more than maxCells.
	FirstCell = 50 * engine.Millisecond
	maxCells  = 2048
	// maxLanes is how many pollers and how many message groups of a queue have a
	// lane: the first ones. Each shard has one.
	maxLanes = 64
)

// Did is a set of things that a lane did in an interval.
type Did uint8

// What a lane can do. The later ones are the more telling.
const (
	DidNothing Did = 1 << iota // there was nothing to do
	DidGather                  // a batch was gathered; of a message group: messages could be received
	DidWait                    // a batch waited for its next try, or messages were hidden
	DidRun                     // the function had a batch
	DidFail                    // it had one that then failed, at least in part
)

// Cell is what a lane did in one interval.
type Cell struct {
	Did Did
	// Try is of the invocation that began in it: which try of its batch that was,
	// for a queue's how many times one of its messages had been received; 0: none
	// began, 255: that many or more.
	Try   uint8
	Waits int32 // records or messages that were in no batch at its end
	Age   int32 // IteratorAge of the invocation that began in it, in milliseconds
}

// Gauge is the state of a mapping at the end of an interval.
type Gauge struct {
	Oldest  engine.Micros // when the oldest record that is not finished was put, Never if there is none
	Waits   int32         // records or messages that are in no batch
	Hidden  int32         // messages in flight
	Running int32         // most invocations of the function at once in the interval
	Arrived int32         // messages that came to the mapping's OnFailure queue, the queue's DLQ or the function's
	// Records or messages from the beginning on: that were put or sent, and that are done
	// or deleted.
	Put, Done int64
}

// LaneKind is what a lane is of.
type LaneKind uint8

const (
	OfShard LaneKind = iota
	OfPoller
	OfGroup
)

// Lane is what one shard, poller or message group did over time.
type Lane struct {
	Kind LaneKind
	ID   int32 // number of the shard, slot of the poller, GroupID
	// cells are those that were written; from there on to the last whole one each is rest:
	// a lane in which nothing happens costs nothing.
	cells cow.List[Cell]
	rest  Cell
	// held is a message that a poller's last failed invocation left hidden, -1 none;
	// runs: invocations that a group's messages are in.
	held int32
	runs int32
	used bool // it had an invocation
}

// lanes are the lanes of a mapping and its gauges, all in cells of one width.
type lanes struct {
	width  engine.Micros
	gauges cow.List[Gauge]
	list   []Lane
	gauged int // how many cells have their state at the end
}

func (t *lanes) clone() lanes {
	c := *t
	c.gauges, c.list = t.gauges.Clone(), slices.Clone(t.list)
	for i := range c.list {
		c.list[i].cells = t.list[i].cells.Clone()
	}
	return c
}

// cell makes sure that the interval of an instant exists, and gives its number.
func (t *lanes) cell(at engine.Micros) int {
	i := t.number(at)
	t.gauges.Fill(i+1, Gauge{Oldest: engine.Never})
	return i
}

// number makes the intervals wide enough for an instant, and gives the number of its.
func (t *lanes) number(at engine.Micros) int {
	if i := int(at / t.width); i < maxCells {
		return i
	}
	shift := 1
	for int(at/(t.width<<shift)) >= maxCells {
		shift++
	}
	t.widen(shift)
	return int(at / t.width)
}

// widen merges cells: two for a shift of 1, four for 2 and so on.
func (t *lanes) widen(shift int) {
	t.width <<= shift
	whole := t.gauged >> shift
	t.gauges = merged(&t.gauges, shift, func(a *Gauge, b Gauge) {
		b.Running, b.Arrived = max(a.Running, b.Running), a.Arrived+b.Arrived
		*a = b
	})
	for i := range t.list {
		l := &t.list[i]
		if whole<<shift != t.gauged || l.cells.Len()&(1<<shift-1) != 0 { // what is merged has to be there
			l.write(t.gauged)
		}
		l.cells = merged(&l.cells, shift, func(a *Cell, b Cell) {
			*a = Cell{Did: a.Did | b.Did, Try: max(a.Try, b.Try), Waits: b.Waits, Age: max(a.Age, b.Age)}
		})
	}
	t.gauged = whole
}

func merged[T any](l *cow.List[T], shift int, join func(a *T, b T)) cow.List[T] {
	var out cow.List[T]
	for i := 0; i < l.Len(); {
		a := out.Grow()
		*a = *l.At(i)
		for i++; i < l.Len() && i&(1<<shift-1) != 0; i++ {
			join(a, *l.At(i))
		}
	}
	return out
}

// at gives a cell of a lane to write to.
func (t *lanes) at(l *Lane, i int) *Cell {
	l.write(min(i+1, t.gauged))
	l.cells.Fill(i+1, Cell{})
	return l.cells.Mut(i)
}

// write writes the cells before number n, which are whole.
func (l *Lane) write(n int) { l.cells.Fill(n, l.rest) }

// of finds a lane, nil if there is none.
func (t *lanes) of(kind LaneKind, id int32) *Lane {
	if kind == OfShard {
		if int(id) < len(t.list) {
			return &t.list[id]
		}
		return nil
	}
	for i := range t.list {
		if l := &t.list[i]; l.Kind == kind && l.ID == id {
			return l
		}
	}
	return nil
}

// Held is a message that a poller's last failed invocation left hidden and that still
// is; -1 if there is none.
func (l *Lane) Held(s *engine.Sim) int32 {
	if l.held >= 0 {
		if m := s.Message(l.held); m.State == engine.StateHidden && m.Poller == l.ID {
			return l.held
		}
	}
	return -1
}

// Quiet tells that a poller never had a batch.
func (l *Lane) Quiet() bool { return !l.used }

// Lanes gives the lanes of a mapping: those of shards, or of pollers and then of
// message groups.
func (t *History) Lanes(mapping int) []Lane { return t.Charts[mapping].lanes.list }

// CellWidth is how long each cell of a mapping's lanes and gauges is.
func (t *History) CellWidth(mapping int) engine.Micros { return t.Charts[mapping].lanes.width }

// Cells gives what a lane did from the beginning up to now, a cell each CellWidth.
func (t *History) Cells(s *engine.Sim, mapping int, lane *Lane) []Cell {
	c := &t.Charts[mapping].lanes
	out := make([]Cell, int(s.Now()/c.width)+1)
	did, waits := lane.does(s, mapping)
	for i := range out {
		if i < lane.cells.Len() {
			out[i] = *lane.cells.At(i)
		} else if i < c.gauged {
			out[i] = lane.rest
		}
		if i >= c.gauged { // nothing has changed since
			out[i].Did, out[i].Waits = out[i].Did|did, waits
		}
	}
	return out
}

// Gauges gives the state of a mapping from the beginning up to now, one for each
// CellWidth.
func (t *History) Gauges(s *engine.Sim, mapping int) []Gauge {
	c := &t.Charts[mapping].lanes
	out := make([]Gauge, int(s.Now()/c.width)+1)
	now := c.now(s, mapping)
	for i := range out {
		out[i] = c.gaugeAt(i, &now)
	}
	return out
}

// GaugeAt gives the state of a mapping at an instant up to now.
func (t *History) GaugeAt(s *engine.Sim, mapping int, at engine.Micros) Gauge {
	c := &t.Charts[mapping].lanes
	now := c.now(s, mapping)
	return c.gaugeAt(int(at/c.width), &now)
}

// now is the state of the mapping now.
func (t *lanes) now(s *engine.Sim, mi int) Gauge {
	sum := int32(0)
	for i := range t.list {
		_, waits := t.list[i].does(s, mi)
		sum += waits
	}
	return gauge(s, mi, sum)
}

// gaugeAt is the state in a cell: what is now, if nothing has been recorded since.
func (t *lanes) gaugeAt(i int, now *Gauge) Gauge {
	g := Gauge{}
	if i < t.gauges.Len() {
		g = *t.gauges.At(i)
	}
	if i >= t.gauged {
		running, arrived := max(g.Running, now.Running), g.Arrived
		g = *now
		g.Running, g.Arrived = running, arrived
	}
	return g
}
