package finding

import (
	"fmt"
	"slices"
	"strings"

	"esmlab/engine"
	"esmlab/engine/pattern"
	"esmlab/engine/setting"
)

// This file judges a queue by what its mapping needs. What comes from outside the template
// is not known.

// queues calls a function with each mapping of a queue of the template.
func (l *looker) queues(each func(m *engine.MappingConfig, f *engine.FunctionConfig, q *engine.QueueConfig)) {
	l.mappings(func(m *engine.MappingConfig, f *engine.FunctionConfig, q *engine.QueueConfig, _ *engine.StreamConfig) {
		if q != nil && l.t.Has(q.ID) {
			each(m, f, q)
		}
	})
}

// throttled is a world in which a function is throttled for so long, and nothing fails.
func (l *looker) throttled(m *engine.MappingConfig, f *engine.FunctionConfig, long engine.Micros, bites, watch string) *World {
	reserved := f.Reserved
	if reserved == 0 {
		reserved = -1
	}
	if q := l.queue(m.Source); q != nil {
		long += seconds(q.DelaySeconds)
	}
	w := l.world(m, long+engine.Minute, bites, watch).puts(l, m, "at: 1s, count: 1")
	if f.Managed != 0 { // reserved concurrency does not bound Managed Instances
		w.off = f.ID
		return w
	}
	w.at(long, "set: {"+f.ID+"."+setting.ReservedConcurrentExecutions+": "+itoa(reserved)+"}")
	w.set = slices.DeleteFunc(w.set, func(s string) bool { return strings.HasPrefix(s, f.ID+"."+setting.ReservedConcurrentExecutions) })
	return w.sets(f.ID+"."+setting.ReservedConcurrentExecutions, "0")
}

// hidden is how many seconds pass at most between two receives of a message that fails.
func hidden(m *engine.MappingConfig, q *engine.QueueConfig) int {
	return max(1, q.VisibilityTimeout+m.MaximumBatchingWindowInSeconds)
}

// tooOld tells whether a message that fails expires before its dead-letter queue takes it.
func tooOld(m *engine.MappingConfig, q *engine.QueueConfig) bool {
	return q.DeadLetterQueue != "" && q.DelaySeconds+q.MaxReceiveCount*q.VisibilityTimeout >= q.MessageRetentionPeriod
}

func (l *looker) expires() {
	l.queues(func(m *engine.MappingConfig, f *engine.FunctionConfig, q *engine.QueueConfig) {
		if !tooOld(m, q) {
			return
		}
		long := q.DelaySeconds + q.MaxReceiveCount*hidden(m, q)
		fix := "MessageRetentionPeriod: 345600"
		if long >= 345600 {
			fix = "MessageRetentionPeriod: 1209600"
		}
		if long >= 1209600 {
			fix = "VisibilityTimeout: " + itoa(max(1, 345600/q.MaxReceiveCount))
		}
		l.add(m, l.t.At(q.ID, setting.MessageRetentionPeriod), Finding{On: q.ID,
			Sentence: fmt.Sprintf("%s keeps a message for %s s, and one that fails goes to %s after %s s at the earliest: it expires before, and nothing is left of it", q.ID,
				engine.Thousands(q.MessageRetentionPeriod), q.DeadLetterQueue, engine.Thousands(q.DelaySeconds+q.MaxReceiveCount*q.VisibilityTimeout)),
			Right: "a MessageRetentionPeriod longer than maxReceiveCount x VisibilityTimeout", Fix: l.property(q.ID, fix),
			World: l.world(m, seconds(q.MessageRetentionPeriod+60), fmt.Sprintf("queue(%q).expired > 0 && queue(%q).sent == 0", q.ID, q.DeadLetterQueue),
				"One message fails each time. It expires, and never reaches "+q.DeadLetterQueue+".").
				puts(l, m, "at: 1s, count: 1").does(f.ID, "faults: [{how: error}]")})
	})
}

func (l *looker) visibility() {
	l.queues(func(m *engine.MappingConfig, f *engine.FunctionConfig, q *engine.QueueConfig) {
		timeout := int(f.Timeout / engine.Second)
		want := min(6*timeout+m.MaximumBatchingWindowInSeconds, setting.Find(setting.OfQueue, setting.Any, setting.VisibilityTimeout).Max)
		if q.VisibilityTimeout >= want || q.MessageRetentionPeriod <= q.DelaySeconds+hidden(m, q) {
			return
		}
		sum := "6 x " + itoa(timeout)
		if m.MaximumBatchingWindowInSeconds > 0 {
			sum += " + " + itoa(m.MaximumBatchingWindowInSeconds)
		}
		bites, watch := l.nth(m, 1)+".receives > 1", "it is received a second time, and nothing has failed."
		if q.DeadLetterQueue != "" && q.MaxReceiveCount == 1 {
			bites, watch = l.nth(m, 1)+".state == \"dead\"", "it has been received once, which is all that its queue allows, and goes to "+q.DeadLetterQueue+". Nothing has failed."
		}
		l.add(m, l.t.At(q.ID, setting.VisibilityTimeout), Finding{On: q.ID,
			Sentence: fmt.Sprintf("%s hides messages for %d s while %s may run %d s: a throttled batch has too little time to be tried again before its messages come back and count as received once more", q.ID, q.VisibilityTimeout, f.ID, timeout),
			Right:    "VisibilityTimeout: " + itoa(want) + " or more (" + sum + ")",
			Fix:      l.property(q.ID, "VisibilityTimeout: "+itoa(want)),
			World: l.throttled(m, f, seconds(q.VisibilityTimeout+2+m.MaximumBatchingWindowInSeconds), bites,
				"The function is throttled for a while. The message comes back before its batch was tried again: "+watch)})
	})
}

func (l *looker) noDeadLetters() {
	l.queues(func(m *engine.MappingConfig, f *engine.FunctionConfig, q *engine.QueueConfig) {
		if q.DeadLetterQueue != "" || l.takesFailures(q.ID) {
			return
		}
		sentence := q.ID + " has no dead-letter queue: a message that always fails is received again and again until its retention ends, and then nothing is left of it"
		fifo := ""
		if q.FIFO {
			fifo = ", FifoQueue: true"
			sentence = q.ID + " has no dead-letter queue: a message that always fails holds up its message group until its retention ends, and then nothing is left of it. A dead-letter queue frees the group, and breaks its order"
		}
		id := l.free(q.ID + "Dead")
		bites, length := fmt.Sprintf("queue(%q).expired > 0", q.ID), seconds(q.MessageRetentionPeriod+60)
		if q.MessageRetentionPeriod/max(1, q.VisibilityTimeout) > 20000 { // too long to watch
			bites, length = l.nth(m, 1)+".receives > 1000", seconds(1002*hidden(m, q)+60)
		}
		l.add(m, l.t.At(q.ID), Finding{On: q.ID, Sentence: sentence,
			Right: "a RedrivePolicy with deadLetterTargetArn and maxReceiveCount",
			Fix: joined(resource(id, "{Type: AWS::SQS::Queue, Properties: {MessageRetentionPeriod: 1209600"+fifo+"}}"),
				l.property(q.ID, "RedrivePolicy: {deadLetterTargetArn: !GetAtt "+id+".Arn, maxReceiveCount: 5}")),
			World: l.world(m, length, bites, "One message fails each time. It comes back whenever its visibility timeout ends, and is gone when its retention does.").
				puts(l, m, "at: 1s, count: 1").does(f.ID, "faults: [{how: error}]")})
	})
}

func (l *looker) fewReceives() {
	l.queues(func(m *engine.MappingConfig, f *engine.FunctionConfig, q *engine.QueueConfig) {
		if q.DeadLetterQueue == "" || q.MaxReceiveCount >= 5 || tooOld(m, q) {
			return
		}
		receives := "receives"
		if q.MaxReceiveCount == 1 {
			receives = "receive"
		}
		long := seconds(q.MaxReceiveCount*(q.VisibilityTimeout+m.MaximumBatchingWindowInSeconds) + 3)
		l.add(m, l.t.At(q.ID, setting.RedrivePolicy, setting.MaxReceiveCount), Finding{On: q.ID,
			Sentence: fmt.Sprintf("a message of %s goes to %s after %d %s: a throttled batch counts as received too, so good messages may end there", q.ID, q.DeadLetterQueue, q.MaxReceiveCount, receives),
			Right:    "maxReceiveCount: 5 or more",
			Fix:      l.redrive(q, "maxReceiveCount: 5"),
			World: l.throttled(m, f, long, fmt.Sprintf("%s.state == \"dead\" && function(%q).errors == 0", l.nth(m, 1), f.ID),
				"The function is throttled for a while. A good message is received a few times, never handed over, and moved to the dead-letter queue.")})
	})
}

// filteredAway looks for mappings with filters on a dead-letter queue: what they drop is
// deleted, and it had failed already.
func (l *looker) filteredAway() {
	l.queues(func(m *engine.MappingConfig, f *engine.FunctionConfig, q *engine.QueueConfig) {
		source := at(l.cfg.Queues, func(s *engine.QueueConfig) bool { return s.DeadLetterQueue == q.ID })
		if m.FilterCriteria == nil || source == nil {
			return
		}
		message := pattern.SQS(map[string]any{}, `{"other":true}`)
		if m.FilterCriteria.Passes(&message) {
			return
		}
		w := l.world(nil, engine.Minute+l.late(m), fmt.Sprintf("mapping(%q).FilteredOutEventCount > 0", m.ID), "A message that "+m.ID+" does not want arrives in the dead-letter queue. It is deleted.")
		keys := ""
		if q.FIFO {
			keys = ", keys: [g]"
		}
		w.traffic = []string{"{to: " + q.ID + ", at: 1s, count: 1" + keys + `, body: '{"other":true}'}`}
		l.add(m, l.t.At(m.ID, setting.FilterCriteria), Finding{On: m.ID,
			Sentence: q.ID + " keeps what " + source.ID + " could not process, and the filter of " + m.ID + " deletes there what it drops: those failures are gone, and nothing says so",
			Right:    "no filter on a dead-letter queue: the handler decides", Fix: l.parameter(m, setting.FilterCriteria+noValue), World: w})
	})
}

// redrive is a fragment that changes a queue's RedrivePolicy.
func (l *looker) redrive(q *engine.QueueConfig, line string) string {
	if v := l.t.Property(q.ID, setting.RedrivePolicy); v == nil || len(v.Fields) == 0 {
		return ""
	}
	return fragment([]string{"Resources", q.ID, "Properties", setting.RedrivePolicy}, line)
}

func (l *looker) deadLetterRetention() {
	l.queues(func(m *engine.MappingConfig, f *engine.FunctionConfig, q *engine.QueueConfig) {
		d := l.queue(q.DeadLetterQueue)
		if d == nil || d.FIFO || d.MessageRetentionPeriod > q.MessageRetentionPeriod || !l.t.Has(d.ID) || tooOld(m, q) {
			return
		}
		sentence, soft := "messages keep their age when they go from "+q.ID+" to "+d.ID+", which keeps them for less time: they may expire as soon as they arrive", false
		if d.MessageRetentionPeriod == q.MessageRetentionPeriod {
			sentence = "messages keep their age when they go from " + q.ID + " to " + d.ID + ", which keeps them no longer than " + q.ID + ": one that has waited for long expires soon after it arrives"
			soft = true
		}
		fix := l.property(d.ID, "MessageRetentionPeriod: 1209600")
		if q.MessageRetentionPeriod >= 1209600 {
			fix = joined(fix, l.property(q.ID, "MessageRetentionPeriod: 345600"))
		}
		length := seconds(max(d.MessageRetentionPeriod, (q.MaxReceiveCount+1)*hidden(m, q)) + 60)
		w := l.world(m, length, fmt.Sprintf("queue(%q).expired > 0", d.ID),
			"A message fails, moves to the dead-letter queue, and expires there by the age that it has had since it was sent.").
			puts(l, m, "at: 1s, count: 1").does(f.ID, "faults: [{how: error}]")
		l.unread(w, d.ID)
		l.add(m, l.t.At(d.ID, setting.MessageRetentionPeriod), Finding{On: d.ID, soft: soft, Sentence: sentence,
			Right: "MessageRetentionPeriod longer than that of " + q.ID, Fix: fix, World: w})
	})
}

func (l *looker) fifoDeadLetters() {
	l.queues(func(m *engine.MappingConfig, f *engine.FunctionConfig, q *engine.QueueConfig) {
		if !q.FIFO || q.DeadLetterQueue == "" || tooOld(m, q) {
			return
		}
		w := l.world(m, seconds((q.MaxReceiveCount+2)*hidden(m, q)+60), fmt.Sprintf("%s.state == \"dead\" && %s.state == \"done\"", l.nth(m, 1), l.nth(m, 2)),
			"The first message of a group fails each time. When it has moved to the dead-letter queue, the second one is processed.").
			puts(l, m, "at: 1s, count: 1, keys: [g]").puts(l, m, "at: 1.05s, count: 1, keys: [g]").
			does(f.ID, "faults: [{how: error, records: ["+l.label(m, 1)+"]}]")
		l.unread(w, q.DeadLetterQueue)
		l.add(m, l.t.At(q.ID, setting.RedrivePolicy), Finding{On: q.ID,
			Sentence: "a message of " + q.ID + " that fails goes to " + q.DeadLetterQueue + ", and those behind it in its group go on without it: their order is broken. Without a dead-letter queue it would hold them up until it expires",
			Right:    "no RedrivePolicy where order counts for more than going on; else a handler that copes with a gap",
			Fix:      l.property(q.ID, setting.RedrivePolicy+noValue), World: w})
	})
}

// unwatched looks for queues that failures go to, which nothing reads and no alarm names.
func (l *looker) unwatched() {
	var alarms []string
	for _, r := range l.t.Resources("AWS::CloudWatch::Alarm", "AWS::CloudWatch::CompositeAlarm") {
		alarms = append(alarms, l.t.Raw(r.Node).JSON())
	}
	watched := func(id string) bool {
		q := l.queue(id)
		return q == nil || !l.t.Has(id) || len(l.readers(id)) > 0 ||
			slices.ContainsFunc(alarms, func(a string) bool { return strings.Contains(a, id) || strings.Contains(a, q.Name) })
	}
	l.mappings(func(m *engine.MappingConfig, f *engine.FunctionConfig, q *engine.QueueConfig, s *engine.StreamConfig) {
		to, length := m.OnFailure, engine.Hour
		if q != nil {
			to, length = q.DeadLetterQueue, seconds((q.MaxReceiveCount+2)*hidden(m, q)+60)
		}
		// SQS moves to a dead-letter queue by itself: what the handler may send there says nothing.
		if d := l.queue(to); s != nil && d != nil && d.FIFO { // nothing arrives there
			return
		}
		denied := s != nil && slices.ContainsFunc(m.Deny, func(d engine.Denial) bool { return d.On == to })
		if to == "" || denied || watched(to) || q != nil && tooOld(m, q) {
			return
		}
		w := l.world(m, length, fmt.Sprintf("queue(%q).visible > 0", to), "A message arrives here, and stays: nothing reads it, and nobody is told.").
			puts(l, m, "at: 1s, count: 1").does(f.ID, "faults: [{how: error}]")
		if s != nil {
			w.sets(m.ID+"."+setting.MaximumRetryAttempts, "1")
		}
		alarm := l.free(to + "Alarm")
		l.add(m, l.t.At(to), Finding{On: to,
			Sentence: "nothing reads " + to + ", and no alarm of the template looks at it: failures arrive there and nobody is told",
			Right:    "an alarm on ApproximateNumberOfMessagesVisible of " + to + ", or one outside of the template",
			Fix: fragment([]string{"Resources", alarm}, "Type: AWS::CloudWatch::Alarm", "Properties:\n  Namespace: AWS/SQS\n  MetricName: ApproximateNumberOfMessagesVisible\n  Dimensions: [{Name: QueueName, Value: !GetAtt "+to+".QueueName}]\n"+
				"  Statistic: Maximum\n  Period: 60\n  EvaluationPeriods: 1\n  Threshold: 0\n  ComparisonOperator: GreaterThanThreshold"),
			World: w})
	})
}

func (l *looker) shared() {
	for i := range l.cfg.Queues {
		q := &l.cfg.Queues[i]
		var ids []string
		var both []*engine.MappingConfig
		for _, m := range l.readers(q.ID) {
			if f := l.function(m.Function); f != nil && f.Reserved != 0 && m.FilterCriteria == nil { // else filters-share-queue
				ids, both = append(ids, m.ID), append(both, m)
			}
		}
		if len(both) < 2 {
			continue
		}
		last := both[len(both)-1]
		w := l.world(nil, engine.Minute+max(l.late(both[0]), l.late(both[1])), fmt.Sprintf("mapping(%q).InvokedEventCount > 0 && mapping(%q).InvokedEventCount > 0", both[0].ID, both[1].ID),
			"Messages arrive: some go to one mapping, the others to the other.").puts(l, both[0], "at: 1s, count: 100, keys: 50")
		l.add(nil, l.t.At(last.ID), Finding{On: q.ID,
			Sentence: strings.Join(ids[:len(ids)-1], ", ") + " and " + last.ID + " all read " + q.ID + ": they compete, and each message goes to one of them only",
			Right:    "a queue for each, with an SNS topic in front that sends to all", Fix: l.apart(last, q), World: w})
	}
}

// apart is a fragment that gives a mapping a queue of its own.
func (l *looker) apart(m *engine.MappingConfig, q *engine.QueueConfig) string {
	id := l.free(q.ID + m.Function)
	field := "EventSourceArn"
	if l.sam(m) {
		field = "Queue"
	}
	fifo := ""
	if q.FIFO {
		fifo = ", FifoQueue: true"
	}
	return joined(resource(id, "{Type: AWS::SQS::Queue, Properties: {VisibilityTimeout: "+itoa(q.VisibilityTimeout)+fifo+"}}"), l.parameter(m, field+": !GetAtt "+id+".Arn"))
}

// pairs calls a function with each two enabled mappings of a queue.
func (l *looker) pairs(each func(a, b *engine.MappingConfig, q *engine.QueueConfig)) {
	for i := range l.cfg.Queues {
		q := &l.cfg.Queues[i]
		readers := l.readers(q.ID)
		for k, b := range readers {
			for _, a := range readers[:k] {
				if l.function(a.Function) != nil && l.function(b.Function) != nil {
					each(a, b, q)
				}
			}
		}
	}
}
