package fsrs

import (
	"fmt"
	"math"
	"slices"
	"strconv"
)

// Params are what can be set. A zero Retention or MaxInterval, a nil Weights,
// LearningSteps or RelearningSteps stands for the default.
type Params struct {
	Retention       float64   // desired chance of knowing a card when it is due, (0, 1]
	MaxInterval     int       // days
	Weights         []float64 // 17 (FSRS-4), 19 (FSRS-5) or 21
	Fuzz            bool      // spread due dates a little
	ShortTerm       bool      // steps of minutes before steps of days
	LearningSteps   []string  // such as 1m, 10m, 2h, 1d
	RelearningSteps []string
}

// DefaultParams are FSRS-6's defaults: 90 %, steps of 1 and 10 minutes, 10
// minutes after a lapse, no fuzz.
func DefaultParams() Params {
	return Params{Retention: 0.9, MaxInterval: 36500, Weights: slices.Clone(defaultWeights), ShortTerm: true,
		LearningSteps: []string{"1m", "10m"}, RelearningSteps: []string{"10m"}}
}

var defaultWeights = []float64{0.212, 1.2931, 2.3065, 8.2956, 6.4133, 0.8334, 3.0194, 0.001, 1.8722, 0.1666, 0.796, 1.4835,
	0.0614, 0.2629, 1.6483, 0.6014, 1.8729, 0.5425, 0.0912, 0.0658, 0.1542}

const (
	minStability  = 0.001
	maxStability  = 36500.0
	shortCeiling  = 2.0 // of weights 17 and 18
	fsrs5Decay    = 0.5
	weightsFSRS4  = 17
	weightsFSRS5  = 19
	weightsFSRS6  = 21
	minutesPerDay = 1440
)

// bounds are the range of each weight.
var bounds = [weightsFSRS6][2]float64{
	{minStability, 100}, {minStability, 100}, {minStability, 100}, {minStability, 100}, // first stability
	{1, 10}, {0.001, 4}, {0.001, 4}, {0.001, 0.75}, // difficulty
	{0, 4.5}, {0, 0.8}, {0.001, 3.5}, // recall
	{0.001, 5}, {0.001, 0.25}, {0.001, 0.9}, {0, 4}, // forgetting
	{0, 1}, {1, 6}, // Hard, Easy
	{0, shortCeiling}, {0, shortCeiling}, {0.01, 0.8}, // same day
	{0.1, 0.8}, // decay
}

// complete fills in defaults, brings the weights within bounds and up to 21.
func (p Params) complete() (Params, error) {
	d := DefaultParams()
	if p.Retention == 0 {
		p.Retention = d.Retention
	}
	if !(p.Retention > 0 && p.Retention <= 1) {
		return p, fmt.Errorf("retention is %v (more than 0, up to 1)", p.Retention)
	}
	if p.MaxInterval == 0 {
		p.MaxInterval = d.MaxInterval
	}
	if p.MaxInterval < 1 {
		return p, fmt.Errorf("the longest interval is %d days (1 or more)", p.MaxInterval)
	}
	if p.LearningSteps == nil {
		p.LearningSteps = d.LearningSteps
	}
	if p.RelearningSteps == nil {
		p.RelearningSteps = d.RelearningSteps
	}
	for _, s := range slices.Concat(p.LearningSteps, p.RelearningSteps) {
		if _, err := Minutes(s); err != nil {
			return p, err
		}
	}
	if p.Weights == nil {
		p.Weights = d.Weights // not clipped: a ceiling may lie below a default
		return p, nil
	}
	for i, w := range p.Weights {
		if math.IsNaN(w) || math.IsInf(w, 0) {
			return p, fmt.Errorf("weight %d is %v (a number)", i, w)
		}
	}
	n := len(p.Weights)
	if n != weightsFSRS4 && n != weightsFSRS5 && n != weightsFSRS6 {
		return p, fmt.Errorf("there are %d weights (17, 19 or 21)", n)
	}
	w := clip(p.Weights, len(p.RelearningSteps), p.ShortTerm)
	switch n {
	case weightsFSRS4:
		w[4] = fixed8(w[5]*2 + w[4])
		w[5] = fixed8(math.Log(w[5]*3+1) / 3)
		w[6] = fixed8(w[6] + 0.5)
		w = append(w, 0, 0, 0, fsrs5Decay)
	case weightsFSRS5:
		w = append(w, 0, fsrs5Decay)
	}
	p.Weights = w
	return p, nil
}

// clip brings weights within bounds. More than one relearning step lowers the
// ceiling of the same-day weights, so that a lapse followed by its steps
// cannot leave a card more stable than it was.
func clip(weights []float64, relearning int, shortTerm bool) []float64 {
	b := bounds
	if !shortTerm {
		b[19][0] = 0
	}
	if relearning > 1 {
		w11, w13, w14 := clamp(weights[11], b[11][0], b[11][1]), clamp(weights[13], b[13][0], b[13][1]), clamp(weights[14], b[14][0], b[14][1])
		v := -(math.Log(w11) + math.Log(math.Pow(2, w13)-1) + w14*0.3) / float64(relearning)
		top := clamp(r8(math.Sqrt(max(v, 0))), 0.01, shortCeiling)
		b[17][1], b[18][1] = top, top
	}
	out := make([]float64, len(weights))
	for i, w := range weights {
		out[i] = clamp(w, b[i][0], b[i][1])
	}
	return out
}

func clamp(v, lo, hi float64) float64 { return min(max(v, lo), hi) }

// r8 rounds to 8 decimals, halves up.
func r8(x float64) float64 { return math.Floor(x*1e8+0.5) / 1e8 }

func round(x float64) int { return int(math.Floor(x + 0.5)) }

// fixed8 is a number as it reads with 8 decimals.
func fixed8(x float64) float64 {
	v, err := strconv.ParseFloat(strconv.FormatFloat(x, 'f', 8, 64), 64)
	if err != nil {
		return x // FormatFloat writes numbers
	}
	return v
}
