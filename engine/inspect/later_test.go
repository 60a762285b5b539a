package inspect_test

import (
	"slices"
	"strings"
	"testing"

	"esmlab/engine"
	"esmlab/engine/inspect"
	"esmlab/engine/scenario"
	"esmlab/engine/timeline"
)

// What why says of an event it says whenever it is asked: right when it
// happened, and later, after every setting was changed and every fault removed,
// at once or with an update that takes a while.
func TestWhyOfAnEventNeverChanges(t *testing.T) {
	t.Parallel()
	for i, name := range scenario.Names() {
		if testing.Short() && i%11 > 0 {
			continue
		}
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := open(t, name)
			for k := range c.Mappings {
				c.Mappings[k].Updates = engine.Micros(i%2) * 700 * engine.Millisecond
			}
			tl, err := timeline.New(c)
			if err != nil {
				t.Fatal(err)
			}
			said := map[int64]string{}
			look := func(w *inspect.Why, n int64, when string) {
				text := w.At.String() + " " + w.Statement + " [" + string(w.Rule) + "] " + strings.Join(w.Values, " · ")
				if was, ok := said[n]; ok && was != text {
					t.Errorf("%s, why says\n%s\nwhen it happened it said\n%s", when, text, was)
				}
				said[n] = text
			}
			var last int64
			changed := false
			for tl.Now() < c.For && tl.Next(timeline.Visible) {
				if !changed && tl.Now() > c.For/2 {
					changed = true
					change(t, tl)
				}
				log := tl.History().Log
				for i := range log {
					if log[i].N > last {
						look(inspect.OfEvent(tl.Sim(), log, i), log[i].N, "later")
					}
				}
				last = log[len(log)-1].N
			}
			change(t, tl)
			log := tl.History().Log
			for i := range log {
				if _, ok := said[log[i].N]; ok {
					look(inspect.OfEvent(tl.Sim(), log, i), log[i].N, "after all was changed")
				}
			}
		})
	}
}

// change changes every setting that can be changed, removes the faults and takes every permission away.
func change(t *testing.T, tl *timeline.Timeline) {
	t.Helper()
	c := tl.Sim().Config()
	var ids []string
	for i := range c.Mappings {
		ids = append(ids, c.Mappings[i].ID)
	}
	for i := range c.Queues {
		ids = append(ids, c.Queues[i].ID)
	}
	for i := range c.Streams {
		ids = append(ids, c.Streams[i].ID)
	}
	for i := range c.Functions {
		ids = append(ids, c.Functions[i].ID)
	}
	changed := 0
	for _, id := range ids {
		of, _ := tl.Sim().SettingsOf(id)
		for _, p := range of.Rows() {
			now, ok := p.Get(&of)
			if !ok || p.Own && p.Name == "Enabled" {
				continue
			}
			steps := p.StepList(&of)
			slices.Reverse(steps)
			for _, step := range steps {
				if v := p.Parse(step); v != now && tl.Do(engine.Command{Op: engine.OpSet, Target: id + "." + p.Name, Value: v}) == nil {
					changed++
					break
				}
			}
		}
	}
	for i := range c.Functions {
		tl.Do(engine.Command{Op: engine.OpFix, Target: c.Functions[i].ID})
	}
	for i := range c.Mappings {
		tl.Do(engine.Command{Op: engine.OpDeny, Target: c.Mappings[i].ID, Actions: []string{"kinesis:*", "dynamodb:*", "sqs:*", "sns:*", "s3:*"}})
		tl.Do(engine.Command{Op: engine.OpAllow, Target: c.Mappings[i].ID, Actions: []string{"sqs:SendMessage", "sns:Publish"}})
	}
	if changed < 4 {
		t.Errorf("only %d settings could be changed", changed)
	}
}
