package lab

import (
	"fmt"
	"slices"
	"testing"

	"esmlab/engine"
	"esmlab/engine/scenario"
	"esmlab/ui/kit"
)

// With predictions on, time stops before each kind of thing that happens for the first
// time, and the answer is what then happens.
func TestPredict(t *testing.T) {
	t.Parallel()
	seen := map[foreseen]bool{}
	for _, c := range []struct {
		name string
		want []foreseen
	}{
		{"calm-stream", nil},
		{"poison-record", []foreseen{firstFailure}},
		{"bisect-finds-it", []foreseen{firstSplit, triesAnew}},
		{"retries-then-destination", []foreseen{firstFailure, firstDiscard, firstDelivery}},
		{"s3-keeps-the-payload", []foreseen{firstDelivery}},
		{"poison-to-dlq", []foreseen{firstHidden, secondReceive, firstMove}},
	} {
		src, _ := scenario.Builtin(c.name)
		sc, err := scenario.Read(c.name, src, scenario.Options{})
		if err != nil {
			t.Fatal(err)
		}
		m, err := New(&kit.ScreenStack{Theme: kit.NewTheme(0)}, Options{Stopped: true, Scenario: &Scenario{Name: sc.Name, Config: sc.Config}})
		if err != nil {
			t.Fatal(err)
		}
		m.usePredict(true)
		m.running = true
		var asked []foreseen
		for m.tl.Now() < sc.Config.For {
			p := m.foresee(m.tl.Now()+engine.Second/2, 0)
			if p == nil {
				m.tl.Advance(m.tl.Now()+engine.Second/2, -1)
				continue
			}
			before := m.tl.Sim().Emitted()
			last := p
			for q := p; q != nil; q = q.next {
				asked = append(asked, q.what)
				seen[q.what] = true
				m.askPrediction(q)
				menu, ok := m.dialogs.Top().(*kit.Menu)
				if !ok || m.running || m.tl.Sim().Steps() != q.steps || len(menu.Items) != len(q.options)+1 {
					t.Fatalf("%s: %v: it does not ask before it happens", c.name, q.what)
				}
				if q.right < 0 || q.right >= len(q.options) || q.why == "" {
					t.Errorf("%s: %+v", c.name, q)
				}
				m.dialogs.Close()
				if q.chosen = q.right; q.next != nil {
					q.next.before = q
				}
				last = q
			}
			m.answered(last)
			m.dialogs.Close()
			if m.tl.Sim().Emitted() == before || m.predict.correct != len(asked) {
				t.Errorf("%s: %v: nothing has happened, or the right answer is not right", c.name, p.what)
			}
			m.running = true
		}
		for _, w := range c.want {
			if !slices.Contains(asked, w) {
				t.Errorf("%s: %v is not asked for, only %v", c.name, w, asked)
			}
		}
		if c.want == nil && len(asked) > 0 {
			t.Errorf("%s: %v is asked for", c.name, asked)
		}
		for i, a := range asked {
			if slices.Contains(asked[:i], a) {
				t.Errorf("%s: %v is asked for twice", c.name, a)
			}
		}
	}
	for what := range numForeseen {
		if !seen[what] {
			t.Errorf("nothing asks for %s", fmt.Sprint(what))
		}
	}
}
