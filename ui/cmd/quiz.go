package cmd

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"esmlab/quiz/card"
	"esmlab/quiz/drill"
	"esmlab/quiz/fact"
	"esmlab/quiz/progress"
	"esmlab/quiz/session"
	"esmlab/ui"
	"esmlab/ui/kit"
	"esmlab/ui/quiz"
)

// quizFlags are the flags of `esmlab quiz`.
type quizFlags struct {
	mode          quiz.Mode
	exam, timer   string
	drill         string
	questions     int
	seed          uint64
	perDay        int
	plain, clozes bool
	due           bool
}

const anyDrill = "any"

func quizCommand(w *Env) *cobra.Command {
	f := &quizFlags{}
	c := &cobra.Command{
		Use:   "quiz [NOTES…]",
		Short: "What is due today: questions on the built-in deck, or on your own notes",
		Long: "Asks what is due today, of the built-in deck or of your notes: Markdown files, folders, whole\n" +
			"vaults. Notes are only read. Of your notes it asks the questions that stand there, and the\n" +
			"built-in cards of the facts that they hold; each names its line. Answers are kept in\n" +
			"esmlab/progress.jsonl in the XDG data directory, one line each.\n\n" +
			"Without a terminal, or with --plain, it asks line by line.",
		Example: "esmlab quiz                       # what is due\nesmlab quiz notes/lambda.md       # your own note\nesmlab quiz --exam c03            # 20 questions in 40 minutes\nesmlab quiz --drill=discarded     # one family, without end",
		RunE: func(c *cobra.Command, args []string) error {
			if f.drill == anyDrill && len(args) == 1 && drillAbout(args[0]) { // --drill NAME, without =
				f.drill, args = args[0], nil
			}
			if err := f.read(c); err != nil {
				return err
			}
			return w.quiz(c.Context(), args, f)
		},
	}
	c.Flags().BoolVar(&f.mode.Cram, "cram", false, "all cards, without touching the schedule")
	c.Flags().StringVar(&f.exam, "exam", "", "an exam: c02 or c03")
	c.Flags().IntVar(&f.questions, "questions", 20, "how many questions an exam has")
	c.Flags().StringVar(&f.timer, "timer", "x1", "how much time an exam gives: x1 (two minutes a question), x1.5, x2 or off")
	c.Flags().StringVar(&f.drill, "drill", "", "a drill: questions without end; a family or a source (kinesis, dynamodb, sqs, fifo), any without one")
	c.Flags().Lookup("drill").NoOptDefVal = anyDrill
	c.Flags().IntVar(&f.perDay, "new", 10, "how many new cards a day brings")
	c.Flags().Uint64Var(&f.seed, "seed", 0, "which questions an exam, a cram or a drill asks (0: others each time)")
	c.Flags().BoolVar(&f.clozes, "cloze", false, "make cards of ==marked== parts of your notes too")
	c.Flags().BoolVar(&f.due, "due", false, "only tell what is due, what comes due, and how it has gone so far")
	c.Flags().BoolVar(&f.plain, "plain", false, "ask line by line, without a screen")
	c.MarkFlagsMutuallyExclusive("cram", "exam", "drill", "due")
	return c
}

// drillAbout tells whether there is a drill of that name, or about that source.
func drillAbout(name string) bool {
	return slices.ContainsFunc(drill.Families(), func(f *drill.Family) bool { return f.Name == name || f.Source == name })
}

// read makes a mode of the flags.
func (f *quizFlags) read(c *cobra.Command) error {
	timers := map[string]session.Timer{"x1": session.TimerNormal, "x1.5": session.TimerHalfMore, "x2": session.TimerTwice, "off": session.TimerOff}
	timer, ok := timers[f.timer]
	switch {
	case !ok:
		return cannot("esmlab quiz: there is no timer %q (x1, x1.5, x2 or off)", f.timer)
	case f.questions < 1:
		return cannot("esmlab quiz: an exam has at least one question, not %d", f.questions)
	case f.exam == "" && (c.Flags().Changed("timer") || c.Flags().Changed("questions")):
		return cannot("esmlab quiz: --timer and --questions are for an exam (--exam c02 or --exam c03)")
	}
	if f.perDay == 0 {
		f.perDay = -1
	}
	switch v := session.Version(strings.ToUpper(strings.TrimPrefix(strings.ToLower(f.exam), "dva-"))); {
	case v == session.C02 || v == session.C03:
		f.mode.Exam = &session.ExamOptions{Version: v, Questions: f.questions, Timer: timer}
	case v != "":
		return cannot("esmlab quiz: there is no exam %q (c02, until 2026-11-30, or c03)", f.exam)
	}
	if f.drill != "" {
		f.mode.Drill = true
		if f.drill != anyDrill {
			if !drillAbout(f.drill) {
				var names []string
				for _, x := range drill.Families() {
					names = append(names, x.Name)
				}
				return cannot("esmlab quiz: there is no drill %q (kinesis, dynamodb, sqs, fifo, or one of %s)", f.drill, strings.Join(names, ", "))
			}
			f.mode.About = f.drill
		}
	}
	return nil
}

// quiz opens the quiz, or asks line by line where there is no screen for it.
func (w *Env) quiz(ctx context.Context, args []string, f *quizFlags) error {
	o, err := w.quizOn(args, f)
	if err != nil {
		return err
	}
	if f.due {
		return quiz.Due(w.Out, o)
	}
	if f.plain || !w.Interactive {
		err := quiz.Plain(ctx, w.In, w.Out, o, f.mode)
		var e *exit
		if err != nil && ctx.Err() == nil && !errors.As(err, &e) {
			return cannot("esmlab quiz: %v", err)
		}
		return err
	}
	asTheyAre := &runOptions{} // scenarios that are opened from Home
	asTheyAre.flags(&cobra.Command{})
	err = w.screen(ctx, func(screens *kit.ScreenStack) error {
		screens.Open(w.home(screens, asTheyAre))
		return openQuiz(screens, o, f.mode)
	})
	var e *exit
	switch {
	case errors.As(err, &e):
		return err
	case err != nil:
		return cannot("esmlab quiz: the terminal cannot show the quiz: %v (--plain asks line by line)", err)
	}
	return nil
}

// openQuiz lays the quiz on the screens.
func openQuiz(screens *kit.ScreenStack, o *quiz.Options, m quiz.Mode) error {
	d := quiz.New(screens, o)
	screens.Open(d)
	var err error
	switch {
	case m.Exam != nil:
		err = d.Exam(*m.Exam)
	case m.Drill:
		err = d.Drill(m.About)
	case m.Cram:
		d.Cram()
	}
	if err != nil {
		return cannot("esmlab quiz: %v", err)
	}
	return nil
}

// progress is the person's progress, opened when it is first asked for.
func (w *Env) progress() *progress.Store {
	if w.store == nil {
		if w.File == nil {
			w.File = &progress.Memory{}
		}
		w.store = newStore(w.File)
	}
	return w.store
}

// quizOn reads what is to be asked: the built-in deck, or notes.
func (w *Env) quizOn(args []string, f *quizFlags) (*quiz.Options, error) {
	now := w.now()
	o := &quiz.Options{Store: w.progress(), Now: w.now, Seed: f.seed, Run: newLineID(), Message: message, NewPerDay: f.perDay}
	if o.Seed == 0 {
		o.Seed = uint64(now.UnixNano())
	}
	if len(args) == 0 {
		deck, err := w.builtinEntries()
		o.Deck, o.Name = deck, "the built-in deck"
		return o, err
	}
	shelves, err := w.shelves(args, card.Options{Cloze: f.clozes, Units: true})
	if err != nil {
		return nil, err
	}
	var refs []progress.Ref
	var files []string
	problems, notes := 0, 0
	places := map[string][]quiz.Place{} // by the facts' tags
	for _, s := range shelves {
		notes += len(s.notes)
	}
	for _, s := range shelves {
		prover := s.prover()
		for i, n := range s.notes {
			called := n.File
			if notes == 1 {
				called = "your note"
			}
			problems += len(n.Problems)
			files = append(files, s.files[i])
			for j := range n.Cards {
				c := &n.Cards[j]
				e := &quiz.Entry{Card: c, Prover: prover}
				if s.prefix != builtinDeck {
					e.Places = []quiz.Place{{Note: called, Line: c.Line}}
				}
				o.Deck = append(o.Deck, e)
				refs = append(refs, session.FromCard(c).Ref)
			}
			for _, p := range factsOf(n) {
				x := quiz.Place{Note: called, Line: p.Line, Text: p.Text, Fact: p.Fact}
				places[p.Fact.Tag()] = append(places[p.Fact.Tag()], x)
				if text := x.Against(); text != "" {
					o.Notes = append(o.Notes, text)
				}
			}
		}
	}
	o.Name = strings.Join(args, " ")
	if err := w.asked(o, places); err != nil {
		return nil, err
	}
	if len(o.Deck) == 0 {
		return nil, cannot("esmlab quiz: %s: no question stands there, and no fact on event source mappings (docs/cards.md says how cards are written; esmlab quiz alone asks the built-in deck)", o.Name)
	}
	if problems > 0 {
		o.Notes = append(o.Notes, fmt.Sprintf("%s could not be read: esmlab check says what, by line.", kit.Count(problems, "thing")))
	}
	w.follow(o, refs, files)
	return o, nil
}

// factsOf gives the facts that a note holds. Cards ask for facts, they do not
// note them.
func factsOf(n *card.Note) []fact.Place {
	ofCards := map[int]bool{}
	for i := range n.Cards {
		if c := &n.Cards[i]; c.Dialect == card.CalloutOptions {
			for l := c.Line; l <= c.End; l++ {
				ofCards[l] = true
			}
		}
	}
	n.Units = slices.DeleteFunc(n.Units, func(u card.Unit) bool { return ofCards[u.Line] })
	return fact.Find(n)
}

// asked adds the built-in cards of the facts that notes hold.
func (w *Env) asked(o *quiz.Options, places map[string][]quiz.Place) error {
	deck, err := w.builtinEntries()
	if err != nil {
		return err
	}
	have := map[string]bool{}
	for _, e := range o.Deck {
		have[e.Card.ID] = true
	}
	for _, e := range deck {
		var found []quiz.Place
		for _, tag := range e.Card.Tags {
			found = append(found, places[strings.ToLower(tag)]...)
		}
		if len(found) > 0 && !have[e.Card.ID] {
			o.Deck = append(o.Deck, &quiz.Entry{Card: e.Card, Prover: e.Prover, Places: found})
		}
	}
	return nil
}

// builtinEntries reads the built-in deck.
func (w *Env) builtinEntries() ([]*quiz.Entry, error) {
	if w.deck != nil {
		return w.deck, nil
	}
	shelves, err := w.shelves([]string{builtinDeck}, card.Options{})
	if err != nil {
		return nil, err
	}
	var out []*quiz.Entry
	for _, s := range shelves {
		prover := s.prover()
		for _, n := range s.notes {
			for i := range n.Cards {
				out = append(out, &quiz.Entry{Card: &n.Cards[i], Prover: prover})
			}
		}
	}
	w.deck = out
	return out, nil
}

// follow finds questions that were edited since they were asked, and says so:
// what is known of them goes with them. Those that are gone are named.
func (w *Env) follow(o *quiz.Options, refs []progress.Ref, files []string) {
	store, now := o.Store, w.now()
	store.Refresh()
	for _, r := range store.Rebinds(refs, files) {
		text := fmt.Sprintf("A question was edited, and keeps its schedule: “%s” (%s).", short(r.To.Text), r.To.File)
		if err := store.Write(store.Stamp(now, progress.Line{Kind: progress.KindRebind, Card: r.From.ID, To: r.To.ID})); err != nil {
			text += " That could not be saved yet."
		}
		o.Notes = append(o.Notes, text)
	}
	if gone := store.Orphans(refs, files); len(gone) > 0 {
		var names []string
		for _, r := range gone[:min(3, len(gone))] {
			names = append(names, "“"+short(r.Text)+"” ("+r.File+")")
		}
		text := fmt.Sprintf("%s that you were asked stand in these notes no more: %s", kit.Count(len(gone), "question"), strings.Join(names, ", "))
		if len(gone) == 1 {
			text = "A question that you were asked stands in these notes no more: " + names[0]
		} else if len(gone) > 3 {
			text += " …"
		}
		o.Notes = append(o.Notes, text+".")
	}
}

// quizGroup is the quiz on Home.
func (w *Env) quizGroup(screens *kit.ScreenStack) ui.Group {
	o, err := w.quizOn(nil, &quizFlags{})
	if err != nil {
		return ui.Group{}
	}
	o.Store.Refresh()
	open := func(m quiz.Mode) func() error { return func() error { return openQuiz(screens, o, m) } }
	return ui.Group{Head: "Quiz", Entries: []ui.Entry{{Name: "quiz", Note: o.Summary(), Open: open(quiz.Mode{})}}}
}
