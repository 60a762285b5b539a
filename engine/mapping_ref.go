package engine

// iteratorRef is an iterator together with what it belongs to. It is passed by
// value and is valid until the stream gets more shards.
type iteratorRef struct {
	*Sim
	mi int32
	m  *Mapping
	st *Stream
	it *Iterator
}

// laneRef is a lane together with what it belongs to. It is valid until the
// iterator's lanes are made anew.
type laneRef struct {
	iteratorRef
	li int32
	l  *Lane
}

// iterator gives the iterator of a mapping in a shard.
func (s *Sim) iterator(mi, shard int32) iteratorRef {
	m := &s.Mappings[mi]
	return iteratorRef{s, mi, m, &s.Streams[m.source], &m.Iterators[shard]}
}

// lane gives a lane of the iterator.
func (r iteratorRef) lane(i int) laneRef { return laneRef{r, int32(i), &r.it.Lanes[i]} }

// shard is the shard that the iterator reads.
func (r iteratorRef) shard() *Shard { return &r.st.Shards[r.it.Shard] }

// record is the record with a label number of the stream.
func (r iteratorRef) record(n int32) *Record { return r.st.Records.At(int(n) - 1) }

// isAuto reports whether a record has no partition key. Most streams have no such record,
// and then none is looked at.
func (r iteratorRef) isAuto(n int32) bool { return r.st.turn > 0 && r.record(n).Auto }

// emit emits an event of the iterator.
func (r iteratorRef) emit(e *Event) {
	e.Mapping, e.Source, e.Shard = r.mi, r.m.source, r.it.Shard
	r.Sim.emit(e)
}

// emit emits an event of the lane.
func (r laneRef) emit(e *Event) {
	e.Lane = r.li
	r.iteratorRef.emit(e)
}

// emitBatch emits an event whose Records are of the lane's batch.
func (r laneRef) emitBatch(e *Event) {
	if !r.l.told {
		r.emit(e)
		return
	}
	e.Mapping, e.Source, e.Shard, e.Lane = r.mi, r.m.source, r.it.Shard, r.li
	r.emitOwn(e)
}
