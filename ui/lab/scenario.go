package lab

import (
	"esmlab/engine"
	"esmlab/engine/finding"
)

// Scenario is a world that the lab opens.
type Scenario struct {
	Name, Title, About string
	Config             *engine.Config
	Notes              []string
	Findings           []finding.Finding // what will hurt, those that the template silences among them
}
