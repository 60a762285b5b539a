package main

import (
	"go/scanner"
	"go/token"
	"path"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

// turns are turns of phrase that comments and texts do not use, each with a
// part that all its forms have, and what to write instead.
var turns = []struct{ part, found, write string }{
	{"deed", `\bdeeds?\b`, "a command or an action"},
	{"is no", `\bis (no|nothing) [a-z]+`, `"is not a …" (after "there" it is fine)`},
	{"names nothing", `\bnames nothing\b`, `"is not a …"`},
	{" wanted", `\b(is|are|was|were) wanted\b`, "who needs it, or nothing"},
	{"asked of this", `\basked of this\b`, "what the question was"},
	{"tell", `\btells? of\b`, "gives, reports, is about"},
	{"how often ", `\bhow often (is|are|was|a|the|each|every|it) (\w+ )*?(tried|retried|received|handed|invoked|deleted)\b`, "how many times"},
	{"more", `\b(not|nothing|none|nobody|may)\b[^.,;:]* any ?more\b`, "no longer"},
	{"no further", `\bthere is no further\b`, `"this is the last …", "there are no more …"`},
	{"1 ", `\b1 (batch|bucket|card|invocation|message|queue|record|shard)(e?s)? (wait|flow|are|were|have)\b`, "1 record waits"},
	{"stand", `\bstands? (two|three|\d+) `, "can take"},
}

// allowed is what a turn finds that is good English all the same.
var allowed = regexp.MustCompile(`(?i)^(is no (longer|more|less|other|such)\b|how often a shard is read)`)

// TestEnglish keeps such turns out of comments, texts and pages.
func TestEnglish(t *testing.T) {
	var checks []*regexp.Regexp
	for _, turn := range turns {
		checks = append(checks, regexp.MustCompile("(?i)"+turn.found))
	}
	seen := 0
	for name, src := range readTree(t).files {
		ext := path.Ext(name)
		if ext != ".go" && ext != ".md" && ext != ".yaml" || name == "english_test.go" || strings.Contains(name, "testdata/") {
			continue
		}
		for _, p := range prose(name, []byte(src)) {
			seen++
			lower := strings.ToLower(p.text)
			for i, check := range checks {
				if !strings.Contains(lower, turns[i].part) {
					continue
				}
				for _, at := range check.FindAllStringIndex(p.text, -1) {
					found := strings.TrimSpace(p.text[at[0]:at[1]])
					if !allowed.MatchString(found) && !strings.HasSuffix(strings.ToLower(p.text[:at[0]]), "there ") {
						t.Errorf("%s:%d: %q: write %s", name, p.line, found, turns[i].write)
					}
				}
			}
		}
	}
	if seen < 10_000 {
		t.Errorf("only %d texts were looked at", seen)
	}
}

// passage is a text for people, on one line, and where it begins.
type passage struct {
	line int
	text string
}

// prose gives the comments and strings of a Go file, and the paragraphs of any
// other.
func prose(name string, src []byte) []passage {
	if !strings.HasSuffix(name, ".go") {
		var out []passage
		line := 1
		for p := range strings.SplitSeq(string(src), "\n\n") {
			text := strings.NewReplacer("\n", " ", "> ", "").Replace(p)
			out = append(out, passage{line, strings.Join(strings.Fields(text), " ")})
			line += strings.Count(p, "\n") + 2
		}
		return out
	}
	var out []passage
	var s scanner.Scanner
	files := token.NewFileSet()
	s.Init(files.AddFile(name, -1, len(src)), src, nil, scanner.ScanComments)
	comment := -1 // the line of a comment that the next one may continue
	for {
		pos, kind, text := s.Scan()
		line := files.Position(pos).Line
		switch kind {
		case token.EOF:
			return out
		case token.COMMENT:
			text = strings.TrimSpace(strings.TrimPrefix(text, "//"))
			if comment == line-1 && len(out) > 0 {
				out[len(out)-1].text += " " + text
			} else {
				out = append(out, passage{line, text})
			}
			comment = line
		case token.STRING:
			if text, err := strconv.Unquote(text); err == nil && strings.Contains(text, " ") {
				out = append(out, passage{line, strings.Join(strings.Fields(text), " ")})
			}
			comment = -1
		}
	}
}
