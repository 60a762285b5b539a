package engine

import "strconv"

// Micros is an instant of virtual time (microseconds since second 0) or a
// length of time in microseconds. All of the engine's time is whole
// microseconds, so that no rounding can differ between machines.
type Micros int64

// Units of Micros.
const (
	Millisecond Micros = 1_000
	Second             = 1_000 * Millisecond
	Minute             = 60 * Second
	Hour               = 60 * Minute
	// Never lies after every instant a run can reach.
	Never Micros = 1<<63 - 1
)

// Seconds gives m in seconds.
func (m Micros) Seconds() float64 { return float64(m) / float64(Second) }

// String writes m in seconds without needless zeros: "19.1", "0.0002".
func (m Micros) String() string { return string(m.Append(nil)) }

// Append writes m in seconds, exactly and without an exponent, to b.
func (m Micros) Append(b []byte) []byte {
	if m < 0 {
		b = append(b, '-')
		m = -m
	}
	b = strconv.AppendInt(b, int64(m/Second), 10)
	if frac := int64(m % Second); frac != 0 {
		b = append(b, '.')
		for unit := int64(Second) / 10; frac > 0; unit /= 10 {
			b = append(b, byte('0'+frac/unit))
			frac %= unit
		}
	}
	return b
}
