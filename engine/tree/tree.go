// Package tree reads texts into trees of nodes: YAML, and JSON as JSON has it. YAML has no
// surrogate pairs, refuses some characters that JSON takes, and breaks lines at others.
package tree

import (
	"bytes"
	"encoding/json"
	"strconv"
	"unicode/utf8"

	"go.yaml.in/yaml/v4"
)

// Unmarshal reads a text into a document as yaml.Unmarshal does, but JSON as JSON.
func Unmarshal(src []byte, doc *yaml.Node) error {
	if root := JSON(src); root != nil {
		*doc = yaml.Node{Kind: yaml.DocumentNode, Line: root.Line, Column: root.Column, Content: []*yaml.Node{root}}
		return nil
	}
	return yaml.Unmarshal(src, doc)
}

// JSON reads a text that is JSON; nil: it is not.
func JSON(src []byte) *yaml.Node {
	src = bytes.TrimPrefix(src, []byte("\ufeff"))
	if !json.Valid(src) || !utf8.Valid(src) {
		return nil
	}
	r := &reader{src: src, dec: json.NewDecoder(bytes.NewReader(src)), line: 1, col: 1}
	r.dec.UseNumber()
	return r.value()
}

// reader goes through valid JSON token by token.
type reader struct {
	src           []byte
	dec           *json.Decoder
	at, line, col int // how far it has come
}

// value reads what comes next; nil: a list or a map ends.
func (r *reader) value() *yaml.Node {
	r.to(r.at + len(r.src[r.at:]) - len(bytes.TrimLeft(r.src[r.at:], " \t\r\n,:")))
	n := &yaml.Node{Kind: yaml.ScalarNode, Line: r.line, Column: r.col}
	token, _ := r.dec.Token() // it is valid
	n.Value = string(r.to(int(r.dec.InputOffset())))
	switch token := token.(type) {
	case string:
		n.Value, n.Tag, n.Style = token, "!!str", yaml.DoubleQuotedStyle
	case json.Delim:
		if token == '}' || token == ']' {
			return nil
		}
		if n.Value, n.Kind, n.Tag, n.Style = "", yaml.SequenceNode, "!!seq", yaml.FlowStyle; token == '{' {
			n.Kind, n.Tag = yaml.MappingNode, "!!map"
		}
		for c := r.value(); c != nil; c = r.value() {
			n.Content = append(n.Content, c)
		}
	case json.Number:
		if n.Tag = "!!float"; isInt(token) {
			n.Tag = "!!int"
		}
	case bool:
		n.Tag = "!!bool"
	default:
		n.Tag = "!!null"
	}
	return n
}

// isInt tells whether YAML takes a number for a whole one.
func isInt(n json.Number) bool {
	_, signed := strconv.ParseInt(string(n), 10, 64)
	_, unsigned := strconv.ParseUint(string(n), 10, 64)
	return signed == nil || unsigned == nil
}

// to goes on to a place, and gives what lies between.
func (r *reader) to(end int) []byte {
	part := r.src[r.at:end]
	last := part
	if n := bytes.Count(part, []byte("\n")); n > 0 {
		r.line, r.col = r.line+n, 1
		last = part[bytes.LastIndexByte(part, '\n')+1:]
	}
	r.at, r.col = end, r.col+utf8.RuneCount(last)
	return part
}
