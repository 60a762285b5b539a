// Command mutate makes small deliberate faults in the engine, one at a time, and
// names the test that catches each. The checkout stays as it is: `go test
// -overlay` gets copies of the files. From the top of the repository:
//
//	go run ./engine/internal/mutate                 all faults of mutants.txt
//	go run ./engine/internal/mutate -only redrive   those with that word
//	go run ./engine/internal/mutate -rewrite        and write down which test caught which
//
// The test that caught a fault last time is tried first, then the short tests of
// the fault's package, the scripts of the engine, and the short tests of all its
// packages. A test counts if it fails with the fault and passes without it.
//
// It ends with status 1 if nothing catches a fault, if a fault does not compile,
// or if mutants.txt names a text that its file does not have exactly once.
package main

import (
	"flag"
	"fmt"
	"os"
	"path"
	"runtime"
	"slices"
	"strings"
	"time"
)

const listFile = "engine/internal/mutate/mutants.txt"

func main() {
	only := flag.String("only", "", "only faults whose lines what or file contain this")
	fresh := flag.Bool("new", false, "only faults that the list names no test for")
	rewrite := flag.Bool("rewrite", false, "write the tests that caught faults into "+listFile)
	flag.Parse()
	if err := try(*only, *fresh, *rewrite); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// try tries the faults of the list and prints what caught each.
func try(only string, fresh, rewrite bool) error {
	began := time.Now()
	text, err := os.ReadFile(listFile)
	if err != nil {
		return err
	}
	list, err := read(string(text))
	if err != nil {
		return err
	}
	wanted := slices.DeleteFunc(slices.Clone(list), func(m *mutant) bool {
		return fresh && m.by != "" || !strings.Contains(m.what, only) && !strings.Contains(m.file, only)
	})
	for _, m := range wanted {
		if _, err := m.apply("."); err != nil {
			return err
		}
	}
	dir, err := os.MkdirTemp("", "mutate")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	l := &lab{dir: dir, joint: map[*mutant]overlay{}, binaries: map[string]string{}, passes: map[string]bool{}}
	if err := l.join(wanted); err != nil {
		return err
	}
	unseen := 0
	for i, found := range l.catchAll(wanted) {
		m, f := wanted[i], <-found
		switch {
		case f.err != nil:
			unseen++
			f.by = "WRONG: " + f.err.Error()
		case f.by == "":
			unseen++
			f.by = "UNSEEN"
		default:
			m.by = f.by
		}
		fmt.Printf("%s: %s\n", m.what, f.by)
	}
	fmt.Printf("%d faults, %d caught, in %s\n", len(wanted), len(wanted)-unseen, time.Since(began).Round(time.Second))
	if rewrite {
		if err := os.WriteFile(listFile, []byte(withTests(string(text), list)), 0o644); err != nil {
			return err
		}
	}
	if unseen > 0 {
		return fmt.Errorf("%d faults are not caught", unseen)
	}
	return nil
}

// The scripts of the engine say most and take least, but for a few long ones.
const (
	scripts = "^Test(Rules|Queues|Streams|WorkedExample|Recorded|ChangeWhileUnderWay|SixMegabytes|Copies|LanesAreUsed)$"
	long    = "^Test(Rules|Queues)$/^(redrive-36-hours|FIFO-INFLIGHT-1|SQS-INFLIGHT-1|FIFO-HEAD-1|SIM-STOP-1|MAP-TUMBLE-4|FN-RUN-2|KIN-READ-1)$"
)

// none is a pattern that no test matches.
const none = "^$"

// found is what came of a fault.
type found struct {
	by  string
	err error
}

// catchAll tries faults, as many at a time as there are processors, and gives a
// channel for what comes of each.
func (l *lab) catchAll(list []*mutant) []chan found {
	out := make([]chan found, len(list))
	for i := range out {
		out[i] = make(chan found, 1)
	}
	go func() {
		free := make(chan bool, runtime.NumCPU())
		for i, m := range list {
			free <- true
			go func() {
				by, err := l.catch(m)
				out[i] <- found{by, err}
				<-free
			}()
		}
	}()
	return out
}

// catch gives the package and the test that catches a fault, "" if none does.
func (l *lab) catch(m *mutant) (string, error) {
	own := path.Dir(m.file)
	over, err := l.overlay(m)
	if err != nil {
		return "", err
	}
	if pkg, test, ok := strings.Cut(m.by, " "); ok {
		if caught, _, err := l.confirm(over, pkg, test); caught || err != nil {
			return m.by, err
		}
	}
	var lanes []lane
	if own != "engine" {
		lanes = append(lanes, lane{own, ".", none, "5m"})
	}
	lanes = append(lanes, lane{"engine", scripts, long, "2m"}, lane{"engine", scripts, none, "5m"})
	wider, err := packages()
	if err != nil {
		return "", err
	}
	for _, pkg := range wider {
		if pkg != own && pkg != "engine" {
			lanes = append(lanes, lane{pkg, ".", none, "10m"})
		}
	}
	lanes = append(lanes, lane{"engine", ".", none, "10m"})
	for len(lanes) > 0 {
		test, err := l.run(over, lanes[0])
		if err != nil {
			return "", err
		}
		if test == "" {
			lanes = lanes[1:]
			continue
		}
		caught, sound, err := l.confirm(over, lanes[0].pkg, test)
		switch {
		case caught || err != nil:
			return lanes[0].pkg + " " + test, err
		case sound: // it failed by chance
			lanes = lanes[1:]
		default: // it fails anyway, and says nothing
			lanes[0].but += "|" + only(test)
		}
	}
	return "", nil
}

// confirm tells whether one test fails with a fault and passes without it; sound
// is false if it fails without.
func (l *lab) confirm(over overlay, pkg, test string) (caught, sound bool, err error) {
	key := over.sound + " " + pkg + " " + test // a build of its own has the plain one beside it
	l.mu.Lock()
	sound, known := l.passes[key]
	l.mu.Unlock()
	if !known {
		failed, err := l.run(overlay{file: over.sound}, lane{pkg, only(test), none, "2m"})
		if err != nil {
			return false, false, err
		}
		sound = failed == ""
		l.mu.Lock()
		l.passes[key] = sound
		l.mu.Unlock()
	}
	if !sound {
		return false, false, nil
	}
	failed, err := l.run(over, lane{pkg, only(test), none, "2m"})
	return failed != "", true, err
}
