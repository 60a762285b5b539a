// Package lab is the live lab: a screen that shows a timeline in seven panes
// and turns keys into commands of the engine. Other screens can hold one, and
// put something of their own in the place of panes 6 and 7 (embed.go).
//
// The panes are drawn by ui/pane, their parts by ui/kit. This package decides what
// is where (layout.go), what is said first (headline.go), what a key does
// (bindings.go and the files beside it), and what can be done with the subject of
// a row (subjects.go). It opens no file and reads no clock: what it needs from
// outside comes in as Options.
package lab
