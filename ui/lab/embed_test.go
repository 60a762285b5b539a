package lab

import (
	"strings"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/colorprofile"

	"esmlab/engine"
	"esmlab/ui/kit"
)

// question is a region as a lesson would have it.
type question struct {
	open   bool
	chosen string
	w, h   int
	clicks [][2]int

	scrolled int
}

func (q *question) Draw(t *kit.Theme, w, h int, boxed, focused bool) []string {
	q.w, q.h = w, h
	f := kit.Frame{Title: "What comes next?", Boxed: boxed, Focused: focused}
	iw, _ := f.Inner(w, h)
	return f.Draw(t, []string{kit.Fit(" 1 the same 8 again", iw)}, w, h)
}

func (q *question) Takes(action, rival string) bool { return q.open }
func (q *question) Scrolls() bool                   { return true }
func (q *question) Scroll(by int)                   { q.scrolled += by }

func (q *question) Click(x, y int) tea.Cmd {
	q.clicks = append(q.clicks, [2]int{x, y})
	return nil
}
func (q *question) Digits() bool { return q.open }
func (q *question) Hints() []kit.Hint {
	if !q.open {
		return nil
	}
	return []kit.Hint{{Key: "1-3", Text: "choose"}, {Key: "0", Text: "don't know"}}
}

func asked(t *testing.T, o Options) (*Lab, *question) {
	t.Helper()
	q := &question{open: true}
	o.Scenario, o.Region, o.Also = poison(2), q, kit.InLesson
	o.Bindings = kit.Bindings{"choose": {Do: func(inv kit.Invocation) tea.Cmd {
		q.chosen, q.open = itoa(inv.N), false
		return nil
	}}}
	m, err := New(&kit.ScreenStack{Theme: kit.NewTheme(colorprofile.ASCII)}, o)
	if err != nil {
		t.Fatal(err)
	}
	m.w, m.h = 120, 36
	return m, q
}

// A region takes the place of panes 6 and 7 and of no other, at any size, and leaves the
// flow line what it does not need itself; it gets keys first, and the digits are its own while it asks.
func TestRegion(t *testing.T) {
	after := 0
	m, q := asked(t, Options{Stopped: true, At: drawn, Focus: 1, After: func() { after++ }})
	text := m.text()
	for _, want := range []string{"What comes next?", "╔ › Shards · Orders", "╭ Queues · Failures", "▓X▓▓▓▓▓▓◂ ■ try 6 in", "1-3 choose  0 don't know │ w why"} {
		if !strings.Contains(text, want) {
			t.Errorf("no %q in\n%s", want, text)
		}
	}
	for _, not := range []string{"What happened", "Metrics", "e break  "} {
		if strings.Contains(text, not) {
			t.Errorf("%q is in\n%s", not, text)
		}
	}
	if q.w != 120 || q.h != 8 {
		t.Errorf("the region has %dx%d cells", q.w, q.h)
	}
	m.HandleKey(keyPress("2"))
	if q.chosen != "2" || m.focus != 1 || after != 1 {
		t.Errorf("chosen %q, focus %d, after %d", q.chosen, m.focus, after)
	}
	if text = m.text(); !strings.Contains(text, "1 Shards · Orders") || !strings.Contains(text, "b bisect") {
		t.Errorf("the digits did not come back:\n%s", text)
	}
	m.HandleKey(keyPress("7"))
	if m.focus != 6 {
		t.Errorf("7 leads to pane %d", m.focus)
	}
	m.HandleKey(keyPress("down"))
	m.Mouse(tea.MouseWheelMsg{X: 3, Y: m.lay.Panes[6].Y + 1, Button: tea.MouseWheelDown})
	if q.scrolled != 2 {
		t.Errorf("the region was scrolled by %d rows", q.scrolled)
	}
	m.Mouse(tea.MouseClickMsg{X: 3, Y: m.lay.Panes[6].Y + 1, Button: tea.MouseLeft})
	if len(q.clicks) != 1 || q.clicks[0] != [2]int{3, 1} {
		t.Errorf("clicks %v", q.clicks)
	}
	for _, w := range []int{20, 40, 60, 76, 80, 116, 120, 160} {
		for _, h := range []int{5, 12, 19, 20, 24, 33, 36, 50} {
			if testing.Short() && (w+h)%3 > 0 {
				continue
			}
			m.w, m.h = w, h
			for _, q.open = range []bool{false, true} {
				for m.focus = 0; m.focus <= 6; m.focus++ {
					m.zoom = 0
					check(t, m, "with a region")
				}
			}
		}
	}
}

// Time runs to where a condition comes true, to the step.
func TestGoUntil(t *testing.T) {
	m, _ := asked(t, Options{Stopped: true})
	m.Go(func(s *engine.Sim) bool {
		return s.Mappings[0].Iterators != nil && s.Mappings[0].Iterators[0].Blocked()
	})
	at := time.Unix(0, 0)
	for range 1000 {
		if !m.Running() {
			break
		}
		at = at.Add(time.Second / kit.Frames)
		m.Tick(at)
	}
	if now := m.tl.Now(); m.Running() || now != 7200*engine.Millisecond {
		t.Errorf("stopped at %s, still running %v", now, m.Running())
	}
	m.Go(func(s *engine.Sim) bool { return s.Now() > engine.Second })
	if m.Running() {
		t.Error("it runs though the condition holds")
	}
	m.Do(engine.Command{Op: engine.OpSet, Target: "ShipOrders.BatchSize", Value: engine.IntValue(4)})
	if m.Unsaved() == "" || m.sim().Mappings[0].BatchSize != 4 {
		t.Error("a command of the holder did nothing")
	}
}

// esc on the top level goes to what lies below.
func TestLeave(t *testing.T) {
	left := false
	m, _ := asked(t, Options{Stopped: true, Leave: func() tea.Cmd { left = true; return nil }})
	m.Focus(3)
	m.move(1)
	m.HandleKey(keyPress("esc"))
	if left {
		t.Error("esc left with the cursor on a pane")
	}
	m.HandleKey(keyPress("esc"))
	if !left {
		t.Error("esc did not leave")
	}
}

// In an incident no pane, headline, menu or Why says which record or fault is
// behind what fails.
func TestHide(t *testing.T) {
	for _, x := range []struct {
		sc     *Scenario
		at     engine.Micros
		secret string // what the lab shows otherwise
	}{{poison(2), drawn, "#22"}, {jobs(), queueDrawn, "X4"}, {jobs(), 55 * engine.Second, "went with #4"}} {
		for _, keys := range [][]string{nil, {"w"}, {"5", "w"}, {"e"}, {"a"}, {":", "describe", "enter"}, {"1", "down", "w"}, {"3", "down", "w"}, {"6", "down", "down", "down", "w"}} {
			playAt(t, x.at, Options{Scenario: x.sc, Stopped: true, Hide: true}, func(s *screen) {
				if keys == nil {
					s.m.Hide(false)
					s.keys("right", "left")
					s.has(x.secret, "poison")
					s.m.Hide(true)
					s.keys("right", "left")
				}
				s.keys(keys...)
				for _, secret := range []string{x.secret, "poison Orders#22", "poison Jobs#4", "poison #22", "because of"} {
					s.hasNot(secret)
				}
			})
		}
	}
}

// Who may not read reads nothing, and the lab says so.
func TestReadDenied(t *testing.T) {
	deny := func(s *screen, action string) {
		s.m.Do(engine.Command{Op: engine.OpDeny, Target: s.m.mappingID(), Actions: []string{action}})
		s.keys(":", "speed 1", "enter")
	}
	playAt(t, 2*engine.Second, Options{Stopped: true}, func(s *screen) {
		deny(s, "kinesis:Get*")
		s.keys(":", "seek 4s", "enter")
		s.has("NOTHING IS READ: ShipOrders may not kinesis:GetRecords", "a allows it", "○ denied")
		s.hasNot("● flows")
		s.keys("a", "1")
		s.keys(":", "seek 6s", "enter")
		s.hasNot("NOTHING IS READ")
	})
	playAt(t, 200*engine.Millisecond, Options{Scenario: fifo(), Stopped: true}, func(s *screen) {
		deny(s, "sqs:ReceiveMessage")
		s.keys(":", "seek 40s", "enter")
		s.has("NOTHING IS READ: WorkJobs may not sqs:ReceiveMessage")
		s.hasNot("long poll")
	})
}
