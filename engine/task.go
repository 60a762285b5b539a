package engine

// rank orders what happens at one instant (docs/scenarios.md, Names and times).
type rank uint8

const (
	rankState   rank = iota // mappings change state
	rankStep                // steps, as written
	rankTraffic             // traffic, row by row as written
	rankDue                 // what ends or falls due, in the order it was scheduled
	rankRead                // reads and receives
)

// order is the place of a task among those of its instant: by rank, then by
// seq. If names decide, seq is made of indices (resources are sorted by logical
// id); if the order of scheduling decides, it counts up (Sim.nextDue).
func (r rank) order(seq uint64) uint64 { return uint64(r)<<56 | seq }

// taskKind says what a task does when it is taken from the heap.
type taskKind uint8

const (
	taskState taskKind = iota
	taskStep
	taskTraffic
	taskResend // a producer makes a call (a) again
	taskEnd    // an invocation ends
	taskWork   // a worker of an invocation (a) goes on
	taskBeat   // an act (b) of an invocation (a) is repeated
	taskLimit  // an invocation (a) that is still at work reaches its Timeout
	taskFront  // a topic, a bucket or a rule (a) sends again what it could not deliver (b)
	taskResume // a circuit breaker enables mapping (a) again
	taskRetry  // a wait between tries is over
	taskWindow // a batching window ends
	taskExpire // a shard's oldest record reaches the end of its retention period period
	taskRead   // a shard is read
	taskRoll   // the shards of a table's stream are replaced by new ones
	taskScale  // shards of an on-demand stream are split
	// of a queue (a)
	taskReceive   // its waiting pollers receive
	taskVisible   // a visibility timeout ends
	taskDelay     // a delay ends
	taskRetention // its oldest message reaches the end of its retention period period
	taskRedrive   // its move task moves the next message
	taskReceiver  // a receiver (a) beside its mappings goes on
	taskPurge     // a purge that takes time ends
	// of a queue mapping (a)
	taskPoller    // a poller's wait or window (b) is over
	taskGrow      // more pollers, if there is a backlog
	taskIdleCheck // fewer, if some had nothing to do
	// of any mapping (a)
	taskShift // an alias runs more of its new version
)

// isBackground reports whether a simulation counts as idle in spite of the
// task: it comes with time alone, and nothing else follows from it.
func (k taskKind) isBackground() bool {
	const background = 1<<taskExpire | 1<<taskRoll | 1<<taskScale | 1<<taskRetention | 1<<taskIdleCheck | 1<<taskLimit
	return background>>k&1 != 0
}

// task is a scheduled event: data, not a closure.
type task struct {
	kind taskKind
	lane int16  // of the iterator, where there are several
	a, b int32  // what it is about: mapping and iterator, traffic row, invocation …
	gen  uint32 // the task is void once its subject has moved on to another generation
}
