package pattern

import (
	"math"
	"strconv"
	"strings"
)

// byValue gives the value of a JSON number and whether the matcher compares
// it by value: a number that a double does not hold to its last digit is
// compared as it is written (FIL-NUMBER-2).
func byValue(s string) (float64, bool) {
	f, err := strconv.ParseFloat(s, 64)
	if err != nil || math.IsInf(f, 0) || math.IsNaN(f) {
		return 0, false
	}
	if len(s) <= 15 && !strings.ContainsAny(s, "eE") { // every double holds 15 digits
		return f, true
	}
	var buf [32]byte
	digits, exp := scientific(s)
	held, heldExp := scientific(string(strconv.AppendFloat(buf[:0], f, 'e', -1, 64)))
	return f, digits == held && exp == heldExp
}

// scientific gives a number's digits without leading and trailing zeros, and
// the power of ten of the first one. Zero has no digits.
func scientific(s string) (digits string, exp int) {
	s = strings.TrimPrefix(s, "-")
	if i := strings.IndexAny(s, "eE"); i >= 0 {
		exp, _ = strconv.Atoi(s[i+1:]) // ParseFloat took it
		s = s[:i]
	}
	whole, frac, _ := strings.Cut(s, ".")
	exp += len(whole) - 1
	digits = whole + frac
	for strings.HasPrefix(digits, "0") {
		digits, exp = digits[1:], exp-1
	}
	if digits = strings.TrimRight(digits, "0"); digits == "" {
		exp = 0
	}
	return digits, exp
}
