package scenario

import (
	"encoding/json"
	"maps"
	"net/url"
	"reflect"
	"slices"
	"strings"

	"esmlab/engine"
)

// throughFronts is the default traffic of a queue that topics, buckets or rules stand in
// front of: what they send, as far as the values in their filters say it. done are those
// that have their traffic already.
func (r *reader) throughFronts(row engine.Traffic, done map[string]bool) (out []engine.Traffic, ok bool) {
	for _, f := range ordered(r.cfg.Fronts, func(f engine.FrontConfig) string { return f.ID }) {
		for _, sub := range ordered(f.Sends, func(s engine.Subscription) string { return s.Queue + "\x00" + s.ID }) {
			if sub.Queue != row.To {
				continue
			}
			if ok = true; done[f.ID] {
				continue
			}
			done[f.ID] = true
			out = append(out, r.publishedAll(f, row)...)
		}
	}
	return out, ok
}

// publishedAll is what is published so that each subscription of a front lets some of it
// through, in turn.
func (r *reader) publishedAll(f engine.FrontConfig, row engine.Traffic) (out []engine.Traffic) {
	plain := row
	plain.To, plain.Keys = f.ID, counted(8)
	for _, sub := range ordered(f.Sends, func(s engine.Subscription) string { return s.Queue + "\x00" + s.ID }) {
		row.To = sub.Queue
		one := r.published(f, sub, row)
		same := func(other engine.Traffic) bool { return reflect.DeepEqual(one, other) }
		if !same(plain) && !slices.ContainsFunc(out, same) {
			out = append(out, one)
		}
	}
	if len(out) == 0 {
		return []engine.Traffic{plain}
	}
	for i := range out {
		out[i].Every, out[i].From = apart*engine.Micros(len(out)), apart*engine.Micros(i)
	}
	return out
}

// published is what is published so that a subscription lets it through.
func (r *reader) published(f engine.FrontConfig, sub engine.Subscription, row engine.Traffic) engine.Traffic {
	inside := r.passing(row)[0] // as the mapping's filter wants the message
	row.To, row.Keys = f.ID, counted(8)
	var doc map[string]any
	if sub.Filter != nil {
		doc, _ = sub.Filter.Sample()
	}
	switch f.Kind {
	case engine.FrontBucket:
		if len(sub.Events) > 0 && !slices.ContainsFunc(sub.Events, func(e string) bool { return !strings.Contains(e, "ObjectRemoved") }) {
			row.Op = engine.WriteRemove
		}
		for i, key := range row.Keys {
			row.Keys[i] = objectKey(sub.Prefix) + key + objectKey(sub.Suffix)
		}
	case engine.FrontRule:
		row.Body = bodyOf(doc["detail"])
		if event := map[string]any{}; row.Body == "" && json.Unmarshal([]byte(strings.ReplaceAll(inside.Body, "{n}", "0")), &event) == nil {
			row.Body = bodyOf(event["detail"])
		}
		if row.Body == "" && sub.Input != nil && sub.Input.Path == "$.detail" {
			row.Body = inside.Body
		}
	case engine.FrontTopic:
		if sub.Raw {
			row.Body = inside.Body
		}
		if body := bodyOf(doc); sub.InBody && body != "" {
			row.Body = body
		}
		if !sub.InBody {
			row.Attributes = attributesOf(doc)
		}
	}
	return row
}

// objectKey is what a prefix or a suffix of a notification's Filter, which is URL-encoded,
// stands for.
func objectKey(part string) string {
	if key, err := url.QueryUnescape(part); err == nil {
		return key
	}
	return part
}

// attributesOf are message attributes with the values of a document.
func attributesOf(doc map[string]any) (out []engine.Attribute) {
	for _, name := range slices.Sorted(maps.Keys(doc)) {
		a := engine.Attribute{Name: name, Type: "String"}
		switch v := doc[name].(type) {
		case string:
			a.Value = v
		case float64, bool:
			text, err := json.Marshal(v)
			if err != nil {
				continue
			}
			a.Value = string(text)
			if _, is := v.(float64); is {
				a.Type = "Number"
			}
		default:
			continue
		}
		out = append(out, a)
	}
	return out
}
