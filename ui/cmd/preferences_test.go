package cmd

import (
	"bytes"
	"io"
	"io/fs"
	"strings"
	"testing"

	"charm.land/lipgloss/v2"

	"esmlab/ui/kit"
)

type kept struct {
	bytes.Buffer
	files map[string]string
	name  string
}

func (k *kept) Close() error { k.files[k.name] = k.String(); return nil }

// --help has the colours of the theme.
func TestHelpColors(t *testing.T) {
	w := &Env{}
	for _, c := range []struct {
		dark bool
		name string
		want string
	}{{true, "", "#f06c3c"}, {false, "", "#751a06"}, {true, "hc-light", "#5a0d00"}} {
		w.Env = []string{"ESMLAB_THEME=" + c.name}
		if got := w.helpColors(lipgloss.LightDark(c.dark)).ErrorDetails; got != lipgloss.Color(c.want) {
			t.Errorf("%+v: %v", c, got)
		}
	}
	w.Env = []string{"ESMLAB_THEME=16"}
	if got := w.helpColors(lipgloss.LightDark(true)).ErrorDetails; got != lipgloss.Red {
		t.Errorf("sixteen colours: %v", got)
	}
}

// A theme that was chosen is there at the next start, ESMLAB_THEME stands above it,
// and a mistake is refused with its line.
func TestPreferences(t *testing.T) {
	const path = "/me/.config/esmlab/preferences.yaml"
	files, made := map[string]string{}, ""
	w := &Env{Env: []string{"HOME=/me"},
		ReadFile: func(name string) ([]byte, error) {
			if src, ok := files[name]; ok {
				return []byte(src), nil
			}
			return nil, &fs.PathError{Op: "open", Path: name, Err: fs.ErrNotExist}
		},
		MakeDir: func(name string) error { made = name; return nil },
		Create:  func(name string) (io.WriteCloser, error) { return &kept{files: files, name: name}, nil }}
	expect := func(want string) {
		t.Helper()
		got, err := w.preferred(themePreference)
		if err != nil {
			got = err.Error()
		}
		if !strings.HasPrefix(got, want) || want == "" && got != "" {
			t.Errorf("%q, not %q", got, want)
		}
	}
	expect("")
	if err := w.prefer("theme", "light"); err != nil || made != "/me/.config/esmlab" {
		t.Error(err, made)
	}
	expect("light")
	files[path] = "motion: none\ntheme: light\n"
	if err := w.prefer("theme", "hc-dark"); err != nil || files[path] != "motion: none\ntheme: hc-dark\n" {
		t.Errorf("%v, %q", err, files[path])
	}
	w.Env = append(w.Env, "ESMLAB_THEME=16")
	expect("16")
	w.Env[1] = "ESMLAB_THEME=pink"
	expect(`ESMLAB_THEME: there is no theme "pink" (auto, dark, light`)
	w.Env = w.Env[:1]
	files[path] = "motion: none\ntheme: pink\n"
	expect(path + `:2:8: there is no theme "pink" (auto, dark`)
	for _, c := range []struct {
		file string
		env  []string
		want kit.Motion
	}{{"", nil, kit.FullMotion}, {"", []string{"SSH_CONNECTION=10.0.0.1 22"}, kit.BasicMotion}, {"motion: full\n", []string{"SSH_TTY=/dev/pts/1"}, kit.FullMotion},
		{"motion: basic\n", []string{"ESMLAB_MOTION=none"}, kit.NoMotion}} {
		files[path], w.Env = c.file, append([]string{"HOME=/me"}, c.env...)
		if got, err := w.motion(); err != nil || got != c.want {
			t.Errorf("%+v: %s, %v", c, got, err)
		}
	}
	w.Env = []string{"HOME=/me"}
	files[path] = "theme: [\n"
	expect(path + ": PREFERENCES: ")
}
