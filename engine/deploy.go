package engine

import (
	"cmp"
	"reflect"
	"slices"
	"strings"

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
	if id := s.unfinished(); id != "" {
		return &Refusal{What: "deploy", Code: "ValidationError", Rule: rule.CfnBusy, Message: "Stack is in UPDATE_IN_PROGRESS state and can not be updated.",
			Right: "the deployment before is over when " + id + " has been created: wait for that"}
	}
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
