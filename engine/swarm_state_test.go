package engine_test

import (
	"fmt"
	"reflect"
	"slices"
	"sync"

	"esmlab/engine"
	"esmlab/engine/internal/cow"
)

// difference says where the states of two simulations differ, "" if whatever
// they do next is the same. Some of their fields may be left out.
func difference(a, b *engine.Sim, but ...string) string {
	x, y := reflect.ValueOf(a).Elem(), reflect.ValueOf(b).Elem()
	for _, f := range planOf(x.Type()).fields {
		if slices.Contains(but, f.name) {
			continue
		}
		if d := differs(x.Field(f.i), y.Field(f.i)); d != "" {
			return f.name + d
		}
	}
	return ""
}

// passing are fields of a Sim that say nothing of its state: what it was made
// from, events on their way out, the room for them, and which chunks of a list
// are shared or free.
var passing = map[string]bool{"cfg": true, "events": true, "arena": true, "room": true, "keyLanes": true, "unread": true, "owned": true, "spare": true, "lastChunk": true, "end": true, "keep": true, "readOnly": true}

func differs(a, b reflect.Value) string {
	switch a.Kind() {
	case reflect.Struct:
		t := planOf(a.Type())
		if t.list {
			return listsDiffer(a, b)
		}
		for _, f := range t.fields {
			if d := differs(a.Field(f.i), b.Field(f.i)); d != "" {
				return "." + f.name + d
			}
		}
	case reflect.Slice, reflect.Array:
		if a.Len() != b.Len() {
			return fmt.Sprintf(" has %d elements and %d", a.Len(), b.Len())
		}
		if a.Kind() == reflect.Slice && a.Pointer() == b.Pointer() {
			return ""
		}
		for i := range a.Len() {
			if d := differs(a.Index(i), b.Index(i)); d != "" {
				return fmt.Sprintf("[%d]%s", i, d)
			}
		}
	case reflect.Pointer:
		if a.IsNil() != b.IsNil() {
			return fmt.Sprintf(" is nil: %v and %v", a.IsNil(), b.IsNil())
		}
		if a.Pointer() != b.Pointer() {
			return differs(a.Elem(), b.Elem())
		}
	default:
		if !a.Equal(b) {
			return fmt.Sprintf(" is %v and %v", a, b)
		}
	}
	return ""
}

// listsDiffer compares two copy-on-write lists as far as they go.
func listsDiffer(a, b reflect.Value) string {
	n := a.FieldByName("n")
	if d := differs(n, b.FieldByName("n")); d != "" {
		return d
	}
	left := int(n.Int())
	if d := differs(a.FieldByName("first"), b.FieldByName("first")); d != "" {
		return ".first" + d
	}
	left -= int(a.FieldByName("first").Uint()) * cow.ChunkLen
	a, b = a.FieldByName("chunks"), b.FieldByName("chunks")
	for k := range a.Len() {
		x, y := a.Index(k), b.Index(k)
		if x.Pointer() == y.Pointer() {
			left -= x.Type().Elem().Len()
			continue
		}
		if x.IsNil() != y.IsNil() { // dropped
			return fmt.Sprintf(" has dropped chunk %d: %v and %v", k, x.IsNil(), y.IsNil())
		}
		for i := range min(left, x.Elem().Len()) {
			if d := differs(x.Elem().Index(i), y.Elem().Index(i)); d != "" {
				return fmt.Sprintf(" %d%s", k*x.Elem().Len()+i, d)
			}
		}
		left -= x.Type().Elem().Len()
	}
	return ""
}

// plan is what is compared of a type of struct.
type plan struct {
	list   bool // it is a copy-on-write list
	fields []planField
}

type planField struct {
	i    int
	name string
}

var plans sync.Map // of plan, by type

func planOf(t reflect.Type) *plan {
	if p, ok := plans.Load(t); ok {
		return p.(*plan)
	}
	p := &plan{}
	for i := range t.NumField() {
		f := t.Field(i)
		p.list = p.list || f.Name == "lastChunk"
		if !passing[f.Name] {
			p.fields = append(p.fields, planField{i, f.Name})
		}
	}
	plans.Store(t, p)
	return p
}
