package engine

import (
	"slices"

	"esmlab/engine/internal/uint128"
	"esmlab/engine/rule"
)

// This file splits the shards of on-demand streams (KIN-SCALE-1).

// What a shard of an on-demand stream takes in a minute before it is split: half
// of its write limit, a second.
const (
	busyBytes   = (500 << 10) * 60
	busyRecords = shardRecordsPerSecond / 2 * 60
)

// load is what a shard of an on-demand stream took in one minute.
type load struct {
	minute         int64 // counted from second 0
	bytes, records int64
	splitAt        Micros // when the shard is split, 0 if it is not
}

// measure counts a write to a shard of an on-demand stream, and schedules the
// shard's split once the minute is busy.
func (s *Sim) measure(si, shard, bytes int32) {
	l := &s.Streams[si].Shards[shard].load
	if minute := int64(s.now / Minute); minute != l.minute {
		l.minute, l.bytes, l.records = minute, 0, 0
	}
	l.bytes += int64(bytes)
	l.records++
	if l.splitAt == 0 && (l.bytes > busyBytes || l.records > busyRecords) {
		l.splitAt = Micros(l.minute)*Minute + max(Minute, s.cfg.Chosen.ScaleAfter)
		s.schedule(l.splitAt, s.nextDue(), task{kind: taskScale, a: si})
	}
}

// scaleDue splits the shards of a stream whose splits are due, if the stream is
// still on demand and below what AWS lets it grow to.
func (s *Sim) scaleDue(si int32) {
	st := &s.Streams[si]
	var busy []int
	var halves [][2]uint128.Int
	for k := range st.Shards {
		sh := &st.Shards[k]
		if sh.load.splitAt != s.now {
			continue
		}
		sh.load.splitAt = 0
		if sh.Closed || !st.OnDemand() || st.removed || sh.Lo == sh.Hi || len(st.open)+len(busy) >= s.mostShards() {
			continue
		}
		busy = append(busy, k)
		halves = append(halves, sh.halves()...)
	}
	if len(busy) > 0 {
		s.reshard(si, busy, halves, rule.KinScale)
	}
}

// mostShards is how many open shards an on-demand stream grows to: one for each
// MB of writes a second (KIN-SCALE-3).
func (s *Sim) mostShards() int {
	if slices.Contains([]string{"us-east-1", "us-west-2", "eu-west-1"}, s.cfg.Region) {
		return 10_000
	}
	return 200
}
