// Package engine simulates AWS Lambda event source mappings in virtual time.
//
// It is pure: it reads no clock, no file and no network, starts no goroutine
// and draws no global random number. The same Config, Seed and Commands give
// the same events, byte for byte, on every machine and Go version.
//
// A Config describes streams, queues, functions, mappings, traffic and steps.
// New makes a Sim of it. A Sim is driven from outside: RunUntil and Step let
// virtual time pass, Do applies a Command, Drain hands over the trace Events
// emitted since it was last called, Clone copies the whole state (a branch of
// history). Every rule of AWS that decides something is named in the event it
// caused by its id in package rule.
//
// Reading order: config.go (what goes in), command.go (what a person does),
// event.go (what comes out), sim.go (the loop), then by room. Streams:
// stream.go (shards, writes, retention), iterator.go (reads and batches),
// filter.go (what of a read is dropped), outcome.go (retry, bisect, discard). Queues: queueconfig.go and queuestate.go
// (attributes, messages, pollers), queueput.go (sends), queue.go (visibility,
// delays, retention), group.go and fair.go (message groups), dedup.go, poller.go
// (receives and batches), batch.go (what becomes of them), scale.go (how many
// pollers), redrive.go, queuedo.go (changes), queueview.go (questions). Both:
// function.go (durations, faults, concurrency) and destination.go (what a
// discarded batch leaves behind).
package engine
