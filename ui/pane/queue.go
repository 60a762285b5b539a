package pane

import (
	"cmp"
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
func Queue(c *Ctx, k ViewState) Body {
	q := c.queue()
	b := Body{Title: "1 Queue · " + c.queueConfig().ID, Legend: "▓ in " + c.functionConfig().ID + "  ▲ hidden, in no function  X fails"}
	if q.FIFO {
		return c.groups(b, k)
	}
	list := Receipts(c.S, c.M, c.History.Log)
	shown := c.Visible(1, k.Filter)
	b.Count, b.Note = len(list), k.note("")
	n := func(v int) string { return kit.Thousands(v) }
	head := func(i, v int) *kit.Line {
		return line(c, k.W, k.Sel == Extra+i).Text(countRows[i]).Right(kit.Strong, n(v), max(14, len(countRows[i])+2+len(n(v))))
	}
	sum := ""
	if len(list) > manyReceives {
		sum, b.Told = c.receiveSum(), true
	}
	if !c.Boxed {
		b.add(Extra, line(c, k.W, k.Sel == Extra).Text("visible "+n(int(q.Visible))+"   delayed "+n(int(q.Delayed))+"   deleted "+n(int(q.Deleted+q.Filtered))).String())
		b.add(Extra+1, line(c, k.W, k.Sel == Extra+1).Text("in flight "+n(int(q.InFlight))+"  ").Add(kit.Dim, sum).String())
		from := window(len(shown), max(0, k.H-2), k.Top, at(shown, k.Sel))
		for _, i := range shown[min(from, len(shown)):] {
			if len(b.Rows) < k.H {
				b.add(i, c.receiptRow(line(c, k.W, k.Sel == i).Text(" "), &list[i]))
			}
		}
		return b
	}
	b.add(Extra, head(0, int(q.Visible)).String())
	room := max(1, k.H-4)
	if sum != "" || len(shown) == 0 {
		b.add(Extra+1, head(1, int(q.InFlight)).Text("  ").Add(kit.Dim, sum).String())
		room--
	}
	from := window(len(shown), room, k.Top, at(shown, k.Sel))
	for j, i := range shown[from:min(len(shown), from+max(0, room))] {
		l := line(c, k.W, k.Sel == i)
		if j == 0 && sum == "" {
			l.Text("in flight").Right(kit.Strong, n(int(q.InFlight)), 14)
		}
		b.add(i, c.receiptRow(l.To(16), &list[i]))
	}
	b.add(Extra+2, head(2, int(q.Delayed)).String())
	b.add(Extra+3, head(3, int(q.Deleted+q.Filtered)).Text("   (processed "+n(int(q.Deleted))+", filtered "+n(int(q.Filtered))+")").String())
	sum = "  = " + n(int(q.Visible)) + " visible + " + n(int(q.InFlight)) + " in flight + " + n(int(q.Deleted+q.Filtered)) + " deleted + " + n(int(q.Moved)) + " DLQ"
	short := "  = " + n(int(q.Visible)) + " + " + n(int(q.InFlight)) + " + " + n(int(q.Deleted+q.Filtered)) + " + " + n(int(q.Moved)) + " DLQ"
	b.add(Extra+4, head(4, int(q.Sent)).Text(kit.Pick(k.W-14, sum, short)).String())
	if len(b.Rows) > k.H {
		b.Rows, b.Things = b.Rows[:k.H], b.Things[:k.H]
	}
	return b
}

// manyReceives is how many receives have a row each; of more the nearest to a
// change do, and a row sums them up.
const manyReceives = 12

// receiveSum says what is in flight in few words.
func (c *Ctx) receiveSum() string {
	held := 0
	for _, mi := range c.S.QueueReaders(c.S.QueueOf(c.M)) {
		for i := range c.S.Mappings[mi].Polls.Slots {
			held += len(c.S.Mappings[mi].Polls.Slots[i].Records)
		}
	}
	hidden := max(0, int(c.queue().InFlight)-held)
	return "▓ " + kit.Thousands(held) + " in hand  ▲ " + kit.Thousands(hidden) + " hidden"
}

// changes is when something becomes of what was received: its invocation ends,
// or it can be seen again.
func (r *Receipt) changes() engine.Micros {
	if r.Poller != nil && r.Poller.Due > 0 {
		return min(r.Until, r.Poller.Due)
	}
	return r.Until
}

// nearest are the receives that have a row, in order.
func nearest(list []Receipt) []int {
	out := make([]int, len(list))
	for i := range out {
		out[i] = i
	}
	if len(list) > manyReceives {
		slices.SortStableFunc(out, func(a, b int) int { return cmp.Compare(list[a].changes(), list[b].changes()) })
		out = out[:manyReceives]
		slices.Sort(out)
	}
	return out
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
func (c *Ctx) groups(b Body, k ViewState) Body {
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
	b.Note = k.note(b.Note)
	receipts := Receipts(c.S, c.M, c.History.Log)
	shown := c.Visible(1, k.Filter)
	for _, i := range shown[window(len(shown), k.H, k.Top, at(shown, k.Sel)):] {
		if len(b.Rows) < k.H {
			b.add(i, c.groupRow(list[i], receipts, k, k.Sel == i))
		}
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

func (c *Ctx) groupRow(gi int, receipts []Receipt, k ViewState, selected bool) string {
	g := &c.queue().Groups[gi]
	l := line(c, k.W, selected).Add(kit.Strong, kit.Cut(g.Name, 8)).Text(" ")
	if g.Locked() {
		l.Add(kit.Bad, "■ LOCKED")
	} else {
		l.Add(kit.Good, "● free")
	}
	l.To(c.pick(14, 13))
	said := []string(nil)
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
			said = c.groupSaid(r, gi)
		}
	}
	l.Repeat(kit.Plain, "░", min(int(g.Visible+g.Delayed), 10))
	if more := int(g.Visible+g.Delayed) - 10; more > 0 {
		l.Text("+" + itoa(more))
	}
	if said == nil {
		said = []string{"the next receive may take it"}
	}
	l.To(max(l.Col()+1, c.pick(26, 24)))
	return l.Text(kit.Pick(k.W-l.Col(), said...)).String()
}

// groupSaid tells of a batch that holds messages of a group, in fewer and fewer
// words: it runs, failed by the group's own message, or by that of another.
func (c *Ctx) groupSaid(r *Receipt, group int) []string {
	batch := "batch " + itoa(int(r.Batch))
	if r.Poller != nil && r.Poller.Phase == engine.PollerThrottled {
		return []string{batch + " throttled"}
	}
	if r.Poller != nil {
		return []string{batch + " runs"}
	}
	own := len(r.Hits) == 0 || slices.ContainsFunc(r.Hits, func(id int32) bool { return int(c.S.Message(id).Group) == group })
	if !own {
		other := c.S.GroupName(r.Hits[0])
		return []string{"shared " + batch + " with " + other + ", waits with it", "waits with " + other}
	}
	nth := itoa(int(r.Receives))
	if q := c.queue(); q.DeadLetterQueue != "" {
		nth += "/" + itoa(q.MaxReceiveCount)
	}
	hidden := Secs(r.Until - c.S.Now())
	return []string{batch + " failed, hidden " + hidden + ", receive " + nth, batch + " failed, hidden " + hidden + ", " + nth, "failed, hidden " + hidden}
}

// Pollers draws pane 2 where the source is a queue.
func Pollers(c *Ctx, k ViewState) Body {
	b := Body{Title: "2 Pollers (no iterator)"}
	if c.Boxed {
		if k.Filter == "" {
			b.Title = "2 Pollers · " + c.config().ID + " (queues have no iterator)"
		}
		b.add(-1, line(c, k.W, false).Add(kit.Dim, "poller  doing now                       ends").String())
	}
	rows := c.pollerRows()
	b.Count, b.Note = len(rows), k.note("")
	last := k.H - 1
	shown := c.Visible(2, k.Filter)
	for _, i := range shown[window(len(shown), last-len(b.Rows), k.Top, at(shown, k.Sel)):] {
		if len(b.Rows) < last {
			b.add(i, c.pollerLine(&rows[i], k.W, k.Sel == i))
		}
	}
	for len(b.Rows) < last {
		b.add(-1, kit.Blanks(k.W))
	}
	if last >= 0 {
		foot := "running " + kit.Thousands(int(c.mapping().Polls.Target)) + "   ceiling " + kit.Thousands(c.S.Ceiling(c.M))
		b.add(Extra, line(c, k.W, k.Sel == Extra).Text(kit.Pick(k.W-1, foot+" ("+c.ceilingBy()+")", foot)).String())
	}
	return b
}

// ceilingBy says what sets the most pollers that there may be.
func (c *Ctx) ceilingBy() string {
	switch m := c.mapping(); {
	case m.MaximumPollers > 0:
		return "MaximumPollers " + kit.Thousands(m.MaximumPollers)
	case m.MaximumConcurrency > 0:
		return "MaximumConcurrency"
	case c.S.Config().Limits == "":
		return "limits: current"
	}
	return "limits: " + c.S.Config().Limits
}

func (c *Ctx) pollerLine(r *pollerRow, w int, selected bool) string {
	l := line(c, w, selected).Add(kit.Strong, r.who()).To(9)
	l.Add(r.style, kit.Cut(r.text, w-9-8))
	return l.Right(kit.Plain, stamp(r.ends)+" s", min(w, 47)).String()
}

// who names the pollers of a row: "2 3 4 5", of many "2-50".
func (r *pollerRow) who() string {
	if r.to-r.from > 4 || r.to > 9 && r.to > r.from+1 {
		return itoa(r.from+1) + "-" + itoa(r.to)
	}
	text := itoa(r.from + 1)
	for i := r.from + 1; i < r.to; i++ {
		text += " " + itoa(i+1)
	}
	return text
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
	if c.S.ReadDenied(c.M) != "" {
		return "denied", engine.Never, kit.Bad
	}
	return kit.Pick(c.pick(30, 12), "long poll, 20 s", "long poll"), c.S.PollEnds(p), kit.Plain
}

// QueueBatches draws pane 3 where the source is a queue: batches in hand, and
// those that failed and wait hidden.
func QueueBatches(c *Ctx, k ViewState) Body {
	b := Body{Title: "3 Batches → " + c.functionConfig().ID}
	list := Receipts(c.S, c.M, c.History.Log)
	b.Count = len(list)
	foot := 1
	if c.Boxed && k.H >= 4 {
		foot = 2
	}
	room := k.H - foot
	shown := c.Visible(3, k.Filter)
	b.Note = k.note("")
	spare := 0 // rows for lists of messages
	if c.Boxed {
		spare = max(0, room-len(shown))
	}
	for _, i := range shown[window(len(shown), room, k.Top, at(shown, k.Sel)):] {
		r := &list[i]
		if len(b.Rows) >= room {
			break
		}
		b.add(i, c.receiptBatch(r, k.W, k.Sel == i))
		if spare > 0 && c.tells(r) {
			spare--
			b.add(i, c.receiptList(r, k.W))
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

// receiptBatch is the row of a batch.
func (c *Ctx) receiptBatch(r *Receipt, w int, selected bool) string {
	l := line(c, w, selected).Add(kit.Strong, itoa(int(r.Batch))).Text(" ").To(c.pick(4, 3))
	status, style := c.receiptStatus(r)
	words := kit.Count(len(r.Messages), "message") + " " + spanOf(c.S, r.Messages, " … ")
	if !c.Boxed {
		words = itoa(len(r.Messages)) + " msg  " + spanOf(c.S, r.Messages, "…")
	}
	return l.Text(words).Text(" ").To(c.pick(29, 20)).Add(style, status).String()
}

// tells says whether the list of a batch's messages holds more than its first
// and its last: which one failed, or a gap.
func (c *Ctx) tells(r *Receipt) bool {
	for i, id := range r.Messages {
		if i > 0 && c.S.Message(id).N != c.S.Message(r.Messages[i-1]).N+1 {
			return true
		}
	}
	return len(r.Hits) > 0
}

// receiptList lists the messages of a batch, with those that failed it.
func (c *Ctx) receiptList(r *Receipt, w int) string {
	l := line(c, w, false).To(4)
	for j, id := range r.Messages {
		if l.Col()+8 > w && j < len(r.Messages)-1 {
			return l.Add(kit.Dim, "… +"+itoa(len(r.Messages)-j)).String()
		}
		if slices.Contains(r.Hits, id) {
			l.Add(kit.Bad, "X"+itoa(int(c.S.Message(id).N)))
		} else {
			l.Text(itoa(int(c.S.Message(id).N)))
		}
		l.Text(" ")
	}
	return l.String()
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
		text := progress(now-p.Since, p.Due-p.Since)
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
func DeadLetters(c *Ctx, k ViewState) Body {
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
		ends := days(Dur(engine.Micros(q.MessageRetentionPeriod)*engine.Second), q.MessageRetentionPeriod)
		return say(append(c.neverFires(), "A message that fails is received again and again, until its retention ("+ends+") ends.", kit.Say("{failures} sets a DLQ"))...)
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
		return say(append(append(c.neverFires(), text...), c.nextDead()...)...)
	}
	say(kit.Pick(k.W-2, kit.Count(len(list), "message")+kit.Say(" in it; a redrive brings them back ({menu})"), kit.Count(len(list), "message")+kit.Say(" in it; {menu} redrives them")))
	shown := c.Visible(4, k.Filter)
	b.Note = k.note("")
	for _, i := range shown[window(len(shown), k.H-1, k.Top, at(shown, k.Sel)):] {
		if len(b.Rows) < k.H {
			b.add(i, c.deadRow(list[i], k.W, k.Sel == i))
		}
	}
	return b
}

// blame tells why a message of the DLQ came there: it made its batch fail, or
// another did and it went with that one.
func (c *Ctx) blame(id int32) (text string, style kit.Style) {
	log := c.History.Log
	for i := len(log) - 1; i >= 0; i-- {
		e := &log[i]
		switch {
		case e.Kind != engine.KindReturn || e.Source >= 0 || len(e.Failed) == 0 || !slices.Contains(e.Records, id):
		case slices.Contains(e.Failed, id):
			return "X it made its batch fail", kit.Bad
		default:
			return "good, went with " + Short(c.S, e.Failed[0]), kit.Dim
		}
	}
	return "failed " + times(int(c.S.Message(id).Failures)), kit.Plain
}

func (c *Ctx) deadRow(id int32, w int, selected bool) string {
	m := c.S.Message(id)
	l := line(c, w, selected).Add(kit.Strong, c.S.MessageLabel(id)).Text("  ")
	why, style := c.blame(id)
	room := w - l.Col() - 9
	if head := "received " + times(int(m.Receives)) + "  "; len(head)+kit.Width(why) <= room {
		l.Text(head)
	}
	return l.Add(style, kit.Cut(why, room)).Right(kit.Dim, stamp(m.At), w-1).String()
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
	list := Receipts(c.S, c.M, c.History.Log)
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
