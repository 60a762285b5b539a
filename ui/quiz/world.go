package quiz

import (
	"esmlab/quiz/proof"

	"encoding/json"
	"errors"
	"strings"

	tea "charm.land/bubbletea/v2"

	"esmlab/engine"
	"esmlab/engine/query"
	"esmlab/engine/scenario"
	"esmlab/engine/share"
	"esmlab/engine/timeline"
	"esmlab/ui/kit"
	"esmlab/ui/lab"
)

// scene is where the lab opens on a card's world: the last change before what
// was asked is decided.
type scene struct {
	sc      *scenario.Scenario
	steps   int64 // of the engine, up to there
	pane    int   // that shows it
	mapping string
	decided bool // there is such an instant; else the run's end is shown
}

var (
	errNoWorld = errors.New("no run proves this card; it rests on its source")
	errNever   = errors.New("no world makes that option right: its reason says why")
)

// right is the number by which world and scene know an entry's own world, in
// which the key is right. Any other is the world of that option.
const right = proof.Own

// world gives the world of an entry, or of its option n, with what is asked of
// it: show is the question at whose turning true it is decided, or nil.
func (e *Entry) world(n int) (sc *scenario.Scenario, show, until *query.Query, end engine.Micros, asks []string, err error) {
	if e.item != nil {
		src := e.item.Template
		if n != right {
			src = e.item.Options[n-1].World.Template()
		}
		if sc, err = scenario.Read("drill.yaml", []byte(src), scenario.Options{}); err != nil {
			return nil, nil, nil, 0, nil, err
		}
		sc.Name = "drill " + e.item.Family.Name
		return sc, nil, nil, sc.Config.For, []string{e.item.Expr}, nil
	}
	p := e.Card.Proof
	if p == nil || e.Prover == nil {
		return nil, nil, nil, 0, nil, errNoWorld
	}
	w, err := e.Prover.World(e.Card, n)
	if err != nil {
		return nil, nil, nil, 0, nil, err
	}
	end = w.Scenario.Config.For
	if w.HasAt {
		end = w.At
	}
	if asks = []string{p.Ask}; p.Ask == "" {
		asks = nil
	}
	for _, k := range p.Options {
		if k.That != "" {
			asks = append(asks, k.That)
		}
	}
	if n != right { // where the card opens says nothing of another world
		w.Show = nil
	}
	return w.Scenario, w.Show, w.When, end, asks, nil
}

// optionWorld gives the number by which the world of option n is known: its own,
// or the entry's where the option is right. The error says why there is none.
func (e *Entry) optionWorld(n int) (int, error) {
	switch o := e.Card.Option(n); {
	case e.item != nil:
		return n, nil
	case e.Card.Proof == nil:
		return 0, errNoWorld
	case o.Right:
		return right, nil
	case e.Card.Proof.Claim(n) == nil || e.Card.Proof.Claim(n).In == nil:
		return 0, errNever
	}
	return n, nil
}

// scene finds where an entry's world is to be opened, by running it: where
// `show` turns true, else where what is asked gets the value it then keeps.
func (e *Entry) scene(n int) (scene, error) {
	sc, show, until, end, asks, err := e.world(n)
	if err != nil {
		return scene{}, err
	}
	out := scene{sc: sc}
	out.pane, out.mapping = subject(sc, show, asks)
	var queries []*query.Query
	for _, text := range asks {
		q, err := query.CompileValue(text, sc.Config)
		if err != nil {
			return scene{}, err
		}
		queries = append(queries, q)
	}
	s, err := engine.New(sc.Config)
	if err != nil {
		return scene{}, err
	}
	w := query.NewWorld(s, append([]*query.Query{show, until}, queries...)...)
	seen, was := int64(0), values(w, queries) // the last visible change; what is asked there
	var buf []engine.Event
	for s.NextAt() <= end && s.Step() {
		buf = s.DrainInto(buf)
		if len(buf) == 0 {
			continue
		}
		w.Observe(buf)
		if show != nil {
			if yes, err := show.Eval(w); yes && err == nil {
				out.steps, out.decided = seen, true
				return out, nil
			}
		} else if now := values(w, queries); now != was {
			out.steps, out.decided, was = seen, true, now
		}
		for i := range buf {
			if timeline.StopOf(&buf[i])&timeline.Visible != 0 {
				seen = s.Steps()
			}
		}
		if until != nil {
			if yes, err := until.Eval(w); yes && err == nil {
				break
			}
		}
	}
	if !out.decided {
		out.steps = seen
	}
	return out, nil
}

// values are what questions are answered with now, as text to compare.
func values(w *query.World, queries []*query.Query) string {
	var b strings.Builder
	for _, q := range queries {
		v, err := q.Value(w)
		if err != nil {
			b.WriteString("?\n")
			continue
		}
		text, _ := json.Marshal(v) // what cannot be written is equal to itself
		b.Write(text)
		b.WriteByte('\n')
	}
	return b.String()
}

// panes are the lab's panes by what a question asks for first.
var panes = []struct {
	call string
	pane int
}{{"discards", 4}, {"destination", 4}, {"iterator", 2}, {"stream", 1}, {"invocations", 3}, {"function", 3}, {"record", 1}, {"mapping", 2}}

// subject tells which pane and which mapping a question is about.
func subject(sc *scenario.Scenario, show *query.Query, asks []string) (pane int, mapping string) {
	text := strings.Join(asks, "\n")
	if show != nil {
		text = show.Text + "\n" + text
	}
	first := len(text)
	for _, p := range panes {
		if i := strings.Index(text, p.call+"("); i >= 0 && i < first {
			first, pane = i, p.pane
		}
	}
	for _, q := range sc.Config.Queues { // a queue that a mapping reads is the first pane, any other one the fourth
		i := strings.Index(text, `queue("`+q.ID+`"`)
		if i < 0 || i >= first {
			continue
		}
		first, pane = i, 4
		for _, m := range sc.Config.Mappings {
			if m.Source == q.ID {
				pane = 1
			}
		}
	}
	first = len(text)
	for _, m := range sc.Config.Mappings {
		if i := strings.Index(text, `("`+m.ID+`"`); i >= 0 && i < first {
			first, mapping = i, m.ID
		}
	}
	return pane, mapping
}

// see opens the lab on the world of an entry, or of its option n. It reads and
// runs that world first, in a command. Then shown is called, nil: nothing more;
// failed says why there is none.
func (s *screen) see(e *Entry, n int, shown func(), failed func(error) tea.Cmd) tea.Cmd {
	return s.screens.Load(kit.Opening{Name: "the run", Read: func() (func() error, error) {
		sc, err := e.scene(n)
		return func() error {
			l, err := s.newLab(e, n, sc)
			if err != nil {
				return err
			}
			if shown != nil {
				shown()
			}
			s.screens.Open(l)
			return nil
		}, err
	}}, failed)
}

// seeOption opens the lab on the world of the option at a place of a sheet,
// from 1.
func (s *screen) seeOption(sh *sheet, place int, failed func(error) tea.Cmd) tea.Cmd {
	n, err := sh.e.optionWorld(sh.options[place-1])
	if err != nil {
		return failed(err)
	}
	return s.see(sh.e, n, nil, failed)
}

// showError puts an error in the headline.
func (s *screen) showError(err error) tea.Cmd {
	s.notice = kit.Capitalize(err.Error())
	return nil
}

// newLab makes the lab of a scene, and puts it where something happens.
func (s *screen) newLab(e *Entry, n int, sc scene) (*lab.Lab, error) {
	world := share.WorldOf(sc.sc)
	l, err := lab.New(s.screens, lab.Options{Scenario: &lab.Scenario{Name: sc.sc.Name, Title: name(e.Card), About: sc.sc.About, Config: sc.sc.Config, Notes: sc.sc.Notes, World: &world},
		Message: s.o.Message, Stopped: true, Mapping: sc.mapping, Focus: sc.pane, Uncopied: e.notCopyable(n), Sharing: s.o.Sharing})
	if err != nil {
		return nil, err
	}
	l.Timeline().SeekStep(sc.steps)
	l.Say(kit.WithKeys("Just before it is decided: {next} shows it happen, {back} goes back"))
	if n != right {
		l.Say("Here it is “" + kit.Cut(oneLine(e.Card.Option(n).Text), 40) + kit.WithKeys("”: {next} shows it happen, {back} goes back"))
	}
	if !sc.decided {
		l.Say(kit.WithKeys("The run is at its end: {prev} goes back through it, {back} to the card"))
	}
	return l, nil
}

// notCopyable says why no command line opens the world of a question, or of its option n:
// no template holds it.
func (e *Entry) notCopyable(n int) string {
	if e.item != nil {
		return "This run was made for the question: no template holds it"
	}
	if _, ok := scenario.Builtin(e.Card.Proof.Scenario); !ok || e.Card.Proof.World != nil || n != right {
		return "The card changes the scenario: no command line opens it as it is here"
	}
	return ""
}
