package setting_test

import (
	"slices"
	"strings"
	"testing"

	"esmlab/engine/rule"
	"esmlab/engine/setting"
)

// resource is one of each kind, with AWS's defaults.
func resource(of setting.Owner, in setting.Source) *setting.Resource {
	m, q, s, f, on := setting.NewMapping(in), setting.NewQueue(), setting.NewStream(), setting.NewFunction(), true
	return &setting.Resource{ID: "It", Of: of, In: in, Mapping: &m, Enabled: &on, Queue: &q, Stream: &s, Function: &f, Concurrency: 1000}
}

// TestRows: each row reads back what is set, starts with its default, accepts
// its steps and both ends of its range and nothing beyond, says what each of
// them means, and names a rule.
func TestRows(t *testing.T) {
	for i := range setting.All {
		p := &setting.All[i]
		for _, in := range []setting.Source{setting.Kinesis, setting.DynamoDB, setting.SQS, setting.FIFO} {
			if p.In&in == 0 {
				continue
			}
			r := resource(p.Of, in)
			name := p.Of.String() + " " + p.FullName() + " " + in.String()
			if !p.IsDefault(r) {
				v, _ := p.Get(r)
				t.Errorf("%s begins with %s, not its default %s", name, v, p.Default)
			}
			if _, ok := rule.Find(p.Rule); !ok {
				t.Errorf("%s: there is no rule %q", name, p.Rule)
			}
			for _, called := range append([]string{p.Name, p.FullName()}, p.Also...) {
				if setting.Find(p.Of, in, called) != p {
					t.Errorf("%s is not found as %s", name, called)
				}
			}
			for _, step := range p.StepList(r) {
				v, refused := p.Read(p.Parse(step))
				if refused != nil {
					t.Errorf("%s: step %s is refused: %v", name, step, refused)
					continue
				}
				p.Set(r, v)
				if got, _ := p.Get(r); got != v || p.Typed(got) != step {
					t.Errorf("%s: %s was set and %s is read", name, step, p.Typed(got))
				}
				if !p.Alias && strings.TrimPrefix(p.Meaning(v, r, false), step) == "" {
					t.Errorf("%s: nothing says what %s means", name, step)
				}
			}
			if p.Kind != setting.Number {
				continue
			}
			for n, fits := range map[int]bool{p.Min: true, p.Max: true, p.Max + 1: false, p.Min - 1: p.Special.Means != "" && p.Special.Value == p.Min-1} {
				if _, refused := p.Read(setting.IntValue(n)); (refused == nil) != fits {
					t.Errorf("%s: %d: %v", name, n, refused)
				}
			}
		}
	}
}

// TestRefused: AWS's code and words for a value outside the range, and for what
// is not of the kind.
func TestRefused(t *testing.T) {
	for _, x := range []struct {
		of    setting.Owner
		in    setting.Source
		name  string
		value setting.Value
		want  string
	}{
		{setting.OfMapping, setting.Kinesis, setting.MaximumRetryAttempts, setting.IntValue(-2), "ValidationException: 1 validation error detected: Value '-2' at 'maximumRetryAttempts' failed to satisfy constraint: Member must have value greater than or equal to -1 (-1 for no limit, or 0 to 10,000)"},
		{setting.OfMapping, setting.Kinesis, setting.MaximumRecordAgeInSeconds, setting.IntValue(59), "InvalidParameterValueException: Invalid MaximumRecordAgeInSeconds: 59. It must be -1 or between 60 and 604800. (-1 for no limit, or 60 to 604,800)"},
		{setting.OfMapping, setting.SQS, "ScalingConfig.MaximumConcurrency", setting.IntValue(1), "ValidationException: 1 validation error detected: Value '1' at 'scalingConfig.maximumConcurrency' failed to satisfy constraint: Member must have value greater than or equal to 2 (0 for not set, or 2 to 1,000)"},
		{setting.OfQueue, setting.SQS, setting.VisibilityTimeout, setting.IntValue(43201), "InvalidAttributeValue: Invalid value for the parameter VisibilityTimeout. (0 to 43,200)"},
		{setting.OfQueue, setting.FIFO, setting.DeduplicationScope, setting.TextValue("group"), "InvalidAttributeValue: Invalid value for the parameter DeduplicationScope. (queue or messageGroup)"},
		{setting.OfStream, setting.Kinesis, setting.RetentionPeriodHours, setting.IntValue(23), "InvalidArgumentException: RetentionPeriodHours cannot be 23 (24 to 8,760)"},
		{setting.OfFunction, setting.Any, setting.Timeout, setting.IntValue(901), "ValidationException: 1 validation error detected: Value '901' at 'timeout' failed to satisfy constraint: Member must have value less than or equal to 900 (1 to 900)"},
		{setting.OfFunction, setting.Any, setting.Timeout, setting.TextValue("long"), "Timeout is a whole number, not long (1 to 900)"},
		{setting.OfMapping, setting.Kinesis, setting.BisectBatchOnFunctionError, setting.IntValue(1), "BisectBatchOnFunctionError is a switch, not 1 (true or false)"},
	} {
		p := setting.Find(x.of, x.in, x.name)
		if _, refused := p.Read(x.value); refused == nil || refused.Error() != x.want {
			t.Errorf("%s %s:\n%v\nnot\n%s", x.name, x.value, refused, x.want)
		}
	}
	p := setting.Find(setting.OfMapping, setting.SQS, setting.MaximumConcurrency).InTemplate()
	if _, refused := p.Read(setting.IntValue(0)); refused == nil {
		t.Error("a template may not have the 0 with which set takes MaximumConcurrency off")
	}
}

// TestNotFor: what is for other sources is refused in AWS's words, with what a
// queue has in its place.
func TestNotFor(t *testing.T) {
	for in, want := range map[setting.Source]string{
		setting.SQS:     "InvalidParameterValueException: Unsupported MaximumRetryAttempts parameter for given event source mapping type. (maxReceiveCount of the queue's RedrivePolicy)",
		setting.Kinesis: "<nil>",
	} {
		got := "<nil>"
		if r := setting.Unsupported(setting.MaximumRetryAttempts, in); r != nil {
			got = r.Error()
		}
		if got != want {
			t.Errorf("%s: %s, not %s", in, got, want)
		}
	}
	if got := resource(setting.OfQueue, setting.SQS).Unknown(setting.DeduplicationScope).Error(); got != "InvalidAttributeName: You can specify the DeduplicationScope only when FifoQueue is set to true. (a FIFO queue)" {
		t.Error(got)
	}
}

// TestPollers: one of the two numbers of provisioned mode gives the other.
func TestPollers(t *testing.T) {
	r := resource(setting.OfMapping, setting.SQS)
	set := func(name string, n int) [2]int {
		r.Find(name).Set(r, setting.IntValue(n))
		return [2]int{r.Mapping.MinimumPollers, r.Mapping.MaximumPollers}
	}
	got := [][2]int{set(setting.MaximumPollers, 10), set(setting.MinimumPollers, 5), set(setting.MaximumPollers, 0), set(setting.MinimumPollers, 3)}
	if want := [][2]int{{2, 10}, {5, 10}, {0, 0}, {3, 200}}; !slices.Equal(got, want) {
		t.Errorf("%v, not %v", got, want)
	}
}

// TestRanges: the ranges and defaults are AWS's (S-1.1, S-6.1, Q-2, Q-7).
func TestRanges(t *testing.T) {
	for _, x := range []struct {
		of        setting.Owner
		in        setting.Source
		name      string
		min, max  int
		byDefault int
	}{
		{setting.OfMapping, setting.Kinesis, setting.BatchSize, 1, 10_000, 100},
		{setting.OfMapping, setting.SQS, setting.BatchSize, 1, 10_000, 10},
		{setting.OfMapping, setting.Kinesis, setting.MaximumBatchingWindowInSeconds, 0, 300, 0},
		{setting.OfMapping, setting.SQS, setting.MaximumBatchingWindowInSeconds, 0, 300, 0},
		{setting.OfMapping, setting.DynamoDB, setting.ParallelizationFactor, 1, 10, 1},
		{setting.OfMapping, setting.DynamoDB, setting.MaximumRetryAttempts, 0, 10_000, -1},
		{setting.OfMapping, setting.DynamoDB, setting.MaximumRecordAgeInSeconds, 60, 604_800, -1},
		{setting.OfMapping, setting.Kinesis, setting.TumblingWindowInSeconds, 0, 900, 0},
		{setting.OfMapping, setting.FIFO, setting.MaximumConcurrency, 2, 1_000, 0},
		{setting.OfMapping, setting.SQS, setting.MinimumPollers, 2, 200, 0},
		{setting.OfMapping, setting.SQS, setting.MaximumPollers, 2, 10_000, 0},
		{setting.OfQueue, setting.SQS, setting.VisibilityTimeout, 0, 43_200, 30},
		{setting.OfQueue, setting.SQS, setting.MaxReceiveCount, 1, 1_000, 10},
		{setting.OfQueue, setting.FIFO, setting.MessageRetentionPeriod, 60, 1_209_600, 345_600},
		{setting.OfQueue, setting.SQS, setting.DelaySeconds, 0, 900, 0},
		{setting.OfQueue, setting.SQS, setting.MaximumMessageSize, 1_024, 1_048_576, 1_048_576},
		{setting.OfQueue, setting.SQS, setting.ReceiveMessageWaitTimeSeconds, 0, 20, 0},
		{setting.OfStream, setting.Kinesis, setting.ShardCount, 1, 10_000, 1},
		{setting.OfStream, setting.Kinesis, setting.RetentionPeriodHours, 24, 8_760, 24},
		{setting.OfFunction, setting.Any, setting.Timeout, 1, 900, 3},
	} {
		p := setting.Find(x.of, x.in, x.name)
		if p.Min != x.min || p.Max != x.max || p.Default.Int != int64(x.byDefault) {
			t.Errorf("%s of %s: %d to %d, default %s; AWS has %d to %d, default %d", x.name, x.in, p.Min, p.Max, p.Default, x.min, x.max, x.byDefault)
		}
	}
}

// TestTimes: what is a length of time, and of which settings.
func TestTimes(t *testing.T) {
	for text, want := range map[string]setting.Micros{"0.000001": 1, "1.5": 1_500_000, "2m": 2 * setting.Minute, "10000000000": -1, "0.0000001": -1, "1.0000000": setting.Second, "100ns": -1, "-1": -1} {
		if got, ok := setting.ParseTime(text); ok != (want >= 0) || ok && got != want {
			t.Errorf("%s is %d, %v", text, got, ok)
		}
	}
	p := setting.Find(setting.OfFunction, setting.Any, setting.Timeout)
	if v, refused := p.Read(setting.TimeValue(2 * setting.Second)); refused != nil || v != setting.IntValue(2) {
		t.Errorf("2 s are %s, %v", v, refused)
	}
	if _, refused := p.Read(setting.TimeValue(1500 * setting.Millisecond)); refused == nil {
		t.Error("1.5 s are whole seconds")
	}
}

// TestTogether: which settings go together (Q-P1 to Q-P3, Q-P10, Q-P16, Q-D6, Q-D8,
// Q-F5, Q-F7, Q-C4).
func TestTogether(t *testing.T) {
	mapping := func(in setting.Source, change func(*setting.Mapping)) *setting.Refusal {
		m := setting.NewMapping(in)
		change(&m)
		return m.Check(in)
	}
	queue := func(in setting.Source, change func(*setting.Queue)) *setting.Refusal {
		q := setting.NewQueue()
		change(&q)
		return q.Check(in)
	}
	dlq := func(source string, fifo bool, dlq string, dlqFIFO bool, permission string, sources ...string) *setting.Refusal {
		q := setting.NewQueue()
		q.RedrivePermission, q.SourceQueues = permission, sources
		return setting.CheckDeadLetter(source, fifo, dlq, dlqFIFO, &q)
	}
	for _, x := range []struct {
		what string
		got  *setting.Refusal
		fits bool
	}{
		{"a tumbling window with one lane", mapping(setting.Kinesis, func(m *setting.Mapping) { m.TumblingWindowInSeconds = 5 }), true},
		{"a tumbling window with two lanes", mapping(setting.Kinesis, func(m *setting.Mapping) { m.TumblingWindowInSeconds, m.ParallelizationFactor = 5, 2 }), false},
		{"FIFO, ten", mapping(setting.FIFO, func(m *setting.Mapping) { m.BatchSize = 10 }), true},
		{"FIFO, eleven", mapping(setting.FIFO, func(m *setting.Mapping) { m.BatchSize = 11 }), false},
		{"FIFO, a window", mapping(setting.FIFO, func(m *setting.Mapping) { m.MaximumBatchingWindowInSeconds = 1 }), false},
		{"ten without a window", mapping(setting.SQS, func(m *setting.Mapping) { m.BatchSize = 10 }), true},
		{"eleven without a window", mapping(setting.SQS, func(m *setting.Mapping) { m.BatchSize = 11 }), false},
		{"eleven with a window", mapping(setting.SQS, func(m *setting.Mapping) { m.BatchSize, m.MaximumBatchingWindowInSeconds = 11, 1 }), true},
		{"concurrency and pollers", mapping(setting.SQS, func(m *setting.Mapping) { m.MaximumConcurrency, m.MinimumPollers, m.MaximumPollers = 2, 2, 2 }), false},
		{"as many pollers at least as at most", mapping(setting.SQS, func(m *setting.Mapping) { m.MinimumPollers, m.MaximumPollers = 5, 5 }), true},
		{"more pollers at least than at most", mapping(setting.SQS, func(m *setting.Mapping) { m.MinimumPollers, m.MaximumPollers = 6, 5 }), false},

		{"a FIFO attribute of a standard queue", queue(setting.SQS, func(q *setting.Queue) { q.ContentBasedDeduplication = true }), false},
		{"the same of a FIFO queue", queue(setting.FIFO, func(q *setting.Queue) { q.ContentBasedDeduplication = true }), true},
		{"a limit for each group", queue(setting.FIFO, func(q *setting.Queue) { q.FifoThroughputLimit = "perMessageGroupId" }), false},
		{"a limit for each group, deduplication too", queue(setting.FIFO, func(q *setting.Queue) {
			q.FifoThroughputLimit, q.DeduplicationScope = "perMessageGroupId", "messageGroup"
		}), true},

		{"a DLQ", dlq("Jobs", false, "Dead", false, "allowAll"), true},
		{"itself as DLQ", dlq("Jobs", false, "Jobs", false, "allowAll"), false},
		{"a FIFO DLQ of a standard queue", dlq("Jobs", false, "Dead", true, "allowAll"), false},
		{"a DLQ that denies", dlq("Jobs", false, "Dead", false, "denyAll"), false},
		{"a DLQ of other queues", dlq("Jobs", false, "Dead", false, "byQueue", "Orders"), false},
		{"a DLQ of this queue", dlq("Jobs", false, "Dead", false, "byQueue", "Orders", "Jobs"), true},

		{"as visible as the Timeout", setting.CheckTimeout(30, 30*setting.Second), true},
		{"a second less", setting.CheckTimeout(29, 30*setting.Second), false},
		{"100 stay unreserved", setting.CheckReserved(1000, 400, 500), true},
		{"99 stay unreserved", setting.CheckReserved(1000, 400, 501), false},
		{"of 150, 50 reserved", setting.CheckReserved(150, 0, 50), true},
		{"of 150, 51 reserved", setting.CheckReserved(150, 0, 51), false},
		{"of 50, none reserved", setting.CheckReserved(50, 0, 0), true},
		{"of 50, one reserved", setting.CheckReserved(50, 0, 1), false},
	} {
		if fits := x.got == nil; fits != x.fits {
			t.Errorf("%s: %v", x.what, x.got)
		}
	}
}

// TestFixed: what only another template changes says so, and which names are others'.
func TestFixed(t *testing.T) {
	t.Parallel()
	for _, x := range []struct {
		of    setting.Owner
		in    setting.Source
		name  string
		right string
	}{
		{setting.OfStream, setting.DynamoDB, "StreamSpecification.StreamViewType", "new stream"},
		{setting.OfStream, setting.DynamoDB, "TableName", "replaces"},
		{setting.OfStream, setting.Kinesis, "StreamViewType", ""},
		{setting.OfStream, setting.Kinesis, "TableName", ""},
		{setting.OfMapping, setting.Kinesis, "StartingPosition", "replaces"},
		{setting.OfQueue, setting.FIFO, "FifoQueue", "replaces"},
		{setting.OfFunction, setting.Any, "Runtime", ""},
	} {
		r := &setting.Resource{Of: x.of, In: x.in}
		fixed := r.Fixed(x.name)
		if (fixed == nil) != (x.right == "") || fixed != nil && (!strings.Contains(fixed.Right, x.right) || r.Unknown(x.name).Right != fixed.Right) {
			t.Errorf("%s of a %s: %+v", x.name, x.of, fixed)
		}
	}
}
