// Package printable makes text from outside safe to print. A name, a note or a
// body can hold control codes that a terminal obeys (OSC 52 writes a person's
// clipboard), marks that turn the direction of writing, and signs that take no
// room; none of them reaches a terminal.
package printable

import (
	"bytes"
	"fmt"
	"io"
	"strings"
	"unicode"
	"unicode/utf16"
	"unicode/utf8"
)

// Rune reports whether a terminal shows r and does nothing else. Line feed and
// tab are not printable in this sense: Text keeps them, Line makes blanks of them.
func Rune(r rune) bool {
	switch {
	case r >= ' ' && r < 0x7f:
		return true
	case r < 0xa0: // C0, DEL and C1
		return false
	case r > 0x206f && r < 0xd800: // no format characters here, and most of what frames are drawn with
		return true
	case r == '\u2028' || r == '\u2029': // separators of lines and paragraphs
		return false
	}
	return !unicode.Is(unicode.Cf, r) || unicode.Is(unicode.Prepended_Concatenation_Mark, r)
}

// Text gives s without what is not printable. Line feeds and tabs stay, and what
// stands beside a character that it belongs to: the joiner inside an emoji, a few
// marks on a letter. A byte that is not UTF-8 becomes U+FFFD.
func Text(s string) string {
	var c cleaner
	return c.clean(s)
}

// Line gives s on one line: as Text, with blanks for line breaks and tabs.
func Line(s string) string {
	c := cleaner{line: true}
	return c.clean(s)
}

const (
	joiner = '\u200d'
	// maxMarks is how many marks a letter may have: more than any language writes
	// would cover the rows above and below.
	maxMarks = 4
)

// cleaner lets through what is printable of one text after the other.
type cleaner struct {
	line  bool // blanks for line breaks and tabs
	last  rune // that was let through, but for marks
	marks int  // on it
}

func (c *cleaner) clean(s string) string {
	if n := plain(s); n == len(s) { // most texts
		if n > 0 {
			c.last, _ = utf8.DecodeLastRuneInString(s)
			c.marks = 0
		}
		return s
	}
	var b strings.Builder
	same := 0 // bytes that need no copy
	for i, r := range s {
		n := utf8.RuneLen(r)
		if r == utf8.RuneError {
			_, n = utf8.DecodeRuneInString(s[i:])
		}
		if out := c.rune(r, s[i+n:]); out != r || r == utf8.RuneError && n == 1 {
			b.WriteString(s[same:i])
			if out >= 0 {
				b.WriteRune(out)
			}
			same = i + n
		}
	}
	if same == 0 {
		return s
	}
	b.WriteString(s[same:])
	return b.String()
}

// plain gives how many bytes s begins with that hold nothing but ASCII, letters and the signs
// that frames are drawn with: all of it stays, whatever stands beside it.
func plain(s string) int {
	i := 0
	for i < len(s) {
		if s[i] >= ' ' && s[i] < 0x7f {
			i++
			continue
		}
		r, n := utf8.DecodeRuneInString(s[i:])
		if (r <= 0xa0 || r >= 0x300 || r == 0xad) && (r < 0x2010 || r > 0x2027) && (r < 0x2190 || r >= 0x2c00) {
			break
		}
		i += n
	}
	return i
}

// rune gives what becomes of r, before the rest of its text; -1: nothing.
func (c *cleaner) rune(r rune, rest string) rune {
	next := func() rune { r, _ := utf8.DecodeRuneInString(rest); return r }
	switch {
	case r == '\n' || r == '\t' || r == '\r' && c.line:
		if c.line {
			r = ' '
		}
	case r == joiner:
		if rest == "" || !picture(c.last) && c.last != '\ufe0f' || !picture(next()) {
			return -1
		}
	case r == '\ufe0f' && picture(c.last): // the coloured form
	case mark(r):
		if c.marks++; c.marks > maxMarks || !unicode.IsOneOf(marked, c.last) {
			return -1
		}
		return r
	case unicode.Is(unicode.Prepended_Concatenation_Mark, r):
		if rest == "" || !unicode.IsOneOf(marked, next()) { // it would join what is not part of the text
			return -1
		}
	case !Rune(r):
		return -1
	}
	c.last, c.marks = r, 0
	return r
}

// marked are the characters that marks stand on.
var marked = []*unicode.RangeTable{unicode.L, unicode.N, unicode.S, unicode.P, unicode.Mc}

// mark reports whether r takes no room of its own, and is drawn over the
// character before it.
func mark(r rune) bool {
	return r >= 0x300 && (r < 0x2190 || r >= 0x2c00) && unicode.In(r, unicode.Mn, unicode.Me)
}

// picture reports whether r may stand beside the joiner of an emoji: a symbol, or a
// skin tone.
func picture(r rune) bool {
	return unicode.Is(unicode.So, r) || unicode.Is(unicode.Sk, r) && r > 0xffff
}

// JSON gives a JSON text that is safe to print and means the same: what is not
// printable, which only strings can hold, is escaped.
func JSON(text []byte) []byte {
	safe := func(r rune) bool { return r == '\n' || r == '\t' || r == '\r' || Rune(r) }
	if bytes.IndexFunc(text, func(r rune) bool { return !safe(r) }) < 0 {
		return text
	}
	out := make([]byte, 0, len(text)+16)
	for len(text) > 0 {
		r, n := utf8.DecodeRune(text)
		switch hi, lo := utf16.EncodeRune(r); {
		case safe(r):
			out = append(out, text[:n]...)
		case r > 0xffff:
			out = fmt.Appendf(out, `\u%04x\u%04x`, hi, lo)
		default:
			out = fmt.Appendf(out, `\u%04x`, r)
		}
		text = text[n:]
	}
	return out
}

// Styled gives what a screen has drawn without anything but printable text, line
// feeds and the sequences that set colours and styles (SGR).
func Styled(frame string) string {
	if drawn(frame) {
		return frame
	}
	var b strings.Builder
	for {
		i := strings.Index(frame, "\x1b[")
		if i < 0 {
			break
		}
		n := sgr(frame[i:])
		b.WriteString(untabbed(frame[:i]))
		b.WriteString(frame[i : i+n])
		frame = frame[i+max(1, n):] // without n, the escape alone goes
	}
	if b.Len() == 0 {
		return untabbed(frame)
	}
	b.WriteString(untabbed(frame))
	return b.String()
}

// drawn reports whether a frame holds nothing but plain text, line feeds and SGR.
func drawn(frame string) bool {
	for {
		frame = frame[plain(frame):]
		n := sgr(frame)
		if n == 0 && strings.HasPrefix(frame, "\n") {
			n = 1
		}
		if n == 0 {
			return frame == ""
		}
		frame = frame[n:]
	}
}

// untabbed is Text without tabs.
func untabbed(s string) string { return strings.ReplaceAll(Text(s), "\t", "") }

// sgr gives the length of the SGR sequence that s begins with, 0 for none.
func sgr(s string) int {
	if !strings.HasPrefix(s, "\x1b[") {
		return 0
	}
	for i := 2; i < len(s); i++ {
		switch c := s[i]; {
		case c == 'm':
			return i + 1
		case c != ';' && c != ':' && (c < '0' || c > '9'):
			return 0
		}
	}
	return 0
}

// Writer passes on what Text gives of all that is written to it.
type Writer struct {
	w    io.Writer
	c    cleaner
	rest []byte // what the next Write decides: the beginning of a character, or one that joins the next
}

// NewWriter gives a Writer that writes to w.
func NewWriter(w io.Writer) *Writer { return &Writer{w: w} }

// Write writes p as Text. A character may be divided between two Writes.
func (w *Writer) Write(p []byte) (int, error) {
	text := append(w.rest, p...)
	w.rest = nil
	end := len(text)
	for i := max(0, end-utf8.UTFMax+1); i < end; i++ {
		if utf8.RuneStart(text[i]) && !utf8.FullRune(text[i:]) {
			end = i
		}
	}
	if r, n := utf8.DecodeLastRune(text[:end]); r == joiner || unicode.Is(unicode.Prepended_Concatenation_Mark, r) {
		end -= n // what follows decides
	}
	text, w.rest = text[:end], bytes.Clone(text[end:])
	if len(text) == 0 {
		return len(p), nil
	}
	if _, err := io.WriteString(w.w, w.c.clean(string(text))); err != nil {
		return 0, err
	}
	return len(p), nil
}
