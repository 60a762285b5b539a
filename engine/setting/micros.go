package setting

import (
	"strconv"
	"strings"
	"time"
)

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

// Words writes a length of time for people: "200 ms", "1.5 s", "5 min", "24 h".
func (m Micros) Words() string {
	switch {
	case m == 0:
		return "0 s"
	case m < Millisecond:
		return strconv.FormatInt(int64(m), 10) + " us"
	case m < Second && m%(100*Millisecond) != 0:
		return tenths(m*10/Millisecond) + " ms"
	case m >= 2*Hour && m%Hour == 0:
		return Thousands(int(m/Hour)) + " h"
	case m >= 2*Minute && m%Minute == 0:
		return strconv.FormatInt(int64(m/Minute), 10) + " min"
	}
	return tenths(m*10/Second) + " s"
}

// tenths writes n tenths with one decimal, or none where it is zero.
func tenths(n Micros) string {
	s := Thousands(int(n / 10))
	if n%10 != 0 {
		s += "." + strconv.FormatInt(int64(n%10), 10)
	}
	return s
}

// ParseTime reads a Go duration (200ms) or a number of seconds (0.2), in whole
// microseconds and at most MaxTime.
func ParseTime(s string) (Micros, bool) {
	s = strings.TrimSpace(s)
	if s == "" {
		return 0, false
	}
	if whole, frac, _ := strings.Cut(s, "."); strings.Trim(whole+frac, "0123456789") == "" && len(whole) <= 10 && whole != "" {
		frac = strings.TrimRight(frac, "0")
		if len(frac) > 6 {
			return 0, false
		}
		n, err := strconv.ParseInt(whole+(frac + "000000")[:6], 10, 64)
		return Micros(n), err == nil && Micros(n) <= MaxTime
	}
	d, err := time.ParseDuration(s)
	if err != nil || d < 0 || d%time.Microsecond != 0 || Micros(d.Microseconds()) > MaxTime {
		return 0, false
	}
	return Micros(d.Microseconds()), true
}

// MaxTime bounds every length of time that can be set: ten years.
const MaxTime = 10 * 365 * 24 * Hour

// TimeForm says how a length of time is written.
const TimeForm = "as 200ms, 5m or a number of seconds, in whole microseconds"

// Thousands writes a whole number with commas: 604,800.
func Thousands(n int) string {
	s := strconv.Itoa(n)
	neg := ""
	if n < 0 {
		neg, s = "-", s[1:]
	}
	for i := len(s) - 3; i > 0; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return neg + s
}
