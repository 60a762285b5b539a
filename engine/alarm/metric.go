package alarm

import "esmlab/engine"

// kind is what a metric is of.
type kind uint8

const (
	ofFunction kind = iota
	ofMapping
	ofQueue
)

// shape is how a metric becomes a data point of a minute.
type shape uint8

const (
	count shape = iota // what came in the minute, of a count since the run began
	gauge              // what it is at the minute's end
	since              // how many seconds ago the instant is at the minute's end
	peak               // the highest in the minute
)

// metric is a row of the table.
type metric struct {
	name       string
	of         kind
	shape      shape
	statistics []string // the usual one first
	optIn      bool
	value      func(s *engine.Sim, i int) int64
	// news counts what gives the peak a value; nil: time does.
	news func(s *engine.Sim, i int) int64
}

var (
	sum     = []string{"Sum"}
	highest = []string{"Maximum"}
	levels  = []string{"Maximum", "Minimum"}
)

// metrics is the table of what an alarm can be set on.
var metrics = []metric{
	{"Invocations", ofFunction, count, sum, false, func(s *engine.Sim, i int) int64 { return s.Functions[i].Invocations }, nil},
	{"Errors", ofFunction, count, sum, false, func(s *engine.Sim, i int) int64 { return s.Functions[i].Errors }, nil},
	{"Throttles", ofFunction, count, sum, false, func(s *engine.Sim, i int) int64 { return s.Functions[i].Throttles }, nil},
	{"ConcurrentExecutions", ofFunction, peak, highest, false, func(s *engine.Sim, i int) int64 { return int64(s.Functions[i].Running) }, nil},
	{"DestinationDeliveryFailures", ofFunction, count, sum, false, func(s *engine.Sim, i int) int64 { return s.Functions[i].DestinationFailures }, nil},
	{"IteratorAge", ofMapping, peak, highest, false, func(s *engine.Sim, i int) int64 { return int64(s.Mappings[i].IteratorAge / engine.Millisecond) },
		func(s *engine.Sim, i int) int64 { return s.Mappings[i].Counts.InvokedEventCount }},
	{"PolledEventCount", ofMapping, count, sum, true, func(s *engine.Sim, i int) int64 { return s.Mappings[i].Counts.PolledEventCount }, nil},
	{"FilteredOutEventCount", ofMapping, count, sum, true, func(s *engine.Sim, i int) int64 { return s.Mappings[i].Counts.FilteredOutEventCount }, nil},
	{"InvokedEventCount", ofMapping, count, sum, true, func(s *engine.Sim, i int) int64 { return s.Mappings[i].Counts.InvokedEventCount }, nil},
	{"FailedInvokeEventCount", ofMapping, count, sum, true, func(s *engine.Sim, i int) int64 { return s.Mappings[i].Counts.FailedInvokeEventCount }, nil},
	{"DroppedEventCount", ofMapping, count, sum, true, func(s *engine.Sim, i int) int64 { return s.Mappings[i].Counts.DroppedEventCount }, nil},
	{"DeletedEventCount", ofMapping, count, sum, true, func(s *engine.Sim, i int) int64 { return s.Mappings[i].Counts.DeletedEventCount }, nil},
	{"OnFailureDestinationDeliveredEventCount", ofMapping, count, sum, true, func(s *engine.Sim, i int) int64 {
		return s.Mappings[i].Counts.OnFailureDestinationDeliveredEventCount
	}, nil},
	{"ApproximateNumberOfMessagesVisible", ofQueue, gauge, levels, false, func(s *engine.Sim, i int) int64 { return int64(s.Queues[i].Visible) }, nil},
	{"ApproximateNumberOfMessagesNotVisible", ofQueue, gauge, levels, false, func(s *engine.Sim, i int) int64 { return int64(s.Queues[i].InFlight) }, nil},
	{"ApproximateNumberOfMessagesDelayed", ofQueue, gauge, levels, false, func(s *engine.Sim, i int) int64 { return int64(s.Queues[i].Delayed) }, nil},
	{"ApproximateAgeOfOldestMessage", ofQueue, since, levels, false, func(s *engine.Sim, i int) int64 { return int64(s.OldestAt(i)) }, nil},
	{"NumberOfMessagesSent", ofQueue, count, sum, false, func(s *engine.Sim, i int) int64 { return s.Queues[i].Sent }, nil},
	{"NumberOfMessagesReceived", ofQueue, count, sum, false, func(s *engine.Sim, i int) int64 { return s.Queues[i].Received }, nil},
	{"NumberOfMessagesDeleted", ofQueue, count, sum, false, func(s *engine.Sim, i int) int64 { return s.Queues[i].Deleted }, nil},
}

// resource is something that has metrics.
type resource struct {
	id    string
	of    kind
	index int
}

func resources(cfg *engine.Config) []resource {
	var out []resource
	for i := range cfg.Functions {
		out = append(out, resource{cfg.Functions[i].ID, ofFunction, i})
	}
	for i := range cfg.Mappings {
		out = append(out, resource{cfg.Mappings[i].ID, ofMapping, i})
	}
	for i := range cfg.Queues {
		out = append(out, resource{cfg.Queues[i].ID, ofQueue, i})
	}
	return out
}

// Metrics are what an alarm can be set on in a run, as it is typed.
func Metrics(cfg *engine.Config) []string {
	var out []string
	for _, r := range resources(cfg) {
		for i := range metrics {
			m := &metrics[i]
			if m.of != r.of || m.name == "IteratorAge" && readsQueue(cfg, r.index) {
				continue
			}
			out = append(out, r.id+"."+m.name)
		}
	}
	return out
}

// readsQueue reports whether a mapping's source is a queue: it has no iterator.
func readsQueue(cfg *engine.Config, mapping int) bool {
	for i := range cfg.Queues {
		if cfg.Queues[i].ID == cfg.Mappings[mapping].Source {
			return true
		}
	}
	return false
}
