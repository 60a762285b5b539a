package engine

// KeepNewest sets how many of a queue's newest messages are kept in full: tests
// let go of them early.
func (s *Sim) KeepNewest(messages int) { s.messagesKept = messages }
