package setting

import (
	"esmlab/engine/pattern"
	"esmlab/engine/rule"
)

// The names of the settings: AWS's, or esmlab's own where AWS has none. No
// other file spells them as texts.
const (
	Enabled                        = "Enabled"
	BatchSize                      = "BatchSize"
	MaximumBatchingWindowInSeconds = "MaximumBatchingWindowInSeconds"
	ParallelizationFactor          = "ParallelizationFactor"
	MaximumRetryAttempts           = "MaximumRetryAttempts"
	MaximumRecordAgeInSeconds      = "MaximumRecordAgeInSeconds"
	BisectBatchOnFunctionError     = "BisectBatchOnFunctionError"
	ReportBatchItemFailures        = "ReportBatchItemFailures"
	FunctionResponseTypes          = "FunctionResponseTypes"
	OnFailure                      = "OnFailure"
	TumblingWindowInSeconds        = "TumblingWindowInSeconds"
	MaximumConcurrency             = "MaximumConcurrency"
	MinimumPollers                 = "MinimumPollers"
	MaximumPollers                 = "MaximumPollers"
	FilterCriteria                 = "FilterCriteria"

	VisibilityTimeout             = "VisibilityTimeout"
	MaxReceiveCount               = "maxReceiveCount"
	DeadLetterTargetARN           = "deadLetterTargetArn"
	MessageRetentionPeriod        = "MessageRetentionPeriod"
	DelaySeconds                  = "DelaySeconds"
	ContentBasedDeduplication     = "ContentBasedDeduplication"
	DeduplicationScope            = "DeduplicationScope"
	FifoThroughputLimit           = "FifoThroughputLimit"
	ReceiveMessageWaitTimeSeconds = "ReceiveMessageWaitTimeSeconds"
	MaximumMessageSize            = "MaximumMessageSize"
	RedrivePermission             = "redrivePermission"

	ShardCount           = "ShardCount"
	StreamMode           = "StreamMode"
	RetentionPeriodHours = "RetentionPeriodHours"

	RecordDistributionStrategy = "RecordDistributionStrategy"
	MaxRecordSizeInKiB         = "MaxRecordSizeInKiB"

	ReservedConcurrentExecutions = "ReservedConcurrentExecutions"
	RecursiveLoop                = "RecursiveLoop"
	Timeout                      = "Timeout"
	MemorySize                   = "MemorySize"
	Architectures                = "Architectures"
	TakesTime                    = "takes"
	Cold                         = "cold"
)

// The properties that hold several settings, or that a setting stands in.
const (
	DestinationConfig  = "DestinationConfig"
	RedrivePolicy      = "RedrivePolicy"
	RedriveAllowPolicy = "RedriveAllowPolicy"
	SourceQueueARNs    = "sourceQueueArns"
	ScalingProperty    = "ScalingConfig"
	PollersProperty    = "ProvisionedPollerConfig"
)

// The ids of the actions that change a setting.
const (
	bisect     = "bisect"
	retries    = "retries"
	age        = "age"
	failures   = "failures"
	items      = "items"
	visibility = "visibility"
	settings   = "settings"
)

const attributeRefused = "Invalid value for the parameter "

// All is the table of the settings, the most important of each resource first.
var All = []Row{
	// Event source mappings (S-1.1, Q-2).
	{Name: BatchSize, Of: OfMapping, In: AnyStream, Min: 1, Max: 10000, Default: IntValue(100), Steps: "1 2 5 8 10 50 100 500 1000 10000",
		Rule: rule.MapBatchSize, Action: settings, CLI: 11, Pane: 21,
		About: "the most records that one invocation gets",
		says:  says("*", "the function is handed at most {n record} at a time"),
		field: func(r *Resource) any { return &r.Mapping.BatchSize }},
	{Name: BatchSize, Of: OfMapping, In: AnyQueue, Min: 1, Max: 10000, Default: IntValue(10), Steps: "1 2 5 10 50 100 1000 10000",
		Rule: rule.SqsBatchSize, Action: settings, CLI: 11, Pane: 22,
		About: "the most messages that one invocation gets; FIFO: at most 10, and more than 10 need a window",
		says:  says("*", "the function is handed at most {n message} at a time"),
		field: func(r *Resource) any { return &r.Mapping.BatchSize }},
	{Name: MaximumBatchingWindowInSeconds, Of: OfMapping, In: AnyStream, Min: 0, Max: 300, Unit: Seconds, Default: IntValue(0), Steps: "0 1 2 5 10 30 60 300",
		Rule: rule.MapBatchWindow, CLI: 12, Pane: 22,
		About: "how long records are gathered before the function is invoked",
		says:  says("0", "the function is invoked as soon as there is a record", "*", "records are gathered for at most {time} before the function is invoked"),
		field: func(r *Resource) any { return &r.Mapping.MaximumBatchingWindowInSeconds }},
	{Name: MaximumBatchingWindowInSeconds, Of: OfMapping, In: AnyQueue, Min: 0, Max: 300, Unit: Seconds, Default: IntValue(0), Steps: "0 1 2 5 10 30 60 300",
		Rule: rule.SqsBatchWindow, CLI: 12, Pane: 23,
		About: "how long messages are gathered before the function is invoked; not for FIFO",
		says:  says("0", "the function is invoked as soon as there is a message", "*", "messages are gathered for at most {time} before the function is invoked"),
		field: func(r *Resource) any { return &r.Mapping.MaximumBatchingWindowInSeconds }},
	{Name: ParallelizationFactor, Of: OfMapping, In: AnyStream, Min: 1, Max: 10, Default: IntValue(1), Steps: "1 2 3 4 5 6 7 8 9 10",
		Rule: rule.MapLaneKeys, CLI: 13, Pane: 23, Instead: "ScalingConfig, or message groups of a FIFO queue",
		About: "how many batches of a shard run at the same time",
		says:  says("1", "one batch of a shard at a time", "*", "up to {v} batches of a shard at a time, each with keys of its own"),
		field: func(r *Resource) any { return &r.Mapping.ParallelizationFactor }},
	{Name: MaximumRetryAttempts, Of: OfMapping, In: AnyStream, Min: 0, Max: 10000, Special: noLimit, Default: IntValue(-1), Steps: "-1 0 1 2 3 5 10 100 10000",
		Rule: rule.MapRetryLimit, Action: retries, Counts: NextFailure, CLI: 34, Pane: 12, Instead: "maxReceiveCount of the queue's RedrivePolicy",
		About: "how many times a batch that failed is tried again",
		says:  says("-1", "a batch is tried until its records expire", "0", "a batch is tried once, then given up", "*", "a batch is tried {n+1 time}, then given up"),
		field: func(r *Resource) any { return &r.Mapping.MaximumRetryAttempts }},
	{Name: MaximumRecordAgeInSeconds, Of: OfMapping, In: AnyStream, Min: 60, Max: 604800, Special: noLimit, Unit: Seconds, Default: IntValue(-1), Steps: "-1 60 120 300 600 3600 21600 86400 604800",
		Rule: rule.MapAge, Action: age, Counts: NextTry, CLI: 32, Pane: 13, Instead: "MessageRetentionPeriod of the queue",
		About: "how old a record may be before it is given up",
		says:  says("-1", "no record is given up for its age; only the stream's retention ends it", "*", "a record that is {time} old is given up before the next try"),
		field: func(r *Resource) any { return &r.Mapping.MaximumRecordAgeInSeconds }},
	{Name: BisectBatchOnFunctionError, Of: OfMapping, In: AnyStream, Kind: Switch, Default: BoolValue(false),
		Rule: rule.MapBisect, Action: bisect, Counts: NextFailure, CLI: 33, Pane: 11, Instead: "FunctionResponseTypes: [ReportBatchItemFailures]",
		About: "whether a batch that failed is split in two",
		says:  says("true", "a failed batch is split in two at once, which uses no retry", "false", "a batch that fails is tried again as a whole"),
		field: func(r *Resource) any { return &r.Mapping.BisectBatchOnFunctionError }},
	{Name: ReportBatchItemFailures, Of: OfMapping, In: AnyStream, Kind: Switch, Default: BoolValue(false), Own: true,
		Rule: rule.MapPartial, Action: items, Counts: NextFailure, Pane: 15,
		About: "whether the handler may name the records that failed; AWS spells it FunctionResponseTypes",
		says: says("true", "the handler may name the records that failed; what lies before the first of them is done",
			"false", "whatever the handler returns counts as a success; only an error fails the batch"),
		field: func(r *Resource) any { return &r.Mapping.ReportBatchItemFailures }},
	{Name: ReportBatchItemFailures, Of: OfMapping, In: AnyQueue, Kind: Switch, Default: BoolValue(false), Own: true,
		Rule: rule.SqsPartial, Action: items, Counts: NextFailure, Pane: 21,
		About: "whether the handler may name the messages that failed; AWS spells it FunctionResponseTypes",
		says: says("true", "the handler may name the messages that failed; all others are deleted",
			"false", "whatever the handler returns counts as a success; only an error fails the batch"),
		field: func(r *Resource) any { return &r.Mapping.ReportBatchItemFailures }},
	{Name: FunctionResponseTypes, Of: OfMapping, In: AnyStream, Kind: List, Words: []string{ReportBatchItemFailures}, Default: TextValue(""), Alias: true,
		Rule: rule.MapPartial, Counts: NextFailure, CLI: 36,
		field: func(r *Resource) any { return &r.Mapping.ReportBatchItemFailures }},
	{Name: FunctionResponseTypes, Of: OfMapping, In: AnyQueue, Kind: List, Words: []string{ReportBatchItemFailures}, Default: TextValue(""), Alias: true,
		Rule: rule.SqsPartial, Counts: NextFailure, CLI: 36,
		field: func(r *Resource) any { return &r.Mapping.ReportBatchItemFailures }},
	{Name: OnFailure, Path: "DestinationConfig.OnFailure.Destination", Also: []string{"DestinationConfig.OnFailure"}, Of: OfMapping, In: AnyStream, Kind: Destination, Default: TextValue(""),
		Rule: rule.DstQueue, Action: failures, Counts: NextDiscard, CLI: 31, Pane: 14, Instead: "a RedrivePolicy on the queue",
		About: "where the position of records that were given up is sent; a bucket gets the records too",
		says: says("none", "what is given up leaves no trace but the counters",
			"bucket", "{v} gets one object for each batch that is given up, with the data of its records",
			"*", "{v} gets one message for each batch that is given up: where its records lie, not what they hold"),
		field: func(r *Resource) any { return &r.Mapping.OnFailure }},
	{Name: TumblingWindowInSeconds, Of: OfMapping, In: AnyStream, Min: 0, Max: 900, Unit: Seconds, Default: IntValue(0), Steps: "0 5 10 30 60 120 300 900",
		Rule: rule.MapTumble, CLI: 35, Pane: 24, IfSet: true,
		About: "the length of the windows within which the function passes on state",
		says:  says("0", "no tumbling window", "*", "the function passes its state on within windows of {time}"),
		field: func(r *Resource) any { return &r.Mapping.TumblingWindowInSeconds }},
	{Name: MaximumConcurrency, Path: ScalingProperty + ".MaximumConcurrency", Of: OfMapping, In: AnyQueue, Min: 2, Max: 1000, Special: notSet, Default: IntValue(0), Steps: "0 2 3 5 10 50 100 1000",
		Rule: rule.SqsConcurrency, CLI: 37, Pane: 24,
		About: "the most invocations of this mapping that run at the same time",
		says:  says("0", "not set: the function's concurrency is the limit", "*", "at most {v} invocations of this mapping at a time"),
		field: func(r *Resource) any { return &r.Mapping.MaximumConcurrency }},
	{Name: MinimumPollers, Path: PollersProperty + ".MinimumPollers", Of: OfMapping, In: AnyQueue, Min: 2, Max: 200, Special: notSet, Default: IntValue(0), Steps: "0 2 5 10 50 200",
		Rule: rule.SqsProvisioned, CLI: 41,
		About: "the pollers that provisioned mode always keeps; 2 where only MaximumPollers is set",
		says:  provisioned,
		field: func(r *Resource) any { return &r.Mapping.MinimumPollers }},
	{Name: MaximumPollers, Path: PollersProperty + ".MaximumPollers", Of: OfMapping, In: AnyQueue, Min: 2, Max: 10000, Special: notSet, Default: IntValue(0), Steps: "0 2 10 100 200 2000 10000",
		Rule: rule.SqsProvisioned, CLI: 42, Pane: 24, IfSet: true,
		About: "the most pollers of provisioned mode; 200 where only MinimumPollers is set",
		says:  provisioned,
		field: func(r *Resource) any { return &r.Mapping.MaximumPollers }},
	{Name: FilterCriteria, Of: OfMapping, In: Any, Kind: Filters, Default: TextValue((*pattern.Criteria)(nil).String()),
		Rule: rule.FilRead, CLI: 21, Pane: 31, IfSet: true,
		About: "which records or messages the function gets: up to five patterns (ten with a raised quota), one of which must match",
		field: func(r *Resource) any { return &r.Mapping.FilterCriteria }},
	{Name: Enabled, Of: OfMapping, In: Any, Kind: Switch, Default: BoolValue(true), Alias: true,
		Rule:  rule.MapEnabled,
		About: "whether the mapping polls; setting it enables or disables the mapping",
		field: func(r *Resource) any { return r.Enabled }},

	// Queues.
	{Name: VisibilityTimeout, Of: OfQueue, In: AnyQueue, Min: 0, Max: 43200, Unit: Seconds, Default: IntValue(30), Steps: "0 1 3 6 10 18 30 60 180 900 5400 43200",
		Code: invalidAttribute, Refuses: attributeRefused + VisibilityTimeout + ".", Rule: rule.SqsVisible, Action: visibility, Pane: 11,
		About: "how long a message that was received stays hidden",
		says:  says("*", "a message that is received stays hidden for {time}; AWS advises 6 times the function's Timeout"),
		field: func(r *Resource) any { return &r.Queue.VisibilityTimeout }},
	{Name: MaxReceiveCount, Path: RedrivePolicy + "." + MaxReceiveCount, Of: OfQueue, In: AnyQueue, Min: 1, Max: 1000, Default: IntValue(10), Steps: "1 2 3 5 10 100 1000",
		Code: invalidAttribute, Refuses: attributeRefused + MaxReceiveCount + ".", Rule: rule.SqsMove, Action: retries, Pane: 12,
		About: "how many times a message is received before it moves to the DLQ",
		says:  says("*", "a message is received {n time}; the next receive would move it to the DLQ"),
		field: func(r *Resource) any { return &r.Queue.MaxReceiveCount }},
	{Name: DeadLetterTargetARN, Path: RedrivePolicy + "." + DeadLetterTargetARN, Also: []string{RedrivePolicy, "DeadLetterQueue"}, Of: OfQueue, In: AnyQueue, Kind: QueueID, Default: TextValue(""),
		Rule: rule.SqsMove, Action: failures, Pane: 13,
		About: "its DLQ, of the same type: gets what was received too often",
		says: says("none", "what fails is received again until its retention ends",
			"*", "{v} gets a message when it would be received once more than maxReceiveCount"),
		field: func(r *Resource) any { return &r.Queue.DeadLetterQueue }},
	{Name: MessageRetentionPeriod, Of: OfQueue, In: AnyQueue, Min: 60, Max: 1209600, Unit: Seconds, Default: IntValue(345600), Steps: "60 120 300 600 3600 86400 345600 1209600",
		Code: invalidAttribute, Refuses: attributeRefused + MessageRetentionPeriod + ".", Rule: rule.SqsRetention, Action: age, Pane: 14,
		About: "how long a message that is not deleted is kept",
		says:  says("*", "a message that is not deleted is lost after {time}"),
		field: func(r *Resource) any { return &r.Queue.MessageRetentionPeriod }},
	{Name: DelaySeconds, Of: OfQueue, In: AnyQueue, Min: 0, Max: 900, Unit: Seconds, Default: IntValue(0), Steps: "0 1 5 10 30 60 300 900",
		Code: invalidAttribute, Refuses: attributeRefused + DelaySeconds + ".", Rule: rule.SqsDelay, Pane: 32, IfSet: true,
		About: "how long a new message is hidden at first",
		says:  says("*", "a message is hidden for its first {time}"),
		field: func(r *Resource) any { return &r.Queue.DelaySeconds }},
	{Name: ContentBasedDeduplication, Of: OfQueue, In: FIFO, Kind: Switch, Default: BoolValue(false),
		Unfit: "Unknown Attribute ContentBasedDeduplication.", Rule: rule.FifoDedupContent,
		About: "whether a hash of the body is the deduplication id of a message that has none",
		says: says("true", "a message without a deduplication id gets a hash of its body as its id",
			"false", "each message brings its own deduplication id"),
		field: func(r *Resource) any { return &r.Queue.ContentBasedDeduplication }},
	{Name: DeduplicationScope, Of: OfQueue, In: FIFO, Kind: Word, Words: []string{"queue", "messageGroup"}, Default: TextValue("queue"),
		Code: invalidAttribute, Refuses: attributeRefused + DeduplicationScope + ".", Rule: rule.FifoDedupScope,
		About: "within what a deduplication id counts only once in five minutes",
		says: says("queue", "a deduplication id counts once in the queue for five minutes",
			"messageGroup", "a deduplication id counts once in each message group"),
		field: func(r *Resource) any { return &r.Queue.DeduplicationScope }},
	{Name: FifoThroughputLimit, Of: OfQueue, In: FIFO, Kind: Word, Words: []string{"perQueue", "perMessageGroupId"}, Default: TextValue("perQueue"),
		Code: invalidAttribute, Refuses: attributeRefused + FifoThroughputLimit + ".", Rule: rule.FifoRate,
		About: "what the limit on requests applies to; perMessageGroupId needs DeduplicationScope messageGroup",
		says: says("perQueue", "the whole queue shares one limit on requests",
			"perMessageGroupId", "each message group has a limit on requests of its own"),
		field: func(r *Resource) any { return &r.Queue.FifoThroughputLimit }},
	{Name: MaximumMessageSize, Of: OfQueue, In: AnyQueue, Min: 1024, Max: 1 << 20, Unit: Bytes, Default: IntValue(1 << 20), Steps: "1024 65536 262144 1048576",
		Code: invalidAttribute, Refuses: attributeRefused + MaximumMessageSize + ".", Rule: rule.SqsSize,
		About: "the largest message that the queue accepts",
		says:  says("*", "a message of more than {n byte} is refused"),
		field: func(r *Resource) any { return &r.Queue.MaximumMessageSize }},
	{Name: ReceiveMessageWaitTimeSeconds, Of: OfQueue, In: AnyQueue, Min: 0, Max: 20, Unit: Seconds, Default: IntValue(0), Steps: "0 1 5 10 20",
		Code: invalidAttribute, Refuses: attributeRefused + ReceiveMessageWaitTimeSeconds + ".", Rule: rule.SqsReceive,
		About: "how long a receive waits for messages; a mapping asks for 20 s itself",
		says:  says("0", "a receive that finds nothing ends at once; a mapping asks for 20 s itself", "*", "a receive waits for at most {time}; a mapping asks for 20 s itself"),
		field: func(r *Resource) any { return &r.Queue.ReceiveMessageWaitTimeSeconds }},
	{Name: RedrivePermission, Path: RedriveAllowPolicy + "." + RedrivePermission, Also: []string{RedriveAllowPolicy}, Of: OfQueue, In: AnyQueue, Kind: Word, Words: []string{"allowAll", "denyAll", "byQueue"}, Default: TextValue("allowAll"),
		Code: invalidAttribute, Refuses: attributeRefused + RedriveAllowPolicy + ".", Rule: rule.SqsMove,
		About: "which queues may use this one as their DLQ",
		says: says("allowAll", "any queue may use it as its DLQ", "denyAll", "no queue may use it as its DLQ",
			"byQueue", "only the queues of sourceQueueArns may use it as their DLQ"),
		field: func(r *Resource) any { return &r.Queue.RedrivePermission }},

	// Streams (S-6.1).
	{Name: ShardCount, Of: OfStream, In: AnyStream, Min: 1, Max: 10000, Default: IntValue(1), Steps: "1 2 3 4 5 6 8 10 16",
		Rule:  rule.KinSplit,
		About: "how many open shards there are; changed by UpdateShardCount, at most to twice or half as many at a time, and not in mode ON_DEMAND",
		says:  says("*", "{n shard}; records are spread evenly over them by the hash of their keys"),
		field: func(r *Resource) any { return &r.Stream.ShardCount }},
	{Name: StreamMode, Path: "StreamModeDetails." + StreamMode, Of: OfStream, In: Kinesis, Kind: Word, Words: []string{provisionedMode, onDemand}, Default: TextValue(provisionedMode),
		Unfit: "DynamoDB manages the shards of a table's stream itself", Rule: rule.KinMode,
		About: "who manages the shards: a person, or the service; it can be changed twice in 24 hours, and the shards stay",
		says:  says(provisionedMode, "its shards are as many as ShardCount says", onDemand, "the service manages its shards, and splits those that take too much"),
		field: func(r *Resource) any { return &r.Stream.StreamMode }},
	{Name: RetentionPeriodHours, Of: OfStream, In: Kinesis, Min: 24, Max: 8760, Unit: Hours, Default: IntValue(24), Steps: "24 48 168 720 8760",
		Code: "InvalidArgumentException", Refuses: "RetentionPeriodHours cannot be {v}", Unfit: "a table's stream keeps its records for 24 hours, which cannot be changed", Rule: rule.KinRetention,
		About: "how long a stream keeps its records",
		says:  says("*", "a record that is {time} old expires, whether it was read or not"),
		field: func(r *Resource) any { return &r.Stream.Retention }},
	{Name: RecordDistributionStrategy, Of: OfStream, In: Kinesis, Kind: Word, Words: []string{"USER_PARTITION_KEY", auto}, Default: TextValue("USER_PARTITION_KEY"),
		Unfit: "the stream of a table has the changes of an item in one shard", Rule: rule.KinAuto,
		About: "whether a record's shard follows from its partition key, or an on-demand stream spreads records evenly",
		says: says("USER_PARTITION_KEY", "records of one partition key share a shard, in order",
			auto, "the service spreads records evenly over the shards; their keys count for nothing, and their order cannot be relied on"),
		field: func(r *Resource) any { return &r.Stream.RecordDistributionStrategy }},
	{Name: MaxRecordSizeInKiB, Of: OfStream, In: Kinesis, Min: defaultRecordKiB, Max: 10240, Default: IntValue(defaultRecordKiB), Steps: "1024 2048 4096 5120 10240",
		Unfit: "the stream of a table has no such limit: an item holds at most 400 KB", Rule: rule.KinSize,
		About: "the largest record that the stream takes, in KiB, its partition key included",
		says:  says("*", "a record of more than {v} KiB is refused"),
		field: func(r *Resource) any { return &r.Stream.MaxRecordSizeInKiB }},

	// Functions.
	{Name: MemorySize, Of: OfFunction, In: Any, Min: 128, Max: 10240, Default: IntValue(128), Steps: "128 256 512 1024 1769 3008 10240",
		Rule:  rule.FnRun,
		About: "the function's memory in MB; its invocations are billed by memory and time",
		says:  says("*", "an invocation of {id} is billed {v} MB for as long as it runs"),
		field: func(r *Resource) any { return &r.Function.MemorySize }},
	{Name: Architectures, Of: OfFunction, In: Any, Kind: List, Words: []string{"x86_64", "arm64"}, Default: TextValue("x86_64"),
		Rule:  rule.FnRun,
		About: "the processor that the function runs on; arm64 costs a fifth less",
		says:  says("arm64", "{id} runs on arm64, which is billed a fifth less than x86_64", "*", "{id} runs on x86_64"),
		field: func(r *Resource) any { return &r.Function.Architecture }},
	{Name: RecursiveLoop, Of: OfFunction, In: Any, Kind: Word, Words: []string{"Terminate", "Allow"}, Default: TextValue("Terminate"),
		Rule: rule.FnRecursive, Pane: 33, IfSet: true,
		About: "whether Lambda stops a loop of the function and a queue",
		says: says("Terminate", "Lambda stops a loop of {id} and a queue after about 16 rounds",
			"Allow", "Lambda lets a loop of {id} and a queue go on without end"),
		field: func(r *Resource) any { return &r.Function.RecursiveLoop }},
	{Name: ReservedConcurrentExecutions, Of: OfFunction, In: Any, Min: 0, Max: 100000, Special: none, Default: IntValue(-1), Steps: "-1 0 1 2 5 10 50 100 {account}",
		Rule:  rule.FnReserved,
		About: "how many of its invocations may run at the same time; the account keeps that many for it",
		says: says("-1", "{id} shares the account's concurrency of {account}", "0", "{id} never runs; every invocation is throttled",
			"*", "{n invocation} of {id} may run at a time, and the account keeps that many for it; more are throttled"),
		field: func(r *Resource) any { return &r.Function.Reserved }},
	{Name: Cold, Of: OfFunction, In: Any, Kind: Duration, Default: TimeValue(0), Steps: "0s 100ms 500ms 1s 5s", Own: true,
		Rule:  rule.FnRun,
		About: "what a new execution environment adds to an invocation",
		says:  says("*", "an invocation that needs a new execution environment takes {time} longer"),
		field: func(r *Resource) any { return &r.Function.Cold }},
	{Name: Timeout, Of: OfFunction, In: Any, Min: 1, Max: 900, Unit: Seconds, Default: IntValue(3), Steps: "1 3 5 10 30 60 300 900",
		Rule:  rule.FnTimeout,
		About: "how long an invocation may take",
		says:  says("*", "an invocation that takes longer than {time} is stopped and counts as failed"),
		field: func(r *Resource) any { return &r.Function.Timeout }},
	{Name: TakesTime, Of: OfFunction, In: Any, Kind: Duration, Default: TimeValue(100 * Millisecond), Steps: "10ms 100ms 200ms 500ms 1s 2s 5s 10s", Own: true,
		Rule:    rule.FnRun,
		About:   "how long an invocation takes",
		saysFor: sayTakes,
		field:   func(r *Resource) any { return &r.Function.Takes }},
}

var provisioned = says("0", "not set: the mapping is not in provisioned mode", "*", "{n poller} in provisioned mode, each with up to 10 batches at a time")
