package proof

import (
	"fmt"
	"io/fs"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/cockroachdb/datadriven"

	"esmlab/engine/scenario"
	"esmlab/quiz/card"
)

const frame = `> [!question] What?
>
> 1. one
> 2. two
>
> > [!success]- Answer: 2
> > Rule.
> >
> > > [!example]- Proof
> > > ~~~yaml
`

// TestProofs runs proofs: `prove` gives what came of one whose key is option 2
// of two, `zero` of one whose key is option 1, as its options begin with 0.
func TestProofs(t *testing.T) {
	own, _ := scenario.Builtin("eight-records")
	files := fstest.MapFS{"notes/own.yaml": {Data: own}}
	prover := &Prover{Open: func(name string) ([]byte, error) { return fs.ReadFile(files, name) }}
	datadriven.RunTest(t, "testdata/proofs", func(t *testing.T, d *datadriven.TestData) string {
		var b strings.Builder
		head := frame
		if d.Cmd == "zero" { // options from 0, the key is option 1
			head = strings.NewReplacer("1. one", "0. one", "2. two", "1. two", "Answer: 2", "Answer: 1").Replace(frame)
		}
		b.WriteString(head)
		for _, l := range strings.Split(d.Input, "\n") {
			b.WriteString("> > > " + l + "\n")
		}
		b.WriteString("> > > ~~~\n")
		n := card.Read("notes/note.md", []byte(b.String()), card.Options{})
		var out strings.Builder
		for _, p := range n.Problems {
			fmt.Fprintf(&out, "line %d: %s (%s)\n", p.Line, p.Message, p.Right)
		}
		before := prover.Runs
		res := prover.Prove(&n.Cards[0])
		for _, p := range res.Problems {
			fmt.Fprintf(&out, "line %d: %s (%s)\n", p.Line, p.Message, p.Right)
		}
		fmt.Fprintf(&out, "proved %v, saw %v, %d runs\n", res.Proved, res.Saw, prover.Runs-before)
		return out.String()
	})
}
