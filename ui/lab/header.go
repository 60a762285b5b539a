package lab

import (
	"slices"
	"strings"

	"esmlab/engine"
	"esmlab/engine/finding"
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
	right := []string{m.speedText(), "t " + pane.Clock(s.Now()), "seed " + kit.Cut(uitoa(s.Config().Seed), 20), kit.WithKeys("{help} keys")}
	for len(right) > 1 && 1+kit.Width(strings.Join(right, gap))+1 > m.w*2/3 {
		right = right[:len(right)-1]
	}
	at := "t " + pane.Clock(s.Now())
	if m.lay.Small {
		return l.Text(" ").Add(kit.Busy, kit.Pick(m.w-3-kit.Width(at), itoa(m.w)+"x"+itoa(m.h)+" is small: 60x20 shows more", "small: 60x20 shows more", "small", "")).Right(kit.Plain, at, m.w-1).String()
	}
	name := m.sc.Name
	if m.tl.Name() != "run 1" {
		name += " · " + m.tl.Name()
	}
	mem := m.memoryShort()
	if !wide && mem != "" {
		name = mem // what the history drops matters more than the name
	}
	of := "  " + m.mappingID() + " " + itoa(m.at+1) + "/" + itoa(len(s.Mappings))
	reads := m.readsText()
	found, reserve := m.findingsShort(), 0
	if found != nil { // its shortest form has room in any case, the one that says what it is where there is some
		reserve = kit.Width(found[len(found)-1]) + 3
		if m.w >= 80 {
			reserve = kit.Width(found[1]) + 3
		}
	}
	room := func() int { return m.w - reserve - 2 - kit.Width(strings.Join(right, gap)) - 1 }
	if wide && mem == "" && kit.Width(name+of) > room() && len(right) > 3 { // the seed gives way to names
		right = slices.Delete(right, 2, 3)
	}
	if !wide && found != nil && len(right) > 3 { // what will hurt matters more than the seed
		right = slices.Delete(right, 2, 3)
	}
	tail := strings.Join(right, gap)
	l.Text(" ")
	switch fit := room(); {
	case wide && mem != "":
		l.Add(kit.Dim, "esmlab").Text("  ").Add(kit.Strong, name).Text("   ").Add(kit.Info, m.mappingID()).Text("   ").Add(kit.Busy, mem)
	case wide && kit.Width("esmlab  "+name+"   "+reads+"   mapping "+n) <= fit:
		l.Add(kit.Dim, "esmlab").Text("  ").Add(kit.Strong, name).Text("   ").Add(kit.Info, m.mappingID()).Text(reads[len(m.mappingID()):]+"   ").Add(kit.Dim, "mapping "+n)
	case wide && kit.Width(name+"   "+reads+"   mapping "+n) <= fit:
		l.Add(kit.Strong, name).Text("   ").Add(kit.Info, m.mappingID()).Text(reads[len(m.mappingID()):]+"   ").Add(kit.Dim, "mapping "+n)
	case kit.Width(name+of) <= fit:
		l.Add(kit.Strong, name).Add(kit.Info, of)
	default:
		l.Add(kit.Strong, kit.Cut(name, fit))
	}
	for _, text := range found {
		if l.Col()+3+kit.Width(text)+2 <= m.w-1-kit.Width(tail) || text == found[len(found)-1] {
			_, style := signOf(finding.Error)
			if !strings.HasPrefix(text, "▲") {
				style = kit.Info
			}
			l.Text("   ").Add(style, text)
			break
		}
	}
	if wide && !m.o.Hide && m.o.Region == nil { // what the scenario asks, or is about
		texts := []string{m.sc.Title + ". " + m.sc.About, m.sc.About, m.sc.Title}
		if m.sc.Title == "" || m.sc.About == "" {
			texts = texts[1:]
		}
		for _, text := range texts {
			if n := kit.Width(text); n > 0 && l.Col()+n+6 <= m.w-1-kit.Width(tail) {
				l.Text("   ").Add(kit.Dim, text)
				break
			}
		}
	}
	if at := m.w - 1 - kit.Width(tail); at < l.Col()+1 {
		tail = kit.Cut(tail, m.w-2-l.Col())
	} else if last := right[len(right)-1]; last == kit.WithKeys("{help} keys") {
		m.helpAt = m.w - 1 - kit.Width(last)
	}
	return l.Right(kit.Plain, tail, m.w-1).String()
}

// speedText says how fast time runs, or that it is stopped.
func (m *Lab) speedText() string {
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
	return pace
}

// readsText says what the mapping reads from, and which function it calls.
func (m *Lab) readsText() string {
	return m.mappingID() + ": " + m.sourceWord() + " " + m.streamID() + " → " + m.functionID()
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
