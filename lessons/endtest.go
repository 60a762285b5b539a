package lessons

import (
	"io/fs"
	"path"
	"strconv"
	"strings"

	"esmlab/quiz/card"
)

// TestFile is the name of a part's end test, in the folder of the part: a note with
// questions that are not in its lessons, for before and after.
const TestFile = "test.md"

// Test reads the end test of a part; fs.ErrNotExist if it has none. open gives the
// scenarios that its proofs name, from beside it.
func (l *Library) Test(part string) (note *card.Note, open func(name string) ([]byte, error), err error) {
	file := path.Join(part, TestFile)
	for i := range l.Heads {
		if l.Heads[i].Part == part {
			file = path.Join(path.Dir(l.Heads[i].File), TestFile)
		}
	}
	src, err := fs.ReadFile(l.fsys, file)
	if err != nil {
		return nil, nil, err
	}
	return card.Read(file, src, card.Options{}), func(name string) ([]byte, error) { return fs.ReadFile(l.fsys, name) }, nil
}

// FindPart finds a part by its folder, its name or its number; "" if there is none.
func (l *Library) FindPart(name string) string {
	for i, part := range l.Parts() {
		if strings.EqualFold(name, part) || strings.EqualFold(name, PartName(part)) || name == strconv.Itoa(i+1) {
			return part
		}
	}
	return ""
}
