package quiz

import (
	"errors"
	"fmt"
	"slices"
	"strings"
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
	shown  string // the remaining time, as it was last drawn
}

func newExam(screens *kit.ScreenStack, o *Options, opts session.ExamOptions) (*Exam, error) {
	opts.Seed, opts.Run = o.Seed, o.Run
	now := o.Now()
	e, err := session.NewExam(o.Store, o.cards(), opts, now)
	if err != nil {
		return nil, fmt.Errorf("no exam can be drawn from %s: %w", o.Name, err)
	}
	x := &Exam{screen: screen{screens: screens, o: o, dialogs: kit.DialogStack{Foot: 2}}, e: e}
	x.bind(x.actions())
	for i := range e.Items {
		x.sheets = append(x.sheets, newSheet(o.find(e.Items[i].Card.ID), e.Items[i].Options, false, progress.DayOf(now)))
	}
	return x, nil
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
	if text := clock(left); text != x.shown {
		x.shown = text
		return true
	}
	return false
}

func (x *Exam) sheet() *sheet { return x.sheets[x.e.At] }

// actions are what can be done in an exam.
func (x *Exam) actions() kit.Bindings {
	help := kit.Unavailable("An exam gives no help; afterwards each miss can be looked at")
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
		"flag":            kit.Act(x.e.Flag),
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

// Update says what could not be saved.
func (x *Exam) Update(msg tea.Msg) tea.Cmd { return x.update(msg) }

// Mouse chooses the option that is clicked.
func (x *Exam) Mouse(msg tea.MouseMsg) tea.Cmd {
	return x.mouse(msg, x.chosen)
}

// overview lists all questions, and hands in.
func (x *Exam) overview() tea.Cmd {
	unanswered, flagged := x.e.Open()
	m := &kit.Menu{Title: "All questions", Foot: "enter opens it, or hands in · esc back",
		Intro: []string{fmt.Sprintf("%d of %d answered, %d flagged.", len(x.sheets)-unanswered, len(x.sheets), flagged)},
		Items: []kit.Item{{Key: "h", Text: "hand in", Note: "the result, and what was missed"}}, Sel: x.e.At + 1}
	if x.e.At == len(x.sheets)-1 && unanswered == 0 {
		m.Sel = 0
	}
	for i, s := range x.sheets {
		it := kit.Item{Text: fmt.Sprintf("%2d  %s%s  %s", i+1, sign(x.e.Items[i].Flagged, "!"), sign(len(s.picks) > 0, "●"), kit.Cut(name(s.e.Card), 56))}
		m.Items = append(m.Items, it)
	}
	return x.dialogs.Show(m, func(r kit.Reply) tea.Cmd {
		if r.Chosen == 0 {
			x.finish()
		} else {
			x.goTo(r.Chosen - 1)
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
	return x.dialogs.Show(&kit.Menu{Title: "Leave the exam?", Intro: []string{"An exam you leave gives no result."},
		Items: []kit.Item{{Key: "n", Text: "go on"}, {Key: "h", Text: "hand in now"}, {Key: "y", Text: "leave it"}}}, func(r kit.Reply) tea.Cmd {
		switch r.Chosen {
		case 1:
			x.finish()
		case 2:
			x.screens.Back()
		}
		return nil
	})
}

// finish judges, and shows the result in the exam's place.
func (x *Exam) finish() {
	x.dialogs.Close()
	r, err := x.e.Finish(x.o.Now())
	res := &Result{screen: screen{screens: x.screens, o: x.o, dialogs: kit.DialogStack{Foot: 2}}, r: r, x: x, at: -1}
	res.bind(res.actions())
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
	p.asked(s)
	if s.at >= 0 {
		p.keep = p.y
	}
	open, flagged := x.e.Open()
	text := fmt.Sprintf("Question %d of %d", x.e.At+1, len(x.sheets))
	if x.e.Items[x.e.At].Flagged {
		text += ", flagged"
	}
	state := fmt.Sprintf("%d to answer", open)
	if flagged > 0 {
		state += fmt.Sprintf(", %d flagged", flagged)
	}
	top := header{title: "exam " + string(x.e.Version), where: x.o.Name, right: "no limit"}
	if left, limited := x.e.TimeLeft(x.o.Now()); limited {
		top.right = clock(left) + " left"
	}
	return x.draw(w, h, top, headline{"▸", kit.Info, []string{text + "   " + state, text}}, p,
		[]kit.Hint{{ID: "choose", Key: "1-" + fmt.Sprint(len(s.options)), Text: "choose"}, kit.HintOf("done", "next"), kit.HintOf("flag", "flag"), kit.HintOf("question-before", "before"), kit.HintOf("question-after", "after"), kit.HintOf("all-questions", "all, hand in"), kit.HintOf("help", "all")})
}

// Result is how an exam went, and each miss.
type Result struct {
	screen
	r  *session.ExamResult
	x  *Exam
	at int // index into the misses that is looked at; -1: the result
	// which tells that an option's number is waited for: its world is to open.
	which bool
}

// Title of the screen.
func (r *Result) Title() string { return "result of an exam" }

// actions are what can be done with a result.
func (r *Result) actions() kit.Bindings {
	over := kit.Unavailable("The exam is over")
	asked := kit.Unavailable("No question is open: each miss can be looked at")
	next := kit.Act(r.next)
	return kit.Bindings{
		"choose":          {Do: func(inv kit.Invocation) tea.Cmd { return r.choose(inv.N) }, Disabled: r.noDigit},
		"done":            next,
		"show":            next,
		"question-after":  kit.Act(func() { r.goTo(r.at + 1) }).DisabledIf(r.last),
		"question-before": kit.Act(func() { r.goTo(r.at - 1) }).DisabledIf(r.first),
		"see":             kit.Simple(r.see).DisabledIf(r.noMiss),
		"see-option":      kit.Act(r.askOption).DisabledIf(r.noWorlds),
		"back":            kit.Act(r.back),
		"unknown":         asked,
		"tip":             asked,
		"skip":            asked,
		"flag":            over,
		"all-questions":   over,
		"take-back":       over,
		"retire":          kit.Unavailable("Cards are set aside in what is due, not in an exam"),
	}
}

// The reasons why an action is not possible now; "" where it is.

func (r *Result) noMiss() string {
	switch {
	case len(r.r.Misses) == 0:
		return "Nothing was missed"
	case r.at < 0:
		return kit.WithKeys("Look at a miss first: {done} goes through them")
	}
	return ""
}

func (r *Result) noWorlds() string {
	if reason := r.noMiss(); reason != "" {
		return reason
	}
	if r.sheet().e.Card.Proof == nil {
		return "No run proves this card; it rests on its source"
	}
	return ""
}

func (r *Result) noDigit() string {
	if !r.which {
		return kit.WithKeys("Digits choose an option's world after {see-option}")
	}
	return ""
}

func (r *Result) last() string {
	if r.at+1 == len(r.r.Misses) {
		return "This is the last miss"
	}
	return ""
}

func (r *Result) first() string {
	if r.at < 0 {
		return "This is the result; the misses come after it"
	}
	return ""
}

// HandleKey goes through the misses.
func (r *Result) HandleKey(k tea.KeyPressMsg) tea.Cmd {
	if a := kit.ActionOf(kit.InQuiz, k.String()); !r.dialogs.Open() && (a == nil || a.ID != "choose") {
		r.which = false
	}
	return r.screen.HandleKey(k)
}

func (r *Result) goTo(at int) { r.at, r.top = at, 0 }

// next goes on to the next miss, then to the result, then leaves.
func (r *Result) next() {
	switch {
	case r.last() == "":
		r.goTo(r.at + 1)
	case r.at >= 0:
		r.goTo(-1)
	default:
		r.screens.Back()
	}
}

func (r *Result) back() {
	if r.at >= 0 {
		r.goTo(-1)
		return
	}
	r.screens.Back()
}

func (r *Result) see() tea.Cmd { return r.screen.see(r.sheet().e, right, nil, r.showError) }

// askOption waits for an option's digit.
func (r *Result) askOption() {
	r.which = true
	r.notice = fmt.Sprintf("Which option's world?  1 to %d", len(r.sheet().options))
}

// choose opens the world of an option, by its place from 1.
func (r *Result) choose(n int) tea.Cmd {
	if n == 0 || n > len(r.sheet().options) {
		r.askOption()
		return nil
	}
	r.which = false
	return r.seeOption(r.sheet(), n, r.showError)
}

// Update says what could not be saved.
func (r *Result) Update(msg tea.Msg) tea.Cmd { return r.update(msg) }

// Mouse takes the wheel and clicks on the footer.
func (r *Result) Mouse(msg tea.MouseMsg) tea.Cmd { return r.mouse(msg, nil) }

func (r *Result) sheet() *sheet { return r.x.sheets[r.r.Misses[r.at]] }

// Draw gives the frame.
func (r *Result) Draw(w, h int) (string, *tea.Cursor) {
	_, width := column(w)
	p := newPage(r.screens.Theme, width)
	top := header{title: "exam " + string(r.r.Version), where: "result"}
	if r.at >= 0 {
		s := r.sheet()
		p.judgedPage(s)
		top.right = fmt.Sprintf("miss %d of %d", r.at+1, len(r.r.Misses))
		text := "You chose " + s.places(s.picks) + ": it is " + s.places(s.e.Card.Key())
		if len(s.picks) == 0 {
			text = "Not answered: it is " + s.places(s.e.Card.Key())
		}
		hints := []kit.Hint{kit.HintOf("done", "next miss")}
		if r.at+1 == len(r.r.Misses) {
			hints[0].Text = "result"
		}
		if s.e.Card.Proof != nil {
			hints = append(hints, kit.HintOf("see", "see it happen"))
		}
		hints = append(hints, kit.HintOf("question-before", "before"), kit.HintOf("back", "result"), kit.HintOf("help", "all"))
		return r.draw(w, h, top, headline{"X", kit.Bad, []string{text}}, p, hints)
	}
	for _, line := range resultLines(r.r) {
		if line.table {
			p.add(p.t.Paint(line.st, kit.Cut(line.text, width)))
		} else {
			p.say(line.text, line.st)
		}
	}
	hints := []kit.Hint{kit.HintOf("done", "look at the misses"), kit.HintOf("back", "back"), kit.HintOf("help", "all")}
	if len(r.r.Misses) == 0 {
		hints[0].Text = "back"
	}
	return r.draw(w, h, top, headline{"▸", kit.Info, []string{counted(r.r) + ". This is a count, not an AWS score", counted(r.r) + ", not an AWS score"}}, p, hints)
}

func counted(r *session.ExamResult) string { return fmt.Sprintf("%d of %d right", r.Right, r.Of) }

// line is a line of the result.
type line struct {
	text  string
	st    kit.Style
	table bool // its blanks stay
}

// resultLines are the result by skill, for the screen and for plain lines.
func resultLines(r *session.ExamResult) []line {
	out := []line{{text: "By skill of the exam guide of DVA-" + string(r.Version) + ", with how many were asked:"}, {}}
	for _, s := range r.Skills {
		name := s.Skill
		if name == "" {
			name = "others"
		}
		out = append(out, line{text: fmt.Sprintf("%-8s %2d of %2d  %s", name, s.Good, s.Asked, strings.Repeat("█", s.Good)+strings.Repeat("░", s.Asked-s.Good)), table: true})
	}
	took := "It took " + clock(r.Took) + "."
	if r.TimeUp {
		took = "Time ran out; unanswered questions count as missed."
	}
	return slices.Concat(out, []line{{}, {text: took},
		{text: "Not an AWS score: AWS weighs questions and scales its result from 100 to 1,000. A multiple response counted only when complete; a question counts for each of its skills.", st: kit.Dim}})
}
