package lab

import (
	"slices"
	"strconv"
	"strings"

	"esmlab/engine"
	"esmlab/ui/kit"
	"esmlab/ui/pane"
)

// This file is what can be typed after a command's name.

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

// assignments are names of settings, and once one is typed its sensible values.
func (m *Lab) assignments(typed, sep string) []kit.Item {
	var out []kit.Item
	if name, _, ok := strings.Cut(typed, sep); ok {
		for _, v := range m.valuesOf(name) {
			out = append(out, kit.Item{Text: name + sep + v})
		}
		return out
	}
	for _, name := range m.paramNames() {
		out = append(out, kit.Item{Text: name + sep, Note: "now " + m.valueNow(name)})
	}
	return out
}

// instants are where :seek may go.
func (m *Lab) instants(string) []kit.Item {
	return append(texts(m.labels()), kit.Item{Text: m.tl.Newest().String() + "s", Note: "the newest instant"})
}

// invocations are those in the log, newest first.
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

// paramNames are the parameters of the mapping shown, and the attributes of its
// queue.
func (m *Lab) paramNames() []string {
	var out []string
	lists := [][]engine.Param{engine.StreamParams}
	if m.queue() >= 0 {
		lists = [][]engine.Param{engine.QueueParams, engine.QueueMappingParams}
	}
	for _, list := range lists {
		for i := range list {
			out = append(out, list[i].Name)
		}
	}
	if m.queue() < 0 {
		out = append(out, "OnFailure")
	}
	return out
}

func (m *Lab) valueNow(name string) string {
	if m.queue() >= 0 {
		return m.queueValue(name)
	}
	if name == "OnFailure" {
		return m.sim().Mappings[m.at].OnFailure
	}
	n := m.sim().Mappings[m.at].Number(name)
	if p := engine.FindParam(name); p != nil && p.Switch {
		return strconv.FormatBool(n != 0)
	}
	return itoa(n)
}

// valuesOf are sensible values of a parameter.
func (m *Lab) valuesOf(name string) []string {
	p := engine.FindParam(name)
	if m.queue() >= 0 {
		if p = engine.FindIn(engine.QueueParams, name); p == nil {
			p = engine.FindIn(engine.QueueMappingParams, name)
		}
	}
	var out []string
	switch {
	case name == "OnFailure":
		for _, q := range m.sim().Config().Queues {
			out = append(out, q.ID)
		}
	case p == nil:
	case p.Switch:
		return []string{"true", "false"}
	default:
		for _, n := range p.Steps {
			out = append(out, itoa(n))
		}
	}
	return out
}

// labels are the records or messages that one may ask about: those that fail,
// and those that the iterators stand before or that are in hand.
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
