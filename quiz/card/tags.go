package card

import (
	"strconv"
	"strings"
)

// How many there are of each kind of tag that says where a card comes from.
const (
	Facts       = 32 // #n01 to #n32: the facts of the coverage list
	StreamTraps = 22 // #trap-s1 … : exam traps about streams
	QueueTraps  = 33 // #trap-q1 … : exam traps about queues
	UserRows    = 24 // #user-1 …  : what users of the real thing struggle with
)

// Skills are the skills of the two exam guides that cards can train, as tags
// (c02-1-2-2 is skill 1.2.2 of DVA-C02), with what they are about.
var Skills = map[string]string{
	"c02-1-1-4": "synchronous and asynchronous", "c02-1-1-5": "fault tolerance", "c02-1-1-8": "messaging", "c02-1-1-10": "streaming data",
	"c02-1-1-13": "resilience and retries", "c02-1-2-2": "functions: triggers, concurrency, timeout, destinations", "c02-1-2-3": "event lifecycle and errors",
	"c02-1-2-5": "functions with other services", "c02-1-2-7": "processing in near real time", "c02-2-1-5": "permissions", "c02-2-1-6": "roles",
	"c02-2-1-8": "permissions of applications", "c02-2-2-6": "keys across accounts", "c02-3-2-5": "test events", "c02-3-3-1": "test events in a pipeline",
	"c02-4-1-2": "metrics and logs", "c02-4-1-7": "troubleshooting integrations", "c02-4-3-1": "concurrency", "c02-4-3-4": "filter policies",
	"c03-1-1-1": "decoupling", "c03-1-1-2": "synchronous and asynchronous", "c03-1-1-3": "fault tolerance and retries",
	"c03-1-1-5": "answers of the SDK", "c03-1-1-6": "streaming data", "c03-1-1-7": "what a record holds, and its form", "c03-1-1-8": "event-driven patterns",
	"c03-1-2-1": "functions in a VPC", "c03-1-2-2": "functions: settings and concurrency", "c03-1-2-3": "event lifecycle and errors",
	"c03-1-2-4": "event source mappings and destinations", "c03-1-3-1": "lifecycles of data",
	"c03-2-1-6": "permissions", "c03-2-1-7": "roles", "c03-2-2-1": "encryption at rest and on the wire", "c03-2-2-3": "encryption by client or server",
	"c03-2-2-4": "encryption keys", "c03-2-2-6": "masking data", "c03-2-2-7": "secrets",
	"c03-3-1-4": "configuration", "c03-3-2-1": "tests", "c03-3-2-3": "test events", "c03-3-2-4": "versions and environments", "c03-3-3-1": "packages and layers",
	"c03-3-3-3": "infrastructure as code", "c03-3-3-4": "deployment hooks", "c03-3-3-6": "deployment strategies", "c03-3-3-7": "rollback",
	"c03-4-1-1": "troubleshooting integrations", "c03-4-1-2": "metrics", "c03-4-1-3": "logs", "c03-4-1-4": "failed deployments",
	"c03-4-2-2": "metrics of one's own", "c03-4-2-3": "alarms", "c03-4-2-4": "traces",
	"c03-4-3-1": "concurrency", "c03-4-3-2": "memory and time", "c03-4-3-3": "messaging and fan-out",
}

// HasTag reports whether a tag that says where a card comes from exists. Other
// tags (aws/kinesis, topic/on-failure) are free, and known is false for them.
func HasTag(tag string) (exists, known bool) {
	number := func(prefix string, most, width int) (bool, bool) {
		text, ok := strings.CutPrefix(tag, prefix)
		n, err := strconv.Atoi(text)
		if !ok || err != nil {
			return false, false
		}
		return n >= 1 && n <= most && (width == 0 || len(text) == width) && text[0] != '+', true
	}
	for _, k := range []struct {
		prefix      string
		most, width int
	}{{"n", Facts, 2}, {"trap-s", StreamTraps, 0}, {"trap-q", QueueTraps, 0}, {"user-", UserRows, 0}} {
		if exists, known := number(k.prefix, k.most, k.width); known {
			return exists, true
		}
	}
	switch {
	case strings.HasPrefix(tag, "c02-"), strings.HasPrefix(tag, "c03-"):
		return Skills[tag] != "", true
	case strings.HasPrefix(tag, "trap-"):
		return false, true
	}
	return false, false
}
