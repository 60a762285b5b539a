package lab

import (
	"io"
	"syscall"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/colorprofile"

	"esmlab/ui"
	"esmlab/ui/kit"
)

// BenchmarkProgram runs the whole program at 160x50 for five seconds, with what flows,
// and gives the share of a core that it takes, Bubble Tea's drawing included: under
// 10 % on a machine that does nothing else.
//
//	go test ./ui/lab -run '^$' -bench Program -benchtime 1x
func BenchmarkProgram(b *testing.B) {
	env := []string{"TERM=xterm-256color", "COLORTERM=truecolor"}
	spent := func() time.Duration {
		var u syscall.Rusage
		if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
			b.Fatal(err)
		}
		return time.Duration(u.Utime.Nano() + u.Stime.Nano())
	}
	for b.Loop() {
		m, err := ui.Model(ui.Options{Env: env}, func(screens *kit.ScreenStack) error {
			l, err := New(screens, Options{Scenario: poison(2)})
			screens.Open(l)
			return err
		})
		if err != nil {
			b.Fatal(err)
		}
		in, keys := io.Pipe()
		p := tea.NewProgram(m, tea.WithInput(in), tea.WithOutput(io.Discard), tea.WithWindowSize(160, 50), tea.WithFPS(60), tea.WithoutSignalHandler(),
			tea.WithEnvironment(env), tea.WithColorProfile(colorprofile.TrueColor))
		done := make(chan error)
		go func() { _, err := p.Run(); done <- err }()
		time.Sleep(time.Second)
		before := spent()
		time.Sleep(5 * time.Second)
		b.ReportMetric(float64(spent()-before)/float64(5*time.Second)*100, "%core")
		p.Quit()
		<-done
		keys.Close()
	}
}
