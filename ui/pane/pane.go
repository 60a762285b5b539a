// Package pane draws the lab's panes: data in, rows of an exact width out.
//
// A pane reads a simulation and never drives it. Each row has a Subject, which says
// what it is about; ui/lab decides by it what the cursor, the mouse, a menu and an
// explanation mean.
package pane

import (
	"strconv"

	"esmlab/engine"
	"esmlab/engine/timeline"
	"esmlab/ui/kit"
)

// Ctx is what all panes are drawn from.
type Ctx struct {
	S       *engine.Sim
	M       int // the mapping shown
	History *timeline.History
	Theme   *kit.Theme
	Long    bool // there is room for the long forms of rows
	// Pending are the changed settings of this mapping that do not count yet for the
	// batch under way, and when they will (NextFail …).
	Pending map[string]string
	// Commands are the instants of the person's commands, End is that of the run's end.
	Commands []engine.Micros
	End      engine.Micros
	// Fresh is the number of an event: what came after it has just happened; 0: nothing
	// has.
	Fresh int64
	// Stands gives part i of what stands below the lines of pane 6, in rows of at most w
	// cells; nil: it is not to be shown.
	Stands func(w, i int) Part
	// Bare leaves out the notes on settings, and what is broken: a question is open.
	Bare bool
	// Skips are stretches of time that were skipped, oldest first.
	Skips []Skip

	batches  []Batch // what Batches and Settings give, once they were asked
	settings []Setting
	states   map[engine.GroupID]int // what groupStates gives
	tale     *timeStory             // what recent gives
}

// Skip is a stretch of time in which nothing happened.
type Skip struct{ From, To engine.Micros }

func (c *Ctx) mapping() *engine.Mapping           { return &c.S.Mappings[c.M] }
func (c *Ctx) config() *engine.MappingConfig      { return &c.S.Config().Mappings[c.M] }
func (c *Ctx) stream() *engine.Stream             { return &c.S.Streams[c.S.SourceOf(c.M)] }
func (c *Ctx) streamConfig() *engine.StreamConfig { return &c.S.Config().Streams[c.S.SourceOf(c.M)] }
func (c *Ctx) function() *engine.Function         { return &c.S.Functions[c.S.FunctionOf(c.M)] }
func (c *Ctx) functionConfig() *engine.FunctionConfig {
	return &c.S.Config().Functions[c.S.FunctionOf(c.M)]
}

// lanes is how many batches of one shard can be under way at once, at least 1.
func (c *Ctx) lanes() int { return max(1, c.mapping().ParallelizationFactor) }

// BlockedLanes counts the blocked lanes of a shard, and all its lanes.
func BlockedLanes(s *engine.Sim, m, shard int) (blocked, all int) {
	if shard >= len(s.Mappings[m].Iterators) {
		return 0, 0
	}
	lanes := s.Mappings[m].Iterators[shard].Lanes
	for i := range lanes {
		if lanes[i].Blocked {
			blocked++
		}
	}
	return blocked, len(lanes)
}

// Unfinished counts the records of a shard that are not finished. With several
// lanes, some after the iterator are finished already.
func Unfinished(s *engine.Sim, m, shard int) int {
	n := s.Behind(m, shard)
	if mp := &s.Mappings[m]; mp.Started() && shard < len(mp.Iterators) && len(mp.Iterators[shard].Lanes) > 1 {
		it := &mp.Iterators[shard]
		for _, r := range s.Streams[s.SourceOf(m)].Shards[shard].Between(it.Next, it.Read) {
			switch s.RecordState(m, int(r)) {
			case engine.StateWaiting, engine.StateBatched, engine.StateRunning, engine.StateRetrying:
			default:
				n--
			}
		}
	}
	return n
}

// Blocked lists the blocked shards of mapping m, in order.
func Blocked(s *engine.Sim, m int) []int {
	var out []int
	for i := range s.Mappings[m].Iterators {
		if s.Mappings[m].Iterators[i].Blocked() {
			out = append(out, i)
		}
	}
	return out
}

// line begins a row, with a blank or the cursor.
func line(c *Ctx, w int, selected bool) *kit.Line {
	l := kit.NewLine(c.Theme, w)
	return lead(l, selected)
}

func lead(l *kit.Line, selected bool) *kit.Line {
	if selected {
		return l.Add(kit.Key, "›")
	}
	return l.Text(" ")
}

// Secs writes a duration that changes, with one decimal: "4.4 s".
func Secs(m engine.Micros) string {
	switch {
	case m >= 2*engine.Hour:
		return tenths(m*10/engine.Hour) + " h"
	case m >= 10*engine.Minute:
		return tenths(m*10/engine.Minute) + " min"
	}
	return tenths(m*10/engine.Second) + " s"
}

func tenths(n engine.Micros) string {
	return strconv.FormatInt(int64(n/10), 10) + "." + strconv.FormatInt(int64(n%10), 10)
}

// Dur writes a duration as short as possible: "8 s", "200 ms", "0.5 s".
func Dur(m engine.Micros) string { return m.Words() }

func tenthsOrWhole(n engine.Micros) string {
	if n%10 == 0 {
		return kit.Thousands(int(n / 10))
	}
	return tenths(n)
}

// Millis writes how long an invocation takes: "200 ms", "1.5 s".
func Millis(m engine.Micros) string {
	if m < 2*engine.Second {
		return strconv.FormatInt(int64(m/engine.Millisecond), 10) + " ms"
	}
	return Dur(m)
}

// Clock writes an instant: "00:19.1", "01:02:03.4".
func Clock(m engine.Micros) string {
	two := func(n engine.Micros) string { return string([]byte{byte('0' + n/10%10), byte('0' + n%10)}) }
	out := two(m/engine.Minute%60) + ":" + two(m/engine.Second%60) + "." + strconv.FormatInt(int64(m/(100*engine.Millisecond)%10), 10)
	if h := m / engine.Hour; h > 0 {
		out = strconv.FormatInt(int64(h), 10) + ":" + out
		if h < 10 {
			out = "0" + out
		}
	}
	return out
}

// Num writes a record's short label: "#18".
func Num(n int32) string { return "#" + strconv.Itoa(int(n)) }

func itoa(n int) string { return strconv.Itoa(n) }

// Culprits names the records that made a batch fail: "#22", "#22 and 2 more"; ""
// if no single record is to blame.
func Culprits(l *engine.Lane) string {
	if l == nil || len(l.FailedRecords) == 0 {
		return ""
	}
	s := Num(l.FailedRecords[0])
	if n := len(l.FailedRecords) - 1; n > 0 {
		s += " and " + itoa(n) + " more"
	}
	return s
}
