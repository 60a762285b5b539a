package scenario_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"esmlab/engine/scenario"
)

// recorded is a small run that was recorded on AWS, and what AWS did.
type recorded struct {
	name    string
	table   bool
	mapping string // the mapping's parameters, beside where it starts
	meta    string // traffic, faults and the like
	expect  []string
}

const kinesisSource = `
  Orders: {Type: AWS::Kinesis::Stream, Properties: {ShardCount: 1}}`

const tableSource = `
  Orders:
    Type: AWS::DynamoDB::Table
    Properties:
      KeySchema: [{AttributeName: id, KeyType: HASH}]
      AttributeDefinitions: [{AttributeName: id, AttributeType: S}]
      BillingMode: PAY_PER_REQUEST
      StreamSpecification: {StreamViewType: NEW_IMAGE}`

// template writes the whole template of a recorded run.
func (r *recorded) template() string {
	source, kind, arn := kinesisSource, "Kinesis", "Orders.Arn"
	if r.table {
		source, kind, arn = tableSource, "DynamoDB", "Orders.StreamArn"
	}
	expect := ""
	for _, e := range r.expect {
		expect += "\n      - that: " + quoted(e)
	}
	return fmt.Sprintf(`AWSTemplateFormatVersion: "2010-09-09"
Transform: AWS::Serverless-2016-10-31
Metadata:
  esmlab:
    for: 3m%s
    expect:%s
Resources:%s
  Failures: {Type: AWS::SQS::Queue}
  Ship:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: nodejs22.x
      Handler: index.handler
      InlineCode: "exports.handler = async () => {}"
      Timeout: 30
      Events:
        Orders:
          Type: %s
          Properties:
            Stream: !GetAtt %s
            StartingPosition: TRIM_HORIZON
            DestinationConfig: {OnFailure: {Type: SQS, Destination: !GetAtt Failures.Arn}}
            %s
`, strings.ReplaceAll("\n"+strings.TrimSpace(r.meta), "\n", "\n    "), expect, source, kind, arn, strings.ReplaceAll(r.mapping, "; ", "\n            "))
}

func quoted(s string) string { return "'" + strings.ReplaceAll(s, "'", "''") + "'" }

func poison(how string) string {
	return "traffic: [{to: Orders, at: 0s, count: 1}]\nfunctions: {Ship: {faults: [{how: " + how + "}]}}"
}

// TestRecorded plays small runs that AWS was recorded on: how many times records
// were delivered, and what the failure records said.
func TestRecorded(t *testing.T) {
	const first = `destination("Failures").payloads[0]`
	counts := func(n int) []string {
		return []string{fmt.Sprintf(`record("Orders#1").deliveries == %d && %s.requestContext.approximateInvokeCount == %d`, n, first, n),
			first + `.requestContext.condition == "RetryAttemptsExhausted" && ` + first + `.version == "1.0"`,
			first + `.responseContext.statusCode == 200 && ` + first + `.responseContext.executedVersion == "$LATEST" && ` + first + `.responseContext.functionError == "Unhandled"`,
			`len(destination("Failures").payloads) == 1 && record("Orders#1").state == "discarded" && mapping("ShipOrders").LastProcessingResult == "PROBLEM: Function call failed"`}
	}
	progress := []string{
		`record("Orders#6").deliveries == 5 && ` + first + `.requestContext.approximateInvokeCount == 4`,
		`all(["Orders#1", "Orders#2", "Orders#3", "Orders#4", "Orders#5"], record(#).deliveries == 1 && record(#).state == "done")`,
		`map(invocations("Ship"), len(.records)) == [3, 3, 1, 1, 1, 1]`,
		`"functionError" in ` + first + `.responseContext && ` + first + `.responseContext.functionError == nil`,
	}
	threeKeys := "traffic: [{to: Orders, at: 0s, count: 6, keys: 6}]\nfunctions: {Ship: {faults: [{records: [Orders#6], how: report}]}}"
	runs := []recorded{
		{name: "retries 1", mapping: "MaximumRetryAttempts: 1", meta: poison("error"), expect: counts(2)},
		{name: "retries 2", mapping: "MaximumRetryAttempts: 2", meta: poison("error"), expect: counts(3)},
		{name: "retries 3 of a table", table: true, mapping: "MaximumRetryAttempts: 3", meta: poison("error"), expect: counts(4)},
		{name: "retries 0", mapping: "MaximumRetryAttempts: 0", meta: poison("error"), expect: counts(1)},
		{name: "an exception with partial responses on", mapping: "MaximumRetryAttempts: 2; FunctionResponseTypes: [ReportBatchItemFailures]", meta: poison("error"), expect: counts(3)},
		{name: "partial progress gives a new count", mapping: "BatchSize: 3; MaximumRetryAttempts: 3; FunctionResponseTypes: [ReportBatchItemFailures]", meta: threeKeys,
			expect: append(progress, first+`.KinesisBatchInfo.batchSize == 1 && `+first+`.KinesisBatchInfo.approximateArrivalOfFirstRecord == "2026-12-01T00:00:00.000Z"`)},
		{name: "partial progress of a table", table: true, mapping: "BatchSize: 3; MaximumRetryAttempts: 3; FunctionResponseTypes: [ReportBatchItemFailures]", meta: threeKeys,
			expect: append(progress, first+`.DDBStreamBatchInfo.batchSize == 1 && `+first+`.DDBStreamBatchInfo.approximateArrivalOfFirstRecord == "2026-12-01T00:00:00Z"`)},
		{name: "one too old, five fresh", mapping: "MaximumRecordAgeInSeconds: 60", meta: "mappings: {ShipOrders: {activates: 70s}}\ntraffic: [{to: Orders, at: 0s}, {to: Orders, at: 65s, count: 5}]",
			expect: []string{`record("Orders#1").state == "discarded" && record("Orders#1").deliveries == 0`,
				`len(invocations("Ship")) == 1 && invocations("Ship")[0].records == ["Orders#2", "Orders#3", "Orders#4", "Orders#5", "Orders#6"]`,
				first + `.requestContext.condition == "RecordAgeExceeded" && ` + first + `.requestContext.approximateInvokeCount == 1 && "requestId" in ` + first + `.requestContext`,
				`!("responseContext" in ` + first + `) && ` + first + `.KinesisBatchInfo.batchSize == 1`}},
		{name: "too old while it is tried", mapping: "MaximumRecordAgeInSeconds: 60", meta: poison("error"),
			expect: []string{first + `.requestContext.condition == "RecordAgeExceeded" && ` + first + `.requestContext.approximateInvokeCount == 8`,
				`record("Orders#1").deliveries == 7 && !("responseContext" in ` + first + `)`}},
	}
	for _, reply := range []string{`{"batchItemFailures":[{"itemIdentifier":""}]}`, `{"batchItemFailures":[{"itemIdentifier":null}]}`, `{"batchItemFailures":[{"foo":"{id:Orders#1}"}]}`,
		`{"batchItemFailures":[{"itemIdentifier":"not-there"}]}`, `{"batchItemFailures":[{"itemIdentifier":123}]}`} {
		runs = append(runs, recorded{name: "a failure: " + reply, mapping: "MaximumRetryAttempts: 2; FunctionResponseTypes: [ReportBatchItemFailures]",
			meta: poison("reply, reply: " + quoted(reply)), expect: []string{`record("Orders#1").deliveries == 3 && ` + first + `.requestContext.approximateInvokeCount == 3`,
				`"functionError" in ` + first + `.responseContext && ` + first + `.responseContext.functionError == nil`, `function("Ship").errors == 0`}})
	}
	for _, reply := range []string{``, `""`, `null`, `[]`, `{}`, `{"batchItemFailures":[]}`, `{"batchItemFailures":null}`} {
		runs = append(runs, recorded{name: "a success: " + reply, mapping: "MaximumRetryAttempts: 2; FunctionResponseTypes: [ReportBatchItemFailures]",
			meta: poison("reply, reply: " + quoted(reply)), expect: []string{`record("Orders#1").deliveries == 1 && record("Orders#1").state == "done"`, `mapping("ShipOrders").LastProcessingResult == "OK"`}})
	}
	for _, reply := range []string{`3`, `true`, `"text"`, `[1]`, `{"batchItemFailures":"{id:Orders#1}"}`, `{"batchItemFailures":[1]}`, `{"batch`} {
		runs = append(runs, recorded{name: "no such answer: " + reply, mapping: "MaximumRetryAttempts: 1; FunctionResponseTypes: [ReportBatchItemFailures]",
			meta: poison("reply, reply: " + quoted(reply)), expect: []string{`record("Orders#1").deliveries == 2 && record("Orders#1").state == "discarded"`}})
	}
	for _, r := range runs {
		t.Run(r.name, func(t *testing.T) {
			sc, err := scenario.Read("recorded.yaml", []byte(r.template()), scenario.Options{})
			if err != nil {
				t.Fatalf("%v\n%s", err, r.template())
			}
			run, err := scenario.NewRunner(sc, nil)
			if err != nil {
				t.Fatal(err)
			}
			run.Advance(run.End())
			for _, res := range run.Results {
				if res.OK == nil || !*res.OK {
					saw, _ := json.Marshal(res.Saw)
					t.Errorf("does not hold: %s %s\n%s", res.That, res.Error, saw)
				}
			}
		})
	}
}
