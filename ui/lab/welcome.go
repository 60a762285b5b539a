package lab

import (
	"esmlab/ui/kit"
	"esmlab/ui/pane"
)

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
		return kit.Pick(w-2, text+kit.WithKeys("  or press {break} and break something"), text+kit.WithKeys("  {break} break"), text)
	}
	return kit.Pick(w-2, kit.WithKeys("New here?  {stop} stops time   {break} breaks something   {why} says why   {over} starts over   {quit} leaves   {back} other scenarios"),
		kit.WithKeys("New here?  {break} breaks something  {why} says why  {over} starts over  {quit} leaves  {back} more"),
		kit.WithKeys("New here?  {break} breaks something   {why} says why   {quit} leaves"), kit.WithKeys("{break} break  {why} why"))
}

// madeUp tells whether the first screen says what was made up: until the person has
// changed something.
func (m *Lab) madeUp() bool {
	return m.sc.MadeUp != "" && m.commands == 0 && !m.o.Hide && m.o.Region == nil && !m.showsBeginnings()
}

// madeUpRow says what was made up, and the keys that change it.
func (m *Lab) madeUpRow() string {
	what := "Made up, as the template does not say: " + m.sc.MadeUp
	short := "Made up: " + m.sc.MadeUp
	text := kit.Pick(m.w-2, what+kit.WithKeys(".   {put} puts more   {settings} how long calls take   ")+"Metadata.esmlab.traffic says what comes",
		what+kit.WithKeys(".   {put} puts more   {settings} how long calls take"), short+kit.WithKeys(".  {put} puts more  {settings} how long calls take"),
		short+kit.WithKeys("  {put} put  {settings} settings"), short)
	return kit.NewLine(m.screens.Theme, m.w).Text(" ").Add(kit.Info, kit.Cut(text, m.w-2)).String()
}

// welcomeRow says what to press next in the present state of the run.
func (m *Lab) welcomeRow() string {
	s := m.sim()
	set := &s.Mappings[m.at].Settings
	blocked := pane.Blocked(s, m.at)
	limited := set.MaximumRetryAttempts >= 0 || set.MaximumRecordAgeInSeconds >= 0
	if m.madeUp() {
		return m.madeUpRow()
	}
	if m.queue() >= 0 {
		return kit.NewLine(m.screens.Theme, m.w).Text(" ").Add(kit.Info, kit.Cut(m.queueWelcome(), m.w-2)).String()
	}
	text := m.newHere()
	switch {
	case m.showsBeginnings() && len(blocked) > 0: // both: how to begin, and what would unblock it
		text = kit.Pick(m.w-2, m.beginnings()+kit.WithKeys("  Blocked: {why} why   {bisect} split   {retries} limit"), m.beginnings()+kit.WithKeys("  {why} why  {bisect} split"), m.beginnings())
	case m.showsBeginnings():
	case len(blocked) > 0 && limited:
		text = kit.WithKeys("Limited:  the batch is given up soon   {cause} goes to the next cause   4 4 shows what the queue gets")
	case len(blocked) > 0 && set.BisectBatchOnFunctionError:
		text = kit.WithKeys("Split:  {next} steps through the halves   {retries} limits the tries, then the bad record is given up")
	case len(blocked) > 0:
		text = kit.WithKeys("Blocked:  {why} why   {bisect} split the batch   {retries} limit the retries")
	case len(s.Discards) > 0:
		text = kit.WithKeys("Freed:  4 shows the message   {compare} compares with the run nobody touched   {undo} takes it back")
	case s.Functions[s.FunctionOf(m.at)].Errors > 0:
		text = kit.WithKeys("It flows:  {break} breaks something again   {compare} compares   {help} shows all keys")
	}
	return kit.NewLine(m.screens.Theme, m.w).Text(" ").Add(kit.Info, kit.Cut(text, m.w-2)).String()
}
