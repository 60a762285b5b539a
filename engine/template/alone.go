package template

import (
	"slices"
	"strconv"
	"strings"
)

// This file sums up what is left alone: resources and events that are not simulated, and
// properties that change nothing here.

// aloneThing is something that is left alone, and what kind it is.
type aloneThing struct{ name, kind string }

// mostNamed is how many things a note names, and how many kinds.
const mostNamed = 3

// noteAlone notes what was left alone: by name where that is little, else the kinds and
// how many. Details has all.
func (t *Template) noteAlone() {
	slices.SortStableFunc(t.alone, func(a, b aloneThing) int { return strings.Compare(a.name, b.name) })
	count := map[string]int{}
	var names, kinds []string
	for _, x := range t.alone {
		t.Details = append(t.Details, "left alone: "+x.name+" ("+strings.TrimSuffix(x.kind, " event")+")")
		names = append(names, x.name+" ("+strings.TrimSuffix(x.kind, " event")+")")
		if count[x.kind]++; count[x.kind] == 1 {
			kinds = append(kinds, x.kind)
		}
	}
	slices.SortStableFunc(kinds, func(a, b string) int {
		if count[a] != count[b] {
			return count[b] - count[a]
		}
		return strings.Compare(a, b)
	})
	var parts []string
	switch {
	case len(names) == 0:
	case len(names) <= mostNamed:
		parts = append(parts, strings.Join(names, ", "))
	default:
		var said []string
		rest := 0
		for i, kind := range kinds {
			if i < mostNamed {
				text := strconv.Itoa(count[kind]) + " " + kind
				if strings.HasSuffix(kind, " event") {
					text = plural(count[kind], kind)
				}
				said = append(said, text)
			} else {
				rest += count[kind]
			}
		}
		if rest > 0 {
			said = append(said, strconv.Itoa(rest)+" of other kinds")
		}
		parts = append(parts, strings.Join(said, ", "))
	}
	slices.Sort(t.unused)
	for _, name := range t.unused {
		t.Details = append(t.Details, "changes nothing here: "+name)
	}
	switch n := len(t.unused); {
	case n == 1:
		parts = append(parts, t.unused[0]+", which changes nothing here")
	case n > 1:
		parts = append(parts, plural(n, "property")+" that change nothing here")
	}
	if len(parts) > 0 {
		t.Note("left alone: " + strings.Join(parts, "; "))
	}
}

func plural(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	if word, y := strings.CutSuffix(what, "y"); y {
		return strconv.Itoa(n) + " " + word + "ies"
	}
	return strconv.Itoa(n) + " " + what + "s"
}
