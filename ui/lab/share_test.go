package lab

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
	"errors"
	"io"
	"strings"
	"testing"

	"esmlab/engine"
	"esmlab/engine/scenario"
	"esmlab/engine/share"
	"esmlab/ui/kit"
)

func worldOf(sc *scenario.Scenario) *share.World {
	w := share.WorldOf(sc)
	return &w
}

// writable is a lab that may write files, and what it wrote.
func writable(t *testing.T, name string) (*Lab, map[string]string) {
	t.Helper()
	src, _ := scenario.Builtin(name)
	sc, err := scenario.Read(name, src, scenario.Options{})
	if err != nil {
		t.Fatal(err)
	}
	files := map[string]string{}
	m, err := New(&kit.ScreenStack{Theme: kit.NewTheme(0)}, Options{Stopped: true, At: 20 * engine.Second, Scenario: &Scenario{Name: sc.Name, Title: sc.Title, Config: sc.Config, World: worldOf(sc)},
		Sharing: Sharing{Version: "1.0", Template: func(*share.World) ([]byte, error) { return src, nil }, Write: func(name string, src []byte, over bool) error {
			if _, ok := files[name]; ok && !over {
				return errors.New("there is such a file already")
			}
			files[name] = string(src)
			return nil
		}}})
	if err != nil {
		t.Fatal(err)
	}
	m.Draw(100, 30)
	return m, files
}

// typed carries out a typed command and the command that it gives.
func typed(m *Lab, name string, args ...string) {
	if cmd := m.keys.Handlers[name].Do(args); cmd != nil {
		if done, ok := cmd().(kit.DoneMsg); ok {
			done.Then()
		}
	}
}

// A run goes out as a file and comes in again; a scenario with what holds; a picture; a film.
func TestFiles(t *testing.T) {
	t.Parallel()
	m, files := writable(t, "poison-record")
	m.branch()
	m.Do(engine.Command{Op: engine.OpSet, Target: "ShipOrders.BisectBatchOnFunctionError", Value: engine.BoolValue(true)})
	m.tl.Advance(30*engine.Second, -1)
	m.tl.Seek(25 * engine.Second)

	typed(m, "save", "run.esm")
	r, err := share.Parse(files["run.esm"])
	if err != nil {
		t.Fatal(err)
	}
	o, err := r.Open(nil)
	if err != nil || len(o.Timeline.Runs()) != 2 || o.Timeline.Now() != 25*engine.Second || o.Timeline.Newest() != 30*engine.Second || o.Mapping != "ShipOrders" || o.Differs("1.0") != "" {
		t.Errorf("%v, %+v", err, o)
	}
	again, err := New(m.screens, Options{Scenario: m.sc, Shared: o, Stopped: true, Mapping: o.Mapping, Sharing: Sharing{Version: "2.0"}})
	if err != nil {
		t.Fatal(err)
	}
	if frame, _ := again.Draw(100, 30); !strings.Contains(frame, "shared by esmlab 1.0; this is 2.0") || again.tl.Name() != "run 2" {
		t.Errorf("it does not say that it is of another version:\n%s", frame)
	}
	typed(m, "save", "run.esm")
	if !strings.Contains(m.notice, "already") {
		t.Errorf("it replaced a file: %s", m.notice)
	}
	typed(m, "save", "run.esm", "over")
	if !strings.Contains(m.notice, "run.esm was written") {
		t.Error(m.notice)
	}

	typed(m, "export", "x.yaml")
	if sc, err := scenario.Read("x.yaml", []byte(files["x.yaml"]), scenario.Options{}); err != nil || len(sc.Expect) < 4 || len(sc.Config.Steps) != 1 {
		t.Errorf("%v\n%s", err, files["x.yaml"])
	}
	typed(m, "export", "x.svg")
	for dec := xml.NewDecoder(strings.NewReader(files["x.svg"])); ; {
		if _, err := dec.Token(); errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			t.Fatal(err)
		}
	}
	if !strings.Contains(files["x.svg"], "BisectBatchOnFunctionError") {
		t.Error("the picture has no text")
	}
	typed(m, "export", "x.cast")
	lines := bytes.Split(bytes.TrimSpace([]byte(files["x.cast"])), []byte("\n"))
	var head struct{ Version, Width, Height int }
	if err := json.Unmarshal(lines[0], &head); err != nil || head.Version != 2 || head.Width != 100 || head.Height != 30 || len(lines) < 50 {
		t.Errorf("%v, %+v, %d lines", err, head, len(lines))
	}
	last := 0.0
	for _, l := range lines[1:] {
		var e [3]any
		if err := json.Unmarshal(l, &e); err != nil || e[1] != "o" || e[0].(float64) < last {
			t.Fatalf("%v: %s", err, l)
		}
		last = e[0].(float64)
	}
	for _, bad := range [][]string{{"export"}, {"export", "x.png"}} {
		if m.notice = ""; m.notice == "" {
			typed(m, bad[0], bad[1:]...)
		}
		if !strings.Contains(m.notice, ".esm") && !strings.Contains(m.notice, ".cast") {
			t.Errorf("%v: %q", bad, m.notice)
		}
	}
}
