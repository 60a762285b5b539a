package card

import (
	"cmp"
	"maps"
	"math"
	"slices"
	"strings"
	"unicode"

	"esmlab/quiz/markdown"
)

// linkTag begins the tags that link cards which ask nearly the same: all cards
// with #like-receive-count are one cluster.
const linkTag = "like-"

// CheckDouble is the check that finds near doubles, as findings name it.
const CheckDouble = "double"

// Clusters says which cards ask nearly the same. A session or an exam shows one
// of a cluster at most.
type Clusters struct{ of map[string]string }

// Of gives the name of a card's cluster, "" for a card that is alone.
func (k Clusters) Of(id string) string { return k.of[id] }

// Same reports whether two cards ask nearly the same.
func (k Clusters) Same(a, b string) bool {
	return a == b || k.of[a] != "" && k.of[a] == k.of[b]
}

// ClustersOf finds the clusters of cards: those that a tag links, and those
// that are near doubles (NearDoubles). The name of a cluster is the id of its first card.
func ClustersOf(cards []*Card) Clusters {
	first := map[string]string{}
	var root func(id string) string
	root = func(id string) string {
		if r := first[id]; r != "" && r != id {
			first[id] = root(r)
			return first[id]
		}
		return id
	}
	rank, size := map[string]int{}, map[string]int{}
	join := func(a, b string) {
		a, b = root(a), root(b)
		if rank[b] < rank[a] {
			a, b = b, a
		}
		first[b] = a
	}
	linked := map[string]string{}
	for i, c := range cards {
		if _, known := rank[c.ID]; !known {
			rank[c.ID] = i
		}
		for _, tag := range c.links() {
			if other := linked[tag]; other != "" {
				join(other, c.ID)
			}
			linked[tag] = c.ID
		}
	}
	for _, d := range NearDoubles(cards) {
		join(d.A.ID, d.B.ID)
	}
	for id := range rank {
		size[root(id)]++
	}
	out := Clusters{map[string]string{}}
	for id := range rank {
		if r := root(id); size[r] > 1 {
			out.of[id] = r
		}
	}
	return out
}

// links are the tags by which a card is linked to others like it.
func (c *Card) links() []string {
	var out []string
	for _, t := range c.Tags {
		if t = strings.ToLower(t); strings.HasPrefix(t, linkTag) {
			out = append(out, t)
		}
	}
	return out
}

// Linked reports whether a tag links two cards.
func Linked(a, b *Card) bool {
	return slices.ContainsFunc(a.links(), func(t string) bool { return slices.Contains(b.links(), t) })
}

// Double is a pair of cards that ask nearly the same: A stands before B.
type Double struct {
	A, B      *Card
	SameProof bool    // both ask the same of the same world
	Alike     float64 // how much of their texts is the same, 0 to 1
}

// From which likeness of their texts two cards are near doubles: at once, and
// where they train the same facts and traps as well.
const (
	alikeText = 0.44
	alikeIdea = 0.24
	sameIdea  = 0.6 // share of the facts and traps that both have
	leastIdea = 3   // that many of them
)

// NearDoubles gives the pairs of cards that ask nearly the same: what they ask
// of the engine is the same, or their question, answer and rule use the same
// words. How much a word counts depends on how rare it is among the cards. Words that
// half of many cards have do not count at all, so thousands of cards take no longer than
// their rare words demand.
func NearDoubles(cards []*Card) []Double {
	vectors, in := weigh(cards)
	var out []Double
	proofs := map[string]int{}
	alike := make([]float64, len(cards))
	for i, c := range cards {
		clear(alike[:i])
		for _, w := range vectors[i] {
			for _, p := range in[w.word] {
				if p.card >= i {
					break // they stand in the order of the cards
				}
				alike[p.card] += w.weight * p.weight
			}
		}
		same := -1
		if c.Proof != nil {
			key := c.Proof.asks()
			if j, ok := proofs[key]; ok {
				same = j
			} else {
				proofs[key] = i
			}
		}
		for j := range i {
			if j != same && alike[j] < alikeIdea || c.ID == cards[j].ID {
				continue
			}
			if j == same || alike[j] >= alikeText || sharesIdeas(c.ideas(), cards[j].ideas()) {
				out = append(out, Double{A: cards[j], B: c, SameProof: j == same, Alike: alike[j]})
			}
		}
	}
	slices.SortStableFunc(out, func(a, b Double) int {
		return cmp.Or(cmp.Compare(a.B.File, b.B.File), cmp.Compare(a.B.Line, b.B.Line))
	})
	return out
}

// A weighted word of a card, and a card that has the word.
type (
	wordWeight struct {
		word   int
		weight float64
	}
	cardWeight struct {
		card   int
		weight float64
	}
)

// weigh gives each card's words with their weights, as a vector of length 1, and for each
// word the cards that have it.
func weigh(cards []*Card) (vectors [][]wordWeight, in [][]cardWeight) {
	number := map[string]int{}
	vectors = make([][]wordWeight, len(cards))
	var df []float64
	for i, c := range cards {
		counts := c.wordsOf()
		for _, w := range slices.Sorted(maps.Keys(counts)) { // an order, so that sums are the same each time
			n, known := number[w]
			if !known {
				n = len(df)
				number[w] = n
				df = append(df, 0)
			}
			df[n]++
			vectors[i] = append(vectors[i], wordWeight{n, counts[w]})
		}
	}
	in = make([][]cardWeight, len(df))
	n := float64(len(cards))
	for i := range vectors {
		sum := 0.0
		for k := range vectors[i] {
			w := &vectors[i][k]
			if n > 20 && df[w.word] > n/2 {
				w.weight = 0
				continue
			}
			w.weight = (1 + math.Log(w.weight)) * math.Log(1+n/df[w.word])
			sum += w.weight * w.weight
		}
		vectors[i] = slices.DeleteFunc(vectors[i], func(w wordWeight) bool { return w.weight == 0 })
		for k := range vectors[i] {
			w := &vectors[i][k]
			w.weight /= math.Sqrt(sum)
			in[w.word] = append(in[w.word], cardWeight{i, w.weight})
		}
	}
	return vectors, in
}

// wordsOf counts the words of what a card asks and of what is right: question,
// situation, right options and rule.
func (c *Card) wordsOf() map[string]float64 {
	parts := []string{Text(c.Title), markdown.BlocksText(c.Situation), markdown.BlocksText(c.Rule)}
	for _, o := range c.Options {
		if o.Right {
			parts = append(parts, Text(o.Text))
		}
	}
	out := map[string]float64{}
	for _, w := range wordsIn(strings.Join(parts, " ")) {
		if !plainWords[w] {
			out[w]++
		}
	}
	return out
}

// wordsIn splits a text into its words in lower case; BatchSize is two of them.
func wordsIn(s string) []string {
	var out []string
	var b strings.Builder
	end := func() {
		if b.Len() > 0 {
			out = append(out, b.String())
			b.Reset()
		}
	}
	lower := false
	for _, r := range s {
		switch {
		case unicode.IsLetter(r):
			if unicode.IsUpper(r) && lower {
				end()
			}
			b.WriteRune(unicode.ToLower(r))
		case unicode.IsDigit(r):
			b.WriteRune(r)
		default:
			end()
		}
		lower = unicode.IsLower(r)
	}
	end()
	return out
}

// plainWords say nothing of what a card is about.
var plainWords = func() map[string]bool {
	out := map[string]bool{}
	for _, w := range strings.Fields(`a an the and or but of to in on at by for with from as is it its be are was were has have had do does did
		not no if that this these those there which what how why when where who one each any all than then so only also into
		here it they them their he she his her can may should would will must`) {
		out[w] = true
	}
	return out
}()

// ideas are the facts, traps and users' difficulties that a card trains.
func (c *Card) ideas() []string {
	var out []string
	for _, t := range c.Tags {
		if exists, _ := HasTag(t); exists && !strings.HasPrefix(t, "c0") {
			out = append(out, t)
		}
	}
	return out
}

func sharesIdeas(a, b []string) bool {
	both, all := 0, len(b)
	for _, t := range a {
		if slices.Contains(b, t) {
			both++
		} else {
			all++
		}
	}
	return both >= leastIdea && float64(both) >= sameIdea*float64(all)
}

// asks gives a text that proofs share only if they ask the same of the same
// world.
func (p *Proof) asks() string {
	said := []string{p.Ask}
	for _, k := range p.Options {
		said = append(said, k.That)
	}
	slices.Sort(said)
	return strings.Join(append(said, p.Scenario, p.At, p.When, Written(p.World)), "\x00")
}
