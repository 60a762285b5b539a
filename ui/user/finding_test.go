package user

import (
	"io/fs"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"

	"esmlab/engine/draft"
	"esmlab/ui/kit"
	"esmlab/ui/lab"
)

const shop = `Transform: AWS::Serverless-2016-10-31
Resources:
  # esmlab: ignore no-dead-letter-queue every job is in the database too
  Jobs: {Type: AWS::SQS::Queue, Properties: {VisibilityTimeout: 30}}
  Orders: {Type: AWS::Kinesis::Stream}
  Work:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: python3.13
      Handler: app.run
      CodeUri: src/
      Timeout: 30
      Events:
        Jobs: {Type: SQS, Properties: {Queue: !GetAtt Jobs.Arn}}
        Orders: {Type: Kinesis, Properties: {Stream: !GetAtt Orders.Arn, StartingPosition: TRIM_HORIZON, MaximumRetryAttempts: 2}}
`

// A person opens a template: the first row says how many findings there are, F lists them,
// the worst first, enter says more, and enter again shows it bite; esc comes back.
func TestFindingsInTheLab(t *testing.T) {
	for _, size := range [][2]int{{80, 24}, {120, 36}, {60, 20}} {
		u, screens := start(nil)
		u.ReadFile = func(name string) ([]byte, error) {
			if name == "shop.yaml" {
				return []byte(shop), nil
			}
			return nil, fs.ErrNotExist
		}
		opts, err := u.LabOptions("shop.yaml", Changes{})
		if err != nil {
			t.Fatal(err)
		}
		opts.Stopped = true
		if err := u.OpenOn(screens, opts); err != nil {
			t.Fatal(err)
		}
		frame := func() string {
			text, _ := screens.Top().Draw(size[0], size[1])
			return ansi.Strip(text)
		}
		press := func(k tea.KeyPressMsg) {
			cmd := screens.Top().HandleKey(k)
			for cmd != nil {
				done, is := cmd().(kit.DoneMsg)
				if cmd = nil; is {
					cmd = done.Then()
				}
			}
		}
		sees := func(what ...string) {
			t.Helper()
			for _, w := range what {
				if !strings.Contains(strings.Join(strings.Fields(frame()), " "), w) {
					t.Errorf("%v: %q is not on the screen:\n%s", size, w, frame())
				}
			}
		}
		if size[0] >= 80 {
			sees("▲ 2 findings F")
		} else {
			sees("▲ 2 F")
		}
		press(tea.KeyPressMsg{Code: 'F', Text: "F"})
		sees("What will hurt in shop", "1 ▲ error: Records are given up and nothing says", "2 ▲ warning: Messages come back")
		if strings.Contains(frame(), "no-dead-letter-queue") {
			t.Errorf("what is silenced is listed:\n%s", frame())
		}
		press(tea.KeyPressMsg{Code: tea.KeyEnter})
		sees("error: records-vanish", "Watch it bite in this template")
		press(tea.KeyPressMsg{Code: tea.KeyEnter})
		sees("records-vanish in shop", "One record fails each time.")
		world := screens.Top().(*lab.Lab)
		given := func() int64 { return world.Timeline().Sim().Mappings[1].Counts.DroppedEventCount }
		if given() != 0 || world.Running() {
			t.Errorf("%v: it stands where it has happened already", size)
		}
		press(tea.KeyPressMsg{Code: tea.KeyRight})
		if given() != 1 {
			t.Errorf("%v: the next step does not show it:\n%s", size, frame())
		}
		press(tea.KeyPressMsg{Code: tea.KeyEscape})
		if screens.Top() == kit.Screen(world) {
			press(tea.KeyPressMsg{Code: tea.KeyEscape})
		}
		if screens.Top() == kit.Screen(world) || screens.Top().Title() != "shop" {
			t.Errorf("%v: esc does not come back:\n%s", size, frame())
		}
	}
}

// A person changes a setting, sees the diff and saves: the file has it, and runs again to the
// same state. Another file that is there is not written over.
func TestHandBackFromTheLab(t *testing.T) {
	files := map[string]string{"shop.yaml": shop, "other.yaml": "mine"}
	u, screens := start(nil)
	u.ReadFile = func(name string) ([]byte, error) {
		if text, ok := files[name]; ok {
			return []byte(text), nil
		}
		return nil, fs.ErrNotExist
	}
	u.WriteFile = func(name string, text []byte) error { files[name] = string(text); return nil }
	opts, err := u.LabOptions("shop.yaml", Changes{})
	if err != nil {
		t.Fatal(err)
	}
	opts.Stopped = true
	if err := u.OpenOn(screens, opts); err != nil {
		t.Fatal(err)
	}
	press := func(keys ...tea.KeyPressMsg) {
		for _, k := range keys {
			cmd := screens.Top().HandleKey(k)
			for cmd != nil {
				done, is := cmd().(kit.DoneMsg)
				if cmd = nil; is {
					cmd = done.Then()
				}
			}
		}
	}
	typed := func(text string) {
		for _, r := range text {
			press(tea.KeyPressMsg{Code: r, Text: string(r)})
		}
		press(tea.KeyPressMsg{Code: tea.KeyEnter})
	}
	frame := func() string {
		text, _ := screens.Top().Draw(100, 36)
		return ansi.Strip(text)
	}
	l := screens.Top().(*lab.Lab)
	l.Timeline().Seek(5_000_000)
	press(tea.KeyPressMsg{Code: 'v', Text: "v"})
	typed("180")
	typed(":diff")
	if got := frame(); !strings.Contains(got, "+  Jobs: {Type: AWS::SQS::Queue, Properties: {VisibilityTimeout: 180}}") || !strings.Contains(got, "aws sqs set-queue-attributes") {
		t.Errorf("the diff:\n%s", got)
	}
	press(tea.KeyPressMsg{Code: tea.KeyEscape})
	typed(":save other.yaml")
	if files["other.yaml"] != "mine" || !strings.Contains(frame(), "is there already") {
		t.Errorf("another file is written over:\n%s", frame())
	}
	press(tea.KeyPressMsg{Code: tea.KeyEscape})
	press(tea.KeyPressMsg{Code: 's', Mod: tea.ModCtrl}, tea.KeyPressMsg{Code: tea.KeyEnter})
	want := strings.Replace(shop, "VisibilityTimeout: 30", "VisibilityTimeout: 180", 1)
	if got := files["shop.yaml"]; !strings.HasPrefix(got, want) || !strings.Contains(got, "set: {Jobs.VisibilityTimeout: 180}}") {
		t.Errorf("saved:\n%s\n%s", got, frame())
	}
	if l.Unsaved() != "" {
		t.Errorf("what is saved is unsaved: %s", l.Unsaved())
	}
	own := files["shop.yaml"]
	files["shop.yaml"] += "# edited since\n"
	typed(":save shop.yaml")
	if !strings.HasSuffix(files["shop.yaml"], "# edited since\n") || !strings.Contains(frame(), "was edited since") {
		t.Errorf("what was edited since is written over:\n%s", frame())
	}
	press(tea.KeyPressMsg{Code: tea.KeyEscape})
	files["shop.yaml"] = own
	again, err := u.LabOptions("shop.yaml", Changes{})
	if err != nil {
		t.Fatal(err)
	}
	if err := u.OpenOn(screens, again); err != nil {
		t.Fatal(err)
	}
	l.Timeline().Seek(20_000_000)
	saved := screens.Top().(*lab.Lab)
	saved.Timeline().Seek(20_000_000)
	if a, b := l.Timeline().Sim(), saved.Timeline().Sim(); a.Emitted() != b.Emitted() || a.Queues[0].VisibilityTimeout != b.Queues[0].VisibilityTimeout {
		t.Errorf("it runs otherwise: %d events, %d", a.Emitted(), b.Emitted())
	}
}

// On Home, n asks four questions and the name of a file, and opens what it has written. The
// choice of a template lists those in the folders below.
func TestNewFromHome(t *testing.T) {
	files := map[string]string{}
	u := &User{Now: time.Now, ReadFile: func(name string) ([]byte, error) {
		if text, ok := files[name]; ok {
			return []byte(text), nil
		}
		return nil, fs.ErrNotExist
	}, WriteFile: func(name string, text []byte) error { files[name] = string(text); return nil },
		Dir: func(name string) fs.FS {
			all := fstest.MapFS{"infra/deep/stack.yaml": {Data: []byte(shop)}, "infra/values.yaml": {Data: []byte("a: b")}, "infra/node_modules/x/t.yaml": {Data: []byte(shop)}, "top.yaml": {Data: []byte(shop)}}
			sub, err := fs.Sub(all, filepath.ToSlash(filepath.Clean(name)))
			if err != nil {
				return all
			}
			return sub
		}}
	u.Complete()
	screens := &kit.ScreenStack{Theme: kit.NewTheme(0)}
	h := u.Home(screens, Changes{})
	screens.Open(h)
	press := func(keys ...tea.KeyPressMsg) {
		for _, k := range keys {
			cmd := screens.Top().HandleKey(k)
			for cmd != nil {
				done, is := cmd().(kit.DoneMsg)
				if cmd = nil; is {
					cmd = done.Then()
				}
			}
		}
	}
	frame := func() string {
		text, _ := screens.Top().Draw(80, 24)
		return ansi.Strip(text)
	}
	key := func(s string) tea.KeyPressMsg { return tea.KeyPressMsg{Code: []rune(s)[0], Text: s} }
	press(key("n"), key("3"), key("2"), key("1"), key("2"), tea.KeyPressMsg{Code: tea.KeyEnter})
	want := draft.Answers{Source: "kinesis", Failures: "store", Traffic: "little", Language: "node"}.Template()
	if files["template.yaml"] != want || screens.Top().Title() != "template" {
		t.Errorf("it opened %s:\n%s\n%s", screens.Top().Title(), frame(), files["template.yaml"])
	}
	listed, err := u.templates("")
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, f := range listed {
		names = append(names, f.Name)
	}
	if got := strings.Join(names, " "); got != "top.yaml infra/deep/stack.yaml infra" {
		t.Errorf("listed: %s", got)
	}
	if err := u.WriteNew(draft.Answers{}, "template.yaml"); err == nil || !strings.Contains(err.Error(), "is there already") {
		t.Errorf("it was written over: %v", err)
	}
}
