package engine

import (
	"math/bits"
	"slices"
)

// This file decides which lane of a shard gets the records of a key
// (MAP-LANE-1). A key of which a lane has records in hand stays with that lane,
// so it keeps its order. Any other goes to the lane that has the fewest, and
// leaves it for one that is free: as many keys are worked on at a time as there
// are lanes.

// maxLanes is the largest ParallelizationFactor.
const maxLanes = 10

// keyLanes says in which lane of an iterator a key's records are. It is filled
// anew each time it is needed, and belongs to no state. It is a table of its own
// because a stream may have many keys: a read touches only what it needs.
type keyLanes struct {
	slots       []keySlot // those in use hold the round; a key is in the first that is free from its hash on
	round       uint32
	shift, mask uint32
}

// keySlot is a key of the round and its lane; of another round it is free.
type keySlot struct {
	round uint32
	key   int32
	lane  int32
}

// begin forgets all keys and makes room for that many.
func (k *keyLanes) begin(keys int) {
	width := bits.Len(uint(2*keys + 7)) // at most half are used
	k.shift, k.mask = uint32(32-width), 1<<width-1
	if k.round++; len(k.slots) <= int(k.mask) || k.round == 0 {
		k.slots, k.round = make([]keySlot, 1<<width), 1
	}
}

// slot is where a key is, or would be.
func (k *keyLanes) slot(key int32) *keySlot {
	i := uint32(key) * 0x9E3779B1 >> k.shift
	for k.slots[i].round == k.round && k.slots[i].key != key {
		i = (i + 1) & k.mask
	}
	return &k.slots[i]
}

func (k *keyLanes) set(key int32, lane int) { *k.slot(key) = keySlot{k.round, key, int32(lane)} }

func (k *keyLanes) get(key int32) (lane int, ok bool) {
	s := k.slot(key)
	return int(s.lane), s.round == k.round
}

// distribute gives each record to the lane of its key. None of them lies before a
// position.
func (r iteratorRef) distribute(nums []int32, from int32) {
	it := r.it
	if len(it.Lanes) == 1 {
		l := &it.Lanes[0]
		l.compactQueue()
		l.queue = append(l.queue, nums...)
		return
	}
	if len(nums) == 0 {
		return
	}
	keys := &r.keyLanes
	have := len(nums)
	for i := range it.Lanes {
		have += len(it.Lanes[i].Records) + len(it.Lanes[i].Waiting())
	}
	keys.begin(have)
	var inHand [maxLanes]int
	for i := range it.Lanes {
		l := &it.Lanes[i]
		r.markKeys(l.Records, i)
		r.markKeys(l.Waiting(), i)
		for _, p := range l.Parts {
			inHand[i] += int(p.Hi - p.Lo)
		}
		inHand[i] += len(l.Waiting())
	}
	sh := r.shard()
	for _, n := range nums {
		for sh.at(from) != n { // its keys are near, its record is not
			from++
		}
		key := sh.records.At(int(from)).key
		lane, held := keys.get(key)
		if !held { // a record without a key never is: it is bound to no lane (KIN-AUTO-3)
			lane = 0
			for i := range it.Lanes {
				if inHand[i] < inHand[lane] {
					lane = i
				}
			}
			if key >= 0 {
				keys.set(key, lane)
			}
		}
		inHand[lane]++
		l := &it.Lanes[lane]
		l.compactQueue()
		l.queue = append(l.queue, n)
		if !held {
			l.takable = true
		}
	}
}

func (r iteratorRef) markKeys(nums []int32, lane int) {
	for _, n := range nums {
		if rec := r.record(n); !rec.Auto {
			r.keyLanes.set(rec.Key, lane)
		}
	}
}

// takeOver lets a free lane take keys that wait behind the batch of another and
// are not in it: all that wait behind a blocked batch, or every other one where
// this lane has nothing.
func (r laneRef) takeOver() {
	for i := range r.it.Lanes {
		if from := &r.it.Lanes[i]; from.offers() && (from.Blocked || len(r.l.Waiting()) == 0) {
			r.takeFrom(from)
		}
	}
}

// offers reports whether keys may wait behind a lane's batch that are not in it.
func (l *Lane) offers() bool { return l.takable && l.Phase > PhaseGather && len(l.Waiting()) > 0 }

func (r laneRef) takeFrom(from *Lane) {
	const inBatch, taken, left = 0, 1, 2
	keys := &r.keyLanes
	keys.begin(len(from.Records) + len(from.Waiting()))
	r.markKeys(from.Records, inBatch)
	r.l.compactQueue()
	before := len(r.l.queue)
	stay, others := from.queue[:from.head], 0
	for _, n := range from.Waiting() {
		rec := r.record(n)
		what, known := keys.get(rec.Key)
		if !known || rec.Auto {
			if what = taken; others%2 == 1 && !from.Blocked {
				what = left
			}
			others++
			if !rec.Auto {
				keys.set(rec.Key, what)
			}
		}
		if what == taken {
			r.l.queue = append(r.l.queue, n)
		} else {
			stay = append(stay, n)
		}
	}
	from.queue, from.takable = stay, others > 1 && !from.Blocked
	if before > 0 && len(r.l.queue) > before {
		slices.Sort(r.l.Waiting())
	}
}

// feedIdle lets lanes that have nothing take over what waits behind batches.
func (r iteratorRef) feedIdle() {
	for i := 0; i < len(r.it.Lanes); i++ { // a batch that is resolved at once may make the lanes anew
		if !r.it.Lanes[i].offers() {
			continue
		}
		for i := 0; i < len(r.it.Lanes); i++ {
			if l := &r.it.Lanes[i]; l.isFree() && len(l.Waiting()) == 0 {
				r.lane(i).gather()
			}
		}
		return
	}
}

// laneOfRecord is the lane that holds a record in a batch; nil where it is in none.
func (it *Iterator) laneOfRecord(n int32) (l *Lane, at int32) {
	for i := range it.Lanes {
		l := &it.Lanes[i]
		if at, found := slices.BinarySearch(l.Records, n); found && len(l.Parts) > 0 {
			return l, int32(at)
		}
	}
	return nil, 0
}
