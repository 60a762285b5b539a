package engine

import "esmlab/engine/rule"

// limits are what the stream's service allows (S-2, S-6.1, S-6.2).
type limits struct {
	Kind       StreamKind
	poll       Micros // interval of a standard reader
	readMax    int    // records in one read
	readBytes  int    // bytes in one read
	reads      int    // reads per second of all standard readers of a shard
	contended  bool   // more polls than the shard answers: empty polls matter
	writeLimit bool
	replicated bool // replication reads it too: a global table
}

func (s *Sim) limitsOf(c *StreamConfig) limits {
	if c.Kind == DynamoDB {
		reads := int(s.cfg.Chosen.TableReads)
		if c.Global { // replication has the other half
			reads = max(1, reads/2)
		}
		return limits{Kind: c.Kind, poll: 250 * Millisecond, readMax: 1000, readBytes: 1 << 20, reads: reads, replicated: c.Global}
	}
	return limits{poll: Second, readMax: 10000, readBytes: 10 << 20, reads: 5, writeLimit: true}
}

// shardReadBytes is what the standard readers of a Kinesis shard share.
const shardReadBytes = 2 << 20

// takeReadCapacity takes a read of a standard reader from a shard's limits, or
// returns the rule that refuses it.
func (st *Stream) takeReadCapacity(sh *Shard, now Micros) rule.ID {
	sh.reads.Refill(int64(now), int64(st.reads), int64(Second))
	sh.readBytes.Refill(int64(now), shardReadBytes, int64(Second))
	switch {
	case now < sh.readPause:
		return rule.KinRead
	case st.Kind == Kinesis && sh.readBytes.InDebt():
		return rule.KinShareBytes
	case sh.reads.Take(1):
		return ""
	}
	return ruleOr(st.Kind == DynamoDB, ruleOr(st.replicated, rule.DdbReadersGlobal, rule.DdbReaders), rule.KinShare)
}

// pollRule is the rule of a read that returned something. again says that the
// read before it was refused.
func (st *Stream) pollRule(again, fanOut, full bool) rule.ID {
	switch {
	case again:
		return ruleOr(st.Kind == DynamoDB, rule.DdbReadersRate, rule.KinShareRetry)
	case st.Kind == DynamoDB:
		return ruleOr(full, rule.DdbRead, rule.DdbPoll)
	case fanOut:
		return rule.KinFanOut
	}
	return ruleOr(full, rule.KinRead, rule.KinPoll)
}

// updateContention determines whether the standard readers of a stream poll
// more often than a shard answers.
func (s *Sim) updateContention(si int) {
	st := &s.Streams[si]
	n := 0
	for _, mi := range st.mappings {
		if s.cfg.Mappings[mi].Consumer == "" {
			n++
		}
	}
	st.contended = n*int(Second/st.poll) > st.reads
}
