package lesson

import (
	"slices"
	"strconv"
	"strings"

	tea "charm.land/bubbletea/v2"

	"esmlab/engine"
	"esmlab/engine/scenario"
	"esmlab/lessons"
	"esmlab/ui/kit"
)

// bindings are the actions of a lesson, beside those of its lab.
func (s *Screen) bindings() kit.Bindings {
	return kit.Bindings{
		"go-on":      kit.Simple(s.goOn).DisabledIf(s.waits),
		"hint":       kit.Act(func() { s.p.Hint(); s.top = 0 }).DisabledIf(s.noTip),
		"step-back":  kit.Act(s.stepBack),
		"skip-step":  kit.Act(func() { s.p.Skip(); s.follow() }).DisabledIf(s.notSkipped),
		"lesson":     kit.Simple(s.menu),
		"again":      kit.Act(s.stepAgain),
		"undo":       kit.Act(s.undo).DisabledIf(s.nothingToUndo),
		"name-cause": kit.Act(s.askCause).DisabledIf(s.noCause),
		"evidence":   kit.Simple(s.evidence).DisabledIf(s.noEvidence),
		"words":      kit.Simple(s.words),
		"choose":     {Do: func(inv kit.Invocation) tea.Cmd { return s.choose(inv.N) }, Disabled: s.notAsked},
		"unknown":    kit.Simple(func() tea.Cmd { return s.digit(0) }).DisabledIf(s.noQuestion),
		"code":       kit.Act(s.toggleCode).DisabledIf(s.noCode),
	}
}

// handlers are the typed commands of a lesson.
func (s *Screen) handlers() kit.Handlers {
	do := func(f func()) kit.Handler { return kit.Handler{Do: func([]string) tea.Cmd { f(); return nil }} }
	return kit.Handlers{"do": {Do: s.carryOut}, "restart": do(s.restart), "goal": do(s.toGoal), "glossary": {Do: s.glossary, Complete: completeWord}, "next-lesson": {Do: func([]string) tea.Cmd { return s.nextLesson() }}}
}

// The reasons why an action is not possible now; "" where it is.

func (s *Screen) waits() string {
	switch {
	case s.p.Finished() || s.p.StepDone():
		return ""
	case s.p.AsksCause() && len(s.choice) == 0:
		return "Name the cause first: a digit"
	case s.asks() && len(s.choice) == 0:
		return "Say what you expect first: a digit, or 0 where you do not know"
	case s.p.Step().Kind == lessons.Do:
		return kit.WithKeys("The goal is not reached yet: it says below what is still wrong. {hint} gives a tip, {skip-step} shows how")
	}
	return ""
}

func (s *Screen) nothingToUndo() string {
	if !s.p.CanUndo() {
		return kit.WithKeys("There is no command of yours in this step; {step-back} goes a step back")
	}
	return ""
}

func (s *Screen) noCause() string {
	if !s.p.CanNameCause() {
		return "No cause is to be named here"
	}
	return ""
}

func (s *Screen) noEvidence() string {
	if !s.o.Lesson.Hides("faults") {
		return "This lesson is not an incident: look at the panes"
	}
	return ""
}

func (s *Screen) notSkipped() string {
	switch {
	case s.p.Finished():
		return "The lesson is finished"
	case s.predicts():
		return "A prediction is not skipped: 0 says that you do not know"
	}
	return ""
}

func (s *Screen) noTip() string {
	if s.p.HintsLeft() == 0 {
		return "There are no more tips here"
	}
	return ""
}

func (s *Screen) notAsked() string {
	if !s.Digits() {
		return "No question is open"
	}
	return ""
}

func (s *Screen) noQuestion() string {
	if !s.asks() {
		return "No question is open"
	}
	return ""
}

func (s *Screen) goOn() tea.Cmd {
	switch {
	case s.p.Finished():
		return s.ways()[0].do()
	case s.asks() && len(s.choice) > 0:
		s.answer(slices.Clone(s.choice))
	default:
		s.next()
	}
	return nil
}

func (s *Screen) stepBack() {
	if s.p.Back() {
		s.again(nil)
	} else {
		s.Say("This is the first step")
	}
}

// choose takes an option by its digit.
func (s *Screen) choose(n int) tea.Cmd {
	if n == 0 { // called by name
		s.Say("Choose with a digit")
		return nil
	}
	return s.digit(n)
}

// undo takes the run back to just before the last command.
func (s *Screen) undo() {
	s.Stop()
	s.p.Undo()
	s.again(nil)
	s.Say("Taken back: the run is as it was just before that command")
}

// evidence lets the person choose what to read of the run, beside the text.
func (s *Screen) evidence() tea.Cmd {
	menu := &kit.Menu{Title: "Evidence", Sel: s.read}
	names := []string{"the alarm", "Metrics", "the functions' log", "all settings", "recent changes"}
	for i, name := range names {
		menu.Items = append(menu.Items, kit.Item{Key: strconv.Itoa(i + 1), Text: name})
	}
	return s.Dialog(menu, func(r kit.Reply) tea.Cmd {
		if r.Chosen < 0 {
			return nil
		}
		s.read = r.Chosen
		card := &kit.Card{Title: kit.Capitalize(names[r.Chosen])}
		lines := s.p.Evidence(lessons.EvidenceKinds[r.Chosen])
		if lessons.EvidenceKinds[r.Chosen] == "log" {
			slices.Reverse(lines) // the newest is in sight
		}
		for _, line := range lines {
			card.Body = append(card.Body, kit.Para{Text: line, Raw: true})
		}
		return s.Dialog(card, nil)
	})
}

// askCause opens the question after the cause, or puts it off.
func (s *Screen) askCause() {
	s.p.AskCause(!s.p.AsksCause())
	s.top, s.choice = 0, nil
}

// carryOut does what a step of a scenario says.
func (s *Screen) carryOut(args []string) tea.Cmd { return s.step(strings.Join(args, " ")) }

// step does what a line says that names none of the palette's commands, as the same line does in
// lines.
func (s *Screen) step(line string) tea.Cmd {
	if s.predicts() {
		s.Say("A question is open: say what you expect first")
		return nil
	}
	list, err := s.p.Commands(line, s.Mapping())
	if err != nil {
		s.Say(err.Error())
		return nil
	}
	for _, c := range list {
		if refused := s.Do(c); refused != nil {
			s.Say(refused.Error())
		}
	}
	return nil
}

// typed is how a command is given on the screen: a line of the palette.
func typed(c *engine.Command) string {
	if c.Op == engine.OpSet && len(c.Also) == 0 {
		name, value, _ := strings.Cut(strings.TrimSuffix(strings.TrimPrefix(scenario.StepText(c), "set: {"), "}"), ": ")
		return kit.KeyOf("palette") + "set " + name + " " + value
	}
	return kit.KeyOf("palette") + "do " + scenario.StepText(c)
}

func (s *Screen) stepAgain() { s.p.RestartStep(); s.again(nil) }
func (s *Screen) restart()   { s.again(s.p.Restart()) }
func (s *Screen) toGoal()    { s.again(s.p.TestOut()) }

func (s *Screen) nextLesson() tea.Cmd {
	if s.o.Next == nil {
		s.Say("This is the last lesson of its part")
		return nil
	}
	return s.open(s.o.Next)
}

// menu offers what else can be done with the lesson.
func (s *Screen) menu() tea.Cmd {
	items := []kit.Item{{Key: "1", Text: "this step again"}, {Key: "2", Text: "the lesson from the start"}, {Key: "3", Text: "straight to the goal", Note: "reaching it finishes the lesson"}}
	do := []func() tea.Cmd{quietly(s.stepAgain), quietly(s.restart), quietly(s.toGoal)}
	if s.o.Next != nil {
		items = append(items, kit.Item{Key: "4", Text: "the next lesson", Note: s.o.NextName})
		do = append(do, s.nextLesson)
	}
	return s.Dialog(&kit.Menu{Title: s.o.Lesson.Title, Items: items}, func(r kit.Reply) tea.Cmd {
		if r.Chosen < 0 {
			return nil
		}
		return do[r.Chosen]()
	})
}

// quietly is an action that asks nothing of the program.
func quietly(f func()) func() tea.Cmd { return func() tea.Cmd { f(); return nil } }
