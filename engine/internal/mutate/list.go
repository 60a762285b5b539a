package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

// mutant is a deliberate fault: what it means, and a text of a file that is
// replaced by another.
type mutant struct {
	what, file, old, new string
	by                   string // the package and the test that caught it last
}

// escapes reads the ends of lines and tabs of a text that stands on one line.
var escapes = strings.NewReplacer(`\\`, `\`, `\n`, "\n", `\t`, "\t")

// read reads a list of mutants: blocks of lines `what:`, `file:`, `old:`, `new:`
// and `by:`, between blank lines. Lines that begin with # are comments.
func read(text string) ([]*mutant, error) {
	var list []*mutant
	for block := range strings.SplitSeq(text, "\n\n") {
		var m mutant
		for line := range strings.Lines(block) {
			name, value, _ := strings.Cut(strings.TrimSuffix(line, "\n"), ": ")
			switch {
			case strings.HasPrefix(line, "#") || strings.TrimSpace(line) == "":
			case name == "what":
				m.what = value
			case name == "file":
				m.file = value
			case name == "old":
				m.old = escapes.Replace(value)
			case strings.TrimSuffix(name, ":") == "new":
				m.new = escapes.Replace(value)
			case name == "by":
				m.by = value
			default:
				return nil, fmt.Errorf("not a line of a mutant: %s", line)
			}
		}
		if m == (mutant{}) {
			continue
		}
		if m.what == "" || m.file == "" || m.old == "" || m.old == m.new {
			return nil, fmt.Errorf("a mutant needs what, file, old and another new: %+v", m)
		}
		list = append(list, &m)
	}
	return list, nil
}

// withTests is the text of a list with the lines `by:` that its mutants have now.
func withTests(text string, list []*mutant) string {
	var out strings.Builder
	for line := range strings.Lines(text) {
		if strings.HasPrefix(line, "by: ") {
			continue
		}
		out.WriteString(line)
		if strings.HasPrefix(line, "new:") {
			if list[0].by != "" {
				out.WriteString("by: " + list[0].by + "\n")
			}
			list = list[1:]
		}
	}
	return out.String()
}

// apply gives the mutant's file with the fault in it. root is the top of the
// repository.
func (m *mutant) apply(root string) ([]byte, error) {
	b, err := os.ReadFile(filepath.Join(root, m.file))
	if err != nil {
		return nil, err
	}
	if n := strings.Count(string(b), m.old); n != 1 {
		return nil, fmt.Errorf("%s: %s has %d times: %s", m.what, m.file, n, m.old)
	}
	return []byte(strings.Replace(string(b), m.old, m.new, 1)), nil
}
