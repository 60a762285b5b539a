package pane

import (
	"slices"
	"strings"

	"github.com/charmbracelet/x/ansi"

	"esmlab/ui/kit"
)

// Extra is where the numbers of the rows begin that are no item of a pane's
// list: what stands above and below it. They never scroll.
const Extra = 1 << 16

// Places lists what the cursor can stand on in a pane (1 to 7, not 6), from
// the top down. drawn are the things of its rows as they were drawn last.
func (c *Ctx) Places(pane int, filter string, drawn []int) []int {
	var above, below []int
	item := false
	for _, th := range drawn {
		switch {
		case th < 0:
		case th < Extra:
			item = true
		case !item:
			above = append(above, th)
		default:
			below = append(below, th)
		}
	}
	return append(append(above, c.Visible(pane, filter)...), below...)
}

// Visible lists the things of a pane (1 to 5, 7) whose text holds the filter, in
// order: shards, batches, messages, settings. "" shows all.
func (c *Ctx) Visible(pane int, filter string) []int {
	n, text := 0, func(int) string { return "" }
	wide := ViewState{W: 200, Sel: -1}
	if c.OnQueue() && pane <= 4 {
		return c.visibleOfQueue(pane, filter)
	}
	switch pane {
	case 1, 2: // one filter for both: their rows belong together
		n = len(c.stream().Shards)
		text = func(i int) string { return c.shardRow(i, wide, strip{}) + c.iteratorRow(i, wide) }
	case 3:
		list := c.Batches()
		n = len(list)
		text = func(i int) string { return c.batchRow(&list[i], wide.W, false) + c.recordsRow(&list[i], wide.W) }
	case 4:
		list := c.Messages()
		n = len(list)
		text = func(i int) string { return c.messageRow(n-i, &list[n-1-i], wide.W, false) }
	case 5:
		for _, s := range c.Settings() {
			n = max(n, s.thing+1)
		}
		text = func(i int) string {
			s, _ := c.SettingAt(i)
			if s.Break {
				return "break something " + s.Value
			}
			return s.Name + " " + s.Value + " " + s.Note
		}
	}
	if pane == 7 {
		n = len(c.figures())
	}
	return matching(n, filter, text)
}

// matching lists the first n numbers whose text holds the filter.
func matching(n int, filter string, text func(int) string) []int {
	out := make([]int, 0, n)
	filter = strings.ToLower(filter)
	for i := range n {
		if filter == "" || strings.Contains(strings.ToLower(ansi.Strip(text(i))), filter) {
			out = append(out, i)
		}
	}
	return out
}

// note is what the border says of a filter, before what it says else.
func (k *ViewState) note(note string) string {
	switch {
	case k.Filter == "":
		return note
	case note == "":
		return "/ " + k.Filter
	}
	return "/ " + kit.Cut(k.Filter, 12) + " · " + note
}

// at is the place of a thing among the visible ones, -1 where it is not.
func at(visible []int, thing int) int { return slices.Index(visible, thing) }

// visibleOfQueue is Visible of panes 1 to 4 of a queue: receives or message
// groups, pollers, batches, messages in the DLQ.
func (c *Ctx) visibleOfQueue(pane int, filter string) []int {
	wide := ViewState{W: 400, Sel: -1}
	switch pane {
	case 2:
		rows := c.pollerRows()
		return matching(len(rows), filter, func(i int) string { return c.pollerLine(&rows[i], wide.W, false) })
	case 4:
		list := c.deadLetters()
		return matching(len(list), filter, func(i int) string { return c.deadRow(list[i], wide.W, false) })
	}
	list := Receipts(c.S, c.M, c.History.Log)
	if pane == 1 && c.queue().FIFO {
		groups := c.groupList()
		return matching(len(groups), filter, func(i int) string { return c.groupRow(groups[i], list, wide, false) })
	}
	out := matching(len(list), filter, func(i int) string {
		text := c.receiptRow(line(c, wide.W, false), &list[i]) + c.receiptBatch(&list[i], wide.W, false)
		for _, id := range list[i].Messages {
			text += " " + c.S.MessageLabel(id)
		}
		return text
	})
	if near := nearest(list); pane == 1 && filter == "" {
		return near
	}
	return out
}
