package setting

import (
	"slices"
	"strings"
)

// says makes the sentences of a row: each value as it is typed, and what it
// means; "*" stands for all other values, "bucket" for a destination that is
// one. In a sentence, {v} is the value as typed, {n noun} the number with its
// noun, {n+1 noun} one more, {time} the value as a length of time, {id} the
// resource and {account} the account's concurrency.
func says(pairs ...string) [][2]string {
	var out [][2]string
	for pair := range slices.Chunk(pairs, 2) {
		out = append(out, [2]string{pair[0], pair[1]})
	}
	return out
}

// Meaning says what a value means for a resource: "5: a batch is tried 6
// times, then given up". bucket tells that a destination is a bucket.
func (p *Row) Meaning(v Value, r *Resource, bucket bool) string {
	if p.saysFor != nil {
		return p.saysFor(v, r)
	}
	typed := p.Typed(v)
	for _, s := range p.says {
		if s[0] != typed && s[0] != "*" && !(s[0] == "bucket" && bucket) {
			continue
		}
		text := p.fill(s[1], v, r)
		if p.Kind == Destination || p.Kind == QueueID || p.Kind == Duration {
			return text
		}
		return typed + ": " + text
	}
	return typed
}

func (p *Row) fill(text string, v Value, r *Resource) string {
	length := Micros(v.Int)
	if v.Kind == ValueInt {
		length *= p.unit()
	}
	for {
		before, rest, found := strings.Cut(text, "{")
		if !found {
			return text
		}
		what, after, _ := strings.Cut(rest, "}")
		switch name, noun, _ := strings.Cut(what, " "); name {
		case "v":
			what = p.Typed(v)
		case "n":
			what = count(int(v.Int), noun)
		case "n+1":
			what = count(int(v.Int)+1, noun)
		case "time":
			what = length.Words()
		case "id":
			what = r.ID
		case "account":
			what = Thousands(r.Concurrency)
		}
		text = before + what + after
	}
}

func count(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return Thousands(n) + " " + noun + "s"
}

// sayTakes says how long an invocation takes: no longer than its Timeout.
func sayTakes(v Value, r *Resource) string {
	takes := Micros(v.Int)
	if v.Kind == ValueInt {
		takes *= Second
	}
	if limit := r.Function.Timeout; takes > limit {
		return r.ID + " would take " + takes.Words() + ", but its Timeout stops it after " + limit.Words()
	}
	return "an invocation of " + r.ID + " takes " + takes.Words() + ", whatever it is handed"
}
