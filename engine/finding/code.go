package finding

import (
	"fmt"
	"path"
	"slices"
	"sort"
	"strings"

	"esmlab/engine"
	"esmlab/engine/scenario"
	"esmlab/engine/setting"
)

// This file reads handlers, as text: what they return, and what they send to.

// handlerCode is the code of a function, as far as it is known.
type handlerCode struct {
	handler string // the text of the handler's own file; "" where it is not known
	all     string // of all files
}

// codeOf reads the code of a function: in the template, or in the folder that it names.
func (l *looker) codeOf(function string) handlerCode {
	if inline := l.t.Text(function, "InlineCode") + l.t.Text(function, "Code", "ZipFile"); inline != "" {
		return handlerCode{inline, inline}
	}
	uri := l.t.Asset(function)
	if uri == "" || l.o.Code == nil {
		return handlerCode{}
	}
	files, read := l.code[uri]
	if !read {
		files = l.o.Code(uri)
		l.code[uri] = files
	}
	names := make([]string, 0, len(files))
	for name := range files {
		names = append(names, name)
	}
	sort.Strings(names)
	var c handlerCode
	own := handlerFiles(l.t.Text(function, "Handler"), l.t.Text(function, "Runtime"))
	for _, name := range names {
		text := uncommented(name, files[name])
		c.all += text + "\n"
		if slices.ContainsFunc(own, func(o string) bool { return name == o || strings.HasSuffix(name, "/"+o) }) {
			c.handler += text
		}
	}
	if c.handler == "" && (len(names) == 1 || strings.HasPrefix(l.t.Text(function, "Runtime"), "provided") || strings.HasPrefix(l.t.Text(function, "Runtime"), "go")) {
		c.handler = c.all
	}
	return c
}

// handlerFiles are the names that the file of a handler may have.
func handlerFiles(handler, runtime string) []string {
	if strings.HasPrefix(runtime, "java") {
		class, _, _ := strings.Cut(handler, "::")
		file := strings.ReplaceAll(class, ".", "/")
		return []string{file + ".java", file + ".kt"}
	}
	module := strings.TrimSuffix(handler, path.Ext(handler))
	if module == "" {
		return nil
	}
	var out []string
	for _, ext := range []string{".py", ".js", ".mjs", ".cjs", ".ts", ".mts", ".tsx"} {
		out = append(out, module+ext, strings.ReplaceAll(module, ".", "/")+ext)
	}
	return out
}

// uncommented is a source text without the lines that are comments.
func uncommented(name, text string) string {
	mark := "//"
	if strings.HasSuffix(name, ".py") {
		mark = "#"
	}
	var out []string
	for line := range strings.Lines(text) {
		if s := strings.TrimSpace(line); !strings.HasPrefix(s, mark) && !strings.HasPrefix(s, "*") && !strings.HasPrefix(s, "/*") {
			out = append(out, line)
		}
	}
	return strings.Join(out, "")
}

// mentions tells whether the code has one of some words.
func (c handlerCode) mentions(words ...string) bool { return contains(c.all, words) }

func contains(text string, words []string) bool {
	return slices.ContainsFunc(words, func(w string) bool { return strings.Contains(text, w) })
}

// reporting are the words of code that returns batchItemFailures: the field itself, the
// types of Lambda's libraries for Go, Java and TypeScript, and Powertools.
var reporting = []string{"batchItemFailures", "BatchItemFailures", "batch_item_failures", "SQSEventResponse", "KinesisEventResponse", "DynamoDBEventResponse", "SQSBatchResponse", "StreamsEventResponse",
	"DynamoDBBatchResponse", "KinesisStreamBatchResponse", "process_partial_response", "processPartialResponse", "batch_processor(", "BatchMessageHandlerBuilder"}

// returns tells whether a function's handler returns batchItemFailures: as its code says,
// or a fault or a handler of the scenario.
func (l *looker) returns(f *engine.FunctionConfig) bool {
	if contains(l.codeOf(f.ID).handler, reporting) || slices.ContainsFunc(f.Faults, reports) {
		return true
	}
	return slices.ContainsFunc(l.cfg.Steps, func(s engine.Step) bool {
		return s.Op == engine.OpFault && s.Fault.Function == f.ID && reports(s.Fault)
	})
}

// reports tells whether a fault lets the handler return batchItemFailures.
func reports(f engine.Fault) bool {
	return f.How == engine.HowReport || f.How == engine.HowReply && strings.Contains(f.Reply, "batchItemFailures")
}

// batchPage is the page on partial batches of a mapping's source.
func batchPage(q *engine.QueueConfig) string {
	if q == nil {
		return kinesisBatch
	}
	return errorPage
}

const askFor = setting.FunctionResponseTypes + ": [ReportBatchItemFailures]"

// returning is long enough for a failed batch to be tried again.
func returning(m *engine.MappingConfig, q *engine.QueueConfig) engine.Micros {
	if q == nil {
		return 10 * engine.Minute
	}
	return max(10*engine.Minute, seconds(2*hidden(m, q)+120))
}

func (l *looker) notAsked() {
	l.mappings(func(m *engine.MappingConfig, f *engine.FunctionConfig, q *engine.QueueConfig, s *engine.StreamConfig) {
		if m.ReportBatchItemFailures || !l.returns(f) {
			return
		}
		l.add(m, l.t.At(m.ID, setting.FunctionResponseTypes), Finding{On: m.ID, Source: batchPage(q),
			Sentence: m.Function + " returns batchItemFailures, and " + m.ID + " does not ask for them: every batch counts as done, what was reported is lost",
			Right:    askFor, Fix: l.parameter(m, askFor),
			World: l.world(m, engine.Minute, l.nth(m, 1)+".state == \"done\"", "The handler reports that the first record failed. Lambda counts it as done.").
				puts(l, m, "at: 1s, count: 3").does(f.ID, "faults: [{how: report, records: ["+l.label(m, 1)+"]}]")})
	})
}

func (l *looker) notReported() {
	l.mappings(func(m *engine.MappingConfig, f *engine.FunctionConfig, q *engine.QueueConfig, s *engine.StreamConfig) {
		code := l.codeOf(f.ID)
		if !m.ReportBatchItemFailures || code.all == "" || contains(code.all, reporting) || l.returns(f) || f.Handler.Loop != 0 || m.BatchSize == 1 || q != nil && q.MessageRetentionPeriod <= q.DelaySeconds+hidden(m, q) {
			return
		}
		bites := l.nth(m, 2) + ".receives > 1 || " + l.nth(m, 2) + ".state == \"dead\""
		if s != nil {
			bites = l.nth(m, 2) + ".failures > 1"
		}
		l.add(m, l.t.At(m.ID, setting.FunctionResponseTypes), Finding{On: m.ID, Source: batchPage(q),
			Sentence: m.ID + " asks for batchItemFailures, and the code of " + m.Function + " never returns them: an error makes the whole batch fail as without it",
			Right:    "a handler that catches the error of each record and returns {\"batchItemFailures\": [{\"itemIdentifier\": …}]}",
			Fix:      l.parameter(m, setting.FunctionResponseTypes+": []"),
			World: l.world(m, returning(m, q), bites, "One record fails, and those beside it in its batch come back with it.").
				puts(l, m, "at: 1s, count: 10, keys: [g]").does(f.ID, "faults: [{how: error, records: ["+l.label(m, 1)+"]}]")})
	})
}

func (l *looker) wholeBatch() {
	l.mappings(func(m *engine.MappingConfig, f *engine.FunctionConfig, q *engine.QueueConfig, s *engine.StreamConfig) {
		if q == nil || m.ReportBatchItemFailures || m.BatchSize == 1 || l.returns(f) || q.MessageRetentionPeriod <= q.DelaySeconds+hidden(m, q) {
			return
		}
		l.add(m, l.t.At(m.ID, setting.FunctionResponseTypes), Finding{On: m.ID,
			Sentence: fmt.Sprintf("%s hands over up to %d messages at a time without ReportBatchItemFailures: one that fails brings all of them back, to be processed once more", m.ID, m.BatchSize),
			Right:    askFor + " and a handler that reports, or BatchSize: 1", Fix: l.parameter(m, askFor),
			World: l.world(m, returning(m, q), l.nth(m, 2)+".receives > 1 || "+l.nth(m, 2)+".state == \"dead\"", "One message fails, and those beside it in its batch come back with it.").
				puts(l, m, "at: 1s, count: 10, keys: [g]").does(f.ID, "faults: [{how: error, records: ["+l.label(m, 1)+"]}]")})
	})
}

// recursion looks for functions that may write to what they read: a policy names it, or the
// environment does and the code sends.
func (l *looker) recursion() {
	l.mappings(func(m *engine.MappingConfig, f *engine.FunctionConfig, q *engine.QueueConfig, s *engine.StreamConfig) {
		if !l.t.Has(m.Source) {
			return
		}
		action, arn, calls := "", "", []string(nil)
		switch {
		case q != nil:
			action, arn, calls = "sqs:SendMessage", q.ARN, []string{"send_message", "sendMessage", "SendMessage"}
		case s.Kind == engine.Kinesis:
			action, arn, calls = "kinesis:PutRecord", s.ARN, []string{"put_record", "putRecord", "PutRecord"}
		default:
			if only := operations(m); only == "INSERT" && l.onlyUpdates(f.ID) || only == "REMOVE" { // what it deletes is gone
				return
			}
			table, _, _ := strings.Cut(s.ARN, "/stream/")
			action, arn, calls = "dynamodb:PutItem", table, []string{"put_item", "update_item", "PutItem", "UpdateItem", "PutCommand", "UpdateCommand", "putItem", "updateItem"}
		}
		granted, named := l.t.Grants(f.ID, action, arn)
		code := l.codeOf(f.ID)
		sends := code.mentions(calls...)
		if f.Sends != m.Source && !(granted && sends) && !(named && code.all == "") && !(sends && l.named(f.ID, m.Source)) {
			return
		}
		w := l.world(m, 10*engine.Minute+40*l.late(m), "", "")
		sentence := f.ID + " may write to " + m.Source + ", which " + m.ID + " reads: what it writes comes back to it"
		body := `{"round":{n}}`
		if own, _ := l.sc.Sample(m); own != "" && l.passes(m) { // what its filters let through
			body = own
			if rest, object := strings.CutPrefix(own, "{"); object && rest != "}" { // each its own: a FIFO queue drops the same one
				body = `{"round":{n},` + rest
			}
		}
		send := "{send: " + m.Source + ", body: " + scenario.Quoted(body)
		switch {
		case q != nil:
			w.Bites = "function(\"" + f.ID + "\").recursive_invocations_dropped > 0 || function(\"" + f.ID + "\").invocations > 40"
			w.Watch = "One message arrives, and the function sends one to its own queue for each that it gets. Lambda stops the loop after about 16 rounds, where nothing allows it."
			w.does(f.ID, "does: ["+send+"}]")
			sentence += ". Lambda stops such a loop after about 16 rounds only where the code's SDK passes the trace header on"
		case s.Kind == engine.DynamoDB && m.FilterCriteria != nil && operations(m) != "MODIFY": // each round writes an item that is new
			w.Bites = "stream(\"" + s.ID + "\").put > 10"
			w.Watch = "One item is put, and the function puts a new one for each that it gets. Nothing stops the loop."
			does := []string{send + ", key: round1, records: [" + l.label(m, 1) + "]}"}
			for i := range 12 {
				does = append(does, send+fmt.Sprintf(", key: round%d, keys: [round%d]}", i+2, i+1))
			}
			w.does(f.ID, "does: ["+strings.Join(does, ", ")+"]")
			sentence += ". Lambda does not stop loops through streams and tables"
		default:
			w.Bites = "stream(\"" + s.ID + "\").put > 30"
			w.Watch = "One record arrives, and the function writes one to its own source for each that it gets. Nothing stops the loop."
			w.does(f.ID, "does: ["+send+"}]")
			sentence += ". Lambda does not stop loops through streams and tables"
		}
		l.add(m, l.t.At(f.ID), Finding{On: f.ID, Sentence: sentence,
			Right: "another source for what it writes, or a filter that drops what the function itself has written",
			Fix:   l.elsewhere(m, q, s),
			World: w.puts(l, m, "at: 1s, count: 1")})
	})
}

// named tells whether the environment of a function names a resource.
func (l *looker) named(function, id string) bool {
	r := l.t.Property(function, "Environment", "Variables")
	if r == nil {
		return false
	}
	for _, f := range r.Fields {
		if f.Value != nil && f.Node != nil {
			text := l.t.Raw(f.Node).JSON()
			if strings.Contains(text, `"`+id+`"`) || strings.Contains(text, `"`+id+`.`) || strings.Contains(text, "${"+id) {
				return true
			}
			if q := l.queue(id); q != nil && (f.Text == q.Name || strings.HasSuffix(f.Text, "/"+q.Name) || f.Text == q.ARN) {
				return true
			}
		}
	}
	return false
}
