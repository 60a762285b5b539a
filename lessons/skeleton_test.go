package lessons

import (
	"errors"
	"io/fs"
	"strconv"
	"strings"
	"testing"
)

// What a lesson begins with keeps what it promises, as two files and as one.
func TestSkeleton(t *testing.T) {
	for _, one := range []bool{false, true} {
		text, tpl := Skeleton(one)
		l, err := Read("mine/01-bad-record.md", []byte(text), func(name string) ([]byte, error) {
			if one {
				return nil, errors.New("it must not be asked for")
			}
			return []byte(tpl), nil
		})
		if err != nil {
			t.Fatal(err)
		}
		for _, e := range Check(l, CheckOptions{Fit: fit}) {
			t.Error(e)
		}
		if want := map[bool]string{false: "mine/01-bad-record.yaml", true: "mine/01-bad-record.md"}[one]; l.Template != want {
			t.Errorf("its template is %s, not %s", l.Template, want)
		}
	}
}

// What is wrong in a template that stands in the lesson has its line there.
func TestTemplateInLesson(t *testing.T) {
	text, _ := Skeleton(true)
	text = strings.Replace(text, "AWS::Kinesis::Stream\n", "AWS::Kinesis::Streem\n", 1)
	_, err := Read("01-x.md", []byte(strings.Replace(text, "every: 200ms", "evry: 200ms", 1)), func(string) ([]byte, error) { return nil, fs.ErrNotExist })
	if err == nil {
		t.Fatal("no error")
	}
	line := 0
	for i, l := range strings.Split(text, "\n") {
		if strings.Contains(l, "every: 200ms") {
			line = i + 1
		}
	}
	if want := "01-x.md:" + strconv.Itoa(line) + ":"; !strings.Contains(err.Error(), want) {
		t.Errorf("no %s in %v", want, err)
	}
}
