package quiz

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"

	"esmlab/engine"
	"esmlab/engine/scenario"
	"esmlab/quiz/card"
	"esmlab/quiz/fsrs"
	"esmlab/quiz/progress"
	"esmlab/quiz/session"
	"esmlab/ui/kit"
	"esmlab/ui/plain"
)

// Mode is what is asked for on the command line; the zero Mode is what is due.
type Mode struct {
	Cram  bool
	Drill bool
	About string               // a drill's family or source; "" all
	Exam  *session.ExamOptions // nil: no exam
}

// plainWidth is where lines are broken without a screen.
const plainWidth = 78

// errLeft ends the quiz: the person left, or there is no more input.
var errLeft = errors.New("left")

// teller asks in plain lines: nothing moves, what is new comes last, and the
// prompt stands at the very end.
type teller struct {
	ctx   context.Context
	o     *Options
	out   io.Writer
	lines chan string
	err   error // of writing
	last  *sheet
}

// Plain asks in plain lines until the person leaves, all is done, or the input
// ends. The error is one of writing, or says why nothing can be asked.
func Plain(ctx context.Context, in io.Reader, out io.Writer, o *Options, m Mode) error {
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	w := &teller{ctx: ctx, o: o, out: out, lines: make(chan string)}
	go func() { // a read cannot be broken off; this one is left behind
		defer close(w.lines)
		r := bufio.NewReader(in)
		for {
			text, err := r.ReadString('\n')
			if text == "" && err != nil {
				return
			}
			select {
			case w.lines <- flat(text):
			case <-ctx.Done():
				return
			}
		}
	}()
	o.Store.Refresh()
	for _, n := range append(o.Store.Notes(), o.Notes...) {
		w.say(n)
	}
	if err := w.begin(m); err != nil && !errors.Is(err, errLeft) {
		return err
	}
	return w.err
}

func (w *teller) begin(m Mode) error {
	switch {
	case m.Exam != nil:
		return w.exam(*m.Exam)
	case m.Drill:
		c, err := newDrilling(w.o, m.About)
		if err != nil {
			return err
		}
		w.say("A drill: questions without end, made by the engine. q leaves.")
		return w.course(c)
	case m.Cram:
		w.say(fmt.Sprintf("Cram: %s of %s. The schedule stays as it is.", kit.Count(len(w.o.Deck), "card"), w.o.Name))
		return w.course(newTaught(w.o, true))
	}
	s := w.o.state()
	w.say("Quiz on " + w.o.Name + ": " + strings.TrimSuffix(s.due()+", "+s.parts(), ", ") + ".")
	return w.course(newTaught(w.o, false))
}

// Due tells what is due, and how it has gone so far, and asks nothing.
func Due(out io.Writer, o *Options) error {
	o.Store.Refresh()
	w := &teller{o: o, out: out}
	for _, n := range append(o.Store.Notes(), o.Notes...) {
		w.say(n)
	}
	s := o.state()
	w.say(kit.Title(strings.TrimSuffix(s.due()+": "+s.parts(), ": ")) + ".")
	w.page(func(p *page) {
		p.gap()
		p.days(&s, progress.DayOf(o.Now()))
		p.gap()
		p.calibration(&s)
	})
	return w.err
}

func (w *teller) print(text string) {
	if w.err == nil {
		_, w.err = io.WriteString(w.out, text)
	}
}

func (w *teller) say(text string) {
	for _, r := range say(&kit.Theme{}, text, plainWidth, kit.Plain) {
		w.print(r + "\n")
	}
}

// page prints what a page holds.
func (w *teller) page(fill func(p *page)) {
	p := newPage(&kit.Theme{}, plainWidth)
	p.linear = true
	fill(p)
	for _, r := range p.rows {
		w.print(strings.TrimRight(r, " ") + "\n")
	}
}

// ask prompts for a line.
func (w *teller) ask(prompt string) (string, error) {
	w.print(prompt)
	if w.err != nil {
		return "", w.err
	}
	select {
	case text, ok := <-w.lines:
		if !ok {
			w.print("\n")
			return "", errLeft
		}
		if text == "q" || text == "quit" {
			return "", errLeft
		}
		return text, nil
	case <-w.ctx.Done():
		w.print("\n")
		return "", w.ctx.Err()
	}
}

// course asks one question after the other.
func (w *teller) course(c course) error {
	err := w.questions(c)
	if right, of := c.score(); of > 0 {
		w.say(fmt.Sprintf("%s answered, %d right.", kit.Count(of, "question"), right))
	}
	if _, drill := c.(*drilling); !drill {
		s := w.o.state()
		if n := next(s.forecast); s.today.Cards() == 0 {
			w.say("Nothing is due now" + n + ".")
		}
	}
	if n := w.o.Store.Unsaved(); n > 0 {
		w.say(kit.Count(n, "line") + " of progress could not be saved.")
	}
	return err
}

func (w *teller) questions(c course) error {
	for {
		s, wait, err := c.next(w.o.Now())
		if err != nil {
			return err
		}
		if s == nil {
			if !wait.IsZero() {
				w.say("The next card is due in " + clock(wait.Sub(w.o.Now())) + " minutes.")
			}
			return nil
		}
		w.print("\n")
		place := "Question " + strings.TrimPrefix(c.place(w.o.Now()), "question ")
		if s.fresh {
			place += ", new"
		}
		w.say(place + ".")
		w.page(func(p *page) { w.asked(p, s) })
		if err := w.answer(c, s); err != nil {
			return err
		}
	}
}

// asked is a question without what only a screen has.
func (w *teller) asked(p *page, s *sheet) {
	p.head(s)
	c := s.e.Card
	switch {
	case s.recall():
	case c.Kind == card.Match:
		for i, x := range c.Pairs {
			p.hang(fmt.Sprintf("%3d. ", i+1), 5, wrap(p.t, x.Left, p.w-5, kit.Plain, false))
		}
		p.gap()
		for i, j := range s.rights {
			p.hang("  "+letter(i)+". ", 5, wrap(p.t, c.Pairs[j].Right, p.w-5, kit.Plain, false))
		}
	case c.Kind == card.Order:
		for i, n := range s.options {
			p.hang("  "+letter(i)+". ", 5, wrap(p.t, c.Option(n).Text, p.w-5, kit.Plain, false))
		}
	case s.typed():
	default:
		for i, n := range s.options {
			p.hang(fmt.Sprintf("%3d. ", i+1), 5, wrap(p.t, c.Option(n).Text, p.w-5, kit.Plain, false))
		}
	}
	p.gap()
}

// answer takes the answer to a question, and tells what it is worth.
func (w *teller) answer(c course, s *sheet) error {
	if s.recall() {
		return w.recall(c, s)
	}
	for {
		var again bool
		var err error
		if s.typed() {
			again, err = w.typed(c, s)
		} else {
			again, err = w.choose(c, s)
		}
		if err != nil || !again {
			return err
		}
	}
}

// choose asks for numbers. again: nothing was chosen, it is to be asked anew.
func (w *teller) choose(c course, s *sheet) (again bool, err error) {
	prompt := fmt.Sprintf("Answer (1 to %d", len(s.options))
	if s.multiple() {
		prompt = fmt.Sprintf("Choose %d, as 1 3 (1 to %d", len(s.e.Card.Key()), len(s.options))
	}
	text, err := w.ask(prompt + ", 0 don't know, t tip, > skip, ? more, q leave): ")
	if err != nil {
		return false, err
	}
	if text == "0" || text == ">" {
		return false, w.judge(c, s, 0)
	}
	if picks, ok := placesOf(text, len(s.options)); ok && (s.multiple() || len(picks) == 1) {
		s.picks = nil
		for _, i := range picks {
			s.choose(i - 1)
		}
		sure, ok, err := w.sure()
		if err != nil || !ok {
			return err == nil, err
		}
		return false, w.judge(c, s, sure)
	}
	return w.aside(c, s, text)
}

// placesOf reads numbers from 1 to n.
func placesOf(text string, n int) (out []int, ok bool) {
	for _, f := range strings.FieldsFunc(text, func(r rune) bool { return r == ' ' || r == ',' }) {
		i, err := strconv.Atoi(f)
		if err != nil || i < 1 || i > n {
			return nil, false
		}
		if !slices.Contains(out, i) {
			out = append(out, i)
		}
	}
	return out, len(out) > 0
}

// sure asks how sure the person is; ok false: it was no answer, twice.
func (w *teller) sure() (c progress.Confidence, ok bool, err error) {
	for range 2 {
		text, err := w.ask("How sure? (1 guess, 2 fairly, 3 sure): ")
		if err != nil {
			return 0, false, err
		}
		for i, name := range progress.Confidences {
			if i > 0 && (text == strconv.Itoa(i) || strings.EqualFold(text, name)) {
				return progress.Confidence(i), true, nil
			}
		}
	}
	return 0, false, nil
}

// typed asks for what is to be typed.
func (w *teller) typed(c course, s *sheet) (again bool, err error) {
	label := "blank"
	switch s.e.Card.Kind {
	case card.Match:
		label = "the letters for " + numbers(len(s.e.Card.Pairs))
	case card.Order:
		label = "the letters in the right order"
	}
	for i := range s.inputs {
		prompt := label
		if len(s.inputs) > 1 {
			prompt += " " + strconv.Itoa(i+1)
		}
		text, err := w.ask(prompt + " (0 don't know, t tip, > skip, ? more, q leave): ")
		if err != nil {
			return false, err
		}
		if i == 0 && (text == "0" || text == ">") {
			return false, w.judge(c, s, 0)
		}
		if i == 0 && (text == "t" || text == "?") {
			return w.aside(c, s, text)
		}
		s.inputs[i].Set(text)
	}
	if !s.answered() {
		return true, nil
	}
	sure, ok, err := w.sure()
	if err != nil || !ok {
		return err == nil, err
	}
	return false, w.judge(c, s, sure)
}

// recall shows the answer, and asks how well it was known.
func (w *teller) recall(c course, s *sheet) error {
	for {
		text, err := w.ask("Say it, then enter shows the answer (0 don't know, t tip, > skip, ? more, q leave): ")
		if err != nil {
			return err
		}
		known := text != "0" && text != ">"
		if known && text != "" {
			again, err := w.aside(c, s, text)
			if err != nil || !again {
				return err
			}
			continue
		}
		w.page(func(p *page) { p.answer(s) })
		grade := fsrs.Again
		for known {
			text, err := w.ask("How well did you know it? (1 again, 2 hard, 3 good, 4 easy): ")
			if err != nil {
				return err
			}
			if g, ok := gradeOf(text); ok {
				grade = g
				break
			}
		}
		now := w.o.Now()
		v, err := c.session().Recall(now, grade)
		if err != nil {
			return err
		}
		w.last = s
		w.say(kit.Title(grade.String()) + due(v, now) + ".")
		if v.Err != nil {
			w.say(notSaved(v.Err) + ".")
		}
		return nil
	}
}

// gradeOf reads a grade: its number or its name.
func gradeOf(text string) (fsrs.Grade, bool) {
	for g := fsrs.Again; g <= fsrs.Easy; g++ {
		if text == strconv.Itoa(int(g)) || strings.EqualFold(text, g.String()) {
			return g, true
		}
	}
	return 0, false
}

// judge writes the answer and tells what is right, and why. Who was sure and
// wrong is told first how the run goes.
func (w *teller) judge(c course, s *sheet, sure progress.Confidence) error {
	if sure == 0 {
		s.picks = nil
		for i := range s.inputs {
			s.inputs[i].Set("")
		}
	}
	now := w.o.Now()
	v, err := c.answer(now, s, sure)
	if err != nil {
		return err
	}
	w.last = s
	w.print("\n")
	w.say(outcome(s, &v, now).text[0])
	if v.Err != nil {
		w.say(notSaved(v.Err) + ".")
	}
	if v.ProofFirst {
		w.say("You were sure, so here is the run first.")
		w.story(s.e)
	}
	w.page(func(p *page) { p.reasons(s) })
	if sure > 0 {
		w.say(calibrated(w.o.Store.Calibration()[sure-1]))
	}
	return nil
}

// aside is what can be said instead of an answer. It gives true where the
// same question is to be answered still.
func (w *teller) aside(c course, s *sheet, text string) (again bool, err error) {
	ses := c.session()
	now := w.o.Now()
	g, isGrade := gradeOf(text)
	switch {
	case text == "t":
		if ses != nil {
			ses.Hint()
		}
		w.say("Tip: " + s.takeTip())
	case text == "w":
		if w.last == nil {
			w.say("Answer first: then w tells the run that proves it.")
		} else if err := w.story(w.last.e); err != nil {
			w.say(kit.Title(err.Error()) + ".")
		}
	case ses == nil:
		w.say("Type the number of an option, 0, t, w for the run of the question before, or q.")
	case text == "z":
		ok, err := ses.Undo(now)
		if err != nil {
			w.say(notSaved(err) + ".")
		}
		if !ok {
			w.say("There is no answer to take back.")
			return true, nil
		}
		w.say("Taken back. It is asked again.")
		return false, nil
	case text == "x":
		if err := ses.Suspend(now); err != nil {
			w.say(notSaved(err) + ".")
		}
		w.say("Set aside, and not asked any more.")
		return false, nil
	case isGrade && text != strconv.Itoa(int(g)):
		if err := ses.Regrade(now, g); err != nil {
			w.say("There is no answer to grade.")
		} else {
			w.say("The answer before counts as " + g.String() + ".")
		}
	default:
		w.say("Instead of an answer: t tip, > skip, z takes the answer before back, again, hard, good or easy grades it, w tells the run that proves it, x sets this card aside, q leaves.")
	}
	return true, nil
}

// story tells the run that proves a card.
func (w *teller) story(e *Entry) error {
	sc, show, until, end, _, err := e.world()
	if err != nil {
		return err
	}
	if show == nil {
		show = until
	}
	r, err := scenario.NewRunner(sc, show)
	if err != nil {
		return err
	}
	st := plain.NewStory(w.out, sc)
	r.OnEvents = func(s *engine.Sim, events []engine.Event) { st.Tell(s, events) }
	r.Advance(end)
	if err := st.End(r); err != nil {
		w.err = err
	}
	w.print("\n")
	return nil
}

// exam asks in order; any question can be gone back to until it is handed in.
func (w *teller) exam(opts session.ExamOptions) error {
	x, err := newExam(nil, w.o, opts)
	if err != nil {
		return err
	}
	limit := "no time limit"
	if x.e.Limit > 0 {
		limit = clock(x.e.Limit) + " minutes"
	}
	w.say(fmt.Sprintf("Exam DVA-%s on %s: %s, %s. No feedback until it is handed in.", x.e.Version, w.o.Name, kit.Count(len(x.sheets), "question"), limit))
	err = w.examine(x)
	if err != nil && !errors.Is(err, errLeft) {
		return err
	}
	r, saved := x.e.Finish(w.o.Now())
	w.print("\n")
	w.say(counted(r) + ". This is a count, not an AWS score.")
	for _, l := range resultLines(r) {
		if l.table {
			w.print(l.text + "\n")
		} else {
			w.say(l.text)
		}
	}
	for i, at := range r.Misses {
		s := x.sheets[at]
		w.print("\n")
		w.say(fmt.Sprintf("Miss %d of %d, question %d.", i+1, len(r.Misses), at+1))
		w.page(func(p *page) { p.head(s); p.reasons(s) })
	}
	if saved != nil {
		w.say(notSaved(saved) + ".")
	}
	return err
}

func (w *teller) examine(x *Exam) error {
	for {
		s := x.sheet()
		w.print("\n")
		head := fmt.Sprintf("Question %d of %d", x.e.At+1, len(x.sheets))
		if x.e.Items[x.e.At].Flagged {
			head += ", flagged"
		}
		if left, limited := x.e.Left(w.o.Now()); limited {
			head += ", " + clock(left) + " left"
			if left == 0 {
				return nil
			}
		}
		w.say(head + ".")
		w.page(func(p *page) { w.asked(p, s) })
		if len(s.picks) > 0 {
			w.say("You chose " + s.places(s.picks) + ".")
		}
		how := "Answer"
		if s.multiple() {
			how = fmt.Sprintf("Choose %d, as 1 3", len(s.e.Card.Key()))
		}
		text, err := w.ask(fmt.Sprintf("%s (1 to %d, ! flag, < before, > after, g and a number: go there, h hand in): ", how, len(s.options)))
		if err != nil {
			return err
		}
		to := x.e.At + 1
		switch picks, ok := placesOf(text, len(s.options)); {
		case text == "h":
			return nil
		case text == "!":
			x.e.Flag()
			to = x.e.At
		case text == "<":
			to = max(0, x.e.At-1)
		case text == ">" || text == "0":
		case strings.HasPrefix(text, "g"):
			if to, err = strconv.Atoi(strings.TrimSpace(text[1:])); err != nil || to < 1 || to > len(x.sheets) {
				w.say(fmt.Sprintf("Questions are numbered 1 to %d.", len(x.sheets)))
				to = x.e.At + 1
			}
			to--
		case ok && (s.multiple() || len(picks) == 1):
			s.picks = nil
			for _, i := range picks {
				s.choose(i - 1)
			}
			if err := x.e.Answer(w.o.Now(), s.picks); errors.Is(err, session.ErrTimeUp) {
				return nil
			} else if err != nil {
				w.say(notSaved(err) + ".")
			}
		default:
			to = x.e.At
		}
		if to == len(x.sheets) {
			open, flagged := x.e.Open()
			text, err := w.ask(fmt.Sprintf("That was the last. %d to answer, %d flagged. (h hand in, or a question's number): ", open, flagged))
			if err != nil {
				return err
			}
			n, err := strconv.Atoi(text)
			if err != nil || n < 1 || n > len(x.sheets) {
				return nil
			}
			to = n - 1
		}
		x.goTo(to)
	}
}
