package plain

import (
	"bytes"
	"strings"
	"testing"
	"unicode/utf8"

	"esmlab/engine"
	"esmlab/engine/scenario"
	"esmlab/engine/timeline"
	"esmlab/lessons"
)

// tell runs a scenario and gives its story.
func tell(t *testing.T, name, src string) string {
	t.Helper()
	sc, err := scenario.Read(name, []byte(src), scenario.Options{})
	if err != nil {
		t.Fatal(err)
	}
	r, err := scenario.NewRunner(sc, nil)
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	st := NewStory(&out, r)
	r.OnEvents = func(_ *engine.Sim, events []engine.Event) { st.Tell(events) }
	r.Advance(r.End())
	if err := st.End(); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

const jobs = `
Resources:
  Jobs: {Type: AWS::SQS::Queue, Properties: {VisibilityTimeout: 30}}
  Work:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: nodejs22.x
      Handler: index.handler
      InlineCode: "exports.handler = async () => {}"
      Timeout: 5
      Events:
        Jobs: {Type: SQS, Properties: {Queue: !GetAtt Jobs.Arn, BatchSize: 10}}
`

// A story as it is written: heading, lines, summary, expectations.
func TestStory(t *testing.T) {
	t.Parallel()
	got := tell(t, "two.yaml", `Metadata: {esmlab: {title: "Two \x1b[31mjobs", about: What becomes of them?, for: 40s, traffic: [{to: Jobs, at: 0s, count: 2}],
  functions: {Work: {faults: [{records: [Jobs#2], deliveries: 1}]}}, expect: [{that: 'queue("Jobs").deleted == 2'}, {that: 'queue("Jobs").deleted == 3'}]}}`+jobs)
	want := `Two [31mjobs
What becomes of them?
WorkJobs: Jobs → Work, seed 1, 40 s

   second  rule             what happened
        0  SQS-POLL-1       WorkJobs is Enabled
      0.1  SQS-FAIL-1       batch 1 failed in Work because of #2: nothing is
                            deleted, not even the good one; both wait out their
                            30 s
       30  SQS-RECEIVE-1    poller 1 of WorkJobs receives #1 and #2 from Jobs:
                            receive 2
     30.1  SQS-DELETE-1     batch 2 done: #1 and #2 deleted

What became of the records at second 40
  Jobs                    2 done
  Work                    2 invocations, 1 error (0 timeouts), 0 throttles

Expected
  holds      at 40      queue("Jobs").deleted == 2
  FAILS      at 40      queue("Jobs").deleted == 3
             queue("Jobs").deleted was 2
`
	if got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

// A batch whose deletion fails is not told as deleted.
func TestDeletionFails(t *testing.T) {
	t.Parallel()
	got := tell(t, "kept.yaml", "Metadata: {esmlab: {for: 20s, traffic: [{to: Jobs, at: 0s, count: 3}], sources: {Jobs: {failed_deletes: 1}}}}"+jobs)
	for _, want := range []string{"batch 1 done: nothing of it is deleted\n", "#1 … #3 (3 messages) not deleted: the deletion"} {
		if !strings.Contains(got, want) {
			t.Errorf("no %q in\n%s", want, got)
		}
	}
	if strings.Contains(got, "messages are deleted") {
		t.Errorf("it is told as deleted:\n%s", got)
	}
}

// Names of any length stand apart from what is said of them, which begins in
// one column.
func TestSummaryOfLongNames(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"Work", "WorkOnTheJobsOfTheDay", "WorkOnTheJobsOfTheWeek22", "WorkOnAllTheJobsOfTheWholeYear", "ÄrbeitAnDenAufträgenDerWocheA"} {
		fn := strings.NewReplacer("Ä", "A", "ä", "a").Replace(name)
		got := tell(t, "long.yaml", "Metadata: {esmlab: {for: 5s, traffic: [{to: Jobs, at: 0s}]}}"+strings.ReplaceAll(jobs, "Work", fn))
		_, rows, _ := strings.Cut(got, "at second 5\n")
		column := 0
		for row := range strings.Lines(rows) {
			id, rest, ok := strings.Cut(strings.TrimPrefix(row, "  "), "  ")
			if !ok || id != "Jobs" && id != fn {
				t.Fatalf("%s is not apart from what is said of it: %q", fn, row)
			}
			at := utf8.RuneCountInString(row) - utf8.RuneCountInString(strings.TrimLeft(rest, " "))
			if column == 0 {
				column = at
			}
			if at != column {
				t.Errorf("%s: %q begins in column %d, not %d", fn, row, at, column)
			}
		}
		if column < 26 {
			t.Errorf("%s: column %d", fn, column)
		}
	}
}

// A line is broken at spaces within 80 columns, and goes on below its sentence.
func TestLineWrap(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	st := &Story{w: &out}
	st.line(7200*engine.Millisecond, "MAP-ORDER-1", strings.Repeat("many words \x1b[2J", 12)+strings.Repeat("x", 70))
	st.line(8*engine.Second, "", "short")
	rows := strings.Split(strings.TrimSuffix(out.String(), "\n"), "\n")
	for i, row := range rows {
		if n := utf8.RuneCountInString(row); n > 80 || strings.HasSuffix(row, " ") || strings.Contains(row, "\x1b") {
			t.Errorf("row %d, %d columns: %q", i, n, row)
		}
		if head := row[:28]; i > 0 && i < len(rows)-1 && strings.TrimSpace(head) != "" {
			t.Errorf("row %d does not go on below its sentence: %q", i, row)
		}
	}
	if !strings.HasPrefix(rows[0], "      7.2  MAP-ORDER-1      many words") || rows[len(rows)-1] != "        8  (a step)         short" {
		t.Errorf("got\n%s", out.String())
	}
}

// A lesson in lines does all that the registries have for it, and no more.
func TestLessonBindings(t *testing.T) {
	l, err := lessons.Builtin().Lesson(lessons.Builtin().Heads[0].ID)
	if err != nil {
		t.Fatal(err)
	}
	tl, err := timeline.New(l.Scenario.Config)
	if err != nil {
		t.Fatal(err)
	}
	x := &linear{p: lessons.NewPlayer(l, tl, Keys(l), nil)}
	x.bind()
	if gaps := x.keys.Gaps(); len(gaps) > 0 {
		t.Error(strings.Join(gaps, "\n"))
	}
}

// A lesson in lines: what is read, what happened, what is asked, and what can
// be typed.
func TestLesson(t *testing.T) {
	t.Parallel()
	l, err := lessons.Builtin().Lesson(lessons.Builtin().Heads[0].ID)
	if err != nil {
		t.Fatal(err)
	}
	l.NewWords = lessons.Builtin().NewWords(l)
	play := func(keys string) string {
		tl, err := timeline.New(l.Scenario.Config)
		if err != nil {
			t.Fatal(err)
		}
		var out bytes.Buffer
		if err := Lesson(strings.NewReader(keys), &out, lessons.NewPlayer(l, tl, Keys(l), nil), tl, true); err != nil {
			t.Fatal(err)
		}
		return out.String()
	}
	for _, c := range []struct{ keys, want string }{
		{"", l.Title + "\nLine by line"},
		{"?\nq\n", "set BatchSize 50  change a setting by its name"},
		{"\n\n\n2\n", "batch 4 timed out in Ship after 1 s, try 1\n"},
		{"\n\n2\n", "shard 0 IS BLOCKED by batch 4"},
		{"nonsense\n", `"nonsense" is not a command here`},
		{"NoSuch.Thing=1\n", "NoSuch"},
		{"<\n", "This is the first step"},
		{"\n\n\n", "Say what you expect first"},
		{"", "* Event source: Where events wait until they are read: a stream or a queue.\n"},
		{"W\n", "glossary alone lists all words"},
		{"glossary dlq\n", "* Dead-letter queue: "},
		{"glossary shrd\n", "did you mean Shard?"},
		{"undo\n", "There is no command of yours in this step"},
		{"run 10s\n", "is not a command here"},
		{"alarm Ship.Errors > 0\n", "Ship.Errors > 0 Sum 60s 1: INSUFFICIENT_DATA at second 0\n"},
		{"\n\nalarm Ship.Errors > 0\n", "A question is open: say what you expect first"},
		{"\n\n2\nalarm Ship.Errors > 0\nseek 1s\nalarm\n", "INSUFFICIENT_DATA at second 1\n"},
		{"alarm Ship.Erors > 0\n", "did you mean Ship.Errors?"},
		{"alarm Ship.Errors > 0\nalarm off\nalarm\n", "This lesson has no alarm of its own"},
		{"alarm\n", "This lesson has no alarm of its own"},
	} {
		if got := play(c.keys); !strings.Contains(got, c.want) {
			t.Errorf("%q: no %q in\n%s", c.keys, c.want, got)
		}
	}
}
