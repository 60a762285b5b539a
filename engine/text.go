package engine

import (
	"strconv"

	"esmlab/engine/setting"
)

func itoa(n int) string { return strconv.Itoa(n) }

// Thousands writes a whole number with commas: 604,800.
func Thousands(n int) string { return setting.Thousands(n) }
