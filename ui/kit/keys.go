package kit

import (
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"go.yaml.in/yaml/v4"

	"esmlab/engine/tree"
)

// WithKeys puts the keys of the registry into a sentence: "{why} says why".
func WithKeys(text string) string {
	for {
		i := strings.IndexByte(text, '{')
		if i < 0 {
			return text
		}
		n := strings.IndexByte(text[i:], '}')
		if n < 0 {
			return text
		}
		text = text[:i] + KeyOf(text[i+1:i+n]) + text[i+n+1:]
	}
}

// fixed are the actions whose keys stay: digits are what stands on the screen,
// ctrl+c always leaves, and ctrl+z gives the terminal back.
var fixed = []string{"pane", "spotlight", "cast", "entry", "choose", "unknown", "quit-now", "suspend"}

// Configure gives actions other keys, before anything is drawn. src is YAML: an
// action's id and its key, or a list of them, of which the first is shown:
//
//	bisect: B
//	next: [right, ctrl+f]
//
// An unknown action, a word that is not a key, one key for two actions on one screen:
// the registry then stays as it is, and each is reported with file, line and column.
func Configure(file string, src []byte) error {
	var doc yaml.Node
	if err := tree.Unmarshal(src, &doc); err != nil {
		return fmt.Errorf("%s: KEYS-YAML: %w (a line for each action, as bisect: B)", file, err)
	}
	if len(doc.Content) == 0 {
		return nil
	}
	c := config{file: file, to: slices.Clone(Actions), line: map[string]*yaml.Node{}}
	if top := doc.Content[0]; top.Kind != yaml.MappingNode {
		c.refuse(top, "KEYS-YAML", "this file maps actions to keys (as bisect: B)")
	} else {
		for i := 0; i+1 < len(top.Content); i += 2 {
			c.action(top.Content[i], top.Content[i+1])
		}
		c.conflicts()
	}
	if len(c.errs) > 0 {
		return fmt.Errorf("%s", strings.Join(c.errs, "\n"))
	}
	Actions = c.to
	return nil
}

type config struct {
	file string
	to   []Action
	line map[string]*yaml.Node // where an action's keys stand
	errs []string
}

func (c *config) refuse(at *yaml.Node, code, format string, args ...any) {
	c.errs = append(c.errs, fmt.Sprintf("%s:%d:%d: %s: %s", c.file, at.Line, at.Column, code, fmt.Sprintf(format, args...)))
}

func (c *config) action(name, value *yaml.Node) {
	i := slices.IndexFunc(c.to, func(a Action) bool { return a.ID == name.Value })
	switch {
	case i < 0:
		c.refuse(name, "KEYS-ACTION", "there is no action %q (esmlab keys lists them)", name.Value)
		return
	case slices.Contains(fixed, name.Value):
		c.refuse(name, "KEYS-FIXED", "the keys of %s stay as they are", name.Value)
		return
	case c.line[name.Value] != nil:
		c.refuse(name, "KEYS-TWICE", "%s is already in line %d", name.Value, c.line[name.Value].Line)
		return
	}
	list := []*yaml.Node{value}
	if value.Kind == yaml.SequenceNode {
		list = value.Content
	}
	var keys []string
	for _, n := range list {
		if n.Kind != yaml.ScalarNode || !isKey(n.Value) {
			c.refuse(n, "KEYS-KEY", "%q is not a key (a letter, or a name such as enter, f2, ctrl+b, shift+up)", n.Value)
			return
		}
		keys = append(keys, n.Value)
	}
	if len(keys) == 0 {
		c.refuse(value, "KEYS-KEY", "%s has no key (a letter, or a name such as enter, f2, ctrl+b)", name.Value)
		return
	}
	c.line[name.Value] = name
	c.to[i].Keys, c.to[i].Label = keys, label(keys[0])
}

// conflicts finds keys that two actions have on one screen.
func (c *config) conflicts() {
	for i := range c.to {
		for k := range i {
			a, b := &c.to[i], &c.to[k]
			if !together(a, b) {
				continue
			}
			for _, key := range a.Keys {
				if !slices.Contains(b.Keys, key) {
					continue
				}
				mine, other := a, b
				if c.line[mine.ID] == nil {
					mine, other = b, a
				}
				c.refuse(c.line[mine.ID], "KEYS-CONFLICT", "%s is the key of %s, and of %s (give one of them another)", key, mine.ID, other.ID)
			}
		}
	}
}

func (a *Action) pages() bool { return slices.Contains(paging, a.ID) }

var yielding = []string{"go-on", "choose", "unknown"}

// together reports whether two actions need different keys: they work on one
// screen. Those of a lesson stand beside those of the lab; going on and choosing
// make way for one of the lab with the same key while they are not asked for, and
// a long list takes its keys from time.
func together(a, b *Action) bool {
	beside := func(a, b *Action) bool {
		return a.In&InLesson != 0 && !slices.Contains(yielding, a.ID) && b.In&InLab != 0
	}
	if a.In&b.In == InTalk && a.In != b.In { // there the keys of a presentation win
		return false
	}
	if a.pages() && b.Group == "time" || b.pages() && a.Group == "time" {
		return false
	}
	return a.In&b.In != 0 || beside(a, b) || beside(b, a)
}

// named are the keys that have a name, as Bubble Tea writes them.
var named = strings.Fields("space enter tab esc backspace delete insert up down left right home end pgup pgdown f1 f2 f3 f4 f5 f6 f7 f8 f9 f10 f11 f12")

// isKey reports whether a terminal can send a key by that name. A letter with
// shift is the capital letter; with ctrl or alt, letters are small.
func isKey(s string) bool {
	key := s
	for _, mod := range []string{"ctrl+", "alt+", "shift+"} {
		key = strings.TrimPrefix(key, mod)
	}
	switch {
	case slices.Contains(named, key):
		return true
	case utf8.RuneCountInString(key) != 1 || key == " ":
		return false
	}
	return key == s || !strings.HasPrefix(s, "shift+") && key == strings.ToLower(key)
}

// label writes a key as it is shown on the screen.
func label(key string) string {
	if l, ok := keyLabels[key]; ok {
		return l
	}
	if len(key) > 1 && key[0] == 'f' && key[1] <= '9' {
		return "F" + key[1:]
	}
	return key
}

// Fixed reports whether the action's keys stay as they are.
func (a *Action) Fixed() bool { return slices.Contains(fixed, a.ID) }
