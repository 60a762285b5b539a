package engine

import "strconv"

// This file measures the event that is passed to an invocation: a batch is
// closed before its event would exceed 6 MB (MAP-BATCH-3).

// eventEnvelope is about how many bytes a message adds to the event's JSON
// besides its body: ids, times, ARNs.
const eventEnvelope = 500

// fitPayload counts how many of a lane's next n records fit into an
// invocation's payload: at least one (KIN-SIZE-1 keeps each below the limit).
func (r laneRef) fitPayload(n int32) int32 {
	nums := r.l.queue[r.l.head : r.l.head+n]
	bound, each := 0, 4 // four thirds as base64; a key may need escapes
	if r.st.Kind == DynamoDB {
		each = 24 // two images with a type tag at each value
	}
	for _, num := range nums {
		bound += 2000 + each*int(r.record(num).Bytes)
	}
	if bound <= payloadMax { // nearly always: nothing to measure
		return n
	}
	total := len(`{"Records":[]}`)
	for i, num := range nums {
		if total += r.EventSize(int(r.mi), int(num)) + min(i, 1); total > payloadMax && i > 0 { // with its comma
			return int32(i)
		}
	}
	return n
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
		return size + len(s.EventID(si, n)) + len(r.Op.EventName()) + len(c.Region) + len(s.AppendChange(nil, si, r, n)) + len(c.Streams[si].ARN)
	}
	const fixed = len(`{"kinesis":{"kinesisSchemaVersion":"1.0","partitionKey":,"sequenceNumber":"","data":"","approximateArrivalTimestamp":},` +
		`"eventSource":"aws:kinesis","eventVersion":"1.0","eventID":"","eventName":"aws:kinesis:record","invokeIdentityArn":"","awsRegion":"","eventSourceARN":""}`)
	key := st.Keys[r.Key].Name
	data := max(0, int(r.Bytes)-len(key))
	return fixed + len(AppendText(nil, key)) + 2*len(SequenceOf(st, r, n)) + len(ShardID(int(r.Shard))+":") + (data+2)/3*4 + len(secondsText(c.Start+int64(r.At))) +
		len(c.Functions[s.FunctionOf(mi)].RoleARN) + len(c.Region) + len(s.SourceARN(mi))
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
