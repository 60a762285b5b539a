package pane

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"esmlab/engine/scenario"
	"esmlab/engine/timeline"
	"esmlab/ui/kit"
)

// lines are what pane 6 shows of each mapping, newest first. said is told of
// each line whose instant is over.
func lines(tl *timeline.Timeline, said func(mapping int, s *Story)) [][]string {
	var out [][]string
	for mi := range tl.Sim().Mappings {
		c := &Ctx{S: tl.Sim(), M: mi, History: tl.History(), Theme: kit.NewTheme(0)}
		var texts []string
		for _, s := range c.Stories(0, 12, "") {
			texts = append(texts, fmt.Sprint(s.At, " ", s.Mark, s.Text, " ", s.Rules))
			if said != nil && s.At < tl.Now() {
				said(mi, &s)
			}
		}
		out = append(out, texts)
	}
	return out
}

// view is what was read at a place, and the first event of the log there.
type view struct {
	lines [][]string
	first int64
}

func viewOf(tl *timeline.Timeline, said func(mapping int, s *Story)) view {
	v := view{lines: lines(tl, said)}
	if log := tl.History().Log; len(log) > 0 {
		v.first = log[0].N
	}
	return v
}

// same holds what is read at a place against what was read there before. A log
// that begins later may have fewer lines.
func same(t *testing.T, how string, tl *timeline.Timeline, want view) {
	t.Helper()
	v := viewOf(tl, nil)
	for mi, got := range v.lines {
		then := want.lines[mi]
		if v.first > want.first {
			then = then[:min(len(then), len(got))]
		}
		if !slices.Equal(got, then) {
			t.Fatalf("second %s, mapping %d, after %s:\n%s\nwhile watching:\n%s", tl.Now(), mi, how, strings.Join(got, "\n"), strings.Join(then, "\n"))
		}
	}
}

// What pane 6 says of an instant is the same after watching, after stepping
// back to it and after seeking it, in every built-in scenario; and it stays the
// same as time goes on.
func TestStoriesAreTheSameHoweverOneComes(t *testing.T) {
	t.Parallel()
	names, most := scenario.Names(), 600
	if testing.Short() {
		names, most = []string{"poison-record", "batch-mates", "parallel-lanes", "report-the-one"}, 120
	}
	for _, name := range names {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			src, _ := scenario.Builtin(name)
			sc, err := scenario.Read(name+".yaml", src, scenario.Options{})
			if err != nil {
				t.Fatal(err)
			}
			open := func() *timeline.Timeline {
				tl, err := timeline.New(sc.Config)
				if err != nil {
					t.Fatal(err)
				}
				return tl
			}
			seen := map[int64]view{}       // by steps
			first := map[[2]int64]string{} // by mapping and event: the text of its line
			var places []int64
			tl := open()
			for len(places) < most && tl.Now() < sc.Config.For && tl.Next(timeline.Visible) {
				at := tl.Sim().Steps()
				if len(places) == 0 || places[len(places)-1] != at {
					places = append(places, at)
				}
				seen[at] = viewOf(tl, func(mapping int, s *Story) {
					// Only what nothing overtakes is left out once something newer says it.
					text, _, _ := strings.Cut(s.Text, "; nothing")
					id := [2]int64{int64(mapping), s.Event.N}
					if was, ok := first[id]; ok && was != text {
						t.Errorf("at second %s the line of %s is %q, before it was %q", tl.Now(), s.At, text, was)
					}
					first[id] = text
				})
			}
			found := 0
			for tl.Prev(timeline.Visible) && found < most/4 {
				if want, ok := seen[tl.Sim().Steps()]; ok {
					found++
					same(t, "stepping back", tl, want)
				}
			}
			if found < min(len(places)/4, most/4)-1 {
				t.Errorf("stepping back came to %d of %d places", found, len(places))
			}
			tl = open()
			rnd := rand.New(rand.NewPCG(1, 2))
			for range min(len(places), most/4) {
				at := places[rnd.IntN(len(places))]
				tl.SeekStep(at)
				same(t, "seeking", tl, seen[at])
			}
		})
	}
}
