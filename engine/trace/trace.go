// Package trace writes a simulation's events as JSON lines: the fields of the
// contract for each kind, always in the same order, without reflection, so
// that the same run gives the same bytes on every machine.
package trace

import (
	"bytes"
	"encoding/json"
	"strconv"

	"esmlab/engine"
	"esmlab/engine/event"
	"esmlab/engine/printable"
	"esmlab/engine/rule"
)

// AppendJSON appends one event of a simulation as one line of JSON, without
// the newline.
func AppendJSON(b []byte, s *engine.Sim, e *engine.Event) []byte {
	w := line{b: b, s: s, e: e}
	w.b = append(w.b, `{"n":`...)
	w.b = strconv.AppendInt(w.b, e.N, 10)
	w.b = append(w.b, `,"at":`...)
	w.b = e.At.Append(w.b)
	w.text("kind", kind(e))
	if e.Rule != "" {
		w.text("rule", string(e.Rule))
	}
	w.fields()
	return append(w.b, '}')
}

// kind is the event's word in the trace.
func kind(e *engine.Event) string { return e.Kind.String() }

type line struct {
	b []byte
	s *engine.Sim
	e *engine.Event
}

func (w *line) name(k string) {
	w.b = append(w.b, ',', '"')
	w.b = append(w.b, k...)
	w.b = append(w.b, '"', ':')
}

func (w *line) text(k, v string) {
	w.name(k)
	w.b = appendText(w.b, v)
}

// appendText writes a string as JSON.
func appendText(b []byte, s string) []byte {
	if plain(s) {
		b = append(b, '"')
		b = append(b, s...)
		return append(b, '"')
	}
	var buf bytes.Buffer
	enc := json.NewEncoder(&buf)
	enc.SetEscapeHTML(false)
	_ = enc.Encode(s) // a string can always be written
	return append(b, printable.JSON(bytes.TrimSuffix(buf.Bytes(), []byte("\n")))...)
}

// plain reports whether a string stands in JSON as it is.
func plain(s string) bool {
	for i := range len(s) {
		if c := s[i]; c < ' ' || c == '"' || c == '\\' || c >= 0x7f {
			return false
		}
	}
	return true
}

func (w *line) int(k string, v int32) {
	w.name(k)
	w.b = strconv.AppendInt(w.b, int64(v), 10)
}

func (w *line) time(k string, v engine.Micros) {
	w.name(k)
	w.b = v.Append(w.b)
}

func (w *line) label(n int32) {
	id := ""
	if w.e.Source < 0 { // a queue's message
		m := w.s.Message(n)
		id, n = w.s.Config().Queues[m.Origin].ID, m.N
	} else {
		id = w.s.Config().Streams[w.e.Source].ID
	}
	if !plain(id) {
		w.b = appendText(w.b, id+"#"+strconv.Itoa(int(n)))
		return
	}
	w.b = append(w.b, '"')
	w.b = append(w.b, id...)
	w.b = append(w.b, '#')
	w.b = strconv.AppendInt(w.b, int64(n), 10)
	w.b = append(w.b, '"')
}

func (w *line) labels(nums []int32) {
	w.b = append(w.b, '[')
	for i, n := range nums {
		if i > 0 {
			w.b = append(w.b, ',')
		}
		w.label(n)
	}
	w.b = append(w.b, ']')
}

func (w *line) records(k string, nums []int32) {
	w.name(k)
	w.labels(nums)
}

func (w *line) source() {
	if w.e.Source < 0 {
		w.text("source", w.s.Config().Queues[w.e.Queue].ID)
		return
	}
	w.text("source", w.s.Config().Streams[w.e.Source].ID)
}

// shard writes the shard of a stream's event; a queue has none.
func (w *line) shard() {
	if w.e.Source >= 0 {
		w.int("shard", w.e.Shard)
	}
}

func (w *line) queue()    { w.text("queue", w.s.Config().Queues[w.e.Queue].ID) }
func (w *line) mapping()  { w.text("mapping", w.s.Config().Mappings[w.e.Mapping].ID) }
func (w *line) function() { w.text("function", w.s.Config().Functions[w.e.Function].ID) }

// fields writes what belongs to the event's kind.
func (w *line) fields() {
	e := w.e
	switch e.Kind {
	case engine.KindPut:
		w.source()
		w.name("record")
		w.label(e.Record)
		if e.Source < 0 {
			if e.Key >= 0 {
				group := w.s.Groups[e.Key].Name
				w.text("key", group)
				w.text("group", group)
			}
			w.int("bytes", e.Bytes)
			w.of()
			return
		}
		if e.Rule == rule.KinAuto {
			w.name("key")
			w.b = append(w.b, "null"...)
		} else {
			w.text("key", w.s.Streams[e.Source].Keys[e.Key].Name)
		}
		w.int("shard", e.Shard)
		w.int("bytes", e.Bytes)
		w.of()
	case engine.KindReject:
		w.source()
		w.records("records", e.Records)
		w.text("why", e.Why.String())
	case engine.KindPoll:
		w.mapping()
		w.int("shard", e.Shard)
		w.records("records", e.Records)
	case engine.KindReadThrottled, engine.KindDenied:
		w.mapping()
		if e.Source < 0 {
			w.queue()
		}
		w.shard()
		w.denial(e.Denial)
	case engine.KindReceive:
		w.mapping()
		w.queue()
		w.records("records", e.Records)
		w.name("receives")
		w.b = ints(w.b, e.Receives)
	case engine.KindTaken:
		w.text("by", w.s.Config().Taker(e))
		w.queue()
		w.records("records", e.Records)
		w.name("receives")
		w.b = ints(w.b, e.Receives)
	case engine.KindReappear:
		w.queue()
		w.records("records", e.Records)
	case engine.KindDelete, engine.KindDeleteFailed:
		w.queue()
		w.records("records", e.Records)
		w.text("why", e.Why.String())
	case engine.KindMove:
		w.queue()
		w.records("records", e.Records)
		w.text("to", w.s.Config().Queues[e.To].ID)
	case engine.KindDedup:
		w.queue()
		w.name("record")
		w.label(e.Record)
		w.name("of")
		w.label(e.Of)
	case engine.KindScale:
		w.mapping()
		w.int("from", e.From)
		w.int("to", e.To)
		w.text("why", e.Why.String())
	case engine.KindRedriveFailed:
		w.queue()
		w.records("records", e.Records)
		if e.To >= 0 {
			w.text("to", w.s.Config().Queues[e.To].ID)
		}
	case engine.KindWait:
		w.mapping()
		w.int("shard", e.Shard)
		w.int("parent", e.From)
	case engine.KindRecursive:
		w.mapping()
		w.function()
		w.int("batch", e.Batch)
		w.records("records", e.Records)
	case engine.KindAct:
		w.mapping()
		w.function()
		if e.Act != engine.ActResume {
			w.int("invocation", e.Invocation)
		}
		w.text("does", e.Act.String())
		if e.Act == engine.ActVisibility {
			w.int("visibility", e.Visibility)
		}
		if to := w.s.Config().ActTarget(e); to != "" {
			w.text("to", to)
		}
		if len(e.Records) > 0 {
			w.records("records", e.Records)
		}
		if e.Why != engine.WhyNone {
			w.text("why", e.Why.String())
			w.denial(e.Denial)
		} else if e.Times > 1 {
			w.int("times", e.Times)
		}
	case engine.KindFront:
		w.text("source", e.Applied.Command.Target)
		w.text("to", e.Applied.Command.To)
		w.text("name", e.Applied.Command.Value.Text)
		w.int("count", e.Times)
		w.text("why", e.Why.String())
	case engine.KindChange:
		w.text("resource", e.Applied.Command.Target)
		w.text("what", e.Why.String())
		w.text("change", e.Applied.Command.Value.Text)
	case engine.KindMiss, engine.KindFilter, engine.KindAgain:
		w.mapping()
		w.records("records", e.Records)
	case engine.KindBatch:
		w.mapping()
		w.shard()
		if e.Source >= 0 {
			w.int("lane", e.Lane)
		}
		w.int("batch", e.Batch)
		w.records("records", e.Records)
		w.text("why", e.Why.String())
	case engine.KindInvoke:
		w.mapping()
		w.function()
		w.int("invocation", e.Invocation)
		w.int("batch", e.Batch)
		w.int("attempt", e.Attempt)
		w.records("records", e.Records)
		w.shard()
		if e.Of > 0 {
			w.text("version", strconv.Itoa(int(e.Of)))
		}
	case engine.KindReturn:
		w.function()
		w.int("invocation", e.Invocation)
		w.int("batch", e.Batch)
		w.text("outcome", e.Outcome.String())
		w.records("failures", e.Failed)
		w.time("took", e.At2)
	case engine.KindThrottle:
		w.mapping()
		w.function()
		w.int("batch", e.Batch)
		w.records("records", e.Records)
	case engine.KindRetry:
		w.mapping()
		w.int("batch", e.Batch)
		w.int("attempt", e.Attempt)
		w.time("wait", e.At2)
	case engine.KindBisect:
		w.mapping()
		w.int("batch", e.Batch)
		w.name("into")
		w.b = append(w.b, '[')
		w.labels(e.Split.Into[0])
		w.b = append(w.b, ',')
		w.labels(e.Split.Into[1])
		w.b = append(w.b, `],"batches":[`...)
		w.b = strconv.AppendInt(w.b, int64(e.Split.Batches[0]), 10)
		w.b = append(w.b, ',')
		w.b = strconv.AppendInt(w.b, int64(e.Split.Batches[1]), 10)
		w.b = append(w.b, ']')
	case engine.KindCheckpoint:
		w.mapping()
		w.int("shard", e.Shard)
		w.name("record")
		w.label(e.Record)
	case engine.KindBlock, engine.KindUnblock:
		w.mapping()
		w.int("shard", e.Shard)
		w.int("lane", e.Lane)
		w.int("batch", e.Batch)
	case engine.KindDiscard:
		w.mapping()
		w.int("shard", e.Shard)
		w.records("records", e.Records)
		w.text("condition", e.Condition.String())
		w.int("invoke_count", e.Attempt)
	case engine.KindDeliver, engine.KindDeliverFailed:
		w.mapping()
		w.text("destination", w.s.Config().DestinationID(e.Queue))
		w.records("records", e.Records)
		w.name("payload")
		w.b = append(w.b, printable.JSON(event.Failure(w.s, &w.s.Discards[e.Discard]))...)
		if key := event.ObjectKey(w.s, &w.s.Discards[e.Discard]); key != "" {
			w.text("key", key)
		}
		if e.Kind == engine.KindDeliverFailed {
			w.text("reason", w.s.DeliverFailed(e))
		}
	case engine.KindForward, engine.KindForwardFailed:
		w.mapping()
		w.function()
		w.text("destination", w.s.Config().DestinationID(e.Queue))
		w.int("batch", e.Batch)
		w.records("records", e.Records)
		if e.Kind == engine.KindForwardFailed {
			w.text("reason", w.s.DeliverFailed(e))
		}
	case engine.KindExpire:
		w.source()
		w.records("records", e.Records)
	case engine.KindUnchanged:
		w.source()
		w.records("records", e.Records)
	case engine.KindShards:
		w.source()
		w.int("shards", e.Shard)
	case engine.KindState:
		w.mapping()
		w.text("state", e.State.String())
	default:
		w.command()
	}
}

// of writes what a put repeats.
func (w *line) of() {
	if w.e.Rule == rule.PutAgain || w.e.Rule == rule.PutTwice {
		w.name("of")
		w.label(w.e.Of)
	}
}

// command writes a command with its arguments.
func (w *line) command() {
	p := w.e.Applied
	if p == nil {
		return
	}
	c := &p.Command
	if p.Refused != nil {
		w.text("what", p.Refused.What)
		w.text("code", p.Refused.Code)
		w.text("message", p.Refused.Message)
		return
	}
	switch c.Op {
	case engine.OpSet:
		w.text("name", c.Target)
		w.name("value")
		w.value(c.Value)
		w.name("was")
		w.value(p.Was)
	case engine.OpPut:
		w.text("source", c.Put.To)
		w.int("count", int32(max(1, c.Put.Count)))
	case engine.OpFault:
		w.fault(&c.Fault)
	case engine.OpFix:
		w.text("name", c.Target)
	case engine.OpDeny, engine.OpAllow:
		w.text("mapping", c.Target)
		w.name("actions")
		w.texts(c.Actions)
	case engine.OpEnable, engine.OpDisable, engine.OpRestart:
		w.text("mapping", c.Target)
	case engine.OpSplit, engine.OpMerge:
		w.text("stream", c.Target)
		w.name("shards")
		w.b = ints(w.b, c.Shards)
	case engine.OpRedrive:
		w.text("queue", c.Target)
		if c.To != "" {
			w.text("to", c.To)
		}
		if c.Rate > 0 {
			w.int("rate", int32(c.Rate))
		}
	case engine.OpReceive:
		w.text("queue", c.Receive.Queue)
		w.int("count", int32(c.Receive.Count))
	case engine.OpCancel, engine.OpPurge:
		w.text("queue", c.Target)
	case engine.OpDeploy:
		if c.Target != "" {
			w.text("template", c.Target)
		}
	default:
		w.text("name", c.Target)
	}
}

func (w *line) texts(list []string) {
	w.b = append(w.b, '[')
	for i, s := range list {
		if i > 0 {
			w.b = append(w.b, ',')
		}
		w.b = appendText(w.b, s)
	}
	w.b = append(w.b, ']')
}

func (w *line) value(v engine.Value) {
	if v.Kind == engine.ValueText {
		w.b = appendText(w.b, v.Text)
		return
	}
	w.b = append(w.b, v.String()...)
}

func (w *line) fault(f *engine.Fault) {
	w.text("function", f.Function)
	w.text("name", f.Name)
	w.text("how", f.How.String())
	if len(f.Records) > 0 {
		w.name("records")
		labels := make([]string, len(f.Records))
		for i, l := range f.Records {
			labels[i] = l.String()
		}
		w.texts(labels)
	}
	if len(f.Keys) > 0 {
		w.name("keys")
		w.texts(f.Keys)
	}
	if f.Nth > 0 {
		w.int("nth", int32(f.Nth))
	}
	if f.Deliveries > 0 {
		w.int("deliveries", int32(f.Deliveries))
	}
	if f.HasChance {
		w.name("chance")
		w.b = strconv.AppendFloat(w.b, f.Chance, 'g', -1, 64)
	}
	if f.From > 0 {
		w.time("from", f.From)
	}
	if f.Until != engine.Never {
		w.time("until", f.Until)
	}
	if f.Matching != nil {
		w.text("matching", f.Matching.String())
	}
	if f.When != nil {
		w.text("when", f.When.String())
	}
	if f.Before {
		w.name("before")
		w.b = append(w.b, "true"...)
	}
	if f.HasVisibility {
		w.time("visibility", f.Visibility)
	}
	if f.How == engine.HowSlow {
		w.time("takes", f.Takes.Base)
	}
	if f.How == engine.HowReply {
		w.text("reply", f.Reply)
	}
}

// ints writes a list of whole numbers.
func ints[T int | int32](b []byte, list []T) []byte {
	b = append(b, '[')
	for i, n := range list {
		if i > 0 {
			b = append(b, ',')
		}
		b = strconv.AppendInt(b, int64(n), 10)
	}
	return append(b, ']')
}

// denial writes what a role is denied, and by what.
func (w *line) denial(d *engine.Denial) {
	if d == nil {
		return
	}
	w.text("action", d.Action)
	if d.By != "" {
		w.text("by", d.By)
	}
}
