package scenario_test

import (
	"encoding/json"
	"strings"
	"testing"

	"esmlab/engine/scenario"
)

const keysBase = `{"Resources": {
"Stream": {"Type": "AWS::Kinesis::Stream", "Properties": {"ShardCount": 1}},
"Table": {"Type": "AWS::DynamoDB::Table", "Properties": {"AttributeDefinitions": [{"AttributeName": "id", "AttributeType": "S"}],
 "KeySchema": [{"AttributeName": "id", "KeyType": "HASH"}], "BillingMode": "PAY_PER_REQUEST", "StreamSpecification": {"StreamViewType": "KEYS_ONLY"}}},
"Jobs": {"Type": "AWS::SQS::Queue"}, "Fifo": {"Type": "AWS::SQS::Queue", "Properties": {"FifoQueue": true, "ContentBasedDeduplication": true}},
"Topic": {"Type": "AWS::SNS::Topic"}, "FifoTopic": {"Type": "AWS::SNS::Topic", "Properties": {"FifoTopic": true, "TopicName": "t.fifo", "ContentBasedDeduplication": true}},
"Bucket": {"Type": "AWS::S3::Bucket", "Properties": {"NotificationConfiguration": {"QueueConfigurations": [{"Event": "s3:ObjectCreated:*", "Queue": {"Fn::GetAtt": ["Jobs", "Arn"]}}]}}},
"Sub": {"Type": "AWS::SNS::Subscription", "Properties": {"TopicArn": {"Ref": "Topic"}, "Protocol": "sqs", "Endpoint": {"Fn::GetAtt": ["Jobs", "Arn"]}}},
"FifoSub": {"Type": "AWS::SNS::Subscription", "Properties": {"TopicArn": {"Ref": "FifoTopic"}, "Protocol": "sqs", "Endpoint": {"Fn::GetAtt": ["Fifo", "Arn"]}}},
"F": {"Type": "AWS::Serverless::Function", "Properties": {"Timeout": 3, "Events": {
 "S": {"Type": "Kinesis", "Properties": {"Stream": {"Fn::GetAtt": ["Stream", "Arn"]}, "StartingPosition": "LATEST"}},
 "T": {"Type": "DynamoDB", "Properties": {"Stream": {"Fn::GetAtt": ["Table", "StreamArn"]}, "StartingPosition": "LATEST"}},
 "J": {"Type": "SQS", "Properties": {"Queue": {"Fn::GetAtt": ["Jobs", "Arn"]}}},
 "Q": {"Type": "SQS", "Properties": {"Queue": {"Fn::GetAtt": ["Fifo", "Arn"]}}}}}}},
"Metadata": {"esmlab": `

// TestKeys puts keys to each kind of source, in a row of traffic, in a step of the file, of
// the command line, and in a replay: what AWS does not take is refused in its words, once.
func TestKeys(t *testing.T) {
	long := strings.Repeat
	kinesis := func(value, limit string) string {
		return "ValidationException: 1 validation error detected: Value '" + value + "' at 'partitionKey' failed to satisfy constraint: Member must have length " + limit
	}
	const empty = "ValidationException: One or more parameter values are not valid. The AttributeValue for a key attribute cannot contain an empty string value. Key: id"
	const hash = "ValidationException: One or more parameter values were invalid: Size of hashkey has exceeded the maximum size limit of2048 bytes"
	const group = " for parameter MessageGroupId is invalid. Reason: MessageGroupId can only include alphanumeric and punctuation characters. 1 to 128 in length."
	for _, c := range []struct{ to, key, want string }{
		{"Stream", long("é", 256), ""}, {"Stream", long("x", 257), kinesis(long("x", 59)+"…", "less than or equal to 256")}, {"Stream", "", kinesis("", "greater than or equal to 1")},
		{"Table", long("x", 2048), ""}, {"Table", long("é", 1025), hash}, {"Table", "", empty},
		{"Fifo", long("~", 128), ""}, {"Fifo", long("x", 129), "InvalidParameterValue: Value '" + long("x", 59) + "…'" + group}, {"Fifo", "a b", "InvalidParameterValue: Value 'a b'" + group},
		{"Fifo", "é", "InvalidParameterValue: Value 'é'" + group}, {"Fifo", "", "InvalidParameterValue: Value ''" + group},
		{"Jobs", "tenant!", ""}, {"Jobs", long("x", 300), "InvalidParameterValue: Value '" + long("x", 59) + "…'" + group}, {"Jobs", "a\u0000", "InvalidParameterValue: Value 'a'" + group},
		{"Topic", long("x", 300), ""}, {"FifoTopic", long("x", 300), "InvalidParameter: Invalid parameter: MessageGroupId"},
		{"Bucket", long("x", 1024), ""}, {"Bucket", long("x", 1025), "KeyTooLongError: Your key is too long"},
	} {
		quoted := func(v any) string {
			b, err := json.Marshal(v)
			if err != nil {
				t.Fatal(err)
			}
			return string(b)
		}
		put := `"to": "` + c.to + `", "keys": [` + quoted(c.key) + `]`
		line := `{"time": 1, "key": ` + quoted(c.key) + `, "body": "x"}`
		for where, meta := range map[string]string{
			"traffic": `{"traffic": [{"at": "1s", ` + put + `}]}`,
			"step":    `{"traffic": [], "steps": [{"at": "1s", "put": {` + put + `}}]}`,
			"flag":    `{"traffic": []}`,
			"replay":  `{"traffic": [{"to": "` + c.to + `", "replay": ` + quoted(line) + `}]}`,
		} {
			want, o := c.want, scenario.Options{}
			if where == "flag" {
				o.Steps = []string{`{"at": "1s", "put": {` + put + `}}`}
			}
			if where == "replay" && c.key == "" && c.to == "Fifo" {
				want = "MissingParameter: The request must contain the parameter MessageGroupId."
			}
			_, err := scenario.Read("t.json", []byte(keysBase+meta+"}}"), o)
			got := ""
			if err != nil {
				got = err.Error()
			}
			if want == "" && got != "" || want != "" && !strings.Contains(got, ": "+want) || strings.Contains(got, "\n") {
				t.Errorf("%.20q to %s, %s: %s\nwant %s", c.key, c.to, where, got, want)
			}
		}
	}
	if _, err := scenario.Read("t.json", []byte(keysBase+`{"traffic": [{"to": "Jobs", "replay": "{\"time\": 1, \"body\": \"x\"}"}]}}}`), scenario.Options{}); err != nil {
		t.Error(err) // a message of a standard queue needs no group
	}
}
