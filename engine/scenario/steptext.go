package scenario

import (
	"encoding/json"
	"regexp"
	"strconv"
	"strings"

	"esmlab/engine"
	"esmlab/engine/printable"
)

// This file writes commands as steps of a scenario.

// StepText writes a command as a step of a scenario, without its instant:
// "set: {ShipOrders.BatchSize: 50}".
func StepText(c *engine.Command) string { return c.Op.String() + ": " + stepArgument(c) }

// yamlMap writes a map with what is not empty.
func yamlMap(pairs ...string) string {
	var out []string
	for i := 0; i+1 < len(pairs); i += 2 {
		if pairs[i+1] != "" {
			out = append(out, pairs[i]+": "+pairs[i+1])
		}
	}
	return "{" + strings.Join(out, ", ") + "}"
}

func yamlList(words []string) string {
	if len(words) == 0 {
		return ""
	}
	out := make([]string, len(words))
	for i, w := range words {
		out[i] = scalar(w)
	}
	return "[" + strings.Join(out, ", ") + "]"
}

func yamlInt(n int) string {
	if n == 0 {
		return ""
	}
	return strconv.Itoa(n)
}

func yamlShare(x float64) string {
	if x == 0 {
		return ""
	}
	return strconv.FormatFloat(x, 'g', -1, 64)
}

func yamlTime(m engine.Micros) string {
	if m == 0 {
		return ""
	}
	return m.String() + "s"
}

func yamlText(s string) string {
	if s == "" {
		return ""
	}
	return scalar(s)
}

func stepArgument(c *engine.Command) string {
	switch c.Op {
	case engine.OpSet:
		var parts []string
		for _, one := range append([]engine.Setting{{Target: c.Target, Value: c.Value}}, c.Also...) {
			v := one.Value.String()
			switch {
			case one.Value.Kind == engine.ValueText && v == "" && strings.HasSuffix(one.Target, ".FilterCriteria"):
				v = "{Filters: []}"
			case one.Value.Kind == engine.ValueText:
				v = scalar(v)
			case one.Value.Kind == engine.ValueTime:
				v += "s"
			}
			parts = append(parts, one.Target, v)
		}
		return yamlMap(parts...)
	case engine.OpPut:
		return yamlPut(&c.Put)
	case engine.OpFault:
		return yamlFault(&c.Fault)
	case engine.OpDeny, engine.OpAllow:
		return "{mapping: " + c.Target + ", actions: [" + strings.Join(c.Actions, ", ") + "]}"
	case engine.OpRedrive:
		return yamlMap("queue", c.Target, "to", c.To, "rate", yamlInt(c.Rate))
	case engine.OpSplit:
		return yamlMap("stream", c.Target, "shard", yamlShards(c.Shards))
	case engine.OpMerge:
		return yamlMap("stream", c.Target, "shards", "["+yamlShards(c.Shards)+"]")
	case engine.OpReceive:
		r := &c.Receive
		deletes, visibility := "", ""
		if r.Deletes {
			deletes = "true"
		}
		if r.HasVisibility {
			visibility = r.Visibility.String() + "s"
		}
		return yamlMap("queue", r.Queue, "count", yamlInt(r.Count), "takes", r.Takes.String()+"s", "deletes", deletes, "visibility", visibility)
	}
	return scalar(c.Target)
}

func yamlShards(list []int) string {
	var out []string
	for _, n := range list {
		out = append(out, strconv.Itoa(n))
	}
	return strings.Join(out, ", ")
}

func yamlPut(p *engine.Traffic) string {
	count, shard, every, from, until, rate := yamlInt(max(1, p.Count)), "", "", "", "", ""
	if p.Shard >= 0 {
		shard = strconv.Itoa(p.Shard)
	}
	if !p.AtOnce {
		if count = yamlInt(p.Count); p.Per > 1 {
			rate = yamlRate(p)
		} else {
			every = yamlTime(p.Every)
		}
		if until = ""; p.Until != engine.Never {
			until = yamlTime(p.Until)
		}
	}
	random, op, delay := "", "", ""
	if p.Random {
		random = "true"
	}
	if p.Op > 0 {
		op = engine.WriteOps[p.Op]
	}
	if p.HasDelay {
		delay = p.Delay.String() + "s"
	}
	attributes := ""
	for _, a := range p.Attributes {
		v := a.Value
		if a.Type == "String" {
			v = quoted(v)
		}
		attributes += ", " + quoted(a.Name) + ": " + v
	}
	if attributes != "" {
		attributes = "{" + attributes[2:] + "}"
	}
	return yamlMap("to", p.To, "count", count, "every", every, "rate", rate, "from", from, "until", until, "shard", shard, "keys", yamlList(p.Keys), "random", random,
		"body", yamlBody(p.Body), "size", yamlInt(p.Size), "op", op, "dedup", yamlText(p.Dedup), "delay", delay, "attributes", attributes,
		"batch", yamlInt(p.Batch), "aggregate", yamlInt(p.Aggregate), "fails", yamlShare(p.Fails), "lost", yamlShare(p.Lost))
}

// yamlBody is a text as it stands: what looks like JSON with a placeholder in it is quoted.
func yamlBody(s string) string {
	if s == "" {
		return ""
	}
	return quoted(s)
}

// yamlRate writes a rate that is not so much for each record.
func yamlRate(p *engine.Traffic) string {
	for unit, one := range map[string]engine.Micros{"s": engine.Second, "m": engine.Minute, "h": engine.Hour} {
		if p.Every == one {
			return strconv.FormatInt(p.Per, 10) + "/" + unit
		}
	}
	return strconv.FormatInt(p.Per*int64(engine.Hour)/int64(p.Every), 10) + "/h"
}

func yamlFault(f *engine.Fault) string {
	var records []string
	for _, l := range f.Records {
		records = append(records, l.String())
	}
	from, until, takes, chance, matching, before, visibility := "", "", "", "", "", "", ""
	if f.From > 0 || f.Until != engine.Never {
		from = f.From.String() + "s"
	}
	if f.Until != engine.Never {
		until = f.Until.String() + "s"
	}
	if f.How == engine.HowSlow {
		takes = f.Takes.Base.String() + "s"
	}
	if f.HasChance {
		chance = strconv.FormatFloat(f.Chance, 'g', -1, 64)
	}
	if list := f.Matching.Patterns(); len(list) > 0 {
		var out []string
		for _, p := range list {
			out = append(out, quoted(p.Source()))
		}
		matching = "[" + strings.Join(out, ", ") + "]"
	}
	when := ""
	if f.When != nil {
		when = quoted(f.When.String())
	}
	if f.Before {
		before = "true"
	}
	if f.HasVisibility {
		visibility = f.Visibility.String() + "s"
	}
	return yamlMap("function", f.Function, "name", yamlText(f.Name), "how", f.How.String(), "records", yamlList(records), "keys", yamlList(f.Keys), "nth", yamlInt(f.Nth), "chance", chance,
		"from", from, "until", until, "takes", takes, "deliveries", yamlInt(f.Deliveries), "version", yamlText(f.Version), "names", yamlText(engine.NamesWords[f.Names]), "reply", yamlText(f.Reply),
		"matching", matching, "when", when, "before", before, "visibility", visibility)
}

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
	return quoted(s)
}

func quoted(s string) string {
	out, _ := json.Marshal(s) // a text can be written
	return string(printable.JSON(out))
}

var plainScalar = regexp.MustCompile("^[A-Za-z_]([A-Za-z0-9_#./'-]| [A-Za-z0-9])*$")

// Scalar writes a text in YAML's flow style, quoted where it must be.
func Scalar(s string) string { return scalar(s) }
