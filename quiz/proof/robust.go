package proof

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v4"

	"esmlab/engine"
	"esmlab/engine/rule"
	"esmlab/engine/scenario"
	"esmlab/engine/setting"
	"esmlab/quiz/card"
	"esmlab/quiz/markdown"
)

// This file asks whether a key stands on what the question says: not on a number that
// esmlab chose, and not on a setting that nobody told the person.

// The checks of a proved card's key, as findings name them.
const (
	CheckChosen = "chosen" // the key falls when a number that esmlab chose is halved or doubled
	CheckLuck   = "luck"   // the key falls with another seed
	CheckUnsaid = "unsaid" // the key falls when a setting changes that the question does not give
	// CheckUndocumented: the key counts what AWS does not say how it counts.
	CheckUndocumented = "undocumented"
)

// Stands gives what a proved card's key hangs on without saying so.
func (p *Prover) Stands(c *card.Card) []card.Problem {
	if c.Proof == nil {
		return nil
	}
	world, err := p.World(c, Own)
	if err != nil {
		return nil // Prove says so
	}
	s := stand{p: p, c: c, world: world, stem: stem(c)}
	for _, o := range c.Options {
		if k := c.Proof.Claim(o.N); k == nil {
			return nil
		}
		if o.Right {
			s.key = append(s.key, (&run{p: p, c: c}).claim(o.N))
		}
	}
	if fell, _ := s.falls(world); fell {
		return nil // Prove says so
	}
	s.chosen()
	s.luck()
	s.unsaid()
	s.undocumented()
	return s.out
}

type stand struct {
	p     *Prover
	c     *card.Card
	world *World
	stem  string
	key   []claim
	out   []card.Problem
}

// stem is what a person reads before the options.
func stem(c *card.Card) string {
	return markdown.BlocksText(c.Situation) + " " + card.Text(c.Title)
}

// falls reports whether the key is no longer right in a world, and what was seen
// there instead.
func (s *stand) falls(w *World) (bool, string) {
	out := s.p.ask(w, s.key)
	for _, k := range s.key {
		err := out.err
		if err == nil {
			err = out.errs[k.text]
		}
		if err != nil {
			return true, "it cannot be asked"
		}
		v := out.values[k.text]
		if k.of.That != "" {
			if v != true {
				return true, "it is false"
			}
			continue
		}
		if ok, err := k.of.Equal(v); err != nil || !ok {
			return true, fmt.Sprintf("%s is %v", k.text, v)
		}
	}
	return false, ""
}

func (s *stand) add(check, message, right string) {
	s.out = append(s.out, card.Problem{File: s.c.File, Line: s.c.Line, Col: 1, Check: check, Message: message, Right: right})
}

// matters gives, for a number that esmlab chose, what has to happen in a run before the
// number is looked at; a run in which it does not happen is the same with any
// other number. Numbers without an entry are tried wherever the world has what they
// are about.
var matters = map[rule.ID][]string{
	rule.MapRetryWait:       {"retry", "bisect"},
	rule.MapRetryWaitMax:    {"retry", "bisect"},
	rule.MapThrottleSpread:  {"throttle"},
	rule.KinShareRetry:      {"read-throttled"},
	rule.MapLaneAhead:       {"retry", "throttle", "block"},
	rule.SqsThrottleWait:    {"throttle"},
	rule.SqsThrottleWaitMax: {"throttle"},
	rule.SqsThrottleJitter:  {"throttle"},
	rule.SqsThrottleScale:   {"throttle"},
	rule.SqsErrorScale:      {"return"},
	rule.SqsRedriveRate:     {"redrive"},
	rule.SqsPurgeTakes:      {"purge"},
}

// chosen runs the card's world with each number that esmlab chose halved and doubled.
func (s *stand) chosen() {
	if strings.Contains(strings.ToLower(s.stem), card.OwnLabel) {
		return
	}
	happened := map[string]bool{}
	for i := range rule.All {
		r := &rule.All[i]
		base := s.world.Scenario.Config.Chosen
		if r.Number == nil || r.Confidence != rule.Chosen || base.Field(r.ID) == nil || !s.about(r.ID) {
			continue
		}
		if kinds := matters[r.ID]; kinds != nil && !slices.ContainsFunc(kinds, func(k string) bool { return s.happens(k, happened) }) {
			continue
		}
		was := *base.Field(r.ID)
		for _, v := range []struct {
			n   int64
			how string
		}{{max(was/2, r.Number.Min), "halved"}, {min(was*2, r.Number.Max), "doubled"}} {
			if v.n == was {
				continue
			}
			w := *s.world
			sc, cfg := *w.Scenario, *w.Scenario.Config
			*cfg.Chosen.Field(r.ID) = v.n
			sc.Config, w.Scenario = &cfg, &sc
			w.key = fmt.Sprintf("%s\x00%s=%d", w.key, r.ID, v.n)
			if fell, saw := s.falls(&w); fell {
				s.add(CheckChosen, fmt.Sprintf("the key hangs on %s, a number that esmlab chose: %s to %s %s", r.ID, v.how, written(v.n, r.Number.Unit), saw),
					"a question whose answer does not, or “"+card.OwnLabel+"” in it")
				break
			}
		}
	}
}

// seeds are those with which a key is tried besides the scenario's own.
const seeds = 4

// luck runs the card's world with other seeds: which shard a key falls into, which
// poller is first.
func (s *stand) luck() {
	if strings.Contains(strings.ToLower(s.stem), card.OwnLabel) {
		return
	}
	for seed := uint64(2); seed < 2+seeds; seed++ {
		w := *s.world
		sc, cfg := *w.Scenario, *w.Scenario.Config
		cfg.Seed = seed
		sc.Config, w.Scenario = &cfg, &sc
		w.key = fmt.Sprintf("%s\x00seed=%d", w.key, seed)
		if fell, saw := s.falls(&w); fell {
			s.add(CheckLuck, fmt.Sprintf("the key hangs on luck: with seed %d %s", seed, saw), "a question whose answer does not, or “"+card.OwnLabel+"” in it")
			return
		}
	}
}

// unsettled are things that AWS documents one by one, but not what comes of them together: the rules
// that have to come about in a run, what else has to happen in it, and what a key asks for that hangs
// on it.
var unsettled = []struct {
	rules []rule.ID
	event string
	asks  *regexp.Regexp
	says  string
}{
	{[]rule.ID{rule.MapPartial, rule.MapPartialFirst, rule.MapPartialBisect, rule.MapPartialSuffix}, "discard", regexp.MustCompile(`\.(invoke_count|deliveries|attempt)\b`), "how tries are counted after a partial response"},
	{[]rule.ID{rule.MapPartialBisect}, "bisect", regexp.MustCompile(`\.(invoke_count|deliveries|records|invocations)\b`), "how bisect splits what a partial response leaves"},
	{[]rule.ID{rule.MapLaneKeys}, "retry", regexp.MustCompile(`record\(.*record\(.*record\(`), "which keys share one of the parallel batches of a shard"},
	{[]rule.ID{rule.SqsBatchWindow, rule.SqsBatchPayload}, "", regexp.MustCompile(`len\(invocations\([^)]*\)\[\d+\]\.records\)`), "how a backlog is divided among batches that a window or 6 MB ends"},
}

// undocumented looks for a key that counts what AWS does not say how it counts.
func (s *stand) undocumented() {
	if strings.Contains(strings.ToLower(s.stem), card.OwnLabel) {
		return
	}
	asked := ""
	for _, k := range s.key {
		asked += k.text + " "
	}
	var met map[rule.ID]bool
	happened := map[string]bool{}
	for _, u := range unsettled {
		if !u.asks.MatchString(asked) {
			continue
		}
		if met == nil {
			met = s.rulesMet()
		}
		at := slices.IndexFunc(u.rules, func(id rule.ID) bool { return met[id] })
		if at >= 0 && (u.event == "" || s.happens(u.event, happened)) {
			s.add(CheckUndocumented, "the key hangs on "+u.says+", which AWS does not say ("+string(u.rules[at])+")", "a question whose answer does not, or “"+card.OwnLabel+"” in it")
			return
		}
	}
}

// rulesMet gives the rules by which something happened in the card's world.
func (s *stand) rulesMet() map[rule.ID]bool {
	out := map[rule.ID]bool{}
	r, err := scenario.NewRunner(s.world.Scenario, s.world.When)
	if err != nil {
		return out
	}
	s.p.Runs++
	r.OnEvents = func(_ *engine.Sim, events []engine.Event) {
		for i := range events {
			out[events[i].Rule] = true
		}
	}
	if s.world.HasAt {
		r.Advance(s.world.At)
	} else {
		r.Advance(r.End())
	}
	return out
}

func written(n int64, unit string) string {
	if unit == "duration" {
		return engine.Micros(n).String() + " s,"
	}
	return strconv.FormatInt(n, 10) + " " + unit + ","
}

// about reports whether the card's world has what a rule is about.
func (s *stand) about(id rule.ID) bool {
	cfg := s.world.Scenario.Config
	family, _, _ := strings.Cut(string(id), "-")
	kinesis, table := false, false
	for i := range cfg.Streams {
		table = table || cfg.Streams[i].Kind == engine.DynamoDB
		kinesis = kinesis || cfg.Streams[i].Kind != engine.DynamoDB
	}
	switch {
	case id == rule.KinOnDemand || id == rule.KinScale:
		return slices.ContainsFunc(cfg.Streams, func(st engine.StreamConfig) bool { return st.OnDemand() })
	case family == "KIN":
		return kinesis
	case family == "DDB":
		return table
	case family == "MAP":
		return kinesis || table
	}
	return len(cfg.Queues) > 0
}

// happens reports whether an event of a kind occurs in the card's world.
func (s *stand) happens(kind string, known map[string]bool) bool {
	if yes, asked := known[kind]; asked {
		return yes
	}
	q := claim{&card.Claim{}, fmt.Sprintf("len(events(%q))", kind)}
	out := s.p.ask(s.world, []claim{q})
	n, isInt := out.values[q.text].(int)
	known[kind] = !isInt || n > 0
	return known[kind]
}

// said has, for a setting, the words by which a question speaks of it besides its
// name.
var said = map[string]*regexp.Regexp{
	setting.BatchSize:                      regexp.MustCompile(`(?i)batch size|(one|first|same|single|a|each|per) batch|batch of|batches of|in batches|as one|one message|one record|poison`),
	setting.MaximumBatchingWindowInSeconds: regexp.MustCompile(`(?i)window`),
	setting.ParallelizationFactor:          regexp.MustCompile(`(?i)factor|parallel|at the same time`),
	setting.MaximumRetryAttempts:           regexp.MustCompile(`(?i)retr(y|ies)|limit|\btr(y|ies|ied)\b|attempt|given up|gave up|discard`),
	setting.MaximumRecordAgeInSeconds:      regexp.MustCompile(`(?i)\bages?\b|\bold\b|limit`),
	setting.BisectBatchOnFunctionError:     regexp.MustCompile(`(?i)bisect|split|halve`),
	setting.ReportBatchItemFailures:        regexp.MustCompile(`(?i)partial|batchItemFailures|FunctionResponseTypes`),
	setting.TumblingWindowInSeconds:        regexp.MustCompile(`(?i)tumbling|window`),
	setting.MaximumConcurrency:             regexp.MustCompile(`(?i)maximum concurrency|at a time`),
	setting.MinimumPollers:                 regexp.MustCompile(`(?i)poller|provisioned mode`),
	setting.MaximumPollers:                 regexp.MustCompile(`(?i)poller|provisioned mode`),
	setting.VisibilityTimeout:              regexp.MustCompile(`(?i)visibility`),
	setting.MaxReceiveCount:                regexp.MustCompile(`(?i)receive count|receives|redrive policy|deliver(y|ies|ed)|in the DLQ|to the DLQ|times`),
	setting.MessageRetentionPeriod:         regexp.MustCompile(`(?i)retention|keeps? (the )?messages|retain`),
	setting.DelaySeconds:                   regexp.MustCompile(`(?i)delay`),
	setting.ShardCount:                     regexp.MustCompile(`(?i)shard`),
	setting.StreamMode:                     regexp.MustCompile(`(?i)on.demand`),
	setting.RetentionPeriodHours:           regexp.MustCompile(`(?i)retention|retain|keeps|days|365`),
	setting.ReservedConcurrentExecutions:   regexp.MustCompile(`(?i)reserved|concurrency|throttle`),
	setting.Timeout:                        regexp.MustCompile(`(?i)timeout|may run`),
	setting.TakesTime:                      regexp.MustCompile(`(?i)takes|needs|lasts|second|\bms\b|slow|fast|at once|long|minute`),
	setting.Cold:                           regexp.MustCompile(`(?i)cold|start`),
	setting.RecursiveLoop:                  regexp.MustCompile(`(?i)loop`),
}

// says reports whether the question gives a setting, or the key itself: a cause, or a
// change that is asked for.
func (s *stand) says(p *setting.Row) bool {
	if strings.Contains(strings.ToLower(s.stem), strings.ToLower(p.Name)) {
		return true
	}
	for _, o := range s.c.Options {
		if o.Right && strings.Contains(strings.ToLower(card.Text(o.Text)), strings.ToLower(p.Name)) {
			return true
		}
	}
	words := said[p.Name]
	return words != nil && words.MatchString(s.stem)
}

// unsaid changes each setting that the question does not give and that is not AWS's
// default: to the default, to half and to twice.
func (s *stand) unsaid() {
	cfg := s.world.Scenario.Config
	var ids []string
	for i := range cfg.Mappings {
		ids = append(ids, cfg.Mappings[i].ID, cfg.Mappings[i].Function, cfg.Mappings[i].Source)
	}
	slices.Sort(ids)
	for _, id := range slices.Compact(ids) {
		r, ok := cfg.SettingsOf(id)
		if !ok {
			continue
		}
		for _, p := range r.Rows() {
			now, ok := p.Get(&r)
			if !ok || p.Alias || now == p.Default || s.says(p) {
				continue
			}
			for _, v := range others(p, now) {
				if saw, fell := s.with(id, p, v); fell {
					s.add(CheckUnsaid, fmt.Sprintf("the key needs %s %s, which the question does not give: with %s %s", p.Name, now, v, saw), "the setting in the question, or AWS's default in the proof")
					break
				}
			}
		}
	}
}

// others are the values with which a setting is tried.
func others(p *setting.Row, now setting.Value) []setting.Value {
	var out []setting.Value
	switch p.Kind {
	case setting.Number:
		out = []setting.Value{p.Default}
		for _, n := range []int64{now.Int / 2, now.Int * 2} {
			if n >= int64(p.Min) && n <= int64(p.Max) {
				out = append(out, setting.IntValue(int(n)))
			}
		}
	case setting.Switch, setting.List:
		out = []setting.Value{p.Default}
	case setting.Duration:
		out = []setting.Value{setting.TimeValue(setting.Micros(now.Int / 2)), setting.TimeValue(setting.Micros(now.Int * 2))}
	}
	return slices.DeleteFunc(out, func(v setting.Value) bool { return v == now })
}

// with asks for the key in the card's world with another value of one setting. A value
// that AWS refuses there is no such world.
func (s *stand) with(id string, p *setting.Row, v setting.Value) (string, bool) {
	change := &yaml.Node{}
	if err := yaml.Unmarshal([]byte(fmt.Sprintf("set: {%s.%s: %s}", id, p.FullName(), v)), change); err != nil || len(change.Content) == 0 {
		return "", false
	}
	w, err := s.p.worldOf(s.c, nil, change.Content[0])
	if err != nil {
		return "", false
	}
	fell, saw := s.falls(w)
	return saw, fell
}
