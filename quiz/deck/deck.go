// Package deck holds the built-in deck: a folder of Markdown notes that opens
// in Obsidian as it is, by what its cards are about. docs/cards.md says how they are written, and what is checked.
package deck

import (
	"embed"
	"io/fs"
)

//go:embed basics deployment design operation queues scaling security streams
var files embed.FS

// Files gives the notes of the deck, and the scenarios beside them.
func Files() fs.FS { return files }
