package quiz

import (
	"fmt"
	"time"
)

// spell writes a duration as people say it: 2 h 10 min, 39 min, 9 min 5 s, 40 s. What is
// left of a minute or a second counts as one.
func spell(d time.Duration) string {
	s := int((d + time.Second - 1) / time.Second)
	m := (s + 59) / 60
	switch {
	case s < 60:
		return fmt.Sprintf("%d s", s)
	case s < 600 && s%60 > 0:
		return fmt.Sprintf("%d min %d s", s/60, s%60)
	case m < 60:
		return fmt.Sprintf("%d min", m)
	case m%60 == 0:
		return fmt.Sprintf("%d h", m/60)
	}
	return fmt.Sprintf("%d h %d min", m/60, m%60)
}
