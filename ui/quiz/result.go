package quiz

import (
	"fmt"
	"slices"
	"strings"

	tea "charm.land/bubbletea/v2"

	"esmlab/quiz/card"
	"esmlab/quiz/session"
	"esmlab/ui/kit"
)

// Result is how an exam went, what to do next, and each question with its reasons.
type Result struct {
	screen
	r     *session.ExamResult
	x     *Exam
	mends []mend
	at    int // the question that is looked at; -1: the result
	// which tells that an option's number is waited for: its world is to open.
	which bool
}

func newResult(x *Exam) *Result {
	r := &Result{screen: screen{screens: x.screens, o: x.o, dialogs: kit.DialogStack{Foot: 2}}, r: x.e.Result(), x: x, at: -1}
	r.mends = x.o.mends(x)
	r.bind(r.actions())
	return r
}

// Title of the screen.
func (r *Result) Title() string { return "result of an exam" }

// actions are what can be done with a result.
func (r *Result) actions() kit.Bindings {
	over := kit.Unavailable("The exam is over")
	asked := kit.Unavailable("No question is open: each can be looked at")
	next := kit.Act(r.next)
	return kit.Bindings{
		"choose":          {Do: func(inv kit.Invocation) tea.Cmd { return r.choose(inv.N) }, Disabled: r.noDigit},
		"done":            next,
		"show":            next,
		"skip":            kit.Act(func() { r.goTo(r.miss()) }).DisabledIf(r.noOther),
		"question-after":  kit.Act(func() { r.goTo(r.at + 1) }).DisabledIf(r.last),
		"question-before": kit.Act(func() { r.goTo(r.at - 1) }).DisabledIf(r.first),
		"all-questions":   kit.Simple(r.overview),
		"see":             kit.Simple(r.see).DisabledIf(r.unproved),
		"see-option":      kit.Act(r.askOption).DisabledIf(r.noWorlds),
		"back":            kit.Act(r.back),
		"unknown":         asked,
		"tip":             asked,
		"flag":            over,
		"take-back":       over,
		"retire":          kit.Unavailable("Cards are set aside in what is due, not in an exam"),
	}
}

// The reasons why an action is not possible now; "" where it is.

func (r *Result) unproved() string {
	if r.at < 0 {
		return kit.WithKeys("Look at a question first: {done} goes through them")
	}
	return ""
}

func (r *Result) noWorlds() string {
	if reason := r.unproved(); reason != "" {
		return reason
	}
	if r.sheet().e.Card.Proof == nil {
		return "No run proves this card; it rests on its source"
	}
	return ""
}

func (r *Result) noDigit() string {
	switch {
	case r.at < 0 && len(r.mends) == 0:
		return "Nothing was missed"
	case r.at >= 0 && !r.which:
		return kit.WithKeys("Digits choose an option's world after {see-option}")
	}
	return ""
}

func (r *Result) last() string {
	if r.at+1 == len(r.x.sheets) {
		return "This is the last question"
	}
	return ""
}

func (r *Result) first() string {
	if r.at < 0 {
		return "This is the result; the questions come after it"
	}
	return ""
}

// miss is the next question that was missed, -1 if there is none.
func (r *Result) miss() int {
	for _, i := range r.r.Misses {
		if i > r.at {
			return i
		}
	}
	return -1
}

func (r *Result) noOther() string {
	switch {
	case len(r.r.Misses) == 0:
		return "Nothing was missed"
	case r.miss() < 0:
		return "That was the last miss"
	}
	return ""
}

// HandleKey goes through the questions.
func (r *Result) HandleKey(k tea.KeyPressMsg) tea.Cmd {
	if a := kit.ActionOf(kit.InQuiz, k.String()); !r.dialogs.Open() && (a == nil || a.ID != "choose") {
		r.which = false
	}
	return r.screen.HandleKey(k)
}

func (r *Result) goTo(at int) { r.at, r.top = at, 0 }

// next goes on to the next question, then to the result, then leaves.
func (r *Result) next() {
	switch {
	case r.last() == "":
		r.goTo(r.at + 1)
	case r.at >= 0:
		r.goTo(-1)
	default:
		r.screens.Back()
	}
}

func (r *Result) back() {
	if r.at >= 0 {
		r.goTo(-1)
		return
	}
	r.screens.Back()
}

// overview lists all questions with what they came to.
func (r *Result) overview() tea.Cmd {
	m := &kit.Menu{Title: "All questions", Foot: "enter opens it · esc back", Intro: []string{"X missed, ● right, ! flagged in the exam."}, Sel: max(0, r.at)}
	for i, s := range r.x.sheets {
		mark := "●"
		if slices.Contains(r.r.Misses, i) {
			mark = "X"
		}
		m.Items = append(m.Items, kit.Item{Text: fmt.Sprintf("%2d  %s%s  %s", i+1, sign(r.x.e.Items[i].Flagged, "!"), mark, kit.Cut(name(s.e.Card), 56))})
	}
	return r.dialogs.Show(m, func(reply kit.Reply) tea.Cmd {
		r.goTo(reply.Chosen)
		return nil
	})
}

func (r *Result) see() tea.Cmd { return r.screen.see(r.sheet().e, right, nil, r.showError) }

// askOption waits for an option's digit.
func (r *Result) askOption() {
	r.which = true
	r.notice = fmt.Sprintf("Which option's world?  1 to %d", len(r.sheet().options))
}

// choose opens the world of an option, by its place from 1; on the result, the cards that
// mend what was missed.
func (r *Result) choose(n int) tea.Cmd {
	if r.at < 0 {
		if n >= 1 && n <= len(r.mends) {
			r.practise(r.mends[n-1])
		}
		return nil
	}
	if n == 0 || n > len(r.sheet().options) {
		r.askOption()
		return nil
	}
	r.which = false
	return r.seeOption(r.sheet(), n, r.showError)
}

// practise asks all cards on what was missed.
func (r *Result) practise(m mend) {
	a, err := newAsking(r.screens, r.o, newTopicCourse(r.o, m.topic()))
	if err != nil {
		r.notice = err.Error()
		return
	}
	r.screens.Open(a)
}

// Update says what could not be saved.
func (r *Result) Update(msg tea.Msg) tea.Cmd { return r.update(msg) }

// Mouse takes the wheel and clicks on the footer.
func (r *Result) Mouse(msg tea.MouseMsg) tea.Cmd { return r.mouse(msg, nil) }

func (r *Result) sheet() *sheet { return r.x.sheets[r.at] }

// Draw gives the frame.
func (r *Result) Draw(w, h int) (string, *tea.Cursor) {
	_, width := column(w)
	p := newPage(r.screens.Theme, width)
	top := header{title: "exam " + string(r.r.Version), where: "result"}
	if r.at >= 0 {
		s := r.sheet()
		p.judgedPage(s)
		top.right = fmt.Sprintf("%d of %d", r.at+1, len(r.x.sheets))
		hints := []kit.Hint{kit.HintOf("done", "next")}
		if r.last() != "" {
			hints[0].Text = "result"
		}
		if r.noOther() == "" {
			hints = append(hints, kit.HintOf("skip", "next miss"))
		}
		if s.e.Card.Proof != nil {
			hints = append(hints, kit.HintOf("see", "see it happen"))
		}
		hints = append(hints, kit.HintOf("question-before", "before"), kit.HintOf("all-questions", "all"), kit.HintOf("back", "result"), kit.HintOf("help", "keys"))
		return r.draw(w, h, top, r.x.review(r.at), p, hints)
	}
	for _, line := range resultLines(r.r, r.mends, true) {
		indent := kit.Width(line.text) - kit.Width(strings.TrimLeft(line.text, " "))
		if line.table && indent > 0 && kit.Width(line.text) > width {
			p.hang(kit.Blanks(indent), indent, say(p.t, strings.TrimLeft(line.text, " "), width-indent, line.st))
		} else if line.table {
			p.add(p.t.Paint(line.st, kit.Cut(line.text, width)))
		} else {
			p.say(line.text, line.st)
		}
	}
	hints := []kit.Hint{kit.HintOf("done", "look at each question")}
	if r.noOther() == "" {
		hints = append(hints, kit.HintOf("skip", "the misses"))
	}
	hints = append(hints, kit.HintOf("all-questions", "all"))
	if n := len(r.mends); n > 0 {
		hints = append(hints, kit.Hint{ID: "choose", Key: "1-" + fmt.Sprint(n), Text: "practise"})
	}
	hints = append(hints, kit.HintOf("back", "back"), kit.HintOf("help", "keys"))
	return r.draw(w, h, top, headline{"▸", kit.Info, []string{counted(r.r) + ". This is a count, not an AWS score", counted(r.r) + ", not an AWS score"}}, p, hints)
}

// review says what became of a question.
func (x *Exam) review(i int) headline {
	s, it := x.sheets[i], x.e.Items[i]
	key := s.places(s.e.Card.Key())
	flag := ""
	if it.Flagged {
		flag = " Flagged in the exam."
	}
	switch {
	case it.Card.Judge(it.Picks).Right:
		return headline{"●", kit.Good, []string{"Right: " + key + "." + flag, "Right: " + key}}
	case len(s.picks) == 0:
		return headline{"X", kit.Bad, []string{"Not answered: it is " + key + "." + flag, "Not answered: it is " + key}}
	}
	return headline{"X", kit.Bad, []string{"You chose " + s.places(s.picks) + ": it is " + key + "." + flag, "It is " + key}}
}

func counted(r *session.ExamResult) string { return fmt.Sprintf("%d of %d right", r.Right, r.Of) }

// line is a line of the result.
type line struct {
	text  string
	st    kit.Style
	table bool // its blanks stay
}

// barWidth is how wide a bar of a result is.
const barWidth = 20

// bar draws a part of a whole.
func bar(good, of int) string {
	n := 0
	if of > 0 {
		n = (good*barWidth + of/2) / of
	}
	return strings.Repeat("█", n) + strings.Repeat("░", barWidth-n)
}

// skillName is what a skill is about, in words.
func skillName(v session.Version, skill string) string {
	if skill == "" {
		return "no skill of the exam guide"
	}
	return card.Skills[session.SkillTag(v, skill)]
}

// resultLines are the result by domain and skill, and what to do next, for the screen and
// for plain lines.
func resultLines(r *session.ExamResult, mends []mend, onScreen bool) []line {
	var out []line
	say := func(st kit.Style, format string, a ...any) {
		out = append(out, line{text: fmt.Sprintf(format, a...), st: st})
	}
	row := func(st kit.Style, format string, a ...any) {
		out = append(out, line{text: fmt.Sprintf(format, a...), st: st, table: true})
	}
	say(kit.Plain, "By domain of the exam guide of DVA-%s, and its share of AWS's exam:", r.Version)
	for _, d := range r.Domains {
		share := fmt.Sprintf("%d %%", d.Percent)
		if d.N == 0 {
			share = ""
		}
		row(kit.Plain, "%-33s %4s  %2d of %2d  %s", d.Name, share, d.Good, d.Asked, bar(d.Good, d.Asked))
	}
	out = append(out, line{})
	if len(mends) > 0 {
		say(kit.Strong, "What to do next, by what was missed most:")
		for i, m := range mends {
			row(kit.Plain, "%s  %s", map[bool]string{true: fmt.Sprint(i + 1), false: "-"}[onScreen], m.what(r.Version))
			for _, how := range m.how() {
				row(kit.Dim, "   %s", how)
			}
		}
		out = append(out, line{})
	}
	say(kit.Plain, "By skill, with how many were asked:")
	for _, s := range r.Skills {
		row(kit.Plain, "%-6s %2d of %2d  %s", s.Skill, s.Good, s.Asked, skillName(r.Version, s.Skill))
	}
	out = append(out, line{})
	if r.TimeUp {
		say(kit.Plain, "Time ran out; unanswered questions count as missed.")
	} else {
		say(kit.Plain, "It took %s.", spell(r.Took))
	}
	say(kit.Dim, "No estimate of AWS's score is given: AWS does not publish how it scales from 100 to 1,000, and these questions were never calibrated. A multiple response counted only when complete.")
	return out
}
