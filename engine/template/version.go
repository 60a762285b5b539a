package template

import (
	"regexp"
	"strconv"
	"strings"

	"esmlab/engine"
)

// This file reads versions and aliases of functions: which version a mapping
// invokes, and how an alias goes over to a new one.

// numberVersions numbers the versions that a template publishes. A number is never
// given twice: those of the template before keep theirs.
func (t *Template) numberVersions() {
	most := map[string]int{} // by function
	if t.was != nil {
		for id, n := range t.was.versions {
			t.versions[id] = n
		}
		for _, r := range t.was.order {
			if r.Type == "AWS::Lambda::Version" {
				fn := functionName(t.was.properties(r).Get("FunctionName").text())
				most[fn] = max(most[fn], t.was.versions[r.ID])
			}
		}
	}
	for _, r := range t.order {
		if r.Type != "AWS::Lambda::Version" || r.absent || t.versions[r.ID] > 0 {
			continue
		}
		fn := functionName(t.properties(r).Get("FunctionName").text())
		most[fn]++
		t.versions[r.ID] = most[fn]
	}
}

// alias reads the alias that a mapping invokes: the second version of a weighted one,
// and what SAM publishes.
func (t *Template) alias(m *engine.MappingConfig) {
	for _, r := range t.order {
		p := t.properties(r)
		switch {
		case m.Qualifier == "" || r.absent:
		case r.Type == "AWS::Lambda::Alias" && p.Get("Name").text() == m.Qualifier:
			if r.ID != m.Qualifier && functionName(p.Get("FunctionName").text()) != t.nameOf(m.Function) {
				continue
			}
			for _, w := range p.Get("RoutingConfig").Get("AdditionalVersionWeights").items() {
				share := w.Get("FunctionWeight")
				if v := w; v.Kind == Outside || unknownAt(w, "FunctionWeight") {
					if share != nil {
						v = share
					}
					t.takeInstead("the weights of "+r.ID, v, "all invocations go to one version")
					continue
				}
				if share == nil {
					t.Problems.Add(w.Node, "", "a weight of "+r.ID+" has no FunctionWeight", "{FunctionVersion: !GetAtt New.Version, FunctionWeight: 0.1}")
					continue
				}
				weight, err := strconv.ParseFloat(share.text(), 64)
				if err != nil || weight < 0 || weight > 1 {
					t.Problems.Add(w.Node, "ValidationException", "FunctionWeight cannot be "+share.String(), "0 to 1")
					continue
				}
				m.Other, m.Weight = w.Get("FunctionVersion").text(), weight
			}
		case r.Type == "AWS::Serverless::Function" && r.ID == m.Function && p.Get("AutoPublishAlias").text() == m.Qualifier:
			m.Publishes = true
			if pref := p.Get("DeploymentPreference"); pref != nil {
				if on, ok := pref.Get("Enabled").Bool(); !ok || on {
					m.Shift = t.shift(pref.Get("Type"))
				}
			}
		}
	}
}

func (t *Template) nameOf(id string) string {
	if r := t.byID[id]; r != nil {
		return t.name(r)
	}
	return id
}

var (
	canary = regexp.MustCompile(`^Canary(\d+)Percent(\d+)Minutes$`)
	linear = regexp.MustCompile(`^Linear(\d+)PercentEvery(\d+)Minutes?$`)
)

// shift reads the type of a DeploymentPreference; nil where all go over at once.
func (t *Template) shift(v *Value) []engine.Shift {
	number := func(s string) int64 { n, _ := strconv.ParseInt(s, 10, 32); return n }
	kind := strings.TrimSpace(v.text())
	if m := canary.FindStringSubmatch(kind); m != nil {
		return []engine.Shift{{After: 0, Weight: float64(number(m[1])) / 100}, {After: engine.Micros(number(m[2])) * engine.Minute, Weight: 1}}
	}
	if m := linear.FindStringSubmatch(kind); m != nil && number(m[1]) > 0 {
		var out []engine.Shift
		for i := int64(1); i*number(m[1]) <= 100; i++ {
			out = append(out, engine.Shift{After: engine.Micros((i-1)*number(m[2])) * engine.Minute, Weight: float64(i*number(m[1])) / 100})
		}
		out[len(out)-1].Weight = 1
		return out
	}
	if kind != "AllAtOnce" && kind != "" {
		t.Note("DeploymentPreference " + short(kind) + " is not known: all invocations go over at once")
	}
	return nil
}

// Named lists the resources that have a physical name of their own.
func (t *Template) Named() (out []string) {
	for _, r := range t.order {
		if v := t.properties(r).Get(nameProperty[r.Type]); nameProperty[r.Type] != "" && v != nil {
			out = append(out, r.ID)
		}
	}
	return out
}
