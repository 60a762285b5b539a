package lab

import (
	"fmt"
	"maps"
	"regexp"
	"strings"
	"testing"

	"github.com/charmbracelet/x/ansi"

	"esmlab/engine"
	"esmlab/engine/rule"
	"esmlab/engine/scenario"
	"esmlab/engine/timeline"
	"esmlab/ui/kit"
	"esmlab/ui/pane"
)

var ruleID = regexp.MustCompile(`\b(KIN|DDB|SQS|FIFO|MAP|FN|DST|FIL|CFN|SNS|S3|EB|FRONT|PUT)-[A-Z]+-\d+\b`)

// said is all that the newest dialog says.
func said(m *Lab) (title, text string) {
	var body []kit.Para
	switch d := m.dialogs.Top().(type) {
	case *kit.Card:
		title, body = d.Title, d.Body
	case *kit.Editor:
		title, body = d.Title, d.About
	case *kit.Menu:
		title, body = d.Title, d.About
	}
	var out []string
	for _, p := range body {
		out = append(out, ansi.Strip(p.Text))
	}
	return title, strings.Join(out, "\n")
}

// instants goes to the first block, the first discard or move at another instant, and
// the end.
func instants(m *Lab, see func(what string)) {
	end := m.sim().Config().For
	var block, gone bool
	blocked := engine.Never
	for m.tl.Now() < end && !(block && gone) && m.tl.Next(timeline.Visible) {
		log := m.tl.History().Log
		switch log[len(log)-1].Kind {
		case engine.KindBlock, engine.KindReappear:
			if !block {
				block, blocked = true, m.tl.Now()
				see("block")
			}
		case engine.KindDiscard, engine.KindMove:
			if !gone && m.tl.Now() != blocked {
				gone = true
				see("gone")
			}
		}
	}
	m.tl.Seek(end)
	see("end")
}

// enter on each row of each pane, and on each value of Settings, of each
// built-in scenario at its first block, its first discard or move, and its end:
// what it shows names a rule that exists and a value of that instant, and no two
// rows and no two instants are explained alike.
func TestEnterTellsWhy(t *testing.T) {
	worlds := map[string]func() *Scenario{"jobs": jobs, "fifo": fifo}
	for _, n := range scenario.Names() {
		worlds[n] = func() *Scenario { return builtin(t, n) }
	}
	if testing.Short() {
		maps.DeleteFunc(worlds, func(name string, _ func() *Scenario) bool { return len(name)%7 > 0 })
	}
	for name, open := range worlds {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			m := lab(t, open(), 120, 36, 0)
			for m.at = range m.sim().Mappings {
				m.tl.Seek(0)
				seen := map[string]string{}
				rows := 0
				instants(m, func(what string) {
					for p := 1; p <= pane.Last; p++ {
						m.Focus(p)
						m.frame()
						for {
							before := m.views[p].sel
							m.move(1)
							if m.views[p].sel == before {
								break
							}
							m.frame()
							rows++
							at := fmt.Sprintf("%s of %s, pane %d row %v at %s", what, m.mappingID(), p, m.views[p].sel, m.tl.Now())
							if p < pane.Last {
								m.inside()
							} else { // enter zooms in there
								m.why()
							}
							if !m.dialogs.Open() {
								t.Fatalf("enter opens nothing: %s", at)
							}
							title, text := said(m)
							checkWhy(t, at, text)
							key := title + "\n" + text
							if p == pane.Last { // its lanes are of what other panes have rows of
								m.dialogs.Close()
								continue
							}
							if !strings.Contains(text, "values of that instant, "+pane.Clock(m.tl.Now())) {
								key += what // it is about the past, which has not changed
							}
							if other, twice := seen[key]; twice {
								t.Errorf("%s is explained as %s:\n%s", at, other, key)
							}
							seen[key] = at
							m.dialogs.Close()
						}
					}
				})
				if rows < 20 {
					t.Errorf("only %d rows", rows)
				}
			}
		})
	}
}

// checkWhy holds that a text names a rule and values.
func checkWhy(t *testing.T, at, text string) {
	t.Helper()
	id := ruleID.FindString(text)
	if _, ok := rule.Find(rule.ID(id)); !ok {
		t.Errorf("%s names no rule (%q):\n%s", at, id, text)
	}
	_, values, ok := strings.Cut(text, "values of that instant, ")
	if _, rest, _ := strings.Cut(values, "\n"); !ok || strings.TrimSpace(rest) == "" {
		t.Errorf("%s tells no value:\n%s", at, text)
	}
}
