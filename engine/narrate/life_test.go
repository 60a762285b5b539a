package narrate_test

import (
	"testing"

	"esmlab/engine"
	"esmlab/engine/narrate"
	"esmlab/engine/narrate/narratetest"
)

// A queue's first message has the id 0, which is also what stands in Record where it is not
// used: it has no part in what other messages go through.
func TestStationOfTheFirstMessage(t *testing.T) {
	n := narrate.Narrator{World: narratetest.World(narratetest.Queue)}
	other := engine.Event{Kind: engine.KindReceive, Source: -1, Records: []int32{1, 2}, Details: &engine.Details{Receives: []int32{1, 1}}}
	if got := n.Station(&other, 0); got != "" {
		t.Errorf("it is %q, though others were received", got)
	}
	own := engine.Event{Kind: engine.KindReceive, Source: -1, Records: []int32{0, 1}, Details: &engine.Details{Receives: []int32{2, 1}}}
	if got := n.Station(&own, 0); got != "received, 2" {
		t.Errorf("got %q", got)
	}
}
