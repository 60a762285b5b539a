package lab

import (
	"strings"
	"testing"

	"esmlab/engine"
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
	for _, k := range []string{"3", "down", "down"} {
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
