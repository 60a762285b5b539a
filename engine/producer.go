package engine

import (
	"crypto/md5"
	"encoding/binary"
	"math"
	"strconv"

	"esmlab/engine/internal/random"
	"esmlab/engine/rule"
)

// This file is about producers that do more than put one record after the other:
// whose rate changes, whose calls fail or have no answer, who put again what was
// refused, and who aggregate.

// Producer is what a row of traffic has of such a producer.
type Producer struct {
	Batch     int     // so many records in each call; 0: as many as are due
	Rates     []Rate  // the rate from point to point, in place of Every and Per
	Repeat    Micros  // after so long the rates begin anew; 0: they do not
	Lines     []Line  // records with their own times, keys and texts
	Aggregate int     // Kinesis: so many user records in one record
	Fails     float64 // the share of records that the service refuses
	Lost      float64 // the share of calls that are carried out and whose answer is lost
	Retry     Retry
}

// Rate is how many records an hour are put at a time; in between it changes evenly.
type Rate struct {
	At      Micros
	PerHour int64
}

// Line is one record of a replay.
type Line struct {
	At        Micros
	Key, Body string
}

// Retry is whether and when a producer puts again what was refused or not answered.
type Retry struct {
	Times   int    // at most
	After   Micros // the first wait
	Backoff bool   // it doubles
	Whole   bool   // it repeats the whole call, not only what was refused
}

// isPlain reports whether a row needs none of this.
func (p *Producer) isPlain() bool {
	return p.Batch == 0 && len(p.Rates) == 0 && len(p.Lines) == 0 && p.Aggregate == 0 && p.Fails == 0 && p.Lost == 0 && p.Retry.Times == 0
}

// resend is a call that will be made again.
type resend struct {
	row   int32
	tries int32
	items []resent
}

// resent is one record of it.
type resent struct {
	of        int32 // its number
	key, text string
	accepted  bool // it is written twice: only the answer was lost
}

// makeProducer prepares a row that a producer puts.
func (s *Sim) makeProducer(ri int32) error {
	row := &s.rows[ri]
	row.again = -1
	if row.isPlain() {
		return nil
	}
	row.produces = true
	row.own = row.Aggregate > 0 || len(row.Lines) > 0
	if row.Aggregate > 0 {
		row.by = rule.KinAggregate
	}
	if row.Retry.Times == 0 {
		return nil
	}
	if row.stream < 0 && s.Queues[row.queue].FIFO && row.Dedup == "" && !s.Queues[row.queue].ContentBasedDeduplication {
		row.Dedup = "r" + strconv.Itoa(int(ri)) + "-{n}" // a message that is sent again has the id it had
	}
	again, err := s.addOwnRow(row.To)
	if err != nil {
		return err
	}
	row = &s.rows[ri]
	row.again = again
	to := &s.rows[again]
	to.Op, to.Shard, to.Dedup, to.HasDelay, to.Delay = row.Op, row.Shard, row.Dedup, row.HasDelay, row.Delay
	return nil
}

// nextCall is when a producer makes its next call, Never if it makes no more.
func (row *trafficRow) nextCall() Micros {
	switch n := row.nextN; {
	case len(row.Lines) > 0:
		if int(n) >= len(row.Lines) {
			return Never
		}
		return row.From + row.Lines[n].At
	case len(row.Rates) > 0:
		return row.From + timeAtRates(row.Rates, row.Repeat, n)
	default:
		return row.From + Micros(n/int64(max(1, row.Batch)))*row.Every/Micros(max(1, row.Per))
	}
}

// due is how many records a producer puts at this instant.
func (row *trafficRow) due() int {
	switch {
	case row.AtOnce:
		return max(1, row.Count)
	case len(row.Lines) > 0:
		n := 1
		for at := int(row.nextN); at+n < len(row.Lines) && row.Lines[at+n].At == row.Lines[at].At; n++ {
		}
		return n
	}
	n := max(1, row.Batch)
	if row.Count > 0 {
		n = min(n, row.Count-int(row.nextN))
	}
	return n
}

// timeAtRates is when record n, from 0, is due: when so many have been put as the
// rates say. Explicit conversions keep the sums the same on every machine.
func timeAtRates(rates []Rate, repeat Micros, n int64) Micros {
	const perHour = float64(Hour)
	total := 0.0
	left := float64(n)
	for k := 0; ; k++ {
		from := rates[k]
		to := Rate{At: Never, PerHour: from.PerHour}
		switch {
		case k+1 < len(rates):
			to = rates[k+1]
		case repeat > 0:
			to.At = repeat
		}
		a, b := float64(from.PerHour)/perHour, float64(to.PerHour)/perHour
		if to.At == Never {
			if a == 0 {
				return Never
			}
			return from.At + Micros(left/a)
		}
		length := float64(to.At - from.At)
		area := float64(float64(float64(a+b)*length) / 2)
		if left < area {
			if left <= 0 || a == b && a == 0 {
				return from.At
			}
			if a == b {
				return from.At + Micros(left/a)
			}
			slope := float64(b-a) / length // a·x + slope·x²/2 = left
			root := math.Sqrt(math.Max(0, float64(a*a)+float64(float64(2*slope)*left)))
			return from.At + Micros(float64(2*left)/float64(a+root))
		}
		left -= area
		total += area
		if k+1 == len(rates) { // the next cycle
			if total == 0 {
				return Never
			}
			cycles := math.Floor(left / total)
			return repeat + Micros(cycles)*repeat + timeAtRates(rates, repeat, int64(left-float64(cycles*total)))
		}
	}
}

// produce puts n records of a producer's row, in as many calls as it needs.
func (s *Sim) produce(ri int32, n int) {
	row := &s.rows[ri]
	most := putRecordsMax
	if row.stream < 0 {
		most = sendBatchMax
	}
	if row.Batch > 0 {
		most = min(most, row.Batch)
	}
	for n > 0 {
		call := make([]resent, 0, min(n, most))
		var rejected []int32
		why := WhyNone
		for len(call) < cap(call) {
			n--
			item, w := s.putFirst(ri)
			if w != WhyNone {
				rejected, why = append(rejected, s.idOf(ri, item.of)), w
			}
			call = append(call, item)
		}
		s.emitRefused(ri, rejected, why)
		s.answer(ri, call, 0)
	}
}

// putFirst puts the next record of a row for the first time.
func (s *Sim) putFirst(ri int32) (resent, Why) {
	row := &s.rows[ri]
	row.refuse = row.Fails > 0 && random.Float64(random.Draw(s.cfg.Seed, drawRefuse, uint64(ri), uint64(row.nextN))) < row.Fails
	if row.stream < 0 {
		return s.sendFirst(ri)
	}
	st := &s.Streams[row.stream]
	n := int32(st.Records.Len() + 1)
	switch {
	case len(row.Lines) > 0:
		line := &row.Lines[row.nextN]
		row.keys = st.keyIndices([]string{line.Key}, nil)
		text := filledIn(line.Body, int(n), line.Key)
		s.note(ri, n, 0, text)
		row.Size = len(text) + len(line.Key)
	case row.Aggregate > 0:
		key := st.Keys[s.rowKey(ri)].Name
		text := aggregated(row.Body, key, row.nextN, row.Aggregate)
		s.note(ri, n, 0, text)
		row.Size = len(text) + len(key)
	}
	why := s.putRecord(ri)
	return resent{of: n, key: st.Keys[st.Records.At(int(n)-1).Key].Name, text: string(s.Payload(int(row.stream), int(n))), accepted: why == WhyNone}, why
}

// rowKey is the key that a row's next record will have.
func (s *Sim) rowKey(ri int32) int32 {
	row := &s.rows[ri]
	if row.Random {
		return row.keys[random.Below(random.Draw(s.cfg.Seed, drawKey, uint64(ri), uint64(row.nextN)), uint64(len(row.keys)))]
	}
	return row.keys[uint32(row.nextN)%uint32(len(row.keys))]
}

// sendFirst sends the next message of a row for the first time.
func (s *Sim) sendFirst(ri int32) (resent, Why) {
	row := &s.rows[ri]
	q := &s.Queues[row.queue]
	if len(row.Lines) > 0 {
		line := &row.Lines[row.nextN]
		if row.groups = nil; line.Key != "" {
			row.groups = []GroupID{s.groupOf(row.queue, line.Key)}
		}
		text := filledIn(line.Body, q.Put.Len()+1, line.Key)
		s.note(ri, int32(q.Put.Len()+1), 0, text)
		row.Size = max(1, len(text))
	}
	id, why := s.sendOne(ri, s.nextBytes(ri), !s.takeSendCapacity(row.queue))
	m := s.msg(id)
	return resent{of: m.N, key: s.groupName(m), text: string(s.body(m)), accepted: why == WhyNone}, why
}

// idOf is what events call the n-th put of a row's stream or queue.
func (s *Sim) idOf(ri, n int32) int32 {
	if row := &s.rows[ri]; row.stream < 0 {
		return s.messageID(row.queue, int(n))
	}
	return n
}

// emitRefused emits which records of a call were refused.
func (s *Sim) emitRefused(ri int32, list []int32, why Why) {
	switch row := &s.rows[ri]; {
	case len(list) == 0:
	case row.stream < 0:
		s.emitSendRejected(row.queue, list, why)
	default:
		s.emitRejected(row.stream, list, why)
	}
}

// answer is what a producer makes of the answer to a call that it has made so many
// times before: what was refused it puts again, and all of it if there was none.
func (s *Sim) answer(ri int32, call []resent, tries int32) {
	row := &s.rows[ri]
	lost := row.Lost > 0 && random.Float64(random.Draw(s.cfg.Seed, drawLost, uint64(ri), uint64(row.calls))) < row.Lost
	row.calls++
	if int(tries) >= row.Retry.Times {
		return
	}
	failed := call[:0:0]
	for _, item := range call {
		if !item.accepted {
			failed = append(failed, item)
		}
	}
	switch {
	case lost || row.Retry.Whole && len(failed) > 0:
		failed = call
	case len(failed) == 0:
		return
	}
	wait := row.Retry.After
	if row.Retry.Backoff {
		wait <<= min(tries, 20)
	}
	slot := 0
	for slot < len(s.resends) && s.resends[slot].items != nil {
		slot++
	}
	if slot == len(s.resends) {
		s.resends = append(s.resends, resend{})
	}
	s.resends[slot] = resend{row: ri, tries: tries + 1, items: failed}
	s.schedule(s.now+max(wait, Millisecond), s.nextDue(), task{kind: taskResend, a: int32(slot)})
}

// resendDue makes a call again.
func (s *Sim) resendDue(t task) {
	r := s.resends[t.a]
	s.resends[t.a].items = nil
	row := &s.rows[r.row]
	items := make([]resent, len(r.items))
	for i, item := range r.items {
		again := &s.rows[row.again]
		again.by, again.of = ruleOr(item.accepted, rule.PutTwice, rule.PutAgain), s.idOf(r.row, item.of)
		again.refuse = row.Fails > 0 && random.Float64(random.Draw(s.cfg.Seed, drawRefuse, uint64(row.again), uint64(again.nextN))) < row.Fails
		why, _ := s.putOwn(row.again, item.key, item.text, item.of)
		items[i] = item
		items[i].accepted = item.accepted || why == WhyNone
	}
	s.answer(r.row, items, r.tries)
}

// aggregated is a record as the Kinesis Producer Library writes it: user records in
// the format of protocol buffers, between a magic number and a checksum.
func aggregated(body, key string, turn int64, n int) string {
	field := func(b []byte, tag byte, data string) []byte {
		b = binary.AppendUvarint(append(b, tag), uint64(len(data)))
		return append(b, data...)
	}
	b := field(nil, 0x0a, key)
	for i := range n {
		text := filledIn(body, int(turn)*n+i+1, key)
		b = field(b, 0x1a, string(field([]byte{0x08, 0x00}, 0x1a, text)))
	}
	sum := md5.Sum(b)
	return "\xf3\x89\x9a\xc2" + string(b) + string(sum[:])
}
