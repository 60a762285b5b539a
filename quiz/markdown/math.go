package markdown

import (
	"bytes"
	"strings"

	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/text"
)

// mathNode is a formula: $…$ in a line, or $$…$$.
type mathNode struct {
	ast.BaseInline
	text string
}

var kindMath = ast.NewNodeKind("Math")

func (*mathNode) Kind() ast.NodeKind         { return kindMath }
func (n *mathNode) Dump(src []byte, lvl int) { ast.DumpHelper(n, src, lvl, nil, nil) }

// mathParser reads formulas as Obsidian does, so that their signs are no emphasis. What
// only looks like one, as $LATEST, $(aws …), ${A}${B} and prices, stays text.
type mathParser struct{}

func (mathParser) Trigger() []byte { return []byte{'$'} }

func (mathParser) Parse(_ ast.Node, r text.Reader, _ parser.Context) ast.Node {
	line, _ := r.PeekLine()
	sign := "$"
	if bytes.HasPrefix(line, []byte("$$")) {
		sign = "$$"
	}
	before := r.PrecendingCharacter()
	rest := line[len(sign):]
	if before == '\\' || before == '$' || wordRune(before) || len(rest) == 0 || sign == "$" && strings.ContainsRune(" \t\n$", rune(rest[0])) {
		return nil
	}
	for at := 0; ; {
		i := bytes.Index(rest[at:], []byte(sign))
		if i < 0 {
			return nil
		}
		i += at
		at = i + len(sign)
		if i == 0 || rest[i-1] == '\\' || sign == "$" && (rest[i-1] == ' ' || rest[i-1] == '\t') {
			if sign == "$" && i > 0 && rest[i-1] != '\\' {
				return nil // the next $ opens another thing
			}
			continue
		}
		if at < len(rest) && (wordRune(rune(rest[at])) || rest[at] == '{' || rest[at] == '(' || rest[at] == '$') {
			return nil
		}
		r.Advance(len(sign) + at)
		return &mathNode{text: sign + string(rest[:i]) + sign}
	}
}

func wordRune(c rune) bool {
	return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9'
}
