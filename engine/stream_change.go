package engine

import (
	"bytes"
	"encoding/json"
	"maps"
	"slices"
	"strconv"
	"strings"

	"esmlab/engine/pattern"
)

// This file writes what a table's stream says about a change: the key
// `dynamodb` of its records (S-9.2), for events and for filters.

// AppendText appends a string as JSON, without escaping what HTML would need.
func AppendText(b []byte, s string) []byte {
	var buf bytes.Buffer
	enc := json.NewEncoder(&buf)
	enc.SetEscapeHTML(false)
	_ = enc.Encode(s) // a string can always be encoded
	return append(b, bytes.TrimSuffix(buf.Bytes(), []byte("\n"))...)
}

// AppendChange appends the key `dynamodb` of a table's record that is number
// n of stream si.
func (s *Sim) AppendChange(b []byte, si int, r *HeldRecord, n int) []byte {
	st, c := &s.Streams[si], s.StreamOf(si, r.Shard)
	key := st.Keys[r.Key].Name
	b = append(b, `{"ApproximateCreationDateTime":`...)
	b = strconv.AppendInt(b, (s.cfg.Start+int64(r.At))/1_000_000, 10)
	b = append(b, `,"Keys":`...)
	b, size := appendImage(b, c.KeyName, key, nil)
	more := 0
	if r.Op != WriteRemove && r.Op != WriteTTL && (c.View == NewImage || c.View == NewAndOldImages) {
		b, more = appendImage(append(b, `,"NewImage":`...), c.KeyName, key, s.renderText(key, n, r.row, r.Bytes))
		size += more
	}
	if r.old.n > 0 && (c.View == OldImage || c.View == NewAndOldImages) {
		b, more = appendImage(append(b, `,"OldImage":`...), c.KeyName, key, s.imageText(key, r.old))
		size += more
	}
	b = append(b, `,"SequenceNumber":"`+SequenceOf(st, &r.Record, n)+`","SizeBytes":`...)
	b = strconv.AppendInt(b, int64(size), 10)
	return append(b, `,"StreamViewType":"`+c.View.String()+`"}`...)
}

// appendImage appends an item with type tags: its key and the attributes of its
// body. It returns the item's size as DynamoDB counts it: names and values.
func appendImage(b []byte, keyName, key string, body []byte) ([]byte, int) {
	b = append(AppendText(append(b, '{'), keyName), `:{"S":`...)
	b = append(AppendText(b, key), '}')
	size := len(keyName) + len(key)
	v, _ := pattern.Decode(body)
	attrs, _ := v.(map[string]any) // a body that is not an object has no attributes
	for _, name := range slices.Sorted(maps.Keys(attrs)) {
		if name == keyName {
			continue
		}
		b = append(AppendText(append(b, ','), name), ':')
		var n int
		b, n = appendAttribute(b, attrs[name])
		size += len(name) + n
	}
	return append(b, '}'), size
}

// appendAttribute appends a JSON value as a DynamoDB attribute value, and
// returns its size: the bytes of a string, half the digits of a number plus
// one, or three for a list or map plus one for each element and what the
// elements take.
func appendAttribute(b []byte, v any) ([]byte, int) {
	size := 1
	switch v := v.(type) {
	case nil:
		b = append(b, `{"NULL":true}`...)
	case bool:
		b = append(b, `{"BOOL":`+strconv.FormatBool(v)+"}"...)
	case json.Number:
		b = append(b, `{"N":"`+v.String()+`"}`...)
		digits := strings.Trim(strings.NewReplacer(".", "", "-", "", "+", "").Replace(strings.ToLower(v.String())), "0")
		digits, _, _ = strings.Cut(digits, "e")
		size += (len(digits) + 1) / 2
	case string:
		b = append(AppendText(append(b, `{"S":`...), v), '}')
		size = len(v)
	case []any:
		b, size = append(b, `{"L":[`...), 3
		for i, item := range v {
			if i > 0 {
				b = append(b, ',')
			}
			var n int
			b, n = appendAttribute(b, item)
			size += 1 + n
		}
		b = append(b, "]}"...)
	case map[string]any:
		b, size = append(b, `{"M":{`...), 3
		for i, name := range slices.Sorted(maps.Keys(v)) {
			if i > 0 {
				b = append(b, ',')
			}
			b = append(AppendText(b, name), ':')
			var n int
			b, n = appendAttribute(b, v[name])
			size += 1 + len(name) + n
		}
		b = append(b, "}}"...)
	}
	return b, size
}
