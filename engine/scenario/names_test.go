package scenario_test

import (
	"strings"
	"testing"

	"esmlab/engine/scenario"
)

// SAM calls the mapping of event Jobs of function Mail MailJobs. A queue of that name is
// reported as what it is, two things with one name.
func TestMappingNamedAsItsSource(t *testing.T) {
	t.Parallel()
	for _, source := range []string{"SQS, Properties: {Queue: !GetAtt MailJobs.Arn}", "Kinesis, Properties: {Stream: !GetAtt MailJobs.Arn, StartingPosition: LATEST}"} {
		kind := "AWS::SQS::Queue"
		if strings.HasPrefix(source, "Kinesis") {
			kind = "AWS::Kinesis::Stream"
		}
		src := "Transform: AWS::Serverless-2016-10-31\nResources:\n  MailJobs: {Type: " + kind + "}\n" +
			"  Mail: {Type: AWS::Serverless::Function, Properties: {Handler: a.b, Runtime: python3.13, CodeUri: src/, Events: {Jobs: {Type: " + source + "}}}}\n"
		_, err := scenario.Read("t.yaml", []byte(src), scenario.Options{})
		if err == nil || !strings.Contains(err.Error(), "two things are called MailJobs") {
			t.Errorf("%s: %v", kind, err)
		}
	}
}

// A mapping that deployments have moved to another stream and back is one mapping: what it
// did before counts, and its name says which is meant.
func TestMappingThereAndBack(t *testing.T) {
	t.Parallel()
	const src = `
Metadata:
  esmlab:
    for: 20s
    traffic: [{to: O, at: 0s, count: 2}, {to: P, at: 0s, count: 2}]
    steps:
      - {at: 5s, deploy: {Resources: {Map: {Properties: {EventSourceArn: !GetAtt P.Arn}}}}}
      - {at: 10s, deploy: {Resources: {Map: {Properties: {EventSourceArn: !GetAtt O.Arn}}}}}
    expect:
      - {that: 'record("O#1").deliveries == 2 && record("O#1", "Map").state == "done"'}
      - {that: 'record("P#1").deliveries == 1'}
      - {that: 'mapping("Map").again == 2'}
Resources:
  O: {Type: AWS::Kinesis::Stream, Properties: {ShardCount: 1}}
  P: {Type: AWS::Kinesis::Stream, Properties: {ShardCount: 1}}
  Fn: {Type: AWS::Serverless::Function, Properties: {Policies: [{Statement: [{Effect: Allow, Action: "*", Resource: "*"}]}]}}
  Map:
    Type: AWS::Lambda::EventSourceMapping
    Properties: {EventSourceArn: !GetAtt O.Arn, FunctionName: !Ref Fn, StartingPosition: TRIM_HORIZON}
`
	sc, err := scenario.Read("t.yaml", []byte(src), scenario.Options{})
	if err != nil {
		t.Fatal(err)
	}
	r, err := scenario.NewRunner(sc, nil)
	if err != nil {
		t.Fatal(err)
	}
	r.Advance(r.End())
	for _, x := range r.Results {
		if x.OK == nil || !*x.OK {
			t.Errorf("%s: %s %v", x.That, x.Error, x.Saw)
		}
	}
}
