package engine

// KeepNewest sets how many of the newest records of a stream and messages of a queue
// are kept in full: tests let go of them early.
func (s *Sim) KeepNewest(n int) { s.messagesKept, s.recordsKept = n, n }

// RunsOut reports whether a mapping runs a version of its function that takes longer than
// its Timeout: nobody can change what was published.
func (s *Sim) RunsOut(mi int) bool {
	m := &s.Mappings[mi]
	f := &s.Functions[m.function]
	for _, version := range []string{m.version, m.other} {
		if version == "" || f.code == 0 {
			continue
		}
		if set, _ := f.codeAt(f.codeOf(version)); set.Takes.Base+set.Takes.Each >= timeLimit(set) {
			return true
		}
	}
	return false
}
