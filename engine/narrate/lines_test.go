package narrate_test

import (
	"slices"
	"strings"
	"testing"

	"esmlab/engine"
	"esmlab/engine/narrate"
	"esmlab/engine/narrate/narratetest"
	"esmlab/engine/rule"
)

// What a log reads like in a pane, the newest line first, and as a story. What
// came of an invocation at the same instant is told with it, and what a later
// event says better is left out.
func TestLines(t *testing.T) {
	t.Parallel()
	const s = engine.Second
	batch := []int32{18, 22, 23}
	ten := []int32{1, 2, 3, 4, 5, 6, 7, 8, 9, 10}
	times := func(n int32) []int32 { return slices.Repeat([]int32{n}, 10) }
	invoke := engine.Event{At: 7 * s, Kind: engine.KindInvoke, Rule: rule.MapInvoke, Batch: 4, Attempt: 1, Invocation: 1, Records: batch}
	failed := engine.Event{At: 8 * s, Kind: engine.KindReturn, Rule: rule.FnError, Batch: 4, Attempt: 1, Invocation: 1, Outcome: engine.OutcomeError, Lanes: 1, Records: batch, Failed: []int32{22}}
	retry := engine.Event{At: 8 * s, Kind: engine.KindRetry, Rule: rule.MapRetryWait, Batch: 4, Attempt: 2, At2: s, Outcome: engine.OutcomeError, Lanes: 1, Records: batch, Failed: []int32{22}}
	again := invoke
	again.At, again.Attempt, again.Invocation = 9*s, 2, 2
	done := failed
	done.At, done.Attempt, done.Invocation, done.Outcome, done.Failed, done.Rule = 10*s, 2, 2, engine.OutcomeOK, nil, rule.FnRun
	moves := engine.Event{At: 10 * s, Kind: engine.KindCheckpoint, Rule: rule.MapCheckpoint, Record: 23}
	free := engine.Event{At: 10 * s, Kind: engine.KindUnblock, Rule: rule.MapUnblock, Batch: 4}

	of := func(e engine.Event) engine.Event { e.Source, e.Function = -1, 1; return e }
	receive := of(engine.Event{At: 0, Kind: engine.KindReceive, Rule: rule.SqsReceive, Records: ten, Details: &engine.Details{Receives: times(1)}, Limit: 3})
	handed := of(engine.Event{At: 0, Kind: engine.KindInvoke, Rule: rule.SqsInvoke, Batch: 1, Attempt: 1, Invocation: 1, Records: ten})
	threw := of(engine.Event{At: s, Kind: engine.KindReturn, Rule: rule.SqsFailed, Batch: 1, Attempt: 1, Invocation: 1, Outcome: engine.OutcomeError, Records: ten, Failed: []int32{4}, Times: 1, Visibility: 18})
	visible := of(engine.Event{At: 18 * s, Kind: engine.KindReappear, Rule: rule.SqsVisible, Mapping: -1, Records: ten})
	second := receive
	second.At, second.Details = 18*s, &engine.Details{Receives: times(2)}
	ok := threw
	ok.Outcome, ok.Failed, ok.Rule = engine.OutcomeOK, nil, rule.FnRun
	gone := of(engine.Event{At: s, Kind: engine.KindDelete, Rule: rule.SqsDelete, Batch: 1, Records: ten, Why: engine.WhyProcessed})
	kept := of(engine.Event{At: s, Kind: engine.KindDeleteFailed, Rule: rule.SqsDeleteFails, Batch: 1, Records: ten[7:], Why: engine.WhyDeleteFails})
	most := gone
	most.Records = ten[:7]
	all := kept
	all.Records = ten
	partial := threw
	partial.Outcome, partial.Rule = engine.OutcomePartial, rule.SqsPartial

	for _, c := range []struct {
		name         string
		log          []engine.Event
		lines, story string // a line each, newest first; oldest first
	}{
		{"under way", []engine.Event{invoke}, "▸ batch 4 (3 records of shard 0) handed to Ship", ""},
		{"failed", []engine.Event{invoke, failed, retry}, "■ batch 4 failed, try 1. All 3 go again in 1 s; nothing overtakes #22",
			"FN-ERROR-1 batch 4 failed in Ship because of #22, try 1\nMAP-RETRY-2 batch 4 failed: all 3 go again in 1 s, after try 1"},
		{"tried again", []engine.Event{invoke, failed, retry, again}, "▸ batch 4 (3 records of shard 0) handed to Ship, try 2\n■ batch 4 failed, try 1. All 3 go again in 1 s; nothing overtakes #22",
			"FN-ERROR-1 batch 4 failed in Ship because of #22, try 1\nMAP-RETRY-2 batch 4 failed: all 3 go again in 1 s, after try 1"},
		{"done", []engine.Event{invoke, failed, retry, again, done, moves, free},
			"● shard 0 flows again: batch 4 is out of the way\n  batch 4 done: the checkpoint of shard 0 moves to #23\n■ batch 4 failed, try 1. All 3 go again in 1 s",
			"FN-ERROR-1 batch 4 failed in Ship because of #22, try 1\nMAP-RETRY-2 batch 4 failed: all 3 go again in 1 s, after try 1\nMAP-CHECKPOINT-1 batch 4 done: the checkpoint of shard 0 moves to #23\nMAP-ORDER-2 shard 0 flows again: batch 4 is out of the way"},
		{"failed alone", []engine.Event{invoke, failed}, "■ batch 4 failed, try 1", "FN-ERROR-1 batch 4 failed in Ship because of #22, try 1"},

		{"messages under way", []engine.Event{receive, handed}, "▸ batch 1 (#1 … #10) handed to Work", ""},
		{"messages that wait for more", []engine.Event{receive}, "  poller 1 receives #1 … #10: receive 1 of 3", ""},
		{"messages failed", []engine.Event{receive, handed, threw}, "■ batch 1 failed: #4 throws. Nothing is deleted, not even the good 9\n  poller 1 receives #1 … #10: receive 1 of 3",
			"SQS-FAIL-1 batch 1 failed in Work because of #4: nothing is deleted, not even the good 9; all 10 wait out their 18 s"},
		{"messages visible again", []engine.Event{receive, handed, threw, visible, second},
			"  #1 … #10 are visible again; poller 1 receives them: receive 2 of 3\n■ batch 1 failed: #4 throws. Nothing is deleted, not even the good 9\n  poller 1 receives #1 … #10: receive 1 of 3",
			"SQS-FAIL-1 batch 1 failed in Work because of #4: nothing is deleted, not even the good 9; all 10 wait out their 18 s\nSQS-RECEIVE-1 poller 1 of WorkJobs receives #1 … #10 (10 messages) from Jobs: receive 2 of 3"},
		{"messages done", []engine.Event{receive, handed, ok, gone}, "  batch 1 done: #1 … #10 deleted", "SQS-DELETE-1 batch 1 done: #1 … #10 (10 messages) deleted"},
		{"messages done, some not deleted", []engine.Event{receive, handed, ok, most, kept},
			"■ #8 … #10 (3 messages) not deleted: the deletion failed; they are received again\n  batch 1 done: #1 … #7 deleted",
			"SQS-DELETE-1 batch 1 done: #1 … #7 (7 messages) deleted\n" + string(rule.SqsDeleteFails) + " #8 … #10 (3 messages) not deleted: the deletion failed; they are received again"},
		{"messages done, none deleted", []engine.Event{receive, handed, ok, all},
			"■ #1 … #10 (10 messages) not deleted: the deletion failed; they are received again\n  batch 1 done: nothing of it is deleted",
			string(rule.FnRun) + " batch 1 done: nothing of it is deleted\n" + string(rule.SqsDeleteFails) + " #1 … #10 (10 messages) not deleted: the deletion failed; they are received again"},
		{"messages reported, the rest not all deleted", []engine.Event{receive, handed, partial, most, kept},
			"■ #8 … #10 (3 messages) not deleted: the deletion failed; they are received again\n■ batch 1: Work reports #4; 7 of the other 9 are deleted\n  poller 1 receives #1 … #10: receive 1 of 3",
			string(rule.SqsPartial) + " batch 1: Work reports #4; 7 of the other 9 are deleted\n" + string(rule.SqsDeleteFails) + " #8 … #10 (3 messages) not deleted: the deletion failed; they are received again"},
	} {
		w := narratetest.World(narratetest.Stream)
		if c.log[0].Source < 0 {
			w = narratetest.World(narratetest.Queue)
		}
		marks := map[narrate.Mark]string{narrate.Plain: "  ", narrate.Running: "▸ ", narrate.Bad: "■ ", narrate.Good: "● ", narrate.Command: "  "}
		n := narrate.Narrator{World: w, Short: true, Shown: true}
		r := n.Read()
		var lines, story []string
		for i := len(c.log) - 1; i >= 0; i-- {
			if l, ok := r.Line(c.log, i); ok {
				lines = append(lines, marks[l.Mark]+l.Text)
			}
		}
		if got := strings.Join(lines, "\n"); got != c.lines {
			t.Errorf("%s: got\n%s\nwant\n%s", c.name, got, c.lines)
		}
		n = narrate.Narrator{World: w}
		st := n.NewStory(func(_ engine.Micros, by rule.ID, text string) { story = append(story, string(by)+" "+text) })
		for i := range c.log { // in whatever portions they come
			st.Add(c.log[i : i+1])
		}
		st.Flush()
		if got := strings.Join(story, "\n"); got != c.story {
			t.Errorf("%s: the story is\n%s\nwant\n%s", c.name, got, c.story)
		}
	}
}

// A story sums what goes as planned, of one cause each.
func TestSums(t *testing.T) {
	t.Parallel()
	const s = engine.Second
	done := func(at engine.Micros, mapping, batch int32, moves bool) []engine.Event {
		out := []engine.Event{{At: at, Kind: engine.KindReturn, Rule: rule.FnRun, Mapping: mapping, Batch: batch, Lanes: 2, Records: []int32{batch}}}
		if moves {
			out = append(out, engine.Event{At: at, Kind: engine.KindCheckpoint, Rule: rule.MapCheckpoint, Mapping: mapping, Record: batch})
		}
		return out
	}
	deleted := func(at engine.Micros, batch int32, all bool) []engine.Event {
		ids := []int32{2*batch - 1, 2 * batch}
		out := []engine.Event{{At: at, Kind: engine.KindReturn, Rule: rule.FnRun, Source: -1, Mapping: 1, Function: 1, Batch: batch, Records: ids},
			{At: at, Kind: engine.KindDelete, Rule: rule.SqsDelete, Source: -1, Mapping: 1, Batch: batch, Records: ids, Why: engine.WhyProcessed}}
		if !all {
			out[1].Records = ids[:1]
			out = append(out, engine.Event{At: at, Kind: engine.KindDeleteFailed, Rule: rule.SqsDeleteFails, Source: -1, Mapping: 1, Batch: batch, Records: ids[1:], Why: engine.WhyDeleteFails})
		}
		return out
	}
	var log []engine.Event
	for _, part := range [][]engine.Event{done(1*s, 0, 1, true), done(2*s, 0, 2, true), deleted(3*s, 1, true), deleted(4*s, 2, true), done(5*s, 0, 3, false), done(6*s, 0, 4, false),
		deleted(7*s, 3, false), deleted(8*s, 4, true)} {
		log = append(log, part...)
	}
	for _, why := range []engine.Why{engine.WhyBacklog, engine.WhyBacklog, engine.WhyErrors} {
		log = append(log, engine.Event{At: 9 * s, Kind: engine.KindScale, Rule: rule.SqsErrorScale, Source: -1, Mapping: 1, From: 5, To: 6, Why: why})
	}
	for i := range int32(3) {
		log = append(log, engine.Event{At: 9 * s, Kind: engine.KindThrottle, Rule: rule.FnReserved, Source: -1, Mapping: 1, Function: 1, Batch: 5, Records: []int32{9}, Attempt: i})
	}
	var got []string
	n := narrate.Narrator{World: narratetest.World(narratetest.Both)}
	st := n.NewStory(func(at engine.Micros, _ rule.ID, text string) { got = append(got, at.String()+" "+text) })
	st.Add(log)
	st.Flush()
	want := []string{
		"2 2 batches of ShipOrders done: their checkpoints move",
		"4 2 batches of WorkJobs done: their 4 messages are deleted",
		"6 2 batches of ShipOrders done; earlier records are not: the checkpoint stays",
		"7 batch 3 of WorkJobs done: Jobs#5 deleted",
		"7 Jobs#6 not deleted: the deletion failed; it is received again",
		"8 batch 4 of WorkJobs done: Jobs#7 and #8 deleted",
		"9 WorkJobs has 6 pollers, 5 before: backlog",
		"9 WorkJobs has 6 pollers, 5 before: errors",
		"9 3 tries of WorkJobs did not reach Work: throttled; the messages stay hidden",
	}
	if !slices.Equal(got, want) {
		t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}

// Batches that are handed over and done as planned are one line of each for a second; what
// failed and is tried again stands between them, and a single batch has its own line.
func TestPlanned(t *testing.T) {
	t.Parallel()
	const s, ms = engine.Second, engine.Millisecond
	var log []engine.Event
	invoke := func(at engine.Micros, batch, attempt int32) {
		log = append(log, engine.Event{At: at, Kind: engine.KindInvoke, Rule: rule.MapInvoke, Shard: batch, Batch: batch, Attempt: attempt, Invocation: 10*batch + attempt, Records: []int32{batch}})
	}
	done := func(at engine.Micros, batch int32) {
		log = append(log, engine.Event{At: at, Kind: engine.KindReturn, Rule: rule.FnRun, Shard: batch, Batch: batch, Attempt: 1, Invocation: 10*batch + 1, Records: []int32{batch}},
			engine.Event{At: at, Kind: engine.KindCheckpoint, Rule: rule.MapCheckpoint, Shard: batch, Record: batch})
	}
	for batch := int32(1); batch <= 9; batch++ {
		invoke(s, batch, 1)
	}
	done(2*s, 1)
	done(3*s, 2)
	done(3*s+100*ms, 3)
	log = append(log, engine.Event{At: 3*s + 2, Kind: engine.KindReturn, Rule: rule.FnError, Shard: 4, Batch: 4, Attempt: 1, Invocation: 41, Outcome: engine.OutcomeError, Records: []int32{4}, Failed: []int32{4}},
		engine.Event{At: 3*s + 2, Kind: engine.KindRetry, Rule: rule.MapRetryWait, Shard: 4, Batch: 4, Attempt: 2, At2: s, Outcome: engine.OutcomeError, Records: []int32{4}, Failed: []int32{4}})
	done(3*s+300*ms, 5)
	done(3*s+400*ms, 6)
	done(3*s+500*ms, 7)
	invoke(4*s+200*ms, 4, 2)
	n := &narrate.Narrator{World: narratetest.World(narratetest.Stream), Short: true, Shown: true}
	r := n.Read()
	var got []string
	for i := len(log) - 1; i >= 0; i-- {
		list, next := r.Planned(log, i)
		for _, p := range list {
			got = append(got, p.At.Words()+" "+p.Text+" from "+log[p.First].At.Words())
		}
		if next < i {
			i = next + 1
		} else if l, ok := r.Line(log, i); ok {
			got = append(got, l.Text)
		}
	}
	want := "batch 4 (1 record of shard 4) handed to Ship, try 2\n3.5 s 3 batches done: their checkpoints move from 3.3 s\nbatch 4 failed, try 1. It goes again in 1 s\n" +
		"3.1 s 2 batches done: their checkpoints move from 3 s\n2 s batch 1 done: the checkpoint of shard 1 moves to #1 from 2 s\n1 s 2 batches handed to Ship from 1 s"
	if text := strings.Join(got, "\n"); text != want {
		t.Errorf("the lines are\n%s\nwant\n%s", text, want)
	}
}

// A batch that is split says so also where there is little room.
func TestBriefSplit(t *testing.T) {
	t.Parallel()
	log := []engine.Event{{At: engine.Second, Kind: engine.KindBisect, Rule: rule.MapBisect, Batch: 4, Outcome: engine.OutcomeError, Records: []int32{18, 22, 23, 24},
		Details: &engine.Details{Split: &engine.Split{Batches: [2]int32{5, 6}, Into: [2][]int32{{18, 22}, {23, 24}}}}}}
	n := &narrate.Narrator{World: narratetest.World(narratetest.Stream), Short: true, Shown: true}
	if l, ok := n.Read().Line(log, 0); !ok || l.Brief != "batch 4 failed: split into 5 and 6" {
		t.Errorf("got %q", l.Brief)
	}
}
