package engine

import "slices"

// This file decides which lane of a shard gets the records of a key
// (MAP-LANE-1). A key of which a lane has records in hand stays with that lane,
// so it keeps its order. Any other goes to the lane that has the fewest, and
// leaves it for one that is free: as many keys are worked on at a time as there
// are lanes.

// maxLanes is the largest ParallelizationFactor.
const maxLanes = 10

// keyLanes says in which lane of an iterator a key's records are. It is filled
// anew each time it is needed, and belongs to no state.
type keyLanes struct {
	marks []uint64 // by key: the round, and the lane in the lowest byte
	round uint64
}

// begin forgets all keys and makes room for that many.
func (k *keyLanes) begin(keys int) {
	if len(k.marks) < keys {
		k.marks = append(k.marks, make([]uint64, keys-len(k.marks))...)
	}
	k.round++
}

func (k *keyLanes) set(key int32, lane int) { k.marks[key] = k.round<<8 | uint64(lane) }

func (k *keyLanes) get(key int32) (lane int, ok bool) {
	mark := k.marks[key]
	return int(mark & 0xff), mark>>8 == k.round
}

// distribute gives each record to the lane of its key.
func (r iteratorRef) distribute(nums []int32) {
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
	keys.begin(len(r.st.Keys))
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
	for _, n := range nums {
		rec := r.record(n)
		lane, held := keys.get(rec.Key)
		if held = held && !rec.Auto; !held { // without a key it is bound to no lane (KIN-AUTO-3)
			lane = 0
			for i := range it.Lanes {
				if inHand[i] < inHand[lane] {
					lane = i
				}
			}
			if !rec.Auto {
				keys.set(rec.Key, lane)
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
	keys.begin(len(r.st.Keys))
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
