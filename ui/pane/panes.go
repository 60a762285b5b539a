package pane

import "slices"

// Last is the digit of the last pane.
const Last = 8

// Pane is one of the panes of a lab.
type Pane struct {
	Name        string // as other texts call it
	Row         string // what one of its rows is about
	Title, Text string // what it shows, in two sentences
	// Twin is the pane whose rows are beside the rows of this one: the two have one
	// filter. 0: none.
	Twin int
	// Sponge: it can use any height, and takes the rows that are left.
	Sponge bool
	draw   func(*Ctx, ViewState) Body
	forms  func(*Ctx, int) []Form
}

// Pane gives pane i, 1 to Last, of the mapping shown.
func (c *Ctx) Pane(i int) *Pane {
	if c.OnQueue() {
		return &queuePanes[i]
	}
	return &streamPanes[i]
}

// All lists the panes of a mapping that reads a stream, then those of one that
// reads a queue.
func All() []Pane { return slices.Concat(streamPanes[1:], queuePanes[1:]) }

// Draw draws pane i, 1 to Last. A pane that has no room inside its border is drawn as if it
// had one cell, and shows no rows: its subjects are there.
func (c *Ctx) Draw(i int, k ViewState) Body {
	h := max(0, k.H)
	k.W, k.H = max(1, k.W), max(1, k.H)
	b := c.Pane(i).draw(c, k)
	b.Rows = b.Rows[:min(len(b.Rows), h)]
	return b
}

// The panes of a mapping that reads a stream, and of one that reads a queue.
var (
	streamPanes = [Last + 1]Pane{
		1: {Name: "Shards", Row: "a shard", Title: "What a shard is", draw: drawShards, forms: shardForms, Twin: 2,
			Text: "A shard is one ordered sequence of a stream's records; the hash of its partition key decides which shard a record goes to. " +
				"Order is kept within a shard and only there, so a batch that fails holds up its own shard and no other."},
		2: {Name: "Iterators", Row: "an iterator", Title: "What an iterator is", draw: drawIterators, forms: iteratorForms, Twin: 1,
			Text: "An iterator is the mapping's place in one shard: it marks the first unfinished record, and holds no copy of anything. " +
				"It moves when a batch is done or given up; the records stay in the stream until their retention ends."},
		3: {Name: "Batches", Row: "a batch", Title: "What a batch is", draw: drawBatches, forms: batchForms,
			Text: "A batch is what the function is handed in one invocation: records of one shard, in order, at most BatchSize of them, gathered for at most the batching window. " +
				"It is done, tried again, split or given up as a whole, unless the function reports which of its records failed."},
		4: {Name: "Queues", Row: "a message", Title: "What an on-failure queue gets", draw: drawDestinations, forms: destinationForms,
			Text: "A batch that is given up leaves one message in the OnFailure queue. " +
				"It says where the records lie (shard and sequence numbers) and why they were given up, not what they hold: fetch them from the stream before its retention ends."},
		5: {Name: "Settings", Row: "a setting", Title: "What settings do", draw: drawSettings, forms: settingForms,
			Text: "These are the parameters of the event source mapping, by AWS's names; the letter in front changes one. " +
				"A batch under way keeps its records and its count, and is judged by the values that hold when it next fails."},
		6: {Name: "What happened", Row: "a line", Title: "What happened", draw: drawHappened, forms: happenedForms,
			Text: "Each line is something the simulation decided, newest first; reads and puts are left out. " +
				"{inside} on a line shows the rule that decided it, where AWS says so, and the values of that instant."},
		7: {Name: "Metrics", Row: "a plot", Title: "What the metrics say", draw: drawMetrics, forms: metricForms, Sponge: true,
			Text: "The line is the age of the oldest record that is not finished. IteratorAge is how old the last record of a batch was when it was handed over: ● and X stand at it, so they lie below the line while a shard is blocked. " +
				"Errors counts invocations that failed; a throttled try is not one, as it never reached the function. + on the axis is a command of yours."},
		8: {Name: "Timeline", Row: "a lane", Title: "What the timeline shows", draw: drawTimeline, forms: timelineForms, Sponge: true,
			Text: "A lane for each shard, from the left to now: when a batch is gathered, in the function, failed, and when it waits for its next try; the waits double, so the gaps do. " +
				"What is right of now is already certain. {inside} zooms in round now; on the whole screen you see batches that were split as a tree, and how many times each record was called."},
	}
	queuePanes = [Last + 1]Pane{
		1: {Name: "Queue", Row: "a count", Title: "What a queue is", draw: drawQueue, forms: queueForms,
			Text: "A queue holds messages until someone deletes them; receiving one only hides it for the visibility timeout. " +
				"A message that is not deleted in that time becomes visible again and is received again, and its receive count grows."},
		2: {Name: "Pollers", Row: "a poller", Title: "What a poller is", draw: drawPollers, forms: pollerForms,
			Text: "Lambda polls the queue for the mapping: each poller receives messages, invokes the function with them and deletes them when it succeeds. " +
				"A queue has no iterator and no position: a deleted message is done, and order is kept only within the message groups of a FIFO queue."},
		3: {Name: "Batches", Row: "a batch", Title: "What a batch is", draw: drawMessageBatches, forms: messageBatchForms,
			Text: "A batch is what one invocation is handed: at most BatchSize messages that one poller received. " +
				"When it fails, none of its messages is deleted, unless the function reports which ones failed; Lambda does nothing more, the visibility timeout does the rest."},
		4: {Name: "Queue", Row: "a message", Title: "What a dead-letter queue is", draw: drawDeadLetters, forms: deadLetterForms,
			Text: "A message that was received maxReceiveCount times moves to the DLQ when it would be received once more, with its body. " +
				"From there it can be redriven to the queue it came from, once the fault is fixed."},
		5: {Name: "Settings", Row: "a setting", Title: "What settings do", draw: drawSettings, forms: settingForms,
			Text: "The first ones are attributes of the queue, the others parameters of the event source mapping, by AWS's names. " +
				"The visibility timeout and the receive count, not the mapping, decide when and how many times a failed message is tried again."},
		6: {Name: "What happened", Row: "a line", Title: "What happened", draw: drawHappened, forms: happenedForms,
			Text: "Each line is something the simulation decided, newest first; reads and puts are left out. " +
				"{inside} on a line shows the rule that decided it, where AWS says so, and the values of that instant."},
		7: {Name: "Metrics", Row: "a plot", Title: "What the metrics say", draw: drawMetrics, forms: metricForms, Sponge: true,
			Text: "These are the queue's CloudWatch metrics: what is visible, what is in flight, and how old the oldest message is. " +
				"A message that fails again and again is in flight most of the time, so the number that is visible stays small while the age grows."},
		8: {Name: "Timeline", Row: "a lane", Title: "What the timeline shows", draw: drawTimeline, forms: timelineForms, Sponge: true,
			Text: "A lane for each poller, and for each message group of a FIFO queue, from the left to now: when the function has a batch, when it failed, and how long its messages stay hidden then, with how many times they were received. " +
				"What is right of now is already certain. {inside} zooms in round now; on the whole screen you see how many times each message was received."},
	}
)
