package progress

import (
	"errors"
	"fmt"
	"time"
)

// File is where lines go. The one on disk is ui/cmd's; Memory is for tests
// and for a home that cannot be written.
type File interface {
	// ReadAll gives everything in the file, nothing where there is none yet.
	ReadAll() ([]byte, error)
	// Append puts bytes behind everything in the file, in one write.
	Append(b []byte) error
	// Sync returns when what was appended is on disk.
	Sync() error
}

// Options are what a Store is given from outside.
type Options struct {
	Machine string        // written on each line
	NewID   func() string // a new id, unique over all machines
	Params  Schedule
}

// Store is a person's progress: what was read, and what is added. Its methods
// never stop a quiz: an error says that something is not saved, while the
// state has it. It is not safe for use by several goroutines.
type Store struct {
	*State
	file    File
	o       Options
	read    int // bytes of the file that are in the state
	line    int // number of the line at read
	report  Report
	readErr error
	pending []Line // added, not known to be on disk
}

// Open reads a file. It does not fail: Notes says what was wrong.
func Open(f File, o Options) *Store {
	s := &Store{State: NewState(o.Params), file: f, o: o, line: 1}
	s.Refresh()
	return s
}

// Refresh reads what was added to the file since it was read, by this esmlab
// or another one.
func (s *Store) Refresh() {
	data, err := s.file.ReadAll()
	if s.readErr = err; err != nil {
		return
	}
	if len(data) < s.read { // another file in its place: read all of it, lines are known by their id
		s.read, s.line, s.report = 0, 1, Report{}
	}
	if s.report.LastTorn { // read again: it may be complete now
		s.report.Broken = s.report.Broken[:len(s.report.Broken)-1]
	}
	got, line, rest := parse(data[s.read:], s.line, &s.report)
	s.read += rest
	s.line = line
	n := s.State.Add(got...)
	s.report.Lines += n
	s.report.Again += len(got) - n
}

// Report says what reading met so far.
func (s *Store) Report() Report { return s.report }

// Unsaved counts the lines that are not known to be on disk.
func (s *Store) Unsaved() int { return len(s.pending) }

// Notes are what a person should be told of the file, in sentences.
func (s *Store) Notes() []string {
	out := s.report.Notes()
	if s.readErr != nil {
		out = append(out, fmt.Sprintf("The progress file cannot be read: %v. The quiz goes on as if nothing had been asked before.", s.readErr))
	}
	if n := len(s.pending); n > 0 {
		out = append(out, fmt.Sprintf("%s of progress could not be saved yet; it is tried again with the next answer.", lines(n)))
	}
	return out
}

// Stamp completes a line: version, id, machine, time and study day. At is in
// the learner's time zone.
func (s *Store) Stamp(at time.Time, l Line) Line {
	l.V, l.ID, l.Machine = Version, s.o.NewID(), s.o.Machine
	l.Day, l.At = DayOf(at), at.UTC().Truncate(time.Millisecond)
	return l
}

// Write adds a line to the state and brings it to disk before it returns. The
// error says why it is not there; the line is then written with the next one.
// It refuses a line that could not be read again.
func (s *Store) Write(l Line) error {
	if err := l.check(); err != nil {
		return err
	}
	s.State.Add(l)
	s.pending = append(s.pending, l)
	return s.Flush()
}

// Flush writes what is not saved yet. A line that is written twice, because
// an error hid that the first time had worked, counts once.
func (s *Store) Flush() error {
	for len(s.pending) > 0 {
		b, err := s.pending[0].encode()
		if err == nil {
			err = s.file.Append(b)
		}
		if err == nil {
			err = s.file.Sync()
		}
		if err != nil {
			return fmt.Errorf("progress is not saved: %w", err)
		}
		s.pending = s.pending[1:]
	}
	return nil
}

// Memory is a File in memory. Fail, where set, is asked before each append.
type Memory struct {
	Data []byte
	Fail func() error
}

// ReadAll gives the bytes.
func (m *Memory) ReadAll() ([]byte, error) { return m.Data, nil }

// Append appends, unless Fail has an error. An error of ErrTorn leaves half.
func (m *Memory) Append(b []byte) error {
	if m.Fail != nil {
		if err := m.Fail(); err != nil {
			if errors.Is(err, ErrPartialWrite) {
				m.Data = append(m.Data, b[:len(b)/2]...)
			}
			return err
		}
	}
	m.Data = append(m.Data, b...)
	return nil
}

// ErrTorn is a write that was cut short.
var ErrPartialWrite = errors.New("the write was cut short")

// Sync has nothing to do.
func (m *Memory) Sync() error { return nil }
