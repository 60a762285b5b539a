package main

import (
	"io/fs"
	"os"
	"path/filepath"
	"testing"

	"esmlab/engine/finding"
	"esmlab/engine/scenario"
)

// TestFindingsMeant keeps what is found in the templates of scenarios and lessons meant: each
// finding is silenced in the file, with its reason.
func TestFindingsMeant(t *testing.T) {
	n := 0
	for _, dir := range []string{"engine/scenario/builtin", "lessons"} {
		err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
			if err != nil || d.IsDir() || filepath.Ext(path) != ".yaml" || filepath.Base(filepath.Dir(path)) == "testdata" {
				return err
			}
			src, err := os.ReadFile(path)
			if err != nil {
				return err
			}
			sc, err := scenario.Read(path, src, scenario.Options{Open: func(name string) ([]byte, error) { return os.ReadFile(filepath.Join(filepath.Dir(path), name)) }})
			if err != nil {
				return nil // a part of a template, to be deployed
			}
			n++
			for _, f := range finding.Open(finding.All(sc, finding.Options{})) {
				t.Errorf("%s:%d: %s %s: %s", path, f.Line, f.Kind.ID, f.On, f.Sentence)
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	if n < 100 {
		t.Errorf("%d templates were looked at", n)
	}
}
