package pane

import (
	"slices"
	"strings"

	"esmlab/engine"
	"esmlab/ui/kit"
)

// OnQueue tells whether the mapping shown reads a queue, not a stream.
func (c *Ctx) OnQueue() bool { return c.S.QueueOf(c.M) >= 0 }

func (c *Ctx) queue() *engine.Queue             { return &c.S.Queues[c.S.QueueOf(c.M)] }
func (c *Ctx) queueConfig() *engine.QueueConfig { return &c.S.Config().Queues[c.S.QueueOf(c.M)] }

// Receipt is a number of messages received together and still in flight, and
// what became of the batch they were handed over in.
type Receipt struct {
	engine.Receive
	Batch    int32
	Poller   *engine.Poller // that has them in hand, nil: they only wait hidden
	Hits     []int32        // messages that made the invocation fail
	Failed   bool
	Receives int32
}

// Receipts lists what is in flight of the queue of mapping m, by batch.
func Receipts(s *engine.Sim, m int, log []engine.Event) []Receipt {
	var out []Receipt
	for _, r := range s.Receipts(s.QueueOf(m), 64) {
		x := Receipt{Receive: r}
		for _, id := range r.Messages {
			x.Receives = max(x.Receives, s.Message(id).Receives)
		}
		if int(r.Mapping) == m && int(r.Poller) < len(s.Mappings[m].Polls.Slots) {
			if p := &s.Mappings[m].Polls.Slots[r.Poller]; p.Phase != engine.PollerWaits && slices.Contains(p.Records, r.Messages[0]) {
				x.Poller, x.Batch = p, p.Batch
			}
		}
		if x.Poller == nil || x.Poller.Phase == engine.PollerThrottled {
			x.find(log)
		}
		out = append(out, x)
	}
	slices.SortStableFunc(out, func(a, b Receipt) int { return int(a.Batch) - int(b.Batch) })
	return out
}

// find looks up how the invocation with these messages ended.
func (r *Receipt) find(log []engine.Event) {
	for i := len(log) - 1; i >= 0 && i > len(log)-600; i-- {
		e := &log[i]
		if e.Kind == engine.KindReturn && e.Source < 0 && slices.Contains(e.Records, r.Messages[0]) {
			r.Batch, r.Hits, r.Failed = e.Batch, e.Failed, e.Outcome != engine.OutcomeOK
			return
		}
	}
}

// Short is a message's label without its queue: "#4".
func Short(s *engine.Sim, id int32) string { return Num(s.Message(id).N) }

// spanOf names messages: "#1…#10", with gap between them.
func spanOf(s *engine.Sim, ids []int32, gap string) string {
	switch len(ids) {
	case 0:
		return "nothing"
	case 1:
		return Short(s, ids[0])
	}
	return Short(s, ids[0]) + gap + Short(s, ids[len(ids)-1])
}

// countRows are the counts that stand above and below the messages of pane 1, as
// inspect calls them.
var countRows = [...]string{"visible", "in flight", "delayed", "deleted", "sent"}

// CountAt names the count of a row of pane 1, "" where it is no such row.
func CountAt(thing int) string {
	if i := thing - Extra; i >= 0 && i < len(countRows) {
		return countRows[i]
	}
	return ""
}

// Queue draws pane 1 where the source is a queue: where every message is.
func Queue(c *Ctx, k Look) Body {
	q := c.queue()
	b := Body{Title: "1 Queue · " + c.queueConfig().ID, Legend: "▓ in " + c.functionConfig().ID + "  ▲ hidden, in no function  X fails"}
	if q.FIFO {
		return c.groups(b, k)
	}
	list := Receipts(c.S, c.M, c.Trail.Log)
	b.Count = len(list)
	n := func(v int) string { return kit.Thousands(v) }
	head := func(i, v int) *kit.Line {
		return line(c, k.W, k.Sel == Extra+i).Text(countRows[i]).Right(kit.Strong, n(v), 14)
	}
	if !c.Boxed {
		b.add(Extra, line(c, k.W, k.Sel == Extra).Text("visible "+n(int(q.Visible))+"   delayed "+n(int(q.Delayed))+"   deleted "+n(int(q.Deleted))).String())
		b.add(Extra+1, line(c, k.W, k.Sel == Extra+1).Text("in flight "+n(int(q.InFlight))).String())
		from := window(len(list), k.H-2, k.Top, k.Sel)
		for i := from; i < len(list) && len(b.Rows) < k.H; i++ {
			b.add(i, c.receiptRow(line(c, k.W, k.Sel == i).Text(" "), &list[i]))
		}
		return b
	}
	b.add(Extra, head(0, int(q.Visible)).String())
	room := max(1, k.H-4)
	from := window(len(list), room, k.Top, k.Sel)
	for i := from; i < max(len(list), 1) && i < from+room; i++ {
		l := line(c, k.W, i < len(list) && k.Sel == i || i >= len(list) && k.Sel == Extra+1)
		if i == from {
			l.Text("in flight").Right(kit.Strong, n(int(q.InFlight)), 14)
		}
		if i < len(list) {
			b.add(i, c.receiptRow(l.To(16), &list[i]))
		} else {
			b.add(Extra+1, l.String())
		}
	}
	b.add(Extra+2, head(2, int(q.Delayed)).String())
	b.add(Extra+3, head(3, int(q.Deleted+q.Filtered)).Text("   (processed "+n(int(q.Deleted))+", filtered "+n(int(q.Filtered))+")").String())
	sum := "  = " + n(int(q.Visible)) + " visible + " + n(int(q.InFlight)) + " in flight + " + n(int(q.Deleted+q.Filtered)) + " deleted + " + n(int(q.Moved)) + " DLQ"
	b.add(Extra+4, head(4, int(q.Sent)).Text(sum).String())
	if len(b.Rows) > k.H {
		b.Rows, b.Things = b.Rows[:k.H], b.Things[:k.H]
	}
	return b
}

// receiptRow draws messages that were received together: a sign for each, when
// they can be seen again, how often they were received.
func (c *Ctx) receiptRow(l *kit.Line, r *Receipt) string {
	at, sign, style := l.Col(), "▓", kit.Busy
	if r.Poller == nil {
		sign, style = "▲", kit.Bad
	}
	shown := r.Messages[:min(10, len(r.Messages))]
	for _, id := range shown {
		if slices.Contains(r.Hits, id) {
			l.Add(kit.Bad, "X")
		} else {
			l.Add(style, sign)
		}
	}
	if more := len(r.Messages) - len(shown); more > 0 {
		l.Add(kit.Dim, "+"+kit.Thousands(more)).Text(" ")
	}
	hidden := Secs(r.Until - c.S.Now())
	short := itoa(int(r.Receives))
	if q := c.queue(); q.DeadLetterQueue != "" {
		short += "/" + itoa(q.MaxReceiveCount)
	}
	receive := "receive " + short
	if !c.Boxed {
		hidden = strings.ReplaceAll(hidden, " ", "")
		l.To(at + 11).Text(spanOf(c.S, r.Messages, "…")).Text(" ").To(at + 19)
		return l.Text(kit.Pick(l.Room(), "hidden "+hidden+" "+receive, "hidden "+hidden+" "+short, hidden+" "+short)).String()
	}
	return l.To(at + 12).Text(spanOf(c.S, r.Messages, "…")).To(at + 21).Text("hidden " + hidden + "  " + receive).String()
}

// groups draws the message groups of a FIFO queue: which are locked, and what
// waits in each.
func (c *Ctx) groups(b Body, k Look) Body {
	q := c.queue()
	b.Legend = "▓ received  ░ waits  X fails"
	locked, list := 0, c.groupList()
	for _, i := range list {
		if q.Groups[i].Locked() {
			locked++
		}
	}
	b.Count = len(list)
	if locked > 0 {
		b.Note = "■ " + itoa(locked) + " OF " + itoa(len(list)) + " GROUPS LOCKED"
	}
	receipts := Receipts(c.S, c.M, c.Trail.Log)
	for i := window(len(list), k.H, k.Top, k.Sel); i < len(list) && len(b.Rows) < k.H; i++ {
		b.add(i, c.groupRow(list[i], receipts, k, k.Sel == i))
	}
	if len(list) == 0 && k.H > 0 {
		b.add(Extra+3, line(c, k.W, k.Sel == Extra+3).Add(kit.Dim, "no message now; deleted "+kit.Thousands(int(q.Deleted))).String())
	}
	return b
}

// groupList lists the groups that have messages, those in flight first.
func (c *Ctx) groupList() []int {
	q, list := c.queue(), []int{}
	for i := range q.Groups {
		if g := &q.Groups[i]; g.Visible+g.Delayed+g.InFlight > 0 {
			list = append(list, i)
		}
	}
	slices.SortStableFunc(list, func(x, y int) int { return int(q.Groups[y].InFlight) - int(q.Groups[x].InFlight) })
	return list
}

// GroupAt is the group of a row of pane 1, -1 where the queue has none.
func (c *Ctx) GroupAt(thing int) int {
	if c.OnQueue() && c.queue().FIFO {
		if list := c.groupList(); thing < len(list) {
			return list[thing]
		}
	}
	return -1
}

func (c *Ctx) groupRow(gi int, receipts []Receipt, k Look, selected bool) string {
	g := &c.queue().Groups[gi]
	l := line(c, k.W, selected).Add(kit.Strong, kit.Cut(g.Name, 8)).Text(" ")
	if g.Locked() {
		l.Add(kit.Bad, "■ LOCKED")
	} else {
		l.Add(kit.Good, "● free")
	}
	l.To(c.pick(14, 13))
	said := ""
	for i := range receipts {
		r := &receipts[i]
		for _, id := range r.Messages {
			if int(c.S.Message(id).Group) != gi {
				continue
			}
			if slices.Contains(r.Hits, id) {
				l.Add(kit.Bad, "X")
			} else {
				l.Add(kit.Busy, "▓")
			}
			said = "batch " + itoa(int(r.Batch)) + " runs"
			if r.Poller == nil {
				said = "batch " + itoa(int(r.Batch)) + " failed, hidden " + Secs(r.Until-c.S.Now()) + ", receive " + itoa(int(r.Receives))
			}
		}
	}
	l.Repeat(kit.Plain, "░", min(int(g.Visible+g.Delayed), 10))
	if more := int(g.Visible+g.Delayed) - 10; more > 0 {
		l.Text("+" + itoa(more))
	}
	if said == "" {
		said = "the next receive may take it"
	}
	return l.To(max(l.Col()+1, c.pick(28, 26))).Text(said).String()
}

// Pollers draws pane 2 where the source is a queue.
func Pollers(c *Ctx, k Look) Body {
	b := Body{Title: "2 Pollers (no iterator)"}
	if c.Boxed {
		b.Title = "2 Pollers · " + c.config().ID + " (queues have no iterator)"
		b.add(-1, line(c, k.W, false).Add(kit.Dim, "poller  doing now                       ends").String())
	}
	rows := c.pollerRows()
	b.Count = len(rows)
	last := k.H - 1
	for i := window(len(rows), last-len(b.Rows), k.Top, k.Sel); i < len(rows) && len(b.Rows) < last; i++ {
		r := &rows[i]
		who := itoa(r.from + 1)
		if r.to > r.from+1 {
			who += "-" + itoa(r.to)
		}
		l := line(c, k.W, k.Sel == i).Add(kit.Strong, who).To(9)
		l.Add(r.style, kit.Cut(r.text, k.W-9-8))
		end := min(k.W, 47)
		b.add(i, l.Right(kit.Plain, stamp(r.ends)+" s", end).String())
	}
	for len(b.Rows) < last {
		b.add(-1, kit.Blanks(k.W))
	}
	if last >= 0 {
		foot := "running " + kit.Thousands(int(c.mapping().Polls.Target)) + "   ceiling " + kit.Thousands(c.S.Ceiling(c.M))
		b.add(Extra, line(c, k.W, k.Sel == Extra).Text(foot).String())
	}
	return b
}

// pollerRow is a row of pane 2: a poller, or several that do the same.
type pollerRow struct {
	from, to int
	text     string
	ends     engine.Micros
	style    kit.Style
}

func (c *Ctx) pollerRows() []pollerRow {
	ps := &c.mapping().Polls
	var rows []pollerRow
	for i := range ps.Slots {
		p := &ps.Slots[i]
		if i >= int(ps.Target) && p.Phase == engine.PollerWaits {
			continue
		}
		text, ends, style := c.pollerDoes(p)
		if n := len(rows); n > 0 && rows[n-1].to == i && rows[n-1].text == text && rows[n-1].ends == ends && p.Phase == engine.PollerWaits {
			rows[n-1].to++
			continue
		}
		rows = append(rows, pollerRow{i, i + 1, text, ends, style})
	}
	return rows
}

// PollerAt is the poller of a row of pane 2, the first of several; -1 none.
func (c *Ctx) PollerAt(thing int) int {
	if rows := c.pollerRows(); thing >= 0 && thing < len(rows) {
		return rows[thing].from
	}
	return -1
}

func (c *Ctx) pollerDoes(p *engine.Poller) (text string, ends engine.Micros, style kit.Style) {
	records := ""
	if c.Boxed && len(p.Records) > 0 {
		records = ": " + spanOf(c.S, p.Records, " … ")
	}
	switch p.Phase {
	case engine.PollerGathers:
		return "gathers" + records, p.Due, kit.Busy
	case engine.PollerRuns:
		return "waits for " + c.functionConfig().ID + records, p.Due, kit.Busy
	case engine.PollerThrottled:
		return "throttled" + records, p.Due, kit.Bad
	}
	return kit.Pick(c.pick(30, 12), "long poll, 20 s", "long poll"), c.S.PollEnds(p), kit.Plain
}

// QueueBatches draws pane 3 where the source is a queue: batches in hand, and
// those that failed and wait hidden.
func QueueBatches(c *Ctx, k Look) Body {
	b := Body{Title: "3 Batches → " + c.functionConfig().ID}
	list := Receipts(c.S, c.M, c.Trail.Log)
	b.Count = len(list)
	foot := 1
	if c.Boxed && k.H >= 4 {
		foot = 2
	}
	room, each := k.H-foot, 1
	if c.Boxed && 2*len(list) <= room {
		each = 2
	}
	for i := window(len(list), room/each, k.Top, k.Sel); i < len(list) && len(b.Rows)+each <= room; i++ {
		r := &list[i]
		l := line(c, k.W, k.Sel == i).Add(kit.Strong, itoa(int(r.Batch))).Text(" ").To(c.pick(4, 3))
		status, style := c.receiptStatus(r)
		words := kit.Count(len(r.Messages), "message") + " " + spanOf(c.S, r.Messages, " … ")
		if !c.Boxed {
			words = itoa(len(r.Messages)) + " msg  " + spanOf(c.S, r.Messages, "…")
		}
		l.Text(words).Text(" ").To(c.pick(29, 20))
		b.add(i, l.Add(style, status).String())
		if each == 2 {
			l := line(c, k.W, false).To(4)
			for j, id := range r.Messages {
				if l.Col()+8 > k.W && j < len(r.Messages)-1 {
					l.Add(kit.Dim, "… +"+itoa(len(r.Messages)-j))
					break
				}
				if slices.Contains(r.Hits, id) {
					l.Add(kit.Bad, "X"+itoa(int(c.S.Message(id).N)))
				} else {
					l.Text(itoa(int(c.S.Message(id).N)))
				}
				l.Text(" ")
			}
			b.add(i, l.String())
		}
	}
	if len(list) == 0 && room > 0 {
		b.add(-1, line(c, k.W, false).Add(kit.Dim, "no batch now").String())
	}
	for len(b.Rows) < room {
		b.add(-1, kit.Blanks(k.W))
	}
	if foot == 2 {
		b.add(LastRow, c.lastRow(k.W, k.Sel == LastRow))
	}
	if k.H > 0 {
		b.add(FunctionRow, c.functionRow(k.W, k.Sel == FunctionRow))
	}
	return b
}

func (c *Ctx) receiptStatus(r *Receipt) (string, kit.Style) {
	p, now := r.Poller, c.S.Now()
	switch {
	case p == nil && r.Failed && c.Boxed:
		return "▲ FAILED: nothing is deleted", kit.Bad
	case p == nil && r.Failed:
		return "▲ FAILED, nothing deleted", kit.Bad
	case p == nil:
		return "▲ hidden, not deleted", kit.Busy
	case p.Phase == engine.PollerRuns:
		text := Millis(now - p.Since)
		text = strings.TrimSuffix(text, " ms") + " of " + Millis(p.Due-p.Since)
		if c.Boxed {
			return "▸ in " + c.functionConfig().ID + ", " + text, kit.Busy
		}
		return "▸ " + text, kit.Busy
	case p.Phase == engine.PollerThrottled:
		return "▲ THROTTLED " + times(int(p.Throttles)) + ", " + Secs(p.Due-now), kit.Bad
	}
	return "gathers, " + Secs(p.Due-now), kit.Dim
}

// DeadLetters draws pane 4 where the source is a queue: its DLQ.
func DeadLetters(c *Ctx, k Look) Body {
	q, id := c.queue(), c.queueConfig().ID
	to := q.DeadLetterQueue
	b := Body{Title: "4 Queue · no DLQ of " + id}
	say := func(lines ...string) Body {
		for _, s := range lines {
			for _, w := range kit.Wrap(s, k.W-2) {
				if n := len(b.Rows); n < k.H {
					b.add(HeadRow, line(c, k.W, n == 0 && k.Sel == HeadRow).Text(w).String())
				}
			}
		}
		return b
	}
	if to == "" {
		return say("A message that fails is received again and again,", "until its retention ("+Dur(engine.Micros(q.MessageRetentionPeriod)*engine.Second)+") ends.", "o sets a DLQ")
	}
	b.Title = "4 Queue · " + to + " (DLQ of " + id + ")"
	list := c.deadLetters()
	b.Count = len(list)
	if len(list) == 0 {
		nth := ordinal(q.MaxReceiveCount + 1)
		text := []string{"0 messages. One comes here when its " + nth + " receive would start,", "not when its " + ordinal(q.MaxReceiveCount) + " visibility timeout ends."}
		if !c.Boxed {
			text = []string{"0 messages. One comes here when a " + nth, "receive would start, not at a timeout."}
		}
		return say(append(text, c.nextDead()...)...)
	}
	say(kit.Pick(k.W-2, kit.Count(len(list), "message")+" in it; a redrive brings them back (a)", kit.Count(len(list), "message")+" in it; a redrives them"))
	for i := window(len(list), k.H-1, k.Top, k.Sel); i < len(list) && len(b.Rows) < k.H; i++ {
		m := c.S.Message(list[i])
		b.add(i, line(c, k.W, k.Sel == i).Add(kit.Strong, c.S.MessageLabel(list[i])).Text("  ").Text(kit.Pick(k.W-24, "received "+times(int(m.Receives))+", failed "+times(int(m.Failures)), "received "+times(int(m.Receives)))).
			Right(kit.Dim, stamp(m.At), k.W-1).String())
	}
	return b
}

// deadLetters are the messages in the DLQ, oldest first.
func (c *Ctx) deadLetters() []int32 {
	if dlq := c.S.DeadLetterOf(c.S.QueueOf(c.M)); dlq >= 0 {
		return c.S.Contents(dlq, 200)
	}
	return nil
}

// nextDead says what would come to the DLQ next, and when.
func (c *Ctx) nextDead() []string {
	q := c.queue()
	var best *Receipt
	at := engine.Never
	list := Receipts(c.S, c.M, c.Trail.Log)
	for i := range list {
		if r := &list[i]; r.Failed && r.Poller == nil {
			if t := r.Until + engine.Micros(q.MaxReceiveCount-int(r.Receives))*engine.Micros(q.VisibilityTimeout)*engine.Second; t < at {
				best, at = r, t
			}
		}
	}
	if best == nil {
		return nil
	}
	text := "next: " + spanOf(c.S, best.Messages, " … ") + " at " + stamp(at) + " s"
	if !c.Boxed {
		text = "next: " + spanOf(c.S, best.Messages, "…") + " at " + stamp(at) + " s"
	}
	switch left := q.MaxReceiveCount - int(best.Receives); {
	case left == 1:
		text += kit.Pick(c.pick(60, 22), ", if the "+ordinal(q.MaxReceiveCount)+" receive fails as well", ", if "+stamp(best.Until)+" fails too")
	case left > 1:
		text += kit.Pick(c.pick(60, 22), ", if "+itoa(left)+" more receives fail as well", ", if "+itoa(left)+" more fail")
	}
	return []string{text}
}

func ordinal(n int) string {
	switch {
	case n%10 == 1 && n%100 != 11:
		return itoa(n) + "st"
	case n%10 == 2 && n%100 != 12:
		return itoa(n) + "nd"
	case n%10 == 3 && n%100 != 13:
		return itoa(n) + "rd"
	}
	return itoa(n) + "th"
}
