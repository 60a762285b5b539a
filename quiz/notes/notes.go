// Package notes reads a person's notes, as files, folders and whole vaults, and
// says what is wrong with the cards in them. Notes are only ever read.
package notes

import (
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"esmlab/quiz/card"
	"esmlab/quiz/fact"
	"esmlab/quiz/proof"
)

// Deck is what the built-in deck is called where notes are named.
const Deck = "deck"

// Files is where notes are found.
type Files struct {
	Dir  func(path string) fs.FS // a folder; nil: there are none
	Deck fs.FS                   // the built-in deck
}

// Folder is a folder, and those of its notes that were asked for.
type Folder struct {
	Prefix string // of file names, as the person would write them
	FS     fs.FS
	Notes  []*card.Note
	Names  []string          // of the notes in FS
	assets map[string]string // files by their base name in lower case, once they were looked for
}

// HasCards reports whether one of the notes has a card, or a problem of one.
func (s *Folder) HasCards() bool {
	return slices.ContainsFunc(s.Notes, func(n *card.Note) bool { return len(n.Cards) > 0 || len(n.Problems) > 0 })
}

// Worlds adds the files of the templates in which cards of the notes are proved.
func (s *Folder) Worlds(to map[string]bool) {
	for i, n := range s.Notes {
		for k := range n.Cards {
			if p := n.Cards[k].Proof; p != nil && p.Scenario != "" {
				to[filepath.ToSlash(filepath.Join(s.Prefix, path.Dir(s.Names[i]), p.Scenario))] = true
			}
		}
	}
}

// IsFolder reports whether a path is a folder.
func (f Files) IsFolder(path string) bool {
	if f.Dir == nil {
		return false
	}
	dir := f.Dir(path)
	if dir == nil { // there is none of that name
		return false
	}
	info, err := fs.Stat(dir, ".")
	return err == nil && info.IsDir()
}

// partOfDeck is the folder of the built-in deck that a path names, as deck/streams does;
// "" where it names none, or one of the person's own.
func (f Files) partOfDeck(path string) string {
	part, ok := strings.CutPrefix(path, Deck+"/")
	if !ok || !fs.ValidPath(part) || f.IsFolder(path) {
		return ""
	}
	if info, err := fs.Stat(f.Deck, part); err != nil || !info.IsDir() {
		return ""
	}
	return part
}

// InDeck tells whether a path names the built-in deck, or a folder of it.
func (f Files) InDeck(path string) bool { return path == Deck || f.partOfDeck(path) != "" }

// Read reads notes: files, folders, whole vaults, the built-in deck or a folder of it.
func (f Files) Read(paths []string, o card.Options) ([]*Folder, error) {
	var out []*Folder
	for _, path := range paths {
		s := &Folder{}
		out = append(out, s)
		var err error
		switch {
		case path == Deck:
			s.Prefix, s.FS = Deck, f.Deck
			s.Notes, err = card.Open(s.FS).Notes(".", o)
		case f.partOfDeck(path) != "":
			s.Prefix, s.FS = Deck, f.Deck
			s.Notes, err = card.Open(s.FS).Notes(f.partOfDeck(path), o)
		case f.IsFolder(path):
			s.Prefix, s.FS = path, f.Dir(path)
			s.Notes, err = card.Open(s.FS).Notes(".", o)
		default:
			root, name := f.vault(path)
			s.Prefix, s.FS = root, f.Dir(root)
			var n *card.Note
			if n, err = card.Open(s.FS).Note(name, o); err == nil {
				s.Notes = []*card.Note{n}
			}
		}
		switch {
		case errors.Is(err, fs.ErrNotExist):
			return nil, fmt.Errorf("%s: there is no such note (a file, a folder, or deck for the built-in one)", path)
		case err != nil:
			return nil, fmt.Errorf("%s: cannot be read: %v", path, root(err))
		}
		s.name()
	}
	return out, nil
}

// root is the cause of an error: what the system said.
func root(err error) error {
	for {
		next := errors.Unwrap(err)
		if next == nil {
			return err
		}
		err = next
	}
}

// vault gives the folder that a note's links are resolved in, and the note's
// name there: the vault around it, if it lies in one, else its own folder.
func (f Files) vault(path string) (root, name string) {
	own, name := filepath.Split(path)
	if own == "" {
		own = "."
	}
	name = filepath.ToSlash(name)
	dir, inside := filepath.Clean(own), name
	for range 12 {
		if _, err := fs.Stat(f.Dir(dir), ".obsidian"); err == nil {
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

// name gives the notes the names that the person would write.
func (s *Folder) name() {
	for _, n := range s.Notes {
		s.Names = append(s.Names, n.File)
		if s.Prefix != "." {
			n.File = filepath.ToSlash(filepath.Join(s.Prefix, n.File))
		}
		for i := range n.Problems {
			n.Problems[i].File = n.File
		}
	}
}

// Prover runs proofs whose scenarios may lie beside the notes.
func (s *Folder) Prover() *proof.Prover {
	return &proof.Prover{Open: func(name string) ([]byte, error) { return fs.ReadFile(s.FS, name) }}
}

// FactsOf gives the facts that a note states. Cards ask for facts, they do not
// state them.
func FactsOf(n *card.Note) []fact.Place {
	ofCards := map[int]bool{}
	for i := range n.Cards {
		if c := &n.Cards[i]; c.Dialect == card.CalloutOptions {
			for l := c.Line; l <= c.End; l++ {
				ofCards[l] = true
			}
		}
	}
	n.Units = slices.DeleteFunc(n.Units, func(u card.Unit) bool { return ofCards[u.Line] })
	return fact.Find(n)
}

// CardIDs are the ids of the cards in a folder of notes; none if it cannot be
// read.
func CardIDs(fsys fs.FS) []string {
	notes, err := card.Open(fsys).Notes(".", card.Options{})
	if err != nil {
		return nil
	}
	var out []string
	for _, n := range notes {
		for i := range n.Cards {
			out = append(out, n.Cards[i].ID)
		}
	}
	return out
}

// Short keeps a title on one line of a report.
func Short(s string) string {
	s = strings.Join(strings.Fields(s), " ")
	if r := []rune(s); len(r) > 60 {
		return string(r[:59]) + "…"
	}
	return s
}

// Asset gives a file that a note shows, as an image: beside the note, from the root of the
// folder, or by its name anywhere in it, as Obsidian finds it. from is the note's name in FS.
func (s *Folder) Asset(from, name string) (data []byte, ok bool) {
	if unescaped, err := url.PathUnescape(name); err == nil {
		name = unescaped
	}
	name = strings.TrimPrefix(path.Clean("/"+strings.ReplaceAll(name, "\\", "/")), "/")
	read := func(name string) bool {
		if !fs.ValidPath(name) {
			return false
		}
		info, err := fs.Stat(s.FS, name)
		if err != nil || info.IsDir() || info.Size() > maxAsset {
			return false
		}
		data, err = fs.ReadFile(s.FS, name)
		return err == nil
	}
	if read(path.Join(path.Dir(from), name)) || read(name) {
		return data, true
	}
	if s.assets == nil {
		s.assets = map[string]string{}
		_ = fs.WalkDir(s.FS, ".", func(name string, d fs.DirEntry, err error) error { // what cannot be listed is not found
			switch {
			case err != nil:
			case d.IsDir() && name != "." && strings.HasPrefix(d.Name(), "."):
				return fs.SkipDir
			case !d.IsDir() && s.assets[strings.ToLower(d.Name())] == "":
				s.assets[strings.ToLower(d.Name())] = name
			}
			return nil
		})
	}
	if found := s.assets[strings.ToLower(path.Base(name))]; found != "" && read(found) {
		return data, true
	}
	return nil, false
}

// maxAsset is how large an image may be.
const maxAsset = 32 << 20
