package pattern

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"
	"unicode/utf8"

	"esmlab/engine/rule"
)

// MaxFilters is how many filters a mapping may have; AWS raises it to 10 on
// request.
const MaxFilters = 5

// Criteria are the filters of a mapping: its FilterCriteria. A record passes
// if one filter matches. It is never changed: copies of a simulation share it.
// A nil *Criteria has no filters and lets everything through.
type Criteria struct {
	patterns []*Pattern
}

// CriteriaError is what is wrong with one of a mapping's filters.
type CriteriaError struct {
	Filter    int // its index; -1 where it is their number
	Err       *Error
	Character int // of the pattern, from 1, where Err shows
}

func (e *CriteriaError) Error() string { return e.Err.Reason }

// NewCriteria compiles the patterns of a mapping's filters; none give nil. Its
// error is a *CriteriaError.
func NewCriteria(patterns []string) (*Criteria, error) {
	if len(patterns) == 0 {
		return nil, nil
	}
	if len(patterns) > MaxFilters {
		return nil, &CriteriaError{Filter: -1, Err: &Error{0, fmt.Sprintf("a mapping has at most %d filters (AWS raises it to 10 on request), this one has %d", MaxFilters, len(patterns)), rule.FilCount}}
	}
	c := &Criteria{}
	for i, src := range patterns {
		p, err := Compile(src)
		if err != nil {
			e := err.(*Error) // Compile gives no other
			return nil, &CriteriaError{i, e, utf8.RuneCountInString(src[:e.Offset]) + 1}
		}
		c.patterns = append(c.patterns, p)
	}
	return c, nil
}

// Patterns are the filters, in order.
func (c *Criteria) Patterns() []*Pattern {
	if c == nil {
		return nil
	}
	return c.patterns
}

// String writes the filters as a template would: {"Filters":[{"Pattern":"…"}]}.
func (c *Criteria) String() string {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	b.WriteString(`{"Filters":[`)
	for i, p := range c.Patterns() {
		if i > 0 {
			b.WriteByte(',')
		}
		b.WriteString(`{"Pattern":`)
		_ = enc.Encode(p.src) // a string can always be written
		b.Truncate(b.Len() - 1)
		b.WriteByte('}')
	}
	b.WriteString("]}")
	return b.String()
}

// ReadCriteria reads filters as String writes them; "" and no filters give nil. Its
// error is a *CriteriaError, or another one where the text is not FilterCriteria at
// all.
func ReadCriteria(s string) (*Criteria, error) {
	if s == "" {
		return nil, nil
	}
	var in struct {
		Filters []struct{ Pattern string }
	}
	dec := json.NewDecoder(strings.NewReader(s))
	dec.DisallowUnknownFields()
	if err := dec.Decode(&in); err != nil {
		return nil, fmt.Errorf("FilterCriteria cannot be %s", s)
	}
	patterns := make([]string, len(in.Filters))
	for i, f := range in.Filters {
		patterns[i] = f.Pattern
	}
	return NewCriteria(patterns)
}

// Record is what filters look at: a document, and the key of it that holds
// what the sender wrote ("data" of Kinesis, "body" of SQS, "" of DynamoDB,
// which has none). Make it with Kinesis or SQS, or fill in Doc.
type Record struct {
	Doc map[string]any
	Key string
	// NotJSON: the value of Key is not JSON, so it is a text in Doc.
	NotJSON bool
	// Plain: patterns may take what stands at Key for text (SQS). Where they may not
	// (Kinesis), no pattern that looks at a value that is not JSON matches.
	Plain bool
}

// Kinesis makes the record of a Kinesis stream: meta is its other fields, data
// what it holds, base64 taken off. meta gets the key "data".
func Kinesis(meta map[string]any, data []byte) Record {
	return content(meta, "data", data, false)
}

// SQS makes the record of an SQS message: meta is its other fields, body its
// text. meta gets the key "body". A body that is a JSON object or list is
// JSON, everything else is text.
func SQS(meta map[string]any, body string) Record {
	return content(meta, "body", []byte(body), true)
}

func content(meta map[string]any, key string, data []byte, plain bool) Record {
	r := Record{Doc: meta, Key: key, Plain: plain}
	v, ok := Decode(data)
	if plain && ok {
		switch v.(type) {
		case map[string]any, []any:
		default:
			ok = false
		}
	}
	if !ok {
		v, r.NotJSON = string(data), true
	}
	meta[key] = v
	return r
}

// Decode reads JSON for Match: all of it, with numbers as they are written.
func Decode(data []byte) (any, bool) {
	dec := json.NewDecoder(bytes.NewReader(data))
	dec.UseNumber()
	var v any
	if dec.Decode(&v) != nil || len(bytes.TrimSpace(data[dec.InputOffset():])) > 0 {
		return nil, false
	}
	return v, true
}

// Passes tells whether a record passes the filters.
func (c *Criteria) Passes(r *Record) bool {
	if c == nil {
		return true
	}
	for _, p := range c.patterns {
		if p.unfit(r) == "" && p.Match(r.Doc) {
			return true
		}
	}
	return false
}

// unfit gives the rule by which a record is dropped unseen: its format is not
// the one the pattern is for.
func (p *Pattern) unfit(r *Record) rule.ID {
	switch {
	case r.Key == "" || !p.Uses(r.Key):
		return ""
	case !r.Plain && r.NotJSON:
		return rule.FilData
	case r.Plain && r.NotJSON && p.Inside(r.Key), r.Plain && !r.NotJSON && p.plain(r.Key):
		return rule.FilBody
	}
	return ""
}

// Explain judges a record and says why it does not pass: of several filters
// it is about the one that came nearest.
func (c *Criteria) Explain(r *Record) Verdict {
	if c.Passes(r) {
		return Verdict{Match: true}
	}
	var best Verdict
	equal := 0 // filters that came as near as the best
	for i, p := range c.patterns {
		v := p.explainRecord(r)
		v.Filter = i
		switch {
		case i == 0 || v.near() > best.near():
			best, equal = v, 1
		case v.near() == best.near():
			equal++
		}
	}
	if equal > 1 && !best.Rule.Quirk() {
		best.Rule, best.Reason = rule.FilOr, "no filter of several matches; the first: "+best.Reason
	}
	return best
}

// near ranks how much a verdict tells: most where a quirk decided, least where
// the record has nothing at the path.
func (v *Verdict) near() int {
	switch {
	case v.Rule.Quirk():
		return 2
	case v.Have != "":
		return 1
	}
	return 0
}

func (p *Pattern) explainRecord(r *Record) Verdict {
	id := p.unfit(r)
	if id == "" {
		return p.Explain(r.Doc)
	}
	v := Verdict{Rule: id, Path: r.Key, Have: have(r.Doc, r.Key), Want: p.src}
	if i := strings.Index(p.src, `"`+r.Key+`"`); i >= 0 {
		v.Offset = i
	}
	switch {
	case r.NotJSON && !r.Plain:
		v.Reason = r.Key + " is not JSON: a pattern for it cannot match"
	case r.NotJSON:
		v.Reason = "the body is plain text, the pattern is for JSON"
	default:
		v.Reason = "the body is JSON, the pattern is for plain text"
	}
	return v
}
