// Package anki writes cards as text that Anki imports.
package anki

import (
	"bufio"
	"html"
	"io"
	"strconv"
	"strings"

	"esmlab/quiz/card"
	"esmlab/quiz/markdown"
)

// Options say which note type the text is for. Without Basic the first field
// is the card's id, by which Anki knows a card again: importing once more
// updates it and keeps its schedule.
type Options struct{ Basic bool }

// Write writes cards with the header lines that tell Anki how to read them.
func Write(w io.Writer, cards []*card.Card, o Options) error {
	b := bufio.NewWriter(w)
	b.WriteString("#separator:tab\n#html:true\n")
	if o.Basic {
		b.WriteString("#notetype:Basic\n#columns:Front\tBack\tDeck\tTags\n#deck column:3\n#tags column:4\n")
	} else {
		b.WriteString("#columns:ID\tFront\tBack\tDeck\tTags\n#deck column:4\n#tags column:5\n")
	}
	for _, c := range cards {
		var fields []string
		if !o.Basic {
			fields = append(fields, field(html.EscapeString(c.ID)))
		}
		fields = append(fields, field(front(c)), field(back(c)), field(html.EscapeString(deckOf(c))), field(html.EscapeString(tags(c))))
		b.WriteString(strings.Join(fields, "\t"))
		b.WriteByte('\n')
	}
	return b.Flush()
}

// field quotes a field; lines are broken by <br>, never by a newline.
func field(s string) string {
	s = strings.NewReplacer("\n", "<br>", "\t", " ").Replace(s)
	if strings.ContainsAny(s, `"`) || strings.HasPrefix(s, "#") {
		return `"` + strings.ReplaceAll(s, `"`, `""`) + `"`
	}
	return s
}

// deckOf gives Anki's name of a deck, with :: between its levels.
func deckOf(c *card.Card) string {
	if c.Deck == "" {
		return "esmlab"
	}
	return "esmlab::" + strings.ReplaceAll(strings.Trim(c.Deck, "/"), "/", "::")
}

// tags gives Anki's tags: words, with :: between their levels.
func tags(c *card.Card) string {
	var out []string
	for _, t := range c.Tags {
		out = append(out, strings.ReplaceAll(strings.ReplaceAll(t, "/", "::"), " ", "_"))
	}
	return strings.Join(out, " ")
}

func front(c *card.Card) string {
	parts := []string{}
	if len(c.Situation) > 0 {
		parts = append(parts, blocks(c.Situation))
	}
	parts = append(parts, "<b>"+spans(c.Title)+"</b>")
	if c.Hint != "" {
		parts = append(parts, "("+html.EscapeString(c.Hint)+")")
	}
	for _, o := range c.Options {
		parts = append(parts, strconv.Itoa(o.N)+". "+spans(o.Text))
	}
	for i, p := range c.Pairs {
		parts = append(parts, letter(i)+") "+spans(p.Left)+" … "+spans(c.Pairs[(i+1)%len(c.Pairs)].Right))
	}
	return strings.Join(parts, "<br>")
}

func letter(i int) string { return string(rune('a' + i%26)) }

func back(c *card.Card) string {
	var parts []string
	var right []string
	for _, o := range c.Options {
		if o.Right {
			right = append(right, strconv.Itoa(o.N)+". "+spans(o.Text))
		}
	}
	for _, n := range c.Order {
		right = append(right, spans(c.Option(n).Text))
	}
	for _, p := range c.Pairs {
		right = append(right, spans(p.Left)+" = "+spans(p.Right))
	}
	if c.Kind == card.Blanks {
		for _, b := range c.Blanks {
			right = append(right, html.EscapeString(strings.Join(b, " / ")))
		}
	}
	if len(right) > 0 {
		parts = append(parts, "<b>"+strings.Join(right, "<br>")+"</b>")
	}
	if len(c.Rule) > 0 {
		parts = append(parts, blocks(c.Rule))
	}
	for _, o := range c.Options {
		if len(o.Reason) > 0 {
			parts = append(parts, strconv.Itoa(o.N)+". "+spans(o.Reason))
		}
	}
	for _, s := range c.Sources {
		parts = append(parts, `<a href="`+html.EscapeString(s.URL)+`">`+html.EscapeString(s.Title)+"</a>, "+html.EscapeString(s.Read))
	}
	return strings.Join(parts, "<br>")
}

func blocks(list []card.Block) string {
	var out []string
	for _, b := range list {
		text := spans(b.Spans)
		if b.Kind == markdown.CodeBlock {
			text = "<pre>" + html.EscapeString(card.Text(b.Spans)) + "</pre>"
		}
		if b.Kind == markdown.Rule {
			text = "<hr>"
		}
		if b.Marker != "" {
			text = strings.Repeat("&nbsp;&nbsp;", max(b.Indent-1, 0)) + html.EscapeString(b.Marker) + " " + text
		}
		out = append(out, text)
	}
	return strings.Join(out, "<br>")
}

func spans(list []card.Span) string {
	var b strings.Builder
	for _, s := range list {
		text := html.EscapeString(s.Text)
		for _, m := range []struct {
			style markdown.Style
			tag   string
		}{{markdown.Code, "code"}, {markdown.Strong, "b"}, {markdown.Em, "i"}, {markdown.Mark, "mark"}, {markdown.Del, "s"}} {
			if s.Style&m.style != 0 {
				text = "<" + m.tag + ">" + text + "</" + m.tag + ">"
			}
		}
		if strings.HasPrefix(s.Link, "https://") || strings.HasPrefix(s.Link, "http://") {
			text = `<a href="` + html.EscapeString(s.Link) + `">` + text + "</a>"
		}
		b.WriteString(text)
	}
	return b.String()
}
