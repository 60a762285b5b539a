package kit

import "github.com/charmbracelet/x/ansi"

// Overlay lays a box of lines over a frame at cell x, y. Only the rows that
// the box covers are cut.
func Overlay(base, box []string, x, y int) {
	for i, l := range box {
		r := y + i
		if r < 0 || r >= len(base) {
			continue
		}
		w := ansi.StringWidth(l)
		base[r] = ansi.Truncate(base[r], x, "") + "\x1b[m" + l + "\x1b[m" + ansi.TruncateLeft(base[r], x+w, "")
	}
}

// Centre gives where a box of bw x bh cells begins so that it stands in the
// middle of w x h.
func Centre(w, h, bw, bh int) (x, y int) { return max(0, (w-bw)/2), max(0, (h-bh)/2) }
