package lab

import (
	"fmt"
	"strconv"

	tea "charm.land/bubbletea/v2"

	"esmlab/engine"
	"esmlab/engine/rule"
	"esmlab/engine/timeline"
	"esmlab/ui/kit"
	"esmlab/ui/pane"
)

// This file stops time shortly before something happens for the first time, and asks what
// it will be: who predicts learns more than who watches. What comes is found by running a
// copy of the simulation ahead, so the question is about this very run.

// foreseen is what a prediction can be about. Each is asked once in a run.
type foreseen uint8

const (
	firstFailure  foreseen = iota // a block, a split or a discard
	firstDiscard                  // after it was blocked, or split
	firstSplit                    // after a block
	triesAnew                     // of the halves of a split
	firstDelivery                 // to an on-failure destination
	firstHidden                   // what a failed batch's messages do
	secondReceive                 // of a message, or its move to the DLQ
	firstMove
	numForeseen
)

// prediction is a question about what comes next in the run.
type prediction struct {
	what    foreseen
	steps   int64 // of the engine: the last ones before it happens
	title   string
	options []string
	right   int
	why     string
	rule    rule.ID
	next    *prediction // what happens in the same step
	before  *prediction // that was asked just before, of the same step
	chosen  int
}

// predicting is whether predictions are asked for, and which were.
type predicting struct {
	on            bool
	asked         [numForeseen]bool
	told, correct int
}

// usePredict switches predictions on or off.
func (m *Lab) usePredict(on bool) tea.Cmd {
	m.predict = predicting{on: on}
	m.notice = "Predictions are off"
	if on {
		m.notice = "Predictions are on: time stops before the first block, split, discard, delivery, move and second delivery, and asks"
	}
	return nil
}

// mostAhead is how many steps a copy is run ahead at once.
const mostAhead = 20_000

// foresee looks whether something that is to be predicted happens up to an instant, or up
// to the next stop of a kind (0: none); nil: nothing does. What lies in the past of the run is
// known already.
func (m *Lab) foresee(to engine.Micros, stop timeline.Stop) *prediction {
	if !m.predict.on || m.o.Hide || m.tl.Ahead() {
		return nil
	}
	s := m.tl.Sim().Clone()
	s.Drain()
	for range mostAhead {
		if s.NextAt() > to || s.NextAt() == engine.Never {
			return nil
		}
		before := s.Steps()
		if !s.Step() {
			return nil
		}
		reached := timeline.Stop(0)
		events := s.Drain()
		var found, last *prediction
		for i := range events {
			reached |= timeline.StopOf(&events[i])
			p := m.question(s, &events[i])
			if p == nil || m.predict.asked[p.what] || last != nil && last.what == p.what {
				continue
			}
			if p.steps = before; found == nil {
				found = p
			} else {
				last.next = p
			}
			last = p
		}
		if found != nil {
			return found
		}
		if stop != 0 && reached&stop != 0 {
			return nil
		}
	}
	return nil
}

// question makes a prediction of an event that is about to happen; nil: there is none.
func (m *Lab) question(s *engine.Sim, e *engine.Event) *prediction {
	switch e.Kind {
	case engine.KindBlock, engine.KindBisect, engine.KindDiscard, engine.KindDeliver:
		return m.streamQuestion(s, e)
	case engine.KindReturn:
		if e.Outcome == engine.OutcomeError && e.Mapping >= 0 && s.QueueOf(int(e.Mapping)) >= 0 {
			q := s.Config().Queues[s.QueueOf(int(e.Mapping))].ID
			return &prediction{what: firstHidden, title: "A batch of " + kit.Count(len(e.Records), "message") + " of " + q + " fails now, with an exception. What becomes of its messages?",
				options: []string{"they are deleted all the same", "they stay hidden until their visibility timeout ends", "they are visible again at once", "they move to the dead-letter queue at once"}, right: 1,
				why: "Lambda deletes nothing of a batch that failed, and does nothing else either: the visibility timeout decides when they can be received again.", rule: rule.SqsFailed}
		}
	case engine.KindReceive:
		if len(e.Records) > 0 && s.Message(e.Records[0]).Receives == 2 {
			return m.againQuestion(s, e, secondReceive)
		}
	case engine.KindMove:
		return m.againQuestion(s, e, firstMove)
	}
	return nil
}

// againQuestion is about a message that has become visible once more.
func (m *Lab) againQuestion(s *engine.Sim, e *engine.Event, what foreseen) *prediction {
	if len(e.Records) == 0 || e.Queue < 0 {
		return nil
	}
	p := &prediction{what: what, title: "The visibility timeout of " + s.MessageLabel(e.Records[0]) + " has ended, and it was not deleted. What comes now?",
		options: []string{"it is received again, and its receive count grows", "it moves to the dead-letter queue", "it is deleted", "it waits behind the messages that came after it"}}
	if what == firstMove {
		p.right, p.rule = 1, rule.SqsMove
		p.why = "It was received maxReceiveCount times. The queue looks at that count when the message would be received once more, and moves it instead."
		return p
	}
	p.rule = rule.SqsVisible
	p.why = "A message that nobody deletes is received again, as long as its receive count is below maxReceiveCount."
	return p
}

// streamQuestion is about a batch of a shard that has failed.
func (m *Lab) streamQuestion(s *engine.Sim, e *engine.Event) *prediction {
	after := []string{"the batch is tried again, and all that come after it in the shard wait", "the batch is split in two, and each half is tried", "the batch is given up, and the shard goes on", "the record that failed is skipped, and the others are done"}
	p := &prediction{options: after, rule: e.Rule, title: fmt.Sprintf("A batch of shard %d has failed. What becomes of it?", e.Shard)}
	switch e.Kind {
	case engine.KindBlock:
		p.what, p.right = firstFailure, 0
		p.why = "A shard is read in order. The batch failed, nothing limits its tries yet, and nothing may overtake it."
	case engine.KindBisect:
		p.what, p.right = firstSplit, 1
		p.why = "BisectBatchOnFunctionError is on: a batch that fails is split before it is tried again."
		if m.predict.asked[firstSplit] {
			return &prediction{what: triesAnew, rule: rule.MapBisectCount, title: "The batch is split in two. How many tries does each half have?",
				options: []string{"what is left of the tries of the whole batch", "all of them: its count begins anew at 0", "one, and then it is given up"}, right: 1,
				why: "Each half begins with a retry count of its own."}
		}
	case engine.KindDiscard:
		p.what, p.right = firstDiscard, 2
		p.why = "A limit was reached (MaximumRetryAttempts or MaximumRecordAgeInSeconds): what is in the batch is given up as a whole."
	case engine.KindDeliver:
		id := s.Config().DestinationID(e.Queue)
		p.what, p.title = firstDelivery, "The records that were given up have "+id+" as their on-failure destination. What does it get?"
		p.options = []string{"the records themselves, with their data", "where the records are in the stream, and why they were given up", "nothing until somebody asks"}
		if p.right = 1; s.Config().Target(e.Queue) != nil && s.Config().Target(e.Queue).Bucket {
			p.right = 0
		}
		p.why = "A queue or a topic is told where they are and why; only an S3 bucket gets the data too."
	}
	return p
}

// ask stops time before what is foreseen, and asks.
func (m *Lab) askPrediction(p *prediction) tea.Cmd {
	m.predict.asked[p.what] = true
	for m.tl.Sim().Steps() < p.steps {
		if m.tl.Advance(engine.Never-1, 1) {
			break
		}
	}
	running := m.running
	cmd := m.setRunning(false)
	menu := &kit.Menu{Title: "Predict, at " + pane.Clock(m.tl.Now()), Intro: []string{p.title}}
	for i, o := range p.options {
		menu.Items = append(menu.Items, kit.Item{Key: strconv.Itoa(i + 1), Text: o})
	}
	menu.Items = append(menu.Items, kit.Item{Key: "0", Text: "don't know"})
	m.dialogs.Show(menu, func(r kit.Reply) tea.Cmd {
		p.chosen = r.Chosen
		if p.next != nil {
			m.running = running
			p.next.before = p
			return m.askPrediction(p.next)
		}
		m.answered(p)
		if running {
			return m.setRunning(true)
		}
		return nil
	})
	return cmd
}

// answered lets it happen, and says whether it was foreseen.
func (m *Lab) answered(p *prediction) {
	m.tl.Advance(engine.Never-1, 1)
	var body []kit.Para
	for ; p != nil; p = p.before {
		m.predict.told++
		words := "It is " + strconv.Itoa(p.right+1) + ": "
		switch {
		case p.chosen == p.right:
			m.predict.correct++
			words = "Yes: "
		case p.chosen < len(p.options) && p.chosen >= 0:
			words = "No, not " + strconv.Itoa(p.chosen+1) + ". " + words
		}
		text := words + p.options[p.right] + ". " + p.why
		if p.rule != "" {
			text += " (" + string(p.rule) + ")"
		}
		body = append([]kit.Para{{Text: text}}, body...)
	}
	m.notice = body[0].Text
	if len(body) > 1 || kit.Width(m.notice) > m.w-13 {
		m.dialogs.Show(&kit.Card{Title: fmt.Sprintf("%d of %d foreseen", m.predict.correct, m.predict.told), Body: body}, nil)
		m.notice = ""
	}
}
