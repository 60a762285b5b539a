package engine_test

import (
	"fmt"

	"esmlab/engine"
	"esmlab/engine/setting"
)

// One record of four makes the function throw. With one retry allowed, the
// batch is tried twice and then discarded, good records included.
func Example() {
	settings := setting.NewMapping(setting.Kinesis)
	settings.BatchSize = 4
	settings.MaximumRetryAttempts = 1
	cfg := &engine.Config{
		Seed: 1, For: engine.Second, Concurrency: 1000, Chosen: engine.DefaultChosen(),
		Streams: []engine.StreamConfig{{ID: "Orders", StreamSettings: setting.NewStream()}},
		Functions: []engine.FunctionConfig{{
			ID: "Ship", FunctionSettings: setting.NewFunction(),
			Faults: []engine.Fault{{Name: "poison", Records: []engine.Label{{Source: "Orders", N: 3}}, Until: engine.Never}},
		}},
		Mappings: []engine.MappingConfig{{ID: "ShipOrders", Source: "Orders", Function: "Ship", Enabled: true, Settings: settings}},
		Traffic:  []engine.Traffic{{To: "Orders", AtOnce: true, Count: 4, Shard: -1, Keys: []string{"k1"}, Until: engine.Never}},
	}
	s, err := engine.New(cfg)
	if err != nil {
		fmt.Println(err)
		return
	}
	s.RunUntil(2 * engine.Second)
	for _, e := range s.Drain() {
		switch e.Kind {
		case engine.KindInvoke, engine.KindReturn, engine.KindRetry, engine.KindDiscard:
			fmt.Printf("%4.1f s  %-8s %v %s\n", e.At.Seconds(), engine.KindNames[e.Kind], e.Records, e.Rule)
		}
	}
	// Output:
	//  0.0 s  invoke   [1 2 3 4] MAP-INVOKE-1
	//  0.1 s  return   [1 2 3 4] FN-ERROR-1
	//  0.1 s  retry    [1 2 3 4] MAP-RETRY-2
	//  0.6 s  invoke   [1 2 3 4] MAP-RETRY-1
	//  0.7 s  return   [1 2 3 4] FN-ERROR-1
	//  0.7 s  discard  [1 2 3 4] MAP-DISCARD-1
}

// A command is what a key in the lab, a step of a scenario and a test have in
// common. What AWS would refuse is refused in AWS's words, and changes nothing.
func ExampleSim_Do() {
	cfg := &engine.Config{
		Seed: 1, Concurrency: 1000, Chosen: engine.DefaultChosen(),
		Streams:   []engine.StreamConfig{{ID: "Orders", StreamSettings: setting.NewStream()}},
		Functions: []engine.FunctionConfig{{ID: "Ship", FunctionSettings: setting.NewFunction()}},
		Mappings: []engine.MappingConfig{{ID: "ShipOrders", Source: "Orders", Function: "Ship", Enabled: true,
			Settings: setting.NewMapping(setting.Kinesis)}},
	}
	s, err := engine.New(cfg)
	if err != nil {
		fmt.Println(err)
		return
	}
	s.RunUntil(0) // the mapping turns Enabled
	for _, size := range []int{20_000, 50} {
		refusal := s.Do(engine.Command{Op: engine.OpSet, Target: "ShipOrders.BatchSize", Value: engine.IntValue(size)})
		if refusal != nil {
			fmt.Println(refusal.Code + ": " + refusal.Message)
		}
		fmt.Println("BatchSize", s.Mappings[0].BatchSize)
	}
	// Output:
	// ValidationException: 1 validation error detected: Value '20000' at 'batchSize' failed to satisfy constraint: Member must have value less than or equal to 10000
	// BatchSize 100
	// BatchSize 50
}
