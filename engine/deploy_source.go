package engine

import (
	"cmp"
	"slices"

	"esmlab/engine/rule"
	"esmlab/engine/setting"
)

func (d *deployment) streams() *Refusal {
	for _, x := range d.next.Streams {
		i := d.StreamIndex(x.ID)
		was := d.was.stream(x.ID)
		if was == nil {
			continue
		}
		in := setting.Kinesis
		if x.Kind == DynamoDB {
			in = setting.DynamoDB
		}
		what := fixed(setting.OfStream, in, func(name string) (string, string) {
			switch name {
			case "Name", "TableName":
				return was.Name, x.Name
			case "KeySchema":
				return was.KeyName, x.KeyName
			}
			return "", ""
		})
		switch {
		case d.returns(x.ID):
			d.change(WhyCreated, rule.CfnOrder, x.ID, x.kind())
			d.renewStream(i, x, true)
			d.replaced[x.ID] = true
		case d.Streams[i].removed && (what != "" || was.View != x.View):
			return lost(x.ID, cmp.Or(what, "StreamViewType"))
		case what != "":
			if r := d.customNamed(x.ID, was.Name, x.Name, what); r != nil {
				return r
			}
			d.change(WhyReplaced, ruleOr(x.Kind == DynamoDB, rule.CfnTable, rule.CfnStream), x.ID, what)
			d.renewStream(i, x, true)
			d.replaced[x.ID] = true
			d.gone = append(d.gone, x.ID)
		case was.View != x.View:
			d.change(WhyUpdated, rule.CfnView, x.ID, change("StreamViewType", was.View.String(), x.View.String()))
			d.renewStream(i, x, false)
			d.replaced[x.ID] = true
		default:
			if _, r := d.updated(x.ID); r != nil {
				return r
			}
			d.cfg.Streams[i] = keepARN(x, was)
		}
	}
	return nil
}

// keepARN keeps the ARN that a stream of a table got when it was made anew.
func keepARN(x StreamConfig, was *StreamConfig) StreamConfig {
	if x.Kind == DynamoDB {
		x.ARN = was.ARN
	}
	return x
}

func (c *Config) stream(id string) *StreamConfig {
	if i := slices.IndexFunc(c.Streams, func(x StreamConfig) bool { return x.ID == id }); i >= 0 {
		return &c.Streams[i]
	}
	return nil
}

func (d *deployment) queues() *Refusal {
	for _, x := range d.next.Queues {
		i := slices.IndexFunc(d.was.Queues, func(q QueueConfig) bool { return q.ID == x.ID })
		if i < 0 {
			continue
		}
		was, q := d.was.Queues[i], &d.Queues[i]
		what := fixed(setting.OfQueue, setting.AnyQueue, func(name string) (string, string) {
			if name == "QueueName" {
				return was.Name, x.Name
			}
			return BoolValue(was.FIFO).String(), BoolValue(x.FIFO).String()
		})
		back := d.returns(x.ID)
		if what != "" && !back {
			if q.removed {
				return lost(x.ID, what)
			}
			if r := d.customNamed(x.ID, was.Name, x.Name, what); r != nil {
				return r
			}
		}
		if what == "" && !back {
			d.cfg.Queues[i] = x
			if _, r := d.updated(x.ID); r != nil {
				return r
			}
			continue
		}
		d.cfg.Queues[i] = x
		if back {
			d.change(WhyCreated, rule.CfnOrder, x.ID, "queue")
		} else {
			d.change(WhyReplaced, rule.CfnQueue, x.ID, what)
			d.replaced[x.ID] = true
		}
		if r := d.renewQueue(int32(i)); r != nil {
			return r
		}
	}
	return nil
}

// renewQueue puts a new queue in the place of an old one, whose messages are lost
// with it (CFN-QUEUE-1). Labels go on.
func (d *deployment) renewQueue(qi int32) *Refusal {
	q := &d.Queues[qi]
	d.deleteAll(qi, WhyRemoved, rule.CfnQueue)
	q.removed, q.dedup, q.purgeAgain, q.redrive = false, dedupTable{}, 0, moveTask{gen: q.redrive.gen + 1}
	q.returned, q.delayed, q.aged, q.freeGroups, q.visibleGroups = nil, nil, nil, nil, nil
	for _, g := range q.Groups { // of an empty queue: nothing of them is left
		d.Groups[g].listed, d.Groups[g].offered, d.Groups[g].busy = false, 0, 0
	}
	d.openQueue(int(qi))
	for i := range d.rows { // a FIFO queue needs groups
		if row := &d.rows[i]; row.stream < 0 && row.queue == qi && q.FIFO && len(row.groups) == 0 {
			row.groups = []GroupID{d.groupOf(qi, "k1")}
		}
	}
	return d.checkRedrive(int(qi), &q.QueueSettings)
}

func (d *deployment) targets() *Refusal {
	for _, x := range d.next.Targets {
		i := slices.IndexFunc(d.was.Targets, func(t TargetConfig) bool { return t.ID == x.ID })
		if i < 0 {
			continue
		}
		was, t := d.was.Targets[i], &d.Targets[i]
		d.cfg.Targets[i] = x
		switch {
		case d.returns(x.ID):
			d.change(WhyCreated, rule.CfnOrder, x.ID, d.next.kindOf(x.ID))
			t.removed = false
		case was.Name != x.Name:
			d.change(WhyReplaced, rule.CfnReplace, x.ID, change("Name", was.Name, x.Name))
		case was.MaximumMessageSize != x.MaximumMessageSize:
			d.change(WhyUpdated, rule.CfnUpdate, x.ID, change("MaximumMessageSize", IntValue(was.MaximumMessageSize).String(), IntValue(x.MaximumMessageSize).String()))
		}
	}
	return nil
}
