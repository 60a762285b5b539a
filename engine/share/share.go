// Package share writes a run as one line of text, and reads it again: the world, the seed,
// the commands with their places, the branches, and the instant that is shown. It does no
// I/O: who calls it brings the line from wherever it is, and the templates that it names.
//
//	esm1:TEXT
//
// TEXT is URL-safe base64 without padding of a checksum and a compressed JSON text. Whoever
// prints it may break it into lines: blanks and line breaks in it mean nothing.
package share

import (
	"cmp"
	"errors"
	"fmt"
	"hash/fnv"
	"path"
	"slices"
	"strings"

	"go.yaml.in/yaml/v4"

	"esmlab/engine"
	"esmlab/engine/scenario"
	"esmlab/engine/template"
	"esmlab/engine/timeline"
	"esmlab/engine/trace"
	"esmlab/engine/tree"
)

// Prefix begins a line.
const Prefix = "esm1:"

// Run is a run that is shared.
type Run struct {
	Version string // of the program that wrote it
	World   World
	Mapping string // the mapping that is shown, by its id; "" the first
	Runs    []timeline.SavedRun
	Current int // of Runs
	// Sum is what came of the current run up to its position (Sum); 0 is none. Where
	// another version computes another one, it simulates something differently.
	Sum uint64
}

// World is what a run starts from.
type World struct {
	// Name is that of a built-in template, such as poison-record or lesson:failing-batch,
	// or where Source is not empty that of the file it was read from, without its folder.
	Name   string
	Source string
	Files  map[string]string // what Source reads beside itself, by the names it has there
	Params map[string]string // parameters of the template
	// Changes are maps in YAML that replace keys of Metadata.esmlab (scenario.Options).
	Changes []string
	Sets    []string // NAME=VALUE, from the start
	Steps   []string // steps in YAML, after the template's
	Seed    *uint64  // nil: the template's
	For     *engine.Micros
	Twist   bool
}

// Options are those with which the world's template is read.
func (w *World) Options() (scenario.Options, error) {
	o := scenario.Options{Params: w.Params, Sets: w.Sets, Steps: w.Steps, Seed: w.Seed, For: w.For, Twist: w.Twist}
	for _, c := range w.Changes {
		var doc yaml.Node
		if err := tree.Unmarshal([]byte(c), &doc); err != nil || len(doc.Content) != 1 {
			return o, errors.New("a change of the scenario is not YAML")
		}
		o.Changes = append(o.Changes, doc.Content[0])
	}
	if w.Source != "" {
		o.Open = func(name string) ([]byte, error) {
			if text, ok := w.Files[name]; ok {
				return []byte(text), nil
			}
			return nil, errors.New("the line does not hold it")
		}
	}
	return o, nil
}

// Read reads the world. named gives a built-in template by its name, and the name of its
// file; nil: the built-in scenarios.
func (w *World) Read(named func(name string) (src []byte, file string, err error)) (*scenario.Scenario, error) {
	src, file := []byte(w.Source), w.Name
	if w.Source == "" {
		var err error
		if named == nil {
			named = Builtin
		}
		if src, file, err = named(w.Name); err != nil {
			return nil, err
		}
	}
	o, err := w.Options()
	if err != nil {
		return nil, err
	}
	return scenario.Read(file, src, o)
}

// WorldOf gives the world of a scenario that was read: by its name where it is built in,
// else with its text.
func WorldOf(sc *scenario.Scenario) World {
	o := &sc.Options
	w := World{Name: sc.Name, Params: o.Params, Sets: o.Sets, Steps: o.Steps, Seed: o.Seed, For: o.For, Twist: o.Twist}
	if len(w.Params) == 0 {
		w.Params = nil
	}
	for _, c := range o.Changes {
		text, err := yaml.Marshal(c)
		if err == nil {
			w.Changes = append(w.Changes, strings.TrimSpace(string(text)))
		}
	}
	if own, ok := scenario.Builtin(sc.Name); ok && string(own) == string(sc.Source) && len(sc.Files) == 0 {
		return w
	}
	w.Source = string(sc.Source)
	w.Name = path.Base(strings.ReplaceAll(sc.File, "\\", "/"))
	for name, src := range sc.Files {
		if w.Files == nil {
			w.Files = map[string]string{}
		}
		w.Files[name] = string(src)
	}
	return w
}

// Builtin gives a built-in scenario.
func Builtin(name string) ([]byte, string, error) {
	src, ok := scenario.Builtin(name)
	if !ok {
		return nil, "", fmt.Errorf("there is no built-in scenario %q here (%s)", name, template.OneOf(name, scenario.Names()))
	}
	return src, name, nil
}

// Of makes a run of a history in a world, to be shared.
func Of(w World, t *timeline.Timeline, mapping, version string) *Run {
	r := &Run{Version: version, World: w, Mapping: mapping, Sum: Sum(t.Run)}
	r.Runs, r.Current = t.Save()
	return r
}

// summed is how many events a sum is made of at most: it has to be quick.
const summed = 200_000

// Sum is a fingerprint of what came of a run up to its position: of its trace, or where
// that is long of its first part.
func Sum(r *timeline.Run) uint64 {
	h := fnv.New64a()
	var line []byte
	n := 0
	r.Replay(0, func(s *engine.Sim, e *engine.Event) bool {
		line = append(trace.AppendJSON(line[:0], s, e), '\n')
		_, _ = h.Write(line) // never fails
		n++
		return n < summed
	})
	return max(1, h.Sum64())
}

// most is how many steps of the engine opening a line may take, for all its runs: about
// half a minute.
const most = 50_000_000

// Opened is a run that was opened again.
type Opened struct {
	*Run
	Scenario *scenario.Scenario
	Timeline *timeline.Timeline
	// Same tells that the run came out as where it was shared, as far as its Sum says.
	Same bool
}

// Open computes a run again. named is as in World.Read.
func (r *Run) Open(named func(name string) ([]byte, string, error)) (o *Opened, err error) {
	defer func() { // what somebody made up may hold what no key and no template can give
		if p := recover(); p != nil {
			o, err = nil, fmt.Errorf("the run cannot be computed again: %v", p)
		}
	}()
	sc, err := r.World.Read(named)
	if err != nil {
		return nil, err
	}
	t, err := timeline.Restore(sc.Config, r.Runs, r.Current, most)
	if err != nil {
		return nil, fmt.Errorf("the run cannot be computed again: %w", err)
	}
	return &Opened{r, sc, t, r.Sum == 0 || r.Sum == Sum(t.Run)}, nil
}

// Commands are those of the current run.
func (r *Run) Commands() []timeline.PlacedCommand { return r.Runs[r.Current].Commands }

// Newest is how far the current run was computed.
func (r *Run) Newest() engine.Micros { return r.Runs[r.Current].Newest }

// Differs says in a sentence that a run was shared by another version; "" it was not.
func (o *Opened) Differs(version string) string {
	of := "another build of esmlab"
	switch {
	case o.Version == version && o.Same:
		return ""
	case o.Version != version:
		of = "esmlab " + cmp.Or(o.Version, "of an unknown version") + "; this is " + version
	}
	if o.Same {
		return "This run was shared by " + of + ". It comes out the same here."
	}
	return "This run was shared by " + of + ". It comes out differently here: what is simulated has changed since."
}

// Is tells whether a text is meant as a line: it begins with esm, a number and a colon, or
// is an address with such a fragment.
func Is(text string) bool {
	_, _, ok := begin(text)
	return ok
}

// begin takes a line apart into the number of its format and its text.
func begin(text string) (format, rest string, ok bool) {
	text = strings.TrimSpace(text)
	if _, fragment, is := strings.Cut(text, "#"); is && (strings.HasPrefix(text, "http") || strings.HasPrefix(text, "file:") || strings.HasPrefix(text, "#")) {
		text = strings.Replace(fragment, "%3A", ":", 1)
	}
	head, rest, ok := strings.Cut(text, ":")
	format, is := strings.CutPrefix(head, "esm")
	return format, rest, ok && is && format != "" && len(format) < 4 && strings.Trim(format, "0123456789") == ""
}

// Lines breaks a line into pieces of at most w characters, for a terminal or a letter.
func Lines(line string, w int) []string {
	var out []string
	for part := range slices.Chunk([]byte(line), max(8, w)) {
		out = append(out, string(part))
	}
	return out
}
