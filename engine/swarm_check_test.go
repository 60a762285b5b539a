package engine_test

import (
	"cmp"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"esmlab/engine"
	"esmlab/engine/event"
	"esmlab/engine/rule"
	"esmlab/engine/setting"
)

// isRule has the ids of all rules.
var isRule = func() map[rule.ID]bool {
	ids := map[rule.ID]bool{}
	for _, r := range rule.All {
		ids[r.ID] = true
	}
	return ids
}()

// swarmGiven is how many records of events for functions are looked at in a
// run: those of one invocation in four.
const swarmGiven = 100

// broken is an invariant that does not hold: its name, and where.
type broken struct{ invariant, text string }

// checker follows a run event by event, right after each step, and keeps its
// own accounts of it. What it finds wrong it panics with, as a broken.
type checker struct {
	s         *engine.Sim
	streams   []streamAccount
	mappings  []mappingAccount
	funcs     []functionAccount
	messages  []messageAccount // by id
	locked    map[groupOf]int  // FIFO: messages in flight
	received  []int64          // by queue
	redriven  []bool           // by queue: its order may have changed
	given     int              // events for functions that were looked at, large ones counted more
	updated   map[string]bool  // mappings whose settings were changed: more may still run
	removed   map[string]bool
	events    []engine.Event
	see       func(e *engine.Event) // is shown each event, unless nil
	stepped   func()                // is called after each step, unless nil
	most      int64                 // steps after which it is too much; 0: never
	reserves  bool                  // concurrency was reserved while more was running: AWS does not say what of it goes on
	commanded bool                  // the step was a command
	deploying bool                  // one of the events that are looked at is a deployment: what they come to is not what was when each happened
	moved     bool                  // a deployment may have given a mapping another function
	looped    bool                  // Lambda stopped a loop: its messages stay where they are
}

// streamAccount is what the events say of a stream's records, by number.
type streamAccount struct {
	keys     list[string] // as they were put
	repeats  list[int32]  // the number of the put that a put repeats
	expired  list[bool]
	rejected list[bool]
}

// list grows to what is asked of it.
type list[T any] []T

func (l *list[T]) at(n int32) *T {
	if int(n) >= len(*l) {
		*l = append(*l, make([]T, int(n)+1-len(*l)+len(*l)/2)...)
	}
	return &(*l)[n]
}

// groupOf is a message group of a queue.
type groupOf struct {
	queue int32
	name  string
}

type mappingAccount struct {
	polled, invoked, failed, discarded, delivered, filtered int64
	final                                                   list[uint32]  // by record: a bit for each state that the trace told
	first                                                   list[int32]   // by key: the newest record that was delivered
	seen                                                    list[bool]    // records that were delivered
	running                                                 list[int32]   // by key: the invocation that has it
	keysOf                                                  list[[]int32] // by invocation
	checkpoint                                              list[int32]   // by shard
	denied                                                  []engine.Denial
}

type functionAccount struct{ invocations, returns, ok, errors, timeouts, throttles int64 }

// messageAccount is where the events say that a message lies.
type messageAccount struct {
	there    bool
	queue    int32 // -1: nowhere
	inFlight bool
	receives int32
	group    string
	of       int32 // the number of the put that it repeats, 0: none
}

func newChecker(s *engine.Sim) *checker {
	c := &checker{s: s, locked: map[groupOf]int{}, removed: map[string]bool{}, updated: map[string]bool{}, received: make([]int64, len(s.Queues)), redriven: make([]bool, len(s.Queues)),
		funcs: make([]functionAccount, len(s.Functions)), streams: make([]streamAccount, len(s.Streams)), mappings: make([]mappingAccount, len(s.Mappings))}
	for i := range c.mappings {
		c.mappings[i].denied = s.Config().Mappings[i].Deny
	}
	return c
}

// deployed makes room for what a deployment has made, and takes over what roles may do.
func (c *checker) deployed() {
	s := c.s
	for len(c.streams) < len(s.Streams) {
		c.streams = append(c.streams, streamAccount{})
	}
	for len(c.funcs) < len(s.Functions) {
		c.funcs = append(c.funcs, functionAccount{})
	}
	for len(c.received) < len(s.Queues) {
		c.received, c.redriven = append(c.received, 0), append(c.redriven, false)
	}
	for len(c.mappings) < len(s.Mappings) {
		mi := len(c.mappings)
		a := mappingAccount{denied: s.Config().Mappings[mi].Deny}
		if si := s.SourceOf(mi); si >= 0 { // what its stream had let go of before
			for n := range s.Streams[si].Records.Len() {
				*a.final.at(int32(n) + 1) |= 1 << engine.StateMissed
			}
		}
		c.mappings = append(c.mappings, a)
	}
}

// fail says what does not hold.
func (c *checker) fail(invariant, format string, args ...any) {
	panic(broken{invariant, "at " + c.s.Now().String() + ": " + fmt.Sprintf(format, args...)})
}

// advance lets time pass, and follows what happens.
func (c *checker) advance(to engine.Micros) {
	s := c.s
	follow := func() {
		c.events = s.DrainInto(c.events)
		c.commanded = false
		c.deploying = slices.ContainsFunc(c.events, func(e engine.Event) bool { return e.Kind == engine.KindDeploy })
		for i := range c.events {
			c.event(&c.events[i])
			if c.see != nil {
				c.see(&c.events[i])
			}
		}
	}
	follow()
	for s.NextAt() <= to && !c.tooMuch() && s.Step() {
		s.MustHold()
		follow()
		if c.stepped != nil {
			c.stepped()
		}
	}
	if !c.tooMuch() {
		s.RunUntil(to)
	}
	if s.Stopped() != nil {
		follow() // it says so where a step would have been
		c.stops()
	}
}

// tooMuch reports whether the run has done more than it is to be followed.
func (c *checker) tooMuch() bool { return c.most > 0 && c.s.Steps() > c.most }

// stops holds that a run which stopped did so because of a loop that takes no
// time: a wait takes none, or among the resources that it names there is a queue
// whose messages come back to it.
func (c *checker) stops() {
	s := c.s
	if ch := &s.Config().Chosen; ch.PollerWait == 0 || ch.RetryWait == 0 || ch.ReadRetry == 0 {
		return
	}
	named := func(id string) bool { return strings.Contains(s.Stopped().Message, id) }
	to := make([][]int, len(s.Queues))
	for i := range s.Queues {
		if q := &s.Queues[i]; q.VisibilityTimeout == 0 {
			to[i] = append(to[i], i)
		}
		if dlq := s.DeadLetterOf(i); dlq >= 0 {
			to[i] = append(to[i], dlq)
		}
		for _, mi := range s.QueueReaders(i) {
			if sends := s.Config().Functions[s.FunctionOf(int(mi))].Sends; sends != "" {
				to[i] = append(to[i], s.QueueIndex(sends))
			}
		}
	}
	for i := range s.Queues {
		if !named(s.Config().Queues[i].ID) {
			continue
		}
		seen, next := make([]bool, len(s.Queues)), to[i]
		for len(next) > 0 {
			at := next[0]
			next = next[1:]
			if at == i {
				return
			}
			if !seen[at] {
				seen[at] = true
				next = append(next, to[at]...)
			}
		}
	}
	c.fail("stop", "%v, but no queue that it names gets its messages back", s.Stopped())
}

func (c *checker) event(e *engine.Event) {
	if !e.Kind.IsCommand() && e.Kind != engine.KindRefuse {
		if !isRule[e.Rule] {
			c.fail("rule", "%s names the rule %q", e.Kind, e.Rule)
		}
	}
	c.commanded = c.commanded || e.Kind.IsCommand()
	switch e.Kind {
	case engine.KindDeploy:
		c.deployed()
	case engine.KindChange:
		id := e.Applied.Command.Target
		c.moved = c.moved || e.Why == engine.WhyReplaced || strings.Contains(e.Applied.Command.Value.Text, "FunctionName")
		if c.updated[id] = true; e.Why != engine.WhyUpdated {
			c.removed[id] = slices.Contains(c.s.Config().Absent, id)
		}
		if all, most := c.running(); all > most {
			c.reserves = true
		}
	case engine.KindRemove:
		c.removed[e.Applied.Command.Target] = true
	case engine.KindSet:
		id, name, _ := strings.Cut(e.Applied.Command.Target, ".")
		c.updated[id] = true
		if all, most := c.running(); name == setting.ReservedConcurrentExecutions && all > most {
			c.reserves = true
		}
	case engine.KindRestart:
		clear(c.mappings[c.s.MappingIndex(e.Applied.Command.Target)].running)
	case engine.KindState:
		m := &c.mappings[e.Mapping]
		anew := slices.Contains([]rule.ID{rule.MapStartTrim, rule.MapStartLatest, rule.MapStartTimestamp}, e.Rule)
		if anew || c.s.Config().Chosen.UpdateAgain == 1 {
			clear(m.running)
		}
		if anew { // it may be a new one
			clear(m.first)
			clear(m.checkpoint)
		}
	case engine.KindInvoke:
		f := &c.s.Functions[e.Function]
		c.funcs[e.Function].invocations++
		if f.Reserved >= 0 && f.Running > int32(f.Reserved) && !c.deploying {
			c.fail("concurrency", "%d run, %d are reserved", f.Running, f.Reserved)
		}
		if all, most := c.running(); all > most && !c.reserves {
			c.fail("concurrency", "%d run where %d may", all, most)
		}
		m, id := &c.s.Mappings[e.Mapping], c.s.Config().Mappings[e.Mapping].ID
		if m.State != engine.Enabled && m.State != engine.Updating && !c.commanded {
			c.fail("state", "%s invokes its function, and is %s", id, m.State)
		}
		if m.MaximumConcurrency != 0 && int(m.Running) > m.MaximumConcurrency && !c.updated[id] {
			c.fail("concurrency", "%d run, MaximumConcurrency of %s is %d", m.Running, id, m.MaximumConcurrency)
		}
		c.mappings[e.Mapping].invoked += int64(len(e.Records))
	case engine.KindReturn:
		if all, most := c.running(); all <= most {
			c.reserves = false
		}
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
		c.throttled(e)
	case engine.KindDeny:
		m := &c.mappings[c.s.MappingIndex(e.Applied.Command.Target)]
		for _, a := range e.Applied.Command.Actions {
			m.denied = append(slices.Clip(m.denied), engine.Denial{Action: a})
		}
	case engine.KindAllow:
		m := &c.mappings[c.s.MappingIndex(e.Applied.Command.Target)]
		m.denied = slices.DeleteFunc(slices.Clone(m.denied), func(d engine.Denial) bool { return slices.Contains(e.Applied.Command.Actions, d.Action) })
	case engine.KindPoll, engine.KindReceive:
		c.mayRead(e)
	}
	switch {
	case e.Kind.IsCommand(), e.Kind == engine.KindState:
	case e.Source < 0:
		c.queueEvent(e)
	case len(c.streams) > 0:
		c.streamEvent(e)
	}
}

// mayRead holds that a mapping reads only what its role may read.
func (c *checker) mayRead(e *engine.Event) {
	cfg := c.s.Config()
	m := &cfg.Mappings[e.Mapping]
	needs, kms := []string{"sqs:ReceiveMessage", "sqs:GetQueueAttributes"}, false
	if e.Source < 0 {
		kms = cfg.Queues[e.Queue].KMS
	} else {
		kms = cfg.Streams[e.Source].KMS
		switch {
		case cfg.Streams[e.Source].Kind == engine.DynamoDB:
			needs = []string{"dynamodb:GetRecords", "dynamodb:GetShardIterator", "dynamodb:DescribeStream"}
		case m.Consumer != "":
			needs = []string{"kinesis:SubscribeToShard"}
		default:
			needs = []string{"kinesis:GetRecords", "kinesis:GetShardIterator", "kinesis:DescribeStream"}
		}
	}
	if kms {
		needs = append(needs, "kms:Decrypt")
	}
	for _, d := range c.mappings[e.Mapping].denied {
		if (d.On == "" || d.On == m.Source) && (d.Action == "*" || slices.Contains(needs, d.Action)) {
			c.fail("permission", "%s reads, and is denied %s", m.ID, d.Action)
		}
	}
}

// running is how many invocations are under way or have a place reserved, and
// how many there may be in the account.
func (c *checker) running() (all, most int) {
	reserved := 0
	for i := range c.s.Functions {
		f := &c.s.Functions[i]
		all += max(int(f.Running), f.Reserved)
		reserved += max(0, f.Reserved)
	}
	return all, max(reserved, c.s.Config().Concurrency-c.s.Config().Used)
}

// throttled holds that no try is throttled while the function may run once
// more: by what the trace says, all its reserved concurrency is taken, or all
// that the account has left, or new environments come too fast.
func (c *checker) throttled(e *engine.Event) {
	s, cfg := c.s, c.s.Config()
	running := func(i int) int { return int(c.funcs[i].invocations - c.funcs[i].returns) }
	left := cfg.Concurrency - cfg.Used
	for i := range s.Functions {
		left -= max(s.Functions[i].Reserved, running(i))
	}
	if f := &s.Functions[e.Function]; f.Reserved >= 0 {
		left = f.Reserved - running(int(e.Function))
	}
	if id := cfg.Functions[e.Function].ID; left > 0 && e.Rule != rule.FnScale && !c.removed[id] && !c.commanded {
		c.fail("starvation", "a try of %s is throttled, with room for %d more", id, left)
	}
}

func (c *checker) streamEvent(e *engine.Event) {
	n := int64(len(e.Records))
	st := &c.streams[e.Source]
	m := &mappingAccount{} // of an event that is of no mapping
	if int(e.Mapping) < len(c.mappings) {
		m = &c.mappings[e.Mapping]
	}
	mark := func(state engine.RecordState) {
		for _, n := range e.Records {
			*m.final.at(n) |= 1 << state
		}
	}
	switch e.Kind {
	case engine.KindPut:
		key := st.keys.at(e.Record)
		if *key != "" {
			c.fail("conservation", "record %d is put twice", e.Record)
		}
		*key = c.s.Streams[e.Source].Keys[e.Key].Name
		*st.repeats.at(e.Record) = e.Of
	case engine.KindPoll:
		m.polled += n
	case engine.KindFilter:
		m.filtered += n
		mark(engine.StateFiltered)
		for _, n := range e.Records { // with other criteria and a restart it may come again, behind what was tried
			*m.seen.at(n) = true
		}
	case engine.KindMiss:
		mark(engine.StateMissed)
	case engine.KindDiscard:
		m.discarded += n
		mark(engine.StateDiscarded)
		c.failure(e)
	case engine.KindDeliver:
		m.delivered += n
		c.failureSent(e)
	case engine.KindExpire:
		for _, n := range e.Records {
			*st.expired.at(n) = true
		}
	case engine.KindReject, engine.KindUnchanged:
		for _, n := range e.Records {
			*st.rejected.at(n) = true
		}
	case engine.KindCheckpoint:
		was := m.checkpoint.at(e.Shard)
		if e.Record <= *was {
			c.fail("checkpoint", "the checkpoint of shard %d goes from %d to %d", e.Shard, *was, e.Record)
		}
		*was = e.Record
	case engine.KindInvoke:
		c.streamInvoke(e, m, st)
	case engine.KindReturn:
		has := m.keysOf.at(e.Invocation)
		for _, key := range *has {
			if by := m.running.at(key); *by == e.Invocation {
				*by = 0
			}
		}
		*has = nil
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
			*m.final.at(n) |= 1 << engine.StateDone
		}
	}
}

// streamInvoke: the records of a key come in order, and one invocation at a
// time has them, unless a restart has let go of one that still runs.
func (c *checker) streamInvoke(e *engine.Event, m *mappingAccount, st *streamAccount) {
	s := c.s
	for _, n := range e.Records {
		r := s.Streams[e.Source].Records.At(int(n) - 1)
		key := r.Key
		name := s.Streams[e.Source].Keys[key].Name
		if name[len(name)-1] == 's' || r.Auto { // its row chooses the shard, or the service: no order is promised
			continue
		}
		if seen, first := m.seen.at(n), m.first.at(key); !*seen {
			if n <= *first {
				c.fail("order", "%s delivers record %d of key %s after %d", s.Config().Mappings[e.Mapping].ID, n, name, *first)
			}
			*first, *seen = n, true
		}
		by := m.running.at(key)
		if *by != 0 && *by != e.Invocation {
			c.fail("one at a time", "%s: invocation %d gets key %s, which invocation %d has", s.Config().Mappings[e.Mapping].ID, e.Invocation, name, *by)
		}
		if *by == 0 {
			*by = e.Invocation
			has := m.keysOf.at(e.Invocation)
			*has = append(*has, key)
		}
	}
	if e.N%4 != 0 || c.given > swarmGiven {
		return
	}
	for _, n := range e.Records {
		c.given += 1 + int(s.Streams[e.Source].Records.At(int(n)-1).Bytes>>12)
	}
	var got struct {
		Records []struct {
			Kinesis struct {
				PartitionKey *string
				Data         string
			}
			DynamoDB struct {
				Keys     map[string]struct{ S string }
				NewImage map[string]struct{ N, S string }
			}
		}
	}
	c.decode(event.Function(s, int(e.Mapping), e.Shard, e.Records, e.Window()), &got)
	if len(got.Records) != len(e.Records) {
		c.fail("given", "%d records of %d", len(got.Records), len(e.Records))
	}
	for i, r := range got.Records {
		n, want := e.Records[i], *st.keys.at(e.Records[i])
		if s.Config().Streams[e.Source].Kind == engine.DynamoDB {
			if r.DynamoDB.Keys["pk"].S != want {
				c.fail("given", "record %d has the key %q, %q was put", n, r.DynamoDB.Keys["pk"].S, want)
			}
			if im := r.DynamoDB.NewImage; im["k"].S != "" {
				if im["k"].S != want || im["n"].N != fmt.Sprint(cmp.Or(*st.repeats.at(n), n)) {
					c.fail("given", "record %d of key %q has the image %v", n, want, im)
				}
			}
			continue
		}
		if put := s.Streams[e.Source].Records.At(int(n) - 1); put.Auto != (r.Kinesis.PartitionKey == nil) || !put.Auto && *r.Kinesis.PartitionKey != want {
			c.fail("given", "record %d has the key %v, %q was put", n, r.Kinesis.PartitionKey, want)
		}
		data, _ := base64.StdEncoding.DecodeString(r.Kinesis.Data)
		c.body(data, int(cmp.Or(*st.repeats.at(n), n)), want)
	}
}

// failure compares a failure record with the discard that it is of.
func (c *checker) failure(e *engine.Event) {
	if e.Discard < 0 { // the final call of a window has no records
		return
	}
	d := &c.s.Discards[e.Discard]
	var got struct {
		KinesisBatchInfo, DDBStreamBatchInfo struct {
			BatchSize                                       int
			StartSequenceNumber, EndSequenceNumber, ShardID string
		}
		Payload string
	}
	c.decode(event.Failure(c.s, d), &got)
	info := got.KinesisBatchInfo
	if c.s.Config().Streams[e.Source].Kind == engine.DynamoDB {
		info = got.DDBStreamBatchInfo
	}
	first, last := c.s.SequenceNumber(int(e.Source), int(e.Records[0])), c.s.SequenceNumber(int(e.Source), int(e.Records[len(e.Records)-1]))
	if info.BatchSize != len(e.Records) || info.StartSequenceNumber != first || info.EndSequenceNumber != last || info.ShardID != event.ShardID(c.s, int(e.Source), e.Shard) {
		c.fail("given", "the failure record of %d records, %s to %s, reads %+v", len(e.Records), first, last, info)
	}
	if got.Payload != "" {
		var held struct{ Records []json.RawMessage }
		if c.decode([]byte(got.Payload), &held); len(held.Records) != len(e.Records) {
			c.fail("given", "the failure record holds %d of %d records", len(held.Records), len(e.Records))
		}
	}
}

func (c *checker) decode(b []byte, into any) {
	err := json.Unmarshal(b, into)
	if err != nil {
		c.fail("given", "the event is not JSON: %v: %.200s", err, b)
	}
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
	if got.N != n || *got.K != key {
		c.fail("given", "what was put as number %d with the key %q reads %.60s", n, key, data)
	}
}

// state compares the state of the simulation with the accounts.
func (c *checker) state() {
	s := c.s
	for mi := range s.Mappings {
		m, a, id := &s.Mappings[mi], &c.mappings[mi], s.Config().Mappings[mi].ID
		is := []int64{m.Counts.PolledEventCount, m.Counts.InvokedEventCount, m.Counts.FailedInvokeEventCount, m.Counts.DroppedEventCount, m.Counts.OnFailureDestinationDeliveredEventCount, m.Counts.FilteredOutEventCount}
		want := []int64{a.polled, a.invoked, a.failed, a.discarded - a.delivered, a.delivered, a.filtered}
		if !slices.Equal(is, want) {
			c.fail("counters", "%s counts %v, its trace says %v", id, is, want)
		}
		if si := s.SourceOf(mi); si >= 0 {
			c.records(mi, si, id)
		}
	}
	for fi := range s.Functions {
		f, a := &s.Functions[fi], c.funcs[fi]
		is := functionAccount{f.Invocations, f.Invocations - int64(f.Running), f.OK, f.Errors, f.Timeouts, f.Throttles}
		if is != a {
			c.fail("counters", "%s counts %+v, its trace says %+v", s.Config().Functions[fi].ID, is, a)
		}
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
			told = *a.final.at(n)&(1<<state) != 0
		case engine.StateMissed:
			told = *a.final.at(n)&(1<<state) != 0 || *st.expired.at(n)
		case engine.StateExpired:
			told = *st.expired.at(n)
		case engine.StateRejected, engine.StateUnchanged:
			told = *st.rejected.at(n)
		default:
			told = *st.keys.at(n) != ""
		}
		if !told {
			c.fail("conservation", "record %d is %q for %s, and the trace does not tell how", n, state, id)
		}
	}
	counted := s.CountStates(mi)
	if counted != seen {
		c.fail("counters", "%s counts %v, its records are %v", id, counted, seen)
	}
}
