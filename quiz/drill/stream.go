package drill

import (
	"fmt"
	"strconv"
	"strings"

	"esmlab/engine/setting"
)

// stream is a world with one Kinesis stream, one function and one mapping.
// Names are those of the template: Orders, Ship, ShipOrders, Failures.
type stream struct {
	Records    int // put to the stream
	EveryMS    int // one each so many milliseconds; 0: all at second 0
	Shards     int
	Keys       int // partition keys, taken in turn
	Batch      int // BatchSize
	Window     int // MaximumBatchingWindowInSeconds
	Factor     int // ParallelizationFactor
	Retries    int // MaximumRetryAttempts
	Age        int // MaximumRecordAgeInSeconds
	Bisect     bool
	Report     bool   // ReportBatchItemFailures
	Start      string // StartingPosition
	ActivateMS int    // the mapping is Enabled after
	TakesMS    int    // an invocation takes
	EachMS     int    // and for each record
	Timeout    int    // of the function, seconds
	Poison     []int  // records that fail
	How        string // error, report
	First      int    // they fail at their first so many deliveries only; 0: always
	For        int    // seconds that are looked at
}

// calm is eight records in one batch, nothing wrong.
func calm() stream {
	return stream{Records: 8, Shards: 1, Keys: 1, Batch: 8, Factor: 1, Retries: -1, Age: -1, Start: "TRIM_HORIZON", TakesMS: 100, Timeout: 10, How: "error", For: 20}
}

// with gives the world with something changed.
func (w stream) with(change func(*stream)) stream {
	w.Poison = append([]int(nil), w.Poison...)
	change(&w)
	return w
}

// but is with, and says how the world differs.
func (w stream) but(how string, change func(*stream)) other {
	return other{how: how, world: w.with(change)}
}

func onOff(b bool) string {
	if b {
		return "on"
	}
	return "off"
}

func limit(n int, unit string) string {
	if n < 0 {
		return "-1 (no limit)"
	}
	return strings.TrimSpace(strconv.Itoa(n) + " " + unit)
}

// Settings are all settings that decide the run.
func (w stream) Settings() []Setting {
	out := []Setting{{"Records", w.traffic()}, {setting.ShardCount, strconv.Itoa(w.Shards)}, {setting.BatchSize, strconv.Itoa(w.Batch)},
		{setting.MaximumBatchingWindowInSeconds, strconv.Itoa(w.Window)}, {setting.ParallelizationFactor, strconv.Itoa(w.Factor)},
		{setting.MaximumRetryAttempts, limit(w.Retries, "")}, {setting.MaximumRecordAgeInSeconds, limit(w.Age, "")},
		{setting.BisectBatchOnFunctionError, onOff(w.Bisect)}, {setting.ReportBatchItemFailures, onOff(w.Report)},
		{"StartingPosition", w.Start}, {setting.OnFailure, "the SQS queue Failures"}, {"Ship", w.function()}}
	if w.ActivateMS > 0 {
		out = append(out, Setting{"The mapping", "is Enabled after " + seconds(w.ActivateMS)})
	}
	if w.Retries != 0 && len(w.Poison) > 0 {
		out = append(out, Setting{"Waits between tries", "0.5 s, doubling up to 60 s (esmlab's choice)"})
	}
	return append(out, Setting{"Looked at", fmt.Sprintf("after %d s", w.For)})
}

func (w stream) traffic() string {
	keys := "one partition key"
	if w.Keys > 1 {
		keys = fmt.Sprintf("%d partition keys in turn", w.Keys)
	}
	if w.EveryMS == 0 {
		return fmt.Sprintf("1 to %d, all at second 0, %s", w.Records, keys)
	}
	return fmt.Sprintf("1 to %d, one every %s, the first at second 0, %s", w.Records, seconds(w.EveryMS), keys)
}

func (w stream) function() string {
	out := "takes " + seconds(w.TakesMS)
	if w.EachMS > 0 {
		out += " and " + seconds(w.EachMS) + " for each record"
	}
	out += fmt.Sprintf(", Timeout %d s", w.Timeout)
	if len(w.Poison) == 0 {
		return out
	}
	if w.How == "report" {
		out += "; returns " + recordWords(w.Poison) + " in batchItemFailures"
	} else {
		out += "; throws on " + recordWords(w.Poison)
	}
	if w.First > 0 {
		out += ", at its first " + plural(w.First, "delivery", "deliveries") + " only"
	}
	return out
}

func seconds(ms int) string { return strconv.FormatFloat(float64(ms)/1000, 'f', -1, 64) + " s" }

// Template writes the same as SAM.
func (w stream) Template() string {
	var b strings.Builder
	p := func(format string, a ...any) { fmt.Fprintf(&b, format+"\n", a...) }
	p("AWSTemplateFormatVersion: \"2010-09-09\"\nTransform: AWS::Serverless-2016-10-31\nMetadata:\n  esmlab:\n    for: %ds", w.For)
	if w.EveryMS == 0 {
		p("    traffic: [{to: Orders, at: 0s, count: %d, keys: %d}]", w.Records, w.Keys)
	} else {
		p("    traffic: [{to: Orders, every: %dms, count: %d, keys: %d}]", w.EveryMS, w.Records, w.Keys)
	}
	if w.ActivateMS > 0 {
		p("    mappings: {ShipOrders: {activates: %dms}}", w.ActivateMS)
	}
	p("    functions:\n      Ship:\n        takes: {base: %dms, each: %dms}", w.TakesMS, w.EachMS)
	if len(w.Poison) > 0 {
		labels := make([]string, len(w.Poison))
		for i, n := range w.Poison {
			labels[i] = "Orders#" + strconv.Itoa(n)
		}
		first := ""
		if w.First > 0 {
			first = fmt.Sprintf(", deliveries: %d", w.First)
		}
		p("        faults: [{records: [%s], how: %s%s}]", strings.Join(labels, ", "), w.How, first)
	}
	p("Resources:\n  Orders: {Type: AWS::Kinesis::Stream, Properties: {ShardCount: %d}}", w.Shards)
	p("  Ship:\n    Type: AWS::Serverless::Function\n    Properties:\n      Runtime: nodejs22.x\n      Handler: index.handler\n      InlineCode: \"exports.handler = async () => {}\"\n      Timeout: %d", w.Timeout)
	p("      Events:\n        Orders:\n          Type: Kinesis\n          Properties:\n            Stream: !GetAtt Orders.Arn\n            StartingPosition: %s", w.Start)
	p("            BatchSize: %d\n            MaximumBatchingWindowInSeconds: %d\n            ParallelizationFactor: %d\n            MaximumRetryAttempts: %d\n            MaximumRecordAgeInSeconds: %d\n            BisectBatchOnFunctionError: %v",
		w.Batch, w.Window, w.Factor, w.Retries, w.Age, w.Bisect)
	if w.Report {
		p("            FunctionResponseTypes: [ReportBatchItemFailures]")
	}
	p("            DestinationConfig: {OnFailure: {Type: SQS, Destination: !GetAtt Failures.Arn}}\n  Failures: {Type: AWS::SQS::Queue}")
	return b.String()
}
