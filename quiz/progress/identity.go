package progress

import (
	"cmp"
	"slices"
	"strings"
)

// Ref is how a card is found again: its id, where it stands, and its question
// text, normalised (case, spacing and marks removed) by whoever reads notes.
type Ref struct{ ID, File, Heading, Text string }

// Rebind says that what is known of From should be known of To: the same
// question, edited.
type Rebind struct {
	From, To Ref
	Alike    float64 // 0 to 1
}

// enoughAlike is the share of words that an edited question keeps.
const enoughAlike = 0.5

// Orphans gives the cards that were reviewed, and stand in none of the files
// that were read: their id is not among the cards now. A card of another file
// is not an orphan: that file is just not open.
func (s *State) Orphans(now []Ref, files []string) []Ref {
	s.replay()
	here := map[string]bool{}
	for _, r := range now {
		here[s.canonical(r.ID)] = true
	}
	var out []Ref
	for _, r := range s.refs() {
		if c := s.cards[r.ID]; c != nil && c.Seen() && !here[r.ID] && slices.Contains(files, r.File) {
			out = append(out, r)
		}
	}
	return out
}

// refs are where cards were when they were last asked, by id.
func (s *State) refs() []Ref {
	last := map[string]Ref{}
	for l := range s.Lines {
		if l.Kind == KindCard {
			id := s.canonical(l.Card)
			last[id] = Ref{ID: id, File: l.File, Heading: l.Heading, Text: l.Text}
		}
	}
	out := make([]Ref, 0, len(last))
	for _, r := range last {
		out = append(out, r)
	}
	slices.SortFunc(out, func(a, b Ref) int { return cmp.Compare(a.ID, b.ID) })
	return out
}

// Location gives the place that is on record for a card.
func (s *State) Location(id string) (Ref, bool) {
	id = s.Canonical(id)
	for _, r := range s.refs() {
		if r.ID == id {
			return r, true
		}
	}
	return Ref{}, false
}

// Rebinds finds, for orphans, the card that each has become: in the same file
// under the same heading, never reviewed, with at least half of the words.
// The most similar pair comes first; each card is in one pair at most.
func (s *State) Rebinds(now []Ref, files []string) []Rebind {
	var pairs []Rebind
	for _, o := range s.Orphans(now, files) {
		for _, r := range now {
			if r.File != o.File || r.Heading != o.Heading || s.Card(r.ID).Seen() {
				continue
			}
			if a := Similarity(o.Text, r.Text); a >= enoughAlike {
				pairs = append(pairs, Rebind{From: o, To: r, Alike: a})
			}
		}
	}
	slices.SortStableFunc(pairs, func(a, b Rebind) int {
		return cmp.Or(cmp.Compare(b.Alike, a.Alike), cmp.Compare(a.From.ID, b.From.ID), cmp.Compare(a.To.ID, b.To.ID))
	})
	var out []Rebind
	from, to := map[string]bool{}, map[string]bool{}
	for _, p := range pairs {
		if !from[p.From.ID] && !to[p.To.ID] {
			from[p.From.ID], to[p.To.ID] = true, true
			out = append(out, p)
		}
	}
	return out
}

// Similarity is the share of words that two texts have in common, in their order:
// twice the longest common subsequence over both lengths.
// Only the first 200 words count.
func Similarity(a, b string) float64 {
	x, y := strings.Fields(a), strings.Fields(b)
	x, y = x[:min(len(x), 200)], y[:min(len(y), 200)]
	if len(x)+len(y) == 0 {
		return 1
	}
	row := make([]int, len(y)+1)
	for _, w := range x {
		diagonal := 0
		for j, v := range y {
			up := row[j+1]
			if w == v {
				row[j+1] = diagonal + 1
			} else {
				row[j+1] = max(up, row[j])
			}
			diagonal = up
		}
	}
	return 2 * float64(row[len(y)]) / float64(len(x)+len(y))
}
