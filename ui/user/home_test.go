package user

import (
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"testing/fstest"
	"time"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"

	"esmlab/engine"
	"esmlab/engine/scenario"
	"esmlab/quiz/progress"
	"esmlab/ui/home"
	"esmlab/ui/kit"
	"esmlab/ui/lab"
	"esmlab/ui/lesson"
	"esmlab/ui/quiz"
)

// ids counts the lines of all programs: an address may be that of an earlier one.
var ids atomic.Int64

// start is a program at its start, with what an earlier one has left.
func start(file progress.File) (*User, *kit.ScreenStack) {
	u := &User{File: file, Now: time.Now, ReadFile: func(name string) ([]byte, error) {
		if strings.HasSuffix(name, "mine.yaml") {
			src, _ := scenario.Builtin("calm-queue")
			return src, nil
		}
		return nil, fs.ErrNotExist
	}}
	u.NewID = func() string { return fmt.Sprint("id-", ids.Add(1)) }
	u.Complete()
	screens := &kit.ScreenStack{Theme: kit.NewTheme(0)}
	screens.Open(u.Home(screens, Changes{}))
	return u, screens
}

// list gives what a section lists.
func list(t *testing.T, s home.Section) []home.Group {
	t.Helper()
	list, err := s.Read()
	if err != nil {
		t.Fatal(err)
	}
	return list()
}

func openNow(t *testing.T, o kit.Opening) {
	t.Helper()
	do, err := o.Read()
	if err == nil {
		err = do()
	}
	if err != nil {
		t.Fatal(err)
	}
}

// What was open when the program ended is gone on with at the next start: a scenario
// with its instant and commands, a template, a lesson, the quiz. Runs with commands and
// templates stand on shelves of their own, and what was opened is marked as seen.
func TestGoOnAtTheNextStart(t *testing.T) {
	file := &progress.Memory{}
	u, screens := start(file)
	if got := list(t, u.leftSection(screens, Changes{})); len(got) != 0 {
		t.Fatalf("something was left before anything was opened: %v", got)
	}
	opts, err := u.LabOptions("poison-record", Changes{})
	if err != nil {
		t.Fatal(err)
	}
	opts.At, opts.Stopped = 19100*engine.Millisecond, true
	if err := u.OpenOn(screens, opts); err != nil {
		t.Fatal(err)
	}
	l := screens.Top().(*lab.Lab)
	if refused := l.Do(engine.Command{Op: engine.OpSet, Target: "ShipOrders.BisectBatchOnFunctionError", Value: engine.BoolValue(true)}); refused != nil {
		t.Fatal(refused)
	}
	u.Remember(screens)

	u, screens = start(file)
	groups := list(t, u.leftSection(screens, Changes{}))
	e := groups[0].Entries[0]
	if !e.Last || e.Note != "poison-record at 00:19.1, 1 command" {
		t.Errorf("%+v", e)
	}
	p, err := e.Preview()
	if err != nil || !strings.Contains(ansi.Strip(strings.Join(p.Picture(screens.Theme, 40, 2), "\n")), "▓X▓") {
		t.Errorf("its picture: %v, %v", err, p)
	}
	openNow(t, e.Open)
	l = screens.Top().(*lab.Lab)
	if s := l.Timeline().Sim(); s.Now() != 19100*engine.Millisecond || l.Running() {
		t.Errorf("it goes on at %s", s.Now())
	}
	l.Timeline().Advance(20*engine.Second, -1)
	bisect := func() bool { return l.Timeline().Sim().Mappings[0].BisectBatchOnFunctionError }
	if !bisect() {
		t.Error("the command is not in force")
	}
	if st := l.Standing(screens.Theme); st.Note != "poison-record at 00:20.0, 1 command" {
		t.Errorf("it stands at %s", st.Note)
	}
	if _, _, steps := l.Again(); len(steps) != 1 || !strings.Contains(steps[0], "BisectBatchOnFunctionError: true") || strings.Count(l.CommandLine(), "--step") != 1 {
		t.Errorf("left again, it has the steps %q and the line %s", steps, l.CommandLine())
	}
	press := func(key string) {
		l.HandleKey(tea.KeyPressMsg{Code: []rune(key)[0], Text: key})
	}
	if press("z"); bisect() || len(l.Timeline().AllCommands()) != 0 {
		t.Error("the command of the last session is not taken back")
	}
	if press("Z"); !bisect() {
		t.Error("it is not done again")
	}
	if l.Timeline().Baseline().Seek(20 * engine.Second); l.Timeline().Baseline().Sim().Mappings[0].BisectBatchOnFunctionError {
		t.Error("the run that nobody touched has it too")
	}
	if own := list(t, u.ownSection(screens, Changes{}, nil)); len(own[1].Entries) != 1 || own[1].Entries[0].Name != "poison-record at 00:19.1, 1 command" {
		t.Errorf("your runs: %+v", own)
	}
	if !u.Progress().Seen("poison-record") || u.Progress().Seen("calm-stream") {
		t.Error("what was opened is not marked")
	}
	if opts, err = u.LabOptions("mine.yaml", Changes{}); err != nil {
		t.Fatal(err)
	}
	if err := u.OpenOn(screens, opts); err != nil {
		t.Fatal(err)
	}
	u.Remember(screens)

	u, screens = start(file)
	e = list(t, u.leftSection(screens, Changes{}))[0].Entries[0]
	if e.Note != "mine.yaml at 00:00.0" {
		t.Errorf("the template: %s", e.Note)
	}
	own := list(t, u.ownSection(screens, Changes{}, func(name string) kit.Opening { return kit.Opening{Name: name} }))
	if len(own[0].Entries) != 1 || !filepath.IsAbs(own[0].Entries[0].Name) {
		t.Errorf("your templates: %+v", own[0])
	}
	openNow(t, lesson.FolderOpening(screens, u.Lessons, u.CourseOptions(""), "failing-batch"))
	u.Remember(screens)

	u, screens = start(file)
	openNow(t, list(t, u.leftSection(screens, Changes{}))[0].Entries[0].Open)
	if s, ok := screens.Top().(*lesson.Screen); !ok || s.ID() != "failing-batch" {
		t.Errorf("the lesson: %T", screens.Top())
	}
	screens.Back()
	openNow(t, u.Questions().Opening(screens, quiz.Request{}, quiz.Mode{}))
	u.Remember(screens)

	u, screens = start(file)
	openNow(t, list(t, u.leftSection(screens, Changes{}))[0].Entries[0].Open)
	if _, ok := screens.Top().(*quiz.Today); !ok {
		t.Errorf("the quiz: %T", screens.Top())
	}
	screens.Back()
	openNow(t, u.Questions().Opening(screens, quiz.Request{Paths: []string{"deck/streams"}}, quiz.Mode{}))
	u.Remember(screens)

	u, screens = start(file)
	e = list(t, u.leftSection(screens, Changes{}))[0].Entries[0]
	if openNow(t, e.Open); e.Note != "the quiz on streams" || fmt.Sprint(screens.Top().(*quiz.Today).Paths()) != "[deck/streams]" {
		t.Errorf("the quiz on a part of the deck: %s, %T", e.Note, screens.Top())
	}
}

// The built-in deck, its parts and the notes that were asked stand on a shelf, and each
// asks its own cards.
func TestDecksAndNotes(t *testing.T) {
	dir := t.TempDir()
	note := filepath.Join(dir, "mine.md")
	if err := os.WriteFile(note, []byte("# Mine\n\nQ: What is hidden?\nA: A message that was received.\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	file := &progress.Memory{}
	with := func() (*User, *kit.ScreenStack) {
		u, screens := start(file)
		u.library = nil
		u.Dir = os.DirFS
		return u, screens
	}
	u, screens := with()
	group := list(t, u.Questions().Decks(screens))[0]
	var names []string
	sum := 0
	cards := func(e *home.Entry) (n int) {
		_, _ = fmt.Sscan(e.Note, &n)
		return n
	}
	for i := range group.Entries {
		e := &group.Entries[i]
		names = append(names, e.Name)
		if i > 0 {
			sum += cards(e)
		}
	}
	if got := strings.Join(names, " "); got != "the built-in deck deck/basics deck/deployment deck/design deck/operation deck/queues deck/scaling deck/security deck/streams" || sum != cards(&group.Entries[0]) || sum < 100 {
		t.Errorf("the shelf has %s, %d cards in the parts and %q in all", got, sum, group.Entries[0].Note)
	}
	for i := range group.Entries {
		o, err := u.Questions().Read(quiz.Request{Paths: strings.Fields(strings.TrimPrefix(group.Entries[i].Name, "the built-in deck"))})
		if err != nil {
			t.Fatal(err)
		}
		if got := len(o().Deck); got != cards(&group.Entries[i]) {
			t.Errorf("%s asks %d cards, and says %q", group.Entries[i].Name, got, group.Entries[i].Note)
		}
	}
	openNow(t, u.Questions().Opening(screens, quiz.Request{Paths: []string{note}}, quiz.Mode{}))
	u.Remember(screens)
	u, screens = with()
	group = list(t, u.Questions().Decks(screens))[0]
	last := group.Entries[len(group.Entries)-1]
	if openNow(t, last.Open); last.Name != "mine.md" || fmt.Sprint(screens.Top().(*quiz.Today).Paths()) != "["+note+"]" {
		t.Errorf("the note: %+v, %T", last, screens.Top())
	}
}

// The choice of a template lists what can be one, and folders.
func TestTemplatesOfAFolder(t *testing.T) {
	u := &User{Dir: func(dir string) fs.FS {
		return fstest.MapFS{"a.yaml": {Data: make([]byte, 3000)}, "b.json": {}, "c.txt": {}, ".d.yaml": {}, "e/f.yml": {}}
	}}
	got, err := u.templates("")
	if err != nil || len(got) != 3 || got[0] != (home.File{Name: "a.yaml", Note: "3 KB"}) || got[1].Name != "b.json" || !got[2].Folder {
		t.Errorf("%+v, %v", got, err)
	}
}

// Each built-in scenario can be looked at, and what is seen of it fits.
func TestLookAtEachScenario(t *testing.T) {
	u, screens := start(&progress.Memory{})
	for i, name := range scenario.Names() {
		if testing.Short() && i%6 > 0 {
			continue
		}
		src, _ := u.Builtin(name)
		p, err := home.Look(name, src, nil)
		if err != nil {
			t.Fatal(name, err)
		}
		for _, size := range [][2]int{{34, 12}, {78, 3}, {20, 1}, {120, 20}} {
			rows := p.Picture(screens.Theme, size[0], size[1])
			if len(rows) == 0 || len(rows) > size[1] {
				t.Errorf("%s: %d rows in %v", name, len(rows), size)
			}
			for _, row := range rows {
				if n := kit.VisibleWidth(row); n != size[0] {
					t.Errorf("%s: %d cells, not %d: %q", name, n, size[0], row)
				}
			}
		}
		for i := range p.Chain {
			if p.Chain[i] == "" || p.Brief[i] == "" {
				t.Errorf("%s says nothing of pane %d", name, i+1)
			}
		}
	}
}
