package lab

import (
	"strconv"
	"strings"

	"esmlab/engine"
	"esmlab/ui/kit"
	"esmlab/ui/pane"
)

// headline is the row below the title: the worst thing that is true now.
type headline struct {
	sign  string
	style kit.Style
	text  []string // the same in fewer and fewer words
	// frees is the action that ends the state, with what it does in a word or two.
	frees kit.Hint
	right string // instead of the action and why
	calm  bool   // nothing hurts
	// about is the thing that it names, a row of pane in; the zero Subject if it names
	// no single thing.
	about pane.Subject
	in    int
	claim string // the name of the row of claims that says it; "" none
	// mends, where the action that ends the state is the menu: what it offers first.
	mends func(*Lab) choice
}

// news is how long an event is announced.
const news = 3 * engine.Second

// headRows draws the headline in one row, or in two.
func (m *Lab) headRows(n int) []string {
	if n < 1 {
		return nil
	}
	h := m.headline()
	if m.cover != nil && m.notice == "" {
		h = askedHead()
	}
	if n == 1 {
		return []string{m.headRow(&h)}
	}
	room := m.w - 4
	for _, text := range h.text {
		lines := append(kit.Wrap(text, room), "")
		if right := m.headRight(&h, text, room-kit.Width(lines[1])-2); len(lines) <= 3 && right != "" {
			first := kit.NewLine(m.screens.Theme, m.w).Text(" ").Add(h.style, h.sign).Text(" ").Add(m.headStyle(), lines[0])
			second := kit.NewLine(m.screens.Theme, m.w).Text("   ").Add(m.headStyle(), lines[1]).Right(kit.Key, right, m.w-1)
			return []string{first.String(), second.String()}
		}
	}
	return []string{m.headRow(&h), kit.Blanks(m.w)}
}

// headRow draws the headline in one row.
func (m *Lab) headRow(h *headline) string {
	l := kit.NewLine(m.screens.Theme, m.w)
	l.Text(" ").Add(h.style, h.sign).Text(" ")
	room := m.w - 3 - kit.Width(m.headRight(h, "", 0)) - 2
	if room < 20 {
		return l.Add(h.style, h.fitting(m.w-4)).String()
	}
	text := h.fitting(room)
	return l.Add(m.headStyle(), text).Right(kit.Key, m.headRight(h, text, m.w-5-kit.Width(text)), m.w-1).String()
}

// headStyle is that of the headline's words: bold for a moment when they are new.
func (m *Lab) headStyle() kit.Style {
	if m.newHead.on {
		return kit.Strong
	}
	return kit.Plain
}

// fitting says it in n cells: in fewer and fewer words, then in the first clause of the
// fewest.
func (h *headline) fitting(n int) string {
	for _, text := range h.text {
		if kit.Width(text) <= n {
			return text
		}
	}
	return kit.Clip(h.text[len(h.text)-1], n)
}

// headRight is what stands at the right of the headline, in room cells. The action that
// frees the state stands beside why wherever that costs no words, and would not be the
// answer to a question. Without room it is "".
func (m *Lab) headRight(h *headline, text string, room int) string {
	right := h.right
	if right == "" {
		right = kit.WithKeys("{why} why")
	}
	frees := h.frees.Key + " " + h.frees.Text + "  " + right
	switch {
	case text == "":
		return right
	case h.frees.ID != "" && h.right == "" && m.o.Region == nil && !m.o.Hide && kit.Width(frees) <= room && !strings.Contains(text, "; "+h.frees.Key+" ") && !strings.Contains(text, ". "+h.frees.Key+" "):
		return frees
	case kit.Width(right) <= room:
		return right
	}
	return ""
}

// headline finds what to say first: what was just told to the person, else the state.
func (m *Lab) headline() headline {
	s := m.sim()
	switch {
	case m.notice != "":
		return headline{sign: "·", style: kit.Strong, text: []string{m.notice}, calm: true}
	case m.stale:
		return headline{sign: "▲", style: kit.Busy, text: []string{kit.WithKeys("The file has changed. {over} reads it again; the run starts over. :deploy deploys it now, and the run goes on."), kit.WithKeys("The file has changed. {over} reads it again; the run starts over."), kit.WithKeys("The file has changed: {over} reads it")}, right: kit.WithKeys("{over} again")}
	}
	if r := s.Stopped(); r != nil {
		return headline{sign: "■", style: kit.Bad, text: []string{r.Error(), r.Message}}
	}
	return m.worstNow()
}

// worstNow is the worst thing that is true of the mapping shown, or of another one if that
// is worse.
func (m *Lab) worstNow() headline {
	s := m.sim()
	own, worst := m.worst(m.at, true)
	other, at := headline{}, -1
	for i := range s.Mappings {
		if i == m.at {
			continue
		}
		if h, rank := m.worst(i, false); !h.calm && (at < 0 || rank < worst) {
			other, at = h, i
			worst = min(worst, rank)
		}
	}
	switch id := ""; {
	case at < 0:
		return own
	case own.calm || worst < rankOf(own.claim):
		id = s.Config().Mappings[at].ID + ": "
		for i := range other.text {
			other.text[i] = id + other.text[i]
		}
		other.right, other.about, other.in = kit.WithKeys("{mapping} shows it"), pane.Subject{}, 0
		return other
	default:
		also := " " + kit.WithKeys("{mapping}: ") + s.Config().Mappings[at].ID + ", " + other.text[len(other.text)-1] + "."
		own.text = append([]string{own.text[0] + also, own.text[min(1, len(own.text)-1)] + also}, own.text...)
		return own
	}
}

// claim is one thing that the headline can say of a mapping.
type claim struct {
	name string
	// say gives what it says, if it is true of the mapping; false if not.
	say func(*teller) (headline, bool)
}

// claims are all that the headline can say of a mapping, the worst first. The last one
// is always true. It is set in init because its functions refer to it.
var claims []claim

func init() {
	claims = []claim{
		{"not delivered", newsOf(engine.KindDeliverFailed, "NOT DELIVERED")},
		{"not forwarded", newsOf(engine.KindForwardFailed, "NOT DELIVERED")},
		{"stopped as a loop", newsOf(engine.KindRecursive, "STOPPED AS A LOOP")},
		{"given up", (*teller).givenUp},
		{"moved to the DLQ", (*teller).movedToDeadLetters},
		{"lost", newsOf(engine.KindExpire, "LOST")},
		{"never called", (*teller).neverCalled},
		{"blocked", (*teller).blocked},
		{"throttled", (*teller).throttled},
		{"not read", (*teller).notAllowed},
		{"off", (*teller).off},
		{"group locked", (*teller).groupLocked},
		{"hidden after a failure", (*teller).hidden},
		{"received twice", (*teller).receivedTwice},
		{"not deleted", (*teller).notDeleted},
		{"reported in vain", (*teller).reportedInVain},
		{"missed", newsOf(engine.KindMiss, "NEVER READ")},
		{"refused at the source", newsOf(engine.KindReject, "REFUSED")},
		{"filtered out", (*teller).filteredOut},
		{"reads refused", newsOf(engine.KindReadThrottled, "READ LIMIT")},
		{"children wait", (*teller).childrenWait},
		{"falls behind", (*teller).fallsBehind},
		{"falls behind (queue)", (*teller).queueFallsBehind},
		{"taken for a repeat", newsOf(engine.KindDedup, "TAKEN FOR A REPEAT")},
		{"flows again", (*teller).flowsAgain},
		{"idle", (*teller).idle},
		{"flows", (*teller).flows},
	}
}

// rankOf is the place of a claim in the table: the lower, the worse.
func rankOf(name string) int {
	for i := range claims {
		if claims[i].name == name {
			return i
		}
	}
	return len(claims)
}

// worst finds the first claim that is true of a mapping. shown: it is the one on the
// screen, whose news are announced.
func (m *Lab) worst(mapping int, shown bool) (headline, int) {
	t := m.teller(mapping, shown)
	for i := range claims {
		if h, ok := claims[i].say(t); ok {
			h.claim = claims[i].name
			return h, i
		}
	}
	panic("no claim is true")
}

func itoa(n int) string { return strconv.Itoa(n) }
