// Package iam decides whether AWS lets a principal carry out an action on a
// resource, by the statements of the policies that apply: identity policies,
// the resource's own policy, and key policies. It is pure and knows nothing of
// templates or simulations.
//
// Not simulated: permissions boundaries, session policies, policies of
// Organizations (SCPs and RCPs), VPC endpoint policies, and grants of KMS.
package iam

import (
	"slices"
	"strings"
)

// Statement is one statement of a policy.
type Statement struct {
	// Name says where it stands: "statement 2 (ReadJobs) of role Work".
	Name string
	Deny bool

	Actions      []string // of Action, or of NotAction
	NotAction    bool
	Resources    []string // of Resource, or of NotResource; nil: every resource
	NotResource  bool
	Principals   []Principal // of Principal, or of NotPrincipal; nil in identity policies
	NotPrincipal bool
	Conditions   []Condition
}

// Principal is one entry of a Principal element: its kind ("AWS", "Service",
// "Federated") and its value, as "arn:aws:iam::111122223333:role/Work", an
// account's number, or "*".
type Principal struct{ Kind, Value string }

// Policy is a policy: its statements, and what it is called in an answer.
type Policy struct {
	Name       string // "role Work", "the policy of queue Jobs"
	Statements []Statement
}

// Request is one action of one principal.
type Request struct {
	Action    string // as "sqs:ReceiveMessage"
	Resource  string // the ARN; "" where it is not known: every Resource of an Allow matches it
	Principal string // the ARN of the role; of a service its name: "sns.amazonaws.com"
	Account   string // of the principal
	Owner     string // the account of the resource; "" is Account
	// Context holds the values of condition keys, by lower-case name. A key that
	// is there with no value is known to be absent from the request; what a key
	// that is not there would hold is not known.
	Context map[string][]string

	Identity  []Policy
	Resources []Policy // resource policies: of the queue, the stream, the bucket …
	// Key tells that Resources are the policy of a KMS key: it must allow, or
	// hand over to IAM, in its own account too.
	Key bool
}

// Decision is the answer to a Request, and how it came about.
type Decision struct {
	Allowed bool
	// By is the statement that decided, "" where none allows the action.
	By string
	// Why says in a few words what decided: "statement 1 of role Work denies it".
	Why string
	// Chain are the steps of the evaluation, in their order.
	Chain []string
	// Unknown are the condition keys on which the answer rests and whose values
	// are not known.
	Unknown []string
}

// Decide evaluates a request as IAM does: an explicit Deny wins; within one
// account one Allow is enough, of the role or of the resource; across accounts
// both sides must allow; the policy of a key must allow, or hand over to IAM.
func Decide(q *Request) Decision {
	var d Decision
	identity := d.look(q, q.Identity, true)
	resource := d.look(q, q.Resources, false)
	for _, f := range []finding{identity, resource} {
		if f.deny != "" {
			d.Chain = append(d.Chain, "an explicit Deny always wins")
			return d.end(false, f.deny, f.deny+" denies it")
		}
	}
	across := q.Owner != "" && q.Owner != q.Account
	onResource := resource.direct
	if onResource == "" {
		onResource = resource.account
	}
	switch {
	case q.Key && onResource == "":
		d.Chain = append(d.Chain, "a key obeys its own policy first: without a statement that hands over to IAM, what IAM allows has no effect")
		return d.end(false, "", "no statement of "+names(q.Resources, "the key's policy")+" allows it or hands over to IAM")
	case across && identity.allow == "":
		d.Chain = append(d.Chain, "across accounts both sides must allow it")
		return d.end(false, "", "no statement of "+names(q.Identity, "the role")+" allows it, and across accounts both sides must")
	case across && onResource == "":
		d.Chain = append(d.Chain, "across accounts both sides must allow it")
		return d.end(false, "", "no statement of "+names(q.Resources, "the resource's policy")+" allows it, and across accounts both sides must")
	case resource.direct != "":
		d.Chain = append(d.Chain, "one Allow is enough within one account")
		if across {
			d.Chain[len(d.Chain)-1] = "both sides allow it"
		}
		return d.end(true, resource.direct, resource.direct+" allows it")
	case identity.allow != "":
		switch {
		case across:
			d.Chain = append(d.Chain, "both sides allow it")
		case !q.Key:
			d.Chain = append(d.Chain, "one Allow is enough within one account")
		}
		return d.end(true, identity.allow, identity.allow+" allows it")
	}
	why := "no statement of " + names(q.Identity, "the role")
	if len(q.Resources) > 0 && !q.Key {
		why += " or of " + names(q.Resources, "")
	}
	why += " allows it"
	if resource.account != "" {
		why = resource.account + " hands over to IAM, and no statement of " + names(q.Identity, "the role") + " allows it"
	}
	d.Chain = append(d.Chain, "what nothing allows is denied")
	return d.end(false, "", why)
}

func (d *Decision) end(allowed bool, by, why string) Decision {
	d.Allowed, d.By, d.Why = allowed, by, why
	return *d
}

// names lists the names of policies for an answer.
func names(list []Policy, none string) string {
	if len(list) == 0 {
		return none
	}
	var out []string
	for i := range list {
		if !slices.Contains(out, list[i].Name) {
			out = append(out, list[i].Name)
		}
	}
	if len(out) == 1 {
		return out[0]
	}
	return strings.Join(out[:len(out)-1], ", ") + " or " + out[len(out)-1]
}

// finding is what the policies of one side say: the names of the statements.
type finding struct {
	deny, allow string
	direct      string // allows, and names the principal itself or everybody
	account     string // allows, and names only the principal's account
}

// look evaluates the statements of one side, and writes down what it saw.
func (d *Decision) look(q *Request, list []Policy, identity bool) finding {
	var f finding
	for i := range list {
		p := &list[i]
		said := false
		for k := range p.Statements {
			s := &p.Statements[k]
			direct, account := true, false
			if !identity {
				direct, account = s.names(q)
			}
			if !s.about(q) {
				continue
			}
			verb := " allows "
			if s.Deny {
				verb = " denies "
			}
			switch {
			case !direct && !account:
				d.say(&said, s.Name+verb+q.Action+", but not for this principal")
				continue
			}
			met, unmet, unknown := s.met(q)
			if len(unknown) > 0 && met { // what is not known neither denies nor hinders
				for _, key := range unknown {
					if !slices.Contains(d.Unknown, key) {
						d.Unknown = append(d.Unknown, key)
					}
				}
				met = !s.Deny
			}
			switch {
			case !met && unmet != "":
				d.say(&said, s.Name+verb+q.Action+" only with "+unmet)
			case !met:
				d.say(&said, s.Name+verb+q.Action+" under a condition whose value is not known")
			case s.Deny:
				d.say(&said, s.Name+verb+q.Action)
				keep(&f.deny, s.Name)
			case direct:
				d.say(&said, s.Name+verb+q.Action)
				keep(&f.allow, s.Name)
				keep(&f.direct, s.Name)
			default:
				d.say(&said, s.Name+" allows "+q.Action+" to the account: it hands over to IAM")
				keep(&f.account, s.Name)
			}
		}
		if !said {
			d.Chain = append(d.Chain, p.Name+": no statement about "+q.Action+" on "+q.Resource)
		}
	}
	return f
}

func (d *Decision) say(said *bool, text string) {
	*said = true
	d.Chain = append(d.Chain, text)
}

func keep(to *string, name string) {
	if *to == "" {
		*to = name
	}
}

// about tells whether a statement is about the request's action and resource.
func (s *Statement) about(q *Request) bool {
	action := slices.ContainsFunc(s.Actions, func(p string) bool { return Like(strings.ToLower(p), strings.ToLower(q.Action)) })
	if action == s.NotAction {
		return false
	}
	switch {
	case s.Resources == nil:
		return true
	case q.Resource == "":
		return !s.Deny || slices.Contains(s.Resources, "*")
	}
	return slices.ContainsFunc(s.Resources, func(p string) bool { return Like(p, q.Resource) }) != s.NotResource
}

// names tells whether a statement of a resource policy names the principal
// itself, or everybody (direct), or its account.
func (s *Statement) names(q *Request) (direct, account bool) {
	for _, p := range s.Principals {
		switch {
		case p.Value == "*" && (p.Kind == "AWS" || p.Kind == "" || p.Kind == "Service"):
			direct = true
		case p.Kind != "AWS":
			direct = direct || p.Value == q.Principal
		case p.Value == q.Principal, assumed(p.Value, q.Principal):
			direct = true
		case p.Value == q.Account, strings.HasPrefix(p.Value, "arn:") && strings.HasSuffix(p.Value, ":iam::"+q.Account+":root"):
			account = true
		}
	}
	if s.NotPrincipal {
		return !direct && !account, false
	}
	if s.Deny { // a Deny of the account is one of everybody in it
		return direct || account, false
	}
	return direct, account
}

// assumed tells whether an ARN is that of a session of a role.
func assumed(arn, role string) bool {
	_, tail, ok := strings.Cut(arn, ":assumed-role/")
	if !ok {
		return false
	}
	name, _, _ := strings.Cut(tail, "/")
	return strings.HasSuffix(role, "/"+name)
}

// Like matches a pattern of IAM: * any characters, ? one.
func Like(pattern, s string) bool {
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
