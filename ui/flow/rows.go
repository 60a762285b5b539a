package flow

import (
	"slices"
	"strconv"

	"esmlab/engine"
	"esmlab/ui/kit"
	"esmlab/ui/pane"
)

func itoa(n int) string { return strconv.Itoa(n) }

// row is what one line shows at rest.
type row struct {
	key   int32
	has   func(int32) bool // whether events of a key are drawn on it
	label string
	sign  string
	style kit.Style
	waits int
	full  int    // so many that wait fill the pipe: four batches
	place string // beside ▲; "-": this line has no place of its own
	held  held
	// what is in the function: batches, their records, the time of the one that ends
	// first
	running, records int
	since, due       engine.Micros
	done, gone       int64
	showGone         bool
}

// held is what stands where batches are: one that waits for its next try, one that is
// gathered, messages that are hidden.
type held struct {
	parts  [][]byte // a byte for each record: '.' gathered, 'v' in the batch, 'X' failed
	notes  []string // in fewer and fewer words
	style  kit.Style
	failed bool // it came back from the function
	waits  bool // what follows does not flow: the pipe is dotted up to the end
}

func (h *held) size() (records, cells int) {
	for _, p := range h.parts {
		records += len(p)
	}
	return records, records + 2*max(0, len(h.parts)-1)
}

// All reports whether one line is enough for everything.
func every(int32) bool { return true }

// rows gives the lines for a height: one for each shard or message group, the blocked
// ones first, and one for all that are left.
func (l *Line) rows(c *pane.Ctx, n int) []row {
	switch {
	case n < 1:
		return nil
	case !c.OnQueue():
		return l.shardRows(c, n)
	case c.S.Queues[c.S.QueueOf(c.M)].FIFO:
		return l.groupRows(c, n)
	}
	return l.queueRows(c, n)
}

func (l *Line) shardRows(c *pane.Ctx, n int) []row {
	m := &c.S.Mappings[c.M]
	shards := len(c.S.Streams[c.S.SourceOf(c.M)].Shards)
	var shown []int
	switch {
	case shards <= n && shards <= 3:
		for i := range shards {
			shown = append(shown, i)
		}
	case n > 1:
		for i := range m.Iterators {
			if m.Iterators[i].Blocked() && len(shown) < min(3, n)-1 {
				shown = append(shown, i)
			}
		}
	}
	var out []row
	for _, i := range shown {
		r := l.sum(c, []int{i})
		r.key, r.label, r.has = int32(i), itoa(i), func(key int32) bool { return key == int32(i) }
		r.sign, _, r.style = c.Status(i)
		r.place = "caught up"
		if next := c.S.NextRecord(c.M, i); next > 0 {
			r.place = pane.Num(next)
		} else if !m.Started() {
			r.place = ""
		}
		out = append(out, r)
	}
	if len(shown) == shards {
		return out
	}
	var rest []int
	for i := range shards {
		if !slices.Contains(shown, i) {
			rest = append(rest, i)
		}
	}
	r := l.sum(c, rest)
	r.key, r.label, r.has = -2, "all", func(key int32) bool { return !slices.Contains(shown, int(key)) }
	if len(shown) > 0 {
		r.label = "+" + itoa(len(rest))
	}
	return append(out, r)
}

// sum is the line of some shards.
func (l *Line) sum(c *pane.Ctx, shards []int) row {
	s, m := c.S, &c.S.Mappings[c.M]
	r := row{sign: "●", style: kit.Good, full: 4 * m.BatchSize * max(1, len(shards))}
	blocked, worst, gathers := 0, (*engine.Lane)(nil), (*engine.Lane)(nil)
	for _, i := range shards {
		if i >= len(m.Iterators) {
			continue
		}
		it := &m.Iterators[i]
		if it.Blocked() {
			blocked++
		}
		for k := range it.Lanes {
			ln := &it.Lanes[k]
			switch ln.Phase {
			case engine.PhaseRunning:
				_, records := ln.Part()
				r.running++
				r.records += len(records)
				if r.running == 1 || ln.Due < r.due {
					r.since, r.due = ln.Since, ln.Due
				}
			case engine.PhaseWaiting, engine.PhaseThrottled:
				if worst == nil || ln.Due < worst.Due {
					worst = ln
				}
			case engine.PhaseGather:
				if gathers == nil || len(ln.Waiting()) > len(gathers.Waiting()) {
					gathers = ln
				}
			}
		}
	}
	for _, i := range shards {
		r.waits += waits(c, i)
		end := l.endings.of(c, i)
		r.done += end.done
		r.gone += end.gone
	}
	if unseen := l.endings.unseen(c); unseen > 0 {
		if r.done = max(0, r.done-unseen); len(shards) < len(s.Streams[s.SourceOf(c.M)].Shards) {
			r.done = -1 // of which shard they were is no longer known
		}
	}
	if m.State != engine.Enabled && m.State != engine.Updating || c.S.ReadDenied(c.M) != "" {
		r.sign, r.style = "○", kit.Dim
	}
	switch {
	case worst != nil:
		r.held = waiting(c, worst)
		r.held.waits = r.running == 0
		if blocked > 1 {
			r.held.notes = append([]string{"■ " + itoa(blocked) + " of " + itoa(len(shards)) + " blocked, the next try in " + pane.Secs(worst.Due-s.Now()), "■ " + itoa(blocked) + " blocked, " + pane.Secs(worst.Due-s.Now())}, r.held.notes...)
		}
	case gathers != nil && r.running == 0:
		n := len(gathers.Waiting())
		if n > 0 {
			r.held = held{parts: [][]byte{repeat('.', n)}, style: kit.Dim, notes: []string{itoa(n) + " of " + itoa(m.BatchSize) + " gathered", itoa(n) + " of " + itoa(m.BatchSize)}}
		}
	}
	if blocked > 0 {
		r.sign, r.style = "■", kit.Bad
	}
	r.showGone = blocked > 0 || r.gone > 0
	return r
}

// waits counts the records of a shard that are not finished and in no batch.
func waits(c *pane.Ctx, shard int) int {
	n := pane.Unfinished(c.S, c.M, shard)
	if its := c.S.Mappings[c.M].Iterators; shard < len(its) {
		for i := range its[shard].Lanes {
			for _, p := range its[shard].Lanes[i].Parts {
				n -= int(p.Hi - p.Lo)
			}
		}
	}
	return max(0, n)
}

func repeat(sign byte, n int) []byte {
	out := make([]byte, n)
	for i := range out {
		out[i] = sign
	}
	return out
}

// waiting is a batch that waits for its next try: its pieces, the next one first.
func waiting(c *pane.Ctx, l *engine.Lane) held {
	h := held{style: kit.Bad, failed: l.Phase == engine.PhaseWaiting}
	for i := len(l.Parts) - 1; i >= 0; i-- {
		p := &l.Parts[i]
		marks := repeat('v', int(p.Hi-p.Lo))
		for k := range marks {
			if slices.Contains(l.FailedRecords, l.Records[int(p.Lo)+k]) {
				marks[k] = 'X'
			}
		}
		h.parts = append(h.parts, marks)
	}
	left := pane.Secs(l.Due - c.S.Now())
	word := "final call, again" // of a window: it has no records
	if len(l.Parts) > 0 {
		word = "try " + itoa(int(l.Parts[len(l.Parts)-1].Tries)+1)
	}
	if !h.failed {
		word = "throttled, again"
	}
	h.notes = []string{"■ " + word + " in " + left, "■ " + left, "■"}
	return h
}

// queueRows gives the line of a queue, and one for what is hidden after a failure.
func (l *Line) queueRows(c *pane.Ctx, n int) []row {
	q := &c.S.Queues[c.S.QueueOf(c.M)]
	r := l.queueRow(c, pane.Receipts(c.S, c.M, c.History.Log), nil)
	r.waits, r.done, r.gone = int(q.Visible+q.Delayed), q.Deleted, q.Moved
	l.count(c, &r)
	r.key, r.has = -1, every
	hidden := r.held.failed
	r.showGone = hidden || r.gone > 0
	if !hidden || n == 1 {
		return []row{r}
	}
	h := row{key: -3, has: every, sign: "▲", style: kit.Bad, place: "-", held: r.held, gone: r.gone, done: -1, showGone: true}
	h.held.waits = true
	r.held, r.showGone, r.sign, r.style = held{}, false, "●", kit.Good
	r.has = func(key int32) bool { return true }
	return []row{r, h}
}

// count counts the pollers at work: there may be more of them than receives are listed.
func (l *Line) count(c *pane.Ctx, r *row) {
	polls := &c.S.Mappings[c.M].Polls
	r.running, r.records = 0, 0
	busy := 0
	for i := range polls.Slots {
		p := &polls.Slots[i]
		if p.Phase == engine.PollerWaits {
			continue
		}
		if busy++; p.Phase != engine.PollerRuns {
			continue
		}
		if r.running++; r.running == 1 || p.Due < r.due {
			r.since, r.due = p.Since, p.Due
		}
		r.records += len(p.Records)
	}
	r.place = itoa(busy) + " of " + itoa(max(busy, int(polls.Target))) // those that are to end finish their batch first
	r.held.waits = r.held.waits && r.running == 0
}

// queueRow is the line of some receives: those that keep holds of.
func (l *Line) queueRow(c *pane.Ctx, list []pane.Receipt, keep func(*pane.Receipt) bool) row {
	m, q := &c.S.Mappings[c.M], &c.S.Queues[c.S.QueueOf(c.M)]
	r := row{sign: "●", style: kit.Good, full: 4 * m.BatchSize}
	if m.State != engine.Enabled && m.State != engine.Updating || c.S.ReadDenied(c.M) != "" {
		r.sign, r.style = "○", kit.Dim
	}
	busy, worst := 0, (*pane.Receipt)(nil)
	for i := range list {
		x := &list[i]
		if keep != nil && !keep(x) {
			continue
		}
		switch {
		case x.Poller == nil && !x.Failed: // received, and in no batch any more
		case x.Poller == nil || x.Poller.Phase == engine.PollerThrottled:
			if worst == nil || x.Until < worst.Until {
				worst = x
			}
		case x.Poller.Phase == engine.PollerRuns:
			busy++
			if r.running++; r.running == 1 || x.Poller.Due < r.due {
				r.since, r.due = x.Poller.Since, x.Poller.Due
			}
			r.records += len(x.Poller.Records)
		case x.Poller.Phase == engine.PollerGathers:
			busy++
			if worst == nil && r.held.parts == nil {
				n := len(x.Poller.Records)
				r.held = held{parts: [][]byte{repeat('.', n)}, style: kit.Dim, notes: []string{itoa(n) + " of " + itoa(m.BatchSize) + " gathered", itoa(n) + " of " + itoa(m.BatchSize)}}
			}
		}
	}
	r.place = itoa(busy) + " of " + itoa(int(m.Polls.Target))
	if worst == nil {
		return r
	}
	marks := repeat('^', len(worst.Messages))
	for i, id := range worst.Messages {
		if slices.Contains(worst.FailedMessages, id) {
			marks[i] = 'X'
		}
	}
	left := pane.Secs(worst.Until - c.S.Now())
	nth := itoa(int(worst.Receives))
	if q.DeadLetterQueue != "" {
		nth += " of " + itoa(q.MaxReceiveCount)
	}
	r.sign, r.style = "▲", kit.Bad
	r.held = held{parts: [][]byte{marks}, style: kit.Bad, failed: true, waits: r.running == 0, notes: []string{"▲ hidden " + left + ", receive " + nth, "▲ hidden " + left, "▲ " + left, "▲"}}
	if worst.Poller != nil {
		left = pane.Secs(worst.Poller.Due - c.S.Now())
		r.held.notes = []string{"▲ throttled, again in " + left, "▲ throttled", "▲"}
	}
	return r
}

// name is the label of a message group: its first signs, those of one cell.
func name(s string) string {
	out := []rune(kit.Cut(s, 6))
	for i, r := range out {
		if kit.Width(string(r)) != 1 {
			out[i] = '?'
		}
	}
	return string(out)
}

// groupRows gives a line for each message group, those that are locked first.
func (l *Line) groupRows(c *pane.Ctx, n int) []row {
	qi := c.S.QueueOf(c.M)
	q := &c.S.Queues[qi]
	list := pane.Receipts(c.S, c.M, c.History.Log)
	var groups []engine.GroupID
	for _, g := range q.Groups {
		if x := &c.S.Groups[g]; x.Visible+x.Delayed+x.InFlight > 0 {
			groups = append(groups, g)
		}
	}
	// what failed stays first, then what the function works on, then what is free
	failed := map[engine.GroupID]bool{}
	for i := range list {
		if list[i].Failed && list[i].Poller == nil {
			for _, id := range list[i].Messages {
				failed[c.S.Message(id).Group] = true
			}
		}
	}
	rank := func(g engine.GroupID) int {
		switch {
		case failed[g]:
			return 0
		case c.S.Groups[g].Locked():
			return 1
		}
		return 2
	}
	slices.SortStableFunc(groups, func(a, b engine.GroupID) int { return rank(a) - rank(b) })
	each := min(len(groups), n, 3)
	if each < len(groups) {
		each = min(n, 3) - 1
	}
	if n == 1 {
		each = 0
	}
	var out []row
	shown := map[engine.GroupID]bool{}
	for _, g := range groups[:each] {
		shown[g] = true
		x := &c.S.Groups[g]
		r := l.queueRow(c, list, func(r *pane.Receipt) bool {
			return slices.ContainsFunc(r.Messages, func(id int32) bool { return c.S.Message(id).Group == g })
		})
		r.key, r.label, r.has = int32(g), name(x.Name), func(key int32) bool { return key == int32(g) }
		r.waits, r.done, r.showGone = int(x.Visible+x.Delayed), -1, false
		r.place = "free"
		switch {
		case failed[g]:
			r.place, r.sign, r.style = "locked", "■", kit.Bad
		case x.Locked(): // as long as the function works on it
			r.place = "at work"
		}
		out = append(out, r)
	}
	if each == len(groups) && each > 0 {
		out[0].done, out[0].gone, out[0].showGone = q.Deleted, q.Moved, true
		return out
	}
	r := l.queueRow(c, list, func(r *pane.Receipt) bool {
		return slices.ContainsFunc(r.Messages, func(id int32) bool { return !shown[c.S.Message(id).Group] })
	})
	locked, held := 0, 0
	for _, g := range groups[each:] {
		x := &c.S.Groups[g]
		r.waits += int(x.Visible + x.Delayed)
		switch {
		case failed[g]:
			locked++
		case x.Locked():
			held++
		}
	}
	r.key, r.label, r.has = -2, "all", func(key int32) bool { return !shown[engine.GroupID(key)] }
	switch {
	case locked > 0:
		r.place = itoa(locked) + " locked"
		r.sign, r.style = "■", kit.Bad
	case held > 0:
		r.place = itoa(held) + " at work"
	default:
		r.place = itoa(len(groups)-each) + " free"
	}
	if each > 0 {
		r.label = "+" + itoa(len(groups)-each)
	}
	r.done, r.gone, r.showGone = q.Deleted, q.Moved, true
	return append(out, r)
}
