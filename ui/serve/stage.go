package serve

import (
	"cmp"
	"slices"
	"sync"

	tea "charm.land/bubbletea/v2"

	"esmlab/ui"
	"esmlab/ui/kit"
)

// stage is what the presenter shows. It is the presenter's ui.Stage, and what guests
// follow: a guest has a wish, and gets a frame.
type stage struct {
	smu     sync.Mutex
	send    func(tea.Msg)      // to the presenter's program; nil: there is none
	wishes  map[int]ui.Look    // of those who follow, by guest
	looks   []ui.Look          // that are drawn for them
	frames  map[ui.Look]string // as they were drawn last
	title   string             // of the screen
	copying func(*kit.ScreenStack) (kit.Screen, error)
	shown   bool // there is something to be seen
	version int  // changes with the frames
}

// steps are the sizes in which the presenter's screen is drawn: a guest gets the largest
// that their terminal holds, so that a class of many sizes costs a few frames.
var steps = []size{{200, 60}, {160, 50}, {120, 36}, {100, 30}, {80, 24}, {60, 20}, {40, 12}, {20, 6}}

// mostLooks is how many looks are drawn at once. Guests with rarer ones get another.
const mostLooks = 8

// fitting is the largest step that fits.
func fitting(s size) size {
	for _, step := range steps {
		if step.w <= s.w && step.h <= s.h {
			return step
		}
	}
	return steps[len(steps)-1]
}

func (s *stage) host(send func(tea.Msg)) {
	s.smu.Lock()
	defer s.smu.Unlock()
	s.send = send
}

// wish says how a guest would see the presenter's screen, and gives it in that look, or
// in one that fits; "" while there is none. version changes when it does.
func (s *stage) wish(n int, want ui.Look) (frame, title string, version int) {
	s.smu.Lock()
	defer s.smu.Unlock()
	if s.wishes == nil {
		s.wishes = map[int]ui.Look{}
	}
	if s.wishes[n] != want {
		s.wishes[n] = want
		s.choose()
	}
	frame, ok := s.frames[want]
	for _, look := range s.looks { // the largest ones come first
		if !ok && look.W <= want.W && look.H <= want.H {
			frame, ok = s.frames[look]
		}
	}
	return frame, s.title, s.version
}

// seen is the version of what is shown now.
func (s *stage) seen() int {
	s.smu.Lock()
	defer s.smu.Unlock()
	return s.version
}

// forget says that a guest follows no more.
func (s *stage) forget(n int) {
	s.smu.Lock()
	defer s.smu.Unlock()
	if _, ok := s.wishes[n]; ok {
		delete(s.wishes, n)
		s.choose()
	}
}

// choose finds the looks that are drawn: those that most guests wish for. The presenter's
// program draws those that are new.
func (s *stage) choose() {
	votes := map[ui.Look]int{}
	for _, w := range s.wishes {
		votes[w]++
	}
	var looks []ui.Look
	for look := range votes {
		looks = append(looks, look)
	}
	order := func(a, b ui.Look) int {
		return cmp.Or(cmp.Compare(b.W, a.W), cmp.Compare(b.H, a.H), cmp.Compare(a.Theme, b.Theme))
	}
	slices.SortFunc(looks, func(a, b ui.Look) int { return cmp.Or(cmp.Compare(votes[b], votes[a]), order(a, b)) })
	looks = looks[:min(len(looks), mostLooks)]
	slices.SortFunc(looks, order)
	fresh := slices.ContainsFunc(looks, func(l ui.Look) bool { return !slices.Contains(s.looks, l) })
	if s.looks = looks; fresh && s.send != nil {
		go s.send(ui.Redraw{}) // it waits until the program takes it
	}
}

// Looks is how the presenter's screen is watched.
func (s *stage) Looks() []ui.Look {
	s.smu.Lock()
	defer s.smu.Unlock()
	return slices.Clone(s.looks)
}

// Show takes what the presenter's screen looks like now.
func (s *stage) Show(screen kit.Shown, frames map[ui.Look]string) {
	var copying func(*kit.ScreenStack) (kit.Screen, error)
	title := ""
	if screen != nil {
		copying, title = screen.Copy(), screen.Title()
	}
	s.smu.Lock()
	defer s.smu.Unlock()
	same := s.shown == (screen != nil) && s.title == title && len(frames) == len(s.frames)
	for look, frame := range frames {
		same = same && s.frames[look] == frame
	}
	s.frames, s.title, s.copying, s.shown = frames, title, copying, screen != nil
	if !same {
		s.version++
	}
}

// shows reports whether there is something to follow.
func (s *stage) shows() bool {
	s.smu.Lock()
	defer s.smu.Unlock()
	return s.shown
}

// copy gives what opens a copy of what is shown now; nil: there is none.
func (s *stage) copy() func(*kit.ScreenStack) (kit.Screen, error) {
	s.smu.Lock()
	defer s.smu.Unlock()
	return s.copying
}
