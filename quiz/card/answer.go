package card

import (
	"slices"
	"strconv"
	"strings"

	"github.com/yuin/goldmark/ast"

	"esmlab/quiz/markdown"
)

// This file reads what an answer says, and makes a choice of it and of the options.

// answerItems gives the items below one that ends with Answer: where each is a label alone.
func (r *reader) answerItems(item ast.Node) []piece {
	text := Text(r.itemSpans(item))
	last := text[strings.LastIndexByte(text, '\n')+1:]
	if lead := answerLead(last); lead < 0 || strings.TrimSpace(last[lead:]) != "" {
		return nil
	}
	var out []piece
	for next := item.NextSibling(); next != nil; next = next.NextSibling() {
		spans := r.itemSpans(next)
		if !onlyLabels.MatchString(Text(spans)) {
			return nil
		}
		out = append(out, piece{spans: spans, line: r.doc.Line(next), node: next})
	}
	return out
}

// answerWithin gives where the first line of a text begins that gives an answer, -1 if none
// does.
func answerWithin(spans []Span) int {
	at := 0
	for _, line := range strings.Split(Text(spans), "\n") {
		if answerLead(line) >= 0 {
			return at
		}
		at += len(line) + 1
	}
	return -1
}

// answerText is what an answer says: the labels, and what is said of them.
type answerText struct {
	named []string
	why   []Block
	doubt string
	line  int
}

// readAnswer reads an answer: its title, or what follows its answer word, and its lines.
func (r *reader) readAnswer(k keyReader, title string, lines []piece, line int) answerText {
	a := answerText{line: line}
	title = answerTitle.ReplaceAllString(title, "")
	if t := strings.TrimSpace(title); t != "" {
		named, rest, doubt := k.read(t)
		a.named, a.doubt = named, doubt
		if said := strings.TrimSpace(t[saidOf(t, rest):]); said != "" && len(named) > 0 {
			a.why = append(a.why, Block{Spans: []Span{{Text: said}}, Line: line})
		}
		if len(named) == 0 && doubt == "" && len(lines) == 0 {
			a.doubt = "“" + t + "” names no option"
		}
	}
	fromTitle := len(a.named) > 0
	var rest []piece
	for i, p := range lines {
		text := Text(p.spans)
		if items, ok := p.node.(*ast.List); ok && p.block && len(rest) == 0 && a.named == nil { // its labels, an item each
			for item := items.FirstChild(); item != nil; item = item.NextSibling() {
				named, end, doubt := k.read(Text(r.itemSpans(item)))
				if a.doubt = doubt; len(named) != 1 || doubt != "" || slices.Contains(a.named, named[0]) {
					a.named = nil
					break
				}
				a.named = append(a.named, named...)
				if said := markdown.Cut(r.itemSpans(item), end, len(Text(r.itemSpans(item)))); Text(said) != "" {
					a.why = append(a.why, Block{Spans: said, Line: r.doc.Line(item), Marker: "-"})
				}
			}
			if a.named != nil {
				continue
			}
			a.why = nil
		}
		if p.block || text == "" || len(rest) > 0 {
			rest = append(rest, p)
			continue
		}
		from := 0
		if lead := answerLead(text); lead > 0 {
			if from = lead; strings.TrimSpace(text[lead:]) == "" && a.named == nil {
				continue // what it names comes on the next lines
			}
		}
		named, end, doubt := k.read(text[from:])
		switch {
		case fromTitle && from == 0: // an explanation, or the same again
			if len(named) > 0 && doubt == "" && within(named, a.named) && strings.Trim(text[end:], " .") == "" {
				continue
			}
			rest = append(rest, p)
		case doubt != "":
			a.doubt, a.line = doubt, p.line
			return a
		case len(named) == 0:
			rest = append(rest, p)
		default:
			if i == 0 || a.named == nil {
				a.line = p.line
			}
			for _, n := range named {
				if !slices.Contains(a.named, n) {
					a.named = append(a.named, n)
				}
			}
			if said := markdown.Cut(p.spans, from+saidOf(text[from:], end), len(text)); Text(said) != "" {
				a.why = append(a.why, Block{Spans: said, Line: p.line})
			}
		}
	}
	a.why = append(a.why, r.blocksOf(rest)...)
	return a
}

func within(some, all []string) bool {
	return !slices.ContainsFunc(some, func(s string) bool { return !slices.Contains(all, s) })
}

// choose makes a choice of options and an answer. It says why not, where that is not clear.
func (r *reader) choose(c *Card, options []lettered, a answerText) (doubt string) {
	asked := wanted(markdown.BlocksText(c.Situation) + " " + Text(c.Title))
	switch {
	case a.doubt != "":
		doubt = a.doubt
	case len(a.named) == 0:
		doubt = "there are options, but the answer names none of them"
	case asked > 0 && asked != len(a.named):
		doubt = "the question asks for " + strconv.Itoa(asked) + ", the answer names " + strconv.Itoa(len(a.named))
	}
	if doubt != "" {
		r.problem(a.line, "it is not clear which options are right: "+doubt, "Answer: "+options[0].letter+") and "+options[len(options)-1].letter+"), each label once, and the reasons on lines of their own")
		return "its answer is not clear"
	}
	c.Kind, c.Dialect = Single, LetteredLines
	for i, o := range options {
		c.Options = append(c.Options, Option{N: i + 1, Text: o.text, Line: o.line, Right: slices.Contains(a.named, o.letter)})
	}
	if len(a.named) > 1 {
		c.Kind = Multiple
	}
	c.Rule = a.why
	return ""
}

func keyReaderOf(options []lettered) keyReader {
	k := keyReader{texts: map[string]string{}}
	for _, o := range options {
		k.labels = append(k.labels, o.letter)
		k.texts[o.letter] = normal(Text(o.text))
	}
	return k
}
