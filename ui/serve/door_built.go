//go:build door

package serve

import _ "embed"

//go:embed door.html
var built []byte

// Built is the page of the browser door where it was built into the program.
func Built() []byte { return built }
