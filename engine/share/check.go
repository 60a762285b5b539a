package share

import (
	"errors"
	"fmt"

	"esmlab/engine"
)

// check refuses a command that no key and no step of a scenario gives. The engine checks
// names, and what AWS would say; it is not made for numbers that nobody can write.
func check(c *engine.Command) error {
	switch {
	case c.Op >= engine.NumOps:
		return fmt.Errorf("there is no command %d", c.Op)
	case c.Op == engine.OpDeploy && (c.Deploy == nil || c.Deploy.Config == nil):
		return errors.New("a deployment has no template")
	case c.Op == engine.OpPut:
		return checkPut(&c.Put)
	case c.Op == engine.OpFault:
		return checkFault(&c.Fault)
	case c.Op == engine.OpReceive:
		r := &c.Receive
		return within("receive", span{int64(r.Count), 0, 10}, span{int64(r.Every), 0, far}, span{int64(r.Takes), 0, far}, span{int64(r.From), 0, far}, span{int64(r.Visibility), 0, int64(12 * engine.Hour)})
	}
	return nil
}

// far is later than any instant of a shared run.
const far = int64(2 * longest)

type span struct{ n, lo, hi int64 }

func within(what string, list ...span) error {
	for _, s := range list {
		if s.n < s.lo || s.n > s.hi {
			return fmt.Errorf("%s: %d is not from %d to %d", what, s.n, s.lo, s.hi)
		}
	}
	return nil
}

func checkPut(p *engine.Traffic) error {
	err := within("put", span{int64(p.Count), 0, 10_000_000}, span{int64(p.Size), 0, 10 << 20}, span{int64(p.Shard), -1, 9999}, span{int64(p.Op), 0, int64(len(engine.WriteOps) - 1)},
		span{int64(p.At), 0, far}, span{int64(p.From), 0, far}, span{int64(p.Batch), 0, 500}, span{int64(p.Aggregate), 0, 1000}, span{int64(p.Retry.Times), 0, 100}, span{int64(p.Retry.After), 0, far},
		span{int64(p.Repeat), 0, far}, span{int64(p.Delay), 0, int64(900 * engine.Second)}, span{int64(len(p.Keys)), 0, 1_000_000}, span{int64(len(p.Lines)), 0, 100_000})
	if err != nil {
		return err
	}
	for _, k := range p.Keys {
		if len(k) < 1 || len(k) > 2048 { // the longest that any source takes
			return errors.New("put: a key has 1 to 2,048 bytes")
		}
	}
	for i, r := range p.Rates {
		if err := within("put: a rate", span{int64(r.At), 0, far}, span{r.PerHour, 0, 3_600_000_000}); err != nil || i > 0 && r.At <= p.Rates[i-1].At {
			return errors.New("put: the points of a rate are not in order")
		}
	}
	if n := len(p.Rates); p.Repeat > 0 && (n == 0 || p.Repeat <= p.Rates[n-1].At) {
		return errors.New("put: a rate begins anew before its last point")
	}
	for i, l := range p.Lines {
		if l.At < 0 || int64(l.At) > far || i > 0 && l.At < p.Lines[i-1].At {
			return errors.New("put: the lines of a replay are not in order")
		}
	}
	if !p.AtOnce && len(p.Rates) == 0 && len(p.Lines) == 0 {
		if err := within("put: every", span{int64(p.Every), 1, far}, span{p.Per, 1, 10_000_000}); err != nil {
			return err
		}
	}
	return chances(p.Fails, p.Lost)
}

func chances(list ...float64) error {
	for _, x := range list {
		if !(x >= 0 && x <= 1) {
			return fmt.Errorf("a chance is from 0 to 1, not %g", x)
		}
	}
	return nil
}

func checkFault(f *engine.Fault) error {
	err := within("fault", span{int64(f.How), 0, int64(len(engine.HowNames) - 1)}, span{int64(f.Names), 0, int64(len(engine.NamesWords) - 1)}, span{int64(f.Nth), 0, 1 << 30},
		span{int64(f.Deliveries), 0, 1 << 30}, span{int64(f.From), 0, far}, span{int64(f.Takes.Base), 0, far}, span{int64(f.Takes.Spread), 0, far}, span{int64(f.Visibility), 0, int64(12 * engine.Hour)})
	for _, l := range f.Records {
		if err == nil {
			err = within("fault: a record", span{int64(l.N), 1, 1 << 30})
		}
	}
	if err == nil {
		err = chances(f.Chance)
	}
	return err
}
