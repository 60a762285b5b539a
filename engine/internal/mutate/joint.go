package main

import (
	"errors"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// Building the engine takes longer than most tests. So all faults that lie
// inside functions are built at once: the function with the fault stands beside
// the sound one, which hands over to it when the environment says so.

// switchName is the variable of the environment that holds the number of the
// fault that is on.
const switchName = "ESMLAB_MUTANT"

// inside is a fault that lies in the body of a function.
type inside struct {
	*mutant
	fn       *ast.FuncDecl
	at       int // where the text begins in the file
	src, pkg string
	number   int
}

// place finds the function in whose body a mutant's text lies; ok is false where
// there is none that can be called with its own parameters.
func place(m *mutant) (in inside, ok bool, err error) {
	b, err := os.ReadFile(m.file)
	if err != nil {
		return in, false, err
	}
	f, err := parser.ParseFile(token.NewFileSet(), m.file, b, 0)
	if err != nil {
		return in, false, err
	}
	from := strings.Index(string(b), m.old)
	for _, d := range f.Decls {
		fn, isFunc := d.(*ast.FuncDecl)
		// positions of a single file are offsets plus one
		if !isFunc || fn.Body == nil || from < int(fn.Body.Lbrace) || from+len(m.old) > int(fn.Body.Rbrace)-1 {
			continue
		}
		_, _, named := call(fn)
		return inside{mutant: m, fn: fn, at: from, src: string(b), pkg: f.Name.Name}, named && fn.Name.Name != "init", nil
	}
	return in, false, nil
}

// call gives how a function calls one with the same parameters: what stands
// before its name, and the arguments behind it; named is false where a
// parameter has no name.
func call(fn *ast.FuncDecl) (recv, args string, named bool) {
	name := func(id *ast.Ident) string {
		named = named && id.Name != "_"
		return id.Name
	}
	named = true
	if fn.Recv != nil {
		if len(fn.Recv.List[0].Names) == 0 {
			return "", "", false
		}
		recv = name(fn.Recv.List[0].Names[0]) + "."
	}
	var list []string
	for _, p := range fn.Type.Params.List {
		named = named && len(p.Names) > 0
		for _, id := range p.Names {
			list = append(list, name(id))
		}
		if _, variadic := p.Type.(*ast.Ellipsis); variadic {
			list[len(list)-1] += "..."
		}
	}
	return recv, "(" + strings.Join(list, ", ") + ")", named
}

// join builds, for each package, all the faults that lie inside functions. Those
// that do not compile are left out: they are built by themselves.
func (l *lab) join(list []*mutant) error {
	byDir := map[string][]inside{}
	for i, m := range list {
		in, ok, err := place(m)
		if err != nil {
			return err
		}
		if dir := path.Dir(m.file); ok {
			in.number = i + 1
			byDir[dir] = append(byDir[dir], in)
		}
	}
	for dir, all := range byDir {
		for len(all) > 0 {
			over, err := l.together(dir, all)
			if err != nil {
				return err
			}
			if _, err = l.binary(over, dir); err == nil {
				for _, in := range all {
					l.joint[in.mutant] = overlay{over, over, in.number}
				}
				break
			}
			bad := wrong.FindAllStringSubmatch(err.Error(), -1)
			if bad == nil {
				return err
			}
			all = slices.DeleteFunc(all, func(in inside) bool {
				return slices.ContainsFunc(bad, func(b []string) bool { return b[1] == strconv.Itoa(in.number) })
			})
		}
	}
	return nil
}

// wrong finds in what the compiler says in which function with a fault it is.
var wrong = regexp.MustCompile(`mutant__(\d+):\d+`)

// together writes copies of the files of a package with faults in them, and an
// overlay that names them.
func (l *lab) together(dir string, all []inside) (string, error) {
	files, hands := map[string]string{}, map[string][]edit{}
	for _, in := range all {
		if files[in.file] == "" {
			files[in.file] = in.src
		}
		twin := fmt.Sprintf("%s__%d", in.fn.Name.Name, in.number)
		from, name, end := int(in.fn.Pos())-1, int(in.fn.Name.Pos())-1, int(in.fn.End())-1
		files[in.file] += fmt.Sprintf("\n//line mutant__%d:1\n", in.number) +
			in.src[from:name] + twin + in.src[name+len(in.fn.Name.Name):in.at] + in.new + in.src[in.at+len(in.old):end] + "\n"
		recv, args, _ := call(in.fn)
		hand := recv + twin + args + "; return"
		if in.fn.Type.Results != nil {
			hand = "return " + recv + twin + args
		}
		hands[in.file] = append(hands[in.file], edit{int(in.fn.Body.Lbrace), fmt.Sprintf(" if mutant__ == %d { %s }; ", in.number, hand)})
	}
	replace := map[string]string{}
	err := l.write(replace, path.Join(dir, "mutant__.go"),
		"package "+all[0].pkg+"\n\nimport (\n\t\"os\"\n\t\"strconv\"\n)\n\nvar mutant__, _ = strconv.Atoi(os.Getenv(\""+switchName+"\"))\n")
	for file, text := range files {
		err = errors.Join(err, l.write(replace, file, edited(text, hands[file])))
	}
	if err != nil {
		return "", err
	}
	return l.writeOverlay(replace)
}

// edit is a text that is put into a file at an offset.
type edit struct {
	at   int
	text string
}

// edited is a text with insertions: those of one place in their order.
func edited(text string, list []edit) string {
	var out strings.Builder
	for i := range len(text) {
		for _, e := range list {
			if e.at == i {
				out.WriteString(e.text)
			}
		}
		out.WriteByte(text[i])
	}
	return out.String()
}

// write writes a copy of a file and notes it in what an overlay replaces.
func (l *lab) write(replace map[string]string, file, text string) error {
	whole, err := filepath.Abs(file)
	if err != nil {
		return err
	}
	replace[whole], err = l.create("*.go", []byte(text))
	return err
}
