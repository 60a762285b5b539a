package cmd

import (
	"bytes"
	"context"
	"io/fs"
	"strings"
	"testing"

	"esmlab/ui/kit"
)

// keys.yaml of the XDG configuration directory changes the keys; what is wrong
// in it stops the program, with its line.
func TestKeysFile(t *testing.T) {
	before := kit.Actions
	defer func() { kit.Actions = before }()
	for _, c := range []struct {
		env, path, src, want string
		code                 int
	}{
		{"XDG_CONFIG_HOME=/c", "/c/esmlab/keys.yaml", "bisect: B\n", "bisect        B ", exitFine},
		{"HOME=/h", "/h/.config/esmlab/keys.yaml", "bisect: U\n", "bisect        U ", exitFine},
		{"HOME=/h", "/nowhere", "", "/h/.config/esmlab/keys.yaml changes them", exitFine},
		{"HOME=/h", "/h/.config/esmlab/keys.yaml", "\nbisekt: C\n", "/h/.config/esmlab/keys.yaml:2:1: KEYS-ACTION: ", exitCannot},
	} {
		var out bytes.Buffer
		code := Run(context.Background(), []string{"keys"}, Env{In: strings.NewReader(""), Out: &out, Err: &out, Env: []string{c.env}, ReadFile: func(name string) ([]byte, error) {
			if name == c.path {
				return []byte(c.src), nil
			}
			return nil, &fs.PathError{Op: "open", Path: name, Err: fs.ErrNotExist}
		}})
		if code != c.code || !strings.Contains(out.String(), c.want) {
			t.Errorf("%s: exit %d, want %q in\n%s", c.env, code, c.want, out.String())
		}
		kit.Actions = before
	}
}
