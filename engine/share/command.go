package share

import (
	"encoding/json"
	"errors"
	"fmt"
	"reflect"

	"esmlab/engine"
	"esmlab/engine/pattern"
	"esmlab/engine/query"
)

// This file writes a command as JSON: its fields by their names, without those that are
// zero. A command is plain data, and so is what it deploys; a filter is written as AWS has
// it, an expression as its text.

var (
	criteria = reflect.TypeFor[*pattern.Criteria]()
	filter   = reflect.TypeFor[*pattern.Pattern]()
	when     = reflect.TypeFor[engine.Predicate]()
)

// plain gives a value as maps, lists and scalars, without what is zero.
func plain(v any) any { return plainValue(reflect.ValueOf(v).Elem()) }

func plainValue(v reflect.Value) any {
	switch v.Type() {
	case criteria:
		return v.Interface().(*pattern.Criteria).String()
	case filter:
		return v.Interface().(*pattern.Pattern).Source()
	case when:
		return v.Interface().(engine.Predicate).String()
	}
	switch v.Kind() {
	case reflect.Struct:
		out := map[string]any{}
		for i := range v.NumField() {
			if f := v.Field(i); !f.IsZero() {
				out[v.Type().Field(i).Name] = plainValue(f)
			}
		}
		return out
	case reflect.Slice:
		out := make([]any, v.Len())
		for i := range out {
			out[i] = plainValue(v.Index(i))
		}
		return out
	case reflect.Map:
		out := map[string]any{}
		for k, x := range v.Seq2() {
			out[k.String()] = plainValue(x)
		}
		return out
	case reflect.Pointer:
		return plainValue(v.Elem())
	}
	return v.Interface()
}

// filled reads a command.
func filled(c *engine.Command, text []byte) error {
	if err := fill(reflect.ValueOf(c).Elem(), text); err != nil {
		return err
	}
	return check(c)
}

func fill(v reflect.Value, text []byte) error {
	if v.Type() == criteria || v.Type() == filter || v.Type() == when {
		return fillFilter(v, text)
	}
	switch v.Kind() {
	case reflect.Struct:
		var in map[string]json.RawMessage
		if err := json.Unmarshal(text, &in); err != nil {
			return fmt.Errorf("%s is not a map", v.Type().Name())
		}
		for name, x := range in {
			f, ok := v.Type().FieldByName(name)
			if !ok || !f.IsExported() {
				return fmt.Errorf("there is no %s", name)
			}
			if err := fill(v.FieldByIndex(f.Index), x); err != nil {
				return err
			}
		}
	case reflect.Slice:
		var in []json.RawMessage
		if err := json.Unmarshal(text, &in); err != nil {
			return errors.New("a list is none")
		}
		v.Set(reflect.MakeSlice(v.Type(), len(in), len(in)))
		for i, x := range in {
			if err := fill(v.Index(i), x); err != nil {
				return err
			}
		}
	case reflect.Map:
		var in map[string]json.RawMessage
		if err := json.Unmarshal(text, &in); err != nil || v.Type().Key().Kind() != reflect.String {
			return errors.New("a map is none")
		}
		v.Set(reflect.MakeMap(v.Type()))
		for k, x := range in {
			e := reflect.New(v.Type().Elem()).Elem()
			if err := fill(e, x); err != nil {
				return err
			}
			v.SetMapIndex(reflect.ValueOf(k).Convert(v.Type().Key()), e)
		}
	case reflect.Pointer:
		e := reflect.New(v.Type().Elem())
		if err := fill(e.Elem(), text); err != nil {
			return err
		}
		v.Set(e)
	default:
		if err := json.Unmarshal(text, v.Addr().Interface()); err != nil {
			return fmt.Errorf("a %s cannot be %.40s", v.Kind(), text)
		}
	}
	return nil
}

func fillFilter(v reflect.Value, text []byte) error {
	var s string
	if err := json.Unmarshal(text, &s); err != nil {
		return errors.New("a filter is not a text")
	}
	var made any
	var err error
	switch v.Type() {
	case criteria:
		made, err = pattern.ReadCriteria(s)
	case filter:
		made, err = pattern.Compile(s)
	default:
		p, wrong := query.CompilePredicate(s)
		if wrong != nil {
			return wrong
		}
		made = p
	}
	if err == nil {
		v.Set(reflect.ValueOf(made))
	}
	return err
}
