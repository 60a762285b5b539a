package kit

import "slices"

// Motion is how much moves on a screen. Countdowns are figures and run in any case;
// nothing flashes.
type Motion uint8

// How much moves.
const (
	FullMotion  Motion = iota // records travel
	BasicMotion               // they are at their goal at once, with a mark before it for a moment
	NoMotion                  // neither travel nor marks
)

// MotionNames are the names of Motion, in its order.
var MotionNames = []string{"full", "basic", "none"}

func (m Motion) String() string { return MotionNames[m] }

// MotionOf gives the Motion of a name; ok is false where there is none of that name.
func MotionOf(name string) (m Motion, ok bool) {
	i := slices.Index(MotionNames, name)
	return Motion(max(0, i)), i >= 0
}
