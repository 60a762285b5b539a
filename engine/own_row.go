package engine

import (
	"fmt"
	"slices"
	"sort"
	"strconv"
	"strings"
)

// This file is about rows of traffic that nobody wrote as such: what handlers send,
// what producers send again, and what is replayed. Each put of such a row has its
// own text.

// ownPut is one put of such a row.
type ownPut struct {
	n          int32 // its number
	of         int32 // the number of the put that it repeats, 0: none
	attributes []Attribute
	text       string // "": the row's body, with the number of what it repeats
}

// addOwnRow adds a row whose puts have their own texts.
func (s *Sim) addOwnRow(to string) (int32, error) {
	row := trafficRow{Traffic: Traffic{To: to, AtOnce: true, At: Never, Until: Never, Shard: -1, Body: "{n}"}, stream: int32(s.StreamIndex(to)), own: true, again: -1}
	if row.stream < 0 {
		row.queue = int32(s.QueueIndex(to))
		if row.queue < 0 {
			return -1, fmt.Errorf("%s is neither a stream nor a queue", to)
		}
	}
	s.rows = append(s.rows, row)
	return int32(len(s.rows) - 1), nil
}

// putOwn puts one record of such a row now, and says why it was rejected. id is that
// of a queue's message, -1 for a stream.
func (s *Sim) putOwn(ri int32, key, text string, of int32) (why Why, id int32) {
	row := &s.rows[ri]
	if row.stream >= 0 {
		st := &s.Streams[row.stream]
		if key == "" {
			key = "k1"
		}
		row.keys = st.keyIndices([]string{key}, nil)
		s.note(ri, int32(st.Records.Len()+1), of, text)
		row.Size = max(1, len(text)+len(key))
		if st.Auto() {
			row.Size = max(1, len(text))
		}
		if why = s.putRecord(ri); why != WhyNone {
			s.emitRejected(row.stream, []int32{int32(st.Records.Len())}, why)
		}
		return why, -1
	}
	q := &s.Queues[row.queue]
	if q.Put.Len() == s.mostPuts() {
		return WhyNoQueue, -1
	}
	row.groups = nil
	if key != "" || q.FIFO {
		if key == "" {
			key = "k1"
		}
		row.groups = []GroupID{s.groupOf(row.queue, key)}
	}
	s.note(ri, int32(q.Put.Len()+1), of, text)
	row.Size = max(1, len(text))
	throttled := !s.takeSendCapacity(row.queue)
	if id, why = s.sendOne(ri, row.Size, throttled); why != WhyNone {
		s.emitSendRejected(row.queue, []int32{id}, why)
	}
	return why, id
}

// note notes what the next put of a row holds, and forgets what is no longer known of
// the first ones. Of a table's records the images may be asked for at any time.
func (s *Sim) note(ri, n, of int32, text string) {
	row := &s.rows[ri]
	row.puts = append(row.puts, ownPut{n: n, of: of, text: text})
	if len(row.puts)%4096 != 0 {
		return
	}
	gone := func(n int32) bool {
		if row.stream < 0 {
			return !s.Knows(s.messageID(row.queue, int(n)))
		}
		st := &s.Streams[row.stream]
		return st.Kind == Kinesis && int(n) <= st.Records.FirstHeld()
	}
	for len(row.puts) > 1 && gone(row.puts[0].n) {
		row.puts = row.puts[1:]
	}
}

// ownOf returns what put n of a row holds, nil if the row is like any other.
func (row *trafficRow) ownOf(n int) *ownPut {
	if !row.own {
		return nil
	}
	i := sort.Search(len(row.puts), func(i int) bool { return int(row.puts[i].n) >= n })
	if i == len(row.puts) || int(row.puts[i].n) != n {
		return nil
	}
	return &row.puts[i]
}

// original is the number of the put that put n of a row repeats, or n.
func (s *Sim) original(row int32, n int) int {
	if row >= 0 {
		if p := s.rows[row].ownOf(n); p != nil && p.of > 0 {
			return int(p.of)
		}
	}
	return n
}

// filledIn replaces {n} and {key}.
func filledIn(text string, n int, key string) string {
	if !strings.Contains(text, "{") {
		return text
	}
	return strings.ReplaceAll(strings.ReplaceAll(text, "{n}", strconv.Itoa(n)), "{key}", key)
}

func cloneRows(rows []trafficRow) []trafficRow {
	c := slices.Clone(rows)
	for i := range c {
		if c[i].own {
			c[i].puts = slices.Clip(c[i].puts)
		}
	}
	return c
}
