package timeline

import (
	"fmt"
	"reflect"
	"strings"

	"esmlab/engine"
)

// dump writes a whole simulation as text: all that its future depends on.
func dump(s *engine.Sim) string {
	var b strings.Builder
	write(&b, reflect.ValueOf(s).Elem())
	return b.String()
}

// passing are fields of a Sim that say nothing of its state: what it was made
// from, events on their way out, the room for them, notes taken for one step, and
// which chunks of a list are shared or free.
var passing = map[string]bool{"cfg": true, "events": true, "arena": true, "room": true, "keyLanes": true, "unread": true, "owned": true, "spare": true, "lastChunk": true, "end": true, "keep": true}

func write(b *strings.Builder, v reflect.Value) {
	switch v.Kind() {
	case reflect.Struct:
		b.WriteByte('{')
		for i := range v.NumField() {
			name := v.Type().Field(i).Name
			if passing[name] {
				continue
			}
			if name == "chunks" && v.FieldByName("n").IsValid() { // only as far as the list goes
				list := v
				n, first := int(list.FieldByName("n").Int()), int(list.FieldByName("first").Uint())
				size := v.Type().Field(i).Type.Elem().Elem().Len()
				for k := range n - first*size {
					if chunk := list.Field(i).Index(k / size); !chunk.IsNil() { // not dropped
						write(b, chunk.Elem().Index(k%size))
					}
				}
				continue
			}
			b.WriteString(name)
			b.WriteByte(':')
			write(b, v.Field(i))
		}
		b.WriteString("}\n")
	case reflect.Slice, reflect.Array:
		b.WriteByte('[')
		for i := range v.Len() {
			write(b, v.Index(i))
		}
		b.WriteByte(']')
	case reflect.Pointer:
		if v.IsNil() {
			b.WriteString("nil")
		} else {
			write(b, v.Elem())
		}
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		fmt.Fprint(b, v.Int(), " ")
	case reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64:
		fmt.Fprint(b, v.Uint(), " ")
	case reflect.String:
		fmt.Fprintf(b, "%q ", v.String())
	case reflect.Bool:
		fmt.Fprint(b, v.Bool(), " ")
	case reflect.Float64:
		fmt.Fprint(b, v.Float(), " ")
	case reflect.Interface: // a Predicate, which never changes
		if v.IsNil() {
			b.WriteString("nil")
		} else {
			fmt.Fprint(b, v.Elem().Pointer(), " ")
		}
	default:
		panic("dump: a Sim holds a " + v.Kind().String())
	}
}
