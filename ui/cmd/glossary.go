package cmd

import (
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"esmlab/engine/template"
	"esmlab/lessons"
	"esmlab/ui/kit"
)

func glossaryCommand(w *Env) *cobra.Command {
	return &cobra.Command{
		Use:   "glossary [TERM]",
		Short: "What the words of the lessons mean, each in a sentence",
		Long: "Without a name it lists all words, in the order in which the lessons use them first. With one it\n" +
			"says what it means, and which lesson is about it. In a lesson " + kit.KeyOf("words") + " shows them.",
		RunE: func(_ *cobra.Command, args []string) error {
			if len(args) == 0 {
				for _, word := range lessons.Glossary() {
					fmt.Fprintf(w.Out, "%-26s %s\n", word.Term, word.Says)
				}
				return nil
			}
			name := strings.Join(args, " ")
			word := lessons.FindWord(name)
			if word == nil {
				return cannot("esmlab glossary: there is no word %q (%s)", name, template.OneOf(name, lessons.Terms()))
			}
			fmt.Fprintln(w.Out, word.Line())
			lib, err := lessons.Open(w.Lessons)
			if err != nil {
				return &exit{exitCannot, err.Error()}
			}
			if h := lib.Find(word.Lesson); h != nil {
				fmt.Fprintf(w.Out, "The lesson on it: esmlab learn %s (%s)\n", h.ID, h.Title)
			}
			return nil
		},
	}
}
