package lessons

import (
	_ "embed" // the skeleton
	"strings"
)

//go:embed skeleton/01-bad-record.md
var skeletonText string

//go:embed skeleton/01-bad-record.yaml
var skeletonTemplate string

// Skeleton is a lesson to begin one's own with: it keeps what it promises as it is.
// With oneFile its template stands in the text, and template is "".
func Skeleton(oneFile bool) (text, template string) {
	if !oneFile {
		return skeletonText, skeletonTemplate
	}
	return strings.TrimRight(skeletonText, "\n") + "\n\n## Template\n\n" + templateFence + "\n" + skeletonTemplate + "```\n", ""
}
