package scenario

import (
	"encoding/json"
	"regexp"
	"strconv"
	"strings"

	"esmlab/engine"
	"esmlab/engine/printable"
)

// scalar writes a text in YAML, within a list or a map. A value that is JSON itself
// stands there as such.
func scalar(s string) string {
	switch strings.ToLower(s) {
	case "null", "true", "false", "yes", "no", "on", "off", "y", "n":
	default:
		if plainScalar.MatchString(s) {
			return s
		}
	}
	if strings.HasPrefix(s, "{") && json.Valid([]byte(s)) {
		return string(printable.JSON([]byte(s)))
	}
	quoted, _ := json.Marshal(s) // a text can be written
	return string(printable.JSON(quoted))
}

var plainScalar = regexp.MustCompile("^[A-Za-z_]([A-Za-z0-9_#./'-]| [A-Za-z0-9])*$")

// Scalar writes a text in YAML's flow style, quoted where it must be.
func Scalar(s string) string { return scalar(s) }

// StepText writes a command as a step of a scenario, without its instant:
// "set: {ShipOrders.BatchSize: 50}".
func StepText(c *engine.Command) string {
	label := func(list []engine.Label) string {
		var out []string
		for _, l := range list {
			out = append(out, l.String())
		}
		return "[" + strings.Join(out, ", ") + "]"
	}
	switch c.Op {
	case engine.OpSet:
		var parts []string
		for _, one := range append([]engine.Setting{{Target: c.Target, Value: c.Value}}, c.Also...) {
			v := one.Value.String()
			if one.Value.Kind == engine.ValueText {
				v = scalar(v)
			}
			parts = append(parts, one.Target+": "+v)
		}
		return "set: {" + strings.Join(parts, ", ") + "}"
	case engine.OpPut:
		out := "to: " + c.Put.To + ", count: " + strconv.Itoa(max(1, c.Put.Count))
		if c.Put.Shard >= 0 {
			out += ", shard: " + strconv.Itoa(c.Put.Shard)
		}
		var keys []string
		for _, k := range c.Put.Keys {
			keys = append(keys, scalar(k))
		}
		return "put: {" + out + ", keys: [" + strings.Join(keys, ", ") + "]}"
	case engine.OpFault:
		f := &c.Fault
		out := "function: " + f.Function + ", name: " + scalar(f.Name) + ", how: " + f.How.String()
		if len(f.Records) > 0 {
			out += ", records: " + label(f.Records)
		}
		if f.Until != engine.Never {
			out += ", from: " + f.From.String() + "s, until: " + f.Until.String() + "s"
		}
		if f.How == engine.HowSlow {
			out += ", takes: " + f.Takes.Base.String() + "s"
		}
		return "fault: {" + out + "}"
	case engine.OpDeny, engine.OpAllow:
		return c.Op.String() + ": {mapping: " + c.Target + ", actions: [" + strings.Join(c.Actions, ", ") + "]}"
	case engine.OpSplit:
		return "split: {stream: " + c.Target + ", shard: " + strconv.Itoa(c.Shards[0]) + "}"
	case engine.OpMerge:
		return "merge: {stream: " + c.Target + ", shards: [" + strconv.Itoa(c.Shards[0]) + ", " + strconv.Itoa(c.Shards[1]) + "]}"
	case engine.OpRedrive:
		out := "queue: " + c.Target
		if c.To != "" {
			out += ", to: " + c.To
		}
		if c.Rate > 0 {
			out += ", rate: " + strconv.Itoa(c.Rate)
		}
		return "redrive: {" + out + "}"
	}
	return c.Op.String() + ": " + c.Target
}
