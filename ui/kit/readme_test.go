package kit

import (
	"os"
	"strings"
	"testing"
)

// The README's tables of keys and of typed commands are those of the registries.
// ESMLAB_UPDATE=1 writes them anew.
func TestReadme(t *testing.T) {
	for name, want := range map[string]string{"keys": Markdown(), "commands": CommandsMarkdown()} {
		const path = "../../README.md"
		begin, end := "<!-- "+name+" -->\n", "<!-- /"+name+" -->\n"
		b, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		head, rest, ok1 := strings.Cut(string(b), begin)
		table, tail, ok2 := strings.Cut(rest, end)
		if !ok1 || !ok2 {
			t.Fatalf("the README has no table of %s", name)
		}
		if table == want {
			continue
		}
		if os.Getenv("ESMLAB_UPDATE") == "" {
			t.Errorf("the README's table of %s is not the registry's", name)
			continue
		}
		if err := os.WriteFile(path, []byte(head+begin+want+end+tail), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}
