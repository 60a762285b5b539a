package plain

import (
	"slices"
	"strconv"
	"strings"

	tea "charm.land/bubbletea/v2"

	"esmlab/engine/printable"
	"esmlab/engine/scenario"
	"esmlab/lessons"
	"esmlab/ui/kit"
)

// This file is what can be typed in a lesson in lines, and what it does.

// bind gives the actions and commands of a lesson in lines what they do.
func (l *linear) bind() {
	p := l.p
	after := func(do func()) func() { // what happened elsewhere was not watched
		return func() { do(); l.seen = l.tl.Sim().Emitted(); l.screen() }
	}
	l.keys = &kit.Keymap{In: kit.InLines, Refuse: func(reason string) { l.print("%s.\n", reason) }}
	l.keys.Bindings = kit.Bindings{
		"go-on":      kit.Act(l.goOn).DisabledIf(l.waits),
		"hint":       kit.Act(func() { p.Hint(); l.screen() }).DisabledIf(l.noTip),
		"skip-step":  kit.Act(func() { p.Skip(); l.tell(); l.screen() }).DisabledIf(l.notSkipped),
		"step-back":  kit.Act(after(func() { p.Back() })).DisabledIf(l.firstStep),
		"choose":     {Do: func(inv kit.Invocation) tea.Cmd { l.predict([]int{inv.N}); return nil }, Disabled: l.notAsked},
		"unknown":    kit.Act(func() { l.predict([]int{0}) }).DisabledIf(l.notAsked),
		"undo":       kit.Act(after(func() { p.Undo() })).DisabledIf(l.nothingDone),
		"again":      kit.Act(after(p.RestartStep)),
		"over":       kit.Act(after(func() { l.say(p.Restart()) })),
		"name-cause": kit.Act(func() { p.AskCause(!p.AsksCause()); l.screen() }).DisabledIf(l.noCause),
		"evidence":   kit.Act(l.evidence),
		"help":       kit.Act(l.help),
		"words":      kit.Act(l.words),
		"quit":       kit.Act(func() { l.left = true }),
		"code":       kit.Act(l.code).DisabledIf(l.noCode),
	}
	command := func(do func(args []string)) kit.Handler {
		return kit.Handler{Do: func(args []string) tea.Cmd { do(args); return nil }}
	}
	l.keys.Handlers = kit.Handlers{
		"next":     command(func([]string) { l.keys.Run("go-on", kit.Invocation{}) }),
		"show":     command(l.show),
		"mapping":  command(l.mapping),
		"menu":     command(func([]string) { l.menu() }),
		"settings": command(func([]string) { l.show([]string{"settings"}) }),
		"why":      command(func([]string) { l.why() }),
		"compare":  command(func([]string) { l.compare() }),
		"do":       command(func(args []string) { l.set(args) }),
		"event":    command(l.event),
		"alarm":    command(l.alarm),
		"seek":     command(l.seek),
		"goal":     command(func([]string) { after(func() { l.say(p.TestOut()) })() }),
		"run":      command(l.run),
		"set":      command(l.set),
		"glossary": command(l.glossary),
	}
}

func (l *linear) say(err error) {
	if err != nil {
		l.print("%v\n", err)
	}
}

// The reasons why an action is not possible now; "" where it is possible.

func (l *linear) waits() string {
	switch step := l.p.Step().Kind; {
	case l.p.StepDone():
	case step == lessons.Predict:
		return "Say what you expect first: a number, or 0 for don't know"
	case step == lessons.Do:
		return "The goal is not reached yet: it says above what is still wrong"
	}
	return ""
}

func (l *linear) noTip() string {
	if l.p.HintsLeft() == 0 {
		return "There are no more tips here"
	}
	return ""
}

func (l *linear) notSkipped() string {
	if l.p.Step().Kind == lessons.Predict {
		return "A prediction is not skipped: 0 says that you do not know"
	}
	return ""
}

func (l *linear) firstStep() string {
	if l.p.At() == 0 {
		return "This is the first step"
	}
	return ""
}

func (l *linear) noCause() string {
	if !l.p.CanNameCause() {
		return "No cause is to be named here"
	}
	return ""
}

func (l *linear) notAsked() string {
	if !l.p.AsksCause() && l.p.Step().Kind != lessons.Predict {
		return "No question is open"
	}
	return ""
}

func (l *linear) nothingDone() string {
	if !l.p.CanUndo() {
		return "There is no command of yours in this step"
	}
	return ""
}

// help lists what can be typed.
func (l *linear) help() {
	for i := range kit.Actions {
		if a := &kit.Actions[i]; a.In&kit.InLines != 0 {
			does, _, _ := strings.Cut(a.Does, ";") // what follows is about the screen
			l.print("%-17s %s\n", a.Label, does)
		}
	}
	for i := range kit.Commands {
		if c := &kit.Commands[i]; c.In&kit.InLines != 0 {
			l.print("%-17s %s\n", c.Usage(), c.Does)
		}
	}
	l.print("A length of time may stand alone (10s), and so may a setting (%s).\n", l.example())
}

// take carries out a line.
func (l *linear) take(text string) {
	if text == "" {
		l.keys.Run("go-on", kit.Invocation{})
		return
	}
	if l.p.Step().Kind == lessons.Predict || l.p.AsksCause() {
		if said := numbers(text); said != nil {
			l.predict(said)
			return
		}
	}
	if _, ok := scenario.Duration(text); ok {
		text = "run " + text
	}
	name, _, _ := strings.Cut(text, " ")
	a := kit.ActionOf(kit.InLines, text)
	if key := kit.ActionOf(kit.InLab, text); a == nil && key != nil && kit.FindCommand(kit.InLines, key.ID) != nil {
		text, name = key.ID, key.ID // the key of the screen, out of habit
	}
	switch {
	case slices.Contains(lessons.EvidenceKinds, text) && text != "settings":
		l.show([]string{text})
	case a != nil:
		l.keys.Run(a.ID, kit.Invocation{})
	case kit.FindCommand(kit.InLines, name) != nil || kit.Typed(kit.InLines, text) != nil:
		l.keys.RunLine(text)
	case strings.ContainsAny(text, "=:"):
		l.keys.RunLine("set " + text)
	default:
		l.nothing(text)
	}
}

func (l *linear) nothing(text string) {
	l.print("%s is not a command here; %s lists what you can type.\n", strconv.Quote(text), kit.KeyOf("help"))
}

// goOn goes on; while time runs, to the end of that first.
func (l *linear) goOn() {
	p := l.p
	if step := p.Step().Kind; (step == lessons.Say || step == lessons.Run) && !p.StepDone() {
		p.FinishRun()
		if step == lessons.Run {
			l.tell()
			l.screen()
			return
		}
	}
	p.Next()
	l.tell() // a question may be open now
	l.screen()
}

// predict takes the numbers of options; 0 is "don't know".
func (l *linear) predict(said []int) {
	p := l.p
	if (len(said) != 1 || said[0] != 0) && slices.ContainsFunc(said, func(n int) bool { return p.Step().Card.Option(n) == nil }) {
		l.print("There is no option with that number.\n")
		return
	}
	if p.AsksCause() {
		p.NameCause(said...)
		l.screen()
		return
	}
	p.Predict(said...)
	p.Next()
	p.FinishRun()
	l.tell()
	l.screen()
}

// run lets time run while the person acts.
func (l *linear) run(args []string) {
	d, ok := scenario.Duration(strings.Join(args, ""))
	if !ok || l.p.Step().Kind != lessons.Do || l.p.StepDone() {
		l.nothing(strings.Join(args, " "))
		return
	}
	l.p.Advance(d)
	l.p.Try()
	l.tell()
	l.screen()
}

// set changes a setting, or carries out a step of a scenario as fix: poison.
func (l *linear) set(args []string) {
	if l.p.Step().Kind == lessons.Predict && !l.p.StepDone() {
		l.print("A question is open: say what you expect first.\n")
		return
	}
	list, err := l.p.Commands(strings.Join(args, " "), l.at)
	if err != nil {
		l.print("%v\n", err)
		return
	}
	for _, c := range list {
		if refused := l.tl.Do(c); refused != nil {
			l.print("%s\n", printable.Line(refused.Error()))
		}
	}
	l.tl.Advance(l.tl.Now(), -1)
	l.p.Update()
	l.p.Try()
	l.tell()
	if l.p.Lost() != nil || l.p.StepDone() {
		l.screen()
	}
}

func numbers(text string) []int {
	var out []int
	for _, w := range strings.FieldsFunc(text, func(r rune) bool { return r == ' ' || r == ',' }) {
		n, err := strconv.Atoi(w)
		if err != nil {
			return nil
		}
		out = append(out, n)
	}
	return out
}
