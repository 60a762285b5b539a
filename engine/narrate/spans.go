package narrate

import (
	"strings"

	"esmlab/engine"
)

// span is what a list holds of one source: the lowest and the highest number, and how many.
type span struct {
	source    string
	low, high int32
	n         int
}

// gaps reports whether some of the numbers between lie elsewhere.
func (s *span) gaps() bool { return int(s.high-s.low) >= s.n }

// spansOf appends the sums of a list by source, in the order in which the sources come.
func spansOf(out []span, ids []int32, named func(id int32) (source string, n int32)) []span {
	at := 0
	for _, id := range ids {
		source, n := named(id)
		if at >= len(out) || out[at].source != source {
			for at = 0; at < len(out) && out[at].source != source; at++ {
			}
			if at == len(out) {
				out = append(out, span{source, n, n, 0})
			}
		}
		s := &out[at]
		s.low, s.high, s.n = min(s.low, n), max(s.high, n), s.n+1
	}
	return out
}

// named tells the source of record or message id of an event, and its number there.
func (n *Narrator) named(e *engine.Event, id int32) (source string, number int32) {
	if e.Source >= 0 {
		return n.World.Config().Streams[e.Source].ID, id
	}
	m := n.World.Message(id)
	return n.World.Config().Queues[m.Origin].ID, m.N
}

// front is what stands before a number: the source where it is not plain.
func (n *Narrator) front(e *engine.Event, source string) string {
	c := n.World.Config()
	if n.Full || several(c, e) || e.Source < 0 && !home(c, source) {
		return source
	}
	return ""
}

// label names record or message id of an event: #22, or Orders#22 where
// several sources are read.
func (n *Narrator) label(e *engine.Event, id int32) string {
	source, number := n.named(e, id)
	return n.front(e, source) + "#" + num(number)
}

// span names some records, those of several sources each with its own: #18 … #32;
// Jobs#1, Jobs#4 and Bills#2 … #9. gaps tells that it does not name all that lie in it: a
// queue hands out its messages in any order.
func (n *Narrator) span(e *engine.Event, ids []int32) (text string, gaps bool) {
	var room [2]span // most lists are of one source
	var names [4]string
	list, parts := spansOf(room[:0], ids, func(id int32) (string, int32) { return n.named(e, id) }), names[:0]
	for i := range list {
		s := &list[i]
		front := s.source
		if len(list) == 1 {
			front = n.front(e, s.source)
		}
		first := front + "#" + num(s.low)
		switch {
		case s.n == 1:
			parts = append(parts, first)
		case s.n == 2 && len(list) == 1:
			parts = append(parts, first, "#"+num(s.high))
		case s.n == 2:
			parts = append(parts, first, front+"#"+num(s.high))
		default:
			parts, gaps = append(parts, first+" … #"+num(s.high)), gaps || s.gaps()
		}
	}
	if len(parts) == 0 {
		return "nothing", false
	}
	last := len(parts) - 1
	if last == 0 {
		return parts[0], gaps
	}
	return strings.Join(parts[:last], ", ") + " and " + parts[last], gaps
}

// ends names some records: #18 … #32. Those of a queue are counted where numbers between are
// not among them, 3 of #1 … #7; of a shard the others lie in other shards.
func (n *Narrator) ends(e *engine.Event, ids []int32) string {
	text, gaps := n.span(e, ids)
	if gaps && e.Source < 0 {
		return num(len(ids)) + " of " + text
	}
	return text
}

// records names records and counts them: #18 … #32 (8 records).
func (n *Narrator) records(e *engine.Event, ids []int32) string {
	text, _ := n.span(e, ids)
	if len(ids) > 2 {
		text += " (" + count(len(ids), what(e)) + ")"
	}
	return text
}

// Messages names messages in few columns: #1…#10, #3,#9, Jobs#4,Bills#2…#9. gap stands in a
// range. gaps tells that it does not name all that lie in it.
func Messages(ids []int32, gap string, named func(id int32) (source string, n int32)) (text string, gaps bool) {
	var room [2]span
	list := spansOf(room[:0], ids, named)
	sep := ","
	if gap != "…" {
		sep = ", "
	}
	for i := range list {
		s := &list[i]
		front := ""
		if len(list) > 1 {
			front = s.source
		}
		if i > 0 {
			text += sep
		}
		switch text += front + "#" + num(s.low); {
		case s.n == 2 && s.gaps():
			text += sep + front + "#" + num(s.high)
		case s.n > 1:
			text += gap + "#" + num(s.high)
			gaps = gaps || s.gaps()
		}
	}
	if len(list) == 0 {
		text = "nothing"
	}
	return text, gaps
}
