package cmd

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"testing/fstest"
	"testing/synctest"
	"time"
	"unicode/utf8"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"
	"github.com/spf13/cobra"

	"esmlab/engine/printable"
	"esmlab/lessons"
	"esmlab/quiz/progress"
	"esmlab/ui/kit"
	"esmlab/ui/lesson"
	"esmlab/ui/quiz"
)

// attacks are texts that a terminal would obey or that spoil a row, each short
// enough to be seen as a whole. In sequences the numbers are 7777.
func attacks() []string {
	list := []string{
		"\x1b[7777mA", "\x1b[7777;7777HA", "\x1b[7777J", "\x1bcA", "\x1b#8", "\x1b(0A",
		"\x1b]52;c;eA==\x07", "\x1b]8;;http://7777\x07A\x1b]8;;\x07", "\x1b]0;7777\x1b\\", "\x1bP7777q\x1b\\", "\x1b_7777\x1b\\", "\x1b^7777\x1b\\",
		"\u009b7777mA", "\u009d52;c;eA==\u009c", "\u00907777q\u009c", "\u0084\u0085\u0088",
		"\x9b7777mA", "\x9d52;c;eA==\x9c", "\xff\xfeA\xc3", "A\xe2\x80",
		"\u202eabc\u202c", "\u2066abc\u2069", "a\u200bb\u200dc\u2060\ufeff", "a\u2028b\u2029c", "\U000e0041A", "\ufff9A\ufffb", "\u00ada\u061c",
		"e" + strings.Repeat("\u0301", 40), "\u0301A\u0338", "\u20dd", "A\u0600", "\u115f\u3164A", "日本語", "👩\u200d👧 👍🏽", "🇩🇪🇩", "क्षि", "1\ufe0f\u20e3", "\u1100\u1161\u11a8", "ﷺ﷽",
		"$(touch 7777)", "`x`;'\"\\", "a, b]}}: {#", "%s%n", "[red]<b>{{.}}", "*a* _b_ ~c~ ==d== [[e]]", "", " ", strings.Repeat("x", 20_000), strings.Repeat("日", 5_000),
	}
	for c := 0; c < 256; c += 16 { // all bytes, and all characters of these numbers
		raw, text := "A", "A"
		for k := c; k < c+16; k++ {
			raw += string([]byte{byte(k)})
			text += string(rune(k))
		}
		list = append(list, raw+"B", text+"B")
	}
	return list
}

// hostileFiles are a template, a note, a lesson, keys and progress with a text
// wherever a text may stand.
func hostileFiles(bad string) map[string]string {
	j, _ := json.Marshal(bad) // YAML's double-quoted scalars take it
	quoted := string(j)
	inLine := strings.NewReplacer("\n", " ", "\r", " ").Replace(bad)
	template := "Description: " + quoted + "\nMetadata:\n  esmlab:\n    title: " + quoted + "\n    about: " + quoted + "\n    for: 30s\n" +
		"    traffic:\n    - {to: Orders, every: 1s, keys: [" + quoted + ", b], body: " + quoted + "}\n    - {to: Jobs, every: 1s, body: " + quoted + "}\n" +
		"    functions: {Ship: {takes: 100ms, faults: [{how: error, name: " + quoted + ", records: [Orders#3]}, {how: crash, name: jobs, records: [Jobs#2]}]}}\n" +
		"    expect: [{at: 1s, that: 't > 9'}]\n    stops: ['t > 25']\n" +
		"Resources:\n  Orders: {Type: AWS::Kinesis::Stream, Properties: {Name: " + quoted + "}}\n  Dead: {Type: AWS::SQS::Queue}\n" +
		"  Jobs: {Type: AWS::SQS::Queue, Properties: {VisibilityTimeout: 6, Tags: [{Key: a, Value: " + quoted + "}], RedrivePolicy: {deadLetterTargetArn: !GetAtt Dead.Arn, maxReceiveCount: 1}}}\n" +
		"  Other: {Type: AWS::SNS::Topic, Properties: {TopicName: " + quoted + "}}\n" +
		"  Ship:\n    Type: AWS::Serverless::Function\n    Properties:\n      Timeout: 3\n      Description: " + quoted + "\n      Events:\n" +
		"        Orders: {Type: Kinesis, Properties: {Stream: !GetAtt Orders.Arn, StartingPosition: TRIM_HORIZON}}\n        Jobs: {Type: SQS, Properties: {Queue: !GetAtt Jobs.Arn}}\n"
	if bad == "" || strings.TrimSpace(bad) == "" || !utf8.ValidString(bad) || strings.ContainsAny(bad, "\x00") { // no key, no name
		template = strings.Replace(template, "keys: ["+quoted+", b]", "keys: 2", 1)
	}
	template = strings.Replace(template, "Properties: {Name: "+quoted+"}", "Properties: {ShardCount: 1}", 1) // AWS refuses such a name
	note := "---\ntags: [" + quoted + "]\n---\n# " + inLine + "\n\nQ: How long does a poller wait, " + inLine + "?\nA: For twenty seconds, " + inLine + "\n\n" +
		"> [!question] Which " + inLine + "?\n> Some " + inLine + "\n> ```\n> " + inLine + "\n> ```\n> 1. one " + inLine + "\n> 2. two [" + inLine + "](" + inLine + ")\n>\n> > [!success]- 1\n> > It is " + inLine + "\n>\n> ^which\n"
	tour, _ := fs.ReadFile(lessons.Files(), "1-polling/01-tour.md")
	tourTemplate, _ := fs.ReadFile(lessons.Files(), "1-polling/01-tour.yaml")
	lesson := strings.NewReplacer("title: The tour", "title: "+quoted, "cards: [kin", "# [kin", "Records flow", inLine, "A few words to begin with", inLine, "Orders come", inLine+" come", "Some orders take longer", inLine, "They are passed over", inLine, "Pane 5", inLine).Replace(string(tour))
	return map[string]string{"mine.yaml": template, "note.md": note, "lessons/01-mine.md": lesson, "lessons/01-mine.yaml": string(tourTemplate),
		"progress": `{"v":1,"id":"` + "x" + `","kind":"review","card":` + quoted + `,"at":"2026-12-01T10:00:00Z"}` + "\n" + inLine + "\n",
		"keys":     "bisect: " + quoted + "\n" + quoted + ": b\n"}
}

// tape is what a terminal was sent.
type tape struct{ bytes.Buffer }

// played runs a command on a terminal of 100x30 with some keys, and gives what it
// wrote. It belongs in a bubble.
func playedKeys(t *testing.T, args []string, w Env, keys []string) (raw, errs string) {
	t.Helper()
	pr, pw := io.Pipe()
	out, errOut := &tape{}, &bytes.Buffer{}
	w.In, w.Out, w.Err, w.Interactive, w.OutIsTerminal, w.Cols, w.Rows = pr, out, errOut, true, true, 100, 30
	ended := make(chan int, 1)
	ctx, stop := context.WithCancel(context.Background())
	go func() {
		code := Run(ctx, args, w)
		pr.Close()
		ended <- code
	}()
	wait := func(d time.Duration) { time.Sleep(d); synctest.Wait() }
	wait(300 * time.Millisecond)
	for _, k := range append(keys, "\x03") {
		io.WriteString(pw, k)
		wait(100 * time.Millisecond)
		if k == "\x1b" {
			wait(300 * time.Millisecond)
		}
	}
	wait(keyGrace)
	stop() // as the keyboard does, where Ctrl+C was within a sequence
	wait(5 * time.Second)
	select {
	case <-ended:
	default:
		t.Errorf("%q does not end", args)
	}
	pw.Close()
	wait(time.Minute)
	return out.String(), errOut.String()
}

// sequences are the control sequences in what a terminal was sent, each with how
// it looks but for its numbers; text is all that is not one of them.
func sequences(raw string) (kinds map[string]string, text string) {
	kinds = map[string]string{}
	var b strings.Builder
	for len(raw) > 0 {
		if raw[0] != 0x1b {
			_, n := utf8.DecodeRuneInString(raw)
			b.WriteString(raw[:n])
			raw = raw[n:]
			continue
		}
		n, kind := 2, "ESC "+raw[1:2]
		switch raw[1] {
		case '[':
			for n < len(raw) && (raw[n] < 0x40 || raw[n] > 0x7e) {
				n++
			}
			n++
			kind = "CSI " + strings.Map(func(r rune) rune {
				if r >= '0' && r <= '9' || r == ';' || r == ':' {
					return -1
				}
				return r
			}, raw[2:n])
		case ']', 'P', '_', '^', 'X':
			end := strings.IndexAny(raw[2:], "\x07\x1b")
			if end < 0 {
				end = len(raw) - 3
			}
			n = 2 + end + 1
			if raw[n-1] == 0x1b {
				n++
			}
			number, _, _ := strings.Cut(raw[2:2+end], ";")
			kind = "string " + raw[1:2] + number
			kinds[kind+" holds"] = raw[2 : 2+end]
		}
		kinds[kind] += raw[:n] + " "
		raw = raw[n:]
	}
	return kinds, b.String()
}

// drawing are the sequences of a renderer that move the cursor, and erase, repeat,
// insert, delete and scroll: which of them it takes depends on what it draws.
var drawing = regexp.MustCompile("^(CSI [A-HJ-MPSTXZ`bdfr@]|ESC M)$")

// hostileRuns are the commands that draw a screen, and keys that bring all of a
// text to it.
func hostileRuns(bad string) []struct {
	args, keys, want []string
} {
	typed := "\x1b[200~" + strings.ReplaceAll(bad, "\x1b[201~", "") + "\x1b[201~"
	return []struct{ args, keys, want []string }{
		{[]string{"lab", "x;touch 7777;" + strings.ReplaceAll(bad[:min(len(bad), 100)], "/", "") + ".yaml"}, strings.Split(" |:seek 12s\r|w|\x1b|1|\x1b[B|\r|\x1b|\x1b|3|\x1b[B|\r|\x1b|\x1b|6|\x1b[B|\x1b[B|\r|\x1b|5|\x1b[B|\r|\x1b|\x1b|4|\x1b[B|\r|\x1b|\x1b|a|\x1b|e|\x1b|e2|"+typed+"\r|\x1b|m|1|\x1b[B|\r|\x1b|\x1b|:notes\r|\x1b|:describe\r|\x1b|:event\r|\x1b|:life Orders#3\r|\x1b|y|\x1b|/|"+typed+"\r|/|:|"+typed+"\r|\x1b|?|"+typed+"|\x1b|b|:history\r|\x1b|\x1b|\x1b", "|"), strings.Split("calm|Put 1|What can be done to|This run, to copy|Why, at|Notes|describe|Invocation|put → read|works here|History", "|")},
		{[]string{"quiz", "note.md"}, strings.Split("\r|0|\r|\x1b|\x1b|?|\x1b|\x1b", "|"), strings.Split("Which calm|Some calm|works here", "|")},
		{[]string{"learn", "lessons"}, strings.Split(" |:seek 8s\r|\r|\r|1|\r|y|\x1b|\x1b", "|"), strings.Split("Say: |calm come", "|")},
		{nil, strings.Split(" |\x1b|t|"+typed+"\r|\x15mine.yaml\r|\x1b|/|"+typed+"\r", "|"), strings.Split("continue|Your own template", "|")},
	}
}

// hostileEnv is a world of such files, and of such variables.
func hostileEnv(bad string) Env {
	files := hostileFiles(bad)
	read := func(name string) ([]byte, error) {
		if strings.HasSuffix(name, ".yaml") && !strings.Contains(name, "keys") {
			name = "mine.yaml"
		}
		if src, ok := files[name]; ok {
			return []byte(src), nil
		}
		return nil, &fs.PathError{Op: "open", Path: name, Err: fs.ErrNotExist}
	}
	memory := &progress.Memory{}
	_ = memory.Append([]byte(files["progress"]))
	return Env{ReadFile: read, File: memory, Deck: someDeck(), Env: []string{"TERM=xterm-256color", "COLORTERM=truecolor", "LANG=" + bad, "HOME=/" + bad, "XDG_CONFIG_HOME=/" + bad, "USER=" + bad},
		Now: func() time.Time { return time.Date(2026, 12, 2, 9, 0, 0, 0, time.UTC) },
		Dir: func(name string) fs.FS {
			m := fstest.MapFS{}
			for name, src := range files {
				m[name] = &fstest.MapFile{Data: []byte(src)}
			}
			sub, _ := fs.Sub(m, filepath.ToSlash(filepath.Clean(name)))
			return sub
		}}
}

// Whatever names, keys, bodies, notes, lessons, files, variables and typed text
// hold, a terminal is sent no sequence that harmless text does not bring, and
// nothing in it that came from the text.
func TestHostileScreens(t *testing.T) {
	harmless := map[int]map[string]string{}
	for i, bad := range append([]string{"calm"}, attacks()...) {
		if testing.Short() && i%48 > 0 {
			continue
		}
		for k, run := range hostileRuns(bad) {
			if i > 0 && k > 0 && (i+k)%5 > 0 { // the lab shows most of what there is
				continue
			}
			var raw, errs string
			synctest.Test(t, func(t *testing.T) { raw, errs = playedKeys(t, run.args, hostileEnv(bad), run.keys) })
			kinds, text := sequences(raw)
			if i == 0 {
				harmless[k] = kinds
				for _, want := range run.want {
					if !strings.Contains(text, want) || errs != "" {
						t.Errorf("%q does not show %q: %q\n%s", run.args, want, text, errs)
					}
				}
				continue
			}
			for kind, found := range kinds {
				if isCopy(found) {
					continue
				}
				if _, ok := harmless[k][kind]; !ok && !drawing.MatchString(kind) || !strings.HasSuffix(kind, " holds") && !strings.HasPrefix(kind, "string ]") && strings.Contains(found, "7777") {
					t.Errorf("%.40q of %.40q: the terminal is sent %q", run.args, bad, found)
				}
				if strings.HasSuffix(kind, " holds") && found != printable.Line(found) {
					t.Errorf("%.40q of %.40q: the terminal is sent %q", run.args, bad, found)
				}
			}
			for _, what := range []string{text, errs} {
				for i, r := range what {
					if r != '\r' && r != '\n' && r != '\t' && r != '\b' && !printable.Rune(r) && !strings.Contains(what[max(0, i-8):min(len(what), i+8)], "👩\u200d👧") {
						t.Errorf("%.40q of %.40q: the terminal is sent %q in %q", run.args, bad, r, what[max(0, i-40):min(len(what), i+40)])
						break
					}
				}
				if flood := strings.Repeat("\u0301", 5); strings.Contains(what, flood) {
					t.Errorf("%.40q of %.40q: a flood of marks", run.args, bad)
				}
			}
		}
	}
}

// The line that `y` copies is one word for a shell, and shows what it holds,
// whatever a file is called.
func TestCopiedFileName(t *testing.T) {
	t.Parallel()
	o := &runOptions{cmd: &cobra.Command{}}
	o.flags(o.cmd)
	var names []string
	script := "printf '%s\\0'"
	for _, bad := range append(attacks(), "x;touch pwned;", "-x", "$HOME", "'") {
		name := strings.NewReplacer("/", "", "\x00", "").Replace(bad) + ".yaml"
		line := o.changes().Command(name)
		if printable.Line(line) != line {
			t.Errorf("%q: the line holds what is not printable: %q", name, line)
		}
		if name[0] == '-' {
			name = "./" + name
		}
		names, script = append(names, name), script+" "+line
	}
	bash, err := exec.LookPath("bash")
	if err != nil {
		t.Skip("no bash to ask: ", err)
	}
	c := exec.Command(bash)
	c.Dir, c.Stdin = t.TempDir(), strings.NewReader(script)
	out, err := c.Output()
	if err != nil {
		t.Fatal(err)
	}
	words := strings.Split(strings.TrimSuffix(string(out), "\x00"), "\x00")
	for i := range min(len(words), len(names)) {
		if words[i] != names[i] {
			t.Errorf("%q becomes %q", names[i], words[i])
		}
	}
	if left, _ := os.ReadDir(c.Dir); len(words) != len(names) || len(left) > 0 {
		t.Errorf("%d words of %d names, %d files made", len(words), len(names), len(left))
	}
}

// At any text the frame is exactly the screen, and the outer border stands where
// it stands with harmless text.
func TestHostileFrames(t *testing.T) {
	calm := map[string]string{}
	for i, bad := range append([]string{"calm"}, attacks()...) {
		if testing.Short() && i%48 > 0 {
			continue
		}
		for what, first := range map[string]func(*played) kit.Opening{
			"lab": func(p *played) kit.Opening {
				return kit.Opening{Name: "lab", Read: func() (func() error, error) {
					o := &runOptions{}
					o.flags(&cobra.Command{})
					o.cmd = &cobra.Command{}
					opts, err := p.w.user().LabOptions("mine.yaml", o.changes())
					opts.Stopped = true
					return func() error { return p.w.user().OpenOn(p.screens, opts) }, err
				}}
			},
			"quiz": func(p *played) kit.Opening {
				return p.w.user().Questions().Opening(p.screens, quiz.Request{Paths: []string{"note.md"}}, quiz.Mode{})
			},
			"lesson": func(p *played) kit.Opening {
				return lesson.FolderOpening(p.screens, p.w.Dir("lessons"), p.w.user().CourseOptions("lessons"), "")
			},
		} {
			if i > 0 && what != "lab" && i%5 > 0 {
				continue
			}
			synctest.Test(t, func(t *testing.T) {
				p := record(t, nil, func(p *played) error {
					for name, src := range hostileFiles(bad) {
						p.files[name] = src
					}
					o := &runOptions{}
					o.flags(&cobra.Command{})
					p.screens.Open(p.w.user().Home(p.screens, o.changes()))
					p.screens.Open(kit.NewLoading(p.screens, first(p)))
					return nil
				})
				p.Send(tea.WindowSizeMsg{Width: 100, Height: 30})
				keys := map[string]string{"lab": ":,s,e,e,k, ,9,s,enter,w,esc,1,down,enter,esc,3,down,enter,esc,6,down,enter,esc,4,down,enter,esc,esc,esc,m,e,esc,a,esc", "quiz": "enter,0,enter", "lesson": "enter,enter"}[what]
				for step, k := range strings.Split(keys, ",") {
					p.keys(k)
					rows := strings.Split(p.View(), "\n")
					sides := ""
					for y, row := range rows {
						if n := ansi.StringWidth(row); n > 100 || len(rows) != 30 {
							t.Errorf("%s of %.40q after %d keys: row %d of %d has %d cells: %.300q", what, bad, step, y, len(rows), n, ansi.Strip(row))
						}
						for _, r := range []string{ansi.Strip(ansi.Cut(row, 0, 1)), ansi.Strip(ansi.Cut(row, 99, 100))} {
							if !strings.ContainsAny(r, "│║╭╮╰╯╔╗╚╝") {
								r = "."
							}
							sides += r
						}
					}
					at := fmt.Sprint(what, step)
					if i == 0 {
						calm[at] = sides
					} else if what == "lab" && sides != calm[at] {
						t.Errorf("%s of %.40q after %d keys: the border is\n%s, with harmless text\n%s\n%s", what, bad, step, sides, calm[at], ansi.Strip(strings.Join(rows, "\n")))
					}
				}
				p.Close()
			})
		}
	}
}

// isCopy reports whether sequences of a kind are what `y` sends: printable lines to the
// terminal's clipboard.
func isCopy(found string) bool {
	for _, one := range strings.Fields(found) {
		_, data, ok := strings.Cut(strings.TrimRight(one, "\a"), "52;c;")
		line, err := base64.StdEncoding.DecodeString(data)
		if !ok || err != nil || !strings.HasPrefix(string(line), "esmlab ") && !strings.HasPrefix(string(line), "esm1:") || string(line) != printable.Line(string(line)) {
			return false
		}
	}
	return true
}
