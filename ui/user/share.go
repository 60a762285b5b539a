package user

import (
	"errors"
	"path/filepath"
	"strings"

	"esmlab/engine/share"
	"esmlab/ui/lab"
)

// SharedExt is how the name of a file ends that holds a shared run.
const SharedExt = ".esm"

// IsShared tells whether what is to be opened is a shared run: its line, or a file that
// holds it.
func IsShared(name string) bool {
	return share.Is(name) || IsFile(name) && strings.EqualFold(filepath.Ext(name), SharedExt)
}

// SharedRun reads a shared run and computes it again: from its line, or from a file.
func (u *User) SharedRun(name string) (*share.Opened, error) {
	line := name
	if !share.Is(name) {
		src, _, err := u.Source(name)
		if err != nil {
			return nil, err
		}
		line = string(src)
	}
	r, err := share.Parse(line)
	if err != nil {
		return nil, refused("esm1: %v", err)
	}
	o, err := r.Open(u.named)
	if err != nil {
		return nil, refused("esm1: %v", err)
	}
	return o, nil
}

// named gives a template that is part of the program: no line reads a file.
func (u *User) named(name string) ([]byte, string, error) {
	if IsFile(name) {
		return nil, "", errors.New("the line names a file and does not hold it: " + name)
	}
	return u.Source(name)
}

// sharedOptions opens a shared run in the lab.
func (u *User) sharedOptions(name string) (lab.Options, error) {
	o, err := u.SharedRun(name)
	if err != nil {
		return lab.Options{}, err
	}
	return lab.Options{Scenario: &lab.Scenario{Name: o.Scenario.Name, Title: o.Scenario.Title, About: o.Scenario.About, Config: o.Scenario.Config, Notes: o.Scenario.Notes, World: &o.World},
		Message: Message, Command: AsArgument(name), Stopped: true, Mapping: o.Mapping, Shared: o, Sharing: u.sharing()}, nil
}

// sharing is what it takes to hand out a run.
func (u *User) sharing() lab.Sharing {
	return lab.Sharing{Version: u.Version, Write: u.NewFile, Template: func(w *share.World) ([]byte, error) {
		if w.Source != "" {
			return []byte(w.Source), nil
		}
		src, _, err := u.named(w.Name)
		return src, err
	}}
}
