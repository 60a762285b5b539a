package pane

// Form is a height that a pane can have beside others, in rows of text.
type Form struct {
	Rows int
	// Worth says how much each row is worth that the form has more than the one before
	// it. The layout buys what is worth most until the screen is full. What the numbers
	// of two panes say about each other is in the table below; the first form of a pane
	// comes before all that can be bought.
	Worth int
}

// What a row is worth. What is worth least gives way first where the screen is small.
const (
	worthSettings = 45 // values without a key, headings
	worthFlow     = 48 // the line of what flows
	worthTimeline = 50
	worthMetrics  = 52
	worthSecond   = 58 // second rows of batches and shards: which records, how long
	worthStory    = 66 // the newest six lines
	worthQueue    = 68 // why nothing is in the queue, the newest messages
	worthItem     = 76 // an item of a list of several
	worthKeys     = 85 // the settings that a key changes
	worthFirst    = 95 // the first items of a list
	worthLong     = 40 // more of a long list
	worthPlots    = 14 // plots that are easily read
	worthEnded    = 13 // the calls that ended
)

// WorthBelow is what a row is worth that stands below the lines of pane 6. A pane in a
// column takes none for it: the others of the row would have blank ones beside it.
const WorthBelow = 12

// Forms lists the heights of pane i where it is w cells wide, the least first.
func (c *Ctx) Forms(i, w int) []Form {
	if p := c.Pane(i); p.forms != nil {
		return p.forms(c, w)
	}
	return nil
}

// FlowForms lists the heights of the line of what flows: one row for everything, else a
// heading and a row for each shard or message group, up to three.
func (c *Ctx) FlowForms() []Form {
	lines, worth := 2, worthFlow // what flows, and what is hidden
	switch {
	case !c.OnQueue():
		lines = len(c.stream().Shards)
	case c.queue().FIFO:
		lines = len(c.groupList())
	}
	if lines > 12 { // there is no row of each: this is the one picture of all
		worth = worthStory + 1
	}
	if lines > 3 {
		lines = 2 // those that hurt, and all others
	}
	return more(more(least(0), 1, worth), 1+lines, worthSettings-1)
}

// least begins a list of forms.
func least(rows int) []Form { return append(make([]Form, 0, 7), Form{Rows: rows}) }

// more adds a form, unless there is one of that height.
func more(list []Form, rows, worth int) []Form {
	if rows > list[len(list)-1].Rows {
		list = append(list, Form{rows, worth})
	}
	return list
}

// listForms are those of a list of n items, each with a row, and of foot rows below or
// above it.
func listForms(n, foot int) []Form {
	list := least(foot + min(n, 2))
	list = more(list, foot+min(n, 4), worthItem)
	list = more(list, foot+min(n, 8), worthSecond)
	list = more(list, foot+min(n, 16), worthLong)
	return list
}

func shardForms(c *Ctx, w int) []Form {
	n := len(c.stream().Shards)
	if n == 1 {
		return more(least(2), 3, worthFirst)
	}
	if n > 12 {
		return more(gridForms(n, w), n+1, worthLong-20)
	}
	list := least(min(n+1, 4)) // a row each, and the heading; else a grid
	list = more(list, min(n+1, 6), worthItem)
	list = more(list, n+1, worthSecond+1)
	if 2*n <= 6 {
		list = more(list, 2*n, worthFirst)
	}
	if 3*n <= 9 {
		list = more(list, 3*n, worthSecond+2)
	}
	for per := 2; per <= 3; per++ {
		if per*n <= 24 {
			list = more(list, per*n, worthLong)
		}
	}
	return list
}

// iteratorForms are those of pane 2 where its rows are not beside those of pane 1.
func iteratorForms(c *Ctx, w int) []Form {
	n, bars := len(c.stream().Shards), 1
	for _, i := range Blocked(c.S, c.M) {
		if c.awaitsRetry(i) {
			bars++
		}
	}
	list := least(1 + min(n, 2))
	list = more(list, 1+min(n, 4), worthItem)
	list = more(list, 1+min(n+bars-1, 8), worthSecond)
	return more(list, 1+min(n, 16), worthLong)
}

// batchForms are those of pane 3.
func batchForms(c *Ctx, w int) []Form {
	n := c.batchSlots()
	if n > 8 { // not one that failed is hidden, and the others are more of the same
		list := more(least(2), 3, worthFirst)
		for rows := 4; rows <= 1+min(max(3, c.failing()), 8); rows++ {
			list = more(list, rows, worthItem+2)
		}
		return more(list, 2+min(n, 16), worthLong)
	}
	if c.recordRows() && n <= 6 {
		return c.withEnded(batchListForms(c, n, 2))
	}
	return c.withEnded(batchListForms(c, n, 1))
}

// batchSlots is how many batches pane 3 has room for, if it can: a shard that holds none
// just now has its row all the same, as batches come and go many times a second.
func (c *Ctx) batchSlots() int {
	n, m := len(c.Batches()), c.mapping()
	if !c.recordRows() {
		return n
	}
	open := 0
	for i := range c.stream().Shards {
		if sh := &c.stream().Shards[i]; !sh.Closed || !m.Started() || !m.Iterators[i].Finished {
			open++
		}
	}
	return max(n, open)
}

// recordRows tells whether a batch has a second row, with its records, if there is room.
func (c *Ctx) recordRows() bool {
	return c.lanes() == 1 && c.mapping().TumblingWindowInSeconds == 0
}

// batchListForms are those of n batches of so many rows each, and of what stands below
// them.
func batchListForms(c *Ctx, n, each int) []Form {
	list := more(least(2), 1+min(n, 2), worthFirst)
	foot := c.pick(2, 1)
	list = more(list, foot+min(n, 4), worthItem)
	list = more(list, foot+min(n*each, 12), worthSecond)
	return more(list, foot+min(n, 16), worthLong)
}

// withEnded adds rows for the calls that ended last: those that are left over, and of a tall
// screen.
func (c *Ctx) withEnded(list []Form) []Form {
	if n := len(c.ended()); n > 0 {
		return more(list, list[len(list)-1].Rows+1+n, worthEnded)
	}
	return list
}

// destinationForms are those of pane 4 of a stream.
func destinationForms(c *Ctx, w int) []Form {
	if n := len(c.Messages()); n > 0 {
		return messageForms(n)
	}
	worth := worthQueue
	if c.Long && c.mapping().OnFailure == "" {
		worth = worthFlow - 1 // the line between the first and the last is the one that gives way
	}
	return textForms(len(c.emptyQueue(w-2)), worth)
}

func textForms(lines, worth int) []Form { return more(least(min(2, lines)), lines, worth) }

// messageForms are those of a heading and n messages below it.
func messageForms(n int) []Form {
	list := more(more(least(2), 3, worthQueue), 1+min(n, 4), worthSecond)
	return more(more(list, 1+min(n, 8), worthSettings+1), 1+min(n, 16), worthLong)
}

func settingForms(c *Ctx, w int) []Form {
	all, named, keyed := 0, 0, 0
	list := c.Settings()
	for i := range list {
		s := &list[i]
		if !c.Long && s.onlyLong() {
			continue
		}
		if all++; s.Head == "" {
			named++
			if s.hasKey() {
				keyed++
			}
		}
	}
	out := more(more(least(4), keyed, worthKeys), named, worthSettings+1)
	out = more(out, all, worthSettings)
	if c.Long { // what each does, where rows are left over
		return more(out, all+named, 0)
	}
	return out
}

// happenedForms are those of pane 6. Its lines come one by one: it has room for more of
// them than there are at first, so that not each of them moves everything.
func happenedForms(c *Ctx, w int) []Form {
	list := more(more(more(least(3), 5, worthStory), 6, worthFlow+1), 8, worthSettings+2)
	most := []int{13, 20, 30}
	if w >= besideLines { // half of each row is for what stands beside them
		most = most[:2]
	}
	for i, rows := range most {
		if len(c.History.Log) > 4*list[len(list)-1].Rows {
			list = more(list, rows, [...]int{worthLong, worthLong - 3, worthPlots}[i])
		}
	}
	if c.Stands != nil && w >= leastWide { // and for what stands beside or below them
		list = more(list, list[len(list)-1].Rows+8, WorthBelow)
	}
	return list
}

func metricForms(c *Ctx, w int) []Form {
	list := more(more(optional(4, worthMetrics), 5, worthMetrics), 8, worthLong)
	for rows := 10; rows <= 48; rows += 2 { // from there on each chart is there
		list = more(list, rows, worthPlots)
	}
	return list
}

// timelineForms are those of pane 8: the function, some lanes and the axis; then all
// lanes, and a row for the tries of what is blocked.
func timelineForms(c *Ctx, w int) []Form {
	n, blocked := 0, btoi(!c.OnQueue())
	lanes := c.History.Lanes(c.M)
	for i := range lanes {
		if !c.hasNoLane(&lanes[i]) {
			n++
		}
	}
	beside := 2 // the function and the axis
	if c.failuresTo() != "" {
		beside++
	}
	if c.OnQueue() {
		beside++
	}
	list := optional(2+max(2, min(n, 3)), worthTimeline)
	list = more(list, beside+min(n, 8)+blocked, worthLong)
	list = more(list, beside+min(n, 24)+blocked, worthLong-20)
	if rows := c.taleRows(); rows > 0 {
		list = more(list, list[len(list)-1].Rows+rows, worthLong-25)
	}
	return list
}

// optional begins the forms of a pane that is left out where there is no room for it.
func optional(rows, worth int) []Form { return append(least(-1), Form{rows, worth}) }

// queueForms are those of pane 1 of a queue: its counts, and the messages that are in
// flight. What is in the function's hands comes and goes: two rows wait for it.
func queueForms(c *Ctx, w int) []Form {
	if c.queue().FIFO {
		n := max(2, len(c.groupList()))
		if n > 12 {
			return more(gridForms(len(c.queue().Groups), w), n, worthLong-20)
		}
		return listForms(n, 0)
	}
	hidden := 0
	list := Receipts(c.S, c.M, c.History.Log)
	for i := range list {
		if list[i].Poller == nil {
			hidden++
		}
	}
	n, foot := max(2, min(hidden+1, manyReceives)), 2
	if c.Long {
		foot = 4
		if len(list) > manyReceives {
			foot++
		}
	}
	out := more(least(min(foot+n, 4)), foot+min(n, 2), worthFirst)
	return more(more(out, foot+min(n, 4), worthSecond), foot+n, worthLong)
}

func pollerForms(c *Ctx, w int) []Form {
	foot := c.pick(2, 1)
	list := more(least(foot+1), foot+min(int(c.mapping().Polls.Target), 3), worthItem)
	return more(list, foot+min(len(c.pollerRows()), 8), worthLong)
}

// messageBatchForms are those of pane 3 of a queue.
func messageBatchForms(c *Ctx, w int) []Form {
	failed, listed := 0, 0
	list := messageBatches(c.S, c.M, c.History.Log)
	for i := range list {
		if list[i].Poller == nil {
			failed++
			if c.worthListing(&list[i]) {
				listed++
			}
		}
	}
	out := batchListForms(c, max(2, failed+1), 1)
	return c.withEnded(more(out, c.pick(2, 1)+min(failed+1+listed, 10), worthSecond))
}

func deadLetterForms(c *Ctx, w int) []Form {
	if n := len(c.deadLetters()); n > 0 {
		return messageForms(n)
	}
	return textForms(len(c.emptyDeadLetters(w-2)), worthQueue)
}
