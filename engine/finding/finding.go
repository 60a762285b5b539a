// Package finding finds what AWS accepts in a template and what goes wrong later: each
// finding says where it stands, what will happen, AWS's page and a fix, and has a world made
// of this very template in which it bites.
//
// The kinds stand in one table, Kinds.
package finding

import (
	"cmp"
	"slices"
	"strings"

	"go.yaml.in/yaml/v4"

	"esmlab/engine"
	"esmlab/engine/scenario"
	"esmlab/engine/template"
)

// Severity says how bad a finding is.
type Severity uint8

// The severities. An error loses records or stops everything; a warning goes wrong under
// load or when something fails; advice is a choice to make knowingly.
const (
	Advice Severity = iota
	Warning
	Error
)

var severities = [...]string{"advice", "warning", "error"}

func (s Severity) String() string { return severities[s] }

// SeverityOf reads a severity by its name.
func SeverityOf(name string) (Severity, bool) {
	i := slices.Index(severities[:], name)
	return Severity(max(0, i)), i >= 0
}

// Finding is something in a template that will hurt.
type Finding struct {
	Kind      *Kind
	Severity  Severity
	On        string // the logical id of what it is about
	Line, Col int    // where it is written; 0: nowhere
	Sentence  string // what happens, and why
	Right     string // what would be right, in a few words
	Fix       string // the same as a fragment of the template, to be merged into it
	Source    string // AWS's page
	// World is where it bites, nil where AWS decides before anything runs.
	World *World
	// Ignored is the reason for which the template silences it, "" where it does not.
	Ignored string

	soft bool // it is advice, whatever the kind is
}

// ID names the kind, and where there are several in the template also the resource.
func (f *Finding) ID() string { return f.Kind.ID }

// Code is a folder of source files by their names.
type Code map[string]string

// Options are what the looking needs from outside.
type Options struct {
	// Code reads the source files of a folder beside the template, as CodeUri names it; nil:
	// no code is looked at.
	Code func(uri string) Code
}

// All finds what will hurt, in the order of the places. What the template silences is among
// them, with its reason.
func All(sc *scenario.Scenario, o Options) []Finding {
	l := &looker{sc: sc, t: sc.Template(), cfg: sc.Config, o: o, code: map[string]Code{}, passing: map[string]bool{}}
	l.index()
	for i := range Kinds {
		l.kind = &Kinds[i]
		l.kind.look(l)
	}
	l.ignore()
	slices.SortStableFunc(l.list, func(x, y Finding) int {
		return cmp.Or(cmp.Compare(x.Line, y.Line), cmp.Compare(x.Col, y.Col))
	})
	return l.list
}

// Open gives the findings that the template does not silence, the worst first.
func Open(all []Finding) []Finding {
	out := slices.DeleteFunc(slices.Clone(all), func(f Finding) bool { return f.Ignored != "" })
	slices.SortStableFunc(out, func(x, y Finding) int { return int(y.Severity) - int(x.Severity) })
	return out
}

// Find gives the finding of an id: its kind, or KIND:RESOURCE where there are several.
func Find(all []Finding, id string) *Finding {
	kind, on, _ := strings.Cut(id, ":")
	for i := range all {
		if f := &all[i]; f.Kind.ID == kind && (on == "" || f.On == on) {
			return f
		}
	}
	return nil
}

// Name is the id by which Find finds it among others: the kind alone where there is one.
func (f *Finding) Name(all []Finding) string {
	for i := range all {
		if g := &all[i]; g.Kind == f.Kind && g.On != f.On {
			return f.Kind.ID + ":" + f.On
		}
	}
	return f.Kind.ID
}

// looker looks at one template.
type looker struct {
	sc   *scenario.Scenario
	t    *template.Template
	cfg  *engine.Config
	o    Options
	kind *Kind
	list []Finding
	code map[string]Code
	// passing says of mappings whether the traffic of worlds passes their filters.
	passing map[string]bool
	// Where things are, by their ids: templates may have thousands.
	functions, queueAt, streamAt map[string]int
	of, reads                    map[string][]*engine.MappingConfig // by function, by source
	failures                     map[string]bool                    // queues and targets that failures go to
	told                         map[string]bool                    // findings that were noted
}

func (l *looker) index() {
	l.functions, l.queueAt, l.streamAt = map[string]int{}, map[string]int{}, map[string]int{}
	l.of, l.reads, l.failures, l.told = map[string][]*engine.MappingConfig{}, map[string][]*engine.MappingConfig{}, map[string]bool{}, map[string]bool{}
	for i := range l.cfg.Functions {
		l.functions[l.cfg.Functions[i].ID] = i
	}
	for i := range l.cfg.Queues {
		l.queueAt[l.cfg.Queues[i].ID] = i
		l.failures[l.cfg.Queues[i].DeadLetterQueue] = true
	}
	for i := range l.cfg.Streams {
		l.streamAt[l.cfg.Streams[i].ID] = i
	}
	for i := range l.cfg.Mappings {
		m := &l.cfg.Mappings[i]
		l.of[m.Function] = append(l.of[m.Function], m)
		l.reads[m.Source] = append(l.reads[m.Source], m)
		l.failures[m.OnFailure] = true
	}
}

// add notes a finding of the present kind. A mapping that is switched off is judged softly.
func (l *looker) add(m *engine.MappingConfig, at *yaml.Node, f Finding) {
	f.Kind = l.kind
	if f.Severity == Advice && !f.soft {
		f.Severity = l.kind.Severity
	}
	if f.Source == "" {
		f.Source = l.kind.Source
	}
	if at != nil {
		f.Line, f.Col = at.Line, at.Column
	}
	if m != nil && !m.Enabled {
		f.Severity = Advice
		f.Sentence = "Once " + m.ID + " is enabled: " + f.Sentence
		if f.World != nil {
			f.World.steps = append([]string{"{at: 0s, enable: " + m.ID + "}"}, f.World.steps...)
		}
	}
	if f.World != nil {
		f.World.sc = l.sc
	}
	key := f.Kind.ID + "\x00" + f.On + "\x00" + f.Sentence + "\x00" + itoa(f.Line) + "\x00" + itoa(f.Col)
	if l.told[key] {
		return
	}
	l.told[key] = true
	l.list = append(l.list, f)
}

// Which are what kinds look through.

// mappings calls a function with each mapping of the template, and what it reads: a queue or
// a stream.
func (l *looker) mappings(each func(m *engine.MappingConfig, f *engine.FunctionConfig, q *engine.QueueConfig, s *engine.StreamConfig)) {
	for i := range l.cfg.Mappings {
		m := &l.cfg.Mappings[i]
		f := l.function(m.Function)
		if f == nil {
			continue
		}
		each(m, f, l.queue(m.Source), l.stream(m.Source))
	}
}

func (l *looker) function(id string) *engine.FunctionConfig {
	if i, ok := l.functions[id]; ok {
		return &l.cfg.Functions[i]
	}
	return nil
}

func (l *looker) queue(id string) *engine.QueueConfig {
	if i, ok := l.queueAt[id]; ok {
		return &l.cfg.Queues[i]
	}
	return nil
}

func (l *looker) stream(id string) *engine.StreamConfig {
	if i, ok := l.streamAt[id]; ok {
		return &l.cfg.Streams[i]
	}
	return nil
}

// readers are the mappings of a source.
func (l *looker) readers(source string) []*engine.MappingConfig {
	var out []*engine.MappingConfig
	for _, m := range l.reads[source] {
		if m.Enabled {
			out = append(out, m)
		}
	}
	return out
}

// takesFailures tells whether a queue is the DLQ of another one, or a destination.
func (l *looker) takesFailures(id string) bool {
	return l.failures[id]
}

func at[T any](list []T, is func(*T) bool) *T {
	for i := range list {
		if is(&list[i]) {
			return &list[i]
		}
	}
	return nil
}
