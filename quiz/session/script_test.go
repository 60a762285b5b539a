package session

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/cockroachdb/datadriven"

	"esmlab/quiz/fsrs"
	"esmlab/quiz/progress"
)

// The scripts under testdata/scripts are a quiz, to be read. Their commands are
//
//	deck               cards, one a line: id source options=4 right=2 pair=x
//	                   skills=c03-1-2-4 multiple ordered proved words=40
//	at 2026-12-01 10:00   the time is now; every command may end in +2m, which
//	                   lets time pass first
//	quiz new=3 most=5  a session; cram=7: a cram with that seed
//	today              what there is to do
//	next               the next question
//	pick 2 sure        chooses option 2 (as in the note), and says how sure
//	recall good, skip, hint, grade easy, undo, suspend
//	lesson NAME a,b    a lesson is finished, with its cards
//	card a             what is known of a card
//	forecast 5, heat 3, calibration, lines
//	exam questions=3 timer=off version=C02, go 2, flag, finish, left
type player struct {
	now   time.Time
	deck  []Card
	store *progress.Store
	file  *progress.Memory
	s     *Session
	e     *Exam
}

var zone = time.FixedZone("CET", 3600)

func newPlayer() *player {
	p := &player{file: &progress.Memory{}}
	n := 0
	p.store = progress.Open(p.file, progress.Options{Machine: "desk", NewID: func() string { n++; return fmt.Sprintf("l%04d", n) }})
	return p
}

func TestScripts(t *testing.T) {
	datadriven.Walk(t, "testdata/scripts", func(t *testing.T, path string) {
		p := newPlayer()
		datadriven.RunTest(t, path, func(t *testing.T, d *datadriven.TestData) string {
			var args []string
			for _, a := range d.CmdArgs {
				args = append(args, a.String())
			}
			if n := len(args); n > 0 && strings.HasPrefix(args[n-1], "+") {
				dt, err := time.ParseDuration(args[n-1][1:])
				if err != nil {
					d.Fatalf(t, "%v", err)
				}
				p.now, args = p.now.Add(dt), args[:n-1]
			}
			return p.play(t, d, args)
		})
	})
}

func option(args []string, name string) string {
	for _, a := range args {
		if v, ok := strings.CutPrefix(a, name+"="); ok {
			return v
		}
	}
	return ""
}

func number(args []string, name string) int {
	n, _ := strconv.Atoi(option(args, name))
	return n
}

func readCard(line string) Card {
	f := strings.Fields(line)
	c := Card{Ref: progress.Ref{ID: f[0]}, Sources: strings.Split(f[1], ","), Pair: option(f, "pair"), Words: number(f, "words"),
		Multiple: slices.Contains(f, "multiple"), Ordered: slices.Contains(f, "ordered"), Proved: slices.Contains(f, "proved")}
	for i := range number(f, "options") {
		c.Options = append(c.Options, i+1)
	}
	for _, r := range strings.Split(option(f, "right"), ",") {
		if n, err := strconv.Atoi(r); err == nil {
			c.Right = append(c.Right, n)
		}
	}
	if s := option(f, "skills"); s != "" {
		c.Skills = strings.Split(s, ",")
	}
	return c
}

func (p *player) play(t *testing.T, d *datadriven.TestData, args []string) string {
	t.Helper()
	var out strings.Builder
	say := func(format string, a ...any) { fmt.Fprintf(&out, format+"\n", a...) }
	fail := func(err error) {
		if err != nil {
			say("error: %v", err)
		}
	}
	verdict := func(v Verdict, err error) {
		if err != nil {
			say("error: %v", err)
			return
		}
		word := map[bool]string{true: "right", false: "wrong"}[v.Right]
		if !v.Right && len(v.Hit) > 0 {
			word = "partly right"
		}
		say("%s: %v", word, v.Grade)
		if v.Due[0] != (DueDate{}) {
			say("  again in %s, hard %s, good %s, easy %s", v.Due[0].In(p.now), v.Due[1].In(p.now), v.Due[2].In(p.now), v.Due[3].In(p.now))
		}
		if v.ProofFirst {
			say("  the proof first")
		}
		fail(v.Err)
	}
	switch d.Cmd {
	case "deck":
		p.deck = nil
		for line := range strings.Lines(d.Input) {
			p.deck = append(p.deck, readCard(line))
		}
		say("%d cards", len(p.deck))
	case "at":
		var err error
		if p.now, err = time.ParseInLocation("2006-01-02 15:04", args[0]+" "+args[1], zone); err != nil {
			d.Fatalf(t, "%v", err)
		}
		say("study day %v", progress.DayOf(p.now))
	case "quiz":
		o := Options{NewPerDay: number(args, "new"), MaxPerDay: number(args, "most")}
		if v := option(args, "cram"); v != "" {
			o.Cram, o.Seed = true, uint64(number(args, "cram"))
		}
		p.s = New(p.store, p.deck, o)
		say("%d to do", p.s.Remaining(p.now))
	case "today":
		x := p.s.Today(p.now)
		say("reviews %d, steps %d, lessons %d, new %d, left for another day %d, %d min", x.Reviews, x.Steps, x.Lessons, x.New, x.Capped, x.Minutes)
	case "next":
		q, wait := p.s.Next(p.now)
		switch {
		case q != nil:
			say("%s %v%s", q.Card.ID, q.Options, map[bool]string{true: " new"}[q.New])
		case wait.IsZero():
			say("done for today")
		default:
			say("nothing now; the next at %s", wait.In(zone).Format("15:04"))
		}
	case "pick":
		var picks []int
		sure := progress.Confidence(0)
		for _, a := range args {
			if n, err := strconv.Atoi(a); err == nil {
				picks = append(picks, n)
			} else {
				sure = progress.Confidence(slices.Index(progress.Confidences[:], a))
			}
		}
		if p.e != nil {
			if err := p.e.Answer(p.now, picks); err != nil {
				say("error: %s", strings.ReplaceAll(err.Error(), "\n", "; "))
			} else {
				say("ok")
			}
			break
		}
		verdict(p.s.Answer(p.now, picks, sure))
	case "recall":
		verdict(p.s.Recall(p.now, fsrs.Grade(slices.Index(fsrs.Grades[:], args[0]))))
	case "skip":
		verdict(p.s.Skip(p.now))
	case "hint":
		p.s.Hint()
		say("ok")
	case "grade":
		fail(p.s.Regrade(p.now, fsrs.Grade(slices.Index(fsrs.Grades[:], args[0]))))
		say("ok")
	case "undo":
		ok, err := p.s.Undo(p.now)
		fail(err)
		say("%v", map[bool]string{true: "taken back", false: "nothing to take back"}[ok])
	case "suspend":
		fail(p.s.Suspend(p.now))
		say("ok")
	case "lesson":
		fail(p.store.Write(p.store.Stamp(p.now, progress.Line{Kind: progress.KindLessonDone, Lesson: args[0], Cards: strings.Split(args[1], ",")})))
		say("ok")
	case "card":
		c := p.store.Card(args[0])
		due := c.Due.String()
		if !c.Seen() {
			due = "never"
		} else if c.Due == 0 {
			due = c.DueAt.In(zone).Format("15:04")
		}
		say("%v, S %.2f, D %.2f, reviews %d, lapses %d, due %s", c.State, c.Stability, c.Difficulty, len(c.Reviews), c.Lapses, due)
	case "forecast", "heat":
		n, _ := strconv.Atoi(args[0])
		if d.Cmd == "heat" {
			say("%v", p.store.Heat(progress.DayOf(p.now), n))
			break
		}
		var ids []string
		for _, c := range p.deck {
			ids = append(ids, c.ID)
		}
		say("%v", p.store.Forecast(ids, p.now, n))
	case "calibration":
		for _, c := range p.store.Calibration() {
			say("%v: %d %% right of %d", c.Confidence, c.Percent(), c.Asked)
		}
	case "lines":
		for l := range p.store.Lines {
			say("%s %s %s", l.Kind, l.Card, strings.Trim(fmt.Sprint(l.Answer), "[]"))
		}
	case "exam":
		timers := map[string]Timer{"": TimerNormal, "x1.5": TimerHalfMore, "x2": TimerTwice, "off": TimerOff}
		e, err := NewExam(p.store, p.deck, ExamOptions{Version: Version(option(args, "version")), Questions: number(args, "questions"),
			Timer: timers[option(args, "timer")], Seed: uint64(number(args, "seed")), Run: "run"}, p.now)
		if p.e = e; err != nil {
			say("error: %v", err)
			break
		}
		say("%s, %d questions, %v", e.Version, len(e.Items), e.Limit)
		for i, x := range e.Items {
			say("%d %s %v", i+1, x.Card.ID, x.Options)
		}
	case "go":
		n, _ := strconv.Atoi(args[0])
		p.e.GoTo(n-1, p.now)
		say("%s, chosen %v", p.e.Items[p.e.At].Card.ID, p.e.Items[p.e.At].Picks)
	case "flag":
		fail(p.e.Flag(p.now))
		open, flagged := p.e.Open()
		say("%d without an answer, %d flagged", open, flagged)
	case "left":
		left, limited := p.e.TimeLeft(p.now)
		say("%v %v", left, limited)
	case "finish":
		r, err := p.e.Finish(p.now)
		fail(err)
		say("%d of %d in %v, time up %v", r.Right, r.Of, r.Took, r.TimeUp)
		for _, d := range r.Domains {
			say("  %s: %d of %d", d.Name, d.Good, d.Asked)
		}
		for _, s := range r.Skills {
			say("  skill %s: %d of %d", s.Skill, s.Good, s.Asked)
		}
		for _, i := range r.Misses {
			say("  missed %s", p.e.Items[i].Card.ID)
		}
	default:
		d.Fatalf(t, "no command %s", d.Cmd)
	}
	if out.Len() == 0 {
		return "ok\n"
	}
	return out.String()
}

func TestExamWithoutCards(t *testing.T) {
	p := newPlayer()
	if _, err := NewExam(p.store, []Card{{Ref: progress.Ref{ID: "recall"}}}, ExamOptions{}, p.now); !errors.Is(err, ErrNoCard) {
		t.Errorf("%v", err)
	}
}
