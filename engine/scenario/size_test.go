package scenario

import (
	"fmt"
	"strings"
	"testing"
	"time"
)

// What is large is read in linear time: keys, rows of traffic, mappings, queues,
// parameters. Four times as much takes four times as long; where it is quadratic, sixteen
// times.
func TestLargeTemplates(t *testing.T) {
	div := 1
	if testing.Short() {
		div = 4
	}
	const stream = "  Orders: {Type: AWS::Kinesis::Stream}\n"
	const ship = "  Ship: {Type: AWS::Serverless::Function, Properties: {Events: {E: {Type: Kinesis, Properties: {Stream: !GetAtt Orders.Arn, StartingPosition: TRIM_HORIZON}}}}}\n"
	head := func(esmlab string) string { return "Metadata:\n  esmlab:\n    for: 1s\n" + esmlab + "Resources:\n" }
	for name, write := range map[string]func(many func(int, string) string, n func(int) string) string{
		"keys twice": func(many func(int, string) string, n func(int) string) string {
			return head("    traffic: [{to: Orders, at: 0s, keys: "+n(100_000)+"}, {to: Orders, at: 1s, keys: "+n(100_000)+"}]\n") + stream + ship
		},
		"a row for each key": func(many func(int, string) string, _ func(int) string) string {
			return head("    traffic:\n"+many(10_000, "    - {to: Orders, at: 0s, keys: [key{i}]}\n")) + stream + ship
		},
		"mappings and queues": func(many func(int, string) string, _ func(int) string) string {
			return head("") + many(1000, "  Q{i}: {Type: AWS::SQS::Queue}\n  F{i}: {Type: AWS::Serverless::Function, Properties: {Events: {E: {Type: SQS, Properties: {Queue: !GetAtt Q{i}.Arn}}}}}\n")
		},
		"dead-letter queues": func(many func(int, string) string, _ func(int) string) string {
			return head("") + stream + ship + many(5000, "  D{i}: {Type: AWS::SQS::Queue}\n  Q{i}: {Type: AWS::SQS::Queue, Properties: {RedrivePolicy: {deadLetterTargetArn: !GetAtt D{i}.Arn, maxReceiveCount: 3}}}\n")
		},
		"parameters": func(many func(int, string) string, _ func(int) string) string {
			return "Parameters:\n" + many(10_000, "  P{i}: {Type: String, Default: x}\n") + "Resources:\n" + stream + ship + many(10_000, "  R{i}: {Type: AWS::SNS::Topic, Properties: {TopicName: !Ref P{i}}}\n")
		},
		"properties": func(many func(int, string) string, _ func(int) string) string {
			return "Resources:\n" + stream + ship + "  T:\n    Type: AWS::Serverless::Function\n    Properties:\n      Environment:\n        Variables:\n" + many(20_000, "          P{i}: 1\n")
		},
		"wrong": func(many func(int, string) string, _ func(int) string) string {
			return "Resources:\n" + stream + ship + many(5_000, "  q_{i}: {Type: AWS::SQS::Queue, Properties: {DelaySeconds: -1}}\n")
		},
	} {
		t.Run(name, func(t *testing.T) {
			// took is how long a part of it takes.
			took := func(div int) time.Duration {
				src := write(func(n int, format string) string {
					var b strings.Builder
					for i := range n / div {
						b.WriteString(strings.ReplaceAll(format, "{i}", fmt.Sprint(i)))
					}
					return b.String()
				}, func(n int) string { return fmt.Sprint(n / div) })
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
				return time.Since(begin)
			}
			// The machine may do something else meanwhile, but hardly each time.
			for try := 1; ; try++ {
				quarter, whole := took(4*div), took(div)
				if whole <= 10*quarter+time.Second {
					t.Log(quarter, whole)
					return
				}
				if try == 3 {
					t.Fatalf("a quarter of it took %v, the whole %v", quarter, whole)
				}
			}
		})
	}
}
