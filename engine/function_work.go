package engine

import (
	"slices"

	"esmlab/engine/internal/random"
	"esmlab/engine/rule"
)

// This file carries out handlers that do something (Handler): they take one record
// of their batch after the other, or several at a time, and act on each. A handler
// that only takes time and fails has no part in it: function.go.

// handler is a Handler with its names resolved. It never changes.
type handler struct {
	Handler
	does []act
}

type act struct {
	Act
	hits    ActiveFault
	service int32 // call
	effect  int32 // send, call: index into Function.Effects
	row     int32 // send: the row whose texts are what was sent
}

// resolveHandler looks up the names of a function's handler.
func (s *Sim) resolveHandler(fi int) error {
	f := &s.Functions[fi]
	h := &handler{Handler: s.cfg.Functions[fi].Handler}
	place := func(to string) int { return slices.IndexFunc(f.Effects, func(e Effect) bool { return e.ID == to }) }
	for _, to := range h.Targets() {
		if place(to) < 0 { // new code may do what the old did
			f.Effects = append(f.Effects, Effect{ID: to})
		}
	}
	for i, a := range h.Does {
		hits, err := s.resolveFault(a.Hits)
		if err != nil {
			return err
		}
		hits.id = int32(i)
		r := act{Act: a, hits: hits, service: -1, effect: int32(place(a.To)), row: -1}
		switch a.Kind {
		case ActSend:
			if r.row, err = s.addOwnRow(a.To); err != nil {
				return err
			}
		case ActCall:
			if r.service = s.serviceIndex(a.To); r.service < 0 {
				return errUnknown(s.cfg.Functions[fi].ID+" calls "+a.To, "service")
			}
		}
		h.does = append(h.does, r)
	}
	f.handler = h
	f.works = f.works || h.Loop != LoopNone || len(h.does) > 0 || h.Once.Table != ""
	return nil
}

// work is an invocation whose handler does something.
type work struct {
	h       *handler // it goes on with it when new code is deployed meanwhile
	nums    []int32
	handles []uint32 // of a queue's messages
	strikes []strike
	hits    []bool // by act, then by place in the batch
	failed  []bool // by place
	workers []worker
	next    int32  // place of the next record that is begun
	busy    int32  // workers that are not done
	base    Micros // how long a worker takes before its first record
	each    Micros // how long each record takes
	limit   Micros // when the function's Timeout ends it
	stopped bool   // no more records are begun
	hidden  bool   // it has changed the visibility timeouts of messages that stay hidden
}

// strike is what the faults do to one record.
type strike struct {
	hit, before bool
	how         How
	visibility  Micros // -1: they leave it
}

// meets reports whether a handler meets with a fault when it gets to the record, and
// not when everything is done.
func (l Loop) meets(h How) bool {
	return l != LoopNone && h <= HowCrash || l > LoopThrow && h == HowReport
}

// worker works on one record at a time.
type worker struct {
	begun   bool  // it has worked on a record
	place   int32 // -1: on none
	act     int32 // the next; -1: it works on the record itself
	calling bool  // a service, which answers now
	answer  Why
}

func (w *work) clone() *work {
	if w == nil {
		return nil
	}
	c := *w
	c.failed, c.workers = slices.Clone(w.failed), slices.Clone(w.workers)
	return &c // the rest does not change once the work has begun
}

// newWork prepares the work of an invocation with some records.
func (s *Sim) newWork(inv *invocation, h *handler, each Micros, m *Mapping, nums []int32) *work {
	n := len(nums)
	w := &work{h: h, nums: slices.Clone(nums), strikes: make([]strike, n), failed: make([]bool, n), hits: make([]bool, n*len(h.does)), each: each}
	for k := range w.strikes {
		w.strikes[k].visibility = -1
	}
	if m.queue >= 0 {
		w.handles = slices.Clone(m.Polls.Slots[inv.shard].handles)
	}
	for i := range h.does {
		a := &h.does[i].hits
		if s.now < a.From || s.now >= a.Until || a.Version != "" && a.Version != s.versionOf(m, inv.n) || a.HasChance && random.Float64(random.Draw(s.cfg.Seed, drawAct, uint64(inv.function)<<32|uint64(i), uint64(inv.n))) >= a.Chance {
			continue
		}
		for k, id := range nums {
			w.hits[i*n+k] = s.strikes(a, inv.mapping, id)
		}
	}
	return w
}

// struck notes what a fault does to a record. Where the handler goes through its
// batch one by one, it also decides what becomes of the invocation there.
func (w *work) struck(k int, a *ActiveFault, loop Loop) {
	st := &w.strikes[k]
	st.before = st.before || a.Before
	if a.HasVisibility {
		st.visibility = a.Visibility
	}
	if a.How == HowSlow || a.How == HowReply || loop != LoopNone && !loop.meets(a.How) {
		return
	}
	if !st.hit || severity[a.How] > severity[st.how] {
		st.hit, st.how = true, a.How
	}
}

// beginWork begins the work of an invocation that takes so long, and cold of it before
// the handler runs.
func (s *Sim) beginWork(slot int32, took, cold, limit Micros) {
	inv := &s.invocations[slot]
	w := inv.work
	n := len(w.nums)
	w.base = max(0, took-cold-w.each*Micros(n))
	first := s.now + cold
	if n == 0 { // the final call of a window
		first += w.base
	}
	w.limit = s.now + limit
	inv.gen, inv.end = s.nextGen(), w.limit
	w.workers = make([]worker, min(max(1, w.h.Parallel), max(1, n)))
	w.busy = int32(len(w.workers))
	for i := range w.workers {
		w.workers[i].place = -1
		s.schedule(first, s.nextDue(), task{kind: taskWork, a: slot, b: int32(i), gen: inv.gen})
	}
	for i := range w.h.does {
		if a := &w.h.does[i]; a.Every > 0 {
			s.schedule(s.now+a.Every, s.nextDue(), task{kind: taskBeat, a: slot, b: int32(i), gen: inv.gen})
		}
	}
	// behind everything that ends at the same instant
	s.schedule(w.limit, rankDue.order(1<<55|uint64(slot)), task{kind: taskLimit, a: slot, gen: inv.gen})
}

// estimate is when an invocation ends if nothing comes in between: for people only.
func (s *Sim) estimate(slot int32) Micros {
	inv := &s.invocations[slot]
	if !inv.isSpecial || inv.work == nil || inv.end < inv.work.limit {
		return inv.end
	}
	w := inv.work
	each := w.each
	for i := range w.h.does {
		if a := &w.h.does[i]; a.Kind == ActCall {
			each += s.cfg.Services[a.service].Takes
		}
	}
	rounds := (len(w.nums) + len(w.workers) - 1) / len(w.workers)
	return min(inv.start+w.base+each*Micros(rounds)+leastRun, w.limit)
}

// timeLimit is how long an invocation may take.
func timeLimit(f *FunctionSettings) Micros {
	if f.Execution > 0 {
		return f.Execution
	}
	return f.Timeout
}

// limitDue ends an invocation that is still at work when its time is over.
func (s *Sim) limitDue(t task) {
	if inv := &s.invocations[t.a]; inv.active && inv.gen == t.gen {
		inv.outcome = OutcomeTimeout
		s.endInvocation(t.a)
	}
}

// workDue lets a worker go on.
func (s *Sim) workDue(t task) {
	inv := &s.invocations[t.a]
	if !inv.active || inv.gen != t.gen {
		return
	}
	w, h := inv.work, inv.work.h
	m := &s.Mappings[inv.mapping]
	wk := &w.workers[t.b]
	later := func(wait Micros) {
		s.schedule(s.now+wait, s.nextDue(), t)
	}
	for {
		switch {
		case wk.place < 0: // it takes the next record
			if w.stopped || int(w.next) == len(w.nums) {
				if w.busy--; w.busy > 0 {
					return
				}
				for k := range w.strikes { // these it meets with at the end
					if h.Loop == LoopNone && w.strikes[k].hit {
						s.giveBack(inv, int32(k))
					}
				}
				s.finishWork(t.a)
				return
			}
			wk.place, wk.act = w.next, -1
			w.next++
			if !s.beginRecord(t.a, wk) {
				if w.busy == 0 {
					return
				}
				continue
			}
			takes := w.each
			if !wk.begun {
				wk.begun = true
				takes += w.base
			}
			if takes > 0 {
				later(takes)
				return
			}
		case wk.act < 0:
			if wk.act = 0; w.strikes[wk.place].before && !s.strikeNow(t.a, wk) {
				return
			}
		case wk.calling:
			wk.calling = false
			if !s.answered(inv, &h.does[wk.act], wk) && !s.recordFails(t.a, wk) {
				return
			} else if wk.place >= 0 {
				wk.act++
			}
		case int(wk.act) < len(h.does):
			a := &h.does[wk.act]
			if a.Every > 0 || !w.hits[int(wk.act)*len(w.nums)+int(wk.place)] {
				wk.act++
				continue
			}
			if a.Kind == ActCall {
				takes := Micros(0)
				wk.calling = true
				if wk.answer, takes = s.call(a.service); takes > 0 {
					later(takes)
					return
				}
				continue
			}
			if !s.act(inv, m, a, wk.place) {
				if !s.recordFails(t.a, wk) {
					return
				}
				continue
			}
			wk.act++
		default: // all is done with it
			if h.Loop != LoopNone && w.strikes[wk.place].hit {
				if !s.strikeNow(t.a, wk) {
					return
				}
				continue
			}
			if !w.strikes[wk.place].hit {
				s.remember(inv, w.nums[wk.place])
			} else if w.strikes[wk.place].how == HowError {
				s.forgetOnce(inv, w.nums[wk.place]) // as Powertools does when the handler raises
			}
			wk.place = -1
		}
	}
}

// beginRecord begins with a record. It returns false if there is nothing to do with
// it.
func (s *Sim) beginRecord(slot int32, wk *worker) bool {
	inv := &s.invocations[slot]
	w, h := inv.work, inv.work.h
	if h.Loop == LoopPowertools && h.SkipGroup && s.isFIFO(inv) && s.groupFailed(w, int(wk.place)) {
		w.failed[wk.place], wk.place = true, -1
		return false
	}
	switch why := s.seenBefore(inv, w.nums[wk.place]); why {
	case WhyNone:
		return true
	default:
		s.emitAct(inv, Event{Act: ActSkip, Rule: rule.FnOnce, Why: why}, w.nums[wk.place:wk.place+1])
		if why == WhyInProgress {
			s.recordFails(slot, wk)
		}
		wk.place = -1
		return false
	}
}

// isFIFO reports whether an invocation has messages of a FIFO queue.
func (s *Sim) isFIFO(inv *invocation) bool {
	m := &s.Mappings[inv.mapping]
	return m.queue >= 0 && s.Queues[m.queue].FIFO
}

// groupFailed reports whether an earlier message of the same group has failed.
func (s *Sim) groupFailed(w *work, k int) bool {
	for i := range k {
		if w.failed[i] && s.msg(w.nums[i]).Group == s.msg(w.nums[k]).Group {
			return true
		}
	}
	return false
}

// strikeNow lets the faults strike the record that a worker is on. It returns false
// if the worker does not go on.
func (s *Sim) strikeNow(slot int32, wk *worker) bool {
	inv := &s.invocations[slot]
	w := inv.work
	st := &w.strikes[wk.place]
	if inv.work.h.Loop == LoopNone { // it shows at the end; the record is left alone
		s.forgetOnce(inv, w.nums[wk.place])
		wk.place = -1
		return true
	}
	s.giveBack(inv, wk.place)
	switch st.how {
	case HowCrash, HowTimeout:
		inv.outcome = OutcomeCrash
		if st.how == HowTimeout {
			inv.outcome = OutcomeTimeout
		}
		inv.failures = append(inv.failures[:0], w.nums[wk.place])
		s.finishWork(slot)
		return false
	}
	return s.recordFails(slot, wk)
}

// giveBack changes the visibility of a message as the faults that hit it say.
func (s *Sim) giveBack(inv *invocation, k int32) {
	m := &s.Mappings[inv.mapping]
	if v := inv.work.strikes[k].visibility; v >= 0 && m.queue >= 0 {
		s.changeVisibility(inv, m, []int32{k}, v)
	}
}

// recordFails is what the handler makes of the record that a worker is on, which has
// failed. It returns false if that ends the invocation.
func (s *Sim) recordFails(slot int32, wk *worker) bool {
	inv := &s.invocations[slot]
	w, h := inv.work, inv.work.h
	k := wk.place
	wk.place = -1
	w.failed[k] = true
	s.forgetOnce(inv, w.nums[k])
	switch {
	case h.Loop <= LoopThrow:
		inv.outcome = OutcomeError
		inv.failures = append(inv.failures[:0], w.nums[k])
		s.finishWork(slot)
		return false
	case h.Loop == LoopReportRest, h.Loop == LoopPowertools && !h.SkipGroup && s.isFIFO(inv):
		w.stopped = true
		for i := int(k) + 1; i < len(w.failed); i++ {
			w.failed[i] = true
		}
	}
	return true
}

// finishWork ends an invocation whose handler returns, throws or hangs.
func (s *Sim) finishWork(slot int32) {
	inv := &s.invocations[slot]
	w, h := inv.work, inv.work.h
	inv.gen = s.nextGen() // what is still scheduled of it is void
	w.busy = 0
	if h.Loop > LoopThrow && inv.outcome == OutcomeOK {
		s.report(inv)
	}
	inv.end = max(s.now, inv.start+leastRun)
	if inv.outcome == OutcomeTimeout {
		inv.end = w.limit
	}
	s.showEnd(slot)
	s.schedule(inv.end, s.nextDue(), task{kind: taskEnd, a: slot, gen: inv.gen})
}

// report makes the response of a handler that reports what failed.
func (s *Sim) report(inv *invocation) {
	w, h := inv.work, inv.work.h
	failed := 0
	for _, is := range w.failed {
		if is {
			failed++
		}
	}
	if h.Loop == LoopPowertools && failed == len(w.failed) && failed > 0 && !h.Lenient {
		inv.outcome = OutcomeError
		inv.raised = true
		inv.failures = append(inv.failures[:0], w.nums...)
		slices.Sort(inv.failures)
		return
	}
	if inv.answer.text != "" { // a reply says exactly what it says
		return
	}
	answer := reply{given: true, named: inv.answer.named}
	for k, is := range w.failed {
		if is != (h.Loop == LoopReportOthers) && failed > 0 {
			answer.named = append(answer.named, int32(k))
		}
	}
	slices.Sort(answer.named)
	answer.named = slices.Compact(answer.named)
	answer.none = len(answer.named) == 0
	inv.answer = answer
}

// showEnd tells who waits for an invocation when it ends.
func (s *Sim) showEnd(slot int32) {
	inv := &s.invocations[slot]
	m := &s.Mappings[inv.mapping]
	switch {
	case inv.abandoned:
	case m.queue >= 0:
		m.Polls.Slots[inv.shard].Due = inv.end
	default:
		m.Iterators[inv.shard].Lanes[inv.lane].Due = inv.end
	}
}

// beatDue is the next beat of a heartbeat: the messages of the batch stay hidden.
func (s *Sim) beatDue(t task) {
	inv := &s.invocations[t.a]
	if !inv.active || inv.gen != t.gen {
		return
	}
	w, a := inv.work, &inv.work.h.does[t.b]
	m := &s.Mappings[inv.mapping]
	var places []int32
	for k := range w.nums {
		if w.hits[int(t.b)*len(w.nums)+k] {
			places = append(places, int32(k))
		}
	}
	if len(places) > 0 && m.queue >= 0 {
		s.changeVisibility(inv, m, places, a.Visibility)
	}
	s.schedule(s.now+a.Every, s.nextDue(), t)
}
