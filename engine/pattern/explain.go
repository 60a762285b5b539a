package pattern

import (
	"bytes"
	"encoding/json"
	"slices"
	"strings"

	"esmlab/engine/rule"
)

// Verdict is what a pattern says of a document, and why.
type Verdict struct {
	Match bool
	Rule  rule.ID // what decided; "" on a match
	// Of the first condition that failed, in the order they are written:
	Path   string // "data.price"
	Want   string // its conditions, as the pattern has them: `[{"numeric":[">",100]}]`
	Have   string // what was there, as JSON; "" where nothing was
	Offset int    // byte of the pattern where Want begins
	Reason string // in a sentence
	// Filter is the index of the filter that is told of, where a mapping has
	// several: the one that came nearest.
	Filter int
}

// Explain judges a document and says why it does not match.
func (p *Pattern) Explain(doc any) Verdict {
	if p.Match(doc) {
		return Verdict{Match: true}
	}
	best, met, inside := Verdict{}, -1, false
	for _, b := range p.branches {
		v, n, or := b.explain(p.src, doc)
		if n = 2 * n; v.Have != "" {
			n++ // something is there
		}
		if n > met {
			best, met, inside = v, n, or
		}
	}
	if inside && !best.Rule.Quirk() {
		best.Rule = rule.FilOrInside
		best.Reason = "no alternative of $or matches; nearest: " + best.Reason
	}
	return best
}

// explain gives the first failing condition of a branch that does not match, how
// many of its paths did match, and whether the condition is inside $or.
func (b branch) explain(src string, doc any) (v Verdict, met int, inside bool) {
	var failed *field
	for i := range b {
		f := &b[i]
		if (branch{*f}).match(doc) {
			met++
		} else if failed == nil || f.at < failed.at {
			failed = f
		}
	}
	if failed == nil { // each path matches, but in different elements
		last := slices.MaxFunc(b, func(x, y field) int { return x.at - y.at })
		v = Verdict{Path: last.path, Want: src[last.at:last.end], Offset: last.at, Have: have(doc, last.path), Rule: rule.FilArrayElement,
			Reason: "each field matches, but in different elements of an array: one element must have them all"}
		return v, met, last.or
	}
	leaves := collect(nil, doc, failed.path, nil)
	v = Verdict{Path: failed.path, Want: src[failed.at:failed.end], Offset: failed.at, Have: have(doc, failed.path)}
	v.Rule, v.Reason = failed.why(leaves, v.Have)
	if v.Rule == rule.FilEqual && met > 0 {
		v.Rule, v.Reason = rule.FilAnd, v.Reason+"; every field of a pattern must match"
	}
	return v, met, failed.or
}

// why says which rule keeps a path from matching.
func (f *field) why(leaves []leaf, have string) (rule.ID, string) {
	switch {
	case len(leaves) == 0 && have == "" && f.dotted:
		return rule.FilDots, "nothing is at " + f.path + ": dots in a name and nesting are the same path"
	case len(leaves) == 0 && have == "":
		return rule.FilMissing, "nothing is at " + f.path + ", and only {\"exists\": false} matches a missing key"
	case len(leaves) == 0 && strings.HasPrefix(have, "["):
		return rule.FilExistsEmpty, "the list at " + f.path + " holds no value: it counts as not there"
	case len(leaves) == 0:
		return rule.FilExistsLeaf, "at " + f.path + " is an object, not a value: to a condition it is missing"
	case len(leaves) > 1:
		return rule.FilArray, "none of the values of the list matches"
	}
	l := &leaves[0]
	if len(f.tests) == 1 {
		return f.tests[0].why(l)
	}
	for i := range f.tests { // a quirk says more than that the list has none
		if id, reason := f.tests[i].why(l); id.Quirk() {
			return id, reason
		}
	}
	if l.kind == literal && l.text == "null" {
		return rule.FilNull, "null equals nothing but null"
	}
	return rule.FilList, "none of the alternatives in the list matches"
}

// why says which rule keeps one condition from holding for one value.
func (t *test) why(l *leaf) (rule.ID, string) {
	textual := l.kind == text
	if t.not {
		switch t.op {
		case opEqual, opNumber:
			return rule.FilBut, "the value is one that anything-but excludes"
		}
		return rule.FilButText, "the text is what anything-but excludes"
	}
	switch t.op {
	case opExists:
		return rule.FilExists, "the key is there, and any value, null too, keeps {\"exists\": false} from matching"
	case opRange:
		switch {
		case textual:
			return rule.FilNumericText, "numeric never matches a string, not even one with digits in it"
		case l.kind == number && !l.exact:
			return rule.FilNumberText, "the number has more digits than a double holds: numeric does not see it"
		}
		if l.kind == literal {
			return rule.FilNumeric, "numeric matches numbers only"
		}
		return rule.FilNumeric, "the value is outside the range"
	case opCIDR, opAddress:
		return rule.FilCIDR, "the value is not an address of the network"
	case opNumber:
		switch {
		case textual && l.text == t.nums[0].text:
			return rule.FilType, "a string never equals a number"
		case l.kind == number && (!l.exact || !t.nums[0].exact):
			return rule.FilNumberText, "the number has more digits than a double holds: it is compared as it is written"
		case l.kind == number:
			return rule.FilNumber, "the numbers differ in value"
		}
	case opLiteral:
		if textual && l.text == t.texts[0] {
			return rule.FilType, "the string \"" + l.text + "\" is not " + l.text
		}
	case opEqual:
		if !textual && l.text == t.texts[0] {
			return rule.FilType, "a string never equals a value of another type"
		}
	default:
		return t.whyText(l)
	}
	if l.kind == literal && l.text == "null" {
		return rule.FilNull, "null equals nothing but null"
	}
	return rule.FilEqual, "the value is another"
}

// whyText is why for the conditions on text.
func (t *test) whyText(l *leaf) (rule.ID, string) {
	if l.kind != text {
		return rule.FilText, "prefix, suffix, equals-ignore-case and wildcard match strings only"
	}
	switch t.op {
	case opPrefix, opPrefixFold:
		return rule.FilPrefix, "the text does not begin so"
	case opSuffix, opSuffixFold:
		return rule.FilSuffix, "the text does not end so"
	case opFold:
		return rule.FilCase, "the text is another, whatever its case"
	}
	if t.texts[0] == "" {
		return rule.FilWildcardEmpty, "an empty wildcard matches the empty text only"
	}
	return rule.FilWildcard, "the text does not fit the wildcard"
}

// have gives what a document holds at a path, as JSON: the first thing there,
// whatever it is.
func have(doc any, path string) string {
	v, ok := at(doc, path)
	if !ok {
		return ""
	}
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	if enc.Encode(v) != nil {
		return ""
	}
	return strings.TrimSuffix(b.String(), "\n")
}

// at walks a path as collect does, and gives leaves and what is none.
func at(v any, path string) (any, bool) {
	switch v := v.(type) {
	case map[string]any:
		if next, ok := v[path]; ok {
			return next, true
		}
		for i := range len(path) {
			if path[i] != '.' {
				continue
			}
			if next, ok := v[path[:i]]; ok {
				if got, ok := at(next, path[i+1:]); ok {
					return got, true
				}
			}
		}
	case []any:
		var all []any
		for _, item := range v {
			if got, ok := at(item, path); ok {
				all = append(all, got)
			}
		}
		if len(all) == 1 {
			return all[0], true
		}
		return all, len(all) > 0
	}
	return nil, false
}
