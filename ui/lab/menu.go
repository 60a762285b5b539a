package lab

import (
	"slices"
	"strings"

	tea "charm.land/bubbletea/v2"

	"esmlab/engine"
	"esmlab/engine/narrate"
	"esmlab/engine/setting"
	"esmlab/ui/kit"
	"esmlab/ui/pane"
)

// choice is a line of the menu of what can be done to a subject, or seen about it.
type choice struct {
	text string
	do   func() tea.Cmd
}

// offer shows a menu of choices.
func (m *Lab) offer(title string, list []choice) tea.Cmd {
	menu := &kit.Menu{Title: title}
	for i, d := range list {
		menu.Items = append(menu.Items, kit.Item{Key: key(i), Text: d.text})
	}
	return m.dialogs.Show(menu, func(r kit.Reply) tea.Cmd { return list[r.Chosen].do() })
}

// menu offers what can be done to the subject under the cursor, its source and its
// mapping, and what else can be seen about it.
func (m *Lab) menu() tea.Cmd {
	about := m.target()
	var list []choice
	if h := m.worstNow(); h.mends != nil && m.subject() == (pane.Subject{}) {
		list = append(list, h.mends(m))
	}
	add := func(more ...choice) {
		for _, c := range more {
			if !slices.ContainsFunc(list, func(have choice) bool { return have.text == c.text }) {
				list = append(list, c)
			}
		}
	}
	if h := &subjectHandlers[about.Kind]; h.choices != nil {
		add(h.choices(m, about)...)
	}
	title := m.streamID()
	if m.queue() >= 0 {
		add(m.queueChoices()...)
	} else {
		title = "shard " + itoa(m.shard())
		add(m.shardChoices()...)
	}
	for _, f := range m.ctx().Faults() {
		add(m.faultChoice(f))
	}
	add(m.viewChoices()...)
	return m.offer("What can be done to "+title+" and its mapping", list)
}

// shardChoices are what can be done to a shard, its mapping and its function.
func (m *Lab) shardChoices() []choice {
	s, shard := m.sim(), m.shard()
	n := m.selected(shard)
	read := strings.ToLower(m.sourceWord()) + ":GetRecords"
	return []choice{
		m.poisonChoice(n),
		m.commandChoice("put a record here", engine.Command{Op: engine.OpPut, Put: engine.Traffic{To: m.streamID(), AtOnce: true, Count: 1, At: s.Now(), Until: engine.Never, Per: 1, Shard: shard, Keys: []string{"k1"}}}),
		m.enableChoice(),
		m.commandChoice("restart "+m.mappingID()+" from its checkpoint", engine.Command{Op: engine.OpRestart, Target: m.mappingID()}),
		m.permissionChoice(read, "the right to read ("+read+")", "to read again"),
		m.concurrencyChoice(),
	}
}

// concurrencyChoice throttles the mapping's function, or takes its reserved concurrency
// off.
func (m *Lab) concurrencyChoice() choice {
	fn := m.functionID()
	reserve := func(text string, n int) choice {
		return m.commandChoice(text, engine.Command{Op: engine.OpSet, Target: fn + "." + setting.ReservedConcurrentExecutions, Value: engine.IntValue(n)})
	}
	if s := m.sim(); s.Functions[s.FunctionOf(m.at)].Reserved >= 0 {
		return reserve("remove the reserved concurrency of "+fn, -1)
	}
	return reserve("throttle "+fn+" ("+setting.ReservedConcurrentExecutions+" 0)", 0)
}

// queueChoices are what can be done to the queue, its DLQ and its mapping.
func (m *Lab) queueChoices() []choice {
	list := []choice{m.poisonChoice(m.nextMessage())}
	list = append(list, m.deadLetterChoices(pane.Subject{})...)
	poll := engine.Receiver{Queue: m.streamID(), Once: true, Count: 10, Takes: 100 * engine.Millisecond}
	return append(list, m.commandChoice("purge "+m.streamID(), engine.Command{Op: engine.OpPurge, Target: m.streamID()}), m.enableChoice(),
		m.permissionChoice("sqs:DeleteMessage", "the right to delete (sqs:DeleteMessage)", "the rights that it lacks"), m.concurrencyChoice(),
		m.commandChoice("poll "+m.streamID()+" in the console: it hides up to ten messages, and counts", engine.Command{Op: engine.OpReceive, Target: m.streamID(), Receive: poll}))
}

// deadLetterChoices are what can be done to the messages in the DLQ; none without one.
func (m *Lab) deadLetterChoices(pane.Subject) []choice {
	if m.queue() < 0 || m.sim().Queues[m.queue()].DeadLetterQueue == "" {
		return nil
	}
	dlq := m.sim().Queues[m.queue()].DeadLetterQueue
	return []choice{
		m.commandChoice("redrive "+dlq+": its messages go back to "+m.streamID(), engine.Command{Op: engine.OpRedrive, Target: dlq}),
		m.commandChoice("purge "+dlq, engine.Command{Op: engine.OpPurge, Target: dlq}),
	}
}

// faultChoices are what can be done to a fault.
func (m *Lab) faultChoices(about pane.Subject) []choice {
	for _, f := range m.ctx().Faults() {
		if f.Name == about.Name {
			return []choice{m.faultChoice(f)}
		}
	}
	return nil
}

func (m *Lab) faultChoice(f *engine.Fault) choice {
	return choice{"remove: " + narrate.Fault(f, false), func() tea.Cmd { return m.takeOff(f.Name) }}
}

func (m *Lab) poisonChoice(n int) choice {
	return choice{"poison #" + itoa(n), func() tea.Cmd { m.poison(n); return m.resume() }}
}

// enableChoice disables the mapping, or enables it.
func (m *Lab) enableChoice() choice {
	id := m.mappingID()
	if st := m.sim().Mappings[m.at].State; st == engine.Enabled || st == engine.Updating {
		return m.commandChoice("disable "+id, engine.Command{Op: engine.OpDisable, Target: id})
	}
	return m.commandChoice("enable "+id, engine.Command{Op: engine.OpEnable, Target: id})
}

// commandChoice is a choice that carries out a command.
func (m *Lab) commandChoice(text string, c engine.Command) choice {
	return choice{text, func() tea.Cmd { return m.apply(c) }}
}

// allowChoice allows the mapping's role all that it is denied.
func (m *Lab) allowChoice() choice {
	if m.queue() >= 0 {
		return m.permissionChoice("", "", "the rights that it lacks")
	}
	return m.permissionChoice("", "", "to read again")
}

// permissionChoice offers to deny the mapping's role a right, or to allow all that it
// is denied.
func (m *Lab) permissionChoice(action, lost, back string) choice {
	id, op, actions, text := m.mappingID(), engine.OpDeny, []string{action}, "deny "+m.mappingID()+" "+lost
	if denied := m.sim().Mappings[m.at].Denied(); len(denied) > 0 {
		op, actions, text = engine.OpAllow, append([]string(nil), denied...), "allow "+id+" "+back
	}
	return choice{text, func() tea.Cmd { return m.apply(engine.Command{Op: op, Target: id, Actions: actions}) }}
}

// viewChoices lists what can be seen about the subject under the cursor beside what
// enter shows: a record's life, the event that the function got, its shard, what is
// in force.
func (m *Lab) viewChoices() []choice {
	var out []choice
	see := func(text string, do func() tea.Cmd) { out = append(out, choice{"see " + text, do}) }
	if l := m.record(); l != "" {
		see("the life of "+l, func() tea.Cmd { return m.showLife(l) })
	}
	if n := m.invocation(); n != "" {
		see("the event that "+m.functionID()+" got at invocation "+n, func() tea.Cmd { return m.showInvocation(n) })
	}
	switch kind := m.target().Kind; {
	case m.queue() >= 0 && kind != pane.KindMessageBatch:
		see("the batches in hand", func() tea.Cmd { m.Focus(3); m.move(1); return nil })
	case m.queue() < 0 && kind != pane.KindShard && kind != pane.KindIterator:
		shard := pane.Subject{Kind: pane.KindShard, Shard: int32(m.shard())}
		see("shard "+itoa(int(shard.Shard))+" and its iterator", func() tea.Cmd {
			title, body := m.insideShard(shard)
			return m.dialogs.Show(&kit.Card{Title: title, Body: body}, nil)
		})
	}
	see("all in force for "+m.mappingID()+", and get-event-source-mapping", m.showMapping)
	return out
}
