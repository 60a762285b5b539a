package template

import (
	"esmlab/engine/pattern"
	"esmlab/engine/setting"
)

const filterRight = `{Filters: [{Pattern: '{"data":{"kind":["order"]}}'}]}`

// Filters reads a mapping's FilterCriteria; nil where there is no filter. What
// AWS refuses is refused in its words, at the pattern. outside is the name of
// a value that comes from outside the template and so cannot be read.
func (p *Problems) Filters(v *Value) (c *pattern.Criteria, outside string) {
	if v == nil || v.Kind == Null {
		return nil, ""
	}
	if v.Kind == Outside {
		return nil, v.Text
	}
	if v.Kind != Map {
		p.Add(v.Node, "", "FilterCriteria is a map, not "+v.String(), filterRight)
		return nil, ""
	}
	for _, f := range v.fields() {
		if f.Name != "Filters" {
			p.Add(f.Key, "", "FilterCriteria has no field "+short(f.Name), filterRight)
		}
	}
	list := v.Get("Filters")
	if list == nil {
		return nil, ""
	}
	if list.Kind == Outside {
		return nil, list.Text
	}
	if list.Kind != List {
		p.Add(list.Node, "", "Filters is a list, not "+list.String(), filterRight)
		return nil, ""
	}
	var patterns []string
	var at []*Value
	for _, item := range list.Items {
		if item.Kind == Outside {
			return nil, item.Text
		}
		for _, f := range item.fields() {
			if f.Name != "Pattern" {
				p.Add(f.Key, "", "a filter has no field "+short(f.Name), "{Pattern: '…'}")
			}
		}
		src := item.Get("Pattern")
		switch {
		case src == nil:
			p.Add(item.Node, "", "a filter has a Pattern", "{Pattern: '…'}")
		case src.Kind == Outside:
			return nil, src.Text
		case src.Kind != Scalar:
			p.Add(src.Node, "", "Pattern is JSON in a text, not "+src.String(), `in quotes: '{"data":{"kind":["order"]}}'`)
		default:
			patterns, at = append(patterns, src.Text), append(at, src)
		}
	}
	if len(patterns) < len(list.Items) {
		return nil, ""
	}
	wrong := false
	for i, src := range patterns { // each by itself: all that is wrong is reported
		if _, err := pattern.NewCriteria([]string{src}); err != nil {
			err.(*pattern.CriteriaError).Filter = i
			r := setting.RefuseFilter(err)
			p.Add(at[i].Node, r.Code, r.Message, r.Right)
			wrong = true
		}
	}
	if wrong {
		return nil, ""
	}
	c, err := pattern.NewCriteria(patterns)
	if err != nil {
		r := setting.RefuseFilter(err)
		p.Add(list.Node, r.Code, r.Message, r.Right)
	}
	return c, ""
}
