package drill

import (
	"fmt"
	"math/rand/v2"
)

// reporting draws a batch whose handler reports the record that fails.
func reporting(r *rand.Rand) stream {
	w := poisoned(r)
	w.Report, w.How = true, "report"
	return w
}

func (w stream) deaf() other {
	return w.but("ReportBatchItemFailures is "+onOff(!w.Report), func(w *stream) { w.Report = !w.Report })
}

// partialFamilies ask what a partial response does.
var partialFamilies = []*Family{
	{Name: "partial-next", About: "what is invoked after a partial response", Source: "kinesis", Skill: "c03-1-2-3", make: func(r *rand.Rand) problem {
		w := reporting(r)
		w.Records += pick(r, 1, 4)
		return problem{world: w, ask: "Which records does Ship get in its second invocation?", expr: `let i = invocations("Ship"); len(i) > 1 ? i[1].records : []`, words: records,
			others: append([]other{w.deaf(), w.reported(), w.bisected(), w.retried(-9)}, w.everywhere(r)...)}
	}},
	{Name: "partial-given-up", About: "what is discarded after partial responses", Source: "kinesis", Skill: "c03-1-2-3", make: func(r *rand.Rand) problem {
		w := reporting(r)
		w.Records += pick(r, 1, 4)
		w.For = 60
		return problem{world: w, ask: "Which records are discarded in the end?", expr: discarded, words: records,
			others: append([]other{w.reported(), w.bisected(), w.deaf()}, w.everywhere(r)...)}
	}},
	{Name: "partial-done", About: "how many records a partial response saves", Source: "kinesis", Skill: "c03-1-2-3", make: func(r *rand.Rand) problem {
		w := reporting(r)
		w.Records = pick(r, 8, 11)
		w.Batch, w.Poison, w.For = between(r, 4, 7), []int{between(r, 2, w.Records)}, 60
		return problem{world: w, ask: "How many records are done in the end?", expr: fmt.Sprintf(`count(1..%d, record("Orders#" + string(#)).state == "done")`, w.Records), words: counted("record", "records"),
			others: append([]other{w.reported(), w.bisected(), w.deaf()}, w.everywhere(r)...)}
	}},
	{Name: "partial-checkpoint", About: "where the checkpoint stands after a partial response", Source: "kinesis", Skill: "c03-1-2-3", make: func(r *rand.Rand) problem {
		w := reporting(r)
		w.Retries, w.Records, w.For = -1, between(r, 8, 14), 10
		w.Batch, w.Poison = between(r, 3, 7), []int{between(r, 2, w.Records)}
		return problem{world: w, ask: "Which record is the checkpoint?", expr: `iterator("ShipOrders", 0).checkpoint`, words: records,
			others: append([]other{w.reported(), w.deaf()}, w.everywhere(r)...)}
	}},
	{Name: "which-setting-discards", About: "which setting explains what was discarded", Source: "kinesis", Skill: "c03-4-1-1", make: func(r *rand.Rand) problem {
		w := poisoned(r)
		w.Records = w.Batch + pick(r, 0, 4)
		w.For = 60
		others := []other{{how: "None: the settings are as listed", world: w},
			w.but("BisectBatchOnFunctionError was on", func(w *stream) { w.Bisect = true }),
			w.but("Ship returned batchItemFailures and ReportBatchItemFailures was on", func(w *stream) { w.Report, w.How = true, "report" }),
			w.but("MaximumRetryAttempts was -1", func(w *stream) { w.Retries = -1 }),
			w.but("BatchSize was 2", func(w *stream) { w.Batch = 2 }), w.but("BatchSize was 3", func(w *stream) { w.Batch = 3 })}
		return problem{world: w, which: true, ask: "In the end this was discarded: %s. Which one setting differed from the list?", expr: discarded, words: records, others: others}
	}},
	{Name: "which-setting-second", About: "which setting explains the second invocation", Source: "kinesis", Skill: "c03-4-1-1", make: func(r *rand.Rand) problem {
		w := poisoned(r)
		w.Records = w.Batch + pick(r, 2, 5)
		others := []other{{how: "None: the settings are as listed", world: w},
			w.but("BisectBatchOnFunctionError was on", func(w *stream) { w.Bisect = true }),
			w.but("Ship returned batchItemFailures and ReportBatchItemFailures was on", func(w *stream) { w.Report, w.How = true, "report" }),
			w.but("MaximumRetryAttempts was 0", func(w *stream) { w.Retries = 0 }),
			w.but("BatchSize was 2", func(w *stream) { w.Batch = 2 })}
		return problem{world: w, which: true, ask: "The second invocation got %s. Which one setting differed from the list?",
			expr: `let i = invocations("Ship"); len(i) > 1 ? i[1].records : []`, words: records, others: others}
	}},
}
