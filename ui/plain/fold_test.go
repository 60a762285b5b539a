package plain

import (
	"strings"
	"testing"

	"esmlab/engine"
	"esmlab/engine/rule"
)

// Of a long stretch the first and the last lines are written, and each command; of a short
// one every line.
func TestFold(t *testing.T) {
	t.Parallel()
	lines := func(n, command int) []string {
		var out strings.Builder
		st := &Story{w: &out, folds: true}
		for i := range n {
			by := rule.MapRetry
			if i == command {
				by = ""
			}
			st.line(engine.Micros(i)*engine.Second, by, "line")
		}
		st.release()
		if len(st.held) > 0 {
			t.Error("lines are still held")
		}
		return strings.Split(strings.TrimSuffix(out.String(), "\n"), "\n")
	}
	if got := lines(longStretch, -1); len(got) != longStretch {
		t.Errorf("%d lines of a short stretch", len(got))
	}
	got := lines(500, 100)
	if want := firstTold + 1 + 1 + 1 + lastTold; len(got) != want {
		t.Fatalf("%d lines, not %d:\n%s", len(got), want, strings.Join(got, "\n"))
	}
	if !strings.Contains(got[firstTold], "88 more") || !strings.Contains(got[firstTold+1], "(a step)") || !strings.Contains(got[firstTold+2], "393 more") {
		t.Errorf("%s", strings.Join(got, "\n"))
	}
}
