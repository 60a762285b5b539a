package progress

import (
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"esmlab/quiz/fsrs"
)

var berlin = time.FixedZone("CET", 3600)

func clock(text string) time.Time {
	t, err := time.ParseInLocation("2006-01-02 15:04", text, berlin)
	if err != nil {
		panic(err)
	}
	return t
}

func open(f File) *Store {
	n := 0
	return Open(f, Options{Machine: "desk", NewID: func() string { n++; return fmt.Sprintf("desk-%04d", n) }})
}

func answer(t *testing.T, s *Store, at, card string, g fsrs.Grade) Line {
	t.Helper()
	l := s.Stamp(clock(at), Line{Kind: KindReview, Card: card, Algo: Algo, Grade: g, Right: g > fsrs.Again, MS: 9000})
	if err := s.Write(l); err != nil {
		t.Fatal(err)
	}
	return l
}

func TestStudyDayBeginsAtFour(t *testing.T) {
	for at, want := range map[string]string{"2026-12-02 03:59": "2026-12-01", "2026-12-02 04:00": "2026-12-02", "2027-01-01 00:00": "2026-12-31"} {
		if d := DayOf(clock(at)); d.String() != want {
			t.Errorf("%s lies in study day %v, want %s", at, d, want)
		}
	}
	if at := DayOf(clock("2026-12-02 12:00")).Start(berlin); !at.Equal(clock("2026-12-02 04:00")) {
		t.Errorf("the day starts at %v", at)
	}
}

// What is on disk is all there is: a store opened on the same bytes knows the
// same, and a review late in the evening is the same day's.
func TestReplay(t *testing.T) {
	f := &Memory{}
	s := open(f)
	answer(t, s, "2026-12-01 23:50", "a", fsrs.Good)
	answer(t, s, "2026-12-02 00:30", "a", fsrs.Good) // the same study day
	answer(t, s, "2026-12-04 09:00", "a", fsrs.Good)
	again := open(f)
	c := again.Card("a")
	if !reflect.DeepEqual(c, s.Card("a")) {
		t.Errorf("read %+v, had %+v", c, s.Card("a"))
	}
	if c.State != fsrs.Review || c.Scheduled != 14 || c.Due.String() != "2026-12-18" || c.First.String() != "2026-12-01" {
		t.Errorf("%+v", c)
	}
	if got := strings.Count(string(f.Data), "\n"); got != 3 {
		t.Errorf("%d lines", got)
	}
	if want := "{\"v\":1,\"id\":\"desk-0001\",\"at\":\"2026-12-01T22:50:00Z\",\"day\":\"2026-12-01\",\"kind\":\"review\",\"machine\":\"desk\",\"card\":\"a\",\"algo\":\"fsrs-6\",\"grade\":3,\"right\":true,\"ms\":9000}"; !strings.Contains(string(f.Data), want) {
		t.Errorf("the file is %s", f.Data)
	}
}

func TestMaxIntervalHolds(t *testing.T) {
	sched, err := fsrs.NewScheduler(fsrs.Params{MaxInterval: 30, ShortTerm: true})
	if err != nil {
		t.Fatal(err)
	}
	s := Open(&Memory{}, Options{NewID: func() string { return fmt.Sprint(time.Now().UnixNano()) }, Params: Schedule{Scheduler: sched}})
	at := clock("2026-12-01 12:00")
	for i := range 6 {
		if err := s.Write(s.Stamp(at, Line{Kind: KindReview, ID: fmt.Sprint(i), Card: "a", Grade: fsrs.Easy})); err != nil {
			t.Fatal(err)
		}
		c := s.Card("a")
		if c.Scheduled > 30 || c.Due != c.Day+Day(c.Scheduled) {
			t.Fatalf("review %d: %+v", i+1, c.Card)
		}
		at = c.Due.Start(berlin)
	}
}

func TestGradeUndoSuspend(t *testing.T) {
	f := &Memory{}
	s := open(f)
	write := func(l Line) Line {
		t.Helper()
		l = s.Stamp(clock("2026-12-02 10:00"), l)
		if err := s.Write(l); err != nil {
			t.Fatal(err)
		}
		return l
	}
	l := answer(t, s, "2026-12-01 10:00", "a", fsrs.Good)
	g := write(Line{Kind: KindGrade, Of: l.ID, Grade: fsrs.Easy})
	if c := s.Card("a"); c.State != fsrs.Review || c.Scheduled != 8 {
		t.Errorf("graded easy: %+v", c)
	}
	write(Line{Kind: KindUndo, Of: g.ID})
	if c := s.Card("a"); c.State != fsrs.Learning {
		t.Errorf("the other grade undone: %+v", c)
	}
	write(Line{Kind: KindUndo, Of: l.ID})
	if c := s.Card("a"); c.Seen() || c.Reps != 0 {
		t.Errorf("undone: %+v", c)
	}
	write(Line{Kind: KindSuspend, Card: "a"})
	if !s.Card("a").Suspended {
		t.Error("not suspended")
	}
	write(Line{Kind: KindUnsuspend, Card: "a"})
	if s.Card("a").Suspended {
		t.Error("still suspended")
	}
	d := write(Line{Kind: KindLessonDone, Lesson: "02-failing-batch", Cards: []string{"b", "c"}})
	today := DayOf(clock("2026-12-02 10:00"))
	if c := s.Card("b"); c.LessonDue(today) || !c.LessonDue(today+1) {
		t.Errorf("a lesson's cards are due on the next study day: %+v", c)
	}
	if n := s.Forecast([]string{"a", "b", "c"}, clock("2026-12-02 10:00"), 3); !slices.Equal(n, []int{0, 2, 0}) {
		t.Errorf("forecast %v", n)
	}
	if ls := s.Lesson("02-failing-batch"); !ls.Done || ls.DoneOn != today {
		t.Errorf("lesson %+v", ls)
	}
	write(Line{Kind: KindUndo, Of: d.ID})
	if s.Card("b").LessonDay != 0 {
		t.Error("the lesson was undone")
	}
	if err := s.Write(Line{Kind: KindUndo}); err == nil || s.Unsaved() != 0 {
		t.Error("a line that cannot be read again was written")
	}
}

// A broken file is left as it is and said; what can be read counts.
func TestBrokenFiles(t *testing.T) {
	f := &Memory{}
	s := open(f)
	answer(t, s, "2026-12-01 10:00", "a", fsrs.Good)
	answer(t, s, "2026-12-01 10:10", "b", fsrs.Good)
	whole := string(f.Data)
	for _, c := range []struct{ name, data, notes string }{
		{"whole", whole, ""},
		{"torn", whole + "\n{\"v\":1,\"id\":\"x\",\"at", "The last line of the progress file (line 4) was cut short. It is left as it is, and not counted."},
		{"broken inside", "\x00\x00garbage\n[]" + whole, "2 lines of the progress file cannot be read, the first is line 1. They are left as they are, and not counted."},
		{"newer", `{"v":2,"id":"z","kind":"review","card":{"id":"a"}}` + whole, "Written by a newer esmlab, kept, and not counted here: 1 line of the progress file."},
		{"unknown kind", whole + "\n" + `{"v":1,"id":"z","kind":"dream"}` + "\n", "Of a kind that this esmlab does not know, kept, and not counted here: 1 line of the progress file."},
		{"no grade", whole + "\n" + `{"v":1,"id":"z","at":"2026-12-01T10:00:00Z","day":"2026-12-01","kind":"review","card":"a"}` + "\n",
			"Line 4 of the progress file cannot be read. It is left as it is, and not counted."},
		{"joined with itself", whole + whole, ""},
		{"joined without a newline", whole + strings.TrimPrefix(whole, "\n") + "\n" + whole, "Line 3 of the progress file cannot be read. It is left as it is, and not counted."},
	} {
		f := &Memory{Data: []byte(c.data)}
		s := Open(f, Options{Machine: "lap", NewID: func() string { return "lap-1" }})
		if got := strings.Join(s.Notes(), " "); got != c.notes {
			t.Errorf("%s: said %q, want %q", c.name, got, c.notes)
		}
		if !s.Card("a").Seen() || len(s.Card("a").Reviews) != 1 || len(s.Card("b").Reviews) > 1 {
			t.Errorf("%s: what can be read does not count: %+v", c.name, s.Card("a"))
		}
		answer(t, s, "2026-12-02 10:00", "new", fsrs.Good)
		if !strings.HasPrefix(string(f.Data), c.data) {
			t.Errorf("%s: the file was changed", c.name)
		}
		if s := Open(f, Options{NewID: func() string { return "" }}); !s.Card("new").Seen() {
			t.Errorf("%s: what was added is not read", c.name)
		}
	}
}

// A disk that is full stops nothing: what is not saved is written as soon as
// it can be, once.
func TestFullDisk(t *testing.T) {
	full := errors.New("no space left on device")
	f := &Memory{}
	s := open(f)
	answer(t, s, "2026-12-01 10:00", "a", fsrs.Good)
	for _, e := range []error{full, fmt.Errorf("half: %w", ErrPartialWrite)} {
		f.Fail = func() error { return e }
		if err := s.Write(s.Stamp(clock("2026-12-01 10:01"), Line{Kind: KindReview, Card: "b", Grade: fsrs.Good})); !errors.Is(err, e) {
			t.Fatalf("%v", err)
		}
		if !s.Card("b").Seen() {
			t.Error("the quiz does not go on")
		}
	}
	if s.Unsaved() != 2 || len(s.Notes()) != 1 {
		t.Errorf("%d unsaved, %q", s.Unsaved(), s.Notes())
	}
	f.Fail = nil
	answer(t, s, "2026-12-01 10:02", "c", fsrs.Good)
	if s.Unsaved() != 0 {
		t.Errorf("%d still unsaved", s.Unsaved())
	}
	again := open(f)
	if len(again.Card("a").Reviews) != 1 || len(again.Card("b").Reviews) != 2 || len(again.Card("c").Reviews) != 1 {
		t.Errorf("a %d, b %d, c %d", len(again.Card("a").Reviews), len(again.Card("b").Reviews), len(again.Card("c").Reviews))
	}
}

// Two at once on one file: each sees the other's lines when it reads again,
// also where one was met half written.
func TestRefresh(t *testing.T) {
	f := &Memory{}
	s, other := open(f), Open(f, Options{Machine: "other", NewID: func() string { return "other-1" }})
	answer(t, s, "2026-12-01 10:00", "a", fsrs.Good)
	answer(t, other, "2026-12-01 10:00", "b", fsrs.Good)
	whole := slices.Clone(f.Data)
	f.Data = f.Data[:len(f.Data)-9]
	s.Refresh()
	if s.Card("b").Seen() || !s.Report().LastTorn {
		t.Errorf("half a line: %+v", s.Report())
	}
	f.Data = whole
	s.Refresh()
	if !s.Card("b").Seen() || s.Report().LastTorn || len(s.Report().Broken) != 0 || len(s.Card("a").Reviews) != 1 {
		t.Errorf("the whole line: %+v", s.Report())
	}
	f.Data = whole[:0]
	s.Refresh()
	answer(t, s, "2026-12-01 10:00", "c", fsrs.Good)
	if !s.Card("a").Seen() {
		t.Error("a file that was emptied takes away what is known")
	}
}

// However lines of several machines are joined, cut and doubled, the state is
// the same; and undoing a line gives what there was without it.
func TestMerge(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var lines []Line
		at := clock("2026-12-01 12:00")
		ids := []string{"a", "b", "c"}
		for i := range rapid.IntRange(1, 25).Draw(t, "lines") {
			at = at.Add(time.Duration(rapid.IntRange(0, 5000).Draw(t, "minutes")) * time.Minute)
			l := Line{V: 1, ID: fmt.Sprint("m", i), At: at.UTC(), Day: DayOf(at), Kind: KindReview, Card: rapid.SampledFrom(ids).Draw(t, "card"),
				Grade: fsrs.Grade(rapid.IntRange(1, 4).Draw(t, "grade"))}
			switch rapid.IntRange(0, 9).Draw(t, "kind") {
			case 0:
				l.Kind, l.Of = KindUndo, fmt.Sprint("m", rapid.IntRange(0, 25).Draw(t, "of"))
			case 1:
				l.Kind, l.Of = KindGrade, fmt.Sprint("m", rapid.IntRange(0, 25).Draw(t, "of"))
			case 2:
				l.Kind, l.To = KindRebind, rapid.SampledFrom(append(ids, "d")).Draw(t, "to")
			case 3:
				l.Kind = KindSuspend
			case 4:
				l.Kind, l.Lesson, l.Cards = KindLessonDone, "x", ids
			}
			lines = append(lines, l)
		}
		see := func(s *State) (out []Card) {
			for _, id := range append(ids, "d") {
				out = append(out, s.Card(id))
			}
			return out
		}
		one, other := NewState(Schedule{}), NewState(Schedule{})
		one.Add(lines...)
		want := see(one)
		mixed := rapid.Permutation(lines).Draw(t, "order")
		for _, l := range append(mixed, mixed...) {
			other.Add(l)
			if rapid.Bool().Draw(t, "look") {
				see(other)
			}
		}
		if got := see(other); !reflect.DeepEqual(got, want) {
			t.Fatalf("in another order:\n%+v\n%+v", got, want)
		}
		extra := Line{V: 1, ID: "extra", At: at.UTC(), Day: DayOf(at), Kind: KindReview, Card: "a", Grade: fsrs.Hard}
		one.Add(extra)
		one.Add(Line{V: 1, ID: "back", At: at.UTC(), Day: DayOf(at), Kind: KindUndo, Of: "extra"})
		if got := see(one); !reflect.DeepEqual(got, want) {
			t.Fatalf("undone:\n%+v\n%+v", got, want)
		}
	})
}

// An edited question keeps its schedule; the person is told, and nothing is
// guessed between files.
func TestIdentity(t *testing.T) {
	s := open(&Memory{})
	at := clock("2026-12-01 10:00")
	put := func(l Line) {
		t.Helper()
		if err := s.Write(s.Stamp(at, l)); err != nil {
			t.Fatal(err)
		}
	}
	old := []Ref{
		{"h1", "n.md", "Streams", "why does the shard stall"},
		{"h2", "n.md", "Streams", "what does bisect do with a failing batch"},
		{"h3", "n.md", "Queues", "who deletes a message"},
		{"h4", "other.md", "Streams", "why does the shard stall"},
	}
	for _, r := range old {
		put(Line{Kind: KindCard, Card: r.ID, File: r.File, Heading: r.Heading, Text: r.Text})
		put(Line{Kind: KindReview, Card: r.ID, Grade: fsrs.Good})
	}
	now := []Ref{
		{"k1", "n.md", "Streams", "why does one shard stall"},
		{"k2", "n.md", "Streams", "how many iterators has a stream"},
		{"k3", "n.md", "Streams", "who deletes a message"}, // moved to another heading: a new card
	}
	files := []string{"n.md"}
	var ids []string
	for _, r := range s.Orphans(now, files) {
		ids = append(ids, r.ID)
	}
	if !slices.Equal(ids, []string{"h1", "h2", "h3"}) {
		t.Errorf("orphans %v", ids)
	}
	got := s.Rebinds(now, files)
	if len(got) != 1 || got[0].From.ID != "h1" || got[0].To.ID != "k1" || got[0].Alike != 0.8 {
		t.Fatalf("rebinds %+v", got)
	}
	put(Line{Kind: KindRebind, Card: "h1", To: "k1"})
	if !s.Card("k1").Seen() || len(s.Rebinds(now, files)) != 0 || s.Canonical("h1") != "k1" {
		t.Errorf("after the rebind: %+v", s.Card("k1"))
	}
	if r, ok := s.Location("k1"); !ok || r.Heading != "Streams" {
		t.Errorf("where %+v", r)
	}
}

func TestStats(t *testing.T) {
	s := open(&Memory{})
	for i, c := range []struct {
		at    string
		card  string
		sure  Confidence
		right bool
	}{
		{"2026-11-30 10:00", "a", Sure, true}, {"2026-11-30 10:01", "b", Sure, true}, {"2026-12-01 10:00", "c", Sure, false},
		{"2026-12-01 10:10", "d", Guess, false}, {"2026-12-01 10:20", "e", 0, true},
	} {
		g := fsrs.Again
		if c.right {
			g = fsrs.Easy
		}
		if err := s.Write(s.Stamp(clock(c.at), Line{Kind: KindReview, Card: c.card, Grade: g, Right: c.right, Confidence: c.sure, MS: 10000 * (i + 1)})); err != nil {
			t.Fatal(err)
		}
	}
	if c := s.Calibration(); c[2].Percent() != 67 || c[2].Asked != 3 || c[0].Percent() != 0 || c[0].Asked != 1 || c[1].Asked != 0 {
		t.Errorf("calibration %+v", c)
	}
	today := DayOf(clock("2026-12-01 12:00"))
	if h := s.Heat(today, 3); !slices.Equal(h, []int{0, 2, 3}) {
		t.Errorf("heat %v", h)
	}
	if n := s.NewOn(today); n != 3 {
		t.Errorf("%d new", n)
	}
	if d := s.TimePerCard(); d != 40*time.Second {
		t.Errorf("a card takes %v", d)
	}
	if m := s.Minutes(6); m != 4 || s.Minutes(0) != 0 {
		t.Errorf("six cards take %d minutes", m)
	}
}

// slow is a file that waits for each append to be let through.
type slow struct {
	Memory
	begun, on chan bool
}

func (f *slow) Append(b []byte) error {
	f.begun <- true
	<-f.on
	return f.Memory.Append(b)
}

// A deferred store never waits for its file: lines are added while others are
// being written, and come to the file once, in their order.
func TestDefer(t *testing.T) {
	f := &slow{begun: make(chan bool), on: make(chan bool)}
	n := 0
	s := New(f, Options{NewID: func() string { n++; return fmt.Sprint(n) }})
	s.Defer()
	write := func(card string) {
		if err := s.Write(s.Stamp(clock("2026-12-01 10:00"), Line{Kind: KindReview, Card: card, Grade: fsrs.Good})); err != nil {
			t.Fatal(err)
		}
	}
	write("a")
	done := make(chan error, 2)
	flush := func() { done <- s.Flush() }
	go flush()
	<-f.begun
	write("b") // while a is being written
	go flush() // waits for the first
	if !s.Card("b").Seen() || s.Unsaved() != 2 {
		t.Errorf("%d lines are unsaved", s.Unsaved())
	}
	f.on <- true
	<-f.begun
	f.on <- true
	for range 2 {
		if err := <-done; err != nil {
			t.Error(err)
		}
	}
	again := Open(&f.Memory, Options{})
	var cards []string
	for l := range again.Lines {
		cards = append(cards, l.ID+l.Card)
	}
	if got := strings.Join(cards, " "); got != "1a 2b" || s.Unsaved() != 0 || again.Report().Again != 0 {
		t.Errorf("the file has %s, %d lines are unsaved", got, s.Unsaved())
	}
	f.Fail = func() error { return errors.New("the disk is full") }
	write("c")
	if s.Failed() != nil || len(s.Notes()) != 0 {
		t.Errorf("what was not tried yet is said to have failed: %q", s.Notes())
	}
	go flush()
	<-f.begun
	f.on <- true
	if err := <-done; err == nil || s.Failed() == nil || len(s.Notes()) != 1 || s.Unsaved() != 1 {
		t.Errorf("%v, %q", err, s.Notes())
	}
}

// Known follows what is replayed: nothing before a card was asked, all on the day itself,
// less from day to day, up again with the next review.
func TestKnown(t *testing.T) {
	n := 0
	s := Open(&Memory{}, Options{NewID: func() string { n++; return fmt.Sprint(n) }})
	at := time.Date(2026, 12, 1, 12, 0, 0, 0, time.UTC)
	write := func(id string, days int, g fsrs.Grade) {
		if err := s.Write(s.Stamp(at.AddDate(0, 0, days), Line{Kind: KindReview, Card: id, Grade: g, Right: g > fsrs.Again})); err != nil {
			t.Fatal(err)
		}
	}
	write("a", 0, fsrs.Good)
	write("a", 5, fsrs.Good)
	write("b", 3, fsrs.Easy)
	today := DayOf(at) + 6
	got := s.Known([]string{"a", "b", "never"}, today, 8)
	if got[0] != 0 || got[1] != 1000 || got[2] >= 1000 || got[2] < 900 || got[4] <= got[3] || got[6] <= got[5] || got[6] > 2000 {
		t.Errorf("%v", got)
	}
	for i, v := range s.Known([]string{"b"}, today, 8) {
		if want := s.Retrievability("b", today-Day(7-i)); i >= 4 && int64(want*1000+0.5) != v || i < 4 && v != 0 {
			t.Errorf("day %d: %d, want %v", i, v, want)
		}
	}
}
