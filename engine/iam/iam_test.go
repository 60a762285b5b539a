package iam

import (
	"strings"
	"testing"
)

const (
	home   = "111122223333"
	away   = "444455556666"
	role   = "arn:aws:iam::111122223333:role/Work"
	queue  = "arn:aws:sqs:us-east-1:111122223333:Jobs"
	theirs = "arn:aws:sqs:us-east-1:444455556666:Jobs"
	key    = "arn:aws:kms:us-east-1:111122223333:key/k"
)

// statement makes a statement of words: "allow ACTION [on ARN] [to PRINCIPAL]
// [if OPERATOR KEY VALUE]…"; not- before a word negates its element.
func statement(name, text string) Statement {
	w := strings.Fields(text)
	s := Statement{Name: name, Deny: w[0] == "deny"}
	for i := 1; i < len(w); i++ {
		word, not := strings.CutPrefix(w[i], "not-")
		switch word {
		case "on":
			i++
			s.Resources, s.NotResource = []string{w[i]}, not
		case "to":
			i++
			s.NotPrincipal = not
			kind := "AWS"
			if strings.Contains(w[i], ".amazonaws.com") {
				kind = "Service"
			}
			s.Principals = []Principal{{kind, w[i]}}
		case "if":
			s.Conditions = append(s.Conditions, Condition{w[i+1], w[i+2], []string{w[i+3]}})
			i += 3
		default:
			s.Actions, s.NotAction = []string{word}, not
		}
	}
	return s
}

func policies(name string, texts []string) []Policy {
	if texts == nil {
		return nil
	}
	p := Policy{Name: name}
	for i, text := range texts {
		p.Statements = append(p.Statements, statement(name+" "+string(rune('1'+i)), text))
	}
	return []Policy{p}
}

func TestDecide(t *testing.T) {
	t.Parallel()
	receive := "allow sqs:ReceiveMessage"
	for _, c := range []struct {
		name               string
		identity, resource []string
		action, on         string // default sqs:ReceiveMessage on queue
		principal          string // default role
		want               string // how Why begins: "+" allowed, "-" denied
		unknown            string
	}{
		{name: "nothing", want: "-no statement of role allows it"},
		{name: "the role alone", identity: []string{receive}, want: "+role 1 allows it"},
		{name: "the queue alone", resource: []string{receive + " to " + role}, want: "+queue 1 allows it"},
		{name: "the queue, everybody", resource: []string{receive + " to *"}, want: "+queue 1 allows it"},
		{name: "the queue, a session of the role", resource: []string{receive + " to arn:aws:sts::111122223333:assumed-role/Work/Work"}, want: "+queue 1 allows it"},
		{name: "the queue, another role", resource: []string{receive + " to " + role + "r"}, want: "-no statement of role or of queue allows it"},
		{name: "the account alone hands over", resource: []string{receive + " to " + home}, want: "-queue 1 hands over to IAM, and no statement of role allows it"},
		{name: "the account and the role", identity: []string{receive}, resource: []string{receive + " to arn:aws:iam::111122223333:root"}, want: "+role 1 allows it"},
		{name: "a Deny of the role", identity: []string{"allow sqs:*", "deny sqs:Receive*"}, resource: []string{receive + " to *"}, want: "-role 2 denies it"},
		{name: "a Deny of the queue", identity: []string{receive}, resource: []string{"deny sqs:* to " + role}, want: "-queue 1 denies it"},
		{name: "a Deny of the account", identity: []string{receive}, resource: []string{"deny sqs:* to " + home}, want: "-queue 1 denies it"},
		{name: "a Deny of all but the role", identity: []string{receive}, resource: []string{"deny sqs:* not-to " + role}, want: "+role 1 allows it"},
		{name: "a Deny of all but another", identity: []string{receive}, resource: []string{"deny sqs:* not-to " + role + "r"}, want: "-queue 1 denies it"},
		{name: "another resource", identity: []string{receive + " on " + queue + "2"}, want: "-no statement of role allows it"},
		{name: "all resources but", identity: []string{receive + " not-on " + queue}, want: "-no statement of role allows it"},
		{name: "all actions but", identity: []string{"allow not-iam:*"}, want: "+role 1 allows it"},
		{name: "a question mark is one character", identity: []string{"allow sqs:ReceiveMess?ge"}, want: "+role 1 allows it"},
		{name: "a question mark is not two", identity: []string{"allow sqs:ReceiveMess?e"}, want: "-no statement"},
		{name: "a session of a role whose name ends alike", principal: "arn:aws:iam::111122223333:role/HomeWork", resource: []string{receive + " to arn:aws:sts::111122223333:assumed-role/Work/Work"}, want: "-no statement"},
		{name: "the action in other letters", identity: []string{"allow SQS:receive*"}, want: "+role 1 allows it"},

		{name: "across: the role alone", on: theirs, identity: []string{receive}, want: "-no statement of the resource's policy allows it, and across accounts both sides must"},
		{name: "across: the queue alone", on: theirs, resource: []string{receive + " to " + role}, want: "-no statement of the role allows it, and across accounts both sides must"},
		{name: "across: both", on: theirs, identity: []string{receive}, resource: []string{receive + " to " + role}, want: "+queue 1 allows it"},
		{name: "across: both, by account", on: theirs, identity: []string{receive}, resource: []string{receive + " to " + home}, want: "+role 1 allows it"},
		{name: "across: a Deny", on: theirs, identity: []string{receive}, resource: []string{receive + " to " + role, "deny sqs:* to *"}, want: "-queue 2 denies it"},

		{name: "a key without a word of IAM", action: "kms:Decrypt", on: key, identity: []string{"allow kms:*"}, resource: []string{"allow kms:* to " + role + "r"},
			want: "-no statement of key allows it or hands over to IAM"},
		{name: "a key that hands over", action: "kms:Decrypt", on: key, identity: []string{"allow kms:Decrypt"}, resource: []string{"allow kms:* to arn:aws:iam::111122223333:root"}, want: "+role 1 allows it"},
		{name: "a key that hands over, and IAM says nothing", action: "kms:Decrypt", on: key, resource: []string{"allow kms:* to arn:aws:iam::111122223333:root"}, want: "-key 1 hands over to IAM, and no statement of the role allows it"},
		{name: "a key that names the role", action: "kms:Decrypt", on: key, resource: []string{"allow kms:Decrypt to " + role}, want: "+key 1 allows it"},
		{name: "a key of which IAM denies", action: "kms:Decrypt", on: key, identity: []string{"deny kms:*"}, resource: []string{"allow kms:Decrypt to " + role}, want: "-role 1 denies it"},
		{name: "a key for administrators", action: "kms:Decrypt", on: key, identity: []string{"allow kms:*"}, resource: []string{"allow kms:Put* to " + role}, want: "-no statement of key allows it or hands over to IAM"},
		{name: "a key in another account", action: "kms:Decrypt", on: strings.Replace(key, home, away, 1), identity: []string{"allow kms:*"}, resource: []string{"allow kms:Decrypt to " + role}, want: "+key 1 allows it"},
		{name: "a key in another account, IAM silent", action: "kms:Decrypt", on: strings.Replace(key, home, away, 1), resource: []string{"allow kms:Decrypt to " + role}, want: "-no statement of the role allows it, and across"},

		{name: "ArnEquals", resource: []string{receive + " to * if ArnEquals aws:PrincipalArn " + role}, want: "+queue 1 allows it"},
		{name: "ArnLike", resource: []string{receive + " to * if ArnLike aws:PrincipalArn arn:aws:iam::*:role/W*"}, want: "+queue 1 allows it"},
		{name: "ArnLike: a star does not reach across a colon", resource: []string{receive + " to * if ArnLike aws:PrincipalArn arn:*:role/Work"}, want: "-no statement"},
		{name: "StringEquals", resource: []string{receive + " to * if StringEquals aws:PrincipalArn " + role + "r"}, want: "-no statement"},
		{name: "StringNotEquals", identity: []string{receive}, resource: []string{"deny sqs:* to * if StringNotEquals aws:PrincipalAccount " + away}, want: "-queue 1 denies it"},
		{name: "two conditions, one unmet", resource: []string{receive + " to * if StringEquals AWS:PrincipalAccount " + home + " if ArnEquals aws:PrincipalArn arn:aws:iam::1:role/x"}, want: "-no statement"},
		{name: "a role has no source ARN", resource: []string{receive + " to * if ArnEquals aws:SourceArn arn:aws:sns:us-east-1:111122223333:News"}, want: "-no statement"},
		{name: "IfExists", resource: []string{receive + " to * if ArnEqualsIfExists aws:SourceArn arn:aws:sns:us-east-1:111122223333:News"}, want: "+queue 1 allows it"},
		{name: "not equal to what is absent", identity: []string{receive}, resource: []string{"deny sqs:* to * if ArnNotEquals aws:SourceArn arn:aws:sns:us-east-1:111122223333:News"}, want: "-queue 1 denies it"},
		{name: "Null", resource: []string{receive + " to * if Null aws:SourceArn true"}, want: "+queue 1 allows it"},
		{name: "Bool", identity: []string{receive}, resource: []string{"deny sqs:* to * if Bool aws:SecureTransport false"}, want: "+role 1 allows it"},
		{name: "an unknown key does not hinder", identity: []string{receive + " if IpAddress aws:SourceIp 10.0.0.0/8"}, want: "+role 1 allows it", unknown: "aws:SourceIp"},
		{name: "an unknown key does not deny", identity: []string{receive, "deny sqs:* if StringEquals aws:PrincipalOrgID o-1"}, want: "+role 1 allows it", unknown: "aws:PrincipalOrgID"},

		{name: "ForAnyValue", resource: []string{receive + " to * if ForAnyValue:StringEquals aws:TagKeys a"}, want: "+queue 1 allows it"},
		{name: "ForAllValues", resource: []string{receive + " to * if ForAllValues:StringEquals aws:TagKeys a"}, want: "-no statement"},
		{name: "ForAllValues, all", resource: []string{receive + " to * if ForAllValues:StringLike aws:TagKeys ?"}, want: "+queue 1 allows it"},
		{name: "a service", principal: "sns.amazonaws.com", action: "sqs:SendMessage", resource: []string{"allow sqs:SendMessage to sns.amazonaws.com"}, want: "+queue 1 allows it"},
		{name: "another service", principal: "sns.amazonaws.com", action: "sqs:SendMessage", resource: []string{"allow sqs:SendMessage to s3.amazonaws.com"}, want: "-no statement"},
	} {
		t.Run(c.name, func(t *testing.T) {
			q := Request{Action: c.action, Resource: c.on, Principal: c.principal, Account: home,
				Context: map[string][]string{"aws:principalarn": {role}, "aws:principalaccount": {home}, "aws:sourcearn": nil, "aws:securetransport": {"true"}, "aws:tagkeys": {"a", "b"}}}
			if q.Action == "" {
				q.Action = "sqs:ReceiveMessage"
			}
			if q.Resource == "" {
				q.Resource = queue
			}
			if q.Principal == "" {
				q.Principal = role
			}
			q.Owner = strings.Split(q.Resource, ":")[4]
			q.Key = strings.HasPrefix(q.Action, "kms:")
			side := "queue"
			if q.Key {
				side = "key"
			}
			q.Identity = policies("role", c.identity)
			if c.identity == nil && strings.Contains(c.want, "of role") { // a role without a policy
				q.Identity = []Policy{{Name: "role"}}
			}
			q.Resources = policies(side, c.resource)
			d := Decide(&q)
			got := "-" + d.Why
			if d.Allowed {
				got = "+" + d.Why
			}
			if !strings.HasPrefix(got, c.want) {
				t.Errorf("got %q, want %q\n%s", got, c.want, strings.Join(d.Chain, "\n"))
			}
			if u := strings.Join(d.Unknown, " "); u != c.unknown {
				t.Errorf("rests on %q, want %q", u, c.unknown)
			}
			if len(d.Chain) == 0 && len(q.Identity)+len(q.Resources) > 0 {
				t.Error("the answer has no chain")
			}
		})
	}
}

// TestArnLike: an ARN is compared part by part, the sixth with all that follows.
func TestArnLike(t *testing.T) {
	t.Parallel()
	const work = "arn:aws:lambda:us-east-1:111122223333:function:Work"
	for pattern, want := range map[string]bool{work: true, "*": true, "arn:*:lambda:*:*:function:*": true, "arn:aws:lambda:us-east-1:111122223333:*": true,
		"arn:aws:lambda:*:function:Work": false, "arn:aws:lambda:*": false, "arn:aws:lambda:us-east-1:111122223333:function": false} {
		if got := arnLike(pattern, work); got != want {
			t.Errorf("%s: %v", pattern, got)
		}
	}
}

// TestChain shows how an answer came about.
func TestChain(t *testing.T) {
	t.Parallel()
	d := Decide(&Request{Action: "sqs:ReceiveMessage", Resource: queue, Principal: role, Account: home,
		Context:   map[string][]string{"aws:sourcearn": nil},
		Identity:  policies("role", []string{"allow sqs:SendMessage"}),
		Resources: policies("queue", []string{"allow sqs:* to " + home, "allow sqs:* to * if ArnEquals aws:SourceArn arn:aws:sns:us-east-1:1:N", "allow sqs:* to " + role + "r"})})
	want := `role: no statement about sqs:ReceiveMessage on arn:aws:sqs:us-east-1:111122223333:Jobs
queue 1 allows sqs:ReceiveMessage to the account: it hands over to IAM
queue 2 allows sqs:ReceiveMessage only with ArnEquals aws:SourceArn arn:aws:sns:us-east-1:1:N
queue 3 allows sqs:ReceiveMessage, but not for this principal
what nothing allows is denied`
	if got := strings.Join(d.Chain, "\n"); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}
