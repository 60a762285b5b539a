package engine

import (
	"bytes"
	"crypto/md5"
	"fmt"
	"slices"
	"sort"
	"strconv"
	"strings"

	"esmlab/engine/internal/bucket"
	"esmlab/engine/internal/uint128"
)

// Limits of a Kinesis data stream (S-6.1).
const (
	shardRecordsPerSecond = 1000
	shardBytesPerSecond   = 1 << 20
	writeTank             = 10 * Second // what a raised stream's shard saves up of its bytes a second (KIN-WRITE-4)
	putRecordsMax         = 500         // records in one PutRecords call
	putRecordsBytes       = 10 << 20    // bytes in one PutRecords call
)

// openStream makes the shards of stream i: as many as ShardCount says, with
// equal parts of the hash space.
func (s *Sim) openStream(i int) {
	c := &s.cfg.Streams[i]
	n := max(1, c.ShardCount)
	if c.OnDemand() && c.ShardCount == 0 {
		n = int(s.cfg.Chosen.OnDemandShards)
	}
	st := &s.Streams[i]
	st.limits = s.limitsOf(c)
	st.StreamSettings = c.StreamSettings
	st.Shards = make([]Shard, n)
	for k := range st.Shards {
		sh := &st.Shards[k]
		sh.Lo, sh.Hi = uint128.Part(k, n)
		s.fillBuckets(st, sh)
	}
	st.indexOpenShards(s.now)
}

// fillBuckets fills the limits of a new shard.
func (s *Sim) fillBuckets(st *Stream, sh *Shard) {
	sh.reads, sh.readBytes, sh.writes, sh.writeBytes = bucket.Full(), bucket.Full(), bucket.Full(), bucket.Full()
}

// shardForHash returns the open shard whose range contains a hash, -1 if the
// stream has none.
func (st *Stream) shardForHash(hash uint128.Int) int32 {
	at := sort.Search(len(st.open), func(i int) bool { return hash.Less(st.Shards[st.open[i]].Lo) }) - 1
	if at < 0 || st.Shards[st.open[at]].Hi.Less(hash) {
		return -1
	}
	return st.open[at]
}

// indexOpenShards lists the open shards in the order of their ranges.
func (st *Stream) indexOpenShards(now Micros) {
	open := make([]int32, 0, len(st.Shards))
	for i := range st.Shards {
		if !st.Shards[i].Closed {
			open = append(open, int32(i))
		}
	}
	slices.SortFunc(open, func(a, b int32) int {
		if st.Shards[a].Lo.Less(st.Shards[b].Lo) {
			return -1
		}
		return 1
	})
	st.shardTime += Micros(len(st.open)-len(open)) * now
	st.open = open
}

// keyIndices returns the indices of partition keys of the stream, adding those
// that are new. known may hold the stream's keys by name, and is kept up; a long
// list without it makes one.
func (st *Stream) keyIndices(names []string, known map[string]int32) []int32 {
	if known == nil && len(names) > 16 {
		known = make(map[string]int32, len(st.Keys)+len(names))
		for i := range st.Keys {
			known[st.Keys[i].Name] = int32(i)
		}
	}
	out := make([]int32, len(names))
	for i, name := range names {
		k, ok := known[name]
		if known == nil {
			k = int32(slices.IndexFunc(st.Keys, func(key Key) bool { return key.Name == name }))
			ok = k >= 0
		}
		if !ok {
			k = st.addKey(name)
		}
		if out[i] = k; known != nil {
			known[name] = k
		}
	}
	return out
}

func (st *Stream) addKey(name string) int32 {
	hash := uint128.FromBytes(md5.Sum([]byte(name))) // KIN-HASH-1
	st.Keys = append(st.Keys, Key{Name: name, hash: hash})
	st.places.Append(keyPlace{shard: st.shardForHash(hash), bytes: int32(len(name))})
	return int32(len(st.Keys) - 1)
}

// addRow resolves the names of a traffic row and schedules its first put. It
// returns an error if a name refers to nothing. known is for keyIndices, by stream.
func (s *Sim) addRow(t Traffic, known map[int32]map[string]int32) error {
	si := s.StreamIndex(t.To)
	if qi := s.QueueIndex(t.To); si < 0 && qi >= 0 {
		return s.addQueueRow(t, int32(qi))
	}
	if fi := s.FrontIndex(t.To); si < 0 && fi >= 0 {
		if t.Body == "" {
			t.Body = defaultBody
		}
		if len(t.Keys) == 0 {
			t.Keys = []string{"k1"}
		}
		s.rows = append(s.rows, trafficRow{Traffic: t, stream: -1, isFront: true, front: int32(fi), produces: !t.isPlain()})
		s.scheduleRow(int32(len(s.rows) - 1))
		return nil
	}
	if si < 0 {
		return fmt.Errorf("traffic goes to %s, which is neither a stream nor a queue", t.To)
	}
	if t.Body == "" {
		t.Body = defaultBody
	}
	if len(t.Keys) == 0 {
		t.Keys = []string{"k1"}
	}
	row := trafficRow{Traffic: t, stream: int32(si)}
	row.ns, row.ks = strings.Count(t.Body, "{n}"), strings.Count(t.Body, "{key}")
	row.fixedLen = len(t.Body) - row.ns*len("{n}") - row.ks*len("{key}")
	st := &s.Streams[si]
	row.keys = st.keyIndices(t.Keys, known[int32(si)])
	s.rows = append(s.rows, row)
	return s.beginRow(int32(len(s.rows) - 1))
}

// beginRow schedules the first put of a row.
func (s *Sim) beginRow(ri int32) error {
	err := s.makeProducer(ri)
	s.scheduleRow(ri)
	return err
}

// scheduleRow schedules the next put of a row, if it has one.
func (s *Sim) scheduleRow(ri int32) {
	row := &s.rows[ri]
	at := row.At
	if row.AtOnce {
		if row.nextN > 0 {
			return
		}
	} else {
		if row.produces {
			at = max(s.now, row.nextCall())
		} else {
			at = row.From + row.passed()
		}
		if row.hasPutAll() || row.Until != Never && at >= row.Until || at > s.cfg.For {
			return
		}
	}
	s.schedule(at, rankTraffic.order(uint64(ri)), task{kind: taskTraffic, a: ri})
}

// hasPutAll reports whether a row has put as many records as it has.
func (row *trafficRow) hasPutAll() bool { return row.Count > 0 && row.nextN >= int64(row.Count) }

// passed is how long after its beginning a row puts its next record.
func (row *trafficRow) passed() Micros {
	if row.Per == 1 { // dividing takes longer than all the rest
		return Micros(row.nextN) * row.Every
	}
	return Micros(row.nextN) * row.Every / Micros(row.Per)
}

// trafficDue carries out the put of a row that is due, and those up to an instant that
// come before all other tasks.
func (s *Sim) trafficDue(ri int32, last Micros) {
	row := &s.rows[ri]
	if !row.produces && !row.AtOnce && row.stream >= 0 {
		s.putOn(ri, last)
	} else if row.produces && !row.isFront {
		s.produce(ri, row.due())
	} else if row.produces {
		s.publishCalls(ri, row.due())
	} else if row.AtOnce {
		s.putCalls(ri, max(1, row.Count))
	} else {
		s.putCalls(ri, 1)
	}
	s.scheduleRow(ri)
}

// putOn puts the record of a row that is due, and goes on with the next ones, each a
// task of its own, as long as nothing else comes before them: then the order of the
// tasks stays what it is, and the next task is known without it.
func (s *Sim) putOn(ri int32, last Micros) {
	row := &s.rows[ri]
	st := &s.Streams[row.stream]
	end := min(last, s.cfg.For)
	if row.Until != Never {
		end = min(end, row.Until-1)
	}
	for _, task := range s.tasks.Second() {
		end = min(end, Micros(task.Key)-1)
	}
	for {
		s.putOne(ri, row, st)
		at := row.From + row.passed()
		if !s.underWay || at > end || at == s.now || row.hasPutAll() {
			return
		}
		s.now, s.tick = at, 1
		s.steps++
		s.instant.begin(at, len(s.tasks))
	}
}

// ShardID is AWS's id of shard i.
func ShardID(i int) string { return fmt.Sprintf("shardId-%012d", i) }

// SequenceNumber is the sequence number of record n of a stream: digits that
// increase with the record's position in its shard and cannot be compared
// across shards. It is "" for a record that was rejected or not put.
func (s *Sim) SequenceNumber(stream, n int) string {
	st := &s.Streams[stream]
	if !st.Records.Holds(n-1) || st.Records.At(n-1).Shard < 0 {
		return ""
	}
	return SequenceOf(st, st.Records.At(n-1), n)
}

// SequenceOf is the sequence number of a record that is number n.
func SequenceOf(st *Stream, r *Record, n int) string {
	if st.Kind == DynamoDB { // 21 digits
		return fmt.Sprintf("4%020d", n)
	}
	return fmt.Sprintf("4966%020d%022d%010d", 0, r.Pos+1, r.Shard)
}

// Payload is the data of record n of a stream: its row's body with {n} and
// {key} filled in, padded or cut to the row's size. For a table it is the
// item's attributes other than its key.
func (s *Sim) Payload(stream, n int) []byte {
	st := &s.Streams[stream]
	if !st.Records.Holds(n - 1) {
		return nil
	}
	return s.PayloadOf(st, st.Records.At(n-1), n)
}

// PayloadOf is the data of a record that is number n.
func (s *Sim) PayloadOf(st *Stream, r *Record, n int) []byte {
	key := st.Keys[r.Key].Name
	return s.render(key, n, r.row, r.Bytes+int32(len(key)-len(st.KeyOf(r)))) // a key that the stream ignores takes no bytes of it
}

// KeyOf is the partition key of a record, "" where it has none (KIN-AUTO-1). In
// its data {key} is filled in all the same.
func (st *Stream) KeyOf(r *Record) string {
	if r.Auto {
		return ""
	}
	return st.Keys[r.Key].Name
}

// Hold copies record n of a stream. It must be in memory.
func (s *Sim) Hold(stream, n int) HeldRecord {
	st := &s.Streams[stream]
	return HeldRecord{*st.Records.At(n - 1), st.oldImages.At(n - 1)}
}

// imageText is what an item holds, without padding: the image must be of a record.
func (s *Sim) imageText(key string, is image) []byte {
	return s.renderText(key, int(is.n), is.row, is.bytes)
}

// render is the data of a record as it was put: padded to its size.
func (s *Sim) render(key string, n int, row, size int32) []byte {
	text := s.renderText(key, n, row, size)
	if p := s.rows[row].ownOf(n); p != nil && p.text != "" {
		return text
	}
	if more := int(size) - len(key) - len(text); more > 0 { // spaces after JSON keep it JSON
		text = append(text, bytes.Repeat([]byte{' '}, more)...)
	}
	return text
}

// renderText is it without the spaces that pad it: all that an image of an item has.
func (s *Sim) renderText(key string, n int, row, size int32) []byte {
	if p := s.rows[row].ownOf(n); p != nil && p.text != "" {
		return []byte(p.text)
	} else if p != nil && p.of > 0 {
		n = int(p.of)
	}
	body := s.rows[row].Body
	if s.rows[row].ns > 0 { // a number contains no {key}: replacing one after the other is the same as both at once
		body = strings.ReplaceAll(body, "{n}", strconv.Itoa(n))
	}
	if s.rows[row].ks > 0 {
		body = strings.ReplaceAll(body, "{key}", key)
	}
	if want := max(0, int(size)-len(key)); len(body) > want {
		return bytes.Repeat([]byte{'x'}, want)
	}
	return []byte(body)
}
