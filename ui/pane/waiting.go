package pane

import "esmlab/engine"

// Waiting counts the records of a shard that mapping m has not finished and that are in
// no closed batch, and says how long the oldest of them has waited; 0, 0 if none do.
func Waiting(s *engine.Sim, m, shard int) (n int, oldest engine.Micros) {
	mp := &s.Mappings[m]
	st := &s.Streams[s.SourceOf(m)]
	sh := &st.Shards[shard]
	n = Unfinished(s, m, shard)
	first := int32(0)
	see := func(record int32) {
		if first == 0 || record < first {
			first = record
		}
	}
	from := sh.Trim
	if mp.Started() && shard < len(mp.Iterators) {
		it := &mp.Iterators[shard]
		from = max(it.Read, sh.Trim)
		for i := range it.Lanes {
			for _, p := range it.Lanes[i].Parts {
				n -= int(p.Hi - p.Lo)
			}
			if w := it.Lanes[i].Waiting(); len(w) > 0 {
				see(w[0])
			}
		}
	}
	if int(from) < sh.Len() {
		see(sh.Between(from, from+1)[0])
	}
	if first == 0 || n <= 0 {
		return 0, 0
	}
	return n, s.Now() - st.Records.At(int(first)-1).At
}
