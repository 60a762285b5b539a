package drill

import (
	"fmt"
	"math/rand/v2"
)

const (
	discarded = `flatten(map(discards("ShipOrders"), .records))`
	counts    = `function("Ship").invocations`
)

// poisoned draws a batch with one record that always fails, and a limit.
func poisoned(r *rand.Rand) stream {
	w := calm()
	w.Records = between(r, 4, 10)
	w.Batch, w.Poison, w.Retries = w.Records, []int{between(r, 1, w.Records)}, between(r, 1, 3)
	return w
}

func (w stream) bisected() other {
	return w.but("BisectBatchOnFunctionError is "+onOff(!w.Bisect), func(w *stream) { w.Bisect = !w.Bisect })
}

// reported is the world in which the handler reports instead of throwing, and
// the mapping listens; or the other way round.
func (w stream) reported() other {
	if w.Report {
		return w.but("Ship throws instead", func(w *stream) { w.How = "error" })
	}
	return w.but("Ship returns the failed record in batchItemFailures and ReportBatchItemFailures is on", func(w *stream) { w.Report, w.How = true, "report" })
}

func (w stream) retried(d int) other {
	n := max(0, w.Retries+d)
	return w.but(fmt.Sprintf("MaximumRetryAttempts is %d", n), func(w *stream) { w.Retries = n })
}

func (w stream) poisonedAt(n int) other {
	return w.but(fmt.Sprintf("it is record %d that fails", n), func(w *stream) { w.Poison = []int{n} })
}

func (w stream) batched(n int) other {
	return w.but(fmt.Sprintf("BatchSize is %d", n), func(w *stream) { w.Batch = n })
}

// everywhere are the worlds in which another record fails.
func (w stream) everywhere(r *rand.Rand) []other {
	var out []other
	for _, n := range r.Perm(w.Records) {
		if n+1 != w.Poison[0] {
			out = append(out, w.poisonedAt(n+1))
		}
	}
	return out
}

// retryFamilies ask what happens to a batch that throws.
var retryFamilies = []*Family{
	{Name: "tries", About: "how many invocations until a batch is given up", Source: "kinesis", Skill: "c03-1-2-3", make: func(r *rand.Rand) problem {
		w := poisoned(r)
		w.Retries, w.For = between(r, 1, 5), 60
		return problem{world: w, ask: fmt.Sprintf("How many times is Ship invoked before record %d is discarded?", w.Poison[0]),
			expr: `let d = discards("ShipOrders"); count(invocations("Ship"), len(d) == 0 || .at < d[0].at)`, words: counted("time", "times"),
			others: []other{w.retried(-1), w.bisected(), w.retried(1), w.retried(2), w.retried(-2)}}
	}},
	{Name: "bisect-tries", About: "how many invocations bisecting needs", Source: "kinesis", Skill: "c03-1-2-3", make: func(r *rand.Rand) problem {
		w := poisoned(r)
		w.Bisect, w.For = true, 60
		return problem{world: w, ask: "How many times is Ship invoked in all?", expr: counts, words: counted("time", "times"),
			others: append([]other{w.bisected(), w.retried(1), w.retried(-1), w.reported()}, w.everywhere(r)...)}
	}},
	{Name: "bisect-next", About: "what is invoked after a batch is split", Source: "kinesis", Skill: "c03-1-2-3", make: func(r *rand.Rand) problem {
		w := poisoned(r)
		w.Bisect = true
		n := between(r, 2, 4)
		return problem{world: w, ask: fmt.Sprintf("Which records does Ship get in its invocation number %d?", n), expr: fmt.Sprintf(`let i = invocations("Ship"); len(i) >= %d ? i[%d].records : []`, n, n-1), words: records,
			others: append([]other{w.bisected(), w.reported(), w.retried(-9)}, w.everywhere(r)...)}
	}},
	{Name: "given-up", About: "which records reach the destination", Source: "kinesis", Skill: "c03-1-2-3", make: func(r *rand.Rand) problem {
		w := poisoned(r)
		w.Records += pick(r, 0, 0, 3)
		w.Bisect, w.For = r.IntN(3) > 0, 60
		others := []other{w.bisected(), w.reported()}
		if w.Batch > 3 {
			others = append(others, w.batched(w.Batch-1), w.batched(w.Batch/2))
		}
		return problem{world: w, ask: "To which records do the messages in Failures point in the end?", expr: discarded, words: records,
			others: append(others, w.everywhere(r)...)}
	}},
	{Name: "failure-messages", About: "how many messages the destination holds", Source: "kinesis", Skill: "c03-1-2-3", make: func(r *rand.Rand) problem {
		w := poisoned(r)
		w.Records, w.Batch, w.For, w.Retries = 12, pick(r, 4, 6, 12), 120, 1
		a := between(r, 1, 6)
		w.Poison = []int{a, a + between(r, 1, 2), a + between(r, 3, 6)}
		w.Bisect = r.IntN(2) == 0
		one := w.but(fmt.Sprintf("only record %d fails", w.Poison[0]), func(w *stream) { w.Poison = w.Poison[:1] })
		two := w.but(fmt.Sprintf("record %d does not fail", w.Poison[2]), func(w *stream) { w.Poison = w.Poison[:2] })
		four := w.but(fmt.Sprintf("records %d to %d fail", w.Poison[0], w.Poison[0]+3), func(w *stream) { w.Poison = []int{a, a + 1, a + 2, a + 3}; w.Bisect = true })
		return problem{world: w, ask: "How many messages does Failures hold in the end?", expr: `destination("Failures").delivered`, words: counted("message", "messages"),
			others: []other{w.bisected(), two, one, four}}
	}},
	{Name: "good-lost", About: "how many good records are given up with a bad one", Source: "kinesis", Skill: "c03-1-2-3", make: func(r *rand.Rand) problem {
		w := poisoned(r)
		w.Records = pick(r, 10, 13)
		w.Batch, w.Poison, w.For = between(r, 3, 6), []int{between(r, 1, w.Records)}, 60
		n := w.Poison[0]
		return problem{world: w, ask: "How many records are discarded although nothing is wrong with them?",
			expr: fmt.Sprintf(`count(%s, # != "Orders#%d")`, discarded, n), words: counted("record", "records"),
			others: []other{w.bisected(), w.batched(w.Batch - 1), w.batched(w.Batch + 1), w.batched(w.Batch + 2), w.reported(), w.batched(1)}}
	}},
	{Name: "deliveries", About: "how many times a good record is handed over", Source: "kinesis", Skill: "c03-1-2-3", make: func(r *rand.Rand) problem {
		w := poisoned(r)
		w.Records, w.Poison = 8, []int{between(r, 1, 8)}
		w.Batch, w.Bisect, w.For = w.Records, r.IntN(3) > 0, 60
		good := between(r, 1, w.Records)
		for good == w.Poison[0] {
			good = between(r, 1, w.Records)
		}
		var others []other
		for _, o := range w.everywhere(r) {
			if o.world.(stream).Poison[0] != good {
				others = append(others, o)
			}
		}
		return problem{world: w, ask: fmt.Sprintf("How many times is record %d handed to Ship?", good), expr: fmt.Sprintf(`record("Orders#%d").deliveries`, good), words: counted("time", "times"),
			others: append([]other{w.bisected(), w.retried(1), w.reported(), w.retried(-1)}, others...)}
	}},
	{Name: "third-try", About: "when the next try is", Source: "kinesis", Skill: "c03-1-2-3", make: func(r *rand.Rand) problem {
		w := poisoned(r)
		w.TakesMS, w.Retries, w.For = 100*between(r, 1, 9), 5, 60
		w.Records, w.Batch, w.Poison = 5, 5, []int{between(r, 1, 5)}
		n := between(r, 2, 5)
		var others []other
		for _, d := range []int{100, -100, 300, 500} {
			if ms := w.TakesMS + d; ms > 0 {
				others = append(others, w.but("Ship takes "+seconds(ms), func(w *stream) { w.TakesMS = ms }))
			}
		}
		r.Shuffle(len(others), func(i, j int) { others[i], others[j] = others[j], others[i] })
		return problem{world: w, ask: fmt.Sprintf("When does try number %d begin?", n), expr: fmt.Sprintf(`let i = invocations("Ship"); len(i) >= %d ? i[%d].at : nil`, n, n-1), words: at,
			others: append([]other{w.bisected()}, others...)}
	}},
	{Name: "passing-fault", About: "how many retries a passing fault needs", Source: "kinesis", Skill: "c03-1-2-3", make: func(r *rand.Rand) problem {
		w := poisoned(r)
		w.First, w.Retries, w.Records, w.For = between(r, 1, 4), between(r, 1, 4), 12, 60
		w.Batch, w.Poison = pick(r, 3, 6), []int{between(r, 1, 12)}
		return problem{world: w, ask: "How many times is Ship invoked in all?", expr: counts, words: counted("time", "times"),
			others: []other{w.but(fmt.Sprintf("the fault lasts for %s", plural(w.First+1, "delivery", "deliveries")), func(w *stream) { w.First++ }),
				w.retried(-1), w.retried(1), w.bisected(), w.batched(2), w.batched(12)}}
	}},
	{Name: "age-tries", About: "how many tries a record's age allows", Source: "kinesis", Skill: "c03-1-2-3", make: func(r *rand.Rand) problem {
		w := poisoned(r)
		w.Retries, w.TakesMS, w.Age, w.For, w.Timeout = -1, 1000*between(r, 1, 8), 10*between(r, 6, 15), 400, 30
		w.Records, w.Poison = 4, []int{between(r, 1, 4)}
		w.Batch = 4
		others := []other{w.but("MaximumRecordAgeInSeconds is 300", func(w *stream) { w.Age = 300 }),
			w.but("MaximumRetryAttempts is 2", func(w *stream) { w.Retries = 2 }), w.but("MaximumRetryAttempts is 4", func(w *stream) { w.Retries = 4 }),
			w.bisected(), w.but("MaximumRecordAgeInSeconds is 200", func(w *stream) { w.Age = 200 })}
		r.Shuffle(len(others), func(i, j int) { others[i], others[j] = others[j], others[i] })
		return problem{world: w, ask: "How many times is Ship invoked before the records are discarded?", expr: counts, words: counted("time", "times"), others: others}
	}},
}
