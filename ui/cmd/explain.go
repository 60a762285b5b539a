package cmd

import (
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"esmlab/engine/rule"
	"esmlab/engine/setting"
)

func explainCommand(w *Env) *cobra.Command {
	return &cobra.Command{
		Use:   "explain [RULE|SETTING|WORDS]",
		Short: "The modelled rules of AWS, with source, date and confidence; the settings",
		Long: "Prints the rules by which the engine decides, a rule, a setting with its values and what they\n" +
			"mean, or what there is about some words, as in esmlab explain iterator age.\n" +
			"A rule is documented (AWS says so), observed (recorded on AWS), inferred (it follows from both)\n" +
			"or chosen (AWS does not say, so this is esmlab's choice; if it is a number, `chosen:` in a\n" +
			"scenario sets it).",
		RunE: func(_ *cobra.Command, args []string) error {
			name := strings.Join(args, " ")
			if len(args) == 0 {
				explainAll(w)
				return nil
			}
			if explainSetting(w, name) {
				return nil
			}
			if row, ok := rule.FindRow(name); ok {
				explainRow(w, &row)
				return nil
			}
			if r, ok := rule.Find(rule.ID(strings.ToUpper(name))); ok {
				explainRule(w, &r)
				return nil
			}
			topics, err := topicsOf(w)
			if err != nil {
				return &exit{exitCannot, err.Error()}
			}
			found := findTopics(topics, name)
			if len(found) == 0 {
				return cannot("esmlab explain: nothing is about %q (%s)", name, nearestTopic(topics, name))
			}
			for _, t := range found {
				fmt.Fprintf(w.Out, "%-36s %-11s %s\n", t.name, t.kind, t.about(name))
			}
			return nil
		},
	}
}

// explainAll lists the rules, the settings and the facts without effect on a run.
func explainAll(w *Env) {
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
}

func explainRule(w *Env, r *rule.Rule) {
	fmt.Fprintf(w.Out, "%s\n\n%s\n\nconfidence  %s\nsource      %s\nread        %s\nrow         %s\n", r.ID, r.Statement, r.Confidence, r.Source, r.Read, r.Row)
	if r.Number != nil {
		fmt.Fprintf(w.Out, "number      %s (%s)\nset it      chosen: {%s: %s}\n", r.Number.Default, r.Number.Unit, r.ID, r.Number.Default)
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
