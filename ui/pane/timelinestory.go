package pane

import (
	"slices"
	"strconv"

	"esmlab/engine"
)

// call is an invocation that began or ended among the recent events.
type call struct {
	batch, shard, poller int32
	from, to             engine.Micros
	runs, failed         bool
	records              []int32
	culprits             []int32
}

// batchNode is a batch of a stream and what it was split into.
type batchNode struct {
	number   int32
	records  []int32
	shard    int32
	from     engine.Micros // when it was closed, or split off
	depth    int
	last     bool // the last of the parts that it is one of
	parent   *batchNode
	parts    []*batchNode
	calls    []*call
	fate     string
	fateAt   engine.Micros
	finished bool
}

// story is what the recent events say about a mapping's calls and batches.
type timeStory struct {
	calls []*call
	roots []*batchNode // oldest first
}

// recent reads the newest events of the log.
func (c *Ctx) recent() *timeStory {
	if c.tale == nil {
		c.tale = c.readRecent()
	}
	return c.tale
}

func (c *Ctx) readRecent() *timeStory {
	log := c.History.Log
	log = log[max(0, len(log)-recentEvents):]
	out := &timeStory{}
	running := map[int32]*call{}
	nodes := map[int32]*batchNode{}
	var room []call // calls are made many at a time: a frame has few allocations
	add := func(x call) *call {
		if len(room) == cap(room) {
			room = make([]call, 0, 16)
		}
		room = append(room, x)
		out.calls = append(out.calls, &room[len(room)-1])
		return out.calls[len(out.calls)-1]
	}
	node := func(e *engine.Event) *batchNode {
		n := nodes[e.Batch]
		if n == nil && e.Batch > 0 && !c.OnQueue() {
			n = &batchNode{number: e.Batch, records: e.Records, shard: e.Shard, from: e.At}
			nodes[e.Batch] = n
			out.roots = append(out.roots, n)
		}
		return n
	}
	for i := range log {
		e := &log[i]
		if int(e.Mapping) != c.M {
			continue
		}
		switch e.Kind {
		case engine.KindBatch:
			node(e)
		case engine.KindInvoke:
			x := add(call{batch: e.Batch, shard: e.Shard, poller: e.Poller, from: e.At, to: c.S.Now(), runs: true, records: e.Records})
			running[e.Invocation] = x
			if n := node(e); n != nil {
				n.calls = append(n.calls, x)
			}
		case engine.KindReturn:
			x := running[e.Invocation]
			if x == nil { // it began before
				x = add(call{batch: e.Batch, shard: e.Shard, poller: e.Poller, from: e.At - e.At2, records: e.Records})
				if n := node(e); n != nil {
					n.calls = append(n.calls, x)
				}
			}
			x.to, x.runs, x.failed, x.culprits = e.At, false, e.Outcome != engine.OutcomeOK, e.Failed
			if n := nodes[e.Batch]; n != nil && !x.failed {
				n.fate, n.fateAt, n.finished = "done", e.At, true
			} else if n != nil && e.Outcome == engine.OutcomePartial {
				n.fate, n.fateAt = "partly done", e.At
			}
		case engine.KindBisect:
			n := node(e)
			if n == nil || e.Split() == nil {
				break
			}
			n.fate, n.fateAt, n.finished = "split "+brackets(e.Split().Into[0])+" "+brackets(e.Split().Into[1]), e.At, true
			for k, number := range e.Split().Batches {
				part := &batchNode{number: number, records: e.Split().Into[k], shard: e.Shard, from: e.At, depth: n.depth + 1, last: k == 1, parent: n}
				nodes[number] = part
				n.parts = append(n.parts, part)
			}
		case engine.KindDiscard:
			if n := node(e); n != nil {
				n.fate, n.fateAt, n.finished = "given up", e.At, true
			}
		}
	}
	return out
}

// brackets lists records: [18 22 23 24], many by the first and the last.
func brackets(list []int32) string {
	if len(list) > 6 {
		return "[" + itoa(int(list[0])) + " … " + itoa(int(list[len(list)-1])) + "]"
	}
	var out []byte
	for i, n := range list {
		if i > 0 {
			out = append(out, ' ')
		}
		out = strconv.AppendInt(out, int64(n), 10)
	}
	return "[" + string(out) + "]"
}

// walk goes through a tree from the top down.
func (n *batchNode) walk(see func(*batchNode)) {
	see(n)
	for _, p := range n.parts {
		p.walk(see)
	}
}

// failed tells whether an invocation with the batch or a part of it failed.
func (n *batchNode) failed() (bad bool) {
	n.walk(func(x *batchNode) {
		bad = bad || slices.ContainsFunc(x.calls, func(c *call) bool { return c.failed })
	})
	return bad
}

// ends is when nothing of the batch is left, Never before.
func (n *batchNode) ends() engine.Micros {
	end := engine.Micros(0)
	n.walk(func(x *batchNode) {
		switch {
		case !x.finished:
			end = engine.Never
		case len(x.parts) == 0:
			end = max(end, x.fateAt)
		}
	})
	return end
}
