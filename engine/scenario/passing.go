package scenario

import (
	"encoding/json"
	"maps"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"esmlab/engine"
)

// apart is how far apart the records of default traffic are.
const apart = 200 * engine.Millisecond

// passing gives default traffic what the filters of its source's mappings ask for, where
// values in their patterns say it: rows for each mapping that filters, in turn.
func (r *reader) passing(row engine.Traffic) []engine.Traffic {
	var shapes [][]engine.Traffic
	var filtering []*engine.MappingConfig
	for i := range r.cfg.Mappings {
		if m := &r.cfg.Mappings[i]; m.Source == row.To && m.FilterCriteria != nil {
			filtering = append(filtering, m)
		}
	}
	for _, m := range ordered(filtering, func(m *engine.MappingConfig) string { return m.ID }) {
		for _, p := range m.FilterCriteria.Patterns() {
			doc, ok := p.Sample()
			if !ok {
				continue
			}
			rows := r.shaped(row, doc)
			same := func(other []engine.Traffic) bool { return reflect.DeepEqual(rows, other) }
			if rows != nil && !slices.ContainsFunc(shapes, same) {
				shapes = append(shapes, rows)
			}
			break
		}
	}
	if len(shapes) == 0 {
		return []engine.Traffic{row}
	}
	out := slices.Concat(shapes...)
	for i := range out {
		out[i].Every, out[i].From = apart*engine.Micros(len(out)), apart*engine.Micros(i)
	}
	return out
}

// ordered is a list in the order of its ids: default traffic does not hang on the order in
// which a template has its resources.
func ordered[T any](list []T, id func(T) string) []T {
	return slices.SortedStableFunc(slices.Values(list), func(a, b T) int { return strings.Compare(id(a), id(b)) })
}

// shaped makes of default traffic what a sample of a pattern asks for; nil where nothing
// of it can be put. Of a table it is an item that is put, changed and removed, so
// that all of a stream's events come in turn.
func (r *reader) shaped(row engine.Traffic, doc map[string]any) []engine.Traffic {
	i := slices.IndexFunc(r.cfg.Streams, func(s engine.StreamConfig) bool { return s.ID == row.To })
	if i >= 0 && r.cfg.Streams[i].Kind == engine.DynamoDB {
		record, _ := doc["dynamodb"].(map[string]any)
		keys, _ := record["Keys"].(map[string]any)
		was, _ := record["OldImage"].(map[string]any)
		is, _ := record["NewImage"].(map[string]any)
		for _, part := range []map[string]any{was, is, keys} { // the key stands in all of them
			if key, _ := itemOf(part)[r.cfg.Streams[i].KeyName].(string); KeyRefusal(r.cfg, row.To, key) == nil {
				row.Keys = []string{key}
			}
		}
		added, changed, gone := row, row, row
		added.Op, added.Body = engine.WriteInsert, bodyOf(over(itemOf(is), itemOf(was)))
		changed.Op, changed.Body = engine.WriteModify, bodyOf(over(itemOf(was), itemOf(is)))
		gone.Op, gone.Body = engine.WriteRemove, ""
		return []engine.Traffic{added, changed, gone}
	}
	key, _ := doc["partitionKey"].(string)
	if i >= 0 && KeyRefusal(r.cfg, row.To, key) == nil {
		row.Keys = []string{key}
	}
	for _, at := range []any{doc["body"], doc["data"]} {
		if body := bodyOf(at); body != "" {
			row.Body = body
			return []engine.Traffic{row}
		}
	}
	if len(row.Keys) == 1 {
		return []engine.Traffic{row}
	}
	return nil
}

// over is a map with another one's values put over it.
func over(below, above map[string]any) map[string]any {
	out := maps.Clone(below)
	maps.Copy(out, above)
	return out
}

// bodyOf writes what a pattern asks for as a body, with a number that tells it from
// others where there is room for one; "" where it asks for nothing.
func bodyOf(v any) string {
	switch v := v.(type) {
	case string:
		return v
	case map[string]any:
		if len(v) == 0 {
			return ""
		}
		text, err := json.Marshal(v)
		if err != nil {
			return ""
		}
		if _, has := v["n"]; has {
			return string(text)
		}
		return strings.TrimSuffix(string(text), "}") + `,"n":{n}}`
	}
	return ""
}

// itemOf are the attributes that a pattern asks for of an item, without their types.
func itemOf(item map[string]any) map[string]any {
	out := map[string]any{}
	for name, v := range item {
		typed, _ := v.(map[string]any)
		for _, kind := range []string{"S", "BOOL", "N", "M"} { // in the order of no map: the run hangs on it
			value, has := typed[kind]
			text, isText := value.(string)
			inner, isMap := value.(map[string]any)
			switch {
			case kind == "N" && isText:
				out[name] = json.Number(text)
			case kind == "M" && isMap:
				out[name] = itemOf(inner)
			case has && (kind == "S" || kind == "BOOL"):
				out[name] = value
			}
		}
	}
	return out
}

// madeUp says what the scenario does not say and esmlab makes up: how much comes, and how
// long functions take.
func (r *reader) madeUp() string {
	var parts []string
	if r.sc.MadeUpTraffic && len(r.cfg.Traffic) > 0 {
		seen, records, messages := map[string]bool{}, 0, 0
		for _, row := range r.cfg.Traffic {
			if stream := slices.ContainsFunc(r.cfg.Streams, func(q engine.StreamConfig) bool { return q.ID == row.To }); !seen[row.To] && !stream {
				messages++
			} else if !seen[row.To] {
				records++
			}
			seen[row.To] = true
		}
		what := " records"
		switch {
		case records == 0:
			what = " messages"
		case messages > 0:
			what = ""
		}
		text := strconv.Itoa(int(engine.Second/apart)) + what + " a second"
		if len(seen) > 1 {
			text += " each"
		}
		parts = append(parts, text)
	}
	var takes []engine.FunctionConfig
	for _, f := range r.cfg.Functions {
		if !slices.Contains(r.sc.timed, f.ID) && slices.ContainsFunc(r.cfg.Mappings, func(m engine.MappingConfig) bool { return m.Function == f.ID }) {
			takes = append(takes, f)
		}
	}
	if len(takes) > 0 {
		text := engine.Thousands(int(takes[0].Takes.Base/engine.Millisecond)) + " ms a call"
		if len(takes) < len(r.cfg.Functions) && len(takes) == 1 {
			text += " of " + takes[0].ID
		}
		parts = append(parts, text)
	}
	return strings.Join(parts, ", ")
}

// judgeMadeUp says which mappings' filters let nothing of the default traffic through,
// and which field decides.
func (r *reader) judgeMadeUp() {
	filtered := func(m engine.MappingConfig) bool { return m.FilterCriteria != nil }
	if !r.sc.MadeUpTraffic || r.Count() > 0 || !slices.ContainsFunc(r.cfg.Mappings, filtered) {
		return
	}
	s, err := engine.New(r.cfg)
	if err != nil {
		return
	}
	s.RunUntil(min(r.cfg.For, 5*engine.Second))
	events := s.Drain()
	for i := range r.cfg.Mappings {
		c := &s.Mappings[i].Counts
		id := s.Config().Mappings[i].ID
		if c.FilteredOutEventCount == 0 || c.InvokedEventCount > 0 {
			continue
		}
		path := ""
		for k := range events {
			e := &events[k]
			if e.Kind != engine.KindFilter || int(e.Mapping) != i || len(e.Records) == 0 {
				continue
			}
			by := r.cfg.Mappings[slices.IndexFunc(r.cfg.Mappings, func(m engine.MappingConfig) bool { return m.ID == id })].FilterCriteria
			if e.Source < 0 {
				path = s.WhyMessageFiltered(e.Records[0], by).Path
			} else if _, v, ok := s.WhyFiltered(i, int(e.Records[0]), by); ok {
				path = v.Path
			}
			break
		}
		note := "the filters of " + id + " let nothing of the default traffic through"
		if path != "" {
			note += ": " + path + " decides"
		}
		r.t.Note(note + " (Metadata.esmlab.traffic says what comes)")
	}
}

// allOff says that no mapping is enabled, where nothing in the run enables one.
func (r *reader) allOff() {
	enabled := func(m engine.MappingConfig) bool { return m.Enabled }
	if len(r.cfg.Steps) > 0 || slices.ContainsFunc(r.cfg.Mappings, enabled) {
		return
	}
	for i := range r.cfg.Mappings {
		m := &r.cfg.Mappings[i]
		r.t.Note(m.ID + " is disabled: it reads nothing until it is enabled (" + r.t.Enables(m.ID) + ")")
	}
}
