package handback_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"

	"esmlab/engine"
	"esmlab/engine/pattern"
	"esmlab/engine/query"
	"esmlab/engine/scenario"
	"esmlab/engine/setting"
	"esmlab/engine/timeline"
)

// drawn gives by chance what a person can do in a run: every kind of command, some of which
// are refused.
type drawn struct {
	*rand.Rand
	sc     *scenario.Scenario
	t      *timeline.Timeline
	turn   *int            // of the settings: each has its turn
	rows   map[string]bool // of the settings that there were: those that were drawn
	last   engine.Command
	faults []string
	files  map[string][]byte // that are deployed
}

func one[T any](d *drawn, list ...T) T { return list[d.IntN(len(list))] }

func (d *drawn) chance(n int) bool { return d.IntN(n) == 0 }

// length draws a length of time, to the microsecond where it has so many.
func (d *drawn) length(most engine.Micros) engine.Micros {
	return one(d, engine.Second, 200*engine.Millisecond, engine.Micros(1+d.Int64N(int64(most))))
}

// command draws a command of a kind.
func (d *drawn) command(op engine.Op) engine.Command {
	c := d.t.Sim().Config()
	mapping := c.Mappings[d.IntN(len(c.Mappings))].ID
	stream, queue, nothing := "", "", false
	if len(c.Streams) > 0 {
		stream = c.Streams[d.IntN(len(c.Streams))].ID
	}
	if len(c.Queues) > 0 {
		queue = c.Queues[d.IntN(len(c.Queues))].ID
	}
	out := engine.Command{Op: op}
	switch op {
	case engine.OpSet:
		return d.set(c)
	case engine.OpPut:
		out.Put = d.put(c)
	case engine.OpFault:
		out.Fault = d.fault(c)
	case engine.OpFix:
		out.Target = one(d, append(d.faults, "poison", "nobody", c.Functions[0].ID)...)
	case engine.OpEnable, engine.OpDisable, engine.OpRestart:
		out.Target = mapping
	case engine.OpDeny, engine.OpAllow:
		out.Target, out.Actions = mapping, [][]string{{"kinesis:GetRecords", "dynamodb:GetRecords", "sqs:ReceiveMessage"}, {"sqs:DeleteMessage"}, {"*"}, {"sqs:SendMessage", "s3:PutObject", "kms:*"}}[d.IntN(4)]
	case engine.OpRemove:
		out.Target = one(d, mapping, c.Functions[d.IntN(len(c.Functions))].ID, stream, queue)
		if len(c.Targets) > 0 && d.chance(3) {
			out.Target = c.Targets[0].ID
		}
		nothing = out.Target == ""
	case engine.OpSplit, engine.OpMerge:
		if out.Target, nothing = stream, stream == ""; nothing {
			break
		}
		open := []int{7} // one that is not there
		for k, shard := range d.t.Sim().Streams[d.t.Sim().StreamIndex(stream)].Shards {
			if !shard.Closed {
				open = append(open, k)
			}
		}
		k := d.IntN(len(open))
		if d.last.Op == engine.OpSplit && len(open) > 2 { // those that have come
			k = len(open) - 2
		}
		if out.Shards = open[k : k+1]; op == engine.OpMerge {
			out.Shards = []int{open[k], open[(k+1)%len(open)]}
		}
	case engine.OpRedrive:
		out.Target, out.Rate, nothing = queue, one(d, 0, 1, 7, 500), queue == ""
		if d.chance(3) && !nothing {
			out.To = c.Queues[d.IntN(len(c.Queues))].ID
		}
	case engine.OpCancel, engine.OpPurge:
		if out.Target, nothing = queue, queue == ""; d.last.Op == engine.OpRedrive {
			out.Target = d.last.Target
		}
	case engine.OpReceive:
		r := engine.Receiver{Queue: queue, Once: true, Count: 1 + d.IntN(10), Takes: d.length(5 * engine.Second), Deletes: d.chance(2)}
		if r.HasVisibility = d.chance(2); r.HasVisibility {
			r.Visibility = one[engine.Micros](d, 0, 5, 43200) * engine.Second
		}
		out.Target, out.Receive, nothing = queue, r, queue == ""
	case engine.OpDeploy:
		return d.deploy()
	}
	if nothing { // this world has no such thing
		return d.set(c)
	}
	return out
}

// value draws a value for a setting: of its steps, of its words, a name, a limit, or one
// that is refused.
func (d *drawn) value(row *setting.Row, of *setting.Resource, c *engine.Config) engine.Value {
	var all []engine.Value
	for _, text := range row.StepList(of) {
		all = append(all, row.Parse(text))
	}
	switch row.Kind {
	case setting.Number:
		all = append(all, engine.IntValue(row.Min), engine.IntValue(row.Max), engine.IntValue(row.Min+d.IntN(row.Max-row.Min+1)), engine.IntValue(row.Max+1))
		if row.Special.Means != "" {
			all = append(all, engine.IntValue(row.Special.Value))
		}
	case setting.Switch:
		all = append(all, engine.BoolValue(true), engine.BoolValue(false))
	case setting.Word:
		all = append(all, engine.TextValue("no such word"))
	case setting.List:
		all = append(all, engine.TextValue(row.Words[0]), engine.TextValue(""))
	case setting.Duration:
		all = append(all, engine.TimeValue(d.length(3*engine.Second)), engine.TimeValue(0))
	case setting.Destination, setting.QueueID:
		all = append(all, engine.TextValue(""), engine.TextValue(c.Functions[0].ID))
		for _, q := range c.Queues {
			all = append(all, engine.TextValue(q.ID))
		}
		for _, x := range c.Targets {
			all = append(all, engine.TextValue(x.ID))
		}
	case setting.Filters:
		for _, text := range []string{"", `{"Filters": [{"Pattern": "{\"body\":{\"n\":[{\"numeric\":[\">\", 3]}]}}"}]}`, `{"Filters":[{"Pattern":"{\"data\":{\"kind\":[\"a'b: #c\", null]}}"},{"Pattern":"{\"dynamodb\":{\"NewImage\":{\"n\":{\"N\":[{\"prefix\":\"1\"}]}}}}"}]}`} {
			all = append(all, engine.TextValue(text))
		}
	}
	return all[d.IntN(len(all))]
}

// set draws settings: all that the world's resources have come in turn.
func (d *drawn) set(c *engine.Config) engine.Command {
	var ids []string
	for _, x := range c.Mappings {
		ids = append(ids, x.ID)
	}
	for _, x := range c.Streams {
		ids = append(ids, x.ID)
	}
	for _, x := range c.Queues {
		ids = append(ids, x.ID)
	}
	for _, x := range c.Functions {
		ids = append(ids, x.ID)
	}
	type place struct {
		of  setting.Resource
		row *setting.Row
	}
	var all []place
	for _, id := range ids {
		of, _ := c.SettingsOf(id)
		names := setting.Names(of.Of, of.In, true)
		for _, name := range names { // aliases too
			p := place{of, of.Find(name)}
			if all = append(all, p); !d.rows[p.of.Of.String()+" "+p.row.Name] {
				d.rows[p.of.Of.String()+" "+p.row.Name] = false
			}
		}
	}
	*d.turn++
	p := all[*d.turn*37%len(all)]
	if d.chance(4) { // one that is not the default's
		p = all[d.IntN(len(all))]
	}
	d.rows[p.of.Of.String()+" "+p.row.Name] = true
	target := func(row *setting.Row) string {
		return p.of.ID + "." + one(d, row.Name, row.FullName())
	}
	out := engine.Command{Op: engine.OpSet, Target: target(p.row), Value: d.value(p.row, &p.of, c)}
	if p.of.Of == setting.OfMapping && p.row.Name != setting.Enabled && d.chance(3) { // several in one update
		for _, row := range p.of.Rows() {
			if d.chance(5) && row.Name != setting.Enabled && row.Name != p.row.Name {
				out.Also = append(out.Also, engine.Setting{Target: target(row), Value: d.value(row, &p.of, c)})
			}
		}
	}
	return out
}

// put draws a row of traffic of every form that a scenario has.
func (d *drawn) put(c *engine.Config) engine.Traffic {
	now := d.t.Now()
	var to []string
	for _, x := range c.Streams {
		to = append(to, x.ID)
	}
	for _, x := range c.Queues {
		to = append(to, x.ID)
	}
	for _, x := range c.Fronts {
		to = append(to, x.ID)
	}
	p := engine.Traffic{To: to[d.IntN(len(to))], At: now, From: now, Until: engine.Never, Per: 1, Shard: -1, Random: d.chance(3)}
	si := slices.IndexFunc(c.Streams, func(x engine.StreamConfig) bool { return x.ID == p.To })
	qi := slices.IndexFunc(c.Queues, func(x engine.QueueConfig) bool { return x.ID == p.To })
	fi := slices.IndexFunc(c.Fronts, func(x engine.FrontConfig) bool { return x.ID == p.To })
	key := func(k string) string { // of what the source takes
		if scenario.KeyRefusal(c, p.To, k) != nil {
			return strings.NewReplacer(" ", "", "§", "").Replace(k)
		}
		return k
	}
	if qi < 0 || c.Queues[qi].FIFO || d.chance(2) {
		p.Keys = [][]string{{"k1"}, {"k1", "k2", "k3"}, {"no", "7", key(`"§: #" <k>`), "-"}}[d.IntN(3)]
	}
	p.Body = one(d, "", `{"n":{n}}`, `{"n": {n}, "of": "{key}", "a'b": [1.50, null]}`, "plain: # text", `["x"]`, "null", "line one\nline two \\ \x1b[31m")
	p.Size = one(d, 0, 0, 2000)
	later := one(d, 0, 0, d.length(4*engine.Second))
	switch d.IntN(6) {
	case 0, 1: // at once
		p.AtOnce, p.Count, p.At = true, 1+d.IntN(30), now+later
	case 2:
		p.Every, p.Count, p.From = d.length(engine.Second)+20*engine.Millisecond, d.IntN(20), now+later
		if p.Count == 0 || d.chance(2) {
			p.Until = p.From + d.length(5*engine.Second) + 1
		}
	case 3: // a rate
		p.Every, p.Per, p.From, p.Count = one(d, engine.Second, engine.Minute, engine.Hour), int64(1+d.IntN(9)), now+later, 1+d.IntN(20)
	case 4: // so many, evenly
		p.Count, p.From = 1+d.IntN(20), now+later
		p.Until = p.From + d.length(5*engine.Second) + 1
		p.Every, p.Per = p.Until-p.From, int64(p.Count)
	case 5:
		p.From = now + later
		if d.chance(2) {
			p.Rates = []engine.Rate{{PerHour: int64(d.IntN(3)) * 3600}, {At: d.length(3 * engine.Second), PerHour: int64(1 + d.IntN(40000))}, {At: 5 * engine.Second, PerHour: 60 * int64(d.IntN(99))}}
			p.Repeat = one(d, 0, 7*engine.Second+1)
			p.Count = 1 + d.IntN(20)
		} else {
			p.Keys, p.Body = []string{"k1"}, ""
			if qi >= 0 && !c.Queues[qi].FIFO {
				p.Keys = nil
			}
			for i := range 1 + d.IntN(3) {
				p.Lines = append(p.Lines, engine.Line{At: engine.Micros(i) * 1234567, Key: one(d, "k1", key("k: 2")), Body: one(d, `{"n":1}`, "a \"text\"", `{"n":{n}}`)})
			}
		}
	}
	if fi < 0 {
		if d.chance(3) {
			p.Fails, p.Lost = one(d, 0, 0.25, 0.123456789), one(d, 0, 1.0/3)
			p.Retry = engine.Retry{Times: d.IntN(4)}
			if p.Retry.Times > 0 {
				p.Retry.After, p.Retry.Backoff, p.Retry.Whole = one(d, 100*engine.Millisecond, d.length(engine.Second)), d.chance(2), d.chance(2)
			}
		}
		p.Batch = one(d, 0, 0, 3, 10)
	}
	switch {
	case si >= 0 && c.Streams[si].Kind == engine.DynamoDB:
		p.Op = engine.WriteOp(d.IntN(len(engine.WriteOps)))
	case si >= 0:
		p.Shard = one(d, -1, -1, 0, 1)
		p.Aggregate = one(d, 0, 0, 5)
	case qi >= 0 && c.Queues[qi].FIFO:
		p.Dedup = one(d, "", "{n}", "same", "yes")
	case qi >= 0:
		if p.HasDelay = d.chance(3); p.HasDelay {
			p.Delay = one[engine.Micros](d, 0, 3) * engine.Second
		}
	}
	if qi >= 0 || fi >= 0 && c.Fronts[fi].Kind == engine.FrontTopic {
		p.Attributes = [][]engine.Attribute{nil, {{Name: "color", Type: "String", Value: "red"}, {Name: "size: #", Type: "Number", Value: "7.50"}, {Name: "tags", Type: "String.Array", Value: `["a","b"]`}}, {{Name: "n", Type: "String", Value: "7"}}}[d.IntN(3)]
	}
	return p
}

// fault draws a fault of every kind.
func (d *drawn) fault(c *engine.Config) engine.Fault {
	m := c.Mappings[d.IntN(len(c.Mappings))]
	now := d.t.Now()
	d.faults = append(d.faults, one(d, "lab", "it: strikes #", "yes")+fmt.Sprint(len(d.faults)+1))
	f := engine.Fault{Name: d.faults[len(d.faults)-1], Function: m.Function, Until: engine.Never, How: engine.How(d.IntN(len(engine.HowNames)))}
	switch d.IntN(7) {
	case 0:
		f.Records = []engine.Label{{Source: m.Source, N: 1 + d.IntN(60)}, {Source: m.Source, N: 1 + d.IntN(60)}}
	case 1:
		f.HasChance, f.Chance = true, one(d, 0, 1, 1.0/3)
	case 2:
		f.Keys, f.Deliveries = []string{"k1", "no"}, d.IntN(3)
	case 3:
		f.Nth, f.Version = 1+d.IntN(3), one(d, "", "1")
	case 4:
		f.Matching, _ = pattern.NewCriteria([]string{`{"body":{"n":[{"numeric":[">",3]}]}}`, `{"partitionKey":["k'1"]}`})
	case 5:
		p, err := query.CompilePredicate("n % 2 == 1")
		if err == nil {
			f.When = p
		}
	}
	if d.chance(3) {
		f.From = now + one(d, 0, 1, d.length(engine.Second))
		f.Until = f.From + one(d, 1, d.length(5*engine.Second))
	}
	switch f.How {
	case engine.HowSlow:
		f.Takes = one(d, engine.Takes{Base: d.length(4 * engine.Second)}, engine.Takes{Base: 1, Spread: d.length(engine.Second)}, engine.Takes{Base: 300 * engine.Millisecond, Each: d.length(engine.Second)})
	case engine.HowReport:
		f.Names = engine.Names(d.IntN(len(engine.NamesWords)))
	case engine.HowReply:
		f.Reply = one(d, "", "null", `{"batchItemFailures":[]}`, `{ "batchItemFailures" : [ {"itemIdentifier": "{id:`+m.Source+`#3}"} ] }`, `not: "json" #`, `{"batchItemFailures":[{"itemIdentifier":""}]}`)
	}
	f.Before = d.chance(4)
	if f.HasVisibility = d.chance(5); f.HasVisibility {
		f.Visibility = one[engine.Micros](d, 0, 30) * engine.Second
	}
	return f
}

// deploy draws a changed template from a file.
func (d *drawn) deploy() engine.Command {
	text := string(d.sc.Source)
	for _, change := range [][2]string{{"Timeout: 3", "Timeout: 4"}, {"BatchSize: 10", "BatchSize: 7"}, {"takes:", "cold: 300ms, takes:"}, {"VisibilityTimeout: 30", "VisibilityTimeout: 60"}, {"StartingPosition: TRIM_HORIZON", "StartingPosition: LATEST"}} {
		if d.chance(2) {
			text = strings.Replace(text, change[0], change[1], 1)
		}
	}
	if d.chance(3) { // without what esmlab knows of the functions
		if i := strings.Index(text, "\nMetadata:"); i >= 0 {
			end := len(text)
			if k := strings.Index(text, "\nResources:"); k > i {
				end = k
			}
			text = text[:i] + text[end:]
		}
	}
	name := fmt.Sprintf("next%d.yaml", len(d.files))
	next, err := d.sc.Deploy(name, []byte(text), d.t.Deployed())
	if err != nil {
		return d.set(d.t.Sim().Config())
	}
	d.files[name] = []byte(text)
	return engine.Command{Op: engine.OpDeploy, Target: name, Deploy: next}
}
