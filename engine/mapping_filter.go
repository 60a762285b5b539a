package engine

import (
	"encoding/json"
	"esmlab/engine/internal/random"
	"slices"
	"strconv"
	"strings"

	"esmlab/engine/pattern"
	"esmlab/engine/rule"
)

// This file applies a mapping's FilterCriteria to what a read returned (S-5 and
// S-E25). A mapping without filters has no cost.

// passed is the verdict of a traffic row whose records pass the filters.
const filterPassed rule.ID = "passed"

// filterRecords removes from what was read all records that no filter matches,
// and returns the rest. It emits one event for each rule that decided.
func (r iteratorRef) filterRecords(nums []int32) []int32 {
	kept := make([]int32, 0, len(nums))
	var dropped [][]int32
	var rules []rule.ID
	for _, n := range nums {
		by := r.recordVerdict(r.mi, n)
		if by == filterPassed {
			kept = append(kept, n)
			continue
		}
		r.m.finalize(n, StateFiltered, r.now)
		i := slices.Index(rules, by)
		if i < 0 {
			i, rules, dropped = len(rules), append(rules, by), append(dropped, nil)
		}
		dropped[i] = append(dropped[i], n)
	}
	for i, list := range dropped {
		r.emit(&Event{Kind: KindFilter, Rule: rules[i], Records: list})
	}
	return kept
}

// recordVerdict returns the rule by which a record is dropped, or filterPassed.
// If the filters look at the data only and a traffic row's data are always the
// same, the row is evaluated once.
func (s *Sim) recordVerdict(mi, n int32) rule.ID {
	m := &s.Mappings[mi]
	st := &s.Streams[m.source]
	ri := st.Records.At(int(n) - 1).row
	row := &s.rows[ri]
	same := m.sameData && !row.own && row.ns+row.ks == 0 && row.Size == 0
	if same && int(ri) < len(m.verdicts) && m.verdicts[ri] != "" {
		return m.verdicts[ri]
	}
	by := filterPassed
	r := s.filterRecord(int(mi), int(n), m.FilterCriteria)
	if v := s.explainFilter(int(mi), &r, m.FilterCriteria); !v.Match {
		by = v.Rule
	}
	if same {
		for len(m.verdicts) <= int(ri) {
			m.verdicts = append(m.verdicts, "")
		}
		m.verdicts[ri] = by
	}
	return by
}

// resetVerdicts forgets the verdicts of other filters.
func (m *Mapping) resetVerdicts(kind StreamKind) {
	m.verdicts = nil
	m.sameData = kind == Kinesis
	for _, p := range m.FilterCriteria.Patterns() {
		m.sameData = m.sameData && p.UsesOnly("data")
	}
}

// WhyFiltered evaluates record n of mapping mi's stream against filters, those
// that the mapping has now or had when it dropped the record: what the filters
// saw, which of them came closest, the first condition that failed, its path,
// the value there, and the rule. ok is false if the stream no longer holds the
// record.
func (s *Sim) WhyFiltered(mi, n int, by *pattern.Criteria) (r pattern.Record, v pattern.Verdict, ok bool) {
	st := &s.Streams[s.Mappings[mi].source]
	if !st.Records.Holds(n - 1) {
		return r, v, false
	}
	r = s.filterRecord(mi, n, by)
	return r, s.explainFilter(mi, &r, by), true
}

// explainFilter adds to a verdict on a record what follows from its source.
func (s *Sim) explainFilter(mi int, r *pattern.Record, by *pattern.Criteria) pattern.Verdict {
	v := by.Explain(r)
	if v.Match {
		return v
	}
	top, rest, _ := strings.Cut(v.Path, ".")
	from := &s.cfg.Streams[s.Mappings[mi].source]
	view := from.View
	switch {
	case from.Kind == Kinesis && top != "data" && !v.Rule.Quirk():
		v.Rule = rule.FilMeta
	case from.Kind == DynamoDB && top != "dynamodb" && !v.Rule.Quirk():
		v.Rule = rule.FilTableMeta
	case v.Rule == rule.FilMissing && (strings.HasPrefix(rest, "NewImage") && view != NewImage && view != NewAndOldImages ||
		strings.HasPrefix(rest, "OldImage") && view != OldImage && view != NewAndOldImages):
		v.Rule = rule.FilTableView
		v.Reason = "StreamViewType " + view.String() + " leaves this image out"
	case from.Kind == DynamoDB && v.Rule == rule.FilNumericText && strings.HasSuffix(v.Path, ".N"):
		v.Rule = rule.FilTableNumber
		v.Reason = "DynamoDB writes numbers as strings, and numeric never matches a string"
	}
	return v
}

// filterRecord is record n of mapping mi's stream as filters see it: of the
// keys of the function's event those that the filters look at. What in the
// event is inside "kinesis" stands beside the record's other keys.
func (s *Sim) filterRecord(mi, n int, by *pattern.Criteria) pattern.Record {
	st := &s.Streams[s.Mappings[mi].source]
	r := st.Records.At(n - 1)
	doc := map[string]any{}
	data := false
	for _, p := range by.Patterns() {
		for _, key := range p.Tops() {
			v := s.recordKey(mi, r, n, key)
			if v != nil || key == "partitionKey" && r.Auto { // null
				doc[key] = v
			}
			data = data || key == "data"
		}
	}
	switch {
	case st.Kind == DynamoDB:
		return pattern.Record{Doc: doc}
	case data:
		return pattern.Kinesis(doc, s.PayloadOf(st, r, n))
	}
	return pattern.Record{Doc: doc, Key: "data"}
}

// recordKey is what a record has at a key beside its data, nil where it has
// nothing there (S-9.1, S-9.2).
func (s *Sim) recordKey(mi int, r *Record, n int, key string) any {
	m := &s.Mappings[mi]
	si := int(m.source)
	table := s.Streams[si].Kind == DynamoDB
	switch key {
	case "awsRegion":
		return s.cfg.Region
	case "eventSourceARN":
		return s.SourceARN(mi, r.Shard)
	}
	if table {
		switch key {
		case "dynamodb":
			held := s.Hold(si, n)
			doc, _ := pattern.Decode(s.AppendChange(nil, si, &held, n))
			return doc
		case "eventID":
			return s.EventID(si, n)
		case "eventName":
			return r.Op.EventName()
		case "eventSource":
			return "aws:dynamodb"
		case "eventVersion":
			return "1.1"
		case "userIdentity":
			if r.Op == WriteTTL {
				return map[string]any{"type": "Service", "principalId": "dynamodb.amazonaws.com"}
			}
		}
		return nil
	}
	switch key {
	case "approximateArrivalTimestamp":
		ms := (s.cfg.Start + int64(r.At)) / 1000
		return json.Number(strconv.FormatFloat(float64(ms)/1000, 'f', -1, 64))
	case "eventID":
		return ShardID(int(r.Shard)) + ":" + s.SequenceNumber(si, n)
	case "eventName":
		return "aws:kinesis:record"
	case "eventSource":
		return "aws:kinesis"
	case "eventVersion", "kinesisSchemaVersion":
		return "1.0"
	case "invokeIdentityArn":
		return s.cfg.Functions[m.function].RoleARN
	case "partitionKey":
		if r.Auto {
			return nil
		}
		return s.Streams[si].KeyOf(r)
	case "sequenceNumber":
		return s.SequenceNumber(si, n)
	}
	return nil
}

// SourceARN is the ARN of what mapping mi reads in a shard: its stream's, or the
// consumer's where it reads through one.
func (s *Sim) SourceARN(mi int, shard int32) string {
	arn := s.StreamOf(int(s.Mappings[mi].source), shard).ARN
	if c := s.cfg.Mappings[mi].Consumer; c != "" {
		arn += "/consumer/" + c + ":" + strconv.FormatInt(s.cfg.Start/1_000_000, 10)
	}
	return arn
}

// EventID is the id of record n of a table's stream.
func (s *Sim) EventID(si, n int) string {
	return strings.ReplaceAll(random.UUID(s.cfg.Seed, drawEvent, uint64(si), uint64(n)), "-", "")
}
