package pane

import (
	"slices"
	"strings"

	"esmlab/engine"
	"esmlab/ui/kit"
)

// Batch is one item of pane 3: a batch under way, a piece of a split batch that
// waits its turn, or records being gathered.
type Batch struct {
	Shard, Lane int
	Number      int32 // 0: still being gathered
	Records     []int32
	InHand      bool // the piece that goes next
	// Window is a tumbling window: the lane's open one, or the last one, which
	// batch Number closed as its final call. Calls counts the calls in an open one.
	Window *engine.Window
	Calls  int
	l      *engine.Lane
	part   *engine.Part
}

// Batches lists the batches of the mapping shown, shard by shard.
func (c *Ctx) Batches() []Batch {
	if c.batches == nil {
		c.batches = c.listBatches()
	}
	return c.batches
}

func (c *Ctx) listBatches() []Batch {
	out := []Batch{}
	m := c.mapping()
	for i := range m.Iterators {
		for k := range m.Iterators[i].Lanes {
			l := &m.Iterators[i].Lanes[k]
			if l.Phase == engine.PhaseGather {
				out = append(out, Batch{Shard: i, Lane: k, Records: l.Waiting(), l: l})
			}
			for p := len(l.Parts) - 1; p >= 0; p-- {
				part := &l.Parts[p]
				out = append(out, Batch{Shard: i, Lane: k, Number: part.Batch, Records: l.Records[part.Lo:part.Hi],
					InHand: p == len(l.Parts)-1, l: l, part: part})
			}
			if l.Phase == engine.PhaseIdle && len(m.Iterators[i].Lanes) > 1 {
				out = append(out, Batch{Shard: i, Lane: k, l: l})
			}
			if m.TumblingWindowInSeconds > 0 {
				out = c.withWindow(out, Batch{Shard: i, Lane: k, l: l})
			}
		}
	}
	return out
}

// withWindow adds the tumbling window of a lane, where it has or had one.
func (c *Ctx) withWindow(out []Batch, b Batch) []Batch {
	if w, calls, open := b.l.Tumble(); open {
		b.Window, b.Calls = &w, calls
		return append(out, b)
	}
	log := c.History.Log
	for i := len(log) - 1; i >= 0 && i > len(log)-600; i-- {
		e := &log[i]
		if e.Kind == engine.KindReturn && int(e.Mapping) == c.M && int(e.Shard) == b.Shard && int(e.Lane) == b.Lane && e.Window() != nil && e.Window().Final {
			b.Window, b.Number = e.Window(), e.Batch
			return append(out, b)
		}
	}
	return out
}

// windowRow describes a tumbling window: its bounds, the state last returned, how
// many calls it has had, or which one was final.
func (c *Ctx) windowRow(b *Batch, w int, selected bool) string {
	at := func(us int64) string { return stamp(engine.Micros(us - c.S.Config().Start)) }
	l := line(c, w, selected).Add(kit.Info, "w").PadTo(c.pick(4, 3))
	span := at(b.Window.Start) + "–" + instant(engine.Micros(b.Window.End-c.S.Config().Start))
	l.Text(kit.Pick(w/2, "shard "+itoa(b.Shard)+"  window "+span, "window "+span)).Text("  ")
	calls := kit.Count(b.Calls, "call") + " so far"
	switch {
	case b.Number > 0:
		calls = "final: batch " + itoa(int(b.Number))
	case b.Window.Final:
		calls = "the final call is under way"
	}
	state := b.Window.State
	return l.Text(kit.Pick(w-l.Col()-1, calls+"  "+state, state, calls)).String()
}

// laneRow describes one lane of a shard that has several: its keys, records and
// state.
func (c *Ctx) laneRow(b *Batch, w int, selected bool) string {
	l := line(c, w, selected).Add(kit.Strong, itoa(b.Shard)+"."+itoa(b.Lane)).Text(" ").PadTo(c.pick(6, 5))
	status, style := c.batchStatus(b, c.pick(0, 2))
	switch {
	case b.part == nil && len(b.Records) == 0:
		return l.Add(kit.Dim, "idle").String()
	case b.part == nil:
		status, style = "gathers", kit.Dim
	case b.l.Blocked && b.InHand:
		word := "■ BLOCKED"
		if c.Long {
			word = "■ BLOCKED, failed"
		}
		status = strings.Replace(status, "■ FAILED", word, 1)
		if b.l.Phase == engine.PhaseRunning {
			status, style = "■ BLOCKED "+status, kit.Bad
		}
	}
	var keys []string
	st := c.stream()
	for _, n := range b.Records {
		if !st.Records.Holds(int(n) - 1) {
			continue // done long ago, of a batch that is not
		}
		if k := st.KeyOf(st.Records.At(int(n) - 1)); k != "" && !slices.Contains(keys, k) {
			keys = append(keys, k)
		}
	}
	text := strings.Join(keys[:min(3, len(keys))], " ")
	if n := len(keys) - 3; n > 0 {
		text += " +" + itoa(n)
	}
	short := itoa(len(b.Records)) + " rec  "
	head := text + "  " + short
	if c.Long {
		head = kit.Pick(w/2, text+"  "+kit.Count(len(b.Records), "record")+"  ", head)
	}
	if b.Number > 0 {
		head += "batch " + itoa(int(b.Number)) + "  "
	}
	l.Text(kit.Pick(max(1, w-l.Col()-kit.Width(status)), head, text+"  "+short, short))
	return l.Add(style, status).String()
}

// Subject is what the row of a batch is about.
func (b *Batch) Subject() Subject {
	at := Subject{Kind: KindBatch, Shard: int32(b.Shard), Lane: int32(b.Lane), N: int64(b.Number)}
	switch {
	case b.Window != nil:
		at.Kind, at.N = KindWindow, 0
	case b.part == nil && b.l.Phase == engine.PhaseIdle:
		at.Kind = KindLane
	}
	return at
}

// Batch finds the batch, lane or window that a row of pane 3 is about; nil if it
// is no longer there.
func (c *Ctx) Batch(about Subject) *Batch {
	list := c.Batches()
	if i := slices.IndexFunc(list, func(b Batch) bool { return b.Subject() == about }); i >= 0 {
		return &list[i]
	}
	return nil
}

// The rows below the batches: how the last ones ended, and the function.
var (
	outcomes    = Subject{Kind: KindOutcomes}
	theFunction = Subject{Kind: KindFunction}
)

// batchesFoot lists the rows below n batches that fit into h rows. Where not even the
// batches have room there are fewer.
func (c *Ctx) batchesFoot(h, n int) []Subject {
	switch {
	case h < 1:
		return nil
	case c.Long && h >= 4 && n <= h:
		return []Subject{outcomes, theFunction}
	}
	return []Subject{theFunction}
}

// addFoot adds the rows below the batches, at the bottom of pane 3. With none there
// are no batches, and the pane says so.
func (c *Ctx) addFoot(b *Body, k *ViewState, foot []Subject, none bool) {
	if room := k.H - len(foot); none && room > 0 {
		b.add(Subject{}, line(c, k.W, false).Add(kit.Dim, "no batch now").String())
	}
	if spare := k.H - len(foot) - len(b.Rows); spare > 1 && k.W >= 40 {
		c.addEnded(b, k.W, spare)
	}
	for len(b.Rows) < k.H-len(foot) {
		b.add(Subject{}, kit.Blanks(k.W))
	}
	for _, about := range foot {
		if about == outcomes {
			b.add(about, c.lastRow(k.W, k.Sel == about))
		} else {
			b.add(about, c.functionRow(k.W, k.Sel == about))
		}
	}
}

// drawBatches draws pane 3 of a stream: the batches, and the function that gets them.
func drawBatches(c *Ctx, k ViewState) Body {
	list := c.Batches()
	b := Body{Title: "3 Batches → " + c.functionConfig().ID, Note: k.note("")}
	wide := batchColumns{shard: 9, head: 30}
	shown := matching(len(list), k.Filter, func(i int) string { return c.batchRow(&list[i], 200, false, &wide) + c.recordsRow(&list[i], 200) })
	foot := c.batchesFoot(k.H, len(shown))
	if len(shown) > k.H-len(foot) {
		shown = worstFirst(list, shown)
	}
	b.list(&k, nil, subjects(shown, func(i int) Subject { return list[i].Subject() }), foot)
	room, each := k.H-len(foot), 1
	if 2*max(len(shown), c.batchSlots()) <= room && c.recordRows() {
		each = 2
	}
	from, to := b.scroll(&k, room/each)
	cols := c.batchColumns(list, shown[from:to], k.W)
	for _, i := range shown[from:to] {
		about := list[i].Subject()
		b.item(about, c.batchRow(&list[i], k.W, k.Sel == about, &cols))
		if each == 2 {
			b.add(about, c.recordsRow(&list[i], k.W))
		}
	}
	if c.lanes() > 1 {
		b.Legend = "shard.lane  keys  records  state"
	}
	c.addFoot(&b, &k, foot, len(list) == 0)
	return b
}

func (c *Ctx) pick(long, short int) int {
	if c.Long {
		return long
	}
	return short
}

func times(n int) string {
	if n == 1 {
		return "once"
	}
	return itoa(n) + " times"
}

func (c *Ctx) recordsRow(b *Batch, w int) string {
	l := line(c, w, false).PadTo(13)
	for i, n := range b.Records {
		if i > 0 {
			l.Text(" ")
		}
		if l.Col()+len(itoa(int(n)))+8 > w && i < len(b.Records)-1 {
			return l.Add(kit.Dim, "… +"+itoa(len(b.Records)-i)).String()
		}
		if failedIn(b.l, n) && b.InHand {
			l.Add(kit.Bad, "X"+itoa(int(n)))
		} else {
			l.Text(itoa(int(n)))
		}
	}
	return l.String()
}

// mostEnded is how many calls that ended have a row.
const mostEnded = 24

// ended are the calls that ended last, newest first, at most mostEnded.
func (c *Ctx) ended() []*engine.Event {
	out := make([]*engine.Event, 0, mostEnded)
	log := c.History.Log
	for i, looked := len(log)-1, 0; i >= 0 && looked < recentEvents && len(out) < mostEnded; i, looked = i-1, looked+1 {
		if e := &log[i]; e.Kind == engine.KindReturn && int(e.Mapping) == c.M {
			out = append(out, e)
		}
	}
	return out
}

// addEnded adds rows for the calls that ended last, below a heading.
func (c *Ctx) addEnded(b *Body, w, rows int) {
	list := c.ended()
	list = list[:min(len(list), rows-1)]
	if len(list) > 0 {
		b.add(Subject{}, line(c, w, false).Add(kit.Dim, "calls that ended, newest first").String())
	}
	for _, e := range list {
		word, style := "✓ ok", kit.Good
		switch e.Outcome {
		case engine.OutcomeOK:
		case engine.OutcomePartial:
			word, style = "■ in part", kit.Bad
		default:
			word, style = "■ failed", kit.Bad
		}
		n, span := len(e.Records), ""
		place := "shard " + itoa(int(e.Shard))
		if c.OnQueue() {
			place, span = "poller "+itoa(int(e.Poller)+1), Span(c.S, e.Records, " … ")
		} else if n > 0 {
			if span = Num(e.Records[0]); n > 1 {
				span += " … " + Num(e.Records[n-1])
			}
		}
		l := line(c, w, false).Add(kit.Dim, itoa(int(e.Batch))).Text(" ").PadTo(c.pick(4, 3))
		l.Add(kit.Dim, kit.Pick(max(1, w/2-4), place+"  "+kit.Count(n, c.pickText("record", "message"))+" "+span, place+"  "+span, span)).Text(" ").PadTo(max(l.Col(), w/2))
		l.Add(style, word)
		if after := " after " + Millis(e.At2); l.Col()+len(after)+8 < w {
			l.Add(kit.Dim, after)
		}
		l.Right(kit.Dim, stamp(e.At), w-1)
		b.add(Subject{}, l.String())
	}
}

// lastRow lists how the last batches ended, newest first.
func (c *Ctx) lastRow(w int, selected bool) string {
	l := line(c, w, selected).Add(kit.Dim, "last:")
	log := c.History.Log
	for i, looked := len(log)-1, 0; i >= 0 && looked < 400; i, looked = i-1, looked+1 {
		e := &log[i]
		if int(e.Mapping) != c.M {
			continue
		}
		word, style := "", kit.Good
		switch {
		case e.Kind == engine.KindReturn && e.Outcome == engine.OutcomeOK:
			word = "ok"
		case e.Kind == engine.KindReturn && e.Outcome == engine.OutcomePartial:
			word = "in part"
		case e.Kind == engine.KindBisect:
			word, style = "split", kit.Busy
		case e.Kind == engine.KindDiscard:
			word, style = "given up", kit.Bad
		default:
			continue
		}
		text := itoa(int(e.Batch)) + " " + word
		gap := "  "
		if l.Col() < 7 {
			gap = " "
		}
		if l.Col()+len(gap)+len(text) > w {
			break
		}
		l.Text(gap).Add(style, text)
	}
	if l.Col() < 7 {
		l.Text(" ").Add(kit.Dim, kit.Pick(w-8, "none yet: each call that ends stands here, with how it ended", "none yet"))
	}
	return l.String()
}

// Progress says how much of a duration has passed, in the unit of the whole:
// "100 of 200 ms", "1.9 of 60 s".
func Progress(took, whole engine.Micros) string {
	text := tenthsOrWhole(took * 10 / engine.Millisecond)
	if whole >= 2*engine.Second {
		text = tenths(took * 10 / engine.Second)
	}
	return text + " of " + Millis(whole)
}

// atOnce is how many invocations the mapping can have under way at most.
func (c *Ctx) atOnce() int {
	most := int(c.mapping().Polls.Target)
	if !c.OnQueue() {
		most = len(c.stream().Shards) * c.lanes()
	}
	if f := c.function(); f.Reserved >= 0 {
		most = min(most, f.Reserved)
	}
	return most
}

func (c *Ctx) functionRow(w int, selected bool) string {
	f := c.function()
	l := line(c, w, selected)
	most := c.atOnce()
	gap, words := "  ", [2]string{"errors ", "throttles "}
	counts := len("ok errors throttles ") + 3*len(gap) + len(kit.Thousands(int(f.OK))) + len(kit.Thousands(int(f.Errors))) + len(kit.Thousands(int(f.Throttles)))
	inIt := itoa(int(f.Running)) + " of " + itoa(most)
	if id := c.functionConfig().ID; c.Long && len(id)+len(inIt)+counts+len("Function    in it now    ") <= w {
		l.Text("Function ").Add(kit.Strong, id).Text("   in it now " + inIt + "   ")
	} else {
		run := "  in it " + inIt + gap
		if len(id)+len(run)+counts > w { // the counts are never cut: how many can run goes first, then the gaps, then what runs now
			run = "  in it " + itoa(int(f.Running)) + gap
		}
		if len(id)+len(run)+counts > w {
			counts, gap, run = counts-3, " ", " in it "+itoa(int(f.Running))+" "
		}
		if len(id)+len(run)+counts > w {
			run = " "
		}
		l.Add(kit.Strong, id).Text(run)
		if l.Col()+counts-1 > w { // in a very narrow pane words are short, but every number is there
			words = [2]string{"err ", "thr "}
		}
	}
	errors, throttles := kit.Plain, kit.Plain
	if f.Errors > 0 {
		errors = kit.Bad
	}
	if f.Throttles > 0 {
		throttles = kit.Bad
	}
	return l.Text("ok "+kit.Thousands(int(f.OK))+gap).Add(errors, words[0]+kit.Thousands(int(f.Errors))).
		Text(gap).Add(throttles, words[1]+kit.Thousands(int(f.Throttles))).String()
}
