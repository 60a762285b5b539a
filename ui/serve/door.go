//go:build !door

package serve

// Built is the page of the browser door where it was built into the program.
func Built() []byte { return nil }
