package lessons

import (
	"encoding/json"
	"fmt"
	"math"
	"strconv"
	"strings"

	"esmlab/engine/query"
	"esmlab/quiz/card"
	"esmlab/quiz/markdown"
)

// Text is a paragraph or a list item of a step's text.
type Text struct {
	Indent   int
	Marker   string // "-" or "1." in front of a list item
	Segments []Segment
}

// SegmentKind is what a Segment is.
type SegmentKind uint8

// The kinds of segments: literal text, and three that are filled in.
const (
	Literal   SegmentKind = iota
	Value                 // what an expression is in the run
	Predicted             // what was predicted
	Key                   // the key of an action, by the action's name
)

// Segment is a part of a text.
type Segment struct {
	Kind  SegmentKind
	Span  card.Span // of a Literal; of the others only the style
	Query *query.Query
	Name  string // of the action
	at    place
}

// The characters that stand for a placeholder while Markdown is read.
const placeholderBegin, placeholderEnd = '\ue000', '\ue001'

// placeholder is {{…}} or {key:…} in a text.
type placeholder struct {
	text string
	key  bool
	at   place // of the text
}

// cutPlaceholders puts a mark in the place of each placeholder of one line, so
// that Markdown does not read expressions.
func (r *reader) cutPlaceholders(line string, at place) string {
	var b strings.Builder
	for i := 0; i < len(line); {
		open, end, key := "{{", "}}", false
		if strings.HasPrefix(line[i:], "{key:") {
			open, end, key = "{key:", "}", true
		}
		if !strings.HasPrefix(line[i:], open) {
			b.WriteByte(line[i])
			i++
			continue
		}
		from := i + len(open)
		n := strings.Index(line[from:], end)
		if n < 0 || strings.Contains(line[from:from+n], "{{") {
			r.add(place{at.line, at.col + i}, open+" is not closed", open+"…"+end+" on one line")
			b.WriteString(line[i:])
			break
		}
		fmt.Fprintf(&b, "%c%d%c", placeholderBegin, len(r.placeholders), placeholderEnd)
		r.placeholders = append(r.placeholders, placeholder{line[from : from+n], key, place{at.line, at.col + from}})
		i = from + n + len(end)
	}
	return b.String()
}

// segments puts the placeholders back into a text.
func (r *reader) segments(spans []card.Span) []Segment {
	var out []Segment
	for _, s := range spans {
		rest := s.Text
		for rest != "" {
			before, after, ok := strings.Cut(rest, string(placeholderBegin))
			if before != "" {
				w := s
				w.Text = before
				out = append(out, Segment{Kind: Literal, Span: w})
			}
			if !ok {
				break
			}
			num, tail, _ := strings.Cut(after, string(placeholderEnd))
			rest = tail
			if n, err := strconv.Atoi(num); err == nil && n < len(r.placeholders) {
				out = append(out, r.segment(r.placeholders[n], s.Style))
			}
		}
	}
	return out
}

func (r *reader) segment(h placeholder, style markdown.Style) Segment {
	p := Segment{Span: card.Span{Style: style}, at: h.at}
	switch text := strings.TrimSpace(h.text); {
	case h.key:
		p.Kind, p.Name = Key, text
	case text == "answer":
		p.Kind = Predicted
	default:
		p.Kind = Value
		q, err := query.CompileValue(h.text, r.cfg)
		if err != nil {
			r.add(place{h.at.line, h.at.col + err.Column}, err.Message, err.Right)
			p.Kind = Literal
		}
		p.Query = q
	}
	return p
}

// line reads text on one line, as in the esmlab block of a step.
func (r *reader) line(text string, at place) []Segment {
	d := markdown.Parse([]byte(r.cutPlaceholders(strings.ReplaceAll(text, "\n", " "), at)))
	blocks := d.Blocks(children(d.Root), nil)
	if len(blocks) != 1 || blocks[0].Marker != "" {
		r.add(at, "this is not a sentence", "text on one line")
		return nil
	}
	return r.segments(blocks[0].Spans)
}

// literal is a text without placeholders.
func literal(text string) []Segment { return []Segment{{Span: card.Span{Text: text}}} }

// countWords counts the words of a text; a placeholder is one.
func countWords(pieces []Segment) int {
	var b strings.Builder
	for _, p := range pieces {
		if p.Kind == Literal {
			b.WriteString(p.Span.Text)
		} else {
			b.WriteByte('x')
		}
	}
	return len(strings.Fields(b.String()))
}

func countTextWords(text []Text) int {
	n := 0
	for _, p := range text {
		n += countWords(p.Segments)
	}
	return n
}

// formatValue formats a value of the run for a text.
func formatValue(v any) string {
	switch v := v.(type) {
	case nil:
		return "nothing"
	case string:
		if v == "" {
			return "none"
		}
		return v
	case bool:
		if v {
			return "yes"
		}
		return "no"
	case float64:
		return strconv.FormatFloat(math.Round(v*10)/10, 'f', -1, 64)
	case []string:
		if len(v) == 0 {
			return "none"
		}
		return strings.Join(v, ", ")
	case []any:
		out := make([]string, len(v))
		for i, x := range v {
			out[i] = formatValue(x)
		}
		return formatValue(out)
	}
	if b, err := json.Marshal(v); err == nil {
		return string(b)
	}
	return fmt.Sprint(v)
}
