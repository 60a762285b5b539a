package engine

import (
	"slices"
	"strconv"

	"esmlab/engine/internal/cow"
	"esmlab/engine/rule"
	"esmlab/engine/setting"
)

// This file is what a deployment does with mappings, and with the streams that they
// read.

func (d *deployment) mappings() *Refusal {
	for _, x := range d.next.Mappings {
		if r := d.mapping(x); r != nil {
			return r
		}
	}
	return nil
}

func (d *deployment) mapping(x MappingConfig) *Refusal {
	i := d.MappingIndex(x.ID)
	if i < 0 {
		return d.addMapping(x, WhyCreated, rule.CfnOrder, "mapping")
	}
	was, m := d.was.Mappings[i], &d.Mappings[i]
	what := ""
	if d.replaced[x.Source] && was.Source == x.Source {
		what = "EventSourceArn"
	}
	if changed := fixed(setting.OfMapping, setting.Any, func(name string) (string, string) {
		switch name {
		case "EventSourceArn":
			return joined(was.Source, was.Consumer), joined(x.Source, x.Consumer)
		case "StartingPosition":
			if d.QueueIndex(x.Source) >= 0 {
				return "", ""
			}
			return was.Start.String(), x.Start.String()
		}
		if was.Start != AtTimestamp || x.Start != AtTimestamp {
			return "", ""
		}
		return strconv.FormatInt(was.StartTimestamp/1_000_000, 10), strconv.FormatInt(x.StartTimestamp/1_000_000, 10)
	}); changed != "" {
		what = changed
	}
	switch {
	case d.returns(x.ID):
		if was.Source != x.Source || was.Consumer != x.Consumer {
			return d.addMapping(x, WhyCreated, rule.CfnOrder, "mapping")
		}
		if r := d.conflict(x, -1, -1); r != nil {
			return r
		}
		d.change(WhyCreated, rule.CfnOrder, x.ID, "mapping")
		d.renewMapping(i, x)
	case what == "":
		return d.updateMapping(i, x)
	case d.isGone(x.ID):
		return lost(x.ID, what)
	case was.Source != x.Source || was.Consumer != x.Consumer:
		return d.addMapping(x, WhyReplaced, rule.CfnReplace, what)
	default:
		if !d.replaced[x.Source] { // the old one is there until the new one is
			if r := d.conflict(x, i, -1); r != nil {
				return r
			}
		}
		if r := m.busy(Command{Op: OpDeploy, Target: x.ID}); r != nil && m.State != Creating {
			return r
		}
		d.change(WhyReplaced, rule.CfnReplace, x.ID, what)
		d.renewMapping(i, x)
	}
	return nil
}

// unfinished names a mapping that the deployment before has still to make, "" for none.
func (s *Sim) unfinished() string {
	for i := range s.Mappings {
		if m := &s.Mappings[i]; m.yields && m.isPolling() || m.renewed && m.State == Creating {
			return s.cfg.Mappings[i].ID
		}
	}
	return ""
}

func joined(source, consumer string) string {
	if consumer == "" {
		return source
	}
	return source + " through " + consumer
}

// conflict refuses a mapping of a source and a function that have one already
// (CFN-CONFLICT-1); i is the one that it is to replace, self its own place, -1 for
// none.
func (d *deployment) conflict(x MappingConfig, i, self int) *Refusal {
	for k := range d.Mappings {
		if k == self {
			continue
		}
		other := &d.cfg.Mappings[k]
		if k == i {
			other = &d.was.Mappings[k]
		} else if d.MappingIndex(other.ID) == k && d.replaced[other.Source] {
			continue // of another ARN
		}
		if d.Mappings[k].deleted || d.Mappings[k].State == Deleting || other.Source != x.Source || other.Consumer != x.Consumer || other.Function != x.Function || other.Qualifier != x.Qualifier {
			continue
		}
		words := `The event source arn (" ` + d.sourceARN(x.Source) + ` ") and function (" ` + d.cfg.Functions[d.FunctionIndex(x.Function)].Name + ` ") provided mapping already exists.`
		if d.QueueIndex(x.Source) >= 0 {
			words = `An event source mapping with SQS arn (" ` + d.sourceARN(x.Source) + ` ") and function (" ` + d.cfg.Functions[d.FunctionIndex(x.Function)].Name + ` ") already exists.`
		}
		return &Refusal{What: "deploy " + x.ID, Code: "ResourceConflictException", Rule: rule.CfnConflict, Message: words + " Please update or delete the existing mapping with UUID " + other.UUID,
			Right: "the new one is created before the old one is deleted: take " + other.ID + " out in one deployment and put " + x.ID + " in with the next"}
	}
	return nil
}

func (d *deployment) sourceARN(id string) string {
	if i := d.QueueIndex(id); i >= 0 {
		return d.cfg.Queues[i].ARN
	}
	return d.cfg.Streams[d.StreamIndex(id)].ARN
}

// addMapping makes a mapping that was not there.
func (d *deployment) addMapping(x MappingConfig, why Why, by rule.ID, what string) *Refusal {
	if r := d.conflict(x, -1, -1); r != nil {
		return r
	}
	x.After = d.emitted
	d.cfg.Mappings, d.Mappings = append(d.cfg.Mappings, x), append(d.Mappings, Mapping{})
	mi := len(d.Mappings) - 1
	if err := d.joinMapping(mi); err != nil {
		return &Refusal{What: "deploy " + x.ID, Message: err.Error()}
	}
	d.change(why, by, x.ID, what)
	m := &d.Mappings[mi]
	m.renewed, m.follows = true, why == WhyReplaced
	if m.queue < 0 {
		d.trackPast(int32(mi))
		d.updateContention(int(m.source))
	}
	d.publish(mi, nil)
	d.begin(int32(mi), x.Activates)
	return nil
}

// begin lets a mapping come into being: Enabled after as long as it takes, or
// Disabled.
func (s *Sim) begin(mi int32, takes Micros) {
	if s.cfg.Mappings[mi].Enabled {
		s.beginTransition(mi, Creating, takes)
	} else {
		s.setMappingState(mi, Disabled, rule.MapDisabled)
	}
}

// trackPast gives a new mapping what it needs to know of the records that its stream
// has had so far.
func (s *Sim) trackPast(mi int32) {
	m := &s.Mappings[mi]
	st := &s.Streams[m.source]
	var peer, before *Mapping // what was rejected, another mapping knows; what was done, the one whose place it takes
	for _, k := range st.mappings {
		if k == mi {
			continue
		}
		peer = &s.Mappings[k]
		if s.cfg.Mappings[k].ID == s.cfg.Mappings[mi].ID {
			before = peer
		}
	}
	for i := range st.Records.Len() {
		final := StateNone
		switch {
		case !st.Records.Holds(i):
			final = StateMissed
		case st.Records.At(i).Shard < 0 && peer != nil:
			final = peer.Track.At(i).final()
		case st.Records.At(i).Shard < 0:
			final = [...]RecordState{StateRejected, StateUnchanged}[boolInt(st.Kind == DynamoDB)]
		default:
			if r := st.Records.At(i); r.Pos < st.Shards[r.Shard].Trim {
				final = StateMissed
			} else if before != nil {
				if f := before.Track.At(i).final(); f == StateDone || f == StateFiltered || f == StateDiscarded {
					final = f
				}
			}
		}
		m.Track.Append(trackOf(final, 0))
		m.Counts.States[final]++
	}
	m.Counts.States[StateNone] = 0
	if before != nil {
		m.tries = before.tries.Clone()
	}
	for c := 0; c*cow.ChunkLen < st.Records.Len(); c++ {
		if st.Records.HoldsChunk(c) {
			continue
		}
		for m.compacted.Len() <= c {
			m.compacted.Grow()
		}
		*m.compacted.Mut(c) = compactedChunk{all: StateMissed}
		m.Track.Drop(c)
	}
}

// updateMapping changes a mapping in place: it keeps its position (CFN-KEEP-1).
func (d *deployment) updateMapping(i int, x MappingConfig) *Refusal {
	was, m := d.was.Mappings[i], &d.Mappings[i]
	d.cfg.Mappings[i] = x
	if was.Function != x.Function || was.Qualifier != x.Qualifier {
		if d.isGone(x.ID) {
			return lost(x.ID, "FunctionName")
		}
		if r := d.conflict(x, -1, i); r != nil {
			return r
		}
		d.change(WhyUpdated, rule.CfnKeep, x.ID, change("FunctionName", qualified(was), qualified(x)))
		m.function = int32(d.FunctionIndex(x.Function))
	}
	if !sameRole(&was, &x) {
		d.change(WhyUpdated, rule.CfnUpdate, x.ID, "what its role may do")
		m.denied = slices.Clone(x.Deny)
		for k := range m.Iterators {
			m.Iterators[k].refused = false
			d.iterator(int32(i), int32(k)).scheduleRead()
		}
		if m.Polls.refused = false; m.queue >= 0 {
			d.scheduleReceive(m.queue, &d.Queues[m.queue])
		}
	}
	if _, r := d.updated(x.ID); r != nil {
		return r
	}
	d.publish(i, &was)
	if was.Enabled == x.Enabled {
		return nil
	}
	if d.isGone(x.ID) {
		return lost(x.ID, setting.Enabled)
	}
	d.change(WhyUpdated, rule.CfnKeep, x.ID, change(setting.Enabled, BoolValue(was.Enabled).String(), BoolValue(x.Enabled).String()))
	op := OpDisable
	if x.Enabled {
		op = OpEnable
	}
	if on := m.State == Enabled || m.State == Creating || m.State == Enabling; on == x.Enabled {
		return nil // a person did it before
	}
	return d.doMapping(Command{Op: op, Target: x.ID})
}

// sameRole reports whether a role may do the same by two templates: what a person has
// denied it beside them stays.
func sameRole(was, is *MappingConfig) bool {
	return slices.EqualFunc(was.Deny, is.Deny, func(a, b Denial) bool { return a.Action == b.Action && a.On == b.On })
}

func qualified(m MappingConfig) string {
	if m.Qualifier == "" {
		return m.Function
	}
	return m.Function + ":" + m.Qualifier
}

// renewMapping puts a new mapping in the place of an old one of the same source. Where
// the source is new too, the old mapping reads what is left in the old stream until
// the new one is Enabled (CFN-VIEW-2), with its own settings and function.
func (d *deployment) renewMapping(i int, x MappingConfig) {
	m := &d.Mappings[i]
	d.cfg.Mappings[i] = x
	if !sameRole(&d.was.Mappings[i], &x) {
		m.denied = slices.Clone(x.Deny)
	}
	m.pending = nil
	if m.queue < 0 && m.started && m.isPolling() && d.replaced[x.Source] && x.Enabled && x.Activates > 0 {
		m.until, m.yields = d.Streams[m.source].first, true
		m.gen++
		d.schedule(d.now+x.Activates, rankState.order(uint64(i)), task{kind: taskState, a: int32(i), gen: m.gen})
		return
	}
	d.renew(int32(i), x.Activates)
}

// replaceNow lets the mapping that a deployment has made take over from the old one.
func (s *Sim) replaceNow(mi int32) {
	s.renew(mi, 0)
	s.forgetOld(s.Mappings[mi].source)
}

// renew ends what a mapping has in hand and lets it begin anew, after as long as that
// takes.
func (s *Sim) renew(mi int32, takes Micros) {
	m := &s.Mappings[mi]
	x := &s.cfg.Mappings[mi]
	m.Settings, m.function = x.Settings, int32(s.FunctionIndex(x.Function))
	m.version, m.other, m.weight = x.Version, x.Other, x.Weight
	m.shifts++ // what was to be shifted by the old one
	m.deleted, m.until, m.yields, m.renewed, m.follows = false, 0, false, true, true
	m.gen++
	if m.queue >= 0 {
		s.stopPollers(mi)
		m.started = false
		m.resetVerdicts(Kinesis)
		s.begin(mi, takes)
		return
	}
	m.resetVerdicts(s.Streams[m.source].Kind)
	for k := range m.Iterators {
		r := s.iterator(mi, int32(k))
		r.it.gen++
		for j := range r.it.Lanes {
			l := r.lane(j)
			if l.l.Phase == PhaseRunning { // the function finishes it; the outcome is known later
				inv := &s.invocations[l.l.invocation]
				inv.abandon(l.l.records())
				inv.isOrphaned = true
				for _, n := range inv.records {
					m.finalize(n, StateRunning, s.now)
				}
			}
			l.releaseBatch(rule.CfnReplace)
		}
		sh := r.shard()
		for _, n := range sh.Between(r.it.Next, min(sh.Trim, r.it.Read)) { // it has expired in hand
			m.finalize(n, StateExpired, s.now)
		}
	}
	m.started = false
	s.begin(mi, takes)
}

// orphansReturned decides what becomes of the records of an invocation whose mapping
// was replaced meanwhile: what failed nobody tries again.
func (r iteratorRef) orphansReturned(inv *invocation) {
	done := 0
	switch inv.outcome {
	case OutcomeOK:
		done = len(inv.records)
	case OutcomePartial:
		done = int(inv.cut)
	}
	var lost []int32
	for i, n := range inv.records {
		if !r.m.Track.Holds(int(n)-1) || r.m.Track.At(int(n)-1).final() != StateRunning {
			continue // handed over again
		}
		r.m.reopen(n)
		if i < done {
			r.m.tries.Mut(int(n)-1).others-- // it is this delivery that has done it
			r.m.finalize(n, StateDone, r.now)
			continue
		}
		r.m.finalize(n, StateMissed, r.now)
		lost = append(lost, n)
	}
	if len(lost) > 0 {
		r.emit(&Event{Kind: KindMiss, Rule: rule.CfnOrphan, Records: lost})
	}
}

// startAnew is where a mapping that a deployment has put in the place of another
// begins in a shard: it skips what the old one had not done (CFN-GAP-1,
// CFN-VIEW-2), or hands over again what it had (CFN-AGAIN-1).
func (r iteratorRef) startAnew(pos int32, why rule.ID) int32 {
	sh := r.shard()
	if r.it.Shard < r.st.first { // of a stream that was replaced
		pos, why = int32(sh.Len()), ruleOr(r.st.Kind == DynamoDB, rule.CfnViewOld, rule.CfnStream)
	}
	for k := pos; int(k) < sh.Len(); k++ { // what was done long ago is no longer in memory
		if !r.st.Records.Holds(int(sh.at(k)) - 1) {
			pos = k + 1
		}
	}
	var skipped, again []int32
	for _, n := range sh.Between(sh.Trim, pos) {
		if r.m.Track.Holds(int(n)-1) && r.m.Track.At(int(n)-1).final() == StateNone {
			r.m.finalize(n, StateMissed, r.now)
			skipped = append(skipped, n)
		}
	}
	for _, n := range sh.Between(pos, int32(sh.Len())) {
		if f := r.m.Track.At(int(n) - 1).final(); f == StateDone || f == StateFiltered || f == StateDiscarded || f == StateRunning {
			again = append(again, n)
		}
		r.m.reopen(n)
	}
	if len(skipped) > 0 {
		r.emit(&Event{Kind: KindMiss, Rule: ruleOr(why == rule.MapStartLatest && r.m.follows, rule.CfnGap, why), Records: skipped})
	}
	if len(again) > 0 {
		r.emit(&Event{Kind: KindAgain, Rule: rule.CfnAgain, Records: again})
	}
	return pos
}

// renewStream puts a new stream in the place of an old one: its shards stand behind
// the old ones, which take no more records. items says that a table is new too, and
// has none.
func (d *deployment) renewStream(i int, x StreamConfig, items bool) {
	si, st := int32(i), &d.Streams[i]
	if x.Kind == DynamoDB {
		x.ARN = x.ARN[:max(0, len(x.ARN)-len("2026-12-01T00:00:00.000"))] + ISO(d.cfg.Start+int64(d.now), true)[:len("2026-12-01T00:00:00.000")]
	}
	for k := range st.Shards {
		st.Shards[k].Closed = true
	}
	st.olds = append(st.olds, oldStream{int32(len(st.Shards)), d.cfg.Streams[i]})
	d.cfg.Streams[i] = x
	if st.removed {
		st.open = nil
	}
	st.first, st.removed = int32(len(st.Shards)), false
	fresh := Stream{}
	d.Streams = append(d.Streams, fresh) // made by the same hands as at second 0
	x.After = d.emitted
	d.cfg.Streams = append(d.cfg.Streams, x)
	d.openStream(len(d.Streams) - 1)
	fresh = d.Streams[len(d.Streams)-1]
	d.Streams, d.cfg.Streams = d.Streams[:len(d.Streams)-1], d.cfg.Streams[:len(d.cfg.Streams)-1]
	st = &d.Streams[i]
	st.limits, st.StreamSettings, st.modes = fresh.limits, fresh.StreamSettings, [2]Micros{}
	st.Shards = append(st.Shards, fresh.Shards...)
	st.indexOpenShards(d.now)
	for k := range st.Keys {
		st.places.Mut(k).shard = st.shardForHash(st.Keys[k].hash)
	}
	if items {
		st.items = cow.Sparse[image]{}
	}
	d.emit(&Event{Kind: KindShards, Rule: ruleOr(items, ruleOr(x.Kind == DynamoDB, rule.CfnTable, rule.CfnStream), rule.CfnView), Source: si, Shard: int32(len(st.Shards))})
	for _, mi := range st.mappings {
		m := &d.Mappings[mi]
		if !m.started {
			continue
		}
		m.until = st.first
		for k := len(m.Iterators); k < len(st.Shards); k++ {
			m.Iterators = append(m.Iterators, Iterator{Shard: int32(k), nextRead: d.now, Lanes: d.newLanes(m)})
		}
		for k := range int(st.first) { // what was gathered there waits for no more
			r := d.iterator(mi, int32(k))
			if !r.it.Finished {
				r.gatherAll()
				r.finish()
			}
		}
	}
}

// StreamOf is the stream that a shard is of: a deployment may have replaced it.
func (s *Sim) StreamOf(si int, shard int32) *StreamConfig {
	st := &s.Streams[si]
	for i := range st.olds {
		if shard < st.olds[i].until {
			return &st.olds[i].config
		}
	}
	return &s.cfg.Streams[si]
}

// forgetOld deletes what a replaced Kinesis stream still held. The stream of a table
// stays readable for a day (DDB-STREAM-4).
func (s *Sim) forgetOld(si int32) {
	st := &s.Streams[si]
	if st.Kind != Kinesis {
		return
	}
	for _, mi := range st.mappings {
		if m := &s.Mappings[mi]; m.until > 0 && m.State != Deleting { // the old mapping reads it still
			return
		}
	}
	for k := range st.first {
		s.trim(si, k, int32(st.Shards[k].Len()), rule.CfnStream)
	}
}
