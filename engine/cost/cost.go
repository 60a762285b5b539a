package cost

import (
	"cmp"
	"fmt"
	"io"
	"strconv"
	"strings"
	"text/tabwriter"

	"esmlab/engine"
	"esmlab/engine/setting"
)

// Line is one line of a bill.
type Line struct {
	Resource string // logical id
	Price
	Count int64 // of what Price.Per counts
}

// Units is how many units are billed.
func (l *Line) Units() float64 { return float64(l.Count) / float64(l.Per) }

// Cost is what they cost, in US dollars.
func (l *Line) Cost() float64 { return l.Units() * l.USD }

// Bill is what a run has cost up to its instant.
type Bill struct {
	Region string
	Lines  []Line
	// Requests are what the queues were asked, Empty those receives that found nothing.
	Requests, Empty int64
	Invocations     int64
	Memory          int64 // billed: MB times microseconds
}

// Of is the bill of a run so far.
func Of(s *engine.Sim) Bill {
	c := s.Config()
	b := Bill{Region: cmp.Or(c.PricesOf, Region)}
	add := func(id, name string, count int64) {
		if p, ok := Find(c, name); ok && count > 0 {
			b.Lines = append(b.Lines, Line{id, p, count})
		}
	}
	for i := range c.Functions {
		f := &s.Functions[i]
		_, memory := f.Billed()
		b.Invocations += f.Invocations
		b.Memory += memory
		add(c.Functions[i].ID, LambdaRequests, f.Invocations)
		if f.Managed != 0 { // EC2 instances are billed instead of time
			continue
		}
		add(c.Functions[i].ID, pick(f.Architecture == "arm64", LambdaArm, LambdaX86), memory)
	}
	for i := range c.Queues {
		r := s.QueueRequests(i)
		b.Requests += r.Total()
		b.Empty += r.Empty
		add(c.Queues[i].ID, pick(s.Queues[i].FIFO, SQSFIFO, SQSStandard), r.Total())
	}
	for i := range c.Streams {
		st, id := &s.Streams[i], c.Streams[i].ID
		if st.Kind != engine.Kinesis {
			continue // a mapping's reads of a table's stream are free
		}
		if st.OnDemand() {
			add(id, KinesisStreams, int64(s.Now()))
			add(id, KinesisIn, s.PutKB(i))
			continue
		}
		add(id, KinesisShards, int64(s.ShardTime(i)))
		add(id, KinesisPuts, s.PutUnits(i))
		if st.Retention > 24*engine.Hour {
			add(id, KinesisRetained, int64(s.ShardTime(i)))
		}
	}
	for i := range c.Mappings {
		id := c.Mappings[i].ID
		if s.QueueOf(i) >= 0 {
			add(id, LambdaPollers, int64(s.PollerTime(i)))
			continue
		}
		si := s.SourceOf(i)
		switch st := &s.Streams[si]; {
		case st.Kind != engine.Kinesis:
		case !s.Standard(i):
			add(id, FanOutShards, int64(s.ShardTime(si)))
			add(id, FanOutRead, s.ReadKB(i))
		case st.OnDemand():
			add(id, KinesisOut, s.ReadKB(i))
		}
	}
	return b
}

func pick(first bool, a, b string) string {
	if first {
		return a
	}
	return b
}

// Total is what all lines come to, in US dollars, and whether a price among them is not
// AWS's own.
func (b *Bill) Total() (usd float64, about bool) {
	for i := range b.Lines {
		usd += b.Lines[i].Cost()
		about = about || b.Lines[i].About
	}
	return usd, about
}

// GBSeconds are what the functions' invocations are billed for.
func (b *Bill) GBSeconds() float64 { return float64(b.Memory) / memorySecMB }

// Dollars writes an amount: $12.30, $0.0041, about $0.0041.
func Dollars(usd float64, about bool) string {
	places := 2
	for limit := 1.0; places < 9 && usd > 0 && usd < limit; limit /= 10 {
		places++
	}
	text := strconv.FormatFloat(usd, 'f', places, 64)
	if places > 2 {
		whole, rest, _ := strings.Cut(text, ".")
		for len(rest) > 2 && strings.HasSuffix(rest, "0") {
			rest = rest[:len(rest)-1]
		}
		text = whole + "." + rest
	}
	if text = "$" + text; about {
		return "about " + text
	}
	return text
}

// Summary says in a few words what was billed: "about $0.0041: 46 invocations, 0.58
// GB-seconds, 120 requests, 15 of them empty receives".
func (b *Bill) Summary() string {
	usd, about := b.Total()
	parts := []string{plural(b.Invocations, "invocation"), strconv.FormatFloat(b.GBSeconds(), 'f', 2, 64) + " GB-seconds"}
	if b.Requests > 0 {
		parts = append(parts, plural(b.Requests, "SQS request"))
	}
	if b.Empty > 0 {
		parts = append(parts, plural(b.Empty, "empty receive")+" among them")
	}
	return Dollars(usd, about) + ": " + strings.Join(parts, ", ")
}

// Write prints the bill, a line for each price.
func (b *Bill) Write(w io.Writer) {
	usd, about := b.Total()
	fmt.Fprintf(w, "\n%s at the prices of %s, free tiers not subtracted\n", Dollars(usd, about), b.Region)
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	for i := range b.Lines {
		l := &b.Lines[i]
		from := l.Source
		if l.Read != "" {
			from += ", " + l.Read
		}
		fmt.Fprintf(t, "  %s\t%s\t%s × $%s per %s\t%s\n", l.Resource, Dollars(l.Cost(), l.About), strconv.FormatFloat(l.Units(), 'g', 4, 64), strconv.FormatFloat(l.USD, 'f', -1, 64), l.Unit, from)
	}
	t.Flush()
}

func plural(n int64, word string) string {
	if n == 1 {
		return "1 " + word
	}
	return setting.Thousands(int(n)) + " " + word + "s"
}
