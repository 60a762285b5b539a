package fsrs

import (
	"math"
	"strconv"
)

// fuzz spreads intervals, so that cards learned together do not stay together.
type fuzz struct {
	on           bool
	seed         string
	elapsed, max int // days
}

// seed names a review: the same review always draws the same fuzz.
func seed(at int64, reps int, product float64) string {
	return strconv.FormatInt(at, 10) + "_" + strconv.Itoa(reps) + "_" + strconv.FormatFloat(product, 'f', -1, 64)
}

// ranges say which share of an interval's days may be added or taken.
var ranges = [...]struct{ from, to, share float64 }{{2.5, 7, 0.15}, {7, 20, 0.1}, {20, math.Inf(1), 0.05}}

func (f fuzz) apply(days int) int {
	if !f.on || days < 3 { // intervals are whole, the rule says 2.5
		return days
	}
	ivl, delta := float64(days), 1.0
	for _, r := range ranges {
		delta += r.share * max(min(ivl, r.to)-r.from, 0)
	}
	lo, hi := max(2, round(ivl-delta)), min(round(ivl+delta), f.max)
	if days > f.elapsed {
		lo = max(lo, f.elapsed+1)
	}
	lo = min(lo, hi)
	return int(math.Floor(alea(f.seed)*float64(hi-lo+1) + float64(lo)))
}

const inv32 = 2.3283064365386963e-10 // 2^-32

// alea is the first number of Johannes Baagøe's generator Alea for a seed.
func alea(seed string) float64 {
	m := mash(0xefc8249d)
	s := [3]float64{m.add(" "), m.add(" "), m.add(" ")}
	for i := range s {
		if s[i] -= m.add(seed); s[i] < 0 {
			s[i]++
		}
	}
	t := 2091639*s[0] + inv32
	return t - math.Trunc(t)
}

// mash is Alea's hash; its state is a whole number with a fraction.
type mash float64

func (m *mash) add(text string) float64 {
	n := float64(*m)
	for i := range len(text) {
		n += float64(text[i])
		h := 0.02519603282416938 * n
		n = low32(h)
		h -= n
		h *= n
		n = low32(h)
		h -= n
		n += h * 4294967296
	}
	*m = mash(n)
	return low32(n) * inv32
}

// low32 is the whole part of a number that is not negative, modulo 2^32.
func low32(x float64) float64 { return math.Mod(math.Trunc(x), 4294967296) }
