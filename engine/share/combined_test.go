package share_test

import (
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"esmlab/engine"
	"esmlab/engine/scenario"
	"esmlab/engine/share"
	"esmlab/engine/timeline"
)

// steps are what is done in the worlds of testdata/combined, by the source that a step
// needs; those of "" are for all. {now} is the instant.
var steps = map[string][]string{
	"stream.yaml": {
		"set: {ShipOrders.BatchSize: 3}", "set: {ShipOrders.MaximumRetryAttempts: 0}", "set: {ShipOrders.MaximumRecordAgeInSeconds: 60}", "set: {ShipOrders.ParallelizationFactor: 4}",
		"set: {ShipOrders.TumblingWindowInSeconds: 10}", `set: {ShipOrders.FilterCriteria: {Filters: [{Pattern: '{"data":{"kind":["order"]}}'}]}}`, "set: {ShipOrders.FilterCriteria: {}}",
		"set: {Ship.takes: 2s}", "set: {Ship.Timeout: 1}", "set: {Ship.ReservedConcurrentExecutions: 1}", "set: {Ship.ReservedConcurrentExecutions: -1}", "set: {Orders.ShardCount: 4}",
		"set: {ShipOrders.DestinationConfig.OnFailure.Destination: Audit}", "set: {ShipOrders.DestinationConfig.OnFailure.Destination: ''}",
		"disable: ShipOrders", "enable: ShipOrders", "restart: ShipOrders", "split: {stream: Orders, shard: 1}", "merge: {stream: Orders, shards: [1, 2]}",
		"deny: {mapping: ShipOrders, actions: [kinesis:GetRecords]}", "allow: {mapping: ShipOrders, actions: [kinesis:GetRecords]}", "deny: {mapping: ShipOrders, actions: [sqs:SendMessage]}",
		"put: {to: Orders, count: 20, keys: [z], body: {kind: order, amount: 9}}", "put: {to: Orders, every: 200ms, from: {now}, until: 50s, keys: 2, fails: 0.5, lost: 0.3, retry: {times: 2, after: 300ms, whole: true}, batch: 4}",
		"fault: {function: Ship, name: mine, when: 'data.amount % 2 == 0 and deliveries < 3', how: error}", "fault: {function: Ship, name: second, version: 2, how: timeout}", "fault: {function: Ship, name: some, matching: '{\"data\":{\"kind\":[\"order\"]}}', chance: 0.3, how: crash}",
		"fix: mine", "fix: big", "fix: Ship", "remove: Audit", "remove: Failures", "remove: Ship",
		"deploy: {Resources: {Live: {Properties: {RoutingConfig: null}}}}", "deploy: {Resources: {Live: {Properties: {RoutingConfig: {AdditionalVersionWeights: [{FunctionVersion: '2', FunctionWeight: 0.9}]}}}}}",
		"deploy: {Resources: {ShipOrders: {Properties: {BatchSize: 40, StartingPosition: LATEST}}}}", "deploy: {Resources: {ShipOrders: null, Again: {Type: 'AWS::Lambda::EventSourceMapping', Properties: {FunctionName: !Ref Ship, EventSourceArn: !GetAtt Orders.Arn, StartingPosition: TRIM_HORIZON, BatchSize: 50}}}}",
		"deploy: {Resources: {Orders: {Properties: {Name: another}}}}",
	},
	"queue.yaml": {
		"set: {WorkJobs.BatchSize: 2}", "set: {WorkJobs.ScalingConfig.MaximumConcurrency: 5}", "set: {WorkJobs.ScalingConfig: {}}", "set: {Jobs.VisibilityTimeout: 3}", "set: {Jobs.VisibilityTimeout: 20}", "set: {Jobs.RedrivePolicy.maxReceiveCount: 1}",
		"set: {Jobs.RedrivePolicy: {}}", "set: {Jobs.RedrivePolicy: {deadLetterTargetArn: JobsDead, maxReceiveCount: 2}}", "set: {Jobs.MessageRetentionPeriod: 60}", "set: {Jobs.DelaySeconds: 3}", "set: {WorkJobs.ReportBatchItemFailures: false}",
		"set: {WorkJobs.ProvisionedPollerConfig.MinimumPollers: 3}", `set: {WorkJobs.FilterCriteria: {Filters: [{Pattern: '{"body":{"kind":["order"]}}'}]}}`,
		"disable: WorkJobs", "enable: WorkJobs", "restart: WorkJobs", "purge: Jobs", "redrive: {queue: JobsDead}", "redrive: {queue: JobsDead, to: Copies, rate: 1}", "cancel: JobsDead", "receive: Jobs", "receive: {queue: JobsDead, count: 3, visibility: 2s}",
		"receive: {queue: Jobs, count: 1, deletes: true}", "deny: {mapping: WorkJobs, actions: [sqs:ReceiveMessage]}", "allow: {mapping: WorkJobs, actions: ['sqs:*']}", "deny: {mapping: WorkJobs, actions: [sqs:DeleteMessage]}",
		"put: {to: News, count: 12, keys: 4, attributes: {color: blue}, body: {n: '{n}'}}", "put: {to: Jobs, every: 400ms, from: {now}, until: 80s, keys: 3, delay: 5s, fails: 0.4, lost: 0.2, retry: 3, batch: 5}",
		"fault: {function: Work, name: mine, when: 'deliveries == 1 and n % 2 == 1', how: report, visibility: 0s}", "fault: {function: Work, name: slow, nth: 6, how: slow, takes: 7s}", "fix: refunds", "fix: Work", "remove: Copies", "remove: JobsDead", "remove: Jobs",
		"deploy: {Resources: {ToJobs: {Properties: {FilterPolicy: {color: [blue]}}}}}", "deploy: {Resources: {ToJobs: null}}", "deploy: {Resources: {Jobs: {Properties: {QueueName: other}}}}", "deploy: {Resources: {Work: {Properties: {Timeout: 2}}}}",
		"deploy: {Resources: {Jobs: {Properties: {RedrivePolicy: {maxReceiveCount: 6}}}}}",
	},
	"fifo.yaml": {
		"set: {WorkJobs.BatchSize: 1}", "set: {Jobs.VisibilityTimeout: 5}", "set: {Jobs.RedrivePolicy.maxReceiveCount: 1}", "set: {Jobs.ContentBasedDeduplication: false}", "set: {Jobs.DeduplicationScope: messageGroup}", "set: {WorkJobs.ScalingConfig.MaximumConcurrency: 2}",
		"set: {IndexItems.BisectBatchOnFunctionError: true}", "set: {IndexItems.MaximumRetryAttempts: -1}", "set: {IndexItems.ParallelizationFactor: 1}", `set: {IndexItems.FilterCriteria: {Filters: [{Pattern: '{"eventName":["INSERT"]}'}]}}`,
		"disable: WorkJobs", "enable: WorkJobs", "restart: IndexItems", "purge: Jobs", "redrive: {queue: JobsDead}", "receive: Jobs", "split: {stream: Items, shard: 0}", "put: {to: News, count: 9, keys: 3, body: same}", "put: {to: Jobs, count: 9, keys: [k1], body: same}",
		"put: {to: Items, count: 6, keys: [k1, k2], op: remove}", "put: {to: Items, every: 100ms, from: {now}, until: 70s, keys: 5, op: modify}", "fault: {function: Index, name: mine, when: 'eventName == \"MODIFY\" and n % 5 == 0', how: error}", "fault: {function: Work, name: keys, keys: [k1, k2], how: report, names: hit}",
		"fix: mine", "fix: k3", "remove: JobsDead", "remove: Index", "deploy: {Resources: {Work: {Properties: {InlineCode: other}}}}", "deploy: {Metadata: {esmlab: {functions: {Work: {takes: 1s, faults: [{name: new, chance: 0.5, how: error}]}}}}}",
		"deploy: {Resources: {Items: {Properties: {StreamSpecification: {StreamViewType: KEYS_ONLY}}}}}", "deploy: {Resources: {Items: {Properties: {TableName: other}}}}", "deploy: {Resources: {Work: {Properties: {AutoPublishAlias: null, DeploymentPreference: null}}}}",
	},
}

// TestCombined plays worlds in which all that a scenario can say comes together, with all
// commands that a step can give, and every way back: what is undone, redone, switched off
// and on, sought and branched is what its commands give straight from the start, byte by
// byte; and so is the line that shares it, and what is undone and redone after it was opened.
func TestCombined(t *testing.T) {
	t.Parallel()
	n := 80 // and a sixth of them in the fast lane
	if testing.Short() {
		n = 13
	}
	files, err := filepath.Glob("testdata/combined/*.yaml")
	if err != nil || len(files) != len(steps) {
		t.Fatal(err, files)
	}
	for seed := range uint64(n) {
		file := files[int(seed)%len(files)]
		src, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		w := share.World{Name: filepath.Base(file), Source: string(src)}
		d := &drawn{Rand: rand.New(rand.NewPCG(seed, 29))}
		if d.sc, err = w.Read(nil); err != nil {
			t.Fatal(err)
		}
		if d.t, err = timeline.New(d.sc.Config); err != nil {
			t.Fatal(err)
		}
		d.t.SetGap(int64(1 + d.IntN(3000)))
		var did []string
		d.draws = func() engine.Command {
			for {
				step := strings.ReplaceAll(one(d, steps[w.Name]), "{now}", d.t.Now().String()+"s")
				sc, err := scenario.Read(w.Name, src, scenario.Options{Steps: []string{"{at: " + d.t.Now().String() + "s, " + step + "}"}})
				switch {
				case err == nil:
					did = append(did, d.t.Now().String()+" "+step)
					return sc.Config.Steps[len(sc.Config.Steps)-1].Command
				case !strings.Contains(step, "fix: ") && !strings.Contains(err.Error(), "after the end"):
					t.Fatalf("%s: %v", step, err)
				}
			}
		}
		d.play()
		trouble := func(what string) {
			t.Helper()
			t.Errorf("seed %d, %s: %s\n%s", seed, file, what, strings.Join(did, "\n"))
		}
		line, err := share.Of(w, d.t, "", "1").Line()
		if err != nil {
			t.Fatal(err)
		}
		r, err := share.Parse(line)
		if err != nil {
			trouble(err.Error())
			continue
		}
		o, err := r.Open(nil)
		if err != nil {
			trouble(err.Error())
			continue
		}
		if !o.Same || traced(o.Timeline.Run) != traced(d.t.Run) {
			trouble("the line opens to another trace")
		}
		d.t.Advance(d.t.Newest(), -1) // the rest of that instant too
		o.Timeline.Advance(d.t.Newest(), -1)
		before, undone := traced(d.t.Run), 0
		for range 3 {
			if a, b := traced(d.t.Run), followed(timeline.Keeping(d.sc.Config, d.t.AllCommands()), d.t.AllCommands(), d.t.Newest()); a != b {
				trouble("another trace where the commands follow straight")
				break
			}
			if traced(o.Timeline.Run) != traced(d.t.Run) {
				trouble("opened from its line, what is undone is another run")
				break
			}
			if _, ok := d.t.Undo(); !ok {
				break
			}
			o.Timeline.Undo()
			undone++
		}
		now := d.t.Now()
		d.t.Seek(now / 2)
		for range undone {
			d.t.Redo()
		}
		d.t.Advance(max(now, d.t.Now()), -1)
		if traced(d.t.Run) != before {
			trouble("undone, sought and redone, the run is another")
		}
		if t.Failed() {
			return
		}
	}
}
