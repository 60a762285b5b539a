package setting

import (
	"slices"
	"strconv"

	"esmlab/engine/pattern"
	"esmlab/engine/rule"
)

// invalidParameter is Lambda's code for what its documentation rules out.
const invalidParameter = "InvalidParameterValueException"

// NewMapping has the settings of a mapping for whose source a create names
// none (S-1.3, Q-2).
func NewMapping(in Source) (m Mapping) {
	defaults(&Resource{Of: OfMapping, In: in, Mapping: &m})
	return m
}

// NewQueue has the attributes of a queue that is created without any.
func NewQueue() (q Queue) {
	defaults(&Resource{Of: OfQueue, In: SQS, Queue: &q})
	return q
}

// NewStream has the settings of a stream that is created without any.
func NewStream() (s Stream) {
	defaults(&Resource{Of: OfStream, In: Kinesis, Stream: &s})
	return s
}

// NewFunction has the settings of a function that is created without any.
func NewFunction() (f Function) {
	defaults(&Resource{Of: OfFunction, In: Any, Function: &f})
	return f
}

func defaults(r *Resource) {
	for _, p := range r.Rows() {
		if p.Kind == Number || p.Kind == Duration {
			p.Set(r, p.Default)
		}
	}
}

// Unknown refuses a setting that the resource has not.
func (r *Resource) Unknown(name string) *Refusal {
	other, fixed := Find(r.Of, Any, name), r.Fixed(name)
	switch {
	case other != nil:
		return other.NotFor(r.In)
	case fixed != nil:
		return fixed
	case r.Of == OfQueue:
		return &Refusal{What: name, Code: "InvalidAttributeName", Message: "Unknown Attribute " + name + ".", Right: "an attribute of a queue that can be changed"}
	}
	return &Refusal{What: name, Message: "a " + r.Of.String() + " has no setting " + name}
}

// NotFor is AWS's refusal of a setting for a source that it does not apply to.
func (p *Row) NotFor(in Source) *Refusal {
	right := "leave it out"
	if p.Instead != "" && in&AnyQueue != 0 {
		right = p.Instead
	}
	switch {
	case p.Of == OfMapping:
		return &Refusal{What: p.Property(), Code: invalidParameter, Message: "Unsupported " + p.Property() + " parameter for given event source mapping type.", Right: right}
	case p.Of == OfQueue && p.Unfit != "":
		return &Refusal{What: p.Name, Code: "InvalidAttributeName", Message: p.Unfit, Right: "a FIFO queue"}
	case p.Of == OfQueue:
		return &Refusal{What: p.Name, Code: "InvalidAttributeName", Message: "You can specify the " + p.Name + " only when FifoQueue is set to true.", Right: "a FIFO queue"}
	}
	return &Refusal{What: p.Name, Message: p.Unfit}
}

// Check refuses settings of a mapping that do not go together, with AWS's code
// and words (Q-P1 to Q-P3, Q-P10).
func (m *Mapping) Check(in Source) *Refusal {
	bad := func(what, message, right string) *Refusal {
		return &Refusal{What: what, Code: invalidParameter, Message: message, Right: right}
	}
	switch {
	case in&AnyStream != 0:
		if m.TumblingWindowInSeconds > 0 && m.ParallelizationFactor > 1 {
			return bad(TumblingWindowInSeconds, "Tumbling windows need "+ParallelizationFactor+" 1", "one of the two")
		}
	case in == FIFO && m.BatchSize > 10:
		return bad(BatchSize, "Invalid BatchSize: "+strconv.Itoa(m.BatchSize)+". A FIFO queue takes at most 10.", "1 to 10")
	case in == FIFO && m.MaximumBatchingWindowInSeconds > 0:
		return bad(MaximumBatchingWindowInSeconds, "Batching window is not supported for FIFO queues", "0")
	case m.BatchSize > 10 && m.MaximumBatchingWindowInSeconds == 0:
		return bad(BatchSize, "Maximum batch window in seconds must be greater than 0 if maximum batch size is greater than 10", "1 to 10, or a window of 1 to 300 s")
	case m.MaximumConcurrency > 0 && m.MaximumPollers > 0:
		return bad(ScalingProperty, "MaximumConcurrency and provisioned pollers cannot be used together", "one of the two")
	case m.MaximumPollers > 0 && m.MinimumPollers > m.MaximumPollers:
		return bad(PollersProperty, "MinimumPollers cannot be greater than MaximumPollers", "MinimumPollers of at most "+strconv.Itoa(m.MaximumPollers))
	}
	return nil
}

// pairPollers keeps MinimumPollers and MaximumPollers together: one of them
// set gives the other AWS's default, one taken off takes off the other.
func (m *Mapping) pairPollers(changed string) {
	switch changed {
	case MinimumPollers:
		if m.MinimumPollers == 0 {
			m.MaximumPollers = 0
		} else if m.MaximumPollers == 0 {
			m.MaximumPollers = 200
		}
	case MaximumPollers:
		if m.MaximumPollers == 0 {
			m.MinimumPollers = 0
		} else if m.MinimumPollers == 0 {
			m.MinimumPollers = 2
		}
	}
}

// Check refuses attributes that only FIFO queues have, and throughput for each
// group without deduplication for each group (Q-F5, Q-F7).
func (q *Queue) Check(in Source) *Refusal {
	r := Resource{Of: OfQueue, In: in, Queue: q}
	for _, p := range For(OfQueue, FIFO) {
		if p.In != FIFO || !p.given(&r) {
			continue
		}
		if in != FIFO {
			return p.NotFor(in)
		}
		v, _ := p.Get(&r)
		if _, bad := p.Read(v); bad != nil {
			return bad
		}
	}
	if q.FifoThroughputLimit == "perMessageGroupId" && q.DeduplicationScope != "messageGroup" {
		return &Refusal{What: FifoThroughputLimit, Code: invalidAttribute, Message: "The perMessageGroupId value is allowed only when the value for DeduplicationScope is messageGroup.", Right: DeduplicationScope + ": messageGroup"}
	}
	return nil
}

// Check refuses settings of a stream that do not go together (S-6.1).
func (s *Stream) Check() *Refusal {
	if s.Auto() && !s.OnDemand() {
		return &Refusal{What: RecordDistributionStrategy, Rule: rule.KinAutoMode, Code: "InvalidArgumentException", Message: RecordDistributionStrategy + " AUTO is for on-demand streams only", Right: StreamMode + " " + onDemand}
	}
	return nil
}

// CheckReshard refuses to change the shards of a stream by hand where its
// service manages them (S-6.1, S-6.2).
func (s *Stream) CheckReshard(in Source) *Refusal {
	switch {
	case in == DynamoDB:
		return &Refusal{Rule: rule.DdbShards, Message: "DynamoDB manages the shards of a table's stream itself", Right: "leave them alone"}
	case s.OnDemand():
		return &Refusal{Rule: rule.KinReshardMode, Code: "ValidationException", Message: "This API is only supported for data streams with the provisioned capacity mode.", Right: "a stream in mode " + provisionedMode}
	}
	return nil
}

// invalidAttribute is SQS's code for a value that it refuses.
const invalidAttribute = "InvalidAttributeValue"

// CheckDeadLetter refuses a redrive policy whose queues do not go together: of
// two types, or a DLQ that does not allow the source (Q-D6, Q-D8).
// allow holds the DLQ's attributes.
func CheckDeadLetter(source string, fifo bool, dlq string, dlqFIFO bool, allow *Queue) *Refusal {
	bad := func(reason, right string) *Refusal {
		return &Refusal{What: RedrivePolicy, Code: "InvalidParameterValue", Message: "Value for parameter RedrivePolicy is invalid. Reason: " + reason, Right: right}
	}
	switch {
	case dlq == source:
		return bad("Dead letter target is the source itself.", "another queue")
	case dlqFIFO != fifo:
		return bad("Dead-letter queue must be same type of queue as the source.", "FIFO for FIFO, standard for standard")
	case !allow.allows(source):
		return bad("Queue "+dlq+" does not allow "+source+" to use it as a dead-letter queue.", "a RedriveAllowPolicy that allows it")
	}
	return nil
}

// allows tells whether the queue's RedriveAllowPolicy lets another use it.
func (q *Queue) allows(source string) bool {
	switch q.RedrivePermission {
	case "denyAll":
		return false
	case "byQueue":
		return slices.Contains(q.SourceQueues, source)
	}
	return true
}

// CheckTimeout refuses a mapping whose function may run longer than the
// queue's messages stay hidden (Q-P16). AWS checks it when the mapping is
// created or updated, and at no other time (Q-P17). visibility is in seconds.
func CheckTimeout(visibility int, timeout Micros) *Refusal {
	if Micros(visibility)*Second >= timeout {
		return nil
	}
	t := strconv.Itoa(int(timeout / Second))
	return &Refusal{What: VisibilityTimeout, Code: invalidParameter,
		Message: "Queue visibility timeout: " + strconv.Itoa(visibility) + " seconds is less than Function timeout: " + t + " seconds", Right: VisibilityTimeout + " of at least " + t}
}

// CheckReserved refuses a function that would reserve n of an account's
// concurrency, others being reserved already, where less than 100 would stay
// for the functions that reserve nothing (Q-C4). An account that has no more
// than 100, as new ones do, must keep all of it: nothing can be reserved there,
// except 0 (observed: "minimum value of [10]", "[50]").
func CheckReserved(account, others, n int) *Refusal {
	free := min(100, account)
	if n <= 0 || account-others-n >= free {
		return nil
	}
	return &Refusal{What: ReservedConcurrentExecutions, Code: invalidParameter, Rule: rule.FnUnreserved,
		Message: "Specified ReservedConcurrentExecutions for function decreases account's UnreservedConcurrentExecution below its minimum value of [" + strconv.Itoa(free) + "].",
		Right:   "at most " + strconv.Itoa(max(0, account-others-free))}
}

// RefuseFilter is what Lambda answers to filters that it does not accept: one
// sentence for whatever is wrong with a pattern. What is wrong stands in Right.
func RefuseFilter(err error) *Refusal {
	e, ok := err.(*pattern.CriteriaError)
	if !ok {
		return &Refusal{What: FilterCriteria, Message: err.Error(), Right: FiltersForm}
	}
	r := &Refusal{What: FilterCriteria, Rule: e.Err.Rule, Code: invalidParameter, Message: pattern.Invalid,
		Right: e.Err.Reason + ", at character " + strconv.Itoa(e.Character) + " of the pattern"}
	switch e.Err.Rule {
	case rule.FilCount:
		r.Code, r.Message, r.Right = "", e.Err.Reason, "fewer filters: one pattern can have lists of alternatives and $or"
	case rule.FilLength:
		r.Code, r.Right = "ValidationException", e.Err.Reason
		r.Message = "1 validation error detected: Value at 'filterCriteria.filters." + strconv.Itoa(e.Filter+1) +
			".member.pattern' failed to satisfy constraint: Member must have length less than or equal to " + strconv.Itoa(pattern.MaxLength)
	}
	return r
}
