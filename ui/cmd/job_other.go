//go:build !unix

package cmd

// underShell: there are no jobs to control.
func underShell() bool { return false }
