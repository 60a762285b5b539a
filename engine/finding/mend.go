package finding

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"esmlab/engine"
	"esmlab/engine/pattern"
	"esmlab/engine/scenario"
	"esmlab/engine/setting"
)

// This file writes fixes that take more than one setting.

// noValue takes a property away, as CloudFormation does.
const noValue = ": !Ref AWS::NoValue"

// recordKeys are the names that a record itself has, by what brings it: a pattern that
// names one of them is not one for what the record holds.
var recordKeys = []string{"messageId", "receiptHandle", "attributes", "messageAttributes", "md5OfBody", "eventSource", "eventSourceARN", "awsRegion", "eventVersion", "eventID",
	"eventName", "invokeIdentityArn", "kinesis", "dynamodb", "userIdentity", "body", "data", "partitionKey", "sequenceNumber", "approximateArrivalTimestamp"}

// filters is a fragment that gives a mapping other patterns: mend gives each anew, or "" for
// one that goes.
func (l *looker) filters(m *engine.MappingConfig, mend func(p *pattern.Pattern) string) string {
	var out []string
	for _, p := range m.FilterCriteria.Patterns() {
		if text := mend(p); text != "" {
			out = append(out, "{Pattern: "+scenario.Quoted(text)+"}")
		}
	}
	if len(out) == 0 {
		return l.parameter(m, setting.FilterCriteria+noValue)
	}
	return l.parameter(m, setting.FilterCriteria+": {Filters: ["+strings.Join(out, ", ")+"]}")
}

// within puts what a pattern asks for into a part of the record; "" where that does not help.
func within(p *pattern.Pattern, part string, still func(*pattern.Pattern) bool) string {
	if slices.ContainsFunc(p.Tops(), func(top string) bool { return slices.Contains(recordKeys, top) }) {
		return ""
	}
	text := `{"` + part + `":` + strings.TrimSpace(p.Source()) + `}`
	if q, err := pattern.Compile(text); err != nil || still(q) {
		return ""
	}
	return text
}

// hoped writes the filters of a mapping anew: patterns that never match on the key that the
// content stands in, or without them.
func (l *looker) hoped(m *engine.MappingConfig, s *engine.StreamConfig) string {
	never := func(p *pattern.Pattern) bool {
		return hopeless(p, func(f *leaf) string { return impossible(f, s) }) != ""
	}
	part := "body"
	if s != nil {
		part = "data"
	}
	return l.filters(m, func(p *pattern.Pattern) string {
		switch {
		case !never(p):
			return p.Source()
		case s != nil && s.Kind == engine.DynamoDB:
			return ""
		}
		return within(p, part, never)
	})
}

// unwrapped writes the filters of a mapping for the events of a rule, whose own part is in
// detail; what stands in front otherwise is not filtered here.
func (l *looker) unwrapped(m *engine.MappingConfig, front *engine.FrontConfig, raw bool) string {
	never := func(p *pattern.Pattern) bool {
		return hopeless(p, func(f *leaf) string { return misses(f, front, raw) }) != ""
	}
	return l.filters(m, func(p *pattern.Pattern) string {
		var doc map[string]json.RawMessage
		switch {
		case !never(p):
			return p.Source()
		case front.Kind != engine.FrontRule || json.Unmarshal([]byte(p.Source()), &doc) != nil || len(doc) != 1 || doc["body"] == nil:
			return ""
		}
		text := `{"body":{"detail":` + string(doc["body"]) + `}}`
		if q, err := pattern.Compile(text); err != nil || never(q) {
			return ""
		}
		return text
	})
}

// mayUse is a fragment with a policy that lets the role of a mapping use the key of its
// source; "" where the role, or the key, is not the template's.
func (l *looker) mayUse(m *engine.MappingConfig, action string) string {
	role, key := l.t.RoleOf(m.Function), l.t.KeyOf(m.Source)
	if role == "" || key == "" {
		return ""
	}
	id := l.free(m.ID + "KeyPolicy")
	return fragment([]string{"Resources", id}, "Type: AWS::IAM::Policy", "Properties:\n  PolicyName: "+id+"\n  Roles: [!Ref "+role+"]\n  PolicyDocument:\n    Version: \"2012-10-17\"\n    Statement:\n"+
		"      - {Effect: Allow, Action: "+action+", Resource: !GetAtt "+key+".Arn}")
}

// otherDeadLetters is a fragment that sends what a function's asynchronous invocations fail
// with to a queue of its own.
func (l *looker) otherDeadLetters(function, property string) string {
	id := l.free(function + "Dead")
	queue, to := resource(id, "{Type: AWS::SQS::Queue, Properties: {MessageRetentionPeriod: 1209600}}"), "!GetAtt "+id+".Arn"
	switch property {
	case "DeadLetterQueue":
		return joined(queue, l.property(function, "DeadLetterQueue: {Type: SQS, TargetArn: "+to+"}"))
	case "DeadLetterConfig":
		return joined(queue, l.property(function, "DeadLetterConfig: {TargetArn: "+to+"}"))
	case "EventInvokeConfig":
		return joined(queue, fragment([]string{"Resources", function, "Properties", property, setting.DestinationConfig}, "OnFailure: {Type: SQS, Destination: "+to+"}"))
	}
	return joined(queue, fragment([]string{"Resources", property, "Properties", setting.DestinationConfig}, "OnFailure: {Destination: "+to+"}"))
}

// elsewhere is a fragment that has a mapping read something that its function does not
// write to: a new queue or stream, which whoever else writes writes to from then on. Of a
// table it reads the new items only, where the function changes those that are there.
func (l *looker) elsewhere(m *engine.MappingConfig, q *engine.QueueConfig, s *engine.StreamConfig) string {
	switch {
	case q != nil:
		return l.apart(m, q)
	case s.Kind == engine.Kinesis:
		id, field := l.free(s.ID+m.Function), "EventSourceArn"
		if l.sam(m) {
			field = "Stream"
		}
		return joined(resource(id, "{Type: AWS::Kinesis::Stream, Properties: {ShardCount: "+itoa(shards(s))+"}}"), l.parameter(m, field+": !GetAtt "+id+".Arn"))
	case l.onlyUpdates(m.Function):
		return l.parameter(m, setting.FilterCriteria+`: {Filters: [{Pattern: '{"eventName":["INSERT"]}'}]}`)
	}
	return ""
}

// onlyUpdates tells whether the code of a function changes items, and puts none.
func (l *looker) onlyUpdates(function string) bool {
	code := l.codeOf(function)
	return code.mentions("update_item", "updateItem", "UpdateItem", "UpdateCommand") && !code.mentions("put_item", "putItem", "PutItem", "PutCommand", "batch_write", "BatchWrite", "TransactWrite", "transact_write")
}

// operations is the one operation on a table's items that a mapping's filters let through:
// INSERT, MODIFY or REMOVE; "" where there are several.
func operations(m *engine.MappingConfig) string {
	only := ""
	for _, p := range m.FilterCriteria.Patterns() {
		var doc struct{ EventName []any }
		if json.Unmarshal([]byte(p.Source()), &doc) != nil || len(doc.EventName) != 1 {
			return ""
		}
		name, _ := doc.EventName[0].(string)
		if only != "" && only != name {
			return ""
		}
		only = name
	}
	return only
}

// less is a fragment that has the mappings ask for no more than the
// account has, each for the same part of it; "" where that is not possible.
func (l *looker) less(room int) string {
	var all []*engine.MappingConfig
	for i := range l.cfg.Functions {
		if f := &l.cfg.Functions[i]; f.Reserved < 0 && f.Managed == 0 {
			all = append(all, l.demandOf(f.ID).each...)
		}
	}
	part, most := room/max(1, len(all)), 0
	var parts []string
	for _, m := range all {
		s, q := l.stream(m.Source), l.queue(m.Source)
		switch {
		case s != nil && m.ParallelizationFactor*shards(s) > part:
			n := max(1, part/shards(s))
			most += n * shards(s)
			parts = append(parts, l.parameter(m, fmt.Sprintf("%s: %d", setting.ParallelizationFactor, n)))
		case s != nil:
			most += m.ParallelizationFactor * shards(s)
		case q == nil || q.FIFO || m.MaximumPollers > 0 || m.MinimumPollers > 0 || part < 2:
			return ""
		case m.MaximumConcurrency == 0 || m.MaximumConcurrency > part:
			most += part
			parts = append(parts, l.parameter(m, fmt.Sprintf("%s: {MaximumConcurrency: %d}", setting.ScalingProperty, min(1000, part))))
		default:
			most += m.MaximumConcurrency
		}
	}
	if most > room {
		return ""
	}
	return joined(parts...)
}
