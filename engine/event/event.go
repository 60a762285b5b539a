// Package event writes the JSON that a function or a destination would get:
// the events of Kinesis, DynamoDB Streams and SQS mappings and the records of
// failed deliveries (S-9). Fields stand in AWS's order,
// so the same records always give the same bytes.
package event

import (
	"encoding/base64"
	"fmt"
	"strconv"
	"strings"
	"time"

	"esmlab/engine"
	"esmlab/engine/internal/random"
)

// writer writes JSON piece by piece.
type writer struct{ b []byte }

func (w *writer) raw(s string) { w.b = append(w.b, s...) }

// text writes a string as JSON, without escaping what HTML would need.
func (w *writer) text(s string) { w.b = engine.AppendText(w.b, s) }

func (w *writer) field(name, value string) {
	w.text(name)
	w.raw(":")
	w.text(value)
}

// seconds writes an instant as Unix seconds with a fraction of milliseconds.
func seconds(us int64) string {
	ms := us / 1000
	s := strconv.FormatInt(ms/1000, 10)
	if frac := ms % 1000; frac != 0 {
		s += "." + strings.TrimRight(fmt.Sprintf("%03d", frac), "0")
	}
	return s
}

// Function gives the event that a mapping hands to its function with these
// records, of a queue's mapping the ids of messages; window is nil outside a
// tumbling window.
func Function(s *engine.Sim, mapping int, shard int32, records []int32, window *engine.Window) []byte {
	if s.QueueOf(mapping) >= 0 {
		return Messages(s, records)
	}
	si := s.SourceOf(mapping)
	return function(s, mapping, shard, records, func(i int) engine.HeldRecord { return s.Hold(si, int(records[i])) }, window)
}

func function(s *engine.Sim, mapping int, shard int32, records []int32, record func(i int) engine.HeldRecord, window *engine.Window) []byte {
	si := s.SourceOf(mapping)
	st := &s.Config().Streams[si]
	w := &writer{}
	w.raw(`{"Records":[`)
	for i, n := range records {
		if i > 0 {
			w.raw(",")
		}
		if r := record(i); st.Kind == engine.DynamoDB {
			w.tableRecord(s, si, &r, int(n))
		} else {
			w.kinesisRecord(s, mapping, si, &r.Record, int(n))
		}
	}
	w.raw("]")
	if window != nil {
		w.raw(`,"window":{`)
		w.field("start", engine.ISO(window.Start, false))
		w.raw(",")
		w.field("end", engine.ISO(window.End, false))
		w.raw(`},"state":` + window.State + ",")
		w.field("shardId", ShardID(s, si, shard))
		w.raw(",")
		w.field("eventSourceARN", s.SourceARN(mapping, shard))
		fmt.Fprintf(&wr{w}, `,"isFinalInvokeForWindow":%t,"isWindowTerminatedEarly":%t`, window.Final, window.Early)
	}
	w.raw("}")
	return w.b
}

type wr struct{ *writer }

func (w *wr) Write(p []byte) (int, error) {
	w.b = append(w.b, p...)
	return len(p), nil
}

// ShardID is AWS's id of a shard of stream si.
func ShardID(s *engine.Sim, si int, shard int32) string { return s.ShardName(si, shard) }

func (w *writer) kinesisRecord(s *engine.Sim, mapping, si int, r *engine.Record, n int) {
	st := &s.Streams[si]
	sequence := engine.SequenceOf(st, r, n)
	w.raw(`{"kinesis":{"kinesisSchemaVersion":"1.0",`)
	w.raw(`"partitionKey":`)
	w.b = engine.AppendKey(w.b, st, r)
	w.raw(",")
	w.field("sequenceNumber", sequence)
	w.raw(`,"data":"`)
	w.b = base64.StdEncoding.AppendEncode(w.b, s.PayloadOf(st, r, n))
	w.raw(`","approximateArrivalTimestamp":` + seconds(s.Config().Start+int64(r.At)) + `},"eventSource":"aws:kinesis","eventVersion":"1.0",`)
	w.field("eventID", ShardID(s, si, r.Shard)+":"+sequence)
	w.raw(`,"eventName":"aws:kinesis:record",`)
	w.field("invokeIdentityArn", s.Config().Functions[s.FunctionOf(mapping)].RoleARN)
	w.raw(",")
	w.field("awsRegion", s.Config().Region)
	w.raw(",")
	w.field("eventSourceARN", s.SourceARN(mapping, r.Shard))
	w.raw("}")
}

func (w *writer) tableRecord(s *engine.Sim, si int, r *engine.HeldRecord, n int) {
	c := s.StreamOf(si, r.Shard)
	w.raw("{")
	w.field("eventID", s.EventID(si, n))
	w.raw(",")
	w.field("eventName", r.Op.EventName())
	w.raw(`,"eventVersion":"1.1","eventSource":"aws:dynamodb",`)
	w.field("awsRegion", s.Config().Region)
	w.raw(`,"dynamodb":`)
	w.b = s.AppendChange(w.b, si, r, n)
	w.raw(",")
	if r.Op == engine.WriteTTL {
		w.raw(`"userIdentity":{"type":"Service","principalId":"dynamodb.amazonaws.com"},`)
	}
	w.field("eventSourceARN", c.ARN)
	w.raw("}")
}

// ofObject is the purpose for which this package draws UUIDs, an object in a
// bucket; what a seed means hangs on it, it never changes.
const ofObject = 10

// Failure gives the failure record of a discarded batch, as it lies in its
// destination: where the records are and, in a bucket only, what they hold.
func Failure(s *engine.Sim, d *engine.Discard) []byte {
	w := &writer{b: s.AppendFailure(nil, d)}
	if d.Held != nil {
		w.b = w.b[:len(w.b)-1]
		w.raw(",")
		w.field("payload", string(function(s, int(d.Mapping), d.Shard, d.Records, func(i int) engine.HeldRecord { return d.Held[i] }, d.Window)))
		w.raw("}")
	}
	return w.b
}

// ObjectKey is the key under which a discard's failure record lies in an S3
// bucket; "" where it did not go to one.
func ObjectKey(s *engine.Sim, d *engine.Discard) string {
	c := s.Config()
	if d.Held == nil {
		return ""
	}
	at := time.UnixMicro(c.Start + int64(d.At)).UTC()
	id := random.UUID(c.Seed, ofObject, uint64(d.Mapping), uint64(d.Shard)<<48^uint64(d.First.Pos)<<20^uint64(d.At))
	return "aws/lambda/" + c.Mappings[d.Mapping].UUID + "/" + ShardID(s, s.SourceOf(int(d.Mapping)), d.Shard) + at.Format("/2006/01/02/2006-01-02T15.04.05-") + id
}
