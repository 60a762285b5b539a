package rule

// NewRows are the rows about what AWS has changed or added since the others were
// read, as its pages stood in October 2026 (docs/reference/new.md).
var NewRows = []Row{
	modelled("N-A4", "A loop of a function and its queue is stopped after about 16 rounds, unless RecursiveLoop is Allow. Each event that is stopped also goes to the function's own DLQ or on-failure destination, where it has one, and counts in RecursiveInvocationsDropped.", FnRecursive, FnForward, FnForwardRecord),
	modelled("N-B7", "An asynchronous event holds at most 1 MB. An SNS topic takes messages of up to 262,144 bytes, unless its MaximumMessageSize is raised to at most 1 MiB; a queue takes up to 1 MiB. An on-failure record that is larger is lost.", DstSize),
	modelled("N-D1", "PurgeQueue takes up to 60 seconds: messages sent before may still be received meanwhile, those sent after the call may be deleted too. A second call within 60 seconds is refused. A FIFO queue forgets its deduplication ids.", SqsPurge, SqsPurgeTakes, SqsPurgeAgain),
}
