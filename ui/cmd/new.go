package cmd

import (
	"fmt"

	"github.com/spf13/cobra"

	"esmlab/engine/draft"
	"esmlab/engine/template"
	"esmlab/ui/kit"
	"esmlab/ui/user"
)

func newCommand(w *Env) *cobra.Command {
	var a draft.Answers
	c := &cobra.Command{
		Use:   "new [FILE]",
		Short: "Write a new template from four questions, and open it",
		Long: "Asks what the function reads, what becomes of failures, how much arrives and in what the\n" +
			"function is written, and writes a SAM template that can be deployed as it is, with comments,\n" +
			"traffic and expectations, and opens it in the lab. With the four flags nothing is asked.",
		Args: cobra.MaximumNArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			file := ""
			if len(args) > 0 {
				if file = args[0]; !user.IsFile(file) || file == "-" {
					var known []string
					for _, sub := range c.Commands() {
						known = append(known, sub.Name())
					}
					return cannot("esmlab new %s: a file is written as new.yaml (%s)", file, template.OneOf(file, append(known, file+".yaml")))
				}
			}
			return w.newTemplate(c, a, file)
		},
	}
	for _, q := range draft.Questions("kinesis") {
		to := map[string]*string{"source": &a.Source, "failures": &a.Failures, "traffic": &a.Traffic, "language": &a.Language}[q.Name]
		words := ""
		for i, o := range q.Options {
			if i > 0 {
				words += ", "
			}
			words += o.Word
		}
		if q.Name == "failures" {
			words = "keep, store, drop, block, expire"
		}
		c.Flags().StringVar(to, q.Name, "", "the answer to “"+q.Ask+"”: "+words)
	}
	c.AddCommand(newLessonCommand(w))
	return c
}

// newTemplate asks what is missing, writes the template and opens it.
func (w *Env) newTemplate(c *cobra.Command, a draft.Answers, file string) error {
	ctx := c.Context()
	all := draft.Answers{Source: or(a.Source, "queue"), Failures: or(a.Failures, "keep"), Traffic: or(a.Traffic, "little"), Language: or(a.Language, "python")}
	if name, wrong, right := all.Check(); name != "" && wrong != "" {
		return cannot("esmlab new: --%s cannot be %s (%s)", name, wrong, right)
	}
	if !w.Interactive {
		if all != a {
			return cannot("esmlab new: without a terminal nothing can be asked: --source, --failures, --traffic and --language are needed (esmlab new --help)")
		}
		if file == "" {
			file = "template.yaml"
		}
		if err := w.user().WriteNew(a, file); err != nil {
			return cannot("esmlab new: %v", err)
		}
		fmt.Fprintf(w.Out, "wrote %s (esmlab lab %s)\n", file, user.AsArgument(file))
		return nil
	}
	if all == a {
		if file = or(file, "template.yaml"); w.user().WriteNew(a, file) == nil {
			return openLab(ctx, w, file, &runOptions{cmd: c}, false, false)
		}
	}
	return w.screen(ctx, "a new template", func(screens *kit.ScreenStack) error {
		home := w.user().Home(screens, user.Changes{})
		screens.Open(home)
		home.AskNew(a, file)
		return nil
	})
}

func or(s, other string) string {
	if s == "" {
		return other
	}
	return s
}
