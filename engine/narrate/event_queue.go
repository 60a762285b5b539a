package narrate

import (
	"slices"
	"strings"

	"esmlab/engine"
	"esmlab/engine/rule"
)

func queueReturned(f *facts) string {
	e := f.e
	good := len(e.Records) - len(e.Failed)
	lost := f.losses()
	switch e.Outcome {
	case engine.OutcomeOK:
		text := f.batch + " done"
		switch {
		case lost[byHandler] > 0 && lost[byHandler] == len(e.Records):
			return text + ": the handler has deleted " + pick(len(e.Records), "its message", "all its messages") + " itself"
		case !f.after.known:
			return text
		case len(f.after.deleted) == 0 && lost.gone() > 0:
			return text + strings.Replace(f.tell(&lost), ";", ":", 1)
		case len(f.after.deleted) == 0:
			return text + ": nothing of it is deleted"
		case f.Short:
			return text + ": " + f.ends(e, f.after.deleted) + " deleted"
		}
		text += ": " + f.records(e, f.after.deleted) + " deleted"
		if lost.gone() > 0 {
			text += f.tell(&lost)
		}
		return text
	case engine.OutcomePartial:
		text := f.batch + ": " + f.function + " reports " + f.records(e, e.Failed)
		n := len(f.after.deleted)
		switch {
		case !f.after.known && good > 0:
			return text + "; the other " + pick(good, "one succeeded", num(good)+" succeeded")
		case n == good && n > 0:
			return text + "; the other " + pick(n, "one is deleted", num(n)+" are deleted")
		case n > 0:
			text += "; " + num(n) + " of the other " + num(good) + pick(n, " is", " are") + " deleted"
		case lost.gone() == 0:
			return text + "; nothing of it is deleted"
		}
		if lost.gone() > 0 {
			text += f.tell(&lost)
		}
		return text
	}
	if lost != (fates{}) || e.Act == engine.ActVisibility {
		return f.batch + f.failedIn() + f.handled(&lost)
	}
	all, wait := "all "+num(len(e.Records))+" wait out their ", (engine.Micros(e.Visibility) * engine.Second).Words()
	switch len(e.Records) {
	case 1:
		all = f.label(e, e.Records[0]) + " waits out its "
	case 2:
		all = "both wait out their "
	}
	fresh := len(e.Failed) > 0 && good > 0
	if !f.Short {
		text := f.batch + f.failedIn() + ": nothing is deleted"
		if fresh {
			text += ", not even the good " + pick(good, "one", num(good))
		}
		return text + "; " + all + wait
	}
	text := f.batch + " " + Failure(e.Outcome)
	if !fresh || e.Times > 1 {
		return text + ". Lambda does nothing more: " + all + wait
	}
	if e.Outcome == engine.OutcomeError {
		text += ": " + f.records(e, e.Failed) + pick(len(e.Failed), " throws", " throw")
	} else {
		text += " because of " + f.records(e, e.Failed)
	}
	return text + ". Nothing is deleted, not even the good " + pick(good, "one", num(good))
}

// handled says what becomes of a failed batch some of whose messages no longer wait: the
// handler has deleted them or given them back, or they were lost otherwise.
func (f *facts) handled(lost *fates) string {
	text := ": Lambda deletes nothing" + f.tell(lost)
	if n := len(f.e.Records) - lost.gone() - lost[visible]; n > 0 {
		text += "; " + f.some(n) + pick(n, " waits out its", " wait out their") + " visibility timeout"
	}
	return text
}

func receive(f *facts) string {
	text := "poller " + num(f.e.Poller+1) + f.of + " receives " + f.ends(f.e, f.e.Records)
	if !f.Short {
		text = "poller " + num(f.e.Poller+1) + " of " + f.mapping + " receives " + f.all + " from " + f.queue
	}
	return text + ": " + f.nth(f.e)
}

// nth says how many times the messages have been received: receive 2 of 3, and
// which ones if not all of them.
func (n *Narrator) nth(e *engine.Event) string {
	most := int32(1)
	if len(e.Receives()) > 0 {
		most = slices.Max(e.Receives())
	}
	text := "receive " + num(most)
	if e.Limit > 0 {
		text += " of " + num(e.Limit)
	}
	var those []int32
	for i, times := range e.Receives() {
		if times == most {
			those = append(those, e.Records[i])
		}
	}
	if len(those) < len(e.Receives()) {
		text += " for " + n.ends(e, those)
	}
	return text
}

func reappear(f *facts) string {
	n := len(f.e.Records)
	text := f.all
	if f.Short {
		text = f.ends(f.e, f.e.Records)
	}
	text += pick(n, " is", " are") + " visible again"
	if why, ok := back[f.e.Rule]; ok {
		text += pick(n, why[0], why[1])
	}
	if r := f.after.received; r != nil {
		text += "; poller " + num(r.Poller+1) + " receives " + pick(n, "it", "them") + ": " + f.nth(r)
	}
	return text
}

func deleted(f *facts) string {
	return f.all + " deleted from " + f.queue + ": " + f.e.Why.String()
}

func deleteFailed(f *facts) string {
	return f.all + " not deleted: " + f.e.Why.String() + "; " + pick(len(f.e.Records), "it is", "they are") + " received again"
}

func move(f *facts) string {
	n := len(f.e.Records)
	to := f.cf.Queues[f.e.To].ID
	if f.e.Mapping < 0 {
		return f.all + pick(n, " goes", " go") + " from " + f.queue + " to " + to + " as new"
	}
	if f.e.Rule == rule.SqsMoveOn {
		return f.all + pick(n, " goes", " go") + " on from " + f.queue + " to " + to + ": received " + times(f.e.Limit) + " before"
	}
	return f.all + pick(n, " goes to ", " go to ") + to + ": received " + times(f.e.Limit) + ", the next would be one too many"
}
