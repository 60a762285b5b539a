package share_test

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"math/rand/v2"
	"os"
	"reflect"
	"strings"
	"testing"

	"esmlab/engine"
	"esmlab/engine/pattern"
	"esmlab/engine/scenario"
	"esmlab/engine/setting"
	"esmlab/engine/share"
	"esmlab/engine/timeline"
	"esmlab/engine/trace"
)

// traced gives the trace of a run up to its position.
func traced(r *timeline.Run) string {
	var b []byte
	r.Replay(0, func(s *engine.Sim, e *engine.Event) bool {
		b = append(trace.AppendJSON(b, s, e), '\n')
		return true
	})
	return string(b)
}

// drawn does what a person may do, by chance.
type drawn struct {
	*rand.Rand
	sc     *scenario.Scenario
	t      *timeline.Timeline
	faults []string
	draws  func() engine.Command // nil: command
}

func one[T any](d *drawn, list []T) T { return list[d.IntN(len(list))] }

// command draws a command; some of them are refused.
func (d *drawn) command() engine.Command {
	c := d.sc.Config
	source := func() string {
		list := []string{}
		for _, x := range c.Streams {
			list = append(list, x.ID)
		}
		for _, x := range c.Queues {
			list = append(list, x.ID)
		}
		return one(d, list)
	}
	mapping := one(d, c.Mappings)
	function := one(d, c.Functions).ID
	stream, queue := "", ""
	if len(c.Streams) > 0 {
		stream = one(d, c.Streams).ID
	}
	if len(c.Queues) > 0 {
		queue = one(d, c.Queues).ID
	}
	switch d.IntN(14) {
	case 0, 1, 2:
		of, _ := c.SettingsOf(mapping.ID)
		names := setting.Names(of.Of, of.In, false)
		return engine.Command{Op: engine.OpSet, Target: mapping.ID + "." + one(d, names), Value: one(d, []engine.Value{engine.IntValue(d.IntN(30)), engine.IntValue(-1), engine.BoolValue(true), engine.BoolValue(false), engine.TextValue(""), engine.TextValue(queue)})}
	case 3, 4:
		row := engine.Traffic{To: source(), AtOnce: true, Count: 1 + d.IntN(20), At: d.t.Now(), Until: engine.Never, Per: 1, Shard: -1, Keys: []string{"k1", "k" + fmt.Sprint(d.IntN(9)), "§ <\"k\">"}}
		if scenario.KeyRefusal(c, row.To, row.Keys[2]) != nil {
			row.Keys[2] = "<\"k\">"
		}
		if d.IntN(3) == 0 {
			row.AtOnce, row.From, row.Every, row.Random, row.Body = false, d.t.Now(), 300*engine.Millisecond, true, `{"n":{n},"k":"{key}"}`
		}
		return engine.Command{Op: engine.OpPut, Put: row}
	case 5, 6:
		d.faults = append(d.faults, fmt.Sprint("fault ", len(d.faults)+1))
		f := engine.Fault{Name: d.faults[len(d.faults)-1], Function: function, Until: engine.Never, How: engine.How(d.IntN(len(engine.HowNames)))}
		switch d.IntN(4) {
		case 0:
			f.Records = []engine.Label{{Source: source(), N: 1 + d.IntN(60)}}
		case 1:
			f.HasChance, f.Chance = true, d.Float64()
		case 2:
			f.From, f.Until = d.t.Now(), d.t.Now()+1
		}
		f.Takes.Base = engine.Micros(d.IntN(2000)) * engine.Millisecond
		return engine.Command{Op: engine.OpFault, Fault: f}
	case 7:
		return engine.Command{Op: engine.OpFix, Target: one(d, append(d.faults, "poison", function))}
	case 8:
		return engine.Command{Op: one(d, []engine.Op{engine.OpEnable, engine.OpDisable, engine.OpRestart}), Target: mapping.ID}
	case 9:
		return engine.Command{Op: one(d, []engine.Op{engine.OpDeny, engine.OpAllow}), Target: mapping.ID, Actions: []string{"kinesis:GetRecords", "sqs:ReceiveMessage", "dynamodb:*"}}
	case 10:
		if d.IntN(2) == 0 {
			return engine.Command{Op: engine.OpSplit, Target: stream, Shards: []int{d.IntN(3)}}
		}
		return engine.Command{Op: engine.OpMerge, Target: stream, Shards: []int{0, 1}}
	case 11:
		return engine.Command{Op: one(d, []engine.Op{engine.OpRedrive, engine.OpPurge, engine.OpCancel}), Target: queue}
	case 12:
		return engine.Command{Op: engine.OpReceive, Target: queue, Receive: engine.Receiver{Queue: queue, From: d.t.Now(), Until: engine.Never, Once: true, Count: 10, Takes: engine.Second / 10}}
	}
	text := strings.ReplaceAll(string(d.sc.Source), "Timeout: 3", "Timeout: 4")
	if next, err := d.sc.Deploy("next.yaml", []byte(text), d.t.Deployed()); err == nil {
		return engine.Command{Op: engine.OpDeploy, Target: "next.yaml", Deploy: next}
	}
	return engine.Command{Op: engine.OpSet, Target: function + ".ReservedConcurrentExecutions", Value: engine.IntValue(d.IntN(3))}
}

// play does some twenty things.
func (d *drawn) play() {
	for range 5 + d.IntN(20) {
		switch d.IntN(11) {
		case 0, 1, 2:
			d.t.Advance(d.t.Now()+engine.Micros(d.IntN(8_000_000)), 300)
		case 3:
			d.t.Next(one(d, []timeline.Stop{timeline.Raw, timeline.Visible, timeline.Cause}))
		case 4:
			d.t.Prev(one(d, []timeline.Stop{timeline.Raw, timeline.Visible, timeline.Cause}))
		case 5:
			d.t.Seek(engine.Micros(d.Int64N(int64(d.t.Newest() + 1))))
		case 6:
			d.t.Branch()
		case 7:
			if n := len(d.t.AllCommands()); n > 0 {
				d.t.Switched(d.IntN(n), d.IntN(2) == 0)
			}
		case 8:
			if d.IntN(2) == 0 {
				d.t.Undo()
			} else {
				d.t.Redo()
			}
		case 9:
			if d.IntN(3) == 0 {
				d.t.Switch(d.IntN(len(d.t.Runs())))
			}
		}
		if d.IntN(2) == 0 {
			if d.draws != nil {
				d.t.Do(d.draws())
			} else {
				d.t.Do(d.command())
			}
		}
	}
}

// linesFile names a file for the lines of the random runs: ui/page/build has the page open
// them.
const linesFile = "ESMLAB_LINES"

// TestRandomRuns: the line of a run opens to the same trace byte by byte, at the same
// place, with the same branches; and so for each branch up to where it was computed.
func TestRandomRuns(t *testing.T) {
	t.Parallel()
	n := 1000 // and every tenth of them in the fast lane
	if testing.Short() {
		n = 100
	}
	names := scenario.Names()
	longest := ""
	var lines strings.Builder
	for seed := range uint64(n) {
		name := names[int(seed)%len(names)]
		if name == "scale-out" && seed > 100 { // 100,000 messages: once is enough
			name = "calm-queue"
		}
		src, _ := scenario.Builtin(name)
		w := share.World{Name: name}
		d := &drawn{Rand: rand.New(rand.NewPCG(seed, 17))}
		switch d.IntN(4) {
		case 0:
			w.Source = string(src)
		case 1:
			w.Seed = new(uint64)
			*w.Seed = d.Uint64()
		case 2:
			w.Changes = []string{"account: {concurrency: 7}"}
		}
		var err error
		if d.sc, err = w.Read(nil); err != nil {
			if w.Changes != nil { // this one has a function with more
				continue
			}
			if w.Source != "" && strings.Contains(err.Error(), "the line does not hold it") {
				continue // it deploys another file
			}
			t.Fatal(name, err)
		}
		if d.t, err = timeline.New(d.sc.Config); err != nil {
			t.Fatal(name, err)
		}
		d.play()

		r := share.Of(w, d.t, "", "1.2.3")
		line, err := r.Line()
		if err != nil {
			t.Fatalf("seed %d, %s: %v", seed, name, err)
		}
		if w.Source == "" && len(line) > len(longest) {
			longest = line
		}
		lines.WriteString(line + "\n")
		again, err := share.Parse(line)
		if err != nil {
			t.Fatalf("seed %d, %s: %v\n%s", seed, name, err, line)
		}
		if second, _ := again.Line(); second != line {
			t.Fatalf("seed %d, %s: what was read is written otherwise", seed, name)
		}
		o, err := again.Open(nil)
		if err != nil {
			t.Fatalf("seed %d, %s: %v", seed, name, err)
		}
		if !o.Same {
			t.Errorf("seed %d, %s: another sum", seed, name)
		}
		if a, b := d.t.Run, o.Timeline.Run; a.Now() != b.Now() || a.Sim().Steps() != b.Sim().Steps() || a.Newest() != b.Newest() || a.Ahead() != b.Ahead() || a.Passed() != b.Passed() || len(a.Commands()) != len(b.Commands()) {
			t.Fatalf("seed %d, %s: it stands at %v after %d steps of %v, not at %v after %d of %v", seed, name, b.Now(), b.Sim().Steps(), b.Newest(), a.Now(), a.Sim().Steps(), a.Newest())
		}
		if len(d.t.Runs()) != len(o.Timeline.Runs()) || d.t.Current() != o.Timeline.Current() {
			t.Fatalf("seed %d, %s: %d runs, not %d", seed, name, len(o.Timeline.Runs()), len(d.t.Runs()))
		}
		if a, b := traced(d.t.Run), traced(o.Timeline.Run); a != b {
			t.Fatalf("seed %d, %s: another trace at its place", seed, name)
		}
		for i := range d.t.Runs() {
			d.t.Switch(i)
			o.Timeline.Switch(i)
			d.t.Seek(d.t.Newest())
			o.Timeline.Seek(d.t.Newest())
			if a, b := traced(d.t.Run), traced(o.Timeline.Run); a != b {
				t.Fatalf("seed %d, %s: another trace of %s", seed, name, d.t.Name())
			}
		}
		d.t.Advance(d.t.Newest(), -1) // the rest of that instant too
		if a, b := traced(d.t.Run), followed(d.sc.Config, d.t.AllCommands(), d.t.Newest()); a != b {
			t.Fatalf("seed %d, %s: another trace where the commands follow", seed, name)
		}
	}
	if file := os.Getenv(linesFile); file != "" {
		if err := os.WriteFile(file, []byte(lines.String()), 0o600); err != nil {
			t.Error(err)
		}
	}
	t.Logf("the longest line of a built-in scenario has %d characters", len(longest))
}

// followed gives the trace of commands that follow a simulation which is driven from
// outside.
func followed(cfg *engine.Config, commands []timeline.PlacedCommand, until engine.Micros) string {
	s, err := engine.New(cfg)
	if err != nil {
		return err.Error()
	}
	c := timeline.Follow(s, commands)
	var b []byte
	for next := engine.Micros(0); next <= until; next = c.NextAt() {
		c.RunUntil(next)
		for _, e := range s.Drain() {
			b = append(trace.AppendJSON(b, s, &e), '\n')
		}
	}
	return string(b)
}

// TestRefused: each wrong line is refused with the reason.
func TestRefused(t *testing.T) {
	t.Parallel()
	sc := read(t, "poison-record")
	tl, err := timeline.New(sc.Config)
	if err != nil {
		t.Fatal(err)
	}
	tl.Advance(20*engine.Second, -1)
	r := share.Of(share.World{Name: "poison-record"}, tl, "ShipOrders", "1.0")
	line, err := r.Line()
	if err != nil {
		t.Fatal(err)
	}
	changed := func(do func(r *share.Run)) string {
		c := *r
		c.Runs = append([]timeline.SavedRun(nil), r.Runs...)
		do(&c)
		out, err := c.Line()
		if err != nil {
			t.Fatal(err)
		}
		return out
	}
	do := func(c engine.Command) string {
		return changed(func(r *share.Run) { r.Runs[0].Commands = []timeline.PlacedCommand{{Command: c}} })
	}
	for _, c := range []struct{ line, want string }{
		{"poison-record", "not a shared run"},
		{"esm2:abc", "another version"},
		{line[:len(line)-9], "cut off"},
		{line[:20] + "!" + line[21:], "character 21"},
		{line[:20] + "AAAA" + line[24:], "damaged"},
		{"esm1:", "cut off"},
		{changed(func(r *share.Run) { r.World.Name = "no-such" }), `no built-in scenario "no-such"`},
		{changed(func(r *share.Run) { r.World.Name = "" }), "names no scenario"},
		{changed(func(r *share.Run) { r.World.Source = "Resources: [" }), "poison-record:"},
		{changed(func(r *share.Run) { r.World.Sets = []string{"ShipOrders.BatchSize=0"} }), "BatchSize"},
		{changed(func(r *share.Run) { r.Current = 4 }), "shows run 5, and has 1"},
		{changed(func(r *share.Run) { r.Runs[0].Parent = 3 }), "branches from run 4"},
		{changed(func(r *share.Run) { r.Runs[0].At = -1 }), "stands at second"},
		{changed(func(r *share.Run) { r.Runs[0].At = 1000 * 24 * engine.Hour }), "stands at second"},
		{do(engine.Command{Op: 99}), "no command 99"},
		{do(engine.Command{Op: engine.OpDeploy}), "no template"},
		{do(engine.Command{Op: engine.OpPut, Put: engine.Traffic{To: "Orders"}}), "every"},
		{do(engine.Command{Op: engine.OpPut, Put: engine.Traffic{To: "Orders", AtOnce: true, Count: 1 << 40}}), "not from 0 to 10000000"},
		{do(engine.Command{Op: engine.OpPut, Put: engine.Traffic{To: "Orders", AtOnce: true, Keys: []string{""}}}), "2,048 bytes"},
		{do(engine.Command{Op: engine.OpFault, Fault: engine.Fault{Function: "Ship", How: 77}}), "fault: 77"},
		{do(engine.Command{Op: engine.OpFault, Fault: engine.Fault{Function: "Ship", HasChance: true, Chance: 2}}), "chance"},
	} {
		got, err := share.Parse(c.line)
		if err == nil {
			_, err = got.Open(nil)
		}
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%.40s…: %v, which does not say %q", c.line, err, c.want)
		}
	}
	o, err := r.Open(nil)
	if err != nil || o.Differs("1.0") != "" || !strings.Contains(o.Differs("2.0"), "esmlab 1.0; this is 2.0. It comes out the same here") {
		t.Error(err, o.Differs("1.0"), o.Differs("2.0"))
	}
	r.Sum++
	if o, err := r.Open(nil); err != nil || !strings.Contains(o.Differs("1.0"), "comes out differently") {
		t.Error(err, o.Differs("1.0"))
	}
}

func read(t *testing.T, name string) *scenario.Scenario {
	t.Helper()
	src, _ := scenario.Builtin(name)
	sc, err := scenario.Read(name, src, scenario.Options{})
	if err != nil {
		t.Fatal(err)
	}
	return sc
}

// TestWritten: a line is found however it travelled.
func TestWritten(t *testing.T) {
	t.Parallel()
	tl, err := timeline.New(read(t, "calm-queue").Config)
	if err != nil {
		t.Fatal(err)
	}
	line, err := share.Of(share.World{Name: "calm-queue"}, tl, "", "").Line()
	if err != nil {
		t.Fatal(err)
	}
	broken := strings.Join(share.Lines(line, 30), "\n  ")
	for _, text := range []string{line, broken, " " + line + "\n", "https://class.example/lab#" + line, "file:///home/me/esmlab.html#" + strings.Replace(line, ":", "%3A", 1), "#" + line} {
		if r, err := share.Parse(text); err != nil || r.World.Name != "calm-queue" {
			t.Errorf("%.60s: %v", text, err)
		}
	}
	for _, text := range []string{"calm-queue", "esm:", "esm1", "esmlab:1", "esm12345:x", "template.yaml", "https://a/b"} {
		if share.Is(text) {
			t.Errorf("%s is taken for a line", text)
		}
	}
}

// TestWords: what begins every text belongs to the format; a change makes all lines that
// are out there wrong, and needs another number.
func TestWords(t *testing.T) {
	t.Parallel()
	words, err := os.ReadFile("words.txt")
	if err != nil {
		t.Fatal(err)
	}
	if sum := sha256.Sum256(words); hex.EncodeToString(sum[:])[:16] != "d887e7b1ca9caa81" {
		t.Errorf("words.txt has changed: %x", sum[:8])
	}
	const old = "esm1:hUtUloKEk6GeAe6QId3xhqbGeNxrjKzUyNgIu5NLwLmYVukDJQwMLMyNzEzNDIwNzC3MzC0MDQyMagEBAAD__w"
	if r, err := share.Parse(old); err != nil || r.World.Name != "poison-record" || len(r.Commands()) != 1 {
		t.Errorf("a line of the first day: %v", err)
	}
}

// TestAllOfACommand: a command holds nothing that a line could not.
func TestAllOfACommand(t *testing.T) {
	t.Parallel()
	seen := map[reflect.Type]bool{reflect.TypeFor[pattern.Criteria](): true, reflect.TypeFor[pattern.Pattern](): true, reflect.TypeFor[engine.Predicate](): true}
	var look func(at string, x reflect.Type)
	look = func(at string, x reflect.Type) {
		if seen[x] {
			return
		}
		seen[x] = true
		switch x.Kind() {
		case reflect.Struct:
			for i := range x.NumField() {
				f := x.Field(i)
				if !f.IsExported() {
					t.Errorf("%s.%s is not exported", at, f.Name)
				}
				look(at+"."+f.Name, f.Type)
			}
		case reflect.Slice, reflect.Pointer:
			look(at, x.Elem())
		case reflect.Map:
			if x.Key().Kind() != reflect.String {
				t.Errorf("%s has keys of another kind", at)
			}
			look(at, x.Elem())
		case reflect.Interface, reflect.Func, reflect.Chan, reflect.Array, reflect.UnsafePointer:
			t.Errorf("%s is a %s", at, x.Kind())
		}
	}
	look("Command", reflect.TypeFor[engine.Command]())
}

// FuzzParse: no text makes it panic, or hang.
func FuzzParse(f *testing.F) {
	f.Add("esm1:")
	f.Add("esm1:AAAAAA")
	f.Fuzz(func(t *testing.T, text string) {
		if r, err := share.Parse("esm1:" + text); err == nil {
			_, _ = r.Open(nil)
		}
	})
}

// TestExport: a run as a scenario holds what it expects, and comes to the same.
func TestExport(t *testing.T) {
	t.Parallel()
	for seed, name := range scenario.Names() {
		if testing.Short() && seed%4 > 0 || name == "scale-out" {
			continue
		}
		src, _ := scenario.Builtin(name)
		w := share.World{Name: name, Sets: nil}
		d := &drawn{Rand: rand.New(rand.NewPCG(uint64(seed), 3)), sc: read(t, name)}
		var err error
		if d.t, err = timeline.New(d.sc.Config); err != nil {
			t.Fatal(err)
		}
		for range 3 {
			d.t.Advance(d.t.Now()+3*engine.Second+7, -1) // nothing else happens at that instant
			c := d.command()
			if c.Op == engine.OpFault && c.Fault.How == engine.HowReply {
				c.Fault.Reply = `{"batchItemFailures":[]}`
			}
			if step := share.Step(&timeline.PlacedCommand{Command: c}); c.Op == engine.OpSet { // its value may be of another kind
				if _, err := scenario.Read(name, src, scenario.Options{Steps: []string{step}}); err != nil {
					continue
				}
			}
			if c.Op != engine.OpDeploy && !strings.HasSuffix(c.Target, ".FilterCriteria") { // its text may be written otherwise
				d.t.Do(c)
			}
		}
		d.t.Advance(d.t.Now()+engine.Second, -1)
		x, err := share.Export(&w, src, d.t.Run)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		sc, err := scenario.Read("x.yaml", x.Text, scenario.Options{})
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if len(sc.Expect) != x.Expect || x.Expect == 0 || sc.Title != d.sc.Title {
			t.Errorf("%s: %d expectations", name, x.Expect)
		}
		refused := false
		for _, c := range d.t.Commands() {
			refused = refused || c.Refused
		}
		if !x.Exact && !refused { // what was refused is left out
			t.Errorf("%s: it comes to something else", name)
		}
	}
}
