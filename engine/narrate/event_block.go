package narrate

import "esmlab/engine/rule"

// This file is about shards that wait for a batch.

func block(f *facts) string {
	if f.e.Rule == rule.KinAutoLane {
		return "lane " + num(f.e.Lane) + " of " + f.shard + " IS BLOCKED by " + f.batch + "; the other lanes go on"
	}
	if f.e.Rule == rule.MapLaneBlock {
		return "lane " + num(f.e.Lane) + " of " + f.shard + " IS BLOCKED by " + f.batch + "; the other keys go on"
	}
	return f.shard + " IS BLOCKED by " + f.batch + ": what comes after it waits, other shards go on"
}

func unblock(f *facts) string {
	if f.e.Rule != rule.MapUnblock { // the mapping no longer reads, or reads anew
		return f.batch + " is let go of: its records wait in " + f.shard
	}
	return f.shard + " flows again: " + f.batch + " is out of the way"
}
