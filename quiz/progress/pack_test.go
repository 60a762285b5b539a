package progress

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"
)

// What is packed is unpacked again; a line that was cut off or changed is refused or is
// another, and never panics.
func TestPack(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		data := []byte(strings.TrimSpace(rapid.StringN(0, 400, 800).Draw(t, "data")))
		word := Pack(data)
		got, err := Unpack(" " + word + "\n")
		if err != nil || !bytes.Equal(got, bytes.TrimSpace(data)) {
			t.Fatalf("%q came back as %q, %v", data, got, err)
		}
		if strings.ContainsAny(word, " \n/+='\"$") || !IsPacked(word) {
			t.Fatalf("%q is not one word for a shell", word)
		}
		_, _ = Unpack(word[:rapid.IntRange(0, len(word)).Draw(t, "cut")])
	})
	for _, wrong := range []string{"", "esmp1:!", "esm1:abc", "esmp1:AAAA"} {
		if _, err := Unpack(wrong); err == nil {
			t.Errorf("%q is taken", wrong)
		}
	}
}

// Lines from elsewhere are added once, and those that cannot be read are counted.
func TestImport(t *testing.T) {
	n := 0
	from := &Memory{}
	o := Options{Machine: "class", NewID: func() string { n++; return "class-" + string(rune('a'+n)) }}
	a := Open(from, o)
	for range 3 {
		if err := a.Write(a.Stamp(time.Unix(1_700_000_000, 0), Line{Kind: KindSeen, Scenario: "poison-record"})); err != nil {
			t.Fatal(err)
		}
	}
	file := &Memory{}
	b := Open(file, Options{})
	data := append(bytes.Clone(from.Data), "\nrubbish"...)
	if added, broken, err := b.Import(data); added != 3 || broken != 1 || err != nil {
		t.Errorf("%d added, %d broken, %v", added, broken, err)
	}
	if added, _, err := b.Import(from.Data); added != 0 || err != nil {
		t.Errorf("%d added again, %v", added, err)
	}
	if again := Open(file, Options{}); again.Report().Lines != 3 || !again.Seen("poison-record") {
		t.Errorf("on disk are %d lines", again.Report().Lines)
	}
}
