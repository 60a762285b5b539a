package pane

import (
	"esmlab/engine"
	"esmlab/ui/plot"
)

// Axis is how a pane shows time: from one instant to another, in cells from left to
// right. Panes that fill the width of the screen share theirs with the slider, so that
// an instant is in one column of the screen.
type Axis struct {
	From, To engine.Micros
	// Gutter is how many cells of a row stand before the first one of the axis. The
	// last of them is for the line of the axis.
	Gutter int
	Cells  int
}

// Cell is the cell of an instant, within the axis.
func (a Axis) Cell(t engine.Micros) int {
	if a.To <= a.From || a.Cells < 1 {
		return 0
	}
	return min(a.Cells-1, max(0, int(int64(t-a.From)*int64(a.Cells)/int64(a.To-a.From))))
}

// Time is the instant at which a cell begins.
func (a Axis) Time(cell int) engine.Micros {
	return a.From + (a.To-a.From)*engine.Micros(cell)/engine.Micros(max(1, a.Cells))
}

// Zoomed is a quarter of the axis, level times over, round now: most of it is what was
// before. Its length is a round time.
func (a Axis) Zoomed(now engine.Micros, level int) Axis {
	if level < 1 {
		return a
	}
	length := a.To - a.From
	for range level {
		length = max(engine.Millisecond, length/4)
	}
	round := engine.Second
	for round > length && round > engine.Millisecond {
		round /= 10
	}
	length = (length + round - 1) / round * round
	tick := max(engine.Millisecond, round/10)
	a.From = max(a.From, (now-length*37/40)/tick*tick)
	a.To = a.From + length
	return a
}

// plot is the axis as charts take it.
func (a Axis) plot() plot.Axis {
	return plot.Axis{From: int64(a.From), To: max(int64(a.To), int64(a.From)+1), N: max(1, a.Cells)}
}

// AxisLength is the least of 10, 12, 15, 20, 25, 30, 40, 50, 60, 80, 100 s, 2, 2.5, 3, 4 min
// and so on that is more than least: the steps are small, so that little of an axis lies
// after now.
func AxisLength(least engine.Micros) engine.Micros {
	for _, n := range [...]engine.Micros{10, 12, 15, 20, 25, 30, 40, 50, 60, 80, 100, 120, 150, 180, 240, 300, 360, 480, 600, 720, 900, 1200, 1500, 1800, 2400, 3000} {
		if n*engine.Second > least {
			return n * engine.Second
		}
	}
	length := engine.Hour
	for length <= least {
		if half := length + length/2; half > least {
			return half
		}
		length *= 2
	}
	return length
}
