package rule

// NewRows are the rows about what AWS has changed or added since the others were
// read, as its pages stood in October 2026 (docs/reference/new.md).
var NewRows = []Row{
	modelled("N-A4", "A loop of a function and its queue is stopped after about 16 rounds, unless RecursiveLoop is Allow. Each event that is stopped also goes to the function's own DLQ or on-failure destination, where it has one, and counts in RecursiveInvocationsDropped.", FnRecursive, FnForward, FnForwardRecord),
	tested("N-B1", "A function with CapacityProviderConfig runs on Managed Instances. Its Timeout may be up to 5,400 seconds, that of any other function at most 900; a mapping must name a published version or an alias.", "TestLoad"),
	modelled("N-B2", "On Managed Instances several invocations share an execution environment: PerExecutionEnvironmentMaxConcurrency, by default 64 for each vCPU with Node.js, 32 with Java and .NET, 16 with Python. FunctionScalingConfig sets 0 to 15,000 environments; at least 3 by default, and 0 turns the version off. They scale in the background: no cold starts, but throttles when load more than doubles within five minutes.", FnManaged),
	modelled("N-B3", "Managed Instances take 5 MB a second from SQS, 25 from Kinesis, 10 from DynamoDB Streams and 1 from Kafka; the quotas of Kinesis and DynamoDB can be raised.", FnManagedBytes),
	modelled("N-B4", "Behind a mapping Lambda waits for the whole execution of a durable function: at most 15 minutes, 90 on Managed Instances. A mapping of one whose ExecutionTimeout is longer is refused, and so is one that names no version or alias. Partial responses and bisect work; the function's own destinations do not.", FnDurable),
	refused("N-B5", "A function with tenant isolation (TenancyConfig) must be invoked with a tenant id, which a mapping has not: of event sources only API Gateway serves it.", "InvalidParameterValueException", "TestLoad"),
	refused("N-B6", "DynamoDB Streams have no iterator type AT_TIMESTAMP: a mapping of a table's stream with it is refused.", "InvalidParameterValueException", "TestLoad"),
	modelled("N-B7", "An asynchronous event holds at most 1 MB. An SNS topic takes messages of up to 262,144 bytes, unless its MaximumMessageSize is raised to at most 1 MiB; a queue takes up to 1 MiB. An on-failure record that is larger is lost.", DstSize),
	explained("N-B8", "AWS calls what was a Lambda function an Event Function now, beside Web Functions and MicroVMs. The API, CloudFormation and ARNs are as before."),
	modelled("N-B9", "The batch processor of Powertools runs every record and returns the ids of those that failed; where all have failed it raises, unless raise_on_entire_batch_failure or throwOnFullBatchFailure says otherwise. In a queue the outcome is the same; in a stream the whole batch is then retried.", FnPowertools),
	explained("N-B10", "The FIFO processor of Powertools stops at the first failure and reports it and all later records, of every group; with skip_group_on_error only the rest of the failed group."),
	explained("N-B11", "In a stream the plain processor goes on after a failure, but Lambda begins again at the lowest sequence number that was reported: what succeeded after it is done again."),
	modelled("N-D7", "A handler may change a message's visibility timeout: it counts from the call, for this receive only; 0 makes the message visible at once; at most 12 hours in all from the first receive. After the timeout the call has no effect, and on a FIFO queue or for a deleted message it is refused. On a FIFO queue a message that stays hidden holds up its group.", SqsVisibilityChanged, SqsVisibilityZero, SqsVisibilityMost, SqsVisibilityLate),
	modelled("N-D8", "What a handler deletes itself and then fails stays deleted; the rest comes back when its timeout ends.", SqsDeleteOwn),
	modelled("N-D1", "PurgeQueue takes up to 60 seconds: messages sent before may still be received meanwhile, those sent after the call may be deleted too. A second call within 60 seconds is refused. A FIFO queue forgets its deduplication ids.", SqsPurge, SqsPurgeTakes, SqsPurgeAgain),
	tested("N-G1", "Lambda bills each request, and GB-seconds: memory times the time that an invocation ran, in steps of a millisecond. What failed, timed out or was repeated is billed; what was throttled or filtered out is not. arm64 costs a fifth less.", "TestBill"),
	tested("N-G2", "In provisioned mode each poller of a mapping is billed for the time it exists.", "TestBill"),
	tested("N-G3", "SQS bills requests, each 64 KB of payload as one. Polls that find nothing are billed: 5 pollers of an idle queue make 15 a minute. Moves to a DLQ are free.", "TestBill"),
	tested("N-G4", "A provisioned Kinesis stream is billed by the shard-hour and by units of 25 KB put; GetRecords is free. An on-demand stream is billed by the hour and by GB put and read, each record rounded up to a KB.", "TestBill"),
	tested("N-G5", "A consumer of enhanced fan-out is billed by the shard-hour and by GB read.", "TestBill"),
	tested("N-G6", "A retention of more than 24 hours is billed by the shard-hour.", "TestBill"),
	tested("N-G7", "A mapping's reads of a table's stream are free.", "TestBill"),
}
