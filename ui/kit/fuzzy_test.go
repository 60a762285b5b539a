package kit

import (
	"fmt"
	"strings"
	"testing"
)

// What is typed finds a name by its letters in their order; which ones, the best score
// says: first letters of words count double, letters that follow each other once more.
func TestFuzzy(t *testing.T) {
	for _, c := range []struct{ typed, name, want string }{
		{"bis", "bisect", "[bis]ect 1006"},
		{"bisect", "bisect", "[bisect] 2012"},
		{"so", "start-over", "[s]tart-[o]ver 4"},
		{"nxc", "next-cause", "[n]e[x]t-[c]ause 5"},
		{"evn", "get-event-source-mapping", "get-[ev]e[n]t-source-mapping 5"},
		{"gesm", "get-event-source-mapping", "[ge]t-event-[s]ource-[m]apping 8"},
		{"BS", "BatchSize", "[B]atch[S]ize 4"},
		{"ta", "start-over", "s[ta]rt-over 3"},
		{"xq", "next-cause", ""},
		{"bisects", "bisect", ""},
		{"", "bisect", ""},
		{"öl", "Größe Öl", "Größe [Öl] 4"},
	} {
		score, at := Fuzzy(c.typed, c.name)
		got := ""
		for i, r := range []rune(c.name) {
			open, shut := "", ""
			for k, a := range at {
				if a == i && (k == 0 || at[k-1] != i-1) {
					open = "["
				}
				if a == i && (k == len(at)-1 || at[k+1] != i+1) {
					shut = "]"
				}
			}
			got += open + string(r) + shut
		}
		if got += fmt.Sprint(" ", score); score == 0 {
			got = ""
		}
		if got != c.want {
			t.Errorf("%q in %q: %s, not %s", c.typed, c.name, got, c.want)
		}
	}
}

// The palette lists the best first, marks the letters, and runs what enter is on.
func TestFuzzyPalette(t *testing.T) {
	l := &List{Title: "Command", Free: true, Items: []Item{{Text: "settings"}, {Text: "start"}, {Text: "start-over", Find: "over"}, {Text: "seek 20s"}, {Text: "set BatchSize 50"}}}
	for typed, want := range map[string]string{
		"s":      "settings start start-over seek set",
		"so":     "start-over",
		"st":     "start start-over settings set",
		"set":    "set settings",
		"over":   "start-over",
		"sk":     "seek",
		"set B":  "set",
		"zzz":    "",
		"seek 9": "seek",
	} {
		l.Input.Set(typed)
		var got []string
		for _, h := range l.found() {
			name, _, _ := strings.Cut(h.Text, " ")
			got = append(got, name)
		}
		if strings.Join(got, " ") != want {
			t.Errorf("%q finds %v, not %s", typed, got, want)
		}
	}
	l.Input.Set("so")
	rows, _, _ := l.Draw(themes["colours"], 80, 24)
	th := themes["colours"]
	if want := th.Paint(Key, "s") + th.Paint(Strong, "tart-") + th.Paint(Key, "o") + th.Paint(Strong, "ver"); !strings.Contains(strings.Join(rows, ""), want) {
		t.Errorf("the letters are not marked: %q", rows[3])
	}
}
