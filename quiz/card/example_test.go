package card_test

import (
	"fmt"

	"esmlab/quiz/card"
)

const note = `# Streams

> [!question] Who deletes a record from a Kinesis stream?
>
> 1. The mapping, once its function has succeeded
> 2. Nobody: it stays until its retention ends
>
> > [!success]- Answer: 2
> > Reading removes nothing from a stream.
> >
> > 1. Right with a queue.
> > 2. Right here.

^who-deletes
`

// A note holds cards; each knows which of its options are right.
func ExampleRead() {
	n := card.Read("streams.md", []byte(note), card.Options{})
	for _, c := range n.Cards {
		fmt.Println(c.ID, "line", c.Line, "is", c.Kind)
		fmt.Println(card.Text(c.Title))
		for _, o := range c.Options {
			fmt.Printf("%d. %s (%v): %s\n", o.N, card.Text(o.Text), o.Right, card.Text(o.Reason))
		}
	}
	// Output:
	// who-deletes line 3 is single choice
	// Who deletes a record from a Kinesis stream?
	// 1. The mapping, once its function has succeeded (false): Right with a queue.
	// 2. Nobody: it stays until its retention ends (true): Right here.
}

// An answer to a card with options names them by their numbers.
func ExampleGrade() {
	c := &card.Read("streams.md", []byte(note), card.Options{}).Cards[0]
	fmt.Println(card.Grade(c, card.Answer{Options: []int{1}}).Right)
	fmt.Println(card.Grade(c, card.Answer{Options: []int{2}}).Right)
	// Output:
	// false
	// true
}
