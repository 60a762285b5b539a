package setting

import (
	"slices"
	"strconv"
	"strings"

	"esmlab/engine/pattern"
	"esmlab/engine/rule"
)

// Row is one setting.
type Row struct {
	// Name is what the setting is called: the last part of AWS's name, or
	// esmlab's name where AWS has none.
	Name string
	// Path is AWS's full name where that is longer: ScalingConfig.MaximumConcurrency.
	Path string
	// Also are more names by which it can be set.
	Also []string
	Of   Owner
	In   Source // the sources that it applies to
	Kind Kind
	// Min and Max bound a Number. Special is the one value outside of them
	// that is accepted too, and what it means: "-1 for no limit".
	Min, Max int
	Special  Special
	Unit     Unit
	Words    []string // the values of a Word
	Default  Value
	Steps    string // sensible values in order, as they are typed, between blanks
	Rule     rule.ID
	// Code and Words that AWS refuses a value with; "": what a service's model
	// declares (ValidationException).
	Code, Refuses string
	// Unfit is AWS's refusal where the source is not among In; "" the usual one.
	Unfit string
	// Instead says what a queue has in place of a stream's setting.
	Instead string
	// Action is the id of the action that changes it, "" for none of its own.
	Action string
	Counts Counts
	// Own: it is esmlab's, not AWS's, and no property of a template holds it.
	Own bool
	// Alias: it is not listed, as another row has the same field, or a command changes
	// it.
	Alias bool
	// CLI orders the fields of `aws lambda get-event-source-mapping`: the tens leave
	// gaps for fields that are not settings. 0: it is not printed.
	CLI int
	// Pane orders the rows of the settings pane: the tens are its groups. 0: it is not
	// shown. IfSet rows are shown only where they are not the default.
	Pane    int
	IfSet   bool
	About   string // what it does, in half a sentence
	says    [][2]string
	saysFor func(v Value, r *Resource) string
	field   func(r *Resource) any
}

// Kind is what sort of value a setting has.
type Kind uint8

// The kinds of settings.
const (
	Number      Kind = iota
	Switch           // true or false
	Word             // one of Words
	List             // a list that is empty or holds one of Words; its Value is a text
	Duration         // a length of time
	Destination      // the logical id of a queue, a topic or a bucket
	QueueID          // the logical id of a queue
	Filters          // filter criteria, as JSON
)

// Special is a value outside of a Number's range that is accepted too.
type Special struct {
	Value int
	Means string // "" where there is no such value
	AWS   bool   // AWS accepts it; else only `set` does, for a setting that is taken off
}

// The special values.
var (
	noLimit = Special{-1, "no limit", true}
	none    = Special{-1, "none", false}
	notSet  = Special{0, "not set", false}
)

// Unit is what a Number counts, where that needs saying.
type Unit uint8

// The units.
const (
	Plain Unit = iota
	Seconds
	Hours
	Bytes
)

func (u Unit) String() string { return [...]string{"", "seconds", "hours", "bytes"}[u] }

// Values says which values AWS accepts, with their unit.
func (p *Row) Values() string {
	if p.Unit == Plain {
		return p.Allowed()
	}
	return p.Allowed() + " " + p.Unit.String()
}

// Counts says from when a changed value counts for a batch under way.
type Counts uint8

// When a changed value counts.
const (
	NextBatch Counts = iota
	NextTry
	NextFailure
	NextDiscard
)

// FullName is AWS's whole name of the setting.
func (p *Row) FullName() string {
	if p.Path != "" {
		return p.Path
	}
	return p.Name
}

// Property is the property of a template that it stands in.
func (p *Row) Property() string {
	top, _, _ := strings.Cut(p.FullName(), ".")
	return top
}

// Properties are the properties of a template that settings stand in.
func Properties(of Owner, in Source) []string {
	var out []string
	for i := range All {
		if p := &All[i]; p.Of == of && p.In&in != 0 && !p.Own && !slices.Contains(out, p.Property()) {
			out = append(out, p.Property())
		}
	}
	return out
}

// Unsupported is AWS's refusal of a mapping's property that is for other
// sources only; nil where it is a setting for this one, or of none.
func Unsupported(property string, in Source) *Refusal {
	var r *Refusal
	for i := range All {
		if p := &All[i]; p.Of == OfMapping && p.Property() == property {
			if p.In&in != 0 {
				return nil
			}
			r = p.NotFor(in)
		}
	}
	return r
}

// Called tells whether a name means this setting: its own, AWS's full one, or
// one of Also.
func (p *Row) Called(name string) bool {
	return name == p.Name || name == p.Path || slices.Contains(p.Also, name)
}

// For lists the settings of a kind of resource that apply to a source, in the
// order of the table. Aliases are left out.
func For(of Owner, in Source) []*Row {
	var out []*Row
	for i := range All {
		if p := &All[i]; p.Of == of && p.In&in != 0 && !p.Alias {
			out = append(out, p)
		}
	}
	return out
}

// Printed lists the settings of a mapping that the AWS CLI prints, in its order.
func Printed(in Source) []*Row {
	var out []*Row
	for i := range All {
		if p := &All[i]; p.CLI != 0 && p.In&in != 0 {
			out = append(out, p)
		}
	}
	slices.SortFunc(out, func(a, b *Row) int { return a.CLI - b.CLI })
	return out
}

// Find gives the setting of that name for a source, nil where the resource has
// none.
func Find(of Owner, in Source, name string) *Row {
	for i := range All {
		if p := &All[i]; p.Of == of && p.In&in != 0 && p.Called(name) {
			return p
		}
	}
	return nil
}

// Rows lists the settings of the resource.
func (r *Resource) Rows() []*Row {
	out := For(r.Of, r.In)
	for i, p := range out {
		out[i] = p.on(r)
	}
	return out
}

// Find gives the resource's setting of that name, nil where it has none.
func (r *Resource) Find(name string) *Row { return Find(r.Of, r.In, name).on(r) }

// Names are the names of a resource's settings: in full, or their last parts.
func Names(of Owner, in Source, full bool) []string {
	var out []string
	for i := range All {
		if p := &All[i]; p.Of == of && p.In&in != 0 {
			name := p.Name
			if full {
				name = p.FullName()
			}
			out = append(out, name)
		}
	}
	return out
}

// Get reads the setting of a resource; false where the resource does not hold
// it: a mapping whose State says whether it is enabled.
func (p *Row) Get(r *Resource) (Value, bool) {
	switch f := p.field(r).(type) {
	case *int:
		if f != nil {
			return IntValue(*f), true
		}
	case *bool:
		switch {
		case f == nil:
		case p.Kind == List && *f:
			return TextValue(p.Words[0]), true
		case p.Kind == List:
			return TextValue(""), true
		default:
			return BoolValue(*f), true
		}
	case *string:
		if *f == "" {
			return p.Default, true
		}
		return TextValue(*f), true
	case *Micros:
		if unit := p.unit(); p.Kind == Number {
			return IntValue(int(*f / unit)), true
		}
		return TimeValue(*f), true
	case *Takes:
		return TimeValue(f.Base), true
	case **pattern.Criteria:
		return TextValue((*f).String()), true
	}
	return Value{}, false
}

// Set writes a value that Check has passed.
func (p *Row) Set(r *Resource, v Value) {
	switch f := p.field(r).(type) {
	case *int:
		*f = int(v.Int)
	case *bool:
		*f = v.Bool || v.Kind == ValueText && v.Text != ""
	case *string:
		*f = v.Text
	case *Micros:
		*f = Micros(v.Int)
		if v.Kind == ValueInt {
			*f *= p.unit()
		}
	case *Takes:
		*f = Takes{Base: Micros(v.Int)}
		if v.Kind == ValueInt {
			f.Base *= Second
		}
	case **pattern.Criteria:
		*f, _ = pattern.ReadCriteria(v.Text) // Check has read it
	}
	if p.Of == OfMapping {
		r.Mapping.pairPollers(p.Name)
	}
	switch {
	case p.Name != StreamMode:
	case r.Stream.OnDemand(): // as many as AWS gives a new one
		r.Stream.ShardCount = 0
	default:
		r.Stream.ShardCount = max(1, r.Stream.ShardCount)
	}
}

func (p *Row) unit() Micros {
	if p.Unit == Hours {
		return Hour
	}
	return Second
}

// ManagedTimeout is the largest Timeout of a function on Managed Instances, in
// seconds: for what a mapping or an asynchronous call invokes (N-B1).
const ManagedTimeout = 5400

// on is the row as it holds for one resource.
func (p *Row) on(r *Resource) *Row {
	if p == nil || p.Name != Timeout || r.Function == nil || r.Function.Managed == 0 {
		return p
	}
	q := *p
	q.Max = ManagedTimeout
	return &q
}

// Parse reads a value as a person types it: 50, true, 200ms, a name; none for
// no name.
func (p *Row) Parse(text string) Value {
	switch p.Kind {
	case Number:
		if n, err := strconv.Atoi(text); err == nil {
			return IntValue(n)
		}
	case Switch:
		if text == "true" || text == "false" {
			return BoolValue(text == "true")
		}
	case Destination, QueueID:
		if text == "none" {
			text = ""
		}
		return TextValue(text)
	case Word, List, Filters:
		return TextValue(text)
	}
	if m, ok := ParseTime(text); ok && p.Kind != Switch {
		return TimeValue(m)
	}
	return TextValue(text)
}

// Typed writes a value as Parse reads it.
func (p *Row) Typed(v Value) string {
	switch {
	case v.Kind == ValueTime && Micros(v.Int) < Second && v.Int != 0:
		return strconv.FormatFloat(float64(v.Int)/float64(Millisecond), 'g', -1, 64) + "ms"
	case v.Kind == ValueTime:
		return strconv.FormatFloat(Micros(v.Int).Seconds(), 'g', -1, 64) + "s"
	case v.Kind == ValueText && v.Text == "", p.Kind == Filters && v == p.Default:
		return "none"
	}
	return v.String()
}

// Text writes a value for people: a special one by what it means, a text that
// is empty as none.
func (p *Row) Text(v Value) string {
	switch {
	case v.Kind == ValueInt && p.Kind == Number && p.Special.Means != "" && int(v.Int) == p.Special.Value && p.Special != noLimit:
		return p.Special.Means
	case v.Kind == ValueText && v.Text == "", p.Kind == Filters && v == p.Default:
		return "none"
	case v.Kind == ValueTime:
		return Micros(v.Int).Words()
	}
	return v.String()
}

// given tells whether the resource holds a value of its own: not the default,
// or the default as a word.
func (p *Row) given(r *Resource) bool {
	if word, ok := p.field(r).(*string); ok {
		return *word != ""
	}
	return !p.IsDefault(r)
}

// IsDefault tells whether the resource holds the setting's default.
func (p *Row) IsDefault(r *Resource) bool {
	v, ok := p.Get(r)
	return !ok || v == p.Default
}

// StepList lists sensible values for a resource in order, as they are typed.
func (p *Row) StepList(r *Resource) []string {
	switch p.Kind {
	case Switch:
		return []string{"false", "true"}
	case Word:
		return slices.Clone(p.Words)
	}
	return strings.Fields(strings.ReplaceAll(p.Steps, "{account}", strconv.Itoa(r.Concurrency)))
}
