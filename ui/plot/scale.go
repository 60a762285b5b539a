package plot

import (
	"strconv"

	"esmlab/ui/kit"
)

// Scale is the axis of a chart's values, from 0 to Top, with a tick each Step.
type Scale struct{ Top, Step int64 }

// ScaleOf chooses the scale of a chart of so many rows: the largest value fits, steps
// are 1, 2 or 5 times a power of ten of the unit, and between ticks is a row at least.
func ScaleOf(most int64, rows int, unit int64) Scale {
	ticks := int64(max(2, (rows-1)/2))
	if most == 0 { // nothing but 0: any scale does, and one of whole units is read at once
		ticks = int64(max(1, (rows-1)/2))
		return Scale{Top: ticks * max(1, unit), Step: max(1, unit)}
	}
	for size := max(1, unit); ; size *= 10 {
		for _, k := range [...]int64{1, 2, 5} {
			step := k * size
			if n := max(1, (most+step-1)/step); n <= ticks {
				return Scale{Top: n * step, Step: step}
			}
		}
	}
}

// Tick gives the value of the tick in a row, counted from the top; false: none is in it.
func (s Scale) Tick(row, rows int) (int64, bool) {
	n := s.Top / s.Step
	if rows < 2 {
		return s.Top, row == 0
	}
	if int(n) > (rows-1)/2 { // no room between: the ends alone
		n = 1
	}
	for i := range n + 1 {
		if v := s.Top / n * i; rowOf(v, s.Top, rows) == row {
			return v, true
		}
	}
	return 0, false
}

// Axis is a stretch of time in n columns.
type Axis struct {
	From, To int64 // in microseconds
	N        int   // columns
}

// Col is the column of an instant; it may be outside of the axis.
func (a Axis) Col(t int64) int {
	d := (t - a.From) * int64(a.N)
	if d < 0 {
		return -1
	}
	return int(d / (a.To - a.From))
}

// Span gives the columns of a stretch of time: from the first to the one before to. What
// is shorter than a column has one. ok is false where it lies outside.
func (a Axis) Span(from, to int64) (first, end int, ok bool) {
	if to < a.From || from >= a.To {
		return 0, 0, false
	}
	first = a.Col(max(from, a.From))
	end = min(a.N, max(first+1, a.Col(to)))
	return first, end, first < a.N
}

// Dot is the instant in the middle of a dot: two lie in a column.
func (a Axis) Dot(i int) int64 { return a.From + (2*int64(i)+1)*(a.To-a.From)/int64(4*a.N) }

// The units of time on an axis.
const (
	second = 1_000_000
	minute = 60 * second
	hour   = 60 * minute
)

// steps are how far apart the ticks of an axis can be.
var steps = []int64{second / 100, second / 50, second / 20, second / 10, second / 5, second / 2, second, 2 * second, 5 * second, 10 * second, 20 * second, 30 * second,
	minute, 2 * minute, 5 * minute, 10 * minute, 20 * minute, 30 * minute, hour, 2 * hour, 5 * hour, 10 * hour, 24 * hour, 48 * hour, 5 * 24 * hour, 10 * 24 * hour}

// least is how many columns lie between two ticks at least.
const least = 13

// step is how far apart the ticks are.
func (a Axis) step() int64 {
	for _, s := range steps {
		if s*int64(a.N) >= least*(a.To-a.From) {
			return s
		}
	}
	return steps[len(steps)-1]
}

// Row writes the axis into a line that is n+1 columns long: └0, a label at each tick, at
// its end where it ends. instants are marked +, which labels give way to, and now ┊ where nothing stands. total is
// where the run ends, if that is after the end of the axis.
func (a Axis) Row(l *kit.Line, now int64, instants []int64, total int64) {
	step := a.step()
	unit, name := unitOf(step)
	if 2*a.To%unit != 0 { // 80 s, not 1.33 min
		unit, name = unitOf(unit / 60)
	}
	row := make([]axisCell, a.N)
	put := func(at int, text string) bool {
		if at < 0 || at+len(text) > a.N {
			return false
		}
		for i := max(0, at-1); i < min(a.N, at+len(text)+1); i++ {
			if s := row[i].sign; s != 0 && (s != '+' || i >= at && i < at+len(text)) {
				return false
			}
		}
		for i := range len(text) {
			row[at+i] = axisCell{text[i], kit.Dim}
		}
		return true
	}
	for _, t := range instants {
		if c := a.Col(t); c >= 0 && c < a.N {
			row[c] = axisCell{'+', kit.Info}
		}
	}
	if a.From == 0 {
		put(0, "0")
	}
	last := decimal(a.To, unit)
	if total > a.To {
		last += " of " + decimal(total, unit)
	}
	if last += " " + name; a.From > 0 || !put(a.N-len(last), last) {
		last = ""
	}
	for t := (a.From/step + 1) * step; t < a.To; t += step {
		text := decimal(t, unit)
		at := a.Col(t) - len(text) + 1
		if last == "" { // each says its unit
			text, at = text+" "+name, a.Col(t)
		}
		put(at, text)
	}
	at := a.Col(now)
	l.Add(kit.Rule, "└")
	for i := 0; i < len(row); {
		j := i
		switch {
		case row[i].sign == 0 && i == at:
			l.Add(kit.Info, "┊")
			j++
		case row[i].sign == 0:
			for j < len(row) && row[j].sign == 0 && j != at {
				j++
			}
			l.PadTo(l.Col() + j - i)
		default:
			var text []byte
			for j < len(row) && row[j].sign != 0 && row[j].style == row[i].style {
				text = append(text, row[j].sign)
				j++
			}
			l.Add(row[i].style, string(text))
		}
		i = j
	}
}

type axisCell struct {
	sign  byte
	style kit.Style
}

// unitOf gives the unit in which ticks so far apart are written.
func unitOf(step int64) (int64, string) {
	switch {
	case step >= hour:
		return hour, "h"
	case step >= minute:
		return minute, "min"
	}
	return second, "s"
}

// Unit gives the unit for times up to so much, and its name.
func Unit(most int64) (int64, string) {
	switch {
	case most > 4*hour:
		return hour, "h"
	case most > 10*minute:
		return minute, "min"
	}
	return second, "s"
}

// decimal writes a multiple of a unit, with up to two decimals.
func decimal(t, unit int64) string {
	text := strconv.FormatInt(t/unit, 10)
	if r := t % unit * 100 / unit; r > 0 {
		text += "." + string(rune('0'+r/10))
		if r%10 > 0 {
			text += string(rune('0' + r%10))
		}
	}
	return text
}

// Decimal writes a value in a unit, with up to two decimals.
func Decimal(v, unit int64) string { return decimal(v, unit) }
