package quiz

import (
	"errors"
	"fmt"
	"slices"
	"time"

	tea "charm.land/bubbletea/v2"

	"esmlab/quiz/progress"
	"esmlab/quiz/session"
	"esmlab/ui/kit"
)

// Exam is the screen of an exam: questions in any order, judged at the end.
type Exam struct {
	screen
	e      *session.Exam
	sheets []*sheet
	about  string // what is to be known of it at the beginning; "" nothing
	shown  string // the remaining time, as it was last drawn
}

func newExam(screens *kit.ScreenStack, o *Options, opts session.ExamOptions) (*Exam, error) {
	opts.Seed, opts.Run = o.Seed, o.Run
	e, err := session.NewExam(o.Store, o.cards(), opts, o.Now())
	if e == nil {
		return nil, fmt.Errorf("no exam can be drawn from %s: %w", o.Name, err)
	}
	o.Seed++ // the next one asks others, under another name
	if o.NewRun != nil {
		o.Run = o.NewRun()
	}
	x := examScreen(screens, o, e)
	x.wrote(err)
	if x.about = drawn(e); err != nil {
		x.notice = notSaved(err)
	}
	return x, nil
}

// examScreen lays an exam out, with what was answered in it.
func examScreen(screens *kit.ScreenStack, o *Options, e *session.Exam) *Exam {
	x := &Exam{screen: screen{screens: screens, o: o, dialogs: kit.DialogStack{Foot: 2}}, e: e}
	x.bind(x.actions())
	for _, it := range e.Items {
		s := newSheet(o.find(it.Card.ID), it.Options, false, progress.DayOf(e.Started))
		s.picks = slices.Clone(it.Picks)
		x.sheets = append(x.sheets, s)
	}
	return x
}

// reopen gives the exam that was left, to go on with; nil if the deck no longer has its
// questions.
func reopen(screens *kit.ScreenStack, o *Options, run string) *Exam {
	e, gone := session.Reopen(o.Store, o.cards(), run, o.Now())
	if e == nil {
		return nil
	}
	x := examScreen(screens, o, e)
	for i, it := range e.Items {
		if !it.Answered() {
			x.goTo(i)
			break
		}
	}
	if gone > 0 {
		x.about = kit.Count(gone, "question") + " of it are no longer in this deck"
	}
	return x
}

// drawn says where an exam is not as AWS weighs it; "" it is.
func drawn(e *session.Exam) string {
	d, v := e.Drawn, "DVA-"+string(e.Version)
	var short, few []string
	for _, x := range d.Short {
		short = append(short, fmt.Sprintf("%d on %s", x.Percent, x.Name))
		few = append(few, x.Name)
	}
	switch {
	case len(short) > 0 && d.Even && len(e.Items) < d.Asked:
		return fmt.Sprintf("%d questions instead of %d, so that the domains weigh as in %s: the deck has %s", len(e.Items), d.Asked, v, list(short))
	case len(short) > 0 && !d.Even:
		return fmt.Sprintf("Not weighed as %s is: too few questions here are on %s", v, list(few))
	}
	return ""
}

// Title of the screen.
func (x *Exam) Title() string { return "exam " + string(x.e.Version) }

// Animating reports whether time runs.
func (x *Exam) Animating() bool { return x.e.Limit > 0 && x.e.Result() == nil }

// Tick looks whether the time is up.
func (x *Exam) Tick(time.Time) bool {
	left, _ := x.e.TimeLeft(x.o.Now())
	if left == 0 {
		x.finish()
		return true
	}
	if text := spell(left); text != x.shown {
		x.shown = text
		return true
	}
	return false
}

func (x *Exam) sheet() *sheet { return x.sheets[x.e.At] }

// actions are what can be done in an exam.
func (x *Exam) actions() kit.Bindings {
	help := kit.Unavailable("An exam gives no help; afterwards each question can be looked at")
	leave := kit.Simple(x.leave)
	return kit.Bindings{
		"up":              kit.Act(func() { x.sheet().at = max(0, x.sheet().at-1) }),
		"down":            kit.Act(func() { x.sheet().at = min(len(x.sheet().options)-1, x.sheet().at+1) }),
		"choose":          {Do: func(inv kit.Invocation) tea.Cmd { x.choose(inv.N); return nil }},
		"unknown":         kit.Act(func() { x.sheet().picks = nil; x.answer() }),
		"show":            kit.Act(x.pick),
		"done":            kit.Simple(x.done),
		"skip":            kit.Act(func() { x.step(1) }).DisabledIf(x.last),
		"question-after":  kit.Act(func() { x.step(1) }).DisabledIf(x.last),
		"question-before": kit.Act(func() { x.step(-1) }).DisabledIf(x.first),
		"flag":            kit.Act(x.flag),
		"all-questions":   kit.Simple(x.overview),
		"tip":             help,
		"see":             help,
		"see-option":      help,
		"take-back":       kit.Unavailable("In an exam an answer is changed by choosing again"),
		"retire":          kit.Unavailable("Cards are set aside in what is due, not in an exam"),
		"back":            leave,
		"quit":            leave,
	}
}

// The reasons why an action is not possible now; "" where it is.

func (x *Exam) last() string {
	if x.e.At == len(x.sheets)-1 {
		return kit.WithKeys("This is the last question: {all-questions} shows all of them, and hands in")
	}
	return ""
}

func (x *Exam) first() string {
	if x.e.At == 0 {
		return kit.WithKeys("This is the first question: {all-questions} shows all of them, and hands in")
	}
	return ""
}

// choose takes an option by its place from 1. Choosing the same one again goes
// on.
func (x *Exam) choose(n int) {
	s := x.sheet()
	switch {
	case n == 0:
		x.notice = fmt.Sprintf("Choose with 1 to %d", len(s.options))
	case n > len(s.options):
	case s.refuses(n-1) != "":
		x.notice = s.refuses(n - 1)
	case s.choose(n - 1):
		if x.last() == "" {
			x.step(1)
		} else {
			x.notice = x.last()
		}
	default:
		x.answer()
	}
}

// pick chooses the option under the cursor.
func (x *Exam) pick() {
	s := x.sheet()
	if s.at < 0 {
		s.at = 0
		return
	}
	if x.notice = s.refuses(s.at); x.notice == "" {
		s.choose(s.at)
		x.answer()
	}
}

// done goes on to the next question, after the last one to all of them.
func (x *Exam) done() tea.Cmd {
	if x.last() != "" {
		return x.overview()
	}
	x.step(1)
	return nil
}

// step goes to another question.
func (x *Exam) step(d int) {
	x.saved(func() { x.goTo(x.e.At + d) })
}

func (x *Exam) goTo(i int) {
	x.e.GoTo(i, x.o.Now())
	x.top, x.sheet().at = 0, -1
}

// answer puts down what is chosen.
func (x *Exam) answer() {
	err := x.e.Answer(x.o.Now(), x.sheet().picks)
	x.wrote(err)
	switch {
	case errors.Is(err, session.ErrTimeUp):
		x.finish()
	case err != nil:
		x.notice = notSaved(err)
	}
}

// flag marks the question, or takes the mark away.
func (x *Exam) flag() {
	err := x.e.Flag(x.o.Now())
	if x.wrote(err); err != nil {
		x.notice = notSaved(err)
	}
}

// Update says what could not be saved.
func (x *Exam) Update(msg tea.Msg) tea.Cmd { return x.update(msg) }

// Mouse chooses the option that is clicked.
func (x *Exam) Mouse(msg tea.MouseMsg) tea.Cmd {
	return x.mouse(msg, x.chosen)
}

// overview lists all questions, and hands in.
func (x *Exam) overview() tea.Cmd {
	m := &kit.Menu{Title: "All questions", Foot: "enter opens it · h hands in · esc back", Intro: []string{x.state()},
		Items: []kit.Item{{Key: "h", Text: "hand in", Note: "the result, and each question with its reasons"}}, Sel: x.e.At + 1}
	if x.e.At == len(x.sheets)-1 { // the list's end would hide how to hand in, which asks where anything is open
		m.Sel = 0
	}
	for i, s := range x.sheets {
		it := x.e.Items[i]
		mark := sign(len(s.picks) > 0, "○")
		if it.Answered() {
			mark = "●"
		}
		m.Items = append(m.Items, kit.Item{Text: fmt.Sprintf("%2d  %s%s  %s", i+1, sign(it.Flagged, "!"), mark, kit.Cut(name(s.e.Card), 56))})
	}
	return x.dialogs.Show(m, func(r kit.Reply) tea.Cmd {
		if r.Chosen == 0 {
			return x.handIn()
		}
		x.goTo(r.Chosen - 1)
		return nil
	})
}

// state counts what is answered and flagged.
func (x *Exam) state() string {
	open, flagged := x.e.Open()
	return fmt.Sprintf("%d of %d answered, %d flagged.", len(x.sheets)-open, len(x.sheets), flagged)
}

// open says what is not answered, and what is flagged; "" nothing.
func (x *Exam) open() string {
	open, flagged := x.e.Open()
	var out []string
	if open > 0 {
		out = append(out, kit.Count(open, "question")+" without a whole answer")
	}
	if flagged > 0 {
		out = append(out, fmt.Sprintf("%d flagged", flagged))
	}
	return list(out)
}

// handIn judges; where something is not answered or flagged, it asks first.
func (x *Exam) handIn() tea.Cmd {
	if x.open() == "" {
		x.finish()
		return nil
	}
	return x.dialogs.Show(&kit.Menu{Title: "Hand in?", Intro: []string{kit.Capitalize(x.open()) + ". What has no whole answer counts as missed."},
		Items: []kit.Item{{Key: "n", Text: "go back to it"}, {Key: "y", Text: "hand in all the same"}}}, func(r kit.Reply) tea.Cmd {
		if r.Chosen == 1 {
			x.finish()
			return nil
		}
		for i, it := range x.e.Items {
			if !it.Answered() || it.Flagged {
				x.goTo(i)
				break
			}
		}
		return nil
	})
}

func sign(yes bool, s string) string {
	if yes {
		return s
	}
	return " "
}

// leave asks: what is not handed in is not judged.
func (x *Exam) leave() tea.Cmd {
	text := "It has no result then. It can be gone on with"
	if x.e.Limit > 0 {
		text += " while its time runs, which it does"
	}
	return x.dialogs.Show(&kit.Menu{Title: "Leave the exam?", Intro: []string{text + "."},
		Items: []kit.Item{{Key: "n", Text: "go on"}, {Key: "h", Text: "hand in"}, {Key: "y", Text: "leave it"}}}, func(r kit.Reply) tea.Cmd {
		switch r.Chosen {
		case 1:
			return x.handIn()
		case 2:
			x.screens.Back()
		}
		return nil
	})
}

// finish judges, and shows the result in the exam's place.
func (x *Exam) finish() {
	x.dialogs.Close()
	_, err := x.e.Finish(x.o.Now())
	res := newResult(x)
	if res.wrote(err); err != nil {
		res.notice = notSaved(err)
	}
	x.screens.Back()
	x.screens.Open(res)
}

// Draw gives the frame.
func (x *Exam) Draw(w, h int) (string, *tea.Cursor) {
	_, width := column(w)
	p := newPage(x.screens.Theme, width)
	s := x.sheet()
	if x.about != "" && x.e.At == 0 {
		p.say(x.about+".", kit.Dim)
		p.gap()
	}
	p.asked(s)
	if s.at >= 0 {
		p.keep = p.y
	}
	open, flagged := x.e.Open()
	text := fmt.Sprintf("Question %d of %d", x.e.At+1, len(x.sheets))
	if x.e.Items[x.e.At].Flagged {
		text += ", flagged"
	}
	if s.lacks() != "" {
		text += ". " + s.lacks()
	}
	state := fmt.Sprintf("%d to answer", open)
	if flagged > 0 {
		state += fmt.Sprintf(", %d flagged", flagged)
	}
	top := header{title: "exam " + string(x.e.Version), where: x.o.Name, right: "no limit"}
	if left, limited := x.e.TimeLeft(x.o.Now()); limited {
		top.right = spell(left) + " left"
	}
	return x.draw(w, h, top, headline{"▸", kit.Info, []string{text + "   " + state, text}}, p,
		[]kit.Hint{{ID: "choose", Key: "1-" + fmt.Sprint(len(s.options)), Text: "choose"}, kit.HintOf("done", "next"), kit.HintOf("flag", "flag"), kit.HintOf("question-before", "before"), kit.HintOf("question-after", "after"), kit.HintOf("all-questions", "all, hand in"), kit.HintOf("help", "all")})
}
