package template

import "strings"

// This file gives each refusal an id that stays when its words change, for programs that
// read `check --json`.

// refusal is what messages with some text in them are called. The first that fits counts.
type refusal struct{ id, text string }

var refusals = []refusal{
	// the file
	{"not-yaml", "not YAML"}, {"file-empty", "the file is empty"}, {"file-too-large", "the file is larger"}, {"second-document", "a second document"},
	{"not-a-template", "not a SAM or CloudFormation template"}, {"not-a-template", "this is not a template"}, {"no-resources", "the template has no Resources"},
	{"no-mapping", "has no event source mapping"}, {"too-many-resources", "Number of resources"}, {"too-deep", "nested too deeply"}, {"name-not-alphanumeric", "non alphanumeric"},
	{"name-not-alphanumeric", "must be alphanumeric"}, {"name-not-text", "a name in a map"}, {"name-twice", "stands here twice"}, {"name-twice", "two things are called"}, {"type-missing", " has no Type"}, {"type-missing", "must contain a Type member"},
	{"type-unknown", "Unrecognized resource types"}, {"type-not-text", "Every Type member"}, {"event-type-unknown", "Event Type is"}, {"resource-malformed", "definition is malformed"},
	{"section-unknown", "Invalid template property"}, {"attribute-unknown", "Invalid template resource property"}, {"properties-not-map", "Properties of "},
	{"resource-misplaced", "Unrecognized parameter type"}, {"resource-misplaced", "Every Outputs member"}, {"resource-misplaced", "Every Mappings attribute"},
	// parameters, functions and conditions
	{"parameter-unknown", "do not exist in the template"}, {"parameter-not-allowed", "Parameter '"}, {"transform-unknown", "there is no transform"}, {"loop-wrong", "Fn::ForEach"}, {"reference-unknown", "Ref to "}, {"reference-unknown", "GetAtt of "},
	{"map-key-unknown", noSuchMap}, {"condition-unknown", "there is no condition"}, {"condition-circular", "hangs on itself"}, {"condition-wrong", "this is not a condition"}, {"condition-wrong", "Every Condition member"},
	{"function-unknown", "is not an intrinsic function"}, {"function-wrong", "is not written right"}, {"function-wrong", "in Fn::Sub is"}, {"circular-dependency", "Circular dependency"}, {"template-error", "Template error"},
	{"globals-wrong", "'Globals' section"}, {"include-wrong", "AWS::Include"},
	// properties
	{"property-unknown", "extraneous key"}, {"property-unknown", "not defined for resource of type"}, {"property-unknown", "has no field"},
	// filters
	{"filter-invalid", "filter pattern"}, {"filter-invalid", "Filters is a list"}, {"filter-invalid", "FilterCriteria is a map"}, {"filter-invalid", "a filter has"}, {"filters-too-many", "filters (AWS"}, {"filter-invalid", "Pattern is JSON"},
	{"filter-policy-invalid", "FilterPolicy"}, {"event-pattern-invalid", "Event pattern is not valid"},
	// mappings
	{"function-missing", "'functionName'"}, {"function-missing", "Function does not exist"}, {"source-not-simulated", "esmlab does not simulate"}, {"source-missing", "NonExistentQueue"}, {"source-missing", "Stream not found"}, {"source-invalid", "Unrecognized event source"},
	{"starting-position", "tartingPosition"}, {"starting-position", "starting position"}, {"mapping-exists", "already exists"}, {"role-denied", "Cannot access stream"}, {"role-denied", "execution role does not have permissions"},
	{"destination-invalid", "DestinationConfig"}, {"destination-invalid", "OnFailure"}, {"destination-invalid", "is not a destination"}, {"batch-size", "BatchSize"}, {"batch-size", "batch size"}, {"batch-window", "Batching window"}, {"batch-window", "MaximumBatchingWindowInSeconds"},
	{"tumbling-window", "umbling"}, {"scaling", "MaximumConcurrency"}, {"scaling", "Pollers"}, {"scaling", "PollerGroupName"}, {"visibility-shorter-than-timeout", "Queue visibility timeout"},
	{"response-types", "unctionResponseTypes"}, {"metrics", "metricsConfig"}, {"parameter-unsupported", "Unsupported "}, {"tenant-isolation", "tenant isolation"}, {"durable-unqualified", "durable function"}, {"weight", "FunctionWeight"},
	// queues, streams and what stands in front
	{"redrive-allow-policy", "RedriveAllowPolicy"}, {"redrive-policy", "RedrivePolicy"}, {"queue-name", "alphanumeric characters, hyphens"}, {"fifo-only", "Unknown Attribute"}, {"fifo-only", "You can specify the"}, {"fifo-throughput", "perMessageGroupId"},
	{"encryption-twice", "server-side encryption"}, {"shards-on-demand", "ShardCount is not expected"}, {"distribution", "RecordDistributionStrategy"}, {"stream-view", "treamViewType"}, {"topic-fifo", "FIFO SQS Queues"}, {"message-group-missing", "MessageGroupId"},
	{"notification-invalid", "destination configurations"}, {"queue-missing", "No QueueARN"}, {"message-size", "MaximumMessageSize"}, {"concurrency-reserved", "ReservedConcurrentExecutions"},
	// the rest of what a service validates
	{"value-invalid", "validation error detected"}, {"value-invalid", "cannot be"}, {"value-invalid", "is a switch"}, {"value-invalid", "is a number"}, {"value-invalid", "is a whole number"}, {"value-invalid", "is a text"}, {"value-invalid", "is a list"}, {"value-invalid", "is a map"}, {"value-invalid", "Invalid "},
}

// ID is what a refusal is called: the same whatever its words and its place.
func (e *Error) ID() string {
	for _, r := range refusals {
		if strings.Contains(e.Message, r.text) {
			return r.id
		}
	}
	var b strings.Builder // AWS's code, else what stands in Metadata.esmlab
	for i, c := range strings.TrimSuffix(e.Code, "Exception") {
		if c >= 'A' && c <= 'Z' {
			if i > 0 {
				b.WriteByte('-')
			}
			c += 'a' - 'A'
		}
		b.WriteRune(c)
	}
	if b.Len() == 0 {
		return "scenario-wrong"
	}
	return b.String()
}
