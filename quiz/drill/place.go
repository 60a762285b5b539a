package drill

import (
	"fmt"
	"math/rand/v2"
)

// blocked draws a shard in which a record fails without a limit.
func blocked(r *rand.Rand) stream {
	w := calm()
	w.Records = pick(r, 12, 15, 18)
	w.Batch, w.Poison, w.For = between(r, 3, 7), []int{between(r, 4, w.Records)}, 10
	return w
}

// placeFamilies ask where the iterator stands.
var placeFamilies = []*Family{
	{Name: "checkpoint", About: "where the checkpoint of a blocked shard stands", Source: "kinesis", Skill: "c03-1-1-6", make: func(r *rand.Rand) problem {
		w := blocked(r)
		return problem{world: w, ask: "Which record is the checkpoint?", expr: `iterator("ShipOrders", 0).checkpoint`, words: records,
			others: append([]other{w.bisected(), w.reported(), w.batched(w.Batch + 1), w.batched(w.Batch - 1)}, w.everywhere(r)...)}
	}},
	{Name: "behind", About: "how many records are behind", Source: "kinesis", Skill: "c03-4-1-2", make: func(r *rand.Rand) problem {
		w := blocked(r)
		return problem{world: w, ask: "How many records are behind, from the iterator's next one on?", expr: `iterator("ShipOrders", 0).behind`, words: counted("record", "records"),
			others: append([]other{w.bisected(), w.reported(), w.batched(w.Batch + 1), w.batched(w.Batch - 1)}, w.everywhere(r)...)}
	}},
	{Name: "age", About: "how old the oldest waiting record is", Source: "kinesis", Skill: "c03-4-1-2", make: func(r *rand.Rand) problem {
		w := blocked(r)
		w.EveryMS, w.Records, w.Poison = pick(r, 300, 500), 15, []int{between(r, 4, 12)}
		w.Batch, w.For = between(r, 2, 4), between(r, 8, 11)
		return problem{world: w, ask: "What is the age of the iterator's next record?", expr: `iterator("ShipOrders", 0).age`, words: func(v any) string { return at(v)[len("at "):] },
			others: append([]other{w.bisected(), w.batched(w.Batch + 1), w.batched(w.Batch - 1)}, w.everywhere(r)...)}
	}},
	{Name: "flows-again", About: "when a blocked shard flows again", Source: "kinesis", Skill: "c03-1-1-6", make: func(r *rand.Rand) problem {
		w := poisoned(r)
		w.TakesMS, w.For = 100*between(r, 1, 5), 60
		return problem{world: w, ask: "When is something discarded for the first time?", expr: `let d = discards("ShipOrders"); len(d) > 0 ? d[0].at : nil`, words: at,
			others: []other{w.retried(-1), w.bisected(), w.retried(1), w.reported(), w.retried(2)}}
	}},
	{Name: "latest-misses", About: "what LATEST misses", Source: "kinesis", Skill: "c03-1-1-6", make: func(r *rand.Rand) problem {
		w := calm()
		w.Start, w.EveryMS, w.ActivateMS, w.Records, w.Batch, w.For = "LATEST", 100*between(r, 2, 9), 250*between(r, 5, 19)+30, 30, 10, 30
		later := func(d int) other {
			ms := w.ActivateMS + d
			return w.but("the mapping is Enabled after "+seconds(ms), func(w *stream) { w.ActivateMS = ms })
		}
		return problem{world: w, ask: "How many records does the mapping never see?", expr: `count(1..30, record("Orders#" + string(#)).state == "missed")`, words: counted("record", "records"),
			others: []other{w.but("StartingPosition is TRIM_HORIZON", func(w *stream) { w.Start = "TRIM_HORIZON" }), later(-1000), later(1000), later(2000)}}
	}},
}

// slow is a world in which an invocation runs for long, so that those at the
// same time can be counted.
func slow(r *rand.Rand) stream {
	w := calm()
	w.Records, w.TakesMS, w.For = 40, 2000, 10
	w.Batch = between(r, 1, 4)
	return w
}

// scaleFamilies ask what runs at the same time, and what one shard does to
// another.
var scaleFamilies = []*Family{
	{Name: "at-once", About: "how many invocations run at once", Source: "kinesis", Skill: "c03-4-3-1", make: func(r *rand.Rand) problem {
		w := slow(r)
		w.Factor, w.Keys, w.Shards = between(r, 2, 5), between(r, 1, 10), between(r, 1, 2)
		factor := func(n int) other {
			return w.but(fmt.Sprintf("ParallelizationFactor is %d", n), func(w *stream) { w.Factor = n })
		}
		keys := func(n int) other {
			return w.but(fmt.Sprintf("there are %d partition keys", n), func(w *stream) { w.Keys = n })
		}
		return problem{world: w, ask: "How many invocations run at the same time, at most?", expr: `function("Ship").peak`, words: counted("invocation", "invocations"),
			others: []other{factor(1), keys(40), factor(10), keys(2), w.but("ShardCount is 4", func(w *stream) { w.Shards = 4; w.Keys = 40 }), factor(4)}}
	}},
	{Name: "shards-done", About: "what a blocked shard leaves alone", Source: "kinesis", Skill: "c03-1-1-6", make: func(r *rand.Rand) problem {
		w := blocked(r)
		w.Shards, w.Keys, w.Records = between(r, 2, 3), between(r, 4, 8), 20
		w.Batch, w.Poison = between(r, 2, 5), []int{between(r, 1, 20)}
		return problem{world: w, ask: "How many records are done?", expr: `count(1..20, record("Orders#" + string(#)).state == "done")`, words: counted("record", "records"),
			others: append([]other{w.but("ShardCount is 1", func(w *stream) { w.Shards = 1 }), w.bisected(), w.reported()}, w.everywhere(r)...)}
	}},
	{Name: "timeout-fits", About: "which batch fits into the timeout", Source: "kinesis", Skill: "c03-4-3-2", make: func(r *rand.Rand) problem {
		w := calm()
		w.Records = between(r, 8, 24)
		w.Batch, w.Bisect, w.TakesMS, w.EachMS, w.Timeout, w.For = w.Records, true, 100, 100*between(r, 4, 9), between(r, 2, 4), 60
		each := func(d int) other {
			ms := max(100, w.EachMS+d)
			return w.but("Ship takes "+seconds(ms)+" for each record", func(w *stream) { w.EachMS = ms })
		}
		limit := func(n int) other {
			return w.but(fmt.Sprintf("the Timeout is %d s", n), func(w *stream) { w.Timeout = n })
		}
		return problem{world: w, ask: "Which records does the first invocation that succeeds get?", expr: `let i = filter(invocations("Ship"), .outcome == "ok"); len(i) > 0 ? i[0].records : []`, words: records,
			others: []other{w.bisected(), limit(1), limit(8), each(-300), each(600), limit(30), each(1200)}}
	}},
}
