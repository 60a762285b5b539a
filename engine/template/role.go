package template

import (
	"slices"
	"strings"

	"go.yaml.in/yaml/v4"

	"esmlab/engine"
	"esmlab/engine/iam"
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

// needed are the actions without which AWS refuses to create a mapping. Its words, and the
// managed policies, name more: asked has these.
var needed = map[engine.StreamKind][]string{
	engine.Kinesis:  {"kinesis:GetRecords", "kinesis:GetShardIterator", "kinesis:DescribeStream"},
	engine.DynamoDB: {"dynamodb:GetRecords", "dynamodb:GetShardIterator", "dynamodb:DescribeStream"},
}

// asked are actions that AWS's pages ask for beside them. Published templates are deployed
// without: whether AWS looks for them it does not say.
var asked = map[engine.StreamKind][]string{
	engine.Kinesis:  {"kinesis:DescribeStream"},
	engine.DynamoDB: {"dynamodb:ListStreams"},
}

// Lacks lists the actions on a mapping's source that AWS's pages ask of its role, and that
// the role is not allowed. who is the role, ref what Ref names it by in a template, "" where
// it comes from outside.
func (t *Template) Lacks(m *engine.MappingConfig) (who, ref string, actions []string) {
	for i := range t.Streams {
		s := &t.Streams[i]
		if s.ID != m.Source || t.guessed[s.ID] {
			continue
		}
		p := t.principalOf(m.Function)
		if p == nil {
			break
		}
		who, ref = p.name, p.ref
		for _, action := range asked[s.Kind] {
			if !t.decide(p, action, s.ARN).Allowed {
				actions = append(actions, action)
			}
		}
	}
	return who, ref, actions
}

// role judges what the function's execution role lets the mapping do.
func (t *Template) role(m *engine.MappingConfig, at *yaml.Node, source engine.StreamConfig) {
	who := t.principalOf(m.Function)
	if who == nil {
		return
	}
	service, what := "Kinesis", "GetRecords, GetShardIterator, DescribeStream, ListShards, and DescribeStreamSummary"
	if source.Kind == engine.DynamoDB {
		service, what = "DynamoDB", "GetRecords, GetShardIterator, DescribeStream, and ListStreams"
	}
	refuse := func(arn, what string, d iam.Decision, action string) {
		t.Problems.Add(at, invalid, "Cannot access stream "+arn+". Please ensure the role can perform the "+what+" Actions on your stream in IAM.",
			t.allowIt(d, action, who, "AWSLambda"+service+"ExecutionRole"))
	}
	for _, action := range needed[source.Kind] {
		if t.guessed[source.ID] {
			break // which stream it is, nobody knows: whether the role may read it, neither
		}
		d := t.decide(who, action, source.ARN)
		if !d.Allowed && !(action == "kinesis:DescribeStream" && t.decide(who, "kinesis:DescribeStreamSummary", source.ARN).Allowed) {
			refuse(source.ARN, what, d, action)
			return
		}
	}
	if m.Consumer != "" {
		arn := t.consumerARN(m.Consumer, source.ARN)
		if d := t.decide(who, "kinesis:SubscribeToShard", arn); !d.Allowed {
			refuse(arn, "SubscribeToShard", d, "kinesis:SubscribeToShard")
			return
		}
	}
	if key := t.keys[source.ID]; source.KMS && key != nil {
		if !t.deny(m, t.decideKey(who, "kms:Decrypt", key, service), "kms:Decrypt", source.ID) {
			t.Note(who.name + " may not kms:Decrypt the key of " + source.ID + ": " + m.ID + " reads nothing" + grants)
		}
	}
	for _, need := range t.sends(m.OnFailure) {
		if !t.deny(m, t.decide(who, need.action, need.arn), need.action, m.OnFailure) {
			hint := ""
			if fn := t.byID[m.Function]; t.properties(fn).Get("Role") == nil && t.byID[m.ID] == nil { // a SAM event
				hint = " (with Type: " + need.kind + " in the event's OnFailure SAM allows it)"
			}
			t.Note(who.name + " may not " + need.action + " to " + m.OnFailure + ": failure records will not be delivered" + hint)
		}
	}
	if key := t.keys[m.OnFailure]; key != nil {
		for _, action := range []string{"kms:GenerateDataKey", "kms:Decrypt"} {
			if !t.deny(m, t.decideKey(who, action, key, "SQS"), action, m.OnFailure) {
				t.Note(who.name + " may not " + action + " with the key of " + m.OnFailure + ": failure records will not be delivered" + grants)
			}
		}
	}
}

// RoleOf is the logical id of a function's role, "" where it comes from outside.
func (t *Template) RoleOf(function string) string {
	if who := t.principalOf(function); who != nil {
		return who.ref
	}
	return ""
}

// KeyOf is the logical id of the customer managed key of a queue or a stream, "" where it
// has none of the template's.
func (t *Template) KeyOf(id string) string {
	if k := t.keys[id]; k != nil {
		return k.id
	}
	return ""
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

// principalOf is the execution role of a function and what its policies say;
// nil for a function from outside, whose role is not judged.
func (t *Template) principalOf(function string) *principal {
	fn := t.byID[function]
	if fn == nil {
		return nil
	}
	v := t.properties(fn).Get("Role")
	switch {
	case v == nil && fn.Type == "AWS::Serverless::Function":
		name := "the role that SAM makes for " + fn.ID
		return &principal{"arn:aws:iam::" + t.Account + ":role/" + fn.ID + "Role", name, fn.ID + "Role", append(t.samRole(fn, name), t.connections(fn.ID)...)}
	case v != nil && v.Kind == Scalar:
		for _, r := range t.order {
			if r.Type == "AWS::IAM::Role" && !r.absent && (t.arn(r) == v.Text || t.name(r) == v.Text) {
				return &principal{t.arn(r), "role " + r.ID, r.ID, append(t.rolePolicies(r), t.connections(fn.ID)...)}
			}
		}
	}
	t.Note("the role of " + fn.ID + " comes from outside the template: it allows everything")
	arn := "arn:aws:iam::" + t.Account + ":role/outside"
	if v != nil && v.Kind == Scalar && strings.HasPrefix(v.Text, "arn:") {
		arn = v.Text
	}
	name := "the role of " + fn.ID
	return &principal{arn, name, "", []iam.Statement{{Name: name, Actions: []string{"*"}}}}
}

// samRole is what the role that SAM makes for a function without one holds: its
// Policies, the execution policy of each event's source, and sending to an
// event's destination where the event says its Type.
func (t *Template) samRole(fn *Resource, name string) (out []iam.Statement) {
	p := t.properties(fn)
	if v := p.Get("Policies"); v != nil {
		items := v.Items
		if v.Kind != List {
			items = []*Value{v}
		}
		for _, item := range items {
			switch {
			case item.Kind != Map:
				out = append(out, t.managedPolicy(item, "of "+name)...)
			case item.Get("Statement") != nil:
				out = append(out, t.statements(item, name)...)
			case item.Get("PolicyDocument") != nil:
				out = append(out, t.statements(item.Get("PolicyDocument"), name)...)
			default:
				for _, f := range item.fields() {
					out = append(out, t.policyTemplate(f)...)
				}
			}
		}
	}
	if t.brings {
		out = append(out, t.changed(name)...)
	}
	out = append(out, asyncStatements(p)...)
	if len(t.topicEvents(fn)) > 0 {
		out = append(out, iam.Statement{Name: executionRole("SQS"), Actions: managed[executionRole("SQS")]})
	}
	for _, f := range p.Get("Events").fields() {
		kind, props := f.Get("Type"), f.Get("Properties")
		if kind == nil || managed[executionRole(kind.Text)] == nil {
			continue
		}
		out = append(out, iam.Statement{Name: executionRole(kind.Text), Actions: managed[executionRole(kind.Text)]})
		fail := props.Get(setting.DestinationConfig).Get(setting.OnFailure)
		to := words(fail.Get("Destination"))
		s := iam.Statement{Name: "the OnFailure of event " + f.Name, Resources: to}
		switch fail.Get("Type").text() {
		case "SQS":
			s.Actions = []string{"sqs:SendMessage"}
		case "SNS":
			s.Actions = []string{"sns:Publish"}
		case "S3":
			s.Actions = []string{"s3:PutObject", "s3:ListBucket"}
			for _, arn := range to {
				s.Resources = append(s.Resources, arn+"/*")
			}
		default:
			continue
		}
		out = append(out, s)
	}
	return append(out, t.attached(fn.ID+"Role")...)
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
func (t *Template) policyTemplate(f Field) []iam.Statement {
	in := ":" + t.Region + ":" + t.Account + ":"
	arg := func(name string) string {
		if v := f.Get(name); v != nil && v.Kind == Scalar {
			return v.Text
		}
		return "*"
	}
	switch f.Name {
	case "KinesisStreamReadPolicy", "KinesisCrudPolicy":
		actions := []string{"kinesis:DescribeStream", "kinesis:DescribeStreamSummary", "kinesis:GetRecords", "kinesis:GetShardIterator"}
		if f.Name == "KinesisCrudPolicy" {
			actions = append(actions, "kinesis:PutRecord", "kinesis:PutRecords")
		}
		return []iam.Statement{{Name: f.Name, Actions: actions, Resources: []string{"arn:aws:kinesis" + in + "stream/" + arg("StreamName")}}}
	case "DynamoDBCrudPolicy", "DynamoDBWritePolicy":
		return []iam.Statement{{Name: f.Name, Actions: []string{"dynamodb:PutItem", "dynamodb:UpdateItem", "dynamodb:BatchWriteItem"}, Resources: []string{"arn:aws:dynamodb" + in + "table/" + arg("TableName")}}}
	case "DynamoDBStreamReadPolicy":
		return []iam.Statement{{Name: f.Name, Actions: managed["AWSLambdaDynamoDBExecutionRole"],
			Resources: []string{"arn:aws:dynamodb" + in + "table/" + arg("TableName") + "/stream/" + arg("StreamName")}}}
	case "SNSPublishMessagePolicy":
		return []iam.Statement{{Name: f.Name, Actions: []string{"sns:Publish"}, Resources: []string{"arn:aws:sns" + in + arg("TopicName")}}}
	case "S3CrudPolicy":
		return []iam.Statement{{Name: f.Name, Actions: []string{"s3:PutObject", "s3:ListBucket"}, Resources: []string{"arn:aws:s3:::" + arg("BucketName"), "arn:aws:s3:::" + arg("BucketName") + "/*"}}}
	case "S3WritePolicy":
		return []iam.Statement{{Name: f.Name, Actions: []string{"s3:PutObject"}, Resources: []string{"arn:aws:s3:::" + arg("BucketName"), "arn:aws:s3:::" + arg("BucketName") + "/*"}}}
	case "SQSPollerPolicy":
		return []iam.Statement{{Name: f.Name, Actions: []string{"sqs:ChangeMessageVisibility", "sqs:DeleteMessage", "sqs:GetQueueAttributes", "sqs:ReceiveMessage"}, Resources: []string{"arn:aws:sqs" + in + arg("QueueName")}}}
	case "KMSDecryptPolicy", "KMSEncryptPolicy":
		actions := []string{"kms:Decrypt"}
		if f.Name == "KMSEncryptPolicy" {
			actions = []string{"kms:Encrypt", "kms:GenerateDataKey*", "kms:ReEncrypt*"}
		}
		return []iam.Statement{{Name: f.Name, Actions: actions, Resources: []string{"arn:aws:kms" + in + "key/" + arg("KeyId")}}}
	case "SQSSendMessagePolicy":
		return []iam.Statement{{Name: f.Name, Actions: []string{"sqs:SendMessage*"}, Resources: []string{"arn:aws:sqs" + in + arg("QueueName")}}}
	}
	return nil
}

// managedPolicy is what a policy allows that is named or given by its ARN. One
// that esmlab does not know allows everything.
func (t *Template) managedPolicy(v *Value, of string) []iam.Statement {
	name := v.Text[strings.LastIndex(v.Text, "/")+1:]
	if r := t.byID[name]; r != nil && r.Type == "AWS::IAM::ManagedPolicy" {
		return t.statements(t.properties(r).Get("PolicyDocument"), "managed policy "+r.ID)
	}
	actions, known := managed[name]
	if v.Kind != Scalar || !known {
		t.Note("managed policy " + short(name) + " " + of + " is not known: it allows everything")
		actions = []string{"*"}
	}
	return []iam.Statement{{Name: "managed policy " + short(name), Actions: actions}}
}

// attached are the statements of the template's policies that name a role.
func (t *Template) attached(role string) (out []iam.Statement) {
	for _, r := range t.order {
		if (r.Type == "AWS::IAM::Policy" || r.Type == "AWS::IAM::ManagedPolicy" || r.Type == "AWS::IAM::RolePolicy") && !r.absent {
			p := t.properties(r)
			maybe := fromElsewhere(p.Get("Roles")) != nil || unknownAt(p, "RoleName")
			if maybe || slices.Contains(append(texts(p.Get("Roles").items()), p.Get("RoleName").text()), role) {
				list := t.statements(p.Get("PolicyDocument"), "policy "+r.ID)
				if maybe { // whose it is comes from outside: what it denies may be meant for others
					list = slices.DeleteFunc(list, func(s iam.Statement) bool { return s.Deny })
				}
				out = append(out, list...)
			}
		}
	}
	return out
}

// rolePolicies collects the statements of a role's policies.
func (t *Template) rolePolicies(role *Resource) (out []iam.Statement) {
	p := t.properties(role)
	if p.Get("PermissionsBoundary") != nil {
		t.Note("the PermissionsBoundary of role " + role.ID + " is not simulated: its policies alone decide")
	}
	for _, name := range []string{"ManagedPolicyArns", "Policies"} {
		if v := p.Get(name); v != nil && v.Kind == Outside {
			out = append(out, t.unread(v, "role "+role.ID)...)
		}
	}
	if t.brings { // a macro may have given it more
		out = append(out, t.changed("role "+role.ID)...)
	}
	for _, arn := range p.Get("ManagedPolicyArns").items() {
		out = append(out, t.managedPolicy(arn, "of role "+role.ID)...)
	}
	for _, policy := range p.Get("Policies").items() {
		name := "role " + role.ID
		if policy.Kind == Outside {
			out = append(out, t.unread(policy, name)...)
			continue
		}
		if n := policy.Get("PolicyName").text(); n != "" {
			name = "policy " + short(n) + " of " + name
		}
		out = append(out, t.statements(policy.Get("PolicyDocument"), name)...)
	}
	return append(out, t.attached(t.name(role))...)
}

// HandlerMay judges what a function's handler does beside what its mapping needs: an
// action on a queue, a stream or a table. What the role does not allow is noted in the
// mapping, and said once.
func (t *Template) HandlerMay(m *engine.MappingConfig, action, on string) {
	who := t.principalOf(m.Function)
	if who == nil || slices.ContainsFunc(m.Deny, func(d engine.Denial) bool { return d.Action == action && d.On == on }) {
		return
	}
	arn := ""
	for _, q := range t.Queues {
		if q.ID == on {
			arn = q.ARN
		}
	}
	for _, st := range t.Streams {
		if st.ID == on {
			if arn = st.ARN; st.Kind == engine.DynamoDB { // the table's
				arn, _, _ = strings.Cut(arn, "/stream/")
			}
		}
	}
	if !t.deny(m, t.decide(who, action, arn), action, on) {
		t.Note(who.name + " may not " + action + " on " + on + ": what the handler of " + m.Function + " does there fails")
	}
}
