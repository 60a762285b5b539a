package cmd

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"esmlab/engine/template"
	"esmlab/quiz/anki"
	"esmlab/quiz/card"
	"esmlab/quiz/deck"
	"esmlab/quiz/fact"
	"esmlab/quiz/progress"
	"esmlab/quiz/proof"
	"esmlab/quiz/session"
	"esmlab/ui/kit"
)

// shelf is a folder of notes, and those of its notes that were asked for.
type shelf struct {
	prefix string // of file names, as the person would write them
	fsys   fs.FS
	notes  []*card.Note
	files  []string // their names in fsys
}

// builtinDeck is what the built-in deck is called where notes are named.
const builtinDeck = "deck"

// isFolder tells whether a path is a folder.
func (w *Env) isFolder(path string) bool {
	if w.Dir == nil {
		return false
	}
	info, err := fs.Stat(w.Dir(path), ".")
	return err == nil && info.IsDir()
}

// shelves reads notes: files, folders, whole vaults, or the built-in deck.
func (w *Env) shelves(paths []string, o card.Options) ([]*shelf, error) {
	var out []*shelf
	for _, path := range paths {
		s := &shelf{}
		out = append(out, s)
		var err error
		switch {
		case path == builtinDeck:
			s.prefix, s.fsys = builtinDeck, deck.Files()
			s.notes, err = card.Open(s.fsys).Notes(".", o)
		case w.isFolder(path):
			s.prefix, s.fsys = path, w.Dir(path)
			s.notes, err = card.Open(s.fsys).Notes(".", o)
		default:
			root, name := w.vault(path)
			s.prefix, s.fsys = root, w.Dir(root)
			var n *card.Note
			if n, err = card.Open(s.fsys).Note(name, o); err == nil {
				s.notes = []*card.Note{n}
			}
		}
		switch {
		case errors.Is(err, fs.ErrNotExist):
			return nil, cannot("%s: there is no such note (a file, a folder, or deck for the built-in one)", path)
		case err != nil:
			return nil, cannot("%s: cannot be read: %v", path, rootCause(err))
		}
		s.name()
	}
	return out, nil
}

// vault gives the folder that a note's links are resolved in, and the note's
// name there: the vault around it, if it lies in one, else its own folder.
func (w *Env) vault(path string) (root, name string) {
	own, name := filepath.Split(path)
	if own == "" {
		own = "."
	}
	name = filepath.ToSlash(name)
	dir, inside := filepath.Clean(own), name
	for range 12 {
		if _, err := fs.Stat(w.Dir(dir), ".obsidian"); err == nil {
			return dir, inside
		}
		parent := filepath.Dir(dir)
		if parent == dir || filepath.Base(dir) == ".." || dir == "." {
			break
		}
		inside = filepath.Base(dir) + "/" + inside
		dir = parent
	}
	return filepath.Clean(own), name
}

// file gives the name of a note as the person would write it.
func (s *shelf) file(name string) string {
	if s.prefix == "." {
		return name
	}
	return filepath.ToSlash(filepath.Join(s.prefix, name))
}

// name puts these names into the notes.
func (s *shelf) name() {
	for _, n := range s.notes {
		s.files = append(s.files, n.File)
		n.File = s.file(n.File)
		for i := range n.Problems {
			n.Problems[i].File = n.File
		}
	}
}

// prover runs proofs whose scenarios may lie beside the notes.
func (s *shelf) prover() *proof.Prover {
	return &proof.Prover{Open: func(name string) ([]byte, error) { return fs.ReadFile(s.fsys, name) }}
}

// checkNotes gives what became of each callout, what could not be read, what
// is wrong with the cards, and the facts that the notes hold.
func (w *Env) checkNotes(path string) ([]finding, error) {
	shelves, err := w.shelves([]string{path}, card.Options{Units: true})
	if err != nil {
		return nil, err
	}
	out := []finding{}
	for _, s := range shelves {
		prover := s.prover()
		var all []*card.Card
		ids := map[string]string{}
		for _, n := range s.notes {
			from := len(out)
			for _, p := range n.Problems {
				out = append(out, wrong(n, p))
			}
			for _, c := range n.Callouts {
				out = append(out, finding{File: n.File, Line: c.Line, Col: 1, Level: "info", Card: c.Card,
					Message: fmt.Sprintf("[!%s] %s: %s", c.Type, short(c.Title), c.Became)})
			}
			if n.SkippedClozes > 0 {
				out = append(out, finding{File: n.File, Line: 1, Col: 1, Level: "info", Message: fmt.Sprintf("%d clozes were left alone", n.SkippedClozes), Right: "esmlab cards --cloze reads them"})
			}
			for i := range n.Cards {
				c := &n.Cards[i]
				all = append(all, c)
				place := fmt.Sprintf("%s:%d", n.File, c.Line)
				if other := ids[c.ID]; other != "" && !strings.HasPrefix(other, n.File+":") {
					out = append(out, wrong(n, card.Problem{Line: c.Line, Col: 1, Message: "the id ^" + c.ID + " is taken by " + other, Right: "an id of its own"}))
				}
				ids[c.ID] = place
				out = append(out, checkCard(n, c, prover)...)
			}
			for _, p := range factsOf(n) {
				f := p.Fact
				message := f.ID + ": " + f.Says
				if f.State != fact.Holds {
					message += " — " + f.State.String() + ": " + f.AWS
				}
				out = append(out, finding{File: n.File, Line: p.Line, Col: 1, Level: "info", Fact: f.ID, Message: message})
			}
			slices.SortStableFunc(out[from:], func(a, b finding) int { return a.Line - b.Line })
		}
		b := card.Weigh(all)
		if b.Cards > 0 {
			out = append(out, finding{File: path, Level: "info", Message: b.String()})
		}
		if b.TooLong() {
			out = append(out, finding{File: path, Message: "the key is the longest option too often", Right: fmt.Sprintf("in at most %d %% of the cards", card.MaxLongest)})
		}
	}
	return out, nil
}

func wrong(n *card.Note, p card.Problem) finding {
	return finding{File: n.File, Line: p.Line, Col: p.Col, Message: p.Message, Right: p.Right}
}

// checkCard gives what is wrong with a card, and whether it is proved.
func checkCard(n *card.Note, c *card.Card, prover *proof.Prover) []finding {
	var out []finding
	for _, p := range card.Check(c) {
		out = append(out, wrong(n, p))
	}
	if c.Dialect != card.CalloutOptions {
		if !strings.HasPrefix(string(c.Dialect), "callout") {
			out = append(out, finding{File: n.File, Line: c.Line, Col: 1, Level: "info", Card: c.ID,
				Message: fmt.Sprintf("%s %s: a card, %s", c.Dialect, short(card.Text(c.Title)), c.Kind)})
		}
		return out
	}
	if c.Proof == nil {
		return append(out, finding{File: n.File, Line: c.Line, Col: 1, Level: "info", Card: c.ID, Message: "not proved"})
	}
	res := prover.Prove(c)
	for _, p := range res.Problems {
		out = append(out, wrong(n, p))
	}
	if res.Proved {
		out = append(out, finding{File: n.File, Line: c.Line, Col: 1, Level: "info", Card: c.ID, Message: "proved"})
	}
	return out
}

// short keeps a title on one line of a report.
func short(s string) string {
	s = strings.Join(strings.Fields(s), " ")
	if r := []rune(s); len(r) > 60 {
		return string(r[:59]) + "…"
	}
	return s
}

func cardsCommand(w *Env) *cobra.Command {
	var asAnki, asBasic, asJSON, cloze, orphans bool
	c := &cobra.Command{
		Use:   "cards [NOTES…]",
		Short: "The cards of the built-in deck, or of your notes",
		Long: "Lists the questions in Markdown notes: files, folders or whole vaults; without a name, those\n" +
			"of the built-in deck. Notes are only read. --anki writes text that Anki imports: the card's id\n" +
			"is the first field, so importing again updates cards and keeps their schedule. --orphans lists the\n" +
			"questions that you were asked and that stand in these notes no more: their id is gone, or they are.",
		RunE: func(_ *cobra.Command, args []string) error {
			if len(args) == 0 {
				args = []string{builtinDeck}
			}
			shelves, err := w.shelves(args, card.Options{Cloze: cloze})
			if err != nil {
				return err
			}
			if orphans {
				return w.orphans(shelves)
			}
			var all []*card.Card
			files := map[*card.Card]string{}
			for _, s := range shelves {
				for _, n := range s.notes {
					for _, p := range n.Problems {
						fmt.Fprintln(w.Err, line(n.File, p))
					}
					for i := range n.Cards {
						all = append(all, &n.Cards[i])
						files[&n.Cards[i]] = n.File
					}
				}
			}
			switch {
			case asAnki || asBasic:
				return anki.Write(w.Out, all, anki.Options{Basic: asBasic})
			case asJSON:
				return listJSON(w, all, files)
			}
			for _, c := range all {
				fmt.Fprintf(w.Out, "%s:%d: %s, %s ^%s\n", template.Clean(files[c]), c.Line, short(card.Text(c.Title)), c.Kind, c.ID)
			}
			if len(all) == 0 {
				fmt.Fprintln(w.Err, "no cards (docs/cards.md says how they are written)")
			}
			return nil
		},
	}
	c.Flags().BoolVar(&asAnki, "anki", false, "write text for Anki with five columns: id, front, back, deck, tags")
	c.Flags().BoolVar(&asBasic, "anki-basic", false, "write text for Anki's own note type Basic, without ids")
	c.Flags().BoolVar(&asJSON, "json", false, "print the cards as JSON")
	c.Flags().BoolVar(&cloze, "cloze", false, "make cards of ==marked== parts too")
	c.Flags().BoolVar(&orphans, "orphans", false, "list the questions that you were asked and that are gone")
	c.MarkFlagsMutuallyExclusive("anki", "anki-basic", "json", "orphans")
	return c
}

// orphans lists the questions that were asked and that stand in these notes no
// more.
func (w *Env) orphans(shelves []*shelf) error {
	var refs []progress.Ref
	var files []string
	for _, s := range shelves {
		files = append(files, s.files...)
		for _, n := range s.notes {
			for i := range n.Cards {
				refs = append(refs, session.FromCard(&n.Cards[i]).Ref)
			}
		}
	}
	store := w.progress()
	store.Refresh()
	for _, n := range store.Notes() {
		fmt.Fprintln(w.Err, n)
	}
	gone := store.Orphans(refs, files)
	for _, r := range gone {
		fmt.Fprintf(w.Out, "%s: %s, asked %s ^%s\n", template.Clean(r.File), short(template.Clean(r.Text)), kit.Count(len(store.Card(r.ID).Reviews), "time"), template.Clean(r.ID))
	}
	if len(gone) == 0 {
		fmt.Fprintln(w.Err, "every question that you were asked still stands in these notes")
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
	enc := json.NewEncoder(w.Out)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	return enc.Encode(list)
}
