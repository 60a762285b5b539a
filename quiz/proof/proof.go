// Package proof runs the proofs of quiz cards: in the card's world the engine
// must say that every right option is true and every wrong one false; in the
// world that a wrong option names, that option must be true and the key false.
package proof

import (
	"fmt"
	"path"
	"slices"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v4"

	"esmlab/engine"
	"esmlab/engine/query"
	"esmlab/engine/rule"
	"esmlab/engine/scenario"
	"esmlab/engine/template"
	"esmlab/quiz/card"
)

// Prover runs proofs. It keeps the outcome of a run, so equal worlds are
// simulated once. It is not safe for use by several goroutines.
type Prover struct {
	// Open reads a scenario that is a file; its name is joined to the folder of
	// the card's note. Nil: only built-in scenarios are known.
	Open func(name string) ([]byte, error)

	runs map[string]*outcome
	// Runs counts the simulations so far.
	Runs int
}

// Result is the outcome of the proof of one card.
type Result struct {
	// Proved tells that there is a proof, and that it holds.
	Proved   bool
	Problems []card.Problem
	// Saw is what the engine said of each option in the card's world, by the
	// option's number: the value of `ask`, or true and false.
	Saw map[int]any
}

// World is where one thing is asked: a scenario with its changes, and when.
type World struct {
	Scenario *scenario.Scenario
	// At and HasAt give the instant; When becomes true at it; neither: the end.
	At    engine.Micros
	HasAt bool
	When  *query.Query
	// Show is the question at whose turning true the lab opens, or nil.
	Show *query.Query

	key string
}

// Key is a text that worlds share only if they are the same.
func (w *World) Key() string { return w.key }

// claim is a question to a world: the expression, and the value that is
// compared, if any.
type claim struct {
	of   *card.Claim
	text string
}

// outcome is what a run gave: the value of each expression, or its error.
type outcome struct {
	values map[string]any
	errs   map[string]error
	err    error // the run itself
}

// Prove runs the proof of a card.
func (p *Prover) Prove(c *card.Card) Result {
	r := &run{p: p, c: c, res: Result{Saw: map[int]any{}}}
	if c.Proof == nil {
		return r.res
	}
	r.prove()
	r.res.Proved = len(r.res.Problems) == 0
	return r.res
}

type run struct {
	p   *Prover
	c   *card.Card
	res Result
}

func (r *run) problem(line int, message, right string) {
	r.res.Problems = append(r.res.Problems, card.Problem{File: r.c.File, Line: line, Col: 1, Message: message, Right: right})
}

func (r *run) prove() {
	proof := r.c.Proof
	for i := range r.c.Options {
		o := &r.c.Options[i]
		k := proof.Claim(o.N)
		switch {
		case k == nil:
			r.problem(proof.Line, "the proof says nothing about option "+strconv.Itoa(o.N), strconv.Itoa(o.N)+": {that: '…'}")
		case o.Right && (k.In != nil || k.Never != ""):
			r.problem(k.Line, "option "+strconv.Itoa(o.N)+" is right here and needs no other world", "leave out `in` and `never`")
		case !o.Right && (k.In == nil) == (k.Never == ""):
			r.problem(k.Line, "option "+strconv.Itoa(o.N)+" is wrong and needs the world in which it is right", "in: {set: {…}}, or never: RULE")
		}
		if k == nil || k.Never == "" {
			continue
		}
		if _, ok := rule.Find(rule.ID(k.Never)); !ok {
			names := make([]string, len(rule.All))
			for i := range rule.All {
				names[i] = string(rule.All[i].ID)
			}
			r.problem(k.Line, "there is no rule "+k.Never, template.OneOf(k.Never, names))
		}
	}
	if len(r.res.Problems) > 0 {
		return
	}
	var all []claim
	for _, o := range r.c.Options {
		all = append(all, r.claim(o.N))
	}
	world, err := r.p.World(r.c, Own)
	if err != nil {
		r.failed(proof.Line, "the card's world", err)
		return
	}
	if !r.p.shows(world) {
		r.problem(proof.Line, "`show` does not come true in the card's world", "an expression that turns true where the lab should open")
	}
	out := r.p.ask(world, all)
	for i, o := range r.c.Options {
		holds, ok := r.judge(all[i], out, "in the card's world", true)
		if ok && holds != o.Right {
			r.problem(all[i].of.Line, fmt.Sprintf("option %d is %s, but in the card's world it is %v%s", o.N, rightness(o.Right), holds, saw(all[i], out)), "a key that the engine confirms")
		}
	}
	for i, o := range r.c.Options {
		if all[i].of.In != nil {
			r.elsewhere(o.N, all)
		}
	}
}

// elsewhere asks in the world that makes a wrong option right.
func (r *run) elsewhere(n int, all []claim) {
	own := r.claim(n)
	name := fmt.Sprintf("in the world of option %d", n)
	world, err := r.p.World(r.c, n)
	if err != nil {
		r.failed(own.of.Line, name[3:], err)
		return
	}
	asked := []claim{own}
	for _, k := range all {
		if r.c.Option(k.of.N).Right {
			asked = append(asked, k)
		}
	}
	out := r.p.ask(world, asked)
	holds, ok := r.judge(own, out, name, false)
	if ok && !holds {
		r.problem(own.of.Line, fmt.Sprintf("option %d is false %s%s", n, name, saw(own, out)), "a world in which it is true")
	}
	key := true
	for _, k := range asked[1:] {
		holds, ok := r.judge(k, out, name, false)
		if !ok {
			return
		}
		key = key && holds
	}
	if key {
		r.problem(own.of.Line, "the key is true "+name+" too", "a world in which it is false")
	}
}

func rightness(right bool) string {
	if right {
		return "right"
	}
	return "wrong"
}

// saw tells what an asked value was.
func saw(k claim, out *outcome) string {
	if k.of.That != "" {
		return ""
	}
	return fmt.Sprintf(": %s is %v", k.text, out.values[k.text])
}

func (r *run) claim(n int) claim {
	k := r.c.Proof.Claim(n)
	if k.That != "" {
		return claim{k, k.That}
	}
	return claim{k, r.c.Proof.Ask}
}

// failed notes that a world could not be read, each thing that is wrong at its
// place: what a proof changes stands in the note.
func (r *run) failed(line int, what string, err error) {
	if list, ok := err.(template.Errors); ok {
		for _, e := range list {
			e.File, e.Line, e.Col = "", 0, 0
			r.problem(line, what+" cannot be read"+e.Error(), "")
		}
		return
	}
	r.problem(line, what+" cannot be read: "+err.Error(), "")
}

// judge reports whether a claim holds; an expression that fails is an error, and
// not false.
func (r *run) judge(k claim, out *outcome, where string, keep bool) (holds, ok bool) {
	err := out.err
	if err == nil {
		err = out.errs[k.text]
	}
	if err != nil {
		r.problem(k.of.Line, fmt.Sprintf("%s the expression of option %d fails: %v", where, k.of.N, err), "an expression that can be answered in every world it is asked in")
		return false, false
	}
	v := out.values[k.text]
	if k.of.That != "" {
		holds, ok = v.(bool)
		if !ok {
			r.problem(k.of.Line, fmt.Sprintf("the answer to option %d is not yes or no: %v", k.of.N, v), "a comparison")
		}
		if keep && ok {
			r.res.Saw[k.of.N] = holds
		}
		return holds, ok
	}
	if keep {
		r.res.Saw[k.of.N] = v
	}
	holds, err = k.of.Equal(v)
	if err != nil {
		r.problem(k.of.Line, fmt.Sprintf("what option %d is compared with cannot be read: %v", k.of.N, err), "a value as JSON has it")
		return false, false
	}
	return holds, true
}

// Own stands, where an option's number would, for the card's own world. Options are
// numbered from 0 or from 1.
const Own = -1

// World gives the world of a card (n Own), or the one that makes option n right.
func (p *Prover) World(c *card.Card, n int) (*World, error) {
	if c.Proof == nil {
		return nil, fmt.Errorf("the card has no proof")
	}
	var in *yaml.Node
	if k := c.Proof.Claim(n); n != Own && k != nil {
		in = k.In
	}
	return p.worldOf(c, in)
}

// worldOf gives the world of a card with further changes on top of it.
func (p *Prover) worldOf(c *card.Card, in *yaml.Node, more ...*yaml.Node) (*World, error) {
	proof := c.Proof
	name, src, err := p.source(c.File, proof.Scenario)
	if err != nil {
		return nil, err
	}
	changes := slices.DeleteFunc(append([]*yaml.Node{proof.World, in}, more...), func(n *yaml.Node) bool { return n == nil })
	sc, err := scenario.Read(name, src, scenario.Options{Changes: changes})
	if err != nil {
		return nil, err
	}
	w := &World{Scenario: sc, key: name + "\x00" + proof.At + "\x00" + proof.When}
	for _, c := range changes {
		w.key += "\x00" + card.Written(c)
	}
	if proof.At != "" {
		var ok bool
		if w.At, ok = scenario.Duration(proof.At); !ok || w.At > sc.Config.For {
			return nil, fmt.Errorf("at: %s is not a time of this run (0s to %v s)", proof.At, sc.Config.For)
		}
		w.HasAt = true
	}
	if w.When, err = compile(proof.When, sc.Config); err != nil {
		return nil, fmt.Errorf("when: %w", err)
	}
	if w.Show, err = compile(proof.Show, sc.Config); err != nil {
		return nil, fmt.Errorf("show: %w", err)
	}
	return w, nil
}

// compile compiles a question; nil if there is none.
func compile(text string, cfg *engine.Config) (*query.Query, error) {
	if text == "" {
		return nil, nil
	}
	q, err := query.Compile(text, cfg)
	if err != nil { // a typed nil would be a non-nil error
		return nil, err
	}
	return q, nil
}

// source finds a scenario: a built-in by its name, or a file beside the note.
func (p *Prover) source(note, name string) (string, []byte, error) {
	switch {
	case name == "":
		return "", nil, fmt.Errorf("the proof names no scenario (one of %s, or a file beside the note)", strings.Join(scenario.Names(), ", "))
	case !strings.ContainsAny(name, `./\`):
		src, ok := scenario.Builtin(name)
		if !ok {
			return "", nil, fmt.Errorf("there is no built-in scenario %s (%s)", name, template.OneOf(name, scenario.Names()))
		}
		return name, src, nil
	case p.Open == nil:
		return "", nil, fmt.Errorf("%s is a file, and there are none here", name)
	}
	file := path.Join(path.Dir(note), name)
	src, err := p.Open(file)
	if err != nil {
		return "", nil, fmt.Errorf("%s: %w", file, err)
	}
	return file, src, nil
}

// shows reports whether there is an instant at which the lab can open.
func (p *Prover) shows(w *World) bool {
	if w.Show == nil {
		return true
	}
	p.Runs++
	r, err := scenario.NewRunner(w.Scenario, w.Show)
	if err != nil {
		return false
	}
	r.Advance(r.End())
	return r.Stopped
}

// ask gives what the expressions of claims are in a world. What an earlier run
// of the same world gave is not asked again.
func (p *Prover) ask(w *World, claims []claim) *outcome {
	if p.runs == nil {
		p.runs = map[string]*outcome{}
	}
	out := p.runs[w.key]
	if out == nil {
		out = &outcome{values: map[string]any{}, errs: map[string]error{}}
		p.runs[w.key] = out
	}
	texts := []string{}
	queries := []*query.Query{}
	for _, k := range claims {
		_, known := out.values[k.text]
		if known || out.errs[k.text] != nil || out.err != nil || slices.Contains(texts, k.text) {
			continue
		}
		q, err := query.CompileValue(k.text, w.Scenario.Config)
		if err != nil {
			out.errs[k.text] = err
			continue
		}
		texts, queries = append(texts, k.text), append(queries, q)
	}
	if len(texts) == 0 {
		return out
	}
	p.Runs++
	r, err := scenario.NewRunner(w.Scenario, w.When, queries...)
	if err != nil {
		out.err = err
		return out
	}
	if w.HasAt {
		r.Advance(w.At)
		r.Sim.RunUntil(w.At) // the clock too, where nothing happens then
	} else if r.Advance(r.End()); w.When != nil && !r.Stopped {
		out.err = fmt.Errorf("`when` does not come true: %s", w.When.Text)
		return out
	}
	for i, q := range queries {
		if v, err := q.Value(r.World); err != nil {
			out.errs[texts[i]] = err
		} else {
			out.values[texts[i]] = v
		}
	}
	return out
}
