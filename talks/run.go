package talks

import (
	"fmt"
	"slices"
	"strconv"

	"go.yaml.in/yaml/v4"

	"esmlab/engine"
	"esmlab/engine/query"
	"esmlab/engine/scenario"
	"esmlab/engine/template"
	"esmlab/engine/timeline"
)

// runs are the worlds of a presentation as far as it was read: each stop that gives
// commands makes another one of the one before.
type runs struct {
	src     []byte
	file    string
	options scenario.Options
	world   *scenario.Scenario
	at      engine.Micros
}

// place finds the run of a stop, and its instant in it.
func (r *reader) place(s *Stop, m *machine) {
	u := &r.runs
	fresh := m.scenario != ""
	if fresh && !r.begin(m) {
		u.world = nil
		return
	}
	if u.world == nil { // what is wrong with it was said
		return
	}
	s.Continues = !fresh
	at := u.at
	switch {
	case m.at.name != "":
		d, ok := scenario.Duration(m.at.value.Value)
		if !ok {
			r.add(m.at.line, m.at.col, "at is not a time: "+m.at.value.Value, "such as 6s, 200ms, 5m")
			return
		}
		at = d
	case m.when.name != "":
		d, ok := r.when(m, u.at)
		if !ok {
			return
		}
		at = d
	}
	if at < u.at {
		r.add(m.at.line, m.at.col, "this stop is at second "+at.String()+", before the one that it follows (second "+u.at.String()+")", "a later time, or `scenario` to begin again")
		return
	}
	if len(m.steps) > 0 { // right after all that happens at that instant
		at++
		for _, n := range m.steps {
			if n.Kind != yaml.MappingNode {
				r.add(m.line, 1, "a step is a map", "{set: {ShipOrders.BatchSize: 50}}")
				return
			}
			step := &yaml.Node{Kind: yaml.MappingNode, Content: slices.Concat([]*yaml.Node{{Kind: yaml.ScalarNode, Value: "at"}, {Kind: yaml.ScalarNode, Value: at.String() + "s"}}, n.Content)}
			text, err := yaml.Marshal(step)
			if err != nil {
				r.add(m.line, 1, "this step cannot be read", "{set: {ShipOrders.BatchSize: 50}}")
				return
			}
			u.options.Steps = append(slices.Clip(u.options.Steps), string(text))
		}
		if !r.readWorld(m.line) {
			return
		}
	}
	u.at = at
	s.World, s.At = u.world, at
	if s.Mapping != "" && !slices.ContainsFunc(u.world.Config.Mappings, func(c engine.MappingConfig) bool { return c.ID == s.Mapping }) {
		r.add(m.line, 1, s.Mapping+" is not a mapping of "+u.world.Name, "leave it out, or its logical id")
	}
}

// begin reads a scenario that a stop names.
func (r *reader) begin(m *machine) bool {
	u := &r.runs
	*u = runs{}
	var err error
	if u.src, u.file, err = r.named(m.scenario); err != nil {
		r.add(m.line, 1, err.Error(), "the name of a built-in scenario, or of a file")
		return false
	}
	if m.seed != "" {
		n, err := strconv.ParseUint(m.seed, 10, 64)
		if err != nil {
			r.add(m.line, 1, "seed is a whole number, not "+m.seed, "seed: 7")
			return false
		}
		u.options.Seed = &n
	}
	return r.readWorld(m.line)
}

func (r *reader) readWorld(line int) bool {
	u := &r.runs
	sc, err := scenario.Read(u.file, u.src, u.options)
	if err != nil {
		for _, e := range err.(template.Errors) { // Read gives no other error
			message := e.Message
			if e.Code != "" {
				message = e.Code + ": " + message
			}
			r.add(line, 1, fmt.Sprintf("%s:%d:%d: %s", e.File, e.Line, e.Col, message), e.Right)
		}
		return false
	}
	u.world = sc
	return true
}

// usual is how long `when` is waited for.
const usual = 10 * engine.Minute

// when finds the instant from an earlier one on at which an expression is true.
func (r *reader) when(m *machine, from engine.Micros) (engine.Micros, bool) {
	q, err := query.Compile(m.when.value.Value, r.runs.world.Config)
	if err != nil {
		r.add(m.when.line, m.when.col+err.Column, err.Message, err.Right)
		return 0, false
	}
	within := m.within
	if within == 0 {
		within = usual
	}
	at, ok := instant(r.runs.world, q, from, from+within)
	if !ok {
		r.add(m.when.line, m.when.col, "this does not come true from second "+from.String()+" to "+(from+within).String()+": "+q.Text, "another expression, or within: 30m")
	}
	return at, ok
}

// instant gives the first instant from one on at which a question is answered with yes;
// false: there is none up to another one.
func instant(sc *scenario.Scenario, q *query.Query, from, to engine.Micros) (engine.Micros, bool) {
	s, err := engine.New(sc.Config)
	if err != nil {
		return 0, false
	}
	w := query.NewWorld(s, q)
	s.RunUntil(from)
	for {
		w.Observe(s.Drain())
		if yes, err := q.Eval(w); yes && err == nil {
			return s.Now(), true
		}
		next := s.NextAt()
		if next > to || next == engine.Never {
			return 0, false
		}
		s.RunUntil(next)
	}
}

// asked gives what questions are answered with at an instant.
func asked(sc *scenario.Scenario, at engine.Micros, qs []*query.Query) ([]bool, error) {
	t, err := timeline.New(sc.Config)
	if err != nil {
		return nil, err
	}
	t.Advance(at, -1)
	w := query.NewWorld(t.Sim(), qs...)
	t.Replay(0, func(s *engine.Sim, e *engine.Event) bool {
		w.Sim = s
		w.Observe([]engine.Event{*e})
		return true
	})
	w.Sim = t.Sim()
	out := make([]bool, len(qs))
	for i, q := range qs {
		if out[i], err = q.Eval(w); err != nil {
			return nil, err
		}
	}
	return out, nil
}
