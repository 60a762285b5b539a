// Package template reads SAM and CloudFormation templates, YAML or JSON: it
// carries out their intrinsic functions and gives the streams, queues,
// functions and event source mappings that they would build.
//
// Nothing is guessed silently: what is wrong is refused with file, line and
// column, all of it at once; what esmlab leaves alone or simulates with a
// service's defaults is noted once.
package template

import (
	"bytes"
	"fmt"
	"io"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

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

// start is where a file begins.
var start = &yaml.Node{Line: 1, Column: 1}

// Parse reads the YAML or JSON of a file into a node; it refuses anything but a map.
func Parse(file string, src []byte, p *Problems) *yaml.Node {
	root, held := parse(src, p)
	if p.Count() > 0 && (root == nil || child(root, "Resources") == nil || bytes.Contains(src, []byte("cookiecutter."))) && p.refuseAs(src, held) {
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
			return nil, nil
		}
		at, msg := place(err.Error())
		if col := unquoted(src, at.Line); col > 0 {
			at.Column = col
			p.Add(at, "", "not YAML: a value cannot begin with "+string(src[lineStart(src, at.Line)+col-1]), "in quotes; or the file that a build makes of this one, where it stands in for something")
			return nil, nil
		}
		p.Add(at, "", "not YAML and not JSON: "+msg, "a SAM or CloudFormation template")
		return nil, nil
	}
	if err := safely(func() error { return dec.Decode(&second) }); err == nil {
		p.Add(&second, "", "a second document begins here", "one template in a file, without a second ---")
		return nil, first(&doc)
	}
	if len(doc.Content) == 0 || doc.Content[0].Kind != yaml.MappingNode {
		at := start
		if len(doc.Content) > 0 {
			at = doc.Content[0]
			held = at
		}
		p.Add(at, "", "this is not a template: its top level is not a map", "Resources: …")
		return nil, held
	}
	p.checkKeys(doc.Content[0], 0)
	return doc.Content[0], doc.Content[0]
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

// Load reads a template. Parameters are set by name; "AWS::Region" too.
func Load(file string, src []byte, params map[string]string) (*Template, error) {
	p := &Problems{File: file}
	root := Parse(file, src, p)
	if root == nil {
		return nil, p.Err()
	}
	if child(root, "Resources") == nil && p.refuseAs(src, root) {
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

// readParams gives the parameters their values.
func (t *Template) readParams(given map[string]string) {
	n := t.section("Parameters")
	known := slices.Clone(pseudoParameters)
	if n != nil && n.Kind == yaml.MappingNode {
		for i := 0; i+1 < len(n.Content); i += 2 {
			name, def := n.Content[i].Value, aliased(n.Content[i+1])
			known = append(known, name)
			t.alphanumeric(n.Content[i], "Parameter")
			kind := ""
			if k := child(def, "Type"); k != nil {
				kind = k.Value
			}
			p := param{list: strings.HasPrefix(kind, "List<") || kind == "CommaDelimitedList"}
			at := n.Content[i]
			if d := child(def, "Default"); d != nil && d.Kind == yaml.ScalarNode {
				// the default of a parameter from SSM is a name there, not its value
				p.text, p.known, at = d.Value, !strings.HasPrefix(kind, "AWS::SSM::"), d
			}
			if v, ok := given[name]; ok {
				p.text, p.known = v, true
			}
			if allowed := child(def, "AllowedValues"); p.known && allowed != nil && allowed.Kind == yaml.SequenceNode {
				var words []string
				found := false
				for _, a := range allowed.Content {
					words = append(words, a.Value)
					found = found || a.Value == p.text
				}
				if !found {
					t.Problems.Add(at, "ValidationError", "Parameter '"+name+"' must be one of AllowedValues", strings.Join(words, ", "))
				}
			}
			if p.known {
				t.limits(name, kind, p.text, def, at)
			}
			t.params[name] = p
		}
	}
	for _, name := range slices.Sorted(maps.Keys(given)) {
		if _, ok := t.params[name]; !ok && !slices.Contains(pseudoParameters, name) {
			t.AddError(Error{File: "--param " + name, Code: "ValidationError", Message: "Parameters: [" + short(name) + "] do not exist in the template", Right: OneOf(name, known)})
		}
	}
}

// limits refuses a parameter's value that is outside what the template allows.
func (t *Template) limits(name, kind, value string, def, at *yaml.Node) {
	refuse := func(words, right string) {
		t.Problems.Add(at, "ValidationError", "Parameter '"+name+"' "+words, right)
	}
	limit := func(field string) (float64, bool) {
		c := child(def, field)
		if c == nil {
			return 0, false
		}
		n, err := strconv.ParseFloat(c.Value, 64)
		return n, err == nil
	}
	if n, err := strconv.ParseFloat(value, 64); kind == "Number" && err != nil {
		refuse("must be a number", "not '"+short(value)+"'")
	} else if lo, ok := limit("MinValue"); kind == "Number" && ok && n < lo {
		refuse("must be a number not less than "+child(def, "MinValue").Value, "not "+short(value))
	} else if hi, ok := limit("MaxValue"); kind == "Number" && ok && n > hi {
		refuse("must be a number not greater than "+child(def, "MaxValue").Value, "not "+short(value))
	}
	if kind != "String" {
		return
	}
	length := float64(len([]rune(value)))
	if lo, ok := limit("MinLength"); ok && length < lo {
		refuse("must contain at least "+child(def, "MinLength").Value+" characters", "not '"+short(value)+"'")
	}
	if hi, ok := limit("MaxLength"); ok && length > hi {
		refuse("must contain at most "+child(def, "MaxLength").Value+" characters", "not '"+short(value)+"'")
	}
	if c := child(def, "AllowedPattern"); c != nil {
		// what only Java's expressions have is not judged
		if re, err := regexp.Compile("^(?:" + c.Value + ")$"); err == nil && !re.MatchString(value) {
			refuse("must match pattern "+short(c.Value), "not '"+short(value)+"'")
		}
	}
}

// readResources lists the resources.
func (t *Template) readResources() {
	n := t.section("Resources")
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
		t.Where[r.ID] = key
		if kind := child(node, "Type"); kind != nil {
			r.Type = kind.Value
		} else if !t.brings {
			t.Problems.Add(key, "", "resource "+short(r.ID)+" has no Type", "Type: AWS::Kinesis::Stream")
		}
		if t.byID[r.ID] == nil {
			t.byID[r.ID] = r
			t.order = append(t.order, r)
		}
	}
	for _, r := range t.order {
		if c := child(r.Node, "Condition"); c != nil && c.Kind == yaml.ScalarNode {
			r.absent = !t.condition(c, c.Value)
		}
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
