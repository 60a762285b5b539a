package finding

import (
	"fmt"

	"esmlab/engine"
	"esmlab/engine/setting"
)

// This file judges how many invocations of a function its mappings ask for at once.

// demand is what the mappings of a function may ask for at once.
type demand struct {
	most   int                   // bounded ones together
	free   *engine.MappingConfig // a queue's without a bound, nil: none
	first  *engine.MappingConfig // one of them
	queue  bool                  // one reads a queue
	stream bool                  // one reads a stream
	each   []*engine.MappingConfig
}

// demandOf sums up the mappings of a function that are enabled; all of them where none is.
func (l *looker) demandOf(function string) demand {
	sum := func(off bool) (d demand) {
		for _, m := range l.of[function] {
			if !m.Enabled && !off {
				continue
			}
			q, s := l.queue(m.Source), l.stream(m.Source)
			if d.each = append(d.each, m); d.first == nil {
				d.first = m
			}
			switch {
			case s != nil:
				d.stream = true
				d.most += shards(s) * max(1, m.ParallelizationFactor)
			case q != nil && (m.MaximumPollers > 0 || m.MinimumPollers > 0):
				d.queue = true
				d.most += 10 * pollers(m)
			case q != nil:
				if d.queue = true; m.MaximumConcurrency == 0 {
					d.free = m
				}
				d.most += m.MaximumConcurrency
			}
		}
		return d
	}
	if d := sum(false); d.first != nil {
		return d
	}
	return sum(true)
}

// shards is how many shards a stream begins with (N-A11).
func shards(s *engine.StreamConfig) int {
	if s.OnDemand() && s.ShardCount == 0 {
		return 4
	}
	return max(1, s.ShardCount)
}

// pollers are the most pollers of a mapping in provisioned mode.
func pollers(m *engine.MappingConfig) int {
	if m.MaximumPollers > 0 {
		return m.MaximumPollers
	}
	return max(200, m.MinimumPollers)
}

// loaded is a world in which a function's mappings have all that they can hand over.
func (l *looker) loaded(d demand, f *engine.FunctionConfig, limit int) *World {
	w := l.world(d.first, 15*engine.Minute, fmt.Sprintf("function(%q).throttles > 0", f.ID), "A burst arrives. The mappings hand over more batches at a time than the function may run, and some are throttled.")
	for _, m := range d.each {
		if q := l.queue(m.Source); q != nil {
			keys := ""
			if q.FIFO {
				keys = ", keys: " + itoa(min(10000, 20*(limit+20)))
			}
			w.puts(l, m, "at: 1s, count: "+itoa(min(300_000, (limit+30)*min(m.BatchSize, 10)*8))+keys)
			continue
		}
		s := l.stream(m.Source)
		lanes := shards(s) * max(1, m.ParallelizationFactor)
		w.puts(l, m, "at: 1s, count: "+itoa(lanes*40)+", keys: "+itoa(lanes*40))
	}
	takes := f.Timeout * 8 / 10
	if takes > 20*engine.Second {
		takes = 20 * engine.Second
	}
	return w.does(f.ID, "takes: "+takes.String()+"s")
}

// reserving calls a function with each function of the template that reserves concurrency.
// One of 0 stops the function, and is meant.
func (l *looker) reserving(each func(f *engine.FunctionConfig, d demand)) {
	for i := range l.cfg.Functions {
		if f := &l.cfg.Functions[i]; f.Reserved > 0 && f.Managed == 0 {
			if d := l.demandOf(f.ID); d.first != nil {
				each(f, d)
			}
		}
	}
}

func (l *looker) withoutMaximum() {
	l.reserving(func(f *engine.FunctionConfig, d demand) {
		if d.free == nil {
			return
		}
		sentence := f.ID + " reserves a concurrency of " + itoa(f.Reserved) + ", and " + d.free.ID + " has no MaximumConcurrency: under load it hands over more batches, which are throttled, and their messages count as received"
		right := "ScalingConfig.MaximumConcurrency of " + d.free.ID + ", and at least as much reserved"
		fix := l.parameter(d.free, "ScalingConfig: {MaximumConcurrency: "+itoa(max(2, f.Reserved-d.most))+"}")
		if f.Reserved-d.most < 2 { // MaximumConcurrency is 2 at least
			fix = joined(fix, l.property(f.ID, setting.ReservedConcurrentExecutions+": "+itoa(d.most+2)))
		}
		if f.Reserved == 1 {
			sentence = f.ID + " reserves a concurrency of 1, and " + d.free.ID + " begins with five pollers: batches are throttled, and their messages count as received"
			right = "a reserved concurrency of 5 or more, or none and ScalingConfig.MaximumConcurrency"
		}
		l.add(d.first, l.t.At(f.ID, setting.ReservedConcurrentExecutions), Finding{On: f.ID, Sentence: sentence, Right: right, Fix: fix, World: l.loaded(d, f, f.Reserved)})
	})
}

func (l *looker) reservedLow() {
	l.reserving(func(f *engine.FunctionConfig, d demand) {
		if d.free != nil || d.most <= f.Reserved {
			return
		}
		reserves := f.ID + " reserves a concurrency of " + itoa(f.Reserved)
		sentence, right, page := reserves+", and its mappings may invoke it "+itoa(d.most)+" times at once: what is over is throttled, and its messages count as received",
			setting.ReservedConcurrentExecutions+": "+itoa(d.most)+" or more, or less MaximumConcurrency", scalePage
		if !d.queue {
			sentence = reserves + ", and its mappings have up to " + itoa(d.most) + " batches at once (shards x ParallelizationFactor): what is over is throttled, and its records grow old"
			right, page = setting.ReservedConcurrentExecutions+": "+itoa(d.most)+" or more, or a lower ParallelizationFactor", esmPage
		}
		l.add(d.first, l.t.At(f.ID, setting.ReservedConcurrentExecutions), Finding{On: f.ID, Source: page, Sentence: sentence, Right: right,
			Fix: l.property(f.ID, setting.ReservedConcurrentExecutions+": "+itoa(d.most)), World: l.loaded(d, f, f.Reserved)})
	})
}

// account sums up what functions without a concurrency of their own ask for.
func (l *looker) account() {
	room, most := l.cfg.Concurrency-l.cfg.Used, 0
	var greatest *engine.FunctionConfig
	var of demand
	for i := range l.cfg.Functions {
		f := &l.cfg.Functions[i]
		if room -= max(0, f.Reserved); f.Reserved >= 0 || f.Managed != 0 {
			continue
		}
		d := l.demandOf(f.ID)
		if most += d.most; greatest == nil || d.most > of.most {
			greatest, of = f, d
		}
	}
	if greatest == nil || of.first == nil || most <= room {
		return
	}
	all := demand{first: of.first}
	w := l.loaded(all, greatest, room)
	for i := range l.cfg.Functions {
		f := &l.cfg.Functions[i]
		if d := l.demandOf(f.ID); f.Reserved < 0 && f.Managed == 0 && d.first != nil {
			part := l.loaded(d, f, d.most)
			w.traffic = append(w.traffic, part.traffic...)
			w.functions[f.ID] = part.functions[f.ID]
		}
	}
	w.Bites = ""
	for i, f := range l.cfg.Functions {
		if i > 0 {
			w.Bites += " + "
		}
		w.Bites += fmt.Sprintf("function(%q).throttles", f.ID)
	}
	w.Bites += " > 0"
	l.add(of.first, l.t.At(greatest.ID), Finding{On: greatest.ID,
		Sentence: "the mappings may ask for " + engine.Thousands(most) + " invocations at once, and the account has " + engine.Thousands(room) + " that no function reserves: the functions of the whole account throttle each other",
		Right:    "less ParallelizationFactor or MaximumConcurrency, a reserved concurrency, or a higher quota",
		Fix:      l.less(room),
		World:    w})
}

func (l *looker) managedSlots() {
	for i := range l.cfg.Functions {
		f := &l.cfg.Functions[i]
		if f.Managed == 0 {
			continue
		}
		slots := max(0, f.Managed)
		d := l.demandOf(f.ID)
		if d.first == nil || d.most <= slots && slots > 0 {
			continue
		}
		sentence := fmt.Sprintf("the execution environments of %s hold %s invocations at once, and its mappings may ask for %s: what is over is throttled", f.ID, engine.Thousands(slots), engine.Thousands(d.most))
		if slots == 0 {
			sentence = f.ID + " has no execution environments (a minimum and a maximum of 0): it never runs, and every batch is throttled"
		}
		fix := fragment([]string{"Resources", f.ID, "Properties", "FunctionScalingConfig"}, "MaxExecutionEnvironments: 100")
		l.add(d.first, l.t.At(f.ID, "FunctionScalingConfig"), Finding{On: f.ID, Sentence: sentence,
			Right: "MaxExecutionEnvironments that the mappings' concurrency fits into", Fix: fix, World: l.loaded(d, f, slots)})
	}
}

func (l *looker) managedVersion() {
	l.mappings(func(m *engine.MappingConfig, f *engine.FunctionConfig, q *engine.QueueConfig, s *engine.StreamConfig) {
		if f.Managed == 0 || m.Qualifier != "" || !l.t.Has(f.ID) {
			return
		}
		fix := ""
		if l.sam(m) {
			fix = l.property(f.ID, "AutoPublishAlias: live")
		}
		l.add(m, l.t.At(f.ID, "CapacityProviderConfig"), Finding{On: m.ID,
			Sentence: f.ID + " is on Managed Instances, which run published versions only, and " + m.ID + " names none",
			Right:    "AutoPublishAlias, or FunctionName with a version or an alias", Fix: fix})
	})
}

// durable judges queues of durable functions: a message stays received for as long as the
// whole execution lasts, its waits included.
func (l *looker) durable() {
	l.queues(func(m *engine.MappingConfig, f *engine.FunctionConfig, q *engine.QueueConfig) {
		lasts := int(f.Execution / engine.Second)
		if lasts <= q.VisibilityTimeout {
			return
		}
		l.add(m, l.t.At(q.ID, setting.VisibilityTimeout), Finding{On: q.ID,
			Sentence: fmt.Sprintf("an execution of %s may last %s s, its waits included, and %s hides messages for %s s: they come back while it still runs", f.ID, engine.Thousands(lasts), q.ID, engine.Thousands(q.VisibilityTimeout)),
			Right:    "VisibilityTimeout: " + itoa(min(43200, 6*lasts)) + ", or a shorter ExecutionTimeout",
			Fix:      l.property(q.ID, "VisibilityTimeout: "+itoa(min(43200, 6*lasts))),
			World: l.world(m, seconds(q.VisibilityTimeout*2+120), l.nth(m, 1)+".receives > 1", "An execution waits for long. Its message comes back meanwhile, and a second execution begins.").
				puts(l, m, "at: 1s, count: 1").does(f.ID, "takes: "+itoa(lasts*95/100)+"s")})
	})
}
