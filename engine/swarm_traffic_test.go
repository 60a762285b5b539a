package engine_test

import (
	"fmt"
	"slices"

	"esmlab/engine"
	"esmlab/engine/setting"
)

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
	row := engine.Traffic{To: to, From: d.between(name+" from", 0, w.until/2), Until: engine.Never, Count: d.span(name+" count", 1, 120), Per: pick[int64](d, name+" per", 1, 1, 1, 3), Shard: -1, Random: d.one(name+" random", 2), Body: swarmBody}
	row.Every = max(20*engine.Millisecond, w.until/2/engine.Micros(row.Count))
	if d.one(name+" fast", 2) {
		row.Every = d.between(name+" every", 20*engine.Millisecond, 500*engine.Millisecond) + engine.Millisecond
	}
	if d.one(name+" stops", 6) {
		row.Until = row.From + d.between(name+" until", 0, w.until/2)
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
	w.producer(name, &row, si)
	if si >= 0 && d.one(name+" huge", 40) { // more than fits into an event, or nearly so
		row.Size, row.Count = pick(d, name+" huge size", 4_700_000, 5_000_000, 10<<20), min(row.Count, 2)
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
	case engine.OpReceive:
		c.Receive = w.receiver(name, id(queues))
		c.Receive.Once = true
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
	case engine.OpDeploy:
		c.Deploy = w.deployment(name)
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
