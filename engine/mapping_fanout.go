package engine

import "esmlab/engine/rule"

// subscriptionTurn is how long a mapping keeps a consumer's subscription to a
// shard that another mapping of the same consumer asks for (KIN-FANOUT-3).
const subscriptionTurn = 5 * Second

// subscribedElsewhere reports whether another mapping of the same consumer has
// the subscription to the shard now: they take turns. The iterator then waits
// for its own turn.
func (r iteratorRef) subscribedElsewhere() bool {
	turns, own := Micros(0), Micros(-1)
	for _, mi := range r.st.mappings {
		if m := &r.Mappings[mi]; r.cfg.Mappings[mi].Consumer == r.cfg.Mappings[r.mi].Consumer && m.isPolling() {
			if mi == r.mi {
				own = turns
			}
			turns++
		}
	}
	at := r.now / subscriptionTurn % max(1, turns)
	if turns < 2 || at == own {
		return false
	}
	r.emit(&Event{Kind: KindReadThrottled, Rule: rule.KinFanOutOne})
	r.it.nextRead = (r.now/subscriptionTurn + (own-at+turns)%turns) * subscriptionTurn
	r.scheduleRead()
	return true
}
