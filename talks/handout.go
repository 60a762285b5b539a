package talks

import (
	"fmt"
	"html"
	"strconv"
	"strings"

	"esmlab/engine"
	"esmlab/quiz/card"
	"esmlab/quiz/markdown"
)

// clock writes an instant for people.
func clock(at engine.Micros) string { return at.Words() }

// Markdown writes the handout: each stop with its picture, its text and its question; the
// answers stand at the end. picture gives the file of a stop's picture, of those with a run.
func (t *Talk) Markdown(picture func(stop int) string) []byte {
	var b strings.Builder
	fmt.Fprintf(&b, "# %s\n", t.Title)
	for i := range t.Stops {
		s := &t.Stops[i]
		fmt.Fprintf(&b, "\n## %d. %s\n", i+1, s.Title)
		if s.World != nil {
			fmt.Fprintf(&b, "\n![%s at %s](%s)\n", s.World.Name, clock(s.At), picture(i))
		}
		for _, block := range s.Text {
			fmt.Fprintf(&b, "\n%s%s\n", lead(block), strings.TrimSpace(markdownOf(block.Spans)))
		}
		if s.Poll != nil {
			fmt.Fprintf(&b, "\n**Question %d.** %s\n\n", t.Poll(i), strings.TrimSpace(flat(s.Poll.Situation)+" "+card.Text(s.Poll.Title)))
			for _, o := range s.Poll.Options {
				fmt.Fprintf(&b, "%d. %s\n", o.N, strings.TrimSpace(markdownOf(o.Text)))
			}
		}
	}
	if t.Polls() > 0 {
		b.WriteString("\n## Answers\n")
		for i := range t.Stops {
			if c := t.Stops[i].Poll; c != nil {
				fmt.Fprintf(&b, "\n%d. Option %d. %s\n", t.Poll(i), c.Key()[0], flat(c.Rule))
				for _, o := range c.Options {
					if !o.Right {
						fmt.Fprintf(&b, "   - Option %d: %s\n", o.N, strings.TrimSpace(card.Text(o.Reason)))
					}
				}
			}
		}
	}
	return []byte(b.String())
}

func lead(b card.Block) string {
	if b.Marker == "" {
		return ""
	}
	return b.Marker + " "
}

// markdownOf writes a text with its marks.
func markdownOf(spans []card.Span) string {
	var b strings.Builder
	for _, s := range spans {
		switch {
		case s.Style&markdown.Code != 0:
			b.WriteString("`" + s.Text + "`")
		case s.Style&markdown.Strong != 0:
			b.WriteString("**" + s.Text + "**")
		case s.Link != "":
			b.WriteString("[" + s.Text + "](" + s.Link + ")")
		default:
			b.WriteString(s.Text)
		}
	}
	return b.String()
}

func htmlOf(spans []card.Span) string {
	var b strings.Builder
	for _, s := range spans {
		text := html.EscapeString(s.Text)
		switch {
		case s.Style&markdown.Code != 0:
			text = "<code>" + text + "</code>"
		case s.Style&markdown.Strong != 0:
			text = "<strong>" + text + "</strong>"
		}
		if strings.HasPrefix(s.Link, "https://") {
			text = `<a href="` + html.EscapeString(s.Link) + `">` + text + "</a>"
		}
		b.WriteString(text)
	}
	return strings.TrimSpace(b.String())
}

const handoutStyle = `body{font:16px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem;color:#1b1f27}svg{max-width:100%;height:auto}section{break-inside:avoid}ol{padding-left:1.6rem}details{margin:.5rem 0}code{font-family:ui-monospace,monospace}`

// HTML writes the handout as one page that needs nothing else. svg draws a stop;
// nil: no run is shown there.
func (t *Talk) HTML(svg func(stop int) []byte) []byte {
	var b strings.Builder
	title := html.EscapeString(t.Title)
	fmt.Fprintf(&b, "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width\"><title>%s</title><style>%s</style></head><body>\n<h1>%[1]s</h1>\n", title, handoutStyle)
	for i := range t.Stops {
		s := &t.Stops[i]
		fmt.Fprintf(&b, "<section>\n<h2>%d. %s</h2>\n%s\n", i+1, html.EscapeString(s.Title), ownNames(svg(i), i))
		for _, block := range s.Text {
			fmt.Fprintf(&b, "<p>%s%s</p>\n", html.EscapeString(lead(block)), htmlOf(block.Spans))
		}
		if c := s.Poll; c != nil {
			fmt.Fprintf(&b, "<p><strong>Question %d.</strong> %s %s</p>\n<ol>\n", t.Poll(i), html.EscapeString(flat(c.Situation)), htmlOf(c.Title))
			for _, o := range c.Options {
				fmt.Fprintf(&b, "<li value=\"%d\">%s</li>\n", o.N, htmlOf(o.Text))
			}
			fmt.Fprintf(&b, "</ol>\n<details><summary>Answer</summary><p>Option %d. %s</p>\n<ul>\n", c.Key()[0], html.EscapeString(flat(c.Rule)))
			for _, o := range c.Options {
				fmt.Fprintf(&b, "<li>%d: %s</li>\n", o.N, htmlOf(o.Reason))
			}
			b.WriteString("</ul></details>\n")
		}
		b.WriteString("</section>\n")
	}
	b.WriteString("</body></html>\n")
	return []byte(b.String())
}

// ownNames keeps the rules of one picture from the others of the page: their classes have
// the same names.
func ownNames(svg []byte, n int) string {
	text := string(svg)
	style, rest, ok := strings.Cut(text, "</style>")
	if !ok {
		return text
	}
	id := "p" + strconv.Itoa(n)
	head, rules, _ := strings.Cut(style, "<style>")
	head = strings.Replace(head, "<svg ", `<svg id="`+id+`" `, 1)
	var out []string
	for line := range strings.Lines(rules) {
		if strings.HasPrefix(line, "@") || strings.TrimSpace(line) == "" {
			continue // nothing moves here
		}
		for rule := range strings.SplitAfterSeq(strings.TrimSpace(line), "}") {
			if rule != "" {
				out = append(out, "#"+id+" "+rule)
			}
		}
	}
	return head + "<style>" + strings.Join(out, "\n") + "</style>" + rest
}
