package scenario

import (
	"errors"
	"slices"

	"go.yaml.in/yaml/v4"

	"esmlab/engine"
	"esmlab/engine/template"
)

// This file reads what a step deploys: another template, or a changed part of the one
// that is deployed by then.

// deployed is a template and since when it is deployed.
type deployed struct {
	at       engine.Micros
	t        *template.Template
	meta     *template.Value
	services []engine.ServiceConfig
	notes    []string // on what the template before had not
}

// deploy reads a step: `deploy: FILE`, or a part of the template.
func (r *reader) deploy(at engine.Micros, v *template.Value) (engine.Command, bool) {
	was := r.before(at)
	p, name := r.Problems, ""
	var root *yaml.Node
	switch v.Kind {
	case template.Map:
		root = template.Merge(was.t.Root, v.Node)
	case template.Scalar:
		name = v.Text
		src, err := r.open(name)
		if err != nil {
			r.Add(v.Node, "", "the template to deploy cannot be read: "+err.Error(), "a file beside this one, or a part of the template")
			return engine.Command{}, false
		}
		p = &template.Problems{File: name}
		if root = template.Parse(name, src, p); root == nil {
			r.take(p)
			return engine.Command{}, false
		}
	default:
		r.Add(v.Node, "", "deploy is a file or a part of the template, not "+v.String(), "{Resources: {ShipOrders: {Properties: {StartingPosition: LATEST}}}}")
		return engine.Command{}, false
	}
	before := p.Count()
	next, d := deployment(p, root, was, r.params)
	if d.Name = name; p != r.Problems {
		r.take(p)
	}
	if p.Count() > before {
		return engine.Command{}, false
	}
	next.at = at
	for _, n := range next.notes {
		if name != "" {
			n = name + ": " + n
		}
		r.t.Note(n)
	}
	r.templates = append(r.templates, next)
	r.sc.made.Store(d, next)
	for _, s := range r.sc.sets { // a step of the command line
		setDeployed(d.Config, s.Target, s.Value)
	}
	r.cfg.KeepRecords = true
	r.faults = append(r.faults, faultNames(d.Config)...)
	return engine.Command{Op: engine.OpDeploy, Target: name, Deploy: d}, true
}

// deployment builds a template that is put in the place of another one. What its
// functions do, and how long its mappings take to change, is what its own
// Metadata.esmlab says, else what the one before had.
func deployment(p *template.Problems, root *yaml.Node, was deployed, params map[string]string) (deployed, *engine.Deployment) {
	t := template.Deployed(p, root, params, was.t)
	next := deployed{t: t, meta: &template.Value{Kind: template.Map}, services: was.services}
	next.notes = slices.DeleteFunc(slices.Clone(t.Notes), func(n string) bool { return slices.Contains(was.t.Notes, n) })
	if t.Metadata != nil {
		next.meta = t.Raw(t.Metadata)
	}
	for _, name := range []string{"functions", "mappings", "sources"} {
		if i := slices.IndexFunc(was.meta.Fields, func(f template.Field) bool { return f.Name == name }); i >= 0 && next.meta.Get(name) == nil {
			next.meta.Fields = append(slices.Clip(next.meta.Fields), was.meta.Fields[i])
		}
	}
	cfg := &engine.Config{Region: t.Region, Concurrency: 1000, Streams: t.Streams, Queues: t.Queues, Targets: t.Targets, Fronts: t.Fronts, Functions: t.Functions, Mappings: t.Mappings, Services: was.services}
	sub := &reader{Problems: p, t: t, cfg: cfg, sc: &Scenario{}, meta: next.meta, params: params}
	sub.sources(sub.still(next.meta.Get("sources"), isStream|isQueue, was.t))
	sub.mappings(sub.still(next.meta.Get("mappings"), isMapping, was.t))
	sub.functions(sub.still(next.meta.Get("functions"), isFunction, was.t))
	sub.queueMappings()
	sub.handlerRoles()
	return next, &engine.Deployment{Config: cfg, Named: t.Named()}
}

// still leaves out what is said of things that the template before had and this one
// no longer has.
func (r *reader) still(v *template.Value, kinds int, was *template.Template) *template.Value {
	if v == nil || v.Kind != template.Map {
		return v
	}
	out := *v
	out.Fields = slices.DeleteFunc(slices.Clone(v.Fields), func(f template.Field) bool {
		return !slices.Contains(r.ids(kinds), f.Name) && was.Has(f.Name)
	})
	return &out
}

// before is the template that is deployed at an instant.
func (r *reader) before(at engine.Micros) deployed {
	out := deployed{t: r.t, meta: r.meta, services: r.cfg.Services}
	for _, d := range r.templates {
		if d.at <= at && d.at >= out.at {
			out = d
		}
	}
	return out
}

// take takes over what is wrong in another file.
func (r *reader) take(p *template.Problems) {
	if err := p.Err(); err != nil {
		for _, e := range err.(template.Errors) { // Err gives no other error
			r.AddError(e)
		}
	}
}

// noting reads a file and keeps it in Scenario.Files; nil: none can be read.
func (r *reader) noting(read func(name string) ([]byte, error)) func(name string) ([]byte, error) {
	if read == nil {
		return nil
	}
	return func(name string) ([]byte, error) {
		src, err := read(name)
		if err == nil {
			if r.sc.Files == nil {
				r.sc.Files = map[string][]byte{}
			}
			r.sc.Files[name] = src
		}
		return src, err
	}
}

// open reads a file that stands beside the scenario.
func (r *reader) open(name string) ([]byte, error) {
	switch {
	case r.sc.embedded && r.read == nil:
		return builtin.ReadFile("builtin/" + name)
	case r.read == nil:
		return nil, errors.New("no file can be read here")
	}
	return r.read(name)
}

func faultNames(c *engine.Config) (out []string) {
	for _, f := range c.Functions {
		for _, fault := range f.Faults {
			out = append(out, fault.Name)
		}
	}
	return out
}

// everything is the Config with all resources that its steps deploy: what names may
// mean.
func (r *reader) everything() *engine.Config {
	if len(r.templates) == 0 {
		return r.cfg
	}
	all := *r.cfg
	for _, d := range r.templates {
		all.Streams = add(all.Streams, d.t.Streams, func(x engine.StreamConfig) string { return x.ID })
		all.Queues = add(all.Queues, d.t.Queues, func(x engine.QueueConfig) string { return x.ID })
		all.Targets = add(all.Targets, d.t.Targets, func(x engine.TargetConfig) string { return x.ID })
		all.Functions = add(all.Functions, d.t.Functions, func(x engine.FunctionConfig) string { return x.ID })
		all.Mappings = add(all.Mappings, d.t.Mappings, func(x engine.MappingConfig) string { return x.ID })
	}
	return &all
}

func add[T any](list, more []T, id func(T) string) []T {
	out := slices.Clip(list)
	for _, x := range more {
		if !slices.ContainsFunc(out, func(y T) bool { return id(y) == id(x) }) {
			out = append(out, x)
		}
	}
	return out
}

// Deploy reads a template that is to be deployed in the place of another one: what was
// deployed last, nil for the scenario's own template.
func (sc *Scenario) Deploy(file string, src []byte, last *engine.Deployment) (*engine.Deployment, error) {
	p := &template.Problems{File: file}
	root := template.Parse(file, src, p)
	if root == nil {
		return nil, p.Err()
	}
	was := deployed{t: sc.template, meta: sc.meta, services: sc.Config.Services}
	if d, ok := sc.made.Load(last); ok {
		was = d.(deployed)
	}
	next, d := deployment(p, root, was, sc.params)
	for _, s := range sc.sets {
		setDeployed(d.Config, s.Target, s.Value)
	}
	d.Name = file
	sc.made.Store(d, next)
	return d, p.Err()
}

// NotesOn gives the notes on a template that was read with Deploy: those that the template
// before had not.
func (sc *Scenario) NotesOn(d *engine.Deployment) []string {
	was, _ := sc.made.Load(d)
	next, _ := was.(deployed)
	return next.notes
}
