package lab

import (
	"regexp"
	"strings"
	"testing"

	"esmlab/engine"
)

// One frame of each kind of lab, as it is drawn.
func TestKinds(t *testing.T) {
	for _, k := range []struct {
		scenario string
		at       engine.Micros
	}{
		{"parallel-lanes", 6 * engine.Second},
		{"tumbling-count", 15500 * engine.Millisecond},
		{"fifo-group-blocked", 5 * engine.Second},
		{"ttl-deletes", 10 * engine.Second},
		{"dlq-on-the-function", 20 * engine.Second},
		{"scale-out", 70 * engine.Second},
		{"throttled-into-the-dlq", 10 * engine.Second},
	} {
		golden(t, k.scenario+"-120x36.txt", lab(t, builtin(t, k.scenario), 120, 36, k.at).text())
	}
}

// What runs says how long it has in one unit, and the counts of the function
// are never cut, however little room there is.
func TestCountsAreWhole(t *testing.T) {
	text := lab(t, builtin(t, "scale-out"), 80, 24, 70*engine.Second).text()
	for _, want := range []string{" errors 0", " throttles 0"} {
		if !strings.Contains(text, want) {
			t.Errorf("no %q in\n%s", want, text)
		}
	}
	if long := regexp.MustCompile(`▸ [0-9]{4,} of [0-9]+ s`).FindString(text); long != "" || strings.Contains(text, "throttles…") {
		t.Errorf("%q, or a count is cut, in\n%s", long, text)
	}
}

// A blocked lane is shown with its number and keys, and how far the others are;
// a tumbling window by its bounds, its state and its final call.
func TestLanesAndWindows(t *testing.T) {
	for _, k := range []struct {
		scenario string
		w, h     int
		at       engine.Micros
		want     []string
	}{
		{"parallel-lanes", 120, 36, 6 * engine.Second, []string{"1 of 4 lanes blocked; others ", " ahead, of 50", "0.1  k3 k7  3 rec  ■ BLOCKED, failed 4 times", "shard.lane  keys  records  state"}},
		{"parallel-lanes", 80, 24, 6 * engine.Second, []string{" ahead, of 50", "0.1 k3 k7  3 rec  ■ BLOCKED 4x"}},
		{"tumbling-count", 120, 36, 15500 * engine.Millisecond, []string{`window 10.0–20.0 s  6 calls so far  {"count":6}`}},
		{"tumbling-count", 120, 36, 170 * engine.Second, []string{"window 20.0–30.0 s", "final: batch 33  {\"count\":10}"}},
		{"dlq-on-the-function", 120, 36, 20 * engine.Second, []string{"▲ DeadLetterQueue of Work: for asynchronous invocations only."}},
		{"dlq-on-the-function", 80, 24, 20 * engine.Second, []string{"▲ DeadLetterQueue of Work"}},
		{"scale-out", 120, 36, 70 * engine.Second, []string{"▓ 75 in hand  ▲ 0 hidden", "ceiling 1,000 (limits: 2022)", "  = 17,160 + 75 + 2,765 + 0 DLQ"}},
	} {
		text := lab(t, builtin(t, k.scenario), k.w, k.h, k.at).text()
		for _, want := range k.want {
			if !strings.Contains(text, want) {
				t.Errorf("%s: no %q in\n%s", k.scenario, want, text)
			}
		}
	}
}

// What is inside: a filtered message beside its pattern, a window, the limits.
func TestInsideOfKinds(t *testing.T) {
	for _, k := range []struct {
		name, scenario string
		at             engine.Micros
		keys           []string
		want           []string
	}{
		{"filtered message", "queue-filtered-away", 10 * engine.Second, []string{"6", "enter"}, []string{"#11, as filters see it", `"body": {`, "must be", "FIL-"}},
		{"window", "tumbling-count", 15500 * engine.Millisecond, []string{"3", "enter"}, []string{"The tumbling window of shard 0", "from 00:10.0 to 00:20.0", `{"count":6}`, "6 calls in it so far"}},
		{"limits", "scale-out", 10 * engine.Second, []string{":", "limits", "enter"}, []string{"Limits in force", "most pollers now (limits: 2022)", "1,000"}},
	} {
		t.Run(k.name, func(t *testing.T) {
			playAt(t, k.at, Options{Scenario: builtin(t, k.scenario), Stopped: true}, func(s *screen) {
				s.keys(k.keys...)
				s.has(k.want...)
			})
		})
	}
}

// A chosen number that a scenario changed is marked among the limits.
func TestLimitsMarkWhatIsChanged(t *testing.T) {
	sc := poison(1)
	sc.Config.Chosen.RetryWait = 2 * engine.Second
	play(t, Options{Scenario: sc, Stopped: true}, func(s *screen) {
		s.keys(":", "limits", "enter")
		found := strings.Contains(s.text(), "changed from 0.5 s")
		for range 30 {
			s.keys("down")
			found = found || strings.Contains(s.text(), "changed from 0.5 s")
		}
		if !found {
			t.Errorf("not marked:\n%s", s.text())
		}
	})
}
