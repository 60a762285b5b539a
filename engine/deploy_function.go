package engine

import (
	"reflect"
	"slices"

	"esmlab/engine/internal/bucket"
	"esmlab/engine/rule"
	"esmlab/engine/setting"
)

func (d *deployment) functions() *Refusal {
	for _, x := range d.next.Functions {
		i := slices.IndexFunc(d.was.Functions, func(f FunctionConfig) bool { return f.ID == x.ID })
		if i < 0 {
			continue
		}
		was, f := d.was.Functions[i], &d.Functions[i]
		what := fixed(setting.OfFunction, setting.Any, func(name string) (string, string) {
			switch name {
			case "FunctionName":
				return was.Name, x.Name
			case "DurableConfig":
				return TimeValue(was.Execution).String(), TimeValue(x.Execution).String()
			case "PackageType":
				return was.PackageType, x.PackageType
			}
			return was.Tenancy, x.Tenancy
		})
		d.cfg.Functions[i] = x
		switch {
		case d.returns(x.ID):
			d.change(WhyCreated, rule.CfnOrder, x.ID, "function")
			f.removed = false
		case what != "" && f.removed:
			return lost(x.ID, what)
		case what != "":
			if r := d.customNamed(x.ID, was.Name, x.Name, what); r != nil {
				return r
			}
			d.change(WhyReplaced, rule.CfnFunction, x.ID, what)
			f.idle, f.environments = 0, bucket.Full()
			f.FunctionSettings = x.FunctionSettings
		default:
			if _, r := d.updated(x.ID); r != nil {
				return r
			}
		}
		if r := d.newCode(int32(i), &was, &x); r != nil {
			return r
		}
	}
	return nil
}

// newCode puts a function's new code in the place of the old: how long it takes and
// what it does wrong. Warm environments have the old code and are not used again.
func (d *deployment) newCode(fi int32, was, is *FunctionConfig) *Refusal {
	if was.Takes == is.Takes && was.Cold == is.Cold && was.Sends == is.Sends && reflect.DeepEqual(was.Faults, is.Faults) && reflect.DeepEqual(was.Handler, is.Handler) {
		return nil
	}
	f := &d.Functions[fi]
	if f.removed {
		return lost(is.ID, "its code")
	}
	old := oldCode{f.FunctionSettings, f.handler}
	f.Takes, f.Cold, f.idle = is.Takes, is.Cold, 0
	for int32(len(f.past)) <= f.code {
		f.past = append(slices.Clip(f.past), old)
	}
	f.code++
	if !d.hasVersions(fi) {
		f.Faults = slices.DeleteFunc(f.Faults, func(a ActiveFault) bool { return a.ofCode })
	}
	err := d.addCode(fi)
	if err == nil {
		err = d.resolveHandler(int(fi))
	}
	if err != nil {
		return &Refusal{What: "deploy " + is.ID, Message: err.Error()}
	}
	d.change(WhyUpdated, rule.CfnCode, is.ID, "its code")
	return nil
}

// hasVersions reports whether a mapping invokes a version or an alias of a function.
func (d *deployment) hasVersions(fi int32) bool {
	id := d.cfg.Functions[fi].ID
	is := func(m MappingConfig) bool { return m.Function == id && m.Qualifier != "" }
	return slices.ContainsFunc(d.was.Mappings, is) || slices.ContainsFunc(d.next.Mappings, is)
}
