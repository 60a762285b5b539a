package main

import (
	"encoding/json"
	"errors"
	"io"
	"os"
	"os/exec"
	"strings"
	"testing"
)

// pkg is what `go list` says of a package.
type pkg struct {
	ImportPath string
	Name       string
	Imports    []string
	Standard   bool
}

// packages lists the packages of the module.
func packages(t *testing.T) []pkg {
	t.Helper()
	out, err := exec.Command("go", "list", "-deps", "-json=ImportPath,Name,Imports,Standard", "./...").Output()
	if err != nil {
		t.Fatal(err)
	}
	var list []pkg
	dec := json.NewDecoder(strings.NewReader(string(out)))
	for {
		var p pkg
		if err := dec.Decode(&p); errors.Is(err, io.EOF) {
			return list
		} else if err != nil {
			t.Fatal(err)
		}
		list = append(list, p)
	}
}

// floors are the rooms of the house from the bottom up: an arrow may point
// within a floor or down, never up.
var floors = [][]string{
	{"esmlab/engine/rule", "esmlab/engine/internal", "esmlab/engine/printable", "esmlab/engine/tree"},
	{"esmlab/engine/pattern", "esmlab/engine/iam"},
	{"esmlab/engine/setting"},
	{"esmlab/engine", "esmlab/engine/event", "esmlab/engine/trace"},
	{"esmlab/engine/timeline", "esmlab/engine/alarm", "esmlab/engine/finding", "esmlab/engine/draft", "esmlab/engine/handback", "esmlab/engine/narrate", "esmlab/engine/inspect", "esmlab/engine/query", "esmlab/engine/template", "esmlab/engine/scenario", "esmlab/engine/share"},
	{"esmlab/lessons", "esmlab/quiz", "esmlab/talks"},
	{"esmlab/ui"},
	{"esmlab"},
}

// pure are the rooms that use the standard library only.
var pure = []string{"esmlab/engine", "esmlab/engine/rule", "esmlab/engine/setting", "esmlab/engine/narrate", "esmlab/engine/event", "esmlab/engine/pattern", "esmlab/engine/iam", "esmlab/engine/timeline", "esmlab/engine/inspect", "esmlab/engine/trace", "esmlab/engine/printable"}

// doors are the rooms that touch files, processes or the network.
var doors = []string{"esmlab/ui/cmd", "esmlab/ui/serve", "esmlab/ui/room"}

func floor(path string) int {
	if path == "esmlab" {
		return len(floors) - 1
	}
	best, at := "", -1
	for i, rooms := range floors[:len(floors)-1] {
		for _, r := range rooms {
			if (path == r || strings.HasPrefix(path, r+"/")) && len(r) > len(best) {
				best, at = r, i
			}
		}
	}
	return at
}

// TestArrowsPointDown keeps the dependencies of the house as its plan has
// them.
func TestArrowsPointDown(t *testing.T) {
	standard := map[string]bool{}
	list := packages(t)
	for _, p := range list {
		standard[p.ImportPath] = p.Standard
	}
	for _, p := range list {
		if p.ImportPath != "esmlab" && !strings.HasPrefix(p.ImportPath, "esmlab/") {
			continue
		}
		at := floor(p.ImportPath)
		if at < 0 {
			t.Errorf("%s is on no floor of the house", p.ImportPath)
		}
		for _, dep := range p.Imports {
			own := dep == "esmlab" || strings.HasPrefix(dep, "esmlab/")
			switch {
			case own && floor(dep) > at:
				t.Errorf("%s imports %s, which is above it", p.ImportPath, dep)
			case p.ImportPath == "esmlab/lessons" && strings.HasPrefix(dep, "esmlab/quiz/") && dep != "esmlab/quiz/card" && dep != "esmlab/quiz/markdown":
				t.Errorf("%s imports %s: of the quiz it knows the cards and their Markdown only", p.ImportPath, dep)
			case at < floor("esmlab/ui") && strings.HasPrefix(dep, "charm.land/"):
				t.Errorf("%s imports %s: only ui may", p.ImportPath, dep)
			case !own && !standard[dep] && (contains(pure, p.ImportPath) || strings.HasPrefix(p.ImportPath, "esmlab/engine/internal/")):
				t.Errorf("%s imports %s: it uses the standard library only", p.ImportPath, dep)
			case outside(dep) && p.Name != "main" && !contains(doors, p.ImportPath): // a command for contributors is imported by nobody
				t.Errorf("%s imports %s: only %v may", p.ImportPath, dep, doors)
			case (dep == "time" || dep == "math/rand" || dep == "math/rand/v2") && p.ImportPath == "esmlab/engine":
				t.Errorf("%s imports %s: virtual time and seeded numbers only", p.ImportPath, dep)
			}
		}
	}
}

// outside reports whether a package touches files, processes or the network. Where
// only the doors import one, all I/O goes through what they hand down.
func outside(path string) bool {
	if path == "net/url" || path == "net/netip" { // texts only
		return false
	}
	for _, p := range []string{"os", "net", "syscall", "io/ioutil"} {
		if path == p || strings.HasPrefix(path, p+"/") {
			return true
		}
	}
	return false
}

func contains(list []string, s string) bool {
	for _, x := range list {
		if x == s {
			return true
		}
	}
	return false
}

// TestDesignListsPackages holds that docs/design.md lists every package of the
// house, and none that is not there. What lies in an internal folder, and what
// only tests use, is not listed.
func TestDesignListsPackages(t *testing.T) {
	design, err := os.ReadFile("docs/design.md")
	if err != nil {
		t.Fatal(err)
	}
	_, house, _ := strings.Cut(string(design), "## The house\n")
	_, house, _ = strings.Cut(house, "```\n")
	house, _, _ = strings.Cut(house, "```\n")
	listed, parent := map[string]bool{}, ""
	for line := range strings.Lines(house) {
		name, _, _ := strings.Cut(strings.TrimLeft(line, " "), " ")
		switch in := len(line) - len(strings.TrimLeft(line, " ")); {
		case in > 2 || !strings.HasSuffix(name, "/"):
		case in == 0:
			parent = "esmlab/" + strings.TrimSuffix(name, "/")
			listed[parent] = true
		default:
			listed[parent+"/"+strings.TrimSuffix(name, "/")] = true
		}
	}
	there := map[string]bool{"esmlab": true}
	for _, p := range packages(t) {
		if strings.HasPrefix(p.ImportPath, "esmlab/") {
			path := p.ImportPath
			if dir, _, ok := strings.Cut(path, "/internal/"); ok {
				path = dir + "/internal"
			}
			there[path] = true
			if !listed[path] && !strings.HasSuffix(path, "test") {
				t.Errorf("docs/design.md does not list %s", path)
			}
		}
	}
	for path := range listed {
		if !there[path] && path != "esmlab/quiz" {
			t.Errorf("docs/design.md lists %s, which does not exist", path)
		}
	}
}
