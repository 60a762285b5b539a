package flow

import (
	"math"
	"unicode/utf8"

	"esmlab/engine"
	"esmlab/ui/kit"
	"esmlab/ui/pane"
)

// View is how a flow line is to be drawn.
type View struct {
	W, Rows int
	Stopped bool // time is stopped: what is on its way bears an arrow
	Digits  bool // the digits of the panes stand over the stations
}

// stations are the columns where things stand: ▲, the batch, the function, what is
// done, what is given up.
type stations struct{ place, batch, function, done, gone int }

// stationsOf places the stations at 23, 36, 60 and 80 of 100 parts of the width.
func stationsOf(w int) stations {
	return stations{w*23/100 - 1, w * 36 / 100, w * 60 / 100, w * 80 / 100, w*80/100 + 9}
}

// PaneAt is the pane that says more of what stands in a column; 0: none does.
func PaneAt(w, x int) int {
	switch at := stationsOf(w); {
	case x < at.place:
		return 1
	case x < at.batch:
		return 2
	case x < at.done:
		return 3
	case x >= at.gone:
		return 4
	}
	return 0
}

// box is how many cells the function's bar has.
const box = 8

// Draw gives the rows of a flow line, each exactly W cells wide. With two rows or more
// the first is a heading.
func (l *Line) Draw(c *pane.Ctx, v View) []string {
	if v.Rows < 1 || v.W < 1 {
		return nil
	}
	n := v.Rows
	if n > 1 {
		n--
	}
	l.belted = -1
	list := l.rows(c, n)
	label := 1
	for i := range list {
		label = max(label, kit.Width(list[i].label))
	}
	at := stationsOf(v.W)
	out := make([]string, 0, v.Rows)
	if v.Rows > 1 {
		out = append(out, l.heading(c, &v, at, label))
	}
	for i := range list {
		l.line(c, &v, at, label, &list[i])
		out = append(out, l.paint.text(c.Theme))
	}
	for i := range l.moves {
		l.moves[i].drawn = true
	}
	for len(out) < v.Rows {
		out = append(out, kit.Blanks(v.W))
	}
	return out
}

// heading names the stations, under the digits of the panes that say more.
func (l *Line) heading(c *pane.Ctx, v *View, at stations, label int) string {
	row := kit.NewLine(c.Theme, v.W)
	s := c.S
	t := c.Totals()
	f := &s.Functions[s.FunctionOf(c.M)]
	most := len(c.S.Mappings[c.M].Iterators) * max(1, c.S.Mappings[c.M].ParallelizationFactor)
	first, second, done, last := "Shards: wait", "Iterators", "done "+kit.Thousands(int(t.Done)), c.Destination().ID
	if last == "" {
		last = "given up"
	}
	dropped := ""
	if t.Filtered > 0 {
		dropped = ", filtered " + kit.Thousands(int(t.Filtered))
	}
	if q := s.QueueOf(c.M); q >= 0 {
		most = int(s.Mappings[c.M].Polls.Target)
		first, second, done = "Queue: visible", "Pollers", "deleted "+kit.Thousands(int(t.Done))
		if last = s.Queues[q].DeadLetterQueue; last == "" {
			last = "no DLQ"
		}
	}
	if f.Reserved >= 0 {
		most = min(most, f.Reserved)
	}
	name := s.Config().Functions[s.FunctionOf(c.M)].ID
	gone := max(at.gone, at.done+kit.Width(done+dropped)+2)
	if dropped != "" && gone+kit.Width(last)+4 > v.W {
		gone = max(at.gone, at.done+kit.Width(done)+2)
	}
	add := func(from, to int, digit string, texts ...string) {
		if to = min(to, v.W); from < row.Col() || from >= to {
			return
		}
		row.PadTo(from)
		if digit != "" && v.Digits {
			row.Add(kit.Key, digit).Text(" ")
		}
		row.Add(kit.Dim, kit.Pick(to-row.Col()-1, texts...))
	}
	add(label+4, at.place, "1", first, "")
	add(at.place, at.batch, "2", second, "")
	add(at.batch, at.function, "3", "Batches", "")
	add(at.function, at.done, "", name+" "+kit.Thousands(int(f.Running))+" of "+kit.Thousands(most), name)
	add(at.done, gone, "", done+dropped, done, "")
	add(gone, v.W+1, "4", last+" "+kit.Thousands(int(t.Discarded)), kit.Thousands(int(t.Discarded)))
	return row.String()
}

// line draws one row into l.paint.
func (l *Line) line(c *pane.Ctx, v *View, at stations, label int, r *row) {
	p := &l.paint
	p.clear(v.W)
	from := label + 7
	waits := kit.Thousands(r.waits)
	from = max(from, label+5+kit.Width(waits))
	// before the function
	if lock := l.newest(locked, r.has); lock != nil && r.style != kit.Bad {
		r.sign, r.style = "■", kit.Bad // it was for a moment
	}
	p.put(1, kit.Strong, r.label)
	p.put(label+2, r.style, r.sign)
	pipe := "─"
	if r.place == "-" {
		pipe = "╌"
	} else {
		p.put(label+6-min(2, kit.Width(waits)), kit.Plain, waits)
	}
	p.fill(from, at.batch, kit.Rule, pipe)
	if r.place != "-" {
		l.source(p, v, at, from, r)
	}
	if l.newest(failed, r.has) != nil { // that it came back from the function is seen first
		r.held.waits = false
	}
	// the batch
	end := l.batch(p, v, at, r)
	out := at.function + box + 2
	// the function
	if r.held.waits {
		p.fill(end, at.done, kit.Rule, "╌")
	} else {
		p.fill(end, at.function, kit.Rule, "─")
		out = l.function(c, p, v, at, r)
	}
	// what has become of it
	l.sinks(p, v, at, r)
	l.travels(p, v, at, from, out, r)
}

// source draws what waits, and the iterator's place.
func (l *Line) source(p *canvas, v *View, at stations, from int, r *row) {
	cells := at.place - from
	if cells > 0 && r.full > 0 {
		goal := min(cells, (r.waits*cells+r.full-1)/r.full)
		n := l.length(r.key, goal, v.Stopped)
		p.fill(at.place-n, at.place, kit.Plain, "░")
	}
	p.put(at.place, kit.Info, "▲")
	room := at.batch - at.place - 2
	text := kit.Pick(max(0, room-1), r.place, "")
	if text != "" {
		p.put(at.place+1, kit.Info, " "+text+" ")
	}
	if m := l.newest(polled, r.has); m != nil && m.travels == 0 {
		p.put(at.place-1, kit.Info, "▸")
	}
}

// batch draws what stands between the iterator and the function, and gives the column
// after it.
func (l *Line) batch(p *canvas, v *View, at stations, r *row) int {
	h := r.held
	end := at.batch
	m := l.newest(failed, r.has)
	if m != nil && m.under(l.now) && h.failed { // it is still on its way back
		return end
	}
	if h.parts == nil {
		if m == nil || m.under(l.now) || r.place == "-" {
			return end
		}
		// it is tried again already: it is seen for a moment
		sign := "X"
		if m.of == "" {
			sign = "▓"
		}
		end = p.put(end, kit.Bad, sign+kit.Thousands(m.n))
		return p.put(end, kit.Bad, "◂")
	}
	records, cells := h.size()
	gap := 2
	if s := l.newest(split, r.has); s != nil && len(h.parts) > 1 { // the bar parts
		gap = int(math.Round(2 * s.place(l.now)))
	}
	room := at.function - at.batch
	if h.waits {
		room = at.done - at.batch
	}
	if cells <= 16 && cells+8 <= room {
		for i, part := range h.parts {
			if i > 0 {
				end += gap
			}
			for _, sign := range part {
				end = p.mark(end, sign)
			}
		}
	} else {
		sign, st := "▓", kit.Busy
		for _, part := range h.parts {
			for _, s := range part {
				switch {
				case s == 'X':
					sign, st = "X", kit.Bad
				case s == '.' && sign != "X":
					sign, st = "░", kit.Plain
				case s == '^' && sign != "X":
					sign, st = "▲", kit.Bad
				}
			}
		}
		end = p.put(end, st, sign+kit.Thousands(records))
		if n := len(h.parts); n > 1 {
			end = p.put(end, kit.Dim, "/"+itoa(n))
		}
	}
	if h.failed && (v.Stopped || m != nil && m.travels == 0) {
		end = p.put(end, kit.Bad, "◂")
	} else if v.Stopped && !h.failed && h.style != kit.Bad {
		end = p.put(end, kit.Dim, "▸")
	}
	to := at.function
	if h.waits {
		to = at.done
	}
	if note := kit.Pick(max(0, to-end-3), append(h.notes, "")...); note != "" {
		end = p.put(end, h.style, " "+note+" ")
	}
	return end
}

// function draws the function's box, and what it has in it. It gives the column from
// which on nothing but the pipe stands.
func (l *Line) function(c *pane.Ctx, p *canvas, v *View, at stations, r *row) (end int) {
	x := at.function
	room := at.done - x - box - 2
	hand := l.newest(handed, r.has)
	back, done := l.newest(failed, r.has), l.newest(finished, r.has)
	say := func(st kit.Style, texts ...string) {
		if text := kit.Pick(max(0, room-2), append(texts, "")...); text != "" {
			end = p.put(x+box+2, st, " "+text+" ")
		}
	}
	end = x + box + 2
	p.fill(x+box+2, at.done, kit.Rule, "─")
	p.put(x, kit.Plain, "▐")
	p.fill(x+1, x+1+box, kit.Plain, " ")
	p.put(x+1+box, kit.Plain, "▌")
	batches, rate := l.rate(c.S.Now(), r.has)
	switch {
	case batches > crowd && !v.Stopped:
		l.belt(p, at, kit.Thousands(max(r.records, 0)))
		say(kit.Plain, kit.Thousands(rate)+" a second")
	case back != nil && r.running == 0:
		p.fill(x+1, x+1+box, kit.Plain, " ")
		p.center(x+1, box, kit.Bad, kit.Cut(back.of, box))
		word := "threw"
		if back.of == "" {
			word = "throttled"
		}
		say(kit.Bad, word)
	case hand != nil && hand.under(l.now):
		say(kit.Plain, "idle")
	case r.running > 1:
		p.fill(x+1, x+1+box, kit.Busy, "▓")
		p.center(x+1, box, kit.Busy, " "+kit.Thousands(r.records)+" ")
		say(kit.Plain, kit.Count(r.running, "batch"))
		l.arrow(p, v, x, hand)
	case r.running == 1:
		p.clock(x+1, r.due-c.S.Now(), r.due-r.since)
		say(kit.Plain, pane.Progress(c.S.Now()-r.since, r.due-r.since), pane.Secs(r.due-c.S.Now()))
		l.arrow(p, v, x, hand)
	case hand != nil: // it is over already, and seen for a moment
		p.fill(x+1, x+1+box, kit.Busy, "▓")
		text := "handed over"
		if done != nil {
			text = "took " + pane.Millis(done.took)
		}
		say(kit.Plain, text)
		l.arrow(p, v, x, hand)
	default:
		say(kit.Dim, "idle")
	}
	return end
}

// arrow marks that something has come to x from the left.
func (l *Line) arrow(p *canvas, v *View, x int, m *moved) {
	if v.Stopped || m != nil && m.travels == 0 {
		p.put(x, kit.Busy, "▸")
	}
}

// belt draws dashes that run from the batch to the function, and how many records
// are in it.
func (l *Line) belt(p *canvas, at stations, records string) {
	l.belted = l.dashes()
	step := l.belted % 3
	for x := at.batch; x < at.function-1; x++ {
		if p.is(x, '─') && (x-at.batch-step+3)%3 == 2 {
			p.put(x, kit.Busy, "╸")
		}
	}
	p.fill(at.function+1, at.function+1+box, kit.Busy, "▓")
	p.center(at.function+1, box, kit.Busy, " "+records+" ")
}

// sinks draws what is done and what was given up.
func (l *Line) sinks(p *canvas, v *View, at stations, r *row) {
	end := at.done
	if r.done >= 0 {
		st, done := kit.Good, l.newest(finished, r.has)
		if done != nil && !done.under(l.now) {
			st = kit.Strong
			if done.travels == 0 {
				p.put(at.done-1, kit.Good, "▸")
			}
		}
		end = p.put(at.done, st, "✓ "+kit.Thousands(int(r.done)))
	}
	m := l.newest(givenUp, r.has)
	if !r.showGone && m == nil {
		return
	}
	x := max(at.gone, end+2)
	st := kit.Dim
	if r.gone > 0 {
		st = kit.Bad
	}
	if m != nil && m.travels == 0 {
		p.put(x-1, kit.Bad, "▸")
	}
	p.put(x, st, "◆ "+kit.Thousands(int(r.gone)))
}

// travels draws what is on its way, over what is there.
// from and out are where the pipes before the iterator and after the function begin.
func (l *Line) travels(p *canvas, v *View, at stations, from, out int, r *row) {
	if r.place == "-" {
		return
	}
	batches, _ := l.rate(0, r.has)
	for i := range l.moves {
		m := &l.moves[i]
		if !r.has(m.key) || !m.under(l.now) {
			continue
		}
		if batches > crowd && !v.Stopped && m.what <= finished { // the belt says it
			continue
		}
		sign, st, arrow := "▓", kit.Busy, "▸"
		x, to := at.batch, at.function
		switch m.what {
		case polled:
			sign, st, x, to = "░", kit.Strong, from, at.place
		case handed:
		case finished:
			sign, st, x, to = "✓", kit.Good, out, at.done
		case failed:
			sign, st, arrow, x, to = "X", kit.Bad, "◂", at.function, at.batch
			if m.of == "" {
				sign = "▓"
			}
		case givenUp:
			sign, st, to = "◆", kit.Bad, at.gone
		default:
			continue
		}
		token := sign + kit.Thousands(m.n)
		w := kit.Width(token)
		if to > x {
			to -= w // it stands before its goal
		} else {
			x -= w
		}
		if to <= at.batch && to < from || m.what != failed && to < x {
			continue
		}
		m.from, m.to = x, to
		m.col = m.column(l.now)
		col := p.put(m.col, st, token)
		if v.Stopped || arrow == "◂" && m.place(l.now) < 1 {
			p.put(col, st, arrow)
		}
	}
}

// canvas is a row of cells.
type canvas struct {
	r  []rune
	st []kit.Style
	b  []byte
}

func (p *canvas) clear(w int) {
	p.r, p.st = p.r[:0], p.st[:0]
	for range w {
		p.r, p.st = append(p.r, ' '), append(p.st, kit.Plain)
	}
}

// put writes text of which each sign takes one cell, and gives the column after it.
func (p *canvas) put(x int, st kit.Style, text string) int {
	for _, r := range text {
		if x >= 0 && x < len(p.r) {
			p.r[x], p.st[x] = r, st
		}
		x++
	}
	return x
}

func (p *canvas) fill(from, to int, st kit.Style, sign string) {
	for x := from; x < to; x++ {
		p.put(x, st, sign)
	}
}

func (p *canvas) is(x int, r rune) bool { return x >= 0 && x < len(p.r) && p.r[x] == r }

// center puts text in the middle of n cells.
func (p *canvas) center(x, n int, st kit.Style, text string) {
	if w := kit.Width(text); w <= n {
		p.put(x+(n-w+1)/2, st, text)
	}
}

// mark draws a record of a batch.
func (p *canvas) mark(x int, sign byte) int {
	switch sign {
	case 'X':
		return p.put(x, kit.Bad, "X")
	case '^':
		return p.put(x, kit.Bad, "▲")
	case '.':
		return p.put(x, kit.Plain, "░")
	}
	return p.put(x, kit.Busy, "▓")
}

// clock draws how much of a whole is left, as it shrinks by eighths of a cell. What
// takes less than a second is too short to be read as a clock: the bar is full.
func (p *canvas) clock(x int, left, whole engine.Micros) {
	n := 8 * box
	if whole >= engine.Second {
		n = int(min(int64(n), (max(0, int64(left))*int64(n)+int64(whole)-1)/int64(whole)))
	}
	p.fill(x, x+n/8, kit.Busy, "▓")
	p.put(x+n/8, kit.Busy, kit.PartCell[n%8])
}

// text gives the row.
func (p *canvas) text(t *kit.Theme) string {
	l := kit.NewLine(t, len(p.r))
	for i := 0; i < len(p.r); {
		p.b = p.b[:0]
		st := p.st[i]
		for ; i < len(p.r) && p.st[i] == st; i++ {
			p.b = utf8.AppendRune(p.b, p.r[i])
		}
		l.Add(st, string(p.b))
	}
	return l.String()
}
