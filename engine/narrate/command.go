package narrate

import (
	"cmp"
	"strconv"
	"strings"

	"esmlab/engine"
	"esmlab/engine/setting"
)

// act says who does what: "you set …", "the scenario sets …", or "set …" where
// sentences do not say who.
func (f *facts) act(verb, rest string) string {
	switch {
	case f.Own == nil:
		return verb + " " + rest
	case f.Own(f.e.N):
		return "you " + verb + " " + rest
	}
	return "the scenario " + third(verb) + " " + rest
}

// third is the third person of a verb: its first word is inflected.
func third(verb string) string {
	word, rest, more := strings.Cut(verb, " ")
	switch {
	case strings.HasSuffix(word, "y") && !strings.HasSuffix(word, "oy"):
		word = word[:len(word)-1] + "ies"
	default:
		word += "s"
	}
	if more {
		word += " " + rest
	}
	return word
}

// ops say what each command did.
var ops = [engine.NumOps]func(*facts, *engine.Command) string{
	engine.OpSet: func(f *facts, c *engine.Command) string {
		text := f.act("set", f.setting(c.Target)+": "+Value(f.e.Applied.Was)+" → "+Value(c.Value))
		if f.e.Applied.InHand {
			_, name, _ := strings.Cut(c.Target, ".")
			text += "; " + When(name).from()
		}
		return text
	},
	engine.OpPut: func(f *facts, c *engine.Command) string {
		what := "record"
		for i := range f.cf.Queues {
			if f.cf.Queues[i].ID == c.Put.To {
				what = "message"
			}
		}
		text := count(max(1, c.Put.Count), what) + " to " + c.Put.To
		switch {
		case c.Put.Shard >= 0:
			text += ", shard " + num(c.Put.Shard)
		case len(c.Put.Keys) == 1 && what == "message":
			text += ", group " + c.Put.Keys[0]
		case len(c.Put.Keys) == 1:
			text += ", key " + c.Put.Keys[0]
		}
		return f.act("put", text)
	},
	engine.OpFault: func(f *facts, c *engine.Command) string {
		text := Fault(&c.Fault, false)
		if c.Fault.Name != "" && !strings.Contains(text, c.Fault.Name) {
			text += " (" + c.Fault.Name + ")"
		}
		return f.act("break", c.Fault.Function+": "+text)
	},
	engine.OpFix:     func(f *facts, c *engine.Command) string { return f.act("remove", "the fault "+c.Target) },
	engine.OpEnable:  func(f *facts, c *engine.Command) string { return f.act("enable", c.Target) },
	engine.OpDisable: func(f *facts, c *engine.Command) string { return f.act("disable", c.Target) },
	engine.OpRestart: func(f *facts, c *engine.Command) string {
		return f.act("restart", c.Target+" from its checkpoint")
	},
	engine.OpDeny: func(f *facts, c *engine.Command) string {
		return f.act("deny", c.Target+": "+strings.Join(c.Actions, ", "))
	},
	engine.OpAllow: func(f *facts, c *engine.Command) string {
		return f.act("allow", c.Target+": "+strings.Join(c.Actions, ", "))
	},
	engine.OpRemove: func(f *facts, c *engine.Command) string { return f.act("delete", c.Target) },
	engine.OpSplit: func(f *facts, c *engine.Command) string {
		return f.act("split", shards(c)+" of "+c.Target)
	},
	engine.OpMerge: func(f *facts, c *engine.Command) string {
		return f.act("merge", shards(c)+" of "+c.Target)
	},
	engine.OpRedrive: func(f *facts, c *engine.Command) string {
		to := ": each message back to the queue it came from"
		if c.To != "" {
			to = ": each message to " + c.To
		}
		if c.Rate > 0 {
			to += ", " + num(c.Rate) + " a second"
		}
		return f.act("redrive", c.Target+to)
	},
	engine.OpCancel: func(f *facts, c *engine.Command) string {
		return f.act("stop", "the redrive of "+c.Target)
	},
	engine.OpDeploy: func(f *facts, c *engine.Command) string {
		return f.act("deploy", cmp.Or(c.Target, "a changed template"))
	},
	engine.OpReceive: func(f *facts, c *engine.Command) string {
		return f.act("poll", c.Receive.Queue+" in the console: what is received is hidden, and the receive counts")
	},
	engine.OpPurge: func(f *facts, c *engine.Command) string {
		if takes := f.cf.Chosen.PurgeTakes; takes > 0 {
			return f.act("purge", c.Target+": it takes "+takes.Words()+", then all its messages are deleted")
		}
		return f.act("purge", c.Target+": all its messages are deleted")
	},
}

// shards names the shards of a command: shard 0, shards 0 and 1.
func shards(c *engine.Command) string {
	out := make([]string, len(c.Shards))
	for i, k := range c.Shards {
		out[i] = num(k)
	}
	return pick(len(out), "shard ", "shards ") + strings.Join(out, " and ")
}

// command says what a person or a step of the scenario did.
func command(f *facts) string {
	if r := f.e.Applied.Refused; r != nil {
		if f.Own == nil {
			return "refused: " + r.What + ": " + r.Error()
		}
		return f.act("try", "to "+r.What+", refused: "+r.Error())
	}
	c := &f.e.Applied.Command
	return ops[c.Op](f, c)
}

// setting drops the mapping shown from the dotted name of a setting.
func (n *Narrator) setting(target string) string {
	if n.Shown {
		if rest, ok := strings.CutPrefix(target, n.World.Config().Mappings[n.Mapping].ID+"."); ok {
			return rest
		}
	}
	return target
}

// Brief names a command in a few words, for lists and for the start of a sentence:
// BatchSize 5, 10 records put to Orders, fix poison.
func (n *Narrator) Brief(c *engine.Command) string {
	switch c.Op {
	case engine.OpSet:
		text := n.setting(c.Target) + " " + brief(c.Value)
		for _, more := range c.Also {
			text += ", " + n.setting(more.Target) + " " + brief(more.Value)
		}
		return text
	case engine.OpReceive:
		return "poll " + c.Receive.Queue
	case engine.OpPut:
		return count(max(1, c.Put.Count), "record") + " put to " + c.Put.To
	case engine.OpFault:
		return c.Fault.Function + " broken (" + Fault(&c.Fault, false) + ")"
	case engine.OpDeny, engine.OpAllow:
		return c.Op.String() + " " + c.Target + " " + strings.Join(c.Actions, ", ")
	case engine.OpSplit, engine.OpMerge:
		return c.Op.String() + " " + c.Target + " " + shards(c)
	case engine.OpDeploy:
		return "deploy " + cmp.Or(c.Target, "a changed template")
	case engine.OpRedrive:
		if c.To != "" {
			return "redrive " + c.Target + " to " + c.To
		}
	}
	return c.Op.String() + " " + c.Target
}

// brief is Typed, but for switches, which are on or off wherever a person reads them.
func brief(v engine.Value) string {
	if v.Kind == engine.ValueBool {
		return Value(v)
	}
	return Typed(v)
}

// Typed writes a value as it would be typed, and none for an empty one.
func Typed(v engine.Value) string {
	if s := v.String(); s != "" {
		return s
	}
	return "none"
}

// Value writes the value of a setting: on, off, none, 8 s, 5.
func Value(v engine.Value) string {
	switch {
	case v.Kind == engine.ValueBool && v.Bool:
		return "on"
	case v.Kind == engine.ValueBool:
		return "off"
	case v.Kind == engine.ValueTime:
		return engine.Micros(v.Int).Words()
	}
	return Typed(v)
}

// Fault says what a fault does and which invocations and records it hits, by all of its
// selectors: poison Orders#22, the next invocation times out. A short one has labels without
// their sources and names one record.
func Fault(f *engine.Fault, short bool) string {
	what := [...]string{"throws", "times out", "crashes", "is slow", "reports failures", "gives an invalid response"}[f.How]
	if f.How == engine.HowSlow {
		what = "takes " + f.Takes.Base.Words()
	}
	if f.Until != engine.Never && f.From+1 == f.Until {
		return "next invocation " + what
	}
	which, also := narrowing(f)
	picks := len(f.Records) > 0 || len(f.Keys) > 0 || f.Nth > 0
	if f.HasChance && (picks || which != "") {
		also = ", " + percent(f.Chance) + " of the time" + also
	}
	switch {
	case len(f.Records) > 0:
		var names []string
		for i, l := range f.Records {
			switch {
			case !short:
				names = append(names, l.String())
			case i == 0:
				names = append(names, "#"+num(l.N))
			}
		}
		who := strings.Join(names, ", ")
		if more := len(f.Records) - 1; short && more > 0 {
			who += " +" + num(more)
		}
		if f.How == engine.HowError {
			return "poison " + who + which + also
		}
		return who + which + " " + what + also
	case len(f.Keys) > 0 && short:
		return "key " + f.Keys[0] + which + " " + what + also
	case len(f.Keys) > 0:
		return pick(len(f.Keys), "key ", "keys ") + strings.Join(f.Keys, ", ") + which + ": " + what + also
	case f.Nth > 0:
		return "every " + Ordinal(f.Nth) + " record" + which + " " + what + also
	case (f.Matching != nil || f.When != nil) && short: // what it does is told first: the rest may be cut
		return what + strings.Replace(which, " that", " on what", 1) + also
	case f.Matching != nil || f.When != nil:
		return "a record" + which + " " + what + also
	case f.Version != "" && short:
		return "version " + f.Version + " " + what + also
	case f.Version != "":
		return "every invocation" + which + " " + what + also
	case f.HasChance:
		return percent(f.Chance) + " " + what + also
	case f.How == engine.HowSlow && short:
		return "slow: " + f.Takes.Base.Words() + also
	case short:
		return "each " + what + also
	}
	return "every invocation " + what + also
}

// narrowing says which of the records or invocations that a fault is about it hits: which
// goes after what they are, also at the end.
func narrowing(f *engine.Fault) (which, also string) {
	if list := f.Matching.Patterns(); len(list) > 0 {
		var sources []string
		for _, p := range list {
			sources = append(sources, p.Source())
		}
		which = " that matches " + strings.Join(sources, " or ")
	}
	if f.When != nil {
		which += " where " + f.When.String()
	}
	if f.Version != "" {
		which += " of version " + f.Version
	}
	if f.Deliveries > 0 {
		also = ", first " + pick(f.Deliveries, "delivery", num(f.Deliveries)+" deliveries") + " only"
	}
	switch ends := f.Until != engine.Never; {
	case f.From > 0 && ends:
		also += ", from " + f.From.Words() + " to " + f.Until.Words()
	case f.From > 0:
		also += ", from " + f.From.Words() + " on"
	case ends:
		also += ", until " + f.Until.Words()
	}
	return which, also
}

func percent(chance float64) string { return strconv.FormatFloat(chance*100, 'g', 3, 64) + " %" }

// Ordinal writes a number as 1st, 2nd, 3rd, 4th.
func Ordinal(n int) string {
	end := "th"
	if tens := n / 10 % 10; tens != 1 {
		switch n % 10 {
		case 1:
			end = "st"
		case 2:
			end = "nd"
		case 3:
			end = "rd"
		}
	}
	return num(n) + end
}

// Moment is when a change to a setting counts for a batch in hand (S-E52), with
// its names for people.
type Moment setting.Counts

// The moments, the ones that come first above.
const (
	NextBatch   = Moment(setting.NextBatch)
	NextTry     = Moment(setting.NextTry)
	NextFailure = Moment(setting.NextFailure)
	NextDiscard = Moment(setting.NextDiscard)
)

// When tells when a change to a parameter of a stream's mapping counts while a
// batch is in hand.
func When(name string) Moment {
	if p := setting.Find(setting.OfMapping, setting.AnyStream, name); p != nil {
		return Moment(p.Counts)
	}
	return NextBatch
}

// String names the moment in two words, for a pane's row.
func (m Moment) String() string {
	return [...]string{"next batch", "next try", "next fail", "next loss"}[m]
}

func (m Moment) from() string {
	return [...]string{"from the next batch", "from the next try", "from the next failure", "for what is given up next"}[m]
}

// Sentence says the same about "it", the change.
func (m Moment) Sentence() string {
	return [...]string{"it counts from the next batch on", "it counts from the next try on", "it counts when the batch in hand next fails", "it counts when a batch is given up"}[m]
}
