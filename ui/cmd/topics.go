package cmd

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"unicode"

	"esmlab/engine/rule"
	"esmlab/engine/setting"
	"esmlab/engine/template"
	"esmlab/lessons"
	"esmlab/ui/kit"
	"esmlab/ui/pane"
)

// topic is something that words can be looked up in: a setting, what a pane
// shows, a rule, a row of the reading of AWS, or a lesson.
type topic struct {
	name, kind, text string
	inName, inText   stems
	rank             int // how well it fits; the smaller, the better
}

// topicsOf lists all topics. The order counts among those that fit equally well.
func topicsOf(w *Env) ([]topic, error) {
	var out []topic
	add := func(name, kind, text string) {
		out = append(out, topic{name: name, kind: kind, text: text, inName: stemsOf(name), inText: stemsOf(text)})
	}
	for i := range setting.All {
		if p := &setting.All[i]; p.About != "" {
			add(p.FullName(), "setting", p.About)
		}
	}
	for _, p := range pane.All() {
		if !strings.Contains(p.Text, "{") { // a text about keys
			add(p.Title, "pane", p.Text)
		}
	}
	for _, r := range rule.All {
		add(string(r.ID), string(r.Confidence), r.Statement)
	}
	for _, r := range rule.Rows() {
		says := r.Says
		if r.Not != "" {
			says += " Not simulated: " + r.Not
		}
		if r.Error != "" {
			says += " Refused with " + r.Error + "."
		}
		add(r.Name, "row", says)
	}
	lib, err := lessons.Open(w.Lessons)
	if err != nil {
		return nil, err
	}
	for _, h := range lib.Heads {
		add(h.ID, "lesson", fmt.Sprintf("%s, %s. Not so: %s", h.Title, kit.Count(h.Minutes, "minute"), h.WrongIdea))
	}
	return out, nil
}

// findTopics lists the topics that hold all the words, the best ones first:
// those whose name is what was looked up, those with the words in the name, one
// after the other in the text, anywhere.
func findTopics(all []topic, words string) []topic {
	want := stemsOf(words).parts
	if len(want) == 0 {
		return nil
	}
	var out []topic
	for _, t := range all {
		switch {
		case slices.Equal(t.inName.parts, want) || slices.Equal(t.inName.whole, want):
			t.rank = 0
		case t.inName.holdInTurn(want):
			t.rank = 1
		case t.inText.holdInTurn(want):
			t.rank = 2
		case !slices.ContainsFunc(want, func(w string) bool { return !t.inName.hold(w) && !t.inText.hold(w) }):
			t.rank = 3
		default:
			continue
		}
		out = append(out, t)
	}
	slices.SortStableFunc(out, func(a, b topic) int { return cmp.Compare(a.rank, b.rank) })
	return out
}

// about gives the sentence that holds most of the words, the first of such; where
// they are in the name, the first of all, and of a lesson its title.
func (t *topic) about(words string) string {
	if t.rank < 2 || t.kind == "lesson" {
		return firstSentence(t.text)
	}
	want, best, most := stemsOf(words).parts, "", -1
	for rest := t.text; rest != ""; {
		s := firstSentence(rest)
		rest = strings.TrimPrefix(rest[len(s):], " ")
		n, in := 0, stemsOf(s)
		for _, w := range want {
			if in.hold(w) {
				n++
			}
		}
		if n > most {
			best, most = s, n
		}
	}
	return best
}

// nearestTopic says what would be found in place of words that are nowhere.
func nearestTopic(all []topic, words string) string {
	var known, names []string
	for _, t := range all {
		names = append(names, t.name)
		for _, w := range split(t.name + " " + t.text) {
			if len(w) > 3 {
				known = append(known, w)
			}
		}
	}
	slices.Sort(known)
	known = slices.Compact(known)
	var alone, right []string
	for _, w := range split(words) {
		switch {
		case len(findTopics(all, w)) > 0:
			alone, right = append(alone, w), append(right, w)
		default:
			if near := template.Nearest(w, known); near != "" {
				right = append(right, near)
			}
		}
	}
	near, name := strings.Join(right, " "), template.Nearest(words, names)
	switch {
	case name != "" && !strings.Contains(words, " "):
		return "did you mean " + name + "?"
	case len(alone) > 1 && len(alone) == len(split(words)):
		return "each word alone is found: " + strings.Join(alone, ", ")
	case near != "" && len(findTopics(all, near)) > 0:
		return "did you mean " + near + "?"
	case name != "":
		return "did you mean " + name + "?"
	}
	return "esmlab explain lists the rules and the settings"
}

// stems are the words of a text without their endings, so that throttled,
// throttles and throttling are one. IteratorAge is two words, and one.
type stems struct{ parts, whole []string }

func stemsOf(text string) stems {
	s := stems{parts: split(text), whole: split(strings.ToLower(text))}
	for _, words := range [][]string{s.parts, s.whole} {
		for i, w := range words {
			words[i] = stem(w)
		}
	}
	return s
}

func (s *stems) hold(word string) bool {
	return slices.Contains(s.parts, word) || slices.Contains(s.whole, word)
}

// holdInTurn reports whether the words stand one after the other.
func (s *stems) holdInTurn(words []string) bool {
	for _, in := range [][]string{s.parts, s.whole} {
		for i := 0; i+len(words) <= len(in); i++ {
			if slices.Equal(in[i:i+len(words)], words) {
				return true
			}
		}
	}
	return false
}

// split gives the words of a text in lower case; a capital within a word begins
// the next.
func split(text string) []string {
	var out []string
	var word []rune
	end := func() {
		if len(word) > 0 {
			out, word = append(out, string(word)), word[:0]
		}
	}
	runes := []rune(text)
	for i, r := range runes {
		if !unicode.IsLetter(r) && !unicode.IsDigit(r) {
			if r != '\'' { // the stream's
				end()
			}
			continue
		}
		if unicode.IsUpper(r) && i > 0 && (unicode.IsLower(runes[i-1]) || i+1 < len(runes) && unicode.IsUpper(runes[i-1]) && unicode.IsLower(runes[i+1])) {
			end()
		}
		word = append(word, unicode.ToLower(r))
	}
	end()
	return out
}

func stem(w string) string {
	for _, ending := range []string{"ings", "ing", "ied", "ies", "ed", "es", "s", "y", "e"} {
		root, ok := strings.CutSuffix(w, ending)
		n := len(root)
		if !ok || n < 2 || n < 3 && ending != "ied" && ending != "ies" && ending != "y" {
			continue
		}
		switch ending {
		case "ied", "ies":
			return root + "i" // retries
		case "y":
			if strings.ContainsRune("aeiou", rune(root[n-1])) {
				return w // delay
			}
			return root + "i"
		case "ing", "ings", "ed":
			if n > 3 && root[n-1] == root[n-2] && root[n-1] != 'l' && root[n-1] != 's' {
				return root[:n-1] // dropped
			}
		case "s":
			if strings.HasSuffix(root, "s") {
				return w // loss
			}
		}
		return root
	}
	return w
}
