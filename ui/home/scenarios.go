package home

import (
	"strconv"
	"strings"

	"esmlab/engine"
	"esmlab/engine/scenario"
	"esmlab/engine/timeline"
	"esmlab/ui/kit"
	"esmlab/ui/pane"
	"esmlab/ui/plot"
)

// Scenarios is the section of the built-in scenarios. builtin gives the template
// of one; open opens it; seen tells in Update which were opened. about says what else
// there is about one, in a command. They are read once: Home reads a section again only
// when it was read before, never at the same time.
func Scenarios(builtin func(name string) ([]byte, bool), open func(name string) kit.Opening, seen func(name string) bool, about func(name string) []string) Section {
	var shelves []Group
	list := func() []Group {
		for i := range shelves {
			for k := range shelves[i].Entries {
				e := &shelves[i].Entries[k]
				e.Seen = seen(e.Name)
			}
		}
		return shelves
	}
	return Section{Head: "Scenarios", Name: "scenarios", Read: func() (func() []Group, error) {
		if shelves != nil {
			return list, nil
		}
		total := 0
		var read []Group
		for i, s := range scenario.Shelves() {
			g := Group{Head: s.Name, Short: s.Short, Seen: "seen", Noun: "a scenario", First: i == 0, Gap: i == 0}
			if digit := 4 + i; digit <= 9 {
				g.Digit = digit
			}
			for _, name := range s.Scenarios {
				src, _ := builtin(name)
				e := Entry{Name: name, Open: open(name), Preview: func() (Preview, error) { return Look(name, src, about) }}
				e.Note, e.About = scenario.Head(src)
				g.Entries = append(g.Entries, e)
				total++
			}
			read = append(read, g)
		}
		read[0].Tally, read[0].Rank = kit.Count(total, "scenario"), 1
		shelves = read
		return list, nil
	}}
}

// Look runs a scenario up to its last stop, and gives what is to be seen of it then. It belongs in a command.
func Look(name string, src []byte, about func(name string) []string) (Preview, error) {
	sc, err := scenario.Read(name, src, scenario.Options{})
	if err != nil {
		return Preview{}, err
	}
	return LookAt(sc, StopOf(sc), about)
}

// StopOf is the instant of a scenario's last stop, or a third of its time.
func StopOf(sc *scenario.Scenario) engine.Micros {
	at := sc.Config.For / 3
	for _, s := range sc.Stops {
		if s.Query == nil {
			at = s.At
		}
	}
	return at
}

// samples is how many values of the age stand behind the picture.
const samples = 64

// LookAt runs a scenario up to an instant.
func LookAt(sc *scenario.Scenario, at engine.Micros, about func(name string) []string) (Preview, error) {
	tl, err := timeline.New(sc.Config)
	if err != nil {
		return Preview{}, err
	}
	end := pane.AxisLength(at * 5 / 4)
	var ages []int64
	for i := range int64(samples) {
		t := end * engine.Micros(i+1) / samples
		if t > at {
			break
		}
		tl.Advance(t, -1)
		ages = append(ages, int64(ageOf(tl.Sim())))
	}
	tl.Advance(at, -1)
	now := ageOf(tl.Sim())
	c := pane.Ctx{S: tl.Sim(), History: tl.History()}
	p := Preview{Title: sc.Title, Legend: "what you would see at " + pane.Clock(at)}
	p.Chain, p.Brief = c.Chain()
	p.Picture = func(t *kit.Theme, w, h int) []string {
		c := c
		c.Theme = t
		n := 2
		if h >= 10 {
			n = 4
		}
		rows := c.Picture(w, min(h, n))
		if h < len(rows)+4 {
			return rows
		}
		rows = append(rows, kit.Blanks(w))
		return append(rows, charts(&c, t, w, at, end, ages, now)...)
	}
	p.Facts = append(p.Facts, pane.Dur(sc.Config.For)+", seed "+strconv.FormatUint(sc.Config.Seed, 10))
	if about != nil {
		p.Facts = append(p.Facts, about(sc.Name)...)
	}
	return p, nil
}

// ageOf is how old the oldest is that is not finished, of the first mapping.
func ageOf(s *engine.Sim) engine.Micros {
	if q := s.QueueOf(0); q >= 0 {
		return s.Oldest(q)
	}
	age := engine.Micros(0)
	for i := range s.Mappings[0].Iterators {
		age = max(age, s.Age(0, i))
	}
	return age
}

// charts draws the age of the oldest, and what the invocations have come to, under one
// axis of time.
func charts(c *pane.Ctx, t *kit.Theme, w int, at, end engine.Micros, ages []int64, age engine.Micros) []string {
	const gutter = 4
	cells := w - gutter - 2
	if cells < 12 {
		return nil
	}
	axis := kit.NewLine(t, w).PadTo(gutter).Add(kit.Dim, "0")
	half := strings.TrimSuffix(pane.Dur(end/2), " s")
	axis.Right(kit.Dim, half, gutter+cells/2+kit.Width(half)/2).Right(kit.Dim, pane.Dur(end), gutter+cells)
	values, top := make([]int64, 2*cells), int64(1)
	for i := range values {
		values[i] = plot.None
		if k := i * samples / len(values); k < len(ages) {
			values[i] = ages[k]
		}
		top = max(top, values[i])
	}
	p := plot.New(cells, 1)
	p.Line(values, top, kit.Info)
	line := kit.NewLine(t, w).Add(kit.Dim, "age").PadTo(gutter)
	p.Row(0, line)
	text := pane.Secs(age)
	now := gutter + int(int64(cells)*int64(at)/int64(end)) + 2
	rest := kit.NewLine(t, w-now).Add(kit.Strong, text)
	ageRow := []string{line.String()}
	if w-now > kit.Width(text) {
		kit.Overlay(ageRow, []string{rest.String()}, now, 0)
	}
	course := kit.NewLine(t, w).PadTo(gutter).String()
	rows := []string{axis.String(), ageRow[0], course}
	kit.Overlay(rows[2:], []string{c.Course(cells, end)}, gutter, 0)
	return rows
}
