package engine

import "slices"

// Thresholds of fair queues (Q-FQ3, Q-FQ5).
const (
	noisyInFlight = 30
	noisyPercent  = 10
	busyHalfLife  = Minute     // recent use of tenants is halved each minute
	quietAfter    = 5 * Minute // after that long without messages in flight all are quiet again
)

// nextFair returns the message of a standard queue with tenants that is
// received next: the oldest of all quiet tenants, else the oldest of the noisy
// tenant with the fewest in flight. plain is the oldest message without a
// group, -1 if there is none.
func (s *Sim) nextFair(q *Queue, plain int32) int32 {
	best, quiet := plain, plain >= 0
	var order int64
	if quiet {
		order = s.msg(plain).order
	}
	fewest, passed := int32(0), int64(1)<<62
	q.visibleGroups = slices.DeleteFunc(q.visibleGroups, func(gi GroupID) bool {
		g := &s.Groups[gi]
		g.listed = g.Visible > 0
		return !g.listed
	})
	for _, gi := range q.visibleGroups {
		g := &s.Groups[gi]
		id := g.waiting.head
		for id >= 0 && s.msg(id).State == StateDelayed {
			id = s.msg(id).next
		}
		if id < 0 {
			continue
		}
		at := s.msg(id).order
		noisy := s.Noisy(q, g)
		if noisy {
			passed = min(passed, at)
		}
		switch {
		case !noisy && (!quiet || at < order):
			best, quiet, order = id, true, at
		case noisy && !quiet && (best < 0 || g.InFlight < fewest || g.InFlight == fewest && at < order):
			best, fewest, order = id, g.InFlight, at
		}
	}
	q.passedOver = q.passedOver || quiet && passed < order
	return best
}

// Noisy reports whether a tenant of a fair queue uses so much of it that others
// are served first (Q-FQ3).
func (s *Sim) Noisy(q *Queue, g *Group) bool {
	if q.FIFO {
		return false
	}
	if g.InFlight >= noisyInFlight && int64(g.InFlight)*100 > noisyPercent*int64(q.InFlight) {
		return true
	}
	if q.InFlight == 0 && s.now-q.busyAt >= quietAfter {
		return false
	}
	return g.busy*100 > noisyPercent*q.busy && g.busy > busyHalfLife
}

// countBusy adds the time that a message of a tenant was in flight.
func (s *Sim) countBusy(q *Queue, g *Group, m *Message) {
	for q.busyAt+busyHalfLife <= s.now && q.busy > 0 {
		q.busyAt += busyHalfLife
		q.busy /= 2
		for _, gi := range q.Groups {
			s.Groups[gi].busy /= 2
		}
	}
	if q.busy == 0 {
		q.busyAt = s.now
	}
	took := s.now - (m.Until - Micros(q.VisibilityTimeout)*Second)
	took = max(0, took)
	g.busy += took
	q.busy += took
}
