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

// Text gives s without what is not printable. Line feeds and tabs stay, and the
// joiner inside an emoji; a byte that is not UTF-8 becomes U+FFFD.
func Text(s string) string {
	return filter(s, func(r rune) rune {
		if r == '\n' || r == '\t' || Rune(r) {
			return r
		}
		return -1
	})
}

// Line gives s on one line: as Text, with blanks for line breaks and tabs.
func Line(s string) string {
	return filter(s, func(r rune) rune {
		switch {
		case r == '\n' || r == '\t' || r == '\r':
			return ' '
		case Rune(r):
			return r
		}
		return -1
	})
}

const joiner = '\u200d'

// filter is strings.Map, but for joiners between pictures.
func filter(s string, keep func(rune) rune) string {
	if !strings.ContainsRune(s, joiner) {
		return strings.Map(keep, s)
	}
	var b strings.Builder
	parts := strings.Split(s, string(joiner))
	for i, part := range parts {
		if i > 0 {
			before, _ := utf8.DecodeLastRuneInString(parts[i-1])
			after, _ := utf8.DecodeRuneInString(part)
			if parts[i-1] != "" && part != "" && picture(before) && picture(after) {
				b.WriteRune(joiner)
			}
		}
		b.WriteString(strings.Map(keep, part))
	}
	return b.String()
}

// picture reports whether r may stand beside the joiner of an emoji: a symbol, a
// skin tone, or the selector of a coloured form.
func picture(r rune) bool {
	return unicode.Is(unicode.So, r) || unicode.Is(unicode.Sk, r) && r > 0xffff || r == '\ufe0f'
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
	rest []byte // the beginning of a character that the next Write ends
}

// NewWriter gives a Writer that writes to w.
func NewWriter(w io.Writer) *Writer { return &Writer{w: w} }

// Write writes p as Text. A character may be divided between two Writes.
func (w *Writer) Write(p []byte) (int, error) {
	text := append(w.rest, p...)
	w.rest = nil
	for i := max(0, len(text)-utf8.UTFMax+1); i < len(text); i++ {
		if utf8.RuneStart(text[i]) && !utf8.FullRune(text[i:]) {
			text, w.rest = text[:i], bytes.Clone(text[i:])
			break
		}
	}
	if len(text) == 0 {
		return len(p), nil
	}
	if _, err := io.WriteString(w.w, Text(string(text))); err != nil {
		return 0, err
	}
	return len(p), nil
}
