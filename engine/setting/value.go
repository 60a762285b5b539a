package setting

import (
	"strconv"

	"esmlab/engine/rule"
)

// Value is what a setting is set to.
type Value struct {
	Kind ValueKind
	Int  int64  // ValueInt; ValueTime in microseconds
	Bool bool   // ValueBool
	Text string // ValueText
}

// ValueKind says which field of a Value counts.
type ValueKind uint8

// The kinds of a Value.
const (
	ValueInt ValueKind = iota
	ValueBool
	ValueText
	ValueTime
)

// IntValue, BoolValue, TextValue and TimeValue make Values.
func IntValue(n int) Value     { return Value{Kind: ValueInt, Int: int64(n)} }
func BoolValue(b bool) Value   { return Value{Kind: ValueBool, Bool: b} }
func TextValue(s string) Value { return Value{Kind: ValueText, Text: s} }
func TimeValue(m Micros) Value { return Value{Kind: ValueTime, Int: int64(m)} }

// String writes the value as a scenario would: 50, true, Failures, 0.2.
func (v Value) String() string {
	switch v.Kind {
	case ValueBool:
		return strconv.FormatBool(v.Bool)
	case ValueText:
		return v.Text
	case ValueTime:
		return Micros(v.Int).String()
	}
	return strconv.FormatInt(v.Int, 10)
}

// Refusal is what AWS answers to a request that it does not carry out.
type Refusal struct {
	What    string // what was asked: "set ShipOrders.BatchSize"
	Code    string // AWS's error code, "" where the refusal is esmlab's own
	Message string
	Rule    rule.ID // the rule that refuses it, "" where none is modelled
	Right   string  // what would be accepted, in esmlab's words
}

func (r *Refusal) Error() string {
	s := r.Message
	if r.Code != "" {
		s = r.Code + ": " + s
	}
	if r.Right != "" {
		s += " (" + r.Right + ")"
	}
	return s
}
