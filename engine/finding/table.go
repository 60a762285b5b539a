package finding

// The pages of AWS that the findings rest on.
const (
	docs           = "https://docs.aws.amazon.com/"
	templatePage   = docs + "AWSCloudFormation/latest/UserGuide/template-formats.html"
	configPage     = docs + "lambda/latest/dg/services-sqs-configure.html"
	errorPage      = docs + "lambda/latest/dg/services-sqs-errorhandling.html"
	asyncPage      = docs + "lambda/latest/dg/invocation-async-retain-records.html"
	scalePage      = docs + "lambda/latest/dg/services-sqs-scaling.html"
	esmPage        = docs + "lambda/latest/dg/invocation-eventsourcemapping.html"
	filterPage     = docs + "lambda/latest/dg/with-sqs-filtering.html"
	streamFilter   = docs + "lambda/latest/dg/with-kinesis-filtering.html"
	tableFilter    = docs + "lambda/latest/dg/with-ddb-filtering.html"
	recursionPage  = docs + "lambda/latest/dg/invocation-recursion.html"
	dlqPage        = docs + "AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-dead-letter-queues.html"
	metricsPage    = docs + "AWSSimpleQueueService/latest/SQSDeveloperGuide/dead-letter-queues-alarms-cloudwatch.html"
	policyPage     = docs + "AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-creating-custom-policies.html"
	keyPage        = docs + "AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-key-management.html"
	kinesisErr     = docs + "lambda/latest/dg/kinesis-on-failure-destination.html"
	dynamodbErr    = docs + "lambda/latest/dg/services-dynamodb-errors.html"
	kinesisCreate  = docs + "lambda/latest/dg/services-kinesis-create.html"
	dynamodbCreate = docs + "lambda/latest/dg/services-dynamodb-eventsourcemapping.html"
	subscribePage  = docs + "kinesis/latest/APIReference/API_SubscribeToShard.html"
	snsDeadPage    = docs + "sns/latest/dg/sns-dead-letter-queues.html"
	kinesisStart   = docs + "lambda/latest/dg/services-kinesis-parameters.html"
	dynamodbStart  = docs + "lambda/latest/dg/services-ddb-params.html"
	autoPage       = docs + "streams/latest/dev/service-managed-record-distribution.html"
	largePage      = docs + "streams/latest/dev/large-records.html"
	readersPage    = docs + "streams/latest/dev/service-sizes-and-limits.html"
	tableReaders   = docs + "amazondynamodb/latest/developerguide/Streams.html"
	kinesisBatch   = docs + "lambda/latest/dg/services-kinesis-batchfailurereporting.html"
	snsPage        = docs + "sns/latest/dg/sns-large-payload-raw-message-delivery.html"
	limitsPage     = docs + "lambda/latest/dg/lambda-concurrency.html"
	managedPage    = docs + "lambda/latest/dg/lambda-managed-instances.html"
	durablePage    = docs + "lambda/latest/dg/durable-invoking-esm.html"
)

// Kind is a kind of finding.
type Kind struct {
	ID       string
	Severity Severity
	About    string // what is wrong, in a few words
	Source   string // AWS's page, where a finding does not name another one
	look     func(*looker)
}

// Kinds are all kinds of findings: what queues, streams and functions need, then failures,
// concurrency, filters, handlers, loops and what stands in front.
var Kinds = []Kind{
	{"visibility-timeout-short", Warning, "messages come back before a throttled batch was tried again", configPage, (*looker).visibility},
	{"no-dead-letter-queue", Warning, "a message that always fails comes back until it expires", configPage, (*looker).noDeadLetters},
	{"max-receive-count-low", Warning, "throttling alone moves good messages to the dead-letter queue", configPage, (*looker).fewReceives},
	{"dead-letter-retention-short", Warning, "messages expire soon after they reach the dead-letter queue", dlqPage, (*looker).deadLetterRetention},
	{"expires-before-dead-letter-queue", Warning, "a message that fails expires before its dead-letter queue takes it", dlqPage, (*looker).expires},
	{"fifo-dead-letter-queue", Advice, "the dead-letter queue breaks the order of a message group", dlqPage, (*looker).fifoDeadLetters},
	{"failures-unwatched", Advice, "nobody is told when failures arrive", metricsPage, (*looker).unwatched},
	{"queue-shared", Warning, "two mappings compete for the messages of a queue", esmPage, (*looker).shared},

	{"retries-without-end", Warning, "one bad record stops its shard until it expires", kinesisErr, (*looker).withoutEnd},
	{"records-vanish", Error, "records are given up and nothing says which", kinesisErr, (*looker).vanish},
	{"destination-never-used", Warning, "nothing ever reaches the destination", kinesisErr, (*looker).neverUsed},
	{"destination-denied", Error, "the role may not send failures to the destination", kinesisErr, (*looker).destinationDenied},
	{"destination-fifo", Error, "a FIFO queue or topic takes no failure records", kinesisErr, (*looker).destinationFIFO},
	{"async-only-destination", Warning, "the function's own destination is for asynchronous invocations", asyncPage, (*looker).asyncOnly},
	{"own-queue-as-dead-letter", Error, "the function's dead-letter queue is the queue that it reads", recursionPage, (*looker).ownDeadLetters},
	{"latest-skips", Advice, "records put before the mapping works are skipped", kinesisStart, (*looker).latest},
	{"too-many-readers", Warning, "more readers than a shard serves", readersPage, (*looker).tooMany},
	{"consumers-over-quota", Error, "more consumers with enhanced fan-out than a stream takes", readersPage, (*looker).manyConsumers},
	{"consumer-shared", Warning, "two mappings take one consumer's subscription from each other", subscribePage, (*looker).consumerShared},
	{"role-lacks-actions", Advice, "the role may not do all that AWS asks for", kinesisCreate, (*looker).roleLacks},
	{"large-records", Error, "a record that does not fit into an event is skipped", largePage, (*looker).large},
	{"keys-without-meaning", Warning, "the handler relies on keys that the stream does not use", autoPage, (*looker).distribution},

	{"reserved-without-maximum", Warning, "the mapping asks for more concurrency than is reserved", scalePage, (*looker).withoutMaximum},
	{"reserved-too-low", Warning, "less is reserved than the mappings ask for", scalePage, (*looker).reservedLow},
	{"account-limit", Warning, "the mappings together ask for more than the account has", limitsPage, (*looker).account},
	{"managed-slots-low", Warning, "the execution environments have fewer slots than the mappings ask for", managedPage, (*looker).managedSlots},
	{"managed-unqualified", Warning, "Managed Instances run published versions only", managedPage, (*looker).managedVersion},
	{"durable-visibility", Warning, "a message comes back while its execution still waits", durablePage, (*looker).durable},

	{"filter-never-matches", Error, "a filter asks for what no record has", filterPage, (*looker).neverMatches},
	{"filter-misses-envelope", Error, "the filter does not fit what stands in front of the queue", snsPage, (*looker).envelope},
	{"dead-letters-filtered", Error, "a filter deletes what is in a dead-letter queue", filterPage, (*looker).filteredAway},
	{"filters-share-queue", Error, "mappings with filters delete each other's messages", filterPage, (*looker).filtersShare},

	{"item-failures-not-asked", Error, "reported failures count as done", errorPage, (*looker).notAsked},
	{"item-failures-unused", Warning, "the handler reports nothing that the mapping asks for", errorPage, (*looker).notReported},
	{"batch-without-item-failures", Advice, "one bad message brings its whole batch back", errorPage, (*looker).wholeBatch},
	{"recursion", Warning, "the function writes to its own source", recursionPage, (*looker).recursion},

	{"source-key-denied", Error, "the role may not use the key of the source", keyPage, (*looker).keyDenied},
	{"front-denied", Error, "what stands in front may not send to the queue", policyPage, (*looker).frontDenied},
	{"subscription-without-dead-letters", Advice, "what a topic may not deliver is dropped", snsDeadPage, (*looker).undeliverable},
	{"name-twice", Warning, "a name stands twice in a map: the last one counts", templatePage, (*looker).twice},
	{"ignore-unknown", Warning, "an ignore comment silences nothing", "", func(*looker) {}},
}

// KindOf gives a kind by its id, or nil.
func KindOf(id string) *Kind {
	for i := range Kinds {
		if Kinds[i].ID == id {
			return &Kinds[i]
		}
	}
	return nil
}

// IDs are the ids of all kinds.
func IDs() []string {
	out := make([]string, len(Kinds))
	for i := range Kinds {
		out[i] = Kinds[i].ID
	}
	return out
}
