package pane

import (
	"cmp"
	"slices"

	"esmlab/engine"
	"esmlab/ui/kit"
)

// batchColumns are where the parts of a batch's row stand, and in how many words: the
// same for all rows of pane 3, so that they can be compared.
type batchColumns struct {
	shard, head, status int // columns
	words, states       int // 0: all words, then fewer and fewer
}

// batchWords are the ways to shorten rows, the longest first: the words of the records
// and of the state.
var (
	longBatchWords  = [...][2]int{{0, 0}, {0, 1}, {1, 1}, {1, 2}, {2, 1}, {2, 2}, {3, 2}}
	shortBatchWords = [...][2]int{{1, 1}, {1, 2}, {2, 2}, {3, 2}}
)

// batchColumns finds the columns for the batches that are shown.
func (c *Ctx) batchColumns(list []Batch, shown []int, w int) batchColumns {
	digits, shards := 1, 1
	for _, i := range shown {
		digits = max(digits, len(itoa(int(list[i].Number))))
		shards = max(shards, len(itoa(list[i].Shard)))
	}
	cols := batchColumns{shard: digits + c.pick(3, 2)}
	cols.head = cols.shard + len("shard ") + shards + 2
	ways := longBatchWords[:]
	if !c.Long {
		ways = shortBatchWords[:]
	}
	for _, way := range ways {
		cols.words, cols.states = way[0], way[1]
		head, status := 0, 0
		for _, i := range shown {
			if b := &list[i]; b.Number > 0 && len(b.Records) > 0 {
				head = max(head, kit.Width(c.batchHead(b, cols.words)))
				state, _ := c.batchStatus(b, cols.states)
				status = max(status, kit.Width(state))
			}
		}
		cols.status = cols.head + head + 2
		if cols.status+status <= w {
			break
		}
	}
	return cols
}

// batchHead names the records of a batch.
func (c *Ctx) batchHead(b *Batch, words int) string {
	first, last := Num(b.Records[0]), ""
	if n := len(b.Records); n > 1 {
		last = Num(b.Records[n-1])
	}
	gap := "…"
	if last == "" {
		gap = ""
	}
	switch count := len(b.Records); {
	case words == 0 && gap != "":
		return kit.Count(count, "record") + " " + first + " … " + last
	case words == 0, words == 1 && c.Long:
		return kit.Count(count, "record") + " " + first + gap + last
	case words == 1:
		return itoa(count) + " rec  " + first + gap + last
	case words == 2:
		return first + gap + last
	}
	return first
}

// batchStatus says what a batch does, in fewer words the higher words is.
func (c *Ctx) batchStatus(b *Batch, words int) (string, kit.Style) {
	h, p, now := b.l, b.part, c.S.Now()
	if !b.InHand {
		return "waits its turn", kit.Dim
	}
	left := h.Due - now
	failed := func(word string, n int) string {
		switch words {
		case 0:
			return word + " " + times(n) + ", waits " + Secs(left)
		case 1:
			return word + " " + itoa(n) + "x, waits " + Secs(left)
		}
		return word + " " + itoa(n) + "x, " + tenths(left*10/engine.Second) + "s"
	}
	switch h.Phase {
	case engine.PhaseRunning:
		text := "▸ " + Progress(now-h.Since, h.Due-h.Since)
		if words < 2 {
			text = "▸ in " + c.functionConfig().ID + ", " + Progress(now-h.Since, h.Due-h.Since)
		}
		if p.Tries > 1 {
			text += ", try " + itoa(int(p.Tries))
		}
		return text, kit.Busy
	case engine.PhaseThrottled:
		return failed("■ THROTTLED", int(p.Throttles)), kit.Bad
	case engine.PhaseWaiting:
		return failed("■ FAILED", int(p.Tries)), kit.Bad
	}
	return "", kit.Plain
}

// batchRow draws a batch in its columns.
func (c *Ctx) batchRow(b *Batch, w int, selected bool, cols *batchColumns) string {
	switch {
	case b.Window != nil:
		return c.windowRow(b, w, selected)
	case c.lanes() > 1:
		return c.laneRow(b, w, selected)
	}
	l := line(c, w, selected)
	if b.Number == 0 {
		l.Add(kit.Dim, "+").PadTo(cols.shard).Text("shard " + itoa(b.Shard)).PadTo(cols.head)
		gathers := "gathers " + kit.Count(len(b.Records), "record")
		return l.Add(kit.Dim, kit.Pick(l.Room(), gathers+" for a batch of "+itoa(c.mapping().BatchSize), gathers+", up to "+itoa(c.mapping().BatchSize), gathers)).String()
	}
	l.Add(kit.Strong, itoa(int(b.Number))).Text(" ").PadTo(cols.shard).Text("shard " + itoa(b.Shard)).PadTo(cols.head)
	status, style := c.batchStatus(b, cols.states)
	if len(b.Records) == 0 {
		return l.Text("closes its window  ").Add(style, status).String()
	}
	return l.Text(c.batchHead(b, cols.words)).PadTo(min(cols.status, w-kit.Width(status))).Add(style, status).String()
}

// hurt ranks batches for a pane that has no row for each: those that failed, by number,
// then those in the function, those that wait their turn, those that are gathered.
func (b *Batch) hurt() int {
	switch {
	case b.InHand && (b.l.Phase == engine.PhaseWaiting || b.l.Phase == engine.PhaseThrottled):
		return 0
	case b.l.Blocked && b.Number > 0:
		return 1
	case b.InHand:
		return 2
	case b.Number > 0:
		return 3
	}
	return 4
}

// worstFirst sorts batches by that.
func worstFirst(list []Batch, shown []int) []int {
	out := slices.Clone(shown)
	slices.SortStableFunc(out, func(x, y int) int {
		a, b := &list[x], &list[y]
		return cmp.Or(cmp.Compare(a.hurt(), b.hurt()), cmp.Compare(a.Number, b.Number))
	})
	return out
}

// failing counts the batches that failed.
func (c *Ctx) failing() int {
	n := 0
	list := c.Batches()
	for i := range list {
		if list[i].Number > 0 && list[i].InHand && list[i].hurt() == 0 {
			n++
		}
	}
	return n
}
