package lab

import (
	"strings"
	"testing"

	"esmlab/engine"
)

// Plurals agree in the headline and under a shard, and the id of a source is
// followed by a verb that fits.
func TestPluralsAgree(t *testing.T) {
	sc := poison(1)
	sc.Config.Traffic = []engine.Traffic{{To: "Orders", AtOnce: true, Count: 1, Until: engine.Never, Per: 1, Shard: -1, Keys: []string{"k1"}}}
	sc.Config.Functions[0].Faults[0].Records[0].N = 1
	m := lab(t, sc, 120, 36, 0)
	if got := flows("Orders") + ", " + flows("OrderQueue"); got != "Orders flow, OrderQueue flows" {
		t.Error(got)
	}
	for m.tl.Now() < 20*engine.Second && !strings.Contains(m.text(), "IS BLOCKED") {
		m.tl.Advance(m.tl.Now()+100*engine.Millisecond, -1)
	}
	if text := m.text(); !strings.Contains(text, "1 record waits for it, in order.") {
		t.Errorf("one record, but the lab says\n%s", text)
	}
}
