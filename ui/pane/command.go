package pane

import (
	"slices"
	"strings"

	"esmlab/engine"
	"esmlab/engine/narrate"
	"esmlab/ui/kit"
)

// command tells what a person did, or a step of the scenario.
func (c *Ctx) command(e *engine.Event) string {
	who := "the scenario"
	verb := func(you, it string) string {
		if who == "you" {
			return "you " + you
		}
		return who + " " + it
	}
	if slices.Contains(c.History.Own, e.N) {
		who = "you"
	}
	cmd := &e.Applied.Command
	switch e.Kind {
	case engine.KindSet:
		name := cmd.Target
		if id, rest, ok := strings.Cut(name, "."); ok && id == c.config().ID {
			name = rest
		}
		text := verb("set ", "sets ") + name + ": " + ValueText(e.Applied.Was) + " → " + ValueText(cmd.Value)
		if when := c.Pending[name]; when != "" {
			text += "; " + whenShort(when)
		}
		return text
	case engine.KindPutAsked:
		n := max(1, cmd.Put.Count)
		text := verb("put ", "puts ") + kit.Count(n, "record") + " to " + cmd.Put.To
		if cmd.Put.Shard >= 0 {
			text += ", shard " + itoa(cmd.Put.Shard)
		} else if len(cmd.Put.Keys) == 1 {
			text += ", key " + cmd.Put.Keys[0]
		}
		return text
	case engine.KindFault:
		return verb("break ", "breaks ") + cmd.Fault.Function + ": " + FaultText(&cmd.Fault, false)
	case engine.KindFix:
		return verb("take off the fault ", "takes off the fault ") + cmd.Target
	case engine.KindEnable:
		return verb("enable ", "enables ") + cmd.Target
	case engine.KindDisable:
		return verb("disable ", "disables ") + cmd.Target
	case engine.KindRestart:
		return verb("restart ", "restarts ") + cmd.Target + " from its checkpoint"
	case engine.KindDeny:
		return verb("deny ", "denies ") + cmd.Target + ": " + strings.Join(cmd.Actions, ", ")
	case engine.KindAllow:
		return verb("allow ", "allows ") + cmd.Target + ": " + strings.Join(cmd.Actions, ", ")
	case engine.KindRedrive:
		text := verb("redrive ", "redrives ") + cmd.Target
		if cmd.To != "" {
			text += " to " + cmd.To
		}
		return text + ": its messages move one by one"
	case engine.KindCancel:
		return verb("stop ", "stops ") + "the redrive of " + cmd.Target
	case engine.KindPurge:
		return verb("purge ", "purges ") + cmd.Target + ": all its messages are deleted"
	case engine.KindSplit:
		return verb("split ", "splits ") + "shard " + itoa(cmd.Shards[0]) + " of " + cmd.Target
	case engine.KindMerge:
		return verb("merge ", "merges ") + "shards " + itoa(cmd.Shards[0]) + " and " + itoa(cmd.Shards[1]) + " of " + cmd.Target
	case engine.KindRemove:
		return verb("remove ", "removes ") + cmd.Target
	case engine.KindRefuse:
		r := e.Applied.Refused
		text := r.Message
		if r.Code != "" {
			text = r.Code + ": " + text
		}
		return verb("asked for ", "asks for ") + r.What + ", refused: " + text
	}
	return ""
}

// ValueText writes a setting's value as pane 5 does.
func ValueText(v engine.Value) string {
	switch {
	case v.Kind == engine.ValueBool && v.Bool:
		return "on"
	case v.Kind == engine.ValueBool:
		return "off"
	case v.Kind == engine.ValueText && v.Text == "":
		return "none"
	case v.Kind == engine.ValueTime:
		return Dur(engine.Micros(v.Int))
	}
	return v.String()
}

// When a change to a setting matters while a batch is under way (S-E52).
const (
	NextFail  = "next fail"
	NextTry   = "next try"
	NextBatch = "next batch"
	NextGone  = "next loss"
)

// When says what a changed setting waits for while a batch is under way.
func When(name string) string { return narrate.When(name).String() }

func whenShort(when string) string {
	switch when {
	case NextFail:
		return "from the next failure"
	case NextTry:
		return "from the next try"
	case NextGone:
		return "for what is given up next"
	}
	return "from the next batch"
}

// WhenLong says the same in a sentence.
func WhenLong(when string) string {
	switch when {
	case NextFail:
		return "it counts when the batch under way next fails"
	case NextTry:
		return "it counts from the next try on"
	case NextGone:
		return "it counts when a batch is given up"
	}
	return "it counts from the next batch on"
}
