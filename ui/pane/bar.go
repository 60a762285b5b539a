package pane

import (
	"unicode/utf8"

	"esmlab/engine"
	"esmlab/engine/timeline"
	"esmlab/ui/kit"
	"esmlab/ui/plot"
)

// bar is a stretch of time in cells, each with a sign.
type bar struct {
	cells []barCell
	now   int // the column of now, -1 if it is outside
	tries []note
}

type barCell struct {
	sign  string
	style kit.Style
	rank  uint8 // what has a higher one stands over what has a lower one
}

// note is a text at an instant.
type note struct {
	at    engine.Micros
	text  string
	style kit.Style
}

func newBar(c *Ctx, k *ViewState) *bar {
	b := &bar{cells: make([]barCell, max(0, k.Axis.Cells)), now: -1}
	if at := k.Axis.plot().Col(int64(c.S.Now())); at >= 0 && at < len(b.cells) {
		b.now = at
	}
	return b
}

// span draws a stretch of time; what is shorter than a cell has one.
func (b *bar) span(k *ViewState, from, to engine.Micros, x barCell) {
	first, end, ok := k.Axis.plot().Span(int64(from), int64(to))
	for i := first; ok && i < min(end, len(b.cells)); i++ {
		if b.cells[i].rank <= x.rank {
			b.cells[i] = x
		}
	}
}

// write puts a text into the cells from a column on, as far as they are empty; whole
// says that it is left out unless all of it fits.
func (b *bar) write(col int, text string, style kit.Style, whole bool) bool {
	if whole {
		for i := range utf8.RuneCountInString(text) {
			if col+i < 0 || col+i >= len(b.cells) || b.cells[col+i].sign != "" {
				return false
			}
		}
	}
	for i, r := range text {
		if col >= 0 && col < len(b.cells) && b.cells[col].sign == "" {
			b.cells[col] = barCell{text[i : i+utf8.RuneLen(r)], style, 8}
		} else {
			break
		}
		col++
	}
	return true
}

// put puts a text over whatever is there.
func (b *bar) put(col int, text string, style kit.Style) {
	for i, r := range []rune(text) {
		if at := col + i; at >= 0 && at < len(b.cells) {
			b.cells[at] = barCell{string(r), style, 255}
		}
	}
}

// paint adds the cells to a line, with now where nothing is.
func (b *bar) paint(l *kit.Line) {
	for i := 0; i < len(b.cells); {
		x := b.cells[i]
		if i == b.now && x.sign == "" {
			l.Add(kit.Info, "┊")
			i++
			continue
		}
		j := i + 1
		if x.sign == "" {
			for j < len(b.cells) && j != b.now && b.cells[j].sign == "" {
				j++
			}
			l.PadTo(l.Col() + j - i)
			i = j
			continue
		}
		text := append(make([]byte, 0, 3*(len(b.cells)-i)), x.sign...)
		for j < len(b.cells) && b.cells[j].sign != "" && b.cells[j].style == x.style {
			text = append(text, b.cells[j].sign...)
			j++
		}
		l.Add(x.style, string(text))
		i = j
	}
}

// texts draws notes, the earlier ones first.
func (c *Ctx) texts(list []note, k *ViewState) *bar {
	b := newBar(c, k)
	for i := range list {
		col, text := k.Axis.plot().Col(int64(list[i].at)), list[i].text
		if !b.write(col, text, list[i].style, true) && col+len(text) > len(b.cells) { // to the left, where the axis ends
			b.write(min(col+1, len(b.cells))-len(text), text, list[i].style, true)
		}
	}
	return b
}

// What a lane does, by how telling it is.
var (
	idleCell   = barCell{"·", kit.Rule, 1}
	gatherCell = barCell{"─", kit.Plain, 2}
	turnCell   = barCell{"┄", kit.Dim, 2}
	aheadCell  = barCell{"╌", kit.Rule, 2}
	waitCell   = barCell{"░", kit.Plain, 3}
	runCell    = barCell{"▓", kit.Busy, 4}
	failCell   = barCell{"X", kit.Bad, 5}
	endCell    = barCell{"□", kit.Plain, 6}
)

func cellOf(did timeline.Did) (barCell, bool) {
	switch {
	case did&timeline.DidFail != 0:
		return failCell, true
	case did&timeline.DidRun != 0:
		return runCell, true
	case did&timeline.DidWait != 0:
		return waitCell, true
	case did&timeline.DidGather != 0:
		return gatherCell, true
	case did&timeline.DidNothing != 0:
		return idleCell, true
	}
	return barCell{}, false
}

// counts puts how many times the messages had been received into the bar of a call that
// failed, behind its first cell, and when they can be received again behind its end.
func (b *bar) counts(k *ViewState) {
	for i := range b.tries {
		t := &b.tries[i]
		col := k.Axis.plot().Col(int64(t.at))
		if t.style == kit.Plain {
			b.write(col+1, " receive "+t.text, kit.Dim, true)
			continue
		}
		if col+1 < len(b.cells) && col+1 >= 0 && (b.cells[col+1].sign == "░" || b.cells[col+1].sign == "X") {
			b.put(col+1, t.text, kit.Strong)
		}
	}
}

// blocks draws a figure as blocks of eighths, the largest value of each column.
func (b *bar) blocks(c *Ctx, k *ViewState, n int, width engine.Micros, of func(i int) (v, top int64), style kit.Style) {
	now := c.S.Now()
	b.span(k, 0, now+1, barCell{"▁", kit.Rule, 1})
	for i := 0; i < n; {
		v, top := of(i)
		j := i + 1
		for j < n {
			if w, _ := of(j); w != v {
				break
			}
			j++
		}
		if v > 0 && top > 0 {
			level := uint8(max(2, min(8, (8*v+top/2)/top)))
			b.span(k, engine.Micros(i)*width, min(now+1, engine.Micros(j)*width), barCell{plot.Eighth(int(level)), style, 1 + level})
		}
		i = j
	}
}

// waits draws a count as blocks, and says behind now how many cells of eight eighths are.
func (b *bar) waits(c *Ctx, k *ViewState, n int, width engine.Micros, of func(i int) int32) {
	most := int32(0)
	for i := range n {
		if at := engine.Micros(i) * width; at+width > k.Axis.From && at < k.Axis.To {
			most = max(most, of(i))
		}
	}
	b.blocks(c, k, n, width, func(i int) (int64, int64) { return int64(of(i)), int64(most) }, kit.Plain)
	b.write(b.now+1, " 0 … "+itoa(int(most)), kit.Dim, true)
}
