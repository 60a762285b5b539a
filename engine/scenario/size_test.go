package scenario

import (
	"fmt"
	"strings"
	"testing"
	"time"
)

// What is large is read in linear time: keys, rows of traffic, mappings, queues,
// parameters. Where it is quadratic, this takes minutes.
func TestLargeTemplates(t *testing.T) {
	t.Parallel()
	div := 1
	if testing.Short() {
		div = 4
	}
	many := func(n int, format string) string {
		var b strings.Builder
		for i := range n / div {
			b.WriteString(strings.ReplaceAll(format, "{i}", fmt.Sprint(i)))
		}
		return b.String()
	}
	const stream = "  Orders: {Type: AWS::Kinesis::Stream}\n"
	const ship = "  Ship: {Type: AWS::Serverless::Function, Properties: {Events: {E: {Type: Kinesis, Properties: {Stream: !GetAtt Orders.Arn, StartingPosition: TRIM_HORIZON}}}}}\n"
	head := func(esmlab string) string { return "Metadata:\n  esmlab:\n    for: 1s\n" + esmlab + "Resources:\n" }
	for name, src := range map[string]string{
		"keys twice":          head("    traffic: [{to: Orders, at: 0s, keys: 100000}, {to: Orders, at: 1s, keys: 100000}]\n") + stream + ship,
		"a row for each key":  head("    traffic:\n"+many(10_000, "    - {to: Orders, at: 0s, keys: [key{i}]}\n")) + stream + ship,
		"mappings and queues": head("") + many(1000, "  Q{i}: {Type: AWS::SQS::Queue}\n  F{i}: {Type: AWS::Serverless::Function, Properties: {Events: {E: {Type: SQS, Properties: {Queue: !GetAtt Q{i}.Arn}}}}}\n"),
		"dead-letter queues":  head("") + stream + ship + many(5000, "  D{i}: {Type: AWS::SQS::Queue}\n  Q{i}: {Type: AWS::SQS::Queue, Properties: {RedrivePolicy: {deadLetterTargetArn: !GetAtt D{i}.Arn, maxReceiveCount: 3}}}\n"),
		"parameters":          "Parameters:\n" + many(10_000, "  P{i}: {Type: String, Default: x}\n") + "Resources:\n" + stream + ship + many(10_000, "  R{i}: {Type: AWS::SNS::Topic, Properties: {TopicName: !Ref P{i}}}\n"),
		"properties":          "Resources:\n" + stream + ship + "  T:\n    Type: AWS::Serverless::Function\n    Properties:\n      Environment:\n        Variables:\n" + many(20_000, "          P{i}: 1\n"),
		"wrong":               "Resources:\n" + stream + ship + many(5_000, "  q_{i}: {Type: AWS::SQS::Queue, Properties: {DelaySeconds: -1}}\n"),
	} {
		t.Run(name, func(t *testing.T) {
			begin := time.Now()
			sc, err := Read("large.yaml", []byte(src), Options{})
			if err != nil && name != "wrong" {
				t.Fatal(err)
			}
			if err == nil {
				r, err := NewRunner(sc, nil)
				if err != nil {
					t.Fatal(err)
				}
				r.Advance(r.End())
			}
			if took := time.Since(begin); took > 8*time.Second {
				t.Errorf("it took %v", took)
			} else {
				t.Log(took)
			}
		})
	}
}
