package lessons

import "esmlab/engine/template"

// Checked is what checking one lesson of a library gave.
type Checked struct {
	Head       *Head // nil: not even its front matter could be read
	Errors     template.Errors
	Unreadable bool // the file is not a lesson; otherwise Errors are what does not hold
}

// Check reads and plays the lessons of a library, or the one in a file; "" all.
// The error is one of reading files.
func (l *Library) Check(file string, o CheckOptions) ([]Checked, error) {
	var out []Checked
	for _, e := range l.Broken {
		if file == "" || e.File == file {
			out = append(out, Checked{Errors: template.Errors{e}, Unreadable: true})
		}
	}
	for i := range l.Heads {
		h := &l.Heads[i]
		if file != "" && h.File != file {
			continue
		}
		lesson, err := l.Lesson(h.File)
		if errs, ok := err.(template.Errors); ok {
			out = append(out, Checked{Head: h, Errors: errs, Unreadable: true})
			continue
		} else if err != nil {
			return nil, err
		}
		out = append(out, Checked{Head: h, Errors: Check(lesson, o)})
	}
	return out, nil
}
