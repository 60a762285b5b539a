package cmd

import (
	"cmp"
	"fmt"
	"runtime"
	"runtime/debug"

	mango "github.com/muesli/mango-cobra"
	"github.com/muesli/roff"
	"github.com/spf13/cobra"
)

// released is the version of a release build, set by the linker.
var released string

// version is the version of this program: of its release, or what `go install` recorded.
func version() string {
	if info, ok := debug.ReadBuildInfo(); ok && released == "" && info.Main.Version != "" && info.Main.Version != "(devel)" {
		return info.Main.Version
	}
	return cmp.Or(released, "built from source")
}

// versionLine is what --version says: the version, the commit it was built from, and what
// it runs on.
func versionLine() string {
	commit, changed := "", ""
	if info, ok := debug.ReadBuildInfo(); ok {
		for _, s := range info.Settings {
			switch {
			case s.Key == "vcs.revision":
				commit = ", commit " + s.Value[:min(12, len(s.Value))]
			case s.Key == "vcs.modified" && s.Value == "true":
				changed = " with changes"
			}
		}
	}
	return fmt.Sprintf("%s%s%s (%s, %s/%s)", version(), commit, changed, runtime.Version(), runtime.GOOS, runtime.GOARCH)
}

// manCommand prints the man page; release builds bring it along.
func manCommand(w *Env) *cobra.Command {
	return &cobra.Command{Use: "man", Short: "Print the man page", Hidden: true, Args: cobra.NoArgs, RunE: func(c *cobra.Command, _ []string) error {
		page, err := mango.NewManPage(1, c.Root())
		if err != nil {
			return err
		}
		_, err = fmt.Fprint(w.Out, page.Build(roff.NewDocument()))
		return err
	}}
}
