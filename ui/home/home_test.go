package home

import (
	"strings"
	"testing"

	"esmlab/ui/kit"
)

// Home has a binding for each action, and no others.
func TestBindings(t *testing.T) {
	if gaps := (&Home{Screens: &kit.ScreenStack{}}).keymap().Gaps(); len(gaps) > 0 {
		t.Error(strings.Join(gaps, "\n"))
	}
}
