// Package session asks cards: what is due today and in which order, which
// options are shown, what an answer is worth, and exams. It is a set of plain
// state machines, driven by method calls that bring their time; what a person
// answered goes to a progress.Store, and everything that is due is derived
// from it, so a session that is killed goes on where it was.
//
// Reading order: card.go (what is asked, which options), grade.go (what an
// answer is worth), pool.go (what is due, in which order), session.go (the
// quiz), blueprint.go (what an exam is drawn by), exam.go (the exam), result.go (how
// it went, and exams of the past).
package session

import (
	"hash/fnv"
	"math/rand/v2"
	"slices"

	"esmlab/quiz/progress"
)

// Card is what a session needs to know of a card.
type Card struct {
	progress.Ref          // id, and where it stands in its note
	Sources      []string // kinesis, dynamodb, sqs, fifo; the first counts for interleaving
	Pair         string   // cards of one pair and different sources are near misses, asked one after the other; "" none
	Skills       []string // as c02-1-2-2, c03-1-2-4
	Options      []int    // the numbers of its options, as in the note; none: free recall, or Typed
	Typed        bool     // blanks, pairs, an order: whoever reads cards judges it
	Right        []int    // the numbers of the right ones
	Multiple     bool     // multiple response
	Ordered      bool     // Options are shown in their order: the list begins with 0, or they are numbers
	Cluster      string   // cards of one cluster ask nearly the same: no day and no exam has two; "" none
	Deck         string   // new cards have a number a day for each deck
	Tempting     []int    // wrong options, the most tempting first; the person's own slips come before
	Words        int      // to read: situation, question and options
	Variant      string   // which wording or numbers, where a card has several
	Proved       bool     // has a proof
	Own          bool     // its key holds in esmlab, and AWS documents none: no exam asks it
}

// source is what a card is interleaved by.
func (c Card) source() string {
	if len(c.Sources) == 0 {
		return ""
	}
	return c.Sources[0]
}

// Recall reports whether the card is free recall: the person says the answer,
// looks, and grades it.
func (c Card) Recall() bool { return len(c.Options) == 0 && !c.Typed }

// stable is the stability in days above which a card shows all its options:
// before that, more wrong ones teach more wrong ones.
const stable = 7

// few is how many options an unstable card shows: the key and two others.
const few = 3

// ShownOptions gives the options to show on a study day, in their order: shuffled by
// card and day, or in the card's own where that is kept.
func ShownOptions(c Card, known progress.Card, day progress.Day, all bool) []int {
	r := seeded(c.ID, uint64(day))
	options := slices.Clone(c.Options)
	if !all && !c.Multiple && known.Stability <= stable && len(options) > few {
		options = tempting(c, known, r)
	}
	if !c.Ordered {
		r.Shuffle(len(options), func(i, j int) { options[i], options[j] = options[j], options[i] })
		return options
	}
	slices.SortFunc(options, func(a, b int) int { return slices.Index(c.Options, a) - slices.Index(c.Options, b) })
	return options
}

// tempting gives the key and the two wrong options that tempt most: those the
// person chose before, then those the card names, then any.
func tempting(c Card, known progress.Card, r *rand.Rand) []int {
	slips := map[int]int{}
	for _, l := range known.Reviews {
		for _, n := range l.Answer {
			slips[n]++
		}
	}
	wrong, rest := []int(nil), slices.Clone(c.Options)
	r.Shuffle(len(rest), func(i, j int) { rest[i], rest[j] = rest[j], rest[i] })
	for _, n := range append(slices.Clone(c.Tempting), rest...) {
		if !slices.Contains(c.Right, n) && slices.Contains(c.Options, n) && !slices.Contains(wrong, n) {
			wrong = append(wrong, n)
		}
	}
	slices.SortStableFunc(wrong, func(a, b int) int { return slips[b] - slips[a] })
	out := slices.Clone(c.Right)
	for _, n := range wrong {
		if len(out) < few {
			out = append(out, n)
		}
	}
	return out
}

// seeded is a generator of its own for a text and a number.
func seeded(text string, n uint64) *rand.Rand {
	h := fnv.New64a()
	_, _ = h.Write([]byte(text)) // never fails
	return rand.New(rand.NewPCG(h.Sum64(), n))
}
