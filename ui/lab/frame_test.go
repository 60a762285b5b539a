package lab

import (
	"testing"

	"esmlab/engine"
)

const drawn = 19100 * engine.Millisecond

// The frames of the design, cell by cell.
func TestFrames(t *testing.T) {
	golden(t, "poison-120x36.txt", lab(t, poison(2), 120, 36, drawn).text())
	golden(t, "poison-80x24.txt", lab(t, poison(2), 80, 24, drawn).text())
	golden(t, "poison-120x36.txt", lab(t, builtin(t, "poison-record"), 120, 36, drawn).text())
	golden(t, "poison-80x24.txt", lab(t, builtin(t, "poison-record"), 80, 24, drawn).text())
}
