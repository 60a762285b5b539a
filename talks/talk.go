// Package talks reads presentations: what a teacher shows a class, stop by stop. A
// presentation is a Markdown file (docs/presenting.md), a scenario with `stops`, or a
// lesson. It is checked by running it, and written as a handout. Nothing here draws.
//
// Reading order: talk.go (what a presentation is), read.go (how a file is read), run.go
// (where its stops are in their runs), from.go (scenarios and lessons), check.go (whether
// it keeps what it says), handout.go (what a class takes home), vote.go (a poll's votes).
package talks

import (
	"embed"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"esmlab/engine"
	"esmlab/engine/scenario"
	"esmlab/quiz/card"
	"esmlab/quiz/proof"
)

// Talk is a presentation.
type Talk struct {
	Name, File string
	Title      string
	Minutes    int // how long it takes; 0: it is not said
	Stops      []Stop
}

// Stop is one place of it: what the class sees, and what the speaker says.
type Stop struct {
	Title       string
	Line        int
	Text, Notes []card.Block
	Minutes     int // 0: it is not said
	// World is the run that is shown, and At the instant. Stops of one run have the same
	// World. Continues: the run of the stop before goes on to here.
	World     *scenario.Scenario
	At        engine.Micros
	Continues bool
	Mapping   string // that is shown; "" the first
	Pane      int    // under the spotlight; 0: none
	Poll      *card.Card
	// Card is a card that was named: the poll is of it, and at the stop after it is the
	// answer. Where no run proves it, World is nil: no run is shown.
	Card *card.Card
}

// Class is the text for the class as one paragraph.
func (s *Stop) Class() string { return flat(s.Text) }

// Say is the text for the speaker, a paragraph a line.
func (s *Stop) Say() []string {
	var out []string
	for _, b := range s.Notes {
		text := strings.TrimSpace(card.Text(b.Spans))
		if b.Marker != "" {
			text = b.Marker + " " + text
		}
		if text != "" {
			out = append(out, text)
		}
	}
	return out
}

func flat(blocks []card.Block) string {
	var out []string
	for _, b := range blocks {
		if text := strings.TrimSpace(card.Text(b.Spans)); text != "" {
			out = append(out, text)
		}
	}
	return strings.Join(out, " ")
}

// Polls counts the stops at which the class votes.
func (t *Talk) Polls() (n int) {
	for i := range t.Stops {
		if t.Stops[i].Poll != nil {
			n++
		}
	}
	return n
}

// Poll gives the number of a stop among those with a poll, from 1; 0: it has none.
func (t *Talk) Poll(stop int) (n int) {
	if t.Stops[stop].Poll == nil {
		return 0
	}
	for i := range t.Stops[:stop+1] {
		if t.Stops[i].Poll != nil {
			n++
		}
	}
	return n
}

// Cards gives a card by its id, and what proves it.
type Cards func(id string) (*card.Card, *proof.Prover, error)

// Named gives the template of a scenario by its name, and the name of its file: what a
// presentation names.
type Named func(name string) (src []byte, file string, err error)

//go:embed builtin/*.md
var builtin embed.FS

// Names are the built-in presentations.
func Names() []string { return []string{"streams", "queues", "compare"} }

// Head is what is known of a presentation without running it.
type Head struct {
	Title                 string
	Minutes, Stops, Polls int
}

// HeadOf gives the head of a built-in presentation.
func HeadOf(name string) Head {
	src, _ := Builtin(name)
	h := Head{Title: name}
	for line := range strings.Lines(string(src)) {
		line = strings.TrimSpace(line)
		if title, ok := strings.CutPrefix(line, "title: "); ok && h.Stops == 0 {
			h.Title = title
		}
		if minutes, ok := strings.CutPrefix(line, "minutes: "); ok && h.Stops == 0 {
			h.Minutes, _ = strconv.Atoi(minutes)
		}
		if strings.HasPrefix(line, "## ") {
			h.Stops++
		}
		if strings.HasPrefix(line, "> [!question]") {
			h.Polls++
		}
	}
	return h
}

// About says how long it takes, and what there is in it.
func (h Head) About() string {
	return fmt.Sprintf("%d minutes, %d stops, %d polls", h.Minutes, h.Stops, h.Polls)
}

// Builtin gives a built-in presentation.
func Builtin(name string) ([]byte, bool) {
	src, err := builtin.ReadFile("builtin/" + name + ".md")
	return src, err == nil && slices.Contains(Names(), name)
}
