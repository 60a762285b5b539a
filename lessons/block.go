package lessons

import (
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/yuin/goldmark/ast"
	"go.yaml.in/yaml/v4"

	"esmlab/engine"
	"esmlab/engine/printable"
	"esmlab/engine/query"
	"esmlab/engine/scenario"
	"esmlab/engine/template"
	"esmlab/engine/tree"
)

// field is an entry of a YAML map.
type field struct {
	name       string
	key, value *yaml.Node
}

func at(n *yaml.Node) place { return place{n.Line, n.Column} }

// yaml reads YAML from the middle of the file: after.line lines before
// it, indented by after.col.
func (r *reader) yaml(src []byte, after place) (doc *yaml.Node, ok bool) {
	defer func() {
		if recover() != nil { // the library's own panic
			r.add(place{after.line + 1, 1}, "this YAML cannot be read", "simpler YAML")
			doc, ok = nil, false
		}
	}()
	var n yaml.Node
	if err := tree.Unmarshal(src, &n); err != nil {
		text, _, _ := strings.Cut(err.Error(), "\n")
		text = strings.TrimPrefix(text, "yaml: ")
		line := 1
		if num, rest, ok := strings.Cut(strings.TrimPrefix(text, "line "), ": "); ok {
			if n, err := strconv.Atoi(num); err == nil {
				line, text = n, rest
			}
		}
		right := "key: value, a line each"
		lines := strings.Split(string(src), "\n")
		switch bad := line - 1; {
		case bad >= 0 && bad < len(lines) && strings.Contains(lines[bad], "\t"):
			right = "blanks where the line has a tab"
		case bad > 0 && bad <= len(lines) && unquotedColon(lines[min(bad, len(lines)-1)]), bad > 0 && unquotedColon(lines[bad-1]):
			right = "a sentence with a colon or a leading { in quotes: '…'"
		case strings.Contains(text, "did not find") || strings.Contains(text, "mapping values") || strings.Contains(text, "indent"):
			right = "entries of a list below each other, as far in as the first: two blanks, a dash, a blank"
		}
		r.add(place{after.line + line, 1}, "this is not YAML: "+text, right)
		return nil, false
	}
	if len(n.Content) == 0 {
		r.add(place{after.line + 1, 1}, "there is nothing here", "key: value, a line each")
		return nil, false
	}
	shift(&n, after)
	return n.Content[0], true
}

// unquotedColon reports whether a line is a list's entry with a colon that YAML takes
// for a key's.
func unquotedColon(line string) bool {
	text, entry := strings.CutPrefix(strings.TrimSpace(line), "- ")
	if !entry || strings.HasPrefix(text, "'") || strings.HasPrefix(text, `"`) || strings.HasPrefix(text, "{") {
		return strings.HasPrefix(text, "{key:") || strings.HasPrefix(text, "{{")
	}
	key, _, colon := strings.Cut(text, ": ")
	return colon && strings.Contains(key, " ")
}

func shift(n *yaml.Node, by place) {
	n.Line += by.line
	n.Column += by.col
	for _, c := range n.Content {
		shift(c, by)
	}
}

// fields lists the entries of a map; it refuses unknown ones.
func (r *reader) fields(n *yaml.Node, what string, names ...string) []field {
	if n.Kind != yaml.MappingNode {
		r.add(at(n), what+" is a map", strings.Join(names, ", "))
		return nil
	}
	var out []field
	for i := 0; i+1 < len(n.Content); i += 2 {
		k, v := n.Content[i], n.Content[i+1]
		switch {
		case !slices.Contains(names, k.Value):
			r.add(at(k), what+" has no "+printable.Line(k.Value), template.OneOf(k.Value, names))
		case slices.ContainsFunc(out, func(f field) bool { return f.name == k.Value }):
			r.add(at(k), k.Value+" is given twice", "once")
		default:
			out = append(out, field{k.Value, k, v})
		}
	}
	return out
}

func (r *reader) text(f field) string {
	if f.value.Kind != yaml.ScalarNode || strings.TrimSpace(f.value.Value) == "" {
		r.add(at(f.value), f.name+" is a text", f.name+": …")
	}
	return strings.TrimSpace(f.value.Value)
}

func (r *reader) list(f field) []string {
	if f.value.Kind != yaml.SequenceNode {
		r.add(at(f.value), f.name+" is a list", f.name+": [a, b]")
		return nil
	}
	out := make([]string, len(f.value.Content))
	for i, c := range f.value.Content {
		out[i] = strings.TrimSpace(c.Value)
	}
	return out
}

func (r *reader) duration(f field) engine.Micros {
	d, ok := scenario.Duration(f.value.Value)
	if !ok || d == 0 {
		r.add(at(f.value), f.name+" is not a duration", "such as 6s, 200ms, 5m")
	}
	return d
}

// query compiles the expression in a scalar.
func (r *reader) query(f field) *query.Query {
	q, err := query.Compile(f.value.Value, r.cfg)
	if err != nil {
		where := at(f.value)
		if f.value.Style&(yaml.LiteralStyle|yaml.FoldedStyle) == 0 {
			where.col += err.Column
			if f.value.Style&(yaml.SingleQuotedStyle|yaml.DoubleQuotedStyle) != 0 {
				where.col++
			}
		}
		r.add(where, err.Message, err.Right)
	}
	return q
}

// sentence reads a text with placeholders.
func (r *reader) sentence(n *yaml.Node) []Segment {
	where := at(n)
	if n.Style&(yaml.SingleQuotedStyle|yaml.DoubleQuotedStyle) != 0 {
		where.col++
	}
	if n.Kind != yaml.ScalarNode || strings.TrimSpace(n.Value) == "" {
		r.add(at(n), "this is not a sentence", "text on one line, in quotes if it begins with { or contains a colon")
		return nil
	}
	return r.line(n.Value, where)
}

// machine reads the esmlab block of a step.
func (r *reader) machine(s *Step, block *ast.FencedCodeBlock) {
	where := place{s.Line, 1}
	if block == nil || block.Lines().Len() == 0 {
		switch s.Kind {
		case Run:
			r.add(where, "Run has no esmlab block", "until: an expression")
		case Do:
			r.add(where, "Do has no esmlab block", "goal, within, hints, solution, wrong")
		}
		return
	}
	first := block.Lines().At(0)
	doc, ok := r.yaml(block.Lines().Value(r.doc.Source), place{r.doc.LineAt(first.Start) - 1, first.Padding})
	if !ok {
		return
	}
	switch s.Kind {
	case Say:
		for _, f := range r.fields(doc, "Say", "run", "look") {
			if f.name == "run" {
				s.RunFor = r.duration(f)
				continue
			}
			s.Focus = r.list(f)
			for i, name := range s.Focus {
				if Panes[name] == 0 {
					r.add(at(f.value.Content[i]), name+" is not a pane", template.OneOf(name, slices.Sorted(maps.Keys(Panes))))
				}
			}
		}
	case Run:
		for _, f := range r.fields(doc, "Run", "until", "most") {
			if f.name == "most" {
				s.MaxRun = r.duration(f)
				continue
			}
			s.Until, s.untilAt = r.query(f), at(f.value)
		}
		if s.untilAt.line == 0 {
			r.add(at(doc), "Run has no until", "until: an expression")
		}
	case Predict:
		for _, f := range r.fields(doc, "Predict", "hide") {
			s.Hide = r.hide(f, slices.Sorted(maps.Keys(Covered)))
		}
	case Compare:
		r.alarms(s, doc)
	case Do:
		r.goal(s, doc)
	default:
		r.add(at(doc), s.Kind.String()+" has no esmlab block", "Say, Predict, Run and Do have one")
	}
}

// defaultHolds is how long all conditions of a goal must hold.
const defaultHolds = 5 * engine.Second

// goalFields are what the block of a Do may have; those of an incident last.
var goalFields = []string{"goal", "holds", "within", "hints", "solution", "sets", "also", "refuse", "wrong", "hide", "alarm", "caused"}

func (r *reader) goal(s *Step, doc *yaml.Node) {
	s.Within, s.Holds = 60*engine.Second, defaultHolds
	var wrong *yaml.Node // read last: it names conditions
	there := map[string]bool{}
	for _, f := range r.fields(doc, "Do", goalFields...) {
		switch f.name {
		case "within":
			s.Within = r.duration(f)
			continue
		case "holds":
			s.Holds = r.duration(f)
			continue
		case "caused":
			s.Caused = r.duration(f)
			continue
		case "sets":
			s.Sets = r.alarm(f.value)
			continue
		case "alarm":
			for _, g := range r.fields(f.value, "an alarm", "that", "say") {
				if g.name == "that" {
					s.Alarm = r.query(g)
				} else {
					s.Rang = r.sentence(g.value)
				}
			}
			if s.Alarm == nil || s.Rang == nil {
				r.add(at(f.value), "an alarm needs `that` and `say`", "alarm: {that: an expression, say: the metric and its threshold}")
			}
			continue
		}
		if f.value.Kind != yaml.SequenceNode {
			r.add(at(f.value), f.name+" is a list", "- …")
			continue
		}
		there[f.name] = len(f.value.Content) > 0
		switch f.name {
		case "goal":
			for _, item := range f.value.Content {
				s.Goal = append(s.Goal, r.condition(item)...)
			}
		case "hints":
			for _, item := range f.value.Content {
				s.Hints = append(s.Hints, r.sentence(item))
				if strings.Contains(item.Value, " - ") && item.Style&(yaml.SingleQuotedStyle|yaml.DoubleQuotedStyle) == 0 {
					r.add(at(item), "this tip has the next one in it: the dash below stands further in", "all dashes of the list below each other")
				}
			}
			if n := len(s.Hints); n > 2 {
				r.add(at(f.value.Content[2]), "a third hint is not shown: the third tip is made from the solution", "two: the question to ask, the thing to look at")
			} else if n < 2 {
				r.add(at(f.key), plural(n, "hint"), "two: the question to ask, the thing to look at; the command is the solution's")
			}
		case "solution":
			s.Solution = r.commands(f.value)
		case "also":
			s.Also = r.answers(f.value, "another answer")
		case "refuse":
			s.Refused = r.answers(f.value, "a trick")
		case "wrong":
			wrong = f.value
		case "hide":
			s.Hide = r.hide(f, hideable)
		}
	}
	if wrong != nil {
		for _, item := range wrong.Content {
			s.WrongTurns = append(s.WrongTurns, r.wrong(s, item))
		}
	}
	where := at(doc)
	for _, need := range []struct{ name, right string }{{"goal", "goal: a list of that, met and else"},
		{"hints", "hints: the question to ask, the thing to look at"}, {"solution", "solution: steps without `at`"}} {
		if !there[need.name] {
			r.add(where, "Do has no "+need.name, need.right)
		}
	}
	if len(s.WrongTurns) < 2 {
		r.add(where, "Do has fewer than two wrong turns", "wrong: the right setting with a wrong value, the tempting other setting")
	}
	if s.Holds > s.Within {
		r.add(where, "the conditions must hold for longer than `within`", "a shorter `holds`")
	}
	r.incident(s, doc)
}

// incident checks that a Do is an incident as a whole, or not at all.
func (r *reader) incident(s *Step, doc *yaml.Node) {
	where := at(doc)
	for i := 0; i+1 < len(doc.Content); i += 2 {
		if doc.Content[i].Value == "hide" {
			where = at(doc.Content[i])
		}
	}
	parts := []struct {
		there       bool
		what, right string
	}{{s.Alarm != nil, "`alarm`", "alarm: {that: an expression, say: the metric and its threshold}"},
		{s.Caused > 0, "`caused`", "caused: 15s, when its cause began"},
		{s.Card != nil, "question after its cause", "> [!question] What is the cause? under the heading, with three options"}}
	for _, p := range parts {
		switch incident := slices.Contains(s.Hide, "faults"); {
		case incident && !p.there:
			r.add(where, "this incident has no "+p.what, p.right)
		case !incident && p.there:
			r.add(where, "only an incident has an alarm and a question after its cause", "hide: [faults]")
			return
		}
	}
}

// hide reads a list of what is hidden.
func (r *reader) hide(f field, names []string) []string {
	list := r.list(f)
	for i, name := range list {
		if !slices.Contains(names, name) {
			r.add(at(f.value.Content[i]), name+" cannot be hidden", template.OneOf(name, names))
		}
	}
	return list
}

// condition reads one condition of a goal; nothing if it is wrong.
func (r *reader) condition(item *yaml.Node) []Condition {
	c := Condition{at: at(item)}
	for _, g := range r.fields(item, "a condition", "that", "met", "else") {
		switch g.name {
		case "that":
			c.That = r.query(g)
		case "met":
			c.Met = r.sentence(g.value)
		default:
			c.Else = r.sentence(g.value)
		}
	}
	if c.That == nil || c.Else == nil {
		r.add(at(item), "a condition needs `that`, `met` and `else`", "that: an expression, met: the sentence while it holds, else: the one while it does not")
		return nil
	}
	return []Condition{c}
}

// answers reads a list of ways, each with what is said of it.
func (r *reader) answers(list *yaml.Node, what string) []Answer {
	var out []Answer
	for _, item := range list.Content {
		a := Answer{at: at(item)}
		for _, f := range r.fields(item, what, "steps", "sets", "say") {
			switch {
			case f.name == "say":
				a.Say = r.sentence(f.value)
			case f.name == "sets":
				a.Sets = r.alarm(f.value)
			case f.value.Kind != yaml.SequenceNode:
				r.add(at(f.value), "steps is a list", "steps: [{set: {…}}]")
			default:
				a.Steps = r.commands(f.value)
			}
		}
		if len(a.Steps) == 0 && a.Sets == nil || len(a.Say) == 0 {
			r.add(at(item), what+" needs `steps` and `say`", "{steps: [{set: {…}}], say: a sentence}")
			continue
		}
		out = append(out, a)
	}
	return out
}

func (r *reader) wrong(s *Step, item *yaml.Node) WrongTurn {
	w := WrongTurn{at: at(item)}
	for _, f := range r.fields(item, "a wrong turn", "steps", "sets", "unmet") {
		if f.name == "sets" {
			w.Sets = r.alarm(f.value)
			continue
		}
		if f.value.Kind != yaml.SequenceNode {
			r.add(at(f.value), f.name+" is a list", "steps: [{set: {…}}], unmet: [1, 2]")
			continue
		}
		if f.name == "steps" {
			w.Steps = r.commands(f.value)
			continue
		}
		for _, c := range f.value.Content {
			n, err := strconv.Atoi(c.Value)
			if err != nil || n < 1 || n > len(s.Goal) {
				r.add(at(c), c.Value+" is not a condition of the goal", "a number from 1 to "+strconv.Itoa(len(s.Goal)))
				continue
			}
			w.Unmet = append(w.Unmet, n)
		}
	}
	if len(w.Steps) == 0 && w.Sets == nil || len(w.Unmet) == 0 {
		r.add(at(item), "a wrong turn needs `steps` and `unmet`", "{steps: [{set: {…}}], unmet: [1, 2]}")
	}
	return w
}

// commands reads steps without `at`, as a scenario would.
func (r *reader) commands(list *yaml.Node) []engine.Command {
	scalar := func(s string, n *yaml.Node) *yaml.Node {
		return &yaml.Node{Kind: yaml.ScalarNode, Tag: "!!str", Value: s, Line: n.Line, Column: n.Column}
	}
	steps := *list
	steps.Content = nil
	for _, item := range list.Content {
		step := *item
		if item.Kind == yaml.MappingNode {
			for i := 0; i < len(item.Content); i += 2 {
				if item.Content[i].Value == "at" {
					r.add(at(item.Content[i]), "these steps have no `at`: they are carried out at once", "leave it out")
					return nil
				}
			}
			step.Content = append([]*yaml.Node{scalar("at", item), scalar("0s", item)}, item.Content...)
		}
		steps.Content = append(steps.Content, &step)
	}
	change := &yaml.Node{Kind: yaml.MappingNode, Tag: "!!map", Line: list.Line, Column: list.Column, Content: []*yaml.Node{scalar("steps", list), &steps}}
	sc, err := scenario.Read(r.l.Template, r.l.source, scenario.Options{Changes: []*yaml.Node{change}})
	if err != nil {
		for _, e := range err.(template.Errors) { // Read gives no other error; the template by itself was read
			e.File = r.File
			r.AddError(e)
		}
		return nil
	}
	var out []engine.Command
	for _, s := range sc.Config.Steps {
		out = append(out, s.Command)
	}
	return out
}
