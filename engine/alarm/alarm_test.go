package alarm_test

import (
	"fmt"
	"path/filepath"
	"strings"
	"testing"

	"github.com/cockroachdb/datadriven"

	"esmlab/engine"
	"esmlab/engine/alarm"
	"esmlab/engine/scenario"
	"esmlab/engine/timeline"
)

// TestAlarms plays the script under testdata. The commands:
//
//	scenario   a template; what follows is about its run
//	at 150s    goes there, forwards or back
//	do         a step of a scenario, now
//	undo       takes the last one back
//	alarm      sets each line's alarm and prints what it did, or how it is refused
func TestAlarms(t *testing.T) {
	t.Parallel()
	var tl *timeline.Timeline
	datadriven.RunTest(t, filepath.Join("testdata", "alarms"), func(t *testing.T, d *datadriven.TestData) string {
		switch d.Cmd {
		case "scenario":
			sc, err := scenario.Read("t.yaml", []byte(d.Input), scenario.Options{})
			if err != nil {
				d.Fatalf(t, "%v", err)
			}
			if tl, err = timeline.New(sc.Config); err != nil {
				d.Fatalf(t, "%v", err)
			}
			return "ok"
		case "at":
			at, _ := scenario.Duration(d.CmdArgs[0].Key)
			tl.Seek(at)
		case "disable":
			tl.Do(engine.Command{Op: engine.OpDisable, Target: d.CmdArgs[0].Key})
		case "undo":
			tl.Undo()
		default:
			var b strings.Builder
			for line := range strings.Lines(d.Input) {
				a, err := alarm.Read(line, tl.Sim().Config())
				if err != nil {
					fmt.Fprintln(&b, err)
					continue
				}
				if again, err := alarm.Read(a.Short(), tl.Sim().Config()); err != nil || again.String() != a.String() {
					d.Fatalf(t, "%s is read as %v (%v)", a.Short(), again, err)
				}
				tl.SetAlarm(a)
				fmt.Fprintln(&b, strings.Join(alarm.Said(tl), "\n"))
			}
			return b.String()
		}
		return strings.Join(alarm.Said(tl), "\n")
	})
}

// However a run came to an instant, its alarm has done the same: step by step, at once,
// after it was further, and in a copy.
func TestAnyWay(t *testing.T) {
	t.Parallel()
	sc, err := scenario.Read("t.yaml", []byte(`
Metadata:
  esmlab:
    traffic: [{to: Jobs, from: 0s, every: 7s}]
    functions: {Work: {takes: 3s, faults: [{name: some, nth: 5, how: error}]}}
Resources:
  Jobs: {Type: AWS::SQS::Queue, Properties: {VisibilityTimeout: 60}}
  Work: {Type: AWS::Serverless::Function, Properties: {Events: {Jobs: {Type: SQS, Properties: {Queue: !GetAtt Jobs.Arn, BatchSize: 1}}}}}
`), scenario.Options{})
	if err != nil {
		t.Fatal(err)
	}
	tl, err := timeline.New(sc.Config)
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range alarm.Metrics(sc.Config) {
		a, err := alarm.Read(name+" > 1", sc.Config)
		if err != nil {
			t.Fatal(err)
		}
		tl.Seek(0)
		tl.SetAlarm(a)
		said := func(tl *timeline.Timeline) string { return strings.Join(alarm.Said(tl), "\n") }
		var slow []string
		for at := engine.Micros(0); at <= 300*engine.Second; at += 11 * engine.Second {
			tl.Seek(at)
			slow = append(slow, said(tl))
			if copied := said(tl.Copy()); copied != slow[len(slow)-1] {
				t.Fatalf("a copy says %s\nand the run %s", copied, slow[len(slow)-1])
			}
		}
		for i := len(slow) - 1; i >= 0; i-- {
			tl.Seek(engine.Micros(i) * 11 * engine.Second)
			if back := said(tl); back != slow[i] {
				t.Fatalf("on the way back: %s\non the way there: %s", back, slow[i])
			}
		}
	}
}
