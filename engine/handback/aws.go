package handback

import (
	"encoding/json"
	"strconv"
	"strings"

	"github.com/aymanbagabas/go-udiff"

	"esmlab/engine"
	"esmlab/engine/setting"
)

// This file shows what was changed: as a diff of the template, and as the commands of the
// AWS CLI that would do it.

// Diff is the change of the template, line by line; "" where there is none.
func (r *Result) Diff() string {
	return udiff.Unified("template", "template as changed", r.Was, r.Text)
}

// Commands are commands of the AWS CLI that would change the settings of what is deployed,
// one a line.
func (r *Result) Commands(cfg *engine.Config) []string {
	var out []string
	var ids []string
	by := map[string][]Change{}
	for _, c := range r.Changed {
		if by[c.ID] == nil {
			ids = append(ids, c.ID)
		}
		by[c.ID] = append(by[c.ID], c)
	}
	for _, id := range ids {
		list := by[id]
		switch list[0].Row.Of {
		case setting.OfMapping:
			out = append(out, mappingCommand(cfg, id, list))
		case setting.OfQueue:
			out = append(out, queueCommand(cfg, id, list))
		case setting.OfFunction:
			out = append(out, functionCommands(cfg, id, list)...)
		case setting.OfStream:
			out = append(out, streamCommands(cfg, id, list)...)
		}
	}
	return out
}

// arn is the ARN of a queue, a topic or a bucket.
func arn(cfg *engine.Config, id string) string {
	for _, q := range cfg.Queues {
		if q.ID == id {
			return q.ARN
		}
	}
	for _, t := range cfg.Targets {
		if t.ID == id {
			return t.ARN
		}
	}
	return id
}

// kebab writes AWS's name as an option of its CLI: MaximumRetryAttempts as
// maximum-retry-attempts.
func kebab(name string) string {
	var b strings.Builder
	for i, r := range name {
		if r >= 'A' && r <= 'Z' {
			if i > 0 {
				b.WriteByte('-')
			}
			r += 'a' - 'A'
		}
		b.WriteRune(r)
	}
	return b.String()
}

// quoted writes an argument for a shell.
func quoted(s string) string { return "'" + strings.ReplaceAll(s, "'", `'\''`) + "'" }

func mappingCommand(cfg *engine.Config, id string, list []Change) string {
	m := 0
	for i := range cfg.Mappings {
		if cfg.Mappings[i].ID == id {
			m = i
		}
	}
	source, function := cfg.Mappings[m].Source, cfg.Mappings[m].Function
	from := arn(cfg, source)
	for _, s := range cfg.Streams {
		if s.ID == source {
			from = s.ARN
		}
	}
	for _, f := range cfg.Functions {
		if f.ID == function {
			function = f.Name
		}
	}
	out := `aws lambda update-event-source-mapping --uuid "$(aws lambda list-event-source-mappings --function-name ` + function + " --event-source-arn " + from + ` --query 'EventSourceMappings[0].UUID' --output text)"`
	var scaling, pollers []string
	for _, c := range list {
		v := c.Now
		switch c.Row.Name {
		case setting.OnFailure:
			out += " --destination-config " + quoted(`{"OnFailure":{"Destination":"`+emptyOr(v.Text, arn(cfg, v.Text))+`"}}`)
			if v.Text == "" {
				out = strings.TrimSuffix(out, quoted(`{"OnFailure":{"Destination":""}}`)) + quoted(`{"OnFailure":{}}`)
			}
		case setting.FilterCriteria:
			out += " --filter-criteria " + quoted(v.Text)
		case setting.FunctionResponseTypes:
			out += " --function-response-types"
			if v.Text != "" {
				out += " " + v.Text
			} else {
				out += " '[]'"
			}
		case setting.MaximumConcurrency:
			if v.Int > 0 {
				scaling = append(scaling, "MaximumConcurrency="+v.String())
			} else {
				scaling = append(scaling, "{}")
			}
		case setting.MinimumPollers, setting.MaximumPollers:
			if v.Int > 0 {
				pollers = append(pollers, c.Row.Name+"="+v.String())
			} else {
				pollers = append(pollers, "{}")
			}
		default:
			switch {
			case c.Row.Kind == setting.Switch && v.Bool:
				out += " --" + kebab(c.Row.Name)
			case c.Row.Kind == setting.Switch:
				out += " --no-" + kebab(c.Row.Name)
			default:
				out += " --" + kebab(c.Row.Name) + " " + v.String()
			}
		}
	}
	if len(scaling) > 0 {
		out += " --scaling-config " + quotedIf(strings.Join(scaling, ","))
	}
	if len(pollers) > 0 {
		out += " --provisioned-poller-config " + quotedIf(strings.Join(pollers, ","))
	}
	return out
}

func emptyOr(s, or string) string {
	if s == "" {
		return ""
	}
	return or
}

func quotedIf(s string) string {
	if strings.ContainsAny(s, "{}") {
		return "'{}'"
	}
	return s
}

func queueCommand(cfg *engine.Config, id string, list []Change) string {
	name, most, dead := id, 0, ""
	for i := range cfg.Queues {
		if q := &cfg.Queues[i]; q.ID == id {
			name, most, dead = q.Name, q.MaxReceiveCount, q.DeadLetterQueue
		}
	}
	attributes := map[string]string{}
	redrive := false
	for _, c := range list {
		switch c.Row.Name {
		case setting.MaxReceiveCount:
			most, redrive = int(c.Now.Int), true
		case setting.DeadLetterTargetARN:
			dead, redrive = c.Now.Text, true
		case setting.RedrivePermission:
			attributes[setting.RedriveAllowPolicy] = `{"redrivePermission":"` + c.Now.Text + `"}`
		default:
			attributes[c.Row.FullName()] = c.Now.String()
		}
	}
	if redrive {
		attributes[setting.RedrivePolicy] = ""
		if dead != "" {
			text, _ := json.Marshal(map[string]string{"deadLetterTargetArn": arn(cfg, dead), "maxReceiveCount": strconv.Itoa(most)})
			attributes[setting.RedrivePolicy] = string(text)
		}
	}
	text, _ := json.Marshal(attributes)
	return `aws sqs set-queue-attributes --queue-url "$(aws sqs get-queue-url --queue-name ` + name + ` --query QueueUrl --output text)" --attributes ` + quoted(string(text))
}

func functionCommands(cfg *engine.Config, id string, list []Change) []string {
	name := id
	for _, f := range cfg.Functions {
		if f.ID == id {
			name = f.Name
		}
	}
	var out []string
	config := ""
	for _, c := range list {
		switch v := c.Now; c.Row.Name {
		case setting.ReservedConcurrentExecutions:
			if v.Int < 0 {
				out = append(out, "aws lambda delete-function-concurrency --function-name "+name)
			} else {
				out = append(out, "aws lambda put-function-concurrency --function-name "+name+" --reserved-concurrent-executions "+v.String())
			}
		case setting.RecursiveLoop:
			out = append(out, "aws lambda put-function-recursion-config --function-name "+name+" --recursive-loop "+v.Text)
		case setting.Architectures:
			out = append(out, "aws lambda update-function-code --function-name "+name+" --architectures "+v.Text+" --zip-file fileb://code-for-"+v.Text+".zip")
		case setting.Timeout:
			config += " --timeout " + strconv.Itoa(int(seconds(v)))
		default:
			config += " --" + kebab(c.Row.Name) + " " + v.String()
		}
	}
	if config != "" {
		out = append(out, "aws lambda update-function-configuration --function-name "+name+config)
	}
	return out
}

// seconds is a length of time in whole seconds.
func seconds(v setting.Value) int64 {
	if v.Kind == setting.ValueTime {
		return v.Int / int64(engine.Second)
	}
	return v.Int
}

func streamCommands(cfg *engine.Config, id string, list []Change) []string {
	name, from := id, ""
	for _, s := range cfg.Streams {
		if s.ID == id {
			name, from = s.Name, s.ARN
		}
	}
	var out []string
	for _, c := range list {
		switch v := c.Now; c.Row.Name {
		case setting.ShardCount:
			out = append(out, "aws kinesis update-shard-count --stream-name "+name+" --scaling-type UNIFORM_SCALING --target-shard-count "+v.String())
		case setting.StreamMode:
			out = append(out, "aws kinesis update-stream-mode --stream-arn "+from+" --stream-mode-details StreamMode="+v.Text)
		case setting.RetentionPeriodHours:
			verb := "increase"
			if v.Int < c.Was.Int {
				verb = "decrease"
			}
			out = append(out, "aws kinesis "+verb+"-stream-retention-period --stream-name "+name+" --retention-period-hours "+v.String())
		case setting.MaxRecordSizeInKiB:
			out = append(out, "aws kinesis update-max-record-size --stream-arn "+from+" --max-record-size-in-ki-b "+v.String())
		case setting.RecordDistributionStrategy:
			out = append(out, "aws kinesis update-stream-record-distribution-strategy --stream-arn "+from+" --record-distribution-strategy "+v.Text)
		}
	}
	return out
}
