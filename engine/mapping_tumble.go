package engine

import (
	"encoding/json"
	"strings"

	"esmlab/engine/rule"
)

// Limits of a tumbling window (S-E39, S-9.5).
const (
	tumbleStateMax = 1 << 20
	tumbleIdle     = 2 * Minute
)

// Window is a tumbling window as an invocation gets it.
type Window struct {
	Start, End int64  // microseconds since 1970
	State      string // JSON object: given to the function, or returned by it
	Final      bool   // isFinalInvokeForWindow
	Early      bool   // isWindowTerminatedEarly
}

// tumble is the open tumbling window of a lane.
type tumble struct {
	window Window
	calls  int32
	idle   bool // its end for lack of records is scheduled
}

func (l *Lane) setTumble(t *tumble) { l.tumble, l.isTumbling = t, t != nil }

// Tumble gives the open tumbling window of a lane and how many times the
// function was invoked in it; ok is false if none is open.
func (l *Lane) Tumble() (w Window, calls int, ok bool) {
	if !l.isTumbling {
		return Window{}, 0, false
	}
	return l.tumble.window, int(l.tumble.calls), true
}

// tumblingWindowAt returns the window that contains an instant: windows start
// at whole multiples of their length since 1970 (MAP-TUMBLE-1).
func tumblingWindowAt(at int64, length int64) Window {
	start := at / length * length
	return Window{Start: start, End: start + length, State: "{}"}
}

// cutAtWindowEnd counts how many of the next n records of a lane are in one
// window. It opens the window of the first of them, and returns 0 if the open
// window must be closed by its final invocation first.
func (r laneRef) cutAtWindowEnd(n int32) (int32, bool) {
	l := r.l
	arrival := func(k int32) int64 { return r.cfg.Start + int64(r.record(l.queue[l.head+k]).At) }
	if l.isTumbling && arrival(0) >= l.tumble.window.End {
		return 0, true
	}
	if !l.isTumbling {
		l.setTumble(&tumble{window: tumblingWindowAt(arrival(0), int64(Micros(l.tumbling)*Second))})
	}
	t := l.tumble
	if t.idle { // there are new records
		t.idle = false
		l.gen = r.nextGen()
		l.windowScheduled = false
	}
	k := int32(1)
	for k < n && arrival(k) < t.window.End {
		k++
	}
	return k, k < n
}

// invokeFinal closes the open window of a lane: the function is given its
// state, no records, and isFinalInvokeForWindow (MAP-TUMBLE-2).
func (r laneRef) invokeFinal(by rule.ID) {
	l := r.l
	r.m.lastBatch++
	l.Root = r.m.lastBatch
	l.Records = l.Records[:0]
	l.Parts = append(l.Parts[:0], Part{Batch: l.Root, final: true})
	l.tumble.window.Final = true
	l.Phase = PhaseRunning
	l.gen = r.nextGen()
	l.windowScheduled = false
	r.emit(&Event{Kind: KindBatch, Rule: by, Batch: l.Root, Why: WhyWindow})
	r.tryNextPart()
}

// scheduleTumblingEnd schedules the end of an open window for which no records
// arrive.
func (r laneRef) scheduleTumblingEnd() {
	l := r.l
	if l.isTumbling {
		t := l.tumble
		if r.shardReadToEnd() {
			r.invokeFinal(rule.MapTumbleFinal)
			return
		}
		if t.idle {
			return
		}
		t.idle = true
		l.windowScheduled = true
		r.schedule(r.now+tumbleIdle, r.nextDue(), task{kind: taskWindow, a: r.mi, b: r.it.Shard, lane: int16(r.li), gen: l.gen})
	}
}

// nextWindowState is the state a handler returns: the one it was given with
// count raised by the number of records, unless its reply says otherwise. It
// returns false if the response holds no state: that is a function error
// (MAP-TUMBLE-4).
func nextWindowState(given string, records int, reply *reply) (string, bool) {
	if reply.given && reply.text != "" {
		var v struct {
			State json.RawMessage `json:"state"`
		}
		if json.Unmarshal([]byte(reply.text), &v) != nil || len(v.State) == 0 || v.State[0] != '{' {
			return "", false
		}
		return string(v.State), true
	}
	fields := map[string]json.RawMessage{}
	_ = json.Unmarshal([]byte(given), &fields) // the engine wrote or checked it
	count := 0
	_ = json.Unmarshal(fields["count"], &count) // a count that is not a number starts again at 0
	fields["count"] = json.RawMessage(itoa(count + records))
	var b strings.Builder
	enc := json.NewEncoder(&b) // sorts the keys
	enc.SetEscapeHTML(false)
	_ = enc.Encode(fields) // a map of valid JSON values
	return strings.TrimSpace(b.String()), true
}

// openWindow is the tumbling window that an invocation of the lane is given,
// nil if there is none.
func (l *Lane) openWindow() *Window {
	if !l.isTumbling {
		return nil
	}
	w := l.tumble.window
	return &w
}

// stateMissing reports whether a handler of a tumbling window returned no
// state.
func (r laneRef) stateMissing(inv *invocation) bool {
	if !r.l.isTumbling {
		return false
	}
	_, ok := nextWindowState("{}", 0, &inv.answer)
	return !ok
}

// updateWindowState stores the state that a handler returned, and drops it
// after the final invocation. It returns the window as the handler left it.
func (r laneRef) updateWindowState(inv *invocation) *Window {
	l := r.l
	if !l.isTumbling {
		return nil
	}
	t := l.tumble
	t.calls++
	if inv.outcome != OutcomeOK && inv.outcome != OutcomePartial {
		return l.openWindow()
	}
	n := len(l.records())
	if inv.outcome == OutcomePartial {
		n = int(inv.cut) // the rest is sent again, and counted then
	}
	t.window.State, _ = nextWindowState(t.window.State, n, &inv.answer)
	w := l.openWindow()
	if t.window.Final {
		l.setTumble(nil)
	}
	return w
}
