package card

import (
	"slices"
	"strings"
	"testing"
)

// A topic is a name first, and words where nothing has that name.
func TestOnTopic(t *testing.T) {
	cards := []*Card{
		{ID: "a", File: "deck/streams/errors.md", Tags: []string{"aws/kinesis", "topic/on-failure", "n13", "c03-1-2-4", "c02-4-1-7"}, Title: []Span{{Text: "What is retried?"}}},
		{ID: "b", File: "deck/queues/dlq.md", Tags: []string{"aws/sqs", "C03-2-1-6"}, Title: []Span{{Text: "Who moves a message?"}}, Heading: []string{"Dead letters"}},
		{ID: "c", File: "mine.md", Tags: []string{"c02-1-2-2"}, Title: []Span{{Text: "How many retries has a stream?"}}},
	}
	for topic, want := range map[string]string{
		"security": "b", "domain 2": "b", "Domain1": "ac", "1.2.4": "a", "1.2": "ac", "4.1.7": "", "c03-1-2-4": "a", "n13": "a", "#n13": "a",
		"kinesis": "a", "on-failure": "a", "topic/on-failure": "a", "queues": "b", "dlq": "b", "mine": "c", "dead  letters": "b",
		"retries": "ac", "message moves": "b", "kinesis, dlq": "ab", "streams": "a", "nothing": "", "": "", "retried": "a",
	} {
		got := ""
		for _, c := range OnTopic(cards, topic) {
			got += c.ID
		}
		if got != want {
			t.Errorf("%q: %q, want %q", topic, got, want)
		}
	}
	if got := Topics(cards); !slices.Equal(got, []string{"dlq", "errors", "kinesis", "mine", "on-failure", "queues", "sqs", "streams"}) {
		t.Error(strings.Join(got, " "))
	}
}
