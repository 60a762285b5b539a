package engine_test

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"testing"

	"esmlab/engine"
)

// What a setup says of handlers that do something:
//
//	service Payments takes=100ms away=60s-360s limit=10 slows=5 breaker=3 for=30s how=fails
//	handler Work loop-and-throw parallel=2 lenient=true skip=true
//	does Work call=Payments records=Jobs#1 deliveries=1
//	does Work visibility=30s every=20s
//	does Work delete=true
//	does Work send=Other body=text key=A
//	receiver Jobs from=0s until=60s every=1s count=10 takes=1s deletes=true visibility=30s
//	once Work table=Seen ttl=1h by=body
//
// and what else can be asked:
//
//	effects    what each handler did to things outside

// setupActs reads such a line; false if it is none.
func (s *script) setupActs(t *testing.T, w []string) bool {
	t.Helper()
	args := arguments(w[1:])
	h := func() *engine.Handler {
		i := slices.IndexFunc(s.cfg.Functions, func(c engine.FunctionConfig) bool { return c.ID == w[1] })
		return &s.cfg.Functions[i].Handler
	}
	switch w[0] {
	case "service":
		c := engine.ServiceConfig{ID: w[1], Takes: args.time("takes", 0), Limit: args.number("limit", 0), Slows: args.number("slows", 0),
			Breaker: engine.Breaker{After: args.number("breaker", 0), For: args.time("for", 0), Pauses: args.text("how") != "fails"}}
		if from, until, ok := strings.Cut(args.text("away"), "-"); ok {
			span := argList{"from": from, "until": until}
			c.Away = []engine.Span{{From: span.time("from", 0), Until: span.time("until", 0)}}
		}
		s.cfg.Services = append(s.cfg.Services, c)
	case "handler":
		h := h()
		h.Loop = engine.Loop(slices.Index(engine.LoopNames[:], w[2]))
		h.Parallel, h.Lenient, h.SkipGroup = args.number("parallel", 0), args.text("lenient") == "true", args.text("skip") == "true"
	case "does":
		a := engine.Act{Hits: s.parseCommand(t, append([]string{"fault"}, w[1:]...)).Fault, Visibility: args.time("visibility", 0), Every: args.time("every", 0),
			Body: args.text("body"), Key: args.text("key")}
		for i, verb := range engine.ActNames {
			if verb != "" && args.text(verb) != "" {
				a.Kind, a.To = engine.ActKind(i), args.text(verb)
			}
		}
		if a.Kind == engine.ActVisibility || a.Kind == engine.ActDelete {
			a.To = ""
		}
		h := h()
		h.Does = append(h.Does, a)
	case "receiver":
		s.cfg.Receivers = append(s.cfg.Receivers, receiver(w[1], args))
	case "once":
		h().Once = engine.Once{Table: args.text("table"), TTL: args.time("ttl", engine.Hour), By: engine.OnceBy(max(0, slices.Index(engine.OnceNames[:], args.text("by"))))}
	default:
		return false
	}
	return true
}

func (s *script) effects() string {
	var b strings.Builder
	for i := range s.sim.Functions {
		for _, x := range s.sim.Functions[i].Effects {
			fmt.Fprintf(&b, "%s on %s: done %d, for %d more than once, %d too many\n", s.sim.Config().Functions[i].ID, x.ID, x.Done, x.Twice, x.Again)
		}
	}
	return b.String()
}

// tellAct prints what a handler did.
func (s *script) tellAct(e *engine.Event) string {
	text := e.Act.String()
	if e.Act == engine.ActVisibility {
		text += " " + strconv.Itoa(int(e.Visibility)) + " s"
	}
	if to := s.sim.Config().ActTarget(e); to != "" {
		text += " " + to
	}
	of := ranges(e.Records)
	if e.Source < 0 {
		of = s.labels(e.Records)
	}
	if of != "" {
		text += ": " + of
	}
	if e.Why != engine.WhyNone {
		text += ", " + e.Why.String()
	} else if e.Times > 1 {
		text += ", " + strconv.Itoa(int(e.Times)) + " times by now"
	}
	return text
}

// receiver reads who receives beside the mappings.
func receiver(queue string, args argList) engine.Receiver {
	return engine.Receiver{Queue: queue, From: args.time("from", 0), Until: args.time("until", engine.Never), Every: args.time("every", 0), Count: args.number("count", 10),
		Takes: args.time("takes", 0), Deletes: args.text("deletes") == "true", HasVisibility: args.text("visibility") != "", Visibility: args.time("visibility", 0)}
}

// producer reads what a put has of a producer: batch=10 rates=0s:5,60s:50 (a second)
// repeat=24h aggregate=10 fails=0.1 lost=1 retry=3 after=100ms backoff=true whole=true
func producer(p *engine.Traffic, args argList) {
	p.Batch, p.Aggregate, p.Repeat = args.number("batch", 0), args.number("aggregate", 0), args.time("repeat", 0)
	p.Fails, _ = strconv.ParseFloat(args.text("fails"), 64)
	p.Lost, _ = strconv.ParseFloat(args.text("lost"), 64)
	p.Retry = engine.Retry{Times: args.number("retry", 0), After: args.time("after", 100*engine.Millisecond), Backoff: args.text("backoff") != "false", Whole: args.text("whole") == "true"}
	for _, point := range split(args.text("rates")) {
		at, n, _ := strings.Cut(point, ":")
		a := argList{"at": at, "n": n}
		p.Rates = append(p.Rates, engine.Rate{At: a.time("at", 0), PerHour: int64(a.number("n", 0)) * 3600})
		p.AtOnce = false
	}
}
