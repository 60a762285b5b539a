package cmd

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
)

// The largest files that are read, in bytes: templates, notes, lessons and
// keys.yaml; and a person's progress.
const (
	maxFile     = 16 << 20
	maxProgress = 256 << 20
)

// readAll reads at most `most` bytes; more is an error.
func readAll(r io.Reader, most int64) ([]byte, error) {
	src, err := io.ReadAll(io.LimitReader(r, most+1))
	if err == nil && int64(len(src)) > most {
		return nil, fmt.Errorf("it is larger than %d MB", most>>20)
	}
	return src, err
}

// readFile is os.ReadFile for files of a bounded size; the size is not believed,
// as a device has none.
func readFile(name string) ([]byte, error) {
	f, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	src, err := readAll(f, maxFile)
	if err != nil {
		var is *fs.PathError
		if !errors.As(err, &is) {
			err = &fs.PathError{Op: "read", Path: name, Err: err}
		}
		return nil, err
	}
	return src, nil
}

// folder is os.DirFS for files of a bounded size.
type folder struct{ fs.FS }

func dirFS(name string) fs.FS { return folder{os.DirFS(name)} }

func (f folder) Stat(name string) (fs.FileInfo, error)      { return fs.Stat(f.FS, name) }
func (f folder) ReadDir(name string) ([]fs.DirEntry, error) { return fs.ReadDir(f.FS, name) }

func (f folder) ReadFile(name string) ([]byte, error) {
	file, err := f.Open(name)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	src, err := readAll(file, maxFile)
	if err != nil {
		return nil, &fs.PathError{Op: "read", Path: name, Err: err}
	}
	return src, nil
}
