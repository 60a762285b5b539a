package lab

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"esmlab/engine"
	"esmlab/engine/scenario"
)

// anyCommand changes a setting, or switches a fault on or off: there are two
// names for all of them.
func anyCommand(s *engine.Sim, rnd *rand.Rand) engine.Command {
	c := s.Config()
	if rnd.IntN(3) == 0 {
		f := engine.Fault{Name: []string{"poison", "errors"}[rnd.IntN(2)], Function: c.Functions[rnd.IntN(len(c.Functions))].ID, Until: engine.Never,
			How: []engine.How{engine.HowError, engine.HowCrash, engine.HowTimeout}[rnd.IntN(3)], Nth: 2 + rnd.IntN(9)}
		if rnd.IntN(2) == 0 {
			return engine.Command{Op: engine.OpFix, Target: f.Name}
		}
		return engine.Command{Op: engine.OpFault, Fault: f}
	}
	ids := []string{c.Mappings[rnd.IntN(len(c.Mappings))].ID, c.Functions[rnd.IntN(len(c.Functions))].ID}
	if len(c.Queues) > 0 {
		ids = append(ids, c.Queues[rnd.IntN(len(c.Queues))].ID)
	}
	id := ids[rnd.IntN(len(ids))]
	of, _ := s.SettingsOf(id)
	rows := of.Rows()
	p := rows[rnd.IntN(len(rows))]
	steps := p.StepList(&of)
	if len(steps) == 0 {
		return engine.Command{Op: engine.OpFix, Target: "poison"}
	}
	return engine.Command{Op: engine.OpSet, Target: id + "." + p.Name, Value: p.Parse(steps[rnd.IntN(len(steps))])}
}

// panes are the panes of all mappings, as they are drawn.
func panes(m *Lab) string {
	var b strings.Builder
	for m.at = range m.sim().Mappings {
		rows := strings.Split(m.text(), "\n")
		b.WriteString(strings.Join(rows[2:len(rows)-2], "\n") + "\n")
	}
	m.at = 0
	return b.String()
}

// However one comes to an instant, by changes, undo, redo, seeking, stepping,
// branches and commands switched off and on, the panes show what they show in a
// run that goes there at once with the same commands.
func TestPanesShowTheRunAsItIs(t *testing.T) {
	t.Parallel()
	for i, name := range scenario.Names() {
		if testing.Short() && i%6 > 0 {
			continue
		}
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			rnd := rand.New(rand.NewPCG(3, uint64(i)))
			open := func() *Lab { return lab(t, builtin(t, name), 160, 60, 0) }
			m := open()
			end := int(min(m.sim().Config().For, 60*engine.Second))
			var past []string
			for range 12 {
				what := "a change"
				switch n := rnd.IntN(12); {
				case n < 5:
					m.Seek(engine.Micros(rnd.IntN(end))/10*10 + 3)
					c := anyCommand(m.sim(), rnd)
					what = fmt.Sprint(c.Op, " ", c.Target, c.Value, c.Fault.Name)
					m.Do(c)
					m.frame()
					if c.Op == engine.OpFault { // replaced by another of its name
						m.Do(engine.Command{Op: engine.OpFix, Target: c.Fault.Name})
						c.Fault.Nth++
						m.Do(c)
					}
				case n < 7:
					what = "undo"
					m.HandleKey(keyPress("z"))
				case n < 8:
					what = "redo"
					m.HandleKey(keyPress("Z"))
				case n < 9:
					what = "step back"
					m.HandleKey(keyPress("left"))
				case n < 10 && len(m.tl.AllCommands()) > 0:
					k := rnd.IntN(len(m.tl.AllCommands()))
					what = fmt.Sprint("switch ", k)
					m.tl.Switched(k, m.tl.AllCommands()[k].Off)
				case n < 11:
					what = "branch"
					m.HandleKey(keyPress("f"))
				default:
					what = "switch run"
					m.tl.Switch(rnd.IntN(len(m.tl.Runs())))
				}
				for m.dialogs.Open() {
					m.HandleKey(keyPress("esc"))
				}
				m.frame()
				m.Seek(engine.Micros(rnd.IntN(end))/10*10 + 7)
				past = append(past, what+" at "+m.tl.Now().String())
				got := panes(m)
				fresh := open()
				for _, d := range m.tl.Commands() {
					fresh.Seek(d.At)
					fresh.Do(d.Command)
				}
				fresh.Seek(m.tl.Now())
				a, b := m.history().Log, fresh.history().Log
				if len(a) > 0 && len(b) > 0 && a[0].N != b[0].N && max(a[0].N, b[0].N) > 1000 {
					continue // logs are bounded, and these do not begin at the same event
				}
				if want := panes(fresh); got != want {
					g, w := strings.Split(got, "\n"), strings.Split(want, "\n")
					for i := range g {
						if i < len(w) && g[i] != w[i] {
							t.Fatalf("after %s:\n%s\na fresh run:\n%s", strings.Join(past, ", "), g[i], w[i])
						}
					}
					t.Fatalf("after %s", strings.Join(past, ", "))
				}
			}
		})
	}
}
