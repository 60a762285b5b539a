package inspect_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"esmlab/engine"
	"esmlab/engine/inspect"
	"esmlab/engine/rule"
	"esmlab/engine/scenario"
	"esmlab/engine/timeline"
)

// each opens every built-in scenario, and calls f at its first block, its
// first discard or move, and its end.
func each(t *testing.T, f func(t *testing.T, tl *timeline.Timeline)) {
	t.Helper()
	for i, name := range scenario.Names() {
		if testing.Short() && i%9 > 0 {
			continue
		}
		t.Run(name, func(t *testing.T) {
			tl, err := timeline.New(open(t, name))
			if err != nil {
				t.Fatal(err)
			}
			want := []func(*engine.Event) bool{
				func(e *engine.Event) bool { return e.Kind == engine.KindBlock || e.Kind == engine.KindReappear },
				func(e *engine.Event) bool { return e.Kind == engine.KindDiscard || e.Kind == engine.KindMove },
			}
			end := tl.Sim().Config().For
			for tl.Now() < end && tl.Next(timeline.Visible) && len(want) > 0 {
				log := tl.History().Log
				for i, is := range want {
					if is(&log[len(log)-1]) {
						f(t, tl)
						want = append(want[:i:i], want[i+1:]...)
						break
					}
				}
			}
			tl.Seek(end)
			f(t, tl)
		})
	}
}

// TestWhy asks why of all there is in each built-in scenario: each answer
// names a rule that exists, holds a value of that instant, and no two things
// and no two states are told alike.
func TestWhy(t *testing.T) {
	said := map[string]string{}
	_, queues := rule.Find(rule.SqsReceive) // the rules of queues are written
	each(t, func(t *testing.T, tl *timeline.Timeline) {
		s, log := tl.Sim(), tl.History().Log
		about := map[string]bool{}
		look := func(thing string, w *inspect.Why) {
			t.Helper()
			text := w.Text()
			for _, step := range w.Chain() {
				if _, ok := rule.Find(step.Rule); !ok && (queues || !strings.Contains(string(step.Rule), "SQS")) {
					t.Errorf("%s at %s: there is no rule %q in\n%s", thing, tl.Now(), step.Rule, text)
				}
				if len(step.Values) == 0 || step.Statement == "" {
					t.Errorf("%s at %s: no value, or nothing said, in\n%s", thing, tl.Now(), text)
				}
			}
			if about[text] {
				t.Errorf("%s at %s is told like another thing:\n%s", thing, tl.Now(), text)
			}
			about[text] = true
			key := t.Name() + thing + text
			if at, ok := said[key]; ok && at != tl.Now().String() && !strings.HasPrefix(thing, "event") {
				t.Errorf("%s is told at %s as it was at %s:\n%s", thing, tl.Now(), at, text)
			}
			said[key] = tl.Now().String()
		}
		c := s.Config()
		for i := range log {
			look(fmt.Sprint("event ", log[i].N), inspect.OfEvent(s, log, i))
		}
		for mi := range s.Mappings {
			if si := s.SourceOf(mi); si >= 0 {
				for k := range s.Streams[si].Shards {
					look(fmt.Sprint("shard ", mi, k), inspect.OfShard(s, log, mi, k))
					look(fmt.Sprint("iterator ", mi, k), inspect.OfIterator(s, log, mi, k))
				}
				for k := range s.Mappings[mi].Iterators {
					for l := range s.Mappings[mi].Iterators[k].Lanes {
						look(fmt.Sprint("lane ", mi, k, l), inspect.OfLane(s, log, mi, k, l))
					}
				}
			} else {
				for k := range s.Mappings[mi].Polls.Slots {
					look(fmt.Sprint("poller ", mi, k), inspect.OfPoller(s, log, mi, k))
				}
			}
			names := []string{"IteratorAge", "Errors", "Invocations", "Throttles"}
			if slices.ContainsFunc(c.Mappings[:mi], func(m engine.MappingConfig) bool { return m.Function == c.Mappings[mi].Function }) {
				names = names[:1] // the others are the function's, which was asked
			}
			for _, name := range names {
				look(fmt.Sprint(name, mi), inspect.OfMetric(s, log, mi, name))
			}
		}
		settings := func(id string) {
			of, _ := s.SettingsOf(id)
			for _, p := range of.Rows() {
				look(id+"."+p.Name, inspect.OfSetting(s, log, id, p.Name))
			}
		}
		for i := range c.Mappings {
			settings(c.Mappings[i].ID)
		}
		for i := range c.Queues {
			settings(c.Queues[i].ID)
		}
		for i := range c.Streams {
			settings(c.Streams[i].ID)
		}
		for i := range c.Functions {
			settings(c.Functions[i].ID)
		}
		for qi := range s.Queues {
			look(fmt.Sprint("queue ", qi), inspect.OfQueue(s, log, qi))
		}
		for qi := range s.Queues {
			for n := range s.Queues[qi].Put.Len() {
				id := s.MessageID(qi, n+1)
				look(fmt.Sprint("message ", id), inspect.OfMessage(s, log, id))
			}
		}
		for fi := range s.Functions {
			look(fmt.Sprint("function ", fi), inspect.OfFunction(s, log, fi))
		}
		for i := range s.Discards {
			inspect.OfDiscard(s, log, i)
		}
	})
}

// open gives the Config of a built-in scenario.
func open(t testing.TB, name string) *engine.Config {
	t.Helper()
	src, ok := scenario.Builtin(name)
	if !ok {
		t.Fatal("no scenario ", name)
	}
	sc, err := scenario.Read(name+".yaml", src, scenario.Options{})
	if err != nil {
		t.Fatal(err)
	}
	return sc.Config
}
