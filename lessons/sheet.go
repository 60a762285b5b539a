package lessons

import (
	"fmt"
	"html/template"
	"io/fs"
	"path"
	"slices"
	"strings"

	"github.com/yuin/goldmark/ast"

	"esmlab/engine/setting"
	etemplate "esmlab/engine/template"
	"esmlab/quiz/card"
	"esmlab/quiz/markdown"
)

// Sheet is a part on a page, to keep and to hand out: it needs none of the stories
// that the lessons tell.
type Sheet struct {
	Part     string
	About    []string       // what the part is about, in sentences
	Picture  string         // lines of text; "" none
	Rules    []string       // what holds, a sentence for each lesson
	Settings []SheetSetting // those that matter, with their ranges
	Code     []Code         // the template, and handlers
	Words    []Word         // those that the part teaches
	Links    []Link         // AWS's pages that it rests on
}

// SheetSetting is a setting as a sheet shows it.
type SheetSetting struct{ Name, Of, Sources, Values, Default, About string }

// Link is a page of AWS.
type Link struct{ Title, URL string }

// SheetFile is the name of a part's own matter for its sheet: what it is about, a
// picture, a template, and in the front matter the settings.
const SheetFile = "sheet.md"

// Sheet makes the sheet of a part: what its lessons say is true, the words they teach
// and their sources, and what stands in the part's sheet.md.
func (l *Library) Sheet(part string) (*Sheet, error) {
	out := &Sheet{Part: PartName(part)}
	var ids []string
	folder := part
	for _, h := range l.InPart(part) {
		lesson, err := l.Lesson(h.ID)
		if err != nil {
			return nil, err
		}
		folder = path.Dir(h.File)
		ids = append(ids, h.ID)
		if h.Truth != "" {
			out.Rules = append(out.Rules, h.Truth)
		}
		for i := range lesson.Steps {
			for _, t := range lesson.Steps[i].Sources {
				out.links(t.Segments)
			}
		}
	}
	for _, w := range Glossary() {
		if slices.Contains(ids, w.Lesson) && l.fsys == fs.FS(builtin) {
			out.Words = append(out.Words, w)
		}
	}
	src, err := fs.ReadFile(l.fsys, path.Join(folder, SheetFile))
	if err != nil { // a part need not have one
		return out, nil
	}
	return out, out.matter(path.Join(folder, SheetFile), src)
}

// links takes the links of a text that are not there yet.
func (s *Sheet) links(list []Segment) {
	for _, p := range list {
		url := p.Span.Link
		if url == "" {
			continue
		}
		if i := slices.IndexFunc(s.Links, func(k Link) bool { return k.URL == url }); i < 0 {
			s.Links = append(s.Links, Link{strings.TrimSpace(p.Span.Text), url})
		}
	}
}

// matter reads sheet.md.
func (s *Sheet) matter(file string, src []byte) error {
	r := &reader{Problems: &etemplate.Problems{File: file}, l: &Lesson{lines: map[string]place{}}}
	body := string(markdown.Clean(src))
	if rest, ok := strings.CutPrefix(body, "---\n"); ok {
		front, after, found := strings.Cut(rest, "\n---\n")
		if !found {
			r.add(place{1, 1}, "the front matter does not end", "--- on a line of its own")
			return r.Err()
		}
		if doc, ok := r.yaml([]byte(front), place{1, 0}); ok {
			for _, f := range r.fields(doc, "the front matter of a sheet", "settings") {
				for i, name := range r.list(f) {
					if !s.setting(name) {
						r.add(at(f.value.Content[i]), "there is no setting "+name, "a name that esmlab explain knows")
					}
				}
			}
		}
		body = strings.Repeat("\n", strings.Count(front, "\n")+3) + after
	}
	r.doc = markdown.Parse([]byte(body))
	for _, n := range children(r.doc.Root) {
		switch n := n.(type) {
		case *ast.FencedCodeBlock:
			if c := r.code(n); c.Language == "text" && s.Picture == "" {
				s.Picture = c.Text
			} else {
				s.Code = append(s.Code, c)
			}
		case *ast.Paragraph:
			s.About = append(s.About, strings.TrimSpace(card.Text(r.doc.Spans(n))))
		}
	}
	return r.Err()
}

// setting adds the rows of a setting; false: there is none of that name.
func (s *Sheet) setting(name string) bool {
	found := false
	for i := range setting.All {
		p := &setting.All[i]
		full := p.FullName()
		if full != name && !strings.HasSuffix(full, "."+name) && string(p.Name) != name && !(name == "OnFailure" && strings.Contains(full, "OnFailure")) {
			continue
		}
		found = true
		about := p.About
		if about == "" && name == setting.Enabled {
			about = "whether the mapping is on"
		}
		if about != "" {
			s.Settings = append(s.Settings, SheetSetting{full, p.Of.String(), p.In.String(), p.Values(), p.Typed(p.Default), about})
		}
	}
	return found
}

// Markdown formats the sheet as a note.
func (s *Sheet) Markdown() string {
	var b strings.Builder
	b.WriteString("# " + s.Part + "\n")
	for _, a := range s.About {
		b.WriteString("\n" + a + "\n")
	}
	if s.Picture != "" {
		b.WriteString("\n```text\n" + s.Picture + "\n```\n")
	}
	if len(s.Rules) > 0 {
		b.WriteString("\n## What holds\n\n")
		for _, r := range s.Rules {
			b.WriteString("- " + r + "\n")
		}
	}
	if len(s.Settings) > 0 {
		b.WriteString("\n## Settings\n\n| setting | sources | values | default | what it is |\n|---|---|---|---|---|\n")
		for _, p := range s.Settings {
			cell := func(text string) string { return strings.ReplaceAll(text, "|", "\\|") }
			fmt.Fprintf(&b, "| `%s` | %s | %s | %s | %s |\n", p.Name, cell(p.Sources), cell(p.Values), cell(p.Default), cell(p.About))
		}
	}
	for _, c := range s.Code {
		b.WriteString("\n## " + codeTitle(c) + "\n\n```" + c.Language + "\n" + c.Text + "\n```\n")
	}
	if len(s.Words) > 0 {
		b.WriteString("\n## Words\n\n")
		for i := range s.Words {
			b.WriteString("- **" + s.Words[i].Term + "**: " + s.Words[i].Says + "\n")
		}
	}
	if len(s.Links) > 0 {
		b.WriteString("\n## Pages of AWS\n\n")
		for _, k := range s.Links {
			b.WriteString("- [" + k.Title + "](" + k.URL + ")\n")
		}
	}
	return b.String()
}

// codeTitle is the heading above code on a sheet.
func codeTitle(c Code) string {
	if c.Language == "yaml" && c.Title == "" {
		return "Resources of a SAM template"
	}
	return c.Heading()
}

const page = `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{{.Part}}</title>
<style>
body { font: 11pt/1.4 system-ui, sans-serif; color: #111; background: #fff; max-width: 48rem; margin: 2rem auto; padding: 0 1rem; }
h1 { font-size: 1.6rem; margin: 0 0 .5rem; } h2 { font-size: 1.1rem; margin: 1.2rem 0 .4rem; }
pre { font: 9pt/1.35 ui-monospace, monospace; background: #f3f3f3; border: 1px solid #ddd; padding: .6rem; overflow-x: auto; }
table { border-collapse: collapse; width: 100%; font-size: 9.5pt; }
th, td { border: 1px solid #bbb; padding: .25rem .4rem; text-align: left; vertical-align: top; }
td:first-child { font-family: ui-monospace, monospace; font-size: 8.5pt; overflow-wrap: anywhere; }
dt { font-weight: 600; } dd { margin: 0 0 .3rem 1rem; }
@page { size: A4; margin: 15mm; }
@media print {
  body { margin: 0; max-width: none; font-size: 10pt; }
  pre, tr, li, dd { break-inside: avoid; } h2 { break-after: avoid; } pre { white-space: pre-wrap; }
  a[href]::after { content: " (" attr(href) ")"; font-size: 8pt; overflow-wrap: anywhere; }
}
</style>
</head>
<body>
<h1>{{.Part}}</h1>
{{range .About}}<p>{{.}}</p>
{{end}}{{with .Picture}}<pre role="img" aria-label="picture">{{.}}</pre>
{{end}}{{with .Rules}}<h2>What holds</h2>
<ul>
{{range .}}<li>{{.}}</li>
{{end}}</ul>
{{end}}{{with .Settings}}<h2>Settings</h2>
<table>
<tr><th>setting</th><th>sources</th><th>values</th><th>default</th><th>what it is</th></tr>
{{range .}}<tr><td>{{.Name}}</td><td>{{.Sources}}</td><td>{{.Values}}</td><td>{{.Default}}</td><td>{{.About}}</td></tr>
{{end}}</table>
{{end}}{{range .Code}}<h2>{{title .}}</h2>
<pre>{{.Text}}</pre>
{{end}}{{with .Words}}<h2>Words</h2>
<dl>
{{range .}}<dt>{{.Term}}</dt><dd>{{.Says}}</dd>
{{end}}</dl>
{{end}}{{with .Links}}<h2>Pages of AWS</h2>
<ul>
{{range .}}<li><a href="{{.URL}}">{{.Title}}</a></li>
{{end}}</ul>
{{end}}</body>
</html>
`

// HTML formats the sheet as a page for a browser and for a printer. It needs no other
// file.
func (s *Sheet) HTML() string {
	t := template.Must(template.New("sheet").Funcs(template.FuncMap{"title": codeTitle}).Parse(page)) // here, so that a program without sheets has no templates
	var b strings.Builder
	if err := t.Execute(&b, s); err != nil {
		return "" // a Builder takes all, and the fields exist
	}
	return b.String()
}

// Paragraphs formats the sheet for a screen.
func (s *Sheet) Paragraphs() []Paragraph {
	var out paragraphs
	head := func(text string) {
		out.say(Plain, "")
		out.say(Plain, text)
	}
	out.say(Plain, strings.ToUpper(s.Part))
	for _, a := range s.About {
		out.say(Plain, a)
	}
	if len(s.Rules) > 0 {
		head("What holds")
	}
	for _, r := range s.Rules {
		out.add(Plain, "  · ", card.Span{Text: r})
	}
	if len(s.Settings) > 0 {
		head("Settings")
	}
	for _, p := range s.Settings {
		out.add(Plain, "  · ", card.Span{Text: p.Name + " (" + p.Sources + "): " + p.About + ". " + p.Values + "; default " + p.Default})
	}
	if len(s.Words) > 0 {
		head("Words")
	}
	for i := range s.Words {
		out.add(Plain, "  · ", card.Span{Text: s.Words[i].Line()})
	}
	return out
}
