package engine_test

import (
	"fmt"

	"esmlab/engine"
)

// handlers gives some of the functions a handler that does something, and adds the
// services that they call.
func (w *swarmWorld) handlers() {
	d := w.d
	for i := range d.n("services", 3) {
		id := fmt.Sprint("V", i)
		c := engine.ServiceConfig{ID: id, Takes: pick[engine.Micros](d, id+" takes", 0, 0, 1) * engine.Millisecond, Slows: pick(d, id+" slows", 0, 100)}
		for k := range d.n(id+" away", 3) {
			from := d.between(fmt.Sprint(id, " away ", k), 0, w.until)
			c.Away = append(c.Away, engine.Span{From: from, Until: min(w.until, from+d.between(fmt.Sprint(id, " away until ", k), 0, w.until/4)) + engine.Millisecond})
		}
		if d.one(id+" limit", 3) {
			c.Limit = d.span(id+" most", 1, 30)
		}
		if d.one(id+" breaker", 2) {
			c.Breaker = engine.Breaker{After: d.span(id+" after", 1, 5), For: d.between(id+" for", engine.Second, 30*engine.Second), Pauses: d.one(id+" pauses", 2)}
		}
		w.Services = append(w.Services, c)
	}
	for i := range w.Functions {
		f := &w.Functions[i]
		if !d.one(f.ID+" handler", 3) || !d.part(f.ID+".handler") {
			continue
		}
		h := &f.Handler
		h.Loop = engine.Loop(d.n(f.ID+" loop", len(engine.LoopNames)))
		h.Lenient, h.SkipGroup = d.one(f.ID+" lenient", 2), d.one(f.ID+" skips", 2)
		h.Parallel = pick(d, f.ID+" parallel", 0, 0, 1, 2, 10)
		for k := range d.n(f.ID+" acts", 4) {
			if name := fmt.Sprint(f.ID, ".act", k); d.part(name) {
				w.act(name, h)
			}
		}
		if d.one(f.ID+" once", 3) && d.part(f.ID+".once") {
			h.Once = engine.Once{Table: pick(d, f.ID+" table", "Seen", f.ID), By: engine.OnceBy(d.n(f.ID+" by", len(engine.OnceNames))), TTL: pick[engine.Micros](d, f.ID+" ttl", 5, 60, 3600) * engine.Second}
		}
	}
}

// act adds one thing that a handler does.
func (w *swarmWorld) act(name string, h *engine.Handler) {
	d := w.d
	a := engine.Act{Kind: engine.ActKind(d.span(name+" does", int(engine.ActVisibility), int(engine.ActCall))), Hits: engine.Fault{Until: engine.Never}}
	if d.one(name+" selects", 2) {
		a.Hits = w.fault(name + " hits")
	}
	switch a.Kind {
	case engine.ActVisibility:
		a.Visibility = pick[engine.Micros](d, name+" visibility", 0, 0, 1, 5, 30, 12*60*60) * engine.Second
		if a.Visibility > 0 && d.one(name+" beats", 2) {
			a.Every = pick[engine.Micros](d, name+" every", 20, 500, 2000) * engine.Millisecond
		}
	case engine.ActSend:
		ids := w.sourceIDs()
		if len(ids) == 0 {
			return
		}
		a.To, a.Key, a.Body = pick(d, name+" to", ids...), pick(d, name+" key", "", "k1", "sent"), `{"sent":{n}}`
	case engine.ActCall:
		if len(w.Services) == 0 {
			return
		}
		a.To = w.Services[d.n(name+" service", len(w.Services))].ID
	}
	h.Does = append(h.Does, a)
}

// feeds reports whether a handler sends what may come back to it, which then never
// ends, or calls a service that does not answer every call. An idempotent handler that
// works on several records of one key at a time fails on all but one, each time.
func (c *checker) feeds() bool {
	for _, f := range c.s.Config().Functions {
		if f.Handler.Once.Table != "" && f.Handler.Parallel > 1 {
			return true
		}
		for _, a := range f.Handler.Does {
			if a.Kind == engine.ActSend {
				return true
			}
			for _, v := range c.s.Config().Services {
				if a.Kind == engine.ActCall && v.ID == a.To && v.Limit > 0 {
					return true
				}
			}
		}
	}
	return false
}

// receivers adds consumers beside the mappings.
func (w *swarmWorld) receivers() {
	for i := range w.d.n("receivers", 4) {
		if name := fmt.Sprint("receiver", i); len(w.Queues) > 0 && w.d.one(name+" is there", 3) && w.d.part(name) {
			w.Receivers = append(w.Receivers, w.receiver(name, pick(w.d, name+" of", w.Queues...).ID))
		}
	}
}

func (w *swarmWorld) receiver(name, queue string) engine.Receiver {
	d := w.d
	from := d.between(name+" from", 0, w.until/2)
	r := engine.Receiver{Queue: queue, From: from, Until: from + d.between(name+" until", engine.Second, w.until/2), Every: d.between(name+" every", 0, 5*engine.Second),
		Count: d.span(name+" count", 1, 10), Takes: engine.Millisecond + d.between(name+" takes", 0, 10*engine.Second), Deletes: d.one(name+" deletes", 2)}
	if r.HasVisibility = d.one(name+" own visibility", 3); r.HasVisibility {
		r.Visibility = pick[engine.Micros](d, name+" visibility", 0, 5, 60) * engine.Second
	}
	return r
}

// producer makes some rows those of a producer that does more than put.
func (w *swarmWorld) producer(name string, row *engine.Traffic, stream int) {
	d := w.d
	if !d.one(name+" producer", 4) || !d.part(name+".producer") {
		return
	}
	row.Batch = pick(d, name+" batch", 0, 0, 1, 5, 10)
	if d.one(name+" fails", 2) {
		row.Fails = float64(d.n(name+" share", 60)) / 100
	}
	if d.one(name+" loses", 3) {
		row.Lost = float64(d.n(name+" lost", 60)) / 100
	}
	if d.one(name+" retries", 2) {
		row.Retry = engine.Retry{Times: d.span(name+" times", 1, 4), After: d.between(name+" after", 0, 2*engine.Second), Backoff: d.one(name+" backoff", 2), Whole: d.one(name+" whole", 3)}
	}
	if !row.AtOnce && d.one(name+" rates", 4) {
		row.Rates = []engine.Rate{{PerHour: int64(d.n(name+" rate", 5)) * 3600}, {At: 10 * engine.Second, PerHour: int64(d.n(name+" peak", 20)) * 3600}, {At: 20 * engine.Second, PerHour: 1800}}
		row.Repeat = pick[engine.Micros](d, name+" repeat", 0, 30) * engine.Second
	}
	if stream >= 0 && w.Streams[stream].Kind == engine.Kinesis && d.one(name+" aggregates", 6) {
		row.Aggregate = d.span(name+" aggregate", 1, 20)
	}
}
