package pattern

import (
	"encoding/json"
	"net/netip"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// op is what a condition asks.
type op uint8

const (
	opEqual   op = iota // a text, or one of a list inside anything-but
	opNumber            // a number, or one of a list inside anything-but
	opLiteral           // true, false, null
	opPrefix
	opSuffix
	opFold // equals-ignore-case
	opPrefixFold
	opSuffixFold
	opWildcard
	opRange // numeric
	opExists
	opCIDR
	opAddress // a text that is an IP address
)

// test is one condition.
type test struct {
	op     op
	not    bool // anything-but
	exists bool // opExists
	texts  []string
	nums   []num
	wild   [][]string // opWildcard: what stands between the stars
	low    bound
	high   bound
	net    netip.Prefix
	at     int // where it stands in the source
	end    int
}

// num is a number of a pattern.
type num struct {
	text  string
	value float64
	exact bool // compared by value
}

// bound is an end of a numeric range.
type bound struct {
	value float64
	set   bool
	open  bool // the value itself is outside
}

// leaf is a value of a document with no others below it.
type leaf struct {
	kind  kind
	text  string
	value float64
	exact bool
	in    []place // the elements of arrays of objects that it stands in
}

// place is an element of an array.
type place struct {
	array *any // the array's first element stands for the array
	index int
}

// leafOf reads a scalar of a decoded document; ok is false for what is none.
func leafOf(v any) (l leaf, ok bool) {
	switch v := v.(type) {
	case nil:
		return leaf{kind: literal, text: "null"}, true
	case bool:
		if v {
			return leaf{kind: literal, text: "true"}, true
		}
		return leaf{kind: literal, text: "false"}, true
	case string:
		return leaf{kind: text, text: v}, true
	case json.Number:
		l = leaf{kind: number, text: string(v)}
		l.value, l.exact = byValue(l.text)
		return l, true
	case float64:
		b, _ := json.Marshal(v) // NaN and infinities are in no document
		return leaf{kind: number, text: string(b), value: v, exact: true}, true
	}
	return leaf{}, false
}

// holds tells whether a condition holds for a leaf.
func (t *test) holds(l *leaf) bool {
	switch t.op {
	case opExists:
		return t.exists
	case opLiteral:
		return l.kind == literal && l.text == t.texts[0]
	case opNumber:
		return t.not != (l.kind == number && slices.ContainsFunc(t.nums, l.equals))
	case opRange:
		return l.kind == number && l.exact && t.low.above(l.value) && t.high.below(l.value)
	case opCIDR, opAddress:
		return l.kind == text && t.contains(l.text)
	}
	return t.not != (l.kind == text && t.reads(l.text))
}

// reads tells whether a text is what the condition describes.
func (t *test) reads(s string) bool {
	if t.op == opWildcard {
		return slices.ContainsFunc(t.wild, func(parts []string) bool { return wildcard(s, parts) })
	}
	for _, want := range t.texts {
		var ok bool
		switch t.op {
		case opEqual:
			ok = s == want
		case opPrefix:
			ok = strings.HasPrefix(s, want)
		case opSuffix:
			ok = strings.HasSuffix(s, want)
		case opFold:
			rest, found := foldPrefix(s, want)
			ok = found && rest == ""
		case opPrefixFold:
			_, ok = foldPrefix(s, want)
		case opSuffixFold:
			ok = foldSuffix(s, want)
		}
		if ok {
			return true
		}
	}
	return false
}

func (l *leaf) equals(n num) bool {
	if n.exact && l.exact {
		return n.value == l.value
	}
	return n.text == l.text
}

func (b bound) above(v float64) bool { return !b.set || v > b.value || v == b.value && !b.open }
func (b bound) below(v float64) bool { return !b.set || v < b.value || v == b.value && !b.open }

// contains tells whether a text is an IP address of the condition's network.
func (t *test) contains(s string) bool {
	a, err := netip.ParseAddr(s)
	return err == nil && a.Zone() == "" && t.net.Contains(a.Unmap())
}

// folds tells whether a character of a document is one of a pattern in either
// case.
func folds(r, want rune) bool {
	return r == want || r == unicode.ToLower(want) || r == unicode.ToUpper(want)
}

// foldPrefix takes a prefix off a text, whatever its case.
func foldPrefix(s, prefix string) (rest string, ok bool) {
	for _, want := range prefix {
		r, size := utf8.DecodeRuneInString(s)
		if size == 0 || !folds(r, want) {
			return s, false
		}
		s = s[size:]
	}
	return s, true
}

func foldSuffix(s, suffix string) bool {
	for suffix != "" {
		want, n := utf8.DecodeLastRuneInString(suffix)
		r, size := utf8.DecodeLastRuneInString(s)
		if size == 0 || !folds(r, want) {
			return false
		}
		s, suffix = s[:len(s)-size], suffix[:len(suffix)-n]
	}
	return true
}

// wildcard matches a text with what stands between the stars.
func wildcard(s string, parts []string) bool {
	last := len(parts) - 1
	if last == 0 {
		return s == parts[0]
	}
	s, ok := strings.CutPrefix(s, parts[0])
	if !ok || !strings.HasSuffix(s, parts[last]) {
		return false
	}
	s = s[:len(s)-len(parts[last])]
	for _, part := range parts[1:last] {
		i := strings.Index(s, part)
		if i < 0 {
			return false
		}
		s = s[i+len(part):]
	}
	return true
}
