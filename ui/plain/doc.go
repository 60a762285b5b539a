// Package plain is the linear mode: what a run did, told in plain lines from
// its trace, for pipes, screen readers and terminals without a screen.
package plain
