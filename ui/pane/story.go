package pane

import (
	"iter"
	"strings"

	"esmlab/engine"
	"esmlab/engine/rule"
	"esmlab/ui/kit"
)

// Story is a line of pane 6: what happened, in a sentence.
type Story struct {
	Mark  string // ▸ under way, ■ failed, ● free again, "" the rest
	Style kit.Style
	Text  string
	At    engine.Micros
	Event *engine.Event // nil where time was skipped
	// Rules are those that decided it, the most telling first.
	Rules []rule.ID
}

// Subject is what the line is about: the event, or the skip.
func (s *Story) Subject() Subject {
	if s.Event == nil {
		return Subject{Kind: KindSkip, N: int64(s.At)}
	}
	return Subject{Kind: KindEvent, N: s.Event.N}
}

// Stories gives the newest lines, newest first, beginning after the first
// skip of them, at most n. Lines that do not hold the filter are left out.
func (c *Ctx) Stories(skip, n int, filter string) []Story {
	var out []Story
	for s := range c.stories(filter) {
		if skip > 0 {
			skip--
			continue
		}
		if out = append(out, s); len(out) >= n {
			break
		}
	}
	return out
}

// Story gives the line that is about an event or a skip, and its place among
// the lines; -1 where there is none.
func (c *Ctx) Story(about Subject, filter string) (Story, int) {
	i := 0
	for s := range c.stories(filter) {
		if s.Subject() == about {
			return s, i
		}
		i++
	}
	return Story{}, -1
}

// CountStories counts all lines there are.
func (c *Ctx) CountStories(filter string) int {
	n := 0
	for range c.stories(filter) {
		n++
	}
	return n
}

// stories goes through the lines, newest first.
func (c *Ctx) stories(filter string) iter.Seq[Story] {
	return func(yield func(Story) bool) {
		log := c.History.Log
		skips := c.Skips
		filter := strings.ToLower(filter)
		newest := map[[2]int32]bool{} // shard and lane whose newest failure was told
		take := func(s Story) bool {
			return filter != "" && !strings.Contains(strings.ToLower(s.Text), filter) || yield(s)
		}
		for i := len(log) - 1; i >= 0; i-- {
			for len(skips) > 0 && skips[len(skips)-1].To >= log[i].At {
				s := skips[len(skips)-1]
				skips = skips[:len(skips)-1]
				if s.To <= c.S.Now() && !take(Story{Text: Dur(s.To-s.From) + " skipped: nothing happens in them", Style: kit.Dim, At: s.To}) {
					return
				}
			}
			if s, ok := c.story(log, i, newest); ok && !take(s) {
				return
			}
		}
	}
}

// concerns tells whether an event is about the mapping shown, its stream, or
// a command. What happens to another mapping stands there; a block is told by the
// headline.
func (c *Ctx) concerns(e *engine.Event) bool {
	switch {
	case e.Applied != nil:
		return true
	case e.Source < 0 && c.OnQueue() && e.Kind != engine.KindState:
		q := int32(c.S.QueueOf(c.M))
		return e.Queue == q || int(e.Mapping) == c.M && e.Kind == engine.KindReturn
	case e.Kind == engine.KindReject, e.Kind == engine.KindExpire, e.Kind == engine.KindShards, e.Kind == engine.KindUnchanged:
		return int(e.Source) == c.S.SourceOf(c.M)
	}
	return int(e.Mapping) == c.M
}

func (c *Ctx) story(log []engine.Event, i int, newest map[[2]int32]bool) (Story, bool) {
	e := &log[i]
	s := Story{At: e.At, Event: e}
	if !c.concerns(e) {
		return s, false
	}
	if e.Source < 0 && e.Applied == nil && (e.Rule != "" || e.Kind == engine.KindReturn) && c.OnQueue() {
		if e.Rule != "" {
			s.Rules = []rule.ID{e.Rule}
		}
		return c.queueStory(log, i, s)
	}
	if e.Rule != "" {
		s.Rules = []rule.ID{e.Rule}
	}
	bad := func() { s.Mark, s.Style = "■", kit.Bad }
	batch := "batch " + itoa(int(e.Batch))
	shard := "shard " + itoa(int(e.Shard))
	switch e.Kind {
	case engine.KindInvoke:
		if !c.running(e) {
			return s, false
		}
		s.Mark, s.Style = "▸", kit.Busy
		what := kit.Count(len(e.Records), "record") + " of " + shard
		if len(e.Records) == 0 {
			what = "the end of a window of " + shard
		}
		s.Text = batch + " (" + what + ") handed to " + c.S.Config().Functions[e.Function].ID
		if e.Attempt > 1 {
			s.Text += ", try " + itoa(int(e.Attempt))
		}
	case engine.KindReturn:
		return c.returned(log, i, s)
	case engine.KindRetry:
		bad()
		s.Text, s.Rules = c.retried(log, i, s.Rules)
		if at := [2]int32{e.Shard, e.Lane}; !newest[at] {
			newest[at] = true
			s.Text += c.overtaken(e)
		}
	case engine.KindBisect:
		bad()
		s.Text = batch + " " + c.failed(log, i) + ": split into " + Nums(e.Into[0]) + " and " + Nums(e.Into[1])
	case engine.KindDiscard:
		bad()
		s.Text = batch + " (" + c.ends(e.Records) + ") given up: " + e.Condition.String() + " after " + kit.Count(int(e.Attempt), "try")
		if e.Condition == engine.RecordAgeExceeded {
			s.Text = c.span(e.Records) + " of " + shard + " given up: too old (RecordAgeExceeded)"
		}
		if e.Queue < 0 {
			s.Text += "; nothing tells of it"
		}
	case engine.KindDeliver:
		s.Text = c.delivered(e)
	case engine.KindDeliverFailed:
		bad()
		s.Text = "the message to " + c.S.Config().DestinationID(e.Queue) + " cannot be delivered: " + kit.Count(len(e.Records), "record") + " dropped"
	case engine.KindCheckpoint:
		if e.Rule != rule.MapExpired && e.Rule != rule.MapResumeLost {
			return s, false
		}
		bad()
		s.Text = "the iterator of " + shard + " jumps past " + c.num(e.Record) + ": what lay before has expired"
	case engine.KindUnblock:
		s.Mark, s.Style = "●", kit.Good
		s.Text = shard + " flows again: batch " + itoa(int(e.Batch)) + " is out of the way"
	case engine.KindMiss:
		bad()
		s.Text = c.span(e.Records) + " of " + shard + " missed: put before the starting position"
	case engine.KindReject:
		bad()
		why, _, _ := strings.Cut(e.Why.String(), ":")
		s.Text = c.S.Config().Streams[e.Source].ID + " rejects " + kit.Count(len(e.Records), "record") + ": " + why
	case engine.KindDenied:
		bad()
		s.Text = "reading " + shard + " is denied: the mapping stays Enabled and brings nothing"
	case engine.KindExpire:
		s.Text = kit.Count(len(e.Records), "record") + " of " + shard + " reach the end of their retention"
	case engine.KindShards:
		s.Text = c.streamConfig().ID + " has " + kit.Count(int(e.Shard), "shard") + " now, closed ones counted in"
	case engine.KindUnchanged:
		s.Text = c.streamConfig().ID + ": the write " + c.span(e.Records) + " changes nothing, the stream has no record of it"
	case engine.KindReadThrottled:
		bad()
		s.Text = "a read of " + shard + " is refused: too many readers"
	case engine.KindFilter:
		s.Text = c.span(e.Records) + " of " + shard + " filtered out: the function does not get " + them(len(e.Records))
	case engine.KindState:
		s.Text = c.S.Config().Mappings[e.Mapping].ID + " is " + e.State.String()
	default:
		if e.Applied == nil {
			return s, false
		}
		s.Text, s.Style = c.command(e), kit.Strong
		if e.Kind == engine.KindRefuse {
			bad()
		}
	}
	return s, s.Text != ""
}

// overtaken says what nothing may overtake while the batch of a retry is still
// in hand; "" where no record is to blame.
func (c *Ctx) overtaken(e *engine.Event) string {
	its := c.mapping().Iterators
	if int(e.Shard) >= len(its) || int(e.Lane) >= len(its[e.Shard].Lanes) {
		return ""
	}
	l := &its[e.Shard].Lanes[e.Lane]
	switch {
	case !l.Blocked || len(l.FailedRecords) == 0:
		return ""
	case len(its[e.Shard].Lanes) > 1:
		return "; nothing of its keys overtakes " + c.num(l.FailedRecords[0])
	}
	return "; nothing overtakes " + c.num(l.FailedRecords[0])
}

// running tells whether the invocation that an event tells of is under way.
func (c *Ctx) running(e *engine.Event) bool {
	m := &c.S.Mappings[e.Mapping]
	if int(e.Shard) >= len(m.Iterators) {
		return false
	}
	for k := range m.Iterators[e.Shard].Lanes {
		l := &m.Iterators[e.Shard].Lanes[k]
		if p, _ := l.Part(); p != nil && l.Phase == engine.PhaseRunning && p.Batch == e.Batch && p.Tries == e.Attempt && l.Since == e.At {
			return true
		}
	}
	return false
}

// returned tells of an invocation that ended, unless what follows from it
// tells more.
func (c *Ctx) returned(log []engine.Event, i int, s Story) (Story, bool) {
	e := &log[i]
	moved := int32(0)
	for k := i + 1; k < len(log) && log[k].At == e.At && k < i+5; k++ {
		f := &log[k]
		if f.Mapping != e.Mapping || f.Shard != e.Shard {
			continue
		}
		switch f.Kind {
		case engine.KindCheckpoint:
			moved = f.Record
			s.Rules = append([]rule.ID{f.Rule}, s.Rules...)
		case engine.KindRetry, engine.KindBisect, engine.KindDiscard:
			if e.Outcome != engine.OutcomePartial || moved == 0 {
				return s, false
			}
		}
		if moved > 0 {
			break
		}
	}
	batch := "batch " + itoa(int(e.Batch))
	switch e.Outcome {
	case engine.OutcomeOK:
		s.Text = batch + " done"
		if moved == 0 && len(e.Records) > 0 && c.lanes() > 1 {
			s.Text += "; earlier records are not: the checkpoint stays"
		}
	case engine.OutcomePartial:
		s.Mark, s.Style = "■", kit.Bad
		s.Text = batch + ": " + c.S.Config().Functions[e.Function].ID + " reports " + c.span(e.Failed)
		if moved == 0 {
			return s, true
		}
	default:
		s.Mark, s.Style = "■", kit.Bad
		s.Text = batch + " " + outcomeWord(e.Outcome)
		return s, true
	}
	if moved > 0 {
		s.Text += ": the checkpoint of shard " + itoa(int(e.Shard)) + " moves to " + c.num(moved)
		if e.Outcome == engine.OutcomePartial {
			s.Text = strings.Replace(s.Text, ": the", "; the", 1)
		}
	}
	return s, true
}

// cause gives the return that led to event i, if the log still has it.
func cause(log []engine.Event, i int) *engine.Event {
	e := &log[i]
	for k := i - 1; k >= 0 && k > i-6 && log[k].At == e.At; k-- {
		if log[k].Kind == engine.KindReturn && log[k].Mapping == e.Mapping && log[k].Shard == e.Shard {
			return &log[k]
		}
	}
	return nil
}

func (c *Ctx) failed(log []engine.Event, i int) string {
	if r := cause(log, i); r != nil {
		return outcomeWord(r.Outcome)
	}
	return "failed"
}

func outcomeWord(o engine.Outcome) string {
	return [...]string{"done", "failed", "timed out", "crashed", "reported a failure", "gave an answer that AWS cannot read"}[o]
}

func (c *Ctx) retried(log []engine.Event, i int, rules []rule.ID) (string, []rule.ID) {
	e := &log[i]
	rules = append([]rule.ID{rule.MapBlock}, rules...)
	again := "All " + itoa(len(e.Records)) + " go again in "
	if len(e.Records) == 1 {
		again = "It goes again in "
	}
	text := "batch " + itoa(int(e.Batch)) + " "
	if r := cause(log, i); r != nil {
		rules = append(rules, r.Rule)
		text += outcomeWord(r.Outcome) + ", try " + itoa(int(e.Attempt-1))
	} else {
		rules = append(rules, rule.MapThrottle)
		text += "throttled: no try is used up"
	}
	return text + ". " + again + Dur(e.At2), rules
}

func (c *Ctx) delivered(e *engine.Event) string {
	to := c.S.Config().DestinationID(e.Queue)
	if t := c.S.Config().Target(e.Queue); t != nil && t.Bucket {
		return to + " gets an object: " + c.span(e.Records) + " with all data"
	}
	lie := " lies, not what it holds"
	if len(e.Records) > 1 {
		lie = " lie, not what they hold"
	}
	return to + " gets a message: where " + c.span(e.Records) + lie
}

func them(n int) string {
	if n == 1 {
		return "it"
	}
	return "them"
}

// ends names the first and last of some records.
func (c *Ctx) ends(nums []int32) string {
	if len(nums) < 3 {
		return c.span(nums)
	}
	return c.num(nums[0]) + " … " + Num(nums[len(nums)-1])
}

// num names a record of the source shown: #22, and Orders#22 where a run has
// several sources.
func (c *Ctx) num(n int32) string {
	if c.S.Sources() > 1 {
		return c.streamConfig().ID + Num(n)
	}
	return Num(n)
}

// span names records: "#22", "#18 … #32 (8 records)".
func (c *Ctx) span(nums []int32) string {
	switch len(nums) {
	case 0:
		return "nothing"
	case 1:
		return c.num(nums[0])
	case 2:
		return c.num(nums[0]) + " and " + Num(nums[1])
	}
	return c.num(nums[0]) + " … " + Num(nums[len(nums)-1]) + " (" + itoa(len(nums)) + " records)"
}
