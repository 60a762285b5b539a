package home

import (
	tea "charm.land/bubbletea/v2"

	"esmlab/engine/draft"
	"esmlab/ui/kit"
)

// This file asks what a new template is to be, in four questions, and for its name.

// AskNew asks for what the answers do not have yet, then for the name of the file, and opens
// what was written.
func (h *Home) AskNew(a draft.Answers, file string) tea.Cmd {
	for i, q := range draft.Questions(a.Source) {
		to := map[string]*string{"source": &a.Source, "failures": &a.Failures, "traffic": &a.Traffic, "language": &a.Language}[q.Name]
		if *to != "" {
			continue
		}
		menu := &kit.Menu{Title: "A new template, " + string(rune('1'+i)) + " of 4", Intro: []string{q.Ask}, Foot: "enter chooses · esc leaves"}
		for k, o := range q.Options {
			menu.Items = append(menu.Items, kit.Item{Key: string(rune('1' + k)), Text: kit.Fit(o.Word, 9) + o.Text})
		}
		return h.dialogs.Show(menu, func(r kit.Reply) tea.Cmd {
			if r.Chosen < 0 || r.Chosen >= len(q.Options) {
				return nil
			}
			*to = q.Options[r.Chosen].Word
			return h.AskNew(a, file)
		})
	}
	if file != "" {
		return h.create(a, file)
	}
	return h.nameNew(a, "template.yaml", nil)
}

// nameNew asks for the name of the file; err says what is wrong with the last one.
func (h *Home) nameNew(a draft.Answers, name string, err error) tea.Cmd {
	e := kit.NewEditor(kit.Editor{Title: "A new template", Label: "file", Was: name, Allowed: "a file that is not there yet", Foot: "enter writes and opens it · esc leaves",
		Say: func(string) string {
			return "It can be deployed with sam deploy --guided. Comments in it say why each setting is as it is."
		},
		Check: func(name string) string {
			if name == "" {
				return "Type the name of a file, such as template.yaml"
			}
			return ""
		}})
	if err != nil {
		e.Refuse(name, kit.Capitalize(err.Error()))
	}
	return h.dialogs.Show(e, func(r kit.Reply) tea.Cmd { return h.create(a, r.Text) })
}

func (h *Home) create(a draft.Answers, file string) tea.Cmd {
	return h.Screens.Load(h.Create(a, file), func(err error) tea.Cmd { return h.nameNew(a, file, err) })
}

func (h *Home) noNew() string {
	if h.Create == nil {
		return "No template can be written here"
	}
	return ""
}
