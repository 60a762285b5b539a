// Package deck holds the built-in deck: a folder of Markdown notes that opens
// in Obsidian as it is. docs/cards.md says how its cards are written.
package deck

import (
	"embed"
	"io/fs"
)

//go:embed basics deployment design operation queues scaling security streams
var files embed.FS

// Files gives the notes of the deck, and the scenarios beside them.
func Files() fs.FS { return files }
