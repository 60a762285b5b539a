// Package page is esmlab as a page of a browser, without a server: the same screens, with
// progress in the browser's storage, and templates that are dropped on the page as its
// only files. The browser itself is reached through Storage and what package wasm hands
// in, so all of it runs in tests anywhere.
//
// ui/page/build makes the page: one HTML file.
package page

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"io"
	"io/fs"
	"path"
	"slices"
	"strings"
	"sync"
	"time"

	tea "charm.land/bubbletea/v2"

	"esmlab/quiz/progress"
	"esmlab/ui"
	"esmlab/ui/kit"
	"esmlab/ui/user"
)

// Storage keeps texts under keys, as the storage of a browser does. Its methods may be
// called from any goroutine.
type Storage interface {
	Get(key string) (text string, ok bool)
	Set(key, text string) error // an error says why it is not kept: there is no room, or it is forbidden
}

// Version is the program's, set by the linker; "" it was built without one.
var Version string

// The keys under which the page keeps what it keeps.
const (
	progressKey = "esmlab/progress.jsonl"
	prefix      = "esmlab/" // of preferences: theme, motion
)

// file is the progress in a storage.
type file struct {
	mu sync.Mutex
	s  Storage
}

func (f *file) ReadAll() ([]byte, error) {
	text, _ := f.s.Get(progressKey)
	return []byte(text), nil
}

func (f *file) Append(b []byte) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	text, _ := f.s.Get(progressKey)
	return f.s.Set(progressKey, text+string(b))
}

func (f *file) Sync() error { return nil }

// Options are what the page is given by the browser.
type Options struct {
	Storage Storage
	Now     func() time.Time
	NewID   func() string
	Input   io.Reader // what is typed
	Output  io.Writer // the terminal
	Cols    int
	Rows    int
	Motion  kit.Motion // that the person's system asks for
	Address string     // what stands after # in the address: what to open
	Turn    func()     // waits until the browser has drawn and taken keys; nil: there is none
}

// Page is the program as it runs in a page.
type Page struct {
	o    Options
	me   *user.User
	file *file
	// drawn is closed when the first frame has been written.
	drawn chan bool
	first sync.Once // closes it

	mu      sync.Mutex // guards what follows: a file may be dropped at any time
	dropped map[string][]byte
	send    func(tea.Msg)
	screens *kit.ScreenStack
}

// New makes a page that does not run yet.
func New(o Options) *Page {
	p := &Page{o: o, file: &file{s: o.Storage}, dropped: map[string][]byte{}, drawn: make(chan bool)}
	p.o.Output = &firstFrame{Writer: o.Output, once: &p.first, drawn: p.drawn}
	p.me = &user.User{ReadFile: p.read, Dir: p.folder, File: p.file, Machine: "browser", Kept: "in this browser", NewID: o.NewID, Now: o.Now, Version: cmp.Or(Version, "built from source")}
	p.me.Complete()
	p.me.Deck, p.me.Lessons = yielding{p.me.Deck, p.yield}, yielding{p.me.Lessons, p.yield}
	builtin := p.me.Builtin
	p.me.Builtin = func(name string) ([]byte, bool) {
		p.yield()
		return builtin(name)
	}
	return p
}

// yield gives the browser its turn, and lets the first frame come before all else: a page
// has one thread, and the browser gets it only while all of Go waits for the browser. What
// reads many files would keep frames and keys waiting.
func (p *Page) yield() {
	select {
	case <-p.drawn:
	case <-time.After(3 * time.Second): // no frame can be drawn: that must not stop what reads
		p.first.Do(func() { close(p.drawn) })
	}
	if p.o.Turn != nil {
		p.o.Turn()
	}
}

// firstFrame is the terminal, and tells when the first frame has been written.
type firstFrame struct {
	io.Writer
	once  *sync.Once
	drawn chan bool
}

// entering is what a program writes with its first frame: the terminal's other screen.
var entering = []byte("\x1b[?1049h")

func (f *firstFrame) Write(b []byte) (int, error) {
	n, err := f.Writer.Write(b)
	if bytes.Contains(b, entering) {
		f.once.Do(func() { close(f.drawn) })
	}
	return n, err
}

// yielding are files before each of which others may work.
type yielding struct {
	fs.FS
	yield func()
}

func (y yielding) Open(name string) (fs.File, error) { y.yield(); return y.FS.Open(name) }

func (y yielding) ReadDir(name string) ([]fs.DirEntry, error) { return fs.ReadDir(y.FS, name) }

func (y yielding) ReadFile(name string) ([]byte, error) {
	y.yield()
	return fs.ReadFile(y.FS, name)
}

// read gives a file that was dropped.
func (p *Page) read(name string) ([]byte, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if src, ok := p.dropped[path.Clean(name)]; ok {
		return src, nil
	}
	return nil, errNotDropped
}

var errNotDropped = errors.New("a page knows the files that were dropped on it; this one was not")

// folder lists the files that were dropped: they are all in one.
func (p *Page) folder(name string) fs.FS {
	if path.Clean(name) != "." {
		return nowhere{}
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	return snapshot(p.dropped)
}

// Run shows the screens until the context ends, or the person leaves.
func (p *Page) Run(ctx context.Context) error {
	theme, _ := p.o.Storage.Get(prefix + "theme")
	if !kit.IsTheme(theme) {
		theme = ""
	}
	motion := p.o.Motion
	if name, ok := p.o.Storage.Get(prefix + "motion"); ok {
		if m, known := kit.MotionOf(name); known {
			motion = m
		}
	}
	store := p.me.Progress()
	store.Defer()
	store.Refresh()
	err := ui.Run(ctx, ui.Options{Env: []string{"TERM=xterm-256color", "COLORTERM=truecolor"}, Input: p.o.Input, Output: p.o.Output, Mouse: true,
		Theme: theme, Motion: motion, Cols: p.o.Cols, Rows: p.o.Rows, Progress: store,
		Keep: func(name, value string) error { return p.o.Storage.Set(prefix+name, value) },
		Started: func(send func(tea.Msg)) {
			p.mu.Lock()
			p.send = send
			p.mu.Unlock()
		}},
		func(s *kit.ScreenStack) error {
			p.screens = s
			s.Open(p.me.Home(s, user.Changes{}))
			if o, ok := p.at(p.o.Address); ok {
				s.Open(kit.NewLoading(s, o))
			}
			return nil
		})
	p.me.Remember(p.screens)
	return errors.Join(err, store.Flush())
}

// at is what an address names: a run as one line, a scenario, a lesson, the quiz.
func (p *Page) at(address string) (kit.Opening, bool) {
	address = strings.TrimPrefix(address, "#")
	switch id, lesson := strings.CutPrefix(address, user.LessonPrefix); {
	case address == "":
		return kit.Opening{}, false
	case address == "quiz":
		return p.me.QuizOpening(p.screens), true
	case lesson || address == "learn":
		if !lesson {
			id = ""
		}
		return p.me.LessonOpening(p.screens, id), true
	}
	return p.lab(address), true
}

// lab opens a scenario, a dropped file or a shared run.
func (p *Page) lab(name string) kit.Opening {
	return kit.Opening{Name: name[:min(len(name), 40)], Read: func() (func() error, error) {
		opts, err := p.me.LabOptions(name, user.Changes{})
		return func() error { return p.me.OpenOn(p.screens, opts) }, err
	}}
}

// Size tells the program that its terminal has another size.
func (p *Page) Size(cols, rows int) { p.tell(tea.WindowSizeMsg{Width: cols, Height: rows}) }

// Open opens what an address names, over what is open.
func (p *Page) Open(address string) {
	p.tell(kit.DoneMsg{Then: func() tea.Cmd {
		if o, ok := p.at(address); ok {
			p.screens.Open(kit.NewLoading(p.screens, o))
		}
		return nil
	}})
}

// Drop takes a file that was dropped on the page. A template opens in the lab; a file of
// progress is imported.
func (p *Page) Drop(name string, src []byte) (said string) {
	if len(src) > user.MaxFile {
		return name + " is larger than 16 MB."
	}
	if strings.HasSuffix(name, ".jsonl") || progress.IsPacked(string(src[:min(len(src), 64)])) {
		return p.Import(string(src))
	}
	name = "./" + path.Base(strings.ReplaceAll(name, `\`, "/"))
	p.mu.Lock()
	p.dropped[path.Clean(name)] = src
	p.mu.Unlock()
	p.show(p.lab(name))
	return ""
}

func (p *Page) show(o kit.Opening) {
	p.tell(kit.DoneMsg{Then: func() tea.Cmd {
		p.screens.Open(kit.NewLoading(p.screens, o))
		return nil
	}})
}

func (p *Page) tell(msg tea.Msg) {
	p.mu.Lock()
	send := p.send
	p.mu.Unlock()
	if send != nil {
		go send(msg) // the program may be at work
	}
}

// Same computes a shared run again, and says whether its trace is the one that it was
// shared with: "same", or what differs. It may wait.
func (p *Page) Same(line string) string {
	o, err := p.me.SharedRun(line)
	switch {
	case err != nil:
		return err.Error()
	case o.Sum == 0 || !o.Same:
		return "it comes out differently"
	}
	return "same"
}

// Export gives the person's progress, as lines of JSON.
func (p *Page) Export() string {
	data, _ := p.file.ReadAll() // it cannot fail
	return strings.TrimSpace(string(data)) + "\n"
}

// Import adds lines of progress from elsewhere, and says what came of it.
func (p *Page) Import(text string) (said string) {
	data := []byte(text)
	if progress.IsPacked(text) {
		var err error
		if data, err = progress.Unpack(text); err != nil {
			return "This is not progress: " + err.Error() + "."
		}
	}
	other := progress.New(p.file, progress.Options{Machine: "browser", NewID: p.o.NewID})
	added, broken, err := other.Import(data)
	switch {
	case err != nil:
		return "It could not be kept: " + err.Error() + "."
	case broken > 0 && added == 0:
		return "No line of it could be read as progress."
	}
	said = "Added " + kit.Count(added, "line") + " of progress"
	if broken > 0 {
		said += "; " + kit.Count(broken, "line") + " could not be read"
	}
	return said + "."
}

// nowhere is a folder that does not exist.
type nowhere struct{}

func (nowhere) Open(name string) (fs.File, error) {
	return nil, &fs.PathError{Op: "open", Path: name, Err: fs.ErrNotExist}
}

// snapshot is the dropped files as a folder.
func snapshot(files map[string][]byte) fs.FS {
	out := memory{}
	for name, src := range files {
		out[name] = src
	}
	return out
}

// memory is a folder of files in memory.
type memory map[string][]byte

// Open opens a file, or the folder.
func (m memory) Open(name string) (fs.File, error) {
	if src, ok := m[name]; ok {
		return &opened{info: info{name, int64(len(src))}, Reader: strings.NewReader(string(src))}, nil
	}
	if name == "." {
		entries, err := m.ReadDir(".")
		return &listing{info{".", -1}, entries}, err
	}
	return nil, &fs.PathError{Op: "open", Path: name, Err: fs.ErrNotExist}
}

// ReadDir lists the folder.
func (m memory) ReadDir(name string) ([]fs.DirEntry, error) {
	if name != "." {
		return nil, &fs.PathError{Op: "open", Path: name, Err: fs.ErrNotExist}
	}
	var out []fs.DirEntry
	for name, src := range m {
		out = append(out, fs.FileInfoToDirEntry(info{name, int64(len(src))}))
	}
	slices.SortFunc(out, func(a, b fs.DirEntry) int { return strings.Compare(a.Name(), b.Name()) })
	return out, nil
}

// listing is the folder, opened.
type listing struct {
	info
	left []fs.DirEntry
}

func (l *listing) Stat() (fs.FileInfo, error) { return l.info, nil }
func (l *listing) Close() error               { return nil }

func (l *listing) Read([]byte) (int, error) {
	return 0, &fs.PathError{Op: "read", Path: ".", Err: fs.ErrInvalid}
}

func (l *listing) ReadDir(n int) ([]fs.DirEntry, error) {
	if n > 0 && len(l.left) == 0 {
		return nil, io.EOF
	}
	if n <= 0 {
		n = len(l.left)
	}
	n = min(n, len(l.left))
	out := l.left[:n]
	l.left = l.left[n:]
	return out, nil
}

type opened struct {
	info
	*strings.Reader
}

func (o *opened) Stat() (fs.FileInfo, error) { return o.info, nil }
func (o *opened) Close() error               { return nil }
func (o *opened) Size() int64                { return o.info.Size() }

// info is a file's; a folder has the size -1.
type info struct {
	name string
	size int64
}

func (i info) Name() string       { return i.name }
func (i info) Size() int64        { return max(0, i.size) }
func (i info) IsDir() bool        { return i.size < 0 }
func (i info) ModTime() time.Time { return time.Time{} }
func (i info) Sys() any           { return nil }
func (i info) Mode() fs.FileMode {
	if i.IsDir() {
		return fs.ModeDir | 0o555
	}
	return 0o444
}
