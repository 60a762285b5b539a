package lab

import (
	"cmp"
	"path/filepath"
	"strings"

	tea "charm.land/bubbletea/v2"

	"esmlab/engine/share"
	"esmlab/ui/kit"
)

// This file hands out the run that is shown: as a line that opens it anywhere, and as files.

// Run is what is shown as data, to be shared; nil: it cannot be.
func (m *Lab) Run() *share.Run {
	if m.sc.World == nil {
		return nil
	}
	return share.Of(*m.sc.World, m.tl, m.mappingID(), m.o.Sharing.Version)
}

// unshared says why the run cannot be shared; "" it can.
func (m *Lab) unshared() string {
	if m.sc.World == nil {
		return "What this run starts from is not known here, so no line can hold it"
	}
	return ""
}

// askAnyway says that a run was shared by another version, and offers to go on with it.
func (m *Lab) askAnyway(says string) {
	m.dialogs.Show(&kit.Menu{Title: "A run of another version", Intro: []string{says}, Items: []kit.Item{{Key: "1", Text: "run it anyway, as this version does"}, {Key: "2", Text: "leave it"}}}, func(r kit.Reply) tea.Cmd {
		if r.Chosen == 1 {
			m.screens.Back()
		}
		return nil
	})
}

// copyRun copies the run's line to the clipboard, and offers the other ways to take the run
// away.
func (m *Lab) copyRun() tea.Cmd {
	if reason := m.unshared(); reason != "" {
		m.notice = reason
		return nil
	}
	line, err := m.Run().Line()
	if err != nil {
		m.refuse(err.Error())
		return nil
	}
	command := m.CommandLine()
	menu := &kit.Menu{Title: "This run, to copy", Intro: []string{kit.Cut(line, 74),
		"This line of " + kit.Count(len(line), "character") + " opens the run at this instant, with its branches: `esmlab lab LINE`. It was sent to the terminal's clipboard; not every terminal accepts it."},
		Items: []kit.Item{
			{Key: "p", Text: "print it in lines, to select with the mouse"},
			{Key: "s", Text: "save it in a file", Off: m.unwritten()},
			{Key: "c", Text: "copy a command for a shell instead", Off: m.o.Uncopied},
			{Key: "e", Text: "export: a scenario, a film or a picture", Off: m.unwritten()},
		}}
	if m.o.Uncopied == "" {
		menu.About = append(menu.About, kit.Para{Style: kit.Info, Text: command})
	}
	if steps := m.ownSteps(); len(steps) > 0 {
		menu.About = append(menu.About, kit.Para{}, kit.Para{Style: kit.Dim, Text: "Your commands, as steps for Metadata.esmlab:"}, kit.Para{Raw: true, Style: kit.Info, Text: "steps:"})
		for _, s := range steps {
			menu.About = append(menu.About, kit.Para{Raw: true, Style: kit.Info, Text: "  - " + s})
		}
	}
	m.dialogs.Show(menu, func(r kit.Reply) tea.Cmd {
		switch r.Chosen {
		case 0:
			return m.printLine(line)
		case 1:
			return m.askFile("Save this run", m.fileName(".esm"), m.saveRun)
		case 2:
			m.notice = "The command was sent to the terminal's clipboard"
			return tea.SetClipboard(command)
		case 3:
			return m.askFile("Export this run", m.fileName(".yaml"), m.export)
		}
		return nil
	})
	return tea.SetClipboard(line)
}

// printLine shows the line as it can be selected: in lines, which are read as one.
func (m *Lab) printLine(line string) tea.Cmd {
	card := &kit.Card{Title: "This run, in lines"}
	for _, part := range share.Lines(line, max(20, min(76, m.w-8))) {
		card.Body = append(card.Body, kit.Para{Raw: true, Text: part})
	}
	card.Body = append(card.Body, kit.Para{}, kit.Para{Style: kit.Dim, Text: "Blanks and line breaks in it mean nothing. :mouse off lets the terminal select text."})
	return m.dialogs.Show(card, nil)
}

// unwritten says why no file can be written; "" one can.
func (m *Lab) unwritten() string {
	if m.o.Sharing.Write == nil {
		return "no file can be written here"
	}
	return ""
}

func (m *Lab) fileName(ext string) string {
	name := strings.Map(func(r rune) rune {
		if r < ' ' || strings.ContainsRune(`/\:*?"<>| `, r) {
			return '-'
		}
		return r
	}, m.sc.Name)
	return name + ext
}

// askFile asks for the name of a file.
func (m *Lab) askFile(title, name string, do func([]string) tea.Cmd) tea.Cmd {
	e := kit.NewEditor(kit.Editor{Title: title, Label: "file", Was: name, Allowed: "a name; what it ends with says what is written",
		Check: func(s string) string {
			if s == "" {
				return "a file has a name"
			}
			return ""
		}, Say: func(string) string { return "" }})
	return m.dialogs.Show(e, func(r kit.Reply) tea.Cmd { return do([]string{r.Text}) })
}

// saveRun writes the run to a file.
func (m *Lab) saveRun(args []string) tea.Cmd {
	name, over := named(args)
	switch {
	case name == "":
		m.notice = ":save takes a file, as :save run.esm"
		return nil
	case !strings.EqualFold(filepath.Ext(name), ".esm"):
		m.notice = ":save writes the run to a file that ends with .esm; :export writes a scenario (.yaml), a film (.cast) or a picture (.svg)"
		return nil
	}
	if reason := m.unshared(); reason != "" {
		m.notice = reason
		return nil
	}
	line, err := m.Run().Line()
	if err != nil {
		m.refuse(err.Error())
		return nil
	}
	return m.write(name, over, func() ([]byte, string, error) {
		return []byte(strings.Join(share.Lines(line, 100), "\n") + "\n"), "`esmlab lab " + kit.Quote(name) + "` opens it", nil
	})
}

// named takes the name of a file from the words of a command; "over" after it lets it
// replace another.
func named(args []string) (name string, over bool) {
	if n := len(args); n > 1 && args[n-1] == "over" {
		args, over = args[:n-1], true
	}
	return strings.Join(args, " "), over
}

// write makes a file and writes it, in a command.
func (m *Lab) write(name string, over bool, make func() (src []byte, then string, err error)) tea.Cmd {
	if m.o.Sharing.Write == nil {
		m.notice = kit.Capitalize(m.unwritten())
		return nil
	}
	write, then := m.o.Sharing.Write, ""
	m.notice = "Writing " + name + "…"
	return kit.Run(func() (struct{}, error) {
		src, says, err := make()
		if then = says; err == nil {
			err = write(name, src, over)
		}
		return struct{}{}, err
	}, func(_ struct{}, err error) tea.Cmd {
		m.notice = name + " was written"
		switch {
		case err != nil:
			m.refuse(name + " was not written: " + err.Error())
		case then != "":
			m.notice += ": " + then
		}
		return nil
	})
}

// exports are the kinds of files that can be exported.
func exports(string) []kit.Item {
	return []kit.Item{{Text: "run.yaml", Note: "a scenario, with what holds now as expect"}, {Text: "run.cast", Note: "a film of the run, for asciinema"}, {Text: "run.svg", Note: "a picture of the screen"}}
}

// export writes the run as a scenario, as a film, or the screen as a picture.
func (m *Lab) export(args []string) tea.Cmd {
	name, over := named(args)
	switch strings.ToLower(filepath.Ext(name)) {
	case ".yaml", ".yml":
		return m.exportScenario(name, over)
	case ".cast":
		return m.exportFilm(name, over)
	case ".svg":
		return m.exportPicture(name, over)
	}
	m.notice = ":export takes a file: .yaml is a scenario, .cast a film for asciinema, .svg a picture of the screen"
	return nil
}

func (m *Lab) exportScenario(name string, over bool) tea.Cmd {
	if m.sc.World == nil || m.o.Sharing.Template == nil {
		m.notice = cmp.Or(m.unshared(), "The template of this run is not known here")
		return nil
	}
	w, run := *m.sc.World, m.tl.Run
	src, err := m.o.Sharing.Template(&w)
	if err != nil {
		m.refuse(err.Error())
		return nil
	}
	x, err := share.Export(&w, src, run)
	if err != nil {
		m.refuse(err.Error())
		return nil
	}
	return m.write(name, over, func() ([]byte, string, error) {
		then := "`esmlab run " + kit.Quote(name) + "` runs it and checks " + kit.Count(x.Expect, "expectation")
		if !x.Exact {
			then += "; a command of yours came in the midst of an instant, and a step cannot: it differs there"
		}
		return x.Text, then, nil
	})
}
