package session

import (
	"cmp"
	"slices"
	"strconv"
	"strings"
)

// Domain is a content domain of the exam guide.
type Domain struct {
	N       int // from 1; 0: what no domain claims
	Name    string
	Percent int // of the scored questions
}

// blueprints are the domains of each edition, as its exam guide weighs them:
// https://docs.aws.amazon.com/aws-certification/latest/developer-associate-02/developer-associate-02.html,
// https://docs.aws.amazon.com/aws-certification/latest/developer-associate-03/developer-associate-03.html
var blueprints = map[Version][]Domain{
	C02: {{1, "Development with AWS Services", 32}, {2, "Security", 26}, {3, "Deployment", 24}, {4, "Troubleshooting and Optimization", 18}},
	C03: {{1, "Development with AWS Services", 30}, {2, "Security", 26}, {3, "Deployment", 22}, {4, "Troubleshooting and Optimization", 22}},
}

// Domains are the domains of an edition, in their order.
func Domains(v Version) []Domain { return slices.Clone(blueprints[v]) }

// DomainOf gives the domain of a skill such as 1.2.4; 0 of none.
func DomainOf(skill string) int {
	first, _, _ := strings.Cut(skill, ".")
	n, err := strconv.Atoi(first)
	if err != nil {
		return 0
	}
	return n
}

// Skill is the skill of an edition that a card trains, as AWS writes it: 1.2.4; its first,
// where it names several. "" it names none.
func (c Card) Skill(v Version) string {
	if s := skills(c, v); len(s) > 0 {
		return s[0]
	}
	return ""
}

// skills are a card's skills of an edition, as AWS writes them: 1.2.4.
func skills(c Card, v Version) []string {
	var out []string
	for _, tag := range c.Skills {
		if rest, ok := strings.CutPrefix(strings.ToLower(tag), strings.ToLower(string(v))+"-"); ok {
			out = append(out, strings.ReplaceAll(rest, "-", "."))
		}
	}
	return out
}

// SkillTag is the tag of a skill.
func SkillTag(v Version, skill string) string {
	return strings.ToLower(string(v)) + "-" + strings.ReplaceAll(skill, ".", "-")
}

// seats divides a number of questions among domains by their weights. What is left after
// whole numbers goes to the largest remainders; among equal ones the seed decides.
func seats(domains []Domain, questions int, seed uint64) map[int]int {
	out, left := map[int]int{}, questions
	type share struct{ n, rest int }
	var shares []share
	for _, d := range domains {
		out[d.N] = d.Percent * questions / 100
		left -= out[d.N]
		shares = append(shares, share{d.N, d.Percent * questions % 100})
	}
	seeded("seats", seed).Shuffle(len(shares), func(i, j int) { shares[i], shares[j] = shares[j], shares[i] })
	slices.SortStableFunc(shares, func(a, b share) int { return cmp.Compare(b.rest, a.rest) })
	for i := range left {
		out[shares[i%len(shares)].n]++
	}
	return out
}

// Draw is what an exam was drawn from, where it is not as AWS weighs it.
type Draw struct {
	Asked int      // questions that were asked for
	Short []Domain // those in which the deck has too few for that; Percent is how many it has
	Even  bool     // the weights hold: there are fewer questions instead
}

// draw chooses the questions of an exam: of each domain as many as its weight says, of a
// cluster one, and within a domain no skill much more than its part. Where the deck has too few of
// a domain, there are fewer questions, so that the weights hold; a deck without any of a
// domain is drawn from as it is.
func draw(cards []Card, v Version, questions int, seed uint64) ([]Card, Draw) {
	r := seeded("exam", seed)
	r.Shuffle(len(cards), func(i, j int) { cards[i], cards[j] = cards[j], cards[i] })
	domains := blueprints[v]
	has := func(d int) int { // cards that are not near-doubles
		one, n := clusters{}, 0
		for _, c := range cards {
			if DomainOf(c.Skill(v)) == d && one.take(c) {
				n++
			}
		}
		return n
	}
	info := Draw{Asked: questions}
	room := map[int]int{}
	for _, d := range domains {
		room[d.N] = has(d.N)
	}
	fits := func(n int) bool {
		for d, want := range seats(domains, n, seed) {
			if room[d] < want {
				return false
			}
		}
		return true
	}
	for d, want := range seats(domains, questions, seed) {
		if room[d] < want {
			x := domains[d-1]
			x.Percent = room[d]
			info.Short = append(info.Short, x)
		}
	}
	slices.SortFunc(info.Short, func(a, b Domain) int { return a.N - b.N })
	weighed := questions
	for weighed > 0 && !fits(weighed) {
		weighed--
	}
	one := clusters{}
	if weighed >= min(questions, fewest) {
		info.Even = true
		for n := weighed; n > 0; n-- { // clusters that lie in two domains may take one more away
			if out, ok := byWeight(cards, v, seats(domains, n, seed), domains, room); ok {
				return out, info
			}
		}
	}
	var out []Card
	slices.SortStableFunc(cards, func(a, b Card) int {
		return cmp.Compare(min(1, len(b.Skill(v))), min(1, len(a.Skill(v))))
	})
	for _, c := range cards {
		if len(out) < questions && one.take(c) {
			out = append(out, c)
		}
	}
	return out, info
}

// fewest is the size below which an exam by weight says too little: then a deck is drawn
// from as it is.
const fewest = 10

// byWeight takes so many cards of each domain; false if there are too few. Domains with
// little to choose from come first, so that a cluster that lies in two is theirs.
func byWeight(cards []Card, v Version, want map[int]int, domains []Domain, room map[int]int) ([]Card, bool) {
	order := slices.Clone(domains)
	slices.SortStableFunc(order, func(a, b Domain) int { return cmp.Compare(room[a.N]-want[a.N], room[b.N]-want[b.N]) })
	one := clusters{}
	var out []Card
	for _, d := range order {
		skills := map[string]bool{}
		for _, c := range cards {
			if s := c.Skill(v); DomainOf(s) == d.N {
				skills[s] = true
			}
		}
		most := max(2, 2*want[d.N]/max(1, len(skills))+1) // of one skill, while there are others
		taken, perSkill := map[string]bool{}, map[string]int{}
		for _, capped := range []bool{true, false} {
			for _, c := range cards {
				s := c.Skill(v)
				if len(taken) == want[d.N] || DomainOf(s) != d.N || taken[c.ID] || capped && perSkill[s] >= most || !one.take(c) {
					continue
				}
				taken[c.ID] = true
				perSkill[s]++
				out = append(out, c)
			}
		}
		if len(taken) < want[d.N] {
			return nil, false
		}
	}
	return out, true
}
