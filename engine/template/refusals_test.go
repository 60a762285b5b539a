package template_test

import (
	"errors"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"esmlab/engine/template"
)

// TestRefusalIDs gives an id to each refusal that stands in the scripts of this package: all
// but those of AWS's codes are named by a row of the table.
func TestRefusalIDs(t *testing.T) {
	t.Parallel()
	files, _ := filepath.Glob("testdata/load/*")
	line := regexp.MustCompile(`^t\.yaml:\d+:\d+: (?:([A-Z][A-Za-z]+): )?(.*)$`)
	seen := map[string]int{}
	for _, file := range files {
		src, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for text := range strings.Lines(string(src)) {
			m := line.FindStringSubmatch(strings.TrimSpace(text))
			if m == nil {
				continue
			}
			e := template.Error{Code: m[1], Message: m[2]}
			id := e.ID()
			if seen[id]++; id == "scenario-wrong" || !regexp.MustCompile(`^[a-z0-9]+(-[a-z0-9]+)*$`).MatchString(id) {
				t.Errorf("%s: %q has the id %q", file, m[2], id)
			}
		}
	}
	if len(seen) < 30 {
		t.Errorf("only %d ids: %v", len(seen), seen)
	}
	_, err := template.Load("t.yaml", []byte("Resources: {A: {}}"), nil)
	var list template.Errors
	if !errors.As(err, &list) || list[0].ID() != "type-missing" {
		t.Errorf("%v", err)
	}
}
