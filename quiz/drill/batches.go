package drill

import (
	"fmt"
	"math/rand/v2"
)

// pick draws one of some values.
func pick[T any](r *rand.Rand, from ...T) T { return from[r.IntN(len(from))] }

// between draws a number from lo to hi.
func between(r *rand.Rand, lo, hi int) int { return lo + r.IntN(hi-lo+1) }

// batchFamilies ask how records become batches.
var batchFamilies = []*Family{
	{Name: "batches", About: "how many invocations the records make", Source: "kinesis", Skill: "c03-1-2-4", make: func(r *rand.Rand) problem {
		w := calm()
		w.Records, w.Batch, w.For = between(r, 9, 40), between(r, 2, 8), 10
		return problem{world: w, ask: "Nothing fails. How many times is Ship invoked?", expr: `function("Ship").invocations`, words: counted("time", "times"),
			others: sizes(w, r)}
	}},
	{Name: "last-batch", About: "how many records the last batch holds", Source: "kinesis", Skill: "c03-1-2-4", make: func(r *rand.Rand) problem {
		w := calm()
		w.Records, w.Batch, w.For = between(r, 9, 40), between(r, 4, 9), 10
		return problem{world: w, ask: "Nothing fails. Which records does the last invocation get?", expr: `invocations("Ship")[-1].records`, words: records,
			others: sizes(w, r)}
	}},
	{Name: "window-first", About: "what a batching window gathers", Source: "kinesis", Skill: "c03-1-2-4", make: func(r *rand.Rand) problem {
		w := windowed(r)
		return problem{world: w, ask: "Which records does Ship get in its first invocation?", expr: `invocations("Ship")[0].records`, words: records,
			others: windows(w)}
	}},
	{Name: "window-when", About: "when a batching window ends", Source: "kinesis", Skill: "c03-1-2-4", make: func(r *rand.Rand) problem {
		w := windowed(r)
		return problem{world: w, ask: "When is Ship invoked for the first time?", expr: `invocations("Ship")[0].at`, words: at,
			others: windows(w)}
	}},
	{Name: "window-count", About: "how many invocations a batching window leaves", Source: "kinesis", Skill: "c03-1-2-4", make: func(r *rand.Rand) problem {
		w := windowed(r)
		return problem{world: w, ask: "How many times has Ship been invoked?", expr: `function("Ship").invocations`, words: counted("time", "times"),
			others: windows(w)}
	}},
}

// sizes are worlds with other batch sizes.
func sizes(w stream, r *rand.Rand) []other {
	var out []other
	for _, d := range []int{-1, 1, 2, -2, 3, 4} {
		if n := w.Batch + d; n >= 1 {
			out = append(out, w.but(fmt.Sprintf("BatchSize is %d", n), func(w *stream) { w.Batch = n }))
		}
	}
	r.Shuffle(len(out), func(i, j int) { out[i], out[j] = out[j], out[i] })
	return out
}

// windowed draws a stream of few records a second and a window.
func windowed(r *rand.Rand) stream {
	w := calm()
	w.EveryMS, w.Window, w.Batch, w.Records, w.For = 50*between(r, 4, 18), between(r, 2, 6), pick(r, 6, 10, 100), 40, 12
	return w
}

func windows(w stream) []other {
	var out []other
	for _, n := range []int{0, w.Window - 1, w.Window + 1, w.Window + 2} {
		out = append(out, w.but(fmt.Sprintf("MaximumBatchingWindowInSeconds is %d", n), func(w *stream) { w.Window = n }))
	}
	for _, n := range []int{3, 5, 8} {
		out = append(out, w.but(fmt.Sprintf("BatchSize is %d", n), func(w *stream) { w.Batch = n }))
	}
	return out
}
