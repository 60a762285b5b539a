package kit

import (
	"fmt"
	"strings"
	"unicode/utf8"

	"esmlab/engine/printable"
)

// Quote writes a word so that a shell takes it as it is.
func Quote(word string) string {
	plain := func(r rune) bool {
		return r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || strings.ContainsRune("-_./:=@%+,", r)
	}
	if word != "" && strings.IndexFunc(word, func(r rune) bool { return !plain(r) }) < 0 {
		return word
	}
	if printable.Line(word) != word || !utf8.ValidString(word) {
		var b strings.Builder // a line that shows what it holds, and does nothing where it is only printed
		for i, r := range word {
			_, n := utf8.DecodeRuneInString(word[i:])
			switch {
			case r == '\'' || r == '\\':
				b.WriteString(`\` + string(r))
			case printable.Line(string(r)) == string(r) && (r != utf8.RuneError || n > 1):
				b.WriteRune(r)
			default:
				for _, c := range []byte(word[i : i+n]) {
					fmt.Fprintf(&b, `\%03o`, c)
				}
			}
		}
		return "$'" + b.String() + "'"
	}
	return "'" + strings.ReplaceAll(word, "'", `'\''`) + "'"
}
