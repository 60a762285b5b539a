package card

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"esmlab/quiz/markdown"
)

// This file holds what the form of a question may not do: give the key away to
// a person who knows nothing of AWS. The rules are those of item writing
// (NBME Item-Writing Guide; Haladyna, Downing, Rodriguez 2002).

// The checks of a card's form, as findings name them.
const (
	CheckOrder    = "order"    // numbers stand in order, in a list that keeps it
	CheckKinds    = "kinds"    // options are of one kind
	CheckLongest  = "longest"  // the key is much longer than the others
	CheckReason   = "reason"   // the key alone has a reason, or alone has none
	CheckHedge    = "hedge"    // the key alone is hedged, or one option alone is absolute
	CheckClang    = "clang"    // the key alone repeats words of the question
	CheckEcho     = "echo"     // the key repeats a message that the question quotes
	CheckNegative = "negative" // the question asks for what is not so
	CheckHearsay  = "hearsay"  // what an old source says is a wrong option
	CheckChoose   = "choose"   // how many are to be chosen is said
	CheckNames    = "names"    // what is named has been introduced
	CheckOptIn    = "opt-in"   // metrics that have to be asked for
	CheckLeadIn   = "lead-in"  // the question says what is asked
	CheckReading  = "reading"  // what a metric shows comes from a run
	CheckRefused  = "refused"  // the situation is one that AWS lets come about
)

// CheckForm gives what the form of a card gives away. It looks at choices in the
// written format.
func CheckForm(c *Card) []Problem {
	if c.Dialect != CalloutOptions || c.Kind != Single && c.Kind != Multiple || len(c.Options) < 2 || len(c.Key()) == 0 {
		return nil
	}
	f := former{c: c, stem: markdown.BlocksText(c.Situation) + " " + Text(c.Title)}
	for i := range c.Options {
		f.texts = append(f.texts, Text(c.Options[i].Text))
	}
	f.order()
	f.kinds()
	f.longest()
	f.reason()
	f.hedge()
	f.clang()
	f.echo()
	f.negative()
	f.hearsay()
	f.choose()
	f.names()
	f.optIn()
	f.leadIn()
	f.reading()
	f.refused()
	return f.out
}

type former struct {
	c     *Card
	stem  string
	texts []string
	out   []Problem
}

func (f *former) add(line int, check, message, right string) {
	f.out = append(f.out, Problem{File: f.c.File, Line: line, Col: 1, Check: check, Message: message, Right: right})
}

// key gives the index of the only right option, or -1.
func (f *former) key() int {
	at := -1
	for i := range f.c.Options {
		if f.c.Options[i].Right {
			if at >= 0 {
				return -1
			}
			at = i
		}
	}
	return at
}

// alone reports whether the key has a property that no other option has. A card of
// two options has no such thing.
func (f *former) alone(has []bool) bool {
	key := f.key()
	if key < 0 || len(has) < 3 || !has[key] {
		return false
	}
	for i, h := range has {
		if i != key && h {
			return false
		}
	}
	return true
}

// numberWords are words that stand for a number.
var numberWords = map[string]float64{"none": 0, "nothing": 0, "zero": 0, "once": 1, "one": 1, "twice": 2, "two": 2, "three": 3, "four": 4, "five": 5,
	"six": 6, "seven": 7, "eight": 8, "nine": 9, "ten": 10, "eleven": 11, "twelve": 12}

// leads are words that may stand before the number that an option is.
var leads = strings.Fields("a about all an at after at for hour in only second seconds minute until up to with not message messages record records number click scan")

// amount gives the numbers of an option that is a number, as “At second 21”,
// “Twice” or “2 deliveries, 1 failure”; none for another.
// Words of shared may stand before it too: Reading 4, Reading 16.
func amount(text string, shared map[string]bool) []float64 {
	var out []float64
	if len(strings.Fields(text)) > 10 {
		return nil // a sentence
	}
	for i, w := range numberOrWord.FindAllString(text, -1) {
		n, isNumber := numberWords[strings.ToLower(w)]
		if w[0] >= '0' && w[0] <= '9' {
			v, err := strconv.ParseFloat(strings.ReplaceAll(w, ",", ""), 64)
			if err != nil {
				continue
			}
			n, isNumber = v, true
		}
		switch {
		case isNumber && (len(out) > 0 || i <= 3):
			if len(out) > 0 && (w[0] < '0' || w[0] > '9') {
				continue // “one” inside a sentence is a pronoun
			}
			out = append(out, n)
		case len(out) == 0 && !slices.Contains(leads, strings.ToLower(w)) && !shared[strings.ToLower(w)]:
			return nil
		}
	}
	return out
}

var numberOrWord = regexp.MustCompile(`[0-9][0-9,]*(?:\.[0-9]+)?|[\pL][\pL']*`)

// order wants options that are numbers sorted, in a list that keeps its order.
func (f *former) order() {
	var all [][]float64
	shared := map[string]bool{}
	for _, w := range wordsIn(f.texts[0]) {
		shared[w] = !slices.ContainsFunc(f.texts, func(t string) bool { return !slices.Contains(wordsIn(t), w) })
	}
	for _, t := range f.texts {
		n := amount(t, shared)
		if n == nil {
			return
		}
		all = append(all, n)
	}
	if !slices.IsSortedFunc(all, slices.Compare) {
		f.add(f.c.Options[0].Line, CheckOrder, "the options are numbers and stand in no order", "from the smallest to the largest, in a list that begins with 0.")
	} else if !f.c.KeepOrder {
		f.add(f.c.Options[0].Line, CheckOrder, "the options are numbers, and would be shuffled", "a list that begins with 0.")
	}
}

// kinds wants options that could stand for each other: all code or all prose, all
// with a full stop or none, all numbers or none.
func (f *former) kinds() {
	code, stop, number := 0, 0, 0
	for i := range f.c.Options {
		if onlyCode(f.c.Options[i].Text) {
			code++
		}
		if strings.HasSuffix(f.texts[i], ".") {
			stop++
		}
		if n := amount(f.texts[i], nil); n != nil && len(strings.Fields(f.texts[i])) <= 3 {
			number++
		}
	}
	mixed := func(n int) bool { return n > 0 && n < len(f.texts) }
	switch {
	case mixed(stop):
		f.add(f.c.Options[0].Line, CheckKinds, "some options end with a full stop and some do not", "all alike")
	case mixed(code) && f.words() > 3:
		f.add(f.c.Options[0].Line, CheckKinds, "some options are nothing but code and others are sentences", "options of one kind")
	case mixed(number) && f.words() > 6:
		f.add(f.c.Options[0].Line, CheckKinds, "some options are nothing but a number and others are sentences", "options of one kind")
	}
}

// words is the length of the longest option.
func (f *former) words() int {
	n := 0
	for _, t := range f.texts {
		n = max(n, len(strings.Fields(t)))
	}
	return n
}

func onlyCode(spans []Span) bool {
	for _, s := range spans {
		if s.Style&markdown.Code == 0 && strings.Trim(s.Text, " ,.") != "" && s.Text != " and " {
			return false
		}
	}
	return len(spans) > 0
}

// MaxOverMean is how long the longest option may be where it is the key, in percent
// of the options' mean.
const MaxOverMean = 130

// shortOption is the length from which a key can be too long.
const shortOption = 30

func (f *former) longest() {
	key := f.key()
	if key < 0 {
		return
	}
	sum, longest := 0, 0
	for i, t := range f.texts {
		n := utf8.RuneCountInString(t)
		sum += n
		if i != key {
			longest = max(longest, n)
		}
	}
	n := utf8.RuneCountInString(f.texts[key])
	if n > shortOption && n > longest && n*100*len(f.texts) > sum*MaxOverMean {
		f.add(f.c.Options[key].Line, CheckLongest, fmt.Sprintf("the key has %d characters, the options %d on average", n, sum/len(f.texts)), "at most 1.3 times the mean")
	}
}

// explains begins what explains an option.
var explains = regexp.MustCompile(`(?i): |; |, as | because |, since |, so |, which |, where |, although |, for `)

func (f *former) reason() {
	with, without := make([]bool, len(f.texts)), make([]bool, len(f.texts))
	for i, t := range f.texts {
		with[i] = explains.MatchString(t)
		without[i] = !with[i]
	}
	switch key := f.key(); {
	case f.alone(with):
		f.add(f.c.Options[key].Line, CheckReason, "the key is the only option that says why", "all of them, or none")
	case f.alone(without):
		f.add(f.c.Options[key].Line, CheckReason, "the key is the only option that does not say why", "all of them, or none")
	}
}

var (
	hedges    = regexp.MustCompile(`(?i)\b(about|almost|usually|often|sometimes|may|might|can|could|at most|at least|some of|part of|mostly|generally|probably|now and then|in most cases|or more)\b`)
	absolutes = regexp.MustCompile(`(?i)\b(only|must|all|every|completely|entirely|impossible|nobody|under no)\b`)
)

func (f *former) hedge() {
	hedged, absolute := make([]bool, len(f.texts)), []int{}
	for i, t := range f.texts {
		hedged[i] = hedges.MatchString(t)
		if absolutes.MatchString(t) {
			absolute = append(absolute, i)
		}
	}
	key := f.key()
	if f.alone(hedged) {
		f.add(f.c.Options[key].Line, CheckHedge, "the key is the only option that is hedged (“"+strings.ToLower(hedges.FindString(f.texts[key]))+"”)", "all of them, or none")
	}
	if len(absolute) == 1 && len(f.texts) > 2 && amount(f.texts[absolute[0]], nil) == nil {
		i := absolute[0]
		f.add(f.c.Options[i].Line, CheckHedge, "option "+strconv.Itoa(f.c.Options[i].N)+" is the only absolute one (“"+strings.ToLower(absolutes.FindString(f.texts[i]))+"”)", "say what happens, without it")
	}
}

// clang looks for words of the question that the key alone repeats, while no other
// option has such words of its own.
func (f *former) clang() {
	key := f.key()
	if key < 0 || len(f.texts) < 3 || amount(f.texts[key], nil) != nil {
		return // a number repeats nothing
	}
	stem := map[string]bool{}
	for _, w := range wordsIn(f.stem) {
		if stems := stemOf(w); utf8.RuneCountInString(w) >= 5 && !plainWords[w] {
			stem[stems] = true
		}
	}
	own := make([]string, len(f.texts)) // a word of the question that no other option has
	sets := make([]map[string]bool, len(f.texts))
	for i, t := range f.texts {
		sets[i] = map[string]bool{}
		for _, w := range wordsIn(t) {
			sets[i][stemOf(w)] = true
		}
	}
	for i, t := range f.texts {
		for _, w := range wordsIn(t) {
			s := stemOf(w)
			if !stem[s] || utf8.RuneCountInString(w) < 5 {
				continue
			}
			others := 0
			for j := range sets {
				if j != i && sets[j][s] {
					others++
				}
			}
			if others == 0 {
				own[i] = w
			}
		}
	}
	has := make([]bool, len(own))
	for i, w := range own {
		has[i] = w != ""
	}
	if f.alone(has) {
		f.add(f.c.Options[key].Line, CheckClang, "the key is the only option with a word of the question that the others lack (“"+own[key]+"”)", "other words, or such a word in another option too")
	}
}

// echo looks for a quoted message, of five words and more, of which the key repeats more
// than any other option does.
func (f *former) echo() {
	key := f.key()
	if key < 0 {
		return
	}
	for _, b := range f.c.Situation {
		for _, s := range b.Spans {
			quoted := wordsIn(s.Text) // a message, not a name
			if s.Style&markdown.Code == 0 || len(strings.Fields(s.Text)) < 5 || strings.Contains(s.Text, "{") {
				continue
			}
			said := map[string]bool{}
			for _, w := range quoted {
				if !plainWords[w] {
					said[stemOf(w)] = true
				}
			}
			repeats := func(i int) int {
				seen := map[string]bool{}
				for _, w := range wordsIn(f.texts[i]) {
					if w = stemOf(w); said[w] {
						seen[w] = true
					}
				}
				return len(seen)
			}
			most := 0
			for i := range f.texts {
				if i != key {
					most = max(most, repeats(i))
				}
			}
			if repeats(key) >= most+2 {
				f.add(f.c.Options[key].Line, CheckEcho, "the key repeats the message that the question quotes", "words of its own, or a message that says less")
				return
			}
		}
	}
}

// stemOf takes off the ends by which words of one root differ.
func stemOf(w string) string {
	for _, end := range []string{"ing", "ies", "ed", "es", "s", "e", "y"} {
		if cut, ok := strings.CutSuffix(w, end); ok && len(cut) >= 4 {
			return cut
		}
	}
	return w
}

var asksWhy = regexp.MustCompile(`(?i)\bwhy\b|\bwhat (explains|causes)\b`)

var negatives = regexp.MustCompile(`\b(not|except|incorrect|wrong|false|untrue|cannot|isn't|doesn't|don't|won't|least likely)\b`)

// negative looks for a question that asks for what is not so. One that means it
// writes the word in capitals.
func (f *former) negative() {
	title := Text(f.c.Title)
	if asksWhy.MatchString(title) {
		return // for a cause, of which there may be one for what is not there
	}
	if w := negatives.FindString(title); w != "" {
		f.add(f.c.Line, CheckNegative, "the question asks for what is not so (“"+w+"”)", "ask for what is, or write "+strings.ToUpper(w)+" where it is meant")
	}
}

var (
	oldSource = regexp.MustCompile(`(?i)\b(old|older|outdated|earlier)\s+(\w+\s+){0,2}(courses?|notes?|books?|guides?|pages?|questions?|material|posts?|blog|slides)\b|\b(courses?|notes?|books?|guides?|questions?|slides)\b[^.:;]{0,30}\b(from|of|is from) (19|20)\d\d\b`)
	hearsay   = regexp.MustCompile(`(?i)\b(course|note|notes|book|guide|colleague|question|table in a guide)\b[^.]{0,40}\b(says?|said|remembers?|lists?|gives?|claims?|believes?|print)\b[^.]*`)
)

// hearsay looks for a source whose word is known to be wrong: one that is called old,
// or whose number or name only wrong options repeat.
func (f *former) hearsay() {
	if m := oldSource.FindString(f.stem); m != "" {
		f.add(f.c.Line, CheckHearsay, "the question calls its source old (“"+strings.TrimSpace(m)+"”), so what it says is known to be wrong", "a question that quotes nobody")
		return
	}
	said := hearsay.FindString(f.stem)
	if said == "" {
		return
	}
	for _, w := range claims(said) {
		right, wrong := false, false
		for i, o := range f.c.Options {
			if slices.Contains(claims(f.texts[i]), w) {
				right, wrong = right || o.Right, wrong || !o.Right
			}
		}
		if wrong && !right {
			f.add(f.c.Line, CheckHearsay, "somebody says “"+w+"”, and only a wrong option does", "a question that quotes nobody, or somebody who is right")
			return
		}
	}
}

// claims are the words and numbers by which one recognises what somebody says.
func claims(text string) []string {
	var out []string
	for _, w := range numberOrWord.FindAllString(text, -1) {
		low := strings.ToLower(w)
		if n, ok := numberWords[low]; ok {
			out = append(out, strconv.FormatFloat(n, 'f', -1, 64))
		} else if w[0] >= '0' && w[0] <= '9' {
			out = append(out, strings.ReplaceAll(strings.TrimRight(w, ","), ",", ""))
		} else if utf8.RuneCountInString(w) >= 5 && !plainWords[low] {
			out = append(out, stemOf(low))
		}
	}
	return out
}

// choose wants to be told how many options are right.
func (f *former) choose() {
	n := len(f.c.Key())
	if f.c.Kind != Multiple || n < 2 {
		return
	}
	title := strings.ToLower(Text(f.c.Title))
	word := []string{"", "", "two", "three", "four", "five", "six"}[min(n, 6)]
	if !regexp.MustCompile(`\b` + word + `\b`).MatchString(title) {
		f.add(f.c.Line, CheckChoose, "the question does not say that "+word+" options are right", "(Choose "+word+".)")
	}
}

var (
	labelled = regexp.MustCompile(`\b(message|record|click|scan|reading|change|order)s? (\d+)\b`)
	counts   = regexp.MustCompile(`(?i)\b(\d[\d,]*|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|fifteen|sixteen|twenty|thirty|forty|hundred|thousand)\b((?: [\pL-]+){0,2}? ([\pL-]+s))\b`)
	times    = strings.Fields("seconds minutes hours days weeks times ms retries shards functions receives invocations tries")
	each     = regexp.MustCompile(`(?i)\b(every|each|in turn|a second|an hour|a minute|per second)\b`)
)

// names wants a number that a message is called by to be introduced: by itself, or by so
// many messages that one of them is the one.
func (f *former) names() {
	situation := markdown.BlocksText(f.c.Situation)
	asked := append([]string{Text(f.c.Title)}, f.texts...)
	for _, text := range asked {
		m := labelled.FindStringSubmatch(text)
		if m == nil || each.MatchString(situation) || regexp.MustCompile(`(?i)`+m[1]+`s? (?:\d+ to |\d+, |\d+ and )*`+m[2]+`\b`).MatchString(situation) {
			continue
		}
		n, _ := strconv.Atoi(m[2])
		introduced := false
		for _, c := range counts.FindAllStringSubmatch(situation, -1) {
			many, ok := numberWords[strings.ToLower(c[1])]
			if !ok {
				many = 1000 // twenty and more
				if v, err := strconv.Atoi(strings.ReplaceAll(c[1], ",", "")); err == nil {
					many = float64(v)
				}
			}
			introduced = introduced || !slices.Contains(times, strings.ToLower(c[3])) && many >= float64(n)
		}
		if !introduced {
			f.add(f.c.Line, CheckNames, "“"+m[0]+"” is not introduced", "the situation says which one that is")
			return
		}
	}
}

// optInMetrics are those that a mapping has with MetricsConfig only.
var optInMetrics = regexp.MustCompile(`\b(PolledEventCount|FilteredOutEventCount|InvokedEventCount|FailedInvokeEventCount|DroppedEventCount|OnFailureDestinationDeliveredEventCount|DeletedEventCount)\b`)

// optIn wants a question about a metric of the mapping to say that it was asked for.
func (f *former) optIn() {
	if m := optInMetrics.FindString(f.stem + " " + strings.Join(f.texts, " ")); m != "" && !strings.Contains(f.stem, "MetricsConfig") && !strings.Contains(f.stem, "metrics group") {
		f.add(f.c.Line, CheckOptIn, m+" is there only for a mapping with MetricsConfig", "`MetricsConfig` with `EventCount` in the situation")
	}
}
