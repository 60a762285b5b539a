package kit

import (
	"strings"
	"unicode"
)

// Letters of 3 x 5 pixels, or 5 x 5, a row of pixels each; they are drawn two rows of
// pixels to a cell, so that three rows of the screen hold a line of them.
var pixels = map[rune]string{
	'A': ".#.|#.#|###|#.#|#.#", 'B': "##.|#.#|##.|#.#|##.", 'C': ".##|#..|#..|#..|.##", 'D': "##.|#.#|#.#|#.#|##.", 'E': "###|#..|##.|#..|###",
	'F': "###|#..|##.|#..|#..", 'G': ".##|#..|#.#|#.#|.##", 'H': "#.#|#.#|###|#.#|#.#", 'I': "###|.#.|.#.|.#.|###", 'J': "..#|..#|..#|#.#|.#.",
	'K': "#.#|#.#|##.|#.#|#.#", 'L': "#..|#..|#..|#..|###", 'M': "#...#|##.##|#.#.#|#...#|#...#", 'N': "#..#|##.#|#.##|#..#|#..#", 'O': "###|#.#|#.#|#.#|###",
	'P': "##.|#.#|##.|#..|#..", 'Q': "###|#.#|#.#|###|..#", 'R': "##.|#.#|##.|#.#|#.#", 'S': ".##|#..|.#.|..#|##.", 'T': "###|.#.|.#.|.#.|.#.",
	'U': "#.#|#.#|#.#|#.#|###", 'V': "#.#|#.#|#.#|#.#|.#.", 'W': "#...#|#...#|#.#.#|##.##|#...#", 'X': "#.#|#.#|.#.|#.#|#.#", 'Y': "#.#|#.#|.#.|.#.|.#.",
	'Z': "###|..#|.#.|#..|###", '0': "###|#.#|#.#|#.#|###", '1': ".#.|##.|.#.|.#.|###", '2': "##.|..#|.#.|#..|###", '3': "##.|..#|.#.|..#|##.",
	'4': "#.#|#.#|###|..#|..#", '5': "###|#..|##.|..#|##.", '6': ".##|#..|###|#.#|###", '7': "###|..#|..#|.#.|.#.", '8': "###|#.#|###|#.#|###",
	'9': "###|#.#|###|..#|##.", '?': "##.|..#|.#.|...|.#.", '!': ".#.|.#.|.#.|...|.#.", '.': "...|...|...|...|.#.", ',': "...|...|...|.#.|#..", ':': "...|.#.|...|.#.|...",
	'-': "...|...|###|...|...", '#': "#.#|###|#.#|###|#.#", '%': "#.#|..#|.#.|#..|#.#", '/': "..#|..#|.#.|#..|#..", '\'': ".#.|.#.|...|...|...", ' ': "..|..|..|..|..",
}

// BigWidth is how many cells a text takes in big letters.
func BigWidth(text string) int {
	n := 0
	for _, r := range text {
		n += len(strings.SplitN(letterOf(r), "|", 2)[0]) + 1
	}
	return max(0, n-1)
}

func letterOf(r rune) string {
	if p, ok := pixels[unicode.ToUpper(r)]; ok {
		return p
	}
	return "...|...|###|...|..." // what has no letter is a dash
}

// Big writes a text in letters three rows high, on as many lines as it takes w cells wide;
// nil: a word is wider, or it takes more lines than most.
func Big(text string, w, most int) []string {
	var lines []string
	line := ""
	for word := range strings.FieldsSeq(text) {
		next := strings.TrimSpace(line + " " + word)
		switch {
		case BigWidth(word) > w:
			return nil
		case line != "" && BigWidth(next) > w:
			lines = append(lines, line)
			line = word
		default:
			line = next
		}
	}
	if line != "" {
		lines = append(lines, line)
	}
	if len(lines) == 0 || len(lines) > most {
		return nil
	}
	var out []string
	for _, l := range lines {
		out = append(out, bigLine(l)...)
	}
	return out
}

// bigLine draws one line: the upper half of a cell is one pixel, the lower half another.
func bigLine(text string) []string {
	rows := [6]strings.Builder{}
	for i, r := range []rune(text) {
		for y, row := range append(strings.Split(letterOf(r), "|"), "") {
			if i > 0 {
				rows[y].WriteByte('.')
			}
			if row == "" {
				row = strings.Repeat(".", BigWidth(string(r)))
			}
			rows[y].WriteString(row)
		}
	}
	out := make([]string, 3)
	for k := range out {
		var b strings.Builder
		upper, lower := rows[2*k].String(), rows[2*k+1].String()
		for x := range len(upper) {
			switch {
			case upper[x] == '#' && lower[x] == '#':
				b.WriteString("█")
			case upper[x] == '#':
				b.WriteString("▀")
			case lower[x] == '#':
				b.WriteString("▄")
			default:
				b.WriteByte(' ')
			}
		}
		out[k] = b.String()
	}
	return out
}
