package template

import (
	"bytes"
	"fmt"
	"io"
	"regexp"
	"strconv"
	"strings"
	"unicode/utf8"

	"go.yaml.in/yaml/v4"

	"esmlab/engine/tree"
)

// This file reads the YAML or JSON of a file, and says where it is none.

// start is where a file begins.
var start = &yaml.Node{Line: 1, Column: 1}

// Parse reads the YAML or JSON of a file into a node; it refuses anything but a map.
func Parse(file string, src []byte, p *Problems) *yaml.Node {
	root, held := parse(src, p)
	odd := p.Count() > 0 && (root == nil || bytes.Contains(src, []byte("cookiecutter.")))
	if (odd || root != nil && child(root, "Resources") == nil) && p.refuseAs(src, held) {
		return nil
	}
	return root
}

// noText finds the first thing in a file that is not text: the reader of YAML says that
// there is one, but not where. nil: there is none.
func noText(src []byte) (at *yaml.Node, what string) {
	if bytes.HasPrefix(src, []byte("\xff\xfe")) || bytes.HasPrefix(src, []byte("\xfe\xff")) { // UTF-16
		return nil, ""
	}
	line, column := 1, 1
	for i := 0; i < len(src); {
		r, n := utf8.DecodeRune(src[i:])
		switch {
		case r == utf8.RuneError && n == 1:
			return &yaml.Node{Line: line, Column: column}, fmt.Sprintf("the byte 0x%02X is not UTF-8", src[i])
		case r < ' ' && r != '\t' && r != '\n' && r != '\r' || r == 0x7f:
			return &yaml.Node{Line: line, Column: column}, fmt.Sprintf("the control character %U is not text", r)
		case r == '\n':
			line, column = line+1, 0
		}
		column++
		i += n
	}
	return nil, ""
}

// parse reads the map of a file; held is what it holds where it is something else.
func parse(src []byte, p *Problems) (root, held *yaml.Node) {
	if len(src) > maxFile {
		p.Add(start, "", "the file is larger than 2 MB", "a template: CloudFormation takes at most 1 MB")
		return nil, nil
	}
	if len(bytes.TrimSpace(src)) == 0 {
		p.Add(start, "", "the file is empty", "a SAM or CloudFormation template")
		return nil, nil
	}
	root, ok := document(src, p)
	if !ok {
		return nil, root
	}
	if root == nil || root.Kind != yaml.MappingNode {
		at := start
		if root != nil {
			at = root
		}
		p.Add(at, "", "this is not a template: its top level is not a map", "Resources: …")
		return nil, root
	}
	p.checkKeys(root, 0)
	return root, root
}

// document reads the one document of a file, nil where it is empty.
func document(src []byte, p *Problems) (root *yaml.Node, ok bool) {
	if root = tree.JSON(src); root != nil {
		return root, true
	}
	var doc, second yaml.Node
	dec := yaml.NewDecoder(bytes.NewReader(src))
	err := safely(func() error { return dec.Decode(&doc) })
	if dashes := loneDashes(src); err != nil && err != io.EOF && dashes != nil {
		again := yaml.NewDecoder(bytes.NewReader(dashes))
		if safely(func() error { return again.Decode(&doc) }) == nil {
			err, dec = nil, again
			restoreDashes(&doc)
		}
	}
	if err != nil && err != io.EOF {
		if at, what := noText(src); at != nil {
			p.Add(at, "", what, "a SAM or CloudFormation template, as text in UTF-8")
			return nil, false
		}
		at, msg := place(err.Error())
		if col := unquoted(src, at.Line); col > 0 {
			at.Column = col
			p.Add(at, "", "not YAML: a value cannot begin with "+string(src[lineStart(src, at.Line)+col-1]), "in quotes; or the file that a build makes of this one, where it stands in for something")
			return nil, false
		}
		p.Add(at, "", "not YAML and not JSON: "+msg, "a SAM or CloudFormation template")
		return nil, false
	}
	if err := safely(func() error { return dec.Decode(&second) }); err == nil {
		p.Add(&second, "", "a second document begins here", "one template in a file, without a second ---")
		return first(&doc), false
	}
	return first(&doc), true
}

// lineStart is where a line of a file begins.
func lineStart(src []byte, line int) int {
	at := 0
	for ; line > 1 && at < len(src); line-- {
		next := bytes.IndexByte(src[at:], '\n')
		if next < 0 {
			return len(src)
		}
		at += next + 1
	}
	return at
}

// reserved is a value that begins with what YAML keeps for itself.
var reserved = regexp.MustCompile("^[^#\"'\n]*?(?:[:-] +)([%@`])")

// unquoted is the column of such a value in a line, 0 where there is none.
func unquoted(src []byte, line int) int {
	text := src[lineStart(src, line):]
	if m := reserved.FindSubmatchIndex(text); m != nil {
		return m[2] + 1
	}
	return 0
}

// first is what a document holds, nil where that is nothing.
func first(doc *yaml.Node) *yaml.Node {
	if len(doc.Content) == 0 {
		return nil
	}
	return doc.Content[0]
}

// safely turns a panic of a parser into an error.
func safely(f func() error) (err error) {
	defer func() {
		if r := recover(); r != nil {
			err = errNotRead
		}
	}()
	return f()
}

type constErr string

func (e constErr) Error() string { return string(e) }

const errNotRead = constErr("it cannot be read")

var (
	linePattern   = regexp.MustCompile(`line (\d+)`)
	columnPattern = regexp.MustCompile(`column (\d+)`)
)

// place takes line and column out of a parser's message.
func place(msg string) (*yaml.Node, string) {
	at := &yaml.Node{Line: start.Line, Column: start.Column}
	if m := linePattern.FindStringSubmatch(msg); m != nil {
		at.Line, _ = strconv.Atoi(m[1])
	}
	if m := columnPattern.FindStringSubmatch(msg); m != nil {
		at.Column, _ = strconv.Atoi(m[1])
	}
	msg, _, _ = strings.Cut(msg, "\n")
	for _, cut := range []string{"yaml: ", "line " + strconv.Itoa(at.Line) + ": ", "go-yaml load error:", "go-yaml "} {
		msg = strings.TrimSpace(strings.TrimPrefix(msg, cut))
	}
	if i := strings.LastIndex(msg, ": "); i > 0 && strings.Contains(msg[:i], "line") {
		msg = msg[i+2:]
	}
	return at, msg
}
