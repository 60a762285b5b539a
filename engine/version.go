package engine

import (
	"strconv"

	"esmlab/engine/internal/random"
	"esmlab/engine/rule"
)

// This file is which version of a function an invocation runs, and which code that
// version has.

// versionOf is the version of the function that the function's n-th invocation runs
// for a mapping: that of the alias, or in a weighted one the other, drawn anew for
// each invocation (FN-ALIAS-1).
func (s *Sim) versionOf(m *Mapping, n int32) string {
	if m.weight > 0 && random.Float64(random.Draw(s.cfg.Seed, drawVersion, uint64(m.function), uint64(n))) < m.weight {
		return m.other
	}
	return m.version
}

// runs is the number of the version that an invocation of a weighted alias runs, 0
// where there is no choice.
func (s *Sim) runs(m *Mapping, n int32) int32 {
	if m.weight == 0 {
		return 0
	}
	v, _ := strconv.Atoi(s.versionOf(m, n))
	return int32(v)
}

// codeOf is the number of the code that a version has. $LATEST has the newest, and
// what was published before the run has the first.
func (f *Function) codeOf(version string) int32 {
	if version == "" || version == "$LATEST" {
		return f.code
	}
	for i := len(f.published) - 1; i >= 0; i-- {
		if f.published[i].version == version {
			return f.published[i].code
		}
	}
	return 0
}

// codeAt gives the settings and the handler of one of a function's codes.
func (f *Function) codeAt(code int32) (*FunctionSettings, *handler) {
	if code < f.code && int(code) < len(f.past) {
		return &f.past[code].FunctionSettings, f.past[code].handler
	}
	return &f.FunctionSettings, f.handler
}

// Version is the version of its function that a mapping invokes; where the alias is
// weighted also the other one, and its part of the invocations.
func (m *Mapping) Version() (version, other string, weight float64) {
	return m.version, m.other, m.weight
}

// publish gives the versions that a mapping invokes now the newest code of their
// function, if they were not there before, and moves the alias: at once, or bit by
// bit (FN-ALIAS-3).
func (d *deployment) publish(mi int, was *MappingConfig) {
	x, m := &d.cfg.Mappings[mi], &d.Mappings[mi]
	f := &d.Functions[m.function]
	version, other, weight := x.Version, x.Other, x.Weight
	var shift []Shift
	if x.Publishes && was != nil && was.Publishes {
		version = m.version
		if m.weight > 0 { // one that is under way is over
			version = m.other
		}
		if other, weight = "", 0; f.codeOf(version) < f.code {
			n, _ := strconv.Atoi(version)
			other, shift = strconv.Itoa(n+1), x.Shift
			f.published = append(f.published, publishedVersion{other, f.code})
			switch {
			case len(shift) == 0:
				version, other = other, ""
			case shift[0].After == 0:
				weight = shift[0].Weight
			}
		}
	} else if x.Qualifier != "" && was != nil {
		for _, v := range []string{x.Version, x.Other} {
			if v != "" && v != was.Version && v != was.Other {
				f.published = append(f.published, publishedVersion{v, f.code})
			}
		}
	}
	if was != nil && (version != m.version || other != m.other || weight != m.weight) {
		d.change(WhyUpdated, ruleOr(len(shift) > 0, rule.FnAliasShift, ruleOr(weight > 0, rule.FnAlias, rule.FnAliasMove)), x.ID,
			change("FunctionVersion", routing(m.version, m.other, m.weight), routing(version, other, weight)))
	}
	m.version, m.other, m.weight = version, other, weight
	m.shifts++
	for i, step := range shift {
		if step.After == 0 {
			continue
		}
		d.schedule(d.now+step.After, rankState.order(uint64(mi)), task{kind: taskShift, a: int32(mi), b: int32(i), gen: m.shifts})
	}
}

// shiftDue moves more invocations to the new version of an alias.
func (s *Sim) shiftDue(t task) {
	m := &s.Mappings[t.a]
	if m.shifts != t.gen || m.deleted {
		return
	}
	was := routing(m.version, m.other, m.weight)
	if m.weight = s.cfg.Mappings[t.a].Shift[t.b].Weight; m.weight >= 1 {
		m.version, m.other, m.weight = m.other, "", 0
	}
	s.emit(&Event{Kind: KindChange, Rule: rule.FnAliasShift, Why: WhyUpdated, Source: -1, Mapping: -1, Queue: -1, Function: -1,
		Applied: &AppliedCommand{Command: Command{Op: OpDeploy, Target: s.cfg.Mappings[t.a].ID, Value: TextValue(change("FunctionVersion", was, routing(m.version, m.other, m.weight)))}}})
}

// routing says what an alias runs.
func routing(version, other string, weight float64) string {
	if weight == 0 {
		return version
	}
	return version + " (" + other + " for " + strconv.FormatFloat(weight*100, 'g', 3, 64) + " %)"
}
