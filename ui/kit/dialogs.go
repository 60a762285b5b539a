package kit

import (
	"slices"
	"strings"

	tea "charm.land/bubbletea/v2"
)

// DialogStack is the dialogs that lie over a screen. The newest takes all keys.
type DialogStack struct {
	// Foot is how many rows below them stay free: dialogs are as low as they can be,
	// so that what they are about stays in sight. 0: in the middle.
	Foot int
	// Above is the row below which nothing is covered, where there is room above it; 0:
	// anything may be covered.
	Above  int
	open   []shown
	opener string // the key that opened one last
}

// leastAbove is how many rows an editor needs.
const leastAbove = 11

type shown struct {
	d          Dialog
	done       func(Reply) tea.Cmd
	x, y, w, h int // where it was drawn
}

// Show lays a dialog over what is there. done is called when it was finished,
// not when it was left; nil: nothing follows.
func (p *DialogStack) Show(d Dialog, done func(Reply) tea.Cmd) tea.Cmd {
	p.open = append(p.open, shown{d: d, done: done})
	return nil
}

// Open reports whether there is a dialog.
func (p *DialogStack) Open() bool { return len(p.open) > 0 }

// Top is the newest dialog, nil where there is none.
func (p *DialogStack) Top() Dialog {
	if !p.Open() {
		return nil
	}
	return p.open[len(p.open)-1].d
}

// Close leaves all dialogs.
func (p *DialogStack) Close() { p.open = nil }

// Keys gives a key to the newest dialog, or to the screen below where there is none
// or the dialog passes it on. The key that opened a dialog is not passed on: it closes
// the dialog again.
func (p *DialogStack) Keys(k tea.KeyPressMsg, below func(tea.KeyPressMsg) tea.Cmd) tea.Cmd {
	if p.Open() {
		r := p.open[len(p.open)-1].d.HandleKey(k)
		cmd := p.take(p.open[len(p.open)-1], r)
		if !r.Pass || k.String() == p.opener || p.Open() {
			return cmd
		}
	}
	cmd := below(k)
	if p.opener = ""; p.Open() {
		p.opener = k.String()
	}
	return cmd
}

// HandleKey gives a key to the newest dialog.
func (p *DialogStack) HandleKey(k tea.KeyPressMsg) tea.Cmd {
	if !p.Open() {
		return nil
	}
	top := p.open[len(p.open)-1]
	return p.take(top, top.d.HandleKey(k))
}

// take follows a dialog's reply.
func (p *DialogStack) take(top shown, r Reply) tea.Cmd {
	if !r.Close {
		return nil
	}
	p.open = slices.DeleteFunc(p.open, func(s shown) bool { return s.d == top.d })
	if top.done != nil && (r.Chosen >= 0 || r.Text != "" || r.Done) {
		return top.done(r)
	}
	return nil
}

// Click gives a click to the newest dialog. One beside it leaves it.
func (p *DialogStack) Click(x, y int) tea.Cmd {
	if !p.Open() {
		return nil
	}
	top := p.open[len(p.open)-1]
	if x < top.x || x >= top.x+top.w || y < top.y || y >= top.y+top.h {
		return p.HandleKey(tea.KeyPressMsg{Code: tea.KeyEscape})
	}
	if d, ok := top.d.(interface{ Click(row int) Reply }); ok && y > top.y {
		return p.take(top, d.Click(y-top.y-1))
	}
	return nil
}

// Paste inserts a text into the newest dialog, as one line, where text is typed in
// it: no part of it counts as a key.
func (p *DialogStack) Paste(text string) tea.Cmd {
	if !p.Open() {
		return nil
	}
	if d, ok := p.open[len(p.open)-1].d.(interface{ Paste(string) }); ok {
		d.Paste(strings.Map(flat, strings.TrimSpace(text)))
	}
	return nil
}

// flat makes one line of a text.
func flat(r rune) rune {
	if r == '\n' || r == '\t' || r == '\r' {
		return ' '
	}
	return r
}

// Wheel moves in the newest dialog.
func (p *DialogStack) Wheel(up bool) tea.Cmd {
	k := tea.KeyPressMsg{Code: tea.KeyDown}
	if up {
		k.Code = tea.KeyUp
	}
	return p.HandleKey(k)
}

// Draw lays the dialogs over the rows of a screen of w cells. It gives where
// the text cursor stands, nil where it stands nowhere.
func (p *DialogStack) Draw(t *Theme, rows []string, w int) *tea.Cursor {
	var cursor *tea.Cursor
	for i := range p.open {
		s := &p.open[i]
		if d, ok := s.d.(interface {
			Fill(t *Theme, rows []string, w int) bool
		}); ok && d.Fill(t, rows, w) { // it has the whole screen
			s.x, s.y, s.w, s.h = 0, 0, w, len(rows)
			cursor = nil
			continue
		}
		room := max(3, len(rows)-4)
		if p.Above >= leastAbove+2 { // the first two rows stay as well
			room = min(room, p.Above-2)
		} else if p.Above >= leastAbove {
			room = min(room, p.Above)
		}
		box, cx, cy := s.d.Draw(t, min(w, 96), room)
		if len(box) == 0 {
			continue
		}
		x, y := Centre(w, len(rows), VisibleWidth(box[0]), len(box))
		if p.Foot > 0 {
			y = max(y, len(rows)-p.Foot-len(box))
		}
		if p.Above >= leastAbove {
			y = max(0, min(y, p.Above-len(box)))
		}
		if _, ok := s.d.(*List); ok && s.h > 0 { // what is typed stays where it is while the box grows and shrinks
			y = min(y, s.y)
		}
		Overlay(rows, box, x, y)
		s.x, s.y, s.w, s.h = x, y, VisibleWidth(box[0]), len(box)
		cursor = nil
		if cx >= 0 {
			cursor = tea.NewCursor(x+cx, y+cy)
		}
	}
	return cursor
}
