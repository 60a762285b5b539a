package scenario

import (
	"slices"
	"strings"

	"esmlab/engine"
	"esmlab/engine/pattern"
	"esmlab/engine/query"
	"esmlab/engine/template"
)

// selectors are the fields of a fault, and of an act, that say what it hits.
var selectors = []string{"records", "keys", "nth", "chance", "from", "until", "deliveries", "matching", "when", "version"}

// handler reads what a function's handler does.
func (r *reader) handler(f *template.Value, name string) engine.Handler {
	var h engine.Handler
	if v := f.Get("handler"); v != nil {
		word := v
		if v.Kind == template.Map && len(v.Fields) == 1 {
			word = &template.Value{Node: v.Fields[0].Key, Kind: template.Scalar, Text: v.Fields[0].Name}
		}
		i := slices.Index(engine.LoopNames[1:], word.Text)
		if i < 0 {
			r.Add(word.Node, "", "handler cannot be "+word.String(), strings.Join(engine.LoopNames[1:], ", "))
		}
		h.Loop = engine.Loop(i + 1)
		if v.Kind == template.Map && i >= 0 {
			r.handlerOptions(v.Fields[0].Value, &h)
		}
	}
	h.Parallel = r.number(f, "parallel", 0, 1, 10_000)
	if v := f.Get("does"); v != nil {
		if v.Kind != template.List {
			r.Add(v.Node, "", "does is a list, not "+v.String(), "- {call: Payments}")
		}
		for _, item := range v.Items {
			if a, ok := r.act(item); ok {
				h.Does = append(h.Does, a)
			}
		}
	}
	if v := f.Get("idempotent"); v != nil {
		h.Once = r.once(v, name)
	}
	return h
}

// handlerOptions reads the options of Powertools, by its own names.
func (r *reader) handlerOptions(v *template.Value, h *engine.Handler) {
	if h.Loop != engine.LoopPowertools {
		r.Add(v.Node, "", "only powertools has options", "handler: "+h.Loop.String())
		return
	}
	r.known(v, "powertools", "raise_on_entire_batch_failure", "skip_group_on_error")
	h.Lenient = v.Get("raise_on_entire_batch_failure") != nil && !r.flag(v, "raise_on_entire_batch_failure")
	h.SkipGroup = r.flag(v, "skip_group_on_error")
}

// once reads how a handler is idempotent.
func (r *reader) once(v *template.Value, function string) engine.Once {
	o := engine.Once{Table: function, TTL: engine.Hour}
	if v.Kind == template.Scalar {
		if on, ok := v.Bool(); ok && on {
			return o
		}
	}
	r.known(v, "idempotent", "table", "ttl", "by")
	if t := r.text(v, "table"); t != "" {
		if o.Table = t; !r.t.Has(t) && !r.sharesTable(t) {
			r.Add(v.Get("table").Node, "", t+" is not a resource of this template, and no other function keeps its records in it", "the logical id of the table, or none for a table of the function's own")
		}
	}
	if o.TTL = r.duration(v, "ttl", o.TTL); o.TTL <= 0 {
		r.Add(v.Get("ttl").Node, "", "ttl must be longer than nothing", "1h")
	}
	if by := v.Get("by"); by != nil {
		i := slices.Index(engine.OnceNames[:], by.Text)
		if i < 0 {
			r.Add(by.Node, "", "by cannot be "+by.String(), strings.Join(engine.OnceNames[:], ", "))
		}
		o.By = engine.OnceBy(max(0, i))
	}
	return o
}

// sharesTable reports whether more than one function names a table.
func (r *reader) sharesTable(table string) bool {
	n := 0
	all := r.meta.Get("functions")
	for i := 0; all != nil && i < len(all.Fields); i++ {
		f := all.Fields[i]
		if o := f.Get("idempotent"); o != nil && o.Kind == template.Map && r.text(o, "table") == table {
			n++
		}
	}
	return n > 1
}

// act reads one thing that a handler does with records.
func (r *reader) act(v *template.Value) (engine.Act, bool) {
	var a engine.Act
	verbs := engine.ActNames[1 : engine.ActCall+1]
	if v.Kind != template.Map {
		r.Add(v.Node, "", "what a handler does is a map, not "+v.String(), "{call: Payments}")
		return a, false
	}
	found := 0
	for i, verb := range verbs {
		if v.Get(verb) != nil {
			a.Kind = engine.ActKind(i + 1)
			found++
		}
	}
	if found != 1 {
		r.Add(v.Node, "", "what a handler does is one of "+strings.Join(verbs, ", "), "{call: Payments}")
		return a, false
	}
	known := append([]string{a.Kind.String()}, selectors...)
	switch a.Kind {
	case engine.ActVisibility:
		known = append(known, "every")
		a.Visibility, a.Every = r.duration(v, "visibility", 0), r.duration(v, "every", 0)
		r.checkVisibility(v, a.Visibility)
		if e := v.Get("every"); e != nil && (a.Every < engine.Millisecond || a.Visibility == 0) {
			r.Add(e.Node, "", "a heartbeat extends the visibility timeout every so often", "{visibility: 30s, every: 20s}")
			return a, false
		}
	case engine.ActDelete:
		r.flag(v, "delete")
	case engine.ActSend:
		known = append(known, "body", "key")
		var ok bool
		if a.To, ok = r.name(v.Get("send"), isStream|isQueue, "stream, table or queue"); !ok {
			return a, false
		}
		if b := v.Get("body"); b != nil {
			a.Body = body(b)
		}
		a.Key = r.text(v, "key")
	case engine.ActCall:
		var ok bool
		if a.To, ok = r.name(v.Get("call"), isService, "service"); !ok {
			return a, false
		}
	}
	r.known(v, "an act", known...)
	a.Hits = r.selects(v)
	return a, true
}

// checkVisibility refuses a visibility timeout that SQS does not take.
func (r *reader) checkVisibility(v *template.Value, d engine.Micros) {
	if d < 0 || d > 12*engine.Hour || d%engine.Second != 0 {
		f := v.Get("visibility")
		r.Add(f.Node, "InvalidParameterValue", "Value "+f.String()+" for parameter VisibilityTimeout is invalid. Reason: Must be between 0 and 43200.", "0 to 43,200 whole seconds")
	}
}

// selects reads what a fault or an act hits.
func (r *reader) selects(v *template.Value) engine.Fault {
	f := engine.Fault{Until: engine.Never}
	if list := v.Get("records"); list != nil {
		items := list.Items
		if list.Kind == template.Scalar {
			items = []*template.Value{list}
		}
		for _, item := range items {
			if l, ok := r.label(item); ok {
				if len(f.Records) > 0 && f.Records[0].Source != l.Source {
					r.Add(item.Node, "", "a fault names records of one source", "a fault for each source")
					continue
				}
				f.Records = append(f.Records, l)
			}
		}
	}
	f.Keys = r.list(v, "keys")
	f.Nth = r.number(v, "nth", 0, 1, 1<<30)
	f.Version = r.text(v, "version")
	f.Deliveries = r.number(v, "deliveries", 0, 1, 1<<30)
	f.HasChance, f.Chance = v.Get("chance") != nil, r.share(v, "chance")
	f.From, f.Until = r.duration(v, "from", 0), r.duration(v, "until", engine.Never)
	if f.Until <= f.From {
		r.Add(v.Get("until").Node, "", "until must come after from", "a later time")
	}
	if m := v.Get("matching"); m != nil {
		f.Matching = r.matching(m)
	}
	if w := v.Get("when"); w != nil {
		p, err := query.CompilePredicate(w.Text)
		if err != nil {
			r.Add(w.Node, "", "when: "+err.Message, err.Right)
		} else {
			f.When = p
		}
	}
	return f
}

// matching reads a filter pattern, or several one of which must match.
func (r *reader) matching(v *template.Value) *pattern.Criteria {
	items := []*template.Value{v}
	if v.Kind == template.List {
		items = v.Items
	}
	var list []string
	for _, item := range items {
		text := item.Text
		if item.Kind == template.Map {
			text = asJSON(item)
		}
		list = append(list, text)
	}
	c, err := pattern.NewCriteria(list)
	if err != nil {
		r.Add(v.Node, "", "matching is not a filter pattern: "+err.Error(), `'{"body":{"kind":["refund"]}}'`)
		return nil
	}
	return c
}

// services reads what functions call.
func (r *reader) services(v *template.Value) {
	for _, f := range r.entries(v, "services", "Payments: {takes: 100ms}") {
		c := engine.ServiceConfig{ID: f.Name}
		r.known(f.Value, "services."+f.Name, "takes", "away", "limit", "slows", "breaker")
		c.Takes = r.duration(f.Value, "takes", 0)
		c.Away = r.spans(f.Value, "away")
		c.Limit, c.Slows = r.perSecond(f.Value, "limit"), r.perSecond(f.Value, "slows")
		if b := f.Get("breaker"); b != nil {
			r.known(b, "breaker", "after", "for", "how")
			c.Breaker = engine.Breaker{After: r.number(b, "after", 5, 1, 10_000), For: r.duration(b, "for", 30*engine.Second), Pauses: true}
			if c.Breaker.For <= 0 {
				r.Add(b.Get("for").Node, "", "for must be longer than nothing", "30s")
			}
			if how := b.Get("how"); how != nil {
				if how.Text != "pauses" && how.Text != "fails" {
					r.Add(how.Node, "", "how cannot be "+how.String(), "pauses or fails")
				}
				c.Breaker.Pauses = how.Text == "pauses"
			}
		}
		r.cfg.Services = append(r.cfg.Services, c)
	}
}

// spans reads a part of the time, or a list of them.
func (r *reader) spans(v *template.Value, name string) (out []engine.Span) {
	f := v.Get(name)
	if f == nil {
		return nil
	}
	items := []*template.Value{f}
	if f.Kind == template.List {
		items = f.Items
	}
	for _, item := range items {
		r.known(item, name, "from", "until")
		span := engine.Span{From: r.duration(item, "from", 0), Until: r.duration(item, "until", engine.Never)}
		if span.Until <= span.From {
			r.Add(item.Get("until").Node, "", "until must come after from", "a later time")
		}
		out = append(out, span)
	}
	return out
}

// perSecond reads so many calls a second.
func (r *reader) perSecond(v *template.Value, name string) int {
	f := v.Get(name)
	if f == nil {
		return 0
	}
	per, n := r.rate(f)
	if n = n * int64(engine.Second) / int64(per); n < 1 {
		r.Add(f.Node, "", name+" cannot be "+f.String(), "at least 1/s")
		return 1
	}
	return int(n)
}

var receiverFields = []string{"queue", "from", "until", "every", "count", "takes", "deletes", "visibility"}

// receivers reads who receives from queues beside their mappings.
func (r *reader) receivers(v *template.Value) {
	if v == nil {
		return
	}
	if v.Kind != template.List {
		r.Add(v.Node, "", "receivers is a list, not "+v.String(), "- {queue: Jobs, takes: 1s, deletes: true}")
		return
	}
	for _, item := range v.Items {
		if rec, ok := r.receiver(item, 0, false); ok {
			r.cfg.Receivers = append(r.cfg.Receivers, rec)
		}
	}
}

// receiver reads one; in a step it is a person who polls once.
func (r *reader) receiver(v *template.Value, now engine.Micros, step bool) (engine.Receiver, bool) {
	rec := engine.Receiver{Until: engine.Never, Once: step}
	fields := receiverFields
	if step {
		fields = slices.DeleteFunc(slices.Clone(fields), func(f string) bool { return f == "from" || f == "until" || f == "every" })
	}
	r.known(v, "a receiver", fields...)
	q := v.Get("queue")
	if q == nil {
		r.Add(v.Node, "", "a receiver names a queue", "{queue: Jobs}")
		return rec, false
	}
	var ok bool
	if rec.Queue, ok = r.name(q, isQueue, "queue"); !ok {
		return rec, false
	}
	rec.From, rec.Until = r.duration(v, "from", now), r.duration(v, "until", engine.Never)
	if rec.Until <= rec.From {
		r.Add(v.Get("until").Node, "", "until must come after from", "a later time")
	}
	rec.Every, rec.Takes, rec.Deletes = r.duration(v, "every", 0), r.duration(v, "takes", 100*engine.Millisecond), r.flag(v, "deletes")
	rec.Count = r.number(v, "count", 10, 1, 10)
	if rec.HasVisibility = v.Get("visibility") != nil; rec.HasVisibility {
		rec.Visibility = r.duration(v, "visibility", 0)
		r.checkVisibility(v, rec.Visibility)
	}
	return rec, true
}

// handlerRoles judges what handlers do by the roles of their functions.
func (r *reader) handlerRoles() {
	for i := range r.cfg.Mappings {
		m := &r.cfg.Mappings[i]
		k := slices.IndexFunc(r.cfg.Functions, func(f engine.FunctionConfig) bool { return f.ID == m.Function })
		if k < 0 {
			continue
		}
		f := &r.cfg.Functions[k]
		hides := slices.ContainsFunc(f.Faults, func(x engine.Fault) bool { return x.HasVisibility })
		for _, a := range f.Handler.Does {
			switch a.Kind {
			case engine.ActVisibility:
				hides = true
			case engine.ActSend:
				r.t.HandlerMay(m, r.cfg.SendAction(a.To), a.To)
			}
		}
		if hides && slices.ContainsFunc(r.cfg.Queues, func(q engine.QueueConfig) bool { return q.ID == m.Source }) {
			r.t.HandlerMay(m, "sqs:ChangeMessageVisibility", m.Source)
		}
	}
}
