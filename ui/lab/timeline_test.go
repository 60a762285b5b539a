package lab

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/charmbracelet/x/ansi"

	"esmlab/engine"
	"esmlab/engine/scenario"
	"esmlab/engine/timeline"
	"esmlab/ui/pane"
)

// The frames of the timeline: on the whole screen and zoomed in, with a batch that was
// split; a queue's; a FIFO queue's.
func TestTimelineFrames(t *testing.T) {
	m := lab(t, builtin(t, "poison-record"), 120, 36, 6900*engine.Millisecond)
	m.Do(engine.Command{Op: engine.OpSet, Target: "ShipOrders.BisectBatchOnFunctionError", Value: engine.BoolValue(true)})
	m.Do(engine.Command{Op: engine.OpSet, Target: "ShipOrders.MaximumRetryAttempts", Value: engine.IntValue(2)})
	m.tl.Seek(10500 * engine.Millisecond)
	m.Focus(8)
	golden(t, "timeline-whole-120x36.txt", m.text())
	m.HandleKey(keyPress("enter"))
	golden(t, "timeline-120x36.txt", m.text())
	for _, x := range []struct {
		name string
		at   engine.Micros
	}{{"batch-mates", 40200 * engine.Millisecond}, {"fifo-shared-batch", 20200 * engine.Millisecond}} {
		m := lab(t, builtin(t, x.name), 120, 36, x.at)
		m.Focus(8)
		golden(t, "timeline-"+x.name+"-120x36.txt", m.text())
	}
}

// On the whole screen the cursor goes through all records of the batch, also where only
// some have a row, and back.
func TestRecordByRecord(t *testing.T) {
	for _, x := range []struct {
		world string
		at    engine.Micros
		want  []string // in turn
	}{
		{"poison-record", 15 * engine.Second, strings.Fields("#18 #22 #23 #24 #26 #30 #31 #32")},
		{"batch-mates", 40200 * engine.Millisecond, strings.Fields("#1 #2 #3 #4 #5 #6 #7 #8 #9 #10")},
	} {
		m := lab(t, builtin(t, x.world), 80, 24, x.at)
		m.HandleKey(keyPress("8"))
		seen := func() (at, rows []string) {
			for _, row := range strings.Split(m.text(), "\n") {
				if label, _, ok := strings.Cut(strings.TrimLeft(row, "║│› X"), " "); ok && strings.HasPrefix(label, "#") && strings.Contains(row, "×") {
					rows = append(rows, label)
					if strings.Contains(row, "›") {
						at = append(at, label)
					}
				}
			}
			return at, rows
		}
		if _, rows := seen(); x.world == "poison-record" && len(rows) >= len(x.want) {
			t.Fatalf("%s: all %d have a row", x.world, len(rows))
		}
		var there []string
		for range 40 {
			at, _ := seen()
			if len(at) > 0 && (len(there) == 0 || there[len(there)-1] != at[0]) {
				there = append(there, at[0])
			}
			m.HandleKey(keyPress("down"))
		}
		if got := strings.Join(there, " "); got != strings.Join(x.want, " ") {
			t.Errorf("%s: the cursor goes through %s\n%s", x.world, got, m.text())
		}
		var back []string
		for range 40 {
			if at, _ := seen(); len(at) > 0 && (len(back) == 0 || back[len(back)-1] != at[0]) {
				back = append(back, at[0])
			}
			m.HandleKey(keyPress("up"))
		}
		slices.Reverse(back)
		if got := strings.Join(back, " "); got != strings.Join(x.want, " ") {
			t.Errorf("%s: back through %s", x.world, got)
		}
	}
}

// A text marks rows of the timeline, and none is left out; the cursor goes to the first.
func TestTimelineIsMarked(t *testing.T) {
	m := lab(t, builtin(t, "poison-record"), 120, 36, 15*engine.Second)
	m.HandleKey(keyPress("8"))
	m.text()
	before := len(m.drawn[8].Rows)
	for _, k := range []string{"/", "#", "2", "2", "enter"} {
		m.HandleKey(keyPress(k))
		m.text()
	}
	text := m.text()
	for _, want := range []string{"/ #22", "  #22  called 4 times  ◂│", "  #18  called 4 times   │", "0 ■ batch 4"} {
		if !strings.Contains(text, want) {
			t.Errorf("no %q in\n%s", want, text)
		}
	}
	if want := (pane.Subject{Kind: pane.KindRecord, N: 22}); m.subject() != want || len(m.drawn[8].Rows) != before {
		t.Errorf("the cursor is on %s; %d rows, before %d", m.subject(), len(m.drawn[8].Rows), before)
	}
	if m.HandleKey(keyPress("/")); strings.Contains(m.text(), "◂│") {
		t.Errorf("the marks stay:\n%s", m.text())
	}
	m.HandleKey(keyPress("7"))
	if m.HandleKey(keyPress("/")); m.focus != 7 || !strings.Contains(m.text(), "The metrics have no rows") {
		t.Errorf("in pane 7:\n%s", m.text())
	}
}

// However one comes to an instant, the timeline and the plots show the same there: after
// watching, after a seek from later on, after steps back and forth, zoomed in and not.
func TestTheWayBack(t *testing.T) {
	t.Parallel()
	for i, name := range scenario.Names() {
		if testing.Short() && i%5 > 0 {
			continue
		}
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			frames := func(m *Lab) (out []string) {
				for m.at = range m.sim().Mappings {
					for _, focus := range []int{7, 8} {
						for level := range 3 {
							m.Focus(focus)
							m.zoom, m.views[focus].level = focus, level
							m.Draw(130, 44)
							b := &m.drawn[focus]
							out = append(out, fmt.Sprintln(m.at, level, b.Title, b.Note, b.Aside)+ansi.Strip(strings.Join(b.Texts(), "\n")))
						}
					}
				}
				m.at, m.zoom, m.focus = 0, 0, 0
				return out
			}
			m := lab(t, builtin(t, name), 130, 44, 0)
			end := min(m.sim().Config().For, 90*engine.Second)
			seen := map[engine.Micros][]string{}
			for at := end / 7; at <= end; at += end / 7 { // watched, in small steps
				for m.tl.Now() < at {
					m.tl.Advance(min(at, m.tl.Now()+33*engine.Millisecond), -1)
				}
				seen[at] = frames(m)
			}
			check := func(at engine.Micros, how string) {
				t.Helper()
				for k, got := range frames(m) {
					if got != seen[at][k] {
						t.Fatalf("at %s after %s:\n%s\nwatched:\n%s", at, how, got, seen[at][k])
					}
				}
			}
			for k := 7; k >= 1; k-- {
				at := end / 7 * engine.Micros(k)
				m.tl.Seek(at)
				m.views = [pane.Last + 1]viewState{}
				check(at, "a seek back")
				if k < 7 {
					m.tl.Prev(timeline.Visible)
					m.tl.Next(timeline.Visible)
					m.tl.Seek(at)
					if m.tl.Newest() > m.sim().Config().For { // the axis is longer now
						break
					}
					check(at, "a step back and forth")
				}
			}
			fresh := lab(t, builtin(t, name), 130, 44, 0)
			m = fresh
			m.tl.Seek(end / 7 * 5)
			check(end/7*5, "a jump there")
		})
	}
}
