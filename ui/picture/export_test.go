package picture

// For the tests, which play the program and so stand outside.
const (
	CellW = cellW
	CellH = cellH
)

// IsShape tells whether a sign is drawn as a shape, not as a letter.
func IsShape(r rune) bool { return shapeOf(r).manner != letter }
