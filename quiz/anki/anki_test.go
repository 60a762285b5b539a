package anki

import (
	"encoding/csv"
	"fmt"
	"strings"
	"testing"

	"esmlab/quiz/card"
)

const note = "---\ntags: [aws/kinesis, \"my tag\"]\ndeck: streams/errors\n---\n" +
	"> [!question|id=one] Is `a < b` & \"c\"?\n> Two\n> lines.\n>\n> 1. yes\n> 2. **no**\n>\n> > [!success] Answer: 2\n> > Rule.\n> >\n> > 1. Right with x.\n\n" +
	"> [!question|id=two] List?\n> - a\n>   - b\n>\n> ```go\n> x <- y\n> ```\n\nFront ==part== back\n"

func write(t *testing.T, o Options) string {
	t.Helper()
	n := card.Read("note.md", []byte(note), card.Options{Cloze: true})
	var all []*card.Card
	for i := range n.Cards {
		all = append(all, &n.Cards[i])
	}
	var b strings.Builder
	if err := Write(&b, all, o); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// TestWrite writes a line for each card, the id first, and nothing that Anki
// would take for something else.
func TestWrite(t *testing.T) {
	for _, o := range []Options{{}, {Basic: true}} {
		text := write(t, o)
		head, body, fields := 0, "", 6 // the last is the note's type
		if o.Basic {
			fields = 5
		}
		for l := range strings.Lines(text) {
			if strings.HasPrefix(l, "#") {
				head++
				continue
			}
			body += l
		}
		r := csv.NewReader(strings.NewReader(body))
		r.Comma = '\t'
		rows, err := r.ReadAll()
		if err != nil || len(rows) != 3 || head < 5 {
			t.Fatalf("%v, %d rows, %d header lines:\n%s", err, len(rows), head, text)
		}
		for _, row := range rows {
			if len(row) != fields || strings.Contains(strings.Join(row, ""), "\n") {
				t.Errorf("%q", row)
			}
		}
		front := rows[0][fields-5]
		if want := `Two<br>lines.<br><b>Is <code>a &lt; b</code> &amp; &#34;c&#34;?</b><br>1. yes<br>2. <b>no</b>`; front != want {
			t.Errorf("front %s\nwant  %s", front, want)
		}
		if back := rows[0][fields-4]; back != "<b>2. <b>no</b></b><br>Rule.<br>1. Right with x." {
			t.Errorf("back %s", back)
		}
		if rows[0][fields-3] != "esmlab::streams::errors" || rows[0][fields-2] != "aws::kinesis my_tag" {
			t.Errorf("%q", rows[0])
		}
		if back := rows[1][fields-4]; back != "- a<br>&nbsp;&nbsp;- b<br><pre>x &lt;- y</pre>" {
			t.Errorf("back %s", back)
		}
		types := []string{TypeName, ClozeName}
		if o.Basic {
			types = []string{"Basic", "Cloze"}
		}
		if rows[0][fields-1] != types[0] || rows[2][fields-1] != types[1] || rows[2][fields-5] != "Front {{c1::part}} back" || !strings.Contains(text, fmt.Sprintf("#notetype column:%d\n", fields)) {
			t.Errorf("%q of\n%s", rows[2], text)
		}
		if !o.Basic && (rows[0][0] != "one" || rows[1][0] != "two") {
			t.Errorf("ids %q %q", rows[0][0], rows[1][0])
		}
	}
}
