package home

import (
	"path"
	"strings"

	tea "charm.land/bubbletea/v2"

	"esmlab/ui/kit"
)

// File is a file or folder that can be chosen.
type File struct {
	Name   string
	Folder bool
	Note   string // such as its size
}

// picker is the choice of a file: what is typed filters the folder that is shown, and
// is a path of its own as well. Bubbles' file picker reads the disk itself and takes no
// text, so it is not used.
type picker struct {
	dir   string // "" the folder the program was started in
	files []File
	// listed: the folder was read
	listed bool
	why    string // what was wrong with the one that was named
	input  kit.Input
	sel    int
	moved  bool
	from   int
	first  int // the row of the first file
}

// found are the files whose name begins as what is typed, or contains it.
func (p *picker) found() []File {
	typed := strings.ToLower(p.input.String())
	var begin, within []File
	for _, f := range p.files {
		switch name := strings.ToLower(f.Name); {
		case strings.HasPrefix(name, typed):
			begin = append(begin, f)
		case strings.Contains(name, typed):
			within = append(within, f)
		}
	}
	return append(begin, within...)
}

// reply is what enter answers: a folder ends with a slash.
func (p *picker) reply() kit.Reply {
	found, typed := p.found(), p.input.String()
	name := typed
	if p.moved || typed == "" {
		if len(found) == 0 {
			return kit.Reply{Chosen: -1}
		}
		f := found[min(p.sel, len(found)-1)]
		if name = f.Name; f.Folder {
			name += "/"
		}
	}
	if !path.IsAbs(name) && !strings.HasPrefix(name, "~") {
		name = p.dir + name
	}
	return kit.Reply{Close: true, Chosen: -1, Text: name, Done: true}
}

// HandleKey types, moves, or chooses.
func (p *picker) HandleKey(k tea.KeyPressMsg) kit.Reply {
	found := p.found()
	switch k.String() {
	case "esc":
		return kit.Reply{Close: true, Chosen: -1}
	case "up":
		p.sel, p.moved = max(0, p.sel-1), true
	case "down":
		if p.moved || p.input.String() == "" {
			p.sel++
		}
		p.sel, p.moved = min(max(0, len(found)-1), p.sel), true
	case "tab":
		if len(found) > 0 {
			f := found[min(p.sel, len(found)-1)]
			if f.Folder {
				p.moved = true
				return p.reply()
			}
			p.input.Set(f.Name)
			p.sel, p.moved = 0, false
		}
	case "left":
		if p.input.String() == "" {
			return kit.Reply{Close: true, Chosen: -1, Text: p.dir + "../", Done: true}
		}
		p.input.HandleKey(k)
	case "enter":
		return p.reply()
	default:
		if p.input.HandleKey(k) {
			p.sel, p.moved, p.why = 0, false, ""
		}
	}
	return kit.Reply{Chosen: -1}
}

// Paste types a text.
func (p *picker) Paste(text string) {
	p.input.Insert(text)
	p.sel, p.moved, p.why = 0, false, ""
}

// Click chooses the file of a row.
func (p *picker) Click(row int) kit.Reply {
	if i := p.from + row - p.first; row >= p.first && i < len(p.found()) {
		p.sel, p.moved = i, true
		return p.reply()
	}
	return kit.Reply{Chosen: -1}
}

// Draw shows the folder.
func (p *picker) Draw(t *kit.Theme, w, h int) ([]string, int, int) {
	w = min(w, 72)
	if w < 12 || h < 4 {
		return nil, -1, -1
	}
	inner := w - 4
	line := func() *kit.Line { return kit.NewLine(t, inner) }
	dir := p.dir
	if dir == "" {
		dir = "./"
	}
	const label = "file   › "
	rows := []string{line().Add(kit.Dim, "in "+dir).String(), line().Text(label).Add(kit.Strong, p.input.String()).String()}
	y := len(rows) - 1
	if p.why != "" {
		for _, s := range kit.Wrap(p.why, inner) {
			rows = append(rows, line().Add(kit.Bad, s).String())
		}
	} else {
		rows = append(rows, line().Add(kit.Dim, kit.Cut("It needs nothing added. Saved while it is open, it can be read again.", inner)).String())
	}
	found := p.found()
	room := max(1, min(14, h-2-len(rows)))
	p.first = len(rows)
	p.from = max(0, min(p.sel-room/2, len(found)-room))
	marked := p.moved || p.input.String() == ""
	for i := p.from; i < min(len(found), p.from+room); i++ {
		l, f := line(), &found[i]
		style, name := kit.Plain, f.Name
		if marked && i == p.sel {
			l.Add(kit.Key, "›")
			style = kit.Strong
		}
		if f.Folder {
			name += "/"
		}
		l.PadTo(2).Add(style, name)
		rows = append(rows, l.Right(kit.Dim, f.Note, inner).String())
	}
	if len(found) == 0 {
		text := "no template here"
		if !p.listed {
			text = "…"
		}
		if p.input.String() != "" {
			text = "enter opens the file of that name"
		}
		rows = append(rows, line().Add(kit.Dim, text).String())
	}
	for i := range rows {
		rows[i] = " " + rows[i] + " "
	}
	rows = rows[:min(len(rows), h-2)]
	f := kit.Frame{Title: "Your own template", Legend: "enter opens · tab completes · ← folder above · esc back", Focused: true, Boxed: true}
	if len(found) > room {
		f.From, f.To, f.Of = p.from+1, min(len(found), p.from+room), len(found)
	}
	return f.Draw(t, rows, w, len(rows)+2), 2 + kit.Width(label) + p.input.Column(), y + 1
}

// askTemplate asks for a file; err says what is wrong with the one that was named.
func (h *Home) askTemplate(name string, err error) tea.Cmd {
	if h.Files == nil {
		return h.typeTemplate(name, err)
	}
	dir, file := path.Split(name)
	p := &picker{dir: dir}
	p.input.Set(file)
	if err != nil {
		p.why = err.Error()
	}
	shown := h.dialogs.Show(p, func(r kit.Reply) tea.Cmd {
		switch {
		case !r.Done:
			return nil
		case strings.HasSuffix(r.Text, "/"):
			if dir := path.Clean(r.Text) + "/"; dir != "./" {
				return h.askTemplate(dir, nil)
			}
			return h.askTemplate("", nil)
		}
		return h.Screens.Load(h.Template(r.Text), func(err error) tea.Cmd { return h.askTemplate(r.Text, err) })
	})
	return tea.Batch(shown, kit.Run(func() ([]File, error) { return h.Files(dir) }, func(files []File, err error) tea.Cmd {
		p.files, p.listed = files, true
		if err != nil && p.why == "" {
			p.why = err.Error()
		}
		return nil
	}))
}

// typeTemplate asks for the name of a file.
func (h *Home) typeTemplate(name string, err error) tea.Cmd {
	e := kit.NewEditor(kit.Editor{Title: "Your own template", Label: "file", Allowed: "a SAM or CloudFormation template, YAML or JSON",
		Say: func(string) string {
			return "It needs nothing added. If you save it while it is open, " + kit.WithKeys("{over} reads it again.")
		},
		Foot: "enter opens it · esc back",
		Check: func(path string) string {
			if path == "" {
				return "Type the name of a file, such as template.yaml"
			}
			return ""
		}})
	if err != nil {
		e.Refuse(name, err.Error())
	}
	return h.dialogs.Show(e, func(r kit.Reply) tea.Cmd {
		return h.Screens.Load(h.Template(r.Text), func(err error) tea.Cmd { return h.askTemplate(r.Text, err) })
	})
}
