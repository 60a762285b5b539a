// Package rule holds the modelled rules of AWS as data: what the engine cites
// in its events, what `esmlab explain` prints and what the lab's "why" shows.
//
// An id is a family (KIN a Kinesis stream, MAP a mapping, FN a function, DST
// a destination, …), a topic and a number. A rule enters the engine only with
// the page it was read on, the day, and how sure it is.
package rule

import "slices"

// ID is the id of a rule, as `MAP-BISECT-1`.
type ID string

// Confidence is how a rule is known.
type Confidence string

// The four confidences. A chosen rule is esmlab's own answer to what AWS
// leaves open; where it is a number, a scenario's `chosen:` can set it.
const (
	Documented Confidence = "documented"
	Observed   Confidence = "observed"
	Inferred   Confidence = "inferred"
	Chosen     Confidence = "chosen"
)

// Number is the number that a chosen rule rests on.
type Number struct {
	Default string // as a scenario writes it: 500ms, 4
	Unit    string // duration, or what is counted
	Min     int64  // smallest value taken: microseconds, or a count
	Max     int64
}

// Rule is one modelled rule.
type Rule struct {
	ID         ID
	Statement  string // what AWS does, in one or two sentences
	Row        string // where the project's reading of AWS has it: E3, 6.1
	Source     string // the page
	Read       string // the day the page was read
	Confidence Confidence
	Number     *Number // nil where the rule has no number to choose
}

// ReadOn is the day the pages behind the rules were read.
const ReadOn = "2026-11-23"

// ReadOct is the date of the pages that were read again as they stood in October.
const ReadOct = "2026-10-01"

const (
	subscribePage    = "https://docs.aws.amazon.com/kinesis/latest/APIReference/API_SubscribeToShard.html"
	modePage         = "https://docs.aws.amazon.com/streams/latest/dev/how-do-i-size-a-stream.html"
	autoPage         = "https://docs.aws.amazon.com/streams/latest/dev/service-managed-record-distribution.html"
	autoAPIPage      = "https://docs.aws.amazon.com/kinesis/latest/APIReference/API_UpdateStreamRecordDistributionStrategy.html"
	esmPage          = "https://docs.aws.amazon.com/lambda/latest/dg/invocation-eventsourcemapping.html"
	kinesisPage      = "https://docs.aws.amazon.com/lambda/latest/dg/with-kinesis.html"
	createPage       = "https://docs.aws.amazon.com/lambda/latest/dg/services-kinesis-create.html"
	paramsPage       = "https://docs.aws.amazon.com/lambda/latest/dg/services-kinesis-parameters.html"
	partialPage      = "https://docs.aws.amazon.com/lambda/latest/dg/services-kinesis-batchfailurereporting.html"
	failurePage      = "https://docs.aws.amazon.com/lambda/latest/dg/kinesis-on-failure-destination.html"
	metricsPage      = "https://docs.aws.amazon.com/lambda/latest/dg/monitoring-metrics-types.html"
	limitsPage       = "https://docs.aws.amazon.com/streams/latest/dev/service-sizes-and-limits.html"
	putPage          = "https://docs.aws.amazon.com/kinesis/latest/APIReference/API_PutRecord.html"
	streamsPage      = "https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Streams.html"
	tablePage        = "https://docs.aws.amazon.com/lambda/latest/dg/with-ddb.html"
	windowPage       = "https://docs.aws.amazon.com/lambda/latest/dg/services-kinesis-windows.html"
	configPage       = "https://docs.aws.amazon.com/lambda/latest/api/API_EventSourceMappingConfiguration.html"
	scalingPage      = "https://docs.aws.amazon.com/lambda/latest/dg/lambda-concurrency.html"
	updatePage       = "https://docs.aws.amazon.com/lambda/latest/api/API_UpdateEventSourceMapping.html"
	recordedTable    = "https://github.com/localstack/localstack/blob/main/tests/aws/services/lambda_/test_lambda_api.snapshot.json"
	recordedPage     = "https://github.com/localstack/localstack/blob/main/tests/aws/services/lambda_/event_source_mapping/test_lambda_integration_kinesis.snapshot.json"
	pipesPage        = "https://docs.aws.amazon.com/eventbridge/latest/pipes-reference/API_PipeSourceKinesisStreamParameters.html"
	consumerBlog     = "https://aws.amazon.com/blogs/compute/using-aws-lambda-as-a-consumer-for-amazon-kinesis/"
	reshardedPage    = "https://docs.aws.amazon.com/streams/latest/dev/kinesis-using-sdk-java-after-resharding.html"
	largePage        = "https://docs.aws.amazon.com/streams/latest/dev/large-records.html"
	ttlPage          = "https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/time-to-live-ttl-streams.html"
	streamRecordPage = "https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_streams_Record.html"
	tableGetPage     = "https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_streams_GetRecords.html"
	nowhere          = "AWS does not say"
)

// All are the modelled rules.
var All = slices.Concat(streams, queues, acts, filters, deploys, fronts)

// Find gives the rule of that id.
func Find(id ID) (Rule, bool) {
	for _, r := range All {
		if r.ID == id {
			return r, true
		}
	}
	return Rule{}, false
}
