package lab

import (
	"strings"
	"testing"

	"esmlab/engine"
	"esmlab/ui/kit"
	"esmlab/ui/pane"
)

// Each kind of subject has what w, enter and the menu do.
func TestHandlers(t *testing.T) {
	for k := range pane.Kinds {
		h := &subjectHandlers[k]
		if h.why == nil && h.explain == nil {
			t.Errorf("a %s has no why", k)
		}
		if h.enter == nil && (h.inside == nil || h.why == nil) {
			t.Errorf("enter does nothing on a %s", k)
		}
	}
}

// A fault that takes another's place is in Settings at once, also where its name
// is as long and the person did nothing.
func TestReplacedFault(t *testing.T) {
	sc := poison(2)
	fault := func(n int) engine.Fault {
		return engine.Fault{Function: "Ship", Name: "poison", Records: []engine.Label{{Source: "Orders", N: n}}, Until: engine.Never}
	}
	sc.Config.Steps = []engine.Step{
		{At: 2 * engine.Second, Command: engine.Command{Op: engine.OpFix, Target: "poison"}},
		{At: 2 * engine.Second, Command: engine.Command{Op: engine.OpFault, Fault: fault(33)}},
	}
	m := lab(t, sc, 120, 36, engine.Second)
	for _, want := range []string{"break something…     poison Orders#22", "break something…     poison Orders#33"} {
		if text := m.text(); !strings.Contains(text, want) {
			t.Errorf("at %s no %q in\n%s", m.tl.Now(), want, text)
		}
		m.tl.Advance(3*engine.Second, -1)
	}
}

// The cursor stays on its batch when the rows above it become more, and enter is
// about that batch.
func TestCursorStaysOnItsSubject(t *testing.T) {
	m := lab(t, poison(2), 120, 36, 23400*engine.Millisecond)
	m.running = false
	m.HandleKey(keyPress("b"))
	for _, k := range []string{"3", "down"} {
		m.frame()
		m.HandleKey(keyPress(k))
	}
	before := m.subject()
	m.tl.Advance(24100*engine.Millisecond, -1)
	if got := m.subject(); got != before || got.Shard != 1 {
		t.Fatalf("the cursor was on %s, now it is on %s", before, got)
	}
	m.HandleKey(keyPress("enter"))
	if title, _ := said(m); title != "Records gathered for the next batch of shard 1" {
		t.Errorf("enter shows %q", title)
	}
}

// Rows of shards and of their iterators are side by side, as long as each has one.
func TestTwinsAreSideBySide(t *testing.T) {
	for _, shards := range []int{1, 2, 3, 5, 12} {
		for _, size := range [][2]int{{80, 24}, {80, 40}, {120, 36}, {160, 50}} {
			m := lab(t, poison(shards), size[0], size[1], drawn)
			m.frame()
			if m.drawn[1].Columns > 0 {
				continue
			}
			of, rows := map[int32]int{}, m.drawn[1].Rows
			for i := range rows {
				if a := rows[i].Subject; a.Kind == pane.KindShard {
					if _, seen := of[a.Shard]; !seen {
						of[a.Shard] = i
					}
				}
			}
			for i, row := range m.drawn[2].Rows {
				b := row.Subject
				if at, ok := of[b.Shard]; ok && i > at+2 { // the bar of the one that is tried next, in the last row
					continue
				}
				if b.Kind == pane.KindIterator && i < len(rows) && rows[i].Subject.Shard != b.Shard && rows[i].Subject.Kind == pane.KindShard {
					t.Errorf("%v, %d shards: %s is beside %s", size, shards, rows[i].Subject, b)
				}
			}
			if len(of) != shards {
				t.Errorf("%v: %d of %d shards have a row", size, len(of), shards)
			}
		}
	}
}

// The menu begins with what can be done to the subject itself.
func TestMenuBeginsWithTheSubject(t *testing.T) {
	for _, k := range []struct {
		sc    *Scenario
		at    engine.Micros
		about pane.Subject
		in    int
		first string
	}{
		{poison(2), drawn, pane.Subject{Kind: pane.KindFault, Name: "poison"}, 5, "remove: poison Orders#22"},
		{poison(2), drawn, pane.Subject{Kind: pane.KindShard, Shard: 1}, 1, "poison #81"},
		{poison(2), drawn, pane.Subject{Kind: pane.KindBatch, N: 4}, 3, "poison #18"},
		{jobs(), 55 * engine.Second, pane.Subject{Kind: pane.KindDeadLetters}, 4, "redrive JobsDead: its messages go back to Jobs"},
		{jobs(), queueDrawn, pane.Subject{Kind: pane.KindFunction}, 3, "poison #51"},
	} {
		m := lab(t, k.sc, 120, 36, k.at)
		m.frame()
		m.focus, m.views[k.in].sel = k.in, k.about
		m.menu()
		menu, ok := m.dialogs.Top().(*kit.Menu)
		if !ok || menu.Items[0].Text != k.first {
			t.Errorf("on %s the menu begins with %q, not with %q", k.about, menu.Items[0].Text, k.first)
		}
		seen := map[string]bool{}
		for _, item := range menu.Items {
			if seen[item.Text] {
				t.Errorf("on %s the menu offers %q twice", k.about, item.Text)
			}
			seen[item.Text] = true
		}
	}
}
