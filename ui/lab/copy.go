package lab

import "esmlab/ui/kit"

// Copy gives what opens this run as it is now on other screens, with its commands in
// their places. The copy has its own history and goes on by itself; what is shared is
// only read. It reaches no file.
func (m *Lab) Copy() func(*kit.ScreenStack) (kit.Screen, error) {
	o := Options{Scenario: m.sc, Message: m.o.Message, Uncopied: "it is a copy of what was presented", Sharing: Sharing{Version: m.o.Sharing.Version}, Stopped: true, Mapping: m.mappingID(), Focus: m.focus, Hide: m.o.Hide}
	commands, steps := m.tl.Commands(), m.tl.Sim().Steps()
	if m.o.Uncopied != "" {
		o.Uncopied = m.o.Uncopied
	}
	return func(screens *kit.ScreenStack) (kit.Screen, error) {
		l, err := New(screens, o)
		if err != nil {
			return nil, err
		}
		l.tl.Recall(commands)
		l.tl.SeekStep(steps)
		l.settle()
		l.tell()
		return l, nil
	}
}
