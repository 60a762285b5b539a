package scenario_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/cockroachdb/datadriven"

	"esmlab/engine/scenario"
)

// TestAdvice plays testdata/advice: a template, and what is advised for it.
func TestAdvice(t *testing.T) {
	datadriven.RunTest(t, "testdata/advice", func(t *testing.T, d *datadriven.TestData) string {
		sc, err := scenario.Read("t.yaml", []byte(d.Input), scenario.Options{})
		if err != nil {
			return err.Error() + "\n"
		}
		var b strings.Builder
		for _, a := range sc.Advice() {
			fmt.Fprintf(&b, "%d:%d: %s\n  fix: %s\n  %s\n", a.Line, a.Col, a.Message, a.Right, a.Source)
		}
		if b.Len() == 0 {
			return "nothing\n"
		}
		return b.String()
	})
}
