package lab

import (
	"testing"

	"esmlab/engine"
	"esmlab/ui/kit"
)

// TestTypedCommands: what a typed command does not understand it says, and does nothing;
// it never passes over a word.
func TestTypedCommands(t *testing.T) {
	t.Parallel()
	m := lab(t, poison(1), 120, 36, 20*engine.Second)
	for _, c := range []struct{ line, says string }{
		{"predict maybe", ":predict takes on or off"},
		{"skip 1", ":skip takes on or off"},
		{"mouse off now", ":mouse takes on or off"},
		{"notes x", ":notes takes no arguments"},
		{"bisect off", ":bisect takes no arguments"},
		{"life Orders#3 x", ":life takes one argument, such as :life Orders#22"},
		{"life Nope#3", "There is no source Nope (one of Failures, Orders)"},
		{"seek Nope#3", "There is no source Nope (one of Failures, Orders)"},
		{"seek Orders#3 first", ":seek takes an instant or a record, such as 20s, 1m30s, Orders#22 or Orders#22 last"},
		{"seek 1e9h", ":seek takes an instant or a record, such as 20s, 1m30s, Orders#22 or Orders#22 last"},
		{"event x", ":event takes the number of an invocation, such as 3; without one it is the last"},
		{"set BatchSize 5 6", "BatchSize is a whole number, not 5 6 (1 to 10,000)"},
	} {
		before := len(m.tl.AllCommands())
		m.notice = ""
		m.keys.RunLine(c.line)
		if m.notice != c.says {
			t.Errorf(":%s says %q, not %q", c.line, m.notice, c.says)
		}
		for _, p := range m.tl.AllCommands()[before:] {
			if !p.Refused {
				t.Errorf(":%s did something", c.line)
			}
		}
		if m.tl.Now() != 20*engine.Second {
			t.Fatalf(":%s went to %s", c.line, m.tl.Now())
		}
	}
	// What is too long for the headline stands on a card: what would be right comes last.
	for _, line := range []string{"what-if BatchSize=0", "set BatchSize 0"} {
		m.keys.RunLine(line)
		m.wholeNotice()
		card, ok := m.dialogs.Top().(*kit.Card)
		if !ok || card.Title != "Refused" {
			t.Errorf(":%s shows %T", line, m.dialogs.Top())
		}
		m.dialogs.Close()
	}
	// Filters are typed as the lab shows them, as AWS takes them, or as a pattern.
	for _, typed := range []string{`{Filters: [{Pattern: '{"data":{"kind":["order"]}}'}]}`, `{"Filters":[{"Pattern":"{\"data\":{\"kind\":[\"order\"]}}"}]}`, `{"data":{"kind":["order"]}}`} {
		for _, after := range []struct {
			line string
			n    int
		}{{"set FilterCriteria " + typed, 1}, {"set FilterCriteria none", 0}, {"set FilterCriteria " + typed, 1}, {"set FilterCriteria {}", 0}} {
			m.keys.RunLine(after.line)
			if got := m.sim().Mappings[0].FilterCriteria; len(got.Patterns()) != after.n {
				t.Errorf(":%s: %d patterns: %s", after.line, len(got.Patterns()), m.notice)
			}
		}
	}
}
