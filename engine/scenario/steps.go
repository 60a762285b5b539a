package scenario

import (
	"slices"
	"strings"

	"go.yaml.in/yaml/v4"

	"esmlab/engine"
	"esmlab/engine/rule"
	"esmlab/engine/setting"
	"esmlab/engine/template"
	"esmlab/engine/tree"
)

var stepFields = []string{"at", "tick", "set", "put", "fault", "fix", "enable", "disable", "restart", "deny", "allow", "remove", "split", "merge", "redrive", "cancel", "purge", "deploy", "receive"}

// steps reads what happens at given times.
func (r *reader) steps(v *template.Value) {
	if v == nil {
		return
	}
	if v.Kind != template.List {
		r.Add(v.Node, "", "steps is a list, not "+v.String(), "- {at: 20s, set: {…}}")
		return
	}
	for _, item := range v.Items {
		if item.Kind != template.Map {
			r.Add(item.Node, "", "a step is a map, not "+item.String(), "- {at: 20s, set: {…}}")
			continue
		}
		r.known(item, "a step", stepFields...)
		if item.Get("at") == nil {
			r.Add(item.Node, "", "a step needs `at`", "at: 20s")
		}
		at := r.duration(item, "at", 0)
		commands, first := 0, len(r.cfg.Steps)
		for _, f := range item.Fields {
			if f.Name != "at" && f.Name != "tick" {
				commands++
				r.step(at, f)
			}
		}
		if item.Get("tick") != nil {
			tick := r.number(item, "tick", 0, 0, 1_000_000_000)
			for i := range r.cfg.Steps[first:] {
				r.cfg.Steps[first+i].Placed, r.cfg.Steps[first+i].Tick = true, int32(tick)
			}
		}
		if commands != 1 {
			r.Add(item.Node, "", "a step is one command", strings.Join(stepFields[2:], ", "))
		}
	}
}

func (r *reader) step(at engine.Micros, f template.Field) {
	do := func(c engine.Command) { r.cfg.Steps = append(r.cfg.Steps, engine.Step{At: at, Command: c}) }
	switch f.Name {
	case "set":
		first := len(r.cfg.Steps)
		r.setAll(r.everything(), f.Value, func(name string, v engine.Value, _ *yaml.Node) {
			id, param, _ := strings.Cut(name, ".")
			for i := range r.cfg.Steps[first:] { // what one step sets of a mapping is one update
				c := &r.cfg.Steps[first+i].Command
				if other, was, _ := strings.Cut(c.Target, "."); other == id && param != setting.Enabled && was != setting.Enabled && slices.Contains(r.ids(isMapping), id) {
					c.Also = append(c.Also, engine.Setting{Target: name, Value: v})
					return
				}
			}
			do(engine.Command{Op: engine.OpSet, Target: name, Value: v})
		})
	case "put":
		if row, ok := r.row(f.Value, at, true); ok {
			do(engine.Command{Op: engine.OpPut, Put: row})
		}
	case "fault":
		if fault, ok := r.fault(f.Value, true); ok {
			do(engine.Command{Op: engine.OpFault, Fault: fault})
		}
	case "fix":
		r.fixes = append(r.fixes, named{f.Text, f.Node})
		do(engine.Command{Op: engine.OpFix, Target: f.Text})
	case "enable", "disable", "restart":
		if id, ok := r.name(f.Value, isMapping, "mapping"); ok {
			do(engine.Command{Op: engine.Op(slices.Index(engine.OpNames[:], f.Name)), Target: id})
		}
	case "remove":
		if id, ok := r.name(f.Value, isMapping|isFunction|isStream|isQueue|isTarget, "mapping, function, stream, queue, topic or bucket"); ok {
			do(engine.Command{Op: engine.OpRemove, Target: id})
		}
	case "deny", "allow":
		r.known(f.Value, f.Name, "mapping", "actions")
		m := f.Get("mapping")
		if m == nil {
			r.Add(f.Key, "", f.Name+" names a mapping", "{mapping: …, actions: [kinesis:GetRecords]}")
			return
		}
		if id, ok := r.name(m, isMapping, "mapping"); ok {
			list := r.actions(f.Get("actions"), "actions")
			if len(list) == 0 {
				r.Add(f.Key, "", f.Name+" names no actions", "actions: [kinesis:GetRecords]")
			}
			do(engine.Command{Op: engine.Op(slices.Index(engine.OpNames[:], f.Name)), Target: id, Actions: list})
		}
	case "cancel", "purge":
		if id, ok := r.name(f.Value, isQueue, "queue"); ok {
			do(engine.Command{Op: engine.Op(slices.Index(engine.OpNames[:], f.Name)), Target: id})
		}
	case "receive":
		v := f.Value
		if v.Kind == template.Scalar { // the queue alone
			v = &template.Value{Node: f.Node, Kind: template.Map, Fields: []template.Field{{Name: "queue", Key: f.Node, Value: f.Value}}}
		}
		if rec, ok := r.receiver(v, at, true); ok {
			do(engine.Command{Op: engine.OpReceive, Target: rec.Queue, Receive: rec})
		}
	case "redrive":
		r.known(f.Value, "redrive", "queue", "to", "rate")
		c := engine.Command{Op: engine.OpRedrive, Rate: r.number(f.Value, "rate", 0, 1, 500)}
		q := f.Get("queue")
		if q == nil {
			r.Add(f.Key, "", "redrive names a queue", "{queue: the DLQ, to: …, rate: 10}")
			return
		}
		c.Target, _ = r.name(q, isQueue, "queue")
		if to := f.Get("to"); to != nil {
			c.To, _ = r.name(to, isQueue, "queue")
		}
		do(c)
	case "deploy":
		if c, ok := r.deploy(at, f.Value); ok {
			do(c)
		}
	case "split":
		r.known(f.Value, "split", "stream", "shard")
		if f.Get("shard") == nil {
			r.Add(f.Key, "", "split names a shard", "{stream: Orders, shard: 0}")
		}
		if id, ok := r.streamOf(f); ok {
			do(engine.Command{Op: engine.OpSplit, Target: id, Shards: []int{r.number(f.Value, "shard", 0, 0, 9999)}})
		}
	case "merge":
		r.known(f.Value, "merge", "stream", "shards")
		id, ok := r.streamOf(f)
		if !ok {
			return
		}
		c := engine.Command{Op: engine.OpMerge, Target: id}
		if shards := f.Get("shards"); shards != nil {
			for _, s := range shards.Items {
				n, isInt := s.Int()
				if !isInt || n < 0 || n > 9999 {
					r.Add(s.Node, "", s.String()+" is not a shard", "a number from 0")
				}
				c.Shards = append(c.Shards, n)
			}
		}
		if len(c.Shards) != 2 {
			r.Add(f.Key, "", "merge takes two shards", "shards: [0, 1]")
		}
		do(c)
	}
}

// streamOf reads the stream that a split or a merge names.
func (r *reader) streamOf(f template.Field) (string, bool) {
	v := f.Get("stream")
	if v == nil {
		r.Add(f.Key, "", f.Name+" names a stream", "stream: "+strings.Join(r.ids(isStream), " or "))
		return "", false
	}
	return r.name(v, isStream, "stream")
}

// setAll reads the names and values of a `set`, each checked: of resources of a Config.
func (r *reader) setAll(cfg *engine.Config, v *template.Value, do func(name string, v engine.Value, at *yaml.Node)) {
	for _, f := range r.entries(v, "set", "{ShipOrders.BatchSize: 50}") {
		for _, one := range dotted(f) {
			if value, ok := r.setting(cfg, one.Name, one.Key, one.Value); ok {
				do(one.Name, value, one.Key)
			}
		}
	}
}

// dotted takes a setting that AWS has as a map apart into its parts; an empty
// map takes it off.
func dotted(f template.Field) []template.Field {
	part := f.Name[strings.LastIndex(f.Name, ".")+1:]
	off := map[string]string{setting.RedrivePolicy: "", setting.ScalingProperty: "." + setting.MaximumConcurrency, setting.PollersProperty: "." + setting.MaximumPollers}
	if last, ok := off[part]; !ok || f.Kind != template.Map {
		return []template.Field{f}
	} else if len(f.Fields) == 0 {
		none := &template.Value{Node: f.Node, Kind: template.Scalar, Text: "0"}
		if last == "" {
			none.Text = ""
		}
		return []template.Field{{Name: f.Name + last, Key: f.Key, Value: none}}
	}
	out := slices.Clone(f.Fields)
	for i := range out {
		out[i].Name = f.Name + "." + out[i].Name
	}
	return out
}

// setFlag applies NAME=VALUE from outside the file.
func (r *reader) setFlag(s string) {
	name, text, ok := strings.Cut(s, "=")
	flag := &reader{Problems: &template.Problems{File: "--set " + s}, t: r.t, cfg: r.cfg, sc: r.sc}
	if !ok {
		flag.Add(nil, "", "this is not a setting", "--set ShipOrders.BatchSize=50")
	} else {
		var doc yaml.Node
		v := &template.Value{Node: &yaml.Node{}, Kind: template.Scalar, Text: text}
		if tree.Unmarshal([]byte(text), &doc) == nil && len(doc.Content) == 1 {
			v = r.t.Raw(doc.Content[0])
		}
		for _, one := range dotted(template.Field{Name: name, Value: v}) {
			if value, ok := flag.setting(r.cfg, one.Name, nil, one.Value); ok {
				flag.setNow(one.Name, value, nil)
			}
		}
	}
	r.flagErrors(flag)
}

// flagErrors takes over the errors of a flag; its lines mean nothing.
func (r *reader) flagErrors(flag *reader) {
	if err := flag.Err(); err != nil {
		for _, e := range err.(template.Errors) { // Err gives no other error
			r.Problems.AddError(template.Error{File: flag.File, Code: e.Code, Message: e.Message, Right: e.Right})
		}
	}
}

// stepFlag reads a step of the command line.
func (r *reader) stepFlag(s string) {
	flag := &reader{Problems: &template.Problems{File: "--step " + s}, t: r.t, cfg: r.cfg, sc: r.sc, faults: r.faults, meta: r.meta, params: r.params, read: r.read, templates: r.templates}
	var doc yaml.Node
	if tree.Unmarshal([]byte(s), &doc) != nil || len(doc.Content) != 1 {
		flag.Add(nil, "", "this is not a step", "--step '{at: 20s, set: {ShipOrders.BatchSize: 50}}'")
	} else {
		flag.steps(&template.Value{Node: doc.Content[0], Kind: template.List, Items: []*template.Value{r.t.Raw(doc.Content[0])}})
		flag.checkFixes()
	}
	r.faults, r.templates = flag.faults, flag.templates
	r.flagErrors(flag)
}

// checkFixes finds faults that are to be fixed and are nowhere switched on.
func (r *reader) checkFixes() {
	for _, f := range r.fixes {
		if !slices.Contains(r.faults, f.name) && !slices.Contains(r.mended, f.name) && !slices.ContainsFunc(r.cfg.Functions, func(c engine.FunctionConfig) bool { return c.ID == f.name }) {
			r.Add(f.at, "", "no fault and no function is called "+f.name, template.OneOf(f.name, append(r.ids(isFunction), r.faults...)))
		}
	}
}

// faultsOf are the names of the faults of functions.
func faultsOf(meta *template.Value) (out []string) {
	if functions := meta.Get("functions"); functions != nil {
		for _, f := range functions.Fields {
			if faults := f.Get("faults"); faults != nil {
				for _, fault := range faults.Items {
					if name := fault.Get("name"); name != nil {
						out = append(out, name.Text)
					}
				}
			}
		}
	}
	return out
}

// setting reads the value of a setting by its dotted name; it refuses what AWS
// refuses, in its words.
func (r *reader) setting(cfg *engine.Config, name string, at *yaml.Node, v *template.Value) (engine.Value, bool) {
	id, param, ok := strings.Cut(name, ".")
	if !ok || param == "" {
		r.Add(at, "", name+" is not a setting", "a name and a setting, as ShipOrders.BatchSize")
		return engine.Value{}, false
	}
	of, ok := cfg.SettingsOf(id)
	if !ok {
		r.Add(at, "", id+" is not a resource of this template with settings", template.OneOf(id, r.ids(isMapping|isFunction|isStream|isQueue)))
		return engine.Value{}, false
	}
	p := of.Find(param)
	if p == nil {
		bad := of.Unknown(param)
		right := bad.Right
		if of.Fixed(param) == nil {
			right = template.OneOf(param, setting.Names(of.Of, of.In, strings.Contains(param, ".")))
		}
		r.Add(at, bad.Code, bad.Message, right)
		return engine.Value{}, false
	}
	node := v.Node
	if at == nil {
		node = nil
	}
	value, bad := r.settingValue(p, v)
	if bad == nil {
		value, bad = p.Read(value)
	}
	if bad != nil {
		r.Add(node, bad.Code, bad.Message, bad.Right)
		return value, false
	}
	ids := map[setting.Kind]int{setting.Destination: isQueue | isTarget, setting.QueueID: isQueue}[p.Kind]
	if ids != 0 && value.Text != "" && !slices.Contains(r.ids(ids), value.Text) {
		what := map[setting.Kind]string{setting.Destination: "destination", setting.QueueID: "queue"}[p.Kind]
		r.Add(node, "", v.String()+" is not a "+what+" of this template", template.OneOf(value.Text, r.ids(ids)))
		return value, false
	}
	return value, true
}

// settingValue reads what a scenario has for a setting.
func (r *reader) settingValue(p *setting.Row, v *template.Value) (engine.Value, *engine.Refusal) {
	switch p.Kind {
	case setting.List:
		if v.Kind == template.List {
			if len(v.Items) == 0 {
				return engine.TextValue(""), nil
			}
			v = v.Items[0]
		}
	case setting.Filters:
		before := r.Count()
		if criteria, _ := r.Filters(v); r.Count() == before {
			return engine.TextValue(criteria.String()), nil
		}
	case setting.Duration:
		if d, ok := setting.ParseTime(v.Text); ok {
			return engine.TimeValue(d), nil
		}
		return engine.Value{}, p.WrongKind(v.String())
	}
	return template.SettingValue(p, v)
}

// setNow puts a setting in force from second 0.
func (r *reader) setNow(name string, v engine.Value, at *yaml.Node) {
	id, param, _ := strings.Cut(name, ".")
	of, _ := r.cfg.SettingsOf(id)
	p := of.Find(param) // setting has found it
	if p.Name == setting.TakesTime {
		r.sc.timed = append(r.sc.timed, id)
	}
	var bad *engine.Refusal
	if p.Name == setting.ShardCount && of.Stream.OnDemand() {
		bad = of.Stream.CheckReshard(of.In)
	} else {
		p.Set(&of, v)
		r.sc.sets = append(r.sc.sets, engine.Setting{Target: name, Value: v})
		for i := range r.cfg.Steps {
			if d := r.cfg.Steps[i].Deploy; d != nil {
				setDeployed(d.Config, name, v)
			}
		}
	}
	switch {
	case bad != nil:
	case of.Of == setting.OfMapping && of.In&setting.AnyQueue == 0: // a queue's mapping is checked when all is set: queueMappings
		bad = of.Mapping.Check(of.In)
	case of.Of == setting.OfStream:
		bad = of.Stream.Check()
	case of.Of == setting.OfQueue:
		if bad = of.Queue.Check(of.In); bad == nil {
			bad = r.checkDeadLetter(&of)
		}
	}
	if bad != nil {
		r.Add(at, bad.Code, bad.Message, bad.Right)
	}
}

// setDeployed puts a setting of second 0 into what is deployed later too: it is as if the
// templates said so.
func setDeployed(c *engine.Config, name string, v engine.Value) {
	id, param, _ := strings.Cut(name, ".")
	if of, ok := c.SettingsOf(id); ok {
		if p := of.Find(param); p != nil {
			p.Set(&of, v)
		}
	}
}

// chosen sets the numbers that AWS does not give, by the ids of their rules.
func (r *reader) chosen(v *template.Value) {
	for _, f := range r.entries(v, "chosen", "MAP-RETRY-2: 1s") {
		var names []string
		for _, rl := range rule.All {
			if rl.Number != nil {
				names = append(names, string(rl.ID))
			}
		}
		rl, ok := rule.Find(rule.ID(f.Name))
		if !ok || rl.Number == nil {
			r.Add(f.Key, "", f.Name+" is not a rule with a number to choose", template.OneOf(f.Name, names))
			continue
		}
		var n int64
		if rl.Number.Unit == "duration" {
			d, isTime := Duration(f.Text)
			n, ok = int64(d), isTime
		} else {
			i, isInt := f.Int()
			n, ok = int64(i), isInt
		}
		if !ok || n < rl.Number.Min || n > rl.Number.Max {
			lo, hi := engine.IntValue(int(rl.Number.Min)).String(), engine.Thousands(int(rl.Number.Max))
			if rl.Number.Unit == "duration" {
				lo, hi = engine.Micros(rl.Number.Min).String()+" s", engine.Micros(rl.Number.Max).String()+" s"
			}
			r.Add(f.Node, "", f.Name+" cannot be "+f.String(), lo+" to "+hi)
			continue
		}
		if p := r.cfg.Chosen.Field(rl.ID); p != nil {
			*p = n
		}
	}
}
