package pattern

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"
)

// Arrays of a document do not multiply: eight of 30 elements each have 30^8
// combinations, and a mismatch that shows only in the last is found at once.
func TestManyArrays(t *testing.T) {
	t.Parallel()
	list := func(names ...string) string {
		var items []string
		for i := range 30 {
			items = append(items, fmt.Sprintf(`{%q:%d}`, names[i*len(names)/30], 1))
		}
		return "[" + strings.Join(items, ",") + "]"
	}
	for _, match := range []bool{false, true} {
		fields := []string{`"a":` + list("first", "last")}
		paths := []string{`"a":{"first":[1],"last":[1]}`}
		if match {
			paths[0] = `"a":{"first":[1]}`
		}
		for i := range 7 {
			name := string(rune('b' + i))
			fields = append(fields, fmt.Sprintf("%q:%s", name, list("x")))
			paths = append(paths, fmt.Sprintf(`%q:{"x":[1]}`, name))
		}
		// the same with the arrays that multiply between the two that exclude each other
		nested := `{"z":[` + strings.Repeat(`{"a":{"k":1},`+strings.Join(fields[1:], ",")+`},`, 10) + `{"q":1}]}`
		for doc, pattern := range map[string]string{
			"{" + strings.Join(fields, ",") + "}": "{" + strings.Join(paths, ",") + "}",
			nested:                                `{"z":{"a":{"k":[1]},` + strings.Join(paths[1:], ",") + map[bool]string{true: "", false: `,"q":[1]`}[match] + `}}`,
		} {
			p, err := Compile(pattern)
			if err != nil {
				t.Fatal(err)
			}
			var v map[string]any
			dec := json.NewDecoder(strings.NewReader(doc))
			dec.UseNumber()
			if err := dec.Decode(&v); err != nil {
				t.Fatal(err)
			}
			begin := time.Now()
			if got := p.Match(v); got != match {
				t.Errorf("%s: %t", pattern, got)
			}
			if took := time.Since(begin); took > 2*time.Second {
				t.Errorf("%s took %v", pattern, took)
			}
		}
	}
}
