package kit

import (
	"strings"

	tea "charm.land/bubbletea/v2"
)

// Command is a word that is typed, with arguments. Actions can be typed as well,
// by their id or their word; these need no key.
type Command struct {
	Name  string
	Args  string // an example of its arguments; "" it has none
	Does  string // in the palette and the docs: a sentence
	In    Scope
	Takes Takes
	// AsIs: Args is the usual argument. Chosen from the palette the command runs with
	// it; otherwise its arguments are asked for.
	AsIs bool
}

// Takes says which arguments a command takes.
type Takes uint8

// What a command takes; others are refused with it.
const (
	Nothing Takes = iota
	OneWord       // or none
	OnOff         // on or off, or none
	AnyWords
)

// Wrong says what is wrong with a command's arguments; "" nothing is.
func (c *Command) Wrong(args []string) string {
	switch {
	case c.Takes == Nothing && len(args) > 0:
		return ":" + c.Name + " takes no arguments"
	case c.Takes == OnOff && (len(args) > 1 || len(args) == 1 && args[0] != "on" && args[0] != "off"):
		return ":" + c.Name + " takes on or off"
	case c.Takes == OneWord && len(args) > 1:
		return ":" + c.Name + " takes one argument" + c.suchAs()
	}
	return ""
}

func (c *Command) suchAs() string {
	if c.Args == "" {
		return ""
	}
	return ", such as :" + c.Usage()
}

// Commands is the registry of typed commands: the palette, its completion, a
// lesson in lines and the README are made from it.
var Commands = []Command{
	{"seek", "20s", "go to an instant, or to a record: Orders#22, Orders#22 last", InLab | InLines, AnyWords, false},
	{"history", "", "what is kept of the past, and your commands, to switch off and on", InLab, Nothing, false},
	{"what-if", "BisectBatchOnFunctionError=true", "a second run in which a setting had another value from the start", InLab, AnyWords, false},
	{"life", "Orders#22", "the whole life of a record or a message", InLab, OneWord, false},
	{"get-event-source-mapping", "", "the mapping with all that is in force, and as AWS prints it", InLab, Nothing, false},
	{"event", "", "the JSON that the function got last, or at invocation n", InLab | InLines, OneWord, false},
	{"speed", "4", "virtual seconds for each second: 1/8 to 10000", InLab, OneWord, false},
	{"skip", "off", "show quiet stretches at their own pace (on: pass over them)", InLab, OnOff, true},
	{"mouse", "off", "let the terminal select text (on: click and wheel)", InLab, OnOff, true},
	{"set", "BatchSize 50", "change a setting by its name", InLab | InLines, AnyWords, false},
	{"deploy", "", "deploy this template as it was saved, or the one that is named, now", InLab, AnyWords, false},
	{"theme", "light", "colours: auto, dark, light, hc-dark, hc-light (high contrast), 16 (the terminal's own), none", InLab, OneWord, false},
	{"motion", "basic", "how much moves: full, basic (nothing travels, a mark shows what came), none", InLab, OneWord, false},
	{"describe", "", "what is on the screen, in sentences", InLab, Nothing, false},
	{"limits", "", "every number in force, AWS's and the chosen ones", InLab, Nothing, false},
	{"branches", "", "the runs that were left; enter goes to one", InLab, Nothing, false},
	{"notes", "", "what was simulated with defaults or left alone", InLab, Nothing, false},
	{"save", "my-template.yaml", "write the template to a file, with the settings as they are now and your commands as steps; run.esm: the run itself, with its branches and where it stands", InLab, AnyWords, false},
	{"diff", "", "what saving would change, and the AWS CLI's commands that would change what is deployed", InLab, Nothing, false},
	{"alarm", "", "what a CloudWatch alarm does in this run: Jobs.NumberOfMessagesSent > 5 (Sum 60s 1) sets one, off takes it away", InLab | InLines, AnyWords, false},
	{"present", "", "show this scenario to a class: its stops, large, with polls (esmlab present shows more)", InLab, Nothing, false},
	{"poll", "", "put the card on the screen to a class: vote, talk, vote again, then its run", InQuiz, Nothing, false},
	{"predict", "on", "stop before the first block, split, discard, delivery, move and second delivery, and ask what comes (off: do not)", InLab, OnOff, true},
	{"share", "", "this run as one line: copied, printed, or in a file", InLab, Nothing, false},
	{"export", "run.yaml", "write a scenario with what holds now as `expect` (.yaml), a film of the run for asciinema (.cast), or a picture of the screen (.svg)", InLab, AnyWords, false},
	{"next", "", "go on, as enter does", InLines, Nothing, false},
	{"run", "10s", "let time run", InLines, AnyWords, false},
	{"why", "", "why what happened last did happen", InLines, Nothing, false},
	{"mapping", "ShipOrders", "choose the mapping that names without a resource belong to; alone: the next one", InLines, OneWord, false},
	{"menu", "", "what can be done to what the mapping reads and calls", InLines, Nothing, false},
	{"settings", "", "all settings", InLines, Nothing, false},
	{"compare", "", "the figures of this run beside those without your commands", InLines, Nothing, false},
	{"show", "metrics", "the alarm, metrics, the log, settings or changes", InLines, OneWord, false},
	{"do", "enable: ShipOrders", "a command as a step of a scenario writes it", InLesson | InLines, AnyWords, false},
	{"restart", "", "the lesson from the start", InLesson, Nothing, false},
	{"glossary", "shard", "what a word means, in a sentence", InLesson | InLines, AnyWords, false},
	{"goal", "", "straight to the goal; reaching it finishes the lesson", InLesson | InLines, Nothing, false},
	{"next-lesson", "", "the lesson after this one", InLesson, Nothing, false},
}

// Handler is what a typed command does on a screen.
type Handler struct {
	// Do takes the words after the command's name.
	Do func(args []string) tea.Cmd
	// Complete gives what may be typed after the name and a blank; nil: nothing is
	// offered.
	Complete func(typed string) []Item
}

// Handlers are the typed commands of a screen, by name.
type Handlers map[string]Handler

// FindCommand gives the typed command of that name in a scope, or nil.
func FindCommand(in Scope, name string) *Command {
	for i := range Commands {
		if Commands[i].In&in != 0 && Commands[i].Name == name {
			return &Commands[i]
		}
	}
	return nil
}

// Usage is a command with an example of its arguments.
func (c *Command) Usage() string { return strings.TrimSpace(c.Name + " " + c.Args) }

// CommandsMarkdown writes the typed commands as the README's table.
func CommandsMarkdown() string {
	var b strings.Builder
	b.WriteString("| command | does | where |\n|---|---|---|\n")
	for i := range Commands {
		c := &Commands[i]
		var where []string
		for _, s := range []struct {
			in   Scope
			name string
		}{{InLab, "lab"}, {InQuiz, "quiz"}, {InLesson, "lesson"}, {InLines, "lesson in lines"}} {
			if c.In&s.in != 0 {
				where = append(where, s.name)
			}
		}
		b.WriteString("| `:" + c.Usage() + "` | " + c.Does + " | " + strings.Join(where, ", ") + " |\n")
	}
	return b.String()
}
