package scenario

import (
	"slices"
	"strconv"
	"strings"

	"esmlab/engine"
	"esmlab/engine/setting"
	"esmlab/engine/template"
)

// functions reads how long functions take and what makes them fail.
func (r *reader) functions(v *template.Value) {
	for _, f := range r.entries(v, "functions", "Ship: {takes: 200ms}") {
		i := slices.IndexFunc(r.cfg.Functions, func(c engine.FunctionConfig) bool { return c.ID == f.Name })
		if i < 0 {
			r.Add(f.Key, "", f.Name+" is not a function of this template", template.OneOf(f.Name, r.ids(isFunction)))
			continue
		}
		r.known(f.Value, "functions."+f.Name, setting.TakesTime, setting.Cold, "sends", "faults", "handler", "parallel", "does", "idempotent")
		c := &r.cfg.Functions[i]
		c.Takes = r.takes(f.Value, c.Takes)
		if f.Get(setting.TakesTime) != nil {
			r.sc.timed = append(r.sc.timed, f.Name)
		}
		c.Cold = r.duration(f.Value, setting.Cold, 0)
		if s := f.Get("sends"); s != nil {
			c.Sends, _ = r.name(s, isQueue, "queue")
		}
		c.Handler = r.handler(f.Value, f.Name)
		faults := f.Get("faults")
		if faults != nil && faults.Kind != template.List {
			r.Add(faults.Node, "", "faults is a list, not "+faults.String(), "- {name: poison, records: [Orders#6]}")
			continue
		}
		if faults != nil {
			for _, item := range faults.Items {
				if fault, ok := r.fault(item, false); ok {
					c.Faults = append(c.Faults, fault)
				}
			}
		}
	}
}

// takes reads a duration, {min, max} or {base, each}.
func (r *reader) takes(v *template.Value, or engine.Takes) engine.Takes {
	f := v.Get(setting.TakesTime)
	switch {
	case f == nil:
		return or
	case f.Kind == template.Scalar:
		return engine.Takes{Base: r.duration(v, setting.TakesTime, or.Base)}
	case f.Get("min") != nil || f.Get("max") != nil:
		r.known(f, setting.TakesTime, "min", "max")
		lo, hi := r.duration(f, "min", 0), r.duration(f, "max", 0)
		if hi < lo {
			r.Add(f.Node, "", "takes: max is shorter than min", "{min: 100ms, max: 300ms}")
			return or
		}
		return engine.Takes{Base: lo, Spread: hi - lo}
	}
	r.known(f, setting.TakesTime, "base", "each")
	return engine.Takes{Base: r.duration(f, "base", 0), Each: r.duration(f, "each", 0)}
}

var faultFields = append([]string{"name", "how", setting.TakesTime, "names", "reply", "before", "visibility"}, selectors...)

// fault reads one fault; inside a step it names its function.
func (r *reader) fault(v *template.Value, step bool) (engine.Fault, bool) {
	f := engine.Fault{Until: engine.Never}
	if v.Kind != template.Map {
		r.Add(v.Node, "", "a fault is a map, not "+v.String(), "{name: poison, records: [Orders#6]}")
		return f, false
	}
	known := faultFields
	if step {
		known = append([]string{"function"}, faultFields...)
		fn := v.Get("function")
		if fn == nil {
			r.Add(v.Node, "", "a fault in a step names its function", "function: "+strings.Join(r.ids(isFunction), " or "))
			return f, false
		}
		id, ok := r.name(fn, isFunction, "function")
		if !ok {
			return f, false
		}
		f.Function = id
	}
	r.known(v, "a fault", known...)
	of := f.Function
	f = r.selects(v)
	f.Function, f.Name = of, r.text(v, "name")
	f.Before = r.flag(v, "before")
	if f.HasVisibility = v.Get("visibility") != nil; f.HasVisibility {
		f.Visibility = r.duration(v, "visibility", 0)
		r.checkVisibility(v, f.Visibility)
	}
	if f.Name == "" {
		f.Name = "fault" + strconv.Itoa(len(r.faults)+1)
	}
	r.faults = append(r.faults, f.Name)
	how := v.Get("how")
	if how != nil {
		i := slices.Index(engine.HowNames[:], how.Text)
		if i < 0 {
			r.Add(how.Node, "", "how cannot be "+how.String(), strings.Join(engine.HowNames[:], ", "))
			return f, false
		}
		f.How = engine.How(i)
	}
	only := func(field string, h engine.How) *template.Value {
		x := v.Get(field)
		if x != nil && f.How != h {
			r.Add(x.Node, "", field+" goes with how: "+h.String(), "how: "+h.String())
		}
		return x
	}
	if x := only(setting.TakesTime, engine.HowSlow); x != nil {
		f.Takes = r.takes(v, engine.Takes{})
	} else if f.How == engine.HowSlow {
		r.Add(v.Node, "", "how: slow needs takes", "takes: 5s")
	}
	if x := only("names", engine.HowReport); x != nil {
		i := slices.Index(engine.NamesWords[1:], x.Text)
		if i < 0 {
			r.Add(x.Node, "", "names cannot be "+x.String(), "first, hit or rest")
		}
		f.Names = engine.Names(i + 1)
	}
	if x := only("reply", engine.HowReply); x != nil {
		f.Reply = x.Text
		if x.Kind == template.Map || x.Kind == template.List {
			f.Reply = asJSON(x)
		}
		r.replyIDs(x, f.Reply)
	} else if f.How == engine.HowReply {
		hasEmpty := slices.ContainsFunc(v.Fields, func(g template.Field) bool { return g.Name == "reply" })
		if !hasEmpty {
			r.Add(v.Node, "", "how: reply needs reply", `reply: '{"batchItemFailures":[]}'`)
		}
	}
	return f, true
}

// replyIDs checks the labels of {id:Orders#2} in a reply.
func (r *reader) replyIDs(v *template.Value, text string) {
	for {
		_, rest, ok := strings.Cut(text, "{id:")
		if !ok {
			return
		}
		label, after, closed := strings.Cut(rest, "}")
		if !closed {
			return
		}
		r.label(&template.Value{Node: v.Node, Kind: template.Scalar, Text: label})
		text = after
	}
}
