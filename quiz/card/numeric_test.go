package card

import (
	"slices"
	"strings"
	"testing"
)

// Options that are numbers have an order, whatever stands around them.
func TestAscending(t *testing.T) {
	for _, c := range []struct{ options, want string }{
		{"1|4|2|3", "1|2|3|4"},
		{"7 times|Once|10 times|Twice: `maxReceiveCount` 2 ends it", "Once|Twice: `maxReceiveCount` 2 ends it|7 times|10 times"},
		{"About 300|About 65|20|1,000, the concurrency of the account", "20|About 65|About 300|1,000, the concurrency of the account"},
		{"1,000 ms|5 seconds|1 minute|0 ms", "0 ms|1,000 ms|5 seconds|1 minute"},
		{"256 KB|1 MiB|6 MB", "256 KB|1 MiB|6 MB"},
		{"10 and 25|10 and 10|10 and 20", "10 and 10|10 and 20|10 and 25"},
		{"1 of 4|1 of 1|0 of 4", "0 of 4|1 of 1|1 of 4"},
		{"18.2|10.2|28.2|38.2: the delay comes again", "10.2|18.2|28.2|38.2: the delay comes again"},
		{"5 shards|3 records|4 readers", "3 records|4 readers|5 shards"},
		{"One message that points to record 6 alone|One message that points to records 6, 7 and 8|No message so far", ""},
		{"1 delivery, 0 failures|2 deliveries, 1 failure|1 delivery, 1 failure", "1 delivery, 0 failures|1 delivery, 1 failure|2 deliveries, 1 failure"},
		{"1 to 5, then 2 to 5|1 to 5, then 2 alone|1 to 5, and no other", ""},
		{"30s|5m of nothing|2", ""},
		{"50%|5%|100%", "5%|50%|100%"},
		{"No message yet|2 only|1 to 5", "No message yet|1 to 5|2 only"},
		{"No message yet|2 only|1 to 5|2 to 5", ""},
		{"4 is hidden, 5 and 7 wait|4 is hidden, 5 and 7 are done", ""}, // figures are names here
		{"Lambda|SQS|3", ""},
		{"256-bit keys|128-bit keys", ""},
		{"x", ""}, {"1", ""},
	} {
		texts := strings.Split(c.options, "|")
		order, ok := Ascending(texts)
		var got []string
		for _, i := range order {
			got = append(got, texts[i])
		}
		if ok != (c.want != "") || ok && !slices.Equal(got, strings.Split(c.want, "|")) {
			t.Errorf("%s: %v %v", c.options, ok, got)
		}
	}
}

// "Right here." alone tells nothing: the rule stands in its place.
func TestWhy(t *testing.T) {
	const head = "> [!question] What?\n>\n> 1. a\n> 2. b\n> 3. c\n>\n"
	for _, c := range []struct{ answer, reason, want string }{
		{"2", "Right here.", "The rule."},
		{"2", "Right here. The message has `batchSize` 8.", "The message has batchSize 8."},
		{"2", "Right here, because it is so.", "Because it is so."},
		{"1, 2", "Right here.", ""},
		{"1, 2", "Right here: it waits.", "It waits."},
	} {
		n := Read("n.md", []byte(head+"> > [!success]- Answer: "+c.answer+"\n> > The rule.\n> >\n> > 1. Right here.\n> > 2. "+c.reason+"\n> > 3. Right with x.\n"), Options{})
		x := &n.Cards[0]
		got, ruled := x.Why(x.Option(2))
		if Text(got) != c.want || ruled != (c.want == "The rule.") {
			t.Errorf("%s of %s: %q %v", c.reason, c.answer, Text(got), ruled)
		}
		if got, _ := x.Why(x.Option(3)); Text(got) != "Right with x." {
			t.Errorf("wrong option: %q", Text(got))
		}
	}
}
