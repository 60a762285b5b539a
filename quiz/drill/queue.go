package drill

import (
	"fmt"
	"strconv"
	"strings"

	"esmlab/engine/setting"
)

// queue is a world with one SQS queue, its DLQ, one function and one mapping.
// Names are those of the template: Orders, OrdersDead, Ship, ShipOrders.
type queue struct {
	Fifo        bool
	Messages    int // sent to the queue
	EveryMS     int // one each so many milliseconds; 0: all at once
	Groups      int // FIFO: message groups, taken in turn
	Visibility  int // VisibilityTimeout, seconds
	Lowered     int // what it is set to at second 1, before the messages come at second 2; 0: it stays, and they come at second 0
	Max         int // maxReceiveCount
	Batch       int // BatchSize
	Concurrency int // MaximumConcurrency; 0: not set
	Report      bool
	Old         bool // the limits of 2022
	TakesMS     int
	Timeout     int
	Poison      []int  // messages that fail
	How         string // error, report
	Rest        bool   // the handler reports what it did not come to as well: the rest of the message group
	For         int    // seconds that are looked at
}

// calmQueue is twelve messages in two batches, nothing wrong.
func calmQueue() queue {
	return queue{Messages: 12, Groups: 1, Visibility: 30, Max: 3, Batch: 10, TakesMS: 200, Timeout: 5, How: "error", For: 20}
}

// with gives the world with something changed.
func (w queue) with(change func(*queue)) queue {
	w.Poison = append([]int(nil), w.Poison...)
	change(&w)
	return w
}

// but is with, and says how the world differs.
func (w queue) but(how string, change func(*queue)) other {
	return other{how: how, world: w.with(change)}
}

// Settings are all settings that decide the run.
func (w queue) Settings() []Setting {
	kind, concurrency, visibility := "standard; the oldest messages are received first (esmlab's choice)", "not set", strconv.Itoa(w.Visibility)+" s"
	if w.Fifo {
		kind = "FIFO"
	}
	if w.Concurrency > 0 {
		concurrency = strconv.Itoa(w.Concurrency)
	}
	if w.Lowered > 0 {
		visibility += fmt.Sprintf(", then set to %d s at second 1", w.Lowered)
	}
	limits := "today's: 300 more concurrent invocations a minute, evenly, from 5 up to 1,250"
	if w.Old {
		limits = "those of 2022: 60 more concurrent invocations a minute, evenly, from 5 up to 1,000"
	}
	return []Setting{{"Messages sent to Orders", w.traffic()}, {"Queue type", kind}, {setting.VisibilityTimeout, visibility},
		{setting.MaxReceiveCount, fmt.Sprintf("%d, then to the DLQ OrdersDead", w.Max)}, {setting.BatchSize, strconv.Itoa(w.Batch)},
		{setting.MaximumConcurrency, concurrency}, {setting.ReportBatchItemFailures, onOff(w.Report)}, {"Limits", limits},
		{"Ship", w.function()}, {"Looked at", fmt.Sprintf("after %d s", w.For)}}
}

// start is the second at which messages begin to come.
func (w queue) start() int {
	if w.Lowered > 0 {
		return 2
	}
	return 0
}

func (w queue) traffic() string {
	groups := ""
	if w.Fifo {
		groups = ", all of one message group"
		if w.Groups > 1 {
			groups = fmt.Sprintf(", %d message groups in turn", w.Groups)
		}
	}
	if w.EveryMS == 0 {
		return fmt.Sprintf("1 to %d, all at second %d%s", w.Messages, w.start(), groups)
	}
	return fmt.Sprintf("1 to %d, one every %s, the first at second %d%s", w.Messages, seconds(w.EveryMS), w.start(), groups)
}

func (w queue) function() string {
	out := fmt.Sprintf("takes %s, Timeout %d s", seconds(w.TakesMS), w.Timeout)
	switch {
	case len(w.Poison) == 0:
		return out
	case w.How != "report":
		return out + "; throws on " + thingWords("message", w.Poison)
	case w.Rest:
		return out + "; stops at " + thingWords("message", w.Poison) + " and returns it and the rest of its message group in batchItemFailures"
	}
	return out + "; returns " + thingWords("message", w.Poison) + " alone in batchItemFailures"
}

// Template writes the same as SAM.
func (w queue) Template() string {
	var b strings.Builder
	p := func(format string, a ...any) { fmt.Fprintf(&b, format+"\n", a...) }
	p("AWSTemplateFormatVersion: \"2010-09-09\"\nTransform: AWS::Serverless-2016-10-31\nMetadata:\n  esmlab:\n    for: %ds", w.For)
	if w.Old {
		p("    limits: \"2022\"")
	}
	keys, fifo := "", ""
	if w.Fifo {
		keys, fifo = fmt.Sprintf(", keys: %d", w.Groups), "FifoQueue: true, "
	}
	if w.EveryMS == 0 {
		p("    traffic: [{to: Orders, at: %ds, count: %d%s}]", w.start(), w.Messages, keys)
	} else {
		p("    traffic: [{to: Orders, from: %ds, every: %dms, count: %d%s}]", w.start(), w.EveryMS, w.Messages, keys)
	}
	if w.Lowered > 0 {
		p("    steps: [{at: 1s, set: {Orders.VisibilityTimeout: %d}}]", w.Lowered)
	}
	p("    functions:\n      Ship:\n        takes: %dms", w.TakesMS)
	if len(w.Poison) > 0 {
		labels := make([]string, len(w.Poison))
		for i, n := range w.Poison {
			labels[i] = "Orders#" + strconv.Itoa(n)
		}
		names := ""
		if w.How == "report" {
			names = ", names: hit"
			if w.Rest {
				names = ", names: rest"
			}
		}
		p("        faults: [{records: [%s], how: %s%s}]", strings.Join(labels, ", "), w.How, names)
	}
	p("Resources:\n  Orders:\n    Type: AWS::SQS::Queue\n    Properties: {%sVisibilityTimeout: %d, RedrivePolicy: {deadLetterTargetArn: !GetAtt OrdersDead.Arn, maxReceiveCount: %d}}", fifo, w.Visibility, w.Max)
	p("  OrdersDead: {Type: AWS::SQS::Queue, Properties: {%sMessageRetentionPeriod: 1209600}}", fifo)
	p("  Ship:\n    Type: AWS::Serverless::Function\n    Properties:\n      Runtime: nodejs22.x\n      Handler: index.handler\n      InlineCode: \"exports.handler = async () => {}\"\n      Timeout: %d", w.Timeout)
	p("      Events:\n        Orders:\n          Type: SQS\n          Properties:\n            Queue: !GetAtt Orders.Arn\n            BatchSize: %d", w.Batch)
	if w.Concurrency > 0 {
		p("            ScalingConfig: {MaximumConcurrency: %d}", w.Concurrency)
	}
	if w.Report {
		p("            FunctionResponseTypes: [ReportBatchItemFailures]")
	}
	return b.String()
}
