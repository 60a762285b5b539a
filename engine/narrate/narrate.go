// Package narrate says in English what happened: an event or a command goes
// in, a sentence comes out. It is the only place that does.
//
// A sentence depends on its event alone. What is merged or summed depends on the
// neighbouring events of the log. Neither depends on the state of the
// simulation, so a line is the same whenever it is read: while watching, after
// seeking, after stepping back.
package narrate

import (
	"strconv"
	"strings"

	"esmlab/engine"
)

// World gives the names: those parts of a simulation that never change. An
// *engine.Sim is a World.
type World interface {
	Config() *engine.Config
	// MessageLabel is what message id of a queue is called: Jobs#4.
	MessageLabel(id int32) string
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

// label names record or message id of an event: #22, or Orders#22 where
// several sources are read.
func (n *Narrator) label(e *engine.Event, id int32) string {
	c := n.World.Config()
	if e.Source >= 0 {
		if n.Full || several(c, e) {
			return c.Streams[e.Source].ID + "#" + num(id)
		}
		return "#" + num(id)
	}
	label := n.World.MessageLabel(id)
	if n.Full || several(c, e) {
		return label
	}
	queue, number, _ := strings.Cut(label, "#")
	if home(c, queue) {
		return "#" + number
	}
	return label
}

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

// ends names the first and the last of some records: #18 … #32.
func (n *Narrator) ends(e *engine.Event, ids []int32) string {
	switch len(ids) {
	case 0:
		return "nothing"
	case 1:
		return n.label(e, ids[0])
	case 2:
		return n.label(e, ids[0]) + " and " + short(n.label(e, ids[1]))
	}
	return n.label(e, ids[0]) + " … " + short(n.label(e, ids[len(ids)-1]))
}

// short drops the source of a label that follows another of the same source.
func short(label string) string {
	if i := strings.LastIndexByte(label, '#'); i >= 0 {
		return label[i:]
	}
	return label
}

// records names records and counts them: #18 … #32 (8 records).
func (n *Narrator) records(e *engine.Event, ids []int32) string {
	text := n.ends(e, ids)
	if len(ids) > 2 {
		text += " (" + count(len(ids), what(e)) + ")"
	}
	return text
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
