package kit

import "unicode"

// Fuzzy finds the letters of what is typed in a name, in their order, and gives where they
// are in the best way to find them. The score counts the letters, the first ones of words
// double and those that follow each other once more; a name that begins with what is typed
// goes before all others. 0: the name does not hold them all.
func Fuzzy(typed, name string) (score int, at []int) {
	want, text := fold(typed), fold(name)
	n, k := len(text), len(want)
	if k == 0 || k > n {
		return 0, nil
	}
	first := firsts(name)
	// best[i][j]: the best score of the letters up to i, the last of them at j; 0 none.
	best, from := make([][]int, k), make([][]int, k)
	for i := range best {
		best[i], from[i] = make([]int, n), make([]int, n)
		for j := i; j < n; j++ {
			if text[j] != want[i] {
				continue
			}
			worth := 1
			if first[j] {
				worth = 2
			}
			if i == 0 {
				best[i][j] = worth
				continue
			}
			for l := i - 1; l < j; l++ {
				if best[i-1][l] == 0 {
					continue
				}
				total := best[i-1][l] + worth
				if l == j-1 {
					total++
				}
				if total > best[i][j] {
					best[i][j], from[i][j] = total, l
				}
			}
		}
	}
	end := 0
	for j := range text {
		if best[k-1][j] > best[k-1][end] {
			end = j
		}
	}
	if score = best[k-1][end]; score == 0 {
		return 0, nil
	}
	at = make([]int, k)
	for i := k - 1; i >= 0; i-- {
		at[i] = end
		end = from[i][end]
	}
	if at[0] == 0 && at[k-1] == k-1 {
		score += 1000
		if k == n {
			score += 1000
		}
	}
	return score, at
}

func fold(s string) []rune {
	out := []rune(s)
	for i := range out {
		out[i] = unicode.ToLower(out[i])
	}
	return out
}

// firsts tells which letters are the first ones of words: bisect, start-over, BatchSize.
func firsts(name string) []bool {
	letters := []rune(name)
	out := make([]bool, len(letters))
	for i, r := range letters {
		switch {
		case !unicode.IsLetter(r) && !unicode.IsDigit(r):
		case i == 0 || !unicode.IsLetter(letters[i-1]) && !unicode.IsDigit(letters[i-1]):
			out[i] = true
		default:
			out[i] = unicode.IsUpper(r) && !unicode.IsUpper(letters[i-1])
		}
	}
	return out
}
