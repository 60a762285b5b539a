package lab

import (
	"slices"
	"strconv"

	tea "charm.land/bubbletea/v2"

	"esmlab/engine"
	"esmlab/ui/kit"
	"esmlab/ui/pane"
)

// This file is what can be set beside the numbers and switches of a mapping
// and its queue: the function's settings, and a FIFO queue's words.

// attribute is such a setting.
type attribute struct {
	target, name string // OpSet's
	was          string // as it is typed
	plain        string // its default
	allowed      string
	steps        []string
	say          func(string) string
}

// functionNames are what can be set about the function.
var functionNames = []string{"ReservedConcurrentExecutions", "Timeout", "takes"}

// fifoNames are what can be set about a FIFO queue only.
var fifoNames = []string{"ContentBasedDeduplication", "DeduplicationScope", "FifoThroughputLimit"}

// attribute gives the setting of that name, nil where it is none of these.
func (m *Lab) attribute(name string) *attribute {
	s := m.sim()
	fi := s.FunctionOf(m.at)
	f, fn := &s.Functions[fi], m.functionID()
	switch name {
	case "ReservedConcurrentExecutions":
		most := s.Config().Concurrency
		return &attribute{target: fn, name: name, was: strconv.Itoa(f.Reserved), plain: "-1", allowed: "-1 for none, or 0 to " + kit.Thousands(most), steps: []string{"-1", "0", "1", "2", "5", "10", "50", "100", strconv.Itoa(most)},
			say: func(text string) string {
				switch n, err := strconv.Atoi(text); {
				case err != nil:
					return "a whole number is wanted"
				case n < 0:
					return "-1: " + fn + " shares the account's concurrency of " + kit.Thousands(most)
				case n == 0:
					return "0: " + fn + " is never run; every invocation is throttled"
				default:
					return text + ": at most " + text + " of " + fn + " run at a time, more are throttled; so many are kept for it"
				}
			}}
	case "Timeout":
		return &attribute{target: fn, name: name, was: strconv.Itoa(int(f.Timeout / engine.Second)), plain: "3", allowed: "1 to 900 seconds", steps: []string{"1", "3", "5", "10", "30", "60", "300", "900"},
			say: func(text string) string {
				n, err := strconv.Atoi(text)
				if err != nil {
					return "a whole number of seconds is wanted"
				}
				return text + ": an invocation that takes longer than " + pane.Dur(engine.Micros(n)*engine.Second) + " is ended, and has failed"
			}}
	case "takes":
		return &attribute{target: fn, name: name, was: typedTime(f.Takes.Base), plain: "100ms", allowed: "a length of time: 200ms, 1s", steps: []string{"10ms", "100ms", "200ms", "500ms", "1s", "2s", "5s", "10s"},
			say: func(text string) string {
				d, ok := parseTime(text)
				if !ok {
					return "a length of time is wanted, as 200ms"
				}
				if limit := f.Timeout; d > limit {
					return fn + " would take " + pane.Dur(d) + "; its Timeout of " + pane.Dur(limit) + " ends it before"
				}
				return "an invocation of " + fn + " takes " + pane.Dur(d) + ", whatever it is handed"
			}}
	}
	qi := m.queue()
	if qi < 0 {
		return nil
	}
	q, id := &s.Queues[qi], m.streamID()
	word := func(now, plain string, steps ...string) *attribute {
		if now == "" {
			now = plain
		}
		return &attribute{target: id, name: name, was: now, plain: plain, steps: steps, allowed: steps[0] + " or " + steps[1], say: func(text string) string {
			if !slices.Contains(steps, text) {
				return "not allowed: " + steps[0] + " or " + steps[1]
			}
			return text + ": " + map[string]string{
				"queue":             "a deduplication id counts once in the queue for five minutes",
				"messageGroup":      "a deduplication id counts once in each message group",
				"perQueue":          "the limit on requests is one for the whole queue",
				"perMessageGroupId": "each message group has a limit on requests of its own",
			}[text]
		}}
	}
	switch name {
	case "DeduplicationScope":
		return word(q.DeduplicationScope, "queue", "queue", "messageGroup")
	case "FifoThroughputLimit":
		return word(q.FifoThroughputLimit, "perQueue", "perQueue", "perMessageGroupId")
	}
	return nil
}

// typedTime writes a length of time as it is typed: 200ms, 1.5s.
func typedTime(m engine.Micros) string {
	if m%engine.Second != 0 && m < engine.Second {
		return strconv.FormatFloat(float64(m)/float64(engine.Second)*1000, 'g', -1, 64) + "ms"
	}
	return strconv.FormatFloat(m.Seconds(), 'g', -1, 64) + "s"
}

// editAttribute opens the editor of one. What the engine would refuse, in AWS's
// words where it has them, is refused here already.
func (m *Lab) editAttribute(a *attribute, why []kit.Para) tea.Cmd {
	command := func(text string) engine.Command {
		v := readValue(text)
		if a.name == "takes" {
			if d, ok := parseTime(text); ok {
				v = engine.TimeValue(d)
			}
		}
		return engine.Command{Op: engine.OpSet, Target: a.target + "." + a.name, Value: v}
	}
	return m.dialogs.Show(kit.NewEditor(kit.Editor{Title: a.name + " of " + a.target, Was: a.was, Default: a.plain, Allowed: a.allowed, Steps: a.steps, About: why, Say: a.say,
		Check: func(text string) string {
			if r := m.sim().Clone().Do(command(text)); r != nil {
				return r.Error()
			}
			return ""
		}}), func(r kit.Reply) tea.Cmd { return m.apply(command(r.Text)) })
}
