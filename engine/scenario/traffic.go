package scenario

import (
	"encoding/json"
	"slices"
	"strconv"
	"strings"

	"esmlab/engine"
	"esmlab/engine/setting"
	"esmlab/engine/template"
)

var trafficFields = []string{"to", "at", "from", "until", "count", "every", "rate", "keys", "random", "shard", "body", "size", "op", "dedup", "delay", "attributes", "batch", "repeat", "replay", "aggregate", "fails", "lost", "retry"}

// traffic reads the traffic rows; without any, default traffic runs.
func (r *reader) traffic(m *template.Value) {
	v := m.Get("traffic")
	if v == nil {
		r.sc.MadeUpTraffic = true
		read, fronts := map[string]bool{}, map[string]bool{}
		for _, mp := range r.cfg.Mappings {
			read[mp.Source] = true
		}
		for _, s := range r.cfg.Streams {
			if read[s.ID] {
				row := engine.Traffic{To: s.ID, Until: engine.Never, Every: 200 * engine.Millisecond, Per: 1, Keys: counted(8), Shard: -1}
				r.cfg.Traffic = append(r.cfg.Traffic, r.passing(row)...)
			}
		}
		for _, q := range ordered(r.cfg.Queues, func(q engine.QueueConfig) string { return q.ID }) {
			if read[q.ID] && !r.takesFailures(q.ID) {
				row := engine.Traffic{To: q.ID, Until: engine.Never, Every: 200 * engine.Millisecond, Per: 1, Shard: -1}
				if q.FIFO {
					row.Keys = counted(8)
				}
				rows, through := r.throughFronts(row, fronts)
				if !through {
					rows = r.passing(row)
				}
				r.cfg.Traffic = append(r.cfg.Traffic, rows...)
			}
		}
		return
	}
	if v.Kind != template.List {
		r.Add(v.Node, "", "traffic is a list, not "+v.String(), "- {to: Orders, every: 200ms}")
		return
	}
	for _, row := range v.Items {
		if t, ok := r.row(row, 0, false); ok {
			r.cfg.Traffic = append(r.cfg.Traffic, t)
		}
	}
}

// counted gives the keys k1 to kN.
func counted(n int) []string {
	keys := make([]string, n)
	for i := range keys {
		keys[i] = "k" + strconv.Itoa(i+1)
	}
	return keys
}

// row reads a traffic row. In a step (put) what it says not is put now.
func (r *reader) row(v *template.Value, now engine.Micros, step bool) (engine.Traffic, bool) {
	t := engine.Traffic{Until: engine.Never, Per: 1, Shard: -1}
	if v.Kind != template.Map {
		r.Add(v.Node, "", "a traffic row is a map, not "+v.String(), "{to: Orders, every: 200ms}")
		return t, false
	}
	r.known(v, "a traffic row", trafficFields...)
	to := v.Get("to")
	if to == nil {
		r.Add(v.Node, "", "a traffic row needs `to`", "to: the logical id of a stream or a queue")
		return t, false
	}
	id, ok := r.name(to, isStream|isQueue|isFront, "stream or queue")
	if !ok {
		return t, false
	}
	t.To = id
	si := slices.IndexFunc(r.cfg.Streams, func(c engine.StreamConfig) bool { return c.ID == id })
	qi := slices.IndexFunc(r.cfg.Queues, func(c engine.QueueConfig) bool { return c.ID == id })
	fi := slices.IndexFunc(r.cfg.Fronts, func(c engine.FrontConfig) bool { return c.ID == id })
	t.Count = r.number(v, "count", 0, 1, 10_000_000)
	every, rate, spread := v.Get("every"), v.Get("rate"), false
	switch {
	case every != nil && rate != nil:
		r.Add(rate.Node, "", "a traffic row has every or rate, not both", "one of them")
	case every != nil:
		spread = true
		t.Every = r.duration(v, "every", engine.Second)
		if t.Every <= 0 {
			r.Add(every.Node, "", "every must be longer than nothing", setting.TimeForm)
			t.Every = engine.Second
		}
	case rate != nil && rate.Kind == template.Map:
		spread = true
		t.Rates = r.rates(rate)
	case rate != nil:
		spread = true
		t.Every, t.Per = r.rate(rate)
	}
	if f := v.Get("replay"); f != nil {
		spread = true
		t.Lines = r.replay(f, id)
		if every != nil || rate != nil || v.Get("keys") != nil || v.Get("body") != nil || v.Get("count") != nil {
			r.Add(f.Node, "", "a replay has the times, the keys and the texts of its lines", "leave every, rate, count, keys and body out")
		}
	}
	at, from, until := v.Get("at"), v.Get("from"), v.Get("until")
	t.At = r.duration(v, "at", now)
	t.From, t.Until = r.duration(v, "from", now), r.duration(v, "until", engine.Never)
	switch {
	case at != nil && (spread || from != nil || until != nil):
		r.Add(at.Node, "", "`at` puts at one instant: it goes with count, not with from, until, every or rate", "at and count, or from, until and every")
	case until != nil && t.Until <= t.From:
		r.Add(until.Node, "", "until must come after from", "a later time")
	case !spread && (from != nil || until != nil):
		if t.Count == 0 || until == nil {
			r.Add(v.Node, "", "a traffic row over time needs every or rate, or count with until", "every: 200ms")
		} else { // count records, evenly
			spread = true
			t.Every, t.Per = t.Until-t.From, int64(t.Count)
		}
	case !spread && at == nil && !step:
		r.Add(v.Node, "", "a traffic row says when: at, every or rate", "every: 200ms")
	}
	if first := min(t.At, t.From); first < now {
		r.Add(v.Node, "", "a put of a step cannot begin before it", "a time from "+now.String()+"s on, or none")
	}
	t.AtOnce = !spread
	if qi >= 0 {
		r.message(v, &t, &r.cfg.Queues[qi])
	} else {
		r.keys(v, &t)
		for _, name := range []string{"dedup", "delay"} {
			if f := v.Get(name); f != nil {
				r.Add(f.Node, "", name+" is for SQS queues only", "leave it out")
			}
		}
	}
	t.Random = r.flag(v, "random")
	r.producer(v, &t, si, fi)
	if v.Get("shard") != nil && si >= 0 {
		t.Shard = r.number(v, "shard", -1, 0, 9999)
	}
	t.Size = r.number(v, "size", 0, 1, 10<<20)
	if f := v.Get("op"); f != nil {
		i := slices.Index(engine.WriteOps[1:], f.Text)
		switch {
		case fi >= 0 && r.cfg.Fronts[fi].Kind == engine.FrontBucket && i >= 0:
			t.Op = engine.WriteOp(i + 1)
		case si < 0 || r.cfg.Streams[si].Kind != engine.DynamoDB:
			r.Add(f.Node, "", "op is for DynamoDB tables only", "leave it out")
		case i < 0:
			r.Add(f.Node, "", "op cannot be "+f.String(), "insert, modify, remove or ttl")
		default:
			t.Op = engine.WriteOp(i + 1)
		}
	}
	if f := v.Get("attributes"); f != nil {
		if qi < 0 && (fi < 0 || r.cfg.Fronts[fi].Kind != engine.FrontTopic) {
			r.Add(f.Node, "", "attributes are for SQS queues and SNS topics only", "leave it out")
		}
		t.Attributes = r.attributes(f)
	}
	if f := v.Get("body"); f != nil {
		if t.Body = body(f); t.Body == "" {
			r.Add(f.Node, "", "esmlab does not simulate records without a body", "a text, or none for the default")
		}
	}
	return t, true
}

// attributes reads message attributes: their types follow from what is written.
func (r *reader) attributes(v *template.Value) []engine.Attribute {
	out := map[string]engine.Attribute{}
	for _, f := range r.entries(v, "attributes", "{color: red, price: 7}") {
		a := engine.Attribute{Type: "String", Value: f.Text}
		switch tag := f.Node.ShortTag(); {
		case f.Kind == template.List:
			a.Type, a.Value = "String.Array", f.JSON()
		case f.Kind != template.Scalar:
			r.Add(f.Node, "", "an attribute is a text, a number or a list, not "+f.Value.String(), "red")
		case tag == "!!int" || tag == "!!float":
			a.Type = "Number"
		}
		out[f.Name] = a
	}
	return engine.SortedAttributes(out)
}

// takesFailures tells whether a queue is a DLQ or a destination: default
// traffic leaves it alone.
func (r *reader) takesFailures(id string) bool {
	return slices.ContainsFunc(r.cfg.Queues, func(q engine.QueueConfig) bool { return q.DeadLetterQueue == id }) ||
		slices.ContainsFunc(r.cfg.Mappings, func(m engine.MappingConfig) bool { return m.OnFailure == id })
}

// message reads what a traffic row has for queues only.
func (r *reader) message(v *template.Value, t *engine.Traffic, q *engine.QueueConfig) {
	if f := v.Get("shard"); f != nil {
		r.Add(f.Node, "", "shard is for streams only", "leave it out")
	}
	if f := v.Get("keys"); f != nil || q.FIFO {
		r.keys(v, t)
	}
	if f := v.Get("dedup"); f != nil {
		t.Dedup = r.text(v, "dedup")
		if !q.FIFO {
			r.Add(f.Node, "InvalidParameterValue", "Value "+f.String()+" for parameter MessageDeduplicationId is invalid. Reason: The request includes a parameter that is not valid for this queue type.", "a FIFO queue")
		} else if bad := idRefusal("MessageDeduplicationId", t.Dedup); bad != nil {
			r.Add(f.Node, bad.Code, bad.Message, bad.Right)
		}
	}
	if f := v.Get("delay"); f != nil {
		t.HasDelay, t.Delay = true, r.duration(v, "delay", 0)
		switch {
		case q.FIFO:
			r.Add(f.Node, "InvalidParameterValue", "Value "+f.String()+" for parameter DelaySeconds is invalid. Reason: The request includes a parameter that is not valid for this queue type.", "DelaySeconds of the queue")
		case t.Delay > 900*engine.Second || t.Delay%engine.Second != 0:
			r.Add(f.Node, "InvalidParameterValue", "Value "+f.String()+" for parameter DelaySeconds is invalid. Reason: DelaySeconds must be >= 0 and <= 900.", "0 to 900 whole seconds")
		}
	}
}

// rate reads 5/s or 300/m as so many puts in so long.
func (r *reader) rate(v *template.Value) (engine.Micros, int64) {
	num, unit, ok := strings.Cut(v.Text, "/")
	n, err := strconv.ParseInt(strings.TrimSpace(num), 10, 64)
	units := map[string]engine.Micros{"s": engine.Second, "m": engine.Minute, "h": engine.Hour}
	u, known := units[strings.TrimSpace(unit)]
	if !ok || err != nil || n < 1 || n > 1_000_000 || !known {
		r.Add(v.Node, "", "rate cannot be "+v.String(), "as 5/s, 300/m or 10/h")
		return engine.Second, 1
	}
	return u, n
}

func (r *reader) keys(v *template.Value, t *engine.Traffic) {
	f := v.Get("keys")
	switch {
	case f == nil:
		t.Keys = counted(1)
	case f.Kind == template.List:
		t.Keys = r.list(v, "keys")
	default:
		t.Keys = counted(r.number(v, "keys", 1, 1, 1_000_000))
	}
	if len(t.Keys) == 0 {
		t.Keys = counted(1)
	}
	for _, k := range t.Keys {
		if bad := KeyRefusal(r.cfg, t.To, k); bad != nil {
			r.Add(f.Node, bad.Code, bad.Message, bad.Right)
			return
		}
	}
}

// body reads a record's body: a text as it stands, anything else as JSON.
func body(v *template.Value) string {
	if v.Kind == template.Scalar {
		return v.Text
	}
	return asJSON(v)
}

// asJSON writes a value as JSON, fields in their order; numbers and switches
// keep their kind, {n} and {key} alone stay numbers where they stand bare.
func asJSON(v *template.Value) string {
	switch v.Kind {
	case template.Null:
		return "null"
	case template.List:
		parts := make([]string, len(v.Items))
		for i, item := range v.Items {
			parts[i] = asJSON(item)
		}
		return "[" + strings.Join(parts, ",") + "]"
	case template.Map:
		if name := placeholder(v); name != "" {
			return name
		}
		parts := make([]string, len(v.Fields))
		for i, f := range v.Fields {
			parts[i] = quote(f.Name) + ":" + asJSON(f.Value)
		}
		return "{" + strings.Join(parts, ",") + "}"
	}
	switch v.Node.ShortTag() {
	case "!!int", "!!float":
		if json.Valid([]byte(v.Text)) {
			return v.Text
		}
	case "!!bool":
		return strings.ToLower(v.Text)
	}
	if v.Text == "{n}" {
		return v.Text
	}
	return quote(v.Text)
}

// placeholder is {n} or {key} where YAML has taken it for a map with a key that has
// no value, as in {"n": {n}}; "" for any other map. {key} is a text.
func placeholder(v *template.Value) string {
	if len(v.Fields) != 1 || v.Fields[0].Kind != template.Null {
		return ""
	}
	switch v.Fields[0].Name {
	case "n":
		return "{n}"
	case "key":
		return `"{key}"`
	}
	return ""
}

func quote(s string) string {
	var b strings.Builder
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	_ = enc.Encode(s) // a string can always be written
	return strings.TrimSuffix(b.String(), "\n")
}
