package kit

import (
	"strings"

	tea "charm.land/bubbletea/v2"
)

// Command is a word that is typed, with arguments. Actions can be typed as well,
// by their id or their word; these need no key.
type Command struct {
	Name string
	Args string // an example of its arguments; "" it has none
	Does string // in the palette and the docs: a sentence
	In   Scope
	// AsIs: Args is the usual argument. Chosen from the palette the command runs with
	// it; otherwise its arguments are asked for.
	AsIs bool
}

// Commands is the registry of typed commands: the palette, its completion, a
// lesson in lines and the README are made from it.
var Commands = []Command{
	{"seek", "20s", "go to an instant, or to a record: Orders#22, Orders#22 last", InLab | InLines, false},
	{"history", "", "what is kept of the past, and your commands, to switch off and on", InLab, false},
	{"what-if", "BisectBatchOnFunctionError=true", "a second run in which a setting had another value from the start", InLab, false},
	{"life", "Orders#22", "the whole life of a record or a message", InLab, false},
	{"get-event-source-mapping", "", "the mapping with all that is in force, and as AWS prints it", InLab, false},
	{"event", "", "the JSON that the function got last, or at invocation n", InLab | InLines, false},
	{"speed", "4", "virtual seconds for each second: 1/8 to 10000", InLab, false},
	{"skip", "off", "show quiet stretches at their own pace (on: pass over them)", InLab, true},
	{"mouse", "off", "let the terminal select text (on: click and wheel)", InLab, true},
	{"set", "BatchSize 50", "change a setting by its name", InLab | InLines, false},
	{"deploy", "", "deploy this template as it was saved, or the one that is named, now", InLab, false},
	{"theme", "light", "colours: auto, dark, light, hc-dark, hc-light (high contrast), 16 (the terminal's own), none", InLab, false},
	{"motion", "basic", "how much moves: full, basic (nothing travels, a mark shows what came), none", InLab, false},
	{"describe", "", "what is on the screen, in sentences", InLab, false},
	{"limits", "", "every number in force, AWS's and the chosen ones", InLab, false},
	{"branches", "", "the runs that were left; enter goes to one", InLab, false},
	{"notes", "", "what was simulated with defaults or left alone", InLab, false},
	{"save", "my-template.yaml", "write the template to a file, with the settings as they are now and your commands as steps; run.esm: the run itself, with its branches and where it stands", InLab, false},
	{"diff", "", "what saving would change, and the AWS CLI's commands that would change what is deployed", InLab, false},
	{"present", "", "show this scenario to a class: its stops, large, with polls (esmlab present shows more)", InLab, false},
	{"predict", "on", "stop before the first block, split, discard, delivery, move and second delivery, and ask what comes (off: do not)", InLab, true},
	{"share", "", "this run as one line: copied, printed, or in a file", InLab, false},
	{"export", "run.yaml", "write a scenario with what holds now as `expect` (.yaml), a film of the run for asciinema (.cast), or a picture of the screen (.svg)", InLab, false},
	{"next", "", "go on, as enter does", InLines, false},
	{"run", "10s", "let time run", InLines, false},
	{"why", "", "why what happened last did happen", InLines, false},
	{"mapping", "ShipOrders", "choose the mapping that names without a resource belong to; alone: the next one", InLines, false},
	{"menu", "", "what can be done to what the mapping reads and calls", InLines, false},
	{"settings", "", "all settings", InLines, false},
	{"compare", "", "the figures of this run beside those without your commands", InLines, false},
	{"show", "metrics", "the alarm, metrics, the log, settings or changes", InLines, false},
	{"do", "enable: ShipOrders", "a command as a step of a scenario writes it", InLesson | InLines, false},
	{"restart", "", "the lesson from the start", InLesson, false},
	{"glossary", "shard", "what a word means, in a sentence", InLesson | InLines, false},
	{"goal", "", "straight to the goal; reaching it finishes the lesson", InLesson | InLines, false},
	{"next-lesson", "", "the lesson after this one", InLesson, false},
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
		}{{InLab, "lab"}, {InLesson, "lesson"}, {InLines, "lesson in lines"}} {
			if c.In&s.in != 0 {
				where = append(where, s.name)
			}
		}
		b.WriteString("| `:" + c.Usage() + "` | " + c.Does + " | " + strings.Join(where, ", ") + " |\n")
	}
	return b.String()
}
