package scenario

import (
	"bytes"
	"encoding/json"
	"slices"
	"strconv"
	"strings"

	"esmlab/engine"
	"esmlab/engine/setting"
	"esmlab/engine/template"
)

// producer reads what a traffic row has of a producer that does more than put one
// record after the other.
func (r *reader) producer(v *template.Value, t *engine.Traffic, stream, front int) {
	t.Batch = r.number(v, "batch", 0, 1, 500)
	if front >= 0 {
		for _, name := range []string{"fails", "lost", "retry"} {
			if f := v.Get(name); f != nil {
				r.Add(f.Node, "", name+" is for streams, tables and queues only", "leave it out; sources.<queue>.away keeps what is sent from a queue")
			}
		}
		if f := v.Get("batch"); f != nil && r.cfg.Fronts[front].Kind != engine.FrontBucket {
			r.Add(f.Node, "", "batch is for streams, tables, queues and buckets only", "leave it out")
		}
	}
	if f := v.Get("batch"); f != nil && stream < 0 && front < 0 && t.Batch > 10 {
		r.Add(f.Node, "AWS.SimpleQueueService.TooManyEntriesInBatchRequest", "Maximum number of entries per request are 10. You have sent "+strconv.Itoa(t.Batch)+".", "1 to 10")
	}
	t.Fails, t.Lost = r.share(v, "fails"), r.share(v, "lost")
	t.Aggregate = r.number(v, "aggregate", 0, 1, 1000)
	if f := v.Get("aggregate"); f != nil && (stream < 0 || r.cfg.Streams[stream].Kind != engine.Kinesis) {
		r.Add(f.Node, "", "only the Kinesis Producer Library aggregates", "leave it out")
	}
	if f := v.Get("repeat"); f != nil {
		t.Repeat = r.duration(v, "repeat", 0)
		if len(t.Rates) == 0 || t.Repeat <= t.Rates[len(t.Rates)-1].At {
			r.Add(f.Node, "", "repeat begins the points of a rate anew, after the last of them", "rate: {0s: 5/s, 12h: 50/s}, repeat: 24h")
			t.Repeat = 0
		}
	}
	f := v.Get("retry")
	switch {
	case f == nil:
	case f.Kind == template.Map:
		r.known(f, "retry", "times", "after", "backoff", "whole")
		t.Retry = engine.Retry{Times: r.number(f, "times", 3, 1, 100), After: r.duration(f, "after", 100*engine.Millisecond), Backoff: true, Whole: r.flag(f, "whole")}
		if f.Get("backoff") != nil {
			t.Retry.Backoff = r.flag(f, "backoff")
		}
	default:
		t.Retry = engine.Retry{Times: r.number(v, "retry", 0, 1, 100), After: 100 * engine.Millisecond, Backoff: true}
	}
}

// rates reads a rate that changes, from point to point.
func (r *reader) rates(v *template.Value) []engine.Rate {
	var out []engine.Rate
	for _, f := range v.Fields {
		at, ok := Duration(f.Name)
		if !ok || at < 0 || len(out) > 0 && at <= out[len(out)-1].At {
			r.Add(f.Key, "", f.Name+" is not a later time", "{0s: 5/s, 1m: 50/s}: "+setting.TimeForm)
			continue
		}
		if len(out) == 0 && at > 0 {
			out = append(out, engine.Rate{})
		}
		rate := engine.Rate{At: at}
		if n, isInt := f.Int(); !isInt || n != 0 { // 0 needs no unit
			per, n := r.rate(f.Value)
			rate.PerHour = n * int64(engine.Hour/per)
		}
		out = append(out, rate)
	}
	if len(out) == 0 {
		r.Add(v.Node, "", "a rate that changes has points", "{0s: 5/s, 1m: 50/s}")
	}
	return out
}

// replayMost is how many lines a replay may have.
const replayMost = 100_000

// replay reads records from JSON lines: a file beside the template, or the lines
// themselves.
func (r *reader) replay(v *template.Value, to string) []engine.Line {
	text := v.Text
	if !strings.Contains(text, "{") {
		var b []byte
		var err error
		if r.read != nil {
			b, err = r.read(text)
		}
		if err != nil || r.read == nil {
			r.Add(v.Node, "", "the file of a replay cannot be read: "+v.Text, "JSON lines: time, key, body")
			return nil
		}
		text = string(b)
	}
	var out []engine.Line
	n := 0
	for row := range strings.Lines(text) {
		n++
		if row = strings.TrimSpace(row); row == "" {
			continue
		}
		line, right := replayLine(row, r.cfg.Start)
		if right != "" {
			r.Add(v.Node, "", "line "+strconv.Itoa(n)+" of a replay is not a record", right)
			return out
		}
		if bad := r.lineRefusal(to, line.Key); bad != nil {
			r.Add(v.Node, bad.Code, bad.Message, bad.Right+", in line "+strconv.Itoa(n)+" of the replay")
			return out
		}
		if out = append(out, line); len(out) > replayMost {
			r.Add(v.Node, "", "a replay has too many lines", "at most "+engine.Thousands(replayMost))
			return nil
		}
	}
	if len(out) == 0 {
		r.Add(v.Node, "", "a replay has no lines", `{"time": "0s", "key": "k1", "body": {"n": 1}}`)
	}
	slices.SortStableFunc(out, func(a, b engine.Line) int { return int(max(-1, min(1, a.At-b.At))) })
	return out
}

// lineRefusal is about the key of a line: a message of a standard queue needs none.
func (r *reader) lineRefusal(to, key string) *engine.Refusal {
	if i := slices.IndexFunc(r.cfg.Queues, func(q engine.QueueConfig) bool { return q.ID == to }); i >= 0 && key == "" {
		if !r.cfg.Queues[i].FIFO {
			return nil
		}
		return &engine.Refusal{Code: "MissingParameter", Message: "The request must contain the parameter MessageGroupId.", Right: `"key": "k1"`}
	}
	return KeyRefusal(r.cfg, to, key)
}

// replayLine reads one line; right says how it should be, "" if it is well.
func replayLine(row string, start int64) (line engine.Line, right string) {
	var in struct {
		Time, Body json.RawMessage
		Key        string
	}
	dec := json.NewDecoder(strings.NewReader(row))
	dec.DisallowUnknownFields()
	if err := dec.Decode(&in); err != nil {
		return line, `{"time": "0s", "key": "k1", "body": {"n": 1}}`
	}
	at := string(bytes.Trim(in.Time, `"`))
	us, isDate := template.Timestamp(at)
	d, isTime := Duration(at)
	switch {
	case isTime && d >= 0:
		line.At = d
	case isDate && us >= start:
		line.At = engine.Micros(us - start)
	default:
		return line, `"time" is a time from second 0 on: 0.5, "500ms" or "2026-12-01T00:00:00Z"`
	}
	line.Key = in.Key
	if line.Body = string(in.Body); json.Unmarshal(in.Body, &line.Body) != nil {
		line.Body = string(in.Body) // no text: the JSON as it stands
	}
	if line.Body == "" {
		line.Body = `{"n":{n}}`
	}
	return line, ""
}
