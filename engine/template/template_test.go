package template_test

import (
	"fmt"
	"os"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/cockroachdb/datadriven"

	"esmlab/engine"
	"esmlab/engine/internal/fuzzing"
	"esmlab/engine/setting"
	"esmlab/engine/template"
)

// base is what the commands `mapping`, `event`, `value` and `role` put their
// input into. Lines are counted in the input alone.
var base = map[string]string{
	"mapping": `Resources:
  Orders: {Type: AWS::Kinesis::Stream}
  Ship: {Type: AWS::Lambda::Function, Properties: {Role: "arn:aws:iam::1:role/r"}}
  Failures: {Type: AWS::SQS::Queue}
  Alerts: {Type: AWS::SNS::Topic}
  Hidden: {Type: AWS::Kinesis::Stream, Condition: Never}
  Table: {Type: AWS::DynamoDB::Table}
  ShipOrders:
    Type: AWS::Lambda::EventSourceMapping
    Properties:
      FunctionName: !Ref Ship
Conditions: {Never: !Equals [a, b]}
`,
}

// TestLoad plays testdata/load. The commands:
//
//	load    a whole template; prints its errors, or what it builds and its notes
//	mapping properties of a mapping ShipOrders of Ship, beside the things of base
//	value   a value; prints what carrying out its functions gives
//
// Arguments are parameters: NAME=VALUE.
func TestLoad(t *testing.T) {
	datadriven.Walk(t, "testdata/load", func(t *testing.T, path string) {
		datadriven.RunTest(t, path, func(t *testing.T, d *datadriven.TestData) string {
			params := map[string]string{}
			for _, a := range d.CmdArgs {
				params[a.Key] = strings.Join(a.Vals, ",")
			}
			switch d.Cmd {
			case "load":
				return load(d.Input, params)
			case "mapping":
				head, tail, _ := strings.Cut(base["mapping"], "Conditions:")
				src := head + indent(d.Input) + "Conditions:" + tail
				return shift(load(src, params), strings.Count(head, "\n"), 6)
			case "value":
				return value(t, d.Input, params)
			}
			t.Fatalf("there is no command %s", d.Cmd)
			return ""
		})
	})
}

func indent(s string) string {
	var b strings.Builder
	for line := range strings.Lines(s) {
		b.WriteString("      " + strings.TrimSuffix(line, "\n") + "\n")
	}
	return b.String()
}

// shift gives errors the places of the input that stands inside a base.
func shift(out string, lines, cols int) string {
	var b strings.Builder
	for line := range strings.Lines(out) {
		var l, c int
		if _, err := fmt.Sscanf(line, "t.yaml:%d:%d:", &l, &c); err == nil && l > lines {
			line = strings.Replace(line, fmt.Sprintf("t.yaml:%d:%d:", l, c), fmt.Sprintf("t.yaml:%d:%d:", l-lines, c-cols), 1)
		}
		b.WriteString(line)
	}
	return b.String()
}

// load prints what a template builds: only what differs from the defaults.
func load(src string, params map[string]string) string {
	t, err := template.Load("t.yaml", []byte(src), params)
	if err != nil {
		return err.Error() + "\n"
	}
	var b strings.Builder
	for _, s := range t.Streams {
		fmt.Fprintf(&b, "stream %s %s", s.ID, s.ARN)
		if s.OnDemand() {
			b.WriteString(" on demand")
		} else {
			fmt.Fprintf(&b, " shards %d", s.ShardCount)
		}
		if s.Kind == engine.DynamoDB {
			fmt.Fprintf(&b, " %s key %s", s.View, s.KeyName)
		}
		if s.Global {
			b.WriteString(" global")
		}
		if s.Auto() {
			b.WriteString(" AUTO")
		}
		if s.Raised() {
			fmt.Fprintf(&b, " records of %d bytes", s.MaxRecordBytes())
		}
		fmt.Fprintf(&b, " retention %d h\n", s.Retention/engine.Hour)
	}
	for _, q := range t.Queues {
		fmt.Fprintf(&b, "queue %s %s retention %d s", q.ID, q.ARN, q.MessageRetentionPeriod)
		if q.FIFO {
			b.WriteString(" FIFO")
		}
		of := setting.Resource{Of: setting.OfQueue, In: setting.FIFO, Queue: &q.QueueSettings}
		changed(&b, &of, func(p *setting.Row) bool {
			return p.Kind != setting.QueueID && p.Name != setting.MessageRetentionPeriod
		})
		if len(q.SourceQueues) > 0 {
			fmt.Fprintf(&b, " %v", q.SourceQueues)
		}
		if q.DeadLetterQueue != "" {
			b.WriteString(" -> " + q.DeadLetterQueue)
		}
		if q.KMS {
			b.WriteString(" KMS")
		}
		b.WriteString("\n")
	}
	for _, f := range t.Functions {
		fmt.Fprintf(&b, "function %s %s Timeout %s s", f.ID, f.ARN, f.Timeout)
		if f.Reserved >= 0 {
			fmt.Fprintf(&b, " reserved %d", f.Reserved)
		}
		of := setting.Resource{Of: setting.OfFunction, In: setting.Any, Function: &f.FunctionSettings}
		changed(&b, &of, func(p *setting.Row) bool { return p.Kind == setting.Word })
		b.WriteString("\n")
	}
	for _, m := range t.Mappings {
		fmt.Fprintf(&b, "mapping %s %s -> %s", m.ID, m.Source, m.Function)
		of := setting.Resource{Of: setting.OfMapping, In: setting.AnyStream, Mapping: &m.Settings}
		if slices.ContainsFunc(t.Queues, func(q engine.QueueConfig) bool { return q.ID == m.Source }) {
			of.In = setting.AnyQueue
		} else {
			b.WriteString(" " + m.Start.String())
		}
		if m.Start == engine.AtTimestamp {
			fmt.Fprintf(&b, " %d us", m.StartTimestamp)
		}
		if m.Consumer != "" {
			b.WriteString(" consumer " + m.Consumer)
		}
		if !m.Enabled {
			b.WriteString(" disabled")
		}
		changed(&b, &of, func(p *setting.Row) bool { return p.Kind == setting.Number || p.Kind == setting.Switch })
		if m.FilterCriteria != nil {
			b.WriteString(" FilterCriteria " + m.FilterCriteria.String())
		}
		if m.OnFailure != "" {
			b.WriteString(" OnFailure " + m.OnFailure)
		}
		if len(m.Deny) > 0 {
			var list []string
			for _, d := range m.Deny {
				list = append(list, d.Action+" on "+d.On+" ("+d.By+")")
			}
			fmt.Fprintf(&b, " deny %v", list)
		}
		b.WriteString("\n")
	}
	for _, n := range t.Notes {
		b.WriteString("note: " + n + "\n")
	}
	return b.String()
}

const valueBase = `Parameters:
  Env: {Type: String, Default: dev}
  Size: {Type: Number, Default: 5}
  Zones: {Type: CommaDelimitedList, Default: "a, b,c"}
  Secret: {Type: "AWS::SSM::Parameter::Value<String>", Default: /path}
Conditions:
  Dev: !Equals [!Ref Env, dev]
  NotDev: !Not [Condition: Dev]
  Both: !And [!Condition Dev, !Not [!Condition NotDev]]
  Either: !Or [!Condition NotDev, !Equals [a, b]]
  Neither: !And [!Condition NotDev, !Condition Dev]
  Any: !Or [!Condition Dev, !Condition NotDev]
Mappings:
  Sizes: {dev: {shards: 2}, us-east-1: {shards: 3}}
Resources:
  Orders: {Type: AWS::Kinesis::Stream}
  Named: {Type: AWS::Kinesis::Stream, Properties: {Name: !Sub "${Env}-orders"}}
  Jobs: {Type: AWS::SQS::Queue}
  Line: {Type: AWS::SQS::Queue, Properties: {FifoQueue: true}}
  Table: {Type: AWS::DynamoDB::Table, Properties: {StreamSpecification: {StreamViewType: KEYS_ONLY}}}
  Live: {Type: AWS::Lambda::Alias, Properties: {FunctionName: !Ref Ship, Name: live}}
  Ship:
    Type: AWS::Serverless::Function
    Properties:
      Events: {Orders: {Type: Kinesis, Properties: {Stream: !GetAtt Orders.Arn, StartingPosition: LATEST}}}
      FunctionName:
`

// value carries out a value by making it the function's name, which is the
// one text that shows in the Config as it is.
func value(t *testing.T, input string, params map[string]string) string {
	src := valueBase + "        " + strings.ReplaceAll(strings.TrimRight(input, "\n"), "\n", "\n        ") + "\n"
	tpl, err := template.Load("t.yaml", []byte(src), params)
	if err != nil {
		return shift(err.Error()+"\n", strings.Count(valueBase, "\n"), 8)
	}
	i := slices.IndexFunc(tpl.Functions, func(f engine.FunctionConfig) bool { return f.ID == "Ship" })
	if tpl.Functions[i].Name == "Ship" {
		return "(from outside)\n"
	}
	return tpl.Functions[i].Name + "\n"
}

// TestBuilt checks what load does not print: roles, topics and buckets, and which
// version a mapping invokes.
func TestBuilt(t *testing.T) {
	tpl, err := template.Load("t.yaml", []byte(`Resources:
  Orders: {Type: AWS::Kinesis::Stream}
  Kept: {Type: AWS::S3::Bucket}
  Alerts: {Type: AWS::SNS::Topic, Properties: {FifoTopic: true}}
  Ship: {Type: AWS::Lambda::Function, Properties: {Role: "arn:aws:iam::111122223333:role/r"}}
  Bill: {Type: AWS::Serverless::Function}
  Live: {Type: AWS::Lambda::Alias, Properties: {FunctionName: !Ref Ship, Name: live, FunctionVersion: 7}}
  M: {Type: AWS::Lambda::EventSourceMapping, Properties: {FunctionName: !Ref Live, EventSourceArn: !GetAtt Orders.Arn, StartingPosition: LATEST}}
  N: {Type: AWS::Lambda::EventSourceMapping, Properties: {FunctionName: "Ship:other", EventSourceArn: !GetAtt Orders.Arn, StartingPosition: LATEST}}
`), nil)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, f := range tpl.Functions {
		got = append(got, f.ID+" "+f.RoleARN)
	}
	for _, x := range tpl.Targets {
		got = append(got, fmt.Sprintf("%s %s bucket %v FIFO %v", x.ID, x.ARN, x.Bucket, x.FIFO))
	}
	for _, m := range tpl.Mappings {
		got = append(got, m.ID+" "+m.Function+" "+m.Qualifier+" "+m.Version)
	}
	want := []string{"Ship arn:aws:iam::111122223333:role/r", "Bill arn:aws:iam::111122223333:role/BillRole",
		"Kept arn:aws:s3:::Kept bucket true FIFO false", "Alerts arn:aws:sns:us-east-1:111122223333:Alerts.fifo bucket false FIFO true",
		"M Ship live 7", "N Ship other 1"}
	if !slices.Equal(got, want) {
		t.Errorf("%q\nnot\n%q", got, want)
	}
}

// TestNotATemplate reads what is not a template: one line each, and no panic.
func TestNotATemplate(t *testing.T) {
	deep := strings.Repeat("[", 20000) + strings.Repeat("]", 20000)
	bomb := "Metadata:\n  a: &a [x, x, x, x, x, x, x, x, x]\n"
	for c := 'b'; c < 'z'; c++ {
		bomb += fmt.Sprintf("  %c: &%c [*%c, *%c, *%c, *%c, *%c, *%c, *%c, *%c, *%c]\n", c, c, c-1, c-1, c-1, c-1, c-1, c-1, c-1, c-1, c-1)
	}
	for _, c := range []struct{ name, src, want string }{
		{"empty", "", "the file is empty"},
		{"spaces", " \n\t\n", "the file is empty"},
		{"a comment", "# nothing\n", "its top level is not a map"},
		{"a list", "- a\n", "its top level is not a map"},
		{"a text", "hello", "its top level is not a map"},
		{"bytes", "\x00\x01\xff\xfe", ":1:1: the control character U+0000 is not text"},
		{"Latin-1", "Resources:\n  # caf\xe9\n  A: {}\n", ":2:8: the byte 0xE9 is not UTF-8"},
		{"an escape", "Resources:\n  A: {Type: \"\x1b[31m\"}\n", ":2:14: the control character U+001B is not text"},
		{"a tab", "Resources:\n\tOrders: {}\n", "not YAML and not JSON"},
		{"open", "Resources: {Orders: [", "not YAML and not JSON"},
		{"JSON cut off", `{"Resources": {"Orders": `, "not YAML and not JSON"},
		{"two documents", "Resources: {}\n---\nResources: {}\n", "a second document begins here"},
		{"deep", deep, "not YAML and not JSON"},
		{"an alias of itself", "a: &a [*a]\nResources: {X: {Type: AWS::Kinesis::Stream, Properties: *a}}\n", ""},
		{"bomb in a resource", bomb + "Resources: {X: {Type: AWS::Kinesis::Stream, Properties: {Tags: *y}}}\n", "nested too deeply"},
		{"bomb in a condition", "Conditions:\n  A: &a !And [!Equals [a, a], !Equals [a, a]]\n  B: &b !And [*a, *a]\nResources: {X: {Type: AWS::SQS::Queue, Condition: B}}\n", "no event source mapping"},
		{"no resources", "Metadata: {}\n", "has no Resources"},
		{"resources is a text", "Resources: all\n", "has no Resources"},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := template.Load("t.yaml", []byte(c.src), nil)
			errs, ok := err.(template.Errors)
			if !ok || len(errs) == 0 {
				t.Fatalf("it was read: %v", err)
			}
			if !strings.Contains(errs[0].Error(), c.want) || errs[0].Line < 1 || errs[0].Col < 1 {
				t.Errorf("got %s", err)
			}
			if strings.Contains(err.Error(), "goroutine") || len(errs) > 3 {
				t.Errorf("%d lines: %.300s", len(errs), err)
			}
		})
	}
}

// TestOtherFiles: what is brought by mistake is named, with what to do.
func TestOtherFiles(t *testing.T) {
	for _, c := range []struct{ file, src, want string }{
		{"serverless.yml", "service: shop\nprovider: {name: aws}\nfunctions: {a: {handler: a.b, events: [{sqs: x}]}}\n", "t:1:1: this is a service of the Serverless Framework, not a SAM or CloudFormation template (sls package, then .serverless/cloudformation-template-update-stack.json)"},
		{"x.yml", "service: shop\nprovider:\n  name: aws\n  x: [\n", "Serverless Framework"},
		{"t.j2", "Resources:\n{% for q in queues %}\n  {{ q }}: {Type: AWS::SQS::Queue}\n{% endfor %}\n", "(the file that sceptre, jinja or helm makes of it)"},
		{"part.yaml", "Resources:\n  Jobs: {Type: AWS::SQS::Queue, Properties: {QueueName: !Sub \"${Stage}-jobs\", KmsMasterKeyId: !Ref SharedKey}}\n", "t:1:1: this is a part of a template: Stage, SharedKey stand nowhere in it (the template that its parts are put together into)"},
		{"cdk.json", `{"app": "npx ts-node bin/app.ts", "context": {"a": true}}`, "(cdk synth, then the folder it writes: cdk.out)"},
		{"manifest.json", `{"version": "38.0.0", "artifacts": {}}`, "with --stack NAME"},
		{"app.ts", "import * as cdk from 'aws-cdk-lib';\nnew cdk.App();\n", "the source of a CDK app"},
		{"stack.py", "from aws_cdk import Stack\n", "the source of a CDK app"},
		{"main.tf", "resource \"aws_sqs_queue\" \"jobs\" {\n  name = \"jobs\"\n}\n", "this is Terraform"},
		{"main.tf.json", `{"resource": {}}`, "this is Terraform"},
		{"tree.json", `{"version": "tree-0.1", "tree": {"children": {"Shop": {"constructInfo": {"fqn": "aws-cdk-lib.Stack"}}, "Tree": {}}}}`, "Shop.template.json beside it, or the folder"},
		{"manifest.json", `{"version": "1", "artifacts": {"Shop": {"type": "aws:cloudformation:stack", "properties": {"templateFile": "Shop.template.json"}}}}`, "Shop.template.json beside it"},
		{"Shop.assets.json", `{"version": "1", "files": {"0a": {"source": {"path": "asset.0a"}}}, "dockerImages": {}}`, "Shop.template.json beside it"},
		{"Shop.assets.json", `{"version": "1", "files": {"0a": {"source": {"path": "Store.template.json"}}}, "dockerImages": {}}`, "Store.template.json beside it"},
		{"integ.json", `{"version": "1", "testCases": {}}`, "these are settings of an integration test"},
		{"cdk.context.json", `{"availability-zones:account=1": ["a"]}`, "what a CDK app has looked up"},
		{"cs.json", `{"Changes": [], "ChangeSetName": "x"}`, "a change set"},
		{"got.json", `{"TemplateBody": {"Resources": {}}}`, "what is in its TemplateBody"},
		{"buildspec.yml", "version: 0.2\nphases: {}\n", "a buildspec of CodeBuild"},
		{"policy.json", `{"Version": "2012-10-17", "Statement": []}`, "a policy of IAM"},
		{"config.json", `{"Parameters": {"A": "b"}}`, "a file of parameters"},
		{"params.json", `["A=b"]`, "a file of parameters"},
		{"tfplan.json", `{"format_version": "1.2", "planned_values": {}}`, "a plan of Terraform"},
		{"application.yaml", "Resources:\n  F:\n    Type: AWS::Serverless::Function\n    Properties: {CodeUri: %code%}\n", "4:27: not YAML: a value cannot begin with %"},
		{"plan.json", `{"format_version": "1.2", "terraform_version": "1.9"}`, "this is Terraform"},
		{"template.yaml", "Resources:\n  {{cookiecutter.name}}:\n    Type: AWS::SQS::Queue\n", "this is a cookiecutter"},
		{"template.yaml", "Resources:\n  F: {Type: AWS::Serverless::Function, Properties: {Runtime: {{ cookiecutter.runtime }}}}\n", "this is a cookiecutter"},
		{"samconfig.toml", "version = 0.1\n[default]\n", "settings of the SAM command line"},
		{"part.yaml", "Jobs: {Type: AWS::SQS::Queue}\n", "a fragment: resources without the section around them"},
		{"part.yaml", "Type: AWS::SQS::Queue\nProperties: {}\n", "the parts of one resource"},
		{"part.yaml", "Jobs: {Type: SQS, Properties: {Queue: x}}\n", "an event of a function"},
		{"part.yaml", "Queue: x\nBatchSize: 5\n", "the settings of an event source mapping"},
		{"event.json", `{"Records": [{"messageId": "x"}]}`, "an event that a function gets"},
		{"params.json", `[{"ParameterKey": "A", "ParameterValue": "b"}]`, "a list of template parameters"},
		{"esm.json", `{"UUID": "x", "EventSourceArn": "arn:aws:sqs:us-east-1:1:x"}`, "get-event-source-mapping"},
		{"sfn.json", `{"StartAt": "A", "States": {}}`, "a state machine"},
		{"api.yaml", "openapi: 3.0.1\npaths: {}\n", "an OpenAPI definition"},
		{"k8s.yaml", "apiVersion: v1\nkind: Service\n---\napiVersion: v1\nkind: Pod\n", "a manifest of Kubernetes"},
		{"docker-compose.yml", "services: {}\n", "Docker Compose"},
		{"README.md", "# Jobs\n", "this is a text"},
		{"x.yaml", "a: 1\n", "the template has no Resources"},
	} {
		_, err := template.Load(c.file, []byte(c.src), nil)
		if err == nil || !strings.Contains(strings.Replace(err.Error(), c.file, "t", 1), c.want) || strings.Contains(err.Error(), "\n") {
			t.Errorf("%s: %v, not %s", c.file, err, c.want)
		}
	}
}

// TestLargest: a file of 2 MB is read, a larger one is not.
func TestLargest(t *testing.T) {
	src := []byte("Resources: {}\n")
	src = append(src, "#"+strings.Repeat(" ", 2<<20-len(src)-1)...)
	for n, want := range map[int]bool{2 << 20: true, 2<<20 + 1: false} {
		p := &template.Problems{File: "t.yaml"}
		if read := template.Parse("t.yaml", append(src, ' ')[:n], p) != nil; read != want {
			t.Errorf("a file of %d bytes: %v", n, p.Err())
		}
	}
}

// FuzzLoad: no input panics, and what is refused is refused with a place.
func FuzzLoad(f *testing.F) {
	f.Add([]byte(base["mapping"]))
	f.Add([]byte(valueBase + "        x\n"))
	f.Add([]byte(`{"Resources":{"A":{"Type":"AWS::Lambda::EventSourceMapping","Properties":{"EventSourceArn":{"Fn::GetAtt":["A","Arn"]},"FunctionName":{"Ref":"A"}}}}}`))
	f.Add([]byte("Resources: {A: {Type: AWS::SQS::Queue, Properties: {QueueName: !GetAtt A.QueueName}}}"))
	f.Add([]byte("Conditions: {A: !Condition A, B: !Not [!Condition B]}\nResources: {X: {Type: T, Condition: A}, Y: {Type: T, Condition: B}}"))
	f.Add([]byte("Resources: &r {A: *r}"))
	f.Add([]byte("? [a]\n: b\nResources: {? {x: y} : z}"))
	f.Add([]byte("Resources: {F: {Type: AWS::Serverless::Function, Properties: {Events: {E: {Type: Kinesis, Properties: {Stream: !If [a], DestinationConfig: [], FunctionResponseTypes: x}}}, Policies: [null, {A: 1}, {Statement: [1, {Action: [2]}]}]}}}"))
	f.Add([]byte("<<: &x {<<: *x}"))
	f.Add([]byte("Resources: {Q: {Type: AWS::SQS::Queue, Properties: {FifoQueue: x, RedrivePolicy: '{\"deadLetterTargetArn\":[]}', RedriveAllowPolicy: [1]}}, F: {Type: AWS::Serverless::Function, Properties: {Events: {E: {Type: SQS, Properties: {Queue: !GetAtt Q.Arn, ScalingConfig: [], ProvisionedPollerConfig: {MinimumPollers: {}}}}}}}}"))
	f.Add([]byte("Resources: {Q: {Type: AWS::SQS::Queue, Properties: {RedrivePolicy: {deadLetterTargetArn: !GetAtt D.Arn}}}, D: {Type: AWS::SQS::Queue, Properties: {RedriveAllowPolicy: {sourceQueueArns: [!GetAtt Q.Arn]}}}}"))
	for _, fn := range []string{"Ref", "GetAtt", "Sub", "Join", "Select", "Split", "FindInMap", "If", "ImportValue", "Equals", "Transform", "Nothing"} {
		for _, arg := range []string{"a", "[]", "{}", "[a]", "[a, b, c]", "[0, [a]]", `["", null]`, "[[], {}]"} {
			f.Add([]byte("Resources: {A: {Type: AWS::Kinesis::Stream, Properties: {Name: !" + fn + " " + arg + ", ShardCount: {\"Fn::" + fn + "\": " + arg + "}}}}"))
		}
	}
	for _, src := range fuzzing.Inputs(f, os.DirFS("testdata/load"), "load") {
		f.Add([]byte(src))
	}
	f.Fuzz(func(t *testing.T, src []byte) { loadAny(t, string(src)) })
}

// loadAny reads what may be no template.
func loadAny(t *testing.T, src string) {
	tpl, err := template.Load("t.yaml", []byte(src), map[string]string{"A": "b"})
	if err == nil {
		for _, n := range append(tpl.Notes, tpl.Details...) {
			if n == "" {
				t.Error("an empty note")
			}
		}
		return
	}
	for _, e := range err.(template.Errors) {
		if strings.ContainsAny(e.Error(), "\n\r\x1b") || e.Message == "" || e.File == "t.yaml" && (e.Line < 1 || e.Col < 1) {
			t.Errorf("not one line with a place: %q", e.Error())
		}
	}
}

// TestFuzzBriefly: FuzzLoad for a short time, in every run of the tests.
func TestFuzzBriefly(t *testing.T) {
	fuzzing.Briefly(t, fuzzing.Inputs(t, os.DirFS("testdata/load"), "load"), 6000, loadAny)
}

// TestBounds: what is too large is refused, and what is not is read, within two seconds of
// a quiet machine and 500 MB.
func TestBounds(t *testing.T) {
	const mapping = "  Q: {Type: AWS::SQS::Queue}\n  F: {Type: AWS::Serverless::Function, Properties: {Events: {E: {Type: SQS, Properties: {Queue: !GetAtt Q.Arn}}}}}\n"
	many := func(n int, format string) string {
		var b strings.Builder
		for i := range n {
			b.WriteString(strings.ReplaceAll(format, "{i}", strconv.Itoa(i)))
		}
		return b.String()
	}
	for name, c := range map[string]struct{ src, want string }{
		"10 MB":                           {"Resources:\n" + mapping + "#" + strings.Repeat("x", 10<<20), "larger than 2 MB"},
		"100,000 aliases":                 {"Metadata:\n  X: &a {b: c}\n  Y: [" + many(100_000, "*a, ") + "]\nResources:\n" + mapping, ""},
		"100,000 aliases in a function":   {"Metadata: {X: &a {b: c}}\nResources:\n" + mapping + "  T: {Type: AWS::Serverless::Function, Properties: {Environment: {Variables: {" + many(100_000, "k{i}: *a, ") + "}}}}\n", ""},
		"nested 1,000 times":              {"Resources:\n" + mapping + "  T: {Type: AWS::SNS::Topic, Properties: {Tags: " + strings.Repeat("[", 1000) + strings.Repeat("]", 1000) + "}}\n", "nested too deeply"},
		"JSON nested 1,000 times":         {`{"Resources": {"T": {"Type": "AWS::SNS::Topic", "Properties": ` + strings.Repeat(`{"a":`, 1000) + "1" + strings.Repeat("}", 1000) + "}}}", "nested too deeply"},
		"a million resources":             {"Resources:\n" + many(1_000_000, "  R{i}: {}\n"), "larger than 2 MB"},
		"as many resources as fit":        {"Resources: {" + many(180_000, "R{i}: 1, ") + "}", "Number of resources, 180000, is greater than maximum allowed, 500"},
		"as many resources as are read":   {"Resources:\n" + mapping + many(19_000, "  R{i}: {Type: AWS::SNS::Topic, Properties: {TopicName: t{i}}}\n"), ""},
		"a million rounds of Fn::ForEach": {"Transform: AWS::LanguageExtensions\nResources:\n" + mapping + "  Fn::ForEach::A: [a, [" + many(1000, "{i}, ") + "], {'Fn::ForEach::B': [b, [" + many(1000, "{i}, ") + "], {'Q${a}x${b}': {Type: AWS::SQS::Queue}}]}]\n", "too large"},
	} {
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		begin := time.Now()
		_, err := template.Load("t.yaml", []byte(c.src), nil)
		took := time.Since(begin)
		runtime.ReadMemStats(&after)
		if c.want == "" && err != nil || c.want != "" && (err == nil || !strings.Contains(err.Error(), c.want)) {
			t.Errorf("%s: %.200v", name, err)
		}
		if took > 10*time.Second { // a busy machine takes five times as long
			t.Errorf("%s: %v", name, took)
		}
		if n := (after.TotalAlloc - before.TotalAlloc) >> 20; n > 500 {
			t.Errorf("%s: %d MB", name, n)
		} else {
			t.Logf("%s: %v, %d MB", name, took, n)
		}
	}
}

// TestErrorLine pins how an error is written.
func TestErrorLine(t *testing.T) {
	e := template.Error{File: "a.yaml", Line: 3, Col: 7, Code: "ValidationException", Message: "no\nway\x1b[31m", Right: "1 to 2"}
	if got := e.Error(); got != "a.yaml:3:7: ValidationException: no way[31m (1 to 2)" {
		t.Error(got)
	}
	e.Code, e.Right = "", ""
	if got := e.Error(); got != "a.yaml:3:7: no way[31m" {
		t.Error(got)
	}
}

// changed writes the settings that are not AWS's defaults.
func changed(b *strings.Builder, of *setting.Resource, wanted func(*setting.Row) bool) {
	for _, p := range of.Rows() {
		if v, _ := p.Get(of); wanted(p) && !p.IsDefault(of) {
			fmt.Fprintf(b, " %s %s", p.FullName(), v)
		}
	}
}
