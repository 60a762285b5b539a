package scenario_test

import (
	"strings"
	"testing"

	"esmlab/engine"
	"esmlab/engine/internal/fuzzing"
	"esmlab/engine/scenario"
	"esmlab/engine/template"
)

// FuzzRead: no scenario panics, neither as it is read nor as it runs, and what
// is refused is refused in lines with places.
func FuzzRead(f *testing.F) {
	for _, meta := range metadata() {
		f.Add(meta)
	}
	f.Fuzz(playMetadata)
}

// TestFuzzBriefly: FuzzRead for a short time, in every run of the tests.
func TestFuzzBriefly(t *testing.T) {
	fuzzing.Briefly(t, metadata(), 300, playMetadata)
}

// metadata is the corpus: that of the built-in scenarios, and what was hard once.
func metadata() (out []string) {
	for _, name := range scenario.Names() {
		src, _ := scenario.Builtin(name)
		out = append(out, string(src[strings.Index(string(src), "esmlab:")+len("esmlab:"):strings.Index(string(src), "Resources:")]))
	}
	for _, s := range []string{
		"traffic: [{to: Orders, at: 0s, count: 3, size: 1048577}]\nsteps: [{at: 0s, split: {stream: Orders, shard: 0}}, {at: 0s, merge: {stream: Orders, shards: [1, 2]}}]",
		"steps: [{at: 1s, remove: Ship}, {at: 1s, remove: Orders}, {at: 2s, restart: ShipOrders}, {at: 2s, disable: ShipOrders}, {at: 2s, enable: ShipOrders}, {at: 3s, remove: ShipOrders}]",
		"steps: [{at: 1s, set: {ShipOrders.ParallelizationFactor: 5}}, {at: 2s, set: {ShipOrders.TumblingWindowInSeconds: 5}}, {at: 2s, set: {Orders.ShardCount: 2}}]\nfunctions: {Ship: {takes: {min: 0s, max: 3s}, faults: [{chance: 0.5}]}}",
		"seed: 18446744073709551615\nstarts: 1970-01-01T00:00:00Z\nchosen: {MAP-RETRY-2: 1ms, KIN-SHARD-2: 1}\naccount: {concurrency: 0}",
		"expect: [{that: 'let x = 1; record(\"Orders#\" + string(x)).state == \"done\"', always: true}, {that: '[1][5] == 1'}]\nstops: [0, 't > 1']",
		"traffic: [{to: Jobs, at: 0s, count: 30, keys: [a, b], body: {kind: x}}, {to: Jobs, every: 300ms, delay: 2s}, {to: Jobs, at: 1s, dedup: x, count: 2}]\nsources: {Jobs: {duplicates: 0.3, failed_deletes: 0.3}}\nfunctions: {Ship: {takes: {min: 0s, max: 3s}, sends: Jobs, faults: [{nth: 3, how: report, deliveries: 2}]}}",
		"steps: [{at: 0s, set: {Jobs.VisibilityTimeout: 0, ShipJobs.FilterCriteria: {Filters: [{Pattern: '{\"body\":{\"n\":[1]}}'}]}}}, {at: 1s, set: {Jobs.RedrivePolicy.maxReceiveCount: 1}}, {at: 3s, redrive: {queue: JobsDead, rate: 1}}, {at: 5s, cancel: JobsDead}, {at: 6s, purge: Jobs}]",
		"steps: [{at: 1s, set: {ShipJobs.ProvisionedPollerConfig: {MinimumPollers: 3, MaximumPollers: 5}}}, {at: 2s, set: {ShipJobs.ProvisionedPollerConfig: {}, ShipJobs.ScalingConfig.MaximumConcurrency: 2}}, {at: 3s, remove: JobsDead}, {at: 4s, disable: ShipJobs}, {at: 5s, enable: ShipJobs}, {at: 6s, remove: Jobs}, {at: 7s, restart: ShipJobs}]\naccount: {concurrency: 3}\nlimits: \"2022\"",
		"steps: [{at: 1s, deny: {mapping: ShipJobs, actions: [sqs:DeleteMessage]}}, {at: 5s, set: {ShipJobs.MaximumBatchingWindowInSeconds: 2, ShipJobs.BatchSize: 40}}, {at: 6s, set: {Jobs.MessageRetentionPeriod: 60, Jobs.DelaySeconds: 5}}]\nchosen: {SQS-SCALE-4: 1s, SQS-SCALE-5: 2s}",
	} {
		out = append(out, "\n    "+strings.ReplaceAll(s, "\n", "\n    ")+"\n")
	}
	return out
}

// playMetadata plays metadata beside a stream's, a queue's and a FIFO queue's template.
func playMetadata(t *testing.T, meta string) {
	for _, base := range []string{languageBase, strings.ReplaceAll(queueBase, "FIFO ", ""), strings.ReplaceAll(queueBase, "FIFO ", "FifoQueue: true, ")} {
		playAny(t, base+meta)
	}
}

// FuzzReply: whatever a handler returns, the run goes on.
func FuzzReply(f *testing.F) {
	for _, reply := range replies {
		f.Add(reply)
	}
	f.Fuzz(playReply)
}

// TestFuzzReplies: FuzzReply for a short time, in every run of the tests.
func TestFuzzReplies(t *testing.T) { fuzzing.Briefly(t, replies, 300, playReply) }

var replies = []string{`{"batchItemFailures":[{"itemIdentifier":"{id}"}]}`, `{"batchItemFailures":[]}`, `{"batchItemFailures":[{"itemIdentifier":""},{"itemIdentifier":null}]}`, `null`, `""`, `[]`,
	`{"batchItemFailures":null}`, `{"batchItemFailures":[{"itemIdentifier":1}],"state":{"n":1}}`, `{"state":{"a":"b"},"batchItemFailures":[{"x":1}]}`, `{`, `true`}

// playReply lets the functions of a stream and of a queue return a text.
func playReply(t *testing.T, reply string) {
	text := strings.ReplaceAll(strings.ToValidUTF8(reply, "?"), "'", "''")
	if strings.ContainsFunc(text, func(r rune) bool { return r < ' ' || r == 0x7f }) {
		return // YAML has none in a text between quotes
	}
	meta := "    for: 10s\n    traffic: [{to: SOURCE, at: 0s, count: 6, keys: [a, b]}]\n    functions: {Ship: {faults: [{how: reply, reply: '" + text + "'}]}}\n    twist: {set: {}}\n"
	for source, base := range map[string]string{"Orders": languageBase, "Jobs": strings.ReplaceAll(queueBase, "FIFO ", "")} {
		playAny(t, base+strings.Replace(meta, "SOURCE", source, 1))
	}
}

// playAny reads and runs a scenario that may be wrong.
func playAny(t *testing.T, src string) {
	sc, err := scenario.Read("t.yaml", []byte(src), scenario.Options{})
	if err != nil {
		for _, e := range err.(template.Errors) {
			if strings.ContainsAny(e.Error(), "\n\r\x1b") || e.Message == "" || e.Line < 1 || e.Col < 1 {
				t.Errorf("not one line with a place: %q", e.Error())
			}
		}
		return
	}
	if len(sc.Config.Traffic) > 5 || len(sc.Config.Steps) > 50 {
		return
	}
	for i := range sc.Config.Traffic {
		if tr := &sc.Config.Traffic[i]; tr.Count > 1000 || !tr.AtOnce && tr.Every/engine.Micros(tr.Per) < engine.Millisecond || len(tr.Keys) > 100 {
			return // a slow run is not a finding
		}
	}
	sc.Config.For = min(sc.Config.For, 20*engine.Second)
	r, err := scenario.NewRunner(sc, nil)
	if err != nil {
		t.Fatalf("it was read and cannot run: %v", err)
	}
	r.Advance(r.End())
	r.Summary()
}
