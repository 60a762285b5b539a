package rule

// The ids of the rules about what stands in front of queues.
const (
	SnsEnvelope     ID = "SNS-ENVELOPE-1"
	SnsRaw          ID = "SNS-RAW-1"
	SnsAttributes   ID = "SNS-RAW-2"
	SnsFilter       ID = "SNS-FILTER-1"
	SnsFilterBody   ID = "SNS-FILTER-2"
	SnsFilterChange ID = "SNS-FILTER-3"
	SnsRetry        ID = "SNS-RETRY-1"
	EbRetry         ID = "EB-RETRY-1"
	S3Retry         ID = "S3-RETRY-1"
	S3Test          ID = "S3-TEST-1"
	S3Event         ID = "S3-EVENT-1"
	S3Filter        ID = "S3-FILTER-1"
	EbEvent         ID = "EB-EVENT-1"
	EbInput         ID = "EB-INPUT-1"
	EbPattern       ID = "EB-PATTERN-1"
	FrontPolicy     ID = "FRONT-POLICY-1"
	FrontGone       ID = "FRONT-GONE-1"
	FrontDead       ID = "FRONT-DLQ-1"
)

const (
	snsRawPage        = "https://docs.aws.amazon.com/sns/latest/dg/sns-large-payload-raw-message-delivery.html"
	snsAttributesPage = "https://docs.aws.amazon.com/sns/latest/dg/sns-message-attributes.html"
	snsFilterPage     = "https://docs.aws.amazon.com/sns/latest/dg/sns-message-filtering.html"
	snsPolicyPage     = "https://docs.aws.amazon.com/sns/latest/dg/sns-subscription-filter-policies.html"
	snsDLQPage        = "https://docs.aws.amazon.com/sns/latest/dg/sns-dead-letter-queues.html"
	snsQueuePage      = "https://docs.aws.amazon.com/sns/latest/dg/subscribe-sqs-queue-to-sns-topic.html"
	s3EventPage       = "https://docs.aws.amazon.com/AmazonS3/latest/userguide/notification-content-structure.html"
	putTargetsPage    = "https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_PutTargets.html"
	ebRulesPage       = "https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-rules.html"
)

var fronts = []Rule{
	{ID: SnsEnvelope, Statement: "A subscription without raw delivery puts an envelope into the queue: what was published is a text in its Message, even if it is JSON, and the attributes are in its MessageAttributes. A filter on the body's own fields never matches.",
		Row: "N-E1", Source: snsRawPage, Read: ReadOct, Confidence: Inferred},
	{ID: SnsRaw, Statement: "With RawMessageDelivery the body is what was published, without SNS's metadata, and the attributes that it was published with become those of the queue's message.",
		Row: "N-E2", Source: snsRawPage, Read: ReadOct, Confidence: Inferred},
	{ID: SnsAttributes, Statement: "With RawMessageDelivery a message with more than ten attributes is not delivered to a queue: it is discarded as a client error.",
		Row: "N-E2", Source: snsAttributesPage, Read: ReadOct, Confidence: Documented},
	{ID: SnsFilter, Statement: "A subscription's FilterPolicy is compared with the message attributes, or with the body where its scope says so; a message that does not match is not sent to that subscriber.",
		Row: "N-E8", Source: snsFilterPage, Read: ReadOct, Confidence: Documented},
	{ID: SnsFilterBody, Statement: "A FilterPolicy with the scope MessageBody is compared with the body that was published; it assumes that this is a well-formed JSON object.",
		Row: "N-E8", Source: snsFilterPage, Read: ReadOct, Confidence: Documented},
	{ID: SnsFilterChange, Statement: "A changed FilterPolicy takes up to 15 minutes to count everywhere. Here it counts at once, unless a scenario says how long it takes.",
		Row: "N-E8", Source: snsPolicyPage, Read: ReadOct, Confidence: Chosen},
	{ID: SnsRetry, Statement: "What SNS cannot deliver because the queue does not answer, it tries again: three times at once, twice a second apart, ten times with waits that grow exponentially from 1 to 20 seconds, then 20 seconds apart: 100,015 times over 23 days.",
		Row: "N-E9", Source: "https://docs.aws.amazon.com/sns/latest/dg/sns-message-delivery-retries.html", Read: ReadOct, Confidence: Documented},
	{ID: EbRetry, Statement: "EventBridge tries a target that does not answer again for 24 hours and up to 185 times, unless the target's RetryPolicy says otherwise, with a growing wait; here it doubles from 1 second to 8 minutes.",
		Row: "N-E11", Source: "https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-rule-retry-policy.html", Read: ReadOct, Confidence: Chosen},
	{ID: S3Retry, Statement: "S3 delivers an event at least once and says nothing of how it tries again; here the wait doubles from 1 second to 8 minutes.",
		Row: "N-E10", Source: nowhere, Read: ReadOct, Confidence: Chosen},
	{ID: S3Test, Statement: "When a notification is configured, S3 sends the queue an s3:TestEvent without Records.",
		Row: "N-E4", Source: s3EventPage, Read: ReadOct, Confidence: Documented},
	{ID: S3Event, Statement: "S3 sends an event with Records; an object's key in it is URL-encoded.",
		Row: "N-E3", Source: s3EventPage, Read: ReadOct, Confidence: Documented},
	{ID: S3Filter, Statement: "A notification with a Filter is sent for the objects whose key has its prefix and its suffix.",
		Row: "N-E3", Source: "https://docs.aws.amazon.com/AmazonS3/latest/userguide/notification-how-to-filtering.html", Read: ReadOct, Confidence: Documented},
	{ID: EbEvent, Statement: "A rule passes its target the whole event in JSON, unless the target has an Input, an InputPath or an InputTransformer.",
		Row: "N-E5", Source: putTargetsPage, Read: ReadOct, Confidence: Documented},
	{ID: EbInput, Statement: "A target's Input takes the place of the event as a constant, its InputPath names the part of the event that it gets, and its InputTransformer fills parts of the event into a template.",
		Row: "N-E5", Source: putTargetsPage, Read: ReadOct, Confidence: Documented},
	{ID: EbPattern, Statement: "A rule sends its targets the events that match its EventPattern.",
		Row: "N-E5", Source: ebRulesPage, Read: ReadOct, Confidence: Documented},
	{ID: FrontPolicy, Statement: "SNS, S3 and EventBridge send to a queue only if its policy lets the service, for that topic, bucket or rule. Without it nothing arrives, and it is not tried again.",
		Row: "N-E7", Source: snsQueuePage, Read: ReadOct, Confidence: Inferred},
	{ID: FrontGone, Statement: "SNS and EventBridge do not try again when the queue is gone: to them it is an error of the sender's. Of S3 AWS does not say; here it does not try again either.",
		Row: "N-E9", Source: snsDLQPage, Read: ReadOct, Confidence: Inferred},
	{ID: FrontDead, Statement: "What cannot be delivered goes to the DLQ of the subscription or the target, where it has one; else it is lost.",
		Row: "N-E9", Source: snsDLQPage, Read: ReadOct, Confidence: Inferred},
}
