package lab

import (
	"bytes"
	"encoding/json"
	"slices"
	"strings"

	"esmlab/engine"
	"esmlab/engine/inspect"
	"esmlab/engine/rule"
	"esmlab/ui/kit"
	"esmlab/ui/pane"
)

// This file makes what stands below the lines of pane 6, where it has room: why the headline
// is as it is, the life of its record, what the function got last.

// parts are what was made last, and what it was made of.
type parts struct {
	of   partOf
	part pane.Part
	at   string // the instant that it names as now; "" none
}

type partOf struct {
	turns   uint64
	event   int64 // the newest event that it is about
	second  engine.Micros
	mapping int
	id      int32
	about   pane.Subject
	theme   *kit.Theme
	w       int
}

// standing gives part i, w cells wide at most. The Why is made anew when something has
// happened, and once a second; the others when something has happened to what they are about.
func (m *Lab) standing(w, i int) pane.Part {
	h := m.worstNow()
	of := partOf{turns: m.tl.Turns(), mapping: m.at, theme: m.screens.Theme, w: w}
	id, source := int32(-1), int32(-1)
	switch i {
	case 0:
		of.event, of.second, of.about = m.sim().Emitted(), m.tl.Now()/engine.Second, h.about
		if log := m.history().Log; m.running && len(log) > 0 { // what the log leaves out is told within the second
			of.event = log[len(log)-1].N
		}
	case 1:
		if id, source = m.lifeOf(&h); id >= 0 {
			of.id, of.event = id, m.lastOf(id, source)
		}
	case 2:
		if e := m.lastInvocation(); e != nil {
			of.event = e.N
		}
	}
	last := &m.parts[i]
	now := pane.Clock(m.tl.Now())
	if last.of == of && (last.at == "" || last.at == now) {
		return last.part
	}
	*last = parts{of: of}
	switch i {
	case 0:
		if card := m.headlineCard(&h); card != nil {
			last.part = pane.Part{Rows: card.Rows(m.screens.Theme, w), More: "{why} all of it"}
			if strings.HasSuffix(card.Title, now) {
				last.at = now
			}
		}
	case 1:
		last.part = m.lifePart(id, source, w)
	case 2:
		last.part = m.givenPart(w)
	}
	return last.part
}

// lastOf is the number of the newest event of a record's life, 0 if there is none.
func (m *Lab) lastOf(id, source int32) int64 {
	log := m.history().Log
	for i := len(log) - 1; i >= 0; i-- {
		if e := &log[i]; (e.Source >= 0) == (source >= 0) && (source < 0 || e.Source == source) && slices.Contains(e.Records, id) {
			return e.N
		}
	}
	return 0
}

// lifePart is the life of a record or message, from the log.
func (m *Lab) lifePart(id, source int32, w int) pane.Part {
	if id < 0 {
		return pane.Part{}
	}
	s, t := m.sim(), m.screens.Theme
	label := ""
	if source >= 0 {
		label = s.Label(source, id)
	} else {
		label = s.MessageLabel(id)
	}
	var rows []string
	n, log := m.ctx().Narrator(), m.history().Log
	for i := len(log) - 1; i >= 0 && len(rows) < 30; i-- {
		e := &log[i]
		if (e.Source >= 0) != (source >= 0) || source >= 0 && e.Source != source {
			continue
		}
		word := n.Station(e, id)
		if word == "" {
			continue
		}
		l := kit.NewLine(t, w).Right(kit.Dim, pane.Stamp(e.At), 8).Text("  ").Text(kit.Cut(word, w-11))
		if r, ok := rule.Find(e.Rule); ok {
			if from := max(l.Col()+2, 34); w-from >= 24 {
				if text := kit.Clip(r.Statement, w-from); !strings.HasSuffix(text, "…") {
					l.PadTo(from).Add(kit.Dim, text)
				}
			}
		}
		rows = append(rows, l.String())
	}
	if len(rows) == 0 {
		return pane.Part{}
	}
	head := t.Paint(kit.Dim, kit.Cut("The life of "+label+", newest first", w))
	return pane.Part{Rows: append([]string{head}, rows...), More: ":life " + label + " has all of it"}
}

// lifeOf is the record, or message, whose life is told, and its stream: what the headline is
// about, else what made the newest invocation fail, else its first one. -1: there is none.
func (m *Lab) lifeOf(h *headline) (id, source int32) {
	s := m.sim()
	if h.about.Kind == pane.KindShard && m.queue() < 0 {
		if l := s.ActiveLane(m.at, int(h.about.Shard)); l != nil && l.Blocked {
			if _, records := l.Part(); len(records) > 0 {
				id := records[0]
				if hit := l.FailedRecords; len(hit) > 0 {
					id = hit[0]
				}
				return id, int32(s.SourceOf(m.at))
			}
		}
	}
	if e := m.lastInvocation(); e != nil && len(e.Records) > 0 {
		id := e.Records[0]
		if i := slices.IndexFunc(e.Records, func(id int32) bool { return m.failedOnce(e, id) }); i >= 0 {
			id = e.Records[i]
		}
		return id, e.Source
	}
	return -1, -1
}

// failedOnce tells whether a record made its batch fail, by the end of the invocation.
func (m *Lab) failedOnce(call *engine.Event, id int32) bool {
	log := m.history().Log
	for i := len(log) - 1; i >= 0 && log[i].N > call.N; i-- {
		if e := &log[i]; e.Kind == engine.KindReturn && e.Invocation == call.Invocation {
			return slices.Contains(e.Failed, id)
		}
	}
	return false
}

// lastInvocation is the newest invocation for the mapping; nil: the log has none.
func (m *Lab) lastInvocation() *engine.Event {
	log := m.history().Log
	for i := len(log) - 1; i >= 0; i-- {
		if e := &log[i]; e.Kind == engine.KindInvoke && int(e.Mapping) == m.at {
			return e
		}
	}
	return nil
}

// givenPart is the JSON that the function got last, its first record alone.
func (m *Lab) givenPart(w int) pane.Part {
	e := m.lastInvocation()
	if e == nil || len(e.Records) == 0 {
		return pane.Part{}
	}
	one := *e
	one.Records = e.Records[:1]
	given := inspect.Given(m.sim(), &one)
	if given == nil {
		return pane.Part{}
	}
	call := "The event of invocation " + itoa(int(e.Invocation)) + " of " + m.functionID()
	heads := []string{call + ", at " + pane.Clock(e.At), call, "What " + m.functionID() + " got last"}
	if n := len(e.Records); n > 1 {
		first := ": the first of " + kit.Count(n, "record")
		heads = []string{heads[0] + first, call + first, heads[2] + first, "The first of " + kit.Count(n, "record")}
	}
	head := kit.Pick(w, heads...)
	t := m.screens.Theme
	out := pane.Part{Rows: []string{t.Paint(kit.Dim, kit.Cut(head, w))}, More: ":event has all of it"}
	var text bytes.Buffer
	_ = json.Indent(&text, given, "", "  ") // it is JSON
	for l := range strings.Lines(text.String()) {
		l = strings.TrimRight(l, "\n")
		for len(l) > w && w > 8 && len(l) == kit.Width(l) { // a long value goes on in the next row
			out.Rows = append(out.Rows, t.Paint(kit.Info, l[:w]))
			l = "        " + l[w:]
		}
		out.Rows = append(out.Rows, t.Paint(kit.Info, kit.Cut(l, w)))
	}
	return out
}
