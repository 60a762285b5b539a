package plot

import "esmlab/ui/kit"

// Level draws a dotted line through the cells of a row that are empty: a tick's value can
// then be read across a wide chart.
func (a *Area) Level(row int, st kit.Style) {
	for col := range a.w {
		if c := &a.cells[row*a.w+col]; c.blank() && !c.below {
			a.Put(col, row, "┈", st)
		}
	}
}

// Grid draws dots through the empty cells of the columns of the axis's ticks: an instant
// can then be read across charts below each other.
func (a Axis) Grid(on *Area, st kit.Style) {
	step := a.step()
	for t := (a.From/step + 1) * step; t < a.To; t += step {
		for r := range on.h {
			if col := a.Col(t); col < on.w && on.cells[r*on.w+col].blank() && !on.cells[r*on.w+col].below {
				on.Put(col, r, "·", st)
			}
		}
	}
}
