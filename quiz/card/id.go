package card

import (
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"github.com/yuin/goldmark/ast"

	"esmlab/quiz/markdown"
)

// validID reports whether a text is a block id: letters, digits and dashes.
func validID(s string) bool {
	return s != "" && strings.IndexFunc(s, func(c rune) bool {
		return !(c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || c == '-')
	}) < 0
}

// metaID reads id=… in the brackets of a callout.
func metaID(meta string) string {
	for _, part := range strings.Split(meta, "|") {
		if id, ok := strings.CutPrefix(strings.TrimSpace(part), "id="); ok && validID(id) {
			return id
		}
	}
	return ""
}

// blockID gives the id if a text is ^id and nothing else.
func blockID(text string) string {
	if id, ok := strings.CutPrefix(strings.TrimSpace(text), "^"); ok && validID(id) {
		return id
	}
	return ""
}

// endID splits " ^id" off the end of a text.
func endID(text string) (id string, rest int) {
	text = strings.TrimRight(text, " \t\n")
	at := strings.LastIndexAny(text, " \t\n")
	if at < 0 {
		return "", 0
	}
	return blockID(text[at+1:]), at
}

// idAtEnd takes a block id from the end of a line.
func (r *reader) idAtEnd(c *Card, l []Span) []Span {
	if id, at := endID(Text(l)); id != "" {
		c.ID, c.Named = id, true
		return markdown.Cut(l, 0, at)
	}
	return l
}

// idInBlocks takes a block id from the end of an answer.
func (r *reader) idInBlocks(c *Card, blocks []Block) {
	if n := len(blocks); n > 0 && !c.Named && blocks[n-1].Kind == markdown.Para {
		blocks[n-1].Spans = r.idAtEnd(c, blocks[n-1].Spans)
	}
}

// lineID looks for the paragraph ^id after a block.
func (r *reader) lineID(c *Card, n ast.Node) {
	if p, ok := n.NextSibling().(*ast.Paragraph); ok && !c.Named {
		if id := blockID(Text(r.doc.Spans(p))); id != "" {
			c.ID, c.Named = id, true
		}
	}
}

// name gives every card its hash and its id.
func (r *reader) name() {
	cards := r.note.Cards
	ids := map[int]string{} // line of the quote's end to the id below it
	for n := r.doc.Root.FirstChild(); n != nil; n = n.NextSibling() {
		if p, ok := n.NextSibling().(*ast.Paragraph); ok && n.Kind() == ast.KindBlockquote {
			if id := blockID(Text(r.doc.Spans(p))); id != "" {
				ids[r.doc.End(n)] = id
			}
		}
	}
	seen := map[string]int{}
	first := map[string]int{}
	for i := range cards {
		c := &cards[i]
		if id := ids[c.End]; id != "" && (c.Dialect == CalloutOptions || c.Dialect == TitleAndBody || c.Dialect == LetteredLines || c.Dialect == TaskList) {
			c.ID, c.Named = id, true
		}
		c.Hash = Hash(c)
		if seen[c.Hash]++; seen[c.Hash] > 1 {
			c.Hash += "-" + strconv.Itoa(seen[c.Hash])
		}
		if !c.Named {
			c.ID = c.Hash
		}
		if line := first[c.ID]; line > 0 {
			r.problem(c.Line, "the id ^"+c.ID+" is taken by the card in line "+strconv.Itoa(line), "an id of its own")
		} else {
			first[c.ID] = c.Line
		}
	}
	slices.SortStableFunc(cards, func(a, b Card) int { return a.Line - b.Line })
	at := map[int][]string{}
	for i := range cards {
		at[cards[i].Line] = append(at[cards[i].Line], cards[i].ID)
	}
	for i := range r.note.Callouts {
		k := &r.note.Callouts[i]
		if ids := at[k.Line]; strings.HasPrefix(k.Became, "a card") && len(ids) > 0 {
			k.Card = ids[0]
		}
	}
}

// Hash names a card by what it asks: case, spacing, marks and the order of its
// options do not matter.
func Hash(c *Card) string {
	var options []string
	for _, o := range c.Options {
		options = append(options, normal(Text(o.Text)))
	}
	for _, p := range c.Pairs {
		options = append(options, normal(Text(p.Left)))
	}
	slices.Sort(options)
	parts := append([]string{normal(markdown.BlocksText(c.Situation)), normal(Text(c.Title))}, options...)
	if c.Kind == Cloze {
		parts = append(parts, normal(markdown.BlocksText(c.Rule)))
	}
	sum := sha256.Sum256([]byte(strings.Join(parts, "\x00")))
	return "h" + hex.EncodeToString(sum[:8])
}

func normal(s string) string {
	return strings.Join(strings.FieldsFunc(strings.ToLower(s), func(c rune) bool {
		return unicode.IsSpace(c) || c == '*' || c == '_' || c == '`' || c == '='
	}), " ")
}
