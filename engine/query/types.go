package query

// The things an expression asks about. A field that a thing has not is refused
// when the expression is compiled.

// Record is what became of a record, as one mapping sees it.
type Record struct {
	State      string  `expr:"state" json:"state"`
	Key        string  `expr:"key" json:"key"`
	Shard      int     `expr:"shard" json:"shard"`
	PutAt      float64 `expr:"put_at" json:"put_at"`
	Deliveries int     `expr:"deliveries" json:"deliveries"`
	Failures   int     `expr:"failures" json:"failures"`
	Receives   int     `expr:"receives" json:"receives"`
	DoneAt     float64 `expr:"done_at" json:"done_at"`
}

// Stream is a stream and its shards.
type Stream struct {
	Put      int     `expr:"put" json:"put"`
	Rejected int     `expr:"rejected" json:"rejected"`
	Retained int     `expr:"retained" json:"retained"`
	Expired  int     `expr:"expired" json:"expired"`
	Shards   []Shard `expr:"shards" json:"shards"`
}

// Shard is one shard; ID is AWS's.
type Shard struct {
	Shard   int    `expr:"shard" json:"shard"`
	ID      string `expr:"id" json:"id"`
	Open    bool   `expr:"open" json:"open"`
	Parents []int  `expr:"parents" json:"parents"`
	Records int    `expr:"records" json:"records"`
}

// Iterator is a mapping's place in a shard.
type Iterator struct {
	Checkpoint string  `expr:"checkpoint" json:"checkpoint"`
	Next       string  `expr:"next" json:"next"`
	Behind     int     `expr:"behind" json:"behind"`
	Age        float64 `expr:"age" json:"age"`
	Blocked    bool    `expr:"blocked" json:"blocked"`
	Attempts   int     `expr:"attempts" json:"attempts"`
	Lanes      []Lane  `expr:"lanes" json:"lanes"`
}

// Lane is one sequence of batches of a shard.
type Lane struct {
	Lane     int      `expr:"lane" json:"lane"`
	Keys     []string `expr:"keys" json:"keys"`
	Records  []string `expr:"records" json:"records"`
	Attempts int      `expr:"attempts" json:"attempts"`
	Blocked  bool     `expr:"blocked" json:"blocked"`
}

// Queue is an SQS queue.
type Queue struct {
	Sent     int     `expr:"sent" json:"sent"`
	Visible  int     `expr:"visible" json:"visible"`
	InFlight int     `expr:"in_flight" json:"in_flight"`
	Delayed  int     `expr:"delayed" json:"delayed"`
	Deleted  int     `expr:"deleted" json:"deleted"`
	Expired  int     `expr:"expired" json:"expired"`
	Moved    int     `expr:"moved" json:"moved"`
	Oldest   float64 `expr:"oldest" json:"oldest"`
	Groups   []Group `expr:"groups" json:"groups"`
}

// Group is a message group of a FIFO queue.
type Group struct {
	Group    string `expr:"group" json:"group"`
	Locked   bool   `expr:"locked" json:"locked"`
	Visible  int    `expr:"visible" json:"visible"`
	InFlight int    `expr:"in_flight" json:"in_flight"`
}

// Function holds a function's counters.
type Function struct {
	Invocations         int `expr:"invocations" json:"invocations"`
	Errors              int `expr:"errors" json:"errors"`
	Timeouts            int `expr:"timeouts" json:"timeouts"`
	Throttles           int `expr:"throttles" json:"throttles"`
	Running             int `expr:"running" json:"running"`
	Peak                int `expr:"peak" json:"peak"`
	ColdStarts          int `expr:"cold_starts" json:"cold_starts"`
	DestinationFailures int `expr:"destination_failures" json:"destination_failures"`
	// RecursiveInvocationsDropped counts batches that Lambda stopped as a loop.
	RecursiveInvocationsDropped int `expr:"recursive_invocations_dropped" json:"recursive_invocations_dropped"`
	// Effects are what its handler did to things outside.
	Effects []Effect `expr:"effects" json:"effects,omitempty"`
}

// Effect counts what a handler did to one thing outside: how many times, for how
// many records more than once, and how many times too many.
type Effect struct {
	To    string `expr:"to" json:"to"`
	Done  int    `expr:"done" json:"done"`
	Twice int    `expr:"twice" json:"twice"`
	Again int    `expr:"again" json:"again"`
}

// Mapping holds a mapping's state and metrics.
type Mapping struct {
	State                                   string `expr:"state" json:"state"`
	Concurrency                             int    `expr:"concurrency" json:"concurrency"`
	Pollers                                 int    `expr:"pollers" json:"pollers"`
	LastProcessingResult                    string `json:"LastProcessingResult"`
	StateTransitionReason                   string `json:"StateTransitionReason"`
	IteratorAge                             int    `json:"IteratorAge"`
	PolledEventCount                        int    `json:"PolledEventCount"`
	FilteredOutEventCount                   int    `json:"FilteredOutEventCount"`
	InvokedEventCount                       int    `json:"InvokedEventCount"`
	FailedInvokeEventCount                  int    `json:"FailedInvokeEventCount"`
	DeletedEventCount                       int    `json:"DeletedEventCount"`
	DroppedEventCount                       int    `json:"DroppedEventCount"`
	OnFailureDestinationDeliveredEventCount int    `json:"OnFailureDestinationDeliveredEventCount"`
	Skipped                                 int    `expr:"skipped" json:"skipped,omitempty"`
	Again                                   int    `expr:"again" json:"again,omitempty"`
}

// Destination is what arrived where failures go.
type Destination struct {
	Delivered int              `expr:"delivered" json:"delivered"`
	Failed    int              `expr:"failed" json:"failed"`
	Payloads  []map[string]any `expr:"payloads" json:"payloads"`
	Keys      []string         `expr:"keys" json:"keys"`
}

// Invocation is one call of a function.
type Invocation struct {
	N       int      `expr:"n" json:"n"`
	At      float64  `expr:"at" json:"at"`
	Mapping string   `expr:"mapping" json:"mapping"`
	Shard   int      `expr:"shard" json:"shard"`
	Records []string `expr:"records" json:"records"`
	Attempt int      `expr:"attempt" json:"attempt"`
	Outcome string   `expr:"outcome" json:"outcome"`
	Took    float64  `expr:"took" json:"took"`
	Event   *Body    `expr:"event" json:"event"`
}

// Discard is a range of records that a mapping gave up.
type Discard struct {
	At          float64  `expr:"at" json:"at"`
	Records     []string `expr:"records" json:"records"`
	Condition   string   `expr:"condition" json:"condition"`
	InvokeCount int      `expr:"invoke_count" json:"invoke_count"`
}

// Event is one event of the trace; which fields count depends on Kind.
type Event struct {
	line        []byte
	N           int            `expr:"n" json:"n"`
	At          float64        `expr:"at" json:"at"`
	Kind        string         `expr:"kind" json:"kind"`
	Rule        string         `expr:"rule" json:"rule"`
	Source      string         `expr:"source" json:"source"`
	Stream      string         `expr:"stream" json:"stream"`
	Mapping     string         `expr:"mapping" json:"mapping"`
	Function    string         `expr:"function" json:"function"`
	Queue       string         `expr:"queue" json:"queue"`
	Destination string         `expr:"destination" json:"destination"`
	Record      string         `expr:"record" json:"record"`
	Records     []string       `expr:"records" json:"records"`
	Key         string         `expr:"key" json:"key"`
	Keys        []string       `expr:"keys" json:"keys"`
	Group       string         `expr:"group" json:"group"`
	Shard       int            `expr:"shard" json:"shard"`
	Shards      any            `expr:"shards" json:"shards"` // split, merge: a list; shards: how many
	Lane        int            `expr:"lane" json:"lane"`
	Bytes       int            `expr:"bytes" json:"bytes"`
	Batch       int            `expr:"batch" json:"batch"`
	Invocation  int            `expr:"invocation" json:"invocation"`
	Attempt     int            `expr:"attempt" json:"attempt"`
	Why         string         `expr:"why" json:"why"`
	Outcome     string         `expr:"outcome" json:"outcome"`
	Failures    []string       `expr:"failures" json:"failures"`
	Took        float64        `expr:"took" json:"took"`
	Wait        float64        `expr:"wait" json:"wait"`
	Times       int            `expr:"times" json:"times"`
	By          string         `expr:"by" json:"by"`
	Does        string         `expr:"does" json:"does"`
	Visibility  float64        `expr:"visibility" json:"visibility"`
	Matching    string         `expr:"matching" json:"matching"`
	When        string         `expr:"when" json:"when"`
	Before      bool           `expr:"before" json:"before"`
	Into        [][]string     `expr:"into" json:"into"`
	Batches     []int          `expr:"batches" json:"batches"`
	Condition   string         `expr:"condition" json:"condition"`
	InvokeCount int            `expr:"invoke_count" json:"invoke_count"`
	Payload     map[string]any `expr:"payload" json:"payload"`
	Reason      string         `expr:"reason" json:"reason"`
	State       string         `expr:"state" json:"state"`
	Receives    []int          `expr:"receives" json:"receives"`
	Of          string         `expr:"of" json:"of"`
	From        any            `expr:"from" json:"from"` // scale: pollers before; fault: a time
	To          any            `expr:"to" json:"to"`     // move, redrive: a queue; scale: pollers
	Name        string         `expr:"name" json:"name"`
	Value       any            `expr:"value" json:"value"` // set: a number, a text or a time
	Was         any            `expr:"was" json:"was"`
	Actions     []string       `expr:"actions" json:"actions"`
	Count       int            `expr:"count" json:"count"`
	Rate        int            `expr:"rate" json:"rate"`
	How         string         `expr:"how" json:"how"`
	Nth         int            `expr:"nth" json:"nth"`
	Deliveries  int            `expr:"deliveries" json:"deliveries"`
	Chance      float64        `expr:"chance" json:"chance"`
	Until       float64        `expr:"until" json:"until"`
	Takes       float64        `expr:"takes" json:"takes"`
	Reply       string         `expr:"reply" json:"reply"`
	What        string         `expr:"what" json:"what"`
	Code        string         `expr:"code" json:"code"`
	Message     string         `expr:"message" json:"message"`
	Resource    string         `expr:"resource" json:"resource"`
	Change      string         `expr:"change" json:"change"`
	Template    string         `expr:"template" json:"template"`
	Version     string         `expr:"version" json:"version"`
}

// Front is a topic, a bucket or a rule in front of queues, and what became of what it
// sent: in all, and by subscription, notification or target.
type Front struct {
	Published int     `expr:"published" json:"published"`
	Sent      int     `expr:"sent" json:"sent"`
	Filtered  int     `expr:"filtered" json:"filtered"`
	Dead      int     `expr:"dead" json:"dead"`
	Lost      int     `expr:"lost" json:"lost"`
	Retried   int     `expr:"retried" json:"retried"`
	Sends     []Sends `expr:"sends" json:"sends"`
}

// Sends is what became of what goes to one queue.
type Sends struct {
	To       string `expr:"to" json:"to"`
	Name     string `expr:"name" json:"name"`
	Sent     int    `expr:"sent" json:"sent"`
	Filtered int    `expr:"filtered" json:"filtered"`
	Dead     int    `expr:"dead" json:"dead"`
	Lost     int    `expr:"lost" json:"lost"`
	Retried  int    `expr:"retried" json:"retried"`
}

// Alarm is the alarm that a person has set. Rang and Back are when it went to ALARM and
// back to OK, in seconds.
type Alarm struct {
	Of     string    `expr:"of" json:"of"`
	Metric string    `expr:"metric" json:"metric"`
	State  string    `expr:"state" json:"state"`
	Rang   []float64 `expr:"rang" json:"rang"`
	Back   []float64 `expr:"back" json:"back"`
}

// env is what an expression sees.
type env struct {
	T           float64                        `expr:"t"`
	Record      func(string, ...string) Record `expr:"record"`
	Stream      func(string) Stream            `expr:"stream"`
	Iterator    func(string, int) Iterator     `expr:"iterator"`
	Queue       func(string) Queue             `expr:"queue"`
	Function    func(string) Function          `expr:"function"`
	Effect      func(string, string) Effect    `expr:"effect"`
	Mapping     func(string) Mapping           `expr:"mapping"`
	Destination func(string) Destination       `expr:"destination"`
	Front       func(string) Front             `expr:"front"`
	Invocations func(string) []*Invocation     `expr:"invocations"`
	Discards    func(string) []Discard         `expr:"discards"`
	Events      func(string) []*Event          `expr:"events"`
	Alarm       func() Alarm                   `expr:"alarm"`
	Spend       func(any) bool                 `expr:"__spend"`

	EventsSince      func([]*Event, float64) []*Event           `expr:"__events_since"`
	InvocationsSince func([]*Invocation, float64) []*Invocation `expr:"__invocations_since"`
}
