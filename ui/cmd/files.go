package cmd

import (
	"errors"
	"io/fs"
	"os"

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

// newFile writes a file: a new one, or with over one in the place of another.
func newFile(name string, src []byte, over bool) error {
	how := os.O_WRONLY | os.O_CREATE | os.O_TRUNC
	if !over {
		how = os.O_WRONLY | os.O_CREATE | os.O_EXCL
	}
	f, err := os.OpenFile(name, how, 0o644)
	if errors.Is(err, fs.ErrExist) {
		return errors.New("there is such a file already (the word over after its name replaces it)")
	}
	if err != nil {
		return user.RootCause(err)
	}
	_, err = f.Write(src)
	return errors.Join(err, f.Close())
}
