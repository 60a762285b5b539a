package scenario_test

import (
	"strings"
	"testing"

	"esmlab/engine"
	"esmlab/engine/scenario"
	"esmlab/engine/template"
)

// FuzzRead: no scenario panics, neither as it is read nor as it runs, and what
// is refused is refused in lines with places.
func FuzzRead(f *testing.F) {
	for _, name := range scenario.Names() {
		src, _ := scenario.Builtin(name)
		f.Add(string(src[strings.Index(string(src), "esmlab:")+len("esmlab:") : strings.Index(string(src), "Resources:")]))
	}
	for _, s := range []string{
		"traffic: [{to: Orders, at: 0s, count: 3, size: 1048577}]\nsteps: [{at: 0s, split: {stream: Orders, shard: 0}}, {at: 0s, merge: {stream: Orders, shards: [1, 2]}}]",
		"steps: [{at: 1s, remove: Ship}, {at: 1s, remove: Orders}, {at: 2s, restart: ShipOrders}, {at: 2s, disable: ShipOrders}, {at: 2s, enable: ShipOrders}, {at: 3s, remove: ShipOrders}]",
		"steps: [{at: 1s, set: {ShipOrders.ParallelizationFactor: 5}}, {at: 2s, set: {ShipOrders.TumblingWindowInSeconds: 5}}, {at: 2s, set: {Orders.ShardCount: 2}}]\nfunctions: {Ship: {takes: {min: 0s, max: 3s}, faults: [{chance: 0.5}]}}",
		"seed: 18446744073709551615\nstarts: 1970-01-01T00:00:00Z\nchosen: {MAP-RETRY-2: 1ms, KIN-SHARD-2: 1}\naccount: {concurrency: 0}",
		"expect: [{that: 'let x = 1; record(\"Orders#\" + string(x)).state == \"done\"', always: true}, {that: '[1][5] == 1'}]\nstops: [0, 't > 1']",
	} {
		f.Add("\n    " + strings.ReplaceAll(s, "\n", "\n    ") + "\n")
	}
	f.Fuzz(func(t *testing.T, meta string) {
		sc, err := scenario.Read("t.yaml", []byte(languageBase+meta), scenario.Options{})
		if err != nil {
			for _, e := range err.(template.Errors) {
				if strings.ContainsAny(e.Error(), "\n\r\x1b") || e.Message == "" || e.Line < 1 || e.Col < 1 {
					t.Errorf("not one line with a place: %q", e.Error())
				}
			}
			return
		}
		if len(sc.Config.Traffic) > 5 || len(sc.Config.Steps) > 50 {
			return
		}
		for i := range sc.Config.Traffic {
			if tr := &sc.Config.Traffic[i]; tr.Count > 1000 || !tr.AtOnce && tr.Every/engine.Micros(tr.Per) < engine.Millisecond || len(tr.Keys) > 100 {
				return // what takes long is no finding
			}
		}
		sc.Config.For = min(sc.Config.For, 20*engine.Second)
		r, err := scenario.NewRunner(sc, nil)
		if err != nil {
			t.Fatalf("it was read and cannot run: %v", err)
		}
		r.Advance(r.End())
		r.Summary()
	})
}
