package cmd

import (
	"fmt"
	"slices"

	"github.com/spf13/cobra"

	"esmlab/engine/scenario"
	"esmlab/engine/template"
	"esmlab/quiz/card"
	"esmlab/quiz/notes"
)

// finding is one thing that `check` found.
type finding struct {
	File    string `json:"file"`
	Line    int    `json:"line"`
	Col     int    `json:"col"`
	Code    string `json:"code,omitempty"`
	Message string `json:"message"`
	Right   string `json:"right,omitempty"`
	Source  string `json:"source,omitempty"` // AWS's page
	Level   string `json:"level,omitempty"`  // info: nothing is wrong
	Card    string `json:"card,omitempty"`
	Fact    string `json:"fact,omitempty"`
}

func checkCommand(w *Env) *cobra.Command {
	o := &runOptions{}
	asJSON := false
	c := &cobra.Command{
		Use:   "check PATH…",
		Short: "Check templates, notes, decks and lessons: what is wrong, by line",
		Long: "A template: what AWS or esmlab would refuse, which of its expectations fail, and what AWS accepts\n" +
			"but goes wrong in production, with the fix and AWS's page. Notes (Markdown files, folders, vaults,\n" +
			"or deck for the built-in one): what each callout became, what could not be read, whether the cards\n" +
			"follow the rules in docs/cards.md, whether their proofs hold, and which facts on the coverage list\n" +
			"they state. Lessons (files such as 02-name.md, their folders, or lessons for the built-in ones):\n" +
			"each is played in every way it names, by the rules in docs/lessons.md.",
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) == 0 {
				return cannot("esmlab check: which file? (a template, notes or lessons; deck or lessons for the built-in ones)")
			}
			return nil
		},
		RunE: func(c *cobra.Command, args []string) error {
			all, unreadable := []finding{}, false
			for _, path := range args {
				check := func() ([]finding, bool, error) { return w.check(path, o) }
				if w.holdsLessons(path) {
					check = func() ([]finding, bool, error) { return w.checkLessons(path) }
				} else if path == notes.Deck || card.IsNote(path) || path != "-" && w.notes().IsFolder(path) {
					check = func() ([]finding, bool, error) { return w.checkNotes(path) }
				}
				found, cannotRead, err := check()
				if err != nil {
					return err
				}
				all = append(all, found...)
				unreadable = unreadable || cannotRead
			}
			if asJSON {
				if err := w.json(all); err != nil {
					return err
				}
			} else {
				for _, f := range all {
					text := template.Error{File: f.File, Line: f.Line, Col: f.Col, Code: f.Code, Message: f.Message, Right: f.Right}.Error()
					if f.Source != "" {
						text += " " + f.Source
					}
					if _, err := fmt.Fprintln(w.Out, text); err != nil {
						return err
					}
				}
			}
			switch {
			case unreadable:
				return &exit{exitCannot, ""}
			case slices.ContainsFunc(all, func(f finding) bool { return f.Level == "" }):
				return &exit{exitFailed, ""}
			}
			if !asJSON {
				fmt.Fprintln(w.Out, map[bool]string{true: "nothing found", false: "nothing is wrong"}[len(all) == 0])
			}
			return nil
		},
	}
	o.flags(c)
	c.Flags().BoolVar(&asJSON, "json", false, "print the findings as JSON")
	return c
}

// check reads one template and judges its expectations; unreadable: AWS or esmlab
// would refuse it.
func (w *Env) check(path string, o *runOptions) (found []finding, unreadable bool, err error) {
	src, file, err := w.user().Source(path)
	if err != nil {
		return nil, false, err
	}
	if _, err := scenario.Read(file, src, scenario.Options{Open: w.user().Beside(file)}); err != nil {
		for _, e := range err.(template.Errors) { // Read gives no other error
			found = append(found, finding{File: e.File, Line: e.Line, Col: e.Col, Code: e.Code, Message: e.Message, Right: e.Right})
		}
		return found, true, nil
	}
	sc, err := w.user().Read(file, src, o.changes())
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
		found = append(found, finding{File: file, Line: sc.Expect[i].Line, Col: sc.Expect[i].Col, Message: message, Right: right})
	}
	for _, a := range sc.Advice() {
		found = append(found, finding{File: file, Line: a.Line, Col: a.Col, Message: a.Message, Right: a.Right, Source: a.Source})
	}
	return found, false, nil
}

// checkNotes checks a note, a folder of notes, or the built-in deck.
func (w *Env) checkNotes(path string) (found []finding, unreadable bool, err error) {
	list, err := w.notes().Check(path)
	if err != nil {
		return nil, false, cannot("%v", err)
	}
	for _, f := range list {
		x := finding{File: f.File, Line: f.Line, Col: f.Col, Message: f.Message, Right: f.Right, Card: f.Card, Fact: f.Fact}
		if f.Info {
			x.Level = "info"
		}
		found = append(found, x)
	}
	return found, false, nil
}
