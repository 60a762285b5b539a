package narrate

import "esmlab/engine"

// Headline announces an event in a title's words: records given up, messages
// moved to a DLQ, a shard that flows again. It gives the same in fewer and
// fewer words, and nothing for any other kind. free tells that the shard of a
// discard is no longer blocked.
func (n *Narrator) Headline(e *engine.Event, free bool) []string {
	f := n.facts(e)
	who := n.ends(e, e.Records)
	if len(e.Records) == 0 { // the end of a window
		who = f.batch
	}
	again := "SHARD " + num(e.Shard) + " FLOWS AGAIN"
	switch {
	case e.Kind == engine.KindUnblock:
		return []string{again}
	case e.Kind == engine.KindDiscard && free:
		return []string{again + ": " + who + pick(max(1, len(e.Records)), " was", " were") + " given up (" + e.Condition.String() + ")", again}
	case e.Kind == engine.KindDiscard:
		return []string{who + " OF SHARD " + num(e.Shard) + " GIVEN UP (" + e.Condition.String() + ")", who + " GIVEN UP"}
	case e.Kind == engine.KindMove && e.Mapping >= 0:
		if k := len(e.Records); k > 1 {
			who = engine.Thousands(k) + " MESSAGES"
		}
		who += " IN " + f.cf.Queues[e.To].ID
		return []string{who + ": received " + times(e.Limit) + ", never deleted", who}
	}
	return nil
}
