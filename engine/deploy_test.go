package engine_test

import (
	"slices"
	"strings"
	"testing"

	"esmlab/engine"
	"esmlab/engine/event"
	"esmlab/engine/setting"
	"esmlab/engine/timeline"
)

// table is a table with a mapping that is behind.
func table(view engine.ViewType) *engine.Config {
	f := setting.NewFunction()
	f.Takes.Base = 2 * engine.Second
	return &engine.Config{Seed: 1, Start: 1796083200_000000, For: engine.Hour, Concurrency: 1000, Chosen: engine.DefaultChosen(),
		Streams: []engine.StreamConfig{{ID: "Orders", Name: "Orders", ARN: "arn:aws:dynamodb:us-east-1:111122223333:table/Orders/stream/2026-12-01T00:00:00.000",
			Kind: engine.DynamoDB, KeyName: "pk", View: view, StreamSettings: setting.NewStream()}},
		Functions: []engine.FunctionConfig{{ID: "Ship", Name: "Ship", FunctionSettings: f}},
		Mappings:  []engine.MappingConfig{{ID: "ShipOrders", Source: "Orders", Function: "Ship", Enabled: true, Settings: engine.DefaultSettings()}},
		Traffic:   []engine.Traffic{{To: "Orders", Until: engine.Never, Every: engine.Second, Per: 1, Count: 40, Shard: -1, Keys: []string{"a", "b"}}}}
}

func deployView(view engine.ViewType) engine.Command {
	return engine.Command{Op: engine.OpDeploy, Target: "next.yaml", Deploy: &engine.Deployment{Name: "next.yaml", Config: table(view)}}
}

// TestDeployedARN: records of a table's old stream have its ARN and its view, also
// after a new stream has taken its place.
func TestDeployedARN(t *testing.T) {
	s, err := engine.New(table(engine.KeysOnly))
	if err != nil {
		t.Fatal(err)
	}
	s.RunUntil(10 * engine.Second)
	if r := s.Do(deployView(engine.NewImage)); r != nil {
		t.Fatal(r)
	}
	s.RunUntil(20 * engine.Second)
	for n, want := range map[int32][2]string{1: {"2026-12-01T00:00:00.000", "KEYS_ONLY"}, 15: {"2026-12-01T00:00:10.000", "NEW_IMAGE"}} {
		got := string(event.Function(s, 0, s.Streams[0].Records.At(int(n)-1).Shard, []int32{n}, nil))
		for _, part := range want {
			if !strings.Contains(got, part) {
				t.Errorf("record %d has no %s: %s", n, part, got)
			}
		}
	}
}

// TestWayBackOfADeployment: to go over a deployment and come back is the same as
// never to have gone there, and a branch goes its own way.
func TestWayBackOfADeployment(t *testing.T) {
	tl, err := timeline.New(table(engine.KeysOnly))
	if err != nil {
		t.Fatal(err)
	}
	tl.SetGap(20)
	tl.Seek(10 * engine.Second)
	before := tl.Sim().Clone()
	if r := tl.Do(deployView(engine.NewImage)); r != nil {
		t.Fatal(r)
	}
	tl.Seek(30 * engine.Second)
	deployed := tl.Sim().Clone()
	same := func(what string, a, b *engine.Sim) {
		t.Helper()
		if d := difference(a, b); d != "" {
			t.Errorf("%s: %s", what, d)
		}
		if x, y := a.Config().Streams[0].View, b.Config().Streams[0].View; x != y {
			t.Errorf("%s: the view type is %s, not %s", what, x, y)
		}
	}
	tl.Seek(5 * engine.Second)
	if v := tl.Sim().Config().Streams[0].View; v != engine.KeysOnly {
		t.Errorf("at second 5 the view type is %s", v)
	}
	tl.Seek(30 * engine.Second)
	same("seek back and forth", tl.Sim(), deployed)
	tl.Prev(timeline.Raw)
	tl.Seek(30 * engine.Second)
	same("a step back", tl.Sim(), deployed)
	if _, ok := tl.Undo(); !ok {
		t.Fatal("there is nothing to undo")
	}
	never, err := engine.New(table(engine.KeysOnly))
	if err != nil {
		t.Fatal(err)
	}
	never.RunUntil(30 * engine.Second)
	never.Drain()
	same("undo", tl.Sim(), never)
	if _, ok := tl.Redo(); !ok {
		t.Fatal("there is nothing to do again")
	}
	same("redo", tl.Sim(), deployed)
	tl.Seek(10 * engine.Second)
	tl.SeekStep(before.Steps())
	same("just before it", tl.Sim(), before)
	if r := tl.Do(engine.Command{Op: engine.OpDisable, Target: "ShipOrders"}); r != nil { // a branch without it
		t.Fatal(r)
	}
	tl.Seek(30 * engine.Second)
	if v := tl.Sim().Config().Streams[0].View; v != engine.KeysOnly {
		t.Errorf("the branch has the view type %s", v)
	}
	tl.Switch(0)
	tl.Seek(30 * engine.Second)
	same("the run that was left", tl.Sim(), deployed)
}

// TestDeployedCodeHasNoOldFaults: a fault that a function had in its template goes with
// the code, and one that a person has switched on stays.
func TestDeployedCodeHasNoOldFaults(t *testing.T) {
	c := table(engine.KeysOnly)
	c.Functions[0].Faults = []engine.Fault{{Name: "written", Function: "Ship", Until: engine.Never}}
	s, err := engine.New(c)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []engine.Command{
		{Op: engine.OpFault, Fault: engine.Fault{Name: "by hand", Function: "Ship", Until: engine.Never}},
		deployView(engine.KeysOnly),
	} {
		if r := s.Do(c); r != nil {
			t.Fatal(r)
		}
	}
	var names []string
	for _, f := range s.Functions[0].Faults {
		names = append(names, f.Name)
	}
	if want := []string{"by hand"}; !slices.Equal(names, want) {
		t.Errorf("the new code has the faults %q, want %q", names, want)
	}
}
