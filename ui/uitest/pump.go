// Package uitest drives the program's model in tests as Bubble Tea does, but one
// message at a time: commands run beside Update and never within it, and their
// messages are taken before the next key.
package uitest

import (
	"sync"
	"sync/atomic"
	"testing/synctest"
	"time"

	tea "charm.land/bubbletea/v2"
)

// Pump sends messages to a model and runs its commands. It belongs in a bubble of
// testing/synctest, whose clock it moves.
type Pump struct {
	m      tea.Model
	inside atomic.Bool
	quit   bool

	mu   sync.Mutex
	msgs []tea.Msg // of commands, not taken yet
}

// New begins with a model.
func New(m tea.Model) *Pump {
	p := &Pump{m: m}
	p.start(m.Init())
	p.settle()
	return p
}

// Inside tells whether Update or View is running.
func (p *Pump) Inside() bool { return p.inside.Load() }

// Quit tells whether the program has ended.
func (p *Pump) Quit() bool { return p.quit }

// Send gives a message to the model, and all that follows from it without any
// time passing.
func (p *Pump) Send(msg tea.Msg) {
	p.update(msg)
	p.settle()
}

// Sleep lets time pass.
func (p *Pump) Sleep(d time.Duration) {
	time.Sleep(d)
	p.settle()
}

// View draws the frame.
func (p *Pump) View() string {
	p.inside.Store(true)
	defer p.inside.Store(false)
	return p.m.View().Content
}

// Close lets commands that wait for the clock end.
func (p *Pump) Close() {
	p.quit = true
	time.Sleep(time.Minute)
}

func (p *Pump) update(msg tea.Msg) {
	if p.quit {
		return
	}
	p.inside.Store(true)
	_, cmd := p.m.Update(msg)
	p.inside.Store(false)
	p.start(cmd)
}

// start runs a command in a goroutine of its own.
func (p *Pump) start(cmd tea.Cmd) {
	if cmd == nil {
		return
	}
	go func() {
		msg := cmd()
		p.mu.Lock()
		defer p.mu.Unlock()
		p.msgs = append(p.msgs, msg)
	}()
}

// settle takes the messages of commands until all that run wait for something.
func (p *Pump) settle() {
	for {
		synctest.Wait()
		p.mu.Lock()
		msgs := p.msgs
		p.msgs = nil
		p.mu.Unlock()
		if len(msgs) == 0 {
			return
		}
		for _, msg := range msgs {
			switch msg := msg.(type) {
			case nil:
			case tea.QuitMsg:
				p.quit = true
			case tea.BatchMsg:
				for _, cmd := range msg {
					p.start(cmd)
				}
			default:
				synctest.Wait() // no command runs while Update does
				p.update(msg)
			}
		}
	}
}
