package scenario_test

import (
	"fmt"
	"strconv"
	"strings"
	"testing"

	"github.com/cockroachdb/datadriven"

	"esmlab/engine"
	"esmlab/engine/query"
	"esmlab/engine/scenario"
)

const languageBase = `Resources:
  Orders: {Type: AWS::Kinesis::Stream, Properties: {ShardCount: 1}}
  Failures: {Type: AWS::SQS::Queue}
  Ship:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: nodejs22.x
      Handler: index.handler
      InlineCode: exports.handler = async () => {}
      Timeout: 3
      Events:
        Orders:
          Type: Kinesis
          Properties:
            Stream: !GetAtt Orders.Arn
            StartingPosition: TRIM_HORIZON
            DestinationConfig: {OnFailure: {Type: SQS, Destination: !GetAtt Failures.Arn}}
Metadata:
  esmlab:
`

// queueBase is the template of `queue` and, with FIFO queues, of `fifo`.
const queueBase = `Resources:
  Jobs: {Type: AWS::SQS::Queue, Properties: {FIFO VisibilityTimeout: 18, RedrivePolicy: {deadLetterTargetArn: !GetAtt JobsDead.Arn, maxReceiveCount: 3}}}
  JobsDead: {Type: AWS::SQS::Queue, Properties: {FIFO MessageRetentionPeriod: 1209600}}
  Ship: {Type: AWS::Serverless::Function, Properties: {Timeout: 3, Events: {Jobs: {Type: SQS, Properties: {Queue: !GetAtt Jobs.Arn}}}}}
Metadata:
  esmlab:
`

// TestLanguage plays the scripts under testdata/language: what each field of
// Metadata.esmlab does. The input of `run` is Metadata.esmlab of a template
// with one stream Orders of one shard, a function Ship with a Timeout of 3 s
// and a mapping ShipOrders with a destination Failures; `set=(…)` sets from
// second 0, `twist` takes the twist. `queue` and `fifo` have a queue Jobs in
// the place of the stream, with a DLQ JobsDead and a mapping ShipJobs. Printed
// are the invocations, each with its begin, its records, its outcome and how
// long it took; refusals; and what became of the records.
func TestLanguage(t *testing.T) {
	datadriven.Walk(t, "testdata/language", func(t *testing.T, path string) {
		datadriven.RunTest(t, path, func(t *testing.T, d *datadriven.TestData) string {
			o := scenario.Options{}
			for _, a := range d.CmdArgs {
				switch a.Key {
				case "set":
					o.Sets = a.Vals
				case "twist":
					o.Twist = true
				}
			}
			src := languageBase
			switch d.Cmd {
			case "queue":
				src = strings.ReplaceAll(queueBase, "FIFO ", "")
			case "fifo":
				src = strings.ReplaceAll(queueBase, "FIFO ", "FifoQueue: true, ")
			}
			for line := range strings.Lines(d.Input) {
				src += "    " + strings.TrimRight(line, "\n") + "\n"
			}
			sc, err := scenario.Read("t.yaml", []byte(src), o)
			if err != nil {
				return err.Error() + "\n"
			}
			all, qerr := query.CompileValue(`[invocations("Ship"), events("refuse")]`, sc.Config)
			if qerr != nil {
				t.Fatal(qerr)
			}
			r, err := scenario.NewRunner(sc, all)
			if err != nil {
				t.Fatal(err)
			}
			r.Advance(r.End())
			return told(t, r, all)
		})
	})
}

func told(t *testing.T, r *scenario.Runner, all *query.Query) string {
	t.Helper()
	v, err := all.Value(r.World)
	if err != nil {
		t.Fatal(err)
	}
	lists := v.([]any)
	var b strings.Builder
	for _, inv := range lists[0].([]*query.Invocation) {
		outcome := inv.Outcome
		if outcome == "" {
			outcome = "runs"
		} else {
			outcome += " after " + seconds(inv.Took)
		}
		fmt.Fprintf(&b, "%8s  try %d of %s: %s\n", seconds(inv.At), inv.Attempt, numbers(inv.Records), outcome)
	}
	for _, e := range lists[1].([]*query.Event) {
		fmt.Fprintf(&b, "%8s  refused: %s\n", seconds(e.At), strings.TrimPrefix(e.Code+": "+e.Message, ": "))
	}
	var states []string
	for state, n := range r.Sim.CountStates(0) {
		if n > 0 && state > 0 {
			states = append(states, fmt.Sprintf("%d %s", n, engine.RecordState(state)))
		}
	}
	fmt.Fprintf(&b, "at %s: %s\n", r.Sim.Now(), strings.Join(states, ", "))
	for _, res := range r.Results {
		fmt.Fprintf(&b, "%s: %v\n", res.That, *res.OK)
	}
	return b.String()
}

func seconds(x float64) string { return strconv.FormatFloat(x, 'g', -1, 64) + " s" }

func numbers(labels []string) string {
	out := make([]string, len(labels))
	for i, l := range labels {
		_, out[i], _ = strings.Cut(l, "#")
	}
	return "[" + strings.Join(out, " ") + "]"
}
