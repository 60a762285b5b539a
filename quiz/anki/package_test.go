package anki

import (
	"archive/zip"
	"bytes"
	"encoding/binary"
	"encoding/json"
	"io"
	"slices"
	"strings"
	"testing"
	"time"

	"esmlab/quiz/card"
)

// table reads the rows of a table of a SQLite file, by the description of its format and
// without SQLite (https://www.sqlite.org/fileformat2.html): the pages of its b-tree from the
// root in sqlite_schema on. The id of a row stands in for a column that is its alias.
type sqliteFile struct {
	t    *testing.T
	data []byte
	size int
}

func openSQLite(t *testing.T, data []byte) *sqliteFile {
	t.Helper()
	if !bytes.HasPrefix(data, []byte("SQLite format 3\x00")) {
		t.Fatal("no SQLite file")
	}
	f := &sqliteFile{t: t, data: data, size: int(binary.BigEndian.Uint16(data[16:]))}
	if f.size == 1 {
		f.size = 65536
	}
	if len(data)%f.size != 0 {
		t.Fatalf("%d bytes in pages of %d", len(data), f.size)
	}
	return f
}

func (f *sqliteFile) table(name string) [][]any {
	f.t.Helper()
	for _, row := range f.rows(1) { // sqlite_schema: type, name, tbl_name, rootpage, sql
		if row[0] == "table" && row[1] == name {
			return f.rows(int(row[3].(int64)))
		}
	}
	f.t.Fatalf("no table %s", name)
	return nil
}

func (f *sqliteFile) rows(page int) (out [][]any) {
	p := f.data[(page-1)*f.size : page*f.size]
	head := 0
	if page == 1 {
		head = 100
	}
	cells := int(binary.BigEndian.Uint16(p[head+3:]))
	switch p[head] {
	case 5: // interior page of a table
		for i := range cells {
			at := int(binary.BigEndian.Uint16(p[head+12+2*i:]))
			out = append(out, f.rows(int(binary.BigEndian.Uint32(p[at:])))...)
		}
		return append(out, f.rows(int(binary.BigEndian.Uint32(p[head+8:])))...)
	case 13: // leaf page of a table
		for i := range cells {
			at := int(binary.BigEndian.Uint16(p[head+8+2*i:]))
			length, n := varint(p[at:])
			at += n
			id, n := varint(p[at:])
			at += n
			out = append(out, f.record(f.payload(p, at, int(length)), id))
		}
		return out
	}
	f.t.Fatalf("page %d is of kind %d", page, p[head])
	return nil
}

// payload joins what lies in a cell and on overflow pages.
func (f *sqliteFile) payload(p []byte, at, length int) []byte {
	most, least := f.size-35, (f.size-12)*32/255-23
	if length <= most {
		return p[at : at+length]
	}
	here := least + (length-least)%(f.size-4)
	if here > most {
		here = least
	}
	out := slices.Clone(p[at : at+here])
	for next := binary.BigEndian.Uint32(p[at+here:]); next != 0 && len(out) < length; {
		o := f.data[(int(next)-1)*f.size : int(next)*f.size]
		out = append(out, o[4:4+min(f.size-4, length-len(out))]...)
		next = binary.BigEndian.Uint32(o)
	}
	return out
}

func (f *sqliteFile) record(b []byte, id uint64) []any {
	size, n := varint(b)
	var kinds []uint64
	for at := n; at < int(size); {
		k, n := varint(b[at:])
		kinds, at = append(kinds, k), at+n
	}
	var out []any
	b = b[size:]
	for i, k := range kinds {
		width := []int{0, 1, 2, 3, 4, 6, 8, 8, 0, 0, 0, 0}
		switch {
		case k == 0 && i == 0:
			out = append(out, int64(id))
		case k == 0:
			out = append(out, nil)
		case k == 8 || k == 9:
			out = append(out, int64(k-8))
		case k < 7:
			v := int64(int8(b[0]))
			for _, x := range b[1:width[k]] {
				v = v<<8 | int64(x)
			}
			out, b = append(out, v), b[width[k]:]
		case k >= 13 && k%2 == 1:
			n := int(k-13) / 2
			out, b = append(out, string(b[:n])), b[n:]
		default:
			f.t.Fatalf("a value of kind %d", k)
		}
	}
	return out
}

func varint(b []byte) (v uint64, n int) {
	for n = 0; n < 8; n++ {
		v = v<<7 | uint64(b[n]&0x7f)
		if b[n] < 0x80 {
			return v, n + 1
		}
	}
	return v<<8 | uint64(b[8]), 9
}

const packed = "---\ntags: [aws/kinesis]\ndeck: streams/errors\n---\n" +
	"> [!question|id=one] What does ![[chart.png]] show for $a < b$?\n>\n> 1. yes\n> 2. no\n>\n> > [!success] Answer: 2\n> > Rule: $$\\frac{a}{b}$$ and $LATEST.\n> >\n> > 1. Right with x.\n> > 2. Right here.\n\n" +
	"> [!question|id=two] Where?\n> ![other](pics/chart.png) and ![none](gone.png) and ![web](https://example.com/x.png)\n\n" +
	"A batch has ==10,000==^[how many?] records of ==6 MB==, and $\\sqrt{{x}}$ ==${{y}}$==. ^clo\n\nQ: What?\nA: This.\n"

func unpack(t *testing.T, cards []*card.Card, media Media, now time.Time) (db *sqliteFile, files map[string][]byte, names map[string]string) {
	t.Helper()
	var b bytes.Buffer
	if err := Package(&b, cards, media, now); err != nil {
		t.Fatal(err)
	}
	z, err := zip.NewReader(bytes.NewReader(b.Bytes()), int64(b.Len()))
	if err != nil {
		t.Fatal(err)
	}
	files = map[string][]byte{}
	for _, f := range z.File {
		r, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		files[f.Name], err = io.ReadAll(r)
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := json.Unmarshal(files["media"], &names); err != nil {
		t.Fatal(err)
	}
	return openSQLite(t, files["collection.anki2"]), files, names
}

func readCards(t *testing.T, src string) []*card.Card {
	t.Helper()
	n := card.Read("note.md", []byte(src), card.Options{Cloze: true})
	if len(n.Problems) > 0 {
		t.Fatal(n.Problems)
	}
	var all []*card.Card
	for i := range n.Cards {
		all = append(all, &n.Cards[i])
	}
	return all
}

// A package is read back by another reader than wrote it: note types, decks, notes with
// their fields, cards, images, formulas, clozes.
func TestPackage(t *testing.T) {
	now := time.Date(2026, 12, 2, 9, 0, 0, 0, time.UTC)
	images := map[string]string{"chart.png": "one", "pics/chart.png": "another"}
	db, files, names := unpack(t, readCards(t, packed), func(_ *card.Card, name string) ([]byte, bool) {
		data, ok := images[name]
		return []byte(data), ok
	}, now)
	col := db.table("col")[0]
	if col[4] != int64(11) {
		t.Errorf("version %v", col[4])
	}
	var models map[string]struct {
		Name string
		Type int
		Flds []struct{ Name string }
	}
	var decks map[string]struct {
		ID   int64
		Name string
	}
	for i, into := range map[int]any{9: &models, 10: &decks} {
		if err := json.Unmarshal([]byte(col[i].(string)), into); err != nil {
			t.Fatal(err)
		}
	}
	deckNames := map[int64]string{}
	for _, d := range decks {
		deckNames[d.ID] = d.Name
	}
	type got struct {
		kind, deck, tags string
		fields           []string
		ords             []int64
	}
	byID := map[int64]*got{}
	var all []*got
	for _, row := range db.table("notes") {
		m := models[jsonNumber(row[2].(int64))]
		g := &got{kind: m.Name, tags: row[5].(string), fields: strings.Split(row[6].(string), "\x1f")}
		if len(g.fields) != len(m.Flds) || row[8] != checksum(g.fields[0]) || row[7] != g.fields[0] {
			t.Errorf("%v", row)
		}
		byID[row[0].(int64)] = g
		all = append(all, g)
	}
	seen := map[int64]bool{}
	for _, row := range db.table("cards") {
		g := byID[row[1].(int64)]
		if g == nil || seen[row[0].(int64)] || deckNames[row[2].(int64)] == "" {
			t.Fatalf("card %v", row)
		}
		seen[row[0].(int64)] = true
		g.deck = deckNames[row[2].(int64)]
		g.ords = append(g.ords, row[3].(int64))
	}
	if len(all) != 4 {
		t.Fatalf("%d notes", len(all))
	}
	for i, want := range []got{
		{"esmlab", "esmlab::streams::errors", " aws::kinesis ", []string{"one",
			`<b>What does <img src="chart.png"> show for \(a &lt; b\)?</b><br>1. yes<br>2. no`, `<b>2. no</b><br>Rule: \[\frac{a}{b}\] and $LATEST.<br>1. Right with x.`}, []int64{0}},
		{"esmlab", "esmlab::streams::errors", " aws::kinesis ", []string{"two", "<b>Where?</b>",
			`<img src="` + names["0"] + `"> and [image: gone.png] and <img src="https://example.com/x.png">`}, []int64{0}},
		{"esmlab cloze", "esmlab::streams::errors", " aws::kinesis ", []string{"clo",
			`A batch has {{c1::10,000::how many?}} records of {{c2::6 MB}}, and \(\sqrt{{x}}\) {{c3::\({{y} }\)}}.`, ""}, []int64{0, 1, 2}},
	} {
		g := all[i]
		if want.fields[0] == "two" { // which of the two files keeps its name is the order's
			want.fields[2] = strings.Replace(want.fields[2], names["0"], otherThan(names, "chart.png"), 1)
		}
		if g.kind != want.kind || g.deck != want.deck || g.tags != want.tags || !slices.Equal(g.fields, want.fields) || !slices.Equal(g.ords, want.ords) {
			t.Errorf("%+v\nwant %+v", *g, want)
		}
	}
	if len(names) != 2 {
		t.Errorf("media %v", names)
	}
	for n, name := range names {
		if want := map[bool]string{true: "one", false: "another"}[name == "chart.png"]; string(files[n]) != want {
			t.Errorf("%s is %q", name, files[n])
		}
	}
	// the notes of every deck, some of many pages and with overflow pages
	long := "Q: What?\nA: " + strings.Repeat("long ", 1500) + "\n\n"
	for i := range 300 {
		long += "front " + strings.Repeat("x", i) + " " + string(rune('a'+i%26)) + "::back\n\n"
	}
	cards := readCards(t, long)
	db, _, _ = unpack(t, cards, nil, now)
	if notes := db.table("notes"); len(notes) != len(cards) || len(db.table("cards")) != len(cards) || len(notes[0][6].(string)) < 7000 {
		t.Errorf("%d notes of %d cards", len(notes), len(cards))
	}
}

// A note keeps its id and its type's from one package to the next, whatever its text.
func TestPackageAgain(t *testing.T) {
	guids := func(src string, at time.Time) (out []any) {
		db, _, _ := unpack(t, readCards(t, src), nil, at)
		for _, row := range db.table("notes") {
			out = append(out, row[1], row[2])
		}
		return out
	}
	now := time.Date(2026, 12, 2, 9, 0, 0, 0, time.UTC)
	first := guids(packed, now)
	if again := guids(strings.ReplaceAll(packed, "Where?", "In which place?"), now.Add(99*time.Hour)); !slices.Equal(first, again) {
		t.Errorf("%v\n%v", first, again)
	}
	if len(slices.Compact(slices.Sorted(func(yield func(string) bool) {
		for i := 0; i < len(first); i += 2 {
			if !yield(first[i].(string)) {
				return
			}
		}
	}))) != len(first)/2 {
		t.Error("two notes have one id")
	}
}

func jsonNumber(n int64) string {
	b, _ := json.Marshal(n)
	return string(b)
}

func otherThan(names map[string]string, not string) string {
	for _, n := range names {
		if n != not {
			return n
		}
	}
	return not
}
