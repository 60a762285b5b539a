package card

import (
	"path"
	"slices"
	"strings"

	"esmlab/quiz/markdown"
)

// domainNames are words by which a domain of the exam guide can be called.
var domainNames = map[string]string{"development": "1", "development with aws services": "1", "security": "2", "deployment": "3",
	"troubleshooting": "4", "optimization": "4", "troubleshooting and optimization": "4"}

// OnTopic gives the cards on a topic, or on one of several, with commas between them: a
// domain of the exam (security, domain 2), a skill (1.2.4), a fact (n13), a tag or the end of one
// (kinesis, on-failure), a folder or file of notes (queues, dlq), a heading; where it is
// none of these, words that a card's question holds.
func OnTopic(cards []*Card, topic string) []*Card {
	var out []*Card
	for _, t := range strings.Split(topic, ",") {
		t = strings.Join(strings.Fields(strings.ToLower(strings.TrimPrefix(strings.TrimSpace(t), "#"))), " ")
		if t == "" {
			continue
		}
		found := pick(cards, func(c *Card) bool { return c.named(t) })
		if len(found) == 0 {
			words := strings.Fields(t)
			found = pick(cards, func(c *Card) bool { return c.holds(words) })
		}
		for _, c := range found {
			if !slices.Contains(out, c) {
				out = append(out, c)
			}
		}
	}
	return out
}

func pick(cards []*Card, ok func(*Card) bool) []*Card {
	var out []*Card
	for _, c := range cards {
		if ok(c) {
			out = append(out, c)
		}
	}
	return out
}

// named reports whether a topic is a name of something that the card is in.
func (c *Card) named(topic string) bool {
	domain := domainNames[topic]
	if rest, ok := strings.CutPrefix(topic, "domain"); ok && domain == "" {
		domain = strings.TrimSpace(rest)
	}
	if n := strings.Count(topic, "."); domain == "" && n > 0 && strings.Trim(topic, "0123456789.") == "" {
		domain = strings.ReplaceAll(topic, ".", "-") // a skill, or a task
	}
	for _, tag := range c.exam() {
		if domain != "" && (tag[4:] == domain || strings.HasPrefix(tag[4:], domain+"-")) {
			return true
		}
	}
	for _, tag := range c.Tags {
		if tag = strings.ToLower(tag); tag == topic || path.Base(tag) == topic {
			return true
		}
	}
	file := strings.ToLower(strings.TrimSuffix(c.File, path.Ext(c.File)))
	if slices.Contains(strings.Split(file, "/"), topic) || file == topic || strings.EqualFold(c.Deck, topic) {
		return true
	}
	return slices.ContainsFunc(c.Heading, func(h string) bool { return strings.ToLower(h) == topic })
}

// exam are the card's skills of the newest edition that it names.
func (c *Card) exam() []string {
	for _, edition := range []string{"c03-", "c02-"} {
		var out []string
		for _, t := range c.Tags {
			if t = strings.ToLower(t); strings.HasPrefix(t, edition) {
				out = append(out, t)
			}
		}
		if len(out) > 0 {
			return out
		}
	}
	return nil
}

// holds reports whether the question has all the words, or longer ones that begin so.
func (c *Card) holds(words []string) bool {
	text := markdown.BlocksText(c.Situation) + " " + Text(c.Title)
	for _, o := range c.Options {
		text += " " + Text(o.Text)
	}
	have := strings.FieldsFunc(strings.ToLower(text), func(r rune) bool { return r != '-' && !(r >= '0' && r <= '9') && !(r >= 'a' && r <= 'z') && r < 128 })
	for _, w := range words {
		if !slices.ContainsFunc(have, func(h string) bool { return h == w || len(w) >= 4 && strings.HasPrefix(h, strings.TrimSuffix(w, "s")) }) {
			return false
		}
	}
	return len(words) > 0
}

// Topics are names of topics that the cards have: what their tags of several levels end in,
// and the folders and files they stand in.
func Topics(cards []*Card) []string {
	seen := map[string]bool{}
	for _, c := range cards {
		for _, t := range c.Tags {
			if strings.Contains(t, "/") {
				seen[path.Base(strings.ToLower(t))] = true
			}
		}
		file := strings.ToLower(strings.TrimSuffix(c.File, path.Ext(c.File)))
		seen[path.Base(file)] = true
		if dir := path.Base(path.Dir(file)); dir != "." {
			seen[dir] = true
		}
	}
	var out []string
	for t := range seen {
		out = append(out, t)
	}
	slices.Sort(out)
	return out
}
