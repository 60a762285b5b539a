package engine

import (
	"sort"

	"esmlab/engine/internal/bitset"
	"esmlab/engine/internal/bucket"
	"esmlab/engine/internal/cow"
	"esmlab/engine/internal/uint128"
	"esmlab/engine/rule"
)

// This file is the state of a simulation: plain data, with indices for
// references, so that a copy is a branch of history (Sim.Clone). Exported
// fields may be read by panes, questions and lessons; only the engine writes
// them.

// Record is one record of a stream.
type Record struct {
	At    Micros // arrival
	Key   int32  // index into Stream.Keys
	Shard int32  // -1: the put was rejected
	Pos   int32  // its position in the shard
	Bytes int32  // payload and partition key
	row   int32  // index into Sim.rows: where its payload comes from
	Op    WriteOp
	Auto  bool // put with RecordDistributionStrategy AUTO: it has no partition key
}

// HeldRecord is a copy of a record with all that belongs to it.
type HeldRecord struct {
	Record
	old image
}

// image is what an item of a table holds, or held before a write: the record that wrote it,
// 0 if there is none, and what its payload is made of.
type image struct {
	n, row, bytes int32
}

// Key is a partition key and its hash. It never changes.
type Key struct {
	Name string
	hash uint128.Int
}

// keyPlace is what each put asks of a key.
type keyPlace struct {
	shard int32 // the open shard whose range holds its hash
	bytes int32 // of its name
}

// Shard is one shard of a stream.
type Shard struct {
	// What each put asks for stands first, close together. Of its read and write
	// limits the shard keeps what is left.
	writes, writeBytes bucket.Bucket
	fullAt             Micros // when writes was last full
	Trim               int32  // position of the oldest record retained
	Closed             bool
	expiryScheduled    bool
	gone               int32                 // label number of the record before Trim, 0 if there is none
	records            cow.List[shardRecord] // in order of sequence number

	Lo, Hi           uint128.Int // its hash range, inclusive
	Parents          []int32     // shards it was split off or merged from
	reads, readBytes bucket.Bucket
	readPause        Micros  // no read is answered before
	load             load    // of an on-demand stream
	_                [8]byte // a multiple of 64 bytes: what stands first lies in two lines of a cache
}

// shardRecord is what reading a shard asks of a record: it lies here, beside those that
// are read with it.
type shardRecord struct {
	n     int32 // its label number
	bytes int32
	key   int32 // -1: none (Record.Auto)
}

// Len is how many records were ever put to the shard: the position after the
// last one.
func (sh *Shard) Len() int { return sh.records.Len() }

// First is the first position that is still known.
func (sh *Shard) First() int { return sh.records.FirstHeld() }

// at is the label number of the record at a position. The shard knows those
// from Trim on, and earlier ones that some mapping has not finished.
func (sh *Shard) at(pos int32) int32 { return sh.records.At(int(pos)).n }

// position is where the record with a label number lies, which is at a position or later.
// The shard's own list is near, where the record is not.
func (sh *Shard) position(n, from int32) int32 {
	for step := int32(1); ; step *= 2 {
		to := min(from+step, int32(sh.Len()))
		if sh.at(to-1) >= n {
			return from + int32(sort.Search(int(to-from), func(i int) bool { return sh.at(from+int32(i)) >= n }))
		}
		from = to
	}
}

// Between lists the label numbers from one position up to another, exclusive.
func (sh *Shard) Between(from, to int32) []int32 {
	nums := make([]int32, 0, max(0, to-from))
	for from < to {
		run := sh.run(from, to)
		for i := range run {
			nums = append(nums, run[i].n)
		}
		from += int32(len(run))
	}
	return nums
}

// run gives those records from one position up to another, exclusive, that lie together.
func (sh *Shard) run(from, to int32) []shardRecord {
	c := from / cow.ChunkLen
	first := c * cow.ChunkLen
	return sh.records.Chunk(int(c))[from-first : min(to, first+cow.ChunkLen)-first]
}

// Stream is a Kinesis data stream or a table's stream. How many shards it has now,
// open says, not ShardCount.
type Stream struct {
	limits
	Keys      []Key
	places    cow.List[keyPlace] // by key
	items     cow.Sparse[image]  // DynamoDB: by key
	oldImages cow.Sparse[image]  // DynamoDB: the old image of record n is oldImages.At(n-1)
	Records   cow.List[Record]   // record n is Records.At(n-1)
	largest   int32              // no record has more Bytes
	Shards    []Shard
	Rejected  int64
	Expired   int64
	StreamSettings
	mappings []int32 // mappings that read it
	open     []int32 // the open shards in the order of their ranges; replaced, never written to
	removed  bool
	past     cow.List[arrivals] // by chunk: of those that were dropped
	unready  []int32            // chunks that were looked at and could not be dropped yet, the next first
	room     []uint32           // memory for past
	expired  int                // chunks of past in which everything has expired
	modes    [2]Micros          // when the last two changes of the mode are a day old
	turn     int                // AUTO: how many records were put, the open shards taking turns
	first    int32              // the first shard of this stream: those before are of one that it replaced
	olds     []oldStream        // those that it replaced; only appended to

	shardTime       Micros // usage.go: what ShardTime adds the open shards to
	putUnits, putKB int64
}

// oldStream is a stream that another one has replaced.
type oldStream struct {
	until  int32 // the shards before this one are its own
	config StreamConfig
}

// MappingState is a mapping's State, in AWS's words.
type MappingState uint8

// The states of API_EventSourceMappingConfiguration.
const (
	Creating MappingState = iota
	Enabling
	Enabled
	Disabling
	Disabled
	Updating
	Deleting
)

// MappingStates are AWS's words, indexed by MappingState.
var MappingStates = [...]string{"Creating", "Enabling", "Enabled", "Disabling", "Disabled", "Updating", "Deleting"}

func (m MappingState) String() string { return MappingStates[m] }

// RecordState is the state of a record as one mapping sees it.
type RecordState uint8

// The states of a record (docs/scenarios.md, Questions). A stream's record has
// one for each mapping, a queue's message has one.
const (
	StateNone RecordState = iota // not put yet
	StateWaiting
	StateBatched
	StateRunning
	StateRetrying
	StateDone
	StateFiltered
	StateMissed
	StateDiscarded
	StateExpired
	StateRejected
	StateUnchanged // DynamoDB: the write changed nothing, so there is no stream record
	// A queue's messages only.
	StateHidden       // released by the mapping, waits for the end of its visibility timeout
	StateDelayed      // cannot be received yet, because of its delay
	StateDead         // visible in a DLQ
	StateDeduplicated // FIFO: the send was accepted as a duplicate, without a new message
	StatePurged
	StateForgotten // it has gone so long ago that not even its last state is known
	NumRecordStates
)

// RecordStates are the words of the trace, indexed by RecordState.
var RecordStates = [NumRecordStates]string{"", "waiting", "batched", "running", "retrying", "done", "filtered",
	"missed", "discarded", "expired", "rejected", "unchanged", "hidden", "delayed", "dead", "deduplicated", "purged", "forgotten"}

func (s RecordState) String() string { return RecordStates[s] }

// Track is the end of what one mapping did with one record: its last state, and when it
// got there. It is small, because each record that is done writes to its own, far from the
// others of its batch.
type Track struct {
	bits uint64 // when, shifted by 8, and the state
}

func trackOf(final RecordState, at Micros) Track { return Track{uint64(at)<<8 | uint64(final)} }

// DoneAt is when the record got its last state, 0 while it is under way.
func (t Track) DoneAt() Micros { return Micros(t.bits >> 8) }

// final is the record's last state, or StateNone while it is under way: its state then
// follows from the positions.
func (t Track) final() RecordState { return RecordState(t.bits) }

// tries count those deliveries of a record that did not end with its being done: most
// records have none.
type tries struct {
	failures int32
	others   int32 // given up by the mapping, or done and to be delivered again
}

// Mapping is an event source mapping.
type Mapping struct {
	Settings
	State            MappingState
	Iterators        []Iterator
	reads            bitset.Set               // shards whose next read is scheduled: each put asks
	Track            cow.List[Track]          // of record n at Track.At(n-1)
	tries            cow.Sparse[tries]        // of record n at tries.At(n-1)
	compacted        cow.List[compactedChunk] // last states of records that were dropped, by chunk
	Counts           MappingCounts
	Running          int32  // invocations under way
	lastBatch        int32  // number of the newest batch
	IteratorAge      Micros // of the newest invocation's last record
	MaxIteratorAge   Micros
	Polls            Pollers // of a queue's mapping, which has no Iterators
	source, function int32   // source: index of the stream, -1 for a queue's mapping
	queue            int32   // index of the queue, -1 for a stream's mapping
	// until is, while its source is replaced, the first shard of the new stream: the
	// mapping reads only those before it. 0: all.
	until   int32
	yields  bool // it reads that until the mapping is there which a deployment makes
	renewed bool // a deployment has made it: its stream had records before
	follows bool // it has replaced another one
	// version of the function, and of a weighted alias the other one
	version, other string
	weight         float64
	shifts         uint32 // steps of another generation are void
	denied         []Denial
	pending        *Settings // an update under way
	gen            uint32
	deleted        bool          // deleted
	since          Micros        // when the change of state under way began
	started        bool          // has been Enabled once: its starting position is resolved
	startedAt      Micros        // when
	managed        bucket.Bucket // on Managed Instances: bytes that it may hand over now
	standard       bool          // no enhanced fan-out consumer
	readKB         int64         // usage.go
	// verdicts are what the filters say about traffic rows whose data are
	// always the same, "" if not evaluated yet. sameData says that the filters
	// look at nothing but the data.
	verdicts []rule.ID
	sameData bool
}

// MappingCounts are a mapping's own metrics and results.
type MappingCounts struct {
	PolledEventCount, FilteredOutEventCount, InvokedEventCount, FailedInvokeEventCount int64
	DroppedEventCount, OnFailureDestinationDeliveredEventCount, DeletedEventCount      int64
	Skipped, Again                                                                     int64                  // by deployments: never handed over, handed over again
	States                                                                             [NumRecordStates]int64 // final ones only
	LastProcessingResult                                                               string
}

// Phase is what a lane is doing.
type Phase uint8

// The phases of a lane.
const (
	PhaseIdle      Phase = iota // everything that was read is done
	PhaseGather                 // records are read, the batch is not closed yet
	PhaseRunning                // the function has the batch
	PhaseWaiting                // the batch failed and waits for its next try
	PhaseThrottled              // the try was throttled, the batch waits for the next
)

// Iterator is a mapping's position in one shard.
type Iterator struct {
	Shard int32
	Next  int32 // position of the first record that is not finished
	Read  int32 // position of the first record that is not read
	// Checkpoint is the label number of the last record that is finished
	// together with all before it, 0 if there is none yet.
	Checkpoint int32
	// Lanes hold what was read, each the records of its own keys. There are as
	// many as ParallelizationFactor, by default one.
	Lanes []Lane

	// Finished tells that a closed shard and all shards it came from are done: it is
	// no longer read, and its children may be.
	Finished bool

	readAt Micros // when the last read began
	pollAt Micros // when the next is due as a rule
	// nextRead is when the next read is due. A read that would return nothing
	// is not scheduled, so it may be in the past (scheduleRead moves it on).
	nextRead       Micros
	hitLimit       bool    // the last read hit its limit
	refused        bool    // reading was denied, and an event said so
	throttled      bool    // the last read was refused
	gap            bool    // records expired while the mapping was off
	settled        int32   // no record before this position is unfinished or in a batch; there may be more of them (inHand)
	redeliveryRule rule.ID // why records are delivered again: a restart, or disabled and enabled
	gen            uint32  // scheduled reads of another generation are void
}

// Lane is one sequence of batches of a shard: what was read for it, the batch
// it holds, and what happens to that.
type Lane struct {
	// All lanes of a shard are asked each time one of them moves on: what is asked then is
	// the first 64 bytes, one line of a processor's cache. What each batch asks of its own
	// lane is the next 64.
	Phase           Phase
	Blocked         bool // since BlockedAt: the batch failed or was throttled and is not yet done or discarded
	halt            bool // release the batch when the invocation has ended
	takable         bool // keys may wait that are not in the batch
	windowScheduled bool
	rolled          bool    // the window had ended before without records
	stalled         bool    // it was held at the look-ahead limit
	told            bool    // Records are in events, which share them: they are never written to again
	head            int32   // queue[head] is the next record that waits
	gen             uint32  // scheduled waits of another generation are void
	queue           []int32 // label numbers that were read and are in no batch
	// Parts are the pieces of the batch that are still to be done; the last one is
	// next.
	Parts []Part

	// Records are the label numbers of the batch when it was closed, in order.
	Records    []int32
	Root       int32 // the number of the batch when it was closed
	invocation int32 // slot of the invocation under way, -1 none
	// BatchSize, window and tumbling window, in seconds, of the batch being gathered
	size, window, tumbling int16
	isTumbling             bool // tumble is not nil
	hasFailed              bool // FailedRecords is not empty
	// Since and Due are the beginning and end of what it is doing now: an
	// invocation, or a wait.
	Since, Due  Micros
	windowStart Micros

	BlockedAt     Micros
	FailedRecords []int32  // the records that made the last try fail
	tumble        *tumble  // the open tumbling window, nil if there is none
	_             [24]byte // a multiple of 64 bytes
}

// Waiting lists the label numbers that were read and are not in a batch yet.
func (l *Lane) Waiting() []int32 { return l.queue[l.head:] }

// Part is a piece of a batch that is delivered separately.
type Part struct {
	Lo, Hi    int32 // Lane.Records[Lo:Hi]
	Batch     int32 // its number
	Tries     int32 // invocations made
	Throttles int32 // throttled tries
	half      uint8 // 1 first, 2 second half of a split
	remainder bool  // what a partial response left
	final     bool  // the final invocation of a tumbling window, without records
}

// Function is a Lambda function.
type Function struct {
	FunctionSettings
	Faults []ActiveFault

	Invocations, OK, Errors, Timeouts, Throttles, ColdStarts, DestinationFailures int64
	RecursiveInvocationsDropped                                                   int64 // batches that Lambda stopped as a loop
	Running, Peak                                                                 int32
	idle                                                                          int32         // idle execution environments
	faults                                                                        []Fault       // all it ever had, by their numbers; only appended to
	environments                                                                  bucket.Bucket // execution environments that it may gain now
	throttled                                                                     throttledLanes
	handler                                                                       *handler
	works                                                                         bool // its handler does more than take time: function_work.go
	Effects                                                                       []Effect
	billed                                                                        Micros // time, and the same times MB: usage.go
	billedMemory                                                                  int64
	removed                                                                       bool
	// code is the number of its newest code: each deployment of other code counts it
	// up. Published versions keep theirs.
	code      int32
	published []publishedVersion
	past      []oldCode // by their numbers; only appended to
}

// oldCode is code that other code has replaced: versions may still run it.
type oldCode struct {
	FunctionSettings
	handler *handler
}

// publishedVersion is which code a version of a function runs.
type publishedVersion struct {
	version string
	code    int32
}

// ActiveFault is a fault that is switched on, with its names resolved.
type ActiveFault struct {
	Fault
	source int32    // stream of Records, -1
	queue  int32    // queue of Records, -1
	nums   []int32  // label numbers of Records, sorted
	keys   []string // Keys, sorted
	every  bool     // it has no record selector
	id     int32    // index into Function.faults: its draws do not depend on other faults
	ofCode bool     // it came with code number code: other code has it no more
	code   int32
}

// invocation is one call of a function that is under way.
type invocation struct {
	n                 int32 // the function's n-th
	version           int32 // of a weighted alias: which it runs, 0 where there is no choice
	function, mapping int32
	batch, attempt    int32
	shard             int32 // of a queue's mapping: the poller
	lane              int16
	active            bool
	outcome           Outcome
	start, end        Micros
	gen               uint32 // of its tasks, where it has work
	abandoned         bool   // its mapping no longer waits for it
	raised            bool   // Powertools raised an error because all records failed
	isSpecial         bool
	*special          // of its slot: zero but for the room of lists, unless isSpecial
}

// special is what faults, responses, handlers that act and deployments add to an
// invocation. Most have nothing of it, so it lies apart: thousands may be under way.
type special struct {
	cut      int32   // partial: index in the piece of the first record that was reported
	failures []int32 // records that made it fail, or that it reported
	faults   []int32 // the numbers of the faults that hit it
	answer   reply
	work     *work // nil: its end is decided
	// records are those that it was given, where its mapping no longer waits for it.
	records    []int32
	isOrphaned bool // a deployment has replaced the mapping
}

// Target is an SNS topic or an S3 bucket that failure records go to.
type Target struct {
	Discards []int32 // what was delivered: indices into Sim.Discards
	Forwards []int32 // … and into Sim.Forwards
	failed   int64   // deliveries that failed
	removed  bool
}

// Discard is a range of records that a mapping gave up on.
type Discard struct {
	At          Micros
	Mapping     int32
	Shard       int32
	function    int32
	Condition   Condition
	InvokeCount int32
	Records     []int32 // at least one
	// Reported says that the failures came from batchItemFailures.
	Reported bool
	// Invocation is the number of the function's last invocation with it, 0 if
	// there was none.
	invocation  int32
	functionARN string // with its qualifier, and the version that it ran: a deployment may change both
	version     string
	// Window is the tumbling window it was in, nil outside one.
	Window *Window
	// To is the number of the destination it went to, -1 if none.
	To int32
	// First and last are copies of the first and last of Records, Held are
	// copies of all of them if they went to a bucket: the stream drops its own.
	First, last Record
	Held        []HeldRecord
}
