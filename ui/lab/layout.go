package lab

import "esmlab/ui/pane"

// Rect is a part of the screen, in cells.
type Rect struct{ X, Y, W, H int }

func (r Rect) has(x, y int) bool { return x >= r.X && x < r.X+r.W && y >= r.Y && y < r.Y+r.H }

// Layout says where everything is on the screen. A pane without room has no height.
type Layout struct {
	W, H int
	// Boxed: panes have borders on all sides. Otherwise they have titled rules, and
	// Split is the column between left and right, 0 if there is none.
	Boxed    bool
	Split    int
	Small    bool                // less than 60x20: one pane at a time
	Panes    [pane.Last + 1]Rect // 1 to pane.Last
	Region   bool                // pane 6 has the room of 7 too
	Band     bool                // pane 7 or 8 fills the width: the slider shares its axis
	Flow     Rect                // the flow line
	Headline int                 // rows; -1 not shown
	Welcome  int
	Slider   int
	Footer   int
}

// layout places everything on a screen of w x h cells. shards is the number of
// shards, focus the pane with the cursor (0: none), zoom the pane that fills the
// screen (0: none). region: something else takes the place of panes 6 and 7, and all
// the room that the others do not need.
func layout(w, h, shards, focus, zoom int, welcome, region bool) Layout {
	l := Layout{W: w, H: h, Headline: -1, Welcome: -1, Slider: -1, Footer: -1, Region: region}
	l.Boxed = w >= 116 && (h >= 34 || h == 33 && !region) // a region has six rows at least
	top, bottom := 1, h
	if h >= 3 {
		l.Headline, top = 1, 2
	}
	if h >= 5 {
		bottom--
		l.Footer = bottom
	}
	l.Small = w < 60 || h < 20
	if h >= 12 {
		bottom--
		l.Slider = bottom
	}
	if welcome && h >= 20 {
		bottom--
		l.Welcome = bottom
	}
	if zoom == 0 && l.Boxed && !region {
		switch room := bottom - top; {
		case room >= 42:
			l.Flow = Rect{0, top, w, 3}
		case room >= 36:
			l.Flow = Rect{0, top, w, 1}
		}
		top += l.Flow.H
	}
	switch {
	case zoom > 0:
		l.Panes[zoom] = Rect{0, top, w, max(0, bottom-top)}
	case l.Boxed:
		l.boxed(top, bottom, shards)
	case w >= 76 && !l.Small:
		l.ruled(top, bottom, shards)
	default:
		l.narrow(top, bottom, shards, focus)
	}
	for i := 7; i <= pane.Last; i++ {
		l.Band = l.Band || l.Panes[i].H > 0 && l.Panes[i].W == w
	}
	return l
}

// boxed is the layout of a large screen: that of 120x36 (docs/reference/lab.md), with
// what is larger given to the panes that need it.
func (l *Layout) boxed(top, bottom, shards int) {
	wider := max(0, l.W-120)
	right := 54 + wider/4
	left := l.W - right
	if l.W < 120 {
		left, right = 66, l.W-66
	}
	extra := bottom - top - 32
	h1, h3, h4, h6 := 8, 8, 6, 10
	if extra < 0 || l.Region {
		h6 += extra
	} else {
		more := min(extra/2, max(0, 3*shards-6))
		h1 += more
		extra -= more
		more = min(extra/2, 4+2*max(0, shards-2)) // a batch that is split has several rows
		h3 += more
		extra -= more
		more = min(extra/3, 4)
		h4 += more
		h6 += extra - more
	}
	y := top
	l.Panes[1], l.Panes[2] = Rect{0, y, left, h1}, Rect{left, y, right, h1}
	y += h1
	l.Panes[3], l.Panes[5] = Rect{0, y, left, h3}, Rect{left, y, right, h3 + h4}
	l.Panes[4] = Rect{0, y + h3, left, h4}
	y += h3 + h4
	metrics := 40 + wider/4
	if l.Region {
		metrics = 0
	}
	l.Panes[6], l.Panes[7] = Rect{0, y, l.W - metrics, h6}, Rect{l.W - metrics, y, metrics, h6}
}

// ruled is the layout of 80x24 (docs/reference/lab.md): titled rules instead of boxes.
func (l *Layout) ruled(top, bottom, shards int) {
	left := 45 + max(0, l.W-80)*2/3
	if l.W < 80 {
		left = l.W - 35
	}
	l.Split = left
	right := l.W - left - 1
	extra := bottom - top - 20
	h1, h3, h4, h6 := 5, 4, 4, 7
	if extra < 0 || l.Region {
		h6 += extra
		if h6 < 3 { // the queue gives way first
			h4 += h6 - 3
			h6 = 3
		}
	} else {
		more := min(extra/2, max(0, 3*shards-4))
		h1 += more
		extra -= more
		more = min(extra/3, 3)
		h3 += more
		extra -= more
		h6 += extra
	}
	y := top
	l.Panes[1], l.Panes[2] = Rect{0, y, left, h1}, Rect{left + 1, y, right, h1}
	y += h1
	l.Panes[3], l.Panes[5] = Rect{0, y, left, h3}, Rect{left + 1, y, right, h3 + h4}
	l.Panes[4] = Rect{0, y + h3, left, h4}
	l.Panes[6] = Rect{0, y + h3 + h4, l.W, h6}
}

// narrow is one of five screens, the one with the cursor's pane: 1 and 2, 3 and 4,
// then 5, 6 and 7 alone. Below 60x20 each pane is alone. A region keeps the lower
// half beside any of them.
func (l *Layout) narrow(top, bottom, shards, focus int) {
	room := max(0, bottom-top)
	first, second := max(1, focus), 0
	if l.Region && (focus == 6 || focus == 0 && room < 11) {
		l.Panes[6] = Rect{0, top, l.W, room}
		return
	}
	if l.Region && room >= 6 {
		half := room / 2
		l.Panes[6] = Rect{0, top + half, l.W, room - half}
		room = half
	}
	if !l.Small && first <= 4 && room >= 10 {
		first -= (first - 1) % 2
		second = first + 1
	}
	if second == 0 {
		l.Panes[first] = Rect{0, top, l.W, room}
		return
	}
	below := min(max(5, room/3), room/2)
	if second == 2 {
		below = min(max(below, shards+3), room/2)
	}
	l.Panes[first] = Rect{0, top, l.W, room - below}
	l.Panes[second] = Rect{0, top + room - below, l.W, below}
}
