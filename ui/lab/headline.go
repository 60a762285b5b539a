package lab

import (
	"slices"
	"strconv"
	"strings"

	"esmlab/engine"
	"esmlab/ui/kit"
	"esmlab/ui/pane"
)

// headline is the row below the title: the worst thing that is true now.
type headline struct {
	sign  string
	style kit.Style
	text  []string // the same in fewer and fewer words
	right string
}

// news is how long an event is announced.
const news = 3 * engine.Second

// headRow draws the headline.
func (m *Lab) headRow() string {
	h := m.headline()
	l := kit.NewLine(m.screens.Theme, m.w)
	l.Text(" ").Add(h.style, h.sign).Text(" ")
	room := m.w - 3 - kit.Width(h.right) - 2
	if room < 20 {
		return l.Add(h.style, kit.Pick(m.w-4, h.text...)).String()
	}
	text := kit.Pick(room, h.text...)
	return l.Add(kit.Strong, text).Right(kit.Key, h.right, m.w-1).String()
}

// headline finds what to say first: what was given up in the last three seconds, what
// is blocked, what flows again, else how the run stands.
func (m *Lab) headline() headline {
	s := m.sim()
	blocked := pane.Blocked(s, m.at)
	other := m.blockedElsewhere()
	switch {
	case m.notice != "":
		return headline{"·", kit.Strong, []string{m.notice}, kit.WithKeys("{why} why")}
	case m.stale:
		return headline{"▲", kit.Busy, []string{kit.WithKeys("The file has changed. {over} reads it again; the run starts over."), kit.WithKeys("The file has changed: {over} reads it")}, kit.WithKeys("{over} again")}
	}
	if r := s.Stopped(); r != nil {
		return headline{"■", kit.Bad, []string{r.Error(), r.Message}, kit.WithKeys("{why} why")}
	}
	if m.queue() >= 0 {
		return m.queueHeadline(other)
	}
	if e := m.recent(func(e *engine.Event) bool { return e.Kind == engine.KindDiscard && int(e.Mapping) == m.at }); e != nil {
		return m.discardHeadline(e, blocked)
	}
	switch {
	case len(blocked) > 0:
		return m.blockedHeadline(blocked, other)
	case other != "":
		return headline{"■", kit.Bad, []string{other}, kit.WithKeys("{mapping} shows it")}
	}
	if e := m.recent(func(e *engine.Event) bool { return e.Kind == engine.KindUnblock && int(e.Mapping) == m.at }); e != nil && s.Mappings[m.at].State == engine.Enabled {
		return headline{"●", kit.Good, m.announce(e, true), kit.WithKeys("{why} why")}
	}
	return m.calmHeadline()
}

// recent is the newest event of the last three seconds that a condition holds
// for, nil where there is none.
func (m *Lab) recent(is func(*engine.Event) bool) *engine.Event {
	log, now := m.history().Log, m.tl.Now()
	for i := len(log) - 1; i >= 0 && now-log[i].At < news; i-- {
		if is(&log[i]) {
			return &log[i]
		}
	}
	return nil
}

// announce says what happened on a shard, and how many records of the mapping
// were given up and lost in all.
func (m *Lab) announce(e *engine.Event, free bool) []string {
	t := pane.TotalsOf(m.sim(), m.at)
	out := m.ctx().Narrator().Headline(e, free)
	for i := range out {
		out[i] += ". Given up: " + itoa(int(t.Discarded)) + ". Lost: " + itoa(int(t.Lost)) + "."
	}
	return out
}

func (m *Lab) discardHeadline(e *engine.Event, blocked []int) headline {
	if len(blocked) == 0 {
		return headline{"●", kit.Good, m.announce(e, true), kit.WithKeys("{why} why")}
	}
	return headline{"■", kit.Bad, m.announce(e, false), kit.WithKeys("{why} why")}
}

func (m *Lab) blockedHeadline(blocked []int, other string) headline {
	s := m.sim()
	shard := blocked[0]
	if sel := m.views[1].sel; sel.Kind == pane.KindShard && slices.Contains(blocked, int(sel.Shard)) {
		shard = int(sel.Shard)
	}
	l := s.ActiveLane(m.at, shard)
	part, records := l.Part()
	behind := pane.Unfinished(s, m.at, shard)
	what := pane.Culprits(l)
	if what == "" {
		what = "batch " + itoa(int(l.Root))
	}
	who := "SHARD " + itoa(shard) + " IS BLOCKED by " + what
	if n := len(s.Mappings[m.at].Iterators); len(blocked) > 1 {
		who = itoa(len(blocked)) + " OF " + itoa(n) + " SHARDS ARE BLOCKED, shard " + itoa(shard) + " by " + what
	} else if part != nil && len(records) == 1 && len(l.Records) > 1 && slices.Contains(l.FailedRecords, records[0]) {
		who = "SHARD " + itoa(shard) + " IS STILL BLOCKED, now by one record, " + pane.Num(records[0])
	} else if len(l.Parts) > 1 {
		who = "SHARD " + itoa(shard) + " IS BLOCKED by " + what + ", its batch split in " + itoa(len(l.Parts))
	}
	order := wait(behind) + " for it, in order."
	if n, all := pane.BlockedLanes(s, m.at, shard); n > 0 && n < all {
		who = itoa(n) + " OF " + itoa(all) + " LANES OF SHARD " + itoa(shard) + " BLOCKED, by " + what
		order = " of the shard" + wait(behind) + "; other keys go on."
	}
	try := ""
	if part != nil {
		switch l.Phase {
		case engine.PhaseWaiting:
			try = " Try " + itoa(int(part.Tries)+1) + " in " + pane.Secs(l.Due-s.Now()) + "."
		case engine.PhaseThrottled:
			who += " (throttled)"
			try = " Retried in " + pane.Secs(l.Due-s.Now()) + "."
		case engine.PhaseRunning:
			try = " Try " + itoa(int(part.Tries)) + " is under way."
		}
	}
	rest := m.otherShards()
	right := kit.WithKeys("{why} why")
	if other != "" {
		rest, right = " "+other, kit.WithKeys("{mapping} shows it")
	}
	waiting := kit.Thousands(behind) + wait(behind) + "."
	return headline{"■", kit.Bad, []string{
		who + ". " + kit.Count(behind, "record") + order + try + rest,
		who + ": " + waiting + try + rest,
		who + ": " + waiting + try,
		who + ": " + waiting,
		"SHARD " + itoa(shard) + " BLOCKED by " + what,
		"BLOCKED " + what,
	}, right}
}

func (m *Lab) otherShards() string {
	n, flow, one, wait := len(m.sim().Mappings[m.at].Iterators), 0, 0, 0
	for i := range n {
		switch {
		case m.sim().Mappings[m.at].Iterators[i].Blocked():
		case pane.Parent(m.sim(), m.at, i) >= 0:
			wait++
		default:
			flow, one = flow+1, i
		}
	}
	text := ""
	switch {
	case flow == 1 && n == 2:
		text = " Shard " + itoa(one) + " goes on."
	case flow == 1:
		text = " One goes on."
	case flow > 1:
		text = " The other " + itoa(flow) + " go on."
	}
	switch {
	case wait == 1:
		text += " One waits for its parent."
	case wait > 1:
		text += " " + itoa(wait) + " wait for their parents."
	}
	return text
}

// blockedElsewhere names a blocked shard of a mapping that is not shown.
func (m *Lab) blockedElsewhere() string {
	s := m.sim()
	for i := range s.Mappings {
		if i != m.at {
			if b := pane.Blocked(s, i); len(b) > 0 {
				return "SHARD " + itoa(b[0]) + " OF " + s.Config().Mappings[i].ID + " IS BLOCKED."
			}
		}
	}
	return ""
}

func (m *Lab) calmHeadline() headline {
	s := m.sim()
	mp := &s.Mappings[m.at]
	t := pane.TotalsOf(s, m.at)
	switch {
	case mp.State != engine.Enabled && mp.State != engine.Updating:
		return headline{"○", kit.Busy, []string{m.mappingID() + " is " + mp.State.String() + ": nothing is read, " + kit.Count(int(t.Wait), "record") + wait(int(t.Wait)) + kit.WithKeys(". {menu} enables and disables it"),
			m.mappingID() + " is " + mp.State.String() + ": " + kit.Thousands(int(t.Wait)) + wait(int(t.Wait))}, kit.WithKeys("{why} why")}
	case s.ReadDenied(m.at) != "":
		what, n := "record", int(t.Wait)
		if q := m.queue(); q >= 0 {
			what, n = "message", int(s.Queues[q].Visible)
		}
		lead := "NOTHING IS READ: " + m.mappingID() + " may not " + s.ReadDenied(m.at)
		return headline{"▲", kit.Bad, []string{lead + ", and nothing else reports it. " + kit.Count(n, what) + wait(n) + kit.WithKeys("; {menu} allows it"),
			lead + ". " + kit.Thousands(n) + wait(n) + kit.WithKeys("; {menu} allows it"), lead + kit.WithKeys("; {menu} allows it"), lead, "NOTHING IS READ: " + s.ReadDenied(m.at) + " is denied"}, kit.WithKeys("{why} why")}
	case s.Idle() && !m.tl.Ahead():
		return headline{"●", kit.Good, []string{"Nothing more can happen: done " + kit.Thousands(int(t.Done)) + ", given up " + itoa(int(t.Discarded)) + ", lost " + itoa(int(t.Lost)) +
			kit.WithKeys(". {put} puts records, {start} goes back to the start"), kit.WithKeys("Nothing more can happen: {put} puts records, {over} starts over"), "Nothing more can happen"}, kit.WithKeys("{why} why")}
	}
	if q := m.queue(); q >= 0 {
		return m.calmQueueHeadline()
	}
	n := len(s.Streams[s.SourceOf(m.at)].Shards)
	flow := flows(m.streamID()) + ": " + kit.Count(n, "shard") + ", " + kit.Count(n, "iterator") + ", 1 function"
	if waits := len(m.ctx().Faults()); waits == 0 && s.Functions[s.FunctionOf(m.at)].Errors == 0 {
		return headline{"●", kit.Good, []string{flow + kit.WithKeys(". Nothing fails here: {break} breaks something"), flow, flows(m.streamID())}, kit.WithKeys("{break} break")}
	}
	return headline{"●", kit.Good, []string{flow, flows(m.streamID())}, kit.WithKeys("{why} why")}
}

// wait is " wait" after a number, " waits" after one.
func wait(n int) string {
	if n == 1 {
		return " waits"
	}
	return " wait"
}

// flows says that a stream or a queue flows. Ids are names, but most are plurals:
// "Orders flow", "OrderQueue flows".
func flows(id string) string {
	if strings.HasSuffix(id, "s") {
		return id + " flow"
	}
	return id + " flows"
}

func itoa(n int) string { return strconv.Itoa(n) }
