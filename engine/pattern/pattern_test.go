package pattern_test

import (
	"cmp"
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/cockroachdb/datadriven"
	"pgregory.net/rapid"

	"esmlab/engine/internal/fuzzing"
	"esmlab/engine/pattern"
)

// TestMatch plays testdata/match. Each block has a pattern in its first line
// and documents below it, and says of each whether it matches, and if not,
// why. The commands:
//
//	match    documents are whole records
//	kinesis  documents are the data of Kinesis records
//	sqs      documents are the bodies of SQS messages
//	refuse   each line is a pattern that is refused: where, and why
//
// Several patterns of one mapping stand in lines that begin with "or ".
func TestMatch(t *testing.T) {
	datadriven.Walk(t, "testdata/match", func(t *testing.T, path string) {
		datadriven.RunTest(t, path, func(t *testing.T, d *datadriven.TestData) string {
			var b strings.Builder
			var patterns []string
			var c *pattern.Criteria
			for l := range strings.Lines(d.Input) {
				l = strings.TrimSuffix(l, "\n")
				switch {
				case d.Cmd == "refuse":
					_, err := pattern.Compile(l)
					if err == nil {
						d.Fatalf(t, "taken: %s", l)
					}
					e := err.(*pattern.Error)
					fmt.Fprintf(&b, "%s\n%s^ %s\n", l, strings.Repeat(" ", e.Offset), e.Reason)
					continue
				case len(patterns) == 0 || strings.HasPrefix(l, "or "):
					patterns = append(patterns, strings.TrimPrefix(l, "or "))
					continue
				case c == nil:
					var err error
					if c, err = pattern.NewCriteria(patterns); err != nil {
						d.Fatalf(t, "%v", err)
					}
				}
				r := record(t, d.Cmd, l)
				v := c.Explain(&r)
				if v.Match {
					fmt.Fprintf(&b, "match     %s\n", l)
					continue
				}
				fmt.Fprintf(&b, "no match  %s\n          %s: %s is %s (%s)\n", l, v.Reason, v.Path, cmp.Or(v.Have, "not there"), v.Rule)
			}
			return b.String()
		})
	})
}

func record(t *testing.T, kind, src string) pattern.Record {
	switch kind {
	case "kinesis":
		return pattern.Kinesis(map[string]any{"partitionKey": "k1"}, []byte(src))
	case "sqs":
		return pattern.SQS(map[string]any{}, src)
	}
	doc, ok := pattern.Decode([]byte(src))
	if !ok {
		t.Fatalf("no JSON: %s", src)
	}
	return pattern.Record{Doc: doc.(map[string]any)}
}

var (
	names  = rapid.SampledFrom([]string{"a", "b", "a.b", "c"})
	scalar = rapid.SampledFrom([]string{`"x"`, `"X"`, `"xy"`, `""`, `"3"`, `3`, `3.0`, `30e-1`, `4`, `-1`, `12345678901234567890123`, `true`, `null`, `"10.0.0.1"`})
	test   = rapid.OneOf(scalar, rapid.SampledFrom([]string{`{"prefix":"x"}`, `{"suffix":"y"}`, `{"prefix":{"equals-ignore-case":"X"}}`, `{"equals-ignore-case":"x"}`,
		`{"wildcard":"*y"}`, `{"wildcard":"x*"}`, `{"numeric":[">",3]}`, `{"numeric":[">=",3,"<",4]}`, `{"exists":true}`, `{"exists":false}`, `{"anything-but":"x"}`,
		`{"anything-but":[3,4]}`, `{"anything-but":{"prefix":"x"}}`, `{"cidr":"10.0.0.0/8"}`}))
)

// conditions draws the list at a path.
func conditions(t *rapid.T) string {
	return "[" + strings.Join(rapid.SliceOfN(test, 1, 3).Draw(t, "tests"), ",") + "]"
}

// object draws a pattern or a part of one.
func object(t *rapid.T, depth int) string {
	keys := rapid.SliceOfNDistinct(names, 1, 3, rapid.ID).Draw(t, "names")
	var parts []string
	for _, k := range keys {
		v := conditions(t)
		if depth > 0 && rapid.Bool().Draw(t, "nested") {
			v = object(t, depth-1)
		}
		parts = append(parts, fmt.Sprintf("%q:%s", k, v))
	}
	return "{" + strings.Join(parts, ",") + "}"
}

// document draws a document that patterns may match.
func document(t *rapid.T, depth int) any {
	switch rapid.IntRange(0, 5).Draw(t, "kind") {
	case 0:
		list := make([]any, rapid.IntRange(0, 3).Draw(t, "length"))
		for i := range list {
			if list[i] = any(nil); depth > 0 {
				list[i] = document(t, depth-1)
			}
		}
		return list
	case 1, 2:
		if depth > 0 {
			m := map[string]any{}
			for _, k := range rapid.SliceOfNDistinct(names, 0, 3, rapid.ID).Draw(t, "keys") {
				m[k] = document(t, depth-1)
			}
			return m
		}
	}
	v, _ := pattern.Decode([]byte(scalar.Draw(t, "value")))
	return v
}

func top(t *rapid.T) any {
	m := map[string]any{}
	for _, k := range rapid.SliceOfNDistinct(names, 0, 4, rapid.ID).Draw(t, "top") {
		m[k] = document(t, 3)
	}
	return m
}

func compile(t *rapid.T, src string) *pattern.Pattern {
	p, err := pattern.Compile(src)
	if err != nil {
		t.Fatalf("%s: %v", src, err)
	}
	return p
}

// TestLaws checks what must hold between patterns: a $or matches what one of
// its alternatives matches, a list what one of its conditions matches, two
// fields what both match (where no list of objects ties them together), and an
// explanation agrees with the verdict and points at something.
func TestLaws(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		doc := top(t)
		one, two := object(t, 2), object(t, 2)
		p, q := compile(t, one), compile(t, two)
		either := compile(t, `{"$or":[`+one+`,`+two+`]}`)
		if got, want := either.Match(doc), p.Match(doc) || q.Match(doc); got != want {
			t.Errorf("$or of %s and %s is %v on %s", one, two, got, text(doc))
		}
		list := rapid.SliceOfN(test, 2, 4).Draw(t, "list")
		any := false
		for _, c := range list {
			any = any || compile(t, `{"a":[`+c+`]}`).Match(doc)
		}
		if got := compile(t, `{"a":[`+strings.Join(list, ",")+`]}`).Match(doc); got != any {
			t.Errorf("the list %v is %v on %s", list, got, text(doc))
		}
		v := p.Explain(doc)
		if v.Match != p.Match(doc) || v.Match != (v.Rule == "") || !v.Match && (v.Reason == "" || !strings.HasPrefix(one[v.Offset:], v.Want)) {
			t.Errorf("%s on %s: %+v", one, text(doc), v)
		}
	})
}

// TestAnd: two fields of a pattern match where each of them does, unless a
// list of objects ties them together.
func TestAnd(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		doc := map[string]any{}
		for _, k := range []string{"a", "b"} {
			doc[k], _ = pattern.Decode([]byte(scalar.Draw(t, k)))
		}
		a, b := `"a":`+conditions(t), `"b":`+conditions(t)
		both := compile(t, "{"+a+","+b+"}").Match(doc)
		if each := compile(t, "{"+a+"}").Match(doc) && compile(t, "{"+b+"}").Match(doc); both != each {
			t.Errorf("%s, %s on %s: %v", a, b, text(doc), both)
		}
	})
}

func text(v any) string {
	b, _ := json.Marshal(v)
	return string(b)
}

// FuzzCompile: no pattern and no document panics; a fault points into the
// pattern.
func FuzzCompile(f *testing.F) {
	for _, p := range []string{``, `{`, `null`, `{"a":[]}`, `{"a":[{"numeric":[">"]}]}`, `{"a":[{"anything-but":{}}]}`, `{"$or":[{"a":["b"]},{"c":[null]}]}`,
		`{"a":[{"wildcard":"\\"}]}`, `{"a":[{"wildcard":"x\\*y*"}]}`, `{"":[""],"a.":[{"suffix":""}],".":[1e400]}`, `{"a":[{"cidr":"::/0"}]}`, `{"a":{"b":[{"prefix":{"equals-ignore-case":"ß"}}]}}`} {
		f.Add(p, `{"a":[{"b":1},[2,[3]],"x"],"a.b":null,"":{"":""}}`)
	}
	f.Fuzz(compileAny)
}

// TestFuzzBriefly: FuzzCompile for a short time, in every run of the tests.
func TestFuzzBriefly(t *testing.T) {
	corpus := []string{`{"a":[{"numeric":[">",1,"<=",5]}]}`, `{"a":[{"anything-but":{"prefix":"x"}}],"b":[{"exists":true}]}`, `{"$or":[{"a":["b"]},{"c":[null]}]}`,
		`{"a":[{"wildcard":"x\\*y*"}]}`, `{"a":[{"cidr":"10.0.0.0/8"}]}`, `{"a":{"b":[{"suffix":{"equals-ignore-case":"ß"}}]}}`}
	documents := []string{`{"a":[{"b":1},[2,[3]],"x"],"a.b":null,"":{"":""}}`, `{"a":3,"b":"x*y","c":null}`, `{"a":{"b":"xß"}}`}
	n := 0
	fuzzing.Briefly(t, corpus, 20_000, func(t *testing.T, src string) {
		n++
		compileAny(t, src, documents[n%len(documents)])
	})
}

// compileAny compiles what may be no pattern.
func compileAny(t *testing.T, src, doc string) {
	p, err := pattern.Compile(src)
	if err != nil {
		if e := err.(*pattern.Error); e.Offset < 0 || e.Offset > len(src) || e.Reason == "" || e.Rule == "" {
			t.Errorf("%q: %+v", src, e)
		}
		return
	}
	if v, ok := pattern.Decode([]byte(doc)); ok {
		if got := p.Explain(v); got.Match != p.Match(v) {
			t.Errorf("%q on %q", src, doc)
		}
	}
}

// TestLimits: a mapping has at most five filters, of at most 4,096 characters
// each.
func TestLimits(t *testing.T) {
	long := func(n int) string { return `{"a":["` + strings.Repeat("é", n-len(`{"a":[""]}`)) + `"]}` }
	for _, x := range []struct {
		patterns []string
		taken    bool
	}{
		{[]string{long(4096)}, true},
		{[]string{long(4097)}, false},
		{strings.Fields(strings.Repeat(`{"a":[1]} `, 5)), true},
		{strings.Fields(strings.Repeat(`{"a":[1]} `, 6)), false},
	} {
		if _, err := pattern.NewCriteria(x.patterns); (err == nil) != x.taken {
			t.Errorf("%d filters, the first of %d bytes: %v", len(x.patterns), len(x.patterns[0]), err)
		}
	}
}

// TestCriteriaText: filters written and read are the same filters.
func TestCriteriaText(t *testing.T) {
	c, err := pattern.NewCriteria([]string{`{"a":["<b>&\"\\"]}`, `{"c":[null]}`})
	if err != nil {
		t.Fatal(err)
	}
	again, err := pattern.ReadCriteria(c.String())
	if err != nil || again.String() != c.String() || len(again.Patterns()) != 2 {
		t.Errorf("%s became %s, %v", c, again, err)
	}
	for _, s := range []string{"", "{}", `{"Filters":[]}`} {
		if none, err := pattern.ReadCriteria(s); none != nil || err != nil {
			t.Errorf("%q gives %v, %v", s, none, err)
		}
	}
	for _, s := range []string{"x", "[]", `{"Filter":[]}`, `{"Filters":[{"Patern":"x"}]}`, `{"Filters":[{"Pattern":""}]}`} {
		if _, err := pattern.ReadCriteria(s); err == nil {
			t.Errorf("%q is taken", s)
		}
	}
}

func BenchmarkMatch(b *testing.B) {
	p, _ := pattern.Compile(`{"data":{"kind":["order"],"total":[{"numeric":[">",100]}]}}`)
	doc, _ := pattern.Decode([]byte(`{"data":{"kind":"order","total":300,"items":[1,2,3]}}`))
	b.ReportAllocs()
	for b.Loop() {
		p.Match(doc)
	}
}
