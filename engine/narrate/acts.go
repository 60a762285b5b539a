package narrate

import (
	"strings"

	"esmlab/engine"
)

// acted says what a handler did with records of its batch, or what it was kept from.
func acted(f *facts) string {
	e := f.e
	to, why := f.cf.ActTarget(e), ""
	if e.Why != engine.WhyNone {
		why = e.Why.String()
	}
	if e.Denial() != nil {
		why = e.Denial().String()
	}
	switch e.Act {
	case engine.ActVisibility:
		timeout := (engine.Micros(e.Visibility) * engine.Second).Words()
		switch {
		case why != "":
			return f.function + " changes the visibility timeout of " + f.all + " to " + timeout + ", in vain: " + why
		case e.Visibility == 0:
			return f.function + " gives " + f.all + " back at once: visibility timeout 0"
		}
		return f.function + " hides " + f.all + " for " + timeout + " from now on"
	case engine.ActSend:
		if why != "" {
			return f.function + " cannot send " + f.all + " on to " + to + ": " + why
		}
		return f.function + " sends on " + f.all + " to " + to + f.again()
	case engine.ActCall:
		if why != "" {
			return f.function + " calls " + to + " for " + f.all + " and fails: " + why
		}
		return f.function + " calls " + to + " for " + f.all + f.again()
	case engine.ActSkip:
		if e.Why == engine.WhyInProgress {
			return f.function + " fails on " + f.all + ": " + why
		}
		return f.function + " passes over " + f.all + ": " + why
	case engine.ActPause:
		return "the circuit breaker of " + to + " opens: it disables " + f.mapping
	}
	return "the circuit breaker of " + to + " closes, the service answers: it enables " + f.mapping
}

// again says that it was done before for these records.
func (f *facts) again() string {
	if f.e.Times > 1 {
		return " again: that makes " + times(f.e.Times)
	}
	return ""
}

// acted is the line for several acts of one cause.
func (t *sum) acted(f *facts, what string) string {
	e := &t.first
	switch e.Act {
	case engine.ActVisibility:
		timeout := (engine.Micros(e.Visibility) * engine.Second).Words()
		if e.Why != engine.WhyNone {
			return f.function + " changes the visibility timeout of " + what + " in vain: " + e.Why.String()
		}
		return f.function + " hides messages for " + timeout + " from then on, " + count(t.n, "time")
	case engine.ActSend:
		return f.function + " cannot send " + what + " on to " + f.cf.ActTarget(e) + ": " + e.Why.String()
	case engine.ActCall:
		return f.function + " calls " + f.cf.ActTarget(e) + " " + count(t.n, "time") + " and fails: " + e.Why.String()
	}
	if e.Why == engine.WhyInProgress {
		return f.function + " fails on " + what + ": " + e.Why.String()
	}
	return f.function + " passes over " + what + ": " + e.Why.String()
}

// Effects says what a function's handler did to things outside, "" if it does
// nothing: Payments 5 times, for 2 records more than once.
func Effects(f *engine.Function) string {
	out := make([]string, len(f.Effects))
	for i := range f.Effects {
		x := &f.Effects[i]
		out[i] = x.ID + " " + count(int(x.Done), "time")
		if x.Twice > 0 {
			out[i] += ", for " + count(int(x.Twice), "record") + " more than once"
		}
	}
	return strings.Join(out, " · ")
}

// takenBy says who received messages beside the mappings.
func takenBy(f *facts) string {
	what := f.all
	if f.Short {
		what = f.ends(f.e, f.e.Records)
	}
	return f.cf.Taker(f.e) + " receives " + what + " from " + f.queue + ": " + f.nth(f.e)
}
