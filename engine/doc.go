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
// Reading order: config.go (what goes in), command.go (what a person asks for),
// event.go (what comes out), sim.go (the loop), commands.go (what a command
// does), then by subject; a file is named for what it holds:
//
//   - stream_…: shards and writes, tables, resharding, read limits, retention;
//   - queue_…: attributes, sends, visibility, message groups, deduplication,
//     pollers, batches, scaling, redrive;
//   - function.go: durations, faults, concurrency;
//   - mapping_…: iterators, filters, what becomes of a batch, tumbling windows,
//     failure destinations.
package engine
