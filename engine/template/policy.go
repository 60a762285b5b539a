package template

import (
	"slices"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v4"

	"esmlab/engine"
	"esmlab/engine/iam"
	"esmlab/engine/tree"
)

// This file reads policies for package iam, and asks it what a role may do.

// principal is the execution role of a function.
type principal struct {
	arn, name  string
	ref        string // its logical id, "" where it comes from outside
	statements []iam.Statement
}

// key is the customer managed key of a queue or a stream.
type key struct {
	id     string // of the template's own, else ""
	arn    string // "" where it is not known
	name   string
	policy []iam.Statement
}

// grants is said where a key is denied.
const grants = " (a grant of KMS would allow it too; esmlab does not simulate grants)"

// decide asks whether a role may carry out an action on a resource.
func (t *Template) decide(who *principal, action, arn string) iam.Decision {
	q := &iam.Request{Action: action, Resource: arn, Principal: who.arn, Account: t.Account, Owner: ownerOf(arn),
		Identity: []iam.Policy{{Name: who.name, Statements: who.statements}}, Resources: t.resourcePolicies(arn)}
	if across := q.Owner != "" && q.Owner != t.Account; across && len(q.Resources) == 0 {
		t.Note(short(arn) + " belongs to account " + q.Owner + ": its own policy must allow the role too; it is not in this template and is taken to")
		q.Resources = []iam.Policy{{Name: "the policy of " + arn, Statements: []iam.Statement{
			{Name: "the policy of " + arn, Actions: []string{"*"}, Principals: []iam.Principal{{Kind: "AWS", Value: who.arn}}}}}}
	}
	return t.ask(q, map[string][]string{})
}

// decideKey asks whether a role may use a key, for a service.
func (t *Template) decideKey(who *principal, action string, k *key, service string) iam.Decision {
	q := &iam.Request{Action: action, Resource: k.arn, Principal: who.arn, Account: t.Account, Owner: ownerOf(k.arn), Key: true,
		Identity: []iam.Policy{{Name: who.name, Statements: who.statements}}, Resources: []iam.Policy{{Name: "the policy of " + k.name, Statements: k.policy}}}
	return t.ask(q, map[string][]string{"kms:viaservice": {strings.ToLower(service) + "." + t.Region + ".amazonaws.com"}, "kms:calleraccount": {t.Account}})
}

// ask decides a request. A role's own call has no source: only services that
// call for somebody else give aws:SourceArn and aws:SourceAccount.
func (t *Template) ask(q *iam.Request, context map[string][]string) iam.Decision {
	for name, value := range map[string]string{"aws:principalarn": q.Principal, "aws:principalaccount": q.Account, "aws:principaltype": "AssumedRole",
		"aws:principalisawsservice": "false", "aws:securetransport": "true", "aws:requestedregion": t.Region,
		"aws:resourceaccount": q.Owner, "s3:resourceaccount": q.Owner} {
		if value == "" {
			value = q.Account
		}
		context[name] = []string{value}
	}
	for _, name := range []string{"aws:sourcearn", "aws:sourceaccount", "lambda:sourcefunctionarn"} {
		context[name] = nil
	}
	q.Context = context
	d := iam.Decide(q)
	for _, name := range d.Unknown {
		t.Note("a condition on " + name + " is not simulated: it counts as met where a policy allows, and as not met where it denies")
	}
	return d
}

// allowIt says what a role needs for an action that it was denied, and what
// decided.
func (t *Template) allowIt(d iam.Decision, action string, who *principal, policy string) string {
	if d.By != "" { // a Deny: another Allow does not help
		return d.Why + ", and an explicit Deny always wins"
	}
	return d.Why + "; needed: " + action + " in " + who.name + ", or the managed policy " + policy
}

// deny notes in a mapping that its role is denied an action on something; it
// reports whether the role may.
func (t *Template) deny(m *engine.MappingConfig, d iam.Decision, action, on string) bool {
	if !d.Allowed {
		m.Deny = append(m.Deny, engine.Denial{Action: action, On: on, By: d.Why, Chain: d.Chain})
	}
	return d.Allowed
}

// ownerOf is the account in an ARN, "" where it has none, as a bucket's.
func ownerOf(arn string) string {
	if part := strings.Split(arn, ":"); len(part) > 5 && len(part[4]) == 12 {
		return part[4]
	}
	return ""
}

// encrypted reads the key of a queue or a stream: false without one, and for a
// key of AWS's own, whose policy lets every role of the account use it.
func (t *Template) encrypted(id string, v *Value) bool {
	if v == nil || v.Kind != Outside && v.Kind != Scalar || strings.Contains(v.text(), "alias/aws/") {
		return false
	}
	t.keys[id] = t.keyOf(v, 0)
	return true
}

// keyOf finds the key that a name, an ARN or an alias means. One from outside
// the template is taken to have the policy that AWS gives a new key.
func (t *Template) keyOf(v *Value, depth int) *key {
	for _, r := range t.order {
		if v.Kind != Scalar || r.absent || t.arn(r) != v.Text && t.name(r) != v.Text {
			continue
		}
		switch r.Type {
		case "AWS::KMS::Alias":
			if target := t.properties(r).Get("TargetKeyId"); target != nil && depth < 3 {
				return t.keyOf(target, depth+1)
			}
		case "AWS::KMS::Key":
			k := &key{id: r.ID, arn: t.arn(r), name: "key " + r.ID}
			k.policy = t.statements(t.properties(r).Get("KeyPolicy"), "the policy of "+k.name)
			if t.properties(r).Get("KeyPolicy") == nil {
				k.policy = t.handsOver(k.name)
			}
			return k
		}
	}
	k := &key{name: "key " + short(v.Text)}
	switch {
	case v.Kind != Scalar || strings.Contains(v.Text, "alias/"):
	case strings.HasPrefix(v.Text, "arn:"):
		k.arn = v.Text
	default:
		k.arn = "arn:aws:kms:" + t.Region + ":" + t.Account + ":key/" + v.Text
	}
	k.policy = t.handsOver(k.name)
	t.Note(k.name + " is not in the template: its policy is taken to hand over to IAM, as that of a new key does")
	return k
}

// handsOver is the policy of a key that was made without one.
func (t *Template) handsOver(name string) []iam.Statement {
	return []iam.Statement{{Name: "the default policy of " + name, Actions: []string{"kms:*"}, Principals: []iam.Principal{{Kind: "AWS", Value: t.Account}}}}
}

// resourcePolicies are the template's policies of the resource with an ARN.
func (t *Template) resourcePolicies(arn string) (out []iam.Policy) {
	add := func(r *Resource, doc *Value, of string) {
		name := "the policy of " + of
		if r.ID != of {
			name += " (" + r.ID + ")"
		}
		out = append(out, iam.Policy{Name: name, Statements: t.statements(doc, name)})
	}
	for _, r := range t.order {
		if r.absent {
			continue
		}
		p := t.properties(r)
		switch r.Type {
		case "AWS::SQS::QueuePolicy":
			for _, q := range t.order {
				if q.Type == "AWS::SQS::Queue" && t.arn(q) == arn && slices.Contains(texts(p.Get("Queues").items()), t.refText(q)) {
					add(r, p.Get("PolicyDocument"), q.ID)
				}
			}
		case "AWS::SNS::TopicPolicy":
			if slices.Contains(texts(p.Get("Topics").items()), arn) {
				add(r, p.Get("PolicyDocument"), "topic "+identifier(arn))
			}
		case "AWS::S3::BucketPolicy":
			if bucket, _, _ := strings.Cut(strings.TrimPrefix(arn, "arn:aws:s3:::"), "/"); strings.HasPrefix(arn, "arn:aws:s3:::") && p.Get("Bucket").text() == bucket {
				add(r, p.Get("PolicyDocument"), "bucket "+bucket)
			}
		case "AWS::Kinesis::ResourcePolicy":
			if p.Get("ResourceArn").text() == arn {
				add(r, p.Get("ResourcePolicy"), identifier(arn))
			}
		case "AWS::DynamoDB::Table":
			if stream, _ := t.attText(r, "StreamArn"); stream == arn && p.Get("StreamSpecification").Get("ResourcePolicy") != nil {
				add(r, p.Get("StreamSpecification").Get("ResourcePolicy").Get("PolicyDocument"), r.ID)
			}
		}
	}
	return out
}

// consumerARN is the ARN of a stream's consumer.
func (t *Template) consumerARN(name, stream string) string {
	return stream + "/consumer/" + name + ":1796083200"
}

// statements reads a policy document, a map or JSON in a text; of says whose it is. What
// of it comes from outside the template is taken to allow everything.
func (t *Template) statements(doc *Value, of string) []iam.Statement {
	doc = t.document(doc)
	if doc != nil && doc.Kind == Outside {
		return t.unread(doc, of)
	}
	list := doc.Get("Statement")
	if list == nil {
		return nil
	}
	items := list.Items
	if list.Kind != List {
		items = []*Value{list}
	}
	var out []iam.Statement
	for i, s := range items {
		if s.Kind == Outside {
			out = append(out, t.unread(s, of)...)
			continue
		}
		x := iam.Statement{Name: "statement " + strconv.Itoa(i+1), Actions: words(s.Get("Action")), Resources: words(s.Get("Resource")), Deny: s.Get("Effect").text() == "Deny"}
		if sid := s.Get("Sid").text(); sid != "" {
			x.Name += " (" + short(sid) + ")"
		}
		x.Name += " of " + of
		if not := s.Get("NotAction"); not != nil {
			x.Actions, x.NotAction = words(not), true
		}
		if not := s.Get("NotResource"); not != nil {
			x.Resources, x.NotResource = words(not), true
		}
		x.Principals = principals(s.Get("Principal"))
		if not := s.Get("NotPrincipal"); not != nil {
			x.Principals, x.NotPrincipal = principals(not), true
		}
		for _, name := range []string{"Principal", "NotPrincipal", "Action", "Resource"} {
			if v := s.Get(name); v != nil && x.Deny && fromOutside(v) { // whom or what it denies is not known
				x.Conditions = append(x.Conditions, iam.Condition{Operator: "Outside", Key: name + " from outside the template"})
			}
		}
		if v := s.Get("Condition"); v != nil && v.Kind == Outside {
			x.Conditions = append(x.Conditions, iam.Condition{Operator: "Outside", Key: "Condition from outside the template"})
		}
		for _, op := range s.Get("Condition").fields() {
			for _, key := range op.fields() {
				c := iam.Condition{Operator: op.Name, Key: key.Name, Values: words(key.Value)}
				if fromOutside(key.Value) { // what it is compared with is not known
					c.Operator = "Outside"
				}
				x.Conditions = append(x.Conditions, c)
			}
		}
		out = append(out, x)
	}
	return out
}

// document is a policy document as a map: AWS takes JSON in a text as well.
func (t *Template) document(v *Value) *Value {
	if v == nil || v.Kind != Scalar {
		return v
	}
	var doc yaml.Node
	if tree.Unmarshal([]byte(v.Text), &doc) != nil || len(doc.Content) != 1 || doc.Content[0].Kind != yaml.MappingNode {
		return &Value{Node: v.Node, Kind: Outside, Text: "a text that is not JSON"}
	}
	read := t.Raw(doc.Content[0])
	standAt(read, v.Node)
	return read
}

// unread is a statement in the place of a part of a policy that comes from outside: it
// allows everything to everybody.
func (t *Template) unread(v *Value, of string) []iam.Statement {
	t.Note("a part of " + of + " comes from outside the template (" + short(v.Text) + "): it allows everything")
	return []iam.Statement{{Name: "what comes from outside in " + of, Actions: []string{"*"}, Principals: []iam.Principal{{Value: "*"}}}}
}

// changed is a statement in the place of what a transform that is not carried out may have
// given a role: it allows everything.
func (t *Template) changed(of string) []iam.Statement {
	t.Note("no role is judged: a transform that is not carried out may have changed it")
	return []iam.Statement{{Name: "what a transform may have given " + of, Actions: []string{"*"}}}
}

// fromOutside tells whether a value, or one of a list, comes from outside the
// template.
func fromOutside(v *Value) bool {
	return v.Kind == Outside || slices.ContainsFunc(v.Items, fromOutside) || slices.ContainsFunc(v.Fields, func(f Field) bool { return fromOutside(f.Value) })
}

// principals reads a Principal element.
func principals(v *Value) (out []iam.Principal) {
	switch {
	case v != nil && v.Kind == Scalar:
		return []iam.Principal{{Kind: "AWS", Value: v.Text}}
	case v != nil && v.Kind == Outside:
		return []iam.Principal{{Value: "*"}}
	}
	for _, kind := range v.fields() {
		for _, value := range words(kind.Value) {
			out = append(out, iam.Principal{Kind: kind.Name, Value: value})
		}
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
