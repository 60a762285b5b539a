package setting

import (
	"slices"
	"strconv"
	"strings"

	"esmlab/engine/pattern"
)

// This file says which values a setting accepts, and refuses others in AWS's words.

// Allowed says in words which values AWS accepts.
func (p *Row) Allowed() string {
	span := Thousands(p.Min) + " to " + Thousands(p.Max)
	switch {
	case p.Kind == Switch:
		return "true or false"
	case p.Kind == List:
		return "[" + strings.Join(p.Words, ", ") + "] or []"
	case p.Kind == Word:
		return orList(p.Words)
	case p.Kind == Duration:
		return TimeForm
	case p.Kind == Destination:
		return "the logical id of a queue, a topic or a bucket, or an empty text for none"
	case p.Kind == QueueID:
		return "the logical id of a queue, or an empty text for none"
	case p.Kind == Filters:
		return FiltersForm
	case p.Special.Means != "":
		return strconv.Itoa(p.Special.Value) + " for " + p.Special.Means + ", or " + span
	}
	return span
}

// FiltersForm is how filter criteria are written.
const FiltersForm = `{Filters: [{Pattern: '{"data":{"kind":["order"]}}'}]}`

func orList(words []string) string {
	last := len(words) - 1
	if last < 1 {
		return strings.Join(words, "")
	}
	return strings.Join(words[:last], ", ") + " or " + words[last]
}

// Read gives the value in the form that Set takes: seconds where a length of
// time was given for them. It refuses what is not of the setting's kind or
// outside its range, in AWS's words where AWS has them.
func (p *Row) Read(v Value) (Value, *Refusal) {
	if p.Kind == Number && v.Kind == ValueTime && p.Unit != Plain && p.Unit != Bytes && Micros(v.Int)%p.unit() == 0 {
		v = IntValue(int(Micros(v.Int) / p.unit()))
	}
	switch p.Kind {
	case Number:
		if v.Kind != ValueInt {
			return v, p.WrongKind(v.String())
		}
		return v, p.outside(int(v.Int))
	case Switch:
		if v.Kind != ValueBool {
			return v, p.WrongKind(v.String())
		}
	case Duration:
		if v.Kind != ValueTime && v.Kind != ValueInt || v.Int < 0 {
			return v, p.WrongKind(v.String())
		}
	case Word, List:
		switch {
		case v.Kind != ValueText:
			return v, p.WrongKind(v.String())
		case v.Text == "" && p.Kind == List || slices.Contains(p.Words, v.Text):
		case p.Code == "":
			member := "Member must satisfy enum value set: [" + strings.Join(p.Words, ", ") + "]"
			value := v.Text
			if p.Kind == List { // each of its items has the set
				member, value = "Member must satisfy constraint: ["+member+"]", "["+value+"]"
			}
			return v, p.refuse("ValidationException", "1 validation error detected: Value '"+value+"' at '"+p.wire()+"' failed to satisfy constraint: "+member)
		default:
			return v, p.refuse(p.Code, p.Refuses)
		}
	case Filters:
		criteria, err := pattern.ReadCriteria(v.Text)
		if err != nil {
			return v, RefuseFilter(err)
		}
		return TextValue(criteria.String()), nil
	default:
		if v.Kind != ValueText {
			return v, p.WrongKind(v.String())
		}
	}
	return v, nil
}

// WrongKind refuses a value, as it was written, that is not of the setting's
// kind.
func (p *Row) WrongKind(written string) *Refusal {
	is := "a text"
	switch p.Kind {
	case Number:
		is = "a whole number"
	case Switch:
		is = "a switch"
	case List:
		is = "a list"
	case Duration:
		is = "a length of time"
	}
	if digits := strings.Trim(written, "-'"); p.Kind == Number && digits != "" && strings.Trim(digits, "0123456789") == "" {
		return p.refuse("", p.Name+" cannot be "+written) // it is one, and far too large
	}
	return p.refuse("", p.Name+" is "+is+", not "+written)
}

// InTemplate is the row as it holds for a property of a template: without a
// value that only `set` accepts.
func (p *Row) InTemplate() *Row {
	q := *p
	if !q.Special.AWS {
		q.Special = Special{}
	}
	return &q
}

// outside refuses a number outside AWS's range with AWS's code and words: what
// a service's model declares is a ValidationException, what its documentation
// adds (0 to 59 seconds of record age) an InvalidParameterValueException.
func (p *Row) outside(n int) *Refusal {
	special := p.Special.Means != "" && n == p.Special.Value
	if n >= p.Min && n <= p.Max || special {
		return nil
	}
	if p.Code != "" {
		return p.refuse(p.Code, strings.ReplaceAll(p.Refuses, "{v}", strconv.Itoa(n)))
	}
	lowest := p.Min
	if p.Special.AWS {
		lowest = p.Special.Value
	}
	limit := "greater than or equal to " + strconv.Itoa(lowest)
	switch {
	case n > p.Max:
		limit = "less than or equal to " + strconv.Itoa(p.Max)
	case n >= lowest: // in the gap between the special value and the range
		return p.refuse("InvalidParameterValueException", "Invalid "+p.Name+": "+strconv.Itoa(n)+". It must be -1 or between "+strconv.Itoa(p.Min)+" and "+strconv.Itoa(p.Max)+".")
	}
	return p.refuse("ValidationException", "1 validation error detected: Value '"+strconv.Itoa(n)+"' at '"+p.wire()+"' failed to satisfy constraint: Member must have value "+limit)
}

// wire is the setting as the service's error text spells it: each part of its
// name begins with a small letter.
func (p *Row) wire() string {
	parts := strings.Split(p.FullName(), ".")
	for i, s := range parts {
		parts[i] = strings.ToLower(s[:1]) + s[1:]
	}
	return strings.Join(parts, ".")
}

func (p *Row) refuse(code, message string) *Refusal {
	return &Refusal{What: p.Name, Code: code, Message: message, Right: p.Allowed()}
}
