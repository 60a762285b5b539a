package pane

import (
	"slices"
	"strconv"
	"strings"

	"esmlab/engine"
	"esmlab/ui/kit"
)

// Setting is one row of pane 5.
type Setting struct {
	Key   string // the key that changes it
	Name  string // AWS's name; "" for a row of faults
	Value string
	Note  string
	Fault int // the fault the row is about; -1 none
	Break bool
	Head  string // a heading, nothing else
	Short string // the value where there is little room; "": the same
	about Subject
}

// Settings lists the rows of pane 5.
func (c *Ctx) Settings() []Setting {
	list := c.streamSettings()
	if c.OnQueue() {
		list = c.queueSettings()
	}
	list = c.withFaults(list)
	faults := c.Faults()
	for i := range list {
		switch s := &list[i]; {
		case s.Fault >= 0:
			s.about = Subject{Kind: KindFault, Name: faults[s.Fault].Name}
		case s.Break:
			s.about = Subject{Kind: KindFault}
		case s.Head == "":
			s.about = Subject{Kind: KindSetting, Name: s.Name}
		}
	}
	return list
}

// streamSettings lists the parameters of a stream's mapping.
func (c *Ctx) streamSettings() []Setting {
	m := c.mapping()
	on := func(b bool) string {
		if b {
			return "on"
		}
		return "off"
	}
	limit := func(n int) string {
		if n == -1 {
			return "no limit"
		}
		return ""
	}
	to, kind := m.OnFailure, c.Destination().Kind
	if to == "" {
		to = "none"
	}
	row := func(key, name, value, note string) Setting {
		if when := c.Pending[name]; when != "" {
			note = when
		}
		return Setting{Key: key, Name: name, Value: value, Note: note, Fault: -1}
	}
	out := []Setting{
		{Head: "When a batch fails", Fault: -1},
		row(kit.KeyOf("bisect"), "BisectBatchOnFunctionError", on(m.BisectBatchOnFunctionError), ""),
		row(kit.KeyOf("retries"), "MaximumRetryAttempts", strconv.Itoa(m.MaximumRetryAttempts), limit(m.MaximumRetryAttempts)),
		row(kit.KeyOf("age"), "MaximumRecordAgeInSeconds", strconv.Itoa(m.MaximumRecordAgeInSeconds), limit(m.MaximumRecordAgeInSeconds)),
		row(kit.KeyOf("failures"), "OnFailure", to, kind),
		row(kit.KeyOf("items"), "ReportBatchItemFailures", on(m.ReportBatchItemFailures), ""),
		{Head: "How records are gathered", Fault: -1},
		row(kit.KeyOf("settings"), "BatchSize", strconv.Itoa(m.BatchSize), ""),
		row("", "MaximumBatchingWindowInSeconds", strconv.Itoa(m.MaximumBatchingWindowInSeconds)+" s", ""),
		row("", "ParallelizationFactor", strconv.Itoa(m.ParallelizationFactor), ""),
	}
	if m.TumblingWindowInSeconds > 0 {
		out = append(out, row("", "TumblingWindowInSeconds", strconv.Itoa(m.TumblingWindowInSeconds)+" s", ""))
	}
	return append(out, c.filterRow()...)
}

// filterRow is the row of the filters, if there are any.
func (c *Ctx) filterRow() []Setting {
	by := c.mapping().FilterCriteria
	if by == nil || len(by.Patterns()) == 0 {
		return nil
	}
	return []Setting{{Name: "FilterCriteria", Value: kit.Count(len(by.Patterns()), "filter"), Fault: -1}}
}

// queueSettings lists the attributes of the queue and the parameters of its
// mapping.
func (c *Ctx) queueSettings() []Setting {
	q, m := c.queue(), c.mapping()
	secs := func(n int) string { return Dur(engine.Micros(n) * engine.Second) }
	row := func(key, name, value, note string) Setting {
		if when := c.Pending[name]; when != "" {
			note = when
		}
		return Setting{Key: key, Name: name, Value: value, Note: note, Fault: -1}
	}
	six := ""
	if timeout := int(c.functionConfig().Timeout / engine.Second); timeout > 0 && q.VisibilityTimeout%timeout == 0 {
		six = itoa(q.VisibilityTimeout/timeout) + " x " + itoa(timeout) + " s"
	}
	to, receives := q.DeadLetterQueue, itoa(q.MaxReceiveCount)
	if to == "" {
		to, receives = "none", "-"
	}
	keep := days(secs(q.MessageRetentionPeriod), q.MessageRetentionPeriod)
	partial, most := "off", "not set"
	if m.ReportBatchItemFailures {
		partial = "on"
	}
	if m.MaximumConcurrency > 0 {
		most = itoa(m.MaximumConcurrency)
	}
	bound := row("", "MaximumConcurrency", most, "")
	if m.MaximumPollers > 0 { // AWS accepts only one of the two
		bound = row("", "MaximumPollers", itoa(m.MaximumPollers), "min "+itoa(max(2, m.MinimumPollers)))
	}
	out := []Setting{
		{Head: "Queue " + c.queueConfig().ID + ": when a message fails", Fault: -1},
		row(kit.KeyOf("visibility"), "VisibilityTimeout", itoa(q.VisibilityTimeout)+" s", six),
		row(kit.KeyOf("retries"), "maxReceiveCount", receives, ""),
		row(kit.KeyOf("failures"), "deadLetterTargetArn", to, ""),
		{Key: kit.KeyOf("age"), Name: "MessageRetentionPeriod", Value: itoa(q.MessageRetentionPeriod), Note: keep, Short: keep, Fault: -1},
		{Head: "Mapping " + c.config().ID, Fault: -1},
		row(kit.KeyOf("items"), "ReportBatchItemFailures", partial, ""),
		row(kit.KeyOf("settings"), "BatchSize", itoa(m.BatchSize), ""),
		row("", "MaximumBatchingWindowInSeconds", itoa(m.MaximumBatchingWindowInSeconds)+" s", ""),
		bound,
		{Key: kit.KeyOf("bisect"), Name: kit.Say("bisect: streams only. Here use {items}"), Fault: -1},
	}
	out = append(out, c.filterRow()...)
	if q.DelaySeconds > 0 {
		out = append(out, row("", "DelaySeconds", itoa(q.DelaySeconds)+" s", ""))
	}
	return out
}

// days writes a duration in days if it is a whole number of them, else as text.
func days(text string, secs int) string {
	if secs%86400 == 0 {
		return kit.Count(secs/86400, "day")
	}
	return text
}

// withFaults adds a row for each fault, or one that offers to break something.
func (c *Ctx) withFaults(out []Setting) []Setting {
	faults := c.Faults()
	for i, f := range faults {
		out = append(out, Setting{Value: FaultText(f, false), Fault: i, Break: i == 0})
	}
	if len(faults) == 0 {
		out = append(out, Setting{Break: true, Fault: -1})
	}
	return out
}

// Faults lists the faults of the mapping's function that have not ended.
func (c *Ctx) Faults() []*engine.Fault {
	var out []*engine.Fault
	f := c.function()
	for i := range f.Faults {
		if f.Faults[i].Until > c.S.Now() {
			out = append(out, &f.Faults[i].Fault)
		}
	}
	return out
}

// FaultText says what a fault does: "poison Orders#22"; short: "poison #22".
func FaultText(f *engine.Fault, short bool) string {
	what := [...]string{"throws", "times out", "crashes", "is slow", "reports failures", "returns nonsense"}[f.How]
	switch {
	case f.Until != engine.Never && f.From+1 == f.Until:
		return "next invocation " + what
	case len(f.Records) > 0:
		who := f.Records[0].String()
		if short {
			who = Num(int32(f.Records[0].N))
		}
		if n := len(f.Records) - 1; n > 0 {
			who += " +" + itoa(n)
		}
		if f.How == engine.HowError {
			return "poison " + who
		}
		return who + " " + what
	case len(f.Keys) > 0:
		return "key " + f.Keys[0] + " " + what
	case f.Nth > 0:
		return "every " + ordinal(f.Nth) + " record " + what
	case f.HasChance:
		return strconv.FormatFloat(f.Chance*100, 'g', 3, 64) + " % " + what
	case f.How == engine.HowSlow:
		return "slow: " + Dur(f.Takes.Base)
	}
	if short {
		return "each " + what
	}
	return "every invocation " + what
}

// drawSettings draws pane 5.
func drawSettings(c *Ctx, k ViewState) Body {
	b := Body{Title: "5 Settings", Legend: "key changes it · enter explains it", Note: k.note("")}
	list := c.Settings()
	var items []Subject
	matches := func(s Setting) bool { return len(matching(1, k.Filter, func(int) string { return s.text() })) > 0 }
	list = slices.DeleteFunc(list, func(s Setting) bool { return k.Filter != "" && (s.Head != "" || !matches(s)) })
	for i := range list {
		if list[i].Head == "" {
			items = append(items, list[i].about)
		}
	}
	b.list(&k, nil, items, nil)
	row := c.settingRow
	if !c.Boxed {
		row = c.shortSetting
		list = short(list, k)
	}
	b.Count = 0
	for i := range list {
		if list[i].Head == "" {
			b.Count++
		}
	}
	sel := slices.IndexFunc(list, func(s Setting) bool { return s.Head == "" && s.about == k.Sel })
	b.Top = window(len(list), k.H, k.Top, sel)
	for i := b.Top; i < len(list) && len(b.Rows) < k.H; i++ {
		if text := row(&list[i], k.W, i == sel); list[i].Head == "" {
			b.item(list[i].about, text)
		} else {
			b.add(Subject{}, text)
		}
	}
	return b
}

// text is what a filter is compared with.
func (s *Setting) text() string {
	if s.Break {
		return "break something " + s.Value
	}
	return s.Name + " " + s.Value + " " + s.Note
}

// Setting finds the row of pane 5 that is about a setting or a fault; false if there
// is none any more.
func (c *Ctx) Setting(about Subject) (Setting, bool) {
	for _, s := range c.Settings() {
		if s.Head == "" && s.about == about {
			return s, true
		}
	}
	return Setting{}, false
}

// short leaves out the headings, and where there is little room the rows without a
// key: the cursor still reaches them, and the dialog of all settings has them.
func short(list []Setting, k ViewState) []Setting {
	var out, keyed []Setting
	hidden := false
	for _, s := range list {
		switch {
		case s.Head != "" || s.Value == "" && !s.Break:
			continue
		case s.Key != "" || s.Break || s.Fault >= 0:
			keyed = append(keyed, s)
		case s.about == k.Sel:
			hidden = true
		}
		out = append(out, s)
	}
	if len(out) <= k.H || hidden {
		return out
	}
	return keyed
}

func (c *Ctx) settingRow(s *Setting, w int, selected bool) string {
	l := line(c, w, selected)
	switch {
	case s.Head != "":
		return l.Add(kit.Dim, s.Head).String()
	case s.Break:
		return l.Add(kit.Key, kit.KeyOf("break")).Text("  break something…").To(25).Add(kit.Bad, s.Value).String()
	case s.Fault >= 0:
		return l.To(25).Add(kit.Bad, s.Value).String()
	}
	key := s.Key
	if key == "" {
		key = " "
	}
	l.Add(kit.Key, key).Text("  " + kit.Cut(s.Name, w-4-len(s.Value)-2))
	l.Right(c.valueStyle(s), s.Value, min(39, w-1))
	if s.Note != "" {
		l.To(42)
		if w-42 < kit.Width(s.Note)+1 {
			l = c.tightSetting(s, w, selected)
		}
		l.Add(kit.Dim, s.Note)
	}
	return l.String()
}

// tightSetting moves the note closer to the value.
func (c *Ctx) tightSetting(s *Setting, w int, selected bool) *kit.Line {
	l := line(c, w, selected)
	key := s.Key
	if key == "" {
		key = " "
	}
	return l.Add(kit.Key, key).Text("  "+s.Name).Right(c.valueStyle(s), s.Value, min(39, w-1)).Text(" ")
}

func (c *Ctx) valueStyle(s *Setting) kit.Style {
	if c.Pending[s.Name] != "" {
		return kit.Busy
	}
	return kit.Strong
}

func (c *Ctx) shortSetting(s *Setting, w int, selected bool) string {
	l := line(c, w, selected)
	end := w - 1
	switch {
	case s.Break:
		l.Add(kit.Key, kit.KeyOf("break")).Text(" break something…")
		return l.Right(kit.Bad, shortFault(c, s.Fault, end-l.Col()-1), end).String()
	case s.Fault >= 0:
		return l.Text("  ").Right(kit.Bad, shortFault(c, s.Fault, end-4), end).String()
	case s.Name == "BatchSize":
		l.Add(kit.Key, s.Key).Text(" BatchSize ").Add(c.valueStyle(s), s.Value)
		if s.Note != "" {
			return l.Text(" ").Add(kit.Dim, s.Note).String()
		}
		return l.Right(kit.Dim, "all settings…", end).String()
	}
	key := s.Key
	if key == "" {
		key = " "
	}
	tail := s.Value
	if s.Short != "" {
		tail = s.Short
	}
	if when := c.Pending[s.Name]; when != "" && 3+kit.Width(s.Name)+1+kit.Width(tail)+1+kit.Width(when) <= end {
		tail += " " + when
	}
	if key == " " && 3+kit.Width(s.Name)+1+kit.Width(tail) > end { // a name is never cut: the unit goes instead
		tail, _, _ = strings.Cut(tail, " ")
		return l.Text(s.Name).Right(c.valueStyle(s), tail, w).String()
	}
	l.Add(kit.Key, key).Text(" " + kit.Cut(s.Name, end-3-kit.Width(tail)-1))
	return l.Right(c.valueStyle(s), tail, end).String()
}

func shortFault(c *Ctx, i, room int) string {
	faults := c.Faults()
	if i < 0 || i >= len(faults) {
		return ""
	}
	return kit.Cut(FaultText(faults[i], true), room)
}
