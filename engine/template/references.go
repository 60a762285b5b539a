package template

import (
	"regexp"
	"slices"
	"strings"

	"go.yaml.in/yaml/v4"

	"esmlab/engine"
	"esmlab/engine/setting"
)

// This file finds what a mapping joins: its source, its function and where
// its failures go; and makes those that come from outside the template.

// destinationTypes are SAM's words for what a failure record goes to.
var destinationTypes = []string{"SQS", "SNS", "S3", "Kafka"}

// functionID finds the function that a name, an ARN or a partial ARN means; a
// function from outside is simulated with Lambda's defaults.
func (t *Template) functionID(v *Value) string {
	name := functionName(v.Text)
	if r := t.likewise(v, "AWS::Lambda::Function", "AWS::Serverless::Function"); r != nil {
		return r.ID
	}
	if r, attr := t.owner(v); r != nil {
		t.Problems.Add(v.Node, invalid, "Function does not exist", attr+" of "+r.ID+" is not a function; use !Ref or !GetAtt …Arn")
		return ""
	}
	if v.Kind == Scalar {
		for _, r := range t.order {
			if (r.Type == "AWS::Lambda::Function" || r.Type == "AWS::Serverless::Function") && t.name(r) == name && !r.absent {
				return r.ID
			}
		}
		if known := t.of("AWS::Lambda::Function", "AWS::Serverless::Function"); !strings.HasPrefix(v.Text, "arn:") && Nearest(name, known) != "" { // a slip, more likely than a function elsewhere
			t.Problems.Add(v.Node, invalid, "Function does not exist", short(v.Text)+" is not a function of this template: "+OneOf(name, known))
			return ""
		}
	}
	id := t.free(identifier(name))
	if !slices.ContainsFunc(t.Functions, func(f engine.FunctionConfig) bool { return f.ID == id }) {
		t.Note(t.outsideName(id, v.Text) + " is a function from outside the template: simulated with Lambda's defaults")
		t.Functions = append(t.Functions, engine.FunctionConfig{ID: id, Name: id, ARN: "arn:aws:lambda:" + t.Region + ":" + t.Account + ":function:" + id,
			RoleARN: "arn:aws:iam::" + t.Account + ":role/" + id, FunctionSettings: setting.NewFunction()})
	}
	return id
}

// functionName is the name in a function's name, ARN or partial ARN, without
// a version or an alias.
func functionName(s string) string {
	if _, after, ok := strings.Cut(s, "function:"); ok {
		s = after
	}
	s, _, _ = strings.Cut(s, ":")
	return s
}

// qualifierOf is the version or alias in a function's name or ARN.
func qualifierOf(s string) string {
	if _, after, ok := strings.Cut(s, "function:"); ok {
		s = after
	}
	_, qualifier, _ := strings.Cut(s, ":")
	return qualifier
}

// owner gives the resource of the template, and the attribute, that a value is
// which esmlab does not know; nil where it comes from elsewhere.
func (t *Template) owner(v *Value) (*Resource, string) {
	if v.Kind != Outside {
		return nil, ""
	}
	id, attr, _ := strings.Cut(v.Text, ".")
	if r := t.byID[id]; r != nil && !givesAnything(r.Type) {
		return r, attr
	}
	return nil, ""
}

// givesAnything tells whether what a resource of a type gives is made elsewhere: the
// outputs of a stack, an application or a custom resource, a parameter's value.
func givesAnything(kind string) bool {
	switch kind {
	case "AWS::CloudFormation::Stack", "AWS::Serverless::Application", "AWS::CloudFormation::CustomResource", "AWS::SSM::Parameter":
		return true
	}
	return strings.HasPrefix(kind, "Custom::")
}

// likewise is the resource of some types whose name is the same text from outside as
// the last part of a value, nil where there is none.
func (t *Template) likewise(v *Value, types ...string) *Resource {
	if v.Kind != Outside || !strings.Contains(v.Text, "${") {
		return nil
	}
	for _, r := range t.order {
		if !slices.Contains(types, r.Type) || r.absent {
			continue
		}
		if name := t.properties(r).Get(nameProperty[r.Type]); name != nil && name.Kind == Outside &&
			(v.Text == name.Text || strings.HasSuffix(v.Text, ":"+name.Text) || strings.HasSuffix(v.Text, "/"+name.Text)) {
			return r
		}
	}
	return nil
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

// fromOutsideText are the parts of a text that come from outside the template: what they name
// is all that tells two of them apart.
var fromOutsideText = regexp.MustCompile(`\{\{ *resolve:[a-z-]+:([^}]*)\}\}|\$\{(?:Fn::ImportValue )?([^{}]*)\}|^Fn::ImportValue (.*)$`)

// separators stand between the parts of such a name.
var separators = strings.NewReplacer(":SecretString", "", "/", "-", ":", "-", ".", "-", "[", "-", "]", "", " ", "-")

// identifier makes a name of letters and digits: of an ARN its last part, of what comes
// from outside all that is known.
func identifier(s string) string {
	for i := 0; i < 3 && fromOutsideText.MatchString(s); i++ { // one in the other
		s = fromOutsideText.ReplaceAllStringFunc(s, func(part string) string {
			m := fromOutsideText.FindStringSubmatch(part)
			return strings.Trim(separators.Replace(m[1]+m[2]+m[3]), "-")
		})
	}
	s = strings.ReplaceAll(s, ".Outputs.", "-")
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

// outsideName is what a note calls a thing from outside: its id, and the text it comes
// from where that is another.
func (t *Template) outsideName(id, text string) string {
	if id == text {
		return id
	}
	return id + " (" + short(text) + ")"
}

// sourceKinds are what a thing of a service is called where another has its name.
var sourceKinds = map[string]string{"sqs": "Queue", "kinesis": "Stream", "dynamodb": "Table", "sns": "Topic"}

// nameInARN is the name in the ARN of a queue, a stream, a table or a topic.
func nameInARN(arn string) string {
	_, table, is := strings.Cut(arn, ":table/")
	if !is {
		return identifier(strings.SplitN(arn, "/consumer/", 2)[0])
	}
	table, _, _ = strings.Cut(table, "/")
	return identifier(table)
}

// ownPlace is how a text names the Region, the account and the partition of its stack.
var ownPlace = strings.NewReplacer("${AWS::Region}", "", "${AWS::AccountId}", "", "${AWS::Partition}", "aws")

// literal notes the ARN of a source or a destination, where it is one.
func (t *Template) literal(arn string) {
	part := strings.Split(partition.ReplaceAllString(ownPlace.Replace(arn), "arn:aws:"), ":")
	if len(part) < 6 || part[0] != "arn" || sourceKinds[part[2]] == "" {
		return
	}
	if name, whose := nameInARN(strings.Join(part, ":")), part[2]+":"+part[4]; !slices.Contains(t.literals[name], whose) {
		t.literals[name] = append(t.literals[name], whose)
	}
}

// outsideID is the id of a thing of a service from outside the template: its name, and what
// tells it from others of that name in the template.
func (t *Template) outsideID(arn, service string) string {
	id := t.free(nameInARN(arn))
	part := strings.Split(arn, ":")
	if len(part) < 6 {
		return id
	}
	same, others := 0, false
	for _, whose := range t.literals[nameInARN(arn)] {
		if strings.HasPrefix(whose, part[2]+":") {
			same++
		} else {
			others = true
		}
	}
	if others {
		id += sourceKinds[service]
	}
	if same > 1 {
		id += "-" + part[4]
	}
	return id
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
		t.Problems.Add(at, invalid, "Unrecognized event source.", field+": the ARN of a stream or a queue")
		return 0, false
	}
	text := v.Text
	if r, attr := t.owner(v); r != nil {
		t.Problems.Add(v.Node, invalid, "Unrecognized event source.", attr+" of "+r.ID+" is not the ARN of a stream; use !GetAtt Orders.Arn")
		return 0, false
	}
	if r := t.likewise(v, "AWS::Kinesis::Stream"); r != nil {
		v = &Value{Node: v.Node, Kind: Scalar, Text: t.arn(r)}
		text = v.Text
	}
	if v.Kind == Scalar {
		for _, r := range t.order {
			if r.Type == "AWS::Kinesis::StreamConsumer" && !r.absent && t.arn(r) == text {
				m.Consumer = t.name(r)
				if stream := t.properties(r).Get("StreamARN"); stream != nil {
					v, text = stream, stream.Text
				}
			}
		}
		if head, name, consumer := strings.Cut(text, "/consumer/"); consumer && m.Consumer == "" {
			name, _, _ = strings.Cut(name, ":")
			m.Consumer, text = identifier(name), head
		}
		for i := range t.Streams {
			if t.Streams[i].ARN == text {
				m.Source = t.Streams[i].ID
				return i, true
			}
		}
		for _, r := range t.order {
			stream, _ := t.attText(r, "StreamArn")
			if t.arn(r) != text && t.name(r) != text && t.refText(r) != text && stream != text {
				continue
			}
			if r.absent {
				t.Problems.Add(v.Node, invalid, "Stream not found: "+text, r.ID+" is not built: its Condition does not hold")
				return 0, false
			}
			switch r.Type {
			case "AWS::SQS::Queue":
				t.Problems.Add(v.Node, invalid, "Unrecognized event source.", r.ID+" is a queue: an event of Type SQS, with Queue")
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
	c := engine.StreamConfig{ID: t.outsideID(text, "kinesis"), StreamSettings: setting.NewStream(), ARN: text}
	switch {
	case v.Kind == Outside, strings.HasPrefix(text, "arn:aws:kinesis:"):
	case strings.HasPrefix(text, "arn:aws:dynamodb:"):
		if part := strings.Split(text, ":"); part[3] != t.Region {
			t.Problems.Add(v.Node, invalid, "Unrecognized event source.", "a table in the function's Region, "+t.Region+otherRegion(part[3]))
			return 0, false
		}
		if !strings.Contains(text, "/stream/") {
			t.Problems.Add(v.Node, invalid, "Unrecognized event source.", "the ARN of the table's stream, not the table's")
			return 0, false
		}
		c.Kind, c.View, c.KeyName = engine.DynamoDB, engine.NewAndOldImages, "pk"
		c.ID = t.outsideID(text, "dynamodb")
	case strings.HasPrefix(text, "arn:aws:sqs:"):
		t.Problems.Add(v.Node, invalid, "Unrecognized event source.", "an event of Type SQS, with Queue")
		return 0, false
	case strings.HasPrefix(text, "arn:"):
		t.Problems.Add(v.Node, "", "esmlab does not simulate "+short(text), "a Kinesis or DynamoDB stream, or an SQS queue")
		return 0, false
	default:
		t.Problems.Add(v.Node, invalid, "Unrecognized event source.", "the ARN of a stream")
		return 0, false
	}
	if v.Kind == Outside {
		if t.isTable(m, text) {
			c.Kind, c.View, c.KeyName = engine.DynamoDB, engine.NewAndOldImages, "pk"
			c.ARN = "arn:aws:dynamodb:" + t.Region + ":" + t.Account + ":table/" + c.ID + "/stream/2026-12-01T00:00:00.000"
		} else {
			c.ARN = "arn:aws:kinesis:" + t.Region + ":" + t.Account + ":stream/" + c.ID
		}
		t.guessed[c.ID] = true
	}
	c.Name = c.ID
	m.Source = c.ID
	if i := slices.IndexFunc(t.Streams, func(s engine.StreamConfig) bool { return s.ID == c.ID }); i >= 0 {
		return i, true
	}
	what := "a stream"
	if c.Kind == engine.DynamoDB {
		what = "the stream of a table"
	}
	t.Note(t.outsideName(c.ID, text) + " is " + what + " from outside the template: simulated with one shard and a retention of 24 hours")
	t.Streams = append(t.Streams, c)
	return len(t.Streams) - 1, true
}

// isTable tells whether a stream from outside whose ARN is not known is a table's: its
// event says so, or its name, or the role, which may read tables' streams and no others.
func (t *Template) isTable(m *engine.MappingConfig, text string) bool {
	if table, told := t.tables[m.ID]; told {
		return table
	}
	if strings.Contains(text, ":dynamodb:") || strings.HasSuffix(text, ".StreamArn") {
		return true
	}
	if strings.Contains(text, ":kinesis:") {
		return false
	}
	who := t.principalOf(m.Function)
	if who == nil {
		return false
	}
	reads := func(service string) bool {
		for i := range who.statements {
			for _, a := range who.statements[i].Actions {
				if a == "*" || strings.HasPrefix(strings.ToLower(a), service+":") && !who.statements[i].Deny {
					return true
				}
			}
		}
		return false
	}
	return reads("dynamodb") && !reads("kinesis")
}

// destination reads DestinationConfig.OnFailure. In a SAM event its Type says
// what SAM lets the role that it makes send to.
func (t *Template) destination(m *engine.MappingConfig, v *Value, sam bool) {
	if v == nil {
		return
	}
	if s := v.Get("OnSuccess"); s != nil {
		t.Problems.Add(s.Node, invalid, "Unsupported DestinationConfig parameter for given event source mapping type.", "OnFailure only")
	}
	t.only(v, setting.DestinationConfig, "OnSuccess", setting.OnFailure)
	fail := v.Get(setting.OnFailure)
	if sam {
		t.only(fail, setting.OnFailure, "Destination", "Type")
		if kind := fail.Get("Type"); kind != nil && kind.Kind != Outside && !slices.Contains(destinationTypes, kind.Text) {
			t.Problems.Add(kind.Node, "", "OnFailure.Type cannot be "+kind.String(), OneOf(kind.Text, destinationTypes))
		}
	} else {
		t.only(fail, setting.OnFailure, "Destination")
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
	if r, attr := t.owner(d); r != nil {
		t.Problems.Add(d.Node, "", attr+" of "+r.ID+" is not a destination", "the ARN of an SQS queue, an SNS topic or an S3 bucket")
		return
	}
	if r := t.likewise(d, "AWS::SQS::Queue", "AWS::SNS::Topic", "AWS::S3::Bucket"); r != nil {
		d = &Value{Node: d.Node, Kind: Scalar, Text: t.arn(r)}
	}
	for _, r := range t.order {
		if d.Kind != Scalar || t.arn(r) != d.Text {
			continue
		}
		if r.absent {
			t.Problems.Add(d.Node, "", r.ID+" is not built: its Condition does not hold", "Fn::If with AWS::NoValue")
			return
		}
		switch r.Type {
		case "AWS::SQS::Queue", "AWS::SNS::Topic", "AWS::S3::Bucket":
			m.OnFailure = r.ID
			return
		}
	}
	kind := fail.Get("Type").text()
	for service, prefix := range map[string]string{"SQS": "arn:aws:sqs:", "SNS": "arn:aws:sns:", "S3": "arn:aws:s3:::"} {
		if d.Kind == Scalar && strings.HasPrefix(d.Text, prefix) {
			kind = service
		}
	}
	if d.Kind == Scalar && !strings.HasPrefix(d.Text, "arn:aws:"+strings.ToLower(kind)+":") {
		t.Problems.Add(d.Node, invalid, "The provided destination config DestinationConfig(onSuccess=null, onFailure=OnFailure(destination="+short(d.Text)+")) is invalid.", "the ARN of an SQS queue, an SNS topic or an S3 bucket")
		return
	}
	m.OnFailure = t.destinationOutside(d, kind)
}

// destinationOutside adds a destination from outside the template, simulated
// with its service's defaults, and gives its id.
func (t *Template) destinationOutside(d *Value, kind string) string {
	id := t.outsideID(d.Text, strings.ToLower(kind))
	if slices.ContainsFunc(t.Queues, func(q engine.QueueConfig) bool { return q.ID == id }) ||
		slices.ContainsFunc(t.Targets, func(x engine.TargetConfig) bool { return x.ID == id }) {
		return id
	}
	arn := d.Text
	if d.Kind == Outside {
		arn = "arn:aws:" + strings.ToLower(kind) + ":" + t.Region + ":" + t.Account + ":" + id
		if kind == "S3" {
			arn = "arn:aws:s3:::" + id
		}
	}
	name, fifo := arn[strings.LastIndex(arn, ":")+1:], strings.HasSuffix(arn, ".fifo")
	what := map[string]string{"SNS": "topic", "S3": "bucket"}[kind]
	if what == "" {
		if d.Kind == Outside {
			arn = "arn:aws:sqs:" + t.Region + ":" + t.Account + ":" + id
		}
		what, kind = "queue", "SQS"
		t.Queues = append(t.Queues, engine.QueueConfig{ID: id, Name: name, ARN: arn, FIFO: fifo, QueueSettings: engine.DefaultQueueSettings()})
	} else {
		t.Targets = append(t.Targets, engine.TargetConfig{ID: id, Name: name, ARN: arn, Bucket: kind == "S3", FIFO: fifo})
	}
	t.Note(t.outsideName(id, d.Text) + " is a " + what + " from outside the template: simulated with " + kind + "'s defaults")
	return id
}
