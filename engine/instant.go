package engine

import (
	"slices"
	"strings"

	"esmlab/engine/rule"
)

// What may happen at one instant: so many tasks, so many more for each that
// waited when it began, and for each shard that is read and each poller. Nothing
// but a loop that takes no time comes near that.
const (
	instantTasks   = 20_000
	instantPerTask = 100
	// loopTail is from how many of the last tasks a loop's members are taken.
	loopTail = 1000
)

// instant counts what happens at one instant of time.
type instant struct {
	at      Micros
	tasks   int64
	limit   int64
	counted bool     // the limit has what is read and what polls in it
	members []string // resources of the last tasks before the limit
	stopped *Refusal
}

// Stopped is why the simulation does not go on, nil if it does: so much
// happened at one instant that time would never go on. A command lets it try
// again.
func (s *Sim) Stopped() *Refusal { return s.instant.stopped }

// mayGoOn counts the task that is next, and reports whether it may be carried
// out.
func (s *Sim) mayGoOn() bool {
	in := &s.instant
	if at := Micros(s.tasks[0].Key); in.stopped == nil {
		if at > in.at {
			in.begin(at, len(s.tasks))
			return true
		}
		if in.tasks < in.limit-loopTail {
			in.tasks++
			return true
		}
	}
	return s.mayStill(in)
}

// begin begins to count at an instant with its first task, one of so many that wait.
func (in *instant) begin(at Micros, tasks int) {
	in.at, in.tasks, in.limit, in.counted = at, 1, instantTasks+instantPerTask*int64(tasks), false
	if in.members != nil {
		in.members = nil
	}
}

// mayStill is mayGoOn where an instant may have no end.
func (s *Sim) mayStill(in *instant) bool {
	if in.stopped != nil {
		return false
	}
	if in.limit == 0 { // the first instant
		in.limit = instantTasks + instantPerTask*int64(len(s.tasks))
	}
	if in.tasks++; in.tasks <= in.limit-loopTail {
		return true
	}
	if in.stopped != nil {
		return false
	}
	if !in.counted { // not before: few instants come so far
		in.counted = true
		for i := range s.Mappings {
			in.limit += instantPerTask * int64(len(s.Mappings[i].Iterators)+len(s.Mappings[i].Polls.Slots))
		}
		return true
	}
	if in.tasks <= in.limit {
		if id := s.subject(&s.tasks[0].Value); id != "" && !slices.Contains(in.members, id) {
			in.members = append(slices.Clip(in.members), id)
		}
		return true
	}
	slices.Sort(in.members)
	in.stopped = &Refusal{What: "run", Rule: rule.SimStop,
		Message: "time does not go on: " + Thousands(int(in.limit)) + " steps at second " + s.now.String() + " and no end, in a loop of " + strings.Join(in.members, ", "),
		Right:   "a loop that takes time, or ends"}
	s.emit(&Event{Kind: KindStop, Rule: rule.SimStop, Source: -1, Mapping: -1, Queue: -1, Applied: &AppliedCommand{Refused: in.stopped}})
	return false
}

// subject is the logical id of what a task is about, "" for a step.
func (s *Sim) subject(t *task) string {
	switch t.kind {
	case taskReceive, taskVisible, taskDelay, taskRetention, taskRedrive, taskPurge:
		return s.cfg.Queues[t.a].ID
	case taskPoller, taskGrow, taskIdleCheck, taskState, taskRead, taskRetry, taskWindow, taskResume:
		return s.cfg.Mappings[t.a].ID
	case taskEnd, taskWork, taskBeat, taskLimit:
		return s.cfg.Functions[s.invocations[t.a].function].ID
	case taskExpire, taskRoll:
		return s.cfg.Streams[t.a].ID
	case taskResend:
		return s.rows[s.resends[t.a].row].To
	case taskFront:
		return s.cfg.Fronts[t.a].ID
	case taskReceiver:
		return s.receivers[t.a].Queue
	case taskTraffic:
		return s.rows[t.a].To
	}
	return ""
}
