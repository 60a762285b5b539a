//go:build !js

package lessons

import (
	"html/template"
	"strings"
)

// The page without a server writes no sheets: what a template needs would make a tenth of it.

var page = template.Must(template.New("sheet").Funcs(template.FuncMap{"title": codeTitle}).Parse(`<!DOCTYPE html>
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
`))

// HTML formats the sheet as a page for a browser and for a printer. It needs no other
// file.
func (s *Sheet) HTML() string {
	var b strings.Builder
	if err := page.Execute(&b, s); err != nil {
		return "" // a Builder takes all, and the fields exist
	}
	return b.String()
}
