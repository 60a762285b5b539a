package engine

import "strconv"

// QueueConfig is an SQS queue (AWS::SQS::Queue): a source, a dead-letter queue,
// where failure records go, or several of these.
type QueueConfig struct {
	ID, Name, ARN string
	FIFO          bool // FifoQueue; it never changes
	// QueueSettings are the attributes at second 0. A MessageRetentionPeriod
	// of 0, which AWS does not take, stands for DefaultQueueSettings.
	QueueSettings
	// KMS: its messages are encrypted with a customer's key, which a mapping's
	// role must be allowed to use (kms:Decrypt; Q-A4).
	KMS bool
	// Duplicates is how likely a message of a standard queue is received twice
	// without any error, FailedDeletes how likely its deletion fails; both
	// 0..1, one draw a message by the seed (`sources.<id>` of a scenario).
	Duplicates, FailedDeletes float64
}

// QueueSettings are a queue's attributes by AWS's names.
// Lengths of time are in seconds, sizes in bytes.
type QueueSettings struct {
	VisibilityTimeout             int // 0 to 43,200, default 30
	DelaySeconds                  int // 0 to 900, default 0
	MessageRetentionPeriod        int // 60 to 1,209,600, default 345,600
	ReceiveMessageWaitTimeSeconds int // 0 to 20, default 0; a mapping asks for 20 itself
	MaximumMessageSize            int // 1,024 to 1,048,576, the default
	ContentBasedDeduplication     bool
	DeduplicationScope            string // FIFO: "queue" (default, also "") or "messageGroup"
	FifoThroughputLimit           string // FIFO: "perQueue" (default, also "") or "perMessageGroupId"
	// RedrivePolicy: DeadLetterQueue is the logical id of deadLetterTargetArn's
	// queue, "" where there is no policy; MaxReceiveCount 1 to 1,000, AWS's
	// default 10.
	DeadLetterQueue string
	MaxReceiveCount int
	// RedriveAllowPolicy: redrivePermission "allowAll" (default, also ""),
	// "denyAll" or "byQueue", and then the logical ids of sourceQueueArns.
	RedrivePermission string
	SourceQueues      []string
}

// DefaultQueueSettings are the attributes of a queue made without any.
func DefaultQueueSettings() QueueSettings {
	return QueueSettings{VisibilityTimeout: 30, MessageRetentionPeriod: 345600, MaximumMessageSize: 1 << 20, MaxReceiveCount: 10}
}

// DefaultQueueMapping are a queue mapping's parameters where a create names
// none.
func DefaultQueueMapping() Settings {
	return Settings{BatchSize: 10}
}

// QueueParams are the attributes of a queue that can be set and hold a number
// or a switch. DeadLetterQueue, DeduplicationScope,
// FifoThroughputLimit and the allow policy are texts.
var QueueParams = []Param{
	{Name: "ContentBasedDeduplication", Switch: true, Row: "Q-F4"},
	{Name: "DelaySeconds", Default: 0, Min: 0, Max: 900, Wire: "DelaySeconds", Steps: []int{0, 1, 5, 10, 30, 60, 300, 900}, Row: "Q-S6"},
	{Name: "MaximumMessageSize", Default: 1 << 20, Min: 1024, Max: 1 << 20, Wire: "MaximumMessageSize", Steps: []int{1024, 65536, 262144, 1 << 20}, Row: "Q-S3"},
	{Name: "MessageRetentionPeriod", Default: 345600, Min: 60, Max: 1209600, Wire: "MessageRetentionPeriod", Steps: []int{60, 120, 300, 600, 3600, 86400, 345600, 1209600}, Row: "Q-S4"},
	{Name: "ReceiveMessageWaitTimeSeconds", Default: 0, Min: 0, Max: 20, Wire: "ReceiveMessageWaitTimeSeconds", Steps: []int{0, 1, 5, 10, 20}, Row: "Q-S8"},
	{Name: "VisibilityTimeout", Default: 30, Min: 0, Max: 43200, Wire: "VisibilityTimeout", Steps: []int{0, 1, 3, 6, 10, 18, 30, 60, 180, 900, 5400, 43200}, Row: "Q-S1"},
	{Name: "maxReceiveCount", Default: 10, Min: 1, Max: 1000, Wire: "maxReceiveCount", Steps: []int{1, 2, 3, 5, 10, 100, 1000}, Row: "Q-D2"},
}

// QueueMappingParams are the parameters of a queue's mapping that can be set
// and hold a number or a switch. 0 stands for not set in the
// last three.
var QueueMappingParams = []Param{
	{Name: "BatchSize", Default: 10, Min: 1, Max: 10000, Wire: "batchSize", Steps: []int{1, 2, 5, 10, 50, 100, 1000, 10000}, Row: "Q-P1"},
	{Name: "MaximumBatchingWindowInSeconds", Default: 0, Min: 0, Max: 300, Wire: "maximumBatchingWindowInSeconds", Steps: []int{0, 1, 2, 5, 10, 30, 60, 300}, Row: "Q-P2"},
	{Name: "ReportBatchItemFailures", Switch: true, Row: "Q-P6"},
	{Name: "ScalingConfig.MaximumConcurrency", Min: 2, Max: 1000, Unset: true, Wire: "scalingConfig.maximumConcurrency", Steps: []int{0, 2, 3, 5, 10, 50, 100, 1000}, Row: "Q-P7"},
	{Name: "ProvisionedPollerConfig.MinimumPollers", Min: 2, Max: 200, Unset: true, Wire: "provisionedPollerConfig.minimumPollers", Steps: []int{0, 2, 5, 10, 50, 200}, Row: "Q-P8"},
	{Name: "ProvisionedPollerConfig.MaximumPollers", Min: 2, Max: 10000, Unset: true, Wire: "provisionedPollerConfig.maximumPollers", Steps: []int{0, 2, 10, 100, 200, 2000, 10000}, Row: "Q-P9"},
}

// FindIn gives the parameter of that name in a table, or nil. The last part
// of its name will do (MaximumConcurrency), and AWS's group before it
// (RedrivePolicy.maxReceiveCount).
func FindIn(table []Param, name string) *Param {
	for i := range table {
		if full := table[i].Name; full == name || short(full) == name || "RedrivePolicy."+full == name && full == "maxReceiveCount" {
			return &table[i]
		}
	}
	return nil
}

// short is the part of a name after its last dot.
func short(name string) string {
	for i := len(name) - 1; i >= 0; i-- {
		if name[i] == '.' {
			return name[i+1:]
		}
	}
	return name
}

// Number reads attribute p of the settings; switches give 0 or 1.
func (q *QueueSettings) Number(name string) int {
	switch short(name) {
	case "VisibilityTimeout":
		return q.VisibilityTimeout
	case "DelaySeconds":
		return q.DelaySeconds
	case "MessageRetentionPeriod":
		return q.MessageRetentionPeriod
	case "ReceiveMessageWaitTimeSeconds":
		return q.ReceiveMessageWaitTimeSeconds
	case "MaximumMessageSize":
		return q.MaximumMessageSize
	case "ContentBasedDeduplication":
		return btoi(q.ContentBasedDeduplication)
	case "maxReceiveCount":
		return q.MaxReceiveCount
	}
	return 0
}

// SetNumber writes an attribute that Check has passed.
func (q *QueueSettings) SetNumber(name string, n int) {
	switch short(name) {
	case "VisibilityTimeout":
		q.VisibilityTimeout = n
	case "DelaySeconds":
		q.DelaySeconds = n
	case "MessageRetentionPeriod":
		q.MessageRetentionPeriod = n
	case "ReceiveMessageWaitTimeSeconds":
		q.ReceiveMessageWaitTimeSeconds = n
	case "MaximumMessageSize":
		q.MaximumMessageSize = n
	case "ContentBasedDeduplication":
		q.ContentBasedDeduplication = n != 0
	case "maxReceiveCount":
		q.MaxReceiveCount = n
	}
}

// CheckAttribute refuses a value outside the range of a queue's attribute with
// SQS's code and words.
func (p *Param) CheckAttribute(n int) *Refusal {
	if n >= p.Min && n <= p.Max {
		return nil
	}
	return &Refusal{What: p.Name, Code: "InvalidAttributeValue", Message: "Invalid value for the parameter " + p.Name + ".",
		Right: strconv.Itoa(p.Min) + " to " + Thousands(p.Max)}
}

// CheckQueue refuses settings of a queue mapping that do not go together, with
// AWS's code and words (Q-P1 to Q-P3, Q-P10).
func (s *Settings) CheckQueue(fifo bool) *Refusal {
	bad := func(what, message, right string) *Refusal {
		return &Refusal{What: what, Code: "InvalidParameterValueException", Message: message, Right: right}
	}
	switch {
	case fifo && s.BatchSize > 10:
		return bad("BatchSize", "Invalid BatchSize: "+itoa(s.BatchSize)+". A FIFO queue takes at most 10.", "1 to 10")
	case fifo && s.MaximumBatchingWindowInSeconds > 0:
		return bad("MaximumBatchingWindowInSeconds", "Batching window is not supported for FIFO queues", "0")
	case s.BatchSize > 10 && s.MaximumBatchingWindowInSeconds == 0:
		return bad("BatchSize", "Maximum batch window in seconds must be greater than 0 if maximum batch size is greater than 10", "1 to 10, or a window of 1 to 300 s")
	case s.MaximumConcurrency > 0 && s.MaximumPollers > 0:
		return bad("ScalingConfig", "MaximumConcurrency and provisioned pollers cannot be used together", "one of the two")
	case s.MaximumPollers > 0 && s.MinimumPollers > s.MaximumPollers:
		return bad("ProvisionedPollerConfig", "MinimumPollers cannot be greater than MaximumPollers", "MinimumPollers of at most "+itoa(s.MaximumPollers))
	}
	return nil
}

// RedrivePermissions are the words of a RedriveAllowPolicy.
var RedrivePermissions = []string{"allowAll", "denyAll", "byQueue"}

// CheckFIFO refuses attributes that only FIFO queues have, and throughput for
// each group without deduplication for each group (Q-F5, Q-F7).
func (q *QueueSettings) CheckFIFO(fifo bool) *Refusal {
	words := func(what, value, a, b string) *Refusal {
		switch {
		case value == "":
		case !fifo:
			return &Refusal{What: what, Code: "InvalidAttributeName", Message: "You can specify the " + what + " only when FifoQueue is set to true.", Right: "a FIFO queue"}
		case value != a && value != b:
			return &Refusal{What: what, Code: "InvalidAttributeValue", Message: "Invalid value for the parameter " + what + ".", Right: a + " or " + b}
		}
		return nil
	}
	if !fifo && q.ContentBasedDeduplication {
		return &Refusal{What: "ContentBasedDeduplication", Code: "InvalidAttributeName", Message: "Unknown Attribute ContentBasedDeduplication.", Right: "a FIFO queue"}
	}
	if r := words("DeduplicationScope", q.DeduplicationScope, "queue", "messageGroup"); r != nil {
		return r
	}
	if r := words("FifoThroughputLimit", q.FifoThroughputLimit, "perQueue", "perMessageGroupId"); r != nil {
		return r
	}
	if q.FifoThroughputLimit == "perMessageGroupId" && q.DeduplicationScope != "messageGroup" {
		return &Refusal{What: "FifoThroughputLimit", Code: "InvalidAttributeValue", Message: "The perMessageGroupId value is allowed only when the value for DeduplicationScope is messageGroup.", Right: "DeduplicationScope: messageGroup"}
	}
	return nil
}

// CheckDeadLetter refuses a redrive policy whose queues do not go together: of
// two types, or a DLQ that does not allow the source (Q-D6, Q-D8).
// allow holds the DLQ's attributes.
func CheckDeadLetter(source string, fifo bool, dlq string, dlqFIFO bool, allow *QueueSettings) *Refusal {
	bad := func(reason, right string) *Refusal {
		return &Refusal{What: "RedrivePolicy", Code: "InvalidParameterValue", Message: "Value for parameter RedrivePolicy is invalid. Reason: " + reason, Right: right}
	}
	switch {
	case dlq == source:
		return bad("Dead letter target is the source itself.", "another queue")
	case dlqFIFO != fifo:
		return bad("Dead-letter queue must be same type of queue as the source.", "FIFO for FIFO, standard for standard")
	case !allow.allows(source):
		return bad("Queue "+dlq+" does not allow "+source+" to use it as a dead-letter queue.", "a RedriveAllowPolicy that allows it")
	}
	return nil
}

// CheckTimeout refuses a mapping whose function may run longer than the
// queue's messages stay hidden (Q-P16). AWS checks it when the
// mapping is created or updated, and never else (Q-P17).
func CheckTimeout(visibility int, timeout Micros) *Refusal {
	if Micros(visibility)*Second >= timeout {
		return nil
	}
	t := itoa(int(timeout / Second))
	return &Refusal{What: "VisibilityTimeout", Code: "InvalidParameterValueException",
		Message: "Queue visibility timeout: " + itoa(visibility) + " seconds is less than Function timeout: " + t + " seconds", Right: "VisibilityTimeout of at least " + t}
}
