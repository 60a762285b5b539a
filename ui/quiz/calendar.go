package quiz

import (
	"fmt"
	"strings"
	"time"

	"esmlab/quiz/progress"
	"esmlab/ui/kit"
)

// This file draws what was answered and what comes, day by day.

// weeks is how far the heat map reaches back.
const weeks = 14

// shades are how much was answered on a day.
var shades = []string{"·", "░", "▒", "▓", "█"}

func shade(n int) string {
	switch {
	case n == 0:
		return shades[0]
	case n < 5:
		return shades[1]
	case n < 15:
		return shades[2]
	case n < 30:
		return shades[3]
	}
	return shades[4]
}

// days draws the last weeks, and the coming days beside them.
func (p *page) days(s *state, today progress.Day) {
	t := p.t
	half := 2*weeks + 10
	beside := p.w >= half+30
	heat := p.heat(s, today)
	coming := p.coming(s, today, max(8, min(24, p.w-half-20)))
	for i := range heat {
		row := kit.Fit(heat[i], half)
		if beside && i < len(coming) {
			row += coming[i]
		}
		p.add(row)
	}
	if !beside {
		p.add("")
		p.add(coming...)
	}
	p.add(t.Paint(kit.Dim, "· none  ░ to 4  ▒ to 14  ▓ to 29  █ more"))
}

// heat is a heading and a row for each day of the week.
func (p *page) heat(s *state, today progress.Day) []string {
	t := p.t
	out := []string{t.Paint(kit.Dim, fmt.Sprintf("Answers of the last %d weeks", weeks))}
	wd := (int(today.Weekday()) + 6) % 7 // Monday is 0
	for row := range 7 {
		var b strings.Builder
		for week := range weeks {
			back := 7*(weeks-1-week) + wd - row
			sign := " "
			if i := len(s.heat) - 1 - back; back >= 0 && i >= 0 {
				sign = shade(s.heat[i])
			}
			b.WriteString(sign + " ")
		}
		st := kit.Plain
		if row == wd {
			st = kit.Strong
		}
		out = append(out, t.Paint(st, time.Weekday((row + 1) % 7).String()[:3])+"  "+t.Paint(kit.Info, b.String()))
	}
	return out
}

// coming is a heading and a bar for each of the next days.
func (p *page) coming(s *state, today progress.Day, width int) []string {
	t := p.t
	out := []string{t.Paint(kit.Dim, "Cards coming due")}
	most := 1
	for _, n := range s.forecast {
		most = max(most, n)
	}
	for i, n := range s.forecast {
		name := (today + progress.Day(i)).Weekday().String()[:3]
		if i == 0 {
			name = "today"
		}
		bar := strings.Repeat("█", (n*width+most-1)/most)
		out = append(out, fmt.Sprintf("%-6s %3d  ", name, n)+t.Paint(kit.Info, bar))
	}
	return out
}

// calibration gives, for each confidence, the share of answers that were right.
func (p *page) calibration(s *state) {
	var parts []string
	for _, c := range s.sure {
		if c.Asked > 0 {
			parts = append(parts, fmt.Sprintf("%s %d %% of %d", c.Confidence, c.Percent(), c.Asked))
		}
	}
	if len(parts) > 0 {
		p.say("Right when you said "+strings.Join(parts, ", "), kit.Plain)
	}
}
