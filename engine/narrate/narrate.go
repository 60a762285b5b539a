// Package narrate says in English what happened: an event or a command goes
// in, a sentence comes out. It is the only place that does.
//
// A sentence depends on its event alone. What is merged or summed depends on the
// neighbouring events of the log. Neither depends on the state of the
// simulation, so a line is the same whenever it is read: while watching, after
// seeking, after stepping back.
package narrate

import (
	"iter"
	"strconv"
	"strings"

	"esmlab/engine"
)

// World gives the names: those parts of a simulation that never change. An
// *engine.Sim is a World.
type World interface {
	Config() *engine.Config
	// Message has the label of message id: the queue it was first put to, and its number there.
	Message(id int32) *engine.Message
}

// Narrator says what happened in a World. Without options it tells a story: in
// long sentences that name the mapping where there are several.
type Narrator struct {
	World World
	// Short makes sentences fit a row of a pane. One sentence then covers an
	// invocation and what came of it.
	Short bool
	// Shown means that Mapping is on screen: sentences need not name it or its
	// source.
	Shown   bool
	Mapping int
	// Full writes each record with its source, Orders#22. Without it only runs
	// with more than one source do so.
	Full bool
	// Own reports whether event n is a person's command rather than a step of
	// the scenario. If it is nil, sentences do not say who did it.
	Own func(n int64) bool
}

// Event says in a sentence what an event was. Every kind has one.
func (n *Narrator) Event(e *engine.Event) string {
	f := n.facts(e)
	return sentences[e.Kind](&f)
}

// EventOf is Event for event i of a log, and says of a queue's return what had become of its
// messages by then.
func (n *Narrator) EventOf(log []engine.Event, i int) string {
	return n.eventAfter(&log[i], lossesBefore(log, i))
}

// EventAfter is EventOf where the losses were noted as the events came.
func (n *Narrator) EventAfter(l *Losses, e *engine.Event) string { return n.eventAfter(e, l.newest) }

func (n *Narrator) eventAfter(e *engine.Event, before iter.Seq[loss]) string {
	f := n.facts(e)
	if unsure(e, &f.after) {
		f.after.fates = fatesOf(e, before)
	}
	return sentences[e.Kind](&f)
}

// facts are what a sentence is made of, each in words.
type facts struct {
	*Narrator
	e  *engine.Event
	cf *engine.Config

	all      string // the records: #18 … #32 (8 records)
	batch    string // batch 4, and of which mapping where that is not plain
	shard    string // shard 0, and of which stream
	by, of   string // " by ShipOrders", " of ShipOrders" where that is not plain
	mapping  string
	function string
	queue    string // the queue, or the destination of a delivery
	source   string // the stream or queue
	after    after
}

func (n *Narrator) facts(e *engine.Event) facts {
	c := n.World.Config()
	f := facts{Narrator: n, e: e, cf: c, batch: "batch " + num(e.Batch), shard: "shard " + num(e.Shard)}
	if e.Applied != nil {
		return f
	}
	if e.Mapping >= 0 && int(e.Mapping) < len(c.Mappings) {
		f.mapping = c.Mappings[e.Mapping].ID
		if mappingsAt(c, e) > 1 && !(n.Shown && int(e.Mapping) == n.Mapping) {
			f.by, f.of = " by "+f.mapping, " of "+f.mapping
			f.batch += f.of
		}
	}
	if int(e.Function) < len(c.Functions) {
		f.function = c.Functions[e.Function].ID
		if e.Of > 0 && (e.Kind == engine.KindInvoke || e.Kind == engine.KindReturn) {
			f.function += ":" + num(e.Of)
		}
	}
	switch {
	case e.Kind == engine.KindDeliver || e.Kind == engine.KindDeliverFailed || e.Kind == engine.KindForward || e.Kind == engine.KindForwardFailed:
		f.queue = c.DestinationID(e.Queue)
	case e.Queue >= 0 && int(e.Queue) < len(c.Queues):
		f.queue = c.Queues[e.Queue].ID
	}
	if f.source = f.queue; e.Source >= 0 && len(c.Streams) > 0 {
		f.source = c.Streams[e.Source].ID
		if ofMapping[e.Kind] {
			f.source = c.Mappings[e.Mapping].Source
		}
		if streamsAt(c, e) > 1 && !(n.Shown && c.Mappings[n.Mapping].Source == f.source) {
			f.shard += " of " + f.source
		}
	}
	f.all = n.records(e, e.Records)
	return f
}

// ofMapping are the kinds whose events have no Source: the stream is that of the
// mapping.
var ofMapping = [engine.NumKinds]bool{engine.KindBlock: true, engine.KindUnblock: true, engine.KindDenied: true}

// home reports whether a mapping reads a queue: if it is the only source, its
// messages need no name in front of their numbers.
func home(c *engine.Config, queue string) bool {
	for i := range c.Mappings {
		if c.Mappings[i].Source == queue {
			return true
		}
	}
	return false
}

// mappingsAt is how many mappings there were when an event happened: what a deployment
// makes later does not change what was said before.
func mappingsAt(c *engine.Config, e *engine.Event) (n int) {
	for i := range c.Mappings {
		if born(c.Mappings[i].After, e) {
			n++
		}
	}
	return n
}

// born tells whether what was made after an event's number was there at another.
func born(after int64, e *engine.Event) bool { return after == 0 || after < e.N }

// streamsAt is how many streams there were.
func streamsAt(c *engine.Config, e *engine.Event) (n int) {
	for i := range c.Streams {
		if born(c.Streams[i].After, e) {
			n++
		}
	}
	return n
}

// several reports whether the mappings that there were read more than one source.
func several(c *engine.Config, e *engine.Event) bool {
	for i := range c.Mappings {
		if born(c.Mappings[i].After, e) && c.Mappings[i].Source != c.Mappings[0].Source {
			return true
		}
	}
	return false
}

// list writes the numbers of records: [18 22].
func (n *Narrator) list(e *engine.Event, ids []int32) string {
	b := []byte{'['}
	for i, id := range ids {
		if i > 0 {
			b = append(b, ' ')
		}
		if i == 12 && len(ids) > 14 {
			b = append(b, "… "...)
			id = ids[len(ids)-1]
		}
		b = strconv.AppendInt(b, int64(id), 10)
		if i == 12 && len(ids) > 14 {
			break
		}
	}
	return string(append(b, ']'))
}

// what a source holds is called.
func what(e *engine.Event) string {
	if e.Source < 0 {
		return "message"
	}
	return "record"
}

func num[T int | int32 | int64](n T) string { return strconv.FormatInt(int64(n), 10) }

// count writes a number of things: 1 record, 1,250 records, 3 tries.
func count(n int, what string) string {
	text := engine.Thousands(n) + " " + what
	switch {
	case n == 1:
		return text
	case strings.HasSuffix(what, "y"):
		return strings.TrimSuffix(text, "y") + "ies"
	case strings.HasSuffix(what, "ch"):
		return text + "es"
	}
	return text + "s"
}

// pick gives the form of a word that goes with so many things.
func pick(n int, one, many string) string {
	if n == 1 {
		return one
	}
	return many
}
