package template

import (
	"encoding/json"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v4"

	"esmlab/engine"
	"esmlab/engine/setting"
	"esmlab/engine/tree"
)

// This file reads AWS::SQS::Queue: its attributes, its redrive policy and who
// may use it as a DLQ.

var queueName = regexp.MustCompile(`^[A-Za-z0-9_-]{1,80}$`)

// queue reads a queue. Its policies name other queues: redrive reads them when
// all are known.
func (t *Template) queue(r *Resource) {
	p := t.properties(r)
	fifo, sure := t.fifoOf(r)
	c := engine.QueueConfig{ID: r.ID, Name: t.name(r), ARN: t.arn(r), FIFO: fifo, QueueSettings: engine.DefaultQueueSettings()}
	at := t.Where[r.ID]
	if v := p.Get("QueueName"); v != nil {
		at = v.Node
	}
	plain, suffix := strings.CutSuffix(c.Name, ".fifo")
	switch {
	case !sure:
	case fifo && (!suffix || !queueName.MatchString(plain) || len(c.Name) > 80):
		right := "at most 80 characters"
		if !suffix {
			right = short(c.Name) + ".fifo"
		}
		t.Problems.Add(at, "InvalidParameterValue", "The name of a FIFO queue can only include alphanumeric characters, hyphens, or underscores, must end with .fifo suffix and be 1 to 80 in length.", right)
	case !fifo && !queueName.MatchString(c.Name):
		right := "1 to 80 letters, digits, - and _"
		if suffix {
			right = "FifoQueue: true for a FIFO queue"
		}
		t.Problems.Add(at, "InvalidParameterValue", "Can only include alphanumeric characters, hyphens, or underscores. 1 to 80 in length", right)
	}
	in := setting.SQS
	if fifo {
		in = setting.FIFO
	}
	t.settings(&setting.Resource{ID: r.ID, Of: setting.OfQueue, In: setting.FIFO, Queue: &c.QueueSettings}, p)
	if unknownAt(p, setting.DeduplicationScope) && c.FifoThroughputLimit == "perMessageGroupId" {
		c.DeduplicationScope = "messageGroup"
	}
	if bad := c.QueueSettings.Check(in); bad != nil {
		t.Problems.Add(p.Get(bad.What).Node, bad.Code, bad.Message, bad.Right)
	}
	if v := p.Get("FifoQueue"); v != nil && v.Kind == Scalar && !fifo {
		t.Note(r.ID + " has FifoQueue: false. SQS's API refuses that (Unknown Attribute FifoQueue.), and what CloudFormation makes of it AWS does not say: leave it out")
	}
	if own, _ := p.Get("SqsManagedSseEnabled").Bool(); own && p.Get("KmsMasterKeyId") != nil {
		t.Problems.Add(p.Get("SqsManagedSseEnabled").Node, "InvalidAttributeName", "You can use one type of server-side encryption (SSE) at one time. You can either enable KMS SSE or SQS SSE.", "KmsMasterKeyId, or SqsManagedSseEnabled: true")
	}
	c.KMS = t.encrypted(r.ID, p.Get("KmsMasterKeyId"))
	t.Queues = append(t.Queues, c)
}

// redrive reads the redrive policies of all queues, and what DLQs allow.
func (t *Template) redrive() {
	words := setting.Find(setting.OfQueue, setting.Any, setting.RedrivePermission).Words
	own := len(t.Queues) // those from outside the template come behind
	for i := range own {
		q := &t.Queues[i]
		allow := t.policy(t.properties(t.byID[q.ID]), setting.RedriveAllowPolicy, setting.RedrivePermission, setting.SourceQueueARNs)
		if allow == nil {
			continue
		}
		arns := allow.Get(setting.SourceQueueARNs).items()
		for _, name := range []string{setting.RedrivePermission, setting.SourceQueueARNs} {
			if v := fromElsewhere(allow.Get(name)); v != nil {
				t.takeInstead(name+" of "+q.ID, v, "all queues of the account may use it")
				allow = nil
				break
			}
		}
		if allow == nil {
			continue
		}
		q.RedrivePermission = allow.Get(setting.RedrivePermission).text()
		refuse := func(reason, right string) {
			t.Problems.Add(allow.Node, "InvalidParameterValue", "Value for parameter RedriveAllowPolicy is invalid. Reason: "+reason, right)
		}
		switch {
		case !slices.Contains(words, q.RedrivePermission):
			refuse("Invalid value for redrivePermission.", strings.Join(words, ", "))
		case q.RedrivePermission == "byQueue" && (len(arns) == 0 || len(arns) > 10):
			refuse("sourceQueueArns must have 1 to 10 ARNs when redrivePermission is byQueue.", "1 to 10 ARNs")
		case q.RedrivePermission != "byQueue" && len(arns) > 0:
			refuse("sourceQueueArns can be specified only when redrivePermission is byQueue.", "byQueue, or no sourceQueueArns")
		}
		for _, arn := range arns {
			if k := t.queueByARN(arn.Text); k >= 0 {
				q.SourceQueues = append(q.SourceQueues, t.Queues[k].ID)
				continue
			}
			for k := range own { // it may be the name of one whose name comes from outside
				if r := t.byID[t.Queues[k].ID]; r != nil && unknownAt(t.properties(r), "QueueName") {
					q.SourceQueues = append(q.SourceQueues, r.ID)
				}
			}
		}
	}
	for i := range own {
		t.redrivePolicy(i)
	}
}

// circular refuses queues that refer to each other, as a source and its DLQ
// easily do.
func (t *Template) circular(cycle []*Resource) {
	var ids []string
	for _, r := range cycle {
		if r.Type != "AWS::SQS::Queue" {
			return
		}
		ids = append(ids, r.ID)
	}
	slices.Sort(ids)
	t.Problems.Add(t.Where[ids[0]], "ValidationError", "Circular dependency between resources: ["+strings.Join(ids, ", ")+"]",
		"one of the ARNs as a text: !Sub arn:aws:sqs:${AWS::Region}:${AWS::AccountId}:"+ids[0])
}

// redrivePolicy reads the RedrivePolicy of queue i.
func (t *Template) redrivePolicy(i int) {
	v := t.policy(t.properties(t.byID[t.Queues[i].ID]), setting.RedrivePolicy, setting.DeadLetterTargetARN, setting.MaxReceiveCount)
	if v == nil {
		return
	}
	refuse := func(at *yaml.Node, reason, right string) {
		t.Problems.Add(at, "InvalidParameterValue", "Value for parameter RedrivePolicy is invalid. Reason: "+reason, right)
	}
	if n := v.Get(setting.MaxReceiveCount); n != nil && n.Kind == Outside {
		t.takeInstead(setting.MaxReceiveCount+" of "+t.Queues[i].ID, n, "AWS's default is used")
	} else if n != nil {
		count, ok := n.Int()
		p := setting.Find(setting.OfQueue, setting.Any, setting.MaxReceiveCount)
		if _, bad := p.Read(setting.IntValue(count)); !ok || bad != nil {
			refuse(n.Node, "Invalid value for maxReceiveCount: "+n.text()+", valid values are from 1 to 1000 both inclusive.", p.Allowed())
		} else {
			t.Queues[i].MaxReceiveCount = count
		}
	}
	if v.Get(setting.MaxReceiveCount) == nil {
		refuse(v.Node, "Redrive policy does not contain mandatory attribute: maxReceiveCount.", "1 to 1000")
	}
	target := v.Get(setting.DeadLetterTargetARN)
	if target == nil {
		refuse(v.Node, "Redrive policy does not contain mandatory attribute: deadLetterTargetArn.", "the ARN of a queue")
		return
	}
	if r, attr := t.owner(target); r != nil {
		refuse(target.Node, "Invalid value for deadLetterTargetArn.", attr+" of "+r.ID+" is not the ARN of a queue; use !GetAtt JobsDead.Arn")
		return
	}
	k := t.queueByARN(target.Text)
	if k < 0 {
		parts := strings.Split(target.Text, ":")
		switch {
		case target.Kind == Outside:
		case len(parts) != 6 || !strings.HasPrefix(target.Text, "arn:aws:sqs:"):
			refuse(target.Node, "Invalid value for deadLetterTargetArn.", "the ARN of a queue, as !GetAtt JobsDead.Arn")
			return
		case parts[3] != t.Region:
			refuse(target.Node, "Dead-letter target must be in the same Region as the source.", "a queue in "+t.Region)
			return
		case parts[4] != t.Account:
			refuse(target.Node, "Dead-letter target owner should be same as the source.", "a queue of account "+t.Account)
			return
		case t.absentQueue(target.Text):
			refuse(target.Node, "Dead letter target does not exist.", "a queue that is built")
			return
		}
		id := t.destinationOutside(target, "SQS")
		k = slices.IndexFunc(t.Queues, func(q engine.QueueConfig) bool { return q.ID == id })
		if target.Kind == Outside {
			t.Queues[k].FIFO = t.Queues[i].FIFO // it is what AWS would accept
		}
	}
	q, dlq := &t.Queues[i], &t.Queues[k]
	t.sameKind(q, dlq)
	if bad := setting.CheckDeadLetter(q.ID, q.FIFO, dlq.ID, dlq.FIFO, &dlq.QueueSettings); bad != nil {
		t.Problems.Add(target.Node, bad.Code, bad.Message, bad.Right)
		return
	}
	q.DeadLetterQueue = dlq.ID
}

// policy reads a policy of a queue: a map, or JSON in a text. It is nil where
// there is none, or where it cannot be read.
func (t *Template) policy(props *Value, name string, known ...string) *Value {
	v := props.Get(name)
	switch {
	case v == nil:
		return nil
	case v.Kind == Outside:
		t.Note(name + " comes from outside the template (" + v.Text + "): it is left out")
		return nil
	case v.Kind == Scalar:
		var doc yaml.Node
		if !json.Valid([]byte(v.Text)) || tree.Unmarshal([]byte(v.Text), &doc) != nil || len(doc.Content) != 1 {
			t.Problems.Add(v.Node, "InvalidParameterValue", "Value for parameter "+name+" is invalid. Reason: Redrive policy is not a valid JSON map.", known[0]+" and "+known[1])
			return nil
		}
		at := v.Node
		v = t.Raw(doc.Content[0])
		standAt(v, at)
	}
	if v.Kind == Map && len(v.fields()) == 0 {
		return nil
	}
	t.only(v, name, known...)
	return v
}

// standAt gives every part of a value that was read from a text the position of
// the text.
func standAt(v *Value, at *yaml.Node) {
	v.Node = at
	for _, item := range v.Items {
		standAt(item, at)
	}
	for i := range v.Fields {
		v.Fields[i].Key = at
		standAt(v.Fields[i].Value, at)
	}
}

// queueByARN gives the index of the queue with an ARN, or -1.
func (t *Template) queueByARN(arn string) int {
	for i := range t.Queues { // a queue's configuration is large: copying it would take longest
		if t.Queues[i].ARN == arn {
			return i
		}
	}
	return -1
}

// absentQueue tells whether an ARN is that of a queue whose condition does not
// hold.
func (t *Template) absentQueue(arn string) bool {
	return slices.ContainsFunc(t.order, func(r *Resource) bool { return r.Type == "AWS::SQS::Queue" && r.absent && t.arn(r) == arn })
}

// queueSource finds the queue that a mapping reads, -1 where it was refused;
// is tells that the source is a queue at all. A queue from outside is simulated
// with SQS's defaults.
func (t *Template) queueSource(at *yaml.Node, v *Value, field string, p *Value) (qi int, is bool) {
	sam := field == "Queue"
	refuse := func(at *yaml.Node, right string) (int, bool) {
		t.Problems.Add(at, invalid, "Unrecognized event source.", right)
		return -1, true
	}
	if v == nil {
		if sam {
			return refuse(at, "Queue: the ARN of a queue")
		}
		return -1, false
	}
	if r, attr := t.owner(v); r != nil {
		if sam || r.Type == "AWS::SQS::Queue" {
			return refuse(v.Node, attr+" of "+r.ID+" is not the ARN of a queue; use !GetAtt Jobs.Arn")
		}
		return -1, false
	}
	if r := t.likewise(v, "AWS::SQS::Queue"); r != nil {
		v = &Value{Node: v.Node, Kind: Scalar, Text: t.arn(r)}
	}
	if v.Kind == Outside {
		// a stream's mapping has a StartingPosition, a queue's has none
		if sam || field == "EventSourceArn" && p.Get("StartingPosition") == nil {
			return t.queueOutside(v), true
		}
		return -1, false
	}
	if i := t.queueByARN(v.Text); i >= 0 && field != "Stream" {
		return i, true
	}
	for _, r := range t.order {
		if r.Type != "AWS::SQS::Queue" || field == "Stream" {
			continue
		}
		switch {
		case r.absent && t.arn(r) == v.Text:
			t.Problems.Add(v.Node, invalid, "Error occurred while ReceiveMessage. SQS Error Code: AWS.SimpleQueueService.NonExistentQueue. SQS Error Message: The specified queue does not exist.", r.ID+" is not built: its Condition does not hold")
			return -1, true
		case t.refText(r) == v.Text, t.name(r) == v.Text:
			return refuse(v.Node, "its ARN: !GetAtt "+r.ID+".Arn")
		}
	}
	parts := strings.Split(v.Text, ":")
	switch {
	case field == "Stream" || !sam && !strings.HasPrefix(v.Text, "arn:aws:sqs:"):
		return -1, false
	case len(parts) != 6 || !strings.HasPrefix(v.Text, "arn:aws:sqs:"):
		return refuse(v.Node, "the ARN of a queue, as !GetAtt Jobs.Arn")
	case parts[3] != t.Region:
		return refuse(v.Node, "a queue in the function's Region, "+t.Region+otherRegion(parts[3]))
	}
	return t.queueOutside(v), true
}

// queueOutside adds a queue from outside the template and gives its index.
func (t *Template) queueOutside(v *Value) int {
	id := t.destinationOutside(v, "SQS")
	if v.Kind == Outside {
		t.guessed[id] = true
	}
	return slices.IndexFunc(t.Queues, func(q engine.QueueConfig) bool { return q.ID == id })
}

// queueMapping reads the parameters of a queue's mapping; qi is the queue's
// index, -1 where it was refused.
func (t *Template) queueMapping(m *engine.MappingConfig, at *yaml.Node, p *Value, qi int) {
	report := m.ReportBatchItemFailures
	filters := m.FilterCriteria
	in := setting.SQS
	if qi >= 0 && t.Queues[qi].FIFO {
		in = setting.FIFO
	}
	m.Settings = setting.NewMapping(in)
	m.ReportBatchItemFailures, m.FilterCriteria = report, filters
	t.unsupported(p, in, mappingFields, otherSources, []string{"StartingPosition", "StartingPositionTimestamp"})
	t.only(p.Get(setting.ScalingProperty), setting.ScalingProperty, setting.MaximumConcurrency)
	provisioned := p.Get(setting.PollersProperty)
	t.only(provisioned, setting.PollersProperty, setting.MinimumPollers, setting.MaximumPollers, "PollerGroupName")
	if v := provisioned.Get("PollerGroupName"); v != nil {
		t.Problems.Add(v.Node, invalid, "Unsupported PollerGroupName parameter for given event source mapping type.", "leave it out")
	}
	t.settings(&setting.Resource{ID: m.ID, Of: setting.OfMapping, In: in, Mapping: &m.Settings}, p)
	if qi < 0 {
		return
	}
	q := &t.Queues[qi]
	m.Source = q.ID
	t.settle(m, p, in)
	if bad := m.Check(in); bad != nil {
		where := at
		if v := p.Get(bad.What); v != nil {
			where = v.Node
		}
		t.Problems.Add(where, bad.Code, bad.Message, bad.Right)
	}
	if m.Function == "" {
		return
	}
	i := slices.IndexFunc(t.Functions, func(f engine.FunctionConfig) bool { return f.ID == m.Function })
	if bad := setting.CheckTimeout(q.VisibilityTimeout, t.Functions[i].Timeout); bad != nil {
		if r := t.byID[q.ID]; r != nil && !unknownAt(t.properties(r), setting.VisibilityTimeout) {
			t.Problems.Add(at, bad.Code, bad.Message, bad.Right)
		} else { // a queue that is elsewhere, or whose setting is, has what the mapping needs
			q.VisibilityTimeout = int(t.Functions[i].Timeout / engine.Second)
			t.Note(q.ID + " is taken to have a VisibilityTimeout of " + strconv.Itoa(q.VisibilityTimeout) + " s: less than the Timeout of " + m.Function + " is refused")
		}
	}
	t.queueRole(m, at, q)
	t.once(m, at, `An event source mapping with SQS arn (" `+q.ARN+` ") and function (" %s ") already exists.`)
}

// queueNeeds are the actions that AWS asks for when a queue's mapping is
// created (Q-A1, Q-P18).
var queueNeeds = []string{"ReceiveMessage", "DeleteMessage", "GetQueueAttributes"}

// queueRole judges what the function's execution role lets the mapping do. An
// encrypted queue whose key the role may not use is found out only when the
// mapping polls (Q-A4).
func (t *Template) queueRole(m *engine.MappingConfig, at *yaml.Node, q *engine.QueueConfig) {
	who := t.principalOf(m.Function)
	if who == nil {
		return
	}
	for _, action := range queueNeeds {
		if t.guessed[q.ID] {
			break // which queue it is, nobody knows
		}
		if d := t.decide(who, "sqs:"+action, q.ARN); !d.Allowed {
			t.Problems.Add(at, invalid, "The function execution role does not have permissions to call "+action+" on SQS",
				t.allowIt(d, "sqs:"+action, who, "AWSLambdaSQSQueueExecutionRole"))
			return
		}
	}
	if key := t.keys[q.ID]; key != nil && !t.deny(m, t.decideKey(who, "kms:Decrypt", key, "SQS"), "kms:Decrypt", q.ID) {
		t.Note(who.name + " may not kms:Decrypt the key of " + q.ID + ": " + m.ID + " receives nothing" + grants)
	}
}
