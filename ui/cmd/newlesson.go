package cmd

import (
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"esmlab/lessons"
	"esmlab/ui/user"
)

// newLessonCommand is the part of `esmlab new` that begins a lesson.
func newLessonCommand(w *Env) *cobra.Command {
	oneFile := false
	l := &cobra.Command{
		Use:   "lesson NN-NAME.md",
		Short: "Write a lesson to begin with: it can be played and checked as it is",
		Long: "Writes a lesson and its template, which play and pass esmlab check as they are; change them step\n" +
			"by step. The number gives the place: esmlab new lesson mine/01-bad-record.md, then\n" +
			"esmlab learn mine. docs/lessons.md describes the format.",
		Args: cobra.ExactArgs(1),
		RunE: func(_ *cobra.Command, args []string) error {
			file := args[0]
			if filepath.Ext(file) == "" {
				file += ".md"
			}
			if !lessons.IsLessonName(filepath.ToSlash(file)) {
				return cannot("esmlab new lesson: %s is not the name of a lesson (a number, a dash, a name: 01-%s)", file, strings.TrimLeft(filepath.Base(file), "0123456789-"))
			}
			text, tpl := lessons.Skeleton(oneFile)
			parts := map[string]string{file: text}
			if tpl != "" {
				parts[strings.TrimSuffix(file, filepath.Ext(file))+".yaml"] = tpl
			}
			names := slices.Sorted(maps.Keys(parts))
			for _, name := range names {
				if _, err := w.ReadFile(name); !errors.Is(err, fs.ErrNotExist) { // also what cannot be read is not to be lost
					return cannot("esmlab new lesson: %s is there already (another name, or remove it)", name)
				}
			}
			for _, name := range names {
				if err := w.writeFile(name, []byte(parts[name])); err != nil {
					return cannot("esmlab new lesson: %s: cannot be written: %v", name, user.RootCause(err))
				}
			}
			dir := filepath.ToSlash(filepath.Dir(file))
			fmt.Fprintf(w.Out, "%s is written. esmlab check %s plays it, esmlab learn %s opens it.\n", file, file, dir)
			return nil
		},
	}
	l.Flags().BoolVar(&oneFile, "one-file", false, "put the template into the lesson's own file")
	return l
}
