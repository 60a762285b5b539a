package narrate

import (
	"iter"
	"slices"

	"esmlab/engine"
)

// fate is what became of a message while a function had it.
type fate uint8

const (
	byHandler fate = iota // deleted by the function's handler
	byOther               // deleted by another receiver
	purged
	removed // with its queue
	expired
	visible // again, and in whose hands it may be
	numFates
	waits // nothing: its visibility timeout runs
)

// fates are how many messages of a batch came to each.
type fates [numFates]int

// gone is how many have left their queue.
func (f *fates) gone() int {
	n := 0
	for _, k := range f[:visible] {
		n += k
	}
	return n
}

// came say what became of one or of several.
var came = [numFates][2]string{
	byHandler: {" was deleted by the handler", " were deleted by the handler"},
	byOther:   {" was deleted by another receiver", " were deleted by another receiver"},
	purged:    {" was purged meanwhile", " were purged meanwhile"},
	removed:   {" was deleted with its queue", " were deleted with their queue"},
	expired:   {" has reached the end of its retention", " have reached the end of their retention"},
	visible:   {" had become visible again", " had become visible again"},
}

// loss is an event that took messages from whoever had them.
type loss struct {
	at    engine.Micros
	queue int32
	fate  fate
	ids   []int32
}

// lossOf tells whether an event is a loss.
func lossOf(e *engine.Event) (loss, bool) {
	f := waits
	switch {
	case e.Source >= 0:
	case e.Kind == engine.KindExpire:
		f = expired
	case e.Kind == engine.KindReappear:
		f = visible
	case e.Kind == engine.KindDelete:
		switch e.Why {
		case engine.WhyHandler:
			f = byHandler
		case engine.WhyOther:
			f = byOther
		case engine.WhyPurged:
			f = purged
		case engine.WhyRemoved:
			f = removed
		}
	}
	return loss{e.At, e.Queue, f, e.Records}, f != waits
}

// Losses are the losses that events told of, as far back as an invocation may last.
type Losses struct{ list []loss }

// longest is how long an invocation may last.
const longest = 15 * engine.Minute

// Note takes in the event that comes next.
func (l *Losses) Note(e *engine.Event) {
	next, ok := lossOf(e)
	if !ok {
		return
	}
	for len(l.list) > 0 && l.list[0].at < e.At-longest {
		l.list = l.list[1:]
	}
	next.ids = slices.Clone(next.ids)
	l.list = append(l.list, next)
}

// newest gives the losses, the newest first.
func (l *Losses) newest(yield func(loss) bool) {
	for _, x := range slices.Backward(l.list) {
		if !yield(x) {
			return
		}
	}
}

// fatesOf counts what became of the messages of a return's batch before it: before gives the
// losses, the newest first.
func fatesOf(e *engine.Event, before iter.Seq[loss]) *fates {
	var of map[int32]fate
	from, out := e.At-e.At2, &fates{}
	for l := range before {
		if l.at < from {
			break
		}
		// What became visible at the instant of the handover was another poller's until then.
		if l.queue != e.Queue || l.at == from && l.fate == visible {
			continue
		}
		if of == nil {
			of = make(map[int32]fate, len(e.Records))
			for _, id := range e.Records {
				of[id] = waits
			}
		}
		for _, id := range l.ids {
			if f, mine := of[id]; mine && f == waits {
				of[id] = l.fate
				out[l.fate]++
			}
		}
	}
	return out
}

// lossesBefore gives the losses before event i of a log, the newest first.
func lossesBefore(log []engine.Event, i int) iter.Seq[loss] {
	return func(yield func(loss) bool) {
		for k := i - 1; k >= 0; k-- {
			if l, ok := lossOf(&log[k]); ok && !yield(l) || log[k].At < log[i].At-log[i].At2 {
				return
			}
		}
	}
}

// unsure tells whether some messages of a queue's return may have been lost before it: Lambda
// deleted fewer than succeeded.
func unsure(e *engine.Event, a *after) bool {
	good := len(e.Records)
	if e.Outcome == engine.OutcomePartial {
		good -= len(e.Failed)
	}
	return e.Kind == engine.KindReturn && e.Source < 0 && len(a.deleted) < good
}

// losses are the fates of a return's messages. What the return counts and no event before it
// explains is the handler's doing: the log may begin later.
func (f *facts) losses() fates {
	var out fates
	if f.after.fates != nil {
		out = *f.after.fates
	}
	if gone, back := int(f.e.From), int(f.e.To); gone+back > 0 {
		rest := max(0, gone-out.gone())
		elsewhere := min(rest, max(0, out[visible]-back)) // they were visible first
		out[byHandler] += rest - elsewhere
		out[visible] = back + elsewhere
	}
	return out
}

// tell says what became of messages: ; both were purged meanwhile.
func (f *facts) tell(l *fates) string {
	text := ""
	for k, n := range l {
		if n > 0 {
			text += "; " + f.some(n) + pick(n, came[k][0], came[k][1])
		}
	}
	return text
}

// some names n of a batch's messages: both, all 10, #4, 3.
func (f *facts) some(n int) string {
	switch all := len(f.e.Records); {
	case n < all:
		return num(n)
	case n == 1:
		return f.label(f.e, f.e.Records[0])
	case n == 2:
		return "both"
	}
	return "all " + num(n)
}
