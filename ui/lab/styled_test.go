package lab

import (
	"fmt"
	"strings"
	"testing"

	"github.com/charmbracelet/colorprofile"
	"github.com/charmbracelet/x/ansi"

	"esmlab/engine"
	"esmlab/ui/kit"
)

// roles are the letters of the styles in the goldens of styled frames; a cell in the style
// of plain text has a point.
var roles = []struct {
	letter byte
	name   string
	style  kit.Style
}{
	{'.', "plain", kit.Plain}, {'d', "dim", kit.Dim}, {'r', "rule", kit.Rule}, {'S', "strong", kit.Strong}, {'B', "bad", kit.Bad},
	{'g', "good", kit.Good}, {'y', "busy", kit.Busy}, {'i', "info", kit.Info}, {'K', "key", kit.Key}, {'A', "alarm", kit.Alarm},
	{'L', "select", kit.Select}, {'1', "heat 1", kit.Heat1}, {'2', "heat 2", kit.Heat2}, {'3', "heat 3", kit.Heat3}, {'4', "heat 4", kit.Heat4},
}

// styledThemes are those of the goldens. The letters are read from the first, in which no
// two roles look the same but rules and the coldest heat.
var styledThemes = []struct {
	name  string
	theme *kit.Theme
}{
	{"dark", kit.Appearance{Profile: colorprofile.TrueColor, Name: "dark"}.Theme()},
	{"light", kit.Appearance{Profile: colorprofile.TrueColor, Name: "light"}.Theme()},
	{"16 colours", kit.Appearance{Profile: colorprofile.ANSI, Name: "16"}.Theme()},
	{"none", kit.Appearance{Profile: colorprofile.TrueColor, Name: "none"}.Theme()},
	{"ASCII", kit.Appearance{Profile: colorprofile.TrueColor, Name: "none", ASCII: true}.Theme()},
}

// Frames with their styles, of each kind of world at each named size. A golden holds the
// frame's text, then a letter for the role of each cell; roles.txt says how each theme draws
// a role. Each theme draws exactly that.
func TestStyledFrames(t *testing.T) {
	var list strings.Builder
	for _, x := range styledThemes {
		for _, r := range roles {
			fmt.Fprintf(&list, "%-10s  %c %-6s  %s\n", x.name, r.letter, r.name, sgr(x.theme, r.style))
		}
	}
	golden(t, "styled/roles.txt", list.String())
	compared := lab(t, poison(2), 160, 50, drawn)
	compared.tl.Branch()
	compared.tl.Do(engine.Command{Op: engine.OpSet, Target: compared.mappingID() + ".MaximumRetryAttempts", Value: engine.IntValue(2)})
	compared.tl.Seek(40 * engine.Second)
	compared.compare(-1)
	for name, m := range map[string]*Lab{"poison": lab(t, poison(2), 80, 24, drawn), "jobs": lab(t, jobs(), 80, 24, queueDrawn), "fifo": lab(t, fifo(), 80, 24, queueDrawn),
		"table": lab(t, builtin(t, "ttl-deletes"), 80, 24, 10*engine.Second), "big": lab(t, big(t), 80, 24, bigDrawn), "compare": compared} {
		for _, size := range [][2]int{{80, 24}, {120, 36}, {160, 50}, {200, 60}, {60, 60}, {40, 12}} {
			what := fmt.Sprintf("%s-%dx%d", name, size[0], size[1])
			m.w, m.h = size[0], size[1]
			text, letters := "", ""
			for i, x := range styledThemes {
				m.screens.Theme = x.theme
				frame, _ := m.Draw(m.w, m.h)
				rows, drawn := cells(x.theme.Frame(frame), x.theme)
				if i == 0 {
					text, letters = rows, drawn.letters()
					golden(t, "styled/"+what+".txt", text+"\n--\n"+letters)
					continue
				}
				if want := strings.TrimRight(x.theme.Signs(text), " "); rows != want {
					t.Errorf("%s, %s: the text differs from that of the theme dark:\n%s", what, x.name, rows)
				}
				drawn.like(t, what+", "+x.name, letters, x.theme)
			}
		}
	}
}

// sgr is how a theme begins a style.
func sgr(t *kit.Theme, st kit.Style) string {
	before, _, _ := strings.Cut(t.Frame(t.Paint(st, "x")), "x")
	if i := strings.LastIndex(before, "\x1b["); i > 0 { // after the ink
		before = before[i:]
	}
	return strings.TrimSuffix(strings.TrimPrefix(before, "\x1b["), "m")
}

// styles are those of the cells of a frame, row by row, as they are written.
type styles [][]string

// cells reads a frame: its text, and the style of each cell.
func cells(frame string, theme *kit.Theme) (text string, out styles) {
	ink, style := sgr(theme, kit.Plain), ""
	var plain []string
	for _, row := range strings.Split(frame, "\n") {
		var line []string
		for row != "" {
			seq, w, n, _ := ansi.DecodeSequence(row, ansi.NormalState, nil)
			row = row[n:]
			if w == 0 {
				if style = strings.TrimSuffix(strings.TrimPrefix(seq, "\x1b["), "m"); style == "" {
					style = ink
				}
				continue
			}
			for range w {
				line = append(line, style)
			}
		}
		out = append(out, line)
	}
	for _, row := range strings.Split(ansi.Strip(frame), "\n") {
		plain = append(plain, strings.TrimRight(row, " "))
	}
	return strings.Join(plain, "\n"), out
}

// letters writes the role of each cell.
func (s styles) letters() string {
	of := map[string]byte{}
	for i := len(roles) - 1; i >= 0; i-- {
		of[sgr(styledThemes[0].theme, roles[i].style)] = roles[i].letter
	}
	var out []string
	for _, row := range s {
		line := make([]byte, len(row))
		for i, style := range row {
			if line[i] = of[style]; line[i] == 0 {
				line[i] = '?'
			}
		}
		out = append(out, strings.TrimRight(string(line), "."))
	}
	return strings.Join(out, "\n")
}

// like fails where a cell is not drawn as the theme draws the role of its letter.
func (s styles) like(t *testing.T, what, letters string, theme *kit.Theme) {
	t.Helper()
	of := map[byte]string{}
	for _, r := range roles {
		of[r.letter] = sgr(theme, r.style)
	}
	rows := strings.Split(letters, "\n")
	for y, row := range s {
		for x, style := range row {
			letter := byte('.')
			if x < len(rows[y]) {
				letter = rows[y][x]
			}
			if style != of[letter] {
				t.Errorf("%s: the cell at %d, %d is drawn %q, not as %c, %q", what, x, y, style, letter, of[letter])
				return
			}
		}
	}
}
