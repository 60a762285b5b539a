// Package draft writes a new template from a few answers: a source, a mapping, a function and
// what becomes of failures, ready to be deployed, with comments that say why, traffic, and
// expectations that hold.
package draft

import (
	"strings"
)

// Answers are what was chosen, each by its word.
type Answers struct{ Source, Failures, Traffic, Language string }

// Option is an answer that can be chosen.
type Option struct {
	Word string
	Text string // what it means, in a few words
}

// Question is one of the four.
type Question struct {
	Name    string // as a flag of the command line
	Ask     string
	Options []Option
}

// Questions are the four questions; what becomes of failures depends on the answer to the
// first.
func Questions(source string) []Question {
	failures := []Option{
		{"keep", "a dead-letter queue keeps it, and an alarm tells"},
		{"expire", "it is tried until it expires: there is no dead-letter queue"},
	}
	switch source {
	case "kinesis", "table":
		failures = []Option{
			{"keep", "it is given up after a few tries; a queue keeps where it lies, and an alarm tells"},
			{"store", "it is given up after a few tries; a bucket keeps it with its data"},
			{"drop", "it is given up after a few tries, and nothing keeps it"},
			{"block", "its shard waits until it succeeds or expires: order comes first"},
		}
	case "fifo":
		failures[1] = Option{"block", "its message group waits until it succeeds or expires: order comes first"}
	}
	return []Question{
		{"source", "What does the function read?", []Option{
			{"queue", "an SQS queue: order does not matter"},
			{"fifo", "an SQS FIFO queue: order within a message group"},
			{"kinesis", "a Kinesis stream: order within a shard, kept for a day"},
			{"table", "the stream of a DynamoDB table: what changes in it"},
		}},
		{"failures", "What becomes of a record that always fails?", failures},
		{"traffic", "How much arrives?", []Option{
			{"little", "one a second"},
			{"steady", "twenty a second"},
			{"bursts", "two a second, and 400 at once"},
		}},
		{"language", "In what is the function written?", []Option{
			{"python", "Python"},
			{"node", "JavaScript, on Node.js"},
		}},
	}
}

// Check says what is wrong with an answer; "" where all are right. The name is that of the
// question.
func (a Answers) Check() (name, wrong, right string) {
	given := map[string]string{"source": a.Source, "failures": a.Failures, "traffic": a.Traffic, "language": a.Language}
	for _, q := range Questions(a.Source) {
		var words []string
		ok := false
		for _, o := range q.Options {
			words = append(words, o.Word)
			ok = ok || o.Word == given[q.Name]
		}
		if !ok {
			return q.Name, given[q.Name], strings.Join(words, ", ")
		}
	}
	return "", "", ""
}

// Template writes the template.
func (a Answers) Template() string {
	d := &draft{Answers: a, source: "Jobs", work: "Work"}
	if a.stream() {
		d.source, d.work = "Orders", "Ship"
	}
	return d.write()
}

func (a Answers) stream() bool { return a.Source == "kinesis" || a.Source == "table" }

// draft is a template being written.
type draft struct {
	Answers
	source, work string
	b            strings.Builder
}

func (d *draft) lines(indent int, lines ...string) {
	for _, block := range lines {
		for _, line := range strings.Split(block, "\n") {
			if line != "" {
				d.b.WriteString(strings.Repeat(" ", indent))
			}
			d.b.WriteString(line + "\n")
		}
	}
}

func (d *draft) write() string {
	d.lines(0, `AWSTemplateFormatVersion: "2010-09-09"`, "Transform: AWS::Serverless-2016-10-31", "Description: "+d.about(), "",
		"# What esmlab simulates with: AWS leaves it alone. It runs with", "#   esmlab run FILE     and     esmlab lab FILE", "Metadata:", "  esmlab:")
	d.lines(4, "title: "+d.about())
	d.lines(4, "for: "+d.length())
	if d.Failures != "keep" && d.Failures != "store" {
		d.lines(4, "# Findings of `esmlab check` that are meant.", "ignore:")
		d.lines(6, d.meant())
	} else if d.Source == "fifo" {
		d.lines(4, "# A finding of `esmlab check` that is meant.", "ignore:")
		d.lines(6, "fifo-dead-letter-queue: one bad job must not hold up its group for days")
	}
	d.lines(4, "# What arrives. Metadata.esmlab.traffic may have several rows.", "traffic:")
	d.lines(6, d.traffic()...)
	d.lines(4, "functions:", "  "+d.work+":")
	d.lines(8, "takes: {base: 20ms, each: 10ms}", "# As the code below: it catches errors, and reports what failed.", "handler: "+d.handler(), "# "+d.record()+" 7 always fails.", "faults: [{name: poison, records: ["+d.source+"#7]}]")
	d.lines(4, "# What must hold: `esmlab run` fails if it does not.", "expect:")
	for _, e := range d.expect() {
		d.lines(6, "- {that: '"+e+"'}")
	}
	d.lines(0, "", "Resources:")
	d.sourceResource()
	d.b.WriteString("\n")
	d.function()
	d.failures()
	d.lines(0, "", "Outputs:")
	switch d.Source {
	case "kinesis":
		d.lines(2, "OrdersName: {Value: !Ref Orders}")
	case "table":
		d.lines(2, "OrdersName: {Value: !Ref Orders}")
	default:
		d.lines(2, "JobsUrl: {Value: !Ref Jobs}")
	}
	return d.b.String()
}

func (d *draft) record() string {
	if d.stream() {
		return "Record"
	}
	return "Message"
}

func (d *draft) about() string {
	return map[string]string{"queue": "A function that works through a queue", "fifo": "A function that works through a FIFO queue",
		"kinesis": "A function that reads a stream", "table": "A function that follows a table"}[d.Source]
}

// length is long enough for the failure to come to its end: five receives of a message.
func (d *draft) length() string {
	if d.stream() {
		return "2m"
	}
	return "6m"
}

func (d *draft) meant() string {
	switch {
	case d.Failures == "drop":
		return "records-vanish: a record that cannot be handled is of no use later"
	case d.stream():
		return "retries-without-end: order comes first, an alarm on the age of the stream tells"
	case d.Failures == "block":
		return "no-dead-letter-queue: order comes first, an alarm on the age of the queue tells"
	}
	return "no-dead-letter-queue: a job that cannot be done within an hour is of no use"
}

func (d *draft) traffic() []string {
	keys := ""
	if d.Source != "queue" {
		keys = ", keys: 10"
	}
	row := func(more string) string { return "- {to: " + d.source + ", " + more + keys + "}" }
	switch d.Traffic {
	case "little":
		return []string{row("rate: 1/s")}
	case "steady":
		return []string{row("rate: 20/s")}
	}
	return []string{row("rate: 2/s"), row("at: 30s, count: 400")}
}

func (d *draft) handler() string {
	if d.Source == "queue" {
		return "report-failed"
	}
	return "report-rest"
}

func (d *draft) expect() []string {
	seven, eight := `record("`+d.source+`#7")`, `record("`+d.source+`#8")`
	later := `record("` + d.source + `#17")` // of the same key
	dead := d.source + "Dead"
	switch {
	case d.stream() && (d.Failures == "keep" || d.Failures == "store"):
		return []string{seven + `.state == "discarded" && ` + eight + `.state == "done"`, `destination("` + d.source + `Failures").delivered == 1`}
	case d.Failures == "drop":
		return []string{seven + `.state == "discarded" && ` + eight + `.state == "done"`}
	case d.Failures == "block" && d.stream():
		return []string{seven + `.state == "retrying" && ` + seven + `.failures > 5`, eight + `.state != "done"`}
	case d.Failures == "block":
		return []string{seven + `.receives > 3 && ` + seven + `.state != "done"`, later + `.state != "done" && ` + eight + `.state == "done"`}
	case d.Failures == "keep":
		return []string{seven + `.state == "dead" && queue("` + dead + `").visible == 1`, eight + `.state == "done"`}
	}
	return []string{seven + `.receives > 3 && ` + seven + `.state != "done"`, eight + `.state == "done"`}
}

func (d *draft) sourceResource() {
	d.lines(2, d.source+":")
	switch d.Source {
	case "kinesis":
		d.lines(4, "Type: AWS::Kinesis::Stream", "Properties:")
		d.lines(6, "ShardCount: 1 # 1 MB or 1,000 records a second each", "RetentionPeriodHours: 24 # how long a failure may last before records are lost")
	case "table":
		d.lines(4, "Type: AWS::DynamoDB::Table", "Properties:")
		d.lines(6, "BillingMode: PAY_PER_REQUEST", "AttributeDefinitions: [{AttributeName: pk, AttributeType: S}]", "KeySchema: [{AttributeName: pk, KeyType: HASH}]",
			"# A filter sees what this view has: see FilterCriteria.", "StreamSpecification: {StreamViewType: NEW_AND_OLD_IMAGES}")
	default:
		d.lines(4, "Type: AWS::SQS::Queue", "Properties:")
		if d.Source == "fifo" {
			d.lines(6, "FifoQueue: true", "ContentBasedDeduplication: true # the same body within five minutes counts once")
		}
		d.lines(6, "# 6 times the function's Timeout, so that a throttled batch is tried again before", "# its messages come back.", "VisibilityTimeout: 60")
		switch d.Failures {
		case "keep":
			d.lines(6, "# 5 receives or more: being throttled counts as well.", "RedrivePolicy: {deadLetterTargetArn: !GetAtt "+d.source+"Dead.Arn, maxReceiveCount: 5}")
		case "expire":
			d.lines(6, "MessageRetentionPeriod: 3600 # what always fails is gone after an hour")
		}
	}
}

func (d *draft) function() {
	runtime := map[string]string{"python": "python3.13", "node": "nodejs22.x"}[d.Language]
	d.lines(2, d.work+":")
	d.lines(4, "Type: AWS::Serverless::Function", "Properties:")
	d.lines(6, "Runtime: "+runtime, "Handler: index.handler", "Timeout: 10", "MemorySize: 256", "InlineCode: |")
	d.lines(8, d.code())
	d.lines(6, "Events:")
	d.lines(8, d.source+":")
	kind := map[string]string{"queue": "SQS", "fifo": "SQS", "kinesis": "Kinesis", "table": "DynamoDB"}[d.Source]
	d.lines(10, "Type: "+kind, "Properties:")
	switch d.Source {
	case "queue", "fifo":
		d.lines(12, "Queue: !GetAtt Jobs.Arn", "BatchSize: 10")
		if d.Traffic == "bursts" {
			d.lines(12, "# A burst waits in the queue instead of in throttled batches.", "ScalingConfig: {MaximumConcurrency: 10}")
		}
	default:
		from := "Orders.Arn"
		if d.Source == "table" {
			from = "Orders.StreamArn"
		}
		d.lines(12, "Stream: !GetAtt "+from, "# LATEST would skip what comes while the mapping is created.", "StartingPosition: TRIM_HORIZON", "BatchSize: 100")
		if d.Failures != "block" {
			d.lines(12, "MaximumRetryAttempts: 5", "# A batch that fails is halved until the bad record is alone.", "BisectBatchOnFunctionError: true")
		}
		switch d.Failures {
		case "keep":
			d.lines(12, "# Its Type lets the function's role send there.", "DestinationConfig: {OnFailure: {Type: SQS, Destination: !GetAtt OrdersFailures.Arn}}")
		case "store":
			d.lines(12, "# Its Type lets the function's role write there.", "DestinationConfig: {OnFailure: {Type: S3, Destination: !GetAtt OrdersFailures.Arn}}")
		}
	}
	d.lines(12, "# The code returns batchItemFailures; without this every batch would count as done.", "FunctionResponseTypes: [ReportBatchItemFailures]")
}

// code is the handler. Where order counts it stops at the first error and reports the rest.
func (d *draft) code() string {
	id := map[string][2]string{"queue": {`record["messageId"]`, "record.messageId"}, "fifo": {`record["messageId"]`, "record.messageId"},
		"kinesis": {`record["kinesis"]["sequenceNumber"]`, "record.kinesis.sequenceNumber"}, "table": {`record["dynamodb"]["SequenceNumber"]`, "record.dynamodb.SequenceNumber"}}[d.Source]
	data := map[string][2]string{"queue": {`json.loads(record["body"])`, "JSON.parse(record.body)"}, "fifo": {`json.loads(record["body"])`, "JSON.parse(record.body)"},
		"kinesis": {`json.loads(base64.b64decode(record["kinesis"]["data"]))`, `JSON.parse(Buffer.from(record.kinesis.data, "base64"))`}, "table": {`record["dynamodb"].get("NewImage")`, "record.dynamodb.NewImage"}}[d.Source]
	ordered := d.Source != "queue"
	if d.Language == "node" {
		text := `exports.handler = async (event) => {
  const batchItemFailures = []
  for (const record of event.Records) {
    try {
      await work(` + data[1] + `)
    } catch (error) {
      console.error(error)
      batchItemFailures.push({ itemIdentifier: ` + id[1] + ` })
    }
  }
  return { batchItemFailures }
}`
		if ordered {
			text = `exports.handler = async (event) => {
  const records = event.Records
  for (let i = 0; i < records.length; i++) {
    const record = records[i]
    try {
      await work(` + data[1] + `)
    } catch (error) { // order counts: it and all after it come again
      console.error(error)
      return { batchItemFailures: records.slice(i).map((record) => ({ itemIdentifier: ` + id[1] + ` })) }
    }
  }
  return { batchItemFailures: [] }
}`
		}
		return text + `

// It may get the same record twice: doing it again must do no harm.
async function work(data) {
  console.log(data)
}`
	}
	imports := "import json"
	if d.Source == "kinesis" {
		imports = "import base64\nimport json"
	}
	if d.Source == "table" {
		imports = ""
	}
	text := `def handler(event, context):
    failed = []
    for record in event["Records"]:
        try:
            work(` + data[0] + `)
        except Exception as error:
            print(error)
            failed.append({"itemIdentifier": ` + id[0] + `})
    return {"batchItemFailures": failed}`
	if ordered {
		text = `def handler(event, context):
    records = event["Records"]
    for i, record in enumerate(records):
        try:
            work(` + data[0] + `)
        except Exception as error:  # order counts: it and all after it come again
            print(error)
            return {"batchItemFailures": [{"itemIdentifier": ` + id[0] + `} for record in records[i:]]}
    return {"batchItemFailures": []}`
	}
	if imports != "" {
		text = imports + "\n\n\n" + text
	}
	return text + `


# It may get the same record twice: doing it again must do no harm.
def work(data):
    print(data)`
}

// failures are the resources that failures go to, and what reports them.
func (d *draft) failures() {
	queue := ""
	switch {
	case d.Failures == "store":
		d.lines(0, "")
		d.lines(2, "# An object for each batch that is given up, with the data of its records.", "OrdersFailures: {Type: AWS::S3::Bucket}")
		return
	case d.Failures == "keep" && d.stream():
		queue = "OrdersFailures"
		d.lines(0, "")
		d.lines(2, "# A message for each batch that is given up: where its records lie, not what they hold.", queue+":")
	case d.Failures == "keep":
		queue = "JobsDead"
		d.lines(0, "")
		d.lines(2, "# What was received five times. It is kept for 14 days: messages keep their age.", queue+":")
	case d.Failures == "block" || d.Failures == "expire":
		d.age()
		return
	default:
		return
	}
	d.lines(4, "Type: AWS::SQS::Queue", "Properties:")
	if d.Source == "fifo" {
		d.lines(6, "FifoQueue: true")
	}
	d.lines(6, "MessageRetentionPeriod: 1209600")
	d.lines(0, "")
	d.lines(2, queue+"Alarm:")
	d.lines(4, "Type: AWS::CloudWatch::Alarm", "Properties:")
	d.lines(6, "AlarmDescription: Something failed for good", "Namespace: AWS/SQS", "MetricName: ApproximateNumberOfMessagesVisible", "Dimensions: [{Name: QueueName, Value: !GetAtt "+queue+".QueueName}]",
		"Statistic: Maximum", "Period: 60", "EvaluationPeriods: 1", "Threshold: 0", "ComparisonOperator: GreaterThanThreshold", "# AlarmActions: [!Ref a topic that somebody reads]")
}

// age is an alarm on what grows while something blocks.
func (d *draft) age() {
	d.lines(0, "")
	d.lines(2, d.source+"AgeAlarm:")
	d.lines(4, "Type: AWS::CloudWatch::Alarm", "Properties:")
	d.lines(6, "AlarmDescription: Something has been waiting for ten minutes")
	if d.stream() {
		d.lines(6, "Namespace: AWS/Lambda", "MetricName: IteratorAge", "Dimensions: [{Name: FunctionName, Value: !Ref "+d.work+"}]", "Threshold: 600000 # milliseconds")
	} else {
		d.lines(6, "Namespace: AWS/SQS", "MetricName: ApproximateAgeOfOldestMessage", "Dimensions: [{Name: QueueName, Value: !GetAtt "+d.source+".QueueName}]", "Threshold: 600 # seconds")
	}
	d.lines(6, "Statistic: Maximum", "Period: 60", "EvaluationPeriods: 1", "ComparisonOperator: GreaterThanThreshold", "# AlarmActions: [!Ref a topic that somebody reads]")
}
