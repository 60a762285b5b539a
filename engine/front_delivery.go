package engine

import (
	"cmp"
	"slices"
	"strconv"

	"esmlab/engine/rule"
	"esmlab/engine/setting"
)

// This file is how a topic, a bucket or a rule delivers to a queue: at once, again
// later while the queue does not answer, or to its DLQ.

// delivery is a message on its way from a topic, a bucket or a rule to a queue.
type delivery struct {
	sub         string // the id of the subscription
	n           int32  // the number of what was published
	tries       int32  // that were made
	first       Micros // when it was tried first
	waits       bool
	group, body string
	attributes  []Attribute
	by          rule.ID
}

// sendFront sends something to the queue of a subscription for the first time.
func (s *Sim) sendFront(fi int32, k int, d delivery) {
	d.sub = s.cfg.Fronts[fi].Sends[k].ID
	f := &s.fronts[fi]
	if s.cfg.Fronts[fi].FIFO { // what is behind in its order waits too
		for i := range f.waiting {
			if w := &f.waiting[i]; w.waits && w.sub == d.sub && w.group == d.group {
				s.keepDelivery(fi, d)
				return
			}
		}
	}
	s.deliverFront(fi, k, d)
}

// deliverNext delivers what waited behind a delivery in the order of its group.
func (s *Sim) deliverNext(fi int32, k int, d *delivery) {
	f, next := &s.fronts[fi], -1
	for i := range f.waiting {
		w := &f.waiting[i]
		if w.waits && w.sub == d.sub && w.group == d.group && (next < 0 || w.n < f.waiting[next].n) {
			next = i
		}
	}
	if next >= 0 {
		d := f.waiting[next]
		f.waiting[next] = delivery{}
		s.deliverFront(fi, k, d)
	}
}

// deliverFront makes one try.
func (s *Sim) deliverFront(fi int32, k int, d delivery) {
	c, f := &s.cfg.Fronts[fi], &s.fronts[fi]
	sub := &c.Sends[k]
	if d.tries++; d.tries > 1 {
		f.sends[k].Retried++
	}
	q := &s.Queues[s.rows[f.rows[k]].queue]
	why, by := WhySent, d.by
	switch {
	case sub.Denied != "":
		why, by = WhyPolicy, rule.FrontPolicy
	case q.removed:
		why, by = WhyNoQueue, rule.FrontGone
	case sub.Raw && len(d.attributes) > 10:
		why, by = WhyAttributes, rule.SnsAttributes
	case s.queueAway(s.rows[f.rows[k]].queue):
		why, by = WhyUnavailable, frontRetry[c.Kind]
		if s.nextDelivery(fi, &d) == Never {
			why = WhyTooOften
		}
	}
	if why == WhyUnavailable {
		if d.tries == 1 {
			s.emitFront(fi, k, d.n, why, by)
		}
		at := s.keepDelivery(fi, d)
		s.schedule(s.nextDelivery(fi, &d), s.nextDue(), task{kind: taskFront, a: fi, b: at})
		return
	}
	s.emitFront(fi, k, d.n, why, by)
	if dead := f.dead[k]; why == WhySent {
		s.putFront(f.rows[k], d.group, d.body, d.attributes)
	} else if dead >= 0 && !s.Queues[s.rows[dead].queue].removed {
		f.sends[k].Lost--
		s.emitFront(fi, k, d.n, WhyDead, rule.FrontDead)
		if c.Kind == FrontRule {
			d.attributes = s.deadAttributes(fi, k, &d, why)
		}
		s.putFront(dead, d.group, d.body, d.attributes)
	}
	if c.FIFO {
		s.deliverNext(fi, k, &d)
	}
}

// queueAway reports whether a queue does not answer what stands in front of it.
func (s *Sim) queueAway(qi int32) bool {
	return slices.ContainsFunc(s.cfg.Queues[qi].Away, func(a Span) bool { return a.From <= s.now && s.now < a.Until })
}

var frontRetry = [...]rule.ID{FrontTopic: rule.SnsRetry, FrontBucket: rule.S3Retry, FrontRule: rule.EbRetry}

// The limits of EventBridge's tries (EB-RETRY-1), and those of SNS (SNS-RETRY-1).
const (
	ruleRetries = 185
	ruleAge     = 24 * Hour
	topicTries  = 100_015
)

// topicBackoff are the ten waits of SNS that grow exponentially from 1 to 20 seconds
// (SNS-RETRY-1), each 20^(1/9) times the one before. AWS gives the first, the last and the
// form.
var topicBackoff = [...]Micros{Second, 1_395 * Millisecond, 1_946 * Millisecond, 2_714 * Millisecond, 3_786 * Millisecond,
	5_282 * Millisecond, 7_368 * Millisecond, 10_278 * Millisecond, 14_337 * Millisecond, 20 * Second}

// nextDelivery is when a delivery is tried again, Never if it is not.
func (s *Sim) nextDelivery(fi int32, d *delivery) Micros {
	if s.cfg.Fronts[fi].Kind != FrontTopic {
		at := s.now + min(Second<<min(d.tries-1, 9), 8*Minute)
		if retries, age := s.retryPolicy(fi, d); int(d.tries) > retries || at-d.first > age {
			return Never
		}
		return at
	}
	switch n := Micros(d.tries); {
	case n >= topicTries:
		return Never
	case n < 3: // they find what the first found
		return s.now
	case n < 5:
		return s.now + Second
	case n < 5+Micros(len(topicBackoff)):
		return s.now + topicBackoff[n-5]
	}
	return s.now + 20*Second
}

// retryPolicy is how many times and for how long a delivery of a bucket or a rule is
// tried again.
func (s *Sim) retryPolicy(fi int32, d *delivery) (retries int, age Micros) {
	retries, age = ruleRetries, ruleAge
	for i := range s.cfg.Fronts[fi].Sends {
		if sub := &s.cfg.Fronts[fi].Sends[i]; sub.ID == d.sub {
			if sub.Retries != nil {
				retries = *sub.Retries
			}
			return retries, cmp.Or(sub.RetryAge, age)
		}
	}
	return retries, age
}

// keepDelivery puts a delivery among those that wait, and says where.
func (s *Sim) keepDelivery(fi int32, d delivery) int32 {
	f := &s.fronts[fi]
	d.waits = true
	at := slices.IndexFunc(f.waiting, func(x delivery) bool { return !x.waits })
	if at < 0 {
		at = len(f.waiting)
		f.waiting = append(f.waiting, delivery{})
	}
	f.waiting[at] = d
	return int32(at)
}

// deliverAgain is the next try of a delivery. One of a subscription that a deployment
// has taken away ends there.
func (s *Sim) deliverAgain(t task) {
	f := &s.fronts[t.a]
	d := f.waiting[t.b]
	f.waiting[t.b] = delivery{}
	if k := slices.IndexFunc(s.cfg.Fronts[t.a].Sends, func(x Subscription) bool { return x.ID == d.sub }); k >= 0 {
		s.deliverFront(t.a, k, d)
	}
}

// deadAttributes are what EventBridge says in a DLQ about what it could not deliver
// (N-E11).
func (s *Sim) deadAttributes(fi int32, k int, d *delivery, why Why) []Attribute {
	c := &s.cfg.Fronts[fi]
	code := map[Why]string{WhyPolicy: "NO_PERMISSIONS", WhyNoQueue: "NO_RESOURCE"}[why]
	out := []Attribute{
		{"ERROR_CODE", "String", code},
		{"ERROR_MESSAGE", "String", why.String()},
		{"RULE_ARN", "String", c.ARN},
		{"TARGET_ARN", "String", s.cfg.Queues[s.rows[s.fronts[fi].rows[k]].queue].ARN},
	}
	if why != WhyTooOften {
		return out
	}
	out[0].Value = "INTERNAL_ERROR"
	condition := setting.MaximumRetryAttempts
	if retries, _ := s.retryPolicy(fi, d); int(d.tries) <= retries {
		condition = "MaximumEventAgeInSeconds"
	}
	return append(out, Attribute{"EXHAUSTED_RETRY_CONDITION", "String", condition}, Attribute{"RETRY_ATTEMPTS", "Number", strconv.Itoa(int(d.tries - 1))})
}

// FrontCounts are what became of what a topic, a bucket or a rule sent, by
// subscription, and how much it has published.
func (s *Sim) FrontCounts(i int) (published int, sends []FrontCounts) {
	return int(s.fronts[i].sent), s.fronts[i].sends
}

func cloneFronts(list []front) []front {
	c := slices.Clone(list) // their rows never change
	for i := range c {
		c[i].sends, c[i].waiting = slices.Clone(c[i].sends), slices.Clone(c[i].waiting)
	}
	return c
}
