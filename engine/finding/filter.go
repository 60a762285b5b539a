package finding

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"

	"esmlab/engine"
	"esmlab/engine/pattern"
	"esmlab/engine/scenario"
	"esmlab/engine/setting"
)

// This file judges filters: conditions that no record can meet, mappings that filter the
// same queue, and what stands in front of a queue.

// leaf is one path of a pattern with its conditions.
type leaf struct {
	path []string
	want []any
}

// absent tells whether a leaf matches where there is nothing: {"exists": false}.
func (f *leaf) absent() bool {
	return slices.ContainsFunc(f.want, func(v any) bool {
		o, _ := v.(map[string]any)
		is, has := o["exists"].(bool)
		return has && !is
	})
}

// alternatives are the ways in which a pattern can match: each is a list of leaves that must
// all hold. Each $or multiplies them.
func alternatives(p *pattern.Pattern) [][]leaf {
	var doc map[string]any
	if json.Unmarshal([]byte(p.Source()), &doc) != nil {
		return nil
	}
	return branches(doc, nil)
}

func branches(doc map[string]any, path []string) [][]leaf {
	out := [][]leaf{nil}
	times := func(more [][]leaf) {
		var product [][]leaf
		for _, a := range out {
			for _, b := range more {
				if len(product) < 1000 {
					product = append(product, slices.Concat(a, b))
				}
			}
		}
		out = product
	}
	for _, name := range slices.Sorted(maps.Keys(doc)) {
		at := append(slices.Clone(path), name)
		switch v := doc[name].(type) {
		case map[string]any:
			times(branches(v, at))
		case []any:
			if name != "$or" {
				times([][]leaf{{{at, v}}})
				continue
			}
			var either [][]leaf
			for _, one := range v {
				if o, ok := one.(map[string]any); ok {
					either = append(either, branches(o, path)...)
				}
			}
			times(either)
		}
	}
	return out
}

// What a filter can see of a record beside its content.
var (
	kinesisKeys = []string{"data", "awsRegion", "eventSourceARN", "approximateArrivalTimestamp", "eventID", "eventName", "eventSource", "eventVersion", "kinesisSchemaVersion", "invokeIdentityArn", "partitionKey", "sequenceNumber"}
	tableKeys   = []string{"dynamodb", "awsRegion", "eventSourceARN", "eventID", "eventName", "eventSource", "eventVersion", "userIdentity"}
	changeKeys  = []string{"ApproximateCreationDateTime", "Keys", "NewImage", "OldImage", "SequenceNumber", "SizeBytes", "StreamViewType"}
	typeNames   = []string{"S", "N", "B", "BOOL", "NULL", "M", "L", "SS", "NS", "BS"}
)

// impossible says why no record of a source has what a leaf asks for; "" where one may.
func impossible(f *leaf, s *engine.StreamConfig) string {
	top := f.path[0]
	switch {
	case f.absent():
		return ""
	case s == nil && top != "body":
		return top + ": filters of a queue see the body of a message and nothing else"
	case s == nil:
		return ""
	case s.Kind == engine.Kinesis && !slices.Contains(kinesisKeys, top):
		return top + ": a record of Kinesis has its content in data, not there"
	case s.Kind == engine.Kinesis:
		if top == "partitionKey" && s.Auto() {
			return "partitionKey, which is null in the records of " + s.ID + ": its " + setting.RecordDistributionStrategy + " is AUTO"
		}
		return ""
	case !slices.Contains(tableKeys, top):
		return top + ": a record of a table has its change in dynamodb, not there"
	case top == "eventName":
		return onlyOf(f, "eventName", "INSERT", "MODIFY", "REMOVE")
	case top != "dynamodb" || len(f.path) < 2:
		return ""
	}
	part, view := f.path[1], s.View
	switch {
	case !slices.Contains(changeKeys, part):
		return "dynamodb." + part + ": a change has Keys, NewImage and OldImage"
	case part == "NewImage" && view != engine.NewImage && view != engine.NewAndOldImages,
		part == "OldImage" && view != engine.OldImage && view != engine.NewAndOldImages:
		return part + ", which StreamViewType " + view.String() + " leaves out"
	case part != "NewImage" && part != "OldImage" && part != "Keys" || len(f.path) < 3:
		return ""
	case len(f.path) == 3 || !slices.Contains(typeNames, f.path[3]):
		return strings.Join(f.path[1:], ".") + " without its type: DynamoDB writes {\"" + f.path[2] + "\": {\"S\": …}}"
	case f.path[3] == "N" && len(f.path) == 4:
		if !slices.ContainsFunc(f.want, func(v any) bool {
			o, is := v.(map[string]any)
			_, numeric := o["numeric"]
			_, text := v.(string)
			return text || is && !numeric
		}) {
			return strings.Join(f.path[1:], ".") + " as a number: DynamoDB writes numbers as strings, which numeric and bare numbers never match"
		}
	case f.path[3] == "BOOL" && len(f.path) == 4:
		if !slices.ContainsFunc(f.want, func(v any) bool { _, text := v.(string); return !text }) {
			return strings.Join(f.path[1:], ".") + " as a text: DynamoDB writes true and false"
		}
	}
	return ""
}

// onlyOf says that a leaf asks for other texts than there are.
func onlyOf(f *leaf, what string, words ...string) string {
	for _, v := range f.want {
		if text, ok := v.(string); !ok || slices.Contains(words, text) {
			return ""
		}
	}
	return fmt.Sprintf("%s %v, and it is always one of %s", what, f.want[0], strings.Join(words, ", "))
}

// hopeless says why a pattern matches nothing; "" where it may match.
func hopeless(p *pattern.Pattern, why func(*leaf) string) string {
	reason := ""
	for _, all := range alternatives(p) {
		found := ""
		for i := range all {
			if r := why(&all[i]); r != "" && found == "" {
				found = r
			}
		}
		if found == "" {
			return ""
		}
		reason = found
	}
	return reason
}

func (l *looker) neverMatches() {
	l.mappings(func(m *engine.MappingConfig, f *engine.FunctionConfig, q *engine.QueueConfig, s *engine.StreamConfig) {
		page, lost := filterPage, "what does not pass is deleted"
		if s != nil {
			page, lost = streamFilter, "what does not pass is skipped"
			if s.Kind == engine.DynamoDB {
				page = tableFilter
			}
			if s.Auto() {
				page = autoPage
			}
		}
		patterns := m.FilterCriteria.Patterns()
		reasons := make([]string, len(patterns))
		dead := 0
		for i, p := range patterns {
			if reasons[i] = hopeless(p, func(f *leaf) string { return impossible(f, s) }); reasons[i] != "" {
				dead++
			}
		}
		for i, p := range patterns {
			if reasons[i] == "" {
				continue
			}
			w := l.world(nil, engine.Minute+l.late(m), fmt.Sprintf("mapping(%q).FilteredOutEventCount > 0 && mapping(%q).InvokedEventCount == 0", m.ID, m.ID),
				"Records arrive as the pattern has them. None of them passes.")
			w.traffic = l.likeIt(m, p, s)
			severity := Error
			if dead < len(patterns) { // others let something through
				severity = Warning
				lost = "this pattern lets nothing through"
				w.Watch = "Records arrive as the pattern has them, and the others are taken away. None of them passes."
				w.sets(m.ID+"."+setting.FilterCriteria, "{Filters: [{Pattern: "+scenario.Quoted(p.Source())+"}]}")
			}
			l.add(m, l.t.At(m.ID, setting.FilterCriteria), Finding{On: m.ID, Severity: severity, Source: page,
				Sentence: "a filter of " + m.ID + " looks at " + reasons[i] + ". It never matches, and " + lost,
				Right:    rightKey(s), Fix: l.hoped(m, s), World: w})
		}
	})
}

func rightKey(s *engine.StreamConfig) string {
	switch {
	case s == nil:
		return "body, or message attributes in the filter policy of an SNS subscription"
	case s.Kind == engine.Kinesis:
		return "data, or what a record of Kinesis has beside it"
	}
	return "eventName, or dynamodb.NewImage with the type of each attribute: {\"dynamodb\": {\"NewImage\": {\"status\": {\"S\": [\"paid\"]}}}}"
}

// likeIt is traffic as the author of a pattern means it: what it asks for, wherever that
// stands.
func (l *looker) likeIt(m *engine.MappingConfig, p *pattern.Pattern, s *engine.StreamConfig) []string {
	doc, _ := p.Sample()
	var content any
	for _, key := range []string{"body", "data"} {
		if v, has := doc[key]; has && content == nil {
			content = v
		}
	}
	if change, ok := doc["dynamodb"].(map[string]any); ok {
		for _, image := range []string{"NewImage", "OldImage", "Keys"} {
			if v, has := change[image].(map[string]any); has && content == nil {
				content = plainItem(v)
			}
		}
	}
	row := "{to: " + m.Source + ", at: 1s, count: 3, keys: 3"
	if q := l.queue(m.Source); q != nil && !q.FIFO {
		row = "{to: " + m.Source + ", at: 1s, count: 3"
	}
	switch v := content.(type) {
	case string:
		row += ", body: " + scenario.Quoted(v)
	case map[string]any:
		if text, err := json.Marshal(v); err == nil && len(v) > 0 {
			row += ", body: " + scenario.Quoted(string(text))
		}
	}
	return []string{row + "}"}
}

// plainItem is an item without the types of its attributes.
func plainItem(image map[string]any) map[string]any {
	out := map[string]any{}
	for name, v := range image {
		typed, ok := v.(map[string]any)
		if !ok {
			out[name] = v
			continue
		}
		for kind, value := range typed {
			if text, isText := value.(string); kind == "N" && isText {
				out[name] = json.Number(text)
			} else if kind == "S" || kind == "BOOL" || kind == "N" {
				out[name] = value
			}
		}
	}
	return out
}

// filtersShare looks for mappings of a queue one of which drops what the other one wants.
func (l *looker) filtersShare() {
	told := map[string]bool{}
	l.pairs(func(x, y *engine.MappingConfig, q *engine.QueueConfig) {
		for _, pair := range [][2]*engine.MappingConfig{{x, y}, {y, x}} {
			wants, drops := pair[0], pair[1]
			if f := l.function(wants.Function); drops.FilterCriteria == nil || told[drops.ID] || f.Reserved == 0 {
				continue
			}
			body, _ := l.sc.Sample(wants)
			if wants.FilterCriteria == nil || body == "" {
				body = `{"other":true}`
			}
			message := pattern.SQS(map[string]any{}, strings.ReplaceAll(body, "{n}", "1"))
			if drops.FilterCriteria.Passes(&message) || !wants.FilterCriteria.Passes(&message) {
				continue
			}
			told[drops.ID] = true
			w := l.world(nil, engine.Minute+l.late(drops), fmt.Sprintf("mapping(%q).FilteredOutEventCount > 0", drops.ID), "Messages for "+wants.ID+" arrive. "+drops.ID+" receives some of them, and deletes them.")
			keys := ""
			if q.FIFO {
				keys = ", keys: 40"
			}
			w.traffic = []string{"{to: " + q.ID + ", at: 1s, count: 100" + keys + ", body: " + scenario.Quoted(body) + "}"}
			l.add(nil, l.t.At(drops.ID, setting.FilterCriteria), Finding{On: q.ID,
				Sentence: drops.ID + " and " + wants.ID + " both read " + q.ID + ", and the filter of " + drops.ID + " deletes what it drops: messages that " + wants.ID + " wants are lost",
				Right:    "a queue for each, with an SNS topic in front whose subscriptions filter", Fix: l.apart(drops, q), World: w})
		}
	})
}

// What a queue's message body holds, by what sent it.
var (
	topicKeys = []string{"Type", "MessageId", "TopicArn", "Subject", "Message", "Timestamp", "SignatureVersion", "Signature", "SigningCertURL", "UnsubscribeURL", "MessageAttributes", "SequenceNumber"}
	ruleKeys  = []string{"version", "id", "detail-type", "source", "account", "time", "region", "resources", "detail"}
)

// envelope looks for filters that look for the message itself where its envelope is.
func (l *looker) envelope() {
	for i := range l.cfg.Fronts {
		front := &l.cfg.Fronts[i]
		for k := range front.Sends {
			send := &front.Sends[k]
			for _, m := range l.readers(send.Queue) {
				patterns := m.FilterCriteria.Patterns()
				if len(patterns) == 0 || send.Denied != "" || l.function(m.Function) == nil {
					continue
				}
				reason := ""
				for _, p := range patterns {
					if reason = hopeless(p, func(f *leaf) string { return misses(f, front, send.Raw) }); reason == "" {
						break
					}
				}
				if reason == "" {
					continue
				}
				w := l.world(nil, engine.Minute+l.late(m), fmt.Sprintf("mapping(%q).FilteredOutEventCount > 0 && mapping(%q).InvokedEventCount == 0", m.ID, m.ID),
					"What "+front.ID+" sends arrives in its envelope. No message passes, and each is deleted.")
				row := "{to: " + front.ID + ", at: 1s, count: 3"
				if front.FIFO {
					row += ", keys: 3"
				}
				if doc, _ := patterns[0].Sample(); front.Kind != engine.FrontBucket {
					if body, ok := doc["body"].(map[string]any); ok && len(body) > 0 {
						if text, err := json.Marshal(body); err == nil {
							row += ", body: " + scenario.Quoted(string(text))
						}
					}
				}
				w.traffic = []string{row + "}"}
				right, fix := "the filter on the keys that arrive", ""
				if front.Kind == engine.FrontTopic {
					right = "RawMessageDelivery of the subscription, or a FilterPolicy there"
					if l.t.Has(send.ID) && send.ID != front.ID {
						fix = l.property(send.ID, "RawMessageDelivery: true")
					}
				}
				if fix == "" {
					fix = l.unwrapped(m, front, send.Raw)
				}
				l.add(m, l.t.At(m.ID, setting.FilterCriteria), Finding{On: m.ID, Source: envelopePages[front.Kind],
					Sentence: "the filter of " + m.ID + " looks at " + reason + ". It never matches, and what does not pass is deleted", Right: right, Fix: fix, World: w})
			}
		}
	}
}

var envelopePages = map[engine.FrontKind]string{
	engine.FrontTopic:  snsPage,
	engine.FrontBucket: docs + "AmazonS3/latest/userguide/notification-content-structure.html",
	engine.FrontRule:   docs + "eventbridge/latest/userguide/eb-events-structure.html",
}

// misses says why nothing that a front sends has what a leaf asks for; "" where it may have.
func misses(f *leaf, front *engine.FrontConfig, raw bool) string {
	if f.absent() || f.path[0] != "body" || len(f.path) < 2 {
		return ""
	}
	top := f.path[1]
	switch {
	case front.Kind == engine.FrontTopic && raw:
	case front.Kind == engine.FrontTopic && !slices.Contains(topicKeys, top):
		return "body." + top + ", and the topic " + front.ID + " sends its envelope: the message itself is a text in body.Message"
	case front.Kind == engine.FrontTopic && top == "Message" && len(f.path) > 2:
		return strings.Join(f.path, ".") + ", and what the topic " + front.ID + " sends is a text in body.Message, whatever JSON it holds"
	case front.Kind == engine.FrontBucket && top != "Records":
		return "body." + top + ", and the bucket " + front.ID + " sends a list of Records"
	case front.Kind == engine.FrontRule && !slices.Contains(ruleKeys, top):
		return "body." + top + ", and the rule " + front.ID + " sends its event: what it is about is in body.detail"
	}
	return ""
}

// frontDenied looks for queues whose policy lets nothing in front of them send.
func (l *looker) frontDenied() {
	for i := range l.cfg.Fronts {
		front := &l.cfg.Fronts[i]
		for k := range front.Sends {
			send := &front.Sends[k]
			if send.Denied == "" {
				continue
			}
			service := map[engine.FrontKind]string{engine.FrontTopic: "sns", engine.FrontBucket: "s3", engine.FrontRule: "events"}[front.Kind] + ".amazonaws.com"
			id := l.free(send.Queue + "Policy")
			w := l.world(nil, engine.Minute, fmt.Sprintf("len(events(\"front\")) > 0 && queue(%q).sent == 0", send.Queue), front.ID+" has something to send. Nothing of it reaches the queue.")
			keys := ""
			if front.FIFO {
				keys = ", keys: 3"
			}
			w.traffic = []string{"{to: " + front.ID + ", at: 1s, count: 3" + keys + "}"}
			l.add(nil, l.t.At(front.ID), Finding{On: front.ID,
				Sentence: front.ID + " may not send to " + send.Queue + " (" + send.Denied + "): nothing arrives",
				Right:    "an AWS::SQS::QueuePolicy that lets " + service + " sqs:SendMessage",
				Fix: fragment([]string{"Resources", id}, "Type: AWS::SQS::QueuePolicy", "Properties:\n  Queues: [!Ref "+send.Queue+"]\n  PolicyDocument:\n    Version: \"2012-10-17\"\n    Statement:\n"+
					"      - {Effect: Allow, Principal: {Service: "+service+"}, Action: sqs:SendMessage, Resource: !GetAtt "+send.Queue+".Arn}"),
				World: w})
		}
	}
}
