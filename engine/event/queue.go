package event

import "esmlab/engine"

// Messages gives the event that a queue's mapping hands to its function with
// these messages, as they are now.
func Messages(s *engine.Sim, ids []int32) []byte { return s.AppendMessages(nil, ids) }
