package session

import (
	"slices"
	"time"

	"esmlab/quiz/fsrs"
	"esmlab/quiz/progress"
)

// Judgement is what is right and wrong in an answer.
type Judgement struct {
	Right  bool  // all of it: an exam gives nothing for a part
	Hit    []int // right options that were chosen
	Missed []int // right options that were not
	Wrong  []int // wrong options that were chosen
}

// Judge compares the chosen options with the key. None chosen, or 0 if
// that is not an option, is "don't know".
func (c Card) Judge(picks []int) Judgement {
	var j Judgement
	for _, n := range c.Right {
		if slices.Contains(picks, n) {
			j.Hit = append(j.Hit, n)
		} else {
			j.Missed = append(j.Missed, n)
		}
	}
	for _, n := range picks {
		if !slices.Contains(c.Right, n) && slices.Contains(c.Options, n) {
			j.Wrong = append(j.Wrong, n)
		}
	}
	j.Right = len(j.Missed) == 0 && len(j.Wrong) == 0 && len(c.Right) > 0
	return j
}

// Circumstances are what beside right or wrong decides a grade.
type Circumstances struct {
	Confidence progress.Confidence
	Hint       bool // a tip was taken
	Took       time.Duration
	Words      int  // that had to be read
	Unseen     bool // this wording was never asked before
}

// ProposeGrade gives the grade for an answer. Hard is a pass, so what is wrong is
// always Again; what was guessed or hinted is Hard, because one guess in four
// is right; Easy needs a wording never seen, because speed on a known text is
// recognition, not recall.
func ProposeGrade(right bool, c Circumstances) fsrs.Grade {
	switch {
	case !right:
		return fsrs.Again
	case c.Hint || c.Confidence == progress.Guess:
		return fsrs.Hard
	case c.Confidence == progress.Sure && c.Unseen && c.Took > 0 && c.Took <= fast(c.Words):
		return fsrs.Easy
	}
	return fsrs.Good
}

// fast is the time in which a person who knows the answer has read that many
// words (300 a minute) and chosen.
func fast(words int) time.Duration { return 5*time.Second + time.Duration(words)*200*time.Millisecond }
