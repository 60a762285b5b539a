// Package plot paints charts in the cells of a terminal: lines of braille dots, bars of
// eighth blocks, the ticks beside them and the axis of time below them. It knows
// numbers and cells, and nothing of what they count.
package plot

import (
	"math"

	"esmlab/ui/kit"
)

// None stands for a place without a value: no line goes through it.
const None = math.MinInt64

// Area is what a chart is painted on: w x h cells, each of 2 x 4 dots.
type Area struct {
	w, h  int
	cells []cell
}

type cell struct {
	dots  uint8
	style kit.Style
	sign  string // stands over the dots; "" none
	below bool   // it is below a line: the area is drawn where nothing else is
}

// Below is the sign of the area below a line. No line has it: in a column of dots it
// leaves one out.
const Below = "⡂"

// New gives an empty area. It must have at least one cell.
func New(w, h int) *Area {
	return &Area{w: max(1, w), h: max(1, h), cells: make([]cell, max(1, w)*max(1, h))}
}

// Dots is how many values a line has room for: two a column.
func (a *Area) Dots() int { return 2 * a.w }

// H is how many rows of cells it has.
func (a *Area) H() int { return a.h }

// dotBits are the bits of a braille sign, by column and by row from the top.
var dotBits = [2][4]uint8{{0x01, 0x02, 0x04, 0x40}, {0x08, 0x10, 0x20, 0x80}}

// level is how many dots above the lowest one a value lies.
func (a *Area) level(v, top int64) int {
	most := int64(4*a.h - 1)
	if top <= 0 {
		return 0
	}
	return int(max(0, min(most, (2*v*most+top)/(2*top))))
}

func (a *Area) dot(x, y int, st kit.Style) {
	c := &a.cells[(a.h-1-y/4)*a.w+x/2]
	c.dots |= dotBits[x%2][3-y%4]
	c.style = st
}

// Line draws a value for each dot from the left, 0 at the bottom and top at the top.
// From a value to its neighbour a needle goes straight up or down; where there is no
// value between them nothing joins them.
func (a *Area) Line(values []int64, top int64, st kit.Style) {
	last := -1
	for x := 0; x < min(len(values), a.Dots()); x++ {
		if values[x] == None {
			last = -1
			continue
		}
		y := a.level(values[x], top)
		from, to := y, y
		if last >= 0 {
			from, to = min(y, last), max(y, last)
		}
		for k := from; k <= to; k++ {
			a.dot(x, k, st)
		}
		last = y
	}
}

// Area marks what is below a line: the cells between it and the bottom.
func (a *Area) Area(values []int64, top int64) {
	for x := 0; x < min(len(values), a.Dots()); x++ {
		if values[x] == None {
			continue
		}
		for r := a.h - a.level(values[x], top)/4; r < a.h; r++ {
			a.cells[r*a.w+x/2].below = true
		}
	}
}

// Dotted draws values as a broken line: in every other column. It has no needles, so
// that it is told from a line also where both are in one cell.
func (a *Area) Dotted(values []int64, top int64, st kit.Style) {
	for x := 0; x < min(len(values), a.Dots()); x++ {
		if values[x] != None && x/2%2 == 0 {
			c := a.cells[(a.h-1-a.level(values[x], top)/4)*a.w+x/2]
			if c.dots != 0 { // a line's cell keeps its style
				st := c.style
				a.dot(x, a.level(values[x], top), st)
				continue
			}
			a.dot(x, a.level(values[x], top), st)
		}
	}
}

// eighths are blocks by their height, none first.
var eighths = [...]string{"", "▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"}

// Eighth is a block of so many eighths of a cell.
func Eighth(n int) string { return eighths[max(0, min(8, n))] }

// Blocks draws the largest value of each column as a bar of eighth blocks: what is read
// where there are too few rows for a line. A value above 0 never looks like 0.
func (a *Area) Blocks(values []int64, top int64, st kit.Style) {
	for x := range a.w {
		v := int64(None)
		for _, d := range [2]int{2 * x, 2*x + 1} {
			if d < len(values) {
				v = max(v, values[d])
			}
		}
		if v == None {
			continue
		}
		n := 1
		if v > 0 && top > 0 {
			n = int(max(2, min(int64(8*a.h), (2*v*int64(8*a.h)+top)/(2*top))))
		}
		for r := a.h - 1; r >= 0 && n > 0; r-- {
			c := &a.cells[r*a.w+x]
			c.sign, c.style = eighths[min(8, n)], st
			n -= 8
		}
	}
}

// Mark puts a sign over the dots of a column, at the height of a value.
func (a *Area) Mark(col int, v, top int64, sign string, st kit.Style) {
	a.Put(col, rowOf(v, top, a.h), sign, st)
}

// Stem draws a line from the bottom up to a value, through the cells of a column that are
// empty.
func (a *Area) Stem(col int, v, top int64) {
	for r := a.h - 1; r > rowOf(v, top, a.h) && col >= 0 && col < a.w; r-- {
		if c := &a.cells[r*a.w+col]; c.blank() {
			a.Put(col, r, "│", kit.Rule)
		}
	}
}

// rowOf is the row, from the top, whose middle is nearest to a value where 0 lies in the
// last row and top in the first.
func rowOf(v, top int64, rows int) int {
	n := int64(rows - 1)
	if top <= 0 || n < 1 {
		return int(n)
	}
	return int(max(0, min(n, (2*(top-v)*n+top)/(2*top))))
}

// Text writes a text at the height of a value, from a column on, over what is there.
func (a *Area) Text(col int, v, top int64, text string, st kit.Style) {
	row := rowOf(v, top, a.h)
	for i, r := range []rune(text) {
		a.Put(col+i, row, string(r), st)
	}
}

// SameRow tells whether Text writes at two values in one row.
func (a *Area) SameRow(v, w, top int64) bool { return rowOf(v, top, a.h) == rowOf(w, top, a.h) }

// Label writes a text into the top row, unless something is there.
func (a *Area) Label(col int, text string, st kit.Style) {
	for i := range len(text) {
		if col+i >= a.w || !a.cells[col+i].blank() {
			return
		}
	}
	for i := range len(text) {
		a.Put(col+i, 0, text[i:i+1], st)
	}
}

// Put puts a sign into a cell, row 0 at the top.
func (a *Area) Put(col, row int, sign string, st kit.Style) {
	if col >= 0 && col < a.w && row >= 0 && row < a.h {
		c := &a.cells[row*a.w+col]
		c.sign, c.style = sign, st
	}
}

// Upright draws a line from top to bottom through the cells of a column that are empty.
func (a *Area) Upright(col int, st kit.Style) {
	for r := range a.h {
		if c := &a.cells[max(0, min(a.w-1, col))+r*a.w]; col >= 0 && col < a.w && c.blank() {
			a.Put(col, r, "┊", st)
		}
	}
}

// Row adds a row of the area to a line.
func (a *Area) Row(row int, l *kit.Line) {
	cells := a.cells[row*a.w : (row+1)*a.w]
	for i := 0; i < len(cells); {
		j, st := i, cells[i].style
		if below := cells[i].below; cells[i].blank() {
			for j < len(cells) && cells[j].blank() && cells[j].below == below {
				j++
			}
			if below {
				l.Repeat(kit.Rule, Below, j-i)
			} else {
				l.PadTo(l.Col() + j - i)
			}
			i = j
			continue
		}
		var text [3 * 320]byte
		out := text[:0]
		for j < len(cells) && cells[j].style == st && !cells[j].blank() {
			if cells[j].sign != "" {
				out = append(out, cells[j].sign...)
			} else {
				out = append(out, string(rune(0x2800+int(cells[j].dots)))...)
			}
			j++
		}
		l.Add(st, string(out))
		i = j
	}
}

// blank tells whether nothing is in a cell, or only the area below a line.
func (c *cell) blank() bool { return c.sign == "" && c.dots == 0 }
