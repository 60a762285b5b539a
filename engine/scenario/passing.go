package scenario

import (
	"encoding/json"
	"slices"
	"strings"

	"esmlab/engine"
)

// passing gives default traffic what the filters of its source's first mapping ask for,
// where values in a pattern say it: a body, and of a table's stream what is written.
func (r *reader) passing(row engine.Traffic) []engine.Traffic {
	i := slices.IndexFunc(r.cfg.Mappings, func(m engine.MappingConfig) bool { return m.Source == row.To })
	if i < 0 || r.cfg.Mappings[i].FilterCriteria == nil {
		return []engine.Traffic{row}
	}
	for _, p := range r.cfg.Mappings[i].FilterCriteria.Patterns() {
		doc, ok := p.Sample()
		if !ok {
			continue
		}
		switch event, _ := doc["eventName"].(string); event {
		case "INSERT", "REMOVE": // an item comes and goes
			row.Every = 400 * engine.Millisecond
			row.Body = bodyOf(imageOf(doc))
			gone := row
			gone.From, gone.Op = 200*engine.Millisecond, engine.WriteRemove
			return []engine.Traffic{row, gone}
		}
		for _, at := range []any{doc["body"], doc["data"], imageOf(doc)} {
			if body := bodyOf(at); body != "" {
				row.Body = body
				return []engine.Traffic{row}
			}
		}
	}
	return []engine.Traffic{row}
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

// imageOf are the attributes that a pattern asks for of an item's image, without their
// types.
func imageOf(doc map[string]any) map[string]any {
	record, _ := doc["dynamodb"].(map[string]any)
	out := map[string]any{}
	for _, image := range []string{"OldImage", "NewImage"} {
		attributes, _ := record[image].(map[string]any)
		for name, v := range attributes {
			typed, _ := v.(map[string]any)
			for _, kind := range []string{"S", "BOOL", "N"} { // in the order of no map: the run hangs on it
				value, has := typed[kind]
				text, isText := value.(string)
				switch {
				case kind == "N" && isText:
					out[name] = json.Number(text)
				case has && kind != "N":
					out[name] = value
				}
			}
		}
	}
	return out
}

// judgeMadeUp says which mappings' filters let nothing of the default traffic through,
// and which field decides.
func (r *reader) judgeMadeUp() {
	filtered := func(m engine.MappingConfig) bool { return m.FilterCriteria != nil }
	if !r.sc.MadeUp || r.Count() > 0 || !slices.ContainsFunc(r.cfg.Mappings, filtered) {
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
