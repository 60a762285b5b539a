package progress

// Known gives how well cards were known at the end of each of the last n study days, today
// last: the chance of each to be known, summed, in thousandths of a card. A card that was
// never asked counts nothing.
func (s *State) Known(cards []string, today Day, n int) []int64 {
	s.replay()
	out := make([]int64, n)
	for _, id := range cards {
		known := s.cards[s.canonical(id)]
		if known == nil {
			continue
		}
		var c Card
		next := 0
		for i := range out {
			day := today - Day(n-1-i)
			for next < len(known.Reviews) && known.Reviews[next].Day <= day {
				s.review(&c, known.Reviews[next])
				next++
			}
			if c.Seen() {
				out[i] += int64(1000*s.o.Scheduler.Retrievability(max(0, int(day-c.Day)), c.Stability) + 0.5)
			}
		}
	}
	return out
}
