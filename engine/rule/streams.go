package rule

// The ids the engine cites.
const (
	KinHash           ID = "KIN-HASH-1"
	KinShardNamed     ID = "KIN-SHARD-1"
	KinOnDemand       ID = "KIN-SHARD-2"
	KinWriteRecords   ID = "KIN-WRITE-1"
	KinWriteBurst     ID = "KIN-WRITE-2"
	KinWriteBytes     ID = "KIN-WRITE-3"
	KinSize           ID = "KIN-SIZE-1"
	KinRetention      ID = "KIN-RETENTION-1"
	KinDelete         ID = "KIN-DELETE-1"
	KinPoll           ID = "KIN-POLL-1"
	KinRead           ID = "KIN-READ-1"
	KinShare          ID = "KIN-SHARE-1"
	KinShareRetry     ID = "KIN-SHARE-2"
	KinShareBytes     ID = "KIN-SHARE-3"
	KinFanOut         ID = "KIN-FANOUT-1"
	KinFanOutAgain    ID = "KIN-FANOUT-2"
	KinFanOutOne      ID = "KIN-FANOUT-3"
	KinSplit          ID = "KIN-RESHARD-1"
	KinShardEnd       ID = "KIN-RESHARD-2"
	KinAuto           ID = "KIN-AUTO-1"
	KinAutoMode       ID = "KIN-AUTO-2"
	KinAutoLane       ID = "KIN-AUTO-3"
	KinWriteTank      ID = "KIN-WRITE-4"
	MapTooLarge       ID = "MAP-PAYLOAD-1"
	MapTooLargeLost   ID = "MAP-PAYLOAD-2"
	DstTooLarge       ID = "DST-QUEUE-4"
	KinReshardMode    ID = "KIN-RESHARD-3"
	KinMode           ID = "KIN-MODE-1"
	KinScale          ID = "KIN-SCALE-1"
	KinScaleLimit     ID = "KIN-SCALE-2"
	KinScaleMost      ID = "KIN-SCALE-3"
	DdbStream         ID = "DDB-STREAM-1"
	DdbNoop           ID = "DDB-STREAM-2"
	DdbDelete         ID = "DDB-STREAM-4"
	DdbRetention      ID = "DDB-RETENTION-1"
	DdbRoll           ID = "DDB-ROLL-1"
	DdbShards         ID = "DDB-ROLL-2"
	DdbTTL            ID = "DDB-STREAM-3"
	DdbPoll           ID = "DDB-POLL-1"
	DdbRead           ID = "DDB-READ-1"
	DdbReaders        ID = "DDB-READERS-1"
	DdbReadersRate    ID = "DDB-READERS-2"
	DdbReadersGlobal  ID = "DDB-READERS-3"
	MapStartTrim      ID = "MAP-START-1"
	MapStartLatest    ID = "MAP-START-2"
	MapStartTimestamp ID = "MAP-START-3"
	MapEnabled        ID = "MAP-STATE-1"
	MapDisabled       ID = "MAP-STATE-2"
	MapResume         ID = "MAP-STATE-3"
	MapResumeLost     ID = "MAP-STATE-4"
	MapRestart        ID = "MAP-STATE-5"
	MapUpdate         ID = "MAP-STATE-6"
	MapUpdateAgain    ID = "MAP-STATE-7"
	MapInUse          ID = "MAP-STATE-8"
	MapDelete         ID = "MAP-STATE-9"
	MapDenied         ID = "MAP-DENY-1"
	MapBatchSize      ID = "MAP-BATCH-1"
	MapBatchWindow    ID = "MAP-BATCH-2"
	MapBatchPayload   ID = "MAP-BATCH-3"
	MapBatchAvailable ID = "MAP-BATCH-4"
	MapWindowClock    ID = "MAP-WINDOW-1"
	MapInvoke         ID = "MAP-INVOKE-1"
	MapCheckpoint     ID = "MAP-CHECKPOINT-1"
	MapCheckpointHalf ID = "MAP-CHECKPOINT-2"
	MapBlock          ID = "MAP-ORDER-1"
	MapUnblock        ID = "MAP-ORDER-2"
	MapLaneKeys       ID = "MAP-LANE-1"
	MapLaneBlock      ID = "MAP-LANE-2"
	MapLaneAhead      ID = "MAP-LANE-3"
	MapLaneCheckpoint ID = "MAP-LANE-4"
	MapRetry          ID = "MAP-RETRY-1"
	MapRetryWait      ID = "MAP-RETRY-2"
	MapRetryWaitMax   ID = "MAP-RETRY-3"
	MapRetryLimit     ID = "MAP-RETRY-4"
	MapDiscard        ID = "MAP-DISCARD-1"
	MapThrottle       ID = "MAP-THROTTLE-1"
	MapThrottleWait   ID = "MAP-THROTTLE-2"
	MapThrottleSpread ID = "MAP-THROTTLE-3"
	MapThrottleTurn   ID = "MAP-THROTTLE-4"
	MapBisect         ID = "MAP-BISECT-1"
	MapBisectOdd      ID = "MAP-BISECT-2"
	MapBisectCount    ID = "MAP-BISECT-3"
	MapBisectOrder    ID = "MAP-BISECT-4"
	MapBisectOne      ID = "MAP-BISECT-5"
	MapAge            ID = "MAP-AGE-1"
	MapAgeTried       ID = "MAP-AGE-2"
	MapAgeBacklog     ID = "MAP-AGE-3"
	MapExpired        ID = "MAP-EXPIRE-1"
	MapPartial        ID = "MAP-PARTIAL-1"
	MapPartialSuffix  ID = "MAP-PARTIAL-2"
	MapPartialBisect  ID = "MAP-PARTIAL-3"
	MapPartialFirst   ID = "MAP-PARTIAL-4"
	MapPartialOff     ID = "MAP-PARTIAL-5"
	MapPartialNone    ID = "MAP-PARTIAL-6"
	MapPartialBad     ID = "MAP-PARTIAL-7"
	MapTumble         ID = "MAP-TUMBLE-1"
	MapTumbleFinal    ID = "MAP-TUMBLE-2"
	MapTumbleIdle     ID = "MAP-TUMBLE-3"
	MapTumbleEarly    ID = "MAP-TUMBLE-4"
	MapTumbleState    ID = "MAP-TUMBLE-5"
	MapTumbleDrop     ID = "MAP-TUMBLE-6"
	MapChangeSplit    ID = "MAP-CHANGE-1"
	MapChangeLimit    ID = "MAP-CHANGE-2"
	FnRun             ID = "FN-RUN-1"
	FnRunLeast        ID = "FN-RUN-2"
	FnError           ID = "FN-ERROR-1"
	FnCrash           ID = "FN-CRASH-1"
	FnTimeout         ID = "FN-TIMEOUT-1"
	FnReserved        ID = "FN-CONCURRENCY-1"
	FnAccount         ID = "FN-CONCURRENCY-2"
	FnUnreserved      ID = "FN-CONCURRENCY-3"
	FnRemoved         ID = "FN-REMOVE-1"
	DstQueue          ID = "DST-QUEUE-1"
	DstAge            ID = "DST-QUEUE-2"
	DstPartial        ID = "DST-QUEUE-3"
	DstTopic          ID = "DST-TOPIC-1"
	DstBucket         ID = "DST-BUCKET-1"
	DstFifo           ID = "DST-FAIL-1"
	DstDenied         ID = "DST-FAIL-2"
	DstGone           ID = "DST-FAIL-3"
	DstSize           ID = "DST-FAIL-4"
)

// streams are the rules of stream mappings, in the order of a reader: the
// stream, the mapping, the function, the destination.
var streams = []Rule{
	{ID: KinHash, Statement: "The MD5 of a record's partition key is a 128-bit number; the record goes to the shard whose hash range contains it. Records with the same key share a shard.",
		Row: "S-6.1", Source: putPage, Read: ReadOct, Confidence: Documented},
	{ID: KinShardNamed, Statement: "A put may give the hash value itself (ExplicitHashKey) instead of having the partition key hashed; the record goes to the shard of that hash range.",
		Row: "S-6.1", Source: putPage, Read: ReadOct, Confidence: Documented},
	{ID: KinOnDemand, Statement: "An on-demand stream begins with four shards: AWS promises a new one 4 MB or 4,000 records a second of writes, and manages the shards itself.",
		Row: "S-E50", Source: modePage, Read: ReadOct, Confidence: Chosen, Number: &Number{Default: "4", Unit: "shards", Min: 1, Max: 1000}},
	{ID: KinScale, Statement: "A shard of an on-demand stream that takes more than 500 KB a second is split within 15 minutes, its hash range in two halves. AWS does not say how that is measured: here by the minute, 500 records a second count as 500 KB do, and the split comes 15 minutes after a busy minute began. Shards are never merged.",
		Row: "S-6.1", Source: modePage, Read: ReadOct, Confidence: Chosen, Number: &Number{Default: "15m", Unit: "duration", Min: 60000000, Max: 3600000000}},
	{ID: KinScaleLimit, Statement: "An on-demand stream takes up to double the highest rate of writes of the last 30 days. Writes can be throttled where traffic grows to more than double that within 15 minutes, or where a single partition key has more than a shard's 1 MB or 1,000 records a second.",
		Row: "S-6.1", Source: modePage, Read: ReadOct, Confidence: Documented},
	{ID: KinScaleMost, Statement: "An on-demand stream grows to 10 GB a second of writes in us-east-1, us-west-2 and eu-west-1, and to 200 MB a second in other Regions.",
		Row: "S-6.1", Source: limitsPage, Read: ReadOct, Confidence: Documented},
	{ID: KinMode, Statement: "The capacity mode of a stream can be changed twice in 24 hours. At first the stream keeps as many shards as it had.",
		Row: "S-6.1", Source: modePage, Read: ReadOct, Confidence: Documented},
	{ID: KinWriteRecords, Statement: "A shard takes 1,000 records a second; anything more is refused with ProvisionedThroughputExceededException.",
		Row: "S-6.1", Source: putPage, Read: ReadOct, Confidence: Documented},
	{ID: KinWriteBurst, Statement: "A shard holds one second's worth of its write limit ready and refills it evenly; what does not fit is rejected and not sent again.",
		Row: "S-E51", Source: nowhere, Read: ReadOn, Confidence: Chosen, Number: &Number{Default: "1s", Unit: "duration", Min: 1000, Max: 60000000}},
	{ID: KinWriteBytes, Statement: "A shard takes 1 MB a second, partition keys included; anything more is refused with ProvisionedThroughputExceededException.",
		Row: "S-6.1", Source: limitsPage, Read: ReadOct, Confidence: Inferred},
	{ID: KinWriteTank, Statement: "A shard of a stream with a raised MaxRecordSizeInKiB takes a large record in a burst that refills at once: here up to 10 MiB, refilled at 1 MiB a second. That figure is of an earlier text of AWS's page, which no longer gives one.",
		Row: "S-6.1", Source: largePage, Read: ReadOct, Confidence: Chosen},
	{ID: KinSize, Statement: "A record holds at most the MaxRecordSizeInKiB of its stream, its partition key included: 1,024 KiB, or up to 10,240 where that is set.",
		Row: "S-6.1", Source: largePage, Read: ReadOct, Confidence: Inferred},
	{ID: KinAuto, Statement: "With RecordDistributionStrategy AUTO the service spreads records evenly over the shards, whatever their partition and hash keys, and their order cannot be relied on. Here the open shards take turns, and the partitionKey of the event is null; AWS says that it may be.",
		Row: "S-6.1", Source: autoPage, Read: ReadOct, Confidence: Chosen},
	{ID: KinAutoMode, Statement: "RecordDistributionStrategy AUTO is for on-demand streams only; on a provisioned stream it is refused with InvalidArgumentException.",
		Row: "S-6.1", Source: autoAPIPage, Read: ReadOct, Confidence: Documented},
	{ID: KinAutoLane, Statement: "A record without a partition key is bound to no lane of its shard: it goes to the one that has the fewest records in hand, so lanes that are free take turns.",
		Row: "S-E23", Source: nowhere, Read: ReadOct, Confidence: Chosen},
	{ID: KinRetention, Statement: "A record leaves its stream when RetentionPeriodHours have passed, read or not; reading does not remove it.",
		Row: "S-6.1", Source: reshardedPage, Read: ReadOct, Confidence: Inferred},
	{ID: KinDelete, Statement: "A deleted stream is gone with everything in it, and puts to it are refused; a mapping that reads it stays Enabled.",
		Row: "S-2.1", Source: recordedTable, Read: ReadOn, Confidence: Inferred},
	{ID: KinPoll, Statement: "A shard is polled once a second; while a batch is in hand, the next poll comes after it, and after a full read as soon as its records are used up.",
		Row: "S-E49", Source: kinesisPage, Read: ReadOct, Confidence: Inferred},
	{ID: KinRead, Statement: "One read brings at most 10,000 records or 10 MB. After 10 MB the shard refuses reads for 5 seconds.",
		Row: "S-E49", Source: limitsPage, Read: ReadOct, Confidence: Documented},
	{ID: KinShareBytes, Statement: "A shard gives its standard readers 2 MB a second together; after an answer that uses this up reads are refused until it is paid for, even with a single reader.",
		Row: "S-6.1", Source: limitsPage, Read: ReadOct, Confidence: Inferred},
	{ID: KinShare, Statement: "A shard supports 5 reads with GetRecords and 2 MB a second in all, whoever reads; a read beyond that is refused with ProvisionedThroughputExceededException.",
		Row: "S-6.1", Source: limitsPage, Read: ReadOct, Confidence: Inferred},
	{ID: KinShareRetry, Statement: "A shard that is used up refuses reads within the next second: a refused read is tried again after a second, a table's after its poll interval, and up to half of that later by the seed. Polls of a shard with too many readers are spread likewise, so that none of them always loses.",
		Row: "S-6.1", Source: limitsPage, Read: ReadOn, Confidence: Chosen, Number: &Number{Default: "1s", Unit: "duration", Min: 1000, Max: 60000000}},
	{ID: KinFanOut, Statement: "An enhanced fan-out consumer has a connection and a throughput of its own to each shard. Records are pushed to it, and it does not impact the other readers.",
		Row: "S-2", Source: kinesisPage, Read: ReadOct, Confidence: Documented},
	{ID: KinFanOutAgain, Statement: "A batch that is tried again is read again with GetRecords, by a mapping of an enhanced fan-out consumer too. Without kinesis:GetRecords or kinesis:GetShardIterator on the stream it waits, and uses no retry attempt, while new records still arrive.",
		Row: "S-7", Source: createPage, Read: ReadOct, Confidence: Inferred},
	{ID: KinFanOutOne, Statement: "A consumer has one subscription to a shard. A second mapping of the same consumer is refused for 5 seconds and then takes it over, and so on in turn: each is sent nothing while the other has it, and goes on from its own checkpoint.",
		Row: "S-2", Source: subscribePage, Read: ReadOct, Confidence: Inferred},
	{ID: KinSplit, Statement: "Resharding closes the parent shards: new records go to their child shards, by hash key, and what a closed shard holds stays in it.",
		Row: "S-6.1", Source: reshardedPage, Read: ReadOct, Confidence: Documented},
	{ID: KinShardEnd, Statement: "The children of a closed shard are read, from their beginning, once their parents are drained: a blocked parent blocks its children. What has been gathered from a closed shard waits for nothing more.",
		Row: "S-E29", Source: nowhere, Read: ReadOn, Confidence: Inferred},
	{ID: KinReshardMode, Statement: "SplitShard, MergeShards and UpdateShardCount work on provisioned streams only.",
		Row: "S-6.1", Source: limitsPage, Read: ReadOct, Confidence: Documented},
	{ID: DdbStream, Statement: "Each change of an item appears in the table's stream once, and the changes of one item are in order.",
		Row: "S-6.2", Source: streamsPage, Read: ReadOct, Confidence: Documented},
	{ID: DdbNoop, Statement: "A write that changes nothing leaves no record in the stream.",
		Row: "S-6.2", Source: streamsPage, Read: ReadOct, Confidence: Documented},
	{ID: DdbTTL, Statement: "An item that TTL deletes appears as a REMOVE with the identity of the service: userIdentity dynamodb.amazonaws.com.",
		Row: "S-6.2", Source: streamRecordPage, Read: ReadOct, Confidence: Documented},
	{ID: DdbDelete, Statement: "When a table is deleted, its stream's shards close; what they hold stays readable until its retention ends, and the mapping stays Enabled.",
		Row: "S-6.2", Source: recordedTable, Read: ReadOn, Confidence: Observed},
	{ID: DdbRetention, Statement: "A record leaves a table's stream after 24 hours.",
		Row: "S-6.2", Source: streamsPage, Read: ReadOct, Confidence: Documented},
	{ID: DdbRoll, Statement: "A shard of a table's stream may be closed and followed by a child with the same keys, reportedly about every four hours. esmlab does that only where a time is set.",
		Row: "S-6.2", Source: nowhere, Read: ReadOn, Confidence: Chosen, Number: &Number{Default: "0s", Unit: "duration", Min: 0, Max: 86400000000}},
	{ID: DdbShards, Statement: "Each partition of a table has one open shard in the table's stream, made and closed by DynamoDB. Nobody else can split or merge the shards of a table's stream.",
		Row: "S-6.2", Source: streamsPage, Read: ReadOct, Confidence: Inferred},
	{ID: DdbPoll, Statement: "A shard of a table's stream is polled four times a second.",
		Row: "S-2", Source: tablePage, Read: ReadOct, Confidence: Documented},
	{ID: DdbRead, Statement: "One read of a table's stream brings at most 1,000 records or 1 MB.",
		Row: "S-6.2", Source: tableGetPage, Read: ReadOct, Confidence: Documented},
	{ID: DdbReaders, Statement: "Two readers can read a shard of a table's stream at the same time; with more, reads can be refused.",
		Row: "S-6.2", Source: streamsPage, Read: ReadOct, Confidence: Documented},
	{ID: DdbReadersRate, Statement: "A shard of a table's stream answers 8 reads a second: what two readers ask for.",
		Row: "S-6.2", Source: nowhere, Read: ReadOn, Confidence: Chosen, Number: &Number{Default: "8", Unit: "reads a second", Min: 4, Max: 1000}},
	{ID: DdbReadersGlobal, Statement: "Of a global table AWS advises one reader for each shard, because replication reads the stream too; with more, reads may be throttled. Here a global table with several replicas answers half as many reads as another table.",
		Row: "S-6.2", Source: streamsPage, Read: ReadOct, Confidence: Inferred},
	{ID: MapStartTrim, Statement: "TRIM_HORIZON: the mapping begins at the oldest record that the stream still holds.",
		Row: "S-1.1", Source: paramsPage, Read: ReadOct, Confidence: Inferred},
	{ID: MapStartLatest, Statement: "LATEST is resolved when the mapping turns Enabled, not when the mapping is requested; records put before that are missed.",
		Row: "S-E31", Source: createPage, Read: ReadOct, Confidence: Inferred},
	{ID: MapStartTimestamp, Statement: "AT_TIMESTAMP: the mapping begins at the first record that arrived at StartingPositionTimestamp or later (Kinesis only).",
		Row: "S-1.1", Source: paramsPage, Read: ReadOct, Confidence: Inferred},
	{ID: MapEnabled, Statement: "A new mapping is Creating until it turns Enabled; polling starts at that instant.",
		Row: "S-2.1", Source: createPage, Read: ReadOct, Confidence: Inferred},
	{ID: MapDisabled, Statement: "A disabled mapping stops polling; an invocation under way finishes, and what waits for a retry is let go.",
		Row: "S-E34", Source: createPage, Read: ReadOn, Confidence: Chosen},
	{ID: MapResume, Statement: "An enabled mapping resumes after the last record it finished; what was in a batch is delivered again, and its count starts anew.",
		Row: "S-2", Source: createPage, Read: ReadOct, Confidence: Inferred},
	{ID: MapResumeLost, Statement: "A mapping that was off for longer than the retention resumes at the oldest record there is; the gap is lost silently.",
		Row: "S-E33", Source: createPage, Read: ReadOn, Confidence: Inferred},
	{ID: MapRestart, Statement: "A restarted poller begins at its durable checkpoint: what was handed to the function after that is handed over again.",
		Row: "S-E8", Source: esmPage, Read: ReadOn, Confidence: Inferred},
	{ID: MapUpdate, Statement: "An update is applied after a while (Updating): until then the old values hold. An invocation under way finishes, and its batch goes on.",
		Row: "S-1.2", Source: failurePage, Read: ReadOct, Confidence: Inferred},
	{ID: MapUpdateAgain, Statement: "An applied update may deliver a batch again whose invocation was under way: pollers stop and start, and delivery is at least once. esmlab does that only where this is set to 1.",
		Row: "S-E34", Source: nowhere, Read: ReadOn, Confidence: Chosen, Number: &Number{Default: "0", Unit: "1 for yes", Min: 0, Max: 1}},
	{ID: MapInUse, Statement: "A mapping whose state is changing cannot be changed or deleted: ResourceInUseException.",
		Row: "S-1.4", Source: updatePage, Read: ReadOct, Confidence: Inferred},
	{ID: MapDelete, Statement: "A deleted mapping is Deleting, reads nothing more, and is gone after a while; the stream keeps its records. A new mapping begins at its own starting position.",
		Row: "S-2.1", Source: recordedPage, Read: ReadOn, Confidence: Observed},
	{ID: MapDenied, Statement: "A mapping whose role may no longer read its stream reads nothing: polling stops silently, the mapping stays Enabled, and it resumes where it was when the permission returns.",
		Row: "S-7", Source: createPage, Read: ReadOn, Confidence: Inferred},
	{ID: MapBatchSize, Statement: "A batch is closed when it holds BatchSize records. It holds records of one shard, in order.",
		Row: "S-2", Source: kinesisPage, Read: ReadOct, Confidence: Documented},
	{ID: MapBatchWindow, Statement: "A batch is closed when MaximumBatchingWindowInSeconds have passed, with what was gathered.",
		Row: "S-2", Source: esmPage, Read: ReadOct, Confidence: Documented},
	{ID: MapBatchPayload, Statement: "A batch is closed before the record that would take its event over 6 MB; data counts as base64, four bytes for every three.",
		Row: "S-E27", Source: largePage, Read: ReadOct, Confidence: Inferred},
	{ID: MapTooLarge, Statement: "The event of an invocation stays within 6 MiB, base64 and metadata included: a lone record fits with up to about 4.5 MiB of data. One that cannot fit is not handed to the function; the mapping's on-failure destination is told where it lies, and the data stays in the stream until it expires.",
		Row: "S-E28", Source: largePage, Read: ReadOct, Confidence: Inferred},
	{ID: MapTooLargeLost, Statement: "Without a destination a record that cannot fit into an event is skipped: the checkpoint goes past it, and DroppedEventCount counts it. AWS does not say.",
		Row: "S-E28", Source: nowhere, Read: ReadOct, Confidence: Chosen},
	{ID: MapBatchAvailable, Statement: "Without a window the function is invoked as soon as there is any record, even a single one.",
		Row: "S-2", Source: kinesisPage, Read: ReadOct, Confidence: Documented},
	{ID: MapWindowClock, Statement: "A window begins when the previous invocation has ended. AWS does not say when the first begins, and what follows one without records: here the first begins with polling, and an empty one begins again.",
		Row: "S-E37", Source: esmPage, Read: ReadOct, Confidence: Chosen},
	{ID: MapInvoke, Statement: "The mapping invokes the function and waits for the result before it goes on with the shard.",
		Row: "S-2", Source: tablePage, Read: ReadOct, Confidence: Documented},
	{ID: MapCheckpoint, Statement: "When a batch is a complete success, the checkpoint of its shard moves past its last record.",
		Row: "S-2", Source: partialPage, Read: ReadOct, Confidence: Documented},
	{ID: MapCheckpointHalf, Statement: "A finished half of a split batch moves the checkpoint: a restart then delivers only the rest again.",
		Row: "S-E8", Source: createPage, Read: ReadOn, Confidence: Inferred},
	{ID: MapBlock, Statement: "To keep the order of its records, a shard waits until the error of its batch is resolved.",
		Row: "S-3", Source: esmPage, Read: ReadOct, Confidence: Documented},
	{ID: MapUnblock, Statement: "The shard goes on as soon as its failed batch is done or discarded.",
		Row: "S-3", Source: failurePage, Read: ReadOct, Confidence: Inferred},
	{ID: MapLaneKeys, Statement: "With ParallelizationFactor N up to N batches of a shard run at once, each up to BatchSize, and a partition key keeps its order. AWS does not say which keys share a batch; its blog says that up to N keys are read at a time. Here a key stays in the lane that has records of it in hand, and any other goes to the lane with the fewest, or to one that has nothing.",
		Row: "S-E23", Source: consumerBlog, Read: ReadOct, Confidence: Chosen},
	{ID: MapLaneBlock, Statement: "When one lane's batch fails, only the keys in that batch wait: the other keys of the shard go on.",
		Row: "S-E24", Source: kinesisPage, Read: ReadOn, Confidence: Inferred},
	{ID: MapLaneAhead, Statement: "While a lane is blocked, the others go at most ten times BatchSize beyond the oldest unfinished record; then the whole shard waits.",
		Row: "S-E24", Source: nowhere, Read: ReadOn, Confidence: Chosen, Number: &Number{Default: "10", Unit: "batches", Min: 1, Max: 10000}},
	{ID: MapLaneCheckpoint, Statement: "The durable checkpoint of a shard with lanes lies just before its oldest unfinished record: a restart delivers again what faster lanes have already done.",
		Row: "S-E24", Source: esmPage, Read: ReadOn, Confidence: Inferred},
	{ID: MapRetry, Statement: "A batch that fails is retried as a whole, without limit unless one is set, until its records expire.",
		Row: "S-E15", Source: esmPage, Read: ReadOct, Confidence: Documented},
	{ID: MapRetryWait, Statement: "Before the first retry the mapping waits half a second, and twice as long before each further one; the batch is not topped up with newer records.",
		Row: "S-E22", Source: nowhere, Read: ReadOn, Confidence: Chosen, Number: &Number{Default: "500ms", Unit: "duration", Min: 1000, Max: 3600000000}},
	{ID: MapRetryWaitMax, Statement: "No wait between two tries is longer than a minute.",
		Row: "S-E22", Source: nowhere, Read: ReadOn, Confidence: Chosen, Number: &Number{Default: "60s", Unit: "duration", Min: 1000, Max: 86400000000}},
	{ID: MapRetryLimit, Statement: "MaximumRetryAttempts N means N retries: N + 1 invocations. With 0 a batch is tried once.",
		Row: "S-E1", Source: recordedPage, Read: ReadOn, Confidence: Observed},
	{ID: MapDiscard, Statement: "When the retries are used up, the whole batch is discarded, good records included, and processing goes on with the next records.",
		Row: "S-E11", Source: failurePage, Read: ReadOct, Confidence: Inferred},
	{ID: MapThrottle, Statement: "A throttled try never reached the function: it uses no retry attempt and splits nothing. Only age and retention end it.",
		Row: "S-E2", Source: failurePage, Read: ReadOct, Confidence: Inferred},
	{ID: MapThrottleWait, Statement: "Throttled tries are spaced like retries, with a count of their own.",
		Row: "S-E22", Source: nowhere, Read: ReadOn, Confidence: Chosen},
	{ID: MapThrottleSpread, Statement: "Where several throttled batches wait, the seed makes each further wait up to a tenth shorter or longer, so that shards do not stay in step.",
		Row: "S-E22", Source: nowhere, Read: ReadOn, Confidence: Chosen, Number: &Number{Default: "10", Unit: "percent", Min: 0, Max: 100}},
	{ID: MapThrottleTurn, Statement: "A free slot is not kept by the shard that had it: where more batches want to run than there are slots, they draw for it by the seed, and the wait of a throttled batch that wins is over. So no shard starves.",
		Row: "S-E22", Source: nowhere, Read: ReadOn, Confidence: Chosen},
	{ID: MapBisect, Statement: "With BisectBatchOnFunctionError a batch that fails is split in two; the split uses no retry attempt.",
		Row: "S-E3", Source: failurePage, Read: ReadOct, Confidence: Documented},
	{ID: MapBisectOdd, Statement: "An odd batch is split with the smaller half first.",
		Row: "S-E9", Source: nowhere, Read: ReadOn, Confidence: Chosen},
	{ID: MapBisectCount, Statement: "A batch is split at once, before any retry. Each half starts at once, with a retry count of its own that begins at 0.",
		Row: "S-E4", Source: recordedPage, Read: ReadOn, Confidence: Inferred},
	{ID: MapBisectOrder, Statement: "The half with the lower sequence numbers goes first; the second waits until the first is fully done or discarded.",
		Row: "S-E7", Source: kinesisPage, Read: ReadOn, Confidence: Inferred},
	{ID: MapBisectOne, Statement: "A batch of one record cannot be split: it is retried as it is, the retries count, and then it is discarded alone.",
		Row: "S-E5", Source: pipesPage, Read: ReadOn, Confidence: Inferred},
	{ID: MapAge, Statement: "Before each try, including the first, records as old as MaximumRecordAgeInSeconds or older are cut from the front and discarded together; the rest is delivered.",
		Row: "S-E17", Source: recordedPage, Read: ReadOn, Confidence: Observed},
	{ID: MapAgeTried, Statement: "A batch discarded for its age after n invocations reports n + 1 of them.",
		Row: "S-E19", Source: recordedPage, Read: ReadOn, Confidence: Observed},
	{ID: MapAgeBacklog, Statement: "With TRIM_HORIZON and an age limit the old backlog is discarded at once, with one failure record for each batch of old records only.",
		Row: "S-E32", Source: recordedPage, Read: ReadOn, Confidence: Observed},
	{ID: MapExpired, Statement: "Records whose retention ends while their shard is blocked vanish from the front of the batch: no failure record, no DroppedEventCount. The iterator jumps to the oldest record left.",
		Row: "S-E16", Source: metricsPage, Read: ReadOn, Confidence: Inferred},
	{ID: MapPartial, Statement: "With ReportBatchItemFailures the checkpoint moves to the lowest reported record; that record and everything after it are sent again, as a batch with a new count.",
		Row: "S-E13", Source: partialPage, Read: ReadOn, Confidence: Observed},
	{ID: MapPartialSuffix, Statement: "When the retries of such a remainder are used up, all of it is discarded, including the good records after the reported one.",
		Row: "S-E12", Source: partialPage, Read: ReadOn, Confidence: Inferred},
	{ID: MapPartialBisect, Statement: "If the first record of the batch is the one reported and bisect is on, the batch is split as after an error.",
		Row: "S-E14", Source: nowhere, Read: ReadOn, Confidence: Chosen},
	{ID: MapPartialFirst, Statement: "If the first record of the batch is the one reported, nothing has moved: it counts as a used attempt.",
		Row: "S-E13", Source: recordedPage, Read: ReadOn, Confidence: Inferred},
	{ID: MapPartialOff, Statement: "Without ReportBatchItemFailures on the mapping Lambda does not process a partial batch response, whatever it names.",
		Row: "S-3.1", Source: partialPage, Read: ReadOct, Confidence: Documented},
	{ID: MapPartialNone, Statement: "null, an empty answer, an empty batchItemFailures, or an answer without that key: the whole batch is done.",
		Row: "S-3.1", Source: partialPage, Read: ReadOct, Confidence: Inferred},
	{ID: MapPartialBad, Statement: "An identifier that is empty, unknown or not text, or an answer that is not such an object, fails the whole batch.",
		Row: "S-3.1", Source: recordedPage, Read: ReadOn, Confidence: Observed},
	{ID: MapTumble, Statement: "A tumbling window holds the records that arrived in it; windows lie at whole multiples of TumblingWindowInSeconds. A batch ends where its window ends.",
		Row: "S-E38", Source: windowPage, Read: ReadOn, Confidence: Inferred},
	{ID: MapTumbleFinal, Statement: "When a record of a later window appears, or the shard ends, the open window gets its final call: its state, no records, and isFinalInvokeForWindow true.",
		Row: "S-E39", Source: windowPage, Read: ReadOct, Confidence: Inferred},
	{ID: MapTumbleIdle, Statement: "When no new records come, Lambda waits up to two minutes before it takes a window to be over.",
		Row: "S-E39", Source: windowPage, Read: ReadOct, Confidence: Documented},
	{ID: MapTumbleEarly, Statement: "A window whose state is larger than 1 MB is ended early.",
		Row: "S-E39", Source: windowPage, Read: ReadOct, Confidence: Documented},
	{ID: MapTumbleState, Statement: "In a tumbling window an answer without state is a failed invocation.",
		Row: "S-E40", Source: windowPage, Read: ReadOct, Confidence: Documented},
	{ID: MapTumbleDrop, Statement: "A final call that fails is retried like any batch; when it is given up, the state of the window is dropped.",
		Row: "S-E41", Source: windowPage, Read: ReadOct, Confidence: Inferred},
	{ID: MapChangeSplit, Statement: "A changed setting takes effect when the batch under way next fails. Bisect comes first: a batch of more than one record is split, however many tries it has had.",
		Row: "S-E52", Source: nowhere, Read: ReadOn, Confidence: Chosen},
	{ID: MapChangeLimit, Statement: "A limit lowered below the tries already made gives up at the next failure, not at once.",
		Row: "S-E52", Source: nowhere, Read: ReadOn, Confidence: Chosen},
	{ID: FnRun, Statement: "An invocation runs as long as the function takes; its records are then done, failed, or reported.",
		Row: "S-4", Source: metricsPage, Read: ReadOct, Confidence: Inferred},
	{ID: FnRunLeast, Statement: "An invocation takes a millisecond at least, whatever a scenario says: Lambda measures and bills whole milliseconds, and sending, receiving and invoking take time. So a function that takes no time and feeds its own queue goes round a thousand times a second.",
		Row: "Q15.55", Source: nowhere, Read: ReadOct, Confidence: Chosen},
	{ID: FnError, Statement: "An exception in the handler fails the whole invocation, even with partial responses on.",
		Row: "S-3.1", Source: recordedPage, Read: ReadOn, Confidence: Observed},
	{ID: FnCrash, Statement: "A crash of the runtime (out of memory, exit) is a function error like an exception; its execution environment is lost.",
		Row: "S-3", Source: metricsPage, Read: ReadOct, Confidence: Inferred},
	{ID: FnTimeout, Statement: "An invocation that reaches the function's Timeout is ended there and counts as a function error; bisect applies to it.",
		Row: "S-E36", Source: metricsPage, Read: ReadOct, Confidence: Inferred},
	{ID: FnReserved, Statement: "A function has at most ReservedConcurrentExecutions invocations at a time; with 0 every invocation is throttled.",
		Row: "S-E35", Source: scalingPage, Read: ReadOct, Confidence: Inferred},
	{ID: FnUnreserved, Statement: "Reserved concurrency must leave 100 of the account's unreserved. An account that has no more than 100, as new ones do, must leave all of it: nothing can be reserved there, except 0.",
		Row: "Q-C4", Source: "https://github.com/aws-samples/s3-to-lambda-patterns/issues/36", Read: ReadOct, Confidence: Observed},
	{ID: FnAccount, Statement: "Functions without reserved concurrency share what the account has left; when that is used up, invocations are throttled.",
		Row: "S-3", Source: scalingPage, Read: ReadOct, Confidence: Documented},
	{ID: FnRemoved, Statement: "A mapping whose function is deleted stays Enabled; its tries reach no function, use no attempt, and go on until the records expire or are too old.",
		Row: "S-2.1", Source: recordedPage, Read: ReadOn, Confidence: Observed},
	{ID: DstQueue, Statement: "What the OnFailure queue gets about a discarded batch says where its records are, not what they hold.",
		Row: "S-E10", Source: failurePage, Read: ReadOct, Confidence: Documented},
	{ID: DstAge, Statement: "The failure record of records that were too old has no responseContext, and its condition is RecordAgeExceeded.",
		Row: "S-E20", Source: recordedPage, Read: ReadOn, Confidence: Observed},
	{ID: DstTooLarge, Statement: "The failure record of a record that cannot fit into an event has no responseContext, its condition is PayloadSizeExceeded, and its approximateInvokeCount 0. AWS does not give them.",
		Row: "S-E28", Source: nowhere, Read: ReadOct, Confidence: Chosen},
	{ID: DstPartial, Statement: "Where the failure was reported with batchItemFailures, functionError is null.",
		Row: "S-E21", Source: recordedPage, Read: ReadOn, Confidence: Observed},
	{ID: DstTopic, Statement: "What the OnFailure topic gets about a discarded batch says where its records are, not what they hold.",
		Row: "S-3.2", Source: failurePage, Read: ReadOct, Confidence: Documented},
	{ID: DstBucket, Statement: "A discarded batch leaves one object in the OnFailure bucket: where the records are and, as payload, the event that holds them. Its key names the mapping, the shard and the time.",
		Row: "S-3.2", Source: failurePage, Read: ReadOct, Confidence: Documented},
	{ID: DstFifo, Statement: "A FIFO queue or topic cannot be an OnFailure destination: the delivery fails, the records count as dropped, and nothing else happens.",
		Row: "S-E47", Source: metricsPage, Read: ReadOct, Confidence: Inferred},
	{ID: DstDenied, Statement: "Without sqs:SendMessage (sns:Publish; s3:PutObject and s3:ListBucket) in the function's execution role the failure record is not delivered: the records count as dropped, and nothing else happens.",
		Row: "S-3.2", Source: failurePage, Read: ReadOct, Confidence: Inferred},
	{ID: DstSize, Statement: "What is larger than its destination takes is not delivered, and nothing else happens: MaximumMessageSize of a queue, at most 1 MiB; 262,144 bytes of a topic, unless its MaximumMessageSize is raised to at most 1 MiB. A bucket takes everything.",
		Row: "N-B7", Source: "https://docs.aws.amazon.com/sns/latest/dg/large-message-payloads.html", Read: ReadOct, Confidence: Inferred},
	{ID: DstGone, Statement: "A failure record whose destination was deleted is not delivered: the records count as dropped, and nothing else happens.",
		Row: "S-E47", Source: metricsPage, Read: ReadOn, Confidence: Inferred},
}
