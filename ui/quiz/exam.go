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
	shown  string // the time that stands there
}

func newExam(screens *kit.ScreenStack, o *Options, opts session.ExamOptions) (*Exam, error) {
	opts.Seed, opts.Run = o.Seed, o.Run
	now := o.Now()
	e, err := session.NewExam(o.Store, o.cards(), opts, now)
	if err != nil {
		return nil, fmt.Errorf("no exam can be drawn from %s: %w", o.Name, err)
	}
	x := &Exam{screen: screen{screens: screens, o: o, dialogs: kit.DialogStack{Foot: 2}}, e: e}
	for i := range e.Items {
		x.sheets = append(x.sheets, newSheet(o.find(e.Items[i].Card.ID), e.Items[i].Options, false, progress.DayOf(now)))
	}
	return x, nil
}

// Title of the screen.
func (x *Exam) Title() string { return "exam " + string(x.e.Version) }

// Animating tells whether time runs.
func (x *Exam) Animating() bool { return x.e.Limit > 0 && x.e.Over() == nil }

// Tick looks whether the time is up.
func (x *Exam) Tick(time.Time) bool {
	left, _ := x.e.Left(x.o.Now())
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

// HandleKey takes a key.
func (x *Exam) HandleKey(k tea.KeyPressMsg) tea.Cmd {
	if x.dialogs.Open() {
		return x.dialogs.HandleKey(k)
	}
	x.notice = ""
	a := kit.ActionOf(kit.InQuiz, k.String())
	if a == nil {
		return nil
	}
	if !x.works(a.ID) {
		if a.ID == "tip" || a.ID == "see" || a.ID == "see-option" {
			x.notice = "An exam gives no help; afterwards each miss can be looked at"
		}
		return nil
	}
	s := x.sheet()
	switch a.ID {
	case "choose":
		i := int(k.String()[0] - '1')
		switch {
		case i >= len(s.options):
		case s.choose(i):
			x.step(1)
		default:
			x.answer()
		}
	case "unknown":
		s.picks = nil
		x.answer()
	case "show":
		if s.at < 0 {
			s.at = 0
			return nil
		}
		s.choose(s.at)
		x.answer()
	case "done", "question-after", "skip":
		if x.e.At == len(x.sheets)-1 && a.ID == "done" {
			return x.overview()
		}
		x.step(1)
	case "question-before":
		x.step(-1)
	case "flag":
		x.e.Flag()
	case "all-questions":
		return x.overview()
	case "up":
		s.at = max(0, s.at-1)
	case "down":
		s.at = min(len(s.options)-1, s.at+1)
	case "page-up":
		x.scroll(-max(1, x.room-2))
	case "page-down":
		x.scroll(max(1, x.room-2))
	case "help", "palette":
		return x.help(x, x.works)
	case "back":
		return x.leave()
	case "quit":
		return x.leave()
	}
	return nil
}

func (x *Exam) works(id string) bool {
	switch id {
	case "tip", "see", "see-option", "take-back", "retire":
		return false
	}
	return true
}

// step goes to another question.
func (x *Exam) step(d int) {
	i := x.e.At + d
	if i < 0 || i >= len(x.sheets) {
		x.notice = kit.Say("There is no further question: {all-questions} shows all of them, and hands in")
		return
	}
	x.goTo(i)
}

func (x *Exam) goTo(i int) {
	x.e.Go(i, x.o.Now())
	x.top, x.sheet().at = 0, -1
}

// answer puts down what is chosen.
func (x *Exam) answer() {
	err := x.e.Answer(x.o.Now(), x.sheet().picks)
	switch {
	case errors.Is(err, session.ErrTimeUp):
		x.finish()
	case err != nil:
		x.notice = notSaved(err)
	}
}

// Mouse chooses the option that is clicked.
func (x *Exam) Mouse(msg tea.MouseMsg) tea.Cmd {
	return x.mouse(x, msg, func(i int) tea.Cmd { return pressed(x, string(rune('1'+i))) })
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
	return x.dialogs.Show(&kit.Menu{Title: "Leave the exam?", Intro: []string{"An exam that is left gives no result."},
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
	if err != nil {
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
	if left, limited := x.e.Left(x.o.Now()); limited {
		top.right = clock(left) + " left"
	}
	return x.draw(w, h, top, headline{"▸", kit.Info, []string{text + "   " + state, text}}, p,
		[]kit.Hint{{Key: "1-" + fmt.Sprint(len(s.options)), Text: "choose"}, {Key: kit.KeyOf("done"), Text: "next"}, {Key: kit.KeyOf("flag"), Text: "flag"}, {Key: kit.KeyOf("question-before"), Text: "before"}, {Key: kit.KeyOf("question-after"), Text: "after"}, {Key: kit.KeyOf("all-questions"), Text: "all, hand in"}, {Key: kit.KeyOf("help"), Text: "all"}})
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

func (r *Result) works(id string) bool {
	switch id {
	case "done", "show", "question-after", "question-before", "up", "down", "page-up", "page-down", "help", "palette", "back", "quit", "quit-now":
		return true
	case "see":
		return r.at >= 0
	case "see-option":
		return r.at >= 0 && r.sheet().e.Card.Proof != nil
	case "choose":
		return r.which
	}
	return false
}

// HandleKey goes through the misses.
func (r *Result) HandleKey(k tea.KeyPressMsg) tea.Cmd {
	if r.dialogs.Open() {
		return r.dialogs.HandleKey(k)
	}
	r.notice = ""
	a := kit.ActionOf(kit.InQuiz, k.String())
	if a == nil || !r.works(a.ID) {
		r.which = false
		return nil
	}
	r.which = r.which && a.ID == "choose"
	switch a.ID {
	case "see-option":
		r.which = true
		r.notice = fmt.Sprintf("Which option's world?  1 to %d", len(r.sheet().options))
	case "choose":
		if place := int(k.String()[0] - '0'); place <= len(r.sheet().options) {
			r.which = false
			if err := seeOption(r.screens, r.o, r.sheet(), place); err != nil {
				r.notice = kit.Title(err.Error())
			}
		}
	case "done", "show", "question-after":
		switch {
		case r.at+1 < len(r.r.Misses):
			r.at, r.top = r.at+1, 0
		case a.ID != "question-after" && r.at >= 0:
			r.at, r.top = -1, 0
		case a.ID != "question-after":
			r.screens.Back()
		}
	case "question-before":
		r.at, r.top = max(-1, r.at-1), 0
	case "see":
		if err := see(r.screens, r.o, r.sheet().e, right); err != nil {
			r.notice = kit.Title(err.Error())
		}
	case "up":
		r.scroll(-1)
	case "down":
		r.scroll(1)
	case "page-up":
		r.scroll(-max(1, r.room-2))
	case "page-down":
		r.scroll(max(1, r.room-2))
	case "help", "palette":
		return r.help(r, r.works)
	case "back":
		if r.at >= 0 {
			r.at, r.top = -1, 0
			return nil
		}
		r.screens.Back()
	case "quit":
		return r.quit()
	}
	return nil
}

// Mouse takes the wheel and clicks on the footer.
func (r *Result) Mouse(msg tea.MouseMsg) tea.Cmd { return r.mouse(r, msg, nil) }

func (r *Result) sheet() *sheet { return r.x.sheets[r.r.Misses[r.at]] }

// Draw gives the frame.
func (r *Result) Draw(w, h int) (string, *tea.Cursor) {
	_, width := column(w)
	p := newPage(r.screens.Theme, width)
	top := header{title: "exam " + string(r.r.Version), where: "result"}
	if r.at >= 0 {
		s := r.sheet()
		p.told(s)
		top.right = fmt.Sprintf("miss %d of %d", r.at+1, len(r.r.Misses))
		text := "You chose " + s.places(s.picks) + ": it is " + s.places(s.e.Card.Key())
		if len(s.picks) == 0 {
			text = "Not answered: it is " + s.places(s.e.Card.Key())
		}
		hints := []kit.Hint{{Key: kit.KeyOf("done"), Text: "next miss"}}
		if r.at+1 == len(r.r.Misses) {
			hints[0].Text = "result"
		}
		if s.e.Card.Proof != nil {
			hints = append(hints, kit.Hint{Key: kit.KeyOf("see"), Text: "see it happen"})
		}
		hints = append(hints, kit.Hint{Key: kit.KeyOf("question-before"), Text: "before"}, kit.Hint{Key: kit.KeyOf("back"), Text: "result"}, kit.Hint{Key: kit.KeyOf("help"), Text: "all"})
		return r.draw(w, h, top, headline{"X", kit.Bad, []string{text}}, p, hints)
	}
	for _, line := range resultLines(r.r) {
		if line.table {
			p.add(p.t.Paint(line.st, kit.Cut(line.text, width)))
		} else {
			p.say(line.text, line.st)
		}
	}
	hints := []kit.Hint{{Key: kit.KeyOf("done"), Text: "look at the misses"}, {Key: kit.KeyOf("back"), Text: "back"}, {Key: kit.KeyOf("help"), Text: "all"}}
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
		took = "The time was up; what was not answered counts as missed."
	}
	return slices.Concat(out, []line{{}, {text: took},
		{text: "Not an AWS score: AWS weighs questions and scales its result from 100 to 1,000. A multiple response counted only when complete; a question counts for each of its skills.", st: kit.Dim}})
}
