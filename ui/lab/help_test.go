package lab

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/charmbracelet/colorprofile"
	"github.com/charmbracelet/x/ansi"

	"esmlab/engine"
	"esmlab/ui/kit"
)

// poison is the run of the frames: a record each 200 ms, eight keys in turn,
// Orders#22 makes Ship throw.
func poison(shards int) *Scenario {
	set := engine.DefaultSettings()
	set.BatchSize, set.MaximumBatchingWindowInSeconds, set.OnFailure = 8, 5, "Failures"
	keys := make([]string, 8)
	if shards > 8 {
		keys = make([]string, 4*shards)
	}
	for i := range keys {
		keys[i] = fmt.Sprintf("k%d", i+1)
	}
	return &Scenario{Name: "poison-record", Title: "One poison record blocks its shard", Config: &engine.Config{
		Seed: 7, For: 60 * engine.Second, Chosen: engine.DefaultChosen(), Concurrency: 1000,
		Streams: []engine.StreamConfig{{ID: "Orders", StreamSettings: engine.StreamSettings{ShardCount: shards, Retention: 24 * engine.Hour}}},
		Queues:  []engine.QueueConfig{{ID: "Failures"}},
		Functions: []engine.FunctionConfig{{ID: "Ship", FunctionSettings: engine.FunctionSettings{Timeout: 30 * engine.Second, Takes: engine.Takes{Base: 200 * engine.Millisecond}, Reserved: -1},
			Faults: []engine.Fault{{Name: "poison", Records: []engine.Label{{Source: "Orders", N: 22}}, Until: engine.Never}}}},
		Mappings: []engine.MappingConfig{{ID: "ShipOrders", Source: "Orders", Function: "Ship", Enabled: true, Settings: set}},
		Traffic:  []engine.Traffic{{To: "Orders", Until: engine.Never, Every: 200 * engine.Millisecond, Per: 1, Keys: keys, Shard: -1}},
	}}
}

// lab gives a lab of that size at an instant.
func lab(t testing.TB, sc *Scenario, w, h int, at engine.Micros) *Lab {
	t.Helper()
	m, err := New(&kit.ScreenStack{Theme: kit.NewTheme(colorprofile.ANSI)}, Options{Scenario: sc, At: at})
	if err != nil {
		t.Fatal(err)
	}
	m.w, m.h = w, h
	return m
}

// frame draws the lab at its size.
func (m *Lab) frame() string {
	s, _ := m.Draw(m.w, m.h)
	return m.screens.Theme.Signs(s)
}

// text is the frame without styles, row by row.
func (m *Lab) text() string { return ansi.Strip(m.frame()) }

// golden compares with a file of testdata; ESMLAB_UPDATE=1 writes it again.
func golden(t *testing.T, name, got string) {
	t.Helper()
	path := filepath.Join("testdata", name)
	got += "\n"
	if os.Getenv("ESMLAB_UPDATE") != "" {
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if got == string(want) {
		return
	}
	g, w := strings.Split(got, "\n"), strings.Split(string(want), "\n")
	for i := range max(len(g), len(w)) {
		a, b := "", ""
		if i < len(g) {
			a = g[i]
		}
		if i < len(w) {
			b = w[i]
		}
		if a != b {
			t.Errorf("%s, row %d\n got %q\nwant %q", name, i, a, b)
		}
	}
}
