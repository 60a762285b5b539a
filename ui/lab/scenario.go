package lab

import (
	"esmlab/engine"
	"esmlab/engine/finding"
	"esmlab/engine/share"
)

// Scenario is a world that the lab opens.
type Scenario struct {
	Name, Title, About string
	Config             *engine.Config
	Notes, Details     []string          // of the template; details are what notes sum up
	MadeUp             string            // traffic and times that the template does not give; "" none
	Findings           []finding.Finding // what will hurt, those that the template silences among them
	// World is what the run starts from, so that it can be shared; nil: it cannot.
	World *share.World
}
