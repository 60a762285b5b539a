package main

import (
	"crypto/ed25519"
	"crypto/rand"
	"encoding/pem"
	"fmt"
	"net"
	"os/exec"
	"strings"
	"testing"
	"time"

	"golang.org/x/crypto/ssh"

	"esmlab/ui/serve"
)

// The browser door: the page asks for the password, a wrong one does not let in, the
// right one does; keys and sizes reach the guest's own program; progress can be saved;
// a page of another origin is not let in.
func TestDoor(t *testing.T) {
	if testing.Short() {
		t.Skip("it starts a browser")
	}
	chromium(t)
	if _, err := exec.LookPath("npm"); err != nil {
		t.Skip("xterm.js comes from npm, and npm is not here")
	}
	x, err := terminal("", t.TempDir())
	if err != nil {
		t.Skip(err)
	}
	_, key, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	block, err := ssh.MarshalPrivateKey(key, "")
	if err != nil {
		t.Fatal(err)
	}
	n := 0
	class := serve.New(serve.Options{Password: "otter", HostKey: pem.EncodeToMemory(block), Door: doorPage(x), NewID: func() string { n++; return fmt.Sprint("door-", n) }})
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	if err := class.Serve(nil, l); err != nil {
		t.Fatal(err)
	}
	defer class.Close()
	b := start(t)
	b.call("Page.navigate", map[string]any{"url": "http://" + l.Addr().String() + "/"}, nil)
	password := func(word string) {
		t.Helper()
		for until := time.Now().Add(20 * time.Second); ; time.Sleep(30 * time.Millisecond) {
			var there bool
			if b.eval(`!!document.querySelector("#wait input")`, &there); there {
				break
			}
			if time.Now().After(until) {
				t.Fatal("no password is asked for")
			}
		}
		b.eval(fmt.Sprintf(`(() => { document.querySelector("#wait input").value = %q; document.querySelector("#wait form").requestSubmit(); return 1; })()`, word), nil)
	}
	password("badger")
	for until := time.Now().Add(20 * time.Second); ; time.Sleep(30 * time.Millisecond) {
		var text string
		if b.eval(`document.querySelector("#wait")?.textContent ?? ""`, &text); strings.Contains(text, "not the password") {
			break
		}
		if time.Now().After(until) {
			t.Fatalf("the wrong password: %q", text)
		}
	}
	password("otter")
	b.expect("all lessons", "10 cards due")
	if here, _, _ := class.Guests(); len(here) != 1 || here[0].By != "browser" {
		t.Errorf("who is there: %+v", here)
	}
	b.press("3")
	b.expect("what is due")
	b.key("Enter", 13)
	b.expect("don't know")
	b.press("0")
	b.expect("Grade it yourself")
	b.call("Emulation.setDeviceMetricsOverride", map[string]any{"width": 700, "height": 500, "deviceScaleFactor": 1, "mobile": false}, nil)
	b.key("Escape", 27)
	b.expect("cram")
	b.eval(`(() => { globalThis.saved = ""; URL.createObjectURL = blob => { blob.text().then(t => { globalThis.saved = t; }); return "data:,"; }; document.getElementById("export").click(); return 1; })()`, nil)
	for until := time.Now().Add(20 * time.Second); ; time.Sleep(30 * time.Millisecond) {
		var saved string
		if b.eval("globalThis.saved", &saved); strings.Contains(saved, `"kind":"review"`) {
			break
		}
		if time.Now().After(until) {
			t.Fatalf("saved was %q", saved)
		}
	}
	b.press("q")
	b.expect("esmlab progress --import esmp1:")
	var opened string
	b.call("Page.navigate", map[string]any{"url": "about:blank"}, nil)
	b.eval(`new Promise(done => { const s = new WebSocket("ws://`+l.Addr().String()+`/terminal"); s.onopen = () => done("open"); s.onerror = () => done("refused"); })`, &opened)
	if opened != "refused" {
		t.Errorf("another page's connection is %s", opened)
	}
}
