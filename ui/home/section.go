package home

import (
	"slices"

	"esmlab/ui/kit"
)

// Section is a part of Home that is read by itself.
type Section struct {
	Head string // of the shelf that says so while it is being read
	Name string // of what is being loaded, such as "lessons"
	// Read reads what is to be listed, in a command. What it gives lists it, in
	// Update; it is called again, before anything is read, when Home comes up again.
	Read func() (list func() []Group, err error)
}

// section is what is known of a Section.
type section struct {
	list    func() []Group
	groups  []Group
	loading bool
	err     error
}

// Group is a shelf, or some entries of what to go on with.
type Group struct {
	Head    string
	Short   string // Head where there is little room; "" Head
	Top     bool   // its entries stand with what to go on with
	Digit   int    // that goes to it; 0 none
	Noun    string // what an entry is, such as "a scenario"
	First   bool   // it is open before one was chosen
	Gap     bool   // a blank row stands before it
	Seen    string // what it means to be seen, such as "seen" or "done"; "": nothing is marked
	Tally   string // how much there is, for the first row, and in fewer words
	Brief   string
	Rank    int // the place of Tally among the others
	Entries []Entry
}

// Entry is something that Home opens.
type Entry struct {
	Digit      int // that opens it, of an entry to go on with
	Name, Note string
	More, Tail string // of an entry to go on with: where there is room beside Note
	Bar        [2]int // so many of all are done
	Head       string // a heading before it, "" none
	Seen       bool
	Last       bool   // it is what was left when the program ended: it goes on where nothing else was left
	About      string // a question, or a sentence or two
	Open       kit.Opening
	// Preview makes what is to be seen of it, in a command; nil: there is none.
	Preview func() (Preview, error)
}

// Preview is what is to be seen of an entry.
type Preview struct {
	Title  string
	Chain  [4]string // what panes 1 to 4 are about
	Brief  [4]string
	Legend string // what the picture is: "what you would see at 00:19.1"
	// Picture draws it in at most h rows of w cells.
	Picture func(t *kit.Theme, w, h int) []string
	Facts   []string
}

// preview is a Preview that was asked for.
type preview struct {
	Preview
	err  error
	done bool
}

// Listed is a section that needs no reading.
func Listed(list func() []Group) Section {
	return Section{Read: func() (func() []Group, error) { return list, nil }}
}

// find is the index of an entry, -1 if there is none of that name.
func (g *Group) find(name string) int {
	return slices.IndexFunc(g.Entries, func(e Entry) bool { return e.Name == name })
}

// markOf says whether an entry was seen.
func markOf(e *Entry) string {
	if e.Seen {
		return "▮"
	}
	return "▯"
}
