package template

import (
	"hash/fnv"
	"slices"
	"strings"
	"time"

	"go.yaml.in/yaml/v4"

	"esmlab/engine"
)

// The fields that a mapping may have, in a template and as a SAM event.
var (
	common = []string{"BatchSize", "BisectBatchOnFunctionError", "DestinationConfig", "Enabled", "FilterCriteria", "FunctionResponseTypes",
		"KmsKeyArn", "MaximumBatchingWindowInSeconds", "MaximumRecordAgeInSeconds", "MaximumRetryAttempts", "MetricsConfig",
		"ParallelizationFactor", "StartingPosition", "StartingPositionTimestamp", "TumblingWindowInSeconds"}
	mappingFields = append([]string{"FunctionName", "EventSourceArn", "AmazonManagedKafkaEventSourceConfig", "DocumentDBEventSourceConfig",
		"LoggingConfig", "ProvisionedPollerConfig", "Queues", "ScalingConfig", "SelfManagedEventSource", "SelfManagedKafkaEventSourceConfig",
		"SourceAccessConfigurations", "Tags", "Topics"}, common...)
	samFields = append([]string{"Stream"}, common...)
	// notForStreams are parameters of other sources' mappings.
	notForStreams = []string{"ScalingConfig", "ProvisionedPollerConfig", "LoggingConfig", "Queues", "Topics", "SourceAccessConfigurations",
		"AmazonManagedKafkaEventSourceConfig", "DocumentDBEventSourceConfig", "SelfManagedEventSource", "SelfManagedKafkaEventSourceConfig"}
)

const invalid = "InvalidParameterValueException"

// samEvents reads the events of a serverless function that are mappings.
func (t *Template) samEvents(r *Resource) {
	for _, f := range t.properties(r).Get("Events").fields() {
		kind := f.Get("Type")
		if kind == nil {
			t.Problems.Add(f.Key, "", "event "+short(f.Name)+" has no Type", "Type: Kinesis")
			continue
		}
		switch kind.Text {
		case "Kinesis", "DynamoDB":
		case "SQS":
			t.Problems.Add(kind.Node, "", "esmlab does not simulate mappings of SQS queues", "an event of Type Kinesis or DynamoDB")
			continue
		default:
			t.Note("left alone: event " + f.Name + " of " + r.ID + " (" + short(kind.Text) + ")")
			continue
		}
		for _, e := range f.fields() {
			if e.Name != "Type" && e.Name != "Properties" {
				t.Problems.Add(e.Key, "", "an event has no field "+short(e.Name), "Type and Properties")
			}
		}
		p := f.Get("Properties")
		if p == nil {
			p = &Value{Node: f.Key, Kind: Map}
		}
		known := samFields
		if kind.Text == "DynamoDB" {
			known = slices.DeleteFunc(slices.Clone(samFields), func(s string) bool { return s == "StartingPositionTimestamp" })
		}
		t.mapping(r.ID+f.Name, f.Key, p, p.Get("Stream"), "Stream", r.ID, known)
	}
}

func (v *Value) fields() []Field {
	if v == nil || v.Kind != Map {
		return nil
	}
	return slices.DeleteFunc(slices.Clone(v.Fields), func(f Field) bool { return f.Kind == Null })
}

// eventSourceMapping reads an AWS::Lambda::EventSourceMapping.
func (t *Template) eventSourceMapping(r *Resource) {
	p := t.properties(r)
	fn := p.Get("FunctionName")
	if fn == nil {
		t.Problems.Add(t.Where[r.ID], invalid, "1 validation error detected: Value null at 'functionName' failed to satisfy constraint: Member must not be null.", "FunctionName: !Ref a function of this template")
		return
	}
	id := t.functionID(fn)
	if id == "" {
		return
	}
	t.mapping(r.ID, t.Where[r.ID], p, p.Get("EventSourceArn"), "EventSourceArn", id, mappingFields)
}

// functionID finds the function that a name, an ARN or a partial ARN means; a
// function from outside is simulated with Lambda's defaults.
func (t *Template) functionID(v *Value) string {
	name := v.Text
	if v.Kind == Scalar {
		if i := strings.Index(name, "function:"); i >= 0 {
			name = name[i+len("function:"):]
		}
		name, _, _ = strings.Cut(name, ":") // a version or an alias
		for _, r := range t.order {
			if (r.Type == "AWS::Lambda::Function" || r.Type == "AWS::Serverless::Function") && t.name(r) == name && !r.absent {
				return r.ID
			}
		}
		if !strings.HasPrefix(v.Text, "arn:") {
			t.Problems.Add(v.Node, invalid, "Function does not exist: "+short(v.Text), OneOf(name, t.of("AWS::Lambda::Function", "AWS::Serverless::Function")))
			return ""
		}
	}
	id := identifier(name)
	if !slices.ContainsFunc(t.Functions, func(f engine.FunctionConfig) bool { return f.ID == id }) {
		t.Note(id + " (" + short(v.Text) + ") is a function from outside the template: simulated with Lambda's defaults")
		t.Functions = append(t.Functions, engine.FunctionConfig{ID: id, Name: id, ARN: "arn:aws:lambda:" + t.Region + ":" + Account + ":function:" + id,
			RoleARN: "arn:aws:iam::" + Account + ":role/" + id, Reserved: -1, Timeout: 3 * engine.Second, Takes: engine.Takes{Base: 100 * engine.Millisecond}})
	}
	return id
}

// of lists the resources of some types.
func (t *Template) of(types ...string) []string {
	var out []string
	for _, r := range t.order {
		if slices.Contains(types, r.Type) {
			out = append(out, r.ID)
		}
	}
	return out
}

// identifier makes a name of letters and digits.
func identifier(s string) string {
	if i := strings.LastIndexAny(s, "/: "); i >= 0 && i+1 < len(s) {
		s = s[i+1:]
	}
	s = strings.Map(func(r rune) rune {
		if r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || r == '-' || r == '_' {
			return r
		}
		return -1
	}, s)
	if s == "" {
		return "Outside"
	}
	return s
}

// mapping reads a mapping's parameters; at is where it stands.
func (t *Template) mapping(id string, at *yaml.Node, p, source *Value, sourceField, function string, known []string) {
	for _, f := range p.fields() {
		if !slices.Contains(known, f.Name) {
			t.Problems.Add(f.Key, "", "an event source mapping has no field "+short(f.Name), OneOf(f.Name, known))
		} else if slices.Contains(notForStreams, f.Name) {
			t.Problems.Add(f.Key, invalid, f.Name+" is not a parameter of stream mappings.", "leave it out")
		}
	}
	m := engine.MappingConfig{ID: id, Function: function, Enabled: true, Settings: engine.DefaultSettings(), UUID: mappingUUID(id)}
	t.Where[id] = at
	si, ok := t.sourceOf(&m, at, source, sourceField)
	if !ok {
		return
	}
	kind := t.Streams[si].Kind
	t.start(&m, at, p, t.Streams[si].ARN, kind)
	for i := range engine.StreamParams {
		t.param(&m.Settings, &engine.StreamParams[i], p)
	}
	if r := m.Check(); r != nil {
		t.Problems.Add(p.Get("TumblingWindowInSeconds").Node, r.Code, r.Message, r.Right)
	}
	if v := p.Get("Enabled"); v != nil {
		on, isBool := v.Bool()
		if !isBool {
			t.Problems.Add(v.Node, "", "Enabled is a switch, not "+v.String(), "true or false")
		}
		m.Enabled = on || !isBool
	}
	if v := p.Get("FunctionResponseTypes"); v != nil {
		for _, item := range v.Items {
			if item.Text != "ReportBatchItemFailures" {
				t.Problems.Add(item.Node, "ValidationException", "1 validation error detected: Value '["+short(item.Text)+"]' at 'functionResponseTypes' failed to satisfy constraint: Member must satisfy constraint: [Member must satisfy enum value set: [ReportBatchItemFailures]]", "ReportBatchItemFailures")
			}
			m.ReportBatchItemFailures = true
		}
		if v.Kind != List {
			t.Problems.Add(v.Node, "", "FunctionResponseTypes is a list, not "+v.String(), "[ReportBatchItemFailures]")
		}
	}
	if v := p.Get("FilterCriteria"); v != nil && len(v.Get("Filters").items()) > 0 {
		t.Problems.Add(v.Node, "", "esmlab does not simulate FilterCriteria", "leave it out")
	}
	t.destination(&m, p.Get("DestinationConfig"))
	t.role(&m, at, t.Streams[si])
	pair := m.Source + " " + m.Consumer + " " + function
	if other, twice := t.pairs[pair]; twice {
		t.Problems.Add(at, "ResourceConflictException", `The event source arn (" `+t.Streams[si].ARN+` ") and function (" `+function+` ") provided mapping already exists. Please update or delete the existing mapping with UUID `+mappingUUID(other), "one mapping of "+m.Source+" for each function")
	}
	t.pairs[pair] = id
	t.Mappings = append(t.Mappings, m)
}

func (v *Value) items() []*Value {
	if v == nil {
		return nil
	}
	return v.Items
}

// mappingUUID is the UUID of a mapping: it follows from its name alone.
func mappingUUID(id string) string {
	h := fnv.New64a()
	h.Write([]byte(id))
	return engine.UUID(h.Sum64(), 0, 0, 0)
}

// param reads one parameter by the engine's table.
func (t *Template) param(s *engine.Settings, p *engine.Param, props *Value) {
	v := props.Get(p.Name)
	if v == nil || p.Name == "ReportBatchItemFailures" {
		return
	}
	if v.Kind == Outside {
		t.Note(p.Name + " comes from outside the template (" + v.Text + "): AWS's default is used")
		return
	}
	if p.Switch {
		on, ok := v.Bool()
		if !ok {
			t.Problems.Add(v.Node, "", p.Name+" is a switch, not "+v.String(), p.Allowed())
			return
		}
		if on {
			s.SetNumber(p.Name, 1)
		}
		return
	}
	n, ok := v.Int()
	if !ok {
		t.Problems.Add(v.Node, "", p.Name+" is a whole number, not "+v.String(), p.Allowed())
		return
	}
	if r := p.Check(n); r != nil {
		t.Problems.Add(v.Node, r.Code, r.Message, r.Right)
		return
	}
	s.SetNumber(p.Name, n)
}

// start reads the starting position.
func (t *Template) start(m *engine.MappingConfig, at *yaml.Node, p *Value, arn string, kind engine.StreamKind) {
	v := p.Get("StartingPosition")
	if v == nil {
		t.Problems.Add(at, invalid, "1 validation error detected: Value null at 'startingPosition' failed to satisfy constraint: Member must not be null.", "StartingPosition: TRIM_HORIZON, LATEST or AT_TIMESTAMP")
		return
	}
	i := slices.Index(engine.StartingPositions[:], v.Text)
	switch {
	case i < 0:
		t.Problems.Add(v.Node, "ValidationException", "1 validation error detected: Value '"+short(v.Text)+"' at 'startingPosition' failed to satisfy constraint: Member must satisfy enum value set: [LATEST, AT_TIMESTAMP, TRIM_HORIZON]", "one of them")
		return
	case engine.StartingPosition(i) == engine.AtTimestamp && kind == engine.DynamoDB:
		t.Problems.Add(v.Node, invalid, "Unsupported starting position for arn type: "+arn, "TRIM_HORIZON or LATEST")
		return
	}
	m.Start = engine.StartingPosition(i)
	ts := p.Get("StartingPositionTimestamp")
	switch {
	case m.Start != engine.AtTimestamp && ts != nil:
		t.Problems.Add(ts.Node, invalid, "StartingPositionTimestamp is only for StartingPosition AT_TIMESTAMP.", "AT_TIMESTAMP, or leave it out")
	case m.Start == engine.AtTimestamp && ts == nil:
		t.Problems.Add(v.Node, invalid, "StartingPosition AT_TIMESTAMP needs a StartingPositionTimestamp.", "Unix seconds, as 1796083200")
	case ts != nil:
		us, ok := Timestamp(ts.Text)
		if !ok {
			t.Problems.Add(ts.Node, invalid, "StartingPositionTimestamp is no time: "+ts.String(), "Unix seconds, as 1796083200")
		}
		m.StartTimestamp = us
	}
}

// Timestamp reads Unix seconds or an RFC 3339 time as microseconds since 1970.
func Timestamp(s string) (int64, bool) {
	if at, err := time.Parse(time.RFC3339, s); err == nil {
		return at.UnixMicro(), true
	}
	whole, frac, _ := strings.Cut(s, ".")
	if whole == "" || len(whole) > 11 || len(frac) > 9 {
		return 0, false
	}
	frac = (frac + "000000")[:6]
	n := int64(0)
	for _, c := range whole + frac {
		if c < '0' || c > '9' {
			return 0, false
		}
		n = n*10 + int64(c-'0')
	}
	return n, true
}

// destination reads DestinationConfig.OnFailure.
func (t *Template) destination(m *engine.MappingConfig, v *Value) {
	if v == nil {
		return
	}
	if s := v.Get("OnSuccess"); s != nil {
		t.Problems.Add(s.Node, invalid, "Unsupported DestinationConfig parameter for given event source mapping type.", "OnFailure only")
	}
	for _, f := range v.fields() {
		if f.Name != "OnSuccess" && f.Name != "OnFailure" {
			t.Problems.Add(f.Key, "", "DestinationConfig has no field "+short(f.Name), "OnFailure")
		}
	}
	fail := v.Get("OnFailure")
	for _, f := range fail.fields() {
		if f.Name != "Destination" && f.Name != "Type" {
			t.Problems.Add(f.Key, "", "OnFailure has no field "+short(f.Name), "Destination, and Type in a SAM event")
		}
	}
	d := fail.Get("Destination")
	if d == nil {
		if fail != nil && len(fail.fields()) > 0 {
			t.Problems.Add(fail.Node, "", "OnFailure has no Destination", "Destination: !GetAtt Failures.Arn")
		}
		return
	}
	if d.Kind == Scalar && d.Text == "" {
		return
	}
	for _, r := range t.order {
		if r.absent || d.Kind != Scalar || t.arn(r) != d.Text {
			continue
		}
		switch r.Type {
		case "AWS::SQS::Queue":
			m.OnFailure = r.ID
			return
		case "AWS::SNS::Topic", "AWS::S3::Bucket":
			t.Problems.Add(d.Node, "", "esmlab does not simulate "+r.Type+" as an OnFailure destination", "an SQS queue")
			return
		}
	}
	if d.Kind == Scalar && !strings.HasPrefix(d.Text, "arn:aws:sqs:") {
		t.Problems.Add(d.Node, invalid, "The provided destination config DestinationConfig(onSuccess=null, onFailure=OnFailure(destination="+short(d.Text)+")) is invalid.", "the ARN of an SQS queue")
		return
	}
	id := t.free(identifier(d.Text))
	if !slices.ContainsFunc(t.Queues, func(q engine.QueueConfig) bool { return q.ID == id }) {
		t.Note(id + " (" + short(d.Text) + ") is a queue from outside the template: simulated with SQS's defaults")
		t.Queues = append(t.Queues, engine.QueueConfig{ID: id, Name: id, ARN: "arn:aws:sqs:" + t.Region + ":" + Account + ":" + id,
			FIFO: strings.HasSuffix(d.Text, ".fifo"), Retention: 345600 * engine.Second})
	}
	m.OnFailure = id
}

// free gives a name that no resource of the template has.
func (t *Template) free(id string) string {
	if t.byID[id] != nil {
		return id + "Outside"
	}
	return id
}

// sourceOf finds the stream that a mapping reads and gives its index. A stream
// from outside is simulated with its service's defaults.
func (t *Template) sourceOf(m *engine.MappingConfig, at *yaml.Node, v *Value, field string) (int, bool) {
	if v == nil {
		t.Problems.Add(at, invalid, "Unrecognized event source.", field+": the ARN of a stream")
		return 0, false
	}
	text := v.Text
	if v.Kind == Scalar {
		for _, r := range t.order {
			if r.Type == "AWS::Kinesis::StreamConsumer" && !r.absent && t.arn(r) == text {
				m.Consumer = r.ID
				if stream := t.properties(r).Get("StreamARN"); stream != nil {
					v, text = stream, stream.Text
				}
			}
		}
		if head, _, consumer := strings.Cut(text, "/consumer/"); consumer && m.Consumer == "" {
			m.Consumer, text = identifier(strings.SplitN(text, "/consumer/", 2)[1]), head
		}
		for i := range t.Streams {
			if t.Streams[i].ARN == text {
				m.Source = t.Streams[i].ID
				return i, true
			}
		}
		for _, r := range t.order {
			if r.absent || t.arn(r) != text && t.name(r) != text && t.refText(r) != text {
				continue
			}
			switch r.Type {
			case "AWS::SQS::Queue":
				t.Problems.Add(v.Node, "", "esmlab does not simulate mappings of SQS queues", "a Kinesis or DynamoDB stream")
				return 0, false
			case "AWS::Kinesis::Stream":
				t.Problems.Add(v.Node, invalid, "Unrecognized event source.", "its ARN: !GetAtt "+r.ID+".Arn")
				return 0, false
			case "AWS::DynamoDB::Table", "AWS::DynamoDB::GlobalTable":
				right := "the stream's ARN: !GetAtt " + r.ID + ".StreamArn"
				if t.properties(r).Get("StreamSpecification") == nil {
					right = "a StreamSpecification for " + r.ID + ", and !GetAtt " + r.ID + ".StreamArn"
				}
				t.Problems.Add(v.Node, invalid, "Unrecognized event source.", right)
				return 0, false
			}
		}
	}
	c := engine.StreamConfig{ID: t.free(identifier(text)), ShardCount: 1, Retention: 24 * engine.Hour, ARN: text}
	switch {
	case v.Kind == Outside, strings.HasPrefix(text, "arn:aws:kinesis:"):
	case strings.HasPrefix(text, "arn:aws:dynamodb:"):
		c.Kind, c.View, c.KeyName = engine.DynamoDB, engine.NewAndOldImages, "pk"
		if _, table, ok := strings.Cut(text, ":table/"); ok {
			table, _, _ = strings.Cut(table, "/")
			c.ID = t.free(identifier(table))
		}
	case strings.HasPrefix(text, "arn:aws:sqs:"):
		t.Problems.Add(v.Node, "", "esmlab does not simulate mappings of SQS queues", "a Kinesis or DynamoDB stream")
		return 0, false
	case strings.HasPrefix(text, "arn:"):
		t.Problems.Add(v.Node, "", "esmlab does not simulate "+short(text), "a Kinesis or DynamoDB stream")
		return 0, false
	default:
		t.Problems.Add(v.Node, invalid, "Unrecognized event source.", "the ARN of a stream")
		return 0, false
	}
	if v.Kind == Outside {
		c.ARN = "arn:aws:kinesis:" + t.Region + ":" + Account + ":stream/" + c.ID
	}
	c.Name = c.ID
	m.Source = c.ID
	if i := slices.IndexFunc(t.Streams, func(s engine.StreamConfig) bool { return s.ID == c.ID }); i >= 0 {
		return i, true
	}
	t.Note(c.ID + " (" + short(text) + ") is a stream from outside the template: simulated with one shard and a retention of 24 hours")
	t.Streams = append(t.Streams, c)
	return len(t.Streams) - 1, true
}
