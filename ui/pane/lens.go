package pane

import (
	"slices"

	"esmlab/engine"
)

// lastTold is the call whose messages are shown one by one: the last that failed, else the
// last one; of a poller, or of all if it is -1.
func (c *Ctx) lastTold(story *timeStory, poller int) (last *call) {
	for _, x := range story.calls {
		if poller >= 0 && int(x.poller) != poller {
			continue
		}
		if last == nil || x.failed || !last.failed {
			last = x
		}
	}
	return last
}

// lensFrom is how many times as long as the tale of a batch the axis is from which on the tale
// has an axis of its own: on the common one its calls could not be told apart.
const lensFrom = 4

// lens is the view of the tale of a batch, with an axis that begins and ends with the tale,
// and what its heading says; false where the common axis shows it well enough.
func (c *Ctx) lens(k *ViewState) (ViewState, string, bool) {
	story := c.recent()
	if k.Axis.Cells < 40 || len(story.calls) == 0 {
		return *k, "", false
	}
	from, to, head := c.S.Now(), engine.Micros(0), ""
	if c.OnQueue() {
		last := c.lastTold(story, c.pollerOf(k.Sel))
		if last == nil {
			return *k, "", false
		}
		in := func(id int32) bool { return slices.Contains(last.records, id) }
		for _, x := range story.calls {
			if slices.ContainsFunc(x.records, in) {
				from, to = min(from, x.from), max(to, x.to)
			}
		}
		for _, id := range last.records {
			switch m := c.S.Message(id); m.State {
			case engine.StateDone:
			case engine.StateDead:
				to = max(to, m.Since)
			default:
				to = c.S.Now()
			}
		}
		head = "batch " + itoa(int(last.batch))
	} else {
		shard, root := c.watched(story, k)
		if root == nil {
			return *k, "", false
		}
		from, to = root.from, min(root.ends(), c.S.Now())
		head = "batch " + itoa(int(root.number)) + " of shard " + itoa(shard)
	}
	a := k.Axis
	length := lensLength((to - from) * 5 / 4)
	if to <= from || lensFrom*length > a.To-a.From {
		return *k, "", false
	}
	a.From = from / (length / 10) * (length / 10)
	a.To = a.From + length
	out := *k
	out.Axis = a
	return out, head, true
}

// lensLength is the least of 0.1, 0.2, 0.5, 1 s and so on that is more than least.
func lensLength(least engine.Micros) engine.Micros {
	for _, n := range [...]engine.Micros{100, 200, 300, 500, 1000, 2000, 3000, 4000, 5000, 6000, 8000} {
		if n*engine.Millisecond > least {
			return n * engine.Millisecond
		}
	}
	return AxisLength(least)
}
