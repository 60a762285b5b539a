package cmd

import (
	"bytes"
	"fmt"

	"github.com/spf13/cobra"

	"esmlab/quiz/progress"
	"esmlab/ui/kit"
	"esmlab/ui/user"
)

func progressCommand(w *Env) *cobra.Command {
	export, line, from := false, false, ""
	c := &cobra.Command{
		Use:   "progress",
		Short: "Your progress: how much there is, to and from another machine, a class or a page",
		Long: "What you answered is kept as lines of JSON. --export prints them; --import adds those of another\n" +
			"machine, of a class or of the page in a browser. A line that is there already counts once.",
		Example: "esmlab progress --export > mine.jsonl\nesmlab progress --import mine.jsonl\nesmlab progress --import esmp1:…       # the line that a class gives",
		Args:    cobra.NoArgs,
		RunE: func(*cobra.Command, []string) error {
			store := w.user().Progress()
			store.Refresh()
			if from != "" {
				data, err := w.progressFrom(from)
				if err != nil {
					return err
				}
				added, broken, err := store.Import(data)
				if err != nil {
					return cannot("esmlab progress: %v", err)
				}
				fmt.Fprintln(w.Out, "added "+kit.Count(added, "line"))
				if broken > 0 {
					return cannot("esmlab progress: %s could not be read", kit.Count(broken, "line"))
				}
				return nil
			}
			data, err := w.user().File.ReadAll()
			switch {
			case err != nil:
				return cannot("esmlab progress: the progress file cannot be read: %v", user.RootCause(err))
			case line:
				fmt.Fprintln(w.Out, progress.Pack(data))
				return nil
			case export:
				_, err := w.Out.Write(append(bytes.TrimSpace(data), '\n'))
				return err
			}
			for _, note := range store.Notes() {
				fmt.Fprintln(w.Err, note)
			}
			fmt.Fprintln(w.Out, kit.Count(store.Report().Lines, "line")+" of progress")
			return nil
		},
	}
	f := c.Flags()
	f.BoolVar(&export, "export", false, "print it as lines of JSON")
	f.BoolVar(&line, "line", false, "print it as one line, to be copied")
	f.StringVar(&from, "import", "", "add what is in `FILE`, - for standard input, or in a line esmp1:…")
	c.MarkFlagsMutuallyExclusive("export", "line", "import")
	return c
}

// progressFrom reads progress: a line, a file, or standard input with either.
func (w *Env) progressFrom(from string) ([]byte, error) {
	data := []byte(from)
	var err error
	switch {
	case progress.IsPacked(from):
	case from == "-":
		data, err = user.ReadAll(w.In, user.MaxProgress)
	default:
		data, err = w.ReadFile(from)
	}
	if err == nil && progress.IsPacked(string(data[:min(len(data), 64)])) {
		data, err = progress.Unpack(string(data))
	}
	if err != nil {
		return nil, cannot("esmlab progress: --import %s: %v", from[:min(len(from), 40)], user.RootCause(err))
	}
	return data, nil
}
