package plot

import "esmlab/ui/kit"

// Level draws a dotted line through the cells of a row that are empty: a tick's value can
// then be read across a wide chart.
func (a *Area) Level(row int, st kit.Style) {
	for col := range a.w {
		if a.cells[row*a.w+col].blank() {
			a.Put(col, row, "┈", st)
		}
	}
}
