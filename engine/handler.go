package engine

// This file is what a scenario says of a function's handler beside how long it
// takes and how it fails: how it goes through a batch, and what it does on the way.

// Loop is how a handler goes through its batch, and what it makes of a record that
// fails there.
type Loop uint8

// The loops, in the order of LoopNames.
const (
	LoopNone         Loop = iota // what fails shows when everything is done
	LoopThrow                    // the first that fails ends the invocation with an error
	LoopReport                   // goes through all and reports those that failed
	LoopReportRest               // stops at the first that fails, reports it and all after it
	LoopReportOthers             // goes through all and reports, wrongly, those that did not fail
	LoopPowertools               // the batch processor of Powertools for AWS Lambda
)

// LoopNames are the words of a scenario, indexed by Loop.
var LoopNames = [...]string{"", "loop-and-throw", "report-failed", "report-rest", "report-others", "powertools"}

func (l Loop) String() string { return LoopNames[l] }

// Handler is what a function's handler does. The zero Handler only takes time.
type Handler struct {
	Loop Loop
	// Lenient and SkipGroup are options of Powertools: it returns a list where all
	// records failed instead of raising an error (raise_on_entire_batch_failure:
	// false), and on a FIFO queue passes over the rest of a failed group only
	// (skip_group_on_error: true).
	Lenient, SkipGroup bool
	Parallel           int // so many records at a time; 0: one after the other
	Does               []Act
	Once               Once
}

// ActKind is what an act does.
type ActKind uint8

// The acts, in the order of ActNames. The last ones are no acts of a scenario: they
// are what idempotency and a circuit breaker do.
const (
	ActNone       ActKind = iota
	ActVisibility         // changes a message's visibility timeout
	ActDelete             // deletes a message
	ActSend               // puts a record to a stream, a table or a queue
	ActCall               // calls a downstream service
	ActSkip               // passes over a record that was done before
	ActPause              // a circuit breaker disables the mapping
	ActResume             // … and enables it again
	NumActs
)

// ActNames are the words of a scenario and of the trace, indexed by ActKind.
var ActNames = [NumActs]string{"", "visibility", "delete", "send", "call", "skip", "pause", "resume"}

func (a ActKind) String() string { return ActNames[a] }

// Act is what a handler does with each record of its batch that the selectors of
// Hits match, once it has worked on it.
type Act struct {
	Kind ActKind
	Hits Fault // only its selectors count
	// Visibility is the new timeout, from the call on. With Every the handler
	// changes it again and again until the invocation ends: a heartbeat.
	Visibility Micros
	Every      Micros
	To         string // send: a stream, a table or a queue; call: a service
	Body       string // send: "" sends what the record holds
	Key        string // send: "" the record's own
}

// Once makes a handler idempotent: it keeps what it has done in a table.
type Once struct {
	Table string // "" off
	By    OnceBy
	TTL   Micros // how long a record that was done stays in the table
}

// OnceBy is by what an idempotent handler knows a record again.
type OnceBy uint8

// The ways, in the order of OnceNames.
const (
	OnceID   OnceBy = iota // AWS's id: message id or sequence number
	OnceBody               // what it holds
	OnceKey                // partition key, item key or message group
)

// OnceNames are the words of a scenario, indexed by OnceBy.
var OnceNames = [...]string{"id", "body", "key"}

// ServiceConfig is something downstream that functions call.
type ServiceConfig struct {
	ID    string
	Takes Micros // how long a call takes
	Away  []Span // when calls to it fail
	// Limit is how many calls a second it answers, 0 any number; Slows is from how
	// many calls a second on it gets slower: with twice as many a call takes twice
	// as long.
	Limit, Slows int
	Breaker      Breaker
}

// Span is a part of a run's time.
type Span struct{ From, Until Micros }

// Breaker is a circuit breaker around a service.
type Breaker struct {
	After int    // so many failed calls in a row open it; 0: there is none
	For   Micros // how long it stays open; the next call then decides
	// Pauses: while it is open the mapping is disabled, and a call of its own decides
	// whether it stays open. Else calls fail at once, and the service is not called.
	Pauses bool
}
