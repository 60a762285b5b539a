package drill

import (
	"fmt"
	"strconv"
	"strings"
)

// This file says values in words. Two values that differ read differently.

func plural(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return strconv.Itoa(n) + " " + many
}

// counted says a number of things.
func counted(one, many string) func(any) string {
	return func(v any) string { return plural(v.(int), one, many) }
}

// at says a time in seconds, to the millisecond.
func at(v any) string {
	s, ok := v.(float64)
	if !ok {
		return "not at all"
	}
	return "at " + strconv.FormatFloat(s, 'f', -1, 64) + " s"
}

// numbers reads labels: what follows the #.
func numbers(v any) []int {
	var out []int
	switch list := v.(type) {
	case string:
		return numbers([]string{list})
	case []string:
		for _, label := range list {
			_, n, _ := strings.Cut(label, "#")
			if i, err := strconv.Atoi(n); err == nil {
				out = append(out, i)
			}
		}
	case []any:
		for _, x := range list {
			out = append(out, numbers(x)...)
		}
	}
	return out
}

// records says a list of labels: "records 3 to 5 and 8", "none".
func records(v any) string { return recordWords(numbers(v)) }

// messages says the same of messages.
func messages(v any) string { return thingWords("message", numbers(v)) }

func recordWords(n []int) string { return thingWords("record", n) }

// thingWords says which of some things are meant.
func thingWords(thing string, n []int) string {
	var parts []string
	for i := 0; i < len(n); {
		j := i
		for j+1 < len(n) && n[j+1] == n[j]+1 {
			j++
		}
		switch j - i {
		case 0, 1:
			for ; i <= j; i++ {
				parts = append(parts, strconv.Itoa(n[i]))
			}
		default:
			parts = append(parts, fmt.Sprintf("%d to %d", n[i], n[j]))
		}
		i = j + 1
	}
	switch {
	case len(n) == 0:
		return "none"
	case len(n) == 1:
		return thing + " " + parts[0]
	case len(parts) == 1:
		return thing + "s " + parts[0]
	}
	return thing + "s " + strings.Join(parts[:len(parts)-1], ", ") + " and " + parts[len(parts)-1]
}
