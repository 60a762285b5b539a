package handback_test

import (
	"fmt"
	"io/fs"
	"math/rand/v2"
	"os"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/cockroachdb/datadriven"

	"esmlab/engine"
	"esmlab/engine/handback"
	"esmlab/engine/scenario"
	"esmlab/engine/timeline"
	"esmlab/engine/trace"
)

// seriesVar asks for so many random series of each built-in scenario.
const seriesVar = "ESMLAB_SERIES"

// trial is what came of many series.
type trial struct {
	series, commands, written, left int
	ops                             [engine.NumOps]int // that were carried out
	refused                         [engine.NumOps]int
	rows                            map[string]bool // kinds of settings: those that were drawn
}

// TestSaved gives each built-in scenario random series of commands of every kind, saves the
// template and reads it again: it runs to the same trace, byte by byte, and only lines that
// changed are touched. What AWS refused and no step can say is left out, and that is said.
func TestSaved(t *testing.T) {
	t.Parallel()
	rounds := 3
	if n, err := strconv.Atoi(os.Getenv(seriesVar)); err == nil {
		rounds = n
	} else if testing.Short() {
		rounds = 1
	}
	all := trial{rows: map[string]bool{}}
	turn := 0
	for i, name := range scenario.Names() {
		for seed := range rounds {
			if name == "scale-out" && seed > 0 { // 100,000 messages: once is enough
				continue
			}
			src, _ := scenario.Builtin(name)
			d := &drawn{Rand: rand.New(rand.NewPCG(uint64(i), uint64(seed))), turn: &turn, rows: all.rows, files: map[string][]byte{}}
			sc, err := scenario.Read(name+".yaml", src, scenario.Options{Open: d.open})
			if err != nil {
				t.Fatal(err)
			}
			for generation := range 2 { // what was saved is changed and saved again
				if d.sc = sc; generation > 0 && d.chance(2) {
					break
				}
				if sc = d.series(t, fmt.Sprintf("%s, seed %d, save %d", name, seed, generation+1), &all); sc == nil {
					break
				}
			}
		}
	}
	for op := range engine.NumOps {
		if all.ops[op] < rounds && !testing.Short() {
			t.Errorf("%s was carried out %d times only", op, all.ops[op])
		}
	}
	for row, was := range all.rows {
		if !was && !testing.Short() {
			t.Errorf("the setting %s was never drawn", row)
		}
	}
	t.Logf("%d series, %d commands, %d settings written into properties, %d refused commands left out, %d kinds of settings", all.series, all.commands, all.written, all.left, len(all.rows))
	t.Logf("carried out: %v %v; refused: %v", engine.OpNames, all.ops, all.refused)
	if all.written < 10*rounds {
		t.Error("hardly anything was written into properties")
	}
}

func (d *drawn) open(name string) ([]byte, error) {
	if text, ok := d.files[name]; ok {
		return text, nil
	}
	return nil, fs.ErrNotExist
}

// series plays a run with commands at random instants, and saves it. It gives what was read
// back, nil where it failed.
func (d *drawn) series(t *testing.T, what string, all *trial) *scenario.Scenario {
	t.Helper()
	var err error
	if d.t, err = timeline.New(d.sc.Config); err != nil {
		t.Fatal(err)
	}
	until := min(d.sc.Config.For, 40*engine.Second)
	for range 1 + d.IntN(7) {
		if d.chance(3) {
			for range d.IntN(40) {
				d.t.Next(timeline.Raw)
			}
		} else {
			d.t.Advance(d.t.Now()+engine.Micros(d.Int64N(int64(until/4))), -1)
		}
		for range 1 + d.IntN(3) {
			op := engine.Op(d.IntN(int(engine.NumOps)))
			switch { // some need others before them
			case d.last.Op == engine.OpRedrive && d.chance(2):
				op = engine.OpCancel
			case d.last.Op == engine.OpSplit && d.chance(2):
				op = engine.OpMerge
			}
			c := d.command(op)
			d.last = c
			d.t.Do(c)
			if d.chance(10) {
				d.t.Undo()
			}
		}
	}
	until = max(until, d.t.Now())
	d.t.Advance(until, -1)
	var done []handback.Done
	for _, c := range d.t.AllCommands() {
		done = append(done, handback.Done{At: c.At, Tick: c.Tick, Refused: c.Refused, Command: c.Command})
		if c.Refused {
			all.refused[c.Command.Op]++
		} else {
			all.ops[c.Command.Op]++
		}
	}
	all.series++
	all.commands += len(done)
	res, err := handback.Write(d.sc, handback.Given{}, done, d.open)
	if err != nil {
		t.Errorf("%s: %v", what, err)
		return nil
	}
	saved, err := scenario.Read(d.sc.File, []byte(res.Text), scenario.Options{Open: d.open})
	if err != nil {
		t.Errorf("%s: %v", what, err)
		return nil
	}
	want := d.t.AllCommands()
	for _, left := range res.Left {
		i := slices.IndexFunc(want, func(c timeline.PlacedCommand) bool {
			return c.At == left.At && c.Refused && reflect.DeepEqual(c.Command, left.Command)
		})
		if i < 0 || !left.Refused || !want[i].Refused {
			t.Errorf("%s: %s is left out", what, handback.StepLine(&left))
			return nil
		}
		want = slices.Delete(slices.Clone(want), i, i+1)
	}
	all.left += len(res.Left)
	if a, b := played(t, d.t.Config(), want, until), played(t, saved.Config, nil, until); a != b {
		t.Errorf("%s: another trace:\n%s\n%s", what, firstDifference(a, b), res.Diff())
		return nil
	}
	words := []string{"steps:", "set:"}
	for _, x := range res.Changed {
		if x.InText {
			words = append(words, x.Row.Property()+":")
			all.written++
		}
	}
	for _, line := range deleted(string(d.sc.Source), res.Text) {
		if !slices.ContainsFunc(words, func(w string) bool { return strings.Contains(line, w) || grew(line, w, res.Text) }) {
			t.Errorf("%s: a line that is not of %q is changed: %s\n%s", what, words, line, res.Diff())
		}
	}
	return saved
}

// played gives the trace of a world with commands in their places.
func played(t *testing.T, cfg *engine.Config, commands []timeline.PlacedCommand, until engine.Micros) string {
	t.Helper()
	s, err := engine.New(timeline.Keeping(cfg, commands))
	if err != nil {
		t.Fatal(err)
	}
	c := timeline.Follow(s, slices.Clone(commands))
	var out []byte
	for next := engine.Micros(0); next <= until; next = c.NextAt() {
		c.RunUntil(next)
		for _, e := range s.Drain() {
			out = append(trace.AppendJSON(out, s, &e), '\n')
		}
	}
	return string(out)
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

// grew tells whether a line with braces, of a text before, stands in the text with a word
// more between them.
func grew(line, word, text string) bool {
	own := strings.TrimRight(line[strings.LastIndex(line, " / ")+1:], "} ")
	own = strings.TrimPrefix(own, "/ ")
	for row := range strings.Lines(text) {
		if rest, ok := strings.CutPrefix(row, own); ok && strings.HasSuffix(line, "}") && strings.Contains(rest, word) {
			return true
		}
	}
	return false
}

// deleted are the lines of a text that another one has not, in their order; each with those
// that it stands below, in blocks.
func deleted(a, b string) (out []string) {
	x, y := strings.Split(a, "\n"), strings.Split(b, "\n")
	rows := make([][]int, len(x)+1) // the longest common rest
	for i := range rows {
		rows[i] = make([]int, len(y)+1)
	}
	for i := len(x) - 1; i >= 0; i-- {
		for j := len(y) - 1; j >= 0; j-- {
			if x[i] == y[j] {
				rows[i][j] = 1 + rows[i+1][j+1]
			} else {
				rows[i][j] = max(rows[i+1][j], rows[i][j+1])
			}
		}
	}
	indent := func(s string) int { return len(s) - len(strings.TrimLeft(s, " ")) }
	for i, j := 0, 0; i < len(x); {
		switch {
		case j < len(y) && x[i] == y[j]:
			i, j = i+1, j+1
		case j < len(y) && rows[i][j+1] >= rows[i+1][j]:
			j++
		default:
			line, depth := x[i], indent(x[i])
			for k := i - 1; k >= 0 && depth > 0; k-- {
				if strings.TrimSpace(x[k]) != "" && indent(x[k]) < depth {
					depth = indent(x[k])
					line = strings.TrimSpace(x[k]) + " / " + line
				}
			}
			out = append(out, line)
			i++
		}
	}
	return out
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
