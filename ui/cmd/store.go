package cmd

import (
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"esmlab/quiz/progress"
	"esmlab/ui/user"
)

// progressFile is a person's progress file on disk. It is opened for each append,
// so a disk that comes back is used again, and several esmlab processes may use
// it at once: each line is one write at the end.
type progressFile struct{ path string }

// ReadAll gives the file's contents, nothing where there is no file.
func (f progressFile) ReadAll() ([]byte, error) {
	info, err := os.Stat(f.path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil, nil
	case err != nil:
		return nil, err
	case !info.Mode().IsRegular():
		return nil, fmt.Errorf("%s is not a regular file", f.path)
	}
	file, err := os.Open(f.path)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	return user.ReadAll(file, user.MaxProgress)
}

// Append writes and syncs: after it, the bytes are on disk.
func (f progressFile) Append(b []byte) error {
	_, err := os.Stat(f.path)
	fresh := errors.Is(err, fs.ErrNotExist)
	if fresh {
		if err := os.MkdirAll(filepath.Dir(f.path), 0o700); err != nil {
			return err
		}
	}
	file, err := os.OpenFile(f.path, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	n, err := file.Write(b)
	if err == nil && n < len(b) {
		err = io.ErrShortWrite
	}
	if err == nil {
		err = file.Sync()
	}
	if err := errors.Join(err, file.Close()); err != nil {
		return err
	}
	if fresh {
		syncDir(filepath.Dir(f.path))
	}
	return nil
}

// syncDir makes a new file's name durable. Where a directory cannot be synced,
// the system does not need it.
func syncDir(dir string) {
	if d, err := os.Open(dir); err == nil {
		_ = d.Sync()
		_ = d.Close()
	}
}

// Sync has nothing left to do: Append synced.
func (f progressFile) Sync() error { return nil }

// progressPath is where progress is kept: XDG_DATA_HOME, else ~/.local/share.
func progressPath() (string, error) {
	dir := os.Getenv("XDG_DATA_HOME")
	if !filepath.IsAbs(dir) { // the standard ignores a relative one
		home, err := os.UserHomeDir()
		if err != nil {
			return "", err
		}
		dir = filepath.Join(home, ".local", "share")
	}
	return filepath.Join(dir, "esmlab", "progress.jsonl"), nil
}

// noFile is a progress file for which there is no directory.
type noFile struct{ why error }

func (f noFile) ReadAll() ([]byte, error) { return nil, f.why }
func (f noFile) Append([]byte) error      { return f.why }
func (f noFile) Sync() error              { return f.why }

// openFile is the person's progress file. Nothing is read or written yet.
func openFile() progress.File {
	path, err := progressPath()
	if err != nil {
		return noFile{err}
	}
	return progressFile{path}
}

// machine is this machine's name, which each line of progress has.
func machine() string {
	name, err := os.Hostname()
	if err != nil {
		return "unknown"
	}
	return name
}

// newLineID is 80 random bits, so that no two machines write the same one.
func newLineID() string {
	var b [10]byte
	_, _ = rand.Read(b[:]) // never fails
	return hex.EncodeToString(b[:])
}

// unsaved says on Err what could not be written to disk.
func (w *Env) unsaved() {
	if w.who == nil || w.who.Progress().Unsaved() == 0 {
		return
	}
	for _, note := range w.who.Progress().Notes() {
		fmt.Fprintln(w.Err, note)
	}
}
