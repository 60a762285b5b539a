package cmd

import (
	"errors"
	"fmt"
	"image/color"
	"io/fs"
	"path/filepath"
	"slices"
	"strings"

	"charm.land/fang/v2"
	"charm.land/lipgloss/v2"
	"go.yaml.in/yaml/v4"

	"esmlab/ui/kit"
)

// preference is something that a person chooses on a screen and finds again at the
// next start. A variable of the environment stands above it.
type preference struct {
	name     string
	variable string
	values   []string
}

var (
	themePreference  = preference{"theme", "ESMLAB_THEME", kit.ThemeNames}
	motionPreference = preference{"motion", "ESMLAB_MOTION", kit.MotionNames}
)

// motion is how much moves. Over SSH, where each frame is sent, nothing travels unless
// that was chosen.
func (w *Env) motion() (kit.Motion, error) {
	name, err := w.preferred(motionPreference)
	if name == "" && w.env("SSH_CONNECTION")+w.env("SSH_TTY") != "" {
		return kit.BasicMotion, err
	}
	m, _ := kit.MotionOf(name)
	return m, err
}

// preferencesPath is where preferences are kept, beside keys.yaml; "" nowhere.
func (w *Env) preferencesPath() string {
	if keys := w.keysPath(); keys != "" {
		return filepath.Join(filepath.Dir(keys), "preferences.yaml")
	}
	return ""
}

// preferences reads the file, a line for each, as "theme: dark".
func (w *Env) preferences() (map[string]yaml.Node, error) {
	path := w.preferencesPath()
	if path == "" || w.ReadFile == nil {
		return nil, nil
	}
	src, err := w.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	all := map[string]yaml.Node{}
	if err := yaml.Unmarshal(src, &all); err != nil {
		return nil, fmt.Errorf("%s: PREFERENCES: %w (a line for each, as theme: dark)", path, err)
	}
	return all, nil
}

// preferred is the value that is in force: the environment's, else the file's, else
// "".
func (w *Env) preferred(p preference) (string, error) {
	value, at := w.env(p.variable), p.variable
	if value == "" {
		all, err := w.preferences()
		if err != nil {
			return "", &exit{exitCannot, err.Error()}
		}
		node, ok := all[p.name]
		if !ok {
			return "", nil
		}
		value, at = node.Value, fmt.Sprintf("%s:%d:%d", w.preferencesPath(), node.Line, node.Column)
	}
	if !slices.Contains(p.values, value) {
		return "", &exit{exitCannot, fmt.Sprintf("%s: there is no %s %q (%s)", at, p.name, value, strings.Join(p.values, ", "))}
	}
	return value, nil
}

// prefer keeps a value for the next start. Other lines of the file stay.
func (w *Env) prefer(name, value string) error {
	path := w.preferencesPath()
	if path == "" || w.Create == nil {
		return errors.New("there is no home directory")
	}
	all, err := w.preferences()
	if err != nil {
		return err
	}
	values := map[string]string{name: value}
	for other, node := range all {
		if other != name {
			values[other] = node.Value
		}
	}
	src, err := yaml.Marshal(values) // in the order of their names
	if err != nil {
		return err
	}
	if w.MakeDir != nil {
		if err := w.MakeDir(filepath.Dir(path)); err != nil {
			return err
		}
	}
	f, err := w.Create(path)
	if err != nil {
		return err
	}
	_, err = f.Write(src)
	return errors.Join(err, f.Close())
}

// helpColors are the colours of --help: those of the screens.
func (w *Env) helpColors(ground lipgloss.LightDarkFunc) fang.ColorScheme {
	name, err := w.preferred(themePreference)
	if err != nil {
		name = "auto" // a screen says what is wrong
	}
	if name == "none" {
		return fang.ColorScheme{}
	}
	c, ok := kit.ColorsOf(name, ground(lipgloss.White, lipgloss.Black) == lipgloss.Black)
	if !ok {
		return fang.AnsiColorScheme(ground)
	}
	return fang.ColorScheme{Base: c.Ink, Title: c.Info, Description: c.Ink, Program: c.Key, Command: c.Key, Flag: c.Good, Argument: c.Ink,
		DimmedArgument: c.Quiet, Comment: c.Quiet, FlagDefault: c.Quiet, QuotedString: c.Busy, Help: c.Ink, Dash: c.Quiet,
		ErrorHeader: [2]color.Color{c.OnBad, c.Bad}, ErrorDetails: c.Bad}
}
