package rule

import (
	"slices"
	"strings"
)

// Row is one row of the project's reading of AWS: a behaviour, a limit, a
// field. Every row is modelled, refused, explained, or left out with a reason.
type Row struct {
	Name  string // stable: the part and what it is about, S-2 Window 0
	Rules []ID   // modelled: the rules that decide it
	// Tests hold what no rule decides: shapes, metrics, how parameters are read.
	Tests []string
	// Error is AWS's error code where what the row names is refused.
	Error string
	// Says is the fact of a row that is explained: it has no behaviour here.
	Says string
	// Not is why a row is not modelled.
	Not string
}

// Rows are all rows of all sources: a kind of source adds its list here.
func Rows() []Row { return slices.Concat(StreamRows, QueueRows) }

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
func modelled(name string, rules ...ID) Row   { return Row{Name: name, Rules: rules} }
func tested(name string, tests ...string) Row { return Row{Name: name, Tests: tests} }
func refused(name, code string, tests ...string) Row {
	return Row{Name: name, Error: code, Tests: tests}
}
func explained(name, says string) Row  { return Row{Name: name, Says: says} }
func notModelled(name, why string) Row { return Row{Name: name, Not: why} }
func (r Row) Modelled() bool           { return len(r.Rules) > 0 || len(r.Tests) > 0 && r.Error == "" }

// StreamRows are the rows about Kinesis and DynamoDB Streams
// (docs/reference/streams.md).
var StreamRows = []Row{
	// 1.1 parameters
	modelled("S-1.1 BatchSize", MapBatchSize),
	modelled("S-1.1 BatchSize without a window", MapBatchSize, MapBatchAvailable),
	modelled("S-1.1 MaximumBatchingWindowInSeconds", MapBatchWindow, MapWindowClock),
	modelled("S-1.1 ParallelizationFactor", MapLaneKeys),
	modelled("S-1.1 StartingPosition", MapStartTrim, MapStartLatest),
	modelled("S-1.1 StartingPositionTimestamp", MapStartTimestamp),
	modelled("S-1.1 MaximumRetryAttempts", MapRetryLimit),
	modelled("S-1.1 MaximumRecordAgeInSeconds", MapAge),
	modelled("S-1.1 BisectBatchOnFunctionError", MapBisect),
	modelled("S-1.1 FunctionResponseTypes", MapPartial, MapPartialOff),
	modelled("S-1.1 TumblingWindowInSeconds", MapTumble),
	modelled("S-1.1 OnFailure", DstQueue, DstTopic, DstBucket),
	refused("S-1.1 OnSuccess", "InvalidParameterValueException", "TestLoad"),
	modelled("S-1.1 FilterCriteria", "FIL-READ-1", "FIL-OR-1"),
	explained("S-1.1 KMSKeyArn", "KMSKeyArn encrypts a mapping's filter patterns where they are stored; what they match stays the same."),
	tested("S-1.1 MetricsConfig", "TestProperties"),
	modelled("S-1.1 Enabled", MapEnabled, MapDisabled),
	explained("S-1.1 Tags", "Tags on a mapping are for billing and access; they change nothing about how it reads."),
	tested("S-1.1 EventSourceArn", "TestLoad"),
	tested("S-1.1 FunctionName", "TestLoad"),
	refused("S-1.1 parameters of other sources", "InvalidParameterValueException", "TestLoad"),
	// 1.2 what can be changed
	explained("S-1.2 not in the Update API", "UpdateEventSourceMapping takes no EventSourceArn, no starting position and no tags: what a mapping reads, and from where, is fixed when it is created."),
	explained("S-1.2 replacement", "In CloudFormation a changed EventSourceArn, StartingPosition or StartingPositionTimestamp replaces the mapping: the new one has another UUID and begins at its own starting position."),
	explained("S-1.2 another function", "FunctionName of a mapping can be changed in place; it goes on where it was."),
	modelled("S-1.2 asynchronous", MapUpdate),
	tested("S-1.3 defaults", "TestLoad"),
	// 1.4 refusals
	refused("S-1.4 no StartingPosition", "InvalidParameterValueException", "TestLoad"),
	refused("S-1.4 unknown StartingPosition", "ValidationException", "TestLoad"),
	refused("S-1.4 AT_TIMESTAMP of a table", "InvalidParameterValueException", "TestLoad"),
	refused("S-1.4 no such stream", "InvalidParameterValueException", "TestLoad"),
	refused("S-1.4 no such function", "InvalidParameterValueException", "TestLoad"),
	refused("S-1.4 no source", "InvalidParameterValueException", "TestLoad"),
	refused("S-1.4 the same pair twice", "ResourceConflictException", "TestLoad"),
	refused("S-1.4 bad filter pattern", "InvalidParameterValueException", "TestLoad"),
	refused("S-1.4 OnSuccess", "InvalidParameterValueException", "TestLoad"),
	refused("S-1.4 unknown UUID", "ResourceNotFoundException", "TestRules"),
	refused("S-1.4 role without the stream's permissions", "InvalidParameterValueException", "TestLoad"),
	modelled("S-1.4 changed while changing", MapInUse),
	// 1.5 spellings
	tested("S-1.5 EventSourceArn is Stream", "TestLoad"),
	tested("S-1.5 BatchSize", "TestLoad"),
	tested("S-1.5 MaximumBatchingWindowInSeconds", "TestLoad"),
	tested("S-1.5 MaximumRecordAgeInSeconds", "TestLoad"),
	tested("S-1.5 MaximumRetryAttempts", "TestLoad"),
	tested("S-1.5 BisectBatchOnFunctionError", "TestLoad"),
	tested("S-1.5 FunctionResponseTypes", "TestLoad"),
	tested("S-1.5 DestinationConfig.OnFailure", "TestLoad"),
	explained("S-1.5 KMSKeyArn is KmsKeyArn", "The API writes KMSKeyArn, CloudFormation and SAM write KmsKeyArn."),
	tested("S-1.5 the others", "TestLoad"),
	// 2 polling, batching, order
	modelled("S-2 Kinesis poll rate", KinPoll),
	modelled("S-2 catching up", KinRead),
	modelled("S-2 table poll rate", DdbPoll),
	explained("S-2 reads of a table's stream are free", "GetRecords calls that Lambda makes on a table's stream cost nothing."),
	modelled("S-2 enhanced fan-out", KinFanOut),
	explained("S-2 fan-out retries", "Even a mapping with an enhanced fan-out consumer reads again with GetShardIterator and GetRecords what it must retry: its role needs both."),
	modelled("S-2 batch origin", MapBatchSize),
	modelled("S-2 invocation type", MapInvoke),
	modelled("S-2 when a batch is sent", MapBatchSize, MapBatchWindow, MapBatchPayload),
	modelled("S-2 window 0", MapBatchAvailable),
	modelled("S-2 window clock", MapWindowClock),
	explained("S-2 empty polls", "A poll that brings nothing never invokes the function; it counts 0 into PolledEventCount."),
	modelled("S-2 6 MB", MapBatchPayload),
	modelled("S-2 concurrency of a mapping", MapLaneKeys),
	modelled("S-2 order of a partition key", MapLaneKeys, MapLaneBlock),
	modelled("S-2 order of an item", MapLaneKeys, DdbStream),
	modelled("S-2 BatchSize with a factor", MapLaneKeys),
	explained("S-2 aggregated records", "The Kinesis Producer Library packs user records into one record. Their order is kept with a factor only if all in it share its partition key."),
	explained("S-2 aggregated records with fan-out", "With enhanced fan-out Lambda unpacks aggregated records first; a user record whose key belongs to another shard is dropped, without a failure record."),
	modelled("S-2 at least once", MapRestart, MapLaneCheckpoint, MapUpdateAgain),
	explained("S-2 extensions", "The next batch does not wait until extensions of the function have finished."),
	modelled("S-2 several mappings", MapCheckpoint, KinShare),
	modelled("S-2 readers of a table's shard", DdbReaders, DdbReadersRate),
	modelled("S-2 shared readers", KinShare, KinShareRetry),
	explained("S-2 another account", "Both kinds of streams can be read from another account with a resource policy on the stream; a table's stream not from another Region."),
	modelled("S-2 start-up delay", MapStartLatest, MapEnabled),
	modelled("S-2 disable and enable", MapDisabled, MapResume),
	modelled("S-2 delete and recreate", MapDelete),
	modelled("S-2 identity", MapDenied, DstDenied),
	modelled("S-2.1 State values", MapEnabled, MapDisabled, MapUpdate, MapDelete),
	modelled("S-2.1 create", MapEnabled),
	modelled("S-2.1 update", MapUpdate),
	modelled("S-2.1 disable and enable", MapDisabled, MapResume),
	modelled("S-2.1 delete", MapDelete),
	tested("S-2.1 StateTransitionReason", "TestQuestions"),
	tested("S-2.1 LastProcessingResult", "TestRecorded"),
	modelled("S-2.1 function deleted", FnRemoved),
	modelled("S-2.1 repeated errors", MapRetry),
	// 3 errors
	modelled("S-3 default", MapRetry, MapBlock),
	modelled("S-3 worst case", MapExpired),
	modelled("S-3 not reached", MapThrottle, FnReserved, FnAccount, FnRemoved),
	modelled("S-3 function error", FnError, FnCrash, FnTimeout),
	modelled("S-3 attempts", MapRetryLimit),
	modelled("S-3 no retries", MapRetryLimit),
	modelled("S-3 bisect", MapBisect),
	modelled("S-3 bisect and quota", MapBisect, MapBisectCount),
	modelled("S-3 bisect and timeouts", FnTimeout, MapBisect),
	explained("S-3 bisect and destination", "AWS may join the failure records of neighbours that a split gave up one by one: batchSize can then be more than 1. esmlab writes one for each."),
	modelled("S-3 partial response", MapPartial),
	modelled("S-3 partial response ignored", MapPartialOff),
	modelled("S-3 bisect and exception", MapBisect, FnError),
	modelled("S-3 bisect and partial response", MapPartial, MapPartialBisect),
	modelled("S-3 exception with partial responses on", FnError),
	modelled("S-3 record age", MapAge),
	modelled("S-3 age is per record", MapAge),
	modelled("S-3 destination trigger", DstQueue),
	explained("S-3 the function's own DLQ", "A function's dead-letter queue and its asynchronous destinations serve asynchronous invocations only: a stream mapping never uses them."),
	modelled("S-3 after a discard", MapUnblock),
	modelled("S-3 delivery fails", DstDenied, DstGone),
	modelled("S-3 FIFO destination", DstFifo),
	explained("S-3 ten retries of Kafka", "Endless retries together with a destination are cut to ten for Kafka sources only; a stream mapping retries without limit."),
	// 3.1 the handler's answer
	modelled("S-3.1 empty answers", MapPartialNone),
	modelled("S-3.1 one identifier", MapPartial),
	modelled("S-3.1 several identifiers", MapPartial),
	modelled("S-3.1 empty identifier", MapPartialBad),
	modelled("S-3.1 wrong key in an item", MapPartialBad),
	modelled("S-3.1 identifier not in the batch", MapPartialBad),
	modelled("S-3.1 wrong top-level key", MapPartialNone),
	modelled("S-3.1 exception or timeout", FnError, FnTimeout),
	modelled("S-3.1 any other JSON", MapPartialBad),
	// 3.2 destinations
	modelled("S-3.2 SQS", DstQueue, DstDenied),
	modelled("S-3.2 SNS", DstTopic, DstDenied),
	modelled("S-3.2 S3", DstBucket, DstDenied),
	refused("S-3.2 Kafka topic", "InvalidParameterValueException", "TestLoad"),
	// 4 metrics
	tested("S-4 IteratorAge", "TestQuestions"),
	tested("S-4 Invocations, Errors, Duration", "TestProperties"),
	modelled("S-4 Throttles", MapThrottle),
	modelled("S-4 DestinationDeliveryFailures", DstDenied, DstFifo),
	tested("S-4 PolledEventCount", "TestProperties"),
	tested("S-4 FilteredOutEventCount", "TestProperties"),
	tested("S-4 InvokedEventCount", "TestProperties"),
	tested("S-4 FailedInvokeEventCount", "TestProperties"),
	tested("S-4 DroppedEventCount", "TestProperties"),
	tested("S-4 OnFailureDestinationDeliveredEventCount", "TestProperties"),
	explained("S-4 DeletedEventCount", "DeletedEventCount is for queues: a stream mapping deletes nothing."),
	explained("S-4 metrics of other sources", "ErrorCount, the Kafka metrics and ProvisionedPollers are not emitted for stream mappings."),
	explained("S-4 a disabled mapping", "A disabled mapping emits none of its metrics."),
	explained("S-4 metrics of the stream", "Kinesis has metrics of its own, as GetRecords.IteratorAgeMilliseconds and ReadProvisionedThroughputExceeded; they tell of all readers, IteratorAge of Lambda of one function."),
	// 5 filters
	modelled("S-5 count and logic", "FIL-OR-2", "FIL-AND-1", "FIL-PATTERN-3"),
	modelled("S-5 operators", "FIL-EQUAL-1", "FIL-TEXT-1", "FIL-NUMERIC-1", "FIL-BUT-1", "FIL-EXISTS-1", "FIL-OR-3"),
	modelled("S-5 numbers", "FIL-NUMBER-1"),
	modelled("S-5 Kinesis key", "FIL-DATA-1"),
	modelled("S-5 table keys", "FIL-TABLE-1"),
	modelled("S-5 table numbers", "FIL-TABLE-2"),
	modelled("S-5 exists", "FIL-EXISTS-2", "FIL-EXISTS-3"),
	modelled("S-5 what does not match", "FIL-READ-1"),
	modelled("S-5 data that is no JSON", "FIL-DATA-1"),
	modelled("S-5 pattern on metadata alone", "FIL-DATA-2"),
	refused("S-5 pattern that is no JSON", "InvalidParameterValueException", "TestLoad"),
	modelled("S-5 before or after batching", "FIL-READ-1"),
	// 6.1 Kinesis
	modelled("S-6.1 shard write", KinWriteRecords, KinWriteBytes),
	modelled("S-6.1 shard read", KinShare),
	modelled("S-6.1 GetRecords", KinRead),
	modelled("S-6.1 record size", KinSize),
	modelled("S-6.1 PutRecords", KinWriteRecords),
	modelled("S-6.1 partition key", KinHash),
	modelled("S-6.1 hash key range", KinHash, KinShardNamed),
	tested("S-6.1 sequence number", "TestSequenceNumbers"),
	modelled("S-6.1 retention", KinRetention),
	explained("S-6.1 shard iterator", "A shard iterator lives five minutes, and five of them can be asked for a second and shard; the mapping takes care of both."),
	modelled("S-6.1 closed shard", KinShardEnd),
	modelled("S-6.1 split and merge", KinSplit),
	modelled("S-6.1 UpdateShardCount", KinSplit),
	modelled("S-6.1 on-demand", KinOnDemand),
	modelled("S-6.1 consumers", KinFanOut),
	notModelled("S-6.1 Kinesis queues", "they are new in 2026, and no event source mapping reads them"),
	notModelled("S-6.1 propagation delay", "a record is readable in the instant in which it is put: nothing takes time but what is given time"),
	// 6.2 tables
	modelled("S-6.2 retention", DdbRetention),
	modelled("S-6.2 GetRecords", DdbRead),
	explained("S-6.2 iterator", "A shard iterator of a table's stream lives fifteen minutes; the mapping takes care of it."),
	modelled("S-6.2 shards", KinSplit, KinShardEnd),
	modelled("S-6.2 rollover", DdbRoll),
	modelled("S-6.2 readers", DdbReaders),
	modelled("S-6.2 once, in order", DdbStream),
	modelled("S-6.2 writes that change nothing", DdbNoop),
	tested("S-6.2 view types", "TestDecodeDynamoDB"),
	modelled("S-6.2 stream switched off", DdbDelete),
	explained("S-6.2 switched on twice", "Switching on the stream of a table that has one is refused with a ValidationException (older pages: ResourceInUseException); a stream switched off and on has a new ARN, and needs a new mapping."),
	modelled("S-6.2 TTL deletes", DdbTTL),
	explained("S-6.2 DescribeStream", "DescribeStream gives at most 100 shards a page; with ShardFilter the children of one shard."),
	tested("S-6.2 sequence number", "TestDecodeDynamoDB"),
	tested("S-6.2 creation time", "TestDecodeDynamoDB"),
	// 7 IAM
	modelled("S-7 needed for Kinesis", MapDenied),
	tested("S-7 AWSLambdaKinesisExecutionRole", "TestLoad"),
	explained("S-7 ListStreams", "kinesis:ListStreams is not needed by a mapping: the console asks for it to fill its list."),
	modelled("S-7 needed for tables", MapDenied),
	tested("S-7 AWSLambdaDynamoDBExecutionRole", "TestLoad"),
	explained("S-7 encrypted stream", "A stream encrypted with a customer managed key needs kms:Decrypt on it in the execution role."),
	modelled("S-7 destinations", DstDenied),
	explained("S-7 who needs them", "It is the function's execution role that reads the stream; no resource policy on the function is needed, unlike with services that invoke it."),
	explained("S-7 who creates", "Whoever creates the mapping needs lambda:CreateEventSourceMapping."),
	// 8 what an engine must decide
	modelled("S-E1", MapRetryLimit), modelled("S-E2", MapThrottle), modelled("S-E3", MapBisect), modelled("S-E4", MapBisectCount, MapPartial),
	modelled("S-E5", MapBisectOne), modelled("S-E6", MapBisect, MapBisectOne), modelled("S-E7", MapBisectOrder), modelled("S-E8", MapCheckpointHalf),
	modelled("S-E9", MapBisectOdd), modelled("S-E10", DstQueue), modelled("S-E11", MapDiscard), modelled("S-E12", MapPartialSuffix),
	modelled("S-E13", MapPartial, MapPartialFirst), modelled("S-E14", MapPartialBisect), modelled("S-E15", MapRetry), modelled("S-E16", MapExpired),
	modelled("S-E17", MapAge), modelled("S-E18", MapAge), modelled("S-E19", MapAgeTried), modelled("S-E20", DstAge), modelled("S-E21", DstPartial),
	modelled("S-E22", MapRetryWait, MapRetryWaitMax, MapThrottleWait), modelled("S-E23", MapLaneKeys), modelled("S-E24", MapLaneBlock, MapLaneAhead, MapLaneCheckpoint),
	modelled("S-E25", "FIL-READ-1"), modelled("S-E26", DdbRead), modelled("S-E27", MapBatchPayload), modelled("S-E28", KinSize),
	modelled("S-E29", KinShardEnd), modelled("S-E30", KinShardEnd), modelled("S-E31", MapStartLatest), modelled("S-E32", MapAgeBacklog),
	modelled("S-E33", MapResumeLost), modelled("S-E34", MapUpdate, MapUpdateAgain, MapDisabled), modelled("S-E35", FnReserved), modelled("S-E36", FnTimeout),
	modelled("S-E37", MapWindowClock), modelled("S-E38", MapTumble), modelled("S-E39", MapTumbleFinal, MapTumbleIdle, MapTumbleEarly), modelled("S-E40", MapTumbleState),
	modelled("S-E41", MapTumbleDrop), refused("S-E42", "InvalidParameterValueException", "TestLoad"), modelled("S-E43", MapTumbleFinal),
	tested("S-E44", "TestSequenceNumbers"), refused("S-E45", "ResourceConflictException", "TestLoad"), tested("S-E46", "TestFailureQualified"),
	modelled("S-E47", DstDenied, DstGone), tested("S-E48", "TestQuestions"), modelled("S-E49", KinPoll, KinRead, DdbRead), modelled("S-E50", KinOnDemand),
	modelled("S-E51", KinWriteBurst), modelled("S-E52", MapChangeSplit, MapChangeLimit),
	// 9 shapes
	tested("S-9.1 Kinesis event", "TestKinesisEvent", "TestDecodeKinesis"),
	tested("S-9.2 table event", "TestDecodeDynamoDB", "TestSizeBytes"),
	tested("S-9.2 images by view type", "TestDecodeDynamoDB"),
	tested("S-9.3 failure record", "TestFailureRecord", "TestFailureReported", "TestFailureAge", "TestBucketObject"),
	modelled("S-9.4 partial batch response", MapPartial, MapPartialNone, MapPartialBad),
	tested("S-9.5 tumbling event", "TestTumblingEvent", "TestDecodeWindows"),
	modelled("S-9.5 tumbling response", MapTumbleState, MapTumbleEarly),
}
