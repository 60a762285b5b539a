package main

import (
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	"esmlab/engine"
	"esmlab/engine/event"
	"esmlab/engine/rule"
	"esmlab/engine/scenario"
)

var rewrite = flag.Bool("rewrite", false, "write the pages that are made from the program: docs/facts.md and docs/reference")

// page compares a page of the documentation with what the program says; with
// -rewrite it writes the page.
func page(t *testing.T, path, text string) {
	t.Helper()
	if *rewrite {
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	if have, err := os.ReadFile(path); err != nil || string(have) != text {
		t.Errorf("%s is not what the program says (go test . -rewrite writes it): %v", path, err)
	}
}

// cell makes a text fit for a cell of a Markdown table.
func cell(s string) string {
	return strings.NewReplacer("|", `\|`, "<", `\<`, "*", `\*`, "$", `\$`).Replace(s)
}

// generated stands at the top of a page that is made from the program.
const generated = "\nA test makes this page from the program; `go test . -rewrite` writes it.\n\n"

// TestReferenceRules keeps docs/reference/rules.md, every modelled rule with
// its source, the list of rules of engine/rule.
func TestReferenceRules(t *testing.T) {
	var b strings.Builder
	b.WriteString("# Rules\n" + generated + "Each event of a run names the rule that decided it, and `esmlab explain RULE` prints it. How a rule is\n" +
		"known: *documented* (AWS says so), *observed* (recorded on AWS), *inferred* (follows from both) or\n" +
		"*chosen* (AWS does not say; where it is a number, `chosen:` in a scenario sets it). The row is where\n" +
		"the [reference](README.md) states what AWS does.\n")
	families := []struct{ prefix, title string }{
		{"KIN", "Kinesis data streams"}, {"DDB", "Streams of DynamoDB tables"}, {"MAP", "Mappings of streams"},
		{"SQS", "Queues and their mappings"}, {"FIFO", "FIFO queues"}, {"FIL", "Filters"}, {"FN", "Functions"}, {"DST", "Destinations"}, {"PUT", "Producers"}, {"CFN", "Deployments"}, {"SNS", "Topics"}, {"S3", "Notifications of buckets"}, {"EB", "Rules of EventBridge"}, {"FRONT", "What stands in front"}, {"SIM", "The simulation itself"},
	}
	told := 0
	for _, f := range families {
		fmt.Fprintf(&b, "\n## %s: %s\n\n| rule | what holds | known | row |\n|---|---|---|---|\n", f.prefix, f.title)
		for i := range rule.All {
			r := &rule.All[i]
			if !strings.HasPrefix(string(r.ID), f.prefix+"-") {
				continue
			}
			told++
			known := string(r.Confidence)
			if strings.HasPrefix(r.Source, "https://") {
				known = fmt.Sprintf("[%s](%s), %s", known, r.Source, r.Read)
			}
			if n := r.Number; n != nil {
				known += fmt.Sprintf("; %s (%s)", n.Default, n.Unit)
			}
			fmt.Fprintf(&b, "| %s | %s | %s | %s |\n", r.ID, cell(r.Statement), known, r.Row)
		}
	}
	if told != len(rule.All) {
		t.Errorf("%d of %d rules belong to a family of the page", told, len(rule.All))
	}
	page(t, "docs/reference/rules.md", b.String())
}

// TestReferenceRows keeps docs/reference/streams.md, queues.md and new.md, every row
// of the reading of AWS, the rows of engine/rule.
func TestReferenceRows(t *testing.T) {
	for _, p := range []struct{ path, prefix, title, about string }{
		{"docs/reference/streams.md", "S-", "Streams and their mappings", "What AWS does with a mapping of a Kinesis data stream or of a DynamoDB table's stream, row by row"},
		{"docs/reference/new.md", "N-", "What has changed, and what is new", "What AWS does since the other pages were read, as its own pages stood in October 2026, row by row"},
		{"docs/reference/queues.md", "Q-", "Queues and their mappings", "What AWS does with a mapping of an SQS queue, with functions and dead-letter queues, row by row"},
	} {
		var b strings.Builder
		fmt.Fprintf(&b, "# %s\n%s%s.\nThe last column says what the simulation makes of a row: the [rules](rules.md) that decide it, the tests\n"+
			"that hold it, the error with which it is refused; *explained* is a fact without effect on a run.\n"+
			"Comments, settings and rules refer to rows and sections by these ids. `esmlab explain ROW` prints a row.\n", p.title, generated, p.about)
		for _, s := range rule.Sections() {
			if !strings.HasPrefix(s.ID, p.prefix) {
				continue
			}
			fmt.Fprintf(&b, "\n## %s %s\n\n", s.ID, s.Title)
			begun := false
			for _, r := range rule.Rows() {
				if r.Section() != s.ID {
					continue
				}
				if !begun {
					begun = true
					b.WriteString("| row | what AWS does | here |\n|---|---|---|\n")
				}
				fmt.Fprintf(&b, "| %s | %s | %s |\n", r.Name, cell(r.Says), cell(coverage(r)))
			}
			for _, sh := range shapes {
				if sh.section == s.ID {
					if begun {
						b.WriteByte('\n')
					}
					begun = true
					fmt.Fprintf(&b, "%s\n\n```json\n%s\n```\n", sh.about, sh.json(t))
				}
			}
			if !begun {
				t.Errorf("section %s is empty", s.ID)
			}
		}
		page(t, p.path, b.String())
	}
}

// coverage says how a row is covered.
func coverage(r rule.Row) string {
	var out []string
	for _, id := range r.Rules {
		out = append(out, string(id))
	}
	switch {
	case r.Error != "":
		out = append(out, "refused: "+r.Error)
	case r.Not != "":
		out = append(out, "not simulated: "+r.Not)
	case r.Explained():
		out = append(out, "explained")
	default:
		out = append(out, r.Tests...)
	}
	return strings.Join(out, " ")
}

// shape is a JSON document of AWS's, as a run of the engine gives it.
type shape struct {
	section, about string
	scenario       string // the template
	make           func(*engine.Sim) []byte
}

// first is the event of the first record of a mapping's first shard.
func first(s *engine.Sim) []byte { return event.Function(s, 0, 0, []int32{1}, nil) }

// lost is the failure record of the first discard.
func lost(s *engine.Sim) []byte { return event.Failure(s, &s.Discards[0]) }

var shapes = []shape{
	{"S-9.1", "`data` is base64; `itemIdentifier` of a partial response is the `sequenceNumber`.", stream("Kinesis", "Orders", kinesis, ""), first},
	{"S-9.2", "An image depends on the event and on the view type: an INSERT has no OldImage, a REMOVE no NewImage, KEYS_ONLY neither.\n" +
		"A change made by TTL has `userIdentity` as well.", stream("DynamoDB", "Orders", table, ""), first},
	{"S-9.3", "With a queue or a topic as destination. A bucket's object has the event as `payload` as well, in a text. A record given up\n" +
		"for its age has no `responseContext`; after a partial response `functionError` is null; a table's record has `DDBStreamBatchInfo`.",
		stream("Kinesis", "Orders", kinesis, "MaximumRetryAttempts: 1, DestinationConfig: {OnFailure: {Type: SQS, Destination: !GetAtt Failures.Arn}}"), lost},
	{"S-9.4", "What a handler returns:", "", func(*engine.Sim) []byte {
		return []byte(`{"batchItemFailures":[{"itemIdentifier":"49600000000000000000000000000000000000000000000000000002"}]}`)
	}},
	{"S-9.5", "The final call of a window; other calls hold records. The answer is `{\"state\": {…}, \"batchItemFailures\": []}`.", stream("Kinesis", "Orders", kinesis, ""), func(s *engine.Sim) []byte {
		const start = 1796083200_000000
		return event.Function(s, 0, 0, nil, &engine.Window{Start: start, End: start + 120_000000, State: `{"orders":42}`, Final: true})
	}},
	{"Q-16", "All attributes are texts. `itemIdentifier` of a partial response is the `messageId`. A FIFO queue's message has `SequenceNumber`,\n" +
		"`MessageGroupId` and `MessageDeduplicationId` among its attributes, a fair queue's `MessageGroupId`.",
		stream("SQS", "Orders", `{Type: AWS::SQS::Queue}`, ""), func(s *engine.Sim) []byte { return event.Messages(s, []int32{s.MessageID(s.QueueIndex("Orders"), 1)}) }},
}

const (
	kinesis = `{Type: AWS::Kinesis::Stream, Properties: {ShardCount: 1}}`
	table   = `{Type: AWS::DynamoDB::Table, Properties: {KeySchema: [{AttributeName: pk, KeyType: HASH}], AttributeDefinitions: [{AttributeName: pk, AttributeType: S}], BillingMode: PAY_PER_REQUEST, StreamSpecification: {StreamViewType: NEW_AND_OLD_IMAGES}}}`
)

// stream is a template with one source, a function that fails and a mapping
// with further properties.
func stream(kind, id, source, more string) string {
	at := "Stream: !GetAtt " + id + ".Arn, StartingPosition: TRIM_HORIZON"
	switch kind {
	case "DynamoDB":
		at = "Stream: !GetAtt " + id + ".StreamArn, StartingPosition: TRIM_HORIZON"
	case "SQS":
		at = "Queue: !GetAtt " + id + ".Arn"
	}
	if more != "" {
		at += ", " + more
	}
	return fmt.Sprintf(`Transform: AWS::Serverless-2016-10-31
Metadata:
  esmlab:
    for: 20s
    traffic: [{to: %[1]s, at: 1s, count: 1, body: {order: "{n}"}}]
    functions: {Ship: {takes: 100ms, faults: [{name: bad, how: error}]}}
Resources:
  %[1]s: %[2]s
  Failures: {Type: AWS::SQS::Queue}
  Ship:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: nodejs22.x
      Handler: index.handler
      InlineCode: "exports.handler = async () => {}"
      Timeout: 10
      Events: {Orders: {Type: %[3]s, Properties: {%[4]s}}}
`, id, source, kind, at)
}

// json runs the scenario and gives the document, indented.
func (sh *shape) json(t *testing.T) string {
	t.Helper()
	var s *engine.Sim
	if sh.scenario != "" {
		sc, err := scenario.Read("template.yaml", []byte(sh.scenario), scenario.Options{})
		if err != nil {
			t.Fatalf("%s: %v", sh.section, err)
		}
		r, err := scenario.NewRunner(sc, nil)
		if err != nil {
			t.Fatalf("%s: %v", sh.section, err)
		}
		r.Advance(r.End())
		s = r.Sim
	}
	var b bytes.Buffer
	if err := json.Indent(&b, sh.make(s), "", "  "); err != nil {
		t.Fatalf("%s: %v", sh.section, err)
	}
	return b.String()
}

// TestRuleRows holds that each rule refers to a row, a section or a section of
// docs/reference/recorded.md.
func TestRuleRows(t *testing.T) {
	recorded, err := os.ReadFile("docs/reference/recorded.md")
	if err != nil {
		t.Fatal(err)
	}
	for i := range rule.All {
		r := &rule.All[i]
		_, row := rule.FindRow(r.Row)
		section := slices.ContainsFunc(rule.Sections(), func(s rule.Section) bool { return s.ID == r.Row })
		if !row && !section && !strings.Contains(string(recorded), "\n## "+r.Row+" ") {
			t.Errorf("%s refers to %s, which does not exist", r.ID, r.Row)
		}
	}
}
