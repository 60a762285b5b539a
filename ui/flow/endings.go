package flow

import (
	"esmlab/engine"
	"esmlab/ui/pane"
)

// endings counts what became of the records of each shard. It is counted anew when
// more were given up or lost.
type endings struct {
	discards int
	lost     int64
	mapping  int
	sim      *engine.Sim
	gone     []int64
	missed   []int64
	filtered []int64 // up to where they were counted: upTo, a place in each shard
	upTo     []int32
	now      engine.Micros // when they were counted
}

type ending struct{ done, gone int64 }

func (e *endings) of(c *pane.Ctx, shard int) ending {
	states := &c.S.Mappings[c.M].Counts.States
	lost := states[engine.StateExpired] + states[engine.StateMissed]
	if e.sim != c.S || e.mapping != c.M || e.discards != len(c.S.Discards) || e.lost != lost || shard >= len(e.gone) || c.S.Now() < e.now {
		e.count(c, lost)
	}
	n := int64(c.S.Streams[c.S.SourceOf(c.M)].Shards[shard].Len()-pane.Unfinished(c.S, c.M, shard)) - e.gone[shard] - e.missed[shard] - e.dropped(c, shard)
	return ending{max(0, n), e.gone[shard]}
}

// dropped is how many records of a shard the filters have dropped. What an iterator has
// passed is settled, so each record is looked at once.
func (e *endings) dropped(c *pane.Ctx, shard int) int64 {
	m := &c.S.Mappings[c.M]
	if m.Counts.States[engine.StateFiltered] == 0 || shard >= len(m.Iterators) {
		return 0
	}
	sh := &c.S.Streams[c.S.SourceOf(c.M)].Shards[shard]
	e.now = c.S.Now()
	from, to := max(e.upTo[shard], int32(sh.First())), m.Iterators[shard].Next
	for _, n := range sh.Between(from, max(from, to)) {
		if c.S.RecordState(c.M, int(n)) == engine.StateFiltered {
			e.filtered[shard]++
		}
	}
	e.upTo[shard] = max(from, to)
	return e.filtered[shard]
}

// unseen is how many records the filters have dropped that were let go of before anything
// was drawn: which shards they were of is not known.
func (e *endings) unseen(c *pane.Ctx) int64 {
	n := c.S.Mappings[c.M].Counts.States[engine.StateFiltered]
	if n == 0 {
		return 0
	}
	for i := range e.filtered {
		n -= e.dropped(c, i)
	}
	return max(0, n)
}

func (e *endings) count(c *pane.Ctx, lost int64) {
	shards := c.S.Streams[c.S.SourceOf(c.M)].Shards
	*e = endings{discards: len(c.S.Discards), lost: lost, mapping: c.M, sim: c.S, gone: make([]int64, len(shards)), missed: make([]int64, len(shards)),
		filtered: make([]int64, len(shards)), upTo: make([]int32, len(shards)), now: c.S.Now()}
	for i := range c.S.Discards {
		if d := &c.S.Discards[i]; int(d.Mapping) == c.M {
			e.gone[d.Shard] += int64(len(d.Records))
		}
	}
	if lost == 0 {
		return
	}
	its := c.S.Mappings[c.M].Iterators
	for i := range its {
		for _, n := range shards[i].Between(int32(shards[i].First()), its[i].Next) {
			if st := c.S.RecordState(c.M, int(n)); st == engine.StateExpired || st == engine.StateMissed {
				e.missed[i]++
			}
		}
	}
}
