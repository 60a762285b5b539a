package printable

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"
	"unicode/utf8"
)

func TestText(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ in, text, line string }{
		{"Orders → Ship\n\tç", "Orders → Ship\n\tç", "Orders → Ship  ç"},
		{"a\x1b]52;c;eA==\x07b", "a]52;c;eA==b", "a]52;c;eA==b"},
		{"a\u009b31mb", "a31mb", "a31mb"},
		{"a\x9bb", "a\ufffdb", "a\ufffdb"},
		{"\u202egnp.exe\u2066\u200b\u200d\ufeff\u2060\u00ad", "gnp.exe", "gnp.exe"},
		{"a\rb\x7f\U000e0041", "ab", "a b"},
		{"\u0600١\u00a0日本⚠️", "\u0600١\u00a0日本⚠️", "\u0600١\u00a0日本⚠️"},
		{"\u0301a" + strings.Repeat("\u0301", 9) + "b\u0301 \u0301", "a\u0301\u0301\u0301\u0301b\u0301 ", "a\u0301\u0301\u0301\u0301b\u0301 "},
		{"\u06001 \u0600", "\u06001 ", "\u06001 "},
		{"1\ufe0f \ufe0f", "1\ufe0f ", "1\ufe0f "},
		{"👩\u200d👧a\u200db❤️\u200d🔥\u200d", "👩\u200d👧ab❤️\u200d🔥", "👩\u200d👧ab❤️\u200d🔥"},
	} {
		if got := Text(c.in); got != c.text {
			t.Errorf("Text(%q) = %q, want %q", c.in, got, c.text)
		}
		if got := Line(c.in); got != c.line {
			t.Errorf("Line(%q) = %q, want %q", c.in, got, c.line)
		}
		for size := 1; size < 4; size++ { // characters divided between writes
			var b bytes.Buffer
			w := NewWriter(&b)
			for p := []byte(c.in); len(p) > 0; p = p[min(size, len(p)):] {
				if n, err := w.Write(p[:min(size, len(p))]); n != min(size, len(p)) || err != nil {
					t.Fatal(n, err)
				}
			}
			if b.String() != c.text {
				t.Errorf("%q in writes of %d: %q, want %q", c.in, size, &b, c.text)
			}
		}
	}
}

func TestStyled(t *testing.T) {
	t.Parallel()
	in := "\x1b[1;38:5:4mOrders\x1b[m\n\x1b]0;title\x07\x1b[2Jx\x1b[31"
	if got, want := Styled(in), "\x1b[1;38:5:4mOrders\x1b[m\n]0;title[2Jx[31"; got != want {
		t.Errorf("%q, want %q", got, want)
	}
}

// Most frames come back as they are, without a copy.
func TestStyledFrame(t *testing.T) {
	in := "\x1b[1;38:5:4m─ Größe … ▓⣀ │\x1b[m\n\n"
	if n := testing.AllocsPerRun(9, func() { Styled(in) }); n > 0 || Styled(in) != in {
		t.Errorf("%.0f allocations for %q", n, Styled(in))
	}
}

// What is taken for plain stays whatever stands beside it, and leaves behind what it does
// where it is looked at rune by rune.
func TestPlain(t *testing.T) {
	t.Parallel()
	n := 0
	for r := rune(0); r <= utf8.MaxRune; r++ {
		s := string(r)
		if plain(s) < len(s) {
			continue
		}
		n++
		for _, rest := range []string{"", "a", "\u0301", "\u200d☕", "\ufe0f"} {
			slow := cleaner{line: n%2 == 0, last: '☕', marks: 2}
			fast := slow
			if got := slow.rune(r, rest); got != r {
				t.Errorf("%q before %q becomes %q", s, rest, got)
			}
			if got := fast.clean(s); got != s || fast != slow {
				t.Errorf("%q becomes %q, and %+v is left behind, not %+v", s, got, fast, slow)
			}
		}
	}
	if frame := "Größe ─ … ▓⣀ │ →"; n < 1000 || plain(frame) < len(frame) {
		t.Errorf("%d characters are plain", n)
	}
}

// JSON that is escaped means what it did.
func FuzzJSON(f *testing.F) {
	f.Add("\x1b]52;c;eA==\x07\u009b\u202e\U000e0041\"\\\n")
	f.Fuzz(func(t *testing.T, s string) {
		if !utf8.ValidString(s) {
			t.Skip("JSON holds valid UTF-8 only")
		}
		var b bytes.Buffer
		if err := json.NewEncoder(&b).Encode(s); err != nil {
			t.Fatal(err)
		}
		text, back := JSON(b.Bytes()), ""
		if err := json.Unmarshal(text, &back); err != nil || back != s {
			t.Errorf("%q: %q, %v", s, back, err)
		}
		if strings.TrimSuffix(string(text), "\n") != Line(strings.TrimSuffix(string(text), "\n")) {
			t.Errorf("%q is not printable", text)
		}
	})
}
