package cmd

import (
	"cmp"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"esmlab/ui/user"
)

// readFile is os.ReadFile for files of a bounded size; the size is not believed,
// as a device has none.
func readFile(name string) ([]byte, error) {
	f, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	src, err := user.ReadAll(f, user.MaxFile)
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
	src, err := user.ReadAll(file, user.MaxFile)
	if err != nil {
		return nil, &fs.PathError{Op: "read", Path: name, Err: err}
	}
	return src, nil
}

// errThere is why a file is not written over another. It is fs.ErrExist.
type errThere struct{}

func (errThere) Error() string {
	return "there is such a file already (the word over after its name replaces it)"
}
func (errThere) Is(target error) bool { return target == fs.ErrExist }

// newFile writes a file: a new one, or with over one in the place of another.
func newFile(name string, src []byte, over bool) error {
	return putFile(name, over, func(f io.Writer) error { _, err := f.Write(src); return err })
}

// replaceFile writes a file, in the place of another if there is one.
func replaceFile(name string, src []byte) error { return newFile(name, src, true) }

// putFile writes a file as a whole or not at all: where the disk is full, what was there
// before is there still, and nothing half written stays.
func putFile(name string, over bool, write func(io.Writer) error) error {
	finish := func(f *os.File, err error) error {
		if err == nil {
			err = write(f)
		}
		return user.RootCause(cmp.Or(err, f.Close()))
	}
	f, err := os.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o644)
	switch {
	case err == nil:
		if err = finish(f, nil); err != nil {
			_ = os.Remove(name) // there is nothing in it to be kept
		}
		return err
	case !errors.Is(err, fs.ErrExist):
		return user.RootCause(err)
	case !over:
		return errThere{}
	}
	if real, err := filepath.EvalSymlinks(name); err == nil {
		name = real // what the link leads to is replaced, not the link
	}
	info, err := os.Stat(name)
	if err != nil {
		return user.RootCause(err)
	}
	if !info.Mode().IsRegular() { // a terminal, a pipe: there is nothing to be lost
		if f, err = os.OpenFile(name, os.O_WRONLY, 0); err != nil {
			return user.RootCause(err)
		}
		return finish(f, nil)
	}
	if f, err = os.OpenFile(name, os.O_WRONLY, 0); err != nil { // what may not be written may not be replaced
		return user.RootCause(err)
	}
	_ = f.Close()
	if f, err = os.CreateTemp(filepath.Dir(name), ".esmlab-*"); err != nil {
		return user.RootCause(err)
	}
	if err = finish(f, f.Chmod(info.Mode().Perm())); err == nil {
		err = os.Rename(f.Name(), name)
	}
	if err != nil {
		_ = os.Remove(f.Name())
		return user.RootCause(err)
	}
	return nil
}
