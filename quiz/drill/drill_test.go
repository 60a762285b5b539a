package drill

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"esmlab/quiz/card"
	"esmlab/quiz/progress"
)

// seeds is how many questions of each family are tried.
func seeds() uint64 {
	if testing.Short() {
		return 6
	}
	return 400
}

// Every family over its seeds: the key and the wrong options are what the
// engine says, all different; there are enough different questions, and the
// key stands everywhere.
func TestFamilies(t *testing.T) {
	if n := len(Families()); n < 20 {
		t.Errorf("%d families, want 20 or more", n)
	}
	names := map[string]bool{}
	for _, f := range Families() {
		if names[f.Name] {
			t.Errorf("two families are called %s", f.Name)
		}
		names[f.Name] = true
		t.Run(f.Name, func(t *testing.T) {
			t.Parallel()
			var m Maker
			pairs, places, numbers := map[string]bool{}, map[int]bool{}, true
			for seed := range seeds() {
				item, err := m.Item(f, seed)
				if err != nil {
					t.Fatal(err)
				}
				if seed == 0 {
					if again, err := new(Maker).Item(f, seed); err != nil || again.Stem() != item.Stem() || again.Key != item.Key {
						t.Errorf("the same seed gives another item: %v", err)
					}
				}
				check(t, item)
				if seed%20 == 1 {
					confirm(t, item)
				}
				pairs[item.Stem()+item.Options[item.Key].Text] = true
				places[item.Key] = true
				var texts []string
				for _, o := range item.Options {
					texts = append(texts, o.Text)
				}
				if _, are := card.Ascending(texts); !are {
					numbers = false
				}
			}
			want := options
			if numbers { // they stand in their order, so the key stands where its number does
				want = 2
			}
			if len(pairs) < int(min(50, seeds()/4)) || len(places) < want && !testing.Short() {
				t.Errorf("%d different questions, the key in %d places", len(pairs), len(places))
			}
			t.Logf("%d questions, %d worlds", len(pairs), len(m.said))
		})
	}
}

func check(t *testing.T, item Item) {
	t.Helper()
	seen := map[string]bool{}
	for _, o := range item.Options {
		if seen[o.Text] || o.Text == "" || o.Reason == "" || len(o.Text) > 150 {
			t.Errorf("seed %d: options %q", item.Seed, item.Options)
		}
		seen[o.Text] = true
	}
	if len(item.Options) != options || strings.Contains(item.Ask, "%!") {
		t.Errorf("seed %d: %s %q", item.Seed, item.Ask, item.Options)
	}
	for _, s := range item.Settings {
		if text := s.sentence(); noVerb.MatchString(text) {
			t.Errorf("seed %d: not a sentence: %s", item.Seed, text)
		}
	}
}

// noVerb finds two verbs in a row, and several things that are told as one.
var noVerb = regexp.MustCompile(`^[A-Za-z ]+ (is|are) (is|are|after|takes|throws|returns|fails) |^[A-Z][a-z]+s( [a-zA-Z ]+)? is `)

// typed reads the settings as a person does who types them into a template.
// Nothing but what is shown goes in.
func typed(t *testing.T, settings []Setting) string {
	t.Helper()
	if settings[0].Name == "Writes to the table Orders" {
		return typedTable(t, settings)
	}
	if settings[0].Name == "Messages sent to Orders" {
		return typedQueue(t, settings)
	}
	w := stream{How: "error"}
	atoi := func(s string) int {
		n, err := strconv.Atoi(strings.Fields(s)[0])
		if err != nil {
			t.Fatal(err)
		}
		return n
	}
	ms := func(s string) int {
		f, err := strconv.ParseFloat(s, 64)
		if err != nil {
			t.Fatal(err)
		}
		return int(f*1000 + 0.5)
	}
	find := func(s, pattern string) string {
		if m := regexp.MustCompile(pattern).FindStringSubmatch(s); m != nil {
			return m[1]
		}
		return ""
	}
	for _, x := range settings {
		v := x.Value
		switch x.Name {
		case "Records":
			w.Records, w.Keys = atoi(find(v, `1 to (\d+)`)), 1
			if every := find(v, `one every ([\d.]+) s`); every != "" {
				w.EveryMS = ms(every)
			}
			if keys := find(v, `(\d+) partition keys`); keys != "" {
				w.Keys = atoi(keys)
			}
		case "ShardCount":
			w.Shards = atoi(v)
		case "BatchSize":
			w.Batch = atoi(v)
		case "MaximumBatchingWindowInSeconds":
			w.Window = atoi(v)
		case "ParallelizationFactor":
			w.Factor = atoi(v)
		case "MaximumRetryAttempts":
			w.Retries = atoi(v)
		case "MaximumRecordAgeInSeconds":
			w.Age = atoi(v)
		case "BisectBatchOnFunctionError":
			w.Bisect = v == "on"
		case "ReportBatchItemFailures":
			w.Report = v == "on"
		case "StartingPosition":
			w.Start = v
		case "The mapping":
			w.ActivateMS = ms(find(v, `after ([\d.]+) s`))
		case "Ship":
			w.TakesMS, w.Timeout = ms(find(v, `takes ([\d.]+) s`)), atoi(find(v, `Timeout (\d+) s`))
			if each := find(v, `and ([\d.]+) s for each`); each != "" {
				w.EachMS = ms(each)
			}
			if first := find(v, `at its first (\d+)`); first != "" {
				w.First = atoi(first)
			}
			fails := find(v, `; (?:throws on|returns) records? ([^;]*?)(?:, at its| in batch|$)`)
			for _, part := range strings.FieldsFunc(strings.ReplaceAll(fails, " and ", ", "), func(r rune) bool { return r == ',' }) {
				lo, hi, more := strings.Cut(strings.TrimSpace(part), " to ")
				if !more {
					hi = lo
				}
				for n := atoi(lo); n <= atoi(hi); n++ {
					w.Poison = append(w.Poison, n)
				}
			}
			if strings.Contains(v, "batchItemFailures") {
				w.How = "report"
			}
		case "Looked at":
			w.For = atoi(find(v, `after (\d+) s`))
		case "OnFailure", "Waits between tries": // the same in every world
		default:
			t.Errorf("%s cannot be typed", x.Name)
		}
	}
	return w.Template()
}

func typedTable(t *testing.T, settings []Setting) string {
	t.Helper()
	var w table
	for _, x := range settings {
		var err error
		switch x.Name {
		case "Writes to the table Orders":
			_, err = fmt.Sscanf(x.Value, "%d, all at second 0, to %d items in turn", &w.Writes, &w.Items)
		case "An item holds, besides its key":
			w.Same = x.Value == "the same in each write"
		case "BatchSize":
			w.Batch, err = strconv.Atoi(x.Value)
		case "StreamViewType", "MaximumBatchingWindowInSeconds", "StartingPosition", "Ship", "Looked at": // the same in every world
		default:
			t.Errorf("%s cannot be typed", x.Name)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	return w.Template()
}

func typedQueue(t *testing.T, settings []Setting) string {
	t.Helper()
	w := queue{How: "error", Groups: 1}
	number := func(s, pattern string) (n int) {
		if m := regexp.MustCompile(pattern).FindStringSubmatch(s); m != nil {
			f, err := strconv.ParseFloat(m[1], 64)
			if err != nil {
				t.Fatal(err)
			}
			if n = int(f); strings.Contains(pattern, ".") {
				n = int(f*1000 + 0.5)
			}
		}
		return n
	}
	for _, x := range settings {
		v := x.Value
		switch x.Name {
		case "Messages sent to Orders":
			w.Messages, w.EveryMS, w.Groups = number(v, `1 to (\d+)`), number(v, `one every ([\d.]+) s`), max(1, number(v, `(\d+) message groups`))
		case "Queue type":
			w.Fifo = v == "FIFO"
		case "VisibilityTimeout":
			w.Visibility, w.Lowered = number(v, `^(\d+) s`), number(v, `set to (\d+) s`)
		case "maxReceiveCount":
			w.Max = number(v, `^(\d+)`)
		case "BatchSize":
			w.Batch = number(v, `^(\d+)`)
		case "MaximumConcurrency":
			w.Concurrency = number(v, `^(\d+)`)
		case "ReportBatchItemFailures":
			w.Report = v == "on"
		case "Limits":
			w.Old = strings.Contains(v, "2022")
		case "Ship":
			w.TakesMS, w.Timeout = number(v, `takes ([\d.]+) s`), number(v, `Timeout (\d+) s`)
			if m := regexp.MustCompile(`; (throws on|stops at|returns) messages? (\d+)(?: and (\d+))?`).FindStringSubmatch(v); m != nil {
				for _, text := range m[2:] {
					if n, err := strconv.Atoi(text); err == nil {
						w.Poison = append(w.Poison, n)
					}
				}
				if m[1] != "throws on" {
					w.How, w.Rest = "report", m[1] == "stops at"
				}
			}
		case "Looked at":
			w.For = number(v, `after (\d+) s`)
		default:
			t.Errorf("%s cannot be typed", x.Name)
		}
	}
	return w.Template()
}

// confirm types what is shown into a template and runs it: it says the key.
// Of an item that asks which setting was another, the key's world says what
// was seen, and those of the others do not.
func confirm(t *testing.T, item Item) {
	t.Helper()
	src := typed(t, item.Settings)
	if !item.Which && src != item.Template {
		t.Fatalf("seed %d: what is shown is not what ran:\n%s\n%s", item.Seed, src, item.Template)
	}
	if item.Which {
		for i, o := range item.Options {
			v, err := Run(o.World.Template(), item.Expr)
			if err != nil {
				t.Fatal(err)
			}
			if strings.Contains(item.Ask, item.AnswerIn(v)) != (i == item.Key) && item.AnswerIn(v) != "none" {
				t.Errorf("seed %d: %s leaves %s: %s", item.Seed, o.Text, item.AnswerIn(v), item.Ask)
			}
		}
		return
	}
	v, err := Run(src, item.Expr)
	if err != nil {
		t.Fatal(err)
	}
	if got := item.AnswerIn(v); got != item.Options[item.Key].Text {
		t.Errorf("seed %d: what is shown gives %s, the key is %s\n%s", item.Seed, got, item.Options[item.Key].Text, item.Stem())
	}
}

// An answer is written, what was missed comes more often, and the same family
// never twice in a row.
func TestSession(t *testing.T) {
	f := &progress.Memory{}
	n := 0
	store := progress.Open(f, progress.Options{NewID: func() string { n++; return fmt.Sprint("l", n) }})
	e, err := NewSession(store, []string{"kinesis"}, 1)
	if err != nil {
		t.Fatal(err)
	}
	now := time.Date(2026, 12, 1, 10, 0, 0, 0, time.UTC)
	asked, last := map[string]int{}, ""
	const missed = "tries"
	rounds := 600
	if testing.Short() {
		rounds = 150
	}
	for range rounds {
		item, err := e.Next(now)
		if err != nil {
			t.Fatal(err)
		}
		if again, _ := e.Next(now); again != item {
			t.Fatal("an open item is not given again")
		}
		if item.Family.Name == last {
			t.Fatalf("%s twice in a row", last)
		}
		last = item.Family.Name
		asked[last]++
		now = now.Add(10 * time.Second)
		chosen := item.Key
		if last == missed {
			chosen = (item.Key + 1) % options
		}
		if right, err := e.Answer(now, chosen, progress.Sure); err != nil || right != (last != missed) {
			t.Fatal(right, err)
		}
	}
	most := 0
	for name, n := range asked {
		if name != missed {
			most = max(most, n)
		}
	}
	if asked[missed] <= most {
		t.Errorf("what was missed is asked %d times, another %d times: %v", asked[missed], most, asked)
	}
	for _, s := range Scores(store) {
		if s.Asked != asked[s.Family.Name] || (s.Family.Name == missed) != (s.Right == 0 && s.Asked > 0) {
			t.Errorf("score %+v, asked %d", s, asked[s.Family.Name])
		}
	}
	if _, err := NewSession(store, []string{"kafka"}, 1); err == nil {
		t.Error("a drill about nothing")
	}
	if _, err := e.Answer(now, 0, 0); err == nil {
		t.Error("an answer without a question")
	}
	if h := store.Heat(progress.DayOf(now), 1); h[0] != rounds {
		t.Errorf("heat %v", h)
	}
}

// Each family trains a skill of both editions of the exam.
func TestSkills(t *testing.T) {
	for _, f := range Families() {
		for _, s := range f.Skills() {
			if card.Skills[s] == "" {
				t.Errorf("%s: there is no skill %q", f.Name, s)
			}
		}
	}
}
