package engine

import (
	"esmlab/engine/pattern"
	"esmlab/engine/rule"
	"esmlab/engine/setting"
)

// Config is everything a simulation starts from. Resources are named by their
// logical ids; New refuses a Config with a name that refers to nothing. The
// Sims made from a Config do not change it.
type Config struct {
	Seed   uint64
	Start  int64  // second 0, in microseconds since 1970
	For    Micros // traffic without an end of its own stops here
	Region string
	// Account is the account's id in ARNs.
	Account string
	// Concurrency is the account's limit of concurrent executions, Used the
	// part of it that other load takes.
	Concurrency, Used int
	// Prices are those of the account where they differ from engine/cost's, in US
	// dollars by their names, and PricesOf the Region that they are those of, "" for
	// its. Nothing but a bill depends on them.
	Prices   map[string]float64
	PricesOf string
	Chosen   Chosen
	// Limits is the profile of how fast and how far a standard queue's mapping
	// scales: "current" (also "") or "2022" (Q-SC2, Q-SC3).
	Limits string

	Streams   []StreamConfig
	Queues    []QueueConfig
	Targets   []TargetConfig
	Fronts    []FrontConfig // by logical id
	Functions []FunctionConfig
	Mappings  []MappingConfig
	Services  []ServiceConfig
	Receivers []Receiver
	Traffic   []Traffic
	Steps     []Step

	// KeepRecords: streams keep their records in memory as long as they retain them, so
	// that a mapping which a deployment makes can be handed all of them. It changes
	// nothing else.
	KeepRecords bool

	// Absent are the logical ids of resources that a deployment has taken out of the
	// template. They keep their places.
	Absent []string
}

// Chosen holds the numbers that AWS does not publish. `chosen:` in a scenario
// sets them by the id of their rule (package rule), and each is shown.
// Durations are in microseconds.
type Chosen struct {
	RetryWait      Micros // MAP-RETRY-2: wait before the first retry; doubles
	RetryWaitMax   Micros // MAP-RETRY-3: the longest wait between tries
	WriteBurst     Micros // KIN-WRITE-2: how much of its write limit a shard can save up
	ThrottleSpread int64  // MAP-THROTTLE-3: how far a stream's throttled wait may differ, percent
	ReadRetry      Micros // KIN-SHARE-2: a refused read is tried again after
	OnDemandShards int64  // KIN-SHARD-2: shards of an on-demand stream
	ScaleAfter     Micros // KIN-SCALE-1: how long after a busy minute began a shard of it is split
	TableReads     int64  // DDB-READERS-2: reads a second a table's shard answers
	LookAhead      int64  // MAP-LANE-3: how many batches lanes may be ahead of a blocked one
	ShardRoll      Micros // DDB-ROLL-1: how often a table's shards are replaced by new ones; 0 never
	UpdateAgain    int64  // MAP-STATE-7: 1: an update delivers again what is under way
	PollerWait     Micros // SQS-THROTTLE-2: first wait of a queue's throttled batch; doubles
	PollerWaitMax  Micros // SQS-THROTTLE-3: its longest wait
	PollerJitter   int64  // SQS-THROTTLE-4: how far a wait may differ, percent
	PollerIdle     Micros // SQS-SCALE-4: how long polls are empty before half of the pollers over five end
	PollerRest     Micros // SQS-SCALE-5: how long polls are empty before all but two end
	ErrorKeep      int64  // SQS-SCALE-6: percentage of the pollers that stay after a failed batch
	ThrottleKeep   int64  // SQS-SCALE-7: percentage that stays after a throttled one
	PurgeTakes     Micros // SQS-PURGE-3: how long a purge takes
	FilterChange   Micros // SNS-FILTER-3: how long a changed FilterPolicy takes to count
	RedriveRate    int64  // SQS-REDRIVE-2: messages per second of a move task without a rate
}

// DefaultChosen are the numbers esmlab chose (S-E22, S-E24, S-E50, S-E51).
func DefaultChosen() Chosen {
	return Chosen{RetryWait: 500 * Millisecond, RetryWaitMax: Minute, WriteBurst: Second, ThrottleSpread: 10, ReadRetry: Second,
		OnDemandShards: 4, ScaleAfter: 15 * Minute, TableReads: 8, LookAhead: 10,
		PollerWait: Second, PollerWaitMax: 20 * Second, PollerJitter: 10, PollerIdle: Minute, PollerRest: 5 * Minute, ErrorKeep: 90, ThrottleKeep: 80, RedriveRate: 500}
}

// Field returns the number of a rule, nil if it has none.
func (c *Chosen) Field(id rule.ID) *int64 {
	var p *Micros
	switch id {
	case rule.KinOnDemand:
		return &c.OnDemandShards
	case rule.KinScale:
		p = &c.ScaleAfter
	case rule.DdbReadersRate:
		return &c.TableReads
	case rule.MapLaneAhead:
		return &c.LookAhead
	case rule.MapThrottleSpread:
		return &c.ThrottleSpread
	case rule.MapUpdateAgain:
		return &c.UpdateAgain
	case rule.DdbRoll:
		p = &c.ShardRoll
	case rule.SqsThrottleWait:
		p = &c.PollerWait
	case rule.SqsThrottleWaitMax:
		p = &c.PollerWaitMax
	case rule.SqsThrottleJitter:
		return &c.PollerJitter
	case rule.SqsScaleDown:
		p = &c.PollerIdle
	case rule.SqsScaleRest:
		p = &c.PollerRest
	case rule.SqsPurgeTakes:
		p = &c.PurgeTakes
	case rule.SqsErrorScale:
		return &c.ErrorKeep
	case rule.SqsThrottleScale:
		return &c.ThrottleKeep
	case rule.SnsFilterChange:
		p = &c.FilterChange
	case rule.SqsRedriveRate:
		return &c.RedriveRate
	case rule.MapRetryWait:
		p = &c.RetryWait
	case rule.MapRetryWaitMax:
		p = &c.RetryWaitMax
	case rule.KinWriteBurst:
		p = &c.WriteBurst
	case rule.KinShareRetry:
		p = &c.ReadRetry
	default:
		return nil
	}
	return (*int64)(p)
}

// StreamKind distinguishes Kinesis data streams from tables' streams.
type StreamKind uint8

// The two kinds of streams a mapping reads.
const (
	Kinesis StreamKind = iota
	DynamoDB
)

// ViewType is a table's StreamViewType.
type ViewType uint8

// What a stream record holds of the item in addition to its key.
const (
	KeysOnly ViewType = iota
	NewImage
	OldImage
	NewAndOldImages
)

// ViewTypes are AWS's words, indexed by ViewType.
var ViewTypes = [...]string{"KEYS_ONLY", "NEW_IMAGE", "OLD_IMAGE", "NEW_AND_OLD_IMAGES"}

func (v ViewType) String() string { return ViewTypes[v] }

// WriteOp is what is done to an item of a table.
type WriteOp uint8

// The writes of `op`. WriteAuto is an insert on a key's first record, then
// modifications.
const (
	WriteAuto WriteOp = iota
	WriteInsert
	WriteModify
	WriteRemove
	WriteTTL
)

// WriteOps are the words of a scenario, indexed by WriteOp.
var WriteOps = [...]string{"", "insert", "modify", "remove", "ttl"}

// StreamConfig is a Kinesis data stream (AWS::Kinesis::Stream) or a table's
// stream (AWS::DynamoDB::Table with a StreamSpecification).
type StreamConfig struct {
	After         int64 // as MappingConfig's
	ID, Name, ARN string
	Kind          StreamKind
	View          ViewType // DynamoDB
	KeyName       string   // DynamoDB: the partition key's attribute
	Global        bool     // DynamoDB: a global table with more than one replica
	// KMS: its records are encrypted with a customer managed key, which a
	// mapping's role must be allowed to use (kms:Decrypt).
	KMS            bool
	StreamSettings // at second 0
}

// QueueConfig is an SQS queue (AWS::SQS::Queue): a source, a dead-letter queue,
// where failure records go, or several of these.
type QueueConfig struct {
	ID, Name, ARN string
	FIFO          bool // FifoQueue; it never changes
	// QueueSettings are the attributes at second 0. A MessageRetentionPeriod of
	// 0, which AWS does not accept, stands for DefaultQueueSettings.
	QueueSettings
	// KMS: its messages are encrypted with a customer managed key, which a
	// mapping's role must be allowed to use (kms:Decrypt; Q-A4).
	KMS bool
	// Duplicates is the probability that a message of a standard queue is
	// received twice without any error, FailedDeletes the probability that a
	// deletion fails. Both are 0 to 1, drawn once per message from the seed
	// (`sources.<id>` of a scenario).
	Duplicates, FailedDeletes float64
	// Away is when topics, buckets and rules cannot send to it, and try again
	// (`sources.<id>.away` of a scenario).
	Away []Span
}

// TargetConfig is an SNS topic or an S3 bucket that failures go to.
type TargetConfig struct {
	ID, Name, ARN string
	Bucket        bool // S3; else SNS
	FIFO          bool // a FIFO topic
	// MaximumMessageSize of a topic in bytes; 0: TopicMessageSize.
	MaximumMessageSize int
}

// TopicMessageSize is the largest message that an SNS topic takes, in bytes, unless
// its MaximumMessageSize is raised (N-B7).
const TopicMessageSize = 256 << 10

// Destinations of failures are numbered together: a queue keeps its index,
// topics and buckets are numbered from FirstTarget on, so that a queue that a
// deployment adds moves none of them.
const FirstTarget = 1 << 24

// DestinationID is the logical id of a destination.
func (c *Config) DestinationID(i int32) string {
	if t := c.Target(i); t != nil {
		return t.ID
	}
	return c.Queues[i].ID
}

// Target returns the topic or bucket of a destination, nil for a queue.
func (c *Config) Target(i int32) *TargetConfig {
	if i < FirstTarget {
		return nil
	}
	return &c.Targets[i-FirstTarget]
}

// Destinations lists the numbers of all queues, topics and buckets.
func (c *Config) Destinations() []int {
	var out []int
	for i := range c.Queues {
		out = append(out, i)
	}
	for i := range c.Targets {
		out = append(out, FirstTarget+i)
	}
	return out
}

// FunctionConfig is a Lambda function.
type FunctionConfig struct {
	ID, Name, ARN, RoleARN string
	FunctionSettings              // at second 0
	Sends                  string // queue that is sent a message for each successful invocation; "" none
	Faults                 []Fault
	Handler                Handler
	// Async are its own DLQ and destinations. They are for asynchronous
	// invocations: no mapping uses them (Q-E17), but what Lambda stops as a loop
	// goes there too (FN-RECURSION-2).
	Async []AsyncDestination
	// PackageType and Tenancy (TenancyConfig) never change.
	PackageType, Tenancy string
}

// AsyncDestination is where events of a function go whose asynchronous invocation
// failed.
type AsyncDestination struct {
	Property string // what names it: DeadLetterConfig, EventInvokeConfig, a resource
	To       string // logical id of a queue, a topic or a bucket; "" where it is none of this run
	// Record: an on-failure destination, which gets a record that holds the event. A
	// DLQ gets the event itself.
	Record bool
}

// How is what a fault does to the invocation it hits.
type How uint8

// The ways to fail, in the order of docs/scenarios.md.
const (
	HowError How = iota
	HowTimeout
	HowCrash
	HowSlow
	HowReport
	HowReply
)

// HowNames are the words of a scenario, indexed by How.
var HowNames = [...]string{"error", "timeout", "crash", "slow", "report", "reply"}

func (h How) String() string { return HowNames[h] }

// Names says which records a reporting handler lists in batchItemFailures.
type Names uint8

// Which of the records that were hit are listed; NamesDefault is the default of
// the kind of source.
const (
	NamesDefault Names = iota
	NamesFirst
	NamesHit
	NamesRest
)

// NamesWords are the words of a scenario, indexed by Names.
var NamesWords = [...]string{"", "first", "hit", "rest"}

// Label names a record: the N-th put to Source, counted from 1.
type Label struct {
	Source string
	N      int
}

func (l Label) String() string { return l.Source + "#" + itoa(l.N) }

// Fault makes a function misbehave. All selectors that are set must match;
// without a record selector every record of the batch is hit.
type Fault struct {
	Name       string
	Function   string // for the command `fault`; "" inside FunctionConfig
	Records    []Label
	Keys       []string
	Nth        int     // label numbers divisible by it; 0 off
	HasChance  bool    // Chance is set
	Chance     float64 // 0 to 1, drawn once per invocation
	From       Micros  // of the invocation's start
	Until      Micros  // exclusive; Never if it has no end
	Deliveries int     // hits a record's first N deliveries only; 0 off
	Version    string  // of the function: hits invocations of this one only; "" all
	How        How
	Takes      Takes // HowSlow: replaces the function's
	Names      Names
	Reply      string
	Matching   *pattern.Criteria // records that one of its patterns matches
	When       Predicate         // records for which it holds; nil all
	// Before: it strikes before the handler acts on the record, not after.
	Before bool
	// The handler changes the visibility timeout of the messages that it hits, if
	// HasVisibility is set.
	HasVisibility bool
	Visibility    Micros
}

// StartingPosition is where a mapping begins to read.
type StartingPosition uint8

// The three starting positions of a Kinesis mapping.
const (
	TrimHorizon StartingPosition = iota
	Latest
	AtTimestamp
)

// StartingPositions are AWS's words, indexed by StartingPosition.
var StartingPositions = [...]string{"TRIM_HORIZON", "LATEST", "AT_TIMESTAMP"}

func (p StartingPosition) String() string { return StartingPositions[p] }

// MappingConfig is an AWS::Lambda::EventSourceMapping.
type MappingConfig struct {
	// Source is the logical id of a stream or of a queue.
	ID, Source, Function string
	// After is the number of the last event before a deployment made it, 0 where it is
	// there from the beginning.
	After int64
	UUID  string
	// Qualifier is the version or alias of the function that it invokes, "" for
	// none; Version is the version it refers to.
	Qualifier, Version string
	// Other is the second version of a weighted alias, Weight the part of the
	// invocations that run it (RoutingConfig).
	Other  string
	Weight float64
	// Publishes: the alias is AutoPublishAlias of SAM, which publishes each new code as
	// a version. Shift says how long after that it runs how much of the invocations
	// (DeploymentPreference); none: all at once.
	Publishes bool
	Shift     []Shift
	// Consumer is the name of the stream consumer (enhanced fan-out)
	// that the mapping reads through, "" for a standard reader.
	Consumer string
	Enabled  bool
	// How long each change of state takes.
	Activates, Updates, Disables Micros
	Start                        StartingPosition
	StartTimestamp               int64    // AT_TIMESTAMP: microseconds since 1970
	Deny                         []Denial // what the role may not do
	Settings
}

// Shift is a step of a deployment by CodeDeploy: so long after it began, this part
// of the invocations runs the new version.
type Shift struct {
	After  Micros
	Weight float64
}

// The settings of the resources, by AWS's names: package setting has the table
// of them.
type (
	Settings         = setting.Mapping
	QueueSettings    = setting.Queue
	StreamSettings   = setting.Stream
	FunctionSettings = setting.Function
	Takes            = setting.Takes
)

// DefaultSettings returns the settings of a stream's mapping that is created
// without any (S-1.3).
func DefaultSettings() Settings { return setting.NewMapping(setting.Kinesis) }

// DefaultQueueSettings returns the attributes of a queue that is created
// without any.
func DefaultQueueSettings() QueueSettings { return setting.NewQueue() }

// DefaultQueueMapping returns the settings of a queue's mapping that is created
// without any.
func DefaultQueueMapping() Settings { return setting.NewMapping(setting.SQS) }

// Traffic puts records to a source: Count of them at one instant (At), or Per
// of them each Every, from From until Until, exclusive.
type Traffic struct {
	To     string
	AtOnce bool // Count records at At
	At     Micros
	From   Micros
	Until  Micros // Never: to the end of the run
	Count  int    // 0: no limit (spread) or 1 (AtOnce)
	Every  Micros // the n-th put is at From + n*Every/Per
	Per    int64
	Keys   []string // taken in turn, or drawn from the seed
	Random bool
	Shard  int // put to this shard regardless of the key; -1: by the key
	Body   string
	Op     WriteOp // DynamoDB
	Size   int     // bytes of the whole record, key included; 0: as long as the body
	// Queues. Keys are message groups; a standard queue's messages have one
	// only if Keys are given (fair queues).
	Dedup string // FIFO: MessageDeduplicationId, {n} and {key} filled in; "": by content, else unique
	Delay Micros // standard: message timer, used if HasDelay is set
	// Attributes are the message attributes, of a queue's message or a topic's.
	Attributes []Attribute
	HasDelay   bool
	Producer
}

// DefaultBody is the payload of a record whose traffic gives none.
const defaultBody = `{"n":{n}}`

// Step is a Command and when it is carried out: before everything else of its instant but
// changes of state, or, if it is Placed, behind so many tasks of the instant as Tick says.
type Step struct {
	At     Micros
	Placed bool
	Tick   int32
	Command
}
