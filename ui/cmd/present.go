package cmd

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"path/filepath"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"esmlab/engine/printable"
	"esmlab/engine/template"
	"esmlab/quiz/card"
	"esmlab/talks"
	"esmlab/ui/kit"
	"esmlab/ui/present"
	"esmlab/ui/room"
	"esmlab/ui/user"
)

// presentFlags are the flags of `esmlab present`.
type presentFlags struct {
	notes, room, handout, speaker string
}

// usualNotes is where the speaker's notes are at first.
const usualNotes = "127.0.0.1:8017"

func presentCommand(w *Env) *cobra.Command {
	f := &presentFlags{}
	c := &cobra.Command{
		Use:   "present [DECK]",
		Short: "Show a class stop after stop, with notes, polls and a remote that can do no harm",
		Long: "Presents a built-in presentation (" + strings.Join(talks.Names(), ", ") + "), a Markdown file of your own\n" +
			"(docs/presenting.md), a scenario with its stops, or a lesson. PgDn and PgUp of a presenter's\n" +
			"remote go through it; commands work after s, and F5 goes back to the stop. The speaker's notes\n" +
			"are on a page of this machine, or in a second terminal with --speaker. With --room the class\n" +
			"votes by phone; fingers are always counted with digits.",
		Example: "esmlab present streams\nesmlab present deck.md --room 0.0.0.0:8017    # phones in this network can vote\nesmlab present --speaker                      # in a second terminal: the notes\nesmlab present queues --handout queues.html   # what the class takes home",
		Args:    cobra.MaximumNArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			if c.Flags().Changed("speaker") {
				return w.speaker(c.Context(), f.speaker)
			}
			name := talks.Names()[0]
			if len(args) > 0 {
				name = args[0]
			}
			t, err := w.user().Talk(name)
			if err != nil {
				return err
			}
			if f.handout != "" {
				return w.handout(t, f.handout)
			}
			return w.present(c.Context(), t, f)
		},
	}
	fl := c.Flags()
	fl.StringVar(&f.notes, "notes", usualNotes, "where this machine's page of speaker notes is; \"\": nowhere")
	fl.StringVar(&f.room, "room", "", "let the network of this room vote at this `ADDRESS`, such as 0.0.0.0:8017")
	fl.StringVar(&f.handout, "handout", "", "write a handout instead, with pictures: `FILE` ends with .md or .html")
	fl.StringVar(&f.speaker, "speaker", "", "show the notes of a presentation that runs in another terminal")
	fl.Lookup("speaker").NoOptDefVal = "http://" + usualNotes + "/notes"
	return c
}

// present opens the presentation.
func (w *Env) present(ctx context.Context, t *talks.Talk, f *presentFlags) error {
	if !w.Interactive {
		for i := range t.Stops {
			s := &t.Stops[i]
			where := "  (no run)"
			if s.World != nil {
				where = fmt.Sprintf("  (%s at %s s)", s.World.Name, s.At)
			}
			fmt.Fprintf(w.Out, "%d. %s%s\n", i+1, s.Title, where)
			if text := s.Class(); text != "" {
				fmt.Fprintln(w.Out, "   "+text)
			}
			for _, say := range s.Say() {
				fmt.Fprintln(w.Out, "   notes: "+say)
			}
		}
		fmt.Fprintln(w.Out, "\nIn a terminal, this is presented.")
		return nil
	}
	var doors present.Room
	if f.notes != "" || f.room != "" {
		local := f.notes
		if local == "" {
			local = "127.0.0.1:0"
		}
		s, err := listenRoom(ctx, local, f.room)
		if err != nil {
			return cannot("esmlab present: %v", err)
		}
		defer s.Close()
		doors = s
	}
	w.user().Room = doors
	return w.screen(ctx, "the presentation", func(screens *kit.ScreenStack) error {
		screens.Open(w.user().Home(screens, user.Changes{}))
		s, err := present.New(screens, w.user().PresentOptions(t))
		if err != nil {
			return err
		}
		screens.Open(s)
		return nil
	})
}

// listenRoom opens the doors of a room. Where another presentation has the usual port of
// the notes, they are at a free one.
func listenRoom(ctx context.Context, local, votes string) (*room.Server, error) {
	s, err := room.Listen(ctx, local, votes)
	if err != nil && local == usualNotes {
		s, err = room.Listen(ctx, "127.0.0.1:0", votes)
	}
	return s, err
}

func notHandedOut(file string, err error) error {
	if errors.Is(err, fs.ErrExist) {
		return cannot("--handout %s: there is such a file already (another name, or remove it)", file)
	}
	return cannot("--handout %s: cannot be written: %v", file, user.RootCause(err))
}

// handout writes what a class takes home.
func (w *Env) handout(t *talks.Talk, file string) error {
	if w.NewFile == nil {
		return cannot("--handout %s: no file can be written here", file)
	}
	pictures, err := present.Pictures(t, 100, 30)
	if err != nil {
		return cannot("%s: %v", t.File, err)
	}
	switch ext := strings.ToLower(filepath.Ext(file)); ext {
	case ".html", ".htm":
		if err := w.NewFile(file, t.HTML(func(i int) []byte { return pictures[i] }), false); err != nil {
			return notHandedOut(file, err)
		}
		fmt.Fprintf(w.Out, "%s: %s, in one file\n", file, kit.Count(len(t.Stops), "stop"))
	case ".md":
		base := strings.TrimSuffix(file, filepath.Ext(file))
		name := func(i int) string { return fmt.Sprintf("%s-%02d.svg", base, i+1) }
		for i, svg := range pictures {
			if svg == nil {
				continue
			}
			if err := w.NewFile(name(i), svg, false); err != nil {
				return notHandedOut(name(i), err)
			}
		}
		if err := w.NewFile(file, t.Markdown(func(i int) string { return filepath.Base(name(i)) }), false); err != nil {
			return notHandedOut(file, err)
		}
		fmt.Fprintf(w.Out, "%s: %s, with %s beside it\n", file, kit.Count(len(t.Stops), "stop"), kit.Count(len(pictures), "picture"))
	default:
		return cannot("--handout %s: a handout is .md or .html", file)
	}
	return nil
}

// speaker shows the notes of a presentation that runs elsewhere on this machine, until it
// ends.
func (w *Env) speaker(ctx context.Context, at string) error {
	if !strings.HasPrefix(at, "http://127.0.0.1:") && !strings.HasPrefix(at, "http://localhost:") && !strings.HasPrefix(at, "http://[::1]:") {
		return cannot("--speaker %s: the address that the presentation shows, such as http://127.0.0.1:8017/notes", at)
	}
	client := &http.Client{Timeout: 5 * time.Second}
	was, missed := "", 0
	for {
		text, err := readNotes(ctx, client, strings.TrimSuffix(at, "/")+".txt")
		switch {
		case ctx.Err() != nil:
			return nil
		case err != nil && was == "":
			return cannot("--speaker %s: no presentation runs there (%v)", at, user.RootCause(err))
		case err != nil:
			if missed++; missed > 3 {
				fmt.Fprintln(w.Out, "\nThe presentation has ended.")
				return nil
			}
		case w.OutIsTerminal && text != was: // over what stands there: the clock goes on without a flicker
			fmt.Fprint(w.screenOut, "\x1b[H"+strings.ReplaceAll(printable.Text(text), "\n", "\x1b[K\r\n")+"\x1b[K\x1b[J")
			missed, was = 0, text
		case withoutClock(text) != withoutClock(was):
			fmt.Fprintln(w.Out, printable.Text(text))
			missed, was = 0, text
		default:
			missed = 0
		}
		select {
		case <-ctx.Done():
			return nil
		case <-time.After(500 * time.Millisecond):
		}
	}
}

// withoutClock is a text of notes without the row that says how long it has taken.
func withoutClock(text string) string {
	title, rest, _ := strings.Cut(text, "\n")
	_, rest, _ = strings.Cut(rest, "   ")
	_, rest, _ = strings.Cut(rest, "\n")
	return title + "\n" + rest
}

func readNotes(ctx context.Context, client *http.Client, at string) (string, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, at, nil)
	if err != nil {
		return "", err
	}
	res, err := client.Do(req)
	if err != nil {
		return "", err
	}
	defer res.Body.Close()
	if res.StatusCode != http.StatusOK {
		return "", errors.New(res.Status)
	}
	text, err := io.ReadAll(io.LimitReader(res.Body, 1<<20))
	return string(text), err
}

// checkTalk checks a presentation.
func (w *Env) checkTalk(path string, src []byte) ([]found, bool, error) {
	list, err := w.user().CheckTalk(path, src)
	var out []found
	var wrong template.Errors
	if errors.As(err, &wrong) {
		for _, e := range wrong {
			out = append(out, found{File: e.File, Line: e.Line, Col: e.Col, Code: e.Code, Message: e.Message, Right: e.Right})
		}
		return out, true, nil
	}
	if err != nil {
		return nil, true, err
	}
	for _, f := range list {
		x := found{File: path, Line: f.Line, Col: 1, Message: f.Message, Right: f.Right}
		if f.Info {
			x.Level = "info"
		}
		out = append(out, x)
	}
	return out, false, nil
}

// talk reads a file that is a presentation.
func (w *Env) talk(path string) ([]byte, bool) {
	if src, ok := talks.Builtin(path); ok {
		return src, true
	}
	if !card.IsNote(path) || w.ReadFile == nil {
		return nil, false
	}
	src, err := w.ReadFile(path)
	return src, err == nil && user.IsTalk(src)
}
