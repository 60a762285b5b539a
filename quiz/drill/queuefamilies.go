package drill

import (
	"fmt"
	"math/rand/v2"
)

// inState asks which messages are in a state at the end.
func (w queue) inState(state string) string {
	return fmt.Sprintf(`map(filter(1..%d, record("Orders#" + string(#)).state == %q), "Orders#" + string(#))`, w.Messages, state)
}

// poisonedQueue draws a queue in which a message always fails.
func poisonedQueue(r *rand.Rand) queue {
	w := calmQueue()
	w.Messages, w.Batch, w.Max, w.Visibility = between(r, 6, 14), between(r, 3, 6), between(r, 2, 4), 5*between(r, 4, 8)
	w.Poison = []int{between(r, 1, w.Messages)}
	w.For = w.Visibility*(w.Max+1) + 10
	return w
}

// reported is the world in which the handler reports the message instead of
// throwing, and the mapping listens; or the other way round.
func (w queue) reported() other {
	if w.How == "report" {
		return w.but("Ship throws instead", func(w *queue) { w.How = "error" })
	}
	return w.but("Ship returns the failed message in batchItemFailures and ReportBatchItemFailures is on", func(w *queue) { w.Report, w.How = true, "report" })
}

func (w queue) deaf() other {
	return w.but("ReportBatchItemFailures is "+onOff(!w.Report), func(w *queue) { w.Report = !w.Report })
}

func (w queue) batched(n int) other {
	return w.but(fmt.Sprintf("BatchSize is %d", n), func(w *queue) { w.Batch = n })
}

func (w queue) received(n int) other {
	return w.but(fmt.Sprintf("maxReceiveCount is %d", n), func(w *queue) { w.Max = n })
}

func (w queue) grouped(n int) other {
	return w.but("there "+map[bool]string{true: "is ", false: "are "}[n == 1]+plural(n, "message group", "message groups"), func(w *queue) { w.Groups = n })
}

func (w queue) standard() other {
	return w.but("the queue is a standard queue", func(w *queue) { w.Fifo = false })
}

// everywhere are the worlds in which another message fails.
func (w queue) everywhere(r *rand.Rand) []other {
	var out []other
	for _, i := range r.Perm(w.Messages) {
		if n := i + 1; n != w.Poison[0] {
			out = append(out, w.but(fmt.Sprintf("it is message %d that fails", n), func(w *queue) { w.Poison = []int{n} }))
		}
	}
	return out
}

// hidden draws a queue whose messages come one by one and take whole seconds.
func hidden(r *rand.Rand) queue {
	w := calmQueue()
	w.Messages, w.EveryMS, w.Batch, w.Max = 6, 1000*between(r, 1, 3), 1, 6
	w.TakesMS, w.Visibility = 1000*between(r, 1, 4), 5*between(r, 4, 9)
	w.Poison, w.For = []int{between(r, 1, 6)}, 200
	return w
}

func (w queue) hiddenFor(n int) other {
	return w.but(fmt.Sprintf("VisibilityTimeout is %d s", n), func(w *queue) { w.Visibility = n })
}

// queueFamilies ask what a standard queue and its DLQ hold.
var queueFamilies = []*Family{
	{Name: "queue-receives", About: "how many receives until a message reaches the DLQ", Source: "sqs", Skill: "c03-1-1-3", make: func(r *rand.Rand) problem {
		w := poisonedQueue(r)
		w.Max = between(r, 2, 6)
		w.For = w.Visibility*(w.Max+1) + 10
		n := between(r, 1, w.Messages)
		others := []other{w.received(w.Max - 1), w.received(w.Max + 1), w.reported(), w.received(w.Max + 2), w.batched(1)}
		return problem{world: w, ask: fmt.Sprintf("How many times is message %d received from Orders in all?", n), expr: fmt.Sprintf(`record("Orders#%d").receives`, n),
			words: counted("time", "times"), others: append(others, w.everywhere(r)...)}
	}},
	{Name: "queue-dead", About: "which messages reach the DLQ", Source: "sqs", Skill: "c03-1-1-3", make: func(r *rand.Rand) problem {
		w := poisonedQueue(r)
		return problem{world: w, ask: "Which messages are in OrdersDead in the end?", expr: w.inState("dead"), words: messages,
			others: append([]other{w.reported(), w.batched(w.Batch - 1), w.batched(w.Batch + 1), w.received(9)}, w.everywhere(r)...)}
	}},
	{Name: "queue-good-lost", About: "how many good messages reach the DLQ with a bad one", Source: "sqs", Skill: "c03-1-1-3", make: func(r *rand.Rand) problem {
		w := poisonedQueue(r)
		return problem{world: w, ask: "How many messages are in OrdersDead in the end although nothing is wrong with them?",
			expr: fmt.Sprintf(`count(1..%d, # != %d && record("Orders#" + string(#)).state == "dead")`, w.Messages, w.Poison[0]), words: counted("message", "messages"),
			others: []other{w.reported(), w.batched(w.Batch + 1), w.batched(w.Batch - 1), w.batched(w.Batch + 2), w.batched(10)}}
	}},
	{Name: "queue-again", About: "when a failed message comes again", Source: "sqs", Skill: "c03-1-2-2", make: func(r *rand.Rand) problem {
		w := hidden(r)
		n, try := w.Poison[0], between(r, 2, 4)
		takes := w.TakesMS / 1000
		return problem{world: w, ask: fmt.Sprintf("When is Ship given message %d for the %s time?", n, [...]string{"second", "third", "fourth"}[try-2]),
			expr: fmt.Sprintf(`let i = filter(invocations("Ship"), "Orders#%d" in .records); len(i) >= %d ? i[%d].at : nil`, n, try, try-1), words: at,
			others: []other{w.hiddenFor(w.Visibility + takes), w.hiddenFor(w.Visibility - takes), w.hiddenFor(2 * w.Visibility), w.received(1), w.hiddenFor(w.Visibility + 10)}}
	}},
	{Name: "queue-deleted", About: "which messages a partial response deletes", Source: "sqs", Skill: "c03-1-2-3", make: func(r *rand.Rand) problem {
		w := poisonedQueue(r)
		w.Messages = between(r, 4, 10)
		w.Batch, w.Poison = w.Messages, []int{between(r, 1, w.Messages)}
		if second := between(r, 1, w.Messages); second > w.Poison[0] {
			w.Poison = append(w.Poison, second)
		}
		w.Report, w.How, w.For = r.IntN(4) > 0, "report", 10
		return problem{world: w, ask: "Which messages have been deleted from Orders?", expr: w.inState("done"), words: messages,
			others: append([]other{w.deaf(), w.reported(), w.but("Ship throws instead and BatchSize is 2", func(w *queue) { w.How, w.Batch = "error", 2 })}, w.everywhere(r)...)}
	}},
	{Name: "queue-duplicates", About: "how many times a message runs when it is hidden for less than the work takes", Source: "sqs", Skill: "c03-1-2-2", make: func(r *rand.Rand) problem {
		w := calmQueue()
		w.Messages, w.Batch, w.Lowered, w.Max, w.For = between(r, 2, 4), 1, between(r, 2, 6), between(r, 6, 9), between(r, 12, 20)
		w.TakesMS, w.Timeout = 1000*(w.Lowered+between(r, 1, 5)), 15
		lowered := func(n int) other {
			return w.but(fmt.Sprintf("VisibilityTimeout is set to %d s", n), func(w *queue) { w.Lowered = n })
		}
		return problem{world: w, ask: "How many times has message 1 been handed to Ship?", expr: `record("Orders#1").deliveries`, words: counted("time", "times"),
			others: []other{lowered(30), lowered(w.Lowered + 1), lowered(max(1, w.Lowered-1)), lowered(w.Lowered + 3), w.received(2), lowered(1)}}
	}},
	{Name: "queue-concurrency", About: "how many invocations run at once after some seconds", Source: "sqs", Skill: "c03-4-3-1", make: func(r *rand.Rand) problem {
		w := calmQueue()
		w.Messages, w.Batch, w.TakesMS, w.Timeout, w.Visibility = 400, 1, 60_000, 90, 540
		w.Old, w.Concurrency, w.For = r.IntN(2) == 0, pick(r, 0, 0, 10, 20, 50), between(r, 3, 40)
		most := func(n int) other {
			return w.but(fmt.Sprintf("MaximumConcurrency is %d", n), func(w *queue) { w.Concurrency = n })
		}
		limits := w.but(map[bool]string{true: "the limits are today's", false: "the limits are those of 2022"}[w.Old], func(w *queue) { w.Old = !w.Old })
		others := []other{limits, w.but("MaximumConcurrency is not set", func(w *queue) { w.Concurrency = 0 }), most(2), most(5), most(10), most(20)}
		r.Shuffle(4, func(i, j int) { others[i+2], others[j+2] = others[j+2], others[i+2] })
		return problem{world: w, ask: "How many invocations of Ship are running?", expr: `mapping("ShipOrders").concurrency`, words: counted("invocation", "invocations"), others: others}
	}},
	{Name: "which-queue-setting", About: "which setting explains what the DLQ holds", Source: "sqs", Skill: "c03-4-1-1", make: func(r *rand.Rand) problem {
		w := poisonedQueue(r)
		others := []other{{how: "None: the settings are as listed", world: w},
			w.but("Ship returned batchItemFailures and ReportBatchItemFailures was on", func(w *queue) { w.Report, w.How = true, "report" }),
			w.but("maxReceiveCount was 9", func(w *queue) { w.Max = 9 }),
			w.but("BatchSize was 2", func(w *queue) { w.Batch = 2 }), w.but("BatchSize was 10", func(w *queue) { w.Batch = 10 })}
		return problem{world: w, which: true, ask: "In the end this was in OrdersDead: %s. Which one setting differed from the list?", expr: w.inState("dead"), words: messages, others: others}
	}},
}

// fifo draws a FIFO queue.
func fifo(r *rand.Rand) queue {
	w := calmQueue()
	w.Fifo, w.Messages, w.Groups, w.Batch = true, between(r, 8, 20), between(r, 2, 4), between(r, 2, 8)
	return w
}

// packed are worlds in which a FIFO queue is packed otherwise.
func (w queue) packed(r *rand.Rand) []other {
	out := []other{w.standard(), w.grouped(w.Groups + 1), w.grouped(1), w.batched(w.Batch + 1), w.batched(w.Batch - 1), w.batched(min(10, w.Batch+2)), w.grouped(w.Groups + 2)}
	r.Shuffle(len(out), func(i, j int) { out[i], out[j] = out[j], out[i] })
	return out
}

// fifoFamilies ask what a FIFO queue hands out, and when.
var fifoFamilies = []*Family{
	{Name: "fifo-batch", About: "what a receive of a FIFO queue brings", Source: "fifo", Skill: "c03-1-2-4", make: func(r *rand.Rand) problem {
		w := fifo(r)
		return problem{world: w, ask: "Which messages does Ship get in its first invocation?", expr: `invocations("Ship")[0].records`, words: messages, others: w.packed(r)}
	}},
	{Name: "fifo-invocations", About: "how many batches a FIFO queue makes", Source: "fifo", Skill: "c03-1-2-4", make: func(r *rand.Rand) problem {
		w := fifo(r)
		w.Messages = between(r, 8, 40)
		return problem{world: w, ask: "Nothing fails. How many times is Ship invoked?", expr: counts, words: counted("time", "times"), others: w.packed(r)}
	}},
	{Name: "fifo-at-once", About: "how many invocations of a FIFO queue run at once", Source: "fifo", Skill: "c03-4-3-1", make: func(r *rand.Rand) problem {
		w := fifo(r)
		w.Messages, w.Batch, w.TakesMS, w.Groups, w.Concurrency, w.For = 60, between(r, 1, 3), 2000, between(r, 2, 12), pick(r, 0, 2, 3, 4), between(r, 3, 10)
		others := []other{w.but("MaximumConcurrency is not set", func(w *queue) { w.Concurrency = 0 }), w.but("MaximumConcurrency is 2", func(w *queue) { w.Concurrency = 2 }),
			w.standard(), w.grouped(1), w.grouped(w.Groups + 1), w.grouped(w.Groups - 1), w.but("MaximumConcurrency is 3", func(w *queue) { w.Concurrency = 3 })}
		r.Shuffle(len(others), func(i, j int) { others[i], others[j] = others[j], others[i] })
		return problem{world: w, ask: "How many invocations have run at the same time, at most?", expr: `function("Ship").peak`, words: counted("invocation", "invocations"), others: others}
	}},
	{Name: "fifo-done", About: "what a failing message of a FIFO queue holds up", Source: "fifo", Skill: "c03-1-2-3", make: func(r *rand.Rand) problem {
		w := fifo(r)
		w.Messages = between(r, 6, 12)
		w.Poison, w.For = []int{between(r, 1, w.Messages)}, 20
		return problem{world: w, ask: "Which messages are done?", expr: w.inState("done"), words: messages,
			others: append([]other{w.standard(), w.batched(1), w.grouped(1), w.reported()}, w.everywhere(r)...)}
	}},
	{Name: "fifo-next", About: "what comes next of a message group after a failure", Source: "fifo", Skill: "c03-1-2-3", make: func(r *rand.Rand) problem {
		w := fifo(r)
		w.Groups, w.Batch, w.Messages = 1, between(r, 3, 6), between(r, 10, 14)
		w.Poison, w.Report, w.How, w.Rest, w.For = []int{between(r, 2, w.Batch)}, true, "report", r.IntN(2) == 0, 60
		alone := w.but("Ship returns that message alone", func(w *queue) { w.Rest = false })
		if !w.Rest {
			alone = w.but("Ship stops there and returns it and the rest of its group", func(w *queue) { w.Rest = true })
		}
		return problem{world: w, ask: "Which messages does Ship get in its second invocation?", expr: `let i = invocations("Ship"); len(i) > 1 ? i[1].records : []`, words: messages,
			others: append([]other{alone, w.reported(), w.deaf(), w.batched(w.Batch + 1)}, w.everywhere(r)...)}
	}},
}
