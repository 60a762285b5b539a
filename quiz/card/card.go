// Package card reads questions from Markdown notes: the one format of quiz
// cards, of the predictions in lessons and of polls, and the dialects that
// people's own notes are written in. It reads, grades and names cards; it
// knows nothing of schedules, screens or the engine. Notes are never written.
package card

import "esmlab/quiz/markdown"

// Span is a run of text with its marks, and Block a paragraph, an item or a
// piece of code: what a card holds, for any renderer.
type (
	Span  = markdown.Span
	Block = markdown.Block
)

// Kind is how a card is asked.
type Kind uint8

// The kinds of cards.
const (
	Recall    Kind = iota // say it, then look
	Single                // one option is right
	Multiple              // several are; all of them count
	TrueFalse             // a statement
	Blanks                // fill in
	Match                 // pairs
	Order                 // put in order
	Cloze                 // one hidden part of a sentence
)

var kindNames = [...]string{"free recall", "single choice", "multiple response", "true or false", "blanks", "matching", "order", "cloze"}

func (k Kind) String() string { return kindNames[k] }

// Card is one question.
type Card struct {
	// ID names the card for good: the block id, else the callout's id=…, else
	// Hash. Hash is made of the normalised text of the question.
	ID, Hash string
	// Named tells that ID was written down and does not change with the text.
	Named bool

	Kind    Kind
	Dialect Dialect
	File    string
	Line    int // of the callout, the heading or the line, from 1
	End     int // last line
	Heading []string
	Deck    string
	Tags    []string // without #, of the front matter too

	Situation []Block // shown before the question
	Title     []Span  // what is asked
	Options   []Option
	KeepOrder bool // the options keep their order: the list begins with 0
	// Rule is the answer of a free recall, else the first paragraph of the
	// answer: why.
	Rule    []Block
	Blanks  [][]string // accepted texts of each blank, of a cloze the one
	Hint    string     // of a cloze
	Pairs   []Pair     // Match, in the order of the left side
	Order   []int      // Order: numbers of the options in the right order
	Cloze   *ClozeText // Cloze: the sentence with all its hidden parts, shared by its cards; nil where they are not hidden alike
	Sources []Source
	Proof   *Proof

	answerLine int
}

// ClozeText is a sentence of which parts are hidden, each by a card of its own.
type ClozeText struct {
	Text  []Span
	Parts []ClozePart // in their order
}

// ClozePart is a hidden part; those of one number are hidden together.
type ClozePart struct {
	From, To int // in the plain text
	N        int // from 1
	Hint     string
}

// Option is something to choose.
type Option struct {
	N          int // how Answer, reasons and proof name it
	Text       []Span
	Right      bool
	Reason     []Span
	ReasonKind ReasonKind
	Line       int
}

// ReasonKind is what the reason of an option says.
type ReasonKind uint8

// The three reasons, and none.
const (
	NoReason       ReasonKind = iota
	RightHere                 // right in the card's world
	RightElsewhere            // right in a world that the reason names
	NeverRight                // no world makes it right
)

// Pair is one line of a matching: Left belongs to Right.
type Pair struct{ Left, Right []Span }

// Source is a page that a card rests on.
type Source struct {
	Title, URL, Read string
	Line             int
}

// Dialect is the way a card is written.
type Dialect string

// The dialects. Written is esmlab's own; the others are read.
const (
	CalloutOptions      Dialect = "callout with options"
	TitleAndBody        Dialect = "callout, title and body"
	LetteredLines       Dialect = "callout with lettered lines"
	TaskList            Dialect = "task list"
	ExamText            Dialect = "exam text"
	MarkedHeadings      Dialect = "headings with marked lists"
	QuestionAnswerLines Dialect = "Q: and A: lines"
	FrontBackLines      Dialect = "front and back lines"
)

// Key gives the numbers of the right options.
func (c *Card) Key() []int {
	var out []int
	for _, o := range c.Options {
		if o.Right {
			out = append(out, o.N)
		}
	}
	return out
}

// Option gives the option of that number, or nil.
func (c *Card) Option(n int) *Option {
	for i := range c.Options {
		if c.Options[i].N == n {
			return &c.Options[i]
		}
	}
	return nil
}

// Text gives spans as plain text.
func Text(spans []Span) string { return markdown.Text(spans) }

// Problem is something in a note that cannot be read or is wrong.
type Problem struct {
	File      string
	Line, Col int
	Message   string
	Right     string // what would be right
	Check     string // which check of a deck found it; "" the reader, or a rule of the format
}

// Callout says what a callout of a note became.
type Callout struct {
	Line        int
	Type, Title string
	Became      string
	Card        string // the id of the card
}

// Unit is a paragraph or a list item of a note, for a search for facts.
// Text of an item holds what is nested in it; Own is how much of it is its own.
type Unit struct {
	Line     int
	Own      int
	Text     string
	Headings []string
}

// Note is a note that was read.
type Note struct {
	File     string
	Tags     []string
	Deck     string
	Cards    []Card
	Callouts []Callout
	Problems []Problem
	Units    []Unit // only where asked for
	// SkippedClozes counts the clozes that were left alone.
	SkippedClozes int
}

// Options say how notes are read.
type Options struct {
	Cloze bool // ==marked== parts and C: lines become cards
	Units bool // give the paragraphs and list items
}
