package lab

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"esmlab/engine"
	"esmlab/ui/kit"
	"esmlab/ui/pane"
)

// Plurals agree in the headline and under a shard, and the id of a source is
// followed by a verb that fits.
func TestPluralsAgree(t *testing.T) {
	sc := poison(1)
	sc.Config.Traffic = []engine.Traffic{{To: "Orders", AtOnce: true, Count: 1, Until: engine.Never, Per: 1, Shard: -1, Keys: []string{"k1"}}}
	sc.Config.Functions[0].Faults[0].Records[0].N = 1
	m := lab(t, sc, 120, 36, 0)
	if got := flows("Orders") + ", " + flows("OrderQueue"); got != "Orders flow, OrderQueue flows" {
		t.Error(got)
	}
	for m.tl.Now() < 20*engine.Second && !strings.Contains(m.text(), "IS BLOCKED") {
		m.tl.Advance(m.tl.Now()+100*engine.Millisecond, -1)
	}
	if text := m.text(); !strings.Contains(text, "1 record waits for it, in order.") {
		t.Errorf("one record, but the lab says\n%s", text)
	}
}

// said is a claim of the headline: a world and an instant in which it is made, what it
// says, and the keys that end what it says. The first of them is the headline's own.
type saidClaim struct {
	claim, world string
	open         func(*testing.T) *Scenario // instead of a built-in world
	prepare      func(*Lab)                 // before the first instant
	mapping      int
	at           engine.Micros
	want         string
	pane         int           // the pane of what it names; 0: it names no single thing
	keys         string        // separated by blanks
	later        engine.Micros // by then it is over
}

const ms = engine.Millisecond

var saidClaims = []saidClaim{
	{claim: "given up", world: "good-neighbours-lost", at: 2 * engine.Second, want: "SHARD 0 FLOWS AGAIN: #3 … #8 were given up (RetryAttemptsExhausted). Given up: 6. Lost: 0.", pane: 6},
	{claim: "given up", world: "s3-keeps-the-payload", prepare: func(m *Lab) { m.Do(setTo("ShipOrders.MaximumRetryAttempts", "0")) }, mapping: 1, at: 700 * ms, want: "given up (RetryAttemptsExhausted)", pane: 6},
	{claim: "moved to the DLQ", world: "batch-mates", at: 55 * engine.Second, want: "10 MESSAGES IN JobsDead: received 3 times, never deleted. a redrives", pane: 4, keys: "a 1", later: 2 * engine.Second},
	{claim: "lost", world: "off-for-too-long", at: 97201 * engine.Second, want: "LOST: #4 of shard 0 reaches the end of its retention", pane: 6},
	{claim: "lost", world: "dlq-on-the-function", at: 121 * engine.Second, want: "LOST: #1 … #3 (3 messages) of Jobs reach the end of their retention", pane: 6},
	{claim: "not delivered", world: "retries-then-destination", prepare: func(m *Lab) {
		m.Do(engine.Command{Op: engine.OpDeny, Target: "ShipOrders", Actions: []string{"sqs:SendMessage"}})
	}, at: 4400 * ms, want: "NOT DELIVERED: the message to Failures cannot be delivered", pane: 6},
	{claim: "stopped as a loop", open: loop("Own"), at: 2 * engine.Second, want: "STOPPED AS A LOOP: batch 17 (#17) stopped: a loop of Work and its own queue", pane: 6},
	{claim: "not forwarded", open: loop("Gone"), prepare: func(m *Lab) { m.Do(engine.Command{Op: engine.OpRemove, Target: "Gone"}) }, at: 2 * engine.Second, want: "NOT DELIVERED: ", pane: 6},
	{claim: "never called", world: "throttled", at: 30 * engine.Second, want: "Ship IS NOT CALLED AT ALL: its ReservedConcurrentExecutions is 0. 21 records wait", pane: 3, keys: "a remove-the-reserved", later: 70 * engine.Second},
	{claim: "never called", world: "six-times", at: 5 * engine.Second, want: "Work IS NOT CALLED AT ALL: its ReservedConcurrentExecutions is 0. 10 messages wait", pane: 3, keys: "a remove-the-reserved", later: 15 * engine.Second},
	{claim: "never called", world: "calm-stream", prepare: func(m *Lab) { m.Do(engine.Command{Op: engine.OpRemove, Target: "Ship"}) }, at: 10 * engine.Second, want: "Ship IS NOT CALLED AT ALL: Ship is deleted", pane: 3},
	{claim: "blocked", world: "poison-record", at: 20 * engine.Second, want: "SHARD 0 IS BLOCKED by #22. 41 records wait for it, in order. Try 6 in 3.5 s. Shard 1 goes on.", pane: 1, keys: "b @10 r 2 enter", later: 90 * engine.Second},
	{claim: "blocked", world: "parallel-lanes", at: 3 * engine.Second, want: "1 OF 4 LANES OF SHARD 0 BLOCKED, by #11.", pane: 1},
	{claim: "throttled", open: narrow, at: 5 * engine.Second, want: "(throttled)", pane: 1, keys: "a remove-the-reserved", later: 60 * engine.Second},
	{claim: "throttled", world: "throttled-into-the-dlq", at: 3 * engine.Second, want: "THROTTLED: batch 2 does not reach Work. Its messages stay hidden; tried again in", pane: 3, keys: "a remove-the-reserved", later: 20 * engine.Second},
	{claim: "not read", world: "permission-lost", at: 30 * engine.Second, want: "NOTHING IS READ: WorkJobs may not sqs:ReceiveMessage", keys: "a allow", later: engine.Second},
	{claim: "not read", world: "calm-stream", prepare: func(m *Lab) {
		m.Do(engine.Command{Op: engine.OpDeny, Target: "ShipOrders", Actions: []string{"kinesis:GetRecords"}})
	}, at: 10 * engine.Second, want: "NOTHING IS READ: ShipOrders may not kinesis:GetRecords", keys: "a allow", later: 3 * engine.Second},
	{claim: "off", world: "off-for-too-long", at: 20000 * engine.Second, want: "ShipOrders is Disabled: nothing is read, 3 records wait", keys: "a enable", later: 60 * engine.Second},
	{claim: "off", world: "latest-misses", at: 3 * engine.Second, want: "ShipOrders is Creating: nothing is read, 7 records wait"},
	{claim: "group locked", world: "fifo-group-blocked", at: 5 * engine.Second, want: "GROUP A IS LOCKED by #4: hidden 16.0 s more. Receive 1 of 2, then it goes to OrdersDead. C goes on.", pane: 1, keys: "r 1 enter", later: 40 * engine.Second},
	{claim: "group locked", world: "fifo-shared-batch", at: 5 * engine.Second, want: "2 GROUPS ARE LOCKED, A by #2: hidden 13.0 s more.", pane: 1},
	{claim: "hidden after a failure", world: "poison-to-dlq", at: 5 * engine.Second, want: "#4 FAILED ITS BATCH: 1 message hidden 16.0 s more. Receive 1 of 3, then it goes to JobsDead.", pane: 3, keys: "r 1 enter", later: 40 * engine.Second},
	{claim: "hidden after a failure", world: "dlq-on-the-function", at: 5 * engine.Second, want: "#2 FAILED ITS BATCH: 3 messages hidden 13.0 s more. Receive 1; there is no DLQ: o sets one.", pane: 3},
	{claim: "received twice", world: "visibility-too-short", at: 23100 * ms, want: "#2 CAN BE RECEIVED AGAIN while Work still has it: VisibilityTimeout 3 s, Work takes 4 s.", pane: 3, keys: "v 30 enter", later: 10 * engine.Second},
	{claim: "not deleted", world: "visibility-too-short", at: 24100 * ms, want: "NOT DELETED: #2 … #4 (3 messages) not deleted: the message was received again", pane: 6},
	{claim: "not deleted", world: "report-not-enabled", prepare: func(m *Lab) {
		m.Do(engine.Command{Op: engine.OpDeny, Target: "WorkJobs", Actions: []string{"sqs:DeleteMessage"}})
	}, at: 10 * engine.Second, want: "10 MESSAGES WERE PROCESSED AND NOT DELETED: sqs:DeleteMessage is denied, they come again in 8.0 s.", pane: 3, keys: "a allow", later: 60 * engine.Second},
	{claim: "reported in vain", world: "report-not-enabled", at: 400 * ms, want: "REPORTED IN VAIN: Work reported a failure, but all of batch 1 is deleted: ReportBatchItemFailures is off.", pane: 6, keys: "i", later: 5 * engine.Second},
	{claim: "missed", world: "latest-misses", at: 21 * engine.Second, want: "NEVER READ: #1 … #40 (20 records) of shard 1 missed: put before the starting position", pane: 6},
	{claim: "refused at the source", world: "calm-stream", prepare: func(m *Lab) {
		m.Do(engine.Command{Op: engine.OpPut, Put: engine.Traffic{To: "Orders", AtOnce: true, Count: 3000, Until: engine.Never, Per: 1, Shard: 0}})
	}, at: 100 * ms, want: "REFUSED: Orders rejects", pane: 6},
	{claim: "filtered out", world: "filters-drop", at: 200 * ms, want: "NOTHING REACHES Ship: the filter dropped all 20 records read so far, and the checkpoint passed them.", pane: 5, keys: "s FilterCriteria"},
	{claim: "reads refused", world: "third-reader", at: 1300 * ms, want: "READ LIMIT: a read of shard 0 is refused: too many readers", pane: 6},
	{claim: "children wait", open: split, at: 7 * engine.Second, want: "2 SHARDS WAIT for their parents to be finished: ", pane: 1},
	{claim: "falls behind", open: slow, at: 120 * engine.Second, want: "SHARD 0 FALLS BEHIND: ", pane: 1, keys: "s BatchSize 100 enter", later: 120 * engine.Second},
	{claim: "falls behind (queue)", world: "scale-out", at: 8 * engine.Second, want: "Jobs IS BEHIND: 19,9", pane: 1},
	{claim: "falls behind (queue)", world: "maximum-concurrency", at: 12 * engine.Second, want: "Jobs IS BEHIND: ", pane: 1},
	{claim: "taken for a repeat", world: "fifo-same-twice", at: 61 * engine.Second, want: "TAKEN FOR A REPEAT: #4 dropped as a duplicate of #1", pane: 6},
	{claim: "flows again", world: "partial-response", at: 3 * engine.Second, want: "SHARD 0 FLOWS AGAIN. Given up: 0. Lost: 0.", pane: 6},
	{claim: "idle", world: "bisect-finds-it", at: 6 * engine.Second, want: "Nothing more can happen: done 19, given up 1, lost 0."},
	{claim: "flows", world: "calm-queue", at: 5 * engine.Second, want: "Jobs flow: 5 pollers, 1 function."},
	{claim: "flows", world: "retries-then-destination", at: 9 * engine.Second, want: "Orders flow: 1 shard, 1 iterator, 1 function. Given up: 5"},
}

func setTo(target, value string) engine.Command {
	return engine.Command{Op: engine.OpSet, Target: target, Value: engine.TextValue(value)}
}

// loop is a function that sends to its own queue, with a DLQ of its own.
func loop(own string) func(*testing.T) *Scenario {
	return func(t *testing.T) *Scenario {
		sc := jobs()
		c := sc.Config
		c.Functions[0].Faults, c.Functions[0].Sends, c.Functions[0].Takes.Base = nil, "Jobs", 100*ms
		c.Functions[0].Async = []engine.AsyncDestination{{Property: "DeadLetterConfig", To: own}}
		c.Queues = append(c.Queues, engine.QueueConfig{ID: "Own"}, engine.QueueConfig{ID: "Gone"})
		c.Traffic = []engine.Traffic{{To: "Jobs", AtOnce: true, Count: 1, Until: engine.Never, Per: 1}}
		return sc
	}
}

// narrow is a function with one slot for two shards.
func narrow(*testing.T) *Scenario {
	sc := poison(4)
	f := &sc.Config.Functions[0]
	f.Faults, f.Reserved, f.Takes.Base = nil, 1, 3*engine.Second
	sc.Config.Mappings[0].MaximumBatchingWindowInSeconds = 0
	return sc
}

// slow is a function that does fewer records than come.
func slow(*testing.T) *Scenario {
	sc := poison(1)
	f := &sc.Config.Functions[0]
	f.Faults, f.Takes.Base = nil, 3*engine.Second
	sc.Config.For = 10 * engine.Minute
	return sc
}

// split is a stream whose busy shard is split.
func split(*testing.T) *Scenario {
	sc := poison(1)
	f := &sc.Config.Functions[0]
	f.Faults, f.Takes.Base = nil, 6*engine.Second
	sc.Config.Steps = append(sc.Config.Steps, engine.Step{At: 3 * engine.Second, Command: engine.Command{Op: engine.OpSplit, Target: "Orders", Shards: []int{0}}})
	return sc
}

// Each row of the table is said in its world, names a thing of its pane, and its key
// ends what it says.
func TestClaims(t *testing.T) {
	for i := range claims {
		if !slices.ContainsFunc(saidClaims, func(c saidClaim) bool { return c.claim == claims[i].name }) {
			t.Errorf("no test of %q", claims[i].name)
		}
	}
	for _, c := range saidClaims {
		t.Run(c.claim+" "+c.world, func(t *testing.T) {
			sc := (*Scenario)(nil)
			if c.open != nil {
				sc = c.open(t)
			} else {
				sc = builtin(t, c.world)
			}
			m := lab(t, sc, 200, 50, 0)
			if c.prepare != nil {
				c.prepare(m)
			}
			m.notice = ""
			m.at = c.mapping
			m.tl.Advance(c.at, -1)
			h := m.headline()
			if h.claim != c.claim || !strings.Contains(h.text[0], c.want) {
				t.Fatalf("%s: %q\nwant %s: %q", h.claim, h.text[0], c.claim, c.want)
			}
			if h.in != c.pane || (c.pane > 0) == (h.about == pane.Subject{}) {
				t.Errorf("it is about %v in pane %d, not in %d", h.about, h.in, c.pane)
			}
			if c.keys == "" {
				return
			}
			keys := strings.Fields(c.keys)
			if keys[0] != h.frees.Key {
				t.Fatalf("its key is %s, not %s", h.frees.Key, keys[0])
			}
			if m.pressAll(t, keys[:1]); h.mends != nil {
				if menu, ok := m.dialogs.Top().(*kit.Menu); !ok || menu.Items[0].Text != h.mends(m).text {
					t.Errorf("the menu does not begin with what mends it: %v", m.dialogs.Top())
				}
			}
			m.pressAll(t, keys[1:])
			if c.later == 0 {
				return
			}
			m.dialogs.Close()
			m.notice = ""
			m.tl.Advance(m.tl.Now()+c.later, -1)
			if h := m.headline(); h.claim == c.claim {
				t.Errorf("after %s and %s it still says %q", c.keys, c.later, h.text[0])
			}
		})
	}
}

// pressAll presses keys. A word chooses the line of the menu that begins so, blanks being
// hyphens; @10 lets ten seconds pass; a number is typed.
func (m *Lab) pressAll(t *testing.T, keys []string) {
	t.Helper()
	for _, k := range keys {
		var sec int
		if n, _ := fmt.Sscanf(k, "@%d", &sec); n == 1 {
			m.tl.Advance(m.tl.Now()+engine.Micros(sec)*engine.Second, -1)
			continue
		}
		if menu, ok := m.dialogs.Top().(*kit.Menu); ok && len(k) > 1 {
			i := slices.IndexFunc(menu.Items, func(it kit.Item) bool {
				return strings.HasPrefix(strings.ReplaceAll(strings.TrimSpace(it.Text), " ", "-"), k)
			})
			if i < 0 {
				t.Fatalf("no %s in %v", k, menu.Items)
			}
			menu.Sel = i
			m.HandleKey(keyPress("enter"))
			continue
		}
		if strings.Trim(k, "0123456789") == "" {
			if _, ok := m.dialogs.Top().(*kit.Editor); ok {
				for _, r := range k {
					m.HandleKey(keyPress(string(r)))
				}
				continue
			}
		}
		m.HandleKey(keyPress(k))
	}
}

// Whatever happens in any built-in world: no headline is calm while a shard is blocked,
// a batch is throttled, messages are hidden after a failure, nothing is read, or
// something waits longer than the batch before it and the window can explain.
func TestCalmIsTrue(t *testing.T) {
	everywhere(t, 150, func(t *testing.T, at string, m *Lab) {
		h := m.headline()
		if !h.calm {
			return
		}
		for k := range m.sim().Mappings {
			if why := hurts(m, k); why != "" {
				t.Errorf("%s: %q, although %s", at, h.text[0], why)
			}
		}
	})
}

// hurts says what is not well with a mapping, found out without the headline's table.
func hurts(m *Lab, mapping int) string {
	s := m.sim()
	mp := &s.Mappings[mapping]
	id := s.Config().Mappings[mapping].ID
	long := engine.Micros(mp.MaximumBatchingWindowInSeconds)*engine.Second + 2*s.Functions[s.FunctionOf(mapping)].Takes.Base + 10*engine.Second
	if s.ReadDenied(mapping) != "" {
		return id + " may not read"
	}
	if qi := s.QueueOf(mapping); qi >= 0 {
		for i := range mp.Polls.Slots {
			if mp.Polls.Slots[i].Phase == engine.PollerThrottled {
				return "a batch of " + id + " is throttled"
			}
		}
		for _, n := range s.Contents(qi, 200) {
			msg := s.Message(n)
			if msg.State == engine.StateHidden && msg.Failures > 0 && len(s.QueueReaders(qi)) == 1 {
				return s.MessageLabel(n) + " is hidden after a failure"
			}
			if msg.State == engine.StateWaiting && s.Now()-max(msg.Since, msg.Until) > long {
				return s.MessageLabel(n) + " has waited for " + (s.Now() - msg.Since).Words()
			}
		}
		return ""
	}
	if len(pane.Blocked(s, mapping)) > 0 {
		return "a shard of " + id + " is blocked"
	}
	if mp.State == engine.Disabled {
		return id + " is Disabled"
	}
	src := s.SourceOf(mapping)
	for n := 1; n <= s.Streams[src].Records.Len(); n++ {
		if !s.Streams[src].Records.Holds(n - 1) {
			continue
		}
		age := s.Now() - s.Streams[src].Records.At(n-1).At
		if st := s.RecordState(mapping, n); (st == engine.StateWaiting || st == engine.StateBatched) && age > long {
			return s.Label(int32(src), int32(n)) + " has waited for " + age.Words() + " for " + id
		}
	}
	return ""
}
