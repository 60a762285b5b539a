package kit

import (
	"slices"
	"strings"
)

// Scope says on which screens an action works.
type Scope uint8

// The scopes. An action may have several.
const (
	InLab Scope = 1 << iota
	OnHome
	InQuiz
	InLesson // beside those of the lab
	InLines  // a lesson in lines
	InClass  // who is in a class; following its presenter
	InTalk   // presenting to a class
)

// Hint is an action in a footer: its key, and what it does in a word or two.
// A click carries it out.
type Hint struct {
	ID        string
	N         int // the digit it stands for, 0 none
	Key, Text string
}

// HintOf is the hint of an action, under the key that it has now.
func HintOf(id, text string) Hint { return Hint{ID: id, Key: KeyOf(id), Text: text} }

// HintPair is a hint of two actions; a click carries out the second.
func HintPair(first, second, text string) Hint {
	return Hint{ID: second, Key: KeyOf(first) + KeyOf(second), Text: text}
}

// Hit is where a hint stands in a footer: its first column, and the one after
// its last.
type Hit struct {
	From, To int
	ID       string
	N        int
}

// Action is something a person can do. The footer, the help, the palette, the
// mouse and the README's table are made from this one registry.
type Action struct {
	ID    string
	Group string
	Keys  []string // as Bubble Tea names them; the first is shown
	Label string   // how the key is written on the screen
	Word  string   // in the footer: one or two words
	Does  string   // in the help: a sentence
	In    Scope
}

// Groups are the groups of actions, in the order of the help.
var Groups = []string{"time", "things", "commands", "understand", "questions", "lesson", "class", "leave"}

// Actions is the registry.
var Actions = []Action{
	{"stop", "time", []string{"space"}, "space", "stop", "stop and go", InLab},
	{"next", "time", []string{"right", "l"}, "→", "step", "stop at the next visible change", InLab | InTalk},
	{"prev", "time", []string{"left", "h"}, "←", "step back", "stop at the previous visible change", InLab | InTalk},
	{"cause", "time", []string{"n", "pgdown", "shift+right"}, "n", "next cause", "the next cause: an error, a split, a discard, a block, the end of one", InLab},
	{"cause-back", "time", []string{"N", "pgup", "shift+left"}, "N", "previous cause", "the previous cause", InLab},
	{"raw", "time", []string{"."}, ".", "raw step", "one raw event", InLab},
	{"faster", "time", []string{"+", "="}, "+", "faster", "twice as fast", InLab},
	{"slower", "time", []string{"-"}, "-", "slower", "half as fast", InLab},
	{"start", "time", []string{"g", "home"}, "g", "start", "to the start", InLab},
	{"newest", "time", []string{"G", "end"}, "G", "newest", "to the newest instant", InLab},
	{"pane", "things", []string{"1", "2", "3", "4", "5", "6", "7", "8"}, "1-8", "panes", "that pane; again: it fills the screen", InLab},
	{"pane-next", "things", []string{"tab"}, "tab", "next pane", "the next pane", InLab},
	{"pane-prev", "things", []string{"shift+tab"}, "shift+tab", "previous pane", "the previous pane", InLab},
	{"up", "things", []string{"up", "k"}, "↑", "up", "one row up", InLab | InClass | OnHome | InQuiz},
	{"down", "things", []string{"down", "j"}, "↓", "down", "one row down", InLab | InClass | OnHome | InQuiz},
	{"page", "things", []string{"pgdown"}, "PgDn", "page", "one page down in the focused list, where not all of it is in sight", InLab},
	{"page-back", "things", []string{"pgup"}, "PgUp", "page up", "one page up in it", InLab},
	{"first", "things", []string{"home"}, "Home", "first row", "its first row", InLab},
	{"last", "things", []string{"end"}, "End", "last row", "its last row", InLab},
	{"inside", "things", []string{"enter"}, "enter", "inside", "look inside: what it is, why, its values; a setting: explain and change it; the timeline: zoom in", InLab | OnHome},
	{"menu", "things", []string{"a"}, "a", "act on it", "what can be done to it", InLab},
	{"mapping", "things", []string{"m"}, "m", "next mapping", "the next mapping", InLab},
	{"mapping-back", "things", []string{"M"}, "M", "previous mapping", "the previous mapping", InLab},
	{"filter", "things", []string{"/"}, "/", "filter", "show only the rows that contain a text", InLab | OnHome},
	{"entry", "things", []string{"1", "2", "3", "4", "5", "6", "7", "8", "9"}, "1-9", "open", "on Home: what has that digit, or its shelf", OnHome},
	{"continue", "things", []string{"c"}, "c", "continue", "on Home: go on with what was left", OnHome},
	{"template", "things", []string{"t"}, "t", "template", "on Home: open a template of your own", OnHome},
	{"new", "things", []string{"n"}, "n", "new", "on Home: four questions, and a SAM file is written and opened", OnHome},
	{"shelf-prev", "things", []string{"left", "h"}, "←", "shelf before", "on Home: the shelf before", OnHome},
	{"shelf-next", "things", []string{"right", "l"}, "→", "next shelf", "on Home: the next shelf", OnHome},
	{"break", "commands", []string{"e"}, "e", "break", "break something (e e: the same again)", InLab},
	{"put", "commands", []string{"p"}, "p", "put", "put records, or messages", InLab},
	{"bisect", "commands", []string{"b"}, "b", "bisect", "BisectBatchOnFunctionError on and off (queues: says why not)", InLab},
	{"retries", "commands", []string{"r"}, "r", "retries", "how many tries: MaximumRetryAttempts · maxReceiveCount", InLab},
	{"age", "commands", []string{"d"}, "d", "discard", "discard by age: MaximumRecordAgeInSeconds · MessageRetentionPeriod", InLab},
	{"failures", "commands", []string{"o"}, "o", "queue", "where failures go: OnFailure · RedrivePolicy", InLab},
	{"items", "commands", []string{"i"}, "i", "items", "partial responses: ReportBatchItemFailures", InLab},
	{"visibility", "commands", []string{"v"}, "v", "visibility", "VisibilityTimeout (streams: says why not)", InLab},
	{"settings", "commands", []string{"s"}, "s", "settings", "all settings", InLab},
	{"undo", "commands", []string{"z"}, "z", "undo", "take back my last command and compute anew", InLab | InLines},
	{"redo", "commands", []string{"Z"}, "Z", "redo", "redo what was taken back", InLab},
	{"branch", "commands", []string{"f"}, "f", "branch", "branch here: the run so far stays as it is", InLab},
	{"compare", "commands", []string{"c"}, "c", "compare", "compare with the branch, or with the untouched run", InLab},
	{"over", "commands", []string{"R"}, "R", "start over", "start over; a file saved since then is read again", InLab | InLines | InTalk},
	{"why", "understand", []string{"w"}, "w", "why", "why did that just happen", InLab | InTalk},
	{"findings", "understand", []string{"F"}, "F", "findings", "what will hurt in this template: a list; each shows itself bite, and its fix", InLab},
	{"help", "understand", []string{"?", "f1"}, "?", "all", "what works here, searchable; enter does it", InLab | InClass | OnHome | InQuiz | InLines | InTalk},
	{"palette", "understand", []string{":", "ctrl+p"}, ":", "command", "any command, with arguments", InLab | InClass | OnHome | InQuiz | InTalk},
	{"save", "commands", []string{"ctrl+s"}, "ctrl+s", "save", "write the template to a file, with the settings as they are now and your commands as steps", InLab},
	{"copy", "understand", []string{"y"}, "y", "copy", "share this run: one line that opens it anywhere, in lines, in a file, or as a command", InLab | InTalk},
	{"choose", "questions", []string{"1", "2", "3", "4", "5", "6"}, "1-6", "choose", "choose an option, or toggle it where several are right; then 1 guess, 2 fairly, 3 sure; after the answer grade it: 1 again, 2 hard, 3 good, 4 easy", InQuiz | InLesson | InLines},
	{"unknown", "questions", []string{"0"}, "0", "don't know", "don't know: it counts as not known, and the answer is shown", InQuiz | InLesson | InLines},
	{"done", "questions", []string{"enter"}, "enter", "done", "done choosing; after the answer: the next question", InQuiz},
	{"show", "questions", []string{"space"}, "space", "show", "show the answer of a recall card; choose the option under the cursor; the next question", InQuiz},
	{"tip", "questions", []string{"t"}, "t", "tip", "a tip", InQuiz},
	{"skip", "questions", []string{">"}, ">", "skip", "skip, with the answer shown", InQuiz},
	{"flag", "questions", []string{"!"}, "!", "flag", "in an exam: flag the question, to come back to it", InQuiz},
	{"see", "questions", []string{"w"}, "w", "see it", "see it happen: the lab in the card's world, just before the outcome is decided; esc returns", InQuiz},
	{"see-option", "questions", []string{"W"}, "W", "see an option", "then an option's number: the lab in the world in which that option is right; esc returns", InQuiz},
	{"take-back", "questions", []string{"z"}, "z", "take back", "take back my last answer, and ask it again", InQuiz},
	{"retire", "questions", []string{"x"}, "x", "set aside", "set this card aside: it is no longer asked; on the first page: ask such cards again", InQuiz},
	{"question-before", "questions", []string{"left", "h"}, "←", "previous", "in an exam: the previous question", InQuiz},
	{"question-after", "questions", []string{"right", "l"}, "→", "next", "in an exam: the next question", InQuiz},
	{"all-questions", "questions", []string{"tab"}, "tab", "all questions", "in an exam: all questions at a glance, and handing in", InQuiz},
	{"page-down", "questions", []string{"pgdown"}, "PgDn", "more", "one page down", InQuiz | InClass | OnHome},
	{"page-up", "questions", []string{"pgup"}, "PgUp", "back up", "one page up", InQuiz | InClass | OnHome},
	{"go-on", "lesson", []string{"enter", "space"}, "enter", "go on", "go on; while time runs, to the end of that first (space: only when it has ended)", InLesson | InLines},
	{"hint", "lesson", []string{"t"}, "t", "tip", "a tip: what to ask, what to look at, what to do", InLesson | InLines},
	{"step-back", "lesson", []string{"<"}, "<", "step back", "one step back: the run is as it was then", InLesson | InLines},
	{"skip-step", "lesson", []string{">"}, ">", "skip", "skip the step; you then see how its goal is reached", InLesson | InLines},
	{"words", "lesson", []string{"W"}, "W", "words", "the words that are new at this step, then all words of the lessons, each in a sentence", InLesson | InLines},
	{"again", "lesson", []string{"A"}, "A", "again", "this step again: the run is as it was when the step began", InLesson | InLines},
	{"name-cause", "lesson", []string{"C"}, "C", "cause", "in an incident: name its cause, before or after mending", InLesson | InLines},
	{"evidence", "lesson", []string{"E"}, "E", "evidence", "in an incident: the alarm, Metrics, the log, settings, recent changes", InLesson | InLines},
	{"code", "lesson", []string{"X"}, "X", "code", "the code of this step, or the panes in its place", InLesson | InLines},
	{"lesson", "lesson", []string{"L"}, "L", "lesson", "this step or the lesson again, straight to the goal, the next lesson", InLesson},
	{"take-copy", "class", []string{"f"}, "f", "take a copy", "a guest: take a copy of what the presenter shows, at this instant, to play with; esc returns", InClass},
	{"cast", "class", []string{"1", "2", "3", "4", "5", "6"}, "1-6", "vote", "a guest who follows a poll: your vote; then 1 guess, 2 fairly, 3 sure", InClass},
	{"talk-next", "class", []string{"pgdown", "enter"}, "PgDn", "next stop", "presenting: the next stop, or the next phase of a poll; time runs up to it, and a second press goes there at once", InTalk},
	{"talk-prev", "class", []string{"pgup"}, "PgUp", "back", "presenting: the stop before, or the phase before", InTalk},
	{"talk-go", "class", []string{".", "space"}, ".", "stop/go", "presenting: let time run beyond the stop, and stop it", InTalk},
	{"talk-here", "class", []string{"f5", "shift+f5"}, "F5", "to the stop", "presenting: back to the stop as it was prepared, from wherever you are", InTalk},
	{"talk-blank", "class", []string{"b"}, "b", "blank", "presenting: an empty screen; any key shows it again", InTalk},
	{"spotlight", "class", []string{"1", "2", "3", "4", "5", "6", "7", "8"}, "1-8", "spotlight", "presenting: the pane under the spotlight; while the class votes: a raised finger", InTalk},
	{"finger-back", "class", []string{"backspace"}, "backspace", "take back", "presenting: take back the last finger that was counted", InTalk},
	{"more-time", "class", []string{"+"}, "+", "20 s more", "presenting: 20 s more for the vote", InTalk},
	{"unlock", "class", []string{"s"}, "s", "unlock", "presenting: the whole lab with all its commands, until F5", InTalk},
	{"back", "leave", []string{"esc"}, "esc", "back", "back one level; on the top level: Home", InLab | InClass | OnHome | InQuiz | InTalk},
	{"quit", "leave", []string{"q"}, "q", "leave", "leave; asks only if something unsaved would be lost", InLab | InClass | OnHome | InQuiz | InLines | InTalk},
	{"quit-now", "leave", []string{"ctrl+c"}, "ctrl+c", "leave now", "leave at once, always", InLab | InClass | OnHome | InQuiz | InTalk},
	{"suspend", "leave", []string{"ctrl+z"}, "ctrl+z", "suspend", "give the terminal back to the shell; its fg returns here", InLab | InClass | OnHome | InQuiz | InTalk},
}

// ActionOf gives the action of a key on a screen, or nil.
func ActionOf(in Scope, key string) *Action {
	if in == InTalk { // what a remote sends means one thing, however other keys were changed
		for i := range Actions {
			if Actions[i].In == InTalk && slices.Contains(Actions[i].Keys, key) {
				return &Actions[i]
			}
		}
	}
	for i := range Actions {
		if Actions[i].In&in != 0 && slices.Contains(Actions[i].Keys, key) {
			return &Actions[i]
		}
	}
	return nil
}

// paging are the actions on a long list. They come before those of time with the same
// keys while not all of the list is in sight.
var paging = []string{"page", "page-back", "first", "last"}

// PagingOf gives the action of a key on a long list, or nil.
func PagingOf(key string) *Action {
	for _, id := range paging {
		if a := FindAction(id); slices.Contains(a.Keys, key) {
			return a
		}
	}
	return nil
}

// FindAction gives the action of that id, or nil.
func FindAction(id string) *Action {
	for i := range Actions {
		if Actions[i].ID == id {
			return &Actions[i]
		}
	}
	return nil
}

// Typed gives the action that is called by its id, or by its word with hyphens;
// nil: there is none on that screen.
func Typed(in Scope, name string) *Action {
	var found *Action
	for i := range Actions {
		a := &Actions[i]
		switch {
		case a.In&in == 0:
		case a.ID == name:
			return a
		case found == nil && a.Command() == name:
			found = a
		}
	}
	return found
}

// Command is the word of an action as it is typed.
func (a *Action) Command() string { return strings.ReplaceAll(a.Word, " ", "-") }

// KeyOf gives the key of an action as it is written on the screen, "" where
// there is no such action. Lessons name actions, never keys.
func KeyOf(id string) string {
	if id == "tries" { // as the format of lessons calls it
		id = "retries"
	}
	if a := FindAction(id); a != nil {
		return a.Label
	}
	return ""
}

var keyLabels = map[string]string{"right": "→", "left": "←", "up": "↑", "down": "↓", "pgdown": "PgDn", "pgup": "PgUp", "home": "Home", "end": "End",
	"shift+right": "shift+→", "shift+left": "shift+←", "shift+up": "shift+↑", "shift+down": "shift+↓"}

// Also writes the other keys of an action.
func (a *Action) Also() string {
	if a.ID == "pane" || a.ID == "choose" || a.ID == "entry" || a.ID == "spotlight" || a.ID == "cast" {
		return "click"
	}
	var out []string
	for _, k := range a.Keys[1:] {
		out = append(out, label(k))
	}
	switch a.ID {
	case "up", "down":
		out = append(out, "wheel")
	case "inside":
		out = append(out, "double click")
	case "menu":
		out = append(out, "right click")
	case "settings":
		out = append(out, "5")
	}
	return strings.Join(out, " ")
}

// Markdown writes the registry as the README's table of keys.
func Markdown() string {
	var b strings.Builder
	b.WriteString("| group | key | does | also |\n|---|---|---|---|\n")
	for _, g := range Groups {
		name := g
		for i := range Actions {
			if a := &Actions[i]; a.Group == g {
				b.WriteString("| " + name + " | `" + a.Label + "` | " + a.Does + " | " + a.Also() + " |\n")
				name = ""
			}
		}
	}
	return b.String()
}
