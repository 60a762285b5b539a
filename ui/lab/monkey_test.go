package lab

import (
	"fmt"
	"math/rand/v2"
	"runtime/debug"
	"strings"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"

	"esmlab/engine/scenario"
	"esmlab/ui/kit"
)

// builtin opens a built-in scenario.
func builtin(t *testing.T, name string) *Scenario {
	t.Helper()
	src, ok := scenario.Builtin(name)
	if !ok {
		t.Fatal("no scenario ", name)
	}
	return read(t, name, src)
}

func read(t *testing.T, name string, src []byte) *Scenario {
	t.Helper()
	sc, err := scenario.Read(name, src, scenario.Options{})
	if err != nil {
		t.Fatal(err)
	}
	return &Scenario{Name: sc.Name, Title: sc.Title, About: sc.About, Config: sc.Config, Notes: sc.Notes, World: worldOf(sc)}
}

// wide is a mapping with several lanes a shard, on a table's stream, and a
// second one beside it.
const wide = `
AWSTemplateFormatVersion: "2010-09-09"
Transform: AWS::Serverless-2016-10-31
Metadata:
  esmlab:
    for: 60s
    traffic:
      - {to: Orders, every: 50ms, keys: 16}
    functions:
      Ship:
        takes: 900ms
        faults:
          - {name: poison, records: [Orders#22, Orders#40], how: error}
Resources:
  Orders:
    Type: AWS::DynamoDB::Table
    Properties:
      BillingMode: PAY_PER_REQUEST
      AttributeDefinitions: [{AttributeName: id, AttributeType: S}]
      KeySchema: [{AttributeName: id, KeyType: HASH}]
      StreamSpecification: {StreamViewType: NEW_IMAGE}
  Ship:
    Type: AWS::Serverless::Function
    Properties:
      Handler: index.handler
      Runtime: nodejs22.x
      InlineCode: "x"
      Events:
        Orders:
          Type: DynamoDB
          Properties: {Stream: !GetAtt Orders.StreamArn, StartingPosition: TRIM_HORIZON, BatchSize: 10, ParallelizationFactor: 4}
  Audit:
    Type: AWS::Serverless::Function
    Properties:
      Handler: index.handler
      Runtime: nodejs22.x
      InlineCode: "x"
      Events:
        Orders:
          Type: DynamoDB
          Properties: {Stream: !GetAtt Orders.StreamArn, StartingPosition: TRIM_HORIZON, TumblingWindowInSeconds: 10}
`

// Whatever is pressed, in whatever scenario, at whatever size: the frame is
// exactly the screen, and nothing breaks.
func TestAnyKeysAnywhere(t *testing.T) {
	var keys []string
	for i := range kit.Actions {
		if a := &kit.Actions[i]; a.In&kit.InLab != 0 && a.Group != "leave" {
			keys = append(keys, a.Keys...)
		}
	}
	keys = append(keys, "enter", "enter", "esc", "esc", "esc", "8", "9", "0", "x", "backspace", "tick", "tick", "tick", "tick", "size", "click", "wheel")
	worlds := map[string]func() *Scenario{"wide": func() *Scenario { return read(t, "wide.yaml", []byte(wide)) }, "forty shards": func() *Scenario { return poison(40) },
		"queue": jobs, "fifo": fifo}
	for i, n := range scenario.Names() {
		if testing.Short() && i%4 > 0 {
			continue
		}
		worlds[n] = func() *Scenario { return builtin(t, n) }
	}
	for name, open := range worlds {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			rnd := rand.New(rand.NewPCG(1, uint64(len(name))))
			m, err := New(&kit.ScreenStack{Theme: kit.NewTheme(0)}, Options{Scenario: open(), Welcome: true, Reload: func() (*Scenario, error) { return open(), nil }, Changed: func() bool { return rnd.IntN(500) == 0 }})
			if err != nil {
				t.Fatal(err)
			}
			m.screens.Open(m)
			at := time.Unix(0, 0)
			var past []string
			defer func() {
				if e := recover(); e != nil {
					t.Fatalf("%v after %s\n%s", e, strings.Join(past[max(0, len(past)-60):], " "), debug.Stack())
				}
			}()
			presses := 600
			if testing.Short() {
				presses = 40
			}
			for range presses {
				k := keys[rnd.IntN(len(keys))]
				past = append(past, k)
				switch k {
				case "tick":
					for range 5 {
						at = at.Add(time.Second / kit.Frames)
						m.Tick(at)
					}
				case "size":
					m.w, m.h = 1+rnd.IntN(170), 1+rnd.IntN(55)
				case "click":
					m.Mouse(tea.MouseClickMsg{X: rnd.IntN(m.w), Y: rnd.IntN(m.h), Button: tea.MouseLeft})
				case "wheel":
					m.Mouse(tea.MouseWheelMsg{X: rnd.IntN(m.w), Y: rnd.IntN(m.h), Button: tea.MouseWheelDown})
				default:
					m.HandleKey(keyPress(k))
				}
				if rnd.IntN(8) == 0 { // the next key comes before the frame
					continue
				}
				check(t, m, fmt.Sprint("after ", past[max(0, len(past)-5):]))
			}
		})
	}
}

var codes = map[string]rune{"enter": tea.KeyEnter, "esc": tea.KeyEscape, "up": tea.KeyUp, "down": tea.KeyDown, "left": tea.KeyLeft, "right": tea.KeyRight,
	"pgup": tea.KeyPgUp, "pgdown": tea.KeyPgDown, "home": tea.KeyHome, "end": tea.KeyEnd, "tab": tea.KeyTab, "f5": tea.KeyF5, "backspace": tea.KeyBackspace, "f1": tea.KeyF1}

// keyPress is a key as Bubble Tea names it.
func keyPress(s string) tea.KeyPressMsg {
	k := tea.KeyPressMsg{}
	if rest, ok := strings.CutPrefix(s, "shift+"); ok {
		k.Mod, s = tea.ModShift, rest
	} else if rest, ok := strings.CutPrefix(s, "ctrl+"); ok {
		k.Mod, s = tea.ModCtrl, rest
	}
	if s == "space" {
		s = " "
	}
	if code, ok := codes[s]; ok {
		k.Code = code
		return k
	}
	k.Code = []rune(s)[0]
	if k.Mod == 0 {
		k.Text = s
	}
	return k
}
