package lessons

// solve reaches the goal by the lesson's own solution.
func (p *Player) solve() {
	for _, c := range p.Step().Solution {
		p.tl.Do(c)
	}
	p.advanceTo(p.marks[p.at].at + p.Step().Within)
}

// HidesCause reports whether the lesson is an incident whose cause has not been found yet.
func (p *Player) HidesCause() bool {
	if !p.Lesson.Hides("faults") || p.finished {
		return false
	}
	kind := p.Step().Kind
	return kind != Explain && (kind != Do || !p.done)
}

// Hint shows one more hint; it returns false if all have been shown.
func (p *Player) Hint() bool {
	if p.Step().Kind != Do || p.done || p.hints == len(p.Step().Hints) {
		return false
	}
	p.hints++
	return true
}

// HintsLeft counts the hints not shown yet.
func (p *Player) HintsLeft() int {
	if p.Step().Kind != Do || p.done {
		return 0
	}
	return len(p.Step().Hints) - p.hints
}

// Unmet are the indexes of the conditions that do not hold now.
func (p *Player) Unmet() []int {
	var out []int
	for i, c := range p.Step().Goal {
		if ok, _ := p.eval.holds(c.That); !ok {
			out = append(out, i)
		}
	}
	return out
}

func (p *Player) reached() bool {
	for _, c := range p.Step().Goal {
		if ok, _ := p.eval.holds(c.That); !ok {
			return false
		}
	}
	return true
}
