package lessons

import (
	"flag"
	"slices"
	"strings"
	"sync/atomic"
	"testing"

	"esmlab/engine"
	"esmlab/engine/alarm"
	"esmlab/engine/scenario"
	"esmlab/engine/setting"
)

var everyCommand = flag.Bool("tricks", false, "try every single command in every lesson, not only in incidents")

// No goal is reached by a trick. Every single command that there is in a lesson's world
// is tried at its sensible values, when the Do begins: only the lesson's own answers, and
// what stands for the same as they do, may reach the goal. That takes minutes: without
// -tricks every fifth command is tried, each time the same. -v says how many were tried.
func TestTricks(t *testing.T) {
	l := Builtin()
	var tried, solving atomic.Int64
	t.Run("lessons", func(t *testing.T) {
		for i, h := range l.Heads {
			if testing.Short() && i%8 > 0 {
				continue
			}
			t.Run(h.ID, func(t *testing.T) {
				t.Parallel()
				lesson, err := l.Lesson(h.ID)
				if err != nil {
					t.Fatal(err)
				}
				p := (&checker{l: lesson}).atDo()
				trial := p.trial()
				if ok, _ := trial.answer(trial.commands, trial.at, p.Step().Solution); !ok {
					t.Error("not even the solution reaches the goal")
				}
				n, answers, found := 0, 0, []string{}
				for k, c := range singleCommands(p.tl.Sim(), true) {
					if !*everyCommand && (k+i)%5 > 0 {
						continue
					}
					n++
					trial := p.trial()
					if ok, _ := trial.answer(trial.commands, trial.at, []engine.Command{c}); !ok {
						continue
					}
					if answers++; !p.Step().answeredBy(p, &c) {
						found = append(found, scenario.StepText(&c))
					}
				}
				for _, a := range singleAlarms(p) {
					n++
					p.tl.SetAlarm(a)
					trial, s := p.trial(), *p.Step()
					trial.p.Lesson = &Lesson{Steps: slices.Clone(p.Lesson.Steps)}
					s.Sets = a
					trial.p.Lesson.Steps[p.at] = s
					if ok, _ := trial.answer(trial.commands, trial.at, s.Solution); !ok {
						continue
					}
					same := func(b *alarm.Alarm) bool {
						return b != nil && b.Resource == a.Resource && b.Metric() == a.Metric()
					}
					if answers++; !same(p.Step().Sets) && !slices.ContainsFunc(p.Step().Also, func(o Answer) bool { return same(o.Sets) }) {
						found = append(found, "alarm "+a.Short())
					}
				}
				tried.Add(int64(n))
				solving.Add(int64(answers))
				t.Logf("%d single commands were tried, %d reach the goal", n, answers)
				if len(found) > 0 {
					t.Errorf("these reach the goal and stand neither in `solution` nor in `also`:\n%s", strings.Join(found, "\n"))
				}
			})
		}
	})
	t.Logf("%d single commands were tried, %d reach a goal", tried.Load(), solving.Load())
}

// singleAlarms lists alarms on everything there is, where the lesson asks for one.
func singleAlarms(p *Player) []*alarm.Alarm {
	var out []*alarm.Alarm
	if p.Step().Sets == nil {
		return nil
	}
	cfg := p.tl.Sim().Config()
	for _, m := range alarm.Metrics(cfg) {
		for _, than := range []string{" > 0", " > 1", " > 5", " > 10", " > 30", " > 60", " > 100", " > 300", " > 1000", " < 1", " < 10"} {
			if a, err := alarm.Read(m+than, cfg); err == nil {
				out = append(out, a)
			}
		}
	}
	return out
}

// answeredBy reports whether a command is one of the lesson's answers, or stands for one.
func (s *Step) answeredBy(p *Player, c *engine.Command) bool {
	for _, steps := range append(stepsOf(s.Also), s.Solution) {
		models := []engine.Command{}
		for i := range steps {
			models = append(models, parts(p.tl.Sim(), &steps[i])...)
		}
		if len(models) == 1 && slices.ContainsFunc(parts(p.tl.Sim(), c), func(part engine.Command) bool { return near(&part, &models[0]) }) {
			return true
		}
	}
	return false
}

// near reports whether two commands do the same to the same thing, if perhaps with another
// number.
func near(c, model *engine.Command) bool {
	number := func(v engine.Value) bool { return v.Kind == engine.ValueInt || v.Kind == engine.ValueTime }
	if c.Op != model.Op || c.Target != model.Target {
		return false
	}
	if c.Op == engine.OpAllow {
		return true
	}
	return c.Op != engine.OpSet || c.Value == model.Value || number(c.Value) && number(model.Value)
}

// singleCommands lists what can be done in a world by one command.
func singleCommands(s *engine.Sim, all bool) []engine.Command {
	cfg := s.Config()
	var out []engine.Command
	do := func(op engine.Op, target string) { out = append(out, engine.Command{Op: op, Target: target}) }
	var ids, queues, targets []string
	for i := range cfg.Mappings {
		m := &cfg.Mappings[i]
		ids = append(ids, m.ID)
		do(engine.OpDisable, m.ID)
		do(engine.OpEnable, m.ID)
		do(engine.OpRestart, m.ID)
		do(engine.OpRemove, m.ID)
		for _, a := range s.Mappings[i].Denied() {
			out = append(out, engine.Command{Op: engine.OpAllow, Target: m.ID, Actions: []string{a}})
		}
	}
	for i := range cfg.Queues {
		ids, queues = append(ids, cfg.Queues[i].ID), append(queues, cfg.Queues[i].ID)
		do(engine.OpPurge, cfg.Queues[i].ID)
		do(engine.OpRedrive, cfg.Queues[i].ID)
	}
	for i := range cfg.Streams {
		ids = append(ids, cfg.Streams[i].ID)
		out = append(out, engine.Command{Op: engine.OpSplit, Target: cfg.Streams[i].ID, Shards: []int{0}},
			engine.Command{Op: engine.OpMerge, Target: cfg.Streams[i].ID, Shards: []int{0, 1}})
	}
	for i := range cfg.Functions {
		ids = append(ids, cfg.Functions[i].ID)
		do(engine.OpFix, cfg.Functions[i].ID)
		out = append(out, engine.Command{Op: engine.OpSet, Target: cfg.Functions[i].ID + ".takes", Value: engine.TimeValue(10 * engine.Millisecond)})
	}
	for i := range cfg.Targets {
		targets = append(targets, cfg.Targets[i].ID)
	}
	for _, id := range ids {
		r, _ := s.SettingsOf(id)
		for _, row := range r.Rows() {
			if row.Alias || row.Name == setting.Enabled {
				continue
			}
			for _, v := range valuesOf(row, &r, queues, targets, all) {
				out = append(out, engine.Command{Op: engine.OpSet, Target: id + "." + row.Name, Value: v})
			}
		}
	}
	return out
}

// valuesOf are sensible values of a setting, other than the present one.
func valuesOf(row *setting.Row, r *setting.Resource, queues, targets []string, all bool) []engine.Value {
	now, _ := row.Get(r)
	var out []engine.Value
	add := func(v engine.Value) {
		if v, refused := row.Read(v); refused == nil && v != now && !slices.Contains(out, v) {
			out = append(out, v)
		}
	}
	switch row.Kind {
	case setting.Number:
		list := []int{row.Min, row.Max}
		if all {
			list = append(list, -1, 0, 1, 2, 3, 5, 10, 30, 60, 100, 300, 1000, int(now.Int)/2, int(now.Int)*2, int(now.Int)*10)
		}
		for _, n := range list {
			add(engine.IntValue(n))
		}
	case setting.Switch:
		add(engine.BoolValue(!now.Bool))
	case setting.List, setting.Word:
		for _, w := range append(slices.Clone(row.Words), "") {
			add(engine.TextValue(w))
		}
	case setting.QueueID, setting.Destination:
		add(engine.TextValue(""))
		for _, id := range queues {
			add(engine.TextValue(id))
		}
		if row.Kind == setting.Destination {
			for _, id := range targets {
				add(engine.TextValue(id))
			}
		}
	case setting.Filters:
		add(engine.TextValue(""))
	case setting.Duration:
		for _, d := range []engine.Micros{engine.Millisecond, 100 * engine.Millisecond, engine.Second, 10 * engine.Second} {
			add(engine.TimeValue(d))
		}
	}
	return out
}
