// Package anki writes cards for Anki: as text that it imports, or as a package (.apkg),
// which has the note types and the images with it.
//
// Reading order: note.go (what becomes of a card), anki.go (text), package.go (a package).
package anki

import (
	"bufio"
	"html"
	"io"
	"slices"
	"strings"

	"esmlab/quiz/card"
)

// Options say which note types the text is for. Without Basic these are the ones of a
// package (TypeName, ClozeName), whose first field is the card's id. With it they are Anki's own
// Basic and Cloze, which know no id.
type Options struct{ Basic bool }

// Write writes cards with the header lines that tell Anki how to read them. Where clozes
// are among them the last column names each note's type.
func Write(w io.Writer, cards []*card.Card, o Options) error {
	k := &collector{}
	notes := k.notes(cards)
	basic, cloze, columns := TypeName, ClozeName, []string{"ID", "Front", "Back", "Deck", "Tags"}
	if o.Basic {
		basic, cloze, columns = "Basic", "Cloze", columns[1:]
	}
	mixed := slices.ContainsFunc(notes, func(n *entry) bool { return n.cloze })
	b := bufio.NewWriter(w)
	b.WriteString("#separator:tab\n#html:true\n")
	if mixed {
		columns = append(columns, "Type")
		b.WriteString("#notetype column:" + string(rune('0'+len(columns))) + "\n")
	} else {
		b.WriteString("#notetype:" + basic + "\n")
	}
	place := func(name string) string { return string(rune('1' + slices.Index(columns, name))) }
	b.WriteString("#columns:" + strings.Join(columns, "\t") + "\n#deck column:" + place("Deck") + "\n#tags column:" + place("Tags") + "\n")
	for _, n := range notes {
		fields := []string{n.front, n.back, html.EscapeString(n.deck), html.EscapeString(n.tags)}
		if !o.Basic {
			fields = append([]string{html.EscapeString(n.id)}, fields...)
		}
		if mixed {
			fields = append(fields, map[bool]string{true: cloze, false: basic}[n.cloze])
		}
		for i := range fields {
			fields[i] = field(fields[i])
		}
		b.WriteString(strings.Join(fields, "\t"))
		b.WriteByte('\n')
	}
	return b.Flush()
}

// field quotes a field; lines are broken by <br>, never by a newline.
func field(s string) string {
	s = strings.NewReplacer("\n", "<br>", "\t", " ").Replace(s)
	if strings.ContainsAny(s, `"`) || strings.HasPrefix(s, "#") {
		return `"` + strings.ReplaceAll(s, `"`, `""`) + `"`
	}
	return s
}
