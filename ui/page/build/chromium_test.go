package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/coder/websocket"
)

// chromium finds the browser; a test that needs it says why it is left out.
func chromium(t *testing.T) string {
	t.Helper()
	for _, name := range []string{os.Getenv("CHROMIUM"), "chromium", "chromium-browser", "google-chrome", "chrome"} {
		if path, err := exec.LookPath(name); name != "" && err == nil {
			return path
		}
	}
	t.Skip("there is no Chromium here (Debian: apt-get install chromium; or CHROMIUM names it)")
	return ""
}

// browser is a headless Chromium with one page, driven by its DevTools protocol.
type browser struct {
	t       *testing.T
	conn    *websocket.Conn
	ctx     context.Context
	session string
	n       int
}

// start begins a browser. Its profile lies in a folder of its own: the browser's
// processes write there until the last of them is gone, which is later than the end of
// the one that is waited for, so the folder is removed with patience.
func start(t *testing.T) *browser {
	t.Helper()
	path := chromium(t)
	profile, err := os.MkdirTemp("", "esmlab-chromium-")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		for until := time.Now().Add(10 * time.Second); ; time.Sleep(50 * time.Millisecond) {
			if err := os.RemoveAll(profile); err == nil {
				return
			} else if time.Now().After(until) {
				t.Logf("the browser's profile stays: %v", err)
				return
			}
		}
	})
	ctx, cancel := context.WithTimeout(context.Background(), 3*time.Minute)
	cmd := exec.Command(path, "--headless=new", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking", "--disable-component-update",
		"--remote-debugging-port=0", "--user-data-dir="+profile, "--window-size=1000,700", "about:blank")
	if err := cmd.Start(); err != nil {
		t.Skipf("Chromium does not start: %v", err)
	}
	t.Cleanup(func() {
		cancel()
		_ = cmd.Process.Kill()
		_ = cmd.Wait()
	})
	var port, way string
	for until := time.Now().Add(30 * time.Second); way == ""; time.Sleep(20 * time.Millisecond) {
		if data, err := os.ReadFile(filepath.Join(profile, "DevToolsActivePort")); err == nil {
			_, _ = fmt.Sscan(string(data), &port, &way)
		}
		if time.Now().After(until) {
			t.Skip("Chromium does not say where it can be driven")
		}
	}
	conn, _, err := websocket.Dial(ctx, "ws://127.0.0.1:"+port+way, nil)
	if err != nil {
		t.Fatal(err)
	}
	conn.SetReadLimit(64 << 20)
	b := &browser{t: t, conn: conn, ctx: ctx}
	var targets struct {
		TargetInfos []struct{ TargetID, Type string }
	}
	b.call("Target.getTargets", nil, &targets)
	for _, target := range targets.TargetInfos {
		if target.Type == "page" {
			var attached struct{ SessionID string }
			b.call("Target.attachToTarget", map[string]any{"targetId": target.TargetID, "flatten": true}, &attached)
			b.session = attached.SessionID
		}
	}
	b.call("Page.enable", nil, nil)
	b.call("Performance.enable", map[string]any{"timeDomain": "threadTicks"}, nil)
	return b
}

// call calls a method of the protocol, and waits for its answer.
func (b *browser) call(method string, params, result any) {
	b.t.Helper()
	b.n++
	m := map[string]any{"id": b.n, "method": method}
	if params != nil {
		m["params"] = params
	}
	if b.session != "" {
		m["sessionId"] = b.session
	}
	data, err := json.Marshal(m)
	if err == nil {
		err = b.conn.Write(b.ctx, websocket.MessageText, data)
	}
	for err == nil {
		var got struct {
			ID     int
			Result json.RawMessage
			Error  *struct{ Message string }
		}
		if _, data, err = b.conn.Read(b.ctx); err != nil || json.Unmarshal(data, &got) != nil || got.ID != b.n {
			continue
		}
		switch {
		case got.Error != nil:
			err = errors.New(got.Error.Message)
		case result != nil:
			err = json.Unmarshal(got.Result, result)
		}
		break
	}
	if err != nil {
		b.t.Fatalf("%s: %v", method, err)
	}
}

// eval gives the value of an expression, as JSON.
func (b *browser) eval(expression string, value any) {
	b.t.Helper()
	var got struct {
		Result           struct{ Value json.RawMessage }
		ExceptionDetails *struct{ Exception struct{ Description string } }
	}
	b.call("Runtime.evaluate", map[string]any{"expression": expression, "returnByValue": true, "awaitPromise": true}, &got)
	if got.ExceptionDetails != nil {
		b.t.Fatalf("%s: %s", expression, got.ExceptionDetails.Exception.Description)
	}
	if value != nil {
		if err := json.Unmarshal(got.Result.Value, value); err != nil {
			b.t.Fatalf("%s: %v: %s", expression, err, got.Result.Value)
		}
	}
}

// screen is what the page's terminal shows.
func (b *browser) screen() (text string) {
	b.t.Helper()
	b.eval(`(() => { const x = globalThis.esmlab?.term?.buffer?.active; if (!x) return "";
		return Array.from({length: esmlab.term.rows}, (_, i) => x.getLine(x.baseY + i)?.translateToString(true) ?? "").join("\n"); })()`, &text)
	return text
}

// expect waits until the terminal shows all the texts.
func (b *browser) expect(texts ...string) {
	b.t.Helper()
	for until := time.Now().Add(30 * time.Second); ; time.Sleep(30 * time.Millisecond) {
		screen, lacks := b.screen(), ""
		for _, text := range texts {
			if !strings.Contains(screen, text) {
				lacks = text
			}
		}
		if lacks == "" {
			return
		}
		if time.Now().After(until) {
			var exited bool
			b.eval("!!esmlab.exited", &exited)
			b.t.Fatalf("%q is not on the screen (has the program ended? %v):\n%s", lacks, exited, screen)
		}
	}
}

// busy is how long the page's thread has worked so far.
func (b *browser) busy() (d time.Duration) {
	b.t.Helper()
	var got struct {
		Metrics []struct {
			Name  string
			Value float64
		}
	}
	b.call("Performance.getMetrics", nil, &got)
	for _, m := range got.Metrics {
		if m.Name == "TaskDuration" {
			d = time.Duration(m.Value * float64(time.Second))
		}
	}
	return d
}

// open goes to an address, and waits for the first frame. It gives how long that took
// from the moment at which the page's script began.
func (b *browser) open(address string) (ms float64) {
	b.t.Helper()
	b.call("Page.navigate", map[string]any{"url": address}, nil)
	return b.firstFrame()
}

func (b *browser) firstFrame() (ms float64) {
	b.t.Helper()
	for until := time.Now().Add(60 * time.Second); ms == 0; time.Sleep(30 * time.Millisecond) {
		b.eval("globalThis.esmlab?.took?.firstFrame ?? 0", &ms)
		if time.Now().After(until) {
			b.t.Fatal("no frame has come")
		}
	}
	return ms
}

// press types a key that has a character.
func (b *browser) press(keys string) {
	b.t.Helper()
	for _, r := range keys {
		b.call("Input.dispatchKeyEvent", map[string]any{"type": "keyDown", "text": string(r), "key": string(r)}, nil)
		b.call("Input.dispatchKeyEvent", map[string]any{"type": "keyUp", "key": string(r)}, nil)
	}
}

// key presses a key by its name.
func (b *browser) key(name string, code int) {
	b.t.Helper()
	for _, kind := range []string{"rawKeyDown", "keyUp"} {
		b.call("Input.dispatchKeyEvent", map[string]any{"type": kind, "key": name, "code": name, "windowsVirtualKeyCode": code}, nil)
	}
}

// click clicks in a cell of the terminal.
func (b *browser) click(col, row int) {
	b.t.Helper()
	var at struct{ X, Y float64 }
	b.eval(fmt.Sprintf(`(() => { const r = document.querySelector(".xterm-screen").getBoundingClientRect();
		return {x: r.left + (%d + .5) * r.width / esmlab.term.cols, y: r.top + (%d + .5) * r.height / esmlab.term.rows}; })()`, col, row), &at)
	for _, kind := range []string{"mousePressed", "mouseReleased"} {
		b.call("Input.dispatchMouseEvent", map[string]any{"type": kind, "x": at.X, "y": at.Y, "button": "left", "clickCount": 1}, nil)
	}
}

// rowOf is the row of the screen with a text, and its column.
func (b *browser) rowOf(text string) (row, col int) {
	b.t.Helper()
	for i, line := range strings.Split(b.screen(), "\n") {
		if at := strings.Index(line, text); at >= 0 {
			return i, len([]rune(line[:at]))
		}
	}
	b.t.Fatalf("%q is not on the screen:\n%s", text, b.screen())
	return 0, 0
}

// dropFile drops a file on the page, as a person does.
func (b *browser) dropFile(name, text string) {
	b.t.Helper()
	b.eval(fmt.Sprintf(`(() => { const d = new DataTransfer(); d.items.add(new File([%q], %q));
		document.body.dispatchEvent(new DragEvent("dragover", {dataTransfer: d, bubbles: true, cancelable: true}));
		document.body.dispatchEvent(new DragEvent("drop", {dataTransfer: d, bubbles: true, cancelable: true})); return true; })()`, text, name), nil)
}
