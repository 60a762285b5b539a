// Package scenario reads a scenario: a SAM or CloudFormation template with
// traffic, faults, steps and expectations under Metadata.esmlab. It holds the
// built-in ones and runs them without a screen.
package scenario

import (
	"embed"
	"path"
	"slices"
	"strings"
	"sync"

	"go.yaml.in/yaml/v4"

	"esmlab/engine"
	"esmlab/engine/query"
	"esmlab/engine/setting"
	"esmlab/engine/template"
)

// Scenario is a scenario that was read, ready to run.
type Scenario struct {
	Name, File, Title, About string
	Limits                   string // current or 2022
	Source                   []byte
	Config                   *engine.Config
	Expect                   []Expect
	Stops                    []Stop
	HasTwist                 bool
	MadeUpTraffic            bool   // it says nothing of its traffic, which is esmlab's default
	MadeUp                   string // what it does not say and esmlab makes up: traffic, how long calls take; "" nothing
	// Notes say what was simulated with defaults or left alone.
	Notes []string
	// Options are those that it was read with, and Files what it read beside itself, by the
	// names that it has for them: with both and Source it can be read anywhere.
	Options Options
	Files   map[string][]byte
	// Details are what notes sum up, one by one.
	Details []string

	template *template.Template
	meta     *template.Value
	params   map[string]string
	embedded bool
	timed    []string         // functions of which it is said how long they take
	sets     []engine.Setting // in force from second 0, in their order
	made     *sync.Map        // of the deployments that were read with it: the template of each
}

// Expect is an expectation: That must hold at At (the end where HasAt and
// HasBy are false), at some instant up to By, or always.
type Expect struct {
	That         string
	Query        *query.Query
	At, By       engine.Micros
	HasAt, HasBy bool
	Always       bool
	Line, Col    int
}

// Stop is where a presenter stops: at a time, or when a query becomes true.
type Stop struct {
	At    engine.Micros
	Query *query.Query // nil: at At
}

// Options change a scenario as it is read.
type Options struct {
	Params map[string]string // template parameters by name
	Sets   []string          // NAME=VALUE, in force from second 0
	Steps  []string          // steps as YAML, after those of the template
	Seed   *uint64
	For    *engine.Micros
	Twist  bool // apply `twist`
	// Changes are maps like `twist`, applied in their order: keys of
	// Metadata.esmlab in the place of the template's, and `set`. What the
	// template expects then no longer counts: expect, stops and twist are left
	// out.
	Changes []*yaml.Node
	// Open reads a file that a step deploys, by its name as the scenario has it; nil: none
	// can be read.
	Open func(name string) ([]byte, error)
}

//go:embed builtin/*.yaml
var builtin embed.FS

// order is the order in which the built-in scenarios teach.
var order = []string{"calm-stream", "poison-record", "bisect-finds-it", "eight-records", "partial-response", "retries-then-destination",
	"records-too-old", "timeout", "window-gathers", "latest-misses",
	"two-consumers", "parallel-lanes", "good-neighbours-lost", "bisect-with-partial", "wrong-key", "reshard-behind-poison", "tumbling-count", "throttled",
	"s3-keeps-the-payload", "off-for-too-long", "too-many-consumers", "ttl-deletes", "third-reader", "filters-drop", "filter-on-a-number",
	"calm-queue", "poison-to-dlq", "batch-mates", "report-the-one", "report-not-enabled", "visibility-too-short", "delay-is-not-hiding", "six-times",
	"throttled-into-the-dlq", "maximum-concurrency", "scale-out", "two-mappings-compete", "queue-filtered-away", "dlq-on-the-function", "redrive-back", "permission-lost",
	"fifo-group-blocked", "fifo-shared-batch", "fifo-order-broken", "fifo-same-twice",
	"given-back-at-once", "heartbeat", "deleted-then-thrown", "powertools-stops", "charged-twice", "idempotent-and-crashed", "sent-back-to-itself", "downstream-away", "circuit-breaker",
	"position-changed", "everything-again", "view-type-changed", "table-made-anew", "weighted-alias",
	"envelope-and-filter", "test-event", "no-queue-policy",
	"a-second-consumer", "looked-at-in-the-console", "purged-too-late", "written-twice", "aggregated-and-filtered", "refused-and-put-again"}

// Names lists the built-in scenarios in the order in which they teach.
func Names() []string {
	entries, err := builtin.ReadDir("builtin")
	if err != nil {
		return nil
	}
	names := slices.Clone(order)
	for _, e := range entries {
		if name := strings.TrimSuffix(e.Name(), ".yaml"); !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	return slices.DeleteFunc(names, func(n string) bool { _, ok := Builtin(n); return !ok })
}

// Builtin gives the template of a built-in scenario.
func Builtin(name string) ([]byte, bool) {
	src, err := builtin.ReadFile("builtin/" + name + ".yaml")
	return src, err == nil
}

// isBuiltin reports whether a file is a built-in scenario, or one that its tests read.
func isBuiltin(file string, src []byte) bool {
	own, ok := Builtin(strings.TrimSuffix(path.Base(file), ".yaml"))
	return ok && string(own) == string(src)
}

// Head gives the title of a scenario and what it is about, without reading the
// rest: what a list says. Of what is not a template, it gives nothing.
func Head(src []byte) (title, about string) {
	child := func(n *yaml.Node, name string) *yaml.Node {
		for i := 0; n != nil && n.Kind == yaml.MappingNode && i+1 < len(n.Content); i += 2 {
			if n.Content[i].Value == name {
				return n.Content[i+1]
			}
		}
		return &yaml.Node{}
	}
	meta := child(child(template.Parse("", src, &template.Problems{}), "Metadata"), "esmlab")
	return child(meta, "title").Value, child(meta, "about").Value
}

// Read reads a scenario. Its error is a template.Errors: everything that is
// wrong, each with its place.
func Read(file string, src []byte, o Options) (*Scenario, error) {
	sc, p := read(file, src, o)
	if sc != nil && sc.HasTwist && !o.Twist { // a twist that cannot be read is wrong before it is used
		o.Twist = true
		if _, twisted := read(file, src, o); twisted.Err() != nil {
			for _, e := range twisted.Err().(template.Errors) { // Err gives no other error
				p.AddError(e)
			}
		}
	}
	if err := p.Err(); err != nil {
		return nil, err
	}
	return sc, nil
}

type reader struct {
	*template.Problems
	t      *template.Template
	cfg    *engine.Config
	sc     *Scenario
	meta   *template.Value
	faults []string // names, for `fix`
	fixes  []named
	mended []string // faults that the scenario has without its twist: a step may fix them in both
	params map[string]string
	read   func(name string) ([]byte, error)
	// templates are what steps deploy.
	templates []deployed
}

type named struct {
	name string
	at   *yaml.Node
}

func read(file string, src []byte, o Options) (*Scenario, *template.Problems) {
	t, err := template.Load(file, src, o.Params)
	if t == nil {
		p := &template.Problems{File: file}
		for _, e := range err.(template.Errors) { // Load gives no other error
			p.AddError(e)
		}
		return nil, p
	}
	name := path.Base(strings.ReplaceAll(file, "\\", "/"))
	r := &reader{Problems: t.Problems, t: t, params: o.Params, sc: &Scenario{made: &sync.Map{}, params: o.Params, embedded: isBuiltin(file, src), File: file, Name: strings.TrimSuffix(name, path.Ext(name)), Source: src, Limits: "current"}}
	r.read = r.noting(o.Open)
	r.cfg = &engine.Config{Seed: 1, Start: 1796083200_000000, For: 60 * engine.Second, Region: t.Region, Account: t.Account,
		Concurrency: 1000, Chosen: engine.DefaultChosen(), Streams: t.Streams, Queues: t.Queues, Targets: t.Targets, Fronts: t.Fronts, Functions: t.Functions, Mappings: t.Mappings}
	r.sc.Config = r.cfg
	if t.Metadata != nil {
		r.meta = t.Raw(t.Metadata)
		if r.meta.Kind != template.Map && r.meta.Kind != template.Null {
			r.Add(t.Metadata, "", "Metadata.esmlab is a map, not "+r.meta.String(), "title, traffic, functions, expect …")
			r.meta = nil
		}
	}
	if r.meta == nil {
		r.meta = &template.Value{Kind: template.Map}
	}
	var sets []*template.Value
	for _, c := range o.Changes {
		change := t.Raw(c)
		if change.Kind != template.Map {
			r.Add(c, "", "a change is a map, not "+change.String(), "set: {…}, or keys of Metadata.esmlab")
			continue
		}
		r.meta = twisted(r.meta, change)
		sets = append(sets, change.Get("set"))
	}
	if len(o.Changes) > 0 {
		r.meta = without(r.meta, "expect", "stops", "twist")
	}
	twist := r.meta.Get("twist")
	r.sc.HasTwist = twist != nil
	if o.Twist && twist != nil {
		r.mended = faultsOf(r.meta)
		r.meta = twisted(r.meta, twist)
	}
	r.readMeta(o)
	r.setAll(r.cfg, r.meta.Get("set"), r.setNow)
	if o.Twist && twist != nil {
		r.setAll(r.cfg, twist.Get("set"), r.setNow)
	}
	for _, v := range sets {
		r.setAll(r.cfg, v, r.setNow)
	}
	for _, s := range o.Sets {
		r.setFlag(s)
	}
	for _, s := range o.Steps {
		r.stepFlag(s)
	}
	reserved := 0
	for _, f := range r.cfg.Functions {
		if refused := setting.CheckReserved(r.cfg.Concurrency, reserved, f.Reserved); refused != nil {
			r.Add(t.Where[f.ID], refused.Code, refused.Message, refused.Right)
		}
		reserved += max(0, f.Reserved)
	}
	for i := range r.cfg.Mappings {
		m := &r.cfg.Mappings[i]
		if m.Start == engine.AtTimestamp && m.StartTimestamp > r.cfg.Start+int64(m.Activates) {
			r.Add(t.Where[m.ID+".StartingPositionTimestamp"], "InvalidParameterValueException", "StartingPositionTimestamp of "+m.ID+" lies in the future.",
				"a time up to second "+m.Activates.String()+", where "+m.ID+" is created")
		}
	}
	r.queueMappings()
	r.handlerRoles()
	r.judgeMadeUp()
	r.allOff()
	if !r.sc.embedded && (r.sc.MadeUpTraffic || r.sc.Title == "") { // a world that was made with a title and traffic means its defaults
		r.sc.MadeUp = r.madeUp()
	}
	r.sc.Notes, r.sc.Details, r.sc.template, r.sc.meta = t.Notes, t.Details, t, r.meta
	r.sc.Options = o
	return r.sc, t.Problems
}

// twisted gives the metadata with the keys of its twist in the place of its own.
func twisted(meta, twist *template.Value) *template.Value {
	out := *meta
	out.Fields = slices.Clone(meta.Fields)
	for _, f := range twist.Fields {
		if f.Name == "set" {
			continue
		}
		i := slices.IndexFunc(out.Fields, func(g template.Field) bool { return g.Name == f.Name })
		if i < 0 {
			out.Fields = append(out.Fields, f)
		} else {
			out.Fields[i] = f
		}
	}
	return &out
}

// without gives a map without some of its fields.
func without(v *template.Value, names ...string) *template.Value {
	out := *v
	out.Fields = slices.DeleteFunc(slices.Clone(v.Fields), func(f template.Field) bool { return slices.Contains(names, f.Name) })
	return &out
}

var metaFields = []string{"title", "about", "seed", "for", "starts", "limits", "traffic", "functions", "steps", "services", "receivers", "mappings", "sources", "account", "chosen", "prices", "expect", "twist", "stops", "ignore", "set"}

// readMeta reads Metadata.esmlab.
func (r *reader) readMeta(o Options) {
	m := r.meta
	r.known(m, "Metadata.esmlab", metaFields...)
	r.sc.Title, r.sc.About = r.text(m, "title"), r.text(m, "about")
	if v := m.Get("seed"); v != nil {
		if n, ok := v.Int(); ok && n >= 0 {
			r.cfg.Seed = uint64(n)
		} else if strings.Trim(v.Text, "-0123456789") == "" && v.Text != "" {
			r.Add(v.Node, "", "seed cannot be "+v.String(), "0 to 9223372036854775807")
		} else {
			r.Add(v.Node, "", "seed is a whole number, not "+v.String(), "0 or more")
		}
	}
	r.cfg.For = r.duration(m, "for", r.cfg.For)
	if o.Seed != nil {
		r.cfg.Seed = *o.Seed
	}
	if o.For != nil {
		r.cfg.For = *o.For
	}
	if v := m.Get("starts"); v != nil {
		if us, ok := template.Timestamp(v.Text); ok {
			r.cfg.Start = us
		} else {
			r.Add(v.Node, "", "starts is not a time: "+v.String(), "as 2026-12-01T00:00:00Z")
		}
	}
	if v := m.Get("limits"); v != nil {
		if v.Text != "current" && v.Text != "2022" {
			r.Add(v.Node, "", "limits cannot be "+v.String(), "current or 2022")
		}
		r.sc.Limits = v.Text
		r.cfg.Limits = v.Text
	}
	r.account(m.Get("account"))
	r.chosen(m.Get("chosen"))
	r.prices(m.Get("prices"))
	r.sources(m.Get("sources"))
	r.mappings(m.Get("mappings"))
	r.services(m.Get("services"))
	r.functions(m.Get("functions"))
	r.receivers(m.Get("receivers"))
	r.traffic(m)
	r.steps(m.Get("steps"))
	r.checkFixes()
	r.expect(m.Get("expect"))
	r.stops(m.Get("stops"))
	if v := m.Get("twist"); v != nil && v.Kind == template.Map {
		r.known(v, "twist", slices.DeleteFunc(slices.Clone(metaFields), func(s string) bool { return s == "twist" || s == "expect" })...)
		r.setAll(r.cfg, v.Get("set"), func(string, engine.Value, *yaml.Node) {})
	} else if v != nil {
		r.Add(v.Node, "", "twist is a map, not "+v.String(), "set: {…}, or keys of Metadata.esmlab")
	}
}

func (r *reader) account(v *template.Value) {
	if v == nil {
		return
	}
	r.known(v, "account", "concurrency", "used")
	r.cfg.Concurrency = r.number(v, "concurrency", r.cfg.Concurrency, 0, 1_000_000)
	r.cfg.Used = r.number(v, "used", 0, 0, r.cfg.Concurrency)
}

func (r *reader) sources(v *template.Value) {
	for _, f := range r.entries(v, "sources", "Orders: {shards: 2}") {
		if i := slices.IndexFunc(r.cfg.Queues, func(c engine.QueueConfig) bool { return c.ID == f.Name }); i >= 0 {
			r.known(f.Value, "sources."+f.Name, "duplicates", "failed_deletes", "away")
			c := &r.cfg.Queues[i]
			c.Away = r.spans(f.Value, "away")
			c.Duplicates, c.FailedDeletes = r.share(f.Value, "duplicates"), r.share(f.Value, "failed_deletes")
			if d := f.Get("duplicates"); d != nil && c.FIFO {
				r.Add(d.Node, "", "a FIFO queue delivers no duplicates while a message is hidden", "leave it out")
			}
			continue
		}
		i := slices.IndexFunc(r.cfg.Streams, func(c engine.StreamConfig) bool { return c.ID == f.Name })
		if i < 0 {
			r.Add(f.Key, "", f.Name+" is neither a stream nor a queue of this template", template.OneOf(f.Name, r.ids(isStream|isQueue)))
			continue
		}
		r.known(f.Value, "sources."+f.Name, "shards")
		c := &r.cfg.Streams[i]
		c.ShardCount = r.number(f.Value, "shards", c.ShardCount, 1, 10000)
	}
}

func (r *reader) mappings(v *template.Value) {
	for _, f := range r.entries(v, "mappings", "ShipOrders: {activates: 45s}") {
		i := slices.IndexFunc(r.cfg.Mappings, func(c engine.MappingConfig) bool { return c.ID == f.Name })
		if i < 0 {
			r.Add(f.Key, "", f.Name+" is not a mapping of this template", template.OneOf(f.Name, r.ids(isMapping)))
			continue
		}
		r.known(f.Value, "mappings."+f.Name, "activates", "updates", "disables", "role")
		c := &r.cfg.Mappings[i]
		c.Activates = r.duration(f.Value, "activates", 0)
		c.Updates = r.duration(f.Value, "updates", 0)
		c.Disables = r.duration(f.Value, "disables", 0)
		if role := f.Get("role"); role != nil {
			r.known(role, "role", "deny")
			for _, a := range r.actions(role.Get("deny"), "deny") {
				c.Deny = append(c.Deny, engine.Denial{Action: a, By: "`role: {deny: …}` of the scenario"})
			}
		}
	}
}

func (r *reader) stops(v *template.Value) {
	if v == nil {
		return
	}
	if v.Kind != template.List {
		r.Add(v.Node, "", "stops is a list, not "+v.String(), "times and expressions")
		return
	}
	for _, item := range v.Items {
		if item.Kind != template.Scalar {
			r.Add(item.Node, "", "a stop is a time or an expression, not "+item.String(), "- 20s")
		} else if at, ok := Duration(item.Text); ok {
			r.sc.Stops = append(r.sc.Stops, Stop{At: at})
		} else if q := r.query(item); q != nil {
			r.sc.Stops = append(r.sc.Stops, Stop{Query: q})
		}
	}
}

func (r *reader) expect(v *template.Value) {
	if v == nil {
		return
	}
	if v.Kind != template.List {
		r.Add(v.Node, "", "expect is a list, not "+v.String(), "- {at: 15s, that: '…'}")
		return
	}
	for _, item := range v.Items {
		if item.Kind != template.Map {
			r.Add(item.Node, "", "an expectation is a map, not "+item.String(), "- {that: '…'}")
			continue
		}
		r.known(item, "an expectation", "that", "at", "by", "always")
		that := item.Get("that")
		if that == nil || that.Kind != template.Scalar {
			r.Add(item.Node, "", "an expectation needs `that`, an expression", "that: 'record(\"Orders#1\").state == \"done\"'")
			continue
		}
		e := Expect{That: that.Text, Query: r.query(that), Line: that.Node.Line, Col: that.Node.Column,
			HasAt: item.Get("at") != nil, HasBy: item.Get("by") != nil}
		e.At, e.By = r.duration(item, "at", 0), r.duration(item, "by", 0)
		e.Always = r.flag(item, "always")
		if b := func(n int, x bool) int {
			if x {
				n++
			}
			return n
		}; b(b(b(0, e.HasAt), e.HasBy), e.Always) > 1 {
			r.Add(item.Node, "", "an expectation has one of at, by and always", "one of them")
		}
		r.sc.Expect = append(r.sc.Expect, e)
	}
}

// query compiles an expression; the error stands at its place in the file.
func (r *reader) query(v *template.Value) *query.Query {
	q, err := query.Compile(v.Text, r.everything())
	if err != nil {
		at := *v.Node
		if v.Node.Style&(yaml.LiteralStyle|yaml.FoldedStyle) == 0 {
			at.Column += err.Column
			if v.Node.Style&(yaml.SingleQuotedStyle|yaml.DoubleQuotedStyle) != 0 {
				at.Column++
			}
		}
		r.Add(&at, "", err.Message, err.Right)
		return nil
	}
	return q
}
