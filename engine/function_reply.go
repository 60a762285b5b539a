package engine

import (
	"encoding/json"
	"slices"
	"strconv"
	"strings"
)

// reply is what a handler returned.
type reply struct {
	given bool
	named []int32 // indices of named records in the piece
	none  bool    // a response that lists no record
	bad   bool    // a response that AWS treats as a failure of the whole batch
	text  string  // the response as it was returned
}

// parseReply reads what a handler returned as AWS does with
// ReportBatchItemFailures (S-3.1).
func (s *Sim) parseReply(text string, m *Mapping, nums []int32) reply {
	r := reply{given: true}
	text = strings.TrimSpace(s.expandIDs(text))
	r.text = text
	if text == "" {
		r.none = true
		return r
	}
	var v any
	if json.Unmarshal([]byte(text), &v) != nil {
		r.bad = true
		return r
	}
	var failures []any
	switch v := v.(type) {
	case nil:
		r.none = true
		return r
	case string:
		r.none, r.bad = v == "", v != ""
		return r
	case []any:
		r.none, r.bad = len(v) == 0, len(v) > 0
		return r
	case map[string]any:
		list, has := v["batchItemFailures"]
		if !has || list == nil {
			r.none = true
			return r
		}
		l, ok := list.([]any)
		if !ok {
			r.bad = true
			return r
		}
		failures = l
	default:
		r.bad = true
		return r
	}
	for _, f := range failures {
		item, _ := f.(map[string]any)
		id, _ := item["itemIdentifier"].(string)
		k := slices.IndexFunc(nums, func(n int32) bool { return id != "" && s.itemIdentifier(m, n) == id })
		if k < 0 {
			r.bad, r.named = true, nil
			return r
		}
		r.named = append(r.named, int32(k))
	}
	r.none = len(failures) == 0
	return r
}

// expandIDs replaces {id:Orders#2} with AWS's id of that record.
func (s *Sim) expandIDs(text string) string {
	var out strings.Builder
	for {
		before, rest, ok := strings.Cut(text, "{id:")
		out.WriteString(before)
		if !ok {
			return out.String()
		}
		label, after, closed := strings.Cut(rest, "}")
		source, num, isLabel := strings.Cut(label, "#")
		n, err := strconv.Atoi(num)
		si, qi := s.StreamIndex(source), s.QueueIndex(source)
		if !closed || !isLabel || err != nil || si < 0 && qi < 0 {
			out.WriteString("{id:")
			text = rest
			continue
		}
		if si >= 0 {
			out.WriteString(s.SequenceNumber(si, n))
		} else if id := s.MessageID(qi, n); id >= 0 {
			out.WriteString(s.AWSMessageID(id))
		}
		text = after
	}
}
