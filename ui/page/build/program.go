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

// missing are files that modules lack for js/wasm. They are added to a copy: nothing of
// the modules is kept in this repository.
var missing = map[string]map[string]string{
	"charm.land/bubbletea/v2": {"tty_js.go": `package tea

// A page has no terminal of the system's: input and output are given.
func (p *Program) initInput() error { return nil }

const suspendSupported = false

func suspendProcess() {}

func (p *Program) listenForResize(done chan struct{}) { close(done) }
`},
	"github.com/atotto/clipboard": {"clipboard_js.go": `package clipboard

import "errors"

// A page's clipboard belongs to the browser.
func readAll() (string, error) { return "", errors.New("no clipboard") }

func writeAll(string) error { return errors.New("no clipboard") }
`},
}

// program builds the program for the page.
func program(work, version string, small bool) (*parts, error) {
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
	for path, files := range missing {
		dir, err := moduleDir(root, path)
		if err != nil {
			return nil, err
		}
		to := filepath.Join(work, filepath.Base(filepath.Dir(dir)+"-"+filepath.Base(dir)))
		if err := copyDir(dir, to); err != nil {
			return nil, err
		}
		for name, src := range files {
			if err := os.WriteFile(filepath.Join(to, name), []byte(src), 0o644); err != nil {
				return nil, err
			}
		}
		mod = append(mod, "\nreplace "+path+" => "+filepath.ToSlash(to)+"\n"...)
	}
	modfile := filepath.Join(work, "go.mod")
	if err := errors.Join(os.WriteFile(modfile, mod, 0o644), os.WriteFile(filepath.Join(work, "go.sum"), sum, 0o644)); err != nil {
		return nil, err
	}
	wasm := filepath.Join(work, "esmlab.wasm")
	cmd := exec.Command("go", "build", "-modfile="+modfile, "-mod=mod", "-trimpath", "-ldflags=-s -w -X esmlab/ui/page.Version="+version, "-o", wasm, "./ui/page/wasm")
	cmd.Dir = root
	cmd.Env = append(os.Environ(), "GOOS=js", "GOARCH=wasm", "CGO_ENABLED=0")
	cmd.Stderr = os.Stderr
	if err := cmd.Run(); err != nil {
		return nil, fmt.Errorf("go build for js/wasm: %w", err)
	}
	if small {
		if smaller, err := shrink(work, wasm); err != nil {
			fmt.Fprintln(os.Stderr, "build: not shrunk:", err)
		} else {
			wasm = smaller
		}
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
