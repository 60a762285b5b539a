package quiz

import (
	"cmp"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	tea "charm.land/bubbletea/v2"

	"esmlab/quiz/drill"
	"esmlab/quiz/progress"
	"esmlab/quiz/session"
	"esmlab/ui/kit"
)

// Today is the first screen of the quiz: what is due, what else there is, and
// how it has gone so far.
type Today struct {
	screen
	sel   int
	state state
	stale bool // something may have been answered since it was asked
	day   progress.Day
}

// New makes the first screen.
func New(screens *kit.ScreenStack, o *Options) *Today {
	d := &Today{screen: screen{screens: screens, o: o, dialogs: kit.DialogStack{Foot: 2}}, stale: true}
	d.bind(d.actions())
	return d
}

// Init reads what another esmlab may have written.
func (d *Today) Init() tea.Cmd {
	return kit.Run(func() (func(), error) { return d.o.Store.Fetch(), nil }, func(add func(), _ error) tea.Cmd {
		add()
		d.stale = true
		return nil
	})
}

// Paths are the notes that are asked; none: the built-in deck.
func (d *Today) Paths() []string { return d.o.Paths }

// Title of the screen.
func (d *Today) Title() string { return "quiz" }

// state is what the store says today.
type state struct {
	today    session.Today
	cards    int
	heat     []int // answers of the last study days, today last
	forecast []int // cards that come due, today first
	fresh    int   // new cards that tomorrow brings at most
	perDay   int   // new cards a day, of each deck
	more     int   // how many new cards can be brought on top today
	sure     [3]progress.Calibration
	answers  int
	drills   [2]int // right, asked
	version  session.Version
	// unfinished is the exam that was left and can be gone on with; nil: none.
	unfinished         *session.ExamRun
	mixRight, mixToday int      // right and asked in today's mixes
	retired            []string // cards that were set aside
}

// weeks is how far the heat map reaches back.
const weeks = 14

func (o *Options) state() state {
	now := o.Now()
	cards := o.cards()
	s := session.New(o.Store, cards, o.pace())
	today := progress.DayOf(now)
	out := state{today: s.Today(now), cards: len(cards), sure: o.Store.Calibration(), version: session.VersionOn(now)}
	out.perDay = session.Options{NewPerDay: o.NewPerDay}.Complete().NewPerDay
	out.more = min(out.today.Unseen, moreNew)
	out.fresh = s.NewTomorrow(out.perDay)
	ids := make([]string, len(cards))
	for i, c := range cards {
		ids[i] = c.ID
		if o.Store.Card(c.ID).Suspended {
			out.retired = append(out.retired, c.ID)
		}
	}
	out.heat = o.Store.Heat(today, 7*weeks)
	out.forecast = o.Store.Forecast(ids, now, 7)
	for _, n := range out.heat {
		out.answers += n
	}
	out.unfinished = session.Unfinished(o.Store, now)
	for l := range o.Store.Lines {
		if l.Kind == progress.KindMix && l.Day == today {
			out.mixRight, out.mixToday = out.mixRight+l.Correct, out.mixToday+l.Asked
		}
	}
	for _, x := range drill.Scores(o.Store) {
		out.drills[0] += x.Right
		out.drills[1] += x.Asked
	}
	return out
}

// Summary says in a line what is due.
func (o *Options) Summary() string {
	s := o.state()
	return s.due()
}

// due says what is due, and how long it takes.
func (s *state) due() string {
	n := s.today.Cards()
	if n == 0 {
		return "nothing is due"
	}
	return fmt.Sprintf("%s due, about %d min", kit.Count(n, "card"), s.today.Minutes)
}

// moreNew is how many new cards a person can ask for on top of a day's number.
const moreNew = 10

// ahead says which kinds of cards are due, and how many come tomorrow.
func (s *state) ahead() string {
	return strings.TrimPrefix(s.parts()+"; "+s.tomorrow(), "; ")
}

// tomorrow says what the next day brings.
func (s *state) tomorrow() string {
	text := fmt.Sprintf("tomorrow %d to review", s.forecast[1])
	if s.fresh > 0 {
		text += fmt.Sprintf(", %d new", s.fresh)
	}
	return text
}

// why says why nothing is due, and what would bring more: a sentence each. more is how
// more new cards are brought.
func (s *state) why(more string) []string {
	var out []string
	say := func(format string, a ...any) { out = append(out, fmt.Sprintf(format, a...)) }
	switch {
	case s.today.Unseen > 0 && s.perDay == 0:
		say("%s never asked wait, as none is to be new today: %s.", kit.Count(s.today.Unseen, "card"), more)
	case s.today.Unseen > 0:
		say("%s were new today, which is the day's number; %d never asked wait: %s.", kit.Count(s.today.Begun, "card"), s.today.Unseen, more)
	case s.today.Capped == 0:
		say("Every card has been asked, and each comes back when you are about to forget it.")
	}
	if s.today.Capped > 0 {
		say("%s more are due, beyond the day's most: they come on the next days, those you know least first.", kit.Count(s.today.Capped, "card"))
	}
	if s.today.Apart > 0 {
		say("%s ask nearly what was asked today, and wait for another day.", kit.Count(s.today.Apart, "card"))
	}
	if n := len(s.retired); n > 0 {
		say("%s were set aside.", kit.Count(n, "card"))
	}
	return out
}

// parts says which kinds of cards are due.
func (s *state) parts() string {
	var out []string
	add := func(n int, what string) {
		if n > 0 {
			out = append(out, fmt.Sprintf("%d %s", n, what))
		}
	}
	add(s.today.Reviews, "to review")
	add(s.today.Steps, "in steps of minutes")
	add(s.today.Lessons, "from lessons")
	add(s.today.New, "new")
	text := strings.Join(out, ", ")
	if s.today.Capped > 0 {
		text += fmt.Sprintf("; %d more wait for another day", s.today.Capped)
	}
	return text
}

// choice is something to begin.
type choice struct{ key, name, note string }

func (d *Today) choices() []choice {
	s := &d.state
	exam := fmt.Sprintf("as %s: %d questions, %s, or fewer", s.version, session.FullExam, spell(session.TimerNormal.Limit(session.FullExam)))
	if s.unfinished != nil {
		exam = "one is not handed in: " + left(s.unfinished, d.o.Now())
	}
	mix := "what is due, what is new, a drill now and then"
	if s.mixToday > 0 {
		mix = fmt.Sprintf("done today, %d of %d right", s.mixRight, s.mixToday)
	}
	note := "questions without end, made by the engine"
	if s.drills[1] > 0 {
		note += fmt.Sprintf("; %d of %d right", s.drills[0], s.drills[1])
	}
	due := s.due()
	if s.today.Cards() == 0 && s.more > 0 {
		due += fmt.Sprintf("; this brings %s more", kit.Count(s.more, "new card"))
	}
	return []choice{{"1", "what is due", due}, {"2", "cram", fmt.Sprintf("all %s; the schedule stays as it is", kit.Count(s.cards, "card"))},
		{"3", "exam…", exam}, {"4", "drill…", note}, {"5", "ten minutes", mix}, {"6", "how it goes", "what you know by domain, over time; exams so far"}}
}

// begin opens what was chosen.
func (d *Today) begin(i int) tea.Cmd {
	d.sel, d.stale = i, true
	switch i {
	case 0:
		if d.state.today.Cards() == 0 && d.state.more > 0 {
			d.o.More += moreNew
		}
		d.open(newCardCourse(d.o, false))
	case 1:
		d.open(newCardCourse(d.o, true))
	case 2:
		return d.askExam()
	case 3:
		return d.askDrill()
	case 4:
		d.notice = ""
		if err := d.Mix(); err != nil {
			d.notice = err.Error()
		}
	case 5:
		d.screens.Open(newStanding(d.screens, d.o))
	}
	return nil
}

func (d *Today) open(c course) {
	a, err := newAsking(d.screens, d.o, c)
	if err != nil {
		d.notice = err.Error()
		return
	}
	d.screens.Open(a)
}

// Cram, Drill and Exam go on from the first screen to what was asked for on the
// command line.
func (d *Today) Cram() { d.open(newCardCourse(d.o, true)) }

// Drill begins a drill; on a family, a source, or "" all.
func (d *Today) Drill(family string) error {
	c, err := newDrillCourse(d.o, family)
	if err != nil {
		return err
	}
	a, err := newAsking(d.screens, d.o, c)
	if err != nil {
		return err
	}
	d.screens.Open(a)
	return nil
}

// Exam begins an exam.
func (d *Today) Exam(o session.ExamOptions) error {
	e, err := newExam(d.screens, d.o, o)
	if err != nil {
		return err
	}
	d.screens.Open(e)
	return nil
}

// Mix begins the daily ten minutes.
func (d *Today) Mix() error {
	c, err := newMixCourse(d.o)
	if err != nil {
		return err
	}
	a, err := newAsking(d.screens, d.o, c)
	if err != nil {
		return err
	}
	d.screens.Open(a)
	return nil
}

// left says what was done in an exam that is not handed in, and how much time it has.
func left(x *session.ExamRun, now time.Time) string {
	text := fmt.Sprintf("%s, %d of %d answered", x.Version, x.Answered, x.Questions)
	if x.Limit > 0 {
		text += ", " + spell(x.Limit-now.Sub(x.Started)) + " left"
	}
	return text
}

// length is a length that an exam can have.
type length struct {
	questions int
	timer     session.Timer
}

func lengths() []length {
	var out []length
	for _, n := range []int{session.FullExam, 30, 20, 10} {
		out = append(out, length{n, session.TimerNormal})
	}
	for _, t := range []session.Timer{session.TimerHalfMore, session.TimerTwice, session.TimerOff} {
		out = append(out, length{session.FullExam, t}, length{20, t})
	}
	return out
}

func (l length) String() string {
	time := "no limit"
	if l.timer != session.TimerOff {
		time = spell(l.timer.Limit(l.questions))
	}
	return fmt.Sprintf("%d questions, %s", l.questions, time)
}

func (d *Today) askExam() tea.Cmd {
	m := &kit.Menu{Title: "An exam", Label: "length", Intro: []string{"Drawn by AWS's weights of the domains. No feedback until the end; then a result by domain and skill, what to do next, and each question with its reasons. The schedule stays as it is."},
		Items: []kit.Item{{Key: "2", Text: "DVA-C02", Note: "until 2026-11-30"}, {Key: "3", Text: "DVA-C03", Note: "from 2026-12-01"}}}
	for _, l := range lengths() {
		m.Cycle = append(m.Cycle, l.String())
	}
	if d.state.version == session.C03 {
		m.Sel = 1
	}
	if u := d.state.unfinished; u != nil {
		m.Items = append(m.Items, kit.Item{Key: "c", Text: "go on", Note: left(u, d.o.Now())})
		m.Sel = 2
	}
	return d.dialogs.Show(m, func(r kit.Reply) tea.Cmd {
		if r.Chosen == 2 {
			if x := reopen(d.screens, d.o, d.state.unfinished.Run); x != nil {
				d.screens.Open(x)
			} else {
				d.notice = "Its questions are not in this deck"
			}
			return nil
		}
		l := lengths()[m.Turn]
		v := []session.Version{session.C02, session.C03}[r.Chosen]
		if err := d.Exam(session.ExamOptions{Version: v, Questions: l.questions, Timer: l.timer}); err != nil {
			d.notice = err.Error()
		}
		return nil
	})
}

func (d *Today) askDrill() tea.Cmd {
	l := &kit.List{Title: "Drill what?", Foot: "type to search · enter begins · esc back", Items: []kit.Item{{Text: kit.Fit("everything", 18), Note: "what was missed lately comes more often"}}}
	names := []string{""}
	for _, s := range drill.Scores(d.o.Store) {
		note := s.Family.About
		if s.Asked > 0 {
			note += fmt.Sprintf(" (%d of %d right)", s.Right, s.Asked)
		}
		l.Items = append(l.Items, kit.Item{Text: kit.Fit(s.Family.Name, 18), Note: note, Find: s.Family.Source})
		names = append(names, s.Family.Name)
	}
	return d.dialogs.Show(l, func(r kit.Reply) tea.Cmd {
		if r.Chosen >= 0 {
			if err := d.Drill(names[r.Chosen]); err != nil {
				d.notice = err.Error()
			}
		}
		return nil
	})
}

// actions are what can be done on the first screen.
func (d *Today) actions() kit.Bindings {
	begin := kit.Simple(func() tea.Cmd { return d.begin(d.sel) })
	asked := kit.Unavailable(kit.WithKeys("No question is open: {done} begins what is chosen"))
	exams := kit.Unavailable("This is for exams: 3 begins one")
	b := kit.Bindings{
		"up":     kit.Act(func() { d.sel = max(0, d.sel-1) }),
		"down":   kit.Act(func() { d.sel = min(len(d.choices())-1, d.sel+1) }),
		"choose": {Do: d.choose, Names: d.names},
		"done":   begin,
		"show":   begin,
		"retire": kit.Act(d.bringBack).DisabledIf(d.noneRetired),
		"back":   kit.Act(func() { d.stale = true; d.screens.Back() }),
	}
	for _, id := range []string{"unknown", "tip", "skip", "see", "see-option", "take-back"} {
		b[id] = asked
	}
	for _, id := range []string{"flag", "question-before", "question-after", "all-questions"} {
		b[id] = exams
	}
	return b
}

// choose begins by digit what is listed.
func (d *Today) choose(inv kit.Invocation) tea.Cmd {
	switch n := len(d.choices()); {
	case inv.N == 0:
		return d.begin(d.sel)
	case inv.N <= n:
		return d.begin(inv.N - 1)
	}
	return nil
}

func (d *Today) names() []string {
	var out []string
	for _, c := range d.choices() {
		out = append(out, "begin: "+c.name)
	}
	return out
}

// noneRetired is the reason why no card is asked again.
func (d *Today) noneRetired() string {
	if len(d.state.retired) == 0 {
		return "No card was set aside"
	}
	return ""
}

// bringBack asks the cards again that were set aside.
func (d *Today) bringBack() {
	var err error
	for _, id := range d.state.retired {
		err = errors.Join(err, d.o.Store.Write(d.o.Store.Stamp(d.o.Now(), progress.Line{Kind: progress.KindUnsuspend, Card: id})))
	}
	d.notice, d.stale = "Asked again: "+kit.Count(len(d.state.retired), "card"), true
	if err != nil {
		d.notice = notSaved(err)
	}
}

// Mouse begins what is clicked.
func (d *Today) Mouse(msg tea.MouseMsg) tea.Cmd {
	return d.mouse(msg, d.chosen)
}

// Draw gives the frame.
func (d *Today) Draw(w, h int) (string, *tea.Cursor) {
	if day := progress.DayOf(d.o.Now()); d.stale || day != d.day {
		d.state, d.day, d.stale = d.o.state(), day, false
	}
	_, width := column(w)
	p := newPage(d.screens.Theme, width)
	t, s := p.t, &d.state
	for _, n := range append(d.o.Store.Notes(), d.o.Notes...) {
		p.hang(t.Paint(kit.Bad, "▲ "), 2, say(t, n, width-2, kit.Plain))
	}
	p.gap()
	for i, c := range d.choices() {
		cursor, st := "  ", kit.Plain
		if i == d.sel {
			cursor, st = t.Paint(kit.Key, "› "), kit.Strong
			p.x, p.y, p.keep = 0, len(p.rows), len(p.rows)
		}
		p.option[len(p.rows)] = i
		lead := cursor + t.Paint(kit.Key, c.key) + "  " + t.Paint(st, kit.Fit(c.name, 13))
		p.hang(lead, 18, []string{t.Paint(kit.Dim, kit.Cut(c.note, max(0, width-18)))})
	}
	p.gap()
	if s.today.Cards() == 0 {
		for _, text := range s.why("1 brings " + strconv.Itoa(s.more) + " of them") {
			p.say(text, kit.Plain)
		}
	}
	p.say(kit.Capitalize(s.tomorrow())+".", kit.Plain)
	if s.answers > 0 || s.today.Reviews > 0 {
		p.gap()
		p.days(s, d.day)
		p.gap()
		p.calibration(s)
	} else {
		p.gap()
		p.say("Each answer is kept "+cmp.Or(d.o.Kept, "on this machine")+", and brings its card back when you are about to forget it.", kit.Dim)
	}
	if n := len(s.retired); n > 0 {
		p.gap()
		p.add(t.Paint(kit.Key, kit.KeyOf("retire")) + t.Paint(kit.Dim, kit.Cut("  asks "+kit.Count(n, "card")+" again that you set aside", width-1)))
	}
	head := headline{"▸", kit.Info, []string{kit.Capitalize(s.due()) + ": " + s.parts(), kit.Capitalize(s.due())}}
	if s.today.Cards() == 0 {
		head = headline{"●", kit.Good, []string{"Nothing is due now" + next(s.forecast)}}
	}
	return d.draw(w, h, header{title: "quiz", where: d.o.Name, right: kit.Count(s.cards, "card")}, head, p,
		[]kit.Hint{kit.HintPair("up", "down", "choose"), kit.HintOf("done", "begin"), kit.HintOf("back", "home"), kit.HintOf("quit", "leave"), kit.HintOf("help", "all")})
}

// next says when the next card comes.
func next(forecast []int) string {
	for i, n := range forecast {
		switch {
		case n == 0:
		case i == 0:
			return ": " + kit.Count(n, "card") + " later today"
		case i == 1:
			return ": " + kit.Count(n, "card") + " tomorrow"
		default:
			return fmt.Sprintf(": %s in %d days", kit.Count(n, "card"), i)
		}
	}
	return ""
}

// shades are how much was answered on a day.
var shades = []string{"·", "░", "▒", "▓", "█"}

func shade(n int) string {
	switch {
	case n == 0:
		return shades[0]
	case n < 5:
		return shades[1]
	case n < 15:
		return shades[2]
	case n < 30:
		return shades[3]
	}
	return shades[4]
}

// days draws the last weeks, and the coming days beside them.
func (p *page) days(s *state, today progress.Day) {
	t := p.t
	half := 2*weeks + 10
	beside := p.w >= half+30
	heat := p.heat(s, today)
	coming := p.coming(s, today, max(8, min(24, p.w-half-20)))
	for i := range heat {
		row := kit.Fit(heat[i], half)
		if beside && i < len(coming) {
			row += coming[i]
		}
		p.add(row)
	}
	if !beside {
		p.add("")
		p.add(coming...)
	}
	p.add(t.Paint(kit.Dim, "· none  ░ to 4  ▒ to 14  ▓ to 29  █ more"))
}

// heat is a heading and a row for each day of the week.
func (p *page) heat(s *state, today progress.Day) []string {
	t := p.t
	out := []string{t.Paint(kit.Dim, fmt.Sprintf("Answers of the last %d weeks", weeks))}
	wd := (int(today.Weekday()) + 6) % 7 // Monday is 0
	for row := range 7 {
		var b strings.Builder
		for week := range weeks {
			back := 7*(weeks-1-week) + wd - row
			sign := " "
			if i := len(s.heat) - 1 - back; back >= 0 && i >= 0 {
				sign = shade(s.heat[i])
			}
			b.WriteString(sign + " ")
		}
		st := kit.Plain
		if row == wd {
			st = kit.Strong
		}
		out = append(out, t.Paint(st, time.Weekday((row + 1) % 7).String()[:3])+"  "+t.Paint(kit.Info, b.String()))
	}
	return out
}

// coming is a heading and a bar for each of the next days.
func (p *page) coming(s *state, today progress.Day, width int) []string {
	t := p.t
	out := []string{t.Paint(kit.Dim, "Cards coming due")}
	most := 1
	for _, n := range s.forecast {
		most = max(most, n)
	}
	for i, n := range s.forecast {
		name := (today + progress.Day(i)).Weekday().String()[:3]
		if i == 0 {
			name = "today"
		}
		bar := strings.Repeat("█", (n*width+most-1)/most)
		out = append(out, fmt.Sprintf("%-6s %3d  ", name, n)+t.Paint(kit.Info, bar))
	}
	return out
}

// calibration gives, for each confidence, the share of answers that were right.
func (p *page) calibration(s *state) {
	var parts []string
	for _, c := range s.sure {
		if c.Asked > 0 {
			parts = append(parts, fmt.Sprintf("%s %d %% of %d", c.Confidence, c.Percent(), c.Asked))
		}
	}
	if len(parts) > 0 {
		p.say("Right when you said "+strings.Join(parts, ", "), kit.Plain)
	}
}
