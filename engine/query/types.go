package query

// The things an expression asks about. A field that a thing has not is refused
// when the expression is compiled.

// Record is what became of a record, as one mapping sees it.
type Record struct {
	State      string  `expr:"state"`
	Key        string  `expr:"key"`
	Shard      int     `expr:"shard"`
	PutAt      float64 `expr:"put_at"`
	Deliveries int     `expr:"deliveries"`
	Failures   int     `expr:"failures"`
	Receives   int     `expr:"receives"`
	DoneAt     float64 `expr:"done_at"`
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
	Checkpoint string  `expr:"checkpoint"`
	Next       string  `expr:"next"`
	Behind     int     `expr:"behind"`
	Age        float64 `expr:"age"`
	Blocked    bool    `expr:"blocked"`
	Attempts   int     `expr:"attempts"`
	Lanes      []Lane  `expr:"lanes"`
}

// Lane is one sequence of batches of a shard.
type Lane struct {
	Lane     int      `expr:"lane"`
	Keys     []string `expr:"keys"`
	Records  []string `expr:"records"`
	Attempts int      `expr:"attempts"`
	Blocked  bool     `expr:"blocked"`
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
	N       int            `expr:"n"`
	At      float64        `expr:"at"`
	Mapping string         `expr:"mapping"`
	Shard   int            `expr:"shard"`
	Records []string       `expr:"records"`
	Attempt int            `expr:"attempt"`
	Outcome string         `expr:"outcome"`
	Took    float64        `expr:"took"`
	Event   map[string]any `expr:"event"`
}

// Discard is a range of records that a mapping gave up.
type Discard struct {
	At          float64  `expr:"at"`
	Records     []string `expr:"records"`
	Condition   string   `expr:"condition"`
	InvokeCount int      `expr:"invoke_count"`
}

// Event is one event of the trace; which fields count depends on Kind.
type Event struct {
	N           int            `expr:"n"`
	At          float64        `expr:"at"`
	Kind        string         `expr:"kind"`
	Rule        string         `expr:"rule"`
	Source      string         `expr:"source"`
	Mapping     string         `expr:"mapping"`
	Function    string         `expr:"function"`
	Queue       string         `expr:"queue"`
	Destination string         `expr:"destination"`
	Record      string         `expr:"record"`
	Records     []string       `expr:"records"`
	Key         string         `expr:"key"`
	Shard       int            `expr:"shard"`
	Lane        int            `expr:"lane"`
	Bytes       int            `expr:"bytes"`
	Batch       int            `expr:"batch"`
	Invocation  int            `expr:"invocation"`
	Attempt     int            `expr:"attempt"`
	Why         string         `expr:"why"`
	Outcome     string         `expr:"outcome"`
	Failures    []string       `expr:"failures"`
	Took        float64        `expr:"took"`
	Wait        float64        `expr:"wait"`
	Into        [][]string     `expr:"into"`
	Batches     []int          `expr:"batches"`
	Condition   string         `expr:"condition"`
	InvokeCount int            `expr:"invoke_count"`
	Payload     map[string]any `expr:"payload"`
	State       string         `expr:"state"`
	Name        string         `expr:"name"`
	Value       string         `expr:"value"`
	Was         string         `expr:"was"`
	What        string         `expr:"what"`
	Code        string         `expr:"code"`
	Message     string         `expr:"message"`
	To          string         `expr:"to"`
}

// env is what an expression sees.
type env struct {
	T           float64                        `expr:"t"`
	Record      func(string, ...string) Record `expr:"record"`
	Stream      func(string) Stream            `expr:"stream"`
	Iterator    func(string, int) Iterator     `expr:"iterator"`
	Queue       func(string) Queue             `expr:"queue"`
	Function    func(string) Function          `expr:"function"`
	Mapping     func(string) Mapping           `expr:"mapping"`
	Destination func(string) Destination       `expr:"destination"`
	Invocations func(string) []Invocation      `expr:"invocations"`
	Discards    func(string) []Discard         `expr:"discards"`
	Events      func(string) []Event           `expr:"events"`
}
