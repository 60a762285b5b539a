package finding_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/cockroachdb/datadriven"
	"go.yaml.in/yaml/v4"

	"esmlab/engine/finding"
	"esmlab/engine/scenario"
	"esmlab/engine/template"
)

// code reads folders of code from testdata/code.
func code(uri string) finding.Code {
	out := finding.Code{}
	files, _ := filepath.Glob(filepath.Join("testdata", "code", uri, "*"))
	for _, f := range files {
		if text, err := os.ReadFile(f); err == nil {
			out[filepath.Base(f)] = string(text)
		}
	}
	return out
}

func read(t *testing.T, src string) *scenario.Scenario {
	t.Helper()
	sc, err := scenario.Read("t.yaml", []byte(src), scenario.Options{})
	if err != nil {
		t.Fatal(err)
	}
	return sc
}

// TestKinds plays testdata/kinds, a file for each kind. It begins with a template that has it:
// what is found, when its world bites, and what the fix, merged into the template, leaves of
// it. The nearest template that has not follows: the same world does not bite there, where
// the template and not the handler decides.
func TestKinds(t *testing.T) {
	t.Parallel()
	for _, id := range finding.IDs() {
		t.Run(id, func(t *testing.T) {
			t.Parallel()
			var world *finding.Finding
			has, hasNot := 0, 0
			datadriven.RunTest(t, filepath.Join("testdata", "kinds", id), func(t *testing.T, d *datadriven.TestData) string {
				sc := read(t, d.Input)
				found := of(finding.All(sc, finding.Options{Code: code}), id)
				var b strings.Builder
				switch d.Cmd {
				case "has":
					if has++; len(found) == 0 {
						t.Fatalf("%s: not found", d.Pos)
					}
					for i := range found {
						f := &found[i]
						fmt.Fprintf(&b, "%d:%d: %s: %s\n  right: %s\n", f.Line, f.Col, f.Severity, f.Sentence, f.Right)
						if f.Source != "" {
							b.WriteString("  " + f.Source + "\n")
						}
						p, err := f.Prove()
						switch {
						case f.World == nil:
							b.WriteString("  no world\n")
						case err != nil:
							t.Fatalf("%s: %v\n%s", d.Pos, err, f.World.Change())
						case !p.Bit:
							t.Errorf("%s: it does not bite:\n%s\n%s", d.Pos, f.World.Bites, f.World.Change())
						default:
							fmt.Fprintf(&b, "  bites at %s s\n", p.At)
						}
						if f.Fix != "" {
							if left := afterFix(t, d.Input, f); left != "" {
								t.Errorf("%s: the fix does not mend it:\n%s\n%s", d.Pos, f.Fix, left)
							}
							b.WriteString("  " + strings.ReplaceAll(strings.TrimSuffix(f.Fix, "\n"), "\n", "\n  ") + "\n")
						}
					}
					if world == nil {
						world = &found[0]
					}
				case "nearest":
					hasNot++
					for i := range found {
						t.Errorf("%s: found: %s", d.Pos, found[i].Sentence)
					}
					b.WriteString("nothing")
					if world != nil && world.World != nil && !d.HasArg("other-world") {
						p, err := finding.Over(world, sc)
						switch {
						case err != nil:
							fmt.Fprintf(&b, "; the world above cannot be: %v", err)
						case p.Bit:
							t.Errorf("%s: the world above bites here too, at %s", d.Pos, p.At)
						default:
							b.WriteString("; the world above does not bite")
						}
					}
					b.WriteString("\n")
				}
				return b.String()
			})
			if has == 0 || hasNot == 0 {
				t.Errorf("a kind has templates that have it and a nearest one that has not")
			}
		})
	}
}

// of are the findings of a kind that are not silenced.
func of(all []finding.Finding, id string) []finding.Finding {
	var out []finding.Finding
	for _, f := range all {
		if f.Kind.ID == id && f.Ignored == "" {
			out = append(out, f)
		}
	}
	return out
}

// afterFix merges a fix into a template, and says what of the kind is left there that is as
// bad.
func afterFix(t *testing.T, src string, f *finding.Finding) string {
	t.Helper()
	var doc, part yaml.Node
	if err := yaml.Unmarshal([]byte(src), &doc); err != nil {
		t.Fatal(err)
	}
	if err := yaml.Unmarshal([]byte(f.Fix), &part); err != nil {
		return err.Error()
	}
	merged, err := yaml.Marshal(template.Merge(doc.Content[0], part.Content[0]))
	if err != nil {
		t.Fatal(err)
	}
	sc, err := scenario.Read("t.yaml", merged, scenario.Options{})
	if err != nil {
		return err.Error() + "\n" + string(merged)
	}
	for _, g := range of(finding.All(sc, finding.Options{Code: code}), f.Kind.ID) {
		if g.On == f.On && g.Severity >= f.Severity {
			return g.Sentence
		}
	}
	return ""
}

// TestFindings plays testdata/findings: a template, and what is found in it.
func TestFindings(t *testing.T) {
	t.Parallel()
	datadriven.RunTest(t, "testdata/findings", func(t *testing.T, d *datadriven.TestData) string {
		sc, err := scenario.Read("t.yaml", []byte(d.Input), scenario.Options{})
		if err != nil {
			return err.Error() + "\n"
		}
		var b strings.Builder
		all := finding.All(sc, finding.Options{Code: code})
		for i := range all {
			f := &all[i]
			if f.Ignored != "" {
				fmt.Fprintf(&b, "%d:%d: ignored: %s: %s\n", f.Line, f.Col, f.Name(all), f.Ignored)
				continue
			}
			fmt.Fprintf(&b, "%d:%d: %s: %s: %s\n", f.Line, f.Col, f.Severity, f.Name(all), f.Sentence)
			if p, err := f.Prove(); f.World != nil && (err != nil || !p.Bit) {
				t.Errorf("%s: %s does not bite: %v\n%s\n%s", d.Pos, f.Name(all), err, f.World.Bites, f.World.Change())
			}
		}
		if b.Len() == 0 {
			return "nothing\n"
		}
		return b.String()
	})
}
