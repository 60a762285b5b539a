// Package present is the screen of a presentation: what a class sees, stop by stop. The
// keys of a presenter's remote can only go on, go back, stop time and blank the screen;
// commands work after `unlock`, and one key leads back to the stop.
//
// Reading order: present.go (the stops and the keys), poll.go (the votes), view.go (what
// is drawn), notes.go (what the speaker sees), qr.go.
package present

import (
	"slices"
	"sync"
	"time"

	tea "charm.land/bubbletea/v2"

	"esmlab/engine"
	"esmlab/engine/scenario"
	"esmlab/engine/share"
	"esmlab/talks"
	"esmlab/ui/kit"
	"esmlab/ui/lab"
)

// Room is where phones vote and where the speaker reads: a server, or nobody.
type Room interface {
	// Ask shows a poll to those who vote; nil: there is none now.
	Ask(*Question)
	// Tell gives the speaker's notes.
	Tell(Notes)
	// Votes is the address at which a class votes, "" for none, and Speaker that of the
	// notes.
	Votes() string
	Speaker() string
}

// Question is a poll as a phone shows it.
type Question struct {
	Poll      *talks.Poll
	Situation string
	Title     string
	Options   []string
}

// nobody is a Room without a server.
type nobody struct{}

func (nobody) Ask(*Question)   {}
func (nobody) Tell(Notes)      {}
func (nobody) Votes() string   { return "" }
func (nobody) Speaker() string { return "" }

// Options are what a presentation is given from outside.
type Options struct {
	Talk    *talks.Talk
	Room    Room // nil: fingers only, and no page of notes
	Now     func() time.Time
	Message func(s *engine.Sim, discard int) []string
	Sharing lab.Sharing
	// Leave is what leaving does; nil: it goes back to the screen below.
	Leave func() tea.Cmd
}

// Screen is a presentation under way.
type Screen struct {
	screens *kit.ScreenStack
	o       Options
	keys    *kit.Keymap
	dialogs kit.DialogStack

	lab     *lab.Lab
	of      *scenario.Scenario // what lab shows
	touched bool               // commands may have been given: the lab is not as it was
	at      int                // the stop
	going   bool               // time runs to the stop
	free    bool               // unlocked: the lab's own screen
	blank   bool
	spot    int
	notice  string
	pressed string
	began   time.Time
	w, h    int
	polls   map[int]*poll
	seen    int // the version of the poll that was drawn
	foot    []kit.Hit
}

// New opens a presentation at its first stop.
func New(screens *kit.ScreenStack, o Options) (*Screen, error) {
	if o.Room == nil {
		o.Room = nobody{}
	}
	s := &Screen{screens: screens, o: o, w: 100, h: 30, polls: map[int]*poll{}, began: o.Now()}
	s.keys = kit.NewKeymap(kit.InTalk, &s.dialogs, s.say, s.bind())
	s.keys.Handlers = kit.Handlers{}
	if err := s.show(0); err != nil {
		return nil, err
	}
	return s, nil
}

func (s *Screen) say(text string) { s.notice = text }

func (s *Screen) stop() *talks.Stop { return &s.o.Talk.Stops[s.at] }

// backdrop is the run behind a card that no run proves. It is never shown.
var backdrop = sync.OnceValues(func() (*scenario.Scenario, error) {
	src, _ := scenario.Builtin("calm-stream")
	return scenario.Read("calm-stream", src, scenario.Options{})
})

// open makes the lab of a stop's run, unless it is the one that is there and untouched.
func (s *Screen) open(stop *talks.Stop) error {
	world := stop.World
	if world == nil {
		if s.lab != nil && !s.touched {
			return nil
		}
		var err error
		if world, err = backdrop(); err != nil {
			return err
		}
	}
	if s.lab != nil && s.of == world && !s.touched {
		return nil
	}
	w := share.WorldOf(world)
	l, err := lab.New(s.screens, lab.Options{Scenario: &lab.Scenario{Name: world.Name, Title: world.Title, About: world.About, Config: world.Config, Notes: world.Notes, World: &w},
		Message: s.o.Message, Sharing: s.o.Sharing, Stopped: true, Mapping: stop.Mapping, Leave: func() tea.Cmd { s.here(); return nil }})
	if err != nil {
		return err
	}
	s.lab, s.of, s.touched = l, world, false
	return nil
}

// show goes to a stop, as it was prepared.
func (s *Screen) show(i int) error {
	stop := &s.o.Talk.Stops[i]
	if err := s.open(stop); err != nil {
		return err
	}
	s.at, s.going, s.free, s.blank = i, false, false, false
	s.dialogs.Close()
	s.lab.Dialogs().Close()
	s.lab.Stop()
	if stop.World != nil && s.lab.Timeline().Now() != stop.At {
		s.lab.Seek(stop.At)
	}
	if stop.Mapping != "" {
		s.lab.Show(stop.Mapping)
	}
	s.spot = stop.Pane
	if s.spot == 0 {
		s.spot = 1
	}
	s.ask()
	return nil
}

// here goes back to the stop.
func (s *Screen) here() {
	if err := s.show(s.at); err != nil {
		s.say(err.Error())
	}
}

// next is the next phase of a poll, or the next stop.
func (s *Screen) next() {
	if s.going { // a second press
		s.here()
		return
	}
	if p := s.poll(); p != nil && p.votes.Phase() < talks.Shown {
		s.phase(1)
		return
	}
	if s.at+1 >= len(s.o.Talk.Stops) {
		s.say("This is the last stop. " + kit.WithKeys("{over} starts over for the next class"))
		return
	}
	from := *s.stop()
	to := &s.o.Talk.Stops[s.at+1]
	if !to.Continues || to.At <= from.At {
		if err := s.show(s.at + 1); err != nil {
			s.say(err.Error())
		}
		return
	}
	if err := s.open(to); err != nil {
		s.say(err.Error())
		return
	}
	s.at++
	s.spot = max(1, to.Pane)
	s.lab.Stop()
	s.lab.Seek(from.At)
	if to.Mapping != "" {
		s.lab.Show(to.Mapping)
	}
	s.going = true
	s.lab.Pace(paceOf(to.At - from.At))
	s.lab.Go(func(sim *engine.Sim) bool { return sim.Now() >= to.At })
	s.ask()
}

// paceOf is how many virtual seconds pass in a second so that a stretch takes about eight.
func paceOf(length engine.Micros) int {
	n := 1
	for length/engine.Micros(n) > 8*engine.Second && n < 4096 {
		n *= 2
	}
	return n
}

// prev is the phase before, or the stop before.
func (s *Screen) prev() {
	if p := s.poll(); p != nil && !s.going && p.votes.Phase() > talks.Asked {
		s.phase(-1)
		return
	}
	if err := s.show(max(0, s.at-1)); err != nil {
		s.say(err.Error())
	}
}

// over begins again for the next class: no vote is kept.
func (s *Screen) over() tea.Cmd {
	menu := &kit.Menu{Title: "Start over?", Intro: []string{"The first stop, a new clock, and no votes: for the next class."}, Items: []kit.Item{{Key: "y", Text: "start over"}, {Key: "n", Text: "stay here"}}}
	return s.dialogs.Show(menu, func(r kit.Reply) tea.Cmd {
		if r.Chosen == 0 {
			s.polls, s.began = map[int]*poll{}, s.o.Now()
			if err := s.show(0); err != nil {
				s.say(err.Error())
			}
		}
		return nil
	})
}

// unlock gives the lab all its keys.
func (s *Screen) unlock() {
	s.going, s.free, s.touched = false, true, true
	s.lab.Stop()
	s.lab.Focus(s.spot)
	s.lab.Say(kit.WithKeys("Unlocked: every command of the lab works. {talk-here} goes back to the stop"))
}

// bind gives the actions their handlers.
func (s *Screen) bind() kit.Bindings {
	voting := func() string {
		if p := s.poll(); p == nil || !p.votes.Phase().Open() {
			return "No vote is open"
		}
		return ""
	}
	noPoll := func() string {
		if s.stop().World == nil {
			return "No run proves this card: there is nothing to run"
		}
		if s.poll() != nil && !s.going {
			return kit.WithKeys("This stop is a poll: {talk-next} goes on")
		}
		return ""
	}
	return kit.Bindings{
		"talk-next":   kit.Act(s.next),
		"talk-prev":   kit.Act(s.prev),
		"talk-go":     kit.Act(s.goOrStop).DisabledIf(noPoll),
		"talk-here":   kit.Act(s.here),
		"talk-blank":  kit.Act(func() { s.blank = true }),
		"spotlight":   {Do: func(inv kit.Invocation) tea.Cmd { s.digit(inv.N); return nil }},
		"finger-back": kit.Act(s.fingerBack).DisabledIf(voting),
		"more-time":   kit.Act(s.moreTime).DisabledIf(voting),
		"unlock":      kit.Act(s.unlock).DisabledIf(noPoll),
		"next":        kit.Simple(func() tea.Cmd { return s.step(true) }).DisabledIf(noPoll),
		"prev":        kit.Simple(func() tea.Cmd { return s.step(false) }).DisabledIf(noPoll),
		"why":         kit.Simple(func() tea.Cmd { return s.lab.Why() }).DisabledIf(noPoll),
		"copy":        kit.Simple(s.copy),
		"over":        kit.Simple(s.over),
		"back":        kit.Act(s.back),
		"quit":        kit.Simple(s.quit),
	}
}

// step goes by one visible change.
func (s *Screen) step(forward bool) tea.Cmd {
	s.going = false
	return s.lab.Step(forward)
}

// goOrStop lets time run beyond the stop, or stops it.
func (s *Screen) goOrStop() {
	if s.lab.Running() {
		s.lab.Stop()
		return
	}
	s.going = false
	s.lab.Pace(2)
	s.lab.Go(nil)
}

// back closes what lies over the stop. It never leaves: a remote has this key.
func (s *Screen) back() {
	if s.going || s.lab.Running() || s.stop().World != nil && s.lab.Timeline().Now() != s.stop().At {
		s.here()
		return
	}
	s.say(kit.WithKeys("{quit} leaves the presentation"))
}

// quit leaves, after it was asked for.
func (s *Screen) quit() tea.Cmd {
	menu := &kit.Menu{Title: "Leave the presentation?", Items: []kit.Item{{Key: "q", Text: "leave"}, {Key: "n", Text: "stay"}}}
	return s.dialogs.Show(menu, func(r kit.Reply) tea.Cmd {
		switch {
		case r.Chosen != 0:
			return nil
		case s.o.Leave != nil:
			return s.o.Leave()
		}
		s.o.Room.Ask(nil)
		s.screens.Back()
		return nil
	})
}

// digit moves the spotlight, or counts a finger.
func (s *Screen) digit(n int) {
	if p := s.poll(); p != nil && !s.going {
		s.finger(n)
		return
	}
	if n >= 1 && n <= 8 {
		s.spot = n
	}
}

// copy copies the figures of a poll, or the line of the run.
func (s *Screen) copy() tea.Cmd {
	if p := s.poll(); p != nil && p.votes.Phase() == talks.Shown && !s.going {
		r := p.votes.Result()
		line := r.Line(p.title)
		s.say("The figures were sent to the terminal's clipboard")
		return tea.SetClipboard(line)
	}
	if r := s.lab.Run(); r != nil {
		if line, err := r.Line(); err == nil {
			s.say("The line of this run was sent to the terminal's clipboard: `esmlab lab LINE` opens it")
			return tea.SetClipboard(line)
		}
	}
	return nil
}

// Title names the presentation.
func (s *Screen) Title() string { return s.o.Talk.Title }

// Init shows the notes of the stop.
func (s *Screen) Init() tea.Cmd {
	s.ask()
	return nil
}

// remote are the keys that are said on the screen when they are pressed.
var remote = []string{"talk-next", "talk-prev", "talk-go", "talk-here", "talk-blank", "spotlight", "next", "prev", "why", "unlock", "more-time"}

// HandleKey takes a key. What was pressed is shown: a class follows the hand too.
func (s *Screen) HandleKey(k tea.KeyPressMsg) tea.Cmd {
	key := k.String()
	a := kit.ActionOf(kit.InTalk, key)
	s.pressed, s.notice = "", ""
	if a != nil && slices.Contains(remote, a.ID) {
		s.pressed = a.Label + " " + a.Word
		if a.ID == "spotlight" {
			s.pressed = key
		}
	}
	defer s.tell()
	switch {
	case s.blank:
		s.blank = false
		return nil
	case a != nil && a.ID == "talk-here" && !s.dialogs.Open():
		s.here()
		return nil
	case s.free:
		return s.lab.HandleKey(k)
	case s.dialogs.Open():
		return s.dialogs.Keys(k, s.keys.HandleKey)
	case s.lab.Dialogs().Open():
		if a != nil && (a.ID == "talk-next" || a.ID == "talk-prev") && key != "enter" { // a remote closes it
			s.lab.Dialogs().Close()
			return nil
		}
		return s.lab.Dialogs().Keys(k, func(tea.KeyPressMsg) tea.Cmd { return nil })
	}
	return s.dialogs.Keys(k, s.keys.HandleKey)
}

// Mouse takes a click on the footer; in the lab, all.
func (s *Screen) Mouse(e tea.MouseMsg) tea.Cmd {
	if s.free {
		return s.lab.Mouse(e)
	}
	if m := e.Mouse(); m.Y == s.h-1 && m.Button == tea.MouseLeft {
		if _, click := e.(tea.MouseClickMsg); click {
			defer s.tell()
			return s.keys.Click(s.foot, m.X)
		}
	}
	return nil
}

// Update hands on what the lab has asked for.
func (s *Screen) Update(msg tea.Msg) tea.Cmd { return s.lab.Update(msg) }

// Animating tells whether time runs, or a vote is open.
func (s *Screen) Animating() bool {
	p := s.poll()
	return s.lab.Animating() || p != nil && p.votes.Phase().Open()
}

// Tick lets time pass.
func (s *Screen) Tick(at time.Time) bool {
	fresh := false
	if s.lab.Animating() {
		fresh = s.lab.Tick(at)
	}
	if s.going && !s.lab.Running() {
		s.going, fresh = false, true
		if s.lab.Timeline().Now() != s.stop().At {
			s.lab.Seek(s.stop().At)
		}
		s.tell()
	}
	if p := s.poll(); p != nil && p.votes.Phase().Open() {
		if v, left := p.votes.Version(), p.left(s.o.Now()); v != s.seen || left != p.shown {
			s.seen, p.shown, fresh = v, left, true
			s.tell()
		}
	}
	return fresh
}

// Unsaved is always "": leaving asks by itself.
func (s *Screen) Unsaved() string { return "" }

// Lab is the run that is shown.
func (s *Screen) Lab() *lab.Lab { return s.lab }
