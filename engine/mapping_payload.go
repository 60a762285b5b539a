package engine

import (
	"strconv"

	"esmlab/engine/rule"
)

// This file measures the event that is passed to an invocation: a batch is
// closed before its event would exceed 6 MB (MAP-BATCH-3).

// eventEnvelope is about how many bytes a message adds to the event's JSON
// besides its body: ids, times, ARNs.
const eventEnvelope = 500

// fitPayload counts how many of a lane's next n records fit into an
// invocation's payload: 0 if the first alone does not.
func (r laneRef) fitPayload(n int32) int32 {
	if int(n)*r.boundOf(r.st.largest) <= payloadMax { // nearly always: nothing to look at
		return n
	}
	nums := r.l.queue[r.l.head : r.l.head+n]
	bound := 0
	for _, num := range nums {
		bound += r.eventBound(num)
	}
	if bound <= payloadMax {
		return n
	}
	total := emptyEvent
	for i, num := range nums {
		if total += r.EventSize(int(r.mi), int(num)) + min(i, 1); total > payloadMax { // with its comma
			return int32(i)
		}
	}
	return n
}

// emptyEvent is the size of an event without records.
const emptyEvent = len(`{"Records":[]}`)

// eventBound is more than a record takes in an event.
func (r iteratorRef) eventBound(n int32) int { return r.boundOf(r.record(n).Bytes) }

// boundOf is more than a record of that many bytes takes in an event.
func (r iteratorRef) boundOf(bytes int32) int {
	each := 4 // four thirds as base64; a key may need escapes
	if r.st.Kind == DynamoDB {
		each = 24 // two images with a type tag at each value
	}
	return 2000 + each*int(bytes)
}

// discardTooLarge discards a piece that is a single record whose event cannot fit
// (MAP-PAYLOAD-1). It returns true if it did.
func (r laneRef) discardTooLarge() bool {
	p := r.l.part()
	if p.Hi-p.Lo != 1 {
		return false
	}
	n := r.l.Records[p.Lo]
	if r.eventBound(n) <= payloadMax || emptyEvent+r.EventSize(int(r.mi), int(n)) <= payloadMax {
		return false
	}
	by := ruleOr(r.m.OnFailure == "", rule.MapTooLargeLost, rule.MapTooLarge)
	r.discard(r.l.Records[p.Lo:p.Hi], PayloadSizeExceeded, p.Tries, false, by)
	p.Lo = p.Hi
	r.advanceCheckpoint(by)
	return true
}

// EventSize is how many bytes record n takes in the event that mapping mi
// passes to its function (S-9.1, S-9.2).
func (s *Sim) EventSize(mi, n int) int {
	c := s.cfg
	si := s.SourceOf(mi)
	st := &s.Streams[si]
	r := st.Records.At(n - 1)
	if st.Kind == DynamoDB {
		size := len(`{"eventID":"","eventName":"","eventVersion":"1.1","eventSource":"aws:dynamodb","awsRegion":"","dynamodb":,"eventSourceARN":""}`)
		if r.Op == WriteTTL {
			size += len(`"userIdentity":{"type":"Service","principalId":"dynamodb.amazonaws.com"},`)
		}
		held := s.Hold(si, n)
		return size + len(s.EventID(si, n)) + len(r.Op.EventName()) + len(c.Region) + len(s.AppendChange(nil, si, &held, n)) + len(c.Streams[si].ARN)
	}
	const fixed = len(`{"kinesis":{"kinesisSchemaVersion":"1.0","partitionKey":,"sequenceNumber":"","data":"","approximateArrivalTimestamp":},` +
		`"eventSource":"aws:kinesis","eventVersion":"1.0","eventID":"","eventName":"aws:kinesis:record","invokeIdentityArn":"","awsRegion":"","eventSourceARN":""}`)
	key := len(AppendKey(nil, st, r))
	data := max(0, int(r.Bytes)-len(st.KeyOf(r)))
	return fixed + key + 2*len(SequenceOf(st, r, n)) + len(ShardID(int(r.Shard))+":") + (data+2)/3*4 + len(secondsText(c.Start+int64(r.At))) +
		len(c.Functions[s.FunctionOf(mi)].RoleARN) + len(c.Region) + len(s.SourceARN(mi, r.Shard))
}

// AppendKey appends a record's partition key as JSON, null where it has none.
func AppendKey(b []byte, st *Stream, r *Record) []byte {
	if r.Auto {
		return append(b, "null"...)
	}
	return AppendText(b, st.Keys[r.Key].Name)
}

// secondsText writes an instant (microseconds since 1970) as seconds with a
// fraction of whole milliseconds.
func secondsText(us int64) string {
	ms := us / 1000
	text := strconv.FormatInt(ms/1000, 10)
	if frac := ms % 1000; frac != 0 {
		text += "." + strconv.FormatInt(1000+frac, 10)[1:]
		for text[len(text)-1] == '0' {
			text = text[:len(text)-1]
		}
	}
	return text
}
