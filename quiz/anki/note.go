package anki

import (
	"crypto/sha256"
	"encoding/hex"
	"html"
	"path"
	"slices"
	"strconv"
	"strings"

	"esmlab/quiz/card"
	"esmlab/quiz/markdown"
)

// The note types. Their first field is the id of the card, by which Anki knows a note again:
// importing once more updates it and keeps its schedule.
const (
	TypeName  = "esmlab"       // fields ID, Front, Back; one card
	ClozeName = "esmlab cloze" // fields ID, Text, Back Extra; a card for each number
)

// entry is a note of Anki's.
type entry struct {
	id, deck, tags string
	cloze          bool
	front, back    string   // HTML; of a cloze its text, and what is shown with the answer
	cards          []int    // their numbers from 0
	media          []string // names of the images in it, as Anki is to have them
}

// guid is what a note is known by in all collections.
func (n *entry) guid() string {
	sum := sha256.Sum256([]byte("esmlab\x00" + n.id))
	return hex.EncodeToString(sum[:8])
}

// Media gives an image that a card shows, by its name in the note; nil: there are none.
type Media func(c *card.Card, name string) (data []byte, ok bool)

// collector makes notes of cards.
type collector struct {
	media Media
	files map[string][]byte // by the name that Anki is to have
	names map[string]string // by the sum of the bytes
	now   *entry
	card  *card.Card
}

func (k *collector) notes(cards []*card.Card) []*entry {
	var out []*entry
	done := map[*card.ClozeText]bool{}
	for _, c := range cards {
		k.card = c
		n := &entry{id: c.ID, deck: deckOf(c), tags: tags(c), cards: []int{0}}
		k.now = n
		switch {
		case c.Kind == card.Cloze && c.Cloze != nil:
			if done[c.Cloze] {
				continue
			}
			done[c.Cloze] = true
			n.cloze = true
			n.front, n.cards = k.cloze(c.Cloze)
		case c.Kind == card.Cloze:
			n.cloze = true
			n.front = k.asked(c)
		default:
			n.front, n.back = k.front(c), k.back(c)
		}
		out = append(out, n)
	}
	return out
}

// cloze writes a sentence with {{c1::hidden::hint}}.
func (k *collector) cloze(t *card.ClozeText) (text string, cards []int) {
	var b strings.Builder
	at := 0
	for _, p := range t.Parts {
		b.WriteString(k.spans(card.CutSpans(t.Text, at, p.From)))
		b.WriteString(deletion(p.N, k.spans(card.CutSpans(t.Text, p.From, p.To)), p.Hint))
		if at = p.To; !slices.Contains(cards, p.N-1) {
			cards = append(cards, p.N-1)
		}
	}
	b.WriteString(k.spans(card.CutSpans(t.Text, at, len(card.Text(t.Text)))))
	slices.Sort(cards)
	return b.String(), cards
}

// asked writes the sentence of one card, whose blanks are hidden together.
func (k *collector) asked(c *card.Card) string {
	var b strings.Builder
	i := 0
	for _, s := range c.Title {
		if s.Style&markdown.Blank != 0 && i < len(c.Blanks) {
			b.WriteString(deletion(1, html.EscapeString(strings.Join(c.Blanks[i], " / ")), c.Hint))
			i++
			continue
		}
		b.WriteString(k.spans([]card.Span{s}))
	}
	return b.String()
}

// deletion writes one hidden part. Braces in it, of a formula say, may not end it.
func deletion(n int, text, hint string) string {
	apart := strings.NewReplacer("}}", "} }", "::", ":&#58;")
	text = "{{c" + strconv.Itoa(n) + "::" + apart.Replace(text)
	if hint != "" {
		text += "::" + apart.Replace(html.EscapeString(hint))
	}
	return text + "}}"
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

func (k *collector) front(c *card.Card) string {
	parts := []string{}
	if len(c.Situation) > 0 {
		parts = append(parts, k.blocks(c.Situation))
	}
	parts = append(parts, "<b>"+k.spans(c.Title)+"</b>")
	if c.Hint != "" {
		parts = append(parts, "("+html.EscapeString(c.Hint)+")")
	}
	for _, o := range c.Options {
		parts = append(parts, strconv.Itoa(o.N)+". "+k.spans(o.Text))
	}
	for i, p := range c.Pairs {
		parts = append(parts, letter(i)+") "+k.spans(p.Left)+" … "+k.spans(c.Pairs[(i+1)%len(c.Pairs)].Right))
	}
	return strings.Join(parts, "<br>")
}

func letter(i int) string { return string(rune('a' + i%26)) }

func (k *collector) back(c *card.Card) string {
	var parts, right []string
	for _, o := range c.Options {
		if o.Right {
			right = append(right, strconv.Itoa(o.N)+". "+k.spans(o.Text))
		}
	}
	for _, n := range c.Order {
		right = append(right, k.spans(c.Option(n).Text))
	}
	for _, p := range c.Pairs {
		right = append(right, k.spans(p.Left)+" = "+k.spans(p.Right))
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
		parts = append(parts, k.blocks(c.Rule))
	}
	for i := range c.Options {
		o := &c.Options[i]
		if reason, ruled := c.Why(o); len(reason) > 0 && !ruled {
			parts = append(parts, strconv.Itoa(o.N)+". "+k.spans(reason))
		}
	}
	for _, s := range c.Sources {
		parts = append(parts, `<a href="`+html.EscapeString(s.URL)+`">`+html.EscapeString(s.Title)+"</a>, "+html.EscapeString(s.Read))
	}
	return strings.Join(parts, "<br>")
}

func (k *collector) blocks(list []card.Block) string {
	var out []string
	for _, b := range list {
		text := k.spans(b.Spans)
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

func (k *collector) spans(list []card.Span) string {
	var b strings.Builder
	for _, s := range list {
		switch {
		case s.Image != "":
			b.WriteString(k.image(s))
			continue
		case s.Style&markdown.Math != 0:
			b.WriteString(formula(s.Text))
			continue
		}
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

// formula writes $…$ and $$…$$ as MathJax has it in Anki.
func formula(text string) string {
	if inner, ok := strings.CutPrefix(text, "$$"); ok {
		return `\[` + html.EscapeString(strings.TrimSuffix(inner, "$$")) + `\]`
	}
	return `\(` + html.EscapeString(strings.Trim(text, "$")) + `\)`
}

// image shows an image: from the web where it is there, else a file of the collection. One
// that is not found is named.
func (k *collector) image(s card.Span) string {
	if strings.HasPrefix(s.Image, "https://") || strings.HasPrefix(s.Image, "http://") {
		return `<img src="` + html.EscapeString(s.Image) + `">`
	}
	name := path.Base(s.Image)
	if k.media == nil {
		return `<img src="` + html.EscapeString(name) + `">`
	}
	data, ok := k.media(k.card, s.Image)
	if !ok {
		return html.EscapeString(s.Text)
	}
	sum := sha256.Sum256(data)
	key := string(sum[:])
	if known := k.names[key]; known != "" {
		name = known
	} else {
		if k.files[name] != nil { // another one of this name
			name = strings.TrimSuffix(name, path.Ext(name)) + "-" + hex.EncodeToString(sum[:4]) + path.Ext(name)
		}
		k.names[key], k.files[name] = name, data
	}
	if !slices.Contains(k.now.media, name) {
		k.now.media = append(k.now.media, name)
	}
	return `<img src="` + html.EscapeString(name) + `">`
}
