package cmd

import (
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"esmlab/engine/printable"
	"esmlab/engine/template"
	"esmlab/quiz/anki"
	"esmlab/quiz/card"
	"esmlab/quiz/notes"
	"esmlab/quiz/progress"
	"esmlab/quiz/session"
	"esmlab/ui/kit"
	"esmlab/ui/user"
)

// notes is where a command finds notes.
func (w *Env) notes() notes.Files { return w.user().Notes() }

func cardsCommand(w *Env) *cobra.Command {
	var asBasic, asJSON, cloze, orphans bool
	asAnki := ""
	c := &cobra.Command{
		Use:   "cards [NOTES…]",
		Short: "The cards in the built-in deck, or in your notes",
		Long: "Lists the questions in Markdown notes: files, folders or whole vaults; without a name, those\n" +
			"in the built-in deck. Notes are only read. --anki=deck.apkg writes a package that Anki imports,\n" +
			"with its note types and the images; --anki alone writes text, for a note type that you make first\n" +
			"(docs/cards.md). The card's id is the first field, so importing again updates cards and keeps\n" +
			"their schedule. --orphans lists the questions you were asked that are no longer in these notes:\n" +
			"their id changed, or they are gone.",
		RunE: func(_ *cobra.Command, args []string) error {
			if asAnki == ankiText && len(args) > 0 && isPackage(args[0]) { // --anki deck.apkg, without =
				asAnki, args = args[0], args[1:]
			}
			if len(args) == 0 {
				args = []string{notes.Deck}
			}
			folders, err := w.notes().Read(args, card.Options{Cloze: cloze})
			if err != nil {
				return cannot("%v", err)
			}
			if orphans {
				return w.orphans(folders)
			}
			var all []*card.Card
			files := map[*card.Card]string{}
			assets := map[*card.Card]func(name string) ([]byte, bool){}
			for _, s := range folders {
				for k, n := range s.Notes {
					for _, p := range n.Problems {
						fmt.Fprintln(w.Err, line(n.File, p))
					}
					for i := range n.Cards {
						all = append(all, &n.Cards[i])
						files[&n.Cards[i]] = n.File
						assets[&n.Cards[i]] = func(name string) ([]byte, bool) { return s.Asset(s.Names[k], name) }
					}
				}
			}
			switch {
			case isPackage(asAnki):
				return w.ankiPackage(asAnki, all, func(c *card.Card, name string) ([]byte, bool) { return assets[c](name) })
			case asAnki != "" && asAnki != ankiText:
				return cannot("esmlab cards: %s is not a package for Anki (a name that ends in .apkg, or --anki alone for text)", asAnki)
			case asAnki != "" || asBasic:
				return anki.Write(w.Out, all, anki.Options{Basic: asBasic})
			case asJSON:
				return listJSON(w, all, files)
			}
			for _, c := range all {
				fmt.Fprintf(w.Out, "%s:%d: %s, %s ^%s\n", printable.Line(files[c]), c.Line, notes.Short(card.Text(c.Title)), c.Kind, c.ID)
			}
			if len(all) == 0 {
				fmt.Fprintln(w.Err, "no cards (docs/cards.md says how they are written)")
			}
			return nil
		},
	}
	c.Flags().StringVar(&asAnki, "anki", "", "write a package for Anki (--anki=deck.apkg), or text for the note type esmlab: id, front, back, deck, tags")
	c.Flags().Lookup("anki").NoOptDefVal = ankiText
	c.Flags().BoolVar(&asBasic, "anki-basic", false, "write text for Anki's own note types Basic and Cloze, without ids")
	c.Flags().BoolVar(&asJSON, "json", false, "print the cards as JSON")
	c.Flags().BoolVar(&cloze, "cloze", false, "make cards of ==marked== parts too")
	c.Flags().BoolVar(&orphans, "orphans", false, "list the questions you were asked that are gone")
	c.MarkFlagsMutuallyExclusive("anki", "anki-basic", "json", "orphans")
	return c
}

// ankiText is --anki without a file.
const ankiText = "text"

// isPackage reports whether a name is that of a package for Anki.
func isPackage(name string) bool { return strings.HasSuffix(strings.ToLower(name), ".apkg") }

// ankiPackage writes a package.
func (w *Env) ankiPackage(name string, cards []*card.Card, media anki.Media) error {
	f, err := w.Create(name)
	if err != nil {
		return cannot("%s: cannot be written: %v", name, user.RootCause(err))
	}
	err = anki.Package(f, cards, media, w.now())
	if closed := f.Close(); err == nil {
		err = closed
	}
	if err != nil {
		return cannot("%s: cannot be written: %v", name, user.RootCause(err))
	}
	fmt.Fprintf(w.Err, "%s: %s. In Anki: File, Import.\n", printable.Line(name), kit.Count(len(cards), "card"))
	return nil
}

// orphans lists the questions that were asked and that stand in these notes no
// more.
func (w *Env) orphans(folders []*notes.Folder) error {
	var refs []progress.Ref
	var files []string
	for _, s := range folders {
		files = append(files, s.Names...)
		for _, n := range s.Notes {
			for i := range n.Cards {
				refs = append(refs, session.FromCard(&n.Cards[i]).Ref)
			}
		}
	}
	store := w.user().Progress()
	store.Refresh()
	for _, n := range store.Notes() {
		fmt.Fprintln(w.Err, n)
	}
	gone := store.Orphans(refs, files)
	for _, r := range gone {
		fmt.Fprintf(w.Out, "%s: %s, asked %s ^%s\n", printable.Line(r.File), notes.Short(printable.Line(r.Text)), kit.Count(len(store.Card(r.ID).Reviews), "time"), printable.Line(r.ID))
	}
	if len(gone) == 0 {
		fmt.Fprintln(w.Err, "every question you were asked is still in these notes")
	}
	return nil
}

func line(file string, p card.Problem) string {
	return template.Error{File: file, Line: p.Line, Col: p.Col, Message: p.Message, Right: p.Right}.Error()
}

func listJSON(w *Env, all []*card.Card, files map[*card.Card]string) error {
	type option struct {
		N     int    `json:"n"`
		Text  string `json:"text"`
		Right bool   `json:"right"`
	}
	type entry struct {
		ID      string   `json:"id"`
		File    string   `json:"file"`
		Line    int      `json:"line"`
		Kind    string   `json:"kind"`
		Asks    string   `json:"asks"`
		Deck    string   `json:"deck,omitempty"`
		Tags    []string `json:"tags"`
		Options []option `json:"options,omitempty"`
	}
	list := []entry{}
	for _, c := range all {
		e := entry{ID: c.ID, File: files[c], Line: c.Line, Kind: c.Kind.String(), Asks: card.Text(c.Title), Deck: c.Deck, Tags: append([]string{}, c.Tags...)}
		for _, o := range c.Options {
			e.Options = append(e.Options, option{o.N, card.Text(o.Text), o.Right})
		}
		list = append(list, e)
	}
	return w.json(list)
}
