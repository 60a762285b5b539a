package quiz

import (
	"fmt"
	"slices"
	"strings"

	tea "charm.land/bubbletea/v2"

	"esmlab/quiz/card"
	"esmlab/quiz/drill"
	"esmlab/quiz/progress"
	"esmlab/quiz/session"
	"esmlab/ui/kit"
	"esmlab/ui/plot"
)

// standing is how it goes: what is known by domain, over time, and the exams so far.
type standing struct {
	version session.Version
	domains []domainStanding
	exams   []session.ExamRun // that were handed in, the oldest first
	mixes   []progress.Line   // likewise
}

// domainStanding is how a domain of the exam stands.
type domainStanding struct {
	session.Domain
	cards, asked int
	known        []int64 // at the end of each of the last days, in thousandths of a card
	drills       [2]int  // right, asked
	exams        [2]int  // likewise, over all exams
}

// percent is how much of the domain is known, on a day from the first one.
func (d *domainStanding) percent(i int) int64 {
	if d.cards == 0 {
		return 0
	}
	return (d.known[i]/10 + int64(d.cards)/2) / int64(d.cards)
}

// knownDays is how far the plot reaches back.
const knownDays = 7 * weeks

// standing reads from the store how it goes.
func (o *Options) standing() *standing {
	now := o.Now()
	s := &standing{version: o.edition()}
	byID := map[string]int{}
	ids := map[int][]string{}
	names := append(session.Domains(s.version), session.Domain{Name: "Other cards"})
	for _, d := range names {
		s.domains = append(s.domains, domainStanding{Domain: d})
	}
	of := func(n int) *domainStanding {
		return &s.domains[(n+len(s.domains)-1)%len(s.domains)] // 0 is the last
	}
	for _, c := range o.cards() {
		n := session.DomainOf(c.Skill(s.version))
		d := of(n)
		byID[o.Store.Canonical(c.ID)], ids[n] = n, append(ids[n], c.ID)
		if d.cards++; o.Store.Card(c.ID).Seen() {
			d.asked++
		}
	}
	for i := range s.domains {
		s.domains[i].known = o.Store.Known(ids[s.domains[i].N], progress.DayOf(now), knownDays)
	}
	count := func(x *[2]int, right bool) {
		if x[1]++; right {
			x[0]++
		}
	}
	drills := map[string]int{}
	for _, f := range drill.Families() {
		for _, skill := range f.Skills() {
			if rest, ok := strings.CutPrefix(skill, strings.ToLower(string(s.version))+"-"); ok {
				drills[f.CardID()] = session.DomainOf(strings.ReplaceAll(rest, "-", "."))
			}
		}
	}
	last, ended := map[string]progress.Line{}, map[string]bool{}
	for l := range o.Store.Lines {
		switch l.Kind {
		case progress.KindDrill:
			count(&of(drills[l.Card]).drills, l.Right)
		case progress.KindExam: // a later answer replaces it
			last[l.Run+"\x00"+l.Card] = l
		case progress.KindExamEnd:
			ended[l.Run] = true
		case progress.KindMix:
			s.mixes = append(s.mixes, l)
		}
	}
	for _, l := range last {
		if n, ok := byID[o.Store.Canonical(l.Card)]; ok && ended[l.Run] {
			count(&of(n).exams, l.Right)
		}
	}
	s.domains = slices.DeleteFunc(s.domains, func(d domainStanding) bool { return d.cards == 0 && d.drills[1] == 0 })
	for _, x := range session.ExamRuns(o.Store, now) {
		if x.Ended {
			s.exams = append(s.exams, x)
		}
	}
	return s
}

// edition is that of the exam whose skills most of the cards name; where they name none, the
// one that can be taken.
func (o *Options) edition() session.Version {
	count := map[session.Version]int{}
	for _, c := range o.cards() {
		for _, v := range []session.Version{session.C02, session.C03} {
			if c.Skill(v) != "" {
				count[v]++
			}
		}
	}
	switch v := session.VersionOn(o.Now()); {
	case count[session.C03] > count[session.C02]:
		return session.C03
	case count[session.C02] > count[session.C03]:
		return session.C02
	default:
		return v
	}
}

// says counts what a domain comes to, in words.
func (d *domainStanding) says() string {
	text := fmt.Sprintf("%d %% known of %s, %d asked", d.percent(len(d.known)-1), kit.Count(d.cards, "card"), d.asked)
	if d.drills[1] > 0 {
		text += fmt.Sprintf("; drills %d of %d right", d.drills[0], d.drills[1])
	}
	if d.exams[1] > 0 {
		text += fmt.Sprintf("; in exams %d of %d", d.exams[0], d.exams[1])
	}
	return text
}

// examLine is an exam in a list.
func examLine(x session.ExamRun) string {
	took := ""
	if x.Took > 0 {
		took = ", in " + spell(x.Took)
	}
	return fmt.Sprintf("%s  %s  %2d of %2d  %3d %%%s", progress.DayOf(x.Started), x.Version, x.Right, x.Of, percentOf(x.Right, x.Of), took)
}

func percentOf(n, of int) int {
	if of == 0 {
		return 0
	}
	return (n*200 + of) / (of * 2)
}

// Standing is the screen of how it goes.
type Standing struct {
	screen
	s *standing
}

func newStanding(screens *kit.ScreenStack, o *Options) *Standing {
	x := &Standing{screen: screen{screens: screens, o: o, dialogs: kit.DialogStack{Foot: 2}}, s: o.standing()}
	x.bind(x.actions())
	return x
}

// Title of the screen.
func (x *Standing) Title() string { return "how it goes" }

func (x *Standing) actions() kit.Bindings {
	asked := kit.Unavailable(kit.WithKeys("No question is open: a digit asks the cards of a domain"))
	back := kit.Act(func() { x.screens.Back() })
	b := kit.Bindings{
		"choose":        {Do: func(inv kit.Invocation) tea.Cmd { x.practise(inv.N); return nil }},
		"all-questions": kit.Simple(x.reviewExam).DisabledIf(x.noExam),
		"done":          back, "show": back, "back": back,
	}
	for _, id := range []string{"unknown", "tip", "skip", "see", "see-option", "take-back", "retire", "flag", "question-before", "question-after"} {
		b[id] = asked
	}
	return b
}

// practise asks all cards of a domain, by its number.
func (x *Standing) practise(n int) {
	if !slices.ContainsFunc(x.s.domains, func(d domainStanding) bool { return d.N == n && n > 0 && d.cards > 0 }) {
		x.notice = "There are no cards of that domain here"
		return
	}
	a, err := newAsking(x.screens, x.o, newTopicCourse(x.o, fmt.Sprint("domain ", n)))
	if err != nil {
		x.notice = err.Error()
		return
	}
	x.screens.Open(a)
}

func (x *Standing) noExam() string {
	if !slices.ContainsFunc(x.s.exams, session.ExamRun.CanReview) {
		return "No exam was handed in so far"
	}
	return ""
}

// reviewExam lists the exams, and opens one with its result and all its questions.
func (x *Standing) reviewExam() tea.Cmd {
	m := &kit.Menu{Title: "Exams so far", Foot: "enter opens its result and questions · esc back"}
	var runs []session.ExamRun
	for i := len(x.s.exams) - 1; i >= 0; i-- {
		if e := x.s.exams[i]; e.CanReview() {
			runs = append(runs, e)
			m.Items = append(m.Items, kit.Item{Text: examLine(e)})
		}
	}
	return x.dialogs.Show(m, func(r kit.Reply) tea.Cmd {
		e, gone := session.Reopen(x.o.Store, x.o.cards(), runs[r.Chosen].Run, x.o.Now())
		if e == nil || e.Result() == nil {
			x.notice = "None of its questions are in this deck"
			return nil
		}
		res := newResult(examScreen(x.screens, x.o, e))
		if gone > 0 {
			res.notice = kit.Count(gone, "question") + " of it are no longer in this deck"
		}
		x.screens.Open(res)
		return nil
	})
}

// Mouse takes the wheel and clicks on the footer.
func (x *Standing) Mouse(msg tea.MouseMsg) tea.Cmd { return x.mouse(msg, nil) }

// Draw gives the frame.
func (x *Standing) Draw(w, h int) (string, *tea.Cursor) {
	_, width := column(w)
	p := newPage(x.screens.Theme, width)
	p.known(x.s)
	p.gap()
	p.exams(x.s)
	hints := []kit.Hint{{ID: "choose", Key: "1-4", Text: "the cards of a domain"}, kit.HintOf("all-questions", "an exam's questions"), kit.HintPair("up", "down", "scroll"), kit.HintOf("back", "back"), kit.HintOf("help", "all")}
	news := headline{"▸", kit.Info, []string{"What you know, by domain of DVA-" + string(x.s.version)}}
	return x.draw(w, h, header{title: "how it goes", where: x.o.Name}, news, p, hints)
}

// gutter is what stands left of a plot: its scale.
const gutter = 6

// known draws what is known by domain over the last weeks: a plot each, on one axis.
func (p *page) known(s *standing) {
	t := p.t
	cols := max(1, min(p.w-gutter-1, knownDays))
	for i := range s.domains {
		d := &s.domains[i]
		lead := "   "
		if d.N > 0 {
			lead = t.Paint(kit.Key, fmt.Sprint(d.N)) + "  "
		}
		p.add(lead + t.Paint(kit.Strong, d.Name))
		p.add("   " + t.Paint(kit.Dim, kit.Cut(d.says(), max(1, p.w-3))))
		p.plot(percents(d, cols), cols, 2)
	}
	axis := fmt.Sprintf("%d weeks ago", weeks)
	p.add(t.Paint(kit.Dim, kit.Blanks(gutter+1)+kit.Fit(axis, max(0, cols-5))+"today"))
	p.say("Known is the chance that you would answer today, over all cards of the domain: those never asked count as not known.", kit.Dim)
}

// percents are the days of a domain in so many columns, two values each, as a plot takes
// them.
func percents(d *domainStanding, cols int) []int64 {
	out := make([]int64, 2*cols)
	for i := range out {
		day := len(d.known) - 1 - (len(out)-1-i)*(len(d.known)-1)/max(1, len(out)-1)
		out[i] = d.percent(day)
	}
	return out
}

// plot draws percents as bars, with their scale.
func (p *page) plot(values []int64, cols, rows int) {
	a := plot.New(cols, rows)
	a.Blocks(values, 100, kit.Info)
	for r := range rows {
		tick := ""
		switch r {
		case 0:
			tick = "100 %"
		case rows - 1:
			tick = "0 %"
		}
		l := kit.NewLine(p.t, p.w)
		l.Add(kit.Dim, fmt.Sprintf("%*s", gutter, tick)).Add(kit.Rule, "│")
		a.Row(r, l)
		p.add(l.String())
	}
}

// exams draws the exams so far: a bar each, the oldest first, and the last of them in
// words.
func (p *page) exams(s *standing) {
	t := p.t
	if len(s.exams) == 0 {
		p.say("No exam was handed in so far.", kit.Dim)
		return
	}
	p.add(t.Paint(kit.Strong, "Exams so far") + t.Paint(kit.Dim, ", right answers in percent, the oldest first"))
	cols := max(2, p.w-gutter-1)
	shown := s.exams[max(0, len(s.exams)-cols/2):]
	values := make([]int64, 2*cols)
	for i := range values {
		values[i] = plot.None
		if x := i / 4; x < len(shown) && i%4 < 2 { // a column, and one between
			values[i] = int64(percentOf(shown[x].Right, shown[x].Of))
		}
	}
	p.plot(values, cols, 4)
	for i := len(s.exams) - 1; i >= max(0, len(s.exams)-8); i-- {
		p.add(kit.Cut("   "+examLine(s.exams[i]), p.w))
	}
}

// linear is how it goes in lines.
func (s *standing) linear() []string {
	var out []string
	for i := range s.domains {
		d := &s.domains[i]
		out = append(out, fmt.Sprintf("%s: %s.", d.Name, d.says()))
		spark := ""
		for w := range weeks {
			spark += plot.Eighth(int(1 + d.percent((w+1)*len(d.known)/weeks-1)*7/100))
		}
		out = append(out, fmt.Sprintf("Known over the last %d weeks: %s", weeks, spark))
	}
	for _, x := range s.exams {
		out = append(out, "Exam "+examLine(x))
	}
	return out
}

// newTopicCourse asks all cards on a topic, and leaves the schedule as it is.
func newTopicCourse(o *Options, topic string) course {
	list := make([]*card.Card, len(o.Deck))
	for i, e := range o.Deck {
		list[i] = e.Card
	}
	on := map[string]bool{}
	for _, c := range card.OnTopic(list, topic) {
		on[c.ID] = true
	}
	cards := slices.DeleteFunc(slices.Clone(o.cards()), func(c session.Card) bool { return !on[c.ID] })
	return &cardCourse{o: o, s: session.New(o.Store, cards, session.Options{Cram: true, Seed: o.Seed}), cram: true}
}
