package lab

import (
	"slices"
	"strings"

	"esmlab/engine"
	"esmlab/engine/rule"
	"esmlab/engine/setting"
	"esmlab/ui/kit"
	"esmlab/ui/pane"
)

// teller is what claims are made from: one mapping and its source at this instant.
type teller struct {
	*Lab
	c     *pane.Ctx
	s     *engine.Sim
	at    int
	shown bool
	mp    *engine.Mapping
	fn    *engine.Function
	qi    int           // the queue that it reads, -1
	queue *engine.Queue // nil of a stream
	news  [engine.NumKinds]*engine.Event
	list  []pane.Receipt
}

func (m *Lab) teller(mapping int, shown bool) *teller {
	s := m.sim()
	c := m.ctx()
	c.M = mapping
	t := &teller{Lab: m, c: c, s: s, at: mapping, shown: shown, mp: &s.Mappings[mapping], fn: &s.Functions[s.FunctionOf(mapping)], qi: s.QueueOf(mapping)}
	if t.qi >= 0 {
		t.queue = &s.Queues[t.qi]
		t.list = slices.DeleteFunc(pane.Receipts(s, mapping, m.history().Log), func(r pane.Receipt) bool { return r.Other })
	}
	if shown {
		t.readNews()
	}
	return t
}

// readNews finds the newest event of each kind in the last three seconds that is the
// mapping's, or of its source.
func (t *teller) readNews() {
	log, now := t.history().Log, t.tl.Now()
	for i := len(log) - 1; i >= 0 && now-log[i].At < news; i-- {
		if e := &log[i]; t.news[e.Kind] == nil && t.mine(e) {
			t.news[e.Kind] = e
		}
	}
}

// mine tells whether an event is the mapping's, or where it has none its source's.
func (t *teller) mine(e *engine.Event) bool {
	switch e.Kind {
	case engine.KindReject, engine.KindExpire, engine.KindDedup:
		if t.qi >= 0 {
			return e.Source < 0 && int(e.Queue) == t.qi
		}
		return e.Source >= 0 && int(e.Source) == t.s.SourceOf(t.at) && (e.Kind != engine.KindExpire || t.lost(e))
	case engine.KindMove:
		return int(e.Mapping) == t.at && int(e.Queue) == t.qi
	case engine.KindReturn:
		return int(e.Mapping) == t.at && reportedInVain(e)
	}
	return int(e.Mapping) == t.at
}

// lost tells whether records that have expired were lost to the mapping: it had not
// finished them.
func (t *teller) lost(e *engine.Event) bool {
	for _, n := range e.Records {
		if st := t.s.RecordState(t.at, int(n)); st == engine.StateExpired || st == engine.StateMissed {
			return true
		}
	}
	return false
}

// newsOf is a claim that an event of a kind has just happened, in the narrator's words.
func newsOf(kind engine.Kind, lead string) func(*teller) (headline, bool) {
	return func(t *teller) (headline, bool) {
		e := t.news[kind]
		if e == nil {
			return headline{}, false
		}
		short := t.c.Narrator()
		long := *short
		long.Short = false
		text := short.Event(e)
		h := headline{sign: "▲", style: kit.Bad, text: []string{lead + ": " + long.Event(e), lead + ": " + text}, about: pane.Subject{Kind: pane.KindEvent, N: e.N}, in: 6}
		for i := strings.LastIndex(text, ": "); i > 0; i = strings.LastIndex(text[:i], ": ") {
			h.text = append(h.text, lead+": "+text[:i])
		}
		h.text = append(h.text, lead)
		return h, true
	}
}

func (t *teller) id() string { return t.s.Config().Mappings[t.at].ID }

func (t *teller) source() string { return t.s.Config().Mappings[t.at].Source }

func (t *teller) functionID() string { return t.s.Config().Functions[t.s.FunctionOf(t.at)].ID }

func (t *teller) record() string {
	if t.qi >= 0 {
		return "message"
	}
	return "record"
}

// waiting is how many records or messages wait for the mapping, and how long the oldest
// of them.
func (t *teller) waiting() (n int, oldest engine.Micros) {
	if t.qi >= 0 {
		return int(t.queue.Visible), t.s.Oldest(t.qi)
	}
	for i := range t.s.Streams[t.s.SourceOf(t.at)].Shards {
		k, age := pane.Waiting(t.s, t.at, i)
		n, oldest = n+k, max(oldest, age)
	}
	return n, oldest
}

// notAllowed: the mapping's role may not read the source. Nothing else reports it.
func (t *teller) notAllowed() (headline, bool) {
	what := t.s.ReadDenied(t.at)
	if what == "" || t.isOff() {
		return headline{}, false
	}
	n, _ := t.waiting()
	lead := "NOTHING IS READ: " + t.id() + " may not " + what
	allows := kit.WithKeys("; {menu} allows it")
	return headline{sign: "▲", style: kit.Bad, frees: kit.HintOf("menu", "allow"), mends: (*Lab).allowChoice, text: []string{
		lead + ", and nothing else reports it. " + kit.Count(n, t.record()) + wait(n) + allows,
		lead + ". " + kit.Thousands(n) + wait(n) + allows, lead + allows, lead, "NOTHING IS READ: " + what + " is denied"}}, true
}

func (t *teller) isOff() bool { return t.mp.State != engine.Enabled && t.mp.State != engine.Updating }

// off: the mapping is not Enabled.
func (t *teller) off() (headline, bool) {
	if !t.isOff() {
		return headline{}, false
	}
	n, _ := t.waiting()
	is := t.id() + " is " + t.mp.State.String()
	h := headline{sign: "○", style: kit.Busy, text: []string{is + ": nothing is read, " + kit.Count(n, t.record()) + wait(n), is + ": " + kit.Thousands(n) + wait(n), is}}
	if n == 0 {
		h.text = []string{is + ": nothing is read, and nothing waits yet", is}
	}
	if t.mp.State == engine.Disabled || t.mp.State == engine.Disabling {
		h.frees, h.mends = kit.HintOf("menu", "enable"), (*Lab).enableChoice
		h.text[0] += kit.WithKeys(". {menu} enables and disables it")
	}
	return h, true
}

// neverCalled: the function gets nothing at all, because it has no concurrency or is
// gone.
func (t *teller) neverCalled() (headline, bool) {
	why := ""
	switch by := t.throttledBy(); {
	case by == nil:
		return headline{}, false
	case by.Rule == rule.FnRemoved:
		why = t.functionID() + " is deleted"
	case t.fn.Reserved == 0:
		why = "its ReservedConcurrentExecutions is 0"
	default:
		return headline{}, false
	}
	n, oldest := t.waiting()
	lead := t.functionID() + " IS NOT CALLED AT ALL: " + why
	h := headline{sign: "■", style: kit.Bad, about: pane.Subject{Kind: pane.KindFunction}, in: 3, text: []string{
		lead + ". " + kit.Count(n+t.held(), t.record()) + wait(n+t.held()) + t.forAge(oldest) + ".", lead + ": " + kit.Thousands(n+t.held()) + wait(n+t.held()), lead, t.functionID() + " IS NOT CALLED"}}
	if t.fn.Reserved == 0 {
		h.frees, h.mends = kit.HintOf("menu", "concurrency"), (*Lab).concurrencyChoice
	}
	return h, true
}

// forAge is how long the oldest has waited: ", the oldest for 9.0 s".
func (t *teller) forAge(oldest engine.Micros) string {
	if oldest == 0 {
		return ""
	}
	return ", the oldest for " + pane.Secs(oldest)
}

// held counts the records or messages in batches that wait after a throttle.
func (t *teller) held() int {
	n := 0
	for i := range t.mp.Iterators {
		for k := range t.mp.Iterators[i].Lanes {
			for _, p := range t.mp.Iterators[i].Lanes[k].Parts {
				n += int(p.Hi - p.Lo)
			}
		}
	}
	for i := range t.mp.Polls.Slots {
		n += len(t.mp.Polls.Slots[i].Records)
	}
	return n
}

// throttledBy is the newest throttle of the mapping, if a batch of it still waits after
// one; nil if none does.
func (t *teller) throttledBy() *engine.Event {
	waits := false
	for i := range t.mp.Iterators {
		for k := range t.mp.Iterators[i].Lanes {
			waits = waits || t.mp.Iterators[i].Lanes[k].Phase == engine.PhaseThrottled
		}
	}
	for i := range t.mp.Polls.Slots {
		waits = waits || t.mp.Polls.Slots[i].Phase == engine.PollerThrottled
	}
	if !waits {
		return nil
	}
	log := t.history().Log
	for i := len(log) - 1; i >= 0; i-- {
		if e := &log[i]; e.Kind == engine.KindThrottle && int(e.Mapping) == t.at {
			return e
		}
	}
	return &engine.Event{Kind: engine.KindThrottle}
}

// filteredOut: everything that was read so far was dropped by the filters.
func (t *teller) filteredOut() (headline, bool) {
	n := &t.mp.Counts
	if n.FilteredOutEventCount == 0 || n.InvokedEventCount > 0 || n.FilteredOutEventCount < n.PolledEventCount-int64(t.held()) {
		return headline{}, false
	}
	k := int(n.FilteredOutEventCount)
	all := "all " + kit.Count(k, t.record()) + " read so far"
	if k == 1 {
		all = "the one " + t.record() + " read so far"
	}
	gone := ", and the checkpoint passed them"
	if t.qi >= 0 {
		gone = ", and they were deleted"
	}
	lead := "NOTHING REACHES " + t.functionID() + ": the filter dropped "
	return headline{sign: "▲", style: kit.Bad, frees: kit.HintOf("settings", setting.FilterCriteria), about: pane.Subject{Kind: pane.KindSetting, Name: setting.FilterCriteria}, in: 5,
		text: []string{lead + all + gone + ".", lead + all, lead + kit.Thousands(k), "FILTERED OUT: " + kit.Thousands(k)}}, true
}

// idle: nothing more can happen.
func (t *teller) idle() (headline, bool) {
	if !t.s.Idle() || t.tl.Ahead() {
		return headline{}, false
	}
	tot := pane.TotalsOf(t.s, t.at)
	filtered := ""
	if tot.Filtered > 0 {
		filtered = ", filtered " + kit.Thousands(int(tot.Filtered))
	}
	h := headline{sign: "●", style: kit.Good, calm: true, text: []string{"Nothing more can happen: done " + kit.Thousands(int(tot.Done)) + filtered + ", given up " + itoa(int(tot.Discarded)) + ", lost " + itoa(int(tot.Lost)) +
		kit.WithKeys(". {put} puts "+t.record()+"s, {start} goes back to the start"), kit.WithKeys("Nothing more can happen: {put} puts " + t.record() + "s, {over} starts over"), "Nothing more can happen", "Nothing more comes"}}
	return h, true
}

// flows: nothing hurts.
func (t *teller) flows() (headline, bool) {
	src, text := t.source(), []string(nil)
	tot := pane.TotalsOf(t.s, t.at)
	if t.qi >= 0 {
		text = []string{flows(src) + ": " + kit.Count(int(t.mp.Polls.Target), "poller") + ", 1 function. Deleted " + kit.Thousands(int(t.queue.Deleted)) + " of " + kit.Thousands(int(t.queue.Sent))}
	} else {
		n := len(t.s.Streams[t.s.SourceOf(t.at)].Shards)
		text = []string{flows(src) + ": " + kit.Count(n, "shard") + ", " + kit.Count(n, "iterator") + ", 1 function"}
	}
	text = append(text, flows(src))
	gone := ""
	if tot.Discarded > 0 {
		gone += ". Given up: " + kit.Thousands(int(tot.Discarded))
	}
	if tot.Lost > 0 {
		gone += ". Lost: " + kit.Thousands(int(tot.Lost))
	}
	if gone != "" {
		text = append([]string{text[0] + gone, flows(src) + gone}, text...)
	}
	h := headline{sign: "●", style: kit.Good, calm: true, text: text}
	if len(t.c.Faults()) == 0 && t.fn.Errors == 0 && gone == "" {
		h.text = append([]string{text[0] + kit.WithKeys(". Nothing fails here: {break} breaks something")}, text...)
		h.right = kit.WithKeys("{break} break")
	}
	return h, true
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
