package lab

import (
	"regexp"
	"strings"
	"testing"

	"esmlab/engine"
	"esmlab/engine/scenario"
)

// cutText is a text of which the end is missing.
var cutText = regexp.MustCompile(`[^ ]…( |$|[│║╮╯─═])`)

// Of no built-in scenario is a text cut from 40 columns on: titles, legends, hints and rows
// are whole, in fewer words where there is less room, or absent. Below, names are cut. The
// legends are whole at every size.
func TestNothingIsCut(t *testing.T) {
	t.Parallel()
	widths := []int{20, 30, 40, 45, 50, 55, 60, 65, 70, 75, 76, 80, 85, 90, 100, 109, 110, 115, 116, 120, 130, 140, 149, 150, 155, 160, 170, 180, 190, 200, 220, 240, 270, 300}
	heights := []int{5, 8, 12, 15, 20, 24, 30, 33, 36, 40, 46, 50, 60, 80, 100}
	for n, name := range scenario.Names() {
		m := lab(t, builtin(t, name), 80, 24, 0)
		for _, tenth := range []engine.Micros{1, 3, 6, 10} {
			m.tl.Seek(m.sim().Config().For * tenth / 10)
			for i, w := range widths {
				for k, h := range heights {
					if part := n + i + k; testing.Short() && part%15 > 0 || part%3 > 0 {
						continue
					}
					m.w, m.h = w, h
					uncut(t, m, name)
				}
			}
		}
	}
}

func uncut(t *testing.T, m *Lab, name string) {
	t.Helper()
	rows := strings.Split(m.text(), "\n")
	for y, row := range rows {
		for _, at := range cutText.FindAllStringIndex(row, -1) {
			from := max(0, strings.LastIndexAny(row[:at[0]], "│║╭╮╰╯"))
			text := row[from:at[1]]
			ends := strings.Contains(text, "something…") || strings.Contains(text, "settings…") || y == m.h-1 // they open more; the footer says that there is more
			if legend := strings.HasPrefix(text, "╰"); !ends && (m.w >= 40 || legend) {
				t.Errorf("%s at %s, %dx%d: %q is cut in row %d", name, m.tl.Now(), m.w, m.h, text, y)
			}
		}
	}
}
