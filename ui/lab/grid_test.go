package lab

import (
	"fmt"
	"os"
	"strings"
	"testing"

	tea "charm.land/bubbletea/v2"

	"esmlab/engine"
	"esmlab/engine/scenario"
	"esmlab/ui/pane"
)

// big is a stream of two hundred shards with four records that make the function fail.
func big(t *testing.T) *Scenario {
	t.Helper()
	src, err := os.ReadFile("testdata/many-shards.yaml")
	if err != nil {
		t.Fatal(err)
	}
	sc, err := scenario.Read("big", src, scenario.Options{})
	if err != nil {
		t.Fatal(err)
	}
	return &Scenario{Name: "big", Title: sc.Title, Config: sc.Config}
}

const bigDrawn = 17800 * engine.Millisecond

// manyGroups is a FIFO queue with sixty message groups.
func manyGroups() *Scenario {
	sc := fifo()
	var keys []string
	for i := range 60 {
		keys = append(keys, fmt.Sprint("customer-", i))
	}
	for i := range sc.Config.Traffic {
		sc.Config.Traffic[i].Keys, sc.Config.Traffic[i].Count = keys, 90
	}
	return sc
}

// The frames for many message groups; those for many shards are among TestStyledFrames.
func TestGridFrames(t *testing.T) {
	for _, size := range [][2]int{{80, 24}, {120, 36}} {
		golden(t, fmt.Sprintf("groups-%dx%d.txt", size[0], size[1]), lab(t, manyGroups(), size[0], size[1], 10200*engine.Millisecond).text())
	}
}

// on puts the cursor of pane 1 on a shard.
func (m *Lab) on(shard int) {
	m.frame()
	m.focus = 1
	m.views[1].put(pane.Subject{Kind: pane.KindShard, Shard: int32(shard)})
	m.frame()
}

// The arrows move the cursor in two dimensions, n and N from one blocked shard to the
// next, a click goes to a cell; time stands where it was. Away from the grid the same
// keys are time's.
func TestGridKeys(t *testing.T) {
	m := lab(t, big(t), 120, 36, bigDrawn)
	m.running = false
	m.on(106)
	at := func(what string, shard int) {
		t.Helper()
		m.frame()
		if got := m.subject(); got.Kind != pane.KindShard || int(got.Shard) != shard {
			t.Errorf("%s: the cursor is on %v, not on shard %d", what, got, shard)
		}
		if !strings.Contains(m.text(), "["+itoa(shard)+"]") {
			t.Errorf("%s: no row for shard %d", what, shard)
		}
	}
	for _, k := range []struct {
		key   string
		shard int
	}{{"right", 107}, {"down", 127}, {"left", 126}, {"up", 106}, {"n", 172}, {"n", 196}, {"n", 198}, {"n", 106}, {"N", 198}} {
		m.HandleKey(keyPress(k.key))
		at(k.key, k.shard)
	}
	if m.tl.Now() != bigDrawn {
		t.Errorf("time went to %s", m.tl.Now())
	}
	r := m.lay.Panes[1]
	m.Mouse(tea.MouseClickMsg{X: r.X + 1 + 5 + 3*7, Y: r.Y + 2, Button: tea.MouseLeft})
	at("a click", 7)
	if c := m.pointer(); c == nil || c.X < r.X+1+3*7 || c.Y != r.Y+2 {
		t.Errorf("the terminal's cursor is at %v", c)
	}
	m.HandleKey(keyPress("esc"))
	before := m.sim().Emitted()
	m.HandleKey(keyPress("right"))
	if m.sim().Emitted() <= before {
		t.Error("away from the grid the arrows are not time's")
	}
}

// A shard has the same cell at every instant, also when it is filtered: only what is in
// it changes.
func TestCellsStay(t *testing.T) {
	m := lab(t, big(t), 120, 36, 0)
	for _, at := range []engine.Micros{engine.Second, 5 * engine.Second, bigDrawn} {
		m.tl.Seek(at)
		m.frame()
		for _, shard := range []int{0, 7, 106, 199} {
			r := m.lay.Panes[1]
			_, about := m.paneAt(r.X+1+5+3*(shard%20), r.Y+2+shard/20)
			if about.Kind != pane.KindShard || int(about.Shard) != shard {
				t.Errorf("at %s: the cell of shard %d is %v's", at, shard, about)
			}
		}
	}
}

// At no size is a batch that failed hidden behind others.
func TestFailedBatchesAreSeen(t *testing.T) {
	for _, size := range [][2]int{{80, 24}, {100, 30}, {120, 36}, {160, 50}, {200, 60}, {60, 60}} {
		m := lab(t, big(t), size[0], size[1], bigDrawn)
		text := m.text()
		if n := strings.Count(text, "■ FAILED"); n != 4 {
			t.Errorf("%v: %d of 4 batches that failed in\n%s", size, n, text)
		}
	}
}

// With more shards than cells, neighbours share one: the worst of them is drawn.
func TestNeighboursShareACell(t *testing.T) {
	m := lab(t, big(t), 40, 12, bigDrawn)
	text := m.text()
	if !strings.Contains(text, " a cell") || !strings.Contains(text, "■") {
		t.Errorf("got\n%s", text)
	}
}
