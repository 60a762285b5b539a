package template

import (
	"hash/fnv"
	"slices"
	"strconv"
	"strings"
	"time"

	"go.yaml.in/yaml/v4"

	"esmlab/engine"
	"esmlab/engine/internal/random"
	"esmlab/engine/setting"
)

// The fields that a mapping may have, in a template and as a SAM event.
var (
	common        = []string{"KmsKeyArn", "MetricsConfig", "StartingPosition", "StartingPositionTimestamp"}
	mappingFields = slices.Concat([]string{"FunctionName", "EventSourceArn", "Tags"}, setting.Properties(setting.OfMapping, setting.Any), common, otherSources)
	samFields     = slices.Concat([]string{"Stream"}, setting.Properties(setting.OfMapping, setting.AnyStream), common)
	// samQueueFields are those of a SAM event of Type SQS; what AWS has for
	// streams only is refused in its words.
	samQueueFields = slices.Concat([]string{"Queue"}, setting.Properties(setting.OfMapping, setting.Any), common)
	// otherSources are the fields of mappings of sources that esmlab does not
	// simulate.
	otherSources = []string{"LoggingConfig", "Queues", "Topics", "SourceAccessConfigurations",
		"AmazonManagedKafkaEventSourceConfig", "DocumentDBEventSourceConfig", "SelfManagedEventSource", "SelfManagedKafkaEventSourceConfig"}
)

// metricGroups are the metrics that a mapping may opt into; queues and streams
// have those of EventCount.
var metricGroups = []string{"EventCount", "ErrorCount", "KafkaMetrics"}

const invalid = "InvalidParameterValueException"

// samEvents reads the events of a serverless function that are mappings.
func (t *Template) samEvents(r *Resource) {
	for _, f := range t.properties(r).Get("Events").fields() {
		if strings.HasPrefix(f.Name, "Fn::") { // a transform: noted as it was read
			continue
		}
		kind := f.Get("Type")
		if kind == nil {
			t.Problems.Add(f.Key, "", "event "+short(f.Name)+" has no Type", "Type: Kinesis")
			continue
		}
		if !t.eventType(r, f, kind) {
			continue
		}
		switch kind.Text {
		case "Kinesis", "DynamoDB", "SQS":
		case "SNS":
			if t.byID[r.ID+f.Name+"EventSourceMapping"] == nil {
				t.alone = append(t.alone, aloneThing{"event " + f.Name + " of " + r.ID, "SNS event"})
			}
			continue
		default:
			t.alone = append(t.alone, aloneThing{"event " + f.Name + " of " + r.ID, short(kind.Text) + " event"})
			continue
		}
		t.only(f.Value, "an event", "Type", "Properties")
		p := f.Get("Properties")
		if p == nil {
			p = &Value{Node: f.Key, Kind: Map}
		}
		if !isAlphanumeric(f.Name) { // SAM makes a resource of it
			t.Problems.Add(f.Key, "InvalidResourceException", "Resource with id ["+short(r.ID+f.Name)+"] is invalid. Logical ids must be alphanumeric.", "letters and digits, such as Orders")
			continue
		}
		known, source := samFields, "Stream"
		switch kind.Text {
		case "SQS":
			known, source = samQueueFields, "Queue"
		case "DynamoDB":
			known = slices.DeleteFunc(slices.Clone(samFields), func(s string) bool { return s == "StartingPositionTimestamp" })
		}
		t.tables[r.ID+f.Name] = kind.Text == "DynamoDB"
		t.mapping(r.ID+f.Name, f.Key, p, p.Get(source), source, r.ID, t.properties(r).Get("AutoPublishAlias").text(), known)
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
	if other := t.otherSource(p); other != "" {
		t.Note("left alone: mapping " + r.ID + " (" + other + ")")
		t.other = "esmlab does not simulate what " + r.ID + " reads: a Kinesis or DynamoDB stream, or an SQS queue"
		return
	}
	fn := p.Get("FunctionName")
	if fn == nil {
		t.Problems.Add(t.Where[r.ID], invalid, "1 validation error detected: Value null at 'functionName' failed to satisfy constraint: Member must not be null.", "FunctionName: !Ref a function of this template")
		return
	}
	t.mapping(r.ID, t.Where[r.ID], p, p.Get("EventSourceArn"), "EventSourceArn", t.functionID(fn), qualifierOf(fn.Text), mappingFields)
}

// otherSource is what a mapping reads that AWS has and esmlab does not
// simulate: Kafka, Amazon MQ, DocumentDB; else "".
func (t *Template) otherSource(p *Value) string {
	if p.Get("SelfManagedEventSource") != nil {
		return "SelfManagedEventSource"
	}
	v := p.Get("EventSourceArn")
	if v == nil {
		return ""
	}
	r, _ := t.owner(v)
	if r == nil {
		r = t.byID[v.Text] // what Ref gives for a resource that esmlab does not know
	}
	if r != nil {
		for _, service := range []string{"AWS::MSK::", "AWS::AmazonMQ::", "AWS::DocDB::"} {
			if strings.HasPrefix(r.Type, service) {
				return r.Type
			}
		}
	}
	for _, service := range []string{"arn:aws:kafka:", "arn:aws:mq:", "arn:aws:rds:"} {
		if v.Kind == Scalar && strings.HasPrefix(v.Text, service) {
			return short(v.Text)
		}
	}
	return ""
}

// versionOf is the version of a function that a version or an alias means.
func (t *Template) versionOf(qualifier string) string {
	if qualifier == "" || strings.Trim(qualifier, "0123456789") == "" || qualifier == "$LATEST" {
		return qualifier
	}
	for _, r := range t.order {
		if p := t.properties(r); r.Type == "AWS::Lambda::Alias" && p.Get("Name").text() == qualifier {
			if v := p.Get("FunctionVersion").text(); v != "" && strings.Trim(v, "0123456789") == "" {
				return v
			}
		}
	}
	return "1" // what the template publishes first
}

// only refuses the fields of a map that are not among the known ones, and
// what is not a map.
func (t *Template) only(v *Value, what string, known ...string) {
	if v != nil && (v.Kind == Scalar || v.Kind == List) {
		t.Problems.Add(v.Node, "", what+" is a map, not "+v.String(), OneOf("", known))
	}
	for _, f := range v.fields() {
		if !slices.Contains(known, f.Name) && !strings.HasPrefix(f.Name, "Fn::") {
			t.Problems.Add(f.Key, "", what+" has no field "+short(f.Name), OneOf(f.Name, known))
		}
	}
}

// mapping reads a mapping's parameters; at is where it is written, function is ""
// where it was refused. All that is wrong is reported at once, and a mapping that
// is wrong is still there to be named elsewhere.
func (t *Template) mapping(id string, at *yaml.Node, p, source *Value, sourceField, function, qualifier string, known []string) {
	t.only(p, "an event source mapping", known...)
	m := engine.MappingConfig{ID: id, Function: function, Enabled: true, Settings: engine.DefaultSettings(), UUID: mappingUUID(id), Qualifier: qualifier, Version: t.versionOf(qualifier)}
	t.alias(&m)
	if other := t.Where[id]; other != nil && other != at {
		t.Problems.Add(at, "", "two things are called "+id+", which SAM calls this mapping", "another name; the other is in line "+strconv.Itoa(other.Line))
	}
	t.Where[id], t.events[id] = at, p
	t.shared(&m, p)
	if qi, queue := t.queueSource(at, source, sourceField, p); queue {
		t.queueMapping(&m, at, p, qi)
		t.Mappings = append(t.Mappings, m)
		return
	}
	t.unsupported(p, setting.AnyStream, known, otherSources)
	var from engine.StreamConfig
	si, found := t.sourceOf(&m, at, source, sourceField)
	if found {
		from = t.Streams[si]
	}
	if found || p.Get("StartingPosition") != nil { // what is not a stream may need none
		t.start(&m, at, p, from.ARN, from.Kind)
	}
	t.settings(&setting.Resource{ID: id, Of: setting.OfMapping, In: setting.AnyStream, Mapping: &m.Settings}, p)
	if r := m.Check(setting.AnyStream); r != nil {
		t.Problems.Add(p.Get(r.What).Node, r.Code, r.Message, r.Right)
	}
	t.destination(&m, p.Get(setting.DestinationConfig), sourceField == "Stream")
	if !found || function == "" {
		t.Mappings = append(t.Mappings, m)
		return
	}
	t.role(&m, at, from)
	t.once(&m, at, `The event source arn (" `+from.ARN+` ") and function (" %s ") provided mapping already exists.`)
	t.Mappings = append(t.Mappings, m)
}

// once refuses a second mapping of a source and a function; words are AWS's,
// with %s for the function's name.
func (t *Template) once(m *engine.MappingConfig, at *yaml.Node, words string) {
	pair := m.Source + " " + m.Consumer + " " + m.Function + " " + m.Qualifier // each alias may have a mapping of its own
	if other, twice := t.pairs[pair]; twice {
		name := m.Function
		if r := t.byID[name]; r != nil {
			name = t.name(r)
		}
		t.Problems.Add(at, "ResourceConflictException", strings.Replace(words, "%s", name, 1)+" Please update or delete the existing mapping with UUID "+mappingUUID(other), "one mapping of "+m.Source+" for each function")
	}
	t.pairs[pair] = m.ID
}

// shared reads the parameters that mappings of streams and of queues have alike.
func (t *Template) shared(m *engine.MappingConfig, p *Value) {
	if v := p.Get(setting.Enabled); v != nil && v.Kind == Outside {
		t.takeInstead(setting.Enabled+" of "+m.ID, v, "it is taken to be true")
	} else if v != nil {
		on, isBool := v.Bool()
		if !isBool {
			t.Problems.Add(v.Node, "", setting.Enabled+" is a switch, not "+v.String(), "true or false")
		}
		m.Enabled = on || !isBool
	}
	if v := p.Get(setting.FunctionResponseTypes); fromElsewhere(v) != nil {
		t.takeInstead(setting.FunctionResponseTypes+" of "+m.ID, fromElsewhere(v), "the mapping asks for no reply")
	} else if v != nil {
		row := setting.Find(setting.OfMapping, setting.Any, setting.FunctionResponseTypes)
		for _, item := range v.Items {
			if _, r := row.Read(setting.TextValue(short(item.Text))); r != nil {
				t.Problems.Add(item.Node, r.Code, r.Message, r.Right)
			}
			m.ReportBatchItemFailures = true
		}
		if len(v.Items) > 1 {
			var words []string
			for _, item := range v.Items {
				words = append(words, item.Text)
			}
			t.Problems.Add(v.Node, "ValidationException", "1 validation error detected: Value '["+short(strings.Join(words, ", "))+"]' at 'functionResponseTypes' failed to satisfy constraint: Member must have length less than or equal to 1", row.Allowed())
		}
		if v.Kind != List {
			r := row.WrongKind(v.String())
			t.Problems.Add(v.Node, r.Code, r.Message, r.Right)
		}
	}
	for _, v := range p.Get("MetricsConfig").Get("Metrics").items() {
		if v.Kind == Scalar && !slices.Contains(metricGroups, v.Text) {
			t.Problems.Add(v.Node, "ValidationException", "1 validation error detected: Value '["+short(v.Text)+"]' at 'metricsConfig.metrics' failed to satisfy constraint: Member must satisfy constraint: [Member must satisfy enum value set: ["+strings.Join(metricGroups, ", ")+"]]", "EventCount")
		}
	}
	filters, outside := t.Problems.Filters(p.Get(setting.FilterCriteria))
	if m.FilterCriteria = filters; outside != "" {
		t.Note(setting.FilterCriteria + " of " + m.ID + " come from outside the template (" + outside + "): nothing is filtered")
	}
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
	return random.UUID(h.Sum64(), 0, 0, 0)
}

// unsupported refuses the fields of a mapping that are for other sources only.
func (t *Template) unsupported(p *Value, in setting.Source, known []string, others ...[]string) {
	for _, f := range p.fields() {
		r := setting.Unsupported(f.Name, in)
		if r == nil && slices.Contains(slices.Concat(others...), f.Name) {
			r = &setting.Refusal{Code: invalid, Message: "Unsupported " + f.Name + " parameter for given event source mapping type.", Right: "leave it out"}
		}
		if r != nil && slices.Contains(known, f.Name) {
			t.Problems.Add(f.Key, r.Code, r.Message, r.Right)
		}
	}
}

// settings reads the numbers, switches and words of a resource. What names
// other resources is read when all are known.
func (t *Template) settings(r *setting.Resource, props *Value) {
	for _, p := range r.Rows() {
		if p.Own || p.Kind == setting.Filters || p.Kind == setting.Destination || r.Of == setting.OfQueue && p.Path != "" {
			continue
		}
		v := props
		for _, part := range strings.Split(p.FullName(), ".") {
			v = v.Get(part)
		}
		if v == nil {
			continue
		}
		if out := fromElsewhere(v); out != nil {
			t.takeInstead(p.Name, out, "AWS's default is used")
			continue
		}
		p = p.InTemplate()
		value, bad := SettingValue(p, v)
		if bad == nil {
			value, bad = p.Read(value)
		}
		if bad != nil {
			t.Problems.Add(v.Node, bad.Code, bad.Message, bad.Right)
			continue
		}
		p.Set(r, value)
	}
}

// SettingValue reads what a file has for a setting that is a number, a switch
// or a word. It refuses another kind of value; the range is not checked.
func SettingValue(p *setting.Row, v *Value) (setting.Value, *setting.Refusal) {
	switch p.Kind {
	case setting.Number:
		if n, ok := v.Int(); ok {
			return setting.IntValue(n), nil
		}
	case setting.Switch:
		if on, ok := v.Bool(); ok {
			return setting.BoolValue(on), nil
		}
	default:
		if p.Kind == setting.List && v.Kind == List {
			switch {
			case len(v.Items) == 0:
				return setting.TextValue(""), nil
			case len(v.Items) == 1:
				v = v.Items[0]
			}
		}
		if v.Kind == Scalar || v.Kind == Null {
			return setting.TextValue(v.Text), nil
		}
	}
	return setting.Value{}, p.WrongKind(v.String())
}

// start reads the starting position.
func (t *Template) start(m *engine.MappingConfig, at *yaml.Node, p *Value, arn string, kind engine.StreamKind) {
	v := p.Get("StartingPosition")
	if v == nil {
		t.Problems.Add(at, invalid, "1 validation error detected: Value null at 'startingPosition' failed to satisfy constraint: Member must not be null.", "StartingPosition: TRIM_HORIZON, LATEST or AT_TIMESTAMP")
		return
	}
	i := slices.Index(engine.StartingPositions[:], v.Text)
	ts := p.Get("StartingPositionTimestamp")
	switch {
	case v.Kind == Outside, i >= 0 && engine.StartingPosition(i) == engine.AtTimestamp && kind != engine.DynamoDB && ts != nil && ts.Kind == Outside:
		if v.Kind != Outside {
			v = ts
		}
		t.takeInstead("where "+m.ID+" starts", v, "TRIM_HORIZON is used")
		m.Start = engine.TrimHorizon
		return
	case i < 0:
		t.Problems.Add(v.Node, "ValidationException", "1 validation error detected: Value '"+short(v.Text)+"' at 'startingPosition' failed to satisfy constraint: Member must satisfy enum value set: [LATEST, AT_TIMESTAMP, TRIM_HORIZON]", "one of them")
		return
	case engine.StartingPosition(i) == engine.AtTimestamp && kind == engine.DynamoDB:
		t.Problems.Add(v.Node, invalid, "Unsupported starting position for arn type: "+arn, "TRIM_HORIZON or LATEST")
		return
	}
	m.Start = engine.StartingPosition(i)
	switch {
	case m.Start != engine.AtTimestamp && ts != nil:
		t.Problems.Add(ts.Node, invalid, "StartingPositionTimestamp is only for StartingPosition AT_TIMESTAMP.", "AT_TIMESTAMP, or leave it out")
	case m.Start == engine.AtTimestamp && ts == nil:
		t.Problems.Add(v.Node, invalid, "StartingPosition AT_TIMESTAMP needs a StartingPositionTimestamp.", "Unix seconds, as 1796083200")
	case ts != nil:
		us, ok := Timestamp(ts.Text)
		if !ok {
			t.Problems.Add(ts.Node, invalid, "StartingPositionTimestamp is not a time: "+ts.String(), "Unix seconds, as 1796083200")
		}
		m.StartTimestamp = us
		t.Where[m.ID+".StartingPositionTimestamp"] = ts.Node
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
