// Package lessons reads lessons, plays them over a history, and checks them by
// playing them. A lesson is a Markdown file with its template beside it; its
// format is described in docs/lessons.md. Nothing here draws or waits: a player is
// told what the person does, and the history is moved from outside.
//
// Reading order: lesson.go (what a lesson is), read.go and block.go (how it is
// read), text.go (texts with placeholders), library.go (which lessons there
// are), evaluator.go (queries on a history), player.go (a lesson in progress),
// run.go, verdict.go and goal.go (its steps), paragraph.go (what the person
// reads), check.go (whether a lesson keeps its promises), glossary.go (its words), alarm.go
// (when an alarm would have rung), endtest.go and sheet.go (what a part has beside its
// lessons), onefile.go and skeleton.go (for authors).
package lessons

import (
	"slices"

	"esmlab/engine"
	"esmlab/engine/alarm"
	"esmlab/engine/query"
	"esmlab/engine/scenario"
	"esmlab/quiz/card"
)

// Head is what the front matter of a lesson says, and where it stands.
type Head struct {
	ID        string // the file's name without its number
	File      string
	Part      string // the folder's name
	Title     string
	Minutes   int
	After     []string // ids of the lessons that come before
	Facts     []string // of the coverage list, n01 …
	WrongIdea string   // the misconception that the lesson corrects
	Truth     string   // what holds instead, in a sentence; "" in lessons that do not say
	NextWhy   string   // why the next lesson comes next; "" in lessons that do not say
	Skills    []string // of the exam guide, c03-1-2-4 …
	Cards     []string // ids of the cards that are due once it is finished
}

// Lesson is a lesson with its template.
type Lesson struct {
	Head
	Steps    []Step
	Scenario *scenario.Scenario
	Template string // file name

	// NewWords lists by step the words of the glossary that the course has not used
	// before; nil for a lesson that is read outside its course.
	NewWords  [][]Word
	NextTitle string // of the lesson after it in the course; "" after the last one

	lines  map[string]place // of the front matter's fields
	source []byte           // of the template
}

// place is where something stands in a file.
type place struct{ line, col int }

// StepKind is what a step asks of the person.
type StepKind uint8

// The kinds of steps.
const (
	Say     StepKind = iota // read, and watch
	Predict                 // say what will happen
	Run                     // see it happen
	Compare                 // with what was said
	Do                      // reach a goal
	Explain                 // why it is so
)

var kindNames = [...]string{"Say", "Predict", "Run", "Compare", "Do", "Explain"}

func (k StepKind) String() string { return kindNames[k] }

// Step is one step. Its kind says which fields count.
type Step struct {
	Kind  StepKind
	Title string
	Text  []Text
	Line  int
	Code  []Code // what stands beside the text

	RunFor engine.Micros  // Say: how long time runs
	Focus  []string       // Say: panes to bring forward
	Card   *card.Card     // Predict
	Alarms []*alarm.Alarm // Compare
	Claims []Claim        // Predict: by option, in the order of the card's
	Until  *query.Query   // Run
	MaxRun engine.Micros  // Run: how long at most
	// Do; Card and Claims are the question after the cause, where there is one
	Goal       []Condition
	Holds      engine.Micros // how long all conditions must hold
	Within     engine.Micros
	Hints      [][]Segment // the question to ask, the thing to look at
	Solution   []engine.Command
	Sets       *alarm.Alarm // the alarm that belongs to the solution, and to all other answers; nil: none
	Also       []Answer     // what else reaches the goal
	Refused    []Answer     // what does not count, though the conditions may hold
	WrongTurns []WrongTurn
	Alarm      *query.Query // of an incident: what rang; Rang says it
	Rang       []Segment
	Caused     engine.Micros // of an incident: when its cause began
	Hide       []string      // Do: what is behind an incident; Predict: panes
	Sources    []Text        // Explain

	untilAt place // of `until`
}

// Code is a fenced block of a step: a handler, a template, an event, a command.
type Code struct {
	Language string // python, js, json, yaml, sh, …; "" none
	Title    string // what follows the language: a file's name
	Text     string // lines, the last one without its end
}

// Claim is the query on the run that belongs to one option of a prediction.
type Claim struct {
	card  *card.Claim
	query *query.Query
}

// Condition is part of a goal: That must hold; Met is shown while it does, Else
// while it does not.
type Condition struct {
	That      *query.Query
	Met, Else []Segment
	at        place
}

// Answer is a way to the goal, or what looks like one, and what is said of it.
type Answer struct {
	Steps []engine.Command // none: those of the solution
	Sets  *alarm.Alarm     // nil: that of the solution
	Say   []Segment
	at    place
}

// WrongTurn is a set of commands that does not reach the goal: Unmet are the
// conditions, from 1, that do not hold after it.
type WrongTurn struct {
	Steps []engine.Command // none: those of the solution
	Sets  *alarm.Alarm     // nil: that of the solution
	Unmet []int
	at    place
}

// Panes maps the names that `look` may give to the numbers of the panes.
var Panes = map[string]int{"shards": 1, "queue": 1, "iterators": 2, "pollers": 2, "batches": 3, "queues": 4, "settings": 5}

// hideable is what the `hide` of an incident may name.
var hideable = []string{"faults"}

// Covered maps the names that the `hide` of a question may give to the numbers
// of the panes: those of Panes, and the log, Metrics and the timeline.
var Covered = map[string]int{"shards": 1, "queue": 1, "iterators": 2, "pollers": 2, "batches": 3, "queues": 4, "log": 6, "metrics": 7, "timeline": 8}

// Hides reports whether the goal hides something: "faults" makes it an incident.
func (l *Lesson) Hides(what string) bool {
	i := l.goalStep()
	return i >= 0 && slices.Contains(l.Steps[i].Hide, what)
}

// goalStep is the index of the Do, -1 if there is none.
func (l *Lesson) goalStep() int {
	for i := range l.Steps {
		if l.Steps[i].Kind == Do {
			return i
		}
	}
	return -1
}

// languages are the names of what code is written in.
var languages = map[string]string{"python": "Python", "js": "Node.js", "json": "JSON", "yaml": "YAML", "sh": "Shell", "text": ""}

// Heading is what stands above code: its language and title.
func (c *Code) Heading() string {
	name, known := languages[c.Language]
	if !known {
		name = c.Language
	}
	switch {
	case name == "" || c.Title == "":
		return name + c.Title
	}
	return name + ", " + c.Title
}
