package template

import (
	"slices"
	"strings"

	"esmlab/engine/iam"
)

// connectable is what a SAM connector grants between a function and a resource of a
// type: to read and to write where the function is its destination (in), and where it
// is its source (out). A mapping deletes what it has read of a queue: that is Write.
var connectable = map[string]struct{ in, out map[string][]string }{
	"AWS::SQS::Queue": {
		in: map[string][]string{"Read": {"sqs:ReceiveMessage", "sqs:GetQueueAttributes"}, "Write": {"sqs:DeleteMessage"}},
		out: map[string][]string{"Read": {"sqs:ReceiveMessage", "sqs:GetQueueAttributes"},
			"Write": {"sqs:DeleteMessage", "sqs:SendMessage", "sqs:ChangeMessageVisibility", "sqs:PurgeQueue"}}},
	"AWS::Kinesis::Stream": {
		in: map[string][]string{"Read": managed["AWSLambdaKinesisExecutionRole"]}},
	"AWS::DynamoDB::Table": {
		in: map[string][]string{"Read": managed["AWSLambdaDynamoDBExecutionRole"]},
		out: map[string][]string{"Read": {"dynamodb:GetItem", "dynamodb:Query", "dynamodb:Scan", "dynamodb:BatchGetItem"},
			"Write": {"dynamodb:PutItem", "dynamodb:UpdateItem", "dynamodb:DeleteItem", "dynamodb:BatchWriteItem"}}},
	"AWS::SNS::Topic": {out: map[string][]string{"Write": {"sns:Publish"}}},
	"AWS::S3::Bucket": {out: map[string][]string{"Read": {"s3:GetObject", "s3:ListBucket"}, "Write": {"s3:PutObject", "s3:DeleteObject"}}},
}

// connections are the statements that SAM's connectors add to the role of a function:
// resources of Type AWS::Serverless::Connector, and the Connectors of a resource.
func (t *Template) connections(function string) (out []iam.Statement) {
	for _, r := range t.order {
		if r.absent {
			continue
		}
		if r.Type == "AWS::Serverless::Connector" {
			p := t.properties(r)
			out = append(out, t.connection(function, r.ID, t.ends(p.Get("Source"), ""), t.ends(p.Get("Destination"), ""), p.Get("Permissions"))...)
		}
		if n := child(r.Node, "Connectors"); n != nil {
			for _, f := range t.resolve(n).fields() {
				p := f.Get("Properties")
				out = append(out, t.connection(function, r.ID+"."+f.Name, t.ends(p.Get("SourceReference"), r.ID), t.ends(p.Get("Destination"), ""), p.Get("Permissions"))...)
			}
		}
	}
	return out
}

// ends are the logical ids at an end of a connector: one, or several. What has no Id is
// named by its ARN, or a function by its role.
func (t *Template) ends(v *Value, or string) []string {
	items := v.items()
	if v != nil && v.Kind == Map {
		items = []*Value{v}
	}
	var out []string
	for _, item := range items {
		id, arn, role := item.Get("Id").text(), item.Get("Arn").text(), item.Get("RoleName").text()
		for _, r := range t.order {
			if id == "" && (arn != "" && t.arn(r) == arn || role != "" && t.roleName(r) == role) {
				id = r.ID
			}
		}
		if id != "" {
			out = append(out, id)
		}
	}
	if len(out) == 0 && or != "" {
		out = []string{or}
	}
	return out
}

// roleName is the name of a function's role, "" of anything else.
func (t *Template) roleName(r *Resource) string {
	switch r.Type {
	case "AWS::Serverless::Function", "AWS::Lambda::Function":
	default:
		return ""
	}
	role := t.properties(r).Get("Role")
	if role == nil {
		return r.ID + "Role" // SAM makes it
	}
	return role.text()[strings.LastIndex(role.text(), "/")+1:]
}

func (t *Template) connection(function, name string, from, to []string, permissions *Value) (out []iam.Statement) {
	grant := func(id string, actions map[string][]string) {
		s := iam.Statement{Name: "connector " + name, Resources: []string{t.arn(t.byID[id]), t.arn(t.byID[id]) + "/*"}}
		for _, p := range permissions.items() {
			s.Actions = append(s.Actions, actions[p.text()]...)
		}
		if len(s.Actions) > 0 {
			out = append(out, s)
		}
	}
	known := func(id string) bool { return t.byID[id] != nil }
	if slices.Contains(to, function) {
		for _, id := range slices.DeleteFunc(slices.Clone(from), func(id string) bool { return !known(id) }) {
			grant(id, connectable[t.byID[id].Type].in)
		}
	}
	if slices.Contains(from, function) {
		for _, id := range slices.DeleteFunc(slices.Clone(to), func(id string) bool { return !known(id) }) {
			grant(id, connectable[t.byID[id].Type].out)
		}
	}
	return out
}
