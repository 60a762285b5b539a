// Package fuzzing tries a fuzz target on inputs near its corpus for a short time, the
// same ones in every run, so that the ordinary test command fuzzes too. `go test -fuzz`
// goes on from the same corpus for as long as one likes.
package fuzzing

import (
	"io/fs"
	"math/rand/v2"
	"strings"
	"testing"
)

// Briefly calls a target with n inputs made of a corpus, a quarter of them with -short.
func Briefly(t *testing.T, corpus []string, n int, target func(t *testing.T, src string)) {
	t.Helper()
	if len(corpus) == 0 {
		t.Fatal("there is no corpus")
	}
	if testing.Short() {
		n /= 4
	}
	r := rand.New(rand.NewPCG(1, 2))
	for i := range n {
		src := changed(r, corpus)
		target(t, src)
		if t.Failed() {
			t.Fatalf("input %d: %q", i, src)
		}
	}
}

// hostile are pieces that readers stumble over.
var hostile = []string{"", "\x00", "\x1b]0;x\a", "\u202e", "\xff", "null", "~", "-1", "1e999", "99999999999999999999", "0x10", "{}", "[]", "{{resolve:ssm:x}}", "!Ref", "!GetAtt",
	"*a", "&a", "<<: ", "${", "}", "\"", "'", ": ", "- ", "\n", "\t", "#", "%", "AWS::NoValue", "Fn::ForEach::A", "Fn::Transform", "true", "é", "😀", strings.Repeat("x", 300), strings.Repeat("[", 200)}

// changed takes a text of the corpus and changes it in a few places.
func changed(r *rand.Rand, corpus []string) string {
	src := corpus[r.IntN(len(corpus))]
	for range 1 + r.IntN(4) {
		at := r.IntN(len(src) + 1)
		end := min(len(src), at+r.IntN(20))
		switch r.IntN(6) {
		case 0: // a part is gone
			src = src[:at] + src[end:]
		case 1: // a part stands twice
			src = src[:end] + src[at:]
		case 2: // a part of another one
			other := corpus[r.IntN(len(corpus))]
			from := r.IntN(len(other) + 1)
			src = src[:at] + other[from:min(len(other), from+r.IntN(60))] + src[end:]
		case 3: // another byte
			if at < len(src) {
				src = src[:at] + string(rune(src[at])^rune(1<<r.IntN(7))) + src[at+1:]
			}
		case 4: // a line moves
			lines := strings.SplitAfter(src, "\n")
			i, k := r.IntN(len(lines)), r.IntN(len(lines))
			lines[i], lines[k] = lines[k], lines[i]
			src = strings.Join(lines, "")
		default:
			src = src[:at] + hostile[r.IntN(len(hostile))] + src[end:]
		}
	}
	return src
}

// Inputs are the inputs of a folder of scripts: what stands between a command in the first
// column and ----.
func Inputs(t testing.TB, folder fs.FS, commands ...string) (out []string) {
	t.Helper()
	names, err := fs.Glob(folder, "*")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range names {
		src, err := fs.ReadFile(folder, name)
		if err != nil {
			continue // a folder
		}
		for part := range strings.SplitSeq(string(src), "\n\n") {
			head, rest, _ := strings.Cut(part, "\n")
			command, _, _ := strings.Cut(head, " ")
			body, _, script := strings.Cut(rest, "\n----")
			for _, c := range commands {
				if script && c == command {
					out = append(out, body+"\n")
				}
			}
		}
	}
	return out
}
