package cmd

import (
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"esmlab/engine/rule"
	"esmlab/engine/scenario"
	"esmlab/engine/setting"
	"esmlab/engine/template"
	"esmlab/lessons"
	"esmlab/quiz/card"
	"esmlab/quiz/notes"
	"esmlab/ui/kit"
)

func explainCommand(w *Env) *cobra.Command {
	return &cobra.Command{
		Use:   "explain [RULE|SETTING]",
		Short: "The modelled rules of AWS, with source, date and confidence; the settings",
		Long: "Prints the rules by which the engine decides, or a setting with its values and what they mean.\n" +
			"A rule is documented (AWS says so), observed (recorded on AWS), inferred (it follows from both)\n" +
			"or chosen (AWS does not say, so this is esmlab's choice; if it is a number, `chosen:` in a\n" +
			"scenario sets it).",
		Args: cobra.MaximumNArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			if len(args) == 0 {
				for _, r := range rule.All {
					fmt.Fprintf(w.Out, "%-18s %-11s %s\n", r.ID, r.Confidence, firstSentence(r.Statement))
				}
				fmt.Fprint(w.Out, "\nSettings:\n\n")
				for i := range setting.All {
					if p := &setting.All[i]; p.About != "" {
						fmt.Fprintf(w.Out, "%-42s %-9s %s\n", p.FullName(), p.Of, p.About)
					}
				}
				fmt.Fprint(w.Out, "\nTrue of AWS, and without effect on a run:\n\n")
				for _, r := range rule.Rows() {
					if r.Explained() {
						fmt.Fprintf(w.Out, "%-34s %s\n", r.Name, firstSentence(r.Says))
					}
				}
				return nil
			}
			if explainSetting(w, args[0]) {
				return nil
			}
			if row, ok := rule.FindRow(args[0]); ok {
				explainRow(w, &row)
				return nil
			}
			r, ok := rule.Find(rule.ID(strings.ToUpper(args[0])))
			if !ok {
				names := make([]string, len(rule.All))
				for i := range rule.All {
					names[i] = string(rule.All[i].ID)
				}
				return cannot("esmlab explain: there is no rule %q (%s)", args[0], template.OneOf(args[0], names))
			}
			fmt.Fprintf(w.Out, "%s\n\n%s\n\nconfidence  %s\nsource      %s\nread        %s\nrow         %s\n", r.ID, r.Statement, r.Confidence, r.Source, r.Read, r.Row)
			if r.Number != nil {
				fmt.Fprintf(w.Out, "number      %s (%s)\nset it      chosen: {%s: %s}\n", r.Number.Default, r.Number.Unit, r.ID, r.Number.Default)
			}
			return nil
		},
	}
}

// explainSetting prints what a setting is and what its values mean, for each
// resource and source that has one of that name; false where none has.
func explainSetting(w *Env, name string) bool {
	found := false
	for i := range setting.All {
		p := &setting.All[i]
		if p.About == "" || !p.Called(name) {
			continue
		}
		if found {
			fmt.Fprintln(w.Out)
		}
		found = true
		of := setting.Resource{ID: "Ship", Function: &setting.Function{Timeout: setting.MaxTime}, Concurrency: 1000}
		fmt.Fprintf(w.Out, "%s of a %s: %s\n\nsources     %s\nvalues      %s\ndefault     %s\nrule        %s\n", p.FullName(), p.Of, p.About, p.In, p.Values(), p.Typed(p.Default), p.Rule)
		for j, typed := range p.StepList(&of) {
			head := map[bool]string{true: "means"}[j == 0]
			fmt.Fprintf(w.Out, "%-11s %s\n", head, p.Meaning(p.Parse(typed), &of, false))
		}
	}
	return found
}

// explainRow prints how a row of the reading of AWS is covered.
func explainRow(w *Env, r *rule.Row) {
	fmt.Fprintf(w.Out, "%s\n\n%s\n", r.Name, r.Says)
	switch {
	case r.Not != "":
		fmt.Fprintf(w.Out, "\nnot simulated: %s\n", r.Not)
	case r.Error != "":
		fmt.Fprintf(w.Out, "\nrefused with %s\n", r.Error)
	}
	for _, id := range r.Rules {
		if rl, ok := rule.Find(id); ok {
			fmt.Fprintf(w.Out, "\n%s\n%s\n", id, rl.Statement)
		}
	}
}

func firstSentence(s string) string {
	if i := strings.Index(s, ". "); i > 0 {
		return s[:i+1]
	}
	return s
}

func listCommand(w *Env) *cobra.Command {
	return &cobra.Command{
		Use:   "list",
		Short: "The built-in scenarios, lessons and decks",
		Long: "Lists what is built in: scenarios (esmlab lab NAME, esmlab run NAME), lessons\n" +
			"(esmlab learn NAME), and the notes of the built-in deck of questions (esmlab quiz).",
		Args: cobra.NoArgs,
		RunE: func(*cobra.Command, []string) error {
			fmt.Fprint(w.Out, "Scenarios (esmlab lab NAME, esmlab run NAME)\n")
			for _, name := range scenario.Names() {
				src, _ := w.Builtin(name)
				sc, err := scenario.Read(name, src, scenario.Options{})
				if err != nil {
					return &exit{exitCannot, err.Error()}
				}
				w.item(name, sc.Title)
				w.item("", "  "+sc.About)
			}
			fmt.Fprint(w.Out, "\nLessons (esmlab learn NAME)\n")
			lib, err := lessons.Open(w.Lessons)
			if err != nil {
				return &exit{exitCannot, err.Error()}
			}
			for _, h := range lib.Heads {
				w.item(h.ID, fmt.Sprintf("%s, %s", h.Title, kit.Count(h.Minutes, "minute")))
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
