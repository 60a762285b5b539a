package template

import (
	"slices"
	"strconv"
	"strings"

	"esmlab/engine"
	"esmlab/engine/setting"
)

// nameProperty is the property that gives a resource its physical name.
var nameProperty = map[string]string{
	"AWS::Kinesis::Stream":         "Name",
	"AWS::Kinesis::StreamConsumer": "ConsumerName",
	"AWS::DynamoDB::Table":         "TableName",
	"AWS::DynamoDB::GlobalTable":   "TableName",
	"AWS::SQS::Queue":              "QueueName",
	"AWS::SNS::Topic":              "TopicName",
	"AWS::S3::Bucket":              "BucketName",
	"AWS::Lambda::Function":        "FunctionName",
	"AWS::Serverless::Function":    "FunctionName",
	"AWS::IAM::Role":               "RoleName",
	"AWS::KMS::Key":                "KeyId", // which a template cannot choose
	"AWS::KMS::Alias":              "AliasName",
}

// name is a resource's physical name: the template's, else its logical id.
func (t *Template) name(r *Resource) string {
	name := r.ID
	if nameProperty[r.Type] == "" {
		return name
	}
	p := t.properties(r)
	if v := p.Get(nameProperty[r.Type]); v != nil && v.Kind == Scalar {
		return v.Text
	}
	queue, _ := p.Get("FifoQueue").Bool()
	topic, _ := p.Get("FifoTopic").Bool()
	if queue && r.Type == "AWS::SQS::Queue" || topic && r.Type == "AWS::SNS::Topic" {
		name += ".fifo"
	}
	return name
}

// arn is a resource's ARN.
func (t *Template) arn(r *Resource) string {
	in := t.Region + ":" + t.Account + ":"
	name := t.name(r)
	switch r.Type {
	case "AWS::Kinesis::Stream":
		return "arn:aws:kinesis:" + in + "stream/" + name
	case "AWS::Kinesis::StreamConsumer":
		stream := t.properties(r).Get("StreamARN")
		if stream == nil {
			return "arn:aws:kinesis:" + in + "stream/?/consumer/" + name + ":1796083200"
		}
		return stream.Text + "/consumer/" + name + ":1796083200"
	case "AWS::DynamoDB::Table", "AWS::DynamoDB::GlobalTable":
		return "arn:aws:dynamodb:" + in + "table/" + name
	case "AWS::SQS::Queue":
		return "arn:aws:sqs:" + in + name
	case "AWS::SNS::Topic":
		return "arn:aws:sns:" + in + name
	case "AWS::S3::Bucket":
		return "arn:aws:s3:::" + name
	case "AWS::Lambda::Function", "AWS::Serverless::Function":
		return "arn:aws:lambda:" + in + "function:" + name
	case "AWS::KMS::Key":
		return "arn:aws:kms:" + in + "key/" + name
	case "AWS::KMS::Alias":
		return "arn:aws:kms:" + in + name
	case "AWS::IAM::Role":
		return "arn:aws:iam::" + t.Account + ":role/" + name
	}
	return "arn:aws:cloudformation:" + in + "resource/" + r.ID
}

// refText is what Ref gives for a resource.
func (t *Template) refText(r *Resource) string {
	switch r.Type {
	case "AWS::SQS::Queue":
		return "https://sqs." + t.Region + ".amazonaws.com/" + t.Account + "/" + t.name(r)
	case "AWS::SNS::Topic", "AWS::Kinesis::StreamConsumer":
		return t.arn(r)
	case "AWS::Lambda::Alias", "AWS::Lambda::Version": // of the function they name
		p := t.properties(r)
		qualifier := "1"
		if n := t.versions[r.ID]; n > 0 {
			qualifier = strconv.Itoa(n)
		}
		if name := p.Get("Name"); name != nil {
			qualifier = name.Text
		}
		if fn := p.Get("FunctionName"); fn != nil && fn.Kind == Scalar {
			return "arn:aws:lambda:" + t.Region + ":" + t.Account + ":function:" + identifier(functionName(fn.Text)) + ":" + qualifier
		}
	}
	return t.name(r)
}

// made gives what Ref gives for a resource that SAM makes: a function's role,
// version, alias or URL, an implicit API.
func (t *Template) made(name string) (string, bool) {
	if owner, what, dotted := strings.Cut(name, "."); dotted {
		if r := t.byID[owner]; r != nil && strings.HasPrefix(r.Type, "AWS::Serverless::") {
			switch alias := t.properties(r).Get("AutoPublishAlias"); {
			case what == "Version":
				return t.arn(r) + ":1", true
			case what == "Alias" && alias != nil && alias.Kind == Scalar:
				return t.arn(r) + ":" + alias.Text, true
			case what == "Alias":
				return t.arn(r) + ":alias", true
			}
			return name, true
		}
		return "", false
	}
	for _, r := range t.order {
		part, of := strings.CutPrefix(name, r.ID)
		if !of || r.Type != "AWS::Serverless::Function" {
			continue
		}
		switch {
		case part == "Role", part == "Url", part == "EventInvokeConfig", strings.HasPrefix(part, "Version"):
			return name, true
		case strings.HasPrefix(part, "Alias"):
			return t.arn(r) + ":" + strings.TrimPrefix(part, "Alias"), true
		case child(child(child(r.Node, "Properties"), "Events"), part) != nil:
			return name, true
		}
	}
	switch name {
	case "ServerlessRestApi", "ServerlessRestApiProdStage", "ServerlessHttpApi", "ServerlessHttpApiApiGatewayDefaultStage",
		"ServerlessDeploymentApplication", "CodeDeployServiceRole":
		return name, true
	}
	return "", false
}

// attText is what Fn::GetAtt gives, where esmlab knows it.
func (t *Template) attText(r *Resource, attr string) (string, bool) {
	switch attr {
	case "Arn", "ConsumerARN", "TopicArn":
		if nameProperty[r.Type] != "" {
			return t.arn(r), true
		}
	case "StreamArn":
		if strings.HasPrefix(r.Type, "AWS::DynamoDB::") {
			return t.arn(r) + "/stream/2026-12-01T00:00:00.000", true
		}
	case "QueueName", "TopicName", "ConsumerName":
		return t.name(r), true
	case "QueueUrl":
		return t.refText(r), true
	case "StreamARN":
		if v := t.properties(r).Get("StreamARN"); v != nil {
			return v.Text, true
		}
	case "Version", "Alias":
		if n := t.versions[r.ID]; n > 0 && attr == "Version" {
			return strconv.Itoa(n), true
		}
		return t.made(r.ID + "." + attr)
	}
	return "", false
}

// build makes the streams, queues, functions and mappings of the resources.
func (t *Template) build() {
	for _, r := range t.order {
		if r.absent {
			continue
		}
		switch r.Type {
		case "AWS::Kinesis::Stream":
			t.kinesisStream(r)
		case "AWS::DynamoDB::Table", "AWS::DynamoDB::GlobalTable":
			t.table(r)
		case "AWS::SQS::Queue":
			t.queue(r)
		case "AWS::SNS::Topic", "AWS::S3::Bucket":
			t.target(r)
		case "AWS::Lambda::Function", "AWS::Serverless::Function":
			t.function(r)
		case "AWS::Lambda::EventSourceMapping", "AWS::Kinesis::StreamConsumer", "AWS::IAM::Role", "AWS::IAM::Policy", "AWS::IAM::ManagedPolicy", "AWS::IAM::RolePolicy", "AWS::Lambda::Alias", "AWS::Lambda::Version", "AWS::Lambda::EventInvokeConfig",
			"AWS::Serverless::Connector", "AWS::SNS::Subscription", "AWS::Events::Rule",
			"AWS::SQS::QueuePolicy", "AWS::SNS::TopicPolicy", "AWS::S3::BucketPolicy", "AWS::Kinesis::ResourcePolicy", "AWS::KMS::Key", "AWS::KMS::Alias":
		default:
			if r.Type != "" {
				t.alone = append(t.alone, aloneThing{r.ID, r.Type})
			}
		}
	}
	for _, r := range t.order {
		if !r.absent {
			t.misspelt(r)
		}
	}
	t.redrive()
	t.fronts()
	for _, r := range t.order {
		if r.absent {
			continue
		}
		switch r.Type {
		case "AWS::Lambda::EventSourceMapping":
			t.eventSourceMapping(r)
		case "AWS::Serverless::Function":
			t.samEvents(r)
		}
	}
	t.neverUsed()
	t.noteAlone()
	if len(t.Mappings) == 0 && len(t.list) == 0 && t.was == nil {
		at := t.section("Resources")
		right := "an AWS::Lambda::EventSourceMapping, or a function with an event of Type Kinesis, DynamoDB or SQS"
		if off := t.switchedOff(); off != nil {
			c := child(off.Node, "Condition")
			t.Problems.Add(c, "", "the template has no event source mapping: "+off.ID+" is not built, as its Condition "+short(c.Value)+" does not hold", t.switchesOn(c.Value))
			return
		}
		if t.other != "" {
			right = t.other
		}
		t.Problems.Add(at, "", "the template has no event source mapping", right)
	}
}

func (t *Template) kinesisStream(r *Resource) {
	p := t.properties(r)
	c := engine.StreamConfig{ID: r.ID, Name: t.name(r), ARN: t.arn(r), StreamSettings: setting.NewStream()}
	t.settings(&setting.Resource{ID: r.ID, Of: setting.OfStream, In: setting.Kinesis, Stream: &c.StreamSettings}, p)
	if v := p.Get(setting.ShardCount); v != nil && c.OnDemand() {
		t.Problems.Add(v.Node, "InvalidRequest", "ShardCount is not expected when StreamMode=ON_DEMAND", "leave it out: the service manages the shards")
	}
	if unknownAt(p, "StreamModeDetails", setting.StreamMode) && c.Auto() {
		c.StreamMode = "ON_DEMAND"
	}
	if bad := c.Check(); bad != nil {
		t.Problems.Add(p.Get(bad.What).Node, bad.Code, bad.Message, bad.Right)
	}
	c.KMS = t.encrypted(r.ID, p.Get("StreamEncryption").Get("KeyId"))
	t.Streams = append(t.Streams, c)
}

func (t *Template) table(r *Resource) {
	p := t.properties(r)
	spec := p.Get("StreamSpecification")
	view := spec.Get("StreamViewType")
	if v := fromElsewhere(spec); v != nil {
		view = v
	}
	if spec == nil || view == nil {
		if enabled, ok := spec.Get("StreamEnabled").Bool(); spec == nil || ok && !enabled {
			return // no stream: nothing of it is simulated
		}
		t.Problems.Add(spec.Node, "ValidationException", "StreamSpecification has no StreamViewType", "KEYS_ONLY, NEW_IMAGE, OLD_IMAGE or NEW_AND_OLD_IMAGES")
		return
	}
	c := engine.StreamConfig{ID: r.ID, Name: t.name(r), ARN: t.arn(r) + "/stream/2026-12-01T00:00:00.000", Kind: engine.DynamoDB,
		StreamSettings: setting.NewStream(), KeyName: "pk"}
	i := slices.Index(engine.ViewTypes[:], view.Text)
	if view.Kind == Outside {
		t.takeInstead("StreamViewType of "+r.ID, view, "NEW_AND_OLD_IMAGES is used")
		i = int(engine.NewAndOldImages)
	}
	if i < 0 {
		t.Problems.Add(view.Node, "ValidationException", "1 validation error detected: Value '"+short(view.Text)+"' at 'streamSpecification.streamViewType' failed to satisfy constraint: Member must satisfy enum value set: [OLD_IMAGE, NEW_AND_OLD_IMAGES, KEYS_ONLY, NEW_IMAGE]", "one of them")
		return
	}
	c.View = engine.ViewType(i)
	c.Global = len(p.Get("Replicas").items()) > 1
	if ks := p.Get("KeySchema"); ks != nil {
		for _, k := range ks.Items {
			name := k.Get("AttributeName").text()
			switch kind := k.Get("KeyType").text(); {
			case kind == "HASH" && name != "":
				c.KeyName = name
			case kind == "RANGE":
				t.Note("the sort key " + short(name) + " of " + r.ID + " is left alone: traffic's keys are its items, told apart by " + short(c.KeyName))
			}
		}
	}
	c.KMS = t.encrypted(r.ID, p.Get("SSESpecification").Get("KMSMasterKeyId"))
	t.Streams = append(t.Streams, c)
}

// target reads a topic or a bucket: somewhere that failures go to.
func (t *Template) target(r *Resource) {
	p := t.properties(r)
	fifo, _ := p.Get("FifoTopic").Bool()
	c := engine.TargetConfig{ID: r.ID, Name: t.name(r), ARN: t.arn(r), Bucket: r.Type == "AWS::S3::Bucket", FIFO: fifo}
	if v := p.Get("MaximumMessageSize"); v != nil && v.Kind != Outside && !c.Bucket {
		n, ok := v.Int()
		if !ok || n < 1024 || n > 1<<20 {
			t.Problems.Add(v.Node, "InvalidParameter", "Invalid parameter: MaximumMessageSize", "1,024 to 1,048,576 bytes")
		}
		c.MaximumMessageSize = n
	}
	t.Targets = append(t.Targets, c)
}

func (t *Template) function(r *Resource) {
	p := t.properties(r)
	c := engine.FunctionConfig{ID: r.ID, Name: t.name(r), ARN: t.arn(r), FunctionSettings: setting.NewFunction()}
	t.managed(&c.FunctionSettings, p)
	t.settings(&setting.Resource{ID: r.ID, Of: setting.OfFunction, In: setting.Any, Function: &c.FunctionSettings}, p)
	c.RoleARN = "arn:aws:iam::" + t.Account + ":role/" + r.ID + "Role"
	if role := p.Get("Role"); role != nil && role.Kind == Scalar {
		c.RoleARN = role.Text
	}
	c.PackageType, c.Tenancy = p.Get("PackageType").text(), p.Get("TenancyConfig").Get("TenantIsolationMode").text()
	t.Functions = append(t.Functions, c)
}
