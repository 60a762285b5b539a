package lab

import (
	"slices"

	"esmlab/engine"
	"esmlab/engine/rule"
	"esmlab/engine/setting"
	"esmlab/ui/kit"
	"esmlab/ui/pane"
)

// givenUp: records were given up in the last three seconds.
func (t *teller) givenUp() (headline, bool) {
	e := t.news[engine.KindDiscard]
	if e == nil {
		return headline{}, false
	}
	free := len(pane.Blocked(t.s, t.at)) == 0
	h := headline{sign: "■", style: kit.Bad, text: t.announce(e, free), about: pane.Subject{Kind: pane.KindEvent, N: e.N}, in: 6}
	switch {
	case free:
		h.sign, h.style = "●", kit.Good
	case t.mp.OnFailure == "":
		h.frees = kit.HintOf("failures", "queue")
	}
	return h, true
}

// announce says what happened on a shard, and how many records of the mapping
// were given up and lost in all.
func (t *teller) announce(e *engine.Event, free bool) []string {
	tot := pane.TotalsOf(t.s, t.at)
	out := t.c.Narrator().Headline(e, free)
	for i := range out {
		out[i] += ". Given up: " + itoa(int(tot.Discarded)) + ". Lost: " + itoa(int(tot.Lost)) + "."
	}
	return out
}

// flowsAgain: a shard was freed in the last three seconds.
func (t *teller) flowsAgain() (headline, bool) {
	e := t.news[engine.KindUnblock]
	if e == nil || e.Rule != rule.MapUnblock || t.mp.State != engine.Enabled {
		return headline{}, false
	}
	return headline{sign: "●", style: kit.Good, calm: true, text: t.announce(e, true), about: pane.Subject{Kind: pane.KindEvent, N: e.N}, in: 6}, true
}

// blocked: the batch of a shard has failed and is tried again.
func (t *teller) blocked() (headline, bool) {
	return t.blockedBy(fails)
}

// fails tells whether a blocked lane's batch has failed, and was not only throttled.
func fails(l *engine.Lane) bool {
	part, _ := l.Part()
	return l.Phase != engine.PhaseThrottled && (part == nil || part.Throttles == 0 || part.Tries > 1 || len(l.FailedRecords) > 0 || l.Phase == engine.PhaseWaiting)
}

// throttled: a batch waits because the function takes no more.
func (t *teller) throttled() (headline, bool) {
	if t.qi >= 0 {
		return t.pollerThrottled()
	}
	h, ok := t.blockedBy(func(l *engine.Lane) bool { return l.Phase == engine.PhaseThrottled })
	if !ok { // it was, and has reached the function by now
		h, ok = t.blockedBy(func(l *engine.Lane) bool { return !fails(l) })
	}
	if h.frees = (kit.Hint{}); t.fn.Reserved >= 0 {
		h.frees, h.mends = kit.HintOf("menu", "concurrency"), (*Lab).concurrencyChoice
	}
	return h, ok
}

// blockedBy is about the blocked shards whose lane is as it should be: of the one under
// the cursor, else of the first.
func (t *teller) blockedBy(is func(*engine.Lane) bool) (headline, bool) {
	s := t.s
	var blocked []int
	for _, i := range pane.Blocked(s, t.at) {
		if is(s.ActiveLane(t.at, i)) {
			blocked = append(blocked, i)
		}
	}
	if len(blocked) == 0 {
		return headline{}, false
	}
	shard := blocked[0]
	if sel := t.views[1].sel; t.shown && sel.Kind == pane.KindShard && slices.Contains(blocked, int(sel.Shard)) {
		shard = int(sel.Shard)
	}
	l := s.ActiveLane(t.at, shard)
	part, records := l.Part()
	behind := pane.Unfinished(s, t.at, shard)
	what := pane.Culprits(l)
	if what == "" {
		what = "batch " + itoa(int(l.Root))
	}
	who := "SHARD " + itoa(shard) + " IS BLOCKED by " + what
	one := len(records) == 1 && len(l.Records) > 1 && slices.Contains(l.FailedRecords, records[0])
	if n := len(t.mp.Iterators); len(blocked) > 1 {
		who = itoa(len(blocked)) + " OF " + itoa(n) + " SHARDS ARE BLOCKED, shard " + itoa(shard) + " by " + what
	} else if part != nil && one {
		who = "SHARD " + itoa(shard) + " IS STILL BLOCKED, now by one record, " + pane.Num(records[0])
	} else if len(l.Parts) > 1 {
		who = "SHARD " + itoa(shard) + " IS BLOCKED by " + what + ", its batch split in " + itoa(len(l.Parts))
	}
	order := wait(behind) + " for it, in order."
	if n, all := pane.BlockedLanes(s, t.at, shard); n > 0 && n < all {
		who = itoa(n) + " OF " + itoa(all) + " LANES OF SHARD " + itoa(shard) + " BLOCKED, by " + what
		order = " of the shard" + wait(behind) + "; other keys go on."
	}
	try := ""
	if part != nil {
		switch l.Phase {
		case engine.PhaseWaiting:
			try = " Try " + itoa(int(part.Tries)+1) + " in " + pane.Secs(l.Due-s.Now()) + "."
		case engine.PhaseThrottled:
			who += " (throttled)"
			try = " Retried in " + pane.Secs(l.Due-s.Now()) + "."
		case engine.PhaseRunning:
			try = " Try " + itoa(int(part.Tries)) + " is under way."
		}
	}
	rest := t.otherShards()
	waiting := kit.Thousands(behind) + wait(behind) + "."
	return headline{sign: "■", style: kit.Bad, frees: t.unblocks(len(records)), about: pane.Subject{Kind: pane.KindShard, Shard: int32(shard)}, in: 1, text: []string{
		who + ". " + kit.Count(behind, "record") + order + try + rest,
		who + ": " + waiting + try + rest,
		who + ": " + waiting + try,
		who + ": " + waiting,
		"SHARD " + itoa(shard) + " BLOCKED by " + what,
		"BLOCKED " + what,
	}}, true
}

// unblocks is the action that frees a batch of n records that fails: a split of more than
// one, else a limit.
func (t *teller) unblocks(n int) kit.Hint {
	switch {
	case !t.mp.BisectBatchOnFunctionError && n > 1:
		return kit.HintOf("bisect", "bisect")
	case t.mp.MaximumRetryAttempts < 0:
		return kit.HintOf("retries", "retries")
	case t.mp.OnFailure == "":
		return kit.HintOf("failures", "queue")
	}
	return kit.HintOf("menu", "mend") // the fault is taken off
}

func (t *teller) otherShards() string {
	n, flow, one, wait := len(t.mp.Iterators), 0, 0, 0
	for i := range n {
		switch {
		case t.mp.Iterators[i].Blocked():
		case pane.Parent(t.s, t.at, i) >= 0:
			wait++
		case t.mp.Iterators[i].Finished:
		default:
			flow, one = flow+1, i
		}
	}
	text := ""
	switch {
	case flow == 1 && n == 2:
		text = " Shard " + itoa(one) + " goes on."
	case flow == 1:
		text = " One goes on."
	case flow > 1:
		text = " The other " + itoa(flow) + " go on."
	}
	switch {
	case wait == 1:
		text += " One waits for its parent."
	case wait > 1:
		text += " " + itoa(wait) + " wait for their parents."
	}
	return text
}

// childrenWait: records wait in shards whose parents are not finished.
func (t *teller) childrenWait() (headline, bool) {
	records, shards, first, parent := 0, 0, 0, 0
	for i := range t.mp.Iterators {
		if p := pane.Parent(t.s, t.at, i); p >= 0 {
			if n, _ := pane.Waiting(t.s, t.at, i); n > 0 {
				if shards == 0 {
					first, parent = i, p
				}
				records, shards = records+n, shards+1
			}
		}
	}
	if shards == 0 {
		return headline{}, false
	}
	who, are := "SHARD "+itoa(first)+" WAITS", "its parent"
	if shards > 1 {
		who, are = itoa(shards)+" SHARDS WAIT", "their parents"
	}
	left := pane.Unfinished(t.s, t.at, parent)
	return headline{sign: "○", style: kit.Busy, about: pane.Subject{Kind: pane.KindShard, Shard: int32(first)}, in: 1, text: []string{
		who + " for " + are + " to be finished: " + kit.Count(records, "record") + wait(records) + ", " + itoa(left) + " of shard " + itoa(parent) + " come first.",
		who + " for " + are + ": " + kit.Count(records, "record") + wait(records), who + " for " + are, who}}, true
}

// patience is how long a record may wait while all is well: for the window, for the
// batch before it, and for the next read.
func (t *teller) patience() engine.Micros {
	takes := t.fn.Takes.Base
	for i := range t.mp.Iterators {
		for k := range t.mp.Iterators[i].Lanes {
			if l := &t.mp.Iterators[i].Lanes[k]; l.Phase == engine.PhaseRunning {
				takes = max(takes, l.Due-l.Since)
			}
		}
	}
	for i := range t.mp.Polls.Slots {
		if p := &t.mp.Polls.Slots[i]; p.Phase == engine.PollerRuns {
			takes = max(takes, p.Due-p.Since)
		}
	}
	return engine.Micros(t.mp.MaximumBatchingWindowInSeconds)*engine.Second + takes + 5*engine.Second
}

// fallsBehind: records come faster than they are done.
func (t *teller) fallsBehind() (headline, bool) {
	if t.qi >= 0 {
		return headline{}, false
	}
	late, worst, records, oldest := 0, 0, 0, engine.Micros(0)
	for i := range t.s.Streams[t.s.SourceOf(t.at)].Shards {
		n, age := pane.Waiting(t.s, t.at, i)
		if age <= t.patience() {
			continue
		}
		late++
		if age > oldest {
			worst, records, oldest = i, n, age
		}
	}
	if late == 0 {
		return headline{}, false
	}
	grows := t.trend(worst)
	who := "SHARD " + itoa(worst) + behind(grows)
	if late > 1 {
		who = itoa(late) + " OF " + itoa(len(t.s.Streams[t.s.SourceOf(t.at)].Shards)) + " SHARDS ARE BEHIND, shard " + itoa(worst) + " most"
	}
	n := kit.Count(records, "record") + wait(records)
	l := t.s.ActiveLane(t.at, worst)
	takes := ""
	if part, batch := l.Part(); part != nil && l.Phase == engine.PhaseRunning && len(batch) > 0 {
		takes = " " + t.functionID() + " takes " + pane.Millis(l.Due-l.Since) + " for " + itoa(len(batch)) + "."
	}
	return headline{sign: "▲", style: kit.Bad, frees: kit.HintOf("settings", setting.BatchSize), about: pane.Subject{Kind: pane.KindShard, Shard: int32(worst)}, in: 1, text: []string{
		who + ": " + n + t.forAge(oldest) + grows + "." + takes,
		who + ": " + n + t.forAge(oldest) + grows,
		who + ": " + kit.Thousands(records) + wait(records) + t.forAge(oldest) + grows,
		who + ": " + kit.Thousands(records) + wait(records) + t.forAge(oldest),
		who + ": " + kit.Thousands(records) + wait(records),
		"BEHIND by " + kit.Thousands(records)}}, true
}

// trend compares how old the records of a shard were when they were handed over last
// with ten seconds before, or as far back as the log knows: ", and it grows", ", and it
// shrinks", or nothing.
func (t *teller) trend(shard int) string {
	log, now := t.history().Log, t.s.Now()
	records := &t.s.Streams[t.s.SourceOf(t.at)].Records
	newest, before := engine.Micros(-1), engine.Micros(-1)
	for i := len(log) - 1; i >= 0; i-- {
		e := &log[i]
		if e.Kind != engine.KindInvoke || int(e.Mapping) != t.at || int(e.Shard) != shard || len(e.Records) == 0 {
			continue
		}
		n := int(e.Records[len(e.Records)-1]) - 1
		if !records.Holds(n) {
			break
		}
		if before = e.At - records.At(n).At; newest < 0 {
			newest, before = before, -1
		}
		if now-e.At > 10*engine.Second {
			break
		}
	}
	switch {
	case before < 0 || newest == before:
		return ""
	case newest > before:
		return grows
	}
	return shrinks
}

const grows, shrinks = ", and it grows", ", and it shrinks"

// behind is the verb that goes with a trend.
func behind(trend string) string {
	if trend == grows {
		return " FALLS BEHIND"
	}
	return " IS BEHIND"
}
