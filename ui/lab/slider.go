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
	now, end := m.tl.Now(), m.sliderEnd()
	l := kit.NewLine(m.screens.Theme, m.w)
	_, _, w := m.sliderAt()
	begin := m.tl.Begin()
	if begin > 0 { // the history no longer has what was before
		l.Add(kit.Dim, kit.Fit(shortClock(begin), 5)).Add(kit.Dim, "├")
	} else {
		l.Text(" 0 s ").Add(kit.Dim, "├")
	}
	if w < 1 {
		return l.String()
	}
	cell := func(t engine.Micros) int { return min(w-1, int(int64(t-begin)*int64(w)/int64(end-begin))) }
	here := cell(now)
	marks := make([]mark, w)
	for i, what := range m.tl.Marks(m.at, begin, end, w) {
		marks[i] = m.markOf(what)
	}
	ahead := here + 1
	if m.tl.Newest() > now {
		ahead = max(ahead, min(w, cell(m.tl.Newest())+1))
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
	return l.Add(kit.Dim, "┤").Text(" " + pane.Dur(end)).String()
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

// sliderAt gives the slider's first column, the column after its last, and its length.
func (m *Lab) sliderAt() (from, to, w int) {
	tail := 14
	if m.w >= 110 {
		tail = 20
	}
	w = m.w - tail
	return 6, 6 + w, w
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
