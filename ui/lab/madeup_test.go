package lab

import (
	"strings"
	"testing"

	"esmlab/engine"
	"esmlab/engine/scenario"
	"esmlab/ui/pane"
)

const filtering = `Resources:
  Jobs: {Type: AWS::SQS::Queue}
  Scans: {Type: AWS::Kinesis::Stream, Properties: {ShardCount: 2}}
  W: {Type: AWS::Serverless::Function, Properties: {Events: {E: {Type: SQS, Properties: {Queue: !GetAtt Jobs.Arn, FilterCriteria: {Filters: [{Pattern: '{"messageAttributes":{"k":["a"]}}'}]}}}}}}
  V: {Type: AWS::Serverless::Function, Properties: {Events: {E: {Type: Kinesis, Properties: {Stream: !GetAtt Scans.Arn, StartingPosition: TRIM_HORIZON, FilterCriteria: {Filters: [{Pattern: '{"kinesis":{"k":["a"]}}'}]}}}}}}
`

// The first screen says in one row what was made up, and the keys that change it, until the
// person has changed something. What filters drop is not done, on any pane.
func TestMadeUp(t *testing.T) {
	sc, err := scenario.Read("t.yaml", []byte(filtering), scenario.Options{})
	if err != nil {
		t.Fatal(err)
	}
	world := &Scenario{Name: "t", Config: sc.Config, MadeUp: sc.MadeUp}
	for _, size := range [][2]int{{80, 24}, {120, 36}, {200, 60}} {
		m := lab(t, world, size[0], size[1], 6*engine.Second)
		for range m.sim().Mappings {
			text := m.text()
			if !strings.Contains(text, "Made up") || !strings.Contains(text, "5 a second each, 100 ms a call") || !strings.Contains(text, "p put") || !strings.Contains(text, "s settings") && !strings.Contains(text, "s how long calls take") {
				t.Errorf("%v: %s", size, text)
			}
			if !strings.Contains(text, "filtered ") && !strings.Contains(text, "~ filtered") || !strings.Contains(text, "NOTHING REACHES") {
				t.Errorf("%v: nothing is said to be filtered:\n%s", size, text)
			}
			for _, wrong := range []string{"✓ 1", "✓ 2", "✓ 3", "deleted 2", "deleted 3", "done 2", "done 3"} {
				if strings.Contains(text, wrong) && !strings.Contains(text, "processed 0, filtered") {
					t.Errorf("%v: %q\n%s", size, wrong, text)
				}
			}
			m.pressAll(t, []string{"m"})
		}
		for i := range m.sim().Mappings {
			if tot := pane.TotalsOf(m.sim(), i); tot.Done != 0 || tot.Filtered == 0 {
				t.Errorf("totals of %d: %+v", i, tot)
			}
		}
		m.pressAll(t, []string{"i"})
		if text := m.text(); strings.Contains(text, "Made up") {
			t.Errorf("%v: still said after a command:\n%s", size, text)
		}
	}
}
