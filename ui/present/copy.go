package present

import "esmlab/ui/kit"

// Copy gives what opens a copy of the run that is presented, as it is now, for a guest who
// follows: see kit.Shown.
func (s *Screen) Copy() func(*kit.ScreenStack) (kit.Screen, error) {
	if s.stop().World == nil {
		return nil
	}
	return s.lab.Copy()
}
