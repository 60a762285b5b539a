package pane

import (
	"slices"
	"strings"

	"esmlab/engine"
	"esmlab/engine/narrate"
	"esmlab/engine/setting"
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
	Range string // which values AWS accepts, of a number
	Does  string // what it does, in half a sentence
	about Subject
}

// Settings lists the rows of pane 5.
func (c *Ctx) Settings() []Setting {
	if c.settings == nil {
		c.settings = c.listSettings()
	}
	return c.settings
}

func (c *Ctx) listSettings() []Setting {
	list, faults := c.settingRows(), c.Faults()
	if c.Bare {
		for i := range list {
			list[i].Note = ""
		}
		list = append(list, Setting{Break: true, Fault: -1})
	} else {
		list = c.withFaults(list)
	}
	for i := range list {
		switch s := &list[i]; {
		case s.Fault >= 0:
			s.about = Subject{Kind: KindFault, Name: faults[s.Fault].Name}
		case s.Break:
			s.about = Subject{Kind: KindFault}
		case s.Head == "" && s.about == Subject{}:
			s.about = Subject{Kind: KindSetting, Name: s.Name}
		}
	}
	return list
}

// settingRows lists the settings of the mapping, its source and its function
// that the table has for the pane, in its groups.
func (c *Ctx) settingRows() []Setting {
	type shown struct {
		*setting.Row
		of *setting.Resource
	}
	var list []shown
	for _, id := range []string{c.config().ID, c.config().Source, c.config().Function} {
		of, _ := c.S.SettingsOf(id)
		for _, p := range of.Rows() {
			if p.Pane != 0 && (!p.IfSet || !p.IsDefault(&of)) {
				list = append(list, shown{p, &of})
			}
		}
	}
	slices.SortStableFunc(list, func(a, b shown) int { return a.Pane - b.Pane })
	heads := []string{1: "When a batch fails", 2: "How records are gathered", 3: ""}
	if c.OnQueue() {
		heads = []string{1: "Queue " + c.queueConfig().ID + ": when a message fails", 2: "Mapping " + c.config().ID, 3: ""}
	}
	var out []Setting
	for i, p := range list {
		group := p.Pane / 10
		if i == 0 || list[i-1].Pane/10 != group {
			if c.OnQueue() && group > 2 {
				out = append(out, c.neverSplit())
			}
			if heads[group] != "" {
				out = append(out, Setting{Head: heads[group], Fault: -1})
			}
		}
		if i+1 < len(list) && list[i+1].Pane == p.Pane { // AWS accepts only one of the two
			continue
		}
		out = append(out, c.settingOf(p.Row, p.of))
	}
	if c.OnQueue() && list[len(list)-1].Pane < 30 {
		out = append(out, c.neverSplit())
	}
	return out
}

// neverSplit is the row that says what a queue does not have.
func (c *Ctx) neverSplit() Setting {
	return Setting{Key: kit.KeyOf("bisect"), Name: kit.WithKeys("bisect: streams only. Here use {items}"), Fault: -1,
		about: Subject{Kind: KindSetting, Name: setting.BisectBatchOnFunctionError}}
}

// settingOf is the row of a setting.
func (c *Ctx) settingOf(p *setting.Row, of *setting.Resource) Setting {
	v, _ := p.Get(of)
	row := Setting{Name: p.Name, Value: p.Text(v), Note: c.Pending[p.Name], Fault: -1, Does: p.About}
	if p.Kind == setting.Number {
		row.Range = p.Values()
	}
	if p.Action != "" {
		row.Key = kit.KeyOf(p.Action)
	}
	note := ""
	long := p.Unit == setting.Seconds && p.Max > 86400
	switch {
	case p.Kind == setting.Switch:
		row.Value = narrate.Value(v)
	case p.Kind == setting.Filters:
		row.Value = kit.Count(len(of.Mapping.FilterCriteria.Patterns()), "filter")
	case p.Kind == setting.Destination:
		note = c.Destination().Kind
	case p.Special.AWS && int(v.Int) == p.Special.Value:
		note = p.Special.Means
	case long && p.Special.Means == "":
		row.Short = days(int(v.Int))
	case p.Unit == setting.Seconds && !long:
		row.Value += " s"
	}
	timeout := int64(c.functionConfig().Timeout / engine.Second)
	switch {
	case row.Short != "":
		note = row.Short
	case p.Name == setting.VisibilityTimeout && timeout > 0 && v.Int%timeout == 0:
		note = itoa(int(v.Int/timeout)) + " x " + itoa(int(timeout)) + " s"
	case p.Name == setting.MaxReceiveCount && of.Queue.DeadLetterQueue == "":
		row.Value = "-"
	case p.Name == setting.MaximumPollers:
		note = "min " + itoa(max(2, of.Mapping.MinimumPollers))
	}
	if row.Note == "" {
		row.Note = note
	}
	return row
}

// days writes a number of seconds as days where they are whole.
func days(secs int) string {
	if secs%86400 == 0 {
		return kit.Count(secs/86400, "day")
	}
	return Dur(engine.Micros(secs) * engine.Second)
}

// withFaults adds a row for each fault, or one that offers to break something.
func (c *Ctx) withFaults(out []Setting) []Setting {
	faults := c.Faults()
	for i, f := range faults {
		out = append(out, Setting{Value: narrate.Fault(f, false), Fault: i, Break: i == 0})
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

// drawSettings draws pane 5.
func drawSettings(c *Ctx, k ViewState) Body {
	b := Body{Title: "5 Settings", Legend: kit.WithKeys("key changes it · {inside} explains it"), Note: k.note("")}
	list := slices.Clone(c.Settings())
	var items []Subject
	matches := func(s Setting) bool { return len(matching(1, k.Filter, func(int) string { return s.text() })) > 0 }
	list = slices.DeleteFunc(list, func(s Setting) bool {
		says := s.Head == "" && s.Value == "" && !s.Break // only what is for streams
		return k.Filter != "" && (s.Head != "" || !matches(s)) || says && !c.Long
	})
	for i := range list {
		if list[i].Head == "" {
			items = append(items, list[i].about)
		}
	}
	b.list(&k, nil, items, nil)
	row := c.settingRow
	if !c.Long {
		row = c.shortSetting
	}
	list = c.fitting(list, &k)
	b.Count = 0
	for i := range list {
		if list[i].Head == "" {
			b.Count++
		}
	}
	sel := slices.IndexFunc(list, func(s Setting) bool { return s.Head == "" && s.about == k.Sel })
	b.Top = window(len(list), k.H, k.Top, sel)
	for _, s := range list[:b.Top] {
		if s.Head == "" {
			b.first++
		}
	}
	below := c.Long && 3*len(list) <= 2*k.H+4 // there may be room for what each does
	for i, rows := 0, 0; below && i < len(list); i++ {
		rows += 1 + len(list[i].says(k.W))
		below = rows <= k.H
	}
	for i := b.Top; i < len(list) && len(b.Rows) < k.H; i++ {
		if below {
			c.apart(&b, &list[i], k.W, i == sel)
			continue
		}
		if text := row(&list[i], k.W, i == sel); list[i].Head == "" {
			b.item(list[i].about, text)
		} else {
			b.add(Subject{}, text)
		}
	}
	return b
}

// says is what a setting does, and which values AWS accepts, in rows of a pane that is w
// cells wide.
func (s *Setting) says(w int) []string {
	switch {
	case s.Value == "" || s.Does == "":
		return nil
	case s.Range != "":
		return kit.Wrap(s.Does+" · "+s.Range, w-7)
	}
	return kit.Wrap(s.Does, w-7)
}

// apart adds a setting, and below it what it does.
func (c *Ctx) apart(b *Body, s *Setting, w int, selected bool) {
	text := c.settingRow(s, min(w, wideSettings-1), selected)
	if s.Head != "" {
		b.add(Subject{}, kit.Fit(text, w))
		return
	}
	b.item(s.about, kit.Fit(text, w))
	for _, row := range s.says(w) {
		b.add(s.about, kit.NewLine(c.Theme, w).PadTo(6).Add(kit.Dim, row).String())
	}
}

// text is what a filter is compared with.
func (s *Setting) text() string {
	if s.Break {
		return "break something " + s.Value
	}
	return s.Name + " " + s.Value + " " + s.Note
}

// Setting finds the row of pane 5 that is about a setting or a fault; false if it
// is gone.
func (c *Ctx) Setting(about Subject) (Setting, bool) {
	for _, s := range c.Settings() {
		if s.Head == "" && s.about == about {
			return s, true
		}
	}
	return Setting{}, false
}

// hasKey tells whether a key changes the row.
func (s *Setting) hasKey() bool { return s.Key != "" || s.Break || s.Fault >= 0 }

// onlyLong tells whether the row is left out where there is no room for long forms: it
// says only what is not to be had.
func (s *Setting) onlyLong() bool { return s.Head == "" && s.Value == "" && !s.Break }

// fitting leaves out what has no room: first the headings, then, from the last on, the
// rows without a key. The cursor still reaches them, and the dialog of all settings has
// them.
func (c *Ctx) fitting(list []Setting, k *ViewState) []Setting {
	if !c.Long {
		list = slices.DeleteFunc(list, func(s Setting) bool { return s.onlyLong() })
	}
	if len(list) > k.H {
		list = slices.DeleteFunc(list, func(s Setting) bool { return s.Head != "" })
	}
	if slices.ContainsFunc(list, func(s Setting) bool { return s.about == k.Sel && !s.hasKey() }) {
		return list
	}
	for i := len(list) - 1; i >= 0 && len(list) > k.H; i-- {
		if !list[i].hasKey() {
			list = slices.Delete(list, i, i+1)
		}
	}
	return list
}

// fault says how the function is broken, in n cells.
func (c *Ctx) fault(s *Setting, n int) string {
	if s.Fault < 0 || kit.Width(s.Value) <= n {
		return s.Value
	}
	return shortFault(c, s.Fault, n)
}

// wideSettings is the width from which on a row of pane 5 says what it does, or what AWS
// accepts.
const wideSettings = 64

func (c *Ctx) settingRow(s *Setting, w int, selected bool) string {
	l := line(c, w, selected)
	switch {
	case s.Head != "":
		head, _, _ := strings.Cut(s.Head, ":")
		return l.Add(kit.Dim, kit.Pick(w-2, s.Head, head)).String()
	case s.Break:
		l.Add(kit.Key, kit.KeyOf("break")).Text("  break")
		if text := c.fault(s, w-12); isCut(c.fault(s, w-26)) && !isCut(text) { // what is broken matters more than the other word
			return l.Text("  ").Add(kit.Bad, text).String()
		}
		return l.Text(" something…").PadTo(25).Add(kit.Bad, c.fault(s, w-26)).String()
	case s.Fault >= 0:
		return l.PadTo(25).Add(kit.Bad, c.fault(s, w-26)).String()
	}
	key := s.Key
	if key == "" {
		key = " "
	}
	l.Add(kit.Key, key).Text("  " + kit.Cut(s.Name, w-4-len(s.Value)-2))
	l.Right(c.valueStyle(s), s.Value, min(39, w-1))
	if s.Note != "" {
		l.PadTo(42)
		if w-42 < kit.Width(s.Note)+1 {
			l = c.tightSetting(s, w, selected)
		}
		l.Add(kit.Dim, s.Note)
	}
	if w < wideSettings || s.Value == "" {
		return l.String()
	}
	l.Text(" ").PadTo(max(l.Col(), 54))
	half, _, _ := strings.Cut(s.Does, "; ")
	texts := []string{s.Does, half}
	if s.Range != "" {
		texts = []string{s.Does + " · " + s.Range, s.Does, half, s.Range}
	}
	if text := kit.Pick(w-l.Col()-1, texts...); slices.Contains(texts, text) {
		l.Add(kit.Dim, text)
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
	case s.Head != "":
		head, _, _ := strings.Cut(s.Head, ":")
		return l.Add(kit.Dim, kit.Pick(w-2, s.Head, head)).String()
	case s.Break:
		l.Add(kit.Key, kit.KeyOf("break")).Text(" break")
		if room := end - l.Col() - 1; !isCut(shortFault(c, s.Fault, room-11)) || isCut(shortFault(c, s.Fault, room)) {
			l.Text(" something…")
		}
		return l.Right(kit.Bad, shortFault(c, s.Fault, end-l.Col()-1), end).String()
	case s.Fault >= 0:
		return l.Text("  ").Right(kit.Bad, shortFault(c, s.Fault, end-4), end).String()
	case s.Name == setting.BatchSize:
		l.Add(kit.Key, s.Key).Text(" "+s.Name+" ").Add(c.valueStyle(s), s.Value)
		if s.Note != "" {
			return l.Text(" ").Add(kit.Dim, s.Note).String()
		}
		if l.Col()+len(" all settings.") <= end {
			l.Right(kit.Dim, "all settings…", end)
		}
		return l.String()
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
	if key == " " && 3+kit.Width(s.Name)+1+kit.Width(tail) > end { // the unit gives way to the name
		if number, _, ok := strings.Cut(tail, " "); ok && tail[0] <= '9' {
			tail = number
		}
		return l.Text(shortName(s.Name, w-2-kit.Width(tail))).Right(c.valueStyle(s), tail, w).String()
	}
	l.Add(kit.Key, key).Text(" " + shortName(s.Name, end-3-kit.Width(tail)-1))
	return l.Right(c.valueStyle(s), tail, end).String()
}

// shortName is the name of a setting in n cells: what is left out is the end of a word, or
// whole words at the end, unless those are most of it.
func shortName(name string, n int) string {
	text := strings.Replace(strings.Replace(name, "Maximum", "Max", 1), "Minimum", "Min", 1)
	switch {
	case kit.Width(name) <= n:
		return name
	case kit.Width(text) <= n:
		return text
	}
	for i := n - 1; i >= n/2 && i > 0; i-- {
		if text[i] >= 'A' && text[i] <= 'Z' && (text[i-1] < 'A' || text[i-1] > 'Z') {
			return text[:i] + "…"
		}
	}
	return kit.Cut(text, n)
}

// isCut tells whether not even a clause of a text is whole.
func isCut(text string) bool {
	return strings.HasSuffix(text, "…") && !strings.HasSuffix(text, ", …")
}

func shortFault(c *Ctx, i, room int) string {
	faults := c.Faults()
	if i < 0 || i >= len(faults) {
		return ""
	}
	whole := narrate.Fault(faults[i], true)
	for text := whole; kit.Width(whole) > room; { // whole clauses, and that there are more
		at := strings.LastIndex(text, ", ")
		if at < 0 {
			break
		}
		if text = text[:at]; kit.Width(text)+3 <= room {
			return text + ", …"
		}
	}
	return kit.Cut(whole, room)
}
