package narrate

import (
	"slices"

	"esmlab/engine"
	"esmlab/engine/rule"
)

// Mark says at a glance what kind of line it is.
type Mark uint8

// The marks.
const (
	Plain   Mark = iota
	Running      // under way
	Bad          // something failed
	Good         // what was blocked is free
	Command      // a person or the scenario did it
)

// Line is one line of what happened.
type Line struct {
	Text string
	// Brief is a sentence for where there is no room for Text; "" if its first clause says as
	// much.
	Brief string
	Mark  Mark
	// Rules are the rules that decided it, the most important first.
	Rules []rule.ID
}

// after is what an event led to, by the events that follow it in the log, and for a queue's
// return what had become of its messages, by the events before it.
type after struct {
	known      bool          // the log was searched
	merged     bool          // a later event says it better
	checkpoint int32         // where the checkpoint moved; 0: it stayed
	deleted    []int32       // what was deleted
	kept       bool          // some deletions failed
	fates      *fates        // nil: not looked for
	rule       rule.ID       // of the checkpoint
	received   *engine.Event // the receive that got all that became visible
	blocks     bool          // the newest retry of its lane: the batch still blocks it
}

// following finds what event i led to at the same instant.
func following(log []engine.Event, i int) after {
	e := &log[i]
	a := after{known: true}
	for k := i + 1; k < len(log) && log[k].At == e.At; k++ {
		o := &log[k]
		switch {
		case e.Kind == engine.KindReappear:
			if o.Kind == engine.KindReceive && slices.Equal(o.Records, e.Records) {
				a.received = o
				return a
			}
		case e.Kind != engine.KindReturn || o.Mapping != e.Mapping || o.Source != e.Source:
		case o.Kind == engine.KindReturn && (e.Source < 0 || o.Shard == e.Shard):
			return a
		case e.Source < 0:
			a.deletion(e, o)
		case o.Shard != e.Shard:
		case o.Kind == engine.KindCheckpoint && !Lost(o) && a.checkpoint == 0:
			a.checkpoint, a.rule = o.Record, o.Rule
		case o.Batch != e.Batch:
		case o.Kind == engine.KindRetry, o.Kind == engine.KindBisect, o.Kind == engine.KindDiscard:
			a.merged = e.Outcome != engine.OutcomePartial || a.checkpoint == 0
			return a
		}
	}
	return a
}

// deletion adds what was deleted after a return, or was not.
func (a *after) deletion(e, o *engine.Event) {
	switch {
	case o.Batch != e.Batch:
	case o.Kind == engine.KindDelete && len(a.deleted) == 0:
		a.deleted, a.rule = o.Records, o.Rule
	case o.Kind == engine.KindDelete:
		a.deleted = append(slices.Clip(a.deleted), o.Records...)
	case o.Kind == engine.KindDeleteFailed:
		a.kept = true
	}
}

// taken reports whether a receive is part of the line about the messages that
// became visible just before it.
func taken(log []engine.Event, i int) bool {
	for k := i - 1; k >= 0 && log[k].At == log[i].At; k-- {
		if log[k].Kind == engine.KindReappear && slices.Equal(log[k].Records, log[i].Records) {
			return true
		}
	}
	return false
}

// Reader gives the lines of a log from the newest to the oldest. It leaves out
// what later events of the log make superfluous.
type Reader struct {
	*Narrator
	returned map[[2]int32]bool           // by function and invocation
	retried  map[[3]int32]bool           // by mapping, shard and lane: unblocked since, or a newer retry has a line
	fate     map[[2]int32]engine.Outcome // by mapping and poller: how its next invocation ended
	reads    map[int32]lastState         // by mapping: its last state before where Line is
	queue    int32                       // of the mapping shown, -1 a stream's
	stream   int32
}

// running is the fate of a batch that is in the function.
const running = engine.Outcome(255)

// Read begins to read a log at its end. Events of other mappings than the
// Narrator's, and of other sources, are left out.
func (n *Narrator) Read() *Reader {
	r := &Reader{Narrator: n, returned: map[[2]int32]bool{}, retried: map[[3]int32]bool{}, fate: map[[2]int32]engine.Outcome{}, reads: map[int32]lastState{}, queue: -1, stream: -1}
	c := n.World.Config()
	source := c.Mappings[n.Mapping].Source
	for i := range c.Queues {
		if c.Queues[i].ID == source {
			r.queue = int32(i)
		}
	}
	for i := range c.Streams {
		if c.Streams[i].ID == source {
			r.stream = int32(i)
		}
	}
	return r
}

// concerns reports whether an event is about the mapping shown or its source, or
// is a command.
func (r *Reader) concerns(e *engine.Event) bool {
	switch {
	case e.Applied != nil, e.Kind == engine.KindRedriveFailed: // what came of a command belongs to whoever gave it
		return true
	case e.Kind == engine.KindForward, e.Kind == engine.KindForwardFailed: // Queue is where it goes
		return int(e.Mapping) == r.Mapping
	case e.Source < 0 && r.queue >= 0 && e.Kind != engine.KindState:
		return e.Queue == r.queue || int(e.Mapping) == r.Mapping && e.Kind == engine.KindReturn
	case e.Kind == engine.KindReject, e.Kind == engine.KindExpire, e.Kind == engine.KindShards, e.Kind == engine.KindUnchanged:
		return e.Source >= 0 && e.Source == r.stream
	}
	return int(e.Mapping) == r.Mapping
}

// Line returns the line of event i, if it has one. It must be called for each
// event, from the end of the log backwards.
func (r *Reader) Line(log []engine.Event, i int) (Line, bool) {
	e := &log[i]
	if !r.concerns(e) {
		return Line{}, false
	}
	a, ok := r.place(log, i)
	if !ok {
		return Line{}, false
	}
	return r.say(log, i, &a), true
}

// say is the line of event i, which has one.
func (r *Reader) say(log []engine.Event, i int, a *after) Line {
	e := &log[i]
	f := r.facts(e)
	f.after = *a
	return Line{Text: sentences[e.Kind](&f), Brief: f.brief(), Mark: markOf(e), Rules: rulesOf(log, i, a)}
}

// place reports whether an event has a line, and what the event led to.
func (r *Reader) place(log []engine.Event, i int) (a after, ok bool) {
	e := &log[i]
	queue := e.Source < 0
	poller := [2]int32{e.Mapping, e.Poller}
	switch e.Kind {
	case engine.KindReturn:
		if queue {
			r.fate[poller] = e.Outcome
		}
		r.returned[[2]int32{e.Function, e.Invocation}] = true
		if a = following(log, i); unsure(e, &a) {
			a.fates = fatesOf(e, lossesBefore(log, i))
		}
		return a, !a.merged
	case engine.KindInvoke:
		if r.returned[[2]int32{e.Function, e.Invocation}] {
			return a, false
		}
		if queue {
			r.fate[poller] = running
		}
		return a, true
	case engine.KindReceive:
		end, ended := r.fate[poller]
		delete(r.fate, poller)
		if ended && (end == engine.OutcomeOK || end == running) {
			return a, false // the line of the batch says so
		}
		return a, !taken(log, i)
	case engine.KindReappear:
		return following(log, i), true
	case engine.KindRetry:
		at := [3]int32{e.Mapping, e.Shard, e.Lane}
		a.blocks = !r.retried[at]
		r.retried[at] = true
		return a, !queue // a queue's throttle says it
	case engine.KindThrottle:
		return a, queue
	case engine.KindUnblock:
		r.retried[[3]int32{e.Mapping, e.Shard, e.Lane}] = true
		return a, true
	case engine.KindCheckpoint:
		return a, Lost(e)
	case engine.KindWait:
		return a, r.reading(log, i)
	case engine.KindDelete:
		return a, e.Why == engine.WhyPurged || e.Why == engine.WhyRemoved
	case engine.KindPut, engine.KindPoll, engine.KindBatch, engine.KindBlock:
		return a, false // the headline and the panes show it
	}
	return a, true
}

// lastState is where in the log a mapping's last change of state is, -1 if nowhere.
type lastState struct {
	at    int
	state engine.MappingState
}

// reading tells whether the mapping of event i read its source then.
func (r *Reader) reading(log []engine.Event, i int) bool {
	m := log[i].Mapping
	last, known := r.reads[m]
	if !known || last.at >= i {
		last = lastState{at: -1, state: engine.Enabled}
		for k := i - 1; k >= 0; k-- {
			if o := &log[k]; o.Kind == engine.KindState && o.Mapping == m {
				last = lastState{k, o.State}
				break
			}
		}
		r.reads[m] = last
	}
	return reads(last.state)
}

// reads reports whether a mapping in a state reads its source, or is about to.
func reads(s engine.MappingState) bool {
	return s != engine.Disabling && s != engine.Disabled && s != engine.Deleting
}

func markOf(e *engine.Event) Mark {
	switch e.Kind {
	case engine.KindReturn:
		if e.Outcome == engine.OutcomeOK {
			return Plain
		}
		return Bad
	case engine.KindInvoke:
		return Running
	case engine.KindUnblock:
		if e.Rule != rule.MapUnblock { // its batch was let go of
			return Plain
		}
		return Good
	case engine.KindRetry, engine.KindBisect, engine.KindDiscard, engine.KindDeliverFailed, engine.KindCheckpoint, engine.KindMiss, engine.KindReject,
		engine.KindDenied, engine.KindReadThrottled, engine.KindThrottle, engine.KindDeleteFailed, engine.KindRecursive, engine.KindForward, engine.KindForwardFailed, engine.KindRedriveFailed, engine.KindStop, engine.KindRefuse:
		return Bad
	case engine.KindMove:
		if e.Mapping >= 0 {
			return Bad
		}
	case engine.KindExpire:
		if e.Source < 0 {
			return Bad
		}
	}
	if e.Applied != nil {
		return Command
	}
	return Plain
}

func rulesOf(log []engine.Event, i int, a *after) []rule.ID {
	e := &log[i]
	out := make([]rule.ID, 0, 4) // seldom more
	add := func(id rule.ID) {
		if id != "" && !slices.Contains(out, id) {
			out = append(out, id)
		}
	}
	if e.Kind == engine.KindRetry && e.Source >= 0 {
		add(rule.MapBlock)
	}
	if e.Source >= 0 { // a queue's deletion says less than how the invocation ended
		add(a.rule)
	}
	add(e.Rule)
	if e.Kind == engine.KindRetry {
		if afterThrottle(e) {
			add(rule.MapThrottle)
		}
		for k := i - 1; k >= 0 && log[k].At == e.At; k-- {
			if o := &log[k]; o.Kind == engine.KindReturn && o.Mapping == e.Mapping && o.Batch == e.Batch {
				add(o.Rule)
				break
			}
		}
	}
	return out
}
