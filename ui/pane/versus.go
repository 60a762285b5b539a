package pane

import (
	"slices"

	"esmlab/engine"
	"esmlab/engine/timeline"
	"esmlab/ui/kit"
	"esmlab/ui/plot"
)

// Versus draws two runs of one scenario, at one instant, against each other: A is the run
// shown. What is better or worse is said in words, never by colour.
type Versus struct {
	A, B         *Ctx
	NameA, NameB string
}

// Settings lists the settings in which the runs differ, in at most h rows of w cells, and
// counts those that are the same.
func (v *Versus) Settings(w, h int) (rows []string, same int) {
	col := w - 1 - max(11, kit.Width(v.NameB)+5)
	if col < 40 { // names of settings need it more than the gap does
		col = min(col+3, w-1-kit.Width(v.NameB)-4)
	}
	rows = append(rows, kit.NewLine(v.A.Theme, w).Right(kit.Info, "A "+v.NameA, col).Right(kit.Info, "B "+v.NameB, w-1).String())
	b := v.B.Settings()
	differ := 0
	for _, x := range v.A.Settings() {
		if x.Name == "" || x.Head != "" || x.Fault >= 0 {
			continue
		}
		i := slices.IndexFunc(b, func(y Setting) bool { return y.Name == x.Name && y.Fault < 0 })
		if i < 0 || b[i].Value == x.Value {
			same++
			continue
		}
		if differ++; len(rows) < h {
			rows = append(rows, v.settingRow(w, col, x.Key, x.Name, x.Value, b[i].Value))
		}
	}
	faults := func(c *Ctx) string {
		text := ""
		for _, f := range c.Faults() {
			text += " " + f.Name
		}
		if text == "" {
			return " none"
		}
		return text
	}
	if x, y := faults(v.A), faults(v.B); x != y {
		if differ++; len(rows) < h {
			rows = append(rows, v.settingRow(w, col, "e", "faults", x[1:], y[1:]))
		}
	}
	if differ == 0 && h > 1 {
		rows = append(rows, kit.NewLine(v.A.Theme, w).Text(" none: all settings are the same").String())
	}
	if more := differ - (len(rows) - 1); differ > 0 && more > 0 {
		rows[len(rows)-1] = kit.NewLine(v.A.Theme, w).Add(kit.Dim, " +"+itoa(more+1)+" more").String()
	}
	return rows, same
}

func (v *Versus) settingRow(w, col int, key, name, a, b string) string {
	a, b = kit.Cut(a, 16), kit.Cut(b, w-3-col)
	l := kit.NewLine(v.A.Theme, w).Text(" ").Add(kit.Key, kit.Fit(key, 1)).Text("  " + kit.Cut(name, col-5-kit.Width(a)))
	return l.Right(kit.Strong, a, col).Right(kit.Plain, b, w-1).String()
}

// versusRow is a figure of both runs. say puts the difference in words.
type versusRow struct {
	name  string
	a, b  int64
	time  bool
	group int // those of one group have one scale
	say   func(who string, d string) string
}

func (v *Versus) rows() []versusRow {
	a, b := v.A.Totals(), v.B.Totals()
	fa, fb := v.A.function(), v.B.function()
	end := func(text string) func(who, d string) string {
		return func(who, d string) string { return who + " " + d + text }
	}
	verb := func(before, after string) func(who, d string) string {
		return func(who, d string) string { return who + " " + before + d + after }
	}
	into := v.A.mapping().OnFailure
	done, held, given := "done", "held: in batches and waiting", "given up"
	oldA, oldB := engine.Micros(0), engine.Micros(0)
	if v.A.OnQueue() {
		done, held, given, into = "deleted", "in flight and visible", "moved to the DLQ", ""
		oldA, oldB = v.A.S.Oldest(v.A.S.QueueOf(v.A.M)), v.B.S.Oldest(v.B.S.QueueOf(v.B.M))
	} else {
		oldA, oldB = v.A.oldest(), v.B.oldest()
	}
	if into != "" {
		given += ", in " + into
	}
	out := []versusRow{
		{name: done, a: a.Done, b: b.Done, say: verb("is ", " ahead")},
		{name: "filtered", a: a.Filtered, b: b.Filtered, say: verb("filters out ", " more")},
		{name: held, a: a.Batch + a.Wait, b: b.Batch + b.Wait, say: verb("holds ", " more back")},
		{name: given, a: a.Discarded, b: b.Discarded, say: verb("gives up ", " more")},
		{name: "lost", a: a.Lost + a.Rejected, b: b.Lost + b.Rejected, say: verb("loses ", " more")},
		{name: "oldest not finished", a: int64(oldA), b: int64(oldB), time: true, group: 1, say: end(" older")},
	}
	if a.Filtered+b.Filtered == 0 {
		out = slices.Delete(out, 1, 2)
	}
	if !v.A.OnQueue() {
		out = append(out, versusRow{name: "worst IteratorAge", a: int64(v.A.mapping().MaxIteratorAge), b: int64(v.B.mapping().MaxIteratorAge), time: true, group: 1, say: end(" worse")})
	}
	out = append(out, versusRow{name: "invocations", a: fa.Invocations, b: fb.Invocations, group: 2, say: func(who, d string) string {
		if d == "1" {
			return who + " calls once more"
		}
		return who + " calls " + d + " times more"
	}},
		versusRow{name: "errors", a: fa.Errors, b: fb.Errors, group: 2, say: end(" more")})
	if fa.Throttles+fb.Throttles > 0 {
		out = append(out, versusRow{name: "throttles", a: fa.Throttles, b: fb.Throttles, group: 2, say: end(" more")})
	}
	for i := range min(len(fa.Effects), len(fb.Effects)) { // both runs are of one scenario
		x, y := &fa.Effects[i], &fb.Effects[i]
		if x.Twice+y.Twice > 0 {
			out = append(out, versusRow{name: x.ID + " twice", a: x.Twice, b: y.Twice, group: 2, say: end(" more")})
		}
	}
	return out
}

// Table gives the figures of both runs, w cells wide: A, B, what A has more, a bar whose
// ends are the two values, and a sentence.
func (v *Versus) Table(w int) []string {
	t := v.A.Theme
	list := v.rows()
	top := [3]int64{1, 1, 1}
	for i := range list {
		top[list[i].group] = max(top[list[i].group], list[i].a, list[i].b)
	}
	show := func(r *versusRow, n int64) string {
		if r.time {
			return Secs(engine.Micros(n))
		}
		return kit.Thousands(int(n))
	}
	colA, colB, colD, bar := 38, 51, 64, 68
	size := max(8, w-bar-32)
	rows := []string{kit.NewLine(t, w).Right(kit.Info, "A "+v.NameA, colA).Right(kit.Info, "B "+v.NameB, colB).Right(kit.Strong, "Δ", colD).String()}
	for i := range list {
		r := &list[i]
		l := kit.NewLine(t, w).Text(" "+kit.Cut(r.name, colA-9)).Right(kit.Strong, show(r, r.a), colA).Right(kit.Plain, show(r, r.b), colB)
		d, who := r.a-r.b, "A"
		delta := "+" + show(r, d)
		switch {
		case d == 0:
			delta = "±0"
		case d < 0:
			delta, who = "−"+show(r, -d), "B"
		}
		if d == 0 && r.time {
			delta += " s"
		}
		l.Right(kit.Plain, delta, colD).PadTo(bar).Add(kit.Rule, "│")
		cells := func(n int64) int {
			if n == 0 {
				return 0
			}
			return max(1, int((n*int64(size)+top[r.group]/2)/top[r.group]))
		}
		both, end := cells(min(r.a, r.b)), cells(max(r.a, r.b))
		if d != 0 {
			end = max(end, both+1)
		}
		sign, style := "█", kit.Good
		if d < 0 {
			sign, style = "░", kit.Info
		}
		l.Repeat(kit.Plain, "▓", both).Repeat(style, sign, end-both).PadTo(bar + size + 3)
		switch {
		case d == 0 && r.a == 0:
			l.Text("neither")
		case d == 0:
			l.Text("the same")
		case min(r.a, r.b) == 0 && r.name != "done" && !r.time && r.a+r.b > 0 && r.group == 0:
			l.Text("only " + r.say(who, show(r, max(d, -d))))
		default:
			l.Text(r.say(who, show(r, max(d, -d))))
		}
		rows = append(rows, l.String())
	}
	return append(rows, kit.NewLine(t, w).Add(kit.Dim, " █ only A   ▓ both   ░ only B: the ends of the bars are the two values").String())
}

// bothRuns is a figure over time and now, in both runs.
type bothRuns struct {
	name       string
	time       bool
	a, b       series
	nowA, nowB int64
}

func (p *bothRuns) say(n int64) string {
	if p.time {
		return Secs(engine.Micros(n))
	}
	return kit.Thousands(int(n))
}

// Plots draws the age of what is not finished and what waits, A as a line and B as dots,
// each labelled at its end, in k.H rows.
func (v *Versus) Plots(k ViewState) []string {
	if k.H < 1 {
		return nil
	}
	x := k.Axis.plot()
	over := func(c *Ctx) (ages, waits series, age, wait int64) {
		gauges := c.History.Gauges(c.S, c.M)
		ageAt := func(cell int, at int64) int64 {
			if g := &gauges[cell]; g.Oldest != engine.Never {
				return max(0, at-int64(g.Oldest))
			}
			return 0
		}
		last := len(gauges) - 1
		return c.over(x, ageAt), c.over(x, func(cell int, _ int64) int64 { return int64(gauges[cell].Waits) }), ageAt(last, int64(c.S.Now())), int64(gauges[last].Waits)
	}
	ageA, waitA, ageNowA, waitNowA := over(v.A)
	ageB, waitB, ageNowB, waitNowB := over(v.B)
	room := k.H - 1
	if room < 2 {
		return nil
	}
	list := []bothRuns{{"age", true, ageA, ageB, ageNowA, ageNowB}}
	heights := []int{room}
	if room >= 6 {
		list = append(list, bothRuns{"wait", false, waitA, waitB, waitNowA, waitNowB})
		heights = []int{room - room*5/12, room * 5 / 12}
	}
	var rows []string
	now := x.Col(int64(v.A.S.Now()))
	for i, p := range list {
		h := heights[i]
		most := max(p.a.most, p.b.most)
		unit, name, least := int64(1), "", int64(1)
		if p.time {
			unit, name = plot.Unit(most)
			name, least = " "+name, max(1, unit/10)
		}
		s := plot.ScaleOf(most, h, least)
		a := plot.New(x.N, h)
		a.Line(p.a.values, s.Top, kit.Strong)
		a.Dotted(p.b.values, s.Top, kit.Info)
		a.Upright(now, kit.Info)
		textA, textB := "A "+p.say(p.nowA), "B "+p.say(p.nowB)
		at := min(now+2, x.N-len(textA)-len(textB)-2)
		if at <= now { // over the lines: with a blank in front
			textA, at = " "+textA, at-1
		}
		a.Text(at, p.nowA, s.Top, textA, kit.Dim)
		if a.SameRow(p.nowA, p.nowB, s.Top) {
			at += len(textA) + 2
		}
		a.Text(at, p.nowB, s.Top, textB, kit.Dim)
		named := false
		for r := range h {
			l := kit.NewLine(v.A.Theme, k.W)
			if n, ok := s.Tick(r, h); ok {
				text := plot.Decimal(n, unit)
				if n == s.Top {
					text += name
				}
				if mid := h < 4 && r == 0 || h >= 4 && r > 0; mid && !named {
					text, named = p.name+" "+text, true
				}
				l.Right(kit.Dim, text, k.Axis.Gutter-2).PadTo(k.Axis.Gutter-1).Add(kit.Rule, "┤")
			} else {
				l.PadTo(k.Axis.Gutter-1).Add(kit.Rule, "│")
			}
			a.Row(r, l)
			rows = append(rows, l.String())
		}
	}
	return append(rows, v.A.axisRow(&k))
}

// LaneRows is how many rows Lanes has a use for.
func (v *Versus) LaneRows() int {
	n := 3 // where failures go in both, and the axis
	lanes := v.A.History.Lanes(v.A.M)
	for i := range lanes {
		if !v.A.hasNoLane(&lanes[i]) {
			n += 4
		}
	}
	return n
}

// Lanes draws the lanes of both runs under each other, with a row that says where they
// differ, those that differ first, in k.H rows.
func (v *Versus) Lanes(k ViewState) []string {
	if k.H < 1 {
		return nil
	}
	type pairOf struct {
		a, b   laneRow
		differ *bar
		same   bool
	}
	var list []pairOf
	k.Sel = Subject{}
	bs := v.B.laneRows(&k)
	for _, a := range v.A.laneRows(&k) {
		i := slices.IndexFunc(bs, func(b laneRow) bool { return b.about == a.about })
		if i < 0 {
			continue
		}
		p := pairOf{a: a, b: bs[i], differ: newBar(v.A, &k)}
		p.same = v.sameLane(v.A.laneOf(a.about), v.B.laneOf(a.about))
		for c := range p.differ.cells[:p.differ.now+1] {
			if a.bar.cells[c] != bs[i].bar.cells[c] {
				p.differ.cells[c] = barCell{"▒", kit.Bad, 1}
			}
		}
		list = append(list, p)
	}
	slices.SortStableFunc(list, func(a, b pairOf) int { return btoi(a.same) - btoi(b.same) })
	var rows []string
	room := k.H - 1
	row := func(head string, style kit.Style, b *bar) {
		l := v.A.laneHead(&k, head, style, false)
		b.paint(l)
		rows = append(rows, l.String())
	}
	arrivalsA, arrivalsB := v.A.arrivalLane(&k), v.B.arrivalLane(&k)
	if arrivalsA != nil && arrivalsB != nil && room >= 5 {
		room -= 2
	} else {
		arrivalsA = nil
	}
	shown := 0
	for _, p := range list {
		if len(rows)+3 > room {
			break
		}
		if len(rows) > 0 && len(rows)+4 <= room && len(list)*4 <= room {
			row("", kit.Plain, newBar(v.A, &k))
		}
		name := v.laneName(p.a.about)
		row(name+" A "+v.A.laneWord(p.a.about), p.a.style, p.a.bar)
		row(name+" B "+v.B.laneWord(p.a.about), p.b.style, p.b.bar)
		switch {
		case p.same:
			const none = "no difference"
			p.differ.write(min(p.differ.now+2, len(p.differ.cells)-len(none)), none, kit.Dim, false)
		case !slices.ContainsFunc(p.differ.cells, func(c barCell) bool { return c.sign != "" }):
			p.differ.write(p.differ.now+2, "less than a cell", kit.Dim, false)
		}
		row("    differ", kit.Dim, p.differ)
		shown++
	}
	if hidden := len(list) - shown; hidden > 0 && len(rows) > 0 {
		text := "+" + itoa(hidden) + " more"
		if i := slices.IndexFunc(list, func(p pairOf) bool { return p.same }); i >= 0 && i <= shown {
			text = v.A.laneText(&k, text+", the same", "+"+itoa(hidden)+" same")
		}
		rows = append(rows, v.A.laneHead(&k, "  "+text, kit.Dim, false).String())
	}
	if arrivalsA != nil {
		row("4 A "+itoa(v.A.arrived())+" msg", kit.Plain, arrivalsA.bar)
		row("4 B "+itoa(v.B.arrived())+" msg", kit.Plain, arrivalsB.bar)
	}
	for len(rows) < k.H-1 {
		row("", kit.Plain, newBar(v.A, &k))
	}
	return append(rows[:min(len(rows), k.H-1)], v.A.axisRow(&k))
}

// sameLane tells whether a lane did the same in both runs.
func (v *Versus) sameLane(a, b *timeline.Lane) bool {
	return a != nil && b != nil && v.A.History.CellWidth(v.A.M) == v.B.History.CellWidth(v.B.M) &&
		slices.Equal(v.A.History.Cells(v.A.S, v.A.M, a), v.B.History.Cells(v.B.S, v.B.M, b))
}

// laneName names a lane in few cells.
func (v *Versus) laneName(about Subject) string {
	switch about.Kind {
	case KindShard:
		return itoa(int(about.Shard))
	case KindPoller:
		return "p" + itoa(int(about.N)+1)
	}
	return kit.Cut(v.A.S.Groups[about.N].Name, 4)
}

// laneWord says in a word how what a lane is of does.
func (c *Ctx) laneWord(about Subject) string {
	switch about.Kind {
	case KindShard:
		sign, word, _ := c.Status(int(about.Shard))
		return sign + " " + word[:min(5, len(word))]
	case KindMessageGroup:
		if c.queue().FIFO && c.groupStates()[engine.GroupID(about.N)] == groupFailed {
			return "■ LOCK"
		}
		return "●"
	}
	return ""
}

// arrived counts the messages that came to where failures go.
func (c *Ctx) arrived() (n int) {
	for _, g := range c.History.Gauges(c.S, c.M) {
		n += int(g.Arrived)
	}
	return n
}
