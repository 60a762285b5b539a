package lessons_test

import (
	"fmt"
	"log"

	"esmlab/engine/timeline"
	"esmlab/lessons"
	"esmlab/quiz/markdown"
)

// A player takes a person through a lesson. The screen around it shows its
// paragraphs, lets time pass as the step says, and hands over what the person
// does.
func ExamplePlayer() {
	lesson, err := lessons.Builtin().Lesson("tour")
	if err != nil {
		log.Fatal(err)
	}
	tl, err := timeline.New(lesson.Scenario.Config)
	if err != nil {
		log.Fatal(err)
	}
	p := lessons.NewPlayer(lesson, tl, nil, nil)
	show := func() {
		fmt.Printf("-- %v: %s (second %v)\n", p.Step().Kind, p.Step().Title, tl.Now())
		for _, x := range p.Paragraphs() {
			for _, line := range markdown.Hang(x.Lead, x.Spans, 60) {
				fmt.Println(markdown.Text(line))
			}
		}
	}
	p.Next() // Say: the words
	p.Next() // Say: its run passes, and the next step begins
	show()
	p.Predict(2)
	p.Next() // the prediction is made; now the run shows what happens
	p.FinishRun()
	show()
	// Output:
	// -- Predict: Some orders take longer (second 6)
	// A call of Ship longer than 1 s, its Timeout, ends with an
	// error. Orders of customer k6, all in shard 0, now take 1.5
	// s. What becomes of them?
	// 1  They are passed over; the next ones are done
	// 2  They go to the queue Failures
	// 3  Their batch comes again and again; shard 0 waits
	// 4  They come again; both shards wait
	// -- Run:  (second 14.5)
	// You said 2. It was 3.
	// The order of a shard is kept, so the iterator stays before a
	// batch that failed.
	// 2  Right once the tries are limited.
}

// Check plays a lesson in every way its author names. It is what `esmlab
// check` runs over a person's own lessons.
func ExampleCheck() {
	library := lessons.Builtin()
	lesson, err := library.Lesson("failing-batch")
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(len(lessons.Check(lesson, lessons.CheckOptions{})), "problems")

	lesson.Minutes = 20
	for _, problem := range lessons.Check(lesson, lessons.CheckOptions{}) {
		fmt.Println(problem)
	}
	// Output:
	// 0 problems
	// 2-streams/02-failing-batch.md:3:1: the lesson takes 4 minutes, not 20 (minutes: 4, for 356 words, 12 s of runs, 2 questions, 1 goal)
}
