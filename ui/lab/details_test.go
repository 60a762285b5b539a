package lab

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/charmbracelet/x/ansi"

	"esmlab/engine"
	"esmlab/engine/scenario"
	"esmlab/ui/kit"
	"esmlab/ui/pane"
)

// everywhere goes through instants of all built-in worlds and each of their mappings.
func everywhere(t *testing.T, instants int, see func(t *testing.T, name string, m *Lab)) {
	t.Helper()
	if testing.Short() {
		instants = (instants + 3) / 4
	}
	for _, name := range scenario.Names() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			m := lab(t, builtin(t, name), 120, 36, 0)
			for i := 0; i <= instants; i++ {
				m.tl.Seek(m.sim().Config().For * engine.Micros(i) / engine.Micros(instants))
				for m.at = range m.sim().Mappings {
					see(t, fmt.Sprintf("%s at %s, %s", name, m.tl.Now(), m.mappingID()), m)
				}
			}
		})
	}
}

// The first row never cuts its keys, its time or its mapping; names give way, the longest
// first.
func TestHeaderIsWhole(t *testing.T) {
	for _, name := range scenario.Names() {
		m := lab(t, builtin(t, name), 120, 36, 10*engine.Second)
		for _, w := range []int{80, 90, 100, 109, 110, 115, 120, 140, 160, 200} {
			m.w = w
			row := strings.Split(m.text(), "\n")[0]
			for _, want := range []string{"? keys ", " t " + pane.Clock(m.tl.Now())} {
				if !strings.Contains(row, want) {
					t.Errorf("%s at %d: no %q in %q", name, w, want, row)
				}
			}
			if strings.Contains(row, "…") {
				t.Errorf("%s at %d: cut: %q", name, w, row)
			}
		}
	}
}

// An instant is written as the clock in the first row writes it, from a minute on.
func TestOneClock(t *testing.T) {
	m := lab(t, builtin(t, "fifo-same-twice"), 120, 36, 310*engine.Second)
	if text := m.text(); !strings.Contains(text, " 05:00.0 ") || strings.Contains(text, " 300.0 ") {
		t.Errorf("the line of 05:00.0 is written otherwise:\n%s", text)
	}
	m = lab(t, builtin(t, "redrive-back"), 120, 36, 30*engine.Second)
	if text := m.text(); !strings.Contains(text, "18.0 ") {
		t.Errorf("in the first minute it is in seconds:\n%s", text)
	}
}

var sum = regexp.MustCompile(`sent +([0-9,]+)  = (.*?) *[│║█]`)
var number = regexp.MustCompile(`[0-9][0-9,]*`)

func figureOf(text string) int {
	n, _ := strconv.Atoi(strings.ReplaceAll(text, ",", ""))
	return n
}

// What pane 1 of a queue adds up is what was sent, and what it says of the DLQ is what
// lies there.
func TestQueueAddsUp(t *testing.T) {
	everywhere(t, 24, func(t *testing.T, at string, m *Lab) {
		if m.queue() < 0 {
			return
		}
		m.w, m.h = 160, 50
		text := m.text()
		found := sum.FindStringSubmatch(text)
		if found == nil { // a FIFO queue has groups there
			return
		}
		total := 0
		for _, n := range number.FindAllString(found[2], -1) {
			total += figureOf(n)
		}
		if total != figureOf(found[1]) {
			t.Errorf("%s: %s sent, but %s", at, found[1], found[2])
		}
		if dlq := m.sim().DeadLetterOf(m.queue()); dlq >= 0 {
			if lies := kit.Thousands(len(m.sim().Contents(dlq, 0))) + " DLQ"; !strings.Contains(" "+found[2], " "+lies) {
				t.Errorf("%s: %q, but %s lie there", at, found[2], lies)
			}
		}
	})
}

// As many batches are shown in the function as its mappings have in it.
func TestBatchesInTheFunctionAreShown(t *testing.T) {
	everywhere(t, 40, func(t *testing.T, at string, m *Lab) {
		running := 0
		mp := &m.sim().Mappings[m.at]
		for i := range mp.Iterators {
			for k := range mp.Iterators[i].Lanes {
				if mp.Iterators[i].Lanes[k].Phase == engine.PhaseRunning {
					running++
				}
			}
		}
		for i := range mp.Polls.Slots {
			if mp.Polls.Slots[i].Phase == engine.PollerRuns {
				running++
			}
		}
		b := m.ctx().Draw(3, pane.ViewState{W: 120, H: 400})
		shown := strings.Count(strings.Join(b.Texts(), "\n"), "▸ ")
		if running > 60 { // no more receives are listed
			return
		}
		if shown != running {
			t.Errorf("%s: %d are in the function, %d are shown:\n%s", at, running, shown, strings.Join(b.Texts()[:min(9, len(b.Rows))], "\n"))
		}
	})
}

// "caught up" is said of a shard only where nothing in it waits.
func TestCaughtUpIsTrue(t *testing.T) {
	everywhere(t, 24, func(t *testing.T, at string, m *Lab) {
		if m.queue() >= 0 {
			return
		}
		c := m.ctx()
		c.Long = true
		b := c.Draw(1, pane.ViewState{W: 100, H: 300})
		for _, r := range b.Rows {
			if n, _ := pane.Waiting(m.sim(), m.at, int(r.Subject.Shard)); strings.Contains(r.Text, "caught up") && (n > 0 || m.sim().NextRecord(m.at, int(r.Subject.Shard)) > 0) {
				t.Errorf("%s: %d wait in shard %d: %q", at, n, r.Subject.Shard, r.Text)
			}
		}
	})
}

// What was deleted is not said to be kept, and the other way round, whatever deletions fail
// and messages come twice.
func TestDeletionsAreToldOnce(t *testing.T) {
	sc := jobs()
	q := &sc.Config.Queues[0]
	q.FailedDeletes, q.Duplicates = 0.4, 0.4
	sc.Config.Functions[0].Faults = nil
	m := lab(t, sc, 120, 36, 0)
	done := regexp.MustCompile(`batch ([0-9]+) done: (.*) deleted`)
	m.tl.Advance(60*engine.Second, -1)
	kept := map[string]string{}
	for _, s := range m.ctx().Stories(0, 4000, "") {
		if s.Event != nil && s.Event.Kind == engine.KindDeleteFailed {
			for _, id := range s.Event.Records {
				kept[fmt.Sprint(s.Event.Batch, " ", id)] = s.Text
			}
		}
	}
	if len(kept) < 5 {
		t.Fatalf("only %d deletions failed", len(kept))
	}
	log := m.history().Log
	for i := range log {
		if e := &log[i]; e.Kind == engine.KindDelete {
			for _, id := range e.Records {
				if why := kept[fmt.Sprint(e.Batch, " ", id)]; why != "" {
					t.Errorf("batch %d: message %d is deleted, but %s", e.Batch, id, why)
				}
			}
		}
	}
	for _, s := range m.ctx().Stories(0, 4000, "") {
		if s.Event != nil && s.Event.Kind == engine.KindReturn && done.MatchString(s.Text) {
			for _, id := range s.Event.Records {
				if why := kept[fmt.Sprint(s.Event.Batch, " ", id)]; why != "" && strings.Contains(s.Text, pane.Short(m.sim(), id)+" deleted") {
					t.Errorf("%q, and then %q", s.Text, why)
				}
			}
		}
	}
}

// Why AWS refuses a value is said in full, with what would be right.
func TestRefusalIsWhole(t *testing.T) {
	for _, size := range [][2]int{{60, 20}, {80, 24}, {120, 36}} {
		m := lab(t, poison(2), size[0], size[1], drawn)
		m.frame()
		for _, r := range ":set BatchSize 99999" {
			m.HandleKey(keyPress(string(r)))
		}
		m.HandleKey(keyPress("enter"))
		rows := slices.Repeat([]string{kit.Blanks(m.w)}, m.h) // the dialog alone
		m.dialogs.Draw(m.screens.Theme, rows, m.w)
		var words []string
		for _, row := range rows {
			words = append(words, strings.Fields(strings.ReplaceAll(ansi.Strip(row), "║", " "))...)
		}
		if text := strings.Join(words, " "); !strings.Contains(text, "less than or equal to 10000") {
			t.Errorf("%v: the allowed range is cut:\n%s", size, m.text())
		}
	}
}
