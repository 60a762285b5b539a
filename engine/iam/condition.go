package iam

import (
	"slices"
	"strconv"
	"strings"
)

// Condition is one key of a Condition element: "ArnLike": {"aws:SourceArn": [...]}.
type Condition struct {
	Operator, Key string
	Values        []string
}

func (c Condition) String() string {
	return c.Operator + " " + c.Key + " " + strings.Join(c.Values, ", ")
}

// met tells whether the conditions of a statement hold; unmet is the first that
// does not. Those whose keys' values are not known count as met, and are listed.
func (s *Statement) met(q *Request) (ok bool, unmet string, unknown []string) {
	for _, c := range s.Conditions {
		got, known := q.Context[strings.ToLower(c.Key)]
		test, isKnown := operators[c.base()]
		if !known || !isKnown {
			unknown = append(unknown, c.Key)
			continue
		}
		if !c.holds(got, test) {
			return false, c.String(), nil
		}
	}
	return true, "", unknown
}

// base is the operator without the set it works on and without IfExists, in
// lower case.
func (c Condition) base() string {
	op := strings.ToLower(c.Operator)
	op = strings.TrimPrefix(strings.TrimPrefix(op, "forallvalues:"), "foranyvalue:")
	return strings.TrimSuffix(op, "ifexists")
}

// holds tells whether a condition holds for the values that a request has of its
// key; none: the key is absent.
func (c Condition) holds(got []string, test operator) bool {
	op := strings.ToLower(c.Operator)
	if c.base() == "null" {
		return slices.ContainsFunc(c.Values, func(v string) bool { return strings.EqualFold(v, strconv.FormatBool(len(got) == 0)) })
	}
	all := strings.HasPrefix(op, "forallvalues:")
	if len(got) == 0 { // a negated operator holds for a key that is absent
		return all || strings.HasSuffix(op, "ifexists") || test.not && !strings.HasPrefix(op, "foranyvalue:")
	}
	one := func(value string) bool {
		return slices.ContainsFunc(c.Values, func(want string) bool { return test.match(want, value) }) != test.not
	}
	if all {
		return !slices.ContainsFunc(got, func(v string) bool { return !one(v) })
	}
	return slices.ContainsFunc(got, one)
}

// operator is how a value of the policy is compared with one of the request.
type operator struct {
	match func(want, got string) bool
	not   bool
}

func equal(a, b string) bool { return a == b }

// arnLike matches part by part: a wildcard does not reach across a colon.
func arnLike(want, got string) bool {
	w, g := strings.SplitN(want, ":", 6), strings.SplitN(got, ":", 6)
	if len(w) != len(g) {
		return want == "*"
	}
	for i := range w {
		if !Like(w[i], g[i]) {
			return false
		}
	}
	return true
}

// operators are those that compare texts, ARNs and switches, in lower case; dates,
// numbers, addresses and bytes decide nothing that is simulated.
var operators = map[string]operator{
	"stringequals":              {match: equal},
	"stringnotequals":           {match: equal, not: true},
	"stringequalsignorecase":    {match: strings.EqualFold},
	"stringnotequalsignorecase": {match: strings.EqualFold, not: true},
	"stringlike":                {match: Like},
	"stringnotlike":             {match: Like, not: true},
	"arnequals":                 {match: arnLike},
	"arnlike":                   {match: arnLike},
	"arnnotequals":              {match: arnLike, not: true},
	"arnnotlike":                {match: arnLike, not: true},
	"bool":                      {match: strings.EqualFold},
	"null":                      {},
}
