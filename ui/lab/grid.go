package lab

import (
	"slices"

	tea "charm.land/bubbletea/v2"

	"esmlab/ui/kit"
	"esmlab/ui/pane"
)

// In a grid the arrows are the cursor's in both directions, and n goes to the next thing
// that is blocked: time waits until the cursor leaves it.

// grid gives the body of the pane with the cursor, and which of its things the cursor is
// on, if that pane is a grid; nil if not.
func (m *Lab) grid() (*pane.Body, int) {
	if m.focus == 0 || m.inset(m.focus) != nil {
		return nil, 0
	}
	b := m.body(m.ctx(), m.focus)
	if at := slices.Index(b.Subjects, b.Sel); b.Columns > 0 && at >= 0 {
		return &b, at
	}
	return nil, 0
}

// gridColumns is how many things of the pane with the cursor are side by side.
func (m *Lab) gridColumns() int {
	if b, _ := m.grid(); b != nil {
		return b.Columns
	}
	return 1
}

// across makes an action of time move the cursor in a grid instead, by so many things.
func (m *Lab) across(by int, otherwise kit.Binding) kit.Binding {
	return m.orInGrid(otherwise, func(b *pane.Body, at int) int { return at + by })
}

// toBlocked makes an action of time go to the next thing in a grid that is blocked, or
// to the one before.
func (m *Lab) toBlocked(by int, otherwise kit.Binding) kit.Binding {
	return m.orInGrid(otherwise, func(b *pane.Body, at int) int {
		c, n := m.ctx(), len(b.Subjects)
		for i := 1; i <= n; i++ {
			to := ((at+by*i)%n + n) % n
			if c.Hurts(b.Subjects[to]) {
				return to
			}
		}
		m.notice = "Nothing here is blocked"
		return at
	})
}

func (m *Lab) orInGrid(otherwise kit.Binding, to func(*pane.Body, int) int) kit.Binding {
	do := otherwise.Do
	otherwise.Do = func(inv kit.Invocation) tea.Cmd {
		b, at := m.grid()
		if b == nil {
			return do(inv)
		}
		m.views[m.focus].put(b.Subjects[max(0, min(len(b.Subjects)-1, to(b, at)))])
		return nil
	}
	return otherwise
}

// gridHints are what the footer says while the cursor is in a grid.
func (m *Lab) gridHints() []kit.Hint {
	if b, _ := m.grid(); b == nil {
		return nil
	}
	return []kit.Hint{kit.HintPair("prev", "next", "across"), kit.HintOf("cause", "next blocked"), kit.HintOf("back", "time")}
}
