package rule

// The ids of queues and their mappings.
const (
	SqsSend            ID = "SQS-SEND-1"
	SqsSize            ID = "SQS-SEND-2"
	SqsGone            ID = "SQS-SEND-3"
	SqsDelay           ID = "SQS-DELAY-1"
	SqsTimer           ID = "SQS-DELAY-2"
	SqsVisible         ID = "SQS-VISIBLE-1"
	SqsVisibleRunning  ID = "SQS-VISIBLE-2"
	SqsBack            ID = "SQS-VISIBLE-3"
	SqsVisibleBatched  ID = "SQS-VISIBLE-4"
	SqsInFlight        ID = "SQS-INFLIGHT-1"
	SqsRetention       ID = "SQS-RETENTION-1"
	SqsPurge           ID = "SQS-PURGE-1"
	SqsPurgeAgain      ID = "SQS-PURGE-2"
	SqsRemoved         ID = "SQS-REMOVE-1"
	SqsMove            ID = "SQS-DLQ-1"
	SqsMoveOn          ID = "SQS-DLQ-2"
	SqsRedrive         ID = "SQS-REDRIVE-1"
	SqsRedriveRate     ID = "SQS-REDRIVE-2"
	SqsRedriveSource   ID = "SQS-REDRIVE-3"
	SqsRedriveGone     ID = "SQS-REDRIVE-4"
	SqsFairSend        ID = "SQS-FAIR-1"
	SqsFairQuiet       ID = "SQS-FAIR-2"
	SqsDuplicate       ID = "SQS-DUPLICATE-1"
	SqsStart           ID = "SQS-POLL-1"
	SqsResume          ID = "SQS-POLL-2"
	SqsReceive         ID = "SQS-RECEIVE-1"
	SqsCompete         ID = "SQS-RECEIVE-2"
	SqsBatchSize       ID = "SQS-BATCH-1"
	SqsBatchAvailable  ID = "SQS-BATCH-2"
	SqsBatchWindow     ID = "SQS-BATCH-3"
	SqsBatchLate       ID = "SQS-BATCH-4"
	SqsBatchPayload    ID = "SQS-BATCH-5"
	SqsWindowClock     ID = "SQS-WINDOW-1"
	SqsInvoke          ID = "SQS-INVOKE-1"
	SqsFailed          ID = "SQS-FAIL-1"
	SqsPartial         ID = "SQS-PARTIAL-1"
	SqsPartialDelete   ID = "SQS-PARTIAL-2"
	SqsPartialOff      ID = "SQS-PARTIAL-3"
	SqsPartialNone     ID = "SQS-PARTIAL-4"
	SqsPartialBad      ID = "SQS-PARTIAL-5"
	SqsDelete          ID = "SQS-DELETE-1"
	SqsDeleteFails     ID = "SQS-DELETE-2"
	SqsFilterDelete    ID = "SQS-DELETE-4"
	SqsHandleOld       ID = "SQS-DELETE-3"
	SqsDenied          ID = "SQS-DENY-1"
	SqsThrottle        ID = "SQS-THROTTLE-1"
	SqsThrottleWait    ID = "SQS-THROTTLE-2"
	SqsThrottleWaitMax ID = "SQS-THROTTLE-3"
	SqsThrottleJitter  ID = "SQS-THROTTLE-4"
	SqsScaleStart      ID = "SQS-SCALE-1"
	SqsScaleUp         ID = "SQS-SCALE-2"
	SqsScaleUp2022     ID = "SQS-SCALE-3"
	SqsScaleDown       ID = "SQS-SCALE-4"
	SqsScaleRest       ID = "SQS-SCALE-5"
	SqsErrorScale      ID = "SQS-SCALE-6"
	SqsThrottleScale   ID = "SQS-SCALE-7"
	SqsProvisioned     ID = "SQS-SCALE-8"
	SqsConcurrency     ID = "SQS-SCALE-9"
	FifoSend           ID = "FIFO-SEND-1"
	FifoRate           ID = "FIFO-SEND-2"
	FifoDelay          ID = "FIFO-DELAY-1"
	FifoDedup          ID = "FIFO-DEDUP-1"
	FifoDedupContent   ID = "FIFO-DEDUP-2"
	FifoDedupScope     ID = "FIFO-DEDUP-3"
	FifoReceive        ID = "FIFO-RECEIVE-1"
	FifoVisible        ID = "FIFO-VISIBLE-1"
	FifoVisibleRunning ID = "FIFO-VISIBLE-2"
	FifoInFlight       ID = "FIFO-INFLIGHT-1"
	FifoHead           ID = "FIFO-HEAD-1"
	FifoBatch          ID = "FIFO-BATCH-1"
	FifoMove           ID = "FIFO-DLQ-1"
	FifoPartial        ID = "FIFO-PARTIAL-1"
	FifoHandleExpired  ID = "FIFO-DELETE-1"
	FnScale            ID = "FN-SCALE-1"
	FnRecursive        ID = "FN-RECURSION-1"
	FnForward          ID = "FN-RECURSION-2"
	FnForwardRecord    ID = "FN-RECURSION-3"
	SqsPurgeTakes      ID = "SQS-PURGE-3"
	FnManaged          ID = "FN-MANAGED-1"
	FnManagedBytes     ID = "FN-MANAGED-2"
	FnDurable          ID = "FN-DURABLE-1"
	SimStop            ID = "SIM-STOP-1"
)

const (
	sqsScalePage       = "https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-scaling.html"
	sqsErrorPage       = "https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-errorhandling.html"
	sqsConfigPage      = "https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-configure.html"
	sqsPage            = "https://docs.aws.amazon.com/lambda/latest/dg/with-sqs.html"
	recursionPage      = "https://docs.aws.amazon.com/lambda/latest/dg/invocation-recursion.html"
	functionScalePage  = "https://docs.aws.amazon.com/lambda/latest/dg/scaling-behavior.html"
	visibilityPage     = "https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-visibility-timeout.html"
	dlqPage            = "https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-dead-letter-queues.html"
	redrivePage        = "https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-configure-dead-letter-queue-redrive.html"
	pollPage           = "https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-short-and-long-polling.html"
	delayPage          = "https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-delay-queues.html"
	timerPage          = "https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-message-timers.html"
	fairPage           = "https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-fair-queues-detailed.html"
	fifoPage           = "https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/FIFO-queues-understanding-logic.html"
	dedupPage          = "https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/using-messagededuplicationid-property.html"
	backlogPage        = "https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/avoid-backlog-with-the-same-message-group-id.html"
	standardPage       = "https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/standard-queues.html"
	messageQuotas      = "https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/quotas-messages.html"
	queueQuotas        = "https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/quotas-queues.html"
	fifoQuotas         = "https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/quotas-fifo.html"
	sqsMetrics         = "https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-available-cloudwatch-metrics.html"
	triggerPage        = "https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-configure-lambda-function-trigger.html"
	attributesPage     = "https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SetQueueAttributes.html"
	receivePage        = "https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_ReceiveMessage.html"
	deletePage         = "https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_DeleteMessage.html"
	redriveTroublePage = "https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/troubleshooting-dlq-redrive.html"
	recordedQueues     = "https://github.com/localstack/localstack/blob/main/tests/aws/services/sqs/test_sqs_move_task.snapshot.json"
	purgePage          = "https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_PurgeQueue.html"
	movePage           = "https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_StartMessageMoveTask.html"
	movedPage          = "https://github.com/localstack/localstack/issues/8234"
)

// queues are the rules of queues and their mappings: the queue, the mapping,
// the function.
var queues = []Rule{
	{ID: SqsSend, Statement: "A message sent to a standard queue can be received in the same instant, unless a delay holds it back. Order is not promised; esmlab hands out the oldest first.",
		Row: "Q-S16", Source: standardPage, Read: ReadOct, Confidence: Chosen},
	{ID: SqsSize, Statement: "A message holds at most MaximumMessageSize, which is at most 1 MiB; a larger one is refused and does not enter the queue.",
		Row: "Q-S3", Source: attributesPage, Read: ReadOct, Confidence: Documented},
	{ID: SqsGone, Statement: "A deleted queue takes no messages.",
		Row: "Q15.36", Source: nowhere, Read: ReadOn, Confidence: Inferred},
	{ID: SqsDelay, Statement: "DelaySeconds holds each new message back before its first receive. A change does not affect messages already in a standard queue.",
		Row: "Q-S6", Source: delayPage, Read: ReadOct, Confidence: Documented},
	{ID: SqsTimer, Statement: "A message timer replaces the queue's DelaySeconds for one message of a standard queue.",
		Row: "Q-S7", Source: timerPage, Read: ReadOct, Confidence: Documented},
	{ID: SqsVisible, Statement: "A message that was received and not deleted can be received again when the visibility timeout of that receive ends: a full VisibilityTimeout after it, however soon the function failed.",
		Row: "Q15.1", Source: sqsPage, Read: ReadOct, Confidence: Inferred},
	{ID: SqsVisibleRunning, Statement: "A visibility timeout that ends while the function still runs lets another poller receive the same messages: they can be processed twice.",
		Row: "Q15.8", Source: visibilityPage, Read: ReadOct, Confidence: Documented},
	{ID: SqsBack, Statement: "A message that was received three times goes to the end of a standard queue.",
		Row: "Q15.47", Source: sqsMetrics, Read: ReadOn, Confidence: Inferred},
	{ID: SqsVisibleBatched, Statement: "A message that a poller has gathered but not handed over when its visibility timeout ends is dropped from the batch: it is visible again.",
		Row: "Q15.9", Source: nowhere, Read: ReadOn, Confidence: Inferred},
	{ID: SqsInFlight, Statement: "A standard queue has at most about 120,000 messages in flight; beyond that a long poll brings nothing, and no error.",
		Row: "Q-S12", Source: visibilityPage, Read: ReadOct, Confidence: Documented},
	{ID: SqsRetention, Statement: "A message leaves its queue MessageRetentionPeriod after it was sent, whatever is happening to it; if it is in flight, its later deletion does nothing.",
		Row: "Q15.46", Source: attributesPage, Read: ReadOn, Confidence: Chosen},
	{ID: SqsPurge, Statement: "PurgeQueue deletes everything in a queue, including what is in flight. AWS takes up to 60 seconds, in which messages may still be received; esmlab deletes at once, and keeps what is sent later.",
		Row: "Q-7", Source: purgePage, Read: ReadOn, Confidence: Chosen},
	{ID: SqsPurgeAgain, Statement: "A second PurgeQueue within 60 seconds is refused with PurgeQueueInProgress.",
		Row: "Q-S25", Source: purgePage, Read: ReadOct, Confidence: Documented},
	{ID: SqsPurgeTakes, Statement: "A purge takes up to 60 seconds: until it ends messages may still be received, and those sent meanwhile may be deleted too. AWS does not say which. Here it takes no time unless chosen otherwise; what is in the queue when it ends is deleted.",
		Row: "N-D1", Source: nowhere, Read: ReadOct, Confidence: Chosen, Number: &Number{Default: "0s", Unit: "duration", Min: 0, Max: 60000000}},
	{ID: SqsRemoved, Statement: "Deleting a queue deletes its messages. Its mapping stays Enabled, and its polls bring nothing.",
		Row: "Q15.36", Source: nowhere, Read: ReadOn, Confidence: Chosen},
	{ID: SqsMove, Statement: "A message received maxReceiveCount times and not deleted moves to the DLQ when the next receive would take it, not when its last visibility timeout ends. It keeps its receive count and, on a standard queue, its age.",
		Row: "Q15.43", Source: movedPage, Read: ReadOn, Confidence: Observed},
	{ID: SqsMoveOn, Statement: "A message that comes into a DLQ with as many receives as the DLQ's own redrive policy allows is moved on by the next receive there. How soon AWS does not say; here it is 0.1 seconds later, as a poller makes at most ten receives a second.",
		Row: "Q-D19", Source: nowhere, Read: ReadOn, Confidence: Chosen},
	{ID: SqsRedrive, Statement: "A move task takes a DLQ's messages back to the queue they came from, or to one it names, at the rate it was given. Each counts as a new message, with a new id and a new age.",
		Row: "Q-D16", Source: redrivePage, Read: ReadOct, Confidence: Documented},
	{ID: SqsRedriveRate, Statement: "Without a rate AWS moves messages as fast as it sees fit; esmlab moves 500 a second, the highest rate one can ask for.",
		Row: "Q-D14", Source: nowhere, Read: ReadOn, Confidence: Chosen, Number: &Number{Default: "500", Unit: "messages a second", Min: 1, Max: 500}},
	{ID: SqsRedriveSource, Statement: "A move task without a destination fails with CouldNotDetermineMessageSource at a message that was sent straight to the DLQ; it needs a destination. AWS does not say what becomes of the rest: here the messages after it stay.",
		Row: "Q-D20", Source: redriveTroublePage, Read: ReadOct, Confidence: Chosen},
	{ID: SqsRedriveGone, Statement: "A move task fails with AWS.SimpleQueueService.NonExistentQueue when the queue it moves messages to has been deleted.",
		Row: "Q-D20", Source: recordedQueues, Read: ReadOct, Confidence: Observed},
	{ID: SqsFairSend, Statement: "A message group id on a standard queue names a tenant. It gives no order; it lets SQS recognise a tenant that takes more than its share.",
		Row: "Q-FQ1", Source: fairPage, Read: ReadOct, Confidence: Inferred},
	{ID: SqsFairQuiet, Statement: "A tenant with more than about a tenth of the messages in flight and about 30 of them at least, or with more than about a tenth of the recent processing time, is noisy: the messages of quiet tenants are received before its own.",
		Row: "Q-FQ3", Source: fairPage, Read: ReadOct, Confidence: Documented},
	{ID: SqsDuplicate, Statement: "A standard queue may deliver a message twice without any error. AWS gives no rate; a scenario's `duplicates` does.",
		Row: "Q15.48", Source: standardPage, Read: ReadOn, Confidence: Chosen},
	{ID: SqsStart, Statement: "A queue's mapping begins with five pollers, each in a long poll of up to 20 seconds.",
		Row: "Q-SC1", Source: sqsScalePage, Read: ReadOct, Confidence: Inferred},
	{ID: SqsResume, Statement: "A mapping that is enabled again starts polling like a new one; what it had in hand came back when its visibility timeout ended.",
		Row: "Q15.35", Source: nowhere, Read: ReadOn, Confidence: Chosen},
	{ID: SqsReceive, Statement: "A receive brings up to ten messages. The waiting poller with the lowest number receives first, then the next; each message's visibility timeout runs from its own receive.",
		Row: "Q15.34", Source: receivePage, Read: ReadOn, Confidence: Chosen},
	{ID: SqsCompete, Statement: "Mappings of one queue compete: each message goes to one of them. The seed draws whose poller receives next.",
		Row: "Q15.38", Source: triggerPage, Read: ReadOn, Confidence: Chosen},
	{ID: SqsBatchSize, Statement: "A batch is handed over when it holds BatchSize messages; more than ten are gathered by several receives.",
		Row: "Q-B1", Source: esmPage, Read: ReadOct, Confidence: Inferred},
	{ID: SqsBatchAvailable, Statement: "Without a batching window a poller hands over at once what its receive brought.",
		Row: "Q-B2", Source: esmPage, Read: ReadOct, Confidence: Documented},
	{ID: SqsBatchWindow, Statement: "A batch is handed over when its batching window ends. The window begins when the previous invocation has ended, not with the first message.",
		Row: "Q-B6", Source: esmPage, Read: ReadOct, Confidence: Documented},
	{ID: SqsWindowClock, Statement: "AWS does not say when the first batching window begins, what follows one without messages, and whose invocation counts where several run. Here each poller has a window: the first begins with the poller, one that ends without messages begins again, and its own invocations count.",
		Row: "Q-B6", Source: nowhere, Read: ReadOct, Confidence: Chosen},
	{ID: SqsBatchLate, Statement: "With a batching window and very little traffic Lambda may wait up to 20 seconds before it invokes the function, even if the window is shorter.",
		Row: "Q-B5", Source: sqsPage, Read: ReadOct, Confidence: Documented},
	{ID: SqsBatchPayload, Statement: "A batch is handed over when the next message would take its payload over 6 MB, however few it holds.",
		Row: "Q-B9", Source: esmPage, Read: ReadOct, Confidence: Inferred},
	{ID: SqsInvoke, Statement: "Lambda polls the queue and invokes the function synchronously with the batch: one invocation for each batch.",
		Row: "Q-R3", Source: sqsPage, Read: ReadOct, Confidence: Documented},
	{ID: SqsFailed, Statement: "When the function fails, nothing of the batch is deleted: all its messages, good ones included, wait out their visibility timeouts. Lambda does nothing more with them.",
		Row: "Q-E2", Source: sqsErrorPage, Read: ReadOct, Confidence: Documented},
	{ID: SqsPartial, Statement: "With ReportBatchItemFailures only the messages that the handler names become visible in the queue again.",
		Row: "Q-E6", Source: sqsErrorPage, Read: ReadOct, Confidence: Documented},
	{ID: SqsPartialDelete, Statement: "What a partial response does not name is deleted.",
		Row: "Q-E6", Source: sqsErrorPage, Read: ReadOct, Confidence: Inferred},
	{ID: SqsPartialOff, Statement: "Without ReportBatchItemFailures on the mapping the handler's batchItemFailures mean nothing: the function returned, so the whole batch is deleted.",
		Row: "Q-E10", Source: sqsErrorPage, Read: ReadOn, Confidence: Inferred},
	{ID: SqsPartialNone, Statement: "An empty answer, null, or an empty or null batchItemFailures is a full success.",
		Row: "Q-E7", Source: sqsErrorPage, Read: ReadOct, Confidence: Documented},
	{ID: SqsPartialBad, Statement: "An answer that is not JSON, an empty or missing itemIdentifier, or one with a message ID that does not exist fails the whole batch.",
		Row: "Q-E8", Source: sqsErrorPage, Read: ReadOct, Confidence: Documented},
	{ID: SqsDelete, Statement: "After success Lambda deletes the messages of the batch; the handler need not.",
		Row: "Q-R5", Source: sqsPage, Read: ReadOct, Confidence: Documented},
	{ID: SqsDeleteFails, Statement: "A message whose deletion fails stays in the queue and comes back: the function must tolerate receiving it twice.",
		Row: "Q-E13", Source: metricsPage, Read: ReadOn, Confidence: Inferred},
	{ID: SqsHandleOld, Statement: "A receipt handle is good for one receive. Deleting with an old one, after the message was received again, deletes nothing.",
		Row: "Q-S18", Source: deletePage, Read: ReadOct, Confidence: Inferred},
	{ID: SqsFilterDelete, Statement: "A message that no filter lets through is deleted from the queue, without an invocation.",
		Row: "Q-FL1", Source: filterPage, Read: ReadOct, Confidence: Documented},
	{ID: FilBody, Statement: "A pattern for JSON lets no plain-text body through, and a pattern for text lets no JSON body through.",
		Row: "Q-FL5", Source: "https://docs.aws.amazon.com/lambda/latest/dg/with-sqs-filtering.html", Read: ReadOct, Confidence: Documented},
	{ID: FilBodyOnly, Statement: "Of a queue's message filters see its body. To a condition on any other key, such as messageId, attributes or messageAttributes, nothing is there.",
		Row: "Q-FL4", Source: "https://docs.aws.amazon.com/lambda/latest/dg/with-sqs-filtering.html", Read: ReadOct, Confidence: Inferred},
	{ID: SqsDenied, Statement: "A role that lacks sqs:ReceiveMessage or sqs:GetQueueAttributes stops the polling silently: messages pile up, nothing is invoked. Without sqs:DeleteMessage processed messages come back.",
		Row: "Q-A12", Source: triggerPage, Read: ReadOn, Confidence: Inferred},
	{ID: SqsThrottle, Statement: "A throttled batch is retried within the visibility timeout of its first message; then Lambda lets go of it, and the messages are visible again. Only receives count, not tries.",
		Row: "Q15.5", Source: sqsErrorPage, Read: ReadOct, Confidence: Inferred},
	{ID: SqsThrottleWait, Statement: "A throttled batch is retried after a second, then after twice as long each time.",
		Row: "Q15.5", Source: nowhere, Read: ReadOn, Confidence: Chosen, Number: &Number{Default: "1s", Unit: "duration", Min: 1000, Max: 600000000}},
	{ID: SqsThrottleWaitMax, Statement: "The tries of a throttled batch are at most 20 seconds apart.",
		Row: "Q15.5", Source: nowhere, Read: ReadOn, Confidence: Chosen, Number: &Number{Default: "20s", Unit: "duration", Min: 1000, Max: 600000000}},
	{ID: SqsThrottleJitter, Statement: "The seed makes each wait of a throttled batch up to a tenth shorter or longer.",
		Row: "Q15.5", Source: nowhere, Read: ReadOn, Confidence: Chosen, Number: &Number{Default: "10", Unit: "percent", Min: 0, Max: 90}},
	{ID: SqsScaleStart, Statement: "When messages appear in a standard queue, Lambda begins with five batches at a time, in five concurrent invocations.",
		Row: "Q-SC1", Source: sqsScalePage, Read: ReadOct, Confidence: Documented},
	{ID: SqsScaleUp, Statement: "While messages wait and no poller is free, a mapping gains 300 concurrent invocations a minute, up to 1,250; esmlab adds five each second.",
		Row: "Q-SC2", Source: sqsScalePage, Read: ReadOct, Confidence: Chosen},
	{ID: SqsScaleUp2022, Statement: "Under the limits of 2022 a mapping gained 60 concurrent invocations a minute, up to 1,000; esmlab adds one each second.",
		Row: "Q-SC2", Source: "https://aws.amazon.com/blogs/compute/understanding-how-aws-lambda-scales-when-subscribed-to-amazon-sqs-queues/", Read: ReadOn, Confidence: Chosen},
	{ID: SqsScaleDown, Statement: "When the last poller's polls have been empty for a minute, half of the pollers end, down to five.",
		Row: "Q15.28", Source: nowhere, Read: ReadOn, Confidence: Chosen, Number: &Number{Default: "1m", Unit: "duration", Min: 1000000, Max: 3600000000}},
	{ID: SqsScaleRest, Statement: "After five minutes without a message two pollers stay, unless MaximumConcurrency is set.",
		Row: "Q15.28", Source: nowhere, Read: ReadOn, Confidence: Chosen, Number: &Number{Default: "5m", Unit: "duration", Min: 1000000, Max: 36000000000}},
	{ID: SqsErrorScale, Statement: "After a failed batch 90 of every 100 pollers stay, at least two, and none are added until a batch succeeds. With ReportBatchItemFailures failures remove none.",
		Row: "Q15.29", Source: nowhere, Read: ReadOn, Confidence: Chosen, Number: &Number{Default: "90", Unit: "percent", Min: 1, Max: 100}},
	{ID: SqsThrottleScale, Statement: "After a throttled try 80 of every 100 pollers stay, at least two.",
		Row: "Q15.29", Source: nowhere, Read: ReadOn, Confidence: Chosen, Number: &Number{Default: "80", Unit: "percent", Min: 1, Max: 100}},
	{ID: SqsProvisioned, Statement: "In provisioned mode a mapping has MinimumPollers to MaximumPollers pollers, each with up to 10 concurrent invocations, 10 polls and 1 MB (1,024 KB) a second, and gains up to 1,000 concurrent invocations a minute.",
		Row: "Q-PM1", Source: sqsPage, Read: ReadOct, Confidence: Documented},
	{ID: SqsConcurrency, Statement: "MaximumConcurrency is the most invocations that a mapping may have under way; while it has that many it receives nothing, so it causes no throttles.",
		Row: "Q-SC10", Source: sqsScalePage, Read: ReadOct, Confidence: Inferred},
	{ID: FifoSend, Statement: "A message of a FIFO queue belongs to a message group and comes after all earlier messages of the group.",
		Row: "Q-F2", Source: fifoPage, Read: ReadOct, Confidence: Documented},
	{ID: FifoRate, Statement: "A FIFO queue takes up to 300 calls a second of each action; in high throughput mode up to 70,000, 19,000, 9,000, 4,500 or 2,400, by Region.",
		Row: "Q-F6", Source: messageQuotas, Read: ReadOct, Confidence: Inferred},
	{ID: FifoDelay, Statement: "On a FIFO queue the delay is the queue's; a change of it also affects messages that are already delayed.",
		Row: "Q-S6", Source: delayPage, Read: ReadOct, Confidence: Documented},
	{ID: FifoDedup, Statement: "A message with a deduplication id that the queue accepted within the last five minutes is accepted and not delivered, even if the first was deleted meanwhile.",
		Row: "Q-F3", Source: dedupPage, Read: ReadOct, Confidence: Documented},
	{ID: FifoDedupContent, Statement: "With ContentBasedDeduplication a hash of the body serves as the deduplication id of a message that has none.",
		Row: "Q-F4", Source: attributesPage, Read: ReadOct, Confidence: Documented},
	{ID: FifoDedupScope, Statement: "With DeduplicationScope messageGroup an id is a duplicate only within its message group.",
		Row: "Q-F5", Source: attributesPage, Read: ReadOct, Confidence: Documented},
	{ID: FifoReceive, Statement: "A receive takes messages of the group with the oldest free message, in order, then tops up from other groups. While a message of a group is in flight, the group is locked.",
		Row: "Q-F8", Source: fifoPage, Read: ReadOct, Confidence: Inferred},
	{ID: FifoVisible, Statement: "When a visibility timeout ends, the group is free again and its messages come in the same order, the failed one first.",
		Row: "Q15.19", Source: fifoPage, Read: ReadOct, Confidence: Inferred},
	{ID: FifoVisibleRunning, Statement: "A visibility timeout that ends while the function still runs frees the group: the same messages are received again, and two invocations work on one group.",
		Row: "Q15.23", Source: visibilityPage, Read: ReadOct, Confidence: Inferred},
	{ID: FifoInFlight, Statement: "A FIFO queue has at most 120,000 messages in flight; beyond that receives bring nothing, and no error.",
		Row: "Q-S13", Source: fifoQuotas, Read: ReadOct, Confidence: Inferred},
	{ID: FifoHead, Statement: "Only the first 120,000 messages of a FIFO queue are searched for groups: a long backlog of one group hides those behind it.",
		Row: "Q-F11", Source: backlogPage, Read: ReadOct, Confidence: Documented},
	{ID: FifoBatch, Statement: "A batch of a FIFO queue is what one receive brought, up to ten messages, of one or several groups.",
		Row: "Q15.16", Source: fifoPage, Read: ReadOct, Confidence: Inferred},
	{ID: FifoMove, Statement: "A message of a FIFO queue received maxReceiveCount times moves to the FIFO DLQ when the next receive would take it. Its group goes on without it, its age starts anew, and its deduplication id is its message id.",
		Row: "Q15.21", Source: redrivePage, Read: ReadOct, Confidence: Inferred},
	{ID: FifoPartial, Statement: "On a FIFO queue the messages named by a partial response come back in order while their group waits; all others are deleted, including later ones of the group: keeping order is the handler's duty.",
		Row: "Q15.18", Source: sqsErrorPage, Read: ReadOct, Confidence: Inferred},
	{ID: FifoHandleExpired, Statement: "On a FIFO queue a deletion after the visibility timeout has ended fails: the receipt handle has expired.",
		Row: "Q-F13", Source: receivePage, Read: ReadOn, Confidence: Observed},
	{ID: FnScale, Statement: "A function gains at most 1,000 execution environments in ten seconds; anything more is throttled.",
		Row: "Q-C2", Source: functionScalePage, Read: ReadOct, Confidence: Documented},
	{ID: SimStop, Statement: "esmlab stops a run in which so much happens at one instant that time would never go on, and names the loop. On AWS every step takes time.",
		Row: "Q15.55", Source: nowhere, Read: ReadOn, Confidence: Chosen},
	{ID: FnManaged, Statement: "A function on Managed Instances runs as many invocations at a time as its execution environments have room for; more are throttled. The account's concurrency does not count, and no environment starts cold. AWS scales the environments in the background; here there are MaxExecutionEnvironments of them where that is set, else MinExecutionEnvironments, by default 3.",
		Row: "N-B2", Source: nowhere, Read: ReadOct, Confidence: Chosen},
	{ID: FnManagedBytes, Statement: "A mapping may hand 5 MB a second (a queue's), 25 MB (Kinesis) or 10 MB (a table's) to functions on Managed Instances. AWS gives the quotas and does not say for what each holds; here for each mapping, and a batch beyond it is throttled.",
		Row: "N-B3", Source: nowhere, Read: ReadOct, Confidence: Chosen},
	{ID: FnDurable, Statement: "A mapping waits for the whole execution of a durable function, its waits included. An execution that takes longer than its timeout allows times out and fails, and the mapping handles that as its retry settings say.",
		Row: "N-B4", Source: "https://docs.aws.amazon.com/lambda/latest/dg/durable-invoking-esm.html", Read: ReadOct, Confidence: Documented},
	{ID: FnRecursive, Statement: "Lambda stops a loop of a queue and a function after about 16 rounds, unless RecursiveLoop is Allow: the function is not invoked, and the refused messages' receive counts rise until the queue's DLQ takes them.",
		Row: "Q-C13", Source: recursionPage, Read: ReadOct, Confidence: Documented},
	{ID: FnForward, Statement: "An event that Lambda stops as a loop also goes to the function's own DLQ or on-failure destination, where it has one.",
		Row: "N-A4", Source: recursionPage, Read: ReadOct, Confidence: Documented},
	{ID: FnForwardRecord, Statement: "AWS shows no record of a stopped event. Here a DLQ gets the event as the function would have got it, at each try that is stopped; an on-failure destination gets a record of an asynchronous invocation with the event as requestPayload and the condition RecursiveInvocationException.",
		Row: "N-A4", Source: nowhere, Read: ReadOct, Confidence: Chosen},
}
