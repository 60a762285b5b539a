package scenario

import (
	"cmp"
	"math"
	"slices"

	"esmlab/engine"
	"esmlab/engine/cost"
	"esmlab/engine/query"
)

// Runner runs a scenario without a screen, instant by instant, and judges its
// expectations on the way.
type Runner struct {
	Scenario *Scenario
	Sim      *engine.Sim
	World    *query.World
	// Course carries out commands on the way (timeline.Follow); nil: there are none but
	// the scenario's own.
	Course Course
	// Until is where the run ends, if not at the scenario's end; 0: there.
	Until engine.Micros
	// OnEvents gets the events of each instant, in order; they may not be kept.
	OnEvents func(s *engine.Sim, events []engine.Event)
	Results  []Result
	// Stopped tells that stopWhen came true, and ended the run. StopError is
	// what went wrong when it was asked last, nil where it had an answer.
	Stopped   bool
	StopError error

	stopWhen *query.Query
	buf      []engine.Event
	done     bool
	began    bool
}

// Course drives a simulation through commands in their places.
type Course interface {
	NextAt() engine.Micros // of the next task or command
	RunUntil(at engine.Micros)
}

// Result is what came of one expectation. OK is nil where the run ended before
// the expectation was due: it does not count.
type Result struct {
	At    float64      `json:"at"`
	That  string       `json:"that"`
	OK    *bool        `json:"ok"`
	Error string       `json:"error,omitempty"`
	Saw   []query.Seen `json:"saw,omitempty"`
}

// NewRunner makes a runner; stopWhen may be nil. Asked are further questions
// that its World will be asked.
func NewRunner(sc *Scenario, stopWhen *query.Query, asked ...*query.Query) (*Runner, error) {
	s, err := engine.New(sc.Config)
	if err != nil {
		return nil, err
	}
	qs := append([]*query.Query{stopWhen}, asked...)
	for _, e := range sc.Expect {
		qs = append(qs, e.Query)
	}
	r := &Runner{Scenario: sc, Sim: s, World: query.NewWorld(s, qs...), stopWhen: stopWhen, Results: make([]Result, len(sc.Expect))}
	for i, e := range sc.Expect {
		r.Results[i] = Result{At: r.due(e).Seconds(), That: e.That}
	}
	return r, nil
}

// due is when an expectation is judged at the latest.
func (r *Runner) due(e Expect) engine.Micros {
	switch {
	case e.HasAt:
		return e.At
	case e.HasBy:
		return e.By
	}
	return r.Scenario.Config.For
}

// End is the last instant of the run.
func (r *Runner) End() engine.Micros { return cmp.Or(r.Until, r.Scenario.Config.For) }

// Advance runs up to and including an instant, at most to the end. It gives
// false when the run is over.
func (r *Runner) Advance(until engine.Micros) bool {
	until = min(until, r.End())
	for !r.done {
		next := r.next()
		if next > until {
			break
		}
		if r.Course != nil {
			r.Course.RunUntil(next)
		} else {
			r.Sim.RunUntil(next)
		}
		r.buf = r.Sim.DrainInto(r.buf)
		if len(r.buf) > 0 {
			r.World.Observe(r.buf)
			if r.OnEvents != nil {
				r.OnEvents(r.Sim, r.buf)
			}
		}
		r.began = true
		r.judge(next)
		if next >= r.End() {
			r.done = true
		}
	}
	return !r.done
}

// next is the next instant at which something happens or is judged.
func (r *Runner) next() engine.Micros {
	next := r.End()
	at := r.Sim.NextAt()
	if r.Course != nil {
		at = r.Course.NextAt()
	}
	if at < next && (at > r.Sim.Now() || !r.began) {
		next = at
	}
	for i, e := range r.Scenario.Expect {
		if due := r.due(e); r.Results[i].OK == nil && due < next && (due > r.Sim.Now() || !r.began) {
			next = due
		}
	}
	return next
}

// judge asks what is due at an instant, after everything else there.
func (r *Runner) judge(now engine.Micros) {
	for i, e := range r.Scenario.Expect {
		res := &r.Results[i]
		if res.OK != nil {
			continue
		}
		due := r.due(e)
		switch {
		case e.Always, e.HasBy && now <= due, now == due:
		default:
			continue
		}
		ok, err := e.Query.Eval(r.World)
		switch {
		case e.Always && ok && err == nil:
			if now >= r.End() {
				r.settle(res, e, true, nil)
			}
		case e.Always:
			res.At = now.Seconds()
			r.settle(res, e, false, err)
		case e.HasBy && ok && err == nil:
			res.At = now.Seconds()
			r.settle(res, e, true, nil)
		case e.HasBy && now < due:
		default:
			r.settle(res, e, ok, err)
		}
	}
	if r.stopWhen != nil {
		ok, err := r.stopWhen.Eval(r.World)
		if r.StopError = err; ok && err == nil {
			r.Stopped, r.done = true, true
			for i, e := range r.Scenario.Expect { // what held always held up to here
				if res := &r.Results[i]; e.Always && res.OK == nil {
					r.settle(res, e, true, nil)
				}
			}
		}
	}
}

func (r *Runner) settle(res *Result, e Expect, ok bool, err error) {
	ok = ok && err == nil
	res.OK = &ok
	if err != nil {
		res.Error = err.Error()
	}
	if !ok {
		res.Saw = e.Query.Saw(r.World)
	}
}

// Failed counts the expectations that do not hold.
func (r *Runner) Failed() int {
	n := 0
	for _, res := range r.Results {
		if res.OK != nil && !*res.OK {
			n++
		}
	}
	return n
}

// Summary is what a run comes to (docs/scenarios.md, The summary).
type Summary struct {
	Scenario     string                       `json:"scenario"`
	Seed         uint64                       `json:"seed"`
	Limits       string                       `json:"limits"`
	At           float64                      `json:"at"`
	TraceSHA256  string                       `json:"trace_sha256,omitempty"`
	Streams      map[string]query.Stream      `json:"streams"`
	Queues       map[string]query.Queue       `json:"queues"`
	Functions    map[string]query.Function    `json:"functions"`
	Mappings     map[string]query.Mapping     `json:"mappings"`
	Destinations map[string]query.Destination `json:"destinations"`
	Records      map[string]int               `json:"records"`
	Cost         Cost                         `json:"cost"`
	Notes        []string                     `json:"notes"`
	Expect       []Result                     `json:"expect"`
}

// Cost is what AWS would bill for a run, in US dollars at the prices of a Region
// (engine/cost). About says that a price is not from AWS's own list.
type Cost struct {
	Region             string     `json:"region"`
	USD                float64    `json:"usd"`
	About              bool       `json:"about"`
	SQSRequests        int64      `json:"sqs_requests"`
	EmptyReceives      int64      `json:"empty_receives"`
	Invocations        int64      `json:"invocations"`
	GBSeconds          float64    `json:"gb_seconds"`
	FreeTierSubtracted bool       `json:"free_tier_subtracted"`
	Lines              []CostLine `json:"lines"`
}

// CostLine is one line of a bill.
type CostLine struct {
	Resource string  `json:"resource"`
	Price    string  `json:"price"`
	Unit     string  `json:"unit"`
	Units    float64 `json:"units"`
	Each     float64 `json:"usd_each"`
	USD      float64 `json:"usd"`
	About    bool    `json:"about"`
	Source   string  `json:"source"`
	Read     string  `json:"read,omitempty"`
}

// billed rounds an amount to a billionth of a dollar.
func billed(usd float64) float64 { return math.Round(usd*1e9) / 1e9 }

func costOf(s *engine.Sim) Cost {
	b := cost.Of(s)
	out := Cost{Region: b.Region, SQSRequests: b.Requests, EmptyReceives: b.Empty, Invocations: b.Invocations, GBSeconds: billed(b.GBSeconds()), Lines: []CostLine{}}
	out.USD, out.About = b.Total()
	out.USD = billed(out.USD)
	for i := range b.Lines {
		l := &b.Lines[i]
		out.Lines = append(out.Lines, CostLine{l.Resource, l.Name, l.Unit, l.Units(), l.USD, billed(l.Cost()), l.About, l.Source, l.Read})
	}
	return out
}

// Summary sums up the run so far.
func (r *Runner) Summary() Summary {
	c := r.Sim.Config()
	out := Summary{Scenario: r.Scenario.Name, Seed: c.Seed, Limits: r.Scenario.Limits, At: r.Sim.Now().Seconds(),
		Streams: map[string]query.Stream{}, Queues: map[string]query.Queue{}, Functions: map[string]query.Function{},
		Mappings: map[string]query.Mapping{}, Destinations: map[string]query.Destination{}, Records: map[string]int{"put": 0},
		Cost: costOf(r.Sim), Notes: slices.Sorted(slices.Values(r.Scenario.Notes)), Expect: r.Results}
	if out.Notes == nil {
		out.Notes = []string{}
	}
	for _, x := range c.Streams {
		out.Streams[x.ID] = r.World.Stream(x.ID)
		out.Records["put"] += out.Streams[x.ID].Put
	}
	for _, x := range c.Queues {
		out.Queues[x.ID] = r.World.Queue(x.ID)
	}
	for _, x := range c.Functions {
		out.Functions[x.ID] = r.World.Function(x.ID)
	}
	for _, i := range c.Destinations() {
		id := c.DestinationID(int32(i))
		used := slices.ContainsFunc(r.Sim.Mappings, func(m engine.Mapping) bool { return m.OnFailure == id }) ||
			slices.ContainsFunc(c.Mappings, func(m engine.MappingConfig) bool { return m.OnFailure == id })
		if used || len(r.Sim.Delivered(i)) > 0 {
			out.Destinations[id] = r.World.Destination(id)
		}
	}
	count := func(states [engine.NumRecordStates]int64) {
		for state, n := range states {
			if word := engine.RecordState(state).String(); word != "" && n > 0 {
				out.Records[word] += int(n)
			}
		}
	}
	for i, x := range c.Mappings {
		out.Mappings[x.ID] = r.World.Mapping(x.ID)
		if r.Sim.QueueOf(i) < 0 {
			count(r.Sim.CountStates(i))
		}
	}
	for i := range c.Queues { // a message counts once, however many mappings compete for it
		if q := &r.Sim.Queues[i]; len(r.Sim.QueueReaders(i)) > 0 {
			out.Records["put"] += q.Put.Len()
			count(q.States)
		}
	}
	return out
}
