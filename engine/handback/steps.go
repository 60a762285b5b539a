package handback

import (
	"cmp"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"esmlab/engine"
	"esmlab/engine/pattern"
	"esmlab/engine/scenario"
)

// This file writes what was done as steps, and sees to it that what is read back is what
// was done.

// Unwritten says that a command took effect and no step can say it: the saved template would
// run to something else.
type Unwritten struct {
	Step string // as it was written
	Why  string
}

func (e *Unwritten) Error() string {
	return "what was done cannot be saved, as no step of a scenario says it: " + e.Step + ": " + e.Why
}

// StepLine writes what was done as a step.
func StepLine(d *Done) string { return stepLine(d, d.Tick > 0 || d.At == 0) }

func stepLine(d *Done, placed bool) string {
	at := "{at: " + d.At.String() + "s, "
	if placed {
		at += "tick: " + strconv.Itoa(int(d.Tick)) + ", "
	}
	return at + scenario.StepAt(&d.Command, d.At) + "}"
}

// stepLines writes all that was done. A step without a place comes before the tasks of its
// instant: that is where all is that was done there, or each needs its place.
func stepLines(done []Done) []string {
	var out []string
	for i := range done {
		d := &done[i]
		placed := d.At == 0 || slices.ContainsFunc(done, func(x Done) bool { return x.At == d.At && x.Tick > 0 })
		out = append(out, stepLine(d, placed))
	}
	return out
}

// readBack compares what was done with the steps that it was read as. It gives the number of
// the first command that is another one, -1 for none.
func readBack(cfg *engine.Config, done []Done, steps []engine.Step) int {
	for i := range done {
		if i >= len(steps) || steps[i].At != done[i].At {
			return i
		}
		a, b := meaning(cfg, &done[i].Command, done[i].At), meaning(cfg, &steps[i].Command, done[i].At)
		if !sameDeployment(a.Deploy, b.Deploy) {
			return i
		}
		a.Deploy, b.Deploy = nil, nil
		if !reflect.DeepEqual(a, b) {
			return i
		}
	}
	if len(steps) > len(done) {
		return len(done) - 1
	}
	return -1
}

// meant is a command with its texts beside it that are compared by what they say.
type meant struct {
	engine.Command
	matching, when string
}

// meaning is a command without what its kind does not look at, and as it works when it is
// given at an instant.
func meaning(cfg *engine.Config, c *engine.Command, at engine.Micros) meant {
	m := meant{Command: engine.Command{Op: c.Op}}
	out := &m.Command
	switch c.Op {
	case engine.OpSet:
		out.Target, out.Value = c.Target, settled(cfg, c.Target, c.Value)
		for _, one := range c.Also {
			out.Also = append(out.Also, engine.Setting{Target: one.Target, Value: settled(cfg, one.Target, one.Value)})
		}
	case engine.OpPut:
		p := c.Put
		if p.AtOnce {
			p.At, p.From, p.Until, p.Every, p.Per, p.Count = max(p.At, at), 0, 0, 0, 0, max(1, p.Count)
		} else {
			p.At, p.From = 0, max(p.From, at)
		}
		if len(p.Rates) > 0 || len(p.Lines) > 0 {
			p.Every, p.Per = 0, 0
		}
		if len(p.Lines) > 0 {
			p.Keys, p.Body = nil, ""
		}
		if p.Delay != 0 && !p.HasDelay {
			p.Delay = 0
		}
		p.Keys, p.Attributes = some(p.Keys), some(p.Attributes)
		p.Rates, p.Lines = some(p.Rates), some(p.Lines)
		out.Put = p
	case engine.OpFault:
		f := c.Fault
		if f.How != engine.HowSlow {
			f.Takes = engine.Takes{}
		}
		if f.How != engine.HowReport {
			f.Names = engine.NamesDefault
		}
		if f.How != engine.HowReply {
			f.Reply = ""
		}
		if f.When != nil {
			m.when = f.When.String()
		}
		m.matching = criteria(f.Matching)
		f.Matching, f.When = nil, nil
		f.Records, f.Keys = some(f.Records), some(f.Keys)
		out.Fault = f
	case engine.OpReceive:
		r := c.Receive
		r.From = max(r.From, at)
		if r.Count = cmp.Or(r.Count, 10); r.Once {
			r.Until = 0
		}
		out.Receive = r
	default:
		out.Target, out.Actions, out.Shards, out.To, out.Rate, out.Deploy = c.Target, some(c.Actions), some(c.Shards), c.To, c.Rate, c.Deploy
	}
	return m
}

func some[T any](list []T) []T {
	if len(list) == 0 {
		return nil
	}
	return list
}

// settled is a value as the table of settings has it, however it was written.
func settled(cfg *engine.Config, target string, v engine.Value) engine.Value {
	id, name, _ := strings.Cut(target, ".")
	of, ok := cfg.SettingsOf(id)
	for i := 0; !ok && i < len(cfg.Steps); i++ { // what a step deploys
		if d := cfg.Steps[i].Deploy; d != nil {
			of, ok = d.Config.SettingsOf(id)
		}
	}
	if ok {
		if row := of.Find(name); row != nil {
			v, _ = row.Read(v)
		}
	}
	return v
}

func criteria(c *pattern.Criteria) string {
	out := ""
	for _, p := range c.Patterns() {
		out += p.Source() + "\n"
	}
	return out
}

func sameDeployment(a, b *engine.Deployment) bool {
	if a == nil || b == nil {
		return a == b
	}
	return a.Name == b.Name && slices.Equal(a.Named, b.Named) && same(a.Config, b.Config)
}
