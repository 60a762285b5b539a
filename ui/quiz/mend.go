package quiz

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"esmlab/lessons"
	"esmlab/quiz/card"
	"esmlab/quiz/drill"
	"esmlab/quiz/session"
	"esmlab/ui/kit"
)

// mend is what to do about a skill in which questions were missed.
type mend struct {
	version       session.Version
	skill         string
	missed, asked int
	cards         int // that the deck has on it
	lessons       []lessons.Head
	drill         *drill.Family
}

// most is how many skills a result names to work on.
const most = 5

// mends are the skills with the most misses, and for each the lesson, the cards and the
// drill that mend it.
func (o *Options) mends(x *Exam) []mend {
	r := x.e.Result()
	list := make([]*card.Card, len(o.Deck))
	for i, e := range o.Deck {
		list[i] = e.Card
	}
	var out []mend
	for _, s := range r.Skills {
		if len(s.Missed) == 0 || s.Skill == "" {
			continue
		}
		m := mend{version: r.Version, skill: s.Skill, missed: len(s.Missed), asked: s.Asked, cards: len(card.OnTopic(list, session.SkillTag(r.Version, s.Skill)))}
		var missed []*card.Card
		for _, i := range s.Missed {
			missed = append(missed, x.sheets[i].e.Card)
		}
		m.lessons = lessonsFor(o.Lessons, missed)
		m.drill = drillFor(session.SkillTag(r.Version, s.Skill), missed)
		out = append(out, m)
	}
	slices.SortStableFunc(out, func(a, b mend) int { return b.missed - a.missed })
	return out[:min(len(out), most)]
}

// lessonsFor gives the lessons, at most two, that teach what the missed cards ask: a
// lesson names the cards it prepares for and the facts it teaches.
func lessonsFor(all []lessons.Head, missed []*card.Card) []lessons.Head {
	type rated struct {
		head lessons.Head
		fits float64
	}
	var found []rated
	for _, h := range all {
		fits := 0.0
		for _, c := range missed {
			if slices.Contains(h.Cards, c.ID) {
				fits += 2
			}
			for _, t := range c.Tags {
				if slices.Contains(h.Facts, strings.ToLower(t)) { // of a lesson on everything each is a small part
					fits += 1 / float64(len(h.Facts))
				}
			}
		}
		if fits > 0 {
			found = append(found, rated{h, fits})
		}
	}
	slices.SortStableFunc(found, func(a, b rated) int { return cmp.Compare(b.fits, a.fits) })
	var out []lessons.Head
	for _, x := range found {
		if len(out) < 2 && x.fits*2 >= found[0].fits {
			out = append(out, x.head)
		}
	}
	return out
}

// drillFor gives the drill that trains a skill, of a source that the missed cards are about
// where there is one; nil if none does.
func drillFor(skill string, missed []*card.Card) *drill.Family {
	sources := map[string]int{}
	for _, c := range missed {
		for _, s := range session.FromCard(c).Sources {
			sources[s]++
		}
	}
	var best *drill.Family
	for _, f := range drill.Families() {
		if slices.Contains(f.Skills(), skill) && (best == nil || sources[f.Source] > sources[best.Source]) {
			best = f
		}
	}
	return best
}

// topic is the topic of the cards on the skill.
func (m mend) topic() string { return session.SkillTag(m.version, m.skill) }

// what says what was missed.
func (m mend) what(v session.Version) string {
	return fmt.Sprintf("%s %s: %d of %d missed", m.skill, skillName(v, m.skill), m.missed, m.asked)
}

// how names the lessons, the cards and the drill, as commands.
func (m mend) how() []string {
	var out []string
	for _, h := range m.lessons {
		out = append(out, fmt.Sprintf("esmlab learn %s: %s", h.ID, h.Title))
	}
	out = append(out, fmt.Sprintf("esmlab quiz --cram --topic %s: %s", m.skill, kit.Count(m.cards, "card")))
	if m.drill != nil {
		out = append(out, fmt.Sprintf("esmlab quiz --drill %s: %s", m.drill.Name, m.drill.About))
	}
	return out
}
