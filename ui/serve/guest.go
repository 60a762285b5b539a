package serve

import (
	"context"
	"errors"
	"fmt"
	"io"
	"sync"
	"time"

	tea "charm.land/bubbletea/v2"

	"esmlab/ui"
	"esmlab/ui/home"
	"esmlab/ui/kit"
	"esmlab/ui/user"
)

// terminal is how a guest comes in.
type terminal struct {
	by      string // "ssh" or "browser"
	in      io.Reader
	out     io.Writer
	env     []string // what their terminal can do: TERM, COLORTERM, NO_COLOR
	size    size
	resizes <-chan size
	plain   func(text string) // says something after the screens have ended; nil: nobody reads it
	came    func(*memory)     // is told where the guest's progress is; nil: nobody asks
	shut    func()            // ends the connection, whatever waits on it
}

// size is a terminal's, in cells.
type size struct{ w, h int }

// within is the size that is drawn for a terminal of that size.
func (s size) within() size { return size{max(1, min(s.w, maxCols)), max(1, min(s.h, maxRows))} }

// kept is where a guest's answers are: nothing of them stays when they have left.
const kept = "while you are here; as you leave, one line takes them all home"

// guest is somebody who is there.
type guest struct {
	n     int
	since time.Time
	by    string
	stop  context.CancelCauseFunc
	file  *memory

	mu      sync.Mutex // guards what the teacher sees
	where   string
	follows bool
}

func (g *guest) seen() Guest {
	g.mu.Lock()
	defer g.mu.Unlock()
	s := Guest{N: g.n, By: g.by, Since: g.since, Where: g.where, Follows: g.follows}
	s.Answered, s.Right, s.Lessons = g.file.counts()
	return s
}

func (g *guest) at(s kit.Screen) {
	_, follows := s.(*follow)
	g.mu.Lock()
	defer g.mu.Unlock()
	g.where, g.follows = s.Title(), follows
}

// hangUp sends a guest home; why is what they are told.
func (g *guest) hangUp(why string) { g.stop(errors.New(why)) }

// play runs a guest's program until they leave, or the connection ends.
func (c *Class) play(ctx context.Context, t terminal) error {
	ctx, stop := context.WithCancelCause(ctx)
	defer stop(nil)
	g := &guest{by: t.by, stop: stop, file: &memory{}}
	leave, err := c.enter(g)
	if err != nil {
		return err
	}
	defer leave()
	if t.came != nil {
		t.came(g.file)
	}
	ended := context.AfterFunc(ctx, func() { // what waits for a guest who takes nothing must not wait for ever
		time.AfterFunc(2*time.Second, t.shut)
	})
	defer ended()

	in := newInput(t.in, c.o.Idle, stop)
	defer in.close()
	out := &output{w: t.out, slow: func() { stop(errors.New("nothing was taken for too long")); t.shut() }}
	me := &user.User{File: g.file, Machine: "class", NewID: c.o.NewID, Now: c.o.Now, Parsed: &c.deck, Kept: kept}
	me.Complete()
	var screens *kit.ScreenStack
	me.More = []func(*kit.ScreenStack) home.Section{c.followSection(g)}
	store := me.Progress()
	store.Defer()
	first := t.size.within()
	err = ui.Run(ctx, ui.Options{Env: append([]string{}, t.env...), Input: in, Output: out, Mouse: true, Motion: kit.BasicMotion,
		Cols: first.w, Rows: first.h, FPS: fps, Pace: c.pace, Bounds: kit.Bounds{History: history, Waiting: mostWaiting}, Progress: store,
		Entered: g.at, Started: func(send func(tea.Msg)) { go resize(ctx, t.resizes, send) }},
		func(s *kit.ScreenStack) error {
			screens = s
			screens.Open(me.Home(screens, user.Changes{}))
			if c.stage.shows() {
				screens.Open(c.follow(g, screens))
			}
			return nil
		})
	if t.plain != nil {
		_ = store.Flush()
		why := ""
		if cause := context.Cause(ctx); ctx.Err() != nil && cause != nil && !errors.Is(cause, context.Canceled) && !errors.Is(cause, io.EOF) {
			why = kit.Capitalize(cause.Error()) + ".\r\n"
		}
		t.plain(why + g.file.takeHome())
	}
	return err
}

// resize tells a program of its terminal's sizes, a few times a second at most.
func resize(ctx context.Context, sizes <-chan size, send func(tea.Msg)) {
	for {
		select {
		case <-ctx.Done():
			return
		case s, ok := <-sizes:
			if !ok {
				return
			}
			s = s.within()
			send(tea.WindowSizeMsg{Width: s.w, Height: s.h})
			select {
			case <-ctx.Done():
			case <-time.After(time.Second / 8):
			}
		}
	}
}

// latest puts a size in a channel of one place, in the place of what waits there.
func latest(sizes chan size, s size) {
	for {
		select {
		case sizes <- s:
			return
		default:
		}
		select {
		case <-sizes:
		default:
		}
	}
}

// input reads what a guest types, no faster than a person does in the long run: what
// comes faster waits on the guest's side. It ends the guest's program when the
// connection has ended, or when nothing came for long.
type input struct {
	r     io.Reader
	stop  context.CancelCauseFunc
	idle  time.Duration
	timer *time.Timer
	left  float64 // bytes that may be read now
	last  time.Time
}

func newInput(r io.Reader, idle time.Duration, stop context.CancelCauseFunc) *input {
	i := &input{r: r, stop: stop, idle: idle, left: inputBurst, last: time.Now()}
	i.timer = time.AfterFunc(idle, func() { stop(fmt.Errorf("nothing was pressed for %s", idle)) })
	return i
}

func (i *input) close() { i.timer.Stop() }

func (i *input) Read(p []byte) (int, error) {
	now := time.Now()
	i.left = min(inputBurst, i.left+now.Sub(i.last).Seconds()*inputRate)
	i.last = now
	if i.left < 1 {
		time.Sleep(time.Second / 8)
		i.left += inputRate / 8
		i.last = time.Now()
	}
	n, err := i.r.Read(p[:min(len(p), max(1, int(i.left)))])
	i.left -= float64(n)
	if err != nil {
		i.stop(io.EOF)
	} else {
		i.timer.Reset(i.idle)
	}
	return n, err
}

// output sends a guest what their program draws. A guest who takes nothing for long is
// sent home.
type output struct {
	w    io.Writer
	slow func()
}

func (o *output) Write(p []byte) (int, error) {
	t := time.AfterFunc(patience, o.slow)
	defer t.Stop()
	return o.w.Write(p)
}
