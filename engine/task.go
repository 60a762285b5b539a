package engine

// rank orders what happens at one instant (docs/scenarios.md, Names and times).
type rank uint8

const (
	rankState   rank = iota // mappings change state
	rankStep                // steps, as written
	rankTraffic             // traffic, row by row as written
	rankDue                 // what ends or falls due, in the order it was planned
	rankRead                // reads and receives
)

// taskKind says what a task does when it is taken from the heap.
type taskKind uint8

const (
	taskState taskKind = iota
	taskStep
	taskTraffic
	taskEnd    // an invocation ends
	taskRetry  // a wait between tries is over
	taskWindow // a batching window ends
	taskExpire // a shard's oldest record reaches the end of its retention
	taskRead   // a shard is read
	taskRoll   // the shards of a table's stream are followed by others
	// of a queue (a)
	taskReceive   // its waiting pollers receive
	taskVisible   // a visibility timeout ends
	taskDelay     // a delay ends
	taskRetention // its oldest message reaches the end of its retention
	taskRedrive   // its move task moves the next message
	// of a queue mapping (a)
	taskPoller    // a poller's wait or window (b) is over
	taskGrow      // more pollers, if there is a backlog
	taskIdleCheck // fewer, if some had nothing to do
)

// isBackground tells of tasks that leave a simulation idle: nothing but time causes
// them, and nothing but time follows.
func (k taskKind) isBackground() bool {
	return k == taskExpire || k == taskRoll || k == taskRetention || k == taskIdleCheck
}

// task is a planned event: data, not a closure. The heap orders tasks by
// (at, rank, seq). For tasks whose order among equals is given by names, seq
// is made of their indices (things are sorted by logical id); for what falls
// due it counts up as planned.
type task struct {
	at   Micros
	seq  uint64
	rank rank
	kind taskKind
	lane int16  // of the iterator, where there are several
	a, b int32  // what it is about: mapping and iterator, traffic row, invocation …
	gen  uint32 // ignored when its thing has moved on to another generation
}

func (t *task) before(u *task) bool {
	if t.at != u.at {
		return t.at < u.at
	}
	if t.rank != u.rank {
		return t.rank < u.rank
	}
	return t.seq < u.seq
}

// taskHeap is a binary heap of tasks. It is typed because container/heap
// boxes each element.
type taskHeap []task

func (h *taskHeap) push(t task) {
	q := append(*h, t)
	i := len(q) - 1
	for i > 0 {
		p := (i - 1) / 2
		if !t.before(&q[p]) {
			break
		}
		q[i] = q[p]
		i = p
	}
	q[i] = t
	*h = q
}

func (h *taskHeap) pop() task {
	q := *h
	top := q[0]
	last := q[len(q)-1]
	q = q[:len(q)-1]
	i := 0
	for {
		c := 2*i + 1
		if c >= len(q) {
			break
		}
		if c+1 < len(q) && q[c+1].before(&q[c]) {
			c++
		}
		if !q[c].before(&last) {
			break
		}
		q[i] = q[c]
		i = c
	}
	if len(q) > 0 {
		q[i] = last
	}
	*h = q
	return top
}
