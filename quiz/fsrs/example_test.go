package fsrs_test

import (
	"fmt"
	"log"
	"time"

	"esmlab/quiz/fsrs"
)

// A card is reviewed whenever it is due. Days between reviews are the
// caller's to count.
func ExampleScheduler_Review() {
	s := fsrs.Default()
	at := time.Date(2026, 12, 1, 10, 0, 0, 0, time.UTC)
	var c fsrs.Card
	last := at
	for _, g := range []fsrs.Grade{fsrs.Good, fsrs.Good, fsrs.Good, fsrs.Again, fsrs.Good} {
		var err error
		if c, err = s.Review(c, at.UnixMilli(), int(at.Sub(last).Hours()/24), g); err != nil {
			log.Fatal(err)
		}
		due := time.UnixMilli(c.Due).UTC()
		fmt.Printf("%-5v %-10v due in %v\n", g, c.State, due.Sub(at))
		last, at = at, due
	}
	// Output:
	// good  learning   due in 10m0s
	// good  review     due in 48h0m0s
	// good  review     due in 264h0m0s
	// again relearning due in 10m0s
	// good  review     due in 48h0m0s
}

// Preview shows what each grade would mean before one is chosen.
func ExampleScheduler_Preview() {
	s := fsrs.Default()
	all, err := s.Preview(fsrs.Card{}, 0, 0)
	if err != nil {
		log.Fatal(err)
	}
	for i, c := range all {
		fmt.Println(fsrs.Grade(i+1), time.Duration(c.Due)*time.Millisecond)
	}
	// Output:
	// again 1m0s
	// hard 6m0s
	// good 10m0s
	// easy 192h0m0s
}

// Steps, retention and weights can be set.
func ExampleNewScheduler() {
	p := fsrs.DefaultParams()
	p.Retention, p.ShortTerm = 0.8, false
	s, err := fsrs.NewScheduler(p)
	if err != nil {
		log.Fatal(err)
	}
	c, err := s.Review(fsrs.Card{}, 0, 0, fsrs.Good)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(c.Scheduled, "days")
	_, err = fsrs.NewScheduler(fsrs.Params{Retention: 1.5})
	fmt.Println(err)
	// Output:
	// 8 days
	// retention is 1.5 (more than 0, up to 1)
}
