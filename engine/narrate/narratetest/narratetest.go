// Package narratetest has events of every kind with the facts that a sentence
// about them must hold, for tests of narrate and of all that show its
// sentences.
package narratetest

import (
	"esmlab/engine"
	"esmlab/engine/rule"
)

// Names is a world that has names and no state: what narrate may know.
type Names struct{ cfg *engine.Config }

// Config has the names of all but messages.
func (w Names) Config() *engine.Config { return w.cfg }

// Message calls message id the id-th of Jobs.
func (w Names) Message(id int32) *engine.Message { return &engine.Message{N: id} }

// Which mappings there are.
const (
	Stream = 1 << iota // ShipOrders reads the stream Orders
	Queue              // WorkJobs reads the queue Jobs
	Both   = Stream | Queue
)

// World gives the names of a run with these mappings, and the index of
// ShipOrders and WorkJobs.
func World(which int) Names {
	c := &engine.Config{
		Streams:   []engine.StreamConfig{{ID: "Orders"}},
		Queues:    []engine.QueueConfig{{ID: "Jobs"}, {ID: "JobsDead"}, {ID: "Failures"}},
		Targets:   []engine.TargetConfig{{ID: "Alerts"}, {ID: "Archive", Bucket: true}},
		Functions: []engine.FunctionConfig{{ID: "Ship"}, {ID: "Work", Handler: engine.Handler{Does: []engine.Act{{Kind: engine.ActCall, To: "Payments"}, {Kind: engine.ActSend, To: "Orders"}}}, Async: []engine.AsyncDestination{{Property: "DeadLetterQueue"}}}},
	}
	if which&Stream != 0 {
		c.Mappings = append(c.Mappings, engine.MappingConfig{ID: "ShipOrders", Source: "Orders", Function: "Ship"})
	}
	if which&Queue != 0 {
		c.Mappings = append(c.Mappings, engine.MappingConfig{ID: "WorkJobs", Source: "Jobs", Function: "Work"})
	}
	return Names{c}
}

// Case is an event and what its sentence must hold.
type Case struct {
	Name  string
	Event engine.Event
	Facts []string
	// Queue tells that the event is of Jobs and WorkJobs, else of Orders and
	// ShipOrders.
	Queue bool
}

// In gives the event as it is in a world of Both, or in that of its mapping.
func (c *Case) In(which int) engine.Event {
	e := c.Event
	if c.Queue && which == Both && e.Mapping == 0 {
		e.Mapping = 1
	}
	return e
}

// run gives the numbers from a to b.
func run(a, b int32) []int32 {
	var out []int32
	for ; a <= b; a++ {
		out = append(out, a)
	}
	return out
}

// Cases are events of every kind, and of every command.
func Cases() []Case {
	eight, ten := []int32{18, 22, 23, 24, 26, 30, 31, 32}, run(1, 10)
	var out []Case
	stream := func(name string, e engine.Event, facts ...string) {
		e.N, e.At = int64(len(out)+1), engine.Micros(len(out)+1)*engine.Second
		out = append(out, Case{Name: name, Event: e, Facts: facts})
	}
	queue := func(name string, e engine.Event, facts ...string) {
		e.Source, e.Function = -1, 1
		stream(name, e, facts...)
		out[len(out)-1].Queue = true
	}
	command := func(kind engine.Kind, c engine.Command, was engine.Value, facts ...string) {
		stream("command "+c.Op.String(), engine.Event{Kind: kind, Applied: &engine.AppliedCommand{Command: c, Was: was}}, facts...)
	}

	stream("put", engine.Event{Kind: engine.KindPut, Rule: rule.KinHash, Record: 22, Shard: 1}, "#22", "Orders", "shard 1")
	queue("put to a queue", engine.Event{Kind: engine.KindPut, Rule: rule.SqsSend, Record: 4, Mapping: -1}, "#4", "Jobs")
	stream("reject", engine.Event{Kind: engine.KindReject, Mapping: -1, Records: eight, Why: engine.WhyBytes}, "Orders", "#18 … #32", "8 records", "ProvisionedThroughputExceededException", "reject")
	queue("reject of a queue", engine.Event{Kind: engine.KindReject, Mapping: -1, Records: []int32{4}, Why: engine.WhyMessageSize}, "Jobs", "#4", "InvalidParameterValue", "reject")
	stream("poll", engine.Event{Kind: engine.KindPoll, Records: eight, Shard: 1}, "ShipOrders", "#18 … #32", "8 records", "shard 1", "read")
	stream("read-throttled", engine.Event{Kind: engine.KindReadThrottled, Rule: rule.KinRead, Shard: 1}, "shard 1", "refused")
	stream("read after 10 MB", engine.Event{Kind: engine.KindReadThrottled, Rule: rule.KinRead, Shard: 1}, "shard 1", "refused", "10 MB", "5 s")
	stream("read after 2 MB", engine.Event{Kind: engine.KindReadThrottled, Rule: rule.KinShareBytes, Shard: 1}, "shard 1", "refused", "2 MB a second")
	stream("read among too many", engine.Event{Kind: engine.KindReadThrottled, Rule: rule.KinShare, Shard: 1}, "shard 1", "refused", "too many readers")
	stream("read of a global table", engine.Event{Kind: engine.KindReadThrottled, Rule: rule.DdbReadersGlobal, Shard: 1}, "shard 1", "refused", "too many readers", "replication of the global table")
	stream("retry after a throttle, spread", engine.Event{Kind: engine.KindRetry, Rule: rule.MapThrottleSpread, Shard: 1, Batch: 4, Attempt: 1, At2: engine.Second / 2, Lanes: 1, Records: eight}, "batch 4", "throttled", "no try is used up", "ll 8", "0.5 s")
	stream("wait of a child", engine.Event{Kind: engine.KindWait, Rule: rule.KinShardEnd, Shard: 1, From: 0}, "shard 1", "parent, shard 0", "not finished")
	stream("final call of a window", engine.Event{Kind: engine.KindReturn, Rule: rule.FnRun, Shard: 1, Batch: 7, Attempt: 1, Details: &engine.Details{Window: &engine.Window{Final: true, State: `{"count":5}`}}}, "batch 7", "done", "final call", "window", "shard 1", `{"count":5}`)
	stream("final call given up", engine.Event{Kind: engine.KindDiscard, Rule: rule.MapTumbleDrop, Shard: 1, Batch: 7, Attempt: 2, Queue: -1, Discard: -1}, "batch 7", "final call", "given up", "2 tries", "state of the window is lost")
	stream("no subscription", engine.Event{Kind: engine.KindReadThrottled, Rule: rule.KinFanOutOne, Shard: 1}, "shard 1", "another mapping of its consumer")
	denial := &engine.Denial{Action: "kms:Decrypt", By: "statement 1 of role Role denies it"}
	stream("denied", engine.Event{Kind: engine.KindDenied, Rule: rule.MapDenied, Shard: 1, Details: &engine.Details{Denial: denial}}, "ShipOrders", "shard 1", "may not", "kms:Decrypt")
	stream("denied to read again", engine.Event{Kind: engine.KindDenied, Rule: rule.KinFanOutAgain, Shard: 1, Details: &engine.Details{Denial: denial}}, "ShipOrders", "shard 1 again", "may not", "waits")
	queue("denied to receive", engine.Event{Kind: engine.KindDenied, Rule: rule.SqsDenied, Details: &engine.Details{Denial: denial}}, "WorkJobs", "Jobs", "may not", "kms:Decrypt")
	stream("miss", engine.Event{Kind: engine.KindMiss, Shard: 1, Records: eight}, "#18 … #32", "8 records", "shard 1", "missed")
	stream("filter", engine.Event{Kind: engine.KindFilter, Rule: rule.FilRead, Shard: 1, Records: []int32{22}}, "#22", "shard 1", "filtered out")
	queue("filter of a queue", engine.Event{Kind: engine.KindFilter, Rule: rule.FilRead, Records: ten, Why: engine.WhyFiltered}, "#1 … #10", "10 messages", "filtered out", "deleted from Jobs")
	queue("filter without the right to delete", engine.Event{Kind: engine.KindFilter, Rule: rule.FilRead, Records: ten, Why: engine.WhyDeleteDenied}, "#1 … #10", "10 messages", "filtered out", "Jobs keeps", "sqs:DeleteMessage")
	stream("batch", engine.Event{Kind: engine.KindBatch, Shard: 1, Batch: 4, Records: eight, Why: engine.WhySize}, "batch 4", "8 records", "shard 1", "full")
	queue("batch of a queue", engine.Event{Kind: engine.KindBatch, Batch: 4, Records: ten, Why: engine.WhyWindow}, "batch 4", "#1 … #10", "window")
	stream("invoke", engine.Event{Kind: engine.KindInvoke, Rule: rule.MapRetry, Shard: 1, Batch: 4, Attempt: 2, Invocation: 7, Records: eight}, "batch 4", "8 records", "shard 1", "Ship", "try 2")
	queue("invoke with messages", engine.Event{Kind: engine.KindInvoke, Rule: rule.SqsInvoke, Batch: 6, Attempt: 1, Invocation: 7, Records: ten}, "batch 6", "#1 … #10", "Work")
	stream("invoke at the end of a window", engine.Event{Kind: engine.KindInvoke, Rule: rule.MapInvoke, Shard: 1, Batch: 4, Attempt: 1, Invocation: 7}, "batch 4", "window", "shard 1", "Ship")
	stream("return ok", engine.Event{Kind: engine.KindReturn, Rule: rule.FnRun, Shard: 1, Batch: 7, Attempt: 1, Records: eight}, "batch 7", "done")
	for o, word := range map[engine.Outcome]string{engine.OutcomeError: "failed", engine.OutcomeTimeout: "timed out", engine.OutcomeCrash: "crashed", engine.OutcomeBadReply: "invalid response"} {
		stream("return "+o.String(), engine.Event{Kind: engine.KindReturn, Rule: rule.FnError, Shard: 1, Batch: 4, Attempt: 5, Outcome: o, At2: 3 * engine.Second, Records: eight, Failed: []int32{22}}, "batch 4", word, "try 5")
		queue("return of a queue "+o.String(), engine.Event{Kind: engine.KindReturn, Rule: rule.SqsFailed, Batch: 1, Attempt: 1, Outcome: o, Records: ten, Failed: []int32{4}, Times: 1, Visibility: 18}, "batch 1", word, "#4", "othing is deleted", "good 9")
		queue("return of a queue again "+o.String(), engine.Event{Kind: engine.KindReturn, Rule: rule.SqsFailed, Batch: 5, Attempt: 1, Outcome: o, Records: ten, Failed: []int32{4}, Times: 2, Visibility: 18}, "batch 5", word, "all 10", "18 s")
	}
	stream("return partial", engine.Event{Kind: engine.KindReturn, Rule: rule.MapPartial, Shard: 1, Batch: 4, Attempt: 1, Outcome: engine.OutcomePartial, Records: eight, Failed: []int32{22}}, "batch 4", "Ship reports", "#22", "batch 4")
	queue("return ok of a queue", engine.Event{Kind: engine.KindReturn, Rule: rule.FnRun, Batch: 4, Attempt: 1, Records: ten, Times: 1, Visibility: 18}, "batch 4", "done")
	queue("return partial of a queue", engine.Event{Kind: engine.KindReturn, Rule: rule.SqsPartial, Batch: 4, Attempt: 1, Outcome: engine.OutcomePartial, Records: ten, Failed: []int32{4}, Times: 1, Visibility: 18}, "batch 4", "Work reports", "#4", "other 9")
	act := func(name string, e engine.Event, facts ...string) {
		e.Kind, e.Function, e.Batch, e.Invocation = engine.KindAct, 1, 4, 7
		queue(name, e, append(facts, "Work")...)
	}
	act("gives back", engine.Event{Act: engine.ActVisibility, Rule: rule.SqsVisibilityChanged, Records: []int32{4}}, "#4", "gives", "back at once", "visibility timeout 0")
	act("hides longer", engine.Event{Act: engine.ActVisibility, Rule: rule.SqsVisibilityChanged, Records: ten, Visibility: 30}, "10 messages", "30 s", "from now on")
	act("hides in vain", engine.Event{Act: engine.ActVisibility, Rule: rule.SqsVisibilityLate, Records: []int32{4}, Visibility: 30, Why: engine.WhyNotHidden}, "#4", "30 s", "in vain", "no longer in flight")
	act("sends", engine.Event{Act: engine.ActSend, Rule: rule.FnSend, To: 1, Records: []int32{4}, Times: 1}, "#4", "sends on", "to Orders")
	act("sends in vain", engine.Event{Act: engine.ActSend, Rule: rule.FnSend, To: 1, Records: []int32{4}, Why: engine.WhyTooLarge}, "#4", "cannot send", "Orders", "MaxRecordSizeInKiB")
	act("calls again", engine.Event{Act: engine.ActCall, Rule: rule.FnCall, Records: []int32{4}, Times: 2}, "#4", "calls Payments", "again", "2 times")
	act("calls in vain", engine.Event{Act: engine.ActCall, Rule: rule.FnCallFails, Records: []int32{4}, Why: engine.WhyAway}, "#4", "calls Payments", "fails", "away")
	act("passes over", engine.Event{Act: engine.ActSkip, Rule: rule.FnOnce, Records: []int32{4}, Why: engine.WhyDoneBefore}, "#4", "passes over", "done before")
	act("in progress", engine.Event{Act: engine.ActSkip, Rule: rule.FnOnce, Records: []int32{4}, Why: engine.WhyInProgress}, "#4", "fails", "another invocation")
	stream("put again", engine.Event{Kind: engine.KindPut, Rule: rule.PutAgain, Mapping: -1, Record: 24, Of: 22, Shard: 1}, "#24", "Orders", "#22 again", "refused")
	queue("put twice", engine.Event{Kind: engine.KindPut, Rule: rule.PutTwice, Mapping: -1, Record: 5, Of: 4}, "#5", "Jobs", "#4 a second time", "answer was lost")
	stream("put of an aggregate", engine.Event{Kind: engine.KindPut, Rule: rule.KinAggregate, Mapping: -1, Record: 24, Shard: 1}, "#24", "Orders", "aggregate")
	queue("taken", engine.Event{Kind: engine.KindTaken, Rule: rule.SqsTaken, Mapping: -1, Records: ten, Details: &engine.Details{Receives: []int32{2, 2, 2, 2, 2, 2, 2, 2, 2, 2}}, Limit: 3}, "a person in the console", "#1 … #10", "Jobs", "receive 2 of 3")
	queue("breaker opens", engine.Event{Kind: engine.KindAct, Act: engine.ActPause, Function: 1, Rule: rule.FnBreaker}, "circuit breaker of Payments", "disables WorkJobs")
	queue("breaker closes", engine.Event{Kind: engine.KindAct, Act: engine.ActResume, Function: 1, Rule: rule.FnBreaker}, "circuit breaker of Payments", "enables WorkJobs")
	queue("failed, and some are gone", engine.Event{Kind: engine.KindReturn, Rule: rule.SqsFailed, Function: 1, Batch: 1, Attempt: 1, Outcome: engine.OutcomeError, Records: ten, Failed: []int32{4}, Times: 1, Visibility: 18, From: 3, To: 1},
		"batch 1", "failed", "#4", "Lambda deletes nothing", "3 were deleted by the handler", "1 had become visible again", "6 wait out")
	queue("done, and deleted before", engine.Event{Kind: engine.KindReturn, Rule: rule.FnRun, Function: 1, Batch: 4, Attempt: 1, Records: ten, Times: 1, Visibility: 18, From: 10}, "batch 4", "done", "itself")
	stream("throttle", engine.Event{Kind: engine.KindThrottle, Rule: rule.FnReserved, Shard: 1, Batch: 4, Records: eight}, "batch 4", "Ship", "throttled")
	queue("throttle of a queue", engine.Event{Kind: engine.KindThrottle, Rule: rule.FnReserved, Batch: 4, Records: ten}, "batch 4", "#1 … #10", "Work", "throttled")
	queue("throttle by a function that is gone", engine.Event{Kind: engine.KindThrottle, Rule: rule.FnRemoved, Batch: 4, Records: ten}, "batch 4", "Work", "deleted")
	stream("retry", engine.Event{Kind: engine.KindRetry, Rule: rule.MapRetryWait, Shard: 1, Batch: 4, Attempt: 6, At2: 8 * engine.Second, Outcome: engine.OutcomeError, Lanes: 1, Records: eight, Failed: []int32{22}}, "batch 4", "failed", "try 5", "ll 8", "8 s")
	stream("retry of one", engine.Event{Kind: engine.KindRetry, Rule: rule.MapRetryWait, Shard: 1, Batch: 4, Attempt: 6, At2: 8 * engine.Second, Outcome: engine.OutcomeTimeout, Lanes: 1, Records: []int32{22}}, "batch 4", "timed out", "try 5", "8 s")
	stream("retry after a throttle", engine.Event{Kind: engine.KindRetry, Rule: rule.MapThrottleWait, Shard: 1, Batch: 4, Attempt: 1, At2: engine.Second / 2, Lanes: 1, Records: eight}, "batch 4", "throttled", "no try is used up", "ll 8", "0.5 s")
	queue("retry of a queue", engine.Event{Kind: engine.KindRetry, Rule: rule.SqsThrottleWait, Batch: 4, Attempt: 1, At2: engine.Second, Records: ten}, "batch 4", "throttled", "ll 10", "1 s")
	stream("bisect", engine.Event{Kind: engine.KindBisect, Rule: rule.MapBisect, Shard: 1, Batch: 4, Outcome: engine.OutcomeError, Details: &engine.Details{Split: &engine.Split{Into: [2][]int32{{18, 22}, {23, 24}}, Batches: [2]int32{5, 6}}}}, "batch 4", "failed", "5 [18 22]", "6 [23 24]", "split")
	stream("checkpoint", engine.Event{Kind: engine.KindCheckpoint, Rule: rule.MapCheckpoint, Shard: 1, Record: 77}, "checkpoint", "shard 1", "#77")
	stream("checkpoint past what has expired", engine.Event{Kind: engine.KindCheckpoint, Rule: rule.MapExpired, Shard: 1, Record: 77}, "iterator", "shard 1", "#77", "expired")
	stream("block", engine.Event{Kind: engine.KindBlock, Rule: rule.MapBlock, Shard: 1, Batch: 4}, "shard 1", "BLOCKED", "batch 4")
	stream("block of a lane", engine.Event{Kind: engine.KindBlock, Rule: rule.MapLaneBlock, Shard: 1, Lane: 2, Batch: 4}, "lane 2 of shard 1", "BLOCKED", "batch 4")
	stream("unblock", engine.Event{Kind: engine.KindUnblock, Rule: rule.MapUnblock, Shard: 1, Batch: 4}, "shard 1", "flows again", "batch 4")
	stream("let go", engine.Event{Kind: engine.KindUnblock, Rule: rule.MapDisabled, Shard: 1, Batch: 4}, "batch 4", "is let go of", "wait in shard 1")
	stream("discard", engine.Event{Kind: engine.KindDiscard, Rule: rule.MapDiscard, Shard: 1, Batch: 4, Attempt: 3, Queue: -1, Records: eight}, "batch 4", "#18 … #32", "given up", "3 tries", "RetryAttemptsExhausted", "no message reports it")
	stream("discard by age", engine.Event{Kind: engine.KindDiscard, Rule: rule.MapAge, Shard: 1, Batch: 4, Attempt: 3, Queue: 2, Condition: engine.RecordAgeExceeded, Records: eight}, "batch 4", "#18 … #32", "given up", "too old", "RecordAgeExceeded")
	stream("discard of what is too large", engine.Event{Kind: engine.KindDiscard, Rule: rule.MapTooLargeLost, Shard: 1, Batch: 4, Queue: -1, Condition: engine.PayloadSizeExceeded, Records: []int32{22}}, "batch 4", "#22", "given up without an invocation", "too large", "PayloadSizeExceeded", "no message reports it")
	stream("put without a key", engine.Event{Kind: engine.KindPut, Rule: rule.KinAuto, Mapping: -1, Record: 22, Shard: 1}, "#22", "Orders", "shard 1", "without a key")
	stream("block of a lane without keys", engine.Event{Kind: engine.KindBlock, Rule: rule.KinAutoLane, Shard: 1, Lane: 2, Batch: 4}, "lane 2 of shard 1", "BLOCKED", "batch 4", "other lanes")
	stream("deliver", engine.Event{Kind: engine.KindDeliver, Rule: rule.DstQueue, Shard: 1, Queue: 2, Records: eight}, "Failures gets a message", "#18 … #32", "8 records")
	stream("deliver to a bucket", engine.Event{Kind: engine.KindDeliver, Rule: rule.DstBucket, Shard: 1, Queue: engine.FirstTarget + 1, Records: eight}, "Archive gets an object", "#18 … #32", "8 records")
	stream("deliver-failed", engine.Event{Kind: engine.KindDeliverFailed, Rule: rule.DstDenied, Shard: 1, Queue: engine.FirstTarget, Records: eight}, "Alerts", "cannot be delivered", "#18 … #32", "8 records")
	stream("expire", engine.Event{Kind: engine.KindExpire, Rule: rule.KinRetention, Mapping: -1, Shard: 1, Records: eight}, "#18 … #32", "8 records", "shard 1", "retention")
	queue("expire in a queue", engine.Event{Kind: engine.KindExpire, Rule: rule.SqsRetention, Mapping: -1, Records: []int32{4}}, "#4", "Jobs", "retention")
	stream("state", engine.Event{Kind: engine.KindState, Rule: rule.MapDisabled, State: engine.Disabling}, "ShipOrders", "Disabling")
	stream("unchanged", engine.Event{Kind: engine.KindUnchanged, Mapping: -1, Record: 22, Records: []int32{22}}, "Orders", "#22", "changes nothing")
	stream("shards", engine.Event{Kind: engine.KindShards, Mapping: -1, Shard: 3}, "Orders", "3 shards")
	stream("shards of an on-demand stream", engine.Event{Kind: engine.KindShards, Rule: rule.KinScale, Mapping: -1, Shard: 6}, "Orders grows", "6 shards")
	queue("receive", engine.Event{Kind: engine.KindReceive, Rule: rule.SqsReceive, Poller: 0, Records: ten, Details: &engine.Details{Receives: []int32{2, 2, 2, 2, 2, 2, 2, 2, 2, 2}}, Limit: 3}, "poller 1", "#1 … #10", "receive 2 of 3")
	queue("receive of some anew", engine.Event{Kind: engine.KindReceive, Rule: rule.SqsReceive, Poller: 0, Records: []int32{4, 11}, Details: &engine.Details{Receives: []int32{2, 1}}}, "poller 1", "#4 and #11", "receive 2 for", "#4")
	queue("reappear", engine.Event{Kind: engine.KindReappear, Rule: rule.SqsVisible, Mapping: -1, Records: ten}, "#1 … #10", "visible again")
	queue("reappear too early", engine.Event{Kind: engine.KindReappear, Rule: rule.SqsVisibleRunning, Mapping: -1, Records: ten}, "#1 … #10", "visible again", "still works on them")
	queue("delete", engine.Event{Kind: engine.KindDelete, Rule: rule.SqsPurge, Mapping: -1, Records: ten, Why: engine.WhyPurged}, "#1 … #10", "10 messages", "deleted from Jobs", "purged")
	queue("delete-failed", engine.Event{Kind: engine.KindDeleteFailed, Rule: rule.SqsDeleteFails, Batch: 4, Records: ten, Why: engine.WhyDeleteFails}, "#1 … #10", "10 messages", "not deleted", "the deletion failed")
	queue("move", engine.Event{Kind: engine.KindMove, Rule: rule.SqsMove, To: 1, Records: []int32{4}, Limit: 3}, "#4", "JobsDead", "3 times")
	queue("move back", engine.Event{Kind: engine.KindMove, Rule: rule.SqsRedrive, Mapping: -1, Queue: 1, To: 0, Records: []int32{4}}, "#4", "from JobsDead to Jobs", "as new")
	queue("move on", engine.Event{Kind: engine.KindMove, Rule: rule.SqsMoveOn, To: 1, Records: []int32{4}, Limit: 3}, "#4", "on from Jobs to JobsDead", "3 times")
	queue("redrive-failed", engine.Event{Kind: engine.KindRedriveFailed, Rule: rule.SqsRedriveSource, Mapping: -1, Queue: 1, To: -1, Records: []int32{4}}, "#4", "redrive of JobsDead", "CouldNotDetermineMessageSource")
	queue("redrive to a queue that is gone", engine.Event{Kind: engine.KindRedriveFailed, Rule: rule.SqsRedriveGone, Mapping: -1, Queue: 1, To: 0, Records: []int32{4}}, "#4", "redrive of JobsDead", "Jobs no longer exists")
	queue("dedup", engine.Event{Kind: engine.KindDedup, Rule: rule.FifoDedup, Mapping: -1, Record: 4, Of: 1, Records: []int32{4}}, "#4", "#1", "duplicate")
	queue("scale", engine.Event{Kind: engine.KindScale, Rule: rule.SqsErrorScale, From: 5, To: 1250, Why: engine.WhyBacklog}, "5", "1,250 pollers", "backlog")
	queue("recursive", engine.Event{Kind: engine.KindRecursive, Rule: rule.FnRecursive, Batch: 4, Records: ten}, "batch 4", "#1 … #10", "Work", "loop", "the event also goes to what DeadLetterQueue of Work names")
	queue("forward", engine.Event{Kind: engine.KindForward, Rule: rule.FnForward, Queue: 2, Batch: 4, Records: ten}, "batch 4", "Failures gets a message", "the event")
	queue("forward to a bucket", engine.Event{Kind: engine.KindForward, Rule: rule.FnForwardRecord, Queue: engine.FirstTarget + 1, Batch: 4, Records: ten}, "batch 4", "Archive gets an object")
	queue("forward-failed", engine.Event{Kind: engine.KindForwardFailed, Rule: rule.DstSize, Queue: engine.FirstTarget, Batch: 4, Records: ten}, "batch 4", "does not reach Alerts", "Work")

	command(engine.KindSet, engine.Command{Op: engine.OpSet, Target: "ShipOrders.BatchSize", Value: engine.IntValue(5)}, engine.IntValue(8), "BatchSize", "8 → 5")
	out[len(out)-1].Event.Applied.InHand = true
	out[len(out)-1].Facts = append(out[len(out)-1].Facts, "from the next batch")
	command(engine.KindSet, engine.Command{Op: engine.OpSet, Target: "Jobs.RedrivePolicy", Value: engine.TextValue("")}, engine.TextValue("JobsDead"), "Jobs.RedrivePolicy", "JobsDead → none")
	command(engine.KindPutAsked, engine.Command{Op: engine.OpPut, Put: engine.Traffic{To: "Orders", Count: 10, Shard: 1}}, engine.Value{}, "10 records", "Orders", "shard 1")
	command(engine.KindPutAsked, engine.Command{Op: engine.OpPut, Put: engine.Traffic{To: "Jobs", Count: 1, Shard: -1, Keys: []string{"A"}}}, engine.Value{}, "1 message", "Jobs", "group A")
	command(engine.KindFault, engine.Command{Op: engine.OpFault, Fault: engine.Fault{Function: "Ship", Name: "bad", Records: []engine.Label{{Source: "Orders", N: 22}}, Until: engine.Never}}, engine.Value{}, "Ship", "poison Orders#22", "bad")
	command(engine.KindFix, engine.Command{Op: engine.OpFix, Target: "bad"}, engine.Value{}, "fault bad")
	command(engine.KindEnable, engine.Command{Op: engine.OpEnable, Target: "ShipOrders"}, engine.Value{}, "enable", "ShipOrders")
	command(engine.KindDisable, engine.Command{Op: engine.OpDisable, Target: "ShipOrders"}, engine.Value{}, "disable", "ShipOrders")
	command(engine.KindRestart, engine.Command{Op: engine.OpRestart, Target: "ShipOrders"}, engine.Value{}, "restart", "ShipOrders")
	command(engine.KindDeny, engine.Command{Op: engine.OpDeny, Target: "ShipOrders", Actions: []string{"kinesis:Get*", "kms:Decrypt"}}, engine.Value{}, "den", "ShipOrders", "kinesis:Get*, kms:Decrypt")
	command(engine.KindAllow, engine.Command{Op: engine.OpAllow, Target: "ShipOrders", Actions: []string{"kinesis:Get*"}}, engine.Value{}, "allow", "ShipOrders", "kinesis:Get*")
	command(engine.KindRemove, engine.Command{Op: engine.OpRemove, Target: "Ship"}, engine.Value{}, "delete", "Ship")
	command(engine.KindSplit, engine.Command{Op: engine.OpSplit, Target: "Orders", Shards: []int{0}}, engine.Value{}, "split", "shard 0", "Orders")
	command(engine.KindMerge, engine.Command{Op: engine.OpMerge, Target: "Orders", Shards: []int{0, 1}}, engine.Value{}, "merge", "shards 0 and 1", "Orders")
	command(engine.KindRedrive, engine.Command{Op: engine.OpRedrive, Target: "JobsDead", To: "Jobs", Rate: 50}, engine.Value{}, "redrive", "JobsDead", "to Jobs", "50 a second")
	command(engine.KindCancel, engine.Command{Op: engine.OpCancel, Target: "JobsDead"}, engine.Value{}, "redrive of JobsDead", "stop")
	command(engine.KindReceiveAsked, engine.Command{Op: engine.OpReceive, Receive: engine.Receiver{Queue: "Jobs", Once: true}}, engine.Value{}, "poll", "Jobs", "console")
	command(engine.KindPurge, engine.Command{Op: engine.OpPurge, Target: "Jobs"}, engine.Value{}, "purge", "Jobs")
	command(engine.KindDeploy, engine.Command{Op: engine.OpDeploy, Target: "next.yaml"}, engine.Value{}, "deploy", "next.yaml")
	for why, word := range map[engine.Why]string{engine.WhyCreated: "creates", engine.WhyUpdated: "updates", engine.WhyReplaced: "replaces", engine.WhyDeleted: "deletes"} {
		command(engine.KindChange, engine.Command{Op: engine.OpDeploy, Target: "ShipOrders", Value: engine.TextValue("BatchSize: 8 → 5")}, engine.Value{}, "CloudFormation "+word, "ShipOrders", "BatchSize: 8 → 5")
		out[len(out)-1].Event.Why = why
	}
	command(engine.KindFront, engine.Command{Op: engine.OpPut, Target: "News", To: "Jobs", Value: engine.TextValue("NewsJobs")}, engine.Value{}, "News", "Jobs")
	out[len(out)-1].Event.Why, out[len(out)-1].Event.Rule, out[len(out)-1].Event.Times = engine.WhyNotMatched, rule.SnsFilter, 3
	stream("again", engine.Event{Kind: engine.KindAgain, Rule: rule.CfnAgain, Shard: 1, Records: eight}, "#18 … #32", "8 records", "shard 1", "handed over again")
	stream("miss of a new mapping", engine.Event{Kind: engine.KindMiss, Rule: rule.CfnGap, Shard: 1, Records: eight}, "#18 … #32", "skipped", "LATEST")
	stream("miss in an old stream", engine.Event{Kind: engine.KindMiss, Rule: rule.CfnViewOld, Shard: 1, Records: eight}, "#18 … #32", "skipped", "replaced")
	stream("miss of an orphan", engine.Event{Kind: engine.KindMiss, Rule: rule.CfnOrphan, Shard: 1, Records: eight}, "#18 … #32", "lost", "nobody tries again")
	stream("refuse", engine.Event{Kind: engine.KindRefuse, Applied: &engine.AppliedCommand{Command: engine.Command{Op: engine.OpEnable, Target: "ShipOrders"},
		Refused: &engine.Refusal{What: "enable ShipOrders", Code: "ResourceInUseException", Message: "it is Updating", Right: "later"}}}, "refused", "enable ShipOrders", "ResourceInUseException: it is Updating", "later")
	stream("stop", engine.Event{Kind: engine.KindStop, Rule: rule.SimStop, Mapping: -1, Source: -1, Applied: &engine.AppliedCommand{Refused: &engine.Refusal{What: "run", Message: "time does not go on", Right: "a loop that ends"}}}, "stopped", "time does not go on", "a loop that ends")
	return out
}
