// Package setting holds the table of what can be set about event source
// mappings, queues, streams and functions: one row for each setting, with
// AWS's name, the sources it applies to, its range, its default, what a value
// means and what AWS answers to a value that it refuses. The template reader,
// scenarios, the command `set`, editors, panes, `explain` and the tables of
// docs/scenarios.md all read this table: a new setting is one more row.
//
// It knows no simulation and imports nothing of the engine but its rules and
// its filter patterns.
package setting

import "esmlab/engine/pattern"

// Mapping holds the settings of an event source mapping, by AWS's names. Times
// are in seconds.
type Mapping struct {
	BatchSize                      int
	MaximumBatchingWindowInSeconds int
	ParallelizationFactor          int
	MaximumRetryAttempts           int // -1: no limit
	MaximumRecordAgeInSeconds      int // -1: no limit
	TumblingWindowInSeconds        int // 0: none
	BisectBatchOnFunctionError     bool
	ReportBatchItemFailures        bool
	OnFailure                      string            // logical id of the destination, "" for none
	FilterCriteria                 *pattern.Criteria // nil: no filters
	// Queues only. 0 means not set: no maximum concurrency, no provisioned
	// mode.
	MaximumConcurrency             int // ScalingConfig
	MinimumPollers, MaximumPollers int // ProvisionedPollerConfig
}

// Queue holds a queue's attributes, by AWS's names. Times are in seconds, sizes
// in bytes.
type Queue struct {
	VisibilityTimeout             int
	DelaySeconds                  int
	MessageRetentionPeriod        int
	ReceiveMessageWaitTimeSeconds int // a mapping always asks for 20 itself
	MaximumMessageSize            int
	ContentBasedDeduplication     bool
	DeduplicationScope            string // FIFO queues; "" is the default
	FifoThroughputLimit           string // FIFO queues; "" is the default
	// RedrivePolicy: DeadLetterQueue is the logical id of the queue that
	// deadLetterTargetArn names, "" without a policy.
	DeadLetterQueue string
	MaxReceiveCount int
	// RedriveAllowPolicy: redrivePermission ("" is the default), and for
	// byQueue the logical ids of sourceQueueArns.
	RedrivePermission string
	SourceQueues      []string
}

// Stream holds the settings of a Kinesis data stream or of a table's stream.
type Stream struct {
	// ShardCount is how many shards it has at second 0. 0 of an on-demand stream:
	// as many as AWS gives a new one (KIN-SHARD-2).
	ShardCount int
	StreamMode string // StreamModeDetails: "PROVISIONED" (also ""), or "ON_DEMAND"
	Retention  Micros // RetentionPeriodHours
	// RecordDistributionStrategy is "USER_PARTITION_KEY" (also "") or, of an
	// on-demand stream, "AUTO".
	RecordDistributionStrategy string
	MaxRecordSizeInKiB         int // 0: the default
}

// OnDemand tells whether the service manages the shards of a data stream.
func (s *Stream) OnDemand() bool { return s.StreamMode == onDemand }

// Auto tells whether the service spreads records over the shards, whatever their
// keys.
func (s *Stream) Auto() bool { return s.RecordDistributionStrategy == auto }

// Raised tells whether the stream takes larger records than others.
func (s *Stream) Raised() bool { return s.MaxRecordSizeInKiB > defaultRecordKiB }

// MaxRecordBytes is the largest record that it takes, partition key included.
func (s *Stream) MaxRecordBytes() int { return max(defaultRecordKiB, s.MaxRecordSizeInKiB) << 10 }

const (
	auto             = "AUTO"
	defaultRecordKiB = 1024
)

// The capacity modes of a data stream.
const provisionedMode, onDemand = "PROVISIONED", "ON_DEMAND"

// Function holds the settings of a Lambda function, and how long it runs.
type Function struct {
	Timeout  Micros
	Takes    Takes
	Cold     Micros // added where a new execution environment starts
	Reserved int    // ReservedConcurrentExecutions, -1 for none
	// Managed is how many invocations it has room for on Managed Instances:
	// execution environments times what runs in each; -1 for none, which turns the
	// function off; 0 elsewhere.
	Managed int
	// Execution is the ExecutionTimeout of a durable function: a mapping waits for
	// the whole execution, its waits included; 0 for other functions.
	Execution Micros
	// RecursiveLoop is what Lambda does about a loop: "Terminate" (also ""), or
	// "Allow".
	RecursiveLoop string
	// What an invocation is billed by: its memory in MB, and the processor: "x86_64"
	// (also ""), or "arm64".
	MemorySize   int
	Architecture string
}

// Takes is how long an invocation runs: Base, plus Each for every record of
// its batch, plus a uniform draw from [0, Spread].
type Takes struct{ Base, Each, Spread Micros }

// Owner is the kind of resource that a setting belongs to.
type Owner uint8

// The resources that have settings.
const (
	OfMapping Owner = iota
	OfQueue
	OfStream
	OfFunction
)

func (o Owner) String() string { return [...]string{"mapping", "queue", "stream", "function"}[o] }

// Source is a set of event sources.
type Source uint8

// The event sources. A queue is SQS (a standard queue) or FIFO.
const (
	Kinesis Source = 1 << iota
	DynamoDB
	SQS
	FIFO

	AnyStream = Kinesis | DynamoDB
	AnyQueue  = SQS | FIFO
	Any       = AnyStream | AnyQueue
)

func (s Source) String() string {
	switch s {
	case Kinesis:
		return "Kinesis"
	case DynamoDB:
		return "DynamoDB"
	case SQS:
		return "SQS"
	case FIFO:
		return "SQS FIFO"
	case AnyStream:
		return "Kinesis, DynamoDB"
	case AnyQueue:
		return "SQS, SQS FIFO"
	}
	return "all"
}

// Resource is a resource and the settings that its rows read and write. Only
// the pointers of its Owner are set.
type Resource struct {
	ID string // logical id
	Of Owner
	In Source // of a mapping: what it reads; of a queue or a stream: what it is

	Mapping  *Mapping
	Enabled  *bool // of a mapping; nil where its state says it
	Queue    *Queue
	Stream   *Stream
	Function *Function

	// Concurrency is the account's limit of concurrent executions.
	Concurrency int
}
