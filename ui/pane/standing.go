package pane

import (
	"slices"
	"strings"

	"esmlab/ui/kit"
)

// Part is one of the texts that pane 6 has beside or below its lines, where there is room:
// why the worst of what is true now is so, the life of its record, what the function got
// last.
type Part struct {
	Rows []string // the first one is its heading
	More string   // where all of it is, for the last row of a part that is cut
}

// Parts is how many parts there are, the most telling first.
const Parts = 3

// Bounds of parts.
const (
	leastStanding = 14 // height from which on the first part stands even if lines have to make room for it
	leastWide     = 34
	leastPart     = 4   // rows of a part, its heading among them
	besideLines   = 100 // width from which on parts stand beside the lines, and not below them
)

// standing gives the parts of pane 6 as far as there is room, in rows beside its lines or
// below them. What remains for the lines is k's.
func (c *Ctx) standing(k *ViewState) (beside, below []string) {
	if k.W < leastWide || k.Full || c.Stands == nil { // the whole screen is for the lines
		return nil, nil
	}
	from := 0
	if k.W >= besideLines && k.H > leastPart {
		w := (k.W - 4) * 45 / 100
		if beside, from = c.stack(0, w, k.H, k.H); len(beside) == 0 {
			return nil, nil
		}
		k.W -= w + 3
	}
	spare := k.H - c.neededRows(k) - 1 // a rule stands above
	room := spare
	if k.H >= leastStanding && len(beside) == 0 {
		room = max(room, k.H-k.H/3-1)
	}
	rows, _ := c.stack(from, k.W-2, room, spare)
	if len(rows) == 0 {
		return beside, nil
	}
	below = append(below, line(c, k.W, false).Repeat(kit.Rule, "─", k.W-2).String())
	for _, text := range rows {
		below = append(below, kit.Blanks(2)+kit.Fit(text, k.W-2))
	}
	k.H -= len(below)
	return beside, below
}

// stack gives the parts from number from on below each other: the first has room for so many
// rows, the others for what is spare. next is the first for which there is none.
func (c *Ctx) stack(from, w, room, spare int) (out []string, next int) {
	for i := from; i < Parts; i++ {
		left := room
		if len(out) > 0 { // a blank row between two
			left = spare - len(out) - 1
		}
		if left < leastPart {
			return out, i
		}
		p := c.Stands(w, i)
		if len(p.Rows) == 0 {
			continue
		}
		if len(out) > 0 {
			out = append(out, "")
		}
		out = append(out, c.cutPart(&p, w, left)...)
	}
	return out, Parts
}

// cutPart gives the first rows of a part; where it is cut, the last one says where the rest
// is.
func (c *Ctx) cutPart(p *Part, w, rows int) []string {
	out := p.Rows
	if len(out) > rows { // blank rows give way first
		out = slices.DeleteFunc(slices.Clone(out), func(s string) bool { return strings.TrimSpace(s) == "" })
	}
	if len(out) > rows {
		out = append(out[:rows-1:rows-1], c.Theme.Paint(kit.Dim, kit.Cut("… "+kit.WithKeys(p.More), w)))
	}
	return out
}

// stand puts rows beside those of the pane, which is w cells wide.
func (b *Body) stand(c *Ctx, k *ViewState, rows []string, w int) {
	for len(b.Rows) < len(rows) {
		b.add(Subject{}, kit.Blanks(k.W))
	}
	for y := range b.Rows {
		text := ""
		if y < len(rows) {
			text = rows[y]
		}
		b.Rows[y].Text = kit.Fit(b.Rows[y].Text, k.W) + " " + c.Theme.Paint(kit.Rule, "│") + " " + kit.Fit(text, w-k.W-3)
	}
}

// neededRows is how many rows of k the lines of pane 6 fill.
func (c *Ctx) neededRows(k *ViewState) int {
	if len(c.History.Log) > 12*k.H { // surely all of them
		return k.H
	}
	n := 0
	for s := range c.stories(k.Filter) {
		if n += min(5, 1+kit.Width(s.Text)/max(16, k.W-10)); n >= k.H {
			return k.H
		}
	}
	return n
}
