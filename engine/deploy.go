package engine

import (
	"cmp"
	"reflect"
	"slices"
	"strings"

	"esmlab/engine/internal/bucket"
	"esmlab/engine/pattern"
	"esmlab/engine/rule"
	"esmlab/engine/setting"
)

// This file puts a changed template in the place of the one that is deployed, as
// CloudFormation does: new resources first, then updates, last what is no longer
// needed (CFN-ORDER-1).

// Deployment is a template to be deployed.
type Deployment struct {
	Name   string   // its file; "" for a changed part of the template
	Config *Config  // what it builds: only its resources count
	Named  []string // logical ids of those that have a physical name of their own
}

// deployment is one under way.
type deployment struct {
	*Sim
	was, next *Config
	named     []string
	replaced  map[string]bool // sources whose mappings read something new now
	gone      []string        // what of replaced streams is deleted at the end
	changes   int
}

// deploy carries out a deployment, or refuses it as a whole: CloudFormation rolls
// back what it has done so far. It works on a copy, so that nothing is left of one
// that fails.
func (s *Sim) deploy(c Command) *Refusal {
	try := s.Clone()
	d := deployment{Sim: try, was: s.cfg, named: c.Deploy.Named, replaced: map[string]bool{}}
	n := *c.Deploy.Config
	n.Streams = byID(n.Streams, func(x StreamConfig) string { return x.ID })
	n.Queues = byID(n.Queues, func(x QueueConfig) string { return x.ID })
	n.Targets = byID(n.Targets, func(x TargetConfig) string { return x.ID })
	n.Fronts = byID(n.Fronts, func(x FrontConfig) string { return x.ID })
	n.Functions = byID(n.Functions, func(x FunctionConfig) string { return x.ID })
	n.Mappings = byID(n.Mappings, func(x MappingConfig) string { return x.ID })
	d.next = &n
	cfg := *s.cfg // this Sim's own from now on; those it was copied from keep theirs
	cfg.Streams, cfg.Queues, cfg.Targets = slices.Clone(cfg.Streams), slices.Clone(cfg.Queues), slices.Clone(cfg.Targets)
	cfg.Functions, cfg.Mappings = slices.Clone(cfg.Functions), slices.Clone(cfg.Mappings)
	cfg.Absent = nil
	for _, id := range s.cfg.ids() {
		if !slices.Contains(n.ids(), id) && !slices.Contains(cfg.Absent, id) {
			cfg.Absent = append(cfg.Absent, id)
		}
	}
	try.cfg = &cfg
	try.emitCommand(KindDeploy, c, Value{})
	if r := d.run(); r != nil {
		r.What = cmp.Or(r.What, "deploy")
		return r
	}
	*s = *try
	return nil
}

func (d *deployment) run() *Refusal {
	for _, step := range []func() *Refusal{d.kinds, d.create, d.streams, d.queues, d.targets, d.functions, d.mappings, d.sends, d.cleanUp} {
		if r := step(); r != nil {
			return r
		}
	}
	if d.changes == 0 {
		return &Refusal{Code: "ValidationError", Message: "No updates are to be performed.", Right: "a template that differs from what is deployed"}
	}
	return nil
}

// change emits what was done with a resource, and why.
func (d *deployment) change(why Why, by rule.ID, id, what string) {
	d.changes++
	d.emit(&Event{Kind: KindChange, Rule: by, Why: why, Source: -1, Mapping: -1, Queue: -1, Function: -1,
		Applied: &AppliedCommand{Command: Command{Op: OpDeploy, Target: id, Value: TextValue(what)}}})
}

// kindOf says what a Config has under a logical id, "" for nothing.
func (c *Config) kindOf(id string) string {
	for _, t := range c.Targets {
		if t.ID == id {
			return [...]string{"topic", "bucket"}[boolInt(t.Bucket)]
		}
	}
	for _, st := range c.Streams {
		if st.ID == id {
			return [...]string{"stream", "table"}[st.Kind]
		}
	}
	r, ok := c.SettingsOf(id)
	if !ok {
		return ""
	}
	return r.Of.String()
}

func boolInt(b bool) int {
	if b {
		return 1
	}
	return 0
}

// kinds refuses a resource whose type has changed.
func (d *deployment) kinds() *Refusal {
	for _, id := range d.next.ids() {
		if was, is := d.was.kindOf(id), d.next.kindOf(id); was != "" && was != is {
			return &Refusal{What: "deploy " + id, Code: "ValidationError", Rule: rule.CfnRefuse, Message: "Update of resource type is not permitted. The new template modifies resource type of the following resources: [" + id + "]",
				Right: "another logical id for the " + is}
		}
	}
	return nil
}

// ids are the logical ids of all resources of a Config.
func (c *Config) ids() (out []string) {
	for _, x := range c.Streams {
		out = append(out, x.ID)
	}
	for _, x := range c.Queues {
		out = append(out, x.ID)
	}
	for _, x := range c.Targets {
		out = append(out, x.ID)
	}
	for _, x := range c.Functions {
		out = append(out, x.ID)
	}
	for _, x := range c.Mappings {
		out = append(out, x.ID)
	}
	return out
}

// create makes room for the resources that are new, behind those there are: indices
// keep what they mean.
func (d *deployment) create() *Refusal {
	s, c := d.Sim, d.cfg
	for _, x := range d.next.Streams {
		if s.StreamIndex(x.ID) < 0 {
			c.Streams, s.Streams = append(c.Streams, x), append(s.Streams, Stream{})
			s.openStream(len(s.Streams) - 1)
			s.scheduleRoll(int32(len(s.Streams) - 1))
			d.change(WhyCreated, rule.CfnOrder, x.ID, x.kind())
		}
	}
	var queues []int
	for _, x := range d.next.Queues {
		if s.QueueIndex(x.ID) < 0 {
			if len(c.Queues) == 1<<s.idBits {
				return &Refusal{Message: "a run has room for " + itoa(len(c.Queues)) + " queues that were ever there", Right: "start over with the new template"}
			}
			c.Queues, s.Queues = append(c.Queues, x), append(s.Queues, Queue{})
			queues = append(queues, len(s.Queues)-1)
		}
	}
	for _, i := range queues { // one may be the DLQ of another
		s.openQueue(i)
		if r := s.checkRedrive(i, &s.Queues[i].QueueSettings); r != nil {
			return r
		}
		d.change(WhyCreated, rule.CfnOrder, c.Queues[i].ID, "queue")
	}
	for _, x := range d.next.Targets {
		if s.DestinationIndex(x.ID) < 0 {
			c.Targets, s.Targets = append(c.Targets, x), append(s.Targets, Target{})
			d.change(WhyCreated, rule.CfnOrder, x.ID, c.kindOf(x.ID))
		}
	}
	for _, x := range d.next.Functions {
		if s.FunctionIndex(x.ID) < 0 {
			c.Functions, s.Functions = append(c.Functions, x), append(s.Functions, Function{})
			err := s.openFunction(len(s.Functions) - 1)
			if err == nil {
				err = s.resolveHandler(len(s.Functions) - 1)
			}
			if err != nil {
				return &Refusal{What: "deploy " + x.ID, Message: err.Error()}
			}
			d.change(WhyCreated, rule.CfnOrder, x.ID, "function")
		}
	}
	return nil
}

// returns reports whether a resource comes back that the last template no longer had.
func (d *deployment) returns(id string) bool { return slices.Contains(d.was.Absent, id) }

// lost refuses to change a resource that a person has deleted beside the template.
func lost(id, what string) *Refusal {
	return &Refusal{What: "deploy " + id, Code: "NotFound", Rule: rule.CfnUpdate, Message: "Resource handler returned message: " + id + " was not found (HandlerErrorCode: NotFound)", Right: "leave it as it was; " + what}
}

func (c *StreamConfig) kind() string { return [...]string{"stream", "table"}[c.Kind] }

// fixed gives the property of a resource that replaces it where it has changed, ""
// where none has (setting.FixedProperties).
func fixed(of setting.Owner, in setting.Source, has func(name string) (was, is string)) (what string) {
	for _, p := range setting.FixedProperties {
		if p.Of != of || p.In&in == 0 {
			continue
		}
		if was, is := has(p.Name); was != is {
			return change(p.Name, was, is)
		}
	}
	return ""
}

// change says how a property has changed.
func change(name, was, is string) string {
	return name + ": " + cmp.Or(was, "none") + " → " + cmp.Or(is, "none")
}

// customNamed refuses to replace a resource whose physical name stays (CFN-NAME-1).
func (d *deployment) customNamed(id, was, is, what string) *Refusal {
	if was != is || !slices.Contains(d.named, id) {
		return nil
	}
	return &Refusal{What: "deploy " + id, Rule: rule.CfnName, Message: "CloudFormation cannot update a stack when a custom-named resource requires replacing. Rename " + is + " and update the stack again.",
		Right: "another name, or none; " + what + " replaces it"}
}

// updated changes the settings of a resource that differ between two templates, and
// says which; what a person has set meanwhile stays, as long as its template's value
// stays.
func (d *deployment) updated(id string) (what string, r *Refusal) {
	was, _ := d.was.SettingsOf(id)
	is, _ := d.next.SettingsOf(id)
	live, _ := d.SettingsOf(id)
	var all []string
	count := 0
	for _, p := range is.Rows() {
		a, _ := p.Get(&was)
		b, ok := p.Get(&is)
		if !ok || a == b || p.Own || p.Alias {
			continue
		}
		all = append(all, change(p.Name, a.String(), b.String()))
		if p.Name == setting.ShardCount {
			count = int(b.Int)
			continue
		}
		p.Set(&live, b)
	}
	if len(all) == 0 {
		return "", nil
	}
	what = strings.Join(all, ", ")
	if d.isGone(id) {
		return "", lost(id, what)
	}
	if r := d.checkSettings(&live); r != nil {
		r.What = "deploy " + id
		return "", r
	}
	by := rule.CfnUpdate
	if is.Of == setting.OfMapping {
		by = rule.CfnKeep
	}
	d.change(WhyUpdated, by, id, what)
	d.applySettings(&live)
	if count > 0 && count != len(d.Streams[d.StreamIndex(id)].open) {
		si := int32(d.StreamIndex(id))
		if r := d.setShardCount(si, Command{Op: OpSet, Target: id + "." + setting.ShardCount, Value: IntValue(count)}); r != nil {
			r.What = "deploy " + id
			return "", r
		}
	}
	return what, nil
}

// isGone reports whether a resource was deleted.
func (d *deployment) isGone(id string) bool {
	if i := d.MappingIndex(id); i >= 0 {
		return d.Mappings[i].deleted || d.Mappings[i].State == Deleting
	}
	if i := d.QueueIndex(id); i >= 0 {
		return d.Queues[i].removed
	}
	if i := d.StreamIndex(id); i >= 0 {
		return d.Streams[i].removed
	}
	return d.Functions[d.FunctionIndex(id)].removed
}

func (d *deployment) streams() *Refusal {
	for _, x := range d.next.Streams {
		i := d.StreamIndex(x.ID)
		was := d.was.stream(x.ID)
		if was == nil {
			continue
		}
		in := setting.Kinesis
		if x.Kind == DynamoDB {
			in = setting.DynamoDB
		}
		what := fixed(setting.OfStream, in, func(name string) (string, string) {
			switch name {
			case "Name", "TableName":
				return was.Name, x.Name
			case "KeySchema":
				return was.KeyName, x.KeyName
			}
			return "", ""
		})
		switch {
		case d.returns(x.ID):
			d.change(WhyCreated, rule.CfnOrder, x.ID, x.kind())
			d.renewStream(i, x, true)
			d.replaced[x.ID] = true
		case d.Streams[i].removed && (what != "" || was.View != x.View):
			return lost(x.ID, cmp.Or(what, "StreamViewType"))
		case what != "":
			if r := d.customNamed(x.ID, was.Name, x.Name, what); r != nil {
				return r
			}
			d.change(WhyReplaced, ruleOr(x.Kind == DynamoDB, rule.CfnTable, rule.CfnStream), x.ID, what)
			d.renewStream(i, x, true)
			d.replaced[x.ID] = true
			d.gone = append(d.gone, x.ID)
		case was.View != x.View:
			d.change(WhyUpdated, rule.CfnView, x.ID, change("StreamViewType", was.View.String(), x.View.String()))
			d.renewStream(i, x, false)
			d.replaced[x.ID] = true
		default:
			if _, r := d.updated(x.ID); r != nil {
				return r
			}
			d.cfg.Streams[i] = keepARN(x, was)
		}
	}
	return nil
}

// keepARN keeps the ARN that a stream of a table got when it was made anew.
func keepARN(x StreamConfig, was *StreamConfig) StreamConfig {
	if x.Kind == DynamoDB {
		x.ARN = was.ARN
	}
	return x
}

func (c *Config) stream(id string) *StreamConfig {
	if i := slices.IndexFunc(c.Streams, func(x StreamConfig) bool { return x.ID == id }); i >= 0 {
		return &c.Streams[i]
	}
	return nil
}

func (d *deployment) queues() *Refusal {
	for _, x := range d.next.Queues {
		i := slices.IndexFunc(d.was.Queues, func(q QueueConfig) bool { return q.ID == x.ID })
		if i < 0 {
			continue
		}
		was, q := d.was.Queues[i], &d.Queues[i]
		what := fixed(setting.OfQueue, setting.AnyQueue, func(name string) (string, string) {
			if name == "QueueName" {
				return was.Name, x.Name
			}
			return BoolValue(was.FIFO).String(), BoolValue(x.FIFO).String()
		})
		back := d.returns(x.ID)
		if what != "" && !back {
			if q.removed {
				return lost(x.ID, what)
			}
			if r := d.customNamed(x.ID, was.Name, x.Name, what); r != nil {
				return r
			}
		}
		if what == "" && !back {
			d.cfg.Queues[i] = x
			if _, r := d.updated(x.ID); r != nil {
				return r
			}
			continue
		}
		d.cfg.Queues[i] = x
		if back {
			d.change(WhyCreated, rule.CfnOrder, x.ID, "queue")
		} else {
			d.change(WhyReplaced, rule.CfnQueue, x.ID, what)
			d.replaced[x.ID] = true
		}
		if r := d.renewQueue(int32(i)); r != nil {
			return r
		}
	}
	return nil
}

// renewQueue puts a new queue in the place of an old one, whose messages are lost
// with it (CFN-QUEUE-1). Labels go on.
func (d *deployment) renewQueue(qi int32) *Refusal {
	q := &d.Queues[qi]
	d.deleteAll(qi, WhyRemoved, rule.CfnQueue)
	q.removed, q.dedup, q.purgeAgain, q.redrive = false, dedupTable{}, 0, moveTask{gen: q.redrive.gen + 1}
	q.returned, q.delayed, q.aged, q.freeGroups, q.visibleGroups = nil, nil, nil, nil, nil
	for _, g := range q.Groups { // of an empty queue: nothing of them is left
		d.Groups[g].listed, d.Groups[g].offered, d.Groups[g].busy = false, 0, 0
	}
	d.openQueue(int(qi))
	for i := range d.rows { // a FIFO queue needs groups
		if row := &d.rows[i]; row.stream < 0 && row.queue == qi && q.FIFO && len(row.groups) == 0 {
			row.groups = []GroupID{d.groupOf(qi, "k1")}
		}
	}
	return d.checkRedrive(int(qi), &q.QueueSettings)
}

func (d *deployment) targets() *Refusal {
	for _, x := range d.next.Targets {
		i := slices.IndexFunc(d.was.Targets, func(t TargetConfig) bool { return t.ID == x.ID })
		if i < 0 {
			continue
		}
		was, t := d.was.Targets[i], &d.Targets[i]
		d.cfg.Targets[i] = x
		switch {
		case d.returns(x.ID):
			d.change(WhyCreated, rule.CfnOrder, x.ID, d.next.kindOf(x.ID))
			t.removed = false
		case was.Name != x.Name:
			d.change(WhyReplaced, rule.CfnReplace, x.ID, change("Name", was.Name, x.Name))
		case was.MaximumMessageSize != x.MaximumMessageSize:
			d.change(WhyUpdated, rule.CfnUpdate, x.ID, change("MaximumMessageSize", IntValue(was.MaximumMessageSize).String(), IntValue(x.MaximumMessageSize).String()))
		}
	}
	return nil
}

func (d *deployment) functions() *Refusal {
	for _, x := range d.next.Functions {
		i := slices.IndexFunc(d.was.Functions, func(f FunctionConfig) bool { return f.ID == x.ID })
		if i < 0 {
			continue
		}
		was, f := d.was.Functions[i], &d.Functions[i]
		what := fixed(setting.OfFunction, setting.Any, func(name string) (string, string) {
			switch name {
			case "FunctionName":
				return was.Name, x.Name
			case "DurableConfig":
				return TimeValue(was.Execution).String(), TimeValue(x.Execution).String()
			case "PackageType":
				return was.PackageType, x.PackageType
			}
			return was.Tenancy, x.Tenancy
		})
		d.cfg.Functions[i] = x
		switch {
		case d.returns(x.ID):
			d.change(WhyCreated, rule.CfnOrder, x.ID, "function")
			f.removed = false
		case what != "" && f.removed:
			return lost(x.ID, what)
		case what != "":
			if r := d.customNamed(x.ID, was.Name, x.Name, what); r != nil {
				return r
			}
			d.change(WhyReplaced, rule.CfnFunction, x.ID, what)
			f.idle, f.environments = 0, bucket.Full()
			f.FunctionSettings = x.FunctionSettings
		default:
			if _, r := d.updated(x.ID); r != nil {
				return r
			}
		}
		if r := d.newCode(int32(i), &was, &x); r != nil {
			return r
		}
	}
	return nil
}

// newCode puts a function's new code in the place of the old: how long it takes and
// what it does wrong. Warm environments have the old code and are not used again.
func (d *deployment) newCode(fi int32, was, is *FunctionConfig) *Refusal {
	if was.Takes == is.Takes && was.Cold == is.Cold && was.Sends == is.Sends && reflect.DeepEqual(was.Faults, is.Faults) && reflect.DeepEqual(was.Handler, is.Handler) {
		return nil
	}
	f := &d.Functions[fi]
	if f.removed {
		return lost(is.ID, "its code")
	}
	old := oldCode{f.FunctionSettings, f.handler}
	f.Takes, f.Cold, f.idle = is.Takes, is.Cold, 0
	for int32(len(f.past)) <= f.code {
		f.past = append(slices.Clip(f.past), old)
	}
	f.code++
	if !d.hasVersions(fi) {
		f.Faults = slices.DeleteFunc(f.Faults, func(a ActiveFault) bool { return a.ofCode })
	}
	err := d.addCode(fi)
	if err == nil {
		err = d.resolveHandler(int(fi))
	}
	if err != nil {
		return &Refusal{What: "deploy " + is.ID, Message: err.Error()}
	}
	d.change(WhyUpdated, rule.CfnCode, is.ID, "its code")
	return nil
}

// hasVersions reports whether a mapping invokes a version or an alias of a function.
func (d *deployment) hasVersions(fi int32) bool {
	id := d.cfg.Functions[fi].ID
	is := func(m MappingConfig) bool { return m.Function == id && m.Qualifier != "" }
	return slices.ContainsFunc(d.was.Mappings, is) || slices.ContainsFunc(d.next.Mappings, is)
}

// cleanUp deletes what the new template no longer has, and the mappings before what
// they join.
func (d *deployment) cleanUp() *Refusal {
	has := d.next.ids()
	for i := range d.was.Mappings {
		m, x := &d.Mappings[i], &d.was.Mappings[i]
		if m.deleted || m.State == Deleting || slices.Contains(has, x.ID) && d.MappingIndex(x.ID) == i {
			continue
		}
		what := ""
		if slices.Contains(has, x.ID) {
			what = "the one that " + x.ID + " replaces"
		}
		d.change(WhyDeleted, rule.CfnOrder, x.ID, cmp.Or(what, "mapping"))
		d.stopMapping(int32(i), rule.MapDelete)
		d.beginTransition(int32(i), Deleting, x.Disables)
	}
	for i := range d.was.Functions {
		if f, x := &d.Functions[i], &d.was.Functions[i]; !f.removed && !slices.Contains(has, x.ID) {
			d.change(WhyDeleted, rule.CfnOrder, x.ID, "function")
			f.removed = true
		}
	}
	for i := range d.was.Queues {
		if q, x := &d.Queues[i], &d.was.Queues[i]; !q.removed && !slices.Contains(has, x.ID) {
			d.change(WhyDeleted, rule.CfnOrder, x.ID, "queue")
			d.removeQueue(int32(i))
		}
	}
	for i := range d.was.Targets {
		if t, x := &d.Targets[i], &d.was.Targets[i]; !t.removed && !slices.Contains(has, x.ID) {
			d.change(WhyDeleted, rule.CfnOrder, x.ID, d.was.kindOf(x.ID))
			t.removed = true
		}
	}
	for i := range d.was.Streams {
		st, x := &d.Streams[i], &d.was.Streams[i]
		if !st.removed && !slices.Contains(has, x.ID) {
			d.change(WhyDeleted, rule.CfnOrder, x.ID, x.kind())
			d.removeStream(int32(i))
		}
	}
	for _, id := range d.gone {
		d.forgetOld(int32(d.StreamIndex(id)))
	}
	return nil
}

// sends changes what topics, buckets and rules send to queues: a bucket tries a new
// notification (S3-TEST-1).
func (d *deployment) sends() *Refusal {
	d.cfg.Fronts = slices.Clone(d.cfg.Fronts)
	for _, x := range d.next.Fronts {
		i := d.FrontIndex(x.ID)
		if i < 0 {
			d.cfg.Fronts, d.fronts = append(d.cfg.Fronts, x), append(d.fronts, front{})
			i = len(d.fronts) - 1
		} else if reflect.DeepEqual(d.cfg.Fronts[i], x) {
			continue
		}
		if d.cfg.Chosen.FilterChange > 0 {
			d.keepFilters(i, &x)
		}
		d.cfg.Fronts[i] = x
		if err := d.openFront(i); err != nil {
			return &Refusal{What: "deploy " + x.ID, Message: err.Error()}
		}
		d.change(WhyUpdated, rule.CfnUpdate, x.ID, "what it sends to queues")
		d.testFront(i)
	}
	for i := range d.cfg.Fronts { // one that is gone sends nothing
		if id := d.cfg.Fronts[i].ID; !slices.ContainsFunc(d.next.Fronts, func(x FrontConfig) bool { return x.ID == id }) {
			d.cfg.Fronts[i].Sends, d.fronts[i] = nil, front{sent: d.fronts[i].sent, sends: d.fronts[i].sends, waiting: d.fronts[i].waiting}
		}
	}
	return nil
}

// keepFilters lets the filters that a deployment changes count for as long as that
// takes to spread (SNS-FILTER-3).
func (d *deployment) keepFilters(i int, x *FrontConfig) {
	if x.Kind != FrontTopic || i >= len(d.was.Fronts) {
		return
	}
	old := make([]oldFilter, len(x.Sends))
	for k := range x.Sends {
		for _, was := range d.was.Fronts[i].Sends {
			if was.ID == x.Sends[k].ID && was.Queue == x.Sends[k].Queue && (source(was.Filter) != source(x.Sends[k].Filter) || was.InBody != x.Sends[k].InBody) {
				old[k] = oldFilter{d.now + d.cfg.Chosen.FilterChange, was.Filter, was.InBody}
			}
		}
	}
	d.fronts[i].filters = old
}

func source(p *pattern.Pattern) string {
	if p == nil {
		return ""
	}
	return p.Source()
}
