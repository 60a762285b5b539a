// Package pattern is the language of filter patterns: what an event source
// mapping's FilterCriteria may say, which record it lets through, and why not.
//
// Compile reads a pattern, Match judges a document by it, Explain says which
// condition failed, at which path, on which value, and by which rule. Criteria
// holds the filters of one mapping: a record passes if one of them matches.
//
//	p, err := pattern.Compile(`{"data":{"price":[{"numeric":[">",100]}]}}`)
//	p.Match(doc)   // doc: map[string]any, as encoding/json decodes with UseNumber
//	p.Explain(doc) // Path "data.price", Have `"300"`, Rule FIL-NUMERIC-2
//
// The semantics are those of EventBridge's rule matcher, which AWS publishes
// (github.com/aws/event-ruler): a document is the list of its leaves, each
// with the names on the way to it joined by dots; a pattern is a list of
// paths, each with conditions of which one must hold for one leaf there.
package pattern

import (
	"slices"
	"strings"

	"esmlab/engine/rule"
)

// MaxLength is how many characters a pattern may have.
const MaxLength = 4096

// maxBranches bounds what $or lists multiply to.
const maxBranches = 1000

// Invalid is what Lambda answers to every pattern it does not take.
const Invalid = "Invalid filter pattern definition."

// Error is why a pattern is refused, in the words of EventBridge where it has
// them, and the byte of the pattern where it shows.
type Error struct {
	Offset int
	Reason string
	Rule   rule.ID
}

func (e *Error) Error() string { return e.Reason }

func bad(offset int, reason string) *Error { return &Error{offset, reason, rule.FilPattern} }

// Pattern is a compiled filter pattern. It is never changed: copies of a
// simulation share it.
type Pattern struct {
	src      string
	branches []branch // one of them must match; one where there is no $or
	tops     []string // first names of all its paths, dots cut
	nested   []string // those tops under which it has conditions deeper down
}

// branch is a set of paths that must all match.
type branch []field // sorted by path

// field is one path with its conditions.
type field struct {
	path   string
	tests  []test // one must hold
	absent bool   // one of them is {"exists": false}
	or     bool   // it stands inside a $or
	dotted bool   // a name in the pattern has a dot
	at     int    // where its list begins in the source
	end    int
}

// Source is the pattern as it was written.
func (p *Pattern) Source() string { return p.src }

// Tops are the keys at the top of a document that the pattern looks at.
func (p *Pattern) Tops() []string { return p.tops }

// Uses tells whether a condition looks at or below a key at the top of the
// document: "data", "body", "eventName".
func (p *Pattern) Uses(key string) bool { return slices.Contains(p.tops, key) }

// UsesOnly tells whether the pattern looks at that key and at nothing else.
func (p *Pattern) UsesOnly(key string) bool { return len(p.tops) == 1 && p.tops[0] == key }

// Inside tells whether a condition looks at something below a key at the top
// of the document: the pattern takes that key for JSON.
func (p *Pattern) Inside(key string) bool { return slices.Contains(p.nested, key) }

// plain tells whether a condition stands at a key at the top itself: the
// pattern takes it for text.
func (p *Pattern) plain(key string) bool {
	return slices.ContainsFunc(p.branches, func(b branch) bool {
		return slices.ContainsFunc(b, func(f field) bool { return f.path == key })
	})
}

// index notes what the pattern looks at.
func (p *Pattern) index() {
	for _, b := range p.branches {
		for _, f := range b {
			top, _, deeper := strings.Cut(f.path, ".")
			if !slices.Contains(p.tops, top) {
				p.tops = append(p.tops, top)
			}
			if deeper && !slices.Contains(p.nested, top) {
				p.nested = append(p.nested, top)
			}
		}
	}
}

// put gives a path its conditions in a branch; a path that stands twice has
// the later ones.
func (b branch) put(f field) branch {
	i, found := slices.BinarySearchFunc(b, f.path, func(g field, path string) int { return strings.Compare(g.path, path) })
	if found {
		b[i] = f
		return b
	}
	return slices.Insert(b, i, f)
}
