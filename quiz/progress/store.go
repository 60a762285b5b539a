package progress

import (
	"errors"
	"fmt"
	"sync"
	"time"
)

// File is where lines go. The one on disk is ui/cmd's; Memory is for tests
// and for a home directory that cannot be written.
type File interface {
	// ReadAll gives everything in the file, nothing if there is none yet.
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
// never stop a quiz: an error says that something is not saved, while the state
// has it. Fetch and Flush, which touch the file, may be called from any
// goroutine; everything else belongs to one.
type Store struct {
	*State
	file    File
	o       Options
	later   bool
	read    int // bytes of the file that are in the state
	line    int // number of the line at read
	report  Report
	readErr error

	mu      sync.Mutex // guards what follows; never held during I/O
	busy    bool       // the file is being read or written
	idle    *sync.Cond // it no longer is
	pending []Line     // added, not known to be on disk
	failed  error      // of the last Flush
}

// New makes a Store on a file that is not read yet: Fetch or Refresh reads it.
func New(f File, o Options) *Store {
	s := &Store{State: NewState(o.Params), file: f, o: o, line: 1}
	s.idle = sync.NewCond(&s.mu)
	return s
}

// Defer makes Write leave the file alone: it only adds the line to the state,
// and Flush brings it to disk. Screens never wait for a disk; they run Flush as
// a command.
func (s *Store) Defer() { s.later = true }

// Open reads a file. It does not fail: Notes says what was wrong.
func Open(f File, o Options) *Store {
	s := New(f, o)
	s.Refresh()
	return s
}

// Refresh reads what was added to the file since it was read, by this esmlab
// or another one.
func (s *Store) Refresh() { s.Fetch()() }

// Fetch reads the file and leaves the state alone. The function it returns adds
// what is new to the state, the first time it is called, and reads nothing.
func (s *Store) Fetch() (add func()) {
	s.begin()
	data, err := s.file.ReadAll()
	s.end()
	done := false
	return func() {
		if !done { // what was read once is older than what has been added since
			done = true
			s.add(data, err)
		}
	}
}

// add takes what is new in the bytes of the file.
func (s *Store) add(data []byte, err error) {
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
func (s *Store) Unsaved() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.pending)
}

// Failed says why the last Flush could not write all lines; nil: it did.
func (s *Store) Failed() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.failed
}

// Notes are what a person should be told of the file, in sentences.
func (s *Store) Notes() []string {
	out := s.report.Notes()
	if s.readErr != nil {
		out = append(out, fmt.Sprintf("The progress file cannot be read: %v. The quiz goes on as if nothing had been asked before.", s.readErr))
	}
	if n := s.Unsaved(); n > 0 && s.Failed() != nil {
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

// Write adds a line to the state and brings it to disk before it returns,
// unless Defer left that to Flush. The error says why it is not
// there; the line is then written with the next one. It refuses a line that
// could not be read again.
func (s *Store) Write(l Line) error {
	if err := l.check(); err != nil {
		return err
	}
	s.State.Add(l)
	s.mu.Lock()
	s.pending = append(s.pending, l)
	s.mu.Unlock()
	if s.later {
		return nil
	}
	return s.Flush()
}

// Flush writes what is not saved yet, in order, and returns when it is on disk.
// A second Flush waits for the first. A line that is written twice, because an
// error hid that the first time had worked, counts once.
func (s *Store) Flush() error {
	s.begin()
	defer s.end()
	for {
		s.mu.Lock()
		if len(s.pending) == 0 {
			s.failed = nil
			s.mu.Unlock()
			return nil
		}
		l := s.pending[0]
		s.mu.Unlock()
		err := s.append(l)
		s.mu.Lock()
		if err == nil {
			s.pending = s.pending[1:]
		} else {
			s.failed = fmt.Errorf("progress is not saved: %w", err)
			err = s.failed
		}
		s.mu.Unlock()
		if err != nil {
			return err
		}
	}
}

// begin waits until nobody else reads or writes the file.
func (s *Store) begin() {
	s.mu.Lock()
	for s.busy {
		s.idle.Wait()
	}
	s.busy = true
	s.mu.Unlock()
}

func (s *Store) end() {
	s.mu.Lock()
	s.busy = false
	s.mu.Unlock()
	s.idle.Signal()
}

func (s *Store) append(l Line) error {
	b, err := l.encode()
	if err == nil {
		err = s.file.Append(b)
	}
	if err == nil {
		err = s.file.Sync()
	}
	return err
}

// Memory is a File in memory. Like one on disk, it may be read while something
// is appended. Fail, where set, is asked before each append.
type Memory struct {
	mu   sync.Mutex // guards Data while a program runs on it
	Data []byte
	Fail func() error
}

// ReadAll gives the bytes.
func (m *Memory) ReadAll() ([]byte, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.Data[:len(m.Data):len(m.Data)], nil
}

// Append appends, unless Fail has an error. ErrPartialWrite leaves half.
func (m *Memory) Append(b []byte) error {
	if m.Fail != nil {
		if err := m.Fail(); err != nil {
			if errors.Is(err, ErrPartialWrite) {
				m.add(b[:len(b)/2])
			}
			return err
		}
	}
	m.add(b)
	return nil
}

func (m *Memory) add(b []byte) {
	m.mu.Lock()
	m.Data = append(m.Data, b...)
	m.mu.Unlock()
}

// ErrPartialWrite is a write that was cut short.
var ErrPartialWrite = errors.New("the write was cut short")

// Sync has nothing to do.
func (m *Memory) Sync() error { return nil }
