package rule

import (
	"slices"
	"strings"
)

// Row is one row of the project's reading of AWS: a behaviour, a limit, a
// field. Every row says what AWS does, and is modelled, refused, explained, or
// left out with a reason.
type Row struct {
	Name  string // stable: the section and what it is about, as S-2 window 0 or Q-P3
	Says  string // what AWS does, or the question it leaves open and the answer here
	Rules []ID   // modelled: the rules that decide it
	// Tests hold what no rule decides: shapes, metrics, how parameters are read.
	Tests []string
	// Error is AWS's error code where what the row names is refused.
	Error string
	// Not is why a row is not modelled.
	Not string
}

// Modelled says whether a run shows what the row says, or a test holds it.
func (r Row) Modelled() bool { return len(r.Rules) > 0 || len(r.Tests) > 0 && r.Error == "" }

// Explained says whether the row is a fact without effect on a run.
func (r Row) Explained() bool { return !r.Modelled() && r.Error == "" && r.Not == "" }

// Section is the id of the section that the row stands in: S-2 for S-2 window
// 0, Q-2 for Q-P3.
func (r Row) Section() string {
	name, _, _ := strings.Cut(r.Name, " ")
	switch {
	case strings.HasPrefix(name, "S-E"):
		return "S-8"
	case strings.HasPrefix(name, "Q15."):
		return "Q-15"
	case strings.HasPrefix(name, "N-"):
		return strings.TrimRight(name, "0123456789")
	case strings.HasPrefix(name, "Q-"):
		return "Q-" + queueParts[strings.TrimRight(name[2:], "0123456789")]
	}
	return name
}

// queueParts gives the section of a queue's row by the letters of its name.
var queueParts = map[string]string{"R": "1", "P": "2", "B": "3", "SC": "4", "SF": "4", "PM": "4", "C": "5", "E": "6", "S": "7",
	"D": "8", "F": "9", "FQ": "9", "FL": "10", "A": "11", "X": "12", "M": "13"}

// Section is a part of the reading of AWS.
type Section struct {
	ID    string // what comments and rules refer to: S-6.1, Q-8
	Title string
}

// Sections are the sections of all sources, in the order of a reader.
func Sections() []Section {
	return []Section{
		{"S-1.1", "Parameters of a stream's mapping"},
		{"S-1.2", "What can be changed"},
		{"S-1.3", "Defaults"},
		{"S-1.4", "What is refused"},
		{"S-1.5", "Spellings in templates"},
		{"S-2", "Polling, batches, order"},
		{"S-2.1", "The life of a mapping"},
		{"S-3", "Errors"},
		{"S-3.1", "How the handler's answer is read"},
		{"S-3.2", "Destinations"},
		{"S-4", "Metrics"},
		{"S-5", "Filters"},
		{"S-6.1", "Kinesis data streams"},
		{"S-6.2", "Streams of DynamoDB tables"},
		{"S-7", "Permissions"},
		{"S-8", "What a simulation must decide"},
		{"S-9.1", "The event of a Kinesis stream"},
		{"S-9.2", "The event of a table"},
		{"S-9.3", "The failure record"},
		{"S-9.4", "The partial batch response"},
		{"S-9.5", "Tumbling windows"},
		{"Q-1", "Who polls, deletes, retries"},
		{"Q-2", "Parameters of a queue's mapping"},
		{"Q-3", "Batches"},
		{"Q-4", "Scaling"},
		{"Q-5", "Concurrency, throttles, timeouts"},
		{"Q-6", "Errors"},
		{"Q-7", "Queues"},
		{"Q-8", "Dead-letter queues and redrive"},
		{"Q-9", "FIFO queues and fair queues"},
		{"Q-10", "Filters"},
		{"Q-11", "Permissions"},
		{"Q-12", "Asynchronous invocation and mappings"},
		{"Q-13", "States and metrics"},
		{"Q-15", "What a simulation must decide"},
		{"Q-16", "The event of a queue"},
		{"N-A", "Corrections"},
		{"N-B", "New since"},
		{"N-D", "Queues"},
		{"N-E", "What stands in front, and producers"},
		{"N-G", "Money"},
		{"N-F", "Deployments over time"},
	}
}

// Rows are all rows of all sources: a kind of source adds its list here.
func Rows() []Row { return slices.Concat(StreamRows, QueueRows, NewRows) }

// FindRow gives the row of that name, in upper or lower case.
func FindRow(name string) (Row, bool) {
	for _, r := range Rows() {
		if strings.EqualFold(r.Name, name) {
			return r, true
		}
	}
	return Row{}, false
}

// modelled rows follow from rules, tested are held by tests of their own
// (shapes, metrics, parameters), refused ones give AWS's error.
func modelled(name, says string, rules ...ID) Row   { return Row{Name: name, Says: says, Rules: rules} }
func tested(name, says string, tests ...string) Row { return Row{Name: name, Says: says, Tests: tests} }
func refused(name, says, code string, tests ...string) Row {
	return Row{Name: name, Says: says, Error: code, Tests: tests}
}
func explained(name, says string) Row        { return Row{Name: name, Says: says} }
func notModelled(name, says, why string) Row { return Row{Name: name, Says: says, Not: why} }

// StreamRows are the rows about Kinesis and DynamoDB Streams
// (docs/reference/streams.md).
var StreamRows = []Row{
	// 1.1 parameters
	modelled("S-1.1 BatchSize", "1 to 10,000; default 100. Older material gives 1,000 as the maximum for a table's stream.", MapBatchSize),
	modelled("S-1.1 BatchSize without a window", "A stream mapping may have a BatchSize above 10 without a batching window; only a queue's mapping may not.", MapBatchSize, MapBatchAvailable),
	modelled("S-1.1 MaximumBatchingWindowInSeconds", "0 to 300, whole seconds; default 0.", MapBatchWindow, MapWindowClock),
	modelled("S-1.1 ParallelizationFactor", "1 to 10 batches of one shard at a time; default 1.", MapLaneKeys),
	modelled("S-1.1 StartingPosition", "Required: TRIM_HORIZON, LATEST or, for Kinesis only, AT_TIMESTAMP.", MapStartTrim, MapStartLatest),
	modelled("S-1.1 StartingPositionTimestamp", "Unix seconds, only with AT_TIMESTAMP, and not in the future.", MapStartTimestamp),
	modelled("S-1.1 MaximumRetryAttempts", "-1 or 0 to 10,000; default -1: retry until the records expire. In 2019 and 2020 the default was 10,000.", MapRetryLimit),
	modelled("S-1.1 MaximumRecordAgeInSeconds", "-1 or 60 to 604,800; default -1: no limit but the stream's retention. 0 to 59 are rejected. In 2019 and 2020 the default was 604,800.", MapAge),
	modelled("S-1.1 BisectBatchOnFunctionError", "true or false; default false.", MapBisect),
	modelled("S-1.1 FunctionResponseTypes", "A list that is empty or holds ReportBatchItemFailures; default empty.", MapPartial, MapPartialOff),
	modelled("S-1.1 TumblingWindowInSeconds", "0 to 900; default 0, which means off.", MapTumble),
	modelled("S-1.1 OnFailure", "The ARN of a standard SQS queue, a standard SNS topic or an S3 bucket. Parameter tables that omit S3 are out of date.", DstQueue, DstTopic, DstBucket),
	refused("S-1.1 OnSuccess", "A stream mapping has no destination for success.", "InvalidParameterValueException", "TestLoad"),
	modelled("S-1.1 FilterCriteria", "Up to 5 patterns, 10 after a quota increase; a record passes if one of them matches.", "FIL-READ-1", "FIL-OR-1"),
	explained("S-1.1 KMSKeyArn", "KMSKeyArn encrypts a mapping's filter patterns where they are stored; what they match stays the same."),
	tested("S-1.1 MetricsConfig", "EventCount, when asked for, adds the mapping's own event counts to CloudWatch.", "TestSwarm"),
	modelled("S-1.1 Enabled", "true or false; default true.", MapEnabled, MapDisabled),
	explained("S-1.1 Tags", "Tags on a mapping are for billing and access; they change nothing about how it reads."),
	tested("S-1.1 EventSourceArn", "The ARN of a stream; for Kinesis also of a registered consumer (enhanced fan-out). A table's own ARN is not enough.", "TestLoad"),
	tested("S-1.1 FunctionName", "A name, an ARN or a partial ARN, with or without a version or alias.", "TestLoad"),
	refused("S-1.1 parameters of other sources", "MaximumConcurrency belongs to queues, provisioned pollers to queues and Kafka, Queues and Topics to brokers: a stream mapping takes none of them.", "InvalidParameterValueException", "TestLoad"),
	// 1.2 what can be changed
	explained("S-1.2 not in the Update API", "UpdateEventSourceMapping takes no EventSourceArn, no starting position and no tags: what a mapping reads, and from where, is fixed when it is created."),
	explained("S-1.2 replacement", "In CloudFormation a changed EventSourceArn, StartingPosition or StartingPositionTimestamp replaces the mapping: the new one has another UUID and begins at its own starting position."),
	explained("S-1.2 another function", "A mapping's FunctionName can be changed in place; the mapping resumes where it was."),
	modelled("S-1.2 asynchronous", "The answer to an update shows the old values. Polling may pause for minutes before the new ones apply.", MapUpdate),
	tested("S-1.3 defaults", "A mapping created with nothing but a function, a stream and a starting position has the defaults above, state Creating and reason \"User action\".", "TestLoad"),
	// 1.4 refusals
	refused("S-1.4 no StartingPosition", "A stream mapping without StartingPosition is rejected.", "InvalidParameterValueException", "TestLoad"),
	refused("S-1.4 unknown StartingPosition", "A StartingPosition outside the three values is rejected.", "ValidationException", "TestLoad"),
	refused("S-1.4 AT_TIMESTAMP of a table", "AT_TIMESTAMP on a table's stream is rejected: Unsupported starting position for arn type.", "InvalidParameterValueException", "TestLoad"),
	refused("S-1.4 no such stream", "A stream that does not exist is rejected: Stream not found.", "InvalidParameterValueException", "TestLoad"),
	refused("S-1.4 no such function", "A function that does not exist is rejected: Function does not exist.", "InvalidParameterValueException", "TestLoad"),
	refused("S-1.4 no source", "A mapping without a source is rejected: Unrecognized event source.", "InvalidParameterValueException", "TestLoad"),
	refused("S-1.4 the same pair twice", "A second mapping of the same stream to the same function is rejected with the UUID of the first (HTTP 409).", "ResourceConflictException", "TestLoad"),
	refused("S-1.4 bad filter pattern", "Whatever is wrong with a pattern, the message is the same: Invalid filter pattern definition.", "InvalidParameterValueException", "TestLoad"),
	refused("S-1.4 OnSuccess", "OnSuccess is rejected as an unsupported DestinationConfig parameter.", "InvalidParameterValueException", "TestLoad"),
	refused("S-1.4 unknown UUID", "Getting, updating or deleting a mapping that does not exist is answered with HTTP 404.", "ResourceNotFoundException", "TestRules"),
	refused("S-1.4 role without the stream's permissions", "The role is checked when the mapping is created: it must be allowed to read the stream.", "InvalidParameterValueException", "TestLoad"),
	modelled("S-1.4 changed while changing", "A mapping in transition cannot be updated or deleted.", MapInUse),
	// 1.5 spellings
	tested("S-1.5 EventSourceArn is Stream", "What the API and CloudFormation call EventSourceArn is `Stream` in a SAM event.", "TestLoad"),
	tested("S-1.5 BatchSize", "The same name in the API, CloudFormation and SAM.", "TestLoad"),
	tested("S-1.5 MaximumBatchingWindowInSeconds", "The same name in the API, CloudFormation and SAM.", "TestLoad"),
	tested("S-1.5 MaximumRecordAgeInSeconds", "The same name in the API, CloudFormation and SAM.", "TestLoad"),
	tested("S-1.5 MaximumRetryAttempts", "The same name in the API, CloudFormation and SAM.", "TestLoad"),
	tested("S-1.5 BisectBatchOnFunctionError", "The same name in the API, CloudFormation and SAM.", "TestLoad"),
	tested("S-1.5 FunctionResponseTypes", "The same name in the API, CloudFormation and SAM.", "TestLoad"),
	tested("S-1.5 DestinationConfig.OnFailure", "The same name in the API, CloudFormation and SAM.", "TestLoad"),
	explained("S-1.5 KMSKeyArn is KmsKeyArn", "The API spells it KMSKeyArn, CloudFormation and SAM KmsKeyArn."),
	tested("S-1.5 the others", "ParallelizationFactor, TumblingWindowInSeconds, StartingPosition and its timestamp, FilterCriteria, MetricsConfig and Enabled have one name everywhere.", "TestLoad"),
	// 2 polling, batching, order
	modelled("S-2 Kinesis poll rate", "The base rate is one poll a second and shard.", KinPoll),
	modelled("S-2 catching up", "While more records are waiting, Lambda keeps processing batches without waiting for the next poll.", KinRead),
	modelled("S-2 table poll rate", "The base rate for a table's stream is four polls a second and shard.", DdbPoll),
	explained("S-2 reads of a table's stream are free", "Lambda's GetRecords calls on a table's stream cost nothing."),
	modelled("S-2 enhanced fan-out", "A mapping of a registered consumer is pushed records over HTTP/2, 2 MiB a second and shard of its own; it does not poll.", KinFanOut),
	explained("S-2 fan-out retries", "Even a mapping with an enhanced fan-out consumer rereads what it must retry with GetShardIterator and GetRecords: its role needs both."),
	modelled("S-2 batch origin", "A batch holds records of one shard of one stream, in order.", MapBatchSize),
	modelled("S-2 invocation type", "A stream mapping invokes synchronously and waits for the result.", MapInvoke),
	modelled("S-2 when a batch is sent", "When the window ends, BatchSize is reached or the payload reaches 6 MB, whichever comes first.", MapBatchSize, MapBatchWindow, MapBatchPayload),
	modelled("S-2 window 0", "The function is invoked as soon as any record is available, even a single one.", MapBatchAvailable),
	modelled("S-2 window clock", "A window starts when the previous invocation completes.", MapWindowClock),
	explained("S-2 empty polls", "A poll that brings nothing never invokes the function; it adds 0 to PolledEventCount."),
	modelled("S-2 6 MB", "The limit applies to the event as JSON, with data in base64.", MapBatchPayload),
	modelled("S-2 concurrency of a mapping", "At most shards times ParallelizationFactor; the measured concurrency may exceed that briefly.", MapLaneKeys),
	modelled("S-2 order of a partition key", "With a factor above 1, order is kept for each partition key.", MapLaneKeys, MapLaneBlock),
	modelled("S-2 order of an item", "With a factor above 1, order is kept for each item of a table. Pages of 2022 said for each shard.", MapLaneKeys, DdbStream),
	modelled("S-2 BatchSize with a factor", "Each of the concurrent batches may hold up to BatchSize records.", MapLaneKeys),
	explained("S-2 aggregated records", "The Kinesis Producer Library packs user records into one record. With a factor, their order is kept only if all of them share the packed record's partition key."),
	explained("S-2 aggregated records with fan-out", "With enhanced fan-out Lambda unpacks aggregated records first; a user record whose key belongs to another shard is dropped, without a failure record."),
	modelled("S-2 at least once", "A record may be delivered more than once, so handlers must be idempotent.", MapRestart, MapLaneCheckpoint, MapUpdateAgain),
	explained("S-2 extensions", "The next batch does not wait for the function's extensions to finish."),
	modelled("S-2 several mappings", "Several mappings may read one stream; each keeps its own position.", MapCheckpoint, KinShare),
	modelled("S-2 readers of a table's shard", "At most two functions should read a shard of a table's stream at the same time, one on a global table; more are throttled.", DdbReaders, DdbReadersRate),
	modelled("S-2 shared readers", "All standard consumers of a shard share five GetRecords calls and 2 MB a second.", KinShare, KinShareRetry, KinShareBytes),
	explained("S-2 another account", "Both kinds of streams can be read from another account with a resource policy on the stream. A table's stream cannot be read from another Region."),
	modelled("S-2 start-up delay", "Polling starts minutes after a mapping is created and may pause for minutes after an update, so LATEST can skip records.", MapStartLatest, MapEnabled),
	modelled("S-2 disable and enable", "Lambda remembers the last processed record and resumes after it.", MapDisabled, MapResume),
	modelled("S-2 delete and recreate", "A new mapping begins at its own starting position: records may be read again or skipped.", MapDelete),
	modelled("S-2 identity", "The function's execution role reads the stream and writes to the destination.", MapDenied, DstDenied),
	modelled("S-2.1 State values", "Creating, Enabling, Enabled, Disabling, Disabled, Updating, Deleting.", MapEnabled, MapDisabled, MapUpdate, MapDelete),
	modelled("S-2.1 create", "Creating, then Enabled; or Disabled if Enabled is false.", MapEnabled),
	modelled("S-2.1 update", "Updating, then Enabled.", MapUpdate),
	modelled("S-2.1 disable and enable", "Disabling, then Disabled; Enabling, then Enabled.", MapDisabled, MapResume),
	modelled("S-2.1 delete", "Deleting; gone after some seconds.", MapDelete),
	tested("S-2.1 StateTransitionReason", "\"User action\" for a stream mapping.", "TestQuestions"),
	tested("S-2.1 LastProcessingResult", "\"No records processed\", then \"OK\" or \"PROBLEM: Function call failed\".", "TestRecorded"),
	modelled("S-2.1 function deleted", "The mapping stays Enabled.", FnRemoved),
	modelled("S-2.1 repeated errors", "A mapping is never disabled because of errors; it keeps retrying.", MapRetry),
	// 3 errors
	modelled("S-3 default", "A batch that fails is retried as a whole; its shard waits until it succeeds, expires or reaches a limit.", MapRetry, MapBlock),
	modelled("S-3 worst case", "Without limits a shard is blocked for as long as its stream retains the records. A page that says one week dates from 2019.", MapExpired),
	modelled("S-3 not reached", "A throttle, a service error or a missing permission is retried until the records expire or are too old, and uses no retry attempt.", MapThrottle, FnReserved, FnAccount, FnRemoved),
	modelled("S-3 function error", "An exception, a timeout, a crash or an invalid answer in window mode uses retry attempts.", FnError, FnCrash, FnTimeout),
	modelled("S-3 attempts", "N retries are N + 1 invocations.", MapRetryLimit),
	modelled("S-3 no retries", "With 0 there is one invocation, then the batch is discarded.", MapRetryLimit),
	modelled("S-3 bisect", "A batch that fails is split in two before it is retried, and each part is retried on its own. BatchSize stays.", MapBisect),
	modelled("S-3 bisect and quota", "A split uses no retry attempt.", MapBisect, MapBisectCount),
	modelled("S-3 bisect and timeouts", "A split also helps against timeouts: smaller batches take less time.", FnTimeout, MapBisect),
	explained("S-3 bisect and destination", "AWS may join the failure records of neighbours that a split gave up one by one: batchSize can then be more than 1. esmlab sends one for each."),
	modelled("S-3 partial response", "The checkpoint moves to the lowest reported sequence number; everything from there on is sent again.", MapPartial),
	modelled("S-3 partial response ignored", "Without ReportBatchItemFailures on the mapping, what the handler reports is ignored.", MapPartialOff),
	modelled("S-3 bisect and exception", "An exception splits the batch, with partial responses on or off.", MapBisect, FnError),
	modelled("S-3 bisect and partial response", "With both on, the batch is cut at the reported sequence number and only the remainder is retried.", MapPartial, MapPartialBisect),
	modelled("S-3 exception with partial responses on", "The whole batch fails.", FnError),
	modelled("S-3 record age", "Records older than the limit are dropped instead of sent. Age is checked before every try, the first included.", MapAge),
	modelled("S-3 age is per record", "Of a batch only the records that are too old are dropped; the others are delivered.", MapAge),
	modelled("S-3 destination trigger", "A failure record is sent when records are discarded: not for success, not for each retry.", DstQueue),
	explained("S-3 the function's own DLQ", "A function's dead-letter queue and its asynchronous destinations serve asynchronous invocations only: a stream mapping never uses them."),
	modelled("S-3 after a discard", "Processing continues with the next records.", MapUnblock),
	modelled("S-3 delivery fails", "DestinationDeliveryFailures counts it and the records count as dropped.", DstDenied, DstGone),
	modelled("S-3 FIFO destination", "A FIFO queue or topic is not supported and counts as a failed delivery.", DstFifo),
	explained("S-3 ten retries of Kafka", "Endless retries together with a destination are cut to ten for Kafka sources only; a stream mapping retries without limit."),
	// 3.1 the handler's answer
	modelled("S-3.1 empty answers", "null, \"\", {}, [] and an empty or null batchItemFailures are full success.", MapPartialNone),
	modelled("S-3.1 one identifier", "A sequence number of the batch: the checkpoint moves there and the retry starts there.", MapPartial),
	modelled("S-3.1 several identifiers", "The numerically lowest one counts.", MapPartial),
	modelled("S-3.1 empty identifier", "An empty or null itemIdentifier fails the whole batch.", MapPartialBad),
	modelled("S-3.1 wrong key in an item", "An item without itemIdentifier fails the whole batch.", MapPartialBad),
	modelled("S-3.1 identifier not in the batch", "An identifier that is not in the batch, or a number instead of text, fails the whole batch.", MapPartialBad),
	modelled("S-3.1 wrong top-level key", "An answer with another key than batchItemFailures is full success: failures are lost silently.", MapPartialNone),
	modelled("S-3.1 exception or timeout", "The whole batch fails, with functionError \"Unhandled\".", FnError, FnTimeout),
	modelled("S-3.1 any other JSON", "A number, true, text, a list with elements or a batchItemFailures that is not a list fails the whole batch.", MapPartialBad),
	// 3.2 destinations
	modelled("S-3.2 SQS", "The message body is the failure record: metadata only. Needs sqs:SendMessage.", DstQueue, DstDenied),
	modelled("S-3.2 SNS", "The message is the failure record: metadata only. Needs sns:Publish.", DstTopic, DstDenied),
	modelled("S-3.2 S3", "The object holds the failure record and the event as payload. Needs s3:PutObject and s3:ListBucket.", DstBucket, DstDenied),
	refused("S-3.2 Kafka topic", "Only mappings of Kafka can use a Kafka topic as their destination.", "InvalidParameterValueException", "TestLoad"),
	// 4 metrics
	tested("S-4 IteratorAge", "The age of a batch's last record, in milliseconds, when the mapping hands the event to the function. Pages until 2022 said: when the function finishes.", "TestQuestions"),
	tested("S-4 Invocations, Errors, Duration", "Counted for each invocation; a throttled try counts in none of them.", "TestSwarm"),
	modelled("S-4 Throttles", "The mapping's throttled tries.", MapThrottle),
	modelled("S-4 DestinationDeliveryFailures", "Failure records that could not be delivered.", DstDenied, DstFifo),
	tested("S-4 PolledEventCount", "Events read; 0 for an empty poll.", "TestSwarm"),
	tested("S-4 FilteredOutEventCount", "Events that no filter let through.", "TestSwarm"),
	tested("S-4 InvokedEventCount", "Events sent to the function, counted again for each retry.", "TestSwarm"),
	tested("S-4 FailedInvokeEventCount", "Events of failed invocations; with partial responses, those reported.", "TestSwarm"),
	tested("S-4 DroppedEventCount", "Events given up for age or retries and not delivered to a destination; records lost to retention do not count.", "TestSwarm"),
	tested("S-4 OnFailureDestinationDeliveredEventCount", "Events whose failure record was delivered.", "TestSwarm"),
	explained("S-4 DeletedEventCount", "DeletedEventCount is for queues: a stream mapping deletes nothing."),
	explained("S-4 metrics of other sources", "ErrorCount, the Kafka metrics and ProvisionedPollers are not emitted for stream mappings."),
	explained("S-4 a disabled mapping", "A disabled mapping emits none of its metrics."),
	explained("S-4 metrics of the stream", "Kinesis has metrics of its own, such as GetRecords.IteratorAgeMilliseconds and ReadProvisionedThroughputExceeded. They describe all readers; Lambda's IteratorAge describes one function."),
	// 5 filters
	modelled("S-5 count and logic", "Up to 5 patterns joined by OR; the fields of one pattern are joined by AND.", "FIL-OR-2", "FIL-AND-1", "FIL-PATTERN-3"),
	modelled("S-5 operators", "Equality, null, prefix, suffix, equals-ignore-case, anything-but, numeric, exists and $or.", "FIL-EQUAL-1", "FIL-TEXT-1", "FIL-NUMERIC-1", "FIL-BUT-1", "FIL-EXISTS-1", "FIL-OR-3"),
	modelled("S-5 numbers", "Lambda's page says that numbers are compared as text; recordings and the published matcher compare by value.", "FIL-NUMBER-1"),
	modelled("S-5 Kinesis key", "data: the record's data, base64 removed, as JSON.", "FIL-DATA-1"),
	modelled("S-5 table keys", "dynamodb with Keys, NewImage and OldImage; the record's own keys, such as eventName, work too.", "FIL-TABLE-1"),
	modelled("S-5 table numbers", "Attribute values are strings, so numeric never matches one.", "FIL-TABLE-2"),
	modelled("S-5 exists", "exists looks at leaves only: {\"exists\": false} also matches a key that holds an object.", "FIL-EXISTS-2", "FIL-EXISTS-3"),
	modelled("S-5 what does not match", "The iterator moves past it; it stays in the stream until its retention ends.", "FIL-READ-1"),
	modelled("S-5 data that is not JSON", "With a pattern on data, the record is dropped and goes to no destination.", "FIL-DATA-1"),
	modelled("S-5 pattern on metadata alone", "Data that is not JSON does not matter to a pattern without data.", "FIL-DATA-2"),
	refused("S-5 pattern that is not JSON", "It is rejected when the mapping is created or updated.", "InvalidParameterValueException", "TestLoad"),
	modelled("S-5 before or after batching", "AWS does not say whether filters apply before batches are filled; here they do.", "FIL-READ-1"),
	// 6.1 Kinesis
	modelled("S-6.1 shard write", "1,000 records and 1 MB a second.", KinWriteRecords, KinWriteBytes),
	modelled("S-6.1 shard read", "2 MB and five GetRecords calls a second, shared by all standard consumers.", KinShare, KinShareBytes),
	modelled("S-6.1 GetRecords", "At most 10,000 records or 10 MB.", KinRead),
	modelled("S-6.1 record size", "At most 1 MiB unless MaxRecordSizeInKiB raises it, to 10 MiB at most: for occasional large records, as a shard's lasting rate stays the same.", KinSize, KinWriteTank),
	modelled("S-6.1 record distribution", "RecordDistributionStrategy AUTO, of on-demand streams only: records are spread evenly, keys are ignored and may be left out, and no order can be relied on. PutRecord with SequenceNumberForOrdering is refused.", KinAuto, KinAutoMode, KinAutoLane),
	modelled("S-6.1 PutRecords", "At most 500 records and 10 MiB; single ones may fail in an answer that succeeds.", KinWriteRecords),
	modelled("S-6.1 partition key", "1 to 256 characters; their MD5 is the 128-bit hash key.", KinHash),
	modelled("S-6.1 hash key range", "0 to 2^128 - 1, divided among the shards; ExplicitHashKey overrides the partition key.", KinHash, KinShardNamed),
	tested("S-6.1 sequence number", "A decimal number of many digits that increases within a shard and cannot be compared across shards.", "TestSequenceNumbers"),
	modelled("S-6.1 retention", "24 hours by default, 24 to 8,760 (a year). Older material says seven days at most.", KinRetention),
	explained("S-6.1 shard iterator", "A shard iterator lives for five minutes, and each shard gives five a second; the mapping takes care of both."),
	modelled("S-6.1 closed shard", "Once it is read to its end, a reader learns of its children.", KinShardEnd),
	modelled("S-6.1 split and merge", "A split makes two shards of one at a given hash key; a merge joins two neighbours. Reads and writes continue.", KinSplit),
	modelled("S-6.1 UpdateShardCount", "At most double or half at a time, ten times in 24 hours.", KinSplit),
	modelled("S-6.1 on-demand", "Begins with 4 MB or 4,000 records a second of writes; the service manages the shards. A new stream has four of them.", KinOnDemand),
	modelled("S-6.1 on-demand scaling", "Takes up to double the highest rate of the last 30 days; what more than doubles it within 15 minutes is throttled. A shard with more than 500 KB a second is split within 15 minutes; a single key beyond a shard's limit is never helped.", KinScale, KinScaleLimit),
	modelled("S-6.1 on-demand ceiling", "10 GB a second of writes in three Regions, 200 MB a second in others.", KinScaleMost),
	modelled("S-6.1 capacity mode", "It can be changed twice in 24 hours, and the stream keeps its shards.", KinMode),
	modelled("S-6.1 resharding on demand", "SplitShard, MergeShards and UpdateShardCount are refused with a ValidationException.", KinReshardMode),
	tested("S-6.1 ShardCount on demand", "CloudFormation refuses a template that gives an on-demand stream a ShardCount: ShardCount is not expected when StreamMode=ON_DEMAND.", "TestLoad"),
	explained("S-6.1 On-demand Advantage", "A mode of the account, for 25 MiB a second or more: warm throughput that is there before the traffic, scaling down on demand, and 50 fan-out consumers a stream."),
	modelled("S-6.1 consumers", "Up to 20 registered consumers a stream, each with 2 MiB a second and shard; a consumer has one subscription to a shard at a time.", KinFanOut, KinFanOutOne),
	notModelled("S-6.1 Kinesis queues", "They are new in 2026, and no event source mapping reads them.", "no mapping reads them"),
	notModelled("S-6.1 propagation delay", "A record becomes readable a fraction of a second after it is put.", "nothing takes time but what a scenario gives time: a record is readable in the instant of its put"),
	// 6.2 tables
	modelled("S-6.2 retention", "24 hours, fixed.", DdbRetention),
	modelled("S-6.2 GetRecords", "At most 1,000 records or 1 MB.", DdbRead),
	explained("S-6.2 iterator", "A shard iterator of a table's stream lives for fifteen minutes; the mapping takes care of it."),
	modelled("S-6.2 shards", "Created, split and closed by the service, one open shard for each partition of the table; a parent must be read before its child.", DdbShards, KinShardEnd),
	modelled("S-6.2 rollover", "Shards are said to be replaced about every four hours, even without load.", DdbRoll),
	modelled("S-6.2 readers", "Two readers at a time for each shard.", DdbReaders),
	modelled("S-6.2 readers of a global table", "One reader for each shard is advised, as replication reads it too; more may be throttled.", DdbReadersGlobal),
	modelled("S-6.2 once, in order", "Each change is in the stream once, and the changes of an item are in order.", DdbStream),
	modelled("S-6.2 writes that change nothing", "They leave no record.", DdbNoop),
	tested("S-6.2 view types", "KEYS_ONLY, NEW_IMAGE, OLD_IMAGE or NEW_AND_OLD_IMAGES; it cannot be changed later.", "TestDecodeDynamoDB"),
	modelled("S-6.2 stream switched off", "Its open shards close; what they hold stays readable for 24 hours.", DdbDelete),
	explained("S-6.2 switched on twice", "Enabling the stream of a table that has one is refused with a ValidationException (older pages: ResourceInUseException). A stream that was disabled and enabled again has a new ARN and needs a new mapping."),
	modelled("S-6.2 TTL deletes", "A REMOVE whose userIdentity is dynamodb.amazonaws.com.", DdbTTL),
	explained("S-6.2 DescribeStream", "DescribeStream gives at most 100 shards a page; with ShardFilter, the children of one shard."),
	tested("S-6.2 sequence number", "21 to 40 digits.", "TestDecodeDynamoDB"),
	tested("S-6.2 creation time", "ApproximateCreationDateTime, rounded down to the second.", "TestDecodeDynamoDB"),
	// 7 IAM
	modelled("S-7 needed for Kinesis", "kinesis:DescribeStream, DescribeStreamSummary, GetRecords, GetShardIterator, ListShards and SubscribeToShard.", MapDenied),
	tested("S-7 AWSLambdaKinesisExecutionRole", "Those six, kinesis:ListStreams and the three actions of logging.", "TestLoad"),
	explained("S-7 ListStreams", "A mapping does not need kinesis:ListStreams; the console uses it to fill its list."),
	modelled("S-7 needed for tables", "dynamodb:DescribeStream, GetRecords, GetShardIterator and ListStreams.", MapDenied),
	tested("S-7 AWSLambdaDynamoDBExecutionRole", "Those four and the three actions of logging; no access to the table itself.", "TestLoad"),
	modelled("S-7 encrypted stream", "A stream or a table encrypted with a customer managed key needs kms:Decrypt on that key in the execution role; so does an encrypted destination, beside kms:GenerateDataKey.", MapDenied, DstDenied),
	tested("S-7 policies", "An explicit Deny always wins. Within one account one Allow is enough, of the role's policies or of the resource's own; across accounts both sides must allow. A key's own policy must allow the role, or hand over to IAM by naming the account.", "TestDecide"),
	modelled("S-7 consumer", "A mapping of a consumer subscribes on the consumer's ARN (kinesis:SubscribeToShard), and reads what is tried again from the stream: it needs the stream's actions too.", KinFanOut, KinFanOutAgain),
	modelled("S-7 destinations", "The actions of S-3.2.", DstDenied),
	explained("S-7 who needs them", "The function's execution role reads the stream. Unlike with services that invoke the function, no resource policy on it is needed."),
	explained("S-7 who creates", "Whoever creates the mapping needs lambda:CreateEventSourceMapping."),
	// 8 what an engine must decide
	modelled("S-E1", "How many invocations does MaximumRetryAttempts N allow? N + 1.", MapRetryLimit),
	modelled("S-E2", "Does a throttle use an attempt? No. It has a count of its own, and only age or retention ends it.", MapThrottle),
	modelled("S-E3", "Does bisect retry the whole batch first? No: it splits at the first function error.", MapBisect),
	modelled("S-E4", "Do the retries start anew after a split? Yes: each part starts at 0, as a remainder does after a partial response.", MapBisectCount, MapPartial),
	modelled("S-E5", "What does bisect do with one record? It is retried, counted, and then discarded alone.", MapBisectOne),
	modelled("S-E6", "How many invocations does one poison record in 2^k records cost? k splits and 1 + N failing calls, and one call for each healthy part.", MapBisect, MapBisectOne),
	modelled("S-E7", "Which half goes first? The one with the lower sequence numbers; the second waits until the first is done or discarded.", MapBisectOrder),
	modelled("S-E8", "Does a finished first half move the checkpoint? Yes: a restart delivers only the second half again.", MapCheckpointHalf),
	modelled("S-E9", "Where is an odd batch split? The smaller half goes first.", MapBisectOdd),
	modelled("S-E10", "How many failure records after a split? One for each range that is discarded. AWS may merge neighbours.", DstQueue),
	modelled("S-E11", "What is lost when retries run out without bisect? The whole batch, its good records included.", MapDiscard),
	modelled("S-E12", "What is lost when they run out after a partial response? Everything from the reported record on, good records included.", MapPartialSuffix),
	modelled("S-E13", "Does a partial response with progress use a retry? No: the remainder is a new batch with a count of 0. Without progress it uses one.", MapPartial, MapPartialFirst),
	modelled("S-E14", "What if the first record is the one reported and bisect is on? The batch is split, as after an error.", MapPartialBisect),
	modelled("S-E15", "Is a batch that is retried topped up with newer records? AWS does not say. Here it is not.", MapRetryWait),
	modelled("S-E16", "What if records expire while their shard is blocked? They vanish from the front of the batch: no failure record, no DroppedEventCount.", MapExpired),
	modelled("S-E17", "When is age checked, and for what? Before every try, for each record: those that are too old are cut from the front, with one failure record.", MapAge),
	modelled("S-E18", "Which clock does age use? The time of arrival in the stream; a record as old as the limit is too old.", MapAge),
	modelled("S-E19", "Which count does the failure record of an age discard give? Invocations made, plus 1.", MapAgeTried),
	modelled("S-E20", "What does that failure record look like? It has no responseContext, and its condition is RecordAgeExceeded.", DstAge),
	modelled("S-E21", "What is functionError after batchItemFailures? null, with statusCode 200.", DstPartial),
	modelled("S-E22", "How long does the mapping wait between retries? AWS does not say. Here half a second, doubled each time, up to a minute; throttled tries the same, a tenth shorter or longer and with a count of their own, and a free slot goes to one of those that wait by the seed.", MapRetryWait, MapRetryWaitMax, MapThrottleWait, MapThrottleSpread, MapThrottleTurn),
	modelled("S-E23", "How are partition keys assigned to lanes? AWS does not say; its blog has up to N keys at a time with a factor of N. Here a key stays in the lane that has records of it in hand, any other goes to the lane with the fewest, and a lane that has nothing takes over keys that wait behind another's batch.", MapLaneKeys),
	modelled("S-E24", "What is blocked when one lane's batch fails? The keys in that batch; the others go on until they are ten batches ahead of the oldest unfinished record.", MapLaneBlock, MapLaneAhead, MapLaneCheckpoint),
	modelled("S-E25", "Do filters apply before or after batching? Here before: what does not match counts for no BatchSize and no payload.", "FIL-READ-1"),
	modelled("S-E26", "What does a BatchSize above 1,000 bring on a table without a window? At most 1,000 records: one read brings no more.", DdbRead),
	modelled("S-E27", "Where does the 6 MB limit cut? Before the record that would exceed it.", MapBatchPayload),
	modelled("S-E28", "What about a single record over 6 MB? A record whose event cannot fit is not handed over: the destination is told at once; without one it is skipped and counted as dropped.", MapTooLarge, MapTooLargeLost, DstTooLarge),
	modelled("S-E29", "In what order are shards read after resharding? Children wait until their parents are drained; a blocked parent blocks its children.", KinShardEnd),
	modelled("S-E30", "Where does a child shard begin? At its oldest record, whatever the mapping's starting position.", KinShardEnd),
	modelled("S-E31", "When is LATEST resolved? When the mapping turns Enabled.", MapStartLatest),
	modelled("S-E32", "What do TRIM_HORIZON and an age limit do together? The old backlog is discarded at once.", MapAgeBacklog),
	modelled("S-E33", "What if a mapping was disabled for longer than the retention? It resumes at the oldest record there is; the gap is lost silently.", MapResumeLost),
	modelled("S-E34", "What does an update do to a batch under way? Its invocation finishes. A scenario can ask for it to be delivered again.", MapUpdate, MapUpdateAgain, MapDisabled),
	modelled("S-E35", "What does a reserved concurrency of 0 do? Every try is throttled until age or retention ends it; Errors stays at 0.", FnReserved),
	modelled("S-E36", "Is a timeout a function error? Yes, and bisect applies to it.", FnTimeout),
	modelled("S-E37", "When does a window start on an idle shard? The first when polling starts; one that ends without records starts again.", MapWindowClock),
	modelled("S-E38", "Where do tumbling windows lie? At whole multiples of their length; records belong by arrival time.", MapTumble),
	modelled("S-E39", "When is a tumbling window closed? When a record of a later window appears, the shard ends, two minutes pass without a record, or its state exceeds 1 MB.", MapTumbleFinal, MapTumbleIdle, MapTumbleEarly),
	modelled("S-E40", "What if the answer has no state? The invocation has failed.", MapTumbleState),
	modelled("S-E41", "What if the final call fails? It is retried like any batch; when it is given up, the state is dropped.", MapTumbleDrop),
	refused("S-E42", "Can a tumbling window be combined with a factor above 1? It is refused here; AWS's pages are silent, the community says the factor must be 1.", "InvalidParameterValueException", "TestLoad"),
	modelled("S-E43", "What does the final call hold? The last state and no records.", MapTumbleFinal),
	tested("S-E44", "How are sequence numbers compared? As integers, never as text or floating point.", "TestSequenceNumbers"),
	refused("S-E45", "Can a function have two mappings to one stream? No: the second is refused.", "ResourceConflictException", "TestLoad"),
	tested("S-E46", "Does a mapping invoke a version or alias? Yes, if its FunctionName names one; failure records give it as executedVersion.", "TestFailureQualified"),
	modelled("S-E47", "What if a failure record cannot be delivered? It is lost, and DestinationDeliveryFailures counts it.", DstDenied, DstGone),
	tested("S-E48", "What is IteratorAge with several shards or lanes? One value for each invocation; alarms should use the maximum.", "TestQuestions"),
	modelled("S-E49", "When is a shard read, and how much at once? When the mapping turns Enabled, then at the base rate or when the batch in hand is resolved; each read brings all there is, up to AWS's limit.", KinPoll, KinRead, DdbRead),
	modelled("S-E50", "How many shards has a stream that does not say? A table's stream 1, an on-demand stream 4, a stream without ShardCount 1.", KinOnDemand),
	modelled("S-E51", "What does the write limit mean within one instant? A shard holds one second's worth ready; what does not fit is rejected.", KinWriteBurst),
	modelled("S-E52", "What does a changed setting do to a batch under way? It is judged by the new values when it next fails: split, else given up, else retried. Age counts before each try; size, window and factor from the next batch on.", MapChangeSplit, MapChangeLimit),
	// 9 shapes
	tested("S-9.1 Kinesis event", "The fields that a function gets for a Kinesis record, in AWS's order.", "TestKinesisEvent", "TestDecodeKinesis"),
	tested("S-9.2 table event", "The fields that a function gets for a table's change.", "TestDecodeDynamoDB", "TestSizeBytes"),
	tested("S-9.2 images by view type", "Which images a record has depends on its event name and the StreamViewType.", "TestDecodeDynamoDB"),
	tested("S-9.3 failure record", "What a destination gets for discarded records.", "TestFailureRecord", "TestFailureReported", "TestFailureAge", "TestBucketObject"),
	modelled("S-9.4 partial batch response", "batchItemFailures with the sequence number of the first failed record.", MapPartial, MapPartialNone, MapPartialBad),
	tested("S-9.5 tumbling event", "window, state, shardId, isFinalInvokeForWindow and isWindowTerminatedEarly stand beside Records.", "TestTumblingEvent", "TestDecodeWindows"),
	modelled("S-9.5 tumbling response", "state is required, at most 1 MB a shard, and dropped after the final call.", MapTumbleState, MapTumbleEarly),
}
