package kit

import (
	"strings"
	"testing"
)

// A person's keys: what is wrong is refused with its line, and nothing changes.
func TestConfigure(t *testing.T) {
	before := Actions
	defer func() { Actions = before }()
	for src, want := range map[string]string{
		"bisekt: B":                  `keys.yaml:1:1: KEYS-ACTION: there is no action "bisekt" (esmlab keys lists them)`,
		"# mine\nbisect: q":          "keys.yaml:2:1: KEYS-CONFLICT: q is the key of bisect, and of quit (give one of them another)",
		"bisect: x\nretries: [r, x]": "keys.yaml:2:1: KEYS-CONFLICT: x is the key of retries, and of bisect",
		"bisect: [B, hyper]":         `keys.yaml:1:13: KEYS-KEY: "hyper" is not a key`,
		"bisect: []":                 "keys.yaml:1:9: KEYS-KEY: bisect has no key",
		"quit-now: x":                "keys.yaml:1:1: KEYS-FIXED: the keys of quit-now stay as they are",
		"bisect: B\nbisect: C":       "keys.yaml:2:1: KEYS-TWICE: bisect is already in line 1",
		"break: t":                   "keys.yaml:1:1: KEYS-CONFLICT: t is the key of break, and of hint",
		"hint: e":                    "keys.yaml:1:1: KEYS-CONFLICT: e is the key of hint, and of break",
		"bisect: shift+b":            `keys.yaml:1:9: KEYS-KEY: "shift+b" is not a key`,
		"bisect: ctrl+B":             `keys.yaml:1:9: KEYS-KEY: "ctrl+B" is not a key`,
		"- bisect":                   "keys.yaml:1:1: KEYS-YAML: this file maps actions to keys",
		"bisect: [B":                 "keys.yaml: KEYS-YAML: ",
	} {
		if err := Configure("keys.yaml", []byte(src)); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: got %v, not %s", src, err, want)
		}
	}
	if ActionOf(InLab, "b").ID != "bisect" {
		t.Error("a file that was refused has changed the keys")
	}
	if err := Configure("keys.yaml", []byte("# two that change places\nquit: b\nbisect: q\nnext: [ctrl+f, right, f2, shift+up, ctrl+shift+b]\nstop: S\nmenu: space\n")); err != nil {
		t.Fatal(err)
	}
	if ActionOf(InLab, "b").ID != "quit" || ActionOf(InLab, "q").ID != "bisect" || KeyOf("next") != "ctrl+f" || ActionOf(InLab, "l") != nil || FindAction("next").Also() != "→ F2 shift+↑ ctrl+shift+b" || ActionOf(InLab, "space").ID != "menu" {
		t.Error("the keys did not change")
	}
	if err := Configure("keys.yaml", nil); err != nil {
		t.Error(err)
	}
}

// No key is that of two actions on one screen, but for those of long lists and of time.
func TestNoKeyTwice(t *testing.T) {
	for i := range Actions {
		for k := range i {
			a, b := &Actions[i], &Actions[k]
			for _, key := range a.Keys {
				for _, other := range b.Keys {
					if a.In&b.In != 0 && together(a, b) && key == other {
						t.Errorf("%s is the key of %s and of %s", key, a.ID, b.ID)
					}
				}
			}
		}
	}
}

// The signs of ASCII keep each frame's cells, and tell apart what differs.
func TestSigns(t *testing.T) {
	th := NewTheme(0).InASCII()
	for sign := range asciiSigns {
		if got := th.Signs(string(sign)); Width(got) != Width(string(sign)) {
			t.Errorf("%c becomes %q", sign, got)
		}
	}
	if got := th.Signs("■ 0 ▓X░· ▲ Größe 世"); got != "# 0 =X:. ^ Gr??e ??" {
		t.Errorf("got %q", got)
	}
	for _, set := range []string{"·▓X░-!", "■●○", "▲▸■", "─═", "↑↓←→"} {
		seen := map[string]bool{}
		for _, r := range set {
			s := th.Signs(string(r))
			if seen[s] {
				t.Errorf("%q has %q twice", set, s)
			}
			seen[s] = true
		}
	}
}
