package finding

import (
	"fmt"
	"slices"
	"sort"
	"strconv"
	"strings"

	"esmlab/engine"
	"esmlab/engine/query"
	"esmlab/engine/scenario"
	"esmlab/engine/setting"
	"esmlab/engine/timeline"
)

// World is a run of this very template in which a finding bites: the template with traffic
// and faults that bring it out.
type World struct {
	// Bites is true when it bites, Watch says what is to be seen then.
	Bites, Watch string

	sc        *scenario.Scenario
	length    engine.Micros
	traffic   []string
	functions map[string]string // in YAML, by function
	steps     []string
	set       []string // NAME: VALUE at second 0
	mappings  []string
	off       string // a function on Managed Instances that has no execution environments, "" none
}

// Change is the world as keys of Metadata.esmlab in the place of the template's, in YAML.
func (w *World) Change() string {
	var functions []string
	for id, text := range w.functions {
		functions = append(functions, id+": "+text)
	}
	sort.Strings(functions)
	var b strings.Builder
	if w.off != "" {
		b.WriteString("# no execution environments for " + w.off + ": its FunctionScalingConfig is 0 to 0\n")
	}
	fmt.Fprintf(&b, "for: %ss\nseed: 1\nservices: {}\nreceivers: []\nsources: {}\nchosen: {}\n", w.length)
	fmt.Fprintf(&b, "mappings: {%s}\nfunctions: {%s}\n", strings.Join(w.mappings, ", "), strings.Join(functions, ", "))
	list := func(name string, items []string) {
		if len(items) == 0 {
			b.WriteString(name + ": []\n")
			return
		}
		b.WriteString(name + ":\n")
		for _, item := range items {
			b.WriteString("  - " + item + "\n")
		}
	}
	list("traffic", w.traffic)
	list("steps", w.steps)
	if len(w.set) > 0 {
		b.WriteString("set: {" + strings.Join(w.set, ", ") + "}\n")
	}
	return b.String()
}

// Proof is what came of running a finding's world.
type Proof struct {
	Scenario *scenario.Scenario
	Bit      bool
	At       engine.Micros // when it bit, else the end of the run
	// Steps of the engine up to the last visible change before that: where the lab opens.
	Steps int64
	// Mapping is the one that the world is about.
	Mapping string
}

// Prove runs a finding's world up to where it bites, or to its end.
func (f *Finding) Prove() (*Proof, error) {
	if f.World == nil {
		return nil, errNoWorld
	}
	return f.World.run(f.World.sc)
}

type constErr string

func (e constErr) Error() string { return string(e) }

const errNoWorld = constErr("AWS decides it before anything runs: there is no run to show")

// run runs the world over a template, that of the finding or another one.
func (w *World) run(of *scenario.Scenario) (*Proof, error) {
	sc, err := of.World(w.Change())
	if err != nil {
		return nil, err
	}
	sc.Name, sc.Title, sc.About = of.Name, "", w.Watch
	if f := at(sc.Config.Functions, func(f *engine.FunctionConfig) bool { return f.ID == w.off }); f != nil {
		f.Managed = -1
	}
	q, bad := query.Compile(w.Bites, sc.Config)
	if bad != nil {
		return nil, bad
	}
	s, err := engine.New(sc.Config)
	if err != nil {
		return nil, err
	}
	p := &Proof{Scenario: sc, Mapping: w.mapping(sc)}
	world := query.NewWorld(s, q)
	var buf []engine.Event
	seen := int64(0)
	for s.NextAt() <= sc.Config.For && s.Step() {
		buf = s.DrainInto(buf)
		if len(buf) == 0 {
			continue
		}
		world.Observe(buf)
		if yes, err := q.Eval(world); yes && err == nil {
			p.Bit, p.At, p.Steps = true, s.Now(), seen
			sc.Config.For = min(sc.Config.For, p.At+max(20*engine.Second, p.At/4)) // what comes later does not matter
			return p, nil
		}
		for i := range buf {
			if timeline.StopOf(&buf[i])&timeline.Visible != 0 {
				seen = s.Steps()
			}
		}
	}
	p.At, p.Steps = s.Now(), seen
	return p, nil
}

// mapping is the first mapping that the world's question or traffic is about.
func (w *World) mapping(sc *scenario.Scenario) string {
	text := w.Bites + " " + strings.Join(w.traffic, " ")
	best, first := "", len(text)
	for _, m := range sc.Config.Mappings {
		if i := strings.Index(text, `"`+m.ID+`"`); i >= 0 && i < first {
			best, first = m.ID, i
		}
	}
	for _, m := range sc.Config.Mappings {
		if best == "" && (strings.Contains(text, `"`+m.Source+`#`) || strings.Contains(text, "to: "+m.Source+",")) {
			best = m.ID
		}
	}
	return best
}

// traffic is a row of traffic to what a mapping reads, that passes its filters; more are
// fields beside: "at: 1s, count: 10".
func (l *looker) traffic(m *engine.MappingConfig, more string) string {
	out := "{to: " + m.Source + ", " + more
	body, op := l.sc.Sample(m)
	if body != "" && !strings.Contains(more, "size:") && !strings.Contains(more, "body:") {
		out += ", body: " + scenario.Quoted(body)
	}
	if op != "" && !strings.Contains(more, "op:") {
		out += ", op: " + op
	}
	return out + "}"
}

// world begins a world of a mapping: other mappings of its queue are off, in a long world all
// others; a function that is switched off is on, and filters that nothing is known to pass are
// taken off.
func (l *looker) world(m *engine.MappingConfig, length engine.Micros, bites, watch string) *World {
	w := &World{Bites: bites, Watch: watch, length: length, functions: map[string]string{}}
	if m == nil {
		return w
	}
	w.length += l.late(m)
	for i := range l.cfg.Mappings {
		other := &l.cfg.Mappings[i]
		beside := other.Source == m.Source && l.queue(m.Source) != nil
		if other.Enabled && other.ID != m.ID && (beside || w.length > engine.Hour) { // in a world of days, polls of no concern cost much
			w.at(0, "disable: "+other.ID)
		}
	}
	if f := l.function(m.Function); f != nil && f.Reserved == 0 {
		w.sets(f.ID+"."+setting.ReservedConcurrentExecutions, "-1")
	}
	if m.FilterCriteria == nil {
		return w
	}
	if !l.passes(m) {
		w.sets(m.ID+"."+setting.FilterCriteria, "{}")
	}
	return w
}

// late is how long a record may wait for its mapping, by the settings of both.
func (l *looker) late(m *engine.MappingConfig) engine.Micros {
	wait := m.MaximumBatchingWindowInSeconds + m.TumblingWindowInSeconds
	if q := l.queue(m.Source); q != nil {
		wait += q.DelaySeconds
	}
	return seconds(wait)
}

// unread switches off what reads a queue: it may stand still for any time.
func (l *looker) unread(w *World, id string) {
	for _, m := range l.readers(id) {
		if off := "{at: 0s, disable: " + m.ID + "}"; !slices.Contains(w.steps, off) {
			w.steps = append(w.steps, off)
		}
	}
}

// passes tells whether the traffic of worlds passes the filters of a mapping, by trying it.
func (l *looker) passes(m *engine.MappingConfig) bool {
	if yes, known := l.passing[m.ID]; known {
		return yes
	}
	body, op := l.sc.Sample(m)
	cfg := *l.cfg
	cfg.Steps, cfg.Receivers, cfg.Fronts = nil, nil, nil
	cfg.Traffic = []engine.Traffic{{To: m.Source, AtOnce: true, At: engine.Second, Count: 1, Per: 1, Until: engine.Never, Keys: []string{"k1"}, Shard: -1, Body: body, Op: engine.WriteOp(max(0, slices.Index(engine.WriteOps[:], op)))}}
	cfg.Mappings = []engine.MappingConfig{*m}
	cfg.Mappings[0].Enabled, cfg.Mappings[0].Activates = true, 0
	yes := false
	if s, err := engine.New(&cfg); err == nil {
		s.RunUntil(30 * engine.Second)
		c := &s.Mappings[0].Counts
		yes = c.PolledEventCount > 0 && c.FilteredOutEventCount == 0
	}
	l.passing[m.ID] = yes
	return yes
}

// puts adds traffic of a mapping's source.
func (w *World) puts(l *looker, m *engine.MappingConfig, more string) *World {
	w.traffic = append(w.traffic, l.traffic(m, more))
	return w
}

// does says how a function works and fails, in YAML: "faults: [{how: error}]".
func (w *World) does(function, text string) *World {
	w.functions[function] = "{" + text + "}"
	return w
}

// sets changes a setting from second 0 on.
func (w *World) sets(name, value string) *World {
	w.set = append(w.set, name+": "+value)
	return w
}

// at does something at an instant, in YAML: "disable: WorkJobs".
func (w *World) at(when engine.Micros, text string) *World {
	w.steps = append(w.steps, "{at: "+when.String()+"s, "+text+"}")
	return w
}

// record is the question for a record of a source's record: record("Jobs#1").receives.
func record(m *engine.MappingConfig, n int, several bool) string {
	if several {
		return fmt.Sprintf("record(%q, %q)", m.Source+"#"+strconv.Itoa(n), m.ID)
	}
	return fmt.Sprintf("record(%q)", m.Source+"#"+strconv.Itoa(n))
}

// nth is the n-th record of a mapping's source in a question.
func (l *looker) nth(m *engine.MappingConfig, n int) string {
	several := 0
	for i := range l.cfg.Fronts { // S3 sends a test event for each notification
		for _, send := range l.cfg.Fronts[i].Sends {
			if l.cfg.Fronts[i].Kind == engine.FrontBucket && send.Queue == m.Source && send.Denied == "" {
				n++
			}
		}
	}
	several += len(l.reads[m.Source])
	return record(m, n, several > 1 && l.queue(m.Source) == nil)
}

// label names the n-th record of a mapping's source: Jobs#1.
func (l *looker) label(m *engine.MappingConfig, n int) string {
	_, label, _ := strings.Cut(l.nth(m, n), `"`)
	label, _, _ = strings.Cut(label, `"`)
	return label
}

func itoa(n int) string { return strconv.Itoa(n) }

// seconds are so many seconds.
func seconds(n int) engine.Micros { return engine.Micros(n) * engine.Second }
