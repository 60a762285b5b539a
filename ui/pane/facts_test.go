package pane_test

import (
	"bytes"
	"slices"
	"strings"
	"testing"

	"esmlab/engine"
	"esmlab/engine/inspect"
	"esmlab/engine/narrate/narratetest"
	"esmlab/engine/rule"
	"esmlab/engine/scenario"
	"esmlab/engine/timeline"
	"esmlab/ui/kit"
	"esmlab/ui/pane"
	"esmlab/ui/plain"
)

// world is a run in which narratetest's events could have happened: it has
// their records and messages, by the same numbers and names.
const world = `
Metadata:
  esmlab:
    for: 10s
    traffic: [{to: Orders, at: 0s, count: 90}, {to: JobsDead, at: 0s}, {to: Jobs, at: 0s, count: 20}]
    services: {Payments: {}}
    functions: {Ship: {faults: [{records: [Orders#1]}]}, Work: {does: [{call: Payments, nth: 1000}, {send: Orders, nth: 1000}]}}
Resources:
  Orders: {Type: AWS::Kinesis::Stream, Properties: {ShardCount: 2}}
  Jobs: {Type: AWS::SQS::Queue, Properties: {VisibilityTimeout: 18, RedrivePolicy: {deadLetterTargetArn: !GetAtt JobsDead.Arn, maxReceiveCount: 3}}}
  JobsDead: {Type: AWS::SQS::Queue}
  Failures: {Type: AWS::SQS::Queue}
  Alerts: {Type: AWS::SNS::Topic}
  Archive: {Type: AWS::S3::Bucket}
  Ship:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: nodejs22.x
      Handler: index.handler
      InlineCode: exports.handler = async () => {}
      Policies: [SQSSendMessagePolicy: {QueueName: !GetAtt Failures.QueueName}, SNSPublishMessagePolicy: {TopicName: !GetAtt Alerts.TopicName}]
      Events:
        Orders:
          Type: Kinesis
          Properties: {Stream: !GetAtt Orders.Arn, StartingPosition: TRIM_HORIZON, MaximumRetryAttempts: 0, FilterCriteria: {Filters: [{Pattern: '{"data": {"n": [{"exists": true}]}}'}]}, DestinationConfig: {OnFailure: {Type: SNS, Destination: !Ref Alerts}}}
  Work:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: nodejs22.x
      Handler: index.handler
      InlineCode: exports.handler = async () => {}
      DeadLetterQueue: {Type: SQS, TargetArn: !ImportValue WorkFailures}
      Events:
        Jobs: {Type: SQS, Properties: {Queue: !GetAtt Jobs.Arn, FilterCriteria: {Filters: [{Pattern: '{"body": {"n": [{"exists": true}]}}'}]}}}
  Keep:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: nodejs22.x
      Handler: index.handler
      InlineCode: exports.handler = async () => {}
      Policies: [S3CrudPolicy: {BucketName: !Ref Archive}]
      Events:
        Orders:
          Type: Kinesis
          Properties: {Stream: !GetAtt Orders.Arn, StartingPosition: TRIM_HORIZON, DestinationConfig: {OnFailure: {Type: S3, Destination: !GetAtt Archive.Arn}}}
`

// What a view leaves out, by the names of narratetest's cases: it goes as
// planned, or what comes before or after it says it better.
var (
	notInPane = []string{"put", "put without a key", "put to a queue", "put again", "put twice", "put of an aggregate", "poll", "batch", "batch of a queue", "throttle", "retry of a queue", "checkpoint", "block", "block of a lane", "block of a lane without keys"}
	notTold   = []string{"put", "put without a key", "put to a queue", "put of an aggregate", "poll", "batch", "batch of a queue", "invoke", "invoke with messages", "invoke at the end of a window", "retry of a queue", "checkpoint", "reappear", "sends"}
)

// Pane 6, the story of a run, plain mode and why say of each kind of event and
// each command the same facts.
func TestViewsSayTheSameFacts(t *testing.T) {
	t.Parallel()
	sc, err := scenario.Read("world.yaml", []byte(world), scenario.Options{})
	if err != nil {
		t.Fatal(err)
	}
	r, err := scenario.NewRunner(sc, nil)
	if err != nil {
		t.Fatal(err)
	}
	r.Advance(r.End())
	s, names := r.Sim, narratetest.World(narratetest.Both).Config()
	message := func(n int32) int32 { // the id here of the n-th of Jobs
		id := s.MessageID(s.QueueIndex("Jobs"), int(n))
		if n > 0 && id < 0 {
			t.Fatalf("Jobs#%d has not been put", n)
		}
		return id
	}
	at := func(id string) int32 {
		i := s.MappingIndex(id)
		if i < 0 {
			t.Fatal("no mapping ", id)
		}
		return int32(i)
	}
	stream, queue := at("ShipOrders"), at("WorkJobs")
	for _, c := range narratetest.Cases() {
		e := c.Event
		if e.Mapping >= 0 {
			e.Mapping = stream
			if c.Queue {
				e.Mapping = queue
			}
		}
		e.Function = int32(s.FunctionOf(int(stream)))
		if c.Queue {
			e.Function = int32(s.FunctionOf(int(queue)))
		}
		if slices.Contains([]engine.Kind{engine.KindDeliver, engine.KindDeliverFailed, engine.KindDiscard, engine.KindForward, engine.KindForwardFailed}, e.Kind) {
			if e.Queue >= 0 {
				e.Queue = int32(s.DestinationIndex(names.DestinationID(e.Queue)))
			}
		} else if c.Queue {
			e.Queue, e.To = int32(s.QueueIndex(names.Queues[e.Queue].ID)), queueNamed(s, names, &e)
		}
		if e.Source < 0 && e.Applied == nil {
			e.Record, e.Of = message(e.Record), message(e.Of)
			for _, list := range []*[]int32{&e.Records, &e.Failed} {
				*list = slices.Clone(*list)
				for i, n := range *list {
					(*list)[i] = message(n)
				}
			}
		}
		hold := func(view, text string, without []string) {
			t.Helper()
			switch out := slices.Contains(without, c.Name); {
			case text == "" && !out:
				t.Errorf("%s: %s says nothing", c.Name, view)
			case text != "" && out:
				t.Errorf("%s: %s says %q, and is to leave it out", c.Name, view, text)
			case text == "":
				return
			}
			for _, fact := range c.Facts {
				if !strings.Contains(text, fact) {
					t.Errorf("%s: no %q in what %s says: %q", c.Name, fact, view, text)
				}
			}
		}
		log := []engine.Event{e}
		if e.Kind == engine.KindReturn && c.Queue && e.Outcome == engine.OutcomePartial { // what succeeded is deleted
			log = append(log, engine.Event{At: e.At, Kind: engine.KindDelete, Rule: rule.SqsPartialDelete, Source: -1, Mapping: e.Mapping, Queue: e.Queue, Batch: e.Batch,
				Records: slices.DeleteFunc(slices.Clone(e.Records), func(id int32) bool { return slices.Contains(e.Failed, id) }), Why: engine.WhyProcessed})
		}
		ctx := &pane.Ctx{S: s, M: int(stream), History: &timeline.History{Log: log}, Theme: kit.NewTheme(0)}
		if c.Queue {
			ctx.M = int(queue)
		}
		text := ""
		for _, line := range ctx.Stories(0, 5, "") {
			text += line.Text
		}
		if slices.Contains([]string{"move back"}, c.Name) { // of the DLQ, which stands in no mapping's pane
			if text != "" {
				t.Errorf("%s: pane 6 says %q", c.Name, text)
			}
		} else {
			hold("pane 6", text, notInPane)
		}
		var out bytes.Buffer
		st := plain.NewStory(&out, r)
		head := out.Len()
		st.Tell(log)
		if err := st.End(); err != nil {
			t.Fatal(err)
		}
		text, _, _ = strings.Cut(out.String()[head:], "\n\n")
		if text = strings.Join(strings.Fields(text), " "); text == "nothing happened What became" || strings.HasPrefix(text, "nothing happened") {
			text = ""
		}
		hold("the story", text, notTold)
		hold("why", inspect.OfEvent(s, log, 0).Statement, nil)
	}
}

// queueNamed is the queue that a message moves to; of a scale the number of
// pollers.
func queueNamed(s *engine.Sim, names *engine.Config, e *engine.Event) int32 {
	if e.Kind == engine.KindMove || e.Kind == engine.KindRedriveFailed && e.To >= 0 {
		return int32(s.QueueIndex(names.Queues[e.To].ID))
	}
	return e.To
}

// The stations of a life are said as why says them.
func TestLivesAndWhySayTheSame(t *testing.T) {
	t.Parallel()
	for _, x := range []struct {
		scenario, source string
		n                int
	}{{"poison-record", "Orders", 22}, {"retries-then-destination", "Orders", 1}, {"batch-mates", "Jobs", 4}, {"fifo-same-twice", "Orders", 4}, {"queue-filtered-away", "Jobs", 7}} {
		src, _ := scenario.Builtin(x.scenario)
		sc, err := scenario.Read(x.scenario+".yaml", src, scenario.Options{})
		if err != nil {
			t.Fatal(err)
		}
		tl, err := timeline.New(sc.Config)
		if err != nil {
			t.Fatal(err)
		}
		tl.Seek(sc.Config.For)
		stations, _ := inspect.Life(tl.Run, x.source, x.n)
		if len(stations) == 0 {
			t.Errorf("%s: %d stations", x.scenario, len(stations))
		}
		for _, st := range stations {
			if why := inspect.OfEvent(tl.Sim(), []engine.Event{st.Event}, 0); why.Statement != st.Text {
				t.Errorf("%s: the life says %q, why says %q", x.scenario, st.Text, why.Statement)
			}
		}
	}
}
