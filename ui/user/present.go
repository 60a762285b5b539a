package user

import (
	"path/filepath"
	"slices"
	"strings"

	"esmlab/engine/scenario"
	"esmlab/engine/template"
	"esmlab/lessons"
	"esmlab/quiz/card"
	"esmlab/quiz/proof"
	"esmlab/talks"
	"esmlab/ui/home"
	"esmlab/ui/kit"
	"esmlab/ui/present"
)

// Talk reads what is to be presented: a built-in presentation, a Markdown file, a lesson,
// or a scenario.
func (u *User) Talk(name string) (*talks.Talk, error) {
	if src, ok := talks.Builtin(name); ok {
		t, err := u.readTalk(name+".md", src)
		return t, asRefused(err)
	}
	if card.IsNote(name) {
		src, _, err := u.Source(name)
		if err != nil {
			return nil, err
		}
		t, err := u.readTalk(name, src)
		return t, asRefused(err)
	}
	id := strings.TrimPrefix(name, LessonPrefix)
	if lib, err := lessons.Open(u.Lessons); err == nil && !IsFile(name) && slices.ContainsFunc(lib.Heads, func(h lessons.Head) bool { return h.ID == id }) {
		l, err := lib.Lesson(id)
		if err != nil {
			return nil, err
		}
		return talks.OfLesson(l, kit.KeyOf)
	}
	if !IsFile(name) && !IsBuiltin(name) {
		if c, p, err := u.Questions().Card(name, "."); err == nil {
			t, err := talks.OfCard(c, p)
			return t, asRefused(err)
		}
		return nil, refused("esmlab: there is no presentation, lesson, scenario or card %q (%s; or a Markdown file)", name, template.OneOf(name, append(talks.Names(), scenario.Names()...)))
	}
	src, file, err := u.Source(name)
	if err != nil {
		return nil, err
	}
	sc, err := u.Read(file, src, Changes{})
	if err != nil {
		return nil, err
	}
	return talks.OfScenario(sc), nil
}

// asRefused is an error as a person should read it.
func asRefused(err error) error {
	if err == nil {
		return nil
	}
	return Refused(err.Error())
}

// IsTalk tells whether a Markdown file is a presentation: its front matter has a title, and
// an esmlab block or a scenario names a run.
func IsTalk(src []byte) bool {
	front, rest, ok := strings.Cut(strings.TrimPrefix(string(src), "---\n"), "\n---")
	return ok && strings.HasPrefix(string(src), "---\n") && strings.Contains("\n"+front, "\ntitle:") && !strings.Contains("\n"+front, "\nwrong-idea:") &&
		(strings.Contains("\n"+front, "\nscenario:") || strings.Contains(rest, "```esmlab"))
}

// readTalk reads a presentation; scenarios that it names are built in, or stand beside it.
func (u *User) readTalk(file string, src []byte) (*talks.Talk, error) {
	return talks.Read(file, src, func(name string) ([]byte, string, error) {
		if IsFile(name) && !filepath.IsAbs(name) {
			name = filepath.Join(filepath.Dir(file), name)
		}
		return u.Source(name)
	}, func(id string) (*card.Card, *proof.Prover, error) { return u.Questions().Card(id, filepath.Dir(file)) })
}

// pollOpening opens a card as a poll of the user's room.
func (u *User) pollOpening(screens *kit.ScreenStack, c *card.Card, p *proof.Prover) kit.Opening {
	return kit.Opening{Name: "the poll", Read: func() (func() error, error) {
		t, err := talks.OfCard(c, p)
		return func() error {
			s, err := present.New(screens, u.PresentOptions(t))
			if err == nil {
				screens.Open(s)
			}
			return err
		}, asRefused(err)
	}}
}

// CheckTalk says what is wrong with a presentation.
func (u *User) CheckTalk(file string, src []byte) ([]talks.Finding, error) {
	t, err := u.readTalk(file, src)
	if err != nil {
		return nil, err
	}
	return t.Check(), nil
}

// talksSection are the built-in presentations on Home.
func (u *User) talksSection(screens *kit.ScreenStack) home.Section {
	return home.Listed(func() []home.Group {
		g := home.Group{Head: "Presentations", Noun: "a presentation"}
		for _, name := range talks.Names() {
			head := talks.HeadOf(name)
			g.Entries = append(g.Entries, home.Entry{Name: name, Note: head.Title, About: head.About(), Open: u.PresentOpening(screens, name),
				Preview: func() (home.Preview, error) { return u.talkPreview(name) }})
		}
		return []home.Group{g}
	})
}

// talkPreview is what a class sees before it first votes.
func (u *User) talkPreview(name string) (home.Preview, error) {
	t, err := u.Talk(name)
	if err != nil {
		return home.Preview{}, err
	}
	at := &t.Stops[0]
	for i := range t.Stops {
		if t.Stops[i].Poll != nil {
			at = &t.Stops[i]
			break
		}
	}
	p, err := home.LookAt(at.World, at.At, nil)
	p.Title = t.Title
	return p, err
}

// PresentOptions are those of a presentation in the user's room.
func (u *User) PresentOptions(t *talks.Talk) present.Options {
	return present.Options{Talk: t, Room: u.Room, Now: u.Now, Message: Message, Sharing: u.sharing()}
}

// PresentOpening opens a presentation.
func (u *User) PresentOpening(screens *kit.ScreenStack, name string) kit.Opening {
	return kit.Opening{Name: "the presentation", Read: func() (func() error, error) {
		t, err := u.Talk(name)
		return func() error {
			s, err := present.New(screens, u.PresentOptions(t))
			if err == nil {
				screens.Open(s)
			}
			return err
		}, err
	}}
}
