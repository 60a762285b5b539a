package finding

import (
	"fmt"

	"esmlab/engine"
)

// This file looks at where failures go that is not the mapping's own: what a function has
// for asynchronous invocations.

func (l *looker) asyncOnly() {
	for _, x := range l.t.AsyncOnly() {
		m := at(l.cfg.Mappings, func(m *engine.MappingConfig) bool { return m.ID == x.Mapping })
		if m == nil || l.function(x.Function) == nil {
			continue
		}
		right, fix := "OnFailure of the mapping "+x.Mapping, ""
		q := l.queue(m.Source)
		switch to := l.queue(x.To); {
		case q == nil && m.OnFailure == "":
			fix = l.onFailure(m, "MaximumRetryAttempts: 3")
		case q == nil:
		case q.DeadLetterQueue == "" && to != nil && to.ID != q.ID && to.FIFO == q.FIFO && l.t.Has(to.ID) && l.t.Has(q.ID):
			fix = l.property(q.ID, "RedrivePolicy: {deadLetterTargetArn: !GetAtt "+to.ID+".Arn, maxReceiveCount: 5}")
		}
		if q != nil {
			right = "a RedrivePolicy on " + q.ID
		}
		bites := fmt.Sprintf("function(%q).errors > 0", x.Function)
		if l.queue(x.To) != nil && x.To != m.Source {
			bites += fmt.Sprintf(" && queue(%q).sent == 0", x.To)
		}
		l.add(m, x.Node, Finding{On: x.Function,
			soft:     q == nil && m.OnFailure != "" || q != nil && q.DeadLetterQueue != "", // failures go somewhere
			Sentence: x.Property + " of " + x.Function + " catches asynchronous invocations only: " + x.Mapping + " invokes synchronously, and nothing of it gets there but what Lambda stops as a loop",
			Right:    right, Fix: fix,
			World: l.world(m, 10*engine.Minute, bites, "The function fails, and nothing arrives where its "+x.Property+" points.").
				puts(l, m, "at: 1s, count: 1").does(x.Function, "faults: [{how: error}]")})
	}
}

func (l *looker) ownDeadLetters() {
	for _, x := range l.t.AsyncOnly() {
		m := at(l.cfg.Mappings, func(m *engine.MappingConfig) bool { return m.ID == x.Mapping })
		if m == nil || x.To == "" || x.To != m.Source {
			continue
		}
		l.add(m, x.Node, Finding{On: x.Function,
			Sentence: x.Property + " of " + x.Function + " is " + x.To + ", the queue that it reads: what Lambda stops as a loop comes back there as a new message, and the loop begins again",
			Right:    "another queue",
			Fix:      l.otherDeadLetters(x.Function, x.Property),
			World: l.world(m, 10*engine.Minute, fmt.Sprintf("any(events(\"forward\"), .destination == %q) || any(events(\"forward-failed\"), .destination == %q)", x.To, x.To), "The function sends each message to its own queue. Lambda stops the loop, and sends what it stopped to the same queue.").
				puts(l, m, "at: 1s, count: 1").does(x.Function, "sends: "+x.To)})
	}
}

// keyDenied looks for sources whose key the role may not use.
func (l *looker) keyDenied() {
	l.mappings(func(m *engine.MappingConfig, f *engine.FunctionConfig, q *engine.QueueConfig, s *engine.StreamConfig) {
		for _, d := range m.Deny {
			if d.On != m.Source || d.On == "" || d.Action != "kms:Decrypt" { // other actions are what the handler does with the source
				continue
			}
			l.add(m, l.t.At(m.ID), Finding{On: m.ID,
				Sentence: "the role of " + m.Function + " may not " + d.Action + " with the key of " + m.Source + ": " + m.ID + " reads nothing, and nothing else reports it",
				Right:    d.Action + " for the role, on the key",
				Fix:      l.mayUse(m, d.Action),
				World:    l.world(m, engine.Minute, "len(events(\"denied\")) > 0", "The mapping asks for what is there, and is denied.").puts(l, m, "at: 1s, count: 1")})
			return
		}
	})
}

// twice looks for names that stand twice in a map.
func (l *looker) twice() {
	for _, d := range l.t.Doubled {
		l.add(nil, d.Last, Finding{On: d.Last.Value,
			Sentence: fmt.Sprintf("'%s' stands here a second time, first in line %d: CloudFormation takes the last one, and drops the first", d.Last.Value, d.First.Line),
			Right:    "each name once"})
	}
}
