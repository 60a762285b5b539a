package lab

import (
	"strings"

	"esmlab/engine"
	"esmlab/engine/timeline"
	"esmlab/ui/kit"
	"esmlab/ui/pane"
)

// sliderRow draws the run as a line: what has passed, when batches failed, and now.
func (m *Lab) sliderRow() string {
	now, a := m.tl.Now(), m.sliderAxis()
	l := kit.NewLine(m.screens.Theme, m.w)
	begin := "0 s "
	if a.From > 0 { // the history no longer has what was before
		begin = kit.Fit(shortClock(a.From), 5)
	}
	l.Right(kit.Dim, begin, a.Gutter-1).PadTo(a.Gutter-1).Add(kit.Dim, "├")
	w := a.Cells
	if w < 1 {
		return l.String()
	}
	here := a.Cell(now)
	marks := make([]mark, w)
	for i, what := range m.tl.Marks(m.at, a.From, a.To, w) {
		if m.cover == nil { // else it might answer the question
			marks[i] = m.markOf(what)
		}
	}
	if m.cause >= 0 && m.cause >= a.From && a.Cell(m.cause) < w {
		marks[a.Cell(m.cause)] = mark{"◆", kit.Info}
	}
	ahead := here + 1
	if m.tl.Newest() > now {
		ahead = max(ahead, a.Cell(m.tl.Newest())+1)
	}
	for i := 0; i < w; {
		j := i + 1
		if i == here {
			l.Add(kit.Info, "●")
			i = j
			continue
		}
		at := marks[i]
		switch {
		case i >= ahead:
			at = mark{"╌", kit.Rule}
		case at.sign == "" && i < here:
			at = mark{"─", kit.Plain}
		case at.sign == "":
			at = mark{"─", kit.Rule}
		}
		for j < w && j != here && (j < ahead) == (i < ahead) && marks[j] == marks[i] {
			j++
		}
		l.Repeat(at.style, at.sign, j-i)
		i = j
	}
	l.Add(kit.Dim, "┤")
	if !m.lay.Band { // the panes of the band say where time ends
		l.Text(" " + pane.Dur(a.To))
	}
	return l.String()
}

// failSign marks failed batches: on a queue they block nothing.
func (m *Lab) failSign() string {
	if m.queue() >= 0 {
		return "▲"
	}
	return "■"
}

// shortClock writes an instant in five cells: 27:26, 2h43.
func shortClock(at engine.Micros) string {
	if at >= engine.Hour {
		return itoa(int(at/engine.Hour)) + "h" + itoa(int(at%engine.Hour/engine.Minute))
	}
	text, _, _ := strings.Cut(pane.Clock(at), ".")
	return text
}

// mark is a sign on the slider.
type mark struct {
	sign  string
	style kit.Style
}

// markOf chooses the sign of one place: that of the worst that happened there.
func (m *Lab) markOf(what timeline.Mark) mark {
	switch {
	case what&(timeline.MarkDiscard|timeline.MarkMove) != 0:
		return mark{"X", kit.Bad}
	case what&(timeline.MarkError|timeline.MarkThrottle) != 0:
		return mark{m.failSign(), kit.Bad}
	case what&timeline.MarkSplit != 0:
		return mark{"<", kit.Busy}
	case what&timeline.MarkCommand != 0:
		return mark{"+", kit.Info}
	}
	return mark{}
}

// axis is how much time the panes show: from the beginning to shortly after now, so
// that not most of it is empty.
func (m *Lab) axis() pane.Axis {
	from, end := m.tl.Begin(), m.sliderEnd()
	return pane.Axis{From: from, To: min(end, from+pane.AxisLength((m.tl.Now()-from)*5/4))}
}

// sliderAxis is the slider's: that of the panes that fill the width of the screen, in
// the same columns; without one the whole run.
func (m *Lab) sliderAxis() pane.Axis {
	if m.lay.Band {
		a := m.axis()
		a.Gutter, a.Cells = m.bandGutter(), m.w-m.bandGutter()-2
		return a
	}
	tail := 14
	if m.w >= 110 {
		tail = 20
	}
	return pane.Axis{From: m.tl.Begin(), To: m.sliderEnd(), Gutter: 6, Cells: m.w - tail}
}

// bandGutter is how many columns of the screen stand before the axis that the slider
// shares with the panes above it.
func (m *Lab) bandGutter() int {
	switch {
	case m.w < 76:
		return 11
	case m.zoom == 8 && m.w >= 100: // the names of batches and of their parts
		return 27
	}
	return 14
}

// paneAxis is the axis of pane i, which stands in r.
func (m *Lab) paneAxis(i int, r Rect) pane.Axis {
	a, side := m.axis().Zoomed(m.tl.Now(), m.views[i].level), 0
	if m.lay.Boxed {
		side = 1
	}
	if r.W == m.w {
		a.Gutter = m.bandGutter() - side
	} else {
		a.Gutter = 8 - side
	}
	a.Cells = max(0, r.W-2-a.Gutter-side)
	return a
}

// sliderEnd is the instant at the slider's right end: `for`, doubled until the run
// fits.
func (m *Lab) sliderEnd() engine.Micros {
	end := max(m.sim().Config().For, engine.Second)
	for end < m.tl.Newest() {
		end *= 2
	}
	return end
}
