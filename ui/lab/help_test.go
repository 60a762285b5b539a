package lab

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/charmbracelet/colorprofile"
	"github.com/charmbracelet/x/ansi"

	"esmlab/engine"
	"esmlab/engine/share"
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
	return &Scenario{World: &share.World{Name: "poison-record"}, Name: "poison-record", Title: "One poison record blocks its shard", Config: &engine.Config{
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

// No explanation in the palette, in the help or in a menu is cut at 80 and 120 columns, and
// what is not possible says why, in full.
func TestNothingIsCutInLists(t *testing.T) {
	for _, m := range []*Lab{lab(t, poison(2), 80, 24, drawn), lab(t, jobs(), 80, 24, queueDrawn)} {
		for _, size := range [][2]int{{80, 24}, {120, 36}, {60, 20}} {
			if testing.Short() && size[0] != 80 {
				continue
			}
			m.w, m.h = size[0], size[1]
			whole := func(how string, texts ...string) {
				t.Helper()
				all := ""
				for range 80 {
					var words []string
					rows := slices.Repeat([]string{kit.Blanks(m.w)}, m.h) // the dialog alone: that is quicker
					m.dialogs.Draw(m.screens.Theme, rows, m.w)
					for _, row := range rows {
						row = ansi.Strip(row)
						if _, inside, ok := strings.Cut(row, "║"); ok {
							inside, _, _ = strings.Cut(inside, "║")
							inside, _, _ = strings.Cut(inside, "█")
							words = append(words, strings.Fields(inside)...)
						}
					}
					if page := strings.Join(words, " "); strings.Contains(page, "…") && !strings.Contains(page, "break something…") {
						t.Fatalf("%s at %v: cut:\n%s", how, size, m.text())
					} else if all += " " + page; len(words) == 0 {
						t.Fatalf("%s at %v: nothing is open", how, size)
					}
					m.HandleKey(keyPress("down"))
				}
				for _, text := range texts {
					if text = strings.Join(strings.Fields(text), " "); !strings.Contains(all, text) {
						t.Errorf("%s at %v: no %q", how, size, text)
					}
				}
				m.dialogs.Close()
			}
			var does, off []string
			for _, a := range inLab() {
				if reason := m.keys.Reason(a.ID); reason != "" {
					off = append(off, "not now: "+reason)
				} else if a.ID != "pane" && a.ID != "palette" {
					does = append(does, a.Does)
				}
			}
			if len(off) < 3 {
				t.Fatalf("only %d are not possible", len(off))
			}
			m.HandleKey(keyPress("?"))
			whole("?", append(does, off...)...)
			for i := range kit.Commands {
				if c := &kit.Commands[i]; c.In&kit.InLab != 0 {
					does = append(does, c.Does)
				}
			}
			m.HandleKey(keyPress(":"))
			whole("the palette", append(does, off...)...)
			for _, k := range []string{"e", "a", "p", "s"} {
				m.HandleKey(keyPress(k))
				whole(k)
			}
		}
	}
}
