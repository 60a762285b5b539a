package user

import (
	"errors"
	"io/fs"

	"esmlab/engine/draft"
	"esmlab/ui/kit"
)

// WriteNew writes a new template from answers to a file that is not there yet.
func (u *User) WriteNew(a draft.Answers, file string) error {
	switch _, err := u.readFile(file); {
	case u.WriteFile == nil:
		return refused("nothing can be written here")
	case !errors.Is(err, fs.ErrNotExist): // also what cannot be read is not to be lost
		return refused("%s is there already: another name", file)
	}
	if err := u.WriteFile(file, []byte(a.Template())); err != nil {
		return refused("%s: cannot be written: %v", file, RootCause(err))
	}
	return nil
}

// newOpening writes a new template and opens it in the lab.
func (u *User) newOpening(screens *kit.ScreenStack, o Changes) func(a draft.Answers, file string) kit.Opening {
	return func(a draft.Answers, file string) kit.Opening {
		return kit.Opening{Name: file, Read: func() (func() error, error) {
			if !IsFile(file) || file == "-" {
				file += ".yaml"
			}
			if err := u.WriteNew(a, file); err != nil {
				return nil, err
			}
			opts, err := u.LabOptions(file, o)
			return func() error { return u.OpenOn(screens, opts) }, err
		}}
	}
}
