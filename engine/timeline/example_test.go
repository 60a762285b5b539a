package timeline_test

import (
	"fmt"

	"esmlab/engine"
	"esmlab/engine/scenario"
	"esmlab/engine/timeline"
)

// A run is taken back to an instant, branched there, and done differently; the
// run as it was stays as it is.
func Example() {
	src, _ := scenario.Builtin("poison-record")
	sc, err := scenario.Read("poison-record.yaml", src, scenario.Options{})
	if err != nil {
		fmt.Println(err)
		return
	}
	t, err := timeline.New(sc.Config)
	if err != nil {
		fmt.Println(err)
		return
	}
	blocked := func() bool { return t.Sim().Mappings[0].Iterators[0].Lanes[0].Blocked }
	t.Advance(60*engine.Second, -1)
	fmt.Println(t.Name(), "at", t.Now().Seconds(), "blocked:", blocked())

	t.Seek(20 * engine.Second)
	t.Branch()
	t.Do(engine.Command{Op: engine.OpSet, Target: "ShipOrders.MaximumRetryAttempts", Value: engine.IntValue(2)})
	t.Advance(60*engine.Second, -1)
	fmt.Println(t.Name(), "at", t.Now().Seconds(), "blocked:", blocked())
	// Output:
	// run 1 at 60 blocked: true
	// run 2 at 60 blocked: false
}
