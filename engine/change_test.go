package engine_test

import (
	"fmt"
	"testing"

	"esmlab/engine"
	"esmlab/engine/pattern"
	"esmlab/engine/setting"
)

// TestEveryChange changes every setting to every sensible value in every state of a
// mapping, lets one more command follow, and then takes away all that hinders.
// Nothing may panic, each record must be in one state that the trace explains, the
// order of its key must hold, and in the end nothing may be left undone.
func TestEveryChange(t *testing.T) {
	t.Parallel()
	triples := 0
	for _, w := range changeWorlds {
		for _, st := range w.states {
			at := situation{w: w, state: st}
			all, next := at.changes(), w.next()
			for i, change := range all {
				for k, then := range next {
					if triples++; testing.Short() && (i*len(next)+k)%631 != 0 {
						continue
					}
					at.try(t, change, then)
				}
			}
		}
	}
	t.Logf("%d triples of setting, state and command", triples)
	if triples < 10_000 {
		t.Errorf("only %d triples: settings or states are missing", triples)
	}
}

// changeWorld is a source with a mapping "M", its function "F" and the states
// that its mapping can be in.
type changeWorld struct {
	name   string
	source string
	queue  bool
	fifo   bool
	table  bool
	states []changeState
}

// changeState is how a state comes about: what the Config has, and when it is
// reached.
type changeState struct {
	name string
	set  func(c *engine.Config)
	at   engine.Micros
	do   []engine.Command // right before the setting is changed
}

func mappingOf(f func(m *engine.MappingConfig)) func(*engine.Config) {
	return func(c *engine.Config) { f(&c.Mappings[0]) }
}

func faulty(how engine.How, f func(m *engine.MappingConfig)) func(*engine.Config) {
	return func(c *engine.Config) {
		c.Functions[0].Faults = []engine.Fault{{Name: "fault", How: how, Until: engine.Never, Keys: []string{"k2"}}}
		f(&c.Mappings[0])
	}
}

func slow(c *engine.Config) { c.Functions[0].Takes.Base = 5 * engine.Second }

func none(*engine.MappingConfig) {}

var (
	off        = []engine.Command{{Op: engine.OpDisable, Target: "M"}}
	splitFirst = engine.Command{Op: engine.OpSplit, Target: "S", Shards: []int{0}}
	splitAgain = engine.Command{Op: engine.OpSplit, Target: "S", Shards: []int{1}}

	streamStates = []changeState{
		{name: "idle", at: 20 * engine.Second},
		{name: "gathering", at: 2500 * engine.Millisecond, set: mappingOf(func(m *engine.MappingConfig) { m.MaximumBatchingWindowInSeconds = 4 })},
		{name: "running", at: 2500 * engine.Millisecond, set: slow},
		{name: "running in lanes", at: 2500 * engine.Millisecond, set: func(c *engine.Config) { slow(c); c.Mappings[0].ParallelizationFactor = 3 }},
		{name: "waiting", at: 2500 * engine.Millisecond, set: faulty(engine.HowError, none)},
		{name: "waiting in lanes", at: 2500 * engine.Millisecond, set: faulty(engine.HowError, func(m *engine.MappingConfig) { m.ParallelizationFactor, m.BatchSize = 3, 2 })},
		{name: "ahead of a blocked lane", at: 12 * engine.Second, set: faulty(engine.HowError, func(m *engine.MappingConfig) { m.ParallelizationFactor, m.BatchSize = 2, 1 })},
		{name: "halves", at: 2500 * engine.Millisecond, set: faulty(engine.HowError, func(m *engine.MappingConfig) { m.BisectBatchOnFunctionError = true })},
		{name: "remainder", at: 2500 * engine.Millisecond, set: faulty(engine.HowReport, func(m *engine.MappingConfig) { m.ReportBatchItemFailures = true })},
		{name: "throttled", at: 2500 * engine.Millisecond, set: func(c *engine.Config) { c.Functions[0].Reserved = 0 }},
		{name: "throttled by lanes", at: 4500 * engine.Millisecond, set: func(c *engine.Config) {
			slow(c)
			c.Functions[0].Reserved, c.Mappings[0].ParallelizationFactor = 1, 3
		}},
		{name: "in a window", at: 4500 * engine.Millisecond, set: mappingOf(func(m *engine.MappingConfig) { m.TumblingWindowInSeconds = 3 })},
		{name: "final call", at: 4500 * engine.Millisecond, set: func(c *engine.Config) {
			faulty(engine.HowError, func(m *engine.MappingConfig) { m.TumblingWindowInSeconds = 3 })(c)
			c.Functions[0].Faults[0].Keys, c.Functions[0].Faults[0].From = nil, 3*engine.Second
		}},
		{name: "creating", at: engine.Second, set: mappingOf(func(m *engine.MappingConfig) { m.Activates = 8 * engine.Second })},
		{name: "created disabled", at: 2500 * engine.Millisecond, set: mappingOf(func(m *engine.MappingConfig) { m.Enabled = false })},
		{name: "updating", at: 2500 * engine.Millisecond, do: []engine.Command{setTo("M.BatchSize", engine.IntValue(3))},
			set: func(c *engine.Config) { slow(c); c.Mappings[0].Updates = 2 * engine.Second }},
		{name: "disabling", at: 2500 * engine.Millisecond, do: off, set: func(c *engine.Config) { slow(c); c.Mappings[0].Disables = 2 * engine.Second }},
		{name: "disabled", at: 2500 * engine.Millisecond, do: off},
		{name: "disabled while it runs", at: 2500 * engine.Millisecond, do: off, set: func(c *engine.Config) { slow(c); c.Mappings[0].ParallelizationFactor = 3 }},
		{name: "enabled again while it runs", at: 2500 * engine.Millisecond, set: func(c *engine.Config) { slow(c); c.Mappings[0].ParallelizationFactor = 3 },
			do: append(off[:1:1], engine.Command{Op: engine.OpEnable, Target: "M"})},
		{name: "lanes go", at: 2500 * engine.Millisecond, do: []engine.Command{setTo("M.ParallelizationFactor", engine.IntValue(1))},
			set: func(c *engine.Config) { slow(c); c.Mappings[0].ParallelizationFactor = 3 }},
		{name: "restarted", at: 2500 * engine.Millisecond, do: []engine.Command{{Op: engine.OpRestart, Target: "M"}}, set: func(c *engine.Config) { slow(c); c.Mappings[0].ParallelizationFactor = 3 }},
		{name: "denied", at: 2500 * engine.Millisecond, set: mappingOf(func(m *engine.MappingConfig) { m.Deny = []engine.Denial{{Action: "*"}} })},
		{name: "function gone", at: 2500 * engine.Millisecond, do: []engine.Command{{Op: engine.OpRemove, Target: "F"}}},
		{name: "deleting", at: 2500 * engine.Millisecond, do: []engine.Command{{Op: engine.OpRemove, Target: "M"}}, set: func(c *engine.Config) { slow(c); c.Mappings[0].Disables = 2 * engine.Second }},
	}
	shardStates = []changeState{
		{name: "children wait", at: 4500 * engine.Millisecond, do: []engine.Command{splitFirst}, set: faulty(engine.HowError, none)},
		{name: "grandchildren wait", at: 4500 * engine.Millisecond, do: []engine.Command{splitFirst, splitAgain}, set: slow},
		{name: "pushed", at: 2500 * engine.Millisecond, set: func(c *engine.Config) { slow(c); c.Mappings[0].Consumer = "C" }},
	}
	queueStates = []changeState{
		{name: "idle", at: 20 * engine.Second},
		{name: "running", at: 2500 * engine.Millisecond, set: slow},
		{name: "hidden after a failure", at: 2500 * engine.Millisecond, set: faulty(engine.HowError, none)},
		{name: "reported", at: 2500 * engine.Millisecond, set: faulty(engine.HowReport, func(m *engine.MappingConfig) { m.ReportBatchItemFailures = true })},
		{name: "throttled", at: 2500 * engine.Millisecond, set: func(c *engine.Config) { c.Functions[0].Reserved = 0 }},
		{name: "at the maximum", at: 4500 * engine.Millisecond, set: func(c *engine.Config) { slow(c); c.Mappings[0].MaximumConcurrency = 2 }},
		{name: "provisioned", at: 4500 * engine.Millisecond, set: func(c *engine.Config) {
			slow(c)
			c.Mappings[0].MinimumPollers, c.Mappings[0].MaximumPollers = 2, 4
		}},
		{name: "delayed", at: 2500 * engine.Millisecond, set: func(c *engine.Config) { c.Queues[0].DelaySeconds = 5 }},
		{name: "creating", at: engine.Second, set: mappingOf(func(m *engine.MappingConfig) { m.Activates = 8 * engine.Second })},
		{name: "updating", at: 2500 * engine.Millisecond, do: []engine.Command{setTo("M.BatchSize", engine.IntValue(3))}, set: func(c *engine.Config) { slow(c); c.Mappings[0].Updates = 2 * engine.Second }},
		{name: "disabling", at: 2500 * engine.Millisecond, do: off, set: func(c *engine.Config) { slow(c); c.Mappings[0].Disables = 2 * engine.Second }},
		{name: "disabled", at: 2500 * engine.Millisecond, do: off, set: slow},
		{name: "denied", at: 2500 * engine.Millisecond, set: mappingOf(func(m *engine.MappingConfig) { m.Deny = []engine.Denial{{Action: "sqs:DeleteMessage"}} })},
		{name: "deleting", at: 2500 * engine.Millisecond, do: []engine.Command{{Op: engine.OpRemove, Target: "M"}}, set: func(c *engine.Config) { slow(c); c.Mappings[0].Disables = 2 * engine.Second }},
	}
	changeWorlds = []changeWorld{
		{name: "stream", source: "S", states: append(streamStates[:len(streamStates):len(streamStates)], shardStates...)},
		{name: "table", source: "S", table: true, states: streamStates},
		{name: "queue", source: "Q", queue: true, states: append(queueStates[:len(queueStates):len(queueStates)],
			changeState{name: "gathering", at: 2500 * engine.Millisecond, set: mappingOf(func(m *engine.MappingConfig) { m.MaximumBatchingWindowInSeconds = 4 })})},
		{name: "FIFO queue", source: "Q", queue: true, fifo: true, states: queueStates},
	}
)

func setTo(target string, v engine.Value) engine.Command {
	return engine.Command{Op: engine.OpSet, Target: target, Value: v}
}

// next are the commands that may follow a change.
func (w changeWorld) next() []engine.Command {
	out := []engine.Command{{Op: engine.OpDisable, Target: "M"}, {Op: engine.OpEnable, Target: "M"}, {Op: engine.OpRemove, Target: "M"},
		{Op: engine.OpRemove, Target: "F"}, {Op: engine.OpRemove, Target: w.source}, {Op: engine.OpDeny, Target: "M", Actions: []string{"*"}}}
	if w.queue {
		return append(out, engine.Command{Op: engine.OpPurge, Target: w.source}, setTo("M.BatchSize", engine.IntValue(2)))
	}
	return append(out, engine.Command{Op: engine.OpRestart, Target: "M"}, splitFirst, engine.Command{Op: engine.OpMerge, Target: "S", Shards: []int{0, 1}},
		setTo("S.ShardCount", engine.IntValue(3)), setTo("M.ParallelizationFactor", engine.IntValue(2)))
}

func (w changeWorld) config() *engine.Config {
	c := &engine.Config{Seed: 1, For: 15 * engine.Second, Start: 1796083200_000000, Concurrency: 1000, Chosen: engine.DefaultChosen(),
		Queues:    []engine.QueueConfig{{ID: "Dead", QueueSettings: setting.NewQueue()}},
		Targets:   []engine.TargetConfig{{ID: "Kept", Bucket: true}},
		Functions: []engine.FunctionConfig{{ID: "F", FunctionSettings: setting.NewFunction()}},
		Mappings:  []engine.MappingConfig{{ID: "M", Source: w.source, Function: "F", Enabled: true, Settings: engine.DefaultSettings()}},
		Traffic:   []engine.Traffic{{To: w.source, From: engine.Second, Until: engine.Never, Every: 500 * engine.Millisecond, Per: 3, Shard: -1, Keys: []string{"k1", "k2", "k3", "k4", "k5", "k6"}}}}
	c.Functions[0].Timeout = 8 * engine.Second
	m := &c.Mappings[0]
	switch {
	case w.queue:
		m.Settings = engine.DefaultQueueMapping()
		q := engine.QueueConfig{ID: "Q", FIFO: w.fifo, QueueSettings: setting.NewQueue()}
		q.VisibilityTimeout, q.ContentBasedDeduplication = 9, w.fifo
		c.Queues = append(c.Queues, q)
		if w.fifo {
			c.Queues[0].FIFO = true
			c.Traffic[0].Dedup = "{n}"
		}
	default:
		m.OnFailure = "Dead"
		st := engine.StreamConfig{ID: "S", KeyName: "pk", View: engine.NewAndOldImages, StreamSettings: setting.NewStream()}
		st.ShardCount = 2
		if w.table {
			st.Kind = engine.DynamoDB
		}
		c.Streams = append(c.Streams, st)
	}
	return c
}

// situation is a state of a world.
type situation struct {
	w     changeWorld
	state changeState
}

func (s situation) begin() (*engine.Sim, error) {
	c := s.w.config()
	if s.state.set != nil {
		s.state.set(c)
	}
	return engine.New(c)
}

// changes are all settings of all resources, with all sensible values.
func (s situation) changes() []engine.Command {
	sim, err := s.begin()
	if err != nil {
		panic(err)
	}
	var out []engine.Command
	for _, id := range []string{"M", s.w.source, "F"} {
		r, _ := sim.SettingsOf(id)
		for _, p := range r.Rows() {
			values := p.StepList(&r)
			switch p.Kind {
			case setting.Destination:
				values = []string{"none", "Dead", "Kept"}
			case setting.QueueID:
				values = []string{"none", "Dead"}
			case setting.Filters:
				values = []string{`{"Filters":[{"Pattern":"{\"body\":{\"n\":[{\"numeric\":[\">\",20]}]}}"}]}`, (*pattern.Criteria)(nil).String()}
			case setting.Number, setting.Duration:
				if len(values) > 4 { // the ends and the middle
					values = []string{values[0], values[1], values[len(values)/2], values[len(values)-1]}
				}
			}
			for _, v := range values {
				if p.Name == setting.VisibilityTimeout && v == "0" {
					continue // what fails comes back at the same instant, for ever
				}
				out = append(out, setTo(id+"."+p.Name, p.Parse(v)))
			}
		}
	}
	return out
}

// try runs one triple.
func (s situation) try(t *testing.T, change, next engine.Command) {
	name := fmt.Sprintf("%s, %s: %s to %s, then %s %s %s", s.w.name, s.state.name, change.Target, change.Value, next.Op, next.Target, next.Value)
	r := naming{t, name}
	defer func() {
		if p := recover(); p != nil {
			t.Fatalf("%s: panic: %v", name, p)
		}
	}()
	sim, err := s.begin()
	if err != nil {
		t.Fatal(err)
	}
	c := newChecker(sim)
	until := func(at engine.Micros) {
		c.advance(at)
		c.state()
	}
	until(s.state.at)
	for _, command := range s.state.do {
		sim.Do(command)
	}
	until(sim.Now())
	sim.Do(change)
	until(sim.Now())
	sim.Do(next)
	until(sim.Now())
	until(sim.Now() + 8*engine.Second)
	for _, c := range []engine.Command{{Op: engine.OpAllow, Target: "M", Actions: []string{"*", "sqs:DeleteMessage"}}, {Op: engine.OpFix, Target: "F"}, setTo("F.ReservedConcurrentExecutions", engine.IntValue(-1)),
		setTo("F.Timeout", engine.IntValue(10)), setTo("F.takes", engine.TimeValue(100*engine.Millisecond)), {Op: engine.OpEnable, Target: "M"}} {
		sim.Do(c)
	}
	until(sim.Now() + 2*engine.Minute)
	sim.Do(engine.Command{Op: engine.OpEnable, Target: "M"}) // it may have been Disabling
	if !s.w.queue {
		until(sim.Now() + 10*engine.Minute) // two windows of five minutes
	}
	gone := func(c engine.Command) bool { return c.Op == engine.OpRemove && c.Target != s.w.source }
	if s.w.queue { // messages may come back for as long as they are kept
		return
	}
	if gone(next) || len(s.state.do) > 0 && gone(s.state.do[0]) {
		return
	}
	for n := 1; ; n++ {
		switch state := sim.RecordState(0, n); state {
		case engine.StateNone:
			if n < 20 {
				r.Errorf("only %d records were put", n-1)
			}
			return
		case engine.StateWaiting, engine.StateBatched, engine.StateRunning, engine.StateRetrying, engine.StateHidden, engine.StateDelayed:
			r.Errorf("record %d is still %s: nothing is in its way", n, state)
			return
		}
	}
}

// naming says of which triple a failure is.
type naming struct {
	t    *testing.T
	name string
}

func (n naming) Errorf(format string, args ...any) {
	n.t.Errorf("%s: "+format, append([]any{n.name}, args...)...)
}
func (n naming) Fatalf(format string, args ...any) {
	n.t.Fatalf("%s: "+format, append([]any{n.name}, args...)...)
}
