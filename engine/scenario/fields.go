package scenario

import (
	"slices"
	"strconv"
	"strings"

	"esmlab/engine"
	"esmlab/engine/setting"
	"esmlab/engine/template"
)

// Duration reads a Go duration (200ms) or a number of seconds (0.2).
func Duration(s string) (engine.Micros, bool) { return setting.ParseTime(s) }

// known refuses fields of a map that nobody reads.
func (r *reader) known(v *template.Value, what string, names ...string) {
	if v.Kind != template.Map {
		if v.Kind != template.Null {
			r.Add(v.Node, "", what+" is a map, not "+v.String(), strings.Join(names, ", "))
		}
		return
	}
	for _, f := range v.Fields {
		if !slices.Contains(names, f.Name) {
			r.Add(f.Key, "", what+" has no field "+f.Name, template.OneOf(f.Name, names))
		}
	}
}

// entries gives the entries of a map; it refuses anything else.
func (r *reader) entries(v *template.Value, what, right string) []template.Field {
	if v == nil {
		return nil
	}
	if v.Kind != template.Map {
		r.Add(v.Node, "", what+" is a map, not "+v.String(), right)
	}
	return v.Fields
}

func (r *reader) flag(v *template.Value, name string) bool {
	f := v.Get(name)
	on, ok := f.Bool()
	if f != nil && !ok {
		r.Add(f.Node, "", name+" is a switch, not "+f.String(), "true or false")
	}
	return on
}

func (r *reader) text(v *template.Value, name string) string {
	f := v.Get(name)
	if f == nil {
		return ""
	}
	if f.Kind != template.Scalar {
		r.Add(f.Node, "", name+" is a text, not "+f.String(), "a text")
	}
	return f.Text
}

func (r *reader) duration(v *template.Value, name string, or engine.Micros) engine.Micros {
	f := v.Get(name)
	if f == nil {
		return or
	}
	d, ok := Duration(f.Text)
	if !ok || f.Kind != template.Scalar {
		r.Add(f.Node, "", name+" is not a length of time: "+f.String(), setting.TimeForm)
		return or
	}
	return d
}

func (r *reader) number(v *template.Value, name string, or, lo, hi int) int {
	f := v.Get(name)
	if f == nil {
		return or
	}
	n, ok := f.Int()
	if !ok || n < lo || n > hi {
		r.Add(f.Node, "", name+" cannot be "+f.String(), engine.Thousands(lo)+" to "+engine.Thousands(hi))
		return or
	}
	return n
}

// share reads a number from 0 to 1.
func (r *reader) share(v *template.Value, name string) float64 {
	f := v.Get(name)
	if f == nil {
		return 0
	}
	x, err := strconv.ParseFloat(f.Text, 64)
	if err != nil || !(x >= 0 && x <= 1) {
		r.Add(f.Node, "", name+" cannot be "+f.String(), "0 to 1")
		return 0
	}
	return x
}

// list reads a list of texts, or one text.
func (r *reader) list(v *template.Value, name string) []string {
	return r.listOf(v.Get(name), name)
}

func (r *reader) listOf(f *template.Value, name string) []string {
	if f == nil {
		return nil
	}
	if f.Kind == template.Scalar {
		return []string{f.Text}
	}
	var out []string
	for _, item := range f.Items {
		if item.Kind != template.Scalar {
			r.Add(item.Node, "", name+" is a list of texts", "[a, b]")
			continue
		}
		out = append(out, item.Text)
	}
	if f.Kind != template.List {
		r.Add(f.Node, "", name+" is a list, not "+f.String(), "[a, b]")
	}
	return out
}

// actions are what a role can be denied and the engine asks for.
var actions = []string{"kinesis:GetRecords", "kinesis:GetShardIterator", "kinesis:DescribeStream", "kinesis:SubscribeToShard", "kinesis:*",
	"dynamodb:GetRecords", "dynamodb:GetShardIterator", "dynamodb:DescribeStream", "dynamodb:*",
	"kinesis:PutRecord", "dynamodb:PutItem",
	"sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes", "sqs:ChangeMessageVisibility", "kms:Decrypt", "kms:GenerateDataKey", "kms:*", "sqs:SendMessage", "sqs:*", "sns:Publish", "sns:*", "s3:PutObject", "s3:ListBucket", "s3:*", "*"}

// actions reads a list of IAM actions.
func (r *reader) actions(v *template.Value, name string) []string {
	list := r.listOf(v, name)
	for i, a := range list {
		if !slices.Contains(actions, a) {
			at := v.Node
			if v.Kind == template.List {
				at = v.Items[min(i, len(v.Items)-1)].Node
			}
			r.Add(at, "", "esmlab asks no role for "+a, template.OneOf(a, actions))
		}
	}
	return list
}

// kinds of things that a name can mean.
const (
	isStream = 1 << iota
	isQueue
	isFunction
	isMapping
	isTarget
	isFront
	isService
)

// ids lists the logical ids of some kinds of resources.
func (r *reader) ids(kinds int) []string {
	var out []string
	cfg := r.everything()
	if kinds&isStream != 0 {
		for _, c := range cfg.Streams {
			out = append(out, c.ID)
		}
	}
	if kinds&isQueue != 0 {
		for _, c := range cfg.Queues {
			out = append(out, c.ID)
		}
	}
	if kinds&isFunction != 0 {
		for _, c := range cfg.Functions {
			out = append(out, c.ID)
		}
	}
	if kinds&isMapping != 0 {
		for _, c := range cfg.Mappings {
			out = append(out, c.ID)
		}
	}
	if kinds&isFront != 0 {
		for _, c := range cfg.Fronts {
			out = append(out, c.ID)
		}
	}
	if kinds&isTarget != 0 {
		for _, c := range cfg.Targets {
			out = append(out, c.ID)
		}
	}
	if kinds&isService != 0 {
		for _, c := range cfg.Services {
			out = append(out, c.ID)
		}
	}
	return out
}

// name reads a logical id of some kind; it refuses one that is nowhere.
func (r *reader) name(v *template.Value, kinds int, what string) (string, bool) {
	if v.Kind == template.Scalar && slices.Contains(r.ids(kinds), v.Text) {
		return v.Text, true
	}
	r.Add(v.Node, "", v.String()+" is not a "+what+" of this template", template.OneOf(v.Text, r.ids(kinds)))
	return "", false
}

// label reads a record's label: Orders#6.
func (r *reader) label(v *template.Value) (engine.Label, bool) {
	source, num, ok := strings.Cut(v.Text, "#")
	n, err := strconv.Atoi(num)
	if !ok || err != nil || n < 1 || n > 1<<30 {
		r.Add(v.Node, "", v.String()+" is not a record", "a source and a number from 1, as Orders#6")
		return engine.Label{}, false
	}
	if !slices.Contains(r.ids(isStream|isQueue), source) {
		r.Add(v.Node, "", source+" is neither a stream nor a queue of this template", template.OneOf(source, r.ids(isStream|isQueue)))
		return engine.Label{}, false
	}
	return engine.Label{Source: source, N: n}, true
}
