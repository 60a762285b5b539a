package plain

import (
	"strconv"

	"esmlab/engine"
	"esmlab/engine/rule"
)

// toldLine is a line of a story.
type toldLine struct {
	at   engine.Micros
	by   rule.ID // "" a command
	text string
}

// A stretch of time in a lesson may bring hundreds of lines, of labels that are printed
// again and again: longer than longStretch, only its first and last lines are written.
const longStretch, firstTold, lastTold = 24, 12, 6

// Fold has a long stretch of the run told by its first and last lines.
func (st *Story) Fold() { st.folds = true }

// release writes the lines that were held. Of a long stretch it leaves out what is in
// the middle, and says how many lines that were; commands are always written.
func (st *Story) release() {
	held, left := st.held, 0
	st.held = nil
	for i, h := range held {
		if len(held) > longStretch && h.by != "" && i >= firstTold && i < len(held)-lastTold {
			left++
			continue
		}
		if left > 0 {
			st.print("%9s  … %s more lines\n", "", strconv.Itoa(left))
			left = 0
		}
		st.write(h.at, h.by, h.text)
	}
}
