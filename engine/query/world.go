package query

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/expr-lang/expr/vm"

	"esmlab/engine"
	"esmlab/engine/event"
	"esmlab/engine/trace"
)

// World is a simulation with as much of its past as the questions ask for.
type World struct {
	Sim        *engine.Sim
	Alarm      func() Alarm // up to the instant of Sim; nil: none can be set here
	env        *env
	vm         vm.VM // kept for its stack
	left       int   // steps of the evaluation under way
	statesOnly bool  // that evaluation reads nothing of a record but its state
	uses       uses
	// Pointers, because an expression that goes through a list would copy each element.
	invocations map[string][]*Invocation
	open        map[[2]int32]int // invocations under way: function and number to index
	events      map[string][]*Event
}

// NewWorld watches a simulation for some questions. Feed it every event with
// Observe.
func NewWorld(s *engine.Sim, qs ...*Query) *World {
	w := &World{Sim: s, uses: need(qs), invocations: map[string][]*Invocation{}, open: map[[2]int32]int{}, events: map[string][]*Event{}}
	w.answer()
	return w
}

// answer binds what an expression may call to the world.
func (w *World) answer() {
	w.env = &env{Spend: w.spend, Record: w.record, Stream: w.Stream, Iterator: w.iterator, Queue: w.Queue, Function: w.Function, Effect: w.effect, Mapping: w.Mapping,
		Destination: w.Destination, Front: w.Front, Invocations: w.calls, Discards: w.discards,
		Alarm:  w.alarm,
		Events: func(kind string) []*Event { return w.events[kind] }, EventsSince: eventsSince, InvocationsSince: invocationsSince}
}

// Clone copies the world, for a copy of its simulation: what either of them observes
// from then on, the other does not know.
func (w *World) Clone(s *engine.Sim) *World {
	c := &World{Sim: s, uses: w.uses, invocations: map[string][]*Invocation{}, open: maps.Clone(w.open), events: map[string][]*Event{}}
	for kind, list := range w.events { // they are only appended to
		c.events[kind] = slices.Clip(list)
	}
	for id, list := range w.invocations { // those that have returned do not change
		c.invocations[id] = slices.Clone(list)
	}
	for key, i := range w.open {
		list := c.invocations[s.Config().Functions[key[0]].ID]
		inv := *list[i]
		list[i] = &inv
	}
	c.answer()
	return c
}

// Observe takes in the events that a simulation emitted, in order.
func (w *World) Observe(events []engine.Event) {
	for i := range events {
		e := &events[i]
		if w.uses.invocations {
			w.invocation(e)
		}
		if k := e.Kind.String(); slices.Contains(w.uses.kinds, k) {
			w.events[k] = append(w.events[k], w.event(e))
		}
	}
}

// labels names the records of a stream by their numbers, or the messages of a
// queue (source -1) by their ids.
func (w *World) labels(source int32, nums []int32) []string {
	out := make([]string, len(nums))
	for i, n := range nums {
		if source < 0 {
			out[i] = w.Sim.MessageLabel(n)
		} else {
			out[i] = w.Sim.Label(source, n)
		}
	}
	return out
}

func (w *World) invocation(e *engine.Event) {
	cfg := w.Sim.Config()
	switch e.Kind {
	case engine.KindInvoke:
		id := cfg.Functions[e.Function].ID
		inv := &Invocation{N: int(e.Invocation), At: e.At.Seconds(), Mapping: cfg.Mappings[e.Mapping].ID, Shard: int(e.Shard),
			Records: w.labels(e.Source, e.Records), Attempt: int(e.Attempt)}
		if w.uses.event {
			inv.Event = &Body{text: event.Function(w.Sim, int(e.Mapping), e.Shard, e.Records, e.Window())}
		}
		w.open[[2]int32{e.Function, e.Invocation}] = len(w.invocations[id])
		w.invocations[id] = append(w.invocations[id], inv)
	case engine.KindReturn:
		key := [2]int32{e.Function, e.Invocation}
		i, seen := w.open[key]
		if !seen { // it began before the first event observed
			return
		}
		inv := w.invocations[cfg.Functions[e.Function].ID][i]
		inv.Outcome, inv.Took = e.Outcome.String(), e.At2.Seconds()
		delete(w.open, key)
	}
}

func object(b []byte) map[string]any {
	var m map[string]any
	_ = json.Unmarshal(b, &m) // the engine wrote it
	return m
}

// event is an event with the fields of its trace line.
func (w *World) event(e *engine.Event) *Event {
	out := &Event{line: trace.AppendJSON(nil, w.Sim, e)}
	_ = json.Unmarshal(out.line, out) // the trace wrote it
	return out
}

// MarshalJSON gives the trace line: the fields that the event has.
func (e Event) MarshalJSON() ([]byte, error) { return e.line, nil }

// none stops a question about something that does not exist.
func none(what, name string) { panic(fmt.Sprintf("there is no %s %q in this run", what, name)) }

func (w *World) record(label string, mapping ...string) Record {
	source, num, _ := strings.Cut(label, "#")
	n, err := strconv.Atoi(num)
	if qi := w.Sim.QueueIndex(source); qi >= 0 && err == nil && n >= 1 {
		if len(mapping) > 0 && w.Sim.QueueOf(w.mappingIndex(mapping[0])) != qi {
			none("mapping of "+source, mapping[0])
		}
		return w.message(qi, n)
	}
	si := w.Sim.StreamIndex(source)
	if err != nil || si < 0 || n < 1 {
		none("record", label)
	}
	id := func(mi int32) string { return w.Sim.Config().Mappings[mi].ID }
	var readers []int32 // of each name the newest: a deployment may have replaced others
	for _, mi := range w.Sim.Readers(si) {
		readers = append(slices.DeleteFunc(readers, func(k int32) bool { return id(k) == id(mi) }), mi)
	}
	mi := -1
	switch {
	case len(mapping) > 0:
		at := slices.IndexFunc(readers, func(k int32) bool { return id(k) == mapping[0] })
		if at < 0 {
			none("mapping of "+source, mapping[0])
		}
		mi = int(readers[at])
	case len(readers) == 1:
		mi = int(readers[0])
	case len(readers) > 1:
		panic(source + " has several mappings: name one")
	}
	st := &w.Sim.Streams[si]
	if n > st.Records.Len() {
		return Record{Shard: -1}
	}
	if !st.Records.Holds(n - 1) { // compacted: only its state is left
		state := engine.StateExpired
		if mi >= 0 {
			state = w.Sim.RecordState(mi, n)
		}
		return w.gone(label, state)
	}
	r := st.Records.At(n - 1)
	out := Record{Key: st.KeyOf(r), Shard: int(r.Shard), PutAt: r.At.Seconds(), State: "waiting"}
	if mi >= 0 {
		out.State = w.Sim.RecordState(mi, n).String()
		out.Deliveries, out.Failures, out.DoneAt = w.Sim.Deliveries(mi, n), w.Sim.Failures(mi, n), w.Sim.Mappings[mi].Track.At(n-1).DoneAt().Seconds()
	}
	return out
}

// gone is a record or message that is no longer in memory: only its last state is
// known.
func (w *World) gone(label string, state engine.RecordState) Record {
	switch {
	case state == engine.StateForgotten:
		panic(label + " has gone so long ago that nothing of it is in memory")
	case !w.statesOnly:
		panic(label + " is " + state.String() + " and has gone so long ago that nothing else of it is in memory (ask sooner, with at or by)")
	}
	return Record{Shard: -1, State: state.String()}
}

// Stream tells about a stream.
func (w *World) Stream(id string) Stream {
	si := w.Sim.StreamIndex(id)
	if si < 0 {
		none("stream", id)
	}
	st := &w.Sim.Streams[si]
	out := Stream{Put: st.Records.Len(), Rejected: int(st.Rejected), Retained: w.Sim.Retained(si), Expired: int(st.Expired), Shards: []Shard{}}
	for i := range st.Shards {
		sh := &st.Shards[i]
		s := Shard{Shard: i, ID: event.ShardID(w.Sim, si, int32(i)), Open: !sh.Closed, Parents: []int{}, Records: sh.Len() - int(sh.Trim)}
		for _, p := range sh.Parents {
			s.Parents = append(s.Parents, int(p))
		}
		out.Shards = append(out.Shards, s)
	}
	return out
}

func (w *World) mappingIndex(id string) int {
	mi := w.Sim.MappingIndex(id)
	if mi < 0 {
		none("mapping", id)
	}
	return mi
}

func (w *World) iterator(id string, shard int) Iterator {
	mi := w.mappingIndex(id)
	m, si := &w.Sim.Mappings[mi], int32(w.Sim.SourceOf(mi))
	if si < 0 {
		panic(id + " reads a queue: it has no iterator")
	}
	if shard < 0 || shard >= len(w.Sim.Streams[si].Shards) {
		panic(fmt.Sprintf("there is no shard %d: %s has %d", shard, w.Sim.Config().Streams[si].ID, len(w.Sim.Streams[si].Shards)))
	}
	out := Iterator{Behind: w.Sim.Behind(mi, shard), Age: w.Sim.Age(mi, shard).Seconds(), Attempts: w.Sim.Attempts(mi, shard), Lanes: []Lane{}}
	if n := w.Sim.NextRecord(mi, shard); n > 0 {
		out.Next = w.Sim.Label(si, n)
	}
	if !m.Started() || shard >= len(m.Iterators) {
		return out
	}
	it := &m.Iterators[shard]
	out.Blocked = it.Blocked()
	if it.Checkpoint > 0 {
		out.Checkpoint = w.Sim.Label(si, it.Checkpoint)
	}
	for i := range it.Lanes {
		l := &it.Lanes[i]
		lane := Lane{Lane: i, Blocked: l.Blocked, Keys: []string{}, Records: []string{}}
		if p, nums := l.Part(); p != nil {
			lane.Attempts = int(p.Tries)
			lane.Records = w.labels(si, nums)
			st := &w.Sim.Streams[si]
			for _, n := range nums {
				if k := st.KeyOf(st.Records.At(int(n) - 1)); k != "" && !slices.Contains(lane.Keys, k) {
					lane.Keys = append(lane.Keys, k)
				}
			}
		}
		out.Lanes = append(out.Lanes, lane)
	}
	return out
}

// Queue tells about a queue.
func (w *World) Queue(id string) Queue {
	qi := w.Sim.QueueIndex(id)
	if qi < 0 {
		none("queue", id)
	}
	q := &w.Sim.Queues[qi]
	out := Queue{Sent: int(q.Sent), Visible: int(q.Visible), InFlight: int(q.InFlight), Delayed: int(q.Delayed),
		Deleted: int(q.Deleted + q.Filtered), Expired: int(q.Expired), Moved: int(q.Moved), Groups: []Group{}}
	out.Oldest = w.Sim.Oldest(qi).Seconds()
	for _, gi := range q.Groups {
		if g := &w.Sim.Groups[gi]; g.Name != "" {
			out.Groups = append(out.Groups, Group{Group: g.Name, Locked: q.FIFO && g.Locked(), Visible: int(g.Visible), InFlight: int(g.InFlight)})
		}
	}
	return out
}

// Function tells about a function.
func (w *World) Function(id string) Function {
	fi := w.Sim.FunctionIndex(id)
	if fi < 0 {
		none("function", id)
	}
	f := &w.Sim.Functions[fi]
	var effects []Effect
	for _, x := range f.Effects {
		effects = append(effects, Effect{To: x.ID, Done: int(x.Done), Twice: int(x.Twice), Again: int(x.Again)})
	}
	return Function{Effects: effects, Invocations: int(f.Invocations), Errors: int(f.Errors), Timeouts: int(f.Timeouts), Throttles: int(f.Throttles),
		Running: int(f.Running), Peak: int(f.Peak), ColdStarts: int(f.ColdStarts), DestinationFailures: int(f.DestinationFailures),
		RecursiveInvocationsDropped: int(f.RecursiveInvocationsDropped)}
}

// effect tells what a function's handler did to one thing outside.
func (w *World) effect(function, to string) Effect {
	for _, x := range w.Function(function).Effects {
		if x.To == to {
			return x
		}
	}
	none("effect of "+function, to)
	return Effect{}
}

// Mapping tells about a mapping.
func (w *World) Mapping(id string) Mapping {
	m := &w.Sim.Mappings[w.mappingIndex(id)]
	c := m.Counts
	out := Mapping{State: m.State.String(), Concurrency: int(m.Running), LastProcessingResult: c.LastProcessingResult, StateTransitionReason: "User action",
		IteratorAge: int(m.MaxIteratorAge / engine.Millisecond), PolledEventCount: int(c.PolledEventCount), FilteredOutEventCount: int(c.FilteredOutEventCount),
		InvokedEventCount: int(c.InvokedEventCount), FailedInvokeEventCount: int(c.FailedInvokeEventCount), DeletedEventCount: int(c.DeletedEventCount),
		DroppedEventCount: int(c.DroppedEventCount), OnFailureDestinationDeliveredEventCount: int(c.OnFailureDestinationDeliveredEventCount),
		Skipped: int(c.Skipped), Again: int(c.Again)}
	if w.Sim.QueueOf(w.mappingIndex(id)) >= 0 {
		out.StateTransitionReason, out.Pollers = "USER_INITIATED", w.Sim.Pollers(w.mappingIndex(id))
	}
	return out
}

// Front tells what became of what a topic, a bucket or a rule sent.
func (w *World) Front(id string) Front {
	i := w.Sim.FrontIndex(id)
	if i < 0 {
		none("topic, bucket or rule", id)
	}
	published, counts := w.Sim.FrontCounts(i)
	out := Front{Published: published}
	for k, x := range counts {
		s := Sends{Name: x.ID, Sent: int(x.Sent), Filtered: int(x.Filtered), Dead: int(x.Dead), Lost: int(x.Lost), Retried: int(x.Retried)}
		if sends := w.Sim.Config().Fronts[i].Sends; k < len(sends) {
			s.To = sends[k].Queue
		}
		out.Sent, out.Filtered, out.Dead, out.Lost, out.Retried = out.Sent+s.Sent, out.Filtered+s.Filtered, out.Dead+s.Dead, out.Lost+s.Lost, out.Retried+s.Retried
		out.Sends = append(out.Sends, s)
	}
	return out
}

// Destination tells what failure records arrived.
func (w *World) Destination(id string) Destination {
	di := w.Sim.DestinationIndex(id)
	if di < 0 {
		none("destination", id)
	}
	out := Destination{Failed: int(w.Sim.DeliveriesFailed(di)), Payloads: []map[string]any{}, Keys: []string{}}
	for _, d := range w.Sim.Delivered(di) {
		out.Delivered++
		out.Payloads = append(out.Payloads, object(event.Failure(w.Sim, &w.Sim.Discards[d])))
		if key := event.ObjectKey(w.Sim, &w.Sim.Discards[d]); key != "" {
			out.Keys = append(out.Keys, key)
		}
	}
	for _, k := range w.Sim.Forwarded(di) {
		out.Delivered++
		out.Payloads = append(out.Payloads, object(w.Sim.AppendForward(nil, &w.Sim.Forwards[k])))
	}
	return out
}

func (w *World) alarm() Alarm {
	if w.Alarm == nil {
		return Alarm{State: "none", Rang: []float64{}, Back: []float64{}}
	}
	return w.Alarm()
}

func (w *World) calls(id string) []*Invocation {
	if w.Sim.FunctionIndex(id) < 0 {
		none("function", id)
	}
	return w.invocations[id]
}

func (w *World) discards(id string) []Discard {
	mi := w.mappingIndex(id)
	out := []Discard{}
	for _, d := range w.Sim.Discards {
		if int(d.Mapping) == mi {
			out = append(out, Discard{At: d.At.Seconds(), Records: w.labels(int32(w.Sim.SourceOf(mi)), d.Records), Condition: d.Condition.String(), InvokeCount: int(d.InvokeCount)})
		}
	}
	return out
}
