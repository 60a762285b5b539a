package fsrs

import (
	"fmt"
	"math"
	"strconv"
)

// Minutes reads a step: whole minutes, hours or days, as 10m, 2h, 1d.
func Minutes(step string) (int, error) {
	if n := len(step); n > 1 {
		v, err := strconv.Atoi(step[:n-1])
		if unit := map[byte]int{'m': 1, 'h': 60, 'd': minutesPerDay}[step[n-1]]; err == nil && unit > 0 && v >= 0 && v <= math.MaxInt32 {
			return v * unit, nil
		}
	}
	return 0, fmt.Errorf("there is no step %q (such as 10m, 2h, 1d)", step)
}

// plan gives the minutes to the next showing of a card of the learning or
// relearning steps, and the step it is then at. No minutes: it leaves them.
func (s *Scheduler) plan(c Card, g Grade) (minutes, step int) {
	steps := s.p.LearningSteps
	if c.State == Review || c.State == Relearning {
		steps = s.p.RelearningSteps
	}
	if c.Step >= len(steps) {
		return 0, 0
	}
	at := func(i int) int {
		m, _ := Minutes(steps[i]) // NewScheduler read them all
		return m
	}
	switch {
	case c.State == Review: // Again; the passes have days
		return at(c.Step), 0
	case g == Again:
		return at(0), 0
	case g == Hard && len(steps) == 1:
		return round(float64(at(0)) * 1.5), c.Step
	case g == Hard:
		return round(float64(at(0)+at(1)) / 2), c.Step
	case g == Good && c.Step+1 < len(steps) && at(c.Step+1) > 0:
		return at(c.Step + 1), c.Step + 1
	}
	return 0, 0
}

// step dates a card by its steps: minutes keep it in `to`, a step of a day or
// more and the end of the steps send it to Review.
func (s *Scheduler) step(n *Card, was Card, g Grade, to State, at int64, f fuzz) {
	minutes, step := s.plan(was, g)
	switch {
	case minutes == 0:
		n.inDays(at, s.days(*n, f))
	case minutes < minutesPerDay:
		n.State, n.Step, n.Scheduled, n.Due = to, step, 0, at+int64(minutes)*minute
	default:
		n.State, n.Step, n.Scheduled, n.Due = Review, step, minutes/minutesPerDay, at+int64(minutes)*minute
	}
}
