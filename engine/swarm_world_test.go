package engine_test

import (
	"fmt"
	"hash/fnv"
	"slices"
	"strings"

	"esmlab/engine"
	"esmlab/engine/pattern"
	"esmlab/engine/rule"
	"esmlab/engine/setting"
)

// draw answers each question about a world from the seed and the question's
// name alone. A setting, a command or a kind of fault that is added later
// leaves what the other questions are answered as it is, and leaving a part
// out does not change the parts that stay.
type draw struct {
	seed uint64
	off  []string // names of the parts that are left out
	on   []string // names of the parts that are there
}

func (d *draw) bits(name string) uint64 {
	h := fnv.New64a()
	fmt.Fprint(h, d.seed, name)
	x := h.Sum64()
	x = (x ^ x>>30) * 0xbf58476d1ce4e5b9
	x = (x ^ x>>27) * 0x94d049bb133111eb
	return x ^ x>>31
}

// n is a number from 0 to below.
func (d *draw) n(name string, below int) int { return int(d.bits(name) % uint64(below)) }

// span is a number from lo to hi.
func (d *draw) span(name string, lo, hi int) int { return lo + d.n(name, hi-lo+1) }

// one is true in one of so many worlds.
func (d *draw) one(name string, in int) bool { return d.n(name, in) == 0 }

// between is a time; every other one is a whole second, so that things happen
// at the same instant.
func (d *draw) between(name string, lo, hi engine.Micros) engine.Micros {
	at := lo + engine.Micros(d.bits(name)%uint64(hi-lo+1))
	if d.one(name+" whole", 2) {
		at = at / engine.Second * engine.Second
	}
	return max(lo, at/engine.Millisecond*engine.Millisecond)
}

func pick[T any](d *draw, name string, of ...T) T { return of[d.n(name, len(of))] }

// part reports whether a part of the world is there.
func (d *draw) part(name string) bool {
	if slices.Contains(d.off, name) {
		return false
	}
	d.on = append(d.on, name)
	return true
}

// swarmWorld is a drawn Config and how long it runs.
type swarmWorld struct {
	*engine.Config
	d     *draw
	until engine.Micros
	ops   []engine.Op // the commands that this world has
}

// newSwarmWorld draws the world of a seed without some of its parts. Each world
// has only some of the commands, so that those it has come often.
func newSwarmWorld(seed uint64, off []string) *swarmWorld {
	d := &draw{seed: seed, off: off}
	w := &swarmWorld{d: d, until: pick[engine.Micros](d, "until", 30, 60, 90, 90, 120, 300) * engine.Second}
	if d.one("long", 10) {
		w.until = pick[engine.Micros](d, "hours", 1, 3) * engine.Hour
	}
	w.Config = &engine.Config{Seed: seed, Start: 1796083200_000000, For: w.until, Region: "eu-central-1", Account: "123456789012",
		Concurrency: pick(d, "concurrency", 1000, 1000, 1000, 103, 103, 5, 2), Chosen: engine.DefaultChosen()}
	w.Limits = pick(d, "limits", "current", "current", "2022")
	if w.Used = pick(d, "used", 0, 0, 0, w.Concurrency/2); w.Concurrency == 103 { // so that little is left of one that may be reserved
		w.Used = 100
	}
	w.chosen()
	w.sources()
	w.functions()
	w.handlers()
	w.receivers()
	w.mappings()
	w.traffic()
	w.fronts()
	for op := engine.Op(0); op < engine.NumOps; op++ {
		if d.one("has "+op.String(), 2) {
			w.ops = append(w.ops, op)
		}
	}
	most := pick(d, "steps", 0, 4, 8, 16, 40)
	for i := range most {
		if name := fmt.Sprint("step", i); len(w.ops) > 0 && d.part(name) {
			w.Steps = append(w.Steps, engine.Step{At: d.between(name+".at", 0, w.until), Command: w.command(name)})
		}
	}
	for i := range pick(d, "deployments", 0, 0, 1, 3) {
		w.deploy(fmt.Sprint("deploy", i))
	}
	w.generations()
	w.zero()
	return w
}

// chosen draws some of the numbers that AWS does not give.
func (w *swarmWorld) chosen() {
	d := w.d
	w.Chosen.UpdateAgain = int64(pick(d, "update again", 0, 0, 1))
	w.Chosen.ShardRoll = pick[engine.Micros](d, "roll", 0, 0, 20*engine.Second, 10*engine.Minute)
	w.Chosen.LookAhead = int64(pick(d, "look ahead", 10, 10, 1, 3))
	w.Chosen.PurgeTakes = pick[engine.Micros](d, "purge takes", 0, 0, 10*engine.Second, engine.Minute)
	for _, r := range rule.All {
		p, name := w.Chosen.Field(r.ID), "chosen "+string(r.ID)
		if r.Number == nil || p == nil || *p == 0 || !d.one(name, 12) || !d.part(name) {
			continue
		}
		*p = pick(d, name+" number", max(r.Number.Min, *p/10), max(r.Number.Min, *p/2), min(r.Number.Max, 2**p))
	}
}

// zero makes some waits take no time, which no scenario can ask for: a loop of
// them must stop the run (SIM-STOP-1).
func (w *swarmWorld) zero() {
	if w.d.one("zero", 200) && w.d.part("zero") {
		c := &w.Chosen
		for i, p := range []*engine.Micros{&c.PollerWait, &c.RetryWait, &c.ReadRetry} {
			if w.d.one(fmt.Sprint("zero", i), 2) {
				*p = 0
			}
		}
		for i := range w.Mappings { // a thousand pollers take a thousand times as long to stop
			w.Mappings[i].MinimumPollers, w.Mappings[i].MaximumPollers = 0, 0
		}
	}
}

// deploy adds a deployment: a new version of a function, with other faults and
// another duration, and what changes with it, all at one instant or one after
// the other, with the mapping switched off meanwhile or not.
func (w *swarmWorld) deploy(name string) {
	d := w.d
	if len(w.Mappings) == 0 || !d.part(name) {
		return
	}
	m := &w.Mappings[d.n(name+" mapping", len(w.Mappings))]
	at, gap := d.between(name+" at", 0, w.until), pick[engine.Micros](d, name+" gap", 0, 0, 100*engine.Millisecond, 3*engine.Second)
	add := func(c engine.Command) {
		w.Steps = append(w.Steps, engine.Step{At: min(at, w.until), Command: c})
		at += gap
	}
	off := d.one(name+" off", 2)
	if off {
		add(engine.Command{Op: engine.OpDisable, Target: m.ID})
	}
	add(engine.Command{Op: engine.OpFix, Target: m.Function})
	if d.one(name+" broken", 2) {
		f := w.fault(name + " fault")
		f.Function, f.From, f.Until = m.Function, 0, engine.Never
		add(engine.Command{Op: engine.OpFault, Fault: f})
	}
	for i, target := range []string{m.Function, m.Function, m.ID, m.ID, m.Source} {
		c := engine.Command{Op: engine.OpSet}
		c.Target, c.Value = w.set(fmt.Sprint(name, " set", i), target)
		add(c)
	}
	if off {
		add(engine.Command{Op: engine.OpEnable, Target: m.ID})
	}
	if d.one(name+" back", 3) { // it is rolled back
		at += gap
		add(engine.Command{Op: engine.OpFix, Target: m.Function})
	}
}

// generations makes one world in eight one in which a key blocks its shard for
// long, while the shards are split and merged again and again.
func (w *swarmWorld) generations() {
	d := w.d
	if len(w.Streams) == 0 || !d.one("generations", 8) || !d.part("generations") {
		return
	}
	if d.one("generations long", 2) {
		w.endAt(pick[engine.Micros](d, "generations until", 10, 60, 26*60) * engine.Minute)
	}
	s := w.Streams[0].ID
	for _, m := range w.Mappings {
		for i := range w.Functions {
			if f := &w.Functions[i]; m.Source == s && f.ID == m.Function {
				f.Faults = append(f.Faults, engine.Fault{Name: "long", Keys: []string{"k1"}, How: engine.HowError, Until: d.between("generations healed", w.until/2, w.until)})
			}
		}
	}
	w.Traffic = append(w.Traffic, engine.Traffic{To: s, Until: engine.Never, Every: max(engine.Second, w.until/60), Per: 1, Count: 60, Shard: -1, Body: swarmBody,
		Keys: []string{"k1", "k2", "k3", "k4", "k5"}})
	for i := range d.span("generations of", 2, 20) {
		name := fmt.Sprint("generation", i)
		c := engine.Command{Op: pick(d, name+" op", engine.OpSplit, engine.OpSplit, engine.OpMerge, engine.OpSet), Target: s, Shards: []int{d.n(name+" shard", 2*i+3)}}
		switch c.Op {
		case engine.OpMerge:
			c.Shards = append(c.Shards, d.n(name+" other", 2*i+3))
		case engine.OpSet:
			c.Target, c.Value, c.Shards = s+"."+setting.ShardCount, engine.IntValue(d.span(name+" count", 1, 6)), nil
		}
		w.Steps = append(w.Steps, engine.Step{At: w.until * engine.Micros(i+1) / 24, Command: c})
	}
}

// endAt ends the world's time earlier.
func (w *swarmWorld) endAt(until engine.Micros) {
	w.until, w.For = until, until
	w.Steps = slices.DeleteFunc(w.Steps, func(s engine.Step) bool { return s.At > until })
}

// sources adds streams, tables, queues and what failures go to.
func (w *swarmWorld) sources() {
	d := w.d
	w.Targets = []engine.TargetConfig{{ID: "Alerts"}, {ID: "Kept", Bucket: true}}
	for i := range d.span("streams", 0, 2) {
		id := fmt.Sprint("S", i)
		if !d.part(id) {
			continue
		}
		c := engine.StreamConfig{ID: id, Kind: engine.StreamKind(d.n(id+" kind", 2)), View: engine.ViewType(d.n(id+" view", 4)), KeyName: "pk", StreamSettings: setting.NewStream()}
		c.Retention, c.KMS = 24*engine.Hour, d.one(id+" kms", 4)
		w.Streams = append(w.Streams, c)
	}
	queues := d.span("queues", 1, 4)
	for i := range queues {
		id := fmt.Sprint("Q", i)
		if !d.part(id) {
			continue
		}
		c := engine.QueueConfig{ID: id, FIFO: d.one(id+" fifo", 2), KMS: d.one(id+" kms", 4), QueueSettings: engine.DefaultQueueSettings(), FailedDeletes: float64(pick(d, id+" failed deletes", 0, 0, 25)) / 100}
		if !c.FIFO {
			c.Duplicates = float64(pick(d, id+" duplicates", 0, 0, 25)) / 100
		}
		w.Queues = append(w.Queues, c)
	}
	if d.one("exchange", 6) && len(w.Queues) > 1 && d.part("exchange") { // the first queues are each other's DLQ
		n := d.span("exchange of", 2, min(3, len(w.Queues)))
		for i := range n {
			q := &w.Queues[i]
			q.FIFO, q.Duplicates = w.Queues[0].FIFO, 0
			q.DeadLetterQueue, q.MaxReceiveCount = w.Queues[(i+1)%n].ID, pick(d, q.ID+" exchange", 1, 1, 3)
			q.VisibilityTimeout = pick(d, q.ID+" exchange visible", 30, 1, 0)
		}
	}
	for i := range w.Streams {
		w.draw(setting.Resource{ID: w.Streams[i].ID})
	}
	for i := range w.Queues {
		w.draw(setting.Resource{ID: w.Queues[i].ID})
	}
}

// draw draws some of the settings of a resource, from the table.
func (w *swarmWorld) draw(of setting.Resource) {
	r, _ := w.SettingsOf(of.ID)
	for _, p := range r.Rows() {
		name := of.ID + "." + p.Name
		if !w.d.one(name+" drawn", 3) || !w.d.part(name) {
			continue
		}
		before := copied(&r)
		v, bad := p.Read(w.value(name, p, &r))
		if bad == nil {
			p.Set(&r, v)
			bad = w.check(&r)
		}
		if bad != nil {
			restore(&r, before)
		}
	}
}

// copied and restore keep the settings of a resource while one is tried.
func copied(r *setting.Resource) (c setting.Resource) {
	switch {
	case r.Mapping != nil:
		m := *r.Mapping
		c.Mapping = &m
	case r.Queue != nil:
		q := *r.Queue
		c.Queue = &q
	case r.Stream != nil:
		s := *r.Stream
		c.Stream = &s
	default:
		f := *r.Function
		c.Function = &f
	}
	return c
}

func restore(r *setting.Resource, c setting.Resource) {
	switch {
	case r.Mapping != nil:
		*r.Mapping = *c.Mapping
	case r.Queue != nil:
		*r.Queue = *c.Queue
	case r.Stream != nil:
		*r.Stream = *c.Stream
	default:
		*r.Function = *c.Function
	}
}

// check refuses what a template could not create.
func (w *swarmWorld) check(r *setting.Resource) *setting.Refusal {
	switch {
	case r.Function != nil:
		others := 0
		for _, f := range w.Functions {
			if f.ID != r.ID {
				others += max(0, f.Reserved)
			}
		}
		return setting.CheckReserved(w.Concurrency, others, r.Function.Reserved)
	case r.Mapping != nil:
		return r.Mapping.Check(r.In)
	case r.Stream != nil:
		return r.Stream.Check()
	case r.Queue != nil:
		if bad := r.Queue.Check(r.In); bad != nil {
			return bad
		}
		for i := range w.Queues { // the policies of all queues: this one may be another's DLQ
			q := &w.Queues[i]
			if q.DeadLetterQueue == "" {
				continue
			}
			to := slices.IndexFunc(w.Queues, func(x engine.QueueConfig) bool { return x.ID == q.DeadLetterQueue })
			if to < 0 {
				return &setting.Refusal{}
			}
			if bad := setting.CheckDeadLetter(q.ID, q.FIFO, q.DeadLetterQueue, w.Queues[to].FIFO, &w.Queues[to].QueueSettings); bad != nil {
				return bad
			}
		}
	}
	return nil
}

// value draws a value of a setting, once in a while one that is refused.
func (w *swarmWorld) value(name string, p *setting.Row, r *setting.Resource) engine.Value {
	d := w.d
	switch p.Kind {
	case setting.Number, setting.Duration:
		steps := slices.DeleteFunc(strings.Fields(p.Steps), func(s string) bool { return strings.HasPrefix(s, "{") })
		n := d.n(name+" value", len(steps))
		if d.one(name+" small", 2) { // large values make everything wait
			n = d.n(name+" value", (len(steps)+1)/2)
		}
		if p.Name == setting.ShardCount || p.Name == setting.Timeout {
			n = d.n(name+" value", min(4, len(steps)))
		}
		return p.Parse(steps[n])
	case setting.Switch:
		return engine.BoolValue(d.one(name+" value", 2))
	case setting.Word:
		return engine.TextValue(pick(d, name+" value", p.Words...))
	case setting.List:
		return engine.TextValue(pick(d, name+" value", append([]string{""}, p.Words...)...))
	case setting.Filters:
		return engine.TextValue(pick(d, name+" value", swarmFilters(r.In)...))
	}
	ids := []string{""}
	for _, q := range w.Queues {
		ids = append(ids, q.ID)
	}
	if p.Kind == setting.Destination {
		for _, t := range w.Targets {
			ids = append(ids, t.ID)
		}
	}
	return engine.TextValue(pick(d, name+" value", ids...))
}

// swarmFilters are criteria for a source, the first of them none.
func swarmFilters(in setting.Source) []string {
	of := map[bool][]string{true: {`{"body":{"n":[{"numeric":[">",9]}]}}`, `{"body":{"k":[{"prefix":"k1"}]}}`, `{"body":{"none":[{"exists":true}]}}`}}[in&setting.AnyQueue != 0]
	switch in {
	case setting.Kinesis:
		of = []string{`{"data":{"n":[{"numeric":[">",9]}]}}`, `{"partitionKey":[{"anything-but":["k1"]}]}`, `{"data":{"none":[{"exists":true}]}}`}
	case setting.DynamoDB:
		of = []string{`{"eventName":["INSERT","REMOVE"]}`, `{"dynamodb":{"Keys":{"pk":{"S":["k1","k2"]}}}}`}
	}
	out := []string{`{"Filters":[]}`}
	for _, p := range of {
		out = append(out, filters(p))
	}
	return append(out, filters(strings.Join(of, "\n")))
}

// functions adds functions with faults.
func (w *swarmWorld) functions() {
	d := w.d
	for i := range d.span("functions", 1, 3) {
		id := fmt.Sprint("F", i)
		if i > 0 && !d.part(id) {
			continue
		}
		f := engine.FunctionConfig{ID: id, FunctionSettings: setting.NewFunction()}
		f.Takes = engine.Takes{Base: pick[engine.Micros](d, id+" takes", 0, 1, 50, 200, 900, 2500) * engine.Millisecond, Each: pick[engine.Micros](d, id+" each", 0, 0, 5) * engine.Millisecond, Spread: pick[engine.Micros](d, id+" spread", 0, 0, 300) * engine.Millisecond}
		if len(w.Queues) > 0 && w.until < engine.Hour && d.one(id+" sends", 6) && d.part(id+".sends") {
			f.Sends = w.Queues[d.n(id+" sends to", len(w.Queues))].ID
			for k := range d.n(id+" own destinations", 3) {
				name := fmt.Sprint(id, " destination ", k)
				to := pick(d, name, "Alerts", "Kept", w.Queues[d.n(name+" queue", len(w.Queues))].ID)
				f.Async = append(f.Async, engine.AsyncDestination{Property: name, To: to, Record: d.one(name+" record", 2)})
			}
		}
		for k := range d.n(id+" faults", 4) {
			if name := fmt.Sprint(id, ".fault", k); d.part(name) {
				f.Faults = append(f.Faults, w.fault(name))
			}
		}
		w.Functions = append(w.Functions, f)
		w.draw(setting.Resource{ID: id})
	}
}

// fault draws a fault; its Function is not set.
func (w *swarmWorld) fault(name string) engine.Fault {
	d := w.d
	f := engine.Fault{Name: pick(d, name+" name", "a", "b"), How: engine.How(d.n(name+" how", len(engine.HowNames))), Until: engine.Never, Names: engine.Names(d.n(name+" names", len(engine.NamesWords)))}
	switch d.n(name+" selects", 5) {
	case 0:
		if sources := w.sourceIDs(); len(sources) > 0 {
			f.Records = []engine.Label{{Source: pick(d, name+" of", sources...), N: d.span(name+" n", 1, 40)}}
		}
	case 1:
		f.Nth = d.span(name+" nth", 2, 9)
	case 2:
		f.Keys = []string{"k1"}
	case 3:
		f.HasChance, f.Chance = true, float64(d.n(name+" chance", 100))/100
	}
	if d.one(name+" begins", 3) {
		f.From = d.between(name+" from", 0, w.until)
	}
	if d.one(name+" ends", 2) {
		f.Until = f.From + d.between(name+" until", engine.Second, w.until)
	}
	if d.one(name+" few", 3) {
		f.Deliveries = d.span(name+" deliveries", 1, 3)
	}
	if f.How == engine.HowSlow {
		f.Takes = engine.Takes{Base: d.between(name+" slow", 500*engine.Millisecond, 5*engine.Second)}
	}
	f.Before = d.one(name+" before", 4)
	if f.HasVisibility = d.one(name+" gives back", 5); f.HasVisibility {
		f.Visibility = pick[engine.Micros](d, name+" for", 0, 0, 3, 60) * engine.Second
	}
	if d.one(name+" matching", 8) {
		f.Matching = criterion(pick(d, name+" pattern", `{"body":{"n":[{"numeric":[">",9]}]}}`, `{"data":{"n":[{"numeric":[">",9]}]}}`, `{"partitionKey":["k1"]}`, `{"eventName":["INSERT"]}`, `{"attributes":{"ApproximateReceiveCount":["1"]}}`))
	}
	f.Reply = pick(d, name+" reply", "", "{}", "3", `{"batchItemFailures":[{"itemIdentifier":"{id:S0#7}"}]}`, `{"batchItemFailures":[{"itemIdentifier":""}]}`, `{"state":{"n":"1"}}`)
	if len(w.Streams) == 0 || w.Streams[0].ID != "S0" {
		f.Reply = strings.ReplaceAll(f.Reply, "{id:S0#7}", "x")
	}
	return f
}

// criterion compiles one pattern.
func criterion(p string) *pattern.Criteria {
	c, err := pattern.NewCriteria([]string{p})
	if err != nil {
		panic(err)
	}
	return c
}

func (w *swarmWorld) sourceIDs() []string {
	var ids []string
	for _, s := range w.Streams {
		ids = append(ids, s.ID)
	}
	for _, q := range w.Queues {
		ids = append(ids, q.ID)
	}
	return ids
}

// mappings adds mappings: up to six of a stream, up to two of a queue; some
// queues have none.
func (w *swarmWorld) mappings() {
	d := w.d
	add := func(id string, in setting.Source, m engine.MappingConfig) {
		m.ID, m.Settings, m.Function = id, setting.NewMapping(in), w.Functions[d.n(id+" function", len(w.Functions))].ID
		m.Enabled = !d.one(id+" off", 6)
		if d.one(id+" denied", 12) && d.part(id+".denied") {
			m.Deny = []engine.Denial{{Action: pick(d, id+" denied action", swarmActions...), On: pick(d, id+" denied on", "", m.Source), By: "a statement"}}
		}
		m.Activates, m.Updates, m.Disables = d.between(id+" activates", 0, 9*engine.Second), d.between(id+" updates", 0, 3*engine.Second), d.between(id+" disables", 0, 2*engine.Second)
		if d.one(id+" at once", 2) {
			m.Activates, m.Updates, m.Disables = 0, 0, 0
		}
		w.Mappings = append(w.Mappings, m)
		w.draw(setting.Resource{ID: id})
	}
	for _, s := range w.Streams {
		for k := range pick(d, s.ID+" mappings", 1, 1, 2, 3, 6) {
			id := fmt.Sprint(s.ID, "M", k)
			if !d.part(id) {
				continue
			}
			m := engine.MappingConfig{Source: s.ID, Start: engine.StartingPosition(pick(d, id+" start", 0, 0, 0, 1, 2)), StartTimestamp: w.Start + int64(d.between(id+" timestamp", 0, w.until))}
			in := setting.Kinesis
			if s.Kind == engine.DynamoDB {
				in, m.Start = setting.DynamoDB, m.Start%2
			} else if d.one(id+" consumer", 4) {
				m.Consumer = id + "C"
			}
			add(id, in, m)
		}
	}
	for _, q := range w.Queues {
		in := setting.SQS
		if q.FIFO {
			in = setting.FIFO
		}
		for k := range pick(d, q.ID+" mappings", 0, 1, 1, 2) {
			if id := fmt.Sprint(q.ID, "M", k); d.part(id) {
				add(id, in, engine.MappingConfig{Source: q.ID})
			}
		}
	}
}
