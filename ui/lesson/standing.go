package lesson

import (
	"fmt"

	"esmlab/ui/kit"
)

// Standing says where the lesson stands: Home offers to go on with it.
func (s *Screen) Standing(t *kit.Theme) kit.Standing {
	st := s.Lab.Standing(t)
	st.Brief = s.Title()
	st.Note = fmt.Sprintf("%s, step %d of %d", s.Title(), s.p.At()+1, len(s.o.Lesson.Steps))
	return st
}

// ID is the lesson's id.
func (s *Screen) ID() string { return s.o.Lesson.ID }
