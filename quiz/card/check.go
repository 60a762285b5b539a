package card

import (
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"
)

// MaxOption is how long an option may be, in characters.
const MaxOption = 150

// Check gives what the rules of the written format find wrong with a card.
// Cards in other dialects are people's own notes: for them there are none.
func Check(c *Card) []Problem {
	if c.Dialect != CalloutOptions {
		return nil
	}
	k := checker{c: c, out: CheckQuestion(c)}
	k.source()
	for _, t := range c.Tags {
		if exists, known := HasTag(t); known && !exists {
			k.add(c.Line, "there is no tag #"+t, "#n01 to #n32, #trap-s1 to #trap-s22, #trap-q1 to #trap-q33, #user-1 to #user-24, or a skill such as #c03-1-2-4")
		}
	}
	return k.out
}

// CheckQuestion gives what is wrong with a card's options and reasons: what
// holds for a prediction in a lesson too, which names no source of its own.
func CheckQuestion(c *Card) []Problem {
	if c.Dialect != CalloutOptions {
		return nil
	}
	k := checker{c: c}
	k.options()
	k.reasons()
	return k.out
}

type checker struct {
	c   *Card
	out []Problem
}

func (k *checker) add(line int, message, right string) {
	k.out = append(k.out, Problem{File: k.c.File, Line: line, Col: 1, Message: message, Right: right})
}

// giveaways are words by which an option is known to be wrong, or right,
// without knowing anything.
var giveaways = []string{"always", "never"}

var refused = []string{"all of the above", "all of these", "none of the above", "none of these", "both of the above"}

func (k *checker) options() {
	c := k.c
	if n := len(c.Options); n < 2 || n > 6 {
		k.add(c.Line, strconv.Itoa(n)+" options", "two to six")
	}
	if len(c.Key()) == 0 {
		k.add(c.answerLine, "no option is right", "> > [!success]- Answer: 2")
	}
	if len(c.Key()) == len(c.Options) {
		k.add(c.answerLine, "every option is right", "at least one that is wrong")
	}
	texts := map[string]int{}
	for i := range c.Options {
		o := &c.Options[i]
		text := Text(o.Text)
		if n := utf8.RuneCountInString(text); n > MaxOption {
			k.add(o.Line, "option "+strconv.Itoa(o.N)+" has "+strconv.Itoa(n)+" characters", "at most 150")
		} else if n == 0 {
			k.add(o.Line, "option "+strconv.Itoa(o.N)+" is empty", "a text")
		}
		plain := normal(text)
		if line := texts[plain]; line > 0 {
			k.add(o.Line, "option "+strconv.Itoa(o.N)+" says the same as the one in line "+strconv.Itoa(line), "different options")
		}
		texts[plain] = o.Line
		for _, r := range refused {
			if strings.Contains(plain, r) {
				k.add(o.Line, "option "+strconv.Itoa(o.N)+" says “"+r+"”", "options that stand for themselves")
			}
		}
		for _, w := range strings.FieldsFunc(plain, func(r rune) bool { return r < 'a' || r > 'z' }) {
			if slices.Contains(giveaways, w) {
				k.add(o.Line, "option "+strconv.Itoa(o.N)+" gives itself away by “"+w+"”", "say what happens, without it")
				break
			}
		}
	}
}

func (k *checker) reasons() {
	c := k.c
	if len(c.Rule) == 0 {
		k.add(c.answerLine, "the answer gives no rule", "a first paragraph of one or two sentences")
	}
	for i := range c.Options {
		o := &c.Options[i]
		switch {
		case o.Reason == nil:
			k.add(o.Line, "option "+strconv.Itoa(o.N)+" has no reason", "a line with its number in the answer")
		case o.ReasonKind == NoReason:
			k.add(o.Line, "the reason of option "+strconv.Itoa(o.N)+" does not say when it is right", "Right here …, Right with …, Right if … or Never: …")
		case o.Right && o.ReasonKind != RightHere:
			k.add(o.Line, "option "+strconv.Itoa(o.N)+" is right, but its reason says otherwise", "Right here …")
		case !o.Right && o.ReasonKind == RightHere:
			k.add(o.Line, "option "+strconv.Itoa(o.N)+" is wrong, but its reason says it is right here", "Right with …, Right if … or Never: …")
		}
	}
}

func (k *checker) source() {
	c := k.c
	if len(c.Sources) == 0 {
		k.add(c.answerLine, "the card has no source", "Source: [title](https://docs.aws.amazon.com/…), 2026-11-23.")
	}
	for _, s := range c.Sources {
		u, err := url.Parse(s.URL)
		if err != nil || u.Scheme != "https" || u.User != nil || u.Host != "docs.aws.amazon.com" && u.Host != "aws.amazon.com" {
			k.add(s.Line, "the source "+s.URL+" is not an AWS page", "a page of docs.aws.amazon.com or aws.amazon.com, with https")
		}
		if _, err := time.Parse(time.DateOnly, s.Read); err != nil {
			k.add(s.Line, "the source has no date", "the day it was read, such as 2026-11-23")
		}
	}
}

// Balance is what only a whole deck shows: whether its form gives the key
// away. It counts the single choices in the written format.
type Balance struct {
	Cards   int
	Longest int         // cards whose key is longer than every other option
	Places  map[int]int // cards by the place of the key among the options, from 1
}

// Weigh counts over the cards of a deck.
func Weigh(cards []*Card) Balance {
	b := Balance{Places: map[int]int{}}
	for _, c := range cards {
		if c.Dialect != CalloutOptions || c.Kind != Single || len(c.Options) < 2 {
			continue
		}
		b.Cards++
		key, other := 0, 0
		for i, o := range c.Options {
			n := utf8.RuneCountInString(Text(o.Text))
			if o.Right {
				key = n
				if !c.KeepOrder {
					b.Places[i+1]++
				}
			} else {
				other = max(other, n)
			}
		}
		if key > other {
			b.Longest++
		}
	}
	return b
}

// MaxLongest is the share of cards, in percent, whose key may be the longest
// option.
const MaxLongest = 35

// TooLong reports whether the key is the longest option too often. A handful of
// cards says nothing.
func (b Balance) TooLong() bool { return b.Cards >= 10 && b.Longest*100 > b.Cards*MaxLongest }

// String says it in a sentence.
func (b Balance) String() string {
	if b.Cards == 0 {
		return "no single choices"
	}
	s := "single choices: " + strconv.Itoa(b.Cards) + "; the key is the longest option in " + strconv.Itoa(b.Longest) + " of them, and is"
	for i := 1; i <= 6; i++ {
		if n := b.Places[i]; n > 0 {
			s += " " + strconv.Itoa(n) + "× in place " + strconv.Itoa(i) + ","
		}
	}
	return strings.TrimRight(s, ",")
}
