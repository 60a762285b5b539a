package quiz

import (
	"fmt"
	"slices"
	"strings"
	"time"

	tea "charm.land/bubbletea/v2"

	"esmlab/quiz/fsrs"
	"esmlab/quiz/progress"
	"esmlab/quiz/session"
	"esmlab/ui/kit"
)

// phase is how far a question has come.
type phase uint8

const (
	open    phase = iota // it waits for an answer
	sure                 // how sure?
	looked               // a recall's answer is seen: how well was it known?
	warned               // wrong, though sure: the run first, then the reasons
	told                 // the answer is seen
	waiting              // none is due yet
	over                 // none is left
)

// Asking is the screen on which a course asks.
type Asking struct {
	screen
	c       course
	s       *sheet
	phase   phase
	verdict session.Verdict
	wait    time.Time // when the next one is due
	shown   string    // the time that stands there
	before  string    // what became of the recall before
	placed  string    // how far one is
	picked  progress.Confidence
}

func newAsking(desk *kit.Desk, o *Options, c course) (*Asking, error) {
	a := &Asking{screen: screen{desk: desk, o: o, dialogs: kit.Pile{Foot: 2}}, c: c}
	return a, a.next()
}

// Title of the screen.
func (a *Asking) Title() string { return "quiz, " + a.c.title() }

// next asks the next question.
func (a *Asking) next() error {
	s, wait, err := a.c.next(a.o.Now())
	if err != nil {
		return err
	}
	a.s, a.wait, a.top, a.picked, a.placed = s, wait, 0, 0, a.c.place(a.o.Now())
	switch {
	case s != nil:
		a.phase = open
	case !wait.IsZero():
		a.phase = waiting
	default:
		a.phase = over
	}
	return nil
}

// Moving tells whether time is shown: until the next card.
func (a *Asking) Moving() bool { return a.phase == waiting }

// Tick looks whether the next card is due.
func (a *Asking) Tick(time.Time) bool {
	now := a.o.Now()
	if !now.Before(a.wait) {
		if err := a.next(); err != nil {
			a.notice = err.Error()
		}
		return true
	}
	text := clock(a.wait.Sub(now))
	if text == a.shown {
		return false
	}
	a.shown = text
	return true
}

// clock writes a duration as 1:05.
func clock(d time.Duration) string {
	s := int((d + time.Second - 1) / time.Second)
	if s >= 3600 {
		return fmt.Sprintf("%d:%02d:%02d", s/3600, s/60%60, s%60)
	}
	return fmt.Sprintf("%d:%02d", s/60, s%60)
}

// typing tells whether letters are the answer's.
func (a *Asking) typing() bool { return a.phase == open && a.s.typed() && a.s.at >= 0 }

// Press takes a key.
func (a *Asking) Press(k tea.KeyPressMsg) tea.Cmd {
	if a.dialogs.Open() {
		return a.dialogs.Press(k)
	}
	a.notice = ""
	if a.typing() && a.typed(k) {
		return nil
	}
	act := kit.ActionOf(kit.InQuiz, k.String())
	if act == nil {
		return nil
	}
	if !a.works(act.ID) {
		a.notice = a.why(act.ID)
		return nil
	}
	return a.do(act.ID, k.String())
}

// typed gives a key to the line being typed; false: it is no letter of it.
func (a *Asking) typed(k tea.KeyPressMsg) bool {
	switch k.String() {
	case "esc":
		a.s.at = -1
	case "enter":
		if a.s.at++; a.s.at == len(a.s.inputs) {
			a.s.at = 0
			a.done()
		}
	case "tab", "down":
		a.s.at = (a.s.at + 1) % len(a.s.inputs)
	case "shift+tab", "up":
		a.s.at = (a.s.at + len(a.s.inputs) - 1) % len(a.s.inputs)
	case "pgup", "pgdown", "ctrl+p", "f1":
		return false
	default:
		a.s.inputs[a.s.at].Press(k)
	}
	return true
}

// Receive types a pasted text.
func (a *Asking) Receive(msg tea.Msg) tea.Cmd {
	if p, ok := msg.(tea.PasteMsg); ok && !a.dialogs.Open() && a.typing() {
		a.s.inputs[a.s.at].Insert(flat(p.Content))
		return nil
	}
	return a.screen.Receive(msg)
}

// Mouse chooses the option that is clicked; a second click means it.
func (a *Asking) Mouse(msg tea.MouseMsg) tea.Cmd {
	return a.mouse(a, msg, func(i int) tea.Cmd {
		if a.phase != open {
			return nil
		}
		return pressed(a, string(rune('1'+i)))
	})
}

// works tells whether an action does something now.
func (a *Asking) works(id string) bool {
	answered := a.phase == told || a.phase == warned
	switch id {
	case "choose":
		return a.phase == open && a.s.choices() || a.phase == sure || a.phase == looked || answered && a.c.session() != nil && a.verdict.Due[0] != (session.When{})
	case "unknown", "skip":
		return a.phase == open
	case "tip":
		return a.phase == open
	case "show":
		return a.phase != sure && a.phase != waiting && a.phase != looked && (a.phase != open || !a.s.typed() || a.s.at < 0)
	case "done":
		return a.phase != sure && a.phase != looked && a.phase != waiting
	case "see":
		return (answered || a.phase == looked) && a.c.proved(a.s)
	case "take-back":
		_, of := a.c.score()
		return a.c.session() != nil && of > 0
	case "retire":
		return a.c.session() != nil && a.phase != waiting && a.phase != over && !a.crams()
	case "flag", "question-before", "question-after", "all-questions":
		return false
	}
	return true
}

func (a *Asking) crams() bool { return a.c.title() == "cram" }

// why says why an action does nothing now.
func (a *Asking) why(id string) string {
	switch id {
	case "see":
		if a.phase == open || a.phase == sure {
			return kit.Say("Answer first: then {see} shows it happen")
		}
		if a.s != nil && a.phase != waiting && a.phase != over {
			return "No run proves this card: its source says it"
		}
	case "flag":
		return "Flags are for exams"
	case "take-back":
		return "There is no answer to take back"
	case "done", "show":
		if a.phase == sure {
			return "1 guess, 2 fairly, 3 sure: then the answer"
		}
		if a.phase == looked {
			return "How well did you know it? 1 again, 2 hard, 3 good, 4 easy"
		}
	}
	return ""
}

// do carries an action out.
func (a *Asking) do(id, key string) tea.Cmd {
	switch id {
	case "choose":
		a.digit(int(key[0] - '0'))
	case "unknown", "skip":
		a.s.picks = nil
		a.judge(0, id == "skip")
	case "tip":
		if s := a.c.session(); s != nil {
			s.Hint()
		}
		a.s.takeTip()
	case "done":
		a.enter()
	case "show":
		a.space()
	case "see":
		if err := see(a.desk, a.o, a.s.e); err != nil {
			a.notice = err.Error()
		} else if a.phase == warned {
			a.phase = told
		}
	case "take-back":
		a.takeBack()
	case "retire":
		a.retire()
	case "up":
		a.move(-1)
	case "down":
		a.move(1)
	case "page-up":
		a.scroll(-max(1, a.room-2))
	case "page-down":
		a.scroll(max(1, a.room-2))
	case "help", "palette":
		return a.help(a, a.works)
	case "back":
		return a.back()
	case "quit":
		return a.quit()
	}
	return nil
}

func (a *Asking) back() tea.Cmd {
	if a.phase == sure {
		a.phase = open
		return nil
	}
	a.desk.Back()
	return nil
}

// move goes through the options while they wait, else through the page.
func (a *Asking) move(d int) {
	if a.phase != open || !a.s.choices() {
		a.scroll(d)
		return
	}
	a.s.at = max(0, min(len(a.s.options)-1, a.s.at+d))
}

// digit is an option, a confidence or a grade.
func (a *Asking) digit(n int) {
	switch a.phase {
	case open:
		if a.s.choose(n - 1) {
			a.done()
		}
	case sure:
		if n <= 3 {
			a.judge(progress.Confidence(n), false)
		}
	case looked:
		if n <= 4 {
			a.grade(fsrs.Grade(n))
		}
	case warned, told:
		if n > 4 {
			return
		}
		if err := a.c.session().Regrade(a.o.Now(), fsrs.Grade(n)); err != nil {
			a.notice = err.Error()
			return
		}
		a.verdict.Grade = fsrs.Grade(n)
	}
}

// enter is "done", then "next".
func (a *Asking) enter() {
	switch a.phase {
	case open:
		if a.s.choices() && len(a.s.picks) == 0 && a.s.at >= 0 {
			a.s.choose(a.s.at)
		}
		if a.s.typed() && a.s.at < 0 {
			a.s.at = 0
			return
		}
		a.done()
	case warned:
		a.phase, a.top = told, 0
	case told:
		a.goOn()
	case over:
		a.desk.Back()
	}
}

// space shows a recall, chooses where the cursor is, or goes on.
func (a *Asking) space() {
	if a.phase == open && a.s.choices() {
		if a.s.at < 0 {
			a.s.at = 0
			return
		}
		if !slices.Contains(a.s.picks, a.s.options[a.s.at]) || a.s.multiple() {
			a.s.choose(a.s.at)
		}
		return
	}
	a.enter()
}

func (a *Asking) goOn() {
	a.before = ""
	if err := a.next(); err != nil {
		a.notice = err.Error()
	}
}

// done asks how sure the person is; a recall is looked at.
func (a *Asking) done() {
	switch {
	case a.s.recall():
		a.phase = looked
	case !a.s.answered():
		a.notice = "Choose first: " + a.digits() + kit.Say(", or {unknown} for don't know")
		if a.s.typed() {
			a.notice = kit.Say("Type an answer first; esc, then {unknown}: don't know")
		}
	default:
		a.phase = sure
	}
}

func (a *Asking) digits() string { return fmt.Sprintf("1 to %d", len(a.s.options)) }

// judge takes the answer. It is on disk when this returns, or the headline
// says that it is not.
func (a *Asking) judge(c progress.Confidence, skipped bool) {
	v, err := a.c.answer(a.o.Now(), a.s, c)
	if err != nil {
		a.notice = err.Error()
		return
	}
	a.verdict, a.picked = v, c
	a.phase, a.top = told, 0
	if v.ProofFirst && !skipped {
		a.phase = warned
	}
}

// grade takes the person's own grade of a recall, and asks the next.
func (a *Asking) grade(g fsrs.Grade) {
	now := a.o.Now()
	v, err := a.c.session().Recall(now, g)
	if err != nil {
		a.notice = err.Error()
		return
	}
	before := kit.Title(g.String()) + due(v, now)
	if v.Err != nil {
		before = "▲ " + notSaved(v.Err)
	}
	a.goOn()
	a.before = before
}

// due says when a card comes again.
func due(v session.Verdict, now time.Time) string {
	w := v.Due[max(0, v.Grade-1)]
	if w == (session.When{}) {
		return ""
	}
	return ": " + in(w, now)
}

// in says when that is, as a person would.
func in(w session.When, now time.Time) string {
	text := w.In(now)
	switch {
	case text == "today" || text == "tomorrow":
		return text
	case strings.HasPrefix(text, "0 "):
		return "in a moment"
	}
	return "in " + text
}

// notSaved says in a sentence that an answer is not on disk.
func notSaved(err error) string {
	text := strings.TrimPrefix(strings.SplitN(err.Error(), "\n", 2)[0], "progress is not saved: ")
	return "Not saved: " + flat(text) + ". The answer counts, and is written with the next one"
}

func (a *Asking) takeBack() {
	ok, err := a.c.session().Undo(a.o.Now())
	if err != nil {
		a.notice = notSaved(err)
	}
	if !ok {
		return
	}
	a.before = ""
	if err := a.next(); err != nil {
		a.notice = err.Error()
	} else if a.notice == "" {
		a.notice = "Taken back. It is asked again"
	}
}

// retire takes the card out of the deck; where it was just answered, too.
func (a *Asking) retire() {
	s := a.c.session()
	title := kit.Cut(name(a.s.e.Card), 40)
	line := progress.Line{Kind: progress.KindSuspend, Card: a.s.e.Card.ID}
	var err error
	if s.Current() != nil {
		err = s.Suspend(a.o.Now())
	} else {
		err = a.o.Store.Write(a.o.Store.Stamp(a.o.Now(), line))
	}
	a.goOn()
	a.notice = "Set aside, and not asked any more: " + title
	if err != nil {
		a.notice = notSaved(err)
	}
}

// Draw gives the frame.
func (a *Asking) Draw(w, h int) (string, *tea.Cursor) {
	_, width := column(w)
	p := newPage(a.desk.Theme, width)
	switch a.phase {
	case open, sure:
		p.asked(a.s)
		if a.phase == open && a.s.choices() && a.s.at >= 0 {
			p.keep = p.y
		} else if a.s.typed() {
			p.keep = p.y
		}
		if a.phase == sure {
			p.gap()
			p.keep = len(p.rows)
			t := p.t
			p.add(t.Paint(kit.Strong, "How sure are you?   ") + t.Paint(kit.Key, "1") + " guess   " + t.Paint(kit.Key, "2") + " fairly   " + t.Paint(kit.Key, "3") + " sure")
			p.x, p.y = kit.Width("How sure are you?   "), p.keep
		}
	case looked:
		p.head(a.s)
		p.answer(a.s)
		p.gap()
		p.grades(a.preview(), a.o.Now(), "How well did you know it?")
	case warned:
		p.title(a.s)
		p.gap()
		chosen := a.s.places(a.s.picks)
		p.say("You were sure of "+chosen+". Before the reasons: see it happen.", kit.Plain)
		p.gap()
		p.add("  " + p.t.Paint(kit.Key, kit.Fit(kit.KeyOf("see"), 7)) + "the lab, just before it is decided")
		p.add("  " + p.t.Paint(kit.Key, kit.Fit(kit.KeyOf("done"), 7)) + "the answer and the reasons")
	case told:
		p.told(a.s)
		a.after(p)
	default:
		a.end(p)
	}
	return a.draw(w, h, a.headerLine(), a.news(), p, a.footer())
}

// after is what stands below the reasons: how well confidence fits, and the
// grades.
func (a *Asking) after(p *page) {
	p.gap()
	if c := a.picked; c > 0 {
		k := a.o.Store.Calibration()[c-1]
		p.say(calibrated(k), kit.Dim)
	}
	if a.verdict.Due[0] != (session.When{}) {
		p.grades(a.verdict.Due, a.o.Now(), "Grade it yourself:")
	}
}

// calibrated says how often answers of one confidence were right.
func calibrated(k progress.Calibration) string {
	what := [...]string{"", "guessed", "were fairly sure of", "were sure of"}[k.Confidence]
	return fmt.Sprintf("Of %s that you %s so far, %d %% were right.", kit.Count(k.Asked, "answer"), what, k.Percent())
}

// grades lists the four grades with their dates.
func (p *page) grades(when [4]session.When, now time.Time, lead string) {
	p.add(p.t.Paint(kit.Dim, lead))
	var parts []string
	for i, g := range []string{"again", "hard", "good", "easy"} {
		text := p.t.Paint(kit.Key, fmt.Sprint(i+1)) + " " + g
		if when[i] != (session.When{}) {
			text += p.t.Paint(kit.Dim, " "+in(when[i], now))
		}
		parts = append(parts, text)
	}
	row := ""
	for _, x := range parts {
		if row != "" && kit.VisibleWidth(row)+3+kit.VisibleWidth(x) > p.w {
			p.add(row)
			row = ""
		}
		if row != "" {
			row += "   "
		}
		row += x
	}
	p.add(row)
}

// preview gives the dates of the four grades for the open card.
func (a *Asking) preview() (out [4]session.When) {
	if a.crams() {
		return out
	}
	for i, c := range a.o.Store.Preview(a.s.e.Card.ID, a.o.Now()) {
		if c.State == fsrs.Review {
			out[i] = session.When{Day: c.Due}
		} else {
			out[i] = session.When{At: c.DueAt}
		}
	}
	return out
}

// end is the page where nothing is asked.
func (a *Asking) end(p *page) {
	right, of := a.c.score()
	if of > 0 {
		p.say(fmt.Sprintf("%s answered, %d right.", kit.Count(of, "question"), right), kit.Strong)
		p.gap()
	}
	if a.phase == waiting {
		p.say(kit.Say("A card that was not known rests for some minutes, so that it has to be remembered. It comes by itself; {back} leaves, and it is due later."), kit.Plain)
		return
	}
	p.say(kit.Say("That was all for now. {done} goes back."), kit.Plain)
}

func (a *Asking) headerLine() header {
	h := header{title: "quiz", where: a.c.title(), right: a.placed}
	if a.s != nil && a.s.fresh && a.phase <= looked {
		h.right += "  new"
	}
	return h
}

// news is the headline: what is true now.
func (a *Asking) news() headline {
	now := a.o.Now()
	v := &a.verdict
	if (a.phase == told || a.phase == warned) && v.Err != nil {
		return headline{"▲", kit.Bad, []string{notSaved(v.Err)}}
	}
	switch a.phase {
	case open:
		switch {
		case a.before != "":
			return headline{"▸", kit.Info, []string{a.before + kit.Say(". {take-back} takes it back")}}
		case a.s.recall():
			return headline{"▸", kit.Info, []string{kit.Say("Say it, then {show} shows the answer"), kit.Say("{show} shows it")}}
		case a.s.typed():
			return headline{"▸", kit.Info, []string{"Type the answer, then enter"}}
		case len(a.s.picks) > 0:
			return headline{"▸", kit.Info, []string{"You chose " + a.s.places(a.s.picks) + kit.Say(": {done} when done"), kit.Say("{done} when done")}}
		}
		return headline{"▸", kit.Info, []string{"Choose with " + a.digits() + kit.Say(", then {done}"), kit.Say("choose, then {done}")}}
	case sure:
		return headline{"▸", kit.Info, []string{"How sure are you?  1 guess  2 fairly  3 sure", "1 guess 2 fairly 3 sure"}}
	case looked:
		return headline{"▸", kit.Info, []string{"How well did you know it?  1 again  2 hard  3 good  4 easy", "1 again 2 hard 3 good 4 easy"}}
	case warned:
		return headline{"X", kit.Bad, []string{kit.Say("NOT SO, and you were sure. See it happen first: {see}"), kit.Say("NOT SO. {see} shows it")}}
	case told:
		return outcome(a.s, &a.verdict, now)
	case waiting:
		return headline{"‖", kit.Busy, []string{"The next card is due in " + clock(a.wait.Sub(now))}}
	}
	return headline{"●", kit.Good, []string{"Done for now"}}
}

// outcome is the headline of an answer.
func outcome(s *sheet, v *session.Verdict, now time.Time) headline {
	key, tail := s.places(s.e.Card.Key()), ""
	if d := due(*v, now); d != "" {
		tail = " " + kit.Title(v.Grade.String()) + d + "."
	}
	switch {
	case !v.Right && !s.choices() && !s.answered():
		return headline{"X", kit.Bad, []string{"Not known." + tail, "Not known"}}
	case v.Right:
		return headline{"●", kit.Good, []string{"RIGHT." + tail, "RIGHT"}}
	case s.choices() && len(s.picks) == 0:
		return headline{"X", kit.Bad, []string{"It is " + key + "." + tail, "It is " + key}}
	case s.choices() && len(v.Hit) > 0:
		return headline{"X", kit.Bad, []string{"PARTLY RIGHT, which an exam does not count: it is " + key + "." + tail, "PARTLY RIGHT: it is " + key + "." + tail, "PARTLY RIGHT: it is " + key}}
	case s.choices():
		return headline{"X", kit.Bad, []string{"NOT SO: it is " + key + "." + tail, "NOT SO: it is " + key}}
	}
	return headline{"X", kit.Bad, []string{"NOT SO." + tail, "NOT SO"}}
}

// footer are the keys that matter now.
func (a *Asking) footer() []kit.Hint {
	var out []kit.Hint
	add := func(key, text string) { out = append(out, kit.Hint{Key: kit.Say(key), Text: text}) }
	switch a.phase {
	case open:
		switch {
		case a.typing():
			return []kit.Hint{{Key: "enter", Text: "done"}, {Key: "esc", Text: "stop typing: other keys"}}
		case a.s.recall():
			add("{show}", "show")
		case a.s.typed():
			add("{done}", "type")
		default:
			add("1-"+fmt.Sprint(len(a.s.options)), "choose")
			add("{done}", "done")
		}
		add("{unknown}", "don't know")
		add("{tip}", "tip")
		add("{skip}", "skip")
	case sure:
		add("1", "guess")
		add("2", "fairly")
		add("3", "sure")
		add("{back}", "choose again")
		return out
	case looked:
		add("1-4", "grade")
		if a.works("see") {
			add("{see}", "see it happen")
		}
	case warned:
		add("{see}", "see it happen")
		add("{done}", "the reasons")
	case told:
		add("{done}", "next")
		if a.works("see") {
			add("{see}", "see it happen")
		}
		if a.works("choose") {
			add("1-4", "grade")
		}
	case over:
		add("{done}", "back")
	}
	if a.works("take-back") {
		add("{take-back}", "take back")
	}
	if a.seen != nil && len(a.seen.rows) > a.room {
		add("↑↓", "scroll")
	}
	add("{back}", "leave")
	add("{help}", "all")
	return out
}
