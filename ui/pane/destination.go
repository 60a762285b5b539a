package pane

import (
	"slices"
	"strings"

	"esmlab/engine"
	"esmlab/ui/kit"
)

// Destination is where a mapping's failures go.
type Destination struct {
	ID, Kind string // "" none; SQS, SNS, S3
	Word     string // queue, topic, bucket
	Whole    bool   // what arrives holds the data of the records
	index    int
}

// Destination says where the failures of the mapping shown go.
func (c *Ctx) Destination() Destination {
	id := c.mapping().OnFailure
	d := Destination{ID: id, index: -1, Word: "queue"}
	if id == "" {
		return d
	}
	d.Kind = "SQS"
	if d.index = c.S.DestinationIndex(id); d.index < 0 {
		return d
	}
	if t := c.S.Config().Target(int32(d.index)); t != nil {
		d.Kind, d.Word, d.Whole = "SNS", "topic", t.Bucket
		if t.Bucket {
			d.Kind, d.Word = "S3", "bucket"
		}
	}
	return d
}

// Messages lists what arrived at the destination of failures, oldest first; at a
// topic or a bucket only what the history still has.
func (c *Ctx) Messages() []engine.Message {
	d := c.Destination()
	switch {
	case d.index < 0:
		return nil
	case d.Kind == "SQS":
		return c.S.PutTo(d.index)
	}
	var out []engine.Message
	for i := range c.History.Log {
		if e := &c.History.Log[i]; e.Kind == engine.KindDeliver && int(e.Queue) == d.index {
			out = append(out, engine.Message{At: e.At, Discard: e.Discard, Forward: -1})
		}
	}
	return out
}

// arrivalSubject is what the row of a message is about: the failure record in it,
// else the message itself.
func (c *Ctx) arrivalSubject(m *engine.Message) Subject {
	if m.Discard >= 0 {
		return Subject{Kind: KindFailureRecord, N: int64(m.Discard)}
	}
	return Subject{Kind: KindMessage, N: int64(c.S.MessageID(int(m.Origin), int(m.N)))}
}

// Arrival gives the number of something that arrived at the destination of
// failures, from 1; 0 if it is not known there.
func (c *Ctx) Arrival(about Subject) int {
	list := c.Messages()
	return 1 + slices.IndexFunc(list, func(m engine.Message) bool { return c.arrivalSubject(&m) == about })
}

// drawDestinations draws pane 4 of a stream: where failures go.
func drawDestinations(c *Ctx, k ViewState) Body {
	to := c.Destination()
	list := c.Messages()
	slices.Reverse(list)
	b := Body{}
	head := "4 Queues · "
	if to.Word != "queue" {
		head = "4 " + kit.Capitalize(to.Word) + " · "
	}
	switch {
	case to.ID == "":
		b.Title = head + "no OnFailure"
	case c.Long:
		b.Title = head + to.ID + " (OnFailure of " + c.config().ID + ")"
	default:
		b.Title = head + to.ID + " (OnFailure)"
	}
	shown := matching(len(list), k.Filter, func(i int) string { return c.messageRow(len(list)-i, &list[i], 200, false) })
	destination := Subject{Kind: KindDestination}
	b.list(&k, []Subject{destination}, subjects(shown, func(i int) Subject { return c.arrivalSubject(&list[i]) }), nil)
	if len(list) == 0 {
		text := c.emptyQueue(k.W - 2)
		if len(text) == 3 && k.H == 2 && to.ID == "" { // the keys are more than why they matter
			text = []string{text[0], text[2]}
		}
		for i, s := range text {
			if len(b.Rows) < k.H {
				b.add(destination, line(c, k.W, i == 0 && k.Sel == destination).Text(s).String())
			}
		}
		return b
	}
	noun := "message"
	if to.Whole {
		noun = "object"
	}
	head = kit.Count(len(list), noun) + " arrived"
	if c.Long && to.Whole {
		head += ", with the data of the records"
	} else if c.Long {
		head = kit.Pick(k.W-1, head+": where the records lie in the stream, not what they hold", head+": where the records lie, not what they hold")
	}
	b.add(destination, line(c, k.W, k.Sel == destination).Text(head).String())
	b.Note = k.note("")
	from, end := b.scroll(&k, k.H-1)
	for _, i := range shown[from:end] {
		about := c.arrivalSubject(&list[i])
		b.item(about, c.messageRow(len(list)-i, &list[i], k.W, k.Sel == about))
	}
	return b
}

func (c *Ctx) messageRow(n int, m *engine.Message, w int, selected bool) string {
	l := line(c, w, selected).Add(kit.Strong, Num(int32(n))).Text("  ")
	if m.Discard < 0 {
		if m.Forward >= 0 {
			return l.Text("an event that Lambda stopped").Right(kit.Dim, stamp(m.At), w-1).String()
		}
		return l.Text("a message of the function").String()
	}
	d := &c.S.Discards[m.Discard]
	records := Num(d.Records[0])
	if len(d.Records) > 1 {
		records += "…" + Num(d.Records[len(d.Records)-1])
	}
	if !c.Long {
		return l.Text(records+"  ").Add(kit.Bad, d.Condition.String()).Right(kit.Dim, stamp(m.At), w-1).String()
	}
	l.Add(kit.Bad, d.Condition.String()).Text("  batchSize " + itoa(len(d.Records)) + "  shard " + itoa(int(d.Shard)) + " " + records)
	if count := "  approximateInvokeCount " + itoa(int(d.InvokeCount)); l.Col()+len(count)+10 < w {
		l.Text(count)
	}
	return l.Right(kit.Dim, stamp(m.At), w-1).String()
}

// emptyQueue says why nothing has arrived, in lines of at most w cells.
func (c *Ctx) emptyQueue(w int) []string {
	m := c.mapping()
	tries, age := m.MaximumRetryAttempts, m.MaximumRecordAgeInSeconds
	given := 0
	for i := range c.S.Discards {
		if int(c.S.Discards[i].Mapping) == c.M {
			given += len(c.S.Discards[i].Records)
		}
	}
	var text []string
	switch {
	case m.OnFailure == "" && given > 0:
		text = []string{kit.Count(given, "record") + " given up, and nothing reports it.", kit.WithKeys("{failures} sets a queue for what is given up next.")}
	case tries < 0 && age < 0 && c.Long:
		text = []string{"0 messages arrived.", "Nothing is discarded: neither retries nor age has a limit.",
			kit.WithKeys("{retries} limits the retries, {age} the age; what is given up comes here")}
		if m.OnFailure == "" {
			text[0], text[2] = "What is given up leaves no trace: no queue is set.", kit.WithKeys("{retries} limits the retries, {age} the age, {failures} sets the queue")
		}
	case tries < 0 && age < 0:
		text = []string{"0 messages: nothing is discarded while", "neither retries nor age has a limit.", kit.WithKeys("{retries} limits retries, {age} limits age")}
	default:
		text = []string{"0 messages arrived.", "A batch is given up after " + c.limits() + "."}
		if m.OnFailure == "" {
			text[0] = "No queue is set: what is given up leaves no trace."
			text = append(text, kit.WithKeys("{failures} sets one"))
		} else if next := c.nextDiscard(); next != "" {
			text = append(text, next)
		}
	}
	if one := strings.Join(text, " "); !c.Long && len(kit.Wrap(one, w)) < len(text) {
		text = []string{one}
	}
	var out []string
	for _, s := range append(c.asyncOnly(), text...) {
		out = append(out, kit.Wrap(s, w)...)
	}
	return out
}

// asyncOnly names the function's own destination for failures, which a mapping never
// uses, because it invokes synchronously.
func (c *Ctx) asyncOnly() []string {
	f := c.functionConfig()
	if len(f.Async) == 0 {
		return nil
	}
	return []string{"▲ " + f.Async[0].Property + " of " + f.ID + ": for asynchronous invocations only."}
}

// nextDiscard says which batch will use up its tries next; "" if none is near.
func (c *Ctx) nextDiscard() string {
	m := c.mapping()
	for _, i := range Blocked(c.S, c.M) {
		l := c.S.ActiveLane(c.M, i)
		part, records := l.Part()
		if part == nil || m.MaximumRetryAttempts < 0 {
			continue
		}
		what := "next: batch " + itoa(int(part.Batch)) + " of shard " + itoa(i)
		if m.BisectBatchOnFunctionError && len(records) > 1 {
			return what + ", split first if it fails again"
		}
		fails := m.MaximumRetryAttempts + 1 - int(part.Tries)
		if l.Phase == engine.PhaseRunning {
			fails++ // the try under way is already counted
		}
		if fails <= 1 {
			return what + ", if it fails again"
		}
		return what + ", if it fails " + itoa(fails) + " more times"
	}
	return ""
}

func (c *Ctx) limits() string {
	m := c.mapping()
	out := ""
	if m.MaximumRetryAttempts >= 0 {
		out = kit.Count(m.MaximumRetryAttempts+1, "try")
	}
	if m.MaximumRecordAgeInSeconds >= 0 {
		if out != "" {
			out += ", or "
		}
		out += Dur(engine.Micros(m.MaximumRecordAgeInSeconds)*engine.Second) + " of age"
	}
	return out
}

func stamp(m engine.Micros) string { return Stamp(m) }

// Stamp writes an instant in a list: in seconds, from a minute on as the clock above
// does.
func Stamp(m engine.Micros) string {
	if m < engine.Minute {
		return tenths(m * 10 / engine.Second)
	}
	return Clock(m)
}

// instant is stamp with its unit in a sentence: "54.0 s", "01:12.0".
func instant(m engine.Micros) string {
	if m < engine.Minute {
		return stamp(m) + " s"
	}
	return stamp(m)
}
