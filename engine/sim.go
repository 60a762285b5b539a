package engine

import (
	"slices"

	"esmlab/engine/internal/heap"
	"esmlab/engine/rule"
)

// Sim is a simulation: the state of everything at one instant of virtual
// time. It is not safe for use by several goroutines.
type Sim struct {
	cfg *Config

	Streams   []Stream
	Queues    []Queue
	Targets   []Target
	Functions []Function
	Mappings  []Mapping
	Groups    []Group // of all queues; a group's index is its GroupID
	groups    groupTable
	idBits    int // see idBits

	recordsKept, messagesKept int // see there
	Services                  []Service
	stores                    []store
	resends                   []resend
	receivers                 []receiver // the Config's, then those of `receive` commands
	Discards                  []Discard
	Forwards                  []Forward
	// rows are the traffic rows: the Config's, then those of `put` commands.
	rows   []trafficRow
	fronts []front

	now         Micros
	instant     instant
	tasks       heap.Heap[task] // by time, then order
	underWay    bool            // the first task is being carried out; what it schedules first takes its place
	live        int             // tasks that are not in the background
	scheduled   uint64
	gens        uint32
	steps       int64   // tasks and commands carried out: the position in history
	tick        int32   // tasks carried out at this instant, of those that placed steps count
	placed      []int32 // the Config's steps that are Placed, in their order; never changed
	placedDone  int
	emitted     int64 // events
	commands    int64
	invocations []invocation
	free        []int32 // slots of invocations that have ended

	keep     bool
	readOnly bool // a redacted view
	events   []Event
	arena    []int32 // memory for the record lists of events
	keyLanes keyLanes
	unread   []int32 // room for what a read finds
}

// trafficRow is a traffic row with its names resolved.
type trafficRow struct {
	Traffic
	stream   int32 // -1 if it goes to a queue
	queue    int32
	keys     []int32   // to a stream: indices into its Keys
	groups   []GroupID // to a queue
	nextN    int64     // how many records it has put
	isFront  bool      // it goes to a topic, a bucket or a rule
	front    int32     // which
	own      bool      // each of its puts has its own text
	puts     []ownPut  // these; only appended to
	produces bool      // it has a Producer that is not plain
	refuse   bool      // its next put is refused
	again    int32     // the row of what its producer puts again, -1
	calls    int64     // that its producer has made
	by       rule.ID   // its puts' rule, "" the usual
	of       int32     // what its next put repeats
	fixedLen int       // length of its body without {n} and {key}
	ns, ks   int       // how many times it contains {n} and {key}
}

// Config is what the simulation started from, with its resources in the order
// of their indices.
func (s *Sim) Config() *Config { return s.cfg }

// Now is the virtual time up to which everything has happened.
func (s *Sim) Now() Micros { return s.now }

// Steps counts the tasks and commands carried out: the simulation's position in
// its history.
func (s *Sim) Steps() int64 { return s.steps }

// Emitted counts the events emitted.
func (s *Sim) Emitted() int64 { return s.emitted }

// Idle reports whether nothing more can happen without a command, apart
// from records that reach the end of their retention period.
func (s *Sim) Idle() bool { return s.live == 0 || s.instant.stopped != nil }

// NextAt is the instant of the next scheduled task, Never if there is none or
// the simulation has stopped (Stopped).
func (s *Sim) NextAt() Micros {
	switch {
	case s.instant.stopped != nil:
		return Never
	case s.placedDone < len(s.placed):
		return min(s.taskAt(), s.cfg.Steps[s.placed[s.placedDone]].At)
	}
	return s.taskAt()
}

// Tick is how many tasks of the current instant were carried out: the place of a command
// that is given now.
func (s *Sim) Tick() int32 { return s.tick }

// Reached reports whether no task and no placed step comes before a place.
func (s *Sim) Reached(at Micros, tick int32) bool {
	if s.instant.stopped != nil {
		return true
	}
	if s.placedDone < len(s.placed) {
		if step := &s.cfg.Steps[s.placed[s.placedDone]]; step.At < at || step.At == at && step.Tick <= tick {
			return false
		}
	}
	return s.reached(at, tick)
}

// reached is Reached of tasks alone.
func (s *Sim) reached(at Micros, tick int32) bool {
	now := int32(0)
	if s.now == at {
		now = s.tick
	}
	next := s.taskAt()
	return next > at || next == at && now >= tick
}

// DoPlaced carries out a command at its place, which is Reached. Where fewer tasks came
// before it than once did, those behind it keep their distance.
func (s *Sim) DoPlaced(c Command, at Micros, tick int32) *Refusal {
	s.mustDrive()
	if s.now < at {
		s.now, s.tick = at, 0
	}
	s.tick = max(s.tick, tick)
	return s.Do(c)
}

// PlacedNow reports whether a placed step is next at the current instant, before any task.
func (s *Sim) PlacedNow() bool {
	if s.placedDone == len(s.placed) || s.instant.stopped != nil {
		return false
	}
	step := &s.cfg.Steps[s.placed[s.placedDone]]
	return step.At == s.now && s.reached(step.At, step.Tick)
}

// taskAt is the instant of the next task, Never if there is none.
func (s *Sim) taskAt() Micros {
	if len(s.tasks) == 0 {
		return Never
	}
	return Micros(s.tasks[0].Key)
}

// placedStep carries out the next placed step, if it comes before the next task.
func (s *Sim) placedStep() bool {
	if s.placedDone == len(s.placed) || s.instant.stopped != nil {
		return false
	}
	step := &s.cfg.Steps[s.placed[s.placedDone]]
	if !s.reached(step.At, step.Tick) {
		return false
	}
	if s.now < step.At {
		s.now, s.tick = step.At, 0
	}
	s.tick = max(s.tick, step.Tick)
	s.placedDone++
	s.live--
	s.steps++
	s.do(step.Command)
	return true
}

// Step carries out the next scheduled task, however far in the future it is. It
// returns false if there is none or the simulation has stopped.
func (s *Sim) Step() bool {
	s.mustDrive()
	return s.placedStep() || s.nextTask(-1)
}

// nextTask carries out the next scheduled task, if there is one and the simulation has
// not stopped. Puts of the same row that come next, up to an instant, it carries out
// with it.
func (s *Sim) nextTask(last Micros) bool {
	if len(s.tasks) == 0 || !s.mayGoOn() {
		return false
	}
	item := &s.tasks[0]
	at, seq, t := Micros(item.Key), item.Seq, item.Value
	s.underWay = true
	if !t.kind.isBackground() {
		s.live--
	}
	if s.now != at {
		s.tick = 0
	}
	s.now = at
	s.tick++
	s.steps++
	switch t.kind {
	case taskTraffic:
		s.trafficDue(t.a, last)
	case taskEnd:
		if t.gen == s.invocations[t.a].gen {
			s.endInvocation(t.a)
		}
	case taskWork:
		s.workDue(t)
	case taskBeat:
		s.beatDue(t)
	case taskLimit:
		s.limitDue(t)
	case taskResend:
		s.resendDue(t)
	case taskReceiver:
		s.receiverDue(t)
	case taskFront:
		s.deliverAgain(t)
	case taskResume:
		s.resumeDue(t)
	case taskRead:
		s.readDue(t)
	case taskRetry:
		s.retryDue(t)
	case taskWindow:
		s.windowDue(t)
	case taskExpire:
		s.expireDue(t.a, t.b)
	case taskRoll:
		s.rollShards(t.a)
	case taskScale:
		s.scaleDue(t.a)
	case taskState:
		s.transitionDue(t)
	case taskReceive:
		s.receiveDue(t.a)
	case taskVisible:
		s.visibleDue(t.a, seq)
	case taskDelay:
		s.delayDue(t)
	case taskRetention:
		s.retentionDue(t)
	case taskRedrive:
		s.redriveDue(t)
	case taskPurge:
		s.purgeDue(t.a, rule.SqsPurgeTakes)
	case taskPoller:
		s.pollerDue(t)
	case taskGrow:
		s.growDue(t)
	case taskIdleCheck:
		s.idleCheckDue(t)
	case taskShift:
		s.shiftDue(t)
	case taskStep:
		s.do(s.cfg.Steps[t.a].Command)
	}
	if s.underWay {
		s.underWay = false
		s.tasks.Pop()
	}
	return true
}

// RunUntil carries out all tasks up to and including t. If the simulation stops
// on the way, time stays where it stopped.
func (s *Sim) RunUntil(t Micros) {
	s.mustDrive()
	last := min(t, Never-1)
	for {
		if s.placedDone < len(s.placed) {
			if s.NextAt() > last || !s.Step() {
				break
			}
		} else if s.taskAt() > last || !s.nextTask(last) {
			break
		}
	}
	if t > s.now && s.instant.stopped == nil {
		s.now, s.tick = t, 0
	}
}

// Do carries out a command now. A command that AWS would refuse changes
// nothing; the refusal is emitted as `refuse` and returned.
func (s *Sim) Do(c Command) *Refusal {
	s.mustDrive()
	s.steps++
	return s.do(c)
}

// Keep sets whether events are kept for Drain (the default). Counters are
// updated either way.
func (s *Sim) Keep(on bool) { s.keep = on }

// Drain returns the events emitted since the last call. They may be kept.
func (s *Sim) Drain() []Event {
	e := s.events
	s.events = nil
	return e
}

// DrainInto returns the events emitted since the last call. The Sim puts the next
// ones into the memory of buf, which is what the last call returned: the events are
// valid until then.
func (s *Sim) DrainInto(buf []Event) []Event {
	e := s.events
	s.events = buf[:0]
	return e
}

// nextGen returns a new generation: tasks of older ones are void.
func (s *Sim) nextGen() uint32 {
	s.gens++
	return s.gens
}

// schedule adds a task. Tasks of one instant run in the given order.
func (s *Sim) schedule(at Micros, order uint64, t task) {
	if !t.kind.isBackground() {
		s.live++
	}
	if s.underWay {
		s.underWay = false
		s.tasks.Replace(int64(at), order, t)
		return
	}
	s.tasks.Push(int64(at), order, t)
}

// nextDue is the order of what falls due: as it was scheduled.
func (s *Sim) nextDue() uint64 {
	s.scheduled++
	return rankDue.order(s.scheduled)
}

// emit numbers an event, counts it and keeps it for Drain. It is the one place
// where counters change: a trace and a summary cannot disagree.
func (s *Sim) emit(e *Event) {
	if s.keep {
		e.Records = s.copyToArena(e.Records)
	}
	s.emitOwn(e)
}

// emitOwn is emit of an event whose Records are never written to again.
func (s *Sim) emitOwn(e *Event) {
	s.count(e)
	s.emitted++
	if !s.keep {
		return
	}
	e.N, e.At = s.emitted, s.now
	e.Failed = s.copyToArena(e.Failed)
	s.events = append(s.events, *e)
}

// emitPut keeps the event that a row put a record into a stream. No event is more
// frequent, so it is written where it is kept: copying it would cost more than the rest
// of a put.
func (s *Sim) emitPut(row *trafficRow, n int32, st *Stream, r *Record) {
	if len(s.events) == cap(s.events) {
		s.events = slices.Grow(s.events, 1)
	}
	s.events = s.events[:len(s.events)+1]
	e := &s.events[len(s.events)-1]
	*e = Event{}
	e.N, e.At, e.Kind, e.Rule = s.emitted, s.now, KindPut, row.putRule(st, r)
	e.Source, e.Record, e.Key, e.Shard, e.Bytes = row.stream, n, r.Key, r.Shard, r.Bytes
	e.Of = row.of
}

// copyToArena copies a list of records to memory that is never written to
// again.
func (s *Sim) copyToArena(nums []int32) []int32 {
	if len(nums) == 0 {
		return nil
	}
	if len(s.arena)+len(nums) > cap(s.arena) {
		s.arena = make([]int32, 0, max(4096, len(nums)))
	}
	at := len(s.arena)
	s.arena = append(s.arena, nums...)
	return s.arena[at:len(s.arena):len(s.arena)]
}

// StreamIndex returns the index of the stream with that logical id, or -1.
func (s *Sim) StreamIndex(id string) int {
	for i := range s.cfg.Streams {
		if s.cfg.Streams[i].ID == id {
			return i
		}
	}
	return -1
}

// QueueIndex returns the index of the queue with that logical id, or -1.
func (s *Sim) QueueIndex(id string) int {
	for i := range s.cfg.Queues {
		if s.cfg.Queues[i].ID == id {
			return i
		}
	}
	return -1
}

// DestinationIndex returns the number of the destination with that logical id,
// or -1. Queues come first, with their indices, then topics and buckets.
func (s *Sim) DestinationIndex(id string) int {
	if i := s.QueueIndex(id); i >= 0 {
		return i
	}
	if i := slices.IndexFunc(s.cfg.Targets, func(x TargetConfig) bool { return x.ID == id }); i >= 0 {
		return FirstTarget + i
	}
	return -1
}

// FunctionIndex returns the index of the function with that logical id, or -1.
func (s *Sim) FunctionIndex(id string) int {
	for i := range s.cfg.Functions {
		if s.cfg.Functions[i].ID == id {
			return i
		}
	}
	return -1
}

// MappingIndex returns the index of the mapping with that name, or -1. Where a
// deployment has put one in the place of another it is the newest.
func (s *Sim) MappingIndex(id string) int {
	for i := len(s.cfg.Mappings) - 1; i >= 0; i-- {
		if s.cfg.Mappings[i].ID == id {
			return i
		}
	}
	return -1
}

// SourceOf returns the index of the stream that mapping m reads, -1 for a
// queue.
func (s *Sim) SourceOf(m int) int { return int(s.Mappings[m].source) }

// FunctionOf returns the index of the function that mapping m invokes.
func (s *Sim) FunctionOf(m int) int { return int(s.Mappings[m].function) }

// ruleOr is a if the condition holds, else b.
func ruleOr(cond bool, a, b rule.ID) rule.ID {
	if cond {
		return a
	}
	return b
}
