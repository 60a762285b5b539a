package template_test

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"esmlab/engine/template"
)

// typesIn reads a list of types: namespaces, and below each its types.
func typesIn(t *testing.T, file string) (out []string) {
	t.Helper()
	src, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	namespace := ""
	for line := range strings.Lines(string(src)) {
		switch line = strings.TrimRight(line, "\n"); {
		case line == "" || line[0] == '#':
		case line[0] != ' ':
			namespace = line
		default:
			for _, name := range strings.Fields(line) {
				out = append(out, namespace+"::"+name)
			}
		}
	}
	if len(out) < 50 {
		t.Fatalf("%s has %d types", file, len(out))
	}
	return out
}

// refusedTypes reads a template with a resource of each type, and gives those that are refused
// as a type, and what was meant.
func refusedTypes(t *testing.T, types []string) map[string]string {
	t.Helper()
	refused := map[string]string{}
	said := regexp.MustCompile(`Unrecognized resource types: \[(.*)\] \((.*)\)$`)
	for part := range slices.Chunk(types, 150) { // no more than 200 errors are kept
		var b strings.Builder
		b.WriteString("Resources:\n")
		for i, kind := range part {
			b.WriteString("  R" + strings.Repeat("x", i) + ": {Type: '" + kind + "'}\n")
		}
		_, err := template.Load("t.yaml", []byte(b.String()), nil)
		if err == nil {
			t.Fatal("not refused, though there is no mapping")
		}
		for line := range strings.Lines(err.Error()) {
			if m := said.FindStringSubmatch(strings.TrimSpace(line)); m != nil {
				refused[m[1]] = m[2]
			}
		}
	}
	return refused
}

// TestTypes puts each single slip of each type in its place: it is refused, unless it is a
// type itself. No type that AWS has is refused, in whatever namespace.
func TestTypes(t *testing.T) {
	t.Parallel()
	known, others := typesIn(t, "types.txt"), typesIn(t, "testdata/types.txt")
	for kind, right := range refusedTypes(t, slices.Concat(known, others)) {
		t.Errorf("%s is refused: %s", kind, right)
	}
	real := map[string]bool{}
	for _, kind := range slices.Concat(known, others) {
		real[kind] = true
	}
	meant := map[string][]string{} // of a slip
	slip := func(kind, of string) {
		if !real[kind] && !slices.Contains(meant[kind], of) {
			meant[kind] = append(meant[kind], of)
		}
	}
	for _, kind := range known {
		for i := range kind {
			slip(kind[:i]+kind[i+1:], kind)
			if i > 0 {
				slip(kind[:i-1]+string(kind[i])+string(kind[i-1])+kind[i+1:], kind)
			}
			slip(kind[:i]+strings.ToUpper(kind[i:i+1])+kind[i+1:], kind)
			slip(kind[:i]+strings.ToLower(kind[i:i+1])+kind[i+1:], kind)
			for _, c := range "xS:" {
				slip(kind[:i]+string(c)+kind[i:], kind)
				slip(kind[:i]+string(c)+kind[i+1:], kind)
			}
		}
		for _, c := range "xS:" {
			slip(kind+string(c), kind)
		}
		slip(strings.ToLower(kind), kind)
		slip(strings.ToUpper(kind), kind)
	}
	var slips []string
	for kind := range meant {
		slips = append(slips, kind)
	}
	slices.Sort(slips)
	refused := refusedTypes(t, slips)
	for _, kind := range slips {
		if right := strings.TrimSuffix(strings.TrimPrefix(refused[kind], "did you mean "), "?"); !slices.Contains(meant[kind], right) {
			t.Errorf("%s, a slip of %s: %q", kind, strings.Join(meant[kind], " or "), right)
		}
	}
	if len(slips) < 15_000 {
		t.Errorf("only %d slips", len(slips))
	}
}

// TestNewTypes takes each type for one that the list does not have yet: none is within so few
// letters of another one that it would be refused.
func TestNewTypes(t *testing.T) {
	t.Parallel()
	known := typesIn(t, "types.txt")
	for _, kind := range known {
		if near := template.SlipOfType(kind, slices.DeleteFunc(slices.Clone(known), func(k string) bool { return k == kind })); near != "" {
			t.Errorf("%s, were it new, is refused as a slip of %s", kind, near)
		}
	}
}

// TestTypesOfTheReader: what the reader itself calls a type is one.
func TestTypesOfTheReader(t *testing.T) {
	t.Parallel()
	known := typesIn(t, "types.txt")
	files, _ := filepath.Glob("*.go")
	seen := 0
	for _, file := range append(files, "properties.txt") {
		src, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if strings.HasSuffix(file, "_test.go") {
			continue
		}
		for _, m := range regexp.MustCompile(`AWS::([A-Za-z0-9]+)::[A-Za-z0-9]+`).FindAllStringSubmatch(string(src), -1) {
			if m[1] == "CloudFormation" || m[1] == "SSM" || m[1] == "EC2" {
				continue
			}
			if seen++; !slices.Contains(known, m[0]) {
				t.Errorf("%s has %s, which is not a type", file, m[0])
			}
		}
	}
	if seen < 100 {
		t.Errorf("only %d types", seen)
	}
}
