package main

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

// parts are the program as the page needs it: the module, compressed by gzip, and Go's
// script that runs it.
type parts struct {
	wasm   []byte
	script []byte
}

// change is what is other in the copy of a module that the page is built with: nothing of
// the modules is kept in this repository.
type change struct {
	add  map[string]string // files that it lacks for js/wasm
	edit []edit
}

// edit replaces a text of a file; the file must have it.
type edit struct{ file, text, by string }

// changes are those of each module.
//
// expr can call methods of values by their names. While anything does, Go's linker keeps
// all exported methods of all types, which makes half of the program. The expressions of
// esmlab call functions and read fields, but no methods.
var changes = map[string]change{
	"charm.land/bubbletea/v2": {add: map[string]string{"tty_js.go": `package tea

// A page has no terminal of the system's: input and output are given.
func (p *Program) initInput() error { return nil }

const suspendSupported = false

func suspendProcess() {}

func (p *Program) listenForResize(done chan struct{}) { close(done) }
`}},
	"github.com/atotto/clipboard": {add: map[string]string{"clipboard_js.go": `package clipboard

import "errors"

// A page's clipboard belongs to the browser.
func readAll() (string, error) { return "", errors.New("no clipboard") }

func writeAll(string) error { return errors.New("no clipboard") }
`}},
	"github.com/expr-lang/expr": {edit: []edit{
		{"vm/runtime/runtime.go", "method := v.MethodByName(methodName)", "_, method := methodName, reflect.Value{}"},
		{"vm/runtime/runtime.go", "method := v.Method(method.Index)", "_, method := method, reflect.Value{}"},
		{"builtin/lib.go", "method := v.MethodByName(methodName)", "_, method := methodName, reflect.Value{}"},
		{"checker/info.go", "m, ok := base.MethodByName(name.Value); ok", "m, ok := (reflect.Method{}), false; ok"},
		{"compiler/compiler.go", "_, ok = callee.Node.Type().MethodByName(prop.Value); ok &&", "ok = prop == nil; ok &&"},
		{"checker/nature/nature.go", "i < n.NumMethods(c)", "i < 0"},
		{"checker/nature/nature.go", "method := n.Type.Method(i)", "method := reflect.Method{}"},
		{"checker/nature/utils.go", "s.idx < s.numMethod", "s.idx < 0"},
		{"checker/nature/utils.go", "rm := s.rType.Method(s.idx)", "rm := reflect.Method{}"},
	}},
}

// inlining is done only where time is spent, in the engine and in Go's runtime: elsewhere it
// makes the page a fifth larger, and nothing faster that a person would notice.
var inlining = []string{"-gcflags=all=-l", "-gcflags=esmlab/engine=", "-gcflags=runtime="}

// program builds the program for the page.
func program(work, version string) (*parts, error) {
	root, err := output("", "go", "list", "-m", "-f", "{{.Dir}}", "esmlab")
	if err != nil {
		return nil, err
	}
	mod, err := os.ReadFile(filepath.Join(root, "go.mod"))
	if err != nil {
		return nil, err
	}
	sum, err := os.ReadFile(filepath.Join(root, "go.sum"))
	if err != nil {
		return nil, err
	}
	for path, ch := range changes {
		dir, err := moduleDir(root, path)
		if err != nil {
			return nil, err
		}
		to := filepath.Join(work, filepath.Base(filepath.Dir(dir)+"-"+filepath.Base(dir)))
		if err := copyDir(dir, to); err != nil {
			return nil, err
		}
		if err := ch.apply(to); err != nil {
			return nil, fmt.Errorf("%s: %w", path, err)
		}
		mod = append(mod, "\nreplace "+path+" => "+filepath.ToSlash(to)+"\n"...)
	}
	modfile := filepath.Join(work, "go.mod")
	if err := errors.Join(os.WriteFile(modfile, mod, 0o644), os.WriteFile(filepath.Join(work, "go.sum"), sum, 0o644)); err != nil {
		return nil, err
	}
	wasm := filepath.Join(work, "esmlab.wasm")
	args := append([]string{"build", "-modfile=" + modfile, "-mod=mod", "-trimpath", "-ldflags=-s -w -X esmlab/ui/page.Version=" + version, "-o", wasm}, inlining...)
	cmd := exec.Command("go", append(args, "./ui/page/wasm")...)
	cmd.Dir = root
	cmd.Env = append(os.Environ(), "GOOS=js", "GOARCH=wasm", "CGO_ENABLED=0")
	cmd.Stderr = os.Stderr
	if err := cmd.Run(); err != nil {
		return nil, fmt.Errorf("go build for js/wasm: %w", err)
	}
	data, err := os.ReadFile(wasm)
	if err != nil {
		return nil, err
	}
	goroot, err := output("", "go", "env", "GOROOT")
	if err != nil {
		return nil, err
	}
	script, err := os.ReadFile(filepath.Join(goroot, "lib", "wasm", "wasm_exec.js"))
	if err != nil {
		return nil, err
	}
	var packed bytes.Buffer
	w, _ := gzip.NewWriterLevel(&packed, gzip.BestCompression) // the level is known
	_, _ = w.Write(data)
	_ = w.Close()
	fmt.Printf("the program: %.1f MB, %.1f MB compressed\n", float64(len(data))/1e6, float64(packed.Len())/1e6)
	return &parts{packed.Bytes(), script}, nil
}

// apply changes a copy of a module.
func (c change) apply(dir string) error {
	for name, src := range c.add {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(src), 0o644); err != nil {
			return err
		}
	}
	for _, e := range c.edit {
		name := filepath.Join(dir, filepath.FromSlash(e.file))
		src, err := os.ReadFile(name)
		if err != nil {
			return err
		}
		if strings.Count(string(src), e.text) != 1 {
			return fmt.Errorf("%s no longer has %q once: the module has changed, and so must ui/page/build", e.file, e.text)
		}
		if err := os.WriteFile(name, []byte(strings.Replace(string(src), e.text, e.by, 1)), 0o644); err != nil {
			return err
		}
	}
	return nil
}

// moduleDir is where a module of this repository lies.
func moduleDir(root, path string) (string, error) {
	out, err := output(root, "go", "mod", "download", "-json", path)
	if err != nil {
		return "", err
	}
	var m struct{ Dir string }
	if err := json.Unmarshal([]byte(out), &m); err != nil || m.Dir == "" {
		return "", fmt.Errorf("%s: cannot be found", path)
	}
	return m.Dir, nil
}

// copyDir copies the Go files of a module.
func copyDir(from, to string) error {
	return filepath.WalkDir(from, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		rel, err := filepath.Rel(from, path)
		if err != nil {
			return err
		}
		switch {
		case d.IsDir() && d.Name() == "testdata":
			return fs.SkipDir
		case d.IsDir():
			return os.MkdirAll(filepath.Join(to, rel), 0o755)
		case strings.HasSuffix(rel, "_test.go") || !strings.HasSuffix(rel, ".go") && d.Name() != "go.mod":
			return nil
		}
		src, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		return os.WriteFile(filepath.Join(to, rel), src, 0o644)
	})
}

// output runs a command in a folder and gives what it prints.
func output(dir, name string, args ...string) (string, error) {
	cmd := exec.Command(name, args...)
	cmd.Dir = dir
	cmd.Stderr = os.Stderr
	out, err := cmd.Output()
	if err != nil {
		return "", fmt.Errorf("%s %s: %w", name, strings.Join(args, " "), err)
	}
	return strings.TrimSpace(string(out)), nil
}
