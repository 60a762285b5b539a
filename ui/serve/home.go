package serve

import (
	"bytes"
	"encoding/json"
	"strconv"
	"sync"

	"esmlab/quiz/progress"
	"esmlab/ui/kit"
)

// maxMemory is how many bytes of progress a guest may leave: years of answers.
const maxMemory = 1 << 20

// memory keeps a guest's progress while they are there, and counts it for the teacher.
type memory struct {
	progress.Memory
	mu              sync.Mutex
	answered, right int
	lessons         int
}

// Append keeps a line, and counts it.
func (m *memory) Append(b []byte) error {
	if data, _ := m.ReadAll(); len(data)+len(b) > maxMemory {
		return errTooMuch
	}
	var l progress.Line
	if json.Unmarshal(bytes.TrimSpace(b), &l) == nil {
		m.mu.Lock()
		switch l.Kind {
		case progress.KindReview, progress.KindCram, progress.KindDrill, progress.KindExam:
			m.answered++
			if l.Right {
				m.right++
			}
		case progress.KindLesson:
			if len(l.Answer) > 0 {
				m.answered++
			}
		case progress.KindLessonDone:
			m.lessons++
		}
		m.mu.Unlock()
	}
	return m.Memory.Append(b)
}

type tooMuch struct{}

func (tooMuch) Error() string { return "a class keeps no more than 1 MB for a guest" }

var errTooMuch = tooMuch{}

func (m *memory) counts() (answered, right, lessons int) {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.answered, m.right, m.lessons
}

// takeHome is what a guest reads as they leave: their progress as a line that puts it
// into their own; "" they have answered nothing.
func (m *memory) takeHome() string {
	data, _ := m.ReadAll()
	answered, _, lessons := m.counts()
	if answered+lessons == 0 {
		return ""
	}
	return "Nothing of this is kept here. Your " + kit.Count(answered, "answer") + " and " + strconv.Itoa(lessons) +
		" finished lessons go into your own esmlab with this line:\r\n\r\nesmlab progress --import " + progress.Pack(data) + "\r\n"
}
