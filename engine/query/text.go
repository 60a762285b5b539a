package query

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strings"
)

// This file writes values as text. A value may hold all records of a run: no more of it is
// written than is shown.

var errValue = errors.New("the expression gives more than 1 MB (fewer records, shorter lists)")

// seenMax is how many characters of a value a line shows.
const seenMax = 300

// seenBytes is how long a value is that Seen keeps whole, as JSON.
const seenBytes = 64 << 10

// Seen is one call in a question and its result: JSON, or where that is long the text with
// which it begins.
type Seen struct {
	Call  string `json:"call"`
	Value any    `json:"value"`
}

func see(call string, v any) Seen {
	b, whole := appendJSON(nil, v, seenBytes)
	if !whole {
		return Seen{call, line(string(b))}
	}
	return Seen{call, json.RawMessage(b)}
}

// String writes it in one line: record("Orders#6").state was "waiting".
func (s Seen) String() string {
	if b, whole := s.Value.(json.RawMessage); whole {
		return s.Call + " was " + line(string(b))
	}
	return s.Call + " was " + s.Value.(string) // see gives nothing else
}

// line is a text as a line shows it.
func line(s string) string {
	n := 0
	for i := range s {
		if n++; n > seenMax {
			return s[:i] + "…"
		}
	}
	return s
}

// appendJSON appends a value as JSON; it stops soon after `most` bytes, and says whether the
// value is whole.
func appendJSON(b []byte, v any, most int) (out []byte, whole bool) {
	w := writer{b, len(b) + most}
	w.value(reflect.ValueOf(v))
	return w.b, len(w.b) <= w.most
}

type writer struct {
	b    []byte
	most int
}

func (w *writer) text(s string) { w.b = append(w.b, s...) }

func (w *writer) value(v reflect.Value) {
	if len(w.b) > w.most {
		return
	}
	if v.IsValid() && v.CanInterface() {
		switch x := v.Interface().(type) {
		case *Body:
			v = reflect.ValueOf(x.object())
		case *Event:
			if x != nil {
				w.b = append(w.b, x.line...)
				return
			}
		}
	}
	switch v.Kind() {
	case reflect.Invalid:
		w.text("null")
	case reflect.Pointer, reflect.Interface:
		w.value(v.Elem()) // of nil: Invalid
	case reflect.Slice:
		if v.IsNil() {
			w.text("null")
			return
		}
		w.all("[", "]", v.Len(), func(i int) { w.value(v.Index(i)) })
	case reflect.Map:
		if v.IsNil() {
			w.text("null")
			return
		}
		keys := v.MapKeys()
		slices.SortFunc(keys, func(a, b reflect.Value) int { return cmp.Compare(fmt.Sprint(a), fmt.Sprint(b)) })
		w.all("{", "}", len(keys), func(i int) {
			w.scalar(fmt.Sprint(keys[i]))
			w.text(":")
			w.value(v.MapIndex(keys[i]))
		})
	case reflect.Struct:
		w.fields(v)
	case reflect.String:
		s := v.String()
		w.scalar(s[:min(len(s), w.most+1)])
	default:
		w.scalar(v.Interface())
	}
}

// all writes what stands between brackets.
func (w *writer) all(open, end string, n int, one func(i int)) {
	w.text(open)
	for i := range n {
		if i > 0 {
			w.text(",")
		}
		if one(i); len(w.b) > w.most {
			return
		}
	}
	w.text(end)
}

// fields writes a struct of this package: its exported fields by their names in JSON.
func (w *writer) fields(v reflect.Value) {
	if _, own := v.Interface().(json.Marshaler); own { // a time
		w.scalar(v.Interface())
		return
	}
	var shown []int
	for i := range v.NumField() {
		empty := v.Field(i).IsZero() && strings.HasSuffix(v.Type().Field(i).Tag.Get("json"), ",omitempty")
		if v.Type().Field(i).IsExported() && !empty {
			shown = append(shown, i)
		}
	}
	w.all("{", "}", len(shown), func(i int) {
		name, _, _ := strings.Cut(v.Type().Field(shown[i]).Tag.Get("json"), ",")
		w.scalar(cmp.Or(name, v.Type().Field(shown[i]).Name))
		w.text(":")
		w.value(v.Field(shown[i]))
	})
}

// scalar writes what holds nothing else.
func (w *writer) scalar(v any) {
	var b strings.Builder
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	if enc.Encode(v) != nil { // NaN
		_ = enc.Encode(fmt.Sprint(v)) // a string can always be written
	}
	w.text(strings.TrimSuffix(b.String(), "\n"))
}
