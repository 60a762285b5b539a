package cmd

import (
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"testing"
)

// TestPutFile: a file is written as a whole or not at all. Where the disk is full in the
// middle, what was there before is there still.
func TestPutFile(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	name := filepath.Join(dir, "template.yaml")
	holds := func(what, want string) {
		t.Helper()
		got, err := os.ReadFile(name)
		if want == "" && errors.Is(err, fs.ErrNotExist) {
			return
		}
		if err != nil || string(got) != want {
			t.Errorf("%s: %q, %v", what, got, err)
		}
	}
	full := errors.New("no space left on device")
	breaks := func(w io.Writer) error {
		_, _ = io.WriteString(w, "half of")
		return &fs.PathError{Op: "write", Path: name, Err: full}
	}
	if err := putFile(name, false, breaks); err != full {
		t.Error(err)
	}
	holds("a new file on a full disk", "")
	if err := newFile(name, []byte("first"), false); err != nil {
		t.Error(err)
	}
	holds("a new file", "first")
	if err := newFile(name, []byte("second"), false); !errors.Is(err, fs.ErrExist) {
		t.Error(err)
	}
	holds("a second one", "first")
	if err := os.Chmod(name, 0o640); err != nil {
		t.Fatal(err)
	}
	if err := putFile(name, true, breaks); err != full {
		t.Error(err)
	}
	holds("over another on a full disk", "first")
	link := filepath.Join(dir, "link.yaml")
	if err := os.Symlink(name, link); err != nil {
		t.Skip("this file system has no symbolic links: ", err)
	}
	if err := replaceFile(link, []byte("third")); err != nil {
		t.Error(err)
	}
	holds("over what a link leads to", "third")
	if info, err := os.Lstat(link); err != nil || info.Mode()&fs.ModeSymlink == 0 {
		t.Errorf("the link is gone: %v", err)
	}
	if info, err := os.Stat(name); err != nil || info.Mode().Perm() != 0o640 {
		t.Errorf("its mode is another: %v", info.Mode())
	}
	if left, _ := filepath.Glob(filepath.Join(dir, ".esmlab-*")); len(left) > 0 {
		t.Errorf("what was half written stays: %v", left)
	}
}
