package scenario

import (
	"slices"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v4"

	"esmlab/engine"
	"esmlab/engine/setting"
)

// Advice is something that AWS accepts and that goes wrong in production.
type Advice struct {
	Line, Col int
	Message   string // why, in a sentence
	Right     string // the fix
	Source    string // AWS's page
}

// The pages of AWS that the advice rests on.
const (
	docs          = "https://docs.aws.amazon.com/"
	templatePage  = docs + "AWSCloudFormation/latest/UserGuide/template-formats.html"
	configPage    = docs + "lambda/latest/dg/services-sqs-configure.html"
	errorPage     = docs + "lambda/latest/dg/services-sqs-errorhandling.html"
	asyncPage     = docs + "lambda/latest/dg/invocation-async-retain-records.html"
	scalePage     = docs + "lambda/latest/dg/services-sqs-scaling.html"
	esmPage       = docs + "lambda/latest/dg/invocation-eventsourcemapping.html"
	filterPage    = docs + "lambda/latest/dg/with-sqs-filtering.html"
	recursionPage = docs + "lambda/latest/dg/invocation-recursion.html"
	dlqPage       = docs + "AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-dead-letter-queues.html"
	kinesisErr    = docs + "lambda/latest/dg/kinesis-on-failure-destination.html"
	dynamodbErr   = docs + "lambda/latest/dg/services-dynamodb-errors.html"
	autoPage      = docs + "streams/latest/dev/service-managed-record-distribution.html"
	largePage     = docs + "streams/latest/dev/large-records.html"
	tableReaders  = docs + "amazondynamodb/latest/developerguide/Streams.html"
	kinesisBatch  = docs + "lambda/latest/dg/services-kinesis-batchfailurereporting.html"
)

// Advice looks for what a template should have otherwise, in the order of the
// places.
func (sc *Scenario) Advice() []Advice {
	a := &adviser{sc: sc}
	for i := range sc.Config.Mappings {
		m := &sc.Config.Mappings[i]
		for k := range sc.Config.Queues {
			if q := &sc.Config.Queues[k]; q.ID == m.Source {
				a.queue(m, q)
				a.filters(m)
			}
		}
		for k := range sc.Config.Streams {
			if s := &sc.Config.Streams[k]; s.ID == m.Source {
				a.stream(m, s)
				a.readers(m, s)
				a.distribution(m, s)
				a.large(m, s)
			}
		}
		a.report(m)
	}
	for _, d := range sc.template.Doubled {
		a.add(d.Last, "'"+d.Last.Value+"' stands here a second time, first in line "+strconv.Itoa(d.First.Line)+": CloudFormation takes the last one, and drops the first", "each name once", templatePage)
	}
	for i := range sc.Config.Functions {
		a.concurrency(&sc.Config.Functions[i])
	}
	for _, x := range sc.template.AsyncOnly() {
		right := "OnFailure of the mapping " + x.Mapping
		if q := a.queueOf(x.Mapping); q != "" {
			right = "a RedrivePolicy on " + q
		}
		a.add(x.Node, x.Property+" of "+x.Function+" catches asynchronous invocations only: "+x.Mapping+" invokes synchronously, and nothing of it gets there but what Lambda stops as a loop", right, asyncPage)
		if q := a.queueOf(x.Mapping); q != "" && q == x.To {
			a.add(x.Node, x.Property+" of "+x.Function+" is "+q+", the queue that it reads: what Lambda stops as a loop comes back there as a new message, and the loop begins again", "another queue", recursionPage)
		}
	}
	slices.SortStableFunc(a.list, func(x, y Advice) int {
		if x.Line != y.Line {
			return x.Line - y.Line
		}
		return x.Col - y.Col
	})
	return a.list
}

type adviser struct {
	sc   *Scenario
	list []Advice
}

func (a *adviser) add(at *yaml.Node, message, right, source string) {
	x := Advice{Message: message, Right: right, Source: source}
	if at != nil {
		x.Line, x.Col = at.Line, at.Column
	}
	if !slices.Contains(a.list, x) {
		a.list = append(a.list, x)
	}
}

// queueOf is the queue that a mapping reads, "" for a stream's.
func (a *adviser) queueOf(mapping string) string {
	for _, m := range a.sc.Config.Mappings {
		if m.ID == mapping && slices.ContainsFunc(a.sc.Config.Queues, func(q engine.QueueConfig) bool { return q.ID == m.Source }) {
			return m.Source
		}
	}
	return ""
}

// queue judges a queue by what its mapping needs. What comes from outside the
// template is not known.
func (a *adviser) queue(m *engine.MappingConfig, q *engine.QueueConfig) {
	t := a.sc.template
	if !t.Has(q.ID) {
		return
	}
	fi := slices.IndexFunc(a.sc.Config.Functions, func(f engine.FunctionConfig) bool { return f.ID == m.Function })
	timeout := int(a.sc.Config.Functions[fi].Timeout / engine.Second)
	if want := 6*timeout + m.MaximumBatchingWindowInSeconds; q.VisibilityTimeout < want {
		sum := "6 x " + strconv.Itoa(timeout)
		if m.MaximumBatchingWindowInSeconds > 0 {
			sum += " + " + strconv.Itoa(m.MaximumBatchingWindowInSeconds)
		}
		a.add(t.At(q.ID, setting.VisibilityTimeout), q.ID+" hides messages for "+strconv.Itoa(q.VisibilityTimeout)+" s while "+m.Function+" may run "+strconv.Itoa(timeout)+
			" s: a throttled batch has too little time to be tried again before its messages come back and count as received once more", "VisibilityTimeout: "+strconv.Itoa(min(want, setting.Find(setting.OfQueue, setting.Any, setting.VisibilityTimeout).Max))+" or more ("+sum+")", configPage)
	}
	switch {
	case q.DeadLetterQueue == "":
		a.add(t.At(q.ID), q.ID+" has no dead-letter queue: a message that always fails is received again and again until its retention ends, and then nothing is left of it", "a RedrivePolicy with deadLetterTargetArn and maxReceiveCount", configPage)
	case q.MaxReceiveCount < 5:
		a.add(t.At(q.ID, setting.RedrivePolicy, setting.MaxReceiveCount), "a message of "+q.ID+" goes to "+q.DeadLetterQueue+" after "+strconv.Itoa(q.MaxReceiveCount)+
			receives(q.MaxReceiveCount)+": a throttled batch counts as received too, so good messages may end there", "maxReceiveCount: 5 or more", configPage)
	}
	for i := range a.sc.Config.Queues {
		if d := &a.sc.Config.Queues[i]; d.ID == q.DeadLetterQueue && !d.FIFO && d.MessageRetentionPeriod < q.MessageRetentionPeriod && t.Has(d.ID) {
			a.add(t.At(d.ID, setting.MessageRetentionPeriod), "messages keep their age when they go from "+q.ID+" to "+d.ID+", which keeps them for less time: they may expire as soon as they arrive",
				"MessageRetentionPeriod longer than that of "+q.ID, dlqPage)
		}
	}
}

// concurrency judges a reserved concurrency by what the function's mappings can
// ask for at once. One of 0 stops the function, and is meant.
func (a *adviser) concurrency(f *engine.FunctionConfig) {
	if f.Reserved <= 0 {
		return
	}
	most, queue, free := 0, false, ""
	for i := range a.sc.Config.Mappings {
		m := &a.sc.Config.Mappings[i]
		if m.Function != f.ID {
			continue
		}
		for k := range a.sc.Config.Streams {
			if s := &a.sc.Config.Streams[k]; s.ID == m.Source {
				most += s.ShardCount * max(1, m.ParallelizationFactor)
			}
		}
		if a.queueOf(m.ID) == "" {
			continue
		}
		if queue = true; m.MaximumConcurrency == 0 {
			free = m.ID
		}
		most += m.MaximumConcurrency
	}
	at := a.sc.template.At(f.ID, setting.ReservedConcurrentExecutions)
	reserves := f.ID + " reserves a concurrency of " + strconv.Itoa(f.Reserved)
	switch {
	case free != "" && f.Reserved == 1: // MaximumConcurrency is 2 at least
		a.add(at, reserves+", and "+free+" begins with five pollers: batches are throttled, and their messages count as received",
			"a reserved concurrency of 5 or more, or none and ScalingConfig.MaximumConcurrency", scalePage)
	case free != "":
		a.add(at, reserves+", and "+free+" has no MaximumConcurrency: under load it hands over more batches, which are throttled, and their messages count as received",
			"ScalingConfig.MaximumConcurrency of "+free+", and at least as much reserved", scalePage)
	case most > f.Reserved && queue:
		a.add(at, reserves+", and its mappings may invoke it "+strconv.Itoa(most)+" times at once: what is over is throttled, and its messages count as received",
			setting.ReservedConcurrentExecutions+": "+strconv.Itoa(most)+" or more, or less MaximumConcurrency", scalePage)
	case most > f.Reserved:
		a.add(at, reserves+", and its mappings have up to "+strconv.Itoa(most)+" batches at once (shards x ParallelizationFactor): what is over is throttled, and its records grow old",
			setting.ReservedConcurrentExecutions+": "+strconv.Itoa(most)+" or more, or a lower ParallelizationFactor", esmPage)
	}
}

// filters looks for patterns that see nothing of a queue's messages.
func (a *adviser) filters(m *engine.MappingConfig) {
	for _, p := range m.FilterCriteria.Patterns() {
		for _, key := range p.Tops() {
			if key != "body" {
				a.add(a.sc.template.At(m.ID, setting.FilterCriteria), "a filter of "+m.ID+" looks at "+key+": filters of a queue see the body of a message and nothing else, and what does not pass is deleted",
					"body, or message attributes in the filter policy of an SNS subscription", filterPage)
			}
		}
	}
}

func receives(n int) string {
	if n == 1 {
		return " receive"
	}
	return " receives"
}

// stream judges what becomes of records that always fail.
func (a *adviser) stream(m *engine.MappingConfig, s *engine.StreamConfig) {
	source := kinesisErr
	if s.Kind == engine.DynamoDB {
		source = dynamodbErr
	}
	t := a.sc.template
	for _, d := range m.Deny {
		if d.On == m.OnFailure && d.On != "" {
			a.add(t.At(m.ID, setting.DestinationConfig), "the role of "+m.Function+" may not "+d.Action+" on "+m.OnFailure+": failure records are dropped, and nothing says which records were lost",
				d.Action+" for the role; a SAM event grants it where OnFailure has a Type", source)
		}
	}
	if m.MaximumRetryAttempts >= 0 || m.MaximumRecordAgeInSeconds >= 0 {
		if m.OnFailure == "" {
			limit := setting.MaximumRetryAttempts
			if m.MaximumRetryAttempts < 0 {
				limit = setting.MaximumRecordAgeInSeconds
			}
			a.add(t.At(m.ID, limit), m.ID+" gives up batches, and has no OnFailure destination: their records are dropped, and nothing says which they were",
				"DestinationConfig.OnFailure", source)
		}
		return
	}
	if m.OnFailure == "" {
		a.add(t.At(m.ID), m.ID+" retries a failed batch until its records expire: its shard stands still that long, and nothing says which records were lost",
			"MaximumRetryAttempts or MaximumRecordAgeInSeconds, and DestinationConfig.OnFailure", source)
		return
	}
	a.add(t.At(m.ID, setting.DestinationConfig), "nothing ever reaches "+m.OnFailure+": without a limit on tries or age, "+m.ID+" gives up no batch before its records expire",
		"MaximumRetryAttempts or MaximumRecordAgeInSeconds", source)
}

// readers judges how many mappings read the stream of a global table.
func (a *adviser) readers(m *engine.MappingConfig, s *engine.StreamConfig) {
	n := 0
	for i := range a.sc.Config.Mappings {
		if a.sc.Config.Mappings[i].Source == s.ID {
			n++
		}
	}
	if s.Global && n > 1 {
		a.add(a.sc.template.At(m.ID), strconv.Itoa(n)+" mappings read the stream of the global table "+s.ID+", and so does replication: reads are throttled, and records wait",
			"one mapping, whose function passes on what others need", tableReaders)
	}
}

// distribution judges a stream that spreads its records: they have no keys.
func (a *adviser) distribution(m *engine.MappingConfig, s *engine.StreamConfig) {
	if !s.Auto() {
		return
	}
	t := a.sc.template
	for _, p := range m.FilterCriteria.Patterns() {
		if slices.Contains(p.Tops(), "partitionKey") {
			a.add(t.At(m.ID, setting.FilterCriteria), "a pattern of "+m.ID+" looks at partitionKey, which is null in the records of "+s.ID+": its "+setting.RecordDistributionStrategy+" is AUTO",
				"a pattern on data, or USER_PARTITION_KEY", autoPage)
		}
	}
	if strings.Contains(t.Text(m.Function, "InlineCode")+t.Text(m.Function, "Code", "ZipFile"), "partitionKey") {
		a.add(t.At(s.ID, setting.RecordDistributionStrategy), m.Function+" looks at partitionKey, which is null in the records of "+s.ID+", and their order cannot be relied on",
			"an id and a number in the data, or USER_PARTITION_KEY", autoPage)
	}
}

// large judges a stream whose records may not fit into an invocation's event.
func (a *adviser) large(m *engine.MappingConfig, s *engine.StreamConfig) {
	const fits = 4600 // KiB of data that an event of 6 MiB holds in base64, about
	if s.MaxRecordSizeInKiB > fits && m.OnFailure == "" {
		a.add(a.sc.template.At(s.ID, setting.MaxRecordSizeInKiB), s.ID+" takes records of "+engine.Thousands(s.MaxRecordSizeInKiB)+" KiB, and "+m.ID+" hands over about 4.5 MiB at most: a larger record is skipped, and nothing says which",
			"DestinationConfig.OnFailure of "+m.ID+", or "+setting.MaxRecordSizeInKiB+" of at most "+engine.Thousands(fits), largePage)
	}
}

// report looks for handlers that return batchItemFailures to a mapping that
// does not ask for them.
func (a *adviser) report(m *engine.MappingConfig) {
	if m.ReportBatchItemFailures {
		return
	}
	t := a.sc.template
	source := kinesisBatch
	if a.queueOf(m.ID) != "" {
		source = errorPage
	}
	returns := strings.Contains(t.Text(m.Function, "InlineCode"), "batchItemFailures") || strings.Contains(t.Text(m.Function, "Code", "ZipFile"), "batchItemFailures")
	for _, f := range a.sc.Config.Functions {
		returns = returns || f.ID == m.Function && slices.ContainsFunc(f.Faults, reports)
	}
	for _, s := range a.sc.Config.Steps {
		returns = returns || s.Op == engine.OpFault && s.Fault.Function == m.Function && reports(s.Fault)
	}
	if returns {
		a.add(t.At(m.ID, setting.FunctionResponseTypes), m.Function+" returns batchItemFailures, and "+m.ID+" does not ask for them: every batch counts as done, what was reported is lost",
			"FunctionResponseTypes: [ReportBatchItemFailures]", source)
	}
}

// reports tells whether a fault lets the handler return batchItemFailures.
func reports(f engine.Fault) bool {
	return f.How == engine.HowReport || f.How == engine.HowReply && strings.Contains(f.Reply, "batchItemFailures")
}
