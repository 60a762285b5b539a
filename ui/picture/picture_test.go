package picture_test

import (
	"bytes"
	"context"
	"encoding/xml"
	"errors"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/hinshun/vt10x"

	"esmlab/ui/cmd"
	. "esmlab/ui/picture"
)

// where the README's pictures are.
const where = "../../docs/pictures"

// shown is a picture of the README: a command, and what a person does then.
type shown struct {
	name, label string
	args        string
	w, h        int
	light       bool
	film        bool
	do          []act
}

// act is a key, with what is said of it below a film; or only time.
type act struct {
	key  string
	wait time.Duration
	says string
}

// The README's pictures. The first is a film.
var pictures = []shown{
	{name: "poison-record", label: "Records flow through two shards. One record blocks its shard, until bisect finds it and two tries more give it up.",
		args: "lab poison-record", w: 120, h: 40, film: true, do: []act{
			{wait: 3900 * time.Millisecond, says: "Two shards flow. Then one record fails, again and again: all behind it wait."},
			{key: "b", wait: 2100 * time.Millisecond, says: "b  A batch that fails is to be split in two, so that the poison record will be alone."},
			{key: "r", wait: 700 * time.Millisecond, says: "r  How many times is a batch tried again?"},
			{key: "2\r", wait: 1500 * time.Millisecond, says: "2  Twice, and then it is given up."},
			{wait: 2400 * time.Millisecond, says: "Its message went to the queue Failures. All others are done, and the shard flows again."},
		}},
	{name: "queue", label: "A queue: one message fails its batch, is received three times, and ends in the dead-letter queue.",
		args: "lab poison-to-dlq", w: 120, h: 36, do: seek("57.1s")},
	{name: "timeline", label: "The timeline on the whole screen: a batch that was split, as a tree, and how many times each record was in the function.",
		args: "lab bisect-finds-it", w: 120, h: 36, do: append(seek("2.4s"), press("8"), press("\r"))},
	{name: "compare", label: "Two runs beside each other: one with bisect, one without.",
		args: "lab poison-record", w: 120, h: 40, do: append(seek("9s"), press("b"), press("r"), press("2\r"), press(":seek 40s\r"), press("c"))},
	{name: "lesson", label: "A lesson: a question beside the lab that will answer it.",
		args: "learn failing-batch", w: 120, h: 36, do: []act{press("\r"), press("\r")}},
	{name: "quiz", label: "A question of the quiz, answered: each option with what makes it right or wrong.",
		args: "quiz --cram --seed 3", w: 100, h: 34, do: []act{press("\r"), press("1"), press("\r"), press("2")}},
	{name: "light", label: "A FIFO queue on a light ground: one message group is locked, the others flow.",
		args: "lab fifo-group-blocked", w: 120, h: 36, light: true, do: seek("20s")},
}

func press(key string) act { return act{key: key, wait: time.Second} }

func seek(at string) []act { return []act{press(":seek " + at + "\r")} }

// ground is that of the theme's pictures.
var ground = map[bool]struct{ ink, ground Color }{false: {0xe6e9f0, 0x10131a}, true: {0x1b1f27, 0xffffff}}

// terminal is where the program draws.
type terminal struct {
	mu sync.Mutex
	vt vt10x.Terminal
}

func (t *terminal) Write(p []byte) (int, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	_, _ = t.vt.Write(bytes.ReplaceAll(p, []byte("\n"), []byte("\r\n")))
	return len(p), nil
}

// screen is what the terminal shows, with a sentence below it in a film.
func (t *terminal) screen(p *shown, says string) Screen {
	t.mu.Lock()
	defer t.mu.Unlock()
	colors := ground[p.light]
	color := func(c vt10x.Color) Color {
		switch c {
		case vt10x.DefaultFG:
			return colors.ink
		case vt10x.DefaultBG:
			return colors.ground
		}
		return Color(c)
	}
	var out Screen
	for y := range p.h {
		row := make([]Cell, p.w)
		for x := range row {
			const bold = 1 << 2 // vt10x does not export it
			g := t.vt.Cell(x, y)
			row[x] = Cell{Char: max(' ', g.Char), Ink: color(g.FG), Ground: color(g.BG), Bold: g.Mode&bold != 0}
		}
		out = append(out, row)
	}
	if p.film {
		for _, text := range []string{"", says} {
			row := make([]Cell, p.w)
			for x := range row {
				row[x] = Cell{Char: ' ', Ink: colors.ink, Ground: colors.ground, Bold: true}
			}
			for x, r := range []rune(text) {
				row[x+1].Char = r
			}
			out = append(out, row)
		}
	}
	return out
}

// every is how long a frame of a film stands.
const every = time.Second / 10

// play runs the program as a person sees it, on a clock of its own.
func play(t *testing.T, p *shown) *Film {
	f := &Film{Ground: ground[p.light].ground, Label: p.label, Every: every}
	synctest.Test(t, func(t *testing.T) {
		term := &terminal{vt: vt10x.New(vt10x.WithSize(p.w, p.h))}
		theme := "dark"
		if p.light {
			theme = "light"
		}
		in, keys := io.Pipe()
		ended := make(chan int, 1)
		ctx, stop := context.WithCancel(t.Context())
		go func() {
			ended <- cmd.Run(ctx, strings.Fields(p.args), cmd.Env{In: in, Out: term, Err: io.Discard, Interactive: true, OutIsTerminal: true, Cols: p.w, Rows: p.h,
				Env:      []string{"TERM=xterm-256color", "COLORTERM=truecolor", "CLICOLOR_FORCE=1", "ESMLAB_THEME=" + theme},
				ReadFile: func(string) ([]byte, error) { return nil, os.ErrNotExist },
				Now:      func() time.Time { return time.Date(2026, 12, 1, 9, 0, 0, 0, time.UTC) }})
			in.Close()
		}()
		time.Sleep(207 * time.Millisecond) // off the program's own beat
		for _, a := range p.do {
			for i, key := range strings.Split(a.key, "") {
				_, _ = io.WriteString(keys, key)
				if i > 0 || !p.film {
					time.Sleep(50 * time.Millisecond)
				}
			}
			for passed := time.Duration(0); passed < a.wait; passed += every {
				time.Sleep(every)
				synctest.Wait()
				f.Frames = append(f.Frames, term.screen(p, a.says))
			}
		}
		if !p.film {
			f.Frames = f.Frames[len(f.Frames)-1:]
		}
		f.Still = len(f.Frames) - 1
		stop()
		<-ended
		keys.Close()
		time.Sleep(time.Minute)
	})
	return f
}

// The README's pictures are made from runs of the program; with ESMLAB_UPDATE=1 they are
// written.
func TestPictures(t *testing.T) {
	readme, err := os.ReadFile("../../README.md")
	if err != nil {
		t.Fatal(err)
	}
	for i, p := range pictures {
		t.Run(p.name, func(t *testing.T) {
			t.Parallel()
			if testing.Short() && os.Getenv("ESMLAB_UPDATE") == "" {
				if i > 1 {
					t.Skip("the film's first second and one still")
				}
				p.do = p.do[:1]
				p.do[0].wait = time.Second
			}
			film := play(t, &p)
			svg := film.SVG()
			if len(svg) > 500_000 {
				t.Errorf("%d bytes", len(svg))
			}
			holds(t, film, svg)
			if again := play(t, &p).SVG(); !bytes.Equal(again, svg) {
				t.Error("made twice it is not the same")
			}
			file := filepath.Join(where, p.name+".svg")
			if os.Getenv("ESMLAB_UPDATE") != "" {
				if err := os.WriteFile(file, svg, 0o644); err != nil {
					t.Fatal(err)
				}
			}
			if _, err := os.Stat(file); err != nil {
				t.Errorf("it is not there: %v", err)
			}
			if !bytes.Contains(readme, []byte("](docs/pictures/"+p.name+".svg)")) {
				t.Error("the README does not show it")
			}
		})
	}
}

// holds checks a picture against its film: at each frame's time, the texts that are in sight
// are those of the frame.
func holds(t *testing.T, f *Film, svg []byte) {
	t.Helper()
	type text struct {
		x, y, w int // cells
		s       string
	}
	type window struct {
		x, y, w int
		name    string // of its animation; "": it stands still
		texts   []text
	}
	keys := map[string]map[float64]int{}
	for _, m := range regexp.MustCompile(`@keyframes (\w+)\{(.*)\}`).FindAllStringSubmatch(string(svg), -1) {
		keys[m[1]] = map[float64]int{}
		for _, k := range regexp.MustCompile(`([\d.e+]+)%\{translate:0 -?(\d+)px\}`).FindAllStringSubmatch(m[2], -1) {
			at, _ := strconv.ParseFloat(k[1], 64)
			px, _ := strconv.Atoi(k[2])
			keys[m[1]][at] = px / CellH
		}
	}
	windows := []*window{{w: len(f.Frames[0][0])}}
	depth := 0
	for d := xml.NewDecoder(bytes.NewReader(svg)); ; {
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			t.Fatal(err)
		}
		last := windows[len(windows)-1]
		switch e := token.(type) {
		case xml.StartElement:
			number := func(name string) int {
				for _, a := range e.Attr {
					if a.Name.Local == name {
						n, _ := strconv.Atoi(a.Value)
						return n
					}
				}
				return 0
			}
			switch e.Name.Local {
			case "svg":
				if depth++; depth > 1 {
					windows = append(windows, &window{x: number("x") / CellW, y: number("y") / CellH, w: number("width") / CellW})
				}
			case "g":
				for _, a := range e.Attr {
					if a.Name.Local == "style" {
						last.name = strings.TrimPrefix(a.Value, "animation-name:")
					}
				}
			case "text":
				last.texts = append(last.texts, text{x: number("x") / CellW, y: number("y") / CellH, w: max(1, number("textLength")/CellW)})
			}
		case xml.CharData:
			if n := len(last.texts); n > 0 && last.texts[n-1].s == "" {
				last.texts[n-1].s = string(e)
			}
		}
	}
	for i, frame := range f.Frames {
		at := float64(i) * 100 / float64(len(f.Frames))
		seen := make([][]rune, len(frame))
		for y := range seen {
			seen[y] = slices.Repeat([]rune{' '}, len(frame[0]))
		}
		for _, w := range windows {
			shift, from := 0, -1.0
			for k, rows := range keys[w.name] {
				if k <= at+0.01 && k > from {
					from, shift = k, rows
				}
			}
			for _, x := range w.texts {
				if w.name != "" && x.y != shift {
					continue
				}
				if n := len([]rune(x.s)); n != x.w || x.x+n > w.w {
					t.Errorf("%q is %d cells wide in a window of %d", x.s, x.w, w.w)
				}
				copy(seen[w.y+x.y-shift][w.x+x.x:], []rune(x.s))
			}
		}
		for y, row := range frame {
			for x, c := range row {
				if IsShape(c.Char) {
					c.Char = ' '
				}
				if seen[y][x] != c.Char {
					t.Fatalf("frame %d, row %d, column %d: %q is seen, not %q", i, y, x, seen[y][x], c.Char)
				}
			}
		}
	}
}
