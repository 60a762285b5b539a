package template

import (
	"strings"
	"testing"
)

// TestJSON reads templates in JSON that YAML would not read, or read otherwise, and finds
// errors behind such text where they are.
func TestJSON(t *testing.T) {
	for _, text := range []string{`caf\u00e9 \ud83d\ude42`, `\ud83d alone`, "\u2028\u2029\u0085", "\u007f", `\/`, strings.Repeat("x", 500_000), "--- "} {
		p := &Problems{File: "t.json"}
		src := "\ufeff{\t\"Description\"\t:\t\"" + text + "\", \"Metadata\": {\"esmlab\": {\"a\": 1, \"a\": 2}}}"
		if Parse("t.json", []byte(src), p) == nil || p.Count() != 1 {
			t.Fatalf("%.40q: %v", text, p.Err())
		}
		e := p.Err().(Errors)[0]
		if want := len([]rune(src[:strings.LastIndex(src, `"a"`)])); e.Line != 1 || e.Col != want {
			t.Errorf("%.40q: %v, want 1:%d", text, e, want)
		}
	}
	p := &Problems{File: "t.yaml"}
	if Parse("t.yaml", []byte(`Description: "\ud83d\ude42"`), p) != nil || !strings.Contains(p.Err().Error(), "t.yaml:1:1: not YAML and not JSON: found invalid Unicode") {
		t.Errorf("YAML has no surrogates: %v", p.Err())
	}
}
