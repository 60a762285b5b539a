package lab

import (
	"path/filepath"
	"strings"

	tea "charm.land/bubbletea/v2"

	"esmlab/engine/handback"
	"esmlab/ui/kit"
)

// This file hands the template back: with the settings as they are now and what was done as
// steps, to a file, or as a diff.

// done are the commands that the person gave, in their places.
func (m *Lab) done() []handback.Done {
	var out []handback.Done
	for _, c := range m.tl.AllCommands() {
		if !c.Off {
			out = append(out, handback.Done{At: c.At, Tick: c.Tick, Refused: c.Refused, Command: c.Command})
		}
	}
	return out
}

// notSaved is why the template cannot be saved.
func (m *Lab) notSaved() string {
	switch {
	case m.o.Region != nil || m.o.Hide:
		return "This run is not yours to save: it is a lesson's or a question's"
	case m.o.HandBack == nil:
		return "There is no template behind this run that could be saved"
	}
	return ""
}

// save asks for a file and writes the template there.
func (m *Lab) save() tea.Cmd {
	if m.o.WriteFile == nil {
		m.notice = "Nothing can be written from here"
		return nil
	}
	name := m.o.SaveAs
	return m.dialogs.Show(m.saveEditor(name), func(r kit.Reply) tea.Cmd { return m.saveTo(r.Text) })
}

func (m *Lab) saveEditor(name string) *kit.Editor {
	return kit.NewEditor(kit.Editor{Title: "Save the template", Label: "file", Was: name, Allowed: "a file beside others of yours, as my-template.yaml",
		Foot: "enter saves · esc back",
		Say: func(string) string {
			return "With the settings as they are now, and your commands as steps. Comments and order stay. " + "`:diff` shows the change first."
		},
		Check: func(name string) string {
			if name == "" || strings.HasSuffix(name, "/") {
				return "Type the name of a file, such as template.yaml"
			}
			return ""
		}})
}

// saveTyped is `:save FILE`.
func (m *Lab) saveTyped(args []string) tea.Cmd {
	if file, _ := named(args); strings.EqualFold(filepath.Ext(file), ".esm") {
		return m.saveRun(args)
	}
	switch file := strings.Join(args, " "); {
	case m.notSaved() != "":
		m.notice = m.notSaved()
		return nil
	case file == "":
		return m.save()
	case m.o.WriteFile == nil:
		m.notice = "Nothing can be written from here"
		return nil
	default:
		return m.saveTo(file)
	}
}

// saveTo writes the template to a file.
func (m *Lab) saveTo(file string) tea.Cmd {
	done, commands := m.done(), m.commands
	return kit.Run(func() (*handback.Result, error) {
		res, err := m.o.HandBack(done)
		if err == nil {
			err = m.o.WriteFile(file, []byte(res.Text))
		}
		return res, err
	}, func(res *handback.Result, err error) tea.Cmd {
		if err != nil {
			e := m.saveEditor(file)
			e.Refuse(file, kit.Capitalize(err.Error()))
			return m.dialogs.Show(e, func(r kit.Reply) tea.Cmd { return m.saveTo(r.Text) })
		}
		m.saved = commands
		m.stale = false
		m.reads++ // what is being asked about the file is about the one before
		in := 0
		for _, c := range res.Changed {
			if c.InText {
				in++
			}
		}
		text := "Saved " + file + " with " + kit.Count(in, "changed property") + " and " + kit.Count(len(done)-len(res.Left), "step") + ". It runs again to the same trace"
		if len(res.Notes) == 0 {
			m.notice = text
			return nil
		}
		card := &kit.Card{Title: "Saved", Body: []kit.Para{{Text: text}, {}}}
		for _, n := range res.Notes {
			card.Body = append(card.Body, kit.Para{Text: "· " + n})
		}
		return m.dialogs.Show(card, nil)
	})
}

// showDiff shows what saving would change, and the commands of the AWS CLI that would change
// what is deployed.
func (m *Lab) showDiff() tea.Cmd {
	if why := m.notSaved(); why != "" {
		m.notice = why
		return nil
	}
	done := m.done()
	return kit.Run(func() (*handback.Result, error) { return m.o.HandBack(done) }, func(res *handback.Result, err error) tea.Cmd {
		card := &kit.Card{Title: "What has changed in " + m.sc.Name}
		if err != nil {
			card.Body = []kit.Para{{Text: kit.Capitalize(err.Error())}}
			return m.dialogs.Show(card, nil)
		}
		for _, line := range strings.Split(strings.TrimSuffix(res.Diff(), "\n"), "\n") {
			style := kit.Plain
			switch {
			case strings.HasPrefix(line, "---"), strings.HasPrefix(line, "+++"):
				continue
			case strings.HasPrefix(line, "@@"):
				style = kit.Dim
			case strings.HasPrefix(line, "+"):
				style = kit.Good
			case strings.HasPrefix(line, "-"):
				style = kit.Bad
			}
			card.Body = append(card.Body, kit.Para{Raw: true, Style: style, Text: line})
		}
		if res.Diff() == "" {
			card.Body = []kit.Para{{Text: "Nothing: you have given no commands."}}
		}
		for _, n := range res.Notes {
			card.Body = append(card.Body, kit.Para{}, kit.Para{Style: kit.Dim, Text: n + "."})
		}
		if list := res.Commands(m.sim().Config()); len(list) > 0 {
			card.Body = append(card.Body, kit.Para{}, kit.Para{Style: kit.Strong, Text: "The same for what is deployed, without a deployment:"})
			for _, c := range list {
				card.Body = append(card.Body, kit.Para{Style: kit.Info, Text: c})
			}
		}
		return m.dialogs.Show(card, nil)
	})
}
