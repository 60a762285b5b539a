package cmd

import (
	"context"
	"errors"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"esmlab/quiz/drill"
	"esmlab/quiz/session"
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
	topic         string
	plain, clozes bool
	due           bool
}

const anyDrill = "any"

func quizCommand(w *Env) *cobra.Command {
	f := &quizFlags{}
	c := &cobra.Command{
		Use:   "quiz [NOTES…]",
		Short: "What is due today: questions from the built-in deck or from your own notes",
		Long: "Asks what is due today, from the built-in deck or from your notes: Markdown files, folders or\n" +
			"whole vaults. Notes are only read. From your notes it asks the questions in them, and the\n" +
			"built-in cards on the facts they state; each names its line. Answers are kept in\n" +
			"esmlab/progress.jsonl in the XDG data directory, one line each.\n\n" +
			"Without a terminal, or with --plain, it asks line by line.",
		Example: "esmlab quiz                       # what is due\nesmlab quiz notes/lambda.md       # your own note\nesmlab quiz --exam c03            # 65 questions in 130 minutes\nesmlab quiz --mix                 # ten minutes a day\nesmlab quiz --topic dlq           # what is due on one topic\nesmlab quiz --drill=discarded     # one family, without end",
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
	c.Flags().IntVar(&f.questions, "questions", session.FullExam, "how many questions an exam has")
	c.Flags().BoolVar(&f.mode.Mix, "mix", false, "ten minutes of what is due, what is new, and drills")
	c.Flags().StringVar(&f.topic, "topic", "", "only questions on a topic: a domain (security), a skill (1.2.4), a tag (on-failure), a source (sqs), a file (dlq), or words")
	c.Flags().StringVar(&f.timer, "timer", "x1", "how much time an exam gives: x1 (two minutes a question), x1.5, x2 or off")
	c.Flags().StringVar(&f.drill, "drill", "", "a drill, questions without end: on a family or a source (kinesis, dynamodb, sqs, fifo), or on any")
	c.Flags().Lookup("drill").NoOptDefVal = anyDrill
	c.Flags().IntVar(&f.perDay, "new", 10, "how many new cards of a deck to ask a day")
	c.Flags().Uint64Var(&f.seed, "seed", 0, "which questions an exam, a cram or a drill asks (0: different ones each time)")
	c.Flags().BoolVar(&f.clozes, "cloze", false, "make cards of ==marked== parts of your notes too")
	c.Flags().BoolVar(&f.due, "due", false, "only say what is due, what comes due and how it has gone so far")
	c.Flags().BoolVar(&f.plain, "plain", false, "ask line by line, without a screen")
	c.MarkFlagsMutuallyExclusive("cram", "exam", "drill", "mix", "due")
	c.MarkFlagsMutuallyExclusive("drill", "topic")
	return c
}

// drillAbout reports whether there is a drill of that name, or about that source.
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
	lib := w.user().Questions()
	r := quiz.Request{Paths: args, Clozes: f.clozes, Seed: f.seed, NewPerDay: f.perDay, Typed: w.InIsTerminal, Topic: f.topic}
	onScreen := !f.due && !f.plain && w.Interactive
	if onScreen && len(args) == 0 { // the built-in deck is read while the screen says so
		return w.show(ctx, "the quiz", func(screens *kit.ScreenStack) kit.Opening { return lib.Opening(screens, r, f.mode) })
	}
	options, err := lib.Read(r) // notes that cannot be read are refused before anything opens
	if err != nil {
		return cannot("%s", map[bool]string{true: "esmlab quiz: "}[errors.Is(err, quiz.ErrNoQuestions)]+err.Error())
	}
	switch {
	case f.due:
		return quiz.Due(w.Out, options())
	case onScreen:
		return w.show(ctx, "the quiz", func(screens *kit.ScreenStack) kit.Opening {
			return kit.Opening{Name: "the quiz", Read: func() (func() error, error) {
				return func() error { return quiz.Open(screens, options(), f.mode) }, nil
			}}
		})
	}
	err = quiz.Plain(ctx, w.In, w.Out, options(), f.mode)
	var e *exit
	if err != nil && ctx.Err() == nil && !errors.As(err, &e) {
		return cannot("esmlab quiz: %v", err)
	}
	return err
}
