package user

import (
	"io/fs"
	"strings"
	"testing"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"

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
