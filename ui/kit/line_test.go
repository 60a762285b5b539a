package kit

import (
	"slices"
	"strings"
	"testing"

	"github.com/charmbracelet/colorprofile"
	"github.com/charmbracelet/x/ansi"
)

var themes = map[string]*Theme{"plain": NewTheme(colorprofile.ASCII), "colours": NewTheme(colorprofile.ANSI)}

// texts are what lines are made of: signs, wide ones, none.
var texts = []string{"", "a", "● flows", "shard 0 IS BLOCKED by #22", "Größe", "世界 wide", "a-b-c d", strings.Repeat("long ", 30)}

// A row has its width, whatever is put on it in whatever order, and its text
// begins with what was added first.
func TestLineHasItsWidth(t *testing.T) {
	for name, theme := range themes {
		for _, w := range []int{0, 1, 2, 5, 17, 40, 80, 140} {
			for _, a := range texts {
				for _, b := range texts {
					l := NewLine(theme, w).Add(Bad, a).PadTo(10).Text(b).Repeat(Dim, "─", 3).Right(Key, "end", w-1)
					if l.Col()+l.Room() != w {
						t.Fatalf("%s: column %d and room %d in %d cells", name, l.Col(), l.Room(), w)
					}
					if got := ansi.StringWidth(l.String()); got != w {
						t.Fatalf("%s: %q and %q take %d of %d cells", name, a, b, got, w)
					}
				}
			}
		}
	}
}

func TestLine(t *testing.T) {
	theme := themes["plain"]
	for _, c := range []struct {
		name, want string
		line       *Line
	}{
		{"cut", "shard 0 …", NewLine(theme, 9).Text("shard 0 IS BLOCKED")},
		{"to a column", "a    b  ", NewLine(theme, 8).Text("a").PadTo(5).Text("b")},
		{"to a column behind it", "abcdef  ", NewLine(theme, 8).Text("abcdef").PadTo(3)},
		{"right", "a    xyz", NewLine(theme, 8).Text("a").Right(Plain, "xyz", 8)},
		{"right, no room", "abcdefg ", NewLine(theme, 8).Text("abcdefg").Right(Plain, "xyz", 8)},
		{"repeated", "──── ", NewLine(theme, 5).Repeat(Plain, "─", 4)},
		{"repeated too often", "─────", NewLine(theme, 5).Repeat(Plain, "─", 40)},
	} {
		if got := c.line.String(); got != c.want {
			t.Errorf("%s: %q, not %q", c.name, got, c.want)
		}
	}
	// A style for the whole row is not broken by those of its parts.
	if got := NewLine(themes["colours"], 8).Whole(Alarm).Add(Good, "ab").String(); strings.Count(got, "\x1b[") != 2 || ansi.Strip(got) != "ab      " {
		t.Errorf("a whole row: %q", got)
	}
}

// What is shortened has at most its cells, says that something is missing, and
// is left alone where it fits.
func TestShortening(t *testing.T) {
	for _, c := range []struct{ name, got, want string }{
		{"Cut", Cut("iterator", 5), "iter…"},
		{"Cut, it fits", Cut("iterator", 8), "iterator"},
		{"Cut to nothing", Cut("iterator", 0), ""},
		{"Clip at a clause", Clip("Orders flow: 2 shards, 2 iterators", 20), "Orders flow"},
		{"Clip without one", Clip("Orders flow", 8), "Orders …"},
		{"Clip, it fits", Clip("a; b", 4), "a; b"},
		{"Pick the first that fits", Pick(6, "too long a text", "short", "s"), "short"},
		{"Pick none", Pick(3, "too long", "long"), "lo…"},
		{"Fit longer", Fit("ab", 4), "ab  "},
		{"Fit shorter", Fit("abcdef", 4), "abcd"},
		{"Fit in no cell", Fit("ab", -1), ""},
		{"Title", Capitalize("shard"), "Shard"},
		{"one", Count(1, "record"), "1 record"},
		{"many", Count(1234, "record"), "1,234 records"},
		{"batches", Count(2, "batch"), "2 batches"},
		{"queries", Count(2, "query"), "2 queries"},
		{"days", Count(2, "day"), "2 days"},
		{"a thousand", Thousands(1000), "1,000"},
		{"less", Thousands(-1234567), "-1,234,567"},
		{"a blank", Quote("it's"), `'it'\''s'`},
		{"a word", Quote("ShipOrders.BatchSize=50"), "ShipOrders.BatchSize=50"},
		{"nothing", Quote(""), "''"},
		{"Say", WithKeys("press {bisect} or {nothing}"), "press b or "},
		{"Say, not closed", WithKeys("press {bisect"), "press {bisect"},
		{"Bar", Bar(1, 4, 8), "██░░░░░░"},
		{"Bar with a part of a cell", Bar(44, 80, 15), "████████▎░░░░░░"},
		{"Bar of less than an eighth", Bar(1, 100, 8), "░░░░░░░░"},
		{"Bar of nothing", Bar(1, 0, 3), "░░░"},
		{"Bar over", Bar(9, 4, 3), "███"},
	} {
		if c.got != c.want {
			t.Errorf("%s: %q, not %q", c.name, c.got, c.want)
		}
	}
	for _, text := range texts {
		for n := range 60 {
			if w := Width(Cut(text, n)); w > n {
				t.Errorf("Cut(%q, %d) takes %d cells", text, n, w)
			}
			if w := Width(Clip(text, n)); w > n {
				t.Errorf("Clip(%q, %d) takes %d cells", text, n, w)
			}
			if w := ansi.StringWidth(Fit(themes["colours"].Paint(Bad, text), n)); w != n {
				t.Errorf("Fit(%q, %d) takes %d cells", text, n, w)
			}
		}
	}
}

// Wrapping keeps every word in its order, no line is too wide, and what belongs
// together or is joined by a hyphen is not torn apart.
func TestWrap(t *testing.T) {
	const text = "The same 8 again, and shard 0 waits: get-event-source-mapping"
	for n := 30; n < 90; n++ {
		lines := Wrap(text, n)
		if got := strings.Join(lines, " "); got != text {
			t.Errorf("%d: %q", n, got)
		}
		for _, l := range lines {
			if Width(l) > n {
				t.Errorf("%d: %q", n, l)
			}
		}
	}
	if got := Wrap("one\ntwo three", 40); !slices.Equal(got, []string{"one", "two three"}) {
		t.Errorf("line breaks: %q", got)
	}
	if got := Wrap("try 5 · "+NonBreaking("MaximumRetryAttempts -1"), 26); !slices.Equal(got, []string{"try 5 ·", "MaximumRetryAttempts -1"}) {
		t.Errorf("together: %q", got)
	}
	if got := Wrap("ab", 0); len(got) == 0 {
		t.Error("no lines")
	}
}

// A footer shows as many actions as fit, and gives the cells of each.
func TestFooter(t *testing.T) {
	hints := []Hint{HintOf("stop", "go"), HintPair("prev", "next", "step"), {ID: "choose", N: 2, Key: "2", Text: "fairly"}}
	row, hits := Footer(themes["colours"], 40, hints)
	text := ansi.Strip(row)
	if text != " space go  ←→ step  2 fairly            " {
		t.Errorf("%q", text)
	}
	var got []string
	for _, h := range hits {
		got = append(got, h.ID+" "+string([]rune(text)[h.From:h.To]))
	}
	if want := []string{"stop space go", "next ←→ step", "choose 2 fairly"}; !slices.Equal(got, want) || hits[2].N != 2 {
		t.Errorf("%q, not %q", got, want)
	}
	if row, hits = Footer(themes["plain"], 20, hints); len(hits) != 2 || Width(row) != 20 {
		t.Errorf("%q has %d actions", row, len(hits))
	}
}

// A box laid over a frame covers its own cells and no others.
func TestOverlay(t *testing.T) {
	base := []string{"aaaaaaaa", "bbbbbbbb", "cccccccc"}
	Overlay(base, []string{"12", "34", "56"}, 3, 1)
	for i, want := range []string{"aaaaaaaa", "bbb12bbb", "ccc34ccc"} {
		if got := ansi.Strip(base[i]); got != want {
			t.Errorf("row %d: %q, not %q", i, got, want)
		}
	}
	if x, y := Centre(80, 24, 20, 4); x != 30 || y != 10 {
		t.Errorf("the centre is %d, %d", x, y)
	}
	if x, y := Centre(10, 2, 20, 4); x != 0 || y != 0 {
		t.Errorf("the centre of what does not fit is %d, %d", x, y)
	}
}

// A frame has its size at any size; its title, what must be seen and how many
// rows are missing stand in it as far as there is room.
func TestFrame(t *testing.T) {
	for _, boxed := range []bool{false, true} {
		for w := range 60 {
			for h := range 8 {
				f := Frame{Title: "1 Shards · Orders", Note: "■ 1 OF 2 BLOCKED", Legend: "· done", From: 1, To: 2, Of: 9, Boxed: boxed, Focused: w%2 == 0}
				iw, ih := f.Inner(w, h)
				rows := f.Draw(themes["colours"], []string{Fit("a row", iw)}[:min(1, ih)], w, h)
				if w > 0 && len(rows) != h && !(boxed && min(w, h) < 2) {
					t.Fatalf("%dx%d: %d rows", w, h, len(rows))
				}
				for _, r := range rows {
					if ansi.StringWidth(r) != w {
						t.Fatalf("%dx%d: %q", w, h, r)
					}
				}
			}
		}
	}
	f := Frame{Title: "1 Shards", Note: "■ BLOCKED", Legend: "· done", From: 3, To: 4, Of: 9, Boxed: true, Focused: true}
	rows := f.Draw(themes["plain"], []string{"a row" + Blanks(33)}, 40, 4)
	for i, want := range []string{"╔ 1 Shards ══════ ■ BLOCKED  3–4 of 9 ═╗", "║a row" + Blanks(33) + "█", "║" + Blanks(38) + "║", "╚ · done ══════════════════════════════╝"} {
		if got := ansi.Strip(rows[i]); got != want {
			t.Errorf("row %d:\n got %q\nwant %q", i, got, want)
		}
	}
}

// The thumb is as long as the part that is in sight, and at the bottom only at the end.
func TestThumb(t *testing.T) {
	for _, c := range []struct {
		from, to, of, h int
		want, in        string
	}{
		{1, 5, 0, 5, ".....", ""},
		{1, 5, 10, 5, "###..", "1–5 of 10"},
		{2, 6, 10, 5, "###..", "2–6 of 10"},
		{6, 10, 10, 5, "..###", "6–10 of 10"},
		{3, 19, 200, 17, "##...............", "3–19 of 200"},
		{199, 199, 200, 4, "..#.", "199 of 200"},
		{200, 200, 200, 4, "...#", "200 of 200"},
		{1, 1000, 20000, 10, "#.........", "1–1,000 of 20,000"},
		{1, 1, 2, 1, "#", "1 of 2"},
	} {
		f, got := Frame{From: c.from, To: c.to, Of: c.of}, ""
		for i := range c.h {
			if f.thumb(i, c.h) {
				got += "#"
			} else {
				got += "."
			}
		}
		if got != c.want || f.Range() != c.in {
			t.Errorf("%d to %d of %d in %d rows: %q %s, not %q %s", c.from, c.to, c.of, c.h, got, f.Range(), c.want, c.in)
		}
	}
}
