package session

import (
	"slices"
	"strings"

	"esmlab/quiz/card"
	"esmlab/quiz/markdown"
	"esmlab/quiz/progress"
)

// sources are what cards are interleaved by, the word that says most first: a
// FIFO queue is also SQS.
var sources = []string{"fifo", "sqs", "dynamodb", "kinesis"}

// FromCards gives what sessions need to know of cards, and which of them are one
// cluster.
func FromCards(cards []*card.Card) []Card {
	out := make([]Card, len(cards))
	clusters := card.ClustersOf(cards)
	for i, c := range cards {
		out[i] = FromCard(c)
		out[i].Cluster = clusters.Of(c.ID)
	}
	return out
}

// FromCard gives what sessions need to know of a card. Its sources are read from its
// tags (aws/kinesis), its near misses are the cards of its topic (topic/…),
// its skills are tags as c03-1-2-4.
func FromCard(c *card.Card) Card {
	question := strings.Fields(strings.ToLower(markdown.BlocksText(c.Situation) + " " + card.Text(c.Title)))
	if c.Kind == card.Cloze { // its question is the sentence around it
		question = strings.Fields(strings.ToLower(markdown.BlocksText(c.Rule)))
	}
	out := Card{Ref: progress.Ref{ID: c.ID, File: c.File, Heading: strings.Join(c.Heading, " > "), Text: strings.Join(question[:min(len(question), 200)], " ")},
		Multiple: c.Kind == card.Multiple, Ordered: c.KeepOrder, Proved: c.Proof != nil, Own: card.OwnToEsmlab(c), Words: len(question)}
	switch c.Kind {
	case card.Single, card.Multiple, card.TrueFalse:
		var texts []string
		for _, o := range c.Options {
			text := card.Text(o.Text)
			texts = append(texts, text)
			out.Options = append(out.Options, o.N)
			out.Words += len(strings.Fields(text))
		}
		out.Right = c.Key()
		if order, ok := card.Ascending(texts); ok && !out.Ordered {
			out.Ordered, out.Options = true, nil
			for _, i := range order {
				out.Options = append(out.Options, c.Options[i].N)
			}
		}
	case card.Recall:
	default:
		out.Typed = true
	}
	for _, tag := range c.Tags {
		tag = strings.ToLower(tag)
		last := tag[strings.LastIndexByte(tag, '/')+1:]
		switch {
		case slices.Contains(sources, last):
			out.Sources = append(out.Sources, last)
		case strings.HasPrefix(tag, "topic/") && out.Pair == "":
			out.Pair = tag
		case strings.HasPrefix(tag, "c02-"), strings.HasPrefix(tag, "c03-"):
			out.Skills = append(out.Skills, tag)
		}
	}
	slices.SortStableFunc(out.Sources, func(a, b string) int { return slices.Index(sources, a) - slices.Index(sources, b) })
	return out
}
