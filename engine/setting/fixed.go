package setting

import "strings"

// Fixed is a property that nobody can change while a resource lives: CloudFormation
// replaces the resource ("Update requires: Replacement"). All others it updates in
// place.
type Fixed struct {
	Of   Owner
	In   Source // of a stream: whose stream
	Name string
	Page string // where AWS says so
}

const cfnPages = "https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-"

// Fixed refuses to change a property that only another template changes; it is nil for
// every other name.
func (r *Resource) Fixed(name string) *Refusal {
	property := name[strings.LastIndexByte(name, '.')+1:]
	if r.Of == OfStream && r.In == DynamoDB && property == "StreamViewType" {
		return &Refusal{What: name, Message: "the StreamViewType of a stream never changes", Right: "deploy a template with another one: the table gets a new stream"}
	}
	for _, f := range FixedProperties {
		if f.Of == r.Of && f.In&r.In != 0 && f.Name == property {
			return &Refusal{What: name, Message: property + " never changes", Right: "deploy a template with another one: CloudFormation replaces the resource"}
		}
	}
	return nil
}

// FixedProperties are the properties that replace a resource which a run
// simulates, as CloudFormation's pages had them in October 2026 (N-F1, N-F7, N-F8,
// N-F9).
var FixedProperties = []Fixed{
	{OfMapping, Any, "EventSourceArn", cfnPages + "lambda-eventsourcemapping.html"},
	{OfMapping, Any, "StartingPosition", cfnPages + "lambda-eventsourcemapping.html"},
	{OfMapping, Any, "StartingPositionTimestamp", cfnPages + "lambda-eventsourcemapping.html"},
	{OfStream, Kinesis, "Name", cfnPages + "kinesis-stream.html"},
	{OfStream, DynamoDB, "TableName", cfnPages + "dynamodb-table.html"},
	// The page has "some interruptions" for KeySchema, but DynamoDB cannot change a table's key.
	{OfStream, DynamoDB, "KeySchema", cfnPages + "dynamodb-table.html"},
	{OfQueue, AnyQueue, "QueueName", cfnPages + "sqs-queue.html"},
	{OfQueue, AnyQueue, "FifoQueue", cfnPages + "sqs-queue.html"},
	{OfFunction, Any, "FunctionName", cfnPages + "lambda-function.html"},
	{OfFunction, Any, "PackageType", cfnPages + "lambda-function.html"},
	{OfFunction, Any, "DurableConfig", cfnPages + "lambda-function.html"},
	{OfFunction, Any, "TenancyConfig", cfnPages + "lambda-function.html"},
}
