package engine_test

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"esmlab/engine"
	"esmlab/engine/event"
	"esmlab/engine/rule"
)

// isRule has the ids of all rules.
var isRule = func() map[rule.ID]bool {
	ids := map[rule.ID]bool{}
	for _, r := range rule.All {
		ids[r.ID] = true
	}
	return ids
}()

// broken is an invariant that does not hold: its name, and where.
type broken struct{ invariant, text string }

// checker follows a run event by event, right after each step, and keeps its
// own accounts of it. What it finds wrong it panics with, as a broken.
type checker struct {
	s        *engine.Sim
	streams  []streamAccount
	mappings []mappingAccount
	funcs    []functionAccount
	messages map[int32]*messageAccount
	received []int64         // by queue
	redriven []bool          // by queue: its order may have changed
	given    int             // events for functions that were looked at, large ones counted more
	updated  map[string]bool // mappings whose settings were changed: more may still run
	removed  map[string]bool
	events   []engine.Event
	see      func(e *engine.Event) // is shown each event, unless nil
	looped   bool                  // Lambda stopped a loop: its messages stay where they are
}

type streamAccount struct {
	keys     map[int32]string // of each record, as it was put
	expired  map[int32]bool
	rejected map[int32]bool
}

type mappingAccount struct {
	polled, invoked, failed, discarded, delivered, filtered int64
	final                                                   [engine.NumRecordStates]map[int32]bool
	first                                                   map[int32]int32 // by key: the newest record that was delivered
	seen                                                    map[int32]bool  // records that were delivered
	running                                                 map[int32]int32 // by key: the invocation that has it
	keysOf                                                  map[int32][]int32
	checkpoint                                              map[int32]int32 // by shard
}

type functionAccount struct{ invocations, returns, ok, errors, timeouts, throttles int64 }

// messageAccount is where the events say that a message lies.
type messageAccount struct {
	queue    int32 // -1: nowhere
	inFlight bool
	receives int32
	group    string
}

func newChecker(s *engine.Sim) *checker {
	c := &checker{s: s, messages: map[int32]*messageAccount{}, removed: map[string]bool{}, updated: map[string]bool{}, received: make([]int64, len(s.Queues)), redriven: make([]bool, len(s.Queues)), funcs: make([]functionAccount, len(s.Functions))}
	for range s.Streams {
		c.streams = append(c.streams, streamAccount{map[int32]string{}, map[int32]bool{}, map[int32]bool{}})
	}
	for range s.Mappings {
		m := mappingAccount{first: map[int32]int32{}, seen: map[int32]bool{}, running: map[int32]int32{}, keysOf: map[int32][]int32{}, checkpoint: map[int32]int32{}}
		for k := range m.final {
			m.final[k] = map[int32]bool{}
		}
		c.mappings = append(c.mappings, m)
	}
	return c
}

func (c *checker) must(ok bool, invariant, format string, args ...any) {
	if !ok {
		panic(broken{invariant, "at " + c.s.Now().String() + ": " + fmt.Sprintf(format, args...)})
	}
}

// advance lets time pass, and follows what happens.
func (c *checker) advance(to engine.Micros) {
	s := c.s
	follow := func() {
		c.events = s.DrainInto(c.events)
		for i := range c.events {
			c.event(&c.events[i])
			if c.see != nil {
				c.see(&c.events[i])
			}
		}
	}
	follow()
	for instant, steps := s.Now(), 0; s.NextAt() <= to; steps++ {
		if s.Step(); s.Now() > instant {
			instant, steps = s.Now(), 0
		}
		follow()
		c.must(steps < 100_000, "liveness", "time stands still")
	}
	s.RunUntil(to)
}

func (c *checker) event(e *engine.Event) {
	if !e.Kind.IsCommand() && e.Kind != engine.KindRefuse {
		c.must(isRule[e.Rule], "rule", "%s names the rule %q", e.Kind, e.Rule)
	}
	switch e.Kind {
	case engine.KindRemove:
		c.removed[e.Applied.Command.Target] = true
	case engine.KindSet:
		id, _, _ := strings.Cut(e.Applied.Command.Target, ".")
		c.updated[id] = true
	case engine.KindRestart:
		clear(c.mappings[c.s.MappingIndex(e.Applied.Command.Target)].running)
	case engine.KindState:
		if c.s.Config().Chosen.UpdateAgain == 1 {
			clear(c.mappings[e.Mapping].running)
		}
	case engine.KindInvoke:
		f := &c.s.Functions[e.Function]
		c.funcs[e.Function].invocations++
		c.must(f.Reserved < 0 || f.Running <= int32(f.Reserved), "concurrency", "%d run, %d are reserved", f.Running, f.Reserved)
		all, reserved := 0, 0
		for i := range c.s.Functions {
			all += int(c.s.Functions[i].Running)
			reserved += max(0, c.s.Functions[i].Reserved)
		}
		c.must(all <= max(reserved, c.s.Config().Concurrency), "concurrency", "%d run in an account of %d", all, c.s.Config().Concurrency)
		m, id := &c.s.Mappings[e.Mapping], c.s.Config().Mappings[e.Mapping].ID
		c.must(m.MaximumConcurrency == 0 || int(m.Running) <= m.MaximumConcurrency || c.updated[id], "concurrency", "%d run, MaximumConcurrency of %s is %d", m.Running, id, m.MaximumConcurrency)
		c.mappings[e.Mapping].invoked += int64(len(e.Records))
	case engine.KindReturn:
		f := &c.funcs[e.Function]
		f.returns++
		switch e.Outcome {
		case engine.OutcomeOK, engine.OutcomePartial, engine.OutcomeBadReply:
			f.ok++
		default:
			f.errors++
		}
		if e.Outcome == engine.OutcomeTimeout {
			f.timeouts++
		}
	case engine.KindRecursive:
		c.looped = true
	case engine.KindThrottle:
		c.funcs[e.Function].throttles++
	}
	switch {
	case e.Kind.IsCommand(), e.Kind == engine.KindState:
	case e.Source < 0:
		c.queueEvent(e)
	case len(c.streams) > 0:
		c.streamEvent(e)
	}
}

func (c *checker) streamEvent(e *engine.Event) {
	n := int64(len(e.Records))
	st := &c.streams[e.Source]
	m := &mappingAccount{}
	if int(e.Mapping) < len(c.mappings) {
		m = &c.mappings[e.Mapping]
	}
	mark := func(state engine.RecordState) {
		for _, n := range e.Records {
			m.final[state][n] = true
		}
	}
	switch e.Kind {
	case engine.KindPut:
		c.must(st.keys[e.Record] == "", "conservation", "record %d is put twice", e.Record)
		st.keys[e.Record] = c.s.Streams[e.Source].Keys[e.Key].Name
	case engine.KindPoll:
		m.polled += n
	case engine.KindFilter:
		m.filtered += n
		mark(engine.StateFiltered)
	case engine.KindMiss:
		mark(engine.StateMissed)
	case engine.KindDiscard:
		m.discarded += n
		mark(engine.StateDiscarded)
	case engine.KindDeliver:
		m.delivered += n
		c.failureSent(e)
	case engine.KindExpire:
		for _, n := range e.Records {
			st.expired[n] = true
		}
	case engine.KindReject, engine.KindUnchanged:
		for _, n := range e.Records {
			st.rejected[n] = true
		}
	case engine.KindCheckpoint:
		c.must(e.Record > m.checkpoint[e.Shard], "checkpoint", "the checkpoint of shard %d goes from %d to %d", e.Shard, m.checkpoint[e.Shard], e.Record)
		m.checkpoint[e.Shard] = e.Record
	case engine.KindInvoke:
		c.streamInvoke(e, m, st)
	case engine.KindReturn:
		for _, key := range m.keysOf[e.Invocation] {
			if m.running[key] == e.Invocation {
				delete(m.running, key)
			}
		}
		delete(m.keysOf, e.Invocation)
		done := e.Records
		switch e.Outcome {
		case engine.OutcomeOK:
			m.failed += int64(len(e.Failed))
		case engine.OutcomePartial:
			m.failed += int64(len(e.Failed))
			if len(e.Records) > 0 {
				done = done[:slices.Index(done, slices.Min(e.Failed))]
			}
		default:
			m.failed += n
			done = nil
		}
		for _, n := range done {
			m.final[engine.StateDone][n] = true
		}
	}
}

// streamInvoke: the records of a key come in order, and one invocation at a
// time has them, unless a restart has let go of one that still runs.
func (c *checker) streamInvoke(e *engine.Event, m *mappingAccount, st *streamAccount) {
	s := c.s
	for _, n := range e.Records {
		key := s.Streams[e.Source].Records.At(int(n) - 1).Key
		name := s.Streams[e.Source].Keys[key].Name
		if name[len(name)-1] == 's' { // its row chooses the shard
			continue
		}
		if !m.seen[n] {
			c.must(n > m.first[key], "order", "%s delivers record %d of key %s after %d", s.Config().Mappings[e.Mapping].ID, n, name, m.first[key])
			m.first[key], m.seen[n] = n, true
		}
		if by := m.running[key]; by != 0 && by != e.Invocation {
			c.must(false, "one at a time", "%s: invocation %d gets key %s, which invocation %d has", s.Config().Mappings[e.Mapping].ID, e.Invocation, name, by)
		}
		if m.running[key] == 0 {
			m.running[key] = e.Invocation
			m.keysOf[e.Invocation] = append(m.keysOf[e.Invocation], key)
		}
	}
	size := int32(0)
	for _, n := range e.Records {
		size += s.Streams[e.Source].Records.At(int(n) - 1).Bytes
	}
	if c.given += 1 + int(size>>12); c.given > 200 {
		return
	}
	var got struct {
		Records []struct {
			Kinesis  struct{ PartitionKey, Data string }
			DynamoDB struct {
				Keys     map[string]struct{ S string }
				NewImage map[string]struct{ N, S string }
			}
		}
	}
	c.decode(event.Function(s, int(e.Mapping), e.Shard, e.Records, e.Window), &got)
	c.must(len(got.Records) == len(e.Records), "given", "%d records of %d", len(got.Records), len(e.Records))
	for i, r := range got.Records {
		n, want := e.Records[i], st.keys[e.Records[i]]
		if s.Config().Streams[e.Source].Kind == engine.DynamoDB {
			c.must(r.DynamoDB.Keys["pk"].S == want, "given", "record %d has the key %q, %q was put", n, r.DynamoDB.Keys["pk"].S, want)
			if im := r.DynamoDB.NewImage; im["k"].S != "" {
				c.must(im["k"].S == want && im["n"].N == fmt.Sprint(n), "given", "record %d of key %q has the image %v", n, want, im)
			}
			continue
		}
		c.must(r.Kinesis.PartitionKey == want, "given", "record %d has the key %q, %q was put", n, r.Kinesis.PartitionKey, want)
		data, _ := base64.StdEncoding.DecodeString(r.Kinesis.Data)
		c.body(data, int(n), want)
	}
}

func (c *checker) decode(b []byte, into any) {
	err := json.Unmarshal(b, into)
	c.must(err == nil, "given", "the event is not JSON: %v: %.200s", err, b)
}

// body compares what a record holds with what was put: its number and key.
func (c *checker) body(data []byte, n int, key string) {
	var got struct {
		N int
		K *string
	}
	if json.Unmarshal(data, &got) != nil || got.K == nil { // cut to its size, or not of a row
		return
	}
	c.must(got.N == n && *got.K == key, "given", "what was put as number %d with the key %q reads %.60s", n, key, data)
}

// failureSent follows a failure record into a queue.
func (c *checker) failureSent(e *engine.Event) {
	if c.s.Config().Target(e.Queue) != nil {
		return
	}
	for id := int32(c.s.Messages.Len()) - 1; id >= 0; id-- {
		if m := c.s.Message(id); m.Discard == e.Discard && m.Origin == e.Queue {
			c.messages[id] = &messageAccount{queue: e.Queue}
			return
		}
	}
	c.must(false, "conservation", "the failure record of discard %d is not in its queue", e.Discard)
}

func (c *checker) queueEvent(e *engine.Event) {
	s, q := c.s, e.Queue
	at := func(id int32) *messageAccount {
		m := c.messages[id]
		c.must(m != nil && m.queue == q, "conservation", "%s of %s, which is not there", e.Kind, s.MessageLabel(id))
		return m
	}
	switch e.Kind {
	case engine.KindPut:
		c.must(c.messages[e.Record] == nil, "conservation", "%s is put twice", s.MessageLabel(e.Record))
		c.messages[e.Record] = &messageAccount{queue: q, group: s.GroupName(e.Record)}
	case engine.KindReceive:
		c.receive(e, at)
	case engine.KindReappear:
		for _, id := range e.Records {
			c.must(at(id).inFlight, "conservation", "%s reappears, but was not in flight", s.MessageLabel(id))
			at(id).inFlight = false
		}
	case engine.KindDelete, engine.KindExpire:
		for _, id := range e.Records {
			at(id).inFlight = false
			at(id).queue = -1
		}
	case engine.KindMove:
		for _, id := range e.Records {
			m := at(id)
			c.must(!m.inFlight, "conservation", "%s is moved in flight", s.MessageLabel(id))
			m.queue = e.To
			c.redriven[e.To] = true
			if e.Mapping < 0 { // a redrive: it counts as new
				m.receives = 0
			}
		}
	case engine.KindFilter:
		c.mappings[e.Mapping].filtered += int64(len(e.Records))
	case engine.KindInvoke:
		c.messagesGiven(e)
	case engine.KindReturn:
		m := &c.mappings[e.Mapping]
		if e.Outcome == engine.OutcomeOK || e.Outcome == engine.OutcomePartial {
			m.failed += int64(len(e.Failed))
		} else {
			m.failed += int64(len(e.Records))
		}
	}
}

// receive: a message that is in flight is not received, nor is one of a FIFO
// queue's group of which something is, and a group's messages come in order.
func (c *checker) receive(e *engine.Event, at func(int32) *messageAccount) {
	s, q := c.s, e.Queue
	fifo := s.Queues[q].FIFO
	locked := map[string]bool{}
	if fifo {
		for id, m := range c.messages {
			if m.queue == q && m.inFlight {
				locked[s.GroupName(id)] = true
			}
		}
	}
	last := map[string]int32{}
	for i, id := range e.Records {
		m := at(id)
		c.must(!m.inFlight, "conservation", "%s is received while it is in flight", s.MessageLabel(id))
		m.inFlight = true
		m.receives++
		c.must(e.Receives[i] == m.receives, "counters", "receive %d of %s says %d", m.receives, s.MessageLabel(id), e.Receives[i])
		if group := s.GroupName(id); fifo {
			c.must(!locked[group], "one at a time", "%s is received while its group is locked", s.MessageLabel(id))
			if !c.redriven[q] {
				before, ok := last[group]
				c.must(!ok || id > before, "order", "%s is received behind %s of its group", s.MessageLabel(id), s.MessageLabel(before))
			}
			last[group] = id
		}
	}
	c.received[q] += int64(len(e.Records))
	c.mappings[e.Mapping].polled += int64(len(e.Records))
}

func (c *checker) messagesGiven(e *engine.Event) {
	size := int32(0)
	for _, id := range e.Records {
		size += c.s.Message(id).Bytes
	}
	if c.given += 1 + int(size>>12); c.given > 200 {
		return
	}
	var got struct {
		Records []struct {
			Body       string
			Attributes struct{ MessageGroupId string }
		}
	}
	s := c.s
	c.decode(event.Function(s, int(e.Mapping), 0, e.Records, nil), &got)
	c.must(len(got.Records) == len(e.Records), "given", "%d messages of %d", len(got.Records), len(e.Records))
	for i, r := range got.Records {
		id := e.Records[i]
		m := s.Message(id)
		if m.Discard < 0 {
			c.must(r.Attributes.MessageGroupId == c.messages[id].group, "given", "%s has the group %q, %q was put", s.MessageLabel(id), r.Attributes.MessageGroupId, c.messages[id].group)
			c.body([]byte(r.Body), int(m.N), c.messages[id].group)
		}
	}
}

// state compares the state of the simulation with the accounts.
func (c *checker) state() {
	s := c.s
	for mi := range s.Mappings {
		m, a, id := &s.Mappings[mi], &c.mappings[mi], s.Config().Mappings[mi].ID
		is := []int64{m.Counts.PolledEventCount, m.Counts.InvokedEventCount, m.Counts.FailedInvokeEventCount, m.Counts.DroppedEventCount, m.Counts.OnFailureDestinationDeliveredEventCount, m.Counts.FilteredOutEventCount}
		want := []int64{a.polled, a.invoked, a.failed, a.discarded - a.delivered, a.delivered, a.filtered}
		c.must(slices.Equal(is, want), "counters", "%s counts %v, its trace says %v", id, is, want)
		if si := s.SourceOf(mi); si >= 0 {
			c.records(mi, si, id)
		}
	}
	for fi := range s.Functions {
		f, a := &s.Functions[fi], c.funcs[fi]
		is := functionAccount{f.Invocations, f.Invocations - int64(f.Running), f.OK, f.Errors, f.Timeouts, f.Throttles}
		c.must(is == a, "counters", "%s counts %+v, its trace says %+v", s.Config().Functions[fi].ID, is, a)
	}
	c.queues()
}

// records: each record is in exactly one state of a mapping, which the trace
// has told, and the counts say the same.
func (c *checker) records(mi, si int, id string) {
	s, a, st := c.s, &c.mappings[mi], &c.streams[si]
	var seen [engine.NumRecordStates]int64
	for n := int32(1); int(n) <= s.Streams[si].Records.Len(); n++ {
		state := s.RecordState(mi, int(n))
		seen[state]++
		told := true
		switch state {
		case engine.StateNone:
			told = false
		case engine.StateDone, engine.StateDiscarded, engine.StateFiltered:
			told = a.final[state][n]
		case engine.StateMissed:
			told = a.final[state][n] || st.expired[n]
		case engine.StateExpired:
			told = st.expired[n]
		case engine.StateRejected, engine.StateUnchanged:
			told = st.rejected[n]
		default:
			told = st.keys[n] != ""
		}
		c.must(told, "conservation", "record %d is %q for %s, and the trace does not tell how", n, state, id)
	}
	counted := s.CountStates(mi)
	c.must(counted == seen, "counters", "%s counts %v, its records are %v", id, counted, seen)
}

func (c *checker) queues() {
	s := c.s
	visible, inFlight := make([]int32, len(s.Queues)), make([]int32, len(s.Queues))
	for id, m := range c.messages {
		state := s.Message(id).State
		flying := state == engine.StateBatched || state == engine.StateRunning || state == engine.StateRetrying || state == engine.StateHidden
		gone := state == engine.StateDone || state == engine.StateFiltered || state == engine.StateExpired || state == engine.StatePurged
		if m.queue < 0 == gone && m.inFlight == flying && m.receives == s.Message(id).Receives {
			switch {
			case m.queue < 0:
			case m.inFlight:
				inFlight[m.queue]++
			default:
				visible[m.queue]++
			}
			continue
		}
		c.must(m.queue < 0 == gone && m.inFlight == flying, "conservation", "%s is %s, but by the trace in flight %v, in queue %d", s.MessageLabel(id), state, m.inFlight, m.queue)
		c.must(false, "counters", "%s was received %d times, its count is %d", s.MessageLabel(id), m.receives, s.Message(id).Receives)
	}
	running := make([]int32, len(s.Functions))
	for mi := range s.Mappings {
		running[s.FunctionOf(mi)] += s.Mappings[mi].Running
	}
	for fi := range running {
		c.must(running[fi] == s.Functions[fi].Running, "counters", "%d of the function run, of its mappings %d", s.Functions[fi].Running, running[fi])
	}
	for qi := range s.Queues {
		q, id := &s.Queues[qi], s.Config().Queues[qi].ID
		c.must(q.Visible+q.Delayed == visible[qi] && q.InFlight == inFlight[qi], "counters", "%s has %d visible, %d delayed, %d in flight; by the trace %d and %d", id, q.Visible, q.Delayed, q.InFlight, visible[qi], inFlight[qi])
		c.must(len(s.Contents(qi, 0)) == int(visible[qi]+inFlight[qi]), "conservation", "%s lists %d messages, %d lie there", id, len(s.Contents(qi, 0)), visible[qi]+inFlight[qi])
		c.must(q.Received == c.received[qi], "counters", "%s received %d, by the trace %d", id, q.Received, c.received[qi])
		total := int64(0)
		for state, n := range q.States {
			c.must(n >= 0 && (state != 0 || n == 0), "counters", "%s: %d messages are %q", id, n, engine.RecordState(state))
			total += n
		}
		c.must(total == int64(q.Put.Len()), "conservation", "%s has %d states for %d messages", id, total, q.Put.Len())
	}
}
