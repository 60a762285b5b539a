package lessons

import (
	"slices"
	"strings"

	"esmlab/engine"
	"esmlab/engine/alarm"
	"esmlab/engine/setting"
)

// What an answer is made of, and what only looks like one. A command is compared
// with those that a lesson names by what it does and to what; a number stands for
// all beyond it, away from the value that it replaces.

// always are the tricks that no goal accepts, unless its lesson's own answers use
// them: what makes the trouble go away without handling a record.
var always = []struct {
	op  engine.Op
	say string
}{
	{engine.OpPurge, "Purging deletes what nobody has handled. That is a loss, not an answer."},
	{engine.OpDisable, "A mapping that is off handles nothing. What waits is still to be done."},
	{engine.OpRemove, "What is deleted no longer handles anything."},
	{engine.OpFix, "Other code does not count here: the question is what the settings can do."},
	{engine.OpFault, "Other code does not count here: the question is what the settings can do."},
	{engine.OpDeploy, "Another template does not count here: change what is deployed."},
	{engine.OpPut, "More records change nothing for those that are in trouble."},
	{engine.OpReceive, "Taking messages away from the mapping handles none of them here."},
}

// fasterCode is said of a function that takes less time.
const fasterCode = "Faster code does not count here: the question is what the settings can do."

// own are the person's commands since the Do began that are in force: neither
// refused nor replaced by a later one.
func (p *Player) own() []engine.Command {
	all := p.tl.AllCommands()[:p.tl.Passed()]
	var out []engine.Command
	for _, d := range all[min(p.marks[p.at].commands, len(all)):] {
		if d.Off || d.Refused {
			continue
		}
		for _, c := range parts(p.tl.Sim(), &d.Command) {
			out = slices.DeleteFunc(out, func(earlier engine.Command) bool { return replaces(&c, &earlier) })
			out = append(out, c)
		}
	}
	return out
}

// parts gives a command as commands that change one thing each, with the table's
// name of every setting and its value as the table holds it.
func parts(s *engine.Sim, c *engine.Command) []engine.Command {
	if c.Op != engine.OpSet {
		return []engine.Command{*c}
	}
	var out []engine.Command
	for _, one := range append([]engine.Setting{{Target: c.Target, Value: c.Value}}, c.Also...) {
		part := engine.Command{Op: engine.OpSet, Target: one.Target, Value: one.Value}
		id, name, _ := strings.Cut(one.Target, ".")
		if r, ok := s.SettingsOf(id); ok {
			if row := r.Find(name); row != nil {
				if v, refused := row.Read(one.Value); refused == nil {
					part.Value = v
				}
				switch row.Name {
				case setting.FunctionResponseTypes: // the list is the switch, as AWS spells it
					part.Target, part.Value = id+"."+setting.ReportBatchItemFailures, engine.BoolValue(part.Value.Text != "")
				case setting.Enabled:
					part = engine.Command{Op: engine.OpDisable, Target: id}
					if one.Value.Bool {
						part.Op = engine.OpEnable
					}
				default:
					part.Target = id + "." + row.Name
				}
			}
		}
		out = append(out, part)
	}
	return out
}

// valueOf is the present value of a setting; the zero Value where it has none.
func valueOf(s *engine.Sim, target string) (v engine.Value) {
	id, name, _ := strings.Cut(target, ".")
	if r, ok := s.SettingsOf(id); ok {
		if row := r.Find(name); row != nil {
			v, _ = row.Get(&r)
		}
	}
	return v
}

// replaces reports whether a command undoes an earlier one, or does it anew.
func replaces(c, earlier *engine.Command) bool {
	if c.Target != earlier.Target {
		return false
	}
	switch earlier.Op {
	case engine.OpSet:
		return c.Op == engine.OpSet
	case engine.OpDisable, engine.OpEnable:
		return c.Op == engine.OpEnable || c.Op == engine.OpDisable
	case engine.OpDeny:
		return c.Op == engine.OpAllow
	}
	return false
}

// like reports whether a command does what another one stands for.
func like(c, model *engine.Command, was engine.Value) bool {
	if c.Op != model.Op || c.Target != model.Target {
		return false
	}
	if c.Op != engine.OpSet {
		return c.Op != engine.OpAllow && c.Op != engine.OpDeny || slices.Equal(c.Actions, model.Actions)
	}
	a, b := c.Value, model.Value
	switch {
	case a.Kind != b.Kind || a.Kind != engine.ValueInt && a.Kind != engine.ValueTime:
		return a == b
	case was.Kind == b.Kind && b.Int < was.Int:
		return a.Int <= b.Int
	case was.Kind == b.Kind && b.Int > was.Int:
		return a.Int >= b.Int
	}
	return a.Int == b.Int
}

// has reports whether the commands in force do all that an answer names.
func (p *Player) has(steps []engine.Command) bool {
	own := p.own()
	for i := range steps {
		for _, model := range parts(p.tl.Sim(), &steps[i]) {
			if !slices.ContainsFunc(own, func(c engine.Command) bool { return like(&c, &model, p.was[model.Target]) }) {
				return false
			}
		}
	}
	return true
}

// took reports whether an answer is in force: what it names, and an alarm on its metric.
// What it does not give is the solution's.
func (p *Player) took(steps []engine.Command, sets *alarm.Alarm) bool {
	if steps == nil {
		steps = p.Step().Solution
	}
	a := p.tl.Alarm()
	return p.has(steps) && (sets == nil || a != nil && a.Resource == sets.Resource && a.Metric() == sets.Metric())
}

// remember notes the values that the settings of the goal's answers have now.
func (p *Player) remember() {
	p.was = map[string]engine.Value{}
	s := p.Step()
	for _, steps := range append(stepsOf(slices.Concat(s.Also, s.Refused)), s.Solution) {
		for i := range steps {
			for _, c := range parts(p.tl.Sim(), &steps[i]) {
				if c.Op == engine.OpSet {
					p.was[c.Target] = valueOf(p.tl.Sim(), c.Target)
				}
			}
		}
	}
}

// trick is what is said of a command in force that does not count as an answer;
// nil: all count.
func (p *Player) trick() []Segment {
	s := p.Step()
	for i := range s.Refused {
		if a := &s.Refused[i]; p.took(a.Steps, a.Sets) {
			return a.Say
		}
	}
	for _, c := range p.own() {
		if s.uses(p.tl.Sim(), &c) {
			continue
		}
		for _, t := range always {
			if c.Op == t.op {
				return literal(t.say)
			}
		}
		if c.Op == engine.OpSet && strings.HasSuffix(c.Target, ".takes") {
			return literal(fasterCode)
		}
	}
	return nil
}

// uses reports whether one of the lesson's answers does this too.
func (s *Step) uses(sim *engine.Sim, c *engine.Command) bool {
	for _, steps := range append(stepsOf(s.Also), s.Solution) {
		for i := range steps {
			for _, model := range parts(sim, &steps[i]) {
				if model.Op == c.Op && model.Target == c.Target {
					return true
				}
			}
		}
	}
	return false
}

func stepsOf(list []Answer) [][]engine.Command {
	var out [][]engine.Command
	for i := range list {
		out = append(out, list[i].Steps)
	}
	return out
}

// also is what is said of another answer by which the goal was reached; nil: it
// was the lesson's own.
func (p *Player) also() []Segment {
	s := p.Step()
	for i := range s.Also {
		if a := &s.Also[i]; p.took(a.Steps, a.Sets) && !p.took(s.Solution, s.Sets) {
			return a.Say
		}
	}
	return nil
}
