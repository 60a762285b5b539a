package main

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode"

	"esmlab/engine/rule"
	"esmlab/quiz/fact"
)

// tree is the repository as text: its files, and what its Go files declare.
type tree struct {
	files map[string]string   // by path; folders end in a slash and are empty
	names map[string][]string // paths by their last element
	// decls are the names that a Go file declares at the top level, methods as
	// Type.Method.
	decls    map[string][]string
	comments map[string]string // of each Go file
}

// text are the endings of the files that are read.
var text = []string{".go", ".md", ".yaml", ".yml", ".txt", ".mod", ""}

// readTree reads all files of the repository but what git leaves out.
func readTree(t *testing.T) *tree {
	t.Helper()
	tr := &tree{files: map[string]string{}, names: map[string][]string{}, decls: map[string][]string{}, comments: map[string]string{}}
	err := filepath.WalkDir(".", func(p string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case p == ".git" || p == "dist" || strings.HasSuffix(p, "testdata/rapid") || strings.HasSuffix(p, "testdata/fuzz"):
			if d.IsDir() {
				return fs.SkipDir
			}
			return nil
		case d.IsDir():
			tr.files[p+"/"] = ""
			return nil
		}
		src := []byte{}
		if slices.Contains(text, path.Ext(p)) {
			if info, err := d.Info(); err != nil || info.Size() > 1<<20 { // a built program
				return err
			}
			if src, err = os.ReadFile(p); err != nil {
				return err
			}
		}
		tr.files[p] = string(src)
		tr.names[path.Base(p)] = append(tr.names[path.Base(p)], p)
		if path.Ext(p) == ".go" {
			return tr.parse(p, src)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return tr
}

// parse takes the comments and the declarations of a Go file.
func (tr *tree) parse(p string, src []byte) error {
	f, err := parser.ParseFile(token.NewFileSet(), p, src, parser.ParseComments|parser.SkipObjectResolution)
	if err != nil {
		return err
	}
	var b strings.Builder
	for _, c := range f.Comments {
		b.WriteString(c.Text() + "\n")
	}
	tr.comments[p] = b.String()
	for _, d := range f.Decls {
		switch d := d.(type) {
		case *ast.FuncDecl:
			name := d.Name.Name
			if d.Recv != nil {
				recv := d.Recv.List[0].Type
				if star, ok := recv.(*ast.StarExpr); ok {
					recv = star.X
				}
				switch r := recv.(type) {
				case *ast.Ident:
					name = r.Name + "." + name
				case *ast.IndexExpr: // a generic type
					name = r.X.(*ast.Ident).Name + "." + name
				}
			}
			tr.decls[p] = append(tr.decls[p], name)
		case *ast.GenDecl:
			for _, s := range d.Specs {
				switch s := s.(type) {
				case *ast.TypeSpec:
					tr.decls[p] = append(tr.decls[p], s.Name.Name)
					switch x := s.Type.(type) {
					case *ast.StructType:
						tr.members(p, s.Name.Name, x.Fields)
					case *ast.InterfaceType:
						tr.members(p, s.Name.Name, x.Methods)
					}
				case *ast.ValueSpec:
					for _, n := range s.Names {
						tr.decls[p] = append(tr.decls[p], n.Name)
					}
				}
			}
		}
	}
	return nil
}

// members adds the fields of a struct, or the methods of an interface.
func (tr *tree) members(p, of string, list *ast.FieldList) {
	for _, f := range list.List {
		for _, n := range f.Names {
			tr.decls[p] = append(tr.decls[p], of+"."+n.Name)
		}
	}
}

// declares says whether a file, or a Go file of a folder, declares the name.
func (tr *tree) declares(p, name string) bool {
	for f, names := range tr.decls {
		if (f == p || path.Dir(f) == strings.TrimSuffix(p, "/")) && slices.Contains(names, name) {
			return true
		}
	}
	return false
}

// exports says whether a package of that name declares the name; a package
// that is not ours declares all.
func (tr *tree) exports(pkg, name string) bool {
	own := false
	for f, names := range tr.decls {
		if path.Base(path.Dir(f)) == pkg {
			own = true
			if slices.Contains(names, name) {
				return true
			}
		}
	}
	return !own
}

// anywhere says whether any package declares the name.
func (tr *tree) anywhere(name string) bool {
	for _, names := range tr.decls {
		if slices.Contains(names, name) {
			return true
		}
	}
	return false
}

// has says whether a file or folder is there; * stands for any characters.
func (tr *tree) has(p string) bool {
	p = path.Clean(p)
	if strings.Contains(p, "*") {
		found, _ := filepath.Glob(p)
		return len(found) > 0
	}
	if _, ok := tr.files[p]; ok {
		return true
	}
	_, ok := tr.files[p+"/"]
	return ok
}

// top says whether a path begins with a folder of the repository's root.
func (tr *tree) top(p string) bool {
	head, _, _ := strings.Cut(p, "/")
	_, ok := tr.files[head+"/"]
	return ok && head != "."
}

// leads says whether a path, or a folder with a name that it declares (as
// engine/rule.Find), leads somewhere.
func (tr *tree) leads(p string) bool {
	if tr.has(p) {
		return true
	}
	dir, name, ok := strings.Cut(path.Base(p), ".")
	return ok && tr.declares(path.Join(path.Dir(p), dir), name)
}

var (
	fence  = regexp.MustCompile("(?ms)^[ >]*```.*?^[ >]*```")
	code   = regexp.MustCompile("`[^`\n]+`")
	link   = regexp.MustCompile(`\[([^\]]*)\]\(([^)\s]+)\)`)
	inTree = regexp.MustCompile(`(?:^|[\s(` + "`" + `"])((?:\.ci|[a-z]+)/[\w./*-]*\w)`)
	inDocs = regexp.MustCompile(`\bdocs/[\w/-]+\.(?:md|png)\b`)
	file   = regexp.MustCompile(`[\w./-]*\w\.(?:md|go)\b`)
	// qualified is a name of one of the packages, as `rule.Find`.
	qualified = regexp.MustCompile("^`([a-z]+)\\.([A-Z]\\w*(?:\\.\\w+)?)(?:\\(.*\\))?`$")
	member    = regexp.MustCompile("^`([A-Z]\\w*)\\.([A-Z]\\w*)(?:\\(.*\\))?`$")
	goTest    = regexp.MustCompile("go test ([^`|#\n]+)")
)

// slug is the anchor that a heading gets.
func slug(heading string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case unicode.IsLetter(r), unicode.IsDigit(r), r == '-', r == '_':
			return unicode.ToLower(r)
		case r == ' ':
			return '-'
		}
		return -1
	}, heading)
}

// anchors are those of a Markdown page.
func anchors(page string) []string {
	var out []string
	for line := range strings.Lines(fence.ReplaceAllString(page, "")) {
		if text, ok := strings.CutPrefix(strings.TrimLeft(line, "#"), " "); ok && line[0] == '#' {
			out = append(out, slug(strings.TrimSpace(text)))
		}
	}
	return out
}

// ours says whether a Markdown file is a page about the program, and not a
// lesson, a card or a test's input: those hold questions, not references.
func ours(p string) bool {
	return path.Ext(p) == ".md" && (!strings.Contains(p, "/") || strings.HasPrefix(p, "docs/"))
}

// TestLinks follows every link of the documentation: to pages and their
// headings, and to Go files, which declare what the link's text names.
func TestLinks(t *testing.T) {
	tr := readTree(t)
	for p, src := range tr.files {
		if !ours(p) {
			continue
		}
		for _, m := range link.FindAllStringSubmatch(fence.ReplaceAllString(src, ""), -1) {
			words, target := m[1], m[2]
			if strings.Contains(target, "://") {
				continue
			}
			to, anchor, _ := strings.Cut(target, "#")
			to = path.Join(path.Dir(p), to)
			if to == path.Dir(p) {
				to = p
			}
			if !tr.has(to) {
				t.Errorf("%s links to %s, which does not exist", p, target)
			} else if anchor != "" && !slices.Contains(anchors(tr.files[to]), anchor) {
				t.Errorf("%s links to %s: no such heading", p, target)
			}
			name, quoted := strings.CutPrefix(words, "`")
			if !quoted || path.Ext(to) != ".go" {
				continue
			}
			name = strings.TrimSuffix(strings.TrimSuffix(name, "`"), "()")
			_, unqualified, _ := strings.Cut(name, ".")
			if !tr.declares(to, name) && !tr.declares(to, unqualified) && !strings.HasSuffix(to, name) {
				t.Errorf("%s says that %s has %s, which it has not", p, target, name)
			}
		}
	}
}

// TestPaths holds that files and folders that documentation and comments name
// are there, and the tests and benchmarks of its commands as well.
func TestPaths(t *testing.T) {
	tr := readTree(t)
	for p, src := range tr.files {
		for _, name := range inDocs.FindAllString(src, -1) { // in texts for people as well
			if !tr.has(name) {
				t.Errorf("%s names %s, which does not exist", p, name)
			}
		}
		switch {
		case ours(p):
			for _, m := range code.FindAllString(fence.ReplaceAllString(src, ""), -1) {
				if name := strings.Trim(m, "`"); tr.top(name) && !strings.ContainsAny(name, " …") && !tr.leads(name) {
					t.Errorf("%s names %s, which does not exist", p, name)
				}
				if q := qualified.FindStringSubmatch(m); q != nil && !tr.exports(q[1], q[2]) {
					t.Errorf("%s names %s, which does not exist", p, m)
				}
				if q := member.FindStringSubmatch(m); q != nil && tr.anywhere(q[1]) && !tr.anywhere(q[1]+"."+q[2]) {
					t.Errorf("%s names %s, which does not exist", p, m)
				}
			}
			for _, m := range goTest.FindAllStringSubmatch(src, -1) {
				tr.command(t, p, strings.Fields(m[1]))
			}
		case path.Ext(p) == ".go":
			for _, m := range inTree.FindAllStringSubmatch(tr.comments[p], -1) {
				if name := m[1]; tr.top(name) && !tr.leads(name) && !tr.leads(path.Join(path.Dir(p), name)) {
					t.Errorf("%s names %s, which does not exist", p, name)
				}
			}
			for _, name := range file.FindAllString(tr.comments[p], -1) {
				if !tr.has(name) && !tr.has(path.Join(path.Dir(p), name)) && len(tr.names[path.Base(name)]) == 0 {
					t.Errorf("%s names %s, which does not exist", p, name)
				}
			}
		}
	}
}

// command checks a `go test` command: its packages are there, and what -run
// and -bench choose is.
func (tr *tree) command(t *testing.T, p string, args []string) {
	type choice struct{ kind, pattern string }
	var dirs []string
	var chosen []choice
	kind := ""
	for _, a := range args {
		a = strings.Trim(a, "'\"")
		switch {
		case kind != "":
			if a != "^$" {
				first, _, _ := strings.Cut(a, "/") // what comes after a slash are subtests
				chosen = append(chosen, choice{kind, first})
			}
			kind = ""
		case a == "-run":
			kind = "Test"
		case a == "-bench":
			kind = "Benchmark"
		case strings.HasPrefix(a, "./") || a == ".":
			dirs = append(dirs, a)
			if dir := strings.TrimSuffix(a, "/..."); dir != "." && !tr.has(dir) {
				t.Errorf("%s names %s, which does not exist", p, a)
			}
		}
	}
	for _, c := range chosen {
		want := regexp.MustCompile(c.pattern)
		if !tr.chosen(dirs, func(name string) bool { return strings.HasPrefix(name, c.kind) && want.MatchString(name) }) {
			t.Errorf("%s: %s %q matches nothing in %v", p, c.kind, c.pattern, dirs)
		}
	}
}

// chosen says whether the tests of some packages declare such a name.
func (tr *tree) chosen(dirs []string, is func(string) bool) bool {
	for f, names := range tr.decls {
		for _, d := range dirs {
			dir, all := strings.CutSuffix(d, "/...")
			dir, in := path.Clean(dir), path.Dir(f)
			inside := in == dir || all && (dir == "." || strings.HasPrefix(in, dir+"/"))
			if inside && strings.HasSuffix(f, "_test.go") && slices.ContainsFunc(names, is) {
				return true
			}
		}
	}
	return false
}

var (
	ruleID = regexp.MustCompile(`\b(?:KIN|DDB|MAP|SQS|FIFO|FIL|FN|DST|PUT)-[A-Z]+-\d+\b`)
	rowID  = regexp.MustCompile(`\b(?:[SQ]-(?:[A-Z]{1,2}\d+|\d+(?:\.\d+)?)|Q15\.\d+|R-[a-z]+)\b`)
	factID = regexp.MustCompile(`\bN\d\d\b`)
	trapID = regexp.MustCompile(`#((?:trap-[sq]|user-)\d+)\b`)
	testID = regexp.MustCompile(`\b(?:Test|Benchmark|Fuzz|Example)[A-Z]\w+`)
)

// wrongIDs are ids that tests use because they are not there.
var wrongIDs = []string{"MAP-RETRY-9", "MAP-ORDER-9", "MAP-ODER-1", "MAP-ORDR-1", "trap-s23"}

// TestIDs holds that rules, rows, facts and tests that code, documentation,
// lessons, cards and scripts refer to are there.
func TestIDs(t *testing.T) {
	tr := readTree(t)
	knownRow := func(id string) bool {
		for _, r := range rule.Rows() {
			if r.Name == id || strings.HasPrefix(r.Name, id+" ") {
				return true
			}
		}
		for _, s := range rule.Sections() {
			if s.ID == id || strings.HasPrefix(s.ID, id+".") {
				return true
			}
		}
		return strings.Contains(tr.files["docs/reference/recorded.md"], "\n## "+id+" ")
	}
	tests := map[string]bool{}
	for _, names := range tr.decls {
		for _, n := range names {
			tests[n[strings.LastIndexByte(n, '.')+1:]] = true
		}
	}
	for p, src := range tr.files {
		for _, id := range ruleID.FindAllString(src, -1) {
			if _, ok := rule.Find(rule.ID(id)); !ok && !slices.Contains(wrongIDs, id) {
				t.Errorf("%s names rule %s, which does not exist", p, id)
			}
		}
		for _, m := range trapID.FindAllStringSubmatch(src, -1) {
			if !strings.Contains(tr.files["docs/reference/traps.md"], "\n| "+m[1]+" |") && !slices.Contains(wrongIDs, m[1]) {
				t.Errorf("%s has the tag %s, which docs/reference/traps.md has not", p, m[0])
			}
		}
		if path.Ext(p) != ".go" && !ours(p) {
			continue
		}
		for _, id := range rowID.FindAllString(src, -1) {
			if !knownRow(id) {
				t.Errorf("%s names row %s, which does not exist", p, id)
			}
		}
		if path.Ext(p) == ".go" {
			src = tr.comments[p]
		}
		for _, id := range factID.FindAllString(src, -1) {
			if !slices.ContainsFunc(fact.All, func(f fact.Fact) bool { return f.ID == id }) {
				t.Errorf("%s names fact %s, which does not exist", p, id)
			}
		}
		for _, id := range testID.FindAllString(src, -1) {
			if !tests[id] && id != "TestEvent" { // S3's s3:TestEvent
				t.Errorf("%s names %s, which is not a test", p, id)
			}
		}
	}
}
