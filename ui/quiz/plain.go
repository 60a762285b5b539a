package quiz

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"strings"

	"esmlab/quiz/card"
	"esmlab/quiz/progress"
	"esmlab/quiz/session"
	"esmlab/ui/kit"
)

// Mode is what is asked for on the command line; the zero Mode is what is due.
type Mode struct {
	Cram  bool
	Drill bool
	About string               // a drill's family or source; "" all
	Exam  *session.ExamOptions // nil: no exam
	Mix   bool                 // the daily ten minutes
}

// plainWidth is where lines are broken without a screen.
const plainWidth = 78

// errLeft ends the quiz: the person left; errEnded is one: there is no more input.
var (
	errLeft  = errors.New("left")
	errEnded = fmt.Errorf("%w: the input ended", errLeft)
)

// plainQuiz asks in plain lines: nothing moves, what is new comes last, and the
// prompt stands at the very end.
type plainQuiz struct {
	ctx   context.Context
	o     *Options
	out   io.Writer
	lines chan string
	ahead []string // lines that were read, and are for what is asked next
	err   error    // of writing
}

// Plain asks in plain lines until the person leaves, all is done, or the input
// ends. The error is one of writing, or says why nothing can be asked.
func Plain(ctx context.Context, in io.Reader, out io.Writer, o *Options, m Mode) error {
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	w := &plainQuiz{ctx: ctx, o: o, out: out, lines: make(chan string)}
	go func() { // a read cannot be interrupted; this one is abandoned
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

func (w *plainQuiz) begin(m Mode) error {
	switch {
	case m.Exam != nil:
		return w.exam(*m.Exam)
	case m.Drill:
		c, err := newDrillCourse(w.o, m.About)
		if err != nil {
			return err
		}
		w.say("A drill: questions without end, made by the engine. q leaves.")
		return w.course(c)
	case m.Mix:
		c, err := newMixCourse(w.o)
		if err != nil {
			return err
		}
		w.say(fmt.Sprintf("Ten minutes, about %s: what is due, what is new, a drill now and then.", kit.Count(c.questions, "question")))
		return w.course(c)
	case m.Cram:
		w.say(fmt.Sprintf("Cram: %s of %s. The schedule stays as it is.", kit.Count(len(w.o.Deck), "card"), w.o.Name))
		return w.course(newCardCourse(w.o, true))
	}
	s := w.o.state()
	if s.today.Cards() == 0 { // the end says so, and why
		w.say("Quiz on " + w.o.Name + ".")
	} else {
		w.say("Quiz on " + w.o.Name + ": " + strings.TrimSuffix(s.due()+", "+s.parts(), ", ") + ".")
	}
	return w.course(newCardCourse(w.o, false))
}

// Due tells what is due, and how it has gone so far, and asks nothing.
func Due(out io.Writer, o *Options) error {
	o.Store.Refresh()
	w := &plainQuiz{o: o, out: out}
	for _, n := range append(o.Store.Notes(), o.Notes...) {
		w.say(n)
	}
	s := o.state()
	w.say(kit.Capitalize(strings.TrimSuffix(s.due()+": "+s.parts(), ": ")) + ".")
	if s.today.Cards() == 0 {
		w.nothing()
	} else {
		w.say(kit.Capitalize(s.tomorrow()) + ".")
	}
	w.page(func(p *page) {
		p.gap()
		p.days(&s, progress.DayOf(o.Now()))
		p.gap()
		p.calibration(&s)
	})
	w.print("\n")
	for _, text := range o.standing().linear() {
		w.say(text)
	}
	return w.err
}

func (w *plainQuiz) print(text string) {
	if w.err == nil {
		_, w.err = io.WriteString(w.out, text)
	}
}

func (w *plainQuiz) say(text string) {
	for _, r := range say(&kit.Theme{}, text, plainWidth, kit.Plain) {
		w.print(r + "\n")
	}
}

// page prints what a page holds.
func (w *plainQuiz) page(fill func(p *page)) {
	p := newPage(&kit.Theme{}, plainWidth)
	p.linear = true
	fill(p)
	for _, r := range p.rows {
		w.print(strings.TrimRight(r, " ") + "\n")
	}
}

// ask prompts for a line.
func (w *plainQuiz) ask(prompt string) (string, error) {
	w.print(prompt)
	if w.err != nil {
		return "", w.err
	}
	if len(w.ahead) > 0 {
		text := w.ahead[0]
		w.ahead = w.ahead[1:]
		return text, nil
	}
	select {
	case text, ok := <-w.lines:
		if !ok {
			w.print("\n")
			return "", errEnded
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
func (w *plainQuiz) course(c course) error {
	err := w.questions(c)
	if right, of := c.score(); of > 0 {
		w.say(fmt.Sprintf("%s answered, %d right.", kit.Count(of, "question"), right))
	}
	if x, ok := c.(*cardCourse); ok && !x.cram {
		w.nothing()
	}
	if n := w.o.Store.Unsaved(); n > 0 {
		w.say(kit.Count(n, "line") + " of progress could not be saved.")
	}
	return err
}

// nothing says that nothing is due, why, and what would bring more.
func (w *plainQuiz) nothing() {
	s := w.o.state()
	if s.today.Cards() > 0 {
		return
	}
	w.say("Nothing is due now" + next(s.forecast) + ".")
	for _, text := range s.why(fmt.Sprintf("esmlab quiz --new %d brings more of them, --cram asks all", s.perDay+moreNew)) {
		w.say(text)
	}
	w.say(kit.Capitalize(s.tomorrow()) + ".")
}

func (w *plainQuiz) questions(c course) error {
	for {
		s, wait, err := c.next(w.o.Now())
		if err != nil {
			return err
		}
		if s == nil {
			if !wait.IsZero() {
				w.say("The next card is due in " + spell(wait.Sub(w.o.Now())) + ".")
			}
			return nil
		}
		w.print("\n")
		place := "Question " + strings.TrimPrefix(c.place(w.o.Now()), "question ")
		if s.fresh {
			place += ", new"
		}
		if _, mix := c.(*mixCourse); mix && s.e.item != nil {
			place += ", a drill"
		}
		w.say(place + ".")
		w.page(func(p *page) { w.asked(p, s) })
		if err := w.answer(c, s); err != nil {
			return err
		}
	}
}

// asked is a question without what only a screen has.
func (w *plainQuiz) asked(p *page, s *sheet) {
	p.head(s)
	c := s.e.Card
	switch {
	case s.recall():
	case c.Kind == card.Match:
		for i, x := range c.Pairs {
			p.hang("  "+letter(i)+". ", 5, wrap(p.t, x.Left, p.w-5, kit.Plain, false))
		}
		p.gap()
		p.numbered(s)
	case c.Kind == card.Order:
		p.numbered(s)
	case s.typed():
	default:
		for i, n := range s.options {
			p.hang(fmt.Sprintf("%3d. ", i+1), 5, wrap(p.t, c.Option(n).Text, p.w-5, kit.Plain, false))
		}
	}
	p.gap()
}
