package handback_test

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/cockroachdb/datadriven"

	"esmlab/engine"
	"esmlab/engine/handback"
	"esmlab/engine/scenario"
	"esmlab/engine/setting"
	"esmlab/engine/trace"
)

// course is a run in which commands are given where it stands, as in the lab.
type course struct {
	s     *engine.Sim
	tick  int32
	trace []byte
	done  []handback.Done
}

func (c *course) drain() {
	for _, e := range c.s.Drain() {
		c.trace = append(trace.AppendJSON(c.trace, c.s, &e), '\n')
	}
}

// step carries out a task, if it is not after an instant.
func (c *course) step(until engine.Micros) bool {
	if c.s.NextAt() > until || c.s.NextAt() == engine.Never {
		return false
	}
	before := c.s.Now()
	c.s.Step()
	if c.s.Now() != before {
		c.tick = 0
	}
	c.tick++
	c.drain()
	return true
}

func (c *course) do(command engine.Command) {
	at, tick := c.s.Now(), c.tick
	refused := c.s.Do(command) != nil
	c.done = append(c.done, handback.Done{At: at, Tick: tick, Refused: refused, Command: command})
	c.drain()
}

func run(cfg *engine.Config, until engine.Micros) ([]byte, error) {
	s, err := engine.New(cfg)
	if err != nil {
		return nil, err
	}
	c := &course{s: s}
	for c.step(until) {
	}
	return c.trace, nil
}

// TestSaved gives each built-in scenario random commands, saves the template and reads it
// again: it runs to the same trace, and only lines that changed are touched.
func TestSaved(t *testing.T) {
	t.Parallel()
	rounds := 3
	if testing.Short() {
		rounds = 1
	}
	written, steps := 0, 0
	for i, name := range scenario.Names() {
		for seed := range rounds {
			src, _ := scenario.Builtin(name)
			sc, err := scenario.Read(name+".yaml", src, scenario.Options{})
			if err != nil {
				t.Fatal(err)
			}
			rng := rand.New(rand.NewPCG(uint64(i), uint64(seed)))
			until := min(sc.Config.For, 40*engine.Second)
			s, err := engine.New(sc.Config)
			if err != nil {
				t.Fatal(err)
			}
			c := &course{s: s}
			for range 1 + rng.IntN(6) {
				for range rng.IntN(40) {
					c.step(until)
				}
				c.do(random(rng, sc.Config))
			}
			for c.step(until) {
			}
			res, err := handback.Write(sc, handback.Given{}, c.done, nil)
			if err != nil {
				t.Errorf("%s, seed %d: %v\n%+v", name, seed, err, c.done)
				continue
			}
			saved, err := scenario.Read(name+".yaml", []byte(res.Text), scenario.Options{})
			if err != nil {
				t.Fatalf("%s, seed %d: %v", name, seed, err)
			}
			got, err := run(saved.Config, until)
			if err != nil {
				t.Fatal(err)
			}
			if refusedUnread := len(saved.Config.Steps) < len(sc.Config.Steps)+len(c.done); !refusedUnread && string(got) != string(c.trace) {
				t.Fatalf("%s, seed %d: another trace:\n%s\n%s", name, seed, firstDifference(string(c.trace), string(got)), res.Diff())
			}
			touched := 2 // an empty steps list, and Metadata in one line
			for _, x := range res.Changed {
				if x.InText {
					touched++
					written++
				}
			}
			if gone := deleted(string(src), res.Text); gone > touched {
				t.Fatalf("%s, seed %d: %d lines are changed by %d settings:\n%s", name, seed, gone, touched, res.Diff())
			}
			steps += len(c.done)
		}
	}
	if t.Logf("%d commands, %d settings written into properties", steps, written); written < 10*rounds {
		t.Error("hardly anything was written into properties")
	}
}

// random is a command as keys give them.
func random(rng *rand.Rand, cfg *engine.Config) engine.Command {
	pick := func(n int) int { return rng.IntN(n) }
	m := cfg.Mappings[pick(len(cfg.Mappings))]
	switch pick(8) {
	case 0:
		return engine.Command{Op: []engine.Op{engine.OpDisable, engine.OpEnable}[pick(2)], Target: m.ID}
	case 1:
		return engine.Command{Op: engine.OpPut, Put: engine.Traffic{To: m.Source, AtOnce: true, Count: 1 + pick(20), Per: 1, Shard: -1, Keys: []string{"k1", "k2"}, Until: engine.Never}}
	case 2:
		return engine.Command{Op: engine.OpFault, Fault: engine.Fault{Function: m.Function, Name: fmt.Sprintf("own%d", pick(1000)), Until: engine.Never, How: []engine.How{engine.HowError, engine.HowTimeout, engine.HowCrash}[pick(3)], Records: []engine.Label{{Source: m.Source, N: 1 + pick(60)}}}}
	}
	var all []engine.Setting
	for _, id := range []string{m.ID, m.Source, m.Function} {
		of, ok := cfg.SettingsOf(id)
		if !ok {
			continue
		}
		for _, row := range of.Rows() {
			for _, text := range row.StepList(&of) {
				all = append(all, engine.Setting{Target: id + "." + row.FullName(), Value: row.Parse(text)})
			}
			switch row.Kind {
			case setting.List:
				all = append(all, engine.Setting{Target: id + "." + row.FullName(), Value: setting.TextValue(row.Words[0])})
			case setting.QueueID, setting.Destination:
				for _, q := range cfg.Queues {
					all = append(all, engine.Setting{Target: id + "." + row.FullName(), Value: setting.TextValue(q.ID)})
				}
				all = append(all, engine.Setting{Target: id + "." + row.FullName(), Value: setting.TextValue("")})
			}
		}
	}
	one := all[pick(len(all))]
	return engine.Command{Op: engine.OpSet, Target: one.Target, Value: one.Value}
}

func firstDifference(a, b string) string {
	x, y := strings.Split(a, "\n"), strings.Split(b, "\n")
	for i := range x {
		if i >= len(y) || x[i] != y[i] {
			if i < len(y) {
				return fmt.Sprintf("line %d:\n%s\n%s", i, x[i], y[i])
			}
			return fmt.Sprintf("line %d:\n%s\nnothing", i, x[i])
		}
	}
	return "the second is longer: " + y[len(x)-1]
}

// deleted counts the lines of a text that another one has not, in their order.
func deleted(a, b string) int {
	x, y := strings.Split(a, "\n"), strings.Split(b, "\n")
	row := make([]int, len(y)+1)
	for i := range x {
		before := 0
		for j := range y {
			was := row[j+1]
			if x[i] == y[j] {
				row[j+1] = before + 1
			} else {
				row[j+1] = max(row[j+1], row[j])
			}
			before = was
		}
	}
	return len(x) - row[len(y)]
}

// TestHandBack plays testdata/handback: a template and steps that were given, and the diff.
func TestHandBack(t *testing.T) {
	t.Parallel()
	var src string
	datadriven.RunTest(t, "testdata/handback", func(t *testing.T, d *datadriven.TestData) string {
		if d.Cmd == "template" {
			src = d.Input
			return "ok\n"
		}
		sc, err := scenario.Read("t.yaml", []byte(src), scenario.Options{})
		if err != nil {
			return err.Error() + "\n"
		}
		given := handback.Given{}
		var done []handback.Done
		with, err := scenario.Read("t.yaml", []byte(src), scenario.Options{Steps: strings.Split(strings.TrimSpace(d.Input), "\n")})
		if err != nil {
			return err.Error() + "\n"
		}
		for _, s := range with.Config.Steps[len(sc.Config.Steps):] {
			done = append(done, handback.Done{At: s.At, Tick: s.Tick, Command: s.Command})
		}
		res, err := handback.Write(sc, given, done, nil)
		if err != nil {
			return err.Error() + "\n"
		}
		out := res.Diff()
		for _, n := range res.Notes {
			out += "note: " + n + "\n"
		}
		for _, c := range res.Commands(sc.Config) {
			out += c + "\n"
		}
		return out
	})
}
