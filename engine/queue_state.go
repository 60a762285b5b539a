package engine

import (
	"esmlab/engine/internal/bitset"
	"esmlab/engine/internal/bucket"
	"esmlab/engine/internal/heap"
)

// This file is the state of queues and of what polls them. A message is kept by
// the queue it was first put to (Queue.Put), even in a DLQ: events, pollers and
// lists refer to it by its id, which stands for that queue and its number there
// (Sim.MessageLabel).

// Message is one message of a queue, or a put that did not become one.
type Message struct {
	PutAt  Micros // first put
	At     Micros // when its retention period began: SentTimestamp
	Since  Micros // when it came to Queue
	First  Micros // first receive since it counts as new, Never before
	Until  Micros // hidden or delayed: when it becomes visible
	DoneAt Micros // when it left its queue for good
	order  int64  // its place among the queue's messages
	seq    uint64 // order in which the end of its visibility timeout or delay was scheduled

	Origin, N int32   // its label: the queue it was put to, its number there
	Queue     int32   // where it is now, or was last
	From      int32   // the queue that a redrive policy moved it from, -1
	Group     GroupID // of Queue; NoGroup if it has none
	row       int32   // traffic row of its body, -1: sent by a function or a discard
	Discard   int32   // index into Sim.Discards: it is that failure record; -1
	Forward   int32   // index into Sim.Forwards: it is that event; -1
	function  int32   // the function that sent it, -1
	Bytes     int32

	Receives    int32  // ApproximateReceiveCount: kept across queues, reset by a redrive
	elsewhere   int32  // how many of them were in queues before Queue
	Deliveries  int32  // times handed to a function
	Failures    int32  // how many of these failed
	lastReceive int32  // its last receive: Queue.Receives counts them
	Mapping     int32  // mapping mapping that received it last, -1
	Poller      int32  // of that mapping
	handle      uint32 // the newest receipt handle; older ones are stale
	hands       uint16 // how many pollers have it in their batch
	life        uint8  // times redriven: each time it has a new message id
	hops        uint8  // times its chain of invocations has come round to loop
	loop        int16  // the function where its chain began, -1
	State       RecordState
	place       place // which of the queue's lists it is in
	gone        bool  // it has left its queue for good, at DoneAt

	next, prev   int32 // neighbours in the list of its state
	newer, older int32 // neighbours in the list of all the queue's messages
}

// place is the list of a queue that a message is in.
type place uint8

const (
	placeNone     place = iota
	placeFresh          // visible, in order
	placeReturned       // visible again, in the heap
	placeGroup          // in its group's list, visible or delayed
	placeDelayed        // delayed, in the heap
	placeHidden         // in flight
)

// GroupID is a group's place in Sim.Groups. It means the same group wherever it
// stands; a message that moves to another queue gets the id of the group of the
// same name there.
type GroupID int32

// NoGroup is the GroupID of a message without a group.
const NoGroup GroupID = -1

// Group is a message group of a FIFO queue, or a tenant of a fair queue.
type Group struct {
	Name     string
	Queue    int32
	Visible  int32 // messages that could be received if the group were not locked
	Delayed  int32
	InFlight int32       // FIFO: while there are any, the group is locked
	waiting  messageList // its messages that are not in flight, in their order
	busy     Micros
	listed   bool  // fair queues: it is in the list of groups with visible messages
	offered  int64 // FIFO: the order under which it is in Queue.freeGroups, 0 none
}

// Locked reports whether no message of a FIFO queue's group can be received
// now.
func (g *Group) Locked() bool { return g.InFlight > 0 }

// messageList is a linked list of messages through next and prev: ids, -1 at the ends.
type messageList struct{ head, tail, n int32 }

var emptyList = messageList{head: -1, tail: -1}

// Queue is an SQS queue.
type Queue struct {
	QueueSettings
	FIFO   bool
	Put    Puts      // the messages that were first put to it
	Groups []GroupID // in the order of their first use
	// States counts the messages that were first put to this queue by their
	// current state, wherever they are.
	States [NumRecordStates]int64

	// What is in it now, and the totals of its events so far.
	Visible, InFlight, Delayed int32
	Sent                       int64 // accepted puts, including failure records, excluding moves
	Received                   int64 // messages received, each time counted counted
	Deleted                    int64 // after success
	Filtered, Purged, Expired  int64
	Moved                      int64 // to its DLQ
	MovedIn                    int64 // from a source by its redrive policy
	Redriven                   int64 // back out of it by a move task
	Deduplicated, Rejected     int64
	failed                     int64 // failure records that could not be delivered here
	DeletesFailed              int64
	receives                   int32 // receives that returned something
	requests                   QueueRequests

	// redrive is the move task that empties it, if one is running.
	redrive moveTask

	mappings         []int32 // mappings mappings that read it
	dlq              int32   // index of DeadLetterQueue, -1
	removed          bool
	orders           int64
	fresh            messageList        // visible, in order: never received, or sent to the back
	returned         heap.Heap[int32]   // visible again, by order
	delayed          heap.Heap[int32]   // delayed, by when they become visible
	hidden           messageList        // in flight, by the end of their visibility timeout
	all              messageList        // all its messages as they came, through newer and older
	aged             heap.Heap[int32]   // those that brought their age along, by when it began
	scanEnd          int32              // FIFO: the 120,000th of them, -1 while there are fewer
	freeGroups       heap.Heap[GroupID] // FIFO: groups that may be received from, by their first message
	visibleGroups    []GroupID          // fair queues: groups with visible messages
	dedup            dedupTable         // FIFO
	sends            bucket.Bucket      // FIFO: calls left of its throughput limit
	reads            bucket.Bucket      // FIFO
	busy             Micros             // fair queues: recent time in flight of all messages
	busyAt           Micros             // since when
	receiveScheduled bool               // a receive is scheduled
	passedOver       bool               // fair queues: the last receive took a younger message of a quiet tenant
	limitedUntil     Micros             // when a limit allows the next receive
	visibleAt        Micros             // when the end of a visibility timeout is scheduled, Never
	delayAt          Micros             // … of a delay
	retentionAt      Micros             // … of a retention
	purgeAgain       Micros             // when the next purge is taken
}

// moveTask is a message move task: StartMessageMoveTask.
type moveTask struct {
	running bool
	to      int32 // destination, -1: each to the queue it came from
	rate    int   // messages per second
	started Micros
	left    int32 // messages left to move
	given   bool  // the rate was given in the request
	gen     uint32
}

// PollerPhase is what one poller slot is doing.
type PollerPhase uint8

// The phases of a poller slot.
const (
	PollerWaits     PollerPhase = iota // in a long poll
	PollerGathers                      // has messages and waits for more in a batching window
	PollerRuns                         // the function has its batch
	PollerThrottled                    // was throttled and waits for the next try
)

// PollerPhases are words for PollerPhase.
var pollerPhases = [...]string{"waits", "gathers", "runs", "throttled"}

func (p PollerPhase) String() string { return pollerPhases[p] }

// Poller is one slot of a queue mapping: it receives, invokes the function and
// deletes, one batch at a time (Q15.26).
type Poller struct {
	Phase PollerPhase
	// Since and Due are the beginning and end of what it is doing now: a long
	// poll (see Sim.PollEnds), a window, an invocation, a wait.
	Since, Due Micros
	Batch      int32   // number of its batch, 0 if it has none
	Records    []int32 // ids of the messages it holds
	Tries      int32   // invocations made with the batch
	Throttles  int32
	invocation int32 // slot of the invocation under way, -1

	handles  []uint32 // the receipt handle of each
	bytes    int      // payload gathered
	opened   Micros   // first receive of the batch
	windowAt Micros   // when its batching window began
	rolled   bool     // that window is not the one after an invocation: the first, or one after an empty one
	took     Micros   // its last receive
	size     int32    // BatchSize and window of the batch that is gathered
	window   Micros
	gen      uint32
}

// Pollers is the polling side of a queue mapping.
type Pollers struct {
	// Slots are the poller slots, in use or not; Target is how many may work.
	Slots  []Poller
	Target int32

	cursor      int32         // next slot of this instant's round of receives
	empty       int64         // long polls that ended without a message
	time, since Micros        // provisioned mode: the time of all pollers up to since
	milli       int64         // Target in thousandths, not rounded up
	idle        bitset.Set    // slots that wait
	atMinimum   bool          // they are fewer than at the start, because there was nothing to do
	shrunk      bool          // a failure stopped the growth; the next success lets it continue
	growing     bool          // growth is scheduled
	idleCheckAt Micros        // when the next check for idle slots is scheduled
	receivedAt  Micros        // last receive
	scaledAt    Micros        // last time idle slots ended
	refused     bool          // receiving was denied, and an event said so
	calls       bucket.Bucket // provisioned: polling calls left
	bytes       bucket.Bucket // provisioned: bytes left
	gen         uint32
}

// Receive is a group of messages that were received together and are still in
// flight.
type Receive struct {
	N        int32 // number of the receive
	Mapping  int32
	Poller   int32
	Until    Micros  // end of their visibility timeout
	Messages []int32 // ids of those that are not deleted yet
}
