package engine

import (
	"cmp"
	"esmlab/engine/internal/random"
	"fmt"
	"strconv"
)

// requestID is the id of the last invocation of a discarded batch, or an id of
// its own if its age was the reason.
func (s *Sim) requestID(d *Discard) string {
	if d.Condition == RetryAttemptsExhausted {
		return random.UUID(s.cfg.Seed, drawRequest, uint64(d.function), uint64(d.invocation))
	}
	return random.UUID(s.cfg.Seed, drawDiscard, uint64(d.Mapping), uint64(d.Records[0]))
}

// ShardName is AWS's id of a shard of stream si.
func (s *Sim) ShardName(si int, shard int32) string {
	if s.cfg.Streams[si].Kind == DynamoDB {
		return fmt.Sprintf("shardId-%020d-%08x", s.cfg.Start/1000+int64(shard), uint32(shard)*2654435761+0x1a2b3c4d)
	}
	return ShardID(int(shard))
}

// AppendFailure appends the failure record of a discarded batch as a queue or
// topic receives it: where the records are, not what they hold (S-9.3). It is
// the body of a queue's message.
func (s *Sim) AppendFailure(b []byte, d *Discard) []byte {
	si := s.SourceOf(int(d.Mapping))
	c, st := s.cfg, &s.Streams[si]
	raw := func(text string) { b = append(b, text...) }
	field := func(name, value string) {
		b = append(AppendText(b, name), ':')
		b = AppendText(b, value)
	}
	raw(`{"requestContext":{`)
	field("requestId", s.requestID(d))
	raw(",")
	field("functionArn", d.functionARN)
	raw(",")
	field("condition", d.Condition.String())
	raw(`,"approximateInvokeCount":` + strconv.Itoa(int(d.InvokeCount)) + "},")
	if d.Condition == RetryAttemptsExhausted {
		raw(`"responseContext":{"statusCode":200,`)
		field("executedVersion", d.version)
		raw(`,"functionError":`)
		if d.Reported {
			raw("null},")
		} else {
			raw(`"Unhandled"},`)
		}
	}
	raw(`"version":"1.0",`)
	field("timestamp", ISO(c.Start+int64(d.At), true))
	info, millis := "KinesisBatchInfo", true
	if st.Kind == DynamoDB {
		info, millis = "DDBStreamBatchInfo", false
	}
	first, last := d.Records[0], d.Records[len(d.Records)-1]
	raw(`,"` + info + `":{`)
	field("shardId", s.ShardName(si, d.Shard))
	raw(",")
	field("startSequenceNumber", SequenceOf(st, &d.First, int(first)))
	raw(",")
	field("endSequenceNumber", SequenceOf(st, &d.last, int(last)))
	raw(",")
	field("approximateArrivalOfFirstRecord", ISO(c.Start+int64(d.First.At), millis))
	raw(",")
	field("approximateArrivalOfLastRecord", ISO(c.Start+int64(d.last.At), millis))
	raw(`,"batchSize":` + strconv.Itoa(len(d.Records)) + ",")
	field("streamArn", s.StreamOf(si, d.Shard).ARN)
	raw("}}")
	return b
}

// qualifiedARN is the ARN of the function that a mapping invokes, with the version or
// alias that it names, or where it names none with another qualifier.
func (s *Sim) qualifiedARN(mi int32, or string) string {
	m := &s.cfg.Mappings[mi]
	arn := s.cfg.Functions[s.Mappings[mi].function].ARN
	if q := cmp.Or(m.Qualifier, or); q != "" {
		arn += ":" + q
	}
	return arn
}

// ISO writes an instant (microseconds since 1970, not before) as ISO 8601 in
// UTC, with milliseconds or in whole seconds.
func ISO(us int64, millis bool) string {
	const day = 86_400_000_000
	// The civil date of a day: 400 years, an era, have 146,097 days; a year is
	// counted from March, so that a leap day is its last.
	days := us/day + 719_468
	era, of := days/146_097, days%146_097
	year := (of - of/1460 + of/36_524 - of/146_096) / 365
	of -= 365*year + year/4 - year/100
	month := (5*of + 2) / 153
	date := of - (153*month+2)/5 + 1
	if month += 3; month > 12 {
		month -= 12
	}
	if year += era * 400; month <= 2 {
		year++
	}
	rest := us % day / 1000
	text := fmt.Sprintf("%04d-%02d-%02dT%02d:%02d:%02d", year, month, date, rest/3_600_000, rest/60_000%60, rest/1000%60)
	if millis {
		text += fmt.Sprintf(".%03d", rest%1000)
	}
	return text + "Z"
}
