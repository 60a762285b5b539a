// Package handback writes a template back with what was changed in a run: its settings as
// they are now, and what was done as steps, so that what is saved runs again to the same
// trace. The text is edited at the places that change; comments, order and quotes stay.
package handback

import (
	"cmp"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"esmlab/engine"
	"esmlab/engine/pattern"
	"esmlab/engine/scenario"
	"esmlab/engine/setting"
)

// Done is a command that was given in a run, and where: behind so many tasks of its instant.
type Done struct {
	At      engine.Micros
	Tick    int32
	Refused bool
	engine.Command
}

// Given is what changed the scenario as it was read: flags of the command line.
type Given struct {
	Seed  *uint64
	For   string
	Sets  []string // NAME=VALUE
	Steps []string
}

// Result is a template that was written back.
type Result struct {
	Was, Text string
	Changed   []Change
	// Notes say what could not be written into the properties, and why: it is a step alone;
	// and what is left out.
	Notes []string
	// Left are commands that AWS refused and that no step can say. They changed nothing; only
	// their refusals are missing where the text is run.
	Left []Done
}

// Change is a setting that has another value now.
type Change struct {
	ID       string // the logical id of the resource
	Row      *setting.Row
	Was, Now setting.Value
	InText   bool // the template's property says so now
}

// Open reads files that steps deploy, beside the scenario; nil: none can be read.
type Open func(name string) ([]byte, error)

// Write writes a scenario's template with what was given and done. It fails where the text
// cannot be edited, or would not run to the same trace.
func Write(sc *scenario.Scenario, given Given, done []Done, open Open) (*Result, error) {
	done = slices.Clone(done)
	slices.SortStableFunc(done, func(a, b Done) int { return cmp.Or(cmp.Compare(a.At, b.At), cmp.Compare(a.Tick, b.Tick)) })
	w := &writer{sc: sc, open: open, res: &Result{Was: string(sc.Source), Text: string(sc.Source)}}
	done, err := w.readable(given, done)
	if err != nil {
		return nil, err
	}
	for _, c := range changes(sc.Config, done) {
		w.property(c)
	}
	return w.res, nil
}

type writer struct {
	sc   *scenario.Scenario
	open Open
	want *engine.Config // what the text must be read as
	res  *Result
	err  error
}

type constErr string

func (e constErr) Error() string { return string(e) }

// ErrNotEdited says that the text has no place for what was done.
const ErrNotEdited = constErr("Metadata.esmlab of this template cannot be edited as it is written: its parts are aliases, or anchors that others use")

// readable writes what was given and done, without the refused commands that no step says.
// It gives those that are written.
func (w *writer) readable(given Given, done []Done) ([]Done, error) {
	whole := w.basics(given, done)
	if whole == nil {
		return done, nil
	}
	// A deployment's template can be read whether AWS takes it or not, and the next one follows it.
	refused := func(d Done) bool { return d.Refused && d.Op != engine.OpDeploy }
	kept := slices.DeleteFunc(slices.Clone(done), refused)
	if len(kept) == len(done) {
		return nil, whole
	}
	if err := w.basics(given, kept); err != nil {
		return nil, err
	}
	kept = nil
	for i := range done { // each that can be read stays: some need others, as fix needs its fault
		rest := slices.DeleteFunc(slices.Clone(done[i+1:]), refused)
		with := append(slices.Clip(kept), done[i])
		if d := &done[i]; refused(*d) && w.basics(given, append(slices.Clip(with), rest...)) != nil {
			w.res.Left = append(w.res.Left, *d)
			w.res.Notes = append(w.res.Notes, "What was refused at second "+d.At.String()+" is left out, as no step says it: "+scenario.StepText(&d.Command))
			continue
		}
		kept = with
	}
	return kept, w.basics(given, kept)
}

// basics writes what was given and done under Metadata.esmlab, and nothing else.
func (w *writer) basics(given Given, done []Done) error {
	w.err = nil
	d, ok := parse(w.res.Was)
	if !ok {
		return ErrNotEdited
	}
	meta := []string{"Metadata", "esmlab"}
	edit := func(do func(d *doc) (string, bool)) {
		if w.err != nil {
			return
		}
		text, ok := do(d)
		if ok {
			d, ok = parse(text)
		}
		if !ok {
			w.err = ErrNotEdited
		}
	}
	var steps []string
	steps = append(steps, given.Steps...)
	steps = append(steps, stepLines(done)...)
	if d.json {
		for i, s := range steps {
			if text, ok := asJSON(s); ok {
				steps[i] = text
			}
		}
	}
	if len(steps) > 0 {
		edit(func(d *doc) (string, bool) { return d.appendTo(append(slices.Clone(meta), "steps"), steps) })
	}
	if given.Seed != nil {
		edit(func(d *doc) (string, bool) {
			return d.set(append(slices.Clone(meta), "seed"), strconv.FormatUint(*given.Seed, 10))
		})
	}
	if given.For != "" {
		edit(func(d *doc) (string, bool) { return d.set(append(slices.Clone(meta), "for"), d.name(given.For)) })
	}
	for _, s := range given.Sets {
		name, value, _ := strings.Cut(s, "=")
		edit(func(d *doc) (string, bool) { return d.set(append(slices.Clone(meta), "set", name), value) })
	}
	if w.err != nil {
		return w.err
	}
	sc, err := w.read(d.text)
	if err != nil {
		return err
	}
	own := min(len(w.sc.Config.Steps), len(sc.Config.Steps)) // the flags' among them
	if i := readBack(sc.Config, done, sc.Config.Steps[own:]); i >= 0 {
		return &Unwritten{Step: StepLine(&done[i]), Why: "it would be read as another command"}
	}
	w.want, w.res.Text = sc.Config, d.text
	return nil
}

func (w *writer) read(text string) (*scenario.Scenario, error) {
	return scenario.Read(w.sc.File, []byte(text), scenario.Options{Params: w.sc.Params(), Open: w.open})
}

// changes are the settings that have another value after all that was done.
func changes(cfg *engine.Config, done []Done) []Change {
	var out []Change
	for i := range done {
		c := &done[i]
		if c.Op != engine.OpSet || c.Refused {
			continue
		}
		for _, one := range append([]engine.Setting{{Target: c.Target, Value: c.Value}}, c.Also...) {
			id, name, _ := strings.Cut(one.Target, ".")
			of, ok := cfg.SettingsOf(id)
			if !ok {
				continue
			}
			row, value := of.Find(name), one.Value
			if row != nil && row.Name == setting.ReportBatchItemFailures { // the template has it in a list
				row, value = of.Find(setting.FunctionResponseTypes), setting.TextValue("")
				if one.Value.Bool {
					value.Text = setting.ReportBatchItemFailures
				}
			}
			if row == nil || row.Own {
				continue
			}
			was, has := row.Get(&of)
			if !has {
				continue
			}
			k := slices.IndexFunc(out, func(x Change) bool { return x.ID == id && x.Row.Name == row.Name })
			if k < 0 {
				k = len(out)
				out = append(out, Change{ID: id, Row: row, Was: was})
			}
			out[k].Now = value
		}
	}
	return slices.DeleteFunc(out, func(c Change) bool { return c.Was == c.Now })
}

// property writes a changed setting into the properties of its resource, if what is read then
// is the same as without: at second 0 the old value holds (Metadata.esmlab.set), until the
// step.
func (w *writer) property(c Change) {
	path, value, off, ok := w.place(&c)
	d, read := parse(w.res.Text)
	why := "it does not stand in this template"
	if ok && read {
		var text string
		if off {
			text, ok = d.remove(path)
		} else {
			if d.json {
				if value, ok = asJSON(tagless(value)); !ok {
					value = "null"
				}
			}
			text, ok = d.set(path, value)
		}
		why = "it is not written as a plain value there"
		if d, read = parse(text); ok && read {
			was := written(c.Row, c.Was)
			if text, ok = d.set([]string{"Metadata", "esmlab", "set", c.ID + "." + c.Row.FullName()}, was); ok {
				sc, err := w.read(text)
				switch {
				case err != nil:
					why = "the template would then be refused"
				case !same(sc.Config, w.want):
					why = "more would follow from it than it did in the run"
				default:
					w.res.Text, c.InText = text, true
				}
			}
		}
	}
	if c.Row.Name == setting.FilterCriteria && w.sc.MadeUpTraffic {
		why = "the traffic that esmlab makes up follows the filters of the template"
	}
	if !c.InText {
		w.res.Notes = append(w.res.Notes, c.ID+"."+c.Row.Name+" is a step only, not a property: "+why)
	}
	w.res.Changed = append(w.res.Changed, c)
}

// written is a value in YAML's flow style, as a step has it.
func written(row *setting.Row, v setting.Value) string {
	if v.Kind == setting.ValueText {
		return scenario.Scalar(v.Text)
	}
	return v.String()
}

// place is where a setting stands in the template, and how its value is written there; off:
// AWS has no value for it, and the property is taken out.
func (w *writer) place(c *Change) (path []string, value string, off, ok bool) {
	t := w.sc.Template()
	if !t.Has(c.ID) {
		return nil, "", false, false
	}
	path = []string{"Resources", c.ID, "Properties"}
	if m := slices.IndexFunc(w.sc.Config.Mappings, func(m engine.MappingConfig) bool { return m.ID == c.ID }); m >= 0 {
		path = t.Path(c.ID, w.sc.Config.Mappings[m].Function)
	}
	arn := func(id string) string {
		for _, x := range w.sc.Config.Targets {
			if x.ID == id && !x.Bucket {
				return "!Ref " + id
			}
		}
		return "!GetAtt " + id + ".Arn"
	}
	text := c.Now.Text
	switch c.Row.Name {
	case setting.OnFailure:
		if text == "" {
			return append(path, setting.DestinationConfig), "", true, true
		}
		kind := ""
		if path[1] != c.ID { // a SAM event: its Type is what grants
			kind = "Type: SQS, "
			for _, x := range w.sc.Config.Targets {
				if x.ID == text {
					kind = map[bool]string{true: "Type: S3, ", false: "Type: SNS, "}[x.Bucket]
				}
			}
		}
		return append(path, setting.DestinationConfig), "{OnFailure: {" + kind + "Destination: " + arn(text) + "}}", false, t.Has(text)
	case setting.DeadLetterTargetARN:
		if text == "" {
			return append(path, setting.RedrivePolicy), "", true, true
		}
		q := slices.IndexFunc(w.sc.Config.Queues, func(q engine.QueueConfig) bool { return q.ID == c.ID })
		most := max(1, w.sc.Config.Queues[q].MaxReceiveCount)
		return append(path, setting.RedrivePolicy), "{deadLetterTargetArn: " + arn(text) + ", maxReceiveCount: " + strconv.Itoa(most) + "}", false, t.Has(text)
	case setting.FilterCriteria:
		criteria, err := pattern.ReadCriteria(text)
		if err != nil || len(criteria.Patterns()) == 0 {
			return append(path, setting.FilterCriteria), "", true, err == nil
		}
		var list []string
		for _, p := range criteria.Patterns() {
			list = append(list, "{Pattern: "+scenario.Quoted(p.Source())+"}")
		}
		return append(path, setting.FilterCriteria), "{Filters: [" + strings.Join(list, ", ") + "]}", false, true
	}
	path = append(path, strings.Split(c.Row.FullName(), ".")...)
	switch {
	case c.Row.Kind == setting.List && text == "", c.Row.Special.Means != "" && !c.Row.Special.AWS && c.Now.Kind == setting.ValueInt && int(c.Now.Int) == c.Row.Special.Value:
		if n := len(path); strings.Contains(c.Row.FullName(), ".") { // the map that holds nothing else
			path = path[:n-1]
		}
		return path, "", true, true
	case c.Row.Kind == setting.List:
		return path, "[" + text + "]", false, true
	case c.Now.Kind == setting.ValueTime:
		return path, strconv.Itoa(int(engine.Micros(c.Now.Int) / engine.Second)), false, engine.Micros(c.Now.Int)%engine.Second == 0
	}
	return path, written(c.Row, c.Now), false, true
}

// tagless writes the short forms of intrinsic functions as maps, which JSON has too.
func tagless(value string) string {
	for {
		i := strings.Index(value, "!GetAtt ")
		if i < 0 {
			break
		}
		rest := value[i+len("!GetAtt "):]
		end := strings.IndexAny(rest, ",}")
		id, attr, _ := strings.Cut(rest[:end], ".")
		value = value[:i] + `{"Fn::GetAtt": [` + id + ", " + attr + "]}" + rest[end:]
	}
	if i := strings.Index(value, "!Ref "); i >= 0 {
		rest := value[i+len("!Ref "):]
		end := strings.IndexAny(rest, ",}")
		value = value[:i] + `{"Ref": ` + rest[:end] + "}" + rest[end:]
	}
	return value
}

// same tells whether two worlds are the same: they run to the same trace.
func same(a, b *engine.Config) bool {
	if len(a.Mappings) != len(b.Mappings) {
		return false
	}
	x, y := *a, *b
	x.Mappings, y.Mappings = slices.Clone(a.Mappings), slices.Clone(b.Mappings)
	for i := range x.Mappings { // filters are the same if their texts are
		if x.Mappings[i].FilterCriteria.String() != y.Mappings[i].FilterCriteria.String() {
			return false
		}
		x.Mappings[i].FilterCriteria, y.Mappings[i].FilterCriteria = nil, nil
	}
	if len(a.Steps) != len(b.Steps) {
		return false
	}
	x.Steps, y.Steps = slices.Clone(a.Steps), slices.Clone(b.Steps)
	for i := range x.Steps {
		if !sameDeployment(x.Steps[i].Deploy, y.Steps[i].Deploy) {
			return false
		}
		x.Steps[i].Deploy, y.Steps[i].Deploy = nil, nil
	}
	return reflect.DeepEqual(x, y)
}
