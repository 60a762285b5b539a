package pane

import (
	"slices"
	"strings"

	"esmlab/engine"
	"esmlab/ui/kit"
)

// Picture draws what stands in the source in at most n rows of w cells: shards, the
// blocked ones first; message groups; or what of a queue is visible and in flight.
func (c *Ctx) Picture(w, n int) []string {
	var out []string
	add := func(row string) {
		if len(out) < n {
			out = append(out, row)
		}
	}
	if !c.OnQueue() {
		shards := c.matchingShards("")
		if len(shards) > n {
			slices.SortStableFunc(shards, func(a, b int) int {
				return c.urgency(a) - c.urgency(b)
			})
		}
		for _, i := range shards[:min(n, len(shards))] {
			sign, _, style := c.Status(i)
			l := kit.NewLine(c.Theme, w).Add(kit.Strong, itoa(i)).Text(" ").Add(style, sign).Text(" ")
			seen := signs{}
			st := c.strip(i, w-l.Col(), &seen)
			for _, x := range st.cells {
				l.Repeat(x.style, x.sign, x.n)
			}
			if st.rest > 0 {
				l.Add(kit.Dim, " +"+itoa(st.rest))
			}
			add(l.String())
		}
		return out
	}
	receipts := Receipts(c.S, c.M, c.History.Log)
	if c.queue().FIFO {
		for _, g := range c.groupList() {
			add(c.groupRow(g, receipts, &ViewState{W: w}, 8))
		}
		if len(out) == 0 {
			add(kit.NewLine(c.Theme, w).Text("no message now; deleted " + kit.Thousands(int(c.queue().Deleted))).String())
		}
		return out
	}
	q := c.queue()
	l := kit.NewLine(c.Theme, w).Text("visible ").Add(kit.Strong, kit.Thousands(int(q.Visible+q.Delayed))).Text(" ")
	add(l.Repeat(kit.Plain, "░", min(int(q.Visible+q.Delayed), l.Room())).String())
	slices.SortStableFunc(receipts, func(a, b Receipt) int { return failedFirst(&a) - failedFirst(&b) })
	for i := range receipts {
		add(c.receiptRow(kit.NewLine(c.Theme, w), &receipts[i]))
	}
	return out
}

func (c *Ctx) urgency(shard int) int {
	if _, _, style := c.Status(shard); style == kit.Bad {
		return 0
	}
	return 1
}

func failedFirst(r *Receipt) int {
	if r.Failed && r.Poller == nil {
		return 0
	}
	return 1
}

// Course draws what the invocations of the mapping have come to up to now, in w cells
// that end at an instant: ▓ done, X failed, ╌ □ when the next try is due.
func (c *Ctx) Course(w int, end engine.Micros) string {
	cells := []rune(strings.Repeat("─", max(0, w)))
	cell := func(at engine.Micros) int { return int(min(int64(w-1), int64(at)*int64(w)/int64(max(1, end)))) }
	now := cell(c.S.Now())
	for i := now + 1; i < w; i++ {
		cells[i] = ' '
	}
	mark := func(at int, sign rune) {
		if at >= 0 && at < w && cells[at] != 'X' {
			cells[at] = sign
		}
	}
	for i := range c.History.Log {
		e := &c.History.Log[i]
		if int(e.Mapping) != c.M || e.Kind != engine.KindReturn {
			continue
		}
		sign := 'X'
		if e.Outcome == engine.OutcomeOK {
			sign = '▓'
		}
		mark(cell(e.At), sign)
	}
	next := engine.Never
	if c.OnQueue() {
		for _, r := range Receipts(c.S, c.M, c.History.Log) {
			if r.Failed && r.Poller == nil {
				next = min(next, r.Until)
			}
		}
	} else {
		for _, i := range Blocked(c.S, c.M) {
			if l := c.S.ActiveLane(c.M, i); l.Phase == engine.PhaseWaiting || l.Phase == engine.PhaseThrottled {
				next = min(next, l.Due)
			}
		}
	}
	if next <= end {
		for i := now + 1; i < cell(next); i++ {
			mark(i, '╌')
		}
		mark(cell(next), '□')
	}
	l := kit.NewLine(c.Theme, w)
	styles := map[rune]kit.Style{'▓': kit.Good, 'X': kit.Bad, '╌': kit.Rule, '□': kit.Dim, '─': kit.Rule}
	for i := 0; i < len(cells); {
		j := i + 1
		for j < len(cells) && cells[j] == cells[i] {
			j++
		}
		l.Add(styles[cells[i]], string(cells[i:j]))
		i = j
	}
	return l.String()
}

// Chain says what the mapping reads, how, what it calls, and where failures go: a text
// for each of the panes 1 to 4, and the same in fewer words.
func (c *Ctx) Chain() (long, short [4]string) {
	s, m := c.S, c.mapping()
	f := c.functionConfig()
	takes := Millis(s.Functions[s.FunctionOf(c.M)].Takes.Base)
	long[2] = "→ " + f.ID + ", " + takes
	short[2] = "→ " + f.ID + " " + takes
	short[1] = "BatchSize " + kit.Thousands(m.BatchSize)
	long[1] = short[1]
	if m.MaximumBatchingWindowInSeconds > 0 {
		long[1] += ", window " + itoa(m.MaximumBatchingWindowInSeconds) + " s"
	}
	switch {
	case m.BisectBatchOnFunctionError:
		long[1] += ", bisect"
	case m.ReportBatchItemFailures:
		long[1] += ", partial"
	case m.MaximumConcurrency > 0:
		long[1] += ", at most " + itoa(m.MaximumConcurrency)
	case c.lanes() > 1:
		long[1] += ", " + itoa(c.lanes()) + " lanes"
	}
	if qi := s.QueueOf(c.M); qi >= 0 {
		q := c.queue()
		kind := "SQS "
		if q.FIFO {
			kind = "FIFO "
		}
		long[0] = kind + c.queueConfig().ID + ", hides " + itoa(q.VisibilityTimeout) + " s"
		short[0] = kind + c.queueConfig().ID
		long[3], short[3] = "no DLQ", "no DLQ"
		if q.DeadLetterQueue != "" {
			long[3] = "after " + itoa(q.MaxReceiveCount) + " receives → " + q.DeadLetterQueue
			short[3] = itoa(q.MaxReceiveCount) + "x → " + q.DeadLetterQueue
		}
		return long, short
	}
	kind := "DynamoDB "
	if c.streamConfig().Kind == engine.Kinesis {
		kind = "Kinesis "
	}
	long[0] = kind + c.streamConfig().ID + ", " + kit.Count(len(c.stream().Shards), "shard")
	short[0] = long[0]
	long[3], short[3] = "no OnFailure", "no OnFailure"
	if d := c.Destination(); d.ID != "" {
		long[3], short[3] = "OnFailure → "+d.ID, "→ "+d.ID
	}
	switch tries, age := m.MaximumRetryAttempts, m.MaximumRecordAgeInSeconds; {
	case tries >= 0:
		long[3] += ", " + kit.Count(tries, "retry")
	case age >= 0:
		long[3] += ", after " + itoa(age) + " s"
	}
	return long, short
}
