package narrate_test

import (
	"strings"
	"testing"

	"esmlab/engine"
	"esmlab/engine/narrate"
	"esmlab/engine/narrate/narratetest"
	"esmlab/engine/rule"
	"esmlab/engine/scenario"
)

const (
	jobs = `
  Jobs: {Type: AWS::SQS::Queue, Properties: {VisibilityTimeout: 30}}
  Work: {Type: AWS::Serverless::Function, Properties: {Timeout: 10, Events: {Jobs: {Type: SQS, Properties: {Queue: !GetAtt Jobs.Arn}}}}}`
	reporting = `
  Jobs: {Type: AWS::SQS::Queue, Properties: {VisibilityTimeout: 30}}
  Work: {Type: AWS::Serverless::Function, Properties: {Timeout: 10, Events: {Jobs: {Type: SQS, Properties: {Queue: !GetAtt Jobs.Arn, FunctionResponseTypes: [ReportBatchItemFailures]}}}}}`
	shared = `
  J: {Type: AWS::SQS::Queue, Properties: {VisibilityTimeout: 30, RedrivePolicy: {deadLetterTargetArn: !GetAtt D.Arn, maxReceiveCount: 1}}}
  K: {Type: AWS::SQS::Queue, Properties: {VisibilityTimeout: 30, RedrivePolicy: {deadLetterTargetArn: !GetAtt D.Arn, maxReceiveCount: 1}}}
  D: {Type: AWS::SQS::Queue}
  Work: {Type: AWS::Serverless::Function, Properties: {Events: {J: {Type: SQS, Properties: {Queue: !GetAtt J.Arn}}, K: {Type: SQS, Properties: {Queue: !GetAtt K.Arn}}}}}
  Bury: {Type: AWS::Serverless::Function, Properties: {Events: {D: {Type: SQS, Properties: {Queue: !GetAtt D.Arn, MaximumBatchingWindowInSeconds: 2}}}}}`
	groups = `
  Jobs: {Type: AWS::SQS::Queue, Properties: {FifoQueue: true, VisibilityTimeout: 30, RedrivePolicy: {deadLetterTargetArn: !GetAtt Dead.Arn, maxReceiveCount: 1}}}
  Dead: {Type: AWS::SQS::Queue, Properties: {FifoQueue: true}}
  Work: {Type: AWS::Serverless::Function, Properties: {Events: {Jobs: {Type: SQS, Properties: {Queue: !GetAtt Jobs.Arn}}}}}`
	orders = `
  Orders: {Type: AWS::Kinesis::Stream, Properties: {ShardCount: 1, MaxRecordSizeInKiB: 10240}}
  Ship: {Type: AWS::Serverless::Function, Properties: {Events: {Orders: {Type: Kinesis, Properties: {Stream: !GetAtt Orders.Arn, StartingPosition: TRIM_HORIZON}}}}}`
)

// What a run tells must be true of it: each scenario has lines that its story has, and words
// that it must not have. A pane and a why say the same as far as they have a line.
func TestTold(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name, lab, resources string
		told                 string // lines of the story
		not                  string // no line of the story or a pane has this
	}{
		{"a FIFO queue releases by group: 1, 3, 2", "traffic: [{to: Jobs, at: 0s, count: 3, keys: 2}], functions: {Work: {takes: 1s, faults: [{how: error, deliveries: 1}]}}", groups,
			"FIFO-DLQ-1 #1 … #3 (3 messages) go to Dead: received once, the next would be one too many", "… #2"},
		{"a DLQ that two queues share", "for: 62s, traffic: [{to: J, at: 0s}, {to: K, at: 0s}], functions: {Work: {takes: 100ms, faults: [{how: error}]}, Bury: {faults: [{how: error}]}}", shared,
			"SQS-RECEIVE-1 poller 1 of BuryD receives J#1 and K#1 from D: receive 3", "and #1"},
		{"purged while the function has them", "traffic: [{to: Jobs, at: 0s, count: 2}], functions: {Work: {takes: 5s, faults: [{how: error}]}}, steps: [{at: 1s, purge: Jobs}]", jobs,
			"SQS-FAIL-1 batch 1 failed in Work: Lambda deletes nothing; both were purged meanwhile", "wait"},
		{"some purged: what comes later waits", "traffic: [{to: Jobs, at: 0s}, {to: Jobs, at: 2s}], functions: {Work: {takes: 5s, faults: [{how: error}]}}, steps: [{at: 1s, purge: Jobs}]", jobs,
			"SQS-FAIL-1 batch 1 failed in Work because of #1: Lambda deletes nothing; #1 was purged meanwhile\nSQS-FAIL-1 batch 2 failed in Work because of #2: nothing is deleted; #2 waits out its 30 s", "#1 waits"},
		{"the queue is deleted", "traffic: [{to: Jobs, at: 0s, count: 2}], functions: {Work: {takes: 5s, faults: [{how: error}]}}, steps: [{at: 1s, remove: Jobs}]", jobs,
			"SQS-FAIL-1 batch 1 failed in Work: Lambda deletes nothing; both were deleted with their queue", "wait"},
		{"purged, and the function succeeds", "traffic: [{to: Jobs, at: 0s, count: 2}], functions: {Work: {takes: 5s}}, steps: [{at: 1s, purge: Jobs}]", jobs,
			"FN-RUN-1 batch 1 done: both were purged meanwhile", "nothing of it"},
		{"purged, and the function reports one", "traffic: [{to: Jobs, at: 0s, count: 2}], functions: {Work: {takes: 5s, faults: [{records: [Jobs#2], how: report}]}}, steps: [{at: 1s, purge: Jobs}]", reporting,
			"SQS-PARTIAL-1 batch 1: Work reports #2; both were purged meanwhile", "nothing of it"},
		{"purged, not deleted by the handler", "traffic: [{to: Jobs, at: 0s, count: 2}], functions: {Work: {takes: 5s, faults: [{how: error}], does: [{visibility: 20s}]}}, steps: [{at: 1s, purge: Jobs}]", jobs,
			"SQS-FAIL-1 batch 1 failed in Work because of #1: Lambda deletes nothing; both were purged meanwhile", "deleted by the handler"},
		{"visible again before the function fails", "for: 12s, traffic: [{to: Jobs, at: 0s, count: 2}], functions: {Work: {takes: 5s, faults: [{how: error}]}}, steps: [{at: 0s, set: {Jobs.VisibilityTimeout: 3}}]", jobs,
			"SQS-FAIL-1 batch 1 failed in Work: Lambda deletes nothing; both had become visible again", "wait out"},
		{"a mapping that is deleted", "for: 20s, traffic: [{to: Orders, every: 1s}], functions: {Ship: {faults: [{records: [Orders#2], how: error}]}}, steps: [{at: 5s, remove: ShipOrders}, {at: 10s, split: {stream: Orders, shard: 0}}]", orders,
			"KIN-RESHARD-1 Orders has 3 shards now, closed ones counted in", "not read"},
		{"a mapping that is disabled", "for: 20s, traffic: [{to: Orders, every: 1s}], functions: {Ship: {faults: [{records: [Orders#2], how: error}]}}, steps: [{at: 5s, disable: ShipOrders}, {at: 10s, split: {stream: Orders, shard: 0}}]", orders,
			"KIN-RESHARD-1 Orders has 3 shards now, closed ones counted in", "not read"},
		{"a mapping that reads", "for: 20s, traffic: [{to: Orders, every: 1s}], functions: {Ship: {faults: [{records: [Orders#2], how: error}]}}, steps: [{at: 5s, disable: ShipOrders}, {at: 6s, enable: ShipOrders}, {at: 10s, split: {stream: Orders, shard: 0}}]", orders,
			"KIN-RESHARD-2 shard 1 is not read yet: its parent, shard 0, is not finished", "?"},
		{"an answer of one record of 6 MB", "traffic: [{to: Orders, every: 6s, count: 3, size: 6000000}], mappings: {ShipOrders: {activates: 30s}}", orders,
			"KIN-READ-1 a read of shard 0 is refused: the answer before it was full (10 MB at most), and 5 s must pass", "had 10 MB"},
	} {
		lab := c.lab
		if !strings.Contains(lab, "for:") {
			lab = "for: 40s, " + lab
		}
		story, panes := told(t, c.name, "Metadata: {esmlab: {"+lab+"}}\nResources:"+c.resources+"\n")
		for line := range strings.SplitSeq(c.told, "\n") {
			if !strings.Contains(story, line+"\n") {
				t.Errorf("%s: no line\n%s\nin\n%s", c.name, line, story)
			}
		}
		if strings.Contains(story+panes, c.not) {
			t.Errorf("%s: %q is in\n%s\n%s", c.name, c.not, story, panes)
		}
	}
}

// told runs a scenario and gives its story, and what panes and whys say of it.
func told(t *testing.T, name, src string) (story, panes string) {
	t.Helper()
	sc, err := scenario.Read(name, []byte(src), scenario.Options{})
	if err != nil {
		t.Fatal(name, err)
	}
	r, err := scenario.NewRunner(sc, nil)
	if err != nil {
		t.Fatal(name, err)
	}
	var log []engine.Event
	n := narrate.Narrator{World: r.Sim}
	st := n.NewStory(func(_ engine.Micros, by rule.ID, text string) { story += string(by) + " " + text + "\n" })
	r.OnEvents = func(_ *engine.Sim, events []engine.Event) { log = append(log, events...); st.Add(events) }
	r.Advance(r.End())
	st.Flush()
	for i := range log {
		if log[i].Kind == engine.KindReturn { // what a why says
			panes += n.EventOf(log, i) + "\n"
		}
	}
	for m := range sc.Config.Mappings {
		n := narrate.Narrator{World: r.Sim, Short: true, Shown: true, Mapping: m}
		lines := n.Read()
		for i := len(log) - 1; i >= 0; i-- {
			if l, ok := lines.Line(log, i); ok {
				panes += l.Text + "\n"
			}
		}
	}
	return story, panes
}

// twoQueues calls messages from 100 on those of Failures.
type twoQueues struct{ narratetest.Names }

func (w twoQueues) Message(id int32) *engine.Message {
	return &engine.Message{Origin: id / 100 * 2, N: id % 100}
}

// A list names its lowest and its highest number, and the source of each where there are
// several; a range with gaps is counted.
func TestLists(t *testing.T) {
	t.Parallel()
	w := twoQueues{narratetest.World(narratetest.Queue)}
	for _, c := range []struct {
		ids         []int32
		long, short string
	}{
		{[]int32{4}, "#4", "#4"},
		{[]int32{9, 4}, "#4 and #9", "#4 and #9"},
		{[]int32{1, 3, 2}, "#1 … #3 (3 messages)", "#1 … #3"},
		{[]int32{19, 12, 9, 20}, "#9 … #20 (4 messages)", "4 of #9 … #20"},
		{[]int32{104}, "Failures#4", "Failures#4"},
		{[]int32{4, 104}, "Jobs#4 and Failures#4", "Jobs#4 and Failures#4"},
		{[]int32{104, 7, 4}, "Failures#4, Jobs#4 and Jobs#7 (3 messages)", "Failures#4, Jobs#4 and Jobs#7"},
		{[]int32{35, 115, 2, 104, 36, 109}, "Jobs#2 … #36 and Failures#4 … #15 (6 messages)", "6 of Jobs#2 … #36 and Failures#4 … #15"},
	} {
		e := engine.Event{Kind: engine.KindReappear, Rule: rule.SqsVisible, Source: -1, Mapping: -1, Records: c.ids}
		for _, short := range []bool{false, true} {
			n := narrate.Narrator{World: w, Short: short}
			want := c.long
			if short {
				want = c.short
			}
			got, _, _ := strings.Cut(strings.Replace(n.Event(&e), " is ", " are ", 1), " are ")
			if got != want {
				t.Errorf("%v, short %t: %q, want %q", c.ids, short, got, want)
			}
		}
	}
}

// The same in a row of a pane.
func TestMessages(t *testing.T) {
	t.Parallel()
	named := func(id int32) (string, int32) { return [...]string{"Jobs", "Failures"}[id/100], id % 100 }
	for _, c := range []struct {
		ids  []int32
		want string
		gaps bool
	}{
		{nil, "nothing", false},
		{[]int32{4}, "#4", false},
		{[]int32{5, 4}, "#4…#5", false},
		{[]int32{9, 4}, "#4,#9", false},
		{[]int32{1, 3, 2}, "#1…#3", false},
		{[]int32{1, 9, 2}, "#1…#9", true},
		{[]int32{104, 9, 2, 4}, "Failures#4,Jobs#2…#9", true},
	} {
		if got, gaps := narrate.Messages(c.ids, "…", named); got != c.want || gaps != c.gaps {
			t.Errorf("%v: %q, gaps %t", c.ids, got, gaps)
		}
	}
}
