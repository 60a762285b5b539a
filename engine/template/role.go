package template

import (
	"slices"
	"strings"

	"go.yaml.in/yaml/v4"

	"esmlab/engine"
)

// managed is what the managed policies that esmlab knows allow of what a
// mapping needs (aws-streams.md 7).
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
	v := t.properties(fn).Get("Role")
	if v == nil {
		return
	}
	i := slices.IndexFunc(t.order, func(r *Resource) bool {
		return r.Type == "AWS::IAM::Role" && !r.absent && v.Kind == Scalar && (t.arn(r) == v.Text || t.name(r) == v.Text)
	})
	if i < 0 {
		t.Note("the role of " + m.Function + " comes from outside the template: it allows everything")
		return
	}
	grants, all := t.grants(t.order[i])
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
				action+" in role "+t.order[i].ID+", or the managed policy AWSLambda"+service+"ExecutionRole")
			return
		}
	}
	if m.OnFailure != "" {
		arn := ""
		for _, q := range t.Queues {
			if q.ID == m.OnFailure {
				arn = q.ARN
			}
		}
		if !allows(grants, "sqs:SendMessage", arn) {
			m.Deny = append(m.Deny, "sqs:SendMessage")
			t.Note("role " + t.order[i].ID + " may not sqs:SendMessage to " + m.OnFailure + ": failure records will not be delivered")
		}
	}
}

// grants collects the statements of a role's policies; all tells that one of
// them is not known and allows everything.
func (t *Template) grants(role *Resource) (out []grant, all bool) {
	p := t.properties(role)
	for _, arn := range p.Get("ManagedPolicyArns").items() {
		name := arn.Text[strings.LastIndex(arn.Text, "/")+1:]
		actions, known := managed[name]
		if arn.Kind == Outside || !known {
			if r := t.byID[name]; r != nil && r.Type == "AWS::IAM::ManagedPolicy" {
				out = append(out, statements(t.properties(r).Get("PolicyDocument"))...)
				continue
			}
			t.Note("managed policy " + short(name) + " of role " + role.ID + " is not known: it allows everything")
			return nil, true
		}
		out = append(out, grant{actions: actions})
	}
	for _, policy := range p.Get("Policies").items() {
		out = append(out, statements(policy.Get("PolicyDocument"))...)
	}
	for _, r := range t.order { // policies that name the role
		if (r.Type == "AWS::IAM::Policy" || r.Type == "AWS::IAM::ManagedPolicy") && !r.absent {
			for _, ref := range t.properties(r).Get("Roles").items() {
				if ref.Text == t.name(role) {
					out = append(out, statements(t.properties(r).Get("PolicyDocument"))...)
				}
			}
		}
	}
	return out, false
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
