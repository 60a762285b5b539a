//go:build unix

package cmd

import (
	"os"

	"golang.org/x/sys/unix"
)

// underShell reports whether a shell that controls jobs can bring the program back
// after Ctrl+Z: its parent is of the same session. Otherwise the system stops
// nothing, and the program would wait for ever.
func underShell() bool {
	parent, err := unix.Getsid(os.Getppid())
	if err != nil {
		return false
	}
	own, err := unix.Getsid(0)
	return err == nil && own == parent
}
