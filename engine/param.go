package engine

import (
	"strconv"
	"strings"

	"esmlab/engine/setting"
)

// Param is a setting that holds a number or a switch, as older callers read it.
type Param struct {
	Name    string
	Switch  bool
	Default int
	Min     int
	Max     int
	NoLimit bool
	Unset   bool
	Steps   []int
	row     *setting.Row
}

// StreamParams, QueueParams and QueueMappingParams are the numbers and switches
// of the table.
var (
	StreamParams       = params(setting.OfMapping, setting.AnyStream)
	QueueParams        = params(setting.OfQueue, setting.AnyQueue)
	QueueMappingParams = params(setting.OfMapping, setting.AnyQueue)
)

func params(of setting.Owner, in setting.Source) (out []Param) {
	for _, r := range setting.For(of, in) {
		if r.Kind != setting.Number && r.Kind != setting.Switch {
			continue
		}
		p := Param{Name: r.Name, Switch: r.Kind == setting.Switch, Default: int(r.Default.Int), Min: r.Min, Max: r.Max,
			NoLimit: r.Special.Value == -1, Unset: r.Special.Means == "not set", row: r}
		if of == setting.OfMapping && in == setting.AnyQueue {
			p.Name = r.FullName()
		}
		for _, s := range strings.Fields(r.Steps) {
			n, _ := strconv.Atoi(s)
			p.Steps = append(p.Steps, n)
		}
		out = append(out, p)
	}
	return out
}

// FindParam gives the parameter of that name, or nil.
func FindParam(name string) *Param { return FindIn(StreamParams, name) }

// FindIn gives the parameter of that name in a table, or nil.
func FindIn(table []Param, name string) *Param {
	for i := range table {
		if table[i].row.Called(name) {
			return &table[i]
		}
	}
	return nil
}

// Allowed says in words which values AWS takes.
func (p *Param) Allowed() string { return p.row.Allowed() }

// Check refuses a number outside AWS's range.
func (p *Param) Check(n int) *Refusal {
	if !p.Unset && p.row.Special.Means == "not set" {
		_, r := p.row.InTemplate().Read(IntValue(n))
		return r
	}
	_, r := p.row.Read(IntValue(n))
	return r
}

// CheckAttribute does the same.
func (p *Param) CheckAttribute(n int) *Refusal { return p.Check(n) }
