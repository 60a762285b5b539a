package engine

import "fmt"

// MustHold panics if a simulation is in a state that cannot be. It looks at
// what the counts and references of the engine must be to each other, and that
// nothing that may go on waits for nothing. It is cheap enough to be asked after
// each step of a test.
func (s *Sim) MustHold() {
	must := func(ok bool, what string, args ...any) {
		if !ok {
			panic(fmt.Sprintf("does not hold after step %d: ", s.steps) + fmt.Sprintf(what, args...))
		}
	}
	must(len(s.tasks) == 0 || Micros(s.tasks[0].Key) >= s.now, "a task was due in the past")
	must(s.live >= 0 && s.live <= len(s.tasks), "of %d tasks %d are live", len(s.tasks), s.live)
	if s.live < 0 || s.steps%8 != 0 {
		return
	}
	runs, ofMapping := make([]int32, len(s.Functions)), make([]int32, len(s.Mappings))
	for slot := range s.invocations {
		inv := &s.invocations[slot]
		if !inv.active {
			continue
		}
		must(inv.end >= s.now, "an invocation should have ended")
		runs[inv.function]++
		ofMapping[inv.mapping]++
		if m := &s.Mappings[inv.mapping]; m.queue < 0 && !inv.abandoned {
			lanes := m.Iterators[inv.shard].Lanes
			must(int(inv.lane) < len(lanes) && lanes[inv.lane].Phase == PhaseRunning && lanes[inv.lane].invocation == int32(slot), "the lane of an invocation does not have it")
		}
	}
	for i := range s.Functions {
		f := &s.Functions[i]
		must(f.Running == runs[i] && f.idle >= 0, "a function counts %d invocations under way, there are %d", f.Running, runs[i])
	}
	for i := range s.Mappings {
		must(s.Mappings[i].Running == ofMapping[i], "a mapping counts %d invocations under way, there are %d", s.Mappings[i].Running, ofMapping[i])
		for k := range s.Mappings[i].Iterators {
			s.iterator(int32(i), int32(k)).mustHold(must)
		}
	}
	for i := range s.Queues {
		q := &s.Queues[i]
		must(q.Visible >= 0 && q.InFlight >= 0 && q.Delayed >= 0, "a queue holds %d visible, %d in flight, %d delayed", q.Visible, q.InFlight, q.Delayed)
		if !q.FIFO && q.limitedUntil < s.now && s.receivable(q) {
			for _, mi := range q.mappings {
				if m := &s.Mappings[mi]; m.isPolling() && m.Polls.idle.Next(0) >= 0 && s.receiveDenied(int32(i), m) == nil {
					must(q.receiveScheduled, "messages can be received, a poller waits, and no receive is scheduled")
				}
			}
		}
	}
}

func (r iteratorRef) mustHold(must func(bool, string, ...any)) {
	it := r.it
	must(it.Next <= it.Read && int(it.Read) <= r.shard().Len(), "an iterator has finished %d of %d records that it read, of %d", it.Next, it.Read, r.shard().Len())
	must(!it.Finished || r.shard().Closed, "an open shard is finished")
	held := false // by an invocation that must end before the iterator goes on
	for i := range it.Lanes {
		l := &it.Lanes[i]
		held = held || l.halt
		if l.Phase == PhaseRunning {
			must(l.invocation >= 0 && r.invocations[l.invocation].active && r.invocations[l.invocation].lane == int16(i), "a lane runs without an invocation")
		}
		must(l.isTumbling == (l.tumble != nil), "a lane's tumbling window is open: %v, and there is one: %v", l.isTumbling, l.tumble != nil)
		must(l.hasFailed == (len(l.FailedRecords) > 0) && (!l.hasFailed || l.Phase > PhaseGather), "a lane in phase %d names %d records that failed: %v", l.Phase, len(l.FailedRecords), l.hasFailed)
		if l.Phase >= PhaseRunning {
			must(len(l.Parts) > 0 || l.halt, "a lane has nothing that it could run")
		}
		for _, p := range l.Parts {
			must(p.Lo >= 0 && p.Lo <= p.Hi && int(p.Hi) <= len(l.Records), "a piece is %d to %d of %d records", p.Lo, p.Hi, len(l.Records))
		}
		must(l.Phase != PhaseWaiting && l.Phase != PhaseThrottled || l.halt || l.Due >= r.now, "a batch waits, and its wait is over")
	}
	resizes := len(it.Lanes) != max(1, r.m.ParallelizationFactor) // as soon as no lane has a batch
	if r.m.isPolling() && !held && !resizes && !it.refused && it.hasCapacity() && r.readable() > 0 && r.parentsFinished() && !r.ended() && r.m.standard && r.streamDenied(r.m, false) == nil {
		must(r.m.reads.Has(it.Shard), "records wait to be read, and no read is scheduled")
	}
}
