package template

import (
	"slices"
	"strings"

	"go.yaml.in/yaml/v4"

	"esmlab/engine"
	"esmlab/engine/setting"
)

// managed is what the managed policies that esmlab knows allow of what a
// mapping needs (S-7).
var managed = map[string][]string{
	"AWSLambdaKinesisExecutionRole":               {"kinesis:DescribeStream", "kinesis:DescribeStreamSummary", "kinesis:GetRecords", "kinesis:GetShardIterator", "kinesis:ListShards", "kinesis:ListStreams", "kinesis:SubscribeToShard"},
	"AWSLambdaDynamoDBExecutionRole":              {"dynamodb:DescribeStream", "dynamodb:GetRecords", "dynamodb:GetShardIterator", "dynamodb:ListStreams"},
	"AWSLambdaSQSQueueExecutionRole":              {"sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes"},
	"AWSLambdaBasicExecutionRole":                 {},
	"AWSLambdaVPCAccessExecutionRole":             {},
	"AWSLambdaENIManagementAccess":                {},
	"AWSXRayDaemonWriteAccess":                    {},
	"AWSXrayWriteOnlyAccess":                      {},
	"CloudWatchLambdaInsightsExecutionRolePolicy": {},
	"AmazonKinesisFullAccess":                     {"kinesis:*"},
	"AmazonKinesisReadOnlyAccess":                 {"kinesis:Get*", "kinesis:List*", "kinesis:Describe*"},
	"AmazonDynamoDBFullAccess":                    {"dynamodb:*", "kinesis:*"},
	"AmazonSQSFullAccess":                         {"sqs:*"},
	"AmazonSQSReadOnlyAccess":                     {"sqs:GetQueueAttributes", "sqs:GetQueueUrl", "sqs:ListQueues"},
	"AmazonSNSFullAccess":                         {"sns:*"},
	"AmazonS3FullAccess":                          {"s3:*"},
	"AdministratorAccess":                         {"*"},
	"PowerUserAccess":                             {"*"},
}

// needed are the actions that AWS asks for when a mapping is created.
var needed = map[engine.StreamKind][]string{
	engine.Kinesis:  {"kinesis:GetRecords", "kinesis:GetShardIterator", "kinesis:DescribeStream"},
	engine.DynamoDB: {"dynamodb:GetRecords", "dynamodb:GetShardIterator", "dynamodb:DescribeStream", "dynamodb:ListStreams"},
}

// grant is one statement of a policy.
type grant struct {
	deny      bool
	not       bool // NotAction: all actions but these
	actions   []string
	resources []string // nil: all
}

// role judges what the function's execution role lets the mapping do. A role
// that SAM makes, and one from outside, hold what is needed.
func (t *Template) role(m *engine.MappingConfig, at *yaml.Node, source engine.StreamConfig) {
	fn := t.byID[m.Function]
	if fn == nil {
		return
	}
	grants, name, all := t.roleOf(fn)
	if all {
		return
	}
	service, what := "Kinesis", "GetRecords, GetShardIterator, DescribeStream, ListShards, and DescribeStreamSummary"
	if source.Kind == engine.DynamoDB {
		service, what = "DynamoDB", "GetRecords, GetShardIterator, DescribeStream, and ListStreams"
	}
	for _, action := range needed[source.Kind] {
		also := action == "kinesis:DescribeStream" && allows(grants, "kinesis:DescribeStreamSummary", source.ARN)
		if !allows(grants, action, source.ARN) && !also {
			t.Problems.Add(at, invalid, "Cannot access stream "+source.ARN+". Please ensure the role can perform the "+what+" Actions on your stream in IAM.",
				action+" in "+name+", or the managed policy AWSLambda"+service+"ExecutionRole")
			return
		}
	}
	for _, need := range t.sends(m.OnFailure) {
		if !allows(grants, need.action, need.arn) {
			m.Deny = append(m.Deny, need.action)
			hint := ""
			if t.properties(fn).Get("Role") == nil {
				hint = " (with Type: " + need.kind + " in the event's OnFailure SAM allows it)"
			}
			t.Note(name + " may not " + need.action + " to " + m.OnFailure + ": failure records will not be delivered" + hint)
		}
	}
}

type need struct{ kind, action, arn string }

// sends are what a role needs to deliver to a destination (S-3.2).
func (t *Template) sends(id string) []need {
	for _, q := range t.Queues {
		if q.ID == id {
			return []need{{"SQS", "sqs:SendMessage", q.ARN}}
		}
	}
	for _, x := range t.Targets {
		switch {
		case x.ID != id:
		case x.Bucket:
			return []need{{"S3", "s3:PutObject", x.ARN + "/aws/lambda/"}, {"S3", "s3:ListBucket", x.ARN}}
		default:
			return []need{{"SNS", "sns:Publish", x.ARN}}
		}
	}
	return nil
}

// roleOf gives what a function's role allows and what it is called; all tells
// that it allows everything, which is said in a note.
func (t *Template) roleOf(fn *Resource) (out []grant, name string, all bool) {
	v := t.properties(fn).Get("Role")
	switch {
	case v == nil && fn.Type == "AWS::Serverless::Function":
		out, all = t.samRole(fn)
		return out, "the role that SAM makes for " + fn.ID, all
	case v != nil && v.Kind == Scalar:
		for _, r := range t.order {
			if r.Type == "AWS::IAM::Role" && !r.absent && (t.arn(r) == v.Text || t.name(r) == v.Text) {
				out, all = t.grants(r)
				return out, "role " + r.ID, all
			}
		}
	}
	t.Note("the role of " + fn.ID + " comes from outside the template: it allows everything")
	return nil, "", true
}

// samRole is the role that SAM makes for a function without one: its Policies,
// the execution policy of each event's source, and sending to an event's
// destination where the event says its Type.
func (t *Template) samRole(fn *Resource) (out []grant, all bool) {
	p := t.properties(fn)
	if v := p.Get("Policies"); v != nil {
		items := v.Items
		if v.Kind != List {
			items = []*Value{v}
		}
		for _, item := range items {
			switch {
			case item.Kind != Map:
				g, every := t.managedPolicy(item, "of the role that SAM makes for "+fn.ID)
				if every {
					return nil, true
				}
				out = append(out, g...)
			case item.Get("Statement") != nil:
				out = append(out, statements(item)...)
			default:
				for _, f := range item.fields() {
					out = append(out, t.policyTemplate(f)...)
				}
			}
		}
	}
	for _, f := range p.Get("Events").fields() {
		kind, props := f.Get("Type"), f.Get("Properties")
		if kind == nil || managed[executionRole(kind.Text)] == nil {
			continue
		}
		out = append(out, grant{actions: managed[executionRole(kind.Text)]})
		fail := props.Get(setting.DestinationConfig).Get(setting.OnFailure)
		to := words(fail.Get("Destination"))
		switch fail.Get("Type").text() {
		case "SQS":
			out = append(out, grant{actions: []string{"sqs:SendMessage"}, resources: to})
		case "SNS":
			out = append(out, grant{actions: []string{"sns:Publish"}, resources: to})
		case "S3":
			for _, arn := range to {
				out = append(out, grant{actions: []string{"s3:PutObject", "s3:ListBucket"}, resources: []string{arn, arn + "/*"}})
			}
		}
	}
	return append(out, t.attached(fn.ID+"Role")...), false
}

// executionRole is the managed policy that SAM attaches for an event's Type.
func executionRole(kind string) string {
	if kind == "SQS" {
		kind = "SQSQueue"
	}
	return "AWSLambda" + kind + "ExecutionRole"
}

// policyTemplate is what a SAM policy template allows of what a mapping needs;
// the others allow nothing of it.
func (t *Template) policyTemplate(f Field) []grant {
	in := ":" + t.Region + ":" + Account + ":"
	arg := func(name string) string {
		if v := f.Get(name); v != nil && v.Kind == Scalar {
			return v.Text
		}
		return "*"
	}
	switch f.Name {
	case "KinesisStreamReadPolicy", "KinesisCrudPolicy":
		return []grant{{actions: []string{"kinesis:DescribeStream", "kinesis:DescribeStreamSummary", "kinesis:GetRecords", "kinesis:GetShardIterator"},
			resources: []string{"arn:aws:kinesis" + in + "stream/" + arg("StreamName")}}}
	case "DynamoDBStreamReadPolicy":
		return []grant{{actions: managed["AWSLambdaDynamoDBExecutionRole"],
			resources: []string{"arn:aws:dynamodb" + in + "table/" + arg("TableName") + "/stream/" + arg("StreamName")}}}
	case "SNSPublishMessagePolicy":
		return []grant{{actions: []string{"sns:Publish"}, resources: []string{"arn:aws:sns" + in + arg("TopicName")}}}
	case "S3CrudPolicy":
		return []grant{{actions: []string{"s3:PutObject", "s3:ListBucket"}, resources: []string{"arn:aws:s3:::" + arg("BucketName"), "arn:aws:s3:::" + arg("BucketName") + "/*"}}}
	case "S3WritePolicy":
		return []grant{{actions: []string{"s3:PutObject"}, resources: []string{"arn:aws:s3:::" + arg("BucketName"), "arn:aws:s3:::" + arg("BucketName") + "/*"}}}
	case "SQSPollerPolicy":
		return []grant{{actions: []string{"sqs:ChangeMessageVisibility", "sqs:DeleteMessage", "sqs:GetQueueAttributes", "sqs:ReceiveMessage"}, resources: []string{"arn:aws:sqs" + in + arg("QueueName")}}}
	case "KMSDecryptPolicy":
		return []grant{{actions: []string{"kms:Decrypt"}}}
	case "SQSSendMessagePolicy":
		return []grant{{actions: []string{"sqs:SendMessage*"}, resources: []string{"arn:aws:sqs" + in + arg("QueueName")}}}
	}
	return nil
}

// managedPolicy is what a policy allows that is named or given by its ARN; all
// tells that esmlab does not know it: it allows everything.
func (t *Template) managedPolicy(v *Value, of string) (out []grant, all bool) {
	name := v.Text[strings.LastIndex(v.Text, "/")+1:]
	if r := t.byID[name]; r != nil && r.Type == "AWS::IAM::ManagedPolicy" {
		return statements(t.properties(r).Get("PolicyDocument")), false
	}
	actions, known := managed[name]
	if v.Kind != Scalar || !known {
		t.Note("managed policy " + short(name) + " " + of + " is not known: it allows everything")
		return nil, true
	}
	return []grant{{actions: actions}}, false
}

// attached are the statements of the template's policies that name a role.
func (t *Template) attached(role string) (out []grant) {
	for _, r := range t.order {
		if (r.Type == "AWS::IAM::Policy" || r.Type == "AWS::IAM::ManagedPolicy" || r.Type == "AWS::IAM::RolePolicy") && !r.absent {
			p := t.properties(r)
			if slices.Contains(append(texts(p.Get("Roles").items()), p.Get("RoleName").text()), role) {
				out = append(out, statements(p.Get("PolicyDocument"))...)
			}
		}
	}
	return out
}

// grants collects the statements of a role's policies; all tells that one of
// them is not known and allows everything.
func (t *Template) grants(role *Resource) (out []grant, all bool) {
	p := t.properties(role)
	for _, arn := range p.Get("ManagedPolicyArns").items() {
		g, every := t.managedPolicy(arn, "of role "+role.ID)
		if every {
			return nil, true
		}
		out = append(out, g...)
	}
	for _, policy := range p.Get("Policies").items() {
		out = append(out, statements(policy.Get("PolicyDocument"))...)
	}
	return append(out, t.attached(t.name(role))...), false
}

// statements reads a policy document.
func statements(doc *Value) []grant {
	list := doc.Get("Statement")
	if list == nil {
		return nil
	}
	items := list.Items
	if list.Kind == Map {
		items = []*Value{list}
	}
	var out []grant
	for _, s := range items {
		g := grant{actions: words(s.Get("Action"))}
		if not := s.Get("NotAction"); not != nil {
			g.actions, g.not = words(not), true
		}
		if e := s.Get("Effect"); e != nil {
			g.deny = e.Text == "Deny"
		}
		if r := s.Get("Resource"); r != nil {
			g.resources = words(r)
		}
		out = append(out, g)
	}
	return out
}

// words reads a text or a list of texts; a value from outside matches all.
func words(v *Value) []string {
	if v == nil {
		return nil
	}
	items := v.Items
	if v.Kind != List {
		items = []*Value{v}
	}
	out := make([]string, len(items))
	for i, item := range items {
		out[i] = item.Text
		if item.Kind == Outside {
			out[i] = "*"
		}
	}
	return out
}

// allows tells whether statements allow an action on a resource.
func allows(grants []grant, action, arn string) bool {
	ok := false
	for _, g := range grants {
		hit := slices.ContainsFunc(g.actions, func(p string) bool { return glob(strings.ToLower(p), strings.ToLower(action)) })
		hit = hit != g.not
		if hit && g.resources != nil {
			hit = slices.ContainsFunc(g.resources, func(p string) bool { return glob(p, arn) })
		}
		if hit && g.deny {
			return false
		}
		ok = ok || hit
	}
	return ok
}

// glob matches a pattern of IAM: * any characters, ? one.
func glob(pattern, s string) bool {
	star, mark := -1, 0
	i, j := 0, 0
	for j < len(s) {
		switch {
		case i < len(pattern) && pattern[i] == '*':
			star, mark = i, j
			i++
		case i < len(pattern) && (pattern[i] == '?' || pattern[i] == s[j]):
			i++
			j++
		case star >= 0:
			mark++
			i, j = star+1, mark
		default:
			return false
		}
	}
	for i < len(pattern) && pattern[i] == '*' {
		i++
	}
	return i == len(pattern)
}
