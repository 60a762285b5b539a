package engine_test

import (
	"fmt"
	"hash/fnv"
	"slices"
	"strings"

	"esmlab/engine"
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
		Concurrency: pick(d, "concurrency", 1000, 1000, 1000, 100, 5, 2), Chosen: engine.DefaultChosen()}
	w.Limits = pick(d, "limits", "current", "current", "2022")
	w.Chosen.UpdateAgain = int64(pick(d, "update again", 0, 0, 1))
	w.Chosen.ShardRoll = pick[engine.Micros](d, "roll", 0, 0, 20*engine.Second, 10*engine.Minute)
	w.Chosen.LookAhead = int64(pick(d, "look ahead", 10, 10, 1, 3))
	w.sources()
	w.functions()
	w.mappings()
	w.traffic()
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
	return w
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
		c.Retention = 24 * engine.Hour
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
	case r.Mapping != nil:
		return r.Mapping.Check(r.In)
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
		f.Takes = engine.Takes{Base: pick[engine.Micros](d, id+" takes", 1, 50, 200, 900, 2500) * engine.Millisecond, Each: pick[engine.Micros](d, id+" each", 0, 0, 5) * engine.Millisecond, Spread: pick[engine.Micros](d, id+" spread", 0, 0, 300) * engine.Millisecond}
		if len(w.Queues) > 0 && w.until < engine.Hour && d.one(id+" sends", 6) && d.part(id+".sends") {
			f.Sends = w.Queues[d.n(id+" sends to", len(w.Queues))].ID
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
	f.Reply = pick(d, name+" reply", "", "{}", "3", `{"batchItemFailures":[{"itemIdentifier":"{id:S0#7}"}]}`, `{"batchItemFailures":[{"itemIdentifier":""}]}`, `{"state":{"n":"1"}}`)
	if len(w.Streams) == 0 || w.Streams[0].ID != "S0" {
		f.Reply = strings.ReplaceAll(f.Reply, "{id:S0#7}", "x")
	}
	return f
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

// traffic adds rows: about 400 records in all.
func (w *swarmWorld) traffic() {
	for _, to := range w.sourceIDs() {
		for k := range w.d.span(to+" rows", 1, 3) {
			if name := fmt.Sprint(to, ".row", k); w.d.part(name) {
				w.Traffic = append(w.Traffic, w.row(name, to))
			}
		}
	}
}

// row draws a row of traffic. What is put names its number, its key and its
// row: what the function is given can be compared with it.
func (w *swarmWorld) row(name, to string) engine.Traffic {
	d := w.d
	row := engine.Traffic{To: to, From: d.between(name+" from", 0, w.until/2), Until: engine.Never, Count: d.span(name+" count", 1, 120), Per: 1, Shard: -1, Random: d.one(name+" random", 2), Body: swarmBody}
	row.Every = max(20*engine.Millisecond, w.until/2/engine.Micros(row.Count))
	if d.one(name+" fast", 2) {
		row.Every = d.between(name+" every", 20*engine.Millisecond, 500*engine.Millisecond) + engine.Millisecond
	}
	if d.one(name+" burst", 4) {
		row.AtOnce, row.At, row.Count = true, row.From, d.span(name+" burst of", 1, 60)
	}
	for k := range d.n(name+" keys", 7) {
		row.Keys = append(row.Keys, fmt.Sprintf("k%d", k+1))
	}
	if d.one(name+" own keys", 2) { // no other row has them
		for k := range row.Keys {
			row.Keys[k] = name + row.Keys[k]
		}
	}
	si := slices.IndexFunc(w.Streams, func(s engine.StreamConfig) bool { return s.ID == to })
	switch {
	case si >= 0:
		if len(row.Keys) == 0 {
			row.Keys = []string{name + "k"}
		}
		if w.Streams[si].Kind == engine.DynamoDB {
			row.Op = pick(d, name+" op", engine.WriteAuto, engine.WriteAuto, engine.WriteInsert, engine.WriteModify, engine.WriteRemove, engine.WriteTTL)
		} else if d.one(name+" to a shard", 8) {
			row.Shard, row.Keys = d.n(name+" shard", 3), []string{name + "s"}
		}
	case w.Queues[slices.IndexFunc(w.Queues, func(q engine.QueueConfig) bool { return q.ID == to })].FIFO:
		row.Dedup = pick(d, name+" dedup", "", "", "x{key}{n}", "x{key}", "y")
	default:
		if d.one(name+" without keys", 2) {
			row.Keys = nil
		}
		if d.one(name+" timer", 5) {
			row.HasDelay, row.Delay = true, pick[engine.Micros](d, name+" delay", 0, 3, 20)*engine.Second
		}
	}
	if d.one(name+" large", 40) { // few of them: six megabytes make a batch
		row.Size = pick(d, name+" size", 100, 30_000, 250_000, 1_000_000)
		row.Count = min(row.Count, pick(d, name+" megabytes", 1, 1, 1, 1, 1, 1, 8)*1_000_000/row.Size)
	}
	return row
}

const swarmBody = `{"n":{n},"k":"{key}"}`

// swarmActions are the actions that a role can be denied.
var swarmActions = []string{"kinesis:GetRecords", "kinesis:GetShardIterator", "kinesis:DescribeStream", "kinesis:SubscribeToShard", "dynamodb:GetRecords", "dynamodb:GetShardIterator", "dynamodb:DescribeStream",
	"sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes", "kms:Decrypt", "sqs:SendMessage", "sns:Publish", "s3:PutObject", "s3:ListBucket", "*"}

// command draws a command of one of the world's kinds.
func (w *swarmWorld) command(name string) engine.Command {
	d := w.d
	c := engine.Command{Op: pick(d, name+" op", w.ops...)}
	id := func(ids []string) string {
		if len(ids) == 0 {
			return "none"
		}
		return pick(d, name+" target", ids...)
	}
	var streams, queues, functions, mappings []string
	for _, x := range w.Streams {
		streams = append(streams, x.ID)
	}
	for _, x := range w.Queues {
		queues = append(queues, x.ID)
	}
	for _, x := range w.Functions {
		functions = append(functions, x.ID)
	}
	for _, x := range w.Mappings {
		mappings = append(mappings, x.ID)
	}
	switch c.Op {
	case engine.OpSet:
		target := id(slices.Concat(mappings, mappings, mappings, streams, queues, functions))
		c.Target, c.Value = w.set(name, target)
		if d.one(name+" also", 6) {
			more := engine.Setting{}
			more.Target, more.Value = w.set(name+" also", target)
			c.Also = []engine.Setting{more}
		}
	case engine.OpPut:
		c.Put = w.row(name, id(w.sourceIDs()))
		c.Put.Count = min(c.Put.Count, 20)
	case engine.OpFault:
		c.Fault = w.fault(name)
		c.Fault.Function = id(functions)
	case engine.OpFix:
		c.Target = id(append(functions, "a", "b"))
	case engine.OpEnable, engine.OpDisable, engine.OpRestart, engine.OpDeny, engine.OpAllow:
		c.Target = id(mappings)
		c.Actions = []string{pick(d, name+" action", swarmActions...)}
		if c.Op == engine.OpAllow && d.one(name+" all", 2) {
			c.Actions = swarmActions
		}
	case engine.OpSplit, engine.OpMerge:
		c.Target, c.Shards = id(streams), []int{d.n(name+" shard", 6)}
		if c.Op == engine.OpMerge {
			c.Shards = append(c.Shards, d.n(name+" other", 8))
		}
	case engine.OpRedrive, engine.OpCancel, engine.OpPurge:
		c.Target = id(queues)
		c.Rate = pick(d, name+" rate", 0, 1, 50)
		if c.Op == engine.OpRedrive && d.one(name+" elsewhere", 3) {
			c.To = pick(d, name+" to", append(queues, "none")...)
		}
	case engine.OpRemove:
		c.Target = "none"
		if d.one(name+" really", 3) {
			c.Target = id(slices.Concat(mappings, streams, queues, functions, []string{"Alerts", "Kept"}))
		}
	}
	return c
}

// set draws a setting of a resource, aliases included, and a value for it.
func (w *swarmWorld) set(name, target string) (string, engine.Value) {
	r, ok := w.SettingsOf(target)
	if !ok {
		return target + ".BatchSize", engine.IntValue(1)
	}
	var rows []*setting.Row
	for i := range setting.All {
		if p := &setting.All[i]; p.Of == r.Of && p.In&r.In != 0 {
			rows = append(rows, p)
		}
	}
	// A new row must not change what the others are: the row with the smallest
	// draw of its own is taken.
	p := slices.MinFunc(rows, func(a, b *setting.Row) int {
		return int(w.d.bits(name+a.Name)>>1) - int(w.d.bits(name+b.Name)>>1)
	})
	return target + "." + p.Name, w.value(name, p, &r)
}
