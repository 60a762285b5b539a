package engine

// KeepNewest sets how many of the newest records of a stream and messages of a queue
// are kept in full: tests let go of them early.
func (s *Sim) KeepNewest(n int) { s.messagesKept, s.recordsKept = n, n }
