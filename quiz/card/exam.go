package card

import (
	"regexp"
	"strings"

	"esmlab/quiz/markdown"
)

// This file says which cards are like the questions of the exam: a person with a
// need, or with a symptom, decides something (exam guide of DVA-C03: one of four
// options is right, or two and more of five and more).

// situationWords is the least length of a situation.
const situationWords = 20

var (
	// decides is how a question begins that asks for a decision or for a cause; results is
	// how one begins that asks what comes out.
	decides = regexp.MustCompile(`(?i)^(which|why|for which|on which|to which|from which|with which)\b|\bwhich (one |two |three |[a-z]+ )|\bwhat (should|must|has to|is missing|explains?|causes?|lets?|keeps?|limits?|removes?|helps?|achieves?|meets?|solves?|ends?|makes?|would|is the (most|best|likely|cause|reason))\b|\bhow (should|must|can|could|do|does)\b|\b(MOST|LEAST|BEST|FEWEST)\b`)
	results = regexp.MustCompile(`(?i)\bhow (many|long|often|much)\b|\b(at|in) (which|what) (seconds?|states?|order)|\bwhere (is|are)\b|\bwhat (happens|happened|becomes|has happened|do|did)\b|^(which|with which|from which) (two )?(sentences?|records?|messages?|changes (are|is)|batches|numbers?|scan|shards?|mappings)\b`)
	// need are words by which a situation says what somebody needs, or sees.
	need = regexp.MustCompile(`(?i)\b(must|may not|should|needs?|needed|wants?|wanted|has to|have to|requires?|required|asks?|plans?|expects?|complains?|reports?|notices?|sees?|shows?|fails?|failed|refused|refuses|rises?|climbs?|grows?|stays?|lost|missing|never|nothing|no longer|instead|twice|error|slow|too|without|worthless|allowed|empty)\b`)
	// criterion is how a question names what its options are measured by.
	criterion = regexp.MustCompile(`\b(MOST|LEAST|BEST|FEWEST)\b|\brequirements?\b|\b(protects|loses no)\b`)
	// choose is how a question says that several options are right.
	choose = regexp.MustCompile(`(?i)\b(two|three)\b`)
)

// OwnLabel is what a question says where its key is esmlab's own, as AWS documents none.
const OwnLabel = "in esmlab"

// OwnToEsmlab reports whether a card says that its key holds in esmlab. No exam asks that.
func OwnToEsmlab(c *Card) bool {
	return strings.Contains(strings.ToLower(Text(c.Title)+" "+markdown.BlocksText(c.Situation)), OwnLabel)
}

// ExamLacks gives what a card lacks to be like a question of the exam; nothing for one
// that is.
func ExamLacks(c *Card) []string {
	var out []string
	title, situation := Text(c.Title), markdown.BlocksText(c.Situation)
	switch n := len(c.Options); {
	case c.Kind == Single && n >= 4:
	case c.Kind == Multiple && n >= 5 && choose.MatchString(title):
	default:
		out = append(out, "four options, or five of which two are right and “Choose two”")
	}
	if len(strings.Fields(situation)) < situationWords {
		out = append(out, "a situation of twenty words")
	}
	if OwnToEsmlab(c) {
		out = append(out, "a key that AWS documents")
	}
	if !need.MatchString(situation+" "+title) && !asksWhy.MatchString(title) && !criterion.MatchString(title) {
		out = append(out, "a need or a symptom")
	}
	if !decides.MatchString(title) || results.MatchString(title) {
		out = append(out, "a question for a decision or a cause")
	}
	counted := 0
	for _, o := range c.Options {
		if amount(Text(o.Text), nil) != nil && len(strings.Fields(Text(o.Text))) <= 4 {
			counted++
		}
	}
	if counted == len(c.Options) {
		out = append(out, "options that are no results of counting")
	}
	return out
}

// ExamLike counts the cards that are like the exam's, and the choices in the written
// format.
func ExamLike(cards []*Card) (like, of int) {
	for _, c := range cards {
		if c.Dialect != CalloutOptions {
			continue
		}
		of++
		if len(ExamLacks(c)) == 0 {
			like++
		}
	}
	return like, of
}
