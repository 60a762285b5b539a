// Package progress remembers what a person answered: an append-only file of
// JSON lines, one line a review. What is known of a card, and when it is due,
// is what replaying the lines gives, so two machines merge by joining their
// files, and another algorithm is another replay.
//
// Nothing here opens a file or asks for the time: the store writes to a File
// that it is given, and lines bring their time with them.
//
// Reading order: line.go (what is written), day.go (study days), store.go
// (reading and appending), state.go (the replay), stats.go (what is due,
// calibration, heat map).
package progress

import (
	"bytes"
	"encoding/json"
	"fmt"
	"time"

	"esmlab/quiz/fsrs"
)

// Version is the version of the lines written. Lines of a higher one are left
// alone.
const Version = 1

// Algo is written on each review: what its grade was meant for.
const Algo = "fsrs-6"

// Kind says what a line tells.
type Kind string

// The kinds of lines, and the fields each uses beside V, ID, At, Day, Kind
// and Machine.
const (
	KindReview     Kind = "review"      // Card, Algo, Grade, Elapsed, Answer, Right, Confidence, MS, Hint, Variant: counts for the schedule
	KindGrade      Kind = "grade"       // Of, Grade: the person graded the review Of otherwise
	KindCram       Kind = "cram"        // as review, without Algo: leaves the schedule alone
	KindDrill      Kind = "drill"       // Card (drill-FAMILY), Variant (the seed), Answer (from 1, as shown), Right, Confidence, MS
	KindExam       Kind = "exam"        // Run, Exam, Card, Answer, Right, MS: one answer of an exam; a later one for the same Run and Card replaces it. The first line of a Run, of whatever kind, has Cards (its questions, in their order), Limit and Since as well
	KindFlag       Kind = "flag"        // Run, Card, Right: the card was marked in the exam, or the mark taken away
	KindExamEnd    Kind = "exam-end"    // Run, Exam, Correct, Asked, MS: it was handed in
	KindMix        Kind = "mix"         // Correct, Asked, MS: a daily mix came to its end
	KindLesson     Kind = "lesson"      // Lesson, Step (from 1), Answer (of a prediction): a step was reached
	KindLessonDone Kind = "lesson-done" // Lesson, Cards: finished; the cards are due on the next study day
	KindSuspend    Kind = "suspend"     // Card: no longer asked
	KindUnsuspend  Kind = "unsuspend"   // Card
	KindUndo       Kind = "undo"        // Of: the line Of does not count
	KindCard       Kind = "card"        // Card, File, Heading, Text: where a card was when it was asked
	KindRebind     Kind = "rebind"      // Card, To: what was known of Card is known of To
	KindSeen       Kind = "seen"        // Scenario: it was opened
	KindLeft       Kind = "left"        // Scenario, Instant, Steps; or Lesson; or File, the quiz on a note; or none, the quiz: what was open when the program ended
)

var kinds = []Kind{KindReview, KindGrade, KindCram, KindDrill, KindExam, KindFlag, KindExamEnd, KindMix, KindLesson, KindLessonDone, KindSuspend, KindUnsuspend, KindUndo, KindCard, KindRebind, KindSeen, KindLeft}

// Confidence is how sure a person was before the answer was shown.
type Confidence int

// The three degrees; 0 if it was not asked.
const (
	Guess Confidence = iota + 1
	Fairly
	Sure
)

// Confidences are the words, indexed by Confidence.
var Confidences = [...]string{"", "guess", "fairly", "sure"}

func (c Confidence) String() string { return Confidences[c] }

// Line is one line of the file. Which fields it uses, its Kind says.
type Line struct {
	V       int       `json:"v"`
	ID      string    `json:"id"` // unique over all machines
	At      time.Time `json:"at"` // UTC, whole milliseconds
	Day     Day       `json:"day"`
	Kind    Kind      `json:"kind"`
	Machine string    `json:"machine,omitempty"`

	Card       string     `json:"card,omitempty"`
	Algo       string     `json:"algo,omitempty"`
	Grade      fsrs.Grade `json:"grade,omitempty"`
	Elapsed    int        `json:"elapsed,omitempty"` // days since the review before, as known when it was written
	Answer     []int      `json:"answer,omitempty"`  // options chosen, by their number in the note; 0 don't know
	Right      bool       `json:"right,omitempty"`
	Confidence Confidence `json:"confidence,omitempty"`
	MS         int        `json:"ms,omitempty"` // from showing the card to the answer
	Hint       bool       `json:"hint,omitempty"`
	Variant    string     `json:"variant,omitempty"`

	Of      string   `json:"of,omitempty"`
	To      string   `json:"to,omitempty"`
	File    string   `json:"file,omitempty"`
	Heading string   `json:"heading,omitempty"`
	Text    string   `json:"text,omitempty"`
	Run     string   `json:"run,omitempty"`
	Exam    string   `json:"exam,omitempty"`
	Correct int      `json:"correct,omitempty"`
	Asked   int      `json:"asked,omitempty"`
	Limit   int      `json:"limit,omitempty"` // of an exam in milliseconds; 0 none
	Since   int      `json:"since,omitempty"` // milliseconds since the exam began
	Lesson  string   `json:"lesson,omitempty"`
	Step    int      `json:"step,omitempty"`
	Cards   []string `json:"cards,omitempty"`

	Scenario string   `json:"scenario,omitempty"` // a built-in one, or the file of a template
	Instant  float64  `json:"instant,omitempty"`  // virtual seconds
	Steps    []string `json:"steps,omitempty"`    // the person's commands, as Metadata.esmlab has them
}

// encode writes the line as it goes to the file in one write. The newline
// stands in front: whatever a write that was cut short left there, by this
// process or another, this line begins anew.
func (l Line) encode() ([]byte, error) {
	b, err := json.Marshal(l)
	if err != nil {
		return nil, err
	}
	return append([]byte{'\n'}, b...), nil
}

// check says what a line lacks to be counted.
func (l Line) check() error {
	need := func(ok bool, what string) error {
		if ok {
			return nil
		}
		return fmt.Errorf("a line of kind %s needs %s", l.Kind, what)
	}
	switch {
	case l.ID == "":
		return need(false, "id")
	case l.At.IsZero() || l.Day == 0:
		return need(false, "at and day")
	case l.Confidence < 0 || l.Confidence > Sure:
		return need(false, "a confidence from 1 to 3")
	}
	switch l.Kind {
	case KindReview:
		return need(l.Card != "" && l.Grade >= fsrs.Again && l.Grade <= fsrs.Easy, "card and a grade from 1 to 4")
	case KindGrade:
		return need(l.Of != "" && l.Grade >= fsrs.Again && l.Grade <= fsrs.Easy, "of and a grade from 1 to 4")
	case KindCram, KindDrill, KindSuspend, KindUnsuspend, KindCard:
		return need(l.Card != "", "card")
	case KindExam, KindFlag:
		return need(l.Run != "" && l.Card != "", "run and card")
	case KindExamEnd:
		return need(l.Run != "", "run")
	case KindUndo:
		return need(l.Of != "", "of")
	case KindRebind:
		return need(l.Card != "" && l.To != "" && l.Card != l.To, "two different cards")
	case KindSeen:
		return need(l.Scenario != "", "scenario")
	case KindLesson, KindLessonDone:
		return need(l.Lesson != "", "lesson")
	}
	return nil
}

// Report says what reading the file met.
type Report struct {
	Lines    int   // that count
	Broken   []int // numbers of lines that cannot be read, from 1
	LastTorn bool  // the last of Broken is the end of the file: a write that was cut short
	Newer    int   // lines of a higher version
	Unknown  int   // lines of a kind that is not known
	Again    int   // lines met before: the same review in two files
}

// Notes are the report in sentences, none if there is nothing to say.
func (r Report) Notes() []string {
	var out []string
	say := func(format string, a ...any) { out = append(out, fmt.Sprintf(format, a...)) }
	broken := len(r.Broken)
	if r.LastTorn {
		say("The last line of the progress file (line %d) was cut short. It is left as it is, and not counted.", r.Broken[broken-1])
		broken--
	}
	if broken == 1 {
		say("Line %d of the progress file cannot be read. It is left as it is, and not counted.", r.Broken[0])
	} else if broken > 1 {
		say("%d lines of the progress file cannot be read, the first is line %d. They are left as they are, and not counted.", broken, r.Broken[0])
	}
	if r.Newer > 0 {
		say("Written by a newer esmlab, kept, and not counted here: %s of the progress file.", lines(r.Newer))
	}
	if r.Unknown > 0 {
		say("Of a kind that this esmlab does not know, kept, and not counted here: %s of the progress file.", lines(r.Unknown))
	}
	return out
}

func lines(n int) string {
	if n == 1 {
		return "1 line"
	}
	return fmt.Sprintf("%d lines", n)
}

// decode reads one line of the file. Newer and unknown lines are no error and
// give ok false.
func decode(text []byte, r *Report) (l Line, ok bool, err error) {
	var head struct {
		V    int  `json:"v"`
		Kind Kind `json:"kind"`
	}
	if err := json.Unmarshal(text, &head); err != nil {
		return l, false, err
	}
	switch {
	case head.V > Version:
		r.Newer++
		return l, false, nil
	case head.V < 1:
		return l, false, fmt.Errorf("version %d", head.V)
	case !known(head.Kind):
		r.Unknown++
		return l, false, nil
	}
	if err := json.Unmarshal(text, &l); err != nil {
		return l, false, err
	}
	return l, true, l.check()
}

func known(k Kind) bool {
	for _, x := range kinds {
		if x == k {
			return true
		}
	}
	return false
}

// parse reads what was appended to the file. first is the number of its first
// line; rest is where the last line begins if it is torn, else the end.
func parse(data []byte, first int, r *Report) (out []Line, last, rest int) {
	r.LastTorn = false
	n, at := first, 0
	for at < len(data) {
		end := bytes.IndexByte(data[at:], '\n')
		next := at + end + 1
		if end < 0 {
			next = len(data)
		}
		text := bytes.TrimSpace(data[at:next])
		if len(text) > 0 {
			l, ok, err := decode(text, r)
			switch {
			case err != nil && end < 0: // perhaps still being written
				r.Broken, r.LastTorn = append(r.Broken, n), true
				return out, n, at
			case err != nil:
				r.Broken = append(r.Broken, n)
			case ok:
				out = append(out, l)
			}
		}
		if end >= 0 {
			n++
		}
		at = next
	}
	return out, n, at
}
