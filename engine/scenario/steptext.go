package scenario

import (
	"encoding/json"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"esmlab/engine"
	"esmlab/engine/printable"
)

// This file writes commands as steps of a scenario.

// StepText writes a command as a step of a scenario, without its instant:
// "set: {ShipOrders.BatchSize: 50}".
func StepText(c *engine.Command) string { return StepAt(c, engine.Never) }

// StepAt writes a command as a step that stands at an instant: what it puts begins then, if
// it says no later time.
func StepAt(c *engine.Command, at engine.Micros) string {
	return c.Op.String() + ": " + stepArgument(c, at)
}

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

func stepArgument(c *engine.Command, at engine.Micros) string {
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
			parts = append(parts, scalar(one.Target), v)
		}
		return yamlMap(parts...)
	case engine.OpPut:
		return yamlPut(&c.Put, at)
	case engine.OpFault:
		return yamlFault(&c.Fault)
	case engine.OpDeny, engine.OpAllow:
		return yamlMap("mapping", scalar(c.Target), "actions", yamlActions(c.Actions))
	case engine.OpRedrive:
		return yamlMap("queue", scalar(c.Target), "to", yamlText(c.To), "rate", yamlInt(c.Rate))
	case engine.OpSplit:
		return yamlMap("stream", scalar(c.Target), "shard", yamlShards(c.Shards))
	case engine.OpMerge:
		return yamlMap("stream", scalar(c.Target), "shards", "["+yamlShards(c.Shards)+"]")
	case engine.OpReceive:
		r := &c.Receive
		deletes, visibility := "", ""
		if r.Deletes {
			deletes = "true"
		}
		if r.HasVisibility {
			visibility = r.Visibility.String() + "s"
		}
		return yamlMap("queue", scalar(r.Queue), "count", yamlInt(r.Count), "takes", r.Takes.String()+"s", "deletes", deletes, "visibility", visibility)
	}
	return scalar(c.Target)
}

// yamlActions writes IAM actions: * alone would be an alias.
func yamlActions(list []string) string {
	out := slices.Clone(list)
	for i, a := range out {
		if !plainAction.MatchString(a) {
			out[i] = quoted(a)
		}
	}
	return "[" + strings.Join(out, ", ") + "]"
}

var plainAction = regexp.MustCompile("^[a-z0-9-]+:[A-Za-z*]+$")

func yamlShards(list []int) string {
	var out []string
	for _, n := range list {
		out = append(out, strconv.Itoa(n))
	}
	return strings.Join(out, ", ")
}

// yamlPut writes a row of traffic that is put at an instant, as far as a row can say it.
func yamlPut(p *engine.Traffic, now engine.Micros) string {
	count, shard, at, every, from, until, rate := yamlInt(max(1, p.Count)), "", "", "", "", "", ""
	if p.Shard >= 0 {
		shard = strconv.Itoa(p.Shard)
	}
	if p.AtOnce {
		if p.At > now {
			at = yamlTime(p.At)
		}
	} else {
		if count = yamlInt(p.Count); len(p.Lines) > 0 {
			count = ""
		}
		begins := p.From
		if now != engine.Never {
			begins = max(begins, now)
		}
		if p.From > now {
			from = yamlTime(p.From)
		}
		if p.Until != engine.Never {
			until = yamlTime(p.Until)
		}
		switch {
		case len(p.Lines) > 0:
		case len(p.Rates) > 0:
			var points []string
			for _, r := range p.Rates {
				points = append(points, r.At.String()+"s: "+yamlPerHour(r.PerHour))
			}
			rate = "{" + strings.Join(points, ", ") + "}"
		case p.Per <= 1:
			every = yamlTime(p.Every)
		case p.Count == int(p.Per) && p.Until == begins+p.Every: // so many, evenly
		default:
			rate = yamlRate(p)
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
	keys, body := yamlList(p.Keys), yamlBody(p.Body)
	if len(p.Lines) > 0 { // they have both
		keys, body = "", ""
	}
	return yamlMap("to", scalar(p.To), "at", at, "count", count, "every", every, "rate", rate, "repeat", yamlTime(p.Repeat), "replay", yamlReplay(p.Lines), "from", from, "until", until, "shard", shard, "keys", keys, "random", random,
		"body", body, "size", yamlInt(p.Size), "op", op, "dedup", yamlText(p.Dedup), "delay", delay, "attributes", attributes,
		"batch", yamlInt(p.Batch), "aggregate", yamlInt(p.Aggregate), "fails", yamlShare(p.Fails), "lost", yamlShare(p.Lost), "retry", yamlRetry(&p.Retry))
}

// yamlRetry writes how a producer puts again.
func yamlRetry(r *engine.Retry) string {
	if r.Times == 0 {
		return ""
	}
	if (*r == engine.Retry{Times: r.Times, After: 100 * engine.Millisecond, Backoff: true}) {
		return strconv.Itoa(r.Times)
	}
	backoff, whole := "", ""
	if !r.Backoff {
		backoff = "false"
	}
	if r.Whole {
		whole = "true"
	}
	return yamlMap("times", strconv.Itoa(r.Times), "after", r.After.String()+"s", "backoff", backoff, "whole", whole)
}

// yamlReplay writes the lines of a replay as JSON lines.
func yamlReplay(lines []engine.Line) string {
	if len(lines) == 0 {
		return ""
	}
	var b strings.Builder
	for _, l := range lines {
		b.WriteString(`{"time": "` + l.At.String() + `s", "key": ` + quote(l.Key) + `, "body": ` + quote(l.Body) + "}\n")
	}
	return quoted(b.String())
}

// yamlPerHour writes a rate that is so much an hour, by the largest unit that it takes.
func yamlPerHour(n int64) string {
	switch {
	case n == 0:
		return "0"
	case n%3600 == 0:
		return strconv.FormatInt(n/3600, 10) + "/s"
	case n%60 == 0:
		return strconv.FormatInt(n/60, 10) + "/m"
	}
	return strconv.FormatInt(n, 10) + "/h"
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
	names, reply := "", ""
	switch f.How {
	case engine.HowSlow:
		takes = yamlTakes(&f.Takes)
	case engine.HowReport:
		names = engine.NamesWords[f.Names]
	case engine.HowReply: // as it stands: its blanks count too
		reply = quoted(f.Reply)
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
	return yamlMap("function", scalar(f.Function), "name", yamlText(f.Name), "how", f.How.String(), "records", yamlList(records), "keys", yamlList(f.Keys), "nth", yamlInt(f.Nth), "chance", chance,
		"from", from, "until", until, "takes", takes, "deliveries", yamlInt(f.Deliveries), "version", yamlText(f.Version), "names", names, "reply", reply,
		"matching", matching, "when", when, "before", before, "visibility", visibility)
}

// yamlTakes writes how long a function takes.
func yamlTakes(t *engine.Takes) string {
	switch {
	case t.Spread > 0:
		return yamlMap("min", t.Base.String()+"s", "max", (t.Base+t.Spread).String()+"s")
	case t.Each > 0:
		return yamlMap("base", t.Base.String()+"s", "each", t.Each.String()+"s")
	}
	return t.Base.String() + "s"
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
