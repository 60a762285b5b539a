package pattern

import (
	"fmt"
	"net/netip"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"esmlab/engine/rule"
)

// Compile reads a filter pattern. Its error is an *Error.
func Compile(src string) (*Pattern, error) {
	if n := utf8.RuneCountInString(src); n > MaxLength {
		return nil, &Error{0, fmt.Sprintf("a pattern has at most %d characters, this one has %d", MaxLength, n), rule.FilLength}
	}
	root, err := parse(src)
	if err != nil {
		return nil, err
	}
	if root.kind != object {
		return nil, bad(root.at, "Filter is not an object")
	}
	c := &compiler{}
	if err := c.object(root, "", false, false); err != nil {
		return nil, err
	}
	p := &Pattern{src: src, branches: c.branches}
	p.index()
	return p, nil
}

// compiler gathers the branches of a pattern: each $or multiplies what came
// before it by its alternatives.
type compiler struct{ branches []branch }

// reserved are names that no field inside a $or may have.
var reserved = []string{"exactly", "equals-ignore-case", "prefix", "suffix", "anything-but", "exists", "wildcard", "numeric", "cidr",
	"=", "<", "<=", ">", ">=", "regex", "not-wildcard", "not-equals-ignore-case", "date-after", "date-on-or-after", "date-before",
	"date-on-or-before", "in-date-range", "ip-address-in-range", "ip-address-not-in-range"}

func (c *compiler) object(n *node, path string, dotted, or bool) *Error {
	if len(n.items) == 0 {
		return bad(n.at, "Empty objects are not allowed")
	}
	for i, name := range n.names {
		v := n.items[i]
		if name == "$or" {
			if err := c.or(v, path, dotted); err != nil {
				return err
			}
			continue
		}
		if or && slices.Contains(reserved, name) {
			return bad(v.at, name+" is a reserved name, which cannot be used inside $or")
		}
		at := name
		if path != "" {
			at = path + "." + name
		}
		dots := dotted || strings.Contains(name, ".")
		switch v.kind {
		case object:
			if err := c.object(v, at, dots, or); err != nil {
				return err
			}
		case array:
			f := field{path: at, dotted: dots, or: or, at: v.at, end: v.end}
			if err := f.conditions(v); err != nil {
				return err
			}
			if len(c.branches) == 0 {
				c.branches = []branch{nil}
			}
			for k := range c.branches {
				c.branches[k] = c.branches[k].put(f)
			}
		default:
			return bad(v.at, fmt.Sprintf("%q must be an object or an array", name))
		}
	}
	return nil
}

func (c *compiler) or(n *node, path string, dotted bool) *Error {
	if n.kind != array {
		return bad(n.at, "It must be an Array followed with $or.")
	}
	before := c.branches
	if len(before) == 0 {
		before = []branch{nil}
	}
	var all []branch
	for _, item := range n.items {
		if item.kind != object {
			return bad(item.at, "Only JSON object is allowed in array of $or relationship.")
		}
		c.branches = make([]branch, len(before))
		for k := range before {
			c.branches[k] = slices.Clone(before[k])
		}
		if err := c.object(item, path, dotted, true); err != nil {
			return err
		}
		if all = append(all, c.branches...); len(all) > maxBranches {
			return bad(n.at, fmt.Sprintf("Total number of rule combinations in event pattern exceeds %d", maxBranches))
		}
	}
	if len(n.items) < 2 {
		return bad(n.at, "There must have at least 2 Objects in $or relationship.")
	}
	c.branches = all
	return nil
}

// conditions reads the list at a path.
func (f *field) conditions(n *node) *Error {
	if len(n.items) == 0 {
		return bad(n.at, "Empty arrays are not allowed")
	}
	for _, item := range n.items {
		t := test{at: item.at, end: item.end}
		var err *Error
		switch item.kind {
		case object:
			err = t.expression(item)
		case text:
			t.op, t.texts = opEqual, []string{item.text}
			if a, e := netip.ParseAddr(item.text); e == nil && a.Zone() == "" && !(a.Is6() && strings.Contains(item.text, ".")) {
				t.op, t.net = opAddress, netip.PrefixFrom(a.Unmap(), a.Unmap().BitLen())
			}
		case number:
			t.op, t.nums = opNumber, []num{numOf(item)}
		case literal:
			t.op, t.texts = opLiteral, []string{item.text}
		default:
			err = bad(item.at, "Match value must be String, number, true, false, or null")
		}
		if err != nil {
			return err
		}
		f.absent = f.absent || t.op == opExists && !t.exists
		f.tests = append(f.tests, t)
	}
	return nil
}

func numOf(n *node) num {
	v, exact := byValue(n.text)
	return num{n.text, v, exact}
}

// matchTypes are the conditions that are written as an object.
var matchTypes = []string{"anything-but", "cidr", "equals-ignore-case", "exactly", "exists", "numeric", "prefix", "suffix", "wildcard"}

// expression reads {"prefix": …} and its like.
func (t *test) expression(n *node) *Error {
	if len(n.items) == 0 {
		return bad(n.at, "Match expression name not found")
	}
	name, v := n.names[0], n.items[0]
	if !slices.Contains(matchTypes, name) {
		return bad(n.at, "Unrecognized match type "+name)
	}
	if len(n.items) > 1 {
		return bad(n.items[1].at, "Only one key allowed in match expression")
	}
	switch name {
	case "prefix", "suffix":
		t.op = opPrefix
		if name == "suffix" {
			t.op = opSuffix
		}
		if v.kind == object {
			return t.inOtherCase(v, name)
		}
		return t.oneText(v, name+" match pattern must be a string")
	case "equals-ignore-case":
		t.op = opFold
		return t.oneText(v, "equals-ignore-case match pattern must be a string")
	case "exactly":
		t.op = opEqual
		return t.oneText(v, "exact match pattern must be a string")
	case "wildcard":
		t.op = opWildcard
		if err := t.oneText(v, "wildcard match pattern must be a string"); err != nil {
			return err
		}
		return t.stars(v)
	case "cidr":
		t.op = opCIDR
		if err := t.oneText(v, "prefix match pattern must be a string"); err != nil {
			return err
		}
		return t.network(v)
	case "exists":
		t.op, t.exists = opExists, v.text == "true"
		if v.kind != literal || v.text == "null" {
			return bad(v.at, "exists match pattern must be either true or false.")
		}
		return nil
	case "numeric":
		t.op = opRange
		return t.numeric(v)
	}
	t.not = true
	return t.anythingBut(v)
}

func (t *test) oneText(v *node, wrong string) *Error {
	if v.kind != text {
		return bad(v.at, wrong)
	}
	t.texts = []string{v.text}
	return nil
}

// inOtherCase reads {"equals-ignore-case": …} inside prefix and suffix.
func (t *test) inOtherCase(v *node, name string) *Error {
	if len(v.items) == 0 {
		return bad(v.at, strings.ToUpper(name[:1])+name[1:]+" expression name not found")
	}
	if v.names[0] != "equals-ignore-case" {
		return bad(v.at, "Unsupported "+name+" pattern: "+v.names[0])
	}
	if len(v.items) > 1 {
		return bad(v.items[1].at, "Only one key allowed in match expression")
	}
	t.op += opPrefixFold - opPrefix
	return t.oneText(v.items[0], "equals-ignore-case match pattern must be a string")
}

// stars reads the texts of a wildcard condition. Positions count the opening
// quote, as EventBridge's do.
func (t *test) stars(v *node) *Error {
	for _, s := range t.texts {
		parts, part := []string(nil), []byte(nil)
		for i := 0; i < len(s); i++ {
			switch {
			case s[i] == '*' && i+1 < len(s) && s[i+1] == '*':
				return bad(v.at, "Consecutive wildcard characters at pos "+strconv.Itoa(i+1))
			case s[i] == '*':
				parts, part = append(parts, string(part)), part[:0]
			case s[i] == '\\' && i+1 < len(s) && (s[i+1] == '*' || s[i+1] == '\\'):
				i++
				part = append(part, s[i])
			case s[i] == '\\':
				return bad(v.at, "Invalid escape character at pos "+strconv.Itoa(i+1))
			default:
				part = append(part, s[i])
			}
		}
		if len(parts) > maxStars {
			return &Error{v.at, "Rule is too complex - try using fewer wildcard characters or fewer repeating character sequences after a wildcard character", rule.FilWildcardMany}
		}
		t.wild = append(t.wild, append(parts, string(part)))
	}
	return nil
}

// maxStars is how many wildcard characters one text may have. EventBridge
// refuses six of them between repeated characters; its measure is not public
// (FIL-WILDCARD-3).
const maxStars = 5

func (t *test) network(v *node) *Error {
	ip, mask, ok := strings.Cut(v.text, "/")
	if !ok || strings.Contains(mask, "/") {
		return bad(v.at, "Malformed CIDR, one '/' required")
	}
	bits, e := strconv.Atoi(mask)
	if e != nil {
		return bad(v.at, "Malformed CIDR, mask bits must be an integer")
	}
	a, e := netip.ParseAddr(ip)
	switch {
	case bits < 0:
		return bad(v.at, "Malformed CIDR, mask bits must not be negative")
	case e != nil || a.Zone() != "":
		return bad(v.at, "Nonstandard IP address: "+ip)
	case a.Is4() && bits > 31:
		return bad(v.at, "IPv4 mask bits must be < 32")
	case bits > 127:
		return bad(v.at, "IPv6 mask bits must be < 128")
	}
	t.net = netip.PrefixFrom(a, bits).Masked()
	return nil
}

// numeric reads an operator and a number, or two of each.
func (t *test) numeric(v *node) *Error {
	if v.kind != array {
		return bad(v.at, "Value of numeric must be an array.")
	}
	if len(v.items) == 0 || v.items[0].kind != text {
		return bad(v.at, "Invalid member in numeric match")
	}
	o := v.items[0].text
	if !slices.Contains([]string{"=", "<", "<=", ">", ">="}, o) {
		return bad(v.items[0].at, "Unrecognized numeric range operator: "+o)
	}
	first, err := limit(v, 1, o)
	if err != nil {
		return err
	}
	switch o {
	case "=":
		t.low, t.high = first, first
	case "<", "<=":
		t.high = first
	default:
		t.low = first
		if len(v.items) > 2 {
			return t.upTo(v)
		}
	}
	if len(v.items) > 2 {
		return bad(v.items[2].at, "Too many elements in numeric expression")
	}
	return nil
}

// upTo reads the upper end of a range.
func (t *test) upTo(v *node) *Error {
	o := v.items[2]
	if o.kind != text {
		return bad(o.at, "Bad value in numeric range: "+o.text)
	}
	if o.text != "<" && o.text != "<=" {
		return bad(o.at, "Bad numeric range operator: "+o.text)
	}
	high, err := limit(v, 3, o.text)
	switch {
	case err != nil:
		return err
	case len(v.items) > 4:
		return bad(v.items[4].at, "Too many terms in numeric range expression")
	case t.low.value >= high.value:
		return bad(v.at, "Bottom must be less than top")
	}
	t.high = high
	return nil
}

func limit(v *node, i int, o string) (bound, *Error) {
	if i >= len(v.items) || v.items[i].kind != number {
		at, name := v.end-1, o
		if i < len(v.items) {
			at = v.items[i].at
		}
		if o == "=" {
			name = "equals"
		}
		return bound{}, bad(at, "Value of "+name+" must be numeric")
	}
	n := numOf(v.items[i])
	if !n.exact {
		return bound{}, bad(v.items[i].at, "Cannot compare number : "+n.text)
	}
	return bound{n.value, true, o == "<" || o == ">"}, nil
}

// anythingBut reads what is excluded: a value, a list of them, or a condition
// on text.
func (t *test) anythingBut(v *node) *Error {
	if v.kind == object {
		return t.anythingButText(v)
	}
	list := []*node{v}
	if v.kind == array {
		list = v.items
	}
	for _, item := range list {
		switch item.kind {
		case text:
			t.op = opEqual
			t.texts = append(t.texts, item.text)
		case number:
			n := numOf(item)
			if !n.exact {
				return bad(item.at, "Cannot compare number : "+n.text)
			}
			t.op = opNumber
			t.nums = append(t.nums, n)
		default:
			if v.kind != array {
				return bad(v.at, "Value of anything-but must be an array or single string/number value.")
			}
			return bad(item.at, "Inside anything but list, start|null|boolean is not supported.")
		}
	}
	if (len(t.texts) > 0) == (len(t.nums) > 0) {
		return bad(v.at, "Inside anything but list, either all values are number or string, mixed type is not supported")
	}
	return nil
}

func (t *test) anythingButText(v *node) *Error {
	if len(v.items) == 0 {
		return bad(v.at, "Anything-But expression name not found")
	}
	name, inner := v.names[0], v.items[0]
	wrong := "prefix/suffix match pattern must be a string"
	switch name {
	case "prefix":
		t.op = opPrefix
	case "suffix":
		t.op = opSuffix
	case "equals-ignore-case":
		t.op, wrong = opFold, "Inside anything-but/equals-ignore-case list, number|start|null|boolean is not supported."
	case "wildcard":
		t.op, wrong = opWildcard, "wildcard match pattern must be a string"
	default:
		return bad(v.at, "Unsupported anything-but pattern: "+name)
	}
	if len(v.items) > 1 {
		return bad(v.items[1].at, "Only one key allowed in match expression")
	}
	list := []*node{inner}
	switch inner.kind {
	case array:
		list = inner.items
	case object, literal:
		return bad(inner.at, "Value of anything-but must be an array or single string/number value.")
	}
	for _, item := range list {
		if item.kind != text {
			return bad(item.at, wrong)
		}
		if item.text == "" && (t.op == opPrefix || t.op == opSuffix) {
			return bad(item.at, "Null prefix/suffix not allowed")
		}
		t.texts = append(t.texts, item.text)
	}
	if t.op == opWildcard {
		return t.stars(inner)
	}
	return nil
}
