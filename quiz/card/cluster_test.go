package card

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/cockroachdb/datadriven"
	"pgregory.net/rapid"
)

// TestClusters finds cards that ask nearly the same. Cards without an id of their own
// are shown by their place.
func TestClusters(t *testing.T) {
	datadriven.RunTest(t, "testdata/clusters", func(t *testing.T, d *datadriven.TestData) string {
		n := Read("n.md", []byte(d.Input), Options{})
		var cards []*Card
		name := map[string]string{"": ""}
		for i := range n.Cards {
			c := &n.Cards[i]
			cards = append(cards, c)
			if name[c.ID] = c.ID; !c.Named {
				name[c.ID] = fmt.Sprint(i + 1)
			}
		}
		var out []string
		for _, p := range NearDoubles(cards) {
			how := "alike"
			if p.SameProof {
				how = "same proof"
			}
			out = append(out, fmt.Sprintf("%s and %s: %s", name[p.A.ID], name[p.B.ID], how))
		}
		for i, a := range cards {
			for _, b := range cards[i+1:] {
				if Linked(a, b) {
					out = append(out, fmt.Sprintf("%s and %s: linked", name[a.ID], name[b.ID]))
				}
			}
		}
		k := ClustersOf(cards)
		var of []string
		for _, c := range cards {
			of = append(of, strings.TrimSpace(name[c.ID]+": "+name[k.Of(c.ID)]))
		}
		slices.Sort(of)
		return strings.Join(append(out, of...), "\n") + "\n"
	})
}

// TestClustersAreSets draws links and holds that being in one cluster is an equivalence:
// cards that a chain of links joins, and no others.
func TestClustersAreSets(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(1, 12).Draw(t, "cards")
		tags := rapid.SliceOfN(rapid.SliceOfN(rapid.IntRange(0, 8), 0, 2), n, n).Draw(t, "tags")
		cards := make([]*Card, n)
		joined := make([][]bool, n)
		for i := range cards {
			cards[i] = &Card{ID: fmt.Sprint("card-", i)}
			joined[i] = make([]bool, n)
			joined[i][i] = true
			for _, tag := range tags[i] {
				cards[i].Tags = append(cards[i].Tags, fmt.Sprint("like-", tag))
			}
		}
		for i := range n {
			for j := range n {
				joined[i][j] = joined[i][j] || Linked(cards[i], cards[j])
			}
		}
		for k := range n {
			for i := range n {
				for j := range n {
					joined[i][j] = joined[i][j] || joined[i][k] && joined[k][j]
				}
			}
		}
		k := ClustersOf(cards)
		for i := range n {
			for j := range n {
				if got := k.Same(cards[i].ID, cards[j].ID); got != joined[i][j] {
					t.Fatalf("cards %d and %d in one cluster: %v, want %v", i, j, got, joined[i][j])
				}
			}
		}
	})
}
