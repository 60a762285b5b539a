package template

import (
	"fmt"
	"slices"
	"strings"

	"go.yaml.in/yaml/v4"

	"esmlab/engine/printable"
)

// Error is one thing that is wrong with a file, and where.
type Error struct {
	File      string
	Line, Col int
	Code      string // AWS's error code, "" where the refusal is esmlab's own
	Message   string // AWS's words where AWS has them
	Right     string // what would be right
}

// Error gives FILE:LINE:COL: CODE: MESSAGE (what would be right).
func (e Error) Error() string {
	var b strings.Builder
	b.WriteString(printable.Line(e.File))
	if e.Line > 0 {
		fmt.Fprintf(&b, ":%d:%d", e.Line, e.Col)
	}
	b.WriteString(": ")
	if e.Code != "" {
		b.WriteString(e.Code + ": ")
	}
	b.WriteString(printable.Line(e.Message))
	if e.Right != "" {
		b.WriteString(" (" + printable.Line(e.Right) + ")")
	}
	return b.String()
}

// Errors are all errors of a file, one a line, in the order of their places.
type Errors []Error

func (e Errors) Error() string {
	lines := make([]string, len(e))
	for i := range e {
		lines[i] = e[i].Error()
	}
	return strings.Join(lines, "\n")
}

// Problems collects errors while a file is read.
type Problems struct {
	File string
	// Doubled are the names that stand twice in a map of the template: as in
	// CloudFormation the last one counts.
	Doubled []DoubledName
	list    Errors
}

// DoubledName is a name that stands twice in a map.
type DoubledName struct{ First, Last *yaml.Node }

// Add notes an error at a node; nil means the file as a whole.
func (p *Problems) Add(at *yaml.Node, code, message, right string) {
	e := Error{File: p.File, Code: code, Message: message, Right: right}
	if at != nil {
		e.Line, e.Col = at.Line, at.Column
	}
	if !slices.Contains(p.list, e) && len(p.list) < 200 {
		p.list = append(p.list, e)
	}
}

// Count is how many errors there are.
func (p *Problems) Count() int { return len(p.list) }

// Err gives all errors in the order of their places, or nil.
func (p *Problems) Err() error {
	if len(p.list) == 0 {
		return nil
	}
	slices.SortStableFunc(p.list, func(a, b Error) int {
		if a.Line != b.Line {
			return a.Line - b.Line
		}
		return a.Col - b.Col
	})
	return p.list
}

// Nearest gives the name most like the given one, or "" if none is near.
func Nearest(name string, known []string) string {
	low := strings.ToLower(name)
	best, at := "", len(name)/3+2
	prefixed := func(least int, fits func(k string) bool) string {
		found := ""
		for _, k := range known {
			if len(name) >= least && fits(strings.ToLower(k)) && (found == "" || len(k) < len(found) || len(k) == len(found) && k < found) {
				found = k
			}
		}
		return found
	}
	if k := prefixed(3, func(k string) bool { return strings.HasPrefix(k, low) }); k != "" {
		return k
	}
	for _, k := range known {
		if d := distance(low, strings.ToLower(k)); d < at {
			best, at = k, d
		}
	}
	if best == "" {
		best = prefixed(6, func(k string) bool { return 3*alike(low, k) >= 2*len(low) || strings.Contains(k, low) })
	}
	return best
}

// alike is how many bytes two words begin with alike.
func alike(a, b string) int {
	n := 0
	for n < min(len(a), len(b)) && a[n] == b[n] {
		n++
	}
	return n
}

// distance is the edit distance of two short words: two neighbours that are swapped are one
// slip.
func distance(a, b string) int {
	if len(a) > 64 || len(b) > 64 {
		return 64
	}
	var rows [3][65]int
	for j := range rows[0] {
		rows[0][j] = j
	}
	for i := 1; i <= len(a); i++ {
		row, above, before := &rows[i%3], &rows[(i+2)%3], &rows[(i+1)%3]
		row[0] = i
		for j := 1; j <= len(b); j++ {
			cost := above[j-1]
			if a[i-1] != b[j-1] {
				cost++
			}
			if row[j] = min(cost, above[j]+1, row[j-1]+1); i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				row[j] = min(row[j], before[j-2]+1)
			}
		}
	}
	return rows[len(a)%3][len(b)]
}

// OneOf says which names would be right, nearest first where one is near.
func OneOf(name string, known []string) string {
	if near := Nearest(name, known); near != "" {
		return "did you mean " + near + "?"
	}
	if len(known) == 0 {
		return "there is none"
	}
	if len(known) == 1 {
		return known[0]
	}
	sorted := slices.Sorted(slices.Values(known))
	if len(sorted) > 12 {
		sorted = append(sorted[:12:12], "…")
	}
	return "one of " + strings.Join(sorted, ", ")
}

// AddError notes an error that has its own file.
func (p *Problems) AddError(e Error) {
	if !slices.Contains(p.list, e) {
		p.list = append(p.list, e)
	}
}

// Said tells whether an error with a message has been noted.
func (p *Problems) Said(message string) bool {
	return slices.ContainsFunc(p.list, func(e Error) bool { return e.Message == message })
}
