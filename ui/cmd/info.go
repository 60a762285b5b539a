package cmd

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"esmlab/engine/rule"
	"esmlab/engine/scenario"
	"esmlab/engine/template"
)

func indent(b *bytes.Buffer, src []byte) error { return json.Indent(b, src, "", "  ") }

func explainCommand(w *IO) *cobra.Command {
	return &cobra.Command{
		Use:   "explain [RULE]",
		Short: "The modelled rules of AWS, with source, date and confidence",
		Long: "Prints the rules by which the engine decides. documented: AWS says so. observed: recorded on\n" +
			"AWS. inferred: follows from both. chosen: AWS does not say, this is esmlab's choice; where it\n" +
			"is a number, `chosen:` in a scenario sets it.",
		Args: cobra.MaximumNArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			if len(args) == 0 {
				for _, r := range rule.All {
					fmt.Fprintf(w.Out, "%-18s %-11s %s\n", r.ID, r.Confidence, firstSentence(r.Statement))
				}
				fmt.Fprint(w.Out, "\nTrue of AWS, and without effect on a run:\n\n")
				for _, r := range rule.Rows() {
					if r.Says != "" {
						fmt.Fprintf(w.Out, "%-34s %s\n", r.Name, firstSentence(r.Says))
					}
				}
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

// explainRow tells how a row of the reading of AWS is covered.
func explainRow(w *IO, r *rule.Row) {
	fmt.Fprintln(w.Out, r.Name)
	switch {
	case r.Says != "":
		fmt.Fprintf(w.Out, "\n%s\n", r.Says)
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

func listCommand(w *IO) *cobra.Command {
	return &cobra.Command{
		Use:   "list",
		Short: "The built-in scenarios",
		Args:  cobra.NoArgs,
		RunE: func(*cobra.Command, []string) error {
			for _, name := range scenario.Names() {
				src, _ := scenario.Builtin(name)
				sc, err := scenario.Read(name, src, scenario.Options{})
				if err != nil {
					return &exit{exitCannot, err.Error()}
				}
				fmt.Fprintf(w.Out, "%-26s %s\n%-26s   %s\n", name, sc.Title, "", sc.About)
			}
			return nil
		},
	}
}

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
