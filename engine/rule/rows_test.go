package rule_test

import (
	"fmt"
	"io/fs"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"esmlab/engine/rule"
)

// TestRows counts how the rows of the reading of AWS are covered: each is one
// of modelled, refused, explained or left out; what it names is there; at most
// one in twenty is left out, and none of what decides a record's fate.
func TestRows(t *testing.T) {
	tests := testsOf(t, "../..")
	rows := rule.Rows()
	seen := map[string]bool{}
	left := 0
	for _, r := range rows {
		if seen[r.Name] {
			t.Errorf("row %s is there twice", r.Name)
		}
		seen[r.Name] = true
		kinds := 0
		for _, is := range []bool{r.Modelled(), r.Error != "", r.Explained(), r.Not != ""} {
			if is {
				kinds++
			}
		}
		if kinds != 1 {
			t.Errorf("row %s is covered in %d ways", r.Name, kinds)
		}
		if r.Says == "" {
			t.Errorf("row %s says nothing", r.Name)
		}
		if !slices.ContainsFunc(rule.Sections(), func(s rule.Section) bool { return s.ID == r.Section() }) {
			t.Errorf("row %s stands in section %s, which does not exist", r.Name, r.Section())
		}
		for _, id := range r.Rules {
			if _, ok := rule.Find(id); !ok {
				t.Errorf("row %s names rule %s, which does not exist", r.Name, id)
			}
		}
		for _, name := range r.Tests {
			if !tests[name] {
				t.Errorf("row %s names %s, which is not a test", r.Name, name)
			}
		}
		if r.Error != "" && (len(r.Tests) == 0 || !strings.HasSuffix(r.Error, "Exception")) {
			t.Errorf("row %s is refused with %s, and no test holds it", r.Name, r.Error)
		}
		if r.Not != "" {
			left++
			if regexp.MustCompile(`^(S-([2389][. ]|E)|Q-([BESDF]\d|FQ)|Q15)`).MatchString(r.Name) {
				t.Errorf("row %s is left out", r.Name)
			}
		}
	}
	if left*20 > len(rows) {
		t.Errorf("%d of %d rows are left out", left, len(rows))
	}
	for n := 1; n <= 52; n++ {
		if name := fmt.Sprintf("S-E%d", n); !seen[name] {
			t.Errorf("row %s is missing", name)
		}
	}
	for n := 1; n <= 54; n++ {
		if name := fmt.Sprintf("Q15.%d", n); !seen[name] {
			t.Errorf("row %s is missing", name)
		}
	}
	for n := 1; n <= 11; n++ {
		if name := fmt.Sprintf("N-B%d", n); !seen[name] {
			t.Errorf("row %s is missing", name)
		}
	}
	for part, n := range map[string]int{"R": 12, "P": 19, "B": 10, "SC": 14, "SF": 5, "PM": 9, "C": 13, "E": 18, "S": 24, "D": 18, "F": 14, "FQ": 7, "FL": 11, "A": 12, "X": 12, "M": 17} {
		for i := 1; i <= n; i++ {
			if name := fmt.Sprintf("Q-%s%d", part, i); !seen[name] {
				t.Errorf("row %s is missing", name)
			}
		}
	}
	for _, s := range []string{"1.1", "1.2", "1.3", "1.4", "1.5", "2", "2.1", "3", "3.1", "3.2", "4", "5", "6.1", "6.2", "7", "9.1", "9.2", "9.3", "9.4", "9.5"} {
		if !slices.ContainsFunc(rows, func(r rule.Row) bool { return strings.HasPrefix(r.Name, "S-"+s+" ") }) {
			t.Errorf("there is no row of section %s", s)
		}
	}
}

// testsOf lists the Go tests under a folder.
func testsOf(t *testing.T, root string) map[string]bool {
	t.Helper()
	out := map[string]bool{}
	re := regexp.MustCompile(`(?m)^func (Test\w+)\(`)
	err := fs.WalkDir(os.DirFS(root), ".", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.HasSuffix(path, "_test.go") {
			return err
		}
		src, err := os.ReadFile(root + "/" + path)
		for _, m := range re.FindAllSubmatch(src, -1) {
			out[string(m[1])] = true
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// TestDocumented: a documented rule cites AWS and says only what AWS says, as its
// page was read in October or later.
func TestDocumented(t *testing.T) {
	for _, r := range rule.All {
		if r.Confidence != rule.Documented {
			continue
		}
		if !strings.HasPrefix(r.Source, "https://docs.aws.amazon.com/") && !strings.HasPrefix(r.Source, "https://github.com/aws/") {
			t.Errorf("%s is documented in %s", r.ID, r.Source)
		}
		if own := regexp.MustCompile(`(?i)\besmlab\b|\bhere\b|AWS does not say`).FindString(r.Statement); own != "" {
			t.Errorf("%s is documented and says %q: %s", r.ID, own, r.Statement)
		}
		if r.Number != nil {
			t.Errorf("%s is documented and has a number to choose", r.ID)
		}
	}
}
