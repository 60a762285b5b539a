package present

import (
	"fmt"
	"strconv"
	"strings"

	tea "charm.land/bubbletea/v2"

	"esmlab/quiz/card"
	"esmlab/talks"
	"esmlab/ui/kit"
	"esmlab/ui/pane"
)

// Draw gives the frame.
func (s *Screen) Draw(w, h int) (string, *tea.Cursor) {
	s.w, s.h = w, h
	if w < 1 || h < 1 {
		return "", nil
	}
	switch {
	case s.blank:
		return strings.TrimSuffix(strings.Repeat(kit.Blanks(w)+"\n", h), "\n"), nil
	case s.free:
		return s.lab.Draw(w, h)
	}
	var rows []string
	if p := s.poll(); p != nil && !s.going {
		rows = s.pollRows(p, w, h-1)
	} else if s.stop().World == nil {
		rows = s.answerRows(w, h-1)
	} else {
		rows = s.stopRows(w, h-1)
	}
	for len(rows) < h-1 {
		rows = append(rows, kit.Blanks(w))
	}
	rows = rows[:h-1]
	foot, hits := kit.Footer(s.screens.Theme, w, s.hints())
	s.foot = hits
	rows = append(rows, foot)
	s.lab.Dialogs().Draw(s.screens.Theme, rows, w)
	return strings.Join(rows, "\n"), s.dialogs.Draw(s.screens.Theme, rows, w)
}

func (s *Screen) hints() []kit.Hint {
	next := kit.HintOf("talk-next", "next stop")
	back := kit.HintOf("talk-prev", "back")
	if p := s.poll(); p != nil && !s.going {
		switch p.votes.Phase() {
		case talks.Asked:
			next.Text = "begin the vote"
		case talks.First, talks.Second:
			next.Text = "close the vote"
			return []kit.Hint{next, {ID: "spotlight", Key: "1-" + strconv.Itoa(len(s.stop().Poll.Options)), Text: "a finger each"}, kit.HintOf("finger-back", "take back"), kit.HintOf("more-time", "20 s more"), back, kit.HintOf("help", "all")}
		case talks.Talking:
			next.Text = "vote again"
		default:
			next.Text = "run it"
			if s.stop().World == nil {
				next.Text = "the answer"
			}
			return []kit.Hint{next, kit.HintOf("copy", "copy the figures"), back, kit.HintOf("help", "all")}
		}
		return []kit.Hint{next, back, kit.HintOf("talk-blank", "blank"), kit.HintOf("quit", "leave"), kit.HintOf("help", "all")}
	}
	if s.stop().World == nil {
		return []kit.Hint{next, back, kit.HintOf("talk-blank", "blank"), kit.HintOf("quit", "leave"), kit.HintOf("help", "all")}
	}
	if s.going {
		next.Text = "go there at once"
	}
	return []kit.Hint{next, back, kit.HintOf("talk-go", "stop/go"), {ID: "spotlight", Key: "1-8", Text: "spotlight"}, kit.HintOf("why", "why"), kit.HintOf("unlock", "unlock"), kit.HintOf("talk-here", "to the stop"), kit.HintOf("quit", "leave"), kit.HintOf("help", "all")}
}

// big writes the text large where there is room, else in one bold row.
func big(t *kit.Theme, style kit.Style, text string, w, lines int) []string {
	if rows := kit.Big(text, w-4, lines); rows != nil && lines > 0 {
		out := make([]string, len(rows))
		for i, row := range rows {
			out[i] = kit.NewLine(t, w).Text(kit.Blanks(max(2, (w-kit.BigWidth(text))/2))).Add(style, row).String()
		}
		if len(rows) > 3 { // each line is in the middle by itself
			for i, row := range rows {
				row = strings.TrimRight(row, " ")
				widest := 0
				for k := i / 3 * 3; k < i/3*3+3; k++ {
					widest = max(widest, kit.Width(strings.TrimRight(rows[k], " ")))
				}
				out[i] = kit.NewLine(t, w).Text(kit.Blanks(max(2, (w-widest)/2))).Add(style, row).String()
			}
		}
		return out
	}
	return []string{kit.NewLine(t, w).Text(" ").Add(style, text).String()}
}

// centred writes a text in the middle, in rows.
func centred(t *kit.Theme, style kit.Style, text string, w, most int) []string {
	var out []string
	for i, line := range kit.Wrap(text, max(8, w-6)) {
		if i == most {
			break
		}
		out = append(out, kit.NewLine(t, w).Text(kit.Blanks(max(2, (w-kit.Width(line))/2))).Add(style, line).String())
	}
	return out
}

// stopRows draws the run at a stop in h rows.
func (s *Screen) stopRows(w, h int) []string {
	t, stop := s.screens.Theme, s.stop()
	foot := s.footRows(w)
	lines := 0
	switch {
	case h >= 40:
		lines = 2
	case h >= 22:
		lines = 1
	}
	flow := 2
	switch {
	case h >= 34:
		flow = 4
	case h >= 26:
		flow = 3
	}
	others := s.others(h)
	text := centred(t, kit.Plain, stop.Class(), w, map[bool]int{true: 4, false: 3}[h >= 28])
	probe := s.lab.Stage(w, flow, 0, 0, 0)
	verdict := big(t, probe.Style, probe.Verdict(), w, lines)
	head := centred(t, kit.Plain, probe.Sign+" "+kit.Pick(w-8, probe.Head...), w, 1)
	room := h - len(verdict) - len(head) - len(text) - len(probe.Flow) - len(foot) - 1 // the slider
	if others != nil && room >= 15 {
		room -= 3
	} else {
		others = nil
	}
	gaps := 0 // blank rows between the parts: what the pane has no use for
	if room > 12 {
		gaps = 2
	}
	gaps = max(gaps, room-s.lab.StageRows(w, s.spot))
	rows, height := max(3, room-gaps), 3 // of the others
	if over := min(9, gaps-6); others != nil && over > 0 {
		height, gaps = height+over, gaps-over
	}
	stage := s.lab.Stage(w, flow, s.spot, rows, height, others...)
	small := make([]string, 0, height)
	for y := 0; y < height && len(stage.Others) > 0; y++ {
		row := ""
		for _, o := range stage.Others {
			if y < len(o) {
				row += o[y]
			}
		}
		small = append(small, kit.Fit(row, w))
	}
	parts := [][]string{verdict, head, text, stage.Flow, stage.Pane, small, {stage.Slider}}
	above := make([]int, len(parts)) // blank rows above each
	for _, i := range []int{1, 4, 5, 3, 0, 6, 2, 1, 4, 0} {
		if gaps > 0 && len(parts[i]) > 0 {
			above[i]++
			gaps--
		}
	}
	var out []string
	for i, part := range parts {
		for range above[i] {
			out = append(out, kit.Blanks(w))
		}
		out = append(out, part...)
	}
	for len(out) < h-len(foot) {
		out = append(out, kit.Blanks(w))
	}
	return append(out[:max(0, min(len(out), h-len(foot)))], foot...)
}

// others are the panes that stand small beside the one under the spotlight.
func (s *Screen) others(h int) []int {
	if h < 26 {
		return nil
	}
	out := []int{}
	for _, i := range []int{3, 5, 4, 1} {
		if i != s.spot && len(out) < 2 {
			out = append(out, i)
		}
	}
	return out
}

// footRows say where the presentation is.
func (s *Screen) footRows(w int) []string {
	t, stop := s.screens.Theme, s.stop()
	where := fmt.Sprintf("stop %d of %d", s.at+1, len(s.o.Talk.Stops))
	first := kit.NewLine(t, w).Text(" ").Add(kit.Strong, where).Text("   ").Add(kit.Plain, kit.Cut(stop.Title, max(0, w-kit.Width(where)-24))).Right(kit.Dim, s.clock(), w-1).String()
	left := "next: " + s.upcoming()
	right := "t " + pane.Clock(s.lab.Timeline().Now())
	if s.pressed != "" {
		right = s.pressed + "   " + right
	}
	if s.notice != "" {
		left = s.notice
	}
	second := kit.NewLine(t, w).Text(" ").Add(kit.Dim, kit.Cut(left, max(0, w-kit.Width(right)-4))).Right(kit.Info, right, w-1).String()
	return []string{first, second}
}

// phases draws where a poll is.
func (s *Screen) phases(p *poll, w int) string {
	t := s.screens.Theme
	n := s.o.Talk.Poll(s.at)
	l := kit.NewLine(t, w).Text(" ").Add(kit.Strong, fmt.Sprintf("poll %d of %d", n, s.o.Talk.Polls())).Text("   ")
	if s.stop().World != nil {
		l.Add(kit.Dim, kit.Cut(s.stop().World.Name+" at "+pane.Clock(s.lab.Timeline().Now()), max(0, w-70)))
	}
	text := ""
	for i := range talks.NPhases {
		if i > 0 {
			text += " ▸ "
		}
		name := strconv.Itoa(int(i)+1) + " " + i.String()
		if i == p.votes.Phase() {
			name = strings.ToUpper(name)
		}
		text += name
	}
	return l.Right(kit.Info, text, w-1).String()
}

// pollRows draws a poll in h rows.
func (s *Screen) pollRows(p *poll, w, h int) []string {
	t, c := s.screens.Theme, s.stop().Poll
	rows := []string{s.phases(p, w)}
	title := []string{}
	if h >= 26 {
		title = kit.Big(p.title, w-2, 2)
	}
	if len(title) > 0 {
		rows = append(rows, kit.Blanks(w))
		for _, row := range title {
			rows = append(rows, kit.NewLine(t, w).Text(" ").Add(kit.Strong, row).String())
		}
		rows = append(rows, kit.Blanks(w))
	} else {
		if h >= 20 {
			rows = append(rows, kit.Blanks(w))
		}
		for _, line := range kit.Wrap(p.title, w-2) {
			rows = append(rows, kit.NewLine(t, w).Text(" ").Add(kit.Strong, line).String())
		}
	}
	for _, line := range kit.Wrap(strings.TrimSpace(s.stop().Class()+" "+flat(c.Situation)), w-2) {
		if line != "" {
			rows = append(rows, kit.NewLine(t, w).Text(" "+line).String())
		}
	}
	if h >= 20 {
		rows = append(rows, kit.Blanks(w))
	}
	phase := p.votes.Phase()
	var aside []string
	width := w
	if phase.Open() || phase == talks.Asked {
		aside = s.joining(h - len(rows) - 5)
		if n := widest(aside); n > 0 && w-n-2 >= 44 {
			width = w - n - 2
		} else {
			aside = nil
		}
	}
	var body []string
	if phase == talks.Shown {
		body = s.resultRows(p, width, h-len(rows)-5)
	} else {
		gap := h-len(rows) >= 4*len(c.Options)+4
		for _, o := range c.Options {
			for i, line := range kit.Wrap(strings.TrimSpace(card.Text(o.Text)), width-8) {
				l := kit.NewLine(t, width).Text("   ")
				if i == 0 {
					l.Add(kit.Key, strconv.Itoa(o.N))
				}
				body = append(body, l.PadTo(6).Text(line).String())
			}
			if gap {
				body = append(body, kit.Blanks(width))
			}
		}
	}
	for i := range max(len(body), len(aside)) {
		left, right := kit.Blanks(width), ""
		if i < len(body) {
			left = body[i]
		}
		if len(aside) > 0 {
			right = kit.Blanks(w - width)
			if i < len(aside) {
				right = aside[i]
			}
		}
		rows = append(rows, kit.Fit(left+right, w))
	}
	below := s.belowPoll(p, w)
	for len(rows) < h-len(below) {
		rows = append(rows, kit.Blanks(w))
	}
	return append(rows[:max(0, min(len(rows), h-len(below)))], below...)
}

// answerRows draws the answer of a card that no run proves: the options, each with its
// reason, the rule, and the source.
func (s *Screen) answerRows(w, h int) []string {
	t, c := s.screens.Theme, s.stop().Card
	foot := s.footRows(w)
	var rows []string
	add := func(style kit.Style, indent int, text string) {
		for _, line := range kit.Wrap(text, max(8, w-indent-2)) {
			rows = append(rows, kit.NewLine(t, w).Text(kit.Blanks(indent)).Add(style, line).String())
		}
	}
	add(kit.Strong, 1, strings.TrimSpace(card.Text(c.Title)))
	rows = append(rows, kit.Blanks(w))
	for i, o := range c.Options {
		sign, style := "✕", kit.Dim
		if o.Right {
			sign, style = "✓", kit.Strong
		}
		add(style, 1, sign+" "+strconv.Itoa(i+1)+"  "+strings.TrimSpace(card.Text(o.Text)))
		if why := strings.TrimSpace(card.Text(o.Reason)); why != "" {
			add(kit.Plain, 6, why)
		}
	}
	rows = append(rows, kit.Blanks(w))
	add(kit.Plain, 1, flat(c.Rule))
	for _, x := range c.Sources {
		add(kit.Dim, 1, x.URL)
	}
	for len(rows) < h-len(foot) {
		rows = append(rows, kit.Blanks(w))
	}
	return append(rows[:max(0, min(len(rows), h-len(foot)))], foot...)
}

func widest(rows []string) (n int) {
	for _, r := range rows {
		n = max(n, kit.VisibleWidth(r))
	}
	return n
}

// joining says how to vote: by phone, or with fingers.
func (s *Screen) joining(h int) []string {
	t, at := s.screens.Theme, s.o.Room.Votes()
	if at == "" {
		return nil
	}
	code := qrRows(t, at)
	if len(code) == 0 || len(code)+3 > h {
		code = nil
	}
	w := max(30, widest(code))
	rows := code
	for _, text := range []string{at, "or raise your fingers", "no names, nothing is stored"} {
		rows = append(rows, kit.NewLine(t, w).Add(kit.Info, text).String())
	}
	for i := range rows {
		rows[i] = kit.Fit(rows[i], w+1)
	}
	return rows
}

// belowPoll are the rows under a poll: how many have voted, and what is to be done.
func (s *Screen) belowPoll(p *poll, w int) []string {
	t := s.screens.Theme
	var text string
	switch p.votes.Phase() {
	case talks.Asked:
		text = "Read the question. No bars are shown until the second vote has ended: nobody follows the crowd."
	case talks.First:
		text = "Vote alone: with a phone, or with as many fingers as the option's number. Each phone also asks how sure you are."
	case talks.Talking:
		text = "Talk with your neighbours: say what you chose, and why. Then everybody votes again."
	case talks.Second:
		text = "Vote again, whatever you said first."
	default:
		r := p.votes.Result()
		text = "The answer is not told, it is run: " + kit.WithKeys("{talk-next}") + " lets time go on."
		if s.stop().World == nil {
			text = "No run proves this card: " + kit.WithKeys("{talk-next}") + " shows the answer, with its source."
		}
		if r.Towards+r.Away > 0 {
			text = fmt.Sprintf("%d changed to the option that most of the talk was for, %d away from it. ", r.Towards, r.Away) + text
		}
	}
	var rows []string
	if p.votes.Phase().Open() {
		n, left := p.votes.Votes(), p.left(s.o.Now())
		say := kit.Count(n, "vote")
		l := kit.NewLine(t, w).Text(" ").Add(kit.Strong, say).Text("  ")
		cells := max(4, min(40, w-kit.Width(say)-30))
		l.Add(kit.Busy, kit.Bar(int64(left), int64(p.length.Seconds()), cells))
		tail := fmt.Sprintf(" %d:%02d", left/60, left%60)
		switch {
		case left == 0:
			tail = kit.WithKeys(" time is up: {talk-next} closes the vote")
		case left*5 <= int(p.length.Seconds()): // four fifths have passed
			tail += kit.WithKeys("  {more-time} 20 s more")
		}
		rows = append(rows, l.Text(tail).String())
	}
	for i, line := range kit.Wrap(text, w-2) {
		if i < 2 {
			rows = append(rows, kit.NewLine(t, w).Text(" ").Add(kit.Plain, line).String())
		}
	}
	return append(rows, s.footRows(w)...)
}

// resultRows draws both votes.
func (s *Screen) resultRows(p *poll, w, h int) []string {
	t, c := s.screens.Theme, s.stop().Poll
	r := p.votes.Result()
	rows := []string{kit.NewLine(t, w).Right(kit.Dim, fmt.Sprintf("%7s%8s%6s%8s", "first", "then", "Δ", "sure"), w-1).String()}
	scale := 1
	for i := range c.Options {
		scale = max(scale, r.First.Counts[i], r.Second.Counts[i])
	}
	gap := h >= 3*len(c.Options)+4
	for i, o := range c.Options {
		first, then := r.First.Counts[i], r.Second.Counts[i]
		delta := fmt.Sprintf("%+d", then-first)
		delta = strings.Replace(strings.Replace(delta, "-", "−", 1), "+0", "0", 1)
		pad := func(s string, n int) string { return kit.Blanks(n-kit.Width(s)) + s }
		for k, text := range kit.Wrap(strings.TrimSpace(card.Text(o.Text)), max(8, w-42)) {
			l := kit.NewLine(t, w).Text("   ")
			if k == 0 {
				l.Add(kit.Key, strconv.Itoa(o.N))
			}
			if l.PadTo(6).Text(text); k == 0 {
				l.Right(kit.Strong, pad(strconv.Itoa(first), 7)+pad(strconv.Itoa(then), 8)+pad(delta, 6)+pad(strconv.Itoa(r.Second.Sure[i]), 8), w-1)
			}
			rows = append(rows, l.String())
		}
		cells := max(8, w-42)
		both, only, was := min(first, then)*cells/scale, max(0, then-first)*cells/scale, max(0, first-then)*cells/scale
		rows = append(rows, kit.NewLine(t, w).Text("      ").Repeat(kit.Info, "▓", both).Repeat(kit.Strong, "█", only).Repeat(kit.Dim, "░", was).String())
		if gap {
			rows = append(rows, kit.Blanks(w))
		}
	}
	total := fmt.Sprintf("%d, then %d votes", r.First.Votes(), r.Second.Votes())
	return append(rows, kit.NewLine(t, w).Text("      ").Add(kit.Dim, "█ only now  ▓ both times  ░ only first").Right(kit.Plain, total, w-1).String())
}
