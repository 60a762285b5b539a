package lab

import (
	"slices"
	"strings"
	"testing"

	"esmlab/engine"
)

// jobs is the run of the queue's frames: ten messages each 5 s, Jobs#4 makes
// Work throw.
func jobs() *Scenario {
	set := engine.DefaultQueueMapping()
	queue, dead := engine.DefaultQueueSettings(), engine.DefaultQueueSettings()
	queue.VisibilityTimeout, queue.DeadLetterQueue, queue.MaxReceiveCount = 18, "JobsDead", 3
	sc := &Scenario{Name: "batch-mates", Title: "One failed message takes its batch along", Config: &engine.Config{
		Seed: 7, For: 60 * engine.Second, Chosen: engine.DefaultChosen(), Concurrency: 1000,
		Queues: []engine.QueueConfig{{ID: "Jobs", QueueSettings: queue}, {ID: "JobsDead", QueueSettings: dead}},
		Functions: []engine.FunctionConfig{{ID: "Work", FunctionSettings: engine.FunctionSettings{Timeout: 3 * engine.Second, Takes: engine.Takes{Base: 300 * engine.Millisecond}, Reserved: -1},
			Faults: []engine.Fault{{Name: "poison", Records: []engine.Label{{Source: "Jobs", N: 4}}, Until: engine.Never}}}},
		Mappings: []engine.MappingConfig{{ID: "WorkJobs", Source: "Jobs", Function: "Work", Enabled: true, Settings: set}},
	}}
	for at := engine.Micros(0); at < 60*engine.Second; at += 5 * engine.Second {
		sc.Config.Traffic = append(sc.Config.Traffic, engine.Traffic{To: "Jobs", AtOnce: true, At: at, Count: 10, Until: engine.Never, Per: 1, Shard: -1})
	}
	return sc
}

// fifo is the same on a FIFO queue with three groups, of which one fails.
func fifo() *Scenario {
	sc := jobs()
	for i := range sc.Config.Queues {
		sc.Config.Queues[i].FIFO, sc.Config.Queues[i].ContentBasedDeduplication = true, true
	}
	for i := range sc.Config.Traffic {
		sc.Config.Traffic[i].Keys = []string{"A", "B", "C"}
	}
	sc.Config.Mappings[0].BatchSize = 3
	return sc
}

const queueDrawn = 20200 * engine.Millisecond

// The frames of the design for queues.
func TestQueueFrames(t *testing.T) {
	golden(t, "jobs-120x36.txt", lab(t, jobs(), 120, 36, queueDrawn).text())
	golden(t, "jobs-80x24.txt", lab(t, jobs(), 80, 24, queueDrawn).text())
	golden(t, "jobs-120x36.txt", lab(t, builtin(t, "batch-mates"), 120, 36, queueDrawn).text())
	golden(t, "jobs-80x24.txt", lab(t, builtin(t, "batch-mates"), 80, 24, queueDrawn).text())
}

// No size breaks the frames of a queue.
func TestQueueAtEverySize(t *testing.T) {
	for _, sc := range []*Scenario{jobs(), fifo()} {
		m := lab(t, sc, 80, 24, queueDrawn)
		for _, w := range []int{20, 40, 60, 76, 80, 100, 116, 120, 160, 300} {
			for _, h := range []int{5, 7, 12, 19, 20, 24, 33, 36, 50, 100} {
				if testing.Short() && (w+h)%3 > 0 {
					continue
				}
				m.w, m.h = w, h
				for m.focus = 0; m.focus <= 8; m.focus++ {
					m.zoom = 0
					check(t, m, "queue, focus "+itoa(m.focus))
				}
				m.focus = 0
			}
		}
	}
}

// The commands that mean something else on a queue: bytes in, cells out.
func TestQueueKeys(t *testing.T) {
	for _, k := range []keyTest{
		{name: "v", keys: []string{"v", "up", "enter"}, want: []string{"you set Jobs.VisibilityTimeout: 18 → 30", "v  VisibilityTimeout              30 s   10 x 3 s"}},
		{name: "v refuses", keys: []string{"v", "9", "9", "9", "9", "9", "enter"}, want: []string{"InvalidAttributeValue", "value  › 99999"}},
		{name: "r", keys: []string{"r", "2"}, want: []string{"2: a message is received 2 times; the next receive would"}},
		{name: "o", keys: []string{"o", "down", "enter"}, want: []string{"you set Jobs.deadLetterTargetArn: JobsDead → none", "4 Queue · no DLQ of Jobs", "there is no DLQ: o sets one"}},
		{name: "d", keys: []string{"d", "6", "0", "enter"}, want: []string{"you set Jobs.MessageRetentionPeriod: 345600 → 60"}},
		{name: "b", keys: []string{"b"}, want: []string{"A queue's batch is never split", "i reports single messages"}},
		{name: "i", keys: []string{"i"}, want: []string{"you set ReportBatchItemFailures: off → on"}},
		{name: "s", keys: []string{"s", "enter"}, want: []string{"╔ VisibilityTimeout of Jobs"}},
		{name: "e next", keys: []string{"e", "1"}, want: []string{"you break Work: poison Jobs#51"}},
		{name: "e throws", keys: []string{"e", "3"}, want: []string{"you break Work: next invocation throws"}},
		{name: "p", keys: []string{"p", "2"}, want: []string{"you put 10 messages to Jobs", "sent 60, deleted 30, in flight 30"}},
		{name: "a", keys: []string{"a"}, want: []string{"redrive JobsDead", "purge Jobs", "disable WorkJobs"}},
		{name: "a purge", keys: []string{"a", "4"}, want: []string{"you purge Jobs"}},
		{name: "enter on a batch", keys: []string{"3", "enter"}, want: []string{"Batch 5 of WorkJobs", "Jobs#4", "SQS-FAIL-1"}},
		{name: "enter", keys: []string{"1", "down", "enter"}, want: []string{"Received together, batch 5", "Jobs#4"}},
		{name: "most at a time", keys: []string{":", "set MaximumConcurrency 2", "enter"}, want: []string{"ceiling 2 (MaximumConcurrency)", "MaximumConcurrency                2"}},
		{name: "pollers", keys: []string{"s", "down", "down", "down", "down", "down", "down", "down", "down", "down", "down", "down", "down", "down", "enter", "1", "0", "enter"}, want: []string{"MaximumPollers                   10   min 2", "ceiling 100 (MaximumPollers 10)"}},
		{name: "filters", keys: []string{"s", "up", "down", "down", "down", "down", "down", "down", "down", "down", "down", "down", "down", "down", "down", "down", "down", "enter", "backspace", "backspace", "backspace", "backspace", `{"body":{"n":["7"]}}`, "enter"}, want: []string{"FilterCriteria             1 filter"}},
		{name: "/ in 1", keys: []string{"1", "/", "#4", "7", "enter"}, want: []string{"/ #47", "in flight  20  ▓▓▓▓▓▓▓▓▓▓"}},
		{name: "/ in 2", keys: []string{"2", "/", "long", "enter"}, want: []string{"/ long", "║›2 3 4 5 long poll"}},
		{name: "/ in 3", keys: []string{"3", "/", "failed", "enter"}, want: []string{"/ failed", "1 2 3 X4 5"}},
		{name: "/ in 4", keys: []string{":", "seek 55s", "enter", "4", "/", "jobs#7", "enter"}, want: []string{"/ jobs#7", "Jobs#7  received 3 times"}},
		{name: "enter on a title", keys: []string{"2", "up", "enter"}, want: []string{"What a poller is", "no iterator"}},
		{name: "describes", keys: []string{":", "describe", "enter"}, want: []string{"0 visible messages, 20 in flight", "Batch 5: 10 messages #1 … #10, failed, hidden for 15.8 s more"}},
		{name: "w", keys: []string{"w"}, want: []string{"Why, at 00:18.3", "VisibilityTimeout 18"}},
		{name: "to the DLQ", keys: []string{":", "seek 55s", "enter"}, want: []string{"10 MESSAGES IN JobsDead", "10 messages; a redrive moves them back", "Jobs#1  received 3 times  good, went with #4"}},
		{name: "blame in the DLQ", keys: []string{":", "seek 55s", "enter", "4", "4"}, want: []string{"Jobs#4  received 3 times  X it made its batch fail"}},
		{name: "redrive", keys: []string{":", "seek 55s", "enter", "e", "8", "a", "1"}, want: []string{"you redrive JobsDead"}},
	} {
		t.Run(k.name, func(t *testing.T) {
			playAt(t, queueDrawn, Options{Scenario: jobs(), Stopped: true}, func(s *screen) {
				s.keys(k.keys...)
				s.has(k.want...)
			})
		})
	}
}

// A FIFO queue has settings of its own among all settings.
func TestSettingsOfFIFO(t *testing.T) {
	down := slices.Repeat([]string{"down"}, 6)
	for _, k := range []keyTest{
		{name: "scope", keys: append(append([]string{"s"}, down...), "enter", "up", "enter"), want: []string{"you set Jobs.DeduplicationScope: queue → messageGroup"}},
		{name: "what AWS refuses", keys: append(append([]string{"s", "down"}, down...), "enter", "up", "enter"), want: []string{"perMessageGroupId value is allowed only when"}},
		{name: "a switch", keys: append(append([]string{"s"}, down[1:]...), "enter", "down", "enter"), want: []string{"you set Jobs.ContentBasedDeduplication: on → off"}},
	} {
		t.Run(k.name, func(t *testing.T) {
			playAt(t, 2*engine.Second, Options{Scenario: fifo(), Stopped: true}, func(s *screen) {
				s.keys(k.keys...)
				s.has(k.want...)
			})
		})
	}
}

// A FIFO queue shows which groups are locked.
func TestGroupsOfFIFO(t *testing.T) {
	text := lab(t, fifo(), 120, 36, 2*engine.Second).text()
	for _, want := range []string{"GROUPS LOCKED", "■ LOCKED", "failed, hidden"} {
		if !strings.Contains(text, want) {
			t.Errorf("no %q in\n%s", want, text)
		}
	}
}

// What is broken of a mapping is its own next invocation, though another mapping
// hands the function something before.
func TestNextInvocationOfTheMapping(t *testing.T) {
	sc := jobs()
	sc.Config.Queues = append(sc.Config.Queues, engine.QueueConfig{ID: "More", QueueSettings: engine.DefaultQueueSettings()})
	more := sc.Config.Mappings[0]
	more.ID, more.Source = "WorkMore", "More"
	sc.Config.Mappings = append(sc.Config.Mappings, more)
	sc.Config.Traffic = append(sc.Config.Traffic, engine.Traffic{To: "More", AtOnce: true, At: 21 * engine.Second, Count: 1, Until: engine.Never, Per: 1, Shard: -1})
	_, records, ok := lab(t, sc, 80, 24, queueDrawn).nextInvoke()
	if !ok || len(records) == 0 || records[0].Source != "Jobs" {
		t.Errorf("the next invocation of WorkJobs is of %v", records)
	}
}
