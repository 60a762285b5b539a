package card

import (
	"fmt"
	"strings"
	"testing"

	"github.com/cockroachdb/datadriven"
)

// TestForm gives what the form of a card gives away: each check with a card that it
// catches, and beside it one that is fine.
func TestForm(t *testing.T) {
	caught := map[string]bool{}
	datadriven.RunTest(t, "testdata/form", func(t *testing.T, d *datadriven.TestData) string {
		n := Read("n.md", []byte(d.Input), Options{})
		var b strings.Builder
		for i := range n.Cards {
			for _, p := range CheckForm(&n.Cards[i]) {
				caught[p.Check] = true
				fmt.Fprintf(&b, "line %d, %s: %s (%s)\n", p.Line, p.Check, p.Message, p.Right)
			}
		}
		if b.Len() == 0 {
			return "fine"
		}
		return b.String()
	})
	for _, check := range []string{CheckOrder, CheckKinds, CheckLongest, CheckReason, CheckHedge, CheckClang, CheckEcho, CheckNegative, CheckHearsay, CheckChoose, CheckNames, CheckOptIn, CheckLeadIn, CheckReading, CheckRefused} {
		if !caught[check] {
			t.Errorf("no card is caught by %s", check)
		}
	}
}

// TestExamLike says what cards lack to be like the exam's questions.
func TestExamLike(t *testing.T) {
	datadriven.RunTest(t, "testdata/exam", func(t *testing.T, d *datadriven.TestData) string {
		n := Read("n.md", []byte(d.Input), Options{})
		lacks := ExamLacks(&n.Cards[0])
		if len(lacks) == 0 {
			return "like the exam's"
		}
		return strings.Join(lacks, "\n")
	})
}
