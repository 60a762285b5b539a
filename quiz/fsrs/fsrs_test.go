package fsrs

import (
	"embed"
	"encoding/json"
	"math"
	"runtime"
	"testing"
	"time"

	"pgregory.net/rapid"
)

//go:embed testdata/*.json
var vectors embed.FS

// params are a vector's parameters by ts-fsrs's names.
type params struct {
	W          []float64 `json:"w"`
	Retention  float64   `json:"request_retention"`
	Max        int       `json:"maximum_interval"`
	Fuzz       bool      `json:"enable_fuzz"`
	ShortTerm  *bool     `json:"enable_short_term"`
	Learning   []string  `json:"learning_steps"`
	Relearning []string  `json:"relearning_steps"`
}

func (p params) scheduler(t *testing.T) *Scheduler {
	t.Helper()
	s, err := NewScheduler(Params{Weights: p.W, Retention: p.Retention, MaxInterval: p.Max, Fuzz: p.Fuzz,
		ShortTerm: p.ShortTerm == nil || *p.ShortTerm, LearningSteps: p.Learning, RelearningSteps: p.Relearning})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// utcDays is how ts-fsrs counts elapsed days: by the calendar of UTC.
func utcDays(last, at int64) int {
	floor := func(ms int64) int64 { return time.UnixMilli(ms).UTC().Truncate(24*time.Hour).Unix() / 86400 }
	return int(floor(at) - floor(last))
}

func review(t *testing.T, s *Scheduler, c Card, at int64, g Grade) Card {
	t.Helper()
	days := 0
	if c.State != New {
		days = utcDays(c.Last, at)
	}
	c, err := s.Review(c, at, days, g)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// same compares to the last bit where Go and the reference do the same
// floating-point operations, and to 1e-6 where Go may fuse some of them.
func same(a, b float64) bool {
	if runtime.GOARCH == "amd64" {
		return a == b
	}
	return math.Abs(a-b) <= 1e-6
}

func TestNamedSequences(t *testing.T) {
	var file struct {
		Weights     []float64                       `json:"default_w"`
		DecayFactor struct{ Decay, Factor float64 } `json:"decay_factor"`
		Cases       []struct {
			Name     string
			Params   params
			Modifier float64 `json:"interval_modifier"`
			Trace    []struct {
				At     time.Time
				Rating string
				Before float64 `json:"retrievability_before"`
				Card   struct {
					Due        time.Time
					Stability  float64
					Difficulty float64
					Elapsed    int `json:"elapsed_days"`
					Scheduled  int `json:"scheduled_days"`
					Reps       int
					Lapses     int
					Step       int `json:"learning_steps"`
					State      string
					Last       time.Time `json:"last_review"`
				}
			}
		}
	}
	read(t, "testdata/golden.json", &file)
	if len(file.Cases) != 12 {
		t.Fatalf("%d sequences, want 12", len(file.Cases))
	}
	d := Default()
	if !same(d.decay, file.DecayFactor.Decay) || !same(d.factor, file.DecayFactor.Factor) {
		t.Errorf("decay %v, factor %v", d.decay, d.factor)
	}
	for i, w := range file.Weights {
		if d.Params().Weights[i] != w {
			t.Errorf("weight %d is %v, want %v", i, d.Params().Weights[i], w)
		}
	}
	grades := map[string]Grade{"Again": Again, "Hard": Hard, "Good": Good, "Easy": Easy}
	states := map[string]State{"New": New, "Learning": Learning, "Review": Review, "Relearning": Relearning}
	for _, c := range file.Cases {
		t.Run(c.Name, func(t *testing.T) {
			s := c.Params.scheduler(t)
			if m := s.Modifier(s.Params().Retention); !same(m, c.Modifier) {
				t.Errorf("modifier %v, want %v", m, c.Modifier)
			}
			var card Card
			for i, step := range c.Trace {
				at := step.At.UnixMilli()
				if card.State != New { // ts-fsrs counts whole periods of 24 hours here
					if r := s.Retrievability(int((at-card.Last)/day), card.Stability); !same(r, step.Before) {
						t.Errorf("review %d: R before is %v, want %v", i+1, r, step.Before)
					}
				}
				card = review(t, s, card, at, grades[step.Rating])
				w := step.Card
				want := Card{State: states[w.State], Stability: w.Stability, Difficulty: w.Difficulty, Step: w.Step, Reps: w.Reps, Lapses: w.Lapses,
					Elapsed: w.Elapsed, Scheduled: w.Scheduled, Due: w.Due.UnixMilli(), Last: w.Last.UnixMilli()}
				compare(t, i, card, want)
			}
		})
	}
}

func TestRandomSequences(t *testing.T) {
	var file []struct {
		P     params
		Trace []struct {
			At, Due      int64
			G            Grade
			S, D         float64
			State        State
			Step, Sd, Ed int
			Reps, Lapses int
			R            float64
		}
	}
	read(t, "testdata/golden-random.json", &file)
	if len(file) != 300 {
		t.Fatalf("%d sequences, want 300", len(file))
	}
	for n, c := range file {
		s := c.P.scheduler(t)
		var card Card
		for i, w := range c.Trace {
			card = review(t, s, card, w.At, w.G)
			compare(t, i, card, Card{State: w.State, Stability: w.S, Difficulty: w.D, Step: w.Step, Reps: w.Reps, Lapses: w.Lapses,
				Elapsed: w.Ed, Scheduled: w.Sd, Due: w.Due, Last: w.At})
			if r := s.Retrievability(int((card.Due-card.Last)/day), card.Stability); !same(r, w.R) {
				t.Errorf("sequence %d, review %d: R %v, want %v", n, i+1, r, w.R)
			}
		}
	}
}

func compare(t *testing.T, i int, got, want Card) {
	t.Helper()
	if !same(got.Stability, want.Stability) || !same(got.Difficulty, want.Difficulty) {
		t.Errorf("review %d: S %v D %v, want %v %v", i+1, got.Stability, got.Difficulty, want.Stability, want.Difficulty)
	}
	got.Stability, got.Difficulty = want.Stability, want.Difficulty
	if got != want {
		t.Errorf("review %d: %+v, want %+v", i+1, got, want)
	}
}

func read(t *testing.T, name string, to any) {
	t.Helper()
	b, err := vectors.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(b, to); err != nil {
		t.Fatal(err)
	}
}

func TestRetrievability(t *testing.T) {
	s := Default()
	for days, want := range map[int]float64{0: 1, 1: 0.98568241, 5: 0.94034429, 10: 0.9, 20: 0.84588465, 100: 0.69282664} {
		if r := s.Retrievability(days, 10); !same(r, want) {
			t.Errorf("R(%d, 10) = %v, want %v", days, r, want)
		}
	}
	for retention, want := range map[float64]float64{0.70: 9.28791122, 0.80: 3.3159598, 0.85: 1.90642614, 0.9: 1, 0.95: 0.40255869, 0.97: 0.22276844} {
		if m := s.Modifier(retention); !same(m, want) {
			t.Errorf("modifier of %v is %v, want %v", retention, m, want)
		}
	}
}

// A day is what the caller says: at midnight of UTC a review counts as the
// next day, half a minute before it does not.
func TestElapsedDaysAreGiven(t *testing.T) {
	s := Default()
	at := time.Date(2024, 1, 1, 23, 59, 0, 0, time.UTC).UnixMilli()
	c, _ := s.Review(Card{}, at-10*minute, 0, Good)
	c, _ = s.Review(c, at, 0, Good)
	same, _ := s.Review(c, at+30_000, 0, Good)
	next, _ := s.Review(c, at+6*minute, 1, Good)
	if same.Stability != 2.3065 || next.Stability != 7.31918604 {
		t.Errorf("S %v the same day, %v the next", same.Stability, next.Stability)
	}
}

func TestParams(t *testing.T) {
	for _, c := range []struct {
		name string
		p    Params
		want string
	}{
		{"weights", Params{Weights: make([]float64, 20)}, "there are 20 weights (17, 19 or 21)"},
		{"no number", Params{Weights: []float64{math.NaN()}}, "weight 0 is NaN (a number)"},
		{"retention", Params{Retention: 1.1}, "retention is 1.1 (more than 0, up to 1)"},
		{"step", Params{LearningSteps: []string{"10s"}}, `there is no step "10s" (such as 10m, 2h, 1d)`},
		{"interval", Params{MaxInterval: -1}, "the longest interval is -1 days (1 or more)"},
	} {
		if _, err := NewScheduler(c.p); err == nil || err.Error() != c.want {
			t.Errorf("%s: %v, want %s", c.name, err, c.want)
		}
	}
	wide := make([]float64, 21)
	for i := range wide {
		wide[i] = 1000
	}
	s, err := NewScheduler(Params{Weights: wide, ShortTerm: true})
	if err != nil {
		t.Fatal(err)
	}
	for i, w := range s.Params().Weights {
		if w != bounds[i][1] {
			t.Errorf("weight %d is %v, want its bound %v", i, w, bounds[i][1])
		}
	}
	two := DefaultParams()
	two.RelearningSteps = []string{"10m", "1h"}
	two.Weights[17], two.Weights[18] = 2, 2
	s, err = NewScheduler(two)
	if err != nil {
		t.Fatal(err)
	}
	if w := s.Params().Weights; w[17] != w[18] || w[17] >= 2 || w[17] < 0.5425 {
		t.Errorf("with two relearning steps weights 17 and 18 are %v and %v", w[17], w[18])
	}
	// What older weights become: FSRS-4's difficulty is measured on another
	// scale, FSRS-5's decay was fixed.
	v4 := []float64{0.4, 0.6, 2.4, 5.8, 4.93, 0.94, 0.86, 0.01, 1.49, 0.14, 0.94, 2.18, 0.05, 0.34, 1.26, 0.29, 2.61}
	s, err = NewScheduler(Params{Weights: v4, ShortTerm: true})
	if err != nil {
		t.Fatal(err)
	}
	w := s.Params().Weights
	if w[4] != 6.81 || w[5] != 0.44675014 || w[6] != 1.36 || w[17] != 0 || w[19] != 0 || w[20] != 0.5 {
		t.Errorf("17 weights became %v", w)
	}
	s, err = NewScheduler(Params{Weights: append(append([]float64{}, v4...), 0.5, 0.6), ShortTerm: true})
	if err != nil {
		t.Fatal(err)
	}
	if w := s.Params().Weights; w[4] != 4.93 || w[18] != 0.6 || w[19] != 0 || w[20] != 0.5 {
		t.Errorf("19 weights became %v", w)
	}
}

// A step of a day or more sends the card to Review at once.
func TestStepOfADay(t *testing.T) {
	s, err := NewScheduler(Params{ShortTerm: true, LearningSteps: []string{"10m", "2d"}, RelearningSteps: []string{}})
	if err != nil {
		t.Fatal(err)
	}
	c, _ := s.Review(Card{}, 0, 0, Good)
	if c.State != Review || c.Scheduled != 2 || c.Due != 2*day || c.Step != 1 {
		t.Errorf("after a step of two days: %+v", c)
	}
	c, _ = s.Review(c, c.Due, 2, Again)
	if c.State != Review || c.Lapses != 1 || c.Scheduled < 1 {
		t.Errorf("forgotten without relearning steps: %+v", c)
	}
}

func TestRefused(t *testing.T) {
	s := Default()
	for name, f := range map[string]func() error{
		"grade":  func() error { _, err := s.Review(Card{}, 0, 0, 5); return err },
		"days":   func() error { _, err := s.Review(Card{}, 0, -1, Good); return err },
		"memory": func() error { _, err := s.Review(Card{State: Review, Stability: 1}, 0, 0, Good); return err },
		"state":  func() error { _, err := s.Review(Card{State: 9}, 0, 0, Good); return err },
	} {
		if f() == nil {
			t.Errorf("%s was not refused", name)
		}
	}
}

// Whatever the parameters and grades: numbers stay in range, a better grade
// never comes back sooner, and the same review gives the same card.
func TestInvariants(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := DefaultParams()
		p.Retention = rapid.Float64Range(0.7, 0.97).Draw(t, "retention")
		p.Fuzz = rapid.Bool().Draw(t, "fuzz")
		p.ShortTerm = rapid.Bool().Draw(t, "short-term")
		for i, b := range bounds {
			p.Weights[i] = rapid.Float64Range(b[0], b[1]).Draw(t, "w")
		}
		s, err := NewScheduler(p)
		if err != nil {
			t.Fatal(err)
		}
		var c Card
		at := int64(1_700_000_000_000)
		for range rapid.IntRange(1, 12).Draw(t, "reviews") {
			days := rapid.IntRange(0, 400).Draw(t, "days")
			all, err := s.Preview(c, at, days)
			if err != nil {
				t.Fatal(err)
			}
			for i, n := range all {
				if n.Stability < minStability || n.Stability > maxStability || n.Difficulty < 1 || n.Difficulty > 10 {
					t.Fatalf("grade %d: %+v", i+1, n)
				}
				if n.Due <= at || n.Reps != c.Reps+1 {
					t.Fatalf("grade %d at %d: %+v", i+1, at, n)
				}
				if i > 1 && n.State == Review && all[i-1].State == Review && n.Due < all[i-1].Due {
					if c.State == Review || !p.ShortTerm {
						t.Fatalf("grade %d comes back before grade %d: %+v %+v", i+1, i, n, all[i-1])
					}
				}
			}
			c = all[rapid.IntRange(0, 3).Draw(t, "grade")]
			at += int64(days)*day + minute
		}
	})
}

// Halves are rounded up, also below zero.
func TestRounding(t *testing.T) {
	for x, want := range map[float64]float64{2.5e-8: 3e-8, -2.5e-8: -2e-8, -2.6e-8: -3e-8} {
		if got := r8(x); math.Abs(got-want) > 1e-12 {
			t.Errorf("%v is rounded to %v, want %v", x, got, want)
		}
	}
}

// Without steps of minutes, what is forgotten keeps at most its stability; with
// them, the same-day weights lower that ceiling.
func TestForgottenIsNotMoreStable(t *testing.T) {
	for _, short := range []bool{false, true} {
		p := DefaultParams()
		p.ShortTerm = short
		s, err := NewScheduler(p)
		if err != nil {
			t.Fatal(err)
		}
		want := 0.05
		if short {
			want = r8(0.05 / math.Exp(p.Weights[17]*p.Weights[18]))
		}
		if got := s.forget(1, 0.05, 0); got != want {
			t.Errorf("short-term %v: S is %v, want %v", short, got, want)
		}
	}
}

// Fuzz stays around the interval, never sends a card back to a day that has
// passed already, and spreads.
func TestFuzz(t *testing.T) {
	seen := map[int]bool{}
	for i := range 300 {
		f := fuzz{on: true, max: 36500, elapsed: 99, seed: seed(int64(i), 3, 12.5)}
		d := f.apply(100)
		if d < 100 || d > 107 {
			t.Fatalf("100 days became %d", d)
		}
		seen[d] = true
		if d := (fuzz{on: true, max: 36500, seed: f.seed}).apply(2); d != 2 {
			t.Fatalf("2 days became %d", d)
		}
	}
	if len(seen) != 8 {
		t.Errorf("days %v", seen)
	}
}
