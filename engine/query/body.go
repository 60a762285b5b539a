package query

import (
	"encoding/json"
	"fmt"
	"sync"

	"github.com/expr-lang/expr/ast"
)

// Body is what a function was handed. Its JSON is written when the function is called, as
// its records then are, and parsed when an expression first asks for it: most calls of a
// run are never asked about. Worlds that were cloned share it, on other goroutines too.
type Body struct {
	text   []byte
	once   sync.Once
	fields map[string]any
}

// object is what the JSON says; nil: nothing was handed over.
func (b *Body) object() map[string]any {
	if b == nil {
		return nil
	}
	b.once.Do(func() { b.fields, b.text = object(b.text), nil })
	return b.fields
}

// MarshalJSON gives the fields in the order of their names.
func (b *Body) MarshalJSON() ([]byte, error) { return json.Marshal(b.object()) }

func (b *Body) String() string { return fmt.Sprint(b.object()) }

// parsed is the function that an expression calls to read a Body.
const parsed = "__parsed"

// parse gives what is in a Body; any other value is itself.
func parse(v any) any {
	if b, ok := v.(*Body); ok {
		return b.object()
	}
	return v
}

// bodies has an expression parse the field `event` where it reads it.
type bodies struct{}

func (bodies) Visit(node *ast.Node) {
	if m, ok := (*node).(*ast.MemberNode); ok {
		if p, ok := m.Property.(*ast.StringNode); ok && p.Value == "event" {
			call := &ast.CallNode{Callee: &ast.IdentifierNode{Value: parsed}, Arguments: []ast.Node{m}}
			call.SetLocation(m.Location())
			*node = call
		}
	}
}
