// Package template reads SAM and CloudFormation templates, YAML or JSON: it
// carries out their intrinsic functions and gives the streams, queues,
// functions and event source mappings that they would build.
//
// Nothing is guessed silently: what is wrong is refused with file, line and
// column, all of it at once; what esmlab leaves alone or simulates with a
// service's defaults is noted once.
package template

import (
	"slices"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v4"

	"esmlab/engine"
)

// What a template is simulated in that says nothing of it.
const (
	DefaultAccount = "111122223333"
	DefaultRegion  = "us-east-1"
	Stack          = "esmlab"
	maxFile        = 2 << 20 // CloudFormation takes 1 MB
	maxResources   = 20_000  // CloudFormation takes 500
)

// Template is a template that was read, and what it builds.
type Template struct {
	*Problems
	Region  string
	Account string
	// Metadata is the node of Metadata.esmlab, nil where there is none.
	Metadata *yaml.Node
	Root     *yaml.Node

	Streams   []engine.StreamConfig
	Queues    []engine.QueueConfig
	Targets   []engine.TargetConfig
	Fronts    []engine.FrontConfig
	Functions []engine.FunctionConfig
	Mappings  []engine.MappingConfig
	// Where is the node at which the logical id is defined.
	Where map[string]*yaml.Node
	// Notes say what was simulated with defaults or left alone, shortly; Details are what
	// they sum up: what was left alone, one by one.
	Notes, Details []string

	params     map[string]param
	byID       map[string]*Resource
	order      []*Resource
	mappings   *Value // the section Mappings
	conditions map[string]bool
	asking     map[string]bool
	reading    []*Resource         // whose properties are being resolved, one for the other
	events     map[string]*Value   // parameters of each mapping
	pairs      map[string]string   // source and function of each mapping
	keys       map[string]*key     // of the queues and streams that have a customer managed key
	other      string              // what is said of a mapping whose source is not simulated
	was        *Template           // that it is put in the place of
	versions   map[string]int      // numbers of published versions, by logical id
	given      map[string]string   // pseudo parameters
	literals   map[string][]string // the services and accounts of each name in a literal ARN of a source or a destination
	guessed    map[string]bool     // streams and queues from outside whose ARN is not known
	tables     map[string]bool     // mappings that read a table's stream, as the type of their SAM event says
	nowhere    []string            // names that the template refers to and does not have
	unused     []string            // properties that change nothing here
	alone      []aloneThing        // resources and events that are not simulated
	nodes      int
	rounds     int // of Fn::ForEach
	tooDeep    bool
	raw        bool
	misnamed   bool // Resources are called something else
	extended   bool // AWS::LanguageExtensions are in force
	brings     bool // a transform that is not carried out may bring what is not in the file
}

// Resource is one resource of the template.
type Resource struct {
	ID, Type string
	Node     *yaml.Node
	props    *Value
	absent   bool // its condition does not hold
}

type param struct {
	text        string
	known, list bool
}

// Load reads a template. Parameters are set by name; "AWS::Region" too.
func Load(file string, src []byte, params map[string]string) (*Template, error) {
	p := &Problems{File: file}
	root := Parse(file, src, p)
	if root == nil {
		return nil, p.Err()
	}
	return load(p, root, params, nil)
}

// Deployed reads a template, in a file's node, that is put in the place of another
// one. It may be without a mapping.
func Deployed(p *Problems, root *yaml.Node, params map[string]string, was *Template) *Template {
	t, _ := load(p, root, params, was) // what is wrong is among the problems
	return t
}

func load(p *Problems, root *yaml.Node, params map[string]string, was *Template) (*Template, error) {
	t := &Template{Problems: p, Root: root, was: was, Where: map[string]*yaml.Node{},
		params: map[string]param{}, byID: map[string]*Resource{}, conditions: map[string]bool{}, asking: map[string]bool{},
		pairs: map[string]string{}, events: map[string]*Value{}, keys: map[string]*key{}, versions: map[string]int{},
		given: params, literals: map[string][]string{}, guessed: map[string]bool{}, tables: map[string]bool{}}
	t.place(params)
	if was != nil { // it stays where it is
		t.Region, t.Account = was.Region, was.Account
	}
	for _, d := range t.Doubled {
		again := ""
		if d.Last.Line != d.First.Line {
			again = " and again in line " + strconv.Itoa(d.Last.Line)
		}
		t.Note("'" + short(d.Last.Value) + "' stands twice in a map, in line " + strconv.Itoa(d.First.Line) + again + ": the last one counts")
	}
	t.readParams(params)
	if n := t.section("Mappings"); n != nil {
		t.mappings = t.resolve(n)
	}
	if n := t.section("Metadata"); n != nil {
		t.Metadata = child(n, "esmlab")
	}
	t.macros()
	t.loops()
	t.placesOfSections()
	t.readResources()
	t.globals()
	t.numberVersions()
	t.build()
	t.part()
	return t, t.Err()
}

// section gives a top-level section, or nil.
func (t *Template) section(name string) *yaml.Node { return child(t.Root, name) }

// child gives the value of a key of a map node, or nil.
func child(n *yaml.Node, name string) *yaml.Node {
	if n == nil || n.Kind != yaml.MappingNode {
		return nil
	}
	for i := 0; i+1 < len(n.Content); i += 2 {
		if n.Content[i].Value == name {
			return aliased(n.Content[i+1])
		}
	}
	return nil
}

// keys lists the names of a map node.
func keys(n *yaml.Node) []string {
	var out []string
	if n != nil && n.Kind == yaml.MappingNode {
		for i := 0; i+1 < len(n.Content); i += 2 {
			out = append(out, n.Content[i].Value)
		}
	}
	return out
}

// readResources lists the resources.
func (t *Template) readResources() {
	n := t.section("Resources")
	if n == nil && t.misnamed {
		return
	}
	if n == nil || n.Kind != yaml.MappingNode || len(n.Content) == 0 {
		at := n
		if at == nil {
			at = t.Root
		}
		t.Problems.Add(at, "", "the template has no Resources", "a stream, a function and an event source mapping")
		return
	}
	if count := len(n.Content) / 2; count > maxResources {
		t.Problems.Add(n, "ValidationError", "Template format error: Number of resources, "+strconv.Itoa(count)+", is greater than maximum allowed, 500", "at most 500; esmlab reads "+strconv.Itoa(maxResources))
		return
	}
	for i := 0; i+1 < len(n.Content); i += 2 {
		key, node := n.Content[i], aliased(n.Content[i+1])
		switch {
		case key.Value == "Fn::Transform":
			continue
		case strings.HasPrefix(key.Value, forEach):
			t.Problems.Add(key, "ValidationError", "Template format error: Resource name "+short(key.Value)+" is non alphanumeric.", "Transform: "+languageExtensions+", which carries out Fn::ForEach")
			continue
		}
		t.alphanumeric(key, "Resource")
		r := &Resource{ID: key.Value, Node: node}
		t.readType(r, key)
		if t.byID[r.ID] != nil { // what a file itself has twice is out of it by now
			t.Problems.Add(key, "", "two things are called "+short(r.ID)+": Fn::ForEach makes one of them", "another name")
			continue
		}
		t.Where[r.ID] = key
		t.byID[r.ID] = r
		t.order = append(t.order, r)
	}
	for _, r := range t.order {
		t.conditional(r)
		t.judgeType(r)
		t.placesOf(r)
	}
	t.topicQueues()
}

// alphanumeric refuses a name that CloudFormation refuses before it builds anything.
func (t *Template) alphanumeric(key *yaml.Node, of string) {
	if isAlphanumeric(key.Value) {
		return
	}
	t.Problems.Add(key, "ValidationError", "Template format error: "+of+" name "+short(key.Value)+" is non alphanumeric.", "letters and digits, such as Orders")
}

func isAlphanumeric(s string) bool {
	return s != "" && strings.IndexFunc(s, func(r rune) bool { return (r < '0' || r > '9') && (r < 'A' || r > 'Z') && (r < 'a' || r > 'z') }) < 0
}

// properties gives a resource's properties, Globals merged in for functions.
func (t *Template) properties(r *Resource) *Value {
	if r.props != nil {
		return r.props
	}
	if i := slices.Index(t.reading, r); i >= 0 { // a resource whose name hangs on itself
		t.circular(t.reading[i:])
		return &Value{}
	}
	t.reading = append(t.reading, r)
	n := child(r.Node, "Properties")
	if global := t.functionGlobals(); r.Type == "AWS::Serverless::Function" && global != nil {
		n = withGlobals(global, n)
	}
	v := &Value{Node: r.Node, Kind: Map}
	if n != nil {
		v = t.propertiesIn(r, n)
	}
	t.reading = t.reading[:len(t.reading)-1]
	r.props = v
	return v
}

// propertiesIn carries out what stands in a resource's properties. What is wrong there is
// nobody's concern where the resource is not built or not simulated; nor is a map that
// does not have this Region or account, where esmlab does not read the property.
func (t *Template) propertiesIn(r *Resource, n *yaml.Node) *Value {
	problems, notes := len(t.list), len(t.Notes)
	if name, _ := intrinsic(n); r.absent || !simulated(r.Type) || name != "" || n.Kind != yaml.MappingNode {
		v := t.resolve(n)
		if r.absent || !simulated(r.Type) {
			t.list, t.Notes = t.list[:problems], t.Notes[:notes]
		}
		return v
	}
	v := &Value{Node: n, Kind: Map}
	for i := 0; i+1 < len(n.Content); i += 2 {
		key := n.Content[i]
		if key.Value == "<<" {
			v.Fields = append(v.Fields, t.resolve(n.Content[i+1]).Fields...)
			continue
		}
		if key.Value == "Fn::Transform" {
			t.call(n, key.Value, aliased(n.Content[i+1]), 1)
			continue
		}
		before := t.list
		f := Field{Name: key.Value, Key: key, Value: t.value(n.Content[i+1], 1)}
		if v.Fields = append(v.Fields, f); !reads(r.Type, key.Value) {
			t.list = append(before[:len(before):len(before)], slices.DeleteFunc(slices.Clone(t.list[len(before):]), func(e Error) bool { return strings.HasPrefix(e.Message, noSuchMap) })...)
		}
	}
	return v
}

func (t *Template) names() []string {
	out := t.resourceNames()
	for name := range t.params {
		out = append(out, name)
	}
	return out
}

func (t *Template) resourceNames() []string {
	out := make([]string, len(t.order))
	for i, r := range t.order {
		out[i] = r.ID
	}
	return out
}

// Has reports whether the template itself defines that logical id.
func (t *Template) Has(id string) bool { return t.byID[id] != nil || t.events[id] != nil }

// propertiesOf gives the properties of a resource, or the parameters of a mapping.
func (t *Template) propertiesOf(id string) *Value {
	if v := t.events[id]; v != nil {
		return v
	}
	if r := t.byID[id]; r != nil {
		return t.properties(r)
	}
	return nil
}

// At says where a property of a resource is written: the innermost part of its
// path that is there, else where the thing is defined.
func (t *Template) At(id string, path ...string) *yaml.Node {
	at, v := t.Where[id], t.propertiesOf(id)
	for _, name := range path {
		if v = v.Get(name); v == nil {
			break
		}
		at = v.Node
	}
	return at
}

// Text is a property of a resource that is a text, "" where there is none.
func (t *Template) Text(id string, path ...string) string {
	v := t.propertiesOf(id)
	for _, name := range path {
		v = v.Get(name)
	}
	return v.text()
}

// Note adds a remark for the person, once.
func (t *Template) Note(s string) {
	for _, n := range t.Notes {
		if n == s {
			return
		}
	}
	t.Notes = append(t.Notes, s)
}
