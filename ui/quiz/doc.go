// Package quiz is the screens in which a person is asked: what is due, a
// question and its answer, the drill, the exam and its result; and the same
// without a screen, line by line (Plain).
//
// The screens decide nothing about learning: quiz/session says what comes next
// and what an answer is worth, quiz/progress keeps it. Nothing here opens a
// file or asks for the time; both are given.
//
// Reading order: entry.go (a card and where it stands), sheet.go (a question
// as it lies before a person), page.go (how it is drawn), course.go (what asks
// one question after the other), asking.go, today.go and exam.go (the
// screens), world.go (the run that proves a card, in the lab), plain.go.
package quiz
