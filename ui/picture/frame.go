package picture

import (
	"image/color"

	uv "github.com/charmbracelet/ultraviolet"
	"github.com/charmbracelet/x/ansi"
)

// Of reads a frame, as a screen draws it with colours of its own, into cells. Text that
// has no colour is in ink.
func Of(frame string, w, h int, ink, ground Color) Screen {
	buf := uv.NewScreenBuffer(w, h)
	buf.Method = ansi.GraphemeWidth
	uv.NewStyledString(frame).Draw(buf, uv.Rect(0, 0, w, h))
	out := make(Screen, h)
	for y := range out {
		row := make([]Cell, w)
		for x := range row {
			row[x] = Cell{Char: ' ', Ink: ink, Ground: ground}
			c := buf.CellAt(x, y)
			if c == nil {
				continue
			}
			at := &row[x]
			for _, r := range c.Content {
				at.Char = r
				break
			}
			at.Ink, at.Ground = colorOr(c.Style.Fg, ink), colorOr(c.Style.Bg, ground)
			at.Bold = c.Style.Attrs&uv.AttrBold != 0
			if c.Style.Attrs&uv.AttrReverse != 0 {
				at.Ink, at.Ground = at.Ground, at.Ink
			}
		}
		out[y] = row
	}
	return out
}

func colorOr(c color.Color, or Color) Color {
	if c == nil {
		return or
	}
	r, g, b, _ := c.RGBA()
	return Color(r>>8<<16 | g>>8<<8 | b>>8)
}
