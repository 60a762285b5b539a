package main

import (
	"os"
	"testing"
)

// TestMutants: each text that a fault replaces is in its file, once. Whether a
// test notices the faults is what the command tells.
func TestMutants(t *testing.T) {
	text, err := os.ReadFile("mutants.txt")
	if err != nil {
		t.Fatal(err)
	}
	list, err := read(string(text))
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range list {
		if _, err := m.apply("../../.."); err != nil {
			t.Error(err)
		}
	}
}

func TestRead(t *testing.T) {
	list, err := read("# a comment\nwhat: twice\nfile: a.go\nold: x: 1\nnew: x: 2\n\nwhat: nothing\nfile: a.go\nold: y\nnew:\n")
	if err != nil || len(list) != 2 || list[0] != (mutant{"twice", "a.go", "x: 1", "x: 2"}) || list[1].new != "" {
		t.Errorf("%+v, %v", list, err)
	}
	if _, err := read("what: twice\n"); err == nil {
		t.Error("a mutant without a file is read")
	}
}
