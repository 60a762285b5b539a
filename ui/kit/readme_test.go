package kit

import (
	"os"
	"strings"
	"testing"
)

// TestReadmeHasTheKeys keeps the README's table of keys the one of the
// registry. ESMLAB_UPDATE=1 writes it anew.
func TestReadmeHasTheKeys(t *testing.T) {
	const path, begin, end = "../../README.md", "<!-- keys -->\n", "<!-- /keys -->\n"
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	head, rest, ok1 := strings.Cut(string(b), begin)
	table, tail, ok2 := strings.Cut(rest, end)
	if !ok1 || !ok2 {
		t.Fatal("the README has no table of keys")
	}
	if table == Markdown() {
		return
	}
	if os.Getenv("ESMLAB_UPDATE") == "" {
		t.Fatal("the README's table of keys is not the registry's")
	}
	if err := os.WriteFile(path, []byte(head+begin+Markdown()+end+tail), 0o644); err != nil {
		t.Fatal(err)
	}
}
