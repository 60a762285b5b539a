package quiz

import (
	"esmlab/quiz/session"
	"esmlab/ui/kit"
)

// This file gives the reasons why an action is not possible now; "" where it is.

// notOpen is the reason of what is done before answering.
func (a *Asking) notOpen() string {
	switch {
	case a.phase == open:
		return ""
	case !a.asked():
		return "No question is open"
	case a.phase == rating:
		return kit.WithKeys("Say how sure you are, or go back: {back}")
	}
	return "The answer is shown already"
}

func (a *Asking) noChoice() string {
	switch {
	case a.phase == open && a.s.recall():
		return kit.WithKeys("There are no options: say it, then {show} shows the answer")
	case a.phase == open && a.s.typed():
		return "There are no options: the answer is typed"
	case !a.asked():
		return "No question is open"
	case a.answered() && (a.c.session() == nil || a.verdict.Due[0] == (session.DueDate{})):
		return "This answer has no grade"
	}
	return ""
}

// notDone says which digits are waited for.
func (a *Asking) notDone() string {
	switch a.phase {
	case rating:
		return "1 guess, 2 fairly, 3 sure: then the answer"
	case choosingWorld:
		return a.digits() + ": the world of that option"
	case revealed:
		return "How well did you know it? 1 again, 2 hard, 3 good, 4 easy"
	case waiting:
		return "The next card is not due yet; it comes by itself"
	}
	return ""
}

func (a *Asking) notShown() string {
	if a.typing() {
		return "Type the answer, then enter"
	}
	return a.notDone()
}

func (a *Asking) unseen() string {
	switch {
	case a.phase == open || a.phase == rating:
		return kit.WithKeys("Answer first: then {see} shows it happen")
	case a.phase == choosingWorld:
		return a.notDone()
	case !a.asked():
		return "No question is open"
	case !a.c.proved(a.s):
		return "No run proves this card; it rests on its source"
	}
	return ""
}

func (a *Asking) noWorlds() string {
	switch {
	case a.phase == runFirst || a.phase == revealed:
		return kit.WithKeys("The reasons first: {done} shows them")
	case a.unseen() != "":
		return a.unseen()
	case !a.s.choices():
		return "This card has no options"
	}
	return ""
}

func (a *Asking) noAnswer() string {
	switch {
	case a.c.session() == nil:
		return "A drill's answers are not taken back: they change no schedule"
	case !a.c.session().CanUndo():
		return "There is no answer to take back"
	case a.phase == choosingWorld:
		return a.notDone()
	}
	return ""
}

// notRetirable says why a card cannot be set aside. A cram leaves the schedule as it
// is, so it sets nothing aside either.
func (a *Asking) notRetirable() string {
	switch {
	case a.c.session() == nil:
		return "A drill's questions are made anew each time: there is no card to set aside"
	case a.crams():
		return "A cram leaves the schedule as it is: cards are set aside in what is due"
	case a.phase == choosingWorld:
		return a.notDone()
	case !a.asked():
		return "No question is open"
	}
	return ""
}
