package present

import (
	"strings"

	"github.com/charmbracelet/colorprofile"
	"rsc.io/qr"

	"esmlab/ui/kit"
)

// Quiet is the margin that a code needs, in modules.
const quiet = 2

// qrRows draws an address as a QR code, black on white whatever the theme: two modules to
// a cell. Without colours the light modules are drawn, for a dark ground.
func qrRows(t *kit.Theme, text string) []string {
	code, err := qr.Encode(text, qr.L)
	if err != nil || t.ASCII {
		return nil
	}
	dark := func(x, y int) bool {
		x, y = x-quiet, y-quiet
		return x >= 0 && y >= 0 && x < code.Size && y < code.Size && code.Black(x, y)
	}
	size := code.Size + 2*quiet
	plain := t.Profile <= colorprofile.ASCII
	var rows []string
	for y := 0; y < size; y += 2 {
		var b strings.Builder
		for x := range size {
			up, low := dark(x, y), y+1 < size && dark(x, y+1)
			if plain {
				up, low = !up, y+1 < size && !low
			}
			switch {
			case up && low:
				b.WriteString("█")
			case up:
				b.WriteString("▀")
			case low:
				b.WriteString("▄")
			default:
				b.WriteByte(' ')
			}
		}
		row := b.String()
		if !plain {
			row = "\x1b[30;107m" + row + "\x1b[m"
		}
		rows = append(rows, row)
	}
	return rows
}
