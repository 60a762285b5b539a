package cost_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/cockroachdb/datadriven"

	"esmlab/engine/cost"
	"esmlab/engine/scenario"
)

// Each script is a template, run to an instant, and its bill: counts, units, prices.
func TestBill(t *testing.T) {
	datadriven.Walk(t, "testdata", func(t *testing.T, path string) {
		datadriven.RunTest(t, path, func(t *testing.T, d *datadriven.TestData) string {
			sc, err := scenario.Read("template.yaml", []byte(d.Input), scenario.Options{})
			if err != nil {
				return err.Error()
			}
			r, err := scenario.NewRunner(sc, nil)
			if err != nil {
				return err.Error()
			}
			r.Advance(r.End())
			b := cost.Of(r.Sim)
			var out strings.Builder
			for i := range b.Lines {
				l := &b.Lines[i]
				fmt.Fprintf(&out, "%s: %.6g × $%g per %s = %s (%s)\n", l.Resource, l.Units(), l.USD, l.Unit, cost.Dollars(l.Cost(), l.About), l.Row)
			}
			for i := range r.Sim.Config().Queues {
				fmt.Fprintf(&out, "%s: %+v\n", r.Sim.Config().Queues[i].ID, r.Sim.QueueRequests(i))
			}
			usd, about := b.Total()
			fmt.Fprintf(&out, "%s, %s\n", b.Region, cost.Dollars(usd, about))
			fmt.Fprintln(&out, b.Summary())
			// a copy, and a run that went there in other steps, are billed the same
			again, _ := scenario.NewRunner(sc, nil)
			for at := r.End() / 7; at < r.End(); at += r.End() / 7 {
				again.Advance(at)
				cost.Of(again.Sim)
			}
			again.Advance(r.End())
			for _, other := range []cost.Bill{cost.Of(r.Sim.Clone()), cost.Of(again.Sim)} {
				if fmt.Sprint(other) != fmt.Sprint(b) {
					fmt.Fprintf(&out, "not always the same:\n%v\n%v\n", other, b)
				}
			}
			return out.String()
		})
	})
}

func TestDollars(t *testing.T) {
	for _, x := range []struct {
		usd   float64
		about bool
		want  string
	}{{0, false, "$0.00"}, {12.3, false, "$12.30"}, {1234.567, true, "about $1234.57"}, {0.5, false, "$0.50"},
		{0.0041, false, "$0.0041"}, {0.00000004, true, "about $0.00000004"}, {0.999, false, "$0.999"}} {
		if got := cost.Dollars(x.usd, x.about); got != x.want {
			t.Errorf("%g: %s, not %s", x.usd, got, x.want)
		}
	}
}
