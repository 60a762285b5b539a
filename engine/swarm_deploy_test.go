package engine_test

import (
	"fmt"
	"slices"

	"esmlab/engine"
	"esmlab/engine/pattern"
)

// deployment draws a changed template: the world's resources, and one to three changes.
func (w *swarmWorld) deployment(name string) *engine.Deployment {
	d, c := w.d, *w.Config
	c.Streams, c.Queues, c.Targets = slices.Clone(c.Streams), slices.Clone(c.Queues), slices.Clone(c.Targets)
	c.Functions, c.Mappings = slices.Clone(c.Functions), slices.Clone(c.Mappings)
	for i := range d.span(name+" changes", 1, 3) {
		w.change(fmt.Sprint(name, " change", i), &c)
	}
	c.Mappings = once(c.Mappings, func(m engine.MappingConfig) string { return m.ID })
	c.Queues = once(c.Queues, func(q engine.QueueConfig) string { return q.ID })
	return &engine.Deployment{Config: &c}
}

// once leaves the first of each name: a template has each logical id once.
func once[T any](list []T, id func(T) string) (out []T) {
	for _, x := range list {
		if !slices.ContainsFunc(out, func(y T) bool { return id(y) == id(x) }) {
			out = append(out, x)
		}
	}
	return out
}

func (w *swarmWorld) change(name string, c *engine.Config) {
	d := w.d
	other := func(s string) string { return s + pick(d, name+" name", "x", "y") }
	what := pick(d, name, "start", "start", "stream", "stream", "queue", "function", "code", "code", "weight", "add", "rename", "leave out", "setting", "enabled", "function of", "target", "bare", "sends")
	if len(c.Mappings) > 0 {
		m := &c.Mappings[d.n(name+" mapping", len(c.Mappings))]
		switch what {
		case "start":
			m.Start = engine.StartingPosition(d.n(name+" position", 2))
		case "weight":
			m.Qualifier, m.Version, m.Other, m.Weight = "live", pick(d, name+" version", "1", "2"), "3", pick(d, name+" weight", 0, 0.1, 0.5)
			if m.Weight == 0 {
				m.Other = ""
			}
		case "rename":
			m.ID = other(m.ID)
		case "add":
			x := *m
			x.ID, x.Function = other(x.ID), c.Functions[d.n(name+" function", len(c.Functions))].ID
			x.Start = engine.StartingPosition(d.n(name+" position", 2))
			c.Mappings = append(c.Mappings, x)
			m = &c.Mappings[len(c.Mappings)-1]
		case "leave out":
			c.Mappings = slices.Delete(c.Mappings, d.n(name+" mapping", len(c.Mappings)), d.n(name+" mapping", len(c.Mappings))+1)
			return
		case "enabled":
			m.Enabled = !m.Enabled
		case "setting":
			m.BatchSize = d.span(name+" size", 1, 10)
		case "function of":
			m.Function = c.Functions[d.n(name+" function", len(c.Functions))].ID
		}
		if d.one(name+" takes time", 3) && what != "setting" {
			m.Activates = d.between(name+" activates", 0, 20*engine.Second)
		}
	}
	switch {
	case what == "stream" && len(c.Streams) > 0:
		st := &c.Streams[d.n(name+" stream", len(c.Streams))]
		if st.Kind == engine.DynamoDB && d.one(name+" view", 2) {
			st.View = engine.ViewType(d.n(name+" view type", 4))
		} else {
			st.Name = other(st.Name)
		}
		st.ShardCount = max(st.ShardCount, 1)
	case what == "queue" && len(c.Queues) > 0:
		q := &c.Queues[d.n(name+" queue", len(c.Queues))]
		q.Name = other(q.Name)
	case what == "function" && len(c.Functions) > 0:
		f := &c.Functions[d.n(name+" function", len(c.Functions))]
		f.Name = other(f.Name)
	case what == "code" && len(c.Functions) > 0:
		f := &c.Functions[d.n(name+" function", len(c.Functions))]
		f.Takes.Base += engine.Millisecond
		f.Faults = nil
		if d.one(name+" broken", 2) {
			fault := w.fault(name + " fault")
			fault.Until = engine.Never
			f.Faults = []engine.Fault{fault}
		}
	case what == "sends" && len(c.Fronts) > 0:
		c.Fronts = slices.Clone(c.Fronts)
		f := &c.Fronts[d.n(name+" front", len(c.Fronts))]
		f.Sends = slices.Clone(f.Sends)
		f.Sends[0].Raw, f.Sends[0].Denied = !f.Sends[0].Raw, pick(d, name+" denied", "", "no policy")
	case what == "target":
		c.Targets[0].MaximumMessageSize = pick(d, name+" size", 0, 2048)
	case what == "bare": // a queue more
		c.Queues = append(c.Queues, engine.QueueConfig{ID: other("New"), QueueSettings: engine.DefaultQueueSettings()})
	}
}

// fronts puts a topic, a bucket or a rule in front of queues.
func (w *swarmWorld) fronts() {
	d := w.d
	if len(w.Queues) == 0 || !d.one("fronts", 3) || !d.part("fronts") {
		return
	}
	for i := range d.span("fronts of", 1, 3) {
		name := fmt.Sprint("front", i)
		f := engine.FrontConfig{ID: name, Name: name, ARN: "arn:aws:sns:eu-central-1:123456789012:" + name, Kind: engine.FrontKind(d.n(name+" kind", 3)), Source: "shop", DetailType: "Order", FIFO: d.one(name+" fifo", 3)}
		for k := range d.span(name+" sends", 1, 3) {
			sub := fmt.Sprint(name, " sends", k)
			s := engine.Subscription{ID: sub, Queue: w.Queues[d.n(sub+" queue", len(w.Queues))].ID, Raw: d.one(sub+" raw", 2), InBody: d.one(sub+" in body", 2), Events: []string{"s3:ObjectCreated:*"}, Group: pick(d, sub+" group", "", "g")}
			if d.one(sub+" filter", 2) {
				s.Filter, _ = pattern.Compile(pick(d, sub+" pattern", `{"color":["red"]}`, `{"of":["topic"]}`, `{"detail":{"of":["topic"]}}`, `{"none":["x"]}`))
			}
			if d.one(sub+" denied", 4) {
				s.Denied = "no policy"
			}
			if q := &w.Queues[slices.IndexFunc(w.Queues, func(q engine.QueueConfig) bool { return q.ID == s.Queue })]; len(q.Away) == 0 && d.one(sub+" away", 3) {
				from := d.between(sub+" away from", 0, w.until)
				q.Away = []engine.Span{{From: from, Until: from + pick(d, sub+" away for", 100*engine.Millisecond, 10*engine.Second, engine.Minute, 25*engine.Hour)}}
			}
			if d.one(sub+" dlq", 2) {
				s.DLQ = w.Queues[d.n(sub+" to", len(w.Queues))].ID
			}
			f.Sends = append(f.Sends, s)
		}
		w.Fronts = append(w.Fronts, f)
		w.Chosen.FilterChange = pick(d, "filter change", 0, 0, 10*engine.Second)
		row := engine.Traffic{To: name, Until: engine.Never, From: d.between(name+" from", 0, w.until), Every: pick[engine.Micros](d, name+" every", 100*engine.Millisecond, engine.Second), Per: 1, Count: d.span(name+" count", 1, 60), Shard: -1,
			Producer: engine.Producer{Batch: pick(d, name+" batch", 0, 0, 3)}, Keys: []string{"k1", "k2"}, Body: `{"of":"topic","x":{n}}`, Op: pick(d, name+" op", engine.WriteAuto, engine.WriteRemove)}
		for a := range d.n(name+" attributes", 12) {
			row.Attributes = append(row.Attributes, engine.Attribute{Name: pick(d, fmt.Sprint(name, " attribute", a), "color", "size"), Type: "String", Value: "red"})
		}
		w.Traffic = append(w.Traffic, row)
	}
}
