// Package fact knows what people's notes on event source mappings say: the 32
// facts of the coverage list, what AWS says of each today, and the words by
// which a note can be seen to hold one.
package fact

import (
	"slices"
	"strings"
	"unicode"

	"esmlab/engine/rule"
	"esmlab/quiz/card"
)

// State is whether a fact, as notes have it, still holds.
type State uint8

// The states of a fact.
const (
	Holds   State = iota
	Changed       // it was so, and AWS has changed it
	Wrong         // AWS says otherwise
)

var stateNames = [...]string{"holds", "changed since", "not so"}

func (s State) String() string { return stateNames[s] }

// Fact is one row of the coverage list.
type Fact struct {
	ID     string // N01 to N32; as a tag n01
	Says   string // what notes say
	AWS    string // what AWS does today
	State  State
	Source string // AWS's page
	Read   string // the day it was read
	// Phrases are the words by which a paragraph or a list item is seen to hold
	// the fact: all parts of one phrase must stand there, in their order where …
	// stands between them, in any order where + does.
	Phrases []string
	Rules   []rule.ID // that model it
	Rows    []string  // of the reading of AWS, where something is refused or only explained
	Of      string    // stream or queue: the section must speak of it; "": either
}

// Tag gives the tag of cards that ask for the fact.
func (f *Fact) Tag() string { return strings.ToLower(f.ID) }

// Place is where a note holds a fact.
type Place struct {
	Fact *Fact
	File string
	Line int
	Text string // of the paragraph or item
}

// Find gives the facts that a note holds, each at its first place, in the
// order of the facts. The note must have been read with its units. A note on
// something else holds none: what counts is said of event source mappings,
// streams or queues.
func Find(n *card.Note) []Place {
	texts, foreign, sectionOf := make([]string, len(n.Units)), make([]bool, len(n.Units)), make([]*score, len(n.Units))
	sections := map[string]*score{}
	var whole score
	for i, u := range n.Units {
		texts[i] = normal(u.Text)
		own := normal(u.Text[:min(u.Own, len(u.Text))])
		key := strings.Join(u.Headings, "\x00")
		if sections[key] == nil {
			sections[key] = &score{}
			sections[key].add(normal(strings.Join(u.Headings, " ")))
			whole.add(normal(strings.Join(u.Headings, " ")))
		}
		sections[key].add(own)
		whole.add(own)
		var other score
		other.add(texts[i])
		foreign[i], sectionOf[i] = other.foreign() > 0, sections[key]
	}
	if whole.streams+whole.queues <= max(whole.kafka, whole.s3, whole.iam) || whole.lambda == 0 {
		return nil
	}
	var out []Place
	for i := range All {
		f := &All[i]
		phrases := f.phrases()
		best := -1
		for j := range n.Units {
			if section := sectionOf[j]; foreign[j] || !section.isOurs() || !section.of(f.Of) || !in(texts[j], phrases) {
				continue
			}
			if best >= 0 && !within(n.Units, best, j, texts) {
				break
			}
			best = j
		}
		if best >= 0 {
			u := n.Units[best]
			text, _, _ := strings.Cut(u.Text, "\n")
			out = append(out, Place{Fact: f, File: n.File, Line: u.Line, Text: text})
		}
	}
	return out
}

// within reports whether unit j is an item nested in unit i: the inner place is
// the better one.
func within(units []card.Unit, i, j int, texts []string) bool {
	return j > i && units[i].Own < len(units[i].Text) && strings.Contains(texts[i], texts[j]) && slices.Equal(units[i].Headings, units[j].Headings)
}

// score counts what a text speaks of.
type score struct{ streams, queues, mappings, lambda, kafka, s3, iam int }

func (s *score) add(text string) {
	for _, w := range strings.Fields(text) {
		switch w {
		case "kinesis", "dynamodb", "shard", "shards", "stream", "streams", "iterator", "iterators":
			s.streams++
		case "sqs", "queue", "queues", "fifo":
			s.queues++
		case "mapping", "mappings", "mapper", "mappers":
			s.mappings++
		case "lambda":
			s.lambda++
		case "kafka", "msk", "broker", "brokers", "topic", "topics", "rabbitmq", "documentdb", "mq":
			s.kafka++
		case "s3", "bucket", "buckets":
			s.s3++
		case "iam", "policy", "policies", "principal", "principals":
			s.iam++
		}
	}
}

func (s *score) foreign() int { return s.kafka + s.s3 }

func (s *score) ours() int { return s.streams + s.queues + s.mappings }

func (s *score) isOurs() bool { return s.ours() > 0 && s.ours() > max(s.kafka, s.s3, s.iam) }

func (s *score) of(what string) bool {
	switch what {
	case "stream":
		return s.streams > 0
	case "queue":
		return s.queues > 0
	}
	return true
}

// normal gives a text as lower-case words with a space on both sides.
func normal(s string) string {
	words := strings.FieldsFunc(strings.ToLower(s), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })
	return " " + strings.Join(words, " ") + " "
}

// phrases gives the phrases of a fact: each is parts that stand in any order,
// and a part is words that stand in theirs.
func (f *Fact) phrases() (out [][][]string) {
	for _, p := range f.Phrases {
		var parts [][]string
		for _, part := range strings.Split(p, "+") {
			words := strings.Split(part, "…")
			for i := range words {
				words[i] = normal(words[i])
			}
			parts = append(parts, words)
		}
		out = append(out, parts)
	}
	return out
}

// in reports whether a normal text holds one of the phrases.
func in(text string, phrases [][][]string) bool {
	return slices.ContainsFunc(phrases, func(parts [][]string) bool {
		return !slices.ContainsFunc(parts, func(words []string) bool { return !ordered(text, words) })
	})
}

// ordered reports whether the parts stand in a text one after the other.
func ordered(text string, parts []string) bool {
	for _, p := range parts {
		i := strings.Index(text, p)
		if i < 0 {
			return false
		}
		text = text[i+len(p)-1:]
	}
	return true
}

// ByID gives the fact of that id, N13 or n13, or nil.
func ByID(id string) *Fact {
	for i := range All {
		if strings.EqualFold(All[i].ID, id) {
			return &All[i]
		}
	}
	return nil
}
