package pattern

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// Match tells whether a document matches: a map[string]any as encoding/json
// decodes it, numbers as json.Number.
func (p *Pattern) Match(doc any) bool {
	for i := range p.branches {
		if p.branches[i].match(doc) {
			return true
		}
	}
	return false
}

// match collects for each path the leaves that satisfy it, then looks for one
// of each that stand in the same elements of the document's arrays.
func (b branch) match(doc any) bool {
	var room [8]leaf
	var marks [9]int
	leaves, ends := room[:0], marks[:1]
	for i := range b {
		f := &b[i]
		from := len(leaves)
		leaves = collect(leaves, doc, f.path, nil)
		if !f.absent && !f.keep(&leaves, from) {
			return false
		}
		ends = append(ends, len(leaves))
	}
	return b.combine(leaves, ends, 0, nil, &tries{})
}

// tries remembers what cannot be combined: without it, the elements of several
// arrays multiply.
type tries struct {
	steps  int
	failed map[string]bool // path and chosen elements from which nothing was found
}

// fewTries is how many steps are cheaper than to remember them.
const fewTries = 64

// key writes down what the rest of a search depends on: the path, and which element
// of each array is chosen that a leaf from there on lies in.
func (b branch) key(leaves []leaf, i int, in []place) string {
	key := strconv.AppendInt(nil, int64(i), 10)
	for _, p := range in {
		if slices.ContainsFunc(leaves, func(l leaf) bool {
			return slices.ContainsFunc(l.in, func(q place) bool { return q.array == p.array })
		}) {
			key = fmt.Appendf(key, ",%p:%d", p.array, p.index)
		}
	}
	return string(key)
}

// keep drops the leaves from a place on that satisfy no condition, and tells
// whether any is left.
func (f *field) keep(leaves *[]leaf, from int) bool {
	all := *leaves
	kept := all[:from]
	for i := from; i < len(all); i++ {
		if f.holds(&all[i]) {
			kept = append(kept, all[i])
		}
	}
	*leaves = kept
	return len(kept) > from
}

func (f *field) holds(l *leaf) bool {
	for i := range f.tests {
		if f.tests[i].holds(l) {
			return true
		}
	}
	return false
}

// combine chooses a leaf for path i and those after it, in the elements that
// the paths before it have chosen. A path is absent if it has no leaf in them.
func (b branch) combine(leaves []leaf, ends []int, i int, in []place, t *tries) (found bool) {
	if i == len(b) {
		return true
	}
	if t.steps++; t.steps > fewTries {
		key := b.key(leaves[ends[i]:], i, in)
		if t.failed[key] {
			return false
		}
		defer func() {
			if found {
				return
			}
			if t.failed == nil {
				t.failed = map[string]bool{}
			}
			t.failed[key] = true
		}()
	}
	f := &b[i]
	mine := leaves[ends[i]:ends[i+1]]
	there := false
	tried := false // with no more places than before: once is enough
	for k := range mine {
		l := &mine[k]
		joined, ok := join(in, l.in)
		if !ok {
			continue
		}
		there = true
		if f.absent && !f.holds(l) || len(joined) == len(in) && tried {
			continue
		}
		if b.combine(leaves, ends, i+1, joined, t) {
			return true
		}
		tried = tried || len(joined) == len(in)
	}
	return f.absent && !there && b.combine(leaves, ends, i+1, in, t)
}

// join adds the elements that a leaf stands in to those chosen so far; ok is
// false where they are different elements of one array.
func join(in, more []place) (joined []place, ok bool) {
	joined = in[:len(in):len(in)]
next:
	for _, p := range more {
		for _, q := range in {
			if q.array == p.array {
				if q.index != p.index {
					return nil, false
				}
				continue next
			}
		}
		joined = append(joined, p)
	}
	return joined, true
}

// collect appends the leaves of a document at a path. A name in the document
// may hold dots: `{"a.b": 1}` and `{"a": {"b": 1}}` are the same.
func collect(out []leaf, v any, path string, in []place) []leaf {
	switch v := v.(type) {
	case map[string]any:
		for cut := 0; ; {
			dot := strings.IndexByte(path[cut:], '.')
			if dot < 0 {
				break
			}
			cut += dot
			if next, ok := v[path[:cut]]; ok {
				out = collect(out, next, path[cut+1:], in)
			}
			cut++
		}
		if next, ok := v[path]; ok {
			out = collectHere(out, next, in)
		}
	case []any:
		for i := range v {
			switch v[i].(type) {
			case map[string]any, []any:
				out = collect(out, v[i], path, append(in[:len(in):len(in)], place{&v[0], i}))
			}
		}
	}
	return out
}

// collectHere appends a value at the end of a path, or those of its elements.
func collectHere(out []leaf, v any, in []place) []leaf {
	if list, ok := v.([]any); ok {
		for i := range list {
			if _, nested := list[i].([]any); nested {
				out = collectHere(out, list[i], append(in[:len(in):len(in)], place{&list[0], i}))
			} else {
				out = collectHere(out, list[i], in)
			}
		}
		return out
	}
	if l, ok := leafOf(v); ok {
		l.in = in
		out = append(out, l)
	}
	return out
}
