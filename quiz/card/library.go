package card

import (
	"io/fs"
	"path"
	"runtime"
	"slices"
	"strings"
	"sync"

	"github.com/yuin/goldmark/ast"

	"esmlab/quiz/markdown"
)

// Library is a folder of notes, or a whole vault. It only reads.
type Library struct {
	fsys  fs.FS
	once  sync.Once
	names map[string][]string // of every file, by its lower-case base name
}

// Open makes a library of a folder.
func Open(fsys fs.FS) *Library { return &Library{fsys: fsys} }

// Note reads one note of the library.
func (l *Library) Note(name string, o Options) (*Note, error) {
	src, err := fs.ReadFile(l.fsys, name)
	if err != nil {
		return nil, err
	}
	return read(name, src, o, l), nil
}

// Notes reads all notes under a folder ("." for all), in the order of their
// names. Hidden folders, as .obsidian, are left out. What cannot be read is a
// note with a problem.
func (l *Library) Notes(root string, o Options) ([]*Note, error) {
	var names []string
	err := fs.WalkDir(l.fsys, root, func(name string, d fs.DirEntry, err error) error {
		switch {
		case err != nil && name == root:
			return err
		case err != nil:
			names = append(names, name)
			return nil
		case d.IsDir() && name != root && strings.HasPrefix(d.Name(), "."):
			return fs.SkipDir
		case d.Type()&^fs.ModeSymlink == 0 && IsNote(name): // a file, and nothing that waits for a writer
			names = append(names, name)
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	slices.Sort(names)
	notes := make([]*Note, len(names))
	var wait sync.WaitGroup
	next := make(chan int)
	for range min(runtime.GOMAXPROCS(0), 8) {
		wait.Go(func() {
			for i := range next {
				n, err := l.Note(names[i], o)
				if err != nil {
					n = &Note{File: names[i], Problems: []Problem{{File: names[i], Line: 1, Col: 1, Message: "cannot be read: " + err.Error()}}}
				}
				notes[i] = n
			}
		})
	}
	for i := range names {
		next <- i
	}
	close(next)
	wait.Wait()
	return notes, nil
}

// IsNote reports whether a file's name is that of a note.
func IsNote(name string) bool {
	ext := strings.ToLower(path.Ext(name))
	return ext == ".md" || ext == ".markdown"
}

// find gives the file that a link in a note names: beside the note, from the
// root, or by its name anywhere, as Obsidian finds it.
func (l *Library) find(from, target string) string {
	if !IsNote(target) {
		target += ".md"
	}
	for _, name := range []string{path.Join(path.Dir(from), target), path.Clean(target)} {
		if fs.ValidPath(name) {
			if info, err := fs.Stat(l.fsys, name); err == nil && !info.IsDir() {
				return name
			}
		}
	}
	l.once.Do(func() {
		l.names = map[string][]string{}
		_ = fs.WalkDir(l.fsys, ".", func(name string, d fs.DirEntry, err error) error { // what cannot be listed is not found
			if err != nil {
				return nil
			}
			if d.IsDir() && name != "." && strings.HasPrefix(d.Name(), ".") {
				return fs.SkipDir
			}
			base := strings.ToLower(path.Base(name))
			l.names[base] = append(l.names[base], name)
			return nil
		})
	})
	want := strings.ToLower(path.Clean(target))
	for _, name := range l.names[path.Base(want)] {
		if strings.HasSuffix("/"+strings.ToLower(name), "/"+want) {
			return name
		}
	}
	return ""
}

const (
	maxEmbedDepth  = 5
	maxEmbedBlocks = 2000 // that one note takes in
	maxEmbedFile   = 1 << 20
)

// embedder shows ![[Note]], ![[Note#Heading]] and ![[Note#^id]] in place, so
// deep, and never a note within itself.
func (r *reader) embedder(depth int, stack []string) markdown.Embedder {
	if r.lib == nil {
		return nil
	}
	return func(target string) ([]Block, bool) {
		name, part, _ := strings.Cut(target, "#")
		file := r.note.File
		if len(stack) > 0 {
			file = stack[len(stack)-1]
		}
		if name != "" {
			file = r.lib.find(file, name)
		}
		key := file + "#" + part
		if file == "" || file == r.note.File && part == "" || depth >= maxEmbedDepth || r.embeds > maxEmbedBlocks || slices.Contains(stack, key) || slices.Contains(stack, file) && part == "" {
			return nil, false
		}
		src, err := fs.ReadFile(r.lib.fsys, file)
		if err != nil || len(src) > maxEmbedFile {
			return nil, false
		}
		inner := &reader{note: &Note{File: file}}
		d := markdown.Parse(inner.frontMatter(markdown.Clean(src)))
		r.embeds++
		blocks := d.Blocks(partOf(d, part), r.embedder(depth+1, append(slices.Clone(stack), key, file)))
		r.embeds += len(blocks)
		return blocks, len(blocks) > 0
	}
}

// partOf gives the blocks of a note, of a heading, or the one with an id.
func partOf(d *markdown.Doc, part string) []ast.Node {
	var out []ast.Node
	id, byID := strings.CutPrefix(part, "^")
	level := 0
	for n := d.Root.FirstChild(); n != nil; n = n.NextSibling() {
		switch h, isHeading := n.(*ast.Heading); {
		case part == "":
			out = append(out, n)
		case byID:
			text := markdown.BlocksText(d.Blocks([]ast.Node{n}, nil))
			if own, _ := endID(text); own == id {
				return []ast.Node{n}
			}
			if blockID(text) == id && n.PreviousSibling() != nil {
				return []ast.Node{n.PreviousSibling()}
			}
		case level > 0 && isHeading && h.Level <= level:
			return out
		case level > 0:
			out = append(out, n)
		case isHeading && strings.EqualFold(strings.TrimSpace(Text(d.Spans(n))), part[strings.LastIndexByte(part, '#')+1:]):
			level = h.Level
		}
	}
	return out
}
