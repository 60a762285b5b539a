package engine_test

import (
	"cmp"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/cockroachdb/datadriven"

	"esmlab/engine"
	"esmlab/engine/pattern"
	"esmlab/engine/rule"
	"esmlab/engine/setting"
)

// The scripts under testdata are the engine's behaviour, to be read by
// people who do not program. A script has blocks: a command, what it takes,
// a line of dashes, and what the engine answered. The commands are
//
//	setup                what there is, one thing a line:
//	                       stream Orders ShardCount=2 RetentionPeriodHours=24 kms=true
//	                       table Orders shards=2
//	                       queue Failures FifoQueue=true
//	                       topic Alerts FifoTopic=true
//	                       bucket Kept
//	                       function Ship takes=200ms Timeout=30s each=1ms
//	                       mapping ShipOrders BatchSize=8 StartingPosition=LATEST activates=5s
//	                       front News kind=topic (or bucket, rule)
//	                       sends Jobs raw=true filter={"color":["red"]} scope=body DLQ=Lost denied=no-policy
//	                       sends Jobs prefix=in/ suffix=.csv (of a bucket)
//	                       sends Jobs path=$.detail, input=JSON, template=TEXT paths=id:$.detail.id; retries=2 age=1m (of a rule)
//	                       account concurrency=10 used=3
//	                       chosen MAP-RETRY-2=1s
//	                       put Orders at=0s count=8 keys=k1,k2 size=100 shard=0
//	                       put Orders every=200ms from=0s until=10s keys=8
//	                       fault Ship records=Orders#6 how=error
//	                     A mapping reads the stream and invokes the function
//	                     that stand before it. deny=sns:Publish@Alerts denies
//	                     an action on one thing.
//	run until=10s        lets time pass and prints the trace. Puts and polls
//	                     are left out unless `show=put,poll` asks for them;
//	                     `only=invoke,discard` prints just these kinds
//	                     A mapping's FilterCriteria are patterns without spaces, with
//	                     | between several. In "set ShipOrders.FilterCriteria" each
//	                     line below is a pattern; (4097) stands for a long one
//	why Orders#3         why a record was filtered, by the mapping's filters
//	set, fix, fault, put, enable, disable, restart, deny, allow, split, merge, remove
//	                     what a person does, with the same words as in setup
//	deploy               puts what its lines say, as in setup, in the place of what
//	                     there is; those that name=… gives a physical name are named
//	records              what became of the records, by mapping
//	iterators            where each iterator stands
//	messages             what lies in the queues
//	functions, mappings  their counters
type script struct {
	cfg      engine.Config
	sim      *engine.Sim
	cited    map[rule.ID]bool
	stream   string
	function string
}

func runScript(t *testing.T, path string) map[rule.ID]bool {
	t.Helper()
	s := &script{cited: map[rule.ID]bool{}, cfg: engine.Config{Seed: 1, For: engine.Hour * 24 * 30, Concurrency: 1000,
		Start: 1796083200_000000, Chosen: engine.DefaultChosen()}}
	datadriven.RunTest(t, path, func(t *testing.T, d *datadriven.TestData) string {
		out := s.command(t, d)
		return out
	})
	return s.cited
}

func (s *script) command(t *testing.T, d *datadriven.TestData) string {
	switch d.Cmd {
	case "setup":
		for line := range strings.Lines(d.Input) {
			if line = strings.TrimSpace(line); line != "" && !strings.HasPrefix(line, "#") {
				s.setup(t, strings.Fields(line))
			}
		}
		sim, err := engine.New(&s.cfg)
		if err != nil {
			d.Fatalf(t, "%v", err)
		}
		s.sim = sim
		return "ok\n"
	case "deploy":
		return s.deploy(t, d)
	case "run":
		return s.run(t, d)
	case "records":
		return s.records()
	case "deliveries":
		return s.deliveries()
	case "iterators":
		return s.iterators()
	case "why":
		return s.why(t, d)
	case "messages":
		return s.messages()
	case "queues":
		return s.queues()
	case "pollers":
		return s.pollers()
	case "groups":
		return s.groups()
	case "receipts":
		return s.receipts()
	case "contents":
		return s.contents()
	case "bodies":
		return s.bodies()
	case "effects":
		return s.effects()
	case "fronts":
		var b strings.Builder
		for i, c := range s.sim.Config().Fronts {
			n, sends := s.sim.FrontCounts(i)
			fmt.Fprintf(&b, "%s: %d published", c.ID, n)
			for _, x := range sends {
				fmt.Fprintf(&b, "; to %s %d sent, %d filtered, %d dead, %d lost, %d tries again", x.ID, x.Sent, x.Filtered, x.Dead, x.Lost, x.Retried)
			}
			b.WriteString("\n")
		}
		return b.String()
	case "functions":
		var b strings.Builder
		for i := range s.sim.Functions {
			f := &s.sim.Functions[i]
			fmt.Fprintf(&b, "%s: %d invocations, %d ok, %d errors (%d timeouts), %d throttles, peak %d, %d cold starts\n",
				s.sim.Config().Functions[i].ID, f.Invocations, f.OK, f.Errors, f.Timeouts, f.Throttles, f.Peak, f.ColdStarts)
		}
		return b.String()
	case "mappings":
		var b strings.Builder
		for i := range s.sim.Mappings {
			m := &s.sim.Mappings[i]
			c := m.Counts
			polled := strconv.FormatInt(c.PolledEventCount, 10)
			if c.FilteredOutEventCount > 0 {
				polled += ", filtered " + strconv.FormatInt(c.FilteredOutEventCount, 10)
			}
			fmt.Fprintf(&b, "%s: %s, polled %s, invoked %d, failed %d, dropped %d, delivered %d, %q\n", s.sim.Config().Mappings[i].ID, m.State,
				polled, c.InvokedEventCount, c.FailedInvokeEventCount, c.DroppedEventCount, c.OnFailureDestinationDeliveredEventCount, c.LastProcessingResult)
		}
		return b.String()
	}
	words := []string{d.Cmd}
	for _, a := range d.CmdArgs {
		words = append(words, a.String())
	}
	if d.Cmd == "set" && d.Input != "" {
		words[1] += "=" + filters(d.Input)
	}
	if r := s.sim.Do(s.parseCommand(t, words)); r != nil {
		s.cite(s.sim.Drain())
		return r.Error() + "\n"
	}
	return s.note(s.cite(s.sim.Drain()))
}

func (s *script) setup(t *testing.T, w []string) {
	t.Helper()
	args := arguments(w[1:])
	switch w[0] {
	case "stream":
		s.stream = w[1]
		st := engine.StreamConfig{ID: w[1], Name: args.text("name"), StreamSettings: setting.NewStream(), KMS: args.text("kms") == "true"}
		args.set(&setting.Resource{Of: setting.OfStream, In: setting.Kinesis, Stream: &st.StreamSettings})
		if st.OnDemand() {
			st.ShardCount = args.number("shards", 0)
		}
		s.cfg.Streams = append(s.cfg.Streams, st)
	case "table":
		s.stream = w[1]
		s.cfg.Streams = append(s.cfg.Streams, engine.StreamConfig{ID: w[1], Name: args.text("name"), Kind: engine.DynamoDB, StreamSettings: engine.StreamSettings{ShardCount: args.number("shards", 1), Retention: 24 * engine.Hour},
			View: args.view(), KeyName: "pk", KMS: args.text("kms") == "true", Global: args.number("replicas", 1) > 1})
	case "queue":
		s.cfg.Queues = append(s.cfg.Queues, queueConfig(w[1], args))
	case "topic", "bucket":
		s.cfg.Targets = append(s.cfg.Targets, engine.TargetConfig{ID: w[1], Bucket: w[0] == "bucket", FIFO: args.text("FifoTopic") == "true", MaximumMessageSize: args.number("MaximumMessageSize", 0)})
	case "function":
		s.function = w[1]
		f := engine.FunctionConfig{ID: w[1], Name: args.text("name"), FunctionSettings: setting.NewFunction()}
		args.set(&setting.Resource{Of: setting.OfFunction, In: setting.Any, Function: &f.FunctionSettings})
		f.Takes.Each = args.time("each", 0)
		f.Managed, f.Execution = args.number("managed", 0), args.time("execution", 0)
		for _, to := range split(args.text("DeadLetterConfig")) {
			f.Async = append(f.Async, engine.AsyncDestination{Property: "DeadLetterConfig", To: to})
		}
		for _, to := range split(args.text("OnFailure")) {
			f.Async = append(f.Async, engine.AsyncDestination{Property: "EventInvokeConfig", To: to, Record: true})
		}
		s.cfg.Functions = append(s.cfg.Functions, f)
	case "mapping":
		m := engine.MappingConfig{ID: w[1], Source: s.stream, Function: s.function, Enabled: args.text("Enabled") != "false", Consumer: args.text("Consumer"), Settings: engine.DefaultSettings(),
			Activates: args.time("activates", 0), Updates: args.time("updates", 0), Disables: args.time("disables", 0)}
		for i, p := range engine.StartingPositions {
			if args.text("StartingPosition") == p {
				m.Start = engine.StartingPosition(i)
			}
		}
		m.StartTimestamp = s.cfg.Start + int64(args.time("StartingPositionTimestamp", 0))
		m.FilterCriteria = criteria(t, args.text("FilterCriteria"))
		m.Qualifier, m.Version, m.Other = args.text("alias"), args.text("version"), args.text("other")
		m.Weight, _ = strconv.ParseFloat(args.text("weight"), 64)
		if m.Publishes = args.text("publishes") == "true"; m.Publishes {
			m.Qualifier, m.Version = "live", "1"
		}
		if after := args.time("canary", 0); after > 0 {
			m.Shift = []engine.Shift{{Weight: 0.1}, {After: after, Weight: 1}}
		}
		if deny := args.text("deny"); deny != "" {
			for _, a := range strings.Split(deny, ",") {
				a, on, _ := strings.Cut(a, "@")
				m.Deny = append(m.Deny, engine.Denial{Action: a, On: on})
			}
		}
		args.set(&setting.Resource{Of: setting.OfMapping, In: setting.Kinesis, Mapping: &m.Settings})
		if source := args.text("source"); source != "" {
			m.Source = source
			if slices.ContainsFunc(s.cfg.Queues, func(q engine.QueueConfig) bool { return q.ID == source }) {
				filters := m.FilterCriteria
				m.Settings = queueSettings(args)
				m.FilterCriteria = filters
			}
		}
		s.cfg.Mappings = append(s.cfg.Mappings, m)
	case "front":
		s.cfg.Fronts = append(s.cfg.Fronts, engine.FrontConfig{ID: w[1], Name: w[1], Kind: engine.FrontKind(slices.Index(engine.FrontKinds[:], args.text("kind"))), FIFO: args.text("FifoTopic") == "true", Source: "shop", DetailType: "Order"})
	case "sends":
		if len(s.cfg.Fronts) == 0 || len(args) == 0 && len(w) == 2 && s.function != "" {
			s.cfg.Functions[len(s.cfg.Functions)-1].Sends = w[1]
			break
		}
		sub := engine.Subscription{ID: w[1], Queue: w[1], Raw: args.text("raw") == "true", InBody: args.text("scope") == "body", DLQ: args.text("DLQ"), Denied: args.text("denied"), Group: args.text("group"), Events: split(args.text("events"))}
		if p := args.text("filter"); p != "" {
			var err error
			if sub.Filter, err = pattern.Compile(p); err != nil {
				t.Fatal(err)
			}
		}
		sub.Prefix, sub.Suffix, sub.RetryAge = args.text("prefix"), args.text("suffix"), args.time("age", 0)
		if args.text("retries") != "" {
			n := args.number("retries", 0)
			sub.Retries = &n
		}
		if in := (engine.TargetInput{Input: args.text("input"), Path: args.text("path"), Template: args.text("template")}); in.Input+in.Path+in.Template != "" {
			for _, p := range split(args.text("paths")) {
				name, path, _ := strings.Cut(p, ":")
				in.Paths = append(in.Paths, engine.InputPath{Name: name, Path: path})
			}
			sub.Input = &in
		}
		last := &s.cfg.Fronts[len(s.cfg.Fronts)-1]
		sub.ID = cmp.Or(args.text("id"), sub.ID)
		last.Sends = append(last.Sends, sub)
	case "account":
		s.cfg.Concurrency, s.cfg.Used = args.number("concurrency", 1000), args.number("used", 0)
	case "chosen":
		c := &s.cfg.Chosen
		c.RetryWait, c.RetryWaitMax = args.time("MAP-RETRY-2", c.RetryWait), args.time("MAP-RETRY-3", c.RetryWaitMax)
		c.WriteBurst, c.ScaleAfter = args.time("KIN-WRITE-2", c.WriteBurst), args.time("KIN-SCALE-1", c.ScaleAfter)
		c.FilterChange = args.time("SNS-FILTER-3", c.FilterChange)
		c.ShardRoll, c.UpdateAgain = args.time("DDB-ROLL-1", c.ShardRoll), int64(args.number("MAP-STATE-7", int(c.UpdateAgain)))
		c.TableReads = int64(args.number("DDB-READERS-2", int(c.TableReads)))
		c.PollerJitter = int64(args.number("SQS-THROTTLE-4", int(c.PollerJitter)))
		c.PollerWait, c.PollerWaitMax = args.time("SQS-THROTTLE-2", c.PollerWait), args.time("SQS-THROTTLE-3", c.PollerWaitMax)
		c.PurgeTakes = args.time("SQS-PURGE-3", c.PurgeTakes)
		c.RedriveRate = int64(args.number("SQS-REDRIVE-2", int(c.RedriveRate)))
	case "limits":
		s.cfg.Limits = w[1]
	case "region":
		s.cfg.Region = w[1]
	case "put":
		s.cfg.Traffic = append(s.cfg.Traffic, s.parseCommand(t, w).Put)
	case "fault":
		f := s.parseCommand(t, w).Fault
		i := slices.IndexFunc(s.cfg.Functions, func(c engine.FunctionConfig) bool { return c.ID == f.Function })
		s.cfg.Functions[i].Faults = append(s.cfg.Functions[i].Faults, f)
	default:
		if !s.setupActs(t, w) {
			t.Fatalf("setup has no %q", w[0])
		}
	}
}

// parseCommand reads a command.
func (s *script) parseCommand(t *testing.T, w []string) engine.Command {
	t.Helper()
	args := arguments(w[1:])
	op := engine.Op(slices.Index(engine.OpNames[:], w[0]))
	c := engine.Command{Op: op}
	if len(w) > 1 {
		c.Target = w[1]
	}
	switch w[0] {
	case "set":
		name, value, _ := strings.Cut(w[1], "=")
		c.Target, c.Value = name, engine.TextValue(value)
		if n, err := strconv.Atoi(value); err == nil {
			c.Value = engine.IntValue(n)
		} else if b, err := strconv.ParseBool(value); err == nil {
			c.Value = engine.BoolValue(b)
		} else if d, err := time.ParseDuration(value); err == nil {
			c.Value = engine.TimeValue(engine.Micros(d.Microseconds()))
		}
	case "put":
		p := engine.Traffic{To: w[1], At: args.time("at", 0), From: args.time("from", 0), Until: args.time("until", engine.Never), Count: args.number("count", 0),
			Every: args.time("every", 0), Per: 1, Size: args.number("size", 0), Shard: args.number("shard", -1), Body: args.text("body"), Random: args.text("random") == "true",
			Dedup: args.text("dedup"), Delay: args.time("delay", 0), HasDelay: args.text("delay") != ""}
		p.AtOnce = p.Every == 0
		producer(&p, args)
		if n := args.number("attributes", 0); n > 0 {
			for i := range n {
				p.Attributes = append(p.Attributes, engine.Attribute{Name: "a" + strconv.Itoa(i+1), Type: "String", Value: "x"})
			}
		} else if name, value, ok := strings.Cut(args.text("attributes"), ":"); ok {
			p.Attributes = []engine.Attribute{{Name: name, Type: "String", Value: value}}
		}
		p.Op = engine.WriteOp(slices.Index(engine.WriteOps[:], args.text("op")))
		if n, err := strconv.Atoi(args.text("keys")); err == nil {
			for i := range n {
				p.Keys = append(p.Keys, "k"+strconv.Itoa(i+1))
			}
		} else if k := args.text("keys"); k != "" {
			p.Keys = strings.Split(k, ",")
		}
		c.Put = p
	case "fault":
		f := engine.Fault{Function: w[1], Name: args.text("name"), From: args.time("from", 0), Until: args.time("until", engine.Never), Nth: args.number("nth", 0),
			Deliveries: args.number("deliveries", 0), Version: args.text("version"), Reply: args.text("reply"), Takes: engine.Takes{Base: args.time("takes", 0)}}
		if how := args.text("how"); how != "" {
			f.How = engine.How(slices.Index(engine.HowNames[:], how))
		}
		f.Before, f.HasVisibility, f.Visibility = args.text("before") == "true", args.text("visibility") != "", args.time("visibility", 0)
		if p := args.text("matching"); p != "" {
			f.Matching = criteria(t, p)
		}
		f.Names = engine.Names(slices.Index(engine.NamesWords[:], args.text("names")))
		if x := args.text("chance"); x != "" {
			f.HasChance = true
			f.Chance, _ = strconv.ParseFloat(x, 64)
		}
		if keys := args.text("keys"); keys != "" {
			f.Keys = strings.Split(keys, ",")
		}
		for _, l := range strings.Split(args.text("records"), ",") {
			if source, n, ok := strings.Cut(l, "#"); ok {
				num, _ := strconv.Atoi(n)
				f.Records = append(f.Records, engine.Label{Source: source, N: num})
			}
		}
		c.Fault = f
	case "deny", "allow":
		c.Actions = w[2:]
	case "deploy":
	case "split", "merge":
		for _, n := range w[2:] {
			num, err := strconv.Atoi(n)
			if err != nil {
				t.Fatalf("no shard: %s", n)
			}
			c.Shards = append(c.Shards, num)
		}
	case "redrive":
		c.To, c.Rate = args.text("to"), args.number("rate", 0)
	case "receive":
		c.Receive = receiver(w[1], args)
		c.Receive.Once = true
	case "cancel", "purge":
	case "remove", "fix", "enable", "disable", "restart":
	default:
		t.Fatalf("there is no command %q", w[0])
	}
	return c
}

// deploy reads a template as setup does, and deploys it.
func (s *script) deploy(t *testing.T, d *datadriven.TestData) string {
	next := &script{cfg: engine.Config{Start: s.cfg.Start, Concurrency: s.cfg.Concurrency}}
	dep := &engine.Deployment{}
	for line := range strings.Lines(d.Input) {
		w := strings.Fields(line)
		if len(w) == 0 {
			continue
		}
		next.setup(t, w)
		if len(w) > 1 && arguments(w[1:]).text("name") != "" {
			dep.Named = append(dep.Named, w[1])
		}
	}
	dep.Config = &next.cfg
	if r := s.sim.Do(engine.Command{Op: engine.OpDeploy, Deploy: dep}); r != nil {
		s.cite(s.sim.Drain())
		return r.Error() + "\n"
	}
	return s.note(s.cite(s.sim.Drain()))
}

func (s *script) run(t *testing.T, d *datadriven.TestData) string {
	var words []string
	for _, a := range d.CmdArgs {
		words = append(words, a.String())
	}
	args := arguments(words)
	s.sim.RunUntil(args.time("until", 0))
	events := s.sim.Drain()
	show, only := split(args.text("show")), split(args.text("only"))
	kept := events[:0:0]
	for _, e := range s.cite(events) {
		k := e.Kind.String()
		if len(only) > 0 && slices.Contains(only, k) || len(only) == 0 && (k != "put" && k != "poll" || slices.Contains(show, k)) {
			kept = append(kept, e)
		}
	}
	if len(kept) == 0 {
		return "nothing\n"
	}
	return s.note(kept)
}

// cite keeps the rules that events name.
func (s *script) cite(events []engine.Event) []engine.Event {
	for _, e := range events {
		s.cited[e.Rule] = true
	}
	return events
}

type argList map[string]string

func arguments(words []string) argList {
	a := argList{}
	for _, w := range words {
		if k, v, ok := strings.Cut(w, "="); ok {
			a[k] = strings.Trim(v, "()'")
			switch v {
			case "BIGSTATE": // a state of more than 1 MB
				a[k] = `{"state":{"text":"` + strings.Repeat("x", 1<<20) + `"}}`
			case "FULLSTATE": // one of exactly 1 MB
				a[k] = `{"state":{"text":"` + strings.Repeat("x", 1<<20-len(`{"text":""}`)) + `"}}`
			}
		}
	}
	return a
}

func split(s string) []string {
	if s == "" {
		return nil
	}
	return strings.Split(s, ",")
}

func (a argList) text(k string) string { return a[k] }

func (a argList) number(k string, or int) int {
	if n, err := strconv.Atoi(a[k]); err == nil {
		return n
	}
	return or
}

func (a argList) time(k string, or engine.Micros) engine.Micros {
	v, ok := a[k]
	if !ok {
		return or
	}
	d, err := time.ParseDuration(v)
	if err != nil {
		panic("no time: " + v)
	}
	return engine.Micros(d.Microseconds())
}

// TestWorkedExample plays the worked examples: how many times a batch with one
// poison record is tried, in all variants.
func TestWorkedExample(t *testing.T) { runFolder(t, "worked") }

// TestRecorded plays what was recorded on AWS: deliveries and what failure
// records say.
func TestRecorded(t *testing.T) { runFolder(t, "recorded") }

// TestQueues plays runs of queues: what becomes of messages over several rounds.
func TestQueues(t *testing.T) { runFolder(t, "queues") }

// TestStreams: what streams do where several rules meet.
func TestStreams(t *testing.T) { runFolder(t, "streams") }

// TestChangeWhileUnderWay plays what a changed setting does to a batch under
// way, one script for each pair of setting and state.
func TestChangeWhileUnderWay(t *testing.T) {
	settings := []string{"BatchSize", "MaximumBatchingWindowInSeconds", "ParallelizationFactor", "MaximumRetryAttempts", "MaximumRecordAgeInSeconds",
		"BisectBatchOnFunctionError", "FunctionResponseTypes", "OnFailure", "TumblingWindowInSeconds"}
	for _, state := range []string{"gathering", "running", "waiting", "throttled", "halves"} {
		for _, setting := range settings {
			if _, err := os.Stat(filepath.Join("testdata", "changes", state+"-"+setting)); err != nil {
				t.Error(err)
			}
		}
	}
	runFolder(t, "changes")
}

func runFolder(t *testing.T, folder string) {
	files, err := filepath.Glob(filepath.Join("testdata", folder, "*"))
	if err != nil || len(files) == 0 {
		t.Fatal("no scripts in ", folder)
	}
	for _, f := range files {
		t.Run(filepath.Base(f), func(t *testing.T) { runScript(t, f) })
	}
}

// TestRules plays one script for each modelled rule: named by its id, and its
// trace cites the rule.
func TestRules(t *testing.T) {
	scripts, err := filepath.Glob("testdata/rules/*")
	if err != nil {
		t.Fatal(err)
	}
	known := map[rule.ID]bool{"": true}
	for _, r := range rule.All {
		if known[r.ID] {
			t.Errorf("rule %s is there twice", r.ID)
		}
		known[r.ID] = true
		if !slices.Contains(scripts, filepath.Join("testdata", "rules", string(r.ID))) {
			t.Errorf("rule %s has no script testdata/rules/%s", r.ID, r.ID)
		}
	}
	for _, f := range scripts {
		id := rule.ID(filepath.Base(f))
		t.Run(string(id), func(t *testing.T) {
			t.Parallel()
			if !known[id] {
				t.Fatalf("there is no rule %s", id)
			}
			cited := runScript(t, f)
			if !cited[id] {
				t.Errorf("its trace does not cite %s", id)
			}
			for c := range cited {
				if !known[c] {
					t.Errorf("its trace cites %s, which is not a rule", c)
				}
			}
		})
	}
}

// criteria compiles the filters of a mapping in setup.
func criteria(t *testing.T, s string) *pattern.Criteria {
	t.Helper()
	if s == "" {
		return nil
	}
	c, err := pattern.NewCriteria(strings.Split(s, "|"))
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// filters writes the patterns of a `set` as their parameter holds them.
func filters(lines string) string {
	type filter struct{ Pattern string }
	var in struct{ Filters []filter }
	for line := range strings.Lines(lines) {
		p := strings.TrimSpace(line)
		if p == "(4097)" {
			p = `{"data":{"k":["` + strings.Repeat("x", 4097-len(`{"data":{"k":[""]}}`)) + `"]}}`
		}
		in.Filters = append(in.Filters, filter{p})
	}
	b, _ := json.Marshal(in)
	return string(b)
}

// why tells why a mapping's filters drop a record.
func (s *script) why(t *testing.T, d *datadriven.TestData) string {
	l := d.CmdArgs[0].Key
	_, num, _ := strings.Cut(l, "#")
	n, err := strconv.Atoi(num)
	if err != nil {
		t.Fatalf("no record: %s", l)
	}
	_, v, ok := s.sim.WhyFiltered(0, n, s.sim.Mappings[0].FilterCriteria)
	if !ok {
		return "the stream no longer holds it\n"
	}
	if v.Match {
		return "it passes\n"
	}
	return fmt.Sprintf("filter %d wants %s: %s\nthere is: %s\n%s (%s)\n", v.Filter+1, v.Path, v.Want, cmp.Or(v.Have, "nothing"), v.Reason, v.Rule)
}

// view is a table's StreamViewType.
func (a argList) view() engine.ViewType {
	if i := slices.Index(engine.ViewTypes[:], a.text("StreamViewType")); i >= 0 {
		return engine.ViewType(i)
	}
	return engine.NewAndOldImages
}

// TestConfigIsLeftAlone: making a simulation does not change what it is made
// from, so that several can be made of one Config.
func TestConfigIsLeftAlone(t *testing.T) {
	cfg := &engine.Config{Chosen: engine.DefaultChosen(), Streams: []engine.StreamConfig{{ID: "B", StreamSettings: engine.StreamSettings{ShardCount: 1}}, {ID: "A", StreamSettings: engine.StreamSettings{ShardCount: 1}}}}
	s, err := engine.New(cfg)
	if err != nil {
		t.Fatal(err)
	}
	if cfg.Streams[0].ID != "B" || s.Config().Streams[0].ID != "A" {
		t.Error("the Config was sorted in place, or the simulation's own was not")
	}
}
