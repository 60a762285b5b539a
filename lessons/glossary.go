package lessons

import (
	_ "embed" // glossary.yaml
	"io/fs"
	"regexp"
	"slices"
	"strings"
	"sync"
	"unicode"

	"go.yaml.in/yaml/v4"

	"esmlab/quiz/card"
)

// Word is an entry of the glossary: a term, in a sentence that needs no other.
type Word struct {
	Term   string   `yaml:"term"`
	Also   []string `yaml:"also"` // other forms under which texts use it
	Says   string   `yaml:"says"`
	Lesson string   `yaml:"lesson"` // the id of the lesson that teaches it
}

//go:embed glossary.yaml
var glossarySource []byte

// Glossary is the list of the lessons' words, in the order in which the
// built-in lessons teach them.
var Glossary = sync.OnceValue(func() []Word {
	var out []Word
	if err := yaml.Unmarshal(glossarySource, &out); err != nil {
		panic("glossary.yaml: " + err.Error()) // part of the program; a test reads it
	}
	return out
})

// forms lists the term and its other forms, in singular and plural, as texts are
// searched for them: in lower case, or as they are written if they have a capital
// inside (BatchSize, DLQ).
func (w *Word) forms() []string {
	var out []string
	for _, f := range append([]string{w.Term}, w.Also...) {
		if strings.ToLower(f[1:]) == f[1:] {
			f = strings.ToLower(f)
		}
		out = append(out, f, f+"s")
		if strings.HasSuffix(f, "h") { // batches, hashes
			out = append(out, f+"es")
		}
		if root, ok := strings.CutSuffix(f, "y"); ok {
			out = append(out, root+"ies")
		}
	}
	return out
}

// index finds words in texts: the entries by their forms.
var index = sync.OnceValue(func() map[string]int {
	out := map[string]int{}
	for i, w := range Glossary() {
		for _, f := range w.forms() {
			out[f] = i
		}
	}
	return out
})

// wordsIn calls found with each entry that a text uses, in the order of the text. Of
// two that begin at the same word it is the longer one: redrive policy, not redrive.
func wordsIn(text string, found func(entry int)) {
	tokens := strings.FieldsFunc(text, func(r rune) bool {
		return !unicode.IsLetter(r) && !unicode.IsDigit(r) && r != '-' && r != '_'
	})
	entries := index()
next:
	for i := 0; i < len(tokens); {
		for n := min(3, len(tokens)-i); n > 0; n-- {
			form := strings.Join(tokens[i:i+n], " ")
			at, ok := entries[form]
			if !ok {
				at, ok = entries[strings.ToLower(form)]
			}
			if ok {
				found(at)
				i += n
				continue next
			}
		}
		i++
	}
}

// FindWord finds an entry of the glossary by one of its forms; nil if there is none.
func FindWord(name string) *Word {
	all := Glossary()
	for i := range all {
		for _, f := range all[i].forms() {
			if strings.EqualFold(f, strings.TrimSpace(name)) {
				return &all[i]
			}
		}
	}
	return nil
}

// NewWords lists, for each step of a lesson of the library, the words that no
// text of the course has used before: those that the step has to explain.
func (l *Library) NewWords(lesson *Lesson) [][]Word {
	all := Glossary()
	known := make([]bool, len(all))
	see := func(text string, found func(i int)) {
		wordsIn(text, func(i int) {
			if !known[i] {
				known[i] = true
				found(i)
			}
		})
	}
	for i := range l.Heads {
		if l.Heads[i].ID == lesson.ID {
			break
		}
		src, err := fs.ReadFile(l.fsys, l.Heads[i].File)
		if err != nil {
			continue
		}
		see(l.Heads[i].Title+"\n"+readText(string(src)), func(int) {})
	}
	out := make([][]Word, len(lesson.Steps))
	for i := range lesson.Steps {
		var found []int
		text := lesson.Steps[i].reads()
		if i == 0 {
			text = lesson.Title + "\n" + text
		}
		see(text, func(at int) { found = append(found, at) })
		slices.Sort(found)
		for _, at := range found {
			out[i] = append(out[i], all[at])
		}
	}
	return out
}

// tipLine is a sentence in a list of tips.
var tipLine = regexp.MustCompile(`^- ['"\w][^:]* `)

var (
	frontMatter = regexp.MustCompile(`(?ms)\A---\n.*?^---\n`)
	unread      = regexp.MustCompile(`\{\{.*?\}\}|\{key:.*?\}|\]\(.*?\)`)
)

// readText is what a person reads of a lesson's Markdown: without front matter,
// placeholders, links and, of fenced blocks, all but the sentences and tips of goals.
func readText(src string) string {
	var b strings.Builder
	fenced := false
	for line := range strings.Lines(frontMatter.ReplaceAllString(src, "")) {
		text := strings.TrimLeft(line, "> ")
		switch {
		case strings.HasPrefix(text, "```"):
			fenced = !fenced
		case strings.HasPrefix(text, "Source"):
		case !fenced, strings.HasPrefix(text, "else:"), strings.HasPrefix(text, "met:"), strings.HasPrefix(text, "say:"), tipLine.MatchString(text) && !strings.Contains(text, "{key:"):
			b.WriteString(unread.ReplaceAllString(text, " "))
		}
	}
	return b.String()
}

// reads is all that a person reads at a step.
func (s *Step) reads() string {
	parts := []string{s.Title}
	for _, text := range s.texts() {
		for _, p := range text {
			parts = append(parts, p.Span.Text)
		}
	}
	if c := s.Card; c != nil {
		parts = append(parts, card.Text(c.Title))
		for _, b := range slices.Concat(c.Situation, c.Rule) {
			parts = append(parts, card.Text(b.Spans))
		}
		for _, o := range c.Options {
			parts = append(parts, card.Text(o.Text), card.Text(o.Reason))
		}
	}
	return strings.Join(parts, " ")
}

// Line is the word with its sentence, on a line.
func (w *Word) Line() string { return w.Term + ": " + w.Says }

// Terms lists the terms of the glossary.
func Terms() []string {
	all := Glossary()
	out := make([]string, len(all))
	for i := range all {
		out[i] = all[i].Term
	}
	return out
}
