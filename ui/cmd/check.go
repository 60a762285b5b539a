package cmd

import (
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"esmlab/engine/finding"
	"esmlab/engine/scenario"
	"esmlab/engine/template"
	"esmlab/quiz/card"
	"esmlab/quiz/fact"
	"esmlab/ui/kit"
)

// found is one thing that `check` found.
type found struct {
	File     string `json:"file"`
	Line     int    `json:"line"`
	Col      int    `json:"col"`
	ID       string `json:"id,omitempty"`       // the kind of finding, or what the refusal is called
	Severity string `json:"severity,omitempty"` // error, warning or advice
	On       string `json:"on,omitempty"`       // the logical id of what it is about
	Code     string `json:"code,omitempty"`
	Message  string `json:"message"`
	Right    string `json:"right,omitempty"`
	Fix      string `json:"fix,omitempty"`     // a fragment of the template
	Source   string `json:"source,omitempty"`  // AWS's page
	Ignored  string `json:"ignored,omitempty"` // the reason for which the file silences it
	Level    string `json:"level,omitempty"`   // info: nothing is wrong
	Card     string `json:"card,omitempty"`
	Fact     string `json:"fact,omitempty"`
	Proof    *proof `json:"proof,omitempty"`

	Expectation bool `json:"-"` // it is about one that does not hold
	Refused     bool `json:"-"` // AWS or esmlab refuses it

	state fact.State // of the fact
}

// proof is what came of running a finding's world.
type proof struct {
	Bites bool    `json:"bites"`
	At    float64 `json:"at,omitempty"` // seconds
	Watch string  `json:"watch,omitempty"`
	Why   string  `json:"why,omitempty"` // there is no run, or it did not bite
}

// String writes one of them for people, on one line.
func (f *found) String() string {
	code := f.Code
	switch {
	case f.Ignored != "":
		return template.Error{File: f.File, Line: f.Line, Col: f.Col, Code: "ignored: " + f.ID, Message: f.Ignored}.Error()
	case f.ID != "" && !f.Refused:
		code = f.Severity + ": " + f.ID
	}
	text := template.Error{File: f.File, Line: f.Line, Col: f.Col, Code: code, Message: f.Message, Right: f.Right}.Error()
	if f.Source != "" {
		text += " " + f.Source
	}
	return text
}

// checkOptions are the flags of `check`.
type checkOptions struct {
	run         runOptions
	json, sarif bool
	prove       bool
	failOn      string
	fails       func(*found) bool
}

func checkCommand(w *Env) *cobra.Command {
	o := &checkOptions{}
	c := &cobra.Command{
		Use:   "check PATH…",
		Short: "Check templates, notes, decks and lessons: what is wrong, by line",
		Long: "A template: what AWS or esmlab would refuse, which of its expectations fail, and what AWS accepts\n" +
			"but goes wrong in production: each finding with its severity, id, place, fix and AWS's page.\n" +
			"--prove runs the world of each finding, in which it bites, and fails if one does not;\n" +
			"`esmlab lab --finding ID FILE` opens it just before. A comment `# esmlab: ignore ID reason`\n" +
			"beside a resource, or Metadata.esmlab.ignore, silences a finding. Notes (Markdown files, folders,\n" +
			"vaults, or deck for the built-in one): what each callout became, what could not be read, whether\n" +
			"the cards follow the rules in docs/cards.md, whether their proofs hold, and which facts on the\n" +
			"coverage list they state. Lessons (files such as 02-name.md, their folders, or lessons for the\n" +
			"built-in ones): each is played in every way it names, by the rules in docs/lessons.md.\n" +
			"Exit code 0: nothing that --fail-on names; 1: something; 2: a file cannot be read.",
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) == 0 {
				return cannot("esmlab check: which file? (a template, notes or lessons; deck or lessons for the built-in ones)")
			}
			return nil
		},
		RunE: func(c *cobra.Command, args []string) error {
			if o.json && o.sarif {
				return cannot("esmlab check: --json and --sarif both write to standard output (one of them)")
			}
			severity, ok := finding.SeverityOf(o.failOn)
			if !ok && o.failOn != "never" {
				return cannot("esmlab check: --fail-on cannot be %s (error, warning, advice or never)", o.failOn)
			}
			o.fails = func(f *found) bool {
				if f.Proof != nil && !f.Proof.Bites && f.Proof.Why == didNotBite {
					return true
				}
				if f.Ignored != "" || f.Level != "" || f.Severity != "" && o.failOn == "never" {
					return false
				}
				own, known := finding.SeverityOf(f.Severity)
				return !known || own >= severity
			}
			all, unreadable := []found{}, false
			for _, path := range args {
				check := func() ([]found, bool, error) { return w.check(path, o) }
				if w.holdsLessons(path) {
					check = func() ([]found, bool, error) { return w.checkLessons(path) }
				} else if src, ok := w.talk(path); ok {
					check = func() ([]found, bool, error) { return w.checkTalk(path, src) }
				} else if w.notes().InDeck(path) || card.IsNote(path) {
					check = func() ([]found, bool, error) { return w.checkNotes(path) }
				} else if w.user().IsFolder(path) || o.run.stack != "" {
					check = func() ([]found, bool, error) { return w.checkFolder(path, o) }
				}
				list, cannotRead, err := check()
				if err != nil {
					return err
				}
				all = append(all, list...)
				unreadable = unreadable || cannotRead
			}
			if err := w.tell(all, o); err != nil {
				return err
			}
			switch {
			case unreadable:
				return &exit{exitCannot, ""}
			case slices.ContainsFunc(all, func(f found) bool { return o.fails(&f) }):
				return &exit{exitFailed, ""}
			}
			return nil
		},
	}
	o.run.flags(c)
	c.Flags().BoolVar(&o.json, "json", false, "print what was found as JSON")
	c.Flags().BoolVar(&o.sarif, "sarif", false, "print what was found as SARIF, which code hosts show beside the lines")
	c.Flags().BoolVar(&o.prove, "prove", false, "run the world of each finding, in which it bites")
	c.Flags().StringVar(&o.failOn, "fail-on", "warning", "the least `SEVERITY` of a finding that gives exit code 1: error, warning, advice or never")
	return c
}

// tell prints what was found.
func (w *Env) tell(all []found, o *checkOptions) error {
	switch {
	case o.json:
		return w.json(all)
	case o.sarif:
		return w.json(sarif(all))
	}
	count, proved := map[string]int{}, false
	for i := range all {
		f := &all[i]
		if _, err := fmt.Fprintln(w.Out, f.String()); err != nil {
			return err
		}
		if f.Severity != "" && f.Ignored == "" {
			count[f.Severity]++
		}
		switch {
		case f.Proof == nil:
			continue
		case f.Proof.Bites:
			fmt.Fprintf(w.Out, "  bites at second %s: %s\n", strconv.FormatFloat(f.Proof.At, 'f', -1, 64), f.Proof.Watch)
		default:
			fmt.Fprintf(w.Out, "  %s\n", f.Proof.Why)
		}
		proved = true
	}
	switch {
	case len(all) == 0:
		fmt.Fprintln(w.Out, "nothing found")
	case len(count) > 0:
		var words []string
		for _, s := range []string{"error", "warning"} {
			if count[s] > 0 {
				words = append(words, kit.Count(count[s], s))
			}
		}
		if n := count["advice"]; n > 0 {
			words = append(words, strconv.Itoa(n)+" advice")
		}
		text := kit.Count(count["error"]+count["warning"]+count["advice"], "finding") + ": " + strings.Join(words, ", ")
		if !proved {
			text += " (--prove runs each until it bites; esmlab lab --finding ID FILE shows it)"
		}
		fmt.Fprintln(w.Out, text)
	case !slices.ContainsFunc(all, func(f found) bool { return o.fails(&f) }):
		fmt.Fprintln(w.Out, allWell(all))
	}
	return nil
}

const didNotBite = "it did not bite in its world"

// prove runs the world of a finding.
func prove(f *finding.Finding) *proof {
	p, err := f.Prove()
	switch {
	case f.World == nil:
		return &proof{Why: err.Error()}
	case err != nil:
		return &proof{Why: didNotBite, Watch: err.Error()}
	case !p.Bit:
		return &proof{Why: didNotBite, At: p.At.Seconds()}
	}
	return &proof{Bites: true, At: p.At.Seconds(), Watch: f.World.Watch}
}

// allWell is the last line where nothing has to be mended. What AWS has changed since a
// note was written is named, though it was right once.
func allWell(all []found) string {
	changed := 0
	for i := range all {
		if all[i].state == fact.Changed {
			changed++
		}
	}
	if changed > 0 {
		return fmt.Sprintf("no card is wrong; AWS has changed %s since this was written", kit.Count(changed, "fact"))
	}
	return "nothing is wrong"
}

// check reads one template and judges its expectations; unreadable: AWS or esmlab
// would refuse it.
func (w *Env) check(path string, o *checkOptions) (list []found, unreadable bool, err error) {
	src, file, err := w.user().Source(path)
	if err != nil {
		return nil, false, err
	}
	sc, err := w.user().Read(file, src, o.run.changes())
	if wrong := (template.Errors)(nil); errors.As(err, &wrong) {
		for _, e := range wrong {
			list = append(list, found{File: e.File, Line: e.Line, Col: e.Col, ID: e.ID(), Refused: true, Code: e.Code, Message: e.Message, Right: e.Right})
		}
		return list, true, nil
	}
	if err != nil {
		return nil, false, err
	}
	r, err := scenario.NewRunner(sc, nil)
	if err != nil {
		return nil, false, cannot("%s: %v", file, err)
	}
	r.Advance(r.End())
	for i, res := range r.Results {
		if res.OK == nil || *res.OK {
			continue
		}
		message := "the expectation does not hold: " + res.That
		if res.Error != "" {
			message += ": " + res.Error
		}
		right := ""
		for _, saw := range res.Saw {
			right += saw.String() + "; "
		}
		if len(right) > 2 {
			right = right[:len(right)-2]
		}
		list = append(list, found{File: file, Line: sc.Expect[i].Line, Col: sc.Expect[i].Col, Message: message, Right: right, Expectation: true})
	}
	findings := w.user().Findings(sc)
	for i := range findings {
		f := &findings[i]
		x := found{File: file, Line: f.Line, Col: f.Col, ID: f.Kind.ID, Severity: f.Severity.String(), On: f.On, Message: f.Sentence, Right: f.Right, Fix: f.Fix, Source: f.Source, Ignored: f.Ignored}
		if o.prove && f.Ignored == "" {
			x.Proof = prove(f)
		}
		list = append(list, x)
	}
	return list, false, nil
}

// checkFolder checks what is in a folder: all templates with a mapping but those in which
// cards are proved, and the notes with cards.
func (w *Env) checkFolder(path string, o *checkOptions) (list []found, unreadable bool, err error) {
	templates, none := w.user().LocateAll(path, o.run.stack)
	worlds, cards := map[string]bool{}, false
	if o.run.stack == "" {
		folders, err := w.notes().Read([]string{path}, card.Options{})
		for i := range folders {
			if err == nil && folders[i].HasCards() {
				cards = true
				folders[i].Worlds(worlds)
			}
		}
	}
	for _, name := range templates {
		if worlds[filepath.ToSlash(name)] {
			continue
		}
		of, cannotRead, err := w.check(name, o)
		if err != nil {
			return nil, false, err
		}
		list, unreadable = append(list, of...), unreadable || cannotRead
	}
	if !cards {
		return list, unreadable, none
	}
	of, cannotRead, err := w.checkNotes(path)
	return append(list, of...), unreadable || cannotRead, err
}

// checkNotes checks a note, a folder of notes, or the built-in deck.
func (w *Env) checkNotes(path string) (list []found, unreadable bool, err error) {
	checked, err := w.notes().Check(path)
	if err != nil {
		return nil, false, cannot("%v", err)
	}
	for _, f := range checked {
		x := found{File: f.File, Line: f.Line, Col: f.Col, Code: f.Check, Message: f.Message, Right: f.Right, Card: f.Card, Fact: f.Fact, state: f.State}
		if f.Info {
			x.Level = "info"
		}
		list = append(list, x)
	}
	return list, false, nil
}
