package card

import (
	"encoding/json"
	"fmt"
	"reflect"
	"strconv"

	"github.com/yuin/goldmark/ast"
	"go.yaml.in/yaml/v4"

	"esmlab/engine/printable"
)

// Proof says how the engine shows that a card's key is right. It is plain
// data: quiz/proof carries it out.
type Proof struct {
	Line     int
	Scenario string     // a built-in or a file beside the note; "" in a lesson: its run
	World    *yaml.Node // keys of Metadata.esmlab and `set`; nil for none
	At, When string     // a time, or an expression; both "": the end
	Ask      string     // an expression, of which each option says what it is
	Show     string     // the expression at which the lab opens
	Options  []Claim
}

// Claim is what a proof says of one option.
type Claim struct {
	N     int
	Line  int
	That  string     // an expression that is true
	Is    *yaml.Node // or: what Ask is
	In    *yaml.Node // what the option's own world changes
	Never string     // or the rule by which it is right in no world
}

// Claim gives what is said of an option, or nil.
func (p *Proof) Claim(n int) *Claim {
	for i := range p.Options {
		if p.Options[i].N == n {
			return &p.Options[i]
		}
	}
	return nil
}

// Equal reports whether a value is what the option says, compared as JSON.
func (c *Claim) Equal(v any) (bool, error) {
	var want any
	if err := c.Is.Decode(&want); err != nil {
		return false, err
	}
	a, err := asJSON(want)
	if err != nil {
		return false, err
	}
	b, err := asJSON(v)
	if err != nil {
		return false, err
	}
	return reflect.DeepEqual(a, b), nil
}

func asJSON(v any) (out any, err error) {
	text, err := json.Marshal(v)
	if err != nil {
		return nil, err
	}
	err = json.Unmarshal(text, &out)
	return out, err
}

// Written gives a text that only equal nodes share. yaml.Marshal would take the
// tags off what it writes, and a number would be a text in the next world.
func Written(n *yaml.Node) string {
	if n == nil {
		return ""
	}
	s := fmt.Sprintf("%d%s%q", n.Kind, n.Tag, n.Value)
	s += Written(n.Alias)
	for _, c := range n.Content {
		s += "," + Written(c)
	}
	return s + ";"
}

// proof reads the YAML of a [!example]- Proof.
func (r *reader) proof(c *Card, q *ast.Blockquote) {
	line := r.doc.Line(q)
	if c.Proof != nil {
		r.problem(line, "a card has one proof", "leave out the second")
		return
	}
	var code *ast.FencedCodeBlock
	for _, n := range body(q) {
		if f, ok := n.(*ast.FencedCodeBlock); ok && code == nil {
			code = f
		}
	}
	if code == nil || code.Lines().Len() == 0 {
		r.problem(line, "the proof has no YAML", "a ```yaml block")
		return
	}
	first := code.Lines().At(0)
	off := r.doc.LineAt(first.Start) - 1
	var doc yaml.Node
	if err := unmarshal(code.Lines().Value(r.doc.Source), &doc); err != nil {
		r.problem(off+1, "the proof is not YAML: "+err.Error(), "scenario, ask, options …")
		return
	}
	if len(doc.Content) == 0 || doc.Content[0].Kind != yaml.MappingNode {
		r.problem(off+1, "a proof is a map", "scenario, ask, options …")
		return
	}
	shift(&doc, off)
	p := &Proof{Line: line}
	c.Proof = p
	m := doc.Content[0]
	world := &yaml.Node{Kind: yaml.MappingNode, Tag: "!!map", Line: m.Line, Column: m.Column}
	for i := 0; i+1 < len(m.Content); i += 2 {
		k, v := m.Content[i], m.Content[i+1]
		switch k.Value {
		case "scenario":
			p.Scenario = printable.Text(v.Value)
		case "at":
			p.At = v.Value
		case "when":
			p.When = v.Value
		case "ask":
			p.Ask = v.Value
		case "show":
			p.Show = v.Value
		case "options":
			r.claims(p, v)
		default:
			world.Content = append(world.Content, k, v)
		}
	}
	if len(world.Content) > 0 {
		p.World = world
	}
	if p.At != "" && p.When != "" {
		r.problem(line, "a proof has `at` or `when`", "one of them")
	}
	for _, claim := range p.Options {
		if claim.Is != nil && p.Ask == "" {
			r.problem(claim.Line, "`is` needs `ask`, the expression that it is the value of", "ask: '…' beside options")
			break
		}
	}
	if len(p.Options) == 0 {
		r.problem(line, "the proof says nothing about the options", "options: {1: {that: …}, …}")
	}
	for _, claim := range p.Options {
		if c.Option(claim.N) == nil {
			r.problem(claim.Line, "the proof names option "+strconv.Itoa(claim.N)+", which does not exist", "the numbers of the list")
		}
	}
}

// shift moves the lines of a document to where it stands in the note.
func shift(n *yaml.Node, by int) {
	n.Line += by
	for _, c := range n.Content {
		shift(c, by)
	}
}

func (r *reader) claims(p *Proof, v *yaml.Node) {
	if v.Kind != yaml.MappingNode {
		r.problem(v.Line, "options is a map", "1: {that: '…'}")
		return
	}
	for i := 0; i+1 < len(v.Content); i += 2 {
		k, m := v.Content[i], v.Content[i+1]
		n, err := strconv.Atoi(k.Value)
		if err != nil || m.Kind != yaml.MappingNode {
			r.problem(k.Line, "an option of a proof is a number and a map", "1: {that: '…'}")
			continue
		}
		c := Claim{N: n, Line: k.Line}
		for j := 0; j+1 < len(m.Content); j += 2 {
			switch value := m.Content[j+1]; m.Content[j].Value {
			case "that":
				c.That = value.Value
			case "is":
				c.Is = value
			case "in":
				if c.In = value; value.Kind != yaml.MappingNode {
					r.problem(value.Line, "`in` is a map", "in: {set: {ShipOrders.BatchSize: 10}}")
					c.In = nil
				}
			case "never":
				c.Never = value.Value
			default:
				r.problem(m.Content[j].Line, "an option of a proof has no "+printable.Text(m.Content[j].Value), "one of that, is, in, never")
			}
		}
		if (c.That == "") == (c.Is == nil) {
			r.problem(c.Line, "option "+strconv.Itoa(n)+" of the proof needs `that` or `is`", "one of them")
			continue
		}
		p.Options = append(p.Options, c)
	}
}
