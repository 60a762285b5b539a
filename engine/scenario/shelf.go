package scenario

// Shelf is a subject, and the built-in scenarios that are about it, the plainest first.
type Shelf struct {
	Name, Short string
	Scenarios   []string
}

// Shelves are all built-in scenarios by subject; each stands on one shelf.
func Shelves() []Shelf {
	return []Shelf{
		{"Streams: flow", "", []string{"calm-stream", "window-gathers", "tumbling-count", "filters-drop", "filter-on-a-number", "latest-misses", "ttl-deletes", "written-twice", "aggregated-and-filtered", "refused-and-put-again"}},
		{"Streams: a record fails", "Streams: a failure", []string{"poison-record", "bisect-finds-it", "eight-records", "partial-response", "wrong-key", "bisect-with-partial", "good-neighbours-lost", "timeout"}},
		{"Streams: giving up", "", []string{"retries-then-destination", "records-too-old", "s3-keeps-the-payload", "off-for-too-long"}},
		{"Streams: shards, readers", "Streams: shards", []string{"parallel-lanes", "reshard-behind-poison", "two-consumers", "too-many-consumers", "third-reader", "throttled"}},
		{"Queues: receive and hide", "Queues: receive, hide", []string{"calm-queue", "visibility-too-short", "six-times", "delay-is-not-hiding", "fifo-group-blocked", "fifo-shared-batch", "fifo-same-twice", "a-second-consumer", "looked-at-in-the-console", "purged-too-late"}},
		{"Queues: into the DLQ", "", []string{"poison-to-dlq", "batch-mates", "report-the-one", "report-not-enabled", "fifo-order-broken", "throttled-into-the-dlq", "dlq-on-the-function", "redrive-back"}},
		{"Queues: scale and rights", "Queues: scale, rights", []string{"scale-out", "maximum-concurrency", "two-mappings-compete", "queue-filtered-away", "permission-lost"}},
		{"Handlers that act", "Handlers", []string{"given-back-at-once", "heartbeat", "deleted-then-thrown", "powertools-stops", "charged-twice", "idempotent-and-crashed", "sent-back-to-itself", "downstream-away", "circuit-breaker"}},
		{"Deployments", "", []string{"position-changed", "everything-again", "view-type-changed", "table-made-anew", "weighted-alias"}},
		{"In front of a queue", "In front", []string{"envelope-and-filter", "test-event", "no-queue-policy"}},
	}
}
