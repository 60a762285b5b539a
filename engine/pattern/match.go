package pattern

import "strings"

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
	return b.combine(leaves, ends, 0, nil)
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
func (b branch) combine(leaves []leaf, ends []int, i int, in []place) bool {
	if i == len(b) {
		return true
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
		if b.combine(leaves, ends, i+1, joined) {
			return true
		}
		tried = tried || len(joined) == len(in)
	}
	return f.absent && !there && b.combine(leaves, ends, i+1, in)
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
