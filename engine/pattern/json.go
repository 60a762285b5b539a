package pattern

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
)

// kind is what a node of JSON is.
type kind uint8

const (
	object kind = iota
	array
	text
	number
	literal // true, false, null
)

// node is JSON that knows where it stands.
type node struct {
	kind    kind
	text    string // text, number as written, literal
	names   []string
	items   []*node // of an array, or the values of names
	at, end int     // bytes of the source
}

// maxDepth bounds nesting; a pattern of 4,096 characters can hold more.
const maxDepth = 500

// parse reads a whole pattern as JSON.
func parse(src string) (*node, *Error) {
	dec := json.NewDecoder(strings.NewReader(src))
	dec.UseNumber()
	r := &reader{src: src, dec: dec}
	n, err := r.value(0)
	if err == nil {
		if _, e := r.dec.Token(); !errors.Is(e, io.EOF) {
			err = bad(r.start(), "after the pattern comes something more")
		}
	}
	return n, err
}

type reader struct {
	src string
	dec *json.Decoder
}

// start is where the next token begins.
func (r *reader) start() int {
	at := int(r.dec.InputOffset())
	for at < len(r.src) && strings.IndexByte(" \t\r\n,:", r.src[at]) >= 0 {
		at++
	}
	return at
}

func (r *reader) token() (json.Token, int, *Error) {
	at := r.start()
	tok, err := r.dec.Token()
	if err != nil {
		return nil, at, bad(min(at, len(r.src)), "not JSON: "+syntax(err))
	}
	return tok, at, nil
}

// syntax says in words what encoding/json found.
func syntax(err error) string {
	var s *json.SyntaxError
	switch {
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
		return "it ends too early"
	case errors.As(err, &s):
		return s.Error()
	}
	return err.Error()
}

func (r *reader) value(depth int) (*node, *Error) {
	tok, at, err := r.token()
	if err != nil {
		return nil, err
	}
	if depth > maxDepth {
		return nil, bad(at, fmt.Sprintf("nested more than %d levels deep", maxDepth))
	}
	n := &node{at: at}
	switch v := tok.(type) {
	case string:
		n.kind, n.text = text, v
	case json.Number:
		n.kind, n.text = number, v.String()
	case bool:
		n.kind, n.text = literal, fmt.Sprint(v)
	case nil:
		n.kind, n.text = literal, "null"
	case json.Delim:
		if v == '[' {
			n.kind = array
		}
		for r.dec.More() {
			if n.kind == object {
				name, _, err := r.token()
				if err != nil {
					return nil, err
				}
				n.names = append(n.names, name.(string)) // the decoder takes nothing else there
			}
			item, err := r.value(depth + 1)
			if err != nil {
				return nil, err
			}
			n.items = append(n.items, item)
		}
		if _, _, err := r.token(); err != nil {
			return nil, err
		}
	}
	n.end = int(r.dec.InputOffset())
	return n, nil
}
