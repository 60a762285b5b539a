package session

import (
	"cmp"
	"slices"
	"time"

	"esmlab/quiz/progress"
)

// ExamResult is how an exam went. It is a count, and not AWS's score: how AWS scales is
// not published, and the questions of this deck were never asked of many people.
type ExamResult struct {
	Version   Version
	Right, Of int
	Domains   []DomainResult // in their order; last those of none
	Skills    []SkillResult  // in their order
	Misses    []int          // indices of items not answered rightly
	Took      time.Duration
	TimeUp    bool
}

// DomainResult counts the questions of a domain.
type DomainResult struct {
	Domain
	Asked, Good int
}

// SkillResult counts the questions of a skill. A question counts for one, its first.
type SkillResult struct {
	Skill       string // as 1.2.4; "" for cards that name none
	Asked, Good int
	Missed      []int // indices of items
}

// Result gives the result, nil while the exam runs.
func (e *Exam) Result() *ExamResult { return e.result }

// Finish judges the exam; what has no answer is wrong, and a multiple response
// counts when it is complete. The error says what could not be saved.
func (e *Exam) Finish(now time.Time) (*ExamResult, error) {
	if e.result != nil {
		return e.result, nil
	}
	r := e.judge(now.Sub(e.Started))
	return r, e.write(now, progress.Line{Kind: progress.KindExamEnd, Exam: string(e.Version), Correct: r.Right, Asked: r.Of, MS: int(r.Took.Milliseconds())})
}

// judge counts what was answered.
func (e *Exam) judge(took time.Duration) *ExamResult {
	r := &ExamResult{Version: e.Version, Of: len(e.Items), Took: took}
	if e.Limit > 0 && r.Took >= e.Limit {
		r.Took, r.TimeUp = e.Limit, true
	}
	skill := func(name string) *SkillResult {
		for i := range r.Skills {
			if r.Skills[i].Skill == name {
				return &r.Skills[i]
			}
		}
		r.Skills = append(r.Skills, SkillResult{Skill: name})
		return &r.Skills[len(r.Skills)-1]
	}
	for i, x := range e.Items {
		s := skill(x.Card.Skill(e.Version))
		if s.Asked++; x.Card.Judge(x.Picks).Right {
			s.Good++
			r.Right++
		} else {
			s.Missed = append(s.Missed, i)
			r.Misses = append(r.Misses, i)
		}
	}
	slices.SortFunc(r.Skills, func(a, b SkillResult) int {
		return cmp.Or(cmp.Compare(min(1, len(b.Skill)), min(1, len(a.Skill))), cmp.Compare(a.Skill, b.Skill))
	})
	for _, d := range append(Domains(e.Version), Domain{Name: "Other questions"}) {
		x := DomainResult{Domain: d}
		for _, s := range r.Skills {
			if DomainOf(s.Skill) == d.N {
				x.Asked += s.Asked
				x.Good += s.Good
			}
		}
		if d.N > 0 || x.Asked > 0 {
			r.Domains = append(r.Domains, x)
		}
	}
	e.result = r
	return r
}

// ExamRun is an exam in the progress file.
type ExamRun struct {
	Run       string
	Version   Version
	Started   time.Time
	Limit     time.Duration // 0 none
	Questions int
	Answered  int
	Ended     bool
	Right, Of int // once it has ended
	Took      time.Duration
	known     bool // which questions it has
}

// CanReview reports whether its questions are known, so that they can be looked at.
func (x ExamRun) CanReview() bool { return x.known }

// ExamRuns are all exams, the oldest first. Those that were neither handed in nor can be
// gone on with are left out.
func ExamRuns(store *progress.Store, now time.Time) []ExamRun {
	var out []ExamRun
	at := map[string]int{}
	answers := map[string]map[string]bool{}
	for l := range store.Lines {
		switch l.Kind {
		case progress.KindExam, progress.KindFlag, progress.KindExamEnd:
		default:
			continue
		}
		i, ok := at[l.Run]
		if !ok {
			i = len(out)
			at[l.Run], answers[l.Run] = i, map[string]bool{}
			out = append(out, ExamRun{Run: l.Run, Version: Version(l.Exam), Started: l.At})
		}
		x := &out[i]
		if len(l.Cards) > 0 {
			x.Started, x.Limit, x.Questions, x.known = began(l), time.Duration(l.Limit)*time.Millisecond, len(l.Cards), true
		}
		switch l.Kind {
		case progress.KindExam:
			answers[l.Run][l.Card] = len(l.Answer) > 0
		case progress.KindExamEnd:
			x.Ended, x.Right, x.Of, x.Took = true, l.Correct, l.Asked, time.Duration(l.MS)*time.Millisecond
			if x.Questions == 0 {
				x.Questions = l.Asked
			}
		}
	}
	for i := range out {
		for _, yes := range answers[out[i].Run] {
			if yes {
				out[i].Answered++
			}
		}
	}
	return slices.DeleteFunc(out, func(x ExamRun) bool { return !x.Ended && !x.runs(now) })
}

// began is when the exam began whose first line this is.
func began(l progress.Line) time.Time { return l.At.Add(-time.Duration(l.Since) * time.Millisecond) }

// runs reports whether an exam can be gone on with.
func (x ExamRun) runs(now time.Time) bool {
	if x.Ended || !x.known {
		return false
	}
	limit := x.Limit
	if limit == 0 {
		limit = 24 * time.Hour
	}
	return now.Sub(x.Started) < limit
}

// Unfinished is the exam that was left last and whose time still runs; nil if there is none.
func Unfinished(store *progress.Store, now time.Time) *ExamRun {
	runs := ExamRuns(store, now)
	for i := len(runs) - 1; i >= 0; i-- {
		if runs[i].runs(now) {
			return &runs[i]
		}
	}
	return nil
}

// Reopen gives an exam as it was left, with its answers and marks: to go on with, or, once
// it has ended, with its result, to look at. Cards that the deck no longer has are left
// out, and counted in gone. It gives nil if the run is not known.
func Reopen(store *progress.Store, deck []Card, run string, now time.Time) (e *Exam, gone int) {
	cards := map[string]Card{}
	for _, c := range deck {
		cards[store.Canonical(c.ID)] = c
	}
	var took *time.Duration
	place := map[string]int{}
	for l := range store.Lines {
		if l.Run != run {
			continue
		}
		if len(l.Cards) > 0 && e == nil {
			e = &Exam{Version: Version(l.Exam), Started: began(l).In(now.Location()), opened: now, Limit: time.Duration(l.Limit) * time.Millisecond, store: store, run: run, begun: true}
			for _, id := range l.Cards {
				if c, ok := cards[store.Canonical(id)]; ok {
					place[id] = len(e.Items)
					e.add(c)
				} else {
					gone++
				}
			}
		}
		i, ok := place[l.Card]
		switch {
		case e == nil:
		case l.Kind == progress.KindExam && ok:
			e.Items[i].Picks = l.Answer
		case l.Kind == progress.KindFlag && ok:
			e.Items[i].Flagged = l.Right
		case l.Kind == progress.KindExamEnd:
			d := time.Duration(l.MS) * time.Millisecond
			took = &d
		}
	}
	if e != nil && took != nil {
		e.judge(*took)
	}
	if e != nil && len(e.Items) == 0 {
		return nil, gone
	}
	return e, gone
}
