package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"regexp"
	"strings"
	"sync"
)

// lab builds test binaries with faults, and runs them.
type lab struct {
	dir      string              // for copies and binaries
	joint    map[*mutant]overlay // of faults that are built together
	building sync.Mutex
	mu       sync.Mutex        // of what follows
	binaries map[string]string // by overlay and package
	passes   map[string]bool   // by overlay, package and test: whether it passes without a fault
}

// overlay is how a fault is built and switched on.
type overlay struct {
	file   string // "" the sound program
	sound  string // the overlay in which no fault is on, "" the sound program
	number int    // of the fault, 0 none
}

// overlay gives how a mutant is built: with others, or by itself.
func (l *lab) overlay(m *mutant) (overlay, error) {
	if over, ok := l.joint[m]; ok {
		return over, nil
	}
	b, err := m.apply(".")
	if err != nil {
		return overlay{}, err
	}
	replace := map[string]string{}
	if err := l.write(replace, m.file, string(b)); err != nil {
		return overlay{}, err
	}
	file, err := l.writeOverlay(replace)
	return overlay{file: file}, err
}

func (l *lab) writeOverlay(replace map[string]string) (string, error) {
	b, err := json.Marshal(map[string]map[string]string{"Replace": replace})
	if err != nil {
		return "", err
	}
	return l.create("*.json", b)
}

// create writes a file of a new name.
func (l *lab) create(pattern string, b []byte) (string, error) {
	f, err := os.CreateTemp(l.dir, pattern)
	if err != nil {
		return "", err
	}
	_, err = f.Write(b)
	return f.Name(), errors.Join(err, f.Close())
}

// binary builds the tests of a package with an overlay, one at a time: a build
// uses all processors.
func (l *lab) binary(over, pkg string) (string, error) {
	key := over + " " + pkg
	if file := l.built(key); file != "" {
		return file, nil
	}
	l.building.Lock()
	defer l.building.Unlock()
	if file := l.built(key); file != "" { // in the meantime
		return file, nil
	}
	file, err := l.create("*.test", nil)
	if err != nil {
		return "", err
	}
	args := []string{"test", "-c", "-vet=off", "-o", file}
	if over != "" {
		args = append(args, "-overlay", over)
	}
	if out, err := exec.Command("go", append(args, "./"+pkg)...).CombinedOutput(); err != nil {
		return "", fmt.Errorf("it does not compile: %s", out)
	}
	l.mu.Lock()
	l.binaries[key] = file
	l.mu.Unlock()
	return file, nil
}

func (l *lab) built(key string) string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.binaries[key]
}

// lane is a set of tests: those of a package that one pattern matches and
// another does not.
type lane struct {
	pkg, names, but string
	limit           string // of time: a fault may be a loop
}

// run runs the short tests of a lane and gives the first that fails, "" if none
// does.
func (l *lab) run(over overlay, of lane) (string, error) {
	binary, err := l.binary(over.file, of.pkg)
	if err != nil {
		return "", err
	}
	cmd := exec.Command(binary, "-test.short", "-test.failfast", "-test.timeout", of.limit, "-test.run", of.names, "-test.skip", of.but)
	cmd.Dir, cmd.Env = of.pkg, append(os.Environ(), fmt.Sprintf("%s=%d", switchName, over.number))
	out, err := cmd.CombinedOutput()
	if err == nil {
		return "", nil
	}
	if exit := (*exec.ExitError)(nil); !errors.As(err, &exit) {
		return "", err
	}
	return firstFailed(string(out))
}

// only is a pattern that one test matches, with its part.
func only(test string) string {
	parts := strings.Split(test, "/")
	for i, s := range parts {
		parts[i] = "^" + regexp.QuoteMeta(s) + "$"
	}
	return strings.Join(parts, "/")
}

var (
	failed  = regexp.MustCompile(`(?m)^\s*--- FAIL: (\S+)`)
	running = regexp.MustCompile(`running tests:\n\s+(\S+)`) // when the time is up
)

// firstFailed is the name of the first test that failed, with its part.
func firstFailed(out string) (string, error) {
	found := failed.FindAllStringSubmatch(out, -1)
	if found == nil {
		found = running.FindAllStringSubmatch(out, -1)
	}
	if found == nil {
		return "", fmt.Errorf("the tests end without a name: %s", out)
	}
	name := found[0][1]
	for _, f := range found {
		if strings.HasPrefix(f[1], name+"/") {
			name = f[1]
		}
	}
	return name, nil
}

// packages are those of the engine that have tests.
func packages() ([]string, error) {
	out, err := exec.Command("go", "list", "-f", "{{if or .TestGoFiles .XTestGoFiles}}{{.ImportPath}}{{end}}", "./engine/...").Output()
	if err != nil {
		return nil, err
	}
	var list []string
	for _, p := range strings.Fields(string(out)) {
		if _, rest, _ := strings.Cut(p, "/"); rest != "engine/internal/mutate" {
			list = append(list, rest)
		}
	}
	return list, nil
}
