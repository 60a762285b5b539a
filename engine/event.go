package engine

import "esmlab/engine/rule"

// Kind is the kind of a trace event (docs/scenarios.md, The trace).
type Kind uint8

// The kinds of events, named in KindNames.
const (
	KindPut Kind = iota
	KindReject
	KindPoll
	KindReadThrottled
	KindDenied
	KindMiss
	KindFilter
	KindBatch
	KindInvoke
	KindReturn
	KindThrottle
	KindRetry
	KindBisect
	KindCheckpoint
	KindBlock
	KindUnblock
	KindDiscard
	KindDeliver
	KindDeliverFailed
	KindExpire
	KindState
	KindPutAsked
	KindSet
	KindFault
	KindFix
	KindEnable
	KindDisable
	KindRestart
	KindDeny
	KindAllow
	KindRemove
	KindSplit
	KindMerge
	KindRedrive
	KindCancel
	KindReceiveAsked
	KindPurge
	KindDeploy
	KindRefuse
	KindUnchanged
	KindShards
	KindReceive
	KindReappear
	KindDelete
	KindDeleteFailed
	KindMove
	KindDedup
	KindScale
	KindRecursive
	KindRedriveFailed
	KindStop
	KindWait
	KindForward
	KindForwardFailed
	KindAct
	KindChange
	KindAgain
	KindFront
	KindTaken
	NumKinds
)

// KindNames are the words of the trace, indexed by Kind.
var KindNames = [NumKinds]string{"put", "reject", "poll", "read-throttled", "denied", "miss", "filter", "batch",
	"invoke", "return", "throttle", "retry", "bisect", "checkpoint", "block", "unblock", "discard", "deliver",
	"deliver-failed", "expire", "state", "puts", "set", "fault", "fix", "enable", "disable", "restart", "deny", "allow",
	"remove", "split", "merge", "redrive", "cancel", "receives", "purge", "deploy", "refuse", "unchanged", "shards", "receive", "reappear", "delete",
	"delete-failed", "move", "dedup", "scale", "recursive", "redrive-failed", "stop", "wait", "forward", "forward-failed", "act", "change", "again", "front", "taken"}

func (k Kind) String() string { return KindNames[k] }

// IsCommand reports whether the event is a person's own command.
func (k Kind) IsCommand() bool { return k >= KindPutAsked && k <= KindDeploy }

// Why is the reason for a `batch`, `reject`, `delete`, `delete-failed` or
// `scale` event; what a deployment did (`change`); for a queue's `filter`, what becomes of the messages.
type Why uint8

// The reasons, named in whyNames.
const (
	WhyNone Why = iota
	WhySize
	WhyWindow
	WhyPayload
	WhyAvailable
	WhyShardEnd
	WhyRecords
	WhyBurst
	WhyBytes
	WhyTooLarge
	WhyNoShard
	WhyGone
	// of a queue's reject
	WhyMessageSize
	WhyFifoRate
	WhyNoQueue
	WhyInternal
	// of a delete
	WhyProcessed
	WhyFiltered
	WhyPurged
	WhyRemoved
	// of a delete that failed
	WhyHandleOld
	WhyHandleExpired
	WhyDeleteDenied
	WhyDeleteFails
	// of a scale
	WhyBacklog
	WhyMessages
	WhyIdle
	WhyErrors
	WhyThrottles
	WhySetting
	// of a delete
	WhyHandler
	WhyOther
	// of an act that had no effect
	WhyMessageGone
	WhyNotHidden
	WhyHiddenMost
	WhyDoneBefore
	WhyInProgress
	WhyNotAllowed
	WhyAway
	WhyLimit
	WhyOpen
	// of a change
	WhyCreated
	WhyUpdated
	WhyReplaced
	WhyDeleted
	// of what a topic, a bucket or a rule sends
	WhySent
	WhyNotMatched
	WhyPolicy
	WhyUnavailable
	WhyTooOften
	WhyAttributes
	WhyDead
)

// WhyNames are the words of the trace, indexed by Why.
var whyNames = [...]string{"", "size", "window", "payload", "available", "shard-end",
	"ProvisionedThroughputExceededException: Rate exceeded for shard", "ProvisionedThroughputExceededException: Rate exceeded for shard",
	"ProvisionedThroughputExceededException: Rate exceeded for shard",
	"ValidationException: the record is larger than MaxRecordSizeInKiB", "InvalidArgumentException: no open shard has that number",
	"ResourceNotFoundException: Requested resource not found",
	"InvalidParameterValue: One or more parameters are invalid. Reason: Message is larger than MaximumMessageSize", "ThrottlingException: Rate exceeded",
	"AWS.SimpleQueueService.NonExistentQueue: The specified queue does not exist.",
	"InternalFailure: Internal service failure.",
	"processed", "filtered", "purged", "removed",
	"the message was received again: its receipt handle is old", "InvalidParameterValue: The receipt handle has expired.", "AccessDenied: sqs:DeleteMessage", "the deletion failed",
	"backlog", "messages", "idle", "errors", "throttles", "setting", "by the handler", "by another receiver",
	"InvalidParameterValue: the message no longer exists", "the message is no longer in flight", "InvalidParameterValue: Total VisibilityTimeout for the message is beyond the limit [43200 seconds]",
	"it was done before", "another invocation has it in progress", "AccessDenied",
	"the service is away", "the service answers no more calls in this second", "the circuit breaker is open",
	"created", "updated", "replaced", "deleted",
	"sent", "filtered", "the queue's policy does not let it send", "the queue does not answer; it tries again", "the queue has not answered for too long", "more than 10 message attributes", "to the DLQ"}

func (w Why) String() string { return whyNames[w] }

// Outcome is how an invocation ended.
type Outcome uint8

// The outcomes of a `return` in the trace (docs/scenarios.md).
const (
	OutcomeOK Outcome = iota
	OutcomeError
	OutcomeTimeout
	OutcomeCrash
	OutcomePartial
	OutcomeBadReply
)

// OutcomeNames are the words of the trace, indexed by Outcome.
var outcomeNames = [...]string{"ok", "error", "timeout", "crash", "partial", "bad-reply"}

func (o Outcome) String() string { return outcomeNames[o] }

// Condition is why a batch was discarded, in AWS's words.
type Condition uint8

// The conditions of a stream's failure record.
const (
	RetryAttemptsExhausted Condition = iota
	RecordAgeExceeded
	PayloadSizeExceeded // chosen (DST-QUEUE-4)
)

func (c Condition) String() string {
	return [...]string{"RetryAttemptsExhausted", "RecordAgeExceeded", "PayloadSizeExceeded"}[c]
}

// Event is one line of the trace. Which fields are used depends on Kind; the
// others are zero. Indices are those of the Sim's lists (Config has the names).
// Records are label numbers of Source and are never written to again: an Event
// may be kept.
type Event struct {
	N    int64 // from 1
	At   Micros
	Rule rule.ID // "" for a person's own command

	Kind      Kind
	Why       Why
	Outcome   Outcome // return; retry, bisect: of the invocation that led to it
	Condition Condition
	State     MappingState
	Lanes     uint8   // return, retry: lanes of the shard, ParallelizationFactor
	Act       ActKind // act; return: ActVisibility where the handler has changed how long its messages are hidden

	// Source is the index of the stream in put, reject, expire and all events
	// with Records. It is -1 if the event is a queue's: then Queue says which,
	// and Records, Failed and Record are message ids (Sim.MessageLabel).
	Source     int32
	Mapping    int32 // mapping index
	Function   int32
	Queue      int32 // queue index; of a discard (-1 none), deliver, forward and when they fail the number of the destination
	To         int32 // move, redrive: the queue it goes to, -1 each to its own; scale: slots; return: messages that a handler gave back; act: the effect's number (Function.Effects)
	From       int32 // scale: slots before; return: messages that a handler deleted; taken: number of the receiver; wait: the shard waited for
	Poller     int32 // receive, and what follows of the batch: slot of the mapping
	Shard      int32
	Lane       int32
	Batch      int32
	Invocation int32
	Attempt    int32 // invoke, retry; discard: the invoke count
	Record     int32 // put, checkpoint: label number, 0 none; forward to a queue: the message's id
	Of         int32 // dedup, and put by the rules PutAgain and PutTwice: number or id of what it repeats
	Bytes      int32 // put
	Key        int32 // put: index into the stream's keys, or the message's GroupID
	Limit      int32 // receive, move, reappear, return of a queue's batch: the queue's maxReceiveCount, 0 without a DLQ
	Times      int32 // act: how many times it was done for a record by now; return of a queue's batch: the highest receive count among its messages
	Discard    int32 // discard, deliver: index of the Sim's discard; -1 for the final call of a window, which has no records
	Visibility int32 // act: the new timeout in seconds; receive, move, reappear, return of a queue's batch: the queue's VisibilityTimeout in seconds

	At2     Micros // return: duration; retry: wait
	Records []int32
	// Failed are the records that made an invocation fail, or that it reported:
	// in a return, and in the retry or bisect that it led to.
	Failed []int32
	// Details are what most events have nothing of; nil there.
	Details *Details

	// Applied is set for a command: set, fault, refuse, …
	Applied *AppliedCommand
}

// Details are what few events have. They are never written to again.
type Details struct {
	// Receives is how many times each of Records has been received: receive.
	Receives []int32
	// Faults are the numbers of the faults that hit an invocation: return
	// (Function.Fault has them).
	Faults []int32
	// Split is what a bisect makes, nil in other events.
	Split *Split
	// Window is the tumbling window of an invoke, a return, or the discard of a
	// final call, nil if there is none; on return with the state as the handler
	// left it.
	Window *Window
	// Denial is what the role may not do: denied, deliver-failed, forward-failed,
	// delete-failed.
	Denial *Denial
}

// details keeps what few events have; it is nil where there is nothing of it, or no event
// is kept.
func (s *Sim) details(d Details) *Details {
	if !s.keep || d.Receives == nil && len(d.Faults) == 0 && d.Split == nil && d.Window == nil && d.Denial == nil {
		return nil
	}
	kept := d
	kept.Faults = s.copyToArena(d.Faults)
	return &kept
}

// some are the event's Details, empty where it has none.
func (e *Event) some() Details {
	if e.Details == nil {
		return Details{}
	}
	return *e.Details
}

// Receives is that of the event's Details.
func (e *Event) Receives() []int32 { return e.some().Receives }

// Faults is that of the event's Details.
func (e *Event) Faults() []int32 { return e.some().Faults }

// Split is that of the event's Details.
func (e *Event) Split() *Split { return e.some().Split }

// Window is that of the event's Details.
func (e *Event) Window() *Window { return e.some().Window }

// Denial is that of the event's Details.
func (e *Event) Denial() *Denial { return e.some().Denial }

// Split is a batch that was split.
type Split struct {
	Into    [2][]int32 // label numbers of the two halves
	Batches [2]int32   // their batches' numbers
}

// AppliedCommand is a command that was carried out or refused.
type AppliedCommand struct {
	Command Command
	Was     Value    // set: the value before
	InHand  bool     // set: a batch was in hand, for which the old value still holds
	Refused *Refusal // refuse, and stop: why nothing goes on
}
