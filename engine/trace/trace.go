// Package trace writes a simulation's events as JSON lines: the fields of the
// contract for each kind, always in the same order, without reflection, so
// that the same run gives the same bytes on every machine.
package trace

import (
	"bytes"
	"encoding/json"
	"strconv"

	"esmlab/engine"
	"esmlab/engine/printable"
)

// AppendJSON appends one event of a simulation as one line of JSON, without
// the newline.
func AppendJSON(b []byte, s *engine.Sim, e *engine.Event) []byte {
	w := line{b: b, s: s, e: e}
	w.b = append(w.b, `{"n":`...)
	w.b = strconv.AppendInt(w.b, e.N, 10)
	w.b = append(w.b, `,"at":`...)
	w.b = e.At.Append(w.b)
	w.text("kind", kind(e))
	if e.Rule != "" {
		w.text("rule", string(e.Rule))
	}
	w.fields()
	return append(w.b, '}')
}

// kind is the event's word in the trace.
func kind(e *engine.Event) string { return e.Kind.String() }

type line struct {
	b []byte
	s *engine.Sim
	e *engine.Event
}

func (w *line) name(k string) {
	w.b = append(w.b, ',', '"')
	w.b = append(w.b, k...)
	w.b = append(w.b, '"', ':')
}

func (w *line) text(k, v string) {
	w.name(k)
	w.b = appendText(w.b, v)
}

// appendText writes a string as JSON.
func appendText(b []byte, s string) []byte {
	if plain(s) {
		b = append(b, '"')
		b = append(b, s...)
		return append(b, '"')
	}
	var buf bytes.Buffer
	enc := json.NewEncoder(&buf)
	enc.SetEscapeHTML(false)
	_ = enc.Encode(s) // a string can always be written
	return append(b, printable.JSON(bytes.TrimSuffix(buf.Bytes(), []byte("\n")))...)
}

// plain reports whether a string stands in JSON as it is.
func plain(s string) bool {
	for i := range len(s) {
		if c := s[i]; c < ' ' || c == '"' || c == '\\' || c >= 0x7f {
			return false
		}
	}
	return true
}

func (w *line) int(k string, v int32) {
	w.name(k)
	w.b = strconv.AppendInt(w.b, int64(v), 10)
}

func (w *line) time(k string, v engine.Micros) {
	w.name(k)
	w.b = v.Append(w.b)
}

func (w *line) label(n int32) {
	id := ""
	if w.e.Source < 0 { // a queue's message
		m := w.s.Message(n)
		id, n = w.s.Config().Queues[m.Origin].ID, m.N
	} else {
		id = w.s.Config().Streams[w.e.Source].ID
	}
	if !plain(id) {
		w.b = appendText(w.b, id+"#"+strconv.Itoa(int(n)))
		return
	}
	w.b = append(w.b, '"')
	w.b = append(w.b, id...)
	w.b = append(w.b, '#')
	w.b = strconv.AppendInt(w.b, int64(n), 10)
	w.b = append(w.b, '"')
}

func (w *line) labels(nums []int32) {
	w.b = append(w.b, '[')
	for i, n := range nums {
		if i > 0 {
			w.b = append(w.b, ',')
		}
		w.label(n)
	}
	w.b = append(w.b, ']')
}

func (w *line) records(k string, nums []int32) {
	w.name(k)
	w.labels(nums)
}

func (w *line) source() {
	if w.e.Source < 0 {
		w.text("source", w.s.Config().Queues[w.e.Queue].ID)
		return
	}
	w.text("source", w.s.Config().Streams[w.e.Source].ID)
}

// shard writes the shard of a stream's event; a queue has none.
func (w *line) shard() {
	if w.e.Source >= 0 {
		w.int("shard", w.e.Shard)
	}
}

func (w *line) queue()    { w.text("queue", w.s.Config().Queues[w.e.Queue].ID) }
func (w *line) mapping()  { w.text("mapping", w.s.Config().Mappings[w.e.Mapping].ID) }
func (w *line) function() { w.text("function", w.s.Config().Functions[w.e.Function].ID) }

// ints writes a list of whole numbers.
func ints[T int | int32](b []byte, list []T) []byte {
	b = append(b, '[')
	for i, n := range list {
		if i > 0 {
			b = append(b, ',')
		}
		b = strconv.AppendInt(b, int64(n), 10)
	}
	return append(b, ']')
}
