package lab

import (
	"slices"

	"esmlab/engine/share"
	"esmlab/engine/timeline"
	"esmlab/ui/kit"
)

// otherRuns are the runs other than the one shown.
func (m *Lab) otherRuns() []*timeline.Run {
	return slices.DeleteFunc(slices.Clone(m.tl.Runs()), func(r *timeline.Run) bool { return r == m.tl.Run })
}

func key(i int) string {
	if i > 8 {
		return ""
	}
	return itoa(i + 1)
}

// CommandLine is the run as a line for a shell: the scenario, its seed and length,
// and the person's commands as steps.
func (m *Lab) CommandLine() string {
	words := m.o.Command
	if words == "" {
		words = kit.Quote(m.sc.Name)
	}
	text := "esmlab run " + words + " --seed " + uitoa(m.sim().Config().Seed) + " --for " + m.tl.Newest().String() + "s"
	for _, s := range m.ownSteps() {
		text += " --step " + kit.Quote(s)
	}
	return text
}

// ownSteps are the person's commands that took effect, as steps of a scenario.
func (m *Lab) ownSteps() []string {
	return share.Steps(m.tl.AllCommands())
}
