package rule

// The ids of what handlers, producers and others do who work with AWS's services,
// and of the services' answers.
const (
	SqsVisibilityChanged ID = "SQS-CHANGE-1"
	SqsVisibilityZero    ID = "SQS-CHANGE-2"
	SqsVisibilityMost    ID = "SQS-CHANGE-3"
	SqsVisibilityLate    ID = "SQS-CHANGE-4"
	PutFails             ID = "PUT-FAIL-1"
	PutAgain             ID = "PUT-RETRY-1"
	PutTwice             ID = "PUT-RETRY-2"
	KinAggregate         ID = "KIN-AGGREGATE-1"
	SqsTaken             ID = "SQS-RECEIVE-3"
	SqsDeleteOwn         ID = "SQS-DELETE-5"
	FnSend               ID = "FN-ACT-1"
	FnCall               ID = "FN-ACT-2"
	FnCallFails          ID = "FN-ACT-3"
	FnBreaker            ID = "FN-ACT-4"
	FnActDenied          ID = "FN-ACT-5"
	FnOnce               ID = "FN-ONCE-1"
	FnPowertools         ID = "FN-POWERTOOLS-1"
)

const (
	changePage     = "https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_ChangeMessageVisibility.html"
	powertoolsPage = "https://docs.aws.amazon.com/powertools/python/latest/utilities/batch/"
	oncePage       = "https://docs.aws.amazon.com/powertools/python/latest/utilities/idempotency/"
)

// acts are the rules of what is done with AWS's services from outside.
var acts = []Rule{
	{ID: SqsVisibilityChanged, Statement: "A visibility timeout that ChangeMessageVisibility sets begins to count when the call is made.",
		Row: "N-D7", Source: changePage, Read: ReadOct, Confidence: Documented},
	{ID: SqsVisibilityZero, Statement: "A visibility timeout that is changed to 0 makes the message visible at once. On a FIFO queue its group stays locked while another of its messages is in flight.",
		Row: "N-D7", Source: visibilityPage, Read: ReadOct, Confidence: Inferred},
	{ID: SqsVisibilityMost, Statement: "From its first receive on a message can be hidden for 12 hours in all; a change beyond that is refused.",
		Row: "N-D7", Source: visibilityPage, Read: ReadOct, Confidence: Inferred},
	{ID: SqsVisibilityLate, Statement: "When the visibility timeout is over or the message is gone, changing it has no effect: on a standard queue the call succeeds all the same, on a FIFO queue and for a deleted message it is refused. Here handlers go on after a refusal.",
		Row: "N-D7", Source: "https://github.com/localstack/localstack/blob/main/tests/aws/services/sqs/test_sqs.snapshot.json", Read: ReadOct, Confidence: Observed},
	{ID: SqsDeleteOwn, Statement: "What a handler deletes itself is gone, whatever becomes of the invocation; the rest of a failed batch comes back after its visibility timeout.",
		Row: "N-D8", Source: sqsErrorPage, Read: ReadOct, Confidence: Inferred},
	{ID: PutFails, Statement: "PutRecords and SendMessageBatch answer for each record: some may be refused while others of the call are taken.",
		Row: "N-E12", Source: "https://docs.aws.amazon.com/kinesis/latest/APIReference/API_PutRecords.html", Read: ReadOct, Confidence: Inferred},
	{ID: PutAgain, Statement: "What a producer puts again after a refusal comes behind what was put meanwhile.",
		Row: "N-E12", Source: "https://docs.aws.amazon.com/kinesis/latest/APIReference/API_PutRecords.html", Read: ReadOct, Confidence: Inferred},
	{ID: PutTwice, Statement: "A producer that gets no answer and puts again writes a record twice, with two sequence numbers. A FIFO queue accepts the second and does not deliver it, if it has the same deduplication id.",
		Row: "N-E13", Source: "https://docs.aws.amazon.com/streams/latest/dev/kinesis-record-processor-duplicates.html", Read: ReadOct, Confidence: Inferred},
	{ID: KinAggregate, Statement: "The Kinesis Producer Library puts many user records into one record of the stream. BatchSize, filters and batchItemFailures see that one record, and a filter on JSON data drops it; the function takes it apart.",
		Row: "N-E14", Source: "https://docs.aws.amazon.com/streams/latest/dev/kinesis-kpl-concepts.html", Read: ReadOct, Confidence: Inferred},
	{ID: SqsTaken, Statement: "Whoever receives a message hides it and raises its receive count: another consumer, or a person who polls in the console. It can push a message into the DLQ.",
		Row: "N-D10", Source: "https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/troubleshooting-dlq-redrive.html", Read: ReadOct, Confidence: Inferred},
	{ID: FnSend, Statement: "What a handler sent stays sent when its invocation fails: the batch is delivered again, and sent again.",
		Row: "Q-R9", Source: sqsErrorPage, Read: ReadOct, Confidence: Inferred},
	{ID: FnCall, Statement: "Lambda delivers at least once and does not undo anything: a call that a handler made is made again when its record is delivered again.",
		Row: "Q-R9", Source: sqsErrorPage, Read: ReadOct, Confidence: Inferred},
	{ID: FnCallFails, Statement: "A service that is away, or gets more calls a second than it answers, fails the call; the handler fails with it, at that record.",
		Row: "Q-R9", Source: nowhere, Read: ReadOct, Confidence: Chosen},
	{ID: FnBreaker, Statement: "A circuit breaker opens after so many failed calls in a row. While it is open calls fail at once, until the next call decides; or the mapping is disabled, until a call of the breaker's own succeeds.",
		Row: "Q-R9", Source: "https://docs.aws.amazon.com/prescriptive-guidance/latest/cloud-design-patterns/circuit-breaker.html", Read: ReadOct, Confidence: Inferred},
	{ID: FnActDenied, Statement: "A handler calls AWS with its function's role: what the role may not do fails, and the handler with it. AWSLambdaSQSQueueExecutionRole does not allow sqs:ChangeMessageVisibility.",
		Row: "Q-A3", Source: "https://docs.aws.amazon.com/aws-managed-policy/latest/reference/AWSLambdaSQSQueueExecutionRole.html", Read: ReadOct, Confidence: Inferred},
	{ID: FnOnce, Statement: "An idempotent handler notes a record as in progress before it works on it and as done afterwards. One that is done is passed over until its item expires; one in progress fails, until the time that the first invocation had left is over. A crash in between leaves it in progress, and then it is done again.",
		Row: "Q-R9", Source: oncePage, Read: ReadOct, Confidence: Inferred},
	{ID: FnPowertools, Statement: "The batch processor of Powertools raises an error where all records of a batch failed, unless raise_on_entire_batch_failure is off.",
		Row: "N-B9", Source: powertoolsPage, Read: ReadOct, Confidence: Inferred},
}
