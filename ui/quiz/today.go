package quiz

import (
	"cmp"
	"errors"
	"fmt"
	"strconv"

	tea "charm.land/bubbletea/v2"

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
		due += fmt.Sprintf("; this brings %d more new card%s", s.more, ofOne(s.more, "", "s"))
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
