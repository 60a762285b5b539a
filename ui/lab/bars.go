package lab

import (
	"strings"

	"esmlab/engine"
	"esmlab/engine/timeline"
	"esmlab/ui/kit"
	"esmlab/ui/pane"
)

// header is the top row: the scenario, the mapping, the speed, the time.
func (m *Lab) header() string {
	s := m.sim()
	l := kit.NewLine(m.screens.Theme, m.w)
	m.helpAt = 0
	wide := m.w >= 110
	n := itoa(m.at+1) + " of " + itoa(len(s.Mappings))
	gap := "  "
	if wide {
		gap = "   "
	}
	pace := speeds[m.speed].String()
	if !m.running {
		pace = "‖ " + pace
	} else {
		pace = "▶ " + pace
		if r := m.reached.less(speeds[m.speed]); r != "" {
			pace += " (reaches " + r + ")"
		}
	}
	if m.skipFrom >= 0 {
		pace += " skipping " + pane.Dur(m.skipTo-m.skipFrom)
	}
	right := []string{pace, "t " + pane.Clock(s.Now()), "seed " + kitThousandsPlain(s.Config().Seed), kit.Say("{help} keys")}
	for len(right) > 1 && 1+kit.Width(strings.Join(right, gap))+1 > m.w*2/3 {
		right = right[:len(right)-1]
	}
	tail := strings.Join(right, gap)
	if m.lay.Small {
		at := "t " + pane.Clock(s.Now())
		return l.Text(" ").Add(kit.Busy, kit.Pick(m.w-3-kit.Width(at), itoa(m.w)+"x"+itoa(m.h)+" is small: 60x20 shows more", "small: 60x20 shows more", "small", "")).Right(kit.Plain, at, m.w-1).String()
	}
	l.Text(" ")
	name := m.sc.Name
	if m.tl.Name() != "run 1" {
		name += " · " + m.tl.Name()
	}
	mem := m.memoryShort()
	if !wide && mem != "" {
		name = mem // what the history drops matters more than the name
	}
	if wide && mem != "" {
		l.Add(kit.Dim, "esmlab").Text("  ").Add(kit.Strong, name).Text("   ").Add(kit.Info, m.mappingID()).Text("   ").Add(kit.Busy, mem)
	} else if wide {
		l.Add(kit.Dim, "esmlab").Text("  ").Add(kit.Strong, name).Text("   ")
		l.Add(kit.Info, m.mappingID()).Text(": "+m.sourceWord()+" "+m.streamID()+" → "+m.functionID()+"   ").Add(kit.Dim, "mapping "+n)
	} else {
		room := m.w - 2 - kit.Width(tail) - 2
		l.Add(kit.Strong, kit.Cut(name, room))
		if id := "  " + m.mappingID() + " " + itoa(m.at+1) + "/" + itoa(len(s.Mappings)); l.Col()+kit.Width(id) <= room+1 {
			l.Add(kit.Info, id)
		}
	}
	if at := m.w - 1 - kit.Width(tail); at < l.Col()+1 {
		tail = kit.Cut(tail, m.w-2-l.Col())
	} else if len(right) == 4 {
		m.helpAt = m.w - 1 - kit.Width(right[3])
	}
	return l.Right(kit.Plain, tail, m.w-1).String()
}

func kitThousandsPlain(n uint64) string { return kit.Cut(uitoa(n), 20) }

// sourceWord is the service that the mapping reads from.
func (m *Lab) sourceWord() string {
	s := m.sim()
	switch {
	case m.queue() >= 0:
		return "SQS"
	case s.Config().Streams[s.SourceOf(m.at)].Kind == engine.Kinesis:
		return "Kinesis"
	}
	return "DynamoDB"
}

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

// sliderRow draws the run as a line: what has passed, when batches failed, and now.
func (m *Lab) sliderRow() string {
	now, end := m.tl.Now(), m.sliderEnd()
	l := kit.NewLine(m.screens.Theme, m.w)
	_, _, w := m.sliderAt()
	begin := m.tl.Begin()
	if begin > 0 { // the history no longer has what was before
		l.Add(kit.Dim, kit.Fit(shortClock(begin), 5)).Add(kit.Dim, "├")
	} else {
		l.Text(" 0 s ").Add(kit.Dim, "├")
	}
	if w < 1 {
		return l.String()
	}
	cell := func(t engine.Micros) int { return min(w-1, int(int64(t-begin)*int64(w)/int64(end-begin))) }
	here := cell(now)
	marks := make([]mark, w)
	for i, what := range m.tl.Marks(m.at, begin, end, w) {
		marks[i] = m.markOf(what)
	}
	ahead := here + 1
	if m.tl.Newest() > now {
		ahead = max(ahead, min(w, cell(m.tl.Newest())+1))
	}
	for i := 0; i < w; {
		j := i + 1
		if i == here {
			l.Add(kit.Info, "●")
			i = j
			continue
		}
		at := marks[i]
		switch {
		case i >= ahead:
			at = mark{"╌", kit.Dim}
		case at.sign == "" && i < here:
			at = mark{"─", kit.Plain}
		case at.sign == "":
			at = mark{"─", kit.Dim}
		}
		for j < w && j != here && (j < ahead) == (i < ahead) && marks[j] == marks[i] {
			j++
		}
		l.Repeat(at.style, at.sign, j-i)
		i = j
	}
	return l.Add(kit.Dim, "┤").Text(" " + pane.Dur(end)).String()
}

// failSign marks failed batches: on a queue they block nothing.
func (m *Lab) failSign() string {
	if m.queue() >= 0 {
		return "▲"
	}
	return "■"
}

// shortClock writes an instant in five cells: 27:26, 2h43.
func shortClock(at engine.Micros) string {
	if at >= engine.Hour {
		return itoa(int(at/engine.Hour)) + "h" + itoa(int(at%engine.Hour/engine.Minute))
	}
	text, _, _ := strings.Cut(pane.Clock(at), ".")
	return text
}

// mark is a sign on the slider.
type mark struct {
	sign  string
	style kit.Style
}

// markOf chooses the sign of one place: that of the worst that happened there.
func (m *Lab) markOf(what timeline.Mark) mark {
	switch {
	case what&(timeline.MarkDiscard|timeline.MarkMove) != 0:
		return mark{"X", kit.Bad}
	case what&(timeline.MarkError|timeline.MarkThrottle) != 0:
		return mark{m.failSign(), kit.Bad}
	case what&timeline.MarkSplit != 0:
		return mark{"<", kit.Busy}
	case what&timeline.MarkCommand != 0:
		return mark{"+", kit.Info}
	}
	return mark{}
}

// sliderAt gives the slider's first column, the column after its last, and its length.
func (m *Lab) sliderAt() (from, to, w int) {
	tail := 14
	if m.w >= 110 {
		tail = 20
	}
	w = m.w - tail
	return 6, 6 + w, w
}

// sliderEnd is the instant at the slider's right end: `for`, doubled until the run
// fits.
func (m *Lab) sliderEnd() engine.Micros {
	end := max(m.sim().Config().For, engine.Second)
	for end < m.tl.Newest() {
		end *= 2
	}
	return end
}

// footer names the keys that matter now, by group. While a shard is blocked, the
// commands are those that would unblock it.
func (m *Lab) footer() string {
	stop := "stop"
	if !m.running {
		stop = "go"
	}
	blocked := len(pane.Blocked(m.sim(), m.at)) > 0
	set := &m.sim().Mappings[m.at].Settings
	time := []kit.Hint{kit.HintOf("stop", stop), kit.Pair("prev", "next", "step"), kit.HintOf("cause", "next cause")}
	commands := []kit.Hint{kit.HintOf("break", "break"), kit.HintOf("put", "put"), kit.HintOf("settings", "settings"), kit.HintOf("items", "items"), kit.HintOf("undo", "undo")}
	switch {
	case m.queue() >= 0:
		commands = []kit.Hint{kit.HintOf("break", "break"), kit.HintOf("items", "items"), kit.HintOf("retries", "receives"), kit.HintOf("visibility", "visibility"), kit.HintOf("failures", "DLQ"), kit.HintOf("put", "put")}
	case blocked && m.throttled():
		commands = []kit.Hint{kit.HintOf("menu", "concurrency"), kit.HintOf("age", "discard"), kit.HintOf("failures", "queue"), kit.HintOf("put", "put")}
	case blocked:
		commands = []kit.Hint{kit.HintOf("break", "break")}
		if !set.BisectBatchOnFunctionError {
			commands = append(commands, kit.HintOf("bisect", "bisect"))
		}
		commands = append(commands, kit.HintOf("retries", "retries"), kit.HintOf("age", "discard"), kit.HintOf("failures", "queue"), kit.HintOf("put", "put"))
	}
	know := []kit.Hint{kit.HintOf("why", "why"), kit.HintOf("branch", "branch"), kit.HintOf("help", "all")}
	if m.o.Region != nil {
		if hints := m.o.Region.Hints(); len(hints) > 0 {
			time, commands = nil, nil
			time = hints
		}
	}
	wide := m.w >= 110
	if !wide {
		if m.lay.Panes[5].H == 0 && len(time) == 3 { // the other panes are a digit away
			time[2] = kit.HintOf("pane", "panes")
		} else if len(commands) > 0 {
			time[2].Text = "next"
		}
		know = []kit.Hint{know[0], know[2]}
		commands = commands[:min(len(commands), 4)]
	}
	for m.footerWidth(wide, time, commands, know) > m.w {
		switch {
		case len(commands) > 1:
			commands = commands[:len(commands)-1]
		case len(time) > 1:
			time = time[:len(time)-1]
		case len(commands) > 0:
			commands = nil
		case len(time) > 0:
			time = nil
		case len(know) > 1:
			know = know[1:]
		default:
			know[0].Text = ""
			return m.footerLine(wide, know)
		}
	}
	return m.footerLine(wide, time, commands, know)
}

// throttled tells whether the first blocked shard is blocked because the function is
// throttled: then neither a split nor a limit of tries unblocks it.
func (m *Lab) throttled() bool {
	for _, i := range pane.Blocked(m.sim(), m.at) {
		return m.sim().ActiveLane(m.at, i).Phase == engine.PhaseThrottled
	}
	return false
}

func (m *Lab) footerWidth(wide bool, groups ...[]kit.Hint) int {
	gap, sep := 1, 1
	if wide {
		gap, sep = 2, 3
	}
	n, some := 1, 0
	for _, g := range groups {
		for i, w := range g {
			n += kit.Width(w.Key) + 1 + kit.Width(w.Text)
			if i > 0 {
				n += gap
			}
		}
		if len(g) > 0 {
			some++
		}
	}
	return n + sep*(some-1)
}

func (m *Lab) footerLine(wide bool, groups ...[]kit.Hint) string {
	gap, sep := " ", "│"
	if wide {
		gap, sep = "  ", " │ "
	}
	l := kit.NewLine(m.screens.Theme, m.w).Text(" ")
	m.footers = m.footers[:0]
	for _, g := range groups {
		if len(g) == 0 {
			continue
		}
		if l.Col() > 1 {
			l.Add(kit.Dim, sep)
		}
		for i, w := range g {
			if i > 0 {
				l.Text(gap)
			}
			from := l.Col()
			l.Add(kit.Key, w.Key)
			if w.Text != "" {
				l.Text(" " + w.Text)
			}
			m.footers = append(m.footers, kit.Hit{From: from, To: l.Col(), ID: w.ID, N: w.N})
		}
	}
	return l.String()
}

// showsBeginnings tells whether the welcome line offers ways to begin. It does, and
// the digits choose among them, until the person has pressed something else.
func (m *Lab) showsBeginnings() bool {
	return m.o.Welcome && len(m.o.Begin) > 0 && m.h >= 20 && m.commands == 0 && m.focus == 0 && !m.touched
}

// beginnings lists the ways to begin, each with its digit.
func (m *Lab) beginnings() string {
	text := "New here? "
	for i, b := range m.o.Begin {
		text += " " + itoa(i+1) + " " + b.Text + " "
	}
	return text
}

// newHere says what to press first.
func (m *Lab) newHere() string {
	w := m.w
	if m.showsBeginnings() {
		text := m.beginnings()
		return kit.Pick(w-2, text+kit.Say("  or press {break} and break something"), text+kit.Say("  {break} break"), text)
	}
	return kit.Pick(w-2, kit.Say("New here?  {stop} stops time   {break} breaks something   {why} says why   {over} starts over   {quit} leaves   {back} other scenarios"),
		kit.Say("New here?  {break} breaks something  {why} says why  {over} starts over  {quit} leaves  {back} more"),
		kit.Say("New here?  {break} breaks something   {why} says why   {quit} leaves"), kit.Say("{break} break  {why} why"))
}

// welcomeRow says what to press next in the present state of the run.
func (m *Lab) welcomeRow() string {
	s := m.sim()
	set := &s.Mappings[m.at].Settings
	blocked := pane.Blocked(s, m.at)
	limited := set.MaximumRetryAttempts >= 0 || set.MaximumRecordAgeInSeconds >= 0
	if m.queue() >= 0 {
		return kit.NewLine(m.screens.Theme, m.w).Text(" ").Add(kit.Info, kit.Cut(m.queueWelcome(), m.w-2)).String()
	}
	text := m.newHere()
	switch {
	case m.showsBeginnings() && len(blocked) > 0: // both: how to begin, and what would unblock it
		text = kit.Pick(m.w-2, m.beginnings()+kit.Say("  Blocked: {why} why   {bisect} split   {retries} limit"), m.beginnings()+kit.Say("  {why} why  {bisect} split"), m.beginnings())
	case m.showsBeginnings():
	case len(blocked) > 0 && limited:
		text = kit.Say("Limited:  the batch is given up soon   {cause} goes to the next cause   4 4 shows what the queue gets")
	case len(blocked) > 0 && set.BisectBatchOnFunctionError:
		text = kit.Say("Split:  {next} steps through the halves   {retries} limits the tries, then the bad record is given up")
	case len(blocked) > 0:
		text = kit.Say("Blocked:  {why} why   {bisect} split the batch   {retries} limit the retries")
	case len(s.Discards) > 0:
		text = kit.Say("Freed:  4 shows the message   {compare} compares with the run nobody touched   {undo} takes it back")
	case s.Functions[s.FunctionOf(m.at)].Errors > 0:
		text = kit.Say("It flows:  {break} breaks something again   {compare} compares   {help} shows all keys")
	}
	return kit.NewLine(m.screens.Theme, m.w).Text(" ").Add(kit.Info, kit.Cut(text, m.w-2)).String()
}
