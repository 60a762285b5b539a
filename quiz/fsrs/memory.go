package fsrs

import "math"

// This file holds the formulas of FSRS-6: how memory fades, and what a review
// makes of it. G is the grade, D difficulty, S stability, R retrievability.

// decayFactor gives the exponent of forgetting and the factor that makes R 0.9
// after S days.
func decayFactor(w20 float64) (decay, factor float64) {
	decay = -w20
	return decay, r8(math.Exp(math.Pow(decay, -1)*math.Log(0.9)) - 1)
}

// Retrievability is the chance to know a card of that stability so many days
// after its last review.
func (s *Scheduler) Retrievability(days int, stability float64) float64 {
	return r8(math.Pow(1+s.factor*float64(days)/stability, s.decay))
}

// Modifier is the interval for a retention, in days per day of stability.
func (s *Scheduler) Modifier(retention float64) float64 {
	return r8((math.Pow(retention, 1/s.decay) - 1) / s.factor)
}

// memory gives stability and difficulty after a review.
func (s *Scheduler) memory(c Card, days int, g Grade) (stability, difficulty float64) {
	if c.Difficulty == 0 && c.Stability == 0 {
		return max(s.p.Weights[g-1], 0.1), clamp(s.firstDifficulty(g), 1, 10)
	}
	d, st := c.Difficulty, c.Stability
	switch r := s.Retrievability(days, st); {
	case days == 0 && s.p.ShortTerm:
		stability = s.sameDay(st, g)
	case g == Again:
		stability = s.forget(d, st, r)
	default:
		stability = s.recall(d, st, r, g)
	}
	return stability, s.nextDifficulty(d, g)
}

// firstDifficulty is not brought within 1 to 10: nextDifficulty leans on it
// as it is.
func (s *Scheduler) firstDifficulty(g Grade) float64 {
	w := s.p.Weights
	return r8(w[4] - math.Exp(float64(g-1)*w[5]) + 1)
}

func (s *Scheduler) nextDifficulty(d float64, g Grade) float64 {
	w := s.p.Weights
	delta := -w[6] * float64(g-3)
	next := d + r8(delta*(10-d)/9)
	return clamp(r8(w[7]*s.firstDifficulty(Easy)+(1-w[7])*next), 1, 10)
}

func (s *Scheduler) sameDay(st float64, g Grade) float64 {
	w := s.p.Weights
	inc := math.Pow(st, -w[19]) * math.Exp(w[17]*(float64(g-3)+w[18]))
	if g >= Hard {
		inc = max(inc, 1)
	}
	return r8(clamp(st*inc, minStability, maxStability))
}

func (s *Scheduler) recall(d, st, r float64, g Grade) float64 {
	w := s.p.Weights
	hard, easy := 1.0, 1.0
	switch g {
	case Hard:
		hard = w[15]
	case Easy:
		easy = w[16]
	}
	return r8(clamp(st*(1+math.Exp(w[8])*(11-d)*math.Pow(st, -w[9])*(math.Exp((1-r)*w[10])-1)*hard*easy), minStability, maxStability))
}

func (s *Scheduler) forget(d, st, r float64) float64 {
	w := s.p.Weights
	after := r8(clamp(w[11]*math.Pow(d, -w[12])*(math.Pow(st+1, w[13])-1)*math.Exp((1-r)*w[14]), minStability, maxStability))
	gain := 0.0
	if s.p.ShortTerm {
		gain = w[17] * w[18]
	}
	return clamp(r8(st/math.Exp(gain)), minStability, after)
}

// days is the interval of a card in Review.
func (s *Scheduler) days(c Card, f fuzz) int {
	return f.apply(min(max(1, round(c.Stability*s.modifier)), s.p.MaxInterval))
}
