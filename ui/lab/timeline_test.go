package lab

import (
	"fmt"
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
