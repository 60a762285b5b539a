package engine

import "esmlab/engine/rule"

// Op is what a Command does.
type Op uint8

// The commands of a person: the same from keys, steps, lessons and tests.
const (
	OpSet Op = iota
	OpPut
	OpFault
	OpFix
	OpEnable
	OpDisable
	OpRestart
	OpDeny
	OpAllow
	OpRemove
	OpSplit
	OpMerge
	OpRedrive
	OpCancel
	OpPurge
	NumOps
)

// OpNames are the words of `steps`, indexed by Op.
var OpNames = [NumOps]string{"set", "put", "fault", "fix", "enable", "disable", "restart", "deny", "allow", "remove", "split", "merge", "redrive", "cancel", "purge"}

func (o Op) String() string { return OpNames[o] }

// Command is one command. Which fields count depends on Op.
type Command struct {
	Op Op
	// Target is a mapping (enable, disable, restart, deny, allow), a function
	// or queue (remove), a queue (redrive, cancel, purge), a stream (split, merge), a fault or function (fix), or for set the dotted name: "ShipOrders.BatchSize".
	Target string
	Value  Value // set
	// Also are more parameters of the same mapping: with Target one update,
	// which AWS takes or refuses as a whole.
	Also    []Setting
	Put     Traffic
	Fault   Fault
	Actions []string // deny, allow
	Shards  []int    // split: one; merge: two
	To      string   // redrive: queue, "" each message to the one it came from
	Rate    int      // redrive: messages a second, 1 to 500; 0 as AWS finds good (chosen)
}

// Setting is a parameter by its dotted name, and what it is set to.
type Setting struct {
	Target string
	Value  Value
}

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
		if v.Bool {
			return "true"
		}
		return "false"
	case ValueText:
		return v.Text
	case ValueTime:
		return Micros(v.Int).String()
	}
	return itoa(int(v.Int))
}

// Refusal is what AWS answers to a request it does not carry out.
type Refusal struct {
	What    string // what was asked: "set ShipOrders.BatchSize"
	Code    string // AWS's error code, "" where the refusal is esmlab's own
	Message string
	Rule    rule.ID // that refuses it, "" where none is modelled
	Right   string  // what would be right, in esmlab's words
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
