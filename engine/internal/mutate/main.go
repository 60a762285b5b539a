// Command mutate makes small deliberate faults in the engine, one at a time, in
// a copy of the file, and names the test that notices each. Nothing in the tree
// is changed: `go test -overlay` gets the copy. From the top of the repository:
//
//	go run ./engine/internal/mutate             all faults of mutants.txt
//	go run ./engine/internal/mutate -only redrive
//
// It ends with status 1 if a fault goes unseen, or if mutants.txt names a text
// that its file does not have exactly once.
package main

import (
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
)

// mutant is a deliberate fault: what it means, and a text of a file that is
// replaced by another.
type mutant struct{ what, file, old, new string }

// lines reads the ends of lines and tabs of a text that stands on one line.
var lines = strings.NewReplacer(`\\`, `\`, `\n`, "\n", `\t`, "\t")

// read reads a list of mutants: blocks of lines `what:`, `file:`, `old:` and
// `new:`, between blank lines. Lines that begin with # are comments.
func read(text string) ([]mutant, error) {
	var list []mutant
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
				m.old = lines.Replace(value)
			case strings.TrimSuffix(name, ":") == "new":
				m.new = lines.Replace(value)
			default:
				return nil, fmt.Errorf("not a line of a mutant: %s", line)
			}
		}
		if m == (mutant{}) {
			continue
		}
		if m.what == "" || m.file == "" || m.old == "" {
			return nil, fmt.Errorf("a mutant needs what, file and old: %+v", m)
		}
		list = append(list, m)
	}
	return list, nil
}

// apply gives the mutant's file with the fault in it. root is the top of the
// repository.
func (m mutant) apply(root string) ([]byte, error) {
	b, err := os.ReadFile(filepath.Join(root, m.file))
	if err != nil {
		return nil, err
	}
	if n := strings.Count(string(b), m.old); n != 1 {
		return nil, fmt.Errorf("%s: %s has %d times: %s", m.what, m.file, n, m.old)
	}
	return []byte(strings.Replace(string(b), m.old, m.new, 1)), nil
}

// run runs the tests of packages against the mutant and gives the name of the
// first test that fails, "" if none does.
func (m mutant) run(dir, scripts string, packages []string) (string, error) {
	b, err := m.apply(".")
	if err != nil {
		return "", err
	}
	path, err := filepath.Abs(m.file)
	if err != nil {
		return "", err
	}
	copied, overlay := filepath.Join(dir, "mutant.go"), filepath.Join(dir, "overlay.json")
	replace, err := json.Marshal(map[string]map[string]string{"Replace": {path: copied}})
	if err != nil {
		return "", err
	}
	if err := os.WriteFile(copied, b, 0o600); err != nil {
		return "", err
	}
	if err := os.WriteFile(overlay, replace, 0o600); err != nil {
		return "", err
	}
	args := []string{"test", "-short", "-failfast", "-timeout", "5m", "-overlay", overlay}
	for _, also := range [][]string{{"-run", scripts, packages[0]}, packages} { // scripts are quick and say most
		out, err := exec.Command("go", append(args, also...)...).CombinedOutput()
		if err == nil {
			continue
		}
		if strings.Contains(string(out), "[build failed]") {
			return "", fmt.Errorf("%s: it does not compile:\n%s", m.what, out)
		}
		return noticed(string(out)), nil
	}
	return "", nil
}

// noticed is the name of the first test that failed, with its part.
func noticed(out string) string {
	found := regexp.MustCompile(`(?m)^\s*--- FAIL: (\S+)`).FindAllStringSubmatch(out, -1)
	if found == nil {
		return "a panic, or a run that does not end"
	}
	name := found[0][1]
	for _, f := range found {
		if strings.HasPrefix(f[1], name+"/") {
			return f[1]
		}
	}
	return name
}

func main() {
	only := flag.String("only", "", "only faults whose line `what` contains this")
	list := flag.String("list", "engine/internal/mutate/mutants.txt", "the file with the faults")
	packages := flag.String("packages", "./engine ./engine/template ./engine/setting", "the packages whose tests should notice")
	scripts := flag.String("scripts", "Rules|Worked|Recorded|Queues|Streams|ChangeWhile", "the tests of the first package that are tried first")
	flag.Parse()
	if err := try(*list, *only, *scripts, strings.Fields(*packages)); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func try(list, only, scripts string, packages []string) error {
	text, err := os.ReadFile(list)
	if err != nil {
		return err
	}
	mutants, err := read(string(text))
	if err != nil {
		return err
	}
	dir, err := os.MkdirTemp("", "mutate")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	tried, unseen := 0, 0
	for _, m := range mutants {
		if !strings.Contains(m.what, only) {
			continue
		}
		by, err := m.run(dir, scripts, packages)
		if err != nil {
			return err
		}
		if tried++; by == "" {
			unseen++
			by = "UNSEEN"
		}
		fmt.Printf("%s: %s\n", m.what, by)
	}
	fmt.Printf("%d faults, %d seen\n", tried, tried-unseen)
	if unseen > 0 {
		return fmt.Errorf("%d faults go unseen", unseen)
	}
	return nil
}
