package plot

import (
	"strings"
	"testing"

	"github.com/charmbracelet/colorprofile"
	"github.com/charmbracelet/x/ansi"

	"esmlab/ui/kit"
)

// drawn is an area as text, a row each, without blanks at the end.
func drawn(a *Area) string {
	var out []string
	for r := range a.H() {
		l := kit.NewLine(kit.NewTheme(colorprofile.ASCII), a.w)
		a.Row(r, l)
		out = append(out, strings.TrimRight(ansi.Strip(l.String()), " "))
	}
	return strings.Join(out, "\n")
}

func same(t *testing.T, got string, want ...string) {
	t.Helper()
	if text := strings.Join(want, "\n"); got != text {
		t.Errorf("drawn\n%s\nnot\n%s", got, text)
	}
}

// A line goes from the bottom, 0, to the top; it falls in a needle, and a gap in the
// values is a gap in the line.
func TestLine(t *testing.T) {
	a := New(5, 2)
	a.Line([]int64{0, 1, 2, 3, 4, 5, 6, 7, 0, 0}, 7, kit.Plain)
	same(t, drawn(a), "  ⣠⠞⡇", "⣠⠞⠁ ⣇")
	a = New(5, 2)
	a.Line([]int64{0, 0, 0, None, None, 7, 7, 7, None, 0}, 7, kit.Plain)
	same(t, drawn(a), "  ⠈⠉", "⣀⡀  ⢀")
}

// What is below a line is an area, which gives way to all else; grid lines are beside it
// only. A stem leads up to a mark.
func TestArea(t *testing.T) {
	a := New(5, 3)
	values := []int64{10, 10, 10, 10, 5, 5, 0, 0, None, None}
	a.Area(values, 10)
	a.Line(values, 10, kit.Plain)
	a.Put(0, 2, "X", kit.Bad)
	a.Level(1, kit.Rule)
	same(t, drawn(a), "⠉⠉⡇", "⡂⡂⠓⡆┈", "X⡂⡂⣇")
	a = New(5, 3)
	a.Mark(1, 10, 10, "X", kit.Bad)
	a.Stem(1, 10, 10)
	a.Stem(3, 5, 10)
	a.Stem(7, 5, 10)
	same(t, drawn(a), " X", " │", " │ │")
	a = New(30, 2)
	a.Line([]int64{0, 0, 0, 0}, 10, kit.Plain)
	Axis{To: 10 * second, N: 30}.Grid(a, kit.Rule)
	same(t, drawn(a), "               ·", "⣀⣀             ·")
}

// Dots stand in every other column, without needles.
func TestDotted(t *testing.T) {
	a := New(6, 1)
	a.Dotted([]int64{0, 0, 3, 3, 3, 3, 0, 0, 3, 0, 0, 0}, 3, kit.Plain)
	same(t, drawn(a), "⣀ ⠉ ⢁")
}

// One or two rows hold blocks: the largest value of a column, and one above 0 is seen.
func TestBlocks(t *testing.T) {
	a := New(5, 1)
	a.Blocks([]int64{0, 0, 1, 0, 50, 0, 100, 20, None, None}, 100, kit.Plain)
	same(t, drawn(a), "▁▂▄█")
	a = New(3, 2)
	a.Blocks([]int64{0, 0, 50, 50, 100, 100}, 100, kit.Plain)
	same(t, drawn(a), "  █", "▁██")
}

// A mark stands over the dots, the upright of now gives way to all else.
func TestMarks(t *testing.T) {
	a := New(4, 3)
	a.Line([]int64{0, 0, 0, 0, 0, 0}, 10, kit.Plain)
	a.Mark(1, 5, 10, "X", kit.Bad)
	a.Upright(1, kit.Info)
	a.Upright(7, kit.Info)
	same(t, drawn(a), " ┊", " X", "⣀⣀⣀")
}

// The steps of a scale are 1, 2 or 5 times a power of ten; labels never stand in
// neighbouring rows.
func TestScale(t *testing.T) {
	for _, x := range []struct {
		most  int64
		rows  int
		unit  int64
		ticks string
	}{
		{157, 9, 1, "0:8 50:6 100:4 150:2 200:0"}, {157, 6, 1, "0:5 100:3 200:0"}, {40, 3, 1, "0:2 40:0"}, {40, 6, 1, "0:5 20:3 40:0"},
		{89, 5, 1, "0:4 50:2 100:0"}, {36_600_000, 7, 1_000_000, "0:6 20000000:3 40000000:0"}, {0, 3, 1, "0:2 1:0"}, {7, 1, 1, "10:0"}, {3, 2, 1, "0:1 4:0"},
	} {
		s := ScaleOf(x.most, x.rows, x.unit)
		var got []string
		for r := x.rows - 1; r >= 0; r-- {
			if v, ok := s.Tick(r, x.rows); ok {
				got = append(got, Decimal(v, 1)+":"+Decimal(int64(r), 1))
			}
		}
		if text := strings.Join(got, " "); text != x.ticks {
			t.Errorf("up to %d in %d rows: ticks %s, not %s", x.most, x.rows, text, x.ticks)
		}
	}
}

// An instant is in one column, and what is shorter than a column has one.
func TestAxis(t *testing.T) {
	a := Axis{To: 30 * second, N: 144}
	if c := a.Col(191 * second / 10); c != 91 {
		t.Errorf("19.1 s is in column %d", c)
	}
	for _, x := range []struct {
		from, to   int64
		first, end int
		ok         bool
	}{{7_000, 7_200, 33, 34, true}, {7_200, 7_700, 34, 36, true}, {29_990, 40_000, 143, 144, true}, {30_000, 31_000, 0, 0, false}, {-5_000, 100, 0, 1, true}} {
		first, end, ok := a.Span(x.from*1000, x.to*1000)
		if ok != x.ok || ok && (first != x.first || end != x.end) {
			t.Errorf("%d … %d ms: columns %d to %d, %v", x.from, x.to, first, end, ok)
		}
	}
	row := func(a Axis, now int64, at []int64, total int64) string {
		l := kit.NewLine(kit.NewTheme(colorprofile.ASCII), a.N+1)
		a.Row(l, now, at, total)
		return ansi.Strip(l.String())
	}
	for _, x := range [][2]string{
		{row(Axis{To: 30 * second, N: 84}, 191*second/10, []int64{2 * second, 14_900_000}, 60*second), "└0    +        5            10            +           ┊ 20            25   30 of 60 s"},
		{row(Axis{To: 60 * second, N: 40}, 70*second, nil, 60*second), "└0           20           40         60 s"},
		{row(Axis{From: 6_800_000, To: 10_800_000, N: 84}, 10_500_000, nil, 60*second), "└    7 s                  8 s                  9 s                  10 s      ┊       "},
		{row(Axis{To: 2 * hour, N: 50}, hour, nil, 2*hour), "└0                        1                     2 h"},
		{row(Axis{To: 10 * second, N: 6}, 0, nil, 60*second), "└0     "},
		{row(Axis{To: 80 * second, N: 30}, 0, nil, 90*second), "└0                   80 of 90 s"},
		{row(Axis{To: 150 * second, N: 30}, 0, nil, 150*second), "└0                      2.5 min"},
	} {
		if x[0] != x[1] && strings.TrimRight(x[0], " ") != strings.TrimRight(x[1], " ") {
			t.Errorf("the axis is\n%q, not\n%q", x[0], x[1])
		}
	}
}
