package narrate

import (
	"strings"

	"esmlab/engine"
	"esmlab/engine/rule"
)

// sentences say what each kind of event was. For a command, ops say what it did.
var sentences = [engine.NumKinds]func(*facts) string{
	engine.KindPut:           put,
	engine.KindReject:        reject,
	engine.KindPoll:          func(f *facts) string { return f.mapping + " reads " + f.all + " of " + f.shard },
	engine.KindReadThrottled: readThrottled,
	engine.KindDenied:        denied,
	engine.KindMiss:          miss,
	engine.KindFilter:        filter,
	engine.KindBatch:         batch,
	engine.KindInvoke:        invoke,
	engine.KindReturn:        returned,
	engine.KindThrottle:      throttle,
	engine.KindRetry:         retry,
	engine.KindBisect:        bisect,
	engine.KindCheckpoint:    checkpoint,
	engine.KindBlock:         block,
	engine.KindUnblock:       unblock,
	engine.KindDiscard:       discard,
	engine.KindDeliver:       deliver,
	engine.KindDeliverFailed: deliverFailed,
	engine.KindExpire:        expire,
	engine.KindState:         func(f *facts) string { return f.mapping + " is " + f.e.State.String() },
	engine.KindUnchanged:     unchanged,
	engine.KindShards:        shardCount,
	engine.KindReceive:       receive,
	engine.KindReappear:      reappear,
	engine.KindDelete:        deleted,
	engine.KindDeleteFailed:  deleteFailed,
	engine.KindMove:          move,
	engine.KindDedup:         dedup,
	engine.KindScale:         scale,
	engine.KindRecursive:     recursive,
	engine.KindWait:          wait,
	engine.KindRedriveFailed: redriveFailed,
	engine.KindForward:       forward,
	engine.KindForwardFailed: forward,
	engine.KindAct:           acted,
	engine.KindChange:        changed,
	engine.KindAgain:         again,
	engine.KindFront:         inFront,
	engine.KindTaken:         takenBy,
	engine.KindStop:          func(f *facts) string { return "stopped: " + f.e.Applied.Refused.Error() },

	engine.KindPutAsked: command, engine.KindSet: command, engine.KindFault: command, engine.KindFix: command,
	engine.KindEnable: command, engine.KindDisable: command, engine.KindRestart: command, engine.KindDeny: command,
	engine.KindAllow: command, engine.KindRemove: command, engine.KindSplit: command, engine.KindMerge: command,
	engine.KindRedrive: command, engine.KindCancel: command, engine.KindReceiveAsked: command, engine.KindPurge: command, engine.KindDeploy: command, engine.KindRefuse: command,
}

func put(f *facts) string {
	text := f.label(f.e, f.e.Record) + " is put to " + f.source
	if f.e.Source >= 0 && f.e.Shard >= 0 { // a write that changes nothing comes to none
		text += ", shard " + num(f.e.Shard)
	}
	if f.e.Rule == rule.KinAuto {
		text += ", by turns and without a key"
	}
	switch f.e.Rule {
	case rule.PutAgain:
		text += ": " + f.label(f.e, f.e.Of) + " again, which was refused"
	case rule.PutTwice:
		text += ": " + f.label(f.e, f.e.Of) + " a second time, since its answer was lost"
	case rule.KinAggregate:
		text += ", an aggregate of several user records"
	}
	return text
}

func reject(f *facts) string {
	why := f.e.Why.String()
	if f.Short {
		why, _, _ = strings.Cut(why, ":")
	}
	return f.source + " rejects " + f.all + ": " + why
}

func readThrottled(f *facts) string {
	if f.e.Rule == rule.KinFanOutOne {
		return f.shard + f.by + " is not read for now: another mapping of its consumer has the subscription"
	}
	why := "too many readers"
	switch f.e.Rule {
	case rule.KinRead:
		why = "the answer before it was full (10 MB at most), and 5 s must pass"
	case rule.KinShareBytes:
		why = "2 MB a second are used up"
	case rule.DdbReadersGlobal:
		why += " beside the replication of the global table"
	}
	return "a read of " + f.shard + f.by + " is refused: " + why
}

func denied(f *facts) string {
	act, so := " may not read "+f.shard, ": it stays Enabled and brings nothing"
	switch {
	case f.e.Source < 0:
		act = " may not receive from " + f.queue
	case f.e.Rule == rule.KinFanOutAgain:
		act, so = act+" again", ": the batch that failed waits"
	}
	switch d := f.e.Denial(); {
	case d != nil && f.Short:
		act += " (" + d.Action + ")"
	case d != nil:
		act += " (" + d.String() + ")"
	}
	return f.mapping + act + so
}

func miss(f *facts) string {
	what := f.all + " of " + f.shard
	switch f.e.Rule {
	case rule.CfnGap:
		return what + " skipped" + f.by + ": put before the new mapping is Enabled, and it starts at LATEST"
	case rule.CfnViewOld, rule.CfnStream:
		return what + " skipped" + f.by + ": they lie in the stream that was replaced, which has no reader now"
	case rule.CfnOrphan:
		return what + " lost" + f.by + ": the last invocation of the mapping that was replaced failed, and nobody tries again"
	}
	return what + " missed" + f.by + ": put before the starting position"
}

func filter(f *facts) string {
	n := len(f.e.Records)
	if f.e.Source < 0 {
		return f.all + " filtered out" + f.by + ": " + f.filtered()
	}
	return f.all + " of " + f.shard + " filtered out" + f.by + ": the function does not get " + pick(n, "it", "them")
}

// filtered says what becomes of messages that a filter does not let through.
func (f *facts) filtered() string {
	if f.e.Why == engine.WhyDeleteDenied {
		return "no invocation, and " + f.queue + " keeps them: " + f.e.Why.String()
	}
	return "deleted from " + f.queue + " without an invocation"
}

// closing says why a batch was closed.
var closing = map[engine.Why]string{engine.WhySize: "it is full", engine.WhyWindow: "its window has ended", engine.WhyPayload: "its payload is full",
	engine.WhyAvailable: "no more was there", engine.WhyShardEnd: "the shard has ended"}

func batch(f *facts) string {
	text := f.batch + " (" + f.handed() + ") closed"
	if why := closing[f.e.Why]; why != "" {
		text += ": " + why
	}
	return text
}

// handed says what a batch holds: 8 records of shard 1, #41 … #50.
func (f *facts) handed() string {
	n := len(f.e.Records)
	switch {
	case n == 0:
		return "the end of a window of " + f.shard
	case f.e.Source < 0 && f.Short:
		return f.ends(f.e, f.e.Records)
	case f.e.Source < 0:
		return f.all
	case f.Short:
		return count(n, "record") + " of " + f.shard
	case n == 1:
		return f.label(f.e, f.e.Records[0]) + " of " + f.shard
	}
	return f.ends(f.e, f.e.Records) + ", " + count(n, "record") + " of " + f.shard
}

func invoke(f *facts) string {
	text := f.batch + " (" + f.handed() + ") handed to " + f.function
	if f.e.Attempt > 1 {
		text += f.try()
	}
	return text
}

func (f *facts) try() string { return ", try " + num(f.e.Attempt) }

// Failure says how an invocation ended that did not succeed.
func Failure(o engine.Outcome) string {
	return [...]string{"done", "failed", "timed out", "crashed", "had failures reported", "failed with an invalid response"}[o]
}

func returned(f *facts) string {
	if f.e.Source < 0 {
		return queueReturned(f)
	}
	e := f.e
	switch {
	case e.Outcome == engine.OutcomeOK && e.Window() != nil && e.Window().Final:
		return f.batch + " done: the final call of a window of " + f.shard + f.windowEnd() + f.windowState()
	case e.Outcome == engine.OutcomeOK:
		return f.batch + " done" + f.moved(": ")
	case e.Outcome == engine.OutcomePartial && f.Short:
		return f.batch + ": " + f.function + " reports " + f.records(e, e.Failed) + f.moved("; ")
	case e.Outcome == engine.OutcomePartial:
		text := f.batch + f.try() + ": " + f.function + " reports " + f.records(e, e.Failed)
		switch {
		case len(e.Failed) == 0 || len(e.Records) == 0:
		case e.Failed[0] == e.Records[0]:
			text += ", its first record; nothing is done"
		default:
			text += "; what comes before it is done"
		}
		return text
	case f.Short:
		return f.batch + " " + Failure(e.Outcome) + f.try()
	}
	return f.batch + f.failedIn() + f.try()
}

// windowEnd says when the window of a final call ended.
func (f *facts) windowEnd() string {
	if end := engine.Micros(f.e.Window().End - f.cf.Start); end > 0 {
		return ", which ended at " + end.Words()
	}
	return ""
}

// windowState says with which state a window was closed, where that is short.
func (f *facts) windowState() string {
	if state := f.e.Window().State; len(state) <= 40 {
		return ", with state " + state
	}
	return ""
}

// moved says where the checkpoint moved, if that is known.
func (f *facts) moved(sep string) string {
	switch {
	case f.after.checkpoint != 0:
		return sep + "the checkpoint of " + f.shard + " moves to " + f.label(f.e, f.after.checkpoint)
	case f.after.known && f.e.Outcome == engine.OutcomeOK && f.e.Lanes > 1 && len(f.e.Records) > 0:
		return "; earlier records are not: the checkpoint stays"
	}
	return ""
}

// failedIn says how a batch failed, in what, and because of which records.
func (f *facts) failedIn() string {
	e := f.e
	text := " " + Failure(e.Outcome) + " in " + f.function
	if e.Outcome == engine.OutcomeTimeout {
		text += " after " + e.At2.Words()
	}
	if len(e.Failed) > 0 {
		text += " because of " + f.records(e, e.Failed)
	}
	return text
}

func throttle(f *facts) string {
	text := f.batch + " (" + f.handed() + ") does not reach " + f.function + ": "
	switch {
	case f.e.Rule == rule.FnRemoved:
		return text + "the function is deleted"
	case f.e.Source < 0:
		return text + "throttled; its messages stay hidden"
	}
	return text + "throttled"
}

func retry(f *facts) string {
	e := f.e
	n := len(e.Records)
	text, again := f.batch+" "+Failure(e.Outcome), ""
	made := "try " + num(e.Attempt-1)
	if f.throttled() {
		text, made = f.batch+" throttled", "no try is used up"
	}
	if !f.Short {
		switch n {
		case 0:
			again = "it goes"
		case 1:
			again = f.label(e, e.Records[0]) + " goes"
		case 2:
			again = "both go"
		default:
			again = "all " + num(n) + " go"
		}
		again += " again in " + e.At2.Words()
		if f.throttled() {
			return text + ": " + again + ", " + made
		}
		return text + ": " + again + ", after " + made
	}
	if text += ", " + made; f.throttled() {
		text = f.batch + " throttled: " + made
	}
	if n <= 1 {
		return text + ". It goes again in " + e.At2.Words()
	}
	all := ". All " + num(n)
	if n == 2 {
		all = ". Both"
	}
	text += all + " go again in " + e.At2.Words()
	if !f.after.blocks || len(e.Failed) == 0 {
		return text
	}
	if e.Lanes > 1 {
		return text + "; nothing of its keys overtakes " + f.label(e, e.Failed[0])
	}
	return text + "; nothing overtakes " + f.label(e, e.Failed[0])
}

// throttled reports whether a throttle led to the wait, not a failure.
func (f *facts) throttled() bool { return f.e.Source < 0 || afterThrottle(f.e) }

// afterThrottle tells whether a stream's wait follows a throttle.
func afterThrottle(e *engine.Event) bool {
	return e.Rule == rule.MapThrottleWait || e.Rule == rule.MapThrottleSpread
}

func bisect(f *facts) string {
	e := f.e
	half := func(k int) string { return num(e.Split().Batches[k]) + " " + f.list(e, e.Split().Into[k]) }
	return f.batch + " " + Failure(e.Outcome) + ": split into batches " + half(0) + " and " + half(1)
}

// brief is a shorter sentence about a batch that is done, whose checkpoint is what matters, or
// that is split.
func (f *facts) brief() string {
	e := f.e
	if e.Kind == engine.KindBisect && e.Split() != nil {
		return f.batch + " " + Failure(e.Outcome) + ": split into " + num(e.Split().Batches[0]) + " and " + num(e.Split().Batches[1])
	}
	if e.Kind != engine.KindReturn || e.Outcome != engine.OutcomeOK || e.Source < 0 || e.Window() != nil || f.after.checkpoint == 0 {
		return ""
	}
	return f.batch + " done, " + f.shard + " at " + f.label(e, f.after.checkpoint)
}

func checkpoint(f *facts) string {
	to := f.label(f.e, f.e.Record)
	if Lost(f.e) {
		return "the iterator of " + f.shard + f.of + " jumps past " + to + ": what lay before has expired"
	}
	return "the checkpoint of " + f.shard + f.of + " moves to " + to
}

// Lost reports whether a checkpoint moves because records expired unread.
func Lost(e *engine.Event) bool {
	return e.Kind == engine.KindCheckpoint && (e.Rule == rule.MapExpired || e.Rule == rule.MapResumeLost)
}

func discard(f *facts) string {
	e := f.e
	text := f.ends(e, e.Records) + " of " + f.batch
	if !f.Short {
		text = f.records(e, e.Records) + " of " + f.batch + ", " + f.shard + ","
	}
	switch {
	case len(e.Records) == 0:
		text = f.batch + ", the final call of a window of " + f.shard + ", given up"
	default:
		text += " given up"
	}
	switch e.Condition {
	case engine.RecordAgeExceeded:
		text += ", too old: "
	case engine.PayloadSizeExceeded:
		text += " without an invocation, too large for one: "
	default:
		text += " after " + count(int(e.Attempt), "try") + ": "
	}
	text += e.Condition.String()
	if !f.Short {
		text += ", approximateInvokeCount " + num(e.Attempt)
	}
	switch {
	case len(e.Records) == 0:
		text += "; the state of the window is lost"
	case e.Queue < 0:
		text += "; no message reports it"
	}
	return text
}

func deliver(f *facts) string {
	if t := f.cf.Target(f.e.Queue); t != nil && t.Bucket {
		return f.queue + " gets an object: " + f.all + " with all data"
	}
	return f.queue + " gets a message: where " + f.all + pick(len(f.e.Records), " lies, not what it holds", " lie, not what they hold")
}

func deliverFailed(f *facts) string {
	return "the message to " + f.queue + " cannot be delivered: " + f.all + " dropped"
}

func expire(f *facts) string {
	of := f.queue
	if f.e.Source >= 0 {
		of = f.shard
	}
	return f.all + " of " + of + pick(len(f.e.Records), " reaches the end of its", " reach the end of their") + " retention"
}

func unchanged(f *facts) string {
	return "write " + f.all + " to " + f.source + " changes nothing; the stream has no record of it"
}

func shardCount(f *facts) string {
	if f.e.Rule == rule.KinScale {
		return f.source + " grows: what took more than half of a shard's writes is split, " + num(f.e.Shard) + " shards now, closed ones counted in"
	}
	text := f.source + " has " + count(int(f.e.Shard), "shard") + " now, closed ones counted in"
	if f.e.Rule == rule.KinOnDemand && f.cf.Streams[f.e.Source].Auto() {
		text += "; records go to them by turns, and their order cannot be relied on"
	}
	return text
}

// back says why messages are visible again, by rule, where it is not that their
// timeout ended after a failure.
var back = map[rule.ID][2]string{
	rule.SqsVisibleRunning:  {" while the function still works on it", " while the function still works on them"},
	rule.FifoVisibleRunning: {" while the function still works on it", " while the function still works on them"},
	rule.SqsVisibleBatched:  {" before its batch was handed over", " before their batch was handed over"},
	rule.SqsThrottle:        {": released after throttles", ": released after throttles"},
	rule.SqsVisibilityZero:  {": the handler gave it back", ": the handler gave them back"},
	rule.SqsDuplicate:       {": a duplicate delivery", ": a duplicate delivery"},
}

func times(n int32) string { return pick(int(n), "once", num(n)+" times") }

func dedup(f *facts) string {
	return f.label(f.e, f.e.Record) + " dropped as a duplicate of " + f.label(f.e, f.e.Of) + ": the same deduplication ID within 5 minutes"
}

func scale(f *facts) string {
	return scaled(f, f.e)
}

// scaled is the sentence for a change of the pollers, or for several up to last.
func scaled(f *facts, last *engine.Event) string {
	text := engine.Thousands(int(last.To)) + pick(int(last.To), " poller, ", " pollers, ") + engine.Thousands(int(f.e.From)) + " before: " + last.Why.String()
	if f.Short {
		return text
	}
	return f.mapping + " has " + text
}

func wait(f *facts) string {
	return f.shard + f.by + " is not read yet: its parent, shard " + num(f.e.From) + ", is not finished"
}

func recursive(f *facts) string {
	text := f.batch + " (" + f.handed() + ") stopped: a loop of " + f.function + " and its own queue"
	for _, own := range f.cf.Functions[f.e.Function].Async {
		if own.To == "" {
			text += "; the event also goes to what " + own.Property + " of " + f.function + " names"
		}
	}
	return text
}

func forward(f *facts) string {
	what := "the event of " + f.batch
	if f.e.Kind == engine.KindForwardFailed {
		return what + " does not reach " + f.queue + ", where " + f.function + " has its failures: it is lost there"
	}
	if t := f.cf.Target(f.e.Queue); t != nil && t.Bucket {
		return f.queue + " gets an object: " + what + ", as of a failed asynchronous invocation"
	}
	return f.queue + " gets a message: " + what + ", as of a failed asynchronous invocation"
}

func redriveFailed(f *facts) string {
	if f.e.To >= 0 {
		return "the redrive of " + f.queue + " failed at " + f.all + ": " + f.cf.Queues[f.e.To].ID + " no longer exists (AWS.SimpleQueueService.NonExistentQueue)"
	}
	return "the redrive of " + f.queue + " failed at " + f.all + ": sent straight to the DLQ, it has no queue to go back to (CouldNotDetermineMessageSource)"
}
