// Package drill makes an endless supply of questions. A family is one mechanism and
// one way of asking about it: from a seed it chooses settings, writes them as
// a template, runs that, and what the engine says is the key. The wrong
// options are what it says under other settings, so each is right somewhere,
// and says where.
//
// Reading order: drill.go (an item and how it is made), stream.go (a world
// with a stream, as settings and as a template; table.go and queue.go are
// others), words.go (values in words),
// then the families, by what they are about.
package drill

import (
	"fmt"
	"hash/fnv"
	"math/rand/v2"
	"slices"
	"strings"

	"esmlab/engine"
	"esmlab/engine/query"
	"esmlab/engine/scenario"
	"esmlab/quiz/card"
)

// Setting is one setting of a world, as it is shown.
type Setting struct{ Name, Value string }

// World is something that can be shown as settings and run as a template. The
// two say the same: whoever types the settings into a template gets the run.
type World interface {
	Settings() []Setting
	Template() string
}

// Option is one option of an item.
type Option struct {
	Text   string
	Reason string // when it is right
	World  World  // in which it is
}

// Item is a question of a family.
type Item struct {
	Family   *Family
	Seed     uint64
	Settings []Setting // all of them, to be shown
	Ask      string
	Options  []Option
	Key      int    // index of the right option
	Template string // the world in which the key is right
	Expr     string // the expression whose value was asked for
	Which    bool   // the options are worlds: the key's is not the one shown
	words    func(any) string
}

// AnswerIn gives what the expression is in a world, in words.
func (i Item) AnswerIn(value any) string { return i.words(value) }

// Stem is the whole question as text: equal stems are equal questions.
func (i Item) Stem() string {
	out := ""
	for _, s := range i.Settings {
		out += s.Name + " " + s.Value + "\n"
	}
	return out + i.Ask
}

// Family makes items of one kind.
type Family struct {
	Name   string // also in card ids
	About  string // what is asked, in a line
	Source string // kinesis, dynamodb, sqs, fifo
	Skill  string // of the exam that it trains, as a tag: c03-1-2-4
	make   func(r *rand.Rand) problem
}

// olderSkills are the skills of the edition before that ask the same.
var olderSkills = map[string]string{"c03-1-1-3": "c02-1-1-13", "c03-1-1-6": "c02-1-1-10", "c03-1-2-2": "c02-1-2-2", "c03-1-2-3": "c02-1-2-3",
	"c03-1-2-4": "c02-1-2-2", "c03-4-1-1": "c02-4-1-7", "c03-4-1-2": "c02-4-1-2", "c03-4-3-1": "c02-4-3-1", "c03-4-3-2": "c02-1-2-2"}

// Skills are the skills of both editions of the exam that the family trains, as tags.
func (f *Family) Skills() []string { return []string{f.Skill, olderSkills[f.Skill]} }

// Trains names the skill of the exam that the family trains.
func (f *Family) Trains() string {
	number := strings.ReplaceAll(strings.TrimPrefix(f.Skill, "c03-"), "-", ".")
	return "This drill trains skill " + number + " of exam DVA-C03: " + card.Skills[f.Skill] + "."
}

// CardID is how a family's answers stand in the progress file.
func (f *Family) CardID() string { return "drill-" + f.Name }

// problem is what a family makes from a seed.
type problem struct {
	world  World
	ask    string
	expr   string // asked of the world when its run ends
	words  func(value any) string
	others []other // worlds of wrong options, the most tempting first
	// which turns the question round: ask holds what was seen (a %s), and the
	// options are the worlds. The settings shown are those of world, one of
	// others is what ran.
	which bool
}

// other is a world beside the one that is shown.
type other struct {
	how   string // what is different: "MaximumRetryAttempts is 3"
	world World
}

// options is how many an item has.
const options = 4

// draws is how many times a family may draw settings that make too few different
// options before it counts as broken.
const draws = 200

// Maker makes items, and remembers what worlds said. The zero Maker is ready.
type Maker struct{ said map[string]any }

// Item makes the item of a family for a seed. The same seed gives the same
// item. An error says that the family is broken.
func (m *Maker) Item(f *Family, seed uint64) (Item, error) {
	h := fnv.New64a()
	_, _ = h.Write([]byte(f.Name)) // never fails
	r := rand.New(rand.NewPCG(h.Sum64(), seed))
	for range draws {
		p := f.make(r)
		item := Item{Family: f, Seed: seed, Settings: p.world.Settings(), Ask: p.ask, Expr: p.expr, Which: p.which, words: p.words}
		ok, err := m.fill(&item, p, r)
		if err != nil {
			return Item{}, fmt.Errorf("%s, seed %d: %w", f.Name, seed, err)
		}
		if ok {
			return item, nil
		}
	}
	return Item{}, fmt.Errorf("%s, seed %d: no settings with %d different answers", f.Name, seed, options)
}

// fill finds the options; false if there are too few different ones.
func (m *Maker) fill(item *Item, p problem, r *rand.Rand) (bool, error) {
	if p.which {
		return m.fillWhich(item, p, r)
	}
	v, err := m.Value(p.world, p.expr)
	if err != nil {
		return false, err
	}
	item.Template = p.world.Template()
	item.Options = []Option{{Text: p.words(v), World: p.world}}
	how := []string{""}
	for _, o := range p.others {
		v, err := m.Value(o.world, p.expr)
		if err != nil {
			return false, err
		}
		text := p.words(v)
		if !slices.ContainsFunc(item.Options, func(x Option) bool { return x.Text == text }) {
			item.Options = append(item.Options, Option{Text: text, Reason: "Right if " + o.how + ".", World: o.world})
			how = append(how, o.how)
		}
	}
	if len(item.Options) < options {
		return false, nil
	}
	var kept []Option
	var varied []string
	for _, i := range placed(item.Options, r.IntN(options)) {
		kept = append(kept, item.Options[i])
		varied = append(varied, how[i])
	}
	item.Options = kept
	item.Options[0].Reason = item.here(varied[1:])
	return m.shuffle(item, 0, r), nil
}

// placed chooses the options of an item: the key, which is the first of all, and wrong
// ones. Where they are numbers, so many of these are smaller than the key as smaller
// says, as far as there are such: it must not stand at the same place every time.
func placed(all []Option, smaller int) []int {
	texts := make([]string, len(all))
	for i, o := range all {
		texts[i] = o.Text
	}
	out := []int{0}
	below, above := []int(nil), []int(nil)
	order, numbers := card.Ascending(texts)
	at := slices.Index(order, 0)
	for i := 1; i < len(all); i++ {
		if numbers && slices.Index(order, i) < at {
			below = append(below, i)
		} else {
			above = append(above, i)
		}
	}
	if !numbers {
		return append(out, above[:options-1]...)
	}
	n := min(len(below), max(smaller, options-1-len(above)))
	return append(append(out, below[:n]...), above[:options-1-n]...)
}

// sentence is a setting in a sentence. A value may be its verb: what a function does.
func (s Setting) sentence() string {
	noun, _, _ := strings.Cut(s.Name, " ")
	verb, _, _ := strings.Cut(s.Value, " ")
	switch {
	case slices.Contains([]string{"takes", "is", "after"}, verb):
		return s.Name + " " + s.Value
	case slices.Contains([]string{"Records", "Messages", "Writes", "Waits", "Limits"}, noun):
		return s.Name + " are " + s.Value
	}
	return s.Name + " is " + s.Value
}

// here says what makes the key right: the settings by which the wrong options differ, as
// they are in the world that is shown.
func (i *Item) here(varied []string) string {
	var out []string
	for _, s := range i.Settings {
		if slices.ContainsFunc(varied, func(how string) bool { return strings.HasPrefix(how, s.Name+" ") }) {
			out = append(out, s.sentence())
		}
	}
	if len(out) == 0 {
		return "The run of these settings says so."
	}
	return "Here " + strings.Join(out, "; ") + "."
}

// fillWhich makes the options of worlds: each must have left something else.
func (m *Maker) fillWhich(item *Item, p problem, r *rand.Rand) (bool, error) {
	seen := map[string]bool{}
	r.Shuffle(len(p.others), func(i, j int) { p.others[i], p.others[j] = p.others[j], p.others[i] })
	saw := ""
	for _, o := range p.others {
		if len(item.Options) == options {
			break
		}
		v, err := m.Value(o.world, p.expr)
		if err != nil {
			return false, err
		}
		text := p.words(v)
		if seen[text] {
			continue
		}
		if seen[text] = true; saw == "" {
			saw, item.Template = text, o.world.Template()
		}
		item.Options = append(item.Options, Option{Text: o.how, Reason: "This leaves: " + text + ".", World: o.world})
	}
	item.Ask = fmt.Sprintf(p.ask, saw)
	return m.shuffle(item, 0, r), nil
}

func (m *Maker) shuffle(item *Item, key int, r *rand.Rand) bool {
	if len(item.Options) < options {
		return false
	}
	var texts []string
	for _, o := range item.Options {
		texts = append(texts, o.Text)
	}
	if order, ok := card.Ascending(texts); ok { // numbers stand in their order
		sorted := make([]Option, options)
		for i, at := range order {
			sorted[i] = item.Options[at]
		}
		item.Options, item.Key = sorted, slices.Index(order, key)
		return true
	}
	r.Shuffle(options, func(i, j int) {
		item.Options[i], item.Options[j] = item.Options[j], item.Options[i]
		switch key {
		case i:
			key = j
		case j:
			key = i
		}
	})
	item.Key = key
	return true
}

// Value runs a world to its end and asks it.
func (m *Maker) Value(w World, expr string) (any, error) {
	src := w.Template()
	at := src + "\x00" + expr
	if v, ok := m.said[at]; ok {
		return v, nil
	}
	v, err := Run(src, expr)
	if err != nil {
		return nil, err
	}
	if m.said == nil || len(m.said) > 20_000 {
		m.said = map[string]any{}
	}
	m.said[at] = v
	return v, nil
}

// Run runs a template to its end and asks it.
func Run(src, expr string) (any, error) {
	sc, err := scenario.Read("drill.yaml", []byte(src), scenario.Options{})
	if err != nil {
		return nil, err
	}
	q, wrong := query.CompileValue(expr, sc.Config)
	if wrong != nil {
		return nil, wrong
	}
	sim, err := engine.New(sc.Config)
	if err != nil {
		return nil, err
	}
	w, end, buf := query.NewWorld(sim, q), sc.Config.For, []engine.Event(nil)
	for at := engine.Micros(0); at < end; {
		at = min(max(sim.NextAt(), 0), end)
		sim.RunUntil(at)
		buf = sim.DrainInto(buf)
		w.Observe(buf)
	}
	return q.Value(w)
}

// Families are all families, in the order in which they teach.
func Families() []*Family {
	return slices.Concat(batchFamilies, retryFamilies, partialFamilies, placeFamilies, scaleFamilies, tableFamilies, queueFamilies, fifoFamilies)
}
