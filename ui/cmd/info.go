package cmd

import (
	"fmt"

	"github.com/spf13/cobra"

	"esmlab/engine/scenario"
	"esmlab/engine/template"
	"esmlab/lessons"
	"esmlab/quiz/card"
	"esmlab/quiz/notes"
	"esmlab/talks"
	"esmlab/ui/kit"
)

func listCommand(w *Env) *cobra.Command {
	return &cobra.Command{
		Use:   "list",
		Short: "The built-in scenarios, lessons, presentations and decks",
		Long: "Lists what is built in: scenarios (esmlab lab NAME, esmlab run NAME), lessons\n" +
			"(esmlab learn NAME), presentations (esmlab present NAME), and the notes of the built-in deck of questions (esmlab quiz).",
		Args: cobra.NoArgs,
		RunE: func(*cobra.Command, []string) error {
			fmt.Fprint(w.Out, "Scenarios (esmlab lab NAME, esmlab run NAME)\n")
			for _, name := range scenario.Names() {
				src, _ := w.Builtin(name)
				title, about := scenario.Head(src)
				w.item(name, title)
				w.item("", "  "+about)
			}
			fmt.Fprint(w.Out, "\nLessons (esmlab learn NAME)\n")
			lib, err := lessons.Open(w.Lessons)
			if err != nil {
				return &exit{exitCannot, err.Error()}
			}
			for _, h := range lib.Heads {
				w.item(h.ID, fmt.Sprintf("%s, %s", h.Title, kit.Count(h.Minutes, "minute")))
			}
			fmt.Fprint(w.Out, "\nPresentations (esmlab present NAME, esmlab serve NAME)\n")
			for _, name := range talks.Names() {
				h := talks.HeadOf(name)
				w.item(name, h.Title)
				w.item("", "  "+h.About())
			}
			fmt.Fprint(w.Out, "\nDecks (esmlab quiz; esmlab cards and esmlab check take deck as a name)\n")
			folder, err := card.Open(w.Deck).Notes(".", card.Options{})
			if err != nil {
				return &exit{exitCannot, err.Error()}
			}
			cards := 0
			for _, n := range folder {
				cards += len(n.Cards)
			}
			w.item(notes.Deck, kit.Count(cards, "card"))
			for _, n := range folder {
				w.item("  "+n.File, kit.Count(len(n.Cards), "card"))
			}
			return nil
		},
	}
}

// item prints a line of a list: a name and what it is.
func (w *Env) item(name, what string) { fmt.Fprintf(w.Out, "  %-28s %s\n", name, what) }

func nearestCommand(c *cobra.Command, name string) string {
	names := scenario.Names()
	for _, sub := range c.Commands() {
		names = append(names, sub.Name())
	}
	if near := template.Nearest(name, names); near != "" {
		return "did you mean " + near + "?"
	}
	return "see esmlab --help"
}
