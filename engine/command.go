package engine

import "esmlab/engine/setting"

// Op is what a Command does.
type Op uint8

// The commands: the same from keys, steps, lessons and tests.
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
	OpDeploy
	OpReceive
	NumOps
)

// OpNames are the words of `steps`, indexed by Op.
var OpNames = [NumOps]string{"set", "put", "fault", "fix", "enable", "disable", "restart", "deny", "allow", "remove", "split", "merge", "redrive", "cancel", "purge", "deploy", "receive"}

func (o Op) String() string { return OpNames[o] }

// Command is one command. Which fields are used depends on Op.
type Command struct {
	Op Op
	// Target is a mapping (enable, disable, restart, deny, allow), a function
	// or queue (remove), a queue (redrive, cancel, purge), a stream (split,
	// merge), a fault or function (fix), or for set the dotted name:
	// "ShipOrders.BatchSize".
	Target string
	Value  Value // set
	// Also holds more settings of the same resource: together with Target they
	// are one update, which AWS accepts or refuses as a whole.
	Also    []Setting
	Put     Traffic
	Fault   Fault
	Actions []string // deny, allow
	Shards  []int    // split: one; merge: two
	To      string   // redrive: queue, "" each message to the one it came from
	Receive Receiver // receive
	Rate    int      // redrive: messages per second, 1 to 500; 0: AWS decides (chosen)
	Deploy  *Deployment
}

// Setting is a setting's dotted name and the value it is set to.
type Setting struct {
	Target string
	Value  Value
}

// What settings are made of: package setting has the table of them.
type (
	Value     = setting.Value
	ValueKind = setting.ValueKind
	Refusal   = setting.Refusal
)

// The kinds of a Value.
const (
	ValueInt  = setting.ValueInt
	ValueBool = setting.ValueBool
	ValueText = setting.ValueText
	ValueTime = setting.ValueTime
)

// IntValue, BoolValue, TextValue and TimeValue make Values.
func IntValue(n int) Value     { return setting.IntValue(n) }
func BoolValue(b bool) Value   { return setting.BoolValue(b) }
func TextValue(s string) Value { return setting.TextValue(s) }
func TimeValue(m Micros) Value { return setting.TimeValue(m) }
