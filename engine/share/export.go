package share

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v4"

	"esmlab/engine"
	"esmlab/engine/query"
	"esmlab/engine/scenario"
	"esmlab/engine/timeline"
	"esmlab/engine/tree"
)

// Exported is a run as a scenario.
type Exported struct {
	Text []byte
	// Expect is how many expectations it has; Exact tells that the scenario comes to the
	// same trace up to there. It may not where a command came in the midst of an instant:
	// a step comes before it, or after.
	Expect int
	Exact  bool
}

// Export writes a run as a scenario: the template, with the run's commands as steps, and
// what holds at its position as expectations. src is the template.
func Export(w *World, src []byte, r *timeline.Run) (*Exported, error) {
	var doc yaml.Node
	if err := tree.Unmarshal(src, &doc); err != nil || len(doc.Content) != 1 || doc.Content[0].Kind != yaml.MappingNode {
		return nil, errors.New("the template is not a map in YAML or JSON")
	}
	meta := child(child(doc.Content[0], "Metadata"), "esmlab")
	steps, err := w.written(meta, r)
	if err != nil {
		return nil, err
	}
	if len(steps) > 0 {
		put(meta, "steps", append(items(meta, "steps"), steps...))
	}
	for _, name := range []string{"expect", "stops", "twist"} { // they are about another run
		drop(meta, name)
	}
	end := max(r.Now(), 1)
	for _, c := range r.Commands() {
		if c.Tick > 0 && !c.Refused {
			end = max(end, c.At+1) // its step
		}
	}
	set(meta, "for", end.String()+"s")
	text, err := marshal(&doc)
	if err != nil {
		return nil, err
	}

	o := scenario.Options{Params: w.Params, Open: func(name string) ([]byte, error) {
		if text, ok := w.Files[name]; ok {
			return []byte(text), nil
		}
		return nil, errors.New("it is not part of what was shared")
	}}
	sc, err := scenario.Read("exported.yaml", text, o)
	if err != nil {
		return nil, fmt.Errorf("the run cannot be written as a scenario: %w", err)
	}
	again, err := timeline.New(sc.Config)
	if err != nil {
		return nil, err
	}
	again.Advance(end, -1)
	out := &Exported{Exact: Sum(again.Run) == Sum(r)}
	var expect []*yaml.Node
	for _, that := range holding(again.Sim()) {
		expect = append(expect, one("{that: "+jsonText(that)+"}"))
	}
	put(meta, "expect", expect)
	out.Expect = len(expect)
	if out.Text, err = marshal(&doc); err != nil {
		return nil, err
	}
	if sc, err = scenario.Read("exported.yaml", out.Text, o); err != nil {
		return nil, fmt.Errorf("the run cannot be written as a scenario: %w", err)
	}
	run, err := scenario.NewRunner(sc, nil)
	if err != nil {
		return nil, err
	}
	run.Advance(run.End())
	if n := run.Failed(); n > 0 {
		return nil, fmt.Errorf("%d of the expectations do not hold", n)
	}
	return out, nil
}

// written puts into the metadata what the run was started with, and gives its commands as
// steps.
func (w *World) written(meta *yaml.Node, r *timeline.Run) ([]*yaml.Node, error) {
	set(meta, "seed", strconv.FormatUint(r.Sim().Config().Seed, 10))
	var steps []*yaml.Node
	for _, c := range w.Changes {
		var change yaml.Node
		if err := tree.Unmarshal([]byte(c), &change); err != nil || len(change.Content) != 1 || change.Content[0].Kind != yaml.MappingNode {
			return nil, errors.New("a change of the scenario is not a map")
		}
		list := change.Content[0].Content
		for i := 0; i+1 < len(list); i += 2 {
			if list[i].Value == "set" {
				steps = append(steps, flow("at", word("0s"), "set", list[i+1]))
				continue
			}
			drop(meta, list[i].Value)
			meta.Content = append(meta.Content, list[i], list[i+1])
		}
	}
	for _, s := range w.Sets {
		name, value, _ := strings.Cut(s, "=")
		steps = append(steps, flow("at", word("0s"), "set", flow(name, one(value))))
	}
	for _, s := range w.Steps {
		steps = append(steps, one(s))
	}
	for _, s := range Steps(r.Commands()) {
		steps = append(steps, one(s))
	}
	if slices.Contains(steps, nil) {
		return nil, errors.New("a command cannot be written as a step")
	}
	return steps, nil
}

// holding are expressions that hold now: what the run came to.
func holding(s *engine.Sim) []string {
	c := s.Config()
	var out []string
	say := func(format string, args ...any) { out = append(out, fmt.Sprintf(format, args...)) }
	w := query.NewWorld(s)
	for _, f := range c.Functions {
		x := w.Function(f.ID)
		say("function(%q).invocations == %d && function(%[1]q).errors == %[3]d", f.ID, x.Invocations, x.Errors)
	}
	for i, m := range c.Mappings {
		x := w.Mapping(m.ID)
		say("mapping(%q).InvokedEventCount == %d && mapping(%[1]q).FailedInvokeEventCount == %[3]d && mapping(%[1]q).DroppedEventCount == %[4]d", m.ID, x.InvokedEventCount, x.FailedInvokeEventCount, x.DroppedEventCount)
		if n := len(s.Mappings[i].Iterators); s.QueueOf(i) < 0 && n <= 16 {
			for k := range n {
				say("iterator(%q, %d).blocked == %t", m.ID, k, s.Mappings[i].Iterators[k].Blocked())
			}
		}
	}
	for _, q := range c.Queues {
		x := w.Queue(q.ID)
		say("queue(%q).sent == %d && queue(%[1]q).visible == %[3]d && queue(%[1]q).deleted == %[4]d", q.ID, x.Sent, x.Visible, x.Deleted)
	}
	return out
}

// one reads a piece of YAML; nil where it is none.
func one(text string) *yaml.Node {
	var doc yaml.Node
	if err := tree.Unmarshal([]byte(text), &doc); err != nil || len(doc.Content) != 1 {
		return nil
	}
	return doc.Content[0]
}

func word(s string) *yaml.Node { return &yaml.Node{Kind: yaml.ScalarNode, Value: s} }

// flow makes a map on one line.
func flow(pairs ...any) *yaml.Node {
	n := &yaml.Node{Kind: yaml.MappingNode, Style: yaml.FlowStyle}
	for i := 0; i+1 < len(pairs); i += 2 {
		v, _ := pairs[i+1].(*yaml.Node)
		if v == nil {
			return nil
		}
		n.Content = append(n.Content, word(pairs[i].(string)), v)
	}
	return n
}

// value gives the value of a key of a map, nil if it has none.
func value(m *yaml.Node, name string) *yaml.Node {
	for i := 0; i+1 < len(m.Content); i += 2 {
		if m.Content[i].Value == name {
			return m.Content[i+1]
		}
	}
	return nil
}

// child gives the map that is the value of a key, and makes one where there is none.
func child(m *yaml.Node, name string) *yaml.Node {
	if v := value(m, name); v != nil && v.Kind == yaml.MappingNode {
		return v
	}
	drop(m, name)
	v := &yaml.Node{Kind: yaml.MappingNode}
	m.Content = append(m.Content, word(name), v)
	return v
}

func drop(m *yaml.Node, name string) {
	for i := 0; i+1 < len(m.Content); i += 2 {
		if m.Content[i].Value == name {
			m.Content = slices.Delete(m.Content, i, i+2)
			return
		}
	}
}

func set(m *yaml.Node, name, text string) {
	if v := value(m, name); v != nil {
		*v = yaml.Node{Kind: yaml.ScalarNode, Value: text, LineComment: v.LineComment}
		return
	}
	m.Content = append(m.Content, word(name), word(text))
}

func items(m *yaml.Node, name string) []*yaml.Node {
	if v := value(m, name); v != nil && v.Kind == yaml.SequenceNode {
		return v.Content
	}
	return nil
}

func marshal(doc *yaml.Node) ([]byte, error) {
	var b bytes.Buffer
	enc := yaml.NewEncoder(&b)
	enc.SetIndent(2)
	if err := enc.Encode(doc); err != nil {
		return nil, err
	}
	return b.Bytes(), enc.Close()
}

func jsonText(s string) string {
	out, _ := json.Marshal(s) // a text can be written
	return string(out)
}

// put makes a list the value of a key.
func put(m *yaml.Node, name string, list []*yaml.Node) {
	drop(m, name)
	m.Content = append(m.Content, word(name), &yaml.Node{Kind: yaml.SequenceNode, Content: list})
}
