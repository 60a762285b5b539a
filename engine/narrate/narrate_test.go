package narrate_test

import (
	"strings"
	"testing"

	"esmlab/engine"
	"esmlab/engine/narrate"
	"esmlab/engine/narrate/narratetest"
	"esmlab/engine/pattern"
)

// Each kind of event and each command is said with the same facts, whatever
// the options.
func TestFacts(t *testing.T) {
	t.Parallel()
	for _, both := range []bool{false, true} {
		for _, c := range narratetest.Cases() {
			which := narratetest.Stream
			switch {
			case both:
				which = narratetest.Both
			case c.Queue:
				which = narratetest.Queue
			}
			e := c.In(which)
			for _, n := range []narrate.Narrator{{}, {Short: true}, {Full: true}, {Short: true, Shown: true, Mapping: int(max(0, e.Mapping))},
				{Short: true, Own: func(int64) bool { return true }}, {Own: func(int64) bool { return false }}} {
				n.World = narratetest.World(which)
				text := n.Event(&e)
				for _, fact := range c.Facts {
					if !strings.Contains(text, fact) {
						t.Errorf("%s: no %q in %q", c.Name, fact, text)
					}
				}
				if strings.Contains(text, "  ") || strings.Contains(text, "<nil>") || text != strings.TrimSpace(text) {
					t.Errorf("%s: %q", c.Name, text)
				}
			}
		}
	}
}

// A kind or a command without a sentence, or whose sentence no test knows, is
// found here.
func TestEveryKindAndOp(t *testing.T) {
	t.Parallel()
	kinds, ops := map[engine.Kind]bool{}, map[engine.Op]bool{}
	for _, c := range narratetest.Cases() {
		kinds[c.Event.Kind] = true
		if p := c.Event.Applied; p != nil && p.Refused == nil {
			ops[p.Command.Op] = true
		}
	}
	for k := range engine.NumKinds {
		if !kinds[k] {
			t.Errorf("no case of %s", k)
		}
	}
	for op := range engine.NumOps {
		if !ops[op] {
			t.Errorf("no case of the command %s", op)
		}
	}
}

// Where mappings read several sources each record names its source, unless its
// mapping is the one shown.
func TestSeveralSources(t *testing.T) {
	t.Parallel()
	e := engine.Event{Kind: engine.KindReturn, Mapping: 0, Source: 0, Function: 0, Batch: 4, Attempt: 2, Outcome: engine.OutcomeError, Failed: []int32{22}, Records: []int32{18, 22}}
	for _, c := range []struct {
		which int
		n     narrate.Narrator
		want  string
	}{
		{narratetest.Stream, narrate.Narrator{}, "batch 4 failed in Ship because of #22, try 2"},
		{narratetest.Both, narrate.Narrator{}, "batch 4 of ShipOrders failed in Ship because of Orders#22, try 2"},
		{narratetest.Stream, narrate.Narrator{Full: true}, "batch 4 failed in Ship because of Orders#22, try 2"},
		{narratetest.Both, narrate.Narrator{Short: true, Shown: true}, "batch 4 failed, try 2"},
		{narratetest.Both, narrate.Narrator{Short: true}, "batch 4 of ShipOrders failed, try 2"},
	} {
		if c.n.World = narratetest.World(c.which); c.n.Event(&e) != c.want {
			t.Errorf("got %q, want %q", c.n.Event(&e), c.want)
		}
	}
}

// when is an expression of a fault as it is written.
type when string

func (w when) Holds(engine.Content) bool { return true }
func (w when) String() string            { return string(w) }

func matching(t *testing.T, source string) *pattern.Criteria {
	t.Helper()
	c, err := pattern.NewCriteria([]string{source})
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// TestFault: a fault is said by all of its selectors.
func TestFault(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		f           engine.Fault
		long, short string
	}{
		{engine.Fault{Records: []engine.Label{{Source: "Orders", N: 22}}, Until: engine.Never}, "poison Orders#22", "poison #22"},
		{engine.Fault{Records: []engine.Label{{Source: "Orders", N: 22}, {Source: "Orders", N: 30}}, How: engine.HowReport, Until: engine.Never}, "Orders#22, Orders#30 reports failures", "#22 +1 reports failures"},
		{engine.Fault{From: 5, Until: 6, How: engine.HowTimeout}, "next invocation times out", "next invocation times out"},
		{engine.Fault{Keys: []string{"k1", "k2"}, Until: engine.Never}, "keys k1, k2: throws", "key k1 throws"},
		{engine.Fault{Nth: 3, Until: engine.Never}, "every 3rd record throws", "every 3rd record throws"},
		{engine.Fault{HasChance: true, Chance: 0.25, Until: engine.Never}, "25 % throws", "25 % throws"},
		{engine.Fault{How: engine.HowSlow, Takes: engine.Takes{Base: 2 * engine.Second}, Until: engine.Never}, "every invocation takes 2 s", "slow: 2 s"},
		{engine.Fault{Deliveries: 2, Until: engine.Never}, "every invocation throws, first 2 deliveries only", "each throws, first 2 deliveries only"},
		{engine.Fault{Version: "2", Until: engine.Never}, "every invocation of version 2 throws", "version 2 throws"},
		{engine.Fault{Version: "2", HasChance: true, Chance: 0.5, Until: engine.Never}, "every invocation of version 2 throws, 50 % of the time", "version 2 throws, 50 % of the time"},
		{engine.Fault{When: when("data.amount == 9"), Until: engine.Never}, "a record where data.amount == 9 throws", "throws where data.amount == 9"},
		{engine.Fault{When: when("n % 9 == 0"), Nth: 3, Deliveries: 1, How: engine.HowReport, Until: engine.Never}, "every 3rd record where n % 9 == 0 reports failures, first delivery only", "every 3rd record where n % 9 == 0 reports failures, first delivery only"},
		{engine.Fault{Matching: matching(t, `{"body":{"kind":["order"]}}`), HasChance: true, Chance: 0.1, Until: engine.Never}, `a record that matches {"body":{"kind":["order"]}} throws, 10 % of the time`, `throws on what matches {"body":{"kind":["order"]}}, 10 % of the time`},
		{engine.Fault{Nth: 17, How: engine.HowSlow, Takes: engine.Takes{Base: 4 * engine.Second}, From: 5 * engine.Second, Until: 40 * engine.Second}, "every 17th record takes 4 s, from 5 s to 40 s", "every 17th record takes 4 s, from 5 s to 40 s"},
		{engine.Fault{Records: []engine.Label{{Source: "Orders", N: 22}}, Deliveries: 2, From: 5 * engine.Second, Until: engine.Never}, "poison Orders#22, first 2 deliveries only, from 5 s on", "poison #22, first 2 deliveries only, from 5 s on"},
		{engine.Fault{Keys: []string{"k1"}, Version: "1", HasChance: true, Chance: 1, Until: 9 * engine.Second}, "key k1 of version 1: throws, 100 % of the time, until 9 s", "key k1 of version 1 throws, 100 % of the time, until 9 s"},
	} {
		if got := narrate.Fault(&c.f, false); got != c.long {
			t.Errorf("got %q, want %q", got, c.long)
		}
		if got := narrate.Fault(&c.f, true); got != c.short {
			t.Errorf("got %q, want %q", got, c.short)
		}
	}
}

func TestBrief(t *testing.T) {
	t.Parallel()
	n := narrate.Narrator{World: narratetest.World(narratetest.Stream), Shown: true}
	for _, c := range []struct {
		c    engine.Command
		want string
	}{
		{engine.Command{Op: engine.OpSet, Target: "ShipOrders.BatchSize", Value: engine.IntValue(5)}, "BatchSize 5"},
		{engine.Command{Op: engine.OpSet, Target: "Jobs.RedrivePolicy", Value: engine.TextValue("")}, "Jobs.RedrivePolicy none"},
		{engine.Command{Op: engine.OpPut, Put: engine.Traffic{To: "Orders", Count: 10}}, "10 records put to Orders"},
		{engine.Command{Op: engine.OpFault, Fault: engine.Fault{Function: "Ship", Until: engine.Never}}, "Ship broken (every invocation throws)"},
		{engine.Command{Op: engine.OpFix, Target: "poison"}, "fix poison"},
		{engine.Command{Op: engine.OpMerge, Target: "Orders", Shards: []int{0, 1}}, "merge Orders shards 0 and 1"},
		{engine.Command{Op: engine.OpDeny, Target: "ShipOrders", Actions: []string{"kinesis:Get*"}}, "deny ShipOrders kinesis:Get*"},
	} {
		if got := n.Brief(&c.c); got != c.want {
			t.Errorf("got %q, want %q", got, c.want)
		}
	}
}

func TestHeadline(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		e    engine.Event
		free bool
		want string
	}{
		{engine.Event{Kind: engine.KindUnblock, Shard: 1}, true, "SHARD 1 FLOWS AGAIN"},
		{engine.Event{Kind: engine.KindDiscard, Shard: 1, Records: []int32{22}}, true, "SHARD 1 FLOWS AGAIN: #22 was given up (RetryAttemptsExhausted) | SHARD 1 FLOWS AGAIN"},
		{engine.Event{Kind: engine.KindDiscard, Shard: 1, Records: []int32{18, 22, 23}, Condition: engine.RecordAgeExceeded}, false, "#18 … #23 OF SHARD 1 GIVEN UP (RecordAgeExceeded) | #18 … #23 GIVEN UP"},
		{engine.Event{Kind: engine.KindDiscard, Shard: 1, Batch: 4}, false, "batch 4 OF SHARD 1 GIVEN UP (RetryAttemptsExhausted) | batch 4 GIVEN UP"},
		{engine.Event{Kind: engine.KindMove, Source: -1, To: 1, Records: []int32{4}, Limit: 1}, false, "Jobs#4 IN JobsDead: received once, never deleted | Jobs#4 IN JobsDead"},
		{engine.Event{Kind: engine.KindMove, Source: -1, To: 1, Records: []int32{4, 5}, Limit: 3}, false, "2 MESSAGES IN JobsDead: received 3 times, never deleted | 2 MESSAGES IN JobsDead"},
		{engine.Event{Kind: engine.KindMove, Source: -1, Mapping: -1, To: 1, Records: []int32{4, 5}}, false, ""},
		{engine.Event{Kind: engine.KindPut}, false, ""},
	} {
		n := narrate.Narrator{World: narratetest.World(narratetest.Stream)}
		if got := strings.Join(n.Headline(&c.e, c.free), " | "); got != c.want {
			t.Errorf("got %q, want %q", got, c.want)
		}
	}
}
