//go:build js && wasm

// Wasm is the program of the page: it connects package page to the browser. ui/page/build
// builds it into one HTML file, whose script calls what is set here on esmlab.
package main

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"io"
	"syscall/js"
	"time"

	"esmlab/ui/kit"
	"esmlab/ui/page"
)

// storage is the browser's. What it throws (there is no room, it is forbidden) is an
// error.
type storage struct{ js.Value }

func (s storage) Get(key string) (string, bool) {
	v := s.Call("get", key)
	if v.IsNull() || v.IsUndefined() {
		return "", false
	}
	return v.String(), true
}

func (s storage) Set(key, text string) error {
	if why := s.Call("set", key, text).String(); why != "" {
		return errors.New(why)
	}
	return nil
}

// terminal is where the program draws.
type terminal struct{ write js.Value }

func (t terminal) Write(p []byte) (int, error) {
	a := js.Global().Get("Uint8Array").New(len(p))
	js.CopyBytesToJS(a, p)
	t.write.Invoke(a)
	return len(p), nil
}

func newID() string {
	var b [10]byte
	_, _ = rand.Read(b[:]) // never fails
	return hex.EncodeToString(b[:])
}

// turn waits until the browser has done what stood in line. To sleep would not do: while
// another goroutine has something to do, Go does not let the browser work.
func turn() {
	done := make(chan bool)
	back := js.FuncOf(func(js.Value, []js.Value) any { close(done); return nil })
	defer back.Release()
	js.Global().Call("setTimeout", back, 0)
	<-done
}

func main() {
	browser := js.Global().Get("esmlab")
	browser.Call("mark", "started")
	in, typed := io.Pipe()
	motion := kit.FullMotion
	if browser.Get("still").Bool() {
		motion = kit.BasicMotion
	}
	p := page.New(page.Options{Storage: storage{browser.Get("storage")}, Now: time.Now, NewID: newID, Input: in, Output: terminal{browser.Get("write")},
		Cols: browser.Get("cols").Int(), Rows: browser.Get("rows").Int(), Motion: motion, Address: browser.Get("address").String(), Turn: turn})
	keys := make(chan string, 4096)
	go func() {
		for k := range keys {
			_, _ = io.WriteString(typed, k)
		}
	}()
	set := func(name string, do func(args []js.Value) any) {
		browser.Set(name, js.FuncOf(func(_ js.Value, args []js.Value) any { return do(args) }))
	}
	set("keys", func(a []js.Value) any {
		select {
		case keys <- a[0].String():
		default: // nobody types that fast
		}
		return nil
	})
	set("size", func(a []js.Value) any { p.Size(a[0].Int(), a[1].Int()); return nil })
	set("open", func(a []js.Value) any { p.Open(a[0].String()); return nil })
	set("drop", func(a []js.Value) any {
		src := make([]byte, a[1].Get("length").Int())
		js.CopyBytesToGo(src, a[1])
		return p.Drop(a[0].String(), src)
	})
	set("same", func(a []js.Value) any { // a callback must not wait: done is told later
		go func() { a[1].Invoke(p.Same(a[0].String())) }()
		return nil
	})
	set("export", func([]js.Value) any { return p.Export() })
	set("import", func(a []js.Value) any { return p.Import(a[0].String()) })
	err := p.Run(context.Background())
	why := ""
	if err != nil {
		why = err.Error()
	}
	browser.Call("ended", why)
}
