package engine_test

import (
	"fmt"
	"reflect"
	"testing"

	"pgregory.net/rapid"

	"esmlab/engine"
	"esmlab/engine/pattern"
)

// queueWorld draws a queue with its DLQ, functions and one or two mappings.
func queueWorld(t *rapid.T) *engine.Config {
	n := func(name string, of ...int) int { return rapid.SampledFrom(of).Draw(t, name) }
	yes := func(name string) bool { return rapid.Bool().Draw(t, name) }
	fifo := yes("fifo")
	q := engine.QueueConfig{ID: "Jobs", FIFO: fifo, QueueSettings: engine.DefaultQueueSettings()}
	q.VisibilityTimeout = n("VisibilityTimeout", 1, 2, 5, 30)
	q.DelaySeconds = n("DelaySeconds", 0, 0, 1, 7)
	q.MessageRetentionPeriod = n("retention", 60, 60, 345600)
	q.MaxReceiveCount = n("maxReceiveCount", 1, 2, 3)
	if yes("dlq") {
		q.DeadLetterQueue = "JobsDead"
	}
	if !fifo {
		q.Duplicates = float64(n("duplicates", 0, 0, 30)) / 100
	} else {
		q.ContentBasedDeduplication = yes("content")
		q.DeduplicationScope = rapid.SampledFrom([]string{"", "messageGroup"}).Draw(t, "scope")
	}
	q.FailedDeletes = float64(n("failed deletes", 0, 0, 30)) / 100
	dead := engine.QueueConfig{ID: "JobsDead", FIFO: fifo, QueueSettings: engine.DefaultQueueSettings()}
	dead.MessageRetentionPeriod = n("dead retention", 60, 345600)
	cfg := &engine.Config{Seed: rapid.Uint64().Draw(t, "seed"), For: engine.Never, Concurrency: n("account", 2, 5, 1000), Chosen: engine.DefaultChosen(),
		Queues: []engine.QueueConfig{q, dead},
		Functions: []engine.FunctionConfig{{ID: "Work", FunctionSettings: engine.FunctionSettings{Timeout: engine.Second, Reserved: n("reserved", -1, -1, 0, 1, 3), Takes: engine.Takes{Base: engine.Micros(n("takes", 0, 100, 900, 3000)) * engine.Millisecond, Spread: 200 * engine.Millisecond}}, Sends: rapid.SampledFrom([]string{"", "", "Jobs"}).Draw(t, "sends"),
			Faults: []engine.Fault{{Name: "poison", Nth: n("nth", 3, 7), Until: engine.Never, How: engine.How(n("how", int(engine.HowError), int(engine.HowReport), int(engine.HowTimeout))), Deliveries: n("deliveries", 0, 0, 2), Names: engine.Names(n("names", 0, 1, 2, 3))}}}}}
	if fifo {
		cfg.Functions[0].Sends = ""
	}
	for i := range n("mappings", 1, 1, 2) {
		m := engine.DefaultQueueMapping()
		m.BatchSize = n("BatchSize", 1, 3, 10)
		if !fifo {
			m.MaximumBatchingWindowInSeconds = n("window", 0, 0, 3)
			if m.MaximumBatchingWindowInSeconds > 0 {
				m.BatchSize = n("more", 10, 25)
			}
		}
		m.ReportBatchItemFailures = yes("partial")
		m.MaximumConcurrency = n("MaximumConcurrency", 0, 0, 2, 4)
		if n("provisioned", 0, 0, 1) == 1 {
			m.MaximumConcurrency, m.MinimumPollers, m.MaximumPollers = 0, 2, 4
		}
		if n("filter", 0, 0, 1) == 1 {
			m.FilterCriteria, _ = pattern.NewCriteria([]string{`{"body":{"n":[{"numeric":[">",9]}]}}`})
		}
		cfg.Mappings = append(cfg.Mappings, engine.MappingConfig{ID: fmt.Sprint("Work", i), Source: "Jobs", Function: "Work", Enabled: true, Settings: m})
	}
	if yes("read the dead") {
		m := engine.DefaultQueueMapping()
		cfg.Mappings = append(cfg.Mappings, engine.MappingConfig{ID: "ReadDead", Source: "JobsDead", Function: "Work", Enabled: true, Settings: m})
	}
	row := engine.Traffic{To: "Jobs", Until: 40 * engine.Second, Every: engine.Micros(n("every", 150, 300, 2000)) * engine.Millisecond, Per: 1, Shard: -1}
	if yes("keys") || fifo {
		row.Keys = []string{"A", "B", "C"}[:n("groups", 1, 2, 3)]
		row.Random = yes("random")
	}
	if fifo && yes("dedup") {
		row.Dedup = rapid.SampledFrom([]string{"x{key}", "y{n}", "z"}).Draw(t, "id")
	}
	burst := engine.Traffic{To: "Jobs", AtOnce: true, At: engine.Micros(n("burst at", 0, 5, 20)) * engine.Second, Count: n("burst", 1, 15, 80), Keys: row.Keys, Shard: -1, Delay: 3 * engine.Second, HasDelay: yes("timer") && !fifo}
	cfg.Traffic = []engine.Traffic{row, burst}
	return cfg
}

// lies is where the events say that a message lies.
type lies struct {
	queue    int32 // -1: nowhere
	inFlight bool
	receives int32
}

// accounts keeps account of messages by what the trace says alone.
type account struct {
	sim      *engine.Sim
	at       map[int32]*lies
	sent     []int64
	received []int64
	deleted  int64
	redriven bool
	limited  bool // MaximumConcurrency was changed: more may still run
}

func (l *account) follow(t reporter, e *engine.Event) {
	if e.Kind == engine.KindSet && e.Applied.Command.Target == "Work0.MaximumConcurrency" {
		l.limited = true
	}
	if e.Source >= 0 {
		return
	}
	q := e.Queue
	must := func(id int32, inFlight bool) *lies {
		m := l.at[id]
		if m == nil || m.queue != q {
			t.Fatalf("%s: %s of %s, which does not exist", e.At, e.Kind, l.sim.MessageLabel(id))
		}
		if inFlight && !m.inFlight {
			t.Fatalf("%s: %s of %s, which is not in flight", e.At, e.Kind, l.sim.MessageLabel(id))
		}
		return m
	}
	switch e.Kind {
	case engine.KindPut:
		if l.at[e.Record] != nil {
			t.Fatalf("%s: %s put twice", e.At, l.sim.MessageLabel(e.Record))
		}
		l.at[e.Record] = &lies{queue: q}
		l.sent[q]++
	case engine.KindReceive:
		locked := map[string]bool{}
		if l.sim.Queues[q].FIFO {
			for id, m := range l.at {
				if m.queue == q && m.inFlight {
					locked[l.sim.GroupName(id)] = true
				}
			}
		}
		last := map[string]int32{}
		for i, id := range e.Records {
			m := must(id, false)
			if m.inFlight {
				t.Fatalf("%s: %s is received while it is in flight", e.At, l.sim.MessageLabel(id))
			}
			m.inFlight = true
			m.receives++
			if e.Receives[i] != m.receives {
				t.Fatalf("%s: receive %d of %s says %d", e.At, m.receives, l.sim.MessageLabel(id), e.Receives[i])
			}
			if group := l.sim.GroupName(id); l.sim.Queues[q].FIFO {
				if locked[group] {
					t.Fatalf("%s: %s is received while its group is locked", e.At, l.sim.MessageLabel(id))
				}
				if n := l.sim.Message(id).N; n < last[group] && !l.redriven {
					t.Fatalf("%s: %s is received behind #%d of its group", e.At, l.sim.MessageLabel(id), last[group])
				}
				last[group] = l.sim.Message(id).N
			}
		}
		l.received[q] += int64(len(e.Records))
	case engine.KindReappear:
		for _, id := range e.Records {
			must(id, true).inFlight = false
		}
	case engine.KindDelete:
		for _, id := range e.Records {
			must(id, false).queue = -1
			l.at[id].inFlight = false
		}
		if e.Why == engine.WhyProcessed {
			l.deleted += int64(len(e.Records))
		}
	case engine.KindExpire:
		for _, id := range e.Records {
			must(id, false).queue = -1
			l.at[id].inFlight = false
		}
	case engine.KindMove:
		for _, id := range e.Records {
			m := must(id, false)
			if m.inFlight {
				t.Fatalf("%s: %s is moved in flight", e.At, l.sim.MessageLabel(id))
			}
			m.queue = e.To
			if e.Mapping < 0 { // a redrive: it counts as new
				m.receives = 0
				l.redriven = true
			}
		}
	}
}

// check compares the state with the account.
func (l *account) check(t reporter) {
	s := l.sim
	for qi := range s.Queues {
		q := &s.Queues[qi]
		var visible, inFlight int32
		for id, m := range l.at {
			state := s.Message(id).State
			flying := state == engine.StateBatched || state == engine.StateRunning || state == engine.StateRetrying || state == engine.StateHidden
			gone := state == engine.StateDone || state == engine.StateFiltered || state == engine.StateExpired || state == engine.StatePurged
			if m.queue < 0 != gone || m.inFlight != flying {
				t.Fatalf("%s: %s is %s, but by the trace in flight %v, in queue %d", s.Now(), s.MessageLabel(id), state, m.inFlight, m.queue)
			}
			if m.receives != s.Message(id).Receives {
				t.Fatalf("%s: %s was received %d times, its count is %d", s.Now(), s.MessageLabel(id), m.receives, s.Message(id).Receives)
			}
			if m.queue == int32(qi) && m.inFlight {
				inFlight++
			} else if m.queue == int32(qi) {
				visible++
			}
		}
		if q.Visible+q.Delayed != visible || q.InFlight != inFlight {
			t.Fatalf("%s: %s has %d visible, %d delayed, %d in flight; by the trace %d and %d", s.Now(), s.Config().Queues[qi].ID, q.Visible, q.Delayed, q.InFlight, visible, inFlight)
		}
		if got := len(s.Contents(qi, 0)); got != int(visible+inFlight) {
			t.Fatalf("%d messages listed, %d lie there", got, visible+inFlight)
		}
		total := int64(0)
		for state, n := range q.States {
			if n < 0 || state == 0 && n != 0 {
				t.Fatalf("%d messages %s", n, engine.RecordState(state))
			}
			total += n
		}
		if total != int64(q.Put.Len()) {
			t.Fatalf("%d states for %d messages", total, q.Put.Len())
		}
		if q.Received != l.received[qi] {
			t.Fatalf("received %d, by the trace %d", q.Received, l.received[qi])
		}
	}
	running := int32(0)
	for i := range s.Mappings {
		m := &s.Mappings[i]
		if limit := m.MaximumConcurrency; limit > 0 && int(m.Running) > limit && !l.limited {
			t.Fatalf("%d run, MaximumConcurrency %d", m.Running, limit)
		}
		running += m.Running
	}
	if running != s.Functions[0].Running {
		t.Fatalf("%d run, of the mappings %d", s.Functions[0].Running, running)
	}
}

// TestQueueProperties: whatever happens, each message is in one state, its
// receive count counts its receives, a group is never in two hands, and a
// message leaves only by delete, expiry, purge or move. A copy lives the same
// life as its original.
func TestQueueProperties(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		sim, err := engine.New(queueWorld(t))
		if err != nil {
			t.Fatal(err)
		}
		l := &account{sim: sim, at: map[int32]*lies{}, sent: make([]int64, 2), received: make([]int64, 2)}
		pass := func(until engine.Micros) {
			sim.RunUntil(until)
			for _, e := range sim.Drain() {
				l.follow(t, &e)
			}
			l.check(t)
		}
		at := engine.Micros(0)
		for range rapid.IntRange(1, 8).Draw(t, "commands") {
			at += engine.Micros(rapid.IntRange(1, 12_000).Draw(t, "wait")) * engine.Millisecond
			pass(at)
			sim.Do(queueCommand(t))
			pass(at)
		}
		twin := sim.Clone()
		copied := twin.Clone()
		var one, two []engine.Event
		for range 12 { // turn about: what one does, the other must not see
			at += 3 * engine.Second
			sim.RunUntil(at)
			twin.RunUntil(at)
			one, two = append(one, sim.Drain()...), append(two, twin.Drain()...)
		}
		for i := range min(len(one), len(two)) {
			if !reflect.DeepEqual(one[i], two[i]) {
				t.Fatalf("a copy goes its own way: %+v, %+v", one[i], two[i])
			}
		}
		if len(one) != len(two) {
			t.Fatalf("%d events, of the copy %d", len(one), len(two))
		}
		copied.RunUntil(at)
		if three := copied.Drain(); !reflect.DeepEqual(two, three) {
			t.Fatalf("a copy of the copy goes its own way")
		}
		for i := range one {
			l.follow(t, &one[i])
		}
		l.check(t)
	})
}

// queueCommand draws what a person does.
func queueCommand(t *rapid.T) engine.Command {
	set := func(target string, of ...int) engine.Command {
		return engine.Command{Op: engine.OpSet, Target: target, Value: engine.IntValue(rapid.SampledFrom(of).Draw(t, target))}
	}
	switch rapid.IntRange(0, 13).Draw(t, "command") {
	case 0:
		return set("Jobs.VisibilityTimeout", 1, 4, 40)
	case 1:
		return set("Jobs.DelaySeconds", 0, 3, 9)
	case 2:
		return set("Jobs.MessageRetentionPeriod", 60, 3600)
	case 3:
		return set("Jobs.maxReceiveCount", 1, 3)
	case 4:
		return set("Work0.MaximumConcurrency", 0, 2, 5)
	case 5:
		return engine.Command{Op: engine.OpDisable, Target: "Work0"}
	case 6:
		return engine.Command{Op: engine.OpEnable, Target: "Work0"}
	case 7:
		return engine.Command{Op: engine.OpPurge, Target: rapid.SampledFrom([]string{"Jobs", "JobsDead"}).Draw(t, "queue")}
	case 8:
		return engine.Command{Op: engine.OpRedrive, Target: "JobsDead", Rate: rapid.SampledFrom([]int{0, 1, 50}).Draw(t, "rate")}
	case 9:
		return engine.Command{Op: engine.OpCancel, Target: "JobsDead"}
	case 10:
		return engine.Command{Op: engine.OpDeny, Target: "Work0", Actions: []string{rapid.SampledFrom([]string{"sqs:ReceiveMessage", "sqs:DeleteMessage"}).Draw(t, "action")}}
	case 11:
		return engine.Command{Op: engine.OpAllow, Target: "Work0", Actions: []string{"sqs:ReceiveMessage", "sqs:DeleteMessage"}}
	case 12:
		return set("Work.ReservedConcurrentExecutions", -1, 0, 2)
	}
	return set("Work0.BatchSize", 1, 2, 10)
}
