package proof

import (
	"fmt"
	"strings"
	"testing"

	"github.com/cockroachdb/datadriven"

	"esmlab/quiz/card"
)

// TestStands asks what keys hang on: `stands` has the question on its line; the key is
// option 2, “two, by its MaximumMessageSize”.
func TestStands(t *testing.T) {
	prover := &Prover{}
	caught := map[string]bool{}
	datadriven.RunTest(t, "testdata/stands", func(t *testing.T, d *datadriven.TestData) string {
		var words []string
		for _, a := range d.CmdArgs {
			words = append(words, a.String())
		}
		head := strings.Replace(frame, "What?", strings.Join(words, " "), 1)
		head = strings.Replace(head, "2. two", "2. two, by its MaximumMessageSize", 1)
		text := head + "> > > " + strings.ReplaceAll(d.Input, "\n", "\n> > > ") + "\n> > > ~~~\n"
		n := card.Read("n.md", []byte(text), card.Options{})
		if res := prover.Prove(&n.Cards[0]); !res.Proved {
			return fmt.Sprintf("not proved: %v, saw %v\n", res.Problems, res.Saw)
		}
		var b strings.Builder
		for _, p := range prover.Stands(&n.Cards[0]) {
			caught[p.Check] = true
			fmt.Fprintf(&b, "%s: %s (%s)\n", p.Check, p.Message, p.Right)
		}
		if b.Len() == 0 {
			return "stands"
		}
		return b.String()
	})
	for _, check := range []string{CheckChosen, CheckLuck, CheckUnsaid, CheckUndocumented} {
		if !caught[check] {
			t.Errorf("no card is caught by %s", check)
		}
	}
}
