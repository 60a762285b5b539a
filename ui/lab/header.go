package lab

import (
	"strings"

	"esmlab/engine"
	"esmlab/ui/kit"
	"esmlab/ui/pane"
)

// header is the top row: the scenario, the mapping, the speed, the time.
func (m *Lab) header() string {
	s := m.sim()
	l := kit.NewLine(m.screens.Theme, m.w)
	m.helpAt = 0
	wide := m.w >= 110
	n := itoa(m.at+1) + " of " + itoa(len(s.Mappings))
	gap := "  "
	if wide {
		gap = "   "
	}
	pace := speeds[m.speed].String()
	if !m.running {
		pace = "‖ " + pace
	} else {
		pace = "▶ " + pace
		if r := m.reached.less(speeds[m.speed]); r != "" {
			pace += " (reaches " + r + ")"
		}
	}
	if m.skipFrom >= 0 {
		pace += " skipping " + pane.Dur(m.skipTo-m.skipFrom)
	}
	right := []string{pace, "t " + pane.Clock(s.Now()), "seed " + kit.Cut(uitoa(s.Config().Seed), 20), kit.WithKeys("{help} keys")}
	for len(right) > 1 && 1+kit.Width(strings.Join(right, gap))+1 > m.w*2/3 {
		right = right[:len(right)-1]
	}
	tail := strings.Join(right, gap)
	if m.lay.Small {
		at := "t " + pane.Clock(s.Now())
		return l.Text(" ").Add(kit.Busy, kit.Pick(m.w-3-kit.Width(at), itoa(m.w)+"x"+itoa(m.h)+" is small: 60x20 shows more", "small: 60x20 shows more", "small", "")).Right(kit.Plain, at, m.w-1).String()
	}
	l.Text(" ")
	name := m.sc.Name
	if m.tl.Name() != "run 1" {
		name += " · " + m.tl.Name()
	}
	mem := m.memoryShort()
	if !wide && mem != "" {
		name = mem // what the history drops matters more than the name
	}
	if wide && mem != "" {
		l.Add(kit.Dim, "esmlab").Text("  ").Add(kit.Strong, name).Text("   ").Add(kit.Info, m.mappingID()).Text("   ").Add(kit.Busy, mem)
	} else if wide {
		l.Add(kit.Dim, "esmlab").Text("  ").Add(kit.Strong, name).Text("   ")
		l.Add(kit.Info, m.mappingID()).Text(": "+m.sourceWord()+" "+m.streamID()+" → "+m.functionID()+"   ").Add(kit.Dim, "mapping "+n)
	} else {
		room := m.w - 2 - kit.Width(tail) - 2
		l.Add(kit.Strong, kit.Cut(name, room))
		if id := "  " + m.mappingID() + " " + itoa(m.at+1) + "/" + itoa(len(s.Mappings)); l.Col()+kit.Width(id) <= room+1 {
			l.Add(kit.Info, id)
		}
	}
	if at := m.w - 1 - kit.Width(tail); at < l.Col()+1 {
		tail = kit.Cut(tail, m.w-2-l.Col())
	} else if len(right) == 4 {
		m.helpAt = m.w - 1 - kit.Width(right[3])
	}
	return l.Right(kit.Plain, tail, m.w-1).String()
}

// sourceWord is the service that the mapping reads from.
func (m *Lab) sourceWord() string {
	s := m.sim()
	switch {
	case m.queue() >= 0:
		return "SQS"
	case s.Config().Streams[s.SourceOf(m.at)].Kind == engine.Kinesis:
		return "Kinesis"
	}
	return "DynamoDB"
}
