package tree

import (
	"encoding/json"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"go.yaml.in/yaml/v4"
)

// written gives all that is read of a tree.
func written(n *yaml.Node) string {
	var b strings.Builder
	var of func(n *yaml.Node)
	of = func(n *yaml.Node) {
		fmt.Fprintf(&b, "%d:%d %d %s %d %q\n", n.Line, n.Column, n.Kind, n.Tag, n.Style, n.Value)
		for _, c := range n.Content {
			of(c)
		}
	}
	of(n)
	return b.String()
}

// TestSameTree reads JSON that YAML reads too: the trees are the same, places and all.
func TestSameTree(t *testing.T) {
	texts := []string{
		`{}`, `[]`, `""`, `null`, ` 5 `, `-0.5e3`, `1E+5`, `18446744073709551615`, `18446744073709551616`, `-9223372036854775809`, "{\"a\": [1, true, null, \"x\\ty\", {\"b\": {}}],\r\n  \"é\": \"\\u00e9\\/\", \"é\":\n\"twice\"}\n",
		`{"<<": 1, "yes": "no", "1e3": 1e3, "big": 123456789012345678901234567890, "date": "2026-01-01"}`,
	}
	err := filepath.WalkDir("../..", func(path string, d fs.DirEntry, err error) error {
		if err == nil && strings.HasSuffix(path, ".json") {
			src, err := os.ReadFile(path)
			if err != nil {
				return err
			}
			texts = append(texts, string(src))
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, text := range texts {
		var want, got yaml.Node
		if !json.Valid([]byte(text)) || yaml.Unmarshal([]byte(text), &want) != nil {
			continue
		}
		if err := Unmarshal([]byte(text), &got); err != nil || written(&got) != written(&want) {
			t.Errorf("%.200s: %v\n%.2000s\nYAML reads\n%.2000s", text, err, written(&got), written(&want))
		}
	}
}

// TestJSON reads what JSON has and YAML has not.
func TestJSON(t *testing.T) {
	for text, want := range map[string]string{
		`"\ud83d\ude42 \uD83D\uDE42"`:              "🙂 🙂",
		`"\ud83d"`:                                 "\ufffd",
		`"\ude42\ud83d."`:                          "\ufffd\ufffd.",
		`"\ud83d\ud83d\ude42"`:                     "\ufffd🙂",
		"\"a\u2028b \u0085 c\"":                    "a\u2028b \u0085 c",
		"\"\x7f \ufffe \ufeff\"":                   "\x7f \ufffe \ufeff",
		"\"\\\"\\\\\\/\\b\\f\\n\\r\\t\\u0000\"":    "\"\\/\b\f\n\r\t\x00",
		"\ufeff\t\"with a mark\"\t\r\n":            "with a mark",
		`"` + strings.Repeat("x", 1_500_000) + `"`: strings.Repeat("x", 1_500_000),
	} {
		var doc yaml.Node
		if err := Unmarshal([]byte(text), &doc); err != nil || doc.Content[0].Value != want || doc.Content[0].Tag != "!!str" {
			t.Errorf("%.80q: %v, %.200s", text, err, written(&doc))
		}
	}
	var doc yaml.Node
	err := Unmarshal([]byte("{\n\t\"🙂\":\t\"\\ud83d\\ude42\",\t\"a\"\t:\n [\t1 ,\t2]}"), &doc)
	if err != nil || !strings.HasSuffix(written(&doc), "2:23 8 !!str 2 \"a\"\n3:2 2 !!seq 32 \"\"\n3:4 8 !!int 0 \"1\"\n3:8 8 !!int 0 \"2\"\n") {
		t.Errorf("%v\n%s", err, written(&doc))
	}
	deep := strings.Repeat("[", 9000) + strings.Repeat("]", 9000)
	if JSON([]byte(deep)) == nil {
		t.Error("deep JSON is not read")
	}
	for _, text := range []string{"", "{a: 1}", `{"a": 1,}`, "'\\ud83d'", "{} {}", "\"a\nb\"", "\"\xff\"", "[1] # one"} {
		if JSON([]byte(text)) != nil {
			t.Errorf("%q is not JSON", text)
		}
	}
}
