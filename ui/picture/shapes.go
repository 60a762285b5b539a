package picture

import "fmt"

// A cell in the units of a picture.
const (
	cellW = 8
	cellH = 17
)

// How a shape is drawn.
type manner uint8

const (
	letter manner = iota // not drawn here: a font has it
	filled               // an area
	lined                // a line
	dotted               // round dots
	shaded               // an area that lets the ground through
)

// shape is a sign as a path, in relative coordinates after a move to the cell's corner.
// Signs of a terminal are drawn rather than written: so a line is one line, and columns
// stand where they should in every font.
type shape struct {
	manner manner
	alpha  int // shaded: hundredths
	path   string
	// wide draws n such cells beside each other as one; nil: each alone.
	wide func(n int) string
}

var shapes = map[rune]shape{
	'─': across("M0 8.5h%d"), '═': across("M0 7h%[1]dM0 10h%[1]d"),
	'│': line("M4 0v17"), '║': line("M2.5 0v17M5.5 0v17"),
	'╭': line("M4 17v-4.5a4 4 0 0 1 4-4"), '╮': line("M0 8.5a4 4 0 0 1 4 4v4.5"),
	'╰': line("M4 0v4.5a4 4 0 0 0 4 4"), '╯': line("M4 0v4.5a4 4 0 0 1-4 4"),
	'┬': line("M0 8.5h8M4 8.5v8.5"), '┴': line("M0 8.5h8M4 0v8.5"), '┼': line("M0 8.5h8M4 0v17"),
	'├': line("M4 0v17M4 8.5h4"), '┤': line("M4 0v17M0 8.5h4"), '└': line("M4 0v8.5h4"),
	'╔': line("M2.5 17v-10h5.5M5.5 17v-7h2.5"), '╗': line("M0 7h5.5v10M0 10h2.5v7"),
	'╚': line("M2.5 0v10h5.5M5.5 0v7h2.5"), '╝': line("M5.5 0v10h-5.5M2.5 0v7h-2.5"),
	'╌': line("M.7 8.5h2.6M4.7 8.5h2.6"), '┄': line("M.5 8.5h1.6M3.2 8.5h1.6M5.9 8.5h1.6"),
	'┈': line("M.5 8.5h1M2.5 8.5h1M4.5 8.5h1M6.5 8.5h1"), '┊': line("M4 .5v2.5M4 5v2.5M4 9.5v2.5M4 14v2.5"),
	'╸': {manner: filled, path: "M0 7.5h4v2h-4z"},

	'■': {manner: filled, path: "M.5 5h7v7h-7z"}, '□': line("M1 5.5h6v6h-6z"),
	'●': {manner: filled, path: "M.8 8.5a3.2 3.2 0 1 0 6.4 0a3.2 3.2 0 1 0-6.4 0"}, '○': line("M1.2 8.5a2.8 2.8 0 1 0 5.6 0a2.8 2.8 0 1 0-5.6 0"),
	'▲': {manner: filled, path: "M4 4.5l3.8 8h-7.6z"}, '◆': {manner: filled, path: "M4 4l3.8 4.5-3.8 4.5-3.8-4.5z"},
	'▸': {manner: filled, path: "M1.5 5l5 3.5-5 3.5z"}, '▶': {manner: filled, path: "M1 4l6.5 4.5-6.5 4.5z"}, '◂': {manner: filled, path: "M6.5 5l-5 3.5 5 3.5z"},
	'▮': {manner: filled, path: "M2 4h4v9h-4z"}, '▯': line("M2.5 4.5h3v8h-3z"), '‖': {manner: filled, path: "M1.5 4h1.7v9h-1.7zM4.8 4h1.7v9h-1.7z"},
	'✓': line("M1 9l2 3 4-7"), '·': {manner: filled, path: "M3.2 7.7h1.6v1.6h-1.6z"},
	'░': shade(30), '▒': shade(50), '▓': shade(75),
	'█': {manner: filled, path: "M0 0h8v17h-8z", wide: block(0, cellH)},
	'▌': {manner: filled, path: "M0 0h4v17h-4z"}, '▐': {manner: filled, path: "M4 0h4v17h-4z"},
}

func line(path string) shape { return shape{manner: lined, path: path} }

// across is a line that goes on in the next cell.
func across(format string) shape {
	wide := func(n int) string { return fmt.Sprintf(format, n*cellW) }
	return shape{manner: lined, path: wide(1), wide: wide}
}

func shade(alpha int) shape {
	return shape{manner: shaded, alpha: alpha, path: "M0 0h8v17h-8z", wide: block(0, cellH)}
}

// block is an area from one height to another, over whole cells.
func block(top, height float64) func(int) string {
	return func(n int) string { return fmt.Sprintf("M0 %gh%dv%gh-%[2]dz", top, n*cellW, height) }
}

// shapeOf is how a sign is drawn; letter if a font has to.
func shapeOf(r rune) shape {
	switch {
	case r >= '▁' && r <= '▇': // eighths from below
		h := float64(r-'▁'+1) * cellH / 8
		wide := block(cellH-h, h)
		return shape{manner: filled, path: wide(1), wide: wide}
	case r >= '▉' && r <= '▏': // eighths from the left
		return shape{manner: filled, path: fmt.Sprintf("M0 0h%dv17h-%[1]dz", '▐'-r)}
	case r > 0x2800 && r <= 0x28ff:
		return shape{manner: dotted, path: braille(r)}
	}
	return shapes[r]
}

// braille are the dots of a sign of a plot: the bits of each column from above, then those
// of the lowest row, which came later.
func braille(r rune) string {
	path := ""
	for bit := range 8 {
		if r&(1<<bit) == 0 {
			continue
		}
		col, row := bit/3, bit%3
		if bit >= 6 {
			col, row = bit-6, 3
		}
		path += fmt.Sprintf("M%d %gh0", 2+4*col, 2.1+4.25*float64(row))
	}
	return path
}
