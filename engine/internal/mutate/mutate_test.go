package main

import (
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

const top = "../../.."

func list(t *testing.T) []*mutant {
	text, err := os.ReadFile(filepath.Join(top, listFile))
	if err != nil {
		t.Fatal(err)
	}
	list, err := read(string(text))
	if err != nil {
		t.Fatal(err)
	}
	return list
}

// TestMutants: each text that a fault replaces is in its file, once; what comes
// of it is Go; no fault stands there twice; the test that caught it is there.
// Whether it still does is what the command tells.
func TestMutants(t *testing.T) {
	what, made := map[string]bool{}, map[string]string{}
	for _, m := range list(t) {
		b, err := m.apply(top)
		if err != nil {
			t.Error(err)
			continue
		}
		if _, err := parser.ParseFile(token.NewFileSet(), m.file, b, parser.SkipObjectResolution); err != nil {
			t.Errorf("%s: %v", m.what, err)
		}
		if same := made[string(b)]; same != "" || what[m.what] {
			t.Errorf("%s: stands there twice, the other as %s", m.what, same)
		}
		made[string(b)], what[m.what] = m.what, true
		pkg, test, _ := strings.Cut(m.by, " ")
		name, _, _ := strings.Cut(test, "/")
		if m.by == "" || !defines(t, filepath.Join(top, pkg), name) {
			t.Errorf("%s: no test %s in %s; the command with -rewrite finds out which catches it", m.what, name, pkg)
		}
	}
	if len(made) < 150 {
		t.Errorf("%d faults, fewer than 150", len(made))
	}
}

var sources = map[string]string{} // of the tests of a package

// defines tells whether the tests of a package define one of that name.
func defines(t *testing.T, dir, test string) bool {
	if sources[dir] == "" {
		files, err := filepath.Glob(filepath.Join(dir, "*_test.go"))
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range files {
			b, err := os.ReadFile(f)
			if err != nil {
				t.Fatal(err)
			}
			sources[dir] += string(b)
		}
	}
	return strings.Contains(sources[dir], "func "+test+"(")
}

func TestRead(t *testing.T) {
	text := "# a comment\nwhat: twice\nfile: a.go\nold: x: 1\nnew: x: 2\n\nwhat: nothing\nfile: a.go\nold: y\nnew:\nby: b TestOld\n"
	list, err := read(text)
	if err != nil || len(list) != 2 || *list[0] != (mutant{what: "twice", file: "a.go", old: "x: 1", new: "x: 2"}) || list[1].new != "" || list[1].by != "b TestOld" {
		t.Errorf("%+v, %v", list, err)
	}
	list[0].by, list[1].by = "a TestX/part", "b TestNew"
	if got, want := withTests(text, list), strings.Replace(strings.Replace(text, "x: 2\n", "x: 2\nby: a TestX/part\n", 1), "TestOld", "TestNew", 1); got != want {
		t.Errorf("%s\nshould be\n%s", got, want)
	}
	for _, bad := range []string{"what: twice\n", "what: same\nfile: a.go\nold: x\nnew: x\n"} {
		if _, err := read(bad); err == nil {
			t.Errorf("is read: %s", bad)
		}
	}
}
