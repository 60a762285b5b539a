package lab

import (
	"slices"
	"strings"

	"esmlab/engine"
	"esmlab/ui/kit"
	"esmlab/ui/pane"
)

// This file completes what is typed after a command's name.

func texts(list []string) []kit.Item {
	var out []kit.Item
	for _, text := range list {
		out = append(out, kit.Item{Text: text})
	}
	return out
}

func onOff(string) []kit.Item { return texts([]string{"on", "off"}) }

func speedItems(string) []kit.Item {
	var out []kit.Item
	for _, s := range speeds {
		out = append(out, kit.Item{Text: strings.ReplaceAll(strings.TrimSuffix(s.String(), "x"), ",", "")})
	}
	return out
}

// assignments completes the name of a setting, and after it a sensible value.
func (m *Lab) assignments(typed, sep string) []kit.Item {
	var out []kit.Item
	if name, _, ok := strings.Cut(typed, sep); ok {
		if e, ok := m.editable(name); ok {
			for _, v := range m.valuesOf(e) {
				out = append(out, kit.Item{Text: name + sep + v})
			}
		}
		return out
	}
	for _, e := range m.editables() {
		out = append(out, kit.Item{Text: e.Name + sep, Note: "now " + e.now()})
	}
	return out
}

// instants completes where :seek goes.
func (m *Lab) instants(string) []kit.Item {
	return append(texts(m.labels()), kit.Item{Text: m.tl.Newest().String() + "s", Note: "the newest instant"})
}

// invocations completes the number of an invocation in the log, newest first.
func (m *Lab) invocations(string) []kit.Item {
	var out []kit.Item
	log := m.history().Log
	for i := len(log) - 1; i >= 0 && len(out) < 20; i-- {
		if e := &log[i]; e.Kind == engine.KindInvoke && int(e.Mapping) == m.at {
			out = append(out, kit.Item{Text: itoa(int(e.Invocation)), Note: "batch " + itoa(int(e.Batch)) + ", at " + pane.Clock(e.At)})
		}
	}
	return out
}

// labels are the records or messages that one is likely to ask about: those that
// fail, the next one of each iterator, those in flight.
func (m *Lab) labels() []string {
	var out []string
	add := func(l string) {
		if !slices.Contains(out, l) && len(out) < 20 {
			out = append(out, l)
		}
	}
	for _, f := range m.ctx().Faults() {
		for _, l := range f.Records {
			add(l.String())
		}
	}
	s := m.sim()
	if m.queue() >= 0 {
		for _, r := range pane.Receipts(s, m.at, m.history().Log) {
			for _, id := range r.Messages {
				add(s.MessageLabel(id))
			}
		}
		return out
	}
	for i := range s.Streams[s.SourceOf(m.at)].Shards {
		if n := s.NextRecord(m.at, i); n > 0 {
			add(m.streamID() + "#" + itoa(int(n)))
		}
	}
	return out
}
