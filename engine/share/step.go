package share

import (
	"esmlab/engine/scenario"
	"esmlab/engine/timeline"
)

// Step writes a command as a scenario does. A step comes before what else happens at its
// instant; a command that came after something is placed behind it, a microsecond later.
func Step(d *timeline.PlacedCommand) string {
	at := d.At
	if d.Tick > 0 {
		at++
	}
	return "{at: " + at.String() + "s, " + scenario.StepText(&d.Command) + "}"
}

// Steps are the commands of a run that took effect.
func Steps(commands []timeline.PlacedCommand) []string {
	var out []string
	for i := range commands {
		if d := &commands[i]; !d.Off && !d.Refused {
			out = append(out, Step(d))
		}
	}
	return out
}
