package cmd

import (
	"bytes"
	"context"
	"regexp"
	"strings"
	"testing"

	"github.com/charmbracelet/colorprofile"

	"esmlab/engine"
	"esmlab/engine/scenario"
	"esmlab/engine/trace"
	"esmlab/lessons"
	"esmlab/ui/kit"
	"esmlab/ui/lab"
	"esmlab/ui/lesson"
	"esmlab/ui/user"
)

// shellWords splits a line as a shell does, as far as kit.Quote makes use of it.
func shellWords(line string) (words []string) {
	word, quoted, some := "", false, false
	for i := 0; i < len(line); i++ {
		switch c := line[i]; {
		case c == '\'':
			quoted, some = !quoted, true
		case c == '\\' && !quoted:
			i++
			word += line[i : i+1]
		case c == ' ' && !quoted:
			if some {
				words = append(words, word)
			}
			word, some = "", false
		default:
			word, some = word+string(c), true
		}
	}
	if some {
		words = append(words, word)
	}
	return words
}

var numbered = regexp.MustCompile(`^\{"n":\d+,`)

// traceLines are the lines of a trace without their numbers, and without what was
// refused.
func traceLines(trace string) []string {
	var out []string
	for line := range strings.Lines(trace) {
		line = numbered.ReplaceAllString(line, "{")
		if !strings.Contains(line, `"kind":"refuse"`) {
			out = append(out, line)
		}
	}
	return out
}

// copied runs the line that a lab gives to the clipboard, and compares the trace
// of that run with what the lab showed.
func copied(t *testing.T, m *lab.Lab) string {
	t.Helper()
	var want []byte
	m.Timeline().Replay(0, func(s *engine.Sim, e *engine.Event) bool {
		want = append(trace.AppendJSON(want, s, e), '\n')
		return true
	})
	line := m.CommandLine()
	words := shellWords(line)
	if words[0] != "esmlab" {
		t.Fatal(line)
	}
	var out, errs bytes.Buffer
	code := Run(context.Background(), append(words[1:], "--trace", "-"), Env{In: strings.NewReader(""), Out: &out, Err: &errs})
	if code == exitCannot {
		t.Fatalf("%s\n%s", line, errs.String())
	}
	g, w := traceLines(out.String()), traceLines(string(want))
	for i := range min(len(g), len(w)) {
		if g[i] != w[i] {
			t.Fatalf("%s\nline %d of %d and %d:\n got %s\nwant %s", line, i, len(g), len(w), g[i], w[i])
		}
	}
	if len(g) != len(w) {
		t.Fatalf("%s\n%d lines, %d in the lab", line, len(g), len(w))
	}
	return line
}

// The line that `y` gives runs, and the run is the one that was on the screen:
// with the commands that took effect and without those that were refused.
func TestCopiedLine(t *testing.T) {
	t.Parallel()
	do := func(m *lab.Lab, at engine.Micros, c engine.Command) {
		m.Seek(at)
		m.Do(c)
	}
	screens := &kit.ScreenStack{Theme: kit.NewTheme(colorprofile.ASCII)}
	src, _ := scenario.Builtin("poison-record")
	sc, err := scenario.Read("poison-record", src, scenario.Options{})
	if err != nil {
		t.Fatal(err)
	}
	m, err := lab.New(screens, lab.Options{Scenario: &lab.Scenario{Name: sc.Name, Config: sc.Config}, Stopped: true})
	if err != nil {
		t.Fatal(err)
	}
	do(m, 19_012_345, engine.Command{Op: engine.OpSet, Target: "ShipOrders.BisectBatchOnFunctionError", Value: engine.BoolValue(true)})
	do(m, 20_012_345, engine.Command{Op: engine.OpSet, Target: "ShipOrders.BatchSize", Value: engine.IntValue(1 << 20)})
	do(m, 21_012_345, engine.Command{Op: engine.OpFault, Fault: engine.Fault{Name: "it's mine", Function: "Ship", How: engine.HowSlow, Takes: engine.Takes{Base: engine.Second}, Until: engine.Never}})
	do(m, 22_012_345, engine.Command{Op: engine.OpPut, Put: engine.Traffic{To: "Orders", AtOnce: true, Count: 10, At: 22_012_345, Until: engine.Never, Per: 1, Shard: -1, Keys: []string{"k1", "k2"}}})
	do(m, 22_112_345, engine.Command{Op: engine.OpPut, Put: engine.Traffic{To: "Orders", AtOnce: true, Count: 6, At: 22_112_345, Until: engine.Never, Per: 1, Shard: -1, Keys: []string{"a, b]}}", "x #y: 'z'", "\x1b]52;c;eA==\x07\u202e\"", "$(touch pwned)", "12", "null"}}})
	do(m, 22_212_345, engine.Command{Op: engine.OpSet, Target: "ShipOrders.FilterCriteria", Value: engine.TextValue(`{"Filters":[{"Pattern":"{\"partitionKey\":[{\"prefix\":\"k\"}]}"}]}`)})
	do(m, 23_012_345, engine.Command{Op: engine.OpDisable, Target: "ShipOrders"})
	do(m, 24_012_345, engine.Command{Op: engine.OpEnable, Target: "ShipOrders"})
	do(m, 31_111_111, engine.Command{Op: engine.OpSet, Target: "ShipOrders.OnFailure", Value: engine.TextValue("")})
	m.Seek(45 * engine.Second)
	line := copied(t, m)
	if strings.Contains(line, "BatchSize") || strings.Count(line, "--step") != 8 {
		t.Errorf("a command that was refused is in the line, or one that was not is missing: %s", line)
	}

	src, _ = scenario.Builtin("poison-to-dlq")
	if sc, err = scenario.Read("poison-to-dlq", src, scenario.Options{}); err != nil {
		t.Fatal(err)
	}
	if m, err = lab.New(screens, lab.Options{Scenario: &lab.Scenario{Name: sc.Name, Config: sc.Config}, Stopped: true}); err != nil {
		t.Fatal(err)
	}
	m.Seek(sc.Config.For)
	do(m, sc.Config.For+12_345, engine.Command{Op: engine.OpRedrive, Target: m.Timeline().Sim().Queues[0].DeadLetterQueue})
	m.Seek(sc.Config.For + 10*engine.Second)
	copied(t, m)
}

// In a lesson too: the line opens the lesson's template.
func TestCopiedLineOfALesson(t *testing.T) {
	t.Parallel()
	for i, h := range lessons.Builtin().Heads {
		if testing.Short() && i%8 != 1 {
			continue
		}
		l, err := lessons.Builtin().Lesson(h.ID)
		if err != nil {
			t.Fatal(err)
		}
		s, err := lesson.New(&kit.ScreenStack{Theme: kit.NewTheme(colorprofile.ASCII)}, lesson.Options{Lesson: l, Command: user.LessonPrefix + h.ID})
		if err != nil {
			t.Fatal(err)
		}
		for _, step := range l.Steps {
			for k, c := range step.Solution {
				s.Seek(engine.Micros(k+1)*7*engine.Second + 12_345)
				s.Do(c)
			}
		}
		s.Seek(max(20*engine.Second, s.Timeline().Newest()))
		copied(t, s.Lab)
	}
}
