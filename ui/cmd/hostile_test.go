package cmd

import (
	"bytes"
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"esmlab/engine/printable"
)

// hostile holds what a terminal obeys: all of C0 and C1, OSC 52, marks that turn
// the direction of writing, signs without width, and bytes that are not UTF-8.
func hostile() string {
	var b strings.Builder
	for c := rune(1); c < 0xa0; c++ {
		if c < ' ' && c != '\n' && c != '\t' || c >= 0x7f {
			b.WriteRune(c)
		}
	}
	return b.String() + "\x1b]52;c;eA==\x07\x1b[2J\u202e\u2066\u200b\u2060\ufeff"
}

// Whatever names, texts and notes hold, no output does more than show it.
func TestHostileText(t *testing.T) {
	t.Parallel()
	bad := hostile()
	quoted := strconv.QuoteToASCII(bad) // YAML's escapes, but for \v and its like
	for go_, yaml := range map[string]string{`\a`: `\x07`, `\v`: `\x0b`, `\f`: `\x0c`, `\b`: `\x08`} {
		quoted = strings.ReplaceAll(quoted, go_, yaml)
	}
	dir := t.TempDir()
	template := filepath.Join(dir, "x;touch pwned;\x1b]0;t\x07\u202e.yaml")
	note := filepath.Join(dir, "note.md")
	src := "Metadata:\n  esmlab:\n    title: " + quoted + "\n    about: " + quoted + "\n    for: 5s\n    traffic: [{to: Orders, at: 0s, keys: [" + quoted + "], body: " + quoted + "}]\n" +
		"    functions: {Ship: {faults: [{how: error, name: " + quoted + "}]}}\n    expect: [{at: 1s, that: 't > 9'}]\n" +
		"Resources:\n  Orders: {Type: AWS::Kinesis::Stream}\n  Other: {Type: " + quoted + "}\n" +
		"  Ship: {Type: AWS::Serverless::Function, Properties: {Events: {E: {Type: Kinesis, Properties: {Stream: !GetAtt Orders.Arn, StartingPosition: TRIM_HORIZON}}}}}\n"
	for name, text := range map[string]string{template: src, note: "Q: What " + bad + "?\nA: This " + bad + "\n\n> [!question] Which " + bad + "?\n> 1. one " + bad + "\n> 2. two\n>\n> > [!success]- 1\n"} {
		if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	for _, args := range [][]string{
		{"run", template}, {"run", template, "--json"}, {"run", template, "--trace", "-"}, {"check", template}, {"lab", template}, {"check", note}, {"check", note, "--json"},
		{"cards", note}, {"cards", note, "--json"}, {"cards", note, "--anki"}, {"quiz", "--plain", note}, {"learn", "--plain"},
		{"explain", bad}, {"run", bad}, {bad}, {"help", bad}, {"run", template, "--param", bad}, {"run", template, "--set", bad}, {"run", template, "--stop-when", bad}, {"learn", bad},
	} {
		var out, errs bytes.Buffer
		Run(context.Background(), args, Env{In: strings.NewReader(bad + "\n1\n"), Out: &out, Err: &errs, ReadFile: readFile, Dir: dirFS})
		for what, text := range map[string]string{"out": out.String(), "err": errs.String()} {
			if text != printable.Text(text) {
				t.Errorf("%q, %s: %q", args, what, text)
			}
		}
		if args[len(args)-1] == "-" || args[len(args)-1] == "--json" {
			dec := json.NewDecoder(&out)
			for dec.More() {
				var v any
				if err := dec.Decode(&v); err != nil {
					t.Errorf("%q: no JSON: %v", args, err)
					break
				}
			}
		}
	}
}
