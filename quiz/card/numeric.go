package card

import (
	"cmp"
	"slices"
	"strconv"
	"strings"
	"unicode"
)

// Ascending gives the order of options that are numbers, the smallest first: as
// indices into the texts. ok is false where they are not: each begins with a number, and
// no two with the same, or they differ in nothing but numbers. An exam has numbers in
// their order, because a place that is looked for tells nothing.
func Ascending(texts []string) (order []int, ok bool) {
	all := make([]quantity, len(texts))
	same, scaled := true, true
	for i, text := range texts {
		q, lead := quantities(text)
		if !lead {
			return nil, false
		}
		all[i] = q
		same = same && slices.Equal(q.words, all[0].words)
		scaled = scaled && q.dimension == all[0].dimension // 5 shards beside 3 s: the figures alone
	}
	compare := func(a, b int) int {
		x, y := all[a].plain, all[b].plain
		if scaled {
			x, y = all[a].scaled, all[b].scaled
		}
		if !same {
			x, y = x[:1], y[:1]
		}
		return slices.Compare(x, y)
	}
	for i := range texts {
		order = append(order, i)
	}
	slices.SortStableFunc(order, compare)
	for i := 1; i < len(order); i++ {
		if compare(order[i-1], order[i]) == 0 {
			return nil, false
		}
	}
	return order, len(order) > 1
}

// quantity is what a text says in numbers.
type quantity struct {
	plain, scaled []float64 // all of them; scaled: in seconds or bytes
	dimension     string    // of the first: time, size, or "" for a count
	words         []string  // the beginnings of the other words
}

// beforeNumber may stand before a number.
var beforeNumber = []string{"about", "exactly", "only", "up", "to", "at", "most", "least", "around", "the", "after", "every", "within", "nearly", "almost", "some"}

// numerals are the numbers that are written as words.
var numerals = map[string]float64{"no": 0, "none": 0, "zero": 0, "never": 0, "one": 1, "once": 1, "two": 2, "twice": 2, "both": 2, "three": 3, "four": 4, "five": 5,
	"six": 6, "seven": 7, "eight": 8, "nine": 9, "ten": 10, "eleven": 11, "twelve": 12}

// units are the units that make a number of another size.
var units = map[string]struct {
	dimension string
	factor    float64
}{
	"ms": {"time", 1e-3}, "millisecond": {"time", 1e-3}, "milliseconds": {"time", 1e-3}, "s": {"time", 1}, "sec": {"time", 1}, "second": {"time", 1}, "seconds": {"time", 1},
	"min": {"time", 60}, "minute": {"time", 60}, "minutes": {"time", 60}, "h": {"time", 3600}, "hour": {"time", 3600}, "hours": {"time", 3600},
	"day": {"time", 86400}, "days": {"time", 86400}, "week": {"time", 604800}, "weeks": {"time", 604800},
	"kb": {"size", 1e3}, "kib": {"size", 1 << 10}, "mb": {"size", 1e6}, "mib": {"size", 1 << 20}, "gb": {"size", 1e9}, "gib": {"size", 1 << 30}, "bytes": {"size", 1},
}

// quantities reads the numbers of a text; lead tells that it begins with one.
func quantities(text string) (q quantity, lead bool) {
	words := strings.FieldsFunc(strings.ToLower(text), func(r rune) bool {
		return unicode.IsSpace(r) || strings.ContainsRune("()[]:;/=≤≥<>~≈+–—\"'`*_", r)
	})
	begun := false
	for i, w := range words {
		w = strings.Trim(w, ",.!?")
		v, unit, ok := numberOf(w)
		if !begun {
			if !ok && slices.Contains(beforeNumber, w) {
				continue
			}
			if begun = true; ok {
				lead = true
			}
		}
		if !ok {
			if units[w].dimension == "" && w != "" {
				q.words = append(q.words, w[:min(len(w), 4)]) // delivery, deliveries
			}
			continue
		}
		if unit == "" && i+1 < len(words) {
			unit = strings.Trim(words[i+1], ",.!?")
		}
		u, known := units[unit]
		if !known {
			u.factor = 1
		}
		if len(q.plain) == 0 {
			q.dimension = u.dimension
		}
		q.plain, q.scaled = append(q.plain, v), append(q.scaled, v*u.factor)
	}
	return q, lead
}

// numberOf reads 1,000, 0.5, 90%, 30s or a numeral.
func numberOf(w string) (v float64, unit string, ok bool) {
	if v, ok := numerals[w]; ok {
		return v, "", true
	}
	end := 0
	for end < len(w) && (w[end] >= '0' && w[end] <= '9' || (w[end] == ',' || w[end] == '.' || w[end] == '-' && end == 0) && end+1 < len(w) && w[end+1] >= '0' && w[end+1] <= '9') {
		end++
	}
	if unit = w[end:]; end == 0 || unit != "" && unit != "%" && units[unit].dimension == "" {
		return 0, "", false
	}
	v, err := strconv.ParseFloat(strings.ReplaceAll(w[:end], ",", ""), 64)
	return v, unit, err == nil && cmp.Compare(v, v) == 0
}
